"""Journal of one operation: everything that happened, in sentences, and the check of its hash chain."""

from collections import Counter
from collections.abc import Sequence
from enum import StrEnum
from typing import Any
from zoneinfo import ZoneInfo

from dash import Input, Output, State, dcc, html, no_update
from dash.development.base_component import Component
from sqlmodel import Session

from dashboard.frame.interactions import Done, Press, does, follows, unless_hash
from dashboard.frame.live_parts import same_for_role
from dashboard.frame.operation_page import OPERATION, Parts, operation_page
from dashboard.frame.policy import screen
from dashboard.frame.shell import page
from dashboard.parts.chain_check import verdict_of
from dashboard.parts.form import button
from dashboard.parts.grid import grid, number_column, text_column
from dashboard.parts.journal_list import journal_days, site_names
from dashboard.places import JOURNAL
from dashboard.screens.journal.files import extract_button
from dashboard.server.access import actor, known_id, reading
from dashboard.telling.names import Names, names_for
from dashboard.telling.sentences import entry_sentence
from dashboard.wording import _, date, hour, language
from operations.core import journal, pulse
from operations.core.errors import NotPermitted
from operations.core.journal import Entry
from operations.core.people import Actor
from operations.core.permissions import Act
from operations.core.vocabulary import Role
from operations.policing.map_plan.entry_visibility import numbered, reads_all
from operations.policing.operation import plan

NAV = JOURNAL
AUDIENCE = same_for_role
PAGE = 200


class Ids(StrEnum):
    """Element ids of this page."""

    OLDER_FROM = "journal-older-from"
    GRID = "journal-grid"
    LIST = "journal-list"
    OLDER = "journal-older"
    OLDER_ROW = "journal-older-row"
    CHECK = "journal-check"
    VERDICT = "journal-verdict"


@operation_page(NAV)
def layout(session: Session, operation: plan.Operation, by: Actor) -> Parts:
    """Return the newest entries, the button for older ones, and the chain check for readers of the whole journal."""
    rows, older, all_shown = contents(session, operation, by)
    seen = heard(session, operation, by)
    actions = extract_button(operation.id, by)
    if reads_all(operation, by):
        actions.append(button(_("Check the chain"), id=Ids.CHECK, kind="plain", icon_name="shield-check"))
    return page(
        _("Journal"),
        dcc.Store(id=Ids.OLDER_FROM, data=older),
        html.Div(id=Ids.VERDICT, role="status"),
        html.Div(
            grid(
                Ids.GRID,
                columns(operation.zone),
                rows,
                height="100%",
                export="journal",
                empty=_("Nothing has happened yet. Every change to the operation appears here."),
            ),
            className="journal-grid",
        ),
        html.Div(journal_days(rows), id=Ids.LIST, className="journal-narrow", **unless_hash(seen)),
        html.Div(
            button(_("Load older entries"), id=Ids.OLDER, kind="quiet", icon_name="arrow-down"),
            id=Ids.OLDER_ROW,
            className="journal-older",
            hidden=all_shown,
        ),
        lead=_("Every change, by whom and when. Entries are never edited or removed."),
        actions=actions,
        wide=True,
    )


def contents(
    session: Session, operation: plan.Operation, by: Actor, shown: Sequence[Any] | None = None
) -> tuple[list[dict[str, Any]], int | None, bool]:
    """Return the newest entries (`shown` or a page), the number where older ones begin, and whether there are none.

    All are rendered anew each time: the entries that a person may know of the past, and so their numbers, depend on
    current permissions.
    """
    rows, older = rows_of(session, operation, by, limit=max(PAGE, len(shown or ())))
    return rows, older, older is None


def heard(session: Session, operation: plan.Operation, by: Actor, **_given: Any) -> Any:
    """Return a marker that changes with every entry that this person may know."""
    return pulse.number(pulse.counts_of(session, by, operation.id))


SHOWN = (Output(Ids.GRID, "rowData"), Output(Ids.OLDER_FROM, "data"), Output(Ids.OLDER_ROW, "hidden"))
show_new = follows(
    contents,
    *SHOWN,
    act=Act.JOURNAL_READ,
    operation=OPERATION,
    unless=heard,
    on=Ids.LIST,
    shown=State(Ids.GRID, "rowData"),
)


