"""What is done survives: a sweep resumed is bit for bit the one that was not stopped, or says why it cannot be."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from sweeps import made

from allocation import AllocationError
from allocation.lab import sweep as module
from allocation.lab.blocks import run_sweep
from allocation.lab.sweep_part import DIGEST, START, PartFile
from allocation.run.scenario import Change

TEXTS = ["pool=800:1200", "settled@each=±10%", "floor_rate=0.5:1.05"]  # some cannot be run


@pytest.fixture
def sweep(reward, counties, monkeypatch):
    monkeypatch.setattr(module, "MOST_CHUNK", 16)
    return made(reward, counties, TEXTS, samples=32, figures=["highest(award)"])


@pytest.fixture
def path(tmp_path):
    return tmp_path / "outputs" / "reward_sweep.part"


def whole(sweep, path) -> bytes:
    with PartFile(path, sweep, resume=False) as part:
        rows = run_sweep(sweep, part, lambda done: None)
        part.finish()
    assert not path.exists() and np.isnan(rows).any()
    return rows.tobytes()


def stopped(sweep, path, at: int = 48) -> None:
    def stop(done: int) -> None:
        if done == at:
            raise KeyboardInterrupt

    with PartFile(path, sweep, resume=False) as part, pytest.raises(KeyboardInterrupt):
        run_sweep(sweep, part, stop)


def resumed(sweep, path) -> tuple[int, bytes]:
    with PartFile(path, sweep, resume=True) as part:
        done = part.done
        return done, run_sweep(sweep, part, lambda done: None).tobytes()


def test_resumed_twice_it_is_bit_for_bit_the_uninterrupted_one(sweep, path):
    wanted = whole(sweep, path)
    stopped(sweep, path)
    with PartFile(path, sweep, resume=True) as part, pytest.raises(ZeroDivisionError):
        run_sweep(sweep, part, lambda done: 1 // (done < 96))
    assert resumed(sweep, path) == (96, wanted)
    assert resumed(sweep, path) == (160, wanted), "one that was finished but not written is there whole"


@pytest.mark.parametrize("lost", [1, 40, 900])
def test_a_record_cut_off_while_it_was_written_is_run_again(sweep, path, lost):
    wanted = whole(sweep, path)
    stopped(sweep, path)
    cut = path.read_bytes()[:-lost]
    path.write_bytes(cut)
    PartFile(path, sweep, resume=True).file.close()
    assert path.stat().st_size < len(cut), "what was cut off is gone from the file"
    assert resumed(sweep, path) == (32, wanted)
    assert resumed(sweep, path) == (160, wanted), "the file is whole again"


def problem(sweep, path):
    with pytest.raises(AllocationError) as caught:
        PartFile(path, sweep, resume=True)
    only = caught.value.problems
    assert len(only) == 1 and only[0].text("zh") and only[0].where == str(path)
    return only[0]


@pytest.mark.parametrize("place", [3, -9, -2000])
def test_a_damaged_file_is_refused(sweep, path, place):
    stopped(sweep, path)
    content = bytearray(path.read_bytes())
    content[place] ^= 0x41
    path.write_bytes(content)
    assert problem(sweep, path).id == "sweep.part_damaged"
    assert path.read_bytes() == bytes(content), "it is left as it was"


@pytest.mark.parametrize("content", [b"\n", b"[]\n", b"1\n", b"\xff\xfe\n", b"{}\n"])
def test_what_is_no_such_file_is_refused(sweep, path, content):
    path.parent.mkdir()
    path.write_bytes(content)
    assert problem(sweep, path).id == "sweep.part_damaged"


@pytest.mark.parametrize("kept", [0, 1, 60])
def test_one_killed_before_its_heading_was_written_is_begun_anew(sweep, path, kept):
    wanted = whole(sweep, path)
    stopped(sweep, path)
    path.write_bytes(path.read_bytes()[:kept])
    assert resumed(sweep, path) == (0, wanted)
    assert not path.with_suffix(".old.part").exists()


def test_what_differs_from_last_time_is_named(sweep, path, reward, counties):
    stopped(sweep, path)
    other = counties[0].with_values(settled=tuple(one + 1 for one in counties[0].values["settled"]))
    figures = ["highest(award)"]
    cases = {
        "--seed": made(reward, counties, TEXTS, 32, 2, figures),
        "--samples": made(reward, counties, TEXTS, 64, 1, figures),
        "--figure": made(reward, counties, TEXTS, 32, 1),
        "--range or --grid": made(reward, counties, [TEXTS[0], TEXTS[1], "floor_rate=0.5:1"], 32, 1, figures),
        "the data": made(reward, (other,), TEXTS, 32, 1, figures),
        "the changes of --set": made(reward, counties, TEXTS, 32, 1, figures, changes=[Change("cap_rate", 2)]),
        "--exact": made(reward, counties, TEXTS, 32, 1, figures, exact=True),
    }
    for what, one in cases.items():
        found = problem(one, path)
        assert found.id == "sweep.part_differs" and f"cannot resume: {what} differ" in found.text("en")
    assert resumed(sweep, path)[0] == 48, "a refusal leaves the file as it was"


def test_another_sequence_of_points_is_not_taken_for_the_same(sweep, path):
    stopped(sweep, path)
    other = replace(sweep, points=sweep.points + 1e-9)
    assert "SciPy" in problem(other, path).text("en")


def test_a_file_left_over_is_set_aside_when_one_starts_again(sweep, path):
    stopped(sweep, path)
    old = path.read_bytes()
    with PartFile(path, sweep, resume=False) as part:
        assert part.done == 0 and part.aside.read_bytes() == old and not part.resumed
    with PartFile(path.with_name("none.part"), sweep, resume=True) as part:
        assert not part.resumed


def test_a_folder_that_cannot_be_made_is_a_message(sweep, tmp_path):
    (tmp_path / "outputs").write_text("no folder\n")
    with pytest.raises(AllocationError):
        PartFile(tmp_path / "outputs" / "reward_sweep.part", sweep, resume=False)


def test_one_of_an_earlier_form_is_of_another_version(sweep, path):
    stopped(sweep, path)
    path.write_bytes(path.read_bytes().replace(b"allocation.sweep/3", b"allocation.sweep/2", 1))
    assert problem(sweep, path).slots["what"][0].en == "the version of the program"


@pytest.mark.parametrize("start", [1, 2**40])
def test_a_record_of_a_block_that_is_none_is_damage(start, sweep, path):
    stopped(sweep, path)
    content = path.read_bytes()
    head = content.index(b"\n") + 1
    place = head + DIGEST
    path.write_bytes(content[:place] + start.to_bytes(START, "little") + content[place + START :])
    assert problem(sweep, path).id == "sweep.part_damaged"
