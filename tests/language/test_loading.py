"""A model file: every problem at once, each with file and key."""

from __future__ import annotations

import pytest
from small_models import model, model_text

from allocation.errors import AllocationError
from allocation.policy.loading import load_model, model_from_text

HEAD = '[model]\nzh = "模型"\nen = "Model"\nbasis = []\naward = "r"\n'
COLUMN = '[[column]]\nname = "r"\nzh = "结果"\nen = "Result"\nformula = "1"\n'
LABELS = 'zh = "a"\nen = "a"\n'


def problems(text: str) -> list[tuple[str, str]]:
    with pytest.raises(AllocationError) as caught:
        model_from_text(text, "m.toml")
    assert caught.value.text("zh") and caught.value.text("en")
    return [(problem.id.removeprefix("model."), problem.where) for problem in caught.value.problems]


def section(kind: str, name: str, *lines: str) -> str:
    return f'[[{kind}]]\nname = "{name}"\n{LABELS}' + "\n".join(lines) + "\n"


def parameter(name: str, *lines: str) -> str:
    return COLUMN + section("parameter", name, *lines)


def given(*lines: str) -> str:
    return COLUMN + section("input", "x", *lines)


P, VALUE = "[[parameter]] p", "[[parameter]] p · value"

# what is wrong: the text after the head, the message, the place
WRONG = {
    "a key is missing": ('[[column]]\nname = "r"\nzh = "a"\nformula = "1"\n', "key_missing", "[[column]] r · en"),
    "a key is unknown": (COLUMN + 'formul = "1"\n', "key_unknown", "[[column]] r · formul"),
    "a section is unknown": (COLUMN + "[[parametre]]\n", "key_unknown", "parametre"),
    "a text stands for a number": (parameter("p", 'value = "abc"'), "not_number", VALUE),
    "a number is no number": (parameter("p", "value = nan"), "not_number", VALUE),
    "a number is monstrous": (parameter("p", "value = 1e999999999"), "not_number", VALUE),
    "a whole number is monstrous": (
        given('unit = "人"', "decimals = 1e999999"),
        "key_type",
        "[[input]] x · decimals",
    ),
    "a year is monstrous": (COLUMN + "[model.effective]\nfrom = 1e40\n", "key_type", "[model] effective · from"),
    "a truth stands for a number": (parameter("p", "value = true"), "not_number", VALUE),
    "a number stands for a text": (COLUMN.replace('"1"', "1"), "key_type", "[[column]] r · formula"),
    "a number stands for a truth": (given('unit = "人"', "whole = 1"), "key_type", "[[input]] x · whole"),
    "a text stands for a truth": (given('unit = "人"', 'required = "true"'), "key_type", "[[input]] x · required"),
    "a truth stands for a whole number": (
        given('unit = "人"', "decimals = true"),
        "key_type",
        "[[input]] x · decimals",
    ),
    "a label is empty": (COLUMN.replace('zh = "结果"', 'zh = " "'), "empty", "[[column]] r · zh"),
    "a severity is unknown": (
        COLUMN + section("check", "c", 'formula = "1 == 1"', 'severity = "bad"'),
        "key_type",
        "[[check]] c · severity",
    ),
    "no value": (parameter("p"), "one_of_three", P),
    "two kinds of value": (parameter("p", "value = 1", "values = { a = 1 }"), "one_of_three", P),
    "a value out of its range": (parameter("p", "value = 3", "max = 2"), "out_of_range", P),
    "bands with two kinds of edge": (
        parameter("p", "bands = [{up_to=1,value=1},{below=2,value=1},{value=2}]"),
        "bands_edges",
        P,
    ),
    "bands without an open end": (parameter("p", "bands = [{up_to=1,value=1}]"), "bands_edges", P),
    "bands out of order": (parameter("p", "bands = [{up_to=2,value=1},{up_to=1,value=1},{value=2}]"), "bands_order", P),
    "bands of texts and numbers": (parameter("p", 'bands = [{up_to=2,value="a"},{value=2}]'), "bands_kinds", P),
    "an unknown unit": (parameter("p", "value = 1", 'unit = "万园"'), "units.unknown", P),
    "a unit declared that exists": (COLUMN + '[[unit]]\nname = "亩"\n', "unit_twice", "[[unit]] 亩"),
    "a unit of an unknown one": (COLUMN + '[[unit]]\nname = "q"\nof = "zz"\n', "unit_of", "[[unit]] q"),
    "a unit of nothing": (COLUMN + '[[unit]]\nname = "q"\ntimes = 0\n', "unit_times", "[[unit]] q"),
    "a name that is no name": (parameter("a-b", "value = 1"), "name_bad", "[[parameter]] a-b"),
    "a name in full width": (parameter("ａ", "value = 1"), "name_bad", "[[parameter]] ａ"),
    "a name that is a function": (parameter("share", "value = 1"), "name_taken", "[[parameter]] share"),
    "a name that is a keyword": (parameter("class", "value = 1"), "name_taken", "[[parameter]] class"),
    "a name twice": (parameter("r", "value = 1"), "name_twice", "[[column]] r"),
    "names alike but for case": (parameter("R", "value = 1"), "name_twice", "[[column]] r"),
    "items alike": (
        COLUMN + '[[list]]\nname = "u"\nitems = [{key="a",zh="a",en="a"},{key="A",zh="b",en="b"}]\n',
        "list_keys",
        "[[list]] u",
    ),
    "an item that is a keyword": (
        COLUMN + '[[list]]\nname = "u"\nitems = [{key="in",zh="a",en="a"}]\n',
        "list_keys",
        "[[list]] u",
    ),
    "over no list": (given('over = "u"'), "no_list", "[[input]] x"),
    "bounds on a text": (given("text = true", "min = 1"), "text_bounds", "[[input]] x"),
    "choices of numbers": (given('one_of = ["a"]'), "one_of_text", "[[input]] x"),
    "a default of another kind": (given('default = "a"'), "default_kind", "[[input]] x"),
    "an award that is none": (
        COLUMN.replace("r", "q", 1).replace('name = "r"', 'name = "q"'),
        "no_name",
        "[model] award",
    ),
    "a check that is no test": (COLUMN + section("check", "c", 'formula = "1"'), "check_truth", "[[check]] c"),
    "a formula twice": (COLUMN + 'formulas = { a = "1" }\n', "formula_or_formulas", "[[column]] r"),
    "no formula": (COLUMN.replace('formula = "1"\n', ""), "formula_or_formulas", "[[column]] r"),
    "a formula that cannot be read": (COLUMN.replace('"1"', '"1 +"'), "language.syntax", "[[column]] r"),
    "before no input": (COLUMN + 'before = "q"\n', "before_not_input", "r · before"),
    "a name in Chinese without quotes": (COLUMN + "中文 = 1\n", "bare_key", ""),
    "no TOML at all": ("hello\n", "toml", ""),
}


