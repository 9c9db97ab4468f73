"""Feed of journal entries, newest first."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from itertools import groupby
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from dash import html
from dash.development.base_component import Component
from sqlmodel import Session

from dashboard.parts import tags
from dashboard.parts.icon import icon
from dashboard.parts.panel import empty_state
from dashboard.telling.names import Names, names_for
from dashboard.telling.sentences import entry_sentence, icon_of
from dashboard.wording import _, date, hour, language
from operations.core import journal
from operations.core.clock import now, official_day
from operations.core.journal import Entry
from operations.policing.map_plan import places
from operations.policing.operation import plan


def site_names(session: Session, operation_id: UUID) -> dict[UUID, str]:
    """Return the names of the operation's open sites by id."""
    return {site.id: site.name for site in places.sites(session, operation_id)}


def journal_feed(entries: Sequence[Entry], operation: plan.Operation, sites: dict[UUID, str]) -> list[Component]:
    """Return a short list for a board: the time in the operation's zone, and a sentence without a person's name."""
    if not entries:
        return [empty_state(_("Nothing has happened yet"), _("Every change to the operation appears here."), "history")]
    names = names_for(entries, language(), operation.zone, sites)
    return [html.Ol([_item(entry, names) for entry in entries], className="feed")]


def journal_days(rows: Sequence[Mapping[str, Any]]) -> list[Component]:
    """Return rows of the journal (day, local, what, who, seq) as lists by day, for a narrow screen."""
    if not rows:
        return [empty_state(_("Nothing has happened yet"), _("Every change to the operation appears here."), "history")]
    days = groupby(rows, key=lambda row: row["day"])
    return [
        part
        for day, of_day in days
        for part in (html.H2(day, className="journal-day"), html.Ol([_narrow(row) for row in of_day], className="feed"))
    ]


def _narrow(row: Mapping[str, Any]) -> Component:
    return tags.Li(
        html.Span(row["seq"], className="feed-time m-num"),
        html.Span([html.Span(row["what"]), html.Span(row["who"], className="feed-who")], className="feed-words"),
        html.Time(row["local"], className="feed-time m-num"),
        key=row["id"],
    )


def _item(entry: Entry, names: Names) -> Component:
    return tags.Li(
        icon(icon_of(entry), size=16),
        html.Span(entry_sentence(entry, names), className="feed-words"),
        html.Time(_when(entry.at, names.zone), className="feed-time m-num", dateTime=entry.at.isoformat()),
        key=journal.reference(entry),
    )


def _when(at: datetime, zone: str) -> str:
    """Return the time of an entry of today, else its day."""
    day = official_day(at, zone)
    return hour(at.astimezone(ZoneInfo(zone))) if day == official_day(now(), zone) else date(day)
