"""What can be asked on the analysis page: each question in plain words, its fields, and what was typed into them."""

import secrets
from collections.abc import Mapping
from typing import Any
from uuid import UUID

from pydantic import ValidationError
from sqlmodel import Session

from dashboard.parts.answer_basis import OWN, geometry_of
from dashboard.parts.form import Form
from dashboard.screens.analysis import typed as analysis_typed
from dashboard.wording import N_
from geodata.ground import formats
from operations.analyses.questions import MODELS, EventQuestion, Question
from operations.core.drafts import flaws_of
from operations.core.errors import Flaw, RuleBroken
from operations.core.vocabulary import AnalysisKind
from operations.policing.layers import layers
from operations.policing.map_plan import places

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
    AnalysisKind.ROUTES: (
        N_("Which way do they go?"),
        N_("The best ways between two places, the borders they cross, and what closing changes."),
        "route",
    ),
    AnalysisKind.PLACEMENT: (
        N_("Where do I put my teams?"),
        N_("The crossings where teams detect most of those who take the way that is safest for them."),
        "target-arrow",
    ),
    AnalysisKind.COVERAGE: (
        N_("Where do teams reach the most?"),
        N_("The sites from which teams have the most events within reach."),
        "circle-dot",
    ),
    AnalysisKind.REACH: (
        N_("How far do my teams come?"),
        N_("The areas that teams reach by road in so many hours, and who is where first."),
        "clock",
    ),
    AnalysisKind.DISPLACEMENT: (
        N_("Did they go elsewhere?"),
        N_("Before, during and after the operation: whether events moved beside the area where it worked."),
        "switch-horizontal",
    ),
}
"""Each question as a person asks it, what it answers, and its icon. Assignments and shifts have pages of their own."""
FORMS = {kind: Form(f"analysis-{kind.value}") for kind in PLAIN_WORDS}

FIELDS = {
    AnalysisKind.HOTSPOTS: ("layers", "resolution", "level", "least", "length", "weighted"),
    AnalysisKind.FORECAST: ("layers", "watched", "resolution", "length"),
    AnalysisKind.ROUTES: (
        "along",
        "origin",
        "destination",
        "closed_countries",
        "closed_sites",
        "closed_passages",
        "closed_around",
        "modes",
        "least",
        "ways",
        "corridor_km",
        "most_shared",
        "most_cost",
        "road_kmh",
        "sea_kmh",
    ),
    AnalysisKind.PLACEMENT: (
        "teams",
        "journeys",
        "detection",
        "on_the_way",
        "in_force",
        "fixed",
        "forbidden",
        "staffed",
        "skills",
        "required",
        "cost",
        "budget",
        "days",
        "seed",
        "doubt",
        "seconds",
        "margin_km",
    ),
    AnalysisKind.COVERAGE: (
        "layers",
        "teams",
        "measure",
        "minutes",
        "reach_km",
        "countries",
        "all_sites",
        "stay",
        "closed_countries",
        "road_kmh",
        "places",
        "in_force",
        "fixed",
        "forbidden",
        "staffed",
        "capacity",
        "weighted",
        "seconds",
    ),
    AnalysisKind.REACH: ("hours", "teams", "targets", "stay", "closed_countries", "road_kmh"),
    AnalysisKind.DISPLACEMENT: (
        "layers",
        "where",
        "during_first",
        "during_last",
        "before_first",
        "before_last",
        "after_first",
        "after_last",
        "around_km",
        "buffer_km",
        "block_days",
        "level",
        "permutations",
        "seed",
    ),
}
"""The fields of each form. `layers` says of what is asked; most others are those of the question's model."""

CHECKED = frozenset({"weighted", "stay", "all_sites"})
"""Fields whose value is a switch."""

SITES = {
    AnalysisKind.ROUTES: ("closed_sites",),
    AnalysisKind.PLACEMENT: ("in_force", "fixed", "forbidden", "staffed"),
    AnalysisKind.COVERAGE: ("in_force", "fixed", "forbidden", "staffed"),
}
"""Fields whose choices are known crossings, which come when the question is chosen."""

_SEVERAL = frozenset(
    {"closed_countries", "closed_sites", "closed_passages", "countries", *SITES[AnalysisKind.COVERAGE]}
)
NO_TREND = "none"
AT_SITES = "sites"
"""The choice to look around the operation's sites, in place of an area of the plan."""
ROAD, STRAIGHT = "road", "straight"
"""The choices how reach is measured."""
ROADS_ID = "analysis-coverage-roads"
"""The part of a form about driving."""


def measured_id(by: str) -> str:
    """The id of what holds the length of a reach that is measured in one of the two ways."""
    return f"analysis-coverage-in-{by}"


def find_out_id(kind: AnalysisKind) -> str:
    """The id of the button that asks a question."""
    return f"analysis-find-out-{kind.value}"


def typed(kind: AnalysisKind, values: Mapping[str, Any], session: Session, operation_id: UUID) -> Question:
    """The question that a form asks; raises RuleBroken with every flaw, each on its field."""
    model = MODELS[kind]
    content = {name: values.get(name) for name in FIELDS[kind] if name != "layers"}
    content = {name: None if value == "" else value for name, value in content.items()}
    content |= {name: tuple(content[name] or ()) for name in _SEVERAL & content.keys()}
    if "length" in content and content["length"] == NO_TREND:
        content["length"] = None
    if issubclass(model, EventQuestion):
        content["own"] = _own(values)
    match kind:
        case AnalysisKind.ROUTES:
            content = _routes(content)
        case AnalysisKind.PLACEMENT:
            content = _placement(content)
        case AnalysisKind.REACH:
            content = _reach(content)
        case AnalysisKind.COVERAGE:
            content = _coverage(content)
        case AnalysisKind.DISPLACEMENT:
            content = _displacement(content, session, operation_id)
    try:
        return model.model_validate(content)
    except ValidationError as error:
        raise RuleBroken.all(_on_fields(flaws_of(error), FIELDS[kind])) from None


