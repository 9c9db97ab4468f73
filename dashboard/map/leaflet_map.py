"""Leaflet map: the component of Dash whose other half is `leaflet_map.js`."""

from dash.development.base_component import Component


class LeafletMap(Component):
    """An element in which the browser makes a Leaflet map. `drawing` loads the tools for drawing as well."""

    _namespace = "muster_components"
    _type = "LeafletMap"
    _prop_names = ["id", "drawing"]  # noqa: RUF012  # as Dash declares them
    _valid_wildcard_attributes: list[str] = []  # noqa: RUF012
    available_properties = _prop_names
    available_wildcard_properties: list[str] = []  # noqa: RUF012

    def __init__(self, map_id: str, *, drawing: bool = False) -> None:
        super().__init__(id=map_id, drawing=drawing)
