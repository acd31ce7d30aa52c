"""Import files: what staff send to another bureau's system adds up to the award, and is laid out as they say."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import openpyxl
import pytest
from shipped import sample_model
from small_imports import MAPPING, MODEL, csv_rows, mapped, small

from allocation.case import Facts, batch_of
from allocation.errors import AllocationError
from allocation.files.text_out import new_book
from allocation.policy.loading import model_from_text
from allocation.run.run import Run, run_model
from allocation.tables.reading import read_table
from allocation.xlsx.import_mapping import load_mapping
from allocation.xlsx.importing import find_mapping, import_table, write_import, write_import_csv
from allocation.xlsx.layout import Layout
from allocation.xlsx.plan import make_plan
from allocation.xlsx.styles import Styles

ROOT = Path(__file__).parents[2]
SHIPPED = {
    "land_quota": "建设用地指标", "incentive_fund@2017": "市民化奖励资金", "infrastructure_subsidy": "基础设施补助",
}  # fmt: skip


def shipped(name: str) -> Run:
    model = sample_model(name)
    return run_model(model, read_table(ROOT / "inputs" / "jinzhou_2017.xlsx", model, sheet=SHIPPED[name]))


@pytest.fixture(scope="module")
def runs() -> dict[str, Run]:
    return {name: shipped(name) for name in SHIPPED}


def sheet_of(run: Run, path: Path, mapping=None, lang: str = "zh"):
    """Sheet 导入表 alone, read back twice: stored values, and formulas."""
    book = new_book(path, lang)
    plan = make_plan(run, Layout(run.model, len(run.table), lang))
    write_import(book.add_worksheet(plan.layout.names["import"]), run, plan, Styles(book), mapping)
    book.close()
    return openpyxl.load_workbook(path, data_only=True).active, openpyxl.load_workbook(path).active


@pytest.mark.parametrize(
    ("name", "column", "times"),
    [
        ("land_quota", "公顷", 1),
        ("incentive_fund@2017", "金额（元）", 10**4),
        ("infrastructure_subsidy", "金额（元）", 10**4),
    ],
)
def test_the_shipped_files_add_up_to_the_award_of_every_county_exactly(runs, tmp_path, name, column, times):
    run = runs[name]
    rows = csv_rows(run, tmp_path, find_mapping(run.model, ROOT / "models"))
    rows = [row for row in rows if row.get("指标类型", "年度新增") == "年度新增"]
    for code, award in zip(run.table.codes, run.figures(run.model.award), strict=True):
        assert sum(Fraction(row[column]) for row in rows if row["行政区代码"] == code) == award * times
    assert sum(Fraction(row[column]) for row in rows) == run.total(run.model.award) * times > 0


def test_the_land_file_has_the_columns_of_the_notice_with_mu_fifteen_times_hectares(runs, tmp_path):
    run = runs["land_quota"]
    rows = csv_rows(run, tmp_path, find_mapping(run.model, ROOT / "models"))
    assert list(rows[0]) == ["年度", "行政区代码", "名称", "指标类型", "批次文号", "用途", "公顷", "亩", "其中农用地",
                             "其中耕地", "状态"]  # fmt: skip
    assert all(Fraction(row["亩"]) == 15 * Fraction(row["公顷"]) for row in rows)
    assert all(len(row["公顷"].partition(".")[2]) == 4 for row in rows)
    assert {row["指标类型"] for row in rows} == {"年度新增", "增减挂钩节余", "存量"}
    assert {row["批次文号"] for row in rows} == {row["其中耕地"] for row in rows} == {""}


def test_ledgers_kept_apart_hold_the_surplus_and_the_stock_but_do_not_count_in_the_quota(runs, tmp_path):
    run = runs["land_quota"]
    rows = csv_rows(run, tmp_path, find_mapping(run.model, ROOT / "models"))
    for kind, column in (("增减挂钩节余", "surplus_quota"), ("存量", "stock_used")):
        assert sum(Fraction(row["公顷"]) for row in rows if row["指标类型"] == kind) == run.total(column) > 0


def test_the_finance_file_has_yuan_with_two_decimals_and_only_the_one_code_that_was_seen(runs, tmp_path):
    run = runs["incentive_fund@2017"]
    rows = csv_rows(run, tmp_path, find_mapping(run.model, ROOT / "models"))
    assert all(row["金额（元）"].endswith("0000.00") for row in rows)
    assert {row["收入科目编码"] for row in rows} == {"1100202"}
    blank = ("支出科目编码", "文号", "批次")
    assert {row[column] for row in rows for column in blank} == {""}
    run = runs["infrastructure_subsidy"]
    rows = csv_rows(run, tmp_path, find_mapping(run.model, ROOT / "models"))
    assert {row[column] for row in rows for column in ("收入科目编码", *blank)} == {""}


def test_the_mapping_is_found_by_the_model_name_before_the_year_and_may_be_absent(runs, tmp_path):
    model = runs["incentive_fund@2017"].model
    assert find_mapping(model, ROOT / "models").file == "imports/incentive_fund.toml"
    assert find_mapping(model, tmp_path) is None


def test_a_model_without_a_mapping_gives_year_code_name_and_award_in_its_unit(tmp_path):
    rows = csv_rows(small(), tmp_path)
    assert rows[2] == {"年度": "2017", "行政区代码": "03", "名称": "03", "补助额（万元）": "5.71"}


def test_the_csv_opens_in_excel_with_bom_crlf_and_codes_that_keep_their_zeros(tmp_path):
    path = tmp_path / "import.csv"
    write_import_csv(small(), path)
    data = path.read_bytes()
    assert data.startswith(b"\xef\xbb\xbf") and data.count(b"\r\n") == data.count(b"\n") == 4
    assert b"2017,01,01,1.43\r\n" in data


def test_an_unknown_figure_is_blank_and_a_known_zero_is_zero(tmp_path):
    rows = csv_rows(small(), tmp_path, mapped(MAPPING))
    assert [row["其中已知"] for row in rows] == ["", "", "0.00", "", "5000.00", ""]
    values, formulas = sheet_of(small(), tmp_path / "import.xlsx", mapped(MAPPING))
    assert [values.cell(row, 4).value or None for row in (2, 4, 6)] == [None, None, 5000]
    assert values["D4"].value == 0 and formulas["D3"].value is None
    assert formulas["D2"].value.startswith("=IF(核对!$C$5=0,IF(数据!") and '="",""' in formulas["D2"].value


def test_lines_without_an_amount_are_left_out_only_when_the_mapping_says_so(tmp_path):
    run = small(people=(0, 1, 1), known=(None, Fraction(0), Fraction(1)))
    assert [row["代码"] for row in csv_rows(run, tmp_path, mapped(MAPPING))] == ["01", "01", "02", "02", "03", "03"]
    skipping = mapped(MAPPING.replace('award = "award"', 'award = "award"\nskip_zero = true'))
    assert [row["代码"] for row in csv_rows(run, tmp_path, skipping)] == ["02", "02", "03", "03"]
    values, _ = sheet_of(run, tmp_path / "import.xlsx", skipping)
    assert values.max_row == 7  # a live sheet keeps them: an edited figure may fill them


def test_a_line_whose_amount_is_unknown_is_kept_blank_where_zero_lines_are_left_out(tmp_path):
    line = '[[line]]\nname = "known"\nfigure = "known"\ntexts = { use = "另账" }\napart = true\n'
    text = MAPPING.replace("[[column]]", line + "[[column]]", 1)
    skipping = mapped(text.replace('award = "award"', 'award = "award"\nskip_zero = true'))
    rows = [row for row in csv_rows(small(), tmp_path, skipping) if row["用途"] == "另账"]
    assert [(row["代码"], row["金额"]) for row in rows] == [("01", ""), ("03", "5000.00")]


def test_the_sheet_is_flat_live_and_ready_to_filter(tmp_path):
    values, formulas = sheet_of(small(), tmp_path / "import.xlsx", mapped(MAPPING))
    assert [cell.value for cell in values[1]] == ["代码", "用途", "金额", "其中已知"]
    assert values.freeze_panes == "A2" and values.auto_filter.ref == "A1:D7" and not values.merged_cells.ranges
    assert values["A2"].value == "01" and values["A2"].number_format == "@"
    assert formulas["C2"].value == "=IF(核对!$C$5=0,ROUND(测算!$E7*10000,2),NA())"
    assert values["C2"].value == 4800 and values["C2"].number_format == "0.00"
    english, _ = sheet_of(small(), tmp_path / "en.xlsx", mapped(MAPPING), "en")
    assert [cell.value for cell in english[1]] == ["Code", "Use", "Amount", "Known"]


def test_a_converted_column_in_the_sheet_reads_the_rounded_figure_beside_it(runs, tmp_path):
    run = runs["land_quota"]
    values, formulas = sheet_of(run, tmp_path / "import.xlsx", find_mapping(run.model, ROOT / "models"))
    assert formulas["H2"].value == '=IF(G2="","",ROUND(G2*15,4))'
    assert values["H2"].value == pytest.approx(15 * values["G2"].value)
    assert formulas["E2"].protection.locked is False  # the document number is for staff to fill


def test_a_sheet_beyond_the_budget_of_formulas_holds_values(tmp_path, monkeypatch):
    monkeypatch.setattr("allocation.readings.excel_effort.BUDGET", 0)
    _, formulas = sheet_of(small(), tmp_path / "import.xlsx", mapped(MAPPING))
    assert formulas["C2"].value == 4800


def test_staff_may_rename_reorder_remove_and_change_the_unit(tmp_path):
    head, code, _, yuan, known = MAPPING.split("[[column]]")
    thousands = yuan.replace('"金额"', '"下达数（千元）"').replace('"元"', '"千元"').replace("= 2", "= 3")
    run, path = small(), tmp_path / "mine.toml"
    path.write_text("[[column]]".join((head, known, thousands, code)), encoding="utf-8")
    rows = csv_rows(run, tmp_path, load_mapping(path, run.model))
    assert list(rows[0]) == ["其中已知", "下达数（千元）", "代码"]
    assert rows[0]["下达数（千元）"] == "4.800"
    assert sum(Fraction(row["下达数（千元）"]) for row in rows) == 100


def test_figures_that_lose_their_last_places_refuse_to_be_written(tmp_path):
    coarse = mapped(MAPPING.replace('unit = "元"\ndecimals = 2', 'unit = "万元"\ndecimals = 1', 1))
    path = tmp_path / "import.csv"
    with pytest.raises(AllocationError) as caught:
        write_import_csv(small(), path, coarse)
    assert "“金额”各行合计 10.1，分配合计 10，相差 0.1（单位：万元）" in caught.value.text("zh")
    assert "add up to 10.1, the awards to 10 (unit: 10,000 yuan), a gap of 0.1" in caught.value.text("en")
    assert not path.exists()


def test_a_line_left_out_or_counted_twice_is_refused_with_the_counties(tmp_path):
    without = MAPPING.replace('[[line]]\nname = "water"\nfigure = "water"\ntexts = { use = "供水" }\n', "")
    for text in (without, MAPPING.replace('figure = "water"', 'figure = "award"')):
        with pytest.raises(AllocationError) as caught:
            import_table(small(), mapped(text))
        assert "01、02、03" in caught.value.text("zh") and "01, 02, 03" in caught.value.text("en")


def test_differences_that_cancel_between_counties_are_still_refused():
    crossed = small()
    periods = dict(crossed.periods[-1])
    roads = periods["roads"].data.copy()
    roads[..., 0] += 1
    roads[..., 1] -= 1
    periods["roads"] = replace(periods["roads"], figures=roads)
    object.__setattr__(crossed, "periods", (periods,))
    with pytest.raises(AllocationError) as caught:
        import_table(crossed, mapped(MAPPING))
    assert "相差 0" in caught.value.text("zh") and "01、02。" in caught.value.text("zh")


def test_a_float_run_is_written_like_the_exact_one(tmp_path):
    sums = MODEL.replace("largest_remainder(pool, share(pool, people), to = 0.01)", "people / 10 + 0.2")  # 0.30…04
    exact = run_model(model_from_text(sums.replace('"人"', '"万元"'), "small.toml"), small((1, 2, 7)).table)
    floats = run_model(exact.model, exact.table, exact=False)
    assert exact.total("award") != floats.total("award")
    assert csv_rows(floats, tmp_path, mapped(MAPPING)) == csv_rows(exact, tmp_path, mapped(MAPPING))


def test_number_batch_and_fund_of_the_case_stand_in_the_file(runs):
    facts = Facts(fund="奖励资金（2024年）", number="锦财指〔2024〕8号", batch=batch_of("追加 第2批"))
    run = replace(runs["incentive_fund@2017"], facts=facts)
    mapping = find_mapping(run.model, ROOT / "models")
    table = import_table(run, mapping)
    row = dict(zip((column.name for column in table.columns), table.rows[0], strict=True))
    said = [row[name].value for name in ("fund", "document", "batch", "expenditure_code")]
    assert said == [facts.fund, facts.number, "追加（第2批）", ""]
    plain = import_table(runs["incentive_fund@2017"], mapping)
    assert plain.rows[0][3].value == "农业转移人口市民化奖励资金"  # without a case: the mapping's own text
