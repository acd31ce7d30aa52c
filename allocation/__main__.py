"""`python -m allocation`: the command line where a script may not be started."""

from __future__ import annotations

from allocation.cli import main

if __name__ == "__main__":
    main()
