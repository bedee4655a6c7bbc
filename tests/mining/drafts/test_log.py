"""What designers do to a draft."""

import pytest

from capture.errors import Refused
from mining.drafts.log import Edit, Outdated, Unfit, accept, edit, reject, reopen, to_undo, undo
from mining.suggestion_models import Draft, DraftState
from tests.mining.drafted import Drafted


def history(drafted: Drafted) -> list[tuple[str, str]]:
    with drafted.database.reading() as session:
        return [(change.what, change.made_by) for change in session.get_one(Draft, drafted.first).changes]


def test_an_edit_changes_what_it_names_and_nothing_else(drafted: Drafted) -> None:
    before = drafted.read()
    question = before.pages[1].lines[1]
    drafted.change(
        edit,
        Edit(
            title="  My guide ",
            mindset="action",
            texts={question.id: "What now? “⟦quote 1⟧”"},
            titles={"p1": "Begin"},
            minutes={"p1": "5"},
        ),
    )
    after = drafted.read()
    assert (after.title, after.mindset, after.version) == ("My guide", "action", 2)
    assert after.pages[1].lines[1].text.startswith("What now? “")
    assert after.pages[1].lines[1].receipts[0].cited == question.receipts[0].cited
    assert after.pages[1].lines[1].edited
    assert (after.pages[0].title, after.pages[0].minutes, after.minutes) == ("Begin", 5, 85)
    assert after.pages[2:] == before.pages[2:]
    assert history(drafted) == [("edited", "ann")]


def test_an_edit_that_changes_nothing_is_none(drafted: Drafted) -> None:
    drafted.change(edit, Edit(title=drafted.read().title))
    assert history(drafted) == []
    assert drafted.read().version == 1


def test_a_form_from_an_older_version_changes_nothing(drafted: Drafted) -> None:
    drafted.change(edit, Edit(title="First"), version=1, by="bob")
    with pytest.raises(Outdated, match="bob changed this draft since you opened it"):
        drafted.change(edit, Edit(title="Second"), version=1)
    with pytest.raises(Outdated):
        drafted.change(edit, Edit(title="First"), version=1)
    assert drafted.read().title == "First"


@pytest.mark.parametrize(
    ("wanted", "field", "said"),
    [
        (Edit(title=" "), "title", "needs a title"),
        (Edit(title="x" * 10_000), "title", "this one has 10,000"),
        (Edit(mindset="courage"), "mindset", "Choose one of"),
        (Edit(texts={"p1-question": "x" * 10_000}), "p1-question", "1,500 characters"),
        (Edit(texts={"p1-question": "⟦quote 9⟧"}), "p1-question", "no quote of this line"),
        (Edit(minutes={"p1": "-5"}), "p1-minutes", "whole minutes"),
        (Edit(minutes={"p1": "٣"}), "p1-minutes", "whole minutes"),
        (Edit(minutes={"p1": "9" * 400}), "p1-minutes", "whole minutes"),
        (Edit(titles={"p1": ""}), "p1-title", "needs a title"),
        (Edit(out=frozenset(f"p{i}" for i in range(1, 9))), "title", "at least one page"),
        (Edit(swaps={"p1-question": 99}), "p1-question", "not at choice"),
    ],
)
def test_what_cannot_be_is_said_beside_its_field(drafted: Drafted, wanted: Edit, field: str, said: str) -> None:
    with pytest.raises(Unfit) as refused:
        drafted.change(edit, wanted)
    assert said in refused.value.problems[field]
    assert drafted.read().version == 1


def test_another_statement_takes_the_place_of_one(drafted: Drafted) -> None:
    before = drafted.read()
    page = next(page for page in before.pages if page.role == "exercise")
    old, new = page.lines[1].receipts[0].cited, before.spare[0]
    drafted.change(edit, Edit(swaps={page.lines[1].id: 0}))
    after = drafted.read()
    swapped = next(page for page in after.pages if page.role == "exercise")
    assert {line.receipts[0].cited for line in swapped.lines} == {new}, "also what rests on it"
    assert after.spare[0] == old


def test_a_page_can_be_left_out(drafted: Drafted) -> None:
    before = drafted.read()
    drafted.change(edit, Edit(out=frozenset({"p2"})))
    assert [page.id for page in drafted.read().pages] == [page.id for page in before.pages if page.id != "p2"]


def test_accepting_needs_no_reason_rejecting_does(drafted: Drafted) -> None:
    with pytest.raises(Unfit, match="Say in a few words why not"):
        drafted.change(lambda s, d, v, by: reject(s, d, v, by, "  "))
    drafted.change(lambda s, d, v, by: reject(s, d, v, by, "We have one already."))
    assert (drafted.read().state, drafted.read().reason) == (DraftState.REJECTED, "We have one already.")
    drafted.change(reopen)
    assert (drafted.read().state, drafted.read().reason) == (DraftState.DRAFTED, "")
    drafted.change(accept)
    assert drafted.read().state == DraftState.ACCEPTED
    with pytest.raises(Outdated, match="was accepted already"):
        drafted.change(lambda s, d, v, by: reject(s, d, v, by, "No."))
    with pytest.raises(Unfit, match="answered already"):
        drafted.change(edit, Edit(title="Late"))
    with pytest.raises(Refused, match="1,000 characters"):
        drafted.change(reopen)
        drafted.change(lambda s, d, v, by: accept(s, d, v, by, "x" * 1001))


def test_changes_are_taken_back_one_after_the_other(drafted: Drafted) -> None:
    first = drafted.read()
    drafted.change(edit, Edit(title="Second"))
    drafted.change(edit, Edit(title="Third", mindset="worldliness"))
    drafted.change(accept)
    drafted.change(undo, by="bob")
    assert drafted.read().state == DraftState.DRAFTED
    assert drafted.read().title == "Third"
    drafted.change(undo)
    assert drafted.read().title == "Second"
    drafted.change(edit, Edit(title="Fourth"))
    drafted.change(undo)
    assert drafted.read().title == "Second"
    drafted.change(undo)
    assert (drafted.read().title, drafted.read().mindset, drafted.read().pages) == (
        first.title,
        first.mindset,
        first.pages,
    )
    with pytest.raises(Refused, match="nothing to undo"):
        drafted.change(undo)
    assert history(drafted)[:4] == [("edited", "ann"), ("edited", "ann"), ("accepted", "ann"), ("undone", "bob")]


def test_what_would_be_taken_back_next_is_known(drafted: Drafted) -> None:
    drafted.change(edit, Edit(title="Second"))
    with drafted.database.reading() as session:
        standing = to_undo(session.get_one(Draft, drafted.first))
        assert standing
        assert standing.what == "edited"


def test_the_history_holds_no_words_of_anybody(drafted: Drafted) -> None:
    said = [r.cited.text for r in drafted.read().receipts if r.cited and len(r.cited.text) > 30]
    drafted.change(edit, Edit(minutes={"p1": "5"}))
    with drafted.database.reading() as session:
        [change] = session.get_one(Draft, drafted.first).changes
        assert said
        assert not any(text in f"{change.before} {change.after}" for text in said)
