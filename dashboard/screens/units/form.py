"""Form of a coordination unit, drawn from its draft."""

from typing import Any

from babel.dates import get_day_names
from dash.development.base_component import Component

from dashboard.parts import tags
from dashboard.parts.draft_form import DraftForm
from dashboard.parts.form_fields import drawing, fieldset, pair
from dashboard.wording import _, language
from operations.policing.map_plan.coordination_units import CoordinationUnit, UnitDraft

FORM = DraftForm("unit", UnitDraft).wire()


def day_name(day: int) -> str:
    """Return the name of a day of the week, 0 being Monday, in the reader's language."""
    return str(get_day_names("wide", locale=language())[day])


def known_of(unit: CoordinationUnit | None) -> dict[str, Any]:
    """What the form shows of a unit."""
    return {name: getattr(unit, name) for name in FORM.said} | {"days": list(map(str, unit.days))} if unit else {}


def unit_form(unit: CoordinationUnit | None, zone: str) -> Component:
    """The fields, with what is known of the unit."""
    known = known_of(unit)
    days = [{"value": str(day), "label": day_name(day)} for day in range(7)]
    draw = drawing(FORM, known or {"zone": zone}, choices={"days": days})
    return tags.Div(
        fieldset(_("What it is"), *draw("kind", "host_country", "region", "supports")),
        fieldset(_("Hours"), *draw("zone", "round_the_clock", "days"), pair(draw("opens", "closes"))),
        fieldset(
            _("Members"),
            *draw("members"),
            note=_("Functions and numbers, no names. An empty line is left out."),
        ),
        *draw("note"),
        className="operation-form",
    )
