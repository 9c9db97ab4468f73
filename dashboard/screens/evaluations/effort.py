"""Results of the operations of a region by what was put into them, a table for each kind of operation."""

from dash import dcc, html
from dash.development.base_component import Component
from sqlmodel import Session

from dashboard.parts.panel import panel
from dashboard.parts.past_words import kind_words, kpi_name
from dashboard.parts.table import table, table_row
from dashboard.screens.evaluations.words import operations_of
from dashboard.wording import UNDEFINED, _, count_with_qualifier, sentence
from operations.core.people import Actor
from operations.evaluation import effort
from operations.evaluation.effort import Compared, Effort, Side, Worked
from operations.evaluation.rows import Evaluation
from operations.results.past.guards import Amount


def of_region(session: Session, found: Evaluation, by: Actor) -> list[Side]:
    """The operations of its region by their kinds; none where the evaluation is of no region."""
    return effort.of_region(session, found.region, operations_of(session, found), by) if found.region else []


def panels(found: list[Side]) -> list[Component]:
    """A panel with a table for each kind; nothing where nothing is beside another."""
    if not found:
        return []
    lead = html.P(
        _("Operations of one kind, those that Muster counts and those that were published."), className="m-dim"
    )
    return [panel(_("Results by effort"), lead, *(part for side in found for part in _side(side)))]


def _side(side: Side) -> list[Component]:
    heading = html.H3(kind_words(side.kind))
    if side.said is not None:
        names = ", ".join(each.name for each in side.operations)
        return [heading, html.P([html.Bdi(names), ". ", sentence(side.said)], className="m-small")]
    if not side.rows:
        return [heading, html.P(_("No result is told by two of them."), className="m-small")]
    head = [_("Result"), *(html.Th(_name(each), scope="col") for each in side.operations), _("Like for like")]
    body = [
        table_row(
            row_words(row),
            *(html.Td(rate_words(each), className="m-num") for each in row.rates),
            html.Td(sentence(row.said), className="m-dim m-small"),
        )
        for row in side.rows
    ]
    return [heading, table(head, body, "past-side", label=kind_words(side.kind))]


def _name(each: Worked) -> Component:
    if each.past is None:
        return html.Bdi(each.name)
    return dcc.Link(html.Bdi(f"{each.name} ({each.past.year})"), href=f"/history?show={each.past.number}")


def row_words(row: Compared) -> str:
    """What is compared: a result and the effort it is told by."""
    name = kpi_name(row.kpi)
    if row.effort is Effort.OFFICER_DAYS:
        return _("{result} per 100 officer-days", result=name)
    return _("{result} per 100,000 checks", result=name)


def rate_words(rate: Amount | None) -> str:
    """How much came of it."""
    return UNDEFINED if rate is None else count_with_qualifier(rate.value, rate.qualifier, 2)


def told(side: Side) -> list[tuple[str, str]]:
    """The rows of a kind as pairs, for paper."""
    if side.said is not None:
        return [(kind_words(side.kind), f"{', '.join(each.name for each in side.operations)}. {sentence(side.said)}")]
    return [(row_words(row), "\n".join(_row_told(row, side))) for row in side.rows]


def _row_told(row: Compared, side: Side) -> list[str]:
    rates = zip(side.operations, row.rates, strict=True)
    return [*(f"{each.name}: {rate_words(rate)}" for each, rate in rates if rate), sentence(row.said)]
