"""Whatever a county, a model, a reason or a file is called, no product of any command takes it for more than a text."""

from __future__ import annotations

import csv
import os
import re
import shutil
import zipfile
from io import StringIO
from pathlib import Path
from xml.etree import ElementTree

import docx
import pytest
from openpyxl import load_workbook

NAMES = {  # as a table has it: as every product must have it
    "=cmd|'/c calc'!A1": "=cmd|'/c calc'!A1",
    "+1+101": "+1+101",
    "-2+102": "-2+102",
    "@SUM(A103)": "@SUM(A103)",
    "\t=1+104": "=1+104",
    " =1+105": "=1+105",
    "＝1+106": "=1+106",
    "{=1+107}": "{=1+107}",
    "http://host108.example/": "http://host108.example/",
    "<b>109</b>": "<b>109</b>",
    "<r><t>110</t></r>": "<r><t>110</t></r>",
    "&P&\"Arial\"111": "&P&\"Arial\"111",
    "县'112\"名": "县'112\"名",
    "%s{0}{x}{county}113": "%s{0}{x}{county}113",
    "{{县名}}114": "{{县名}}114",
    "𠀀县😀115": "𠀀县😀115",
    "حي116": "حي116",
    "../../../evil117": "../../../evil117",
    'a/b\\c:d*e?"<>|118': 'a/b\\c:d*e?"<>|118',
    "CON": "CON",
    "[Red]119;;;": "[Red]119;;;",
    "_x000D_120": "_x000D_120",
    "甲" * 300: "甲" * 300,
}  # fmt: skip
MARKS = ("cmd|", "+101", "+102", "A103", "+104", "+105", "+106", "+107", "host108", "109<", "110<")
SIGNS = "=1+201|cmd!A1"  # as a label: a chart takes it for a cell
REASON = "=cmd|'/c reason'!A1"
MODEL = """
[model]
zh = "=1+201|cmd!A1（示例）"
en = "@SUM(A201)<b>&P (example)"
basis = ["=HYPERLINK(\\"http://host202.example/\\")"]
award = "award"
pool = "pool"
group = "city"
notes = [{ zh = "=1+203", en = "+1+203" }]

[[parameter]]
name = "pool"
zh = "-1+204"
en = "=1+204"
unit = "万元"
value = 1000
source = "=1+205"

[[parameter]]
name = "rate"
zh = "=1+206"
en = "+1+206"
values = { "=1+207" = 0.5, "a,b\\"208" = 1 }

[[input]]
name = "city"
zh = "@城市209"
en = "@city209"
text = true

[[input]]
name = "size"
zh = "+规模210"
en = "+size210"
text = true
one_of = ["=1+207", "a,b\\"208"]

[[input]]
name = "settled"
zh = "=人数211"
en = "=people211"
unit = "人"
min = 0
whole = true
source = "=1+212"

[[column]]
name = "claim"
zh = "=1+213"
en = "+1+213"
unit = "人"
formula = "settled * pick(size, rate)"
source = "@SUM(A214)"

[[column]]
name = "award"
zh = "=cmd|' 215'!A1"
en = "=cmd|' 215'!A1"
unit = "万元"
formula = "largest_remainder(pool, share(pool, claim), to = 1)"

[[check]]
name = "all"
zh = "=1+216"
en = "+1+216"
formula = "total(award) == pool"

[[edition]]
name = "county"
columns = ["settled", "award"]
"""
IMPORTS = """
[[column]]
name = "code"
zh = "代码"
en = "code"
take = "code"
"""
SCENARIO = '[scenario]\nzh = "=cmd!A1"\nen = "@SUM(A217)"\n[[change]]\naddress = "pool"\nset = 900\n'
ADJUSTED = """代码,名称,调整额（万元）,定额（万元）,由谁承担,理由,批准人或会议,文号,日期
{first},,5,,其余各地,=1+218,@SUM(A219),+1+220,2018-01-05
"""
COMMANDS = (
    "run hostile --adjust adjust.csv",
    "run hostile --out plain --lang en",
    "template hostile",
    "template hostile --form adjustments --input inputs/hostile.csv --out forms.xlsx",
    "template hostile --form ledger --input inputs/hostile.csv --out ledger.xlsx",
    "compare hostile hostile --out compare",
    "confirm hostile",
    "decompose hostile --set pool=900 --out parts",
    "sweep hostile --range pool=900:1100:100 --out sweep",
    "verify outputs/hostile.xlsx",
    "run hostile --out staged --year 2018 --stage 试算 --edition 送县 --date 2018-01-05",
    "explain hostile 990700 award --format markdown",
    "collect hostile returned --recipients recipients.csv --year 2018 --date 2018-01-05 --out collected",
    "notices hostile --out notices --document '=1+221' --office '@SUM(A222)'",
)


DESK = COMMANDS[:3]  # all of them where CI runs


