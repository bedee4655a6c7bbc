"""Recordings as people hand them in: read, refused in plain words, cut at pauses, and resumed where they were left."""

import shutil
import subprocess
import sys
import wave
from pathlib import Path

import av
import numpy as np
import pytest

from capture.audio import DecodeReport, inspect, stretches
from capture.errors import UnreadableFile
from capture.speech import SAMPLE_RATE, Stretch
from capture.voice_activity import find_cut
from tests import sounds
from tests.sounds import SPEECH


def listened(path: Path) -> tuple[list[Stretch], DecodeReport]:
    report = DecodeReport()
    return list(stretches(path, report=report)), report


def refused(path: Path, name: str = "Room 3.mp3") -> str:
    with pytest.raises(UnreadableFile) as caught:
        inspect(path, name)
    assert name in str(caught.value)
    return str(caught.value)


# --- what is refused, and in which words ---


def test_an_empty_file_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "stored"
    path.write_bytes(b"")
    assert "empty" in refused(path)


@pytest.mark.parametrize(
    "content",
    [
        b"Anna: we should talk about trust.\n" * 200,
        ("Müller: schön " * 400).encode(),
        "Anna: hello\n".encode("utf-16"),
        b"#EXTM3U\n#EXT-X-TARGETDURATION:5\n#EXTINF:5,\n/etc/hostname\n#EXT-X-ENDLIST\n",
        b"short",
    ],
)
def test_text_that_calls_itself_mp3_is_refused_as_text(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "stored.mp3"
    path.write_bytes(content)
    assert "text" in refused(path)


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("stored.m3u8", b"#EXTM3U\n#\x01\n#EXT-X-TARGETDURATION:60\n#EXTINF:51,\nother.mp3\n#EXT-X-ENDLIST\n"),
        ("stored.mp3", b"ffconcat version 1.0\n#\x01\nfile other.mp3\n"),
    ],
)
def test_a_list_of_files_in_disguise_never_opens_another_recording(tmp_path: Path, name: str, content: bytes) -> None:
    shutil.copy(SPEECH / "kal16.mp3", tmp_path / "other.mp3")
    (tmp_path / name).write_bytes(content)
    with av.open(str(tmp_path / name)) as container:
        assert container.streams.audio, "FFmpeg by itself follows the list"
    assert "not an audio or video file" in refused(tmp_path / name)


def test_noise_bytes_are_refused_as_no_recording(tmp_path: Path) -> None:
    path = tmp_path / "stored.mp3"
    path.write_bytes(np.random.default_rng(2).bytes(40_000))
    assert "not an audio or video file" in refused(path)


def test_a_phone_recording_that_was_still_being_copied_is_refused(tmp_path: Path) -> None:
    sounds.cut_off(SPEECH / "rms.m4a", tmp_path / "cut.m4a", 0.7)
    assert "still being copied" in refused(tmp_path / "cut.m4a")


