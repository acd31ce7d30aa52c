"""Parts of an issue: in any order the same figures; each says what it is; nobody else knows the names it adds."""

from __future__ import annotations

import ast
import os
import random
import re
from dataclasses import fields
from fractions import Fraction
from pathlib import Path

import pytest

from allocation.documents.letter import Letters
from allocation.documents.notices import handed
from allocation.documents.own_table import own_rows
from allocation.errors import AllocationError
from allocation.opening.case_toml import read_case_toml
from allocation.parts import kinds
from allocation.parts.correction import Approved
from allocation.parts.extending import extend, extend_as_far
from allocation.parts.part import Given
from allocation.policy.loading import load_model
from allocation.run.run import Run, run_model
from allocation.run.scenario import parse_assignment
from allocation.tables.reading import read_table
from allocation.texts import LANGUAGES, catalogue

ROOT = Path(__file__).parents[2]
PACKAGE = ROOT / "allocation"
EVERY = (*kinds.PARTS, *kinds.FOLLOWING)
APART = {"record/from_0_1.py"}  # reads what 0.1 wrote, and goes with 0.3
MODELS = ["land_quota", "incentive_fund@2017", *(["infrastructure_subsidy"] if os.environ.get("CI") else [])]
WORDS = """
advance adjusted adjustment adjustments attached back correction corrected difference due kind ledger letter now
offset owed_before paid parts pool_from receipts settled settlement source sources
调整 调整数 下达数 测算数 研究调整 提前下达 已提前下达 应抵扣 本次下达 清算 来源 资金来源 应下达 台账 回执
更正 更正后 差额 原核定 办理方式 状态 采用
"""
PLAIN = WORDS.split()  # what parts are about, as an author would say it
STRING = re.compile(r'(?P<prose>^[ \t]*(?:zh|en|source|basis)[ \t]*=.*$)|"""[\s\S]*?"""|"(?:[^"\\\n]|\\.)*"', re.M)


def names_of(part) -> set[str]:
    """Every name of a column, input or parameter that a part declares."""
    letter = part.letter
    spoken = [getattr(letter, one.name) for one in fields(letter)] if letter else []
    listed = [name for one in spoken if isinstance(one, tuple) for name in one]
    names = {*listed, *part.accounts, *part.sums.values(), *part.in_words}
    names |= {name for columns in part.columns.values() for name in columns}
    return names | ({letter.about, letter.less, letter.offset} - {""} if letter else set())


def test_every_name_that_a_part_declares_is_one_that_no_author_can_write():
    names = set().union(*map(names_of, EVERY))
    assert len(names) > 20 and all(name.startswith("_") for name in names)


@pytest.mark.parametrize("part", EVERY, ids=lambda part: f"{part.kind}{part.after and ' after '}{part.after}")
def test_what_a_part_says_stands_in_both_catalogues(part):
    messages = {*part.sentences.values(), *part.in_words.values(), *([part.form.guide] if part.form else [])} - {""}
    for message in messages:
        area, _, key = message.partition(".")
        assert all(key in catalogue(lang, area) for lang in LANGUAGES), message
    assert set(part.columns) <= {"office", "annex", "unit", "letter", "note"}
    assert all(set(columns) <= set(part.columns["office"]) for columns in part.columns.values())


def test_no_file_outside_the_parts_mentions_a_name_that_they_add():
    """Neither the name itself nor the constant that holds it."""
    added, mentions = set().union(*map(names_of, EVERY)), []
    for path in sorted(PACKAGE.rglob("*.py")):
        place = path.relative_to(PACKAGE).as_posix()
        if place.startswith("parts/") or place in APART:
            continue
        source = path.read_text(encoding="utf-8")
        if "allocation.parts" not in source and not any(name in source for name in added):
            continue
        tree = ast.parse(source)
        texts = [one.value for one in ast.walk(tree) if isinstance(one, ast.Constant) and isinstance(one.value, str)]
        mentions += [(place, text) for text in texts if added & set(re.findall(r"(?<!\w)_\w+", text))]
        for one in ast.walk(tree):
            if isinstance(one, ast.ImportFrom) and (one.module or "").startswith("allocation.parts."):
                module = __import__(one.module, fromlist=["x"])
                held = [getattr(module, alias.name, None) for alias in one.names]
                mentions += [(place, text) for text in held if isinstance(text, str) and text in added]
            elif isinstance(one, ast.ImportFrom) and one.module == "allocation.parts":
                mentions += [(place, alias.name) for alias in one.names]  # a module whole, with all its constants
    assert not mentions


