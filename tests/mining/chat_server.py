"""A real HTTP server on this machine that speaks the chat completions protocol, and does so well or badly."""

import json
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

Answer = Callable[["Talk", Any], None]


@dataclass
class Talk:
    """What was asked, and how it answers: `answer(talk, handler)` writes the response to the request."""

    answer: Answer
    address: str = ""
    asked: list[dict[str, Any]] = field(default_factory=list)
    headers: list[dict[str, str]] = field(default_factory=list)
    paths: list[str] = field(default_factory=list)

    @property
    def material(self) -> dict[str, Any]:
        """Passages and lines of the newest request."""
        found = json.loads(self.asked[-1]["messages"][1]["content"])
        assert isinstance(found, dict)
        return found


@contextmanager
def chat_server(answer: Answer) -> Iterator[Talk]:
    talk = Talk(answer)

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            talk.asked.append(json.loads(body))
            talk.headers.append(dict(self.headers))
            talk.paths.append(self.path)
            with suppress(BrokenPipeError, ConnectionResetError):  # whoever asked may have gone
                talk.answer(talk, self)

        def log_message(self, *arguments: Any) -> None:
            pass

    class Server(ThreadingHTTPServer):
        daemon_threads = True
        block_on_close = False
        address_family = socket.AF_INET

        def handle_error(self, *arguments: Any) -> None:
            pass

    server = Server(("127.0.0.1", 0), Handler)
    talk.address = f"http://127.0.0.1:{server.server_address[1]}/v1"
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
    try:
        yield talk
    finally:
        server.shutdown()
        server.server_close()


def reply(handler: Any, data: bytes, status: int = 200, headers: dict[str, str] | None = None) -> None:
    handler.send_response(status)
    for name, value in {"Content-Type": "application/json", **(headers or {})}.items():
        handler.send_header(name, value)
    handler.send_header("Content-Length", str(len(data)))
    handler.end_headers()
    handler.wfile.write(data)


def envelope(content: str) -> bytes:
    return json.dumps({"choices": [{"message": {"role": "assistant", "content": content}}]}).encode()


def says(make: Callable[[dict[str, Any]], Any]) -> Answer:
    """Answers with `make(material)`: a string as it is, everything else as JSON."""

    def answer(talk: Talk, handler: Any) -> None:
        said = make(talk.material)
        reply(handler, envelope(said if isinstance(said, str) else json.dumps(said, ensure_ascii=False)))

    return answer


def fails(status: int, then: Answer | None = None, times: int = 99) -> Answer:
    def answer(talk: Talk, handler: Any) -> None:
        if len(talk.asked) <= times or then is None:
            reply(handler, b'{"error": "no"}', status)
        else:
            then(talk, handler)

    return answer


def stalls(talk: Talk, handler: Any) -> None:
    """Takes the request and never answers."""
    time.sleep(30)


def drips(talk: Talk, handler: Any) -> None:
    """Answers, one byte every tenth of a second."""
    handler.send_response(200)
    handler.end_headers()
    for byte in envelope("x" * 400):
        handler.wfile.write(bytes([byte]))
        handler.wfile.flush()
        time.sleep(0.1)


def drips_headers(talk: Talk, handler: Any) -> None:
    for byte in b"HTTP/1.1 200 OK\r\nX-Slow: " + b"x" * 400:
        handler.wfile.write(bytes([byte]))
        handler.wfile.flush()
        time.sleep(0.1)


def floods(talk: Talk, handler: Any) -> None:
    """Sends megabytes without an end."""
    handler.send_response(200)
    handler.end_headers()
    for _ in range(500):
        handler.wfile.write(b"x" * 65_536)
