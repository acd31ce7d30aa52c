"""What four counties return for the small policy `reward`, and who is expected to."""

from __future__ import annotations

from pathlib import Path

CASES = Path(__file__).parent.parent / "cases"
HEAD = ["行政区代码", "名称", "城市规模", "落户人数（人）", "财政收入（万元）"]
HEAD += ["城镇化率（%）", "困难系数", "上年分配额（万元）"]
GUTA = ["210702", "古塔区", "大城市", 180, 30050.5, 85.2, 0.92, 200]
LINGHE = ["210703", "凌河区", "大城市", 260, 41200, 88, 0.88, 300]
HEISHAN = ["210726", "黑山县", "小城市", 90, 15020.25, 41.5, 1.15, 150]
LINGHAI = ["210781", "凌海市", "中等城市", 150, 22300, 52.25, 1.02, 250]
FOUR = (GUTA, LINGHE, HEISHAN, LINGHAI)
RECIPIENTS = """代码,名称,别名,类别,隶属,统计包含,已扣除,填报,启用年度,停用年度,备注
210702,古塔区,古塔；锦州市古塔区,市辖区,,,,,,,
210703,凌河区,凌河,市辖区,,,,,,,
210726,黑山县,黑山,县,,,,,,,
210781,凌海市,凌海；凌海市财政局,县级市,,X1,,,,,
X1,滨海新区,滨海,功能区,,,,否,,,
"""
