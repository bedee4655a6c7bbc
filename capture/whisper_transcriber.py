"""Whisper behind the Transcriber port: the real faster-whisper, plain or batched, on stretches of sound.

Weights come from a folder, the local cache, or the hub on first use. faster-whisper is given one stretch at a time
(or `batch` of them), never a file: that keeps memory flat, progress real and resuming natural.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np

from capture.errors import Refused, TranscriberUnavailable
from capture.speech import SAMPLE_RATE, Spoken, Stretch, Word
from capture.transcriber import Transcribed, doubt, mark_loops, mean_confidence, split_long

HUB_PATIENCE = 3.0
"""Seconds that the model hub has to answer whether it is there."""
_WEIGHT_FILES = ["config.json", "preprocessor_config.json", "model.bin", "tokenizer.json", "vocabulary.*"]


def default_model(device: str) -> str:
    """The model taken where none is named: what `device` (auto, cpu, cuda) carries at a fair speed."""
    return "large-v3-turbo" if _resolved_device(device) == "cuda" else "small"


def weights_here(model: str) -> bool:
    """Whether a model's weights are on this machine; asks no network."""
    return _local_weights(model) is not None


def weights_within_reach(model: str) -> str | None:
    """Where a model's weights would come from, in words; None: they are not here and the hub does not answer."""
    if weights_here(model):
        return "its weights are on this machine"
    return "its weights can be fetched from the model hub" if _hub_has(model) else None


class WhisperTranscriber:
    """A Transcriber over faster-whisper (CTranslate2); weights are loaded, and fetched, at the first stretch.

    `model`: a name faster-whisper knows, a hub id "owner/name", or a folder. `batch` above 1 decodes that many
    stretches at once: faster, more memory, and without Whisper's second tries at lower certainty.
    `language` "" is detected per recording. Raises Refused for an unknown name, TranscriberUnavailable for a folder
    without a model in it.
    """

    demonstration = False

    def __init__(
        self,
        model: str,
        *,
        device: str = "auto",
        compute_type: str = "default",
        batch: int = 1,
        language: str = "en",
        vocabulary: str = "",
    ) -> None:
        _check_model(model)
        self.model, self.device, self.batch = model, _resolved_device(device), max(1, batch)
        self.compute_type = compute_type
        if compute_type == "default":
            self.compute_type = "float16" if self.device == "cuda" else "int8"
        self.language = language.lower().partition("-")[0]
        self.hotwords = " ".join(vocabulary.split()) or None
        self._loaded: Any = None

    @property
    def name(self) -> str:
        folder = Path(self.model).expanduser()
        return f"whisper:{folder.resolve().name if folder.is_dir() else self.model}"

    def transcribe(self, stretches: Iterable[Stretch]) -> Iterator[Transcribed]:
        """One result per stretch, in order; holds `batch` stretches at most."""
        source, language = iter(stretches), self.language
        while group := list(islice(source, self.batch)):
            whisper = self._load()
            language = language or _detected(whisper, group[0])
            try:
                found = self._batch(whisper, group, language) if self.batch > 1 else self._one(whisper, group, language)
            except RuntimeError as error:  # CTranslate2: no memory left, or a CUDA library that is missing
                raise self._unavailable(error) from error
            for stretch, segments in zip(group, found, strict=True):
                yield Transcribed(stretch.start, stretch.end, _utterances(stretch, segments))

    def close(self) -> None:
        self._loaded = None

    def _load(self) -> Any:
        if self._loaded is None:
            from faster_whisper import WhisperModel

            folder = _local_weights(self.model) or _fetch(self.model)
            try:
                self._loaded = WhisperModel(str(folder), device=self.device, compute_type=self.compute_type)
            except (RuntimeError, ValueError) as error:
                raise self._unavailable(error) from error
            if self.language and self.language not in self._loaded.supported_languages:
                known = "English only" if not self._loaded.model.is_multilingual else "a hundred languages"
                raise TranscriberUnavailable(
                    f"The Whisper model “{self.model}” knows {known}, not “{self.language}”; "
                    "choose another model or set the event’s language."
                )
        return self._loaded

    def _unavailable(self, error: Exception) -> TranscriberUnavailable:
        reason = str(error).strip().splitlines()[0].rstrip(".") if str(error).strip() else type(error).__name__
        return TranscriberUnavailable(
            f"Whisper ({self.model}) cannot run on {self.device} as {self.compute_type}: {reason}. "
            "Try HARVEST_WHISPER_DEVICE=cpu, HARVEST_WHISPER_COMPUTE=default or a smaller model."
        )

    def _one(self, whisper: Any, group: Sequence[Stretch], language: str) -> list[list[Any]]:
        """Each stretch by itself, with Whisper's fallbacks; segments with seconds from the stretch's beginning.

        faster-whisper's `hallucination_silence_threshold` stays off: long silence never gets here, and it makes the
        decoder jump into the middle of sentences.
        """
        found: list[list[Any]] = []
        for stretch in group:
            found.append([])
            for low, high in windows(stretch, _window_seconds(whisper)):
                segments, _ = whisper.transcribe(
                    stretch.samples[round(low * SAMPLE_RATE) : round(high * SAMPLE_RATE)],
                    language=language,
                    beam_size=5,
                    condition_on_previous_text=False,  # or one invented sentence drags the next ones along
                    word_timestamps=True,
                    hotwords=self.hotwords,
                )
                found[-1] += [_moved(segment, low) for segment in segments]
        return found

    def _batch(self, whisper: Any, group: Sequence[Stretch], language: str) -> list[list[Any]]:
        """All stretches in one go; segments with seconds from their own stretch's beginning."""
        from faster_whisper import BatchedInferencePipeline

        offsets = np.cumsum([0, *(len(stretch.samples) for stretch in group)]) / SAMPLE_RATE
        clips = [
            {"start": float(offset + low), "end": float(offset + high)}
            for offset, stretch in zip(offsets, group, strict=False)
            for low, high in windows(stretch, _window_seconds(whisper))
        ]
        segments, _ = BatchedInferencePipeline(whisper).transcribe(
            np.concatenate([stretch.samples for stretch in group]),
            language=language,
            beam_size=5,
            clip_timestamps=clips,
            batch_size=self.batch,
            without_timestamps=False,  # else one segment as long as the window
            word_timestamps=True,
            hotwords=self.hotwords,
        )
        found: list[list[Any]] = [[] for _ in group]
        for segment in segments:
            number = int(np.searchsorted(offsets, (segment.start + segment.end) / 2, side="right")) - 1
            number = min(max(number, 0), len(group) - 1)
            found[number].append(_moved(segment, -float(offsets[number])))
        return found


