"""Instantiation form, from a template to an operation: template, name, first day, place, and invited countries."""

from datetime import date
from enum import StrEnum
from typing import Any

from dash import Input, Output, dcc, html, no_update
from dash.development.base_component import Component

from dashboard.frame.interactions import Done, Press, does
from dashboard.frame.policy import screen
from dashboard.frame.shell import page
from dashboard.parts import tags
from dashboard.parts.draft_fields import zones
from dashboard.parts.draft_form import DraftForm
from dashboard.parts.form import button, client_id
from dashboard.parts.form_fields import drawing, fieldset, pair
from dashboard.parts.icon import icon
from dashboard.parts.operation_form import WHY
from dashboard.parts.towns import town
from dashboard.places import START
from dashboard.screens.templates.card import phase_days, phase_strip, targets_brought, teams_needed
from dashboard.server.access import known_id, reading
from dashboard.wording import N_, _, language, ngettext
from operations.core import vocabulary
from operations.core.clock import now
from operations.core.errors import RuleBroken, existing
from operations.core.field_labels import Label
from operations.core.permissions import Act
from operations.templates import library
from operations.templates.content import Content, days_of, localised
from operations.templates.instantiation import StartDraft, past_tasks, start

NAV = START
FORM = DraftForm(
    "start",
    StartDraft,
    beside={
        "teams_country": Label(N_("In which country"), draws="one"),
        "teams_place": Label(N_("In which town"), draws="text"),
    },
    stands={"teams_to.country": "teams_country", "teams_to.place": "teams_place"},
)


class Ids(StrEnum):
    """Element ids of this page."""

    DAYS = "start-days"
    PAST = "start-past"
    TEAMS = "start-teams"
    NEEDED = "start-needed"
    CREATE = "start-create"


def layout(template: str = "", **_query: str) -> Component:
    """Return the form, with the template of the address or the first one."""
    with reading() as session:
        templates = library.templates(session)
        asked = (each for each in templates if str(each.id) == template)
        chosen = existing(next(asked, next(iter(templates), None)))
    choices = [
        {"value": str(each.id), "label": localised(library.content_of(each).name, language())} for each in templates
    ]
    draw = drawing(FORM, {"template": chosen.id}, choices={"template": choices, "teams_country": []})
    content = library.content_of(chosen)
    back = [icon("arrow-back-up", 16), html.Span(_("All templates"))]
    return page(
        _("Start from a template"),
        client_id(FORM),
        tags.Div(
            fieldset(
                _("The operation"),
                *draw("template"),
                pair(draw("code_name", "edition")),
                pair(draw("first_day", "zone")),
                *draw("classification", "countries"),
                _teams(content, draw("teams_country", "teams_place")),
            ),
            fieldset(_("Why, and until when"), *draw(*WHY)),
            html.Section(
                [
                    html.H2(_("Phases")),
                    html.Div(calendar(content, None), id=Ids.DAYS),
                    html.Div(draw("past_tasks"), id=Ids.PAST, hidden=True),
                ],
                className="start-days",
            ),
            className="start",
        ),
        tags.Div(
            button(_("Create the operation"), id=Ids.CREATE, kind="primary", icon_name="check"),
            dcc.Link(back, href="/templates", className="overview-link"),
            dcc.Link(_("Without a template"), href="/?new=1", className="overview-link"),
            className="m-row overview-form-end",
        ),
        lead=_("It begins as a draft with everything laid out; what is still missing for approval is shown next."),
    )


def _teams(content: Content, where: list[Component]) -> Component:
    """Return the fields for the destination of the template's teams; [] where it needs none."""
    return tags.Div(
        html.P(_("The template asks for teams:")),
        html.Div(teams_needed(content), id=Ids.NEEDED),
        html.P(_("Leave both empty to ask for no teams yet."), className="m-dim m-small"),
        pair(where),
        id=Ids.TEAMS,
        hidden=not content.needs,
        className="m-stack",
    )


