"""Whatever a county, a model, a reason or a file is called, no product of any command takes it for more than a text."""

from __future__ import annotations

import csv
import json
import os
import re
import shutil
import tomllib
import zipfile
from collections.abc import Iterator
from io import StringIO
from pathlib import Path
from xml.etree import ElementTree

import click
import docx
import pytest
from openpyxl import Workbook, load_workbook
from shipped import HOUSE
from small_imports import a_column, a_line, an_amount, mapping_toml

from allocation.cli import cli
from allocation.commands.blank_form import FORMS
from allocation.parts.toml_text import toml

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

[[department]]
name = "police"
zh = "=1+226"
en = "@SUM(A226)"

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
department = "police"

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
    "template hostile --form sources --out sources.xlsx",
    "template hostile --form findings --input inputs/hostile.csv --out findings.xlsx",
    "template hostile --form receipts --input inputs/hostile.csv --out receipts.xlsx",
    "template hostile --form advance --input inputs/hostile.csv --out advance.xlsx",
    "template hostile --form notice --out notice.docx",
    "template hostile --example --out example.xlsx",
    "new hostile --year 2018 --input inputs/hostile.csv --out case.xlsx",
    'resolve case.xlsx pool=900 --why "{reason}" --basis =1+223 --by @SUM(A224) --reviewed +1+225 --date 2018-01-05',
    "export case.xlsx --out exported.xlsx",
    "new case.xlsx --for =1+226 --out police.xlsx",
    "merge case.xlsx returned/=1+224.csv --for =1+226 --out merged.xlsx",
    "cases .",
    "run hostile --shares --out shares",
    "compare hostile --pools 900,1000 --out pools",
    "scenario template hostile --out scenarios.xlsx",
    "scenario list",
    "compare hostile hostile --out compare",
    "compare hostile --data inputs/hostile.csv inputs/hostile.csv --year 2018 --out mended",
    "timeline hostile --input years.csv --until 2019 --growth settled=5% --out years",
    "evaluate --input people.csv --year 2017 --edition 公开 --out evaluated",
    "confirm hostile",
    "decompose hostile --set pool=900 --out parts",
    "sweep hostile --range pool=900:1100:100 --out sweep",
    "design hostile --range pool=900:1000 --maximise award@990700 --tries 20",
    "seek hostile --vary pool --figure award@990700 --target 40 --low 100 --high 9000",
    "margins hostile --of settled",
    "check hostile",
    "models",
    "doubts outputs",
    "verify outputs/hostile.xlsx",
    "rerun outputs/hostile.json --input inputs --input adjust.csv --out again",
    "reconcile hostile",
    "run hostile --out staged --year 2018 --stage 试算 --edition 送县 --edition 公开 --edition 内部 --date 2018-01-05",
    "run hostile --out issued --year 2018 --stage 正式稿 --date 2018-01-05",
    'correct hostile --out issued --year 2018 --reason "{reason}" --set pool=900 --date 2018-02-05 --edition 送县',
    "fill hostile --out issued --mapping system.toml --template system.xlsx",
    "import-map system.xlsx hostile --out issued --column A=code --column B=name --column C=award/万元 --to read.toml",
    "import-check shown.csv hostile --out issued --mapping system.toml",
    "versions hostile --out issued",
    "funds issued --year 2018 --to funds.xlsx",
    "journal --out issued",
    "explain hostile 990700 award --format markdown",
    "explain hostile 990700 award --format json",
    "explain hostile 990700 award --format text",
    "collect hostile returned --recipients recipients.csv --year 2018 --date 2018-01-05 --out collected",
    "notices hostile --out notices --document '=1+221' --office '@SUM(A222)'",
)
CHOOSES_A_PRODUCT = ("form", "editions", "form_", "edition", "format")
CHANGES_NO_PRODUCT = ("screen", "stage", "layout", "paper", "manner")
OTHER_WORDS = {
    *(word.zh for word in FORMS.values()),
    "internal",
    "county",
    "public",
    "land",
    "土地",
}  # for those that are tried; nothing here is land
SYSTEM = mapping_toml(
    [a_column("code", "code", "code"), a_column("name", "name", "name"), an_amount("amount", "amount", unit="万元")],
    [a_line("award")], {"headings": [1], "units": "append"}, zh="=1+227", en="=1+227", files=["utf-8"],
)  # fmt: skip
DESK = COMMANDS[:3]  # all of them where CI runs
PEOPLE = (
    "代码,名称,年度,户籍人口,户籍城镇人口,常住人口,常住城镇人口,当年落户人数,当年落户目标,"
    "第一年的上年户籍人口城镇化率,第一年的上年常住人口城镇化率,数据说明"
)


