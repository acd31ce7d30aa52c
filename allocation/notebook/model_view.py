"""A model as a notebook sees it: what it is made of, its tables, and running it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from allocation.case import NO_FACTS, CaseFile
from allocation.doubts.gathering import compared
from allocation.errors import AllocationError, Problem, tried
from allocation.notebook import markup
from allocation.notebook.arguments import LANG, PATH, REASONS, ROWS, TEXT, TEXTS, TRUTH, YEAR, optional, takes
from allocation.notebook.entries import Entries, EntryView
from allocation.notebook.foreign import is_frame
from allocation.notebook.kinds import TABLE
from allocation.notebook.origin import Origin
from allocation.notebook.runs import RunView
from allocation.notebook.settings import changes_of
from allocation.notebook.spoken import language, spoken
from allocation.notebook.table_view import TableView, engine_table
from allocation.notebook.telling import warn_of
from allocation.opening.attaching import attached
from allocation.opening.cases import is_result
from allocation.opening.keeping import kept_facts
from allocation.opening.settings import with_case
from allocation.policy.loading import load_model
from allocation.policy.model import Model as EngineModel
from allocation.policy.model import spelt
from allocation.run.decisions import with_decided
from allocation.run.finding import ModelWithTable, find, model_files, model_of_year
from allocation.run.required import lacking
from allocation.run.run import run_model
from allocation.run.scenario import Change
from allocation.run.shelf import base_name
from allocation.tables.said import NOTHING, Said, said_of
from allocation.tables.table import Table as EngineTable
from allocation.tables.table import number
from allocation.texts import bracketed, decimal_text
from allocation.texts.spans import in_force

if TYPE_CHECKING:
    import pandas


@takes(name=PATH, year=optional(YEAR))
def load(name: str | Path, year: int | None = None) -> ModelView:
    """The model of a name or file, in force in `year`, else in the year of its own table in `inputs/`.

    Of a case or a result workbook, what stands in it; `run` warns of what was edited in a result since. Raises
    AllocationError.
    """
    with spoken():
        return ModelView(str(name), year)


class ModelView(markup.View):
    """A policy: `run` it, look at `parameters`, `inputs` and `columns`."""

    def __init__(self, name: str, year: int | None = None):
        self.name, self.year = name, year
        self._result = _result_in(name)
        self._files = (self._result.model_path,) if self._result else tuple(model_files(name))
        self.engine = self._result.model if self._result else model_of_year(name, year)
        if year is None and len(self._files) > 1:
            with suppress(AllocationError):  # no table of its own, or one to mend: `run` says which
                self.engine = load_model(find(name, None, None).model_path)  # without the figures of a sample
        self._folder = self._result.models_folder if self._result else self._files[0].parent
        # attributes, not properties: completion looks into them without running anything
        self.parameters = Entries(self.engine, "parameter", [*self.engine.parameters])
        self.inputs = Entries(self.engine, "input", [*self.engine.inputs])
        self.columns = Entries(self.engine, "column", [*self.engine.columns])

    @takes(name=TEXT)
    def __getitem__(self, name: str) -> EntryView | Entries:
        every = [*self.engine.parameters, *self.engine.inputs, *self.engine.columns]
        return Entries(self.engine, "input", every)[name]

    def _ipython_key_completions_(self) -> list[str]:
        return [*self.parameters, *self.inputs, *self.columns]

    @takes(path=optional(TABLE), unused=TEXTS, rows=ROWS)
    def table(
        self, path: str | Path | pandas.DataFrame | None = None, unused: Sequence[str] = (),
        rows: Mapping[str, str] | Sequence[str] = (),
    ) -> TableView:  # fmt: skip
        """The table in a file or frame, else the model's own in `inputs/`; `unused` and `rows` as in `run`.

        Raises AllocationError.
        """
        with spoken():
            model, table, _, case = self._open(path, said_of(unused, rows))
        return TableView(model, table, case)

    @takes(path=PATH, example=TRUTH, lang=optional(LANG))
    def template(self, path: str | Path, example: bool = False, lang: str | None = None) -> Path:
        """Writes the blank input workbook. Raises AllocationError."""
        from allocation.tables.template import write_template

        lang = language(lang)
        with spoken(lang):
            write_template(self.engine, path, lang, example, self.year)
        return Path(path)

    def _instead(self, name: str, value: object) -> Problem:
        known = [*self.engine.parameters, *self.engine.inputs]
        if name not in known:
            return super()._instead(name, value)
        return Problem("notebook.set_figure", {"name": name, "call": f"model.run({name}={value!r})"})

    @takes(
        table=optional(TABLE), exact=TRUTH, reference=TRUTH, resolve=optional(REASONS), recipients=optional(PATH),
        last=optional(PATH), crosswalk=optional(PATH), unused=TEXTS, rows=ROWS, decided=TEXTS,
    )  # fmt: skip
    def run(
        self, /, table: object = None, *changes: Change | str | Mapping[str, object],
        exact: bool = True, reference: bool = False,
        resolve: Mapping[str, str] | None = None, recipients: str | Path | None = None, last: str | Path | None = None,
        crosswalk: str | Path | None = None, unused: Sequence[str] = (), rows: Mapping[str, str] | Sequence[str] = (),
        decided: Sequence[str] = (), **settings: object,
    ) -> RunView:  # fmt: skip
        """Runs the model on a table: a file, a frame, a Table, or the model's own in `inputs/`.

        `settings` are `pool=6000`; an address that is no Python name goes as a text or in a dict:
        `{"weight[settled]": "50%"}`.
        `decided` names parameters that law leaves to the bureau and that it decided on, or lists of them.
        `unused` names headings of columns that are not used, `rows` says what a row is that a file leaves in doubt:
        `{"130401": "unit"}`, "total" or "within".
        A float is read by its shortest decimal. `run.doubts` are what a person must look at; `recipients`, `last` and
        `crosswalk` are files that the table is compared with, and `resolve` gives reasons by the id of a doubt.
        Raises AllocationError with all problems.
        """
        with spoken():
            problems: list[Problem] = []
            given: list[Change] = []
            opened, model = None, None
            try:
                given = changes_of(changes, settings)
            except AllocationError as error:
                problems += error.problems
            try:
                opened = self._open(table, said_of(unused, rows))
            except AllocationError as error:
                problems += error.problems
            if opened:
                names = [decided] if isinstance(decided, str) else decided
                model = tried(problems, with_decided, opened[0], names)
            else:
                problems += lacking(self.engine, given)
            if problems or opened is None or model is None:
                raise AllocationError(problems)
            _, read, files, case = opened
            beside = {"recipients": recipients, "last": last, "crosswalk": crosswalk}
            files_beside = {key: Path(path) for key, path in beside.items() if path}
            if case and "recipients" in case.given:
                files_beside.setdefault("recipients", case.given["recipients"])
            extended = attached(model, read, case)
            model, read, changed = extended.model, extended.table, [*extended.changes, *given]
            read = compared(model, read, resolve=(resolve or {}).items(), case=case,
                            recipients=files_beside.get("recipients"), last=files_beside.get("last"),
                            crosswalk=files_beside.get("crosswalk"))  # fmt: skip
            try:
                facts = self._result.facts if self._result else kept_facts(case) if case else NO_FACTS
                engine = run_model(model, read, changed, exact=exact, reference=reference, facts=facts)
                engine.doubts  # noqa: B018  # raises a reason that resolves nothing
            except AllocationError as error:
                raise AllocationError([*error.problems, *_known(model, error)]) from None
        command = self._command(table, given, exact, reference)
        if command:
            command += "".join(f" --{option} {path.name}" for option, path in files_beside.items())
            command += "".join(f' --{option} "{text}"' for option, text in said_of(unused, rows).pairs)
            command += "".join(f' --resolve {id}="{why}"' for id, why in (resolve or {}).items())
        warn_of(engine)
        return RunView(engine, Origin((*files, *files_beside.values()), self._folder, command), given)

    def _open(
        self, table: object, said: Said = NOTHING
    ) -> tuple[EngineModel, EngineTable, tuple[Path, ...], CaseFile | None]:
        """The model in force in the table's year, the table, the files they came from, and the settings that go with
        them: those of the model's own table, never with another.
        """
        if table is None and self._result and not said.pairs:
            return self._result.model, self._result.table, self._files, None
        if table is None or isinstance(table, str | Path):
            opened = find(self.name, None if table is None else Path(table), self.year, said=said)
            return opened.model, opened.table, (opened.model_path, opened.input_path), opened.case
        if said.pairs:
            raise AllocationError(Problem("notebook.said_of_file"))
        read = engine_table(table, self.engine, self.year)
        low, high = self.engine.effective
        year, files = read.year, self._files
        inside = year is None or (low is None or low <= year) and (high is None or year <= high)
        model, case = self.engine, table.case if isinstance(table, TableView) else None
        if not (inside or self.year or len(files) == 1):
            model = model_of_year(self.name, year)
            if model.inputs != self.engine.inputs and is_frame(table):
                read = engine_table(table, model, None)
        return with_case(model, case) if case else model, read, files, case

    def _command(self, table: object, changes: list[Change], exact: bool, reference: bool) -> str:
        """What one would type for the same run; empty where the table is no file."""
        if not (table is None or isinstance(table, str | Path)) or any(change.how != "set" for change in changes):
            return ""
        words = ["allocation", "run", Path(self.name).name, *(["--input", Path(table).name] if table else [])]
        for change in changes:
            value = change.value if isinstance(change.value, str) else decimal_text(number(change.value), 15)
            words += ["--set", f"{change.address}={value}"]
        words += ["--year", str(self.year)] if self.year else []
        return " ".join([*words, *([] if exact else ["--float"]), *(["--reference"] if reference else [])])

    def __repr__(self) -> str:
        model = self.engine
        slots = {"name": base_name(Path(model.name).stem), "label": model.label, "years": _years(model)}
        counts = {"parameters": len(model.parameters), "inputs": len(model.inputs), "columns": len(model.columns)}
        return self._page.say("notebook.model", **slots, **counts)

    def _repr_html_(self) -> str:
        model, page = self.engine, self._page
        told: list[tuple[str, object]]
        told = [("file", model.file), ("basis", list(model.basis)), ("years", _years(model))]
        told.append(("result", bracketed(model.columns[model.award].label, spelt(model.award))))
        told += [("pool", bracketed(model.entry(model.pool).label, spelt(model.pool)))] if model.pool else []
        facts = [page.say(f"notebook.model_{key}", value=value) for key, value in told]
        kinds = (self.parameters, self.inputs, self.columns)
        return markup.page(
            markup.title(model.label[page.lang]), page.lines(facts), *(entries.folded() for entries in kinds)
        )


def _result_in(name: str) -> ModelWithTable | None:
    """What a result workbook holds, with what was edited in it since as notes of its table; None of any other name."""
    if not is_result(name):
        return None
    from allocation.verify.result_case import open_result

    return open_result(Path(name))


def _known(model: EngineModel, error: AllocationError) -> list[Problem]:
    """What can be set, after a name that cannot."""
    lost = any(problem.id == "scenario.unknown" for problem in error.problems)
    return [Problem("notebook.settings", {"known": [spelt(name) for name in model.parameters]})] if lost else []


def _years(model: EngineModel) -> str:
    return in_force(*model.effective) or "—"
