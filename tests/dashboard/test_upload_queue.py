"""Files on their way in: a turn each, few of one person, not many in all, none of them in memory or in a thread."""

import asyncio
import json
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any
from uuid import UUID, uuid4

import anyio.to_thread
import pytest

from dashboard.server.upload_queue import Arrival, UploadQueue, tell_part
from dashboard.wording import in_language, language

TOO_LARGE = "Too large."
Answer = tuple[int, dict[str, str], list[dict[str, Any]]]


class Reading:
    """Work on files that goes on until it is let go."""

    def __init__(self) -> None:
        self.go, self.begun, self.read = threading.Event(), threading.Semaphore(0), list[bytes]()

    def __call__(self, file: IO[bytes]) -> dict[str, Any]:
        self.begun.release()
        assert self.go.wait(60)
        self.read.append(file.read())
        return {"read": len(self.read[-1])}


@pytest.fixture
def reading() -> Iterator[Reading]:
    made = Reading()
    yield made
    made.go.set()


async def sent(
    line: UploadQueue,
    work: Any,
    person: UUID,
    parts: list[bytes],
    told: list[dict[str, Any]] | None = None,
    gone: Any = None,
) -> Answer:
    """What a browser is answered that sends `parts`; `told` grows as it comes. It stays until `gone` is set."""
    left, status, headers = list(parts), [0], dict[str, str]()
    seen = [] if told is None else told

    async def receive() -> dict[str, Any]:
        if left:
            return {"type": "http.request", "body": left.pop(0), "more_body": bool(left)}
        await (gone or asyncio.Event()).wait()
        return {"type": "http.disconnect"}

    async def send(message: Any) -> None:
        if message["type"] == "http.response.start":
            status[0] = message["status"]
            headers.update((name.decode(), value.decode()) for name, value in message["headers"])
        elif (text := message.get("body", b"").decode()).startswith(("data: ", "{")):
            seen.append(json.loads(text.removeprefix("data: ")))

    scope = {"type": "http", "method": "POST", "headers": [], "asgi": {"spec_version": "2.3"}}
    await Arrival(line, person, 3 * 2**20, TOO_LARGE, work)(scope, receive, send)
    return status[0], headers, seen


async def until(true: Any) -> None:
    async with asyncio.timeout(30):
        while not true():
            await asyncio.sleep(0.01)


def test_files_are_read_one_after_the_other_and_each_is_told_its_place(reading: Reading, tmp_path: Path) -> None:
    line = UploadQueue(folder=tmp_path)

    async def run() -> None:
        told: list[list[dict[str, Any]]] = [[], [], []]
        coming = []
        for n in range(3):
            coming.append(asyncio.create_task(sent(line, reading, uuid4(), [b"x" * n, b"y"], told[n])))
            await until(lambda n=n: {"place": n} in told[n])
        assert list(tmp_path.iterdir()) == []  # what is sent lies under no name
        reading.go.set()
        await asyncio.gather(*coming)
        assert [each[-1] for each in told] == [{"read": 1}, {"read": 2}, {"read": 3}]
        assert [each[0] for each in told] == [{"place": 0}, {"place": 1}, {"place": 2}]
        assert sorted(each["place"] for each in told[2][:-1]) == sorted({each["place"] for each in told[2][:-1]})

    asyncio.run(run())
    assert reading.read == [b"y", b"xy", b"xxy"]
    assert len(line) == 0


def test_how_much_of_the_work_is_done_is_told(reading: Reading) -> None:
    def work(file: IO[bytes]) -> dict[str, Any]:
        tell_part(0.4)
        return reading(file)

    async def run() -> None:
        told: list[dict[str, Any]] = []
        coming = asyncio.create_task(sent(UploadQueue(), work, uuid4(), [b"x"], told))
        await until(lambda: {"place": 0, "part": 40} in told)
        reading.go.set()
        await coming
        assert told[-1] == {"read": 1}

    tell_part(0.4)  # of no upload: nobody is told
    asyncio.run(run())


def test_a_third_file_of_a_person_and_one_too_many_of_all_are_told_when_to_come_again(reading: Reading) -> None:
    line, one = UploadQueue(most=3), uuid4()

    async def run() -> None:
        coming = [asyncio.create_task(sent(line, reading, who, [b"x"])) for who in (one, one, uuid4())]
        await until(lambda: len(line) == 3)
        status, headers, [said] = await sent(line, reading, one, [b"x"])
        assert (status, headers["retry-after"], "Two of your files" in said["error"]) == (429, "5", True)
        status, headers, [said] = await sent(line, reading, uuid4(), [b"x"])
        assert (status, headers["retry-after"], "Many people" in said["error"]) == (503, "15", True)
        reading.go.set()
        await asyncio.gather(*coming)
        status, _headers, said = await sent(line, reading, one, [b"x"])
        assert (status, said[-1]) == (200, {"read": 1})

    asyncio.run(run())


