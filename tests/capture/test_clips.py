import io
import wave
from pathlib import Path

import av
import numpy as np
import pytest

from capture.clips import clip
from capture.decoding import blocks
from capture.errors import Refused, UnreadableFile
from capture.speech import SAMPLE_RATE
from tests.sounds import SPEECH


def samples_of(data: bytes) -> np.ndarray:
    with wave.open(io.BytesIO(data)) as file:
        assert (file.getnchannels(), file.getsampwidth(), file.getframerate()) == (1, 2, SAMPLE_RATE)
        return np.frombuffer(file.readframes(file.getnframes()), "<i2").astype(np.float32) / 32767


@pytest.mark.parametrize("name", ["rms.m4a", "slt.ogg", "kal16.mp3"])
def test_a_clip_is_the_very_sound_of_its_stretch_and_nothing_around_it(name: str) -> None:
    whole = np.concatenate([block.samples for block in blocks(SPEECH / name)])
    cut = samples_of(clip(SPEECH / name, 21.3, 27.85))
    assert len(cut) == round(6.55 * SAMPLE_RATE)
    expected = whole[round(21.3 * SAMPLE_RATE) :][: len(cut)]
    assert np.corrcoef(cut, expected)[0, 1] > 0.99


def test_a_clip_carries_nothing_that_the_recording_says_about_itself(tmp_path: Path) -> None:
    named = tmp_path / "named.m4a"
    with av.open(str(SPEECH / "rms.m4a")) as source, av.open(str(named), "w") as target:
        target.metadata.update(title="Finance gate", artist="Anna Weber", comment="room 7")
        stream = target.add_stream_from_template(source.streams.audio[0])
        for packet in source.demux(source.streams.audio[0]):
            if packet.dts is not None:
                packet.stream = stream
                target.mux(packet)
    assert b"Finance gate" in named.read_bytes()
    data = clip(named, 2.0, 4.0)
    assert not any(word in data for word in (b"Finance gate", b"Anna", b"room 7", b"LIST", b"INFO", b"named"))
    assert len(data) == 44 + 2 * 2 * SAMPLE_RATE


def test_a_clip_ends_where_the_recording_ends() -> None:
    assert len(samples_of(clip(SPEECH / "rms.m4a", 60.0, 80.0))) == pytest.approx(1.9 * SAMPLE_RATE, abs=4000)
    with pytest.raises(UnreadableFile, match="ends before"):
        clip(SPEECH / "rms.m4a", 300.0, 310.0)


@pytest.mark.parametrize(("start", "end"), [(0.0, 90.5), (5.0, 5.0), (7.0, 3.0), (-1.0, 3.0), (0.0, float("nan"))])
def test_a_whole_conversation_or_nothing_at_all_is_refused(start: float, end: float) -> None:
    with pytest.raises(Refused, match="between 0 and 90 seconds"):
        clip(SPEECH / "rms.m4a", start, end)


def test_what_is_no_recording_is_told_so(tmp_path: Path) -> None:
    (tmp_path / "note.m4a").write_text("this is text")
    with pytest.raises(UnreadableFile, match="holds text"):
        clip(tmp_path / "note.m4a", 0.0, 1.0)
