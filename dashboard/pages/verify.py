"""Verify: what waits for this person, worked through with the keyboard; the report in the middle, with what changed.

Keys work while the focus is inside the page's desk (`assets/62_verify_keys.js`): J and K or the arrows choose, V
verifies, R returns, X rejects. After an act the next one opens.
"""

import json
from collections.abc import Sequence
from dataclasses import replace
from enum import StrEnum
from typing import Any

from dash import ClientsideFunction, Input, Output, State, clientside_callback, dcc, html, no_update
from dash.development.base_component import Component
from sqlmodel import Session

from dashboard import wording
from dashboard.access import actor, known_id, reading, unit_of_work
from dashboard.components import report_view
from dashboard.components.form import Form, button, select_field, text_area, text_field
from dashboard.components.panel import empty_state
from dashboard.components.report_article import article, before, chain_and_steps, mark
from dashboard.components.report_content import moment_typed
from dashboard.live import PULSE
from dashboard.navigation import Nav
from dashboard.policy import screen
from dashboard.refusals import say
from dashboard.shell import page
from dashboard.wording import N_, _
from operations.core import vocabulary
from operations.core.drafts import parse
from operations.core.errors import NotFound, RuleBroken
from operations.core.permissions import Act, may
from operations.core.vocabulary import Level, ReportState, Role
from operations.policing import desk, places, plan, reports, verification
from operations.policing.desk import WaitingHit
from operations.policing.plan import Operation
from operations.policing.reports import Report
from operations.policing.verification import Answer, Return

NAV = Nav(name=N_("Verify"), path_template="/operations/<operation_id>/verify", icon="checks", order=40, act=Act.REPORT_RETURN)

RETURN = Form("verify-return")
ANSWER = Form("verify-answer")
Choice = dict[str, str]


class Ids(StrEnum):
    """The page's elements."""

    OPERATION = "verify-operation"
    CHOSEN = "verify-chosen"  # {"what": report | hit, "id": version, "line": hit's line}
    SHOWN = "verify-shown"
    LIST = "verify-list"
    VIEW = "verify-view"
    SIDE = "verify-side"
    VERIFY = "verify-do"
    RETURN = "verify-give-back"
    REJECT = "verify-reject"
    ANSWER = "verify-answer-hit"


def layout(operation_id: str = "", **_query: str) -> Component:
    """The page of one operation; it opens with the oldest that waits."""
    ident = known_id(operation_id)
    with reading() as session:
        operation = plan.operation(session, ident, actor())
        order = _order(session, operation)
        waiting = _list(session, operation, order[0] if order else None)
    return page(
        _("Verify"),
        dcc.Store(id=Ids.OPERATION, data=operation_id),
        dcc.Store(id=Ids.CHOSEN, data=order[0] if order else None),
        dcc.Store(id=Ids.SHOWN),
        html.Div(
            [
                html.Nav(waiting, id=Ids.LIST, className="verify-list", **{"aria-label": _("Waiting")}),
                html.Div(id=Ids.VIEW, className="verify-middle"),
                html.Aside(id=Ids.SIDE, className="verify-side", **{"aria-label": _("Your decision")}),
            ],
            className="verify-desk",
            **{"data-desk": Ids.CHOSEN.value},
        ),
        lead=_("Who verifies asserts something and changes no figure: a wrong figure goes back to its author."),
        wide=True,
    )


# ------------------------------------------------------------------------------------------------- what waits


def _reports_waiting(session: Session, operation: Operation) -> list[Report]:
    """The work list; for an analyst, who climbs no step, the validated reports that can still be returned."""
    if actor().role is Role.OCU_ANALYST:
        return reports.newest(session, operation.id, [ReportState.NATIONALLY_VALIDATED])[::-1]
    return verification.worklist(session, operation.id, actor())


def _hits_waiting(session: Session, operation: Operation) -> list[WaitingHit]:
    return desk.waiting_hits(session, operation.id) if may(actor(), Act.HIT_CONFIRM) else []


def _order(session: Session, operation: Operation) -> list[Choice]:
    """Everything that can be chosen, in the order of the list."""
    found: list[Choice] = [_of_report(each) for each in _reports_waiting(session, operation)]
    return found + [_of_hit(each) for each in _hits_waiting(session, operation)]


def _of_report(found: Report) -> Choice:
    return {"what": "report", "id": str(found.id)}


