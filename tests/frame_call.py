"""A callback that every page has: what a browser asks when the pulse told of its frame."""

from typing import Any

_SHOWN = ("shell-known", "shell-unread", "shell-waits", "shell-drawn")
OUTPUT = "shell-frame.data"


def frame_call(pathname: str) -> dict[str, Any]:
    """The body of the request, for a page at `pathname` whose frame shows nothing yet."""
    changed = ("shell-waits", "shell-moved", "shell-unread-told")
    return {
        "output": OUTPUT,
        "outputs": {"id": "shell-frame", "property": "data"},
        "inputs": [{"id": name, "property": "data", "value": None} for name in changed],
        "state": [
            {"id": "_pages_location", "property": "pathname", "value": pathname},
            *({"id": name, "property": "data", "value": None} for name in _SHOWN),
        ],
        "changedPropIds": ["shell-waits.data"],
    }
