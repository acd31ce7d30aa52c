"""The page in its states: what one does to get there, once, for all tests and pictures that need them."""

from __future__ import annotations

import io
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import openpyxl
from page_server import REPOSITORY, Server
from small_case import CASE

from benchmarks.data import write_nation

STATIC = REPOSITORY / "allocation" / "page" / "static"
WIDE = {"width": 1366, "height": 768}
HEADS = ("行政区代码", "名称", "城市规模", "落户人数", "财政收入", "城镇化率（%）", "困难系数", "上年分配额")
MESSY = (
    ("2017年落户人数表",),
    HEADS,
    ("210702", "古塔区", "大城市", "三百", 30050.5, 85.2, 0.92, 200),
    ("210703", "凌河区", "大城市", 260, 41200, 88, 0.88, 300),
    ("210726", "黑山县", "小城市", 90, 15020.25, 41.5, 1.15, 150),
    ("210799", "无名县", "中等城市", 150, 22300, 52.25, 1.02, 250),
)


SCENARIO = '[scenario]\nzh = "多给些"\nen = "More"\n[[change]]\naddress = "pool"\nset = 1300\n'


def messy_book(settled: object) -> bytes:
    """A county table with a county that nobody knows, and with that many people settled in the first."""
    book = openpyxl.Workbook()
    for row in MESSY:
        book.active.append([settled if cell == "三百" else cell for cell in row])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


@dataclass(frozen=True)
class Desk:
    """A folder in which things are under way, and the works begun in it."""

    server: Server
    sound: str
    messy: str
    doubtful: str
    case: str

    def at(self, view: str, lang: str, look: bool = False) -> str:
        return f"{self.server.address}?lang={lang}{'&look=1' if look else ''}#/{view}"


TEMPLATE = "对方模板.xlsx"


def receiving_template() -> bytes:
    """A template of a receiving system (示例): two columns say what they take, two must be asked, and one row is of a
    unit that the issue does not have."""
    book = openpyxl.Workbook()
    for row in (
        ("资金导入表（示例）",), ("行政区代码", "名称", "资金类别", "下达数（元）"),
        ("210702", "古塔区"), ("210703", "凌河区"), ("210726", "黑山县"), ("210781", "凌海市"), ("999999", "外地"),
    ):  # fmt: skip
        book.active.append(row)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def issued(server: Server) -> None:
    """The final version that a mapping is read for."""
    asked = {"step": "run", "filled": {"model": ["reward"], "--stage": ["正式稿"], "--year": ["2017"]}}
    job = server.ask("week.start", {**asked, "signed": server.ask("week.signing", asked)["seal"]})
    while job["state"] in ("waiting", "running"):
        time.sleep(0.1)
        job = server.ask("job.look", {"job": job["id"]})
    assert job["state"] == "done", job


def furnished(server: Server) -> Desk:
    """A desk with a case, a sound table and a messy one, each begun, and a final version with a template for it."""
    server.hand(TEMPLATE, receiving_template())
    issued(server)
    (server.folder / "奖励.toml").write_text(CASE, encoding="utf-8")
    tables = [
        "inputs/reward.csv",
        server.hand("乱表.xlsx", messy_book("三百")),
        server.hand("存疑.xlsx", messy_book(180)),
    ]
    (server.folder / "多给些.toml").write_text(SCENARIO, encoding="utf-8")
    begun = [server.ask("desk.begin", {"model": "reward", "table": table}) for table in tables]
    begun.append(server.ask("desk.begin", {"model": "奖励.toml"}))
    return Desk(server, *(work["id"] for work in begun))


@dataclass(frozen=True)
class State:
    """`view`: an address behind # with {sound}, {messy} … for the works; `awaited`: what is there once it is
    drawn; `do`: what a person does then."""

    name: str
    view: str
    awaited: str
    do: Callable[..., object] | None = None
    look: bool = False

    def reach(self, tab, desk: Desk, lang: str) -> None:
        tab.goto("about:blank")
        tab.goto(desk.at(self.view.format_map(vars(desk)), lang, self.look))
        tab.wait_for_selector(self.awaited, state="attached")
        if self.do:
            self.do(tab)


def nation(folder: Path, count: int) -> tuple[str, list[str]]:
    """A table of hard data, and the settings with which bounds bind."""
    path = folder / f"nation{count}.csv"
    settings = write_nation(path, count)
    path.write_text("\ufeff2024年数据\n" + path.read_text(encoding="utf-8-sig"), encoding="utf-8")
    return path.name, settings


def drop(tab) -> None:
    tab.set_input_files("#file", {"name": "又一张.xlsx", "mimeType": "", "buffer": messy_book("三百")})
    tab.wait_for_selector("article.file")


def samples(tab) -> None:
    tab.locator("details.samples summary").click()
    tab.wait_for_selector("details.samples table")


def edit_cell(tab) -> None:
    tab.locator("li.wrong button.entry").first.click()
    tab.wait_for_selector(".cell-told strong")
    tab.keyboard.press("Enter")
    tab.wait_for_selector(".tabulator-cell input")


