"""The sentence one says of a county's figure before anything is derived: how much, which place, why not last year's.

Causes of a change are those of `decompose` where last year's parameters are on record, and the differences of the parts
where last year was worked out itself; what they leave is told as the rest, so that all adds up. Else the largest parts
are told beside the mean of all counties (其中), or what share of all claims the county has.
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from allocation.analysis.decided import DecidedFigure, decided_figures
from allocation.analysis.decompose import Decomposition, decompose
from allocation.analysis.edges import held
from allocation.analysis.total_moved import TotalMoved, since_last
from allocation.classes import dataclass
from allocation.errors import AllocationError
from allocation.language import tree
from allocation.language.sums import sum_terms
from allocation.language.units import Unit
from allocation.policy.model import Parameter
from allocation.readings.at_row import branch, value_at
from allocation.readings.each import decimal
from allocation.readings.evaluated import Evaluated
from allocation.readings.said_amounts import told
from allocation.readings.words import sentence
from allocation.report.column import CHANGE_PLACES, PERCENT
from allocation.report.formats import figure_in
from allocation.run.marks import year_text
from allocation.run.run import Run
from allocation.run.scenario import Change, apply_changes
from allocation.tables.table import number
from allocation.texts import AT_TERMINAL, LANGUAGES, Both, both, say
from allocation.texts.decimals import PERCENTAGE, figure_text

MOST = 3  # causes told; more are no sentence
AVERAGED = 6  # causes of which every order is averaged: 64 runs
ORDERS = 24  # sampled of more


@dataclass(frozen=True)
class Cause:
    """What brought `amount`: of the change, or of the figure itself beside the `mean` of all counties.

    `pool`: that the total is another, which is told first however little it brings.
    """

    label: Both
    amount: Fraction
    mean: Fraction | None = None
    pool: bool = False


@dataclass(frozen=True)
class Headline:
    """`rank`, highest first, `tied` with others; `last` year's figure, None where it is blank or nobody has one.

    `total`: what all awards together have to do with the change, where no cause says it.
    `causes` with `rest` add up to the change; without (None) they are some of the figure's parts. `claim`: what part of
    all claims the county has, where the figure is a share in proportion to one; `held`: at a floor or a cap.
    """

    run: Run
    row: int
    name: str
    amount: Fraction
    rank: int
    tied: bool
    last: Fraction | None = None
    compared: bool = False  # somebody has a figure of last year
    total: TotalMoved | None = None
    causes: tuple[Cause, ...] = ()
    rest: Fraction | None = None
    claim: Cause | None = None
    held: str = ""
    beside: tuple[tuple[Both, Fraction], ...] = ()  # what parts say of the same issue: 核定, 已提前下达, 本次下达

    @property
    def unit(self) -> Unit:
        return self.run.model.entry(self.name).unit

    @property
    def change(self) -> Fraction | None:
        return None if self.last is None else self.amount - self.last


def headline(run: Run, name: str, row: int) -> Headline | None:
    """Of a figure that is a number for every county; None of any other, or where the county's is blank."""
    entry = run.model.columns.get(name)
    if entry is None or entry.kind != "number" or entry.shape != "column" or name not in run.periods[-1]:
        return None
    figures = run.numbers(name)
    amount = figures[row]
    if amount is None:
        return None
    known = [figure for figure in figures if figure is not None]
    rank, tied = 1 + sum(figure > amount for figure in known), known.count(amount) > 1
    plain = Headline(run, row, name, amount, rank, tied)
    return _of_award(plain) if name == run.model.award else plain


def _of_award(plain: Headline) -> Headline:
    run, row = plain.run, plain.row
    before = last_year(run)
    last = before[row]
    causes, rest = _causes(run, row, None if last is None else plain.amount - last)
    claim = None if causes else _claim(run, row)
    compared = any(figure is not None for figure in before)
    told_of = last in (None, plain.amount) or any(cause.pool for cause in causes)
    total = None if told_of else since_last(run, before, row)
    return Headline(
        run, row, plain.name, plain.amount, plain.rank, plain.tied, last, compared, total, causes, rest, claim,
        held(run).get(run.table.codes[row], ""), _beside(run, row),
    )  # fmt: skip


