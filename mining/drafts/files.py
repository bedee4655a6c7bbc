"""A draft as a file to hand round: what stands in it, for Markdown here and for Word in `draft_docx`.

With receipts it is the designer's copy: why now, near modules, and for every quote the group and the second it was
said. Without, it is what lies on the table in front of participants: nothing in it says which group said what, or how
much was said.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from capture.errors import Refused
from capture.events import slug_of
from mining.drafts.reading import GONE, Receipt, ShownDraft, ShownLine
from mining.drafts.telling import goes_out, outside

FORMATS = ("md", "docx")


@dataclass(frozen=True)
class Text:
    """A piece of a paragraph. `quoted` is whether these are somebody's words, verbatim; `notes` the receipts behind
    it."""

    text: str
    quoted: bool = False
    notes: tuple[int, ...] = ()


@dataclass(frozen=True)
class Block:
    """A paragraph. `style`: title, lead, heading, text, question, step, small."""

    style: str
    texts: tuple[Text, ...]


def document(draft: ShownDraft, receipts: bool) -> list[Block]:
    """What a file of the draft holds, in reading order. Without `receipts` it is to be read as those may read it who
    were not there."""
    if not receipts:
        draft = _for_participants(draft)
    blocks = [_plain("title", draft.title), _plain("lead", _lead(draft))]
    if receipts:
        blocks += [_plain("small", note) for note in _marks(draft)]
        blocks += [_plain("heading", "Why now"), *_all(draft.why, receipts)]
    if purpose := _all(draft.purpose, receipts):
        blocks += [_plain("heading", "Purpose"), *purpose]
    for number, page in enumerate(draft.pages, 1):
        blocks.append(_plain("heading", f"{number}. {page.title} ({page.minutes} min)"))
        blocks += _all(page.lines, receipts)
    if receipts and draft.near:
        blocks += [_plain("heading", "Near modules"), *_all([near.line for near in draft.near], receipts)]
    return blocks


def _for_participants(draft: ShownDraft) -> ShownDraft:
    def told(lines: Sequence[ShownLine]) -> tuple[ShownLine, ...]:
        return tuple(
            replace(line, parts=tuple(outside(p, draft.few) if isinstance(p, str) else p for p in line.parts))
            for line in lines
        )

    pages = tuple(
        replace(page, lines=told([line for line in page.lines if goes_out(line, page.role, draft.few)]))
        for page in draft.pages
    )
    return replace(draft, purpose=told(draft.purpose), pages=pages)


def endnotes(draft: ShownDraft) -> list[tuple[int, str]]:
    """(number, where it was said) of every receipt."""
    return [(receipt.number, place(receipt)) for receipt in draft.receipts]


def place(receipt: Receipt) -> str:
    """`Finance gate, 3:21, person 2`."""
    if receipt.cited is None:
        return GONE[:1].upper() + GONE[1:]
    cited = receipt.cited
    who = f", {cited.speaker}" if cited.speaker else ""
    rough = ", demonstration engine" if cited.demonstration else ""
    return f"{cited.group_name}, {clock(cited.start)}{who}{rough}"


def clock(seconds: float) -> str:
    """Minutes and seconds: `3:21`, also past the hour: `72:05`."""
    minutes, rest = divmod(int(max(seconds, 0.0)), 60)
    return f"{minutes}:{rest:02}"


def file_name(draft: ShownDraft, format_: str) -> str:
    return f"{slug_of(draft.title)[:60].strip('-') or 'guide'}.{format_}"


def rendered(draft: ShownDraft, format_: str, receipts: bool) -> bytes:
    """Raises Refused for a format that is not one of FORMATS."""
    if format_ == "md":
        return as_markdown(draft, receipts).encode()
    if format_ == "docx":
        from mining.drafts.docx import as_docx

        return as_docx(draft, receipts)
    raise Refused(f"“{format_}” is no format for a draft. Take one of: {', '.join(FORMATS)}.")


def as_markdown(draft: ShownDraft, receipts: bool) -> str:
    """Receipts are footnotes."""
    lines = [_markdown(block, receipts) for block in document(draft, receipts)]
    if receipts:
        lines += [f"[^{number}]: {_md(where)}" for number, where in endnotes(draft)]
    return "\n\n".join(lines) + "\n"


def _markdown(block: Block, receipts: bool) -> str:
    text = "".join(_marked(piece, receipts) for piece in block.texts)
    starts = {"title": "# ", "heading": "## ", "question": "**Question.** ", "step": "- ", "small": "*"}
    if block.style not in starts:
        return _OPENS.sub(lambda found: f"{found[1]}\\{found[2]}", text)
    return starts[block.style] + text + ("*" if block.style == "small" else "")


def _marked(piece: Text, receipts: bool) -> str:
    notes = "".join(f"[^{number}]" for number in piece.notes) if receipts else ""
    return _md(piece.text) + notes


def _lead(draft: ShownDraft) -> str:
    mindset = f" · mindset: {draft.mindset}" if draft.mindset else ""
    return f"A discussion guide for four to six people · {draft.minutes} minutes{mindset}"


def _marks(draft: ShownDraft) -> Iterator[str]:
    """What whoever holds the designer's copy has to know."""
    if draft.wording:
        yield f"Worded by {draft.wording}; every quotation was checked against the transcript."
    if draft.care:
        said = "line rests" if draft.care == 1 else "lines rest"
        yield f"Needs care: {draft.care} {said} on {GONE}."
    if draft.minutes != draft.target:
        yield f"The pages add up to {draft.minutes} minutes, not {draft.target}."
    yield from draft.notes


def _all(lines: Sequence[ShownLine], receipts: bool) -> list[Block]:
    return [_block(line, receipts) for line in lines if line.text.strip()]


def _block(line: ShownLine, receipts: bool) -> Block:
    style = line.role if line.role in ("question", "step") else "text"
    if line.hidden:
        return _plain(style, line.text)
    texts: list[Text] = []
    for part in line.parts:
        if not isinstance(part, str):
            texts.append(Text(part.text, True, (part.number,)))
        elif texts and texts[-1].quoted and part.startswith("”"):
            # The number of a receipt stands behind the closing quotation mark.
            texts[-1], notes = replace(texts[-1], notes=()), texts[-1].notes
            texts += [Text("”", notes=notes), Text(part[1:])]
        else:
            texts.append(Text(part))
    placed = {number for text in texts for number in text.notes}
    loose = tuple(receipt.number for receipt in line.receipts if receipt.number not in placed)
    # Steps of an exercise rest on the statement before them: its number would only be repeated.
    if receipts and loose and line.role != "step":
        texts.append(Text("", notes=loose))
    return Block(style, tuple(texts))


def _plain(style: str, text: str) -> Block:
    return Block(style, (Text(text),))


def _md(text: str) -> str:
    """So that nobody's words are read as marks."""
    return _MARKS.sub(r"\\\g<0>", re.sub(r"\s+", " ", text))


_MARKS = re.compile(r"[\\`*_\[\]<>&|~$]|!(?=\[)|(?<=\S)\^")
_OPENS = re.compile(r"^(\d{0,9})([-+#=.)])(?=[-+#=\s]|$)")
"""What makes a list, a heading or a line of the first word of a paragraph."""
