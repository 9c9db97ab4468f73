"""The server as `muster serve` runs it, spoken to byte by byte."""

import contextlib
import json
import socket
import threading
import time

import pytest
import uvicorn

from dashboard.__main__ import run
from dashboard.server import header_timeout, live_boards, main_loop
from dashboard.server.header_timeout import Protocol
from dashboard.settings import Settings
from tests.servers import free_port


@pytest.fixture
def port(site, monkeypatch):
    """The site, served in a thread with a header time-out of half a second."""
    monkeypatch.setattr(header_timeout, "HEADER_SECONDS", 0.5)
    chosen = free_port()
    server = uvicorn.Server(
        uvicorn.Config(
            site.app, port=chosen, http=Protocol, lifespan="off", log_level="critical", ws="websockets-sansio"
        )
    )
    thread = threading.Thread(target=server.run)
    thread.start()
    while not server.started:
        time.sleep(0.01)
    yield chosen
    server.should_exit = True
    thread.join(20)


def _said(port: int, *parts: bytes, pause: float = 0.0, patience: float = 20.0) -> bytes:
    """What the server says until it closes; b"open" where it does not close within `patience` seconds."""
    with contextlib.closing(socket.create_connection(("127.0.0.1", port), timeout=patience)) as line:
        heard = b""
        with contextlib.suppress(ConnectionError):
            for part in parts:
                line.sendall(part)
                time.sleep(pause)
            while chunk := line.recv(65536):
                heard += chunk
        return heard


HEAD = b"GET /health HTTP/1.1\r\nHost: 127.0.0.1\r\n"


@pytest.mark.parametrize("begun", [b"", b"GET /", HEAD, b"GET /health HTTP/1.1\r\nHost: 127.0.0.1\r\nX: "], ids=str)
def test_headers_that_do_not_end_end_the_connection(port, begun):
    assert _said(port, begun) == b""


def test_headers_that_trickle_end_the_connection_too(port):
    assert _said(port, HEAD, *[b"X: y\r\n"] * 20, pause=0.1) == b""


def test_headers_of_a_second_request_are_waited_for_as_long(port):
    heard = _said(port, HEAD + b"\r\n", b"GET /hea", pause=0.2)
    assert heard.endswith(b"ok")
    assert heard.count(b"HTTP/1.1 200") == 1


def test_a_request_in_time_is_answered_and_a_slow_body_is_no_header(port):
    assert _said(port, HEAD + b"Connection: close\r\n\r\n").endswith(b"ok")
    begin = b"POST /sign-in HTTP/1.1\r\nHost: 127.0.0.1\r\nOrigin: http://127.0.0.1\r\nConnection: close\r\n"
    form = b"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: 10\r\n\r\nusern"
    assert b" 401 " in _said(port, begin + form, b"ame=a", pause=1.0)


@pytest.mark.requirement("ASVS 4.2.1")
def test_a_length_that_is_said_twice_is_refused_and_nothing_behind_it_is_read(port):
    smuggled = b"GET /health HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"
    both = (
        b"POST /sign-in HTTP/1.1\r\nHost: 127.0.0.1\r\nOrigin: http://127.0.0.1\r\nContent-Length: 5\r\n"
        b"Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n"
    )
    heard = _said(port, both + smuggled)
    assert heard.startswith(b"HTTP/1.1 400")
    assert heard.count(b"HTTP/1.1") == 1


def test_a_head_has_the_headers_of_its_get_and_no_body(port):
    head, _blank, body = _said(
        port, b"HEAD /health HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n"
    ).partition(b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.1 200")
    assert b"content-length: 2" in head.lower()
    assert body == b""


def test_whatever_a_page_may_say_of_its_boards_is_taken(site, monkeypatch):
    """Else the socket is closed for it, and all pages ask for themselves at every pulse."""
    given = {}
    monkeypatch.setattr(main_loop, "run", lambda *_args, **options: given.update(options))
    run(Settings())
    said = [
        {
            "board": name,
            "chosen": ["c" * (live_boards._TEXT - 2)] * len(board.chosen),
            "marks": dict.fromkeys(board.places, live_boards.mark("a part")),
            "number": 10**9,
            "since": 10**9,
            "turn": 10**6,
        }
        for name, board in live_boards.BOARDS.items()
    ]
    longest = sorted(said, key=lambda each: -len(json.dumps(each)))[: live_boards.MOST]
    assert len(live_boards.Watch.all(longest)) == len(longest)
    assert 1024 < len(json.dumps(longest)) < given["ws_max_size"]