def _of_hit(waiting: WaitingHit) -> Choice:
    return {"what": "hit", "id": str(waiting.report.id), "line": str(waiting.line.id)}


def _list(session: Session, operation: Operation, chosen: Choice | None) -> list[Component]:
    """Three lists under one another: reports, hits without an answer, and what other eyes must see."""
    sites = {site.id: site.name for site in places.sites(session, operation.id)}
    found = _reports_waiting(session, operation)
    hits = _hits_waiting(session, operation)
    held = desk.waiting_for_others(session, operation.id, actor())
    parts: list[Component] = []
    if not found and not hits:
        parts.append(empty_state(_("All done"), _("Nothing waits for you. New reports appear here by themselves."), "circle-check"))
    if found:
        parts.append(_group(_("Reports waiting"), [_item(_of_report(each), chosen, sites.get(each.site_id, ""), *_about(each)) for each in found]))
    if hits:
        parts.append(_group(_("Hits waiting for an answer"), [_item(_of_hit(each), chosen, sites.get(each.report.site_id, ""), *_about_hit(each))
                                                              for each in hits]))  # fmt: skip
    if held:
        parts.append(_group(_("Waiting for other eyes"), [_item(_of_report(each), chosen, sites.get(each.site_id, ""), *_about(each)) for each in held]))
    return parts


def _group(title: str, items: Sequence[Component]) -> Component:
    return html.Section([html.H2([title, html.Span(wording.number(len(items)), className="verify-count m-num")]), html.Ul(list(items))])


def _about(found: Report) -> tuple[str, str]:
    kind = vocabulary.label("CL-REPORTKIND", found.kind, wording.language())
    again = f" · {_('version {number}', number=found.version)}" if found.version > 1 else ""
    return f"{wording.date(found.official_day)} · {kind}{again}", f"{found.author_name} · {wording.ago(found.received_at)}"


def _about_hit(waiting: WaitingHit) -> tuple[str, str]:
    database = vocabulary.label("CL-DB", waiting.line.database, wording.language())
    kind = vocabulary.label("CL-HITKIND", str(waiting.line.attributes.get("hit_kind", "unknown")), wording.language())
    return f"{database} · {kind}", f"{wording.date(waiting.report.official_day)} · {wording.ago(waiting.report.received_at)}"


def _item(choice: Choice, chosen: Choice | None, title: str, what: str, who: str) -> Component:
    here = {"aria-current": "true"} if _same(choice, chosen) else {}
    return html.Li(
        html.Button(
            [html.Strong(title), html.Span(what), html.Small(who, className="m-dim")],
            className="verify-item",
            **{"data-ask": json.dumps(choice), "data-version": choice["id"], **here},
        )
    )


def _same(one: Choice, other: Choice | None) -> bool:
    return other is not None and all(one.get(name) == other.get(name) for name in ("what", "id", "line"))


@screen(Output(Ids.LIST, "children"), Input(PULSE, "data"), Input(Ids.CHOSEN, "data"), State(Ids.OPERATION, "data"), act=Act.REPORT_RETURN)
def show_list(_pulse: int, chosen: Choice | None, operation_id: str) -> list[Component]:
    """What waits for this person now."""
    with reading() as session:
        return _list(session, plan.operation(session, known_id(operation_id), actor()), chosen)


# ------------------------------------------------------------------------------------------------ what is shown


@screen(Output(Ids.VIEW, "children"), Output(Ids.SIDE, "children"), Output(Ids.SHOWN, "data"), Input(Ids.CHOSEN, "data"), Input(PULSE, "data"),
        State(Ids.SHOWN, "data"), State(Ids.OPERATION, "data"), act=Act.REPORT_RETURN)  # fmt: skip
def show_chosen(chosen: Choice | None, _pulse: int, shown: dict[str, Any] | None, operation_id: str) -> Any:
    """The chosen report with its difference to the version before, and what this person may decide about it."""
    with reading() as session:
        operation = plan.operation(session, known_id(operation_id), actor())
        if not chosen:
            order = _order(session, operation)
            text = _("Choose a report on the list.") if order else _("Nothing waits for you.")
            return empty_state(_("Nothing chosen"), text, "checks"), None, None
        found = reports.report(session, known_id(chosen.get("id")))
        if found.operation_id != operation.id:
            raise NotFound
        chain, steps = chain_and_steps(session, found.report_id)
        now_shown = {"choice": chosen, "mark": mark(chain)}
        if shown == now_shown:
            return no_update, no_update, no_update
        line = known_id(chosen["line"]) if chosen.get("what") == "hit" else None
        view = article(session, found, before(found, chain), steps, marked=line)
        side = _answering(found) if line else _deciding(operation, found)
        return view, [*side, html.H2(_("History")), report_view.history(chain, steps, found.id)], now_shown


