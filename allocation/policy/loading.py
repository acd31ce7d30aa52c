"""A model file into a Model: names, lists, formulas, units and order, with every problem of the file at once."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from fractions import Fraction
from functools import lru_cache
from itertools import pairwise
from pathlib import Path
from typing import TypeVar

from allocation.errors import AllocationError, Problem, nearest
from allocation.language import tree
from allocation.language.lists import Lists
from allocation.language.units import PURE, Unit, Units
from allocation.policy.building import (
    Built,
    build_columns,
    mark_optional,
    meaning_of_input,
    meaning_of_parameter,
    parse_formula,
)
from allocation.policy.edition_columns import edition_columns
from allocation.policy.model import AddedPart, Band, Check, Column, Factor, Input, Model, Parameter, limits
from allocation.policy.naming import wrong_names
from allocation.policy.schema import CheckSpec, ColumnSpec, InputSpec, Labelled, ModelFile, ParameterSpec
from allocation.policy.toml_file import read_as_far, read_text
from allocation.texts import Both

# Faults that leave a parameter or input what it is: formulas that use it can still be looked at.
SOUND = {"model.out_of_range", "model.too_fine", "model.bands_order", "model.text_bounds", "model.one_of_text"}
SOUND |= {"model.required_value", "model.required_decide"}
FIGURES = ("award", "compare_with", "per_person", "factors")  # keys of [model] that name columns of numbers
Spec = TypeVar("Spec", ParameterSpec, InputSpec)
Read = TypeVar("Read", Parameter, Input)


def load_model(path: str | Path) -> Model:
    """The Model in a TOML file. Raises AllocationError with every problem found, and of an `[issue]`."""
    model = model_from_text(read_text(Path(path)), Path(path).name)
    if model.parts or model.calculated:
        raise AllocationError(Problem("model.issue_reserved", {}, f"{model.file}: [issue]"))
    return model


def _said(told: Labelled | None) -> Both:
    return Both(told.zh, told.en) if told else Both("", "")


@lru_cache(maxsize=64)
def model_from_text(text: str, file: str = "model.toml") -> Model:
    """The Model written in `text`; `file` is only cited in messages. The same text gives the same Model, built once."""
    problems: list[Problem] = []
    return _Loader(read_as_far(text, file, ModelFile, problems), text, file, problems).model()


class _Loader:
    def __init__(self, spec: ModelFile, text: str, file: str, problems: list[Problem]):
        """`problems`: what was wrong with the file's shape and did not keep it from being read."""
        self.spec, self.text, self.file = spec, text, file
        self.head = spec.model
        if spec.issue:
            said = {name: getattr(spec.issue, name) for name in spec.issue.said - {"notes", "parts"}}
            self.head = spec.model.changed(**said, notes=[*spec.model.notes, *spec.issue.notes])
        self.problems = problems
        self.failed: set[str] = set()  # parameters and inputs of which no formula can be told anything
        before = len(problems)
        self.units = self._units()
        self.items = {of.name: {item.key: Both(item.zh, item.en) for item in of.items} for of in spec.list_}
        self.departments = self._departments()
        self.problems += wrong_names(spec, file)
        self.named = len(problems) == before

    def model(self) -> Model:
        if not self.named:  # without names and units every formula would seem wrong
            self._stop()
        parameters = {p.name: p for spec in self.spec.parameter for p in self._sound(self._parameter, spec)}
        inputs = {i.name: i for spec in self.spec.input for i in self._sound(self._input, spec)}
        lists = Lists({name: tuple(items) for name, items in self.items.items()}, self._over())
        scope = {name: meaning_of_parameter(parameter) for name, parameter in parameters.items()}
        scope |= {name: meaning_of_input(column) for name, column in inputs.items()}
        scope = {name: entry for name, entry in scope.items() if name not in self.failed}
        built = build_columns(self.spec.column, self.items, lists, scope, self.units, self.file, self.failed)
        self.problems += built.problems
        checks = self._checks(lists, built)
        when = self._reference_when(lists, built)
        self._references(lists, built, inputs)
        summaries = self._summaries(inputs)
        named = self.spec.model.award, self.head.award, self.head.compare_with
        to = self.head.issued_to
        editions = edition_columns(self.spec.edition, lists, built, named, to, self.file, self.problems)
        self._stop()
        inputs = mark_optional(inputs, built, checks, self.head.compare_with)
        head = self.head
        return Model(
            name=Path(self.file).stem, label=Both(head.zh, head.en), basis=tuple(head.basis), award=head.award,
            pool=head.pool, effective=(head.effective.from_, head.effective.to), parameters=parameters, inputs=inputs,
            columns=built.columns, checks=tuple(checks), order=built.order, units=self.units, text=self.text,
            file=self.file, award_list=tuple(m for name in head.table for m in lists.spread(name)),
            factors=tuple(Factor(*row) for row in self._factor_rows(lists)), compare_with=head.compare_with,
            per_person=head.per_person, group=head.group, notes=tuple(Both(note.zh, note.en) for note in head.notes),
            reference_before=head.reference_before, reference_when=when,
            calculated=self.spec.model.award if self.spec.issue else "",
            editions=editions, item=head.item, short=head.short, years=head.years, issued_to=to, parts=self._parts(),
            departments=self.departments, summaries=summaries,
            addressed_to=_said(head.addressed_to), paper=_said(head.paper), apart=head.apart,
        )  # fmt: skip

    def _parts(self) -> tuple[AddedPart, ...]:
        return tuple(AddedPart(part.kind, part.after) for part in self.spec.issue.parts) if self.spec.issue else ()

    def _sound(self, read: Callable[[Spec], Iterator[Read]], spec: Spec) -> list[Read]:
        """The parameters or inputs of an entry, those of which formulas can be told nothing noted as failed."""
        before = len(self.problems)
        entries = list(read(spec))
        if not entries:
            self._stop()  # what it runs over is unknown, and so are its names
        if any(problem.id not in SOUND for problem in self.problems[before:]):
            self.failed |= {entry.name for entry in entries}
        return entries

    def _stop(self) -> None:
        if self.problems:
            raise AllocationError(self.problems)

    def problem(self, message: str, where: str, **slots: object) -> None:
        self.problems.append(Problem(f"model.{message}", slots, f"{self.file}: {where}"))

    def _units(self) -> Units:
        added: dict[str, tuple[str, Fraction]] = {}
        for spec in self.spec.unit:
            if Units(added).knows(spec.name):
                self.problem("unit_twice", f"[[unit]] {spec.name}", name=spec.name)
            elif spec.times <= 0:
                self.problem("unit_times", f"[[unit]] {spec.name}", times=spec.times)
            elif spec.of and not Units(added).knows(spec.of):
                self.problem("unit_of", f"[[unit]] {spec.name}", name=spec.of)
            else:
                added[spec.name] = (spec.of, spec.times)
        return Units(added)

    def _departments(self) -> dict[str, Both]:
        """Who supplies figures; one named twice, by its key or by a label, could not be told from the other."""
        listed: dict[str, Both] = {}
        for spec in self.spec.department:
            words = {word for name, label in listed.items() for word in (name, label.zh, label.en)}
            if twice := next((word for word in (spec.name, spec.zh, spec.en) if word in words), ""):
                self.problem("department_twice", f"[[department]] {spec.name}", name=twice)
            listed[spec.name] = Both(spec.zh, spec.en)
        return listed

    def _unit(self, text: str, where: str) -> Unit:
        try:
            return self.units.parse(text)
        except AllocationError as error:
            self.problems += [Problem(p.id, p.slots, f"{self.file}: {where}") for p in error.problems]
            return PURE

    def _over(self) -> dict[str, str]:
        specs: list[ParameterSpec | InputSpec | ColumnSpec]
        specs = [*self.spec.parameter, *self.spec.input, *self.spec.column]
        return {spec.name: spec.over for spec in specs if spec.over in self.items}

    def _known_list(self, over: str, where: str) -> bool:
        if over not in self.items:
            self.problem("no_list", where, name=over, nearest=nearest(over, self.items) or "—")
        return over in self.items

    def _parameter(self, spec: ParameterSpec) -> Iterator[Parameter]:
        where, label = f"[[parameter]] {spec.name}", Both(spec.zh, spec.en)
        unit, by_unit = self._unit(spec.unit, where), None
        if spec.by_unit is not None:
            by_unit = self._unit(spec.by_unit, where)
        single = Parameter(
            spec.name, label, unit, spec.value, min=spec.min, max=spec.max, decimals=spec.decimals,
            source=spec.source, required=spec.required, decide=spec.decide,
        )  # fmt: skip
        if not self._figures_fit(spec, where):
            return
        values = spec.values or dict.fromkeys(spec.keys)
        if spec.over:
            if not self._known_list(spec.over, where):
                return
            items = self.items[spec.over]
            wrong = sorted(set(values) ^ set(items)) if values else []
            if wrong or spec.bands:
                self.problem("values_over", where, list=spec.over, keys=wrong or "bands")
                return
            for key, item in items.items():
                value = values[key] if values else spec.value
                self._range(value, spec, where)
                full = Both(f"{label.zh}/{item.zh}", f"{label.en}/{item.en}")
                yield replace(single, name=f"{spec.name}.{key}", label=full, value=value, heading=label)
            return
        for value in [spec.value, *spec.values.values(), *(band.value for band in spec.bands)]:
            self._range(value, spec, where)
        bands, below = self._bands(spec, where)
        by_unit = by_unit or (PURE if bands else None)
        yield replace(single, bands=bands, below=below, by_unit=by_unit, values=tuple(values.items()))

    def _figures_fit(self, spec: ParameterSpec, where: str) -> bool:
        """Whether its figures are given in one way; those of a required parameter, in none. What is wrong is said."""
        figures = [spec.value, *spec.values.values(), *(band.value for band in spec.bands)]
        if spec.required and any(figure is not None for figure in figures):
            self.problem("required_value", where)
        if spec.required and spec.decide:
            self.problem("required_decide", where)
        ways = sum((spec.value is not None, bool(spec.bands), bool(spec.values), bool(spec.keys)))
        before = len(self.problems)
        if spec.keys and not spec.required:
            self.problem("keys_required", where)
        elif ways > 1 or not ways and not spec.required:
            self.problem("one_of_three", where)
        elif not spec.required and spec.bands and None in figures[1:]:
            self.problem("key_missing", f"{where} · bands", key="value")
        return len(self.problems) == before

    def _range(self, value: object, spec: ParameterSpec, where: str) -> None:
        if not isinstance(value, Fraction):
            if value is not None and not spec.values and not spec.bands:
                self.problem("not_number", where, found=repr(value))
            return
        low, high = spec.min, spec.max
        if spec.decimals is not None and (value * 10**spec.decimals).denominator != 1:
            self.problem("too_fine", where, value=value, decimals=spec.decimals)
        if low is not None and value < low or high is not None and value > high:
            self.problem("out_of_range", where, value=value, **limits(low, high))

    def _bands(self, spec: ParameterSpec, where: str) -> tuple[tuple[Band, ...], bool]:
        if not spec.bands:
            return (), False
        below = any(band.below is not None for band in spec.bands)
        edges = [band.below if below else band.up_to for band in spec.bands]
        mixed = below and any(band.up_to is not None for band in spec.bands)
        closed = [edge for edge in edges[:-1] if edge is not None]
        if mixed or None in edges[:-1] or edges[-1] is not None:
            self.problem("bands_edges", where)
        elif any(left >= right for left, right in pairwise(closed)):
            self.problem("bands_order", where, edges=closed)
        if len({isinstance(band.value, str) for band in spec.bands}) > 1:
            self.problem("bands_kinds", where)
        return tuple(Band(edge, band.value) for edge, band in zip(edges, spec.bands, strict=True)), below

    def _input(self, spec: InputSpec) -> Iterator[Input]:
        where, label = f"[[input]] {spec.name}", Both(spec.zh, spec.en)
        if spec.text and (spec.whole or spec.decimals is not None or spec.min is not None or spec.max is not None):
            self.problem("text_bounds", where)
        if spec.one_of and not spec.text:
            self.problem("one_of_text", where)
        if spec.default is not None and isinstance(spec.default, str) != spec.text:
            self.problem("default_kind", where)
        single = Input(
            spec.name, label, self._unit(spec.unit, where), spec.min, spec.max, spec.whole,
            0 if spec.whole else spec.decimals, spec.default, spec.text, tuple(spec.one_of), spec.source,
            before=tuple(spec.before), required=spec.required, department=self._department(spec, where),
            once_over=spec.once_over,
        )  # fmt: skip
        if spec.once_over and (not spec.over or spec.default is not None):
            self.problem("once_over", where)  # what is not yet known is no default
        if not spec.over:
            yield single
        elif self._known_list(spec.over, where):
            for key, item in self.items[spec.over].items():
                full = Both(f"{label.zh}/{item.zh}", f"{label.en}/{item.en}")
                before = tuple(f"{earlier}.{key}" for earlier in spec.before)
                name = f"{spec.name}.{key}"
                yield replace(single, name=name, label=full, before=before, heading=label, item=item)

    def _department(self, spec: InputSpec, where: str) -> str:
        if spec.department and spec.department not in self.departments:
            near = nearest(spec.department, self.departments) or "—"
            self.problem("no_department", where, name=spec.department, nearest=near)
        return spec.department

    def _checks(self, lists: Lists, built: Built) -> list[Check]:
        checks = []
        for spec in self.spec.check:
            where = f"{self.file}: [[check]] {spec.name}"
            names = [part.id for part in self._names_in(spec.formula, lists)]
            if any(name in built.failed for name in names):
                continue
            try:
                typed = parse_formula(spec.formula, lists, {}, built.scope)
                if typed.kind != "truth":
                    raise AllocationError(Problem("model.check_truth"))
            except AllocationError as error:
                self.problems += [Problem(p.id, p.slots, where, p.excerpt) for p in error.problems]
                continue
            label = Both(spec.zh, spec.en)
            told = self._inputs_of(spec, "cells", spec.cells, lists)
            before = None if spec.year_before is None else self._inputs_of(spec, "year_before", spec.year_before, lists)
            checks.append(
                Check(spec.name, label, spec.formula, typed.node, typed.shape, spec.severity, spec.source, told, before)
            )
        return checks

    def _inputs_of(self, spec: CheckSpec, key: str, told: list[str], lists: Lists) -> tuple[str, ...]:
        """The inputs that a key of a check names: those whose cells are told, those that stand for the year before."""
        known = [name for entry in self.spec.input for name in lists.spread(entry.name)]
        names = [name for entry in told for name in lists.spread(entry)]
        for name in (name for name in names if name not in known):
            slots = {"name": name, "nearest": nearest(name, known) or "—"}
            self.problem("cells_not_input", f"[[check]] {spec.name} · {key}", **slots)
        return tuple(names)

    def _summaries(self, inputs: Mapping[str, Input]) -> tuple[tuple[str, ...], ...]:
        """Text inputs by which 分类汇总 adds up, of each summary one or one within another."""
        texts = [name for name, entry in inputs.items() if entry.text]
        for spec in self.spec.summary:
            for name in (name for name in spec.by if name not in texts):
                slots = {"name": name, "nearest": nearest(name, texts) or "—", "known": texts}
                self.problem("summary_by", "[[summary]] by", **slots)
            if not 1 <= len(spec.by) <= 2:
                self.problem("summary_levels", "[[summary]] by", count=len(spec.by))
        return tuple(tuple(spec.by) for spec in self.spec.summary)

    def _reference_when(self, lists: Lists, built: Built) -> tree.Node | None:
        text = self.head.reference_when
        if not text or {name.id for name in self._names_in(text, lists)} & built.failed:
            return None
        try:
            typed = parse_formula(text, lists, {}, built.scope)
            if typed.kind != "truth" or typed.shape != "scalar":
                raise AllocationError(Problem("model.when_truth", {"when": text}))
        except AllocationError as error:
            where = f"{self.file}: [model] reference_when"
            self.problems += [Problem(p.id, p.slots, where, p.excerpt) for p in error.problems]
            return None
        return typed.node

    @staticmethod
    def _names_in(formula: str, lists: Lists) -> list[tree.Name]:
        from allocation.language.parse import parse

        try:
            return list(tree.names(lists.expand(parse(formula), formula, {})))
        except AllocationError:
            return []

    def _references(self, lists: Lists, built: Built, inputs: dict[str, Input]) -> None:
        """Names the head of the file points at, and `before` names, must exist."""
        head = self.head
        known = set(built.scope) | built.failed
        plain = [("award", head.award), ("pool", head.pool), ("compare_with", head.compare_with)]
        plain += [("per_person", head.per_person), ("group", head.group)]
        plain += [("table", member) for name in head.table for member in lists.spread(name)]
        plain += [("factors", name) for row in self._factor_rows(lists) for name in row]
        for key, name in plain:
            if name and name not in known:
                self.problem("no_name", f"[model] {key}", name=name, nearest=nearest(name, known) or "—")
        award, pool = built.scope.get(head.award), built.scope.get(head.pool)
        if award and award.role != "column":
            self.problem("award_not_column", "[model] award", name=head.award)
        for key, name in plain:
            if key in FIGURES and name in built.scope and built.scope[name].kind != "number":
                self.problem("not_figures", f"[model] {key}", name=name)
        if award and pool and (pool.shape != "scalar" or pool.kind != "number" or pool.unit.dims != award.unit.dims):
            self.problem("pool_not_total", "[model] pool", name=head.pool)
        entries: list[Column | Input] = [*built.columns.values(), *inputs.values()]
        for entry in entries:
            for before in entry.before:
                self._before(entry, before, inputs)

    def _before(self, entry: Column | Input, before: str, inputs: dict[str, Input]) -> None:
        where, earlier = f"{entry.name} · before", inputs.get(before)
        if earlier is None:
            self.problem("before_not_input", where, name=before, nearest=nearest(before, inputs) or "—")
        elif (earlier.unit.dims, earlier.unit.scale) != (entry.unit.dims, entry.unit.scale):
            slots = {"name": before, "found": earlier.unit.name or "1", "expected": entry.unit.name or "1"}
            self.problem("before_unit", where, **slots)

    def _factor_rows(self, lists: Lists) -> list[tuple[str, str, str]]:
        """Names of value, weight and amount, `weight[settled]` as the plain name it expands to."""
        specs = self.head.factors
        return [(lists.spread(row.value)[0], lists.spread(row.weight)[0], lists.spread(row.amount)[0]) for row in specs]
