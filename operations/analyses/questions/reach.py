"""The question of reach: the areas that teams reach by road in some hours, and which team is where first."""

from typing import Annotated

from pydantic import Field

from operations.analyses.question import (
    ClosedCountries,
    Column,
    FeatureStyle,
    NamedPosition,
    Question,
    QuestionType,
    RoadKmh,
    TableView,
    family,
    number,
    sign,
)
from operations.core.field_labels import N_, FieldSource, Label, N_plural

_ONE = N_("One on a line: name; latitude, longitude, or the name of a place.")


class ReachQuestion(Question):
    """The question how far teams come by road in some hours, and which team is where first.

    `stay`: no team leaves the country where it stands. `targets`: the places asked about.
    """

    teams: Annotated[
        tuple[NamedPosition, ...],
        Field(min_length=1, max_length=60),
        Label(
            N_("Teams"),
            _ONE,
            draws="places",
            given="teams",
            needed=N_("Say where teams stand: draw them on the plan, or type places here."),
            basis=FieldSource(
                "users-group",
                N_("Nothing on the plan says where teams stand. Draw it there, or type places under “More”."),
                N_("Open the plan"),
                "plan",
                N_plural("{n} team, where the plan puts it.", "{n} teams, where the plan puts them."),
            ),
        ),
    ]
    hours: Annotated[
        tuple[Annotated[float, Field(gt=0, le=48)], ...],
        Field(min_length=1, max_length=6),
        Label(N_("Hours"), N_("Up to six times, each up to 48 hours."), draws="numbers"),
    ] = (1, 2, 4)
    targets: Annotated[
        tuple[NamedPosition, ...],
        Field(max_length=300),
        Label(N_("Places to be at"), _ONE, draws="places", given="targets"),
    ] = ()
    stay: Annotated[bool, Label(N_("Teams stay in their country"), N_("No team crosses a border."))] = True
    closed_countries: ClosedCountries = ()
    road_kmh: RoadKmh = 60


_WITHIN, _NEVER = N_("Within {hours} h"), N_("No team comes here by road")

ASKING = QuestionType(
    "reach",
    N_("Reach of teams"),
    ReachQuestion,
    N_("How far do my teams come?"),
    N_("The areas that teams reach by road in so many hours, and who is where first."),
    "clock",
    order=6,
    first=("hours",),
    doing=N_("Searching roads from every team"),
    tables=(
        TableView(
            "reached",
            N_("Who is where first"),
            N_("Those that take longest come first; a place that no team reaches stands on top."),
            (
                Column("place", N_("Place"), width=160),
                Column("team", N_("First there"), width=150),
                number("hours", N_("Hours"), 1),
                Column("second", N_("Next"), width=150),
                number("second_hours", N_("Hours"), 1),
            ),
        ),
        TableView(
            "areas",
            N_("Areas"),
            N_("What all teams together reach within so many hours."),
            (
                number("hours", N_("Hours"), 1),
                number("area_km2", N_("Area, km²"), width=150),
                number("reached", N_("Places reached"), width=160),
            ),
        ),
    ),
    looks=(
        FeatureStyle(
            "reach",
            "reach",
            name=_WITHIN,
            fills={"hours": ("hours", "g")},
            by_number="number",
            shades={1: _WITHIN, 2: _WITHIN, 3: _WITHIN},
        ),
        sign("team", N_("Team"), near=True),
        *family(
            FeatureStyle(
                "target",
                "target",
                note=(N_("First team after {hours} h"),),
                legend=N_("Place to be at"),
                fills={"hours": ("hours", 1)},
                near=True,
                when=lambda about: about["hours"] is not None,
            ),
            {"draws": "target-out", "note": (_NEVER,), "legend": _NEVER},
        ),
    ),
)
