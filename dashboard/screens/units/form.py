"""The form of a coordination unit, and the content of a draft from what was typed."""

from collections.abc import Mapping, Sequence
from typing import Any

from dash import html
from dash.development.base_component import Component

from dashboard.parts.form import (
    Form,
    multi_select_field,
    number_field,
    select_field,
    switch_field,
    text_area,
    text_field,
    time_field,
)
from dashboard.parts.operation_form import zones
from dashboard.screens.units.card import day_name
from dashboard.wording import _, language
from operations.core import vocabulary
from operations.policing.map_plan.units import CoordinationUnit

FIELDS = ("kind", "host_country", "region", "zone", "days", "opens", "closes", "supports", "note")
ROWS = 8
"""Lines of members that the form offers: more than any unit has functions and countries to say."""


def seat_fields() -> tuple[str, ...]:
    """The fields of all lines of members, in their order."""
    return tuple(f"{name}_{row}" for row in range(ROWS) for name in ("function", "country", "persons"))


def unit_form(form: Form, unit: CoordinationUnit | None, zone: str, host: str | None) -> Component:
    """The fields, with what is known of the unit."""

    def choices(name: str) -> list[dict[str, str]]:
        return vocabulary.options(name, language())

    days = [{"value": str(day), "label": day_name(day)} for day in range(7)]
    always = unit.round_the_clock if unit else False
    return html.Div(
        [
            html.Fieldset(
                [
                    html.Legend(_("What it is")),
                    select_field(
                        form,
                        "kind",
                        _("Kind"),
                        choices("CL-OCUKIND"),
                        value=unit.kind if unit else "ocu",
                        clearable=False,
                    ),
                    select_field(
                        form,
                        "host_country",
                        _("Host country"),
                        choices("CL-COUNTRY"),
                        value=unit.host_country if unit else host,
                        required=True,
                        limit=60,
                    ),
                    text_field(form, "region", _("Region"), value=unit.region if unit else "", maxLength=300),
                    multi_select_field(
                        form,
                        "supports",
                        _("Supports"),
                        choices("CL-COUNTRY"),
                        value=unit.supports if unit else [],
                        limit=60,
                    ),
                ],
                className="operation-fields",
            ),
            html.Fieldset(
                [
                    html.Legend(_("Hours")),
                    select_field(
                        form,
                        "zone",
                        _("Time zone"),
                        list(zones()),
                        value=unit.zone if unit else zone,
                        required=True,
                        description=_("The unit's own: hours are those of its clock."),
                    ),
                    switch_field(form, "round_the_clock", _("Manned round the clock"), checked=always),
                    multi_select_field(
                        form,
                        "days",
                        _("Days"),
                        days,
                        value=[str(day) for day in unit.days] if unit else ["0", "1", "2", "3", "4"],
                    ),
                    html.Div(
                        [
                            time_field(
                                form, "opens", _("From"), value=f"{unit.opens:%H:%M}" if unit and unit.opens else ""
                            ),
                            time_field(
                                form,
                                "closes",
                                _("To"),
                                value=f"{unit.closes:%H:%M}" if unit and unit.closes else "",
                                description=_("Earlier than it opens: over midnight."),
                            ),
                        ],
                        className="overview-pair",
                    ),
                ],
                className="operation-fields",
            ),
            html.Fieldset(
                [
                    html.Legend(_("Members")),
                    html.P(_("Functions and numbers, no names. An empty line is left out."), className="m-dim m-small"),
                    *_seats(form, unit, choices),
                ],
                className="operation-fields",
            ),
            text_area(form, "note", _("Note"), value=unit.note if unit else ""),
        ],
        className="operation-form",
    )


def _seats(form: Form, unit: CoordinationUnit | None, choices: Any) -> list[Component]:
    known: Sequence[Mapping[str, Any]] = unit.members if unit else ()
    rows: list[Component] = []
    for row in range(ROWS):
        seat = known[row] if row < len(known) else {"function": None, "country": None, "persons": ""}
        line = row + 1
        rows.append(
            html.Div(
                [
                    select_field(
                        form,
                        f"function_{row}",
                        _("Function, line {line}", line=line),
                        choices("CL-OCUROLE"),
                        value=seat["function"],
                    ),
                    select_field(
                        form,
                        f"country_{row}",
                        _("Seconded by, line {line}", line=line),
                        choices("CL-COUNTRY"),
                        value=seat["country"],
                        limit=60,
                        placeholder=_("General Secretariat"),
                    ),
                    number_field(
                        form,
                        f"persons_{row}",
                        _("Persons, line {line}", line=line),
                        value=seat["persons"],
                        min=1,
                        max=500,
                    ),
                ],
                className="unit-seat",
            )
        )
    return rows


def content_of(typed: Mapping[str, Any], always: bool) -> dict[str, Any]:
    """The content of a UnitDraft from what was typed: an empty field is left out, so that its rule speaks."""
    content = {name: typed[name] for name in FIELDS if typed.get(name) not in (None, "", [])}
    if "days" in content:
        content["days"] = [int(day) for day in content["days"]]
    seats = [
        {
            "function": typed[f"function_{row}"],
            "country": typed.get(f"country_{row}") or None,
            "persons": typed.get(f"persons_{row}") or 1,
        }
        for row in range(ROWS)
        if typed.get(f"function_{row}")
    ]
    return {**content, "round_the_clock": always, "members": seats}
