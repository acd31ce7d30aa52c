"""A record is written and read back as it was, whatever the names in it; one that is not as it was is told."""

from __future__ import annotations

import json
from dataclasses import fields, replace

import pytest
from desk import examples
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from allocation.doubts.doubt import Doubt, Doubts, as_record, from_record
from allocation.doubts.resolution import Resolution
from allocation.errors import AllocationError, Problem
from allocation.record import record as parts
from allocation.record.in_book import CELL, pieces, text_of
from allocation.record.reading import read_record, record_of
from allocation.record.record import KINDS, Record, as_json, to_json
from allocation.texts import Both

QUICK = settings(max_examples=examples(40), deadline=None, suppress_health_check=list(HealthCheck))
NASTY = ("", " ", "甲；乙", "a.b", "x=1", '说"好"', "一行\n二行", "file: a, sha256: b", "names.1", "1.1", "_x000D_",
         "  两端  ", "｜", "—", "\t", "𠀀县", "'", "allocation.record", "schema")  # fmt: skip
texts = st.sampled_from(NASTY) | st.text(st.characters(codec="utf-8"), max_size=12)
figures = st.none() | texts
ints = st.integers(-(10**9), 10**9)
BY_TYPE = {"str": texts, "str | None": figures, "int": ints, "int | None": st.none() | ints, "bool": st.booleans(),
           "tuple[str, ...]": st.lists(texts, max_size=3).map(tuple),
           "tuple[str, str]": st.tuples(texts, texts),
           "tuple[tuple[str, str], ...]": st.lists(st.tuples(texts, texts), max_size=3).map(tuple),
           "tuple[tuple[str, int], ...]": st.lists(st.tuples(texts, ints), max_size=3).map(tuple),
           "Texts": st.dictionaries(texts, figures, max_size=3),
           "Mapping[str, str]": st.dictionaries(texts, texts, max_size=3),
           "Mapping[str, Texts]": st.dictionaries(texts, st.dictionaries(texts, figures), max_size=2)}  # fmt: skip


def of_type(said: str) -> st.SearchStrategy:
    """Whatever a field of that type may hold."""
    if said in BY_TYPE:
        return BY_TYPE[said]
    if said.startswith("tuple["):
        return st.lists(of_type(said[6:-6]), max_size=2).map(tuple)
    if said.startswith("Mapping[str, "):
        return st.dictionaries(texts, of_type(said[13:-1]), max_size=2)
    if said.endswith(" | None"):
        return st.none() | of_type(said.removesuffix(" | None"))
    kind = getattr(parts, said)
    return st.builds(kind, **{one.name: of_type(one.type) for one in fields(kind)})


FREE = [one for one in fields(Record) if one.name not in ("kind", "schema", "language", "seals")]
SOME = {one.name: of_type(one.type) for one in FREE}
records = st.builds(
    lambda kind, held: Record(kind, **held),
    st.sampled_from(KINDS),
    st.lists(st.sampled_from([*SOME]), unique=True, max_size=5).flatmap(
        lambda names: st.fixed_dictionaries({name: SOME[name] for name in names})
    ),
)


def problems(content: object) -> list[str]:
    with pytest.raises(AllocationError) as stopped:
        record_of(content, "a.json")
    return [one.id for one in stopped.value.problems]


@QUICK
@given(records)
def test_a_record_is_read_back_as_it_was_written(record):
    assert read_record(to_json(record), "a.json") == record
    assert read_record(to_json(record, indent=1), "a.json") == record
    assert to_json(read_record(to_json(record), "a.json")) == to_json(record)


@QUICK
@given(records)
def test_a_record_in_cells_is_read_back_as_it_was_written(record):
    texts = pieces(record)
    assert all(len(text) <= 32_767 and text == text.strip() and text.isascii() and "_x" not in text for text in texts)
    assert read_record(text_of({(row, 0): text for row, text in enumerate(texts)}), "a.xlsx") == record.sealed


def test_a_long_record_takes_several_cells_and_no_text_loses_a_space_between_them():
    record = Record("run", model=parts.ModelKept(text=" 一 " * CELL), names={"1": " " * (2 * CELL)})
    texts = pieces(record)
    assert len(texts) > 5 and max(map(len, texts[1:])) <= 32_767
    assert read_record(text_of({(row, 0): text for row, text in enumerate(texts)}), "a.xlsx") == record.sealed


@QUICK
@given(records, st.data())
def test_whichever_field_is_changed_later_is_named(record, data):
    sealed = read_record(to_json(record.sealed), "a.json")
    assert sealed.unsealed() == ()
    field = data.draw(st.sampled_from(FREE))
    other = data.draw(of_type(field.type))
    changed = replace(sealed, **{field.name: other})
    same = as_json(changed).get(field.name) == as_json(sealed).get(field.name)
    assert changed.unsealed() == (() if same else (field.name,))


def test_a_seal_that_is_changed_or_taken_away_names_its_field():
    sealed = Record("run", command="allocation run a").sealed
    assert replace(sealed, seals={**sealed.seals, "command": "0"}).unsealed() == ("command",)
    assert replace(sealed, seals={key: one for key, one in sealed.seals.items() if key != "command"}).unsealed() == (
        "command",
    )


def test_everything_that_is_wrong_is_said_at_once_in_both_languages():
    content = json.loads(to_json(Record("run", awards={"1": "5"})))
    content |= {"exact": "yes", "awards": {"1": 5}, "colour": "red"}
    del content["kind"]
    assert sorted(problems(content)) == ["record.lacks", "record.unknown", "record.wrong", "record.wrong"]
    with pytest.raises(AllocationError) as stopped:
        record_of(content, "a.json")
    for lang in ("zh", "en"):
        told = "\n".join(one.text(lang) for one in stopped.value.problems)
        assert all(word in told for word in ("kind", "colour", "awards → 1", "exact"))


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"schema": 3}, "record.newer_schema"),
        ({"language": 2}, "record.newer_language"),
        ({"schema": 0}, "record.unknown_schema"),
        ({"kind": "poem"}, "record.unknown_kind"),
        ({"schema": "allocation.poem/1"}, "record.old_unread"),
    ],
)
def test_what_this_program_does_not_know_is_said_as_what_it_is(change, message):
    assert problems(json.loads(to_json(Record("run"))) | change) == [message]


@pytest.mark.parametrize(("text", "message"), [("{", "record.not_json"), ("[]", "record.none"), ("{}", "record.none")])
def test_what_is_no_record_is_said(text, message):
    with pytest.raises(AllocationError) as stopped:
        read_record(text, "a.json")
    assert [one.id for one in stopped.value.problems] == [message]


def test_doubts_are_read_back_in_the_order_in_which_they_were_told():
    told = [Doubt("new", (code,), (), Problem("doubts.as_recorded", {"text": Both(code, code)})) for code in "dacb"]
    doubts = Doubts(tuple(told), {told[1].id: Resolution("核对")})
    record = Record("run", doubts=as_record(doubts), doubted=tuple(doubt.id for doubt in doubts))
    held = from_record(read_record(to_json(record), "a.json"))
    assert [(doubt.id, doubt.units) for doubt in held] == [(doubt.id, doubt.units) for doubt in told]
    assert held.resolutions == doubts.resolutions
