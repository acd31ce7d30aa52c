"""What is to be resolved is said by every command that reads a table, and stands in whatever workbook it writes."""

from __future__ import annotations

import json
import shutil

import pytest
from openpyxl import load_workbook
from shipped import HOUSE
from test_resolving import ids, own_table

import allocation.notebook as al
from allocation.errors import AllocationError
from allocation.verify.verifying import verify
from allocation.xlsx.fitting import lines_needed
from allocation.xlsx.layout import letters

OWN = "--input inputs/own.csv"
YEAR = f"{OWN} --year 2018"
LOW = '[scenario]\nzh = "少"\nen = "Less"\n\n[[change]]\naddress = "pool"\nset = 900\n'
COMMANDS = {
    f"check reward {YEAR}": "",
    f"run reward {YEAR}": "reward.xlsx",
    f"explain reward 黑山县 {YEAR}": "",
    f"compare reward low.toml {YEAR}": "reward_compare.xlsx",
    "compare reward --data inputs/own.csv inputs/reward.csv --year 2018": "reward_更正影响.xlsx",
    f"margins reward --of settled {YEAR}": "",
    f"seek reward --vary pool --figure award@黑山县 --target 240 {YEAR}": "",
    f"decompose reward --set pool=900 --out outputs {YEAR}": "reward_decompose.xlsx",
    f"design reward --range pool=900:1000:50 --minimise award@黑山县 {YEAR}": "",
    f"sweep reward --grid pool=900:1000:50 {YEAR}": "reward_sweep.xlsx",
    f"confirm reward {YEAR}": "",
    "timeline reward --input inputs/y2018.csv": "reward_timeline.xlsx",
}


def dated_table(folder, changes=None, name="y2018.csv", year=2018) -> None:
    own_table(folder, *([changes] if changes is not None else []), name=name)
    path = folder / "inputs" / name
    path.write_text(f"{year}年落户奖励数据\n" + path.read_text(encoding="utf-8"), encoding="utf-8")


@pytest.mark.parametrize("command", COMMANDS)
def test_a_doubt_of_the_table_is_said_and_written_by_every_command_that_reads_one(allocation, folder, command):
    own_table(folder)
    dated_table(folder)
    (folder / "low.toml").write_text(LOW, encoding="utf-8")
    (id,) = ids(allocation(f"check reward {YEAR}").out)
    told = allocation(command)
    assert told.code == 0 and told.out.count(f"? {id}") == 1, told.text
    if book := COMMANDS[command]:
        cells = (
            str(cell)
            for sheet in load_workbook(folder / "outputs" / book)
            for row in sheet.iter_rows(values_only=True)
            for cell in row
        )
        assert any(id in cell for cell in cells)


def room_of(sheet, cell) -> float:
    """How wide a cell is with those that are merged with it; columns that nobody set are 8.43 wide."""
    areas = [area for area in sheet.merged_cells.ranges if cell.coordinate in area]
    last = areas[0].max_col if areas else cell.column
    return sum(sheet.column_dimensions[letters(at - 1)].width or 8.43 for at in range(cell.column, last + 1))


@pytest.mark.parametrize("command", [command for command, book in COMMANDS.items() if book])
def test_what_is_said_of_a_doubt_has_room_in_its_row(allocation, folder, command):
    own_table(folder)
    dated_table(folder)
    (folder / "low.toml").write_text(LOW, encoding="utf-8")
    (id,) = ids(allocation(f"check reward {YEAR}").out)
    assert allocation(command).code == 0
    for sheet in load_workbook(folder / "outputs" / COMMANDS[command]):
        said = [cell for row in sheet.iter_rows() for cell in row
                if sheet.sheet_state == "visible" and cell.alignment.wrap_text and id in str(cell.value)]  # fmt: skip
        for cell in said:
            lines = lines_needed(cell.value, room_of(sheet, cell) + 2, cell.font.size)
            assert (sheet.row_dimensions[cell.row].height or 15) >= lines * cell.font.size * 1.2, cell


@pytest.mark.parametrize("command", ["compare reward low.toml {}", "timeline reward {}"])
def test_a_workbook_of_a_study_with_doubts_verifies_as_it_was_written(allocation, folder, command):
    dated_table(folder)
    (folder / "low.toml").write_text(LOW, encoding="utf-8")
    assert allocation(command.format("--input inputs/y2018.csv")).code == 0
    (book,) = (folder / "outputs").glob("*.xlsx")
    assert verify(book).clean


