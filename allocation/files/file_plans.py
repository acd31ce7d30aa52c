"""What is still to be put in place, written down before the first file gets its name, and carried out by whoever comes.

A plan stands in a folder under one name that only one process at a time can take. A file can be renamed only once, so
that two who carry out a plan together do no harm, and nobody ever waits for one who is dead. Where a file cannot be
replaced, the plan is turned into its opposite, which is carried out by whoever comes just as well.
"""

from __future__ import annotations

import errno
import json
import os
import time
from collections.abc import Collection, Mapping
from contextlib import suppress
from pathlib import Path

from allocation.classes import dataclass
from allocation.errors import AllocationError, Problem
from allocation.files.file_names import OURS, PLAN, left_by_the_dead
from allocation.files.file_steps import claim, digest, filled, refused_by, rename, sync_folders
from allocation.files.given_files import given_bytes, json_value
from allocation.files.limits import JSON_BYTES
from allocation.files.reach import in_reach

REACH = 2  # a plan holds files of its own folder and of those so many levels below
SETTLED = 10.0  # seconds: a plan is written in less
SCHEMA = "allocation.plan/1"


class Overtaken(Exception):
    """What was to be claimed is another's already: plan anew on what is there now."""


class Unfinished(AllocationError):
    """A plan stands that could be neither carried out nor turned: its files must stay for whoever comes next."""


@dataclass(frozen=True)
class FilePlan:
    """What is done in this order, each step whether or not it was done before.

    `dropped`: sources that nobody is to place any more. `removed`: files that were placed by mistake, with the SHA-256
    they then have. `claims`, with their SHA-256: sources to stand where nothing stands yet. `moves`: over files.
    """

    path: Path
    dropped: tuple[Path, ...] = ()
    removed: tuple[tuple[Path, str], ...] = ()
    claims: tuple[tuple[Path, Path, str], ...] = ()
    moves: tuple[tuple[Path, Path], ...] = ()

    @property
    def text(self) -> bytes:
        def within(path: Path) -> str:
            return Path(os.path.abspath(path)).relative_to(os.path.abspath(self.path.parent)).as_posix()

        content = {
            "schema": SCHEMA,
            "dropped": [within(path) for path in self.dropped],
            "removed": [[within(target), sha256] for target, sha256 in self.removed],
            "claims": [[within(path), within(target), sha256] for path, target, sha256 in self.claims],
            "moves": [[within(path), within(target)] for path, target in self.moves],
        }
        return json.dumps(content, ensure_ascii=False, indent=1).encode()

    @property
    def stands(self) -> bool:
        """Whether this plan, and not another's, is the one in its folder."""
        try:
            return given_bytes(self.path) == self.text
        except OSError:
            return False

    @property
    def folders(self) -> list[Path]:
        placed = [
            *((target, path) for path, target, _ in self.claims),
            *((target, path) for path, target in self.moves),
        ]
        return [target.parent for target, _ in (*self.removed, *placed)]

    def withdraw(self) -> None:
        with suppress(OSError):
            if self.stands:
                self.path.unlink()


def plan_of(temporary: Mapping[Path, Path], claimed: Collection[Path]) -> FilePlan:
    """`temporary`: where each target is written. What is claimed is claimed in the order of `claimed`."""
    home = Path(os.path.commonpath([os.path.abspath(target.parent) for target in temporary]))
    claims = tuple((temporary[target], target, digest(temporary[target])) for target in claimed)
    moves = tuple((path, target) for target, path in temporary.items() if target not in claimed)
    return FilePlan(home / PLAN, claims=claims, moves=moves)


def _read(path: Path, text: bytes) -> FilePlan:
    """Raises ValueError where it is none of ours: a plan stays in its folder and moves files of our names only."""
    content, home = json_value(text), path.parent

    def within(name: object) -> Path:
        if not isinstance(name, str) or Path(name).anchor or ".." in Path(name).parts:
            raise ValueError
        return home / name

    def ours(name: object) -> Path:
        if not OURS.fullmatch((path := within(name)).name):
            raise ValueError
        return path

    def pair(source: object, target: object) -> tuple[Path, Path]:
        path, aim = ours(source), within(target)
        if path.parent != aim.parent:
            raise ValueError
        return path, aim

    try:
        return FilePlan(
            path,
            tuple(ours(name) for name in content["dropped"]),
            tuple((within(name), str(sha256)) for name, sha256 in content["removed"]),
            tuple((*pair(source, target), str(sha256)) for source, target, sha256 in content["claims"]),
            tuple(pair(source, target) for source, target in content["moves"]),
        )
    except (KeyError, TypeError, AttributeError):
        raise ValueError from None


