"""Panels around the plan's map: layers with their lists, drawing tools, the search box, the table."""

from collections.abc import Mapping, Sequence
from itertools import groupby
from typing import Any

import dash_mantine_components as dmc
from dash import html
from dash.development.base_component import Component

from dashboard.parts import tags
from dashboard.parts.grid import grid, text_column
from dashboard.parts.icon import icon
from dashboard.parts.markup import Markup, StaticElement, element
from dashboard.wording import _, coded, language, number
from geodata.ground import formats
from operations.core import vocabulary

OPERATIONAL = ("site", "area", "checkpoint", "observation_post", "coordination_unit")
ANALYSIS = ("route", "hotspot")
CANDIDATES = ("crossings", "airports", "ports")
FIRST = 10
"""Rows of the table that come with the page, on which it is closed."""
_UNFOLDED = 4
"""So many countries are listed with all that is theirs; of more, one opens what one looks for."""
_TOOLS = (
    ("area", "polygon"),
    ("checkpoint", "hand-stop"),
    ("observation_post", "eye"),
    ("route", "route"),
    ("hotspot", "flame"),
    ("hotspot_area", "hexagon"),
    ("coordination_unit", "flag"),
)


def layer_names() -> dict[str, str]:
    """Return the label of each layer."""
    drawn = {kind: coded("CL-MAPOBJECT", kind) for kind in vocabulary.codes("CL-MAPOBJECT")}
    return {
        "raw_hits": _("Raw hits at sites"),
        "site": _("Sites"),
        "crossings": _("Border crossings"),
        "airports": _("Airports"),
        "ports": _("Seaports"),
        **drawn,
    }


def layers(features: Sequence[Mapping[str, Any]], countries: Sequence[str], *, places_sites: bool) -> Component:
    """Return the layer panel: events, operational, analysis, each with its switches and objects."""
    names = layer_names()

    def switches(group: str, kinds: Sequence[str], on: Sequence[str], label: str) -> list[Component]:
        boxes = [dmc.Checkbox(value=kind, label=names[kind], size="xs") for kind in kinds]
        within = f"plan-layers-{group}"
        heading = html.H3(label, id=f"{within}-label")  # by this id Mantine names the group
        return [heading, dmc.CheckboxGroup(html.Div(boxes, className="plan-switches"), id=within, value=list(on))]

    return tags.Div(
        html.H2(_("Layers and objects")),
        html.Section(switches("events", ["raw_hits"], [], _("Events"))),
        tags.Section(
            *switches("operational", [*OPERATIONAL, *CANDIDATES], OPERATIONAL, _("Operational")),
            html.Div(objects(features, "operational"), id="plan-list-operational", className="plan-list"),
            *([finder(countries)] if places_sites else []),
        ),
        tags.Section(
            *switches("analysis", ANALYSIS, ANALYSIS, _("Analysis")),
            html.Div(objects(features, "analysis"), id="plan-list-analysis", className="plan-list"),
        ),
        className="plan-layers",
        id="plan-layers",
    )


def finder(countries: Sequence[str]) -> Component:
    """Return the list of known crossings, airports and ports of a country, to be added as sites."""
    kinds = [
        {"value": "crossing", "label": _("Border crossings")},
        {"value": "airport", "label": _("Airports")},
        {"value": "port", "label": _("Seaports")},
    ]
    return tags.Details(
        html.Summary([icon("map-pin-plus", size=15), _("Find a place for a site")]),
        dmc.Select(
            id="plan-finder-country",
            label=_("Country"),
            data=vocabulary.options("CL-COUNTRY", language(), countries),
            searchable=True,
        ),
        dmc.Select(id="plan-finder-kind", label=_("Kind"), data=kinds, value="crossing"),
        html.Div(id="plan-finder-list", className="plan-list", role="status"),
        className="plan-finder",
    )


def objects(features: Sequence[Mapping[str, Any]], group: str) -> list[Component]:
    """Return the sites and objects of a group as buttons, by country, kind and name."""
    order = {kind: k for k, kind in enumerate((*OPERATIONAL, *ANALYSIS))}
    mine = sorted(
        (each for each in features if each["properties"]["group"] == group),
        key=lambda each: (
            each["properties"]["country_name"].casefold(),
            order[each["properties"]["kind"]],
            each["properties"]["name"].casefold(),
        ),
    )
    if not mine:
        return [html.P(_("Nothing drawn yet."), className="m-small m-dim")]
    countries = {name: list(held) for name, held in groupby(mine, lambda each: each["properties"]["country_name"])}
    return [Markup(_country(name, held, folded=len(countries) > _UNFOLDED) for name, held in countries.items())]


def _country(name: str, held: Sequence[Mapping[str, Any]], *, folded: bool) -> StaticElement:
    """A country's sites and objects, by kind; folded where there are many countries."""
    names = layer_names()
    rows: list[StaticElement] = []
    for kind, of_kind in groupby(held, lambda each: each["properties"]["kind"]):
        items = [_item(each) for each in of_kind]
        rows += [element("h4", names[kind], element("small", number(len(items)))), *items]
    head = element("summary", element("bdi", name), element("small", number(len(held))))
    return element("details", head, *rows, className="plan-country", open=not folded)


