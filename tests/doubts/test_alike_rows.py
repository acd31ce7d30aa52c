"""Two rows of one table that mean one unit are asked about before either is given a share."""

from __future__ import annotations

from dataclasses import replace

import pytest
from towns import codes, names, table_of

from allocation.doubts.units import alike_doubts


def found(name: str, other: str, coded: bool = False, own: list[str] | None = None):
    called = [*names(4), name, other]
    own = own or [f"{at:03}" for at in range(1, 7)]
    return list(alike_doubts(replace(table_of(own, called), coded=coded)))


@pytest.mark.parametrize(
    ("name", "other", "asked"),
    [
        ("凌海", "凌海市", True),
        ("锦州市凌海市", "凌海", True),
        ("凌海市（更正）", "凌海市", True),
        ("阜新县", "阜新蒙古族自治县", True),
        ("凌海市", "凌海县", False),
        ("黑山县", "黑山县县城", False),
        ("凌海市", "凌海市", False),
    ],
)
def test_two_rows_of_one_unit_are_a_doubt_that_names_both_cells(name, other, asked):
    doubts = found(name, other)
    assert [doubt.kind for doubt in doubts] == ["alike"] * asked
    if asked:
        for lang in ("zh", "en"):
            said = doubts[0].text(lang)
            assert "表.csv: B6" in said and "表.csv: B7" in said and name in said and other in said


def test_codes_of_places_tell_rows_apart_and_numbers_of_rows_do_not():
    assert found("朝阳", "朝阳区", coded=True, own=codes(6)) == []
    assert found("凌海", "凌海市", coded=True)


def test_the_command_asks_and_makes_no_final_version(allocation, tmp_path):
    table = tmp_path / "表.csv"
    table.write_text("名称,当年落户人数\n凌海,180\n凌海市,180\n黑山,90\n", encoding="utf-8")
    assert "alike-" in allocation(f"check public_service_cost --input {table} --year 2024 --reference").out
