"""Shifts: which deployed team mans which checkpoint when, drawn at random so that no observer can predict it."""

import secrets
from collections.abc import Mapping
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from dash import Input, Output, dcc, html
from dash.development.base_component import Component
from sqlmodel import Session

from dashboard.frame.interactions import Done, Press, does, followed, follows
from dashboard.frame.operation_page import OPERATION, Parts, operation_page
from dashboard.parts import answer as analysis_answer
from dashboard.parts.draft_form import DraftForm
from dashboard.parts.form import button, client_id
from dashboard.parts.form_fields import drawing, pair
from dashboard.parts.grid import grid
from dashboard.parts.list_page import view_tabs
from dashboard.parts.listing import Listing
from dashboard.parts.panel import empty_state, panel
from dashboard.places import SHIFTS
from dashboard.screens.shifts.board import Schedule, board, schedule_of, tiles
from dashboard.server.access import known_id
from dashboard.server.lazy_modules import shifts
from dashboard.wording import N_, _, date, hour
from operations.analyses.questions import PostWish, ShiftsQuestion
from operations.core import clock
from operations.core.errors import NotFound
from operations.core.field_labels import Label
from operations.core.people import Actor
from operations.core.permissions import Act
from operations.core.vocabulary import AnalysisKind, JobState
from operations.policing import analyses
from operations.policing.analyses import Analysis, AnalysisDraft
from operations.policing.map_plan.places import MapObject
from operations.policing.operation import plan

NAV = SHIFTS
FORM = DraftForm(
    "shifts",
    ShiftsQuestion,
    first=("only", "often"),
    beside={
        "only": Label(N_("Posts"), N_("All of them, if you choose none."), draws="several"),
        "often": Label(N_("Posts to man twice as often"), draws="several"),
    },
)


class Ids(StrEnum):
    """Element ids of this page."""

    SHOWN = "shifts-shown"
    ASKS = "shifts-asks"
    DRAW = "shifts-draw"
    ANSWER = "shifts-answer"


@operation_page(NAV, N_("Which team stands where and when, and which shifts have no team."), wide=True)
def layout(session: Session, operation: plan.Operation, by: Actor) -> Parts:
    """Return the page of one operation, with the schedule drawn last."""
    asked = next(iter(analyses.analyses(session, operation.id, 1, [AnalysisKind.SHIFTS])), None)
    shown = str(asked.id) if asked else None
    fields = followed(Ids.ASKS, _fields(session, operation, by), _posted(session, operation), className="m-stack")
    drawn = followed(Ids.ANSWER, contents(session, operation, by, shown), className="m-stack")
    return [
        dcc.Store(id=Ids.SHOWN, data=shown),
        html.Div([drawn, panel(_("Draw a schedule"), fields)], className="shifts"),
    ]


def _posted(session: Session, operation: plan.Operation, _by: Actor | None = None) -> bool:
    """Return whether there are posts to man: this shows the form."""
    return bool(shifts.posts(session, operation.id))


def _begun(session: Session, operation: plan.Operation) -> dict[str, Any]:
    """Return what the form begins with: tomorrow, and the days and posts for which there are teams."""
    tomorrow = clock.now().astimezone(ZoneInfo(operation.zone)).date() + timedelta(days=1)
    can = shifts.usual(session, operation.id, tomorrow, ShiftsQuestion.model_fields["shifts"].default)
    return {"first": tomorrow} | (dict(zip(("days", "at_once"), can, strict=True)) if can else {})


def _fields(session: Session, operation: plan.Operation, _by: Actor) -> list[Component]:
    known = shifts.posts(session, operation.id)
    if not known:
        return [
            empty_state(_("No checkpoint is on the plan"), _("Draw checkpoints on the plan first."), "map-pin"),
            html.A(_("Open the plan"), href=f"/operations/{operation.id}/plan", className="m-link"),
        ]
    options = [{"value": str(post.object_id), "label": post.name} for post in known]
    draw = drawing(FORM, _begun(session, operation), choices={"only": options, "often": options})
    return [
        client_id(FORM),
        *draw("only", "often"),
        *(pair(draw(*names)) for names in (("first", "days"), ("shifts", "hours"), ("begins", "at_once"))),
        button(_("Draw"), Ids.DRAW, "primary", "calendar-time", n_clicks=0, fullWidth=True),
        html.P(_("Each draw is another one. All rules of rest and travel are kept."), className="m-small m-dim"),
    ]


