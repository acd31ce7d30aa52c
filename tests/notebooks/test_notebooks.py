"""The three notebooks run from top to bottom in a kernel of their own and still say what is kept in them.

`UPDATE_NOTEBOOKS=1 python -m pytest tests/notebooks` writes their outputs anew; read the diff.
"""

from __future__ import annotations

import json
import os
import re
from base64 import b64decode
from html import unescape
from pathlib import Path

import nbformat
import pytest
from desk import some
from nbclient import NotebookClient

FOLDER = Path(__file__).parent.parent.parent / "notebooks"
NOTEBOOKS = sorted(FOLDER.glob("*.ipynb"))
RUN = NOTEBOOKS if os.environ.get("UPDATE_NOTEBOOKS") else some(NOTEBOOKS, 1)  # a kernel takes seven seconds
LEAST_PICTURE = 5_000  # bytes


def executed(path: Path, folder: Path) -> dict:
    """The notebook after running it in `folder`, without what differs from one run or machine to the next."""
    book = nbformat.read(path, as_version=4)
    NotebookClient(
        book, timeout=300, kernel_name="python3", resources={"metadata": {"path": str(folder)}}, coalesce_streams=True
    ).execute()  # what is printed may arrive in one message or in two
    kept = json.loads(nbformat.writes(book))
    kept["metadata"] = {**kept["metadata"], "language_info": {"name": "python"}}
    for cell in kept["cells"]:
        cell["metadata"].pop("execution", None)
    return kept


def said(output: dict) -> str:
    """What an output says: pages without their tags, pictures not at all."""
    data = output.get("data", {})
    if output["output_type"] == "error":
        return "".join(output["traceback"])
    if "image/png" in data:
        return "(picture)"
    page = "".join(data.get("text/html", []))
    text = unescape(re.sub("<[^>]+>", " ", page)) or "".join(data.get("text/plain", output.get("text", [])))
    return " ".join(text.split())


def words(cell: dict) -> list[str]:
    """All that a cell says; of one tagged `sampled` only the words, for SciPy's samples may change."""
    found = [said(output) for output in cell["outputs"]]
    if "sampled" in cell["metadata"].get("tags", []):
        return [" ".join(re.findall(r"[^\W\d_]+", text)) for text in found]
    return found


def code(book: dict) -> list[dict]:
    return [cell for cell in book["cells"] if cell["cell_type"] == "code"]


@pytest.mark.parametrize("path", RUN, ids=lambda path: path.stem)
def test_a_notebook_runs_and_says_what_is_kept_in_it(path, tmp_path):
    folder = tmp_path / "notebooks"
    folder.mkdir()
    book = executed(path, folder)
    if os.environ.get("UPDATE_NOTEBOOKS"):
        path.write_text(json.dumps(book, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    kept = json.loads(path.read_text(encoding="utf-8"))
    assert [cell["source"] for cell in code(book)] == [cell["source"] for cell in code(kept)]
    for cell, old in zip(code(book), code(kept), strict=True):
        assert words(cell) == words(old), "".join(cell["source"])
    pictures = [out["data"]["image/png"] for cell in code(book) for out in cell["outputs"] if "image/png" in str(out)]
    assert pictures and all(len(b64decode(one)) > LEAST_PICTURE for one in pictures)
    assert not [out for cell in code(book) for out in cell["outputs"] if out["output_type"] == "error"]


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_a_notebook_is_kept_with_its_outputs_and_nothing_of_the_machine_that_ran_it(path):
    book = json.loads(path.read_text(encoding="utf-8"))
    assert [cell["execution_count"] for cell in code(book)] == [*range(1, len(code(book)) + 1)]
    assert all(cell["outputs"] for cell in code(book))
    assert book["metadata"]["language_info"] == {"name": "python"}
    assert not [key for cell in book["cells"] for key in cell["metadata"] if key != "tags"]
    assert not [out for cell in code(book) for out in cell["outputs"] if out.get("name") == "stderr"]


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_a_notebook_marks_its_figures_and_has_a_line_of_english_in_each_section(path):
    book = json.loads(path.read_text(encoding="utf-8"))
    prose = ["".join(cell["source"]) for cell in book["cells"] if cell["cell_type"] == "markdown"]
    assert "示例数据" in prose[0]
    sections = re.split(r"(?m)^#+ ", "\n".join(prose))[1:]
    assert len(sections) >= 4 and all(re.search(r"(?m)^\*[A-Z][^*]+\*$", section) for section in sections)
    shown = [text for cell in code(book) for text in words(cell) if "古塔区" in text and "单位" in text]
    assert shown and all("示例数据" in text for text in shown)


def test_there_are_three_notebooks():
    assert [path.name[:2] for path in NOTEBOOKS] == ["01", "02", "03"]
