"""`allocation sweep` as a person meets it: files, Ctrl-C and going on, mistakes, and what may not be installed."""

from __future__ import annotations

import csv
import json
import shlex
import shutil
import sys
from pathlib import Path

import pyarrow.parquet as parquet
import pytest

from allocation.cli import main
from allocation.commands import sweep_progress
from allocation.commands.screen import Screen
from allocation.lab import sweep as module
from allocation.xlsx import sweep_runs

SHARED = Path(__file__).parent.parent / "cases" / "shared"
RANGES = 'sweep reward --range "pool=±20%" --range "settled@each=±10%" --samples 16'


@pytest.fixture
def folder(tmp_path, monkeypatch):
    shutil.copytree(SHARED, tmp_path / "work")
    monkeypatch.chdir(tmp_path / "work")
    return tmp_path / "work"


@pytest.fixture
def told(folder, monkeypatch, capsys):
    def run(command: str) -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "argv", ["allocation", *shlex.split(command)])
        with pytest.raises(SystemExit) as stopped:
            main()
        said = capsys.readouterr()
        assert "Traceback" not in said.out + said.err
        return stopped.value.code, said.out, said.err

    return run


def names(folder) -> list[str]:
    return sorted(path.name for path in (folder / "outputs").iterdir())


def test_samples_leave_a_workbook_and_every_run_and_no_part(told, folder):
    code, out, err = told(RANGES + ' --figure "highest(award)"' * 2)
    assert (code, err) == (0, "") and names(folder) == ["reward_sweep.parquet", "reward_sweep.xlsx"]
    assert "抽样试算（浮点试算）" in out and "样本 16，种子 1，共运行 64 次" in out
    assert out.count("highest(award)") == 2, "a figure asked for twice is one: a row in each table"
    assert "P95" in out and "总效应" in out and "落户人数（各地）" in out
    table = parquet.read_table("outputs/reward_sweep.parquet")
    about = json.loads(table.schema.metadata[b"allocation"])
    assert about["marks"] == "（浮点试算）" and (about["seed"], about["samples"]) == (1, 16)
    rows = table.to_pylist()
    assert len(rows) == 64 and list(rows[0])[:4] == ["run", "ok", "state", "sample"]
    awards = [[row[f"award@{code}"] for code in ("210702", "210703", "210726", "210781")] for row in rows]
    assert [sum(one) for one in awards] == [row["pool"] for row in rows]
    assert [max(one) for one in awards] == [row["highest(award)"] for row in rows]
    assert [rows[at]["sample"] for at in (0, 16, 32, 63)] == ["A", "B", "A←pool", "A←settled@each"]


def test_in_english_and_exact_and_rounded_up_to_a_power_of_two(told):
    code, out, err = told('sweep reward --range "pool=900:1100" --samples 9 --exact --lang en')
    assert code == 0 and "16 are taken instead of 9" in err
    assert ": samples    Unit:" in out and "float" not in out.lower()
    assert "Below baseline" in out and "Sensitivity: total indices" in out


def test_a_grid_is_printed_a_row_a_combination(told):
    code, out, _ = told('sweep reward --grid "pool=800:1200:200" --grid "floor_rate=50%,110%"')
    assert code == 0 and "共 6 个组合" in out and "不能运行 1 次" in out and "第 2 次不能运行" in out
    assert "2     不能运行       800" in out and "敏感度" not in out
    refused = parquet.read_table("outputs/reward_sweep.parquet").to_pylist()[1]
    assert refused["award@210702"] is None and (refused["ok"], refused["state"]) == (False, "refused")


def stop_after(monkeypatch, count: int) -> None:
    real, calls = module.run_some, []

    def run(*args):
        calls.append(args)
        if len(calls) > count:
            raise KeyboardInterrupt
        return real(*args)

    monkeypatch.setattr(module, "run_some", run)


def test_ctrl_c_keeps_what_is_done_and_resume_ends_as_if_nothing_had_happened(told, folder, monkeypatch):
    monkeypatch.setattr(module, "MOST_CHUNK", 10)
    told(RANGES)
    wanted = (folder / "outputs" / "reward_sweep.parquet").read_bytes()
    shutil.rmtree(folder / "outputs")
    with monkeypatch.context() as context:
        stop_after(context, 3)
        code, out, err = told(RANGES)
    assert code == 2 and "算完 30 次，共 64 次" in err and names(folder) == ["reward_sweep.part"]
    again = err.splitlines()[-1].strip()
    assert again == f"allocation {RANGES.replace('pool=±20%', 'pool=±20%')} --resume"
    code, out, err = told(again.removeprefix("allocation "))
    assert code == 0 and "已有 30 次，共 64 次" in err
    assert (folder / "outputs" / "reward_sweep.parquet").read_bytes() == wanted
    assert names(folder) == ["reward_sweep.parquet", "reward_sweep.xlsx"]


def test_resume_of_another_sweep_says_what_differs_and_leaves_the_part(told, folder, monkeypatch):
    with monkeypatch.context() as context:
        context.setattr(module, "MOST_CHUNK", 10)
        stop_after(context, 1)
        told(RANGES)
        code, _, err = told(RANGES + " --seed 7 --resume --lang en")
        assert code == 2 and "cannot resume: --seed differ" in err and names(folder) == ["reward_sweep.part"]
    code, _, err = told(RANGES)
    assert code == 0 and "改名为 outputs/reward_sweep.old.part；这次从头算" in err
    code, _, err = told(RANGES + " --resume")
    assert code == 0 and "没有可接着算的文件" in err


