"""Two tabs on one work: a change of the other is told and shown, and neither wins unasked; what is saved is listed."""

from __future__ import annotations


def test_a_change_in_another_tab_is_told_and_shown_and_nothing_wins_unasked(tab, server):
    work = server.ask("desk.begin", {"model": "reward", "table": "inputs/reward.csv"})["id"]

    def elsewhere(pool: str) -> None:
        revision = server.ask("work.look", {"work": work})["revision"]
        server.ask("settings.try", {"work": work, "revision": revision, "settings": {"pool": pool}})

    def pool() -> str:
        return {entry["key"]: entry["new"] for entry in server.ask("settings.look", {"work": work})["tried"]}["pool"]

    elsewhere("910")
    tab.goto(f"{server.address}#/works/{work}/settings")
    tab.reload()
    tab.locator(".sign.exact").wait_for()
    field = tab.get_by_label("资金总额", exact=True)
    elsewhere("920")
    field.fill("930")
    tab.locator(".overtaken li", has_text="930").and_(tab.locator("li", has_text="920")).wait_for()
    assert pool() == "920"
    tab.locator(".overtaken button.main").click()  # as it is now
    tab.locator(".overtaken").wait_for(state="detached")
    tab.locator(".sign.exact").wait_for()
    assert field.input_value() == "920" == pool()
    elsewhere("940")
    field.fill("950")
    tab.get_by_role("button", name="改成这里键入的").click()
    tab.locator(".overtaken").wait_for(state="detached")
    tab.locator(".sign.exact").wait_for()
    assert field.input_value() == "950" == pool()
    elsewhere("955")
    field.fill("955")  # both typed the same: there is nothing to choose
    tab.locator(".sign.exact").wait_for()
    assert tab.locator(".overtaken").count() == 0 and field.input_value() == "955"
    tab.wait_for_timeout(3_100)  # nobody types any longer
    elsewhere("960")
    tab.evaluate("dispatchEvent(new Event('focus'))")  # the tab comes to the front
    tab.locator(".tried li", has_text="960").wait_for(state="attached")
    assert field.input_value() == "960"
    tab.get_by_role("button", name="存入底稿").click()
    assert "960" in tab.locator("dialog .to-save li").inner_text()


def test_who_types_when_another_tab_changes_the_work_types_on_and_hands_in_the_whole(tab, server):
    work = server.ask("desk.begin", {"model": "reward", "table": "inputs/reward.csv"})["id"]
    tab.goto(f"{server.address}#/works/{work}/settings")
    tab.reload()
    tab.locator(".sign.exact").wait_for()

    def pool() -> str:
        return {entry["key"]: entry["new"] for entry in server.ask("settings.look", {"work": work})["tried"]}["pool"]

    tab.evaluate("for (const more of document.querySelectorAll('.group details')) more.open = true")
    field = tab.get_by_label("资金总额", exact=True)
    field.focus()
    server.ask("settings.try", {"work": work, "revision": 0, "settings": {"pool": "910"}})
    tab.keyboard.type("1")
    tab.locator(".overtaken li").wait_for()
    tab.keyboard.type("234")  # without a look at what has appeared
    assert field.input_value() == "1234" and field.evaluate("field => field === document.activeElement")
    assert pool() == "910" and "1234" in tab.locator(".overtaken li").inner_text()
    tab.reload()
    tab.locator(".overtaken li", has_text="1234").wait_for()
    assert pool() == "910"  # nor does a reload hand it in unasked
    tab.get_by_role("button", name="改成这里键入的").click()
    tab.locator(".overtaken").wait_for(state="detached")
    tab.locator(".sign.exact").wait_for()
    assert pool() == "1234" == field.input_value()


OWN = """async id => {
  const { ask } = await import("/static/shell/api.js");
  const change = ask("data.mend", { work: id, revision: 0, sheet: "", cells: { D3: "7" } });
  await new Promise((done) => setTimeout(done, 700));
  await ask("data.marks", { work: id });
  const told = document.body.innerText;
  await change;
  return [told, document.body.innerText];
}"""


def test_a_change_of_this_tab_that_another_call_tells_of_first_is_its_own(tab, server):
    """What is wrong is asked for while a cell is still on its way: it tells the revision that the cell makes."""
    work = server.ask("desk.begin", {"model": "reward", "table": "inputs/reward.csv"})["id"]

    def late(route):
        answer = route.fetch()
        tab.wait_for_timeout(1_500)
        route.fulfill(response=answer)

    tab.goto(f"{server.address}#/works/{work}/data")
    tab.reload()
    tab.wait_for_selector("aside.marks > *")
    tab.route("**/api/data.mend", late)
    told = tab.evaluate(OWN, work)
    assert not any("已在另一页" in text for text in told), told
    revision = server.ask("work.look", {"work": work})["revision"]
    server.ask("settings.try", {"work": work, "revision": revision, "settings": {"pool": "910"}})
    tab.evaluate("async id => (await import('/static/shell/api.js')).ask('data.marks', { work: id })", work)
    assert "已在另一页" in tab.locator("body").inner_text()
