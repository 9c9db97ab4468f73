"""Main loop: uvicorn's server, which wakes twice a second while nothing comes in, not ten times."""

import asyncio
import sys
from contextlib import suppress
from typing import Any

import uvicorn
from uvicorn.config import STARTUP_FAILURE


class Server(uvicorn.Server):
    """A server that looks every half second whether it must end, and writes the date of its answers anew."""

    async def main_loop(self) -> None:
        """Serve until the process is told to end."""
        while not await self.on_tick(0):
            await asyncio.sleep(0.5)


def run(application: str, workers: int, **options: Any) -> None:
    """Serve until interrupted, with the options of `uvicorn.run`. Several worker processes have uvicorn's own loop."""
    if workers > 1:
        uvicorn.run(application, workers=workers, **options)
        return
    server = Server(uvicorn.Config(application, **options))
    with suppress(KeyboardInterrupt):
        server.run()
    if not server.started:
        sys.exit(STARTUP_FAILURE)