def test_a_recording_of_zero_seconds_is_refused(tmp_path: Path) -> None:
    with wave.open(str(tmp_path / "none.wav"), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(16_000)
    assert "0 seconds" in refused(tmp_path / "none.wav")


def test_a_video_without_sound_is_refused(tmp_path: Path) -> None:
    sounds.write_silent_film(tmp_path / "film.mp4", 2)
    assert "video without sound" in refused(tmp_path / "film.mp4")


def test_a_file_that_vanished_is_named(tmp_path: Path) -> None:
    assert "not there" in refused(tmp_path / "gone.mp3")


def test_sound_that_cannot_be_decoded_is_refused(tmp_path: Path) -> None:
    """An m4a whose index is whole, but every packet is noise."""
    data = bytearray((SPEECH / "rms.m4a").read_bytes())
    begin = data.index(b"mdat") + 4
    end = data.index(b"moov") - 4
    assert end > begin
    data[begin:end] = b"\xff" * (end - begin)
    (tmp_path / "broken.m4a").write_bytes(bytes(data))
    assert "cannot be decoded" in refused(tmp_path / "broken.m4a")


# --- what is read ---


def test_facts_are_in_words() -> None:
    facts = {name: inspect(SPEECH / name, name) for name in ("rms.m4a", "slt.ogg", "kal16.mp3")}
    assert [fact.format for fact in facts.values()] == ["m4a, AAC", "ogg, Opus", "mp3"]
    assert facts["rms.m4a"].seconds == pytest.approx(61.9, abs=0.2)
    assert (facts["rms.m4a"].channels, facts["rms.m4a"].sample_rate, facts["rms.m4a"].has_video) == (1, 16_000, False)


@pytest.mark.parametrize(
    ("name", "made", "format"),
    [
        ("phone.m4a", {"codec": "aac", "rate": 44_100, "channels": 2}, "m4a, AAC"),
        ("table.wav", {"channels": 8}, "wav, PCM"),
        ("telephone.wav", {"rate": 8_000}, "wav, PCM"),
        ("camera.mp4", {"codec": "aac", "video": True}, "mp4, AAC"),
        ("studio.flac", {"codec": "flac", "rate": 48_000, "channels": 2}, "flac"),
    ],
)
def test_every_usual_kind_of_recording_gives_the_same_speech(
    tmp_path: Path, name: str, made: dict, format: str
) -> None:
    sample = sounds.speech("rms.m4a", 14.0)
    sounds.write_audio(tmp_path / name, sample, **made)
    facts = inspect(tmp_path / name, name)
    found, report = listened(tmp_path / name)
    assert facts.format == format
    assert facts.has_video == (name == "camera.mp4")
    assert (facts.channels, facts.sample_rate) == (made.get("channels", 1), made.get("rate", 16_000))
    assert len(found) == 1
    assert found[0].samples.dtype == np.float32 and found[0].samples.ndim == 1
    spoken = [sentence for sentence in sounds.truth("rms.m4a") if sentence["end"] < 14]
    assert found[0].speech[0][0] == pytest.approx(spoken[0]["start"], abs=0.3)
    assert report.speech == pytest.approx(sum(s["end"] - s["start"] for s in spoken), rel=0.2)
    assert report.decoded == pytest.approx(14.0, abs=0.15)
    assert report.warnings() == []
    assert float(np.abs(found[0].samples).max()) > 0.05


@pytest.mark.parametrize("channels", [2, 6, 32])
def test_channels_are_mixed_without_overload(tmp_path: Path, channels: int) -> None:
    sample = sounds.speech("rms.m4a", 12.0)
    with wave.open(str(tmp_path / "many.wav"), "wb") as file:
        file.setnchannels(channels)
        file.setsampwidth(2)
        file.setframerate(16_000)
        file.writeframes((np.repeat(sample[:, None], channels, axis=1) * 32767).astype("<i2").tobytes())
    found, report = listened(tmp_path / "many.wav")
    assert report.decoded == pytest.approx(12.0)
    assert len(found) == 1 and report.damaged == 0
    heard = found[0].samples
    begin = round(found[0].start * SAMPLE_RATE)
    assert np.allclose(heard, sample[begin : begin + len(heard)], atol=0.01)


def test_a_browser_recording_without_a_length_is_read_to_its_end(tmp_path: Path) -> None:
    path = tmp_path / "browser.webm"
    sounds.write_browser_webm(path, sounds.speech("kal16.mp3", 20.0))
    assert inspect(path, "browser.webm").seconds is None
    found, report = listened(path)
    assert report.decoded == pytest.approx(20.0, abs=0.1)
    assert (report.declared, report.warnings()) == (None, [])
    assert found[0].speech


# --- damage ---


def test_what_comes_after_garbage_in_an_mp3_is_still_read(tmp_path: Path) -> None:
    whole, _ = listened(SPEECH / "kal16.mp3")
    sounds.garble(SPEECH / "kal16.mp3", tmp_path / "hurt.mp3", 0.4, 10_000)
    inspect(tmp_path / "hurt.mp3", "hurt.mp3")
    found, report = listened(tmp_path / "hurt.mp3")
    heard = sum(high - low for stretch in found for low, high in stretch.speech)
    all_of_it = sum(high - low for stretch in whole for low, high in stretch.speech)
    assert report.decoded > 47  # of 51.4 s; 2 s are noise
    assert heard > 0.85 * all_of_it
    assert report.damaged > 0
    assert any("damaged place" in warning for warning in report.warnings())


def test_damage_in_an_m4a_leaves_the_clock_right(tmp_path: Path) -> None:
    sounds.garble(SPEECH / "rms.m4a", tmp_path / "hurt.m4a", 0.3, 6_000)
    found, report = listened(tmp_path / "hurt.m4a")
    assert report.damaged > 0
    assert report.decoded == pytest.approx(61.95, abs=0.15)
    last = sounds.truth("rms.m4a")[-1]
    assert found[-1].speech[-1][0] == pytest.approx(last["start"], abs=0.25)


def test_a_copy_that_stopped_half_way_is_read_with_a_warning(tmp_path: Path) -> None:
    sounds.cut_off(SPEECH / "kal16.mp3", tmp_path / "half.mp3", 0.5)
    _, report = listened(tmp_path / "half.mp3")
    assert 24 < report.decoded < 27
    assert any("Only 0:26 of 0:51" in warning for warning in report.warnings())


# --- silence and loudness ---


def test_an_hour_of_silence_gives_nothing_but_a_warning(tmp_path: Path) -> None:
    sounds.write_audio(tmp_path / "hour.flac", sounds.silence(3600), "flac")
    found, report = listened(tmp_path / "hour.flac")
    assert found == []
    assert (report.silence, report.loudness) == (1.0, None)
    assert report.decoded == pytest.approx(3600)
    assert report.warnings() == ["No speech was found in this recording."]


def test_a_faint_hiss_is_no_speech(tmp_path: Path) -> None:
    hiss = np.random.default_rng(0).normal(0, 0.003, 60 * SAMPLE_RATE).astype(np.float32)
    sounds.write_audio(tmp_path / "hiss.flac", hiss, "flac")
    found, report = listened(tmp_path / "hiss.flac")
    assert found == [] and report.silence == 1.0


def test_long_silence_is_skipped_and_counted(tmp_path: Path) -> None:
    talk = sounds.speech("rms.m4a", 13.2)
    mixed = np.concatenate([sounds.silence(100), talk, sounds.silence(100), talk, sounds.silence(7)])
    sounds.write_audio(tmp_path / "mixed.wav", mixed)
    found, report = listened(tmp_path / "mixed.wav")
    assert len(found) == 2
    assert sum(stretch.end - stretch.start for stretch in found) < 28
    assert found[1].start == pytest.approx(213.2 + sounds.truth("rms.m4a")[0]["start"], abs=0.6)
    assert 0.85 < report.silence < 0.95
    assert any("silence" in warning for warning in report.warnings())


def test_a_very_quiet_recording_is_warned_about(tmp_path: Path) -> None:
    sounds.write_audio(tmp_path / "far.wav", sounds.speech("rms.m4a", 14.0) * 0.01)
    found, report = listened(tmp_path / "far.wav")
    assert found[0].speech
    assert report.loudness == pytest.approx(-66, abs=3)
    assert any("extremely quiet" in warning for warning in report.warnings())


# --- stretches ---


def test_stretches_are_short_in_order_and_part_no_sentence() -> None:
    for name in ("rms.m4a", "slt.ogg", "kal16.mp3"):
        found, report = listened(SPEECH / name)
        cuts = [stretch.start for stretch in found] + [stretch.end for stretch in found]
        assert all(15 <= stretch.end - stretch.start <= 28 for stretch in found[:-1])
        assert all(len(s.samples) == round((s.end - s.start) * SAMPLE_RATE) for s in found)
        assert all(a.end <= b.start for a, b in zip(found, found[1:], strict=False))
        for sentence in sounds.truth(name):
            assert not any(sentence["start"] + 0.05 < cut < sentence["end"] - 0.05 for cut in cuts)
            assert any(s.start <= sentence["start"] and sentence["end"] <= s.end + 0.05 for s in found)
        assert report.speech == pytest.approx(sum(b - a for s in found for a, b in s.speech))


def test_talk_without_a_pause_is_cut_at_its_quietest_moment(tmp_path: Path) -> None:
    """Sentences glued together, with one dip where two of them meet that is too short to be a pause."""
    whole = sounds.speech("rms.m4a")
    said = [whole[round(s["start"] * SAMPLE_RATE) : round(s["end"] * SAMPLE_RATE)] for s in sounds.truth("rms.m4a")]
    glued = np.concatenate([*said[:7], np.zeros(1600, np.float32), *said[7:]])
    dip = sum(len(part) for part in said[:7]) / SAMPLE_RATE
    cut = find_cut(glued[: 30 * SAMPLE_RATE], [(0.0, 30.0)], last=False)
    assert cut.begin == 0.0 and cut.end == pytest.approx(dip + 0.05, abs=0.1)
    sounds.write_audio(tmp_path / "glued.wav", glued)
    found, report = listened(tmp_path / "glued.wav")
    assert max(stretch.end - stretch.start for stretch in found) <= 28
    assert report.decoded == pytest.approx(len(glued) / SAMPLE_RATE)


# --- resuming ---


def long_recording(path: Path) -> Path:
    """100 s in the container and codec of the path's ending."""
    samples = np.concatenate([sounds.speech("rms.m4a"), sounds.speech("kal16.mp3", 40)])
    if path.suffix == ".webm":
        sounds.write_browser_webm(path, samples)
    else:
        codec = {".m4a": "aac", ".mp3": "libmp3lame", ".ogg": "libopus", ".wav": "pcm_s16le", ".flac": "flac"}
        rate = 48_000 if path.suffix == ".ogg" else 44_100
        sounds.write_audio(path, samples, codec[path.suffix], rate=rate)
    return path


@pytest.mark.parametrize("ending", [".m4a", ".mp3", ".ogg", ".wav", ".flac", ".webm"])
def test_resuming_gives_the_stretches_that_were_still_to_come(tmp_path: Path, ending: str) -> None:
    path = long_recording(tmp_path / f"talk{ending}")
    whole, _ = listened(path)
    assert len(whole) >= 4
    for done in (1, 3):
        rest = list(stretches(path, start=whole[done - 1].end))
        assert [s.start for s in rest] == pytest.approx([s.start for s in whole[done:]], abs=0.05)
        assert [s.end for s in rest] == pytest.approx([s.end for s in whole[done:]], abs=0.05)
        longest = min(len(rest[0].samples), len(whole[done].samples)) - SAMPLE_RATE
        lag = _lag(whole[done].samples[:longest], rest[0].samples[:longest])
        shift = lag / SAMPLE_RATE + (rest[0].start - whole[done].start)
        assert abs(shift) < 0.03, "the same second must hold the same sound"


def _lag(a: np.ndarray, b: np.ndarray) -> int:
    """Samples by which `b` comes later than `a` (most alike)."""
    size = len(a) + len(b)
    likeness = np.fft.irfft(np.fft.rfft(b, size) * np.conj(np.fft.rfft(a, size)), size)
    best = int(likeness.argmax())
    return best if best < len(a) else best - size


def test_a_resumed_account_ends_like_an_uninterrupted_one(tmp_path: Path) -> None:
    path = tmp_path / "hurt.mp3"
    sounds.garble(long_recording(tmp_path / "talk.mp3"), path, 0.5, 4_000)
    whole, report = listened(path)
    first = DecodeReport()
    under_way = stretches(path, report=first)
    done = [next(under_way) for _ in range(3)]
    stored = first.as_of(done[1].end)  # the third was read ahead and is lost with the killed worker
    under_way.close()
    second = DecodeReport(**stored)
    rest = list(stretches(path, start=done[1].end, report=second))
    assert len(rest) == len(whole) - 2
    assert second.decoded == pytest.approx(report.decoded, abs=0.1)
    assert second.speech == pytest.approx(report.speech, abs=0.3)
    assert (second.damaged, second.declared) == (report.damaged, report.declared)
    assert second.energy == pytest.approx(report.energy, rel=0.02)


def test_starting_behind_the_end_gives_nothing() -> None:
    assert list(stretches(SPEECH / "kal16.mp3", start=500.0)) == []


# --- three hours ---

THREE_HOURS = """
import resource, sys
from pathlib import Path
from capture.audio import DecodeReport, stretches

def peak():
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024

next(stretches(Path(sys.argv[1])))
before, report, longest = peak(), DecodeReport(), 0.0
for number, stretch in enumerate(stretches(Path(sys.argv[2]), report=report), start=1):
    longest = max(longest, stretch.end - stretch.start)
print(number, report.decoded, report.speech, longest, peak() - before)
"""


def test_three_hours_take_no_more_memory_than_a_minute(tmp_path: Path) -> None:
    part, whole = tmp_path / "part.m4a", tmp_path / "three-hours.m4a"
    sounds.write_audio(part, np.concatenate([sounds.speech("kal16.mp3"), sounds.silence(850)]), "aac")
    sounds.repeat(part, whole, 3 * 3600)
    done = subprocess.run(
        [sys.executable, "-c", THREE_HOURS, str(SPEECH / "rms.m4a"), str(whole)],
        check=True,
        capture_output=True,
        text=True,
        cwd=Path(__file__).parents[2],
    )
    count, decoded, speech, longest, growth = map(float, done.stdout.split())
    assert decoded == pytest.approx(3 * 3600, abs=2)
    assert count >= 30 and 400 < speech < 600 and longest <= 28
    assert growth < 100, f"{growth:.0f} MB more than for one minute"
