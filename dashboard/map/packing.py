"""Packing of what a map shows for the way to the browser; `core.js` unpacks it.

Sites differ in few of their properties: each is a row of these, and what a kind of site or a country is called stands
there once. Of what sites reported many have the same.
"""

from collections.abc import Mapping
from typing import Any

from sqlmodel import Session

from dashboard.map.scene import scene
from operations.core.people import Actor
from operations.policing.operation.plan import Operation

_SITE = ("name", "site_type", "country", "editable", "centre")


def packed_scene(scene: Mapping[str, Any]) -> dict[str, Any]:
    """Return the result of `scene.scene` with its sites as rows."""
    found = scene.get("features", ())
    sites = [each for each in found if each["properties"]["kind"] == "site"]
    if not sites:
        return dict(scene)
    told = [each["properties"] for each in sites]
    return {
        **scene,
        "features": [each for each in found if each["properties"]["kind"] != "site"],
        "sites": [
            [each["id"], *(p[name] for name in _SITE), *([p["aside"]] if "aside" in p else [])]
            for each, p in zip(sites, told, strict=True)
        ],
        "labels": {p["site_type"]: p["label"] for p in told},
        "countries": {p["country"]: p["country_name"] for p in told},
    }


def packed_scene_of(session: Session, operation: Operation, by: Actor) -> dict[str, Any]:
    """Return what the map of an operation shows of its plan, packed."""
    return packed_scene(scene(session, operation, by))


def packed_values(values: Mapping[str, Mapping[str, Any]]) -> dict[str, Any]:
    """Return the result of `scene.site_values`: what sites have in common, and for each site which of these it is."""
    kinds: dict[tuple[Any, ...], int] = {}
    of = {site: kinds.setdefault(tuple(each.items()), len(kinds)) for site, each in values.items()}
    return {"kinds": [dict(each) for each in kinds], "of": of}
