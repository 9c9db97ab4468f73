"""Every callback says what one must be able to do: `screen(..., act=...)` is the only way to declare one.

The role is checked before the function runs; whether this person may do it to this object is the verb's to check. The
function stays a plain function, so tests call it inside `access.acting_as`.
"""

import functools
from collections.abc import Callable, Iterator, Mapping
from typing import Any, TypeVar

from dash import callback, set_props

from dashboard import refusals
from dashboard.access import actor
from dashboard.components.form import Form
from operations.core.permissions import Act, require

F = TypeVar("F", bound=Callable[..., Any])

OWN_OF_DASH = ("_pages_content.children", "_pages_store.data", "_pages_dummy.children")


def screen(*dependencies: Any, act: Act, form: Form | None = None, **options: Any) -> Callable[[F], F]:
    """Declare a server callback of a page: `dash.callback` with a policy.

    `act`: what the person's role must allow. `form`: its field errors are cleared before the function runs, and a rule
    that it breaks is said beside the field. Everything else goes to `dash.callback`.
    """

    def declare(function: F) -> F:
        @functools.wraps(function)
        def guarded(*arguments: Any, **named: Any) -> Any:
            try:
                require(actor(), act)
                _clear(form)
                return function(*arguments, **named)
            except Exception as error:
                # Said here rather than by the app's handler, which no longer knows the form.
                if form is None:
                    raise
                with refusals.beside(form.fields):
                    refusals.explain(error)
                return _unchanged(options, dependencies)

        guarded._act = act  # type: ignore[attr-defined]
        callback(*dependencies, **options)(guarded)
        return function

    return declare


def _clear(form: Form | None) -> None:
    for identifier in form.fields.values() if form else ():
        set_props(identifier, {"error": None})


def _unchanged(options: Mapping[str, Any], dependencies: tuple[Any, ...]) -> Any:
    from dash import PreventUpdate  # pragma: no cover - replaced below

    raise PreventUpdate


def unguarded(callback_map: Mapping[str, Mapping[str, Any]]) -> Iterator[str]:
    """The outputs of server callbacks that have no policy. Must yield nothing; Dash's own pages callback is left out."""
    for output, entry in callback_map.items():
        function = entry.get("callback")
        if function is None or any(own in output for own in OWN_OF_DASH):
            continue
        if not hasattr(getattr(function, "__wrapped__", function), "_act"):
            yield output
