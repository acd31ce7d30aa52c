"""A table beside a register or last year's: who is missing, new, or stands under another name, and what explains it."""

from __future__ import annotations

import random
from dataclasses import replace

import pytest
from desk import examples
from hypothesis import given, settings
from hypothesis import strategies as st
from towns import codes, doubts_of, names, register_of, table_of

from allocation.doubts.beside import LAST
from allocation.doubts.last import table_listing
from allocation.doubts.names import same_unit
from allocation.tables.recipients import Recipient, Recipients

QUICK = settings(max_examples=examples(25), deadline=None)


@QUICK
@given(st.integers(3, 30), st.randoms(use_true_random=False))
def test_codes_and_names_that_are_shifted_are_a_doubt_that_names_both_places(count, chance: random.Random):
    own, called = codes(count), names(count)
    shifted = chance.sample(called, count)
    found = doubts_of(table_of(own, shifted), register_of(own, called))
    moved = [row for row in range(count) if shifted[row] != called[row]]
    assert set(found) == ({"names"} if moved else set())
    if moved:
        assert set(found["names"].units) == {own[row] for row in moved}
        for lang in ("zh", "en"):
            text = found["names"].text(lang)
            for row in moved[:20]:
                assert f"表.csv: B{row + 2}" in text and f"recipients.csv: A{row + 2}" in text


