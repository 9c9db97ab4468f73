"""No text that a browser can send costs more than a second of a core, whichever callback takes it."""

from collections.abc import Callable, Iterator
from contextlib import suppress
from functools import partial
from typing import Any
from uuid import uuid4

import pytest
from dash._callback_context import context_value
from dash._grouping import map_grouping
from dash._utils import AttributeDict

from dashboard.screens.reports import entry as reports
from operations.core.errors import MusterError
from operations.core.permissions import may
from tests.budgets import least, spent
from tests.dashboard.desks import at_desk, open_scene
from tests.makers import Running
from tests.people import CAST

LIMIT, NOTICED = 1.0, 0.15  # CPU seconds: what a request may cost, and what is worth a second look
LONG = 40_000  # characters of each text; a callback takes twenty or so, and a request holds a million
FILLED = ("1-", "a b\n")


@pytest.fixture(scope="module")
def scene(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    made = open_scene(tmp_path_factory.mktemp("costs"))
    yield made
    made.store.dispose()


def _value(each: dict[str, Any], text: str, scene: Running, deep: bool) -> Any:
    """What a browser would send for that property, with `text` wherever a text can be."""
    name, kind = str(each["id"]), each["property"]
    if kind in ("n_clicks", "n_blur", "n_intervals"):
        value: Any = 1
    elif kind == "data" and name.endswith(("-operation", "operation-id")):
        value = str(scene.operation)
    elif kind == "pathname":
        value = f"/operations/{scene.operation}/{text}"
    elif kind == "checked":
        value = True
    elif kind in ("selectedRows", "rowData"):
        value = [{"id": text, "text": text}]
    elif kind == "id":
        value = {"type": "x", "of": text, "index": text}
    elif kind == "data" and deep:
        value = {"id": text, "of": text, "text": text, "content": text, "serial": 1, "lines": [text], "geometry": text}
    elif kind == "contents":
        value = f"data:text/calendar;base64,{text}"
    else:
        value = text
    return [value] if "ALL" in name else value


def _cost(entry: dict[str, Any], text: str, scene: Running, deep: bool) -> float:
    """CPU seconds of a callback that is sent `text` in everything it takes, asked by somebody whose role may ask."""
    function = entry["callback"].__wrapped__
    name = next(who for who in CAST if may(scene[who], function._act))
    asked = [*entry["inputs"], *entry["state"]]
    values = [_value(each, text, scene, deep) for each in asked]
    arguments = map_grouping(lambda index: values[index], entry["inputs_state_indices"])
    first = f"{asked[0]['id']}.{asked[0]['property']}"
    with at_desk(scene, name):
        pressed = [{"prop_id": first, "value": values[0]}]
        token = context_value.set(AttributeDict(updated_props={}, triggered_inputs=pressed))
        try:
            return spent(partial(_answered, function, arguments))
        finally:
            context_value.reset(token)


def _answered(function: Callable[..., Any], arguments: Any) -> None:
    with suppress(Exception):  # what is refused, and how, is for others to ask: here it is the time
        if isinstance(arguments, dict):
            function(**arguments)
        else:
            function(*arguments) if isinstance(arguments, list | tuple) else function(arguments)


@pytest.mark.parametrize("filled", FILLED)
@pytest.mark.parametrize("deep", [False, True], ids=["texts", "texts inside"])
def test_no_callback_takes_more_than_its_share_for_a_long_text(
    site: Any, scene: Running, filled: str, deep: bool
) -> None:
    callbacks = site.app.inside.dash.callback_map
    served = {output: each for output, each in callbacks.items() if hasattr(each.get("callback"), "__wrapped__")}
    served = {output: each for output, each in served.items() if hasattr(each["callback"].__wrapped__, "_act")}
    assert len(served) > 150
    short, long = (filled * (size // len(filled)) for size in (LONG // 2, LONG))
    slow = {}
    for output, entry in served.items():
        if _cost(entry, long, scene, deep) < NOTICED:
            continue
        once, twice = (min(_cost(entry, text, scene, deep) for _ in range(3)) for text in (short, long))
        if twice > LIMIT or (twice > NOTICED and twice > 2.5 * once):
            slow[output] = (once, twice)
    assert slow == {}


@pytest.mark.parametrize("fill", ["a", "1-", "A1<", "a@", "Juan "])
def test_the_fullest_form_that_can_be_sent_is_answered_within_a_second(scene: Running, fill: str) -> None:
    """The form of a report keeps itself while it is typed: 30 lines of long texts and 500 of short ones, near 1 MiB."""

    def sent(lines: int, size: int) -> None:
        text = (fill * size)[:size]
        names = ("id", "phase_id", "count", "check_kind", "database", "entity_type", "channel")
        content = {
            "id": str(uuid4()),
            "operation_id": str(scene.operation),
            "site_id": str(scene.sites["Niamey"]),
            "remarks": text,
            "lines": [{"kind": "check_tally"} | dict.fromkeys(names, text) for _ in range(lines)],
        }
        with at_desk(scene, "bruno"), suppress(MusterError):
            reports.save({"content": content, "serial": 1}, str(scene.operation))

    for lines, size in ((30, 4_000), (500, 250)):
        assert least(partial(sent, lines, size), within=LIMIT) < LIMIT
