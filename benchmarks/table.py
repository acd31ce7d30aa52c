"""The rows, as data: what is measured, beside what, up to which limit."""

from __future__ import annotations

from allocation.texts import Both
from benchmarks import commands, engine, kernels, reading, writing
from benchmarks.row import Row

ISSUE = Both("议题 15", "issue 15")
HERE = Both("本仓库", "this repository")
SECONDS, MILLI, MICRO, NANO = (
    Both("秒", "s"),
    Both("毫秒/次", "ms a run"),
    Both("微秒/格", "µs a cell"),
    Both("纳秒/格", "ns a cell"),
)
MIB = Both("MiB", "MiB")
FLOAT = Both("浮点", "floats")
BARE = Both("只导入 numpy、openpyxl、xlsxwriter", "bare import of numpy, openpyxl, xlsxwriter")
TRIAD = Both("NumPy 一次乘加", "a triad of NumPy")
ONE_RUN = Both("一次精确测算", "one exact run")
GROWTH = Both("各规模之间", "between the sizes")
MOST = 1.15

ROWS = (
    Row("run", Both("`run`，7 个县", "`run`, 7 counties"), SECONDS, BARE, 1.8, ISSUE, commands.starting("run"), 9, 2),
    Row("check", Both("`check`，7 个县", "`check`, 7 counties"), SECONDS, BARE, 1.4, ISSUE, commands.starting("check"), 9, 2),
    Row("whole", Both("整个 `run`，困难系数由比值算出", "whole `run`, hardship computed from ratios"), SECONDS,
        Both("`--float`", "`--float`"), 1.3, ISSUE, commands.whole_run, 2850, 60, 120),
    Row("exact", Both("精确测算，不写文件", "exact run, nothing written"), SECONDS, FLOAT, 5, HERE, engine.exact_run, 2850, 60, 60),
    Row("exact_batch", Both("100 个县成批精确测算", "exact batch of 100 counties"), MILLI, FLOAT, 3, ISSUE, engine.exact_batch, 100, 10, 60),
    Row("remainder", Both("最大余额法，一个分母", "largest remainder, one denominator"), MICRO,
        Both("直接写的分数循环", "plain loop of fractions"), 0.025, Both("议题 15：0.05 微秒对 2 微秒", "issue 15: 0.05 µs beside 2 µs"),
        kernels.remainders_on_one_denominator, 2850, 100),
    Row("remainder_ratios", Both("最大余额法，互不相干的比值", "largest remainder, unrelated ratios"), MICRO,
        Both("直接写的分数循环", "plain loop of fractions"), 1, Both("议题 15：5 微秒对 2–13 微秒", "issue 15: 5 µs beside 2–13 µs"),
        kernels.remainders_of_ratios, 2850, 100),
    Row("formulas", Both("写 35,000 行 × 15 列公式", "writing rows × 15 columns of formulas"), SECONDS,
        Both("直接写的 XML", "bare XML"), 3, ISSUE, writing.formulas, 35_000, 500, 60),
    Row("live", Both("LibreOffice 打开活工作簿", "LibreOffice opening the live workbook"), SECONDS,
        Both("同一本，只有数值", "the same book, values only"), 2, Both("议题 15：4 秒", "issue 15: 4 s"), commands.live_workbook, 2850, 20, 120),
    Row("batch_nation", Both("整个模型成批，2,850 个县，每列", "batch of the whole model, 2,850 counties, a column"), NANO, TRIAD, 10,
        Both("议题 15：10 纳秒，一次乘加约 1", "issue 15: 10 ns, a triad about 1"), engine.batch(2850), 1000, 2, 60),
    Row("batch_townships", Both("整个模型成批，35,000 个乡镇，每列", "batch of the whole model, 35,000 townships, a column"), NANO, TRIAD, 10,
        Both("议题 15：10 纳秒，一次乘加约 1", "issue 15: 10 ns, a triad about 1"), engine.batch(35_000), 100, 1, 90),
    *(Row(f"share_{way}_{counties}", Both(f"有上下限的分配，{counties:,} 个县", f"bounded share, {counties:,} counties"), NANO,
          Both(way, way), 1, ISSUE, kernels.shares_beside(way, counties), whole, 3)
      for way in kernels.WAYS for counties, whole in ((7, 15_000), (100, 1_000), (2_850, 40), (35_000, 4))),
    Row("share_nation", Both("有上下限的分配（[fast]），2,850 个县", "bounded share ([fast]), 2,850 counties"), NANO, TRIAD, 3,
        Both("议题 15（[fast]）", "issue 15 ([fast])"), kernels.shares_beside_triad(2850), 1000, 5),
    Row("share_townships", Both("有上下限的分配（[fast]），35,000 个乡镇", "bounded share ([fast]), 35,000 townships"), NANO, TRIAD, 3,
        Both("议题 15（[fast]）", "issue 15 ([fast])"), kernels.shares_beside_triad(35_000), 1000, 2, 120),
    Row("notices", Both("`notices` 的内存", "memory of `notices`"), MIB, Both("十分之一的县", "a tenth of the counties"), 1.9,
        Both("议题 15：300 MiB 对 158", "issue 15: 300 MiB beside 158"), commands.letters, 1000, 30, 200),
    Row("decompose", Both("`decompose`，7 个县", "`decompose`, 7 counties"), SECONDS, ONE_RUN, 400,
        Both("议题 15：1 秒对 2.5 毫秒", "issue 15: 1 s beside 2.5 ms"), engine.decomposing, 12, 3, 60),
    Row("explain", Both("`explain`，连同测算", "`explain`, its run included"), SECONDS, ONE_RUN, 2, HERE, engine.explaining, 1000, 30, 60),
    Row("seek", Both("`seek`，总额", "`seek`, the pool"), SECONDS, ONE_RUN, 30, HERE, engine.seeking, 1000, 30, 90),
    Row("sweep_refused", Both("抽样，其中有的不能运行", "sweep, some runs of it refused"), MILLI,
        Both("都能运行的", "one without such runs"), 1.5, HERE, engine.sweep_refused, 256, 32),
    Row("compare", Both("`compare`，40 个方案", "`compare`, 40 variants"), SECONDS, Both("一次 `run`", "one `run`"), 5, HERE, commands.comparing, 40, 3),
    Row("reading", Both("读 19 列的表，各项检查都做", "reading a table of 19 columns with every check"), SECONDS,
        Both("calamine 只读", "bare reading of calamine"), 3.5, HERE, reading.read, 35_000, 300, 60),
    Row("growth_run", Both("精确测算随规模", "exact run with size"), SECONDS, GROWTH, MOST, ISSUE,
        engine.growth(engine.a_run, (30, 100, 1000, 2850, 10_000, 35_000)), 35_000, 100, 90),
    Row("growth_float", Both("浮点测算随规模", "float run with size"), SECONDS, GROWTH, MOST, ISSUE,
        engine.growth(engine.a_float_run, (30, 100, 1000, 2850, 10_000, 35_000)), 35_000, 100, 60),
    Row("growth_explain", Both("`explain` 随规模", "`explain` with size"), SECONDS, GROWTH, MOST, ISSUE,
        engine.growth(engine.an_explanation, (15, 30, 100, 1000, 2850)), 2850, 30, 90),
    Row("growth_seek", Both("`seek` 随规模", "`seek` with size"), SECONDS, GROWTH, MOST, ISSUE,
        engine.growth(engine.a_search, (15, 30, 100, 1000, 2850)), 2850, 30, 90),
    Row("growth_decompose", Both("`decompose` 4 项随规模", "`decompose` of 4 causes with size"), SECONDS, GROWTH, MOST, ISSUE,
        engine.growth(engine.a_decomposition, (15, 30, 100, 1000, 2850)), 2850, 30, 90),
    Row("growth_documents", Both("`notices` 随规模", "`notices` with size"), SECONDS, GROWTH, MOST, ISSUE,
        commands.letters_growth, 2850, 20, 300),
)  # fmt: skip
