"""Assignment: which team goes where, proposed beside the plan in force; locked, improved and accepted by people.

A proposal stands at once: insertion takes well under a second. "Improve" asks a worker, which tells how far it is; what
was decided meanwhile asks anew.
"""

from enum import StrEnum
from typing import TYPE_CHECKING, Any
from uuid import UUID

from dash import ALL, Input, Output, State, ctx, dcc, html, no_update
from dash.development.base_component import Component
from sqlmodel import Session, func, select

from analyses.questions import AssignmentQuestion
from dashboard.access import actor, known_id, reading, unit_of_work
from dashboard.components import analysis_answer, assignment_form, assignment_view
from dashboard.components.assignment_form import FORM, IMPROVE, NUMBERS, RELEASE, SWITCHES
from dashboard.components.form import button
from dashboard.components.panel import empty_state, panel, stat
from dashboard.later import later
from dashboard.live import PULSE
from dashboard.navigation import Nav
from dashboard.policy import screen
from dashboard.refusals import Kind, say
from dashboard.shell import page
from dashboard.wording import N_, _, ago, ngettext, number, percent
from operations.core import clock
from operations.core.errors import Flaw, NotFound
from operations.core.ids import fingerprint, new_id
from operations.core.permissions import Act, may
from operations.core.sentences import kept, plain
from operations.core.vocabulary import AnalysisKind, JobState
from operations.policing import analyses, plan
from operations.policing.analyses import Analysis, AnalysisDraft
from operations.support import facts, fit, offers, requests, teams
from operations.support.deployments import Deployment
from operations.support.offers import Offer
from operations.support.requests import Need

if TYPE_CHECKING:
    from analyses import assigning, staffing
    from analyses.assignment import problem
    from geodata import transit_table
else:
    assigning = later("analyses.assigning")
    staffing = later("analyses.staffing")
    problem = later("analyses.assignment.problem")
    transit_table = later("geodata.transit_table")

NAV = Nav(
    name=N_("Assign"),
    path_template="/operations/<operation_id>/assignment",
    icon="switch-horizontal",
    order=36,
    act=Act.ANALYSIS_ASK,
)


class Ids(StrEnum):
    """The elements of this page."""

    OPERATION = "assignment-operation"
    QUESTION = "assignment-question"
    SHOWN = "assignment-shown"
    MARK = "assignment-mark"
    TICKS = "assignment-ticks"
    DECIDED = "assignment-decided"
    HEAD = "assignment-head"
    PROGRESS = "assignment-progress"
    ANSWER = "assignment-answer"
    ADOPT = "assignment-adopt"
    STOP = "assignment-stop"
    RESUME = "assignment-resume"


LOCK, OUT = "assignment-lock", "assignment-out"


def layout(operation_id: str = "", **_query: str) -> Component:
    """The page of one operation; it goes on with the newest question that was asked of it."""
    by = actor()
    with reading() as session:
        operation = plan.operation(session, known_id(operation_id), by)
        asked = next(iter(analyses.analyses(session, operation.id, 1, [AnalysisKind.ASSIGNMENT])), None)
        question = AssignmentQuestion() if asked is None else AssignmentQuestion.model_validate(asked.question)
        parts = written(session, operation, question, asked)
        stamp = mark(session, operation.id, question, asked)
        may_ask = may(by, Act.ANALYSIS_ASK, plan.subject(operation))
    return page(
        _("Assignment"),
        html.Div(
            [
                dcc.Store(id=Ids.OPERATION, data=str(operation.id)),
                dcc.Store(id=Ids.QUESTION, data=question.model_dump(mode="json")),
                dcc.Store(id=Ids.SHOWN, data=None if asked is None else str(asked.id)),
                dcc.Store(id=Ids.MARK, data=stamp),
                dcc.Interval(id=Ids.TICKS, interval=1000, disabled=asked is None or asked.ended),
                html.Aside(
                    [
                        *assignment_form.fields(question, may_ask=may_ask),
                        html.Div(parts["decided"], id=Ids.DECIDED, className="assign-decided"),
                    ],
                    className="analysis-ask",
                    **{"aria-label": _("The question")},
                ),
                html.Section(
                    [
                        html.Div(parts["head"], id=Ids.HEAD),
                        html.Div(progress_of(asked), id=Ids.PROGRESS),
                        html.Div(parts["answer"], id=Ids.ANSWER, className="assign-answer"),
                    ],
                    className="analysis-answer",
                    **{"aria-label": _("The proposal")},
                ),
            ],
            className="analysis",
        ),
        full=True,
    )


