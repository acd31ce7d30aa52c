"""The registry of measurements: rows are told apart, both pages say the same, nothing hangs or is left out."""

from __future__ import annotations

import re
import sys
from dataclasses import replace
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from allocation.run.run import run_model  # noqa: E402
from allocation.texts import Both  # noqa: E402
from benchmarks import __main__ as command  # noqa: E402
from benchmarks import page as pages  # noqa: E402
from benchmarks.data import HARD, changes, fund, nation  # noqa: E402
from benchmarks.page import Done, page  # noqa: E402
from benchmarks.plan import Measured, plan  # noqa: E402
from benchmarks.plan import page as plan_page  # noqa: E402
from benchmarks.row import Outcome, exponent  # noqa: E402
from benchmarks.table import ROWS  # noqa: E402

FIGURE = re.compile(r"\d[\d,.e+]*\d|\d")


def test_every_row_says_all_of_itself_once():
    assert len({row.name for row in ROWS}) == len(ROWS)
    for row in ROWS:
        assert row.small <= row.whole and row.limit > 0 and 0 < row.seconds <= 300
        assert all(text.zh and text.en for text in (row.what, row.unit, row.peer, row.source))
    assert sum(row.seconds for row in ROWS) < 60 * 60, "a night is not needed, whatever hangs"


def test_both_pages_say_the_same_figures_and_name_what_misses_and_what_was_not_measured():
    told = [Done(row, Outcome(row.limit * factor, 1.5, 0.25)) for row, factor in zip(ROWS, [0.5, 2] * 40, strict=False)]
    told[3] = Done(ROWS[3], None, Both("没有 LibreOffice", "no LibreOffice"))
    texts = {lang: page(told, "2026-11-30", lang) for lang in ("en", "zh")}
    lines = {
        lang: [line for line in text.splitlines() if line.startswith(("| `", "- **"))] for lang, text in texts.items()
    }
    assert len(lines["en"]) == len(ROWS) - 1 + sum(not done.holds for done in told)
    for english, chinese in zip(lines["en"], lines["zh"], strict=True):
        if "`" in english[:4]:
            kept = [re.split(r" \| ", line)[place] for line in (english, chinese) for place in (2, 6, 7)]
            assert kept[:3] == kept[3:], english
    missed = [done.row.name for done in told if done.outcome and not done.holds]
    assert missed and all(f"- **{name}**" in text for name in missed for text in texts.values())
    assert "没有 LibreOffice" in texts["zh"] and "no LibreOffice" in texts["en"]
    assert not any(re.search(r"/(root|home|work|tmp|Users)\b", text) for text in texts.values())


def test_a_row_that_hangs_is_ended_and_named_and_one_that_fails_fails(capsys):
    hanging = replace(ROWS[0], seconds=0)
    done = command._told(hanging, small=True, left=100)
    assert done.outcome is None and not done.failed and "took over 0 s" in capsys.readouterr().out
    assert command._done(ROWS[0], 1, "", "x\nAssertionError: not the same\n").failed
    assert command._told(ROWS[0], small=True, left=-1).outcome is None, "there is no time left"
    lacking = command._done(ROWS[0], command.LACKING, "", "no soffice\n")
    assert not lacking.failed and "not measured" in pages.line(lacking, small=False)


def test_the_fund_of_the_measurements_is_hard():
    table = nation(70)
    run = run_model(fund(), table, changes(table))
    coefficients = run.figures("hardship_coefficient")
    assert len(set(coefficients)) > 50 and any(value.denominator > 1 for value in coefficients)
    awards, last = run.figures(fund().award), table.values["last_award"]
    assert any(award == -(-old * 9 // 10) for award, old in zip(awards, last, strict=True)), "somebody is at the floor"
    assert any(award == old * HARD["growth_cap"] // 1 for award, old in zip(awards, last, strict=True)), "at the cap"


def test_growth_is_fitted():
    assert exponent((10, 100, 1000), (1, 100, 10_000)) == pytest.approx(2)


def test_the_plan_follows_from_what_was_measured():
    measured = Measured(cell=10, exact_run=2, exact_size=10_000)
    made = plan(measured)
    assert made.cells == 40_000 * 1_000_000 and made.column_cells == made.cells * len(fund().columns)
    assert made.hours == pytest.approx(made.column_cells * 10e-9 / 3600)
    assert plan(replace(measured, cell=20)).hours == pytest.approx(2 * made.hours)
    english, chinese = (plan_page(measured, "2026-11-30", lang) for lang in ("en", "zh"))
    cells = [
        [
            figure
            for line in text.splitlines()
            if line.startswith("| ")
            for figure in FIGURE.findall(line.split("|", 2)[2])
        ]
        for text in (english, chinese)
    ]
    assert cells[0] == cells[1] and f"{made.hours:,.0f}" in " ".join(cells[0])
