"""Templates of operations: the usual layout of each kind, and the form that changes one."""

from enum import StrEnum
from typing import Any

from dash import State, dcc, html
from dash.development.base_component import Component
from sqlmodel import Session

from dashboard.frame.interactions import Done, Press, does, followed, follows
from dashboard.frame.shell import page
from dashboard.frame.verb_buttons import calls
from dashboard.frame.version_conflicts import Versioned
from dashboard.parts import tags
from dashboard.parts.form import button, client_id
from dashboard.parts.icon import icon
from dashboard.places import TEMPLATES
from dashboard.screens.templates.card import template_card
from dashboard.screens.templates.form import FORM, blank, content_of, shown, template_form
from dashboard.screens.templates.lessons import STEPS, TAKE, lesson_list, lesson_parts
from dashboard.server.access import actor, known_id, reading
from dashboard.wording import _, coded, language, moment_utc, number
from operations.core import vocabulary
from operations.core.drafts import parse
from operations.core.errors import NotFound
from operations.core.people import Actor
from operations.core.permissions import Act, may
from operations.core.vocabulary import OperationType
from operations.templates import lessons, library
from operations.templates.content import localised

NAV = TEMPLATES


class Ids(StrEnum):
    """Element ids of this page."""

    SEEN = "template-seen"
    TEMPLATE = "template-shown"
    KIND = "template-kind"
    SAVE = "template-save"
    CREATE = "template-create"
    LESSONS = "template-lessons"
    LESSON = "template-lesson-shown"
    FILE = "template-lesson-file"
    TAKE = "template-lesson-take"


def layout(edit: str = "", new: str = "", lesson: str = "", **_query: str) -> Component:
    """Return all templates as cards; `edit` opens the form of one, `new` that of a new one, `lesson` a lesson."""
    by = actor()
    if lesson:
        return _lesson_page(lesson, by)
    if new in set(OperationType) and may(by, Act.TEMPLATE_EDIT):
        return _new_page(OperationType(new))
    with reading() as session:
        if edit and may(by, Act.TEMPLATE_EDIT):
            edited = library.template(session, known_id(edit))
            return _edit_page(edited, library.history(session, edited.template_id))
        cards = [template_card(each, by) for each in library.templates(session)]
        learned = lesson_list(session, by)
    return page(
        _("Templates"),
        followed(Ids.LESSONS, learned, className="templates-learned"),
        html.Div(cards, className="templates"),
        *(_ways_to_new() if may(by, Act.TEMPLATE_EDIT) else []),
        lead=_("An operation that is started from a template begins with its phases, tasks, reporting and targets."),
        wide=True,
    )


refresh_lessons = follows(lesson_list, Ids.LESSONS, act=Act.TEMPLATE_READ)


def _lesson_page(lesson: str, by: Actor) -> Component:
    with reading() as session:
        shown = lesson_file(session, by, lesson)
    return page(
        _("Lesson for a template"),
        dcc.Store(id=Ids.LESSON, data=str(known_id(lesson))),
        followed(Ids.FILE, shown, className="m-stack"),
        actions=[dcc.Link(_("All templates"), href=NAV.href(), className="file-way")],
        lead=_("Taken, it stands in every operation that is started from the template from now on."),
    )


def lesson_file(session: Session, by: Actor, shown: str) -> list[Component]:
    """Return one lesson with its possible actions."""
    return lesson_parts(session, lessons.lesson(session, known_id(shown)), by, Ids.TAKE)


refresh_lesson = follows(lesson_file, Ids.FILE, act=Act.TEMPLATE_READ, shown=State(Ids.LESSON, "data"))


@does(Ids.TAKE, act=Act.TEMPLATE_EDIT, form=TAKE, goes=True, given={"lesson": State(Ids.LESSON, "data")})
def take(press: Press, lesson: str) -> Done:
    """Put the lesson into the next version of the template."""
    draft = press.draft(lessons.TakeDraft)
    made = lessons.take(press.session, known_id(lesson), draft, press.by)
    return Done(_("The lesson is in version {number} of the template.", number=number(made.version)), to=NAV.href())


