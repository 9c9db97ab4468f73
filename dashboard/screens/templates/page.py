"""Templates of operations: how each kind is usually laid out, and the form that changes one."""

from enum import StrEnum
from typing import Any

from dash import Input, Output, State, dcc, html, no_update
from dash.development.base_component import Component

from dashboard.frame.policy import screen
from dashboard.frame.shell import page
from dashboard.navigation import Nav
from dashboard.parts.form import Form, button, client_id
from dashboard.refusals import say
from dashboard.screens.templates.card import template_card
from dashboard.screens.templates.form import FIELDS, content_of, place_of, row_fields, template_form
from dashboard.server.access import actor, known_id, reading, unit_of_work
from dashboard.wording import N_, _, language, moment_utc, number
from operations.core.drafts import parse
from operations.core.errors import Flaw, RuleBroken
from operations.core.permissions import Act, may
from operations.templates import library
from operations.templates.content import said

NAV = Nav(name=N_("Templates"), path="/templates", icon="layout-list", order=1, act=Act.TEMPLATE_READ, place=False)
FORM = Form("template")


class Ids(StrEnum):
    """The elements of this page."""

    SEEN = "template-seen"
    SAVE = "template-save"


def layout(edit: str = "", **_query: str) -> Component:
    """All templates as cards; with ?edit= the form of one."""
    by = actor()
    with reading() as session:
        if edit and may(by, Act.TEMPLATE_EDIT):
            found = library.template(session, known_id(edit))
            return _edit_page(found, library.history(session, found.template_id))
        cards = [template_card(each, by) for each in library.templates(session)]
    return page(
        _("Templates"),
        html.Div(cards, className="templates"),
        lead=_("An operation that is started from a template begins with its phases, tasks, reporting and targets."),
        wide=True,
    )


def _edit_page(found: library.Template, versions: list[library.Template]) -> Component:
    content = library.content_of(found)
    past = [
        html.Li(
            _(
                "Version {number}: {name}, {when}",
                number=number(each.version),
                name=f"\u2068{each.author_name}\u2069",
                when=moment_utc(each.made_at),
            )
        )
        for each in versions
    ]
    return page(
        said(content.name, language()),
        dcc.Store(id=Ids.SEEN, data=str(found.id)),
        client_id(FORM),
        template_form(FORM, content),
        html.Div(
            [
                button(_("Save as a new version"), id=Ids.SAVE, kind="primary", icon_name="check"),
                dcc.Link(_("Back without saving"), href=NAV.href(), className="overview-link"),
            ],
            className="m-row overview-form-end",
        ),
        html.Details([html.Summary(_("Versions")), html.Ul(past)], className="overview-editor"),
        lead=_("Operations that were started from it stay as they are."),
    )


@screen(
    output=Output("_pages_location", "href", allow_duplicate=True),
    inputs={"clicks": Input(Ids.SAVE, "n_clicks")},
    state={
        "seen": State(Ids.SEEN, "data"),
        "version_id": FORM.client_id_state(),
        "typed": FORM.states(*FIELDS, *row_fields()),
    },
    act=Act.TEMPLATE_EDIT,
    form=FORM,
    prevent_initial_call=True,
)
def save(clicks: int | None, seen: str, version_id: str, typed: dict[str, Any]) -> Any:
    """Keep the template as a new version and go back to all of them."""
    if not clicks:
        return no_update
    saved(seen, version_id, typed)
    say(_("The template is saved as a new version."))
    return NAV.href()


def saved(seen: str, version_id: str, typed: dict[str, Any]) -> library.Template:
    """The new version as typed. Raises RuleBroken with every flaw beside its field."""
    by = actor()
    with reading() as session:
        before = library.template(session, known_id(seen))
    content = content_of(typed, library.content_of(before))
    try:
        draft = parse(
            library.TemplateDraft,
            {"id": version_id, "template_id": before.template_id, "supersedes_id": before.id, "content": content},
        )
    except RuleBroken as broken:
        raise RuleBroken.all(
            Flaw(place_of(flaw.field, typed), flaw.template, flaw.params) for flaw in broken.flaws
        ) from None
    with unit_of_work() as session:
        return library.save(session, draft, by)
