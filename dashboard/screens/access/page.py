"""Access trail: all accesses for auditors, those to its data for a country, and one's own for everybody."""

import datetime
from collections.abc import Sequence
from enum import StrEnum
from typing import Any

from dash import Input, Output, State, dcc, html
from dash.development.base_component import Component
from sqlmodel import Session

from dashboard.frame.interactions import Done, Press, does, follows, unless_hash
from dashboard.frame.policy import screen
from dashboard.frame.shell import page
from dashboard.parts import tags
from dashboard.parts.chain_check import verdict_of
from dashboard.parts.form import Form, button, date_field, select_field
from dashboard.parts.grid import grid, number_column, text_column
from dashboard.parts.journal_list import journal_days
from dashboard.parts.panel import empty_state
from dashboard.places import TRAIL
from dashboard.server.access import actor, known_id, reading
from dashboard.telling.access import told_access
from dashboard.telling.names import Names, isolated
from dashboard.wording import N_, _, date, hour, language
from operations.core import access_trail
from operations.core.access_trail import Access, AccessKind, TrailFilter
from operations.core.errors import NotFound
from operations.core.people import Actor
from operations.core.permissions import Act, may
from operations.core.rows import by_id
from operations.policing.operation.plan import Operation

NAV = TRAIL
FILTER = Form("access")
FIELDS = ("person", "kind", "first", "last")
KINDS = {
    AccessKind.SIGNING_IN: N_("Signing in and out"),
    AccessKind.CONSULTATION: N_("Records that were opened"),
    AccessKind.DISCLOSURE: N_("What was taken along"),
}
OUTCOMES = {"done": N_("Done"), "failed": N_("Failed"), "denied": N_("Refused")}

Rows = list[dict[str, Any]]


class Ids(StrEnum):
    """Element ids of this page."""

    GRID = "access-grid"
    LIST = "access-list"
    OLDER = "access-older"
    OLDER_ROW = "access-older-row"
    AGAIN = "access-again"
    CHECK = "access-check"
    VERDICT = "access-verdict"


def layout(person: str = "", kind: str = "", first: str = "", last: str = "", **_query: str) -> Component:
    """Return the newest accesses, filtered as the address says, and for auditors the check of the chain."""
    by = actor()
    asked = {"person": person, "kind": kind, "first": first, "last": last}
    with reading() as session:
        rows, all_shown = contents(session, by, **asked)
        seen = newest(session, by, **asked)
        people = access_trail.people(session, by)
    actions = [button(_("Show what is new"), Ids.AGAIN, "quiet", "refresh")]
    if access_trail.audits(by):
        actions.append(button(_("Check the chain"), Ids.CHECK, "plain", "shield-check"))
    return page(
        _("Access trail"),
        tags.Div(
            *(
                [
                    select_field(
                        FILTER,
                        "person",
                        _("Person"),
                        [{"value": str(p.id), "label": p.name} for p in people],
                        value=person or None,
                    )
                ]
                if people
                else [dcc.Input(id=FILTER.id("person"), type="hidden", value="")]
            ),
            select_field(
                FILTER,
                "kind",
                _("What was done"),
                [{"value": each.value, "label": _(words)} for each, words in KINDS.items()],
                value=kind or None,
            ),
            date_field(FILTER, "first", _("From"), value=first or None),
            date_field(FILTER, "last", _("Until"), value=last or None),
            className="access-filter",
        ),
        html.Div(id=Ids.VERDICT, role="status"),
        html.Div(
            grid(Ids.GRID, columns(), rows, height="100%", export="access", empty=_("Nothing of this was done")),
            className="journal-grid",
        ),
        html.Div(narrow(rows), id=Ids.LIST, className="journal-narrow", **unless_hash(seen)),
        html.Div(
            button(_("Load older entries"), Ids.OLDER, "quiet", "arrow-down"),
            id=Ids.OLDER_ROW,
            className="journal-older",
            hidden=all_shown,
        ),
        lead=lead(by),
        actions=actions,
        wide=True,
    )


def lead(by: Actor) -> str:
    """Return the sentence that says which accesses this reader sees."""
    if access_trail.audits(by):
        return _(
            "Who signed in, opened a record that asks for a reason, or took something along. Days and times in UTC."
        )
    if may(by, Act.TRAIL_READ):
        return _(
            "Who opened records of your country or took its data along, and what your officers' accounts did. Of other "
            "people you read the role. Days and times in UTC."
        )
    return _("What you opened and took along, and where you signed in. Days and times in UTC.")


def wanted(person: Any = None, kind: Any = None, first: Any = None, last: Any = None) -> TrailFilter:
    """Return the filter of the form or the address. Raises NotFound for a value that the form does not offer."""
    try:
        return TrailFilter(
            known_id(person) if person else None,
            AccessKind(kind) if kind else None,
            datetime.date.fromisoformat(first) if first else None,
            datetime.date.fromisoformat(last) if last else None,
        )
    except (ValueError, TypeError):
        raise NotFound from None


