"""What only the bureau can know is never a default, and what law leaves to it is no draft's before it decides."""

from __future__ import annotations

import json
import shutil

import openpyxl
import pytest
from shipped import HOUSE
from worked import ROOT

import allocation as al

TABLE = "jinzhou_2017.xlsx"
OF_SEVERAL_YEARS = {"dynamic_fund": 2017, "urbanisation_monitor": 2016, "quota_book": 2017}  # a year of their tables


@pytest.fixture
def own(folder):
    """A table of one's own: the shipped one under another name."""
    shutil.copy(ROOT / "inputs" / TABLE, folder / "own.xlsx")
    return "infrastructure_subsidy --input own.xlsx"


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_an_own_table_without_the_pool_stops_and_is_told_every_way_to_give_it(allocation, folder, own, lang):
    told = allocation(f"run {own} --lang {lang}")
    assert told.code == 2 and not (folder / "outputs").exists()
    for way in ("--set pool=…", "model.run(pool=…)", "inputs/infrastructure_subsidy.toml"):
        assert way in told.err


def test_the_sample_runs_with_its_own_pool_and_says_so(allocation):
    told = allocation("run infrastructure_subsidy")
    assert told.code == 0 and "8,000" in told.out and "示例，只用于这张示例数据表" in told.out


def test_a_table_is_checked_without_the_pool(allocation, own):
    told = allocation(f"check {own}")
    assert told.code == 0 and "还没有给定：补助资金总额" in told.out


def test_what_is_lacking_is_said_with_all_else_that_is_wrong(allocation, own):
    told = allocation(f"run {own} --set nosuch=1 --decided wieght")
    assert told.code == 2 and all(one in told.err for one in ("nosuch", "wieght", "pool=…"))


def test_a_range_gives_the_pool(allocation, own):
    told = allocation(f"sweep {own} --grid pool=7000:8000:1000 --out s")
    assert told.code == 0, told.err


def test_figures_that_stand_for_now_are_shown_and_no_draft_for_approval_rests_on_them(allocation, folder, own):
    told = allocation(f"run {own} --set pool=8000 --stage 试算")
    assert told.code == 0 and "待定参数 5 项" in told.out and "暂按 60 % 测算，待定" in told.out
    (path,) = (folder / "outputs/versions").glob("*.xlsx")
    book = openpyxl.load_workbook(path, data_only=True)
    texts = [str(cell.value) for row in book["参数"].iter_rows() for cell in row]
    assert texts.count("暂按 60 % 测算，待定") == 1
    assert any("待定参数 5 项" in str(cell.value) for row in book["封面"].iter_rows() for cell in row)
    assert allocation(f"verify {path}").code == 0
    for stage in ("送审稿", "上会稿", "正式稿"):
        told = allocation(f"run {own} --set pool=8000 --stage {stage} --reason r")
        assert told.code == 2 and "--decided weight --decided highest_rate" in told.err
    told = allocation(f"run {own} --set pool=8000 --stage 送审稿 --reason r --decided weight --set highest_rate=60%")
    assert told.code == 0 and "待定" not in told.out


@pytest.fixture
def inputs(folder):
    """A folder of one's own with the settings of a sample and its table."""
    (folder / "inputs").mkdir()
    for ending in ("toml", "csv"):
        shutil.copy(ROOT / "inputs" / f"bond_limit.{ending}", folder / "inputs")
    return folder / "inputs"


