"""A case of the small model of rewards, as a bureau writes it: one figure decided on a paper."""

CASE = """model = "reward"
table = "inputs/reward.csv"

[facts]
budget_year = 2017
prepared = "张三"

[settings]
pool = { value = 900, state = "已定", basis = "会议纪要" }
"""
