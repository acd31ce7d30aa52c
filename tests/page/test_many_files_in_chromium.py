"""A folder with more files than are listed says so, and one with fewer does not."""

from __future__ import annotations

from allocation.page.desk import MOST


def test_that_not_all_files_are_listed_is_said(tab, server):
    assert tab.get_by_text("只列出了一部分").count() == 0
    folder = server.folder / "旧表"
    folder.mkdir()
    for number in range(MOST):
        (folder / f"{number}.txt").touch()
    tab.reload()
    tab.get_by_text("只列出了一部分").wait_for()
    assert server.ask("desk.look")["more"]
    tab.get_by_role("button", name="English").click()
    tab.get_by_text("more files than are listed").wait_for()
