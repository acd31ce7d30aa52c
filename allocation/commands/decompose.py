"""decompose: what each change does to each county's award."""

from __future__ import annotations

import click

from allocation.commands.figures import opened, say_failed, typed
from allocation.commands.shared import table_options
from allocation.texts import say


@click.command()
@click.argument("model")
@click.option("--float", "floating", is_flag=True, help="浮点试算，不作正式结果 / floating point, for trials only")
@table_options
def decompose(model, table, sheet, year, settings, floating, reference, lang) -> int:
    """把各地分配额的变化分解到每项改动 / split the change of each award into what each --set does."""
    from allocation.study.decompose import decompose as split

    found, changes, _ = opened(model, table, sheet, year, settings, {})
    result = split(found.model, [found.table], changes, exact=not floating, reference=reference)
    click.echo(say(lang, "cli.took", model=found.model_path.as_posix(), input=found.input_path.as_posix()))
    _print(result, lang)
    say_failed(result.after, "study.checks_after", lang)
    return 0 if result.after.ok else 1


def _print(result, lang: str) -> None:
    from allocation.printing import shown, table_text

    model, run = result.before.model, result.before
    entry = model.columns[model.award]
    decimals = 4 if entry.decimals is None else entry.decimals
    unit = model.units.label(entry.unit.name, lang)
    click.echo(say(lang, "study.decompose_head", award=entry.label, unit=unit))
    causes = [f"{one.address}={one.value if isinstance(one.value, str) else typed(one.value)}" for one in result.causes]
    heads = [say(lang, f"workbook.{key}") for key in ("code", "name")]
    heads += [say(lang, "study.before"), *causes, say(lang, "study.change"), say(lang, "study.after")]
    codes, names = [*run.table.codes, ""], [*run.table.names, say(lang, "workbook.total")]
    old, new = ([*one.figures(model.award), one.total(model.award)] for one in (result.before, result.after))
    rows = [
        [code, name, shown(before, decimals), *(shown(part, decimals) for part in parts), shown(after, decimals)]
        for code, name, before, parts, after in zip(codes, names, old, result.closed(), new, strict=True)
    ]
    click.echo(table_text(heads, rows))
    click.echo(say(lang, "study.decompose_how"))


COMMANDS = (decompose,)
