"""What may take long is answered in a process of its own: the same to the last sign, and ended with whoever asked."""

from __future__ import annotations

import asyncio
import http.client
import json
import os
import signal
import socket
import struct
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from page_states import nation
from test_jobs import alive, until

from allocation.page import apart
from allocation.page.apart import Apart, takes_long
from allocation.page.call import Visit
from allocation.page.calls import CALLS
from allocation.page.desk import Desk
from allocation.page.jobs import Jobs
from allocation.page.outcome import outcome
from allocation.page.processes import ENDING
from allocation.page.watched import PATIENCE
from allocation.page.works import Works
from allocation.page.workshop import Workshop

LONG = [name for name, call in CALLS.items() if call.at_once is not None]
ASKED = {
    "ask.figure": {"code": "210726"},
    "ask.margin": {"code": "210726", "of": "settled"},
    "ask.seek": {"code": "210726", "vary": "pool", "target": "200"},
    "ask.difference": {"code": "210726", "against": ".tried"},
    "compare.scenarios": {"tried": True, "scenarios": ["more.toml"]},
    "compare.tables": {"old": "inputs/reward.csv", "new": "after.csv"},
}
SCENARIO = '[scenario]\nzh = "多给些"\nen = "More"\n[[change]]\naddress = "pool"\nset = 1300\n'


@pytest.fixture
def visit(folder):
    """A work in which something is tried, on a desk with another table and a scenario."""
    (folder / "more.toml").write_text(SCENARIO, encoding="utf-8")
    text = (folder / "inputs" / "reward.csv").read_text(encoding="utf-8")
    changed = text.replace("小城市,90,", "小城市,95,").replace("合计,,680", "合计,,685")
    (folder / "after.csv").write_text(changed, encoding="utf-8")
    desk = Desk(folder)
    visit = Visit(desk, Works(desk), Workshop(desk), Jobs(desk), "zh")
    work = visit.works.begin("reward")
    visit.works.change(work.id, 0, lambda held: held.model_copy(update={"settings": {"pool": "900"}}))
    return visit


def answered(visit, name, body):
    """What the call comes to apart; the driver of a browser may have left its own loop running in this thread."""
    asked = Apart(visit.desk).answer(CALLS[name], body, visit)
    with ThreadPoolExecutor() as thread:
        return thread.submit(asyncio.run, asked).result()


@pytest.mark.parametrize("name", LONG)
def test_what_is_answered_apart_is_the_same_to_the_last_sign(visit, name):
    call, work = CALLS[name], visit.works.listed()[0].id
    refused = {"vary": "nobody"} if name == "ask.seek" else {}
    for more in ({}, refused) if refused else ({},):
        body = json.dumps({"work": work, **ASKED[name], **more}).encode()
        here = outcome(lambda body=body: call.body(visit, call.asked_of(body)), visit)
        assert answered(visit, name, body) == here
        assert here[0] == (422 if more else 200)


def test_a_process_that_ends_without_an_answer_is_told_as_a_fault(visit, monkeypatch):
    def killed(*given, **named):
        script = "import sys; print('200'); print('{'); sys.exit(3)"
        return subprocess.Popen([sys.executable, "-c", script], stdin=subprocess.PIPE, stdout=subprocess.PIPE)

    monkeypatch.setattr(apart, "begun", killed)
    status, told = answered(visit, "ask.seek", b"{}")
    assert status == 500 and json.loads(told)["problems"][0]["id"] == "page.fault"


def test_of_a_few_units_all_is_answered_at_once_in_the_server(visit):
    body = json.dumps({"work": visit.works.listed()[0].id}).encode()
    seek = json.dumps({**json.loads(body), **ASKED["ask.seek"]}).encode()
    assert not takes_long(visit, CALLS["ask.seek"], seek)
    few = replace(CALLS["ask.seek"], at_once=3)
    assert takes_long(visit, few, seek) and not takes_long(visit, few, b"{")
    assert not takes_long(visit, CALLS["ask.look"], body)


def asking(server) -> list[int]:
    """The processes that answer a call for this server."""
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        try:
            parent = (process / "stat").read_text().rpartition(")")[2].split()[1]
            if int(parent) == server.process.pid and b"ALLOCATION_PAGE=call" in (process / "environ").read_bytes():
                found.append(int(process.name))
        except OSError:
            continue
    return found


@pytest.fixture
def begun(server):
    """What somebody waits for: his connection, and the process that answers it, which stands still."""
    table, settings = nation(server.folder, 300)
    work = server.ask("desk.begin", {"model": "incentive_fund", "table": table})["id"]
    tried = dict(text.split("=") for text in settings)
    server.ask("settings.try", {"work": work, "revision": 0, "settings": tried, "exact": False})
    connection = http.client.HTTPConnection(urlsplit(server.address).netloc)
    pool = int(tried["pool"])
    asked = {"work": work, "pools": ",".join(str(pool + more) for more in range(12))}
    connection.request("POST", "/api/compare.scenarios", json.dumps(asked), {"x-allocation": "1"})
    until(lambda: asking(server))
    (process,) = asking(server)
    os.kill(process, signal.SIGSTOP)
    yield connection, process
    connection.close()


@pytest.mark.skipif(os.name != "posix", reason="looks processes up in /proc")
def test_who_leaves_ends_what_he_asked_for_and_who_types_meanwhile_does_not_wait(server, begun):
    connection, process = begun
    began = time.monotonic()
    server.ask("desk.look")
    assert time.monotonic() - began < 5 and alive(process)
    connection.close()
    until(lambda: not alive(process))


def busy(process: int, seconds: float = 1.5) -> float:
    """The share of that time for which a process computes."""
    stat = Path("/proc") / str(process) / "stat"
    times = []
    for pause in (seconds, 0):
        times.append(sum(map(int, stat.read_text().rpartition(")")[2].split()[11:13])) / os.sysconf("SC_CLK_TCK"))
        time.sleep(pause)
    return (times[1] - times[0]) / seconds


def leave(connection: socket.socket, how: str) -> None:
    if how == "half":
        connection.shutdown(socket.SHUT_WR)
        time.sleep(0.2)
    if how == "reset":
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    connection.close()


@pytest.mark.skipif(os.name != "posix", reason="looks processes up in /proc")
@pytest.mark.parametrize("how", ["closed", "reset", "half"])
def test_the_server_rests_when_whoever_asked_has_left(server, begun, how):
    connection, process = begun
    cut = socket.create_connection(urlsplit(server.address).netloc.split(":"))
    cut.sendall(
        b"POST /api/compare.scenarios HTTP/1.1\r\nHost: localhost\r\nx-allocation: 1\r\nContent-Length: 99\r\n\r\n{"
    )
    assert busy(server.process.pid) < 0.3 and alive(process)  # somebody waits
    leave(connection.sock, how)
    leave(cut, how)
    until(lambda: not alive(process))
    assert busy(server.process.pid) < 0.3 and not asking(server)


@pytest.mark.skipif(os.name != "posix", reason="looks processes up in /proc")
@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGKILL])
def test_what_is_asked_ends_with_the_server(server, begun, how):
    server.process.send_signal(how)
    server.process.wait(20)  # it does not wait for what nobody will read
    with suppress(ProcessLookupError):  # it was killed
        os.kill(begun[1], signal.SIGCONT)
    until(lambda: not alive(begun[1]), PATIENCE + ENDING)
