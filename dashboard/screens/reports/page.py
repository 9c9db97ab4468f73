"""Reports: sites and days on one side, the entry form or a report in the middle, its history on the other side.

The form is drawn in the browser (`screens/reports/form.js`); what it holds reaches the server through two stores, one
to keep as typed and one to send. Every identifier that comes back is a claim to be looked up as the person who asks.
"""

from datetime import date, datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from dash import ClientsideFunction, Input, Output, State, clientside_callback, dcc, html, no_update
from dash.development.base_component import Component
from sqlmodel import Session, select

from dashboard import wording
from dashboard.frame.policy import screen
from dashboard.frame.shell import page
from dashboard.navigation import Nav
from dashboard.parts.icon import icon
from dashboard.parts.panel import empty_state
from dashboard.parts.report import content as report_content
from dashboard.parts.report.article import article, before, chain_and_steps, mark
from dashboard.refusals import say
from dashboard.screens.reports import form as report_form
from dashboard.screens.reports.acts import COMPARISON, WITHDRAW, WITHDRAWAL, acts, others, side
from dashboard.screens.reports.places import parsed_day, sites_and_days
from dashboard.server.access import actor, known_id, reading, repeated, unit_of_work
from dashboard.server.live import PULSE
from dashboard.wording import N_, _, ngettext
from operations.core.clock import now, official_day
from operations.core.errors import Conflict, NotFound, RuleBroken
from operations.core.permissions import Act, may
from operations.core.store import ScopedSession
from operations.core.vocabulary import ReportKind
from operations.policing.map_plan import places
from operations.policing.map_plan.places import Site
from operations.policing.operation import plan
from operations.policing.operation.plan import Operation
from operations.policing.reports import reports
from operations.policing.reports.reports import Report

NAV = Nav(
    name=N_("Reports"),
    path_template="/operations/<operation_id>/reports",
    icon="clipboard-list",
    order=30,
    act=Act.REPORT_READ,
)


class Ids(StrEnum):
    """The page's elements."""

    OPERATION = "reports-operation"
    UNTIL = "reports-until"
    ASK = "reports-ask"  # what was chosen: {"what": cell | new | nil | form | version | correct, ...}
    FORM = "reports-given"  # what the browser draws the form from
    HOST = "reports-host"  # where it draws it
    TYPED = "reports-typed"
    SAVED = "reports-saved"
    SEND = "reports-send"
    ANSWER = "reports-answer"
    DISCARD = "reports-discard"
    DISCARDED = "reports-discarded"
    PLACES = "reports-places"
    UNSENT = "reports-unsent"
    DRAWN = "reports-drawn"  # a mark of what the places show
    VIEW = "reports-view"
    SIDE = "reports-side"
    SHOWN = "reports-shown"
    ARRIVED = "reports-arrived"


STORES = {"ask": Ids.ASK.value, "typed": Ids.TYPED.value, "send": Ids.SEND.value, "discard": Ids.DISCARD.value}


