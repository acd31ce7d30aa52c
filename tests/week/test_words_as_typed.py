"""What a person wrote is printed as it was written: a reason, a meeting, a document number keep their wide signs."""

from __future__ import annotations

from fractions import Fraction

from attaching import attached
from ledger_files import HEISHAN, MODEL, TABLE, ledger, written

REASON = "跨省落户人数多，新建公办幼儿园；学位紧张（示例）"
TAKER = "张三（预算科）"
NUMBER = "锦政专纪〔2018〕5号（示例）"


def test_the_reason_of_an_adjustment_and_its_document(tmp_path):
    head = ["县（市、区）", "调整额", "由谁承担", "理由", "批准人或会议", "文号"]
    path = written(tmp_path / "研究调整.csv", head, ["黑山县", 10, "其余各地", REASON, "专题会议（第3次）", NUMBER])
    given = attached(MODEL, TABLE, adjustments=path)
    said = f"{given.model.parameters}"
    assert REASON in said and NUMBER in said and "专题会议（第3次）" in said


def test_the_document_of_a_source(tmp_path):
    path = written(tmp_path / "资金来源.csv", ["来源", "文号", "金额"], ["中央", NUMBER, 1000])
    given = attached(MODEL, TABLE, sources=path)
    assert NUMBER in f"{given.model.parameters}"


def test_the_reason_of_a_figure_of_the_ledger(tmp_path):
    rows = [["黑山县", "settled", value, name, "2018-03-02", "核定", *used]
            for value, name, used in ((90, "公安局", []), (96, "统计局", ["是", TAKER, REASON]))]  # fmt: skip
    table = attached(MODEL, TABLE, ledger=ledger(tmp_path, *rows)).table
    assert table.values["settled"][HEISHAN] == Fraction(96)
    assert REASON in f"{table.disputes}" and TAKER in f"{table.disputes}"
