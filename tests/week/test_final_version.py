"""--stage 正式稿: one a model and year, nothing after it, and what cannot become it."""

from __future__ import annotations

from openpyxl import load_workbook
from versions_made import SAME, contents, made, reward_run

from allocation.record.versions import blocking_reasons, plan_version, read_register


def test_a_final_version_freezes_its_year_and_the_message_says_what_to_do(allocation, folder):
    assert allocation(f"run reward {SAME} --stage 正式稿").code == 0
    before = contents(folder)
    for stage in ("试算", "正式稿", "final"):
        told = allocation(f"run reward {SAME} --stage {stage} --set pool=1200 --reason 改")
        assert told.code == 2 and "allocation correct reward --year 2017" in told.err
    assert allocation(f"run reward {SAME} --stage 正式稿").code == 2
    assert contents(folder) == before
    assert allocation("run reward --year 2018 --stage 试算").code == 0
    assert allocation(f"run reward {SAME} --set pool=1200").code == 0  # a plain run is nobody's version


def test_an_edition_of_the_final_version_may_follow_from_the_very_same_figures(allocation, folder):
    allocation(f"run reward {SAME} --stage 正式稿")
    told = allocation(f"run reward {SAME} --stage 正式稿 --edition 公开")
    assert told.code == 0 and len(made(folder)) == 2 and len(read_register(folder / "outputs/versions")) == 1
    assert allocation(f"run reward {SAME} --stage 正式稿 --edition 公开 --set pool=1200 --reason 改").code == 2


def test_float_and_reference_runs_are_no_final_version(allocation, folder):
    before = contents(folder)
    told = allocation("run dated --year 2010 --reference --float --stage 正式稿")
    assert told.code == 2 and "浮点试算不能作正式稿" in told.err and "参照测算不能作正式稿" in told.err
    assert contents(folder) == before
    told = allocation("run dated --year 2010 --reference --float --stage 送审稿")
    assert told.code == 0 and "_参照测算_浮点试算.xlsx" in told.out


def test_a_failing_check_blocks_the_final_version():
    run = reward_run(blank="hardship")
    assert [one.id for one in blocking_reasons(run)] == ["versions.final_check"]
    assert blocking_reasons(reward_run()) == []


def test_illustrative_figures_do_not_block_but_name_and_foot_say_so(allocation, folder):
    table = folder / "inputs/reward.csv"
    table.write_text("2017年示例数据\n" + table.read_text(encoding="utf-8"), encoding="utf-8")
    assert allocation("run reward --stage 正式稿").code == 0
    (name,) = made(folder)
    assert name.endswith("_示例数据.xlsx")
    book = load_workbook(folder / "outputs/versions" / name)
    assert {sheet.oddFooter.left.text.endswith("示例数据") for sheet in book} == {True}


def test_a_plan_names_all_that_stands_against_it_at_once(tmp_path, allocation, folder):
    allocation(f"run reward {SAME} --stage 试算")
    told = allocation(f"run reward {SAME} --stage 正式稿 --float")
    assert told.code == 2 and "浮点试算" in told.err and "--reason" in told.err
    assert plan_version(reward_run(), tmp_path, "trial", "", "2017-08-20").version.number == 1
