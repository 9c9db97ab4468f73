"""What may be printed and handed over of a plan: what the asker sees on the map and nothing else."""

from datetime import datetime

from sqlmodel import Session

from dashboard.map import scene
from dashboard.papers.sheet_order import SITE, Order, PaperSize, PlanFeature
from dashboard.server.lazy_modules import objects, reference
from dashboard.wording import _, coded, language, moment, ngettext, number
from operations.core.clock import now
from operations.core.people import Actor
from operations.core.vocabulary import PlanVersionState
from operations.policing.map_plan import places
from operations.policing.map_plan import versions as plan_versions
from operations.policing.operation import plan

_MONTHS = ["JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"]


def objects_of(
    session: Session, operation: plan.Operation, by: Actor
) -> tuple[list["objects.PlanObject"], "objects.FileMetadata"]:
    """What stands on the plan, for a file of another program, and what the file says of itself."""
    marking = coded("CL-CLASS", operation.classification)
    found = [
        objects.PlanObject(
            id=each["id"],
            kind=each["properties"]["kind"],
            name=each["properties"]["name"],
            state=each["properties"]["state"],
            geometry=each["geometry"],
            note=each["properties"].get("note", ""),
            classification=marking,
        )
        for each in scene.scene(session, operation, by)["features"]
    ]
    about = objects.FileMetadata(
        operation.title, now(), marking, sources=(_(reference.ATTRIBUTION),), disclaimer=_(reference.DISCLAIMER)
    )
    return found, about


def order(session: Session, operation: plan.Operation, by: Actor, paper: PaperSize, scale: int | None) -> Order:
    """What `by` may print of a plan, in the language of the request."""
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
    """Which state of the plan this is: how much is on it, when it last changed, how far the operation is."""
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
            number=number(each.number),
            moment=moment(each.approved_at, operation.zone),
        )
        for each in in_force
    ] or [_("No version of the plan is in force.")]
    changes = [each.made_at for each in places.objects(session, operation.id)]
    if changes:
        told.append(_("Last change of a drawn object: {moment}.", moment=moment(max(changes), operation.zone)))
    if operation.invented:
        told.append(_("Partly invented."))
    return " ".join(told)


def date_time_group(when: datetime) -> str:
    """ "241320Z NOV 26": day, hour and minute in UTC, months in English in every language."""
    return f"{when:%d%H%M}Z {_MONTHS[when.month - 1]} {when:%y}"
