"""The page of one row: its text, facts, actions and history."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from dash import html
from dash.development.base_component import Component

from dashboard.parts.panel import facts as panel_facts
from dashboard.parts.panel import panel
from dashboard.wording import _, moment


@dataclass(frozen=True)
class Past:
    """An event of a history: when, what in a word or two, by whom, and the words given with it."""

    at: datetime
    what: str
    who: str
    words: str = ""


def file_page(
    says: str,
    facts: Sequence[tuple[str, Any]],
    acts: Sequence[Component],
    past: Sequence[Past],
    zone: str,
    beside: Sequence[Component] = (),
) -> list[Component]:
    """Return the parts of a row's page; `beside` are forms under the actions. Facts without a value are left out."""
    does = [panel(_("What can be done"), *acts, *beside)] if acts or beside else []
    return [
        panel(_("What it says"), html.P(html.Bdi(says), className="file-says"), panel_facts(facts)),
        *does,
        panel(_("History"), html.Ol([happened(each, zone) for each in past], className="file-past"), flush=True)
        if past
        else html.Div(),
    ]


def happened(past: Past, zone: str) -> Component:
    """Return one item of a history."""
    when = html.Time(moment(past.at, zone), dateTime=past.at.isoformat(), className="m-dim m-small m-num")
    said = [html.P(html.Bdi(past.words))] if past.words else []
    return html.Li([html.Strong(past.what), html.Span(html.Bdi(past.who), className="m-dim"), when, *said])
