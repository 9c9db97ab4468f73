"""Forms beside the map: rings around a place, a buffer that becomes an area, the length of a line."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import dash_mantine_components as dmc
from dash import html
from dash.development.base_component import Component

from dashboard.parts import tags
from dashboard.parts.form import Form, button, text_area, text_field
from dashboard.parts.icon import icon
from dashboard.screens.plan import form as plan_form
from dashboard.wording import _, number
from geodata.ground import formats

if TYPE_CHECKING:
    from geodata.ways import rings as around

AROUND, MEASURED = Form("plan-around"), Form("plan-measure")
SHOW, MAKE_AREA, MEASURE, RESULT = "plan-rings-show", "plan-rings-area", "plan-length-ask", "plan-length-told"
UNITS = ("km", "nm", "mi")


def known_unit(unit: object) -> str:
    """Return the unit that this browser remembers; kilometres by default."""
    return unit if isinstance(unit, str) and unit in UNITS else "km"


def in_unit(km: float, unit: str, km_of: Mapping[str, float]) -> str:
    """Return a length in kilometres as text in a unit: "12.5 km", "6.7 NM"."""
    value = round(km / km_of[unit], 6)
    shown = number(value, 0 if value >= 1000 or value == round(value) else 1 if value >= 10 else 2)
    return {
        "km": _("{number} km", number=shown),
        "nm": _("{number} NM", number=shown),
        "mi": _("{number} mi", number=shown),
    }[unit]


def _unit(form: Form, unit: str) -> Component:
    """Return the unit selector: kilometres, nautical miles or miles."""
    names = {"km": _("km"), "nm": _("NM"), "mi": _("mi")}
    choice = dmc.SegmentedControl(
        id=form.id("unit"),
        data=[{"value": unit, "label": names[unit]} for unit in UNITS],
        value=unit,
        size="xs",
        **{"aria-label": _("Unit of length")},
    )
    return html.Div([html.Span(_("Unit of length"), className="m-small m-dim"), choice], className="plan-around-unit")


def rings_form(centre: formats.Position | None, unit: str, *, draws: bool, alone: bool) -> list[Component]:
    """Return the form of rings and buffer. `alone`: a place that was only clicked, whose coordinate can be typed.

    `centre` is None before a click. `draws`: a buffer can become an area of the plan.
    """
    at = formats.write(centre) if centre else ""
    place = html.Div(
        text_field(
            AROUND,
            "position",
            _("Around this coordinate"),
            value=at,
            description=_("Click the map, or type it in any writing."),
            className="m-num",
        ),
        hidden=not alone,
        className="plan-where",
    )
    fields = [
        place,
        _unit(AROUND, unit),
        tags.Div(
            text_field(AROUND, "radii", _("Radii of the rings"), value="5 10 25"),
            button(_("Show rings"), SHOW, "primary" if alone else "plain", "circle-dot", n_clicks=0),
            className="plan-around-row",
        ),
        *([_area_row()] if draws else []),
        html.Div(id=RESULT, role="status", className="plan-around-result"),
    ]
    if alone:
        return [plan_form.head(_("Rings around a place")), html.Div(fields, className="plan-fields")]
    return [
        tags.Details(
            html.Summary([icon("circle-dot", size=15), html.Span(_("Rings and distance"))]),
            html.Div(fields, className="plan-fields"),
            className="plan-history plan-around",
        )
    ]


def _area_row() -> Component:
    """Return the field and button that turn a distance into an area of the plan, for those who draw."""
    return tags.Div(
        text_field(AROUND, "distance", _("Everything within"), value="10"),
        button(_("Make it an area"), MAKE_AREA, "plain", "polygon", n_clicks=0, **{"data-leaves-draft": "true"}),
        className="plan-around-row",
    )


def measure_form(points: str, result: Sequence[Component], unit: str) -> list[Component]:
    """Return the form that measures a drawn or typed line."""
    return [
        plan_form.head(_("Measure")),
        tags.Div(
            _unit(MEASURED, unit),
            html.Div(list(result), id=RESULT, role="status", className="plan-around-result"),
            text_area(
                MEASURED,
                "points",
                _("Points: latitude, longitude, one on a line"),
                value=points,
                description=_("Draw on the map, or type at least two points in any writing."),
                minRows=3,
                maxRows=10,
                className="m-num",
            ),
            button(_("Measure"), MEASURE, "primary", "ruler-2", n_clicks=0),
            className="plan-fields plan-where",
        ),
    ]


def measured(way: "around.LineLengths", unit: str, km_of: Mapping[str, float]) -> list[Component]:
    """Return the length of a line and of its legs, and the area it encloses when closed."""
    area = (
        [html.Dt(_("Enclosed area")), html.Dd(plan_form.area_words(way.area_km2), className="m-num")]
        if way.area_km2 is not None
        else []
    )
    legs = [
        html.Li([html.Span(number(place)), html.Span(in_unit(km, unit, km_of), className="m-num")])
        for place, km in enumerate(way.legs_km, start=1)
    ]
    return [
        html.Dl(
            [html.Dt(_("Length")), html.Dd(in_unit(way.km, unit, km_of), className="m-num"), *area],
            className="plan-facts plan-around-sum",
        ),
        *(
            [html.P(_("Closed, the line would cross itself: it encloses no area."), className="m-small m-dim")]
            if way.crossing
            else []
        ),
        *(
            [html.Details([html.Summary(_("Legs")), html.Ol(legs)], className="plan-around-legs")]
            if len(legs) > 1
            else []
        ),
    ]


def ring_words(lengths: Sequence[str], centre: formats.Position) -> list[Component]:
    """Return which rings are shown, and around what."""
    return [
        html.P(
            _("{rings} around {place}", rings=" · ".join(lengths), place=f"\u2066{formats.write(centre)}\u2069"),
            className="m-small",
        )
    ]


def remover() -> Component:
    """Return the button over the map that removes rings and measured lines; hidden while there are none."""
    return html.Button(
        [icon("eraser", size=15), _("Remove rings and lines")],
        type="button",
        className="plan-around-remove",
        hidden=True,
        **{"data-clear-around": "true"},
    )


def drawn_rings(rings: Sequence["around.Ring"], lengths: Sequence[str], centre: formats.Position) -> dict[str, Any]:
    """Return the rings as data for the map."""
    return {
        "centre": [centre.lon, centre.lat],
        "lines": [
            {"line": ring.line, "label": words, "at": ring.north} for ring, words in zip(rings, lengths, strict=True)
        ],
    }
