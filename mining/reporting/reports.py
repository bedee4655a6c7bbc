"""What was found as a report to read: Markdown, or one page of HTML that needs nothing beside it.

Written from the exported document alone, so that a report says what the JSON says. Called by `mining.reporting.export`.
"""

import html
import re
from collections import defaultdict
from collections.abc import Iterator
from typing import Any

from capture.speech import clock
from mining.footing import percent
from mining.trust import theme_verdict

ALONE = "On their own"
"""Heading of themes that have nothing in common with another one, where others do."""


class _Report:
    """What both readable formats say, in the same order: (kind, text) pairs, without any markup."""

    def __init__(self, document: dict[str, Any]) -> None:
        self.document = document
        self.groups = {group["id"]: group for group in document["groups"]}
        self.passages = {passage["id"]: passage for passage in document["passages"]}
        self.themes = [theme for theme in document["themes"] if not theme["coarse"]]
        self.areas = [theme for theme in document["themes"] if theme["coarse"]]

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

    def blocks(self) -> list[tuple[dict[str, Any] | None, list[dict[str, Any]]]]:
        """Themes under the coarser ones, those that stand alone last; (None, all of them) where there are none."""
        blocks = [(area, [t for t in self.themes if t["parent"] == area["id"]]) for area in self.areas]
        alone = [t for t in self.themes if t["parent"] is None]
        return [*blocks, *([(None, alone)] if alone else [])]

    def trust(self) -> list[str]:
        run = self.document["analysis"]
        return [*([run["since"]] if run["since"] else []), *run["remarks"]]

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

    def marks(self, theme: dict[str, Any]) -> str:
        """What became of it and whether it is shaky, in words; empty where there is nothing to say."""
        said = ((theme["change"] or {}).get("words"), theme_verdict(theme["stability"]))
        return ", ".join(each for each in said if each)

    def measures(self, theme: dict[str, Any]) -> str:
        said = f"{theme['breadth']} of {len(self.groups)} groups · {percent(theme['depth'])} of the talk"
        return " · ".join(part for part in (said, self.marks(theme)) if part)

    def statement(self, theme: dict[str, Any]) -> tuple[str, str] | None:
        """(what stands for the theme, where it was said)"""
        said = theme["statement"]
        passage = self.passages.get(said["passage"]) if said else None
        if not passage or said["text"] not in passage["text"]:
            return None
        return said["text"], f"{self.groups[passage['group']]['name']}, {clock(said['seconds'][0])}"

    def kinds(self, theme: dict[str, Any]) -> str:
        ranked = sorted((theme["kinds"] or {}).items(), key=lambda item: -item[1])
        return ", ".join(f"{kind} {percent(share)}" for kind, share in ranked if share)

    def shares(self, theme: dict[str, Any]) -> str:
        ranked = sorted(theme["by_group"].items(), key=lambda item: -item[1])
        return ", ".join(f"{self.groups[int(key)]['name']} {percent(share)}" for key, share in ranked)

    def quotes(self, theme: dict[str, Any]) -> Iterator[tuple[str, str]]:
        """(text, where it was said)"""
        for number in theme["quotes"]:
            passage = self.passages[number]
            yield passage["text"], self._where(passage)

    def _where(self, passage: dict[str, Any]) -> str:
        return f"{self.groups[passage['group']]['name']}, {clock(passage['start'])}"

    def untold(self) -> dict[int, list[dict[str, Any]]]:
        """Passages by group, where there are no themes to show them under."""
        found: dict[int, list[dict[str, Any]]] = defaultdict(list)
        for passage in self.passages.values() if not self.themes else ():
            found[passage["group"]].append(passage)
        return found


def as_markdown(document: dict[str, Any]) -> str:
    report = _Report(document)
    lines = [f"# {_md(document['event']['title'])}", ""]
    for fact in report.facts():
        lines += [_md(fact), ""]
    lines += _md_table(report) if report.themes else []
    for area, themes in report.blocks():
        if report.areas:
            lines += [f"## {_md(area['label'] if area else ALONE)}", ""]
        for theme in themes:
            lines += _md_theme(report, theme, "###" if report.areas else "##")
    for group, passages in report.untold().items():
        lines += [f"## {_md(report.groups[group]['name'])}", ""]
        for passage in passages:
            lines += [f"> {_md(passage['text'])}", ">", f"> — {clock(passage['start'])}", ""]
    if report.left_out():
        lines += ["## Left out, and why", "", *(f"- {_md(line)}" for line in report.left_out()), ""]
    lines += ["## How far to trust it", "", *(f"- {_md(line)}" for line in report.trust()), ""]
    return "\n".join([*lines, _md(report.made()), ""])


def _md_table(report: _Report) -> Iterator[str]:
    yield "| | theme | groups | talk |"
    yield "|---:|---|---:|---:|"
    for area, themes in report.blocks():
        if report.areas:
            yield f"| | **{_md(area['label'] if area else ALONE)}** | {_md_of(report, area)} |"
        for theme in themes:
            marks = f" ({_md(report.marks(theme))})" if report.marks(theme) else ""
            yield f"| {theme['id']} | {_md(theme['label'])}{marks} | {_md_of(report, theme)} |"
    yield ""


def _md_of(report: _Report, theme: dict[str, Any] | None) -> str:
    return f"{theme['breadth']}/{len(report.groups)} | {percent(theme['depth'])}" if theme else " | "


