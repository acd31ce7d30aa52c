"""Blocks of a sweep handed to workers: the figures of one process, whoever ran what, in whatever order, lost or not."""

from __future__ import annotations

import multiprocessing
import os
import pickle
import random
import signal
import socket
import sys
import threading
import time
from concurrent.futures import BrokenExecutor, Executor, Future, ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from shutil import copytree

import pytest
from desk import IN_CI, examples
from hypothesis import given, settings
from hypothesis import strategies as st
from sweeps import made

from allocation import AllocationError, allocators, compiled
from allocation.cli import main
from allocation.lab import blocks, workers
from allocation.lab import sweep as module
from allocation.lab.blocks import RowsInMemory, run_sweep
from allocation.lab.sweep import baseline
from allocation.lab.sweep_part import PartFile
from allocation.lab.workers import Crew, Workers, in_cluster, in_executor, in_processes, wrong_address

TEXTS = ["pool=800:1200", "settled@each=±10%", "floor_rate=0.5:1.05"]  # some cannot be run
only_in_ci = pytest.mark.skipif(not IN_CI, reason="processes of their own take seconds to begin: CI runs it")


class AnyOrder(Executor):
    """Runs what is handed in one by one, in an order of its own, from and to bytes as another process would.

    `loses` says of the number of a task whether its worker is lost, and how: None, an error, or `cancel`.
    """

    def __init__(self, seed: int, loses=lambda number: None):
        self.choose, self.loses = random.Random(seed), loses
        self.waiting: list[tuple[Future, bytes]] = []
        self.given, self.most_out, self.out = 0, 0, 0
        self.more = threading.Condition()
        self.ended = False
        threading.Thread(target=self._work, daemon=True).start()

    def submit(self, work, /, *given):
        future = Future()
        with self.more:
            self.waiting.append((future, pickle.dumps((work, given, self.given))))
            self.given += 1
            self.out += 1
            self.most_out = max(self.most_out, self.out)
            self.more.notify()
        return future

    def _work(self) -> None:
        while True:
            with self.more:
                while not self.waiting:
                    if self.ended:
                        return
                    self.more.wait()
                future, task = self.waiting.pop(self.choose.randrange(len(self.waiting)))
                self.out -= 1
            work, given, number = pickle.loads(task)
            lost = self.loses(number)
            if lost == "cancel":
                future.cancel()
                future.set_running_or_notify_cancel()
            elif lost is not None:
                future.set_exception(lost)
            else:
                self._run(future, work, given)

    @staticmethod
    def _run(future, work, given) -> None:
        try:
            future.set_result(pickle.loads(pickle.dumps(work(*given))))
        except Exception as error:
            future.set_exception(pickle.loads(pickle.dumps(error)))

    def shutdown(self, wait=True, *, cancel_futures=False) -> None:
        with self.more:
            self.ended = True
            self.more.notify()


def crew_of(executor: Executor, at_once: int) -> Workers:
    @contextmanager
    def lent(content):
        yield Crew(executor, content, at_once)

    return Workers(lent)


@pytest.fixture
def sweep(reward, counties, monkeypatch):
    monkeypatch.setattr(module, "MOST_CHUNK", 8)
    return made(reward, counties, TEXTS, samples=32, figures=["highest(award)"])


def here(sweep) -> bytes:
    return run_sweep(sweep, RowsInMemory(sweep), lambda done: None).tobytes()


def by(sweep, crew, report=lambda done: None) -> bytes:
    return run_sweep(sweep, RowsInMemory(sweep), report, crew).tobytes()