@pytest.mark.parametrize("what", WRONG)
def test_what_is_wrong_in_a_file_is_told_with_file_and_key(what):
    body, message, place = WRONG[what]
    found = problems(HEAD + body)
    assert (message, f"m.toml: {place}" if place else "m.toml") in found
    if not message.startswith("language"):
        others = {one for one, _ in found} - {message}
        assert others <= {"no_name"}


def test_a_model_out_of_order_loads_the_same():
    assert model_from_text(HEAD + COLUMN).columns["r"].formula == "1"
    assert model_from_text(COLUMN + HEAD).award == "r"


def test_all_problems_of_shape_are_told_at_once():
    text = (
        HEAD
        + COLUMN
        + 'formul = "1"\n'
        + section("parameter", "p", 'value = "x"')
        + section("input", "x", "min = true")
    )
    assert [place for _, place in problems(text)] == [
        f"m.toml: {VALUE}", "m.toml: [[input]] x · min", "m.toml: [[column]] r · formul",
    ]  # fmt: skip


def test_all_problems_of_formulas_are_told_at_once_and_their_consequences_are_not():
    columns = {"a": "pol + 1", "b": "x.y", "c": "a + b", "r": "c * 2"}
    with pytest.raises(AllocationError) as caught:
        model(x=[1], pool=1, columns=columns)
    found = [(problem.id, problem.where) for problem in caught.value.problems]
    assert found == [
        ("language.not_allowed", "small.toml: [[column]] b"),
        ("language.unknown_name", "small.toml: [[column]] a"),
    ]


