"""Doubts of policy: figures that the bureau has not decided on (未定), or only expects (暂定), one doubt a group.

They are settled by the state of the figures, in the case or by an option, never by a reason.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from allocation.doubts.doubt import POLICY, Doubt
from allocation.errors import Problem, places_text
from allocation.policy.model import Ground, Model, Parameter
from allocation.texts import LANGUAGES, Both, exact_text, say
from allocation.texts.decimals import plain_figure

UNSETTLED = ("decided", "", "expected", "open")  # states, the most settled first


def over_years(model: Model, models: Sequence[Model]) -> dict[str, Parameter]:
    """The parameters, each figure in the least settled state it has in any year: decided is what is so in all."""
    joined = {}
    for name, entry in model.parameters.items():
        years = [entry, *(yearly.parameters[name] for yearly in models)]
        states = {key: max((year.state(key) for year in years), key=UNSETTLED.index) for key in entry.figures}
        joined[name] = replace(entry, states={key: state for key, state in states.items() if state})
    return joined


def policy_doubts(model: Model) -> list[Doubt]:
    """One of each family of figures in one state that rest on one basis."""
    groups: dict[tuple[str, str, str], list[tuple[Parameter, str]]] = {}
    for state in ("open", "expected"):
        for entry in model.parameters.values():
            for key in entry.keys_in(state):
                basis = entry.grounds.get(key, Ground()).basis
                groups.setdefault((state, entry.name.partition(".")[0], basis), []).append((entry, key))
    return [_doubt(model, state, basis, figures) for (state, _, basis), figures in groups.items()]


def doubted(figures: Sequence[str]) -> list[str]:
    """The addresses of the figures that a doubt of policy rests on."""
    return [figure.rpartition("=")[0] for figure in figures]


def _doubt(model: Model, state: str, basis: str, group: Sequence[tuple[Parameter, str]]) -> Doubt:
    first = group[0][0]
    said = [_said(model, *figure, state) for figure in group]
    slots = {"label": first.heading or first.label, "name": first.name.partition(".")[0], "said": said, "basis": basis}
    where = cells_of(group)
    figures = tuple(f"{entry.address(key)}={exact_text(entry.figures[key])}" for entry, key in group)
    return Doubt(POLICY, (), figures, Problem(f"doubts.policy_{state}", slots, where))


def cells_of(figures: Sequence[tuple[Parameter, str]]) -> str:
    """Where a case asks for these figures; empty without a case."""
    return places_text(place.place for entry, key in figures if (place := entry.asked.get(key)))


def _said(model: Model, entry: Parameter, key: str, state: str) -> Both:
    """`落户人口 暂按 60 % 测算，待定`, `6000 万元`: one figure of a group, with its place in it."""
    texts = []
    percent = entry.unit.is_percent
    figure = plain_figure(entry.figures[key], percent)
    for lang in LANGUAGES:
        unit = "%" if percent else model.units.label(entry.unit.name, lang)
        slots = {"figure": figure, "unit": unit and f" {unit}"}
        item = key or (entry.label[lang].partition("/")[2] if entry.heading else "")
        told = say(lang, "case.for_now", **slots) if state == "open" else "{figure}{unit}".format(**slots)
        texts.append(f"{item} {told}".strip())
    return Both(*texts)
