"""The record of a run, a timeline, an evaluation or a comparison: what is kept of it, wherever it is written."""

from __future__ import annotations

import platform
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from fractions import Fraction
from typing import TYPE_CHECKING

from allocation import __version__
from allocation.case import facts_text
from allocation.doubts.doubt import as_record, together
from allocation.doubts.policy import over_years
from allocation.doubts.reconciled import as_kept
from allocation.errors import Problem
from allocation.policy.model import Model, Parameter
from allocation.policy.stages import POOL_OF_CASE
from allocation.record.record import (
    COMPARISON,
    PAPERS,
    RUN,
    TIMELINE,
    Blank,
    ChangeKept,
    CheckKept,
    DisputeKept,
    EvaluationKept,
    FigurePlace,
    GroundKept,
    LedgerFigure,
    ModelKept,
    NoteKept,
    PartKept,
    Program,
    Record,
    RunKept,
    SettingKept,
    TableKept,
    Totals,
    VoucherKept,
    digest,
)
from allocation.record.versions import content
from allocation.run.run import Run
from allocation.run.scenario import Changed
from allocation.tables.table import Rival, Table
from allocation.texts import exact_text
from allocation.texts.spans import year_label
from allocation.xlsx.layout import Layout
from allocation.xlsx.originals import original_cells, originals_digest

if TYPE_CHECKING:
    from allocation.analysis.compare import Comparison
    from allocation.years.timeline import Timeline

HELD = ("sample", "case")  # what a case gives stands under every change


def record_of(run: Run, command: str = "", date: str = "", page: Mapping[str, str] | None = None) -> Record:
    """Of one run: no paths, no date but a given one. `page`: how the printed sheets are laid out."""
    model, table, counties = run.model, run.table, _counties(run)
    return replace(
        _common(run, RUN),
        command=command,
        date=date,
        ledger=_ledger(table),
        vouchers=tuple(
            VoucherKept(voucher.name, table.codes[voucher.row], voucher.source, voucher.file, voucher.sha256)
            for voucher in table.vouchers
        ),
        estimates=tuple(FigurePlace(name, table.codes[row]) for name, row in table.estimates),
        disputes=_disputes(table),
        objections=tuple(table.objections),
        parts=tuple(PartKept(part.kind, part.after) for part in model.parts),
        attached=tuple(kept for table in run.tables for kept in table.attached),
        changes=_changes(run.changed),
        totals=Totals(
            exact_text(run.total(model.award)),
            model.columns[model.award].unit.name,
            exact_text(run.figure(model.pool)) if model.pool else None,
        ),
        rows=counties.rows,
        awards=counties.awards,
        names=counties.names,
        blank=counties.blank,
        groups=_groups(run),
        remarks={code: text for code, text in zip(table.codes, table.row_notes, strict=False) if text},
        doubts=as_record(run.doubts),
        doubted=tuple(doubt.id for doubt in run.doubts),
        units=as_kept(run.units) if (page or {}).get("layout") == "approval" else None,
        printed_notes={code: text for code, text in zip(table.codes, table.printed_notes, strict=False) if text},
        standing={code: said for code, said in zip(table.codes, table.standing, strict=False) if said[0]},
        papers=PAPERS,
        print=page or {},
        originals_sha256=originals_digest(original_cells(run, Layout(model, len(table), "zh"))),
        checks=tuple(
            CheckKept(check.name, check.severity, check.ok, tuple(check.counties), check.unasked is None)
            for check in run.checks
        ),
        notes=tuple(note_kept(note) for note in run.notes),
        content=content(run),
    )


def timeline_record(timeline: Timeline, kind: str = TIMELINE, evaluation: EvaluationKept | None = None) -> Record:
    """The years' inputs, which are what-ifs and at what growth, what was changed, each year's awards and names.

    `evaluation`: what an evaluation of these years is told by.
    """
    changes = _changes(timeline.run.changed)
    years = tuple(
        replace(
            _counties(run), name=str(run.table.year), zh=year_label(run.table.year).zh, en=str(run.table.year),
            year=run.table.year, projected=run.table.year in timeline.projected,
            changes=tuple(change for change in changes if change.year in (None, run.table.year)),
        )
        for run in timeline.runs
    )  # fmt: skip
    growth = {setting.address: exact_text(setting.value) for setting in timeline.growth}
    doubts, told = as_record(timeline.run.doubts), tuple(doubt.id for doubt in timeline.run.doubts)
    whole = evaluation_content(timeline.runs, evaluation.text) if evaluation else ""
    return replace(
        _common(timeline.run, kind), growth=growth, runs=years, doubts=doubts, doubted=told, evaluation=evaluation,
        content=whole, papers=timeline.cut.papers,
    )  # fmt: skip


def evaluation_content(runs: Sequence[Run], text: str) -> str:
    """A hash over the figures of the years of an evaluation and the file that they are told by."""
    return digest("\n".join([*(content(run) for run in runs), text]))


def comparison_record(comparison: Comparison) -> Record:
    """The inputs, and of each scenario its name, its changes and its awards; the first is the baseline."""
    scenarios = tuple(
        replace(
            _counties(run), name=scenario.name, zh=scenario.label.zh, en=scenario.label.en, year=run.table.year,
            changes=_changes(run.changed), doubted=tuple(doubt.id for doubt in run.doubts.every),
        )
        for scenario, run in zip(comparison.scenarios, comparison.runs, strict=True)
    )  # fmt: skip
    doubts = together(run.doubts for run in comparison.runs)
    told = tuple(doubt.id for doubt in doubts)
    changes = _changes(change for change in comparison.before if change.county)  # the others are its settings
    return replace(
        _common(comparison.base, COMPARISON), changes=changes, runs=scenarios, doubts=as_record(doubts), doubted=told,
        papers=comparison.cut.papers,
    )  # fmt: skip


