"""`fill` and `import-check` as a person types them: only from a final version, on record, and read back."""

from __future__ import annotations

import csv
import json
import shutil
from io import BytesIO
from pathlib import Path

import pytest
from attaching import attached
from filled_books import fill_in, refused
from openpyxl import Workbook, load_workbook
from small_imports import MAPPING, USES, a_column, a_line, an_amount, mapping_toml, small

from allocation.errors import AllocationError
from allocation.office.filling import is_filled
from allocation.parts.correction import Approved
from allocation.xlsx.import_mapping import load_mapping

LAYOUT = mapping_toml(
    [a_column("code", "代码", "code"), a_column("name", "名称", "name"), an_amount("amount", "金额（元）")],
    [a_line("award")], {"file": "示例模板.xlsx", "headings": [2], "units": "code", "version": "B1", "digest": "C1"},
    files=["utf-8", "gb18030"],
)  # fmt: skip
RUN = "run reward --year 2017 --date 2017-08-20 --set pool=1000"
FILL = "fill reward --mapping 对方.toml"
CHECK = "import-check {} reward --mapping 对方.toml"


@pytest.fixture
def furnished(folder) -> Path:
    (folder / "对方.toml").write_text(LAYOUT, encoding="utf-8")
    rows = list(csv.reader((folder / "inputs/reward.csv").open(encoding="utf-8-sig")))
    codes = [row[:2] for row in rows if row and row[0].isdigit()]
    book = Workbook()
    for row in (("稿次",), ("代码", "名称", "金额（元）"), *((*pair, None) for pair in codes)):
        book.active.append(row)
    book.active.append(["合计", None, f"=SUM(C3:C{len(codes) + 2})"])
    book.save(folder / "示例模板.xlsx")
    return folder


def made(folder: Path, ending: str) -> Path:
    [path] = (folder / "outputs/versions").glob(f"*{ending}")
    return path


def test_only_a_final_version_is_filled_in(furnished, allocation, contents):
    assert allocation(RUN).code == 0
    before = contents()
    none = allocation(FILL)
    assert none.code == 2 and "还没有正式稿" in none.text and contents() == before
    assert allocation(f"{RUN} --stage 送审稿").code == 0
    review = allocation(FILL)
    assert review.code == 2 and "最后一稿是 送审稿 第1稿" in review.text
    [draft] = (furnished / "outputs/versions").glob("*.xlsx")
    named = allocation(f"fill {draft.relative_to(furnished).as_posix()} --mapping 对方.toml")
    assert named.code == 2 and "不是正式稿" in named.text


def test_what_is_filled_carries_its_version_and_is_on_record(furnished, allocation):
    assert allocation(f"{RUN} --stage 正式稿").code == 0
    told = allocation(FILL)
    assert told.code == 0 and "示例模板.xlsx（Sheet）：" in told.out, told.text
    book = made(furnished, "示例模板.xlsx")
    sheet = load_workbook(book).active
    digest = sheet["C1"].value
    assert sheet["B1"].value == "正式稿 第1稿" and digest in book.name and "正式稿_1" in book.name
    rows = [
        row for row in csv.reader((furnished / "outputs/journal.csv").open(encoding="utf-8-sig")) if row[2] == "fill"
    ]
    assert {row[5] for row in rows} == {f"正式稿 第1稿 {digest}"} and len(rows) == 3
    assert any("示例模板.xlsx" in row[9] for row in rows)
    assert allocation("journal").code == 0
    assert allocation(f"verify {book.as_posix()}").code == 0
    data = (furnished / "outputs/journal.csv").read_bytes()
    again = allocation(FILL)
    assert again.code == 0 and "没有重写" in again.out and (furnished / "outputs/journal.csv").read_bytes() == data


def test_another_year_or_batch_than_the_final_version_s_is_told_with_what_there_is(furnished, allocation):
    assert allocation(f"{RUN} --stage 正式稿").code == 0
    for option in ("--year 2019", "--batch 追加"):
        told = allocation(f"{FILL} {option}")
        assert told.code == 2 and "登记在册的有：reward 2017 正式下达" in told.text and "最接近" not in told.text


