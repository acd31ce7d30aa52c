"""The complete examples of docs/evaluation.md and docs/zh/evaluation.md, as a reader would type them off."""

from __future__ import annotations

import re
from pathlib import Path

from word import ROOT

PAGES = {"zh": ROOT / "docs" / "zh" / "evaluation.md", "en": ROOT / "docs" / "evaluation.md"}
MODELS = {"zh": "绿地监测", "en": "park_monitor"}


def example(lang: str) -> dict[str, str]:
    """The files of a page's example by their path."""
    text = PAGES[lang].read_text("utf-8")
    return dict(re.findall(r"(?m)^`([^`\n]+\.(?:toml|csv))`[^\n]*\n\n```\w+\n(.*?)```", text, re.S))


def console(lang: str) -> str:
    """What the page says the command prints."""
    return re.search(r"```console\n\$ [^\n]*\n(.*?)```", PAGES[lang].read_text("utf-8"), re.S)[1]


def quoted(lang: str) -> str:
    """What the page says stands in the report."""
    return re.search(r"```text\n(.*?)\n```", PAGES[lang].read_text("utf-8"), re.S)[1]


def lay_out(lang: str, folder: Path) -> None:
    for path, text in example(lang).items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(text, encoding="utf-8")