# ------------------------------------------------------------------------------------------------- what is shown


def mark(session: Session, operation_id: UUID, question: AssignmentQuestion, asked: Analysis | None) -> str:
    """Equal as long as the question, its answer and what it is asked of are the same."""
    counted = [
        tuple(row)
        for query in (
            select(Offer.state, func.count()).where(Offer.operation_id == operation_id).group_by(Offer.state),
            select(Deployment.state, func.count())
            .where(Deployment.operation_id == operation_id)
            .group_by(Deployment.state),
            select(func.count(), func.sum(Need.accepted)).where(Need.operation_id == operation_id),
        )
        for row in sorted(session.execute(query).all(), key=str)
    ]
    state = None if asked is None else [str(asked.id), asked.state]
    return fingerprint([plain(question.model_dump(mode="json")), state, plain(counted)])


def progress_of(asked: Analysis | None) -> list[Component]:
    """How far the worker is: value, bound and gap as they are now; what went wrong; or nothing."""
    if asked is None or asked.ended:
        failed = "" if asked is None else analysis_answer.said(asked.failure)
        return [html.P(failed, className="analysis-failed", role="alert")] if failed else []
    doing = (
        _("Stopping: the best so far is kept")
        if asked.state == JobState.CANCELLING
        else analysis_answer.said(asked.progress.get("words")) or _("Waiting for its turn")
    )
    since = asked.started_at or asked.asked_at
    told = [stat(doing, _("{seconds} s", seconds=number(max(0.0, (clock.now() - since).total_seconds()))))]
    if asked.progress.get("gap") is not None:
        told += [
            stat(_("Points"), number(asked.progress["objective"])),
            stat(_("At most"), number(asked.progress["bound"])),
            stat(_("Gap"), percent(asked.progress["gap"], 2), _("0 is proven")),
        ]
    stop = button(
        _("Stop"), Ids.STOP, "danger", "player-stop", n_clicks=0, size="xs",
        disabled=asked.state == JobState.CANCELLING,
    )  # fmt: skip
    return [html.Div([*told, stop], className="analysis-progress", role="status")]


def written(
    session: Session, operation: plan.Operation, question: AssignmentQuestion, asked: Analysis | None
) -> dict[str, Any]:
    """The parts of the page that a question or its answer writes anew."""
    decided = assignment_form.decided(question)
    try:
        ground = ground_of(session, operation, question)
        answer = answer_of(session, question, asked, ground)
    except problem.Unassignable as refused:
        words = analysis_answer.said(kept(Flaw("", refused.template, _plain(refused.params))))
        nothing = empty_state(_("There is no proposal"), words, "users-group")
        return {"decided": decided, "head": [], "answer": nothing}
    by = actor()
    figures = answer["figures"]
    rows = assignment_view.rows_of(ground, figures)
    accepts = may(by, Act.SUPPORT_ACCEPT, plan.subject(operation))
    ready = [row for row in rows if waiting(ground, row) is not None]
    return {
        "decided": decided,
        "head": _head(asked, figures, len(ready), accepts=accepts),
        "answer": [
            html.P(analysis_answer.said(answer["sentences"][0]), className="analysis-headline"),
            assignment_view.tiles(figures, question),
            panel(
                _("The proposal beside the plan in force"),
                assignment_view.chart(rows, ground.labels, operation.zone, clock.now()),
            ),
            panel(
                _("Need by need"),
                assignment_view.needs(rows, ground, figures, question, operation.zone, may_decide=True),
                note=_("Open one to see why, and to decide."),
            ),
            assignment_view.shares(answer["tables"][0]),
            html.P(analysis_answer.said(answer["sentences"][1]), className="m-small m-dim"),
        ],
    }