def contents(
    session: Session, by: Actor, *, shown: Sequence[Any] | None = None, again: int | None = None, **asked: Any
) -> tuple[Rows, bool]:
    """Return the newest accesses, `shown` of them or one page, and whether there are no older ones."""
    limit = min(max(access_trail.PAGE, len(shown or ())), access_trail.MOST - 1)
    return _page(session, by, wanted(**asked), limit, 0)


def newest(session: Session, by: Actor, *, shown: Any = None, again: int | None = None, **asked: Any) -> Any:
    """Return a marker that changes with each access that this person may see and with the filter."""
    return [access_trail.count(session, by), again or 0, *(asked[name] or "" for name in FIELDS)]


SHOWN = (Output(Ids.GRID, "rowData"), Output(Ids.OLDER_ROW, "hidden"))
show_new = follows(
    contents,
    *SHOWN,
    act=Act.OWN_ACCOUNT,
    unless=newest,
    on=Ids.LIST,
    shown=State(Ids.GRID, "rowData"),
    again=Input(Ids.AGAIN, "n_clicks"),
    **{name: Input(FILTER.id(name), "value") for name in FIELDS},
)


@does(
    Ids.OLDER,
    act=Act.OWN_ACCOUNT,
    given={"shown": State(Ids.GRID, "rowData"), "asked": {name: State(FILTER.id(name), "value") for name in FIELDS}},
    shows=SHOWN,
)
def load_older(press: Press, shown: Rows | None, asked: dict[str, Any]) -> Done:
    """Add the page of older accesses. Newer ones may have pushed some rows on: those are not shown twice."""
    known = {row["id"] for row in shown or []}
    with reading() as session:
        rows, all_shown = _page(session, press.by, wanted(**asked), access_trail.PAGE, len(known))
    return Done(shown=((shown or []) + [row for row in rows if row["id"] not in known], all_shown))


@screen(Output(Ids.LIST, "children"), Input(Ids.GRID, "rowData"), act=Act.OWN_ACCOUNT, prevent_initial_call=True)
def narrow(rows: Rows | None) -> list[Component]:
    """Return the same rows as a list, for a narrow screen."""
    if not rows:
        return [empty_state(_("Nothing of this was done"), _("Choose other days, or leave out the filter."), "eye-off")]
    return journal_days(rows)


@does(Ids.CHECK, act=Act.TRAIL_READ, shows=(Ids.VERDICT,))
def check(press: Press) -> Done:
    """Verify the hash chain of the trail and show the result."""
    with reading() as session:
        return Done(shown=(verdict_of(access_trail.check(session, press.by), audits=True),))


def _page(session: Session, by: Actor, which: TrailFilter, limit: int, skip: int) -> tuple[Rows, bool]:
    found = access_trail.read(session, by, which, limit + 1, skip)
    return as_rows(session, found[:limit], access_trail.count(session, by, which) - skip), len(found) <= limit


def as_rows(session: Session, found: Sequence[Access], first: int) -> Rows:
    """Return a grid row for each access, numbered among those that the reader may see; `first`: the newest's number.

    Operations are named by their titles where the reader may see them.
    """
    known = by_id(session, Operation, (each.entry.operation_id for each in found))
    titles = {ident: each.title for ident, each in known.items()}
    names = Names(language(), "UTC")
    return [
        {
            "id": f"own-{first - place}",
            "seq": "",
            "day": date(access.entry.at.date()),
            "local": hour(access.entry.at),
            "what": told_access(access.entry, names),
            "who": who(access.who, names),
            "role": role(access.who, names),
            "operation": titles.get(access.entry.operation_id, ""),
            "things": access.things,
            "outcome": _(OUTCOMES[access.entry.outcome]),
            "source": access.source,
        }
        for place, access in enumerate(found)
    ]


def who(person: access_trail.TrailPerson, names: Names) -> str:
    """Return the name of a person, or the words that replace it where the reader may not know it."""
    if person.name:
        return isolated(person.name)
    return role(person, names) or _("Unknown")


def role(person: access_trail.TrailPerson, names: Names) -> str:
    """Return role, unit and country, as far as they are known."""
    known = names.code("CL-ROLE", person.role) if person.role else ""
    country = names.country(person.country) if person.country else ""
    return " · ".join(filter(None, (known, isolated(person.unit) if person.unit else "", country)))


def columns() -> list[dict[str, Any]]:
    """Return the grid's columns, newest first; the sentence takes the remaining width."""
    return [
        text_column("day", _("Day"), width=120, flex=0, sortable=False),
        text_column("local", _("UTC"), width=90, flex=0, sortable=False),
        text_column("who", _("Who"), width=160, flex=0),
        text_column("role", _("Role"), width=170, flex=0),
        text_column(
            "what", _("What was done"), flex=1, minWidth=230, wrapText=True, autoHeight=True, cellClass="journal-what"
        ),
        text_column("operation", _("Operation"), width=150, flex=0),
        number_column("things", _("Rows"), width=100, headerTooltip=_("Rows or objects that were taken along")),
        text_column("outcome", _("Outcome"), width=115, flex=0),
        text_column("source", _("Address"), width=130, flex=0, cellClass="m-num"),
    ]
