"""Where to invest next: posts by worth, with weights that the reader moves, and how far the order depends on them."""

from typing import Annotated, Any

import dash_mantine_components as dmc
from dash import ALL, Input, Output, State, html
from dash.development.base_component import Component
from pydantic import Field
from sqlmodel import Session

from dashboard.frame.acts import follows
from dashboard.frame.policy import screen
from dashboard.frame.shell import page
from dashboard.map.answers import answer_id, wire_answers
from dashboard.map.component import wire
from dashboard.navigation import Nav
from dashboard.parts.grid import number_column, text_column
from dashboard.parts.list_page import HREF, listed, opens
from dashboard.parts.panel import panel
from dashboard.parts.programme_tabs import INVEST, programme_tabs
from dashboard.screens.needs import post_map
from dashboard.server.access import actor, reading
from dashboard.wording import N_, _, coded
from operations.core.people import Actor
from operations.core.permissions import Act
from operations.needs import figures
from operations.needs.readiness import CRITERIA, TOP, Ranked, rank
from operations.posts import register

NAV = Nav(
    name=N_("Where to invest next"), path="/needs/where-next", icon="bulb", order=7, act=Act.NEEDS_READ, place=False
)
LIST = "where-next-list"
WEIGHT = "where-next-weight"
SAID = {
    "gap": N_("Gaps of the assessment"),
    "traffic": N_("Traffic"),
    "use": N_("Few queries for its traffic"),
    "network": N_("Hours without network"),
    "feasibility": N_("I-24/7 can begin at once"),
}
"""What speaks for a post, in words."""
MOST = 10
Weights = Annotated[
    list[Annotated[float, Field(ge=0, le=MOST)]], Field(min_length=len(CRITERIA), max_length=len(CRITERIA))
]
"""One for each of `CRITERIA`, in their order, as the sliders give them."""

opens(LIST)
MAP = "where-next-map"
wire(MAP)
wire_answers(MAP)


def layout(**_query: str) -> Component:
    """The weights and the list."""
    by = actor()
    with reading() as session:
        found, marked = table(session, by), on_map(session, by)
    return page(
        _("Where to invest next"),
        programme_tabs(by, INVEST),
        panel(
            _("What counts how much"),
            html.Div([_weight(each) for each in CRITERIA], className="needs-weights"),
            note=_("Each from 0 to 10. What is not known of a post is left out, and named."),
        ),
        html.Div(
            panel(
                _("On the map"), post_map.post_map(MAP, marked, _("Where to invest next"), post_map.RANKED), flush=True
            ),
            className="needs-ranked",
        ),
        html.Div(listed(LIST, columns(), found, _("No post is registered yet.")), className="needs-ranked"),
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
        id={"type": WEIGHT, "of": name}, min=0, max=MOST, step=1, value=5, thumbLabel=label,
        marks=[{"value": each, "label": str(each)} for each in (0, 5, MOST)], mb="md",
    )  # fmt: skip
    return html.Div([html.P(label), slider])


def columns() -> list[dict[str, Any]]:
    """What the list says of each."""
    wrapped = {"wrapHeaderText": True, "autoHeaderHeight": True}
    return [
        number_column("place", _("Place"), width=90),
        text_column("post", _("Post"), flex=2, minWidth=200),
        text_column("country", _("Country"), minWidth=130),
        number_column("worth", _("Worth of 100"), width=130),
        number_column("stays", _("Among the first {count}, % of weightings", count=TOP), width=150, **wrapped),
        *(number_column(name, _(SAID[name]), width=130, **wrapped) for name in CRITERIA),
        text_column("unknown", _("Not known"), flex=2, minWidth=150, tooltipField="unknown"),
    ]


def table(session: Session, _by: Actor, weights: Weights | None = None) -> list[dict[str, Any]]:
    """The rows of the list under these weights, in the order of the criteria."""
    posts = {each.id: each for each in register.posts(session)}
    values = {each.id: each.values for each in figures.candidates(session)}
    return [
        {
            "id": str(each.id), HREF: f"/posts?show={each.id}", "place": place, "post": posts[each.id].name,
            "country": coded("CL-COUNTRY", posts[each.id].country),
            "worth": round(100 * each.worth, 1), "stays": round(100 * each.stays),
            **{name: None if value is None else round(100 * value) for name, value in values[each.id].items()},
            "unknown": ", ".join(_(SAID[name]) for name in each.unknown),
        }
        for place, each in enumerate(_ranked(session, weights), start=1)
    ]  # fmt: skip


def _ranked(session: Session, weights: Weights | None) -> list[Ranked]:
    given = dict(zip(CRITERIA, weights or [5.0] * len(CRITERIA), strict=True))
    return rank(figures.candidates(session), given)


def on_map(session: Session, _by: Actor, weights: Weights | None = None) -> list[post_map.Marked]:
    """The same on the map, each with its place."""
    posts = {each.id: each for each in register.posts(session)}
    return post_map.ranked((posts[each.id], 100 * each.worth) for each in _ranked(session, weights))


def both(session: Session, by: Actor, weights: Weights | None = None) -> tuple[list[dict[str, Any]], dict[str, Any]]:
    """List and map."""
    return table(session, by, weights), post_map.drawn(on_map(session, by, weights))


_WEIGHTS = {"type": WEIGHT, "of": ALL}
_SHOWN = (Output(LIST, "rowData"), Output(answer_id(MAP), "data"))
refresh = follows(both, *_SHOWN, act=Act.NEEDS_READ, weights=State(_WEIGHTS, "value"))


@screen(
    *(Output(each.component_id, each.component_property, allow_duplicate=True) for each in _SHOWN),
    Input(_WEIGHTS, "value"),
    act=Act.NEEDS_READ,
    prevent_initial_call=True,
)
def weigh(weights: Weights) -> tuple[list[dict[str, Any]], dict[str, Any]]:
    """List and map under other weights."""
    with reading() as session:
        return both(session, actor(), weights)
