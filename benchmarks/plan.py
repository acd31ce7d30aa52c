"""docs/plan-at-scale.md: what 40,000 townships × 1,000,000 scenarios take, worked out from what was measured here."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from allocation.lab.sweep import CELLS
from allocation.lab.workers import OUT
from benchmarks.data import ROOT, fund
from benchmarks.row import Outcome

TOWNSHIPS, SCENARIOS, CHOSEN = 40_000, 1_000_000, 20
FIGURE, PACKED = 8, 4  # bytes of a figure in memory, and of a whole award in a Parquet piece, before it is compressed
PIECE = 1_000  # scenarios of a Parquet piece
PEAK = 12  # arrays of a block's size that a worker holds at once: inputs, columns, what is on its way
WORKERS = (8, 64, 512)


@dataclass(frozen=True)
class Measured:
    """What the plan rests on: nanoseconds of a column cell in a float batch, seconds of an exact run and its size."""

    cell: float
    exact_run: float
    exact_size: int

    @classmethod
    def of(cls, found: Mapping[str, Outcome], size: int) -> Measured:
        return cls(found["batch_townships"].ours, found["growth_run"].ours, size)


@dataclass(frozen=True)
class Plan:
    """All that follows from it."""

    columns: int
    cells: int
    column_cells: int
    hours: float  # of one core
    block: int  # scenarios
    blocks: int
    block_seconds: float
    block_bytes: int
    here_bytes: int  # what today's sweep would hold in the process that began it
    stored_bytes: int
    pieces: int
    piece_bytes: int
    exact_minutes: float


def plan(measured: Measured) -> Plan:
    columns = len(fund().columns)
    cells = TOWNSHIPS * SCENARIOS
    block = max(1, CELLS[False] // TOWNSHIPS)
    return Plan(
        columns=columns,
        cells=cells,
        column_cells=cells * columns,
        hours=cells * columns * measured.cell / 1e9 / 3600,
        block=block,
        blocks=-(-SCENARIOS // block),
        block_seconds=block * TOWNSHIPS * columns * measured.cell / 1e9,
        block_bytes=block * TOWNSHIPS * FIGURE,
        here_bytes=cells * FIGURE,
        stored_bytes=cells * PACKED,
        pieces=-(-SCENARIOS // PIECE),
        piece_bytes=PIECE * TOWNSHIPS * PACKED,
        exact_minutes=CHOSEN * measured.exact_run * TOWNSHIPS / measured.exact_size / 60,
    )


def write_plan(measured: Measured, date: str) -> None:
    for lang, path in (("en", ROOT / "docs" / "plan-at-scale.md"), ("zh", ROOT / "docs" / "zh" / "plan-at-scale.md")):
        path.write_text(page(measured, date, lang), encoding="utf-8")


def page(measured: Measured, date: str, lang: str) -> str:
    made = plan(measured)
    rows = "\n".join(
        f"| {count} | {made.hours / count:,.1f} | {OUT * count * made.block_bytes / 2**20:,.0f} |" for count in WORKERS
    )
    return PAGES[lang].format(
        date=date, cell=f"{measured.cell:.1f}", run=f"{measured.exact_run:.2f}", size=f"{measured.exact_size:,}", columns=made.columns,
        cells=f"{made.cells:,}", column_cells=f"{made.column_cells:.2e}", hours=f"{made.hours:,.0f}", block=made.block, blocks=f"{made.blocks:,}",
        seconds=f"{made.block_seconds * 1000:.0f}", kib=f"{made.block_bytes / 1024:,.0f}", here=f"{made.here_bytes / 2**30:,.0f}",
        stored=f"{made.stored_bytes / 2**30:,.0f}", pieces=f"{made.pieces:,}", piece=f"{made.piece_bytes / 2**20:,.0f}", rows=rows,
        chosen=CHOSEN, minutes=f"{made.exact_minutes:.1f}", peak=f"{PEAK * made.block_bytes / 2**20:,.0f}", scenarios=f"{PIECE:,}", times=OUT,
    )  # fmt: skip


PAGES = {
    "en": """# A plan at scale: 40,000 townships × 1,000,000 scenarios

Chinese: [zh/plan-at-scale.md](zh/plan-at-scale.md)

On paper: nobody has run this. Every figure below follows from constants that [scale.md](scale.md) measured on {date} (`benchmarks/plan.py`, written with
`python -m benchmarks --write`): a column cell of a float batch takes **{cell} ns**, an exact run of {size} counties **{run} s**.

| what | how much |
|---|---|
| awards | {cells} |
| cells of all {columns} columns of the incentive fund | {column_cells} |
| processor time of one core | {hours} hours |
| scenarios of a block; blocks | {block}; {blocks} |
| time of a block | {seconds} ms |
| awards of a block; a worker at its height, about | {kib} KiB; {peak} MiB |
| all awards in memory, as a sweep of today would hold them | {here} GiB: impossible |
| awards stored as whole numbers of four bytes, before compression | {stored} GiB |
| pieces of {scenarios} scenarios; size of one | {pieces}; {piece} MiB |
| exact runs of the {chosen} scenarios chosen | {minutes} minutes of one core |

| workers, a core each | hours, if nothing waits | awards on their way ({times} blocks a worker), MiB |
|---|---|---|
{rows}