def layout(
    operation_id: str = "", report: str = "", until: str = "", site: str = "", day: str = "", **_query: str
) -> Component:
    """The page of one operation; `report` opens one version, `until` shows the days up to an earlier one.

    `site` and `day` open the form of that day, or what was reported: where reminders lead.
    """
    ident = known_id(operation_id)
    with reading() as session:
        operation = plan.operation(session, ident, actor())
        writes = may(actor(), Act.REPORT_WRITE)
        asks = _asked(report, site, day)
        shown = sites_and_days(session, operation, parsed_day(until), asks, NAV.href(ident))
        by_key = html.Span([" ", _("N on a cell begins a nil report.")], className="m-by-key")
        hint = [_("Choose a day of a site."), *([by_key] if writes else [])]
    stores = {
        Ids.OPERATION: operation_id,
        Ids.UNTIL: until,
        Ids.ASK: asks,
        Ids.DRAWN: shown.marks,
    }
    empty = [Ids.FORM, Ids.SAVED, Ids.ANSWER, Ids.DISCARDED, Ids.SHOWN, Ids.ARRIVED]
    if may(actor(), Act.REPORT_CORRECT):  # who only reads has no form, and nothing that asks for it
        empty += [Ids.TYPED, Ids.SEND, Ids.DISCARD]
    return page(
        _("Reports"),
        *(dcc.Store(id=name, data=data) for name, data in [*stores.items(), *((name, None) for name in empty)]),
        html.Div(
            [
                html.Aside(
                    [html.Div(shown.unsent, id=Ids.UNSENT), html.Div(shown.matrix, id=Ids.PLACES)],
                    className="reports-places",
                    tabIndex=-1,  # the focus waits here while the matrix is drawn anew after an act
                    **{"aria-label": _("Sites and days")},
                ),
                html.Div(
                    [
                        html.Div(id=Ids.HOST, hidden=True),
                        html.Div(empty_state(_("Nothing chosen yet"), hint, "clipboard-list"), id=Ids.VIEW),
                    ],
                    className="reports-middle",
                ),
                html.Aside(id=Ids.SIDE, className="reports-side", **{"aria-label": _("History")}),
            ],
            className="reports-desk",
            **{
                "data-desk": Ids.ASK.value,
                "data-discard": Ids.DISCARD.value,
                **({"data-writes": "true"} if writes else {}),
            },
        ),
        actions=_exports(operation) if may(actor(), Act.REPORT_EXPORT) else (),
        wide=True,
    )


def _asked(report: str, site: str, day: str) -> dict[str, str] | None:
    """What the address asks for."""
    if report:
        return {"what": "version", "id": report}
    return {"what": "cell", "site": site, "day": day} if site and day else None


def _exports(operation: Operation) -> list[Component]:
    return [
        html.A(
            [icon("file-export"), label],
            href=f"/export/operations/{operation.id}/reports.{suffix}",
            className="reports-export",
            title=_("All reports of your country, with their level"),
            download="",
        )
        for suffix, label in (("xlsx", _("Export to Excel")), ("csv", _("Export as CSV")))
    ]


# --------------------------------------------------------------------------------------------- sites and days


@screen(
    Output(Ids.UNSENT, "children"),
    Output(Ids.PLACES, "children"),
    Output(Ids.DRAWN, "data"),
    Input(PULSE, "data"),
    Input(Ids.FORM, "data"),
    Input(Ids.ANSWER, "data"),
    Input(Ids.DISCARDED, "data"),
    State(Ids.OPERATION, "data"),
    State(Ids.UNTIL, "data"),
    State(Ids.ASK, "data"),
    State(Ids.DRAWN, "data"),
    act=Act.REPORT_READ,
    prevent_initial_call=True,
)
def show_places(
    _pulse: int,
    _form: Any,
    _answer: Any,
    _gone: Any,
    operation_id: str,
    until: str,
    ask: dict[str, Any] | None,
    drawn: list[str],
) -> tuple[Any, Any, Any]:
    """The matrix after anything changed: elsewhere (the pulse) or here. What stands there already is not sent again."""
    with reading() as session:
        operation = plan.operation(session, known_id(operation_id), actor())
        shown = sites_and_days(session, operation, parsed_day(until), ask, NAV.href(operation.id), drawn)
    unsent, matrix = (no_update if part is None else part for part in (shown.unsent, shown.matrix))
    return unsent, matrix, shown.marks


# ---------------------------------------------------------------------------------------------- what is opened


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
    """Open what was chosen: a form, or a report with its history."""
    if not isinstance(ask, dict):
        return no_update, no_update, no_update, no_update
    with reading() as session:
        operation = plan.operation(session, known_id(operation_id), actor())
        what, ident = ask.get("what"), str(ask.get("id", ""))
        if what == "version":
            return _shown(session, operation, reports.report(session, known_id(ident)))
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
    """A cell: the report behind it, the form begun for it, or a new form where this person writes."""
    site = places.site(session, site_id)
    if day is None or site.operation_id != operation.id:
        raise NotFound
    place = plan.subject(operation, site.country, site.id)
    if not may(actor(), Act.REPORT_READ, place):
        raise NotFound
    writes = may(actor(), Act.REPORT_WRITE, place)
    behind = reports.of_site_day(session, operation.id, site.id, day)
    if behind and what == "cell":
        return _shown(session, operation, behind[0], behind)
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


