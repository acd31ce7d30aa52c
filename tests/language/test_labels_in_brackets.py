"""`name[item]` takes the item by its key or either label, and the key of a figure, wherever brackets are typed."""

from __future__ import annotations

from fractions import Fraction
from types import SimpleNamespace

import pytest
from shipped import HOUSE, sample_model

from allocation.analysis.asked import ask
from allocation.analysis.explain import find_column
from allocation.policy.model import item_labels
from allocation.run.decisions import with_decided
from allocation.run.scenario import Change, entry_of, figure_key

SHIPPED = sorted(file.stem for file in (HOUSE / "models").glob("*.toml"))


@pytest.mark.parametrize("name", SHIPPED)
def test_every_item_of_every_list_goes_by_key_and_both_labels(name):
    model = sample_model(name)
    run, table = SimpleNamespace(model=model), SimpleNamespace(names=("甲",), codes=("1",))
    entries = {**model.parameters, **model.inputs}
    for plain, entry in {**entries, **model.columns}.items():
        family, dot, key = plain.partition(".")
        for word in (key, *item_labels(entry)) if dot else ():
            for of_list in (family, entry.heading.zh, entry.heading.en):
                others = [o for o in entries.values() if o.heading and of_list in (o.heading.zh, o.heading.en)]
                if plain in entries and len({o.name.partition(".")[0] for o in others}) < 2:
                    assert entry_of(model, f"{of_list}[{word}]").name == plain
            assert find_column(run, f"{family}[{word}]") == plain
            if plain in model.columns and entry.adds_up:
                asked, plainly = (ask(f"total({family}[{one}])", model, table).node for one in (word, key))
                assert asked == plainly


@pytest.mark.parametrize("name", SHIPPED)
def test_every_key_of_every_parameter_stands_in_brackets_as_behind_a_dot(name):
    model = sample_model(name)
    for entry in model.parameters.values():
        for key in filter(None, entry.figures):
            change = Change(f"{entry.name}[{key}]", Fraction(1)) if "." not in entry.name else None
            if change:
                assert entry_of(model, change.address) is entry and figure_key(entry, change) == key
            if entry.decide and "." not in entry.name:
                assert with_decided(model, [f"{entry.name}[{key}]"]) == with_decided(model, [entry.address(key)])


def test_a_share_of_a_kind_is_set_by_brackets_and_an_unknown_kind_is_not(allocation):
    told = allocation("timeline quota_book --set carry_share[规划规模]=50% --out 一")
    dotted = allocation("timeline quota_book --set carry_share.规划规模=50% --out 二")
    assert told.code == dotted.code == 0 and told.out.replace("一/", "") == dotted.out.replace("二/", "")
    wrong = allocation("timeline quota_book --set carry_share[规划规摸]=50% --out 三")
    assert wrong.code == 2 and "规划规摸" in wrong.err
