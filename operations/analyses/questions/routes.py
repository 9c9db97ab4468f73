"""The question of routes: the best ways between two places, the borders they cross, and the effect of closures."""

from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import Field
from sqlmodel import Session

from operations.analyses.question import (
    Around,
    ClosedCountries,
    Column,
    Content,
    FeatureStyle,
    Fills,
    Kmh,
    NamedPosition,
    Names,
    Question,
    QuestionType,
    RoadKmh,
    TableView,
    family,
    number,
    percent,
    sign,
)
from operations.core.errors import Flaw, RuleBroken
from operations.core.field_labels import N_, FieldSource, Label
from operations.core.vocabulary import MapObjectKind

PASSAGES = {
    "suez": N_("Suez Canal"),
    "panama": N_("Panama Canal"),
    "gibraltar": N_("Strait of Gibraltar"),
    "bosporus": N_("Bosporus"),
    "dardanelles": N_("Dardanelles"),
    "babalmandab": N_("Bab al-Mandab"),
    "ormuz": N_("Strait of Hormuz"),
    "malacca": N_("Strait of Malacca"),
    "sunda": N_("Sunda Strait"),
    "bering": N_("Bering Strait"),
    "northwest": N_("Northwest Passage"),
    "chili": N_("Strait of Magellan"),
    "south_africa": N_("Cape of Good Hope"),
}
"""Straits and canals of the sea lanes, as `geodata.ways.network` names them."""

_MODES = {"road": N_("Road"), "sea": N_("Sea")}
_PLACE = N_("Town, crossing, port or coordinate")


class RoutesQuestion(Question):
    """The question which ways lead from one place to another over main roads and sea lanes, and what they cross.

    `modes`: by road, by sea, or both. `least`: the cost to minimise. `ways`: the number of ways, including the best;
    two ways share at most `most_shared` of their cost, and none costs more than `most_cost` times the best. Closures
    are countries, known crossings and ports (refs), straits and canals, and circles. `corridor_km`: the half width of
    the corridor drawn around the best way, 0 for none.
    """

    origin: Annotated[
        NamedPosition, Label(N_("From"), N_("What is typed here goes first."), draws="place", placeholder=_PLACE)
    ]
    destination: Annotated[NamedPosition, Label(N_("To"), draws="place", placeholder=_PLACE)]
    modes: Annotated[
        tuple[Literal["road", "sea"], ...],
        Field(min_length=1, max_length=2),
        Label(
            N_("How they travel"),
            choices={"road,sea": N_("Road and sea"), "road": N_("Road only"), "sea": N_("Sea only")},
            start="road,sea",
            codes=_MODES,
        ),
    ] = ("road", "sea")
    least: Annotated[
        Literal["hours", "km"],
        Label(N_("Best is"), choices={"hours": N_("The quickest"), "km": N_("The shortest")}),
    ] = "hours"
    ways: Annotated[int, Field(ge=1, le=5), Label(N_("Ways to find"), N_("1 to 5, the best among them."))] = 3
    closed_countries: ClosedCountries = ()
    closed_sites: Annotated[
        Names,
        Label(N_("Closed crossings and ports"), N_("The ways that are left avoid what is closed."), draws="closable"),
    ] = ()
    closed_passages: Annotated[Names, Label(N_("Closed straits and canals"), draws="several", choices=PASSAGES)] = ()
    closed_around: Annotated[
        tuple[Around, ...],
        Field(max_length=20),
        Label(
            N_("Closed areas"),
            N_("One on a line: latitude, longitude, or the name of a place; km around it that are closed."),
            draws="around",
        ),
    ] = ()
    corridor_km: Annotated[
        float,
        Field(ge=0, le=500, allow_inf_nan=False),
        Label(
            N_("Corridor, in km"),
            N_("So far to either side of the best way the corridor reaches, up to 500. 0: none."),
        ),
    ] = 10
    most_shared: Annotated[
        float,
        Field(ge=0, le=1),
        Label(N_("Most in common"), N_("Of two ways, as a share between 0 and 1."), step=0.05),
    ] = 0.6
    most_cost: Annotated[
        float,
        Field(ge=1, le=5),
        Label(N_("Longest way"), N_("As a multiple of the best way, 1 to 5."), step=0.1),
    ] = 1.6
    road_kmh: RoadKmh = 60
    sea_kmh: Annotated[Kmh, Label(N_("Speed at sea, in km/h"), N_("Above 0, up to 300."))] = 20


