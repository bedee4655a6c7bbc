"""Adapter: a draft as a Word document, by python-docx, which knows no footnotes: receipts are numbered in the text and
stand at the end. Called by `draft_files.rendered`.
"""

from io import BytesIO
from typing import Any

from mining.drafts.files import Block, Text, document, endnotes
from mining.drafts.reading import ShownDraft

STYLES = {"title": "Title", "heading": "Heading 1", "step": "List Bullet", "small": "Normal", "lead": "Subtitle"}
SMALL = 9
"""Points of notes and receipts."""


def as_docx(draft: ShownDraft, receipts: bool) -> bytes:
    """The bytes of a .docx file."""
    from docx import Document
    from docx.shared import Pt

    made = Document()
    made.core_properties.title = _sound(draft.title)
    made.core_properties.author = "Harvest"
    made.core_properties.comments = ""
    made.styles["Normal"].font.size = Pt(11)
    made.styles["Title"].font.size = Pt(22)
    for block in document(draft, receipts):
        _paragraph(made, block, receipts)
    if receipts:
        made.add_heading("Where it was said", 1)
        for number, where in endnotes(draft):
            made.add_paragraph().add_run(_sound(f"{number}  {where}")).font.size = Pt(SMALL)
    saved = BytesIO()
    made.save(saved)
    return saved.getvalue()


def _paragraph(made: Any, block: Block, receipts: bool) -> None:
    from docx.shared import Pt

    paragraph = made.add_paragraph(style=STYLES.get(block.style, "Normal"))
    if block.style == "question":
        paragraph.add_run("Question  ").bold = True
        paragraph.paragraph_format.space_after = Pt(10)
    for text in block.texts:
        run = _run(paragraph, text, receipts)
        if block.style == "small":
            run.font.size = Pt(SMALL)
            run.italic = True


def _run(paragraph: Any, text: Text, receipts: bool) -> Any:
    run = paragraph.add_run(_sound(text.text))
    run.italic = text.quoted or None
    if receipts and text.notes:
        paragraph.add_run(" ".join(str(number) for number in text.notes)).font.superscript = True
    return run


def _sound(text: str) -> str:
    """Without characters that XML cannot hold."""
    return "".join(
        c for c in text if c in "\t\n" or (c >= " " and not "\ud800" <= c <= "\udfff" and c not in "\ufffe\uffff")
    )
