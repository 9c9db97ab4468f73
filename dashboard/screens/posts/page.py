"""Register of border posts, bureaus and hubs; each in full with its condition and the sites joined to it."""

from enum import StrEnum
from typing import Any

from dash import Input, Output, State, dcc, html
from dash.development.base_component import Component
from sqlmodel import Session

from dashboard.frame.interactions import Done, Press, does
from dashboard.frame.life_page import LifePage, Titles
from dashboard.frame.policy import screen
from dashboard.frame.verb_buttons import calls
from dashboard.parts.choices import country_choices
from dashboard.parts.confirmation import confirmation_attributes
from dashboard.parts.draft_form import DraftForm
from dashboard.parts.file_page import Past, file_page
from dashboard.parts.form import Form, button, select_field
from dashboard.parts.form_fields import whole_form
from dashboard.parts.list_page import new_row_form
from dashboard.parts.listing import Listing
from dashboard.places import POSTS
from dashboard.screens.posts import conditions, timeline
from dashboard.server.access import known_id
from dashboard.server.lazy_modules import reference, shapely
from dashboard.server.lazy_modules import sites as known_places
from dashboard.wording import N_, _
from geodata.ground import formats
from operations.core.errors import RuleBroken
from operations.core.field_labels import Label
from operations.core.people import Actor
from operations.core.permissions import Act, may
from operations.posts import register
from operations.posts.register import Post

NAV = POSTS
FORM = DraftForm(
    "post",
    register.PostDraft,
    first=("country", "known"),
    beside={
        "known": Label(
            N_("Known crossing, airport or port"),
            N_("Fills in the fields below. Leave it empty to place it by hand."),
            draws="one",
        ),
        "position": Label(N_("Coordinate"), N_("Degrees, or a military grid reference."), draws="text"),
    },
    stands={"lat": "position", "lon": "position", "zone": "position"},
)
SITE = Form("post-join")
FILLED = ("name", "site_type", "border_kind", "position")
NEAR_BORDER = 0.05
"""Degrees, about 5 km: lines are accurate to 1 to 3 km, and a post stands at one."""
MOST_KNOWN = 1500


class Ids(StrEnum):
    """Element ids of this page."""

    LINK = "post-link"
    CLOSE = "post-close"


PAGE = LifePage(
    "post",
    NAV,
    register.POST,
    Titles(
        N_("Border posts"),
        N_("Border post"),
        N_("All border posts"),
        N_("No post is registered yet."),
        N_("Posts, bureaus and hubs across operations and years: what each has, and what became of it."),
    ),
    area=True,
)
layout = PAGE.layout


# ---------------------------------------------------------------------------------------------------- the list


def table(session: Session, _by: Actor) -> Listing[Any]:
    """Return the rows of the list."""
    now = register.conditions_now(session)
    made = Listing(register.posts(session), PAGE.href)
    made.text("name", _("Post"), flex=2, minWidth=200)
    made.field(FORM, "country", minWidth=130)
    made.code("kind", _("Kind"), "CL-SITETYPE", "site_type", minWidth=150)
    made.text(
        "connectivity",
        _("Network"),
        lambda post: conditions.code_or_unknown(
            "CL-CONNECTIVITY", now[post.id].connectivity if post.id in now else None
        ),
        minWidth=120,
    )
    made.text(
        "power",
        _("Power"),
        lambda post: conditions.code_or_unknown("CL-POWER", now[post.id].power if post.id in now else None),
        minWidth=120,
    )
    made.text(
        "access",
        _("Access to I-24/7"),
        lambda post: conditions.code_or_unknown("CL-I247", now[post.id].access if post.id in now else None),
        minWidth=150,
    )
    made.number(
        "passages", _("Persons a day"), lambda post: now[post.id].passages if post.id in now else None, width=130
    )
    return made


# ---------------------------------------------------------------------------------------------------- one post


def file(session: Session, by: Actor, shown: str) -> list[Component]:
    """Return a post in full. Raises NotFound."""
    post = register.post(session, known_id(shown))
    written = register.conditions(session, post.id)
    has = written[0] if written else None
    facts = [
        *FORM.facts(post, "site_type", "country"),
        (_("Coordinate"), html.Span(formats.write(formats.Position(post.lat, post.lon)), className="m-num")),
        *(conditions.facts(has) if has else [(_("What it has"), _("Nobody has written it down yet."))]),
        (_("Sites of operations"), _sites(session, post)),
    ]
    past = [
        *(Past(each.made_at, _("Described"), each.author_name, each.note) for each in written),
        Past(post.made_at, _("Registered"), post.author_name),
    ]
    closed = [html.P(_("This post is closed."), className="m-dim")] if post.closed_at else []
    beside = _site_form(session, post) if keeps_it(session, by, shown) else []
    usage = dcc.Link(_("Use of databases"), href=f"/posts/usage?show={post.id}", className="file-way")
    whole = file_page(post.name, facts, [usage], past, post.zone, beside)
    return [*closed, whole[0], *timeline.drawn(session, post), *whole[1:]]


