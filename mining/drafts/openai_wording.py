"""Adapter: a language model behind an OpenAI-compatible chat completions endpoint, asked with httpx2.

The model that a local server (llama.cpp, vLLM, Ollama) or a paid service runs. Passages go to the one address that the
operator set and nowhere else: no redirects, no proxies or log-ins of the environment. An answer may take no longer
than the time the operator allows, whatever the server does, and no more than MOST_BYTES.
"""

import json
import threading
import time
from typing import Any
from urllib.parse import urlsplit

from capture.errors import HarvestError, Refused
from mining.drafts.wording import WordingFailed
from mining.settings import MiningSettings

MOST_BYTES = 2_000_000
"""Of an answer; a guide's lines are some 10 kB."""
TRIES = 3
PAUSE = 0.5
"""Seconds before the second try; twice as long before each further one."""
AGAIN = frozenset({408, 409, 425, 429, 500, 502, 503, 504})
"""Answers after which it is worth asking again."""
LEAST_SECONDS = 0.05


def model_of(settings: MiningSettings) -> "OpenAIModel | None":
    """The model the operator switched on; None where none is. Raises Refused for an address that is none."""
    if not settings.llm_url:
        return None
    return OpenAIModel(settings.llm_url, settings.llm_model, settings.llm_key, settings.llm_seconds)


class OpenAIModel:
    """A `wording.Model`. `seconds` is for all tries together."""

    def __init__(self, url: str, model: str, key: str, seconds: float) -> None:
        try:
            parts = urlsplit(url)
            sound = parts.scheme in ("http", "https") and bool(parts.hostname) and (parts.port or 1) > 0
        except ValueError:
            sound = False
        if not sound:
            raise Refused("HARVEST_LLM_URL must be an address such as http://localhost:11434/v1.")
        if parts.username or parts.password:
            raise Refused("HARVEST_LLM_URL must not hold a password. Put the key into HARVEST_LLM_KEY.")
        if not model:
            raise Refused("HARVEST_LLM_URL is set, but not HARVEST_LLM_MODEL. Name the model that is to be asked.")
        if not seconds > 0:
            raise Refused("HARVEST_LLM_SECONDS must be more than nothing.")
        path = parts.path.rstrip("/")
        self.name = model
        self.where = f"{parts.scheme}://{parts.netloc}{path}"
        self._url = self.where if path.endswith("/chat/completions") else f"{self.where}/chat/completions"
        self._key, self._seconds = key, seconds

    def answer(self, system: str, request: str) -> str:
        """Raises WordingFailed after `seconds` at the latest, give or take what a connection takes to close."""
        deadline = time.monotonic() + self._seconds
        messages = [{"role": "system", "content": system}, {"role": "user", "content": request}]
        body: dict[str, Any] = {"model": self.name, "messages": messages, "response_format": {"type": "json_object"}}
        status, problem = None, ""
        for turn in range(TRIES):
            if status in AGAIN and not _wait(deadline, PAUSE * 2 ** (turn - 1)):
                break
            status, text, problem = self._ask(body, deadline)
            if status == 200:
                return _content(text)
            if status in (400, 422) and "response_format" in body:
                del body["response_format"]  # servers that do not know it say so in this way
            elif status not in AGAIN:
                break
        raise WordingFailed(f"The language model at {self.where} gave no answer: {problem}.")

    def _ask(self, body: dict[str, Any], deadline: float) -> tuple[int | None, str, str]:
        """(status, text, what went wrong); no status where there was no answer.

        In a thread of its own: timeouts of a socket begin anew with every byte, and a server may send one a second.
        """
        import httpx2

        left = deadline - time.monotonic()
        if left < LEAST_SECONDS:
            return None, "", _late(self._seconds)
        done: list[tuple[int | None, str, str] | HarvestError] = []
        client = httpx2.Client(timeout=httpx2.Timeout(left), follow_redirects=False, trust_env=False)
        asking = threading.Thread(target=lambda: done.append(self._exchange(client, body)), daemon=True)
        asking.start()
        asking.join(left)
        client.close()
        if not done:
            return None, "", _late(self._seconds)
        if isinstance(done[0], HarvestError):
            raise done[0]
        return done[0]

    def _exchange(self, client: Any, body: dict[str, Any]) -> tuple[int | None, str, str] | HarvestError:
        import httpx2

        headers = {"Accept": "application/json", "Accept-Encoding": "identity"}
        if self._key:
            headers["Authorization"] = f"Bearer {self._key}"
        try:
            with client.stream("POST", self._url, json=body, headers=headers) as answer:
                if answer.status_code != 200:
                    return answer.status_code, "", f"it answered with error {answer.status_code}"
                return 200, _read(answer.iter_raw()), ""
        except WordingFailed as failed:
            return failed
        except httpx2.TimeoutException:
            return None, "", _late(self._seconds)
        except (httpx2.HTTPError, httpx2.InvalidURL, httpx2.StreamError, OSError, UnicodeError, RuntimeError) as error:
            return None, "", f"the connection failed ({type(error).__name__})"


def _read(chunks: Any) -> str:
    read = bytearray()
    for chunk in chunks:
        read += chunk
        if len(read) > MOST_BYTES:
            raise WordingFailed(f"The language model's answer is larger than {MOST_BYTES // 1_000_000} MB: not used.")
    return read.decode("utf-8", "replace")


def _content(text: str) -> str:
    """What the model said, out of the envelope of the protocol."""
    try:
        content = json.loads(text)["choices"][0]["message"]["content"]
    except (ValueError, LookupError, TypeError, RecursionError):
        content = None
    if not isinstance(content, str) or not content.strip():
        raise WordingFailed("The language model's answer could not be read: it is not as the protocol has it.")
    return content


def _wait(deadline: float, pause: float) -> bool:
    """Whether there is time for another try, after the pause."""
    if time.monotonic() + pause + LEAST_SECONDS > deadline:
        return False
    time.sleep(pause)
    return True


def _late(seconds: float) -> str:
    return f"it took longer than the {seconds:g} seconds of HARVEST_LLM_SECONDS"
