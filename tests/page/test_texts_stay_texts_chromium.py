"""A cell, a heading, a unit's name, a file's name that look like markup: texts in every view, whatever draws them."""

from __future__ import annotations

import csv
import io

MARKUP = "<meta http-equiv=refresh content='0;url=/static/page.css'><img class=made src=x>"
VIEWS = ("data", "settings", "awards", "see", "ask", "compare", "take")


def test_what_looks_like_markup_is_a_text_in_every_view(tab, server):
    plain = (server.folder / "inputs" / "reward.csv").read_text(encoding="utf-8-sig")
    heads, first, *rows = [row for row in csv.reader(io.StringIO(plain)) if row]
    name = next(place for place, text in enumerate(first) if text and not text[0].isdigit())
    named = [*first[:name], first[name] + MARKUP, *first[name + 1 :]]
    wrong = [*rows[0][:-1], MARKUP]
    for file, lines in (("<img class=made src=x>.csv", [[*heads, MARKUP], *([*row, "1"] for row in (named, *rows))]),
                        ("b.csv", [heads, named, wrong, *rows[1:]])):  # fmt: skip
        out = io.StringIO()
        csv.writer(out).writerows(lines)
        table = server.hand(file, out.getvalue().encode())
        work = server.ask("desk.begin", {"model": "reward", "table": table})["id"]
        for view in VIEWS:
            tab.goto(f"{server.address}#/works/{work}/{view}")
            tab.wait_for_selector("h1")
            tab.wait_for_timeout(400)
            for cell in tab.locator(".tabulator-cell.wrong, .tabulator-cell.doubt, .tabulator-cell.hint").all()[:3]:
                cell.hover()
                tab.wait_for_timeout(700)
            assert tab.url.endswith(f"#/works/{work}/{view}")
            assert tab.locator("img.made, body meta").count() == 0, view
        tab.goto(server.address)
        tab.wait_for_selector("ul.works")
        assert tab.locator("img.made, body meta").count() == 0
