"""No name that a browser sends becomes a path: each is one of the desk or of the shelf, whatever the call."""

from __future__ import annotations

import json
import os
import random
from pathlib import Path

import pytest

from allocation.errors import AllocationError
from allocation.page import desk as desk_module
from allocation.page.call import Visit
from allocation.page.calls import CALLS
from allocation.page.desk import Desk
from allocation.page.jobs import Job, Jobs
from allocation.page.openapi import Schema
from allocation.page.works import Works
from allocation.page.workshop import Workshop

HOSTILE = ("", "\0", "a" * 300, "../outside/table.csv", "{outside}/table.csv", "{outside}/model.toml", "link.csv",
           "aside/table.csv", "aside", "--help", "-h", "—help", "\n", "\ud800", "nowhere.csv", ".allocation-page/token",
           "inputs//reward.csv", "inputs/../inputs/reward.csv", "C:x", "~", "$HOME", "1e999999", "数据!A1")  # fmt: skip
PATHS = ("../outside/table.csv", "{outside}/table.csv", "link.csv", "aside/table.csv", "\0", "a" * 300, "--help", "",
         "inputs/../inputs/reward.csv")  # fmt: skip
PER_CALL = 10


class WordsAlone(Jobs):
    """Takes the words of jobs and starts none."""

    def start(self, words, speaker):
        return Job("0", tuple(words))


@pytest.fixture
def visit(folder) -> Visit:
    """At a desk with links that lead out of it."""
    outside = folder.parent / "outside"
    outside.mkdir()
    (outside / "table.csv").write_bytes((folder / "inputs" / "reward.csv").read_bytes())
    (outside / "model.toml").write_bytes((folder / "models" / "reward.toml").read_bytes())
    (folder / "link.csv").symlink_to(outside / "table.csv")
    (folder / "aside").symlink_to(outside)
    desk = Desk(folder)
    return Visit(desk, Works(desk), Workshop(desk), WordsAlone(desk))


@pytest.fixture
def outside(visit) -> Path:
    return visit.desk.folder.parent / "outside"