def rewritten(path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8-sig")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


def test_a_table_called_as_the_model_beside_settings_for_another_table_has_no_settings(allocation, inputs):
    assert allocation("run bond_limit --out o").code == 0
    rewritten(inputs / "bond_limit.toml", '"bond_limit.csv"', '"other.csv"')
    told = allocation("run bond_limit")
    assert told.code == 2 and "--set pool=…" in told.err


def test_own_figures_that_stand_where_the_sample_s_did_are_not_lent_its_settings(allocation, inputs):
    rewritten(inputs / "bond_limit.csv", "示例", "")
    told = allocation("run bond_limit")
    assert told.code == 2 and "--set pool=…" in told.err


def test_the_sample_names_the_figures_it_gives_and_leaves_none_undecided(allocation):
    told = allocation("run infrastructure_subsidy")
    assert told.code == 0 and "只用于这张示例数据表）：补助资金总额" in told.out and "待定" not in told.out
    told = allocation("run infrastructure_subsidy --set pool=9000 --out o")
    assert told.code == 0 and "只用于这张示例数据表）：补助资金总额" not in told.out


@pytest.mark.parametrize("address", ["debt_balance", "debt_balance@210702", "pool#2019"])
def test_settings_that_are_no_figure_of_the_model_are_refused_with_their_place(allocation, inputs, address):
    rewritten(inputs / "bond_limit.toml", "[settings]", f'[settings]\n"{address}" = 1')
    told = allocation("run bond_limit")
    assert told.code == 2 and f"[settings] {address}" in told.err and "不是参数" in told.err


def test_a_name_that_nothing_open_goes_by_is_refused(allocation, own):
    told = allocation(f"run {own} --set pool=8000 --decided pool")
    assert told.code == 2 and "--decided" in told.err and "pool" in told.err


OPEN = "--set pool=8000 --out out"
PRODUCTS = {
    "compare": f"compare {{own}} both {OPEN}",
    "timeline": f"timeline {{own}} {OPEN}",
    "sweep": f"sweep {{own}} --range highest_rate=50%:60% --samples 2 {OPEN}",
    "decompose": "decompose {own} --base pool=8000 --set highest_rate=50% --out out",
    "run": f"run {{own}} {OPEN}",
}


def said_in(folder) -> str:
    """All texts of the workbooks written."""
    books = [openpyxl.load_workbook(path, data_only=True) for path in sorted((folder / "out").glob("*.xlsx"))]
    cells = (cell.value for book in books for sheet in book for row in sheet.iter_rows() for cell in row)
    return "\n".join(str(value) for value in cells if value is not None)


@pytest.mark.parametrize("product", PRODUCTS)
def test_what_only_stands_for_now_is_marked_and_listed_in_every_product_until_it_is_decided(
    allocation, folder, own, product
):
    (folder / "both.toml").write_text(
        '[scenario]\nzh = "五成"\n\n[[change]]\naddress = "highest_rate"\nset = "50%"\n', encoding="utf-8"
    )
    command = PRODUCTS[product].format(own=own).replace("both", "both.toml")
    told = allocation(command)
    assert told.code == 0, told.err
    texts = said_in(folder)
    for text in (told.out, texts):
        assert "（参数待定）" in text and "待定参数 5 项" in text and "暂按 60 % 测算，待定" in text
    for path in sorted((folder / "out").glob("*.xlsx")) if product not in ("sweep", "decompose") else ():
        assert allocation(f"verify {path}").code == 0
    told = allocation(f"{command} --decided weight --decided highest_rate")
    assert told.code == 0 and "待定" not in told.out + said_in(folder)


def test_the_manifest_and_the_csv_say_what_only_stands_for_now(allocation, folder, own):
    assert allocation(f"run {own} --set pool=8000 --decided weight").code == 0
    held = json.loads((folder / "outputs/infrastructure_subsidy.json").read_text(encoding="utf-8"))
    assert held["pending"] == {"highest_rate": "0.6"}
    rows = (folder / "outputs/infrastructure_subsidy.csv").read_text(encoding="utf-8-sig").splitlines()
    assert all("参数待定" in row for row in rows[1:])


LEAVES = {
    "notices": "notices {own} --set pool=8000",
    "an edition of no version": "run {own} --set pool=8000 --edition 送县",
    "an edition of a trial": "run {own} --set pool=8000 --stage 试算 --edition 公开",
    "a draft for approval": "run {own} --set pool=8000 --stage 送审稿",
    "a paper for the meeting": "run {own} --set pool=8000 --stage 上会稿",
}


@pytest.mark.parametrize("path", LEAVES)
def test_nothing_that_leaves_the_office_rests_on_what_only_stands_for_now(allocation, folder, own, path):
    command = LEAVES[path].format(own=own)
    told = allocation(command)
    assert told.code == 2 and "--decided weight --decided highest_rate" in told.err
    assert not (folder / "outputs").exists()
    assert allocation(f"{command} --decided weight --decided highest_rate").code == 0


def test_an_edition_of_a_trial_made_before_is_held_back_too(allocation, folder, own):
    command = f"run {own} --set pool=8000 --stage 试算"
    assert allocation(command).code == 0
    told = allocation(f"{command} --edition 送县")
    assert told.code == 2 and "待定" in told.err


def test_a_draft_for_comment_may_ask_about_what_only_stands_for_now_and_says_so(allocation, folder, own):
    told = allocation(f"run {own} --set pool=8000 --stage 征求意见稿 --edition 送县")
    assert told.code == 0, told.err
    (folder_of_counties,) = (folder / "outputs/versions").glob("*送县*")
    assert "参数待定" in folder_of_counties.name
    book = openpyxl.load_workbook(next(folder_of_counties.iterdir()))
    assert any("暂按模型的数测算" in str(cell.value) for sheet in book for row in sheet.iter_rows() for cell in row)


def scenario(folder, name: str, address: str, how: str) -> str:
    text = f'[scenario]\nzh = "{name}"\n\n[[change]]\naddress = "{address}"\n{how}\n'
    (folder / f"{name}.toml").write_text(text, encoding="utf-8")
    return f"{name}.toml"


def test_scenarios_that_all_give_the_pool_need_it_nowhere_else_and_the_baseline_says_what_it_stands_on(
    allocation, folder, own
):
    six, seven = scenario(folder, "六千", "pool", "set = 6000"), scenario(folder, "七千", "补助资金总额", "set = 7000")
    told = allocation(f"compare {own} {six} {seven} --out out")
    assert told.code == 0, told.err
    assert "基准没有给定的数，按第一个情景“六千”的取：补助资金总额" in told.out and "7,000" in told.out
    assert allocation("verify out/infrastructure_subsidy_compare.xlsx").code == 0


def test_only_the_scenarios_that_lack_the_pool_are_named_and_all_of_them(allocation, folder, own):
    six = scenario(folder, "六千", "pool", "set = 6000")
    others = [
        scenario(folder, "五成", "highest_rate", 'set = "50%"'),
        scenario(folder, "加一成", "pool", 'scale = "110%"'),
    ]
    told = allocation(f"compare {own} {six} {' '.join(others)}")
    assert told.code == 2 and all(f"{name}: 缺少" in told.err for name in others) and "六千" not in told.err
    told = allocation(f"compare {own} {' '.join(others)}")
    assert told.code == 2 and told.err.count("缺少") == 1


@pytest.mark.parametrize("target, code", [(900, 0), (90_000_000, 1)])
def test_what_is_sought_needs_no_figure_of_its_own_nor_a_range(allocation, own, target, code):
    told = allocation(f"seek {own} --vary pool --figure award@黑山县 --target {target}")
    assert told.code == code, told.err
    assert ("改动最小的是" in told.out) == (code == 0)


HEADS = "编码,名称,地区类别,当年落户人数,新增城镇常住人口,绩效评价得分,合格项目投资/市政道路桥梁"
ROWS = (
    "210702,甲区,市辖区,300,200,90,9000",
    "210703,乙区,市辖区,400,200,80,9000",
    "210711,丙区,市辖区,200,100,70,9000",
)


@pytest.fixture
def bare(folder):
    """A table without the hardship coefficient, other funds and last year's subsidy."""
    (folder / "bare.csv").write_text("\n".join((HEADS, *ROWS)), encoding="utf-8")
    return "infrastructure_subsidy --input bare.csv --year 2019 --set pool=5000"


@pytest.mark.parametrize("blank", ["", "-", "/"])
def test_a_column_that_moves_shares_is_never_taken_for_granted_where_nobody_gave_a_figure(
    allocation, folder, bare, blank
):
    rows = [f"{row},{blank}" for row in ROWS]
    (folder / "bare.csv").write_text("\n".join((f"{HEADS},困难程度系数", *rows)), encoding="utf-8")
    told = allocation(f"run {bare}")
    assert told.code == 2 and "--set hardship=1" in told.err and "困难程度系数" in told.err
    assert allocation(f"check {bare}").code == 0
    told = allocation(f"run {bare} --set 困难程度系数=1")
    assert told.code == 0, told.err


def test_one_county_without_the_coefficient_counts_as_the_model_says(allocation, folder, bare):
    rows = [f"{row},{value}" for row, value in zip(ROWS, ("1.1", "", "0.9"), strict=True)]
    (folder / "bare.csv").write_text("\n".join((f"{HEADS},困难程度系数", *rows)), encoding="utf-8")
    assert allocation(f"run {bare}").code == 0


def test_what_counts_for_figures_that_nobody_gave_is_told_on_terminal_cover_and_in_the_manifest(
    allocation, folder, bare
):
    told = allocation(f"run {bare} --set hardship=1")
    for text in ("其他已到位资金按 0 计", "供水排水"):
        assert text in told.out
    book = openpyxl.load_workbook(folder / "outputs/infrastructure_subsidy.xlsx")
    assert any("其他已到位资金按 0 计" in str(cell.value) for row in book["封面"].iter_rows() for cell in row)
    held = json.loads((folder / "outputs/infrastructure_subsidy.json").read_text(encoding="utf-8"))
    assert "other_funds" in held["blank"]["absent"] and "hardship" not in held["blank"]["absent"]
    assert allocation("verify outputs/infrastructure_subsidy.xlsx").code == 0


def test_a_range_or_a_scenario_gives_a_column_too(allocation, folder, bare):
    assert allocation(f"sweep {bare} --range hardship@each=0.8:1.2 --samples 2 --out s").code == 0
    one = scenario(folder, "一", "hardship", "set = 1")
    assert allocation(f"compare {bare} {one}").code == 0


def test_of_a_column_that_no_formula_comes_to_nothing_is_told(allocation, monkeypatch):
    monkeypatch.chdir(HOUSE)  # hardship is published, so what it would be worked out from counts for nothing
    told = allocation("check incentive_fund")
    assert told.code == 0 and "没有填这些数" not in told.text and "必保支出" not in told.text


def test_a_pool_of_nothing_is_tried_but_never_issued(allocation, folder, own):
    given = f"{own} --set pool=0"
    assert allocation(f"run {given}").code == 0
    told = allocation(f"run {given} --stage 征求意见稿 --out issued")
    assert told.code == 2 and "各地的分配额都是 0" in told.err and not (folder / "issued").exists()


@pytest.mark.parametrize(
    ("lang", "said"),
    [("zh", "为 110 %，应等于 100 %，相差 10 %"), ("en", "is 110 % and must be equal to 100 %; 10 % apart")],
)
def test_a_check_that_fails_says_the_figures_it_rests_on_and_both_sides(allocation, lang, said):
    told = allocation(f"run incentive_fund --set weight[settled]=70% --lang {lang}")
    line = next(line for line in told.out.splitlines() if "×" in line and "100" in line)
    assert told.code == 1 and "70%" in line and said in line


def test_a_check_of_plain_figures_names_each(allocation):
    told = allocation("run incentive_fund --set hardship_high=10%")
    line = next(line for line in told.out.splitlines() if "困难程度系数上限" in line)
    assert told.code == 1 and "为 0.1，应不小于困难程度系数下限 0.8，相差 0.7（保障压力权重 55%" in line


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("name", sorted(path.stem for path in (ROOT / "inputs").glob("*.toml")))
def test_a_sample_has_three_doubts_at_most_and_none_keeps_it_from_being_issued(name):
    run = al.load(name, year=OF_SEVERAL_YEARS.get(name)).run(reference=True).engine
    assert run.table.beside is not None
    assert len([doubt for doubt in run.doubts if doubt.kind != "policy"]) <= 3
    assert [*run.doubts.blocking(), *run.doubts.unsigned(True)] == []