def test_an_unknown_key_names_the_nearest():
    with pytest.raises(AllocationError, match="nearest is 'formula'"):
        model_from_text(HEAD + COLUMN + 'formul = "1"\n')


def test_a_wrong_type_is_told_in_the_readers_language():
    with pytest.raises(AllocationError) as caught:
        model_from_text(HEAD.replace("[]\n", '"x"\n') + COLUMN)
    assert "列表" in caught.value.text("zh") and "a list" in caught.value.text("en")


def test_a_bare_chinese_key_is_shown_with_its_line():
    with pytest.raises(AllocationError) as caught:
        model_from_text(HEAD + COLUMN + "大城市 = 0.8\n", "m.toml")
    [problem] = caught.value.problems
    assert (problem.slots["line"], problem.slots["key"], problem.excerpt) == (11, "大城市", "大城市 = 0.8")


def test_a_circle_shows_the_way_round():
    with pytest.raises(AllocationError) as caught:
        model(x=[1], columns={"a": "b + 1", "b": "c + x", "c": "a * 2", "d": "a + 1"})
    [problem] = caught.value.problems
    assert (problem.id, problem.slots["path"]) == ("model.circle", "a → b → c → a")


def test_a_column_of_its_own_past_is_no_circle():
    assert model(x=[1], before={"result": ["x"]}, formula="last(result) + 1").order == ("result",)


def test_columns_keep_the_order_of_the_file_and_are_computed_in_the_order_of_need():
    found = model(x=[1], columns={"a": "b", "b": "c", "c": "x"})
    assert list(found.columns) == ["a", "b", "c"]
    assert found.order == ("c", "b", "a")


def test_an_exception_may_not_stand_on_a_function_over_counties():
    for base, when, then in (("total(x)", "x > 1", "0"), ("x", "total(x) > 1", "0"), ("x", "x > 1", "part(x)")):
        with pytest.raises(AllocationError) as caught:
            model(x=[1], formula=base, exception=[{"when": when, "formula": then, "source": "甲"}])
        assert [problem.id for problem in caught.value.problems] == ["model.exception_across"]


EXCEPTIONS = {
    "when = x": ({"when": "x", "formula": "0", "source": "甲"}, "model.when_truth"),
    "formula a test": ({"when": "x > 1", "formula": "x > 2", "source": "甲"}, "model.exception_kind"),
    "a slip in when": ({"when": "y > 1", "formula": "0", "source": "甲"}, "language.unknown_name"),
}


@pytest.mark.parametrize("what", EXCEPTIONS)
def test_an_exception_that_does_not_fit_is_refused(what):
    exception, message = EXCEPTIONS[what]
    with pytest.raises(AllocationError) as caught:
        model(x=[1], formula="x", exception=[exception])
    assert [problem.id for problem in caught.value.problems] == [message]


def test_a_fault_in_an_exception_is_underlined_in_its_own_formula():
    with pytest.raises(AllocationError) as caught:
        model(x=[1], formula="x + 1", exception=[{"when": "x > 1", "formula": "2 * yy", "source": "甲"}])
    assert caught.value.problems[0].excerpt.splitlines() == ["2 * yy", "    ^^"]


def test_the_years_a_model_holds_for_are_read():
    assert model(x=[1], formula="x", head={"effective": {"from": 2017, "to": 2021}}).effective == (2017, 2021)
    assert model(x=[1], formula="x").effective == (None, None)


