"""Views of a map file: what is in it, the choices of its mapping, and what it would be on the plan."""

from collections.abc import Sequence
from typing import Any

import dash_mantine_components as dmc
from dash import html
from dash.development.base_component import Component

from dashboard.map import scene
from dashboard.map.component import operation_map
from dashboard.parts import tags
from dashboard.parts.form import Form, button, client_id, select_field
from dashboard.parts.icon import icon
from dashboard.parts.panel import panel
from dashboard.parts.table import table
from dashboard.screens.map_files import content
from dashboard.screens.map_files.content import FORMS, LEFT_OUT, SHAPE_ALONE, Candidate, MapFile
from dashboard.wording import _, coded, ngettext, number, sentence
from operations.core import vocabulary
from operations.core.errors import Flaw
from operations.core.vocabulary import MapState
from operations.policing.map_plan.places import WHO, PlanAudience

MAP = "map-files-map"
FILE = Form("map-files")
"""The form of the mapping: the columns, and what is true of all objects."""

TOKEN, WORK, GROUPS, PREVIEW, DRAW = (
    "map-files-token",
    "map-files-work",
    "map-files-groups",
    "map-files-preview",
    "map-files-draw",
)
SHOWN = 100
"""Objects and rows that the page lists; the map shows all."""

UNDO = "map_file"
GROUP = "map-files-group"


def work(file: MapFile, found: Sequence[Candidate]) -> list[Component]:
    """Return what was read of a file, the suggested mapping, and the place of the preview, framed by its objects."""
    choices = content.suggested(file)
    columns = [{"value": name, "label": name} for name in file.columns]
    alone = {"value": SHAPE_ALONE, "label": _("The shape alone")}
    keeps = {"clearable": False}
    states = [{"value": code, "label": coded("CL-MAPSTATE", code)} for code in vocabulary.codes("CL-MAPSTATE")]
    who = [{"value": code, "label": _(label)} for code, label in WHO.items()]
    return [
        client_id(FILE),
        panel(
            _("What the file holds"),
            html.H2(html.Bdi(file.name)),
            _told(file),
            html.Div(
                [
                    select_field(FILE, "names", _("Names from"), columns, value=choices.names),
                    select_field(FILE, "notes", _("Notes from"), columns, value=choices.notes),
                    select_field(FILE, "kinds", _("Kinds from"), [alone, *columns], value=choices.kinds, **keeps),
                    select_field(FILE, "state", _("State"), states, value=MapState.PLANNED.value, **keeps),
                    select_field(
                        FILE, "audience", _("Who sees it"), who, value=PlanAudience.PARTICIPANTS.value, **keeps
                    ),
                ],
                className="layers-pairs",
            ),
            html.Div(groups(file, choices.kinds), id=GROUPS, className="m-stack"),
            class_name="map-files-file",
        ),
        panel(
            _("What it would be on the plan"),
            html.Div(
                operation_map(MAP, scene=scene_of(found), legend=False, label=_("Map of the file")),
                className="layers-map",
            ),
            html.Div(id=PREVIEW, role="status", className="m-stack"),
            html.Div(button(_("Bring in"), DRAW, "primary", "file-import", disabled=True)),
        ),
    ]


def _told(file: MapFile) -> Component:
    """Return how many shapes were read, how the file was understood, and the rows that were left out."""
    out = list(content.left_out(file))
    many = file.table.refused_total + len(out) - len(file.table.refused)
    notes = [html.Li(sentence(Flaw("", note.template, note.params))) for note in file.table.notes]
    rows = [html.Li(_("Row {row}: {why}", row=row, why=why)) for row, why in out[:SHOWN]]
    return tags.Div(
        html.P(
            [
                html.Strong(ngettext("{n} shape was read", "{n} shapes were read", len(file.shapes))),
                " · ",
                ngettext("{n} row is left out", "{n} rows are left out", many),
            ]
        ),
        *([html.Ul(notes, className="layers-findings")] if notes else []),
        *([tags.Details(html.Summary(_("Why rows are left out")), html.Ul(rows))] if rows else []),
        className="m-stack",
    )


def groups(file: MapFile, kinds: str | None) -> list[Component]:
    """Return a choice of kind for each group of shapes."""
    found = content.groups(file, kinds)
    if len(found) > content.GROUPS:
        return [html.P(_("This column holds {count} different texts. Choose another one.", count=number(len(found))))]
    leave = {"value": LEFT_OUT, "label": _("Leave out")}
    fields = []
    for key, count in found.items():
        form, _bar, text = key.partition("|")
        label = " · ".join(filter(None, (text, _(FORMS[form]), number(count))))
        fits = [{"value": kind.value, "label": coded("CL-MAPOBJECT", kind)} for kind in content.fitting(key)]
        fields.append(
            dmc.Select(
                id={"type": GROUP, "of": key},
                label=html.Bdi(label),
                data=[*fits, leave],
                value=content.usual(key),
            )
        )
    return [html.H3(_("What the shapes are")), html.Div(fields, className="layers-pairs")]


def scene_of(found: Sequence[Candidate]) -> dict[str, Any]:
    """Return the objects as the map draws them; those with a flaw as closed ones."""
    features = [
        scene.preview(f"{place}", one.kind, one.name, "closed" if one.flaw else "planned", one.geometry)
        for place, one in enumerate(found)
        if one.geometry
    ]
    return {"type": "FeatureCollection", "features": features}


def listed(found: Sequence[Candidate]) -> list[Component]:
    """Return the objects as a table, those with a flaw first."""
    bad = [one for one in found if one.flaw]
    parts: list[Component] = []
    if bad:
        told = ngettext("{n} object stays out", "{n} objects stay out", len(bad))
        parts = [html.P([icon("alert-triangle", 16), html.Strong(told)], className="map-files-flawed")]
    rows = [
        html.Tr(
            [
                html.Td(number(one.row), className="m-num"),
                html.Td(html.Bdi(one.name)),
                html.Td(coded("CL-MAPOBJECT", one.kind)),
                html.Td(one.flaw),
            ]
        )
        for one in sorted(found, key=lambda one: not one.flaw)[:SHOWN]
    ]
    heads = (_("Row"), _("Name"), _("Kind"), _("What is wrong"))
    return [*parts, *([table(heads, rows, "layers-preview", _("Objects of the file"))] if rows else [])]
