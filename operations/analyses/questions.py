"""What can be asked of an operation, each question with its limits; defaults answer it well without being touched."""

from datetime import date
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from operations.core.vocabulary import AnalysisKind

Resolution = Annotated[int, Field(ge=2, le=8)]
Length = Literal["week", "month", "quarter"]
Iso3 = Annotated[str, Field(pattern=r"^[A-Z]{3}$")]
Degrees = Annotated[float, Field(allow_inf_nan=False)]


class Question(BaseModel):
    """What every question has in common: nothing unknown is asked, and nothing changes once it was."""

    model_config = ConfigDict(frozen=True, extra="forbid")


OwnKind = Literal["hit", "migrant_detection", "arrest"]
"""Kinds of lines of reports that can be asked about as events: see `operations.policing.reports.own_results`."""


class EventQuestion(Question):
    """A question about events: those of layers, or (`own`) the results that the operation itself reported."""

    own: OwnKind | None = None


class HotspotQuestion(EventQuestion):
    """Where more happens than chance explains, and whether it grows.

    `resolution`: H3, 2 to 8; None takes the finest at which a cell with events holds a few on average. `level`: share
    of false discoveries. `least`: events that a hot cell and its neighbours hold together. `weighted`: persons instead
    of events. `length`: of the periods that trends are told over; None without trends.
    """

    resolution: Resolution | None = None
    level: Annotated[float, Field(gt=0, le=0.2)] = 0.05
    least: Annotated[int, Field(ge=1, le=1000)] = 5
    weighted: bool = False
    length: Length | None = "month"


class ForecastQuestion(EventQuestion):
    """Which cells will hold most in the next period. `watched`: so many cells can be watched."""

    resolution: Resolution | None = None
    length: Length = "month"
    watched: Annotated[int, Field(ge=1, le=500)] = 20


class Stop(Question):
    """An end of a journey on the road network (WGS 84)."""

    lon: Annotated[Degrees, Field(ge=-180, le=180)]
    lat: Annotated[Degrees, Field(ge=-90, le=90)]


class Journey(Question):
    """From where to where, and how much of all movement: `share` in any unit."""

    name: Annotated[str, Field(max_length=200)]
    origin: Stop
    destination: Stop
    share: Annotated[float, Field(gt=0, le=1e9, allow_inf_nan=False)] = 1.0


class Place(Stop):
    """A position with the name that people know it by; the name may be empty."""

    name: Annotated[str, Field(max_length=200)] = ""


class Around(Stop):
    """Everything within `km` of a position."""

    km: Annotated[float, Field(gt=0, le=1000, allow_inf_nan=False)]


Names = Annotated[tuple[Annotated[str, Field(max_length=80)], ...], Field(max_length=500)]
Countries = Annotated[tuple[Iso3, ...], Field(max_length=250)]
Kmh = Annotated[float, Field(gt=0, le=300, allow_inf_nan=False)]
Means = Annotated[tuple[Literal["road", "sea"], ...], Field(min_length=1, max_length=2)]


class RoutesQuestion(Question):
    """Which ways lead from one place to another over main roads and sea lanes, and what they cross.

    `modes`: by road, by sea, or both. `least`: what is made small. `ways`: so many, the best among them; two ways share
    at most `most_shared` of their cost, and none costs more than `most_cost` times the best. What is closed: countries,
    known crossings and ports (refs), straits and canals, and everything within some circles. `corridor_km`: so far to
    either side of the best way reaches the corridor that is drawn, 0 for none.
    """

    origin: Place
    destination: Place
    modes: Means = ("road", "sea")
    least: Literal["hours", "km"] = "hours"
    ways: Annotated[int, Field(ge=1, le=5)] = 3
    closed_countries: Countries = ()
    closed_sites: Names = ()
    closed_passages: Names = ()
    closed_around: Annotated[tuple[Around, ...], Field(max_length=20)] = ()
    corridor_km: Annotated[float, Field(ge=0, le=500, allow_inf_nan=False)] = 10
    most_shared: Annotated[float, Field(ge=0, le=1)] = 0.6
    most_cost: Annotated[float, Field(ge=1, le=5)] = 1.6
    road_kmh: Kmh = 60
    sea_kmh: Kmh = 20


