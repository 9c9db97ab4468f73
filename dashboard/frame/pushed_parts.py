"""Pushed parts: parts of a page whose diffs come with the pulse (`server/live_boards.py`)."""

from collections.abc import Callable, Mapping
from typing import Any

from dash import ClientsideFunction, Input, Output, State, clientside_callback

from dashboard.server import live_boards
from dashboard.server.access import actor, known_id, reading
from operations.core.ids import fingerprint
from operations.core.people import Actor
from operations.core.permissions import Act
from operations.policing.operation import plan

DRAWN = "data-drawn"  # on the element of a part: the hash of its content, so that it is not drawn twice
_keepers: set[str] = set()


def same_for_role(_by: Actor) -> bool:
    """For `pushed` of `follows`: all users of one role, country and reach see the same parts."""
    return False


def own_for_user(_by: Actor) -> bool:
    """For `pushed` of `follows`: each user sees content of their own in the parts."""
    return True


def part_hash(keeper: str | None, shown: Any) -> str:
    """Return the hash of a drawn part, which the element `keeper` stores; that of a live board where it is pushed."""
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
    """Declare a live board of the parts at `places` (by the elements with their hashes), and subscribe the page.

    `draw(session, operation, by)`, or without an operation `draw(session, by)`, returns the parts in their order. The
    board is named after the first element; other arguments are those of `live_boards.board`. `chosen`: a further
    argument of `draw`: its name, the store on the page that holds it, and the names of the texts in that store.
    """
    name, store, choices = chosen or ("", None, ())

    def of_operation(operation_id: str, **texts: str) -> live_boards.Parts:
        given = {name: texts} if choices else {}
        with reading() as session:
            of = plan.operation(session, known_id(operation_id), actor())
            return dict(zip(places, draw(session, of, actor(), **given), strict=True))

    def of_all() -> live_boards.Parts:
        with reading() as session:
            return dict(zip(places, draw(session, actor()), strict=True))

    _keepers.update(places)
    board = of_operation if operation else of_all
    names = ("operation_id", *choices) if operation else ()
    live_boards.board(next(iter(places)), board, places, act=act, apart=apart, whole=whole, chosen=names, every=every)
    clientside_callback(
        ClientsideFunction("muster", "watch_parts"),
        Output(next(iter(places)), "data-watched"),  # an output, so that it is called when the page opens
        *(Input(keeper, DRAWN) for keeper in places),
        *([State(operation, "data")] if operation else []),
        *([store] if store else []),
    )
