"""Views of a layer import: the file, the mapping of its columns, the findings, and the provenance."""

from collections.abc import Mapping as Values
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from dash import dcc, html
from dash.development.base_component import Component

from dashboard.parts import tags
from dashboard.parts.form import (
    Form,
    button,
    client_id,
    date_field,
    multi_select_field,
    number_field,
    select_field,
    switch_field,
    text_field,
)
from dashboard.parts.icon import icon
from dashboard.server.lazy_modules import mapping
from dashboard.wording import N_, _, coded, language
from operations.core import vocabulary
from operations.core.vocabulary import LayerKind
from operations.policing.layers.layers import EventLayer
from operations.policing.map_plan.places import PlanAudience

if TYPE_CHECKING:
    from geodata.intake.mapped_table import AcceptedEvents, MappedTable
    from geodata.intake.mapping import Mapping
    from geodata.intake.table import RefusedFile

LAYER = Form("layers-import")
"""The form of a layer: its description, and the mapping of its columns."""

IMPORT, DISCARD = "layers-import-it", "layers-discard"

ROLES = {
    "latitude": N_("Latitude"),
    "longitude": N_("Longitude"),
    "position": N_("Position in one column"),
    "date": N_("Date"),
    "quantity": N_("Quantity"),
    "kind": N_("Kind of event"),
    "area": N_("Border, route or place"),
}
MORE_ROLES = {
    "until": N_("Last day"),
    "zone": N_("Time zone"),
    "accuracy": N_("Accuracy of the position"),
    "country": N_("Country"),
    "unless": N_("Leave out rows marked in"),
}
SWITCHES = {
    "swapped": N_("Latitude and longitude are exchanged"),
    "once": N_("Leave out repeated rows"),
    "monthly": N_("Each date stands for its whole month"),
}
MAPPED = (*ROLES, *MORE_ROLES, "months", "nature", "unit", "day_first", *SWITCHES)
"""The fields that change how the file is read. Free text of rows (notes, sources) is never stored."""

SAID = (
    "name",
    "replaces",
    "source",
    "licence",
    "period_from",
    "period_to",
    "accuracy_words",
    "accuracy_m",
    "retrieved",
    "audience",
    "classification",
)
"""The fields of provenance and visibility."""

_DAY_FIRST = {"either": None, "day": True, "month": False}
KINDS = {"incident": LayerKind.EVENTS, "danger": LayerKind.PLACES_OF_DANGER, "indicator": LayerKind.INDICATORS}
_KNOWN_SOURCES = {"IOM Missing Migrants Project": ("IOM Missing Migrants Project", "CC BY 4.0")}


@dataclass(frozen=True)
class Upload:
    """A file that is being imported: its name, and the result of its last reading."""

    file: str
    reading: "MappedTable"

    @property
    def columns(self) -> tuple[str, ...]:
        """The headings of its table."""
        return self.reading.columns

    @property
    def mapping(self) -> "Mapping":
        """The role of each column."""
        return self.reading.mapping

    @property
    def layer(self) -> "AcceptedEvents | None":
        """The events under this mapping; None where the mapping does not fit yet."""
        return self.reading.layer

    @property
    def flaw(self) -> "RefusedFile | None":
        """Why the mapping does not fit, or None."""
        return self.reading.flaw


def field_name(flaw: str) -> str:
    """Return the form field for the field of the layer's draft that a flaw names."""
    return {"accuracy": "accuracy_words", "kind": "nature", "supersedes_id": "replaces"}.get(flaw, flaw)


# ---------------------------------------------------------------------------------------------------- the file


