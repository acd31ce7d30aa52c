"""Parameters, inputs and columns as a notebook sees them: by attribute, by key, as a frame, as a table of HTML."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from allocation.errors import Problem, nearest
from allocation.notebook import markup
from allocation.notebook.arguments import TEXT, takes
from allocation.notebook.spoken import EntryError, language, needs
from allocation.policy.model import Column, Input, Model, Parameter, spelt
from allocation.readings import words
from allocation.readings.amounts import unit_label
from allocation.sealing import sealed
from allocation.texts import bracketed, say

if TYPE_CHECKING:
    import pandas


Value = int | float | Fraction | str | None


def plain_value(figure: Fraction | str | None) -> Value:
    """A figure as one computes with it in Python, without losing anything of it."""
    if not isinstance(figure, Fraction):
        return figure
    if figure.denominator == 1:
        return int(figure)
    short = float(figure)
    return short if Fraction(repr(short)) == figure else figure


def _plain_values(entry: Parameter) -> dict[str, Value]:
    return {key: plain_value(figure) for key, figure in entry.figures.items()}


class EntryView(markup.View):
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
    def value(self) -> Value | Mapping[str, Value]:
        """A parameter's figure as a number in its unit (55 % is 0.55), or a mapping of them by key; else None.

        Whole numbers are `int`, decimals `float`, what no decimal says a `Fraction`, classes `str`. Of bands the keys
        are their places from 1. None too where only the bureau knows the figure (`required`).
        """
        entry = self.engine
        if not isinstance(entry, Parameter):
            return None
        return plain_value(entry.value) if entry.kind == "scalar" else sealed(_plain_values(entry))

    @property
    def text(self) -> str:
        """A parameter's figures in words; empty for an input or a column."""
        return words.table_text(self.engine)[language()] if isinstance(self.engine, Parameter) else ""

    @property
    def required(self) -> bool:
        """Whether a run must be given it: only the bureau knows it."""
        return not isinstance(self.engine, Column) and self.engine.required

    @property
    def origin(self) -> str | Mapping[str, str]:
        """Where a parameter's figure comes from, by key where it has keys: `model`; empty where nobody gave it yet."""
        entry = self.engine
        if not isinstance(entry, Parameter):
            return ""
        given = {key: "" if figure is None else "model" for key, figure in entry.figures.items()}
        origins = {**given, **entry.origins}
        return origins[""] if entry.kind == "scalar" else sealed(origins)

    @property
    def formula(self) -> str:
        """A column's formula as the model writes it; empty for a parameter or an input."""
        return self.engine.formula if isinstance(self.engine, Column) else ""

    @property
    def words(self) -> str:
        return words.describe(self._model, self._name)[language()]

    @property
    def _asked(self) -> str:
        """What to write for a figure that the model does not hold."""
        entry = self.engine
        if not (isinstance(entry, Parameter) and None in entry.figures.values()):
            return ""
        key = next(key for key, figure in entry.figures.items() if figure is None)
        address = entry.address(key)
        call = f"model.run({address}=…)" if address.isidentifier() else f'model.run(None, {{"{address}": …}})'
        return say(language(), "notebook.value_asked", call=call)

    def __repr__(self) -> str:
        return "\n".join(text for text in (self.words, self._asked) if text)

    def _repr_html_(self) -> str:
        told = [markup.line(text) for text in (self.words, self._asked) if text]
        return markup.page(markup.title(bracketed(self.label, self.name)[language()]), *told)


class Entries(Mapping[str, Any], markup.View):
    """Entries of one kind by name, `weight[settled]` or label; `entries.weight` is the list of all its items."""

    def __init__(self, model: Model, kind: str, names: list[str]):
        self._model, self._kind, self._names = model, kind, names

    def __iter__(self) -> Iterator[str]:
        return iter(spelt(name) for name in self._names)

    def __len__(self) -> int:
        return len(self._names)

    @takes(name=TEXT)
    def __getitem__(self, name: str) -> EntryView | Entries:
        wanted = str(name).replace("[", ".").removesuffix("]")
        labelled = [
            known
            for known in self._names
            if name in (self._model.entry(known).label.zh, self._model.entry(known).label.en)
        ]
        family = [known for known in self._names if known.startswith(f"{wanted}.")]
        if wanted in self._names or len(labelled) == 1:
            return EntryView(self._model, wanted if wanted in self._names else labelled[0])
        if family:
            return Entries(self._model, self._kind, family)
        near = nearest(str(name), [*self])
        slots = {"name": name, "nearest": near, "known": "" if near else [*self][: markup.MOST]}
        raise EntryError(Problem("notebook.no_entry", slots), language())

    def __contains__(self, name: object) -> bool:
        return str(name).replace("[", ".").removesuffix("]") in self._names

    def __getattr__(self, name: str) -> EntryView | Entries:
        if name.startswith("_") or not any(known.partition(".")[0] == name for known in self._names):
            raise AttributeError(name)
        return self[name]

    def __dir__(self) -> list[str]:
        heads = dict.fromkeys(name.partition(".")[0] for name in self._names)
        return [*(head for head in heads if head.isidentifier()), "frame"]

    def _ipython_key_completions_(self) -> list[str]:
        return [*self]

    def _heads(self) -> list[str]:
        kinds = {"parameter": ["value"], "input": [], "column": ["formula"]}[self._kind]
        return [self._page.say(f"notebook.{key}") for key in ("name", "label", "unit", *kinds, "source")]

    def _rows(self) -> list[list[str]]:
        entries = [EntryView(self._model, name) for name in self._names]
        attribute = {"parameter": "text", "input": "", "column": "formula"}[self._kind]
        return [[e.name, e.label, e.unit, *([getattr(e, attribute)] if attribute else []), e.source] for e in entries]

    @property
    def frame(self) -> pandas.DataFrame:
        """A row an entry, indexed by name."""
        needs("pandas")
        import pandas

        heads = self._heads()
        return pandas.DataFrame(self._rows(), columns=heads).set_index(heads[0])

    def __repr__(self) -> str:
        return "\n".join("  ".join(part for part in row[:4] if part) for row in self._rows()[: markup.MOST])

    def folded(self) -> str:
        return f"<details><summary>{self._title()}</summary>{self._table()}</details>"

    def _title(self) -> str:
        return self._page.say(f"notebook.{self._kind}s", count=len(self))

    def _table(self) -> str:
        return self._page.table(self._heads(), self._rows(), left=9)

    def _repr_html_(self) -> str:
        return markup.page(markup.title(self._title()), self._table())
