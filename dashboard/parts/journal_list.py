"""Feed of journal entries, newest first."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date as Date  # noqa: N812 - `date` is the function of wording
from datetime import datetime
from functools import lru_cache
from itertools import groupby
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from dash import html
from dash.development.base_component import Component
from sqlmodel import Session

from dashboard.parts import tags
from dashboard.parts.icon import icon
from dashboard.parts.markup import Markup, StaticElement, element
from dashboard.parts.panel import empty_state
from dashboard.telling.names import Names, names_for
from dashboard.telling.sentences import entry_sentence, icon_of
from dashboard.wording import _, date, hour, joined, language, ngettext
from operations.core import journal
from operations.core.clock import now, official_day
from operations.core.journal import Entry
from operations.policing.map_plan import places
from operations.policing.operation import plan

LINES = 12
"""The lines of a feed."""


def site_names(session: Session, operation_id: UUID) -> dict[UUID, str]:
    """Return the names of the operation's open sites by id."""
    return {site.id: site.name for site in places.sites(session, operation_id)}


def journal_feed(entries: Sequence[Entry], operation: plan.Operation, sites: dict[UUID, str]) -> list[Component]:
    """Return a short list for a board: the time in the operation's zone, and a sentence without a person's name.

    What was done of one kind on one day is one line, which opens to its entries. It counts these entries and nothing
    else, so that it tells a reader nothing that the entries do not.
    """
    if not entries:
        return [empty_state(_("Nothing has happened yet"), _("Every change to the operation appears here."), "history")]
    names = names_for(entries, language(), operation.zone, sites)
    kinds: dict[tuple[Date, str], list[Entry]] = {}
    for entry in entries:
        kinds.setdefault((official_day(entry.at, operation.zone), entry.act), []).append(entry)
    lines = [
        _item(alike[0], names) if len(alike) == 1 else _group(day, act, alike, names)
        for (day, act), alike in kinds.items()
    ]
    return [html.Ol(lines[:LINES], className="feed")]


def journal_days(rows: Sequence[Mapping[str, Any]]) -> list[Component]:
    """Return rows of the journal (day, local, what, who, seq) as lists by day, for a narrow screen."""
    if not rows:
        return [empty_state(_("Nothing has happened yet"), _("Every change to the operation appears here."), "history")]
    parts: list[StaticElement] = []
    for day, of_day in groupby(rows, key=lambda row: row["day"]):
        parts.append(element("h2", day, className="journal-day"))
        parts.append(element("ol", *map(_narrow, of_day), className="feed"))
    return [Markup(parts)]


def _narrow(row: Mapping[str, Any]) -> StaticElement:
    return element(
        "li",
        element("span", row["seq"], className="feed-time m-num"),
        element(
            "span",
            element("span", row["what"]),
            element("span", row["who"], className="feed-who"),
            className="feed-words",
        ),
        element("time", row["local"], className="feed-time m-num"),
    )


def _group(day: Date, act: str, alike: Sequence[Entry], names: Names) -> Component:
    """Return several entries of one act on one day as a line. `alike` are newest first."""
    newest, oldest = alike[0], alike[-1]
    since, until = (hour(entry.at.astimezone(ZoneInfo(names.zone))) for entry in (oldest, newest))
    span = until if since == until else f"\u2068{since}–{until}\u2069"
    when = span if day == official_day(now(), names.zone) else joined((date(day), span))
    return tags.Li(
        icon(icon_of(newest), size=16),
        tags.Details(
            html.Summary(_group_words(act, alike, names), className="feed-words"),
            html.Ol([_item(entry, names) for entry in alike], className="feed"),
        ),
        html.Time(when, className="feed-time m-num", dateTime=newest.at.isoformat()),
        key=f"{act} {day.isoformat()}",
        **_of(alike),
    )


def _group_words(act: str, alike: Sequence[Entry], names: Names) -> str:
    """Return a group as a sentence: who did it, and how many things it was done to."""
    countries = {entry.country for entry in alike if entry.country}
    many = len({entry.object_id for entry in alike})
    if act not in _GROUPED or not countries:
        first = entry_sentence(alike[0], names)
        return ngettext("{first} And {n} more like it.", "{first} And {n} more like it.", len(alike) - 1, first=first)
    who = names.country(*countries) if len(countries) == 1 else _countries(len(countries))
    return f"{who}: {_GROUPED[act](many)}"


def _countries(many: int) -> str:
    return ngettext("{n} country", "{n} countries", many)


_GROUPED: dict[str, Callable[[int], str]] = {
    "report.submit": lambda n: ngettext("{n} report sent", "{n} reports sent", n),
    "report.correct": lambda n: ngettext("{n} report corrected", "{n} reports corrected", n),
    "report.verify": lambda n: ngettext("{n} report verified locally", "{n} reports verified locally", n),
    "report.validate": lambda n: ngettext("{n} report validated nationally", "{n} reports validated nationally", n),
    "report.consolidate": lambda n: ngettext("{n} report consolidated", "{n} reports consolidated", n),
}
"""What was done of these acts, in words, by the number of reports."""


def _item(entry: Entry, names: Names) -> Component:
    said, when = entry_sentence(entry, names), _when(entry.at, names.zone)
    return _line(icon_of(entry), said, when, entry.at.isoformat(), journal.reference(entry), *_of([entry]).items())


@lru_cache(maxsize=500)
def _line(name: str, said: str, when: str, at: str, key: str, *of: tuple[str, str]) -> Component:
    """Return an entry as a line: one object, which nobody modifies, for all who are told the same of it."""
    return tags.Li(
        icon(name, size=16),
        html.Span(said, className="feed-words"),
        html.Time(when, className="feed-time m-num", dateTime=at),
        key=key,
        **dict(of),
    )


def _of(entries: Iterable[Entry]) -> dict[str, str]:
    """Return the attribute with the countries of entries and the sites that they are about."""
    countries = {entry.country for entry in entries if entry.country}
    return {"data-of": " ".join(sorted(countries))} if countries else {}


def _when(at: datetime, zone: str) -> str:
    """Return the time of an entry of today, else its day."""
    day = official_day(at, zone)
    return hour(at.astimezone(ZoneInfo(zone))) if day == official_day(now(), zone) else date(day)
