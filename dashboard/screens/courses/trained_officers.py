"""Trained officers: for each post and course how many are certified and present, and how many have moved away."""

from enum import StrEnum
from typing import Any

from dash.development.base_component import Component
from sqlmodel import Session

from dashboard.frame.area_filter import CHOICES, area_filter, area_of
from dashboard.frame.interactions import follows_list
from dashboard.frame.live_parts import same_for_role
from dashboard.frame.shell import page, page_link
from dashboard.parts.list_page import link_rows, list_view
from dashboard.parts.listing import Listing
from dashboard.places import CERTIFICATES, TRAINED
from dashboard.server.access import actor, reading
from dashboard.wording import _
from operations.core.people import Actor
from operations.core.permissions import Act
from operations.posts import register
from operations.training import trained_officers

NAV = TRAINED
AUDIENCE = same_for_role


class Ids(StrEnum):
    """Element ids of this page."""

    LIST = "trained-list"


link_rows(Ids.LIST)


def layout(region: str = "", country: str = "", **_query: str) -> Component:
    """Return the posts in a region or a country with the certifications of their officers."""
    by = actor()
    with reading() as session:
        found = table(session, by, region, country)
    return page(
        _("Who is trained where"),
        area_filter(by, region=region, country=country),
        list_view(Ids.LIST, found, _("Nobody is certified for a post yet.")),
        lead=_("Counted, not named. Who is posted to a site of another post has gone there: a gap needs new training."),
        actions=page_link(CERTIFICATES, by),
        wide=True,
    )


def table(session: Session, by: Actor, region: str | None = None, country: str | None = None) -> Listing[Any]:
    """Return the rows of the list."""
    posts = area_of(by, region, country).of(register.posts(session))
    made = Listing(
        trained_officers.trained(session, posts),
        lambda each: f"/posts?show={each.post.id}",
        ident=lambda each: f"{each.post.id} {each.course.id}",
    )
    made.text("post", _("Post"), "post.name", flex=2, minWidth=180)
    made.code("country", _("Country"), "CL-COUNTRY", "post.country", minWidth=120)
    made.text("course", _("Course"), "course.title", flex=2, minWidth=180)
    made.code("topic", _("Topic"), "CL-TOPIC", "course.topic", minWidth=130)
    made.number("ever", _("Certified for it"), width=150)
    made.number("here", _("There today"), width=140)
    made.number("moved", _("Gone elsewhere"), width=155)
    made.text(
        "gap",
        _("Gap"),
        lambda each: _("Nobody left") if each.gap else _("Train again") if each.moved else "",
        flex=0,
        width=130,
    )
    made.day("last", _("First expires on"), width=150)
    return made


refresh_list = follows_list(table, Ids.LIST, act=Act.COURSE_READ, **CHOICES)