def _common(run: Run, kind: str) -> Record:
    """What every product says of its model, its tables and the program."""
    model = run.model
    record = Record(
        kind,
        model=ModelKept(model.name, model.file, digest(model.text), tuple(model.basis), model.text),
        facts=_facts(run),
        case=run.facts.kept,
        inputs=tuple(TableKept(t.file, t.sha256, t.year, len(t), t.illustrative, t.sheet) for t in run.tables),
        said=tuple(dict.fromkeys(pair for table in run.tables for pair in table.said)),
        versions=Program(__version__, platform.python_version()),
        exact=run.exact,
        undecided=run.undecided,
        reference=run.reference,
    )
    return _with_settings(record, run.models or (model,))


def _facts(run: Run) -> dict[str, str]:
    """Those of the issue; of its years only a budget year that is not that of the data, which the inputs tell."""
    known = {"data_year", *(() if run.year != run.table.year else ("budget_year",))}
    return {key: text for key, text in facts_text(run.facts).items() if key not in known}


def _counties(run: Run) -> RunKept:
    """The rows, awards and names of a run, and which inputs had blanks: what sheets look like follows from that."""
    codes = tuple(run.table.codes)
    blank = Blank(
        tuple(name for name, every in run.blank.items() if not every),
        tuple(name for name, every in run.blank.items() if every),
        tuple(run.table.absent),
    )
    awards = dict(zip(codes, map(exact_text, run.figures(run.model.award)), strict=True))
    names = dict(zip(codes, run.table.names, strict=True))
    return RunKept(rows=codes, awards=awards, names=names, blank=blank)


def _changes(changed: Iterable[Changed]) -> tuple[ChangeKept, ...]:
    return tuple(ChangeKept(c.name, c.key, c.county, exact_text(c.old), exact_text(c.new), c.year) for c in changed)


def _groups(run: Run) -> dict[str, str | None]:
    """The awards of each group that has a subtotal."""
    sums: dict[str, Fraction] = {}
    if run.model.group:
        for group, value in zip(run.figures(run.model.group), run.figures(run.model.award), strict=True):
            if isinstance(group, str) and group and isinstance(value, Fraction):
                sums[group] = sums.get(group, Fraction(0)) + value
    return {group: exact_text(value) for group, value in sums.items()}


def _with_settings(record: Record, models: Sequence[Model]) -> Record:
    """The same with `settings` by address, their value and origin; the addresses that were `decided` and those
    only `expected`; `pending`: the figures, by address, that stand for now only because nobody decided on them yet.

    `models` are those of the years of a run: what holds in one of them only is told by the run's changes.
    """
    settings: dict[str, SettingKept] = {}
    decided: list[str] = []
    expected: list[str] = []
    pending: dict[str, str | None] = {}
    joined = over_years(models[0], models)
    for entry in models[0].parameters.values():
        years = [model.parameters[entry.name] for model in models]
        for key in entry.figures:
            held = next((yearly for yearly in years if yearly.origins.get(key) in HELD), entry)
            alike = all(yearly.figures[key] == held.figures[key] for yearly in years)
            if key in held.origins and (alike or held.origins[key] in HELD):
                settings[address_of(entry, key)] = SettingKept(exact_text(held.figures[key]), held.origins[key])
            state = joined[entry.name].state(key)
            if state == "decided":
                decided.append(entry.address(key))
            elif state == "expected":
                expected.append(entry.address(key))
            elif state == "open" and entry.figures[key] is not None:
                pending[address_of(entry, key)] = exact_text(entry.figures[key])
    grounds = {address_of(entry, key): GroundKept(exact_text(said.last), said.basis, said.by, said.date, said.reason)
               for entry in models[-1].parameters.values() for key, said in entry.grounds.items()}  # fmt: skip
    return replace(
        record, settings=settings, grounds=grounds, decided=tuple(decided), expected=tuple(expected), pending=pending
    )


def note_kept(note: Problem) -> NoteKept:
    said = note.slots["said"] if note.id == POOL_OF_CASE else None
    return NoteKept(note.id, note.where, note.text("en"), exact_text(said) if isinstance(said, Fraction) else None)


def address_of(entry: Parameter, key: str) -> str:
    return f"{entry.name}.{key}" if key else entry.name


def _ledger(table: Table) -> dict[str, dict[str, LedgerFigure]]:
    """Figures of the ledger by county and input."""
    ledger: dict[str, dict[str, LedgerFigure]] = {}
    for (name, row), rival in table.ledger.items():
        ledger.setdefault(table.codes[row], {})[name] = _ledger_figure(rival)
    return ledger


def _disputes(table: Table) -> tuple[DisputeKept, ...]:
    return tuple(
        DisputeKept(
            dispute.name, table.codes[dispute.row], _ledger_figure(dispute.rivals[dispute.chosen]), dispute.by,
            dispute.reason,
            tuple(_ledger_figure(rival) for at, rival in enumerate(dispute.rivals) if at != dispute.chosen),
        )
        for dispute in table.disputes if dispute.rivals
    )  # fmt: skip


def _ledger_figure(rival: Rival) -> LedgerFigure:
    return LedgerFigure(exact_text(rival.value), rival.source, rival.date, rival.status)
