"""Addresses of choices: what is open, chosen or filtered on a page is a parameter of its address.

Each choice after the first is an entry of the browser's history, so that back and forward lead through them.
"""

from dash import ClientsideFunction, Input, State, clientside_callback, dcc
from dash.development.base_component import Component

_STORE = "shell-parameters"
_parameters: dict[str, tuple[str, str]] = {}


def in_address(element: str, parameter: str, prop: str = "data", default: str = "") -> None:
    """Declare that the choice of an element is a parameter of the address; its default stands there without one.

    The layout of the page reads the parameter. Of a choice that is a mapping the address holds the `id`.
    """
    _parameters[element] = (parameter, default)
    clientside_callback(
        ClientsideFunction("muster_address", "write"),
        Input(element, prop),
        State(_STORE, "data"),
        prevent_initial_call=True,
    )


def parameters() -> Component:
    """Return the store with the parameter of each element, for the shell."""
    return dcc.Store(id=_STORE, data=_parameters)