## What breaks first

1. **The process that began it.** It holds every figure (`MOST_FIGURES`, 50,000,000) and would need {here} GiB. Workers must write their own pieces and hand back
   only what is measured of a scenario: its state, sums, percentiles, the figures asked for.
2. **Blocks of {block} scenario.** A block of some 50,000 cells is right for a sweep of a few counties; at this width every scenario goes to a
   worker and back by itself. Here a block is a piece, {scenarios} scenarios walked in strips that fit the processor's cache, and what does not change between them is worked out once.
3. **The table, told to each worker.** 40,000 rows of fractions are some tens of megabytes: told once a worker, never once a block (`--cluster` and `--workers` do so).
4. **The scheduler.** A million tasks are more than Dask's keeps well (it is busy with some thousands a second, and remembers each); {pieces} pieces are not.

## How results are stored

A folder of Parquet pieces, `part-00000.parquet` …, {scenarios} scenarios each: a row a scenario, a column a township, whole numbers. A piece is written beside and put in
place when it is whole; its metadata have the hashes of model, table and plan, first and last scenario, and its own hash. Readers open the columns they ask for: one township over all scenarios is
{stored} GiB ÷ 40,000.

## Going on

A piece that is there and whole is not made again: that is the record of what is done, and it needs no other. What was lost with a worker is made again, three times at most, as a
sweep does now. Seeds and points are drawn by scenario number, so that a piece is the same whoever makes it, and in whatever order.

## What must be exact

Only what leaves the office. Floats decide where to look: ranges, shares of scenarios, order. The {chosen} scenarios that are chosen are run again exactly, {minutes} minutes of one core in
all if time grows as the number of townships, and only these may be issued; a float that stands beside one says so (浮点试算).
Figures that rest on sums over 40,000 unlike ratios stand between proven bounds, never as fractions; a cell that no bound decides is worked out in fractions alone ([exactness.md](exactness.md)).
""",
    "zh": """# 大规模的打算：4 万个乡镇 × 100 万个情景

English: [../plan-at-scale.md](../plan-at-scale.md)

纸上的打算，没有人这样算过。下面的数都由 [scale.md](scale.md) 在 {date} 测得的常数推出（`benchmarks/plan.py`，用 `python -m benchmarks --write` 写出）：浮点成批测算一列一格 **{cell} 纳秒**，{size} 个县精确测算一次 **{run} 秒**。

| 项目 | 多少 |
|---|---|
| 分配额 | {cells} |
| 奖励资金模型全部 {columns} 列的格数 | {column_cells} |
| 一个处理器核的时间 | {hours} 小时 |
| 一块的情景数；块数 | {block}；{blocks} |
| 一块的时间 | {seconds} 毫秒 |
| 一块的分配额；一个工作进程内存最高约 | {kib} KiB；{peak} MiB |
| 全部分配额放在内存里（现在的抽样试算是这样） | {here} GiB：不可能 |
| 全部分配额存成四字节整数，压缩以前 | {stored} GiB |
| 每片 {scenarios} 个情景；片数、一片的大小 | {pieces}；{piece} MiB |
| 选定的 {chosen} 个情景精确测算 | 一个核 {minutes} 分钟 |

| 工作进程（各一个核） | 小时数（不等待时） | 在路上的分配额（每个进程 {times} 块），MiB |
|---|---|---|
{rows}

## 最先撑不住的

1. **发起的那个进程。** 它要存全部的数（`MOST_FIGURES`，50,000,000 个），这里要 {here} GiB。应由工作进程各写各的片，只交回每个情景的状态、合计、百分位和要看的指标。
2. **{block} 个情景一块。** 一块约 50,000 格，几个县的抽样合适；这么宽的表，就成了每个情景单独来回一趟。这里一片就是一块，{scenarios} 个情景，按装得进处理器缓存的条带走，情景之间不变的只算一次。
3. **把数据表告诉每个工作进程。** 4 万行分数有几十兆：每个进程告诉一次，不是每块一次（`--cluster` 和 `--workers` 就是这样）。
4. **调度器。** 一百万个任务，Dask 的调度器（每秒几千个，每个都要记住）吃不消；{pieces} 片没有问题。

## 结果怎么存

一个文件夹的 Parquet 片，`part-00000.parquet` 等，每片 {scenarios} 个情景：一个情景一行，一个乡镇一列，都是整数。写完整了才放到位；元数据里有模型、数据、打算的校验码，首末情景号和本片的校验码。读的人只打开要看的列：一个乡镇的全部情景是 {stored} GiB ÷ 40,000。

## 接着算

已经有、而且完整的片不再算：这就是进度的记录，不用另记。随工作进程丢掉的重算，最多三回，与现在的抽样相同。种子和样本点按情景号取，所以谁算、先算哪片，都是同样的片。

## 哪些要精确

只有对外的。浮点用来找方向：范围、占比、次序。选定的 {chosen} 个情景再精确算一遍，时间若随个数增长，一个核共 {minutes} 分钟，只有这些可以下达；旁边的浮点数写明浮点试算。以 4 万个互不相干的比值之和为底的数，夹在证明过的上下界之间，不写成分数；界限定不了的格，单独用分数算（[exactness.md](exactness.md)）。
""",
}
