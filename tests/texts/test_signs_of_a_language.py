"""An English page holds no full-width bracket, comma, colon or stop; a Chinese one none of half width about Chinese.

The one exception is what is quoted: legal sources and a model's own lines, and what a person wrote into a table.
"""

from __future__ import annotations

import ast
import csv
import os
import re
import tomllib
import zipfile
from collections.abc import Iterator
from pathlib import Path

import openpyxl
import pytest
from shipped import HOUSE, sample_model, sample_table

from allocation.commands.printing import print_run
from allocation.commands.screen import Screen
from allocation.policy.model import Model
from allocation.record.record import PAPERS, Record
from allocation.run.run import Run, run_model
from allocation.sheets.memory import Formula, MemoryBook
from allocation.tables.table import Table
from allocation.texts import LANGUAGES
from allocation.xlsx.writer import write_sheets
from allocation.years.timeline import read_years

PACKAGE = Path(__file__).parent.parent.parent / "allocation"
FULL_WIDTH = re.compile("[（），。：；！？]")
HALF_WIDTH = re.compile(r"[\u4e00-\u9fff] ?\([^()]*\)|\([^()]*[\u4e00-\u9fff][^()]*\)|[\u4e00-\u9fff][,;:]")
WRONG = {"en": FULL_WIDTH, "zh": HALF_WIDTH}
CODE = re.compile(
    r"[\w.]+\s?\([^()]*\)|\(…, 位数\)|\(0\.4, 0\.7\)"
)  # what a message gives to type: in ("县城", "建制镇")
SAMPLES = sorted(path.stem for path in (HOUSE / "inputs").glob("*.toml"))
SHOWN = SAMPLES if os.environ.get("CI") == "true" else ["land_quota"]


def catalogue(lang: str) -> Iterator[tuple[str, str]]:
    for path in sorted((PACKAGE / "texts" / lang).glob("*.toml")):
        yield from ((f"{path.stem}.{key}", text) for key, text in tomllib.loads(path.read_text("utf-8")).items())


def labels(node: object, lang: str) -> Iterator[str]:
    """What a model file says in one language."""
    for key, value in node.items() if isinstance(node, dict) else enumerate(node) if isinstance(node, list) else ():
        if key == lang and isinstance(value, str):
            yield value
        yield from labels(value, lang)


def pairs() -> Iterator[tuple[ast.expr, ast.expr]]:
    """The texts in both languages that stand in the code."""
    texts = [file.read_text(encoding="utf-8") for file in sorted(PACKAGE.rglob("*.py"))]
    for text in (text for text in texts if "Both(" in text):
        for node in ast.walk(ast.parse(text)):
            if isinstance(node, ast.Call) and ast.unparse(node.func) == "Both" and len(node.args) == 2:
                yield node.args[0], node.args[1]


def constants(node: ast.expr) -> Iterator[str]:
    return (part.value for part in ast.walk(node) if isinstance(part, ast.Constant) and isinstance(part.value, str))


def quoted(model: Model, table: Table | None = None) -> list[str]:
    """Legal sources, the model's text, and what the table's people wrote; long ones first."""
    texts = {*model.text.splitlines(), *re.findall(r'source = "([^"]*)"', model.text), *model.basis}
    if table is not None:
        texts |= {*table.names, *table.row_notes, *table.remarks.values()}
    return sorted(filter(None, texts), key=len, reverse=True)


def wrong(texts: Iterator[str], lang: str, apart: list[str]) -> list[str]:
    found = []
    for text in dict.fromkeys(texts):
        if WRONG[lang].search(text):
            for one in apart:
                text = text.replace(one, "")
            found += [text] if WRONG[lang].search(text) else []
    return found


@pytest.mark.parametrize("lang", LANGUAGES)
def test_no_message_has_signs_of_the_other_language(lang):
    apart = {"collect.unknown_near": "；", "study.factor_number": "低:高"}  # what a person types
    found = {key: text for key, text in catalogue(lang)
             if WRONG[lang].search(CODE.sub("", text).replace(apart.get(key, "\0"), ""))}  # fmt: skip
    assert found == {}


