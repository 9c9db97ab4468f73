"""Observation of requests: a number for each, its route, status and seconds as metrics, as a line of the log, and as a
span where spans are sent.

Around the gate, so that what it refuses counts too. A route is a template: no address, query, header or body of a
request is a label, or is logged.
"""

import logging
import re
import secrets
import time
from collections.abc import Iterable
from contextlib import nullcontext

from starlette.datastructures import MutableHeaders
from structlog.contextvars import bound_contextvars

from dashboard.navigation import Nav
from dashboard.server.request_context import App, Message, Receive, Scope, Send
from operations.core import measures, traces

HEADER = "Muster-Request"
"""The header of each response with the number of its request, under which the log has it."""
OTHER = "other"
_FIXED = ("/_dash-update-component", "/_dash-layout", "/_dash-dependencies")
_FOLDERS = ("/assets/", "/_dash-component-suites/")
_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
_QUIET = frozenset({"/health", "/ready", "/metrics", *(f"{folder}*" for folder in _FOLDERS)})
"""Routes that machines ask again and again: counted, not logged and not traced."""
_PLACE = re.compile(r"<\w+>")
_log = logging.getLogger("muster.requests")


class Observer:
    """The observer of one application; `pages` are those of Dash, which no router of Starlette knows."""

    def __init__(self, pages: Iterable[Nav]) -> None:
        self._pages = [(_pattern(path), path) for nav in pages if (path := nav.path_template or nav.path)]

    async def __call__(self, app: App, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one connection by `app`."""
        if scope["type"] != "http":
            return await app(scope, receive, send)
        number, began, status = secrets.token_hex(8), time.perf_counter(), 500

        async def sent(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                MutableHeaders(scope=message)[HEADER] = number
            await send(message)

        path = scope["path"]
        quiet = path in _QUIET or path.startswith(_FOLDERS)
        with bound_contextvars(request=number), nullcontext() if quiet else traces.span("request"):
            try:
                await app(scope, receive, sent)
            finally:
                seconds, method = time.perf_counter() - began, scope["method"]
                method, route = method if method in _METHODS else OTHER, self.route(scope, path)
                measures.REQUESTS.labels(method, route, str(status)).inc()
                measures.LATENCY.labels(route).observe(seconds)
                if not quiet:
                    traces.tell(f"{method} {route}", method=method, route=route, status=status)
                    if status >= 500:
                        traces.failed(str(status))
                    told = {"method": method, "route": route, "status": status, "seconds": round(seconds, 4)}
                    _log.info("Answered", extra=told)

    def route(self, scope: Scope, path: str) -> str:
        """Return the template of the route that answered."""
        template = getattr(scope.get("route"), "path", None)
        if template:
            return str(template)
        if path in _FIXED:
            return path
        for folder in _FOLDERS:
            if path.startswith(folder):
                return f"{folder}*"
        return next((template for pattern, template in self._pages if pattern.fullmatch(path)), OTHER)


def _pattern(path: str) -> re.Pattern[str]:
    """Return the pattern of the addresses of a page."""
    return re.compile("[^/]+".join(map(re.escape, _PLACE.split(path))))
