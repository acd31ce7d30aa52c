"""A name means one thing: a class is defined once, a signature is short, a local says what it holds."""

from __future__ import annotations

import ast
from collections import Counter, defaultdict
from collections.abc import Iterator

from own_code import trees

MOST_PARAMETERS = 8  # more become an object
EMPTY_WORDS = {"found", "one", "made", "own"}  # true of anything: they do not say what is held


def classes(trees: dict[str, ast.Module]) -> dict[str, list[str]]:
    """Where each class name is defined, public or private, at the top of a file or within."""
    places = defaultdict(list)
    for file, tree in trees.items():
        for node in ast.walk(tree):
            if isinstance(node, ast.ClassDef):
                places[node.name].append(file)
    return places


def long_signatures(trees: dict[str, ast.Module]) -> dict[str, int]:
    """The parameters of each function that asks for more than eight, the object it belongs to left out.

    What `al`'s own methods ask for by name alone (those that `takes` guards) does not count: each is written out at the
    call, and a person in a notebook should not have to build an object to say one of them.
    """
    lengths = {}
    for file, tree in trees.items():
        for node in ast.walk(tree):
            if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
                guarded = any(
                    isinstance(by, ast.Call) and ast.unparse(by.func) == "takes" for by in node.decorator_list
                )
                named = [] if guarded and file.startswith("notebook/") else node.args.kwonlyargs
                asked = node.args.posonlyargs + node.args.args + named
                variadic = [node.args.vararg, node.args.kwarg]
                count = len([arg for arg in [*asked, *variadic] if arg and arg.arg not in ("self", "cls")])
                if count > MOST_PARAMETERS:
                    lengths[f"{file}.{node.name}"] = count
    return lengths


def stored(tree: ast.AST) -> Iterator[str]:
    """Every local name that is given something: assigned, looped over, captured by a match, or a parameter."""
    for node in ast.walk(tree):
        match node:
            case ast.Name(id=name, ctx=ast.Store()) | ast.arg(arg=name):
                yield name
            case ast.MatchAs(name=str(name)) | ast.MatchStar(name=str(name)) | ast.ExceptHandler(name=str(name)):
                yield name


def empty_words(trees: dict[str, ast.Module]) -> Counter[str]:
    """How many locals of each room hold something under an empty word."""
    counts: Counter[str] = Counter()
    for file, tree in trees.items():
        if count := sum(name in EMPTY_WORDS for name in stored(tree)):
            counts[file.split("/")[0]] += count
    return counts


def of_the_package() -> dict[str, ast.Module]:
    return {file.removesuffix(".py"): tree for file, tree in trees().items()}


def test_a_class_name_means_one_thing_in_the_package():
    double = {name: sorted(files) for name, files in classes(of_the_package()).items() if len(files) > 1}
    assert not double


def test_a_signature_asks_for_eight_things_at_most():
    assert long_signatures(of_the_package()) == {}


def test_locals_say_what_they_hold():
    assert not empty_words(of_the_package())


def test_names_that_say_too_little_are_seen_wherever_they_stand():
    tree = {"room/file": ast.parse(
        "class A:\n  class B: ...\nclass B: ...\n"
        "def f(own, a, b, c, d, e, g, h, *i): [one for one in own]\n"
        "@click.command()\ndef g(a, b, c, d, e, f, g, h): ...\n"
        "def h(self, a, b, c, d, e, f, g, h):\n  if found := a: return [made for made in found]\n"
        "match x:\n  case [found]: ...\n"
    )}  # fmt: skip
    assert {name for name, files in classes(tree).items() if len(files) > 1} == {"B"}
    assert long_signatures(tree) == {"room/file.f": 9}
    public = {
        room: ast.parse("@takes(a=A)\ndef f(self, *, a, b, c, d, e, g, h, i, j): ...")
        for room in ("notebook/x", "run/x")
    }
    assert long_signatures(public) == {"run/x.f": 9}
    assert empty_words(tree) == {"room": 5}
