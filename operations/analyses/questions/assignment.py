"""The question of assignment: which team serves which need. It has a page of its own."""

from typing import Annotated

from pydantic import Field

from operations.analyses.question import Question, QuestionType
from operations.core.field_labels import N_, Label

Key = Annotated[str, Field(max_length=60)]


class TeamNeedPair(Question):
    """A pair of team (its id) and need (its key: the id and the number of the requested team)."""

    need: Key
    team: Key


class AssignmentQuestion(Question):
    """The question which team serves which need.

    `locked` pairs are decided and stay, `ruled_out` ones are excluded. `offered_only`: a team is sent only where its
    country offered it. `keep_accepted`: accepted teams stay as well; otherwise they may be reassigned hypothetically.
    `notice_hours`: the earliest arrival. `per_person_day`, `per_travel_hour` (of a whole team): costs, in the currency
    of `budget`; None is no limit. `seed`: of the search. `seconds`: the time for improvement.
    """

    locked: Annotated[tuple[TeamNeedPair, ...], Field(max_length=500)] = ()
    ruled_out: Annotated[tuple[TeamNeedPair, ...], Field(max_length=2000)] = ()
    keep_accepted: Annotated[
        bool,
        Label(
            N_("Accepted teams stay"),
            N_("Off: see what would be if those that have not left could be sent elsewhere."),
        ),
    ] = True
    offered_only: Annotated[
        bool,
        Label(
            N_("Only where a team was offered"),
            N_("Off: teams are also proposed for needs that their country must still offer them for."),
        ),
    ] = False
    budget: Annotated[
        float | None,
        Field(ge=0, le=1e9, allow_inf_nan=False),
        Label(
            N_("Budget"),
            N_("For days and travel of all teams proposed, in one currency."),
            placeholder=N_("No limit"),
        ),
    ] = None
    per_person_day: Annotated[
        float, Field(ge=0, le=1e5, allow_inf_nan=False), Label(N_("Cost of a person and day"))
    ] = 150
    per_travel_hour: Annotated[
        float, Field(ge=0, le=1e5, allow_inf_nan=False), Label(N_("Cost of an hour of travel of a team"))
    ] = 100
    notice_hours: Annotated[
        int,
        Field(ge=0, le=720),
        Label(N_("Hours before anybody can be there"), N_("Needs that begin sooner are planned from then on.")),
    ] = 48
    seconds: Annotated[float, Field(ge=5, le=3600), Label(N_("Time to improve, in seconds"))] = 30
    seed: Annotated[int, Field(ge=0, le=2**31 - 1), Label(N_("Seed"), N_("Another number looks in another order."))] = 1


ASKING = QuestionType("assignment", N_("Assignment of teams"), AssignmentQuestion)
