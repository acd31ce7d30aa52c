"""run --stage: numbered versions that are never overwritten, and what differs from the one before."""

from __future__ import annotations

import json
import re
import shutil
import zipfile
from pathlib import Path

import pytest
from openpyxl import load_workbook
from versions_made import SAME, changes, contents, made, record, reward_run

from allocation.record.versions import content
from allocation.run.scenario import Change
from allocation.verify.verifying import verify


def test_a_version_is_named_by_year_stage_number_and_hash_and_says_so_at_the_foot_of_every_page(allocation, folder):
    told = allocation(f"run reward {SAME} --stage 送审稿")
    assert told.code == 0 and told.err == ""
    (name,) = made(folder)
    (short,) = re.fullmatch(r"reward_2017_送审稿_1_([0-9a-f]{8})\.xlsx", name).groups()
    assert f"outputs/versions/{name}" in told.out and made(folder, "*.json")[1:] == [name.replace("xlsx", "json")]
    held = record(folder, "送审稿_1")
    assert held["version"]["content"].startswith(short) and held["version"]["stage"] == "review"
    book = load_workbook(folder / "outputs/versions" / name)
    assert {sheet.oddFooter.left.text for sheet in book} == {f"送审稿 第1稿 {short}"}
    assert all("&P" in sheet.oddFooter.right.text for sheet in book)
    papers = [book[name] for name in ("附件", "资金测算表")]
    assert [paper.oddFooter.right.text for paper in papers] == ["第 &P 页  共 1 页"] * 2  # as without a version
    first = [cell for row in book["与上一稿对比"].iter_rows(values_only=True) for cell in row if cell]
    assert len(first) == 2 and "首稿" in first[1]


def test_the_hash_is_over_model_text_parameters_inputs_and_awards_and_nothing_else():
    run = reward_run()
    assert content(run) == content(reward_run(reverse=True))
    seen = {content(run), content(reward_run(more="# 一个空行\n")), content(reward_run(changed=[Change("pool", 1200)]))}
    seen.add(content(reward_run(changed=[Change("revenue@210726", 15000)])))  # an input that moves no award
    assert len(seen) == 4


def test_the_record_holds_parameters_inputs_and_awards_by_code_as_exact_texts(allocation, folder):
    allocation(f"run reward {SAME} --stage trial --set floor_rate=1/3 --reason 首次测算")
    held = record(folder, "试算_1")
    assert held["figures"]["parameters"]["floor_rate"] == "1/3"
    assert held["figures"]["parameters"]["size_rate.大城市"] == "0.8"
    assert held["figures"]["inputs"]["urban"] == {
        "210702": "0.852", "210703": "0.88", "210726": "0.415", "210781": "0.5225",
    }  # fmt: skip
    assert sum(map(int, held["figures"]["awards"].values())) == 1000 == int(held["version"]["total"])
    assert held["figures"]["awards"] == held["awards"] and len(held["model"]["sha256"]) == 64
    version = held["version"]
    assert (version["date"], version["reason"], version["number"], version["order"]) == ("2017-08-20", "首次测算", 1, 1)


def test_the_same_content_as_the_last_of_the_stage_writes_nothing_new(allocation, folder):
    allocation(f"run reward {SAME} --stage 送审稿")
    before = contents(folder)
    for again in ("--stage 送审稿", "--stage review --lang en"):
        told = allocation(f"run reward {SAME} {again} --reason 又一次")
        assert told.code == 0 and contents(folder) == before
    assert "no new version was made" in told.out
    assert allocation(f"run reward {SAME} --stage 上会稿 --reason 同数上会").code == 0
    assert changes(folder, "上会稿_1")[0][0] == "参数、数据和分配额与上一稿完全相同。原因：同数上会"


