"""Two templates as a receiving system might hand them out. Both are made up (示例): no system's own was seen.

Merged headings of two rows, codes on a hidden sheet, protected cells, validations, totals by formula, comments, a
drawing: whatever a program may lose that saves a workbook anew.
"""

from __future__ import annotations

from pathlib import Path

import xlsxwriter

LAND_CODES = {"年度新增": "01", "增减挂钩节余": "02", "存量": "03"}
LAND_LAYOUT = """
[import]
zh = "示例国土模板"
en = "Made-up land template"
award = "quota"
skip_zero = true
files = ["utf-8", "gb18030", "dbf"]

[template]
file = "示例国土模板.xlsx"
sheet = "指标分解表"
headings = [4, 5]
units = "code"
version = "B2"
digest = "E2"

[[codes]]
name = "kinds"
sheet = "代码"
text = "指标类型"
code = "编码"

[[line]]
name = "new"
figure = "quota"

[[line]]
name = "surplus"
figure = "surplus_quota"
apart = true

[[column]]
name = "code"
zh = "行政区划代码"
en = "Code"
take = "code"
digits = 12
field = "XZQDM"

[[column]]
name = "town"
zh = "单位名称"
en = "Name"
take = "name"
field = "MC"

[[column]]
name = "kind"
zh = "指标类型"
en = "Kind"
take = "text"
text = "年度新增"
codes = "kinds"
field = "ZBLX"

[[column]]
name = "year"
zh = "年度"
en = "Year"
take = "year"
field = "ND"

[[column]]
name = "new"
zh = "年度新增（公顷）"
en = "New (ha)"
heading = "指标/年度新增（公顷）"
take = "figure"
line = "new"
unit = "公顷"
decimals = 4
field = "XZ"

[[column]]
name = "surplus"
zh = "挂钩节余（公顷）"
en = "Surplus (ha)"
heading = "指标/挂钩节余（公顷）"
take = "figure"
line = "surplus"
unit = "公顷"
decimals = 4
field = "GG"

[[column]]
name = "mu"
zh = "年度新增折亩"
en = "New (mu)"
heading = "年度新增（亩）"
take = "figure"
of = "new"
unit = "亩"
decimals = 4
field = "MU"
"""
FINANCE_LAYOUT = """
[import]
zh = "示例资金模板"
en = "Made-up finance template"
award = "award"

[template]
sheet = "直达资金分配"
headings = [3]
units = "append"
last = 22
version = "H1"

[[codes]]
name = "regions"
file = "示例区划.csv"
text = "国标代码"
code = "财政区划"

[[codes]]
name = "funds"
values = { "市民化奖励" = "10000014Z135" }

[[line]]
name = "award"
figure = "award"

[[column]]
name = "code"
zh = "区划编码"
en = "Region"
take = "code"
codes = "regions"

[[column]]
name = "name"
zh = "单位"
en = "Unit"
take = "name"

[[column]]
name = "fund"
zh = "项目代码"
en = "Project"
take = "text"
text = "市民化奖励"
codes = "funds"

[[column]]
name = "function"
zh = "功能科目"
en = "Function"
take = "text"
text = "2300252"

[[column]]
name = "economic"
zh = "政府经济科目"
en = "Economic"
take = "text"
text = "51301"

[[column]]
name = "amount"
zh = "金额"
en = "Amount"
take = "figure"
unit = "元"
decimals = 2
"""


