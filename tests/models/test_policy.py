"""docs/policy.md and docs/zh/policy.md: every item of the notice has a row, every column a place in the paper named.

Each model of a row is run on its shipped figures, and each of its columns is found in a sheet or report that the row
names. Below, a test of the same number for every item that asks for figures.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from functools import cache
from pathlib import Path

import openpyxl
import pytest
from shipped import sample_table
from worked import ROOT, model_of, shipped

from allocation.documents.evaluate import write_report
from allocation.documents.evaluation import EvaluationReport
from allocation.record.record import PAPERS, Record
from allocation.run.run import run_model
from allocation.tables.reading import read_table
from allocation.xlsx.evaluation import write_evaluation
from allocation.xlsx.timeline import write_timeline
from allocation.xlsx.writer import write_workbook
from allocation.years.evaluation.loading import evaluation_path, load_evaluation
from allocation.years.timeline import read_years, timeline

NUMERALS = ("一", "二", "三", "四", "五", "六", "七", "八", "九", "十")
ITEMS = [*NUMERALS, *(f"十{numeral}" for numeral in NUMERALS[:9]), "二十"]
PAGES = {"en": ROOT / "docs" / "policy.md", "zh": ROOT / "docs" / "zh" / "policy.md"}
ITEM, ASKED, MODEL, GIVEN, COLUMNS, PAPER = range(6)
NOTHING = "—"
REPORT = "评估报告"
TOLD = ("评估", REPORT)
SHIPPED = {path.stem for path in (ROOT / "models").glob("*.toml")}


def rows_of(lang: str) -> list[list[str]]:
    """The rows of the first table; brackets as in English."""
    text = PAGES[lang].read_text(encoding="utf-8").replace("（", "(").replace("）", ")")
    lines = text[: text.index("\n## ", text.index("| (一)"))].splitlines()
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines if line.startswith("| (")]


ROWS = rows_of("zh")
FIGURES = [row for row in ROWS if row[COLUMNS] != NOTHING]


def item_of(row: list[str]) -> str:
    return re.match(r"\((\w+)\)", row[ITEM])[1]


def in_backticks(cell: str) -> list[str]:
    return re.findall(r"`([^`]+)`", cell)


def papers_of(row: list[str]) -> list[str]:
    return re.split(r"[、,]\s*", row[PAPER])


def models_of(row: list[str]) -> list[str]:
    return [name for name in in_backticks(row[MODEL]) if name in SHIPPED]


def plain(text: object) -> str:
    return re.sub(r"\s", "", unicodedata.normalize("NFKC", str(text)))


def texts_of_book(path: Path) -> dict[str, set[str]]:
    book = openpyxl.load_workbook(path, read_only=True, data_only=True)
    return {
        sheet.title: {plain(cell) for row in sheet.iter_rows(values_only=True) for cell in row if isinstance(cell, str)}
        for sheet in book
    }


@pytest.fixture(scope="module")
def papers(tmp_path_factory):
    """papers(model): the texts of each sheet and report that are written of it on its shipped figures."""
    folder = tmp_path_factory.mktemp("papers")

    @cache
    def written(name: str) -> Mapping[str, set[str]]:
        model, path = model_of(name), folder / f"{name}.xlsx"
        if not model.years:
            table = read_table(sample_table(name), model)  # by reference: one model is younger than its sample
            write_workbook(run_model(model, table, reference=True), path, "zh", Record("run", papers=PAPERS))
            return texts_of_book(path)
        found = timeline(model, [table for table in read_years([sample_table(name)], model) if table.year <= 2018])
        write_timeline(found, path, "zh")
        texts = texts_of_book(path)
        if (ROOT / "models" / "evaluations" / f"{name}.toml").exists():
            evaluation = load_evaluation(evaluation_path(name), model)
            write_evaluation(found, evaluation, folder / "evaluated.xlsx", "zh")
            write_report(EvaluationReport(found, evaluation, "zh"), folder / "report.docx")
            texts |= {**texts_of_book(folder / "evaluated.xlsx"), REPORT: texts_of_report(folder / "report.docx")}
        return texts

    return written


def texts_of_report(path: Path) -> set[str]:
    import docx

    document = docx.Document(str(path))
    cells = [cell.text for table in document.tables for cell in table.rows[0].cells]
    return {plain(text) for text in [*cells, *(paragraph.text for paragraph in document.paragraphs)]}


def labels(model_name: str, column: str) -> set[str]:
    """How a paper may call a column: by its label, or, of a list, that of the whole."""
    model, (family, _, item) = model_of(model_name), column.partition("[")
    every = {**model.inputs, **model.columns}
    alone = f"{family}.{item.rstrip(']')}"
    names = [alone] if alone in every else [name for name in every if name.partition(".")[0] == family]
    entries = [every[name] for name in names]
    return {plain(label.zh) for entry in entries for label in (entry.heading, entry.label) if label}


def stands(label: str, paper: str, text: str) -> bool:
    """Whether a text heads the column; evaluations tell of it in captions and sentences as well."""
    return label in text if paper in TOLD else text == label or text.startswith(f"{label}(")


def test_every_numbered_item_of_the_notice_has_a_row_and_every_row_an_item_in_order():
    notice = [item_of(row) for row in ROWS]
    assert list(dict.fromkeys(notice)) == ITEMS and notice == sorted(notice, key=ITEMS.index)


def test_both_languages_have_the_same_rows_with_the_same_models_names_and_papers():
    told = {
        lang: [(item_of(row), *(tuple(in_backticks(row[at])) for at in (MODEL, GIVEN, COLUMNS)), papers_of(row))
               for row in rows_of(lang)]
        for lang in PAGES
    }  # fmt: skip
    assert told["zh"] == told["en"]


def test_a_row_without_a_column_says_that_it_asks_for_no_figure_or_names_a_command():
    bare = [row for row in ROWS if row[COLUMNS] == NOTHING]
    assert {item_of(row) for row in bare} == {"一", "二", "十一", "十二", "十三", "二十"}
    assert all(("不要测算" in row[ASKED]) == (row[MODEL] == NOTHING) for row in bare)


@pytest.mark.parametrize("row", FIGURES, ids=lambda row: row[ITEM])
def test_each_row_names_only_what_its_models_have(row):
    models = [model_of(name) for name in models_of(row)]
    fronts = [{name.split(".")[0] for name in (*m.parameters, *m.inputs, *m.columns)} for m in models]
    names = [name.partition("[")[0] for name in in_backticks(row[GIVEN]) + in_backticks(row[COLUMNS])]
    assert models and [name for name in names if not any(name in own for own in fronts)] == []


@pytest.mark.parametrize("row", FIGURES, ids=lambda row: row[ITEM])
def test_each_column_of_a_row_stands_in_a_paper_that_the_row_names_and_each_paper_has_one(row, papers):
    models, used = models_of(row), set()
    for column in in_backticks(row[COLUMNS]):
        having = [
            paper for name in models for paper in papers_of(row)
            if any(stands(label, paper, text) for label in labels(name, column) for text in papers(name).get(paper, ()))
        ]  # fmt: skip
        assert having, f"{column} stands in none of {row[PAPER]}"
        used |= {*having}
    assert used == {*papers_of(row)}


@pytest.mark.parametrize("name", sorted(SHIPPED - {"meadowland"}))
def test_each_shipped_model_says_which_item_it_carries_out(name):
    assert re.fullmatch(r"（[一二三四五六七八九十]+）(至?（[一二三四五六七八九十]+）)?", model_of(name).item)


def increases(run, change: str, name: str, county: str) -> bool:
    row = run.table.names.index(county)
    return shipped(run.model.name, change).figures(name)[row] > run.figures(name)[row]


def test_item_8_more_settled_people_and_more_services_bring_more_of_the_incentive_fund():
    run = shipped("incentive_fund@2017")
    assert run.total("award") == run.figure("pool")
    assert increases(run, "settled[in_city]@黑山县=5000", "award", "黑山县")
    assert increases(run, "service_cost@黑山县=5000", "award", "黑山县")
    assert increases(run, "hardship@黑山县=1.5", "award", "黑山县")


def test_item_8_dynamic_adjustment_phases_earlier_cohorts_out():
    run = shipped("incentive_fund@2017")
    cohorts = [
        run.total(f"cohort_people.{year}") / run.total(f"earlier.{year}") for year in ("year_1", "year_2", "year_3")
    ]
    assert cohorts == sorted(cohorts, reverse=True) and cohorts[0] < 1


def test_item_8_transfers_equalise_the_fiscal_gap():
    run = shipped("equalisation_transfer")
    none = run.table.names.index("太和区")
    assert run.figures("gap")[none] == run.figures("award")[none] == 0
    assert increases(run, "standard_spending@北镇市=190000", "award", "北镇市")


def test_item_9_settled_people_are_a_factor_of_the_infrastructure_subsidy_within_the_caps():
    run = shipped("infrastructure_subsidy")
    assert increases(run, "settled_people@凌河区=4000", "award", "凌河区")
    assert all(award <= cap for award, cap in zip(run.figures("award"), run.figures("cap"), strict=True))


def test_item_10_the_land_quota_follows_settled_people_and_the_standard():
    run = shipped("land_quota")
    assert increases(run, "settled_people@义县县城=3000", "quota", "义县县城")
    assert run.total("quota") + run.figure("unallocated") + run.figure("reserve") == run.figure("plan_total")


def test_item_10_housing_is_served_before_industry():
    run = shipped("land_quota")
    short = shipped("land_quota", "plan_total=20")
    assert run.total("by_use.industry") > short.total("by_use.industry") == 0 < short.total("by_use.housing")


def test_item_10_surplus_of_reclaimed_land_is_transferred_and_kept_apart_from_the_quota():
    run = shipped("surplus_quota")
    assert run.total("sold") == run.total("bought") > 0 and run.total("revenue") == run.total("payment")
    land = shipped("land_quota")
    assert land.figures("quota") == shipped("land_quota", "reclaimed_land@义县县城=80").figures("quota")


def test_item_10_redevelopment_is_rewarded_and_a_task_not_done_deducted():
    land = shipped("land_quota")
    assert increases(land, "redeveloped_land@义县县城=10", "claim", "义县县城")
    row = land.table.names.index("义县县城")
    assert shipped("land_quota", "redevelopment_task@义县县城=10").figures("claim")[row] < land.figures("claim")[row]


def test_item_11_bonds_stay_within_what_was_applied_for_and_serve_shantytowns_and_roads_first():
    run = shipped("bond_limit")
    limits = zip(run.figures("award"), run.figures("applied"), strict=True)
    assert all(award <= applied for award, applied in limits)
    others = zip(run.figures("award"), run.figures("need.shantytown"), run.figures("by_use.shantytown"), strict=True)
    assert all(served == min(need, award) for award, need, served in others)
    listed = [award for award, word in zip(run.figures("award"), run.figures("listed"), strict=True) if word == "是"]
    assert listed == [0]


def test_item_11_ppp_responsibilities_are_held_against_a_tenth_of_spending_every_year():
    run = shipped("ppp_affordability")
    over = shipped("ppp_affordability", "proposed[y3]@义县=20000")
    assert all(check.ok for check in run.checks)
    assert [(check.name, check.counties) for check in over.checks if not check.ok] == [("within_y3", ("义县",))]


def test_items_13_to_17_the_cost_of_services_is_counted_and_feeds_the_incentive_fund():
    run = shipped("public_service_cost")
    assert all(
        run.total(f"cost.{service}") > 0 for service in ("housing", "medical", "pension", "allowance", "schooling")
    )
    assert run.figures("service_cost") == shipped("incentive_fund@2017").figures("service_cost")


def test_items_4_to_7_settled_people_are_told_by_channel_and_the_channels_add_up():
    model = model_of("urbanisation_monitor")
    tables = read_years([sample_table("urbanisation_monitor")], model)
    for run in timeline(model, tables).runs:
        channels = ("students", "veterans", "five_years", "families", "other")
        told = zip(*(run.figures(f"by_channel.{channel}") for channel in channels), strict=True)
        assert tuple(sum(row) for row in told) == run.figures("settled") == run.figures("settled_by_channels")


def test_item_13_dwellings_needed_are_supplied_or_short_and_item_17_permits_cover_the_unsettled():
    run = shipped("coverage_monitor")
    assert run.total("needed_all") == run.total("supplied_all") + run.total("gap_all") > 0
    assert increases(run, "permit_holders@义县=25000", "permit_coverage", "义县")


def test_item_18_urbanisation_rates_are_given_by_county_and_for_the_city(allocation):
    told = allocation("timeline urbanisation_monitor")
    assert told.code == 0, told.err
    names = ("registered_rate", "resident_rate", "registered_rate_all")
    assert all(model_of("urbanisation_monitor").columns[name].unit.is_percent for name in names)


def test_item_19_the_mid_term_evaluation_is_written(allocation, folder):
    told = allocation("evaluate --year 2018")
    assert told.code == 0, told.err
    assert {path.suffix for path in (folder / "outputs").iterdir()} == {".docx", ".xlsx"}


def test_item_20_every_workbook_can_be_recomputed_for_the_audit(allocation):
    assert allocation("run bond_limit").code == 0
    told = allocation("verify outputs/bond_limit.xlsx")
    assert told.code == 0, told.err + told.out


def test_item_20_findings_are_summed_up_on_the_sheet_of_checks(allocation, folder):
    register = (ROOT / "inputs/week/findings.csv").as_posix()
    assert allocation(f"run incentive_fund --findings {register} --out outputs").code == 0
    texts = texts_of_book(folder / "outputs/incentive_fund.xlsx")
    (row,) = [row for row in ROWS if item_of(row) == "二十"]
    assert {*papers_of(row)} <= texts.keys()
    assert any("整改台账:4项,已完成2、未完成2" in text for text in texts["核对"])