def test_a_filled_template_that_was_saved_anew_is_told_by_verify(furnished, allocation):
    allocation(f"{RUN} --stage 正式稿")
    allocation(FILL)
    book = made(furnished, "示例模板.xlsx")
    other = load_workbook(book)
    other.active["C3"] = 1
    other.save(book)
    told = allocation(f"verify {book.as_posix()}")
    assert told.code == 1 and "import-check" in told.out
    assert allocation("verify 示例模板.xlsx").code == 2


def test_a_version_that_was_changed_or_is_gone_is_not_filled_in(furnished, allocation):
    allocation(f"{RUN} --stage 正式稿")
    book = next((furnished / "outputs/versions").glob("*.xlsx"))
    data = book.read_bytes()
    other = load_workbook(book)
    other.save(book)
    assert "已不是登记时的样子" in allocation(FILL).text
    book.unlink()
    assert "不在了" in allocation(FILL).text
    book.write_bytes(data)
    assert allocation(FILL).code == 0


def test_the_version_in_force_is_filled_in_and_an_older_one_only_where_it_is_named(furnished, allocation):
    allocation(f"{RUN} --stage 正式稿")
    final = made(furnished, "正式稿*.xlsx")
    correct = "correct reward --year 2017 --date 2017-09-20 --set pool=1100 --reason 增加 --settle-year 2018"
    assert allocation(correct).code == 0
    book = made(furnished, "更正*.xlsx")
    for named in ("reward", book.relative_to(furnished).as_posix()):
        told = allocation(f"fill {named} --mapping 对方.toml")
        assert told.code == 0 and "更正后的全额" in told.out, told.text
    filled = load_workbook(made(furnished, "更正*示例模板.xlsx")).active
    amounts = [row[2] for row in filled.iter_rows(min_row=3, values_only=True) if row[0] and row[0].isdigit()]
    assert filled["B1"].value == "更正 第1稿" and sum(amounts) == 11_000_000
    shown = made(furnished, "更正*对方.csv").relative_to(furnished).as_posix()
    assert allocation(CHECK.format(shown)).code == 0
    told = allocation(f"fill {final.relative_to(furnished).as_posix()} --mapping 对方.toml")
    assert told.code == 0 and "以后有更正" in told.out
    older = load_workbook(made(furnished, "正式稿*示例模板.xlsx")).active
    assert older["B1"].value == "正式稿 第1稿" and older["C3"].value < filled["C3"].value
    named = f"import-check {shown} {final.relative_to(furnished).as_posix()} --mapping 对方.toml"
    assert allocation(named).code == 1


def test_what_was_filled_before_is_never_written_over(furnished, allocation):
    allocation(f"{RUN} --stage 正式稿")
    allocation(FILL)
    first = made(furnished, "_示例模板.xlsx")
    data, layout = first.read_bytes(), furnished / "对方.toml"
    layout.write_text(LAYOUT.replace('version = "B1"\n', ""), encoding="utf-8")
    told = allocation(FILL)
    assert told.code == 0 and "示例模板_2.xlsx" in told.out and first.read_bytes() == data
    assert load_workbook(made(furnished, "示例模板_2.xlsx")).active["B1"].value is None
    assert "没有重写" in allocation(FILL).out  # neither again
    first.unlink()  # its line stays: no other file is ever registered under its name
    (furnished / "别的.toml").write_text(LAYOUT.replace('digest = "C1"\n', ""), encoding="utf-8")
    assert "示例模板_3.xlsx" in allocation("fill reward --mapping 别的.toml").out
    layout.write_text(LAYOUT, encoding="utf-8")
    assert allocation(FILL).code == 0 and first.read_bytes() == data
    assert allocation("journal").code == 0


def test_a_file_of_a_filled_one_s_name_is_no_filled_one(furnished, allocation):
    allocation(f"{RUN} --stage 正式稿")
    allocation(FILL)
    book = made(furnished, "示例模板.xlsx")
    elsewhere = furnished / "outputs" / book.name
    elsewhere.write_bytes(book.read_bytes())
    assert is_filled(book) and is_filled(elsewhere)  # the very bytes, wherever they lie
    saved = load_workbook(book)
    saved.active["C3"] = 1
    saved.save(book)
    saved.save(elsewhere)
    assert is_filled(book) and not is_filled(elsewhere)
    other = Workbook()
    other.active.append(["通讯录", "电话"])
    other.save(book)
    assert not is_filled(book)
    assert allocation(f"verify {book.as_posix()}").code == 2


