"""The week as a person sees it in Chromium: returns collected, who is missing, a version issued, and verified."""

from __future__ import annotations

from page_states import messy_book
from small_case import CASE


def step(tab, name: str) -> None:
    tab.get_by_role("link", name=name).click()
    tab.get_by_role("heading", name=name).wait_for()


def test_returns_are_collected_a_version_is_issued_and_verified(tab, server):
    table = (server.folder / "inputs" / "reward.csv").read_text(encoding="utf-8-sig").splitlines()
    counties = [line for line in table[1:] if line[:1].isdigit()]
    (server.folder / "收表").mkdir()
    text = "\n".join([table[0], counties[0]]) + "\n"
    (server.folder / "收表" / "一.csv").write_text(text, encoding="utf-8")
    (server.folder / "奖励.toml").write_text(CASE, encoding="utf-8")

    tab.get_by_role("link", name="一周工作").click()
    step(tab, "汇总来表")
    tab.locator("form.step").get_by_role("button", name="开始").click()
    tab.locator(".problems li").wait_for()  # the model was not filled in
    tab.locator("#entry-model").select_option("reward")
    tab.locator("#entry-folder").select_option("收表")
    tab.locator("#entry-year").fill("2017")
    tab.locator("#entry-recipients").select_option("inputs/recipients_reward.csv")
    tab.get_by_role("button", name="开始").click()
    tab.locator(".job.refused").wait_for(timeout=15_000)  # some have not returned
    assert tab.locator(".job table tbody tr").count() and not tab.locator(".job pre", has_text="────").count()
    told = tab.locator(".job").inner_text()
    assert counties[1].split(",")[1] in told and "reward_collected.xlsx" in told

    step(tab, "测算与编稿")
    tab.locator("#entry-model").select_option("奖励.toml")
    tab.locator("#entry-stage").select_option("正式稿")
    tab.get_by_role("button", name="开始").click()
    tab.get_by_role("dialog").get_by_role("button", name="编正式稿").click()
    tab.locator(".job.done").wait_for(timeout=15_000)
    issued = tab.locator(".products a").first
    with tab.expect_download() as taken:
        issued.click()
    assert taken.value.suggested_filename.endswith(".xlsx")
    book = next(name for name in tab.locator(".products a").all_inner_texts() if name.endswith(".xlsx"))

    tab.get_by_role("link", name="今年的事").click()
    tab.set_input_files("#file", str(server.folder / book))
    tab.get_by_role("button", name="验证").click()
    tab.get_by_role("heading", name="验证工作簿").wait_for()
    assert tab.locator("#entry-workbook").input_value() == book
    tab.get_by_role("button", name="开始").click()
    tab.locator(".job.done").wait_for(timeout=15_000)

    tab.get_by_role("link", name="今年的事").click()
    assert "正式稿" in tab.locator("table.year tbody tr").first.inner_text()
    tab.get_by_role("link", name="打开").first.click()
    tab.get_by_role("link", name="今年的事").click()
    work = tab.locator("ul.works li")
    work.get_by_role("button", name="移出").click()
    assert "改过" in work.inner_text() and "没有存入底稿" in work.inner_text()
    work.get_by_role("button", name="移出", exact=True).click()
    tab.get_by_text("还没有。拖进一个文件就开始。").wait_for()
    tab.get_by_role("link", name="只看").click()
    tab.locator("table.year").wait_for()
    assert tab.locator(".drop").is_hidden() and not tab.get_by_role("button", name="呈批").first.is_visible()


def test_a_setting_and_a_unit_are_chosen_by_what_they_are_called(tab):
    tab.get_by_role("link", name="一周工作").click()
    step(tab, "说明一个数")
    tab.locator("#entry-model").select_option("reward")
    tab.locator("#entry-county-named").select_option(label="黑山县")
    assert tab.locator("#entry-county").input_value() == "210726"
    tab.locator("#entry-column-named").select_option(label="分配额")
    tab.get_by_role("button", name="开始").click()
    tab.locator(".job.done").wait_for(timeout=30_000)
    assert "黑山县" in tab.locator(".job").inner_text()


def test_a_figure_of_one_unit_is_chosen_and_so_is_a_doubt(tab, server):
    table = server.hand("存疑.xlsx", messy_book(180))
    tab.get_by_role("link", name="一周工作").click()
    step(tab, "求参数")
    tab.locator("#entry-model").select_option("reward")
    tab.locator("#entry-figure-named").select_option(label="分配额")
    tab.locator("#entry-figure-unit").select_option(label="古塔区")
    tab.locator("#entry-figure-unit").select_option(label="黑山县")
    assert tab.locator("#entry-figure").input_value() == "award@210726"
    step(tab, "检查")
    tab.locator("#entry-model").select_option("reward")
    tab.locator("#entry-input").select_option(table)
    tab.locator("details summary").click()
    tab.locator("#entry-resolve-named").wait_for()
    tab.locator("#entry-resolve-named").select_option(index=1)
    assert tab.locator("#entry-resolve").input_value().endswith("=")
