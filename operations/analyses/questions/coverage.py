"""The question of coverage: the sites from which teams have the most events within reach."""

from collections.abc import Mapping
from typing import Annotated, Any

from pydantic import Field

from operations.analyses.question import (
    CHECKPOINT,
    IN_FORCE,
    LAYERS,
    POSTS,
    STAFFED,
    Column,
    Countries,
    EventQuestion,
    Fixed,
    Forbidden,
    NamedPosition,
    Names,
    PlanInForce,
    QuestionType,
    RoadKmh,
    TableView,
    Weighted,
    number,
    percent,
    sign,
)
from operations.core.field_labels import N_, Label

_BY_ROAD, _STRAIGHT = ("measure", "road"), ("measure", "straight")


def _driven(asked: "Mapping[str, Any]") -> bool:
    """Return whether reach was measured by road."""
    return asked.get("reach_km") is None


class CoverageQuestion(EventQuestion):
    """The question where teams have the most events within reach.

    Candidates are the known crossings of `countries`, with airports and ports where `all_sites`, and `places` of the
    operation itself. `in_force` are the sites of the plan it is compared with. A team reaches events within `minutes`
    by road or, where `reach_km` is given, within that distance in a straight line. By road, `stay`: no team leaves its
    country, and nobody passes `closed_countries`. `capacity`: the events one site can serve; None for any number.
    `weighted`: persons instead of events.
    """

    teams: Annotated[int, Field(ge=1, le=200), Label(N_("Teams"))] = 8
    minutes: Annotated[
        float,
        Field(gt=0, le=2880, allow_inf_nan=False),
        Label(
            N_("Minutes by road"),
            N_("So soon a team that stands at its site is at an event, up to 2,880."),
            when=_BY_ROAD,
            told=_driven,
        ),
    ] = 60
    reach_km: Annotated[
        Annotated[float, Field(gt=0, le=1000, allow_inf_nan=False)] | None,
        Label(
            N_("Reach, in km"),
            N_("So far around its site a team reaches, in a straight line."),
            start=50,
            when=_STRAIGHT,
            needed=N_("Say how many km around its site a team reaches."),
            told=False,
        ),
    ] = None
    countries: Annotated[
        Countries,
        Label(
            N_("Countries"),
            N_("Teams may stand at the known crossings of these."),
            draws="countries",
            given="countries",
        ),
    ] = ()
    all_sites: Annotated[bool, Label(N_("Airports and ports as well"))] = False
    stay: Annotated[
        bool,
        Label(
            N_("Teams stay in their country"),
            N_("No team crosses a border. At a crossing, teams come from the countries above."),
            when=_BY_ROAD,
            told=_driven,
        ),
    ] = True
    closed_countries: Annotated[
        Countries,
        Label(
            N_("Closed countries"),
            N_("Nobody passes through these."),
            draws="countries",
            when=_BY_ROAD,
            told=_driven,
        ),
    ] = ()
    road_kmh: Annotated[
        RoadKmh,
        Label(N_("Speed on roads, in km/h"), N_("Above 0, up to 300."), when=_BY_ROAD, told=_driven),
    ] = 60
    places: Annotated[
        tuple[NamedPosition, ...],
        Field(max_length=500),
        Label(
            N_("Further places"),
            N_("Where a team may stand besides, one on a line: name; latitude, longitude, or the name of a place."),
            draws="places",
            given="own_places",
        ),
    ] = ()
    in_force: Annotated[Names, PlanInForce] = ()
    fixed: Annotated[Names, Fixed] = ()
    forbidden: Annotated[Names, Forbidden] = ()
    staffed: Annotated[
        Names,
        Label(
            N_("Watched by others"),
            N_("Somebody else stands here and takes none of the teams."),
            draws="crossings",
        ),
    ] = ()
    capacity: Annotated[
        Annotated[float, Field(gt=0, le=1e9, allow_inf_nan=False)] | None,
        Label(
            N_("Events that a team can serve"),
            N_("More than that at one site counts for nothing."),
            placeholder=N_("Any number"),
        ),
    ] = None
    weighted: Weighted = False
    seconds: Annotated[
        float,
        Field(ge=2, le=3600),
        Label(
            N_("Time, in seconds"),
            N_("How long to look for the best plan and for the proof that none is better, 2 to 3,600."),
        ),
    ] = 30


_COVERED = (
    Column("place", N_("Site"), "place", width=170),
    number("events", N_("Within reach"), width=150),
    number("alone", N_("What you lose without it"), width=220),
)
_MORE = (
    number("teams", N_("Teams")),
    number("covered", N_("Covered, %"), 2, 140),
    percent("gap", N_("Gap, %"), 2, 140, N_("0 is proven: no plan is better")),
)
_MINUTES, _KM = N_("Within {minutes} minutes by road"), N_("Within {km} km in a straight line")
_BEFORE = N_("Within reach of this site")  # for older answers, which do not record the measure of reach

ASKING = QuestionType(
    "coverage",
    N_("Coverage"),
    CoverageQuestion,
    N_("Where do teams reach the most?"),
    N_("The sites from which teams have the most events within reach."),
    "circle-dot",
    order=5,
    first=("layers", "teams", "measure", "minutes", "reach_km"),
    beside={
        "layers": LAYERS,
        "measure": Label(
            N_("Reach is measured"),
            choices={"road": N_("By road, in minutes"), "straight": N_("In a straight line, in km")},
            start="road",
        ),
    },
    read=lambda content, _session, _operation_id: {name: each for name, each in content.items() if name != "measure"},
    doing=N_("Finding who reaches what"),
    becomes=POSTS,
    adopts=N_("Adopt as draft checkpoints"),
    tables=(
        TableView(
            "covered",
            N_("Sites"),
            N_(
                "Events within reach of each site in a straight line, and those that no other site of the plan reaches."
            ),
            _COVERED,
        ),
        TableView(
            "covered_by_road",
            N_("Sites"),
            N_(
                "Events that a team at each site reaches by road in time, and those that no other site of the plan "
                "reaches."
            ),
            _COVERED,
        ),
        TableView(
            "more_teams",
            N_("More or fewer teams"),
            N_("What the best choice of so many sites has within reach in a straight line."),
            _MORE,
        ),
        TableView(
            "more_teams_by_road",
            N_("More or fewer teams"),
            N_("What the best choice of so many sites has within reach by road."),
            _MORE,
        ),
    ),
    looks=(
        CHECKPOINT,
        IN_FORCE,
        sign("within", _MINUTES, when=lambda about: "minutes" in about),
        sign("within", _KM, when=lambda about: "km" in about),
        sign("within", _BEFORE),
        STAFFED,
    ),
)
