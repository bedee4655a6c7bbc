"""The newest analysis of an event as a file: `harvest.event/1` JSON, CSV, a report in Markdown or as one page of HTML.

`export_document` gathers everything once; every other format is written from it, so that they cannot disagree.
"""

import csv
import html
import io
import json
import re
from collections import defaultdict
from collections.abc import Callable, Iterator
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from capture.errors import Refused
from capture.models import Event, Group
from capture.speech import clock
from capture.transcripts import group_timeline, utterances_of
from mining.analyses import latest_analysis
from mining.models import Analysis, Passage, Theme

SCHEMA = "harvest.event/1"
FORMATS = ("json", "csv", "md", "html")


def export_json(session: Session, event: Event) -> dict[str, Any]:
    """The document of `"schema": "harvest.event/1"`. Raises Refused for an event that was not mined yet.

    Passages, themes and quotes are named by their numbers, which count from 1 within the analysis.
    """
    analysis = latest(session, event)
    themes = session.scalars(select(Theme).where(Theme.analysis_id == analysis.id).order_by(Theme.number)).all()
    passages = session.scalars(select(Passage).where(Passage.analysis_id == analysis.id).order_by(Passage.number)).all()
    numbers = {theme.id: theme.number for theme in themes}
    return {
        "schema": SCHEMA,
        "event": {
            "slug": event.slug,
            "title": event.title,
            "programme": event.programme,
            "held_on": event.held_on.isoformat() if event.held_on else None,
            "language": event.language,
        },
        "analysis": _analysis(analysis),
        "groups": [_group(session, group) for group in _groups(session, event)],
        "passages": [_passage(passage, numbers) for passage in passages],
        "themes": [_theme(theme) for theme in themes],
    }


def render(session: Session, event: Event, format: str) -> str:
    """The export in one of FORMATS, as text. Raises Refused for another format, and where nothing was mined yet."""
    writers: dict[str, Callable[[dict[str, Any]], str]] = {
        "json": _as_json,
        "csv": _as_csv,
        "md": _as_markdown,
        "html": _as_html,
    }
    if format not in writers:
        raise Refused(f"There is no format “{format}”. Take one of: {', '.join(FORMATS)}.")
    return writers[format](export_json(session, event))


def latest(session: Session, event: Event) -> Analysis:
    """Raises Refused for an event that was not mined yet."""
    found = latest_analysis(session, event.id)
    if found is None:
        raise Refused(f"“{event.title}” has not been mined yet. Run: harvest mine {event.slug}")
    return found


def percent(share: float) -> str:
    """0.194 gives 19 %; what is there but rounds to nothing, under 1 %."""
    return "under 1 %" if 0 < share < 0.005 else f"{share:.0%}".replace("%", " %")


# --- the document ---------------------------------------------------------------------------------------------------


def _analysis(analysis: Analysis) -> dict[str, Any]:
    return {
        "id": analysis.id,
        "created_at": analysis.created_at.isoformat(),
        "seed": analysis.seed,
        "embedder": analysis.embedder,
        "clusterer": analysis.clusterer,
        "parameters": analysis.parameters,
        "seconds": analysis.seconds,
        "stability": analysis.stability,
        "left_out": analysis.left_out,
        "notes": analysis.notes,
    }


def _groups(session: Session, event: Event) -> list[Group]:
    return list(session.scalars(select(Group).where(Group.event_id == event.id).order_by(Group.position, Group.id)))


def _group(session: Session, group: Group) -> dict[str, Any]:
    """Seconds of its recordings end to end, and all words said in them, mined or not."""
    seconds, words = 0.0, 0
    for recording, offset in group_timeline(session, group.id):
        said = utterances_of(session, recording.id)
        words += sum(len(utterance.text.split()) for utterance in said)
        seconds = offset + max(recording.seconds or 0.0, max((u.end for u in said), default=0.0))
    return {"id": group.id, "name": group.name, "seconds": round(seconds, 3), "words": words}


def _passage(passage: Passage, themes: dict[int, int]) -> dict[str, Any]:
    return {
        "id": passage.number,
        "group": passage.group_id,
        "start": passage.start,
        "end": passage.end,
        "words": passage.words,
        "text": passage.text,
        "speakers": passage.speakers,
        "kind": passage.kind,
        "theme": themes.get(passage.theme_id) if passage.theme_id else None,
        "strength": passage.strength,
    }


