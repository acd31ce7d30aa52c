"""What a record keeps of the figures that are not the model's: each with where it comes from, and what was decided."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from allocation.loading import model_from_text
from allocation.model import Model, Parameter
from allocation.schema import figure_or_text
from allocation.tables.keys import Figure
from allocation.texts import exact_text

if TYPE_CHECKING:
    from allocation.workbook.reopened import Reopened

FROM, DECIDED = "settings.", "decided"
HELD = ("sample", "case")  # what a case gives stands under every change


def settings_record(models: Sequence[Model]) -> dict[str, object]:
    """`settings` by address, with value and origin; the addresses that were `decided`; `pending`: the figures, by
    address, that stand for now only because nobody decided on them yet.

    `models` are those of the years of a run: what holds in one of them only is told by the run's changes.
    """
    settings, decided, pending = {}, [], {}
    for entry in models[0].parameters.values():
        years = [model.parameters[entry.name] for model in models]
        for key in entry.figures:
            held = next((one for one in years if one.origins.get(key) in HELD), entry)
            alike = all(one.figures[key] == held.figures[key] for one in years)
            if key in held.origins and (alike or held.origins[key] in HELD):
                settings[_address(entry, key)] = {"value": exact_text(held.figures[key]), "origin": held.origins[key]}
            if all(key in one.decided for one in years):
                decided.append(entry.address(key))
            elif entry.decide:
                pending[_address(entry, key)] = exact_text(entry.figures[key])
    return {"settings": settings, "decided": decided, **({"pending": pending} if pending else {})}


def _address(entry: Parameter, key: str) -> str:
    return f"{entry.name}.{key}" if key else entry.name


def written_model(book: Reopened) -> Model:
    """The model of a workbook with the figures it was written with; it raises what is wrong with the model's text."""
    model = model_from_text(book.model_text, book.model_file)
    decided = set(book.said(DECIDED).split("；"))
    return replace(
        model, parameters={name: _restored(entry, book.record, decided) for name, entry in model.parameters.items()}
    )


def _restored(entry: Parameter, record: Mapping[str, str], decided: set[str]) -> Parameter:
    values: dict[str, Figure] = dict(entry.figures)
    origins = {}
    for key in entry.figures:
        front = f"{FROM}{_address(entry, key)}."
        if f"{front}origin" in record:
            origins[key] = record[f"{front}origin"]
            values[key] = figure_or_text(record.get(f"{front}value", ""))
    settled = frozenset(key for key in entry.figures if entry.address(key) in decided)
    return replace(entry.with_figures(values), origins=origins, decided=settled)


def as_written(model: Model, written: Model) -> Model:
    """The model with its figures as they are now, and what was said of them when the workbook was written."""
    now = {
        name: replace(entry, origins=written.parameters[name].origins, decided=written.parameters[name].decided)
        for name, entry in model.parameters.items()
    }
    return replace(model, parameters=now)