def read(content: Content, _session: Session, _operation_id: UUID) -> Content:
    """Return the content with both ends, taken from the chosen route where none is typed.

    Raises RuleBroken where one is missing.
    """
    route: dict[str, Any] = next(iter(content.pop("along")), {})
    ends = {end: content[end] or route.get(end) for end in ("origin", "destination")}
    missing = [
        Flaw(end, "Type a place, or choose a route of the plan above.") for end, place in ends.items() if not place
    ]
    if missing:
        raise RuleBroken.all(missing)
    return content | ends | {"modes": tuple((content["modes"] or "road,sea").split(","))}


_ROUTE = Column("route", N_("Route"), "plan", width=110, fixed=True)
_LONG = N_("{hours} h, {km} km")
_FILLS: Fills = {"hours": ("hours", 1), "number": ("number", 0)}
_FREE = N_("The best way if nothing were closed")

ASKING = QuestionType(
    "routes",
    N_("Routes"),
    RoutesQuestion,
    N_("Which way do they go?"),
    N_("The best ways between two places, the borders they cross, and what closing changes."),
    "route",
    order=3,
    first=("along", "origin", "destination", "closed_sites", "closed_countries"),
    beside={
        "along": Label(
            N_("Between the ends of"),
            draws="routes",
            basis=FieldSource("route", N_("Routes are drawn on the plan."), N_("Open the plan"), "plan"),
        )
    },
    read=read,
    doing=N_("Searching roads and sea lanes"),
    becomes=(MapObjectKind.ROUTE,),
    adopts=N_("Adopt as draft routes"),
    tables=(
        TableView(
            "routes",
            N_("Routes"),
            N_("The best first. Choose one above the map to see it alone."),
            (
                _ROUTE,
                number("hours", N_("Hours"), 1),
                number("km", N_("km")),
                number("times", N_("Times the best"), 2, 140),
                percent("shared", N_("In common, %"), width=140, tip=N_("With a route before it in the list")),
                Column("modes", N_("How"), "several", width=110, fixed=True, codes=_MODES),
                Column("countries", N_("Countries in order"), "countries", width=240),
            ),
        ),
        TableView(
            "borders",
            N_("Borders"),
            N_("Where each route crosses a border, in the order of travel."),
            (
                _ROUTE,
                number("order", N_("Order"), width=90),
                Column("from", N_("From"), "country", width=120),
                Column("to", N_("To"), "country", width=120),
                Column("crossing", N_("Known crossing"), "place", width=180),
                Column(
                    "kind",
                    N_("Kind"),
                    width=140,
                    fixed=True,
                    codes={"land": N_("Land border"), "sea": N_("Landing from the sea")},
                ),
                Column("where", N_("Where"), "position", width=160, fixed=True),
            ),
        ),
        TableView(
            "legs",
            N_("Stretches"),
            N_("Each stretch by road or by sea, with the ports between them."),
            (
                _ROUTE,
                number("order", N_("Order"), width=90),
                Column("mode", N_("How"), width=110, fixed=True, codes=_MODES),
                number("km", N_("km")),
                number("hours", N_("Hours"), 1),
                Column("start", N_("From port"), width=150),
                Column("end", N_("To port"), width=150),
            ),
        ),
    ),
    looks=(
        *family(
            FeatureStyle(
                "route",
                "route-1",
                name=N_("Route {number}"),
                note=(_LONG,),
                legend=N_("The best route"),
                fills=_FILLS,
                mark="number",
                when=lambda about: about["number"] == 1,
            ),
            {"draws": "route-other", "legend": N_("Other routes")},
        ),
        FeatureStyle("free", "free", name=_FREE, note=(_LONG,), legend=_FREE, fills=_FILLS),
        *family(
            FeatureStyle(
                "crossed",
                "crossed",
                note=(N_("Border {pair}"),),
                legend=N_("Border crossed"),
                when=lambda about: bool(about["place"]),
            ),
            {"name": N_("No known crossing")},
        ),
        FeatureStyle(
            "corridor",
            "corridor",
            name=N_("Corridor"),
            note=(N_("{km} km to either side"),),
            legend=N_("Corridor of the best route"),
        ),
        *family(
            FeatureStyle(
                "end",
                "end",
                name=N_("From"),
                note=("{place}",),
                legend=N_("From, to"),
                when=lambda about: bool(about["first"]),
            ),
            {"name": N_("To")},
        ),
        sign("closed", N_("Closed")),
        FeatureStyle("closed_area", "closed-area", name=N_("Closed area"), legend=N_("Closed area")),
    ),
)
