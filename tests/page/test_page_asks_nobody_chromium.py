"""Chromium on every view: what it asks for, it asks of the page's own server."""

from __future__ import annotations

from urllib.parse import urlsplit


def test_a_browser_on_every_view_asks_the_page_alone(tab, server):
    asked: list[str] = []
    tab.context.on("request", lambda request: asked.append(request.url))
    tab.context.on("websocket", lambda socket: asked.append(socket.url))
    tab.reload()
    tab.wait_for_selector("h1")
    for view in range(tab.locator("nav a, nav button").count()):
        tab.locator("nav a, nav button").nth(view).click()
    tab.goto(server.address)
    tab.set_input_files("#file", str(server.folder / "inputs" / "reward.csv"))
    tab.locator("article.file button.main").click()
    tab.wait_for_selector("nav.views")
    for view in range(tab.locator("nav.views a, nav.views button").count()):
        tab.locator("nav.views a, nav.views button").nth(view).click()
        tab.wait_for_load_state("networkidle")
    others = {
        url for url in asked if urlsplit(url).scheme not in ("data", "blob") and not url.startswith(server.address)
    }
    assert len(asked) > 5 and not others