@pytest.fixture
def hostile(folder):
    """A working folder whose model, table, scenario and adjustments hold a hostile text wherever one can stand."""
    (folder / "models/hostile.toml").write_text(MODEL, encoding="utf-8")
    out = StringIO()
    csv.writer(out).writerows([
        ["代码", "名称", "@城市209", "+规模210", "=人数211（人）"],
        *([f"{990700 + row}", name, f"=城{row % 3}", "=1+207" if row % 2 else 'a,b"208', 10 + row]
          for row, name in enumerate(NAMES)),
    ])  # fmt: skip
    (folder / "inputs/hostile.csv").write_text(out.getvalue(), encoding="utf-8")
    (folder / "inputs/scenarios").mkdir()
    (folder / "inputs/scenarios/hostile.toml").write_text(SCENARIO, encoding="utf-8")
    (folder / "returned").mkdir()
    shutil.copy(folder / "inputs/hostile.csv", folder / "returned/=1+224.csv")
    codes = [["代码", "名称"], *([f"{990700 + row}", name] for row, name in enumerate(NAMES))]
    with (folder / "recipients.csv").open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(codes)
    (folder / "adjust.csv").write_text(ADJUSTED.format(first=990700), encoding="utf-8")
    return folder


def live(formula: str) -> str:
    """What a formula computes with: without the texts in quotes and the names of sheets."""
    return re.sub(r"\"(?:[^\"]|\"\")*\"|'(?:[^']|'')*'!", "", formula)


def hosts(text: str) -> list[str]:
    return [mark for mark in (*MARKS, "+201", "cmd", "A201", *(f"+{n}" for n in range(201, 223))) if mark in text]


def assert_book_holds_texts_only(path: Path) -> None:
    book = load_workbook(path)
    for sheet in book:
        for row in sheet.iter_rows():
            for cell in row:
                assert cell.hyperlink is None or cell.hyperlink.location, (path.name, cell.coordinate)
                formula = getattr(cell.value, "text", cell.value) if cell.data_type == "f" else ""
                assert hosts(live(formula)) == [], (path.name, sheet.title, cell.coordinate, formula)
        for rule in sheet.data_validations.dataValidation:
            assert hosts(live(rule.formula1 or "")) == [], (path.name, sheet.title, rule.formula1)
        for text in (sheet.HeaderFooter, sheet.oddHeader, sheet.oddFooter):
            assert hosts(str(text)) == []
    with zipfile.ZipFile(path) as parts:
        for name in parts.namelist():
            content = parts.read(name).decode("utf-8")
            ElementTree.fromstring(content)
            if "chart" in name:
                assert not [text for text in re.findall(r"<c:f>(.*?)</c:f>", content) if hosts(live(text))], name
            assert 'TargetMode="External"' not in content, name


def assert_csv_holds_texts_only(path: Path) -> None:
    for row in csv.reader(StringIO(path.read_text(encoding="utf-8-sig"), newline="")):
        for cell in row:
            assert not re.match(r"\s*[=+@＝＋－＠-](?!\d+(\.\d+)?%?$)", cell), (path.name, cell)


def names_in(path: Path) -> set[str]:
    """Every text of a product, the apostrophe that tames it in a CSV file taken away."""
    if path.suffix == ".xlsx":
        book = load_workbook(path)
        return {
            cell.value for sheet in book for row in sheet.iter_rows() for cell in row if isinstance(cell.value, str)
        }
    rows = csv.reader(StringIO(path.read_text(encoding="utf-8-sig"), newline=""))
    return {cell.removeprefix("'") for row in rows for cell in row}


def test_no_text_becomes_a_formula_in_any_product_and_every_text_stays_the_same(allocation, hostile):
    handed_in = {path for path in hostile.rglob("*") if path.is_file()}
    whole = os.environ.get("CI") == "true"
    for command in COMMANDS if whole else DESK:
        told = allocation(command)
        assert told.code == 0, (command, told.text)
    products = [path for path in hostile.rglob("*") if path.is_file() and path not in handed_in]
    kinds = {path.suffix for path in products}
    assert kinds >= {".xlsx", ".csv", ".json", *([".docx"] if whole else [])}
    for path in products:
        assert len(path.name.encode()) <= 255
        if path.suffix == ".xlsx":
            assert_book_holds_texts_only(path)
        elif path.suffix == ".csv":
            assert_csv_holds_texts_only(path)
    for name in ("outputs/hostile.xlsx", "outputs/hostile.csv", "outputs/hostile.import.csv", "plain/hostile.xlsx"):
        assert set(NAMES.values()) - names_in(hostile / name) == set(), name
    for letter in (path for path in products if path.suffix == ".docx"):
        with zipfile.ZipFile(letter) as parts:
            fields = re.findall(r"<w:instrText[^>]*>(.*?)</w:instrText>", parts.read("word/document.xml").decode())
        assert hosts("".join(fields)) == []
    letters = [docx.Document(str(path)) for path in products if path.suffix == ".docx"]
    said = ["\n".join(part.text for part in letter.paragraphs) for letter in letters]
    assert not whole or [name for name in NAMES.values() if not any(name in text for text in said)] == []
