"""What the share of confirmed hits and the time to an answer are made of: by database, by who issued, by hour."""

from dash import html
from dash.development.base_component import Component

from dashboard.parts.figure_words import minute, status_of
from dashboard.parts.kpi_tile import telling
from dashboard.parts.panel import panel
from dashboard.parts.table import table
from dashboard.wording import N_, _, coded, number, percent
from operations.measures.answered import HOUR, SIDES, Answers, answers
from operations.measures.kpis import Kpi
from operations.measures.lasting import Asked

OF = (Kpi.CONFIRMATION_RATE.value, "K07")
_NAMES = {"database": N_("Database"), "confirming_country": N_("Country that answered"), HOUR: N_("Hour of the hit")}


def answers_by(asked: Asked, figure: str) -> list[Component]:
    """The panels, where one of these figures is opened; none where nothing was answered, or it is not told."""
    if figure not in OF:
        return []
    return [panel(_(_NAMES[side]), _table(side, found, asked), flush=True) for side, found in answers(asked).items()]


def _table(side: str, found: list[Answers], asked: Asked) -> Component:
    head = [_("Of these"), _("Answered"), _("Confirmed"), _("Median (hours)")]
    level, at = asked.frame.level, minute(asked.board.as_of, asked.frame.zone)
    kinds = ((OF[0], _("hits")), (OF[0], "%"), (OF[1], _("hours")))
    rows = []
    for each in found:
        share = percent(each.confirmed / each.answered)
        told = (
            number(each.answered),
            f"\u2068{number(each.confirmed)}\u2069 · \u2068{share}\u2069",
            number(each.hours, 1),
        )
        carried = [telling(kpi, unit, level, at, status_of(level), f"{side} {each.code}") for kpi, unit in kinds]
        cells = [html.Td(words, className="m-num", **said) for words, said in zip(told, carried, strict=True)]
        name = coded(SIDES[side], each.code) if SIDES[side] else html.Bdi(each.code, dir="ltr")
        rows.append(html.Tr([html.Th(name, scope="row"), *cells]))
    return table(head, rows, label=side)
