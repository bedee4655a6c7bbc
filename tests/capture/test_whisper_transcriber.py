"""The real faster-whisper, plain and batched, on a real model small enough for tests (fixtures/tiny-whisper)."""

import shutil
from collections.abc import Iterator
from pathlib import Path
from statistics import median

import numpy as np
import pytest

from capture.audio import stretches
from capture.errors import Refused, TranscriberUnavailable
from capture.speech import SAMPLE_RATE, Stretch
from capture.transcriber import Transcribed
from capture.whisper_transcriber import WhisperTranscriber, windows
from tests import sounds
from tests.sounds import SPEECH

TINY = Path(__file__).parents[1] / "fixtures" / "tiny-whisper" / "model"
RECORDINGS = ["rms.m4a", "slt.ogg", "kal16.mp3"]
LAST = 46.6
"""Seconds in kal16.mp3 after which only one sentence follows."""
LAST_SENTENCE = "Our organisation has too many rules and too few clear goals."


def tiny(**values) -> WhisperTranscriber:
    return WhisperTranscriber(str(TINY), device="cpu", **values)


def heard(transcriber: WhisperTranscriber, name: str, start: float = 0.0) -> list[Transcribed]:
    return list(transcriber.transcribe(stretches(SPEECH / name, start)))


@pytest.fixture(scope="module", params=[1, 8], ids=["plain", "batched"])
def transcriber(request: pytest.FixtureRequest) -> Iterator[WhisperTranscriber]:
    made = tiny(batch=request.param)
    yield made
    made.close()


@pytest.mark.parametrize("name", RECORDINGS)
def test_the_words_and_their_times_are_right(transcriber: WhisperTranscriber, name: str) -> None:
    results = heard(transcriber, name)
    spoken = [utterance for result in results for utterance in result.utterances]
    assert sounds.word_error_rate(name, spoken) < 0.15
    errors = sounds.word_time_errors(name, spoken)
    assert len(errors) > 100
    assert median(errors) < 0.3
    assert float(np.quantile(errors, 0.8)) < 0.3
    # Sentences come as utterances of their own, in order, inside their stretch, with sure words.
    assert len(spoken) == pytest.approx(len(sounds.truth(name)), abs=2)
    times = [time for utterance in spoken for word in utterance.words for time in (word.start, word.end)]
    assert times == sorted(times)
    for result in results:
        assert all(result.start <= u.start < u.end <= result.end for u in result.utterances)
    for utterance in spoken:
        assert (utterance.start, utterance.end) == (utterance.words[0].start, utterance.words[-1].end)
        assert " ".join(word.text for word in utterance.words) == utterance.text
        assert utterance.doubt is None and utterance.confidence is not None and 0.6 < utterance.confidence <= 1


def test_one_result_comes_for_each_stretch_as_soon_as_it_is_there(transcriber: WhisperTranscriber) -> None:
    taken = 0
    short = next(stretches(SPEECH / "kal16.mp3", LAST))

    def noted() -> Iterator[Stretch]:
        nonlocal taken
        for _ in range(11):
            taken += 1
            yield short

    results = transcriber.transcribe(noted())
    first = next(results)
    assert taken == transcriber.batch
    rest = list(results)
    assert len(rest) == 10
    assert {(result.end, result.utterances[0].text) for result in [first, *rest]} == {(short.end, LAST_SENTENCE)}


def test_resuming_at_a_finished_stretch_gives_the_same_end(transcriber: WhisperTranscriber) -> None:
    whole = heard(transcriber, "kal16.mp3")
    rest = heard(transcriber, "kal16.mp3", start=whole[1].end)
    assert [u.text for result in rest for u in result.utterances] == [LAST_SENTENCE]
    assert [u.text for u in whole[2].utterances] == [LAST_SENTENCE]
    assert rest[0].utterances[0].start == pytest.approx(whole[2].utterances[0].start, abs=0.3)


def test_the_language_is_detected_where_none_is_given() -> None:
    results = heard(tiny(language=""), "kal16.mp3", LAST)
    assert [u.text for result in results for u in result.utterances] == [LAST_SENTENCE]


