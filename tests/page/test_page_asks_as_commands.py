"""What the page says of a figure, of scenarios and of a search is what the commands say; what it draws is described."""

from __future__ import annotations

import re
from fractions import Fraction

import pytest

from allocation.analysis.addresses import form_label
from allocation.analysis.scenarios import load_scenario, scenario_text
from allocation.errors import AllocationError
from allocation.page.call import Visit
from allocation.page.calls import CALLS
from allocation.page.desk import Desk
from allocation.page.jobs import Jobs
from allocation.page.works import Works
from allocation.page.workshop import Workshop
from allocation.policy.schema import Percentage
from allocation.report.charts import in_classes
from allocation.run.scenario import Change
from allocation.texts import Both

CODES = ("210702", "210703", "210726", "210781")
SCENARIO = '[scenario]\nzh = "多给些"\nen = "More"\n[[change]]\naddress = "pool"\nset = 1300\n'


class Page:
    """Calls as a tab makes them, without a server."""

    def __init__(self, folder, lang: str):
        desk = Desk(folder)
        self.visit = Visit(desk, Works(desk), Workshop(desk), Jobs(desk), lang)
        self.work = self.visit.works.begin("reward").id

    def ask(self, called: str, /, **asked):
        call = CALLS[called]
        given = {"work": self.work, **asked} if "work" in call.asked.model_fields else asked
        return call.body(self.visit, call.asked.model_validate(given))

    def type(self, **settings) -> None:
        work = self.visit.works.get(self.work)
        self.visit.works.change(work.id, work.revision, lambda held: held.model_copy(update={"settings": settings}))


@pytest.fixture(params=["zh", "en"])
def page(folder, request):
    return Page(folder, request.param)


def lines_of(step, indent=""):
    yield indent + step["text"]
    yield from (f"{indent}    {line}" for line in step["beside"])
    for below in step["below"]:
        yield from lines_of(below, indent + "    ")


def test_a_figure_is_explained_in_the_words_of_the_command(page, allocation):
    columns = ("claim", "settled", "pool", "size")
    for code, column in [*((code, "") for code in CODES), *(("210726", column) for column in columns)]:
        said = page.ask("ask.figure", code=code, column=column)
        shown = [said["heading"], said["sentence"], *(line["text"] for line in said["why"])]
        words = ["explain", "reward", code, *([column] if column else []), "--depth", "6", "--lang", page.visit.lang]
        told = allocation(words).out
        assert [line for line in shown if line not in told] == []
        assert "\n".join(lines_of(said["step"])) in told and said["code"] == code


def test_who_is_not_there_is_told_in_the_language_of_the_tab(page):
    for asked in ({"code": "999999"}, {"code": "黑山"}, {"code": ""}, {"code": "210726", "column": "nobody"}):
        with pytest.raises(AllocationError) as refused:
            page.ask("ask.figure", **asked)
        assert all(problem.text(page.visit.lang) for problem in refused.value.problems)
    wrong = (
        ("ask.seek", {"vary": "nobody", "target": "1"}),
        ("ask.seek", {"vary": "pool", "target": "many"}),
        ("ask.margin", {"of": "size"}),
    )
    for call, more in wrong:
        with pytest.raises(AllocationError):
            page.ask(call, code="210726", **more)


def test_a_code_is_that_units_own_also_where_another_is_called_so(page, folder):
    table = folder / "inputs" / "reward.csv"
    table.write_text(table.read_text(encoding="utf-8").replace("凌海市", "210726"), encoding="utf-8")
    assert page.ask("ask.figure", code="210726")["name"] == "黑山县"
    assert page.ask("ask.figure", code="210781")["name"] == "210726"


def told_of(said) -> str:
    """All that an answer of a search says, a line each."""
    return "\n".join(part["text"] + "\n".join(" ".join(row) for row in (part["heads"], *part["rows"]))
                     for part in said["parts"])  # fmt: skip


def test_a_search_and_a_margin_tell_what_the_commands_tell(page, allocation):
    lang = page.visit.lang
    said = page.ask("ask.seek", code="210726", vary="pool", target="200")
    told = allocation(f"seek reward --vary pool --figure award@210726 --target 200 --lang {lang}").out
    cells = [cell for part in said["parts"] for row in part["rows"] for cell in row]
    assert [cell for cell in cells if cell not in told] == []
    assert f"pool={said['answer']}" in told
    row = page.ask("ask.margin", code="210726", of="settled")["table"]["lines"][0]
    told = allocation(f"margins reward --of settled --lang {lang}").out
    line = next(line for line in told.splitlines() if line.startswith("210726"))
    assert [cell for cell in row["cells"] if cell not in line] == []


