"""Parts that follow the pulse without being asked for: what differs on them comes with it (`server/live_boards.py`)."""

from collections.abc import Callable, Mapping
from typing import Any

from dash import ClientsideFunction, Input, Output, State, clientside_callback

from dashboard.server import live_boards
from dashboard.server.access import actor, known_id, reading
from operations.core.ids import fingerprint
from operations.core.people import Actor
from operations.core.permissions import Act
from operations.policing.operation import plan

DRAWN = "data-drawn"  # on the element of a part: what it looks like, so that it is not drawn twice
_keepers: set[str] = set()


def alike(_by: Actor) -> bool:
    """For `pushed_parts`: the parts look alike to all of one role, country and reach."""
    return False


def each(_by: Actor) -> bool:
    """For `pushed_parts`: each person sees something of their own in the parts."""
    return True


def marked(keeper: str | None, shown: Any) -> str:
    """What changes when what the element `keeper` keeps the mark of looks otherwise."""
    return live_boards.mark(shown) if keeper in _keepers else fingerprint(str(shown))


def push(
    draw: Callable[..., list[Any]],
    places: Mapping[str, Output],
    *,
    act: Act,
    operation: str | None,
    apart: Callable[[Actor], bool],
    whole: bool,
    chosen: tuple[str, State, tuple[str, ...]] | None = None,
    every: float = 0.0,
) -> None:
    """Declare the board of the parts that stand at `places`, by the elements that keep their marks, and watch it.

    `draw(session, operation, by)`, or without an operation `draw(session, by)`, returns them in their order. The board
    is named by the first of the elements; the rest is as `live_boards.board` says. `chosen`: what `draw` is given
    besides, by this name, from a store of the page that has these texts.
    """
    name, store, choices = chosen or ("", None, ())

    def of_operation(operation_id: str, **texts: str) -> live_boards.Parts:
        given = {name: texts} if choices else {}
        with reading() as session:
            found = plan.operation(session, known_id(operation_id), actor())
            return dict(zip(places, draw(session, found, actor(), **given), strict=True))

    def of_all() -> live_boards.Parts:
        with reading() as session:
            return dict(zip(places, draw(session, actor()), strict=True))

    _keepers.update(places)
    board = of_operation if operation else of_all
    names = ("operation_id", *choices) if operation else ()
    live_boards.board(next(iter(places)), board, places, act=act, apart=apart, whole=whole, chosen=names, every=every)
    clientside_callback(
        ClientsideFunction("muster", "watch_parts"),
        Output(next(iter(places)), "data-watched"),  # so that it is called when the page opens
        *(Input(keeper, DRAWN) for keeper in places),
        *([State(operation, "data")] if operation else []),
        *([store] if store else []),
    )