def _item(feature: Mapping[str, Any]) -> StaticElement:
    p = feature["properties"]
    kind = "site" if p["kind"] == "site" else "object"
    said = p["label"] if kind == "site" else coded("CL-MAPSTATE", p["state"])
    return item(f"{kind}|{feature['id']}", p["name"], said, f"is-{p['kind']} is-{p['state']}")


def item(choose: str, name: str, said: str, key: str, **more: str) -> StaticElement:
    """A row that chooses something on the map; `more`: what else of its data the choice holds."""
    return element(
        "button",
        element("span", className=f"plan-key {key}", **{"aria-hidden": "true"}),
        element("span", element("bdi", name), className="plan-name"),
        element("small", element("bdi", said)),
        type="button",
        className="plan-item",
        **{"data-choose": choose, **{f"data-{name}": value for name, value in more.items()}},
    )


def search() -> Component:
    """Return the search box over the map; map/search.js shows its results."""
    return tags.Div(
        icon("search", size=16),
        dmc.TextInput(
            id="plan-search",
            variant="unstyled",
            placeholder=_("Place, crossing, airport code or coordinate"),
            className="m-grow",
            attributes={
                "input": {
                    "data-search": "true",
                    "role": "combobox",
                    "aria-label": _("Search the map"),
                    "autoComplete": "off",
                    "aria-expanded": "false",
                    "aria-controls": "plan-found",
                    "aria-autocomplete": "list",
                }
            },
        ),
        html.Kbd("/"),
        html.Div(
            id="plan-found",
            role="listbox",
            hidden=True,
            className="plan-answers",
            **{"data-found": "true", "aria-label": _("Places found")},
        ),
        className="plan-search",
    )


def tool_names() -> dict[str, str]:
    """Return what each drawing tool is called."""
    drawn = layer_names()
    names = {tool: drawn[tool] for tool, _symbol in _TOOLS if tool in drawn}
    return names | {"hotspot_area": _("Hotspot as an area"), "site": _("Site, placed by hand")}


def tools(*, draws: bool, places_sites: bool) -> Component:
    """Return the drawing tools, for those who may draw, and the measuring tools, for everybody."""
    names = tool_names()
    offered = [("select", "pointer", _("Select"))]
    offered += [(tool, symbol, names[tool]) for tool, symbol in _TOOLS] if draws else []
    offered += [("site", "map-pin-plus", names["site"])] if places_sites else []
    offered += [("measure", "ruler-2", _("Measure")), ("rings", "circle-dot", _("Rings around a place"))]
    buttons = [
        html.Button(
            [icon(symbol, size=18), html.Span(name)],
            type="button",
            className="plan-tool",
            **{"data-tool": tool, "aria-pressed": str(tool == "select").lower()},
        )
        for tool, symbol, name in offered
    ]
    return html.Div(buttons, className="plan-tools", role="toolbar", **{"aria-label": _("Tools of the map")})


def toast() -> Component:
    """Return the container of messages after an action, with the undo button."""
    return html.Div(
        [html.Span(), html.Button(_("Undo"), type="button", title="Ctrl+Z", **{"data-undo": "true"})],
        className="plan-toast",
        role="status",
        hidden=True,
        **{"data-toast": "true"},
    )


def table(features: Sequence[Mapping[str, Any]]) -> Component:
    """Return the objects and sites as a table."""
    columns = [
        text_column("name", _("Name"), flex=2, minWidth=160),
        text_column("label", _("Kind"), minWidth=130),
        text_column("state", _("State"), minWidth=100),
        text_column("country", _("Country"), minWidth=120),
        text_column("group", _("Group"), minWidth=110),
        text_column("decimal", _("Decimal degrees"), minWidth=150),
        text_column("dms", "DMS", minWidth=190),
        text_column("mgrs", "MGRS", minWidth=160),
    ]
    return grid(
        "plan-table",
        columns,
        rows(features[:FIRST]),
        all_rows=len(features),
        selection="single",
        export="plan",
        empty=_("Nothing is on the map yet: draw an object or add a site."),
    )


def rows(features: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Return the rows of the table. A shape has the coordinates of a point on it."""
    groups = {"operational": _("Operational"), "analysis": _("Analysis")}
    table_rows = []
    for feature in features:
        p = feature["properties"]
        lon, lat = p["centre"]
        at = formats.Position(lat, lon)
        table_rows.append(
            {
                "id": feature["id"],
                "type": "site" if p["kind"] == "site" else "object",
                "name": p["name"],
                "label": p["label"],
                "state": coded("CL-MAPSTATE", p["state"]),
                "country": p["country_name"],
                "group": groups[p["group"]],
                "decimal": formats.write(at),
                "dms": formats.write(at, "dms"),
                "mgrs": formats.write(at, "mgrs"),
            }
        )
    return table_rows


def counted(count: int) -> str:
    """Return the number of objects and sites, for the drawer's handle."""
    return _("Table ({number})", number=number(count))
