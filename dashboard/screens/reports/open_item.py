"""Opening on the reports page: a form, or a report with its history, which follows the pulse."""

from datetime import date
from typing import Any
from uuid import UUID

from dash import Input, Output, State, no_update
from dash.development.base_component import Component
from sqlmodel import Session

from dashboard import wording
from dashboard.frame.policy import screen
from dashboard.parts.panel import empty_state
from dashboard.parts.report import content as report_content
from dashboard.parts.report.article import (
    OpenedVersion,
    article,
    chain_and_steps,
    consult,
    mark,
    replaced_version,
    still_open,
)
from dashboard.screens.reports import form as report_form
from dashboard.screens.reports.acts import COMPARISON, acts, others, side
from dashboard.screens.reports.ids import STORES, Ids
from dashboard.screens.reports.places import parsed_day
from dashboard.server.access import actor, known_id, reading
from dashboard.wording import _
from operations.core.clock import now, official_day
from operations.core.errors import NotFound
from operations.core.permissions import Act, may
from operations.core.vocabulary import ReportKind
from operations.policing.map_plan import places
from operations.policing.operation import plan
from operations.policing.operation.plan import Operation
from operations.policing.reports import reports
from operations.policing.reports.reports import Report


@screen(
    Output(Ids.FORM, "data"),
    Output(Ids.VIEW, "children"),
    Output(Ids.SIDE, "children"),
    Output(Ids.SHOWN, "data"),
    Input(Ids.ASK, "data"),
    State(Ids.OPERATION, "data"),
    act=Act.REPORT_READ,
)
def open_asked(ask: dict[str, Any] | None, operation_id: str) -> tuple[Any, Any, Any, Any]:
    """Open the selection: a form, or a report with its history."""
    if not isinstance(ask, dict):
        return no_update, no_update, no_update, no_update
    with reading() as session:
        operation = plan.operation(session, known_id(operation_id), actor())
        what, ident = ask.get("what"), str(ask.get("id", ""))
        if what == "version":
            return _read(session, operation, reports.report(session, known_id(ident)))
        if what == "correct":
            return _entered(
                report_form.correction(session, operation, reports.report(session, known_id(ident)), STORES)
            )
        if what == "form":
            return _entered(report_form.resumed(session, operation, known_id(ident), STORES))
        if what in ("cell", "new", "nil"):
            return _opened(
                session, operation, str(what), known_id(str(ask.get("site", ""))), parsed_day(str(ask.get("day", "")))
            )
    return no_update, no_update, no_update, no_update


def _entered(given: dict[str, Any]) -> tuple[Any, Any, Any, Any]:
    return given, [], report_form.guards(), None


def _opened(
    session: Session, operation: Operation, what: str, site_id: UUID, day: date | None
) -> tuple[Any, Any, Any, Any]:
    """Open a cell: its report, its draft, or a new form where this person writes."""
    site = places.site(session, site_id)
    if day is None or site.operation_id != operation.id:
        raise NotFound
    place = plan.subject(operation, site.country, site.id)
    if not may(actor(), Act.REPORT_READ, place):
        raise NotFound
    writes = may(actor(), Act.REPORT_WRITE, place)
    behind = reports.of_site_day(session, operation.id, site.id, day)
    if behind and what == "cell":
        return _read(session, operation, behind[0], behind)
    if not writes:
        words = empty_state(
            _("Nothing reported"),
            _("{site} sent no report for {day}.", site=site.name, day=wording.date(day)),
            "mood-empty",
        )
        return None, words, None, None
    if day > official_day(now(), operation.zone, operation.day_cut):
        return None, empty_state(_("Not yet"), _("{day} has not begun.", day=wording.date(day)), "clock"), None, None
    begun = next(
        (
            form
            for form in reports.saved_forms(session, operation.id)
            if form.site_id == site.id and report_content.day_of(form.content, operation.zone, operation.day_cut) == day
        ),
        None,
    )
    if begun is not None and what == "cell":
        return _entered(report_form.resumed(session, operation, begun.id, STORES))
    kind = ReportKind.NIL if what == "nil" else ReportKind.DAILY
    content = report_form.blank(session, operation, site, day, kind)
    return _entered(report_form.given(session, operation, site, content, day, title=_("New report"), stores=STORES))


# -------------------------------------------------------------------------------------------- a report as it reads


def _read(
    session: Session, operation: Operation, found: Report, beside: list[Report] | None = None
) -> tuple[Any, Any, Any, Any]:
    """Open a version: the access is recorded before anything of it is drawn."""
    if found.operation_id != operation.id:
        raise NotFound
    return _shown(session, operation, consult(found), beside)


def _shown(
    session: Session, operation: Operation, opened: OpenedVersion, beside: list[Report] | None = None
) -> tuple[Any, Any, Any, Any]:
    found = opened.version
    chain, steps = chain_and_steps(session, found.report_id)
    earlier = replaced_version(found, chain)
    view = _view(session, operation, opened, earlier, steps, beside or [])
    shown = {"id": str(found.id), "mark": mark(chain), "with": str(earlier.id) if earlier else ""}
    return None, view, side(chain, found, earlier, steps), shown


def _view(
    session: Session,
    operation: Operation,
    opened: OpenedVersion,
    other: Report | None,
    steps: Any,
    beside: list[Report],
) -> Component:
    """Return the opened version, with the possible actions."""
    found = opened.version
    return article(session, opened, other, steps, between=others(found, beside), acts=acts(session, operation, found))


@screen(
    Output(Ids.VIEW, "children", allow_duplicate=True),
    Output(Ids.SHOWN, "data", allow_duplicate=True),
    Input(COMPARISON.id("with"), "value"),
    State(Ids.SHOWN, "data"),
    State(Ids.OPERATION, "data"),
    act=Act.REPORT_READ,
    prevent_initial_call=True,
)
def compare(other: str | None, shown: dict[str, str] | None, operation_id: str) -> Any:
    """Return the opened version with its diff to another version of the same report."""
    if not shown or shown.get("with", "") == (other or ""):
        return no_update, no_update
    with reading() as session:
        operation = plan.operation(session, known_id(operation_id), actor())
        found = reports.report(session, known_id(shown.get("id")))
        chain, steps = chain_and_steps(session, found.report_id)
        chosen = next((each for each in chain if str(each.id) == other), None)
        return _view(session, operation, consult(found), chosen, steps, []), {**shown, "with": other or ""}


@screen(
    Output(Ids.VIEW, "children", allow_duplicate=True),
    Output(Ids.SIDE, "children", allow_duplicate=True),
    Output(Ids.SHOWN, "data", allow_duplicate=True),
    Input(Ids.FOLLOWED, "data"),
    State(Ids.SHOWN, "data"),
    State(Ids.OPERATION, "data"),
    act=Act.REPORT_READ,
    prevent_initial_call=True,
)
def follow(_pulse: int, shown: dict[str, str] | None, operation_id: str) -> Any:
    """Redraw the opened version after somebody verified, returned or corrected it; no update otherwise."""
    if not shown:
        return no_update, no_update, no_update
    with reading() as session:
        found = reports.report(session, known_id(shown["id"]))
        if mark(reports.versions(session, found.report_id)) == shown["mark"]:
            return no_update, no_update, no_update
        operation = plan.operation(session, known_id(operation_id), actor())
        if found.operation_id != operation.id:
            raise NotFound
        return _shown(session, operation, still_open(session, found))[1:]
