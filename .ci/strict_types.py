"""mypy --strict over the package: no error outside the files still exempt, and none exempt that has no error."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

EXEMPT = Path(__file__).with_name("strict_types_exempt.txt")  # one file a line; this list only grows shorter


def main() -> int:
    command = [sys.executable, "-m", "mypy", "--strict", "--no-error-summary", "allocation"]
    lines = subprocess.run(command, capture_output=True, text=True, check=False).stdout.splitlines()
    found: dict[str, list[str]] = {}
    for line in lines:
        if match := re.match(r"([^:]+\.py):\d+: error: ", line):
            found.setdefault(Path(match.group(1)).as_posix(), []).append(line)
    exempt = set(EXEMPT.read_text(encoding="utf-8").split())
    wrong = [line for file in sorted(found.keys() - exempt) for line in found[file]]
    stale = sorted(exempt - found.keys())
    print(*wrong, *(f"{file} has no error any more: take it off {EXEMPT.name}" for file in stale), sep="\n")
    print(f"{len(exempt)} files exempt with {sum(map(len, found.values())) - len(wrong)} errors")
    return 1 if wrong or stale or not lines and exempt else 0


if __name__ == "__main__":
    sys.exit(main())
