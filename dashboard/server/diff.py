"""Diff of two states of a part of a page, as Dash's own patch of one property (`dash.Patch`).

Both are JSON: components are objects with a type, lists keep their order. Applied to the first, the patch always gives
the second; it is small where little differs, such as one row of many.
"""

import json
from collections.abc import Iterator
from difflib import SequenceMatcher
from functools import lru_cache
from typing import Any

Operation = dict[str, Any]
_PATCH = "__dash_patch_update"
_MOST = 400  # elements between the common head and tail of two lists: above this they are replaced without a search


@lru_cache(maxsize=32)  # readers who see different boards see the same in many parts
def patched(before: str, now: str) -> str:
    """Return the patch, as JSON, that turns a property from `before` into `now`, both of them JSON."""
    operations = list(_differences(json.loads(before), json.loads(now), []))
    return json.dumps({_PATCH: _PATCH, "operations": operations}, separators=(",", ":"))


def _differences(one: Any, other: Any, place: list[str | int]) -> Iterator[Operation]:
    if isinstance(one, dict) and isinstance(other, dict) and _of_one_kind(one, other):
        for name in one.keys() - other.keys():
            yield _operation("Delete", [*place, name])
        for name, value in other.items():
            if name not in one:
                yield _operation("Assign", [*place, name], value=value)
            else:
                yield from _differences(one[name], value, [*place, name])
    elif isinstance(one, list) and isinstance(other, list):
        yield from _in_lists(one, other, place)
    elif type(one) is not type(other) or one != other:
        yield _operation("Assign", place, value=other)


def _of_one_kind(one: dict[str, Any], other: dict[str, Any]) -> bool:
    """Return whether one object can be patched into the other: no component of another type, id or key."""
    props, others = one.get("props"), other.get("props")
    if not isinstance(props, dict) or not isinstance(others, dict):
        return True
    return (one.get("type"), props.get("id"), props.get("key")) == (
        other.get("type"),
        others.get("id"),
        others.get("key"),
    )


def _in_lists(one: list[Any], other: list[Any], place: list[str | int]) -> Iterator[Operation]:
    """Yield operations from the end of the list to its beginning, so that earlier indices stay valid."""
    mine, theirs = ([json.dumps(each) for each in side] for side in (one, other))
    for first, last, begins, ends in reversed(list(_parts(mine, theirs))):
        both = min(last - first, ends - begins)
        for at in reversed(range(first + both, last)):
            yield _operation("Delete", [*place, at])
        for value in reversed(other[begins + both : ends]):
            yield _operation("Insert", place, value=value, index=first + both)
        for step in range(both):
            yield from _differences(one[first + step], other[begins + step], [*place, first + step])


def _parts(one: list[str], other: list[str]) -> Iterator[tuple[int, int, int, int]]:
    """Yield the ranges in which two lists differ: start and end in the first, start and end in the second."""
    length = min(len(one), len(other))
    before = next((at for at in range(length) if one[at] != other[at]), length)
    after = next((at for at in range(length - before) if one[-1 - at] != other[-1 - at]), length - before)
    first, last, begins, ends = before, len(one) - after, before, len(other) - after
    if max(last - first, ends - begins) > _MOST:
        yield first, last, begins, ends
        return
    matcher = SequenceMatcher(None, one[first:last], other[begins:ends], autojunk=False)
    for what, i, j, k, m in matcher.get_opcodes():
        if what != "equal":
            yield first + i, first + j, begins + k, begins + m


def _operation(name: str, place: list[str | int], **more: Any) -> Operation:
    return {"operation": name, "location": place, "params": more}
