"""Work beside the visitors waits while one of them is being answered."""

import asyncio
import contextlib
import threading
import time
from typing import Any

from dashboard.server.idle import CALM, Quiet


def test_it_waits_until_the_answer_is_out_and_a_moment_longer() -> None:
    quiet, asked, go_on = Quiet(), threading.Event(), threading.Event()

    async def slow(_scope: Any, _receive: Any, _send: Any) -> None:
        asked.set()
        await asyncio.to_thread(go_on.wait)

    visitor = threading.Thread(target=lambda: asyncio.run(quiet.around(slow)({"type": "http"}, None, None)))
    assert quiet.at_rest
    visitor.start()
    asked.wait()
    quiet.wait(patience=0.1)
    assert not quiet.at_rest
    go_on.set()
    visitor.join()
    answered = time.monotonic()
    quiet.wait()
    assert time.monotonic() - answered >= CALM * 0.9
    assert quiet.at_rest


def test_an_answer_that_fails_is_out_as_well() -> None:
    quiet = Quiet()

    async def broken(_scope: Any, _receive: Any, _send: Any) -> None:
        raise RuntimeError("no answer")

    with contextlib.suppress(RuntimeError):
        asyncio.run(quiet.around(broken)({"type": "http"}, None, None))
    quiet.wait()
    assert quiet.at_rest


def test_an_open_socket_keeps_nobody_waiting() -> None:
    quiet = Quiet()
    seen = []

    async def socket(_scope: Any, _receive: Any, _send: Any) -> None:
        seen.append(quiet.at_rest)

    asyncio.run(quiet.around(socket)({"type": "websocket"}, None, None))
    assert seen == [True]
