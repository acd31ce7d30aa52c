"""Starting the page: which folder is the desk, one server a folder, an office server asks for its token."""

from __future__ import annotations

import subprocess
import sys
from http.client import HTTPConnection
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from page_server import started

from allocation.errors import AllocationError
from allocation.page.starting import desk_folder

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


def test_an_office_server_lets_in_whoever_has_the_token(folder):
    running = started(folder, "--host", "0.0.0.0")
    try:
        port, token = urlsplit(running.address).port, urlsplit(running.address).query
        assert len(token) > 30

        def asked(path: str, cookie: str = "") -> tuple[int, str]:
            connection = HTTPConnection("127.0.0.1", port)
            connection.request("GET", path, headers={"Cookie": cookie} if cookie else {})
            answer = connection.getresponse()
            return answer.status, answer.getheader("Set-Cookie") or ""

        assert asked("/")[0] == asked("/words")[0] == asked("/?token=wrong")[0] == 401
        status, cookie = asked(f"/?{token}")
        assert status == 303 and "HttpOnly" in cookie and "SameSite=strict" in cookie
        assert asked("/", cookie.partition(";")[0])[0] == 200
    finally:
        running.process.terminate()
        running.process.wait(10)


def test_what_windows_runs_is_plain_ascii_with_its_line_ends_and_both_files_are_the_same():
    twin = REPOSITORY / "启动.bat"
    assert twin.read_bytes() == (REPOSITORY / "start.bat").read_bytes()
    assert twin.read_bytes().isascii()
    kept = subprocess.run(["git", "check-attr", "eol", "--", "启动.bat", "start.bat", "start.sh"], cwd=REPOSITORY,
                          capture_output=True, text=True, check=True).stdout  # fmt: skip
    assert kept.count("crlf") == 2 and kept.count(" lf") == 1
