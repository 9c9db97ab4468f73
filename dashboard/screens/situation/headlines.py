"""Headlines: the figures with which the situation begins, who is silent, and all other figures behind them.

Three are figures of reports. A sweep begins with its cases, which no report counts.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from dash import dcc, html
from dash.development.base_component import Component
from sqlmodel import Session

from dashboard.parts import tags
from dashboard.parts.country_status import CountrySilence, reports_due
from dashboard.parts.icon import icon
from dashboard.parts.kpi_board import BoardReading, ScreenFigures
from dashboard.parts.kpi_tile import kpi_tile
from dashboard.places import FUGITIVES
from dashboard.screens.situation.ids import Ids, tile_id
from dashboard.wording import _, coded, joined, ngettext, number
from operations.catalogue.kpis import HEADLINES, Kpi
from operations.core.people import Actor
from operations.core.permissions import Act, may
from operations.core.vocabulary import OperationType
from operations.policing.fugitives import sweep
from operations.policing.operation import plan

NAMED = 6
"""The silent countries that are named; the list beside the map has all of them."""


def leading(operation_type: str) -> tuple[Kpi, ...]:
    """Return the figures that lead in this kind of operation."""
    return HEADLINES[operation_type]


def headlines(read: ScreenFigures, parts: Mapping[str, Any]) -> Component:
    """Return the figures that lead, as pictures; beside coverage stand the countries that are silent."""
    late = html.P(parts["late"], id=Ids.LATE, className="headline-late")
    kpis = leading(read.operation.type)
    return html.Section(
        [
            html.Div(parts["cases"], id=Ids.CASES, className="headline headline-cases"),
            *(
                tags.Div(tile, *([late] if kpi is Kpi.COVERAGE else []), className="headline")
                for kpi, tile in zip(kpis, _tiles(read, kpis, parts), strict=True)
            ),
        ],
        className="headlines",
        **{"aria-label": _("Headline figures")},
    )


def sweep_cases(session: Session, operation: plan.Operation, by: Actor) -> list[Component]:
    """Return the cases of a sweep: arrested, located and outstanding, never summed; [] for others and their readers."""
    if operation.type != OperationType.FUGITIVE or not may(by, Act.FUGITIVE_SUMS, plan.subject(operation, by.country)):
        return []
    found = sweep.numbers(session, operation, by)
    parts = (
        (_("Arrested"), found.arrested, "arrested"),
        (_("Positively located"), found.located, "located"),
        (_("Outstanding"), found.outstanding, "outstanding"),
    )
    told = ngettext("{n} case", "{n} cases", found.targets)
    return [
        dcc.Link(html.Strong(_("Fugitives")), href=FUGITIVES.href(operation.id)),
        html.Span(told, className="m-dim m-small m-num"),
        tags.Div(
            *(html.Span([html.Strong(number(count), className="m-num"), name]) for name, count, _key in parts),
            className="headline-parts",
        ),
        html.Div(
            [html.Span(className=f"is-{key}", style={"flexGrow": count}) for _name, count, key in parts],
            className="headline-bar",
            **{"aria-hidden": "true"},
        ),
    ]


def other_figures(read: ScreenFigures, parts: Mapping[str, Any]) -> Component:
    """Return all figures that do not lead, behind a disclosure."""
    lead = leading(read.operation.type)
    others = [words.kpi for words in read.tiles if words.kpi not in lead]
    return tags.Details(
        html.Summary(_("All key figures"), className="m-small"),
        html.Section(
            _tiles(read, others, parts),
            id=Ids.STRIP,
            className="situation-strip",
            style=parts["strip"],
            **{"aria-label": _("Key figures")},
        ),
        className="situation-all",
    )


def _tiles(read: ScreenFigures, kpis: Sequence[Kpi], parts: Mapping[str, Any]) -> list[Component]:
    words = {each.kpi: each for each in read.tiles}
    return [kpi_tile(words[kpi], tile_id(kpi), hidden=parts[f"no {kpi.value}"]) for kpi in kpis]


def late_countries(read: BoardReading) -> list[Component]:
    """Return the countries without a report in 24 hours, and how many have silent sites; [] if none has to report."""
    if not read.silent or not reports_due(read.phases, read.at):
        return []
    whole = [each for each in read.silent if each.whole]
    partly = [each for each in read.silent if not each.whole]
    said: list[Component] = []
    if whole:
        words = ngettext("{n} country is silent:", "{n} countries are silent:", len(whole))
        said += [icon("alert-circle", 16), html.Span([html.Strong(words), " ", _named(whole)])]
    if partly:
        words = ngettext("Silent sites in {n} country:", "Silent sites in {n} countries:", len(partly))
        said += [icon("clock", 16), html.Span([html.Strong(words), " ", _named(partly)])]
    return said


def _named(silent: Sequence[CountrySilence]) -> str:
    names = [coded("CL-COUNTRY", each.country) for each in silent[:NAMED]]
    more = len(silent) - len(names)
    return joined([*names, *([_("and {n} more", n=number(more))] if more else [])])