def standing(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def asked(visit: Visit, name: str, body: object) -> object:
    """The answer of a call, as the server asks it. Raises AllocationError where it is refused."""
    call = CALLS[name]
    return call.body(visit, call.asked_of(json.dumps(body).encode()))


def drawn(schema: Schema, whole: Schema, draw: random.Random, known: dict[str, list[str]], key: str = "") -> object:
    """A value as a schema describes it; texts that stand for something on the desk now and then, else hostile ones."""
    if "$ref" in schema:
        return drawn(whole["$defs"][schema["$ref"].rpartition("/")[2]], whole, draw, known)
    if "anyOf" in schema:
        return drawn(draw.choice(schema["anyOf"]), whole, draw, known, key)
    if "enum" in schema:
        return draw.choice(schema["enum"])
    match schema.get("type"):
        case "object" if "properties" in schema:
            return {name: drawn(part, whole, draw, known, name) for name, part in schema["properties"].items()}
        case "object":
            inner = schema["additionalProperties"]
            return {draw.choice(HOSTILE): drawn(inner, whole, draw, known, key) for _ in range(draw.randrange(2))}
        case "array":
            inner = schema.get("items") or {"type": "string"}
            return [drawn(inner, whole, draw, known, key) for _ in range(draw.randrange(3))]
        case "integer":
            return draw.choice((0, -1, 1, 2017, 10**30))
        case "boolean":
            return draw.random() < 0.5
        case "string":
            real = known.get(key, known[""])
            return draw.choice(real if key == "work" or draw.random() < 0.4 else HOSTILE)
    return None


@pytest.mark.parametrize("name", CALLS)
def test_whatever_a_call_is_asked_it_answers_or_refuses_in_words_and_changes_nothing_outside(name, visit, outside):
    work = visit.works.begin("reward", "inputs/reward.csv")
    known = {"work": [work.id], "model": ["reward"], "step": ["run", "check", "compare"], "product": ["trial"],
             "code": ["210702"], "": ["reward", "inputs/reward.csv", "pool", "1000"]}  # fmt: skip
    schema, draw, before = CALLS[name].asked.model_json_schema(), random.Random(name), standing(outside)
    for _ in range(PER_CALL):
        body = drawn(schema, schema, draw, known)
        if "revision" in schema.get("properties", {}):
            body["revision"] = visit.works.get(work.id).revision
        text = json.dumps(body).replace("{outside}", str(outside))
        try:
            json.dumps(CALLS[name].body(visit, CALLS[name].asked_of(text.encode())), allow_nan=False)
        except AllocationError as refused:
            assert all(problem.text(lang) for problem in refused.problems for lang in ("zh", "en"))
        if name == "desk.forget":
            work = visit.works.begin("reward", "inputs/reward.csv")
            known["work"] = [work.id]
    assert standing(outside) == before


@pytest.mark.parametrize("path", PATHS)
def test_no_path_is_taken_for_a_name(path, visit, outside):
    path, work = path.format(outside=outside), visit.works.begin("reward", "inputs/reward.csv").id
    calls = [
        ("desk.begin", {"model": path}), ("drop.blank", {"model": path}), ("drop.recognise", {"names": [path]}),
        ("compare.scenarios", {"work": work, "scenarios": [path]}), ("see.map", {"work": work, "file": path}),
        ("compare.cases", {"old": path, "new": path}), ("compare.tables", {"work": work, "old": path, "new": path}),
        ("ask.difference", {"work": work, "code": "黑山县", "against": path}), ("year.approval", {"file": path}),
    ]  # fmt: skip
    if path:  # an empty one is none
        calls += [("desk.begin", {"model": "reward", "table": path}),
                  ("week.start", {"step": "run", "filled": {"model": ["reward"], "--pool-from": [path]}}),
                  ("week.start", {"step": "run", "filled": {"model": [path]}}),
                  ("week.start", {"step": "run", "filled": {"model": ["reward"], "--input": [path]}})]  # fmt: skip
    for name, body in calls:
        with pytest.raises(AllocationError) as refused:
            asked(visit, name, body)
        assert {problem.id for problem in refused.value.problems} <= {"page.no_file", "page.no_model"}, name
    told = asked(visit, "see.chart", {"work": work, "chart": "years", "tables": [path]})
    assert [problem["id"] for problem in told["why"]] == ["page.no_file"]


def test_a_work_kept_with_a_path_is_told_in_words_in_every_view(visit, outside):
    for model, table in ((f"{outside}/model.toml", ""), ("reward", f"{outside}/table.csv"), ("\0", ""), ("", "")):
        work = visit.works.begin(model, table).id
        told = asked(visit, "work.awards", {"work": work})
        assert told["table"] is None and told["problems"][0]["id"] in ("page.no_file", "page.no_model")
        assert asked(visit, "desk.look", {})["works"]
        with pytest.raises(AllocationError):
            asked(visit, "take.start", {"work": work, "revision": 0, "product": "trial"})


def test_nothing_is_put_through_a_link_that_leads_out(visit, outside):
    before = standing(outside)
    with pytest.raises(AllocationError) as refused:
        visit.desk.take("planted.csv", b"1", "aside")
    assert refused.value.problems[0].id == "page.outside" and standing(outside) == before


def test_a_desk_of_too_many_files_lists_its_top_first_and_finds_the_rest_by_name(visit, monkeypatch):
    monkeypatch.setattr(desk_module, "MOST", 20)
    deep = visit.desk.folder / "a" / "b"
    deep.mkdir(parents=True)
    for number in range(30):
        (deep / f"{number}.csv").touch()
    (visit.desk.folder / "z.csv").touch()
    told = asked(visit, "desk.look", {})
    assert "z.csv" in told["files"] and told["more"] and len(told["files"]) == 20
    assert visit.desk.file("a/b/29.csv") == deep / "29.csv"


def test_a_sample_that_is_there_is_there(visit):
    sample = asked(visit, "drop.samples", {})[0]["sample"]
    assert asked(visit, "drop.sample", {"sample": sample}) == asked(visit, "drop.sample", {"sample": sample})


def test_what_a_killed_server_left_is_no_work_and_goes_with_the_next(visit):
    work = visit.works.begin("reward")
    left = visit.desk.kept / "works" / f".allocation-{'0' * 8}-1-{'0' * 8}.json"
    left.write_bytes((left.parent / f"{work.id}.0.json").read_bytes())
    os.utime(left, (0, 0))
    assert [each.id for each in visit.works.listed()] == [work.id]
    visit.works.change(work.id, 0, lambda each: each)
    assert not left.exists()
