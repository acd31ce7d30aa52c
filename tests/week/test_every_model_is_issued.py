"""Adjustments, sources, advances and corrections join every shipped model whose award is rounded."""

from __future__ import annotations

from pathlib import Path

import pytest
from attaching import attached
from shipped import sample_model, sample_table

from allocation.errors import AllocationError
from allocation.parts.correction import Approved
from allocation.run.run import run_model
from allocation.years.timeline import read_years

ROOT = Path(__file__).parent.parent.parent
MODELS = {path.stem: sample_model(path.stem) for path in sorted((ROOT / "models").glob("*.toml"))}
ROUNDED = [name for name, model in MODELS.items() if model.columns[model.award].decimals is not None]


def shipped(name: str):
    model = MODELS[name]
    return model, read_years([sample_table(name)], model)[0]


@pytest.mark.parametrize("name", ROUNDED)
def test_an_adjustment_an_advance_and_a_correction_join_it(name, tmp_path):
    model, table = shipped(name)
    plain = run_model(model, table, reference=True)
    county, other = table.codes[:2]
    unit = 10 ** -model.columns[model.award].decimals
    adjust, advance = tmp_path / "adjust.csv", tmp_path / "advance.csv"
    adjust.write_text(f"代码,调整额,由谁承担,理由,批准人或会议\n{county},-{unit},{other},r,m\n", encoding="utf-8")
    advance.write_text(f"代码,提前下达数\n{other},{unit}\n", encoding="utf-8")
    amounts = dict(zip(table.codes, plain.figures(model.award), strict=True))
    made = attached(model, table, adjustments=adjust, correction=Approved("正式稿", amounts, 2019), settlement=advance)
    run = run_model(made.model, made.table, made.changes, reference=True)
    moved = dict(zip(table.codes, run.figures("_difference"), strict=True))
    assert sum(moved.values()) == 0
    assert {code for code, value in moved.items() if value} == {county, other}
    warned = [one for one in run.checks if one.name in ("_adjusted_floor", "_adjusted_cap") and not one.ok]
    assert all(set(one.counties) <= {table.names[0], table.names[1]} for one in warned)


def test_a_model_whose_award_is_not_rounded_says_so(tmp_path):
    names = [name for name in MODELS if name not in ROUNDED]
    assert names
    for name in names:
        model, table = shipped(name)
        (tmp_path / "a.csv").write_text("代码,提前下达数\n1,1\n", encoding="utf-8")
        with pytest.raises(AllocationError) as caught:
            attached(model, table, settlement=tmp_path / "a.csv")
        assert [one.id for one in caught.value.problems] == ["adjust.not_rounded"]