@pytest.mark.parametrize("gone", [["xlsx"], ["json"], ["xlsx", "json"]])
@pytest.mark.parametrize("stage", ["送审稿", "正式稿"])
def test_a_version_whose_files_are_gone_is_written_again_byte_for_byte(allocation, folder, stage, gone):
    allocation(f"run reward {SAME} --stage 试算")
    command = f"run reward {SAME} --stage {stage} --set pool=1200 --layout 呈批 --reason 追加"
    assert allocation(command).code == 0
    if stage != "正式稿":
        allocation(f"run reward {SAME} --stage 试算 --set pool=1300 --reason 又改")
    before = {name: data for name, data in contents(folder).items() if "versions/" in name}
    lost = [next((folder / "outputs/versions").glob(f"*{stage}_1*.{ending}")) for ending in gone]
    for path in lost:
        path.unlink()
    if "json" not in gone:  # the record tells how it was made
        command = f"run reward {SAME} --stage {'final' if stage == '正式稿' else 'review'} --set pool=1200 --lang en"
    told = allocation(command)
    assert told.code == 0 and all(path.name in told.out for path in lost)
    assert {name: data for name, data in contents(folder).items() if "versions/" in name} == before
    assert allocation("journal").code == 0 and allocation("versions").code == 0


def test_a_lost_version_that_would_come_out_otherwise_is_not_written(allocation, folder):
    allocation(f"run reward {SAME} --stage 试算 --reason 首稿")
    for path in (folder / "outputs/versions").glob("reward*"):
        path.unlink()
    before = contents(folder)
    told = allocation(f"run reward {SAME} --stage 试算 --layout 呈批")
    assert told.code == 2 and "校验码不符" in told.err and contents(folder) == before


def test_a_version_whose_file_was_changed_stops_the_same_command(allocation, folder):
    allocation(f"run reward {SAME} --stage 试算")
    (book,) = (folder / "outputs/versions").glob("*.xlsx")
    kept = book.read_bytes()
    book.write_bytes(kept + b" ")
    before = contents(folder)
    told = allocation(f"run reward {SAME} --stage 试算")
    assert told.code == 2 and "移走" in told.err and book.name in told.err and contents(folder) == before
    book.rename(folder / "moved.xlsx")
    assert allocation(f"run reward {SAME} --stage 试算").code == 0 and book.read_bytes() == kept


def test_a_float_trial_with_the_same_figures_is_another_version(allocation, folder):
    allocation(f"run reward {SAME} --stage 试算 --float")
    assert allocation(f"run reward {SAME} --stage 试算 --reason 精确重算").code == 0
    assert [name.rsplit("_", 1)[1] for name in made(folder, "*试算_1*.xlsx")] == ["浮点试算.xlsx"]
    assert ("模型", None, "标记", "浮点试算", "—", None, "精确重算") in changes(folder, "试算_2")


def test_from_the_second_version_on_a_reason_is_required(allocation, folder):
    allocation(f"run reward {SAME} --stage 试算")
    before = contents(folder)
    told = allocation(f'run reward {SAME} --stage 送审稿 --set pool=1200 --reason "  "')
    assert told.code == 2 and "第 2 稿" in told.err and "试算 第1稿" in told.err and "--reason" in told.err
    assert contents(folder) == before
    assert allocation("run reward --year 2018 --stage 试算").code == 0  # another year begins afresh


def test_every_parameter_figure_and_award_that_differs_is_listed_with_the_reason(allocation, folder):
    allocation(f"run reward {SAME} --stage 试算")
    told = allocation(
        f"run reward {SAME} --stage 送审稿 --set pool=1100 --set size_rate.大城市=4/7 --set urban@黑山县=50% "
        "--set size@古塔区=小城市 --reason 按处室意见调整"
    )
    assert told.code == 0
    lines = changes(folder, "送审稿_1")
    assert {line[-1] for line in lines} == {"按处室意见调整"}
    head = [line[:6] for line in lines if line[0] in ("参数", "数据")]
    assert head[0] == ("参数", None, "资金总额（万元）", 1000, 1100, 100)
    assert head[1][2] == "城市规模系数.大城市" and head[1][3:5] == (0.8, pytest.approx(4 / 7))
    assert head[2] == ("数据", "古塔区", "城市规模", "大城市", "小城市", None)
    assert head[3] == ("数据", "黑山县", "城镇化率（%）", 0.415, 0.5, pytest.approx(0.085))
    old, new = (record(folder, words)["awards"] for words in ("试算_1", "送审稿_1"))
    awards = [line for line in lines if line[0] == "分配额"]
    moved = [int(new[code]) - int(old[code]) for code in new if new[code] != old[code]]
    assert [line[5] for line in awards] == [*moved, 100] and awards[-1][1] == "合计"