def _theme(theme: Theme) -> dict[str, Any]:
    return {
        "id": theme.number,
        "label": theme.label,
        "keywords": theme.keywords,
        "parent": theme.parent,
        "breadth": theme.breadth,
        "depth": round(theme.depth, 6),
        "stability": theme.stability,
        "by_group": theme.by_group,
        "kinds": None,
        "quotes": theme.quotes,
        "perspectives": theme.perspectives,
        "neighbours": theme.neighbours,
    }


# --- formats --------------------------------------------------------------------------------------------------------


def _as_json(document: dict[str, Any]) -> str:
    return json.dumps(document, ensure_ascii=False, indent=1) + "\n"


def _as_csv(document: dict[str, Any]) -> str:
    """One row per passage. Text that a spreadsheet would take for a formula gets an apostrophe in front."""
    names = {group["id"]: group["name"] for group in document["groups"]}
    labels = {theme["id"]: theme["label"] for theme in document["themes"]}
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(
        ["passage", "group", "start", "end", "words", "theme", "theme_label", "strength", "speakers", "text"]
    )
    for p in document["passages"]:
        where = [p["id"], _plain(names[p["group"]]), f"{p['start']:.2f}", f"{p['end']:.2f}", p["words"]]
        theme = [p["theme"] or "", _plain(labels.get(p["theme"], "")), p["strength"]]
        writer.writerow([*where, *theme, _plain(", ".join(p["speakers"])), _plain(p["text"])])
    return out.getvalue()


def _plain(text: str) -> str:
    return f"'{text}" if text[:1] in ("=", "+", "-", "@", "\t", "\r") else text


class _Report:
    """What both readable formats say, in the same order: (kind, text) pairs, without any markup."""

    def __init__(self, document: dict[str, Any]) -> None:
        self.document = document
        self.groups = {group["id"]: group for group in document["groups"]}
        self.passages = {passage["id"]: passage for passage in document["passages"]}

    def facts(self) -> list[str]:
        event, run = self.document["event"], self.document["analysis"]
        mined = sum(p["end"] - p["start"] for p in self.passages.values())
        words = sum(group["words"] for group in self.groups.values())
        held = " · ".join(part for part in (event["programme"], event["held_on"]) if part)
        lines = [held] if held else []
        lines.append(
            f"{len(self.groups)} groups, {clock(mined)} of talk mined, {words:,} words. "
            f"Breadth counts the groups that raise a theme; depth is its share of the talk that was mined. "
            "Neither says how important it is."
        )
        return [*lines, *run["notes"]]

    def left_out(self) -> list[str]:
        return [
            f"{e['reason']}: {e['utterances']:,} utterances, {e['words']:,} words"
            for e in self.document["analysis"]["left_out"]
        ]

    def made(self) -> str:
        run = self.document["analysis"]
        return (
            f"Mined {run['created_at'][:16].replace('T', ' ')} UTC with seed {run['seed']}, "
            f"embedder {run['embedder']}, clusterer {run['clusterer']}. "
            "Themes are suggestions until somebody has named them."
        )

    def measures(self, theme: dict[str, Any]) -> str:
        return f"{theme['breadth']} of {len(self.groups)} groups · {percent(theme['depth'])} of the talk"

    def shares(self, theme: dict[str, Any]) -> str:
        ranked = sorted(theme["by_group"].items(), key=lambda item: -item[1])
        return ", ".join(f"{self.groups[int(key)]['name']} {percent(share)}" for key, share in ranked)

    def quotes(self, theme: dict[str, Any]) -> Iterator[tuple[str, str]]:
        """(text, where it was said)"""
        for number in theme["quotes"]:
            passage = self.passages[number]
            yield passage["text"], f"{self.groups[passage['group']]['name']}, {clock(passage['start'])}"

    def untold(self) -> dict[int, list[dict[str, Any]]]:
        """Passages by group, where there are no themes to show them under."""
        found: dict[int, list[dict[str, Any]]] = defaultdict(list)
        for passage in self.passages.values() if not self.document["themes"] else ():
            found[passage["group"]].append(passage)
        return found


