"""The port between stretches of sound and utterances, the choice of an engine, and the gate for doubtful text.

Adapters: capture.whisper_transcriber (faster-whisper) and capture.sphinx_transcriber (PocketSphinx). The
transcription job asks `choose` for one, feeds it `capture.audio.stretches` and stores one result per stretch.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Protocol

from capture.errors import Refused, TranscriberUnavailable
from capture.settings import CaptureSettings
from capture.speech import Spoken, Stretch, Word

LONGEST_UTTERANCE = 12.0
"""Seconds after which an utterance is split at its longest gap: a page quotes and plays utterances."""


@dataclass(frozen=True)
class Transcribed:
    """What was said in the stretch `start`..`end`; seconds of the whole recording; no utterances: nothing was said."""

    start: float
    end: float
    utterances: tuple[Spoken, ...]


class Transcriber(Protocol):
    """Turns stretches into utterances. One is used by one thread at a time, for any number of recordings."""

    @property
    def name(self) -> str:
        """What is stored with each transcript, e.g. "whisper:small" or "sphinx"."""
        ...

    @property
    def demonstration(self) -> bool:
        """Whether pages must say that this engine is only good enough to show the way."""
        ...

    def transcribe(self, stretches: Iterable[Stretch]) -> Iterator[Transcribed]:
        """Lazily one result per stretch, in order, reading ahead only a few stretches. Raises TranscriberUnavailable.

        Closing the iterator stops the work.
        """
        ...

    def close(self) -> None:
        """Frees the model and ends the processes; the next `transcribe` starts them again."""
        ...


@dataclass(frozen=True)
class Choice:
    """A transcriber, and in one plain sentence which it is and why it was taken.

    `asked` given to `choose` again takes the same engine and model, whatever can be reached by then.
    """

    transcriber: Transcriber
    why: str
    asked: str


def choose(
    settings: CaptureSettings,
    wanted: str | None = None,
    *,
    language: str = "en",
    vocabulary: str = "",
    jobs: int | None = None,
) -> Choice:
    """The engine for `wanted` (else the setting): `auto`, `whisper`, `whisper:MODEL` or `sphinx`. Loads no weights.

    `language`: ISO code, "" to detect it (Whisper only). `vocabulary`: words of the event, helps Whisper to spell.
    `jobs`: processes for PocketSphinx, 0 or None: the setting, and failing that one per core. Raises Refused for an
    unknown value or model name, TranscriberUnavailable where the engine cannot do it.
    """
    from capture.sphinx_transcriber import SphinxTranscriber
    from capture.whisper_transcriber import WhisperTranscriber, default_model, weights_within_reach

    wanted = (wanted or settings.transcriber or "auto").strip()
    engine, _, model = wanted.partition(":")
    if engine not in ("auto", "whisper", "sphinx") or (model and engine != "whisper"):
        raise Refused(f"“{wanted}” is no transcriber; choose auto, whisper:MODEL (a name or a folder) or sphinx.")

    def whisper(model: str) -> WhisperTranscriber:
        return WhisperTranscriber(
            model,
            device=settings.whisper_device,
            compute_type=settings.whisper_compute,
            batch=settings.whisper_batch,
            language=language,
            vocabulary=vocabulary,
        )

    if engine == "whisper":
        found = whisper(model or default_model(settings.whisper_device))
        return Choice(found, f"Whisper ({found.model}), because it was asked for.", f"whisper:{found.model}")
    reason = "because it was asked for"
    if engine == "auto":
        model = default_model(settings.whisper_device)
        where = weights_within_reach(model)
        if where:
            return Choice(whisper(model), f"Whisper ({model}), because {where}.", f"whisper:{model}")
        reason = f"because Whisper’s weights ({model}) are not on this machine and the model hub cannot be reached"
    if language.lower().partition("-")[0] != "en":
        more = "" if engine == "sphinx" else f", and {reason.removeprefix('because ')}"
        raise TranscriberUnavailable(
            f"PocketSphinx here understands English only, not “{language or 'a language to be detected'}”{more}. "
            "Take whisper:MODEL, with a name such as small or a folder with its weights."
        )
    why = f"PocketSphinx, the demonstration engine, {reason}."
    return Choice(SphinxTranscriber(jobs or settings.jobs), why, "sphinx")


# --- the gate: which text should not be mined -----------------------------------------------------------------------

_WORD = re.compile(r"\w+(?:['’]\w+)*")


def doubt(
    text: str,
    *,
    no_speech: float | None = None,
    average_log_probability: float | None = None,
    compression_ratio: float | None = None,
    confidence: float | None = None,
) -> str | None:
    """Why a recogniser's text should not be mined: "no speech", "repeats itself", "unsure"; None: it may be.

    The numbers are Whisper's own measures with the thresholds its decoder falls back at (no speech above 0.6 while
    the log probability is below -1.0; compression above 2.4); `confidence` is a mean word probability, 0..1.
    """
    unlikely = average_log_probability is not None and average_log_probability < -1.0
    if not _WORD.search(text) or (no_speech is not None and no_speech > 0.6 and unlikely):
        return "no speech"
    if (compression_ratio is not None and compression_ratio > 2.4) or _loops(_WORD.findall(text.lower())):
        return "repeats itself"
    if unlikely or (confidence is not None and confidence < 0.3):
        return "unsure"
    return None


def _loops(words: Sequence[str]) -> bool:
    """Whether a phrase of up to eight words follows itself so often that it makes up most of the text.

    Three times in a row for phrases of two words and more, five times for a single word ("no, no, no, no" is speech).
    """
    for size in range(1, min(8, len(words) // 3) + 1):
        run = longest = 0
        for at in range(size, len(words)):
            run = run + 1 if words[at] == words[at - size] else 0
            longest = max(longest, run)
        repeats = longest // size + 1
        if repeats >= (5 if size == 1 else 3) and (longest + size) * 2 > len(words):
            return True
    return False


def mark_loops(utterances: Iterable[Spoken], times: int = 3) -> list[Spoken]:
    """The utterances again; where the same text comes `times` in a row or more, each is marked "repeats itself"."""
    kept = list(utterances)
    plain = [" ".join(_WORD.findall(spoken.text.lower())) for spoken in kept]
    first = 0
    for at in range(1, len(kept) + 1):
        if at < len(kept) and plain[at] == plain[first]:
            continue
        if at - first >= times:
            kept[first:at] = [replace(spoken, doubt=spoken.doubt or "repeats itself") for spoken in kept[first:at]]
        first = at
    return kept


# --- what both adapters do with words -------------------------------------------------------------------------------


def split_long(words: Sequence[Word], longest: float = LONGEST_UTTERANCE) -> list[tuple[Word, ...]]:
    """The words in groups of at most `longest` seconds, parted where a sentence ends, else at the longest gap."""
    if len(words) < 2 or words[-1].end - words[0].start <= longest:
        return [tuple(words)]
    ends = [at for at in range(1, len(words)) if words[at - 1].text.endswith((".", "?", "!", "…"))]
    at = max(ends or range(1, len(words)), key=lambda at: words[at].start - words[at - 1].end)
    return [*split_long(words[:at], longest), *split_long(words[at:], longest)]


def mean_confidence(words: Sequence[Word]) -> float | None:
    """Mean of the words' confidences, 0..1; None where no word has one."""
    known = [word.confidence for word in words if word.confidence is not None]
    return sum(known) / len(known) if known else None
