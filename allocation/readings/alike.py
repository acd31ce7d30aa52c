"""Scenarios that bring a formula the same figures: it is worked out once for all of them.

A kind is a whole number a scenario: scenarios of one kind have the same figures. Kinds count from 0 in the order in
which they are met, so that the first scenario at fault is the first kind at fault.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Iterator
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np

from allocation import arrays
from allocation.allotting import Bounded
from allocation.classes import dataclass
from allocation.language import tree
from allocation.readings.evaluated import Evaluated

if TYPE_CHECKING:
    from allocation.arrays import Whole

SHARED = 2  # scenarios a kind on average, from which on the copies of what is shared cost less than working it out


@dataclass(frozen=True)
class Alike:
    """`kinds` (scenario,): the kind of each; `first` (kind,): the first scenario of each."""

    kinds: Whole
    first: Whole

    def pick(self, figures: np.ndarray) -> np.ndarray:
        """(scenario or 1, …) of the first scenario of each kind."""
        return figures if len(figures) == 1 else figures[self.first]

    def spread(self, figures: np.ndarray) -> np.ndarray:
        """(kind or 1, …) to every scenario."""
        return figures if len(figures) == 1 else figures[self.kinds]


def alike(keys: Iterable[Hashable]) -> Alike:
    """Scenarios by what stands for each of them."""
    seen: dict[Hashable, int] = {}
    kinds = np.array([seen.setdefault(key, len(seen)) for key in keys], int)
    return Alike(kinds, np.unique(kinds, return_index=True)[1])


class Kinds:
    """By name, the kinds of what differs between the scenarios of a batch; a name that is not there does not differ."""

    def __init__(self) -> None:
        self.known: dict[str, Whole] = {}
        self.together: dict[frozenset[str], Alike] = {}

    def note(self, name: str, kinds: Whole) -> None:
        if len(kinds) > 1:
            self.known[name] = kinds

    def shared(self, names: frozenset[str]) -> Alike | None:
        """The scenarios alike in all of these names; None where there are too few of them, or none differs."""
        varied = names.intersection(self.known)
        if not varied:
            return None
        if varied not in self.together:
            self.together[varied] = alike(zip(*(self.known[name].tolist() for name in varied), strict=True))
        shared = self.together[varied]
        return shared if SHARED * len(shared.first) <= len(shared.kinds) else None


def parameter_kinds(held: object) -> Whole:
    """Of a parameter's figures, as `Evaluation.parameters` holds them; one kind where all scenarios have the same."""
    varied = [np.asarray(part)[:, 0].tolist() for part in _arrays(held) if len(part) > 1]
    return alike(zip(*varied, strict=True)).kinds if varied else np.zeros(1, int)


def parameter_picked(held: Any, shared: Alike) -> object:
    """A parameter's figures in the first scenario of each kind."""
    if isinstance(held, dict):
        return {key: shared.pick(part) for key, part in held.items()}
    if isinstance(held, list):
        return [(None if edge is None else shared.pick(edge), shared.pick(value)) for edge, value in held]
    return shared.pick(held)


def _arrays(held: Any) -> Iterator[np.ndarray]:
    if isinstance(held, dict):
        yield from held.values()
    elif isinstance(held, list):
        yield from (part for row in held for part in row if part is not None)
    else:
        yield held


def result_kinds(figures: Evaluated, shared: Alike | None) -> Whole:
    """Of what was worked out once a kind, already spread: kinds that came to the same figures are one from here on.

    Not where a later formula may ask for more than the figures: for bounds, blanks, or who takes the rest.
    """
    count = len(figures.figures)
    if count == 1:
        return np.zeros(1, int)
    if shared is None:
        return np.arange(count)
    if figures.bounded is not None or figures.missing is not None or figures.tail is not None:
        return shared.kinds
    return alike(arrays.rows(figures.figures[shared.first])).kinds[shared.kinds]


def picked(figures: Evaluated, shared: Alike) -> Evaluated:
    """Of the first scenario of each kind."""
    return _Turned(shared.pick).each(figures)


def spread(figures: Evaluated, shared: Alike) -> Evaluated:
    """What the kinds have, for every scenario."""
    return _Turned(shared.spread).each(figures)


def lightened(figures: Evaluated) -> Evaluated:
    """The same without the parts that no later formula may ask for: a batch does not hold what it is done with."""
    asked = figures.bounded is not None or isinstance(figures.node, tree.Compare | tree.Logic)
    return replace(figures, parts=tuple(map(lightened, figures.parts)) if asked else ())


class _Turned:
    """Figures with every array turned; of the parts those that a later formula may ask for, the others fall."""

    def __init__(self, turn: Callable[[np.ndarray], np.ndarray]):
        self.turn = turn
        self.known: dict[int, Bounded] = {}  # what is bound by the same share is so still

    def each(self, figures: Evaluated) -> Evaluated:
        asked = figures.bounded is not None or isinstance(figures.node, tree.Compare | tree.Logic)
        return replace(
            figures,
            figures=self.turn(figures.figures),
            parts=tuple(self.each(part) for part in figures.parts) if asked else (),
            missing=self.some(figures.missing),
            tail=self.some(figures.tail),
            bounded=figures.bounded and self.bounds(figures.bounded),
        )

    def some(self, figures: np.ndarray | None) -> np.ndarray | None:
        return None if figures is None else self.turn(figures)

    def bounds(self, bounded: Bounded) -> Bounded:
        if id(bounded) not in self.known:
            arrays = (bounded.awards, bounded.level, bounded.at_floor, bounded.at_cap)
            self.known[id(bounded)] = Bounded(*map(self.turn, arrays))
        return self.known[id(bounded)]
