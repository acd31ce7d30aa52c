"""The page as a person has it: the server of a folder, and Chromium on it."""

from __future__ import annotations

import os
import shutil
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest
from page_server import Server, started

IN_CI = os.environ.get("CI") == "true"
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
# Without the last one the browser itself asks its maker for updates: then no test could tell that the page asks nobody.
SWITCHES = ["--no-sandbox", "--disable-background-networking", "--disable-component-update", "--disable-sync"]


@pytest.fixture
def server(folder: Path) -> Iterator[Server]:
    """The page of a person's own folder: its models and tables lie there.

    On a port of its own: a page that is killed and started again there must not find another test's.
    """
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        port = held.getsockname()[1]
    running = started(folder, "--port", str(port))
    yield running
    running.process.terminate()
    running.process.wait(10)


@pytest.fixture(scope="session")
def chromium():
    """Headless Chromium; a desk without one says so, CI must have it."""
    if not CHROMIUM:
        assert not IN_CI, "CI must have Chromium: .ci/run installs it"
        pytest.skip("needs Chromium")
    playwright = pytest.importorskip("playwright.sync_api")
    with playwright.sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=CHROMIUM, args=SWITCHES)
        yield browser
        browser.close()


@pytest.fixture
def tab(chromium, server):
    """A tab on the page, 1366 × 768, that fails the test where a script of the page failed."""
    context = chromium.new_context(viewport={"width": 1366, "height": 768}, accept_downloads=True)
    opened = context.new_page()
    failed: list[str] = []
    opened.on("pageerror", lambda error: failed.append(str(error)))
    opened.goto(server.address)
    opened.wait_for_selector("h1")
    yield opened
    context.close()
    assert not failed
