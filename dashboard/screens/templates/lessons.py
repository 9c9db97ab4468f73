"""Lessons for templates: the list, and the page on which one is taken into a template or left out."""

from dash import dcc, html
from dash.development.base_component import Component
from sqlmodel import Session

from dashboard.parts import tags
from dashboard.parts.badges import state_badge
from dashboard.parts.draft_form import DraftForm
from dashboard.parts.form import button
from dashboard.parts.form_fields import drawing
from dashboard.parts.panel import empty_state, panel
from dashboard.parts.steps import StepIds
from dashboard.screens.templates.card import phase_name
from dashboard.wording import _, language, number
from operations.core.people import Actor
from operations.core.permissions import Act, may
from operations.policing.operation import plan
from operations.templates import lessons, library
from operations.templates.content import localised
from operations.templates.lessons import LIFE, LessonState, TemplateLesson

TAKE = DraftForm("template-lesson", lessons.TakeDraft).wire()
STEPS = StepIds("lesson")
_TONES = {LessonState.PROPOSED: "warn", LessonState.TAKEN: "good", LessonState.DECLINED: "muted"}
_SHORT = 120  # characters of a task's title


def lesson_list(session: Session, by: Actor) -> list[Component]:
    """Return all lessons that the reader may see, undecided ones first; [] where there is none."""
    found = sorted(lessons.lessons(session), key=lambda each: each.state != LessonState.PROPOSED)
    if not found:
        return []
    titles = {each.id: each.title for each in plan.operations(session, by)}
    names = {each.template_id: _name(each) for each in library.templates(session, retired=True)}
    rows = [_row(each, titles.get(each.operation_id, ""), names.get(each.template_id, "")) for each in found]
    return [panel(_("Lessons for templates"), html.Ul(rows, className="template-lessons"))]


def _row(each: TemplateLesson, operation: str, template: str) -> Component:
    return tags.Li(
        tags.Div(
            html.P(html.Bdi(each.text)),
            html.P(_origin(operation, template), className="m-dim m-small"),
            *([html.P(html.Bdi(each.reason), className="m-small")] if each.reason else []),
        ),
        dcc.Link(_("Decide"), href=f"/templates?lesson={each.id}", className="m-link")
        if each.state == LessonState.PROPOSED
        else state_badge(_state(each), _TONES[LIFE.now(each)]),
    )


def _state(each: TemplateLesson) -> str:
    if each.version is not None:
        return _("Taken into version {number}", number=number(each.version))
    return _(LIFE.words[LIFE.now(each)])


def _origin(operation: str, template: str) -> str:
    words = {"operation": f"\u2068{operation}\u2069", "template": f"\u2068{template}\u2069"}
    return _("From the lesson of {operation}, for the template {template}", **words)


def _name(found: library.Template) -> str:
    return localised(library.content_of(found).name, language())


def lesson_parts(session: Session, found: TemplateLesson, by: Actor, send: str) -> list[Component]:
    """Return one lesson with the reader's possible actions; `send` is the button that takes it."""
    operation = plan.operation(session, found.operation_id, by)
    template = lessons.template_for(session, found)
    told = panel(
        _("What it says"),
        html.P(html.Bdi(found.text), className="file-says"),
        html.P(_origin(operation.title, _name(template) if template else ""), className="m-dim m-small"),
        html.P(state_badge(_state(found), _TONES[LIFE.now(found)])),
    )
    if found.state != LessonState.PROPOSED or not may(by, Act.TEMPLATE_EDIT):
        return [told]
    offers = [each for each in LIFE.offers(found, None, by) if each.step.words]
    leave = panel(_("Leave it out"), *STEPS.drawn(found.id, offers))
    if template is None:
        hint = _("Leave the lesson, or make a template of this kind first.")
        return [told, empty_state(_("The template is out of use"), hint, "layout-list"), leave]
    phases = [
        {"value": str(place), "label": f"{number(place)} · {phase_name(phase)}"}
        for place, phase in enumerate(library.content_of(template).phases, 1)
    ]
    begun = {"phase": "1", "title": found.text if len(found.text) <= _SHORT else None, "text": found.text}
    form = panel(
        _("Take it into the template"),
        tags.Div(
            *drawing(TAKE, begun, choices={"phase": phases})(),
            html.Div(button(_("Take it into the template"), id=send, kind="primary", icon_name="check")),
            className="m-stack",
        ),
    )
    return [told, form, leave]
