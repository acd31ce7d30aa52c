"""A figure that is clicked, charts, a map and a comparison, as a person sees them in Chromium."""

from __future__ import annotations

import json

SQUARE = [[[121.0, 41.0], [121.5, 41.0], [121.5, 41.5], [121.0, 41.5], [121.0, 41.0]]]
INK = """canvas => {
  const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
  let dark = 0;
  for (let at = 0; at < data.length; at += 4) if (data[at] + data[at + 1] + data[at + 2] < 300) dark += 1;
  return dark;
}"""


def test_a_figure_is_asked_charts_are_drawn_and_scenarios_compared(tab, server):
    (server.folder / "more.toml").write_text(
        '[scenario]\nzh = "多给些"\nen = "More"\n[[change]]\naddress = "pool"\nset = 1300\n', encoding="utf-8"
    )
    shapes = [
        {"type": "Feature", "properties": {"甲": "210726"}, "geometry": {"type": "Polygon", "coordinates": SQUARE}}
    ]
    model = server.folder / "models" / "reward.toml"
    text = model.read_text(encoding="utf-8")
    with_last = text.replace('pool = "pool"\n', 'pool = "pool"\ncompare_with = "last_award"\n', 1)
    model.write_text(with_last, encoding="utf-8")
    (server.folder / "a.geojson").write_text(json.dumps({"features": shapes}), encoding="utf-8")
    work = server.ask("desk.begin", {"model": "reward"})["id"]

    tab.goto(f"{server.address}#/works/{work}/awards")
    tab.locator("tr[data-code='210726'] button.figure").first.click()
    sentence = tab.locator(".sentence")
    sentence.wait_for()
    said = server.ask("ask.figure", {"work": work, "code": "210726"})["sentence"]
    assert sentence.inner_text() == said and "黑山县" in said

    tab.get_by_role("button", name="English").click()
    english = server.ask("ask.figure", {"work": work, "code": "210726"}, "en")["sentence"]
    tab.locator(".sentence", has_text=english).wait_for()
    tab.get_by_role("button", name="中文").click()
    tab.locator(".sentence", has_text=said).wait_for()

    for chart in ("awards", "change"):
        tab.goto(f"{server.address}#/works/{work}/see/{chart}")
        tab.locator(".canvas[data-drawn='4'] canvas").wait_for()
        assert tab.locator(".canvas canvas").evaluate(INK) > 2_000
    tab.locator("details.figures summary").click()
    tab.locator("details.figures tbody tr").nth(3).wait_for()
    with tab.expect_download() as saved:
        tab.get_by_role("button", name="PNG").click()
    assert saved.value.suggested_filename.endswith(".png")

    tab.goto(f"{server.address}#/works/{work}/see/map")
    tab.locator(".canvas canvas").wait_for()
    assert tab.locator(".canvas canvas").evaluate(INK) > 1_000
    assert tab.locator("summary", has_text="3").count() == 1  # units without a boundary

    tab.goto(f"{server.address}#/works/{work}/compare")
    tab.get_by_label("多给些").check()
    tab.locator("form button.main").first.click()
    tab.locator(".compared .canvas canvas").wait_for()
    shown = server.ask("compare.scenarios", {"work": work, "scenarios": ["more.toml"]})["table"]
    assert tab.locator(".compared tbody tr").first.locator("td").all_inner_texts() == shown["lines"][0]["cells"]


def test_what_takes_long_is_told_quietly_and_ended_by_who_asked(tab, server):
    work = server.ask("desk.begin", {"model": "reward"})["id"]
    tab.goto(f"{server.address}#/works/{work}/ask/210726")
    tab.locator("#wanted").fill("200")
    tab.route("**/api/ask.seek", lambda route: None)  # as long as one likes
    tab.get_by_role("button", name="查找", exact=True).click()
    tab.locator(".busy", has_text="秒").wait_for()
    with tab.expect_event("requestfailed", lambda request: request.url.endswith("ask.seek")):
        tab.locator(".busy").get_by_role("button", name="取消").press("Enter")
    tab.locator(".answer", has_text="已取消").wait_for()
    tab.unroute("**/api/ask.seek")
    tab.get_by_role("button", name="查找", exact=True).click()
    tab.locator(".answer table").first.wait_for()
    assert tab.locator(".busy").count() == 0


def test_the_value_that_was_found_is_tried_at_a_click_and_taken_back_at_another(tab, server):
    work = server.ask("desk.begin", {"model": "reward"})["id"]
    tab.goto(f"{server.address}#/works/{work}/ask/210726")
    tab.locator("#wanted").fill("200")
    tab.get_by_role("button", name="查找", exact=True).click()
    use = tab.get_by_role("button", name="用这个值")
    value = use.inner_text().rpartition(" ")[2]
    use.click()
    tab.locator(".tried li", has_text=value).wait_for(state="attached")
    tab.get_by_role("button", name="全部还原").click()
    tab.locator(".tried li").first.wait_for(state="detached")
    assert server.ask("settings.look", {"work": work})["tried"] == []
