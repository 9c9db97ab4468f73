"""Debrief of an operation: goals reached, what worked and what did not, and lessons with owner and due day.

Figures are read, never typed. The next steps of the operation are at the end of the page.
"""

from enum import StrEnum

import dash_mantine_components as dmc
from dash import ALL, Output, dcc, html
from dash.development.base_component import Component
from sqlmodel import Session

from dashboard.frame.interactions import Done, Press, does, followed, follows
from dashboard.frame.operation_page import OPERATION, Parts, operation_page
from dashboard.frame.verb_buttons import calls
from dashboard.frame.version_conflicts import Versioned
from dashboard.parts import tags
from dashboard.parts.assignees import owner_choices, owner_words
from dashboard.parts.draft_form import DraftForm
from dashboard.parts.form import button
from dashboard.parts.form_fields import drawing, whole_form
from dashboard.parts.list_page import new_row_form
from dashboard.parts.panel import empty_state, facts, panel
from dashboard.parts.steps import LONGEST, StepIds
from dashboard.parts.targets import target_list
from dashboard.places import DEBRIEF
from dashboard.server.access import actor
from dashboard.wording import N_, _, coded, date, moment
from operations.catalogue.kpis import Kpi
from operations.core.errors import RuleBroken
from operations.core.people import Actor
from operations.core.permissions import Act
from operations.core.vocabulary import OperationState
from operations.evaluation import debrief as verbs
from operations.policing import lifecycle
from operations.policing.operation import plan

NAV = DEBRIEF
FORM, LESSON = DraftForm("debrief", verbs.DebriefDraft), DraftForm("debrief-lesson", verbs.LessonDraft)
STEPS = StepIds("debrief")
END = (OperationState.DEBRIEFED, OperationState.FINAL, OperationState.EVALUATED, OperationState.ARCHIVED)


class Ids(StrEnum):
    """Element ids of this page."""

    VERSION = "debrief-version"
    GOALS = "debrief-goals"
    REMARK = "debrief-remark"
    REMARK_WORDS = "debrief-remark-words"
    SAID = "debrief-said"
    WRITING = "debrief-writing"
    LEARNING = "debrief-learning"
    SAVE = "debrief-save"
    LESSONS = "debrief-lessons"
    RECOMMEND = "debrief-recommend"
    STRIKE = "debrief-strike"
    NEXT = "debrief-next"
    NONE = "debrief-none"
    NONE_WORDS = "debrief-none-words"


@operation_page(
    NAV,
    N_("What was reached, what worked and what did not, and what the next operation should do otherwise."),
    wide=True,
)
def layout(session: Session, operation: plan.Operation, by: Actor) -> Parts:
    """What is written; for those who write it, the forms."""
    goals, said, learned, coming, shut, _shut, owners = contents(session, operation, by)
    found = verbs.debrief(session, operation.id)
    lesson = whole_form(LESSON, _("Write it down"), "school", kind="plain", choices={"owner": owners})
    kept = DEBRIEFING.kept(found, found.version if found else 0)
    writing = [*drawing(FORM, found)(), *kept, html.Div(button(_("Save"), Ids.SAVE, "primary", "check"))]
    folded = new_row_form(_("Write a lesson down"), *lesson)
    written = html.Div(writing, id=Ids.WRITING, hidden=shut, className="operation-form")
    parts = [
        panel(_("What was said"), followed(Ids.SAID, said), written),
        panel(_("Lessons"), followed(Ids.LESSONS, learned), html.Div(folded, id=Ids.LEARNING, hidden=shut)),
    ]
    beside = [panel(_("Goals"), followed(Ids.GOALS, goals)), panel(_("What comes next"), followed(Ids.NEXT, coming))]
    return [html.Div([html.Div(column, className="m-stack") for column in (parts, beside)], className="m-beside")]


Elements = list[Component]