def _plain(params: dict[str, Any]) -> dict[str, Any]:
    return {name: [kept(one) for one in each] if isinstance(each, tuple) else each for name, each in params.items()}


def ground_of(session: Session, operation: plan.Operation, question: AssignmentQuestion) -> "staffing.Ground":
    """What is needed and who could come, now."""
    return staffing.ground(session, operation.id, operation.zone, question, transit_table.hours_between, clock.now())


def answer_of(
    session: Session, question: AssignmentQuestion, asked: Analysis | None, ground: "staffing.Ground"
) -> dict[str, Any]:
    """What a worker found for this very question, as long as all of it still stands; else what insertion finds now."""
    if asked is not None and AssignmentQuestion.model_validate(asked.question) == question:
        found = analyses.result(session, asked.id)
        if found is not None and _stands(found.result["figures"], ground):
            return found.result
    return plain(dict(assigning.answer_at_once(ground).outcome().result))


def _stands(figures: dict[str, Any], ground: "staffing.Ground") -> bool:
    """Whether the needs are still those that were asked about, and the teams still there and free."""
    named = {each["need"] for each in (*figures["plan"], *figures["unmet"])}
    if named != set(ground.problem.need):
        return False
    taken = {(each.team, each.need) for each in ground.problem.locked if each.need not in ground.problem.need}
    for each in figures["plan"]:
        team, need = ground.problem.team.get(each["team"]), ground.problem.need[each["need"]]
        if team is None or (team.id, need.id) in ground.problem.forbidden:
            return False
        others = [one for one in ground.problem.locked if (one.team, one.need) in taken]
        if fit.reasons(team, need, need.windows[0].start, others, ground.problem.rules, ground.problem.travel):
            return False
    return True


def waiting(ground: "staffing.Ground", row: assignment_view.Row) -> UUID | None:
    """The offer that would be accepted for a row of the proposal, if one waits."""
    if not row.proposed or row.in_force:
        return None
    return ground.offered.get((row.proposed, row.slot.need_id))


def _head(asked: Analysis | None, figures: dict[str, Any], ready: int, *, accepts: bool) -> Component:
    acts: list[Component] = []
    if asked is not None and asked.ended and figures["rounds"] and not figures["proven"]:
        acts.append(button(_("Look further"), Ids.RESUME, "plain", "player-play", n_clicks=0, size="xs"))
    if accepts and ready:
        words = ngettext("Accept {n} offered team", "Accept {n} offered teams", ready)
        acts.append(button(words, Ids.ADOPT, "primary", "checks", n_clicks=0, size="xs"))
    made = (
        _("made at once")
        if not figures["rounds"]
        else _("improved in {rounds} rounds", rounds=number(figures["rounds"]))
    )
    by = (
        []
        if asked is None or not figures["rounds"]
        else [_("{name}, {ago}", name=asked.author_name, ago=ago(asked.asked_at))]
    )
    return html.Div(
        [
            html.H2(_("Proposal")),
            html.Span(" · ".join([made, *by]), className="m-dim m-small"),
            html.Div(acts, className="analysis-acts"),
        ],
        className="analysis-head",
    )


