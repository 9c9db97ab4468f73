"""The timeline's calendars: addresses for calendar programs, and dates that come from their files."""

import base64
import binascii
from typing import Any

import flask
from dash import ALL, Input, Output, State, ctx, dcc, html, no_update
from dash.development.base_component import Component
from sqlmodel import Session

from dashboard.access import actor, known_id, reading, unit_of_work
from dashboard.components import calendar_panels
from dashboard.components.calendar_panels import ADOPT, BECOMES, FLOATING, OPEN_FEED, REVOKE, SKIP
from dashboard.components.journal_told import isolated
from dashboard.components.panel import panel
from dashboard.pages.timeline_ids import Ids
from dashboard.policy import screen
from dashboard.refusals import Kind, say
from dashboard.wording import _, ngettext, sentence
from operations.core.drafts import parse
from operations.core.errors import RuleBroken
from operations.core.permissions import Act
from operations.exchange import calendar_adoption, calendars, ical
from operations.exchange.calendar_adoption import Adoption
from operations.policing import plan
from operations.policing.plan import Operation


def panels(shown: list[Component], *, imports: bool) -> Component:
    """The tab of calendars."""
    parts = [panel(_("Calendar addresses"), html.Div(shown, id=Ids.FEEDS, className="m-stack"))]
    if imports:
        parts.append(calendar_panels.import_panel(Ids.UPLOAD, Ids.FOUND))
    return html.Div([*parts, dcc.Store(id=Ids.FILE)], className="calendar-parts")


# ------------------------------------------------------------------------------------------------------- feeds


def feeds(session: Session, operation: Operation, fresh: dict[str, str] | None = None) -> list[Component]:
    """Both addresses as the reader has them."""
    mine, own = calendars.feed(session, None), calendars.feed(session, operation.id)
    return calendar_panels.feeds_panel(mine, own, fresh or {})


@screen(
    Output(Ids.FEEDS, "children"),
    Input({"type": OPEN_FEED, "of": ALL}, "n_clicks"),
    State(Ids.OPERATION, "data"),
    act=Act.CALENDAR_FEED,
    prevent_initial_call=True,
)
def open_feed(clicks: list[int | None], operation_id: str) -> Any:
    """Make an address, and show it this once."""
    pressed = ctx.triggered_id
    if not isinstance(pressed, dict) or not any(clicks):
        return no_update
    ident, by, of = known_id(operation_id), actor(), pressed["of"]
    with unit_of_work() as session:
        made = calendars.open_feed(session, ident if of == "operation" else None, by)
    with reading() as session:
        origin = flask.request.headers.get("origin", flask.request.host_url.rstrip("/"))  # the gate has compared it
        address = f"{origin}/calendar/{made.token}.ics"
        return feeds(session, plan.operation(session, ident, by), {of: address})


@screen(
    Output(Ids.FEEDS, "children", allow_duplicate=True),
    Input({"type": REVOKE, "feed": ALL}, "n_clicks"),
    State(Ids.OPERATION, "data"),
    act=Act.CALENDAR_FEED,
    prevent_initial_call=True,
)
def revoke(clicks: list[int | None], operation_id: str) -> Any:
    """Let an address stop working."""
    pressed = ctx.triggered_id
    if not isinstance(pressed, dict) or not any(clicks):
        return no_update
    with unit_of_work() as session:
        calendars.revoke(session, known_id(pressed["feed"]), actor())
    say(_("Revoked. The address no longer answers."))
    with reading() as session:
        return feeds(session, plan.operation(session, known_id(operation_id), actor()))


# ------------------------------------------------------------------------------------------------- dates from a file


@screen(
    Output(Ids.FOUND, "children"),
    Output(Ids.FILE, "data"),
    Output(Ids.UPLOAD, "contents"),
    Input(Ids.UPLOAD, "contents"),
    State(Ids.UPLOAD, "filename"),
    State(Ids.OPERATION, "data"),
    act=Act.OPERATION_EDIT,
    prevent_initial_call=True,
)
def read_file(contents: str | None, name: str | None, operation_id: str) -> Any:
    """Show what a file of dates holds. Its reader's browser keeps it; nothing is kept here until it is taken over."""
    if not contents:
        return no_update, no_update, no_update
    file = {"name": name or "", "contents": contents, "floating": False}
    return _found(file, operation_id), file, None


