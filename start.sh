#!/bin/sh
# Makes the environment if there is none, starts the page, opens the browser.
set -eu
cd "$(dirname "$0")"
export PYTHONUTF8=1 PYTHONSAFEPATH=1
python=.venv/bin/python
if [ ! -x "$python" ]; then
    python3 -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Python 3.11 or later is needed. 需要 Python 3.11 以上。"; exit 1; }
    python3 -m venv .venv
fi
if ! "$python" -c "import allocation, starlette, uvicorn, docx" 2>/dev/null; then
    if [ -d wheels ]; then
        "$python" -m pip install -q --no-index --find-links wheels "allocation-calculator[page,documents]"
    else
        "$python" -m pip install -q -e ".[page,documents]"
    fi
fi
exec "$python" -m allocation page "$@"
