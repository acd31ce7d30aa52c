"""docs/scale.md and docs/zh/scale.md: the same figures in both languages, misses and what was not measured named."""

from __future__ import annotations

import os
import platform
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.metadata import version

from allocation.texts import Both
from benchmarks.data import ROOT
from benchmarks.plan import Measured, write_plan
from benchmarks.row import Outcome, Row

BY_HAND = "<!-- below: written by hand -->"  # what stands there is left as it is
TOLD = ("numpy", "scipy", "openpyxl", "XlsxWriter", "pydantic")


@dataclass(frozen=True)
class Done:
    """What came of a row; without an outcome `why` says why it was not measured."""

    row: Row
    outcome: Outcome | None
    why: Both = Both("", "")  # noqa: RUF009
    failed: bool = False

    @property
    def holds(self) -> bool:
        return self.outcome is not None and self.outcome.ratio <= self.row.limit


def line(done: Done, small: bool) -> str:
    """What the terminal says of a row; a limit is of the whole size."""
    if done.outcome is None:
        return f"{done.row.name}: {'FAILED' if done.failed else 'not measured'}: {done.why.en}"
    found = done.outcome
    verdict = "" if small else ", holds" if done.holds else ", MISSED"
    said = f"{figure(found.ours)} {done.row.unit.en} beside {figure(found.peer)} ({done.row.peer.en})"
    return f"{done.row.name}: {figure(found.ratio)} (limit {figure(done.row.limit)}{verdict}): {said} {found.note.en}".rstrip()


def figure(value: float) -> str:
    """Three digits that count."""
    if value == 0:
        return "0"
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.3g}"


def machine() -> Both:
    """Of what kind it is; no name, no path."""
    cores, python = os.cpu_count(), platform.python_version()
    system, kind = platform.system(), platform.machine()
    libraries = ", ".join(f"{name} {version(name)}" for name in TOLD)
    return Both(
        f"{cores} 个处理器核，{system} {kind}，Python {python}，{libraries.replace(', ', '，')}",
        f"{cores} processor cores, {system} {kind}, Python {python}, {libraries}",
    )


WORDS = {
    "en": {
        "title": "# Size and speed (规模与速度)\n",
        "head": "Written by `python -m benchmarks --write` on {date}: {machine}. Figures are processor time. A ratio is the median of pairs in one "
        "run, ours beside what stands in the fourth column, which gives about the same on another machine; a limit is of the ratio. Each row first asserts "
        "that both give the same figures, on made-up tables that are hard: ratios with decimals, coefficients that are computed, bounds "
        "that bind on both sides, remainders that are equal. `python -m benchmarks NAME` measures one row again.",
        "columns": "| row | what | size or times | beside | ours | theirs | ratio | limit | |",
        "misses": "## What misses its limit\n", "none": "Nothing does.",
        "miss": "- **{name}**: {what}: {ratio}, limit {limit} ({source}).",
        "lost": "## Not measured\n", "why": "- **{name}**: {what}: {why}.", "all": "Every row was measured.", "missed": "missed",
        "more": "[plan-at-scale.md](plan-at-scale.md) says what these figures mean for 40,000 townships in 1,000,000 scenarios.",
    },
    "zh": {
        "title": "# 规模和速度\n\nEnglish: [../scale.md](../scale.md)\n",
        "head": "由 `python -m benchmarks --write` 在 {date} 写出：{machine}。数都是处理器时间。比值是同一次运行里成对测量的中位数，本程序比第四列的做法，换一台机器大致相同；限值是对比值说的。每一行先核对两边的数相同，用的是编出来的难算的表：带小数的比值、"
        "算出来的系数、两头都碰到的上下限、相等的余数。`python -m benchmarks 名称` 单独重测一行。",
        "columns": "| 名称 | 做什么 | 规模或次数 | 对照 | 本程序 | 对照用时 | 比值 | 限值 | |",
        "misses": "## 没有达到的\n", "none": "没有。",
        "miss": "- **{name}**：{what}：{ratio}，限值 {limit}（{source}）。",
        "lost": "## 没有测的\n", "why": "- **{name}**：{what}：{why}。", "all": "每一行都测了。", "missed": "没有达到",
        "more": "[plan-at-scale.md](plan-at-scale.md) 说这些数对 4 万个乡镇、100 万个情景意味着什么。",
    },
}  # fmt: skip


def page(told: Sequence[Done], date: str, lang: str) -> str:
    words = WORDS[lang]
    lines = [words["title"], words["head"].format(date=date, machine=getattr(machine(), lang)), "", words["columns"]]
    lines += ["|---|---|---|---|---|---|---|---|---|", *(_table_line(done, lang) for done in told if done.outcome)]
    missed = [done for done in told if done.outcome and not done.holds]
    lost = [done for done in told if not done.outcome]
    lines += ["", words["misses"], *([_said(words["miss"], done, lang) for done in missed] or [words["none"]])]
    lines += ["", words["lost"], *([_said(words["why"], done, lang) for done in lost] or [words["all"]])]
    return "\n".join([*lines, "", words["more"]]) + "\n"


def _table_line(done: Done, lang: str) -> str:
    found, row = done.outcome, done.row
    assert found is not None
    unit, note = getattr(row.unit, lang), getattr(found.note, lang)
    cells = [f"`{row.name}`", getattr(row.what, lang), f"{row.whole:,}", getattr(row.peer, lang), f"{figure(found.ours)} {unit}",
             f"{figure(found.peer)} {unit}", f"**{figure(found.ratio)}**", figure(row.limit)]  # fmt: skip
    return (
        "| " + " | ".join([*cells, " ".join(filter(None, ("" if done.holds else WORDS[lang]["missed"], note)))]) + " |"
    )


def _said(form: str, done: Done, lang: str) -> str:
    row, found = done.row, done.outcome
    told = {
        "name": row.name,
        "what": getattr(row.what, lang),
        "source": getattr(row.source, lang),
        "why": getattr(done.why, lang),
    }
    return form.format(ratio=figure(found.ratio) if found else "", limit=figure(row.limit), **told)


def write_pages(told: Sequence[Done], date: str) -> None:
    for lang, folder in (("en", ROOT / "docs"), ("zh", ROOT / "docs" / "zh")):
        path = folder / "scale.md"
        _, mark, below = path.read_text(encoding="utf-8").partition(BY_HAND)
        path.write_text(page(told, date, lang) + (f"\n{mark}{below}" if mark else ""), encoding="utf-8")
    found = {done.row.name: done.outcome for done in told if done.outcome}
    if {"batch_townships", "growth_run"} <= found.keys():
        size = next(done.row.whole for done in told if done.row.name == "growth_run")
        write_plan(Measured.of(found, size), date)