def _sites(session: Session, found: Post) -> Any:
    known = register.sites_of(session, found.id)
    links = [
        html.Li(dcc.Link(html.Bdi(f"{operation.title}: {site.name}"), href=f"/operations/{operation.id}/overview"))
        for site, operation in known
    ]
    return html.Ul(links) if links else _("None yet")


def keeps_it(session: Session, by: Actor, shown: str) -> bool:
    """Return whether this person may edit the post now."""
    found = register.post(session, known_id(shown))
    return found.closed_at is None and may(by, Act.POST_KEEP, register.subject(found))


def forms(session: Session, by: Actor, shown: str) -> list[Component]:
    """Return the form in which the country and the coordination record the post's condition."""
    return [conditions.condition_form(session, shown)] if keeps_it(session, by, shown) else []


def _site_form(session: Session, found: Post) -> list[Component]:
    """Return the form that joins a site of an operation to the post, and the one that closes the post."""
    offered = [
        {"value": str(site.id), "label": f"{operation.title}: {site.name}"}
        for site, operation in register.candidates(session, found)
    ]
    chosen = select_field(SITE, "site", _("A site of an operation that is this post"), offered)
    join = button(_("Join them"), Ids.LINK, "plain", "link")
    end = button(
        _("Take it out of the register"), Ids.CLOSE, "danger", "map-pin-off", **confirmation_attributes("post.close")
    )
    return [html.Div([*([chosen, html.Div(join)] if offered else []), html.Div(end)], className="m-stack")]


def _new(_session: Session, by: Actor) -> list[Component]:
    """Return the form of a new post, folded, for those who keep the register."""
    if not may(by, Act.POST_KEEP):
        return []
    own = by.country if by.national else None
    fields = whole_form(
        FORM,
        _("Register"),
        "building",
        ("country", "known"),
        "name",
        ("site_type", "border_kind"),
        "position",
        thing={"country": own},
        choices={"country": country_choices(by), "known": known_of(own)},
    )
    return [new_row_form(_("Register a post"), *fields)]


def known_of(country: str | None) -> list[dict[str, str]]:
    """Return the bundled crossings, airports and ports of a country, as options."""
    if not country:
        return []
    found = known_places.sites(countries=[country]).head(MOST_KNOWN)
    return [{"value": ref, "label": f"{name} · {ref}"} for ref, name in zip(found["ref"], found["name"], strict=True)]


# --------------------------------------------------------------------------------------------------- callbacks

PAGE.draws(table, file, forms=forms, seen=keeps_it, new=_new)


@screen(
    Output(FORM.id("known"), "data"),
    Input(FORM.id("country"), "value"),
    act=Act.POST_KEEP,
    prevent_initial_call=True,
)
def offer_known(country: str | None) -> list[dict[str, str]]:
    """Return the known places of the chosen country."""
    return known_of(country)


@screen(
    output={name: Output(FORM.id(name), "value") for name in FILLED},
    inputs={"ref": Input(FORM.id("known"), "value")},
    state={"country": State(FORM.id("country"), "value")},
    act=Act.POST_KEEP,
    prevent_initial_call=True,
)
def fill_in(ref: str | None, country: str | None) -> dict[str, Any]:
    """Return the form values of the chosen known place."""
    known = known_places.site(ref or "")
    if known is None:
        return {"name": "", "site_type": None, "border_kind": None, "position": ""}
    return {
        "name": known.name,
        "site_type": known.site_type,
        "border_kind": known.border_kind,
        "position": formats.write(formats.Position(known.lat, known.lon)),
    }


def _placed(content: dict[str, Any]) -> dict[str, Any]:
    """Return the typed values with position and zone. Raises RuleBroken."""
    country, ref = content.get("country") or "", content.pop("known", None) or ""
    known = known_places.site(ref)
    try:
        at = formats.Position(known.lat, known.lon) if known else formats.parse(content.pop("position", None) or "")
    except formats.CoordinateError as error:
        raise RuleBroken("position", error.template, **error.params) from None
    met = reference.countries_met(shapely.Point(at.lon, at.lat).buffer(NEAR_BORDER))
    near = {known.iso3, known.iso3_other} - {""} if known else met
    zone = reference.time_zone_at(at.lon, at.lat, country or None)
    return content | {"lat": at.lat, "lon": at.lon, "zone": zone, "near": near, "ref": known.ref if known else ""}


@does(FORM, act=Act.POST_KEEP, goes=True)
def put(press: Press) -> Done:
    """Add the post of the form to the register, and go to it."""
    made = register.register(press.session, press.draft(register.PostDraft, turn=_placed), press.by)
    return Done(_("{name} is registered.", name=made.name), to=PAGE.href(made))


@does(Ids.LINK, act=Act.POST_KEEP, form=SITE, given={**PAGE.here, "site": State(SITE.id("site"), "value")})
def join(press: Press, shown: str, site: str | None) -> Done:
    """Record that a site is this post."""
    if not site:
        raise RuleBroken("site", "Choose the site of an operation that is this post.")
    register.link(press.session, known_id(shown), known_id(site), press.by)
    return Done(_("The site is joined to the post."))


close = calls(
    Ids.CLOSE, register.close, N_("The post is taken out of the register."), act=Act.POST_KEEP, given=PAGE.here
)
