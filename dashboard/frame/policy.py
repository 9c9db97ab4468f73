"""Callback policy: `screen(..., act=...)` is the only way to declare a callback, and names the permission it needs.

The role is checked before the function runs; the verb checks whether the person may do it to this object. If the
function fails over values of types that it does not declare, the request came from no page, and is answered by 400. The
function stays a plain function, so tests call it inside `access.acting_as`.
"""

import functools
from collections.abc import Callable, Iterator, Mapping
from typing import Any, TypeVar

from dash import callback, set_props
from dash.dependencies import DashDependency
from dash.exceptions import PreventUpdate
from pydantic import ValidationError
from werkzeug.exceptions import HTTPException

from dashboard import refusals
from dashboard.parts.form import Form
from dashboard.server import callback_validation
from dashboard.server.access import actor, current_request
from operations.core.errors import MusterError, NotPermitted, Taken
from operations.core.permissions import Act, require

F = TypeVar("F", bound=Callable[..., Any])


def screen(
    *dependencies: Any, act: Act, form: Form | None = None, wall: bool = False, **options: Any
) -> Callable[[F], F]:
    """Declare a server callback of a page: `dash.callback` with a policy.

    `act`: the permission that the role needs. `form`: the errors at those of its fields that the callback takes are
    cleared before the function runs, and the flaws of a broken rule are shown at the fields. `wall`: a wall screen may
    call it; it then only reads what that screen shows. Everything else is passed to `dash.callback`.
    """
    places = _fields_among(form, (dependencies, options)) if form else {}
    if places:
        options["on_error"] = functools.partial(refusals.explain, places=places)

    def declare(function: F) -> F:
        @functools.wraps(function)
        def guarded(*arguments: Any, **named: Any) -> Any:
            require(actor(), act)
            if current_request().only is not None and not wall:
                raise NotPermitted
            for identifier in places.values():
                set_props(identifier, {"error": None})
            try:
                return once_more(function)(*arguments, **named)
            except (MusterError, ValidationError, HTTPException, PreventUpdate):
                raise
            except Exception:
                if callback_validation.fitting(function, arguments, named):
                    raise
                raise callback_validation.refuse() from None

        guarded._act, guarded._wall = act, wall  # type: ignore[attr-defined]
        callback(*dependencies, **options)(guarded)
        return function

    return declare


def once_more(function: F) -> F:
    """Return a function that is retried once after `Taken`, when another request wrote first.

    Mostly that is the second of two presses: the object exists by then, and the verb returns it.
    """

    @functools.wraps(function)
    def done(*arguments: Any, **named: Any) -> Any:
        try:
            return function(*arguments, **named)
        except Taken:
            return function(*arguments, **named)

    return done  # type: ignore[return-value]


def _fields_among(form: Form, dependencies: Any) -> dict[str, str]:
    """Return the input ids of the fields of `form` that a callback takes, by the field names whose flaws they show."""
    inputs = {
        name: dependency.component_id
        for dependency in _flat(dependencies)
        if isinstance(dependency.component_id, str) and (name := form.field_of(dependency.component_id)) is not None
    }
    return inputs | {told: inputs[name] for told, name in form.stands.items() if name in inputs}


def _flat(dependencies: Any) -> Iterator[DashDependency]:
    if isinstance(dependencies, DashDependency):
        yield dependencies
    elif isinstance(dependencies, Mapping):
        for each in dependencies.values():
            yield from _flat(each)
    elif isinstance(dependencies, list | tuple):
        for each in dependencies:
            yield from _flat(each)
