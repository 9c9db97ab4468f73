"""HTTP as uvicorn speaks it, with a limit that it lacks: whoever connects says within a time what is wanted."""

import asyncio
from typing import Any

import h11
from uvicorn.protocols.http.h11_impl import H11Protocol

HEADER_SECONDS = 15.0
MESSAGE = 64 * 1024
"""Bytes that a browser may say at once over its socket: the marks of all parts of all boards of one page."""


class Protocol(H11Protocol):
    """Ends a connection that has not sent the headers of a request `HEADER_SECONDS` after it began to, or was opened.

    Between two requests of a connection uvicorn's own limit holds, which is shorter.
    """

    _headers_due: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """A connection: its first headers are awaited from now on."""
        super().connection_made(transport)
        self._await_headers()

    def data_received(self, data: bytes) -> None:
        """Bytes: headers that came whole are awaited no longer; those that have begun are."""
        super().data_received(data)
        if self.conn.their_state is not h11.IDLE or self.transport.get_protocol() is not self:
            self._stop_awaiting()
        elif self._headers_due is None:
            self._await_headers()

    def on_response_complete(self) -> None:
        """An answer: whatever was awaited while it was given is begun anew with the next bytes."""
        super().on_response_complete()
        self._stop_awaiting()

    def connection_lost(self, exc: Exception | None) -> None:
        """The end."""
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
