"""`python -m allocation`: the command line where a script may not be started."""

from __future__ import annotations

import os
import sys

# `python -m` looks for code in the folder one stands in first: a click.py among a person's tables is never run.
if sys.path[0] == os.getcwd() != os.path.dirname(os.path.dirname(os.path.abspath(__file__))):
    del sys.path[0]

from allocation.cli import main

if __name__ == "__main__":
    main()
