"""Verification: a result workbook recomputed from its own 参数 and 数据, and every cell that differs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from allocation import __version__
from allocation.errors import AllocationError, Problem
from allocation.finding import model_folder
from allocation.model import Model
from allocation.run import Run, run_model
from allocation.scenario import Changed
from allocation.texts import say
from allocation.workbook.comparing import Comparison, Difference, Look, normal
from allocation.workbook.import_mapping import Mapping as ImportMapping
from allocation.workbook.import_mapping import default_mapping
from allocation.workbook.importing import find_mapping
from allocation.workbook.layout import FIRST, LABEL, PARAMETER_FIRST, SHEETS, Layout
from allocation.workbook.own_figures import sources
from allocation.workbook.printable import HEAD, TOP
from allocation.workbook.printed_foot import Page, first_text, to_fill_in
from allocation.workbook.provenance import (
    award_changes,
    county_differences,
    edited,
    original_table,
    record_differences,
)
from allocation.workbook.recorded import Sheet, record
from allocation.workbook.reopened import OpenSheet, Reopened, recorded_changes, reopen, table_of
from allocation.workbook.versions_verified import sheet_differences

STATE = 4, 2  # the cell of 核对 that holds 状态
CAUSES = (
    "model", "manifest", "sheet_gone", "sheet_renamed", "sheet_hidden", "line_hidden", "row_gone", "row_added",
    "row_moved", "row_blank", "name", "flattened", "typed", "formula",
)  # fmt: skip


@dataclass
class Verdict:
    """`differences` have causes first. `edited` and `awards` are old → new since the workbook was written.

    `stopped` says why the workbook shows no award, `failed` which checks it does not pass, `notes` what else a reader
    must know; `cells` is how many were compared.
    """

    file: str
    model: Model
    differences: list[Difference] = field(default_factory=list)
    edited: list[Changed] = field(default_factory=list)
    awards: list[Changed] = field(default_factory=list)
    stopped: list[Problem] = field(default_factory=list)
    failed: list[Problem] = field(default_factory=list)
    notes: list[Problem] = field(default_factory=list)
    cells: int = 0

    @property
    def clean(self) -> bool:
        return not (self.differences or self.stopped or self.failed)


def verify(path: Path, manifest: Path | None = None) -> Verdict:
    """Raises AllocationError when the file is no result workbook, or cannot be recomputed from what is in it."""
    book = reopen(path)
    if len(table_of(book.record)) != 1:
        raise AllocationError(Problem("verify.several_years", where=path.name))
    found = sources(book)
    verdict = Verdict(path.name, found.model)
    verdict.differences = [*record_differences(book, manifest), *_sheets(book), *county_differences(book, found)]
    original = original_table(path, found)
    verdict.edited = edited(book, found, original)
    verdict.notes = _notes(book, found.table.file if original is None else "")
    try:
        if found.problems:
            raise AllocationError(found.problems)
        run = run_model(found.model, found.table, found.changes, exact=book.said("exact") == "True",
                        reference=book.said("reference") == "True")  # fmt: skip
    except AllocationError as error:
        checks = book.sheets.get("checks")
        verdict.stopped = [*error.problems, *(_failing(checks, book.lang) if found.problems and checks else [])]
        verdict.notes.append(Problem("verify.not_compared"))
        if checks and checks.values.get(STATE) == 0:
            verdict.differences.append(Difference("shown", checks.title))
    else:
        verdict.awards = award_changes(book, run)
        _Recomputed(book, run, verdict).compare()
        _compare_versions(path.parent, book, run, verdict)
    verdict.differences.sort(key=lambda one: CAUSES.index(one.kind) if one.kind in CAUSES else len(CAUSES))
    return verdict


def _notes(book: Reopened, file: str) -> list[Problem]:
    said = book.said("versions", "allocation")
    notes = [] if said == __version__ else [Problem("verify.other_version", {"found": said, "own": __version__})]
    return [*notes, Problem("verify.no_input", {"file": file})] if file else notes


def _sheets(book: Reopened) -> list[Difference]:
    """Sheets under other names, and what is hidden."""
    found = []
    for key, sheet in book.sheets.items():
        name = say(book.lang, f"workbook.sheet_{key}")
        found += [Difference("sheet_renamed", sheet.title, expected=name)] if sheet.title != name else []
    found += [Difference("sheet_hidden", one.title) for one in [*book.sheets.values(), *book.others] if one.hidden]
    return found + [
        Difference("line_hidden", one.title, line) for one in book.sheets.values() for line in one.hidden_lines
    ]


def _compare_versions(folder: Path, book: Reopened, run: Run, verdict: Verdict) -> None:
    found = sheet_differences(folder, book, run, bool(verdict.edited or verdict.awards))
    if found is None:
        verdict.notes.append(Problem("verify.versions_unchecked", {"sheet": say(book.lang, "versions.sheet")}))
        return
    verdict.differences += found[0]
    verdict.cells += found[1]


class _Recomputed:
    """The workbook as the writers would write it from the same figures, beside the one that was opened."""

    def __init__(self, book: Reopened, run: Run, verdict: Verdict):
        self.book, self.run, self.verdict, self.lang = book, run, verdict, book.lang
        self.layout = Layout(run.model, len(run.table), book.lang)
        self.sheets = dict(book.sheets)
        self.mapping, self.mapped = self._mapping()
        self.page = {key.partition(".")[2]: value for key, value in book.record.items() if key.startswith("print.")}
        as_written = replace(run, changed=recorded_changes(book.record))
        self.expected = record(as_written, book.lang, {"print": self.page}, self.mapping)

    def compare(self) -> None:
        titles = self._find_sheets()
        stopped = self._state()
        looks = {key: replace(look, values=not stopped) for key, look in self._looks().items()}
        comparisons = [
            Comparison(self._written(key), self.sheets[key], look, titles)
            for key, look in looks.items()
            if key in self.sheets and self._written(key)
        ]
        verdict = self.verdict
        moved = any(one.kind.startswith("row_") for one in verdict.differences) or any(one.moved for one in comparisons)
        bare = not any(sheet.formulas for sheet in self.sheets.values())
        verdict.notes += [Problem("verify.values_only")] if bare else []
        for one in comparisons:
            if one.flattened and not bare:
                verdict.differences.append(Difference("flattened", one.found.title, found=one.flattened))
            verdict.differences += one.differences(exact=not moved, flat=bool(one.flattened))
            verdict.cells += len(one.expected.cells)
        verdict.differences += [] if moved else self._names(titles)
        broken = [check for check in self.run.checks if not check.ok and check.severity == "error"]
        verdict.failed = [Problem("verify.failed", {"check": one.label, "counties": one.counties}) for one in broken]

    def _written(self, key: str) -> Sheet | None:
        return self.expected.sheets.get(self.layout.names[key])

    def _mapping(self) -> tuple[ImportMapping, bool]:
        """The mapping whose headers 导入表 has, and whether there is one."""
        sheet, plain = self.book.sheets.get("import"), default_mapping(self.run.model)
        own = find_mapping(self.run.model, model_folder()) or plain
        for mapping in (own, plain):
            heads = [column.zh if self.lang == "zh" else column.en for column in mapping.columns]
            if sheet and [sheet.text(0, column) for column in range(len(heads))] == heads:
                return mapping, True
        return own, sheet is None

    def _find_sheets(self) -> dict[str, str]:
        """What each sheet was called when it was written; sheets gone or renamed are differences."""
        titles: dict[str, str] = {}
        for key in SHEETS:
            name = self.layout.names[key]
            if not self._written(key):
                continue
            if key not in self.sheets:
                like = _like(self._written(key), [one for one in self.book.others if one.title not in titles])
                kind = (
                    Difference("sheet_renamed", like.title, expected=name) if like else Difference("sheet_gone", name)
                )
                self.verdict.differences.append(kind)
                if like is None:
                    continue
                self.sheets[key] = like
            titles[self.sheets[key].title] = name
        known = {*titles, say(self.lang, "versions.sheet")}
        extra = [one.title for one in self.book.others if one.title not in known]
        self.verdict.notes += [Problem("verify.extra_sheets", {"sheets": extra})] if extra else []
        return titles

    def _state(self) -> bool:
        """Whether the workbook shows no awards; 核对 says why."""
        checks = self.sheets.get("checks")
        if checks is None or checks.values.get(STATE) == 0:
            return False
        state = Problem("verify.state", {"found": checks.text(*STATE) or "—"})
        self.verdict.stopped = _failing(checks, self.lang) or [state]
        return True

    def _looks(self) -> dict[str, Look]:
        layout, lang, count = self.layout, self.lang, len(self.run.table)
        inputs, typed = set(layout.inputs.values()), {row for rows in layout.rows.values() for row in rows}
        banded = {row for name, rows in layout.rows.items() for row in rows if self.run.model.parameters[name].bands}
        table = Look(FIRST, (1, 2), 2, (LABEL,))
        looks = {
            "cover": Look(0, (), 0, ()),
            "parameters": Look(PARAMETER_FIRST, (5,), 5, (PARAMETER_FIRST - 1,), skip=lambda row, column: (
                column == 2 and row in typed or column == 1 and row in banded)),
            "data": replace(table, skip=lambda row, column: column in inputs and FIRST <= row < FIRST + count),
            "calculation": table,
            "checks": Look(STATE[0], (), 1, (2,), skip=lambda row, column: column not in (2, 3)),
            "notes": Look(3, (), 1, (2,), skip=lambda row, column: column == 2 and bool(self.verdict.edited)),
        }  # fmt: skip
        for key, page in (("award", Page(**self.page)), ("factors", Page())):
            if sheet := self._written(key):
                looks[key] = _printed(sheet, first_text(page, lang), to_fill_in(lang))
        if self.mapped:
            looks["import"] = self._import_look()
        elif "import" in self.sheets:
            self.verdict.differences.append(Difference("mapping", self.sheets["import"].title))
        return {**looks, "helpers": table}

    def _import_look(self) -> Look:
        takes = [column.take for column in self.mapping.columns]
        cells = self._written("import").cells
        keys = tuple(i for i, take in enumerate(takes) if take not in ("figure", "other"))
        county = takes.index("name") if "name" in takes else 0
        return Look(
            1,
            keys,
            county,
            (0,),
            skip=lambda row, column: row > 0 and (row, column) not in cells and column < len(takes),
        )

    def _names(self, titles: Mapping[str, str]) -> list[Difference]:
        """Defined names that no longer point to their parameter."""
        found, sheet = self.book.names, self.sheets["parameters"].title
        return [
            Difference("name", sheet, column=name, found=found.get(name, ""), expected=target)
            for name, target in self.expected.names.items()
            if normal(found.get(name, ""), titles) != normal(target, {})
        ]


def _printed(sheet: Sheet, foot: str, fill_in: set[str]) -> Look:
    """A printed table: below it, people write."""
    signed = next(row for (row, _), text in sheet.cells.items() if text == foot)
    skip = lambda row, column: row >= signed and sheet.cells.get((row, column), foot) in fill_in  # noqa: E731
    return Look(TOP, (0,), 0, (HEAD, HEAD + 1), stop=foot.partition("  ")[0], skip=skip)


def _failing(checks: OpenSheet, lang: str) -> list[Problem]:
    """The lines of 核对 that count something wrong: those on data and parameters, whose failing makes others fail."""
    last = max(row for row, _ in checks.values)
    heading = say(lang, "workbook.data_lines")
    data = next((row for row in range(last) if checks.text(row, 0) == heading), last)
    wrong = [row for row in range(STATE[0] + 1, last + 1) if checks.text(row, 3) and checks.text(row, 2) != "0"]
    rows = [row for row in wrong if row > data] or wrong
    return [Problem("verify.line", {"line": checks.text(row, 1)}) for row in rows]


def _like(expected: Sheet, others: list[OpenSheet]) -> OpenSheet | None:
    """The sheet that has half of the expected texts, or more, where they should be."""
    texts = {place: cell for place, cell in expected.cells.items() if isinstance(cell, str)}
    fits = {id(one): sum(one.values.get(place) == cell for place, cell in texts.items()) for one in others}
    best = max(others, key=lambda one: fits[id(one)], default=None)
    return best if best and fits[id(best)] * 2 >= len(texts) else None
