"""How every command reads a table: what was said of its columns and rows, and what it is compared with (待核事项)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from allocation.commands.attached import asked, case_files, kept
from allocation.errors import AllocationError, Problem, tried

if TYPE_CHECKING:
    from allocation.finding import ModelWithTable
    from allocation.tables.said import Said
    from allocation.tables.table import Table

BESIDE = ("recipients", "last", "crosswalk")  # files that a table is compared with
_FILE = click.Path(path_type=Path)
_SHEET = click.option("--sheet", help="工作表名 / sheet of the workbook")
_UNUSED = click.option("--unused", multiple=True, expose_value=False, callback=kept,
                       help="不用的列的表头，可写多次 / heading of a column that is not used")  # fmt: skip
_ROW = click.option("--row", multiple=True, expose_value=False, callback=kept,
                    help="说明一行是什么，如 130401=单位、合计、其中 / what a row is: unit, total, within")  # fmt: skip
_RECIPIENTS = click.option("--recipients", type=_FILE, expose_value=False, callback=kept,
                           help="接收单位表，核对缺漏、新增和错位 / register of units to compare with")  # fmt: skip
_LAST = click.option("--last", type=_FILE, expose_value=False, callback=kept,
                     help="上年结果或数据表，核对单位和数字 / last year's result or table to compare with")  # fmt: skip
_CROSSWALK = click.option("--crosswalk", type=_FILE, expose_value=False, callback=kept,
                          help="调整对照表，说明撤并和更名 / crosswalk that explains mergers")  # fmt: skip
RESOLVE = click.option("--resolve", multiple=True, expose_value=False, callback=kept,
                       help="核实一项待核事项，写 编号=\"理由\"，可写多次 / resolve a doubt: ID=\"why\"")  # fmt: skip


def _as_batch(context: click.Context, parameter: click.Parameter, text: str | None) -> None:
    from allocation.case import NO_FACTS, with_fact

    if text is None:
        return
    try:
        kept(context, parameter, with_fact(NO_FACTS, "batch", text).batch)
    except AllocationError as error:
        raise AllocationError([replace(problem, where="--batch") for problem in error.problems]) from None


BATCH = click.option("--batch", expose_value=False, callback=_as_batch,
                     help="批次，如 提前下达、追加 第2批；默认正式下达 / batch of the issue")  # fmt: skip


def said_options(command: Callable) -> Callable:
    """What a person says of a table's columns and rows."""
    return _UNUSED(_ROW(command))


def reading_options(command: Callable) -> Callable:
    """How a table is read: its sheet, what is said of columns and rows, what it is compared with."""
    return _SHEET(said_options(_RECIPIENTS(_LAST(_CROSSWALK(command)))))


def said() -> Said:
    """What the options --unused and --row of the running command say."""
    from allocation.tables.said import said_of

    given = asked("unused", "row")
    return said_of(given["unused"] or (), given["row"] or ())


def open_material(
    model: str, table: Path | None, year, problems: list[Problem], sheet: str | None = None
) -> ModelWithTable | None:
    """The model with its table and what is compared with it; what is wrong with any joins `problems`.

    None where the model cannot be read.
    """
    from allocation.finding import find_as_far
    from allocation.opening.cases import is_result
    from allocation.tables.grid import read_bytes

    def opened() -> ModelWithTable:
        if table is None and is_result(model):
            from allocation.workbook.result_case import open_result

            return open_result(Path(model))
        return find_as_far(model, table, year, problems, sheet, said(), asked("data_year")["data_year"])

    material = tried(problems, opened)
    if material is None:
        for path in beside_files():
            tried(problems, read_bytes, path)
        return None
    remember_hints(material.table)
    if batch := asked("batch")["batch"]:
        material = replace(material, facts=replace(material.facts, batch=batch))
    return replace(material, table=set_beside(material, problems))


def remember_hints(table: Table) -> None:
    """What reading the table told is said even where the command stops at something else."""
    context = click.get_current_context(silent=True)
    if context and isinstance(context.obj, list):
        context.obj += table.notes


def set_beside(material: ModelWithTable, problems: list[Problem], *, first: bool = True) -> Table:
    """Its table with what was asked for, and what lies at hand and in the folder that is written to, beside it.

    Last year's figures belong beside the `first` of several years alone: each year after it has the one before.
    """
    from allocation.doubts.doubt import assignments
    from allocation.doubts.gathering import OnRecord, compared

    context = click.get_current_context()
    files, resolve = asked(*BESIDE), assignments(asked("resolve")["resolve"] or ())
    files["recipients"] = files["recipients"] or case_files(material.case).get("recipients")
    out = context.params.get("out")
    if not first:
        files["last"] = None
    on_record = OnRecord(out, material.issue) if out and first else None
    files |= {"on_record": on_record, "resolve": resolve, "case": material.case}
    return tried(problems, compared, material.model, material.table, **files) or material.table


def required_material(model: str, table: Path | None, year, sheet: str | None = None) -> ModelWithTable:
    """`open_material`. Raises all that is wrong."""
    problems: list[Problem] = []
    material = open_material(model, table, year, problems, sheet)
    if problems or material is None:
        raise AllocationError(problems)
    return material


def beside_files() -> list[Path]:
    return [path for path in asked(*BESIDE).values() if path]
