"""Posts whose use of databases is counted, each with its last month."""

from typing import Any
from uuid import UUID

from dash.development.base_component import Component
from sqlmodel import Session

from dashboard.frame.interactions import follows_list
from dashboard.frame.shell import page
from dashboard.parts.list_page import FIRST, link_rows, list_view
from dashboard.parts.listing import Listing
from dashboard.places import USAGE
from dashboard.wording import _
from operations.core.people import Actor
from operations.core.permissions import Act
from operations.infrastructure import usage
from operations.posts import register

POSTS = "usage-posts"

link_rows(POSTS)


def view(session: Session, by: Actor) -> Component:
    """Return the page of all posts."""
    return page(
        _("Use of databases"),
        list_view(POSTS, table(session, by), _("No post is registered yet."), first=FIRST),
        lead=_("Queries a month by database and device, and persons who passed. A month is counted once."),
        wide=True,
    )


def table(session: Session, _by: Actor) -> Listing[Any]:
    """Return the posts, each with the last month counted there."""
    counted: dict[UUID, list[usage.UsageMonth]] = {}
    for each in usage.months(session):
        counted.setdefault(each.post_id, []).append(each)
    last = {of: series[-1] for of, found in counted.items() if (series := usage.series(found))}
    made = Listing(register.posts(session), lambda post: f"{USAGE.href()}?show={post.id}")
    made.text("name", _("Post"))
    made.code("country", _("Country"), "CL-COUNTRY")
    made.text("month", _("Last month counted"), lambda post: f"{last[post.id].month:%Y-%m}" if post.id in last else "")
    made.number("queries", _("Queries"), lambda post: last[post.id].queries if post.id in last else None)
    made.number("passages", _("Persons who passed"), lambda post: last[post.id].passages if post.id in last else None)
    return made


refresh = follows_list(table, POSTS, FIRST, act=Act.USAGE_READ)