def contents(session: Session, operation: plan.Operation, _by: Actor, shown: str | None) -> list[Component]:
    """Return the schedule that is shown, or the progress of the worker that draws it; none is drawn without `shown`."""
    at = clock.now()
    if not shown:
        words = _("Nobody stands at a post yet. Say how many posts are manned at once, and press “Draw”.")
        return [panel(_("Nothing was drawn yet"), html.P(words)), *_open(session, operation, at)]
    asked = _named(session, operation.id, shown)
    if asked.state == JobState.FAILED:
        return [html.P(analysis_answer.stored_sentence(asked.failure), className="analysis-failed", role="alert")]
    found = analyses.result(session, asked.id)
    if found is None:
        return [html.P(_("Waiting for its turn"), className="analysis-progress", role="status")]
    listed, odds = found.result["tables"]
    question = ShiftsQuestion.model_validate(asked.question)
    schedule = schedule_of(question, listed["rows"], odds["rows"], operation.zone)
    views = {"board": (_("Board"), board(schedule, at)), "list": (_("List"), _listed(schedule))}
    told = [analysis_answer.stored_sentence(sentence) for sentence in found.result["sentences"]]
    return [
        tiles(schedule, at),
        *analysis_answer.notes(found.result),
        view_tabs(views, "board"),
        *(html.P(sentence, className="m-small m-dim") for sentence in told),
    ]


def _open(session: Session, operation: plan.Operation, at: datetime) -> list[Component]:
    """Return the board before the first draw: the posts of the plan, and no team."""
    known = shifts.posts(session, operation.id)
    if not known:
        return []
    wishes = tuple(PostWish(id=str(post.object_id)) for post in known)
    begun = ShiftsQuestion(posts=wishes, seed=0, **_begun(session, operation))
    return [board(schedule_of(begun, (), [(post.name, 0, 0) for post in known], operation.zone), at)]


def _listed(schedule: Schedule) -> Component:
    """Return the shifts one below the other, to sort and to export."""
    made = Listing(schedule.manned, ident=lambda shift: f"{shift.start} {shift.post}")
    made.text("day", _("Day"), lambda shift: date(shift.start.date()))
    made.text("time", _("Local time"), lambda shift: f"{hour(shift.start)} – {hour(shift.end)}")
    made.text("post", _("Post"))
    made.text("team", _("Team"))
    return html.Div(grid("shifts-table", made.columns, made.rows, export="shifts"), className="list-page")


def typed(values: dict[str, Any], known: list[MapObject], seed: int) -> ShiftsQuestion:
    """Return the question of the form. Raises RuleBroken with every flaw, each on its field."""

    def weighed(content: Mapping[str, Any]) -> dict[str, Any]:
        often = set(content.get("often", ()))
        only = set(content.get("only", ())) or {str(post.object_id) for post in known}
        posts = [PostWish(id=post, weight=2 if post in often else 1) for post in sorted(only | often)]
        return {**content, "posts": posts}

    return FORM.draft(ShiftsQuestion, values, turn=weighed, seed=seed)


@does(
    Ids.DRAW,
    act=Act.ANALYSIS_ASK,
    form=FORM,
    client=True,
    operation=OPERATION,
    shows=(Output(Ids.SHOWN, "data"),),
    counted="analyses",
    running=[(Output(Ids.DRAW, "loading"), True, False)],
)
def draw(press: Press) -> Done:
    """Draw a schedule from a random seed; a worker does it, and stores the seed with the answer."""
    operation = press.operation
    question = typed(press.typed, shifts.posts(press.session, operation.id), secrets.randbelow(2**53))
    draft = AnalysisDraft(id=known_id(press.client), kind=AnalysisKind.SHIFTS)
    return Done(shown=(str(analyses.ask(press.session, operation.id, draft, question, press.by).id),))


refresh = follows(contents, Ids.ANSWER, act=NAV.act, operation=OPERATION, shown=Input(Ids.SHOWN, "data"))
refresh_ask = follows(_fields, Ids.ASKS, act=NAV.act, operation=OPERATION, unless=_posted)


def _named(session: Session, operation_id: UUID, text: str | None) -> Analysis:
    found = analyses.analysis(session, known_id(text))
    if found.operation_id != operation_id or found.kind != AnalysisKind.SHIFTS:
        raise NotFound
    return found
