"""Odd words, odd boundaries, a full disk, cookies of others: each is told in words, and nothing waits for ever."""

from __future__ import annotations

import asyncio
import errno
import json
import random
import re
import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from starlette.requests import Request

from allocation.errors import AllocationError
from allocation.page import jobs as jobs_module
from allocation.page.boundaries import read_boundaries
from allocation.page.desk import Desk
from allocation.page.guarding import COOKIE, Door
from allocation.page.jobs import MOST_SIGNS, Jobs
from allocation.page.server import STATIC, PageServer, Tab
from allocation.texts import say

ODD = ([], {}, None, True, "", "210702", -1, 0, 1e-320, 1e11, 1e300, "\ud800", ["Polygon"], {"a": [1]})
SOURCES = [path for path in STATIC.rglob("*.js") if "vendor" not in path.parts]
MARKUP = re.compile(r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|DOMParser|createContextualFragment|srcdoc|"
                    r"setHTML|Formatter: ?\"html\"|formatter: ?\"html\"|titleFormatter|headerTooltip")  # fmt: skip


@pytest.mark.parametrize("word", ["pool=1\0", "\ud800", "1" * (MOST_SIGNS + 1)])
def test_words_that_no_system_takes_are_refused_before_there_is_a_job(folder, word):
    jobs = Jobs(Desk(folder))
    with pytest.raises(AllocationError) as refused:
        jobs.start(["run", word], Tab("zh"))
    assert all(problem.text(lang) for problem in refused.value.problems for lang in ("zh", "en"))
    assert jobs.listed() == []


def test_a_job_that_the_system_does_not_start_says_so(folder, monkeypatch):
    def full(*given, **named):
        raise OSError(errno.E2BIG, "too long a list")

    monkeypatch.setattr(jobs_module.subprocess, "Popen", full)
    jobs = Jobs(Desk(folder))
    job = jobs.start(["check", "reward"], Tab("zh"))
    for _ in range(200):
        if jobs.get(job.id).over:
            break
        time.sleep(0.02)
    told = jobs.get(job.id)
    assert told.state == "fault" and "too long a list" in told.told[0].text


def test_a_job_that_waits_is_cancelled_at_once(folder, monkeypatch):
    monkeypatch.setattr(jobs_module, "AT_ONCE", 0)
    jobs = Jobs(Desk(folder))
    job = jobs.start(["check", "reward"], Tab("zh"))
    assert jobs.get(job.id).state == "waiting" and jobs.cancel(job.id).state == "cancelled"


def test_a_flood_of_jobs_is_refused_until_some_are_over(folder, monkeypatch):
    monkeypatch.setattr(jobs_module, "AT_ONCE", 0)
    monkeypatch.setattr(jobs_module, "MOST_WAITING", 3)
    jobs = Jobs(Desk(folder))
    waiting = [jobs.start(["cases"], Tab("zh")) for _ in range(3)]
    with pytest.raises(AllocationError) as refused:
        jobs.start(["cases"], Tab("zh"))
    assert [problem.id for problem in refused.value.problems] == ["page.jobs_many"] and len(jobs.listed()) == 3
    jobs.cancel(waiting[0].id)
    assert jobs.start(["cases"], Tab("zh")).state == "waiting"


def test_a_cookie_of_others_that_is_broken_locks_nobody_out():
    door = Door(token="t" * 30)
    for others in ("", "a b=1; ", "[x]=;; ", '"=\\; '):
        cookie = f"{others}{COOKIE}={door.token}"
        assert door.lets_in({"headers": [(b"cookie", cookie.encode())], "path": "/"})
    assert not door.lets_in({"headers": [(b"cookie", f"{COOKIE}=x".encode())], "path": "/"})


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_what_has_nothing_to_say_is_left_out_over_lines_too(lang):
    assert "⟦" not in say(lang, "page.office", addresses="")


def test_a_full_disk_is_told_as_a_command_tells_it(folder):
    def full(request, body):
        raise OSError(errno.ENOSPC, "No space left on device", "a.xlsx")

    request = Request({"type": "http", "headers": [], "query_string": b""})
    asked = PageServer(Desk(folder))._answered(request, full, b"")
    with ThreadPoolExecutor() as apart:  # the driver of the browser leaves its own loop running in this thread
        answer = apart.submit(asyncio.run, asked).result()
    assert answer.status_code == 422
    assert json.loads(answer.body)["problems"][0]["text"] == say(
        "zh", "cli.system", path="a.xlsx", detail="No space left on device"
    )


def odd(draw: random.Random, depth: int = 0) -> object:
    if depth > 4 or draw.random() < 0.3:
        return draw.choice(ODD)
    if draw.random() < 0.6:
        return [odd(draw, depth + 1) for _ in range(draw.randrange(5))]
    keys = ("type", "coordinates", "features", "geometry", "properties", "code")
    return {key: odd(draw, depth + 1) for key in draw.sample(keys, 3)}


def test_boundaries_of_any_shape_are_drawn_or_told(tmp_path):
    draw, path = random.Random(4), tmp_path / "b.geojson"
    for number in range(400):
        points = [[draw.choice((0, 1e-320, 1, 1e11, -5e11, 1e-9)) for _ in range(2)] for _ in range(4)]
        geometry = {"type": draw.choice(("Polygon", "MultiPolygon", ["Polygon"], {})),
                    "coordinates": [points] if draw.random() < 0.5 else odd(draw)}  # fmt: skip
        feature = {"properties": {"code": "210702"}, "geometry": geometry if number % 4 else odd(draw)}
        path.write_text(json.dumps({"features": [feature, odd(draw)]}), encoding="utf-8")
        try:
            boundaries = read_boundaries(path, ["210702"])
        except AllocationError as refused:
            assert all(problem.text("zh") for problem in refused.problems)
            continue
        assert json.dumps(boundaries.drawn(), allow_nan=False) and boundaries.aspect


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: path.name)
def test_no_script_makes_markup_of_a_text(path):
    text = path.read_text(encoding="utf-8")
    assert not MARKUP.findall(text)
    for tooltip in re.findall(r"tooltip: *(.*)", text):  # of a string Tabulator makes markup
        assert re.match(r"\(event, cell\) => beside\(", tooltip), tooltip