@QUICK
@given(st.integers(6, 30), st.data())
def test_units_that_are_lost_from_a_table_or_new_in_it_are_each_one_doubt(count, data):
    own, called = codes(count), names(count)
    lost = data.draw(st.sets(st.integers(0, count - 1), min_size=1, max_size=count // 3))
    rest = [row for row in range(count) if row not in lost]
    part = [own[row] for row in rest], [called[row] for row in rest]
    missing = doubts_of(table_of(*part), register_of(own, called))
    assert set(missing) == {"missing"} and set(missing["missing"].units) == {own[row] for row in lost}
    assert all(called[row] in missing["missing"].text("zh") for row in sorted(lost)[:20])
    new = doubts_of(table_of(own, called), register_of(*part))
    assert set(new) == {"new"} and set(new["new"].units) == {own[row] for row in lost}
    last = table_listing(LAST, table_of(*part, year=2017, file="上年.csv"))
    assert set(doubts_of(table_of(own, called), listings=(last,))) == {"new"}


@QUICK
@given(st.integers(4, 20), st.data())
def test_renames_and_mergers_that_the_register_s_years_explain_are_no_finding(count, data):
    own, called = codes(count), names(count)
    renamed, merged, split = data.draw(st.permutations(range(count)))[:3]
    entries = [
        Recipient(
            code, name, years=(0, 2017) if row in (renamed, merged) else (2018, 9999) if row == split else (0, 9999)
        )
        for row, (code, name) in enumerate(zip(own, called, strict=True))
    ]
    entries.append(Recipient(own[renamed], "新名县", years=(2018, 9999)))
    register = Recipients(tuple(entries), "r.csv")
    now = ["新名县" if row == renamed else name for row, name in enumerate(called)]
    rows = [row for row in range(count) if row != merged]
    table = table_of([own[row] for row in rows], [now[row] for row in rows])
    before = [row for row in range(count) if row != split]
    last = table_listing(
        LAST, table_of([own[row] for row in before], [called[row] for row in before], 2017, "上年.csv")
    )
    assert doubts_of(table, register, listings=(last,)) == {}
    assert set(doubts_of(table, listings=(last,))) == {"names", "new", "missing"}  # without the register: none is known
    moves = tuple((2018, own[merged], own[row]) for row in (renamed, split))
    assert doubts_of(table, listings=(last,), moves=moves) == {}


def test_a_unit_that_the_register_ended_is_said_when_it_still_stands_in_the_table():
    own, called = codes(7), names(7)
    register = register_of(own, called, c990103=(0, 2017))
    assert set(doubts_of(table_of(own, called), register)["new"].units) == {"990103"}
    assert doubts_of(table_of(own, called, year=2017), register) == {}


def test_a_register_of_a_province_says_nothing_of_cities_that_the_table_does_not_cover():
    own = [*codes(8), *codes(8, "9902"), *codes(8, "9903"), "990100", "990200", "990300"]
    called = [
        *names(8),
        *(f"二{name}" for name in names(8)),
        *(f"三{name}" for name in names(8)),
        "甲市",
        "乙市",
        "丙市",
    ]
    register = register_of(own, called)
    assert doubts_of(table_of(own[:8], called[:8]), register) == {}
    seat = table_of([*own[:8], "990100"], [*called[:8], "甲市"])
    assert doubts_of(seat, register) == {}
    assert doubts_of(table_of(own[24:], called[24:]), register) == {}
    assert set(doubts_of(table_of(own[:7], called[:7]), register)["missing"].units) == {own[7]}
    assert set(doubts_of(table_of(own[24:26], called[24:26]), register)["missing"].units) == {own[26]}


def test_a_register_of_part_of_the_table_says_nothing_of_the_rest():
    own, called = [*codes(8), *codes(8, "9902")], [*names(8), *(f"二{name}" for name in names(8))]
    assert doubts_of(table_of(own, called), register_of(own[:8], called[:8])) == {}


@pytest.mark.parametrize("count", range(1, 8))
def test_whoever_is_lacking_is_said_however_few_the_table_has(count):
    few, register = table_of(codes(count), names(count)), register_of(codes(8), names(8))
    assert len(doubts_of(few, register)["missing"].units) == 8 - count
    assert (
        len(doubts_of(table_of(codes(8), names(8)), register_of(codes(count), names(count)))["new"].units) == 8 - count
    )


@pytest.mark.parametrize(
    "prefixes",
    [("9901", "9902"), ("990100", "990200"), ("JZ-A", "JZ-B"), ("甲区", "乙区"), ("990101001", "990101002")],
)
def test_a_table_that_has_all_units_under_one_prefix_of_a_register_lacks_nobody(prefixes):
    own = [f"{front}{'-' * front.isalpha()}{number:02}" if len(front) < 6 else f"{front}{number:03}"
           for front in prefixes for number in range(1, 9)]  # fmt: skip
    called = [*names(8), *(f"二{name}" for name in names(8))]
    register = register_of(own, called)
    assert doubts_of(table_of(own[:8], called[:8]), register) == {}
    assert doubts_of(table_of(own[8:], called[8:]), register) == {}
    assert set(doubts_of(table_of(own[:7], called[:7]), register)["missing"].units) == {own[7]}
    assert set(doubts_of(table_of(own[:15], called[:15]), register)["missing"].units) == {own[15]}


def test_a_table_without_codes_is_compared_by_names_in_the_areas_it_covers():
    own, called = [*codes(8), *codes(8, "9902")], [*names(8), *(f"二{name}" for name in names(8))]
    register = register_of(own, called)

    def by_name(those: list[str]):
        return replace(table_of([f"{i:03}" for i in range(1, len(those) + 1)], those), coded=False)

    assert doubts_of(by_name(called[:8]), register) == {}
    assert set(doubts_of(by_name(called[:7]), register)["missing"].units) == {own[7]}
    assert set(doubts_of(by_name([*called[:8], "新来县"]), register)["new"].units) == {"新来县"}


def test_one_code_that_was_mistyped_brings_no_other_city_into_the_table():
    own, called = [*codes(8), *codes(8, "9902")], [*names(8), *(f"二{name}" for name in names(8))]
    found = doubts_of(table_of([*own[:7], "990203"], called[:8]), register_of(own, called))
    assert set(found["names"].units) == {"990203"} and set(found.get("missing", found["names"]).units) <= {
        own[7],
        "990203",
    }


def test_of_several_registers_each_is_said_by_its_file_and_what_one_of_them_knows_is_not_new():
    own, called = codes(8), names(8)
    old = replace(register_of(own[:6], called[:6]), file="recipients_2015.csv")
    short = replace(register_of([*own, "990109"], [*called, "新来县"]), file="recipients_2018.csv")
    assert set(doubts_of(table_of(own, called), old, short)) == {"missing"}
    other = replace(register_of(own[:6], [called[1], called[0], *called[2:6]]), file="recipients_2015.csv")
    assert doubts_of(table_of(own, called), other, register_of(own, called)) == {}
    both = doubts_of(table_of([*own, "990111"], [*called, "别处县"]), old, short)["new"]
    assert "recipients_2015.csv" in both.text("zh") and "recipients_2018.csv" in both.text("en")


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("黑山", "黑山县", True),
        ("黑 山 县", "黑山县", True),
        ("黑山县＊", "黑山县", True),
        ("锦州市黑山县", "黑山县", True),
        ("阜新", "阜新蒙古族自治县", True),
        ("阜新县", "阜新蒙古族自治县", True),
        ("管城区", "管城回族区", True),
        ("市本级", "锦州市本级", True),
        ("黑山县（试点）", "黑山县", True),
        ("朝阳市", "朝阳县", False),
        ("锦州市", "锦州市本级", False),
        ("锦州市本级", "葫芦岛市本级", False),
        ("锦州市城区", "朝阳市城区", False),
        ("阜新市", "阜新蒙古族自治县", False),
        ("义县", "义", False),
        ("义县", "黑山县", False),
    ],
)
def test_names_are_compared_leniently_but_two_units_never_match(one, other, same):
    assert same_unit(one, other) == same_unit(other, one) == same