@pytest.mark.parametrize("there", [False, True])
def test_without_a_usable_run_nothing_is_left_behind(told, folder, there):
    if there:
        (folder / "outputs").mkdir()
    code, _, err = told('sweep reward --range "pool=10:20" --samples 2')
    assert code == 2 and "没有一次可用" in err and ".0 " not in err
    assert (folder / "outputs").exists() == there


def test_a_workbook_open_in_excel_costs_no_runs(told, folder, monkeypatch):
    (folder / "outputs").mkdir()
    lock = folder / "outputs" / "~$reward_sweep.xlsx"
    lock.write_text("li\n")
    code, out, err = told(RANGES)
    assert code == 2 and "已算的 64 次（共 64 次）还在 outputs/reward_sweep.part" in err and "加 --resume" in err
    lock.unlink()
    stop_after(monkeypatch, 0)
    code, _, err = told(RANGES + " --resume")
    assert code == 0 and names(folder) == ["reward_sweep.parquet", "reward_sweep.xlsx"]


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ("", "没有写要试什么"),
        ('--range "pool=1:2" --grid "cap_rate=2,3"', "不能一起写"),
        ('--grid "pool=800:1200"', "“pool=800:1200”没有间隔"),
        ('--grid "pool=800,900" --samples 8', "--samples 和 --seed 只用于 --range"),
        ('--grid "pool=800,900" --seed 0', "--samples 和 --seed 只用于 --range"),
        ('--range "poll=800:900"', "最接近的是“pool”"),
        ('--range "pool=900:800"', "先写小的"),
        ("--range pool", "看不懂"),
        ('--range "pool=800:900" --samples 1', "--samples 应写 2 至 65536 的整数"),
        ('--range "pool=800:900" --figure award', "award@古塔区"),
        ('--range "pool=800:900" --balance pool', "不是列表参数中的一项"),
        ('--range "pool=800:900" --balance ""', "看不懂"),
        ('--range "pool=800:900" --out result.csv', ".csv"),
        ('--range "pool=800:900" --out inputs/reward.xlsx', "inputs/reward.csv"),
        ('--range "pool=800:900" --set poll=1', "最接近的是“pool”"),
        ('--grid "floor_rate=190%,200%"', "没有一次可用"),
    ],
)
def test_a_mistake_is_a_message_and_exit_code_2(told, folder, options, said):
    code, out, err = told(f"sweep reward {options}")
    assert code == 2 and said in err
    assert not (folder / "outputs").exists() or names(folder) == []


def test_all_mistakes_are_said_at_once(told):
    _, _, err = told('sweep reward --range "poll=800:900" --figure award --balance pool')
    assert all(said in err for said in ("poll", "award@古塔区", "不是列表参数")) and "共 3 处" in err


def test_a_baseline_that_fails_a_check_stops_with_code_1(told, folder):
    path = folder / "models" / "reward.toml"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("published == 0 or published == total(1)", "published == 0"), encoding="utf-8")
    code, out, _ = told('sweep reward --range "pool=800:900"')
    assert code == 1 and "× 不通过" in out and not (folder / "outputs").exists()


def test_without_pyarrow_every_run_is_csv_and_says_how_to_get_parquet(told, folder, monkeypatch):
    monkeypatch.setattr(sweep_runs, "find_spec", lambda name: None)
    code, out, _ = told('sweep reward --grid "pool=800:1200:200" --grid "floor_rate=50%,110%"')
    assert code == 0 and "没有安装 pyarrow" in out and names(folder) == ["reward_sweep.csv", "reward_sweep.xlsx"]
    with (folder / "outputs" / "reward_sweep.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == 6 and rows[1]["award@210702"] == "" and rows[1]["state"] == "refused"
    assert rows[0]["pool"] == "800" and rows[0]["floor_rate"] == "0.5" and rows[0]["备注"] == "（浮点试算）"


class Terminal:
    """Stands for stderr, `watched` by a person or written to a log."""

    def __init__(self, watched: bool):
        self.watched, self.text = watched, ""

    def write(self, text: str) -> None:
        self.text += text

    def flush(self) -> None:
        pass

    def isatty(self) -> bool:
        return self.watched


@pytest.mark.parametrize(("watched", "lines"), [(True, 4), (False, 2)])
def test_without_rich_progress_is_a_plain_line_with_the_time_left(monkeypatch, watched, lines):
    clock = iter([0, 0, 1, 20, 40, 41, 80, 90])
    shown = Terminal(watched)
    monkeypatch.setattr(sweep_progress, "monotonic", lambda: next(clock))
    monkeypatch.setattr(sys, "stderr", shown)
    monkeypatch.setitem(sys.modules, "rich.console", None)
    with sweep_progress.progress(1000, Screen("zh")) as report:
        for done in (100, 110, 300, 500, 510, 900):
            report(done)
    assert shown.text.count("运行 ") == lines and "运行 500/1000，约剩 51 秒" in shown.text
    assert ("\n" in shown.text) != watched


def test_time_left_is_said_in_seconds_minutes_and_hours():
    told = [sweep_progress.time_left(seconds, Screen("en")) for seconds in (0.2, 59, 61, 3599, 5400)]
    assert told == ["1 s", "60 s", "2 min", "60 min", "1.5 h"]
