"""Pages of an operation: their layout, and the store with the operation, which the frame puts on each of them."""

import inspect
from collections.abc import Callable

from dash import dcc
from dash.development.base_component import Component

from dashboard.frame.shell import page
from dashboard.navigation import Nav
from dashboard.server.access import actor, known_id, reading
from dashboard.wording import _
from operations.policing.operation import plan

OPERATION = "page-operation"
"""The id of the store: the `operation` of `follows`, `does` and `calls`."""
Parts = Component | list[Component]
"""What the function returns that draws the page: a page of its own, or what stands below the title."""
Draw = Callable[..., Parts]
"""(session, operation, by), and the parameters of the query that it names."""


def with_operation(shown: Component, operation_id: str) -> Component:
    """Return the page of an operation with the store of its id."""
    shown.children = [*shown.children, dcc.Store(id=OPERATION, data=str(known_id(operation_id)))]
    return shown


def operation_page(nav: Nav, lead: str = "", wide: bool = False) -> Callable[[Draw], Callable[..., Component]]:
    """Declare the layout of a page of an operation: the decorated function returns what stands below the title.

    Where the query asks for something that is a page of its own, it returns that instead.
    """

    def declare(parts: Draw) -> Callable[..., Component]:
        named = inspect.signature(parts).parameters

        def layout(operation_id: str = "", **query: str) -> Component:
            by = actor()
            with reading() as session:
                operation = plan.operation(session, known_id(operation_id), by)
                asked = {name: value for name, value in query.items() if name in list(named)[3:]}
                made = parts(session, operation, by, **asked)
                if isinstance(made, Component):
                    return made
                return page(_(nav.name), *made, lead=_(lead) if lead else None, wide=wide)

        layout.__doc__ = parts.__doc__
        return layout

    return declare
