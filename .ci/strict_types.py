"""mypy --strict over the package: no error."""

from __future__ import annotations

import subprocess
import sys


def main() -> int:
    return subprocess.run([sys.executable, "-m", "mypy", "--strict", "allocation"], check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
