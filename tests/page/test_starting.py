"""Starting the page: which folder is the desk, one server a folder, an office server asks for its token."""

from __future__ import annotations

import os
import socket
import stat
import subprocess
import sys
from http.client import HTTPConnection
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from page_server import started

from allocation.errors import AllocationError
from allocation.page.desk import Desk
from allocation.page.starting import TOKEN, desk_folder, door_of

REPOSITORY = Path(__file__).parents[2]


def test_the_programs_own_folder_is_no_desk_but_holds_one(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert desk_folder(None) == tmp_path.resolve()
    (tmp_path / "start.bat").touch()
    assert desk_folder(None) == (tmp_path / "工作文件夹").resolve() == desk_folder(None)
    assert desk_folder(tmp_path) == tmp_path.resolve()
    with pytest.raises(AllocationError):
        desk_folder(tmp_path / "无")


def test_a_second_double_click_finds_the_page_that_is_open(server):
    command = [sys.executable, "-m", "allocation", "page", str(server.folder), "--quiet"]
    told = subprocess.run(command, capture_output=True, text=True, encoding="utf-8", timeout=60, check=False)
    assert told.returncode == 0 and server.address in told.stdout and "已经开着" in told.stdout
    server.process.terminate()
    server.process.wait(10)
    again = started(server.folder)  # what an ended page left behind misleads nobody
    again.process.terminate()
    again.process.wait(10)


def test_a_page_that_is_started_again_is_where_it_was_for_the_tabs_that_are_still_open(folder):
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        port = held.getsockname()[1]
    addresses = []
    for words in (("--port", str(port)), ()):
        running = started(folder, *words)
        addresses.append(running.address)
        running.process.kill()
        running.process.wait(10)
    assert addresses == [f"http://127.0.0.1:{port}/"] * 2


def test_an_office_server_lets_in_whoever_has_the_token(folder):
    running = started(folder, "--host", "0.0.0.0")
    try:
        told = urlsplit(running.address)
        port, token = told.port, told.query
        assert len(token) > 30
        assert told.hostname == socket.gethostname().lower()  # what a colleague can type: 0.0.0.0 is nobody's address

        def asked(path: str, method: str = "GET", **headers: str) -> tuple[int, str]:
            connection = HTTPConnection("127.0.0.1", port)
            connection.request(method, path, headers=headers)
            answer = connection.getresponse()
            return answer.status, answer.getheader("Set-Cookie") or ""

        assert asked("/")[0] == asked("/words")[0] == asked("/?token=wrong")[0] == 401
        assert asked("/api/openapi.json")[0] == asked("/", Cookie="allocation_token=wrong")[0] == 401
        status, cookie = asked(f"/?{token}")
        assert status == 303 and "HttpOnly" in cookie and "SameSite=strict" in cookie
        assert asked("/", Cookie=cookie.partition(";")[0])[0] == 200
        another = token.removeprefix("token=")  # another program
        assert asked("/api/desk.look", "POST", **{"Authorization": f"Bearer {another}", "x-allocation": "1"})[0] == 200
        for wrong in (f"Basic {another}", "Bearer", "Bearer x", f"Bearer {another}x", "Bearer \u00e9"):
            assert asked("/api/desk.look", "POST", **{"Authorization": wrong, "x-allocation": "1"})[0] == 401, wrong
    finally:
        running.process.terminate()
        running.process.wait(10)


def test_the_token_of_a_desk_stays_until_its_file_is_deleted(tmp_path):
    desk = Desk(tmp_path)
    assert door_of("", desk).token == door_of("localhost", desk).token == "" and not desk.kept.exists()
    token = door_of("0.0.0.0", desk).token
    assert door_of("192.168.1.5", desk).token == token and "token" not in str(desk.files())
    kept = desk.kept / TOKEN
    assert os.name != "posix" or stat.S_IMODE(kept.stat().st_mode) == 0o600
    for spoilt in (b"", b"short", b"\xff" * 40, b"\n" * 40):
        kept.write_bytes(spoilt)
        assert len(door_of("0.0.0.0", desk).token) == len(token) and door_of("0.0.0.0", desk).token != token


def test_what_windows_runs_is_plain_ascii_with_its_line_ends_and_both_files_are_the_same():
    twin = REPOSITORY / "启动.bat"
    assert twin.read_bytes() == (REPOSITORY / "start.bat").read_bytes()
    assert twin.read_bytes().isascii()
    kept = subprocess.run(["git", "check-attr", "eol", "--", "启动.bat", "start.bat", "start.sh"], cwd=REPOSITORY,
                          capture_output=True, text=True, check=True).stdout  # fmt: skip
    assert kept.count("crlf") == 2 and kept.count(" lf") == 1


def test_the_readme_begins_with_the_double_click_and_every_text_names_the_packages_that_it_installs():
    extras = "[page,documents]"
    for name in ("start.bat", "start.sh", "README.md", "README.en.md", "docs/install.md", "docs/zh/install.md"):
        text = (REPOSITORY / name).read_text(encoding="utf-8")
        assert extras in text, name
        if name.startswith("README"):
            assert "启动.bat" in text.partition("```bash")[0] and "启动.bat" in text.partition("```bat")[0]