@does(
    Ids.OLDER,
    act=Act.JOURNAL_READ,
    operation=OPERATION,
    given={"before": State(Ids.OLDER_FROM, "data"), "shown": State(Ids.GRID, "rowData")},
    shows=SHOWN,
)
def load_older(press: Press, before: int | None, shown: list[dict[str, Any]] | None) -> Done:
    """Add the page before the oldest entry that is shown."""
    if before is None:
        return Done(shown=(no_update, no_update, True))
    with reading() as session:
        operation = plan.operation(session, press.operation_id, press.by)
        rows, older = rows_of(session, operation, press.by, before)
    return Done(shown=((shown or []) + rows, older, older is None))


@screen(Output(Ids.LIST, "children"), Input(Ids.GRID, "rowData"), act=Act.JOURNAL_READ, prevent_initial_call=True)
def show_list(rows: list[dict[str, Any]] | None) -> list[Component]:
    """Return the same entries as a list, for a narrow screen."""
    return journal_days(rows or [])


@does(Ids.CHECK, act=Act.JOURNAL_READ, operation=OPERATION, shows=(Ids.VERDICT,))
def check(press: Press) -> Done:
    """Verify the whole hash chain and show the result."""
    return Done(shown=(verdict(str(press.operation_id)),))


def verdict(operation_id: str) -> Component:
    """Return the state of the chain in words, for readers of the whole operation; it spans all operations."""
    by = actor()
    with reading() as session:
        operation = plan.operation(session, known_id(operation_id), by)
        if not reads_all(operation, by):
            raise NotPermitted
        found = journal.verify(session)
    return verdict_of(found, by.role is Role.AUDITOR)


def rows_of(
    session: Session, operation: plan.Operation, by: Actor, before: int | None = None, limit: int = PAGE
) -> tuple[list[dict[str, Any]], int | None]:
    """Return rows for the grid, newest first, and the number from which older ones begin (None: there are none).

    Numbers are the reader's own, see `numbered`.
    """
    found = numbered(session, operation, by, limit, before)
    names = names_for(
        [entry for _number, entry in found], language(), operation.zone, site_names(session, operation.id)
    )
    return as_rows(found, names), found[-1][0] if found and found[-1][0] > 1 else None


def as_rows(entries: Sequence[tuple[int, Entry]], names: Names) -> list[dict[str, Any]]:
    """Return a row for each numbered entry, with its time in the operation's zone and in UTC.

    Of several entries of one moment about one thing, the oldest is keyed by their reference alone, so that a new one
    does not change the keys of existing rows.
    """
    rows: list[dict[str, Any]] = []
    named = Counter[str]()
    for count, entry in reversed(entries):
        reference = journal.reference(entry)
        named[reference] += 1
        local = entry.at.astimezone(ZoneInfo(names.zone))
        rows.append(
            {
                "id": reference if named[reference] == 1 else f"{reference}-{named[reference]}",
                "seq": count,
                "reference": reference,
                "day": date(local.date()),
                "local": hour(local),
                "utc": f"{hour(entry.at)} UTC",
                "what": entry_sentence(entry, names),
                "who": entry.actor_name,
                "country": names.country(entry.country) if entry.country else "",
            }
        )
    return rows[::-1]


def columns(zone: str) -> list[dict[str, Any]]:
    """Return the grid's columns; the sentence takes the remaining width."""
    return [
        number_column("seq", _("Entry"), width=120, sort="desc"),
        text_column("day", _("Day"), width=140, flex=0),
        text_column("local", _("Local time"), width=130, flex=0, headerTooltip=zone),
        text_column("utc", _("UTC"), width=130, flex=0),
        text_column(
            "what", _("What happened"), flex=1, minWidth=320, wrapText=True, autoHeight=True, cellClass="journal-what"
        ),
        text_column("country", _("Country"), width=160, flex=0),
        text_column("who", _("Who"), width=190, flex=0),
        text_column(
            "reference",
            _("Reference"),
            width=130,
            flex=0,
            cellClass="m-num",
            headerTooltip=_("The same for everybody who may read the entry: quote it, and filter this column by it."),
        ),
    ]
