"""The record of a run, a timeline, an evaluation or a comparison: what is kept of it, wherever it is written."""

from __future__ import annotations

import platform
from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction

from allocation import __version__
from allocation.analysis.compare import Comparison
from allocation.doubts.doubt import as_record, together
from allocation.model import Model, Parameter
from allocation.record.record import (
    COMPARISON,
    RUN,
    TIMELINE,
    Blank,
    ChangeKept,
    CheckKept,
    DisputeKept,
    FigurePlace,
    FileKept,
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
    digest,
)
from allocation.run import Run
from allocation.scenario import Changed
from allocation.tables.table import Rival, Table
from allocation.texts import exact_text
from allocation.workbook.layout import Layout
from allocation.workbook.originals import original_cells, originals_digest
from allocation.workbook.versions import content
from allocation.years.timeline import Timeline

HELD = ("sample", "case")  # what a case gives stands under every change


def record_of(run: Run, command: str = "", date: str = "") -> Record:
    """Of one run: no paths, no date but a given one."""
    model, table = run.model, run.table
    return _common(
        run,
        kind=RUN,
        command=command,
        date=date,
        **_ledger(table),
        parts=tuple(PartKept(part.kind, part.after) for part in model.parts),
        attached=tuple(FileKept(file, sha256) for one in run.tables for file, sha256 in one.attached),
        changes=_changes(run.changed),
        totals=Totals(
            exact_text(run.total(model.award)),
            model.columns[model.award].unit.name,
            exact_text(run.figure(model.pool)) if model.pool else None,
        ),
        **_counties(run),
        groups=_groups(run),
        remarks={code: text for code, text in zip(table.codes, table.row_notes, strict=False) if text},
        doubts=as_record(run.doubts),
        originals_sha256=originals_digest(original_cells(run, Layout(model, len(table), "zh"))),
        checks=tuple(CheckKept(one.name, one.severity, one.ok, tuple(one.counties)) for one in run.checks),
        notes=tuple(NoteKept(note.id, note.where, note.text("en")) for note in run.notes),
        content=content(run),
    )


def timeline_record(found: Timeline, kind: str = TIMELINE) -> Record:
    """The years' inputs, which are what-ifs and at what growth, what was changed, each year's awards and names."""
    years = tuple(
        RunKept(
            str(run.table.year), f"{run.table.year}年", str(run.table.year), run.table.year,
            run.table.year in found.projected,
            tuple(one for one in _changes(found.run.changed) if one.year in (None, run.table.year)), **_counties(run),
        )
        for run in found.runs
    )  # fmt: skip
    growth = {one.address: exact_text(one.value) for one in found.growth}
    return _common(found.run, kind=kind, growth=growth, runs=years, doubts=as_record(found.run.doubts))


def comparison_record(comparison: Comparison) -> Record:
    """The inputs, and of each scenario its name, its changes and its awards; the first is the baseline."""
    scenarios = tuple(
        RunKept(
            scenario.name, scenario.label.zh, scenario.label.en, run.table.year, changes=_changes(run.changed),
            doubted=tuple(one.id for one in run.doubts.every), **_counties(run),
        )
        for scenario, run in zip(comparison.scenarios, comparison.runs, strict=True)
    )  # fmt: skip
    doubts = as_record(together(run.doubts for run in comparison.runs))
    return _common(comparison.base, kind=COMPARISON, runs=scenarios, doubts=doubts)


def _common(run: Run, **more) -> Record:
    """What every product says of its model, its tables and the program."""
    model = run.model
    return Record(
        model=ModelKept(model.name, model.file, digest(model.text), tuple(model.basis), model.text),
        inputs=tuple(TableKept(t.file, t.sha256, t.year, len(t), t.illustrative) for t in run.tables),
        said=tuple(dict.fromkeys(pair for table in run.tables for pair in table.said)),
        **_settings(run.models or (model,)),
        versions=Program(__version__, platform.python_version()),
        exact=run.exact,
        reference=run.reference,
        **more,
    )


def _counties(run: Run) -> dict:
    """The rows, awards and names of a run, and which inputs had blanks: what sheets look like follows from that."""
    codes = tuple(run.table.codes)
    blank = Blank(
        tuple(name for name, every in run.blank.items() if not every),
        tuple(name for name, every in run.blank.items() if every),
        tuple(run.table.absent),
    )
    awards = dict(zip(codes, map(exact_text, run.figures(run.model.award)), strict=True))
    return {"rows": codes, "awards": awards, "names": dict(zip(codes, run.table.names, strict=True)), "blank": blank}


def _changes(changed: Iterable[Changed]) -> tuple[ChangeKept, ...]:
    return tuple(ChangeKept(c.name, c.key, c.county, exact_text(c.old), exact_text(c.new), c.year) for c in changed)


def _groups(run: Run) -> dict[str, str | None]:
    """The awards of each group that has a subtotal."""
    sums: dict[str, Fraction] = {}
    if run.model.group and run.model.columns[run.model.award].kind == "number":
        for group, value in zip(run.figures(run.model.group), run.figures(run.model.award), strict=True):
            if group:
                sums[group] = sums.get(group, Fraction(0)) + value
    return {group: exact_text(value) for group, value in sums.items()}


def _settings(models: Sequence[Model]) -> dict[str, Mapping | tuple]:
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
                settings[address_of(entry, key)] = SettingKept(exact_text(held.figures[key]), held.origins[key])
            if all(key in one.decided for one in years):
                decided.append(entry.address(key))
            elif entry.decide:
                pending[address_of(entry, key)] = exact_text(entry.figures[key])
    return {"settings": settings, "decided": tuple(decided), "pending": pending}


def address_of(entry: Parameter, key: str) -> str:
    return f"{entry.name}.{key}" if key else entry.name


def _ledger(table: Table) -> dict[str, object]:
    """Figures of the ledger by county and input, estimates, disputes, open objections."""
    ledger: dict[str, dict[str, LedgerFigure]] = {}
    for (name, row), rival in table.ledger.items():
        ledger.setdefault(table.codes[row], {})[name] = _ledger_figure(rival)
    return {
        "ledger": ledger,
        "estimates": tuple(FigurePlace(name, table.codes[row]) for name, row in table.estimates),
        "disputes": tuple(
            DisputeKept(
                one.name, table.codes[one.row], _ledger_figure(one.rivals[one.chosen]), one.by, one.reason,
                tuple(_ledger_figure(rival) for at, rival in enumerate(one.rivals) if at != one.chosen),
            )
            for one in table.disputes if one.rivals
        ),
        "objections": tuple(table.objections),
    }  # fmt: skip


def _ledger_figure(rival: Rival) -> LedgerFigure:
    return LedgerFigure(exact_text(rival.value), rival.source, rival.date, rival.status)
