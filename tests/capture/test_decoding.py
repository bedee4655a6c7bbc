from pathlib import Path

import numpy as np
import pytest

from capture.decoding import blocks, declared_seconds, format_in_words, opened, shows_video
from capture.errors import UnreadableFile
from capture.speech import SAMPLE_RATE
from tests.sounds import SPEECH, speech, write_audio


def test_the_blocks_hold_the_whole_recording_and_no_block_all_of_it() -> None:
    lengths = [len(block.samples) / SAMPLE_RATE for block in blocks(SPEECH / "rms.m4a")]
    assert sum(lengths) == pytest.approx(61.9, abs=0.2)
    assert max(lengths) < 31


@pytest.mark.parametrize("name", ["rms.m4a", "slt.ogg", "kal16.mp3"])
def test_starting_in_the_middle_gives_the_samples_of_the_middle(name: str) -> None:
    whole = np.concatenate([block.samples for block in blocks(SPEECH / name)])
    later = np.concatenate([block.samples for block in blocks(SPEECH / name, 20.0)])
    here, there = whole[20 * SAMPLE_RATE :][: 5 * SAMPLE_RATE], later[: 5 * SAMPLE_RATE]
    assert np.corrcoef(here, there)[0, 1] > 0.99


def test_a_recording_says_what_it_is(tmp_path: Path) -> None:
    write_audio(tmp_path / "a.wav", speech(seconds=2.0))
    with opened(tmp_path / "a.wav", "a.wav") as (container, stream):
        assert format_in_words(container, stream).startswith("wav")
        assert declared_seconds(container, stream) == pytest.approx(2.0, abs=0.01)
        assert not shows_video(container)


def test_a_file_that_is_no_recording_is_refused_under_the_users_name(tmp_path: Path) -> None:
    (tmp_path / "stored").write_bytes(bytes(range(256)) * 20)
    with pytest.raises(UnreadableFile, match="Voice 7"), opened(tmp_path / "stored", "Voice 7.m4a"):
        pass
