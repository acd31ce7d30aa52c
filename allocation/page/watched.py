"""A process that a page began: it ends when the page ends or closes its input, and a command tells how far it is."""

from __future__ import annotations

import os
import signal
import sys
import threading
import time
from contextlib import suppress

PATIENCE = 4.0  # seconds in which a command may end by itself


def end_with_the_page() -> None:
    """From now on this process ends as by Ctrl-C when its standard input ends, and with all it started soon after.

    The page holds the other end: it closes it to cancel, and the system closes it when the page itself is gone.
    """
    signal.signal(signal.SIGINT, signal.default_int_handler)  # whoever started the page may have switched it off
    threading.Thread(target=_wait_and_end, args=(sys.stdin.fileno(),), daemon=True).start()


def _wait_and_end(number: int) -> None:
    with suppress(OSError):
        while os.read(number, 64):
            pass
    if hasattr(signal, "pthread_kill"):
        signal.pthread_kill(threading.main_thread().ident or 0, signal.SIGINT)  # wakes it where it waits for another
    else:
        import _thread

        _thread.interrupt_main()
    time.sleep(PATIENCE)
    if hasattr(os, "killpg") and os.getpgid(0) == os.getpid():  # a group of its own: nobody else is in it
        os.killpg(0, signal.SIGKILL)
    os.kill(os.getpid(), signal.SIGTERM)
