"""What a server must bear that others can reach: too much, too slow, too odd. Raw bytes over a socket, as no client
sends them; after each it answers as before."""

from __future__ import annotations

import socket
import time
from contextlib import suppress
from urllib.parse import urlsplit

import pytest

from allocation.files.limits import FILE_BYTES
from allocation.page.desk import Desk
from allocation.page.guarding import Door
from allocation.page.starting import door_of

MARKED = "x-allocation: 1\r\n"
HUNG_UP = 0  # instead of a status: the connection ended without an answer


@pytest.fixture
def raw(server):
    """raw("GET / HTTP/1.1", headers, body) sends it and gives the status, headers and body that come back."""
    place = urlsplit(server.address)

    def sent(line: str, headers: str = "", body: bytes = b"", host: str = "") -> tuple[int, str]:
        with socket.create_connection((place.hostname, place.port), timeout=20) as connection:
            head = f"{line}\r\nHost: {host or place.netloc}\r\nConnection: close\r\n{headers}\r\n"
            answer = b""
            with suppress(ConnectionError):  # hung up on, before or after an answer
                connection.sendall(head.encode("latin-1") + body)
                while piece := connection.recv(65_536):
                    answer += piece
        text = answer.decode("utf-8", "replace")
        return int(text.split(" ", 2)[1]) if text else HUNG_UP, text

    yield sent
    assert server.ask("desk.look")["folder"] == str(server.folder)  # still there, and as before


def test_too_large_a_body_is_refused_before_it_is_sent(raw, server):
    """65 MB announced, and a few bytes of it; and a call of that size."""
    for line in (f"PUT /api/files?name=a HTTP/1.1|{65 * 2**20}", f"POST /api/desk.look HTTP/1.1|{25 * 2**20}"):
        asked, _, size = line.partition("|")
        begun = time.monotonic()
        status, told = raw(asked, f"{MARKED}Content-Length: {size}\r\n", b"{" * 1000)
        assert status == 413 and "超过" in told and time.monotonic() - begun < 15
    assert not (server.folder / "a").exists()


def test_a_body_that_does_not_say_its_size_is_read_no_further_than_what_is_taken(server):
    """In chunks without end: the answer comes while they are sent, or the connection ends."""
    place = urlsplit(server.address)
    chunk = b"100000\r\n" + b"x" * 2**20 + b"\r\n"
    count = 0
    with socket.create_connection((place.hostname, place.port), timeout=20) as connection:
        head = f"PUT /api/files?name=b HTTP/1.1\r\nHost: {place.netloc}\r\n{MARKED}Transfer-Encoding: chunked\r\n\r\n"
        connection.sendall(head.encode())
        with suppress(ConnectionError):
            for _ in range(3 * FILE_BYTES // 2**20):
                connection.sendall(chunk)
                count += 1
    assert FILE_BYTES // 2**20 <= count < 1.5 * FILE_BYTES // 2**20 and not (server.folder / "b").exists()


def test_whoever_sends_slowly_keeps_nobody_waiting(server):
    place = urlsplit(server.address)
    held = []
    try:
        for number in range(30):
            connection = socket.create_connection((place.hostname, place.port), timeout=20)
            held.append(connection)
            size = "" if number % 2 else "Content-Length: 1000\r\n\r\n{"  # half of them within the headers
            connection.sendall(f"POST /api/desk.look HTTP/1.1\r\nHost: {place.netloc}\r\n{MARKED}{size}".encode())
        begun = time.monotonic()
        assert server.ask("desk.look")["folder"] and time.monotonic() - begun < 10
    finally:
        for connection in held:
            connection.close()


def test_odd_requests_are_refused_one_by_one(raw):
    many = "".join(f"X-Header-{number}: {number}\r\n" for number in range(10_000))
    assert raw("GET / HTTP/1.1", many)[0] in (400, HUNG_UP)
    assert raw("GET / HTTP/1.1", f"X: {'x' * 200_000}\r\n")[0] in (400, HUNG_UP)
    assert raw(f"GET /{'x' * 200_000} HTTP/1.1")[0] in (400, HUNG_UP)
    upgrade = "Upgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n"
    assert raw("GET /api/desk.look HTTP/1.1", upgrade)[0] in (400, 404, 405)
    assert raw("OPTIONS /api/desk.look HTTP/1.1", "Access-Control-Request-Headers: x-allocation\r\n")[0] == 403
    for method in ("GET", "HEAD", "PUT", "DELETE", "TRACE", "PATCH", "FOO"):
        status, told = raw(f"{method} /api/desk.look HTTP/1.1", MARKED)
        assert status == 405 and "access-control" not in told.lower(), method
    assert raw("GET /api/desk.look HTTP/1.1", f"{MARKED}X-HTTP-Method-Override: POST\r\n")[0] == 405
    assert raw("POST / HTTP/1.1", MARKED)[0] == 405
    for host in ("[::1", "a:b:c", "localhost.example.cn", "127.0.0.1.example.cn", "li@localhost", "localhost/", "0"):
        assert raw("GET / HTTP/1.1", host=host)[0] in (400, 403), host
    for origin in ("http://[", "http://127.0.0.1", "//", "http://localhost:1", "javascript:1"):
        assert raw("POST /api/desk.look HTTP/1.1", f"{MARKED}Origin: {origin}\r\n")[0] == 403, origin
    for path in ("/static/../server.py", "/static/..%2fserver.py", "/static/%2e%2e/server.py", "/file/%00", "/file/",
                 "/static//etc/hostname", "/file/.allocation-page/running.json", "/api/", "/static/a%00b"):  # fmt: skip
        assert raw(f"GET {path} HTTP/1.1")[0] in (404, 405), path
    for body in (b"", b"[]", b"{", b"\xff", b"[" * 100_000, b'{"a":' * 50_000, b"1e999", b'{"work":"\\ud800"}'):
        status, _ = raw("POST /api/work.look HTTP/1.1", f"{MARKED}Content-Length: {len(body)}\r\n", body)
        assert status == 422, body[:10]


def test_a_host_is_known_however_it_is_written():
    home = Door()
    for host in ("127.0.0.1", "127.0.0.1:8765", "LOCALHOST:8765", "localhost", "[::1]", "[::1]:8765"):
        assert home.knows(host), host
    for host in ("", ":8765", "192.168.1.5", "::1", "[::1", "localhost:x", "localhost.", "a@localhost", "evil.cn"):
        assert not home.knows(host), host


def test_an_office_server_answers_to_its_name_and_to_numbers_where_it_has_every_address(tmp_path):
    every, named = (door_of(host, Desk(tmp_path)) for host in ("0.0.0.0", "192.168.1.5"))
    name = socket.gethostname()
    for host in (name, f"{name.upper()}:8765", "192.168.1.5:8765", "[fe80::1]:8765", "localhost"):
        assert every.knows(host), host
    assert named.knows("192.168.1.5") and named.knows(name) and not named.knows("192.168.1.6")
    assert not every.knows("example.cn") and not every.knows(f"{name}.example.cn")