def contents(
    session: Session, operation: plan.Operation, by: Actor
) -> tuple[Elements, Elements, Elements, Elements, bool, bool, list[dict[str, str]]]:
    """Return goals, remarks, lessons, next steps, twice whether `by` cannot write now, and possible owners."""
    debrief, writes = verbs.debrief(session, operation.id), verbs.may_write(operation, by)
    remarks = debrief.remarks if debrief else {}

    def beside(kpi: Kpi) -> list[Component]:
        said = [html.P(html.Bdi(remarks[kpi]), className="m-small")] if kpi in remarks else []
        return [*said, *(_remark_field(kpi) if writes else [])]

    return (
        target_list(session, operation, by, beside),
        _said(debrief, operation),
        _lessons(session, operation, writes),
        _next(session, operation, debrief, by),
        not writes,
        not writes,
        owner_choices(session, operation),
    )


def _remark_field(kpi: Kpi) -> list[Component]:
    field, act = ({"type": name, "of": kpi.value} for name in (Ids.REMARK_WORDS, Ids.REMARK))
    return [_folded(_("Remark"), _("What the figure does not say"), field, _("Write the remark"), act, "notebook")]


def _folded(summary: str, label: str, field: dict[str, str], words: str, act: dict[str, str], icon: str) -> Component:
    """Return a text with its button, as a fold."""
    text = dmc.Textarea(id=field, label=label, autosize=True, attributes={"input": {"maxLength": LONGEST}})
    return html.Details([html.Summary(summary), text, button(words, act, "quiet", icon)], className="board-why")


def _said(found: verbs.Debrief | None, operation: plan.Operation) -> list[Component]:
    if found is None or not found.version:
        hint = _("The coordination writes it while the operation is consolidated; countries read it once it is closed.")
        return [empty_state(_("The debrief is not written yet"), hint, "clipboard-check")]
    said = facts(((_(about.label), getattr(found, name)) for name, about in FORM.said.items()), "overview-facts")
    signed = f"{found.author_name} · {moment(found.written_at, operation.zone)}"
    return [said, html.P(signed, className="m-dim m-small")]


def _lessons(session: Session, operation: plan.Operation, writes: bool) -> list[Component]:
    done, lessons = verbs.recommended_lessons(session, operation.id), verbs.lessons(session, operation.id)
    if not lessons:
        return [empty_state(_("No lesson yet"), _("A lesson says what, why, who and until when."), "school")]
    by = actor()
    recommends = verbs.may_recommend(operation, by)

    def row(each: verbs.Lesson) -> Component:
        area = coded("CL-RECAREA", each.area)
        facts = [owner_words(each.owner), area, _("Due {day}", day=date(each.due))]
        link = f"/operations/{operation.id}/recommendations?show={each.id}"
        acts: list[Component] = []
        if each.id in done:
            acts = [dcc.Link(_("It is recommended"), href=link, className="overview-link")]
        else:
            if recommends:
                acts.append(_act(_("Recommend it"), Ids.RECOMMEND, each, "bulb"))
            if writes:
                acts.append(_act(_("Take it out"), Ids.STRIKE, each, "ban"))
        return tags.Li(
            html.Strong(html.Bdi(each.text)),
            html.P(html.Bdi(each.evidence)),
            html.P(" · ".join(facts), className="m-dim m-small"),
            html.Div(acts, className="m-row"),
        )

    return [html.Ul([row(each) for each in lessons], className="left-out")]


def _act(words: str, kind: str, each: verbs.Lesson, icon: str) -> Component:
    return button(words, {"type": kind, "of": str(each.id)}, "quiet", icon)