@pytest.mark.requirement("R29")
def test_the_refusal_comes_before_a_byte_is_taken(reading: Reading) -> None:
    line = UploadQueue(of_one=0)

    async def run() -> None:
        async def receive() -> Any:
            pytest.fail("A byte was asked for.")

        async def send(_message: Any) -> None:
            pass

        await Arrival(line, uuid4(), 9, TOO_LARGE, reading)({"type": "http"}, receive, send)  # type: ignore[arg-type]

    asyncio.run(run())


def test_who_leaves_gives_the_place_back_and_is_not_read(reading: Reading) -> None:
    line, one = UploadQueue(), uuid4()

    async def run() -> None:
        gone, told = asyncio.Event(), list[dict[str, Any]]()
        first = asyncio.create_task(sent(line, reading, one, [b"first"], gone=gone))
        await until(lambda: reading.begun.acquire(blocking=False))
        second = asyncio.create_task(sent(line, reading, one, [b"second"], told, gone=gone))
        await until(lambda: told == [{"place": 1}])
        gone.set()
        await asyncio.gather(first, second)
        assert len(line) == 1  # what is being read keeps its place until it is read
        reading.go.set()
        await until(lambda: len(line) == 0)

    asyncio.run(run())
    assert reading.read == [b"first"]


@pytest.mark.parametrize("parts", [[b"x" * 2**20] * 4, [b"x" * (3 * 2**20 + 1)]])
@pytest.mark.requirement("ASVS 5.2.1", "R29")
def test_what_is_larger_than_it_may_be_is_refused_whatever_was_declared(reading: Reading, parts: list[bytes]) -> None:
    line = UploadQueue()
    status, _headers, said = asyncio.run(sent(line, reading, uuid4(), parts))
    assert (status, said, len(line)) == (413, [{"error": TOO_LARGE}], 0)


def test_what_stops_on_its_way_is_given_up(reading: Reading, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("dashboard.server.request_bodies.GRACE", 0.05)
    line = UploadQueue()

    async def run() -> Answer:
        parts = [b"x"]

        async def receive() -> Any:
            if parts:
                return {"type": "http.request", "body": parts.pop(), "more_body": True}
            return await asyncio.Event().wait()

        seen: list[Any] = []

        async def send(message: Any) -> None:
            seen.append(message)

        scope = {"type": "http", "method": "POST", "headers": [], "asgi": {"spec_version": "2.3"}}
        await Arrival(line, uuid4(), 9, TOO_LARGE, reading)(scope, receive, send)  # type: ignore[arg-type]
        return seen[0]["status"], {}, [json.loads(seen[1]["body"])]

    status, _headers, [said] = asyncio.run(run())
    assert (status, "did not arrive whole" in said["error"], len(line)) == (400, True, 0)


def test_a_disk_that_takes_nothing_is_said_and_when_to_come_again(reading: Reading, tmp_path: Path) -> None:
    line = UploadQueue(folder=tmp_path / "nowhere")
    status, headers, [said] = asyncio.run(sent(line, reading, uuid4(), [b"x"]))
    assert (status, headers["retry-after"], "cannot store" in said["error"], len(line)) == (503, "15", True, 0)


@pytest.mark.requirement("ASVS 16.3.4")
def test_a_fault_while_reading_is_told_under_a_reference_and_the_next_is_read(reading: Reading) -> None:
    def fault(_file: IO[bytes]) -> dict[str, Any]:
        raise KeyError

    line = UploadQueue()
    reading.go.set()
    _status, _headers, said = asyncio.run(sent(line, fault, uuid4(), [b"x"]))
    assert "Reference" in said[-1]["error"]
    assert asyncio.run(sent(line, reading, uuid4(), [b"x"]))[2][-1] == {"read": 1}


def test_work_is_done_in_the_language_of_who_sent_the_file() -> None:
    with in_language("fr"):
        answer = asyncio.run(sent(UploadQueue(), lambda _file: {"read": language()}, uuid4(), [b"x"]))
    assert answer[2][-1] == {"read": "fr"}


def test_a_hundred_that_wait_hold_no_thread(reading: Reading) -> None:
    line = UploadQueue(most=200)

    async def run() -> None:
        coming = [asyncio.create_task(sent(line, reading, uuid4(), [b"x"])) for _ in range(100)]
        await until(lambda: len(line) == 100 and reading.begun.acquire(blocking=False))
        assert anyio.to_thread.current_default_thread_limiter().borrowed_tokens == 0
        assert len(line._reader._threads) == 1
        assert len(line._writers._threads) <= 2
        reading.go.set()
        await asyncio.gather(*coming)

    asyncio.run(run())
