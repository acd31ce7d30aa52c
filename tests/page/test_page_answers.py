"""The page without a browser: what it answers, and whom it refuses."""

from __future__ import annotations

import http.client
import json
import urllib.error
from urllib.parse import urlsplit

import pytest


def asked(server, path="/api/desk.look", method="POST", body=b"{}", **headers):
    connection = http.client.HTTPConnection(urlsplit(server.address).netloc)
    given = {"x-allocation": "1"} | {key.replace("_", "-"): text for key, text in headers.items()}
    connection.request(method, path, body, {key: text for key, text in given.items() if text is not None})
    answer = connection.getresponse()
    return answer.status, answer.read().decode("utf-8", "replace")


def test_only_the_page_itself_may_ask(server):
    assert asked(server)[0] == 200
    assert asked(server, Host="allocation.example.cn")[0] == 403  # a stranger's name that leads here
    assert asked(server, Origin="https://example.cn")[0] == 403
    assert asked(server, Origin="null")[0] == 403
    assert asked(server, Sec_Fetch_Site="cross-site")[0] == 403
    assert asked(server, x_allocation=None)[0] == 403  # as a form of another page sends it
    assert asked(server, path="/file/inputs/reward.csv", method="GET", body=None, Sec_Fetch_Site="cross-site")[0] == 403


def test_a_name_never_becomes_a_path(server, tmp_path):
    (tmp_path / "secret.csv").write_text("a", encoding="utf-8")
    for name in ("../secret.csv", "..%2Fsecret.csv", "%2e%2e/secret.csv", "/etc/hostname", "..\\secret.csv"):
        assert asked(server, path=f"/file/{name}", method="GET", body=None)[0] == 404, name
    for name in ("../outside.csv", "..\\outside.csv", f"{'C'}:\\outside.csv", "/outside.csv", "outside.csv"):
        assert server.hand(name, b"x") == "outside.csv"
    assert [path.name for path in tmp_path.rglob("outside*")] == ["outside.csv"]
    assert server.hand("outside.csv", b"y") == "outside（2）.csv"


def test_what_is_asked_wrongly_is_told_in_the_language_of_the_tab(server):
    for lang, sign in (("zh", "请求"), ("en", "request")):
        with pytest.raises(urllib.error.HTTPError) as refused:
            server.ask("work.awards", {"work": 3, "more": 1}, lang)
        problems = json.load(refused.value)["problems"]
        assert refused.value.code == 422 and len(problems) == 2 and sign in problems[0]["text"]
    assert asked(server, path="/api/nothing")[0] == 404


def test_a_run_is_answered_as_the_command_prints_it(server, allocation):
    work = server.ask("desk.begin", {"model": "reward"})
    answer = server.ask("work.awards", {"work": work["id"]})
    told = allocation("run reward").out
    award = [column["key"] for column in answer["table"]["columns"]].index("award")
    for line in answer["table"]["lines"]:
        assert line["cells"][award] in told


def test_two_tabs_that_change_one_work_are_told(server):
    work = server.ask("desk.begin", {"model": "reward"})
    assert server.ask("work.awards", {"work": work["id"]})["revision"] == 0
