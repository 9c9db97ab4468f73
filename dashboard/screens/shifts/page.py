"""Shifts: which deployed team mans which checkpoint when, drawn at random so that no observer can predict it."""

import secrets
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
from dashboard.frame.shell import page
from dashboard.parts import answer as analysis_answer
from dashboard.parts import tags
from dashboard.parts.draft_form import DraftForm, Reader
from dashboard.parts.form import button, client_id
from dashboard.parts.form_fields import drawing
from dashboard.parts.grid import grid, number_column, text_column
from dashboard.parts.panel import empty_state, panel
from dashboard.places import SHIFTS
from dashboard.server.access import known_id
from dashboard.server.lazy_modules import shifts
from dashboard.wording import _, date, percent
from operations.analyses.questions import ShiftsQuestion
from operations.core import clock
from operations.core.errors import Flaw, NotFound, RuleBroken
from operations.core.people import Actor
from operations.core.permissions import Act
from operations.core.vocabulary import AnalysisKind, JobState
from operations.policing import analyses
from operations.policing.analyses import Analysis, AnalysisDraft
from operations.policing.map_plan.places import MapObject
from operations.policing.operation import plan

NAV = SHIFTS
FORM = DraftForm("shifts", ShiftsQuestion)


class Ids(StrEnum):
    """Element ids of this page."""

    SHOWN = "shifts-shown"
    ASKS = "shifts-asks"
    DRAW = "shifts-draw"
    ANSWER = "shifts-answer"


@operation_page(NAV)
def layout(session: Session, operation: plan.Operation, by: Actor) -> Parts:
    """Return the page of one operation, with the schedule drawn last."""
    asked = next(iter(analyses.analyses(session, operation.id, 1, [AnalysisKind.SHIFTS])), None)
    told = written(session, operation, asked)
    fields = followed(Ids.ASKS, _fields(session, operation, by), _posted(session, operation), className="m-stack")
    return page(
        _("Shifts at checkpoints"),
        tags.Div(
            dcc.Store(id=Ids.SHOWN, data=None if asked is None else str(asked.id)),
            html.Aside(
                fields,
                className="analysis-ask",
                **{"aria-label": _("The question")},
            ),
            html.Section(
                followed(Ids.ANSWER, told, mark(asked), className="assign-answer"),
                className="analysis-answer",
                **{"aria-label": _("The schedule")},
            ),
            className="analysis",
        ),
        full=True,
    )


def _posted(session: Session, operation: plan.Operation, _by: Actor | None = None) -> bool:
    """Return whether there are posts to man: this shows the form."""
    return bool(shifts.posts(session, operation.id))


def _fields(session: Session, operation: plan.Operation, _by: Actor) -> list[Component]:
    known = shifts.posts(session, operation.id)
    if not known:
        return [
            empty_state(_("No checkpoint is on the plan"), _("Draw checkpoints on the plan first."), "map-pin"),
            html.A(_("Open the plan"), href=f"/operations/{operation.id}/plan", className="m-link"),
        ]
    tomorrow = clock.now().astimezone(ZoneInfo(operation.zone)).date() + timedelta(days=1)
    begun: dict[str, Any] = {"posts": "\n".join(f"{each.name}; 1" for each in known), "first": tomorrow}
    if can := shifts.usual(session, operation.id, tomorrow, ShiftsQuestion.model_fields["shifts"].default):
        begun["days"], begun["at_once"] = can
    return [
        client_id(FORM),
        *drawing(FORM, begun)(),
        button(_("Draw"), Ids.DRAW, "primary", "calendar-time", n_clicks=0, fullWidth=True),
        html.P(_("Each draw is another one. All rules of rest and travel are kept."), className="m-small m-dim"),
    ]


def mark(asked: Analysis | None) -> str:
    """Return a marker that stays equal as long as the same schedule is shown in the same state."""
    return "" if asked is None else f"{asked.id}:{asked.state}"


