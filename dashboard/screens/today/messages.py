"""Messages to this person, unread first. Opening one leads to its subject."""

from collections.abc import Hashable, Mapping
from datetime import timedelta
from enum import StrEnum
from functools import partial
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from dash import Output, State, dcc, html
from dash.development.base_component import Component
from sqlmodel import Session

from dashboard.frame.interactions import Done, Press, does, followed, follows
from dashboard.frame.shell import UNREAD, bell
from dashboard.parts import tags
from dashboard.parts.badges import state_badge
from dashboard.parts.form import button
from dashboard.parts.grouped_items import folded
from dashboard.parts.icon import icon
from dashboard.parts.panel import panel
from dashboard.wording import N_, _, ago, coded, date, moment, moment_utc, ngettext, number, said
from operations.core.people import Actor
from operations.core.permissions import Act
from operations.core.rows import by_id
from operations.core.vocabulary import MessageKind
from operations.notices import inbox
from operations.notices.inbox import InboxMessage
from operations.policing.operation.plan import Operation
from operations.worklist_entries import ADDRESS

_ICONS = {
    MessageKind.REPORT_DUE: "clipboard-list",
    MessageKind.REPORT_MISSING: "file-alert",
    MessageKind.WAITS: "checkbox",
    MessageKind.WAITS_LATE: "hourglass",
    MessageKind.COUNTRY_SILENT: "alert-circle",
    MessageKind.PHASE_BEGAN: "player-play",
    MessageKind.PHASE_ENDED: "player-stop",
    MessageKind.POSTED: "map-pin",
    MessageKind.POSTING_CHANGED: "calendar-event",
    MessageKind.RELIEVED: "logout",
    MessageKind.MANDATE_ENDING: "hourglass",
    MessageKind.ACCOUNT_UNUSED: "user-off",
    MessageKind.ACCOUNT_LINKED: "link",
    MessageKind.CHECK_IN_OVERDUE: "urgent",
    MessageKind.DEPLOYMENT_ENDING: "hourglass",
    MessageKind.CERTIFICATE_ENDING: "certificate",
    MessageKind.REST_SHORT: "moon",
    MessageKind.NOTICES_UNCHECKED: "user-search",
    MessageKind.RESTATED: "file-alert",
    MessageKind.EQUIPMENT_DORMANT: "player-pause",
    MessageKind.TRAINING_GAP: "user-off",
    MessageKind.TRAINER_LAPSED: "player-pause",
    MessageKind.ACCESS_MANY: "eye",
    MessageKind.ACCESS_OUTSIDE: "eye-check",
    MessageKind.ACCESS_AT_NIGHT: "moon",
    MessageKind.ACCESS_BIG: "file-export",
    MessageKind.ERASURE_DUE: "hourglass",
    MessageKind.ERASED: "trash",
    MessageKind.CHAIN_BROKEN: "alert-triangle",
    MessageKind.BACKUP_FAILED: "database",
    MessageKind.INSTALLATION: "heartbeat",
    MessageKind.NEW_DEVICE: "device-desktop",
    MessageKind.WEBHOOK_SILENT: "plug-connected-x",
    MessageKind.CENTRE_UNREACHED: "plug-connected-x",
    MessageKind.SITUATION_REPORT: "report",
    MessageKind.LEGAL_HOLD: "lock",
}
_TO_DO = {
    MessageKind.CHAIN_BROKEN: N_("Change nothing. Ask whoever keeps the server to run muster verify, and the auditor."),
    MessageKind.BACKUP_FAILED: N_("Ask whoever keeps the server to look at the folder of backups and its free space."),
}


ALL, MOST_OLD = "all", 20
"""What the address says where every message is shown; else there are so many of those that are long past."""
LONG = timedelta(days=365)
"""So long after its time what a message is about is long past."""


class Ids(StrEnum):
    """Element ids of this page."""

    LIST = "inbox-list"
    READ_ALL = "inbox-read-all"
    TOLD = "inbox-told"


def messages_panel(session: Session, by: Actor, told: str) -> Component:
    """Return the messages with their button that marks all as read, and the way to how one is told."""
    return panel(
        _("What was told"),
        dcc.Store(id=Ids.TOLD, data=told),
        followed(Ids.LIST, contents(session, by, told)),
        flush=True,
        id="told",
        actions=[
            button(_("Mark all as read"), Ids.READ_ALL, "quiet", "checks", size="compact-sm"),
            dcc.Link([icon("settings", 18), html.Span(_("How you are told"))], href="/account", className="inbox-how"),
        ],
    )


def contents(session: Session, by: Actor, told: str | None = None) -> list[Component]:
    """Return the messages, or a hint on what will arrive where there are none. `told`: `ALL`, or those of late."""
    found = inbox.messages(session, by)
    if not found:
        return [
            html.P(_("No message yet. The bell counts those that you have not read."), className="inbox-none m-dim")
        ]
    owners = _owners(session, found)
    kept: dict[str, list[InboxMessage]] = {"": [], "to do": [], "old": []}
    for message in inbox.grouped(found):
        kept[_fold(message)].append(message)
    to_do, old = len(kept["to do"]), len(kept["old"])
    folds = {
        "to do": ngettext("{n} about what is to do", "{n} about what is to do", to_do),
        "old": ngettext("{n} about what is done or long past", "{n} about what is done or long past", old),
    }
    shown: list[Component] = [html.Ul(_rows(kept[""], owners), className="inbox")]
    for name, words in folds.items():
        if kept[name]:
            windowed = name == "old" and told != ALL and len(kept[name]) > MOST_OLD
            items = _rows(kept[name][:MOST_OLD] if windowed else kept[name], owners)
            if windowed:
                items.append(
                    html.Li(dcc.Link(_("All messages"), href=f"{ADDRESS}?told={ALL}#told", className="m-link"))
                )
            inside = html.Ul(items, className="inbox")
            shown.append(html.Details([html.Summary(words), inside], className="m-alike"))
    return shown


