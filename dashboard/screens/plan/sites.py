"""Callbacks of sites on the plan page: place one at a known place or by hand, view it, close it."""

from typing import Any
from uuid import UUID

from dash import Input, Output, State, html, no_update
from dash.development.base_component import Component
from sqlmodel import Session

from dashboard.frame.interactions import Done, Press, does, follows
from dashboard.frame.policy import screen
from dashboard.frame.version_conflicts import Versioned
from dashboard.map import scene
from dashboard.map.rights import drawing_rights
from dashboard.parts.markup import Markup
from dashboard.parts.panel import facts
from dashboard.screens.plan import form as plan_form
from dashboard.screens.plan import panel as plan_panel
from dashboard.screens.plan import site_form as plan_site_form
from dashboard.screens.plan.ids import ASKED, CHOSEN, NOTHING, SELECTED, TOAST, Ids, toast
from dashboard.screens.plan.site_form import SITE
from dashboard.server.access import actor, known_id
from dashboard.server.lazy_modules import reference
from dashboard.server.lazy_modules import sites as known_places
from dashboard.wording import _, coded, language
from geodata.ground import formats
from operations.core.errors import NotFound, RuleBroken, existing
from operations.core.ids import new_id
from operations.core.people import Actor
from operations.core.permissions import Act, may
from operations.core.vocabulary import options
from operations.policing.map_plan import places
from operations.policing.operation import plan

MOST_LISTED = 300


def _stands(
    session: Session, _press: Press, chosen: dict[str, Any] | None, asked: int | None = None
) -> tuple[dict[str, Any], int]:
    found = places.site(session, known_id((chosen or {}).get("id")))
    return plan_site_form.values_of(found), found.version


CORRECTION = Versioned(SITE, "plan-site-version", _stands, act=Act.SITE_PLACE)


def site_panel(session: Session, operation: plan.Operation, site_id: UUID) -> list[Component]:
    """What is known of a site."""
    asking = actor()
    site = places.site(session, site_id)
    if site.operation_id != operation.id:
        raise NotFound
    said = scene.site_values(session, scene.frame(operation, asking), asking).get(str(site.id), {}).get("words", "")
    may_close = site.closed_at is None and may(asking, Act.SITE_PLACE, plan.subject(operation, site.country))
    mending = (
        plan_site_form.correction(
            site,
            _countries(session, operation),
            places.tied(session, site.id),
            CORRECTION.kept(plan_site_form.values_of(site), site.version),
        )
        if may_close
        else None
    )
    return plan_site_form.site_facts(site, said, may_close=may_close, mending=mending)


def candidate_panel(
    session: Session, operation: plan.Operation, ref: str, country: str | None = None
) -> list[Component]:
    """A crossing, an airport or a seaport, with the form that makes it a site for those who may.

    `country`: the one it was looked for in. Where two sides are possible and none was named, the form asks which.
    """
    found = existing(known_places.site(ref))
    countries = _countries(session, operation)
    sides = [side for side in (found.iso3, found.iso3_other) if side in countries]
    own = country if country in sides else sides[0] if len(sides) == 1 else None
    seen = found.seen_from(own) if own else found
    values = {
        "name": seen.name,
        "site_type": seen.site_type,
        "border_kind": seen.border_kind,
        "country": own or "",
        "zone": seen.timezone if own else "",
        "lat": seen.lat,
        "lon": seen.lon,
        "ref": seen.ref,
    }
    return _form_or_facts(operation, values, sides, coded("CL-SITETYPE", seen.site_type))


@screen(
    Output(SITE.id("zone"), "value"),
    Input(SITE.id("country"), "value"),
    State(SITE.id("position"), "value"),
    State(SELECTED, "data"),
    act=Act.SITE_PLACE,
    prevent_initial_call=True,
)
def follow_country(country: str | None, position: str | None, chosen: dict[str, Any] | None) -> Any:
    """The time zone of the place in the country that was chosen."""
    if not country:
        return no_update
    known = known_places.site(str((chosen or {}).get("ref")))
    if known is not None and country in (known.iso3, known.iso3_other):
        return known.seen_from(country).timezone
    try:
        at = formats.parse(position or "")
    except formats.CoordinateError:
        return no_update
    return reference.time_zone_at(at.lon, at.lat, country)


def place_panel(session: Session, operation: plan.Operation, chosen: dict[str, Any]) -> list[Component]:
    """A point on the map, a town or a typed coordinate, where a site can be put by hand."""
    try:
        at = formats.Position(float(chosen["lat"]), float(chosen["lon"]))
    except (KeyError, TypeError, ValueError):
        raise NotFound from None
    iso3 = reference.country_at(at.lon, at.lat)
    values = {
        "name": str(chosen.get("name") or "")[:120],
        "site_type": "checkpoint_inland",
        "border_kind": "",
        "country": iso3 or "",
        "zone": reference.time_zone_at(at.lon, at.lat, iso3),
        "lat": at.lat,
        "lon": at.lon,
        "ref": "",
    }
    where = coded("CL-COUNTRY", iso3) if iso3 else _("at sea")
    return _form_or_facts(operation, values, _countries(session, operation), where)


