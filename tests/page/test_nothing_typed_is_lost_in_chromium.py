"""What is typed stays: over a reload while the server is slow, and where the disk takes nothing."""

from __future__ import annotations

import re
import sys

import pytest

WRITES = re.compile(r"/api/settings\.(try|keep)$")


@pytest.fixture
def typing(tab, server):
    """The settings of a work, every group unfolded; `field` gives one by its label."""
    work = server.ask("desk.begin", {"model": "reward", "table": "inputs/reward.csv"})["id"]
    tab.goto(f"{server.address}#/works/{work}/settings")
    tab.reload()
    tab.locator(".sign.exact").wait_for()

    def field(label: str):
        tab.evaluate("for (const more of document.querySelectorAll('.group details')) more.open = true")
        return tab.get_by_label(label, exact=True)

    def tried() -> dict[str, str]:
        return {entry["key"]: entry["new"] for entry in server.ask("settings.look", {"work": work})["tried"]}

    return field, tried


def test_what_is_typed_while_the_server_is_slow_is_there_after_a_reload(tab, typing):
    field, tried = typing
    tab.route(WRITES, lambda route: None)  # as slow as one likes
    for text in ("9", "90", "900"):
        field("资金总额").fill(text)
    tab.reload()
    tab.locator("table.settings").first.wait_for()
    assert field("资金总额").input_value() == "900"
    tab.unroute(WRITES)
    tab.get_by_text("试一试 1 项").wait_for()
    assert field("资金总额").input_value() == "900" and tried() == {"pool": "900"}


@pytest.mark.skipif(sys.platform != "linux", reason="makes the writes of a running server fail")
def test_what_the_disk_does_not_take_stays_in_its_field_and_is_kept_once_it_does(tab, server, typing):
    import resource

    field, tried = typing
    field("资金总额").fill("800")
    tab.get_by_text("试一试 1 项").wait_for()
    whole = resource.prlimit(server.process.pid, resource.RLIMIT_FSIZE)
    resource.prlimit(server.process.pid, resource.RLIMIT_FSIZE, (0, whole[1]))
    field("资金总额").fill("900")
    told = tab.locator("p.wrong:not([hidden])", has_text="还没有存下")
    told.wait_for()
    field("增幅上限（与上年之比）").fill("250%")
    told.nth(1).wait_for()
    assert field("资金总额").input_value() == "900" and tried() == {"pool": "800"}
    tab.reload()
    told.nth(1).wait_for()
    assert field("资金总额").input_value() == "900"
    tab.get_by_role("button", name="存入底稿").click()
    tab.locator(".signs .problems").wait_for()
    assert tab.locator("dialog").count() == 0  # not without what is typed
    resource.prlimit(server.process.pid, resource.RLIMIT_FSIZE, whole)
    tab.get_by_text("试一试 2 项").wait_for()
    assert tried() == {"pool": "900", "cap_rate": "250%"} and told.count() == 0
