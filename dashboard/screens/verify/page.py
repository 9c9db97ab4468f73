"""Verify: the work list of this person, operated by keyboard; the report in the middle, with its changes.

Keys work while the focus is inside the page's desk (`screens/verify/keys.js`): J and K or the arrows select, V
verifies, R returns, X rejects; A selects all reports in which nothing needs individual attention. After an action the
next item opens.
"""

from collections.abc import Callable, Sequence
from enum import StrEnum
from typing import Any
from uuid import UUID

from dash import ClientsideFunction, Input, Output, State, clientside_callback, ctx, dcc, html
from sqlmodel import Session

from dashboard import wording
from dashboard.frame.address import in_address
from dashboard.frame.interactions import Done, Press, does, followed, follows
from dashboard.frame.operation_page import OPERATION, Parts, operation_page
from dashboard.parts import tags
from dashboard.parts.journal_list import site_names
from dashboard.parts.panel import empty_state
from dashboard.parts.report import view as report_view
from dashboard.parts.report.article import (
    OpenedVersion,
    article,
    chain_and_steps,
    consult,
    mark,
    replaced_version,
    still_open,
)
from dashboard.places import VERIFY
from dashboard.screens.verify.decision import ANSWER, RETURN, Buttons, answering, deciding
from dashboard.screens.verify.keys import list_attributes
from dashboard.screens.verify.list import Choice, order, same, waiting
from dashboard.server.access import known_id, reading
from dashboard.wording import N_, _
from operations.core.errors import NotFound
from operations.core.people import Actor
from operations.core.permissions import Act
from operations.core.vocabulary import Level
from operations.policing.operation import plan
from operations.policing.reports import consultations, desk_queries, reports, verification
from operations.policing.reports.reports import Report
from operations.policing.reports.verification import HitAnswer, Return

NAV = VERIFY


class Ids(StrEnum):
    """Element ids of this page."""

    CHOSEN = "verify-chosen"  # {"what": report | hit, "id": version, "line": hit's line}
    ARRIVED = "verify-arrived"
    LIST = "verify-list"
    VIEW = "verify-view"
    SIDE = "verify-side"


in_address(Ids.CHOSEN, "show")


@operation_page(
    NAV, N_("Who verifies asserts something and changes no figure: a wrong figure goes back to its author."), wide=True
)
def layout(session: Session, operation: plan.Operation, by: Actor, show: str = "") -> Parts:
    """Return the page of one operation; it opens with the item of the address, or that which has waited longest."""
    choices = order(session, operation)
    chosen = next((choice for choice in choices if choice["id"] == show), choices[0] if choices else None)
    shown = waiting(session, operation, chosen)
    view, side = _opened(session, operation, by, chosen)
    seen = _mark(session, operation, by, chosen)
    return [
        dcc.Store(id=Ids.CHOSEN, data=chosen),
        dcc.Store(id=Ids.ARRIVED),
        tags.Div(
            followed(Ids.LIST, shown, className="verify-list", tabIndex=-1, role="navigation", **list_attributes()),
            followed(Ids.VIEW, view, seen, className="verify-middle"),
            followed(
                Ids.SIDE,
                side,
                seen,
                className="verify-side",
                role="complementary",
                **{"aria-label": _("Your decision")},
            ),
            className="verify-desk",
            **{"data-desk": Ids.CHOSEN.value},
        ),
    ]


# ------------------------------------------------------------------------------------------------ what is shown


follow_list = follows(
    lambda session, operation, _by, chosen: waiting(session, operation, chosen),
    Ids.LIST,
    act=Act.REPORT_RETURN,
    operation=OPERATION,
    chosen=Input(Ids.CHOSEN, "data"),
)


def _shown(session: Session, operation: plan.Operation, chosen: Choice) -> tuple[Report, Sequence[Report], Any]:
    """Return the selected version, all versions of its report, and the acts on them. Raises NotFound."""
    found = reports.report(session, known_id(chosen.get("id")))
    if found.operation_id != operation.id:
        raise NotFound
    return found, *chain_and_steps(session, found.report_id)


def _opened(session: Session, operation: plan.Operation, by: Actor, chosen: Choice | None) -> tuple[Any, Any]:
    """Open the selected item: the access is recorded before anything of it is drawn."""
    return _parts(session, operation, by, chosen, lambda found: consult(found, consultations.VERIFY))


def chosen_parts(session: Session, operation: plan.Operation, by: Actor, chosen: Choice | None) -> tuple[Any, Any]:
    """Return the selected item: selecting opens it, and the pulse redraws what is open."""
    if Ids.CHOSEN in ctx.triggered_prop_ids.values():
        return _opened(session, operation, by, chosen)
    return _parts(session, operation, by, chosen, lambda found: still_open(session, found, consultations.VERIFY))


