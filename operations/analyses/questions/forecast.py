"""The question of forecasts: the places that will see most in the next period, and how past lists performed."""

from typing import Annotated

from pydantic import Field

from operations.analyses.question import (
    LAYERS,
    LENGTHS,
    Column,
    EventQuestion,
    FeatureStyle,
    Length,
    QuestionType,
    Resolution,
    TableView,
    number,
    percent,
)
from operations.core.field_labels import N_, Label
from operations.core.vocabulary import MapObjectKind


class ForecastQuestion(EventQuestion):
    """The question which cells will hold most in the next period.

    `watched`: the number of cells that can be watched.
    """

    resolution: Resolution = None
    length: Annotated[Length, Label(N_("Length of a period"), N_("The period that is foreseen."), choices=LENGTHS)] = (
        "month"
    )
    watched: Annotated[
        int, Field(ge=1, le=500), Label(N_("Places that can be watched"), N_("So many cells the list names."))
    ] = 20


ASKING = QuestionType(
    "forecast",
    N_("Forecast"),
    ForecastQuestion,
    N_("Where next?"),
    N_("The places that will see most in the next period, and how far such lists held before."),
    "trending-up",
    order=2,
    first=("layers", "watched"),
    beside={"layers": LAYERS},
    becomes=(MapObjectKind.HOTSPOT,),
    plainly=(N_("Watch first: {places}."), N_("Nowhere does more happen than chance explains.")),
    tables=(
        TableView(
            "forecast",
            N_("Places to watch"),
            N_("The first in the list is the likeliest to see most."),
            (
                number("rank", N_("Rank"), width=90),
                Column("place", N_("Place"), "place", width=160),
                number(
                    "expected", N_("Score"), 2, tip=N_("Of 100 over all cells; for the ranking, no number of events")
                ),
            ),
        ),
        TableView(
            "backtest",
            N_("How far it held"),
            N_("Each rule replayed on periods it had not seen. The best is the one on the map."),
            (
                Column(
                    "rule",
                    N_("Rule"),
                    width=180,
                    codes={"chosen": N_("The choice itself, made anew in each period")},
                ),
                percent("hit_rate", N_("Events held, %"), 1, 140),
                number("pai", N_("PAI"), 2, tip=N_("Events held per share of the area")),
                percent("pei", N_("PEI*, %"), 1, tip=N_("Of the most that as many cells could hold")),
                Column("chosen", N_("Shown here"), width=120, fixed=True, codes={True: N_("shown"), False: ""}),
            ),
        ),
    ),
    looks=(
        FeatureStyle(
            "forecast", "rank", note=(N_("Rank {rank}"),), legend=N_("Place to watch, with its rank"), mark="rank"
        ),
    ),
)
