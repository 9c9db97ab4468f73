"""The road network of a placement question: the part between the ends of journeys, with its crossings as sites."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely

from geodata.events.points import Note
from geodata.ground import reference
from geodata.placement.problem import NOWHERE, PlacementProblem, Unplaceable
from geodata.ways.closures import NoAnswer
from geodata.ways.network import Mode, NetworkPart, part
from geodata.ways.positions import join
from geodata.ways.world_graph import world
from operations.analyses.question import Journey
from operations.analyses.questions.placement import PlacementQuestion

ROAD: frozenset[Mode] = frozenset({"road"})


@dataclass(frozen=True, eq=False)
class RoadProblem:
    """The part of the road network that a question is about, and the problem on it. `names` of sites by their ids.

    `journeys` are those that can be followed, in the order of the problem.
    """

    part: NetworkPart
    problem: PlacementProblem
    names: dict[str, str]
    at: dict[str, tuple[float, float]]
    skipped: tuple[Note, ...]
    journeys: tuple[Journey, ...]

    def point(self, site: str, kind: str, **about: Any) -> dict[str, Any]:
        """Return a site as a GeoJSON feature."""
        lon, lat = self.at[site]
        return {
            "type": "Feature",
            "geometry": {"type": "Point", "coordinates": [round(lon, 5), round(lat, 5)]},
            "properties": {"kind": kind, "id": site, "place": self.names[site], **about},
        }

    def way(self, nodes: Sequence[int], unseen: float, of: Sequence[str]) -> dict[str, Any]:
        """Return the way along some nodes as a GeoJSON feature."""
        rows = np.array(nodes)
        line = shapely.linestrings(np.column_stack([self.part.lon[rows], self.part.lat[rows]]).round(4))
        about = {"kind": "way", "unseen": unseen, "of": list(of)}
        return {"type": "Feature", "geometry": shapely.geometry.mapping(line), "properties": about}


def ground_of(question: PlacementQuestion) -> RoadProblem:
    """Return the network around the journeys as a placement problem.

    Raises Unplaceable or NoAnswer where there is none.

    A piece of road of `km` is passed unseen with the chance (1 - on_the_way) ** (km / 1000), and where a checkpoint
    stands with (1 - detection) of that. Sites are the known border crossings on the roads.
    """
    piece = part(world(), bbox=_around(question.journeys, question.margin_km), modes=ROAD, largest=True)
    if not len(piece.u):
        raise Unplaceable("There is no road between the ends of these journeys. Choose places nearer to main roads.")
    here = set(piece.node.tolist())
    origins, destinations, shares, skipped, followed = [], [], [], [], []
    for journey in question.journeys:
        try:
            ends = [join(world(), (stop.lon, stop.lat), ROAD).node for stop in (journey.origin, journey.destination)]
        except NoAnswer:
            skipped.append(
                Note(
                    "{journey}: one of its ends is far from every road, so it was left out.", {"journey": journey.name}
                )
            )
            continue
        if not here.issuperset(ends):
            skipped.append(
                Note("{journey}: no road joins its two ends, so it was left out.", {"journey": journey.name})
            )
        elif ends[0] == ends[1]:
            skipped.append(
                Note("{journey}: it begins and ends at one place, so it was left out.", {"journey": journey.name})
            )
        else:
            origins.append(ends[0])
            destinations.append(ends[1])
            shares.append(journey.share)
            followed.append(journey)
    if not origins:
        raise Unplaceable("None of the journeys can be followed on roads: {why}", why=skipped)
    number = {node: row for row, node in enumerate(piece.node.tolist())}
    sites = sorted(set(piece.crossing_id.tolist()) - {""})
    position = {site: row for row, site in enumerate(sites)}
    passed = (1 - question.on_the_way) ** (np.maximum(piece.km, 0.01) / 1000)
    site = np.array([position.get(each, NOWHERE) for each in piece.crossing_id])
    problem = PlacementProblem.of(
        (piece.u, piece.v, passed, passed * (1 - question.detection), site),
        sites,
        ([number[each] for each in origins], [number[each] for each in destinations], shares),
        _teams(question),
        fixed=_known(question.fixed, position),
        forbidden=_known(question.forbidden, position),
        staffed=_known(question.staffed, position),
        **_requirements(question, sites),
    )
    listed = reference.border_crossings().set_index("crossing_id").loc[sites]
    names = {each: row["name"] or each for each, row in listed.iterrows()}
    at = {each: (float(row["lon"]), float(row["lat"])) for each, row in listed.iterrows()}
    return RoadProblem(piece, problem, names, at, tuple(skipped), tuple(followed))


def _teams(question: PlacementQuestion) -> int | list[tuple[str, ...]]:
    """Return the number of teams, or the skills of each where any has some."""
    if not any(question.skills):
        return question.teams
    more = question.teams - len(question.skills)
    if more < 0:
        raise Unplaceable(
            "Skills are named for {named} teams, but there are {teams}. Name as many teams, or fewer skills.",
            named=len(question.skills),
            teams=question.teams,
        )
    return [*question.skills, *[()] * more]


def _requirements(question: PlacementQuestion, sites: Sequence[str]) -> dict[str, Any]:
    """Return the skills and costs of sites as arguments of a problem; empty where none are given."""
    required = {each.site: each for each in question.required}
    found: dict[str, Any] = {}
    if any(each.skill for each in required.values()):
        found["needs"] = [required[site].skill if site in required else "" for site in sites]
    if question.budget is not None:
        costs = {name: each.cost for name, each in required.items() if each.cost is not None}
        found |= {"effort": [costs.get(site, question.cost) for site in sites], "purse": question.budget}
    return found


def _around(journeys: Sequence[Journey], margin_km: float) -> tuple[float, float, float, float]:
    """Return the box of all ends, wider by a margin. Raises Unplaceable where it spans more than half of the world."""
    ends = [stop for journey in journeys for stop in (journey.origin, journey.destination)]
    lon, lat = (np.array([getattr(stop, name) for stop in ends]) for name in ("lon", "lat"))
    up = margin_km / 111.2
    aside = up / max(0.1, float(np.cos(np.radians(np.abs(lat).max()))))
    west, east = lon.min() - aside, lon.max() + aside
    if east - west > 180:
        raise Unplaceable("These journeys span more than half of the world. Ask about one region at a time.")
    return max(west, -180.0), max(lat.min() - up, -90.0), min(east, 180.0), min(lat.max() + up, 90.0)


def _known(chosen: Sequence[str], position: dict[str, int]) -> list[str]:
    return [each for each in chosen if each in position]