def too_large(most: int) -> str:
    """Return the message for a file over the size limit: the browser does not send it, and the server refuses it."""
    return _("The file is larger than {most} MB. Zip it, save it as CSV, or divide it.", most=most // 2**20)


def drop(upload: str, most: int) -> Component:
    """Return the drop area for a file of at most `most` bytes."""
    return dcc.Upload(
        tags.Div(
            icon("file-import", 28),
            html.Strong(_("Drop a file here, or choose one")),
            html.Span(
                _(
                    "CSV or GeoJSON, zipped or not; Excel, GPX, KML, KMZ or a zipped shapefile; at most {most} MB.",
                    most=most // 2**20,
                ),
                className="m-dim m-small",
            ),
            className="layers-drop",
        ),
        id=upload,
        multiple=False,
        className="layers-upload",
        className_active="layers-upload is-over",
    )


# ------------------------------------------------------------------------------------------------- the mapping


def values_of(found: "Mapping") -> dict[str, Any]:
    """Return the form values of a mapping."""
    days = next(key for key, value in _DAY_FIRST.items() if value is found.day_first)
    roles = {role: getattr(found, role) for role in (*ROLES, *MORE_ROLES)}
    switches = {name: getattr(found, name) for name in SWITCHES}
    return {
        **roles,
        "months": list(found.months),
        "nature": found.nature.value,
        "unit": found.unit,
        "day_first": days,
        **switches,
    }


def mapping_of(values: Values[str, Any], before: "Mapping") -> "Mapping":
    """Return the mapping of the form values; roles that the form has no field for are taken from `before`."""
    roles = {role: values.get(role) or None for role in (*ROLES, *MORE_ROLES)}
    switches = {name: bool(values.get(name)) for name in SWITCHES}
    return replace(
        before,
        **roles,
        **switches,
        source=None,
        note=None,
        months=tuple(values.get("months") or ()),
        nature=mapping.Nature(values.get("nature") or "incident"),
        unit=(values.get("unit") or "events")[:40],
        day_first=_DAY_FIRST.get(values.get("day_first") or "either"),
    )


def mapping_form(upload: Upload) -> list[Component]:
    """Return a choice of columns for each role. Columns that seem to identify persons are not offered."""
    current = upload.mapping
    columns = [name for name in upload.columns if not mapping.is_personal(name)]
    shown = values_of(current)

    def choice(role: str, label: str) -> Component:
        return select_field(LAYER, role, _(label), columns, value=shown[role], placeholder=_("Not in this file"))

    months = list(mapping.month_columns(columns))
    natures = [{"value": nature, "label": coded("CL-LAYERKIND", kind.value)} for nature, kind in KINDS.items()]
    days = {"either": _("Only where it is beyond doubt"), "day": _("The day"), "month": _("The month")}
    more = [
        *(choice(role, label) for role, label in MORE_ROLES.items()),
        select_field(
            LAYER,
            "day_first",
            _("In 03/04/2024, first comes"),
            [{"value": key, "label": label} for key, label in days.items()],
            value=shown["day_first"],
            clearable=False,
        ),
        multi_select_field(LAYER, "months", _("Columns that are months"), months, value=shown["months"]),
        text_field(LAYER, "unit", _("What a quantity counts"), value=shown["unit"], maxLength=40, debounce=400),
        *(switch_field(LAYER, name, _(label), checked=shown[name]) for name, label in SWITCHES.items()),
    ]
    return [
        select_field(LAYER, "nature", _("What the rows are"), natures, value=shown["nature"], clearable=False),
        html.Div([choice(role, label) for role, label in ROLES.items()], className="layers-pairs"),
        tags.Details(
            html.Summary([icon("adjustments", size=16), html.Span(_("More"))]),
            html.Div(more, className="layers-pairs"),
            className="analysis-details",
        ),
    ]


def recognised(found: "Mapping") -> Component | None:
    """Return the name of the predefined mapping that matched the file, or None."""
    if not found.ready:
        return None
    kind = coded("CL-LAYERKIND", KINDS[found.nature.value].value)
    return tags.P(
        icon("circle-check", 18),
        html.Span(_("Recognised as {name}: {kind}. The columns are set.", name=found.ready, kind=kind.lower())),
        className="layers-recognised",
    )


# -------------------------------------------------------------------------------------------------- provenance


def provenance_form(
    upload: Upload, replaceable: Sequence[EventLayer], classification: str, today: str
) -> list[Component]:
    """Return the form for source, name and visibility of the layer, which are printed wherever it is shown."""
    source, licence = _KNOWN_SOURCES.get(upload.mapping.ready, ("", ""))
    first, last = _period(upload.layer)
    who = {
        PlanAudience.COORDINATION.value: _("Those who coordinate, and the country that brings it in"),
        PlanAudience.PARTICIPANTS.value: _("All participating countries"),
    }
    versions = [{"value": str(each.id), "label": each.name} for each in replaceable]
    more = (
        [
            select_field(
                LAYER,
                "replaces",
                _("Replaces the layer"),
                versions,
                placeholder=_("None: this is a new layer"),
                description=_("The older version stays on record."),
            )
        ]
        if versions
        else [html.Div(select_field(LAYER, "replaces", "", []), hidden=True)]
    )
    needed = {"required": True}
    return [
        client_id(LAYER),
        text_field(LAYER, "name", _("Name of the layer"), value=_stem(upload.file), maxLength=120, **needed),
        text_field(LAYER, "source", _("Source"), value=source, maxLength=300, **needed),
        text_field(LAYER, "licence", _("Licence"), value=licence, maxLength=300, **needed),
        tags.Div(
            date_field(
                LAYER,
                "period_from",
                _("First day covered"),
                value=first,
                **needed,
            ),
            date_field(
                LAYER,
                "period_to",
                _("Last day covered"),
                value=last,
                **needed,
            ),
            text_field(
                LAYER,
                "accuracy_words",
                _("Accuracy of the places, in words"),
                placeholder=_("such as: centre of the nearest town"),
                maxLength=300,
            ),
            number_field(LAYER, "accuracy_m", _("or in metres"), thousandSeparator=" "),
            date_field(LAYER, "retrieved", _("Fetched on"), value=today, **needed),
            select_field(
                LAYER,
                "classification",
                _("Classification"),
                vocabulary.options("CL-CLASS", language()),
                value=classification,
                clearable=False,
            ),
            className="layers-pairs",
        ),
        select_field(
            LAYER,
            "audience",
            _("Who sees it"),
            [{"value": value, "label": label} for value, label in who.items()],
            value=PlanAudience.COORDINATION.value,
            clearable=False,
        ),
        *more,
    ]


def _period(layer: "AcceptedEvents | None") -> tuple[str | None, str | None]:
    """Return the first and the last day of the events."""
    return (None, None) if layer is None or layer.period is None else layer.period


def _stem(file: str) -> str:
    return file.rpartition(".")[0][:120] or file[:120]


def acts() -> Component:
    """Return the buttons for the file."""
    return tags.Div(
        button(_("Import"), IMPORT, "primary", "file-import", n_clicks=0),
        button(_("Discard this file"), DISCARD, "quiet", n_clicks=0),
        className="layers-acts",
    )
