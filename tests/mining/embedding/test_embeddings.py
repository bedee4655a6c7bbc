"""Vectors are computed once per text and model."""

from collections.abc import Sequence

import numpy as np
import pytest
from sqlalchemy import func, insert, select

from capture.database import Database
from capture.errors import NotFound
from capture.models import Event
from mining.embedding import embeddings
from mining.embedding.embedder import BUNDLED, Vectors, vectors_name
from mining.embedding.embeddings import (
    embed_texts,
    forget_vectors,
    keep_vectors,
    key_of,
    recalled_texts,
    talk_name,
)
from mining.embedding.openvino_embedder import OpenVINOEmbedder
from mining.models import Embedding
from tests.mining.talk import BUDGET, FRIENDS, MEETINGS


class Letters:
    """A tiny real embedder: which letters a text has. Remembers what it was asked."""

    name = "letters"
    dimension = 26

    def __init__(self) -> None:
        self.asked: list[str] = []

    def embed(self, texts: Sequence[str]) -> Vectors:
        self.asked += texts
        rows = np.array([[1.0 + text.count(chr(97 + i)) for i in range(26)] for text in texts], np.float32)
        return rows / np.linalg.norm(rows, axis=1, keepdims=True)


def quiet(fraction: float, note: str) -> None:
    pass


def refuse() -> Letters:
    raise AssertionError("the embedder was loaded though every text was known")


def test_known_texts_are_not_embedded_again_and_the_embedder_is_not_even_loaded(database: Database) -> None:
    letters = Letters()
    first = embed_texts(database, "letters", lambda: letters, ["budget", "friends"], quiet)
    again = embed_texts(database, "letters", refuse, ["friends", "budget", "friends"], quiet)
    assert (first.fresh, again.fresh) == (2, 0)
    assert np.array_equal(again.vectors, first.vectors[[1, 0, 1]])


def test_only_new_texts_are_embedded_and_each_only_once(database: Database) -> None:
    letters = Letters()
    embed_texts(database, "letters", lambda: letters, ["budget"], quiet)
    more = embed_texts(database, "letters", lambda: letters, ["budget", "meeting", "meeting"], quiet)
    assert letters.asked == ["budget", "meeting"]
    assert more.fresh == 1 and more.vectors.shape == (3, 26)


def test_vectors_of_another_model_are_not_taken(database: Database) -> None:
    embed_texts(database, "letters", Letters, ["budget"], quiet)
    assert embed_texts(database, "other", Letters, ["budget"], quiet).fresh == 1


def test_no_texts_load_nothing(database: Database) -> None:
    assert len(embed_texts(database, "letters", refuse, [], quiet).vectors) == 0


def test_more_texts_than_a_query_takes(database: Database) -> None:
    texts = [f"text number {i}" for i in range(2 * embeddings.LOOKUP + 7)]
    embed_texts(database, "letters", Letters, texts, quiet)
    known = embed_texts(database, "letters", refuse, texts, quiet)
    assert known.vectors.shape == (len(texts), 26)


def test_what_was_embedded_before_an_interruption_stays(database: Database) -> None:
    class Stopped(Exception):
        pass

    def stop_after_first(fraction: float, note: str) -> None:
        if fraction > 0:
            raise Stopped

    texts = [f"text number {i}" for i in range(embeddings.PIECE + 10)]
    with pytest.raises(Stopped):
        embed_texts(database, "letters", Letters, texts, stop_after_first)
    with database.reading() as session:
        assert session.scalar(select(func.count()).select_from(Embedding)) == embeddings.PIECE
    assert embed_texts(database, "letters", Letters, texts, quiet).fresh == 10


def test_progress_ends_at_one(database: Database) -> None:
    seen: list[float] = []
    embed_texts(database, "letters", Letters, ["a", "b"], lambda fraction, note: seen.append(fraction))
    assert seen == [0.0, 1.0]


def test_two_processes_may_store_the_same_text(database: Database) -> None:
    class Overtaken(Letters):
        def embed(self, texts: Sequence[str]) -> Vectors:
            if not self.asked:
                self.asked.append("once")
                embed_texts(database, "letters", Letters, texts, quiet)
            return super().embed(texts)

    assert embed_texts(database, "letters", Overtaken, ["budget"], quiet).fresh == 1


