"""A model with the figures of a case: each with its state, 已定 · 暂定 · 未定."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from allocation.case import CaseFile, Setting
from allocation.errors import AllocationError, Problem, nearest, tried
from allocation.opening.figure_cells import check_label, check_unit, labelled
from allocation.policy.model import AskedFor, Ground, Model, Parameter
from allocation.run.decisions import with_decided
from allocation.run.scenario import Change, apply_changes, entry_of, figure_key, name_of
from allocation.texts import exact_text


def with_case(model: Model, case: CaseFile) -> Model:
    """The model with the figures of a case. Raises AllocationError with every setting and name that does not fit."""
    problems: list[Problem] = []
    model = with_case_as_far(model, case, problems)
    if problems:
        raise AllocationError(problems)
    return model


def with_case_as_far(model: Model, case: CaseFile, problems: list[Problem]) -> Model:
    """The same with every setting that fits, so that none is missed that was given; what does not fit joins
    `problems`."""
    file = case.path.name
    wanted = model.name.partition("@")[0]
    if case.model not in (wanted, model.name, model.label.zh, model.label.en):
        problems.append(Problem("case.other_model", {"found": case.model, "wanted": wanted}, f"{file}: model"))
    rows: dict[tuple[str, str], AskedFor] = {}  # by parameter and key, where the case speaks of it
    for setting in case.settings:
        try:
            figure = _checked(model, setting)
            if figure in rows:
                slots = {"found": setting.address, "other": rows[figure].place}
                raise AllocationError(Problem("case.row_twice", slots))
            rows[figure] = AskedFor(setting.where, setting.state)
            model = _with_setting(model, setting, case)
        except AllocationError as error:
            problems += [replace(problem, where=setting.where) for problem in error.problems]
            if unusable := _misread(model, setting):
                rows[unusable] = AskedFor(setting.where, setting.state, misread=True)
    model = model if case.sample else _with_places(model, case, rows)
    try:
        model = with_decided(model, case.decided)
    except AllocationError as error:
        problems += [replace(problem, where=f"{file}: decided") for problem in error.problems]
    return model


def _with_setting(model: Model, setting: Setting, case: CaseFile) -> Model:
    change = _change(model, setting, case.origin)
    name = name_of(model, change)
    if name in model.inputs or "#" in change.address:
        raise AllocationError(Problem("case.not_parameter", {"name": change.address}))
    entry = model.parameters.get(name)
    if entry is None:
        whole_list: list[Problem] = []
        tried(whole_list, entry_of, model, change.address)
        if any(problem.id == "scenario.needs_item" for problem in whole_list):
            raise AllocationError(whole_list)
        known = [other.address(key) for other in model.parameters.values() for key in other.figures]
        slots = {"name": setting.address, "nearest": nearest(setting.address, known)}
        raise AllocationError(Problem("case.parameter_unknown", slots))
    key = figure_key(entry, change)
    if setting.value is not None and setting.value != entry.figures.get(key):  # the model's own figure is no change
        model = apply_changes(model, (), [change])[0]
    keys = [key] if key in entry.figures else [*entry.figures]
    state = setting.state or ("decided" if setting.value is not None and case.origin == "case" else "")
    if state == "expected" and name == model.pool and case.facts.batch and case.facts.batch.kind == "advance":
        state = "decided"  # 提前下达: the expected total is what is issued
    entry = model.parameters[name].in_state(keys, state)
    if setting.last is not None or setting.basis or setting.by or setting.date:
        ground = Ground(setting.last, setting.basis, setting.by, setting.date)
        entry = replace(entry, grounds={**entry.grounds, **dict.fromkeys(keys, ground)})
    return replace(model, parameters={**model.parameters, name: entry})


def _misread(model: Model, setting: Setting) -> tuple[str, str] | None:
    """The parameter and key of a figure that is there though nothing can be made of it, so that it is not missing."""
    if setting.value is None:
        return None
    try:
        change = _change(model, setting, "")
    except AllocationError:
        return None
    entry = model.parameters.get(name_of(model, change))
    return (entry.name, figure_key(entry, change)) if entry else None


def _with_places(model: Model, case: CaseFile, asked: Mapping[tuple[str, str], AskedFor]) -> Model:
    """The model with where the case asks for each figure; by its file alone for one that it does not speak of."""
    file = AskedFor(case.path.name)
    fresh = {
        name: replace(entry, asked={key: asked.get((name, key), file) for key in entry.figures})
        for name, entry in model.parameters.items()
    }
    return replace(model, parameters=fresh)


def meant(model: Model, case: CaseFile, name: str) -> dict[str, str]:
    """By the address that the case has for it each figure that a name or label means, and what it is; all figures of a
    list, or of a parameter that has several.
    """
    addresses = {setting.address: _change(model, setting, "").address for setting in case.settings}
    spelt = {address: as_written for as_written, address in addresses.items()}
    plain = _change(model, Setting(name), "").address
    families = [entry for entry in model.parameters.values()
                if name in (entry.name.partition(".")[0], entry.name, *_words(entry))]  # fmt: skip
    figures = {
        entry.address(key): exact_text(value) or "" for entry in families for key, value in entry.figures.items()
    }
    every = {entry.address(key): exact_text(value) or "" for entry in model.parameters.values()
             for key, value in entry.figures.items()}  # fmt: skip
    chosen = {plain: every[plain]} if plain in every else figures
    return {spelt.get(address, address): text for address, text in chosen.items()}


def _words(entry: Parameter) -> tuple[str, ...]:
    heading = entry.heading or entry.label
    return (entry.label.zh, entry.label.en, heading.zh, heading.en)


def _checked(model: Model, setting: Setting) -> tuple[str, str]:
    """The parameter and key a setting is of. Raises AllocationError where its row says another, or another unit."""
    address = _change(model, setting, "").address
    check_label(model, setting.label, address)
    change = Change(address, None)
    entry = model.parameters.get(name_of(model, change))
    if entry:
        check_unit(entry, setting.unit, setting.value, model.units)
    return (entry.name, figure_key(entry, change)) if entry else (address, "")


def _change(model: Model, setting: Setting, origin: str) -> Change:
    """The change of a setting; one named by a label goes by the address that has it."""
    known = {entry.address(key) for entry in model.parameters.values() for key in entry.figures}
    meant_by_label = set() if setting.address in known else labelled(model).get(setting.address, set())
    if len(meant_by_label) > 1:
        slots = {"name": setting.address, "known": sorted(meant_by_label)}
        raise AllocationError(Problem("case.label_of_several", slots))
    return Change(next(iter(meant_by_label), setting.address), setting.value, "set", origin)
