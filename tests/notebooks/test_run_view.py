"""A run in a notebook: frames, checks, reasons, pages that stay short and whole, the workbook of the command line."""

from __future__ import annotations

import re
from dataclasses import replace
from decimal import Decimal
from html.parser import HTMLParser

import pytest
from openpyxl import load_workbook

import allocation as al
from allocation.notebook import markup


class Balance(HTMLParser):
    """Fails on a tag that is closed out of turn, a script, or anything fetched from elsewhere."""

    def __init__(self, page: str):
        super().__init__()
        self.open: list[str] = []
        self.feed(page)
        assert self.open == []

    def handle_starttag(self, tag, attributes):
        assert tag not in ("script", "link", "img", "iframe", "b")
        assert not {name for name, _ in attributes} - {"style"}
        self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag


def pages(run) -> list[str]:
    views = (run, run.checks, run.compare({"pool": 1100}), run.why(run.engine.table.codes[0]))
    return [view._repr_html_() for view in views]


def test_a_run_has_one_frame_and_nothing_else_rests_on_it(run):
    assert run.frame is run.frame
    run.frame["award"] = 0.0
    assert run.awards["award"].sum() == run.to_frame()["award"].sum() == run.total == 1000


def test_awards_are_a_frame_by_code_with_units_and_labels(run):
    frame = run.awards
    assert list(frame.index) == ["210702", "210703", "210726", "210781"] and frame.index.name == "code"
    assert list(frame.columns[:2]) == ["name", "award"] and frame["award"].sum() == 1000
    assert frame.attrs["units"]["award"] == "万元" and frame.attrs["labels"]["award"] == "分配额"


def test_the_awards_of_a_shipped_model_hold_the_columns_of_its_printed_table(shipped):
    frame = shipped("land_quota").run().awards
    assert [*frame.columns[:4]] == ["name", "year", "quota", "standard"]
    assert "issued" not in frame and frame.attrs["marks"] == "（示例数据）" and frame.attrs["illustrative"]


def test_exact_figures_are_whole_numbers_where_published_so_and_decimals_elsewhere(run):
    frame = run.to_frame("award", "分配额", "claim", "urban", "size", exact=True)
    assert frame["award"].dtype.kind == "i" and isinstance(frame["claim"].iloc[0], Decimal)
    assert frame["urban"].iloc[0] == Decimal("0.852") and frame["size"].iloc[0] == "大城市"
    assert run.to_frame("award")["award"].dtype.kind == "f"


def test_a_blank_stays_a_blank(model, table):
    blank = replace(table, values={**table.values, "hardship": (None,) * 4})
    run = model.run(blank)
    assert run.to_frame("hardship")["hardship"].isna().all()
    some = model.run(replace(table, values={**table.values, "last_award": (None, *table.values["last_award"][1:])}))
    column = list(some.to_frame("last_award", exact=True)["last_award"])
    assert column == [None, 300, 150, 250] and {type(value) for value in column[1:]} == {int}


def test_one_column_is_a_series_by_code(run):
    assert run["award"]["210726"] == run.awards.loc["210726", "award"]
    assert run["分配额"].equals(run["award"]) and "award" in run._ipython_key_completions_()
    with pytest.raises(al.AllocationError, match="是参数"):
        run["pool"]


def test_a_run_shows_units_total_checks_and_what_was_changed(model):
    page = model.run(pool=1100)._repr_html_()
    assert "分配额（万元）" in page and "合计" in page and "1,100" in page and "100.00%" in page
    assert "资金总额：1,000 万元 → 1,100 万元" in page and "✓ 通过" in page


def test_marks_stand_in_every_title(model, table, shipped):
    run = model.run(replace(table, illustrative=True), exact=False)
    shown = [run._repr_html_(), repr(run), run.compare({"pool": 900})._repr_html_(), run.plot().title]
    shown += [run.why("黑山县")._repr_html_(), run.sweep("pool=900:1100", samples=8)._repr_html_()]
    for one in shown:
        assert "（示例数据）" in one and "（浮点试算）" in one
    reference = shipped("infrastructure_subsidy").run()
    assert "（参照测算）" in reference._repr_html_() and "（参照测算）" in reference.plot().title


def test_a_long_table_is_cut_and_says_how_much_more_there_is(model, many):
    run = model.run(many)
    for page in (run._repr_html_(), run.compare({"pool": 1100})._repr_html_(), model.table(many)._repr_html_()):
        assert page.count("<tr>") <= 1 + 20 + 1 + 1 and "……另有 30 行" in page
    assert len(run.awards) == 50


