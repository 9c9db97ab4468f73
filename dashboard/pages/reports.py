"""Reports: sites and days on one side, the entry form or a report in the middle, its history on the other side.

The form is drawn in the browser (`assets/60_report_form.js`); what it holds reaches the server through two stores, one
to keep as typed and one to send. Every identifier that comes back is a claim to be looked up as the person who asks.
"""

import json
from datetime import date
from enum import StrEnum
from typing import Any
from uuid import UUID

from dash import ClientsideFunction, Input, Output, State, clientside_callback, dcc, html, no_update
from dash.development.base_component import Component
from sqlmodel import Session, select

from dashboard import wording
from dashboard.access import actor, known_id, reading, unit_of_work
from dashboard.components import report_content, report_form, report_matrix, report_view
from dashboard.components.form import Form, button, select_field, text_field
from dashboard.components.icon import icon
from dashboard.components.panel import empty_state
from dashboard.components.report_article import article, before, chain_and_steps, mark
from dashboard.components.report_matrix import Cell, Standing
from dashboard.live import PULSE
from dashboard.navigation import Nav
from dashboard.policy import screen
from dashboard.refusals import say
from dashboard.shell import page
from dashboard.wording import N_, _, ngettext
from operations.core import vocabulary
from operations.core.clock import now, official_day
from operations.core.errors import Conflict, NotFound, RuleBroken
from operations.core.permissions import Act, may
from operations.core.vocabulary import ReportKind, ReportState
from operations.policing import desk, places, plan, reports
from operations.policing.places import Site
from operations.policing.plan import Operation
from operations.policing.reports import Report

NAV = Nav(name=N_("Reports"), path_template="/operations/<operation_id>/reports", icon="clipboard-list", order=30, act=Act.REPORT_READ)

_ENDED = (ReportState.WITHDRAWN.value, ReportState.REJECTED.value, ReportState.SUPERSEDED.value)


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
    VIEW = "reports-view"
    SIDE = "reports-side"
    SHOWN = "reports-shown"
    WITHDRAW = "reports-withdraw"
    ARRIVED = "reports-arrived"


WITHDRAWAL = Form("reports-withdrawal")
COMPARISON = Form("reports-comparison")
STORES = {"ask": Ids.ASK.value, "typed": Ids.TYPED.value, "send": Ids.SEND.value, "discard": Ids.DISCARD.value}


