"""A model's own names change nothing: renamed to any word the code knows, it says what it said, or load refuses it."""

from __future__ import annotations

import ast
import os
import random
import re
import shutil
from itertools import zip_longest
from pathlib import Path

import openpyxl
import pytest

from allocation.errors import AllocationError
from allocation.opening.case_toml import read_case_toml
from allocation.policy.loading import load_model
from allocation.record.in_book import SHEET as RECORD
from allocation.tables.reading import read_table

ROOT = Path(__file__).parents[2]
MODELS = ("infrastructure_subsidy", "land_quota", "incentive_fund@2017")  # their table names its columns by labels
SEEDS = range(4 if os.environ.get("CI") else 1)
HEAD = "县,调整额,由谁承担,理由,批准人或会议\n"
REFUSED = {"model.name_taken", "model.name_twice", "model.name_underscore", "model.name_printed"}
HASH = r"(?<![0-9A-Za-z])[0-9a-f]{8,64}(?![0-9A-Za-z])"
STRING = re.compile(r'(?P<prose>^[ \t]*(?:zh|en|source|basis)[ \t]*=.*$)|"""[\s\S]*?"""|"(?:[^"\\\n]|\\.)*"', re.M)


def words_of_the_code() -> set[str]:
    """Every word in a text of the package's code that could be a name."""
    words: set[str] = set()
    for file in (ROOT / "allocation").rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                words |= set(re.findall(r"[A-Za-z_]\w*", node.value))
    return {word for word in words if word.isidentifier() and not re.search(r"\d{3}", word)}


WORDS = words_of_the_code()
ADDED = {word[1:] for word in WORDS if re.match(r"_[a-z]", word)}  # what parts add, without its underscore


def renamed(text: str, names: dict[str, str]) -> str:
    """The model's text with other names, in whatever string they stand; keys and comments stay."""
    some = "|".join(sorted(map(re.escape, names), key=len, reverse=True))
    anyone = re.compile(rf"(?<!\w)(?:{some})(?!\w)(?!\s*=(?!=))")  # an argument's name, floor = floor, stays

    def other(found: re.Match[str]) -> str:
        return found.group() if found.group("prose") else anyone.sub(lambda name: names[name.group()], found.group())

    return STRING.sub(other, text)


def products(folder: Path) -> dict[str, str]:
    """What a reader sees: every text and figure of every product, not the model's own text and the hidden record."""
    said = {}
    for path in sorted(folder.rglob("*")):
        if path.suffix == ".csv":
            said[re.sub(HASH, "#", str(path.relative_to(folder)))] = path.read_text(encoding="utf-8-sig")
        elif path.suffix == ".docx":
            said[re.sub(HASH, "#", str(path.relative_to(folder)))] = letter(path)
        elif path.suffix == ".xlsx":
            for sheet in openpyxl.load_workbook(path, data_only=True):
                cells = [str(cell.value) for row in sheet.iter_rows() for cell in row if cell.value is not None]
                said[re.sub(HASH, "#", f"{path.relative_to(folder)} {sheet.title}")] = "\n".join(
                    cells if len(cells) < 40_000 else []
                )
    return {name: text for name, text in said.items() if not name.endswith(("溯源", "原值", RECORD))}


def letter(path: Path) -> str:
    from docx import Document

    page = Document(str(path))
    cells = [cell.text for grid in page.tables for row in grid.rows for cell in row.cells]
    return "\n".join([paragraph.text for paragraph in page.paragraphs] + cells)


