"""What an operation cannot do yet, said on its pages until it is approved."""

from dash import html
from dash.development.base_component import Component

from dashboard.parts.icon import icon
from dashboard.wording import _
from operations.policing.operation import outward_acts, plan


def draft_note(operation: plan.Operation) -> list[Component]:
    """The sentence, for an operation that is not approved yet."""
    if operation.state not in outward_acts.PLANNED:
        return []
    return [html.P([icon("info-circle", 16), " ", _(outward_acts.DRAFT_DOES)], className="m-small", role="note")]
