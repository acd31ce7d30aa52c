"""What the cells of 数据 and 参数 must be for any figure to be shown: one rule counts, names and marks what is not."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from allocation.classes import dataclass
from allocation.policy.model import Input, Parameter
from allocation.readings.excel import Walk
from allocation.readings.excel_text import quoted
from allocation.readings.excel_walk import Blocking
from allocation.texts import Both, both
from allocation.xlsx.layout import FIRST, Layout, letters

SPACE = "　"  # a full-width space, which TRIM leaves
BEYOND = "10^7"  # below every row there is
# Of a range as of a cell, as ISNUMBER is not in every program: a text is more than any number.
FILLED, NO_NUMBER = '({x}<>"")', "({x}>1E+307)"
MANY = 200  # arguments to one function; Excel takes 255
LONG = 7000  # characters; Excel takes 8,192 of one formula


@dataclass(frozen=True)
class Rule:
    """What each cell of an input must be. `fault` is a number, above 0 where `{x}` is not; `wide`: of a range, too."""

    label: Both
    fault: str
    wide: bool = True


@dataclass(frozen=True)
class ParameterCell:
    """A cell of 参数 that is open to people, and what must hold of `{x}`."""

    row: int
    column: int
    tests: tuple[str, ...]

    @property
    def place(self) -> str:
        return f"{letters(self.column)}{self.row + 1}"

    def wrong(self, reference: str) -> str:
        """A truth; a test that cannot be asked does not hold."""
        return f"NOT(IFERROR(AND({','.join(self.tests)}),FALSE))".replace("{x}", reference)


def rules(entry: Input, blank: bool) -> list[Rule]:
    """`blank`: the cell may be left blank."""
    return _text_rules(entry, blank) if entry.text else _figure_rules(entry, blank)


def _text_rules(entry: Input, blank: bool) -> list[Rule]:
    rules = [] if blank else [Rule(both("workbook.filled_in", input=entry.label), '1*({x}="")')]
    loose = f'IF(ISTEXT({{x}}),IF(OR(TRIM({{x}})<>{{x}},ISNUMBER(FIND("{SPACE}",{{x}}))),1,0),0)'
    rules.append(Rule(both("workbook.no_stray_spaces", input=entry.label), loose, False))
    if entry.one_of:
        tests = [f"EXACT({{x}},{quoted(text)})" for text in entry.one_of]
        known = ",".join(f"OR({','.join(tests[at : at + MANY])})" for at in range(0, len(tests), MANY))
        label = both("workbook.one_of_the_choices", input=entry.label)
        rules.append(Rule(label, f'IF({{x}}="",0,IF(OR({known}),0,1))', False))
    return rules


def _figure_rules(entry: Input, blank: bool) -> list[Rule]:
    if blank:
        label, fault = both("workbook.number_or_blank", input=entry.label), f"{FILLED}*{NO_NUMBER}"
    else:
        label, fault = both("workbook.filled_with_numbers", input=entry.label), f"1-{FILLED}*(1-{NO_NUMBER})"
    tests = [f"({{x}}<{float(entry.min)!r})"] if entry.min is not None else []
    tests += [f"({{x}}>{float(entry.max)!r})"] if entry.max is not None else []
    rules, range_label = (
        [Rule(label, fault)],
        both("workbook.in_range_and_places", input=entry.label),
    )
    if entry.decimals is not None:  # ROUND of a range with a text in it is an error: a helper asks cell by cell
        tests.append(f"(ROUND({{x}},{entry.decimals})<>{{x}})")
        rules.append(Rule(range_label, f"IF(ISNUMBER({{x}}),IF(OR({','.join(tests)}),1,0),0)", False))
    elif tests:
        rules.append(Rule(range_label, f"{FILLED}*(1-{NO_NUMBER})*({'+'.join(tests)})"))
    return rules


def mark(entry: Input, blank: bool, reference: str) -> str:
    """Whether a cell breaks any rule, for a conditional format."""
    return "+".join(f"({rule.fault})" for rule in rules(entry, blank)).replace("{x}", reference) + ">0"


def input_lines(entry: Input, layout: Layout, walk: Walk) -> Iterator[Blocking]:
    """How many cells of an input break each rule, and which is the first that does."""
    cell = layout.input(entry.name)
    for rule in rules(entry, walk.may_be_blank(entry)):
        if rule.wide:
            wrong = rule.fault.replace("{x}", walk.span(cell))
            count = f"SUMPRODUCT(--(({wrong})>0))"
        else:
            walk.owner = entry.label
            helper = walk.spill(rule.fault.replace("{x}", cell), both("auxiliary.wrong"), 0.0, wide=True)
            wrong = walk.span(helper)
            count = f"SUM({wrong})"
        yield Blocking(rule.label, count, where=_first(wrong, cell, layout))


def _first(wrong: str, cell: str, layout: Layout) -> str:
    """The topmost faulty cell with its county, as text."""
    span = f"$A${layout.first}:$A${layout.last}"
    row = f"SUMPRODUCT(MIN(ROW({span})+(({wrong})=0)*{BEYOND}))"
    sheet, _, column = cell.replace("$", "").partition("!")
    place = f'"{sheet.strip(chr(39))}"&"!{column.replace("{r}", "")}"'
    return f'{place}&{row}&" "&INDEX({names_of(layout)},{row}-{FIRST})'


def names_of(layout: Layout) -> str:
    """The range of the counties' names."""
    return f"'{layout.names['data']}'!$C${layout.first}:$C${layout.last}"


def parameter_cells(entry: Parameter, layout: Layout) -> list[ParameterCell]:
    """The figures and edges of one parameter: within its bounds, with its decimals, edges rising."""
    bounds = [] if entry.min is None else [f"{{x}}>={float(entry.min)!r}"]
    bounds += [] if entry.max is None else [f"{{x}}<={float(entry.max)!r}"]
    bounds += [] if entry.decimals is None else [f"ROUND({{x}},{entry.decimals})={{x}}"]
    column = getattr(layout, "value_column", 2)
    values = [band.value for band in entry.bands] or [value for _, value in entry.values] or [entry.value]
    rows = layout.rows[entry.name]
    cells = [
        ParameterCell(row, column, ('{x}<>""',) if isinstance(value, str) else ("ISNUMBER({x})", *bounds))
        for row, value in zip(rows, values, strict=True)
    ]
    edges = [row for row, band in zip(rows, entry.bands, strict=False) if band.edge is not None]
    below = {after: f"{{x}}>{_cell(layout, before, 1)}" for before, after in pairwise(edges)}
    return cells + [ParameterCell(row, 1, ("ISNUMBER({x})", *([below[row]] if row in below else []))) for row in edges]


def _cell(layout: Layout, row: int, column: int) -> str:
    return f"'{layout.names['parameters']}'!${letters(column)}${row + 1}"


def parameter_line(entry: Parameter, layout: Layout, walk: Walk) -> Blocking:
    """How many of a parameter's cells are not what they must be, and which."""
    label = both("workbook.parameter_in_range", parameter=entry.label)
    wrong = [(cell.place, cell.wrong(_cell(layout, cell.row, cell.column))) for cell in parameter_cells(entry, layout)]
    sheet = layout.names["parameters"]
    where = "&".join(f'IF({test},"{sheet}"&"!{place} ","")' for place, test in wrong)
    if len(where) > LONG:
        where = f'"{sheet}!{wrong[0][0]}–{wrong[-1][0]}"'
    walk.owner = entry.label
    counts = walk.added([(f"IF({test},1,0)", 0.0) for _, test in wrong], both("auxiliary.wrong"))
    return Blocking(label, counts, where=where)