def test_a_search_starts_from_what_is_tried_as_the_command_does_from_what_is_set(page, folder, allocation):
    lang = page.visit.lang
    model = folder / "models" / "reward.toml"
    text = model.read_text(encoding="utf-8")
    for given in ("", "required"):
        if given:
            model.write_text(text.replace("value = 1000", "required = true", 1), encoding="utf-8")
        page.type(pool="1,100", floor_rate="10%")
        said = page.ask("ask.seek", code="210726", vary="pool", target="200")
        words = "seek reward --vary pool --figure award@210726 --target 200 --set pool=1100 --set floor_rate=10%"
        told = allocation(f"{words} --lang {lang}").out
        assert f"pool={said['answer']}" in told and "1100" in told_of(said)
    page.type(**{"size_rate.大城市": "0.9", "pool": "1100"})
    told = page.ask("ask.seek", code="210702", vary="size_rate.大城市", target="300")["parts"][1]["text"]
    assert "0.9" in told
    page.type(pool="many")
    with pytest.raises(AllocationError):
        page.ask("ask.seek", code="210726", vary="pool", target="200")


def test_a_search_speaks_in_the_words_of_table_and_form_and_its_answer_is_typed_as_it_stands(page):
    """Of every setting: no name of the program, no `@`; what the answer says to use reaches the target."""
    lang, model = page.visit.lang, page.visit.engine.run(page.visit.works.get(page.work)).model
    label = model.columns[model.award].label[lang]
    wanted = {"pool": "200", "floor_rate": "300", "size_rate.小城市": "255"}
    words = {"floor", "cap", "pool", "claim", "size", "published"}  # of English too
    names = {*model.columns, *model.parameters} - words
    named = re.compile("|".join(rf"\b{name}\b" for name in names) + "|@")
    for address, target in wanted.items():
        code, name = ("210703", "凌河区") if address == "floor_rate" else ("210726", "黑山县")
        said = page.ask("ask.seek", code=code, vary=address, target=target)
        told = told_of(said) + said["use"]
        told = told.replace(label, "").replace(form_label(model, address, page.visit), "")
        assert not named.search(told), told
        assert f"{name}·{label}" in told_of(said) and form_label(model, address, page.visit) in told_of(said)
        assert said["answer"] and said["answer"] in said["use"] and said["vary"] == address
        assert said["answer"].endswith("%") is (address == "floor_rate")
        page.type(**{address: said["answer"]})
        found = page.visit.engine.run(page.visit.works.get(page.work))
        assert abs(found.amounts(model.award)[found.table.codes.index(code)] - Fraction(target)) <= 1
        page.type()


def test_a_comparison_shows_the_cells_of_the_command(page, folder, allocation):
    (folder / "inputs" / "scenarios").mkdir()
    (folder / "inputs" / "scenarios" / "more.toml").write_text(SCENARIO, encoding="utf-8")
    (folder / "broken.toml").write_text('[scenario]\nzh = "坏的"\n[[change]]\naddress = 3\n', encoding="utf-8")
    listed = {scenario["name"]: scenario for scenario in page.ask("compare.look")["scenarios"]}
    assert not listed["more"]["why"] and listed["broken.toml"]["why"]
    page.type(pool="900")
    shown = page.ask("compare.scenarios", scenarios=["more"], tried=True)
    told = allocation(f"compare reward more --lang {page.visit.lang}").out
    place = [column["key"] for column in shown["table"]["columns"]].index("1:award")
    for line in shown["table"]["lines"]:
        row = next(text.split() for text in told.splitlines() if line["cells"][1] in text.split())
        assert [cell for cell in line["cells"][: place + 2] if cell and cell.lstrip("+") not in row] == []
    assert shown["scenarios"][1]["changes"] in told and shown["chart"]["drawn"] == ["1:change", "2:change"]
    kept = page.ask("compare.keep", name='九"百')["file"]
    assert load_scenario(folder / kept).layers == ((Change("pool", Fraction(900), "set", "scenario"),),)
    for against in ("more", ".tried"):
        split = page.ask("ask.difference", code="210726", against=against)["table"]["lines"]
        assert [line["kind"] for line in split] == ["unit", "total"]


def test_a_pool_that_is_only_tried_is_what_scenarios_are_set_against(page, folder):
    """The model has none: what a scenario hands out is that scenario's, never this issue's."""
    model = folder / "models" / "reward.toml"
    text = model.read_text(encoding="utf-8").replace("value = 1000", "required = true", 1)
    model.write_text(text, encoding="utf-8")
    (folder / "more.toml").write_text(SCENARIO, encoding="utf-8")
    page.type(pool="900", floor_rate="0%")
    shown = page.ask("compare.scenarios", scenarios=["more.toml"], tried=True)
    keys, cells = [column["key"] for column in shown["table"]["columns"]], shown["table"]["lines"][-1]["cells"]
    assert [cells[keys.index(f"{place}:award")] for place in range(3)] == ["900", "1,300", "900"]
    assert [scenario["changes"] == "" for scenario in shown["scenarios"]] == [True, False, False]
    assert not shown["notes"]


