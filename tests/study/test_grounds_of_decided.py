"""On what paper a decided figure rests, also where a file attached to the issue gives the same figure or another."""

from __future__ import annotations

from dataclasses import replace

import pytest
from attaching import attached
from shipped import HOUSE

from allocation.analysis.decided import decided_figures
from allocation.policy.model import Ground
from allocation.run.finding import find
from allocation.run.run import run_model

SOURCES = HOUSE / "inputs" / "week" / "sources.csv"
SAID = Ground(last=None, basis="纪要〔2024〕3号", by="局长办公会", date="2024-05-28")


def decided_with(pool):
    """The decided pool of a run with sources that give 5,000, where the case says it is `pool`, and on what paper."""
    base = find("incentive_fund", None, None)
    entry = base.model.parameters[base.model.pool]
    said = replace(entry, value=entry.value.__class__(pool), grounds={"": SAID})
    model = replace(base.model, parameters={**base.model.parameters, entry.name: said})
    parts = attached(model, base.table, sources=SOURCES)
    run = run_model(parts.model, [parts.table], parts.changes)
    return next(figure for figure in decided_figures(run.model) if figure.entry.name == entry.name)


def test_a_pool_that_the_sources_give_as_the_case_says_it_keeps_the_cases_paper():
    figure = decided_with(5000)
    assert (figure.origin, figure.ground) == ("sources", SAID)


def test_a_pool_that_the_sources_make_another_has_no_paper_of_the_case():
    figure = decided_with(5100)
    assert (figure.figure, figure.origin, figure.ground) == (5000, "sources", Ground())


def test_every_source_rests_on_its_own_document():
    base = find("incentive_fund", None, None)
    parts = attached(base.model, base.table, sources=SOURCES).model.parameters
    for family in ("_source_amount", "_source_reserve", "_source_advanced"):
        papers = [parts[f"{family}.s{number}"].on_paper("") for number in (1, 2, 3)]
        assert papers == ["财预〔2017〕101号（示例）", "辽财指〔2017〕202号（示例）", "锦财指〔2018〕3号（示例）"]


@pytest.mark.parametrize(("said", "told"), [(5000, []), (5100, ["sources.pool_of_case"])])
def test_a_case_that_says_another_pool_than_its_sources_is_told(said, told):
    base = find("incentive_fund", None, None)
    entry = base.model.parameters[base.model.pool]
    other = replace(entry, value=entry.value.__class__(said), origins={"": "case"})
    model = replace(base.model, parameters={**base.model.parameters, entry.name: other})
    notes = attached(model, base.table, sources=SOURCES).table.notes
    assert [note.id for note in notes if note.id.startswith("sources.")] == told
    assert all(note.text("zh") and note.text("en") for note in notes)
