"""Names of files: those that no system would hold, those that another program holds open, and those of our own.

What is being written stands under a name of ours that tells the machine and the process, so that whoever comes next
knows whether its writer still lives.
"""

from __future__ import annotations

import os
import re
import secrets
import sys
import time
import zlib
from pathlib import Path

from allocation.errors import AllocationError, Problem
from allocation.patterns import LatePattern

PLAN = ".allocation-plan.json"
OURS = LatePattern(r"\.allocation-([0-9a-f]{8})-(\d+)-[0-9a-f]{8}(?:\.[^.]*)?")  # machine, process, anything, ending
DAY = 24 * 3600  # seconds that another machine's files are left alone
DEVICES = LatePattern(r"(?:con|prn|aux|nul|com\d|lpt\d)(?:\..*)?", re.IGNORECASE)
SIGNS = '<>:"|?*'
LONGEST_NAME, LONGEST_PATH = 255, 4000


def beside(target: Path) -> Path:
    """A name of ours in the target's folder, that nobody has."""
    return target.parent / f".allocation-{_machine()}-{os.getpid()}-{secrets.token_hex(4)}{target.suffix}"


def left_by_the_dead(entry: os.DirEntry[str]) -> bool:
    """Whether a file is one of ours and its writer is no more."""
    name = OURS.fullmatch(entry.name)
    if name is None:
        return False
    if name[1] == _machine():
        return not _alive(int(name[2]))
    return time.time() - entry.stat().st_mtime > DAY  # nobody here can tell whether its writer lives


def _machine() -> str:
    name = os.uname().nodename if hasattr(os, "uname") else os.environ.get("COMPUTERNAME", "")
    return f"{zlib.crc32(name.encode('utf-8', 'replace')):08x}"


def _alive(process: int) -> bool:
    if sys.platform == "win32":
        import ctypes

        windows, code = ctypes.windll.kernel32, ctypes.c_ulong()
        handle = windows.OpenProcess(0x1000, False, process)  # may only be asked about
        running = bool(handle) and windows.GetExitCodeProcess(handle, ctypes.byref(code)) and code.value == 259
        windows.CloseHandle(handle)
        return bool(running)
    try:
        os.kill(process, 0)
    except (ProcessLookupError, OverflowError):
        return False
    except PermissionError:
        return True
    return True


def refused(target: Path) -> Problem | None:
    """Why a name that is to be made would not hold on every system: its length, its signs, a device's name."""
    text, measure = str(target), len if os.name == "nt" else lambda name: len(os.fsencode(name))
    if measure(text) > LONGEST_PATH:
        return Problem("files.long_path", {"length": len(text)}, text[:60] + "…")
    for path in (target, *target.parents):
        if not path.name or path.name == ".." or os.path.exists(path):
            continue
        if measure(path.name) > LONGEST_NAME:
            return Problem("files.long_name", {"length": len(path.name)}, text if len(text) < 120 else text[:60] + "…")
        signs = sorted({sign for sign in path.name if sign in SIGNS or ord(sign) < 32 or "\ud800" <= sign <= "\udfff"})
        if signs or path.name[-1] in ". " or DEVICES.fullmatch(path.name):
            shown = [sign if ord(sign) >= 32 and sign.isprintable() else f"U+{ord(sign):04X}" for sign in signs]
            name = "".join(sign if sign.isprintable() else "□" for sign in path.name)
            return Problem("files.bad_name", {"name": name, "signs": " ".join(shown)})
    return None


def open_elsewhere(target: Path, **slots: str) -> Problem:
    program = "Word" if target.suffix == ".docx" else "Excel"
    return Problem("workbook.open_elsewhere", {"program": program, **slots}, str(target))


def none_open(targets: list[Path]) -> None:
    """Windows refuses to rename over a file that is open; ask before the first rename, not after."""
    for target in targets:
        names = [f"~${target.name}", f".~lock.{target.name}#"]  # Excel and WPS; LibreOffice
        if target.suffix == ".docx":  # Word leaves out the first two signs of a name, or one of a short one
            names += [f"~${target.name[cut:]}" for cut in (1, 2)]
        for lock in map(target.with_name, names):
            if os.path.exists(lock):
                raise AllocationError(open_elsewhere(target, lock=lock.name))
        if target.exists():
            try:
                with target.open("r+b"):
                    continue
            except PermissionError:
                raise AllocationError(open_elsewhere(target)) from None