_ASSERTS = {
    Level.V2: N_("You assert: complete, plausible, right site and period."),
    Level.V3: N_("You assert: your country stands behind it."),
}


def _deciding(operation: Operation, found: Report) -> list[Component]:
    """Verify, return, reject: as far as this person may; where four eyes forbid it, that is said."""
    rung = verification.rung_for(found, actor())
    place = plan.subject(operation, found.country, found.site_id)
    parts: list[Component] = [html.H2(_("Your decision"))]
    if rung is not None:
        label = _("Verify locally") if rung.level is Level.V2 else _("Validate for the country")
        parts += [html.P(_(_ASSERTS[rung.level]), className="m-small"), _act(label, Ids.VERIFY, "primary", "check", "V")]
    else:
        parts.append(html.P(why_not(found), className="verify-why", role="note"))
    if verification.returnable(found, actor()) and may(actor(), Act.REPORT_RETURN, place):
        options = vocabulary.options("CL-RETURN", wording.language())
        parts += [
            select_field(RETURN, "reason", _("Reason"), options),
            text_area(RETURN, "note", _("Note to the author")),
            _act(_("Return to its author"), Ids.RETURN, "plain", "arrow-back-up", "R"),
        ]
        if may(actor(), Act.REPORT_REJECT, place):
            parts.append(_act(_("Reject for good"), Ids.REJECT, "danger", "x", "X"))
    return parts


def _act(label: str, ident: Ids, kind: str, icon_name: str, key: str) -> Component:
    return button(label, id=ident, kind=kind, icon_name=icon_name, rightSection=html.Kbd(key), fullWidth=True,
                  justify="space-between", **{"aria-keyshortcuts": key})  # fmt: skip


def why_not(found: Report) -> str:
    """Why this person cannot make the report climb: in words, not by a missing button alone."""
    if actor().account_id == found.author_id:
        return _("You wrote this report. Nobody verifies what they wrote: another pair of eyes is needed.")
    if actor().account_id == found.verified_by:
        return _("You verified this report locally. Its validation needs another pair of eyes.")
    if actor().role is Role.OCU_ANALYST:
        return _("The country has validated this report. An analyst returns it where it cannot be right, and changes no figure.")
    return _("This report is not waiting for you: {state}.", state=vocabulary.label("CL-REPORTSTATE", found.state, wording.language()))


def _answering(found: Report) -> list[Component]:
    """What the issuing country said of a raw hit."""
    answers = [option for option in vocabulary.options("CL-CONFIRM", wording.language()) if option["value"] != "pending"]
    return [
        html.H2(_("Answer of the issuing country")),
        html.P(_("Only the country that issued the record confirms or refutes a hit."), className="m-small"),
        select_field(ANSWER, "confirmation", _("Answer"), answers),
        select_field(ANSWER, "confirming_country", _("Country that answered"), vocabulary.options("CL-COUNTRY", wording.language())),
        text_field(ANSWER, "confirmed_at", _("Time of the answer, on the clocks of {zone}", zone=found.zone), placeholder="YYYY-MM-DD HH:MM"),
        button(_("Record the answer"), id=Ids.ANSWER, kind="primary", fullWidth=True),
    ]


# ----------------------------------------------------------------------------------------------------- decisions


def _next(session: Session, operation_id: str, done: Choice) -> Choice | None:
    """What comes after `done` on the list: to be asked before it is done."""
    order = _order(session, plan.operation(session, known_id(operation_id), actor()))
    place = next((index for index, each in enumerate(order) if _same(each, done)), None)
    rest = order[place + 1 :] + order[:place] if place is not None else order
    return next((each for each in rest if each["id"] != done["id"] or each["what"] == done["what"]), None)


