"""The package works where it lands: from the wheel alone, from a clone, and in or below an office's own folder."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient

REPOSITORY = Path(__file__).parents[2]
HELD = ("models", "inputs", "templates")  # folders at the root that go into the wheel
IN_CI = os.environ.get("CI") == "true"


@pytest.fixture(scope="module")
def installed(tmp_path_factory) -> Path:
    """The wheel of this tree, unpacked as an installer does it: a folder with the package and nothing beside it."""
    place = tmp_path_factory.mktemp("wheel")
    names = subprocess.run(["git", "ls-files", "-z"], cwd=REPOSITORY, check=True, capture_output=True).stdout.decode()
    for name in filter(None, names.split("\0")):
        if name.split("/")[0] in (*HELD, "allocation", "pyproject.toml") and (REPOSITORY / name).exists():
            (place / "tree" / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(REPOSITORY / name, place / "tree" / name)
    command = [sys.executable, "-m", "pip", "wheel", "-q", "--no-deps", "-w", str(place / "made"), str(place / "tree")]
    subprocess.run(command, check=True)
    with zipfile.ZipFile(next((place / "made").glob("*.whl"))) as wheel:
        wheel.extractall(place / "installed")
    return place / "installed"


@pytest.fixture
def alone(installed, tmp_path):
    """alone("models") types a command, alone(code=…) runs Python, in an empty folder with the wheel only."""

    def run(words: str = "", code: str = "") -> subprocess.CompletedProcess:
        start = code or "import sys; from allocation.cli import main; sys.argv[0] = 'allocation'; sys.exit(main())"
        environment = {**os.environ, "PYTHONPATH": str(installed), "PYTHONSAFEPATH": "1", "PYTHONUTF8": "1"}
        command = [sys.executable, "-c", start, *words.split()]
        return subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True, check=False)

    return run


@pytest.mark.skipif(not IN_CI, reason="building a wheel takes half a minute: CI's")
def test_an_empty_folder_and_the_wheel_are_enough(alone, tmp_path):
    for words in (
        "models",
        "run incentive_fund",
        "notices incentive_fund",
        "compare incentive_fund both",
        "run 地方奖补",
    ):
        told = alone(words)
        assert told.returncode == 0, told.stderr
    assert alone("verify outputs/incentive_fund.xlsx").returncode == 0
    told = alone(code="import allocation as al; print(al.__file__, al.load('incentive_fund').run())")
    assert told.returncode == 0 and "installed" in told.stdout and "5,000" in told.stdout, told.stderr
    told = alone("run nosuch")
    assert told.returncode == 2 and "程序自带的 models" in told.stderr


@pytest.mark.skipif(not IN_CI, reason="building a wheel takes half a minute: CI's")
def test_the_wheel_holds_every_file_of_the_tree_that_it_needs(installed):
    names = subprocess.run(["git", "ls-files", "-z"], cwd=REPOSITORY, check=True, capture_output=True).stdout.decode()
    for name in filter(None, names.split("\0")):
        place = name if name.startswith("allocation/") else f"allocation/{name}"
        if name.split("/")[0] in (*HELD, "allocation") and (REPOSITORY / name).exists():
            assert (installed / place).is_file(), name


@pytest.mark.skipif(not IN_CI, reason="building a wheel takes half a minute: CI's")
@pytest.mark.parametrize("name", ["01_tour", "02_fund_policy_choices"])
def test_a_notebook_runs_beside_the_wheel_alone(installed, tmp_path, monkeypatch, name):
    monkeypatch.setenv("PYTHONPATH", str(installed))
    book = nbformat.read(REPOSITORY / "notebooks" / f"{name}.ipynb", as_version=4)
    book.cells.append(nbformat.v4.new_code_cell("import allocation\nprint(allocation.__file__)"))
    NotebookClient(book, timeout=300, kernel_name="python3", resources={"metadata": {"path": str(tmp_path)}}).execute()
    assert str(installed) in str(book.cells[-1].outputs)


def test_every_folder_of_code_is_named_in_pyproject():
    named = tomllib.loads((REPOSITORY / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["setuptools"]["packages"]
    code = {".".join(file.relative_to(REPOSITORY).parent.parts) for file in (REPOSITORY / "allocation").rglob("*.py")}
    assert set(named) == code | {f"allocation.{folder}" for folder in HELD}


def test_below_an_office_s_own_folder_its_models_and_tables_are_found(allocation, folder, monkeypatch):
    below = folder / "2018" / "一季度"
    below.mkdir(parents=True)
    monkeypatch.chdir(below)
    assert allocation("run reward").code == 0
    assert (below / "outputs" / "reward.xlsx").is_file() and not (folder / "outputs").exists()


def test_a_name_not_found_in_one_s_own_models_is_a_shipped_one_s(allocation, folder):
    assert allocation("check incentive_fund").code == 0


def test_one_s_own_model_hides_the_shipped_ones_of_its_name_and_their_years(allocation, folder):
    shutil.copy(folder / "models" / "reward.toml", folder / "models" / "incentive_fund@2015.toml")
    told = allocation("models").out
    assert "incentive_fund@2015" in told and "incentive_fund@2017" not in told


def test_a_folder_called_models_without_a_model_is_passed_over(allocation, folder, monkeypatch):
    below = folder / "other"
    (below / "models").mkdir(parents=True)
    (below / "models" / "ship.toml").write_text("[hull]\nlength = 3\n", encoding="utf-8")
    monkeypatch.chdir(below)
    assert allocation("check reward").code == 0


def test_a_name_nobody_knows_is_told_with_the_folders_that_were_searched(allocation, folder):
    told = allocation("run nosuch")
    assert told.code == 2 and "已找过：models、程序自带的 models" in told.err
    told = allocation("run nosuch --lang en")
    assert told.code == 2 and "Searched: models, models that came with the program" in told.err
