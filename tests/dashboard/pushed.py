"""What a browser does with boards that are pushed: which a page has, what it says of them, how it draws them.

As dashboard/frame/pulse.js and Dash's own patches do it; that they do is shown in browsers.
"""

import json
from collections.abc import Iterable, Iterator, Mapping
from copy import deepcopy
from typing import Any, NamedTuple

from dashboard.frame.live_parts import DRAWN
from dashboard.server import live_boards
from dashboard.server.access import RequestContext
from dashboard.server.live_boards import Sight, Watch

Props = dict[str, Any]


def on_page(callbacks: Iterable[Props], pool: Mapping[str, Props]) -> Iterator[Watch]:
    """The boards that stand on a page, whose components are in `pool`, as its browser says them."""
    for callback in callbacks:
        script = (callback["clientside_function"] or {}).get("function_name", "")
        given = [*callback["inputs"], *callback["state"]]
        if not script.startswith("watch_") or any(each["id"] not in pool for each in given):
            continue
        keepers = [each["id"] for each in given if each["property"] == DRAWN]
        chosen = [pool[each["id"]].get(each["property"]) for each in given[len(keepers) :]]
        if script == "watch_present" and chosen.pop():
            continue
        marks: dict[str, str] = {}
        for keeper in keepers:
            marks |= _kept(pool, keeper)["parts"]
        said = {"board": keepers[0], "chosen": chosen, "marks": marks, "number": -1, "since": 0, "turn": 1}
        watch = Watch.read(said)
        assert watch is not None, said
        yield watch


def _kept(pool: Mapping[str, Props], keeper: str) -> dict[str, Any]:
    """What an element keeps: the mark of its part, or of many parts by name."""
    text = pool[keeper].get(DRAWN, "")
    return json.loads(text) if text.startswith("{") else {"parts": {keeper: text}}


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


def keep(pool: Mapping[str, Props], parts: list[Part]) -> list[tuple[str, str]]:
    """Keep the marks of what was drawn where the page keeps them, and tell which properties that were."""
    told = []
    for keeper in [name for name, props in pool.items() if DRAWN in props]:
        kept = _kept(pool, keeper)
        if now := {part.name: part.mark for part in parts if part.name in kept["parts"]}:
            whole = kept | {"parts": kept["parts"] | now}
            pool[keeper][DRAWN] = json.dumps(whole) if "number" in kept else now[keeper]
            told += [(keeper, DRAWN)] if "number" in kept else []
    return told
