"""The question before a final version, by keyboard alone, in both languages."""

from __future__ import annotations

import pytest
from test_signing import WHOLE


@pytest.mark.parametrize(("lang", "head", "go"), [
    ("zh", "编正式稿前请确认", "编正式稿"), ("en", "Before the final version is made", "Make the final version"),
])  # fmt: skip
def test_a_final_version_is_confirmed_by_keyboard_and_enter_alone_signs_nothing(lang, head, go, tab, server):
    (server.folder / "奖励.toml").write_text(WHOLE, encoding="utf-8")
    tab.goto(f"{server.address}?lang={lang}#/week/run/奖励.toml")
    tab.locator("#entry-stage").select_option("正式稿" if lang == "zh" else "final")
    tab.locator("form.step button.main").press("Enter")
    question = tab.get_by_role("dialog", name=head)
    question.wait_for()
    assert "900" in question.inner_text() and "张三 / 李四" in question.inner_text()
    tab.keyboard.press("Enter")  # on what has the focus: to leave it
    question.wait_for(state="detached")
    assert not (server.folder / "outputs").exists()
    tab.keyboard.press("Enter")  # the focus is back where it was asked from
    question.wait_for()
    tab.keyboard.press("Escape")
    question.wait_for(state="detached")
    assert not (server.folder / "outputs").exists()
    tab.locator("form.step button.main").press("Enter")
    question.wait_for()
    tab.keyboard.press("Tab")
    assert tab.evaluate("document.activeElement.textContent") == go
    tab.keyboard.press("Enter")
    tab.locator(".job.done").wait_for(timeout=15_000)
    assert [*(server.folder / "outputs/versions").glob("*.xlsx")]