def _on_fields(flaws: tuple[Flaw, ...], fields: tuple[str, ...]) -> list[Flaw]:
    """Flaws of parts of a model on the fields that they were typed into: "before.first" is "before_first"."""
    joined = {name.replace("_", ".", 1): name for name in fields}
    return [Flaw(joined.get(each.field, each.field), each.template, each.params) for each in flaws]


def _own(values: Mapping[str, Any]) -> str | None:
    own = [each.removeprefix(OWN) for each in values.get("layers") or () if each.startswith(OWN)]
    return own[0] if own else None


def _routes(content: dict[str, Any]) -> dict[str, Any]:
    along = content.pop("along")
    if along:
        (route,) = analysis_typed.journeys_typed(along) or [{}]
        for end in ("origin", "destination"):
            content[end] = content[end] or route.get(end)
    flaws = []
    for end in ("origin", "destination"):
        if not content[end]:
            flaws.append(Flaw(end, "Type a place, or choose a route of the plan above."))
        elif isinstance(content[end], str):
            try:
                content[end] = analysis_typed.place(content[end])
            except formats.CoordinateError:
                template = "Nothing is known under “{text}”: type another spelling, or a coordinate."
                flaws.append(Flaw(end, template, {"text": content[end]}))
    if flaws:
        raise RuleBroken.all(flaws)
    around = analysis_typed.around_typed("closed_around", str(content["closed_around"] or ""))
    modes = tuple(str(content["modes"] or "road,sea").split(","))
    return content | {"closed_around": around, "modes": modes}


def _placement(content: dict[str, Any]) -> dict[str, Any]:
    content["journeys"] = analysis_typed.journeys_typed(str(content["journeys"] or ""))
    if not content["journeys"]:
        raise RuleBroken(
            "journeys", "Say who travels from where to where: draw routes on the plan, or type journeys here."
        )
    content["skills"] = analysis_typed.skills_typed(str(content["skills"] or ""))
    content["required"] = analysis_typed.required_typed(str(content["required"] or ""))
    content["days"] = content["days"] or 0
    if content["seed"] is None:
        content["seed"] = secrets.randbelow(2**53)
    if content["days"] and (content["skills"] or content["required"] or content["budget"] is not None):
        raise RuleBroken(
            "days",
            "Teams that are drawn by lot can stand anywhere: leave out skills, requirements and the budget, or 0.",
        )
    if isinstance(content["teams"], int) and len(content["skills"]) > content["teams"]:
        raise RuleBroken("skills", "Skills are named for more teams than there are: one line is one team.")
    return content


def _reach(content: dict[str, Any]) -> dict[str, Any]:
    for field in ("teams", "targets"):
        content[field] = analysis_typed.places_typed(field, str(content[field] or ""))
    if not content["teams"]:
        raise RuleBroken("teams", "Say where teams stand: draw them on the plan, or type places here.")
    try:
        parts = str(content["hours"] or "").replace(";", " ").replace(", ", " ").split()
        content["hours"] = [float(part.replace(",", ".")) for part in parts]
    except ValueError:
        raise RuleBroken("hours", "Write hours as numbers with spaces between them, such as 1 2 4.") from None
    return content


def _coverage(content: dict[str, Any]) -> dict[str, Any]:
    content["places"] = analysis_typed.places_typed("places", str(content["places"] or ""))
    if content.pop("measure") != STRAIGHT:
        return content | {"reach_km": None}
    if content["reach_km"] is None:
        raise RuleBroken("reach_km", "Say how many km around its site a team reaches.")
    return {name: each for name, each in content.items() if name not in ("minutes", "stay", "road_kmh")} | {
        "closed_countries": ()
    }


def _displacement(content: dict[str, Any], session: Session, operation_id: UUID) -> dict[str, Any]:
    for window in ("before", "during", "after"):
        first, last = content.pop(f"{window}_first"), content.pop(f"{window}_last")
        content[window] = {"first": first, "last": last}
        if first is not None and last is not None and str(first) > str(last):
            raise RuleBroken(f"{window}_last", "The last day lies before the first.")
    if content["after"] == {"first": None, "last": None}:
        content["after"] = None
    chosen, km = content.pop("where"), content.pop("around_km")
    if chosen == AT_SITES:
        standing = places.sites(session, operation_id)
        if not standing:
            raise RuleBroken("where", "The operation has no sites yet: choose an area of the plan.")
        content["around"] = [{"lat": each.lat, "lon": each.lon, "km": km} for each in standing]
    else:
        content["treated"] = geometry_of(session, operation_id, chosen)
        if content["treated"] is None:
            raise RuleBroken("where", "Choose where the operation worked: an area of the plan, or its sites.")
    return content


def chosen_layers(session: Session, operation_id: UUID, values: Mapping[str, Any]) -> tuple[UUID, ...]:
    """The versions of layers that a form asks about, none for own results. Raises RuleBroken on `layers`."""
    named = list(values.get("layers") or ())
    own = [each for each in named if each.startswith(OWN)]
    known = {str(each.id): each for each in layers.layers(session, operation_id)}
    chosen = [known[each] for each in named if each in known]
    if not chosen and not own:
        raise RuleBroken("layers", "Choose at least one layer: without events there is nothing to compute.")
    if len({each.kind for each in chosen}) + len(own) > 1:
        raise RuleBroken(
            "layers", "Choose layers of one kind: places of danger, totals and offences are never counted together."
        )
    return tuple(each.id for each in chosen)
