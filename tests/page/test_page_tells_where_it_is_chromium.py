"""What is refused is told beside its button, a year is typed in a field, and no view goes on unsaid with a work that
another window changed."""

from __future__ import annotations

import pytest
from page_states import messy_book

DOUBTFUL = "存疑.xlsx"


def begun(server, name: str, data: bytes) -> str:
    server.hand(name, data)
    return server.ask("desk.begin", {"model": "reward", "table": name})["id"]


def open_view(tab, server, work: str, view: str) -> None:
    tab.goto(f"{server.address}#/works/{work}/{view}")
    tab.wait_for_selector("nav.views")


def test_why_a_thing_cannot_be_taken_stands_beside_its_button(tab, server):
    work = begun(server, DOUBTFUL, messy_book(180))
    open_view(tab, server, work, "take")
    held = tab.locator("ul.taken > li", has=tab.locator("button:disabled")).first
    assert "先办上面第 1" in held.locator(".held").inner_text()
    reason = tab.locator("section.held li").first
    reason.wait_for()  # unfolded, and once: nobody looks for it
    assert "“数据”页" in reason.inner_text()
    revision = server.ask("work.look", {"work": work})["revision"]
    server.ask("settings.try", {"work": work, "revision": revision, "settings": {"pool": "910"}})
    made = tab.locator("ul.taken > li", has=tab.locator("button:enabled")).first
    made.locator("button").click()
    made.locator(".outcome .problems").wait_for()


@pytest.mark.parametrize("view", ["data", "see", "ask", "compare", "take"])
def test_every_view_says_that_another_window_changed_its_work(tab, server, view):
    work = begun(server, DOUBTFUL, messy_book(180))
    open_view(tab, server, work, view)
    tab.wait_for_load_state("networkidle")
    assert not tab.locator("text=已在另一页改过").count()
    revision = server.ask("work.look", {"work": work})["revision"]
    server.ask("settings.try", {"work": work, "revision": revision, "settings": {"pool": "910"}})
    tab.evaluate("dispatchEvent(new Event('focus'))")  # the tab comes to the front
    tab.locator("text=已在另一页改过").wait_for()
    tab.get_by_role("button", name="重新载入").click()
    tab.locator("text=已在另一页改过").wait_for(state="detached")


def test_a_year_is_typed_in_a_field_beside_what_asks_for_it(tab, server):
    policy = server.folder / "models" / "reward.toml"
    text = policy.read_text(encoding="utf-8")
    policy.write_text(text.replace('pool = "pool"\n', 'pool = "pool"\neffective = { from = 2020 }\n', 1), "utf-8")
    work = begun(server, DOUBTFUL, messy_book(180))
    open_view(tab, server, work, "data")
    asked = tab.locator(".marks .choices form")
    asked.locator("input").fill("2021")
    asked.locator("button").click()
    asked.wait_for(state="detached")
    assert server.ask("data.look", {"work": work})["reading"]["year"] == 2021
