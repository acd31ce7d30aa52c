"""Settings on the page without a browser: tried there is as typed behind --set, saved is what the case then gives."""

from __future__ import annotations

import json
import re
import urllib.error

import pytest

SAID = {"reason": "会议定", "basis": "财预〔2024〕1号", "prepared": "甲", "reviewed": "乙", "date": "2024年3月9日"}
BEYOND = ("9e99", "６０００", "60%", "1,2,3", "six", "6，000", "=1+1", "1=2", "-1", "2/3", "1e400", "\n7", "'8'")


@pytest.fixture
def work(server):
    return server.ask("desk.begin", {"model": "reward", "table": "inputs/reward.csv"})["id"]


def tried(server, work, revision=0, **given):
    return server.ask("settings.try", {"work": work, "revision": revision, **given})


def refused(server, name, asked, lang="zh"):
    with pytest.raises(urllib.error.HTTPError) as error:
        server.ask(name, asked, lang)
    return error.value.code, [problem["text"] for problem in json.load(error.value)["problems"]]


def awards(answer):
    place = [column["key"] for column in answer["table"]["columns"]].index("award")
    return {line["code"]: line["cells"][place] for line in answer["table"]["lines"] if line["code"]}


def printed(text):
    return dict(re.findall(r"^(\d{6})\s+\S+\s+([\d,.]+)\s", text, re.MULTILINE))


def test_what_is_tried_is_what_set_gives_or_says(server, work, allocation):
    for revision, text in enumerate(BEYOND):
        answer = tried(server, work, revision, settings={"pool": text})
        told = allocation(["run", "reward", "--input", "inputs/reward.csv", "--set", f"pool={text}"])
        if told.code:
            said = [problem["text"] for problem in [*answer["beside"].get("pool", ()), *answer["problems"]]]
            assert said and all(text.partition(": ")[2] in told.text for text in said), text
            assert answer["table"] is None, text
        else:
            assert awards(answer) == printed(told.out) and not answer["beside"], text
        assert answer["tried"][0]["new"] == text  # as it was typed, and on the disk


def test_all_that_is_wrong_is_told_at_once_each_beside_its_field(server, work):
    answer = tried(
        server, work, settings={"pool": "many", "size_rate.大城市": "-3", "floor_rate": "7"}, facts={"issued": "soon"}
    )
    assert set(answer["beside"]) == {"pool", "size_rate.大城市", "floor_rate", "issued"}
    english = server.ask("figures.look", {"work": work}, "en")["beside"]
    assert english["pool"] != answer["beside"]["pool"]


def test_the_form_asks_for_what_is_missing_first_and_says_where_figures_come_from(server, folder):
    model = folder / "models" / "reward.toml"
    text = model.read_text(encoding="utf-8")
    text = text.replace("value = 1000\n", "required = true\n").replace(
        'value = "300%"', 'value = "300%"\ndecide = true'
    )
    model.write_text(text, encoding="utf-8")
    work = server.ask("desk.begin", {"model": "reward", "table": "inputs/reward.csv"})["id"]
    shown = server.ask("settings.look", {"work": work})
    groups = {block["label"]: block["group"] for block in shown["blocks"]}
    assert [*groups.values()] == ["missing", "open", "settled", "settled"] and groups["资金总额"] == "missing"
    cap = shown["blocks"][1]["settings"][0]
    assert (cap["value"], cap["state"], cap["origin"], cap["open"]) == ("300%", "未定", "模型", True)
    answer = tried(server, work, settings={"pool": "900"}, decided={"cap_rate": True}, exact=False)
    assert answer["table"] and not answer["exact"]
    after = server.ask("settings.look", {"work": work})
    assert [block["group"] for block in after["blocks"]][0] == "missing"  # a field does not move while one types
    assert server.ask("settings.restore", {"work": work, "revision": 1})["tried"] == []


