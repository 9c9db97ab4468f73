"""The question of placement: the crossings where teams detect most travellers, who take the way safest for them."""

import secrets
from typing import Annotated, Any
from uuid import UUID

from pydantic import Field
from sqlmodel import Session

from operations.analyses.question import (
    CHECKPOINT,
    IN_FORCE,
    POSTS,
    STAFFED,
    Column,
    Content,
    FeatureStyle,
    Fixed,
    Forbidden,
    Journey,
    Names,
    PlanInForce,
    Question,
    QuestionType,
    TableView,
    number,
    percent,
)
from operations.core.errors import RuleBroken
from operations.core.field_labels import N_, NONE, FieldSource, Label

Journeys = Annotated[
    tuple[Journey, ...],
    Field(min_length=1, max_length=500),
    Label(
        N_("Journeys"),
        N_("One on a line: name; latitude, longitude of the beginning; of the end; share of all movement."),
        draws="journeys",
        given="journeys",
        needed=N_("Say who travels from where to where: draw routes on the plan, or type journeys here."),
        basis=FieldSource(
            "route",
            N_("No route is drawn on the plan. Draw the routes there, or type journeys under “More”."),
            N_("Open the plan"),
            "plan",
            N_("{count} journeys from the routes on the plan, equally likely."),
        ),
    ),
]


class Required(Question):
    """A requirement of a site: a skill of its team ("" for none), and the cost of staffing it."""

    site: Annotated[str, Field(max_length=80)]
    skill: Annotated[str, Field(max_length=40)] = ""
    cost: Annotated[float, Field(ge=0, le=1e9, allow_inf_nan=False)] | None = None


class PlacementQuestion(Question):
    """The question where teams detect most travellers, who take the way on which they are least likely to be seen.

    `journeys`: the movement. `teams`: how many places can be staffed. `detection`: the chance that a checkpoint detects
    a passer. `on_the_way`: the chance to be detected on 1,000 km of road without any checkpoint. `fixed` must be
    staffed, `forbidden` never, `staffed` are watched by others (ids of crossings). `in_force`: the plan it is compared
    with. `seconds`: the time for the search and its proof.

    `skills`: those of the first teams, the others have none; `required`: sites that need a skill, or have a cost other
    than `cost`; `budget`: the limit of all sites' costs. `days`: the number of days for which random positions are
    drawn, from `seed`; 0 where teams stay. `doubt`: the factor by which any journey's share may be larger or smaller.
    """

    journeys: Journeys
    teams: Annotated[int, Field(ge=1, le=200), Label(N_("Teams"))] = 8
    detection: Annotated[
        float,
        Field(gt=0, lt=1),
        Label(
            N_("Detection at a checkpoint"),
            N_("The chance that a checkpoint detects who passes it, between 0 and 1."),
            step=0.05,
        ),
    ] = 0.7
    on_the_way: Annotated[
        float,
        Field(gt=0, lt=1),
        Label(
            N_("Detection on the way"),
            N_("The chance to be detected on 1,000 km of road without a checkpoint, between 0 and 1."),
            step=0.01,
        ),
    ] = 0.05
    in_force: Annotated[tuple[str, ...], PlanInForce] = ()
    fixed: Annotated[tuple[str, ...], Fixed] = ()
    forbidden: Annotated[tuple[str, ...], Forbidden] = ()
    staffed: Annotated[
        tuple[str, ...],
        Label(
            N_("Watched by others"), N_("Somebody else detects here and takes none of the teams."), draws="crossings"
        ),
    ] = ()
    skills: Annotated[
        tuple[Names, ...],
        Field(max_length=200),
        Label(
            N_("Skills of the teams"),
            N_("One team on a line, its skills with commas between them. Teams without a line have none."),
            draws="skills",
            told=False,
        ),
    ] = ()
    required: Annotated[
        tuple[Required, ...],
        Field(max_length=500),
        Label(
            N_("What sites ask for"),
            N_("One crossing on a line: crossing; the skill it asks for; what staffing it costs."),
            draws="required",
            told=False,
        ),
    ] = ()
    cost: Annotated[
        float,
        Field(ge=0, le=1e9, allow_inf_nan=False),
        Label(
            N_("What a site costs"),
            N_("Hours, officers or money, for sites that are not named above."),
            step=1,
            told=lambda asked: asked.get("budget") is not None,
        ),
    ] = 1
    budget: Annotated[
        Annotated[float, Field(ge=0, le=1e12, allow_inf_nan=False)] | None,
        Label(
            N_("Budget"),
            N_("All sites together cost no more than that."),
            placeholder=N_("No limit"),
            step=1,
            told=False,
        ),
    ] = None
    days: Annotated[
        int,
        Field(ge=0, le=366),
        Label(
            N_("Days to draw"),
            N_("Teams that move: where they stand on each day is drawn by lot. 0: they stay."),
            told=False,
        ),
    ] = 0
    seed: Annotated[
        int,
        Field(ge=0, lt=2**53),
        Label(
            N_("Seed"),
            N_("The same seed draws the same days again. Keep it from those who watch the teams."),
            draws="seed",
            placeholder=N_("Drawn by lot"),
            start=NONE,
            told=lambda asked: bool(asked.get("days")),
        ),
    ] = 0
    doubt: Annotated[
        float,
        Field(ge=1, le=10),
        Label(
            N_("Doubt about the journeys"),
            N_("The share of any journey may be so many times as large, up to 10. 1: no doubt."),
            step=0.5,
            told=False,
        ),
    ] = 1
    seconds: Annotated[
        float,
        Field(ge=5, le=3600),
        Label(
            N_("Time, in seconds"),
            N_("How long to look for the best plan and for the proof that none is better, 5 to 3,600."),
        ),
    ] = 60
    margin_km: Annotated[
        float,
        Field(ge=50, le=2000),
        Label(N_("Detours, in km"), N_("So far around the journeys roads are looked at, 50 to 2,000.")),
    ] = 400


