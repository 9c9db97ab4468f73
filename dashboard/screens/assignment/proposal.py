"""Assignment proposal from the current data: computed at once by insertion, or by a worker for this very question.

The pages that show a proposal and the verbs that carry it out both read it here, so that what is accepted is what was
shown.
"""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from dash import html
from dash.development.base_component import Component
from sqlmodel import Session

from dashboard.parts import answer as analysis_answer
from dashboard.parts import tags
from dashboard.parts.form import button
from dashboard.parts.panel import empty_state, panel, stat
from dashboard.screens.assignment import chart as assignment_chart
from dashboard.screens.assignment import form as assignment_form
from dashboard.screens.assignment import view as assignment_view
from dashboard.server.access import actor
from dashboard.server.lazy_modules import assignment_answer, assignment_input, problem, transit_table
from dashboard.wording import _, ago, ngettext, number, percent
from operations.analyses.questions import AssignmentQuestion
from operations.core import clock
from operations.core.errors import Flaw
from operations.core.ids import fingerprint
from operations.core.permissions import Act, may
from operations.core.stored_sentences import plain, sentence_json
from operations.core.vocabulary import JobState
from operations.policing import analyses
from operations.policing.analyses import Analysis
from operations.policing.operation import plan
from operations.support import offers, requests, suitability, suitability_facts, team_facts, teams

STOP, RESUME, ADOPT = "assignment-stop", "assignment-resume", "assignment-adopt"
"""The buttons of a proposal."""


def mark(session: Session, operation_id: UUID, question: AssignmentQuestion, asked: Analysis | None) -> str:
    """Return a marker that stays equal as long as the question, its answer and its input are the same."""
    state = None if asked is None else [str(asked.id), asked.state]
    counted = assignment_input.counts(session, operation_id, question.notice_hours, clock.now())
    return fingerprint([plain(question.model_dump(mode="json")), state, plain(counted)])


def progress_of(asked: Analysis | None) -> list[Component]:
    """Return the worker's progress with current value, bound and gap; its error; or nothing."""
    if asked is None or asked.ended:
        failed = "" if asked is None else analysis_answer.stored_sentence(asked.failure)
        return [html.P(failed, className="analysis-failed", role="alert")] if failed else []
    doing = (
        _("Stopping: the best so far is kept")
        if asked.state == JobState.CANCELLING
        else analysis_answer.stored_sentence(asked.progress.get("words")) or _("Waiting for its turn")
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
        _("Stop"),
        STOP,
        "danger",
        "player-stop",
        n_clicks=0,
        size="xs",
        disabled=asked.state == JobState.CANCELLING,
    )
    return [html.Div([*told, stop], className="analysis-progress", role="status")]


def written(
    session: Session, operation: plan.Operation, question: AssignmentQuestion, asked: Analysis | None
) -> tuple[list[Component], Any, Any]:
    """Return the decisions, the head and the proposal: the parts that depend on the question and its answer."""
    decided = assignment_form.decided(question)
    try:
        ground = ground_of(session, operation, question)
        answer = answer_of(session, question, asked, ground)
    except problem.Unassignable as refused:
        words = analysis_answer.stored_sentence(sentence_json(Flaw("", refused.template, _plain(refused.params))))
        nothing = empty_state(_("There is no proposal"), words, "users-group")
        return decided, [], nothing
    by = actor()
    figures = answer["figures"]
    rows = assignment_view.rows_of(ground, figures)
    accepts = may(by, Act.SUPPORT_ACCEPT, plan.subject(operation))
    ready = waiting(ground, rows)
    return (
        decided,
        _head(asked, figures, len(ready), accepts=accepts),
        [
            html.P(analysis_answer.stored_sentence(answer["sentences"][0]), className="analysis-headline"),
            assignment_view.tiles(figures, question),
            panel(
                _("The proposal beside the plan in force"),
                assignment_chart.chart(rows, ground.labels, operation.zone, clock.now()),
            ),
            panel(
                _("Need by need"),
                assignment_view.needs(rows, ground, figures, question, operation.zone, may_decide=True),
                note=_("Open one to see why, and to decide."),
            ),
            assignment_view.shares(answer["tables"][0]),
            html.P(analysis_answer.stored_sentence(answer["sentences"][1]), className="m-small m-dim"),
        ],
    )


