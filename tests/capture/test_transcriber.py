"""Which engine is taken and why, and the gate that keeps doubtful text out of the themes."""

import json
import os
import shutil
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from capture.errors import Refused, TranscriberUnavailable
from capture.settings import CaptureSettings
from capture.speech import Spoken, Word
from capture.transcriber import choose, doubt, mark_loops, split_long

ROOT = Path(__file__).parents[2]
TINY = ROOT / "tests" / "fixtures" / "tiny-whisper" / "model"

CHOOSE = """
import json, sys
from pathlib import Path
from capture.audio import stretches
from capture.errors import HarvestError
from capture.settings import CaptureSettings
from capture.transcriber import choose

wanted, language, recording = sys.argv[1:]
try:
    choice = choose(CaptureSettings(), wanted, language=language)
    answer = {"name": choice.transcriber.name, "why": choice.why, "demonstration": choice.transcriber.demonstration}
    if recording:
        heard = choice.transcriber.transcribe(stretches(Path(recording)))
        answer["text"] = " ".join(spoken.text for result in heard for spoken in result.utterances)
    choice.transcriber.close()
except HarvestError as error:
    answer = {"error": type(error).__name__, "message": str(error)}
print(json.dumps(answer))
"""


def chosen(home: Path, wanted: str = "auto", language: str = "en", recording: str = "", **environment: str) -> dict:
    """What `choose` says in a fresh process whose model cache is `home` and whose hub does not answer."""
    cut_off = {"HF_HOME": str(home), "HF_ENDPOINT": "http://127.0.0.1:9", "HARVEST_WHISPER_DEVICE": "cpu"}
    done = subprocess.run(
        [sys.executable, "-c", CHOOSE, wanted, language, recording],
        check=True,
        capture_output=True,
        text=True,
        cwd=ROOT,
        env={**os.environ, **cut_off, **environment},
    )
    return json.loads(done.stdout)


def put_in_cache(home: Path) -> None:
    """The tiny model, filed in a hub cache as if it were the one called `small`."""
    repository = home / "hub" / "models--Systran--faster-whisper-small"
    revision = "0123456789abcdef0123456789abcdef01234567"
    shutil.copytree(TINY, repository / "snapshots" / revision)
    (repository / "refs").mkdir()
    (repository / "refs" / "main").write_text(revision)


class Hub(BaseHTTPRequestHandler):
    """The few answers of a model hub that fetching needs: a model's revision, its files, and the files themselves."""

    REVISION = "0123456789abcdef0123456789abcdef01234567"

    def do_HEAD(self) -> None:
        self.do_GET()

    def do_GET(self) -> None:
        path = urlsplit(self.path).path
        if not path.removeprefix("/api/models").startswith("/Systran/faster-whisper-small"):
            self._answer(b"{}", 404, {"X-Error-Code": "RepoNotFound"})
        elif path.startswith("/api/") and "/tree/" in path:
            files = [{"type": "file", "path": f.name, "size": f.stat().st_size, "oid": f.name} for f in TINY.iterdir()]
            self._answer(json.dumps(files).encode())
        elif path.startswith("/api/"):
            self._answer(json.dumps({"id": "Systran/faster-whisper-small", "sha": self.REVISION}).encode())
        else:
            name = path.rpartition("/")[2]
            self._answer((TINY / name).read_bytes(), 200, {"ETag": f'"{name}"', "X-Repo-Commit": self.REVISION})

    def _answer(self, body: bytes, status: int = 200, headers: dict[str, str] | None = None) -> None:
        self.send_response(status)
        for key, value in {**(headers or {}), "Content-Length": str(len(body))}.items():
            self.send_header(key, value)
        self.end_headers()
        if self.command == "GET":
            self.wfile.write(body)

    def log_message(self, *arguments: object) -> None:
        """Keeps the test's output clean."""


