"""Every block of Python in the README and in docs/notebook.md runs as written."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent.parent


def blocks(name: str) -> list[str]:
    return re.findall(r"```python\n(.*?)```", (ROOT / name).read_text(encoding="utf-8"), re.S)


@pytest.mark.parametrize("name", ["README.md", "README.en.md", "docs/notebook.md"])
def test_the_python_of_a_page_runs(name, tmp_path, monkeypatch):
    for folder in ("models", "inputs"):
        (tmp_path / folder).symlink_to(ROOT / folder)
    monkeypatch.chdir(tmp_path)
    found = blocks(name)
    assert found
    for block in found:
        exec(compile(block, name, "exec"), {})
    assert [path.suffix for path in tmp_path.glob("outputs/*")] == [".xlsx"]


def test_both_readmes_give_the_same_calls():
    zh, en = (
        [re.sub(r"\(.*|  #.*", "", one) for one in blocks(name)[0].splitlines()]
        for name in ("README.md", "README.en.md")
    )
    assert [line for line in en if line != "al.set_language"] == zh
