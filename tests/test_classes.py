"""Data classes of our own making are what the standard library would have made."""

from __future__ import annotations

import ast
import dataclasses
import inspect
import pickle
from concurrent.futures import Future, ThreadPoolExecutor, wait
from dataclasses import field, fields, replace
from importlib import import_module
from typing import Any

import pytest
from own_code import trees

from allocation.classes import FEW, compiled, dataclass

STANDARD = {"classes.py", "tables/cells.py"}  # slots, which need another class


@dataclass(frozen=True)
class Place:
    """A name and what is counted there."""

    name: str
    counted: int = 0
    notes: list[str] = field(default_factory=list, compare=False, repr=False)
    parts: int = field(init=False, default=3)

    def __post_init__(self) -> None:
        object.__setattr__(self, "parts", len(self.name))


@dataclass(frozen=True, kw_only=True)
class Town(Place):
    head: str = ""
    mayor: str


@dataclass(frozen=True)
class Single:
    name: str

    def __eq__(self, other: object) -> bool:
        return True


@dataclass
class Counter:
    count: int = 0


def test_one_is_made_compared_hashed_and_shown_by_its_fields():
    assert repr(Place("a", 2)) == "Place(name='a', counted=2, parts=1)"
    assert Place("a", notes=["x"]) == Place("a") != Place("b")
    assert Place("a", notes=["x"]).notes == ["x"] and Place("a").notes is not Place("a").notes
    assert hash(Place("a", notes=["x"])) == hash(Place("a"))
    assert Place("a") != Town(name="a", mayor="m") and Place("a").__eq__("a") is NotImplemented
    assert replace(Place("a"), name="bb") == Place("bb") and Place("bb").parts == 2
    assert Single("a") == Single("b") and hash(Single("a")) == hash(("a",))


def test_fields_and_places_in_a_pattern_are_known_before_the_first_is_made():
    @dataclass(frozen=True)
    class New:
        left: int
        right: int = 1

    assert dataclasses.is_dataclass(New) and [spot.name for spot in fields(New)] == ["left", "right"]
    match New(1, 2):
        case New(left, right):
            assert (left, right) == (1, 2)


def test_what_a_class_takes_can_be_looked_up_before_the_first_is_made():
    @dataclass(frozen=True)
    class New:
        left: int
        right: list = field(default_factory=list)
        more: int = field(default=1, kw_only=True)

    class Below(New):
        pass

    class Own(New):
        def __init__(self, other: int) -> None:
            super().__init__(other)

    assert [*inspect.signature(New).parameters] == ["left", "right", "more"] == [*inspect.signature(Below).parameters]
    assert inspect.signature(New).parameters["more"].kind is inspect.Parameter.KEYWORD_ONLY
    assert [*inspect.signature(Own).parameters] == ["other"]


def test_wrong_arguments_are_refused_as_always():
    with pytest.raises(TypeError, match=r"Place.__init__\(\) missing 1 required positional argument: 'name'"):
        Place()
    with pytest.raises(TypeError, match="unexpected keyword argument 'title'"):
        Place("a", title="b")
    with pytest.raises(TypeError, match="positional"):
        Town("a", 2, [], "head", "mayor")


def test_a_frozen_one_stays_and_another_may_change():
    for change in (lambda one: setattr(one, "name", "b"), lambda one: delattr(one, "name")):
        with pytest.raises(dataclasses.FrozenInstanceError, match="field 'name'"):
            change(Place("a"))
    counter = Counter()
    counter.count = 2
    assert counter == Counter(2)
    with pytest.raises(TypeError, match="unhashable"):
        hash(counter)


def test_the_first_are_made_as_those_after_them():
    @dataclass(frozen=True)
    class Many(Place):
        more: tuple[int, ...] = ()

    made = [Many("a", counted=number, more=(number,)) for number in range(FEW + 5)]
    assert Many.__init__ is not Place.__init__ and "more" in inspect.signature(Many).parameters  # compiled by now
    assert [vars(one) for one in made] == [
        {"name": "a", "counted": number, "notes": [], "parts": 1, "more": (number,)} for number in range(FEW + 5)
    ]


def test_one_sent_elsewhere_is_the_same_there():
    assert pickle.loads(pickle.dumps(Town(name="a", mayor="m"))) == Town(name="a", mayor="m")


def our_classes() -> list[type]:
    modules = [import_module(f"allocation.{path[:-3].replace('/', '.')}") for path in trees() if "__" not in path]
    held = [value for module in modules for value in vars(module).values() if inspect.isclass(value)]
    ours = [cls for cls in dict.fromkeys(held) if cls.__module__.startswith("allocation.")]
    return [cls for cls in ours if "__dataclass_fields__" in vars(cls)]


def test_every_class_of_the_package_takes_the_arguments_the_standard_library_would_have_it_take():
    classes = our_classes()
    assert len(classes) > 300
    for cls in classes:
        init = compiled(cls)
        assert [one.name for one in inspect.signature(init).parameters.values()][1:] == in_order(fields(cls)), cls


def in_order(spots: tuple[dataclasses.Field, ...]) -> list[str]:
    plain, named = ([one.name for one in spots if one.init and one.kw_only == kind] for kind in (False, True))
    return plain + named


def test_no_file_takes_the_standard_one():
    taking = {
        path
        for path, tree in trees().items()
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and node.module == "dataclasses"
        if "dataclass" in [name.name for name in node.names]
    }
    assert taking == STANDARD


def test_a_thread_that_asks_for_a_class_while_another_gathers_its_fields_finds_them_whole(monkeypatch):
    """Sweeps take an executor of threads."""

    @dataclass(frozen=True)
    class Late:
        name: str
        notes: list[str] = field(default_factory=list)

    asked: list[Future[Any]] = []
    standard = dataclasses.dataclass

    def slow(**options: bool) -> Any:
        asked.extend(map(threads.submit, (lambda: Late.__match_args__, lambda: vars(Late("b")))))
        wait(asked, timeout=0.1)
        return standard(**options)

    monkeypatch.setattr(dataclasses, "dataclass", slow)
    with ThreadPoolExecutor(2) as threads:
        assert vars(Late("a")) == {"name": "a", "notes": []}
        assert [one.result() for one in asked] == [("name", "notes"), {"name": "b", "notes": []}]
