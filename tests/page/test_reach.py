"""A file may name any other: what a page reads of it lies on the desk, whatever the name and wherever it stands."""

from __future__ import annotations

import contextlib
import itertools
import json
import ntpath
import os
import sys
import tempfile
import time
import urllib.error
import urllib.request
from functools import cache
from pathlib import Path
from urllib.parse import urlsplit

import openpyxl
import pytest
from openpyxl.utils.exceptions import IllegalCharacterError
from page_server import started

from allocation.analysis.scenarios import load_scenario
from allocation.case import Facts
from allocation.errors import AllocationError
from allocation.files import whole_files
from allocation.files.given_files import given_bytes
from allocation.files.reach import DESK, MACHINE, REACH, is_below, is_foreign, keep_within
from allocation.opening.beginning import Beginning
from allocation.opening.case_book import read_case_book
from allocation.page.desk import Desk
from allocation.page.recognising import recognised
from allocation.page.works import Work
from allocation.page.workshop import Workshop
from allocation.parts.pool_from import file_and_selector
from allocation.run.finding import find, model_of_year
from allocation.tables.case_sheets import ATTACHED, DATA, INFO, TITLES
from allocation.tables.template import Counties
from allocation.tables.vouchers import read_voucher
from allocation.xlsx.case_form import case_writer

SECRET = "30051.25"
BARE = ("table.csv", "table.xlsx", "model.toml", "上报 表.csv")
LEADING_OUT = [
    *(f"{way}{name}" for way, name in itertools.product(
        ("../outside/", "inputs/../../outside/", "./././../outside/", "{outside}/", "//{outside}/",
         "{outside}/../outside/",
         "inputs/../../OUTSIDE/../outside/", "../{outside.name}/../outside/", "aside/../outside/"), BARE)),
    "../outside", "{outside}", "/proc/self/environ", "/dev/stdin", "../../../../../../../../etc/passwd", "/etc/passwd",
]  # fmt: skip
LINKS = ["link.csv", "aside/table.csv", "aside/上报 表.csv", "./aside/model.toml"]
NO_PATH = ["file://{outside}/table.csv", "table.csv\0.xlsx", "\0", "~/table.csv",
           "$HOME/table.csv", "%TEMP%\\table.csv",
           r"..\outside\table.csv", "\\" * 2 + r"server\share\table.csv", "NUL",
           "a" * 5000, "包.zip!/table.csv"]  # fmt: skip


@pytest.fixture
def outside(folder, monkeypatch) -> Path:
    monkeypatch.setattr(tempfile, "tempdir", str(folder.parent / "own"))
    place = folder.parent / "outside"
    place.mkdir()
    table = (folder / "inputs" / "reward.csv").read_text("utf-8-sig")
    table = table.replace("30050.5", SECRET).replace("108570.75", "108571.5")
    for name in BARE:
        (place / name).write_text(table, "utf-8")
    (place / "model.toml").write_bytes((folder / "models" / "reward.toml").read_bytes())
    (folder / "link.csv").symlink_to(place / "table.csv")
    (folder / "aside").symlink_to(place)
    return place


heard: list[object] = []  # files that the system was asked for, by a test that listens
LISTENED = ("open", "os.listdir", "os.scandir")


@cache
def listen() -> None:
    """Once for all tests: what listens to the interpreter cannot be taken away again."""
    sys.addaudithook(lambda event, words: heard.append(words[0]) if event in LISTENED and words else None)


@pytest.fixture
def asked_of_outside(monkeypatch, outside):
    """What the system was asked of files beyond the desk."""
    stat = os.stat

    def watched(path, *more, **named):
        heard.append(path)
        return stat(path, *more, **named)

    listen()
    monkeypatch.setattr(os, "stat", watched)
    heard.clear()
    return lambda: [whole for path in [*heard] for whole in _beyond(outside, path)]


def _beyond(outside: Path, path: object) -> list[str]:
    if not isinstance(path, str | os.PathLike):
        return []
    whole = os.path.normpath(os.path.join(os.getcwd(), os.fspath(path)))
    there = whole.casefold().startswith(str(outside).casefold())
    return [whole] if there or whole in ("/proc/self/environ", "/dev/stdin", "/etc/passwd") else []


def quoted(name: str) -> str:
    return json.dumps(name)


def of_table(folder: Path, name: str) -> None:
    case = folder / "case.toml"
    case.write_text(f'model = "reward"\ntable = {quoted(name)}\n')
    assert recognised(case).why
    find(str(case), None, None)


