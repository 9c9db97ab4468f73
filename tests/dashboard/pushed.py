"""What a browser does with boards that are pushed: which a page has, what it says of them, how it draws them.

As dashboard/frame/pulse.js and Dash's own patches do it; that they do is shown in browsers.
"""

import json
from collections.abc import Iterator, Mapping
from copy import deepcopy
from typing import Any, NamedTuple

from dashboard.frame.pushed_parts import DRAWN
from dashboard.server import live_boards
from dashboard.server.access import RequestContext
from dashboard.server.live_boards import Sight, Watch

Props = dict[str, Any]


class Kept(NamedTuple):
    """Where a page keeps what it says of a board: what is chosen, by element and property, and the marks."""

    chosen: Mapping[str, tuple[str, str]]
    marks: str
    prop: str


KEPT = {
    "situation": Kept(
        {
            "operation_id": ("situation-operation", "data"),
            "level": ("situation-level", "value"),
            "scope": ("situation-scope", "value"),
            "figure": ("situation-figure", "value"),
        },
        "situation-shown",
        DRAWN,
    ),
    "reports-places": Kept(
        {
            "operation_id": ("reports-operation", "data"),
            "until": ("reports-until", "data"),
            "ask": ("reports-ask", "data"),
        },
        "reports-drawn",
        "data",
    ),
}
"""Of the boards whose pages keep it by themselves; all others are parts whose elements keep their marks."""
CHOSEN = "figures-chosen"
"""The one store of what is chosen beside the operation, on a page of such parts."""


def on_page(pool: Mapping[str, Props], operation: str | None) -> Iterator[Watch]:
    """The boards that stand on a page, whose components are in `pool`, as its browser says them."""
    for name, board in live_boards._boards.items():
        kept = KEPT.get(name)
        if any(place.component_id not in pool for place in board.places.values()):
            continue
        if kept is None:
            chosen = {"operation_id": operation} if board.chosen else {}
            if others := set(board.chosen) - {"operation_id"}:
                chosen |= {each: pool[CHOSEN]["data"][each] for each in others}
            marks = {keeper: pool[keeper].get(DRAWN, "") for keeper in board.places}
        else:
            said = {each: pool[element].get(prop) for each, (element, prop) in kept.chosen.items()}
            chosen = {each: value if isinstance(value, str) else _json(value) for each, value in said.items()}
            held = pool[kept.marks][kept.prop]
            marks = json.loads(held)["parts"] if isinstance(held, str) else dict(zip(board.places, held, strict=True))
        watch = Watch.read({"board": name, "chosen": chosen, "marks": dict(marks), "number": -1, "since": 0, "turn": 1})
        assert watch is not None, (name, chosen)
        yield watch


def _json(value: Any) -> str:
    return json.dumps(value) if value else ""


class Part(NamedTuple):
    """A part that came: its name in its board, its mark from now on, where it stands, and how it looks."""

    name: str
    mark: str
    element: str
    prop: str
    value: Any


def differing(watch: Watch, asking: RequestContext) -> tuple[str, list[Part]] | None:
    """What is pushed to a page that shows `watch`, as text, and its parts; None where it is to ask for itself."""
    drawn = live_boards.draw_board(Sight.of(watch, asking), asking)
    if drawn is None:
        return None
    said = drawn.since(watch.marks) or ""
    return said, [Part(*part[:5]) for part in (json.loads(f"{{{said}}}")["parts"] if said else [])]


def patched(before: Any, value: Any) -> Any:
    """What a property holds after it was set to `value`, which may be a patch of what it held."""
    return drawn_over(deepcopy(before), value)


def drawn_over(before: Any, value: Any) -> Any:
    """The same, in the place of what it held."""
    if not isinstance(value, dict) or "__dash_patch_update" not in value:
        return value
    whole = {"": before}
    for each in value["operations"]:
        *path, last = ["", *each["location"]]
        holds: Any = whole
        for step in path:
            holds = holds[step]
        match each["operation"]:
            case "Assign":
                holds[last] = each["params"]["value"]
            case "Delete":
                del holds[last]
            case "Insert":
                holds[last].insert(each["params"]["index"], each["params"]["value"])
            case other:
                raise AssertionError(other)
    return whole[""]


def keep(pool: Mapping[str, Props], watch: Watch, parts: list[Part]) -> list[tuple[str, str]]:
    """Keep the marks of what was drawn where the page keeps them, and tell which properties that were."""
    kept = KEPT.get(watch.board)
    if kept is None:
        for part in parts:
            pool[part.name][DRAWN] = part.mark
        return []
    marks = watch.marks | {part.name: part.mark for part in parts}
    before = pool[kept.marks][kept.prop]
    whole = isinstance(before, str)
    pool[kept.marks][kept.prop] = json.dumps(json.loads(before) | {"parts": marks}) if whole else list(marks.values())
    return [(kept.marks, kept.prop)]
