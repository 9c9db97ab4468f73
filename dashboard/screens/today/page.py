"""Today: what waits for this person in all operations, each item with its button, and beside it what was told.

Everybody's day begins here. Running operations come first, then what is due first; what has been overdue for years is
folded. An item that anybody has done is gone at the next pulse.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from enum import StrEnum
from itertools import groupby
from uuid import UUID

from dash import Input, dcc, html
from dash.development.base_component import Component
from sqlmodel import Session

from dashboard.frame.interactions import followed, follows
from dashboard.frame.shell import page
from dashboard.parts.field_link import field_link
from dashboard.parts.form import button
from dashboard.parts.grouped_items import folded, shown_of
from dashboard.parts.icon import icon
from dashboard.parts.next_phase import next_phase
from dashboard.parts.panel import empty_state, panel
from dashboard.places import TODAY_PAGE
from dashboard.screens.today import messages
from dashboard.screens.today.first_steps import first_steps
from dashboard.screens.today.item_row import item_row, late_badges
from dashboard.server.access import actor, current_request, reading, store
from dashboard.wording import _, coded, ngettext
from operations.core import rows
from operations.core.clock import now
from operations.core.people import Account, Actor
from operations.core.permissions import Act, may
from operations.core.rows import by_id
from operations.core.vocabulary import OperationState
from operations.core.worklist import WorkItem
from operations.policing.operation import plan
from operations.policing.operation.plan import Operation
from operations.worklist_cache import again

NAV = TODAY_PAGE
OLD = timedelta(days=365)
"""So long after its time an item is folded."""
NEW = timedelta(days=30)
"""So long after their account was made somebody is shown the first steps where nothing waits."""
_RUNNING = (OperationState.ACTIVE, OperationState.SUSPENDED)


GROUPS = 30
"""Operations whose items are drawn at first, and with each press for more."""


class Ids(StrEnum):
    """Element ids of this page."""

    LIST = "waiting-list"
    MORE = "waiting-more"


def layout(told: str = "", **_query: str) -> Component:
    """Return the page; `told` is `messages.ALL` where every message is shown."""
    by = actor()
    with reading() as session:
        shown, beside = contents(session, by), messages.messages_panel(session, by, told)
        first = _demo(session, by) if current_request().demo else []
    more = button(_("Show more operations"), id=Ids.MORE, kind="quiet", icon_name="arrow-down")
    to_do = html.Section(
        [followed(Ids.LIST, shown, className="m-stack today-list"), html.Div(more, className="today-more")],
        **{"aria-label": _("To do")},
    )
    desk = html.Div([to_do, beside], className="m-beside")
    return page(_("Today"), *first, desk, actions=field_link(by), wide=True)


def _demo(session: Session, by: Actor) -> list[Component]:
    """Return what plays in the demo, and what to try as this role."""
    found = running(session, by)
    words = [_("This is a demonstration: its people and figures are invented.")]
    if found is not None:
        title = rows.one(session, Operation, found).title
        words.append(_("{operation} runs now.", operation=title))
        words.append(_("For 15 minutes after the start, its reports are verified while you look."))
        words.append(_("After that, each report arrives at its own time."))
    return [first_steps(by, found, html.P(" ".join(words)))]


def contents(session: Session, by: Actor, more: int | None = None) -> list[Component]:
    """Return the items by operation: running ones first. `more`: how often more operations were asked for."""
    at = now()
    found = again(store()).waiting(session, by, at)
    owners = by_id(session, Operation, (item.operation for item in found))
    current = [item for item in found if not _old(item, at)]
    groups, past = _grouped(current, owners), _grouped(found, owners, at)
    first = GROUPS * (1 + max(0, more or 0))
    shown, old = (
        [_group(owners.get(of) if of else None, items, at) for of, items in some[:first]] for some in (groups, past)
    )
    if not current:
        shown = _nothing(session, by, at)
    if old:
        many = len(found) - len(current)
        words = ngettext("{n} overdue for more than a year", "{n} overdue for more than a year", many)
        shown.append(html.Details([html.Summary(words), html.Div(old, className="m-stack")], className="today-old"))
    if (most := max(groups, past, key=len))[first:]:
        shown.append(html.Div(shown_of(first, len(most)), className="today-shown", role="status"))
    return shown


def _old(item: WorkItem, at: datetime) -> bool:
    return item.until is not None and at - item.until > OLD


def _grouped(
    found: Iterable[WorkItem], owners: Mapping[UUID, Operation], at: datetime | None = None
) -> list[tuple[UUID | None, list[WorkItem]]]:
    """Return the items by operation in their order; with `at`, only those that have been overdue for long."""
    items = [item for item in found if at is None or _old(item, at)]
    first: dict[UUID | None, int] = {}
    for item in items:
        first.setdefault(item.operation, len(first))

    def place(item: WorkItem) -> tuple[int, int]:
        return _rank(owners.get(item.operation) if item.operation else None), first[item.operation]

    return [(of, list(each)) for of, each in groupby(sorted(items, key=place), key=lambda item: item.operation)]


def _rank(owner: Operation | None) -> int:
    """Return where an operation stands: what runs, what is prepared, Muster itself, and what has ended."""
    if owner is None:
        return 2
    return 0 if owner.state in _RUNNING else 3 if owner.state in plan.ENDED else 1


def _nothing(session: Session, by: Actor, at: datetime) -> list[Component]:
    """Return what stands where nothing waits: what comes next, and for somebody new the first steps."""
    words = _("When it is your turn, in any operation, what to do stands here with the way to it.")
    empty = empty_state(
        _("Nothing waits for you."), f"{words} {next_phase(session, by)}".strip(), "circle-check", action=_new(by)
    )
    account = rows.find(session, Account, by.account_id)
    if account is None or at - account.created_at > NEW or current_request().demo:  # there they stand above
        return [empty]
    return [empty, first_steps(by, running(session, by))]


def running(session: Session, by: Actor) -> UUID | None:
    """Return an operation of this person that runs, the oldest of them; None where none does."""
    found = [operation for operation in plan.operations(session, by) if operation.state in _RUNNING]
    return min(found, key=lambda operation: operation.created_at).id if found else None


def _new(by: Actor) -> Component | None:
    """Return the link to a new operation, for those who may begin one."""
    if not may(by, Act.OPERATION_CREATE):
        return None
    return dcc.Link([icon("plus", 18), html.Span(_("New operation"))], href="/start", className="home-new-link")


def _group(owner: Operation | None, items: list[WorkItem], at: datetime) -> Component:
    """Return the items of one operation, or of Muster itself."""
    title, zone = (html.Bdi(owner.title), owner.zone) if owner else (_("Outside operations"), "UTC")
    shown = folded(
        items,
        lambda item: (item.noun, item.words),
        lambda item: item_row(item, zone, at),
        lambda more: late_badges(sum(item.overdue(at) for item in more)),
    )
    state = coded("CL-OPSTATE", owner.state) if owner else None
    return panel(title, html.Ul(shown, className="waiting"), note=state, flush=True)


refresh = follows(contents, Ids.LIST, act=Act.OWN_ACCOUNT, more=Input(Ids.MORE, "n_clicks"))
