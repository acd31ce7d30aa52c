"""The page as a person sees it in Chromium."""

from __future__ import annotations


def test_a_table_is_dropped_and_its_awards_are_seen(tab, server):
    tab.set_input_files("#file", str(server.folder / "inputs" / "reward.csv"))
    tab.locator("article.file button.main").click()
    tab.wait_for_selector("nav.views")


def test_the_language_is_the_tabs_own(tab, chromium, server):
    tab.get_by_role("button", name="English").click()
    tab.wait_for_selector("html[lang=en]")
    other = tab.context.new_page()
    other.goto(server.address)
    other.wait_for_selector("html[lang=zh-CN]")
    tab.reload()
    tab.wait_for_selector("html[lang=en]")
