"""The adapter against a real HTTP server on this machine, honest and otherwise."""

import time
from typing import Any

import pytest

from capture.errors import Refused
from mining.drafts.openai_wording import TRIES, OpenAIModel, model_of
from mining.drafts.wording import WordingFailed
from mining.settings import MiningSettings
from tests.mining.chat_server import (
    Answer,
    Talk,
    chat_server,
    drips,
    drips_headers,
    envelope,
    fails,
    floods,
    reply,
    stalls,
)

SAID = "well worded"


def honest(talk: Talk, handler: Any) -> None:
    reply(handler, envelope(SAID))


def ask(answer: Answer, seconds: float = 5.0, key: str = "") -> tuple[str, Talk]:
    with chat_server(answer) as talk:
        return OpenAIModel(talk.address, "small-model", key, seconds).answer("Be good.", "{}"), talk


def refused_by(answer: Answer, seconds: float = 5.0) -> tuple[str, Talk]:
    with chat_server(answer) as talk:
        with pytest.raises(WordingFailed) as failed:
            OpenAIModel(talk.address, "small-model", "", seconds).answer("Be good.", "{}")
        return str(failed.value), talk


def test_it_asks_as_the_protocol_has_it() -> None:
    said, talk = ask(honest, key="secret")
    assert said == SAID
    assert talk.paths == ["/v1/chat/completions"]
    [asked] = talk.asked
    assert asked["model"] == "small-model"
    assert [message["role"] for message in asked["messages"]] == ["system", "user"]
    assert asked["response_format"] == {"type": "json_object"}
    assert talk.headers[0]["Authorization"] == "Bearer secret"


def test_without_a_key_none_is_sent() -> None:
    assert "Authorization" not in ask(honest)[1].headers[0]


def test_a_server_that_does_not_know_the_answers_format_is_asked_without() -> None:
    _, talk = ask(fails(400, honest, times=1))
    assert "response_format" in talk.asked[0]
    assert "response_format" not in talk.asked[1]


def test_it_asks_again_when_the_server_is_busy() -> None:
    said, talk = ask(fails(503, honest, times=1))
    assert (said, len(talk.asked)) == (SAID, 2)


def test_it_gives_up_after_a_few_tries() -> None:
    said, talk = refused_by(fails(500))
    assert "gave no answer: it answered with error 500" in said
    assert len(talk.asked) == TRIES


@pytest.mark.parametrize("status", [301, 401, 403, 404])
def test_it_neither_follows_nor_insists(status: int) -> None:
    def elsewhere(talk: Talk, handler: Any) -> None:
        reply(handler, b"", status, {"Location": f"{talk.address}/stolen"})

    said, talk = refused_by(elsewhere)
    assert f"error {status}" in said
    assert talk.paths == ["/v1/chat/completions"]


@pytest.mark.parametrize("answer", [stalls, drips, drips_headers], ids=lambda answer: answer.__name__)
def test_whatever_the_server_does_it_is_late_at_the_end_of_the_time(answer: Answer) -> None:
    began = time.monotonic()
    said, _ = refused_by(answer, seconds=0.6)
    assert "it took longer than the 0.6 seconds of HARVEST_LLM_SECONDS" in said
    assert time.monotonic() - began < 20  # the servers go on for a minute


def test_an_enormous_answer_is_not_read_to_the_end() -> None:
    assert "larger than 2 MB" in refused_by(floods)[0]


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"not json",
        b"\xff\xfe\x00",
        b"[]",
        b"{}",
        b'{"choices": []}',
        b'{"choices": [{"message": {"content": null}}]}',
        b'{"choices": [{"message": {"content": ["a"]}}]}',
        b'{"choices": {"0": 1}}',
        b"[" * 200_000,
        envelope("  "),
    ],
)
def test_what_is_not_as_the_protocol_has_it_is_said(data: bytes) -> None:
    said, _ = refused_by(lambda talk, handler: reply(handler, data))
    assert "it is not as the protocol has it" in said


def test_an_answer_cut_off_in_the_middle_is_a_failure() -> None:
    def cut(talk: Talk, handler: Any) -> None:
        handler.send_response(200)
        handler.send_header("Content-Length", "5000")
        handler.end_headers()
        handler.wfile.write(envelope(SAID)[:20])
        handler.wfile.flush()
        handler.connection.close()

    assert "the connection failed" in refused_by(cut)[0]


def test_nobody_at_the_address_is_a_failure() -> None:
    with chat_server(honest) as talk:
        address = talk.address
    with pytest.raises(WordingFailed, match="the connection failed"):
        OpenAIModel(address, "m", "", 3.0).answer("", "")


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("ftp://example.org", "must be an address"),
        ("localhost:11434", "must be an address"),
        ("http://", "must be an address"),
        ("http://[::1", "must be an address"),
        ("http://localhost:99999/v1", "must be an address"),
        ("http://ann:secret@localhost/v1", "must not hold a password"),
    ],
)
def test_an_address_that_is_none_is_refused_and_not_repeated(url: str, said: str) -> None:
    with pytest.raises(Refused, match=said) as refused:
        OpenAIModel(url, "m", "", 1.0)
    assert "secret" not in str(refused.value)


def test_nothing_is_switched_on_by_itself() -> None:
    assert model_of(MiningSettings()) is None
    with pytest.raises(Refused, match="not HARVEST_LLM_MODEL"):
        model_of(MiningSettings(llm_url="http://localhost/v1"))
    with pytest.raises(Refused, match="HARVEST_LLM_SECONDS"):
        model_of(MiningSettings(llm_url="http://localhost/v1", llm_model="m", llm_seconds=0.0))
    model = model_of(MiningSettings(llm_url="http://localhost:1/v1/", llm_model="m"))
    assert model
    assert (model.name, model.where) == ("m", "http://localhost:1/v1")
    assert "sesame" not in repr(MiningSettings(llm_key="sesame"))
