"""Lead funnel: how many leads of an operation reached each stage, and how long they wait."""

from dash import html
from dash.development.base_component import Component

from dashboard.parts.panel import facts
from dashboard.parts.table import table, table_row
from dashboard.wording import UNDEFINED, _, number, percent
from operations.support.lead_funnel import Funnel


def funnel(found: Funnel) -> list[Component]:
    """Return a row for each stage with its share of the received leads, and the age of the waiting ones."""
    if not found.received:
        return [html.P(_("No lead that you may see was sent yet."), className="m-dim")]
    stages = (
        (_("Received"), found.received),
        (_("Answered"), found.answered),
        (_("Acted on"), found.acted),
        (_("Positive"), found.positive),
        (_("With a result that is linked"), found.results),
    )
    lines = [
        table_row(
            name,
            html.Td(number(count), className="m-num"),
            html.Td(percent(count / found.received, 0), className="m-num"),
        )
        for name, count in stages
    ]
    days = [
        (_("Days to the first answer, median"), _days(found.days)),
        (_("Still waiting"), number(found.waiting)),
        (_("Of them late"), number(found.late)),
        (_("Their age in days, median"), _days(found.age)),
    ]
    head = [_("Stage"), _("Leads by country asked"), _("Share")]
    return [table(head, lines, label=_("From lead to result")), facts(days)]


def _days(found: float | None) -> str:
    return UNDEFINED if found is None else number(found, 1)