def _window_seconds(whisper: Any) -> float:
    """What the model hears at once: 30 s, so a whole stretch, unless its preprocessor_config.json says less."""
    return min(30.0, float(whisper.feature_extractor.chunk_length))


def windows(stretch: Stretch, limit: float) -> list[tuple[float, float]]:
    """The stretch in windows of at most `limit` seconds, parted in pauses where there are some; stretch seconds."""
    length = stretch.end - stretch.start
    if length <= limit:
        return [(0.0, length)]
    runs = [(low - stretch.start, high - stretch.start) for low, high in stretch.speech] or [(0.0, length)]
    parts = [(before[1] + after[0]) / 2 for before, after in zip(runs, runs[1:], strict=False)]
    found, begin = [], 0.0
    while length - begin > limit:
        fitting = [part for part in parts if begin < part <= begin + limit]
        found.append((begin, fitting[-1] if fitting else begin + limit))
        begin = found[-1][1]
    return [*found, (begin, length)]


# --- from faster-whisper's segments to ours -------------------------------------------------------------------------


def _moved(segment: Any, by: float) -> Any:
    words = [replace(word, start=word.start + by, end=word.end + by) for word in segment.words or ()]
    return replace(segment, start=segment.start + by, end=segment.end + by, words=words)


def _utterances(stretch: Stretch, segments: Sequence[Any]) -> tuple[Spoken, ...]:
    spoken: list[Spoken] = []
    floor = stretch.start
    for segment in segments:
        if not segment.text.strip():
            continue
        words = _words(stretch, segment, floor)
        for group in split_long(words) if words else ():
            text = "".join(word.text for word in group).strip()
            spoken.append(_utterance(segment, text, tuple(replace(word, text=word.text.strip()) for word in group)))
        floor = spoken[-1].end if spoken else floor
    return tuple(mark_loops(spoken))


def _words(stretch: Stretch, segment: Any, floor: float) -> list[Word]:
    """The segment's words in seconds of the recording, in order and inside voice activity; texts not yet stripped.

    Whisper stretches the first word after a pause back into it; the voice activity knows better.
    """
    words = []
    for given in segment.words or [_as_word(segment)]:
        start, end = _into_speech(stretch, stretch.start + float(given.start), stretch.start + float(given.end))
        start = min(max(start, floor), stretch.end)
        floor = min(max(end, start), stretch.end)
        words.append(Word(given.word, start, floor, min(1.0, max(0.0, float(given.probability)))))
    return words


def _as_word(segment: Any) -> Any:
    from faster_whisper.transcribe import Word as GivenWord

    return GivenWord(segment.start, segment.end, segment.text, float(np.exp(segment.avg_logprob)))