def last_year(run: Run) -> tuple[Fraction | None, ...]:
    """The award a year ago, a county: what the table gives of it, else what the run worked out for the year before."""
    given = run.numbers(run.model.compare_with) if run.model.compare_with else (None,) * len(run.table)
    worked_out = _in_the_year_before(run, run.model.award)
    return tuple(figure if figure is not None else worked_out[row] for row, figure in enumerate(given))


def _in_the_year_before(run: Run, name: str) -> tuple[Fraction | None, ...]:
    """A column of numbers as the run worked it out for the year before, by code; None of who was not there."""
    if len(run.periods) < 2 or name not in run.periods[-2]:
        return (None,) * len(run.table)
    table, evaluated = run.tables[-2], run.periods[-2][name]
    rows = {code: row for row, code in enumerate(table.codes)}
    return tuple(number(_figure(evaluated, rows[code])) if code in rows else None for code in run.table.codes)


def _figure(evaluated: Evaluated, row: int) -> Fraction:
    value = value_at(evaluated.data, row)
    assert isinstance(value, Fraction | float)
    return decimal(value)


# ---- causes


def _causes(run: Run, row: int, change: Fraction | None) -> tuple[tuple[Cause, ...], Fraction | None]:
    """The largest causes, and what they leave of the change; None where they are parts of the figure."""
    of_change = [*_adjusted(run, row), *(_decided(run, row) or _moved_parts(run, row))] if change else []
    if change and of_change:
        largest = _largest(of_change)
        return largest, change - sum((cause.amount for cause in largest), Fraction(0))
    return _largest(_parts(run, row)), None


def _adjusted(run: Run, row: int) -> list[Cause]:
    """What was moved by hand in this issue."""
    moved = [(name, run.amounts(name)[row]) for name in (part.moved for part in run.parts) if name]
    return [Cause(_label(run, name), amount) for name, amount in moved if amount]


def _largest(causes: list[Cause]) -> tuple[Cause, ...]:
    ranked = sorted(causes, key=lambda cause: (not cause.pool, -abs(cause.amount - (cause.mean or 0))))
    return tuple(cause for cause in ranked[:MOST] if cause.amount or cause.mean)


def _decided(run: Run, row: int) -> list[Cause]:
    """What each figure decided anew brings the county: `decompose` from last year's figures to this year's."""
    moved, split = run.once(since_last_year)
    if split is None:
        return []
    *parts, _ = split.closed()[row]
    return [
        Cause(_moved_label(figure), amount, pool=figure.entry.name == run.model.pool)
        for figure, amount in zip(moved, parts, strict=True)
    ]


def since_last_year(run: Run) -> tuple[list[DecidedFigure], Decomposition | None]:
    """The figures decided anew, and what each of them does to every award; None where that is not known."""
    moved = [figure for figure in decided_figures(run.model) if figure.moved]
    if not moved or len(run.tables) > 1:
        return moved, None
    try:
        backwards = [Change(figure.address, figure.last) for figure in moved]
        before = apply_changes(run.model, run.tables, backwards)[0]
        forwards = [Change(figure.address, figure.figure) for figure in moved]
        orders = None if len(moved) <= AVERAGED else ORDERS
        split = decompose(before, run.tables, forwards, exact=run.exact, reference=run.reference, orders=orders)
    except AllocationError:
        return moved, None  # last year's figures do not run on this year's table: nothing is known of their effect
    return moved, split


def _moved_label(figure: DecidedFigure) -> Both:
    """`“奖励资金总额”由4,800万元改为5,000万元`."""
    entry = figure.entry
    label = both("explain.entry", label=entry.label, key=figure.key) if figure.key else entry.label
    texts = [(_told(figure.last, entry, lang), _told(figure.figure, entry, lang)) for lang in LANGUAGES]
    said = zip(LANGUAGES, texts, strict=True)
    return Both(*(say(lang, "explain.moved", label=label, old=old, new=new) for lang, (old, new) in said))


