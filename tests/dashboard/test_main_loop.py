"""The main loop: seldom awake, the date of each answer true, and what uvicorn's own says when it ends."""

import asyncio
from collections.abc import Awaitable, Callable
from email.utils import parsedate_to_datetime
from typing import Any

import pytest
import uvicorn
from uvicorn.config import STARTUP_FAILURE

from dashboard.server import main_loop
from operations.core.clock import now


def test_a_server_at_rest_wakes_twice_a_second_and_keeps_the_date(monkeypatch: pytest.MonkeyPatch) -> None:
    server, rests, dates = main_loop.Server(uvicorn.Config(fails, log_level="critical")), [], []

    async def rest(seconds: float) -> None:
        rests.append(seconds)
        dates.append(dict(server.server_state.default_headers).pop(b"date"))
        server.server_state.default_headers = []
        server.should_exit = len(rests) == 3

    monkeypatch.setattr(asyncio, "sleep", rest)
    asyncio.run(server.main_loop())
    assert rests == [0.5] * 3
    assert all(abs((parsedate_to_datetime(date.decode()) - now()).total_seconds()) < 60 for date in dates)


async def fails(scope: dict[str, Any], receive: Callable[[], Awaitable[Any]], send: Callable[..., Any]) -> None:
    """Say that it cannot start."""
    await receive()
    await send({"type": "lifespan.startup.failed", "message": ""})


def test_a_server_that_cannot_start_says_so_by_its_exit_code() -> None:
    with pytest.raises(SystemExit) as end:
        main_loop.run(f"{__name__}:fails", 1, port=0, lifespan="on", log_level="critical")
    assert end.value.code == STARTUP_FAILURE
