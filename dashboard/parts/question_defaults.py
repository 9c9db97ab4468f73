"""Default answers to the questions of analyses, taken from the operation, so that one button gives a good result."""

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
"""Prefix of an option for own results, among options for layers."""

_OWN_WORDS = {
    LineKind.HIT: N_("Own results: raw hits"),
    LineKind.MIGRANT_DETECTION: N_("Own results: persons detected"),
    LineKind.ARREST: N_("Own results: persons arrested"),
}
_POSTS = (MapObjectKind.COORDINATION_UNIT, MapObjectKind.CHECKPOINT, MapObjectKind.OBSERVATION_POST)
_WEEK = 7
_BLOCKS = 4
"""The least number of blocks in a window: with fewer a test has no power."""


@dataclass(frozen=True)
class Windows:
    """Periods before, during and after the operation (first and last day), and the days of a block for its length."""

    before: tuple[date, date]
    during: tuple[date, date]
    after: tuple[date, date] | None
    block_days: int


@dataclass(frozen=True)
class Suggested:
    """The defaults of all question forms for an operation."""

    layers: Sequence[EventLayer]
    journeys: Sequence[Journey]
    in_force: Sequence[str]
    own_places: Sequence[NamedPosition]
    teams: Sequence[NamedPosition]
    targets: Sequence[NamedPosition]
    countries: Sequence[str]
    areas: Mapping[str, str]
    windows: Windows | None


def operation_defaults(session: Session, operation: plan.Operation, countries: Sequence[str]) -> Suggested:
    """Return the defaults from the plan, the layers and the phases of an operation."""
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
    """Return a journey along each route on the plan, from its first point to its last, all equally likely."""
    journeys = []
    for route in objects:
        if route.kind == MapObjectKind.ROUTE.value:
            lines = route.geometry["coordinates"]
            first, last = (
                (lines[0], lines[-1]) if route.geometry["type"] == "LineString" else (lines[0][0], lines[-1][-1])
            )
            ends = (JourneyEnd(lon=lon, lat=lat) for lon, lat in (first[:2], last[:2]))
            journeys.append(Journey(name=route.name, origin=next(ends), destination=next(ends)))
    return journeys


def _windows(operation: plan.Operation, phases: Sequence[plan.Phase]) -> Windows | None:
    """Return the periods: operational phases until today, and as many days before and after, at least 28."""
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
    """Return the layers of an operation as options, with its own results if `own`."""
    named = [{"value": str(each.id), "label": layer_words(each)} for each in known]
    return named + ([{"value": f"{OWN}{kind.value}", "label": _(_OWN_WORDS[kind])} for kind in KINDS] if own else [])


def layer_words(layer: EventLayer) -> str:
    """Return a layer's name and kind."""
    return f"{layer.name} · {coded('CL-LAYERKIND', layer.kind)}"


def usual_layers(known: Sequence[EventLayer]) -> list[str]:
    """Return the default layers: all of events, or of the next kind that exists; without layers the own hits."""
    for kind in (LayerKind.EVENTS, LayerKind.PLACES_OF_DANGER, LayerKind.OWN_RESULTS, LayerKind.INDICATORS):
        if found := [str(each.id) for each in known if each.kind == kind.value]:
            return found
    return [f"{OWN}{LineKind.HIT.value}"]


def site_options(countries: Iterable[str], chosen: Iterable[str] = ()) -> list[dict[str, str]]:
    """Return the crossings of countries, and those `chosen`, as options: {"value": id, "label": name and countries}."""
    wanted, named = list(countries), {}
    if wanted:
        known = sites.sites("crossing", wanted)
        for ref, name, one, other in zip(known["ref"], known["name"], known["iso3"], known["iso3_other"], strict=True):
            named[ref.removeprefix(CROSSING)] = f"{name} ({one}–{other})"
    for crossing in chosen:
        if crossing not in named:
            found = sites.site(CROSSING + crossing)
            named[crossing] = crossing if found is None else found.name
    return [{"value": value, "label": label} for value, label in named.items()]


def closable_options(countries: Iterable[str], chosen: Iterable[str] = ()) -> list[dict[str, str]]:
    """Return the crossings and ports of countries as options of what may be closed, by their refs."""
    wanted, named = list(countries), {}
    if wanted:
        for kind in ("crossing", "port"):
            known = sites.sites(kind, wanted)
            for ref, name, one, other in zip(
                known["ref"], known["name"], known["iso3"], known["iso3_other"], strict=True
            ):
                named[ref] = f"{name} ({one}–{other})" if other else f"{name} ({one})"
    for chosen_ref in chosen:
        if chosen_ref not in named and (found := sites.site(chosen_ref)) is not None:
            named[chosen_ref] = found.name
    return [{"value": value, "label": label} for value, label in named.items()]
