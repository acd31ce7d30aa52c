"""Whatever happens to a table since it was issued, a later step uses the figures of the version, or says so."""

from __future__ import annotations

import csv
import json
import random
from pathlib import Path

import pytest
from openpyxl import Workbook, load_workbook
from small_case import CASE

from allocation.record.versions import issued_versions, read_register

SAID = "不是下达的数"
WHOLE = CASE + '\n[files]\nrecipients = "inputs/recipients_reward.csv"\n'
FINAL = "run 奖励.toml --stage 正式稿 --reason 下达 --date 2017-08-20"
STEPS = (
    "run 奖励.toml", "run 奖励.toml --advance 提前.csv", "run 奖励.toml --edition 公开", "check 奖励.toml",
    "check 奖励.toml --advance 提前.csv", "explain 奖励.toml 古塔区", "margins 奖励.toml --of settled", 
    "compare 奖励.toml --pools 800,900", "decompose 奖励.toml --set pool=950", "reconcile 奖励.toml",
)  # fmt: skip
ADVANCE = "县（市、区）,提前下达数\n古塔区,100\n"


class Desk:
    """A case and its tables as files, and by the test's own reading what stands in them."""

    def __init__(self, folder: Path, allocation, seed: int):
        self.folder, self.allocation, self.draw = folder, allocation, random.Random(seed)
        self.named = "inputs/reward.csv"
        self.steps = 0
        (folder / "提前.csv").write_text(ADVANCE, encoding="utf-8")
        self.name(self.named)
        self.write(self.named, self.rows(self.named)[:-1])  # without its total, which would not follow
        self.write("inputs/乙.csv", self.moved(self.rows(self.named)))

    def name(self, table: str) -> None:
        self.named = table
        (self.folder / "奖励.toml").write_text(WHOLE.replace("inputs/reward.csv", table), encoding="utf-8")

    def rows(self, name: str) -> list[list[str]]:
        path = self.folder / name
        if path.suffix == ".csv":
            return [row for row in csv.reader(path.open(encoding="utf-8-sig")) if row]
        return [[str(cell) for cell in row] for row in load_workbook(path).active.iter_rows(values_only=True)]

    def write(self, name: str, rows: list[list[str]]) -> None:
        path = self.folder / name
        path.parent.mkdir(exist_ok=True)
        if path.suffix == ".csv":
            path.write_text("\n".join(map(",".join, rows)) + "\n", encoding="utf-8-sig")
            return
        book = Workbook()
        for row in rows:
            book.active.append([*row[:3], *(float(text) if text[0].isdigit() else text for text in row[3:])])
        book.save(path)

    def moved(self, rows: list[list[str]]) -> list[list[str]]:
        """The same with the people of one county more."""
        at = self.draw.randrange(1, len(rows))
        return [[*row[:3], str(int(float(row[3])) + 7), *row[4:]] if place == at else row
                for place, row in enumerate(rows)]  # fmt: skip

    # what happens to it

    def saved_anew(self) -> None:
        self.write(self.named, self.moved(self.rows(self.named)))

    def saved_alike(self) -> None:
        self.write(self.named, self.rows(self.named))

    def as_book(self) -> None:
        name = f"inputs/另存{self.draw.randrange(100)}.xlsx"
        self.write(name, self.rows(self.named))
        self.name(name)

    def renamed(self) -> None:
        name = f"inputs/新名{self.draw.randrange(100)}{Path(self.named).suffix}"
        (self.folder / self.named).rename(self.folder / name)
        self.name(name)

    def put_elsewhere(self) -> None:
        name = f"数据{self.draw.randrange(100)}/{Path(self.named).name}"
        (self.folder / name).parent.mkdir(exist_ok=True)
        (self.folder / self.named).rename(self.folder / name)
        self.name(name)

    def other_named(self) -> None:
        self.name("inputs/乙.csv" if self.named != "inputs/乙.csv" and (self.folder / "inputs/乙.csv").exists()
                  else self.named)  # fmt: skip

    def corrected(self) -> None:
        self.steps += 1
        told = self.allocation(f"correct 奖励.toml --reason 改{self.steps} --date 2017-09-2{self.steps % 10}")
        if told.code == 0:
            self.issued = figures(self.rows(self.named))
        else:
            assert "就在、没有用" in told.text or "完全相同" in told.text, told.text

    def corrected_by_name(self) -> None:
        told = self.allocation(f"correct 奖励.toml --input {self.named} --reason 指名 --date 2017-09-20")
        if told.code == 0:
            self.issued = figures(self.rows(self.named))


def figures(rows: list[list[str]]) -> list[list[object]]:
    return sorted([*row[:3], *(float(text) for text in row[3:])] for row in rows[1:])


EVENTS = ("saved_anew", "saved_alike", "as_book", "renamed", "put_elsewhere", "other_named", "corrected",
          "corrected_by_name")  # fmt: skip


