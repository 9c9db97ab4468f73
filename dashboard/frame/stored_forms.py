"""Forms that show a stored object as it changes, and keep what a user has typed."""

from collections.abc import Callable
from typing import Any

from dash import Input, Output, State, dcc, no_update
from dash.development.base_component import Component
from dash.exceptions import PreventUpdate

from dashboard.frame.policy import screen
from dashboard.parts.draft_form import DraftForm
from dashboard.server.access import actor, known_id, reading
from dashboard.server.pulse_socket import PULSE
from operations.core.permissions import Act
from operations.policing.operation import plan

_STORED = "stored"


def stored_values(form: DraftForm, thing: Any) -> Component:
    """Return a store with the object's values as the form shows them, for `follows_stored`."""
    return dcc.Store(id=form.id(_STORED), data=form.shown(thing))


def follows_stored(form: DraftForm, read: Callable[..., Any], *, act: Act, operation: str) -> Callable[..., Any]:
    """Update the fields of a form when the stored object changes; fields that the user has edited stay.

    `read(session, operation, by)` returns the object. The page holds `stored(form, ...)` of it.
    """
    fields = form.states()

    @screen(
        output={
            "fields": {
                name: Output(state.component_id, state.component_property, allow_duplicate=True)
                for name, state in fields.items()
            },
            "stored": Output(form.id(_STORED), "data"),
        },
        inputs={"_pulse": Input(PULSE, "data")},
        state={
            "operation_id": State(operation, "data"),
            "typed": fields,
            "before": State(form.id(_STORED), "data"),
        },
        act=act,
        prevent_initial_call=True,
    )
    def refresh(_pulse: int, operation_id: str, typed: dict[str, Any], before: dict[str, Any]) -> dict[str, Any]:
        by = actor()
        with reading() as session:
            now = form.shown(read(session, plan.operation(session, known_id(operation_id), by), by))
        if now == before:
            raise PreventUpdate
        untouched = [name for name in fields if typed.get(name) == before.get(name)]
        return {"fields": {n: now[n] if n in untouched else no_update for n in fields}, "stored": now}

    return refresh
