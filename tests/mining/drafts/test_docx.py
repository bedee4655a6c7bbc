"""A draft as a Word document, read back by the library that other programs use too."""

from dataclasses import replace
from io import BytesIO

from docx import Document

from mining.drafts.docx import as_docx
from mining.drafts.files import rendered
from mining.drafts.reading import ShownLine
from tests.mining.drafted import Drafted


def texts(data: bytes) -> list[str]:
    return [paragraph.text for paragraph in Document(BytesIO(data)).paragraphs]


def test_it_holds_the_guide_and_where_it_was_said(drafted: Drafted) -> None:
    draft = drafted.read()
    data = rendered(draft, "docx", receipts=True)
    found = texts(data)
    assert found[0] == draft.title
    assert any(line.startswith("1. ") and line.endswith("(10 min)") for line in found)
    assert "Where it was said" in found
    assert len(found[found.index("Where it was said") + 1 :]) == len(draft.receipts)
    quotes = [run.text for p in Document(BytesIO(data)).paragraphs for run in p.runs if run.italic]
    assert any(receipt.cited and receipt.cited.text in quotes for receipt in draft.pages[0].receipts)
    assert Document(BytesIO(data)).core_properties.title == draft.title


def test_without_receipts_it_names_no_group(drafted: Drafted) -> None:
    whole = "\n".join(texts(as_docx(drafted.read(), receipts=False)))
    assert not any(room in whole for room in ("Red room", "Blue room", "Green room", "Where it was said", "Why now"))
    superscripts = [
        run
        for p in Document(BytesIO(as_docx(drafted.read(), receipts=False))).paragraphs
        for run in p.runs
        if run.font.superscript
    ]
    assert superscripts == []


def test_what_a_document_cannot_hold_is_left_out(drafted: Drafted) -> None:
    draft = drafted.read()
    line = ShownLine("p1-framing", "framing", ("A \x00\x0b\ud800 <b>bell</b> \uffff",), ())
    hostile = replace(draft, title="T\x07itle", pages=(replace(draft.pages[0], lines=(line,)),))
    found = texts(as_docx(hostile, receipts=False))
    assert found[0] == "Title"
    assert "A  <b>bell</b> " in found