@screen(
    Output(Ids.FOUND, "children", allow_duplicate=True),
    Output(Ids.FILE, "data", allow_duplicate=True),
    Input(FLOATING, "checked"),
    State(Ids.FILE, "data"),
    State(Ids.OPERATION, "data"),
    act=Act.OPERATION_EDIT,
    prevent_initial_call=True,
)
def read_again(floating: bool | None, file: dict[str, Any] | None, operation_id: str) -> Any:
    """Read times without a zone as those of the operation, or no longer."""
    if not file or file["floating"] == bool(floating):
        return no_update, no_update
    file["floating"] = bool(floating)
    return _found(file, operation_id), file


@screen(
    Output(Ids.FOUND, "children", allow_duplicate=True),
    Output(Ids.FILE, "data", allow_duplicate=True),
    Input(ADOPT, "n_clicks"),
    State({"type": BECOMES, "at": ALL}, "value"),
    State({"type": BECOMES, "at": ALL}, "id"),
    State(Ids.FILE, "data"),
    State(Ids.OPERATION, "data"),
    act=Act.OPERATION_EDIT,
    prevent_initial_call=True,
    running=[(Output(ADOPT, "loading"), True, False)],
)
def adopt(
    clicks: int | None,
    values: list[str],
    places: list[dict[str, Any]],
    file: dict[str, Any] | None,
    operation_id: str,
) -> Any:
    """Let the chosen events become phases and tasks, all or none."""
    if not clicks or not file:
        return no_update, no_update
    ident, by = known_id(operation_id), actor()
    with reading() as session:
        zone = plan.operation(session, ident, by).zone
    chosen = _chosen(_read(file, zone), places, values)
    try:
        with unit_of_work() as session:
            count = calendar_adoption.adopt(session, ident, chosen, by)
    except RuleBroken as broken:
        said = (f"{isolated(chosen[int(flaw.field)].name)}: {sentence(flaw)}" for flaw in broken.flaws)
        say(" ".join(said), Kind.REFUSED)
        return no_update, no_update
    say(ngettext("{n} event was taken over.", "{n} events were taken over.", count))
    return [], None


def _chosen(found: list[ical.Found], places: list[dict[str, Any]], values: list[str]) -> list[Adoption]:
    """The events that are to become something. Raises RuleBroken where there is none."""
    chosen = []
    for place, becomes in zip(places, values, strict=True):
        each = found[place["at"]] if place["at"] < len(found) else None
        if each is not None and becomes != SKIP and each.flaw is None:
            content = {"uid": each.uid, "becomes": becomes, "starts": each.starts, "ends": each.ends}
            chosen.append(parse(Adoption, {**content, "name": each.title or each.uid[:80]}))
    if not chosen:
        raise RuleBroken("", "Nothing is chosen: say what the events become.")
    return chosen


def _read(file: dict[str, Any], zone: str) -> list[ical.Found]:
    return ical.read(_bytes_of(file["contents"]), zone, zone_for_floating=file["floating"])


def _found(file: dict[str, Any], operation_id: str) -> Component:
    with reading() as session:
        zone = plan.operation(session, known_id(operation_id), actor()).zone
    return calendar_panels.found_table(_read(file, zone), file["name"], floating=file["floating"], zone=zone)


def _bytes_of(contents: str) -> bytes:
    """The bytes of a data URL. Raises RuleBroken for what is too large or none."""
    _head, _comma, packed = contents.partition(",")
    if len(packed) > ical.MOST_BYTES * 4 // 3 + 4:
        raise RuleBroken("file", "The file is larger than {most} KB. Divide it.", most=ical.MOST_BYTES // 2**10)
    try:
        return base64.b64decode(packed, validate=True)
    except binascii.Error:
        raise RuleBroken("file", "The file did not arrive whole: choose it again.") from None
