"""What a template lets be typed is read in both wordings, and told where it cannot be."""

from __future__ import annotations

from fractions import Fraction
from xml.etree import ElementTree

import pytest

from allocation.filling.validations import ListedArea, validations_of
from allocation.tables.scan import CellArea

OLD = (
    '<worksheet><dataValidations><dataValidation type="{type}" operator="{operator}" sqref="B2:B9 D2">'
    "<formula1>{first}</formula1><formula2>{second}</formula2></dataValidation></dataValidations></worksheet>"
)
NEW = (
    '<worksheet xmlns:x14="a" xmlns:xm="b"><extLst><ext><x14:dataValidations><x14:dataValidation type="list">'
    "<x14:formula1><xm:f>'代码 表'!$A$2:$A$9</xm:f></x14:formula1><xm:sqref>B2:B9 D2</xm:sqref>"
    "</x14:dataValidation></x14:dataValidations></ext></extLst></worksheet>"
)


def rule(type: str, operator: str, first: str, second: str = ""):
    text = OLD.format(type=type, operator=operator, first=first, second=second)
    [only] = validations_of(ElementTree.fromstring(text))
    return only


def test_a_list_on_another_sheet_is_read_as_excel_of_2010_writes_it():
    [only] = validations_of(ElementTree.fromstring(NEW))
    assert only.choices({}) == ListedArea("代码 表", CellArea(1, 8, 0, 0))
    assert only.holds_for(1, 1) and only.holds_for(1, 3) and not only.holds_for(9, 1)


@pytest.mark.parametrize(("formula", "names", "told"), [
    ('"01,02, 03"', {}, ["01", "02", "03"]),
    ("$C$2:$C$3", {}, ListedArea("", CellArea(1, 2, 2, 2))),
    ("类型", {"类型": "代码!$A$1:$B$2"}, ListedArea("代码", CellArea(0, 1, 0, 1))),
    ("类型", {}, None),
    ("INDIRECT(A1)", {}, None),
    ("OFFSET(代码!$A$1,0,0,9)", {}, None),
])  # fmt: skip
def test_the_entries_of_a_list_or_where_they_stand(formula, names, told):
    assert rule("list", "between", formula).choices(names) == told


@pytest.mark.parametrize(("type", "operator", "first", "second", "value", "told"), [
    ("decimal", "between", "0", "10", Fraction(10), True),
    ("decimal", "notBetween", "0", "10", Fraction(10), False),
    ("decimal", "greaterThanOrEqual", "-1.5", "", Fraction(-3, 2), True),
    ("decimal", "lessThan", "3", "", Fraction(3), False),
    ("decimal", "equal", "3", "", "3", False),
    ("whole", "greaterThan", "0", "", Fraction(3, 2), False),
    ("whole", "notEqual", "0", "", Fraction(3), True),
    ("textLength", "equal", "12", "", "210702000000", True),
    ("textLength", "lessThanOrEqual", "4", "", "21070", False),
    ("textLength", "equal", "6", "", Fraction("10.125"), True),
    ("decimal", "lessThan", "A1", "", Fraction(3), None),
    ("date", "lessThan", "45000", "", Fraction(3), None),
    ("custom", "between", "ISNUMBER(A1)", "", Fraction(3), None),
    ("decimal", "unknown", "3", "", Fraction(3), None),
])  # fmt: skip
def test_what_a_rule_allows_or_that_nobody_can_tell(type, operator, first, second, value, told):
    assert rule(type, operator, first, second).allows(value) is told
