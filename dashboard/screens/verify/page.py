"""Verify: what waits for this person, worked through with the keyboard; the report in the middle, with what changed.

Keys work while the focus is inside the page's desk (`screens/verify/keys.js`): J and K or the arrows choose, V
verifies, R returns, X rejects. After an act the next one opens.
"""

from dataclasses import replace
from enum import StrEnum
from typing import Any

from dash import ClientsideFunction, Input, Output, State, clientside_callback, dcc, html, no_update
from dash.development.base_component import Component
from sqlmodel import Session

from dashboard import wording
from dashboard.frame.policy import screen
from dashboard.frame.shell import page
from dashboard.navigation import Nav
from dashboard.parts.panel import empty_state
from dashboard.parts.report import view as report_view
from dashboard.parts.report.article import article, before, chain_and_steps, mark
from dashboard.parts.report.content import moment_typed
from dashboard.refusals import say
from dashboard.screens.verify.decision import ANSWER, RETURN, Buttons, answering, deciding
from dashboard.screens.verify.list import Choice, order, same, waiting
from dashboard.server.access import actor, known_id, reading, unit_of_work
from dashboard.server.live import PULSE
from dashboard.wording import N_, _
from operations.core import vocabulary
from operations.core.drafts import parse
from operations.core.errors import NotFound, RuleBroken
from operations.core.permissions import Act
from operations.core.vocabulary import Level
from operations.policing.operation import plan
from operations.policing.reports import reports, verification
from operations.policing.reports.verification import Answer, Return

NAV = Nav(
    name=N_("Verify"), path_template="/operations/<operation_id>/verify", icon="checks", order=40, act=Act.REPORT_RETURN
)


class Ids(StrEnum):
    """The page's elements."""

    OPERATION = "verify-operation"
    CHOSEN = "verify-chosen"  # {"what": report | hit, "id": version, "line": hit's line}
    SHOWN = "verify-shown"
    LIST = "verify-list"
    VIEW = "verify-view"
    SIDE = "verify-side"


