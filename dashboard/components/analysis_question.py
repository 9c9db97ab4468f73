"""What can be asked on the analysis page: three questions in plain words, their defaults, and what was typed.

The defaults come from the operation and from the models of the questions, so that one button gives a good answer.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any
from uuid import UUID

from pydantic import ValidationError
from sqlmodel import Session

from analyses.questions import MODELS, Journey, Question, Stop
from dashboard.components.form import Form
from dashboard.later import later
from dashboard.wording import N_, language
from geodata import formats
from operations.core import vocabulary
from operations.core.drafts import flaws_of
from operations.core.errors import Flaw, RuleBroken
from operations.core.vocabulary import AnalysisKind, LayerKind, MapObjectKind
from operations.policing import layers, places
from operations.policing.layers import EventLayer

if TYPE_CHECKING:
    from geodata import sites
else:
    sites = later("geodata.sites")

FORMS = {
    AnalysisKind.HOTSPOTS: Form("analysis-hotspots"),
    AnalysisKind.FORECAST: Form("analysis-forecast"),
    AnalysisKind.PLACEMENT: Form("analysis-placement"),
}
PLAIN_WORDS = {
    AnalysisKind.HOTSPOTS: (
        N_("Where do they cross?"),
        N_("Places where more happens than chance explains, and whether it grows."),
        "flame",
    ),
    AnalysisKind.FORECAST: (
        N_("Where next?"),
        N_("The places that will see most in the next period, and how far such lists held before."),
        "trending-up",
    ),
    AnalysisKind.PLACEMENT: (
        N_("Where do I put my teams?"),
        N_("The crossings where teams detect most of those who take the way that is safest for them."),
        "target-arrow",
    ),
}
"""Each question as a person asks it, what it answers, and its icon."""

FIELDS = {
    AnalysisKind.HOTSPOTS: ("layers", "resolution", "level", "least", "length", "weighted"),
    AnalysisKind.FORECAST: ("layers", "watched", "resolution", "length"),
    AnalysisKind.PLACEMENT: (
        "teams",
        "journeys",
        "detection",
        "on_the_way",
        "in_force",
        "fixed",
        "forbidden",
        "staffed",
        "seconds",
        "margin_km",
    ),
}
"""The fields of each form. `layers` says of what is asked; the others are those of the question's model."""

SITES = ("in_force", "fixed", "forbidden", "staffed")
_CROSSING = "crossing:"
NO_TREND = "none"


def find_out_id(kind: AnalysisKind) -> str:
    """The id of the button that asks a question."""
    return f"analysis-find-out-{kind.value}"


def layer_words(layer: EventLayer) -> str:
    """A layer by its name and what its rows are."""
    return f"{layer.name} · {vocabulary.label('CL-LAYERKIND', layer.kind, language())}"


def usual_layers(known: Sequence[EventLayer]) -> list[EventLayer]:
    """Those to ask about unless somebody chooses: all of events, or of the next kind where there are none."""
    for kind in (LayerKind.EVENTS, LayerKind.PLACES_OF_DANGER, LayerKind.OWN_RESULTS, LayerKind.INDICATORS):
        if found := [each for each in known if each.kind == kind.value]:
            return found
    return []


# --------------------------------------------------------------------------------- what the operation suggests


def journeys_of(session: Session, operation_id: UUID) -> list[Journey]:
    """A journey along each route on the plan: from its first point to its last, all equally likely."""
    found = []
    for each in places.objects(session, operation_id):
        if each.kind == MapObjectKind.ROUTE.value:
            lines = each.geometry["coordinates"]
            first, last = (
                (lines[0], lines[-1]) if each.geometry["type"] == "LineString" else (lines[0][0], lines[-1][-1])
            )
            ends = (Stop(lon=lon, lat=lat) for lon, lat in (first[:2], last[:2]))
            found.append(Journey(name=each.name, origin=next(ends), destination=next(ends)))
    return found


def in_force_of(session: Session, operation_id: UUID) -> list[str]:
    """The ids of the bundled crossings at which the operation has sites."""
    refs = (each.ref for each in places.sites(session, operation_id))
    return sorted({ref.removeprefix(_CROSSING) for ref in refs if ref.startswith(_CROSSING)})


