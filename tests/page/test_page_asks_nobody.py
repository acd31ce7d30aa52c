"""Nothing leaves the machine: the server opens no connection, and what it hands a browser names no other place."""

from __future__ import annotations

import re
import subprocess
import sys
import urllib.error
import urllib.request
from pathlib import Path

import pytest
from page_server import started

from allocation.page.guarding import HEADERS
from allocation.page.server import STATIC

HOOK = """
import os, sys
ASKED = ("socket.connect", "socket.getaddrinfo", "socket.gethostbyname", "socket.gethostbyaddr", "socket.sendto",
         "socket.sendmsg", "urllib.Request", "http.client.connect", "smtplib.connect", "ftplib.connect")
def hook(event, args):
    if event in ASKED:
        with open(os.environ["ASKED_LOG"], "a", encoding="utf-8") as log:
            log.write(f"{event} {args[1:]!r}\\n")
sys.addaudithook(hook)
"""
OWN = [path for path in STATIC.rglob("*") if path.suffix in (".js", ".css", ".html") and "vendor" not in path.parts]
NEWER = {  # than Chrome 109, the last one of Windows 7 and 8.1: with the version that brought each
    "js": r"""\.(toSorted|toReversed|toSpliced|with)\( 110
        |\.(isWellFormed|toWellFormed)\( 111 |startViewTransition 111
        |new\ RegExp\([^)]*,\s*["'][a-z]*v | /[gimsuy]*v[gimsuy]*[.;,)\s]\s*$ 112
        |(Object|Map)\.groupBy 117 |\.showPopover|\.togglePopover|\.hidePopover 114 |["']scrollend["'] 114
        |AbortSignal\.any 116 |Promise\.withResolvers 119 |URL\.(canParse|parse)\( 120 |Array\.fromAsync 121
        |\.(union|intersection|difference|symmetricDifference|isSubsetOf|isSupersetOf|isDisjointFrom)\( 122
        |Iterator\.from|(?<!\bfield)\.(values|keys|entries)\(\)\.(map|filter|take|drop|flatMap|reduce|toArray)\( 122
        |\bwith\s*\{\s*type: 123 |Promise\.try\( 128 |scheduler\.yield 129 |\.moveBefore\( 133
        |^\s*(await\s+)?using\s+\w+\s*= 134 |RegExp\.escape 136 |Float16Array 135
        |\.(toBase64|toHex)\(|fromBase64|fromHex 140 |\.setHTML\(|new\ CloseWatcher 126 |DurationFormat 129""",
    "css": r"""color-mix\( 111 |\b(sin|cos|tan|asin|acos|atan2?|pow|sqrt|hypot)\( 111 |^\s*& 112
        |@starting-style 117 |@scope 118 |@position-try 125 |@view-transition 126 |@function 139
        |text-wrap\s*: 114 |animation-timeline 115 |subgrid 117 |transition-behavior 117 |:user-(in)?valid 119
        |rgb\(from|hsl\(from 119 |field-sizing 123 |light-dark\( 123 |anchor-name|position-anchor 125
        |(?<![\w-])(round|mod|rem)\( 125 |interpolate-size|calc-size\( 129 |:popover-open 114 |(?<![\w-])if\( 137""",
    "html": r"""\bpopover(target)?[=\s>] 114 |<details[^>]*\bname= 120 |<selectlist 999 |commandfor= 135""",
}


def newer_than(kind: str) -> re.Pattern[str]:
    """What the list names, without the versions beside it."""
    return re.compile(re.sub(r"\s\d{3}(?=\s|$)", " ", NEWER[kind]), re.M | re.X)


def test_the_server_opens_no_connection(folder, tmp_path, monkeypatch):
    """Every way of Python to ask another machine is listened to, in the server and in what it starts."""
    hooked, log = tmp_path / "hooked", tmp_path / "asked.log"
    hooked.mkdir()
    (hooked / "sitecustomize.py").write_text(HOOK, encoding="utf-8")
    monkeypatch.setenv("ASKED_LOG", str(log))
    running = started(folder, first_sought=str(hooked))
    try:
        work = running.ask("desk.begin", {"model": "reward"})["id"]
        assert running.ask("work.awards", {"work": work})["table"]
        assert running.ask("drop.recognise", {"names": ["inputs/reward.csv"]})["files"]
        assert running.hand("a.csv", b"a") == "a.csv"
    finally:
        running.process.terminate()
        running.process.wait(10)
    assert not log.exists(), log.read_text(encoding="utf-8")


def test_the_hook_hears_what_it_is_for(tmp_path, monkeypatch):
    (tmp_path / "sitecustomize.py").write_text(HOOK, encoding="utf-8")
    monkeypatch.setenv("ASKED_LOG", str(tmp_path / "log"))
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    code = "import socket; s = socket.socket(); s.settimeout(1); s.connect_ex(('127.0.0.1', 9))"
    subprocess.run([sys.executable, "-c", code], check=True)
    assert "socket.connect" in (tmp_path / "log").read_text(encoding="utf-8")


def test_every_answer_forbids_the_browser_any_other_place(server):
    assert "default-src 'self'" in HEADERS["Content-Security-Policy"]
    for path in ("", "words", "static/main.js", "file/inputs/reward.csv", "file/none", "nothing", "api/openapi.json"):
        try:
            answer = urllib.request.urlopen(server.address + path)
        except urllib.error.HTTPError as error:
            answer = error
        told = {key.lower(): text for key, text in answer.headers.items()}
        assert {key.lower(): text for key, text in HEADERS.items()}.items() <= told.items(), path


@pytest.mark.parametrize("path", OWN, ids=lambda path: path.relative_to(STATIC).as_posix())
def test_what_the_browser_is_handed_names_no_other_place_and_nothing_newer_than_chrome_109(path: Path):
    text = path.read_text(encoding="utf-8")
    assert not re.search(r"https?://(?!www\.w3\.org/)|['\"(]//\w", text)
    kind = path.suffix.removeprefix(".")
    newer = [match[0] for match in newer_than(kind).finditer(text)]
    assert not newer, f"newer than Chrome 109: {newer}"
    assert kind != "css" or not nested(text), "a rule within a rule is newer than Chrome 109"


def nested(text: str) -> list[str]:
    """Rules within a rule that is no @rule."""
    text = re.sub(r"/\*.*?\*/|\"[^\"]*\"", "", text, flags=re.S)
    open_rules: list[str] = []
    inner = []
    head = ""
    for sign in text:
        if sign == "{":
            if open_rules and not open_rules[-1].startswith("@"):
                inner.append(head.strip())
            open_rules.append(head.strip())
        elif sign == "}":
            open_rules.pop()
        head = "" if sign in "{};" else head + sign
    return inner


def test_the_lists_see_what_they_are_for():
    for kind, told in {"js": ("a.toSorted()", "Object.groupBy(a, b)", "x.values().map(f)", "Promise.withResolvers()"),
                       "css": ("color-mix(in srgb, red, blue)", "width: round(1px, 2px)", "text-wrap: balance"),
                       "html": ("<div popover>", "<button popovertarget=a>")}.items():  # fmt: skip
        for text in told:
            assert newer_than(kind).search(text), text
    assert not newer_than("js").search(
        "Object.values(a).map(f); [...a].sort(); ground(1); a.at(-1); structuredClone(b)"
    )
    assert nested("a { b { color: red } }") == ["b"] and not nested("@media print { a { color: red } }")