def _into_speech(stretch: Stretch, start: float, end: float) -> tuple[float, float]:
    """The times clipped to the run of voice activity they share most with; as they are where they share none."""
    shared = [(min(end, high) - max(start, low), low, high) for low, high in stretch.speech]
    most, low, high = max(shared, default=(0.0, start, end))
    return (max(start, low), min(end, high)) if most > 0 else (start, end)


def _utterance(segment: Any, text: str, words: tuple[Word, ...]) -> Spoken:
    confidence = mean_confidence(words)
    return Spoken(
        start=words[0].start,
        end=words[-1].end,
        text=text,
        confidence=confidence,
        words=words,
        doubt=doubt(
            text,
            no_speech=float(segment.no_speech_prob),
            average_log_probability=float(segment.avg_logprob),
            compression_ratio=float(segment.compression_ratio),
            confidence=confidence,
        ),
    )


def _detected(whisper: Any, stretch: Stretch) -> str:
    try:
        language, _, _ = whisper.detect_language(audio=stretch.samples)
    except IndexError:  # a converted model without its list of languages
        raise TranscriberUnavailable(
            "This Whisper model cannot tell languages apart; name the event’s language, e.g. en."
        ) from None
    return str(language)


# --- weights --------------------------------------------------------------------------------------------------------


def _resolved_device(device: str) -> str:
    if device not in ("auto", "cpu", "cuda"):
        raise Refused(f"HARVEST_WHISPER_DEVICE is “{device}”, but must be auto, cpu or cuda.")
    if device != "auto":
        return device
    import ctranslate2

    return "cuda" if ctranslate2.get_cuda_device_count() > 0 else "cpu"


def _check_model(model: str) -> None:
    from faster_whisper import available_models

    folder = Path(model).expanduser()
    if folder.is_dir():
        missing = [name for name in ("model.bin", "config.json", "tokenizer.json") if not (folder / name).is_file()]
        if missing:
            raise TranscriberUnavailable(
                f"The folder “{model}” holds no {missing[0]}; a Whisper model for faster-whisper has model.bin, "
                "config.json and tokenizer.json in it."
            )
    elif model not in available_models() and not _is_hub_id(model):
        if "/" in model or "\\" in model or model.startswith((".", "~")):
            raise TranscriberUnavailable(f"There is no folder “{model}” with a Whisper model in it; check the path.")
        raise Refused(f"“{model}” is no Whisper model; choose a folder or one of: {', '.join(available_models())}.")


def _is_hub_id(model: str) -> bool:
    return re.fullmatch(r"\w[\w.-]*/[\w.-]+", model) is not None


def _local_weights(model: str) -> Path | None:
    """The folder with the weights: the one given, or the one in the hub's local cache."""
    from faster_whisper.utils import download_model

    folder = Path(model).expanduser()
    if not folder.is_dir():
        try:
            folder = Path(download_model(model, local_files_only=True))
        except OSError:  # LocalEntryNotFoundError and its kin
            return None
    return folder if (folder / "model.bin").is_file() else None


def _repository(model: str) -> str:
    from faster_whisper.utils import _MODELS  # the only place that maps names to the hub's ids

    return model if _is_hub_id(model) else str(_MODELS[model])


def _hub_has(model: str) -> bool:
    """One question with a short patience, so that a machine without network is not kept waiting."""
    from huggingface_hub import HfApi
    from huggingface_hub.errors import HTTPError, RepositoryNotFoundError  # type: ignore[attr-defined,unused-ignore]

    try:
        HfApi().model_info(_repository(model), timeout=HUB_PATIENCE)
    except RepositoryNotFoundError:
        raise Refused(f"There is no model “{model}” on the model hub that may be read; check its name.") from None
    except (OSError, HTTPError):
        return False
    return True


def _fetch(model: str) -> Path:
    """Downloads the weights into the hub's cache, with its progress bar. Raises TranscriberUnavailable."""
    from huggingface_hub import snapshot_download
    from huggingface_hub.errors import HTTPError  # type: ignore[attr-defined,unused-ignore]

    if _hub_has(model):
        try:
            return Path(snapshot_download(_repository(model), allow_patterns=_WEIGHT_FILES))
        except (OSError, HTTPError) as error:
            raise TranscriberUnavailable(
                f"Fetching Whisper’s weights “{model}” from the model hub stopped ({type(error).__name__}): run the "
                "command again to go on, or free some disk space first if it is full."
            ) from error
    raise TranscriberUnavailable(
        f"Whisper’s weights “{model}” are not on this machine and the model hub cannot be reached: fetch them on a "
        "machine with network, copy its Hugging Face folder here and set HF_HOME to it (or choose "
        "whisper:/path/to/the/model/folder), or take sphinx."
    )