@screen(
    output={
        "decided": Output(Ids.DECIDED, "children"),
        "head": Output(Ids.HEAD, "children"),
        "answer": Output(Ids.ANSWER, "children"),
        "progress": Output(Ids.PROGRESS, "children"),
        "still": Output(Ids.TICKS, "disabled"),
        "mark": Output(Ids.MARK, "data"),
    },
    inputs={
        "content": Input(Ids.QUESTION, "data"),
        "shown": Input(Ids.SHOWN, "data"),
        "_pulse": Input(PULSE, "data"),
        "_ticks": Input(Ids.TICKS, "n_intervals"),
    },
    state={"operation_id": State(Ids.OPERATION, "data"), "before": State(Ids.MARK, "data")},
    act=NAV.act,
    prevent_initial_call=True,
)
def refresh(
    content: dict[str, Any], shown: str | None, _pulse: int, _ticks: int | None, operation_id: str, before: str
) -> dict[str, Any]:
    """How far it is; and the proposal anew where the question, its answer or the needs are others."""
    question = assignment_form.checked(content)
    with reading() as session:
        operation = plan.operation(session, known_id(operation_id), actor())
        asked = _named(session, operation.id, shown) if shown else None
        now_marked = mark(session, operation.id, question, asked)
        parts = (
            dict.fromkeys(("decided", "head", "answer"), no_update)
            if now_marked == before
            else written(session, operation, question, asked)
        )
    return {
        **parts,
        "progress": progress_of(asked),
        "still": asked is None or asked.ended,
        "mark": now_marked,
    }


def _named(session: Session, operation_id: UUID, text: str | None) -> Analysis:
    found = analyses.analysis(session, known_id(text))
    if found.operation_id != operation_id or found.kind != AnalysisKind.ASSIGNMENT:
        raise NotFound
    return found


# -------------------------------------------------------------------------------------------------- what is decided


@screen(
    output=[Output(Ids.QUESTION, "data"), Output(Ids.SHOWN, "data")],
    inputs={
        "values": {
            **{name: Input(FORM.id(name), "checked") for name in SWITCHES},
            **{name: Input(FORM.id(name), "value") for name in NUMBERS},
        },
        "_locks": Input({"type": LOCK, "need": ALL, "team": ALL}, "n_clicks"),
        "_outs": Input({"type": OUT, "need": ALL, "team": ALL}, "n_clicks"),
        "_release": Input({"type": RELEASE, "all": ALL}, "n_clicks"),
    },
    state={"content": State(Ids.QUESTION, "data")},
    act=NAV.act,
    form=FORM,
    prevent_initial_call=True,
)
def decide(
    values: dict[str, Any], _locks: list[int], _outs: list[int], _release: list[int], content: dict[str, Any]
) -> Any:
    """Ask anew with what was decided or typed; nothing where all is as before."""
    before = assignment_form.checked(content)
    question = assignment_form.typed(before, values)
    pressed = ctx.triggered_id
    if isinstance(pressed, dict) and ctx.triggered and ctx.triggered[0]["value"]:
        if pressed["type"] == LOCK:
            question = assignment_form.with_lock(question, pressed["need"], pressed["team"])
        elif pressed["type"] == OUT:
            question = assignment_form.without(question, pressed["need"], pressed["team"])
        else:
            question = assignment_form.released(question)
    if question == before:
        return [no_update, no_update]
    return [question.model_dump(mode="json"), None]


@screen(
    output=[
        Output(Ids.SHOWN, "data", allow_duplicate=True),
        Output(FORM.id("client-id"), "data", allow_duplicate=True),
    ],
    inputs={"clicks": Input(IMPROVE, "n_clicks")},
    state={
        "operation_id": State(Ids.OPERATION, "data"),
        "client": FORM.client_id_state(),
        "content": State(Ids.QUESTION, "data"),
    },
    act=Act.ANALYSIS_ASK,
    prevent_initial_call=True,
    running=[(Output(IMPROVE, "loading"), True, False)],
)
def improve(clicks: int | None, operation_id: str, client: str, content: dict[str, Any]) -> Any:
    """Ask a worker to look for a better proposal."""
    if not clicks:
        return [no_update, no_update]
    question = assignment_form.checked(content)
    draft = AnalysisDraft(id=known_id(client), kind=AnalysisKind.ASSIGNMENT)
    with unit_of_work() as session:
        made = analyses.ask(session, known_id(operation_id), draft, question, actor())
    return [str(made.id), str(new_id())]


