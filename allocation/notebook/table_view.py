"""A county table as a notebook sees it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from allocation.case import CaseFile
from allocation.notebook import markup
from allocation.notebook.foreign import frame_from
from allocation.notebook.frames import given, input_frame, table_of
from allocation.policy.model import Input
from allocation.policy.model import Model as EngineModel
from allocation.run.marks import in_title
from allocation.tables.keys import Figure
from allocation.tables.table import Table as EngineTable
from allocation.texts.decimals import figure_text

if TYPE_CHECKING:
    import pandas


class TableView(markup.View):
    """A county table that was read: `frame` to look at and to change, then to `run` the model on."""

    def __init__(self, model: EngineModel, engine: EngineTable, case: CaseFile | None = None):
        self._model, self.engine, self.case = model, engine, case

    @property
    def frame(self) -> pandas.DataFrame:
        """A county a row, indexed by code, an input a column; a percentage is a fraction, a blank NaN."""
        return input_frame(self._model, self.engine)

    def __len__(self) -> int:
        return len(self.engine)

    def __repr__(self) -> str:
        return self._page.say("notebook.table", **self._slots())

    def _slots(self) -> dict[str, object]:
        mark = in_title(["illustrative"] if self.engine.illustrative else [])
        return {"file": self.engine.file, "count": len(self), "year": self.engine.year, "marks": mark}

    def _repr_html_(self) -> str:
        page, model, table = self._page, self._model, self.engine
        entries = [model.inputs[name] for name in given(model, table)]
        heads = [page.say(f"workbook.{key}") for key in ("code", "name")]
        heads += [model.units.with_unit(entry.label[page.lang], entry.unit, page.lang) for entry in entries]
        rows = [
            [code, name, *(_shown(table.values[entry.name][row], entry) for entry in entries)]
            for row, (code, name) in enumerate(zip(table.codes, table.names, strict=True))
        ]
        head = markup.title(page.say("notebook.table", **self._slots()))
        return markup.page(head, page.table(heads, rows), page.notes(table.notes))


def engine_table(given: object, model: EngineModel, year: int | None) -> EngineTable:
    """The table in what a notebook has instead of a file: a view of one, one of the engine's, a frame of any kind."""
    if isinstance(given, TableView):
        return given.engine
    return given if isinstance(given, EngineTable) else table_of(frame_from(given), model, year)


def _shown(value: Figure, entry: Input) -> str:
    return figure_text(value, entry.decimals if not entry.unit.is_percent else None, entry.unit.is_percent)
