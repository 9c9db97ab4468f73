"""Site views: the form that places a site, and the facts of an existing one."""

from collections.abc import Mapping, Sequence
from typing import Any

from dash import html
from dash.development.base_component import Component

from dashboard.parts import tags
from dashboard.parts.confirmation import asks
from dashboard.parts.draft_form import DraftForm
from dashboard.parts.form import button
from dashboard.parts.form_fields import drawing
from dashboard.parts.panel import facts
from dashboard.screens.plan import form as plan_form
from dashboard.wording import N_, _, language
from geodata.ground import formats
from operations.core import vocabulary
from operations.core.field_labels import Label
from operations.policing.map_plan import places

SITE = DraftForm(
    "plan-site",
    places.SiteDraft,
    beside={"position": Label(N_("Coordinate"), draws="text")},
    stands={"lat": "position", "lon": "position"},
)


def site_form(values: Mapping[str, Any], countries: Sequence[str], kind: str) -> list[Component]:
    """Return the form that places a site. `values`: name, site_type, border_kind, country, zone, lat, lon, ref."""
    named = vocabulary.options("CL-COUNTRY", language(), countries)
    at, own = formats.Position(values["lat"], values["lon"]), values["country"]
    known = {**values, "country": own if own in countries else None, "position": formats.write(at)}
    draw = drawing(SITE, known, choices={"country": named})
    writings = [(style.upper(), formats.write(at, style)) for style in ("dms", "mgrs")]
    add = button(_("Add as site"), id="plan-place", kind="primary", icon_name="map-pin-plus", **{"data-save": "true"})
    return [
        plan_form.head(kind, values["name"] or _("New site")),
        tags.Div(
            html.Div(draw("name"), **({} if values["ref"] else {"data-focus": "true"})),
            *draw("country"),
            html.Div(draw("site_type", "border_kind"), className="plan-pair"),
            *draw("zone"),
            *draw("position", disabled=bool(values["ref"]), className="m-num"),
            className="plan-fields",
        ),
        facts(writings, "plan-facts", "m-num"),
        html.Div(add, className="plan-actions"),
    ]


def site_facts(site: places.Site, said: str, *, may_close: bool) -> list[Component]:
    """Return the facts of a site and, for those who may, the button that closes it, with a confirmation."""
    locale, at = language(), formats.Position(site.lat, site.lon)
    names = {"decimal": _("Decimal degrees"), "dms": "DMS", "mgrs": "MGRS"}
    known = [
        (_("Country"), vocabulary.label("CL-COUNTRY", site.country, locale)),
        (_("Border"), vocabulary.label("CL-BORDERKIND", site.border_kind, locale) if site.border_kind else "—"),
        (_("Time zone"), site.zone),
        (_("Reports"), said or "—"),
        *((names[style], formats.write(at, style)) for style in plan_form.WRITINGS),
    ]
    close = tags.Details(
        html.Summary(_("Close this site")),
        html.P(_("It leaves the plan. What it reported stays in the totals."), className="m-small m-dim"),
        button(_("Close it"), id="plan-close-site", kind="danger", icon_name="map-pin-off", **asks("site.close")),
        className="plan-history",
    )
    return [
        plan_form.head(vocabulary.label("CL-SITETYPE", site.site_type, locale), site.name),
        facts(known, "plan-facts", "m-num"),
        *([close] if may_close else []),
    ]
