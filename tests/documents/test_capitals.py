"""大写金额 by the rules for filling in bills and settlement vouchers (《支付结算办法》附件一), and in English words."""

from __future__ import annotations

import re
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from allocation.documents.capitals import BELOW, DIGITS, capitals, spelled

# The first four are the rules' own examples; where a rule leaves 零 open, it is the first of the two forms given.
WRITTEN = {
    "1409.50": "壹仟肆佰零玖元伍角",
    "6007.14": "陆仟零柒元壹角肆分",
    "1680.32": "壹仟陆佰捌拾元零叁角贰分",
    "107000.53": "壹拾万柒仟元零伍角叁分",
    "16409.02": "壹万陆仟肆佰零玖元零贰分",
    "325.04": "叁佰贰拾伍元零肆分",
    "12345000": "壹仟贰佰叁拾肆万伍仟元整",
    "0": "零元整",
    "10": "壹拾元整",
    "0.05": "伍分",
    "0.50": "伍角",
    "0.55": "伍角伍分",
    "100000.08": "壹拾万元零捌分",
    "10100": "壹万零壹佰元整",
    "105000000": "壹亿零伍佰万元整",
    "1000001": "壹佰万零壹元整",
    "10500000": "壹仟零伍拾万元整",
    "100000000": "壹亿元整",
    "100005000": "壹亿零伍仟元整",
    "100105000": "壹亿零壹拾万伍仟元整",
    "1050000000": "壹拾亿伍仟万元整",
    "1000000000000": "壹万亿元整",
    "1000000010000": "壹万亿零壹万元整",
    "1000100000000": "壹万零壹亿元整",
    "9999999999999999.99": "玖仟玖佰玖拾玖万玖仟玖佰玖拾玖亿玖仟玖佰玖拾玖万玖仟玖佰玖拾玖元玖角玖分",
    "-2000": "负贰仟元整",
    "-0.10": "负壹角",
}


@pytest.mark.parametrize("figure", WRITTEN)
def test_an_amount_in_capitals(figure):
    assert capitals(Fraction(figure)) == "人民币" + WRITTEN[figure]


def read(text: str) -> Fraction:
    """Capitals back to a figure, by an independent reading: every unit multiplies what stands before it."""
    text = text.removeprefix("人民币")
    sign = -1 if text.startswith("负") else 1
    whole, _, rest = text.removeprefix("负").rpartition("元")
    value, section, digit = 0, 0, 0
    for mark in whole:
        if mark in DIGITS:
            digit = DIGITS.index(mark)
        elif mark in "拾佰仟":
            section, digit = section + digit * 10 ** ("拾佰仟".index(mark) + 1), 0
        else:
            scale = {"万": 10**4, "亿": 10**8}[mark]
            value = (value + section + digit) * scale if mark == "亿" else value + (section + digit) * scale
            section = digit = 0
    small = sum(DIGITS.index(mark) * (10 if unit == "角" else 1) for mark, unit in re.findall("(.)([角分])", rest))
    return sign * (value + section + digit + Fraction(small, 100))


@given(st.integers(-BELOW * 100 + 1, BELOW * 100 - 1))
def test_capitals_read_back_as_the_figure(fen):
    text = capitals(Fraction(fen, 100))
    assert read(text) == Fraction(fen, 100)
    assert "零零" not in text and text.endswith("整") == (fen % 100 == 0)


@pytest.mark.parametrize("figure", [Fraction(1, 3), Fraction(1, 1000), Fraction(BELOW), -Fraction(BELOW)])
def test_what_capitals_cannot_say_exactly_is_refused(figure):
    for words in (capitals, spelled):
        with pytest.raises(ValueError, match="fen|too much"):
            words(figure)


@pytest.mark.parametrize(
    ("figure", "words"),
    {
        "12345000": "twelve million three hundred and forty-five thousand yuan",
        "1001": "one thousand and one yuan",
        "325.04": "three hundred and twenty-five yuan and four fen",
        "0.50": "fifty fen",
        "0": "zero yuan",
        "-20": "minus twenty yuan",
    }.items(),
)
def test_an_amount_in_english_words(figure, words):
    assert spelled(Fraction(figure)) == f"RMB {words} only"
