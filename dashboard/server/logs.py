"""Logs: one line of JSON an event, with the request that it belongs to; no content of the database and of requests.

What libraries log is kept as its template, without the arguments; an exception as its type and the places in the
source, without its words, which may quote what somebody typed. Muster's own events name codes and numbers only.
"""

import logging
import sys
import traceback
from collections.abc import Mapping, MutableMapping
from types import TracebackType
from typing import Any

import structlog
from structlog.contextvars import merge_contextvars
from structlog.stdlib import ProcessorFormatter
from structlog.typing import Processor

from dashboard.settings import LogFormat
from operations.core import traces
from operations.core.errors import MusterError

_OWN = "muster"
_QUIET = {"apscheduler": logging.ERROR, **dict.fromkeys(("alembic", "uvicorn", "websockets"), logging.WARNING)}
_TRAFFIC = ("muster.entries", "muster.requests", "muster.refusals")
"""Loggers of a line for each request, change and refusal: for machines."""
_ExceptionInfo = tuple[type[BaseException], BaseException, TracebackType | None]


def configure(form: LogFormat) -> None:
    """Log as `form` says, from all libraries of this process."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(_formatter(form))
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(logging.INFO)
    logging.captureWarnings(capture=True)
    for name, level in _QUIET.items():
        logging.getLogger(name).setLevel(level)
    for name in _TRAFFIC:
        logging.getLogger(name).setLevel(logging.INFO if form is LogFormat.JSON else logging.WARNING)


def _traced(_logger: Any, _method: str, event: MutableMapping[str, Any]) -> Mapping[str, Any]:
    """Name the trace and the span in which it happened, where spans are sent."""
    event.update(traces.ids())
    return event


def _plain_event(_logger: Any, _method: str, event: MutableMapping[str, Any]) -> Mapping[str, Any]:
    """Name the event without what the arguments of a library, and the words of an exception, may quote."""
    arguments = event.pop("positional_args", ())
    if event["logger"].partition(".")[0] == _OWN and arguments:
        event["event"] %= tuple(map(_argument, arguments)) if isinstance(arguments, tuple) else arguments
    return event


def _argument(value: object) -> object:
    if isinstance(value, MusterError):
        return value.template
    return type(value).__name__ if isinstance(value, BaseException) else value


def _plain_exception(_logger: Any, _method: str, event: MutableMapping[str, Any]) -> Mapping[str, Any]:
    """Put the types of an exception and its causes, and the places in the source, in the place of its text."""
    information: _ExceptionInfo | None = event.pop("exc_info", None)
    event.pop("stack_info", None)
    if information and information[1] is not None:
        event["exception"] = chain(information[1])
    return event


def chain(error: BaseException) -> list[dict[str, Any]]:
    """Return the types and places of an exception, and of what led to it, the last first."""
    found: list[dict[str, Any]] = []
    cause: BaseException | None = error
    while cause is not None and len(found) < 5:
        places = [
            f"{frame.filename}:{frame.lineno} {frame.name}" for frame in traceback.extract_tb(cause.__traceback__)
        ]
        found.append({"type": type(cause).__name__, "at": places[-12:]})
        cause = cause.__cause__ or cause.__context__
    return found


_CHAIN: list[Processor] = [
    merge_contextvars,
    _traced,
    structlog.stdlib.add_log_level,
    structlog.stdlib.add_logger_name,
    structlog.processors.TimeStamper(fmt="iso", utc=True, key="time"),
    structlog.stdlib.ExtraAdder(),
    _plain_event,
    _plain_exception,
]


def _formatter(form: LogFormat) -> logging.Formatter:
    if form is LogFormat.TEXT:  # for whoever develops: exceptions are quoted whole
        return logging.Formatter("%(asctime)s %(levelname)s %(name)s %(message)s")
    ends: list[Processor] = [
        ProcessorFormatter.remove_processors_meta,
        structlog.processors.JSONRenderer(sort_keys=True),
    ]
    return ProcessorFormatter(foreign_pre_chain=_CHAIN, processors=ends, use_get_message=False, pass_foreign_args=True)