def _next(session: Session, operation: plan.Operation, found: verbs.Debrief | None, by: Actor) -> list[Component]:
    """Return the closing steps that `by` may take, and the reason where nothing is recommended."""
    offers = [each for each in lifecycle.LIFE.offers(operation, session, by) if each.step.after in END]
    state = coded("CL-OPSTATE", operation.state)
    parts: list[Component] = [html.P(_("It is now: {state}.", state=state)), *STEPS.drawn(operation.id, offers)]
    if found is not None and found.none_needed:
        parts.append(html.P([_("Nothing needs to be recommended:"), " ", html.Bdi(found.none_needed)]))
    if verbs.may_say_none(operation, by):
        label, words = _("Why nothing needs to be recommended"), _("Nothing needs to be recommended")
        field, act = ({"type": name, "of": "all"} for name in (Ids.NONE_WORDS, Ids.NONE))
        parts.append(_folded(_("No recommendation is needed"), label, field, words, act, "bulb"))
    return parts


# --------------------------------------------------------------------------------------------------- callbacks

refresh = follows(
    contents,
    *(Ids.GOALS, Ids.SAID, Ids.LESSONS, Ids.NEXT),
    *(Output(Ids.WRITING, "hidden"), Output(Ids.LEARNING, "hidden"), Output(LESSON.id("owner"), "data")),
    act=Act.RECOMMENDATION_READ,
    operation=OPERATION,
)


def _stands(session: Session, press: Press) -> tuple[verbs.Debrief | None, int]:
    found = verbs.debrief(session, press.operation_id)
    return found, found.version if found else 0


DEBRIEFING = Versioned(FORM, Ids.VERSION, _stands, act=Act.RECOMMENDATION_PROPOSE)


@DEBRIEFING.saves(Ids.SAVE, operation=OPERATION)
def save(press: Press, version: int) -> Done:
    """Write what worked and what did not."""
    verbs.write(press.session, press.operation_id, press.draft(verbs.DebriefDraft), version, press.by)
    return Done(_("The debrief is saved."))


@does(
    {"type": Ids.REMARK, "of": ALL},
    act=Act.RECOMMENDATION_PROPOSE,
    operation=OPERATION,
    beside={"type": Ids.REMARK_WORDS, "of": ALL},
)
def remark(press: Press) -> Done:
    """Write a remark on a goal."""
    verbs.remark(press.session, press.operation_id, Kpi(press.subject["of"]), press.words, press.by)
    return Done(_("It is written down."))


learn = calls(
    LESSON,
    verbs.add_lesson,
    N_("The lesson is written down."),
    act=Act.RECOMMENDATION_PROPOSE,
    operation=OPERATION,
    clears=("text", "evidence"),
)


@does({"type": Ids.RECOMMEND, "of": ALL}, {"type": Ids.STRIKE, "of": ALL}, act=Act.RECOMMENDATION_PROPOSE)
def use(press: Press) -> Done:
    """Turn a lesson into a recommendation, or take it out."""
    lesson = press.of
    if press.subject["type"] == Ids.STRIKE:
        verbs.delete_lesson(press.session, lesson, press.by)
        return Done(_("The lesson is taken out."))
    verbs.recommend(press.session, lesson, press.by)
    return Done(_("The recommendation is proposed; it waits for a decision."))


@does(
    {"type": Ids.NONE, "of": ALL},
    act=Act.OPERATION_RUN,
    operation=OPERATION,
    beside={"type": Ids.NONE_WORDS, "of": ALL},
)
def say_none(press: Press) -> Done:
    """Give the reason why nothing is recommended."""
    verbs.say_none_needed(press.session, press.operation_id, press.words, press.by)
    return Done(_("It is written down."))


@does(STEPS.buttons, act=Act.OPERATION_READ, operation=OPERATION, form=LESSON, typed=("text", "evidence"))
def take_step(press: Press) -> Done:
    """Move the operation on; the debrief is not closed over a lesson that was typed and not written down."""
    closes = press.subject["to"] == OperationState.DEBRIEFED
    if closes and (name := next((name for name in ("text", "evidence") if (press.typed.get(name) or "").strip()), "")):
        raise RuleBroken(name, "This lesson is not saved. Save or empty it, then close the debrief.")
    moved = lifecycle.move(press.session, press.operation_id, OperationState(press.subject["to"]), press.by)
    return Done(_("The operation is now: {state}.", state=coded("CL-OPSTATE", moved.state)))