class ReachQuestion(Question):
    """How far teams come by road in so many hours, and which team is where first.

    `stay`: no team leaves the country where it stands. `targets`: the places asked about.
    """

    teams: Annotated[tuple[Place, ...], Field(min_length=1, max_length=60)]
    hours: Annotated[tuple[Annotated[float, Field(gt=0, le=48)], ...], Field(min_length=1, max_length=6)] = (1, 2, 4)
    targets: Annotated[tuple[Place, ...], Field(max_length=300)] = ()
    stay: bool = True
    closed_countries: Countries = ()
    road_kmh: Kmh = 60


class Required(Question):
    """What a site asks of the team that stands there: a skill ("" for none), and what staffing it costs."""

    site: Annotated[str, Field(max_length=80)]
    skill: Annotated[str, Field(max_length=40)] = ""
    cost: Annotated[float, Field(ge=0, le=1e9, allow_inf_nan=False)] | None = None


class PlacementQuestion(Question):
    """Where teams detect most of those who take the way on which they are least likely to be seen.

    `journeys`: who travels. `teams`: how many places can be staffed. `detection`: the chance that a checkpoint detects
    who passes it. `on_the_way`: the chance to be detected on 1,000 km of road without any checkpoint. `fixed` must be
    staffed, `forbidden` never, `staffed` are watched by others (ids of crossings). `in_force`: the plan it is compared
    with. `seconds`: how long to look for proof.

    `skills`: those of the first teams, the others have none; `required`: sites that ask for a skill, or cost other than
    `cost`; `budget`: what all sites may cost together. `days`: draw at random where the teams stand on so many days,
    from `seed`; 0 where they stay. `doubt`: the share of any journey may be so many times larger or smaller.
    """

    journeys: Annotated[tuple[Journey, ...], Field(min_length=1, max_length=500)]
    teams: Annotated[int, Field(ge=1, le=200)] = 8
    detection: Annotated[float, Field(gt=0, lt=1)] = 0.7
    on_the_way: Annotated[float, Field(gt=0, lt=1)] = 0.05
    fixed: tuple[str, ...] = ()
    forbidden: tuple[str, ...] = ()
    staffed: tuple[str, ...] = ()
    in_force: tuple[str, ...] = ()
    seconds: Annotated[float, Field(ge=5, le=3600)] = 60
    margin_km: Annotated[float, Field(ge=50, le=2000)] = 400
    skills: Annotated[tuple[Names, ...], Field(max_length=200)] = ()
    required: Annotated[tuple[Required, ...], Field(max_length=500)] = ()
    cost: Annotated[float, Field(ge=0, le=1e9, allow_inf_nan=False)] = 1
    budget: Annotated[float, Field(ge=0, le=1e12, allow_inf_nan=False)] | None = None
    days: Annotated[int, Field(ge=0, le=366)] = 0
    seed: Annotated[int, Field(ge=0, lt=2**53)] = 0
    doubt: Annotated[float, Field(ge=1, le=10)] = 1


class CoverageQuestion(EventQuestion):
    """Where teams have the most events within reach.

    Candidates are the known crossings of `countries`, with airports and ports where `all_sites`, and `places` of the
    operation itself. `in_force` are the sites of the plan it is compared with. A team reaches what it is at within
    `minutes` by road, or, where `reach_km` is named, what lies so far in a straight line. By road, `stay`: no team
    leaves its country, and nobody passes `closed_countries`. `capacity`: so many events one site can serve; None for
    any number. `weighted`: persons instead of events.
    """

    teams: Annotated[int, Field(ge=1, le=200)] = 8
    minutes: Annotated[float, Field(gt=0, le=2880, allow_inf_nan=False)] = 60
    reach_km: Annotated[float, Field(gt=0, le=1000, allow_inf_nan=False)] | None = None
    stay: bool = True
    closed_countries: Countries = ()
    road_kmh: Kmh = 60
    countries: Countries = ()
    all_sites: bool = False
    places: Annotated[tuple[Place, ...], Field(max_length=500)] = ()
    in_force: Names = ()
    fixed: Names = ()
    forbidden: Names = ()
    staffed: Names = ()
    capacity: Annotated[float, Field(gt=0, le=1e9, allow_inf_nan=False)] | None = None
    weighted: bool = False
    seconds: Annotated[float, Field(ge=2, le=3600)] = 30


class Window(Question):
    """First and last day, both included."""

    first: date
    last: date


