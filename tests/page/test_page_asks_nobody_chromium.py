"""Chromium on every view: what it asks for, it asks of the page's own server."""

from __future__ import annotations

from urllib.parse import urlsplit


def test_a_browser_on_every_view_asks_the_page_alone(tab, server):
    asked: list[str] = []
    tab.context.on("request", lambda request: asked.append(request.url))
    tab.on("websocket", lambda socket: asked.append(socket.url))
    tab.reload()
    tab.wait_for_selector("h1")
    views = visited(tab, server, "nav a")
    assert len(views) > 1
    tab.goto(server.address)
    tab.set_input_files("#file", str(server.folder / "inputs" / "reward.csv"))
    tab.locator("article.file button.main").click()
    tab.wait_for_selector("nav.views")
    assert len(visited(tab, server, "nav.views a")) > 1
    others = {
        url for url in asked if urlsplit(url).scheme not in ("data", "blob") and not url.startswith(server.address)
    }
    assert len(asked) > 20 and not others


def visited(tab, server, selector: str) -> list[str]:
    """The views that links lead to, and those that they lead to in turn, each opened."""
    seen: list[str] = []
    left = addresses(tab, selector)
    while left:
        address = left.pop(0)
        seen.append(address)
        tab.goto(server.address + address)
        tab.wait_for_selector("h1")
        tab.wait_for_load_state("networkidle")
        left += [other for other in addresses(tab, selector) if other not in (*seen, *left)]
    return seen


def addresses(tab, selector: str) -> list[str]:
    links = tab.locator(selector).evaluate_all("links => links.map((link) => link.getAttribute('href'))")
    return [link for link in dict.fromkeys(links) if link and link.startswith("#")]
