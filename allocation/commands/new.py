"""new: a case workbook (测算底稿) for one issue of one fund."""

from __future__ import annotations

from pathlib import Path

import click

from allocation.commands.shared import INPUT, LANGUAGE, OUT
from allocation.texts import say

BUDGET_YEAR = click.option("--year", type=click.IntRange(1950, 2100), help="预算年度 / budget year")


@click.command()
@click.argument("model")
@click.option("--from", "last", type=click.Path(path_type=Path),
              help="上年的底稿或结果工作簿 / last year's case or result workbook")  # fmt: skip
@click.option("--out", type=OUT, help="输出文件名 / name of the file")
@BUDGET_YEAR
@INPUT
@LANGUAGE
def new(model: str, last: Path | None, out: Path | None, year: int | None, table: Path | None, lang: str) -> int:
    """写出空白的测算底稿，--from 带上年数 / write a blank case; --from carries last year's figures."""
    from allocation.finding import base_name, model_of_year
    from allocation.opening.beginning import beginning
    from allocation.workbook.case_form import write_case

    loaded = model_of_year(model, year)
    begun = beginning(loaded, year, last, table)
    word = say(lang, "case.file_word")
    path = out or Path("outputs") / "_".join(filter(None, [base_name(loaded.name), str(year or ""), word]))
    path = path if path.suffix else path.with_name(f"{path.name}.xlsx")
    write_case(loaded, path, lang, begun)
    click.echo(say(lang, "case.wrote", path=path.as_posix()))
    if last:
        counts = {"units": len(begun.counties.codes), "settings": len(begun.last)}
        click.echo(say(lang, "case.carried", file=last.name, **counts))
    return 0
