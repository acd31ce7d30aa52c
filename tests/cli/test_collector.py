"""Memory that is no longer used comes back in long work; a start does not pay for looking after it. One thread for
matrices, unless somebody asks for more."""

import subprocess
import sys

import pytest

ASK = """
import gc, weakref
from allocation.cli import AT_FIRST, collect_late

class Paper:
    pass

collect_late()
paper = Paper()
paper.own = paper  # a circle, as the parts of a document are
gone = weakref.ref(paper)
del paper
kept = [[] for _ in range(AT_FIRST // 2)]
early = gone() is None
kept += [[] for _ in range(AT_FIRST)]
first = gc.get_threshold()[0]
print(early, gone() is None, first < AT_FIRST / 10, len(gc.callbacks))
"""


def test_the_collector_works_once_a_command_has_made_more_than_a_start_makes():
    done = subprocess.run([sys.executable, "-c", ASK], capture_output=True, encoding="utf-8", timeout=60, check=True)
    assert done.stdout.split() == ["False", "True", "True", "0"]


END = """
import atexit
from allocation.cli import end_at_once

class Paper:
    def __del__(self):
        print("looked for")

print("end")
if {at_once}:
    end_at_once()
atexit.register(print, "before")
paper = Paper()
paper.own = paper
"""


@pytest.mark.parametrize(("at_once", "told"), [(False, ["end", "before", "looked for"]), (True, ["end", "before"])])
def test_circles_are_not_looked_for_as_a_process_ends(at_once, told):
    ask = [sys.executable, "-c", END.format(at_once=at_once)]
    done = subprocess.run(ask, capture_output=True, encoding="utf-8", timeout=60, check=True)
    assert done.stdout.splitlines() == told


def test_one_thread_is_asked_for_unless_somebody_said_otherwise():
    from allocation.cli import one_thread

    assert one_thread({}) == {"OPENBLAS_NUM_THREADS": "1"}
    assert one_thread({"OMP_NUM_THREADS": "4"}) == {} == one_thread({"OPENBLAS_NUM_THREADS": "2"})
