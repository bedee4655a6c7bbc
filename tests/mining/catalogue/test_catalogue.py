"""The catalogue: what importing changes, and how modules are found again."""

from datetime import date

import pytest
from sqlalchemy.orm import Session

from capture.errors import NotFound, UnreadableFile
from mining.catalogue.catalogue import (
    Brought,
    as_read,
    find_module,
    get_module,
    import_modules,
    modules_of,
    remove_module,
)
from mining.catalogue.module_files import read_modules
from mining.catalogue.module_writing import rendered
from tests.conftest import SAMPLES
from tests.factories import make_module

SAMPLE = (SAMPLES / "catalogue.csv").read_bytes()


def bring(session: Session, content: str | bytes, name: str = "c.csv") -> Brought:
    data = content.encode() if isinstance(content, str) else content
    return import_modules(session, read_modules([(name, data)]))


def test_an_import_says_what_is_new_changed_and_unchanged(session: Session) -> None:
    assert bring(session, SAMPLE).words == "Modules: 26 new."
    assert bring(session, SAMPLE).words == "Modules: 26 unchanged."
    edited = SAMPLE.replace(b"Odile Marchetti", b"O. Marchetti") + b"\r\nNew,Ada,action,,\r\nnew,,,,\r\n"
    done = bring(session, edited)
    assert done.words == "Modules: 1 new, 25 unchanged, 1 changed, 1 skipped."
    assert "is there already" in done.problems[0]
    assert find_module(session, "ten minutes with a pencil").author == "O. Marchetti"


@pytest.mark.parametrize("format_", ["csv", "json"])
def test_importing_an_export_changes_nothing(session: Session, format_: str) -> None:
    bring(session, SAMPLE)
    make_module(session, "=Formula", mindset="action", inferred=True, pages=[{"title": "A", "question": "B?"}])
    exported = rendered(as_read(session, modules_of(session)), format_)
    assert bring(session, exported, f"x.{format_}").words == "Modules: 27 unchanged."


def test_what_a_file_does_not_say_stays_as_it_was(session: Session) -> None:
    bring(session, "title,author,mindset,summary,questions\nOne,Ada,action,Text.,Why?\n")
    assert bring(session, "title,summary\nONE,Other.\n").changed == 1
    [one] = modules_of(session)
    assert (one.title, one.author, one.mindset, one.summary) == ("ONE", "Ada", "action", "Other.")
    assert one.pages[0]["question"] == "Why?" and one.source == "c.csv, line 2"


def test_the_day_since_when_a_module_is_on_offer_comes_goes_out_and_stays(session: Session) -> None:
    bring(session, "title,since\nOne,\nTwo,2024-02-29\n")
    one, two = modules_of(session)
    assert (one.offered_on, two.offered_on) == (None, date(2024, 2, 29))
    done = bring(session, "title,since\nOne,2025\nTwo,soon\n")
    assert (done.changed, done.unchanged) == (1, 1) and "“soon” is no day" in done.problems[0]
    assert bring(session, "title\nOne\n").unchanged == 1 and bring(session, "title,since\nOne,\n").unchanged == 1
    assert (one.offered_on, two.offered_on) == (date(2025, 1, 1), date(2024, 2, 29))
    for format_ in ("csv", "json"):
        exported = rendered(as_read(session, modules_of(session)), format_)
        assert "2024-02-29" in exported and bring(session, exported, f"x.{format_}").unchanged == 2


def test_a_guess_never_takes_the_place_of_what_somebody_said(session: Session) -> None:
    bring(session, "title,mindset\nOne,action\n")
    assert bring(session, "title,mindset,inferred\nOne,analysis,yes\n").unchanged == 1
    one = find_module(session, "one")
    assert (one.mindset, one.inferred) == ("action", False)
    one.mindset, one.inferred = "analysis", True
    assert bring(session, "title,mindset\nOne,action\n").changed == 1
    assert (one.mindset, one.inferred) == ("action", False)


def test_nothing_readable_is_refused_with_the_reason(session: Session) -> None:
    with pytest.raises(UnreadableFile, match="has no column “title”"):
        bring(session, "a,b\n1,2\n")
    with pytest.raises(UnreadableFile, match="no title"):
        bring(session, "title,author\n,Ada\n")
    with pytest.raises(UnreadableFile, match="no module in it"):
        bring(session, "title,author\n")


def test_ten_thousand_problems_are_not_told_one_by_one(session: Session) -> None:
    done = bring(session, "title,author\nOne,\n" + ",Ada\n" * 10_000)
    assert done.skipped == 10_000 and len(done.problems) == 51
    assert done.problems[-1] == "... and 9,950 more like these."


def test_modules_are_found_by_all_words_wherever_they_stand_and_by_mindset(session: Session) -> None:
    bring(session, SAMPLE)
    assert [m.title for m in modules_of(session, "director CUSTOMER")] == ["No, But"]
    assert [m.title for m in modules_of(session, "marchetti")] == ["Ten Minutes With a Pencil"]
    assert len(modules_of(session, "", "action")) == 4 and modules_of(session, "", "none") == []
    assert modules_of(session, "zeppelin") == [] and modules_of(session, "%") == []
    titles = [module.title for module in modules_of(session)]
    assert titles == sorted(titles, key=str.casefold)


def test_one_is_found_by_number_title_or_a_piece_of_it(session: Session) -> None:
    bring(session, SAMPLE)
    one = find_module(session, "NO, BUT")
    assert find_module(session, str(one.id)) is one and find_module(session, "pencil").title.startswith("Ten")
    with pytest.raises(NotFound, match="These come near: “A Day in the Customer's Shoes”, "):
        find_module(session, "the")
    with pytest.raises(NotFound, match="harvest catalogue list"):
        find_module(session, "zeppelin")


def test_a_module_that_was_removed_is_gone(session: Session) -> None:
    module = make_module(session)
    assert remove_module(session, module.id) == "No, But"
    with pytest.raises(NotFound, match="may have been removed"):
        get_module(session, module.id)