def read(content: Content, _session: Session, _operation_id: UUID) -> Content:
    """Return the content with a random seed where none is given. Raises RuleBroken for contradictory fields."""
    made: dict[str, Any] = content | {"days": content["days"] or 0}
    if made["seed"] is None:
        made["seed"] = secrets.randbelow(2**53)
    if made["days"] and (made["skills"] or made["required"] or made["budget"] is not None):
        raise RuleBroken(
            "days",
            "Randomised teams can be at any site. Leave skills, requirements and budget empty.",
        )
    if isinstance(made["teams"], int) and len(made["skills"]) > made["teams"]:
        raise RuleBroken("skills", "You named skills for more teams than there are. Write one line for each team.")
    return made


ASKING = QuestionType(
    "placement",
    N_("Placement of teams"),
    PlacementQuestion,
    N_("Where do I put my teams?"),
    N_("The crossings where teams detect most of those who take the way that is safest for them."),
    "target-arrow",
    order=4,
    first=("teams",),
    read=read,
    doing=N_("Reading the roads"),
    becomes=POSTS,
    adopts=N_("Adopt as draft checkpoints"),
    proves=True,
    tables=(
        TableView(
            "sites",
            N_("Checkpoints"),
            N_("Points are hundredths of all that moves. A loss of 0 says that a team stands idle there."),
            (
                Column("place", N_("Checkpoint"), "place", width=170),
                number("loss", N_("What you lose without it"), 2, 230),
                Column("next_best", N_("Next best"), "place", width=150),
                number("loss_with_next_best", N_("Lost with the next best"), 2, 210),
            ),
        ),
        TableView(
            "plans",
            N_("Plans compared"),
            N_("What each plan detects if all take the way that is safest for them under it."),
            (
                Column("plan", N_("Plan"), "plan", width=220),
                number("detected", N_("Detected, %"), 2, 130),
                number("moved", N_("Crosses elsewhere, %"), 1, 180),
                number("sites", N_("Checkpoints"), width=130),
            ),
        ),
        TableView(
            "frontier",
            N_("More or fewer teams"),
            N_("What the best plan detects with so many teams."),
            (
                number("teams", N_("Teams")),
                number("detected", N_("Detected, %"), 2, 140),
                percent("gap", N_("Gap, %"), 2, 140, N_("0 is proven: no plan is better")),
            ),
        ),
        TableView(
            "shift",
            N_("Where movement goes"),
            N_("Crossings that gain or lose, compared with the plan in force."),
            (
                Column("place", N_("Crossing"), "place", width=180),
                number("before", N_("Of all movement before, %"), 2, 210),
                number("after", N_("After, %"), 2, 140),
            ),
        ),
        TableView(
            "odds",
            N_("How often to stand where"),
            N_("The share of days on which each crossing is to be staffed by teams that move."),
            (
                Column("place", N_("Checkpoint"), "place", width=170),
                percent("odds", N_("Staffed, % of days"), 1, 170),
            ),
        ),
        TableView(
            "draw",
            N_("Days drawn"),
            N_("Where the teams stand on each day. Who watches them must not see this list."),
            (number("day", N_("Day"), width=90), Column("places", N_("Checkpoints"), "places", width=300)),
        ),
    ),
    looks=(
        CHECKPOINT,
        IN_FORCE,
        FeatureStyle(
            "way",
            "way",
            name=N_("The safest way past this plan"),
            note=(N_("Chance to pass unseen: {chance}"),),
            legend=N_("Safest ways past this plan"),
            fills={"chance": ("unseen", "percent")},
        ),
        FeatureStyle(
            "odds",
            "odds",
            note=(N_("Staffed on {share} of the days"),),
            legend=N_("Crossing, with the share of days in %"),
            fills={"share": ("odds", "percent")},
            mark="share",
        ),
        STAFFED,
    ),
)
