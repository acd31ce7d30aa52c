"""Small inputs that would cost the earth are refused with words: numbers, brackets, formulas, devices, pipes."""

from __future__ import annotations

import os
import signal
import socket

import pytest
from pace import MOST, within

from allocation.errors import AllocationError
from allocation.files import limits
from allocation.files.given_files import given_bytes, json_value
from allocation.language.units import Units
from allocation.policy.loading import model_from_text
from allocation.policy.model import Model
from allocation.run.run import run_model
from allocation.run.scenario import parse_value
from allocation.tables.table import Table

LONG = "1" * 100_001
VALUES = ("1e99999999", "1e-99999999", "1e99999999999999999999", LONG, "[" * 20_000, "[" * 200 + "]" * 200, f'"{LONG}"')
MODEL = """
[model]
zh = "示例"
en = "Sample"
basis = ["示例"]
award = "k0"

[[input]]
name = "x"
zh = "数"
en = "Figure"
"""
COLUMN = '[[column]]\nname = "k{}"\nzh = "列{}"\nen = "Column {}"\nformula = "{}"\n'
TAKE_A_FILE = (
    *(f"check reward --{option} {{}}" for option in ("input", "adjust", "sources", "advance", "ledger", "receipts")),
    "check reward --pool-from {}", "check {}", "compare reward {}", "compare reward --data {} {}", "verify {}",
    "notices reward --template {}", "evaluate reward --input {}", "collect reward {}",
    "collect reward inputs --recipients {} --year 2017",
)  # fmt: skip


@pytest.fixture(autouse=True)
def no_waiting():
    """What waits for a pipe waits for ever: a minute is enough to know."""

    def stop(*_):
        raise TimeoutError

    before = signal.signal(signal.SIGALRM, stop)
    signal.alarm(60)
    yield
    signal.alarm(0)
    signal.signal(signal.SIGALRM, before)


def refused(work, *given) -> None:
    with within(MOST), pytest.raises(AllocationError) as caught:
        work(*given)
    assert caught.value.text("zh") and len(caught.value.text("en")) < 2_000


@pytest.mark.parametrize("value", VALUES, ids=lambda value: value[:12])
def test_a_costly_value_is_refused_wherever_toml_holds_one(allocation, folder, value):
    text = (folder / "models/reward.toml").read_text(encoding="utf-8").replace("value = 1000", f"value = {value}")
    (folder / "models/costly.toml").write_text(text, encoding="utf-8")
    (folder / "costly.toml").write_text(f'[scenario]\nzh = "a"\n[[change]]\naddress = "pool"\nset = {value}\n', "utf-8")
    for command in ("check costly --input inputs/reward.csv", "compare reward costly.toml"):
        with within(MOST):
            told = allocation(command)
        assert told.code == 2 and len(told.err) < 1_000, told.err[:500]


def test_a_key_of_thousands_of_steps_is_refused_before_it_is_read():
    refused(model_from_text, MODEL + "a." * 20_000 + "b = 1\n")


@pytest.mark.parametrize("value", ["1e99999999", "-1e5", "nan", "inf", "1/0", "0/0", LONG, "1_000", "1/2/3"])
@pytest.mark.parametrize(
    "command", ["check reward --set pool={}", "sweep reward --range pool=1:{}", "margins reward --step {}"]
)
def test_a_costly_or_odd_number_on_the_command_line_is_refused(allocation, contents, command, value):
    before = contents()
    told = allocation(command.format(value))
    assert told.code == 2 and len(told.err) < 2_000
    assert contents() == before


def test_a_quotient_of_decimals_is_read_exactly():
    assert str(parse_value("0.2/2")) == "1/10" and str(parse_value("1.5/3%")) == "1/200"


@pytest.mark.parametrize("step", ["{0} * {0} + 1/3", "{0} ** 9 + 1/3", "1 / ({0} + 3 * {0} / ({0} * {0} + 1/3))"])
def test_exact_figures_that_grow_without_end_stop_the_run_or_are_held_within_bounds(step):
    columns = [COLUMN.format(0, 0, 0, "x + 1/7")]
    columns += [COLUMN.format(n, n, n, step.format(f"k{n - 1}")) for n in range(1, 31)]
    model = model_from_text(MODEL + "".join(columns))
    table = Table(("1", "2"), ("甲", "乙"), {"x": (parse_value("1/3"), parse_value("2/7"))}, None)
    with within(MOST):
        assert ended(model, table) <= {"run.too_long", "run.not_finite"}


