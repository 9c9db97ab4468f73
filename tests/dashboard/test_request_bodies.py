"""Bodies are taken in whole, at a rate that must be kept, within a share of each person and a budget of all."""

import asyncio
from typing import Any

import pytest
from starlette.datastructures import Headers

from dashboard.server import request_bodies
from dashboard.server.rate_limits import Door
from dashboard.server.request_bodies import Bodies, Untaken, paced
from operations.core.errors import TooMany

LIMIT = 2**20


def sent(*parts: bytes, every: float = 0.0, ends: bool = True) -> Any:
    """A sender of these parts, one after `every` seconds each, who says no more then where it does not `end`."""
    left = list(parts)

    async def receive() -> dict[str, Any]:
        await asyncio.sleep(every)
        if not left:
            await asyncio.Event().wait()
        return {"type": "http.request", "body": left.pop(0), "more_body": bool(left) or not ends}

    return receive


def share(each: int = 8) -> Door:
    return Door(each=each, together=512, waiting=0)


async def read(receive: Any) -> bytes:
    """All of a body, as an application reads it."""
    found, more = b"", True
    while more:
        message = await receive()
        found, more = found + message["body"], message["more_body"]
    return found


async def taken(held: Bodies, receive: Any, key: str = "ana", limit: int = LIMIT, headers: Any = None) -> bytes:
    async with held.whole(Headers(headers or {}), receive, limit, key) as whole:
        return await read(whole)


def refused(held: Bodies, receive: Any, **more: Any) -> int:
    """The status with which a body is not taken; nothing of it is kept."""
    with pytest.raises(Untaken) as found:
        asyncio.run(taken(held, receive, **more))
    assert (held.in_memory, held.in_files) == (0, 0)
    return found.value.status


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Seconds are tenths of them here."""
    for name in ("GRACE", "STALL", "AT_ONCE"):
        monkeypatch.setattr(request_bodies, name, getattr(request_bodies, name) / 10)
    monkeypatch.setattr(request_bodies, "RATE", request_bodies.RATE * 10)


@pytest.mark.usefixtures("quick")
def test_a_body_of_a_slow_mobile_line_arrives_and_one_that_drips_does_not() -> None:
    mobile = sent(*[b"x" * 800] * 30, every=0.02)  # 40 kB a second: 4 kB a second in the time of the product
    assert len(asyncio.run(taken(Bodies(share()), mobile))) == 24_000
    assert refused(Bodies(share()), sent(*[b"x"] * 100, every=0.02)) == 408
    assert refused(Bodies(share()), sent(*[b"x" * 200] * 1000, every=0.02)) == 408, "half the rate"


@pytest.mark.usefixtures("quick")
def test_nobody_is_waited_for_long_however_much_came_before(monkeypatch: pytest.MonkeyPatch) -> None:
    assert refused(Bodies(share()), sent(b"x" * 500_000, ends=False)) == 408


def test_what_ends_before_it_is_whole_is_not_passed_on() -> None:
    async def receive() -> dict[str, Any]:
        return {"type": "http.disconnect"}

    assert refused(Bodies(share()), receive) == 408


@pytest.mark.parametrize("headers", [{}, {"content-length": "9"}])
def test_what_is_longer_than_its_limit_is_refused_whatever_was_declared(headers: dict[str, str]) -> None:
    assert refused(Bodies(share()), sent(b"x" * 6, b"x" * 6), limit=10, headers=headers) == 413


def test_what_is_declared_too_long_is_refused_before_it_comes() -> None:
    assert refused(Bodies(share()), None, limit=10, headers={"content-length": "11"}) == 413


@pytest.mark.parametrize(("name", "size"), [("IN_MEMORY", 100), ("BUDGET", 100)])
def test_what_is_large_or_comes_when_memory_is_short_lies_in_a_file(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Any, name: str, size: int
) -> None:
    monkeypatch.setattr(request_bodies, name, size)
    held, parts = Bodies(share(), tmp_path), [bytes([number]) * 70_000 for number in range(3)]

    async def play() -> bytes:
        async with held.whole(Headers(), sent(b"small", *parts), LIMIT, "ana") as whole:
            assert (held.in_memory, held.in_files) == (0, 210_005)
            return await read(whole)

    assert asyncio.run(play()) == b"small" + b"".join(parts)
    assert (held.in_memory, held.in_files) == (0, 0)
    assert list(tmp_path.iterdir()) == [], "a file without a name"


def test_what_is_held_in_memory_is_counted_until_the_request_is_answered() -> None:
    held = Bodies(share())

    async def play() -> None:
        async with held.whole(Headers(), sent(b"x" * 1000), LIMIT, "ana"):
            assert held.in_memory == 1000

    asyncio.run(play())
    assert held.in_memory == 0


def test_beyond_memory_and_disk_there_is_no_room(monkeypatch: pytest.MonkeyPatch, tmp_path: Any) -> None:
    monkeypatch.setattr(request_bodies, "BUDGET", 0)
    assert refused(Bodies(share(), tmp_path / "nowhere"), sent(b"x")) == 503
    monkeypatch.setattr(request_bodies, "SPOOLED", 9)
    assert refused(Bodies(share()), sent(b"x" * 6, b"x" * 6)) == 503


@pytest.mark.usefixtures("quick")
def test_slow_bodies_take_the_share_of_their_person_and_of_nobody_else() -> None:
    async def play() -> None:
        held = Bodies(share(each=2))
        slow = [asyncio.create_task(taken(held, sent(b"x" * 20_000, ends=False))) for _ in range(2)]
        await asyncio.sleep(0.2)
        with pytest.raises(TooMany):
            await taken(held, sent(b"x" * 20_000, ends=False))
        assert await taken(held, sent(b"whole at once")) == b"whole at once"
        assert await taken(held, sent(*[b"x" * 2000] * 4, every=0.04), "bruno") == b"x" * 8000
        for task in slow:
            with pytest.raises(Untaken):
                await task

    asyncio.run(play())


@pytest.mark.usefixtures("quick")
def test_a_stream_keeps_the_rate_too_and_what_comes_after_it_is_waited_for() -> None:
    async def play() -> tuple[str, str]:
        slow, whole = paced(sent(b"x", ends=False)), paced(sent(b"x"))
        await slow()
        await whole()
        late = (await asyncio.wait_for(slow(), 5))["type"]
        try:
            return late, (await asyncio.wait_for(whole(), 0.8))["type"]
        except TimeoutError:
            return late, "still there"

    assert asyncio.run(play()) == ("http.disconnect", "still there")
