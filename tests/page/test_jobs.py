"""Jobs of the page: the very command, in a process of its own, that can be watched, cancelled and never outlives it."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from small_case import CASE

from allocation.commands.screen import JsonAnswer, Screen
from allocation.errors import AllocationError
from allocation.page.answered import job_answer
from allocation.page.desk import Desk
from allocation.page.jobs import Job, Jobs, option_word
from allocation.page.names import file_word
from allocation.report.table_json import texts_json

ZH, EN = Screen("zh"), Screen("en")
PACKAGE = Path(__file__).parents[2]
# Some ten seconds of runs on the small policy of tests/cases: long enough to be cancelled.
LONG = ("sweep", "reward", "--year", "2017", "--range", "settled@黑山县=80:120", "--samples", "8192", "--exact")


@pytest.fixture
def jobs(folder):
    held = Jobs(Desk(folder))
    yield held
    held.end()


def over(jobs: Jobs, job: Job, seconds: float = 30) -> Job:
    end = time.monotonic() + seconds
    while not jobs.get(job.id).over:
        assert time.monotonic() < end, jobs.get(job.id)
        time.sleep(0.02)
    return jobs.get(job.id)


def until(truth, seconds: float = 20) -> None:
    end = time.monotonic() + seconds
    while not truth():
        assert time.monotonic() < end
        time.sleep(0.02)


def alive(process: int) -> bool:
    """Whether it runs: one that has ended and waits to be asked for its code does not."""
    stat = Path("/proc") / str(process) / "stat"
    return stat.exists() and stat.read_text().rpartition(")")[2].split()[0] != "Z"


def test_a_job_is_the_command_itself_and_tells_its_products(jobs, folder, allocation):
    job = over(jobs, jobs.start(["run", "reward", "--out", "页面"], ZH))
    assert (job.state, job.code) == ("done", 0)
    told = allocation("run reward --out 手打")
    shown = [name for name in job.products if name.endswith(".csv")]
    assert shown and all(name.startswith("页面/") for name in job.products)
    for name in shown:
        assert (folder / name).read_bytes() == (folder / "手打" / Path(name).name).read_bytes()
    said = "\n".join(part for part in job.answer.parts if isinstance(part, str))
    tables = [part for part in job.answer.parts if not isinstance(part, str)]
    assert told.out.splitlines()[1] in said and "页面" in said
    line = next(line for line in told.out.splitlines() if "黑山县" in line)
    cells = [cell.strip() for line in tables[0]["lines"] for cell in line["cells"]]
    assert {*line.split()} <= {*cells}


def test_each_of_two_jobs_at_once_has_its_own_products_whatever_comes_on_the_desk_meanwhile(jobs, folder):
    begun = [jobs.start(["run", "reward", "--out", out], ZH) for out in ("甲", "乙")]
    until(lambda: all(jobs.get(job.id).state != "waiting" for job in begun))
    (folder / "拖进来的.csv").write_text("1", encoding="utf-8")
    for job, out in zip(begun, ("甲", "乙"), strict=True):
        products = over(jobs, job).products
        assert {*products} == {f"{out}/{path.name}" for path in (folder / out).iterdir()}, products


WRITE = (
    "run reward --out 出",
    "run 奖励.toml --stage 送审稿 --date 2018-03-05",
    "run 奖励.toml --stage 送审稿 --date 2018-03-06 --set pool=950 --reason 追加",
    "new reward --year 2017 --out 底稿.xlsx",
    "template reward --out 出/空表.xlsx",
    "journal",
    "run reward --set nothing=3",
)


def test_what_a_command_says_it_wrote_is_what_came_or_changed(folder, allocation):
    (folder / "奖励.toml").write_text(CASE, encoding="utf-8")

    def held() -> dict[str, tuple[int, bytes]]:
        files = (path for path in folder.rglob("*") if path.is_file())
        return {path.relative_to(folder).as_posix(): (path.stat().st_ino, path.read_bytes()) for path in files}

    for words in WRITE:
        before = held()
        told = json.loads(allocation(f"{words} --json").out)
        assert {*told["files"]} == {name for name, now in held().items() if now != before.get(name)}, words


def test_what_a_command_refuses_is_told_beside_and_leaves_no_file(jobs, folder):
    job = over(jobs, jobs.start(["run", "reward", "--set", "nothing=3"], EN))
    assert (job.state, job.code, job.products) == ("refused", 2, ())
    assert [problem for problem in job.answer.problems if "nothing" in problem["text"]]
    told = [line.text for line in job.told if line.beside]
    assert told and not [line for line in told if "nothing" in line]  # once, and what else is told beside as well


TABLE = texts_json(["县", "数"], [[str(row), "1"] for row in range(500)])


def document(**changed) -> bytes:
    answer = JsonAnswer()
    answer.said.append("在前")
    answer.put(TABLE)
    answer.said.append("在后")
    return json.dumps({**json.loads(answer.text(0)), **changed}).encode()


def test_texts_and_tables_stand_in_the_order_in_which_the_command_told_them():
    before, table, after = job_answer(document(), ZH).parts
    assert (before, after) == ("在前", "在后") and table["columns"] == TABLE["columns"]
    assert len(table["lines"]) == 400 and "100" in table["notes"][-1]


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"plain text\n",
        document()[:-2],
        document(version=2),
        document(after=[]),
        document(tables=[{}]),
        b"[" * 9999,
    ],
)
def test_what_is_no_answer_that_can_be_read_is_none(data):
    assert job_answer(data, ZH) is None


def test_a_text_that_is_no_answer_is_told_as_it_stands(jobs, monkeypatch):
    monkeypatch.setattr("allocation.page.jobs._answering", lambda words, speaker: [*words])
    job = over(jobs, jobs.start(["models"], ZH))
    assert job.state == "done" and not job.answer.parts
    assert any("reward" in line.text for line in job.told if not line.beside)
    monkeypatch.setattr("allocation.page.jobs.JSON_BYTES", 10)
    job = over(jobs, jobs.start(["models"], ZH))
    assert [line.text for line in job.told] == [ZH.say("page.answer_too_long")]


def test_a_file_of_the_desk_never_becomes_an_option_or_code(jobs, folder):
    (folder / "--lang=en.csv").write_bytes((folder / "inputs" / "reward.csv").read_bytes())
    (folder / "click.py").write_text("open('run.txt', 'w')", encoding="utf-8")
    word = file_word(Desk(folder), "--lang=en.csv")
    job = over(jobs, jobs.start(["check", "reward", option_word("--input", word)], ZH))
    assert job.state == "done" and "数据" in "".join(part for part in job.answer.parts if isinstance(part, str))
    assert not (folder / "run.txt").exists()
    with pytest.raises(AllocationError):
        file_word(Desk(folder), "../reward.csv")


def test_a_job_that_is_cancelled_ends_with_all_it_started_and_leaves_nothing_half_written(jobs, folder):
    job = jobs.start(LONG, ZH)
    until(lambda: jobs.get(job.id).progress or jobs.get(job.id).over)
    assert jobs.get(job.id).state == "running", jobs.get(job.id)
    process = jobs._processes[job.id].popen.pid
    assert jobs.cancel(job.id).id == job.id
    ended = over(jobs, job)
    assert ended.state == "cancelled" and not alive(process)
    assert [name for name in ended.products if not name.endswith(".part")] == []


def test_a_job_that_waits_is_cancelled_before_it_begins(jobs):
    running = [jobs.start(LONG, ZH) for _ in range(2)]
    until(lambda: all(jobs.get(job.id).state == "running" for job in running))
    waits = jobs.start(["models"], ZH)
    time.sleep(0.1)
    assert jobs.get(waits.id).state == "waiting"
    jobs.cancel(waits.id)
    for job in running:
        jobs.cancel(job.id)
    assert over(jobs, waits).state == "cancelled" and not over(jobs, waits).told


HOLDS_A_JOB = """
import sys, time
from pathlib import Path
from allocation.commands.screen import Screen
from allocation.page.desk import Desk
from allocation.page.jobs import Jobs
jobs = Jobs(Desk(Path.cwd()))
job = jobs.start(sys.argv[1:], Screen())
while not jobs.get(job.id).progress:
    time.sleep(0.02)