def calendar(content: Content, first_day: date | None) -> list[Component]:
    """Return the phases, as dates once the first day is known."""
    if first_day is None:
        return [
            phase_strip(content),
            html.P(_("Choose the first day of the action to see the dates."), className="m-dim"),
            *_targets(content),
        ]
    days = days_of(content, first_day)
    past = [html.P(_("The first phase begins in the past."), className="m-dim")] if days[0].first < now().date() else []
    return [phase_days(content, days), *past, *_targets(content)]


def _targets(content: Content) -> list[Component]:
    """Say which targets the template sets: they hold, whatever is written as the measured goal."""
    found = targets_brought(content)
    words = _(
        "The template sets these targets: {targets}. They hold until they are changed.", targets=" · ".join(found)
    )
    return [html.P(words, className="m-dim")] if found else []


@screen(
    Output(Ids.TEAMS, "hidden"),
    Output(Ids.NEEDED, "children"),
    Input(FORM.id("template"), "value"),
    act=Act.OPERATION_CREATE,
    prevent_initial_call=True,
)
def show_teams(template: str | None) -> Any:
    """Return the teams that the chosen template needs, if any."""
    if not template:
        return no_update, no_update
    with reading() as session:
        content = library.content_of(library.template(session, known_id(template)))
    return not content.needs, teams_needed(content)


@screen(
    Output(FORM.id("teams_country"), "data"),
    Input(FORM.id("countries"), "value"),
    act=Act.OPERATION_CREATE,
    prevent_initial_call=True,
)
def offer_countries(countries: list[str] | None) -> list[dict[str, str]]:
    """Return the countries that teams can go to, as options: those that are invited."""
    return vocabulary.options("CL-COUNTRY", language(), countries or ())


@screen(
    Output(Ids.DAYS, "children"),
    Output(Ids.PAST, "hidden"),
    Input(FORM.id("template"), "value"),
    Input(FORM.id("first_day"), "value"),
    Input(FORM.id("zone"), "value"),
    act=Act.OPERATION_CREATE,
    prevent_initial_call=True,
)
def preview(template: str | None, first_day: str | None, zone: str | None = None) -> Any:
    """What the calendar will look like, and whether some of its tasks would be late at once."""
    if not template:
        return no_update, no_update
    with reading() as session:
        content = library.content_of(library.template(session, known_id(template)))
    day = date.fromisoformat(first_day[:10]) if first_day else None
    late = past_tasks(content, day, zone if zone in zones() else "UTC") if day else 0
    told = ngettext(
        "{n} task of the template would be late at once.", "{n} tasks of the template would be late at once.", late
    )
    return [*calendar(content, day), *([html.P(told)] if late else [])], not late


@does(Ids.CREATE, act=Act.OPERATION_CREATE, form=FORM, client=True, goes=True)
def create(press: Press) -> Done:
    """Create the operation from the template and go to it. Raises RuleBroken with every flaw."""
    with reading() as session:
        template = press.typed.get("template")
        needs = bool(template and library.content_of(library.template(session, known_id(template))).needs)
    draft = press.draft(StartDraft, turn=lambda content: {**content, "teams_to": _teams_to(content) if needs else None})
    made = start(press.session, draft, press.by)
    words = _("{name} is created as a draft.", name=made.title)
    if needs and not draft.teams_to:
        words = " ".join([words, _("No teams are asked for yet: ask under Teams when you know where they go.")])
    return Done(words, to=f"/operations/{made.id}/overview")


def _teams_to(typed: dict[str, Any]) -> dict[str, Any] | None:
    """Return the typed country and town with its position; None where both are empty."""
    country, place = typed["teams_country"], (typed["teams_place"] or "").strip()
    if not country and not place:
        return None
    if not country or not place:
        raise RuleBroken(
            "teams_place" if country else "teams_country",
            "Say the country and the town where the teams are to go, or leave both empty.",
        )
    return {"country": country, "place": place, **town(place, country, "teams_place")}
