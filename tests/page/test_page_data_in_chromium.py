"""The data of a work in the browser: what is wrong is found, mended, pasted and resolved where it stands."""

from __future__ import annotations

import io
import time
from urllib.parse import urlsplit

import openpyxl
from page_server import started

HEADS = ("行政区代码", "名称", "落户人数（人）")


def book(rows: list[tuple[object, ...]]) -> bytes:
    made = openpyxl.Workbook()
    made.active.title = "数据"
    for row in [("2017年落户人数表",), HEADS, *rows]:
        made.active.append(row)
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()


def dropped(tab, name: str, data: bytes) -> None:
    tab.set_input_files("#file", {"name": name, "mimeType": "application/octet-stream", "buffer": data})
    tab.locator("article.file button.main").first.click()
    tab.wait_for_selector(".tabulator-cell")
    tab.wait_for_selector("aside.marks > *")


def test_a_messy_workbook_is_dropped_mended_and_its_doubt_resolved(tab, server):
    data = book(
        [("210702", "古塔区", "三百"), ("210703", "凌河区", 5), ("210726", "黑山县", 9), ("210799", "无名县", 7)]
    )
    dropped(tab, "乱 表.xlsx", data)
    tab.locator("li.wrong button.entry").click()
    tab.wait_for_selector(".cell-told strong:text-is('C3')")
    tab.keyboard.type("1,2００")  # over what stands there, as in a spreadsheet
    tab.keyboard.press("Enter")
    tab.wait_for_selector(".tabulator-cell.mend:has-text('1200')")
    tab.wait_for_selector(".cell-told strong:text-is('C4')")
    tab.keyboard.type("5")
    tab.keyboard.press("Enter")
    tab.wait_for_selector(".cell-told strong:text-is('C5')")
    tab.locator(".tabulator-cell[tabulator-field=B]").nth(2).hover()
    tab.wait_for_timeout(500)
    assert "false" not in tab.locator(".tabulator-tooltip").all_inner_texts()
    tab.wait_for_selector("section.wrong", state="detached")
    tab.locator("li.doubt summary").first.click()
    tab.locator("li.doubt input[name=reason]").first.fill("新设的县，已核")
    tab.reload()
    tab.wait_for_selector("li.doubt details[open]")
    assert tab.locator("li.doubt input[name=reason]").first.input_value() == "新设的县，已核"
    tab.locator("li.doubt button.main").first.click()
    tab.wait_for_selector("li.resolved")
    tab.reload()
    tab.wait_for_selector("li.resolved")
    tab.wait_for_selector(".tabulator-cell.mend:has-text('1200')")
    tab.get_by_role("button", name="存成修改后的表").click()
    tab.wait_for_selector("#told:has-text('修改后')")
    assert (server.folder / "乱_表.xlsx").read_bytes() == data
    assert openpyxl.load_workbook(server.folder / "乱_表（修改后）.xlsx")["数据"]["C3"].value == 1200


def test_a_figure_typed_over_one_that_shows_alike_is_taken_and_escape_leaves_it(tab, server):
    dropped(
        tab, "全角.xlsx", book([("210702", "古塔区", "２６０"), ("210703", "凌河区", " 55 "), ("210726", "黑山县", 9)])
    )
    tab.locator(".tabulator-cell[tabulator-field=C]").nth(2).click()
    tab.keyboard.type("260")
    tab.keyboard.press("Escape")
    tab.wait_for_timeout(500)
    assert tab.locator(".tabulator-cell.mend").count() == 0
    tab.locator(".tabulator-cell[tabulator-field=C]").nth(2).click()
    for text in ("260", "55"):
        tab.keyboard.type(text)
        tab.keyboard.press("Enter")
        tab.wait_for_selector(f".tabulator-cell.mend:has-text('{text}')")
    assert tab.locator(".tabulator-cell.mend").count() == 2