def of_given(kind: str):
    def read(folder: Path, name: str) -> None:
        case = folder / "case.toml"
        case.write_text(f'model = "reward"\ntable = "inputs/reward.csv"\n[files]\n{kind} = {quoted(name)}\n')
        recognised(case)
        find(str(case), None, None)

    return read


def of_model(folder: Path, name: str) -> None:
    case = folder / "case.toml"
    case.write_text(f'model = {quoted(name)}\ntable = "inputs/reward.csv"\n')
    recognised(case)
    find(str(case), None, None)


def of_work(folder: Path, name: str) -> None:
    (folder / "case.toml").write_text(f'model = "reward"\ntable = {quoted(name)}\n')
    desk = Desk(folder)
    answer = Workshop(desk).answer(Work(id="1", model="case.toml"))
    assert answer.run is None
    raise AllocationError(answer.problems)


def of_book(kind: str):
    def read(folder: Path, name: str) -> None:
        book = folder / "case.xlsx"
        units = Counties(("210702", "210703"), ("古塔区", "凌河区"))
        if not book.exists():
            writer = case_writer(model_of_year("reward", None), book, "zh", Beginning(Facts(budget_year=2024), units))
            whole_files.place({book: writer})
        opened = openpyxl.load_workbook(book)
        info = opened[TITLES[INFO]["zh"]]
        (row,) = (cell.row for cell in info["A"] if cell.value == TITLES[kind]["zh"])
        try:
            info[f"B{row}"] = name
        except IllegalCharacterError as error:  # no cell holds such a sign
            raise FileNotFoundError from error
        named = folder / "named.xlsx"
        opened.save(named)
        recognised(named)
        case = read_case_book(named)
        given = case.table if kind == DATA else case.given[kind]
        given_bytes(given)

    return read


def of_scenario(folder: Path, name: str) -> None:
    file = folder / "scenario.toml"
    file.write_text(f'[scenario]\nzh = "试"\ninherit = {quoted(name.removesuffix(".toml"))}\n')
    load_scenario(file)


def of_pool(folder: Path, name: str) -> None:
    given_bytes(file_and_selector(f"{name}@锦州市")[0])


def of_voucher(folder: Path, name: str) -> None:
    read_voucher(name, folder, "B2")


def of_door(folder: Path, name: str) -> None:
    given_bytes(name)


WAYS = {
    "table": of_table, "model": of_model, "work": of_work, "scenario": of_scenario, "pool": of_pool,
    "voucher": of_voucher, "door": of_door, **{f"given {kind}": of_given(kind) for kind in ATTACHED},
    **{f"book {kind}": of_book(kind) for kind in (DATA, "ledger", "recipients")},
}  # fmt: skip


def refused(way: str, folder: Path, name: str) -> str:
    """What is told of a name that stands there. OSError where the system has no such file."""
    with pytest.raises(AllocationError) as error:
        WAYS[way](folder, name)
    return str([problem.text(lang) for problem in error.value.problems for lang in ("zh", "en")])


@pytest.mark.parametrize("way", WAYS)
def test_no_name_in_a_file_leads_an_office_server_out_of_its_desk(folder, outside, asked_of_outside, monkeypatch, way):
    monkeypatch.setenv(REACH, "")
    keep_within(DESK, folder)
    for name in (*LEADING_OUT, *NO_PATH)[:: 8 if way.startswith("book") else 1]:  # a book takes a while to write
        told = ""
        with contextlib.suppress(OSError):
            told = refused(way, folder, name.format(outside=outside))
        assert SECRET not in told
    assert asked_of_outside() == []


@pytest.mark.parametrize("way", WAYS)
def test_no_link_on_its_desk_leads_an_office_server_out(folder, outside, monkeypatch, way):
    monkeypatch.setenv(REACH, "")
    keep_within(DESK, folder)
    listen()
    heard.clear()
    for name in LINKS:
        with contextlib.suppress(OSError):
            refused(way, folder, name)
    opened = [os.path.realpath(path) for path in [*heard] if isinstance(path, str)]
    assert [whole for path in opened for whole in _beyond(outside, path)] == []


