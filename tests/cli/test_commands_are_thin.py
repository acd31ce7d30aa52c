"""Commands are thin: a function fits a screen, what writes ends by one end, and decisions are made below."""

from __future__ import annotations

import ast
import re

import pytest
from own_code import PACKAGE, tree_of

MOST_LINES = 40
COMMANDS = sorted((PACKAGE / "commands").glob("*.py"))
DECIDING = ("whole_files.place", "journal.record", "journal.lines", "versions.plan_version", "versions.rebuilt")
STILL = {  # what is not yet asked of a room below; this list only grows shorter
    "products": {"whole_files.place"},  # the end itself
    "search_journal": {"whole_files.place"},
}


def long_functions(tree: ast.AST) -> list[str]:
    functions = (node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef))
    return [node.name for node in functions if (node.end_lineno or 0) - node.lineno + 1 > MOST_LINES]


def decisions(tree: ast.AST) -> set[str]:
    """What a file takes of that which puts files in place, writes the journal, or plans a version."""
    taken = {
        f"{(node.module or '').rpartition('.')[2]}.{alias.name}"
        for node in ast.walk(tree) if isinstance(node, ast.ImportFrom) for alias in node.names
    }  # fmt: skip
    return taken & {*DECIDING}


def prints(tree: ast.AST) -> bool:
    """Whether a file prints by itself: what it says would not be in the language of the screen by necessity."""
    calls = {ast.unparse(node.func) for node in ast.walk(tree) if isinstance(node, ast.Call)}
    return not calls.isdisjoint({"print", "click.echo", "click.secho", "sys.stdout.write"})


def says_written(tree: ast.AST) -> list[str]:
    """The messages that a file of a command prints by itself to say that something was written."""
    calls = (node for node in ast.walk(tree) if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute))
    said = [call.args[0] for call in calls if call.args and call.func.attr in ("say", "tell", "warn", "line")]
    return [ast.unparse(message) for message in said if re.search(r"\.wrote", ast.unparse(message))]


@pytest.mark.parametrize("path", COMMANDS, ids=lambda path: path.stem)
def test_a_command_prints_on_its_screen_and_what_was_written_is_said_at_its_end(path):
    assert prints(tree_of(path)) == (path.stem == "screen")
    assert says_written(tree_of(path)) == []


@pytest.mark.parametrize("path", COMMANDS, ids=lambda path: path.stem)
def test_a_function_of_a_command_fits_a_screen(path):
    assert long_functions(tree_of(path)) == []


@pytest.mark.parametrize("path", COMMANDS, ids=lambda path: path.stem)
def test_no_command_puts_files_in_place_or_plans_what_is_written_itself(path):
    assert decisions(tree_of(path)) == STILL.get(path.stem, set())


def test_a_long_function_and_a_decision_are_seen():
    assert long_functions(ast.parse("def f():\n" + "    pass\n" * MOST_LINES)) == ["f"]
    assert decisions(ast.parse("def f():\n    from allocation.files.whole_files import place")) == {DECIDING[0]}


def test_what_prints_by_itself_or_says_that_a_file_was_written_is_seen():
    assert prints(ast.parse("click.echo(text)")) and not prints(ast.parse("screen.line(text)"))
    assert says_written(ast.parse("screen.tell('cli.wrote_template', path=path)")) == ["'cli.wrote_template'"]