def layout(operation_id: str = "", **_query: str) -> Component:
    """The page of one operation; it opens with the oldest that waits."""
    ident = known_id(operation_id)
    with reading() as session:
        operation = plan.operation(session, ident, actor())
        choices = order(session, operation)
        shown = waiting(session, operation, choices[0] if choices else None)
    return page(
        _("Verify"),
        dcc.Store(id=Ids.OPERATION, data=operation_id),
        dcc.Store(id=Ids.CHOSEN, data=choices[0] if choices else None),
        dcc.Store(id=Ids.SHOWN),
        html.Div(
            [
                html.Nav(shown, id=Ids.LIST, className="verify-list", tabIndex=-1, **{"aria-label": _("Waiting")}),
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


@screen(
    Output(Ids.LIST, "children"),
    Input(PULSE, "data"),
    Input(Ids.CHOSEN, "data"),
    State(Ids.OPERATION, "data"),
    act=Act.REPORT_RETURN,
)
def show_list(_pulse: int, chosen: Choice | None, operation_id: str) -> list[Component]:
    """What waits for this person now."""
    with reading() as session:
        return waiting(session, plan.operation(session, known_id(operation_id), actor()), chosen)


# ------------------------------------------------------------------------------------------------ what is shown


@screen(
    Output(Ids.VIEW, "children"),
    Output(Ids.SIDE, "children"),
    Output(Ids.SHOWN, "data"),
    Input(Ids.CHOSEN, "data"),
    Input(PULSE, "data"),
    State(Ids.SHOWN, "data"),
    State(Ids.OPERATION, "data"),
    act=Act.REPORT_RETURN,
)
def show_chosen(chosen: Choice | None, _pulse: int, shown: dict[str, Any] | None, operation_id: str) -> Any:
    """The chosen report with its difference to the version before, and what this person may decide about it."""
    with reading() as session:
        operation = plan.operation(session, known_id(operation_id), actor())
        if not chosen:
            waits = order(session, operation)  # with nothing to choose, the list says so by itself
            text = _("Choose a report on the list.")
            return empty_state(_("Nothing chosen"), text, "checks") if waits else None, None, None
        found = reports.report(session, known_id(chosen.get("id")))
        if found.operation_id != operation.id:
            raise NotFound
        chain, steps = chain_and_steps(session, found.report_id)
        now_shown = {"choice": chosen, "mark": mark(chain)}
        if shown == now_shown:
            return no_update, no_update, no_update
        line = known_id(chosen["line"]) if chosen.get("what") == "hit" else None
        view = article(session, found, before(found, chain), steps, marked=line)
        answered = verification.answered_by(session, operation.id, actor())
        side = answering(operation, found) if line else deciding(operation, found, answered)
        return view, [*side, html.H2(_("History")), report_view.history(chain, steps, found.id)], now_shown


# ----------------------------------------------------------------------------------------------------- decisions


def _next(session: Session, operation_id: str, done: Choice) -> Choice | None:
    """What comes after `done` on the list: to be asked before it is done."""
    choices = order(session, plan.operation(session, known_id(operation_id), actor()))
    place = next((index for index, each in enumerate(choices) if same(each, done)), None)
    rest = choices[place + 1 :] + choices[:place] if place is not None else choices
    return next((each for each in rest if each["id"] != done["id"] or each["what"] == done["what"]), None)


@screen(
    Output(Ids.CHOSEN, "data", allow_duplicate=True),
    Input(Buttons.VERIFY, "n_clicks"),
    State(Ids.CHOSEN, "data"),
    State(Ids.OPERATION, "data"),
    act=Act.REPORT_RETURN,
    prevent_initial_call=True,
    running=[(Output(Buttons.VERIFY, "disabled"), True, False)],
)
def verify(clicks: int | None, chosen: Choice | None, operation_id: str) -> Any:
    """Let the chosen report climb one level; the next one opens."""
    if not clicks or not chosen:
        return no_update
    with unit_of_work() as session:
        following = _next(session, operation_id, chosen)
        made = verification.verify(session, known_id(chosen["id"]), actor())
    say(_("Now {level}.", level=vocabulary.label("CL-LEVEL", Level(made.level).name, wording.language()).casefold()))
    return following


def _set_aside(
    clicks: int | None, chosen: Choice | None, operation_id: str, typed: dict[str, str | None], verb: Any, done: str
) -> Any:
    if not clicks or not chosen:
        return no_update
    answer = parse(Return, {name: value for name, value in typed.items() if value})
    with unit_of_work() as session:
        following = _next(session, operation_id, chosen)
        verb(session, known_id(chosen["id"]), answer, actor())
    say(done)
    return following


@screen(
    Output(Ids.CHOSEN, "data", allow_duplicate=True),
    Input(Buttons.RETURN, "n_clicks"),
    State(Ids.CHOSEN, "data"),
    State(Ids.OPERATION, "data"),
    State(RETURN.id("reason"), "value"),
    State(RETURN.id("note"), "value"),
    act=Act.REPORT_RETURN,
    form=RETURN,
    prevent_initial_call=True,
)
def give_back(
    clicks: int | None, chosen: Choice | None, operation_id: str, reason: str | None, note: str | None
) -> Any:
    """Return the chosen report to its author, with a reason; the next one opens."""
    return _set_aside(
        clicks,
        chosen,
        operation_id,
        {"reason": reason, "note": note},
        verification.give_back,
        _("Returned to its author."),
    )


@screen(
    Output(Ids.CHOSEN, "data", allow_duplicate=True),
    Input(Buttons.REJECT, "n_clicks"),
    State(Ids.CHOSEN, "data"),
    State(Ids.OPERATION, "data"),
    State(RETURN.id("reason"), "value"),
    State(RETURN.id("note"), "value"),
    act=Act.REPORT_REJECT,
    form=RETURN,
    prevent_initial_call=True,
)
def reject(clicks: int | None, chosen: Choice | None, operation_id: str, reason: str | None, note: str | None) -> Any:
    """Refuse the chosen report for good, with a reason; the next one opens."""
    return _set_aside(
        clicks, chosen, operation_id, {"reason": reason, "note": note}, verification.reject, _("Rejected.")
    )


@screen(
    Output(Ids.CHOSEN, "data", allow_duplicate=True),
    Input(Buttons.ANSWER, "n_clicks"),
    State(Ids.CHOSEN, "data"),
    State(Ids.OPERATION, "data"),
    State(ANSWER.id("confirmation"), "value"),
    State(ANSWER.id("confirming_country"), "value"),
    State(ANSWER.id("confirmed_at"), "value"),
    act=Act.HIT_CONFIRM,
    form=ANSWER,
    prevent_initial_call=True,
)
def answer_hit(
    clicks: int | None,
    chosen: Choice | None,
    operation_id: str,
    confirmation: str | None,
    country: str | None,
    at: str | None,
) -> Any:
    """Record what the issuing country said of the chosen hit; the next one opens."""
    if not clicks or not chosen or chosen.get("what") != "hit":
        return no_update
    with reading() as session:
        zone = reports.report(session, known_id(chosen["id"])).zone
    typed = {
        "confirmation": confirmation,
        "confirming_country": country,
        "confirmed_at": moment_typed(at or "", zone, "confirmed_at"),
    }
    try:
        answer = parse(Answer, {name: value for name, value in typed.items() if value})
    except RuleBroken as refused:
        raise RuleBroken.all(
            [replace(flaw, field=flaw.field or "confirming_country") for flaw in refused.flaws]
        ) from None
    with unit_of_work() as session:
        following = _next(session, operation_id, chosen)
        made = verification.answer_hit(session, known_id(chosen["id"]), known_id(chosen["line"]), answer, actor())
    say(_("Answer recorded."))
    if (
        following and following["id"] == chosen["id"]
    ):  # another hit of the same report: it stands in the new version now
        following = {**following, "id": str(made.id)}
    return following


clientside_callback(ClientsideFunction("muster", "verifyShown"), Input(Ids.SHOWN, "data"))
clientside_callback(ClientsideFunction("muster", "verifyListed"), Input(Ids.LIST, "children"))