@pytest.fixture
def hub() -> Iterator[str]:
    with ThreadingHTTPServer(("127.0.0.1", 0), Hub) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


# --- choosing ---


def test_auto_fetches_the_weights_where_the_hub_answers(tmp_path: Path, hub: str) -> None:
    recording = str(ROOT / "tests/fixtures/speech/kal16.mp3")
    online = {"HF_ENDPOINT": hub, "HF_HUB_OFFLINE": "0", "HF_HUB_DISABLE_XET": "1"}
    answer = chosen(tmp_path, recording=recording, **online)
    assert answer["name"] == "whisper:small" and "can be fetched" in answer["why"]
    assert "After the merger nobody knew who was in charge." in answer["text"]
    assert "weights are on this machine" in chosen(tmp_path)["why"]


def test_a_model_that_is_not_on_the_hub_is_refused_by_name(tmp_path: Path, hub: str) -> None:
    recording = str(ROOT / "tests/fixtures/speech/kal16.mp3")
    answer = chosen(tmp_path, "whisper:nobody/nothing", recording=recording, HF_ENDPOINT=hub, HF_HUB_OFFLINE="0")
    assert answer["error"] == "Refused" and "nobody/nothing" in answer["message"]


def test_auto_without_weights_and_without_a_hub_takes_sphinx_at_once_and_says_why(tmp_path: Path) -> None:
    began = time.monotonic()
    answer = chosen(tmp_path)
    assert time.monotonic() - began < 60  # asking a hub again and again takes minutes
    assert (answer["name"], answer["demonstration"]) == ("sphinx", True)
    assert "PocketSphinx" in answer["why"] and "small" in answer["why"] and "cannot be reached" in answer["why"]


def test_auto_takes_whisper_where_its_weights_are_and_it_runs(tmp_path: Path) -> None:
    put_in_cache(tmp_path)
    answer = chosen(tmp_path, recording=str(ROOT / "tests/fixtures/speech/kal16.mp3"))
    assert (answer["name"], answer["demonstration"]) == ("whisper:small", False)
    assert "weights are on this machine" in answer["why"]
    assert "After the merger nobody knew who was in charge." in answer["text"]


def test_whisper_without_weights_and_hub_says_in_one_sentence_what_to_do(tmp_path: Path) -> None:
    answer = chosen(tmp_path, "whisper:small", recording=str(ROOT / "tests/fixtures/speech/kal16.mp3"))
    assert answer["error"] == "TranscriberUnavailable"
    message = answer["message"]
    assert all(word in message for word in ("small", "HF_HOME", "whisper:/path/to/the/model/folder", "sphinx"))
    assert message.count(". ") == 0 and message.endswith(".")


def test_half_fetched_weights_do_not_count_as_being_there(tmp_path: Path) -> None:
    put_in_cache(tmp_path)
    next((tmp_path / "hub").rglob("model.bin")).unlink()
    assert chosen(tmp_path)["name"] == "sphinx"


def test_auto_for_another_language_without_whisper_names_both_reasons(tmp_path: Path) -> None:
    answer = chosen(tmp_path, language="de")
    assert answer["error"] == "TranscriberUnavailable"
    assert "English only" in answer["message"] and "not on this machine" in answer["message"]


def test_the_wish_goes_before_the_setting() -> None:
    settings = CaptureSettings(transcriber="sphinx", jobs=3)
    by_setting = choose(settings)
    by_wish = choose(settings, f"whisper:{TINY}")
    assert by_setting.transcriber.name == "sphinx" and "asked for" in by_setting.why
    assert by_wish.transcriber.name == "whisper:model"
    assert getattr(by_setting.transcriber, "jobs", None) == 3
    assert getattr(choose(settings, jobs=2).transcriber, "jobs", None) == 2


