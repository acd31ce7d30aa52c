"""The small policy `reward` with its table of 2017, and the shipped monitor."""

from __future__ import annotations

import gc
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from evaluated import HEAD, TWO_YEARS, write_report
from letters import GIVEN
from word import MONITOR, ROOT

from allocation.documents import evaluate as evaluate_module
from allocation.run.finding import find
from allocation.run.run import run_model
from allocation.years.timeline import read_years, timeline


@pytest.fixture(autouse=True)
def away(tmp_path, monkeypatch) -> None:
    """What a test writes without a folder of its own lands in no folder of the project."""
    monkeypatch.chdir(tmp_path)


@pytest.fixture(autouse=True)
def documents_let_go() -> Iterator[None]:
    """A document that a test opened holds megabytes in few objects, and would wait for the collector for long."""
    yield
    gc.collect(1)


@pytest.fixture
def folder(folder) -> Path:
    """A person's working folder: `reward`, its table (of 2017, illustrative), and the monitor's model."""
    shutil.copy(ROOT / "models" / "urbanisation_monitor.toml", folder / "models")
    table = folder / "inputs" / "reward.csv"
    table.write_text("2017年落户奖励资金（示例数据）\n" + table.read_text("utf-8-sig"), encoding="utf-8")
    return folder


@pytest.fixture
def reward(folder):
    """The run of the folder's own table."""
    found = find("reward", None, None)
    return run_model(found.model, found.table)


@pytest.fixture(scope="session")
def monitor():
    """monitor(2018): the shipped monitor's run over the years up to one."""
    model = find("urbanisation_monitor", MONITOR, 2016).model
    tables = read_years([MONITOR], model)
    return lambda year: timeline(model, [table for table in tables if table.year <= year])


@pytest.fixture(scope="session")
def written(monitor, tmp_path_factory):
    """written(2018, "zh"): the report of the shipped monitor."""
    folder, made = tmp_path_factory.mktemp("reports"), {}

    def write(year: int, lang: str) -> Path:
        path = folder / f"{year}.{lang}.docx"
        if path not in made:
            write_report(monitor(year), path, lang)
            made[path] = True
        return path

    return write


@pytest.fixture
def small(folder, allocation, monkeypatch):
    """small(first=…, second=…): the evaluation of 2017 from a table of two counties; what was told, and the report.

    Its four charts, two thirds of the time, are not drawn: `written` has them.
    """
    monkeypatch.setattr(evaluate_module, "draw", lambda picture: None)

    def evaluate(first=100, second=200, note="", more="", body=TWO_YEARS):
        (folder / "年.csv").write_text(HEAD + body.format(first=first, second=second, note=note), encoding="utf-8")
        told = allocation(f"evaluate --input 年.csv {more}")
        files = sorted((folder / "outputs").glob("*.docx"))
        return told, files[0] if files else None

    return evaluate


@pytest.fixture
def sent(allocation):
    """sent("…"): the notices of `reward` with more options; gives what was told."""

    def run(more: str = GIVEN, code: int = 0):
        told = allocation(f"notices reward {more}")
        assert told.code == code, told.text
        return told

    return run
