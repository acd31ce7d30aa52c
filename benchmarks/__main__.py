"""`python -m benchmarks [NAME …] [--small] [--write --date 2026-11-30]`: every row, each in a process of its own.

A row that fails ends the command with 1; one that takes too long, or lacks a program, is named as not measured.
"""

from __future__ import annotations

import argparse
import json
import math
import subprocess
import sys
import time
from dataclasses import asdict

from allocation.texts import Both
from benchmarks.data import ROOT
from benchmarks.page import Done, line, write_pages
from benchmarks.row import Outcome, Row
from benchmarks.table import ROWS

ALL = 900  # seconds that all rows together may take
LACKING = 3  # the exit code of a row whose program or library is not here


def main() -> int:
    asked = argparse.ArgumentParser(prog="python -m benchmarks")
    asked.add_argument("names", nargs="*", metavar="NAME", help=", ".join(row.name for row in ROWS))
    asked.add_argument("--small", action="store_true", help="small sizes: that it runs and is right")
    asked.add_argument("--write", action="store_true", help="write docs/scale.md and docs/plan-at-scale.md, and in zh")
    asked.add_argument("--date", default="", help="the date that the pages say")
    asked.add_argument("--alone", action="store_true", help=argparse.SUPPRESS)
    given = asked.parse_args()
    rows = {row.name: row for row in ROWS}
    if unknown := [name for name in given.names if name not in rows]:
        asked.error(f"no such row: {', '.join(unknown)}")
    if given.write and (given.names or given.small or not given.date):
        asked.error("--write takes every row at its whole size, and --date")
    if given.alone:
        return _alone(rows[given.names[0]], given.small)
    until = time.monotonic() + ALL
    told = [_told(row, given.small, until - time.monotonic()) for row in ROWS if row.name in (given.names or rows)]
    if given.write:
        write_pages(told, given.date)
    return int(any(done.failed for done in told))


def _alone(row: Row, small: bool) -> int:
    try:
        print(json.dumps(asdict(row.measure(row.small if small else row.whole))))
    except (ImportError, LookupError) as error:
        print(error, file=sys.stderr)
        return LACKING
    return 0


def _told(row: Row, small: bool, left: float) -> Done:
    """What came of a row in the time left for it."""
    most = max(0, min(row.seconds, round(left)))
    command = [sys.executable, "-m", "benchmarks", row.name, "--alone", *(["--small"] if small else [])]
    begun = time.monotonic()
    pipe = subprocess.PIPE
    process = subprocess.Popen(command, cwd=ROOT, stdout=pipe, stderr=pipe, text=True, start_new_session=True)
    try:
        out, err = process.communicate(timeout=most)
        done = _done(row, process.returncode, out, err)
    except subprocess.TimeoutExpired:
        _end(process)
        done = Done(row, None, Both(f"超过 {most} 秒", f"took over {most} s"))
    print(f"{line(done, small)}  [{time.monotonic() - begun:.0f} s]", flush=True)
    return done


def _end(process: subprocess.Popen[str]) -> None:
    """The row's process with all that it began."""
    import os
    import signal

    os.killpg(process.pid, signal.SIGKILL)
    process.communicate()


def _done(row: Row, code: int, out: str, err: str) -> Done:
    if code == 0:
        told = json.loads(out.splitlines()[-1])
        result = Outcome(**{**told, "note": Both(**told["note"])})
        return Done(row, None if math.isnan(result.ratio) else result, result.note)
    last = err.strip().splitlines()[-1][:200] if err.strip() else f"exit {code}"
    return Done(row, None, Both(last, last), failed=code != LACKING)


if __name__ == "__main__":
    sys.exit(main())
