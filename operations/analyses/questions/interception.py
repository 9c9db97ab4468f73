"""The question of the interception share: the part of movement that was detected, or that it cannot be told."""

from typing import Annotated
from uuid import UUID

from pydantic import Field
from sqlmodel import Session

from operations.analyses.question import (
    Column,
    Content,
    FeatureStyle,
    Question,
    QuestionType,
    TableView,
    number,
    sign,
)
from operations.analyses.questions.placement import Journeys
from operations.core.errors import Flaw, RuleBroken
from operations.core.field_labels import N_, Label

Chance = Annotated[float, Field(gt=0, lt=1)]
Part = Annotated[float, Field(ge=0, le=1)]


class InterceptionQuestion(Question):
    """The question which part of travellers was detected at the operation's sites, and what its plan predicts.

    `journeys`: the movement. `detection`: the chance that a staffed site detects a passer, with a 90 % interval from
    `detection_least` to `detection_most`. `knows_least` to `knows_most`: the share of travellers who know the sites,
    and take the way that is safest for them. `doubt`: the factor by which any journey's share may be larger or smaller.
    `together`: the size of groups. `on_the_way` and `margin_km` as in a placement.
    """

    journeys: Journeys
    detection: Annotated[
        Chance,
        Label(
            N_("Detection at a site"),
            N_("The chance that a staffed site detects who passes it, between 0 and 1. Best from passages as a test."),
            step=0.05,
        ),
    ] = 0.5
    detection_least: Annotated[
        Chance, Label(N_("Detection, at least"), N_("Nine times in ten it is between these two."), step=0.05)
    ] = 0.3
    detection_most: Annotated[
        Chance, Label(N_("Detection, at most"), N_("Nine times in ten it is between these two."), step=0.05)
    ] = 0.7
    knows_least: Annotated[
        Part,
        Label(N_("Who knows the sites, at least"), N_("The part that goes round them where it can, 0 to 1."), step=0.1),
    ] = 0.0
    knows_most: Annotated[
        Part,
        Label(N_("Who knows the sites, at most"), N_("The part that goes round them where it can, 0 to 1."), step=0.1),
    ] = 1.0
    doubt: Annotated[
        float,
        Field(ge=1, le=10),
        Label(
            N_("Doubt about the journeys"),
            N_("The share of any journey may be so many times as large, up to 10. 1: no doubt."),
            step=0.5,
        ),
    ] = 2
    together: Annotated[
        float,
        Field(ge=1, le=200),
        Label(
            N_("Travel together"),
            N_("So many are found at once: ten persons in one vehicle say as little as one group."),
            step=1,
        ),
    ] = 5
    on_the_way: Annotated[
        Chance,
        Label(
            N_("Detection on the way"),
            N_("The chance to be detected on 1,000 km of road without a checkpoint, between 0 and 1."),
            step=0.01,
        ),
    ] = 0.05
    margin_km: Annotated[
        float,
        Field(ge=50, le=2000),
        Label(N_("Detours, in km"), N_("So far around the journeys roads are looked at, 50 to 2,000.")),
    ] = 400
    seed: Annotated[
        int,
        Field(ge=0, lt=2**53),
        Label(N_("Seed"), N_("The same seed draws the same again."), draws="seed"),
    ] = 1


def read(content: Content, _session: Session, _operation_id: UUID) -> Content:
    """Return the content as typed. Raises RuleBroken where a lower bound is above the value or the upper bound."""
    flaws = []
    least, best, most = (content[name] for name in ("detection_least", "detection", "detection_most"))
    if all(isinstance(each, int | float) for each in (least, best, most)) and not least <= best <= most:
        flaws.append(Flaw("detection", "The chance must lie between the lowest and the highest value."))
    knows = content["knows_least"], content["knows_most"]
    if all(isinstance(each, int | float) for each in knows) and knows[0] > knows[1]:
        flaws.append(Flaw("knows_most", "The highest value cannot be less than the lowest."))
    if flaws:
        raise RuleBroken.all(flaws)
    return content


ASKING = QuestionType(
    "interception",
    N_("Interception share"),
    InterceptionQuestion,
    N_("How much of it was detected?"),
    N_(
        "The part of movement on the routes of the plan that the sites detected: observed, divided by observed and "
        "modelled undetected. A range that holds the truth nine times in ten, also where sites detect half as often as "
        "is assumed; or that it cannot be told."
    ),
    "eye",
    order=8,
    first=("detection",),
    read=read,
    doing=N_("Following the routes"),
    tables=(
        TableView(
            "routes",
            N_("By route"),
            N_("Routes that cross the same site stand together: who was detected there may have been on any of them."),
            (
                Column("route", N_("Route"), width=200),
                Column(
                    "answer",
                    N_("Can it be told?"),
                    width=230,
                    codes={
                        "told": N_("yes"),
                        "nobody": N_("no: nobody was detected"),
                        "unwatched": N_("no: no site that reports"),
                        "wide": N_("no: the doubt is too large"),
                        "small": N_("no: the numbers are small"),
                    },
                ),
                number("observed", N_("Detected, persons"), 0, 150),
                number("low", N_("Detected at least, %"), 0, 170),
                number("high", N_("Detected at most, %"), 0, 170),
                number("undetected_low", N_("Undetected at least"), 0, 160),
                number("undetected_high", N_("Undetected at most"), 0, 160),
                number("expected", N_("Expected by the plan, %"), 0, 190),
            ),
        ),
        TableView(
            "sites",
            N_("Sites on these routes"),
            N_("A site detects on the days of which it reported."),
            (
                Column("place", N_("Site"), "place", width=200),
                number("observed", N_("Detected, persons"), 0, 150),
                number("days", N_("Days with a report"), 0, 160),
                number("of", N_("Days of the operation"), 0, 170),
            ),
        ),
    ),
    looks=(
        sign("site", N_("Site on these routes"), "checkpoint"),
        FeatureStyle(
            "usual",
            "route-other",
            name=N_("The way of who does not know the sites"),
            legend=N_("Ways of who does not know the sites"),
        ),
        FeatureStyle(
            "round",
            "way",
            name=N_("The way of who knows the sites"),
            legend=N_("Ways of who knows the sites"),
        ),
    ),
)