@pytest.mark.parametrize("lang", LANGUAGES)
def test_no_shipped_model_has_signs_of_the_other_language(lang):
    models = {path.name: tomllib.loads(path.read_text("utf-8")) for path in (HOUSE / "models").glob("*.toml")}
    assert {name: texts for name, model in models.items() if (texts := wrong(labels(model, lang), lang, []))} == {}


def test_no_text_in_the_code_has_signs_of_the_other_language():
    every = list(pairs())
    assert every
    assert [ast.unparse(en) for _, en in every if any(map(FULL_WIDTH.search, constants(en)))] == []
    assert [ast.unparse(zh) for zh, _ in every if any(map(HALF_WIDTH.search, constants(zh)))] == []


@pytest.fixture(scope="module", params=SHOWN)
def run(request) -> Run:
    model = sample_model(request.param)
    return run_model(model, read_years([sample_table(request.param)], model)[0], reference=True)


def cells(book: MemoryBook) -> Iterator[str]:
    """Every text of a workbook: names of sheets, headers, cells, and the texts within formulas."""
    for sheet in book.sheets.values():
        yield from (sheet.name, sheet.header)
        for cell in sheet.cells.values():
            text = cell.value if isinstance(cell, Formula) else cell
            yield from [text] if isinstance(text, str) else []
            yield from re.findall(r'"([^"]*)"', cell.text) if isinstance(cell, Formula) else []


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_workbook_and_the_terminal_keep_to_the_signs_of_their_language(run, lang, capsys):
    book = MemoryBook(lang)
    write_sheets(book, run, Record("run", papers=PAPERS))
    print_run(run, Screen(lang))
    apart = quoted(run.model, run.table)
    assert wrong(cells(book), lang, apart) == []
    assert wrong(iter(capsys.readouterr().out.splitlines()), lang, apart) == []


def texts_of(path: Path) -> Iterator[str]:
    """Every text a person sees of a file on the disk."""
    if path.suffix == ".xlsx":
        book = openpyxl.load_workbook(path)
        for sheet in book.worksheets:
            yield from (sheet.title, sheet.oddHeader.right.text or "", sheet.oddFooter.center.text or "")
            for row in sheet.iter_rows():
                yield from (cell.value for cell in row if cell.data_type == "s")
                yield from (cell.comment.text for cell in row if cell.comment)
    elif path.suffix == ".docx":
        with zipfile.ZipFile(path) as held:
            for part in held.read("word/document.xml").decode("utf-8").split("</w:p>"):
                yield "".join(re.findall(r"<w:t(?: [^>]*)?>([^<]*)", part))
    elif path.suffix == ".csv":
        yield from next(csv.reader(path.read_text("utf-8-sig").splitlines()))


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_paper_of_an_issue_keeps_to_the_signs_of_its_language(allocation, folder, lang):
    """Workbook, CSV, letters, note, editions and blank forms, on the disk as staff open them; and what was printed."""
    out = f"--out out --date 2018-03-09 --lang {lang}"
    editions = "--edition internal --edition county --edition public" if os.environ.get("CI") == "true" else ""
    told = [allocation(f"run reward --stage final {editions} {out}").text, allocation(f"notices reward {out}").text]
    told += [allocation(f"template reward --out out/blank.xlsx --lang {lang}").text]
    files = [path for path in (folder / "out").rglob("*") if path.is_file()]
    assert {path.suffix for path in files} >= {".xlsx", ".docx", ".csv"}
    apart = quoted(sample(folder))
    assert {path.name: found for path in files if (found := wrong(texts_of(path), lang, apart))} == {}
    assert wrong(iter("\n".join(told).splitlines()), lang, apart) == []


def sample(folder: Path) -> Model:
    from allocation.policy.loading import load_model

    return load_model(folder / "models" / "reward.toml")


STRANGE = (
    ("Amount（10,000 yuan）", "en"),
    ("It holds。", "en"),
    ("金额(万元)", "zh"),
    ("奖励 (a: B5)", "zh"),
    ("县,市", "zh"),
)


@pytest.mark.parametrize(("text", "lang"), STRANGE)
def test_a_sign_of_the_other_language_is_seen(text, lang):
    assert wrong(iter([text]), lang, []) == [text] and wrong(iter([text]), lang, [text]) == []
