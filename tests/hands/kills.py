"""Every writing command killed anywhere on its way to the disk, and what must hold whenever that happens.

Where nothing else is said, of a command that was killed, however often:
- every file is as it was or whole and new, but for what stands under a name of the program's own;
- the next command that reads finds what belongs together all old or all new, and accuses nobody;
- the same command, typed again, comes to what it would have come to, and leaves no temporary file.

`python tests/hands/kills.py --kills 200 --seed 1` spreads so many kills over all commands and prints what it finds.
"""

from __future__ import annotations

import argparse
import json
import random
import re
import shutil
import signal
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

HERE = Path(__file__).parent
sys.path[:0] = [str(HERE), str(HERE.parent), str(HERE.parent.parent)]

from steps import Told, killing, loaded, tree, typed  # noqa: E402
from trials import TRIALS, Trial, furnished  # noqa: E402

OURS = re.compile(r"\.allocation-[^/]*$")
WORKBOOKS = 2  # verified after a kill
TORN, HELD = 0.2, 0.2  # of the kills come within a write; after a file that could not be replaced
AGAIN = 0.3  # of the commands typed again are killed as well


def told_alike(files: dict[str, bytes]) -> dict[str, bytes]:
    """The files without what is by design another each time, and what is kept of a sweep to go on with."""
    kept = {}
    for name, content in files.items():
        if re.search(r"(^|/)journal/\d+\.json$", name):
            content = json.dumps(json.loads(content)["lines"], ensure_ascii=False).encode()
        if not name.endswith(".part"):
            kept[name] = content
    return kept


@dataclass
class Course:
    """A trial as it goes when nobody dies: the folder before, after the command, and after it was typed twice."""

    trial: Trial
    home: Path

    def __post_init__(self) -> None:
        self.start = self.home / "start"
        furnished(self.start)
        for command in self.trial.before:
            told = typed(self.start, command)
            assert told.code == 0, (command, told.text)
        self.trial.change(self.start)
        self.before = told_alike(tree(self.start))
        folder = self.anew("course")
        self.told = typed(folder, self.trial.command)
        assert self.told.code in (0, 1), (self.trial.command, self.told.text)
        self.once = told_alike(tree(folder))
        self.twice_told = typed(folder, self.trial.command)
        self.states = [self.once, told_alike(tree(folder))]  # after it was typed once, twice, and three times
        if self.states[0] != self.states[1]:
            typed(folder, self.trial.command)
            self.states.append(told_alike(tree(folder)))
        self.largest = max(map(len, self.once.values()))
        self.readers = self._readers(folder)

    def anew(self, name: str = "work", source: Path | None = None) -> Path:
        folder = self.home / name
        shutil.rmtree(folder, ignore_errors=True)
        shutil.copytree(source or self.start, folder)
        return folder

    def _readers(self, folder: Path) -> list[str]:
        """What reads what was written, and has nothing to say against it where nobody died."""
        held = self.before.keys() | self.once.keys()
        asked = ["journal", "versions"] if any(name.endswith("journal.csv") for name in held) else []
        books = [name for name in self.once if name.endswith(".xlsx") and self.once[name] != self.before.get(name)]
        asked += [f"verify '{name}'" for name in books[:WORKBOOKS]]
        start = self.anew("reading")
        return [one for one in asked if typed(folder, one).code == 0
                and (typed(start, one).code == 0 or "verify" in one and one[8:-1] not in self.before)]  # fmt: skip


def unlike(found: dict[str, bytes], wanted: list[dict[str, bytes]]) -> list[str]:
    """The files of which none of the states has these bytes."""
    return [name for name, content in found.items()
            if not OURS.search(name) and content not in [one.get(name) for one in wanted]]  # fmt: skip


def mixed(course: Course, files: dict[str, bytes]) -> str:
    """Which files are of one state where others are of another; empty where all are of one."""
    last = max(course.states, key=len)
    moved = [name for name in last if last[name] != course.before.get(name)]
    states = [course.before, *course.states]
    alike = [sum(files.get(name) == one.get(name) for name in moved) for one in states]
    return "" if max(alike) == len(moved) else f"{alike} of {len(moved)} as in {len(states)} states"


@dataclass(frozen=True)
class Death:
    """Where a command dies: at a step, that of an undoing where a file is `held`, or within a write."""

    step: int = 0
    held: str = ""
    bytes_at: int = 0

    def __str__(self) -> str:
        return f"step {self.step} held {self.held} byte {self.bytes_at}"


