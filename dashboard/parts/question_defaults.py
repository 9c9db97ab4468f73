"""What an operation suggests for each question, so that one button gives a good answer."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from zoneinfo import ZoneInfo

from sqlmodel import Session

from dashboard.server.lazy_modules import sites
from dashboard.wording import N_, _, coded
from operations.analyses.question import Journey, JourneyEnd, NamedPosition
from operations.core.clock import now
from operations.core.vocabulary import LayerKind, LineKind, MapObjectKind, PhaseKind
from operations.policing.layers import layers
from operations.policing.layers.layers import EventLayer
from operations.policing.map_plan import places
from operations.policing.operation import plan
from operations.policing.reports.own_results import KINDS

CROSSING = "crossing:"
OWN = "own:"
"""Begins the value of a choice of own results among layers."""

_OWN_WORDS = {
    LineKind.HIT: N_("Own results: raw hits"),
    LineKind.MIGRANT_DETECTION: N_("Own results: persons detected"),
    LineKind.ARREST: N_("Own results: persons arrested"),
}
_POSTS = (MapObjectKind.COORDINATION_UNIT, MapObjectKind.CHECKPOINT, MapObjectKind.OBSERVATION_POST)
_WEEK = 7
_BLOCKS = 4
"""So many blocks a window has at least, for a test that can tell anything."""


@dataclass(frozen=True)
class Windows:
    """Days before, during and after the operation, and blocks short enough for its length."""

    before: tuple[date, date]
    during: tuple[date, date]
    after: tuple[date, date] | None
    block_days: int


@dataclass(frozen=True)
class Suggested:
    """Everything that the forms propose for an operation."""

    layers: Sequence[EventLayer]
    journeys: Sequence[Journey]
    in_force: Sequence[str]
    own_places: Sequence[NamedPosition]
    teams: Sequence[NamedPosition]
    targets: Sequence[NamedPosition]
    countries: Sequence[str]
    areas: Mapping[str, str]
    windows: Windows | None


def suggested(session: Session, operation: plan.Operation, countries: Sequence[str]) -> Suggested:
    """What the plan, the layers and the phases of an operation suggest."""
    objects, standing = places.objects(session, operation.id), places.sites(session, operation.id)
    here = [NamedPosition(name=each.name, lat=each.lat, lon=each.lon) for each in standing]
    posts = [_place(each) for each in objects if each.kind in _POSTS]
    return Suggested(
        layers=layers.layers(session, operation.id),
        journeys=_journeys(objects),
        in_force=sorted({each.ref.removeprefix(CROSSING) for each in standing if each.ref.startswith(CROSSING)}),
        own_places=[place for place, site in zip(here, standing, strict=True) if not site.ref.startswith(CROSSING)],
        teams=posts or here,
        targets=here,
        countries=countries,
        areas={str(each.object_id): each.name for each in objects if each.kind == MapObjectKind.AREA.value},
        windows=_windows(operation, plan.phases(session, operation.id)),
    )


def _place(each: places.MapObject) -> NamedPosition:
    lon, lat = each.geometry["coordinates"][:2]
    return NamedPosition(name=each.name, lat=lat, lon=lon)


def _journeys(objects: Iterable[places.MapObject]) -> list[Journey]:
    """A journey along each route on the plan: from its first point to its last, all equally likely."""
    found = []
    for each in objects:
        if each.kind == MapObjectKind.ROUTE.value:
            lines = each.geometry["coordinates"]
            first, last = (
                (lines[0], lines[-1]) if each.geometry["type"] == "LineString" else (lines[0][0], lines[-1][-1])
            )
            ends = (JourneyEnd(lon=lon, lat=lat) for lon, lat in (first[:2], last[:2]))
            found.append(Journey(name=each.name, origin=next(ends), destination=next(ends)))
    return found


def _windows(operation: plan.Operation, phases: Sequence[plan.Phase]) -> Windows | None:
    """During: the operational phases, as far as they are over; before and after: as many days, a month at least."""
    running = [each for each in phases if each.kind == PhaseKind.OPERATIONAL.value]
    if not running:
        return None
    zone = ZoneInfo(operation.zone)
    today = now().astimezone(zone).date()
    first = min(each.starts for each in running).astimezone(zone).date()
    end = (max(each.ends for each in running).astimezone(zone) - timedelta(seconds=1)).date()
    last = max(first, min(end, today))
    days = (last - first).days + 1
    beside = timedelta(days=max(days, 4 * _WEEK))
    one = timedelta(days=1)
    return Windows(
        (first - beside, first - one),
        (first, last),
        (end + one, min(end + beside, today)) if end < today else None,
        max(1, min(_WEEK, days // _BLOCKS)),
    )


# ------------------------------------------------------------------------------------------------- choices


def layer_options(known: Sequence[EventLayer], *, own: bool) -> list[dict[str, str]]:
    """The layers of an operation as choices, and its own results."""
    named = [{"value": str(each.id), "label": layer_words(each)} for each in known]
    return named + ([{"value": f"{OWN}{kind.value}", "label": _(_OWN_WORDS[kind])} for kind in KINDS] if own else [])


def layer_words(layer: EventLayer) -> str:
    """A layer by its name and what its rows are."""
    return f"{layer.name} · {coded('CL-LAYERKIND', layer.kind)}"


def usual_layers(known: Sequence[EventLayer]) -> list[str]:
    """Those to ask about unless somebody chooses: all of events, or of the next kind; own hits where there is none."""
    for kind in (LayerKind.EVENTS, LayerKind.PLACES_OF_DANGER, LayerKind.OWN_RESULTS, LayerKind.INDICATORS):
        if found := [str(each.id) for each in known if each.kind == kind.value]:
            return found
    return [f"{OWN}{LineKind.HIT.value}"]


def site_options(countries: Iterable[str], chosen: Iterable[str] = ()) -> list[dict[str, str]]:
    """The crossings of some countries and those `chosen`, as choices: {"value": id, "label": name and countries}."""
    wanted, named = list(countries), {}
    if wanted:
        known = sites.sites("crossing", wanted)
        for ref, name, one, other in zip(known["ref"], known["name"], known["iso3"], known["iso3_other"], strict=True):
            named[ref.removeprefix(CROSSING)] = f"{name} ({one}–{other})"
    for each in chosen:
        if each not in named:
            found = sites.site(CROSSING + each)
            named[each] = each if found is None else found.name
    return [{"value": value, "label": label} for value, label in named.items()]


def closable_options(countries: Iterable[str], chosen: Iterable[str] = ()) -> list[dict[str, str]]:
    """The crossings and ports of some countries as choices of what may be closed, by their refs."""
    wanted, named = list(countries), {}
    if wanted:
        for kind in ("crossing", "port"):
            known = sites.sites(kind, wanted)
            for ref, name, one, other in zip(
                known["ref"], known["name"], known["iso3"], known["iso3_other"], strict=True
            ):
                named[ref] = f"{name} ({one}–{other})" if other else f"{name} ({one})"
    for each in chosen:
        if each not in named and (found := sites.site(each)) is not None:
            named[each] = found.name
    return [{"value": value, "label": label} for value, label in named.items()]