def carry_out(plan: FilePlan) -> None:
    """A plan of one's own. Raises Overtaken where a claim is another's and AllocationError where a file cannot be
    replaced, with everything as it was; Unfinished where not even that could be had."""
    before: dict[Path, bytes | None] = {}
    try:
        _done(plan, before)
    except KeyboardInterrupt:  # a moment later it is whole
        _done(plan)
        raise
    except OSError as error:
        target = Path(str(error.filename2 or error.filename or plan.path))
        problem = refused_by(target, error)
        try:
            if (turned := _turned(plan, before)) is None:
                return
            _done(turned)
        except OSError as worse:
            if _begun(plan):
                raise Unfinished([problem, _half(plan, worse)]) from None
            plan.withdraw()
        raise AllocationError(problem) from None


def _done(plan: FilePlan, before: dict[Path, bytes | None] | None = None) -> None:
    """`before` takes what each target held that is replaced. OSError leaves the plan standing."""
    for path in plan.dropped:
        path.unlink(missing_ok=True)
    for target, sha256 in plan.removed:
        if digest(target) == sha256:
            target.unlink(missing_ok=True)
    for place, (path, target, sha256) in enumerate(plan.claims):
        if not claim(path, target) and digest(target) != sha256:
            for _, earlier, digest_of_claim in plan.claims[:place]:
                if digest(earlier) == digest_of_claim:
                    earlier.unlink(missing_ok=True)
            plan.withdraw()
            raise Overtaken
    for path, target in plan.moves:
        if path.exists():  # or it was put in place by another who found the plan
            if before is not None:
                before[target] = _content(target)
            rename(path, target, back=bool(plan.dropped))
    sync_folders(plan.folders)
    for path, *_ in plan.claims:
        path.unlink(missing_ok=True)
    plan.withdraw()


def _begun(plan: FilePlan) -> bool:
    """Whether anything of a plan is in place."""
    claimed = any(digest(target) == sha256 for _, target, sha256 in plan.claims)
    return claimed or not all(path.exists() for path, _ in plan.moves)


def _content(target: Path) -> bytes | None:
    return target.read_bytes() if target.exists() else None


def _turned(plan: FilePlan, before: Mapping[Path, bytes | None]) -> FilePlan | None:
    """The opposite of a plan that was begun, standing in its stead; None where another carried it out meanwhile.

    OSError where it cannot be made: the plan itself still stands. Another may go on with it until this one does, so
    that what was not reached yet is put back as well.
    """
    held = dict(before)
    for path, target in plan.moves:
        if target not in held and path.exists():
            held[target] = _content(target)
    removed, moves = [(target, sha256) for _, target, sha256 in plan.claims], []
    for path, target in plan.moves:
        if target not in held:
            raise FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT), str(target))
        if (content := held[target]) is None:
            removed.append((target, digest(path) or digest(target)))
        else:
            moves.append((filled(target, content), target))
    sources = [*(path for path, _, _ in plan.claims), *(path for path, _ in plan.moves)]
    turned = FilePlan(plan.path, tuple(sources), tuple(removed), (), tuple(moves))
    laid = filled(plan.path, turned.text)
    if not plan.stands:
        laid.unlink()
        return None
    rename(laid, plan.path)
    return turned


def finish(home: Path) -> None:
    """Carries out the plan in a folder. Raises Unfinished where it cannot."""
    path = home / PLAN
    if not in_reach(path):  # above the desk of an office server: whoever works there finishes it
        return
    try:
        plan = _read(path, given_bytes(path, JSON_BYTES))
    except OSError:
        return
    except ValueError:
        _drop_unreadable(path)
        return
    with suppress(Overtaken):
        try:
            _done(plan)
        except OSError as error:
            raise Unfinished(_half(plan, error)) from None


def mend(folder: Path) -> None:
    """Carries out what was left half done in a folder, above or below it; then removes what the dead left there.

    What the dead left is listed first: none of it can join a plan any more that is not yet carried out.
    """
    whole = Path(os.path.abspath(folder))
    homes: list[Path] = [whole, *whole.parents[:REACH]]
    left: list[Path] = []
    _look_through(whole, REACH, homes, left)
    for path in left:
        homes += path.parents[: REACH + 1]
    for home in dict.fromkeys(homes):
        finish(home)
    for path in left:
        with suppress(OSError):
            path.unlink()


def _look_through(folder: Path, reach: int, homes: list[Path], left: list[Path]) -> None:
    with suppress(OSError), os.scandir(folder) as entries:
        for entry in entries:
            if entry.name == PLAN:
                homes.append(folder)
            elif entry.name[:1] == ".":
                if left_by_the_dead(entry):
                    left.append(Path(entry.path))
            elif reach and entry.is_dir(follow_symlinks=False):
                _look_through(Path(entry.path), reach - 1, homes, left)


def _half(plan: FilePlan, error: OSError) -> Problem:
    return Problem("files.half", {"detail": error.strerror or error}, str(plan.path.parent))


def _drop_unreadable(path: Path) -> None:
    """A plan is carried out only once it is whole: one that is not, and will not be, changes nothing."""
    with suppress(OSError):
        if time.time() - path.stat().st_mtime > SETTLED:
            path.unlink()
        else:
            time.sleep(0.05)
