"""The form of an operation, with the fields of its draft."""

from dash.development.base_component import Component

from dashboard.parts import tags
from dashboard.parts.draft_form import DraftForm
from dashboard.parts.form_fields import drawing, fieldset
from dashboard.wording import _
from operations.policing.operation.plan import Operation, Purpose

WHY = tuple(Purpose.model_fields)


def operation_form(form: DraftForm, found: Operation | None = None) -> Component:
    """Return the form, empty or with the values of `found`."""
    draw = drawing(form, found)
    return tags.Div(
        fieldset(_("What it is"), *draw("type", "code_name", "edition", "crime_scope", "aim", "legal_basis")),
        fieldset(_("Why, and until when"), *draw(*WHY)),
        fieldset(_("Protection"), *draw("classification", "art3_screen")),
        fieldset(_("Time and reporting"), *draw("zone", "day_cut", "line_kinds", "daily_due")),
        className="operation-form",
    )
