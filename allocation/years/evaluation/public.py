"""The 公开 edition of an evaluation: what the public may see, checked when the file is loaded.

Of a unit's own figures only those that the file says are open may be told. Figures of all units together may be told,
but not what a sum over few of them, or over the units of several years alone, would tell of single ones: that is found
out from the figures, and withheld (`YearFigures`).
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import replace

from allocation.classes import dataclass
from allocation.errors import AllocationError, Problem
from allocation.language import tree
from allocation.language.functions import FUNCTIONS
from allocation.language.units import PURE
from allocation.policy.model import Model
from allocation.years.evaluation.formulas import CheckedFormula
from allocation.years.evaluation.parts import (
    BarsPart,
    EvaluationPlan,
    LinesPart,
    NamedLines,
    NotesPart,
    Paragraph,
    ReportPart,
    Sentence,
    TablePart,
    UnitList,
    UnitsTold,
    YearsPart,
)
from allocation.years.evaluation.sayings import Saying

SUMS = tuple(name for name, row in FUNCTIONS.items() if row.group == "counties" and row.shape == "counties")
OF_ONE = ("lowest", "highest")  # a figure over units that is one unit's own


def public_plan(plan: EvaluationPlan) -> EvaluationPlan:
    """What the public may see of it. Raises AllocationError where that is nothing."""
    public = _for_the_public(plan)
    if not (public.rows or public.parts):
        raise AllocationError(Problem("evaluate.nothing_public", where=plan.file))
    return public


def _for_the_public(plan: EvaluationPlan) -> EvaluationPlan:
    parts = tuple(part for part in map(_public_part, plan.parts) if part)
    return replace(plan, rows=tuple(row for row in plan.rows if row.public), parts=parts, public=True)


def _public_part(part: ReportPart) -> ReportPart | None:
    match part:
        case Paragraph(sentences=sentences):
            told = tuple(sentence for sentence in sentences if sentence.public)
            return replace(part, sentences=told) if told else None
        case TablePart(columns=columns):
            shown = tuple(column for column in columns if column.public)
            return replace(part, columns=shown) if shown and part.public else None
    return part if part.public else None


def own_names(model: Model, node: tree.Node, open_: Collection[str]) -> list[str]:
    """The figures of single units that a formula tells of, through whatever names, but for open ones."""
    return list(dict.fromkeys(_own(model, node, set(open_))))


def _own(model: Model, node: tree.Node, passed: set[str]) -> Iterator[str]:
    match node:
        case tree.Name(id=name) if name in passed or name.startswith("_") or name in model.parameters:
            return
        case tree.Name(id=name) if name in model.inputs:
            yield name
            return
        case tree.Name(id=name):
            passed.add(name)
            if model.columns[name].shape == "scalar":
                yield from _own(model, model.columns[name].node, passed)
            elif any(True for _ in _own(model, model.columns[name].node, set(passed))):
                yield name
            return
        case tree.Call(fn=fn) if fn in SUMS and fn not in OF_ONE and node.arg("by") is None:
            return
    for part in node.parts():
        yield from _own(model, part, passed)


def private_sums(model: Model, node: tree.Node, open_: Collection[str]) -> list[tree.Call]:
    """Where it adds up or counts units, through whatever names, by figures of units that are not open."""
    return list(_sums(model, node, set(open_)))


def _sums(model: Model, node: tree.Node, passed: set[str]) -> Iterator[tree.Call]:
    match node:
        case tree.Name(id=name):
            column = model.columns.get(name)
            if column and name not in passed and column.shape == "scalar":
                yield from _sums(model, column.node, {*passed, name})
            return
        case tree.Call(fn=fn) if fn in SUMS:
            if own_names(model, node.needed("x"), passed):
                yield node
            return
    for part in node.parts():
        yield from _sums(model, part, passed)


# ---- what is wrong with what a file says is public


@dataclass(frozen=True)
class _Told:
    """Something that is public: where it is written, its formulas, its words."""

    where: str
    formulas: tuple[CheckedFormula, ...]
    words: tuple[str, ...] = ()


def public_problems(plan: EvaluationPlan, file: str) -> list[Problem]:
    """Every figure of single units that a public row, text, table or picture would tell."""
    problems: list[Problem] = []
    public = _for_the_public(plan)
    if not (public.rows or public.parts):
        return []
    for told in _all_told(plan, public):
        where = f"{file}: {told.where}"
        for formula in told.formulas:
            if names := own_names(plan.model, formula.node, plan.open):
                labels = [plan.model.entry(name).label for name in names]
                problems.append(Problem("evaluate.public_own", {"labels": labels, "formula": formula.text}, where))
        if "_files" in told.words:
            problems.append(Problem("evaluate.public_files", {}, where))
    return problems


def public_formulas(plan: EvaluationPlan) -> tuple[CheckedFormula, ...]:
    """Every formula whose figures the public sees, or whose texts depend on them."""
    return tuple(formula for told in _all_told(plan, _for_the_public(plan)) for formula in told.formulas)


def _all_told(plan: EvaluationPlan, public: EvaluationPlan) -> Iterator[_Told]:
    yield _of_sayings("[evaluation]", plan.title, plan.sheet_title)
    for row in public.rows:
        yield _Told(f"[[row]] {row.show.text}", (row.show,))
    for place, part in enumerate(plan.parts, start=1):
        kept = _public_part(part)
        if kept:
            yield from _of_part(f"[[part]] {place}", kept)


def _of_part(where: str, part: ReportPart) -> Iterator[_Told]:
    if part.when:
        yield _Told(where, (part.when,))
    match part:
        case Paragraph(sentences=sentences):
            for sentence in sentences:
                yield from _of_sentence(where, sentence)
        case UnitList(saying=saying, listing=listing):
            yield _of_sayings(where, saying)
            yield _of_listing(where, listing)
        case TablePart():
            yield _of_sayings(where, *part.captions, *((part.note,) if part.note else ()))
            yield _of_listing(where, part.listing)
            for column in part.columns:
                yield _Told(where, (column.show, *((column.total,) if column.total else ())))
        case YearsPart():
            times = (part.times.when,) if part.times else ()
            yield _Told(where, (part.of, *((part.whole,) if part.whole else ()), *times))
        case BarsPart():
            yield _of_sayings(where, *part.captions)
            yield _of_listing(where, part.listing)
            yield _Told(where, (part.of,))
        case LinesPart():
            yield _of_sayings(where, *part.captions)
            yield _Told(where, (*((part.of,) if part.of else ()), *(formula for formula, _ in part.rows)))
        case NamedLines(kind="checks"):
            yield _Told(where, tuple(_formula(check.node, check.formula) for check in part.checks))
        case NotesPart(notes=notes):
            yield _Told(where, tuple(_formula(tree.Name(note.name), note.name) for note in notes))


def _formula(node: tree.Node, text: str) -> CheckedFormula:
    return CheckedFormula(text, node, "column", "text", PURE, 0)


def _of_sentence(where: str, sentence: Sentence) -> Iterator[_Told]:
    yield _of_sayings(where, sentence.saying, *sentence.items)
    for formula in (sentence.in_years, sentence.steps):
        if formula:
            yield _Told(where, (formula,))
    if sentence.listing:
        yield _of_listing(where, sentence.listing)
    for clause in sentence.clauses:
        yield _of_sayings(where, *clause.sayings)
        if clause.in_years:
            yield _Told(where, (clause.in_years,))


def _of_listing(where: str, listing: UnitsTold) -> _Told:
    return _Told(where, tuple(listing.formulas))


def _of_sayings(where: str, *sayings: Saying) -> _Told:
    words = (slot.word for saying in sayings for text in (saying.zh, saying.en) for slot in text.slots)
    return _Told(where, tuple(formula for saying in sayings for formula in saying.formulas), tuple(words))
