"""What a notebook's prose says agrees with what stands beside it: no figure and no mark that it does not show."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from test_notebooks import NOTEBOOKS, said

FIGURE = re.compile(r"\d[\d,]*(?:\.\d+)?")
LINK = re.compile(r"\[[^\]]*\]\([^)]*\)|`[^`]*`|(?m:^\d+\. )|(?m:^#.*)")  # names of files, numbers of lists, headings
MARKS = ("参照测算", "浮点试算", "示例数据", "参数待定")


def figures(text: str) -> set[str]:
    return {one.replace(",", "") for one in FIGURE.findall(text)}


def prose_and_rest(path: Path) -> tuple[list[str], str]:
    """The pages of prose, and all that is typed or shown."""
    cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
    prose = ["".join(cell["source"]) for cell in cells if cell["cell_type"] == "markdown"]
    code = [cell for cell in cells if cell["cell_type"] == "code"]
    shown = [said(output) for cell in code for output in cell["outputs"]]
    return prose, "\n".join([*("".join(cell["source"]) for cell in code), *shown])


def unshown(prose: str, rest: str) -> list[str]:
    plain = LINK.sub(" ", prose)
    lost = sorted(figures(plain) - figures(rest))
    return lost + [mark for mark in MARKS if mark in plain and mark not in rest]


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_every_figure_and_mark_that_prose_names_is_typed_or_shown_in_that_notebook(path):
    prose, rest = prose_and_rest(path)
    assert [(page[:60], lost) for page in prose if (lost := unshown(page, rest))] == []


def test_a_figure_that_moved_away_from_its_prose_is_seen():
    assert unshown("各县少 2,650 万元，按**参照测算**", "总额 2,651 万元（示例数据）") == ["2650", "参照测算"]
    assert unshown("少 2650 万元，见 [03 某页](03_x.ipynb)", "总额 2,650 万元") == []
