"""The catalogues: one language has what the other has, the code asks for nothing else, and nothing lies idle."""

from __future__ import annotations

import ast
import re
import tomllib
from functools import cache
from pathlib import Path
from string import Formatter

import pytest

from allocation import texts
from allocation.page.words import AREAS as BROWSER_AREAS
from allocation.texts import LANGUAGES, Both, both, catalogue, decimal_text, say, show

PACKAGE = Path(texts.__file__).parents[1]
AREAS = sorted(path.stem for path in (PACKAGE / "texts" / "zh").glob("*.toml"))
KEYS = {f"{area}.{key}" for area in AREAS for key in catalogue("zh", area)}
ID = re.compile(rf"({'|'.join(AREAS)})\.[a-z][a-z0-9_]*")

# Functions that are given a key without its area: `fault("syntax", …)` says language.syntax.
SHORT = ("fault", "self.fault", "self.checker.fault", "self.problem", "problem")


def slots(text: str) -> set[str]:
    return {name.split(".")[0].split("[")[0] for _, name, _, _ in Formatter().parse(text) if name is not None}


@cache
def sources() -> dict[str, ast.Module]:
    paths = sorted(PACKAGE.rglob("*.py"))
    return {str(path.relative_to(PACKAGE)): ast.parse(path.read_text(encoding="utf-8")) for path in paths}


def put_together(module: ast.Module) -> set[str]:
    """The beginnings of ids that are put together in a file: `language.` of f"language.{message}"."""
    found = {node.values[0] for node in ast.walk(module) if isinstance(node, ast.JoinedStr) and node.values}
    texts = {first.value for first in found if isinstance(first, ast.Constant)}
    return {text for text in texts if re.match(rf"({'|'.join(AREAS)})\.\w*$", text)}


def literals(module: ast.Module) -> list[ast.Constant]:
    """The texts of a file that are not pieces of an f-string."""
    pieces = {id(part) for node in ast.walk(module) if isinstance(node, ast.JoinedStr) for part in node.values}
    nodes = [node for node in ast.walk(module) if isinstance(node, ast.Constant) and isinstance(node.value, str)]
    return [node for node in nodes if id(node) not in pieces]


def asked_for() -> dict[str, str]:
    """Ids the code spells out, and where: whole ones, and keys handed to a function that adds the area."""
    found: dict[str, str] = {}
    for file, module in sources().items():
        for node in literals(module):
            if ID.fullmatch(node.value):
                found.setdefault(node.value, f"{file}:{node.lineno}")
        areas = {start.rstrip(".") for start in put_together(module) if start.endswith(".")}
        imported = any(
            isinstance(n, ast.ImportFrom) and any(a.name == "fault" for a in n.names) for n in ast.walk(module)
        )
        area = "language" if imported else areas.pop() if len(areas) == 1 else ""
        for call in ast.walk(module):
            named = isinstance(call, ast.Call) and call.args and ast.unparse(call.func) in SHORT
            if named and area and isinstance(call.args[0], ast.Constant) and isinstance(call.args[0].value, str):
                found.setdefault(f"{area}.{call.args[0].value}", f"{file}:{call.lineno}")
    return found


def test_both_languages_have_the_same_areas():
    found = [sorted(path.stem for path in (PACKAGE / "texts" / lang).glob("*.toml")) for lang in LANGUAGES]
    assert found[0] == found[1]


@pytest.mark.parametrize("area", AREAS)
def test_both_languages_have_the_same_keys(area):
    assert list(catalogue("zh", area)) == list(catalogue("en", area))


@pytest.mark.parametrize("area", AREAS)
def test_both_languages_have_the_same_slots(area):
    zh, en = catalogue("zh", area), catalogue("en", area)
    assert {key: slots(text) for key, text in zh.items()} == {key: slots(text) for key, text in en.items() if key in zh}


@pytest.mark.parametrize("area", AREAS)
@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_text_can_be_filled_in(area, lang):
    for key, text in catalogue(lang, area).items():
        assert text.strip(), key
        assert say(lang, f"{area}.{key}", **dict.fromkeys(slots(text), "x"))


def test_every_message_the_code_asks_for_exists():
    assert {id: where for id, where in asked_for().items() if id not in KEYS and not id.endswith(".toml")} == {}


# What those who raise a problem cannot know, and those who pass it on add: the column that was worked out, the cell.
ADDED_LATER = {"run.bad_step": {"column"}, "tables.beyond_sheet": {"cell"}}
SPOKEN = ("say", "tell", "warn")  # of a sheet, a book, a letter, the screen
EVERY_CELL = {"label", "unit", "choices"}  # what is said with a cell that gives no figure (Unread)


def filled() -> list[tuple[str, str, set[str]]]:
    """Every message that is asked for by its id with slots spelt out: where, id, and the names of the slots."""
    found = []
    for file, module in sources().items():
        for call in (node for node in ast.walk(module) if isinstance(node, ast.Call)):
            name = ast.unparse(call.func)
            held = isinstance(call.func, ast.Attribute) and call.func.attr in SPOKEN  # by what holds the language
            if name not in ("Problem", "Unread", "Odd", "say", "both") and not held:
                continue
            if any(word.arg is None for word in call.keywords):
                continue
            id, *rest = call.args[name == "say" :] or [None]
            given = {word.arg for word in call.keywords}
            if name == "Problem":
                table = rest[0] if rest else ast.Dict([], [])
                if not isinstance(table, ast.Dict) or not all(isinstance(key, ast.Constant) for key in table.keys):
                    continue
                given = {key.value for key in table.keys}
            if isinstance(id, ast.Constant) and (not held or ID.fullmatch(str(id.value))):
                found.append((f"{file}:{call.lineno}", id.value, given | (EVERY_CELL if name == "Unread" else set())))
    return found