def _shown(
    session: Session, operation: Operation, found: Report, beside: list[Report] | None = None
) -> tuple[Any, Any, Any, Any]:
    if found.operation_id != operation.id:
        raise NotFound
    chain, steps = chain_and_steps(session, found.report_id)
    earlier = before(found, chain)
    view = _view(session, operation, found, earlier, steps, beside or [])
    shown = {"id": str(found.id), "mark": mark(chain), "with": str(earlier.id) if earlier else ""}
    return None, view, side(chain, found, earlier, steps), shown


def _view(
    session: Session, operation: Operation, found: Report, other: Report | None, steps: Any, beside: list[Report]
) -> Component:
    """A version in the middle, with what this person may do with it."""
    return article(session, found, other, steps, between=others(found, beside), acts=acts(session, operation, found))


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
    """The version in the middle, with its difference to another one of the same report."""
    if not shown or shown.get("with", "") == (other or ""):
        return no_update, no_update
    with reading() as session:
        operation = plan.operation(session, known_id(operation_id), actor())
        found = reports.report(session, known_id(shown.get("id")))
        chain, steps = chain_and_steps(session, found.report_id)
        chosen = next((each for each in chain if str(each.id) == other), None)
        return _view(session, operation, found, chosen, steps, []), {**shown, "with": other or ""}


@screen(
    Output(Ids.VIEW, "children", allow_duplicate=True),
    Output(Ids.SIDE, "children", allow_duplicate=True),
    Output(Ids.SHOWN, "data", allow_duplicate=True),
    Input(PULSE, "data"),
    State(Ids.SHOWN, "data"),
    State(Ids.OPERATION, "data"),
    act=Act.REPORT_READ,
    prevent_initial_call=True,
)
def follow(_pulse: int, shown: dict[str, str] | None, operation_id: str) -> Any:
    """The version in the middle after somebody verified, returned or corrected it; untouched otherwise."""
    if not shown:
        return no_update, no_update, no_update
    with reading() as session:
        found = reports.report(session, known_id(shown["id"]))
        if mark(reports.versions(session, found.report_id)) == shown["mark"]:
            return no_update, no_update, no_update
        return _shown(session, plan.operation(session, known_id(operation_id), actor()), found)[1:]


# --------------------------------------------------------------------------------------------------- writing


@screen(
    Output(Ids.SAVED, "data"),
    Input(Ids.TYPED, "data"),
    State(Ids.OPERATION, "data"),
    act=Act.REPORT_CORRECT,
    prevent_initial_call=True,
)
def save(typed: dict[str, Any] | None, operation_id: str) -> Any:
    """Keep what was typed so far (V0) and say when, with what is wrong in it already."""
    if not isinstance(typed, dict):
        return no_update
    content = report_content.tidy(typed.get("content"))
    ident, operation_ident = known_id(content["id"]), known_id(operation_id)
    found = _flaws(content)
    answer = {"id": content["id"], "serial": typed.get("serial")}
    kept = {**content, "remarks": ""} if found.personal else content

    def keep(session: ScopedSession) -> tuple[Site, datetime | None]:
        site = _writable_site(session, operation_ident, content)
        if session.exec(select(Report.id).where(Report.id == ident)).first() is not None:
            return site, None
        return site, reports.save_form(session, ident, operation_ident, site.id, kept, actor())

    try:
        site, saved_at = repeated(keep)
    except RuleBroken as refused:
        return {**answer, "says": _("not saved"), "found": report_content.placed(refused, content, kept=True).as_json()}
    if saved_at is None:
        return {"id": content["id"], "locked": _("This report was sent.")}
    says = _("saved {time}", time=wording.clock(saved_at, site.zone).split(" · ")[0])
    if found.fields:
        says = ngettext("{n} field to check · {says}", "{n} fields to check · {says}", len(found.fields), says=says)
    return {**answer, "says": says, "found": found.as_json()}