def test_what_is_saved_is_what_the_case_then_gives(server, work, allocation, folder):
    answer = tried(server, work, settings={"pool": "900", "size_rate.大城市": "1.1"}, facts={"office": "某市财政局"})
    status, said = refused(server, "settings.save", {"work": work, "revision": 1, "read": "", "particulars": {}})
    assert status == 422 and len(said) == 4  # all that resolve asks for
    before = {path.name for path in folder.rglob("*")}
    saved = server.ask("settings.save", {"work": work, "revision": 1, "read": "", "particulars": SAID})
    fresh = {path.name for path in (folder / "inputs").iterdir()} - before
    assert fresh == {saved["case"].removeprefix("inputs/"), saved["side"].removeprefix("inputs/")}
    told = allocation(["run", saved["case"]])
    assert printed(told.out) == awards(answer) and told.code == 0
    after = server.ask("figures.look", {"work": work})
    assert after["tried"] == [] and awards(after) == awards(answer)
    entries = json.loads((folder / saved["side"]).read_text(encoding="utf-8"))["entries"]
    assert {entry["key"]: entry["said"].get("basis") for entry in entries if entry["kind"] == "setting"} == {
        "pool": SAID["basis"], "size_rate.大城市": SAID["basis"]
    }  # fmt: skip
    shown = server.ask("settings.look", {"work": work})
    assert {fact["key"]: fact["value"] for fact in shown["facts"]}["office"] == "某市财政局"
    # again into the same case: as `resolve` would have written it
    tried(server, work, after["revision"], settings={"pool": "800"})
    asked = {"work": work, "revision": after["revision"] + 1, "read": shown["read"], "particulars": SAID}
    by_page = folder / server.ask("settings.save", asked)["side"]
    written = by_page.read_bytes()
    words = [
        "--why",
        SAID["reason"],
        "--basis",
        SAID["basis"],
        "--by",
        "甲",
        "--reviewed",
        "乙",
        "--date",
        SAID["date"],
    ]
    assert allocation(["resolve", saved["case"], "pool=800", *words]).code == 0
    assert by_page.read_bytes() == written


def test_a_case_that_is_open_or_was_changed_is_said_and_left(server, work, folder):
    tried(server, work, settings={"pool": "900"})
    saved = server.ask("settings.save", {"work": work, "revision": 1, "read": "", "particulars": SAID})
    case, side = folder / saved["case"], folder / saved["side"]
    revision = saved["revision"]
    read = server.ask("settings.look", {"work": work})["read"]
    tried(server, work, revision, settings={"pool": "700"})
    asked = {"work": work, "revision": revision + 1, "read": read, "particulars": SAID}
    written = case.read_bytes(), side.read_bytes()
    lock = case.with_name(f"~${case.name}")
    lock.write_bytes(b"")
    assert lock.name in refused(server, "settings.save", asked)[1][0]
    lock.unlink()
    side.write_bytes(written[1].replace("会议定".encode(), "会上定".encode()))
    assert "在别处改过" in refused(server, "settings.save", asked)[1][0]
    side.write_text("{}", encoding="utf-8")
    assert refused(server, "settings.save", asked)[0] == 422
    side.write_bytes(written[1])
    case.rename(case.with_name("改名.xlsx"))
    assert refused(server, "settings.save", asked)[0] == 422
    assert server.ask("settings.look", {"work": work})["tried"][0]["new"] == "700"  # nothing that was typed is lost
    case.with_name("改名.xlsx").rename(case)
    assert (case.read_bytes(), side.read_bytes()) == written
    server.ask("settings.save", asked)
    assert side.read_bytes() != written[1] and case.read_bytes() == written[0]


def test_two_tabs_that_type_are_told_and_a_killed_server_keeps_what_was_typed(server, work):
    tried(server, work, settings={"pool": "900"})
    status, said = refused(server, "settings.try", {"work": work, "revision": 0, "settings": {"pool": "1"}}, "en")
    assert status == 409 and "another" in said[0]
    server.process.kill()
    kept = [path.read_text(encoding="utf-8") for path in server.folder.rglob(".allocation-page/works/*.json")]
    assert any('"900"' in text for text in kept)


def test_a_long_table_is_answered_as_far_as_it_is_in_sight(server, folder):
    head, *rows = (folder / "inputs" / "reward.csv").read_text(encoding="utf-8-sig").splitlines()
    many = [f"{100001 + place},县{place},{row.split(',', 2)[2]}" for place, row in enumerate(rows[:4] * 100)]
    server.hand("many.csv", "\n".join([head, *many]).encode())
    work = server.ask("desk.begin", {"model": "reward", "table": "many.csv"})["id"]
    tried(server, work, settings={"pool": "100000"})
    whole = server.ask("figures.look", {"work": work, "count": 400})
    part = server.ask("figures.look", {"work": work, "first": 100, "count": 20})
    assert part["size"] == 401 and part["places"] == [0, *range(100, 120)]
    assert part["table"]["lines"][1:] == whole["table"]["lines"][100:120]
    assert part["table"]["lines"][0]["kind"] == "total"


def test_what_is_wrong_with_a_setting_is_told_by_its_name_with_the_way_out(server):
    case = server.ask("drop.sample", {"sample": "incentive_fund"})["name"]
    work = server.ask("desk.begin", {"model": case})["id"]
    asked = {"work": work, "revision": 0, "settings": {"hold_harmless": "90"}, "exact": False}
    answer = server.ask("settings.try", asked)
    (told,) = answer["beside"]["hold_harmless"]
    assert "写成 90%" in told["text"] and "保基数比例" in told["text"]
    assert not any("hold_harmless" in problem["text"] for problem in [told, *answer["problems"]])
