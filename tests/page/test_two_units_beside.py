"""Two units side by side: the parts add up to the gap, and the part that is named makes most of it."""

from __future__ import annotations

from itertools import permutations

import pytest
from shipped import sample_model, sample_table
from test_page_asks_as_commands import CODES, Page

from allocation.analysis.two_units import two_units
from allocation.errors import AllocationError
from allocation.report.tables import award_table
from allocation.run.run import run_model
from allocation.tables.reading import read_table
from allocation.texts import AT_TERMINAL, LANGUAGES


@pytest.fixture(scope="module", params=["incentive_fund@2017", "infrastructure_subsidy", "地方奖补"])
def run(request):
    model = sample_model(request.param)
    return run_model(model, read_table(sample_table(request.param.partition("@")[0]), model))


def test_the_parts_add_up_to_the_gap_and_the_largest_makes_most_of_it(run):
    for row, other in permutations(range(len(run.table)), 2):
        beside = two_units(run, row, other)
        assert len(beside.parts) > 1 and sum(by for _, by in beside.parts) == beside.gap
        way = -1 if beside.gap < 0 else 1
        most = max(by * way for _, by in beside.parts)
        assert not beside.gap or dict(beside.parts)[beside.largest] * way == most > 0
        mirrored = two_units(run, other, row)
        assert mirrored.gap == -beside.gap and dict(mirrored.parts) == {name: -by for name, by in beside.parts}
        for lang in LANGUAGES:
            said = beside.told(AT_TERMINAL[lang])
            assert run.table.names[row] in said[0] and len(said) == 2 + bool(run.model.compare_with)


def test_the_total_is_that_of_the_award_table_in_every_column(run):
    whole = award_table(run)
    total = {key: figures[whole.total_line] for key, figures in whole.figures.items()}
    for row, other in permutations(range(len(run.table)), 2):
        beside = two_units(run, row, other).table
        assert {key: figures[beside.total_line] for key, figures in beside.figures.items()} == total


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_page_shows_the_two_and_the_total_and_refuses_one_beside_itself(folder, lang):
    page = Page(folder, lang)
    answer = page.ask("ask.beside", code=CODES[0], other=CODES[2])
    assert [line["code"] for line in answer["table"]["lines"] if line["kind"] == "unit"] == [CODES[0], CODES[2]]
    awards = [line["figures"] for line in page.ask("work.awards")["table"]["lines"] if line["code"] == CODES[0]]
    shown = [line["figures"] for line in answer["table"]["lines"] if line["code"] == CODES[0]]
    assert answer["lines"] and shown == awards
    with pytest.raises(AllocationError):
        page.ask("ask.beside", code=CODES[0], other=CODES[0])
