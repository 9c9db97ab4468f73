"""Header timeout: uvicorn's HTTP protocol with a time limit for the headers of a request, which uvicorn lacks."""

import asyncio
from typing import Any

import h11
from uvicorn.protocols.http.h11_impl import H11Protocol

HEADER_SECONDS = 15.0
MESSAGE = 64 * 1024
"""Bytes of one message of a browser over its socket: the marks of all parts of all boards of one page."""


class Protocol(H11Protocol):
    """Aborts a connection whose headers are incomplete `HEADER_SECONDS` after it was opened, or after they began.

    Between two requests of a connection uvicorn's own keep-alive limit applies, which is shorter.
    """

    _headers_due: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Start the timer for the first headers."""
        super().connection_made(transport)
        self._await_headers()

    def data_received(self, data: bytes) -> None:
        """Stop the timer when headers are complete; start it when new ones begin."""
        super().data_received(data)
        if self.conn.their_state is not h11.IDLE or self.transport.get_protocol() is not self:
            self._stop_awaiting()
        elif self._headers_due is None:
            self._await_headers()

    def on_response_complete(self) -> None:
        """Stop the timer: the next bytes start it again."""
        super().on_response_complete()
        self._stop_awaiting()

    def connection_lost(self, exc: Exception | None) -> None:
        """Stop the timer."""
        self._stop_awaiting()
        super().connection_lost(exc)

    def _await_headers(self) -> None:
        self._headers_due = self.loop.call_later(HEADER_SECONDS, self._give_up)

    def _stop_awaiting(self) -> None:
        if self._headers_due is not None:
            self._headers_due.cancel()
            self._headers_due = None

    def _give_up(self) -> Any:
        self._headers_due = None
        if not self.transport.is_closing():
            self.transport.abort()
