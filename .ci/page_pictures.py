"""The pictures of the page in the READMEs, made from the sample in both languages. Run: python .ci/page_pictures.py"""

from __future__ import annotations

import shutil
import sys
import tempfile
from pathlib import Path

from playwright.sync_api import sync_playwright

ROOT = Path(__file__).parents[1]
sys.path[:0] = [str(ROOT / "tests" / "page"), str(ROOT)]

from page_server import started  # noqa: E402

IMAGES = ROOT / "docs" / "images"
SAMPLE = "incentive_fund"
# Name of the picture, view of the work, what is there once it is drawn.
VIEWS = (
    ("awards", "awards", ".signs .exact"),
    ("see", "see/awards", ".canvas[data-drawn] canvas"),
    ("ask", "ask/210726", ".sentence"),
)


def main() -> None:
    browser_file = shutil.which("chromium") or shutil.which("google-chrome")
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as driver:
        server = started(Path(folder))
        case = server.ask("drop.sample", {"sample": SAMPLE})["name"]
        work = server.ask("desk.begin", {"model": case})["id"]
        browser = driver.chromium.launch(executable_path=browser_file, args=["--no-sandbox"])
        for lang in ("zh", "en"):
            tab = browser.new_page(viewport={"width": 1366, "height": 768})
            tab.set_default_timeout(120_000)  # a machine may be busy
            for name, view, awaited in VIEWS:
                tab.goto("about:blank")
                tab.goto(f"{server.address}?lang={lang}#/works/{work}/{view}")
                tab.wait_for_selector(awaited)
                tab.screenshot(path=IMAGES / f"page_{name}.{lang}.png")
        browser.close()
        server.process.terminate()
        server.process.wait(10)


if __name__ == "__main__":
    main()
