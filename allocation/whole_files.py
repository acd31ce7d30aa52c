"""Files put in place: complete, together and on the disk, or not at all, whenever a kill or a power cut comes.

What is written stands beside its target under a name of ours until all of it is on the disk. Where several files belong
together, a plan of what is still to be renamed is then laid down in their folder, in a file that only one process at a
time can make. Whoever finds a plan, whether or not its writer still lives, carries it out: a file can be renamed only
once, so that two who do it together do no harm, and nobody ever waits for one who is dead.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import secrets
import time
import zlib
from collections.abc import Callable, Collection, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from allocation.errors import AllocationError, Problem
from allocation.written import written

PLAN = ".allocation-plan.json"
OURS = re.compile(r"\.allocation-([0-9a-f]{8})-(\d+)-[0-9a-f]{8}(?:\.[^.]*)?")  # machine, process, anything, ending
REACH = 2  # a plan holds files of its own folder and of those so many levels below
DAY, SETTLED = 24 * 3600, 10.0  # seconds: another machine's files are left alone so long; a plan is written in less
TRIES = 200
Write = Callable[[Path], None]
T = TypeVar("T")


class Overtaken(Exception):
    """What was to be claimed is another's already: plan anew on what is there now."""


def place(writers: Mapping[Path, Write], claimed: Collection[Path] = ()) -> None:
    """Writes every file beside its target first, then puts all in place: complete or untouched.

    `claimed`: those among them that must not exist yet. Raises Overtaken where another has made one of these, and
    AllocationError where anything cannot be written, a target that Excel holds open among them.
    """
    problems = [problem for target in writers if (problem := refused(target))]
    if problems:
        raise AllocationError(problems)
    temporary: dict[Path, Path] = {}
    folders: list[Path] = []
    placed = False
    try:
        for folder in dict.fromkeys(target.parent for target in writers):
            _make(folder, folders)
            mend(folder)
            clean(folder)
        for target, write in writers.items():
            temporary[target] = _beside(target)
            _written(temporary[target], target, write)
        _none_open([target for target in writers if target not in claimed])
        _commit(temporary, claimed)
        placed = True
    finally:
        for path in temporary.values():
            with suppress(OSError):
                path.unlink()
        for folder in [] if placed else reversed(folders):
            with suppress(OSError):  # another may have put something there meanwhile
                folder.rmdir()


def in_turn(attempt: Callable[[], T]) -> T:
    """What `attempt` gives; it plans on what is there and places, and does so again where another was first."""
    for count in range(TRIES):
        try:
            return attempt()
        except Overtaken:
            time.sleep(secrets.randbelow(20 * min(count + 1, 10)) / 1000)
    raise AllocationError(Problem("files.overtaken"))


def _make(folder: Path, made: list[Path]) -> None:
    """The folder with those above it; what had to be made joins `made`."""
    above = [folder, *folder.parents]
    try:
        for one in reversed(above):
            if not one.exists():
                with suppress(FileExistsError):
                    one.mkdir()
                    made.append(one)
        if not folder.is_dir():
            raise NotADirectoryError
    except OSError:
        raise AllocationError(_no_folder(folder)) from None


def _no_folder(folder: Path) -> Problem:
    file = next((one for one in [folder, *folder.parents] if one.is_file()), None)
    return Problem("workbook.not_folder" if file else "workbook.cannot_write", where=str(file or folder))


def _beside(target: Path) -> Path:
    """An empty file of ours in the target's folder, with the rights that the person's umask gives."""
    if target.is_dir():
        raise AllocationError(Problem("workbook.target_folder", where=str(target)))
    path = target.parent / f".allocation-{_machine()}-{os.getpid()}-{secrets.token_hex(4)}{target.suffix}"
    try:
        os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o666))
    except OSError as error:
        if error.errno in (None, 2, 13, 20, 30):  # no folder, no right to it, read only
            raise AllocationError(_no_folder(target.parent)) from None
        raise AllocationError(_failed(target, error)) from None
    return path


def _written(path: Path, target: Path, write: Write) -> None:
    try:
        write(path)
        _sync(path)
    except Exception as error:
        if not isinstance(error, OSError) and type(error).__name__ != "FileCreateError":  # XlsxWriter's word for it
            raise
        raise AllocationError(_failed(target, error)) from None


def _failed(target: Path, error: Exception) -> Problem:
    return Problem("workbook.write_failed", {"detail": getattr(error, "strerror", None) or error}, str(target))


def _sync(path: Path) -> None:
    """What was written is on the disk, not only on its way there."""
    with path.open("r+b") as file:
        os.fsync(file.fileno())


