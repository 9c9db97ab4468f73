"""Printing and export of a plan: exactly what the reader sees on the map."""

import math
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlmodel import Session

from dashboard.map import scene
from dashboard.papers.sheet_order import SITE, Order, PaperSize, PlanFeature
from dashboard.server.lazy_modules import geometry, objects, reference
from dashboard.wording import _, coded, language, moment, ngettext, number
from operations.core.clock import now
from operations.core.people import Actor
from operations.core.vocabulary import PlanVersionState
from operations.policing.map_plan import places
from operations.policing.map_plan import versions as plan_versions
from operations.policing.operation import plan

AROUND_DEGREES = 0.45
"""How far the surroundings of a site reach in each direction: about 50 km."""
_MONTHS = ["JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"]


def objects_of(
    session: Session, operation: plan.Operation, by: Actor
) -> tuple[list["objects.PlanObject"], "objects.FileMetadata"]:
    """Return the objects of the plan for a GIS file, and the metadata of the file."""
    marking = coded("CL-CLASS", operation.classification)
    features = [
        objects.PlanObject(
            id=feature["id"],
            kind=feature["properties"]["kind"],
            name=feature["properties"]["name"],
            state=feature["properties"]["state"],
            geometry=feature["geometry"],
            note=feature["properties"].get("note", ""),
            classification=marking,
        )
        for feature in scene.scene(session, operation, by)["features"]
    ]
    about = objects.FileMetadata(
        operation.title, now(), marking, sources=(_(reference.ATTRIBUTION),), disclaimer=_(reference.DISCLAIMER)
    )
    return features, about


def order(session: Session, operation: plan.Operation, by: Actor, paper: PaperSize, scale: int | None) -> Order:
    """Return the order to print a plan for `by`, in the language of the request."""
    things = tuple(map(_thing, scene.scene(session, operation, by)["features"]))
    return Order(
        title=operation.title,
        classification=coded("CL-CLASS", operation.classification),
        printed=_("Printed {moment} ({group}).", moment=moment(now(), operation.zone), group=date_time_group(now())),
        version=_version(session, operation, len(things)),
        things=things,
        language=language(),
        paper=paper,
        scale=scale,
        countries=tuple(plan.countries(session, operation.id)),
    )


def around(wanted: Order, site: places.Site) -> Order:
    """Return the order cut down to a site: what touches its surroundings, without what reaches far beyond them."""
    return replace(wanted, things=tuple(thing for thing in wanted.things if is_near(thing.geometry, site)))


def surroundings(site: places.Site, times: float = 1) -> tuple[float, float, float, float]:
    """Return west, south, east and north of the surroundings of a site, or of an area so many times as wide."""
    high = times * AROUND_DEGREES
    wide = high / max(0.1, math.cos(math.radians(site.lat)))
    return site.lon - wide, site.lat - high, site.lon + wide, site.lat + high


def is_near(shape: Mapping[str, Any], site: places.Site) -> bool:
    """Return whether a shape touches the surroundings of a site, and does not reach far beyond them."""
    box, drawn = geometry.box(*surroundings(site)), geometry.shape(shape)
    within = geometry.box(*surroundings(site, 2)).bounds
    west, south, east, north = drawn.bounds
    small = east - west <= within[2] - within[0] and north - south <= within[3] - within[1]
    return small and bool(drawn.intersects(box))


def _thing(feature: scene.Feature) -> PlanFeature:
    p = feature["properties"]
    site = p["kind"] == SITE
    return PlanFeature(
        kind=p["kind"],
        state=p["state"],
        name=p["name"],
        geometry=feature["geometry"],
        label=p["label"],
        state_label="" if site else coded("CL-MAPSTATE", p["state"]),
        country=p["country_name"],
        site_type=p.get("site_type", ""),
    )


def _version(session: Session, operation: plan.Operation, count: int) -> str:
    """Return the state of the plan: number of objects, state of the operation, version in force, last change."""
    told = [
        ngettext("The plan has {n} object.", "The plan has {n} objects.", count),
        _("State of the operation: {state}.", state=coded("CL-OPSTATE", operation.state)),
    ]
    in_force = [
        each for each in plan_versions.versions(session, operation.id) if each.state == PlanVersionState.APPROVED
    ]
    told += [
        _(
            "In force is version {number}, approved {moment}; this is the map as it stands now.",
            number=number(version.number),
            moment=moment(version.approved_at, operation.zone),
        )
        for version in in_force
    ] or [_("No version of the plan is in force.")]
    changes = [each.made_at for each in places.objects(session, operation.id)]
    if changes:
        told.append(_("Last change of a drawn object: {moment}.", moment=moment(max(changes), operation.zone)))
    if operation.invented:
        told.append(_("Partly invented."))
    return " ".join(told)


def date_time_group(when: datetime) -> str:
    """Return a date-time group, "241320Z NOV 26": UTC, with English months in every language."""
    return f"{when:%d%H%M}Z {_MONTHS[when.month - 1]} {when:%y}"
