"""Cost figures (K39): direct costs by objective reached and by site-day, each currency apart.

Costs are never divided by arrests, hits or persons: such a figure would make the person arrested a product.
"""

from operations.core.errors import Flaw
from operations.core.field_labels import N_
from operations.core.permissions import Act, may
from operations.costs import costs
from operations.costs.rows import BookState
from operations.figures.composition import ReportComposition
from operations.figures.derived_figures import DerivedFigure
from operations.figures.durations import FigureRequest, MeasuredValue, of_site_days, site_days
from operations.policing.operation import plan, targets

SPENT = "spent"
NOT_ALL_IN = Flaw("", N_("Unknown: the costs have not been declared complete."))
NONE_KNOWN = Flaw("", N_("Unknown: the costs were declared unknown."))
NOTHING_SPENT = Flaw("", N_("Unknown: no cost is recorded."))
OF_THE_WHOLE = Flaw("", N_("Not comparable: objectives apply to the whole operation, not to one country."))
NO_OBJECTIVE = Flaw("", N_("Cannot tell: the operation names no objective with a number."))
UNSEEN = Flaw("", N_("Cannot tell: one of the objectives is hidden from you."))
NONE_REACHED = Flaw("", N_("Not comparable: no objective is reached."))
NO_SITE_DAY = Flaw("", N_("Not comparable: no site has reported on any day."))


def _read(asked: FigureRequest) -> dict[str, int] | MeasuredValue:
    """Return the costs spent by currency, or a value that says why there are none. A country's people see its own."""
    session, frame, by = asked.session, asked.frame, asked.by
    country = by.country if by.national else None
    if not may(by, Act.COST_READ, plan.subject(plan.operation(session, frame.operation, by), country)):
        return MeasuredValue(hidden=True)
    if by.national and frame.country is None:
        return MeasuredValue(hidden=True)
    spent = [each for each in costs.valid_costs(session, frame.operation, by) if frame.country in (None, each.country)]
    sums = costs.sums(spent)[SPENT]
    if not sums:
        book = costs.book(session, frame.operation)
        unknown = book is not None and book.state == BookState.UNKNOWN
        return MeasuredValue(None, (NONE_KNOWN if unknown else NOTHING_SPENT,))
    return sums if costs.complete(session, frame.operation) else MeasuredValue(None, (NOT_ALL_IN,))


def _by(sums: dict[str, int], many: int, *notes: Flaw) -> MeasuredValue:
    return MeasuredValue(None, notes, sums={currency: amount / many for currency, amount in sums.items()})


def per_objective(asked: FigureRequest) -> MeasuredValue:
    """Divide costs by the objectives reached: targets of key figures, as on the reader's board."""
    spent = _read(asked)
    if isinstance(spent, MeasuredValue):
        return spent
    if asked.frame.country is not None:
        return MeasuredValue(None, (OF_THE_WHOLE,))
    aims = targets.targets(asked.session, asked.frame.operation)
    figures = {kpi: asked.board.figures[kpi] for kpi in aims}
    if not aims:
        return MeasuredValue(None, (NO_OBJECTIVE,))
    if any(each.hidden for each in figures.values()):
        return MeasuredValue(None, (UNSEEN,))
    reached = sum((figures[kpi].value or 0) >= aim.value for kpi, aim in aims.items())
    told = Flaw("", N_("objectives reached: {n} of {whole}"), {"n": reached, "whole": len(aims)})
    return _by(spent, reached, told) if reached else MeasuredValue(None, (NONE_REACHED,))


def per_site_day(asked: FigureRequest) -> MeasuredValue:
    """Divide costs by site-days: days on which a site reported, nil reports included."""
    spent = _read(asked)
    if isinstance(spent, MeasuredValue):
        return spent
    days = sum(each.total() for each in site_days(asked).values())
    return (
        _by(spent, days, Flaw("", N_("site-days: {n}"), {"n": days})) if days else MeasuredValue(None, (NO_SITE_DAY,))
    )


COSTS = (
    DerivedFigure(
        "K39",
        N_("Cost per objective"),
        N_("by currency"),
        N_("Direct costs that were spent, divided by the objectives that are reached. Each currency stands apart."),
        N_("Never by arrests, hits or persons. Salaries and what countries paid and did not tell are in none of it."),
        "S159",
        per_objective,
        quote=N_("Each objective that was reached took so much of direct costs."),
        misquote=N_("An arrest cost so much."),
    ),
    DerivedFigure(
        "K39 b",
        N_("Cost per site-day"),
        N_("by currency"),
        N_("Direct costs that were spent, divided by the days on which sites reported. Each currency stands apart."),
        N_("A site that reports nothing is covered as well. Days of training are not counted."),
        "S159",
        per_site_day,
        2,
        of=ReportComposition(
            lambda asked: dict.fromkeys((each.id for each in of_site_days(asked)), 1), act=Act.COST_READ
        ),
        quote=N_("A day of a reporting site took so much of direct costs."),
        misquote=N_("The operation cost so much a day, with all salaries."),
    ),
)