def written(session: Session, operation: plan.Operation, asked: Analysis | None) -> list[Component]:
    """Return the schedule, or the progress of the worker that draws it."""
    if asked is None:
        return [
            empty_state(
                _("Nothing was drawn yet"),
                _("Say how many posts are manned at once, and press “Draw”."),
                "calendar-time",
            )
        ]
    if asked.state == JobState.FAILED:
        return [html.P(analysis_answer.stored_sentence(asked.failure), className="analysis-failed", role="alert")]
    schedule = analyses.result(session, asked.id)
    if schedule is None:
        return [html.P(_("Waiting for its turn"), className="analysis-progress", role="status")]
    first, *others = [analysis_answer.stored_sentence(each) for each in schedule.result["sentences"]]
    listed, odds = schedule.result["tables"]
    return [
        html.P(first, className="analysis-headline"),
        *analysis_answer.notes(schedule.result),
        panel(_("Shift by shift"), html.Div(_schedule(listed, operation.zone), className="shifts-grid"), flush=True),
        panel(_("How often each post is manned"), html.Div(_odds(odds), className="shifts-odds"), flush=True),
        *(html.P(each, className="m-small m-dim") for each in others),
    ]


def _schedule(table: dict[str, Any], zone: str) -> Component:
    frame = ZoneInfo(zone)
    rows = []
    for at, (start, end, post, team) in enumerate(table["rows"]):
        begins, ends = (datetime.fromisoformat(each).astimezone(frame) for each in (start, end))
        rows.append(
            {
                "id": str(at),
                "day": date(begins.date()),
                "time": f"{begins:%H:%M} – {ends:%H:%M}",
                "post": post,
                "team": team,
            }
        )
    columns = [
        text_column("day", _("Day")),
        text_column("time", _("Local time")),
        text_column("post", _("Post")),
        text_column("team", _("Team")),
    ]
    return grid("shifts-table", columns, rows, export="shifts")


def _odds(table: dict[str, Any]) -> Component:
    rows = [
        {"id": str(at), "post": post, "odds": percent(odds, 0), "share": percent(share, 0)}
        for at, (post, odds, share) in enumerate(table["rows"])
    ]
    columns = [
        text_column("post", _("Post")),
        number_column("odds", _("Should be"), valueFormatter=None, width=140),
        number_column("share", _("Is, in this draw"), valueFormatter=None, width=160),
    ]
    return grid("shifts-odds", columns, rows, search=False)


def typed(values: dict[str, Any], known: list[MapObject], seed: int) -> ShiftsQuestion:
    """Return the question of the form. Raises RuleBroken with every flaw, each on its field."""
    by_name = {each.name.casefold(): str(each.object_id) for each in known}
    readers: dict[str, Reader] = {"words": lambda field, text: _wishes(field, text, by_name)}
    return FORM.draft(ShiftsQuestion, values, readers, seed=seed)


def _wishes(field: str, text: str, known: dict[str, str]) -> list[dict[str, Any]]:
    """Return the posts named in the lines of a text, with their weights. Raises RuleBroken on `field`."""
    wishes, flaws = [], []
    for number, line in enumerate(text.splitlines(), 1):
        if not line.strip():
            continue
        name, _mark, weight = line.rpartition(";") if ";" in line else (line, "", "1")
        post = known.get(name.strip().casefold())
        try:
            counts = float(weight.strip().replace(",", "."))
        except ValueError:
            counts = 0.0
        if post is None:
            flaws.append(Flaw(field, "Line {line}: no post on the plan has this name.", {"line": number}))
        elif not 0 < counts <= 1000:
            flaws.append(Flaw(field, "Line {line}: write name; weight, a number above 0.", {"line": number}))
        else:
            wishes.append({"id": post, "weight": counts})
    if not wishes and not flaws:
        flaws.append(Flaw(field, "Name at least one post."))
    if flaws:
        raise RuleBroken.all(flaws)
    return wishes


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


def _asked(session: Session, operation: plan.Operation, shown: str | None) -> Analysis | None:
    return _named(session, operation.id, shown) if shown else None


def answer(session: Session, operation: plan.Operation, _by: Actor, shown: str | None) -> list[Component]:
    """Return the current state of the schedule that is shown."""
    return written(session, operation, _asked(session, operation, shown))


def state(session: Session, operation: plan.Operation, _by: Actor, shown: str | None) -> str:
    """Return a marker that changes with the schedule and its state."""
    return mark(_asked(session, operation, shown))


refresh = follows(
    answer,
    Ids.ANSWER,
    act=NAV.act,
    operation=OPERATION,
    unless=state,
    shown=Input(Ids.SHOWN, "data"),
)


refresh_ask = follows(_fields, Ids.ASKS, act=NAV.act, operation=OPERATION, unless=_posted)


def _named(session: Session, operation_id: UUID, text: str | None) -> Analysis:
    found = analyses.analysis(session, known_id(text))
    if found.operation_id != operation_id or found.kind != AnalysisKind.SHIFTS:
        raise NotFound
    return found