def site_options(countries: Iterable[str], chosen: Iterable[str] = ()) -> list[dict[str, str]]:
    """The crossings of some countries and those `chosen`, as choices: {"value": id, "label": name and countries}."""
    wanted, named = list(countries), {}
    if wanted:
        known = sites.sites("crossing", wanted)
        for ref, name, one, other in zip(known["ref"], known["name"], known["iso3"], known["iso3_other"], strict=True):
            named[ref.removeprefix(_CROSSING)] = f"{name} ({one}–{other})"
    for each in chosen:
        if each not in named:
            found = sites.site(_CROSSING + each)
            named[each] = each if found is None else found.name
    return [{"value": value, "label": label} for value, label in named.items()]


# ------------------------------------------------------------------------------------------- what was typed


def journeys_text(journeys: Iterable[Journey]) -> str:
    """Journeys as they are typed: name; from; to; share."""
    return "\n".join(
        f"{each.name.replace(';', ',')}; {_place(each.origin)}; {_place(each.destination)}; {each.share:g}"
        for each in journeys
    )


def _place(stop: Stop) -> str:
    return formats.write(formats.Position(lat=stop.lat, lon=stop.lon))


def journeys_typed(text: str) -> list[dict[str, Any]]:
    """The journeys that lines of text name. Raises RuleBroken on `journeys`, with the line that cannot be read.

    >>> [(each["name"], each["destination"], each["share"]) for each in journeys_typed("A; 17, 8; 27, 14.4; 2")]
    [('A', {'lon': 14.4, 'lat': 27.0}, 2.0)]
    """
    found, flaws = [], []
    for number, line in enumerate(text.splitlines(), 1):
        if not line.strip():
            continue
        name, *rest = (part.strip() for part in line.split(";"))
        try:
            origin, destination, *share = rest
            found.append(
                {
                    "name": name,
                    "origin": _stop(origin),
                    "destination": _stop(destination),
                    "share": float(share[0]) if share and share[0] else 1.0,
                }
            )
        except formats.CoordinateError as error:
            flaws.append(Flaw("journeys", error.template, error.params))
        except ValueError:
            flaws.append(Flaw("journeys", "Line {line} cannot be read: write name; from; to; share.", {"line": number}))
    if flaws:
        raise RuleBroken.all(flaws)
    return found


def _stop(text: str) -> dict[str, float]:
    found = formats.parse(text)
    return {"lon": found.lon, "lat": found.lat}


def typed(kind: AnalysisKind, values: Mapping[str, Any]) -> Question:
    """The question that a form asks; raises RuleBroken with every flaw, each on its field."""
    content = {name: None if value == "" else value for name, value in values.items() if name != "layers"}
    if "length" in content and content["length"] == NO_TREND:
        content["length"] = None
    if kind is AnalysisKind.PLACEMENT:
        content["journeys"] = journeys_typed(str(values.get("journeys") or ""))
        if not content["journeys"]:
            raise RuleBroken(
                "journeys", "Say who travels from where to where: draw routes on the plan, or type journeys here."
            )
        content |= {name: tuple(content.get(name) or ()) for name in SITES}
    try:
        return MODELS[kind].model_validate(content)
    except ValidationError as error:
        raise RuleBroken.all(flaws_of(error)) from None


def chosen_layers(session: Session, operation_id: UUID, values: Mapping[str, Any]) -> tuple[UUID, ...]:
    """The versions of layers that a form asks about. Raises RuleBroken on `layers`."""
    known = {str(each.id): each for each in layers.layers(session, operation_id)}
    chosen = [known[each] for each in values.get("layers") or () if each in known]
    if not chosen:
        raise RuleBroken("layers", "Choose at least one layer: without events there is nothing to compute.")
    if len({each.kind for each in chosen}) > 1:
        raise RuleBroken(
            "layers", "Choose layers of one kind: places of danger, totals and offences are never counted together."
        )
    return tuple(each.id for each in chosen)
