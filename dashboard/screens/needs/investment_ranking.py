"""Investment ranking: posts by worth under weights that the reader sets, and the ranking's sensitivity to them."""

from collections.abc import Callable, Mapping
from typing import Annotated, Any
from uuid import UUID

import dash_mantine_components as dmc
from dash import ALL, Input, Output, State, html
from dash.development.base_component import Component
from pydantic import Field
from sqlmodel import Session

from dashboard.frame.area_filter import CHOICES, area_filter, area_of
from dashboard.frame.interactions import follows
from dashboard.frame.live_parts import same_for_role
from dashboard.frame.policy import screen
from dashboard.frame.shell import page
from dashboard.map.answers import answer_id, wire_answers
from dashboard.map.component import wire
from dashboard.parts.grid import whole
from dashboard.parts.list_page import FIRST, link_rows, list_view
from dashboard.parts.listing import Listing
from dashboard.parts.panel import panel
from dashboard.places import INVEST
from dashboard.screens.needs import post_map
from dashboard.server.access import actor, reading
from dashboard.wording import N_, _, coded, joined
from operations.core.people import Actor
from operations.core.permissions import Act
from operations.needs import figures
from operations.needs.readiness import CRITERIA, TOP, Ranked
from operations.posts import register
from operations.programme.area import Area

NAV = INVEST
AUDIENCE = same_for_role
LIST = "where-next-list"
WEIGHT = "where-next-weight"
SAID = {
    "gap": N_("Gaps of the assessment"),
    "traffic": N_("Traffic"),
    "use": N_("Few queries for its traffic"),
    "network": N_("Hours without network"),
    "feasibility": N_("I-24/7 can begin at once"),
}
"""The labels of the reasons for a post."""
MOST = 10
Weights = Annotated[
    list[Annotated[float, Field(ge=0, le=MOST)]], Field(min_length=len(CRITERIA), max_length=len(CRITERIA))
]
"""The weight of each of `CRITERIA`, in their order, as the sliders return them."""

link_rows(LIST)
MAP = "where-next-map"
wire(MAP)
wire_answers(MAP)


def layout(region: str = "", country: str = "", **_query: str) -> Component:
    """Return the weights and the list, of a region or a country."""
    by = actor()
    with reading() as session:
        area = area_of(by, region, country)
        listing, marked = table(session, area), on_map(session, area)
    return page(
        _("Where to invest next"),
        panel(
            _("What counts how much"),
            html.Div([_weight(each) for each in CRITERIA], className="needs-weights"),
            note=_("Each from 0 to 10. What is not known of a post is left out, and named."),
        ),
        area_filter(by, region=region, country=country),
        html.Div(
            panel(
                _("On the map"), post_map.post_map(MAP, marked, _("Where to invest next"), post_map.RANKED), flush=True
            ),
            className="needs-ranked",
        ),
        html.Div(list_view(LIST, listing, _("No post is registered yet."), first=FIRST), className="needs-ranked"),
        lead=_(
            "For each post it is told in how many of all possible weightings it is among the first {count}: a high "
            "place that holds under few of them rests on the weights, not on the post.",
            count=TOP,
        ),
        wide=True,
    )


def _weight(name: str) -> Component:
    label = _(SAID[name])
    slider = dmc.Slider(
        id={"type": WEIGHT, "of": name},
        min=0,
        max=MOST,
        step=1,
        value=5,
        thumbLabel=label,
        marks=[{"value": each, "label": str(each)} for each in (0, 5, MOST)],
        mb="md",
    )
    return html.Div([html.P(label), slider])


def table(session: Session, area: Area, weights: Weights | None = None) -> Listing[Any]:
    """Return the rows of the list under these weights, in the order of the criteria; places are those among all."""
    posts = {each.id: each for each in register.posts(session)}
    values = {each.id: each.values for each in figures.candidates(session)}
    ranked = _ranked(session, weights)
    places = {each.id: place for place, each in enumerate(ranked, start=1)}
    first = _("Among the first {count}, % of weightings", count=TOP)
    made = Listing((each for each in ranked if area.has(posts[each.id].country)), lambda each: f"/posts?show={each.id}")
    made.number("place", _("Place"), lambda each: places[each.id], width=90)
    made.text("post", _("Post"), lambda each: posts[each.id].name, flex=2, minWidth=200)
    made.text("country", _("Country"), lambda each: coded("CL-COUNTRY", posts[each.id].country), minWidth=130)
    made.number("worth", _("Worth of 100"), lambda each: round(100 * each.worth, 1), width=130)
    made.number("stays", first, lambda each: round(100 * each.stays), width=150)
    for name in CRITERIA:
        made.number(name, _(SAID[name]), _percent(values, name), width=130)
    unknown = {each.id: joined(_(SAID[name]) for name in each.unknown) for each in ranked}
    made.text("unknown", _("Not known"), lambda each: unknown[each.id], flex=2, minWidth=150, tooltipField="unknown")
    return made


def _percent(values: Mapping[UUID, Mapping[str, float | None]], name: str) -> Callable[[Ranked], int | None]:
    """Return the function that gives a post's score in one criterion, of 100; None where it is unknown."""

    def said(each: Ranked) -> int | None:
        value = values[each.id][name]
        return None if value is None else round(100 * value)

    return said


def _ranked(session: Session, weights: Weights | None) -> list[Ranked]:
    given = dict(zip(CRITERIA, weights or [5.0] * len(CRITERIA), strict=True))
    return figures.ranking(session, given)


def on_map(session: Session, area: Area, weights: Weights | None = None) -> list[post_map.Marked]:
    """Return the ranked posts as marks for the map."""
    posts = {each.id: each for each in register.posts(session)}
    ranked = enumerate(_ranked(session, weights), start=1)
    return post_map.ranked(
        (place, posts[each.id], 100 * each.worth) for place, each in ranked if area.has(posts[each.id].country)
    )


def both(
    session: Session,
    by: Actor,
    weights: Weights | None = None,
    region: str | None = None,
    country: str | None = None,
    all_rows: bool | None = None,
) -> tuple[list[dict[str, Any]], dict[str, Any]]:
    """Return list and map. `all_rows`: every row of the list, not the first alone."""
    area = area_of(by, region, country)
    return table(session, area, weights).first(None if all_rows else FIRST), post_map.drawn(
        on_map(session, area, weights)
    )


_WEIGHTS = {"type": WEIGHT, "of": ALL}
_GIVEN = CHOICES | {"all_rows": whole(LIST)}
_SHOWN = (Output(LIST, "rowData"), Output(answer_id(MAP), "data"))
refresh = follows(both, *_SHOWN, act=Act.NEEDS_READ, weights=State(_WEIGHTS, "value"), **_GIVEN)


@screen(
    *(Output(each.component_id, each.component_property, allow_duplicate=True) for each in _SHOWN),
    Input(_WEIGHTS, "value"),
    *(State(each.component_id, each.component_property) for each in _GIVEN.values()),
    act=Act.NEEDS_READ,
    prevent_initial_call=True,
)
def weigh(
    weights: Weights, region: str | None = None, country: str | None = None, all_rows: bool | None = None
) -> tuple[list[dict[str, Any]], dict[str, Any]]:
    """Return list and map under other weights."""
    with reading() as session:
        return both(session, actor(), weights, region, country, all_rows)
