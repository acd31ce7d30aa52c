"""What a command was asked goes down as an argument: nothing below asks click which command is running."""

from __future__ import annotations

import ast
import inspect
from dataclasses import fields

import pytest
from own_code import trees

from allocation.cli import cli
from allocation.commands.requests import OF_PARTS, SharedOptions

ASKING = {"get_current_context", "pass_context", "pass_obj", "make_pass_decorator", "meta", "obj"}
SETS_ITSELF = {"decided_before", "attached", "hints"}  # no option says it


def asking() -> set[tuple[str, str]]:
    """Where the running command is asked for: the file, and the function or class of it."""
    return {
        (file, getattr(outer, "name", ""))
        for file, tree in trees().items()
        for outer in tree.body
        for node in ast.walk(outer)
        if ASKING & {getattr(node, "attr", ""), getattr(node, "id", ""), *_imported(node)}
    }


def _imported(node: ast.AST) -> list[str]:
    return [alias.name for alias in node.names] if isinstance(node, ast.ImportFrom) else []


def kind_of(name: str) -> type | None:
    """What a command's body takes as its one argument; None of a command with arguments of its own."""
    body = cli.commands[name].callback
    asked = inspect.signature(body).parameters.get("request")
    return getattr(inspect.getmodule(body), asked.annotation) if asked else None


def test_one_function_asks_click_which_command_is_running():
    assert asking() == {("commands/session.py", "session")}


@pytest.mark.parametrize("name", [name for name in cli.commands if kind_of(name)])
def test_every_option_of_a_command_has_its_place_in_what_the_command_is_asked(name):
    own = {each.name for each in fields(kind_of(name))}
    shared = {each.name for each in fields(SharedOptions)} - SETS_ITSELF if "options" in own else set()
    told = [param for param in cli.commands[name].params if param.expose_value]  # --json is the screen's
    taken = {param.name for param in told if not param.name.startswith(OF_PARTS)}
    assert (taken - own - shared, own - taken - {"options"}) == (set(), set())
