"""Callbacks of the calendars tab: feed addresses for calendar programs, and the import of dates from their files."""

from datetime import datetime
from typing import Any
from uuid import UUID

import flask
from dash import ALL, Input, Output, State, dcc, html, no_update
from dash.development.base_component import Component
from sqlmodel import Session

from dashboard.frame.interactions import Done, Press, does
from dashboard.frame.policy import screen
from dashboard.parts.panel import panel
from dashboard.refusals import Explained, NoticeKind, say
from dashboard.screens.timeline import calendar_panels
from dashboard.screens.timeline.calendar_panels import ADOPT, BECOMES, FLOATING, OPEN_FEED, REVOKE, SKIP
from dashboard.screens.timeline.date_files import address as dates_address
from dashboard.screens.timeline.ids import Ids
from dashboard.server.access import actor, known_id, reading
from dashboard.telling.names import isolated
from dashboard.wording import _, ngettext, sentence
from operations.core.drafts import parse
from operations.core.errors import Flaw, RuleBroken
from operations.core.permissions import Act
from operations.exchange import calendar_adoption, calendars, ical
from operations.exchange.calendar_adoption import Adoption
from operations.policing.operation import plan
from operations.policing.operation.plan import Operation

_AS_SAID = "{said}"


def panels(shown: list[Component], operation_id: UUID, *, imports: bool) -> Component:
    """Return the tab of calendars."""
    parts = [panel(_("Calendar addresses"), html.Div(shown, id=Ids.FEEDS, className="m-stack"))]
    if imports:
        parts.append(calendar_panels.import_panel(Ids.UPLOAD, Ids.FOUND, Ids.FILE, dates_address(operation_id)))
    return html.Div([*parts, dcc.Store(id=Ids.FILE)], className="calendar-parts")


# ------------------------------------------------------------------------------------------------------- feeds


def feeds(session: Session, operation: Operation, fresh: dict[str, str] | None = None) -> list[Component]:
    """Return the reader's two feed addresses."""
    mine, own = calendars.feed(session, None), calendars.feed(session, operation.id)
    return calendar_panels.feeds_panel(mine, own, fresh or {})


_FEEDS = (Output(Ids.FEEDS, "children"),)


@does({"type": OPEN_FEED, "of": ALL}, act=Act.CALENDAR_FEED, operation=Ids.OPERATION, shows=_FEEDS)
def open_feed(press: Press) -> Done:
    """Make a feed address, and show it once."""
    of = press.subject["of"]
    made = calendars.open_feed(press.session, press.operation_id if of == "operation" else None, press.by)
    origin = flask.request.headers.get("origin", flask.request.host_url.rstrip("/"))  # checked by the gate
    address = f"{origin}/calendar/{made.token}.ics"
    return Done(shown=(feeds(press.session, press.operation, {of: address}),))


@does({"type": REVOKE, "feed": ALL}, act=Act.CALENDAR_FEED, operation=Ids.OPERATION, shows=_FEEDS)
def revoke(press: Press) -> Done:
    """Revoke a feed address."""
    calendars.revoke(press.session, known_id(press.subject["feed"]), press.by)
    return Done(_("Revoked. The address no longer answers."), shown=(feeds(press.session, press.operation),))


# ------------------------------------------------------------------------------------------------- dates from a file


@screen(
    Output(Ids.FOUND, "children"),
    Input(Ids.FILE, "data"),
    State(Ids.OPERATION, "data"),
    act=Act.OPERATION_EDIT,
    prevent_initial_call=True,
)
def show_file(file: dict[str, Any] | None, operation_id: str) -> Any:
    """Show the content of a file of dates. The browser holds it; the server stores nothing until it is imported."""
    if not file:
        return []
    with reading() as session:
        zone = plan.operation(session, known_id(operation_id), actor()).zone
    floating = bool(file.get("floating"))
    return calendar_panels.found_table(_found(file), str(file["name"]), floating=floating, zone=zone)


@screen(
    Output(Ids.FILE, "data"),
    Input(FLOATING, "checked"),
    State(Ids.FILE, "data"),
    act=Act.OPERATION_EDIT,
    prevent_initial_call=True,
)
def read_again(floating: bool | None, file: dict[str, Any] | None) -> Any:
    """Treat times without a zone as those of the operation's zone, or ignore them again."""
    if not file or bool(file.get("floating")) == bool(floating):
        return no_update
    return file | {"floating": bool(floating)}


@does(
    ADOPT,
    act=Act.OPERATION_EDIT,
    operation=Ids.OPERATION,
    shows=(Output(Ids.FILE, "data"),),
    given={
        "becomes": State({"type": BECOMES, "at": ALL}, "value"),
        "events": State({"type": BECOMES, "at": ALL}, "id"),
        "file": State(Ids.FILE, "data"),
    },
    running=[(Output(ADOPT, "loading"), True, False)],
)
def adopt(press: Press, becomes: list[str], events: list[dict[str, Any]], file: dict[str, Any] | None) -> Done:
    """Import the chosen events as phases and tasks, all or none."""
    if not file:
        return Done()
    chosen = _chosen(_found(file), events, becomes)
    try:
        count = calendar_adoption.adopt(press.session, press.operation_id, chosen, press.by)
    except RuleBroken as broken:
        said = (f"{isolated(chosen[int(flaw.field)].name)}: {sentence(flaw)}" for flaw in broken.flaws)
        say(" ".join(said), NoticeKind.REFUSED)
        raise Explained from None
    return Done(ngettext("{n} event was taken over.", "{n} events were taken over.", count), shown=(None,))


def _chosen(found: list[ical.CalendarEvent], places: list[dict[str, Any]], values: list[str]) -> list[Adoption]:
    """Return the chosen events. Raises RuleBroken where there is none."""
    chosen = []
    for place, becomes in zip(places, values, strict=True):
        each = found[place["at"]] if place["at"] < len(found) else None
        if each is not None and becomes != SKIP and each.flaw is None:
            content = {"uid": each.uid, "becomes": becomes, "starts": each.starts, "ends": each.ends}
            chosen.append(parse(Adoption, {**content, "name": each.title or each.uid[:80]}))
    if not chosen:
        raise RuleBroken("", "Choose what each event becomes.")
    return chosen


def _found(file: dict[str, Any]) -> list[ical.CalendarEvent]:
    """Return the events that the browser sends back, validated. Raises RuleBroken where they were altered."""
    try:
        return [
            ical.CalendarEvent(
                uid=str(event["uid"]),
                title=str(event["title"]),
                starts=None if event["starts"] is None else datetime.fromisoformat(event["starts"]),
                ends=None if event["ends"] is None else datetime.fromisoformat(event["ends"]),
                flaw=_flaw(event["flaw"]),
                note=_flaw(event["note"]),
            )
            for event in file["zoned" if not file.get("floating") else "local"]
        ]
    except (KeyError, TypeError, ValueError):
        raise RuleBroken("file", "This file is no longer stored. Choose it again.") from None


def _flaw(said: str | None) -> Flaw | None:
    return None if said is None else Flaw("", _AS_SAID, {"said": str(said)})
