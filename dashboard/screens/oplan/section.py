"""One section of the operational plan: its text, its form, and the comments of countries."""

from collections.abc import Mapping, Sequence

import dash_mantine_components as dmc
from dash import html
from dash.development.base_component import Component

from dashboard.parts import tags
from dashboard.parts.draft_form import DraftForm
from dashboard.parts.form import button, client_id
from dashboard.parts.form_fields import drawing
from dashboard.screens.oplan.list import section_badge
from dashboard.wording import _, coded, language, moment
from operations.core import vocabulary
from operations.core.vocabulary import SectionState
from operations.policing.operation.oplan import (
    ALWAYS_NEEDED,
    OplanComment,
    OplanSection,
    SectionCommentDraft,
    SectionDraft,
)

FORM, COMMENT = DraftForm("oplan", SectionDraft), DraftForm("oplan-comment", SectionCommentDraft)


def section_text(section: OplanSection | None, zone: str) -> list[Component]:
    """Return the text of the section; its purpose where it is empty."""
    if section is None or not section.text:
        return [html.P(_("Nothing is written here yet."), className="m-dim")]
    written = _(
        "written by {name}, {when}", name=f"\u2068{section.author_name}\u2069", when=moment(section.made_at, zone)
    )
    return [
        html.P(html.Bdi(section.text), className="oplan-text"),
        html.P([section_badge(section), html.Span(written, className="m-dim m-small")], className="m-row"),
    ]


def section_form(code: str, section: OplanSection | None, save: str, complete: str) -> list[Component]:
    """Return the text field and the state; both buttons save and go on to the next open section."""
    states = vocabulary.options("CL-OPLANSTATE", language())
    fitting = [each for each in states if each["value"] != SectionState.NOT_APPLICABLE or code not in ALWAYS_NEEDED]
    draw = drawing(FORM, section, choices={"state": fitting})
    return [
        *draw("text", label=coded("CL-OPLAN", code), minRows=8, maxRows=40),
        *draw("state"),
        tags.Div(
            button(
                _("Complete, and go on"),
                id=complete,
                kind="primary",
                icon_name="checks",
                rightSection=html.Kbd("Ctrl+Enter", className="m-kbd"),
                **{"aria-keyshortcuts": "Control+Enter"},
            ),
            button(_("Save and go on"), id=save, icon_name="check"),
            className="m-row",
        ),
    ]


def comment_list(
    found: Sequence[OplanComment], zone: str, answer: str | None, typed: Mapping[str, str]
) -> list[Component]:
    """Return the comments with their answers; with `answer`, unanswered ones have a field with ids {type, of}.

    `typed` is the text of those fields, by the comment's id.
    """
    parts = [_comment(each, zone, answer, typed.get(str(each.id), "")) for each in found]
    return [html.Ul(parts, className="oplan-comments")] if found else []


def _comment(said: OplanComment, zone: str, answer: str | None, typed: str) -> Component:
    country = coded("CL-COUNTRY", said.country)
    parts: list[Component] = [
        html.Div(
            [html.Strong(country), html.Span(moment(said.made_at, zone), className="m-dim m-small")], className="m-row"
        ),
        html.P(html.Bdi(said.text)),
    ]
    if said.answered_at is not None:
        parts.append(
            tags.Div(
                html.Span(_("Answer of the coordination"), className="m-dim m-small"),
                html.P(html.Bdi(said.answer)),
                className="oplan-answer",
            )
        )
    elif answer is not None:
        parts.append(
            tags.Div(
                dmc.TextInput(
                    id={"type": f"{answer}-text", "of": str(said.id)},
                    label=_("Answer to {country}", country=country),
                    value=typed,
                    className="m-grow",
                ),
                button(_("Answer"), id={"type": answer, "of": str(said.id)}, icon_name="send"),
                className="oplan-answering",
            )
        )
    return html.Li(parts)


def comment_form(send: str) -> list[Component]:
    """Return the form of a country's comment."""
    press = button(_("Send the comment"), id=send, icon_name="send")
    return [client_id(COMMENT), *drawing(COMMENT)(), html.Div(press, className="m-row")]
