import os
import re
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from http.cookiejar import CookieJar
from pathlib import Path

import pytest

from capture.console import Console
from capture.errors import Refused
from capture.settings import CaptureSettings
from tests.web.running import Viewer
from web.serve import serve_here


@pytest.fixture
def viewer(tmp_path: Path) -> Iterator[Viewer]:
    viewer = Viewer(tmp_path)
    yield viewer
    viewer.stop()


def workers(parent: int) -> list[int]:
    found = []
    for entry in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = entry.read_text().rsplit(")", 1)[1].split()
        except OSError:
            continue
        if int(fields[1]) == parent and fields[0] != "Z":
            found.append(int(entry.parent.name))
    return found


def test_the_printed_link_signs_in_once(viewer: Viewer) -> None:
    browser = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(CookieJar()))
    with browser.open(viewer.link) as page:
        assert "button" in page.read().decode()
    with browser.open(viewer.link, data=b"") as page:
        assert page.url == f"{viewer.address}/" and "Events" in page.read().decode()
    with pytest.raises(urllib.error.HTTPError) as again:
        urllib.request.urlopen(viewer.link, data=b"")
    assert again.value.code == 410
    again.value.close()
    assert viewer.stop() == 0


def test_the_worker_runs_beside_it_and_ends_with_it_even_after_kill_9(viewer: Viewer) -> None:
    end = time.monotonic() + 20
    while not (children := workers(viewer.process.pid)):
        assert time.monotonic() < end
        time.sleep(0.1)
    time.sleep(2)  # it may still be loading; its watch on the parent must hold from the beginning
    viewer.process.kill()
    viewer.process.wait()
    while any(Path(f"/proc/{child}").exists() for child in children):
        assert time.monotonic() < end, "the worker outlived its viewer"
        time.sleep(0.1)


@pytest.mark.parametrize("host", ["0.0.0.0", "192.168.1.4", "::", "harvest.example.org"])
def test_an_address_others_can_reach_needs_the_flag(host: str, settings: CaptureSettings) -> None:
    with pytest.raises(Refused, match=f"{re.escape(host)} can be reached.*--open-to-network"):
        serve_here(Console(settings, lambda database: None), host, 8765, False)


def test_a_taken_port_is_named_with_the_remedy(viewer: Viewer, tmp_path: Path) -> None:
    port = viewer.address.rsplit(":", 1)[1]
    command = [sys.executable, "-m", "web", "--data", str(tmp_path), "serve", "--port", port]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, env=os.environ)
    assert done.returncode == 1
    assert f"Port {port} on 127.0.0.1 cannot be used" in done.stderr and "--port" in done.stderr
