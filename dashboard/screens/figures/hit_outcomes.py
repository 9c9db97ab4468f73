"""Breakdown of the figures of hits: answers by database, by issuer of the record and by hour; arrests by database."""

from dash import html
from dash.development.base_component import Component

from dashboard.parts.figure_text import minute, share_range, status_of
from dashboard.parts.kpi_tile import figure_attributes
from dashboard.parts.panel import panel
from dashboard.parts.table import table
from dashboard.wording import N_, _, coded, number, percent
from operations.catalogue.intervals import share_interval
from operations.catalogue.kpis import Kpi
from operations.figures.durations import FigureRequest
from operations.figures.hit_arrests import HitArrests, after_hits
from operations.figures.hit_outcomes import HOUR, SIDES, Answers, answers

OF, AFTER = (Kpi.CONFIRMATION_RATE.value, "K07"), "K14"
DATABASE = "database"
_NAMES = {DATABASE: N_("Database"), "confirming_country": N_("Country that answered"), HOUR: N_("Hour of the hit")}


def answers_by(asked: FigureRequest, figure: str) -> list[Component]:
    """Return the panels where one of these figures is opened; [] where nothing was answered, or it is suppressed."""
    if figure == AFTER and (by_database := after_hits(asked)):
        return [panel(_(_NAMES[DATABASE]), _arrests(by_database, asked), flush=True)]
    if figure not in OF:
        return []
    return [panel(_(_NAMES[side]), _table(side, found, asked), flush=True) for side, found in answers(asked).items()]


def _arrests(found: list[HitArrests], asked: FigureRequest) -> Component:
    """Return arrests by database, each divided by the confirmed hits there; no ratio where there are none."""
    level, at = asked.frame.level, minute(asked.board.as_of, asked.frame.zone)
    kinds = ((AFTER, _("persons")), (Kpi.CONFIRMED_HITS.value, _("hits")), (AFTER, _("per hit")))
    rows = []
    for hits in found:
        ratio = hits.arrested / hits.hits if hits.hits else None
        told = (number(hits.arrested), number(hits.hits), number(ratio, 2))
        of = f"database {hits.database}".strip()
        carried = [figure_attributes(kpi, unit, level, at, status_of(level), of) for kpi, unit in kinds]
        cells = [html.Td(words, className="m-num", **said) for words, said in zip(told, carried, strict=True)]
        name = coded("CL-DB", hits.database) if hits.database else _("Not told")
        rows.append(html.Tr([html.Th(name, scope="row"), *cells]))
    head = [_("Of these"), _("Arrests after a hit"), _("Confirmed hits"), _("Arrests per confirmed hit")]
    return table(head, rows, label=_(_NAMES[DATABASE]))


def _table(side: str, found: list[Answers], asked: FigureRequest) -> Component:
    head = [_("Of these"), _("Answered"), _("Confirmed"), _("Median (hours)")]
    level, at = asked.frame.level, minute(asked.board.as_of, asked.frame.zone)
    kinds = ((OF[0], _("hits")), (OF[0], "%"), (OF[1], _("hours")))
    rows = []
    for group in found:
        share = f"\u2068{percent(group.confirmed / group.answered)}\u2069"
        interval = share_range(share_interval(group.confirmed, group.answered))
        told = (
            number(group.answered),
            " · ".join((f"\u2068{number(group.confirmed)}\u2069", share, *interval)),
            number(group.hours, 1),
        )
        carried = [
            figure_attributes(kpi, unit, level, at, status_of(level), f"{side} {group.code}") for kpi, unit in kinds
        ]
        cells = [html.Td(words, className="m-num", **said) for words, said in zip(told, carried, strict=True)]
        name = coded(SIDES[side], group.code) if SIDES[side] else html.Bdi(group.code, dir="ltr")
        rows.append(html.Tr([html.Th(name, scope="row"), *cells]))
    return table(head, rows, label=side)
