"""What stands in a Word file, and Word files as people make them."""

from __future__ import annotations

import re
import zipfile
from pathlib import Path

import docx
from docx.oxml.ns import qn

ROOT = Path(__file__).parents[2]
MONITOR = ROOT / "inputs" / "urbanisation_monitor.csv"
NUMBER = re.compile(r"\d+(?:,\d{3})*(?:\.\d+)?%?")


def lines(path: Path) -> list[str]:
    """The paragraphs of the body in order, those of tables included, without the empty ones."""
    body = docx.Document(str(path)).element.body
    texts = ("".join(node.text or "" for node in one.iter(qn("w:t"))) for one in body.iter(qn("w:p")))
    return [text for text in texts if text.strip()]


def sentences(path: Path) -> list[str]:
    """The paragraphs outside tables; a title that was broken in one."""
    return [one.text.replace("\n", "") for one in docx.Document(str(path)).paragraphs if one.text.strip()]


def rows(path: Path) -> list[list[str]]:
    return [row for table in docx.Document(str(path)).tables for row in rows_of(table)]


def rows_of(table) -> list[list[str]]:
    return [[cell.text for cell in row.cells] for row in table.rows]


def parts(path: Path) -> dict[str, str]:
    """Every part of a Word file or workbook that is text."""
    with zipfile.ZipFile(path) as archive:
        names = [name for name in archive.namelist() if name.endswith((".xml", ".rels"))]
        return {name: archive.read(name).decode("utf-8") for name in names}


def numbers(text: str) -> list[str]:
    return NUMBER.findall(text)


def template(path: Path, *paragraphs: str | tuple[str, ...]) -> Path:
    """A Word file of these paragraphs; a tuple is one paragraph in several runs, as Word parts them."""
    document = docx.Document()
    for one in paragraphs:
        made = document.add_paragraph()
        for text in (one,) if isinstance(one, str) else one:
            made.add_run(text)
    document.save(str(path))
    return path