def test_a_version_s_workbook_verifies_against_its_own_record(allocation, folder):
    allocation(f"run reward {SAME} --stage 试算 --set size_rate.大城市=4/7 --layout 呈批")
    book, record_of = (next((folder / "outputs/versions").glob(f"reward*.{end}")) for end in ("xlsx", "json"))
    told = allocation(f"verify {book} --manifest {record_of}")
    assert told.code == 0 and "全部相符" in told.out
    record_of.write_text(record_of.read_text(encoding="utf-8").replace('"trial"', '"final"'), encoding="utf-8")
    assert "version → stage" in allocation(f"verify {book} --manifest {record_of}").out


def retyped(book: Path, part: str, old: str, new: str) -> Path:
    """A copy beside the workbook with a text replaced in the last such part that has it."""
    with zipfile.ZipFile(book) as archive:
        parts = {name: archive.read(name).decode() for name in archive.namelist()}
    number = lambda name: [int(digits) for digits in re.findall(r"\d+", name)]  # noqa: E731
    last = max((name for name, text in parts.items() if part in name and old in text), key=number)
    with zipfile.ZipFile(book.with_name("改.xlsx"), "w") as archive:
        for name, text in parts.items():
            archive.writestr(name, text.replace(old, new, 1) if name == last else text)
    return book.with_name("改.xlsx")


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_comparison_with_the_version_before_is_verified_where_its_record_stands_beside_it(allocation, folder, lang):
    allocation(f"run reward {SAME} --stage 试算 --set size_rate.大城市=4/7 --float --lang {lang}")
    allocation(f"run reward {SAME} --stage 送审稿 --set pool=1100 --set urban@黑山县=50% --reason 改 --lang {lang}")
    place = folder / "outputs/versions"
    first, second = sorted(place.glob("reward*.xlsx"), key=lambda path: path.stat().st_mtime_ns)
    for path in (first, second):
        told = allocation(f"verify {path} --lang {lang}")
        assert told.code == 0 and all(name not in told.out for name in ("与上一稿对比", "the version before")), told.out
    title = load_workbook(second).sheetnames[-1]
    typed = retyped(second, "worksheets/sheet", "<v>1000</v><", "<v>1050</v><")
    assert [one.kind for one in verify(typed).differences] == ["registered", "value"]
    found = verify(typed).differences[-1]
    assert (found.sheet, found.county, found.actual, found.expected) == (title, "", 1050, 1000)
    found = verify(retyped(second, "workbook.xml", f'name="{title}"', 'name="x"')).differences[-1]
    assert (found.kind, found.sheet) == ("sheet_gone", title)
    parameters = load_workbook(second).sheetnames.index("参数" if lang == "zh" else "Parameters") + 1
    verdict = verify(retyped(second, f"worksheets/sheet{parameters}.xml", "<v>1100</v>", "<v>1150</v>"))
    assert verdict.edited and "verify.versions_unchecked" in [note.id for note in verdict.notes]
    assert title not in {one.sheet for one in verdict.differences}
    next(place.glob(f"{first.stem}.json")).unlink()
    told = allocation(f"verify {second}")
    assert told.code == 0 and "没有核对" in told.out and "register.json" in told.out
    assert "另有不是程序写出" not in told.out


def test_a_version_is_compared_with_the_last_made_of_any_stage(allocation, folder):
    allocation(f"run reward {SAME} --stage 送审稿")
    allocation(f"run reward {SAME} --stage 试算 --set pool=1100 --reason 试一下")
    allocation(f"run reward {SAME} --stage 送审稿 --set pool=1200 --reason 定了")
    assert changes(folder, "送审稿_2")[0][:6] == ("参数", None, "资金总额（万元）", 1100, 1200, 100)


