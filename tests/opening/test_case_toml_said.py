"""A case as TOML: what is wrong in it is said in its own words, at its own key; dates may be TOML's."""

from __future__ import annotations

import pytest

from allocation.errors import AllocationError
from allocation.opening.case_toml import read_case_toml
from allocation.opening.settings import with_case
from allocation.run.finding import model_of_year

HEAD = 'model = "incentive_fund"\ntable = "d.csv"\n'


def read(folder, text):
    path = folder / "c.toml"
    path.write_text(text, encoding="utf-8")
    return read_case_toml(path)


@pytest.mark.parametrize(
    ("text", "id", "found"),
    [
        (HEAD + "[facts]\nbudget_year = true", "model.key_type", "true"),
        (HEAD + "[facts]\nbudget_year = [2024]", "model.key_type", "[2024]"),
        (HEAD + "[settings]\npool = [6000]", "model.not_number", "[6000]"),
        (HEAD + "[settings]\npool = 2024-01-01", "model.not_number", "2024-01-01"),
        (HEAD + "[settings]\npool = { value = true }", "model.not_number", "true"),
        (HEAD + "[settings]\npool = { vale = 6000 }", "model.key_unknown", "vale"),
        (HEAD + '[resolved]\n"a-1" = { basis = "x" }', "model.key_missing", "reason"),
        (HEAD + '[resolved]\n"a-1" = { reason = "x", date = "昨天" }', "forms.not_date", "昨天"),
        ('model = "incentive_fund"\n', "model.key_missing", "table"),
    ],
)
def test_one_fault_is_said_once_without_words_of_the_program(tmp_path, text, id, found):
    with pytest.raises(AllocationError) as raised:
        read(tmp_path, text)
    (problem,) = raised.value.problems
    assert problem.id == id
    for lang in ("zh", "en"):
        said = problem.text(lang)
        assert found in said and "Spec" not in said and "None" not in said and "constrained" not in said, said


def test_dates_and_years_may_stand_as_toml_writes_them(tmp_path):
    text = '[facts]\nissued = 2024-03-09\nbudget_year = 2024\n[resolved]\n"a-1" = { reason = "x", date = 2024-03-01 }\n'
    case = read(tmp_path, HEAD + text)
    assert (case.facts.issued, case.facts.budget_year) == ("2024-03-09", 2024)
    assert case.resolved["a-1"].date == "2024-03-01"


@pytest.mark.parametrize("other", ['"奖励资金总额"', '"Incentive fund"'])
def test_a_figure_given_under_two_names_is_asked(tmp_path, other):
    case = read(tmp_path, HEAD + f"[settings]\npool = 6000\n{other} = 7000\n")
    with pytest.raises(AllocationError) as raised:
        with_case(model_of_year("incentive_fund", None), case)
    assert {problem.id for problem in raised.value.problems} <= {"case.row_twice", "case.parameter_unknown"}


def test_a_figure_of_a_list_given_in_two_spellings_is_asked(tmp_path):
    case = read(tmp_path, HEAD + '[settings]\n"weight.settled" = 0.5\n"weight[settled]" = 0.6\n')
    with pytest.raises(AllocationError) as raised:
        with_case(model_of_year("incentive_fund", None), case)
    assert [problem.id for problem in raised.value.problems] == ["case.row_twice"]
