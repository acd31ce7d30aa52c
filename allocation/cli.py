"""The command line: one function a command, no arithmetic. Exit codes: 0 fine, 1 a check failed, 2 bad input."""

from __future__ import annotations

import gc
import re
import sys
from pathlib import Path, PureWindowsPath

import click

from allocation import __version__
from allocation.errors import AllocationError, Problem, nearest
from allocation.texts import say

LANGUAGE = click.option(
    "--lang", type=click.Choice(["zh", "en"]), default="zh", show_default=True, help="语言 / language"
)
YEAR = click.option("--year", type=click.IntRange(1950, 2100), help="数据年度 / year of the data")
INPUT = click.option("--input", "table", type=click.Path(path_type=Path), help="数据表 xlsx 或 csv / county table")
SHEET = click.option("--sheet", help="工作表名 / sheet of the workbook")
SET = click.option("--set", "settings", multiple=True, help="改一个参数或数据，如 pool=6000 / change a figure")
REFERENCE = click.option(
    "--reference", is_flag=True, help="年度不在适用期内时作参照测算 / trial outside the model's years"
)


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="allocation")
def cli() -> None:
    """分配测算：按政策模型把资金和用地指标分到各县。

    Splits funds and land quotas across counties from a policy written as data.
    """


@cli.command()
@click.argument("model")
@INPUT
@SHEET
@YEAR
@SET
@click.option("--out", type=click.Path(path_type=Path), default=Path("outputs"), show_default=True,
              help="输出文件夹，或 .xlsx 文件名 / output folder or .xlsx name")  # fmt: skip
@click.option("--float", "floating", is_flag=True, help="浮点试算，不作正式结果 / floating point, for trials only")
@click.option("--date", default="", help="写进溯源的日期 / date for the provenance sheet")
@REFERENCE
@LANGUAGE
def run(model, table, sheet, year, settings, out, floating, date, reference, lang) -> int:
    """运行模型，写出工作簿、CSV 和清单 / run a model and write its workbook, CSV and manifest."""
    from allocation.workbook.files import manifest, save, targets
    from allocation.workbook.importing import find_mapping

    found, result = _run(model, table, sheet, year, settings, floating, reference)
    files = targets(out, found.model.name.split("@")[0])
    _spare_inputs(found, files)
    mapping = find_mapping(found.model, found.model_path.parent)
    save(result, files, lang, manifest(result, _command(), date), mapping)
    _report(found, result, lang)
    for kind, path in files.items():
        click.echo(say(lang, f"cli.wrote_{kind}", path=path.as_posix()))
    _report_failed(result, lang, "cli.checks_failed")
    return 0 if result.ok else 1


@cli.command()
@click.argument("model")
@INPUT
@SHEET
@YEAR
@SET
@REFERENCE
@LANGUAGE
def check(model, table, sheet, year, settings, reference, lang) -> int:
    """检查模型和数据表，不写任何文件 / check a model and its table; writes nothing."""
    found, result = _run(model, table, sheet, year, settings, False, reference)
    _report(found, result, lang)
    _report_failed(result, lang, "cli.checks_failed_unwritten")
    return 0 if result.ok else 1


@cli.command()
@click.argument("model")
@click.option("--out", type=click.Path(path_type=Path), help="输出文件名 / name of the file")
@click.option("--example", is_flag=True, help="填入示例数据 / filled with example figures")
@YEAR
@LANGUAGE
def template(model, out, example, year, lang) -> int:
    """写出空白填报表 / write the blank input workbook of a model."""
    from allocation.finding import _of_year, base_name, model_files
    from allocation.loading import load_model
    from allocation.tables.template import write_template

    files = model_files(model)
    loaded = load_model(_of_year(files, year) if year else files[0])
    if out is None:
        Path("outputs").mkdir(exist_ok=True)
    path = out or Path("outputs") / f"{base_name(loaded.name)}{'_填报表' if lang == 'zh' else '_template'}.xlsx"
    write_template(loaded, path, lang, example)
    click.echo(say(lang, "cli.wrote_template", path=path.as_posix()))
    return 0


@cli.command()
@LANGUAGE
def models(lang) -> int:
    """列出模型 / list the models."""
    from allocation.finding import model_folder
    from allocation.loading import load_model
    from allocation.printing import print_models

    loaded, problems = [], []
    for file in sorted(model_folder().glob("*.toml")):
        try:
            loaded.append(load_model(file))
        except AllocationError as error:
            problems += error.problems
    print_models(loaded, lang)
    if problems:
        raise AllocationError(problems)
    return 0


def _run(model: str, table: Path | None, sheet, year, settings, floating: bool, reference: bool):
    from allocation.finding import find
    from allocation.run import run_model
    from allocation.scenario import parse_assignment

    changes, problems = [], []
    for text in settings:
        try:
            changes.append(parse_assignment(text))
        except AllocationError as error:
            problems += error.problems
    try:
        found = find(model, table, year, sheet)
    except AllocationError as error:
        problems += error.problems
    if problems:
        raise AllocationError(problems)
    return found, run_model(found.model, found.table, changes, exact=not floating, reference=reference)