def test_counties_that_come_go_or_fall_blank_and_a_changed_model_are_listed(allocation, folder):
    allocation(f"run reward {SAME} --stage 试算")
    table = folder / "inputs/reward.csv"
    text = table.read_text(encoding="utf-8")
    text = text.replace("210781,凌海市,中等城市,150,22300,52.25,1.02,250\n", "")
    text = text.replace(",200\n", ",\n").replace(",合计,,680,108570.75,,,900\n", "")
    table.write_text(text, encoding="utf-8")
    model = folder / "models/reward.toml"
    model.write_text(model.read_text(encoding="utf-8") + "# 附注\n", encoding="utf-8")
    assert allocation(f"run reward {SAME} --stage 试算 --reason 换表").code == 0
    lines = [line[:6] for line in changes(folder, "试算_2")]
    assert lines[0][:3] == ("模型", None, "模型全文（文件、校验码）") and lines[0][3] != lines[0][4]
    assert ("地区", "210781", "名称", "凌海市", "（空）", None) in lines
    assert ("数据", "古塔区", "上年分配额（万元）", 200, "（空）", None) in lines
    assert ("分配额", "凌海市", "分配额（万元）", 290, "（空）", None) in lines


def test_a_file_that_stands_there_is_passed_over_by_the_number(allocation, folder):
    other = folder / "outputs/versions/reward_2017_送审稿_1_00000000.xlsx"
    other.parent.mkdir(parents=True)
    other.write_bytes(b"of another program")
    assert allocation(f"run reward {SAME} --stage 送审稿").code == 0
    assert other.read_bytes() == b"of another program" and made(folder)[1].startswith("reward_2017_送审稿_2_")


def test_a_run_without_a_year_makes_no_version(allocation, folder):
    before = contents(folder)
    told = allocation("run reward --stage 试算")
    assert told.code == 2 and "--year" in told.err and contents(folder) == before


def test_versions_lists_them_and_notices_what_was_changed_or_is_gone(allocation, folder):
    assert "还没有编过稿" in allocation("versions").out
    allocation(f"run reward {SAME} --stage 试算")
    allocation(f"run reward {SAME} --stage 送审稿 --set pool=1200 --reason 追加200万元")
    told = allocation("versions reward")
    assert told.code == 0 and told.err == ""
    line = told.out.splitlines()[3].split()
    assert line[:6] == ["reward", "2017", "2", "送审稿", "1", "2017-08-20"] and "追加200万元" in line and "1200" in line
    first, second = made(folder, "*试算*.xlsx") + made(folder, "*送审稿*.xlsx")
    with (folder / "outputs/versions" / first).open("ab") as file:
        file.write(b" ")
    (folder / "outputs/versions" / second).unlink()
    told = allocation("versions")
    assert told.code == 1 and "文件已改动" in told.out and "文件不在" in told.out
    assert f"{first}：文件已改动" in told.err and f"{second}：文件不在" in told.err
    assert allocation("versions rewards").code == 2


def test_a_record_that_was_altered_is_passed_over_and_the_sheet_says_so(allocation, folder):
    allocation(f"run reward {SAME} --stage 试算")
    allocation(f"run reward {SAME} --stage 试算 --set pool=1100 --reason 二")
    (path,) = (folder / "outputs/versions").glob("*试算_2*.json")
    path.write_text(path.read_text(encoding="utf-8").replace("1100", "1000"), encoding="utf-8")
    allocation(f"run reward {SAME} --stage 试算 --set pool=1200 --reason 三")
    assert changes(folder, "试算_3")[0][3:5] == (1000, 1200)
    (book,) = (folder / "outputs/versions").glob("*试算_3*.xlsx")
    assert "试算 第2稿" in load_workbook(book)["与上一稿对比"]["A2"].value.split("没有与它对比")[0].split("（")[-1]