def test_the_vocabulary_reaches_the_decoder_and_does_no_harm(
    transcriber: WhisperTranscriber, monkeypatch: pytest.MonkeyPatch
) -> None:
    from faster_whisper import WhisperModel

    seen, real = [], WhisperModel.get_prompt

    def watched(*arguments, **named):
        prompt = real(*arguments, **named)
        seen.append((named.get("hotwords"), len(prompt)))
        return prompt

    monkeypatch.setattr(WhisperModel, "get_prompt", watched)  # looks on; the real one does the work
    helped = tiny(batch=transcriber.batch, vocabulary=" rules,\n clear  goals ")
    for engine in (helped, transcriber):
        results = heard(engine, "kal16.mp3", LAST)
        assert [u.text for result in results for u in result.utterances] == [LAST_SENTENCE]
    assert [hotwords for hotwords, _ in seen] == ["rules, clear goals", None]
    assert seen[0][1] > seen[1][1]


def test_nothing_is_heard_in_silence(transcriber: WhisperTranscriber) -> None:
    quiet = Stretch(10.0, 20.0, np.zeros(10 * SAMPLE_RATE, np.float32), ())
    (result,) = transcriber.transcribe([quiet])
    assert (result.start, result.end) == (10.0, 20.0)
    assert all(utterance.doubt for utterance in result.utterances)


def test_nothing_is_loaded_without_stretches() -> None:
    transcriber = WhisperTranscriber("small", device="cpu")
    assert list(transcriber.transcribe([])) == []


def test_closing_frees_the_model_and_the_next_recording_loads_it_again() -> None:
    transcriber = tiny()
    first = heard(transcriber, "kal16.mp3", LAST)
    transcriber.close()
    transcriber.close()
    assert heard(transcriber, "kal16.mp3", LAST) == first


def test_windows_fit_the_model_and_part_in_pauses() -> None:
    stretch = Stretch(
        100.0, 125.0, np.zeros(25 * SAMPLE_RATE, np.float32), ((100.5, 104.0), (105.0, 108.0), (109, 125))
    )
    assert windows(stretch, 30.0) == [(0.0, 25.0)]
    assert windows(stretch, 10.0) == [(0.0, 8.5), (8.5, 18.5), (18.5, 25.0)]


# --- what cannot work, in words ---


def test_an_unknown_model_is_refused_with_the_names_there_are() -> None:
    with pytest.raises(Refused, match=r"“nonsense”.*tiny.*small.*large-v3-turbo"):
        WhisperTranscriber("nonsense", device="cpu")


def test_a_folder_without_a_model_is_named(tmp_path: Path) -> None:
    with pytest.raises(TranscriberUnavailable, match=r"holds no model\.bin"):
        WhisperTranscriber(str(tmp_path), device="cpu")
    with pytest.raises(TranscriberUnavailable, match="There is no folder"):
        WhisperTranscriber(str(tmp_path / "missing"), device="cpu")


def test_a_broken_model_says_what_is_wrong(tmp_path: Path) -> None:
    folder = tmp_path / "model"
    shutil.copytree(TINY, folder)
    (folder / "model.bin").write_bytes(b"not a model")
    with pytest.raises(TranscriberUnavailable, match="HARVEST_WHISPER_DEVICE"):
        heard(WhisperTranscriber(str(folder), device="cpu"), "kal16.mp3")


def test_a_compute_type_the_machine_lacks_is_explained() -> None:
    with pytest.raises(TranscriberUnavailable, match="as nonsense"):
        heard(tiny(compute_type="nonsense"), "kal16.mp3")


def test_a_language_the_model_does_not_know_is_explained() -> None:
    with pytest.raises(TranscriberUnavailable, match="not “tlh”"):
        heard(tiny(language="tlh"), "kal16.mp3")


def test_an_unknown_device_is_refused() -> None:
    with pytest.raises(Refused, match="HARVEST_WHISPER_DEVICE"):
        WhisperTranscriber(str(TINY), device="gpu")