def test_a_correction_is_imported_in_the_lines_of_a_split_and_adjusted_amounts_are_not(tmp_path):
    run = small()
    path = tmp_path / "m.toml"
    path.write_text(MAPPING, encoding="utf-8")
    before = dict(zip(run.table.codes, run.figures("award"), strict=True))
    corrected = attached(run.model, run.table, correction=Approved("正式稿第1稿", before, 2019))
    assert [line.figure for line in load_mapping(path, corrected.model, split=True).lines] == ["roads", "water"]
    assert len(load_mapping(path, corrected.model).lines) == 1  # the flat sheet stays as earlier versions have it
    form = tmp_path / "调整.csv"
    form.write_text("县（市、区）,调整额,由谁承担,理由,批准人或会议\n01,1,02,测试,会议\n", encoding="utf-8")
    adjusted = attached(run.model, run.table, adjustments=form)
    with pytest.raises(AllocationError) as caught:
        load_mapping(path, adjusted.model, split=True)
    assert [problem.id for problem in caught.value.problems] == ["importing.split_issued"]


@pytest.mark.parametrize("kind", ["xlsx", "csv", "gb18030"])
def test_what_the_system_shows_is_compared_by_unit_and_column(kind, furnished, allocation):
    allocation(f"{RUN} --stage 正式稿")
    allocation(FILL)
    source = made(furnished, {"xlsx": "示例模板.xlsx", "csv": "对方.csv", "gb18030": "gb18030.csv"}[kind])
    shown = furnished / f"导出.{'xlsx' if kind == 'xlsx' else 'csv'}"
    shutil.copy(source, shown)
    alike = allocation(CHECK.format(shown.name))
    assert alike.code == 0 and "一致" in alike.out, alike.text
    _spoil(shown, kind)
    told = allocation(CHECK.format(shown.name) + " --json")
    assert told.code == 1
    [table] = json.loads(told.out)["tables"]
    kinds = [line["cells"][4] for line in table["lines"]]
    assert sorted(kinds) == sorted(["数不同", "名称不同", "没有这一行", "多出一行"] + ["合计不同"] * (kind == "xlsx"))
    gaps = {line["cells"][4]: line["exact"][7] for line in table["lines"]}
    assert gaps["数不同"] == "1" and all(
        line["cells"][-1] or line["cells"][4] == "没有这一行" for line in table["lines"]
    )
    english = allocation(CHECK.format(shown.name) + " --lang en")
    assert english.code == 1 and "figure differs" in english.out and "数不同" not in english.out


def _spoil(path: Path, kind: str) -> None:
    """The first amount one yuan more, the second unit renamed, the last one under another code."""
    if kind == "xlsx":
        book = load_workbook(path)
        sheet = book.active
        last = sheet.max_row - 1
        sheet["C3"] = sheet["C3"].value + 1
        sheet["B4"], sheet[f"A{last}"], sheet[f"C{last + 1}"] = "别名", "999999", 7
        book.save(path)
        return
    encoding = "gb18030" if kind == "gb18030" else "utf-8-sig"
    rows = list(csv.reader(path.open(encoding=encoding, newline="")))
    rows[1][2] = str(float(rows[1][2]) + 1)
    rows[2][1], rows[-1][0] = "别名", "999999"
    with path.open("w", encoding=encoding, newline="") as file:
        csv.writer(file).writerows(rows)