def _rows(found: list[InboxMessage], owners: Mapping[UUID, Operation]) -> list[Component]:
    return folded(found, _sort, partial(_row, owners))


def _fold(told: InboxMessage) -> str:
    """Return the fold of a message: what waits stands beside it as an item, and nobody looks for what is over."""
    message = told.message
    if _done(told):
        return "old"
    if message.until is not None and message.made_at - message.until > LONG:
        return "old"
    return "to do" if message.kind == MessageKind.WAITS else ""


def _done(told: InboxMessage) -> bool:
    """Return whether a message tells of what waited and was done since: its words went with the thing."""
    waited = told.message.kind in (MessageKind.WAITS, MessageKind.WAITS_LATE)
    return waited and told.message.about is None and told.read


refresh = follows(contents, Ids.LIST, act=Act.OWN_ACCOUNT, told=State(Ids.TOLD, "data"))


@does(
    Ids.READ_ALL,
    act=Act.OWN_ACCOUNT,
    shows=(Ids.LIST, Output(UNREAD, "children"), Output("shell-unread", "data")),
)
def read_all(press: Press) -> Done:
    """Mark all messages read."""
    inbox.read_all(press.session, press.by)
    return Done(shown=(contents(press.session, press.by), bell(0), 0))


def _owners(session: Session, found: list[InboxMessage]) -> Mapping[UUID, Operation]:
    """The operations that messages are about, as far as this person may see them now."""
    return by_id(session, Operation, (told.message.operation_id for told in found))


def _sort(told: InboxMessage) -> Hashable:
    """Of these, some stand open and the rest is folded."""
    about = told.message.about
    return (told.read, told.message.kind, told.message.operation_id, about and about["template"])


def _row(owners: Mapping[UUID, Operation], told: InboxMessage) -> Component:
    message, kind = told.message, MessageKind(told.message.kind)
    owner = owners.get(message.operation_id) if message.operation_id else None
    name = coded("CL-MESSAGE", kind.value)
    known = message.about if owner or message.operation_id is None else None
    done = _done(told)
    if done:
        name = _("This waits for you no more.")
    about: list[Component] = [html.Strong(said(known) if known else name)]
    if words := "" if done else _number(kind, message.number):
        about.append(html.Span(words, className="inbox-number m-num"))
    if told.times > 1:
        about.append(html.Span(ngettext("{n} time", "{n} times", told.times), className="inbox-number m-num"))
    if message.urgent:
        about.append(state_badge(_("Urgent"), "bad"))
    if not told.read:
        about.append(state_badge(_("New"), "accent"))
    small: list[Any] = [html.Bdi(owner.title) if owner else _("Outside operations"), " · "]
    if known and kind not in (MessageKind.WAITS, MessageKind.REPORT_DUE):
        small += [name, " · "]
    if message.until is not None and known:
        zone = owner.zone if owner else "UTC"
        until = _("until {moment}", moment=date(message.until.astimezone(ZoneInfo(zone)).date()))
        small += [html.Span(until, title=moment(message.until, zone)), " · "]
    small.append(html.Span(ago(message.made_at), title=f"{moment_utc(message.made_at)} · {message.reference}"))
    to_do = [html.Span(_(_TO_DO[kind]), className="m-small")] if kind in _TO_DO else []
    return html.Li(
        tags.A(
            icon(_ICONS[kind], size=20),
            html.Div(
                [html.Div(about, className="inbox-about"), *to_do, html.Span(small, className="m-dim m-small")],
                className="inbox-words",
            ),
            icon("chevron-right", size=18),
            href=f"/message/{message.id}",
            className="inbox-message" + ("" if told.read else " inbox-message--new"),
        )
    )


def _number(kind: MessageKind, count: int) -> str:
    """Return the label of a message's count."""
    if kind in (MessageKind.REPORT_DUE, MessageKind.REPORT_MISSING, MessageKind.COUNTRY_SILENT):
        return ngettext("{n} site", "{n} sites", count)
    if kind in (
        MessageKind.MANDATE_ENDING,
        MessageKind.CERTIFICATE_ENDING,
        MessageKind.EQUIPMENT_DORMANT,
        MessageKind.ACCOUNT_UNUSED,
    ):
        return ngettext("{n} day", "{n} days", count)
    if kind is MessageKind.TRAINING_GAP:
        return ngettext("{n} officer", "{n} officers", count)
    if kind is MessageKind.NOTICES_UNCHECKED:
        return ngettext("{n} case", "{n} cases", count)
    if kind in (MessageKind.ERASURE_DUE, MessageKind.ERASED, MessageKind.ACCESS_MANY):
        return ngettext("{n} record", "{n} records", count)
    if kind is MessageKind.WAITS_LATE and count >= 48:
        return ngettext("{n} day late", "{n} days late", count // 24)
    if kind is MessageKind.WAITS_LATE:
        return ngettext("{n} hour late", "{n} hours late", count)
    if kind is MessageKind.REST_SHORT:
        return ngettext("{n} hour missing", "{n} hours missing", count)
    if kind is MessageKind.CHECK_IN_OVERDUE and count >= 120:
        return ngettext("{n} hour late", "{n} hours late", count // 60)
    if kind is MessageKind.CHECK_IN_OVERDUE:
        return ngettext("{n} minute late", "{n} minutes late", count)
    return number(count) if count > 1 else ""