def drawn_death(course: Course, drawn: random.Random, share: tuple[int, int]) -> Death:
    """A death in its share (the third of eight, say) of the command's steps."""
    steps = course.told.steps
    named = [place for place, step in enumerate(steps, 1) if step.startswith("os.rename ") and _moves(course, step)]
    kind = drawn.random()
    if kind < TORN:
        return Death(bytes_at=1 + drawn.randrange(course.largest))
    if kind < TORN + HELD and len(named) > 1:
        place = drawn.choice(named)
        return Death(place + drawn.randint(1, 30), steps[place - 1].removeprefix("os.rename /"))
    return Death(1 + int(len(steps) * (share[0] + drawn.random()) / share[1]))


def _moves(course: Course, step: str) -> bool:
    name = step.removeprefix("os.rename /")
    return course.before.get(name) != course.once.get(name)


def judged(course: Course, drawn: random.Random, death: Death) -> tuple[int, list[str]]:
    """How often the command was killed, and what was wrong afterwards."""
    folder, wrong, kills = course.anew(), [], 0
    held = str(folder.resolve() / death.held) if death.held else ""
    told = typed(folder, course.trial.command, killing(death.step, held), death.bytes_at)
    if held and not told.died:
        files = told_alike(tree(folder))
        left = [name for name in files if files[name] != course.before.get(name)]
        wrong += [] if told.code == 2 and not left else [f"held: exit {told.code}, {left[:2]}: {told.text[-300:]}"]
        told = typed(folder, course.trial.command)
    for _ in range(2):
        if told.code == 99 or "Traceback" in told.text:
            wrong.append(f"a traceback: {told.text[-300:]}")
        if not told.died:
            break
        kills += 1
        wrong += dead(course, folder, drawn)
        second = drawn.randint(1, len(course.told.steps)) if kills == 1 and drawn.random() < AGAIN else 0
        told = typed(folder, course.trial.command, killing(second))
    return kills, wrong + again(course, folder, told)


def dead(course: Course, folder: Path, drawn: random.Random) -> list[str]:
    """What is wrong with what a dead command left, and what those who read it say."""
    files = told_alike(tree(folder))
    wrong = [f"{name} is half written" for name in unlike(files, [course.before, *course.states])]
    wrong += [f"{name} is gone" for name in course.before if name not in files and name in course.once]
    beside = course.anew("reading", folder)
    for reader in drawn.sample(course.readers, len(course.readers)):
        if reader.startswith("verify") and reader[8:-1] not in files:
            continue
        told = typed(beside, reader)
        put_back = reader.startswith("verify") and not (beside / reader[8:-1]).exists()  # the undoing was gone on with
        if told.code != 0 and not put_back:
            wrong.append(f"{reader} says: {told.text[-300:]}")
        if what := mixed(course, told_alike(tree(beside))):
            wrong.append(f"{reader} leaves {what}")
    return wrong


def again(course: Course, folder: Path, told: Told) -> list[str]:
    """What is wrong where the command was typed again after its death."""
    files = told_alike(tree(folder))
    wrong = (
        []
        if told.code in (course.told.code, course.twice_told.code)
        else [f"again: exit {told.code}: {told.text[-300:]}"]
    )
    if what := mixed(course, files):
        wrong.append(f"again: {what}")
    wrong += [f"again: {name} is another" for name in unlike(files, course.states)]
    wrong += [f"again: {name} is left" for name in files if OURS.search(name)]
    for reader in course.readers:
        said = typed(folder, reader)
        wrong += [f"again: {reader} says: {said.text[-300:]}"] if said.code else []
    return wrong


def tried(course: Course, count: int, seed: str) -> dict:
    """So many first deaths spread over the command's steps; what was found, each with how to come to it again."""
    drawn, kills, wrong = random.Random(seed), 0, []
    for number in range(count):
        death = drawn_death(course, drawn, (number, count))
        died, found = judged(course, drawn, death)
        kills += died
        wrong += [f"{death}: {one}" for one in found]
    return {"kills": kills, "steps": len(course.told.steps), "wrong": wrong}


def all_tried(names: list[str], kills: int, seed: int) -> dict[str, dict]:
    """`kills` spread evenly over the trials named, those drawn first where there are fewer kills than trials."""
    loaded()
    drawn, found = random.Random(seed), {}
    names = drawn.sample(names, min(kills, len(names)))
    with tempfile.TemporaryDirectory() as home:
        for place, name in enumerate(names):
            share = (kills - sum(one["kills"] for one in found.values())) / (len(names) - place)
            begun = time.perf_counter()
            course = Course(TRIALS[name], Path(home) / str(place))
            found[name] = tried(course, max(1, round(share)), f"{seed} {name}")
            found[name]["seconds"] = round(time.perf_counter() - begun, 1)
            shutil.rmtree(course.home)
            print(name, json.dumps(found[name], ensure_ascii=False), file=sys.stderr, flush=True)
    return found


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--only", nargs="*", default=list(TRIALS))
    asked = parser.parse_args()
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    found = all_tried(asked.only, asked.kills, asked.seed)
    print(json.dumps(found, ensure_ascii=False))