class DisplacementQuestion(EventQuestion):
    """Whether events went elsewhere: inside an area, beside it, and beyond, in windows before, during and after.

    `treated`: GeoJSON geometry (WGS 84, EPSG:4326) of where the operation worked, or circles (`around`). `buffer_km`:
    so far beside it movement may have gone. Windows are cut into blocks of `block_days`, which are dealt anew
    `permutations` times from `seed`.
    """

    treated: dict[str, Any] | None = None
    around: Annotated[tuple[Around, ...], Field(max_length=200)] = ()
    buffer_km: Annotated[float, Field(gt=0, le=1000, allow_inf_nan=False)] = 50
    before: Window
    during: Window
    after: Window | None = None
    block_days: Annotated[int, Field(ge=1, le=92)] = 7
    level: Annotated[float, Field(gt=0, le=0.2)] = 0.05
    permutations: Annotated[int, Field(ge=99, le=99_999)] = 9999
    seed: Annotated[int, Field(ge=0, lt=2**53)] = 1


Key = Annotated[str, Field(max_length=60)]


class Pair(Question):
    """A team (its id) for a need (its key: the id and the number of the team that is asked for)."""

    need: Key
    team: Key


class AssignmentQuestion(Question):
    """Which team serves which need.

    `locked` was decided and stays, `ruled_out` may not be. `offered_only`: nobody is sent where its country has not
    offered it. `keep_accepted`: what was accepted stays, too; without, it is asked what would be if it could change.
    `notice_hours`: nobody is expected sooner. `per_person_day`, `per_travel_hour` (of a whole team): costs, in the
    currency of `budget`; None is no limit. `seed`: of the search. `seconds`: how long to look for a better plan.
    """

    locked: Annotated[tuple[Pair, ...], Field(max_length=500)] = ()
    ruled_out: Annotated[tuple[Pair, ...], Field(max_length=2000)] = ()
    offered_only: bool = False
    keep_accepted: bool = True
    notice_hours: Annotated[int, Field(ge=0, le=720)] = 48
    budget: Annotated[float | None, Field(ge=0, le=1e9, allow_inf_nan=False)] = None
    per_person_day: Annotated[float, Field(ge=0, le=1e5, allow_inf_nan=False)] = 150
    per_travel_hour: Annotated[float, Field(ge=0, le=1e5, allow_inf_nan=False)] = 100
    seed: Annotated[int, Field(ge=0, le=2**31 - 1)] = 1
    seconds: Annotated[float, Field(ge=5, le=3600)] = 30


class PostWish(Question):
    """A checkpoint or observation post of the plan (id of the object), and how much it counts beside the others."""

    id: Annotated[str, Field(max_length=36)]
    weight: Annotated[float, Field(gt=0, le=1000, allow_inf_nan=False)] = 1


class ShiftsQuestion(Question):
    """Which deployed team mans which post in which shift, drawn so that nobody can learn it.

    `first` and `days`: the days. `shifts` of `hours` a day, spread evenly from `begins` on; in each `at_once` posts are
    manned. `seed`: what is drawn from; the same seed draws the same again.
    """

    posts: Annotated[tuple[PostWish, ...], Field(min_length=1, max_length=200)]
    first: date
    days: Annotated[int, Field(ge=1, le=31)] = 7
    shifts: Annotated[int, Field(ge=1, le=4)] = 2
    hours: Annotated[int, Field(ge=2, le=12)] = 8
    begins: Annotated[int, Field(ge=0, le=23)] = 6
    at_once: Annotated[int, Field(ge=1, le=50)] = 2
    seed: Annotated[int, Field(ge=0, le=2**53)]


MODELS: dict[AnalysisKind, type[Question]] = {
    AnalysisKind.HOTSPOTS: HotspotQuestion,
    AnalysisKind.FORECAST: ForecastQuestion,
    AnalysisKind.ROUTES: RoutesQuestion,
    AnalysisKind.REACH: ReachQuestion,
    AnalysisKind.PLACEMENT: PlacementQuestion,
    AnalysisKind.ASSIGNMENT: AssignmentQuestion,
    AnalysisKind.SHIFTS: ShiftsQuestion,
    AnalysisKind.COVERAGE: CoverageQuestion,
    AnalysisKind.DISPLACEMENT: DisplacementQuestion,
}
"""The questions that a worker can answer."""
