"""What is learned about modules, kept, and read back without a model."""

import pytest

from capture.database import Database
from mining.catalogue.module_study import known_modules, study, texts_of
from mining.embedding.embedder import BUNDLED
from tests.factories import make_module

PENCIL = {
    "title": "Ten Minutes With a Pencil",
    "summary": "You look at where quiet thinking happens in your week, and why it is the first thing to be cancelled. "
    "Knowing your own moods and habits, you take time to think about what happened to you.",
    "pages": [{"title": "", "text": "", "question": "What do you lose when a week goes by without a pause?"}],
}


def test_what_is_learned_is_kept_and_learned_once(database: Database) -> None:
    with database.writing() as session:
        first = make_module(session, **PENCIL).id
        make_module(session, "Told", mindset="action", summary="Counting what matters in the organisation.")
    notes: list[str] = []
    done = study(database, BUNDLED, progress=lambda _, note: notes.append(note))
    assert done.fresh > 50 and done.told == 1 and notes[0] == "Loading the language model."
    again = study(database, BUNDLED, progress=lambda _, note: notes.append("again"))
    assert (again.fresh, again.told) == (0, 0) and "again" not in notes
    with database.reading() as session:
        known = known_modules(session, BUNDLED)
        assert known is not None and known.missing == ()
        assert known.vectors[first].shape == (len(known.says[first]), 384)
        from mining.catalogue.catalogue import get_module, modules_of

        assert list(known.says[first]) == texts_of(session, [get_module(session, first)])[first]
        told = {module.title: (module.mindset, module.inferred) for module in modules_of(session)}
    assert told == {"Ten Minutes With a Pencil": ("reflection", True), "Told": ("action", False)}


def test_nothing_is_known_before_it_was_studied(database: Database) -> None:
    with database.writing() as session:
        make_module(session)
        assert known_modules(session, BUNDLED) is None
    study(database, BUNDLED)
    with database.writing() as session:
        late = make_module(session, "Late").id
        known = known_modules(session, BUNDLED)
        assert known is not None and known.missing == (late,) and len(known.vectors) == 1
        assert known_modules(session, "another-model") is None


def test_a_guess_goes_when_the_module_no_longer_bears_it(database: Database) -> None:
    with database.writing() as session:
        module = make_module(session, "It Is So", mindset="action", inferred=True).id
    study(database, BUNDLED)
    with database.reading() as session:
        from mining.catalogue.catalogue import get_module

        assert (get_module(session, module).mindset, get_module(session, module).inferred) == (None, False)


@pytest.mark.parametrize("count", [0, 1])
def test_an_empty_catalogue_is_no_trouble(database: Database, count: int) -> None:
    with database.writing() as session:
        for _ in range(count):
            make_module(session)
    assert study(database, BUNDLED).fresh > 0