def _spare_inputs(found, files: dict[str, Path]) -> None:
    """`--out inputs` would write the result's CSV over the table it came from."""
    taken = [path.resolve() for path in (found.input_path, found.model_path)]
    over = [path for path in files.values() if path.resolve() in taken]
    if over:
        raise AllocationError([Problem("workbook.over_input", where=str(path)) for path in over])


def _report(found, result, lang: str) -> None:
    from allocation.printing import print_run

    click.echo(say(lang, "cli.took", model=found.model_path.as_posix(), input=found.input_path.as_posix()))
    print_run(result, lang)


def _report_failed(result, lang: str, message: str) -> None:
    failed = [check for check in result.checks if not check.ok and check.severity == "error"]
    if failed:
        click.echo(say(lang, message, count=len(failed)), err=True)


def _command() -> str:
    """The command as typed, file names only: a result must not tell where it was made."""
    words, before = [], ""
    for word in sys.argv[1:]:
        option, equals, value = word.partition("=") if word.startswith("--") else ("", "", word)
        if (option or before) not in ("--set", "--date") and ("/" in value or "\\" in value):
            value = PureWindowsPath(value).name  # knows both kinds of slash
        words.append(option + equals + value)
        before = word
    return " ".join(["allocation", *words])


def _language(arguments: list[str]) -> str:
    for place, word in enumerate(arguments):
        if word == "--lang=en" or (word == "--lang" and arguments[place + 1 : place + 2] == ["en"]):
            return "en"
    return "zh"


def _usage(error: click.ClickException, lang: str) -> str:
    """Click's complaint in the reader's language."""
    context = getattr(error, "ctx", None)
    command = context.command if context else cli
    known = [opt for p in command.params for opt in p.opts if opt.startswith("-")]
    if isinstance(error, click.NoSuchOption):
        if isinstance(command, click.Group) and _owners(error.option_name):
            return say(lang, "cli.option_first", option=error.option_name)
        near = nearest(error.option_name, known)
        return say(lang, "cli.no_option", option=error.option_name, nearest=near, known=known)
    if isinstance(error, click.MissingParameter):
        return say(lang, "cli.missing", name=say(lang, "cli.model"), command=context.info_name)
    if isinstance(error, click.BadParameter) and error.param:
        return _bad_value(error, lang)
    if isinstance(error, click.BadOptionUsage):
        example = f"{error.option_name} {_EXAMPLES.get(error.option_name, '…')}"
        return say(lang, "cli.needs_value", option=error.option_name, example=example)
    quoted = re.findall(r"No such command '(.*)'", str(error))
    if quoted:
        near = nearest(quoted[0], cli.commands)
        return say(lang, "cli.no_command", name=quoted[0], nearest=near, known=list(cli.commands))
    extra = re.findall(r"unexpected extra arguments? \((.*)\)", error.format_message())
    return say(lang, "cli.extra", found=extra[0]) if extra else say(lang, "cli.usage", message=error.format_message())


_EXAMPLES = {"--input": "inputs/jinzhou_2017.xlsx", "--year": "2017", "--set": "pool=6000", "--out": "outputs"}


def _owners(option: str) -> list[str]:
    """The commands that have an option."""
    return [name for name, command in cli.commands.items() if any(option in p.opts for p in command.params)]


def _bad_value(error: click.BadParameter, lang: str) -> str:
    option, kind = error.param.opts[-1], error.param.type
    found = re.sub(r" is not .*", "", error.message).strip("'")
    if isinstance(kind, click.Choice):
        return say(lang, "cli.bad_choice", option=option, known=tuple(kind.choices), found=found)
    if isinstance(kind, click.IntRange):
        return say(lang, "cli.bad_range", option=option, low=kind.min, high=kind.max, found=found)
    return say(lang, "cli.bad_value", option=option, message=error.message)


def main() -> None:
    """Entry point: every mistake a person can make is a message and exit code 2, never a traceback."""
    gc.disable()  # a command lives for a second or two: collecting only walks what is all still in use
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="replace")
    lang = _language(sys.argv[1:])
    try:
        code = cli(standalone_mode=False)
    except AllocationError as error:
        click.echo(error.text(lang), err=True)
        click.echo(say(lang, "cli.stopped", count=len(error.problems)), err=True)
        code = 2
    except click.exceptions.NoArgsIsHelpError as error:
        click.echo(error.ctx.get_help())
        code = 0
    except click.ClickException as error:
        click.echo(_usage(error, lang), err=True)
        code = 2
    except (click.Abort, KeyboardInterrupt):
        click.echo(say(lang, "cli.interrupted"), err=True)
        code = 2
    sys.exit(code or 0)


if __name__ == "__main__":
    main()
