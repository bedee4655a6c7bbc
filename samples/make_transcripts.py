"""Writes the scripts of both events down as people's transcripts, and themes.json: python samples/make_transcripts.py

The scripts hold the talk once; here it gets the clothes of Zoom, Teams, a subtitle editor or somebody's notes. Times
follow from the words at about 150 a minute with pauses between turns; they and the themes go to scripts/<name>.json, as
for the recordings of the four rooms that make_audio.py speaks. themes.json gathers those of all rooms of an event, in
the shape of labelled events: per group, spans in seconds with the true theme ("" for chatter) and the number of the
subject. Run it after make_audio.py. The same scripts give the same talk at the same seconds.
"""

import html
import io
import json
import re
import textwrap
import uuid
import zipfile
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import docx
import numpy as np
from room_scripts import EVENTS, Turn, read_event, read_script, write_truth

SECONDS_A_WORD = 0.4
CUE_WORDS = (
    8,
    18,
)  # a cue ends at a full stop or comma after the first, and at the latest at the second number of words
Cue = tuple[float, float, str, str]  # start, end (seconds), speaker, text


def timed(turns: list[Turn], seed: int) -> list[dict[str, Any]]:
    """Where each turn lies in a conversation of this kind (seconds)."""
    chance = np.random.default_rng(seed)
    at, segment, spans = 3.0, turns[0].segment, []
    for turn in turns:
        at += 2.0 if turn.segment != segment else chance.uniform(0.2, 0.9)
        segment = turn.segment
        length = max(0.6, len(turn.text.split()) * SECONDS_A_WORD * chance.uniform(0.92, 1.08))
        span = {"start": round(at, 3), "end": round(at + length, 3), "speaker": turn.speaker}
        spans.append(span | {"text": turn.text, "theme": turn.theme, "segment": turn.segment})
        at += length
    return spans


def cue_texts(text: str) -> list[str]:
    """Cuts a turn into pieces as captions have them, each about 3-8 seconds of speech."""
    pieces: list[list[str]] = [[]]
    least, most = CUE_WORDS
    for word in text.split():
        piece = pieces[-1]
        ends = piece and re.search(r"[.?!,;]$", piece[-1])
        if (ends and len(piece) >= least) or len(piece) >= most:
            pieces.append([])
        pieces[-1].append(word)
    if len(pieces) > 1 and len(pieces[-1]) < least // 2:
        last = pieces.pop()
        pieces[-1] += last
    return [" ".join(piece) for piece in pieces]


def cues(span: dict[str, Any]) -> list[Cue]:
    """The captions of one turn, its time shared out by words."""
    texts = cue_texts(span["text"])
    each = (span["end"] - span["start"]) / len(span["text"].split())
    start, found = span["start"], []
    for text in texts:
        end = start + each * len(text.split())
        found.append((start, end, span["speaker"], text))
        start = end
    return found


def clock(seconds: float, mark: str = ".") -> str:
    """00:01:02.345, with the mark of the format before the milliseconds."""
    whole, thousandths = divmod(round(seconds * 1000), 1000)
    return f"{whole // 3600:02}:{whole // 60 % 60:02}:{whole % 60:02}{mark}{thousandths:03}"


def zoom(spans: list[dict[str, Any]], path: Path, group: str, day: str) -> None:
    """Zoom's cloud recording transcript: numbered cues, `Name: text`, CRLF."""
    every = [cue for span in spans for cue in cues(span)]
    blocks = [f"{n}\n{clock(a)} --> {clock(b)}\n{who}: {text}\n" for n, (a, b, who, text) in enumerate(every, start=1)]
    path.write_text("\n".join(["WEBVTT\n", *blocks]), encoding="utf-8", newline="\r\n")


def teams(spans: list[dict[str, Any]], path: Path, group: str, day: str) -> None:
    """Teams' WebVTT: ids of a GUID and two numbers, the speaker in a voice tag, entities, long cues on two lines."""
    call = uuid.uuid5(uuid.NAMESPACE_URL, f"https://example.com/calls/{group}")
    blocks = ["WEBVTT\n"]
    for n, span in enumerate(spans, start=7):
        for k, (a, b, who, text) in enumerate(cues(span)):
            body = "\n".join(textwrap.wrap(html.escape(text, quote=False), 60))
            blocks.append(f"{call}/{n}-{k}\n{clock(a)} --> {clock(b)}\n<v {who}>{body}</v>\n")
    path.write_text("\n".join(blocks), encoding="utf-8")