def write_rows(path: Path, rows: list[list[object]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(rows)


@pytest.fixture
def hostile(folder):
    """A working folder whose model, table, scenario and adjustments hold a hostile text wherever one can stand."""
    (folder / "models/hostile.toml").write_text(MODEL, encoding="utf-8")
    heads = ["代码", "名称", "@城市209", "+规模210", "=人数211（人）"]
    rows = [[f"{990700 + row}", name, f"=城{row % 3}", "=1+207" if row % 2 else 'a,b"208', 10 + row]
            for row, name in enumerate(NAMES)]  # fmt: skip
    write_rows(folder / "inputs/hostile.csv", [heads, *rows])
    write_rows(folder / "years.csv", [[*heads, "年度"], *([*row, 2018] for row in rows)])
    shutil.copy(HOUSE / "models" / "urbanisation_monitor.toml", folder / "models")
    first = [10000, 4000, 9000, 4500, 100, 90, "40%", "50%", "=1+223"]
    later = [10000, 4100, 9000, 4600, 110, 90, "", "", ""]
    people = [[*row[:2], year, *rest] for year, rest in ((2016, first), (2017, later)) for row in rows]
    write_rows(folder / "people.csv", [PEOPLE.split(","), *people])
    (folder / "inputs/scenarios").mkdir()
    (folder / "inputs/scenarios/hostile.toml").write_text(SCENARIO, encoding="utf-8")
    (folder / "returned").mkdir()
    shutil.copy(folder / "inputs/hostile.csv", folder / "returned/=1+224.csv")
    write_rows(folder / "recipients.csv", [["代码", "名称"], *(row[:2] for row in rows)])
    (folder / "system.toml").write_text(SYSTEM, encoding="utf-8")
    template = Workbook()
    template.active.append(["code", "name", "amount"])
    template.save(folder / "system.xlsx")
    write_rows(folder / "shown.csv", [["code", "name", "amount"], *([*row[:2], 1] for row in rows)])
    (folder / "adjust.csv").write_text(ADJUSTED.format(first=990700), encoding="utf-8")
    return folder


def live(formula: str) -> str:
    """What a formula computes with: without the texts in quotes and the names of sheets."""
    return re.sub(r"\"(?:[^\"]|\"\")*\"|'(?:[^']|'')*'!", "", formula)


def hosts(text: str) -> list[str]:
    return [mark for mark in (*MARKS, "+201", "cmd", "A201", *(f"+{n}" for n in range(201, 232))) if mark in text]


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
        told = allocation(command.replace("{reason}", REASON))
        assert told.code == command.startswith("import-check"), (command, told.text)  # what is shown differs
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
    if whole:
        assert_letters_hold_texts_only([path for path in products if path.suffix == ".docx"])
    for path in (path for path in products if path.suffix == ".json"):
        json.loads(path.read_text(encoding="utf-8"))


def assert_letters_hold_texts_only(paths: list[Path]) -> None:
    """No field of Word's, no link, and every name in a paragraph or a cell of some letter."""
    said = set()
    for path in paths:
        with zipfile.ZipFile(path) as parts:
            for name in parts.namelist():
                content = parts.read(name).decode("utf-8", "replace")
                fields = re.findall(r'<w:instrText[^>]*>(.*?)</w:instrText>|w:instr="([^"]*)"', content)
                assert hosts("".join("".join(one) for one in fields)) == [], (path.name, name)
                assert "<w:hyperlink" not in content and 'TargetMode="External"' not in content, (path.name, name)
        letter = docx.Document(str(path))
        cells = [cell.text for table in letter.tables for row in table.rows for cell in row.cells]
        said |= {*cells, *(part.text for part in letter.paragraphs)}
    assert [name for name in NAMES.values() if not any(name in text for text in said)] == []


def leaves(group: click.Group, front: str = "") -> Iterator[tuple[str, click.Command]]:
    """Every command of the tree by its words."""
    for name, command in group.commands.items():
        if isinstance(command, click.Group):
            yield from leaves(command, f"{front}{name} ")
        else:
            yield f"{front}{name}", command


def test_every_command_and_every_product_it_can_be_asked_for_is_tried():
    untried, words = [], {word for command in COMMANDS for word in command.split()}
    for name, command in leaves(cli):
        if name in ("choose", "page"):
            continue  # it writes what `resolve` wrote, no text of anybody's; what the page writes a command does
        untried += [] if any(f"{one} ".startswith(f"{name} ") for one in COMMANDS) else [name]
        for option in (one for one in command.params if isinstance(one.type, click.Choice)):
            if option.name in CHOOSES_A_PRODUCT:
                untried += sorted({*option.type.choices} - words - OTHER_WORDS)
            else:
                assert option.name in CHANGES_NO_PRODUCT, option.name
    assert untried == []


@pytest.mark.parametrize("text", [*NAMES, REASON, '"""', "a\\nb", "]\\", "\u202e", "${x}"])
def test_what_is_added_to_a_model_reads_back_as_the_same_text(text):
    read = tomllib.loads(f"a = {toml(text)}\nb = {toml([text])}\nc = {toml({text: text})}")
    text = text.replace("\t", " ").replace("\n", " ")
    assert read == {"a": text, "b": [text], "c": {text: text}}