def resolve(tab) -> None:
    tab.locator("li.doubt summary").first.click()


def type_pool(tab) -> None:
    tab.evaluate("for (const more of document.querySelectorAll('.group details')) more.open = true")
    tab.locator(".entered input").first.fill("950")
    tab.wait_for_selector(".sign")


def save(tab) -> None:
    type_pool(tab)
    tab.wait_for_selector(".bar button.main:enabled")
    tab.locator(".bar button.main").click()
    tab.wait_for_selector("dialog[open]")


def compare(tab) -> None:
    tab.get_by_role("checkbox").first.check()
    tab.locator("form button.main").first.click()
    tab.wait_for_selector(".compared table")


def difference(tab) -> None:
    tab.locator(".aside form button").first.click()
    tab.wait_for_selector(".answer > *:not(.busy)")


def figures(tab) -> None:
    tab.locator("details.figures summary").click()


def run_job(tab) -> None:
    tab.locator("ul.taken button").first.click()
    tab.wait_for_selector(".job")


def finish_job(tab) -> None:
    run_job(tab)
    tab.wait_for_selector(".job.done, .job.refused", timeout=20_000)


def start_step(tab) -> None:
    tab.locator("form.step button.main").click()
    tab.wait_for_selector(".problems li, .job")
    time.sleep(0.3)


def read_mapping(tab) -> None:
    tab.locator("form.step button.main").click()
    tab.wait_for_selector("form.mapping", timeout=20_000)


def preview_mapping(tab) -> None:
    """All doubts settled: every choice is made by what it holds."""
    read_mapping(tab)
    for row, source in ((2, "text:"), (3, "figure:award")):
        choice = tab.locator("table.targets tbody tr").nth(row).locator("select").first
        choice.focus()
        choice.select_option(source)
    text = tab.locator("table.targets tbody tr").nth(2).locator("input").first
    text.fill("01")
    for box in tab.locator("form.mapping input[type=checkbox]").all():
        box.check()
    tab.locator("form.mapping button.main").focus()
    tab.keyboard.press("Enter")
    tab.wait_for_selector("table.preview", timeout=20_000)


def save_mapping(tab) -> None:
    preview_mapping(tab)
    tab.locator("#map-title").fill(f"对照表{time.monotonic_ns()}")
    tab.locator(".saving button.main").click()
    tab.wait_for_selector(".saving a")


STATES = (
    State("desk", "", "table.year"),
    State("desk-dropped", "", "table.year", drop),
    State("desk-samples", "", "table.year", samples),
    State("desk-looking", "", "table.year", look=True),
    State("work-gone", "works/none", ".problems"),
    State("data", "works/{sound}/data", "aside.marks > *"),
    State("data-problems", "works/{messy}/data", "li.wrong"),
    State("data-editing", "works/{messy}/data", "li.wrong", edit_cell),
    State("data-resolving", "works/{doubtful}/data", "li.doubt", resolve),
    State("data-case", "works/{case}/data", "aside.marks > *"),
    State("settings", "works/{case}/settings", "table.settings"),
    State("settings-saving", "works/{case}/settings", "table.settings", save),
    State("settings-missing", "works/{sound}/settings", ".group"),
    State("awards", "works/{case}/awards", ".paper td"),
    State("awards-typing", "works/{case}/awards", ".paper td", type_pool),
    State("awards-missing", "works/{sound}/awards", ".bar"),
    State("awards-doubtful", "works/{doubtful}/awards", ".bar"),
    State("awards-problems", "works/{messy}/awards", ".problems"),
    State("awards-looking", "works/{case}/awards", ".paper td", look=True),
    State("see", "works/{case}/see/awards", ".canvas canvas", figures),
    State("see-change", "works/{case}/see/change", ".picture"),
    State("see-shares", "works/{case}/see/shares", ".picture"),
    State("see-years", "works/{case}/see/years", ".picture"),
    State("see-map", "works/{case}/see/map", "#map_file"),
    State("ask", "works/{case}/ask", "form.asked"),
    State("ask-figure", "works/{case}/ask/210726", ".sentence", difference),
    State("compare", "works/{case}/compare", "form"),
    State("compare-done", "works/{case}/compare", "form", compare),
    State("take", "works/{case}/take", "ul.taken"),
    State("take-job", "works/{case}/take", "ul.taken", run_job),
    State("take-over", "works/{case}/take", "ul.taken", finish_job),
    State("week", "week", "form.step"),
    State("week-refused", "week/run", "form.step", start_step),
    State("mapping-doubts", f"week/import_map/?model=reward&received={TEMPLATE}", "form.step", read_mapping),
    State("mapping-preview", f"week/import_map/?model=reward&received={TEMPLATE}", "form.step", preview_mapping),
    State("mapping-saved", f"week/import_map/?model=reward&received={TEMPLATE}", "form.step", save_mapping),
)