def layout(operation_id: str = "", report: str = "", until: str = "", **_query: str) -> Component:
    """The page of one operation; `report` opens one version, `until` shows the days up to an earlier one."""
    ident = known_id(operation_id)
    with reading() as session:
        operation = plan.operation(session, ident, actor())
        writes = may(actor(), Act.REPORT_WRITE)
        shown = _places(session, operation, _day(until), None)
        hint = _("Choose a day of a site. N on a cell begins a nil report.") if writes else _("Choose a day of a site.")
    stores = {Ids.OPERATION: operation_id, Ids.UNTIL: until, Ids.ASK: {"what": "version", "id": report} if report else None}
    empty = (Ids.FORM, Ids.TYPED, Ids.SAVED, Ids.SEND, Ids.ANSWER, Ids.DISCARD, Ids.DISCARDED, Ids.SHOWN, Ids.ARRIVED)
    return page(
        _("Reports"),
        *(dcc.Store(id=name, data=data) for name, data in [*stores.items(), *((name, None) for name in empty)]),
        html.Div(
            [
                html.Aside(shown, id=Ids.PLACES, className="reports-places", **{"aria-label": _("Sites and days")}),
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
            **{"data-desk": Ids.ASK.value, "data-discard": Ids.DISCARD.value, **({"data-writes": "true"} if writes else {})},
        ),
        actions=_exports(operation) if may(actor(), Act.REPORT_EXPORT) else (),
        wide=True,
    )


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


def _own_sites(session: Session, operation: Operation) -> list[Site]:
    """The sites whose reports this person may read."""
    return [site for site in places.sites(session, operation.id)
            if may(actor(), Act.REPORT_READ, plan.subject(operation, site.country, site.id))]  # fmt: skip


def _board(session: Session, operation: Operation, sites: list[Site], until: date | None) -> tuple[list[date], dict[tuple[UUID, date], Cell]]:
    today = official_day(now(), operation.zone, operation.day_cut)
    days = report_matrix.official_days(operation, plan.phases(session, operation.id), today, until)
    begun = [(str(form.site_id), day.isoformat()) for form in reports.saved_forms(session, operation.id)
             if (day := report_content.day_of(form.content, operation.zone, operation.day_cut))]  # fmt: skip
    newest = reports.newest(session, operation.id, limit=20_000)
    return days, report_matrix.cells(newest, begun, [site.id for site in sites], days, today)


def _places(session: Session, operation: Operation, until: date | None, ask: dict[str, Any] | None) -> list[Component]:
    """The matrix, the unsent forms above it, and what its marks mean."""
    sites = _own_sites(session, operation)
    days, found = _board(session, operation, sites, until)
    if not sites or not days:
        return [empty_state(_("No site reports yet"), _("Sites appear here when the coordinator or the national coordinator places them."), "map-pin-off")]
    chosen = _chosen(ask, found) or report_matrix.due(found)
    countries = len({site.country for site in sites}) > 1
    return [
        *_unsent(session, operation, {str(site.id): site.name for site in sites}),
        report_matrix.matrix(found, sites, days, chosen, countries),
        _days_before(operation, days),
        report_matrix.legend(),
    ]


def _chosen(ask: dict[str, Any] | None, found: dict[tuple[UUID, date], Cell]) -> tuple[UUID, date] | None:
    site, day = report_content.known_uuid(str((ask or {}).get("site", ""))), _day(str((ask or {}).get("day", "")))
    return (site, day) if site and day and (site, day) in found else None


def _days_before(operation: Operation, days: list[date]) -> Component:
    """The way to earlier days, where there are more than the matrix shows."""
    if len(days) < report_matrix.MOST_DAYS:
        return html.Span()
    return dcc.Link(_("Earlier days"), href=f"{NAV.href(operation.id)}?until={days[0].isoformat()}", className="m-small")


def _unsent(session: Session, operation: Operation, names: dict[str, str]) -> list[Component]:
    """What was begun and not sent: a person's own forms, to go on with or to discard."""
    forms = reports.saved_forms(session, operation.id)
    if not forms:
        return []
    age = wording.ago(min(form.saved_at for form in forms))
    items = [
        html.Li(
            [
                html.Button(
                    [report_content.described(form.content, names), html.Small(wording.ago(form.saved_at), className="m-dim")],
                    className="reports-resume",
                    **{"data-ask": _asked("form", id=str(form.id))},
                ),
                html.Button(
                    icon("trash", label=_("Discard")), className="reports-drop", **{"data-ask": _asked("discard", id=str(form.id))}
                ),
            ]
        )
        for form in forms
    ]
    heading = ngettext("{n} unsent report, begun {age}", "{n} unsent reports, the oldest {age}", len(forms), age=age)
    return [html.Section([html.H2(heading), html.Ul(items)], className="reports-unsent")]


def _asked(what: str, **more: str) -> str:
    """What a button asks for when it is pressed, as `assets/61_report_desk.js` reads it."""
    return json.dumps({"what": what, **more})


@screen(Output(Ids.PLACES, "children"), Input(PULSE, "data"), Input(Ids.FORM, "data"), Input(Ids.ANSWER, "data"),
        Input(Ids.DISCARDED, "data"), State(Ids.OPERATION, "data"), State(Ids.UNTIL, "data"), State(Ids.ASK, "data"),
        act=Act.REPORT_READ, prevent_initial_call=True)  # fmt: skip
def show_places(_pulse: int, _form: Any, _answer: Any, _gone: Any, operation_id: str, until: str, ask: dict[str, Any] | None) -> list[Component]:
    """The matrix after anything changed: elsewhere (the pulse) or here."""
    with reading() as session:
        return _places(session, plan.operation(session, known_id(operation_id), actor()), _day(until), ask)


# ---------------------------------------------------------------------------------------------- what is opened


@screen(Output(Ids.FORM, "data"), Output(Ids.VIEW, "children"), Output(Ids.SIDE, "children"), Output(Ids.SHOWN, "data"),
        Input(Ids.ASK, "data"), State(Ids.OPERATION, "data"), act=Act.REPORT_READ)  # fmt: skip
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
            return _entered(_correction(session, operation, reports.report(session, known_id(ident))))
        if what == "form":
            return _entered(_resumed(session, operation, known_id(ident)))
        if what in ("cell", "new", "nil"):
            return _opened(session, operation, str(what), known_id(str(ask.get("site", ""))), _day(str(ask.get("day", ""))))
    return no_update, no_update, no_update, no_update


def _entered(given: dict[str, Any]) -> tuple[Any, Any, Any, Any]:
    return given, [], _guards(), None


def _guards() -> Component:
    """What the form watches over while one writes, and its keys."""
    keys = [("Tab, Enter", _("next field; Enter in the last one adds a line")), ("Ctrl+Enter", _("send the report")), ("Ctrl+S", _("save the draft")),
            ("Ctrl+Delete", _("remove the line")), ("Ctrl+V", _("an Excel block pasted into a count fills the checks"))]  # fmt: skip
    guards = [
        _("Hits are raw until the country that issued the record has answered."),
        _("More than 5 hits in 1,000 database queries, or more than 50,000 without a hit, are asked about once."),
        _("Detections and potential victims are counted apart and never added up."),
        _("Names, birth dates, document numbers and exact places of persons stay in national systems."),
    ]
    return html.Div([
        html.H2(_("Keys")),
        html.Dl([part for key, words in keys for part in (html.Dt(html.Kbd(key)), html.Dd(words))], className="reports-keys"),
        html.H2(_("Guards")),
        html.Ul([html.Li(words) for words in guards], className="reports-guards"),
    ])  # fmt: skip


def _opened(session: Session, operation: Operation, what: str, site_id: UUID, day: date | None) -> tuple[Any, Any, Any, Any]:
    """A cell: the report behind it, the form begun for it, or a new form where this person writes."""
    site = places.site(session, site_id)
    if day is None or site.operation_id != operation.id:
        raise NotFound
    place = plan.subject(operation, site.country, site.id)
    if not may(actor(), Act.REPORT_READ, place):
        raise NotFound
    writes = may(actor(), Act.REPORT_WRITE, place)
    behind = [found for found in reports.newest(session, operation.id, limit=20_000)
              if found.site_id == site.id and found.official_day == day and found.state not in _ENDED]  # fmt: skip
    if behind and what == "cell":
        return _shown(session, operation, behind[0], behind)
    if not writes:
        words = empty_state(_("Nothing reported"), _("{site} sent no report for {day}.", site=site.name, day=wording.date(day)), "mood-empty")
        return None, words, None, None
    if day > official_day(now(), operation.zone, operation.day_cut):
        return None, empty_state(_("Not yet"), _("{day} has not begun.", day=wording.date(day)), "clock"), None, None
    begun = next((form for form in reports.saved_forms(session, operation.id) if form.site_id == site.id
                  and report_content.day_of(form.content, operation.zone, operation.day_cut) == day), None)  # fmt: skip
    if begun is not None and what == "cell":
        return _entered(_resumed(session, operation, begun.id))
    kind = ReportKind.NIL if what == "nil" else ReportKind.DAILY
    content = report_form.blank(session, operation, site, day, kind)
    return _entered(report_form.given(session, operation, site, content, day, title=_("New report"), stores=STORES))


def _resumed(session: Session, operation: Operation, form_id: UUID) -> dict[str, Any]:
    """An unsent form of this person, as it was left. Raises NotFound for anybody else's."""
    kept = next((form for form in reports.saved_forms(session, operation.id) if form.id == form_id), None)
    if kept is None or kept.site_id is None:
        raise NotFound
    content = report_content.tidy(kept.content)
    day = report_content.day_of(content, operation.zone, operation.day_cut)
    title = _("Correction") if content["supersedes_id"] else _("Unsent report")
    return report_form.given(session, operation, places.site(session, kept.site_id), content, day, title=title, stores=STORES)


def _correction(session: Session, operation: Operation, found: Report) -> dict[str, Any]:
    """A form with what was sent, to be sent again otherwise. Raises NotFound where this person does not write."""
    if not _may_correct(session, operation, found):
        raise NotFound
    content = report_content.of_version(found, reports.lines_of(session, found.id))
    notice = report_view.why_set_aside(found, desk.steps_of(session, [found]))
    title = _("Correction of version {number}", number=found.version)
    return report_form.given(session, operation, places.site(session, found.site_id), content, found.official_day, title=title, stores=STORES, notice=notice)


def _may_correct(session: Session, operation: Operation, found: Report) -> bool:
    chain = reports.versions(session, found.report_id)
    place = plan.subject(operation, found.country, found.site_id)
    newest = chain[0].id == found.id and found.state not in _ENDED
    return newest and may(actor(), Act.REPORT_CORRECT, place) and not reports.beyond_officer(chain, actor())


# -------------------------------------------------------------------------------------------- a report as it reads


def _shown(session: Session, operation: Operation, found: Report, beside: list[Report] | None = None) -> tuple[Any, Any, Any, Any]:
    if found.operation_id != operation.id:
        raise NotFound
    chain, steps = chain_and_steps(session, found.report_id)
    earlier = before(found, chain)
    view = _view(session, operation, found, earlier, steps, beside or [])
    return None, view, _side(chain, found, earlier, steps), {"id": str(found.id), "mark": mark(chain)}


def _view(session: Session, operation: Operation, found: Report, other: Report | None, steps: Any, beside: list[Report]) -> Component:
    """A version in the middle, with what this person may do with it."""
    return article(session, found, other, steps, between=_others(found, beside), acts=_acts(session, operation, found))


def _others(found: Report, beside: list[Report]) -> Component | None:
    """The other reports of the same site and day."""
    rest = [each for each in beside if each.id != found.id]
    if not rest:
        return None
    links = [html.Button([vocabulary.label("CL-REPORTKIND", each.kind, wording.language()), " ", wording.clock(each.received_at, each.zone)],
                         className="reports-link", **{"data-ask": _asked("version", id=str(each.id))}) for each in rest]  # fmt: skip
    return html.P([_("Also sent for this day:"), " ", *links], className="m-small")


def _acts(session: Session, operation: Operation, found: Report) -> Component | None:
    acts: list[Component] = []
    place = plan.subject(operation, found.country, found.site_id)
    if _may_correct(session, operation, found):
        acts.append(html.Button([icon("pencil"), _("Correct")], className="reports-button reports-button-primary",
                                **{"data-ask": _asked("correct", id=str(found.id))}))  # fmt: skip
    elif reports.beyond_officer(reports.versions(session, found.report_id), actor()):
        acts.append(html.P(_("The country has validated this report: the team leader or the national coordinator corrects it."), className="m-small m-dim"))
    if may(actor(), Act.REPORT_WRITE, place):
        acts.append(html.Button([icon("plus"), _("Another report for this day")], className="reports-button reports-button-plain",
                                **{"data-ask": _asked("new", site=str(found.site_id), day=found.official_day.isoformat())}))  # fmt: skip
    mine = found.author_id == actor().account_id or may(actor(), Act.REPORT_VALIDATE, place)
    if may(actor(), Act.REPORT_WITHDRAW, place) and mine and found.state not in _ENDED:
        acts.append(
            html.Details(
                [
                    html.Summary(_("Withdraw")),
                    text_field(WITHDRAWAL, "reason", _("Reason"), description=_("It is written into the journal.")),
                    button(_("Withdraw this report"), id=Ids.WITHDRAW, kind="danger"),
                ],
                className="reports-withdraw",
            )
        )
    return html.Footer(acts, className="reports-acts") if acts else None


def _side(chain: list[Report], found: Report, earlier: Report | None, steps: Any) -> list[Component]:
    """The history: versions with what was done, and the choice of the version to compare with."""
    others = [each for each in chain if each.id != found.id]
    options = [{"value": str(each.id), "label": _("Version {number}", number=each.version)} for each in others]
    parts: list[Component] = [html.H2(_("History"))]
    if options:
        parts.append(select_field(COMPARISON, "with", _("Compared with"), options, value=str(earlier.id) if earlier else None))
    return [*parts, report_view.history(chain, steps, found.id)]


@screen(Output(Ids.VIEW, "children", allow_duplicate=True), Input(COMPARISON.id("with"), "value"), State(Ids.SHOWN, "data"),
        State(Ids.OPERATION, "data"), act=Act.REPORT_READ, prevent_initial_call=True)  # fmt: skip
def compare(other: str | None, shown: dict[str, str] | None, operation_id: str) -> Any:
    """The version in the middle, with its difference to another one of the same report."""
    if not shown:
        return no_update
    with reading() as session:
        operation = plan.operation(session, known_id(operation_id), actor())
        found = reports.report(session, known_id(shown["id"]))
        chain, steps = chain_and_steps(session, found.report_id)
        return _view(session, operation, found, next((each for each in chain if str(each.id) == other), None), steps, [])


@screen(Output(Ids.VIEW, "children", allow_duplicate=True), Output(Ids.SIDE, "children", allow_duplicate=True),
        Output(Ids.SHOWN, "data", allow_duplicate=True), Input(PULSE, "data"), State(Ids.SHOWN, "data"), State(Ids.OPERATION, "data"), act=Act.REPORT_READ, prevent_initial_call=True)  # fmt: skip
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


@screen(Output(Ids.SAVED, "data"), Input(Ids.TYPED, "data"), State(Ids.OPERATION, "data"), act=Act.REPORT_CORRECT, prevent_initial_call=True)
def save(typed: dict[str, Any] | None, operation_id: str) -> Any:
    """Keep what was typed so far (V0) and say when, with what is wrong in it already. Nothing unfinished is shouted at."""
    if not isinstance(typed, dict):
        return no_update
    content = report_content.tidy(typed.get("content"))
    ident, operation_ident = known_id(content["id"]), known_id(operation_id)
    found = _flaws(content)
    answer = {"id": content["id"], "serial": typed.get("serial")}
    try:
        with unit_of_work() as session:
            site = _writable_site(session, operation_ident, content)
            if session.exec(select(Report.id).where(Report.id == ident)).first() is not None:
                return {"id": content["id"], "locked": _("This report was sent.")}
            kept = {**content, "remarks": ""} if found.personal else content
            saved_at = reports.save_form(session, ident, operation_ident, site.id, kept, actor())
    except RuleBroken as refused:
        return {**answer, "says": _("not saved"), "found": report_content.placed(refused, content, kept=True).as_json()}
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
    """The site of a form, where this person writes or corrects for it. Raises NotFound, which does not tell what exists."""
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
        with unit_of_work() as session:
            made = reports.submit(session, draft, actor())
    except RuleBroken as refused:
        found = report_content.placed(refused, content)
        says = _("please confirm") if found.questions and not found.fields and not found.general else _("not sent: see below")
        return {"id": content["id"], "says": says, "found": found.as_json()}
    except Conflict as refused:
        return {"id": content["id"], "locked": wording.sentence(refused)}
    except NotFound as refused:
        found = report_content.placed(refused, content)
        return {"id": content["id"], "says": _("not sent: see below"), "found": found.as_json()}
    say(_("Report sent."))
    return {"id": content["id"], "sent": str(made.id)}


@screen(Output(Ids.DISCARDED, "data"), Output(Ids.VIEW, "children", allow_duplicate=True), Output(Ids.SIDE, "children", allow_duplicate=True),
        Input(Ids.DISCARD, "data"), act=Act.REPORT_CORRECT, prevent_initial_call=True)  # fmt: skip
def discard(asked: dict[str, Any] | None) -> Any:
    """Throw an unsent form of this person away. Somebody else's is not there."""
    if not isinstance(asked, dict):
        return no_update, no_update, no_update
    with unit_of_work() as session:
        reports.discard_form(session, known_id(str(asked.get("id", ""))))
    return asked, empty_state(_("Discarded"), _("Choose a day of a site to go on."), "trash"), None


@screen(Output(Ids.ASK, "data", allow_duplicate=True), Input(Ids.WITHDRAW, "n_clicks"), State(WITHDRAWAL.id("reason"), "value"),
        State(Ids.SHOWN, "data"), act=Act.REPORT_WITHDRAW, form=WITHDRAWAL, prevent_initial_call=True)  # fmt: skip
def withdraw(clicks: int | None, reason: str | None, shown: dict[str, str] | None) -> Any:
    """Take the report in the middle back, with a reason."""
    if not clicks or not shown:
        return no_update
    with unit_of_work() as session:
        reports.withdraw(session, known_id(shown["id"]), reason or "", actor())
    say(_("Report withdrawn."))
    return {"what": "version", "id": shown["id"], "turn": clicks}


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


clientside_callback(ClientsideFunction("muster", "reportOpened"), Input(Ids.FORM, "data"), State(Ids.HOST, "id"))
clientside_callback(ClientsideFunction("muster", "reportSaved"), Input(Ids.SAVED, "data"))
clientside_callback(ClientsideFunction("muster", "reportAnswered"), Input(Ids.ANSWER, "data"))
clientside_callback(ClientsideFunction("muster", "reportArrived"), Output(Ids.ARRIVED, "data"), Input(Ids.OPERATION, "data"))