def test_another_unit_or_more_decimals_of_what_is_shown_are_no_difference(furnished, allocation):
    allocation(f"{RUN} --stage 正式稿")
    allocation(FILL)
    rows = list(csv.reader(made(furnished, "对方.csv").open(encoding="utf-8-sig", newline="")))
    lines = [["区划代码", "单位名称", "金额（万元）"]] + [
        [*row[:2], f"{float(row[2]) / 10000:.6f}000"] for row in rows[1:]
    ]
    layout = LAYOUT.replace('zh = "代码"', 'zh = "区划代码"').replace('zh = "名称"', 'zh = "单位名称"')
    (furnished / "对方.toml").write_text(layout.replace('zh = "金额（元）"', 'zh = "金额"'), encoding="utf-8")
    with (furnished / "导出.csv").open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(lines)
    assert allocation(CHECK.format("导出.csv")).code == 0
    lines[1][2] = "—"
    with (furnished / "导出.csv").open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([["某单位导出"], [], *lines, lines[2], ["合计", "", "1"]])
    told = allocation(CHECK.format("导出.csv"))
    assert told.code == 1 and "合计不同" in told.out and "重复" in told.out and "数不同" in told.out


def test_a_run_that_is_no_version_may_be_compared_too_and_a_strange_table_is_refused(furnished, allocation):
    assert allocation(RUN).code == 0
    shutil.copy(furnished / "outputs/reward.import.csv", furnished / "导出.csv")
    told = allocation("import-check 导出.csv outputs/reward.xlsx")
    assert told.code == 0 and "reward.xlsx" in told.out, told.text
    assert allocation("import-check 导出.csv outputs/reward.json").code == 0
    (furnished / "别的.csv").write_text("甲,乙\n1,2\n3,4\n", encoding="utf-8")
    strange = allocation("import-check 别的.csv outputs/reward.xlsx")
    assert strange.code == 2 and "认不出表头" in strange.text
    assert allocation("import-check 没有.csv outputs/reward.xlsx").code == 2


MANY = mapping_toml(
    [a_column("name", "单位", "name"), a_column("use", "用途", "line"), an_amount("yuan", "金额")],
    [a_line(name, use) for name, use in USES.items()], {"headings": [1], "units": "name"},
)  # fmt: skip


@pytest.mark.parametrize(("uses", "told"), [
    (("道路", "供水"), {}),
    (("供水", "道路"), {}),
    (("道路", ""), {"filling.line_open": "A3", "filling.line_absent": "t.xlsx"}),
    (("道路", "桥梁"), {"filling.line_unknown": "B3", "filling.line_absent": "t.xlsx"}),
    (("道路", "道路"), {"filling.row_twice": "A3", "filling.line_absent": "t.xlsx"}),
])  # fmt: skip
def test_rows_of_a_unit_in_a_merged_cell_are_known_by_their_use(uses, told, tmp_path):
    run = small((1, 2), (None, None))
    book = Workbook()
    sheet = book.active
    sheet.append(["单位", "用途", "金额"])
    for unit, name in enumerate(run.table.names):
        for use in uses if not unit else ("道路", "供水"):
            sheet.append([name, use or None])
        sheet.merge_cells(start_row=2 * unit + 2, end_row=2 * unit + 3, start_column=1, end_column=1)
    book.save(tmp_path / "t.xlsx")
    (tmp_path / "m.toml").write_text(MANY, encoding="utf-8")
    found = refused(run, tmp_path, "t.xlsx", "m.toml")
    assert found.keys() == told.keys() and all(place in found[id] for id, place in told.items()), found
    if not told:
        filled, lines = fill_in(run, tmp_path, "t.xlsx", "m.toml")
        (tmp_path / "f.xlsx").write_bytes(filled.data)
        after = load_workbook(tmp_path / "f.xlsx").active
        of = {(line.name, line.texts["use"]): line.values["yuan"] for line in lines}
        wanted = [of[name, use] for unit, name in enumerate(run.table.names)
                  for use in (("道路", "供水") if unit else uses)]  # fmt: skip
        assert [after.cell(row, 3).value for row in range(2, 6)] == wanted


def test_the_import_sheet_of_a_run_says_which_version_it_is_of(furnished, allocation):
    assert allocation(RUN).code == 0 and allocation(f"{RUN} --stage 送审稿").code == 0
    plain = load_workbook(furnished / "outputs/reward.xlsx")["导入表"].oddFooter
    [version] = (furnished / "outputs/versions").glob("*.xlsx")
    stage = load_workbook(version)["导入表"].oddFooter
    assert plain.left.text == "未编稿次" and stage.left.text.startswith("送审稿 第1稿")