@QUICK
@given(st.integers(3, 20), st.randoms(use_true_random=False))
def test_ids_rest_on_kind_units_and_figures_and_on_nothing_else(count, chance: random.Random):
    own, called = codes(count), names(count)
    register = register_of(own, [*called[1:], called[0]])
    first = doubts_of(table_of(own, called), register)["names"]
    order = chance.sample(range(count), count)
    turned = table_of([own[row] for row in order], [called[row] for row in order], file="另一个.csv")
    assert doubts_of(turned, register)["names"].id == first.id
    other = [*called[:-1], "别名县"]
    assert doubts_of(table_of(own, other), register)["names"].id != first.id


def test_the_town_of_a_unit_that_one_register_knows_is_not_new_beside_another():
    own, called = codes(6), names(6)
    towns = [*called[:5], f"{called[5]}县城"]
    assert doubts_of(table_of(own, towns), register_of(own[:5], called[:5]), register_of(own, called)) == {}


@pytest.mark.parametrize(
    ("name", "full", "short"),
    [
        ("凌海", "凌海市", True),
        ("凌　海", "凌海市", True),
        ("阜新县", "阜新蒙古族自治县", True),
        ("管城区", "管城回族区", True),
        ("凌海市", "凌海市", False),
        ("锦州市凌海市", "凌海市", False),
        ("凌海市（试点）", "凌海市", False),
        ("凌海市＊", "凌海市", False),
        ("凌海市", "凌海", False),
        ("市本级", "锦州市本级", False),
        ("Springfield", "Springfield", False),
        ("凌海县", "凌海市", False),
    ],
)
def test_a_name_that_is_cut_short_is_asked_about_once(name, full, short):
    own, called = codes(6), [*names(5), full]
    table = table_of(own, [*names(5), name])
    found = doubts_of(table, register_of(own, called))
    last = table_listing(LAST, table_of(own, called, year=2017, file="上年.csv"))
    beside_last = doubts_of(table, listings=(last,))
    uncoded = replace(table_of([f"{i:03}" for i in range(1, 7)], table.names), coded=False)
    if short:
        assert f"{name}（表.csv: B7）= {full}（recipients.csv: A7）？" in found["short"].text("zh")
        assert found["short"].units == (own[5],) and set(beside_last) == {"short"}
        assert set(doubts_of(uncoded, register_of(own, called))) == {"short"}
    assert ("short" in found) == ("short" in beside_last) == short


def test_a_by_name_of_the_register_is_asked_about_and_its_own_name_is_not():
    own, called = codes(6), [*names(5), "凌海市"]
    last = table_listing(LAST, table_of(own, called, year=2017, file="上年.csv"))

    def found(name: str, *aliases: str, register: str = "凌海市") -> set[str]:
        known = [Recipient(code, word, aliases=aliases * (code == own[5]), where="recipients.csv: A1")
                 for code, word in zip(own, [*names(5), register], strict=True)]  # fmt: skip
        return set(doubts_of(table_of(own, [*names(5), name]), Recipients(tuple(known), "r.csv"), listings=(last,)))

    assert found("凌海", "凌海") == found("锦县", "锦县") == found("凌海市财政局", "凌海市财政局") == {"short"}
    assert found("凌海", register="凌海") == found("凌海市", "凌海") == found("锦州市凌海市", "锦州市凌海市") == set()


@pytest.mark.parametrize("name", ["凌海县", "淩海市", "锦县", "凌河市", "锦州市凌海"])
def test_a_name_of_another_kind_or_writing_under_the_code_is_a_doubt(name):
    own, called = codes(6), [*names(5), "凌海市"]
    assert set(doubts_of(table_of(own, [*names(5), name]), register_of(own, called))) == {"names"}
