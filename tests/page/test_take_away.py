"""What is taken away is what the command writes, byte for byte; what holds it back is said first."""

from __future__ import annotations

import hashlib
import json
import os
import shlex
import shutil
import subprocess
import sys
import time
import urllib.error

import pytest
from page_server import REPOSITORY


def over(server, job):
    while job["state"] in ("waiting", "running"):
        time.sleep(0.1)
        job = server.ask("job.look", {"job": job["id"]})
    return job


def test_what_is_taken_away_is_what_the_command_writes(server, tmp_path):
    work = server.ask("desk.begin", {"model": "reward", "table": "inputs/reward.csv"})["id"]
    tried = {"pool": "900", "size_rate.大城市": "110%"}
    revision = server.ask("settings.try", {"work": work, "revision": 0, "settings": tried})["revision"]
    beside = tmp_path / "beside"
    shutil.copytree(server.folder, beside, ignore=shutil.ignore_patterns(".allocation-page"))
    asked = {"work": work, "revision": revision, "product": "trial"}
    job = over(server, server.ask("take.start", asked))
    assert job["state"] == "done" and {"outputs/reward.xlsx", "outputs/reward.csv"} <= {*job["products"]}
    program, *words = shlex.split(job["words"])
    environment = {**os.environ, "PYTHONPATH": str(REPOSITORY), "PYTHONUTF8": "1"}
    command = [sys.executable, "-m", program, *words]
    subprocess.run(command, cwd=beside, env=environment, check=True, capture_output=True)
    for name in job["products"]:
        if "journal" not in name:  # its lines have the time of day
            assert (server.folder / name).read_bytes() == (beside / name).read_bytes(), name
    sizes = server.ask("take.sizes", {"work": work, "files": job["products"]})
    assert {file["name"]: file["bytes"] for file in sizes}["outputs/reward.xlsx"] > 1000


@pytest.mark.parametrize("product", ["trial", "consultation", "notices"])
def test_nothing_is_made_of_mended_cells_before_they_are_in_a_file(server, product):
    """What is made names a table that stands on the desk, with the very bytes that were read."""
    work = {"work": server.ask("desk.begin", {"model": "reward", "table": "inputs/reward.csv"})["id"]}
    cells = {"D6": "680.0"}
    revision = server.ask("data.mend", {**work, "revision": 0, "sheet": "", "cells": cells})["revision"]
    assert server.ask("take.look", work)["mends"] == 1
    asked = {**work, "revision": revision, "product": product, "reason": "试"}
    with pytest.raises(urllib.error.HTTPError) as refused:
        server.ask("take.start", asked)
    assert [problem["id"] for problem in json.load(refused.value)["problems"]] == ["page.mends_unsaved"]
    saved = server.ask("data.save", {**work, "revision": revision})
    assert server.ask("take.look", work)["mends"] == 0
    job = over(server, server.ask("take.start", {**asked, "revision": saved["revision"], "product": "trial"}))
    assert job["state"] == "done", job
    (read,) = json.loads((server.folder / "outputs/reward.json").read_text(encoding="utf-8"))["inputs"]
    assert saved["name"] in job["words"]
    assert read["sha256"] == hashlib.sha256((server.folder / saved["name"]).read_bytes()).hexdigest()


def test_what_holds_a_version_back_is_said_before_it_is_asked_for(server):
    model = server.folder / "models" / "reward.toml"
    text = model.read_text(encoding="utf-8").replace('value = "300%"', 'value = "300%"\ndecide = true')
    model.write_text(text, encoding="utf-8")
    work = server.ask("desk.begin", {"model": "reward", "table": "inputs/reward.csv"})["id"]
    shown = server.ask("take.look", {"work": work})
    held = {each["key"]: [shown["reasons"][place] for place in each["held"]] for each in shown["products"]}
    assert held["trial"] == [] and any("增幅上限" in problem["text"] for problem in held["final"])
    texts = [problem["text"] for problem in shown["reasons"]]
    assert len(texts) == len(set(texts)) == 1 and sum(bool(each) for each in held.values()) > 3  # said once
    assert "policy-" not in texts[0] and "cap_rate" not in texts[0]
    server.ask("settings.try", {"work": work, "revision": 0, "decided": {"cap_rate": True}})
    assert not any("增幅上限" in problem["text"] for problem in server.ask("take.look", {"work": work})["reasons"])


def test_what_is_taken_rests_on_the_files_that_were_seen(server):
    """Replaced meanwhile, also by one as large and as old; a model put on the desk goes before that of the shelf."""
    table = server.folder / "inputs" / "reward.csv"
    work = server.ask("desk.begin", {"model": "reward", "table": "inputs/reward.csv"})["id"]
    seen = server.ask("figures.look", {"work": work})
    was, text = table.stat(), table.read_bytes()
    other = table.with_name("other")
    other.write_bytes(text)
    os.utime(other, ns=(was.st_atime_ns, was.st_mtime_ns))
    other.replace(table)
    asked = {"work": work, "product": "trial", "seal": seen["seal"]}
    with pytest.raises(urllib.error.HTTPError) as refused:
        server.ask("take.start", {**asked, "revision": seen["revision"]})
    assert json.load(refused.value)["problems"][0]["id"] == "page.changed_since"
    now = server.ask("figures.look", {"work": work})
    model = server.folder / "models" / "reward.toml"
    model.write_bytes(model.read_bytes() + b"\n")
    assert server.ask("figures.look", {"work": work})["seal"] != now["seal"] != seen["seal"]
