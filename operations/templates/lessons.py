"""Lessons for templates: an adopted lesson of a debrief is proposed to those who keep the template.

A lesson is proposed once its recommendation is accepted, for the template from which its operation was started, else
for the one of its kind. When taken, it becomes a task or a text of the operational plan in the next version: every
operation that is started from then on begins with it.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime
from enum import StrEnum
from textwrap import shorten
from typing import Annotated, Any
from uuid import UUID

from pydantic import Field as Rule
from sqlalchemy import CheckConstraint, false
from sqlmodel import Field, Session, SQLModel, col, select

from operations.core import journal, rows
from operations.core.clock import UtcDateTime, now
from operations.core.drafts import NEEDED, Draft, Name, Words
from operations.core.errors import Flaw, RuleBroken
from operations.core.field_labels import N_, Label
from operations.core.ids import new_id
from operations.core.people import Actor
from operations.core.permissions import Act, may
from operations.core.state_machine import Life, Step
from operations.core.store import scoped, unfenced, unscoped
from operations.core.vocabulary import InList
from operations.core.worklist import AGAIN, DAYS, CandidateRow, Waits
from operations.evaluation import recommendations
from operations.evaluation.debrief import Lesson
from operations.evaluation.recommendations import Recommendation
from operations.policing.operation import plan
from operations.templates import library
from operations.templates.content import Content, TaskPlan, plan_texts
from operations.templates.library import Template, TemplateDraft


class LessonState(StrEnum):
    """States of a lesson that was proposed for a template."""

    PROPOSED = "proposed"
    TAKEN = "taken"
    DECLINED = "declined"


_S = LessonState
_WAITS = Waits(
    N_("An adopted lesson would change a template: take it, or leave it ({words})."),
    "/templates?lesson={id}",
    "bulb",
    "made_at",
    within=60 * DAYS,
    late=AGAIN,
)
LIFE: Life[LessonState] = Life(
    "lesson for a template",
    _S.PROPOSED,
    (
        Step(_S.PROPOSED, _S.TAKEN, "template.take", Act.TEMPLATE_EDIT, waits=_WAITS),
        Step(
            _S.PROPOSED,
            _S.DECLINED,
            "template.decline",
            Act.TEMPLATE_EDIT,
            N_("Leave the template as it is"),
            "ban",
            N_("Why the template stays as it is"),
            waits=_WAITS,
        ),
    ),
    ends=(_S.TAKEN, _S.DECLINED),
    may=lambda found, _facts, step, by: may(by, step.act) and found.operation_id in by.operations,
    astray=Flaw("", "This lesson was decided already. Reload the page to see how."),
    words={_S.PROPOSED: N_("Proposed"), _S.TAKEN: N_("Taken"), _S.DECLINED: N_("Left out")},
)


class TemplateLesson(SQLModel, table=True):
    """A lesson for a template; its id is that of the lesson. `version` is the one that holds it, once it is taken."""

    __tablename__ = "template_lesson"
    __table_args__ = (
        LIFE.known(),
        LIFE.exactly((_S.TAKEN,), "version IS NOT NULL", "taken_into_a_version"),
        LIFE.exactly(LIFE.needing_reason(), "reason <> ''", "reason_given"),
        CheckConstraint("text <> ''", name="says_something"),
    )
    id: UUID = Field(primary_key=True, foreign_key="debrief_lesson.id")
    operation_id: UUID = Field(foreign_key="operation.id", index=True)
    template_id: UUID = Field(index=True)
    text: str = Field(max_length=2000)
    state: str = Field(default=_S.PROPOSED.value, max_length=12)
    version: int | None = None
    reason: str = Field(default="", max_length=2000)
    decided_by_name: str = Field(default="", max_length=120)
    made_at: datetime = Field(sa_type=UtcDateTime)


@scoped(TemplateLesson)
def _lessons_seen(actor: Actor) -> Any:
    """Return the row filter: readers of templates read those of the operations in reach."""
    if not may(actor, Act.TEMPLATE_READ):
        return false()
    return plan.within_reach(TemplateLesson.operation_id, actor)


@LIFE.rows
def _in_states(session: Session, _by: Actor, states: Iterable[str], owners: Mapping[UUID, Any]) -> list[CandidateRow]:
    query = select(TemplateLesson).where(
        col(TemplateLesson.state).in_(states), col(TemplateLesson.operation_id).in_(owners.keys())
    )
    return [
        CandidateRow(each, None, each.operation_id, {"words": shorten(each.text, 90, placeholder="…")})
        for each in session.exec(query)
    ]


# ---------------------------------------------------------------------------------------------------- drafts


class Into(StrEnum):
    """The kinds of template content that a lesson can become."""

    TASK = "task"
    OPLAN = "oplan"


_TASK, _OPLAN = ("into", Into.TASK.value), ("into", Into.OPLAN.value)


class TakeDraft(Draft):
    """Draft of what a lesson becomes: a task of a phase, or text of a section of the operational plan."""

    into: Annotated[
        Into,
        Label(
            N_("In the template it becomes"),
            choices={Into.TASK.value: N_("a task"), Into.OPLAN.value: N_("text of the operational plan")},
        ),
    ] = Into.TASK
    title: Annotated[Name | None, Label(N_("Task"), draws="text", when=_TASK)] = None
    phase: Annotated[int, Rule(ge=1, le=20), Label(N_("Phase"), draws="one", when=_TASK)] = 1
    due_day: Annotated[
        int,
        Rule(ge=-365, le=730),
        Label(N_("Due on day"), N_("So many days after the phase begins, before it where negative."), when=_TASK),
    ] = 0
    section: Annotated[Annotated[str, InList("CL-OPLAN")] | None, Label(N_("Section"), when=_OPLAN)] = None
    text: Annotated[Words, Label(N_("Text that is added to it"), when=_OPLAN)] = ""


# ------------------------------------------------------------------------------------------------- questions


def lessons(session: Session, template_id: UUID | None = None) -> list[TemplateLesson]:
    """Return the lessons that the asker may see, of one template or of all, in the order of their proposal."""
    query = select(TemplateLesson).order_by(col(TemplateLesson.made_at), col(TemplateLesson.id))
    return list(session.exec(query if template_id is None else query.where(TemplateLesson.template_id == template_id)))


def lesson(session: Session, lesson_id: UUID) -> TemplateLesson:
    """Return one of them. Raises NotFound."""
    return rows.one(session, TemplateLesson, lesson_id)


def template_for(session: Session, found: TemplateLesson) -> Template | None:
    """Return the newest version of the template that it is proposed for; None where that is retired."""
    return next((each for each in library.templates(session) if each.template_id == found.template_id), None)


# ----------------------------------------------------------------------------------------------------- verbs


@recommendations.when_moved
def propose(session: Session, adopted: Recommendation, operation: plan.Operation | None) -> None:
    """Propose an adopted lesson for the template of its operation, whoever adopted it. Idempotent."""
    if adopted.state not in recommendations.ADOPTED or operation is None:
        return
    with unfenced(session):
        lesson = session.exec(unscoped(select(Lesson).where(Lesson.id == adopted.id))).one_or_none()
        known = session.exec(unscoped(select(TemplateLesson.id).where(TemplateLesson.id == adopted.id))).one_or_none()
        template = _template_of(session, operation)
        if lesson is None or known is not None or template is None:
            return
        session.add(
            TemplateLesson(
                id=lesson.id, operation_id=operation.id, template_id=template, text=lesson.text, made_at=now()
            )
        )
        session.flush()


def take(session: Session, lesson_id: UUID, draft: TakeDraft, by: Actor) -> TemplateLesson:
    """Put a lesson into the next version of its template, as a task or as text. Raises RuleBroken, Conflict."""
    lesson_row = rows.hold(session, TemplateLesson, lesson_id)
    step, _reason = LIFE.allow(lesson_row, None, _S.TAKEN, by)
    before = template_for(session, lesson_row)
    if before is None:
        raise RuleBroken("", "The template is out of use: leave the lesson, or make a template of this kind first.")
    content = _with(library.content_of(before), draft, by.language)
    version = TemplateDraft(id=new_id(), template_id=before.template_id, supersedes_id=before.id, content=content)
    made = library.save(session, version, by)
    LIFE.go(lesson_row, _S.TAKEN)
    lesson_row.version, lesson_row.decided_by_name = made.version, by.name
    session.add(lesson_row)
    journal.record(
        session,
        by,
        step.verb,
        "template",
        made.template_id,
        type=made.kind,
        version=made.version,
        into=draft.into.value,
    )
    return lesson_row


def decline(session: Session, lesson_id: UUID, why: str, by: Actor) -> TemplateLesson:
    """Leave the template unchanged, with the reason."""
    found = rows.hold(session, TemplateLesson, lesson_id)
    step, found.reason = LIFE.take(found, None, _S.DECLINED, by, why)
    found.decided_by_name = by.name
    session.add(found)
    journal.record(session, by, step.verb, "template", found.template_id)
    return found


def _template_of(session: Session, operation: plan.Operation) -> UUID | None:
    """Return the template from which an operation was started, else one in use of its kind."""
    entry = journal.Entry
    started = select(entry.object_id).where(entry.act == "template.start", entry.operation_id == operation.id)
    known: UUID | None = session.exec(unscoped(started)).first()
    if known is not None:
        return known
    in_use = select(Template.template_id).where(
        col(Template.current).is_(True), col(Template.retired).is_(False), Template.kind == operation.type
    )
    first: UUID | None = session.exec(
        unscoped(in_use.order_by(col(Template.made_at), col(Template.template_id)))
    ).first()
    return first


def _with(content: Content, draft: TakeDraft, locale: str) -> Content:
    """Return the content with the lesson added. Raises RuleBroken on the field where it does not fit."""
    if draft.into is Into.OPLAN:
        if draft.section is None or not draft.text.strip():
            raise RuleBroken("section" if draft.section is None else "text", NEEDED)
        texts = dict(plan_texts(content, locale))
        texts[draft.section] = "\n\n".join(filter(None, (texts.get(draft.section, ""), draft.text.strip())))
        return _checked({**content.model_dump(), "oplan": texts}, "text")
    if draft.title is None:
        raise RuleBroken("title", NEEDED)
    if draft.phase > len(content.phases):
        raise RuleBroken("phase", "The template has fewer phases: choose the line of one of them.")
    task = TaskPlan(title=draft.title, phase=draft.phase - 1, due_day=draft.due_day)
    return _checked({**content.model_dump(), "tasks": [*content.tasks, task]}, "title")


def _checked(values: dict[str, Any], name: str) -> Content:
    try:
        return Content.model_validate(values)
    except ValueError:
        raise RuleBroken(name, "The template has no room for more of this: change it by its form first.") from None
