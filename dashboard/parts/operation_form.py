"""The form of an operation: its fields, and the content of a draft from what was typed."""

from collections.abc import Mapping
from datetime import time
from functools import cache
from typing import Any
from zoneinfo import available_timezones

from dash import html
from dash.development.base_component import Component

from dashboard.parts.form import Form, multi_select_field, number_field, select_field, text_area, text_field, time_field
from dashboard.telling.names import field_label
from dashboard.wording import _, language
from operations.core import vocabulary
from operations.policing.operation.plan import Operation

FIELDS = (
    "type", "code_name", "edition", "crime_scope", "aim", "legal_basis", "zone", "day_cut", "classification",
    "art3_screen", "line_kinds", "daily_due",
)  # fmt: skip


def operation_form(form: Form, found: Operation | None = None) -> Component:
    """The fields, empty or with what `found` says."""
    values = values_of(found)

    def choices(name: str) -> list[dict[str, str]]:
        return vocabulary.options(name, language())

    return html.Div(
        [
            _group(
                _("What it is"),
                select_field(
                    form,
                    "type",
                    field_label("type"),
                    choices("CL-OPTYPE"),
                    value=values["type"],
                    clearable=False,
                    required=True,
                ),
                text_field(
                    form, "code_name", field_label("code_name"), value=values["code_name"], required=True, maxLength=120
                ),
                number_field(
                    form, "edition", field_label("edition"), value=values["edition"], min=1, max=99, allowDecimal=False
                ),
                multi_select_field(
                    form,
                    "crime_scope",
                    field_label("crime_scope"),
                    choices("CL-CRIMESCOPE"),
                    value=values["crime_scope"],
                    required=True,
                ),
                text_area(
                    form,
                    "aim",
                    field_label("aim"),
                    value=values["aim"],
                    minRows=3,
                    autosize=True,
                    description=_("What the operation is to achieve. No names of persons."),
                ),
                text_area(
                    form,
                    "legal_basis",
                    field_label("legal_basis"),
                    value=values["legal_basis"],
                    minRows=2,
                    autosize=True,
                ),
            ),
            _group(
                _("Protection"),
                select_field(
                    form,
                    "classification",
                    field_label("classification"),
                    choices("CL-CLASS"),
                    value=values["classification"],
                    clearable=False,
                ),
                select_field(
                    form,
                    "art3_screen",
                    field_label("art3_screen"),
                    choices("CL-ART3"),
                    value=values["art3_screen"],
                    clearable=False,
                    description=_(
                        "Nothing political, military, religious or racial (INTERPOL's Constitution, article 3)."
                    ),
                ),
            ),
            _group(
                _("Time and reporting"),
                select_field(
                    form,
                    "zone",
                    field_label("zone"),
                    list(zones()),
                    value=values["zone"],
                    searchable=True,
                    required=True,
                    description=_("The official days of the operation are counted in this zone."),
                ),
                time_field(form, "day_cut", field_label("day_cut"), value=values["day_cut"]),
                multi_select_field(
                    form, "line_kinds", field_label("line_kinds"), choices("CL-LINE"), value=values["line_kinds"]
                ),
                time_field(form, "daily_due", field_label("daily_due"), value=values["daily_due"]),
            ),
        ],
        className="operation-form",
    )


def values_of(found: Operation | None) -> dict[str, Any]:
    """What stands in each field of the form: as stored, or as a new operation begins."""
    if found is None:
        return {
            "type": None, "code_name": "", "edition": 1, "crime_scope": [], "aim": "", "legal_basis": "", "zone": None,
            "day_cut": "00:00", "classification": "for_official_use",
            "art3_screen": "not_screened", "line_kinds": [], "daily_due": "",
        }  # fmt: skip
    values = {name: getattr(found, name) for name in FIELDS}
    return values | {"day_cut": _clock(found.day_cut), "daily_due": _clock(found.daily_due)}


def content_of(typed: Mapping[str, Any], operation_id: str | None, invented: str = "") -> dict[str, Any]:
    """The content of an OperationDraft from what was typed: an empty field is left out, so that its rule speaks."""
    content = {name: typed.get(name) for name in FIELDS if typed.get(name) not in (None, "")}
    content.setdefault("crime_scope", [])
    return {**content, "id": operation_id, "invented": invented}


@cache
def zones() -> tuple[str, ...]:
    """The time zones of places, by name, and UTC."""
    places = (name for name in available_timezones() if "/" in name and not name.startswith("Etc/"))
    return (*sorted(places), "UTC")


def _clock(value: time | None) -> str:
    return value.strftime("%H:%M") if value else ""


def _group(legend: str, *fields: Component) -> Component:
    return html.Fieldset([html.Legend(legend), *fields], className="operation-fields")
