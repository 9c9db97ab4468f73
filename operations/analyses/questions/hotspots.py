"""The question of hotspots: places where more happens than chance explains, and their trends."""

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
    Weighted,
    family,
    number,
)
from operations.core.field_labels import N_, NONE, Label
from operations.core.vocabulary import MapObjectKind

TRENDS = {
    "emerging": N_("Emerging"),
    "intensifying": N_("Intensifying"),
    "persistent": N_("Persistent"),
    "diminishing": N_("Diminishing"),
    "sporadic": N_("Sporadic"),
}
"""The labels of trends; a hotspot with another value has none."""


class HotspotQuestion(EventQuestion):
    """The question where more happens than chance explains, and whether it grows.

    `resolution`: H3, 2 to 8; None takes the finest at which a cell with events holds a few on average. `level`: false
    discovery rate. `least`: the least events in a hot cell and its neighbours. `weighted`: persons instead of events.
    `length`: of the periods of trends; None without trends.
    """

    resolution: Resolution = None
    level: Annotated[
        float,
        Field(gt=0, le=0.2),
        Label(
            N_("False discoveries"),
            N_("Share of the places marked that may be marked by chance, up to 0.2."),
            step=0.01,
        ),
    ] = 0.05
    least: Annotated[
        int,
        Field(ge=1, le=1000),
        Label(N_("Least events"), N_("So many events a hot cell and its neighbours hold together at least.")),
    ] = 5
    length: Annotated[
        Length | None,
        Label(
            N_("Length of a period"),
            N_("Trends are told over periods of this length."),
            choices={**LENGTHS, NONE: N_("No trends")},
        ),
    ] = "month"
    weighted: Weighted = False


_PLAIN = {"legend_fills": {}, "by_thirds": "", "least": False, "shades": {}}
"""Overrides of styles without thirds."""

ASKING = QuestionType(
    "hotspots",
    N_("Hotspots"),
    HotspotQuestion,
    N_("Where do they cross?"),
    N_("Places where more happens than chance explains, and whether it grows."),
    "flame",
    order=1,
    first=("layers",),
    beside={"layers": LAYERS},
    becomes=(MapObjectKind.HOTSPOT,),
    plainly=(
        N_("More happens than chance explains near {places}."),
        N_("Nowhere does more happen than chance explains."),
    ),
    calls_teams=True,
    tables=(
        TableView(
            "hotspots",
            N_("Hotspots"),
            N_("The strongest first. Every place on the map that is hot stands here."),
            (
                Column("place", N_("Place"), "place", width=160),
                number("count", N_("Events")),
                Column("trend", N_("Trend"), width=140, fixed=True, codes=TRENDS, strict=True),
                number("z", N_("Strength (z)"), tip=N_("Gi*: how far above what chance gives")),
                number("q", N_("Doubt (q)"), 5, tip=N_("After the correction for many tests")),
            ),
        ),
    ),
    looks=family(
        FeatureStyle(
            "hot",
            "hot",
            note=(N_("{count} events"), N_("strength {z}")),
            fills={"z": ("z", 2)},
            near=True,
            edges=TRENDS,
            legend_fills={"z": ("z", 1)},
            by_thirds="z",
            least=True,
            shades={
                3: N_("Hot, strongest third (z from {z})"),
                2: N_("Hot, middle third (z from {z})"),
                1: N_("Hot (z from {z})"),
            },
        ),
        {"kind": "cold", "draws": "cold", "legend": N_("Less than chance gives"), **_PLAIN},
        {
            "kind": "",
            "draws": "was-hot",
            "legend": N_("Not hot as a whole, but with a trend"),
            "when": lambda about: about["trend"] in TRENDS,
            **_PLAIN,
        },
    ),
)