def test_a_message_is_given_every_slot_that_its_text_cannot_do_without():
    calls = filled()
    lacking = {
        where: needed - given
        for where, id, given in calls
        for needed in [slots(re.sub("⟦[^⟧]*⟧", "", catalogue("zh", id.split(".")[0])[id.split(".", 1)[1]]))]
        if needed - given - ADDED_LATER.get(id, set())
    }
    assert len(calls) > 500 and lacking == {}


def patterns() -> list[re.Pattern]:
    """What f-strings with a word of their own may spell: f"at_{side}", f"workbook.{sheet}_legend"."""
    found = set()
    for module in sources().values():
        for node in (node for node in ast.walk(module) if isinstance(node, ast.JoinedStr)):
            pieces = [part.value if isinstance(part, ast.Constant) else None for part in node.values]
            own = "".join(piece or "" for piece in pieces)
            if re.fullmatch(r"[a-z0-9_.]+", own) and re.search(r"[a-z]{2}_|_[a-z]{2}", own):
                found.add("".join(r"\w+" if piece is None else re.escape(piece) for piece in pieces))
    return [re.compile(text) for text in sorted(found)]


BROWSER = PACKAGE / "page" / "static"
SPOKEN_THERE = re.compile(r"""\bt\(\s*["`]([a-z][a-z0-9_]*)(\$?)""")  # t("key") of the page's scripts; t(`key_${…}`)


def spoken_by_the_page() -> tuple[set[str], set[str]]:
    """The keys that the scripts of the page say, and the beginnings of those that they put together."""
    scripts = [path for path in BROWSER.rglob("*.js") if "vendor" not in path.parts]
    told = [match.groups() for path in scripts for match in SPOKEN_THERE.finditer(path.read_text(encoding="utf-8"))]
    return {key for key, more in told if not more}, {key for key, more in told if more}


def test_the_page_says_what_its_areas_of_the_catalogue_hold_each_key_in_one_of_them():
    keys = [key for area in BROWSER_AREAS for key in catalogue("zh", area)]
    whole, beginnings = spoken_by_the_page()
    assert len(keys) == len(set(keys))
    assert sorted(whole - {*keys}) == []
    assert [start for start in beginnings if not any(key.startswith(start) for key in keys)] == []


def test_every_message_of_the_catalogue_is_used_somewhere():
    whole, beginnings = spoken_by_the_page()
    words = {node.value for module in sources().values() for node in literals(module)}
    asked, shapes = set(asked_for()), patterns()

    def used(id: str) -> bool:
        key = id.split(".", 1)[1]
        joined = any(key[:at] in words and key[at:] in words for at in range(1, len(key)))
        in_python = id.startswith("python.") and key.replace("_", ".", 1) in KEYS  # other words for that message
        if id.split(".")[0] in BROWSER_AREAS:
            return key in whole or key.startswith((*beginnings, "\0"))
        return (
            in_python
            or id in asked
            or key in words
            or joined
            or any(one.fullmatch(key) or one.fullmatch(id) for one in shapes)
        )

    assert sorted(id for id in KEYS if not used(id)) == []


def test_a_label_of_the_catalogue_opens_no_file_before_it_is_shown(monkeypatch):
    asked: list[str] = []
    monkeypatch.setattr(texts, "say", lambda lang, message, **slots: asked.append(lang) or say(lang, message, **slots))
    label = both("auxiliary.no_bound_is_broken", bound="下限")
    assert asked == [] and label["zh"] == "取整后不突破下限" == label["zh"] and asked == ["zh"]
    named = both("auxiliary.floor")
    assert (
        named == Both("下限", "floor") and hash(named) == hash(Both("下限", "floor")) and named != Both("下限", "cap")
    )


def test_slots_are_worded_in_the_language_asked_for():
    assert say("zh", "run.closing", award=Both("分配额", "award"), pool="资金总额") == "分配额合计 = 资金总额"
    assert say("en", "run.closing", award=Both("分配额", "award"), pool="pool") == "total of award = pool"


def test_figures_are_shown_as_plain_decimals():
    from fractions import Fraction

    assert [decimal_text(Fraction(text)) for text in ("1/3", "-1/2", "2", "-1/9999999999", "12.50")] == [
        "0.333333333", "-0.5", "2", "0", "12.5",
    ]  # fmt: skip
    assert [show(value, "zh") for value in (13.0, 1e-05, 0.1, float("inf"))] == ["13", "0.00001", "0.1", "inf"]


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("area", AREAS)
def test_no_key_stands_twice_in_a_file(area, lang):
    tomllib.loads((PACKAGE / "texts" / lang / f"{area}.toml").read_text(encoding="utf-8"))  # it refuses one