def test_what_lacks_a_layout_or_a_template_is_told_what_to_write(furnished, allocation):
    allocation(f"{RUN} --stage 正式稿")
    flat = allocation("fill reward")
    [path] = (furnished / "outputs/versions").glob("*正式稿*_导入.csv")
    assert flat.code == 0 and path.name in flat.out  # the flat file, of the version
    rows = list(csv.reader(path.open(encoding="utf-8-sig")))
    assert rows[0][1:3] == ["行政区代码", "名称"] and sum(map(float, (row[-1] for row in rows[1:]))) == 1000
    assert "没有 [template]" in allocation("fill reward --template 示例模板.xlsx").text
    (furnished / "对方.toml").write_text(LAYOUT.replace('file = "示例模板.xlsx"\n', ""), encoding="utf-8")
    assert "--template" in allocation(FILL).text
    assert allocation(f"{FILL} --template 示例模板.xlsx").code == 0
    assert "没有" in allocation(f"{FILL} --template 没有.xlsx").text


def test_a_version_has_no_csv_beside_it_and_fill_writes_the_same_rows_with_the_stage_in_its_name(furnished, allocation):
    assert allocation(RUN).code == 0
    rows = (furnished / "outputs/reward.import.csv").read_bytes()
    assert allocation(f"{RUN} --stage 正式稿").code == 0
    assert not [*(furnished / "outputs/versions").glob("*.csv")]
    text = "".join(f'[[column]]\nname = "{take}"\nzh = "{zh}"\nen = "{take}"\ntake = "{take}"\n'
                   for take, zh in (("year", "年度"), ("code", "行政区代码"), ("name", "名称")))  # fmt: skip
    text += LAYOUT[LAYOUT.rindex("[[column]]") :].replace(
        "金额（元）", rows.decode("utf-8-sig").split("\r\n")[0].split(",")[3]
    )
    head = '[import]\nzh = "表"\nen = "T"\naward = "award"\nfiles = ["utf-8"]\n[[line]]\nname = "a"\nfigure = "award"\n'
    (furnished / "平.toml").write_text(
        head + text.replace('unit = "元"', 'unit = "万元"').replace("decimals = 2", "decimals = 0"), encoding="utf-8"
    )
    told = allocation("fill reward --mapping 平.toml")
    assert told.code == 0, told.text
    assert "正式稿_1" in made(furnished, "平*.csv").name
    assert made(furnished, "平*.csv").read_bytes() == rows


def test_a_mapping_read_off_a_template_fills_it_and_what_is_not_sure_is_asked_by_its_column(
    furnished, allocation, contents
):
    book = load_workbook(furnished / "示例模板.xlsx")
    book.active["D2"] = "项目"
    book.save(furnished / "示例模板.xlsx")
    assert allocation(f"{RUN} --stage 正式稿").code == 0
    before = contents()
    told = allocation("import-map 示例模板.xlsx reward")
    assert told.code == 2 and "--column D=" in told.text and contents() == before
    strange = allocation("import-map 示例模板.xlsx reward --column D=项木 --column E")
    assert strange.code == 2 and "写成 栏=填什么" in strange.text and "项木" in strange.text and contents() == before
    written = allocation("import-map 示例模板.xlsx reward --column D=leave --column C=分配额/元/2")
    assert written.code == 0 and (furnished / "示例模板.toml").is_file(), written.text
    same = allocation("import-map 示例模板.xlsx reward --column D=leave --column C=分配额/元/2")
    assert same.code == 0 and "没有重写" in same.out
    other = allocation("import-map 示例模板.xlsx reward --column D=text:甲 --column C=分配额/元/2")
    assert other.code == 2 and "不覆盖" in other.text  # nothing is written over
    assert allocation("fill reward --mapping 示例模板.toml").code == 0
    wanted = made(furnished, "示例模板.xlsx").read_bytes()
    made(furnished, "示例模板.xlsx").unlink()
    assert allocation(FILL).code == 0
    sheets = [load_workbook(made(furnished, "示例模板*.xlsx")).active, load_workbook(BytesIO(wanted)).active]
    cells = [[cell.value for row in sheet.iter_rows(min_row=2) for cell in row] for sheet in sheets]
    assert cells[0] == cells[1]
