"""What reading an evaluation file asks again and again: formulas, texts and names; all that is wrong is gathered."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from functools import partial

from allocation.errors import AllocationError, Problem, nearest
from allocation.language import tree
from allocation.language.typed import Meaning
from allocation.language.units import Unit
from allocation.policy.model import Model
from allocation.texts import Both, both
from allocation.years.evaluation.formulas import CheckedFormula, Formulas
from allocation.years.evaluation.on_sheet import beyond_sheet
from allocation.years.evaluation.sayings import Saying
from allocation.years.evaluation.sayings import read_text as read_saying
from allocation.years.evaluation.schema import EvaluationFile, SayingSpec

RUN_WORDS = ("_year", "_first", "_span", "_years", "_units", "_common", "_compared", "_others", "_basis", "_model",
             "_files")  # fmt: skip
LABEL = "_label"  # what a text is about: of one that is written for several names


class Reader:
    def __init__(self, spec: EvaluationFile, text: str, file: str, model: Model, problems: list[Problem]):
        self.spec, self.text, self.file, self.model, self.problems = spec, text, file, model, problems
        self.formulas = Formulas(model)
        self.labels: dict[str, Both] = {}  # of the rows that have a name
        self.wholes: dict[str, CheckedFormula] = {}
        self.below: frozenset[str] = frozenset()  # the names of rows that stand below the one that is read

    def problem(self, message: str, where: str, **slots: object) -> None:
        self.problems.append(Problem(f"evaluate.{message}", slots, f"{self.file}: {where}"))

    def _known(self, name: str, where: str, known: Sequence[str]) -> bool:
        if name not in known:
            self.problem("no_name", where, name=name, nearest=nearest(name, known) or "—")
        return name in known

    def _told_in(self, unit: Unit, text: str, where: str) -> CheckedFormula | None:
        """A figure of all units that stands below figures of each unit."""
        formula = self._kept(text, where, "number whole")
        return self._read(text, where, unit=unit) if formula else None

    def _read(
        self,
        text: str,
        where: str,
        about: str = "",
        extra: Mapping[str, Meaning] | None = None,
        unit: Unit | None = None,
    ) -> CheckedFormula | None:
        try:
            return self.formulas.read(text, about, extra, unit)
        except AllocationError as error:
            self.problems += [self._told(problem, f"{self.file}: {where}") for problem in error.problems]
            return None

    def _told(self, problem: Problem, where: str) -> Problem:
        """A name that only a row further down has is said to stand there."""
        later = problem.id == "language.unknown_name" and problem.slots.get("name") in self.below
        return Problem("evaluate.row_below" if later else problem.id, problem.slots, where, problem.excerpt)

    def _kept(
        self, text: str, where: str, needs: str, about: str = "", extra: Mapping[str, Meaning] | None = None
    ) -> CheckedFormula | None:
        """A formula that must be a `truth` or a `number`, of a `whole` or of `units`; None where there is none."""
        formula = self._read(text, where, about, extra) if text else None
        if formula is None:
            return None
        kind, _, of = needs.partition(" ")
        if kind and formula.kind != kind:
            self.problem(f"needs_{kind}", where, found=formula.text)
        elif of and formula.whole != (of == "whole"):
            self.problem(f"needs_{of}", where, found=formula.text)
        else:
            return formula
        return None

    def _rate(self, show: CheckedFormula, points: bool, where: str) -> None:
        """What is shown in percentage points must be a rate."""
        if points and not show.is_rate:
            self.problem("needs_rate", where, found=show.text, unit=show.unit.name)

    def _saying(
        self, zh: str, en: str, where: str, words: Sequence[str], when: str = "", about: str = "",
        extra: Mapping[str, Meaning] | None = None, units: bool = False,
    ) -> Saying:  # fmt: skip
        """`units`: it is told of one unit, and may speak of its figures."""
        test = self._kept(when, f"{where} · when", "truth" if units else "truth whole", about, extra)
        read = partial(self.formulas.read, about=about, extra=extra)
        texts = []
        for lang, text in (("zh", zh), ("en", en)):
            at = f"{where} · {lang}"
            told = read_saying(text, read, (*RUN_WORDS, *words), self.problems, f"{self.file}: {at}")
            for formula in (slot.formula for slot in told.slots if slot.formula):
                if not units and not formula.whole:
                    self.problem("needs_whole", at, found=formula.text)
                if _by_nothing(formula.node):
                    self.problem("never_said", at, found=formula.text)
            texts.append(told)
        return Saying(texts[0], texts[1], test)

    def _sayings(self, specs: Sequence[SayingSpec], where: str, **how: object) -> tuple[Saying, ...]:
        return tuple(
            self._saying(spec.zh, spec.en, f"{where} {place}", when=spec.when, **how)  # type: ignore[arg-type]
            for place, spec in enumerate(specs, start=1)
        )

    def label(self, name: str) -> Both:
        """What the model, or a row, calls a name."""
        return self.labels[name] if name in self.labels else self.model.entry(plain_name(name)).label

    def _label_of(self, formula: CheckedFormula, zh: str, en: str, where: str) -> Both:
        """What was written, else what the model calls it; a sum is told as one."""
        if zh and en:
            return Both(zh, en)
        match formula.node:
            case tree.Name(id=name) if not name.startswith("_"):
                return self.model.entry(name).label
            case tree.Call(fn="total") if isinstance(formula.node.needed("x"), tree.Name):
                label = self.model.entry(formula.node.named("x")).label
                return both("evaluate.sum_of", label=label)
        self.problem("needs_label", where, found=formula.text)
        return Both(formula.text, formula.text)

    def _fits_sheet(self, formula: CheckedFormula, where: str) -> None:
        if words := beyond_sheet(self.model, formula):
            self.problem("beyond_sheet", where, found=words, formula=formula.text)


def _by_nothing(node: tree.Node) -> bool:
    """Whether it divides by a 0 that is written there, so that it is never any figure."""
    return any(isinstance(part, tree.Binary) and part.op == "/" and part.right == tree.Number(Fraction(0))
               for part in node.walk())  # fmt: skip


def plain_name(name: str) -> str:
    """`quota[housing]` as the model has it."""
    family, bracket, item = name.replace(" ", "").partition("[")
    return f"{family}.{item.rstrip(']')}" if bracket else family
