"""The main job as its users do it, in a real headless Chromium: sign in, upload, watch, find themes, read, listen."""

import os
import shutil
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

from tests.conftest import FIXTURES, SAMPLES, Demo
from tests.web.running import Viewer

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
pytestmark = pytest.mark.browser
PATIENCE = 240_000
"""Milliseconds for work that listens to minutes of speech."""


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    if not CHROMIUM:
        reason = "no chromium on this machine (Debian: apt install chromium)"
        pytest.fail(reason) if os.environ.get("CI") else pytest.skip(reason)
    quiet = [
        "--no-sandbox",
        "--disable-gpu",
        "--disable-background-networking",
        "--autoplay-policy=no-user-gesture-required",
    ]
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=quiet)
        yield browser
        browser.close()


@pytest.fixture(scope="module")
def viewer(demo: Demo, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Viewer]:
    data = tmp_path_factory.mktemp("browser") / "data"
    shutil.copytree(demo.data, data)
    viewer = Viewer(data, HARVEST_TRANSCRIBER=f"whisper:{FIXTURES / 'tiny-whisper' / 'model'}")
    yield viewer
    viewer.stop()


@pytest.fixture(scope="module")
def page(browser: Browser, viewer: Viewer) -> Iterator[Page]:
    """A signed-in page that fails its test when anything went wrong in the browser: scripts, styles, refused loads."""
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    page = context.new_page()
    troubles: list[str] = []
    page.on("pageerror", lambda error: troubles.append(str(error)))
    page.on("console", lambda message: troubles.append(message.text) if message.type == "error" else None)
    page.goto(viewer.link)
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    yield page
    context.close()
    assert troubles == []


def test_from_upload_to_a_quote_that_plays_at_its_second(page: Page, viewer: Viewer) -> None:
    page.goto(f"{viewer.address}/")
    page.get_by_label("Title").fill("Winter open space")
    page.get_by_role("button", name="Make").click()

    rooms = SAMPLES / "rooms"
    transcripts = ["saying_no_upstairs.srt", "GMT20260319-093412_Recording.transcript.vtt"]
    recording = FIXTURES / "speech" / "rms.m4a"
    page.get_by_label("Files").set_input_files([recording, *(rooms / name for name in transcripts)])
    page.get_by_role("button", name="Add them").click()
    desk = page.locator("[data-desk]")
    expect(desk.locator("tr")).to_have_count(3, timeout=30_000)
    expect(desk.get_by_text("ready", exact=True)).to_have_count(3, timeout=PATIENCE)

    page.get_by_role("button", name="Find themes").click()
    page.get_by_role("link", name="See what was found").click(timeout=PATIENCE)
    expect(page.get_by_role("heading", level=1)).to_contain_text("Winter open space")

    theme_with_audio(page, "rms")
    play_and_check(page, page.locator("button[data-play]").first)


def theme_with_audio(page: Page, group: str) -> None:
    """Opens a theme of the group that has a recording, through the matrix as a reader would."""
    cell = page.locator(f"a[href*='#group-'][aria-label*='{group}'], a[href*='#group-']:has([aria-label*='{group}'])")
    cell.first.click()
    expect(page.locator("button[data-play]").first).to_be_visible()


def play_and_check(page: Page, button: object) -> None:
    from playwright.sync_api import Locator

    assert isinstance(button, Locator)
    start, end = float(button.get_attribute("data-start") or -1), float(button.get_attribute("data-end") or -1)
    button.click()
    expect(button).to_have_attribute("aria-pressed", "true")
    page.wait_for_function("() => [...document.querySelectorAll('audio')].some(a => !a.paused && a.currentTime > 0)")
    now = page.evaluate("() => [...document.querySelectorAll('audio')].find(a => !a.paused).currentTime")
    assert start - 0.2 <= now <= start + 3, f"plays at {now:.1f} s, the words begin at {start:.1f} s"
    page.evaluate(f"() => {{ [...document.querySelectorAll('audio')].find(a => !a.paused).currentTime = {end - 0.5} }}")
    expect(button).to_have_attribute("aria-pressed", "false", timeout=10_000)


def test_the_demo_event_reads_from_birds_eye_to_group_with_the_keyboard_alone(page: Page, viewer: Viewer) -> None:
    page.goto(f"{viewer.address}/events/spring-open-space")
    page.keyboard.press("Tab")
    expect(page.locator(":focus")).to_have_text("Skip to content")
    theme_with_audio(page, "Finance gate")
    page.locator("article h3 a", has_text="Finance gate").first.click()
    expect(page.locator("audio")).to_have_count(1)
    page.locator("body").press("Space")
    page.wait_for_function("() => document.querySelector('audio').currentTime > 0.2")
    page.locator("body").press("ArrowRight")
    page.wait_for_function("() => document.querySelector('audio').currentTime > 5")
    expect(page.locator(".line.now")).to_have_count(1)
    page.locator("body").press("Space")


@pytest.mark.parametrize("width", [1280, 390])
def test_no_page_is_wider_than_the_window(page: Page, viewer: Viewer, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 900})
    for path in ("", "events/spring-open-space", "events/spring-open-space/rooms", "events/spring-open-space/themes/1"):
        page.goto(f"{viewer.address}/{path}")
        assert page.evaluate("document.documentElement.scrollWidth") <= width, path


def test_everything_can_be_read_and_played_without_scripts(browser: Browser, viewer: Viewer, page: Page) -> None:
    context = browser.new_context(java_script_enabled=False, storage_state=page.context.storage_state())
    plain = context.new_page()
    plain.goto(f"{viewer.address}/events/spring-open-space")
    href = plain.locator("a[href*='/themes/']").first.get_attribute("href")
    plain.goto(f"{viewer.address}{href}")
    expect(plain.locator("blockquote").first).to_be_visible()
    plain.goto(f"{viewer.address}/events/spring-open-space/rooms")
    expect(plain.get_by_role("button", name="Add them")).to_be_visible()
    context.close()
