"""A reason for a doubt that is no longer there keeps no question of the page from being answered, and is not listed."""

from __future__ import annotations

import pytest
from test_page_asks_as_commands import SCENARIO, Page

from allocation.errors import AllocationError

ASKED = (
    ("compare.scenarios", {"scenarios": ["more.toml"]}),
    ("compare.scenarios", {"scenarios": ["more.toml"], "tried": True}),
    ("compare.scenarios", {"pools": "800,1000"}),
    ("compare.tables", {"old": "inputs/reward.csv", "new": "inputs/reward.csv"}),
    ("ask.look", {}), ("ask.figure", {"code": "210702"}),
    ("ask.margin", {"code": "210702", "of": "settled", "step": "1"}),
    ("ask.seek", {"code": "210702", "vary": "pool", "target": "250"}),
    ("ask.difference", {"code": "210702", "against": ".tried"}),
    ("see.look", {}),
    ("figures.look", {}), ("settings.look", {}), ("take.look", {}), ("work.awards", {}), ("work.look", {}),
)  # fmt: skip


def answer(page, name, asked):
    try:
        return page.ask(name, **asked)
    except AllocationError as error:
        return [problem.text("zh") for problem in error.problems]


@pytest.mark.parametrize("pool", ["900", "many"])
def test_a_reason_that_has_lost_its_doubt_changes_no_answer(folder, pool):
    (folder / "more.toml").write_text(SCENARIO, encoding="utf-8")
    page = Page(folder, "zh")
    page.type(pool=pool)
    before = [answer(page, *each) for each in ASKED]
    work = page.visit.works.get(page.work)
    stale = work.model_validate({**work.model_dump(), "resolved": {"size-00000000": {"reason": "已核实"}}})
    page.visit.works.change(work.id, work.revision, lambda _: stale)
    for each, said in zip(ASKED, before, strict=True):
        now = answer(page, *each)
        for shown in (now, said):
            if isinstance(shown, dict):
                shown.pop("revision", None)
        assert now == said, each