@settings(max_examples=examples(24), deadline=None)
@given(
    seed=st.integers(0, 3),
    at_once=st.sampled_from((1, 2, 8)),
    order=st.integers(0, 10**6),
    samples=st.sampled_from((0, 16)),
    lost=st.sets(st.integers(0, 20), max_size=blocks.TRIES - 1),
    how=st.sampled_from((BrokenExecutor("lost"), OSError(), "cancel")),
)
def test_the_same_seed_gives_the_same_figures_on_any_number_of_workers(
    seed, at_once, order, samples, lost, how, reward, counties
):
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(module, "MOST_CHUNK", 8)
        texts = TEXTS if samples else ["pool=800:1200:50", "floor_rate=0.5:1.05:0.11"]
        sweep = made(reward, counties, texts, samples, seed)
        executor = AnyOrder(order, lambda number: how if number in lost else None)
        assert by(sweep, crew_of(executor, at_once)) == here(sweep)
        assert executor.most_out <= at_once, "no more blocks are out at a time than may be"
        assert executor.given <= -(-sweep.runs // sweep.chunk) + len(lost), "what is done is not run again"
        executor.shutdown()


def test_every_block_asks_for_machine_code_as_the_whole_sweep_does(sweep, monkeypatch):
    asked = set()
    monkeypatch.setattr(allocators.COMPILER, "asked", lambda cells: asked.add(compiled._WHOLE.get()))
    here(sweep)
    baseline(sweep)
    assert asked == {sweep.runs * len(sweep.table)}


def test_threads_of_ones_own_stay_open(sweep):
    with ThreadPoolExecutor(4) as threads:
        assert by(sweep, in_executor(threads)) == here(sweep)
        assert threads.submit(int).result() == 0


def test_a_block_that_is_lost_every_time_is_given_up_in_words_and_the_others_are_kept(sweep, tmp_path):
    calls = []

    def loses(number: int) -> BrokenExecutor | None:
        calls.append(number)
        return BrokenExecutor("memory") if len(calls) > 5 else None

    path = tmp_path / "outputs" / "reward_sweep.part"
    with PartFile(path, sweep, resume=False) as part, pytest.raises(AllocationError) as caught:
        run_sweep(sweep, part, lambda done: None, crew_of(AnyOrder(3, loses), 4))
    (problem,) = caught.value.problems
    assert problem.id == "sweep.lost_block" and "BrokenExecutor: memory" in problem.text("en")
    assert len(calls) < 5 + 4 * blocks.TRIES, "it is tried a bounded number of times"
    with PartFile(path, sweep, resume=True) as part:
        assert part.done == 5 * sweep.chunk
        assert run_sweep(sweep, part, lambda done: None, crew_of(AnyOrder(4), 3)).tobytes() == here(sweep)


def test_a_pool_that_takes_nothing_more_is_another_crew_or_words(sweep):
    class Closed(Executor):
        def submit(self, work, /, *given):
            raise RuntimeError("cannot schedule new futures after shutdown")

    with pytest.raises(AllocationError, match="handed out 3 times"):
        by(sweep, in_executor(Closed()))


def test_where_no_worker_is_left_it_says_so(sweep, monkeypatch):
    monkeypatch.setattr(blocks, "LOOK", 0.01)

    class Silent(Executor):
        def submit(self, work, /, *given):
            return Future()

    crew = crew_of(Silent(), 2)
    with pytest.raises(AllocationError, match="no worker has been there"):
        by(sweep, Workers(crew.open, lambda: False))


def test_what_is_wrong_with_a_run_is_said_as_without_workers_and_not_tried_again(sweep, monkeypatch):
    monkeypatch.setattr(workers, "OURS", "allocation 0, NumPy 0")
    executor = AnyOrder(1)
    with pytest.raises(AllocationError, match="other versions"):
        by(sweep, crew_of(executor, 1))
    assert executor.given == 1


def test_a_crew_is_told_its_sweep_once_without_its_points(sweep):
    executor = AnyOrder(1)
    told = []

    @contextmanager
    def hired(without_points):
        told.append(without_points)
        yield Crew(executor, without_points, 2)

    by(sweep, Workers(hired))
    assert len(told) == 1 and told[0].points is None


RIGHT = ["tcp://10.0.0.5:8786", "10.0.0.5:8786", "tls://machine:1", "tcp://[::1]:8786", "tcp://machine:8786/"]
WRONG = ["", "machine", "tcp://machine", "http://machine:80", "machine:port", "tcp://:8786", "machine:99999",
         "machine:0", "tcp://[::1:8786", "tcp://machine:8786/path", "inproc://a:1"]  # fmt: skip


@pytest.mark.parametrize("address", RIGHT)
def test_an_address_is_a_machine_and_a_port(address):
    assert wrong_address(address) is None


@pytest.mark.parametrize("address", WRONG)
def test_an_address_that_is_none_is_said_before_anything_is_looked_for(address):
    problem = wrong_address(address)
    assert problem.id == "sweep.cluster_address" and address in problem.text("zh") and address in problem.text("en")


def told(command: list[str], monkeypatch, capsys) -> tuple[int, str]:
    monkeypatch.setattr(sys, "argv", ["allocation", *command])
    with pytest.raises(SystemExit) as stopped:
        main()
    said = capsys.readouterr()
    assert "Traceback" not in said.out + said.err
    return stopped.value.code, said.err


SWEEP = ["sweep", "reward", "--range", "pool=900:1100", "--samples", "16"]


@pytest.mark.parametrize("listens", [False, True], ids=["nobody there", "one that is no scheduler"])
def test_a_cluster_that_does_not_answer_is_words_within_the_time_said_and_nothing_is_written(
    listens, folder_of_reward, monkeypatch, capsys
):
    monkeypatch.setattr(workers, "PATIENCE", 1)
    with socket.socket() as door:
        door.bind(("127.0.0.1", 0))
        if listens:
            door.listen()
        begun = time.monotonic()
        code, err = told([*SWEEP, "--cluster", f"127.0.0.1:{door.getsockname()[1]}"], monkeypatch, capsys)
    assert code == 2 and "1 秒内" in err and "没有 Dask 调度器应答" in err
    assert time.monotonic() - begun < 30 and not (folder_of_reward / "outputs").exists()


def test_both_ways_at_once_and_none_installed_are_words(folder_of_reward, monkeypatch, capsys):
    code, err = told([*SWEEP, "--cluster", "a:1", "--workers", "2", "--lang", "en"], monkeypatch, capsys)
    assert code == 2 and "--workers and --cluster do not go together" in err
    code, err = told([*SWEEP, "--workers", "62", "--lang", "en"], monkeypatch, capsys)
    assert code == 2 and "from 1 to 61" in err
    monkeypatch.setitem(sys.modules, "distributed", None)
    code, err = told([*SWEEP, "--cluster", "a:1", "--lang", "en"], monkeypatch, capsys)
    assert code == 2 and '".[cluster]"' in err and not (folder_of_reward / "outputs").exists()


def killing(pids):
    """A report that kills the first of these processes when some blocks are done."""
    killed = []

    def report(done: int) -> None:
        if done and not killed:
            killed.append(next(iter(pids())))
            os.kill(killed[0], signal.SIGKILL if hasattr(signal, "SIGKILL") else signal.SIGTERM)

    return report, killed


@only_in_ci
def test_a_process_killed_in_the_middle_costs_its_blocks_only(sweep):
    report, killed = killing(lambda: [child.pid for child in multiprocessing.active_children()])
    assert by(sweep, in_processes(2), report) == here(sweep) and killed


@only_in_ci
@pytest.mark.parametrize("allowed", [0, 3], ids=["given up by Dask", "run again by Dask"])
def test_a_worker_of_a_cluster_killed_in_the_middle_costs_its_blocks_only(allowed, sweep):
    import dask
    from distributed import LocalCluster

    with (
        dask.config.set({"distributed.scheduler.allowed-failures": allowed}),
        LocalCluster("127.0.0.1", n_workers=2, threads_per_worker=1, dashboard_address=None) as cluster,
    ):
        report, killed = killing(lambda: [nanny.pid for nanny in cluster.workers.values()])
        with in_cluster(cluster.scheduler_address) as crew:
            assert by(sweep, crew, report) == here(sweep) and killed


@only_in_ci
def test_the_command_gives_the_same_file_on_processes_and_on_a_cluster(folder_of_reward, monkeypatch, capsys):
    from distributed import LocalCluster

    files = []
    with LocalCluster("127.0.0.1", n_workers=1, threads_per_worker=2, dashboard_address=None) as cluster:
        for crew in ([], ["--workers", "2"], ["--cluster", cluster.scheduler_address]):
            assert told([*SWEEP, *crew], monkeypatch, capsys)[0] == 0
            files.append((folder_of_reward / "outputs" / "reward_sweep.parquet").read_bytes())
    assert files[0] == files[1] == files[2]


def test_a_notebook_takes_an_executor_and_refuses_what_is_none(folder_of_reward):
    import allocation as al

    run = al.load("reward").run()
    with ThreadPoolExecutor(2) as threads:
        assert run.sweep("pool=900:1100", samples=16, workers=threads).frame.equals(
            run.sweep("pool=900:1100", samples=16).frame
        )
    for wrong in (0, 62, True, "2", threads.submit):
        with pytest.raises(al.AllocationError, match="workers"):
            run.sweep("pool=900:1100", samples=16, workers=wrong)


@pytest.fixture
def folder_of_reward(tmp_path, monkeypatch):
    copytree(Path(__file__).parent.parent / "cases" / "shared", tmp_path / "work")
    monkeypatch.chdir(tmp_path / "work")
    return tmp_path / "work"
