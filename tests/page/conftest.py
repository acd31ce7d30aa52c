"""The page as a person has it: the server of a folder, and Chromium on it."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

IN_CI = os.environ.get("CI") == "true"
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
# Without the last one the browser itself asks its maker for updates: then no test could tell that the page asks nobody.
SWITCHES = ["--no-sandbox", "--disable-background-networking", "--disable-component-update", "--disable-sync"]
REPOSITORY = Path(__file__).parents[2]


@dataclass(frozen=True)
class Server:
    """A page that runs, and the folder it works in."""

    address: str
    folder: Path
    process: subprocess.Popen[str]

    def ask(self, name: str, asked: object = None, lang: str = "zh") -> dict:
        """The answer of a call. Raises HTTPError where it is refused."""
        request = urllib.request.Request(
            f"{self.address}api/{name}",
            json.dumps(asked or {}).encode(),
            {"x-allocation": "1", "x-lang": lang},
            method="POST",
        )
        with urllib.request.urlopen(request) as answer:
            return json.load(answer)

    def hand(self, name: str, data: bytes) -> str:
        quoted = urllib.request.quote(name)
        request = urllib.request.Request(
            f"{self.address}api/files?name={quoted}", data, {"x-allocation": "1"}, method="PUT"
        )
        with urllib.request.urlopen(request) as answer:
            return json.load(answer)["name"]


def started(folder: Path, *words: str) -> Server:
    """The page of a folder, as the command starts it; it says its address itself."""
    environment = {**os.environ, "PYTHONPATH": str(REPOSITORY), "PYTHONUTF8": "1"}
    command = [sys.executable, "-m", "allocation", "page", str(folder), "--quiet", *words]
    process = subprocess.Popen(
        command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, encoding="utf-8"
    )
    said = ""
    for line in process.stdout or ():
        said += line
        if match := re.search(r"http://\S+", line):
            return Server(match[0], folder, process)
    raise AssertionError(said)


@pytest.fixture
def server(folder: Path) -> Iterator[Server]:
    """The page of a person's own folder: its models and tables lie there."""
    running = started(folder)
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
