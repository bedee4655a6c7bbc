"""What a form from an older version becomes."""

from mining.drafts.lines import body_of, editable
from mining.drafts.log import Edit, accept, edit, reopen, undo
from mining.drafts.merging import Merged, merge
from mining.suggestion_models import Draft
from tests.mining.drafted import Drafted


def opened(drafted: Drafted) -> dict[str, str]:
    """The fields of a form as it is opened."""
    with drafted.database.reading() as session:
        draft = session.get_one(Draft, drafted.first)
        body = body_of(draft.body)
        pages = {f"{page.id}-title": page.title for page in body.pages}
        return {"title": draft.title, "mindset": "", **pages, **{line.id: editable(line) for line in body.lines}}


def merged(drafted: Drafted, form: dict[str, str], version: int = 1) -> Merged:
    with drafted.database.reading() as session:
        return merge(session.get_one(Draft, drafted.first), version, form)


def question(drafted: Drafted) -> str:
    return drafted.read().pages[1].lines[1].id


def test_what_only_one_changed_is_kept_of_both(drafted: Drafted) -> None:
    form = opened(drafted)
    drafted.change(edit, Edit(title="Theirs", titles={"p1": "Begin"}))
    found = merged(drafted, {**form, question(drafted): "Mine? ⟦quote 1⟧"})
    assert (found.values["title"], found.values["p1-title"]) == ("Theirs", "Begin")
    assert found.values[question(drafted)] == "Mine? ⟦quote 1⟧"
    assert (found.theirs, found.homeless) == ({}, ())


def test_what_both_changed_is_named_unless_both_wrote_the_same(drafted: Drafted) -> None:
    form = opened(drafted)
    drafted.change(edit, Edit(title="Theirs", titles={"p1": "Begin"}))
    found = merged(drafted, {**form, "title": "Mine", "p1-title": " Begin "})
    assert found.values["title"] == "Mine"
    assert found.theirs == {"title": "It was changed meanwhile. It reads now: “Theirs”."}


def test_several_changes_and_their_undoing_are_walked_back(drafted: Drafted) -> None:
    form = opened(drafted)
    drafted.change(edit, Edit(title="One"))
    drafted.change(undo, version=2)
    drafted.change(accept, version=3)
    drafted.change(reopen, version=4)
    drafted.change(edit, Edit(mindset="action"), version=5)
    found = merged(drafted, {**form, "title": "Mine"})
    assert (found.values["title"], found.values["mindset"], found.theirs) == ("Mine", "action", {})


def test_what_was_typed_on_a_page_that_is_gone_is_shown(drafted: Drafted) -> None:
    form, line = opened(drafted), question(drafted)
    drafted.change(edit, Edit(out=frozenset({drafted.read().pages[1].id})))
    assert merged(drafted, {**form, line: "Mine?"}).homeless == ("Mine?",)


def test_a_statement_taken_by_both_has_to_be_chosen_again(drafted: Drafted) -> None:
    form, line = opened(drafted), question(drafted)
    drafted.change(edit, Edit(swaps={line: 0}))
    found = merged(drafted, {**form, f"swap-{line}": "0"})
    assert f"swap-{line}" not in found.values
    assert "Choose again" in found.theirs[line]


def test_of_a_version_that_never_was_every_difference_is_named(drafted: Drafted) -> None:
    found = merged(drafted, {"title": "Mine"}, version=-1)
    assert set(found.theirs) == {"title"}
