"""Runs every `allocation …` command that stands in a README as written, after the first two; none may fail."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path


def commands(text: str) -> list[str]:
    """Lines of the ```bash blocks behind the first two."""
    blocks = re.findall(r"```bash\n(.*?)\n```", text, re.S)[2:]
    return [line.strip() for block in blocks for line in block.splitlines() if line.strip() and line[0] != "#"]


def main(names: list[str]) -> int:
    failed = 0
    for name in names:
        for command in commands(Path(name).read_text(encoding="utf-8")):
            print(f"$ {command}", flush=True)
            failed += subprocess.run(command, shell=True, check=False).returncode != 0
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