def test_a_page_of_this_machine_reads_what_a_case_names_elsewhere_and_says_so(folder, outside, monkeypatch):
    monkeypatch.setenv(REACH, "")
    keep_within(MACHINE, folder)
    (folder / "case.toml").write_text('model = "reward"\ntable = "../outside/table.csv"\n')
    what = recognised(folder / "case.toml")
    assert what.kind == "case" and [problem.id for problem in what.why] == ["page_read.case_outside"]
    assert Workshop(Desk(folder)).answer(Work(id="1", model="case.toml")).run
    (folder / "case.toml").write_text('model = "reward"\ntable = "inputs/reward.csv"\n')
    assert recognised(folder / "case.toml").why == ()


def test_who_types_a_command_names_any_file(folder, outside, allocation):
    (folder / "case.toml").write_text('model = "reward"\ntable = "../outside/table.csv"\n')
    assert allocation("check case.toml").code == 0


DISK, NET = "C:", "\\" * 2  # apart, lest this file seem to name a place on somebody's machine
WINDOWS_DESK = (DISK + r"\财政\工作 文件夹", NET + r"nas\预算\desk")
INSIDE = ["表.csv", r"a\b\表.csv", "a/b/表.csv", DISK + r"\财政\工作 文件夹\x.csv",
          DISK.lower() + r"/财政/工作 文件夹/../工作 文件夹/x.csv", NET + r"NAS\预算\desk\x.xlsx", "连 同.xlsx",
          "contract.csv", "nul表.csv"]  # fmt: skip
ELSEWHERE = [
    DISK + r"\财政\工作 文件夹2\x.csv",
    DISK + r"\x.csv",
    r"..\x.csv",
    "../x.csv",
    "D:/x.csv",
    r"a\..\..\x.csv",
]
FOREIGN = [*(NET + rest for rest in (
               r"server\share\x.csv", "?\\" + DISK + r"\x.csv", r".\COM1", r"?\UNC\server\share\x.csv",
               r"server@SSL@443\DavWWWRoot\x.csv", r"nas\预算\desk2\x.csv", r"nas\预算\desk\..\x.csv")),
           "//server/share/x.csv", "NUL", "a/con.txt", "COM1", "lpt9.csv", "x.csv:stream", "Nul .txt",
           "aux "]  # fmt: skip


@pytest.mark.parametrize("name", [*INSIDE, *ELSEWHERE, *FOREIGN])
def test_windows_names_are_judged_by_their_text_alone(name, monkeypatch):
    monkeypatch.setattr(ntpath, "abspath", lambda path: ntpath.normpath(ntpath.join(WINDOWS_DESK[0], path)))
    near, far = is_below(name, WINDOWS_DESK, ntpath), is_foreign(name, WINDOWS_DESK, ntpath)
    assert far == (name in FOREIGN)
    assert name in FOREIGN or near == (name in INSIDE)


def test_the_office_server_itself_and_what_it_begins_keep_to_the_desk(folder, outside):
    """As whoever has the token would try it: a case handed in, opened, and run by a command of the week."""
    office = started(folder, "--host", "0.0.0.0")
    try:
        told = office_asks(office, outside)
    finally:
        office.process.terminate()
        office.process.wait(10)
    assert SECRET not in told and "工作文件夹之外" in told


def office_asks(office, outside: Path) -> str:
    port, token = urlsplit(office.address).port, office.address.partition("token=")[2]
    heads = {"x-allocation": "1", "authorization": f"Bearer {token}"}

    def ask(way: str, data: bytes, method: str = "POST") -> dict:
        request = urllib.request.Request(f"http://127.0.0.1:{port}/api/{way}", data, heads, method=method)
        try:
            with urllib.request.urlopen(request) as answer:
                return json.load(answer)
        except urllib.error.HTTPError as error:
            return json.load(error)

    told = []
    for name in ("../outside/table.csv", str(outside / "table.csv"), "link.csv"):
        case = f'model = "reward"\ntable = "{name}"\n'.encode()
        kept = ask("files?name=case.toml", case, "PUT")["name"]
        told.append(ask("drop.recognise", json.dumps({"names": [kept]}).encode()))
        work = ask("desk.begin", json.dumps({"model": kept}).encode())
        told.append(ask("data.look", json.dumps({"work": work.get("id", ""), "revision": 0}).encode()))
        job = ask("week.start", json.dumps({"step": "check", "filled": {"model": [kept]}}).encode())
        while job.get("state") in ("waiting", "running"):
            time.sleep(0.2)
            job = ask("job.look", json.dumps({"job": job["id"]}).encode())
        told.append(job)
    return json.dumps(told, ensure_ascii=False)
