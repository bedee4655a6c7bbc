"""PocketSphinx in its own processes: right enough words, the same whatever the number of processes, and no orphans."""

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from statistics import median

import numpy as np
import pytest

from capture.audio import stretches
from capture.errors import TranscriberUnavailable
from capture.speech import SAMPLE_RATE, Stretch
from capture.sphinx_transcriber import SphinxTranscriber
from capture.transcriber import Transcribed
from tests import sounds
from tests.sounds import SPEECH

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def two() -> Iterator[SphinxTranscriber]:
    made = SphinxTranscriber(2)
    yield made
    made.close()


START = 38.2
"""Seconds in rms.m4a after which five sentences follow."""


def sentences() -> Iterator[Stretch]:
    """Each run of speech from START on as a stretch of its own, so that two processes have something to share."""
    for whole in stretches(SPEECH / "rms.m4a", START):
        for low, high in whole.speech:
            first, last = (round((time - whole.start) * SAMPLE_RATE) for time in (low, high))
            yield Stretch(low, high, whole.samples[first:last], ((low, high),))


@pytest.fixture(scope="module")
def parallel(two: SphinxTranscriber) -> list[Transcribed]:
    return list(two.transcribe(sentences()))


def processes_of(pool_owner: SphinxTranscriber) -> list[int]:
    assert pool_owner._pool is not None
    return list(pool_owner._pool._processes)


def alive(process: int) -> bool:
    try:
        state = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0]
    except (FileNotFoundError, ProcessLookupError):
        return False
    return state != "Z"


def gone(process: int, within: float) -> bool:
    end = time.monotonic() + within
    while alive(process) and time.monotonic() < end:
        time.sleep(0.05)
    return not alive(process)


def test_clear_speech_is_understood(parallel: list[Transcribed]) -> None:
    spoken = [utterance for result in parallel for utterance in result.utterances]
    assert sounds.word_error_rate("rms.m4a", spoken, START) < 0.25
    assert len(spoken) == len(sounds.truth("rms.m4a", START)) == len(parallel)
    errors = sounds.word_time_errors("rms.m4a", spoken)
    assert len(errors) > 40 and median(errors) < 0.2
    times = [time for utterance in spoken for word in utterance.words for time in (word.start, word.end)]
    assert times == sorted(times)
    for utterance in spoken:
        assert utterance.end - utterance.start <= 12
        assert utterance.confidence is not None and 0 < utterance.confidence <= 1
        assert utterance.text == utterance.text.lower() and not set(utterance.text) & set("<>[]()0123456789")


def test_one_process_hears_exactly_what_two_hear(parallel: list[Transcribed]) -> None:
    one = SphinxTranscriber(1)
    other = list(one.transcribe(stretches(SPEECH / "kal16.mp3", start=46.6)))  # what was heard before leaves no trace
    serial = list(one.transcribe(sentences()))
    one.close()
    assert other and serial == parallel


def test_python_goes_on_while_sphinx_listens(two: SphinxTranscriber) -> None:
    longest, ended = 0.0, threading.Event()

    def tick() -> None:
        nonlocal longest
        last = time.monotonic()
        while not ended.is_set():
            time.sleep(0.01)
            longest, last = max(longest, time.monotonic() - last), time.monotonic()

    ticking = threading.Thread(target=tick)
    ticking.start()
    began = time.monotonic()
    results = list(two.transcribe(stretches(SPEECH / "rms.m4a", start=52.7)))
    took = time.monotonic() - began
    ended.set()
    ticking.join()
    assert results and longest < took / 2


def test_no_more_than_two_stretches_per_process_are_read_ahead() -> None:
    taken = 0
    stretch = Stretch(0.0, 1.0, np.zeros(SAMPLE_RATE, np.float32), ())

    def counted() -> Iterator[Stretch]:
        nonlocal taken
        for _ in range(50):
            taken += 1
            yield stretch

    transcriber = SphinxTranscriber(1)
    results = transcriber.transcribe(counted())
    assert next(results).utterances == ()
    assert taken == 2
    processes = processes_of(transcriber)
    assert all(map(alive, processes))
    results.close()
    assert all(gone(process, 5) for process in processes)


def test_silence_and_noise_are_no_words(two: SphinxTranscriber) -> None:
    noise = np.random.default_rng(0).normal(0, 0.05, 3 * SAMPLE_RATE).astype(np.float32)
    silent = Stretch(0.0, 3.0, np.zeros(3 * SAMPLE_RATE, np.float32), ())
    noisy = Stretch(3.0, 6.0, noise, ((3.0, 6.0),))
    results = list(two.transcribe([silent, noisy]))
    assert [(result.start, result.end) for result in results] == [(0.0, 3.0), (3.0, 6.0)]
    assert results[0].utterances == ()
    assert all(utterance.doubt for utterance in results[1].utterances)


def test_a_process_that_dies_is_reported_and_the_next_run_works() -> None:
    transcriber = SphinxTranscriber(1)
    stretch = next(stretches(SPEECH / "kal16.mp3", start=46.6))
    (before,) = transcriber.transcribe([stretch])
    os.kill(processes_of(transcriber)[0], signal.SIGKILL)
    with pytest.raises(TranscriberUnavailable, match="ended unexpectedly"):
        list(transcriber.transcribe([stretch] * 3))
    (after,) = transcriber.transcribe([stretch])
    transcriber.close()
    assert before == after and before.utterances


ORPHANS = """
import sys, time
from pathlib import Path
from capture.audio import stretches
from capture.sphinx_transcriber import SphinxTranscriber

def main():
    transcriber = SphinxTranscriber(2)
    recording = Path("tests/fixtures/speech/rms.m4a")
    for _ in transcriber.transcribe(s for _ in range(100) for s in stretches(recording, start=56.9)):
        print(*transcriber._pool._processes, flush=True)

if __name__ == "__main__":
    main()
"""


def test_processes_end_when_their_parent_is_killed(tmp_path: Path) -> None:
    script = tmp_path / "parent.py"
    script.write_text(ORPHANS)
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    with subprocess.Popen([sys.executable, str(script)], cwd=ROOT, stdout=subprocess.PIPE, env=environment) as parent:
        assert parent.stdout is not None
        children = [int(number) for number in parent.stdout.readline().split()]
        assert len(children) == 2 and all(map(alive, children))
        parent.kill()
        parent.wait()
        assert all(gone(child, 20) for child in children)
