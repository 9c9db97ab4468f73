"""Results per effort: the operations of a region compared, in a table for each kind of operation."""

from dash import dcc, html
from dash.development.base_component import Component
from sqlmodel import Session

from dashboard.parts.panel import panel
from dashboard.parts.published_text import kpi_name
from dashboard.parts.table import table, table_row
from dashboard.screens.evaluations.words import operations_of
from dashboard.wording import _, coded, count_with_qualifier, joined, sentence
from operations.core.people import Actor
from operations.evaluation import effort
from operations.evaluation.effort import BY_EFFORT, Effort, EffortComparison, KindResults, Worked
from operations.evaluation.rows import Evaluation
from operations.results.past_operations.arithmetic_checks import QualifiedAmount

Rate = tuple[str, str]
"""An operation and its result per unit of effort."""


def of_region(session: Session, found: Evaluation, by: Actor) -> list[KindResults]:
    """Return the operations of the evaluation's region by kind; [] where the evaluation is of no region."""
    return effort.of_region(session, found.region, operations_of(session, found), by) if found.region else []


def panels(found: list[KindResults]) -> list[Component]:
    """Return a panel with a table for each kind; nothing where there are no two operations to compare."""
    if not found:
        return []
    lead = html.P(
        _("Operations of one kind, those that Muster counts and those that were published."), className="m-dim"
    )
    return [
        panel(
            _("Results by effort"),
            lead,
            *(html.Div(_side(side), className="m-stack evaluation-side") for side in found),
        )
    ]


def _side(side: KindResults) -> list[Component]:
    names = html.P([part for each in side.operations for part in (", ", _name(each))][1:], className="m-small")
    heading = [html.H3(coded("CL-OPTYPE", side.kind)), names]
    alike, others = rows_of(side)
    if not (alike or others):
        return [*heading, html.P(_("No result is told by two of them."), className="m-small")]
    body = [
        table_row(name, html.Ul([html.Li([html.Bdi(of), ": ", said]) for of, said in rates])) for name, rates in alike
    ]
    shown = [table([_("Result"), _("What came of the same effort")], body, "evaluation-effort")] if body else []
    why = [html.Li([html.Strong(why), " ", html.Span(results)]) for why, results in others]
    return [*heading, *shown, *([html.Ul(why, className="m-small")] if why else [])]


def _name(each: Worked) -> Component:
    if each.past is None:
        return html.Bdi(each.name)
    return dcc.Link(html.Bdi(f"{each.name} ({each.past.year})"), href=f"/history?show={each.past.number}")


def rows_of(side: KindResults) -> tuple[list[tuple[str, list[Rate]]], list[tuple[str, str]]]:
    """Return the compared results, each with the rate of each operation; and why others are not compared."""
    if side.said is not None:
        return [], [(sentence(side.said), "")]
    alike, others = list[tuple[str, list[Rate]]](), dict[str, list[str]]()
    for row in side.rows:
        if row.comparable:
            rates = zip(side.operations, row.rates, strict=True)
            alike.append((_row_words(row), [(each.name, _rate_words(rate)) for each, rate in rates if rate]))
        else:
            others.setdefault(sentence(row.said), []).append(_row_words(row))
    if alike:
        others.setdefault(sentence(BY_EFFORT), [])
    return alike, [(why, "; ".join(results)) for why, results in others.items()]


def _row_words(row: EffortComparison) -> str:
    """Return the label of a row: a result and the effort it is divided by."""
    name = kpi_name(row.kpi)
    if row.effort is Effort.OFFICER_DAYS:
        return _("{result} per 100 officer-days", result=name)
    return _("{result} per 100,000 checks", result=name)


def _rate_words(rate: QualifiedAmount) -> str:
    """Return a rate in words."""
    return count_with_qualifier(rate.value, rate.qualifier, 2)


def told(side: KindResults) -> list[tuple[str, str]]:
    """Return the rows of a kind as pairs, for the report."""
    alike, others = rows_of(side)
    names = (_("Operations"), joined(each.name for each in side.operations))
    pairs = [(name, "\n".join(f"{of}: {said}" for of, said in rates)) for name, rates in alike]
    return [names, *pairs, *((results or "–", why) for why, results in others)]
