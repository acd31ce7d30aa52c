"""Choices that an inline list of Excel cannot hold stand as a range on a hidden sheet, which verify knows."""

from __future__ import annotations

import json
import re
from fractions import Fraction

import openpyxl
import pytest
from several_books import MODEL, TABLE, Scenario

from allocation import run_model
from allocation.analysis.compare import compare
from allocation.files.excel_limits import fits_list
from allocation.policy.loading import model_from_text
from allocation.record.recording import record_of
from allocation.run.scenario import Change
from allocation.texts import Both
from allocation.verify.verifying import verify
from allocation.xlsx.comparison import write_comparison
from allocation.xlsx.timeline import write_timeline
from allocation.xlsx.writer import write_workbook
from allocation.years.timeline import timeline

MANY = tuple(f"示例的第{place}类地区" for place in range(60))
COMMA = ("甲,乙", "丙")
RICHER = Scenario("richer", Both("多", "more"), ((Change("pool", Fraction(1100)),),))


def with_choices(choices: tuple[str, ...]):
    """The policy `reward`, where the sizes of towns are these."""
    values = ", ".join(f'"{choice}" = {place % 3 + 1}' for place, choice in enumerate(choices))
    text = re.sub(r"(?m)^values = .*$", f"values = {{ {values} }}", MODEL.text)
    text = re.sub(r"(?m)^one_of = .*$", f"one_of = {json.dumps(choices, ensure_ascii=False)}", text)
    named = tuple(choices[row % len(choices)] for row in range(len(TABLE)))
    return model_from_text(text, MODEL.file), TABLE.with_values(size=named)


def write(what: str, choices: tuple[str, ...], path, lang: str) -> None:
    model, table = with_choices(choices)
    if what == "run":
        run = run_model(model, table)
        write_workbook(run, path, lang, record_of(run))
    elif what == "years":
        write_timeline(timeline(model, [table], until=2018), path, lang)
    else:
        write_comparison(compare(model, (table,), (RICHER,)), path, lang)


@pytest.mark.parametrize("choices", [MANY, COMMA], ids=["many", "a comma"])
@pytest.mark.parametrize("what", ["run", "years", "variants"])
def test_every_choice_can_be_chosen(tmp_path, what, choices):
    assert not fits_list(choices)
    path, lang = tmp_path / "a.xlsx", "en" if what == "run" else "zh"
    write(what, choices, path, lang)
    book = openpyxl.load_workbook(path)
    rules = [rule for sheet in book for rule in sheet.data_validations.dataValidation if rule.type == "list"]
    assert rules
    for rule in rules:
        title, span = rule.formula1.replace("'", "").replace("$", "").split("!")
        assert title == ("Choices" if lang == "en" else "选项")
        assert tuple(cell.value for (cell,) in book[title][span]) == choices
        assert book[title].sheet_state == "hidden" and book[title].protection.sheet
    assert verify(path).differences == []


def test_a_list_that_fits_needs_no_sheet(tmp_path):
    run = run_model(MODEL, TABLE)
    write_workbook(run, tmp_path / "a.xlsx", "zh", record_of(run))
    assert "选项" not in openpyxl.load_workbook(tmp_path / "a.xlsx").sheetnames
