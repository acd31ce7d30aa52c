"""Makes a folder that needs no Python: `python bundle.py [FOLDER]`, with PyInstaller, on the system it is to run on.

In it lie one program, `allocation`, and the folder of what it needs. A double click opens the page on the folder
工作文件夹 beside it; with words behind it is the command line. It stands beside start.bat: what is started by hand.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

HOUSE = Path(__file__).resolve().parent
NAME = "allocation"
SHIPPED = ("inputs", "models", "templates")  # as a wheel has them: inside the package
WHOLE = ("docx", "uvicorn")  # what these load by name is not seen in their text
LEFT_OUT = ("tkinter", "IPython", "pytest", "numba", "scipy", "pandas")  # as start.bat installs none of them
ENTRY = """
import multiprocessing
import os
import sys
from pathlib import Path

multiprocessing.freeze_support()
from allocation.cli import main

if len(sys.argv) == 1:  # a double click
    home = Path(sys.executable).resolve().parent
    folder = home / "工作文件夹"
    folder.mkdir(exist_ok=True)
    os.chdir(home)
    sys.argv += ["page", str(folder)]
main()
"""


def options(scratch: Path, target: Path) -> list[str]:
    """What PyInstaller is told."""
    data = [f"{HOUSE / kind}{';' if sys.platform == 'win32' else ':'}allocation/{kind}" for kind in SHIPPED]
    words = ["--onedir", "--console", "--noconfirm", "--clean", "--name", NAME, "--distpath", str(target)]
    words += ["--workpath", str(scratch / "work"), "--specpath", str(scratch), "--log-level", "WARN"]
    words += ["--python-option", "X utf8"]
    words += ["--collect-submodules", NAME, "--collect-data", NAME]
    words += [word for package in WHOLE for word in ("--collect-all", package)]
    words += [word for pair in data for word in ("--add-data", pair)]
    return words + [word for package in LEFT_OUT for word in ("--exclude-module", package)]


def bundle(target: Path) -> Path:
    """The folder that was made."""
    with tempfile.TemporaryDirectory() as folder:
        entry = Path(folder) / "entry.py"
        entry.write_text(ENTRY, encoding="utf-8")
        command = [sys.executable, "-m", "PyInstaller", *options(Path(folder), target), str(entry)]
        sought = {**os.environ, "PYTHONPATH": str(HOUSE)}  # this tree, were another version installed besides
        subprocess.run(command, check=True, env=sought)
    made = target / NAME
    for path in (HOUSE / "README.md", HOUSE / "README.en.md"):
        shutil.copy2(path, made)
    shutil.copytree(HOUSE / "docs", made / "docs")
    return made


if __name__ == "__main__":
    print(bundle(Path(sys.argv[1] if len(sys.argv) > 1 else "dist").resolve()))