def given_for(folder: Path, figure: str, codes, awards, unit: Fraction) -> dict[str, Given]:
    """Something of every kind that can be attached together, for two counties of a table."""
    files = {
        "receipts": f"代码,状态\n{codes[0]},已确认\n",
        "adjustments": f"代码,调整额,由谁承担,理由,批准人或会议\n{codes[0]},{float(unit)},{codes[1]},灾情,常务会议\n",
        "ledger": f"代码,指标,数值,来源部门,状态\n{codes[0]},{figure},统计局,核定\n",
        "settlement": f"代码,提前下达数\n{codes[1]},{float(unit)}\n",
    }
    for kind, text in files.items():
        (folder / f"{kind}.csv").write_text(text, encoding="utf-8")
    given = {kind: Given(folder / f"{kind}.csv") for kind in files}
    return given | {"correction": Given(Approved("正式稿", dict(zip(codes, awards, strict=True)), 2030))}


class Shipped:
    """A shipped model on its own table with its own settings, under other names where some are given."""

    def __init__(self, name: str, names: dict[str, str], folder: Path):
        case = read_case_toml(ROOT / "inputs" / f"{name.partition('@')[0]}.toml")
        text = (ROOT / "models" / f"{name}.toml").read_text(encoding="utf-8")
        path = folder / "own.toml"
        path.write_text(renamed(text, names) if names else text, encoding="utf-8")
        self.model = load_model(path)
        self.table = read_table(case.table, self.model)
        texts = [f"{one.address}={one.value}" for one in case.settings if one.value is not None]
        self.changes = [parse_assignment(re.sub(r"^\w+", lambda m: names.get(m[0], m[0]), text)) for text in texts]

    def run(self, given: dict[str, Given]) -> Run:
        extended = extend(self.model, self.table, given)
        return run_model(extended.model, extended.table, [*extended.changes, *self.changes], reference=True)

    def plain(self) -> Run:
        return run_model(self.model, self.table, self.changes, reference=True)

    def given(self, folder: Path) -> dict[str, Given]:
        award = self.model.columns[self.model.award]
        awards = [Fraction(value) for value in self.plain().figures(self.model.award)]
        name = next(one for one in self.table.cells if one[1] == 0 and self.model.inputs[one[0]].unit.name)[0]
        figure = f"{self.model.inputs[name].label.zh},{float(self.table.values[name][0])}"
        return given_for(folder, figure, self.table.codes, awards, Fraction(1, 10 ** (award.decimals or 0)))


def renamed(text: str, names: dict[str, str]) -> str:
    some = "|".join(sorted(map(re.escape, names), key=len, reverse=True))
    anyone = re.compile(rf"(?<!\w)(?:{some})(?!\w)(?!\s*=(?!=))")

    def other(found: re.Match[str]) -> str:
        return found.group() if found.group("prose") else anyone.sub(lambda name: names[name.group()], found.group())

    return STRING.sub(other, text)


def said(run: Run, names: dict[str, str]) -> tuple:
    """Every figure by its first name, and what a letter to the first county says."""
    back = {new: old for old, new in names.items()}

    def first(name: str) -> str:
        head, dot, item = name.partition(".")
        return back.get(head, head) + dot + item

    figures = {first(name): run.figures(name) for name in (*run.model.inputs, *run.model.columns)}
    what = handed(run) if run.model.pool else None
    letter = (what.figures, what.kind, what.offset, own_rows(Letters(run, "zh"), what.name, [0])) if what else ()
    return figures, [first(name) for name in run.model.award_list], letter, [part.kind for part in run.parts]


