"""With the mouse alone: from a final version to the land bureau's template filled and what they show checked."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

import pytest
from openpyxl import load_workbook
from page_server import REPOSITORY

sys.path += [str(Path(__file__).parents[1] / folder) for folder in ("filling", "workbook")]
from made_up_templates import land_template  # noqa: E402

from allocation.run.finding import find  # noqa: E402

TEMPLATE = "国土模板.xlsx"


@pytest.fixture
def towns(monkeypatch) -> list[tuple[str, str]]:
    monkeypatch.chdir(REPOSITORY)
    table = find("land_quota", None, None).table
    return [(code.ljust(12, "0"), name) for code, name in zip(table.codes, table.names, strict=True)]


def step(tab, name: str) -> None:
    tab.get_by_role("link", name=name, exact=True).click()
    tab.get_by_role("heading", name=name).wait_for()


def test_a_template_is_read_its_doubts_settled_filled_and_what_is_shown_checked(tab, server, towns):
    for folder in ("models", "inputs"):
        shutil.copytree(REPOSITORY / folder, server.folder / folder, dirs_exist_ok=True)
    land_template(server.folder / TEMPLATE, towns)
    case = server.ask("drop.sample", {"sample": "land_quota"})["name"]
    tab.get_by_role("link", name="一周工作").click()
    step(tab, "测算与编稿")
    tab.locator("#entry-model").select_option(case)
    tab.locator("#entry-stage").select_option("正式稿")
    tab.get_by_role("button", name="开始").click()
    tab.get_by_role("dialog").get_by_role("button", name="编正式稿").click()
    tab.locator(".job.done").wait_for(timeout=120_000)

    step(tab, "读出对照表")
    tab.locator("#entry-received").select_option(TEMPLATE)
    tab.locator("#entry-model").select_option("land_quota")
    tab.get_by_role("button", name="读模板").click()
    tab.get_by_text("还有 4 处要选定").wait_for(timeout=120_000)
    tab.get_by_role("button", name="看填出来的样子").click()
    tab.locator(".problems li").first.wait_for()
    assert tab.locator(".problems li").count() == 4 and not (server.folder / "国土模板.toml").exists()
    sources = {"指标类型": "text:01", "指标/年度新增(公顷)": "figure:quota", "年度新增(亩)": "figure:quota"}
    for heading, source in (sources | {"指标/挂钩节余(公顷)": "figure:surplus_quota"}).items():
        tab.get_by_label(f"{heading}：填什么").select_option(source)
    tab.get_by_text("各栏都已选定").wait_for()
    tab.get_by_role("button", name="看填出来的样子").click()
    tab.locator("table.preview").wait_for()
    assert tab.locator("table.preview tbody tr").first.inner_text().split() == [
        "210702000000", "古塔区", "01", "2017", "10.9014", "0", "163.521"]  # fmt: skip
    tab.get_by_role("button", name="存为对照表").click()
    tab.get_by_role("link", name="用它填模板").click()
    tab.get_by_role("heading", name="填对方模板").wait_for()
    tab.get_by_role("button", name="开始").click()
    tab.locator(".job.done").wait_for(timeout=120_000)
    [filled] = (server.folder / "outputs" / "versions").glob("*国土模板*.xlsx")
    assert load_workbook(filled)["指标分解表"]["E6"].value == 10.9014

    shown = load_workbook(filled)
    shown["指标分解表"]["E7"].value += 1
    shown.save(server.folder / "对方导出.xlsx")
    step(tab, "核对对方显示")
    tab.locator("#entry-shown").select_option("对方导出.xlsx")
    tab.locator("#entry-model").select_option("land_quota")
    tab.locator("#entry-mapping").select_option("国土模板.toml")
    tab.get_by_role("button", name="开始").click()
    tab.locator(".job table tbody tr").first.wait_for(timeout=120_000)
    assert "数不同" in tab.locator(".job table").inner_text() and "凌河区" in tab.locator(".job table").inner_text()