def test_totals_side_by_side_are_told_from_the_total_that_the_table_sets_them_against(page):
    shown = page.ask("compare.scenarios", pools="800,1200,1300")
    first, *others = [scenario["changes"] for scenario in shown["scenarios"]]
    assert first == "" and all("800" in text and "→" in text and "1000" not in text for text in others)


def test_nothing_tried_and_nothing_chosen_is_told(page):
    for call, asked in (
        ("compare.scenarios", {}),
        ("compare.scenarios", {"tried": True}),
        ("compare.keep", {"name": "a"}),
        ("ask.difference", {"code": "210726", "against": ".tried"}),
        ("ask.difference", {"code": "210726", "against": ".last"}),
        ("ask.difference", {"code": "210726", "against": "nobody"}),
    ):
        with pytest.raises(AllocationError):
            page.ask(call, **asked)


def test_two_tables_and_two_cases_are_set_beside_each_other(page, folder, allocation):
    text = (folder / "inputs" / "reward.csv").read_text(encoding="utf-8")
    text = text.replace("小城市,90,", "小城市,95,").replace("合计,,680", "合计,,685")
    (folder / "after.csv").write_text(text, encoding="utf-8")
    said = page.ask("compare.tables", old="inputs/reward.csv", new="after.csv")
    told = allocation(["compare", "reward", "--data", "inputs/reward.csv", "after.csv", "--lang", page.visit.lang]).out
    assert [line for line in said["lines"] if line.strip() not in told] == []
    assert any("95" in line for line in said["lines"]) and len(said["table"]["lines"]) == 5
    with pytest.raises(AllocationError):
        page.ask("compare.cases", old="inputs/reward.csv", new="after.csv")


def with_head(folder, line):
    """The model of the folder has one line more at its head."""
    model = folder / "models" / "reward.toml"
    text = model.read_text(encoding="utf-8")
    model.write_text(text.replace('pool = "pool"\n', f'pool = "pool"\n{line}\n', 1), encoding="utf-8")


def test_charts_are_drawn_from_largest_to_least_and_say_why_where_there_is_none(page, folder):
    for chart in ("change", "shares", "years"):
        shown = page.ask("see.chart", chart=chart)
        assert shown["why"] and shown["table"] is None
    with_head(folder, 'compare_with = "last_award"')
    for chart, key in (("awards", "award"), ("change", "change")):
        shown = page.ask("see.chart", chart=chart)
        place = [column["key"] for column in shown["table"]["columns"]].index(key)
        figures = [line["figures"][place] for line in shown["table"]["lines"] if line["row"] >= 0]
        assert shown["drawn"] == [key] and figures == sorted(figures, reverse=True) and len(figures) == 4
    assert {*page.ask("see.chart", chart="awards")["marks"]} == {"last_award", "floor", "cap"}


def test_shares_are_set_against_what_the_model_names(page, folder):
    with_head(folder, 'per_person = "settled"')
    shown = page.ask("see.chart", chart="shares")
    assert shown["chosen"] == "settled" and len(shown["drawn"]) == 2
    keys = [column["key"] for column in shown["table"]["columns"]]
    for key in shown["drawn"]:
        figures = [line["figures"][keys.index(key)] for line in shown["table"]["lines"] if line["row"] >= 0]
        assert sum(figures) == pytest.approx(1)


WRITTEN = (
    Fraction(5),
    Fraction(-1, 3),
    Fraction("0.1"),
    Percentage(Fraction(11, 20)),
    '黑"山\\县',
    "5%多",
    Fraction(10**20),
)


def test_a_scenario_that_is_written_says_what_was_tried(tmp_path):
    changes = tuple(Change(f"x[{place}]@县", value, "set", "scenario") for place, value in enumerate(WRITTEN))
    path = tmp_path / "a.toml"
    path.write_text(scenario_text(Both('甲"\\', "b"), changes), encoding="utf-8")
    read = load_scenario(path)
    assert read.layers == (changes,) and read.label == Both('甲"\\', "b")
    assert isinstance(read.layers[0][3].value, Percentage)


@pytest.mark.parametrize("count", [0, 1, 4, 5, 23])
def test_classes_of_a_map_hold_every_figure_once_and_part_no_equal_ones(count):
    figures = [Fraction(place * place % 7) for place in range(count)] + [None, "text"]
    classes, spans = in_classes(figures)
    known = [(held, figure) for held, figure in zip(classes, figures, strict=True) if held is not None]
    assert len(known) == count and len(spans) <= 5
    assert len({figure: held for held, figure in known}) == len({*known})
    for number, (low, high) in enumerate(spans):
        of_class = [figure for held, figure in known if held == number]
        assert (min(of_class), max(of_class)) == (figures[low], figures[high])