def test_a_block_of_2850_rows_is_pasted_and_taken_back(tab, server):
    counties = [(str(110100 + number + number // 99), f"甲{number}县", number) for number in range(2850)]
    dropped(tab, "全国.xlsx", book(counties))
    tab.locator(".tabulator-cell[tabulator-field=C]").nth(2).click()
    block = "\r\n".join(f'"{number},{number:03}"' for number in range(1, 2851)) + "\r\n"
    tab.context.grant_permissions(["clipboard-read", "clipboard-write"])
    tab.evaluate("text => navigator.clipboard.writeText(text)", block)
    started = time.perf_counter()
    tab.keyboard.press("Control+V")
    tab.wait_for_selector(".mends summary:has-text('2850')")
    tab.wait_for_selector(".tabulator-cell.mend:has-text('1001')")
    print(f"pasted and saved in {time.perf_counter() - started:.1f} s")
    tab.keyboard.press("Control+Z")
    tab.wait_for_selector(".mends", state="detached")


def test_tables_of_single_units_are_dropped_together_and_lead_to_the_collection(tab, server):
    rows = (("210702", "古塔区", 3), ("210703", "凌河区", 5))
    tab.set_input_files(
        "#file",
        [{"name": f"{row[1]}.xlsx", "mimeType": "application/octet-stream", "buffer": book([row])} for row in rows],
    )
    tab.get_by_role("button", name="汇总这批表").click()
    tab.wait_for_selector("form")
    held = tab.locator("form").evaluate(
        "form => [...form.querySelectorAll('input, select')].map((entry) => entry.value)"
    )
    assert "dated" in held and "收到的表" in held


def test_what_a_message_asks_is_answered_with_a_click(tab, server):
    made = openpyxl.Workbook()
    for title in ("甲表", "乙表"):
        sheet = made.create_sheet(title)
        for row in (("2017年落户人数表",), HEADS, ("210702", "古塔区", 3), ("210703", "凌河区", 4)):
            sheet.append(row)
    del made["Sheet"]
    out = io.BytesIO()
    made.save(out)
    dropped(tab, "两张.xlsx", out.getvalue())
    tab.locator("li.wrong .choices button", has_text="乙表").click()
    tab.wait_for_selector("section.wrong", state="detached")
    assert tab.locator(".data-bar select").input_value() == "乙表"


def test_whoever_only_looks_at_a_messy_table_reads_what_is_wrong_and_can_change_no_cell(tab, server):
    dropped(tab, "看.xlsx", book([("210702", "古塔区", "三百"), ("210703", "凌河区", 5)]))
    tab.get_by_role("link", name="只看").click()
    tab.wait_for_selector("li.wrong")
    tab.locator("li.wrong button.entry").click()
    tab.wait_for_selector(".cell-told strong:text-is('C3')")
    assert "三百" in tab.locator("li.wrong").inner_text()
    tab.keyboard.type("999")
    tab.keyboard.press("Enter")
    tab.keyboard.press("Delete")
    tab.locator(".tabulator-cell[tabulator-field=C]").nth(2).dblclick()
    assert tab.locator(".tabulator-cell input").count() == 0
    for view in ("settings", "awards", "take"):
        tab.locator(f"nav.views a[href$='/{view}']").click()
        tab.wait_for_selector("nav.views a[aria-current]")
        tab.wait_for_timeout(300)
        offered = "#view button:not(.figure), #view input:not([readonly]):not([disabled]), #view textarea, #view select"
        assert [element for element in tab.locator(offered).all() if element.is_visible()] == [], view
    tab.get_by_role("link", name="退出只看").click()
    assert server.ask("data.look", {"work": server.ask("desk.look")["works"][0]["id"]})["mends"] == []


def test_a_server_that_was_killed_and_started_again_finds_what_was_typed_meanwhile(tab, server):
    dropped(tab, "断.xlsx", book([("210702", "古塔区", 3), ("210703", "凌河区", 5)]))
    cell = tab.locator(".tabulator-cell[tabulator-field=C]").nth(2)
    cell.click()
    tab.keyboard.type("425")
    tab.reload()
    tab.locator(".unfinished").get_by_role("button", name="填进去").click()
    tab.wait_for_selector(".tabulator-cell.mend:has-text('425')")
    server.process.kill()
    server.process.wait(10)
    cell.click()
    tab.keyboard.type("77")
    tab.keyboard.press("Enter")
    tab.wait_for_selector(".problems:has-text('没有应答')")
    again = started(server.folder, "--port", str(urlsplit(server.address).port))
    try:
        tab.wait_for_selector(".problems", state="detached")
        tab.wait_for_selector(".tabulator-cell.mend:has-text('77')")
        work = again.ask("desk.look")["works"][0]["id"]
        until = time.monotonic() + 10
        while [mend["new"] for mend in again.ask("data.look", {"work": work})["mends"]] != ["77"]:
            assert time.monotonic() < until, "handed over when the server answers again"
    finally:
        again.process.terminate()
        again.process.wait(10)