def test_a_name_cannot_break_the_page(model, many, wild):
    run = model.run(many)
    for page in [*pages(run), model.table(many)._repr_html_(), model._repr_html_(), model.parameters._repr_html_()]:
        Balance(page)
    assert "&lt;b&gt;甲&amp;乙&lt;/b&gt;" in run._repr_html_() and wild not in run._repr_html_()


def test_every_piece_of_a_page_is_escaped(wild):
    page = markup.ShownPage("zh")
    pieces = (markup.title(wild), markup.line(wild), page.lines([wild]), page.table([wild], [[wild]]))
    for piece in pieces:
        Balance(piece)
        assert wild not in piece


def test_pages_have_no_colours_of_their_own(run):
    for page in pages(run):
        assert not re.search(r"#[0-9a-fA-F]{3,6}\b|white;|black|background|[^-]color", page)


def test_a_check_that_fails_stands_first_with_its_counties(model, table):
    mixed = replace(table, values={**table.values, "hardship": (None, *table.values["hardship"][1:])})
    run = model.run(mixed)
    assert not run.ok and not run.checks and "✗ 困难系数由各县" in run._repr_html_()
    assert run._repr_html_().index("✗") < run._repr_html_().index("✓")


def test_why_prints_as_text_and_shows_as_nested_lists(run):
    why = run.why("黑山县")
    assert str(why) == why.text and "为什么不能更多" in why.text and why.json["column"] == "award"
    assert "<summary>" in why._repr_html_() and why._repr_markdown_().startswith("# ")
    assert set(re.findall(r"[\w%（）]+", why.text)) <= set(re.findall(r"[\w%（）]+", why._repr_html_()))
    assert "Award" in run.why("210726", "award", lang="en").text
    with pytest.raises(al.AllocationError, match="最接近的是“黑山县”"):
        run.why("黑山")


def test_the_workbook_is_the_one_of_the_command_line(model, tmp_path, monkeypatch):
    from allocation.cli import main

    words = ["run", "reward", "--set", "pool=1100", "--set", "floor_rate=0.4"]
    monkeypatch.setattr("sys.argv", ["allocation", *words, "--out", str(tmp_path / "a.xlsx")])
    monkeypatch.setattr("allocation.commands.basic.command_line", lambda: " ".join(["allocation", *words]))
    with pytest.raises(SystemExit, match="^0$"):
        main()
    model.run(pool=1100, floor_rate="0.4").to_excel(tmp_path / "b.xlsx")
    assert (tmp_path / "a.xlsx").read_bytes() == (tmp_path / "b.xlsx").read_bytes()


def test_no_workbook_is_written_over_inputs_or_from_a_failed_check(model, run, table, tmp_path, shipped):
    with pytest.raises(al.AllocationError, match=r"以 \.xlsx 结尾"):
        run.to_excel(tmp_path / "结果.xls")
    mixed = model.run(replace(table, values={**table.values, "hardship": (None, *table.values["hardship"][1:])}))
    with pytest.raises(al.AllocationError, match="核对不通过"):
        mixed.to_excel(tmp_path / "结果.xlsx")
    assert list(tmp_path.iterdir()) == []
    fund = shipped("incentive_fund").run()
    with pytest.raises(al.AllocationError, match="不能用结果覆盖"):
        fund.to_excel(fund._origin.files[1])


def test_everything_is_said_in_english_when_chosen(model, table):
    al.set_language("en")
    run = model.run(replace(table, illustrative=True))
    shown = run._repr_html_() + repr(run) + repr(run.checks) + run.compare({"pool": 900})._repr_html_() + repr(model)
    assert not set(re.findall(r"[\u4e00-\u9fff]+", shown)) - {*table.names, "示例办法", "合计"}
    assert "(illustrative data)" in shown and "Award in total: 1,000 × 10,000 yuan" in repr(run)


def test_a_workbook_in_english(run, tmp_path):
    run.to_excel(tmp_path / "a.xlsx", lang="en")
    assert "Parameters" in load_workbook(tmp_path / "a.xlsx").sheetnames


def test_a_library_that_is_not_installed_is_asked_for(run, monkeypatch):
    monkeypatch.setattr("allocation.notebook.spoken.find_spec", lambda name: None)
    compared = run.compare({"pool": 900})
    for view in (lambda: run.awards, lambda: compared.frame, lambda: compared.winners, run.plot, compared.plot):
        with pytest.raises(al.AllocationError, match=r"(pandas|matplotlib)，还没有安装；.*\[notebook\]"):
            view()
    assert "分配额" in run._repr_html_()


def test_the_public_names_are_those_that_load_and_a_run_is_an_al_run(model):
    assert isinstance(model.run(), al.Run)
    assert set(al.__all__) == set(al._HOMES) and all(hasattr(al, name) for name in al.__all__)