def _sync_folders(folders: Iterable[Path]) -> None:
    """The names in the folders are on the disk, where a system can say so of a folder."""
    for folder in dict.fromkeys(folders):
        with suppress(OSError):
            number = os.open(folder, os.O_RDONLY)
            try:
                os.fsync(number)
            finally:
                os.close(number)


@dataclass(frozen=True)
class Plan:
    """What is still to be put in place: `claims`, with their SHA-256, where nothing stands yet, `moves` over files."""

    path: Path
    text: bytes
    claims: tuple[tuple[Path, Path, str], ...]
    moves: tuple[tuple[Path, Path], ...]

    def withdraw(self) -> None:
        with suppress(OSError):
            if self.path.read_bytes() == self.text:  # or another's, who found this one carried out
                self.path.unlink()


def _commit(temporary: Mapping[Path, Path], claimed: Collection[Path]) -> None:
    if len(temporary) == 1 and not claimed:
        [(target, path)] = temporary.items()
        _replace_all([(path, target)], undo=True)
        _sync_folders([target.parent])
        return
    _sync_folders(target.parent for target in temporary)
    plan = _planned(temporary, claimed)
    laid = _beside(plan.path)
    try:
        _written(laid, plan.path, lambda path: path.write_bytes(plan.text) and None)
        for _ in range(TRIES):
            if _claim(laid, plan.path):
                break
            finish(plan.path.parent)
        else:
            raise AllocationError(Problem("files.overtaken"))
    finally:
        laid.unlink(missing_ok=True)
    _carry_out(plan, undo=True)


def _planned(temporary: Mapping[Path, Path], claimed: Collection[Path]) -> Plan:
    home = Path(os.path.commonpath([os.path.abspath(target.parent) for target in temporary]))

    def within(path: Path) -> str:
        return Path(os.path.abspath(path)).relative_to(home).as_posix()

    content = {
        "schema": "allocation.plan/1",
        "claims": [[within(path), within(to), _digest(path)] for to, path in temporary.items() if to in claimed],
        "moves": [[within(path), within(to)] for to, path in temporary.items() if to not in claimed],
    }
    return _read(home / PLAN, json.dumps(content, ensure_ascii=False, indent=1).encode())


def _read(path: Path, text: bytes) -> Plan:
    """Raises ValueError where it is none of ours: a plan stays in its folder and moves files of our names only."""
    content, home = json.loads(text), path.parent

    def pair(one: list) -> tuple[Path, Path]:
        source, target = (Path(str(name)) for name in one[:2])
        outside = source.anchor or target.anchor or ".." in (*source.parts, *target.parts)
        if outside or source.parent != target.parent or not OURS.fullmatch(source.name):
            raise ValueError
        return home / source, home / target

    try:
        claims = tuple((*pair(one), str(one[2])) for one in content["claims"])
        return Plan(path, text, claims, tuple(pair(one) for one in content["moves"]))
    except (KeyError, IndexError, TypeError, AttributeError):
        raise ValueError from None


def _carry_out(plan: Plan, undo: bool = False) -> None:
    """Raises Overtaken where a claim is another's, with nothing done; `undo`: also where a file cannot be replaced."""
    claimed: list[Path] = []
    try:
        if any(_digest(target) not in ("", sha256) for _, target, sha256 in plan.claims):
            raise Overtaken
        for path, target, sha256 in plan.claims:
            if _claim(path, target):
                claimed.append(target)
            elif _digest(target) != sha256:
                raise Overtaken
        _replace_all(plan.moves, undo)
    except BaseException as error:
        if undo or isinstance(error, Overtaken):
            for target in claimed:
                target.unlink(missing_ok=True)
            plan.withdraw()
        raise
    _sync_folders(target.parent for _, target, *_ in (*plan.claims, *plan.moves))
    for path, *_ in plan.claims:
        path.unlink(missing_ok=True)
    plan.withdraw()


def _replace_all(moves: Iterable[tuple[Path, Path]], undo: bool) -> None:
    """All targets, or, with `undo`, where one refuses, all as they were."""
    before: dict[Path, bytes | None] = {}
    for path, target in moves:
        if not path.exists():  # put in place by another who found the plan
            continue
        if undo:
            before[target] = target.read_bytes() if target.exists() else None
        try:
            _replace(path, target)
        except OSError as error:
            before.pop(target, None)
            for one, content in before.items():
                one.unlink(missing_ok=True) if content is None else one.write_bytes(content)
            problem = _open_elsewhere(target) if isinstance(error, PermissionError) else _failed(target, error)
            raise AllocationError(problem) from None


def _replace(path: Path, target: Path) -> None:
    """On Windows a reader of a moment ago may still hold the target: that passes, what Excel holds does not."""
    for count in range(20 if os.name == "nt" else 1, 0, -1):
        try:
            os.replace(path, target)
        except FileNotFoundError:
            if path.exists():
                raise
        except PermissionError:
            if count == 1:
                raise
            time.sleep(0.05)
            continue
        written(target)
        return