def _md_theme(report: _Report, theme: dict[str, Any], level: str) -> list[str]:
    lines = [f"{level} {theme['id']}. {_md(theme['label'])}", ""]
    if said := report.statement(theme):
        lines += [f"“{_md(said[0])}” — {_md(said[1])}", ""]
    lines += [_md(report.measures(theme)), "", f"Key words: {_md(', '.join(theme['keywords']))}", ""]
    lines += [f"Share by group: {_md(report.shares(theme))}", ""]
    if kinds := report.kinds(theme):
        lines += [f"Kinds of talk: {kinds}", ""]
    for text, where in report.quotes(theme):
        lines += [f"> {_md(text)}", ">", f"> — {_md(where)}", ""]
    return lines


def _md(text: str) -> str:
    """Text that Markdown shows as it stands, on one line: what begins like a list, a rule or a heading is none."""
    plain = " ".join(text.split())
    for sign in "\\`*_[]<>|#":
        plain = plain.replace(sign, f"\\{sign}")
    return re.sub(r"^([-+=]|\d+(?=[.)]))", _escape_mark, plain)


def _escape_mark(mark: re.Match[str]) -> str:
    return f"{mark[0]}\\" if mark[0].isdigit() else f"\\{mark[0]}"


def as_html(document: dict[str, Any]) -> str:
    """One page that needs nothing beside it: no scripts, no pictures, made to be printed."""
    report = _Report(document)
    title = html.escape(document["event"]["title"])
    body = [f"<h1>{title}</h1>", *(f"<p>{html.escape(fact)}</p>" for fact in report.facts())]
    if report.themes:
        body += _html_table(report)
    for area, themes in report.blocks():
        if report.areas:
            body.append(f"<h2>{html.escape(area['label'] if area else ALONE)}</h2>")
        for theme in themes:
            body += _html_theme(report, theme, "h3" if report.areas else "h2")
    for group, passages in report.untold().items():
        body.append(f"<section><h2>{html.escape(report.groups[group]['name'])}</h2>")
        body += [_quote(passage["text"], clock(passage["start"])) for passage in passages]
        body.append("</section>")
    for heading, said in (("Left out, and why", report.left_out()), ("How far to trust it", report.trust())):
        if said:
            body.append(f"<h2>{heading}</h2><ul>{''.join(f'<li>{html.escape(line)}</li>' for line in said)}</ul>")
    body.append(f"<footer>{html.escape(report.made())}</footer>")
    language = html.escape(document["event"]["language"])
    head = f'<meta charset="utf-8"><title>{title}</title><style>{_STYLE}</style>'
    return (
        f'<!doctype html>\n<html lang="{language}"><head>{head}</head>\n<body>\n'
        + "\n".join(body)
        + "\n</body></html>\n"
    )


def _html_table(report: _Report) -> Iterator[str]:
    yield "<table><tr><th></th><th>Theme</th><th>Groups</th><th>Talk</th></tr>"
    for area, themes in report.blocks():
        if report.areas:
            yield _html_row("th", "", html.escape(area["label"] if area else ALONE), report, area)
        for theme in themes:
            name = f'<a href="#theme-{theme["id"]}">{html.escape(theme["label"])}</a>'
            marks = f" <small>{html.escape(report.marks(theme))}</small>" if report.marks(theme) else ""
            yield _html_row("td", str(theme["id"]), name + marks, report, theme)
    yield "</table>"


def _html_row(cell: str, number: str, name: str, report: _Report, theme: dict[str, Any] | None) -> str:
    figures = (f"{theme['breadth']}/{len(report.groups)}", percent(theme["depth"])) if theme else ("", "")
    return "<tr>" + "".join(f"<{cell}>{each}</{cell}>" for each in (number, name, *figures)) + "</tr>"


def _html_theme(report: _Report, theme: dict[str, Any], level: str) -> Iterator[str]:
    yield f'<section id="theme-{theme["id"]}"><{level}>{theme["id"]}. {html.escape(theme["label"])}</{level}>'
    if said := report.statement(theme):
        yield f'<p class="stated"><q>{html.escape(said[0])}</q> <cite>{html.escape(said[1])}</cite></p>'
    yield f"<p>{html.escape(report.measures(theme))}</p>"
    yield f"<p>Key words: {html.escape(', '.join(theme['keywords']))}</p>"
    yield f"<p>Share by group: {html.escape(report.shares(theme))}</p>"
    if kinds := report.kinds(theme):
        yield f"<p>Kinds of talk: {html.escape(kinds)}</p>"
    for text, where in report.quotes(theme):
        yield _quote(text, where)
    yield "</section>"


def _quote(text: str, where: str) -> str:
    return f"<blockquote><p>{html.escape(text)}</p><cite>{html.escape(where)}</cite></blockquote>"


_STYLE = (
    "body{font:16px/1.5 Georgia,serif;max-width:46em;margin:2em auto;padding:0 1em;color:#222}"
    "h1,h2,h3,table{font-family:system-ui,sans-serif}table{border-collapse:collapse;width:100%}"
    "th,td{text-align:left;padding:.3em .6em;border-bottom:1px solid #ddd}"
    "blockquote{margin:1em 0;padding-left:1em;border-left:3px solid #9ab}cite{color:#555;font-size:.9em}"
    "section{break-inside:auto}h2,h3{break-after:avoid}.stated{font-size:1.15em}small{color:#555}blockquote{break-inside:avoid}"
    "footer{margin-top:2em;color:#555;font-size:.9em}@media print{a{color:inherit;text-decoration:none}}"
)