def _told(value: object, entry: Parameter, lang: str) -> str:
    return told(value, entry.unit, lang) if isinstance(value, Fraction) else str(value)


def _moved_parts(run: Run, row: int) -> list[Cause]:
    """What each part of the award moved by, where the run worked out the year before."""
    causes = []
    for name in _part_names(run):
        before = _in_the_year_before(run, name)[row]
        if before is None:
            return []
        causes.append(Cause(_label(run, name), run.amounts(name)[row] - before))
    return causes


def _parts(run: Run, row: int) -> list[Cause]:
    """The parts of the award beside the mean of all counties; none of an award that has no parts."""
    if len(run.table) < 2:
        return []
    causes = []
    for name in _part_names(run):
        figures = [figure or Fraction(0) for figure in run.numbers(name)]
        causes.append(Cause(_label(run, name), figures[row], sum(figures, Fraction(0)) / len(figures)))
    return causes


def _part_names(run: Run) -> list[str]:
    """What the award is made up of: the amounts of the factor table, else the terms of a sum; all in its unit."""
    model = run.model
    award = model.columns[model.calculated or model.award]
    names = [factor.amount for factor in model.factors] or [
        name for sign, name in sum_terms(award.node) or [] if sign == "+"
    ]
    known = [name for name in names if name in run.periods[-1] and model.entry(name).unit == award.unit]
    return known if len(known) == len(names) > 1 else []


def _label(run: Run, name: str) -> Both:
    entry = run.model.entry(name)
    if isinstance(entry, Parameter) or not entry.item:
        return entry.label
    return Both(*(entry.item[lang] for lang in LANGUAGES))


def _claim(run: Run, row: int) -> Cause | None:
    """The county's part of all claims (of its group), where the award is a share in proportion to one."""
    model = run.model
    value = run.periods[-1][model.calculated or model.award]
    while True:
        node = value.node
        if isinstance(node, tree.Name) and node.id in model.columns:
            value = run.periods[-1][node.id]
        elif isinstance(node, tree.If):
            value = branch(value, row)
        elif isinstance(node, tree.Call) and node.fn == "largest_remainder":
            value = value.parts[1]
        else:
            break
    call = node.call if isinstance(node, tree.Derived) else node
    if not isinstance(call, tree.Call) or call.fn not in ("share", "bounded_share") or call.arg("by") is not None:
        return None
    claim = call.needed("claim")
    if not isinstance(claim, tree.Name) or claim.id not in {**model.columns, **model.inputs}:
        return None
    claims = [figure or Fraction(0) for figure in run.numbers(claim.id)]
    whole = sum(claims, Fraction(0))
    if not whole or len(claims) < 2:
        return None
    label = sentence(model, claim)
    return Cause(label, claims[row] / whole, Fraction(1, len(claims)))


def _beside(run: Run, row: int) -> tuple[tuple[Both, Fraction], ...]:
    """What the parts of the issue say of the county; nothing where all is paid out as it was awarded."""
    told_beside = tuple(_of_parts(run, row))
    return told_beside if {figure for _, figure in told_beside} - {run.amounts(run.model.award)[row]} else ()


def _of_parts(run: Run, row: int) -> Iterator[tuple[Both, Fraction]]:
    """What each part prints of the unit, but the award itself and what is 0 and need not be told."""
    for part in run.parts:
        stands = part.letter.stands if part.letter else ()
        for family in part.columns.get("unit", ()):
            if family == run.model.award or family not in {**run.model.columns, **run.model.inputs}:
                continue
            figure = run.figures(family)[row]
            if isinstance(figure, Fraction) and (figure or family in stands):
                yield run.model.entry(family).label, figure


# ---- the sentence


