"""Any one stored figure or formula that is changed, on any sheet of any kind of workbook, is named with its cell."""

from __future__ import annotations

import random
import shutil
from pathlib import Path

import openpyxl
import pytest
from desk import IN_CI, some
from recorded_book import edit
from tampered import tampered
from test_rerun_kinds import CORRECT, FINAL, ROOT, SCENARIO
from test_verify_attacked import FORGED, STORED, changed

from allocation.record.in_book import SHEET
from allocation.verify.verifying import verify

EACH = 1  # cells of a sheet
TIMELINE = "timeline incentive_fund --until 2019"
KINDS = {
    "timeline": ([TIMELINE], "incentive_fund*.xlsx"),
    "result": (["run reward"], "reward.xlsx"),
    "comparison": (["compare reward two.toml"], "*compare.xlsx"),
    "edition": ([f"{FINAL} --edition 送县 --edition 公开"], "versions/*/*.xlsx"),
    "version": ([FINAL], "versions/*正式稿*.xlsx"),
    "correction": ([FINAL, CORRECT], "versions/*更正*.xlsx"),
    "evaluation": (["evaluate --input inputs/urbanisation_monitor.csv --year 2017 --date 2018-08-20"], "*.xlsx"),
}


def written(allocation, folder: Path, kind: str) -> Path:
    for name in ("incentive_fund", "incentive_fund@2017", "urbanisation_monitor"):
        shutil.copy(ROOT / "models" / f"{name}.toml", folder / "models")
    for name in ("jinzhou_2017.xlsx", "urbanisation_monitor.csv"):
        shutil.copy(ROOT / "inputs" / name, folder / "inputs")
    (folder / "two.toml").write_text(SCENARIO, encoding="utf-8")
    commands, pattern = KINDS[kind]
    for command in commands:
        told = allocation(command)
        assert told.code == 0, told.text
    return sorted((folder / "outputs").glob(pattern))[0]


def cells(path: Path, draw: random.Random) -> list[tuple[str, str, object, object]]:
    """Sheet, place, what is written and what is stored of some cells of every sheet: formulas and figures."""
    book, stored = openpyxl.load_workbook(path), openpyxl.load_workbook(path, data_only=True)
    drawn = []
    for sheet in book:
        every = [cell for row in sheet.iter_rows() for cell in row if cell.data_type in "fn" and cell.value is not None]
        drawn += [
            (sheet.title, cell.coordinate, cell.value, stored[sheet.title][cell.coordinate].value)
            for cell in draw.sample(every, min(EACH, len(every)))
            if sheet.title != SHEET
        ]
    return drawn if IN_CI else draw.sample(drawn, 1)


def another(held: object, draw: random.Random) -> object:
    return held + draw.choice([1, -1, 0.5]) if isinstance(held, int | float) else 77.5


@pytest.mark.parametrize("kind", some(KINDS, 2))
def test_any_one_figure_or_formula_that_was_changed_is_named(allocation, folder, kind, tmp_path):
    path, draw = written(allocation, folder, kind), random.Random(kind)
    missed = []
    for sheet, place, held, stored in cells(path, draw):
        copy = path.with_name(f"{path.stem}_.xlsx")
        if not isinstance(held, int | float):
            text = rf"\1>\2<v>{another(stored, draw)}</v></c>"
            steps = {"stored": changed(sheet, STORED.format(place=place), text)}
            pattern, text, _ = FORGED["replaced"]
            steps["formula"] = changed(sheet, pattern.format(place=place), text)
            books = {how: tampered(path, copy.with_stem(f"{path.stem}_{how}"), step) for how, step in steps.items()}
        else:
            books = {"typed": edit(path, copy, {(sheet, place): another(held, draw)})}
        for how, book in books.items():
            verdict = verify(book)
            told = {(one.sheet, one.place) for one in verdict.differences}
            told |= {("原值", place) for one in verdict.differences if one.kind == "originals"}  # has one hash
            named = (sheet, place) in told
            if not named and not (how == "typed" and (verdict.edited or verdict.awards or verdict.stopped)):
                missed.append((how, sheet, place, held, stored))
    assert missed == []


def test_the_remainders_of_a_timeline_are_compared_to_the_last_billionth(allocation, folder):
    path = written(allocation, folder, "timeline")
    book, stored = openpyxl.load_workbook(path), openpyxl.load_workbook(path, data_only=True)
    rests = [cell for row in book["辅助2019"].iter_rows() for cell in row if str(cell.value).endswith("*1000000000,0)")]
    places = random.Random(9).sample([cell.coordinate for cell in rests], 2)
    steps = [
        changed("辅助2019", STORED.format(place=at), rf"\1>\2<v>{stored['辅助2019'][at].value + 1}</v></c>")
        for at in places
    ]
    told = verify(tampered(path, folder / "changed.xlsx", *steps)).differences
    assert sorted((one.kind, one.place) for one in told) == sorted(("value", at) for at in places)