@pytest.mark.parametrize("name", MODELS)
def test_the_plain_words_of_parts_are_an_authors_like_any_others(name, tmp_path):
    """Inputs and columns called so change nothing, whatever is attached."""
    shipped = Shipped(name, {}, tmp_path)
    text = (ROOT / "models" / f"{name}.toml").read_text(encoding="utf-8")
    free = [word for word in PLAIN if not re.search(rf"(?<!\w){word}(?!\w)", text)]
    entries = sorted({one.partition(".")[0] for one in (*shipped.model.inputs, *shipped.model.columns)})
    entries = [one for one in entries if one not in re.findall(r'key = "(\w+)"', text)]
    draw = random.Random(name)
    count = min(len(free), len(entries))
    names = dict(zip(draw.sample(entries, count), draw.sample(free, count), strict=True))
    other = Shipped(name, names, tmp_path)
    given = shipped.given(tmp_path)
    for kind, one in given.items():
        assert said(other.run({kind: one}), names) == said(shipped.run({kind: one}), {}), (kind, names)
    assert said(other.run(given), names) == said(shipped.run(given), {})


@pytest.mark.parametrize("name", MODELS)
def test_in_whatever_order_parts_are_given_the_figures_are_the_same(name, tmp_path):
    shipped = Shipped(name, {}, tmp_path)
    given = shipped.given(tmp_path)
    first = extend(shipped.model, shipped.table, given)
    assert [part.kind for part in shipped.run(given).parts] == [
        "adjustments",
        "settlement",
        "correction",
        "ledger",
        "receipts",
    ]
    for seed in range(5):
        order = random.Random(seed).sample(sorted(given), len(given))
        again = extend(shipped.model, shipped.table, {kind: given[kind] for kind in order})
        assert (again.model.text, again.table, again.changes) == (first.model.text, first.table, first.changes), order


def test_on_the_command_line_the_order_of_parts_says_nothing(allocation, folder):
    (folder / "a.csv").write_text(
        "县,调整额,由谁承担,理由,批准人或会议\n黑山县,5,其余各地,灾情,会议\n", encoding="utf-8"
    )
    (folder / "v.csv").write_text("县,提前下达数\n义县,5\n", encoding="utf-8")
    (folder / "r.csv").write_text("县,状态\n义县,已确认\n", encoding="utf-8")
    options = [["--adjust", "a.csv"], ["--advance", "v.csv"], ["--receipts", "r.csv"]]
    told = {
        allocation(["check", "incentive_fund", *[word for option in some for word in option]]).text
        for some in (options, options[::-1])
    }
    assert len(told) == 1 and "已按这些附表：r.csv、a.csv、v.csv" in told.pop()


def test_what_is_wrong_with_every_part_is_said_at_once_and_nothing_is_added(tmp_path):
    shipped = Shipped("incentive_fund@2017", {}, tmp_path)
    for name in ("a", "v", "r"):
        (tmp_path / f"{name}.csv").write_text("甲,乙\n1,2\n", encoding="utf-8")
    files = {"adjustments": "a", "settlement": "v", "receipts": "r"}
    given = {kind: Given(tmp_path / f"{name}.csv") for kind, name in files.items()}
    problems: list = []
    extended = extend_as_far(shipped.model, shipped.table, given, problems)
    assert [(one.id, one.where) for one in problems] == [("forms.no_header", f"{name}.csv") for name in "rav"]
    assert extended.model is shipped.model and not extended.table.attached


@pytest.mark.parametrize("name", sorted(set().union(*map(names_of, EVERY))))
def test_a_name_that_a_part_adds_is_refused_in_an_authors_file_with_a_message_of_its_own(name, tmp_path):
    text = (ROOT / "models" / "land_quota.toml").read_text(encoding="utf-8")
    (tmp_path / "own.toml").write_text(text + f'\n[[column]]\nname = "{name}"\nzh = "甲"\nen = "A"\nformula = "1"\n')
    with pytest.raises(AllocationError) as raised:
        load_model(tmp_path / "own.toml")
    assert [one.id for one in raised.value.problems] == ["model.name_underscore"]
