"""Candidate sites of a coverage question, and the events each reaches: by road in minutes, or straight in km."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
import shapely

from geodata.events.points import EventPoints, Note
from geodata.ground.sites import sites
from geodata.placement.coverage import Reach, reach
from geodata.placement.problem import Unplaceable
from geodata.placement.road_reach import SHORE_KM, Drive, drive
from geodata.ways.closures import Closed
from geodata.ways.corridors import MOST_KM
from geodata.ways.positions import MOST_KM as FARTHEST_KM
from geodata.ways.travel import BY_ROAD, Speeds, Travel
from operations.analyses.geojson_marks import around
from operations.analyses.questions.coverage import CoverageQuestion

_OWN = "place:"


@dataclass(frozen=True, eq=False)
class CoverageGround:
    """The events, the sites with an event in reach, and the events each reaches.

    `sites` are indexed by their ref, `row` is their number among the candidates; `driven` is None where reach is a
    straight line.
    """

    question: CoverageQuestion
    points: EventPoints
    weight: np.ndarray[Any, np.dtype[np.float64]]
    sites: pd.DataFrame
    reached: Reach
    driven: Drive | None

    def area(self, site: str) -> shapely.Geometry:
        """Return the area within reach of a site, on WGS 84; empty where it is too wide to draw, or no road is near."""
        if self.driven is not None:
            return self.driven.area(int(self.sites["row"][site]))
        km = self.question.reach_km
        if km is None or km > MOST_KM:
            return shapely.Polygon()
        return around(float(self.sites["lon"][site]), float(self.sites["lat"][site]), km)

    def notes(self) -> tuple[Note, ...]:
        """Return notes on how reach was measured, and on sites and events too far from every road."""
        there = {"sites": len(self.sites)}
        if self.driven is None:
            return (Note("Reach is measured as the crow flies. {sites} sites have an event within it.", there),)
        speeds = {
            "shore": f"{SHORE_KM:g}",
            "road": f"{self.question.road_kmh:g}",
            "access": f"{self.driven.travel.speeds.access_kmh:g}",
        }
        return (
            Note(
                "Reach is measured by road: {road} km/h on main roads, and {access} km/h straight on between a place "
                "and the nearest of them, at sea no farther than {shore} km. {sites} sites have an event within it.",
                there | speeds,
            ),
            Note("No team leaves its country.") if self.question.stay else Note("Borders do not stop a team."),
            *_far(self.question, self.driven, self.reached),
        )


def ground_of(question: CoverageQuestion, points: EventPoints) -> CoverageGround:
    """Return the ground of a question. Raises Unplaceable where there is no site, or none with an event in reach."""
    offered = _offered(question)
    if not len(offered):
        raise Unplaceable(
            "There is no place where a team could stand. Choose countries whose crossings are known, or place sites on "
            "the plan."
        )
    at = (offered["lon"].to_numpy(dtype=float), offered["lat"].to_numpy(dtype=float))
    here, driven = (points.lon, points.lat), None
    if question.reach_km is not None:
        near = reach(here, at, offered["ref"].tolist(), question.reach_km)
    else:
        driven = drive(here, at, question.minutes, travel=_travel(question), homes=_homes(question, offered))
        near = driven.reach(offered["ref"].tolist())
    wanted = {*question.fixed, *question.forbidden, *question.staffed, *question.in_force}
    useful = [row for row, within in enumerate(near.within) if len(within) or offered["ref"][row] in wanted]
    if not any(len(near.within[row]) for row in useful):
        raise _nothing(question, driven, len(offered))
    kept = Reach(near.points, tuple(near.sites[row] for row in useful), tuple(near.within[row] for row in useful))
    known = offered.assign(row=np.arange(len(offered))).iloc[useful].set_index("ref")
    return CoverageGround(question, points, np.asarray(points.weight, dtype=float), known, kept, driven)


def _offered(question: CoverageQuestion) -> pd.DataFrame:
    """Return the places of the operation, then known sites: `ref`, `name`, `iso3`, `iso3_other`, `lat`, `lon`."""
    kinds = ("crossing", "airport", "port") if question.all_sites else ("crossing",)
    known = [sites(kind, question.countries) for kind in kinds]  # type: ignore[arg-type]
    columns = ["ref", "name", "iso3", "iso3_other", "lat", "lon"]
    own = pd.DataFrame(
        [
            {
                "ref": f"{_OWN}{number}",
                "name": place.name,
                "iso3": "",
                "iso3_other": "",
                "lat": place.lat,
                "lon": place.lon,
            }
            for number, place in enumerate(question.places)
        ],
        columns=columns,
    )
    every = pd.concat([own, *(pd.DataFrame(each[columns]) for each in known)])
    every["ref"] = every["ref"].str.removeprefix("crossing:")
    return every.drop_duplicates("ref").drop_duplicates(["lat", "lon"]).reset_index(drop=True)


def _travel(question: CoverageQuestion) -> Travel:
    closed = Closed(countries=frozenset(question.closed_countries))
    return Travel(modes=BY_ROAD.modes, closed=closed, speeds=Speeds(road_kmh=question.road_kmh))


def _homes(question: CoverageQuestion, offered: pd.DataFrame) -> Sequence[Sequence[str]] | None:
    """Return the home countries of a team at each site: at a crossing, those of its two that were chosen."""
    if not question.stay:
        return None
    return [
        [iso3 for iso3 in pair if iso3 in question.countries]
        for pair in zip(offered["iso3"], offered["iso3_other"], strict=True)
    ]


def _nothing(question: CoverageQuestion, driven: Drive | None, offered: int) -> Unplaceable:
    if driven is None:
        return Unplaceable(
            "None of the {sites} sites has an event within {km} km. Make the reach wider, or offer other sites.",
            sites=offered,
            km=f"{question.reach_km:g}",
        )
    minutes = f"{question.minutes:g}"
    if driven.sites_off.all():
        return Unplaceable(
            "Each of the {sites} sites is so far from any main road that no team gets onto one within {minutes} "
            "minutes. Measure reach in a straight line, or offer other sites.",
            sites=offered,
            minutes=minutes,
        )
    return Unplaceable(
        "None of the {sites} sites has an event within {minutes} minutes by road. Allow more minutes, measure reach in "
        "a straight line, or offer other sites.",
        sites=offered,
        minutes=minutes,
    )


def _far(question: CoverageQuestion, driven: Drive, reached: Reach) -> tuple[Note, ...]:
    """Return notes with the counts of sites and events that are too far from any road."""
    found, minutes = [], f"{question.minutes:g}"
    if sites_off := int(driven.sites_off.sum()):
        found.append(
            Note(
                "{count} of {sites} sites are so far from any main road that no team gets onto one within {minutes} "
                "minutes.",
                {"count": sites_off, "sites": len(driven.sites[0]), "minutes": minutes},
            )
        )
    lost = driven.points_off
    for within in reached.within:
        lost[within] = False
    if lost.any():
        km = min(driven.hours * driven.travel.speeds.access_kmh, FARTHEST_KM)
        found.append(
            Note(
                "{count} of {events} events lie more than {km} km from any main road, or at sea more than {shore} km: "
                "no site reaches them in {minutes} minutes.",
                {
                    "count": int(lost.sum()),
                    "events": len(lost),
                    "km": f"{km:.3g}",
                    "shore": f"{SHORE_KM:g}",
                    "minutes": minutes,
                },
            )
        )
    return tuple(found)
