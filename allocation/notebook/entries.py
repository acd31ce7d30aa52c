"""Parameters, inputs and columns as a notebook sees them: by attribute, by key, as a frame, as a table of HTML."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from allocation.errors import Problem, nearest
from allocation.model import Column, Input, Model, Parameter, spelt
from allocation.notebook import markup
from allocation.notebook.arguments import TEXT, takes
from allocation.notebook.spoken import EntryError, language, needs
from allocation.readings import words
from allocation.readings.amounts import unit_label
from allocation.texts import bracketed, say

if TYPE_CHECKING:
    import pandas


class Entry(markup.View):
    """One parameter, input or column of a model, in words."""

    def __init__(self, model: Model, name: str):
        self._model, self._name = model, name

    @property
    def engine(self) -> Parameter | Input | Column:
        return self._model.entry(self._name)

    @property
    def name(self) -> str:
        """As `run` takes it: `weight[settled]` for an entry of a list."""
        return spelt(self._name)

    @property
    def label(self) -> str:
        return self.engine.label[language()]

    @property
    def unit(self) -> str:
        return unit_label(self.engine.unit, language())

    @property
    def source(self) -> str:
        return self.engine.source

    @property
    def value(self) -> str:
        """A parameter's figures in words; empty for an input or a column."""
        return words.table_text(self.engine, language()) if isinstance(self.engine, Parameter) else ""

    @property
    def formula(self) -> str:
        """A column's formula as the model writes it; empty for a parameter or an input."""
        return self.engine.formula if isinstance(self.engine, Column) else ""

    @property
    def words(self) -> str:
        return words.describe(self._model, self._name, language())

    def __repr__(self) -> str:
        return self.words

    def _repr_html_(self) -> str:
        return markup.page(markup.title(bracketed(self.label, self.name)[language()]), markup.line(self.words))


class Entries(Mapping, markup.View):
    """Entries of one kind by name, `weight[settled]` or label; `entries.weight` is the list of all its items."""

    def __init__(self, model: Model, kind: str, names: list[str]):
        self._model, self._kind, self._names = model, kind, names

    def __iter__(self) -> Iterator[str]:
        return iter(spelt(name) for name in self._names)

    def __len__(self) -> int:
        return len(self._names)

    @takes(name=TEXT)
    def __getitem__(self, name: str) -> Entry | Entries:
        wanted = str(name).replace("[", ".").removesuffix("]")
        labelled = [
            one for one in self._names if name in (self._model.entry(one).label.zh, self._model.entry(one).label.en)
        ]
        family = [one for one in self._names if one.startswith(f"{wanted}.")]
        if wanted in self._names or len(labelled) == 1:
            return Entry(self._model, wanted if wanted in self._names else labelled[0])
        if family:
            return Entries(self._model, self._kind, family)
        near = nearest(str(name), [*self])
        slots = {"name": name, "nearest": near, "known": "" if near else [*self][: markup.MOST]}
        raise EntryError(Problem("notebook.no_entry", slots), language())

    def __contains__(self, name: object) -> bool:
        return str(name).replace("[", ".").removesuffix("]") in self._names

    def __getattr__(self, name: str) -> Entry | Entries:
        if name.startswith("_") or not any(one.partition(".")[0] == name for one in self._names):
            raise AttributeError(name)
        return self[name]

    def __dir__(self) -> list[str]:
        heads = dict.fromkeys(name.partition(".")[0] for name in self._names)
        return [*(head for head in heads if head.isidentifier()), "frame"]

    def _ipython_key_completions_(self) -> list[str]:
        return [*self]

    def _heads(self, lang: str) -> list[str]:
        kinds = {"parameter": ["value"], "input": [], "column": ["formula"]}[self._kind]
        return [say(lang, f"notebook.{key}") for key in ("name", "label", "unit", *kinds, "source")]

    def _rows(self) -> list[list[str]]:
        found = [Entry(self._model, name) for name in self._names]
        own = {"parameter": "value", "input": "", "column": "formula"}[self._kind]
        return [[e.name, e.label, e.unit, *([getattr(e, own)] if own else []), e.source] for e in found]

    @property
    def frame(self) -> pandas.DataFrame:
        """A row an entry, indexed by name."""
        needs("pandas")
        import pandas

        heads = self._heads(language())
        return pandas.DataFrame(self._rows(), columns=heads).set_index(heads[0])

    def __repr__(self) -> str:
        return "\n".join("  ".join(part for part in row[:4] if part) for row in self._rows()[: markup.MOST])

    def folded(self, lang: str) -> str:
        return f"<details><summary>{self._title(lang)}</summary>{self._table(lang)}</details>"

    def _title(self, lang: str) -> str:
        return say(lang, f"notebook.{self._kind}s", count=len(self))

    def _table(self, lang: str) -> str:
        return markup.table(self._heads(lang), self._rows(), lang, left=9)

    def _repr_html_(self) -> str:
        lang = language()
        return markup.page(markup.title(self._title(lang)), self._table(lang))