def test_what_is_known_is_recalled_and_the_rest_is_zero(database: Database) -> None:
    known = embed_texts(database, "letters", Letters, ["budget", "friends"], quiet)
    recalled = recalled_texts(database, "letters", ["friends", "never", "budget"], 26, 1)
    assert np.array_equal(recalled, np.vstack([known.vectors[1], np.zeros(26), known.vectors[0]]))
    assert not recalled_texts(database, "other", ["budget"], 26, 1).any()
    assert recalled_texts(database, "letters", [], 26, 1).shape == (0, 26)


def test_what_any_engine_made_of_the_bundled_model_is_recalled(database: Database) -> None:
    kept = {engine: vectors_name(BUNDLED, engine) for engine in ("torch", "openvino")}
    torch = embed_texts(database, kept["torch"], Letters, ["budget", "friends"], quiet).vectors
    assert np.array_equal(recalled_texts(database, BUNDLED, ["budget", "friends"], 26, 1), torch)
    assert embed_texts(database, kept["openvino"], Letters, ["budget"], quiet).fresh == 1
    assert np.array_equal(recalled_texts(database, BUNDLED, ["budget", "friends"], 26, 1), torch)


def test_vectors_of_talk_are_forgotten_with_their_event_and_others_stay(database: Database) -> None:
    with database.writing() as session:
        session.add_all(Event(id=number, slug=f"event-{number}", title="Event") for number in (1, 11))
    for name in ("letters", talk_name("letters", 1), talk_name("letters", 11), talk_name("other", 1)):
        embed_texts(database, name, Letters, ["budget", "friends"], quiet)
    assert recalled_texts(database, "letters", ["budget"], 26, 11).any()
    with database.writing() as session:
        forget_vectors(session, 1)
        left = session.execute(select(Embedding.model, func.count()).group_by(Embedding.model)).all()
    assert {name: count for name, count in left} == {"letters": 2, talk_name("letters", 11): 2}
    with database.writing() as session:
        assert keep_vectors(session, {key_of("friends")}, 11) == 1
        assert keep_vectors(session, {key_of("budget"), key_of("never")}) == 1
        left = session.execute(select(Embedding.model, Embedding.content_hash)).all()
    assert {tuple(row) for row in left} == {
        ("letters", key_of("budget")),
        (talk_name("letters", 11), key_of("friends")),
    }


def test_nothing_is_kept_of_an_event_that_is_gone(database: Database) -> None:
    with pytest.raises(NotFound, match="deleted"):
        embed_texts(database, talk_name("letters", 1), Letters, ["budget"], quiet)
    with database.reading() as session:
        assert session.scalar(select(func.count()).select_from(Embedding)) == 0


def test_what_is_not_used_any_more_is_found_among_fifty_thousand(database: Database) -> None:
    name, keys = talk_name("letters", 1), [key_of(str(number)) for number in range(50_000)]
    with database.writing() as session:
        rows = [{"content_hash": key, "model": name, "vector": bytes(1536)} for key in keys]
        session.execute(insert(Embedding), rows)
    with database.writing() as session:
        assert keep_vectors(session, keys[500:], 1) == 500
    with database.reading() as session:
        assert session.scalar(select(func.count()).select_from(Embedding)) == 49_500


def test_a_long_name_of_a_model_leaves_room_for_the_event(database: Database) -> None:
    name = talk_name("/models/" + "x" * 300, 7)
    assert len(name) == 200 and name.endswith("x of talk at event 7")


def test_themes_come_from_the_same_vectors_whether_the_rooms_came_together_or_one_after_the_other(
    database: Database,
) -> None:
    rooms = [BUDGET, FRIENDS, MEETINGS]
    name = vectors_name(BUNDLED, "openvino")
    embedder = OpenVINOEmbedder()
    for count in (1, 2, 3):
        staged = embed_texts(database, name, lambda: embedder, [t for room in rooms[:count] for t in room], quiet)
    assert staged.fresh == len(MEETINGS)
    at_once = embedder.embed([text for room in rooms for text in room])
    assert np.array_equal(staged.vectors, at_once)
