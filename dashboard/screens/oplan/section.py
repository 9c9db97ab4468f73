"""One section of the operational plan: what it says, the form that writes it, and what countries said about it."""

from collections.abc import Sequence

import dash_mantine_components as dmc
from dash import html
from dash.development.base_component import Component

from dashboard.parts.form import Form, button, client_id, text_area
from dashboard.screens.oplan.list import section_badge, section_name
from dashboard.wording import _, language, moment
from operations.core import vocabulary
from operations.core.vocabulary import SectionState
from operations.policing.operation.oplan import ALWAYS_NEEDED, OplanComment, OplanSection


def section_text(code: str, section: OplanSection | None, zone: str) -> list[Component]:
    """What the section says, to be read; what it is for where nothing stands in it."""
    if section is None or not section.text:
        return [html.P(_("Nothing is written here yet."), className="m-dim")]
    written = _(
        "written by {name}, {when}", name=f"\u2068{section.author_name}\u2069", when=moment(section.made_at, zone)
    )
    return [
        html.P(html.Bdi(section.text), className="oplan-text"),
        html.P([section_badge(section), html.Span(written, className="m-dim m-small")], className="m-row"),
    ]


def section_form(form: Form, code: str, section: OplanSection | None, save: str) -> list[Component]:
    """The text and how far it is; saving goes on to the next section that is still open."""
    states = [state for state in SectionState if state is not SectionState.NOT_APPLICABLE or code not in ALWAYS_NEEDED]
    return [
        text_area(
            form,
            "text",
            section_name(code),
            value=section.text if section else "",
            minRows=8,
            description=_("No names of persons, no telephone numbers: functions and ranks."),
        ),
        dmc.RadioGroup(
            html.Div(
                [
                    dmc.Radio(label=vocabulary.label("CL-OPLANSTATE", state.value, language()), value=state.value)
                    for state in states
                ],
                className="m-row oplan-states",
            ),
            id=form.id("state"),
            label=_("How far is it?"),
            value=section.state if section else SectionState.OPEN.value,
            errorProps={"role": "alert"},
        ),
        html.Div(button(_("Save and go on"), id=save, kind="primary", icon_name="check"), className="m-row"),
    ]


def comment_list(found: Sequence[OplanComment], zone: str, answer: str | None) -> list[Component]:
    """What countries said and what was answered; with `answer` those without an answer have a field, ids {type, of}."""
    return [html.Ul([_comment(each, zone, answer) for each in found], className="oplan-comments")] if found else []


def _comment(said: OplanComment, zone: str, answer: str | None) -> Component:
    country = vocabulary.label("CL-COUNTRY", said.country, language())
    parts: list[Component] = [
        html.Div(
            [html.Strong(country), html.Span(moment(said.made_at, zone), className="m-dim m-small")], className="m-row"
        ),
        html.P(html.Bdi(said.text)),
    ]
    if said.answered_at is not None:
        parts.append(
            html.Div(
                [
                    html.Span(_("Answer of the coordination"), className="m-dim m-small"),
                    html.P(html.Bdi(said.answer)),
                ],
                className="oplan-answer",
            )
        )
    elif answer is not None:
        parts.append(
            html.Div(
                [
                    dmc.TextInput(
                        id={"type": f"{answer}-text", "of": str(said.id)},
                        label=_("Answer to {country}", country=country),
                        className="m-grow",
                    ),
                    button(_("Answer"), id={"type": answer, "of": str(said.id)}, icon_name="send"),
                ],
                className="oplan-answering",
            )
        )
    return html.Li(parts)


def comment_form(form: Form, send: str) -> list[Component]:
    """What a country has to say."""
    return [
        client_id(form),
        text_area(
            form, "text", _("Comment of your country"), description=_("Seen by those who coordinate and leadership.")
        ),
        html.Div(button(_("Send the comment"), id=send, icon_name="send"), className="m-row"),
    ]