def _claim(path: Path, target: Path) -> bool:
    """Whether what stands in `path` was the first to take the name `target`: a link is made whole, and once only."""
    try:
        os.link(path, target)
        return True
    except FileExistsError:
        return False
    except FileNotFoundError:
        return False  # `path` was put in place by another
    except OSError:  # a disk without links: the name is taken first and filled at once
        try:
            number = os.open(target, os.O_CREAT | os.O_EXCL | os.O_WRONLY | getattr(os, "O_BINARY", 0), 0o666)
        except FileExistsError:
            return False
        with os.fdopen(number, "wb") as file:
            file.write(path.read_bytes())
            file.flush()
            os.fsync(file.fileno())
        return True


def records(folder: Path) -> list[Path]:
    """The JSON files of a folder by name; one that is still being written, or was never finished, is none of them."""
    return sorted(path for path in folder.glob("*.json") if not OURS.fullmatch(path.name))


def holds(path: Path) -> bool:
    """Whether a file stands here, or a folder with anything in it but what a process that was killed left."""
    return not path.is_dir() or any(not OURS.fullmatch(one.name) for one in path.iterdir())


def mend(folder: Path) -> None:
    """Carries out what was left half done in a folder, or from one above it. Raises AllocationError where it cannot."""
    whole = Path(os.path.abspath(folder))
    for home in [whole, *whole.parents[:REACH]]:
        finish(home)


def finish(home: Path) -> None:
    path = home / PLAN
    try:
        plan = _read(path, path.read_bytes())
    except OSError:
        return
    except ValueError:
        _drop_unreadable(path)
        return
    with suppress(Overtaken):
        try:
            _carry_out(plan)
        except OSError as error:
            raise AllocationError(Problem("files.half", {"detail": error.strerror or error}, str(path))) from None


def _drop_unreadable(path: Path) -> None:
    """A plan is carried out only once it is whole: one that is not, and will not be, changes nothing."""
    with suppress(OSError):
        if time.time() - path.stat().st_mtime > SETTLED:
            path.unlink()
        else:
            time.sleep(0.05)


def clean(folder: Path, reach: int = REACH) -> None:
    """Removes what processes that are no more left under names of ours; a living one's files, and others', stay."""
    with suppress(OSError), os.scandir(folder) as entries:
        for entry in entries:
            if entry.name[:1] == ".":
                if (name := OURS.fullmatch(entry.name)) and _left(entry, name):
                    with suppress(OSError):
                        os.unlink(entry.path)
            elif reach and entry.is_dir(follow_symlinks=False):
                clean(Path(entry.path), reach - 1)


def _left(entry: os.DirEntry, name: re.Match) -> bool:
    if name[1] == _machine():
        return not _alive(int(name[2]))
    return time.time() - entry.stat().st_mtime > DAY  # nobody here can tell whether its writer lives


def _machine() -> str:
    name = os.uname().nodename if hasattr(os, "uname") else os.environ.get("COMPUTERNAME", "")
    return f"{zlib.crc32(name.encode('utf-8', 'replace')):08x}"


def _alive(process: int) -> bool:
    if os.name == "nt":
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


def _digest(path: Path) -> str:
    """SHA-256 of a file, empty where there is none."""
    try:
        return hashlib.sha256(path.read_bytes()).hexdigest()
    except FileNotFoundError:
        return ""


DEVICES = re.compile(r"(?:con|prn|aux|nul|com\d|lpt\d)(?:\..*)?", re.IGNORECASE)
SIGNS = '<>:"|?*'
LONGEST_NAME, LONGEST_PATH = 255, 4000


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


def _open_elsewhere(target: Path, **slots: str) -> Problem:
    program = "Word" if target.suffix == ".docx" else "Excel"
    return Problem("workbook.open_elsewhere", {"program": program, **slots}, str(target))


def _none_open(targets: list[Path]) -> None:
    """Windows refuses to rename over a file that is open; ask before the first rename, not after."""
    for target in targets:
        names = [f"~${target.name}", f".~lock.{target.name}#"]  # Excel and WPS; LibreOffice
        if target.suffix == ".docx":  # Word leaves out the first two signs of a name, or one of a short one
            names += [f"~${target.name[cut:]}" for cut in (1, 2)]
        for lock in map(target.with_name, names):
            if os.path.exists(lock):
                raise AllocationError(_open_elsewhere(target, lock=lock.name))
        if target.exists():
            try:
                with target.open("r+b"):
                    continue
            except PermissionError:
                raise AllocationError(_open_elsewhere(target)) from None