@pytest.mark.parametrize("seed", range(10))
def test_whatever_happened_a_step_computes_with_the_figures_of_the_version_or_says_so(seed, folder, allocation):
    desk = Desk(folder, allocation, seed)
    draw = desk.draw
    if seed % 3 == 0:  # of another year another table was issued: it is nobody's measure here
        told = allocation("run reward --input inputs/乙.csv --year 2018 --stage 正式稿 --date 2018-08-20")
        assert told.code == 0, told.text
    named = draw.choice(["", "", " --input inputs/乙.csv"])
    told = allocation(FINAL + named)
    assert told.code == 0, told.text
    desk.issued = figures(desk.rows("inputs/乙.csv" if named else desk.named))
    for _ in range(4):
        getattr(desk, draw.choice(EVENTS))()
        out = draw.choice(["", "", " --out 另处"])
        for step in draw.sample(STEPS, 3):
            takes_out = step.startswith(("run", "decompose"))
            holds(desk, allocation(step + (out if takes_out else "")), f"{step} {out}")
    last_holds(desk)


def holds(desk: Desk, told, step: str) -> None:
    alike = figures(desk.rows(desk.named)) == desk.issued
    if alike:
        assert told.code == 0 and SAID not in told.text, (step, told.text)
    elif told.code == 2:
        assert "--advance" in step and "就在、没有用" in told.text and Path(desk.named).name in told.text, told.text
    else:
        assert told.code == 0 and SAID in told.text and Path(desk.named).name in told.text, (step, told.text)


def last_holds(desk: Desk) -> None:
    """What is filled in, verified and made again rests on what is on record, wherever the tables went."""
    folder = desk.folder / "outputs/versions"
    versions = read_register(folder)
    final = next(version for version in versions if version.year == 2017)
    last = issued_versions(folder, final.issue)[-1]
    book = folder / next(iter(last.files))
    assert desk.allocation(f"verify {book.relative_to(desk.folder)}").code == 0
    told = desk.allocation(f"rerun {book.relative_to(desk.folder)} --out 再做")
    assert told.code == 0, told.text
    (desk.folder / "对方.toml").write_text(LAYOUT, encoding="utf-8")
    told = desk.allocation("fill 奖励.toml --mapping 对方.toml")
    assert told.code == 0, told.text
    [filled] = folder.glob(f"{last.stem('zh')}_对方.csv")
    rows = [*csv.reader(filled.open(encoding="utf-8-sig"))][1:]
    awards = json.loads((folder / last.record).read_text("utf-8"))["awards"]
    assert {code: float(amount) for code, amount in rows} == {code: float(text) for code, text in awards.items()}


LAYOUT = """
[import]
zh = "示例"
en = "Made up"
award = "award"
files = ["utf-8"]
[[line]]
name = "award"
figure = "award"
[[column]]
name = "code"
zh = "代码"
en = "Code"
take = "code"
[[column]]
name = "amount"
zh = "金额（万元）"
en = "Amount"
take = "figure"
unit = "万元"
decimals = 2
"""


@pytest.mark.parametrize("anew", [False, True])
@pytest.mark.parametrize("out", ["", " --out 另处"])
def test_a_settlement_does_not_take_the_table_that_was_passed_over(out, anew, folder, allocation, contents):
    """The final version was made of a table that was named; the case still names its own, saved anew or not."""
    desk = Desk(folder, allocation, 1)
    assert allocation(f"{FINAL} --input inputs/乙.csv").code == 0
    if anew:
        desk.saved_anew()
    before = contents()
    for step in (f"run 奖励.toml --advance 提前.csv{out}", "check 奖励.toml --advance 提前.csv"):
        told = allocation(step)
        assert told.code == 2 and "乙.csv" in told.text and "reward.csv" in told.text and "--input" in told.text
        assert "_底稿/inputs/乙.csv" in told.text  # where it is kept
    assert allocation("correct 奖励.toml --reason 改").code == 2  # as a correction does
    assert contents() == before
    (folder / "inputs/乙.csv").unlink()
    kept = next((folder / "outputs/versions").rglob("乙.csv")).relative_to(folder).as_posix()
    told = allocation(f"run 奖励.toml --advance 提前.csv --input {kept}{out}")
    assert told.code == 0 and SAID not in told.text, told.text
    told = allocation(f"run 奖励.toml --advance 提前.csv --input inputs/reward.csv{out}")
    assert told.code == 0 and SAID in told.text
    english = allocation(f"run 奖励.toml --advance 提前.csv{out} --lang en")
    assert english.code == 2 and "was not used" in english.text and "下达" not in english.text.replace("提前", "")


def test_a_final_version_of_a_plain_table_is_set_beside_the_one_that_is_read_when_none_is_named(folder, allocation):
    desk = Desk(folder, allocation, 1)
    assert allocation("run reward --input inputs/乙.csv --year 2017 --stage 正式稿 --date 2017-08-20").code == 0
    told = allocation("correct reward --year 2017 --reason 改")
    assert told.code == 2 and "乙.csv" in told.text and "reward.csv" in told.text
    assert SAID in allocation("run reward --year 2017").text
    assert SAID not in allocation("run reward --year 2017 --input inputs/乙.csv").text
    assert SAID not in allocation("run reward --year 2018").text
    desk.write("inputs/乙.csv", desk.moved(desk.rows("inputs/乙.csv")))
    told = allocation("correct reward --year 2017 --reason 改 --input inputs/乙.csv")
    assert told.code == 0, told.text
