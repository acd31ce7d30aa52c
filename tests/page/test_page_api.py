"""The page's calls as another program has them: described whole, answered as described, the examples run."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import urllib.error
import urllib.request
from contextlib import suppress
from typing import get_type_hints

import jsonschema
import pytest
from api_pages import PAGES, page_with

from allocation.page.calls import CALLS, MODULES
from allocation.page.desk import Desk
from allocation.page.openapi import described
from allocation.page.server import PageServer, Tab
from allocation.texts import LANGUAGES, catalogue

NEEDED = """A call of the page needs three things beside its function:
1. a message `{key}` in allocation/texts/zh/page_api.toml and .../en/page_api.toml: what it is for, one sentence;
2. the types of its function are those that its ApiCall names (`asked`, and a TypedDict as `answer`);
3. docs/api.md and docs/zh/api.md anew: UPDATE_SNAPSHOTS=1 python -m pytest -n 0 tests/page/test_page_api.py"""


@pytest.mark.parametrize("name", CALLS)
def test_a_call_says_what_it_is_for_in_both_languages_and_its_types_are_those_of_its_function(name):
    call, told = CALLS[name], NEEDED.format(key=CALLS[name].about.partition(".")[2])
    for lang in LANGUAGES:
        assert call.about.partition(".")[2] in catalogue(lang, "page_api"), told
    hints = get_type_hints(call.body)
    assert hints.get("asked") == call.asked and hints["return"] == call.answer, told


def test_no_two_calls_have_one_name():
    assert len(CALLS) == sum(len(module.CALLS) for module in MODULES)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_page_of_the_calls_is_up_to_date(lang):
    path = PAGES[lang]
    text = path.read_text(encoding="utf-8")
    if os.environ.get("UPDATE_SNAPSHOTS"):
        path.write_text(page_with(text, lang), encoding="utf-8")
    else:
        assert text == page_with(text, lang), NEEDED.format(key="<area>_<name>")


def test_the_document_names_every_address_that_is_answered_but_those_of_the_pages_own_parts(server, folder):
    with urllib.request.urlopen(f"{server.address}api/openapi.json?lang=en") as answer:
        document = json.load(answer)
    assert document == json.loads(json.dumps(described(CALLS, Tab("en"))))
    routes = {route.path for route in PageServer(Desk(folder)).routes()} - {"/", "/words", "/static", "/api/{name}"}
    assert {path.replace(":path", "") for path in routes} <= document["paths"].keys()
    assert {path for path in document["paths"] if path.removeprefix("/api/") in CALLS} == {
        f"/api/{name}" for name in CALLS
    }


def test_what_is_answered_is_as_described(server):
    document = described(CALLS, Tab("zh"))

    def held(name: str, asked: object = None) -> dict:
        answer = server.ask(name, asked)
        told = document["paths"][f"/api/{name}"]["post"]["responses"]["200"]["content"]["application/json"]["schema"]
        jsonschema.Draft202012Validator({**told, "components": document["components"]}).validate(answer)
        return answer

    held("desk.models")
    held("drop.samples")
    held("drop.recognise", {"names": ["inputs/reward.csv"]})
    work = held("desk.begin", {"model": "reward"})["id"]
    assert held("work.awards", {"work": work})["table"]["lines"] and held("work.look", {"work": work})["label"]
    assert held("desk.look")["works"]


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_examples_ask_for_a_run_as_they_stand(lang, server):
    """The Python one and the curl one of the page of the calls, at this server's address."""
    text = PAGES[lang].read_text(encoding="utf-8").replace("http://127.0.0.1:8765/", server.address)
    text = re.sub("县级数据.csv|TABLE", "inputs/reward.csv", text).replace("奖励资金", "reward")
    python = re.search(r"```python\n(.*?)```", text, re.S)[1]
    told = subprocess.run([sys.executable, "-X", "utf8", "-c", python], cwd=server.folder, capture_output=True,
                          text=True, encoding="utf-8", timeout=60, check=False)  # fmt: skip
    assert told.returncode == 0 and "100.00" in told.stdout, told.stderr
    for asked, body in re.findall(r"""^curl .*?/api/([\w.]+).*? -d '(.*?)'$""", text, re.M):
        given = json.loads(body.replace("WORK", server.ask("desk.look")["works"][0]["id"]))
        assert server.ask(asked, given)["title"]


def test_a_tab_that_only_looks_is_refused_every_change_and_what_it_may_ask_changes_nothing(server):
    work = server.ask("desk.begin", {"model": "reward", "table": "inputs/reward.csv"})["id"]

    def held() -> dict[str, bytes]:
        return {str(path): path.read_bytes() for path in server.folder.rglob("*") if path.is_file()}

    before = held()
    for name, call in CALLS.items():
        if call.changes:
            with pytest.raises(urllib.error.HTTPError) as refused:
                server.ask(name, {}, looks=True)
            assert refused.value.code == 422 and json.load(refused.value)["problems"][0]["id"] == "page.only_looks"
        elif {key for key, entry in call.asked.model_fields.items() if entry.is_required()} <= {"work"}:
            with suppress(urllib.error.HTTPError):  # for want of something to ask of
                server.ask(name, {"work": work} if "work" in call.asked.model_fields else {}, looks=True)
    with pytest.raises(urllib.error.HTTPError):
        server.hand("新.csv", b"1", looks=True)
    assert held() == before