def test_an_award_must_be_a_column_and_a_pool_one_figure():
    text = model_text({"x": [1], "formula": "x"}).replace('award = "result"', 'award = "x"')
    assert problems(text) == [("award_not_column", "m.toml: [model] award")]
    for head in ({"pool": "x"}, {"pool": "money"}):
        with pytest.raises(AllocationError) as caught:
            model(x=[1], money=1, units={"money": "元"}, formula="x", head=head)
        assert [problem.id for problem in caught.value.problems] == ["model.pool_not_total"]


FIGURES = ("award", "compare_with", "per_person", "factors")


@pytest.mark.parametrize(
    "key, name", [(key, name) for key in FIGURES for name in ("truth", "t") if key + name != "awardt"]
)
def test_what_is_added_up_and_set_beside_an_award_is_a_column_of_numbers(key, name):
    named = [{"value": name, "weight": "x", "amount": "x"}] if key == "factors" else name
    text = model_text({"x": [1], "t": ["甲"], "columns": {"truth": "x > 0", "r": "x"}, "head": {key: named}})
    text = text.replace('award = "r"\n', "") if key == "award" else text
    assert problems(text) == [("not_figures", f"m.toml: [model] {key}")]


def test_what_came_before_has_the_same_unit():
    with pytest.raises(AllocationError) as caught:
        model(x=[1], y=[1], units={"x": "万元", "y": "元"}, before={"x": ["y"]}, formula="1")
    assert [problem.id for problem in caught.value.problems] == ["model.before_unit"]


def test_before_takes_one_name_or_a_list_of_them():
    base = {"x": [1], "y": [1], "z": [1], "formula": "x"}
    assert model(before={"x": "y"}, **base).inputs["x"].before == ("y",)
    assert model(before={"x": ["y", "z"]}, **base).inputs["x"].before == ("y", "z")


def test_before_of_a_list_names_the_same_item():
    found = model(
        lists={"u": ["a", "b"]}, over={"x": "u", "old": "u"}, x={"a": [1], "b": [1]}, old={"a": [1], "b": [1]},
        before={"x": "old"}, formula="last(x[a])",
    )  # fmt: skip
    assert found.inputs["x.b"].before == ("old.b",)


def test_texts_are_spelt_in_half_width_everywhere():
    found = model(kind=["县(市)"], rate={"县（市）": 1}, formula='1 if kind == "县（市）" else pick(kind, rate)')
    assert found.parameters["rate"].values == (("县(市)", 1),)


def test_the_number_of_names_is_limited_items_counted():
    keys = [f"k{place}" for place in range(601)]
    with pytest.raises(AllocationError) as caught:
        model(lists={"u": keys}, over={"x": "u"}, x={key: [1] for key in keys}, formula="1")
    assert [problem.id for problem in caught.value.problems] == ["model.too_many"]


def test_what_a_table_may_leave_out_is_known():
    found = model(
        needed=[1], asked=[1], least=[1], idle=[1], early=[1], pool=1, before={"needed": "early"},
        formula="needed if given(asked) else bounded_share(pool, needed, least)",
    )  # fmt: skip
    assert {name for name, one in found.inputs.items() if one.optional} == {"asked", "least", "idle", "early"}


@pytest.mark.parametrize(
    "name, message", [("none.toml", "model.no_file"), ("", "model.unreadable"), ("gb.toml", "model.not_utf8")]
)
def test_a_file_that_cannot_be_opened_is_a_problem_not_a_traceback(tmp_path, name, message):
    (tmp_path / "gb.toml").write_bytes("[model]\nzh = '模型'\n".encode("gb18030"))
    with pytest.raises(AllocationError) as caught:
        load_model(tmp_path / name)
    assert [problem.id for problem in caught.value.problems] == [message]


def test_a_byte_order_mark_is_no_obstacle(tmp_path):
    (tmp_path / "m.toml").write_text(HEAD + COLUMN, encoding="utf-8-sig")
    assert load_model(tmp_path / "m.toml").name == "m"
