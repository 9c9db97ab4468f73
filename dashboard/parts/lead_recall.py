"""Recall of a lead: taking it back from a country that has it, and the day until which it is kept."""

import datetime
from collections.abc import Callable, Sequence
from typing import Any

import dash_mantine_components as dmc
from dash import html
from dash.development.base_component import Component

from dashboard.parts import tags
from dashboard.parts.badges import state_badge
from dashboard.parts.confirmation import confirmation_attributes
from dashboard.parts.form import button
from dashboard.wording import _, coded, date
from operations.core.clock import now
from operations.policing.leads.leads import LeadCountry


def part_of(part: LeadCountry, tones: dict[str, str]) -> list[Component]:
    """Return a country and its state with a lead; for a recalled lead the reason."""
    name = html.Span(coded("CL-COUNTRY", part.country))
    if part.revoked_at is None:
        words = coded("CL-LEADSTATE", part.state)
        return [name, state_badge(words, tones.get(part.state, "accent"))]
    why = [html.Span(html.Bdi(part.revoked_reason), className="m-dim m-small")] if part.revoked_reason else []
    return [name, state_badge(_("Taken back"), "muted"), *why]


def take_back(
    parts: Sequence[LeadCountry], press: Callable[[str], dict[str, str]], why: dict[str, str]
) -> list[Component]:
    """Return a reason field and a button for each country that has the lead; empty where none has it.

    `press` returns the id of a country's button, `why` is the id of the field.
    """
    having = [part.country for part in parts if part.shared_at is not None and part.revoked_at is None]
    if not having:
        return []
    names: dict[str, Any] = {each: coded("CL-COUNTRY", each) for each in having}
    return [
        tags.Details(
            html.Summary(_("Take this lead back")),
            tags.Div(
                html.P(
                    _("The country sees it no more, nor what it knows by it alone. Its answers are kept."),
                    className="m-dim m-small",
                ),
                dmc.TextInput(
                    id=why,
                    label=_("Reason"),
                    description=_("It stands with the lead. No names."),
                    size="xs",
                ),
                html.Div(
                    [
                        button(
                            _("Take it back from {country}", country=name),
                            press(country),
                            "danger",
                            "arrow-back-up",
                            n_clicks=0,
                            size="xs",
                            **confirmation_attributes("lead.revoke"),
                        )
                        for country, name in names.items()
                    ],
                    className="m-toolbar",
                ),
                className="m-stack",
            ),
            className="fugitives-folded",
        )
    ]


def kept_line(until: datetime.date | None) -> list[Component]:
    """Return until when leads and intelligence are kept; empty after that day, since they are then erased."""
    if until is None or until < now().date():
        return []
    words = _("Kept until {day}; then the texts are erased, and the numbers stay.", day=date(until))
    return [html.P(words, className="m-dim m-small")]
