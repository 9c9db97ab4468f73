"""Who is trained where: of each post and course how many are certified and there, and how many went elsewhere."""

from enum import StrEnum
from typing import Any

from dash import Output
from dash.development.base_component import Component
from sqlmodel import Session

from dashboard.frame.acts import follows
from dashboard.frame.shell import page
from dashboard.navigation import Nav
from dashboard.parts.grid import number_column, text_column
from dashboard.parts.list_page import HREF, listed, opens
from dashboard.parts.programme_tabs import TRAINED, programme_tabs
from dashboard.server.access import actor, reading
from dashboard.wording import N_, UNDEFINED, _, coded
from operations.core.people import Actor
from operations.core.permissions import Act
from operations.posts import register
from operations.training import trained

NAV = Nav(
    name=N_("Who is trained where"), path="/courses/trained", icon="users", order=7, act=Act.COURSE_READ, place=False
)  # fmt: skip


class Ids(StrEnum):
    """The elements of this page."""

    LIST = "trained-list"


opens(Ids.LIST)


def layout(**_query: str) -> Component:
    """Posts and what their officers are certified for."""
    by = actor()
    with reading() as session:
        found = table(session, by)
    return page(
        _("Who is trained where"),
        programme_tabs(by, TRAINED),
        listed(Ids.LIST, columns(), found, _("Nobody is certified for a post yet.")),
        lead=_("Counted, not named. Who is posted to a site of another post has gone there: a gap needs new training."),
        wide=True,
    )


def columns() -> list[dict[str, Any]]:
    """What the list says of each."""
    return [
        text_column("post", _("Post"), flex=2, minWidth=180),
        text_column("country", _("Country"), minWidth=120),
        text_column("course", _("Course"), flex=2, minWidth=180),
        text_column("topic", _("Topic"), minWidth=130),
        number_column("ever", _("Certified for it"), width=150),
        number_column("here", _("There today"), width=140),
        number_column("moved", _("Gone elsewhere"), width=155),
        text_column("gap", _("Gap"), flex=0, width=130),
        text_column("last", _("First expires on"), flex=0, width=150, cellDataType="text"),
    ]


def table(session: Session, _by: Actor) -> list[dict[str, Any]]:
    """The rows of the list."""
    return [
        {
            "id": f"{each.post.id} {each.course.id}", HREF: f"/posts?show={each.post.id}", "post": each.post.name,
            "country": coded("CL-COUNTRY", each.post.country), "course": each.course.title,
            "topic": coded("CL-TOPIC", each.course.topic),
            "ever": each.ever, "here": each.here, "moved": each.moved,
            "gap": _("Nobody left") if each.gap else _("Train again") if each.moved else "",
            "last": each.last.isoformat() if each.last else UNDEFINED,
        }
        for each in trained.trained(session, register.posts(session))
    ]  # fmt: skip


refresh_list = follows(table, Output(Ids.LIST, "rowData"), act=Act.COURSE_READ)
