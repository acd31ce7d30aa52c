"""What a record says, as the objects it was made of: the model with its settings, the changes, the ledger."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from allocation.doubts.doubt import from_record
from allocation.policy.loading import model_from_text
from allocation.policy.model import Ground, Model, Parameter
from allocation.policy.schema import figure_or_text
from allocation.record.record import ChangeKept, FigurePlace, Record
from allocation.record.recording import address_of
from allocation.run.run import Run
from allocation.run.scenario import Changed
from allocation.tables.keys import Figure
from allocation.tables.table import Dispute, Table

SAID = ("origins", "states", "grounds")  # of a parameter's figures, not the figures themselves


def written_model(record: Record) -> Model:
    """The model with the figures it was written with; it raises what is wrong with the model's text."""
    model = model_from_text(record.model.text, record.model.file)
    restored = {name: _restored(entry, record) for name, entry in model.parameters.items()}
    return replace(model, parameters=restored)


def _restored(entry: Parameter, record: Record) -> Parameter:
    values: dict[str, Figure] = dict(entry.figures)
    origins = {}
    for key in entry.figures:
        if setting := record.settings.get(address_of(entry, key)):
            origins[key], values[key] = setting.origin, figure_of(setting.value)
    return replace(
        entry.with_figures(values), origins=origins, states=_states(entry, record), grounds=_grounds(entry, record)
    )


def _states(entry: Parameter, record: Record) -> dict[str, str]:
    states = dict.fromkeys((key for key in entry.figures if address_of(entry, key) in record.pending), "open")
    states |= dict.fromkeys((key for key in entry.figures if entry.address(key) in record.expected), "expected")
    return states | dict.fromkeys((key for key in entry.figures if entry.address(key) in record.decided), "decided")


def _grounds(entry: Parameter, record: Record) -> dict[str, Ground]:
    kept = {key: record.grounds.get(address_of(entry, key)) for key in entry.figures}
    return {
        key: Ground(figure_of(said.last), said.basis, said.by, said.date, said.reason)
        for key, said in kept.items() if said
    }  # fmt: skip


def as_written(model: Model, written: Model) -> Model:
    """The model with its figures as they are now, and what was said of them when the workbook was written."""
    now = {
        name: replace(entry, **{key: getattr(written.parameters[name], key) for key in SAID})
        for name, entry in model.parameters.items()
    }
    return replace(model, parameters=now)


def with_recorded(run: Run, record: Record) -> Run:
    """The run with what was in doubt, how the units were reconciled, and what was asked of last year's book, when it
    was written: that book does not stand beside it now.
    """
    compared = {check.name for check in record.checks if check.asked and check.ok}
    checks = tuple(
        replace(check, unasked=None, compared=True) if check.unasked and check.name in compared else check
        for check in run.checks
    )
    return replace(run, checks=checks, recorded_doubts=from_record(record), recorded_units=record.units)


def changes_of(kept: Iterable[ChangeKept]) -> tuple[Changed, ...]:
    return tuple(
        Changed(change.name, change.key, change.county, figure_of(change.old), figure_of(change.new), change.year)
        for change in kept
    )


def figure_of(text: str | None) -> Figure:
    return None if text is None else figure_or_text(text)


def with_ledger(table: Table, record: Record) -> Table:
    """The table with the estimates and disputes on record: enough for marks and sheets, not more."""
    disputes = tuple(
        Dispute(dispute.name, row, (), 0, dispute.by, dispute.reason)
        for dispute in record.disputes
        if (row := _row(table, FigurePlace(dispute.name, dispute.county))) is not None
    )
    estimates = tuple((place.name, row) for place in record.estimates if (row := _row(table, place)) is not None)
    parts = ("ledger",) if record.ledger else ()
    return replace(table, estimates=estimates, disputes=disputes, parts=(*table.parts, *parts))


def _row(table: Table, place: FigurePlace) -> int | None:
    known = place.county in table.codes and place.name in table.values
    return table.codes.index(place.county) if known else None


def ledger_figures(record: Record) -> dict[tuple[str, str], Figure]:
    """What the ledger gave, by (input, code)."""
    return {
        (name, code): figure_of(figure.value) for code, held in record.ledger.items() for name, figure in held.items()
    }