def _parts(
    session: Session,
    operation: plan.Operation,
    by: Actor,
    chosen: Choice | None,
    opens: Callable[[Report], OpenedVersion],
) -> tuple[Any, Any]:
    """Return the selected report with its diff to the previous version, and this person's possible decisions."""
    if not chosen:
        waits = order(session, operation)  # an empty list has its own placeholder
        text = _("Choose a report on the list.")
        return empty_state(_("Nothing chosen"), text, "checks") if waits else None, None
    report, chain, steps = _shown(session, operation, chosen)
    line = known_id(chosen["line"]) if chosen.get("what") == "hit" else None
    view = article(session, opens(report), replaced_version(report, chain), steps, marked=line)
    hit = next((each for each in reports.lines_of(session, report.id) if each.id == line), None)
    if line and hit is None:
        raise NotFound
    side = (
        answering(
            operation,
            report,
            hit,
            _same(session, operation, hit.id),
            site_names(session, operation.id),
        )
        if hit
        else deciding(operation, report, verification.answered_by(session, operation.id, by))
    )
    return view, [*side, html.H2(_("History")), report_view.history(chain, steps, report.id)]


def _mark(session: Session, operation: plan.Operation, _by: Actor, chosen: Choice | None) -> Any:
    if not chosen:
        return [chosen, bool(order(session, operation))]
    same = _same(session, operation, known_id(chosen["line"])) if chosen.get("what") == "hit" else []
    of_document = [f"{each.report.id}:{each.line.status}" for each in same]
    return [chosen, mark(_shown(session, operation, chosen)[1]), *of_document]


def _same(session: Session, operation: plan.Operation, line: UUID) -> list[desk_queries.WaitingHit]:
    """Return the hits of the same document, where there are several."""
    return desk_queries.document_hits(session, operation.id).get(line, [])


follow_chosen = follows(
    chosen_parts,
    Ids.VIEW,
    Ids.SIDE,
    act=Act.REPORT_RETURN,
    operation=OPERATION,
    unless=_mark,
    chosen=Input(Ids.CHOSEN, "data"),
)


# ----------------------------------------------------------------------------------------------------- decisions


NEXT = (Output(Ids.CHOSEN, "data"),)
CHOSEN = {"chosen": State(Ids.CHOSEN, "data")}


def _next(press: Press, done: Choice) -> Choice | None:
    """Return the item after `done` on the list; call it before `done` leaves the list."""
    choices = order(press.session, press.operation)
    place = next((index for index, each in enumerate(choices) if same(each, done)), None)
    rest = choices[place + 1 :] + choices[:place] if place is not None else choices
    return next((each for each in rest if each["id"] != done["id"] or each["what"] == done["what"]), None)


@does(
    Buttons.VERIFY,
    act=Act.REPORT_RETURN,
    operation=OPERATION,
    shows=NEXT,
    given=CHOSEN,
    running=[(Output(Buttons.VERIFY, "disabled"), True, False)],
)
def verify(press: Press, chosen: Choice | None) -> Done:
    """Raise the selected report by one level; the next item opens."""
    if not chosen:
        return Done()  # a second press, after the first left nothing to verify
    following = _next(press, chosen)
    level = Level(verification.verify(press.session, known_id(chosen.get("id")), press.by).level).name
    return Done(_("Now {level}.", level=wording.coded("CL-LEVEL", level).casefold()), shown=(following,))


@does(
    Buttons.RETURN,
    Input(Buttons.REJECT, "n_clicks", allow_optional=True),
    act=Act.REPORT_RETURN,
    form=RETURN,
    operation=OPERATION,
    shows=NEXT,
    given=CHOSEN,
)
def set_aside(press: Press, chosen: Choice | None) -> Done:
    """Return the selected report to its author, or reject it for good, with a reason; the next item opens."""
    rejects = press.button == Buttons.REJECT
    why, ident = press.draft(Return), known_id((chosen or {}).get("id"))
    following = _next(press, chosen or {})
    verb = verification.reject if rejects else verification.give_back
    verb(press.session, ident, why, press.by)
    return Done(_("Rejected.") if rejects else _("Returned to its author."), shown=(following,))


@does(
    Buttons.ANSWER,
    act=Act.HIT_CONFIRM,
    form=ANSWER,
    operation=OPERATION,
    shows=NEXT,
    given=CHOSEN,
)
def answer_hit(press: Press, chosen: Choice | None) -> Done:
    """Record or change the issuing country's answer to the selected hit; the next item opens."""
    chosen = chosen or {}
    ident, line = known_id(chosen.get("id")), known_id(chosen.get("line"))
    with reading() as session:
        zone = reports.report(session, ident).zone
    answer = press.draft(HitAnswer, zone=zone)
    following = _next(press, chosen)
    made = verification.answer_hit(press.session, ident, line, answer, press.by)
    if following and following["id"] == chosen["id"]:
        following = {**following, "id": str(made.id)}  # another hit of the same report: it stands in the new version
    return Done(_("Answer recorded."), shown=(following,))


clientside_callback(
    ClientsideFunction("muster", "verifyShown"),
    Output(Ids.ARRIVED, "data"),  # with an output it also runs for the initial selection
    Input(Ids.SIDE, "children"),
    State(Ids.CHOSEN, "data"),
)
clientside_callback(ClientsideFunction("muster", "verifyListed"), Input(Ids.LIST, "children"))
