"""Site views: the form that places a site, and the facts of an existing one."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from dash import html
from dash.development.base_component import Component

from dashboard.parts import tags
from dashboard.parts.confirmation import confirmation_attributes
from dashboard.parts.draft_form import DraftForm
from dashboard.parts.form import button
from dashboard.parts.form_fields import drawing
from dashboard.parts.panel import facts
from dashboard.screens.plan import form as plan_form
from dashboard.wording import N_, _, language, sentence
from geodata.ground import formats
from operations.core import vocabulary
from operations.core.errors import Flaw
from operations.core.field_labels import Label
from operations.policing.map_plan import places

SITE = DraftForm(
    "plan-site",
    places.SiteDraft,
    beside={"position": Label(N_("Coordinate"), draws="text")},
    stands={"lat": "position", "lon": "position"},
)


def site_form(values: Mapping[str, Any], countries: Sequence[str], kind: str) -> list[Component]:
    """The form of a site to be placed. `values` has name, site_type, border_kind, country, zone, lat, lon, ref."""
    at, own = formats.Position(values["lat"], values["lon"]), values["country"]
    known = {**values, "country": own if own in countries else None, "position": formats.write(at)}
    writings = [(style.upper(), formats.write(at, style)) for style in ("dms", "mgrs")]
    add = button(_("Add as site"), id="plan-place", kind="primary", icon_name="map-pin-plus", **{"data-save": "true"})
    return [
        plan_form.head(kind, values["name"] or _("New site")),
        _fields(known, countries, {"position"} if values["ref"] else (), focused=not values["ref"]),
        facts(writings, "plan-facts", "m-num"),
        html.Div(add, className="plan-actions"),
    ]


def _fields(
    values: Mapping[str, Any], countries: Sequence[str], kept: Collection[str] = (), *, focused: bool = False
) -> Component:
    """The fields of a site; those that are `kept` cannot be typed into."""
    draw = drawing(SITE, values, choices={"country": vocabulary.options("CL-COUNTRY", language(), countries)})

    def field(name: str, **more: Any) -> Component:
        [drawn] = draw(name, **({"disabled": True} if name in kept else {}), **more)
        return drawn

    return tags.Div(
        html.Div(field("name"), **({"data-focus": "true"} if focused else {})),
        field("country"),
        html.Div([field("site_type"), field("border_kind")], className="plan-pair"),
        field("zone"),
        field("position", className="m-num"),
        className="plan-fields",
    )


def values_of(site: places.Site) -> dict[str, Any]:
    """What the form shows of a site."""
    return {**site.model_dump(), "position": formats.write(formats.Position(site.lat, site.lon))}


def correction(
    site: places.Site, countries: Sequence[str], tied: Mapping[str, Flaw], versions: Sequence[Component]
) -> Component:
    """The form that corrects a site, filled in, folded; what has to stay is locked, with the reasons.

    `versions`: what keeps the one that is shown.
    """
    kept = tied.keys() | ({"position"} if "lat" in tied else set())
    save = button(_("Correct the site"), id="plan-correct", kind="plain", icon_name="check", **{"data-save": "true"})
    return tags.Details(
        html.Summary(_("Correct this site")),
        _fields(values_of(site), sorted({site.country, *countries}), kept),
        *(html.P(said, className="m-small m-dim") for said in dict.fromkeys(map(sentence, tied.values()))),
        *versions,
        html.Div(save, className="plan-actions"),
        className="plan-history",
    )


def site_facts(site: places.Site, said: str, *, may_close: bool, mending: Component | None = None) -> list[Component]:
    """What is known of a site, and, for those who may, how it is corrected and taken out of the plan: asked twice."""
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
        button(
            _("Close it"),
            id="plan-close-site",
            kind="danger",
            icon_name="map-pin-off",
            **confirmation_attributes("site.close"),
        ),
        className="plan-history",
    )
    return [
        plan_form.head(vocabulary.label("CL-SITETYPE", site.site_type, locale), site.name),
        facts(known, "plan-facts", "m-num"),
        *([mending] if mending else []),
        *([close] if may_close else []),
    ]
