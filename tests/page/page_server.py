"""The server of a page, started as a person starts it."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import urllib.request
from dataclasses import dataclass
from pathlib import Path

REPOSITORY = Path(__file__).parents[2]


@dataclass(frozen=True)
class Server:
    """A page that runs, and the folder it works in."""

    address: str
    folder: Path
    process: subprocess.Popen[str]

    def ask(self, name: str, asked: object = None, lang: str = "zh", looks: bool = False) -> dict:
        """The answer of a call. Raises HTTPError where it is refused."""
        request = urllib.request.Request(
            f"{self.address}api/{name}",
            json.dumps(asked or {}).encode(),
            _headers(lang, looks),
            method="POST",
        )
        with urllib.request.urlopen(request) as answer:
            return json.load(answer)

    def hand(self, name: str, data: bytes, looks: bool = False) -> str:
        quoted = urllib.request.quote(name)
        request = urllib.request.Request(
            f"{self.address}api/files?name={quoted}", data, _headers("zh", looks), method="PUT"
        )
        with urllib.request.urlopen(request) as answer:
            return json.load(answer)["name"]


def _headers(lang: str, looks: bool) -> dict[str, str]:
    return {"x-allocation": "1", "x-lang": lang} | ({"x-look": "1"} if looks else {})


def started(folder: Path, *words: str, first_sought: str = "") -> Server:
    """The page of a folder, as the command starts it; it says its address itself.

    `first_sought`: a folder whose modules Python takes before others.
    """
    sought = os.pathsep.join(filter(None, [first_sought, str(REPOSITORY)]))
    environment = {**os.environ, "PYTHONPATH": sought, "PYTHONUTF8": "1"}
    command = [sys.executable, "-m", "allocation", "page", str(folder), "--quiet", *words]
    process = subprocess.Popen(
        command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, encoding="utf-8"
    )
    said = ""
    for line in process.stdout or ():
        said += line
        if match := re.search(r"http://\S+", line):
            return Server(match[0], folder, process)
    raise AssertionError(said)
