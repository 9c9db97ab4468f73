"""What can be asked of an operation, each question with its limits; defaults answer it well without being touched."""

from datetime import date
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from operations.core.vocabulary import AnalysisKind

Resolution = Annotated[int, Field(ge=2, le=8)]
Length = Literal["week", "month", "quarter"]
Iso3 = Annotated[str, Field(pattern=r"^[A-Z]{3}$")]
Degrees = Annotated[float, Field(allow_inf_nan=False)]


class Question(BaseModel):
    """What every question has in common: nothing unknown is asked, and nothing changes once it was."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class HotspotQuestion(Question):
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


class ForecastQuestion(Question):
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


class PlacementQuestion(Question):
    """Where teams detect most of those who take the way on which they are least likely to be seen.

    `journeys`: who travels. `teams`: how many places can be staffed. `detection`: the chance that a checkpoint detects
    who passes it. `on_the_way`: the chance to be detected on 1,000 km of road without any checkpoint. `fixed` must be
    staffed, `forbidden` never, `staffed` are watched by others (ids of crossings). `in_force`: the plan it is compared
    with. `seconds`: how long to look for proof.
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
    AnalysisKind.PLACEMENT: PlacementQuestion,
    AnalysisKind.ASSIGNMENT: AssignmentQuestion,
    AnalysisKind.SHIFTS: ShiftsQuestion,
}
"""The questions that a worker can answer."""
