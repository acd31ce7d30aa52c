"""An evaluation file into an Evaluation over a model: every formula and text read, all that is wrong told at once."""

from __future__ import annotations

import keyword
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from allocation.errors import AllocationError, Problem, tried
from allocation.files.folders import folders, searched, shipped
from allocation.language import tree
from allocation.language.functions import FUNCTIONS
from allocation.language.parse import parse, tidy
from allocation.policy.model import Model
from allocation.policy.toml_file import read_as_far, read_text
from allocation.record.record import Record
from allocation.run.shelf import base_name
from allocation.texts import Both, both
from allocation.years.evaluation.formulas import Formulas
from allocation.years.evaluation.part_reader import PartReader
from allocation.years.evaluation.parts import (
    EvaluationPlan,
    LinesPart,
    ReportPart,
    Row,
    YearsPart,
)
from allocation.years.evaluation.public import public_problems
from allocation.years.evaluation.reader import plain_name
from allocation.years.evaluation.schema import (
    EvaluationFile,
    RowSpec,
)

FOLDER = "evaluations"


def evaluation_path(model_name: str, model_path: Path | None = None) -> Path:
    """The file beside a model that says how it is evaluated. Raises AllocationError where there is none."""
    name = f"{base_name(model_name)}.toml"
    beside = [model_path.parent / FOLDER] if model_path else []
    places = [*beside, *(folder / FOLDER for folder in folders("models"))]
    file = next((place / name for place in places if (place / name).is_file()), None)
    if file is None:
        known = sorted({other.stem for place in places for other in place.glob("*.toml")})
        slots = {"model": base_name(model_name), "file": f"models/{FOLDER}/{name}", "known": known or "—",
                 "folders": searched("models")}  # fmt: skip
        raise AllocationError(Problem("evaluate.no_file", slots))
    return file


def is_evaluated(model_name: str) -> bool:
    """Whether a report on a model can be written."""
    try:
        evaluation_path(model_name)
    except AllocationError:
        return False
    return True


def load_evaluation(path: Path, model: Model) -> EvaluationPlan:
    """Raises AllocationError with every problem of the file."""
    return evaluation_from_text(read_text(path), path.name, model)


def evaluation_from_text(text: str, file: str, model: Model) -> EvaluationPlan:
    problems: list[Problem] = []
    spec = read_as_far(text, file, EvaluationFile, problems)
    evaluation = _EvaluationLoader(spec, text, file, model, problems).evaluation()
    problems += public_problems(evaluation, file) if not problems else []
    if problems:
        raise AllocationError(problems)
    return evaluation


def evaluation_of_record(record: Record, model: Model) -> EvaluationPlan:
    """That of a workbook's record; of one that was written before records kept it, the shipped one that fits it."""
    kept = record.evaluation
    if kept is not None:
        return evaluation_from_text(kept.text, kept.file, model)
    problems: list[Problem] = []
    for path in sorted((shipped() / "models" / FOLDER).glob("*.toml"), key=lambda path: path.stem != model.name):
        evaluation = tried(problems, load_evaluation, path, model)
        if evaluation:
            return replace(evaluation, file="")
    raise AllocationError(Problem("evaluate.not_kept", {"model": model.label}))


class _EvaluationLoader(PartReader):
    def evaluation(self) -> EvaluationPlan:
        head = self.spec.evaluation
        rows = tuple(row for place, spec in enumerate(self.spec.row, start=1) for row in self._row(spec, place))
        for name, text in self.spec.whole.items():
            self._whole(name, text)
        rows = tuple(self._with_compared_label(row) for row in rows)
        parts = tuple(part for place, spec in enumerate(self.spec.part, start=1) for part in self._part(spec, place))
        self._blocks(parts, {row.show.node for row in rows})
        title = self._saying(head.zh, head.en, "[evaluation]", ("_kind",))
        sheet = self._saying(head.sheet.zh, head.sheet.en, "[evaluation] · sheet", ())
        kinds = {kind.year: Both(kind.zh, kind.en) for kind in head.kind}
        if None not in kinds and (title.zh.needs("_kind") or title.en.needs("_kind")):
            self.problem("kind_needed", "[evaluation] · kind")
        noun = head.unit or both("evaluate.places")
        for name in head.open:
            self._known(name, "[evaluation] · open", [*self.model.inputs, *self.model.columns])
        return EvaluationPlan(
            self.model, title, kinds, Both(noun.zh, noun.en), sheet, rows, parts, tuple(head.open),
            text=self.text, file=self.file,
        )  # fmt: skip

    def _row(self, spec: RowSpec, place: int) -> list[Row]:
        where = f"[[row]] {spec.name or place}"
        self.below = frozenset(below.name for below in self.spec.row[place:] if below.name)
        if spec.name and not self._free(spec.name, where):
            return []
        show = self._kept(spec.show, f"{where} · show", "number whole")
        if show is None:
            return []
        self._fits_sheet(show, where)
        self._rate(show, spec.points, f"{where} · points")
        label = self._label_of(show, spec.zh, spec.en, where)
        if spec.name:
            raw = self.formulas._named(parse(spec.show), tidy(spec.show), "", self.formulas.scope)
            self.formulas = Formulas(self.model, {**self.formulas.rows, spec.name: raw})
            self.labels[spec.name] = label
        return [Row(show, label, label, spec.points, spec.change, spec.compare, spec.public)]

    def _free(self, name: str, where: str) -> bool:
        taken = name in self.formulas.scope or name in self.formulas.rows or name in FUNCTIONS
        if taken or not name.isidentifier() or keyword.iskeyword(name) or name.startswith("_"):
            self.problem("row_name", where, name=name)
            return False
        return True

    def _whole(self, name: str, text: str) -> None:
        where = f"[whole] · {name}"
        columns = [*self.model.inputs, *(key for key, held in self.model.columns.items() if held.shape != "scalar")]
        if self._known(plain_name(name), where, columns):
            formula = self._told_in(self.model.entry(plain_name(name)).unit, text, where)
            if formula:
                self.wholes[plain_name(name)] = formula

    def _with_compared_label(self, row: Row) -> Row:
        """What is the whole of a unit's figure is told by that figure's label where units are compared."""
        names = [name for name, whole in self.wholes.items() if whole == row.show]
        label = self.model.entry(names[0]).label if names and isinstance(row.show.node, tree.Name) else row.label
        return Row(row.show, row.label, label, row.points, row.change, row.compare, row.public)

    def _blocks(self, parts: Sequence[ReportPart], rows: set[tree.Node]) -> None:
        """A chart of the sheet stands on its rows: of a unit's figure by year, or of all together."""
        shown = {part.of for part in parts if isinstance(part, YearsPart)}
        for place, part in enumerate(parts, start=1):
            if not isinstance(part, LinesPart) or part.only == "report":
                continue
            if part.of and part.of not in shown:
                self.problem("no_block", f"[[part]] {place} (lines) · of", name=part.of.text)
            for formula, _ in part.rows:
                if formula.node not in rows:
                    self.problem("no_row", f"[[part]] {place} (lines) · rows", name=formula.text)