@screen(Output(Ids.CHOSEN, "data", allow_duplicate=True), Input(Ids.VERIFY, "n_clicks"), State(Ids.CHOSEN, "data"), State(Ids.OPERATION, "data"),
        act=Act.REPORT_RETURN, prevent_initial_call=True, running=[(Output(Ids.VERIFY, "disabled"), True, False)])  # fmt: skip
def verify(clicks: int | None, chosen: Choice | None, operation_id: str) -> Any:
    """Let the chosen report climb one level; the next one opens."""
    if not clicks or not chosen:
        return no_update
    with unit_of_work() as session:
        following = _next(session, operation_id, chosen)
        made = verification.verify(session, known_id(chosen["id"]), actor())
    say(_("Now {level}.", level=vocabulary.label("CL-LEVEL", Level(made.level).name, wording.language()).casefold()))
    return following


def _set_aside(clicks: int | None, chosen: Choice | None, operation_id: str, typed: dict[str, str | None], verb: Any, done: str) -> Any:
    if not clicks or not chosen:
        return no_update
    answer = parse(Return, {name: value for name, value in typed.items() if value})
    with unit_of_work() as session:
        following = _next(session, operation_id, chosen)
        verb(session, known_id(chosen["id"]), answer, actor())
    say(done)
    return following


@screen(Output(Ids.CHOSEN, "data", allow_duplicate=True), Input(Ids.RETURN, "n_clicks"), State(Ids.CHOSEN, "data"), State(Ids.OPERATION, "data"),
        State(RETURN.id("reason"), "value"), State(RETURN.id("note"), "value"), act=Act.REPORT_RETURN, form=RETURN,
        prevent_initial_call=True)  # fmt: skip
def give_back(clicks: int | None, chosen: Choice | None, operation_id: str, reason: str | None, note: str | None) -> Any:
    """Return the chosen report to its author, with a reason; the next one opens."""
    return _set_aside(clicks, chosen, operation_id, {"reason": reason, "note": note}, verification.give_back, _("Returned to its author."))


@screen(Output(Ids.CHOSEN, "data", allow_duplicate=True), Input(Ids.REJECT, "n_clicks"), State(Ids.CHOSEN, "data"), State(Ids.OPERATION, "data"),
        State(RETURN.id("reason"), "value"), State(RETURN.id("note"), "value"), act=Act.REPORT_REJECT, form=RETURN,
        prevent_initial_call=True)  # fmt: skip
def reject(clicks: int | None, chosen: Choice | None, operation_id: str, reason: str | None, note: str | None) -> Any:
    """Refuse the chosen report for good, with a reason; the next one opens."""
    return _set_aside(clicks, chosen, operation_id, {"reason": reason, "note": note}, verification.reject, _("Rejected."))


@screen(Output(Ids.CHOSEN, "data", allow_duplicate=True), Input(Ids.ANSWER, "n_clicks"), State(Ids.CHOSEN, "data"), State(Ids.OPERATION, "data"),
        State(ANSWER.id("confirmation"), "value"), State(ANSWER.id("confirming_country"), "value"), State(ANSWER.id("confirmed_at"), "value"),
        act=Act.HIT_CONFIRM, form=ANSWER, prevent_initial_call=True)  # fmt: skip
def answer_hit(clicks: int | None, chosen: Choice | None, operation_id: str, confirmation: str | None, country: str | None, at: str | None) -> Any:
    """Record what the issuing country said of the chosen hit; the next one opens."""
    if not clicks or not chosen or chosen.get("what") != "hit":
        return no_update
    with reading() as session:
        zone = reports.report(session, known_id(chosen["id"])).zone
    typed = {"confirmation": confirmation, "confirming_country": country, "confirmed_at": moment_typed(at or "", zone, "confirmed_at")}
    try:
        answer = parse(Answer, {name: value for name, value in typed.items() if value})
    except RuleBroken as refused:
        raise RuleBroken.all([replace(flaw, field=flaw.field or "confirming_country") for flaw in refused.flaws]) from None
    with unit_of_work() as session:
        following = _next(session, operation_id, chosen)
        made = verification.answer_hit(session, known_id(chosen["id"]), known_id(chosen["line"]), answer, actor())
    say(_("Answer recorded."))
    if following and following["id"] == chosen["id"]:  # another hit of the same report: it stands in the new version now
        following = {**following, "id": str(made.id)}
    return following


clientside_callback(ClientsideFunction("muster", "verifyShown"), Input(Ids.SHOWN, "data"))
