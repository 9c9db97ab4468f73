"""Requests of the buttons of the reports page."""

import json


def asked(what: str, **more: str) -> str:
    """Return the request of a button as the JSON that `screens/reports/desk.js` reads."""
    return json.dumps({"what": what, **more})
