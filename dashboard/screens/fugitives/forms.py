"""Forms and tables of a sweep: nominations, appeal lists, and counts by country."""

from collections.abc import Mapping, Sequence
from typing import Any

from dash import html
from dash.development.base_component import Component
from sqlmodel import Session

from dashboard.parts import tags
from dashboard.parts.badges import state_badge
from dashboard.parts.confirmation import confirmation_attributes
from dashboard.parts.form import button
from dashboard.parts.panel import empty_state
from dashboard.parts.table import table, table_row
from dashboard.screens.fugitives.case_book import BOOK
from dashboard.screens.fugitives.case_form import case_form
from dashboard.screens.fugitives.file import country, press
from dashboard.wording import UNDEFINED, _, coded, moment, number, sentence
from operations.core.errors import Flaw
from operations.core.people import Actor
from operations.core.permissions import Act, may
from operations.policing.fugitives import appeals
from operations.policing.operation import plan


def nominating(own: str, operation: plan.Operation) -> Component:
    """Return the form of one nomination, and the workbook of many."""
    return html.Div([case_form(own), BOOK.panel(operation.id)], className="fugitives-nominating")


# ----------------------------------------------------------------------------------------------------- appeals


def appeal_lists(
    freeze: str, found: Sequence[appeals.AppealList], session: Session, operation: plan.Operation, by: Actor
) -> list[Component]:
    """Return the frozen lists with their cases, newest first; the coordinator freezes and publishes them."""
    coordinates = may(by, Act.FUGITIVE_ACCEPT, plan.subject(operation))
    freezes = (
        [button(_("Freeze a list of all agreed cases"), freeze, "plain", "lock", n_clicks=0)] if coordinates else []
    )
    if not found:
        words = _("A case comes onto a list when its country asks for a public appeal and the coordinator agrees.")
        return [empty_state(_("No list was frozen yet"), words, "message", freezes[0] if freezes else None)]
    return [
        html.Div(freezes, className="m-toolbar"),
        *(_list(each, appeals.items(session, each.id), session, operation, publishes=coordinates) for each in found),
    ]


def _list(
    found: appeals.AppealList,
    items: Sequence[tuple[appeals.AppealItem, Any]],
    session: Session,
    operation: plan.Operation,
    *,
    publishes: bool,
) -> Component:
    rows = []
    for item, case in items:
        flaw = appeals.why_not(session, case) if found.published_at is None else None
        note = sentence(Flaw("", item.dropped)) if item.dropped else sentence(flaw) if flaw else ""
        state = _("Dropped out") if item.dropped else _("Published") if found.published_at else _("On the list")
        rows.append(
            tags.Tr(
                html.Td(case.case_no, className="m-num"),
                html.Td(UNDEFINED if case.erased_at else case.notice_ref),
                html.Td(coded("CL-FUGITIVE", case.state)),
                html.Td([state_badge(state, "muted" if item.dropped else "good" if found.published_at else "neutral")]),
                html.Td(note or UNDEFINED, className="m-small"),
            )
        )
    heads = [_("Case"), _("Notice"), _("State"), _("On the list"), _("Note")]
    said = (
        _("Published {when} by {name}", when=moment(found.published_at, operation.zone), name=found.published_name)
        if found.published_at
        else _("Frozen {when} by {name}", when=moment(found.frozen_at, operation.zone), name=found.author_name)
    )
    acts = (
        [
            press(
                _("Publish"),
                "publish",
                found.id,
                kind="primary",
                sign="world",
                **confirmation_attributes("appeal.publish"),
            ),
            html.Span(_("Every case is looked at again first."), className="m-dim m-small"),
        ]
        if publishes and found.published_at is None
        else []
    )
    return tags.Section(
        html.H3(_("List {number}", number=number(found.number))),
        html.P(said, className="m-dim m-small"),
        html.Div(table(heads, rows), className="m-scroll"),
        *([html.Div(acts, className="m-toolbar")] if acts else []),
        className="m-stack fugitives-list-frozen",
    )


# --------------------------------------------------------------------------------------------------- countries


def count_words() -> dict[str, str]:
    """Return the labels of the counts by country."""
    return {
        "wanted": _("Wanted by"),
        "believed": _("Believed to be in"),
        "located": _("Located in"),
        "arrested": _("Arrested in"),
    }


def country_table(counts: Mapping[str, Mapping[str, int]]) -> Component:
    """Return the counts of the map in a table."""
    words = count_words()
    if not counts:
        return empty_state(_("No case yet"), _("Countries appear here with the first accepted case."), "world")
    heads = [_("Country"), *(html.Th(each, scope="col", className="m-num") for each in words.values())]
    rows = [
        table_row(
            name,
            *(
                html.Td(number(country_counts[what]) if what in country_counts else UNDEFINED, className="m-num")
                for what in words
            ),
        )
        for name, country_counts in sorted((country(code), found) for code, found in counts.items())
    ]
    return table(heads, rows)
