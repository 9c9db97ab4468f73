"""The feed: what just happened, newest first; and which entries of the journal a reader may know."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from itertools import groupby
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from dash import html
from dash.development.base_component import Component
from sqlmodel import Session, col

from dashboard.parts.icon import icon
from dashboard.parts.panel import empty_state
from dashboard.telling.names import Names, names_for
from dashboard.telling.sentences import icon_of, told
from dashboard.wording import _, date, hour, language
from operations.core import journal, past
from operations.core.clock import now, official_day
from operations.core.journal import Entry
from operations.core.people import Actor
from operations.core.permissions import Act, may
from operations.policing.map_plan import places, seen
from operations.policing.operation import plan


def reads_all(operation: plan.Operation, by: Actor) -> bool:
    """Whether `by` reads the whole operation's journal, and not only what concerns the own country or all."""
    return may(by, Act.JOURNAL_READ, plan.subject(operation))


def entries_for(
    session: Session, operation: plan.Operation, by: Actor, limit: int = 50, skip: int = 0
) -> Sequence[Entry]:
    """Entries of the operation that `by` may know, newest first; `skip` leaves out the newest.

    A country's people read what concerns their country or everybody. Of what the coordination drew on the plan they
    read only what they can see there.
    """
    country, where = _known_to(session, operation, by)
    return journal.latest(session, operation.id, country, limit, skip, where)


def numbered(
    session: Session, operation: plan.Operation, by: Actor, limit: int, before: int | None = None
) -> list[tuple[int, Entry]]:
    """The same, each with its number among the entries that `by` may know: the oldest is 1, the newest says how many.

    `before` goes on from a number. The journal's own numbers stay inside: their gaps would tell of all other entries.
    """
    country, where = _known_to(session, operation, by)
    count = journal.known(session, operation.id, country, where)
    first = count if before is None else min(before - 1, count)
    found = entries_for(session, operation, by, limit, count - first) if first > 0 else []
    return list(zip(range(first, 0, -1), found, strict=False))


def _known_to(session: Session, operation: plan.Operation, by: Actor) -> tuple[str | None, Any]:
    """Whose entries `by` reads beside those that concern everybody, and the condition that all fulfil."""
    at = past.at(session)
    until = None if at is None else col(Entry.seq) <= at
    if reads_all(operation, by):
        return None, until
    told = seen.told_of(session, operation.id)
    return by.country, told if until is None else told & until


def site_names(session: Session, operation_id: UUID) -> dict[UUID, str]:
    """Names of the operation's open sites by id."""
    return {site.id: site.name for site in places.sites(session, operation_id)}


def journal_feed(entries: Sequence[Entry], operation: plan.Operation, sites: dict[UUID, str]) -> list[Component]:
    """A short list for a board: the time in the operation's zone, and a sentence without a person's name."""
    if not entries:
        return [empty_state(_("Nothing has happened yet"), _("Every change to the operation appears here."), "history")]
    names = names_for(entries, language(), operation.zone, sites)
    return [html.Ol([_item(entry, names) for entry in entries], className="feed")]


def journal_days(rows: Sequence[Mapping[str, Any]]) -> list[Component]:
    """The journal's rows (day, local, what, who, seq) as lists under their days, for a narrow screen."""
    if not rows:
        return [empty_state(_("Nothing has happened yet"), _("Every change to the operation appears here."), "history")]
    days = groupby(rows, key=lambda row: row["day"])
    return [
        part
        for day, found in days
        for part in (html.H2(day, className="journal-day"), html.Ol([_narrow(row) for row in found], className="feed"))
    ]


def _narrow(row: Mapping[str, Any]) -> Component:
    return html.Li(
        [
            html.Span(row["seq"], className="feed-time m-num"),
            html.Span([html.Span(row["what"]), html.Span(row["who"], className="feed-who")], className="feed-words"),
            html.Time(row["local"], className="feed-time m-num"),
        ],
        key=row["id"],
    )


def _item(entry: Entry, names: Names) -> Component:
    return html.Li(
        [
            icon(icon_of(entry), size=16),
            html.Span(told(entry, names), className="feed-words"),
            html.Time(_when(entry.at, names.zone), className="feed-time m-num", dateTime=entry.at.isoformat()),
        ],
        key=journal.reference(entry),
    )


def _when(at: datetime, zone: str) -> str:
    """The time of today, the day of another day."""
    day = official_day(at, zone)
    return hour(at.astimezone(ZoneInfo(zone))) if day == official_day(now(), zone) else date(day)