@pytest.mark.parametrize("spoil", ["", "{"])
def test_a_register_that_is_lost_or_spoilt_follows_again_from_the_versions_lines(allocation, folder, spoil):
    allocation(f"run reward {SAME} --stage 试算")
    register = folder / "outputs/versions/register.json"
    whole = register.read_bytes()
    register.write_text(spoil, encoding="utf-8") if spoil else register.unlink()
    assert allocation("versions").code == 0 and allocation("versions --rebuild").code == 0
    assert register.read_bytes() == whole
    register.unlink()
    assert allocation(f"run reward {SAME} --stage 试算 --set pool=1200 --reason 改").code == 0
    assert [one["order"] for one in json.loads(register.read_text("utf-8"))["versions"]] == [1, 2]


@pytest.mark.parametrize("spoil", ["", "{"])
def test_a_register_lost_with_its_lines_stops_the_next_version_until_it_is_rebuilt(allocation, folder, spoil):
    allocation(f"run reward {SAME} --stage 试算")
    register = folder / "outputs/versions/register.json"
    whole = register.read_bytes()
    shutil.rmtree(folder / "outputs/versions/register")
    register.write_text(spoil, encoding="utf-8") if spoil else register.unlink()
    before = contents(folder)
    told = allocation(f"run reward {SAME} --stage 试算 --set pool=1200 --reason 改")
    assert told.code == 2 and "登记" in told.err and "--rebuild" in told.err and contents(folder) == before
    assert allocation("versions").code == 2
    told = allocation("versions --rebuild")
    assert told.code == 0 and "共 1 稿" in told.out and register.read_bytes() == whole
    assert allocation(f"run reward {SAME} --stage 试算 --set pool=1200 --reason 改").code == 0


def test_a_version_altered_before_the_register_is_rebuilt_is_still_told_by_the_journal(allocation, folder):
    allocation(f"run reward {SAME} --stage 试算")
    shutil.rmtree(folder / "outputs/versions/register")
    (folder / "outputs/versions/register.json").unlink()
    (book,) = (folder / "outputs/versions").glob("*.xlsx")
    book.write_bytes(book.read_bytes() + b"0")
    told = allocation("versions --rebuild")
    assert told.code == 1 and "文件已改动" in told.out


def test_a_reason_alone_and_a_workbook_s_name_for_out_are_refused(allocation, folder):
    before = contents(folder)
    assert "--stage" in allocation("run reward --reason 改").err
    told = allocation(f"run reward {SAME} --stage 试算 --out 结果/甲.xlsx")
    assert told.code == 2 and "--out 请写文件夹" in told.err and "如 结果" in told.err and contents(folder) == before
    assert "--stage 只能写 试算" in allocation("run reward --stage 送审").err


def test_the_command_in_the_record_keeps_a_slash_in_the_reason(allocation, folder):
    allocation(f'run reward {SAME} --stage 试算 --reason "预算科/综合科意见"')
    assert "预算科/综合科意见" in record(folder, "试算_1")["command"]


def test_what_a_killed_process_left_is_neither_a_version_nor_a_line_and_is_no_accusation(allocation, folder):
    allocation(f"run reward {SAME} --stage 试算")
    outputs = folder / "outputs"
    left = [
        (outputs / "versions/register/reward_2017_001.json", '"order": 1', '"order": 2'),
        (outputs / "journal/000001.json", '"1"', '"7"'),
        (outputs / "versions/register.json", "", ""),
    ]
    for whole, old, new in left:
        beside = whole.with_name(".allocation-00000000-1-0123abcd.json")
        beside.write_text(whole.read_text("utf-8").replace(old, new), encoding="utf-8")
    begun = outputs / "versions/reward_2017_试算_2_01234567_送县"
    begun.mkdir()
    (begun / ".allocation-00000000-1-0123abcd.xlsx").write_bytes(b"")
    (outputs / "versions/register.json").unlink()
    assert allocation("versions").code == 0 and allocation("journal").code == 0
    assert allocation(f"run reward {SAME} --stage 试算 --set pool=1200 --reason 改").code == 0
    orders = [one["order"] for one in json.loads((outputs / "versions/register.json").read_text("utf-8"))["versions"]]
    assert orders == [1, 2] and any("_试算_2_" in name for name in made(folder))
