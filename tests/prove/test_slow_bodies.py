"""Who sends or reads slowly keeps nobody else waiting, and who has no better line than a slow one is served too.

All are connections of this process that sleep; the other person asks for the pulse and calls a callback in turn, as
while a door is flooded (`test_floods`).
"""

import asyncio
import contextlib
import json
import socket
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from urllib.parse import urlsplit

import httpx2 as httpx
import pytest

from operations.core import sign_in
from tests.makers import Running
from tests.people import CAST
from tests.prove.test_floods import QUIET, TIMES, measured, rail
from tests.servers import PASSWORD, Serving, make_scene, serve_as_product

LINE = 8000  # bytes a second that a bad mobile line carries
REPORT = 100_000  # bytes
PLOTLY = "/assets/vendor/later/plotly.js"


@pytest.fixture(scope="module")
def scene(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Running, Serving]]:
    folder = tmp_path_factory.mktemp("slow")
    url = f"sqlite:///{folder / 'muster.sqlite'}"
    made = make_scene(url)
    server = serve_as_product(url, folder)
    yield made, server
    server.stop()
    made.store.dispose()


class Line:
    """A connection of somebody's browser, which sends and reads as slowly as it is told to."""

    def __init__(self, server: Serving, cookie: str) -> None:
        self.address, self.cookie = server.address, cookie

    async def begin(self, method: str, path: str, size: int) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        place = urlsplit(self.address)
        end = socket.create_connection((place.hostname or "", place.port or 80))
        end.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)  # what is not read stays with the server
        reader, writer = await asyncio.open_connection(sock=end, limit=2**10)
        writer.write(
            f"{method} {path} HTTP/1.1\r\nHost: {place.netloc}\r\nOrigin: {self.address}\r\nCookie: {self.cookie}\r\n"
            f"Content-Type: application/json\r\nContent-Length: {size}\r\n\r\n".encode()
        )
        return reader, writer

    async def answer(self, reader: asyncio.StreamReader) -> str:
        """The status of the answer."""
        return (await reader.readline()).decode().split(" ")[1]

    async def send(self, path: str, body: bytes, rate: float) -> str:
        """Send a body at so many bytes a second, a piece each tenth of a second; the status of the answer."""
        reader, writer = await self.begin("POST", path, len(body))
        piece = max(int(rate / 10), 1)
        with contextlib.closing(writer):
            for start in range(0, len(body), piece):
                writer.write(body[start : start + piece])
                await writer.drain()
                await asyncio.sleep(piece / rate)
                if reader.at_eof():
                    return "ended"
            return await self.answer(reader)

    async def read(self, path: str) -> str:
        """Ask for something large and read a byte of it each second."""
        reader, writer = await self.begin("GET", path, 0)
        with contextlib.closing(writer):
            while await reader.read(1):
                await asyncio.sleep(1)
        return "ended"


@contextlib.contextmanager
def meanwhile(lines: list[Line], does: Callable[[Line], object], again: bool) -> Iterator[Counter[str]]:
    """All of `lines` do something while the block runs, `again` and again or once; what became of it is counted.

    Who does it once is awaited.
    """
    seen: Counter[str] = Counter()
    over, begun = threading.Event(), threading.Event()

    async def one(line: Line) -> None:
        while True:
            try:
                seen[await does(line)] += 1  # type: ignore[misc]
            except (OSError, IndexError) as error:
                seen[type(error).__name__] += 1
            if not again or over.is_set():
                return

    async def all_of_them() -> None:
        tasks = [asyncio.create_task(one(line)) for line in lines]
        begun.set()
        if again:
            await asyncio.to_thread(over.wait)
            for task in tasks:
                task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    thread = threading.Thread(target=lambda: asyncio.run(all_of_them()))
    thread.start()
    begun.wait()
    try:
        yield seen
    finally:
        over.set()
        thread.join()


def lines_of(scene: tuple[Running, Serving], names: list[str], each: int) -> list[Line]:
    """So many connections of each of these people."""
    made, server = scene
    cookies = [f"muster={sign_in.sign_in(made.store, name, PASSWORD)}" for name in names]
    return [Line(server, cookie) for cookie in cookies for _ in range(each)]


def judge(
    scene: tuple[Running, Serving], what: str, lines: list[Line], does: Callable[[Line], object], again: bool = True
) -> Counter[str]:
    """The other person's time stays within `TIMES` its quiet value while `lines` do what they do."""
    made, server = scene
    operation, token = str(made.operation), sign_in.sign_in(made.store, "lena", PASSWORD)
    headers = {"Origin": server.address, "Cookie": f"muster={token}"}
    with httpx.Client(base_url=server.address, headers=headers, timeout=120) as client:
        measured(client, operation, 10)
        before = measured(client, operation, QUIET)
        with meanwhile(lines, does, again) as seen:
            threading.Event().wait(2)
            slow = measured(client, operation, QUIET)
        after = measured(client, operation, QUIET)
    print(f"\n{what}: p50/p95 quiet {before} and {after} ms, meanwhile {slow} ms; answers {dict(seen)}")  # noqa: T201
    assert slow.p95 <= TIMES * max(before.p95, after.p95)
    return seen


FOUR = ["bruno", "binta", "chaima", "mateo"]
EIGHT = [*FOUR, "boubacar", "marie", "moussa", "dov"]


@pytest.mark.slow
@pytest.mark.parametrize("path", ["/_dash-update-component", "/preferences", "/sign-in", "/data/files/{operation}"])
def test_bodies_that_drip_stop_nobody(scene: tuple[Running, Serving], path: str) -> None:
    """16 connections of four people send a byte in two seconds, and again when they are given up."""
    address = path.format(operation=scene[0].operation)
    drip = lambda line: line.send(address, b"x" * 10_000, 0.5)  # noqa: E731
    judge(scene, f"drips to {path}", lines_of(scene, FOUR, 4), drip)


@pytest.mark.slow
def test_many_connections_that_drip_stop_nobody(scene: tuple[Running, Serving]) -> None:
    """120 strangers and 120 connections of one person."""
    drip = lambda line: line.send("/sign-in" if line.cookie == "x=y" else "/_dash-update-component", b"x" * 9999, 0.5)  # noqa: E731
    judge(scene, "240 drips", [*lines_of(scene, ["bruno"], 120), *[Line(scene[1], "x=y")] * 120], drip)


@pytest.mark.slow
def test_sixteen_officers_on_a_bad_mobile_line_all_send_their_report(scene: tuple[Running, Serving]) -> None:
    names = [name for name in CAST if name not in ("lena", "ada", "otto")][:8]
    call = json.dumps(rail(str(scene[0].operation))).encode()
    sends = lambda line: line.send("/_dash-update-component", call + b" " * (REPORT - len(call)), LINE)  # noqa: E731
    assert judge(scene, "mobile lines", lines_of(scene, names, 2), sends, again=False) == {"200": 16}


@pytest.mark.slow
def test_who_reads_slowly_stops_nobody(scene: tuple[Running, Serving]) -> None:
    """24 connections of eight people ask for the largest file and read a byte each second."""
    judge(scene, "slow readers", lines_of(scene, EIGHT, 3), lambda line: line.read(PLOTLY))
