"""Every command that writes, in every form, with what is typed before it; the folder in which all of them can be."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from openpyxl import Workbook, load_workbook
from small_case import CASE
from small_imports import a_column, a_line, an_amount, mapping_toml

ROOT = Path(__file__).parent.parent.parent
SHARED = ROOT / "tests" / "cases" / "shared"
HEAD = "行政区代码,名称,城市规模,落户人数（人）,财政收入（万元）,城镇化率（%）,困难系数,上年分配额（万元）"
ROWS = (
    "210702,古塔区,大城市,180,30050.5,85.2,0.92,200",
    "210703,凌河区,大城市,260,41200,88,0.88,300",
    "210726,黑山县,小城市,90,15020.25,41.5,1.15,150",
    "210781,凌海市,中等城市,150,22300,52.25,1.02,250",
)
SCENARIO = '[scenario]\nzh = "二"\nen = "Two"\n\n[[change]]\naddress = "pool"\nset = 1100\n'
LAYOUT = mapping_toml(
    [a_column("code", "代码", "code"), an_amount("amount", "金额（元）")], [a_line("award")],
    {"headings": [2], "units": "code"}, files=["utf-8"],
)  # fmt: skip
RUN = "run reward --year 2017 --date 2017-08-20 --set pool=1000"
BEFORE = RUN.replace("1000", "900")
COLLECT = "collect reward returned --recipients recipients.csv"
CORRECT = "correct reward --year 2017 --date 2017-09-20 --set pool=1100 --reason 增加资金 --settle-year 2018"
SWEEP = "sweep reward --year 2017 --set pool=1000"
GRID = f"{SWEEP} --grid pool=900:1100:100"
FINAL = f"{RUN} --stage 正式稿"


@dataclass(frozen=True)
class Trial:
    """`command` where `before` were typed and `change` was done."""

    command: str
    before: tuple[str, ...] = ()
    change: Callable[[Path], None] = lambda folder: None


def _county_moved(folder: Path) -> None:
    path = folder / "returned" / "黑山县.csv"
    path.write_text(path.read_text("utf-8").replace(",90,", ",95,"), encoding="utf-8")


def _county_wrong(folder: Path) -> None:
    path = folder / "returned" / "黑山县.csv"
    path.write_text(path.read_text("utf-8").replace(",90,", ",很多,"), encoding="utf-8")


def _department_returned(folder: Path) -> None:
    """A return that fills in a unit of which the case has no figure."""
    book = load_workbook(folder / "有部门.xlsx")
    book["数据"]["D5"] = None
    book.save(folder / "有部门.xlsx")
    (folder / "公安.csv").write_text("2018年落户（公安局）\n名称,落户人数\n古塔区,180\n", encoding="utf-8")


def _version_lost(folder: Path) -> None:
    for path in (folder / "outputs" / "versions").glob("*.xlsx"):
        path.unlink()


def _template_moved(folder: Path) -> None:
    """The receiving system handed out another template."""
    book = load_workbook(folder / "示例模板.xlsx")
    book.active["E1"] = "新版"
    book.save(folder / "示例模板.xlsx")


def _register_lost(folder: Path) -> None:
    shutil.rmtree(folder / "outputs" / "versions" / "register")
    (folder / "outputs" / "versions" / "register.json").unlink()


def _without_caps(folder: Path) -> None:
    """A fund whose awards move in proportion to its pool."""
    path = folder / "models" / "reward.toml"
    text = path.read_text("utf-8").replace("down(cap_rate * last_award) if given(last_award) else up(pool)", "up(pool)")
    path.write_text(text, encoding="utf-8")


def _journal_lost(folder: Path) -> None:
    shutil.rmtree(folder / "outputs" / "journal")
    (folder / "outputs" / "journal.csv").unlink()


def _sweep_begun(folder: Path) -> None:
    """A part file of the sweep of `grid`, whose last record was cut off."""
    import contextlib
    import os
    import sys

    from allocation.lab import sweep_part

    def full(part, rows) -> None:
        raise KeyboardInterrupt

    child = os.fork()
    if not child:
        with contextlib.suppress(BaseException), contextlib.redirect_stderr(None):
            os.chdir(folder)
            sweep_part.PartFile.add = full
            sys.argv = ["allocation", *GRID.split()]
            from allocation.cli import main

            main()
        os._exit(0)
    os.waitpid(child, 0)


TRIALS = {
    "run": Trial(RUN),
    "run again": Trial(RUN, (BEFORE,)),
    "run float": Trial(f"{RUN} --float --layout 呈批 --paper A3", (BEFORE,)),
    "run to a file": Trial(f"{RUN} --out 结果/测算.xlsx --lang en"),
    "stage": Trial(f"{RUN} --stage 试算"),
    "stage again": Trial(f"{RUN} --stage 征求意见稿 --reason 改", (f"{BEFORE} --stage 试算",)),
    "stage with editions": Trial(
        f"{RUN} --stage 试算 --reason 改 --edition 送县 --edition 公开", (f"{BEFORE} --stage 试算 --edition 送县",)
    ),
    "final": Trial(f"{FINAL} --reason 定 --edition 内部 --edition 公开", (f"{BEFORE} --stage 送审稿",)),
    "editions of a version": Trial(f"{FINAL} --edition 送县 --edition 公开", (FINAL,)),
    "lost version": Trial(f"{RUN} --stage 试算", (f"{RUN} --stage 试算",), _version_lost),
    "lost journal": Trial(f"{RUN} --stage 试算", (f"{RUN} --stage 试算",), _journal_lost),
    "stage of a review": Trial(f"{RUN} --stage 送审稿 --reason 改", (f"{BEFORE} --stage 试算",)),
    "stage of a meeting": Trial(f"{RUN} --stage 上会稿"),
    "edition 土地": Trial("run land_quota --edition 土地"),
    "edition 内部": Trial(f"{RUN} --edition 内部", (BEFORE,)),
    "edition 送县": Trial(f"{RUN} --edition 送县 --edition 公开 --lang en", (f"{BEFORE} --edition 送县 --lang en",)),
    "correct": Trial(f"{CORRECT} --edition 送县", (FINAL,)),
    "fill": Trial("fill reward --template 示例模板.xlsx --mapping 对方.toml", (FINAL,)),
    "import-map": Trial("import-map 示例模板.xlsx reward --leave-rows --column C=分配额 --to 新.toml", (FINAL,)),
    "fill again": Trial("fill reward --template 示例模板.xlsx --mapping 对方.toml --lang en", (
        FINAL, "fill reward --template 示例模板.xlsx --mapping 对方.toml --lang en"), _template_moved),
    "rebuild": Trial("versions --rebuild", (f"{BEFORE} --stage 试算", f"{FINAL} --reason 定"), _register_lost),
    "notices": Trial("notices reward --year 2017 --date 2017-08-20 --set pool=1000"),
    "notices again": Trial(
        "notices reward --year 2017 --date 2017-08-20 --set pool=1000 --lang en",
        ("notices reward --year 2017 --date 2017-08-20 --set pool=900 --lang en",),
    ),
    "notices of a correction": Trial(
        "notices reward --year 2017 --date 2017-09-20 --set pool=1100 --correction --settle-year 2018", (FINAL, CORRECT)
    ),
    "collect": Trial(f"{COLLECT} --date 2018-03-01"),
    "collect again": Trial(f"{COLLECT} --date 2018-03-05", (f"{COLLECT} --date 2018-03-01",), _county_moved),
    "collect what is right": Trial(f"{COLLECT} --date 2018-03-01 --partial", (), _county_wrong),
    "collect over a version": Trial(
        f"{COLLECT} --date 2018-03-05",
        (f"{COLLECT} --date 2018-03-01", f"{RUN} --input outputs/reward_collected.xlsx --stage 试算"),
        _county_moved,
    ),
    "new": Trial("new reward --year 2018 --out 底稿.xlsx"),
    "seek on a case": Trial("seek 奖励.toml --vary pool --figure highest(award) --target 300 --low 900 --high 2000"),
    "design on a case": Trial("design 奖励.toml --range pool=900:1000:50 --minimise highest(award)/lowest(award)"),
    "export of a case": Trial("export 奖励.toml --out 奖励新.toml"),
    "form of a department": Trial("new supplied --for 公安局 --year 2018 --input inputs/reward.csv --out 公安.xlsx"),
    "merge of a return": Trial("merge 有部门.xlsx 公安.csv --out 新.xlsx", (
        "new supplied --input inputs/reward.csv --year 2018 --out 有部门.xlsx",), _department_returned),
    "funds of a year": Trial("funds outputs --year 2017 --to 各项.xlsx", (FINAL,)),
    "sum of a year": Trial("versions reward --year 2017 --sum --to 汇总.xlsx", (FINAL,)),
    "rerun": Trial("rerun outputs/reward.xlsx --input inputs --input models --out 再算", (RUN,)),
    "template": Trial("template reward"),
    "template with example": Trial("template reward --example --out 表/填报表.xlsx --lang en"),
    "form ledger": Trial("template reward --form ledger"),
    "form receipts": Trial("template reward --form receipts"),
    "form adjustments": Trial("template reward --form adjustments"),
    "form findings": Trial("template reward --form findings"),
    "form sources": Trial("template reward --form sources"),
    "form advance": Trial("template reward --form advance"),
    "form notice": Trial("template reward --form notice"),
    "scenario template": Trial("scenario template reward"),
    "sweep": Trial(f"{SWEEP} --range settled@黑山县=80:120 --samples 8"),
    "sweep on": Trial(f"{GRID} --resume", (), _sweep_begun),
    "sweep grid": Trial(f"{GRID} --exact", (f"{SWEEP} --grid pool=800:900:100",)),
    "compare": Trial("compare reward two.toml --set pool=1000", ("compare reward two.toml --set pool=900",)),
    "run shares": Trial("run reward --shares --set floor_rate=0", ("run reward --set pool=900",), _without_caps),
    "compare pools": Trial("compare reward --pools 900,1000", ("compare reward --pools 900,950",)),
    "compare data": Trial("compare reward --data inputs/reward.csv new.csv"),
    "decompose": Trial("decompose reward --float --set pool=1000 --set floor_rate=55% --out 分解/分解.xlsx"),
    "confirm": Trial("confirm reward --year 2017 --date 2017-08-20"),
    "confirm again": Trial("confirm reward --year 2017 --date 2017-08-21", ("confirm reward --year 2017",)),
    "timeline": Trial("timeline dynamic_fund"),
    "evaluate": Trial("evaluate --input inputs/urbanisation_monitor.csv --year 2017 --date 2018-08-20 --edition 公开"),
}  # fmt: skip


def furnished(folder: Path) -> Path:
    """The folder with models, tables, a scenario and what the counties returned."""
    shutil.copytree(SHARED, folder)
    shutil.copy(ROOT / "inputs" / "jinzhou_2017.xlsx", folder / "inputs")
    for name in ("dynamic_fund", "land_quota", "urbanisation_monitor"):
        shutil.copy(ROOT / "models" / f"{name}.toml", folder / "models")
        for path in (ROOT / "inputs").glob(f"{name}.*"):
            shutil.copy(path, folder / "inputs")
    (folder / "returned").mkdir()
    for row in ROWS:
        name = row.split(",")[1]
        (folder / "returned" / f"{name}.csv").write_text(f"2017年落户奖励\n{HEAD}\n{row}\n", encoding="utf-8")
    (folder / "recipients.csv").write_text(
        "代码,名称\n" + "".join(",".join(row.split(",")[:2]) + "\n" for row in ROWS), encoding="utf-8"
    )
    table = (folder / "inputs" / "reward.csv").read_text("utf-8-sig")
    (folder / "new.csv").write_text(table.replace(",90,", ",95,").replace(",680,", ",685,"), encoding="utf-8")
    text = (folder / "models" / "reward.toml").read_text("utf-8")
    supplier = '[[department]]\nname = "police"\nzh = "公安局"\nen = "Police"\n\n[[input]]'
    text = text.replace("[[input]]", supplier, 1).replace(
        'name = "settled"\n', 'name = "settled"\ndepartment = "police"\n', 1
    )
    (folder / "models" / "supplied.toml").write_text(text, encoding="utf-8")
    (folder / "two.toml").write_text(SCENARIO, encoding="utf-8")
    (folder / "奖励.toml").write_text(CASE, encoding="utf-8")
    (folder / "对方.toml").write_text(LAYOUT, encoding="utf-8")
    book = Workbook()
    for row in (("示例",), ("代码", "名称", "金额（元）"), *((*row.split(",")[:2], None) for row in ROWS)):
        book.active.append(row)
    book.save(folder / "示例模板.xlsx")
    return folder
