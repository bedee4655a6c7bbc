"""The history of a text, word by word."""

from capture.database import utcnow
from mining.proposals.changes import compare, history
from mining.suggestion_models import ProposalChange
from tests.factories import BRIEF


def test_pieces_give_both_texts_again() -> None:
    before, after = "We meet every day at nine,\nand nobody knows why.", "We meet every week at nine,\nand I know why."
    pieces = compare(before, after)
    assert "".join(p.text for p in pieces if p.how != "new") == before
    assert "".join(p.text for p in pieces if p.how != "gone") == after
    assert [(p.how, p.text) for p in pieces if p.how in ("gone", "new")][:2] == [("gone", "day"), ("new", "week")]


def test_long_stretches_in_which_nothing_changed_are_left_out() -> None:
    same = " ".join(f"word{n}" for n in range(200))
    pieces = compare(f"{same} old end", f"{same} new end")
    assert [p.how for p in pieces] == ["cut", "same", "gone", "new", "same"]
    assert len(" ".join(p.text for p in pieces).split()) < 30


def test_the_latest_change_comes_first_with_the_fields_that_changed_and_who_did_it() -> None:
    other = {**BRIEF, "title": "Boss of my old friends"}
    rows = [
        ProposalChange(id=1, person_id=7, at=utcnow(), before=BRIEF, after=other),
        ProposalChange(id=2, person_id=8, at=utcnow(), before=other, after=BRIEF),
    ]
    told = history(rows, {7: "Ann"}, BRIEF)
    assert [(each.id, each.by, each.now) for each in told] == [(2, None, False), (1, "Ann", True)]
    assert [[field.label for field in each.fields] for each in told] == [["Title"], ["Title"]]