def _plain(params: dict[str, Any]) -> dict[str, Any]:
    return {
        name: [sentence_json(one) for one in each] if isinstance(each, tuple) else each for name, each in params.items()
    }


def ground_of(
    session: Session, operation: plan.Operation, question: AssignmentQuestion
) -> "assignment_input.AssignmentInput":
    """Return the input of the assignment now: the needs, and the teams that could meet them."""
    return assignment_input.ground(
        session, operation.id, operation.zone, question, transit_table.hours_between, clock.now()
    )


def answer_of(
    session: Session, question: AssignmentQuestion, asked: Analysis | None, ground: "assignment_input.AssignmentInput"
) -> dict[str, Any]:
    """Return the worker's answer to this very question while all of it is valid; else insert the teams now."""
    if asked is not None and AssignmentQuestion.model_validate(asked.question) == question:
        found = analyses.result(session, asked.id)
        if found is not None and _stands(found.result["figures"], ground):
            return found.result
    return plain(dict(assignment_answer.answer_at_once(ground).outcome().result))


def _stands(figures: dict[str, Any], ground: "assignment_input.AssignmentInput") -> bool:
    """Return whether the needs are unchanged since the question, and the teams still available."""
    named = {each["need"] for each in (*figures["plan"], *figures["unmet"])}
    if named != set(ground.problem.need):
        return False
    taken = {(each.team, each.need) for each in ground.problem.locked if each.need not in ground.problem.need}
    for assignment in figures["plan"]:
        team, need = ground.problem.team.get(assignment["team"]), ground.problem.need[assignment["need"]]
        if team is None or (team.id, need.id) in ground.problem.forbidden:
            return False
        others = [one for one in ground.problem.locked if (one.team, one.need) in taken]
        if suitability.reasons(team, need, need.windows[0].start, others, ground.problem.rules, ground.problem.travel):
            return False
    return True


def waiting(
    ground: "assignment_input.AssignmentInput", rows: Sequence[assignment_view.NeedRow]
) -> list[tuple[assignment_view.NeedRow, UUID]]:
    """Return the rows of the proposal with a pending offer that would be accepted; all that come together, or none."""
    found = {
        row.slot.key: (row, offer)
        for row in rows
        if row.proposed
        and not row.in_force
        and (offer := ground.offered.get((row.proposed, row.slot.need_id))) is not None
    }
    every = ground.problem.need
    return [each for key, each in found.items() if key not in every or every[key].beside & every.keys() <= found.keys()]


def _head(asked: Analysis | None, figures: dict[str, Any], ready: int, *, accepts: bool) -> Component:
    acts: list[Component] = []
    if asked is not None and asked.ended and figures["rounds"] and not figures["proven"]:
        acts.append(button(_("Look further"), RESUME, "plain", "player-play", n_clicks=0, size="xs"))
    if accepts and ready:
        words = ngettext("Accept {n} offered team", "Accept {n} offered teams", ready)
        acts.append(button(words, ADOPT, "primary", "checks", n_clicks=0, size="xs"))
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
    return tags.Div(
        html.H2(_("Proposal")),
        html.Span(" · ".join([made, *by]), className="m-dim m-small"),
        html.Div(acts, className="analysis-acts"),
        className="analysis-head",
    )


def travel(session: Session, offer_id: UUID) -> team_facts.Hours:
    """Return the hours between the place of an offer and all that its team comes from or goes on to."""
    offer = offers.offer(session, offer_id)
    team, need = teams.team(session, offer.team_id), requests.need(session, offer.need_id)
    there, others = suitability_facts.stops(session, team, requests.request(session, need.request_id))
    positions = {**others, there[0]: there[1]}
    names = list(positions)
    hours = transit_table.hours_between(list(positions.values()))
    table = {
        (a, b): found_hours
        for a, row in zip(names, hours, strict=True)
        for b, found_hours in zip(names, row, strict=True)
        if found_hours is not None
    }
    return team_facts.Hours(table)


def accepted(session: Session, offer_id: UUID, hours: team_facts.Hours) -> bool:
    """Accept one offer unless a rule forbids it; return whether it was accepted. `hours`: see `travel`."""
    offer = offers.offer(session, offer_id)
    team, need = teams.team(session, offer.team_id), requests.need(session, offer.need_id)
    against = suitability_facts.against(session, team, need, offer.starts, offer.ends, hours, clock.now())
    if against:
        return False
    offers.accept(session, offer_id, against, actor())
    return True
