import numpy as np

from capture.speech import SAMPLE_RATE
from capture.voice_activity import LONGEST, TAIL, WINDOW, find_cut, speech_runs
from tests.sounds import silence, speech, truth

WINDOW_SAMPLES = np.zeros(round(WINDOW * SAMPLE_RATE), np.float32)


def test_runs_of_speech_lie_where_the_sentences_are() -> None:
    samples = speech("rms.m4a", 30.0)
    runs = speech_runs(samples)
    spoken = [(s["start"], s["end"]) for s in truth("rms.m4a") if s["end"] < 29]
    for start, end in spoken:
        assert any(low <= start + 0.3 and end - 0.3 <= high for low, high in runs), (start, end)
    assert sum(high - low for low, high in runs) < 29


def test_digital_silence_and_a_blink_have_no_speech() -> None:
    assert speech_runs(silence(5)) == ()
    assert speech_runs(speech("rms.m4a", 0.01)) == ()


def test_the_last_pause_that_fits_is_taken() -> None:
    cut = find_cut(WINDOW_SAMPLES, [(1.0, 6.0), (7.0, 18.0), (19.0, 25.0), (26.0, 29.5)], last=False)
    assert cut.begin < 1.0 and 25.0 < cut.end < 26.0


def test_a_long_pause_ends_a_stretch_however_short() -> None:
    cut = find_cut(WINDOW_SAMPLES, [(1.0, 6.0), (14.0, 20.0)], last=False)
    assert cut.end == 6.0 + TAIL


def test_no_stretch_is_longer_than_it_may_be_though_nobody_pauses() -> None:
    noise = np.random.default_rng(1).normal(0, 0.1, len(WINDOW_SAMPLES)).astype(np.float32)
    cut = find_cut(noise, [(0.0, WINDOW)], last=False)
    assert 0 < cut.end - cut.begin <= LONGEST


def test_silence_at_the_end_of_a_recording_is_used_up_and_elsewhere_leaves_a_second() -> None:
    assert find_cut(WINDOW_SAMPLES, [], last=True).end == WINDOW
    assert find_cut(WINDOW_SAMPLES, [], last=False).end == WINDOW - 1.0