def test_whisper_without_a_name_takes_the_model_that_suits_the_processor() -> None:
    settings = CaptureSettings(whisper_device="cpu")
    assert choose(settings, "whisper").transcriber.name == "whisper:small"
    graphics = CaptureSettings(whisper_device="cuda")
    assert choose(graphics, "whisper").transcriber.name == "whisper:large-v3-turbo"


@pytest.mark.parametrize("wanted", ["google", "sphinx:en", "auto:small", "Whisper:small"])
def test_an_unknown_transcriber_is_refused_with_what_there_is(wanted: str) -> None:
    with pytest.raises(Refused, match=r"whisper:MODEL"):
        choose(CaptureSettings(), wanted)


def test_sphinx_for_another_language_is_unavailable() -> None:
    with pytest.raises(TranscriberUnavailable, match=r"English only, not “de”"):
        choose(CaptureSettings(), "sphinx", language="de")
    assert choose(CaptureSettings(), "sphinx", language="en-GB").transcriber.name == "sphinx"


# --- the gate ---


@pytest.mark.parametrize(
    ("text", "measures", "expected"),
    [
        ("We should trust each other more.", {}, None),
        ("", {}, "no speech"),
        ("...", {}, "no speech"),
        ("Thank you for watching.", {"no_speech": 0.8, "average_log_probability": -1.4}, "no speech"),
        ("Thank you all for coming.", {"no_speech": 0.8, "average_log_probability": -0.3}, None),
        ("Thank you all for coming.", {"no_speech": 0.1, "average_log_probability": -1.4}, "unsure"),
        ("and so on", {"compression_ratio": 2.5}, "repeats itself"),
        ("and so on", {"compression_ratio": 2.3}, None),
        ("that was the worst of it", {"confidence": 0.2}, "unsure"),
        ("that was the worst of it", {"confidence": 0.5}, None),
        ("I think, I think, I think, I think, I think", {}, "repeats itself"),
        ("the team is the best the team is the best the team is the best", {}, "repeats itself"),
        ("We went on and on and on until the deadline was there and nobody asked.", {}, None),
        ("no, no, no, no", {}, None),
        ("no no no no no no no no no no", {}, "repeats itself"),
        ("We need trust, we need time, and we need money.", {}, None),
    ],
)
def test_the_gate_doubts_what_recognisers_make_up(text: str, measures: dict, expected: str | None) -> None:
    assert doubt(text, **measures) == expected


def spoken(*texts: str) -> list[Spoken]:
    return [Spoken(float(at), at + 0.9, text) for at, text in enumerate(texts)]


def test_the_same_text_three_times_in_a_row_is_a_loop() -> None:
    marked = mark_loops(spoken("Yes.", "So be it.", "so be it", "So be it!", "Good.", "Good.", "So be it."))
    assert [u.doubt for u in marked] == [None, "repeats itself", "repeats itself", "repeats itself", None, None, None]
    assert mark_loops(marked) == marked
    assert [u.doubt for u in mark_loops(spoken("a", "a", "a"))] == ["repeats itself"] * 3
    assert mark_loops([]) == []


def words(*given: tuple[str, float, float]) -> list[Word]:
    return [Word(text, start, end) for text, start, end in given]


def test_long_utterances_part_at_sentence_ends_before_gaps() -> None:
    text = words(("We", 0, 1), ("tried.", 1, 5), ("It", 5.1, 6), ("did", 9, 10), ("not", 10, 11), ("work.", 11, 13))
    assert [[w.text for w in part] for part in split_long(text)] == [["We", "tried."], ["It", "did", "not", "work."]]
    bare = words(("we", 0, 1), ("tried", 1, 5), ("it", 5.1, 6), ("did", 9, 10), ("not", 10, 11), ("work", 11, 13))
    assert [[w.text for w in part] for part in split_long(bare)] == [["we", "tried", "it"], ["did", "not", "work"]]
    assert split_long(bare[:2]) == [tuple(bare[:2])]
    assert [len(part) for part in split_long([Word("endless", 0, 30)])] == [1]
