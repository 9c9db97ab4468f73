"""A desk in a test: a running operation on SQLite, and a person who asks as in a browser."""

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any

from dash._callback_context import context_value
from dash._utils import AttributeDict
from sqlmodel import select

from dashboard.parts.markup import Markup
from dashboard.server.access import acting_as
from operations.core import clock
from operations.policing.reports import reports
from tests.makers import START, Running
from tests.prepared_databases import open_scene

__all__ = ["EVENING", "at_desk", "found_in", "open_scene", "stored", "texts"]
EVENING = START + timedelta(hours=12)


@contextmanager
def at_desk(scene: Running, name: str, at: datetime = EVENING, language: str = "en") -> Iterator[dict[str, Any]]:
    """Ask as `name` at the moment `at`; what a callback says by notices and fields is in the mapping that is given."""
    said: dict[str, Any] = {}
    token = context_value.set(AttributeDict(updated_props=said))
    try:
        with acting_as(scene[name], scene.store, language), clock.at(at):
            yield said
    finally:
        context_value.reset(token)


def stored(scene: Running) -> tuple[int, int, int]:
    """How many versions, lines and unsent forms there are: what a refusal must leave as it was."""
    with scene.store.reading(_everything()) as session:
        return tuple(
            len(session.exec(select(table)).all()) for table in (reports.Report, reports.Line, reports.SavedForm)
        )  # type: ignore[return-value]


def _everything() -> Any:
    from operations.core.people import System

    return System()


def inside(component: Any) -> Any:
    """What is in a component."""
    return component.elements() if isinstance(component, Markup) else getattr(component, "children", None)


def texts(component: Any) -> str:
    """All words of a component, in their order."""
    if component is None or isinstance(component, bool):
        return ""
    if isinstance(component, str | int | float):
        return str(component)
    if isinstance(component, list | tuple):
        return " ".join(filter(None, (texts(each) for each in component)))
    names = ("label", "title")
    return " ".join(
        filter(None, (*(texts(getattr(component, name, None)) for name in names), texts(inside(component))))
    )


def found_in(component: Any, kind: str) -> list[Any]:
    """All components of a type inside a component, in their order."""
    if isinstance(component, list | tuple):
        return [each for part in component for each in found_in(part, kind)]
    if not hasattr(component, "_type"):
        return []
    own = [component] if component._type == kind else []
    return own + found_in(inside(component), kind)


def stores_of(component: Any) -> dict[str, Any]:
    """What the stores of a component hold, by their ids."""
    return {store.id: store.data for store in found_in(component, "Store") if hasattr(store, "data")}


def press(
    act: Any,
    button: Any,
    operation: Any = None,
    typed: dict[str, Any] | None = None,
    client: Any = None,
    *,
    beside: dict[str, Any] | None = None,
    drawn: Sequence[Any] = (),
    value: Any = 1,
    **given: Any,
) -> Any:
    """Press a button that `does` declared, as a browser reports it; `drawn` are buttons that appeared with it.

    `beside`: the id of the fields beside the buttons, with what stands in each for its subject:
    {"type": ..., "of": {"first": "Words of the first.", ...}}.
    """

    def name(each: Any) -> str:
        text = json.dumps(each, separators=(",", ":"), sort_keys=True) if isinstance(each, dict) else each
        return f"{text}.n_clicks"

    fields = {}
    if beside:
        [(part, words)] = [(part, each) for part, each in beside.items() if isinstance(each, dict)]
        fields = {"words": list(words.values()), "places": [{**beside, part: each} for each in words]}
    triggered = [*({"prop_id": name(each), "value": None} for each in drawn), {"prop_id": name(button), "value": value}]
    token = context_value.set(AttributeDict(context_value.get(), triggered_inputs=triggered))
    try:
        return act(
            clicks=[value],
            **({} if operation is None else {"operation_id": str(operation)}),
            **({} if typed is None else {"typed": typed}),
            **({} if client is None else {"client_id": str(client)}),
            **fields,
            **given,
        )
    finally:
        context_value.reset(token)
