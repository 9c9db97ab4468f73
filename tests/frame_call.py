"""A callback that every page has: what a browser asks when the pulse told of its frame."""

from typing import Any

_SHOWN = ("shell-known", "shell-unread", "shell-waits", "shell-drawn")
_PARTS = (
    *("shell-rail.children", "shell-tabs.children", "shell-drawn.data", "shell-operation.children"),
    *("shell-marking.children", "shell-marking.className", "shell-known.data", "shell-inbox.children"),
    "shell-unread.data",
)
OUTPUT = f"..{'...'.join(_PARTS)}.."


def frame_call(pathname: str) -> dict[str, Any]:
    """The body of the request, for a page at `pathname` whose frame shows nothing yet."""
    changed = ("shell-waits", "shell-moved", "shell-unread-told")
    return {
        "output": OUTPUT,
        "outputs": [dict(zip(("id", "property"), part.split("."), strict=True)) for part in _PARTS],
        "inputs": [{"id": name, "property": "data", "value": None} for name in changed],
        "state": [
            {"id": "_pages_location", "property": "pathname", "value": pathname},
            *({"id": name, "property": "data", "value": None} for name in _SHOWN),
        ],
        "changedPropIds": ["shell-waits.data"],
    }
