"""Costs of an operation in words, for pages and papers: planned, spent, and the cost figures (K39)."""

from sqlmodel import Session

from dashboard.parts.kpi_board import OWN, WHOLE, BoardChoice, chart_figures, default_level, frame_of
from dashboard.parts.money import sum_words
from dashboard.wording import UNDEFINED, _, sentence
from operations.core.people import Actor
from operations.core.permissions import Act, may
from operations.costs import costs
from operations.costs.rows import STAGES
from operations.figures.board import read_board
from operations.figures.cost_figures import COSTS
from operations.figures.derived_figures import DerivedFigure, disclosed_value
from operations.figures.derived_figures import declared_value as told_outside
from operations.figures.durations import FigureRequest, MeasuredValue
from operations.policing.operation import plan
from operations.results.disclosed_figures import outsider


def may_read(operation: plan.Operation, by: Actor) -> bool:
    """Return whether this person may read costs of an operation: all of them, or those of their own country."""
    return may(by, Act.COST_READ, plan.subject(operation, by.country))


def value_words(each: DerivedFigure, value: MeasuredValue) -> str:
    """Return a cost figure: an amount in each currency, or why there is none."""
    if value.hidden:
        return _("hidden")
    notes = "; ".join(sentence(note) for note in value.notes)
    said = sum_words(value.sums, each.digits)
    return f"{said} ({notes})" if value.sums else notes or UNDEFINED


def cost_facts(session: Session, operation: plan.Operation, by: Actor) -> list[tuple[str, str]]:
    """Return pairs of name and words; empty for a reader without access to costs.

    Results are those of the reader's board. An auditor has no board, and gets the figures of an outsider.
    """
    if not may_read(operation, by):
        return []
    sums = costs.sums(costs.valid_costs(session, operation.id, by))
    pairs = [(_(words), sum_words(sums[stage])) for stage, words in STAGES.items()]
    reader = by if may(by, Act.TOTALS_READ, plan.subject(operation)) else outsider(operation)
    place, level = OWN if by.national else WHOLE, default_level(session, operation)
    choice = BoardChoice.of(level, place, None, by, chart_figures(session, operation))
    frame = frame_of(operation, choice, by)
    asked = FigureRequest(session, frame, by, read_board(session, frame, reader))
    values = [(each, (disclosed_value if reader is by else told_outside)(each, asked)) for each in COSTS]
    return [*pairs, *((_(each.name), value_words(each, value)) for each, value in values)]
