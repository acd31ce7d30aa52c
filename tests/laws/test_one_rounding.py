"""The same figure reads the same wherever it is told: in a table, a sentence, a derivation, exact or in floats."""

from __future__ import annotations

import random
import re
from fractions import Fraction

import pytest
from shipped import HOUSE, sample_model, sample_table

from allocation.analysis.headline import first_sentence, headline
from allocation.errors import AllocationError
from allocation.language.units import PURE
from allocation.readings.derivation import derive
from allocation.report.column import CHANGE_PART, PERCENT
from allocation.report.formats import figure_in
from allocation.report.table_json import texts_shown, values_shown
from allocation.report.tables import annex_table, award_table
from allocation.run.run import run_model
from allocation.tables.reading import read_table
from allocation.texts import AT_TERMINAL, decimal_text
from allocation.texts.decimals import figure_text

MODELS = sorted(path.stem for path in (HOUSE / "models").glob("*.toml"))
NUMBER = re.compile(r"-?\d[\d,]*(?:\.\d+)?")
ZH = AT_TERMINAL["zh"]


@pytest.mark.parametrize("seed", range(20))
def test_a_float_at_half_a_unit_goes_the_way_of_the_exact_figure(seed):
    chance = random.Random(seed)
    for places in (0, 1, 2, 3, 4):
        for _ in range(50):
            tie = Fraction(10 * chance.randint(-99_999, 99_999) + 5, 10 ** (places + 1))  # a last 5, rounded away
            noisy = float(tie) * chance.choice((1, 1 + 2**-52, 1 - 2**-52))
            for float_of in (float(tie), noisy):
                for unit in (PURE, PERCENT):
                    percent = unit.is_percent
                    scaled, exact = (float_of / 100, tie / 100) if percent else (float_of, tie)
                    decimals = places + 2 * percent
                    assert figure_in(unit, decimals, scaled, True) == figure_in(unit, decimals, exact, True)
                    assert figure_text(scaled, places, percent) == figure_text(exact, places, percent)


def rounded(text: str, like: str) -> str:
    """The first number of a text with the decimals of another."""
    places = len(like.partition(".")[2])
    return decimal_text(Fraction(NUMBER.search(text)[0].replace(",", "")), places)


def cells(table):
    """Of each line of a unit: its row, and the columns with what they print."""
    for place, line in enumerate(table.lines):
        if not line.summed:
            texts = texts_shown(table, values_shown(table, place, ZH))
            yield line.rows[0], zip(table.columns, texts, strict=True)


@pytest.mark.parametrize("exact", [True, False])
@pytest.mark.parametrize("name", MODELS)
def test_what_is_told_of_a_cell_is_what_the_table_prints(name, exact):
    model = sample_model(name)
    try:
        table = read_table(sample_table(name.partition("@")[0]), model)
    except AllocationError:  # several years: the last
        table = read_table(sample_table(name.partition("@")[0]), model, year=2018)
    try:
        run = run_model(model, [table], exact=exact, reference=True)
    except AllocationError:
        assert name in ("dynamic_fund", "quota_book", "urbanisation_monitor")  # they want the years before
        return
    for printed in (award_table(run), annex_table(run)):
        for row, line in [*cells(printed)][:3]:
            for column, text in line:
                if column.key == CHANGE_PART and NUMBER.search(text):
                    said = first_sentence(headline(run, model.award, row), "zh")
                    assert f"（{text}）" in said.replace("+", "")
                elif column.kind == "number" and column.entry in run.model.columns and NUMBER.search(text):
                    shown = NUMBER.search(text)[0]
                    told = derive(run, column.entry, row, 0).value.zh
                    assert rounded(told, shown) == decimal_text(Fraction(shown.replace(",", "")), 9)
