"""Validation of callback requests: a request that no page sends is answered by 400.

Dash trusts the envelope of a request and fails over a malformed one with a traceback, so the envelope is checked before
Dash sees it. The values inside are checked only after a callback failed over them, by the types that it declares.
"""

import functools
import inspect
import json
import logging
from collections.abc import Callable, Mapping
from typing import Any, get_type_hints

import dash
import flask
from dash import Output
from dash._validate import validate_output_spec
from dash.exceptions import CallbackException
from pydantic import AfterValidator, ConfigDict, PydanticUserError, TypeAdapter, ValidationError
from werkzeug.exceptions import BadRequest

_PATH = "/_dash-update-component"
_LOCATION = "_pages_location"  # Dash's own: its callback takes any value for an address
_log = logging.getLogger("muster.dashboard")


def judge(inner: dash.Dash) -> None:
    """Check the envelope of every callback request before Dash dispatches it."""

    @inner.server.before_request
    def judged() -> None:
        if flask.request.path == _PATH and flask.request.method == "POST" and not _sound(inner.callback_map):
            raise BadRequest("No page of Muster sends this.")


def _sound(callbacks: Mapping[str, Any]) -> bool:
    """Return whether the body is an envelope that Dash can read, for a callback that exists."""
    try:
        body = flask.request.get_json()  # cached by flask: Dash gets the same object
    except (RecursionError, ValueError):
        return False
    output = body.get("output") if isinstance(body, dict) else None
    known = callbacks.get(output) if isinstance(output, str) else None
    if known is None or "callback" not in known:
        return False
    changed = body.get("changedPropIds", [])
    given = [*_listed(body.get("inputs", [])), *_listed(body.get("state", []))]
    expected = len(known["inputs"]) + len(known["state"])
    return (
        len(given) == expected
        and all(_one(each) if isinstance(each, dict) else _several(each) for each in given)
        and isinstance(changed, list)
        and all(_named(each) for each in changed)
        and _outputs(known, body.get("outputs"))
    )


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [None]


def _one(given: Any) -> bool:
    if not isinstance(given, dict) or not isinstance(given.get("property"), str):
        return False
    identifier, value = given.get("id"), given.get("value")
    if identifier == _LOCATION:
        return value in (None, "") or (isinstance(value, str) and value.startswith(("/", "?")))
    parts = identifier.values() if isinstance(identifier, dict) else [identifier]
    return all(isinstance(each, str | int | float) for each in parts)


def _named(changed: Any) -> bool:
    """Return whether a changed property is "id.property", where the id is a text or the JSON of a pattern id."""
    if not isinstance(changed, str):
        return False
    identifier, _dot, prop = changed.rpartition(".")
    try:
        return _one({"id": json.loads(identifier) if identifier.startswith("{") else identifier, "property": prop})
    except (RecursionError, ValueError):
        return False


def _several(given: Any) -> bool:
    """Return whether these are the inputs of a pattern (ALL or MATCH)."""
    return isinstance(given, list) and all(_one(each) for each in given)


def _outputs(known: Mapping[str, Any], given: Any) -> bool:
    """Return whether these are the outputs of the callback: Dash's own check, False where it raises."""
    if known["no_output"]:
        return True
    try:
        validate_output_spec(known["output"], given, Output)
    except (CallbackException, TypeError, KeyError, AttributeError, IndexError, ValueError):
        return False
    return True


# ------------------------------------------------------------------------------------------------------ values


def fitting(function: Callable[..., Any], arguments: tuple[Any, ...], named: Mapping[str, Any]) -> bool:
    """Return whether the values are of the types that the function declares."""
    adapters = _adapters(function)
    try:
        bound = inspect.signature(function).bind(*arguments, **named).arguments
        for name, value in bound.items():
            if name in adapters:
                adapters[name].validate_python(value)
    except (TypeError, ValidationError, RecursionError):
        return False
    return True


@functools.cache
def _adapters(function: Callable[..., Any]) -> dict[str, TypeAdapter[Any]]:
    adapters = {}
    hints = get_type_hints(function, include_extras=True)
    hints.pop("return", None)
    for name, hint in hints.items():
        try:
            adapters[name] = TypeAdapter(hint, config=ConfigDict(arbitrary_types_allowed=True))
        except PydanticUserError:
            adapters[name] = TypeAdapter(hint)
    return adapters


def having(*names: str) -> AfterValidator:
    """Return a validator for Annotated: a mapping with at least these keys."""

    def check(value: Mapping[str, Any]) -> Mapping[str, Any]:
        if not value.keys() >= set(names):
            raise ValueError(f"Without {', '.join(names)}")
        return value

    return AfterValidator(check)


def refuse() -> BadRequest:
    """Log one line, and return the 400 response for values that no page sends."""
    _log.warning("A callback was called with values that no page sends.")
    return BadRequest("No page of Muster sends this.")