def first_sentence(headline: Headline, lang: str) -> str:
    """`2017年凌河区获得801万元，在7个地区中居第3位，比上年（900万元）减少99万元（-11.00%）。`, and its causes."""
    run, unit = headline.run, headline.unit
    stop = say(lang, "words.stop")
    handed = run.model.pool and headline.name == run.model.award
    slots = {
        "year": year_text(run)[lang], "unit": run.table.names[headline.row], "rank": _rank(headline, lang),
        "amount": told(headline.amount, unit, lang), "change": _change(headline, lang),
        "label": run.model.entry(headline.name).label,
    }  # fmt: skip
    message = "got" if handed and headline.amount else "got_nothing" if handed else "figure"
    parts = [say(lang, f"explain.first_{message}", **slots)]
    bound = say(lang, f"explain.first_{headline.held}") if headline.held else ""
    moved = headline.total.told(AT_TERMINAL[lang], headline.rest is None) if headline.total else ""
    parts += [text for text in (moved, _beside_text(headline, lang), _why_text(headline, lang), bound) if text]
    return stop.join(parts).strip() + stop.strip()


def _rank(headline: Headline, lang: str) -> str:
    count = sum(figure is not None for figure in headline.run.numbers(headline.name))
    if count < 2:
        return ""
    if headline.tied and len({*headline.run.numbers(headline.name)} - {None}) == 1:
        return say(lang, "explain.first_all_alike", count=count)
    return say(lang, f"explain.first_rank{'_tied' if headline.tied else ''}", count=count, rank=headline.rank)


def _change(headline: Headline, lang: str) -> str:
    if not headline.compared:
        return ""
    if headline.last is None or headline.change is None:
        return say(lang, "explain.first_no_last")
    slots = {"old": told(headline.last, headline.unit, lang), "x": told(abs(headline.change), headline.unit, lang)}
    if not headline.change:
        return say(lang, "explain.first_same", **slots)
    slots["percent"] = ""
    if headline.last > 0:
        slots["percent"] = figure_in(PERCENT, CHANGE_PLACES, headline.change / headline.last, signed=True)
    return say(lang, f"explain.first_{'more' if headline.change > 0 else 'less'}", **slots)


def _beside_text(headline: Headline, lang: str) -> str:
    said = [
        say(lang, "notices.reason_figure", label=label, amount=told(figure, headline.unit, lang))
        for label, figure in headline.beside
    ]
    return say(lang, "explain.first_beside", figures=said) if said else ""


def _why_text(headline: Headline, lang: str) -> str:
    unit = headline.unit
    if headline.claim is not None:
        if not headline.claim.amount:
            return say(lang, "explain.first_claim_none", label=headline.claim.label)
        shares = [figure_text(share, percent=True) for share in (headline.claim.amount, headline.claim.mean)]
        return say(lang, "explain.first_claim", label=headline.claim.label, share=shares[0], mean=shares[1])
    if not headline.causes:
        return ""
    if headline.rest is None:
        places = headline.run.model.columns[headline.name].decimals
        texts = [_part_text(cause, unit, places, lang) for cause in headline.causes]
        heading = headline.run.model.entry(_part_names(headline.run)[0]).heading
        return say(lang, "explain.first_parts", heading=heading or "", parts=texts)
    texts = [_brought(cause, unit, lang) for cause in headline.causes]
    rest = headline.rest
    slots = {"causes": texts, "rest": told(abs(rest), unit, lang) if rest else ""}
    key = "because" if sum(abs(cause.amount) for cause in headline.causes) >= abs(rest) else "of_which"
    return say(lang, f"explain.first_{key}{'_less' if rest < 0 else ''}", **slots)


def _part_text(cause: Cause, unit: Unit, places: int | None, lang: str) -> str:
    assert cause.mean is not None
    mean = told(cause.mean, unit, lang, PERCENTAGE if places is None else places)
    beside = "above" if cause.amount > cause.mean else "below" if cause.amount < cause.mean else "at"
    return say(lang, f"explain.first_part_{beside}", label=cause.label, x=told(cause.amount, unit, lang), mean=mean)


def _brought(cause: Cause, unit: Unit, lang: str) -> str:
    message = "brought" if cause.amount > 0 else "took"
    return say(lang, f"explain.first_{message}", label=cause.label, x=told(abs(cause.amount), unit, lang))