def _form_or_facts(
    operation: plan.Operation, values: dict[str, Any], countries: list[str], kind: str
) -> list[Component]:
    _draws, places_sites = drawing_rights(operation, actor())
    if places_sites and countries:
        return plan_site_form.site_form(values, countries, kind)
    at = formats.Position(values["lat"], values["lon"])
    written = [(style.upper(), formats.write(at, style)) for style in plan_form.WRITINGS]
    note = (
        [html.P(_("No country of this place takes part in the operation: invite it first."), className="m-small m-dim")]
        if places_sites
        else []
    )
    return [plan_form.head(kind, values["name"]), facts(written, "plan-facts", "m-num"), *note]


def _countries(session: Session, operation: plan.Operation) -> list[str]:
    """Return the countries for which the asker may place a site."""
    asking = actor()
    return [
        iso3
        for iso3 in plan.countries(session, operation.id)
        if may(asking, Act.SITE_PLACE, plan.subject(operation, iso3))
    ]


@screen(
    Output("plan-finder-list", "children"),
    Input("plan-finder-country", "value"),
    Input("plan-finder-kind", "value"),
    act=Act.SITE_PLACE,
    prevent_initial_call=True,
)
def list_known(country: str | None, kind: str | None) -> list[Component]:
    """The known crossings, airports or seaports of a country, best known first."""
    kinds: dict[str, known_places.Kind] = {"crossing": "crossing", "airport": "airport", "port": "port"}
    if not country or kind not in kinds:
        return []
    found = known_places.sites(kinds[kind], [country]).head(MOST_LISTED)
    if found.empty:
        return [html.P(_("None is known here."), className="m-small m-dim")]
    rows = found[["ref", "name", "iso3", "iso3_other", "lon", "lat"]].itertuples(index=False)
    listed = [
        plan_panel.item(
            f"candidate|{ref}",
            name,
            coded("CL-COUNTRY", other if one == country else one) if other else "",
            f"is-candidate is-{kind}",
            country=country,
            at=f"[{lon}, {lat}]",
        )
        for ref, name, one, other, lon, lat in rows
    ]
    return [Markup(listed)]


@does(
    "plan-place",
    act=Act.SITE_PLACE,
    form=SITE,
    operation=Ids.OPERATION,
    shows=(CHOSEN, TOAST),
    given={"chosen": State(SELECTED, "data"), "version": State(Ids.VERSION, "data"), **ASKED},
)
def place(press: Press, chosen: dict[str, Any] | None, version: str, asked: int | None = None) -> Done:
    """Add the site of the form to the operation."""
    if not chosen:
        return Done()
    known = known_places.site(str(chosen.get("ref"))) if chosen.get("type") == "candidate" else None

    def placed(content: dict[str, Any]) -> dict[str, Any]:
        at = formats.Position(known.lat, known.lon) if known else _position(content["position"] or "")
        return {**content, "lat": at.lat, "lon": at.lon}

    draft = SITE.draft(places.SiteDraft, press.typed, turn=placed, id=version, ref=known.ref if known else "")
    made = places.place_site(press.session, press.operation_id, draft, press.by)
    return Done(shown=(_seen(made, asked), toast(_("Added: {name}", name=made.name))))


@CORRECTION.saves("plan-correct", shows=(CHOSEN, TOAST), given={"chosen": State(SELECTED, "data"), **ASKED})
def correct(press: Press, chosen: dict[str, Any] | None, version: int, asked: int | None = None) -> Done:
    """Say anew what the chosen site is."""
    if not chosen:
        return Done()
    before = places.site(press.session, known_id(chosen.get("id")))

    def placed(content: dict[str, Any]) -> dict[str, Any]:
        text = content["position"] or ""
        if text == formats.write(formats.Position(before.lat, before.lon)):
            return {**content, "lat": before.lat, "lon": before.lon, "ref": before.ref}
        at = _position(text)
        return {**content, "lat": at.lat, "lon": at.lon}

    draft = SITE.draft(places.SiteDraft, press.typed, turn=placed, id=before.id)
    made = places.correct_site(press.session, draft, press.by, version)
    return Done(shown=(_seen(made, asked), toast(_("Corrected: {name}", name=made.name))))


def _seen(site: places.Site, asked: int | None) -> dict[str, Any]:
    """A site as the choice on the map that answers the press `asked`: the map goes there."""
    return {"type": "site", "id": str(site.id), "asked": asked, "at": [site.lon, site.lat], "fly": True}


def _position(text: str) -> formats.Position:
    try:
        return formats.parse(text)
    except formats.CoordinateError as error:
        raise RuleBroken("position", error.template, **error.params) from None


@does("plan-close-site", act=Act.SITE_PLACE, shows=(CHOSEN, TOAST), given={"chosen": State(SELECTED, "data"), **ASKED})
def close(press: Press, chosen: dict[str, Any] | None, asked: int | None = None) -> Done:
    """Close the selected site."""
    if not chosen:
        return Done()
    gone = places.close_site(press.session, known_id(chosen.get("id")), press.by)
    return Done(
        shown=({**NOTHING, "version": str(new_id()), "asked": asked}, toast(_("Closed: {name}", name=gone.name)))
    )


def _countries_offered(session: Session, operation: plan.Operation, _by: Actor) -> list[dict[str, str]]:
    return options("CL-COUNTRY", language(), plan.countries(session, operation.id))


offer_countries = follows(
    _countries_offered, Output("plan-finder-country", "data"), act=Act.SITE_PLACE, operation=Ids.OPERATION
)
