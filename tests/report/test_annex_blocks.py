"""Every unit stands on an 附件 once, whatever its group and the register of receiving units say of it."""

from __future__ import annotations

import random
import sys
from dataclasses import replace
from pathlib import Path

import pytest

sys.path.append(str(Path(__file__).parents[1] / "laws"))  # the small models

from printed_models import made

from allocation.report.lines import together
from allocation.report.tables import annex_table

KINDS = (("", ""), ("own", ""), ("area", ""), ("direct", "甲"), ("direct", "省直管"))  # 甲 is a group of the model too


@pytest.mark.parametrize("seed", range(12))
def test_a_unit_stands_once_also_where_a_group_and_a_heading_of_the_register_are_called_alike(seed):
    run, rng = made(seed), random.Random(f"standing {seed}")
    standing = tuple(rng.choice(KINDS) for _ in run.table.codes)
    table = replace(run.table, standing=standing)
    lines = annex_table(replace(run, tables=(table,))).lines
    assert sorted(row for line in lines if line.kind == "unit" for row in line.rows) == [*range(len(table))]


def test_what_goes_together_keeps_the_order_in_which_it_comes_up():
    assert together([3, 1, 2, 0], "abab".__getitem__) == [("b", (3, 1)), ("a", (2, 0))]