def land_template(path: Path, units: list[tuple[str, str]], **other: object) -> Path:
    """`units`: codes and names that it lists. `other`: what is otherwise than usual, by name."""
    book = xlsxwriter.Workbook(path)
    sheet, codes = book.add_worksheet("指标分解表"), book.add_worksheet("代码")
    codes.hide()
    codes.write_column("A1", ["指标类型", *LAND_CODES])
    codes.write_column("B1", ["编码", *LAND_CODES.values()])
    open_cell, number = book.add_format({"locked": False, "border": 1}), book.add_format(
        {"locked": bool(other.get("locked")), "num_format": other.get("format", "#,##0.0000"), "border": 1}
    )  # fmt: skip
    head = book.add_format({"bold": True, "align": "center", "bg_color": "#DDEBF7", "border": 1})
    sheet.merge_range("A1:G1", "新增建设用地计划指标分解表（示例）", head)
    sheet.write("A2", "稿次")
    sheet.write("D2", "校验码")
    for cell in ("B2", "E2"):
        sheet.write_blank(cell, None, open_cell)
    sheet.write("A3", other.get("unit_line", ""))
    for column, text in enumerate(("行政区划代码", "单位名称", "指标类型", "年度")):
        sheet.merge_range(3, column, 4, column, text, head)
    sheet.merge_range("E4:F4", "指标", head)
    sheet.write("E5", other.get("heading", "年度新增（公顷）"), head)
    sheet.write("F5", "挂钩节余（公顷）", head)
    sheet.merge_range("G4:G5", "年度新增（亩）", head)
    first = 5
    for row, (code, name) in enumerate(units, start=first):
        sheet.write_string(row, 0, code)
        sheet.write_string(row, 1, name)
        for column in (2, 3):
            sheet.write_blank(row, column, None, open_cell)
        for column in (4, 5, 6):
            sheet.write_blank(row, column, None, number)
    last = first + len(units)
    sheet.write(last, 0, "合计")
    for column in (4, 5, 6):
        letter = "EFG"[column - 4]
        sheet.write_formula(last, column, f"=SUM({letter}{first + 1}:{letter}{last})", number, 0)
    sheet.write(last + 1, 1, "户均")
    sheet.write_formula(last + 1, 4, f"=ROUND(E{last + 1}/3,2)", None, 0)
    sheet.data_validation(first, 2, last - 1, 2, {"validate": "list", "source": other.get("list", "=代码!$B$2:$B$4")})
    sheet.data_validation(first, 4, last - 1, 4, {"validate": "decimal", "criteria": ">=", "value": 0})
    sheet.write_comment(3, 0, "12 位代码，文本")
    if "E6" in other:
        sheet.write(first, 4, other["E6"])
    sheet.insert_chart("I2", _chart(book, first, last))
    sheet.insert_textbox("I20", "填写说明（示例）")
    sheet.conditional_format(first, 4, last - 1, 4, {"type": "cell", "criteria": ">", "value": 1000, "format": head})
    sheet.autofilter(4, 0, last - 1, 6)
    sheet.freeze_panes(5, 2)
    sheet.protect("密码")
    book.define_name("指标区", f"=指标分解表!$E${first + 1}:$E${last}")
    book.close()
    return path


def _chart(book: xlsxwriter.Workbook, first: int, last: int) -> object:
    chart = book.add_chart({"type": "column"})
    chart.add_series({"values": ["指标分解表", first, 4, last - 1, 4]})
    return chart


def finance_template(path: Path, **other: object) -> Path:
    """An empty body of nineteen rows above 合计; everything but that is locked."""
    book = xlsxwriter.Workbook(path)
    sheet, note = book.add_worksheet("直达资金分配"), book.add_worksheet("填报说明")
    note.write("A1", "示例：没有见过真实模板")
    open_text = book.add_format({"locked": False, "num_format": "@"})
    money = book.add_format({"locked": False, "num_format": "#,##0.00"})
    sheet.write("A1", "直达资金分配导入模板（示例）")
    sheet.write_blank("H1", None, open_text)
    sheet.write("A2", other.get("unit_line", "单位：元"))
    sheet.write_row("A3", ["序号", "区划编码", "单位", "项目代码", "功能科目", "政府经济科目", "金额"])
    sheet.set_column("B:F", 16, open_text)
    sheet.set_column("G:G", 18, money)
    for row in range(3, 22):
        sheet.write_number(row, 0, row - 2)
    sheet.write(22, 1, "合计", book.add_format({"locked": True}))
    sheet.write_formula("G23", "=SUM(G4:G22)", money, 0)
    sheet.write_formula("H23", '=IF(ISBLANK(G4),"",TEXT(G23,"0.00"))', None, "")
    sheet.data_validation("F4:F22", {"validate": "length", "criteria": "==", "value": 5})
    sheet.protect()
    book.close()
    return path
