"""Reads a room's script: what was said, by whom, and on which theme.

One script per room lies in scripts/, and everything else about a room is made from it: make_audio.py speaks it,
make_transcripts.py writes it down the way Zoom, Teams and people do. A script has one turn a line, `Name: words`, and a
line `== theme` where the talk moves on (`== -` for chatter that is no theme).
"""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

SAMPLES = Path(__file__).resolve().parent
EVENTS = (SAMPLES / "autumn", SAMPLES)
"""The folders of the sample events, oldest first; each has its event.json, scripts, rooms and themes.json."""


@dataclass(frozen=True)
class Turn:
    """One turn of one speaker. `theme` is "" for chatter; `segment` counts the subjects of a room from 1."""

    speaker: str
    text: str
    theme: str
    segment: int


def read_event(folder: Path = SAMPLES) -> dict[str, Any]:
    """A sample event as the event.json of its folder tells it: its data and its rooms."""
    event: dict[str, Any] = json.loads((folder / "event.json").read_text(encoding="utf-8"))
    return event


def read_script(path: Path) -> list[Turn]:
    """The turns of one script in order. ValueError for a line that is neither a turn nor a theme."""
    turns: list[Turn] = []
    theme, segment = "", 0
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
        line = line.strip()
        if not line:
            continue
        if line.startswith("== "):
            theme, segment = line[3:].strip().removeprefix("-"), segment + 1
            continue
        speaker, colon, text = line.partition(": ")
        if not colon or not segment:
            raise ValueError(f"{path.name}, line {number}: expected 'Name: words' below a '== theme' line.")
        turns.append(Turn(speaker, text.strip(), theme, segment))
    return turns


def write_truth(script: Path, seconds: float, spans: list[dict[str, Any]]) -> None:
    """Writes scripts/<name>.json: the room's length in seconds and each turn's start, end, speaker, text, theme."""
    lines = ",\n".join("  " + json.dumps(span, ensure_ascii=False) for span in spans)
    body = f'{{"seconds": {round(seconds, 3)}, "turns": [\n{lines}\n]}}\n'
    script.with_suffix(".json").write_text(body, encoding="utf-8")