print(jobs._processes[job.id].popen.pid, flush=True)
time.sleep(60)
"""


@pytest.mark.skipif(os.name != "posix", reason="looks processes up in /proc")
def test_jobs_end_with_a_server_that_is_killed(folder):
    environment = {**os.environ, "PYTHONPATH": str(PACKAGE)}
    server = subprocess.Popen(
        [sys.executable, "-c", HOLDS_A_JOB, *LONG], cwd=folder, env=environment, stdout=subprocess.PIPE, text=True
    )
    process = int(server.stdout.readline())
    assert alive(process)
    server.send_signal(signal.SIGKILL)
    server.wait()
    until(lambda: not alive(process))
    assert not list(folder.rglob("*.xlsx"))


def test_no_file_where_one_stands_is_taken_for_code(folder):
    (folder / "click.py").write_text("open('run.txt', 'w')", encoding="utf-8")
    environment = {**os.environ, "PYTHONPATH": str(PACKAGE)}
    typed = [sys.executable, "-m", "allocation", "page", "--help"]
    told = subprocess.run(typed, cwd=folder, env=environment, capture_output=True, check=False)
    assert told.returncode == 0 and not (folder / "run.txt").exists()
    for script in ("start.sh", "start.bat"):
        assert b"PYTHONSAFEPATH=1" in (PACKAGE / script).read_bytes()


def test_no_file_of_the_desk_is_taken_for_code_by_the_page_itself(folder):
    """A person who starts the page in the very folder has it among the places where Python looks for code."""
    for name in ("openpyxl", "xlrd", "colorsys"):
        (folder / f"{name}.py").write_text("open('run.txt', 'w')", encoding="utf-8")
    script = (
        "import sys, uvicorn\n"
        "from pathlib import Path\n"
        "from allocation.page import starting\n"
        "sys.path.insert(0, sys.argv[1])\n"
        "uvicorn.Server.run = lambda *given, **named: __import__('colorsys')\n"
        "starting.serve(starting.PageAsked(Path(sys.argv[1]), browser=False), lambda *said, **slots: None)\n"
    )
    environment = {**os.environ, "PYTHONPATH": str(PACKAGE)}
    served = subprocess.run(
        [sys.executable, "-c", script, str(folder)], env=environment, capture_output=True, text=True
    )
    assert served.returncode == 0, served.stderr
    assert not (folder / "run.txt").exists()
