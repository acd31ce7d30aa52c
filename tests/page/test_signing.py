"""A final version from the page is asked about once: what it will fix, for whom; and two persons sign it."""

from __future__ import annotations

import pytest
from small_case import CASE
from test_settings_on_the_page import refused
from test_take_away import over

TWO = CASE.replace('prepared = "张三"', 'prepared = "张三"\nreviewed = "李四"')
WHOLE = TWO + '\n[files]\nrecipients = "inputs/recipients_reward.csv"\n'
FILLED = {"model": ["奖励.toml"], "--stage": ["正式稿"], "--reason": ["下达"]}


def texts(shown):
    return {line["label"]: line["text"] for line in shown["lines"]}


@pytest.mark.parametrize(("lang", "total", "signed"), [("zh", "900 万元", "经办 / 复核"), ("en", "900", "Prepared")])
def test_what_a_final_version_will_fix_is_shown_before_it_is_begun(lang, total, signed, server, folder):
    (folder / "奖励.toml").write_text(WHOLE, encoding="utf-8")
    shown = texts(server.ask("week.signing", {"step": "run", "filled": FILLED}, lang))
    told = " ".join(shown.values())
    assert all(word in told for word in ("2017", total, "reward.csv", "奖励.toml", "张三 / 李四", "4")), shown
    assert any(label.startswith(signed) for label in shown) and len(shown) == 7
    work = server.ask("desk.begin", {"model": "奖励.toml"})["id"]
    asked = {"work": work, "revision": 0, "product": "final", "reason": "下达"}
    assert texts(server.ask("take.signing", asked, lang)) == shown
    assert not (folder / "outputs").exists()


@pytest.mark.parametrize("way", ["week", "take"])
def test_nothing_is_signed_that_was_not_confirmed_as_it_is_now(way, server, folder):
    (folder / "奖励.toml").write_text(WHOLE, encoding="utf-8")
    work = server.ask("desk.begin", {"model": "奖励.toml"})["id"]
    asked = {"step": "run", "filled": FILLED} if way == "week" else {
        "work": work, "revision": 0, "product": "final", "reason": "下达"}  # fmt: skip
    status, said = refused(server, f"{way}.start", asked)
    assert status == 422 and "没有确认" in said[0]
    seal = server.ask(f"{way}.signing", asked)["seal"]
    (folder / "奖励.toml").write_text(WHOLE.replace("value = 900", "value = 950"), encoding="utf-8")
    assert refused(server, f"{way}.start", {**asked, "signed": seal})[0] == 422
    seal = server.ask(f"{way}.signing", asked)["seal"]
    job = over(server, server.ask(f"{way}.start", {**asked, "signed": seal}))
    assert job["state"] == "done" and any("正式稿" in name for name in job["products"]), job


def test_what_is_no_final_version_is_begun_unasked(server, folder):
    (folder / "奖励.toml").write_text(WHOLE, encoding="utf-8")
    for filled in ({"model": ["奖励.toml"]}, {**FILLED, "--stage": ["送审稿"]}):
        assert server.ask("week.signing", {"step": "run", "filled": filled}) == {"seal": "", "lines": []}
        assert over(server, server.ask("week.start", {"step": "run", "filled": filled}))["state"] == "done"


@pytest.mark.parametrize("name", ["张三", "张三 ", "张　三"])
def test_who_prepared_a_case_does_not_review_what_is_issued(name, server, folder, allocation):
    (folder / "奖励.toml").write_text(WHOLE.replace("李四", name), encoding="utf-8")
    status, said = refused(server, "week.signing", {"step": "run", "filled": FILLED})
    assert status == 422 and "经办人和复核人都是" in " ".join(said)
    told = allocation("run 奖励.toml --stage 正式稿 --reason 下达")
    assert told.code == 2 and "经办人和复核人都是" in told.text
    assert "reviewed by somebody else" in allocation("run 奖励.toml --stage 正式稿 --reason 下达 --lang en").text
    assert allocation("run 奖励.toml --stage 送审稿").code == 0  # a draft is still to be reviewed
    assert "经办人和复核人都是" in allocation("notices 奖励.toml").text
    (folder / "奖励.toml").write_text(WHOLE, encoding="utf-8")
    assert allocation("run 奖励.toml --stage 正式稿 --reason 下达").code == 0