def ended(model: Model, table: Table) -> set[str]:
    """What is wrong with a run of which every figure is looked at; nothing where all are there."""
    try:
        run = run_model(model, table)
    except AllocationError as error:
        return {problem.id for problem in error.problems}
    assert all(run.amounts(name) for name in model.columns)
    return set()


def test_a_figure_of_more_digits_than_any_use_stops_the_run():
    model = model_from_text(MODEL + "".join(COLUMN.format(n, n, n, f"k{n - 1} ** 9" if n else "x") for n in range(9)))
    table = Table(("1", "2"), ("甲", "乙"), {"x": (parse_value("1/3"), parse_value("12345678"))}, None)
    with within(MOST):
        assert ended(model, table) == {"run.too_long"}


@pytest.mark.parametrize(
    "formula",
    ["x+" * 500_000 + "x", "(" * 500_000, "x / 2 ** 10 ** 9", "round(x, 10**9)", "x ** 999999999", "9" * 5_000],
)
def test_a_costly_formula_is_refused(formula):
    refused(model_from_text, MODEL + COLUMN.format(0, 0, 0, formula))


def test_a_model_of_thousands_of_columns_is_refused():
    text = MODEL + "".join(COLUMN.format(n, n, n, "x") for n in range(2_000))
    refused(model_from_text, text)


def test_json_of_many_brackets_or_digits_is_refused():
    for text in ("[" * 100_000, "[" * 200 + "]" * 200, '{"a":' * 50_000):
        with pytest.raises(ValueError, match=r".*"):
            json_value(text)


def test_what_is_no_regular_file_is_never_opened(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    os.mkfifo("pipe")
    with socket.socket(socket.AF_UNIX) as end:
        end.bind("socket")
        for name in ("pipe", "socket", "/dev/zero"):
            with pytest.raises(AllocationError) as caught:
                given_bytes(name)
            assert [problem.id for problem in caught.value.problems] == ["files.not_regular"]


@pytest.mark.parametrize("command", TAKE_A_FILE)
def test_a_pipe_given_as_any_file_is_refused_and_never_waited_for(allocation, folder, command):
    for ending in ("", ".toml", ".xlsx", ".docx", ".json"):
        os.mkfifo(f"pipe{ending}")
        told = allocation(command.replace("{}", f"pipe{ending}"))
        assert told.code == 2, told.text


def test_a_file_larger_than_any_table_is_refused_unread(allocation, folder):
    with (folder / "huge.csv").open("wb") as file:
        file.truncate(3 * 2**30)
    os.link(folder / "huge.csv", folder / "huge.toml")
    assert "64 MB" in allocation("check reward --input huge.csv").err
    assert "1 MB" in allocation("check huge.toml").err


def test_units_of_absurd_size_are_no_units():
    assert not Units({}).knows("人^999999999")


def test_a_column_of_a_nation_may_hold_long_fractions():
    assert limits.FIGURE_BITS > 5 * 25_000


CI = os.environ.get("CI") == "true"
SUMS = ("total(1 / ({} + {n})) * x", "bounded_share(total(x), {} / (x + {n}), floor = x / 3, cap = x * 2)")


@pytest.mark.parametrize("step", SUMS if CI else SUMS[:1])  # few counties share without such fractions
def test_sums_of_unrelated_fractions_that_would_cost_the_earth_are_held_within_bounds_on_a_nation_s_table(step):
    count, times = (2_850, 5 * MOST) if CI else (60, MOST)
    columns = [COLUMN.format(0, 0, 0, "x + 1/7")]
    columns += [COLUMN.format(n, n, n, step.format(f"k{n - 1}", n=n)) for n in range(1, 31)]
    codes = tuple(str(100_000 + row) for row in range(count))
    table = Table(
        codes, codes, {"x": tuple(parse_value(f"{3 + row * 7919 % 9999991}/100") for row in range(count))}, None
    )
    model = model_from_text(MODEL + "".join(columns))
    with within(times):
        assert ended(model, table) <= {"run.too_long", "run.not_finite"}