def word_document(spans: list[dict[str, Any]], path: Path, group: str, day: str) -> None:
    """Teams' download as .docx: a heading, then per turn a paragraph with name and minute, and one with the words."""
    begun = datetime.fromisoformat(f"{day}T10:34:00")
    length = timedelta(seconds=round(spans[-1]["end"]))
    document = docx.Document()
    document.core_properties.author = spans[0]["speaker"]
    document.core_properties.created = document.core_properties.modified = begun
    document.add_paragraph().add_run(f"{group}-{begun:%Y%m%d_%H%M%S}-Meeting Recording").bold = True
    document.add_paragraph(f"{begun:%B} {begun.day}, {begun.year}, {begun:%I:%M%p}".replace(" 0", " "))
    document.add_paragraph(f"{length.seconds // 60}m {length.seconds % 60}s")
    document.add_paragraph(f"{spans[0]['speaker']} started transcription")
    for span in spans:
        head = document.add_paragraph()
        head.add_run(span["speaker"]).bold = True
        head.add_run(f"   {int(span['start']) // 60}:{int(span['start']) % 60:02}")
        document.add_paragraph(span["text"])
    document.add_paragraph(f"{spans[0]['speaker']} stopped transcription")
    written = io.BytesIO()
    document.save(written)
    if not path.exists() or parts(path) != parts(written):
        path.write_bytes(written.getvalue())


def parts(document: Path | io.BytesIO) -> dict[str, bytes]:
    """What a Word document holds, by the names of its parts: the file itself also tells the minute it was written."""
    with zipfile.ZipFile(document) as package:
        return {name: package.read(name) for name in package.namelist()}


def subtitles(spans: list[dict[str, Any]], path: Path, group: str, day: str) -> None:
    """SRT: numbered from 1, comma before the milliseconds, the name only where the speaker changes, two short lines."""
    every = [(k, cue) for span in spans for k, cue in enumerate(cues(span))]
    blocks = []
    for n, (k, (a, b, who, text)) in enumerate(every, start=1):
        body = "\n".join(textwrap.wrap(f"{who}: {text}" if k == 0 else text, 48))
        blocks.append(f"{n}\n{clock(a, ',')} --> {clock(b, ',')}\n{body}\n")
    path.write_text("\n".join(blocks), encoding="utf-8")


def plain_text(spans: list[dict[str, Any]], path: Path, group: str, day: str) -> None:
    """Somebody's typed-up text: the recorder's minute in brackets, the name, the words."""
    lines = [f"[{clock(span['start'])[:8]}] {span['speaker']}: {span['text']}\n" for span in spans]
    path.write_text("\n".join(lines), encoding="utf-8")


STYLES: dict[str, Callable[[list[dict[str, Any]], Path, str, str], None]] = {
    "zoom": zoom,
    "teams": teams,
    "docx": word_document,
    "srt": subtitles,
    "text": plain_text,
}


def themes(folder: Path, event: dict[str, Any]) -> str:
    """The true themes of every room, one line a turn."""
    groups, names = [], set()
    for room in event["rooms"]:
        truth = json.loads((folder / room["script"]).with_suffix(".json").read_text(encoding="utf-8"))
        names |= {turn["theme"] for turn in truth["turns"]} - {""}
        spans = [
            json.dumps({key: turn[key] for key in ("start", "end", "theme", "segment")}) for turn in truth["turns"]
        ]
        groups.append(f"{json.dumps(room['group'])}: [\n  " + ",\n  ".join(spans) + "]")
    head = f'"event": {json.dumps(event["slug"])},\n"themes": {json.dumps(sorted(names))},\n"groups": '
    return "{" + head + "{\n" + ",\n".join(groups) + "\n}}\n"


def main() -> None:
    """Makes every room that has a style in the event.json of its event, then the event's themes.json."""
    for folder in EVENTS:
        event = read_event(folder)
        for number, room in enumerate(event["rooms"]):
            if "style" in room:
                write_down(folder, event, room, seed=number)
        (folder / "themes.json").write_text(themes(folder, event), encoding="utf-8")


def write_down(folder: Path, event: dict[str, Any], room: dict[str, Any], seed: int) -> None:
    """One room's transcript, and where each turn lies in it."""
    script, path = folder / room["script"], folder / room["file"]
    spans = timed(read_script(script), seed)
    path.parent.mkdir(exist_ok=True)
    STYLES[room["style"]](spans, path, room["group"], event["held_on"])
    write_truth(script, spans[-1]["end"], spans)
    said = sum(len(span["text"].split()) for span in spans)
    print(f"{path.name}: {spans[-1]['end'] / 60:.1f} min, {said} words, {len(spans)} turns")


if __name__ == "__main__":
    main()
