"""A model in a notebook: what completion offers, what it says of itself, and running it with settings."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest

import allocation as al
from allocation.notebook.spoken import NotebookError


def refused(call, *args, **kwargs) -> str:
    with pytest.raises(al.AllocationError) as caught:
        call(*args, **kwargs)
    return str(caught.value)


def test_the_package_offers_its_public_names_and_nothing_else():
    assert {"load", "compare", "set_language", "Change", "AllocationError"} <= {*dir(al)}
    assert not {"import_module", "annotations", "_HOMES", "run", "texts"} & {*dir(al)}


def test_completion_offers_parts_of_a_model_and_names_of_its_entries(model):
    assert {"run", "parameters", "inputs", "columns", "table", "template"} <= {*dir(model)}
    assert not [name for name in dir(model) if name.startswith("_")]
    assert {*dir(model.parameters)} == {"pool", "size_rate", "floor_rate", "cap_rate", "frame"}
    assert {"pool", "settled", "award"} <= {*model._ipython_key_completions_()}


def test_jupyter_completes_attributes_and_keys():
    from IPython.core.completer import provisionalcompleter
    from IPython.core.interactiveshell import InteractiveShell

    shell = InteractiveShell()
    shell.run_cell("import allocation as al\nmodel = al.load('reward')\nrun = model.run()")

    def offered(text: str) -> set[str]:
        with provisionalcompleter():
            return {one.text for one in shell.Completer.completions(text, len(text))}

    assert "load" in offered("al.lo") and "pool" in offered("model.parameters.po")
    assert {"awards", "why", "plot"} <= offered("run.")
    assert any("award" in one for one in offered('run["aw')) and any("pool" in one for one in offered('model["po'))


def test_an_entry_is_found_by_name_label_or_list(model, shipped):
    assert model["pool"].label == "资金总额" and model["资金总额"].text == "1,000 万元"
    assert model.parameters.floor_rate.unit == "%"
    assert model.columns["award"].formula.startswith("largest_remainder(")
    fund = shipped("incentive_fund")
    assert [*fund.parameters.weight] == ["weight[settled]", "weight[schooling]", "weight[effort]", "weight[service]"]
    assert fund.parameters["weight[effort]"].text == "10 %"
    assert "最接近的是“pool”" in refused(model.parameters.__getitem__, "pol")


def test_parameters_are_a_frame_by_name(model):
    frame = model.parameters.frame
    assert frame.loc["pool", "数值"] == "1,000 万元" and frame.loc["cap_rate", "单位"] == "%"
    assert len(model.inputs.frame) == len(model.inputs) == 6


def test_a_model_shows_its_basis_its_years_and_its_folded_lists(model):
    page = model._repr_html_()
    assert "示例办法" in page and "<summary>参数 4 个</summary>" in page and "分配额（award）" in page
    assert "落户奖励资金分配" in repr(model)


@pytest.mark.parametrize("value", [900, 900.0, Decimal("900"), Fraction(900), "900", "1800/2"])
def test_a_setting_may_be_any_kind_of_number(model, value):
    assert model.run(pool=value).total == 900


def test_a_float_is_read_by_its_shortest_decimal(model):
    run = model.run(floor_rate=0.1)
    assert run.engine.model.parameters["floor_rate"].value == Fraction(1, 10)


def test_settings_may_be_texts_dicts_changes_and_keywords_together(model):
    run = model.run(
        None, "pool=900", {"size_rate.大城市": 0.9}, al.Change("settled@黑山县", Fraction(2), "scale"), floor_rate="40%"
    )
    assert [one.name for one in run.engine.changed] == ["pool", "size_rate", "settled", "floor_rate"]
    assert run.changed[0] == "资金总额：1,000 万元 → 900 万元"


def test_everything_wrong_with_settings_and_table_is_said_at_once(model):
    text = refused(model.run, "没有.csv", pool=float("nan"), floor_rate=[1])
    assert len(text.splitlines()) == 3
    assert "pool: “nan”不是数" in text and "floor_rate:" in text and "没有.csv" in text


def test_a_setting_that_the_model_lacks_is_answered_with_those_it_has(model):
    text = refused(model.run, plan=1)
    assert "plan" in text and "可以改的参数有：pool、size_rate、floor_rate、cap_rate" in text


def test_a_first_argument_that_is_no_table_says_how_to_set_a_parameter(model):
    assert "改参数请写成 pool=6000" in refused(model.run, 6000)


def test_a_table_shows_its_figures_with_units_and_its_year(model):
    table = model.table()
    assert "落户人数（人）" in table._repr_html_() and "85.20%" in table._repr_html_()
    assert len(table) == 4 and "4 个地区" in repr(table)
    assert model.run(table).total == model.run(table.engine).total == 1000


def test_the_model_in_force_in_the_tables_year_is_taken(shipped):
    assert shipped("incentive_fund").engine.file == "incentive_fund@2017.toml"
    newest = shipped("incentive_fund", 2024)
    assert newest.engine.file == "incentive_fund.toml"
    table = shipped("incentive_fund").table()
    assert "2017" in refused(newest.run, table)


def test_a_table_of_another_year_takes_the_dated_sibling():
    dated = al.load("dated")
    files = {dated.run(one).engine.model.file for one in ("inputs/dated.csv", dated.table("inputs/dated.csv"))}
    assert files == {"dated@2017.toml"}


def test_a_template_is_written(model, tmp_path):
    assert model.template(tmp_path / "空白.xlsx").stat().st_size > 1000
    assert model.template(tmp_path / "没有" / "空白.xlsx").stat().st_size > 1000  # its folder is made
    (tmp_path / "文件").write_text("", encoding="utf-8")
    assert "请" in refused(model.template, tmp_path / "文件" / "空白.xlsx")
    assert (tmp_path / "文件").read_text(encoding="utf-8") == ""


def test_errors_speak_the_chosen_language_and_leave_the_traceback_out(model):
    assert "没有“pol”" in refused(model.run, pol=1)
    al.set_language("en")
    text = refused(model.run, pol=1)
    assert "pol" in text and "没有" not in text
    with pytest.raises(NotebookError) as caught:
        al.load("no_such_model")
    shown = caught.value._render_traceback_()
    assert shown[0] == "1 thing(s) to mend:" and len(shown) == 1 + len(str(caught.value).splitlines())


def test_jupyter_shows_the_text_of_an_error_and_no_frames(capsys):
    from IPython.core.interactiveshell import InteractiveShell

    shell = InteractiveShell()
    shell.run_cell("import allocation as al\nal.load('reward').run(pol=1)")
    shown = capsys.readouterr().out
    assert "有 2 处需要修改" in shown and "Traceback" not in shown and ".py" not in shown


def test_a_third_language_is_refused():
    assert "zh" in refused(al.set_language, "fr")


def test_a_view_is_not_changed_in_place_and_says_what_to_write(model):
    with pytest.raises(al.AllocationError) as caught:
        model.pool = 7000
    assert "model.run(pool=7000)" in str(caught.value)
    assert model.run(pool=900).total == 900 and model.run().total == 1000
    for view in (model, model.run(), model.run().compare({"pool": 900}), model.table(), model.run().checks):
        with pytest.raises(al.AllocationError):
            view.engine = None
