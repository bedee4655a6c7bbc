"""`harvest drafts` as a designer runs it."""

import getpass
import json

import pytest
from docx import Document

from capture.console import who_sits_here
from capture.models import Event
from mining.drafts.drafts import topics_of
from mining.drafts.log import reject
from tests.mining.chat_server import chat_server, fails, says
from tests.mining.drafted import Drafted
from tests.mining.drafts.test_rewording import honest
from tests.mining.test_cli import Run, refused, runner


@pytest.fixture
def run(drafted: Drafted, monkeypatch: pytest.MonkeyPatch) -> Run:
    for name in ("HARVEST_LLM_URL", "HARVEST_LLM_MODEL", "HARVEST_LLM_KEY", "HARVEST_LLM_SECONDS"):
        monkeypatch.delenv(name, raising=False)
    return runner(drafted.data, monkeypatch)


def test_alone_it_lists_themes_and_their_drafts(run: Run, drafted: Drafted) -> None:
    lines = run("drafts", "spring").stdout.splitlines()
    assert sum(f"draft {drafted.first}, drafted" in line for line in lines) == 1
    assert all("groups" in line for line in lines)
    document = json.loads(run("drafts", "spring", "--json").stdout)
    assert document["event"] == "spring"
    assert {each["id"] for each in document["drafts"]} >= {drafted.first}
    assert len(document["themes"]) == len(lines)


def test_a_draft_is_read_with_its_receipts(run: Run, drafted: Drafted) -> None:
    shown = run("drafts", "spring", "--draft", drafted.first).stdout
    draft = drafted.read()
    assert shown.startswith(draft.title)
    assert "Where it was said\n[1] " in shown
    assert draft.pages[0].lines[1].receipts[0].cited.text in shown
    document = json.loads(run("drafts", "spring", "--draft", drafted.first, "--json").stdout)
    assert document["minutes"] == sum(page["minutes"] for page in document["pages"]) == 90
    assert document["receipts"][0]["text"] == draft.receipts[0].cited.text


def test_a_draft_is_made_and_a_second_one_refused(run: Run, drafted: Drafted) -> None:
    drafted.change(lambda s, d, v, by: reject(s, d, v, by, "Try again."))
    with drafted.database.reading() as session:
        [theme] = [
            t.number
            for t in topics_of(session, session.get_one(Event, 1))[0]
            if t.draft and t.draft.id == drafted.first
        ]
    made = run("drafts", "spring", "--make", "--theme", theme)
    assert made.exit_code == 0, made.stderr
    assert "90 minutes" in made.stdout
    assert "waits for an answer" in refused(run("drafts", "spring", "--make", "--theme", theme))
    assert run("drafts", "spring", "--theme", theme).stdout == made.stdout
    assert "No theme is a gap without a draft" in run("drafts", "spring", "--make").stderr


def test_it_is_written_to_a_file(run: Run, drafted: Drafted, tmp_path) -> None:
    target, which = tmp_path / "guide.md", ("drafts", "spring", "--draft", drafted.first)
    assert run(*which, "--export", target).stdout == f"Wrote {target}, with receipts.\n"
    assert "[^1]: " in target.read_text("utf-8")
    word = tmp_path / "guide.docx"
    told = run("drafts", "spring", "--draft", drafted.first, "--export", word, "--no-receipts").stdout
    assert told == f"Wrote {word}, without receipts.\n"
    assert Document(str(word)).paragraphs[0].text == drafted.read().title
    assert "cannot be written" in refused(run(*which, "--export", tmp_path / "no" / "a.md"))


def test_it_is_accepted_or_rejected(run: Run, drafted: Drafted) -> None:
    assert "Say in a few words why not" in refused(run("drafts", "spring", "--draft", drafted.first, "--reject", " "))
    assert "Accepted draft" in run("drafts", "spring", "--draft", drafted.first, "--accept").stderr
    assert drafted.read().state.value == "accepted"
    assert "was accepted already" in refused(run("drafts", "spring", "--draft", drafted.first, "--reject", "No."))


def test_what_cannot_be_is_one_line(run: Run) -> None:
    assert "There is no draft 99" in refused(run("drafts", "spring", "--draft", 99))
    assert "There is no theme 99" in refused(run("drafts", "spring", "--theme", 99))
    assert "There is no theme 99" in refused(run("drafts", "spring", "--make", "--theme", 99))
    assert "There is no event" in refused(run("drafts", "autumn"))
    for wrong in (
        ("--accept",),
        ("--draft", 1, "--export", "a.pdf"),
        ("--draft", 1, "--accept", "--reject", "x"),
    ):
        assert run("drafts", "spring", *wrong).exit_code == 2


def test_no_talk_is_sent_unless_a_model_is_switched_on(run: Run, drafted: Drafted) -> None:
    assert "No language model is switched on" in refused(run("drafts", "spring", "--draft", drafted.first, "--worded"))


def test_it_says_what_goes_where_before_it_goes(run: Run, drafted: Drafted, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HARVEST_LLM_MODEL", "small-model")
    monkeypatch.setenv("HARVEST_LLM_SECONDS", "5")
    with chat_server(says(honest)) as talk:
        monkeypatch.setenv("HARVEST_LLM_URL", talk.address)
        done = run("drafts", "spring", "--draft", drafted.first, "--worded", "--json")
        first, second = done.stderr.splitlines()
        assert first.startswith("Sending ")
        assert talk.address in first
        assert second.startswith("small-model worded ")
        assert json.loads(done.stdout)["worded_by"] == "small-model"


def test_a_model_that_fails_leaves_the_plain_draft_and_says_why(
    run: Run, drafted: Drafted, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HARVEST_LLM_MODEL", "small-model")
    with chat_server(fails(404)) as talk:
        monkeypatch.setenv("HARVEST_LLM_URL", talk.address)
        done = run("drafts", "spring", "--draft", drafted.first, "--worded")
    assert done.exit_code == 0
    assert "error 404. The draft stays as it was." in done.stderr
    assert done.stdout.startswith(drafted.read().title)


def test_who_decides_is_known_without_an_account_too(monkeypatch: pytest.MonkeyPatch) -> None:
    def nobody() -> str:
        raise OSError("No username set in the environment")

    monkeypatch.setattr(getpass, "getuser", nobody)
    assert who_sits_here() == "the command line"
