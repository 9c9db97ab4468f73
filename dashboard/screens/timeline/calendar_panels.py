"""Panels of calendars: feed addresses, and the preview of an imported file."""

from collections.abc import Sequence

import dash_mantine_components as dmc
from dash import dcc, html
from dash.development.base_component import Component

from dashboard.parts import tags
from dashboard.parts.file_drop import file_place
from dashboard.parts.form import button
from dashboard.parts.icon import icon
from dashboard.parts.panel import panel
from dashboard.parts.table import table
from dashboard.wording import _, language, moment_utc, sentence
from operations.core import vocabulary
from operations.exchange.calendars import CalendarFeed
from operations.exchange.ical import MOST_BYTES, CalendarEvent

OPEN_FEED, REVOKE, BECOMES, ADOPT, FLOATING = (
    "calendar-open",
    "calendar-revoke",
    "calendar-becomes",
    "calendar-adopt",
    "calendar-floating",
)
SKIP, TASK = "skip", "task"


def feeds_panel(mine: CalendarFeed | None, operation: CalendarFeed | None, fresh: dict[str, str]) -> list[Component]:
    """Return both feed addresses; `fresh` holds a new one, by its kind, which is shown once."""
    return [
        _feed("mine", _("My phases and tasks, of all operations"), mine, fresh.get("mine")),
        _feed("operation", _("This operation, as I may see it"), operation, fresh.get("operation")),
        html.P(
            _(
                "Whoever has an address can read it without signing in. It tells titles of operations of the lowest "
                "marking; of others times, kinds and numbers. It ends with your mandate."
            ),
            className="m-dim m-small",
        ),
    ]


def _feed(what: str, words: str, found: CalendarFeed | None, address: str | None) -> Component:
    acts = [
        button(
            _("Make an address") if found is None else _("Make a new address"),
            {"type": OPEN_FEED, "of": what},
            "plain",
            "calendar-event",
            size="compact-md",
        )
    ]
    if found is not None:
        acts.append(button(_("Revoke"), {"type": REVOKE, "feed": str(found.id)}, "danger", "ban", size="compact-md"))
    said = _("No address yet.") if found is None else _("An address was made on {at}.", at=moment_utc(found.made_at))
    shown = (
        [
            tags.Div(
                html.Strong(_("Copy it now: it is shown this once.")),
                html.Code(address, id=f"calendar-address-{what}", dir="ltr"),
                html.Div(button(_("Copy"), icon_name="copy", size="compact-md", **{"data-copied": address})),
                className="calendar-address",
            )
        ]
        if address
        else []
    )
    return html.Div(
        [html.H3(words), html.P(said, className="m-dim"), *shown, html.Div(acts, className="timeline-acts")],
        className="m-stack",
    )


def too_large() -> str:
    """Return the message for a file over the size limit: the browser does not send it, and the server refuses it."""
    return _("The file is larger than {most} KB. Divide it.", most=MOST_BYTES // 2**10)


def import_panel(upload_id: str, found_id: str, store_id: str, to: str) -> Component:
    """Return the drop area of a file, which is sent to the address `to`, and the container of its preview."""
    drop = dcc.Upload(
        tags.Div(
            icon("file-import", size=22),
            html.Strong(_("Drop an iCalendar file (.ics) here, or choose it")),
            html.Span(_("At most {most} KB", most=MOST_BYTES // 2**10), className="m-dim m-small"),
            className="layers-drop",
        ),
        id=upload_id,
        accept=".ics,text/calendar",
        className="layers-upload",
        className_active="is-over",
    )
    place = file_place(drop, to, store_id, f"{upload_id}-refused", MOST_BYTES, too_large())
    return panel(_("Dates from a calendar"), *place, html.Div(id=found_id))


def found_table(found: Sequence[CalendarEvent], name: str, *, floating: bool, zone: str) -> Component:
    """Return each event of a file with its times or why it cannot be imported, and the choice of what it becomes."""
    kinds = [{"value": SKIP, "label": _("Leave out")}, {"value": TASK, "label": _("Task")}]
    kinds += vocabulary.options("CL-PHASE", language())
    rows = [_row(at, each, kinds) for at, each in enumerate(found)]
    words = _("Read times without a zone as times of {zone}", zone=zone)
    head = [_("Event"), _("Begins"), _("Ends"), _("Becomes")]
    some = any(each.flaw is None for each in found)
    return tags.Div(
        html.H3([_("File"), " ", html.Bdi(name)]),
        dmc.Switch(id=FLOATING, label=words, checked=floating, size="sm"),
        table(head, rows, "calendar-found", _("Events of the file")),
        *([html.Div(button(_("Take them over"), ADOPT, "primary", "check"))] if some else []),
        className="m-stack",
    )


def _row(at: int, each: CalendarEvent, kinds: list[dict[str, str]]) -> Component:
    title = html.Bdi(each.title or _("(no title)"))
    if each.flaw is not None:
        return html.Tr([html.Td(title), html.Td(sentence(each.flaw), colSpan=3, className="board-late")])
    note = [html.Br(), html.Span(sentence(each.note), className="m-dim")] if each.note else []
    choice = dmc.Select(
        id={"type": BECOMES, "at": at},
        data=kinds if each.starts is not None else kinds[:2],
        value=TASK,
        size="xs",
        comboboxProps={"withinPortal": True},
        **{"aria-label": _("What {title} becomes", title=each.title or at + 1)},
    )
    times = [html.Td(moment_utc(when), className="calendar-when") for when in (each.starts, each.ends)]
    return html.Tr([html.Td([title, *note]), *times, html.Td(choice)])
