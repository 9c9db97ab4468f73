"""Today: what waits for this person in all operations, each item with a link to do it, and beside it what was told.

Everybody's day begins here. An item that anybody has done is gone at the next pulse.
"""

from datetime import datetime
from enum import StrEnum
from itertools import groupby
from uuid import UUID

from dash import dcc, html
from dash.development.base_component import Component
from sqlmodel import Session

from dashboard.frame.interactions import followed, follows
from dashboard.frame.shell import page
from dashboard.parts import tags
from dashboard.parts.badges import state_badge
from dashboard.parts.grouped_items import folded
from dashboard.parts.icon import icon
from dashboard.parts.next_phase import next_phase
from dashboard.parts.panel import empty_state, panel
from dashboard.places import TODAY_PAGE
from dashboard.screens.today import told
from dashboard.server.access import actor, reading, store
from dashboard.wording import _, ago, moment, ngettext, sentence
from operations.core.clock import now
from operations.core.people import Actor
from operations.core.permissions import Act, may
from operations.core.rows import by_id
from operations.core.worklist import WorkItem
from operations.policing.operation.plan import Operation
from operations.worklist_cache import again

NAV = TODAY_PAGE


class Ids(StrEnum):
    """Element ids of this page."""

    LIST = "waiting-list"


def layout(**_query: str) -> Component:
    """Return the page."""
    by = actor()
    with reading() as session:
        shown, messages = contents(session, by), told.told_panel(session, by)
    to_do = html.Section(followed(Ids.LIST, shown, className="m-stack"), **{"aria-label": _("To do")})
    return page(_("Today"), html.Div([to_do, messages], className="today"), wide=True)


def contents(session: Session, by: Actor) -> list[Component]:
    """Return the items by operation, the operation with the earliest due time first."""
    at = now()
    found = again(store()).waiting(session, by, at)
    if not found:
        words = _("When it is your turn, in any operation, what to do stands here with the way to it.")
        words = f"{words} {next_phase(session, by)}"
        return [empty_state(_("Nothing waits for you."), words, "circle-check", action=_new(by))]
    owners = by_id(session, Operation, (each.operation for each in found))
    first: dict[UUID | None, int] = {}
    for each in found:
        first.setdefault(each.operation, len(first))
    grouped = groupby(sorted(found, key=lambda each: first[each.operation]), key=lambda each: each.operation)
    return [_group(owners.get(operation) if operation else None, list(entries), at) for operation, entries in grouped]


def _new(by: Actor) -> Component | None:
    """Return the link to a new operation, for those who may begin one."""
    if not may(by, Act.OPERATION_CREATE):
        return None
    return dcc.Link([icon("plus", 18), html.Span(_("New operation"))], href="/start", className="home-new-link")


def _group(owner: Operation | None, entries: list[WorkItem], at: datetime) -> Component:
    """Return the items of one operation, or of Muster itself."""
    title, zone = (html.Bdi(owner.title), owner.zone) if owner else (_("Muster itself"), "UTC")
    rows = folded(
        entries,
        lambda each: (each.noun, each.words),
        lambda each: _row(each, zone, at),
        lambda more: _late(sum(each.overdue(at) for each in more)),
    )
    return panel(title, html.Ul(rows, className="waiting"))


def _late(many: int) -> list[Component]:
    """Return the number of folded items that are overdue."""
    return [state_badge(ngettext("{n} overdue", "{n} overdue", many), "bad")] if many else []


def _row(each: WorkItem, zone: str, at: datetime) -> Component:
    overdue = each.overdue(at)
    when = []
    if each.since is not None and not overdue:
        when.append(html.Span(ago(each.since), title=moment(each.since, zone)))
    if each.until is not None:
        until = _("until {moment}", moment=moment(each.until, zone))
        when.append(html.Span(until, title=ago(each.until)))
    mark = [state_badge(_("Overdue"), "bad")] if overdue else []
    return html.Li(
        dcc.Link(
            [
                icon("alert-triangle" if overdue else each.icon, size=20),
                tags.Div(
                    html.Div([html.Strong(sentence(each.sentence)), *mark], className="m-row"),
                    html.Div(when, className="waiting-when m-dim m-small"),
                    className="waiting-words",
                ),
                icon("chevron-right", size=18),
            ],
            href=each.address,
            className="waiting-entry" + (" is-overdue" if overdue else ""),
        )
    )


refresh = follows(contents, Ids.LIST, act=Act.OWN_ACCOUNT)
