"""Signs nobody sees in whatever stands beside a table are said with their cell, as those of the table itself are."""

from __future__ import annotations

import pytest

SIGN = "\u200b"
SMALL = {
    "--sources": "来源,文号,金额\n中{}央,财预1号,1000\n",
    "--adjust": "名称,调整额,由谁承担,理由,批准人或会议\n黑{}山县,5,其余各地,灾情,局长办公会\n",
    "--advance": "名称,提前下达数\n黑{}山县,20\n",
    "--ledger": "行政区代码,名称,指标,数值,来源,取得日期,状态\n210726,黑{}山县,落户人数,90,公安局,2018-03-01,核定\n",
    "--receipts": "名称,状态,备注\n黑{}山县,已确认,\n",
    "--recipients": "代码,名称\n210702,古塔区\n210703,凌{}河区\n210726,黑山县\n210781,凌海市\n",
    "--crosswalk": "年度,原代码,新代码,份额,依据\n2018,2107{}99,210726,1,民政部门文件\n",
    "--last": "行政区代码,名称,落户人数\n210702,古{}塔区,180\n210703,凌河区,260\n210726,黑山县,90\n210781,凌海市,150\n",
}


@pytest.mark.parametrize("option", SMALL)
def test_a_sign_nobody_sees_in_a_small_table_is_said_with_its_cell(allocation, folder, option):
    (folder / "small.csv").write_text(SMALL[option].format(SIGN), encoding="utf-8")
    told = allocation(f"check reward --year 2018 {option} small.csv")
    assert told.code == 0, told.text
    (line,) = [line for line in told.out.splitlines() if "U+200B" in line]
    assert line.startswith("  · small.csv: ") and SIGN not in told.text
    (folder / "small.csv").write_text(SMALL[option].format(""), encoding="utf-8")
    assert "U+200B" not in allocation(f"check reward --year 2018 {option} small.csv").text


def test_a_sign_nobody_sees_in_a_register_found_by_itself_is_said_too(allocation, folder):
    (folder / "inputs/recipients_reward.csv").write_text(SMALL["--recipients"].format(SIGN), encoding="utf-8")
    assert "recipients_reward.csv: B3" in allocation("check reward --year 2018").out