@screen(
    Output(Ids.SHOWN, "data", allow_duplicate=True),
    Input(Ids.STOP, "n_clicks"),
    State(Ids.SHOWN, "data"),
    act=Act.ANALYSIS_ASK,
    prevent_initial_call=True,
)
def stop(clicks: int | None, shown: str) -> Any:
    """Stop the worker; the best so far is kept."""
    if not clicks:
        return no_update
    with unit_of_work() as session:
        analyses.cancel(session, known_id(shown), actor())
    return shown


@screen(
    Output(Ids.SHOWN, "data", allow_duplicate=True),
    Input(Ids.RESUME, "n_clicks"),
    State(Ids.SHOWN, "data"),
    act=Act.ANALYSIS_ASK,
    prevent_initial_call=True,
)
def resume(clicks: int | None, shown: str) -> Any:
    """Go on from the best that was found."""
    if not clicks:
        return no_update
    with unit_of_work() as session:
        return str(analyses.resume(session, known_id(shown), new_id(), actor()).id)


# ------------------------------------------------------------------------------------------------- what is accepted


@screen(
    Output(Ids.SHOWN, "data", allow_duplicate=True),
    Input(Ids.ADOPT, "n_clicks"),
    State(Ids.OPERATION, "data"),
    State(Ids.QUESTION, "data"),
    State(Ids.SHOWN, "data"),
    act=Act.SUPPORT_ACCEPT,
    prevent_initial_call=True,
    running=[(Output(Ids.ADOPT, "loading"), True, False)],
)
def adopt(clicks: int | None, operation_id: str, content: dict[str, Any], shown: str | None) -> Any:
    """Accept the offers that the proposal takes, all in one; those that need a reason are left to the coordinator."""
    if not clicks:
        return no_update
    question = assignment_form.checked(content)
    with unit_of_work() as session:
        operation = plan.operation(session, known_id(operation_id), actor())
        asked = _named(session, operation.id, shown) if shown else None
        ground = ground_of(session, operation, question)
        rows = assignment_view.rows_of(ground, answer_of(session, question, asked, ground)["figures"])
        chosen = [(row, found) for row in rows if (found := waiting(ground, row)) is not None]
        taken = [row for row, found in chosen if _accepted(session, found)]
    say(
        ngettext(
            "{n} team is accepted: give its order under Teams.",
            "{n} teams are accepted: give their orders under Teams.",
            len(taken),
        )
    )
    left = [ground.labels[row.proposed] for row, _found in chosen if row not in taken]
    if left:
        say(
            _("Something speaks against {teams}: accept under Teams, with a reason.", teams=", ".join(left)),
            Kind.NOTE,
        )
    return shown


def _accepted(session: Session, offer_id: UUID) -> bool:
    """Accept one offer, unless something speaks against it."""
    found = offers.offer(session, offer_id)
    need = requests.need(session, found.need_id)
    team = teams.team(session, found.team_id)
    there, others = facts.stops(session, team, requests.request(session, need.request_id))
    positions = {**others, there[0]: there[1]}
    names = list(positions)
    hours = transit_table.hours_between(list(positions.values()))
    table = {
        (a, b): found_hours
        for a, row in zip(names, hours, strict=True)
        for b, found_hours in zip(names, row, strict=True)
        if found_hours is not None
    }
    against = facts.against(session, team, need, found.starts, found.ends, fit.Hours(table), clock.now())
    if against:
        return False
    offers.accept(session, offer_id, against, actor())
    return True