def _as_markdown(document: dict[str, Any]) -> str:
    report = _Report(document)
    lines = [f"# {_md(document['event']['title'])}", ""]
    for fact in report.facts():
        lines += [_md(fact), ""]
    if document["themes"]:
        lines += ["| | theme | groups | talk |", "|---:|---|---:|---:|"]
        for t in document["themes"]:
            label, of = _md(t["label"]), f"{t['breadth']}/{len(report.groups)}"
            lines.append(f"| {t['id']} | {label} | {of} | {percent(t['depth'])} |")
        lines.append("")
    for theme in document["themes"]:
        lines += [f"## {theme['id']}. {_md(theme['label'])}", "", _md(report.measures(theme)), ""]
        lines += [
            f"Key words: {_md(', '.join(theme['keywords']))}",
            "",
            f"Share by group: {_md(report.shares(theme))}",
            "",
        ]
        for text, where in report.quotes(theme):
            lines += [f"> {_md(text)}", ">", f"> — {_md(where)}", ""]
    for group, passages in report.untold().items():
        lines += [f"## {_md(report.groups[group]['name'])}", ""]
        for passage in passages:
            lines += [f"> {_md(passage['text'])}", ">", f"> — {clock(passage['start'])}", ""]
    if report.left_out():
        lines += ["## Not mined", "", *(f"- {_md(line)}" for line in report.left_out()), ""]
    return "\n".join([*lines, _md(report.made()), ""])


def _md(text: str) -> str:
    """Text that Markdown shows as it stands, on one line: what begins like a list, a rule or a heading is none."""
    plain = " ".join(text.split())
    for sign in "\\`*_[]<>|#":
        plain = plain.replace(sign, f"\\{sign}")
    return re.sub(r"^([-+=]|\d+(?=[.)]))", _escape_mark, plain)


def _escape_mark(mark: re.Match[str]) -> str:
    return f"{mark[0]}\\" if mark[0].isdigit() else f"\\{mark[0]}"


def _as_html(document: dict[str, Any]) -> str:
    """One page that needs nothing beside it: no scripts, no pictures, made to be printed."""
    report = _Report(document)
    title = html.escape(document["event"]["title"])
    body = [f"<h1>{title}</h1>", *(f"<p>{html.escape(fact)}</p>" for fact in report.facts())]
    if document["themes"]:
        body.append("<table><tr><th></th><th>Theme</th><th>Groups</th><th>Talk</th></tr>")
        for t in document["themes"]:
            name = f'<a href="#theme-{t["id"]}">{html.escape(t["label"])}</a>'
            cells = (t["id"], name, f"{t['breadth']}/{len(report.groups)}", percent(t["depth"]))
            body.append("<tr>" + "".join(f"<td>{cell}</td>" for cell in cells) + "</tr>")
        body.append("</table>")
    for theme in document["themes"]:
        body.append(f'<section id="theme-{theme["id"]}"><h2>{theme["id"]}. {html.escape(theme["label"])}</h2>')
        body.append(f"<p>{html.escape(report.measures(theme))}</p>")
        body.append(f"<p>Key words: {html.escape(', '.join(theme['keywords']))}</p>")
        body.append(f"<p>Share by group: {html.escape(report.shares(theme))}</p>")
        body += [_quote(text, where) for text, where in report.quotes(theme)]
        body.append("</section>")
    for group, passages in report.untold().items():
        body.append(f"<section><h2>{html.escape(report.groups[group]['name'])}</h2>")
        body += [_quote(passage["text"], clock(passage["start"])) for passage in passages]
        body.append("</section>")
    if report.left_out():
        body.append("<h2>Not mined</h2><ul>")
        body += [f"<li>{html.escape(line)}</li>" for line in report.left_out()]
        body.append("</ul>")
    body.append(f"<footer>{html.escape(report.made())}</footer>")
    language = html.escape(document["event"]["language"])
    head = f'<meta charset="utf-8"><title>{title}</title><style>{_STYLE}</style>'
    return (
        f'<!doctype html>\n<html lang="{language}"><head>{head}</head>\n<body>\n'
        + "\n".join(body)
        + "\n</body></html>\n"
    )


def _quote(text: str, where: str) -> str:
    return f"<blockquote><p>{html.escape(text)}</p><cite>{html.escape(where)}</cite></blockquote>"


_STYLE = (
    "body{font:16px/1.5 Georgia,serif;max-width:46em;margin:2em auto;padding:0 1em;color:#222}"
    "h1,h2,table{font-family:system-ui,sans-serif}table{border-collapse:collapse;width:100%}"
    "th,td{text-align:left;padding:.3em .6em;border-bottom:1px solid #ddd}"
    "blockquote{margin:1em 0;padding-left:1em;border-left:3px solid #9ab}cite{color:#555;font-size:.9em}"
    "section{break-inside:auto}h2{break-after:avoid}blockquote{break-inside:avoid}"
    "footer{margin-top:2em;color:#555;font-size:.9em}@media print{a{color:inherit;text-decoration:none}}"
)