leave = calls(
    STEPS.buttons,
    lessons.decline,
    lambda _made: Done(_("The template stays as it is."), to=NAV.href()),
    act=Act.TEMPLATE_EDIT,
    beside=STEPS.beside,
    goes=True,
)


def _ways_to_new() -> list[Component]:
    """Return a link for a new template of each kind; the kind of a template never changes."""
    ways = [
        dcc.Link(
            [icon("plus", 16), html.Span(kind["label"])],
            href=f"{NAV.href()}?new={kind['value']}",
            className="overview-link",
        )
        for kind in vocabulary.options("CL-OPTYPE", language())
        if kind["value"] in set(OperationType)
    ]
    return [html.Section([html.H2(_("Make a new template")), html.Div(ways, className="m-row")], className="m-stack")]


def _new_page(kind: OperationType) -> Component:
    return page(
        _("New template: {kind}", kind=coded("CL-OPTYPE", kind.value)),
        dcc.Store(id=Ids.KIND, data=kind.value),
        client_id(FORM),
        template_form(blank(kind)),
        tags.Div(
            button(_("Keep the template"), id=Ids.CREATE, kind="primary", icon_name="check"),
            dcc.Link(_("Back without saving"), href=NAV.href(), className="overview-link"),
            className="m-row overview-form-end",
        ),
        lead=_("Operations are started from it as soon as it is kept."),
    )


def _edit_page(found: library.Template, versions: list[library.Template]) -> Component:
    content = library.content_of(found)
    past = [
        html.Li(
            _(
                "Version {number}: {name}, {when}",
                number=number(version.version),
                name=f"\u2068{version.author_name}\u2069",
                when=moment_utc(version.made_at),
            )
        )
        for version in versions
    ]
    return page(
        localised(content.name, language()),
        dcc.Store(id=Ids.TEMPLATE, data=str(found.template_id)),
        *VERSIONS.kept(shown(content), str(found.id)),
        client_id(FORM),
        template_form(content),
        tags.Div(
            button(_("Save as a new version"), id=Ids.SAVE, kind="primary", icon_name="check"),
            dcc.Link(_("Back without saving"), href=NAV.href(), className="overview-link"),
            className="m-row overview-form-end",
        ),
        html.Details([html.Summary(_("Versions")), html.Ul(past)], className="overview-editor"),
        lead=_("Operations that were started from it stay as they are."),
    )


def _stands(session: Session, _press: Press, template: str) -> tuple[dict[str, Any], str]:
    newest = library.history(session, known_id(template))[0]
    return shown(library.content_of(newest)), str(newest.id)


VERSIONS = Versioned(FORM, Ids.SEEN, _stands, act=Act.TEMPLATE_EDIT)


@VERSIONS.saves(Ids.SAVE, client=True, goes=True, given={"template": State(Ids.TEMPLATE, "data")})
def save(press: Press, template: str, version: str) -> Done:
    """Save the template as a new version and return to the list. Every flaw is shown beside its field."""
    with reading() as session:
        before = library.template(session, known_id(version))
    content = content_of(press.typed, library.content_of(before))
    ids = {"id": press.client, "template_id": template, "supersedes_id": before.id}
    library.save(press.session, parse(library.TemplateDraft, {**ids, "content": content}), press.by)
    return Done(_("The template is saved as a new version."), to=NAV.href())


@does(Ids.CREATE, act=Act.TEMPLATE_EDIT, form=FORM, client=True, goes=True, given={"kind": State(Ids.KIND, "data")})
def create(press: Press, kind: str) -> Done:
    """Save a new template of a kind and go to the list. Every flaw is shown beside its field."""
    if kind not in set(OperationType):
        raise NotFound
    content = content_of(press.typed, blank(OperationType(kind)))
    draft = parse(library.TemplateDraft, {"id": press.client, "template_id": press.client, "content": content})
    library.save(press.session, draft, press.by)
    return Done(_("The template is kept."), to=NAV.href())
