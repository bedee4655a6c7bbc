"""From the wish for a draft to a stored one."""

import pytest

from capture.errors import NotFound
from mining.drafts.drafting import BLIND, draft_theme, embedding
from mining.drafts.log import reject
from mining.settings import MiningSettings
from mining.suggestion_models import Draft
from tests.mining.drafted import Drafted


def test_a_draft_is_stored_with_who_asked_for_it(drafted: Drafted) -> None:
    drafted.change(lambda s, d, v, by: reject(s, d, v, by, "Try again."))
    with drafted.database.reading() as session:
        strand = session.get_one(Draft, drafted.first).strand_id
    made = draft_theme(drafted.database, MiningSettings(), "spring", strand=strand, by="bob")
    assert drafted.read(made).made_by == "bob"
    assert BLIND not in drafted.read(made).notes


def test_without_the_model_a_draft_says_that_words_alone_decided(drafted: Drafted, monkeypatch) -> None:
    drafted.change(lambda s, d, v, by: reject(s, d, v, by, "Try again."))
    with drafted.database.reading() as session:
        strand = session.get_one(Draft, drafted.first).strand_id
    monkeypatch.setattr("mining.drafts.drafting.embedding", lambda settings, model: None)
    made = draft_theme(drafted.database, MiningSettings(), "spring", strand=strand, by="bob")
    assert BLIND in drafted.read(made).notes


def test_a_model_that_is_not_here_is_none(tmp_path) -> None:
    assert embedding(MiningSettings(), str(tmp_path / "nowhere")) is None


def test_nothing_is_stored_where_it_cannot_be_written(drafted: Drafted) -> None:
    with pytest.raises(NotFound):
        draft_theme(drafted.database, MiningSettings(), "spring", 99, by="bob")
    with pytest.raises(NotFound):
        draft_theme(drafted.database, MiningSettings(), "autumn", 1, by="bob")