@pytest.fixture
def made(allocation, folder, monkeypatch):
    """made(model text, settings) runs and issues a model called `own` on a table; what it said and wrote."""

    def run(text: str, table: Path, options: list[str], parts: list[str]) -> tuple[list[str], dict[str, str]]:
        shutil.rmtree(folder / "outputs", ignore_errors=True)
        (folder / "models" / "own.toml").write_text(text, encoding="utf-8")
        whole = ["own", "--input", str(table), "--date", "2018-03-09", *options]
        told = [
            allocation(
                ["run", *whole, "--out", "outputs/plain", "--edition", "送县", "--edition", "公开", "--stage", "试算"]
            ),
            allocation(["notices", *whole, *parts, "--out", "outputs/letters"]),
        ]
        return [f"{one.code} {one.text}" for one in told], products(folder / "outputs")

    return run


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("name", MODELS)
def test_other_names_change_nothing(made, folder, name, seed):
    draw = random.Random(f"{name} {seed}")
    case = read_case_toml(ROOT / "inputs" / f"{name.partition('@')[0]}.toml")
    text = (ROOT / "models" / f"{name}.toml").read_text(encoding="utf-8")
    model = load_model(ROOT / "models" / f"{name}.toml")
    entries = {one.partition(".")[0] for one in (*model.parameters, *model.inputs, *model.columns)}
    entries = sorted(entries - set(re.findall(r'key = "(\w+)"', text)))  # an item of a list stays as it is
    table = read_table(case.table, model)
    (folder / "adjust.csv").write_text(f"{HEAD}{table.names[0]},1,{table.names[1]},灾情,常务会议\n", encoding="utf-8")
    (folder / "advance.csv").write_text(f"县,提前下达数\n{table.names[0]},1\n", encoding="utf-8")
    option = draw.choice([["--adjust", "adjust.csv"], ["--advance", "advance.csv"], []])
    settings = [f"{one.address}={one.value}" for one in case.settings if one.value is not None]
    before = made(text, case.table, asked(settings, case.decided, {}), option)
    said = [text, *before[0], *before[1], *before[1].values()]
    names = names_for(entries, set(re.findall(r"\w+", "\n".join(said))), draw)
    other = renamed(text, names)
    try:
        (folder / "models" / "own.toml").write_text(other, encoding="utf-8")
        load_model(folder / "models" / "own.toml")
    except AllocationError as error:
        assert {one.id for one in error.problems} <= REFUSED, [one.text("en") for one in error.problems]
        return
    after = made(other, case.table, asked(settings, case.decided, names), option)
    assert [told[0] for told in before[0]] == ["0", "0"], before[0]
    same = {one: one for one in names}
    assert list(after[1]) == list(before[1])
    texts = plain([*after[0], *after[1].values()], names), plain([*before[0], *before[1].values()], same)
    for place, now, then in zip(["run", "notices", *after[1]], *texts, strict=True):
        unlike = [pair for pair in zip_longest(now.splitlines(), then.splitlines()) if pair[0] != pair[1]]
        assert not unlike, (place, unlike[:3], names)


def names_for(entries: list[str], said: set[str], draw: random.Random) -> dict[str, str]:
    """Another word for a third of the names, none that was said anyway."""
    chosen = draw.sample(entries, max(1, len(entries) // 3))
    free = [word for word in sorted(draw.choice((WORDS, ADDED))) if word not in said]
    return dict(zip(chosen, draw.sample(free, len(chosen)), strict=True))


def asked(settings: list[str], decided: tuple[str, ...], names: dict[str, str]) -> list[str]:
    def named(address: str) -> str:
        head = re.match(r"\w+", address).group()
        return names.get(head, head) + address[len(head) :]

    return [word for one in settings for word in ("--set", named(one))] + [
        word for one in decided for word in ("--decided", named(one))
    ]


def plain(texts, names: dict[str, str]) -> list[str]:
    """Without the names themselves, hashes and numbers of bytes."""
    back = {new: f"<{old}>" for old, new in names.items()}
    anyone = re.compile(r"(?<!\w)(?:" + "|".join(sorted(map(re.escape, back), key=len, reverse=True)) + r")(?!\w)")
    return [re.sub(HASH, "#", anyone.sub(lambda one: back[one.group()], text)) for text in texts]


@pytest.mark.parametrize("name", ["_own", "code", "name", "change"])
def test_a_name_that_the_program_keeps_for_itself_is_refused_at_load(folder, name):
    text = (folder / "models" / "reward.toml").read_text(encoding="utf-8")
    (folder / "models" / "own.toml").write_text(text.replace('"award"', f'"{name}"'), encoding="utf-8")
    with pytest.raises(AllocationError) as raised:
        load_model(folder / "models" / "own.toml")
    assert {one.id for one in raised.value.problems} & {"model.name_underscore", "model.name_printed"}


def test_an_author_s_file_holds_no_issue(folder):
    text = (folder / "models" / "reward.toml").read_text(encoding="utf-8")
    (folder / "models" / "own.toml").write_text(text + '\n[issue]\naward = "award"\n', encoding="utf-8")
    with pytest.raises(AllocationError) as raised:
        load_model(folder / "models" / "own.toml")
    assert [one.id for one in raised.value.problems] == ["model.issue_reserved"]