def _flaws(content: report_content.Content) -> report_content.Placed:
    try:
        report_content.draft_of(content)
    except RuleBroken as refused:
        return report_content.placed(refused, content, unfinished=True)
    return report_content.Placed()


def _writable_site(session: Session, operation_id: UUID, content: report_content.Content) -> Site:
    """The site of a form, where this person writes or corrects for it. Raises NotFound."""
    operation = plan.operation(session, operation_id, actor())
    site = places.site(session, known_id(content["site_id"]))
    act = Act.REPORT_CORRECT if content["supersedes_id"] else Act.REPORT_WRITE
    if site.operation_id != operation.id or not may(actor(), act, plan.subject(operation, site.country, site.id)):
        raise NotFound
    return site


@screen(Output(Ids.ANSWER, "data"), Input(Ids.SEND, "data"), act=Act.REPORT_CORRECT, prevent_initial_call=True)
def send(sent: dict[str, Any] | None) -> Any:
    """Send the report (V1), or say what is wrong, each flaw beside its field. The same form again: the same answer."""
    if not isinstance(sent, dict):
        return no_update
    content = report_content.tidy(sent.get("content"))
    try:
        draft = report_content.draft_of(content)
        made = repeated(lambda session: reports.submit(session, draft, actor()))
    except RuleBroken as refused:
        found = report_content.placed(refused, content)
        says = (
            _("please confirm")
            if found.questions and not found.fields and not found.general
            else _("not sent: see below")
        )
        return {"id": content["id"], "says": says, "found": found.as_json()}
    except Conflict as refused:
        return {"id": content["id"], "locked": wording.sentence(refused)}
    except NotFound as refused:
        found = report_content.placed(refused, content)
        return {"id": content["id"], "says": _("not sent: see below"), "found": found.as_json()}
    say(_("Report sent."))
    return {"id": content["id"], "sent": str(made.id)}


@screen(
    Output(Ids.DISCARDED, "data"),
    Output(Ids.VIEW, "children", allow_duplicate=True),
    Output(Ids.SIDE, "children", allow_duplicate=True),
    Output(Ids.ASK, "data", allow_duplicate=True),
    Input(Ids.DISCARD, "data"),
    act=Act.REPORT_CORRECT,
    prevent_initial_call=True,
)
def discard(asked: dict[str, Any] | None) -> Any:
    """Throw an unsent form of this person away. Somebody else's is not there. What is open besides stays open."""
    if not isinstance(asked, dict):
        return no_update, no_update, no_update, no_update
    with unit_of_work() as session:
        reports.discard_form(session, known_id(str(asked.get("id", ""))))
    if not asked.get("open"):
        return asked, no_update, no_update, no_update
    return asked, empty_state(_("Discarded"), _("Choose a day of a site to go on."), "trash"), [], None


@screen(
    Output(Ids.ASK, "data", allow_duplicate=True),
    Input(WITHDRAW, "n_clicks"),
    State(WITHDRAWAL.id("reason"), "value"),
    State(Ids.SHOWN, "data"),
    act=Act.REPORT_WITHDRAW,
    form=WITHDRAWAL,
    prevent_initial_call=True,
)
def withdraw(clicks: int | None, reason: str | None, shown: dict[str, str] | None) -> Any:
    """Take the report in the middle back, with a reason."""
    if not clicks or not shown:
        return no_update
    with unit_of_work() as session:
        reports.withdraw(session, known_id(shown["id"]), reason or "", actor())
    say(_("Report withdrawn."))
    return {"what": "version", "id": shown["id"], "turn": clicks}


clientside_callback(ClientsideFunction("muster", "reportOpened"), Input(Ids.FORM, "data"), State(Ids.HOST, "id"))
clientside_callback(ClientsideFunction("muster", "reportPlaced"), Input(Ids.DRAWN, "data"))
clientside_callback(ClientsideFunction("muster", "reportSaved"), Input(Ids.SAVED, "data"))
clientside_callback(ClientsideFunction("muster", "reportAnswered"), Input(Ids.ANSWER, "data"))
clientside_callback(
    ClientsideFunction("muster", "reportArrived"), Output(Ids.ARRIVED, "data"), Input(Ids.OPERATION, "data")
)