def test_a_comparison_verifies_where_only_a_scenario_is_in_doubt(allocation, folder):
    high = '[scenario]\nzh = "高"\nen = "high"\n[[change]]\naddress = "pool"\nset = 3000\n'
    high += '[[change]]\naddress = "cap_rate"\nset = "900%"\n'
    (folder / "high.toml").write_text(high, encoding="utf-8")
    assert ids(allocation("compare reward high.toml").out)
    assert verify(folder / "outputs" / "reward_compare.xlsx").clean


def test_a_timeline_tells_a_total_in_doubt_of_every_year_and_verifies_as_it_was_written(allocation, folder):
    dated_table(folder, {}, "y2018.csv", 2018)
    dated_table(folder, {"0.92,200": "0.92,210", ",,,900": ",,,910"}, "y2019.csv", 2019)
    told = allocation(
        "timeline reward --input inputs/y2018.csv --input inputs/y2019.csv --set pool=3000 --set cap_rate=9"
    )
    assert [id.split("-")[0] for id in ids(told.out)] == ["pool", "pool"], told.text
    assert verify(folder / "outputs" / "reward_timeline.xlsx").clean


def test_an_explanation_as_json_stays_json_and_its_doubts_go_to_the_other_stream(allocation, folder):
    own_table(folder)
    told = allocation(f"explain reward 黑山县 --format json {YEAR}")
    assert json.loads(told.out) and len(ids(told.err)) == 1


def test_the_years_of_a_timeline_are_each_compared_and_last_year_s_with_the_first_alone(allocation, folder):
    dated_table(folder, {}, "y2018.csv", 2018)
    dated_table(folder, name="y2019.csv", year=2019)
    (folder / "last.csv").write_text(
        "行政区代码,名称,落户人数（人）\n210702,古塔区,20\n210703,凌河区,260\n210726,黑山县,90\n210781,凌海市,150\n",
        "utf-8",
    )
    years = "--input inputs/y2018.csv --input inputs/y2019.csv"
    assert [one.split("-")[0] for one in ids(allocation(f"timeline reward {years}").out)] == ["names"]
    with_last = allocation(f"timeline reward {years} --last last.csv")
    assert [one.split("-")[0] for one in ids(with_last.out)] == ["size", "names"] and "20 → 180" in with_last.out


def test_files_to_compare_with_are_refused_together_with_all_else_that_is_wrong(allocation, folder):
    told = allocation("compare reward low.toml --recipients none.csv --last none.xlsx --input none.csv")
    assert told.code == 2 and all(f"none.{one}" in told.err for one in ("csv", "xlsx"))


def test_in_python_rows_unused_columns_and_doubts_are_said_as_on_the_command_line(folder):
    own_table(folder, {"困难系数": "困难数", "210781,凌海市": "210799,平均"})
    with pytest.raises(AllocationError) as stopped:
        al.load("reward").run("inputs/own.csv", pool=1000)
    assert "unused=" in stopped.value.text() and "rows=" in stopped.value.text()
    run = al.load("reward").run("inputs/own.csv", pool=1000, unused=["困难数"], rows={"210799": "unit"})
    assert (
        len(run.awards) == 4
        and al.load("reward").table("inputs/own.csv", "困难数", ["210799=单位"]).frame.shape[0] == 4
    )
    own_table(folder)
    (doubt,) = al.load("reward", 2018).run("inputs/own.csv").doubts
    run = al.load("reward", 2018).run("inputs/own.csv", resolve={doubt.id: "已核对"})
    assert not run.doubts.open and al.compare(run, {"pool": 900}).engine.base.doubts.resolved
    with pytest.raises(AllocationError, match="names-00000000"):
        al.load("reward", 2018).run("inputs/own.csv", resolve={"names-00000000": "x"})
    frame = al.load("reward").table("inputs/own.csv").frame
    with pytest.raises(AllocationError, match="rows"):
        al.load("reward").run(frame, rows={"210702": "unit"})


def test_a_shipped_register_says_nothing_of_somebody_s_own_table_elsewhere(allocation, folder):
    (folder / "inputs" / "recipients_reward.csv").unlink()  # the shipped one knows seven counties of this city
    assert "missing-" not in allocation("check reward").text
    shutil.copy(HOUSE / "inputs" / "recipients_jinzhou.csv", folder / "inputs")
    assert "missing-" in allocation("check reward").text
