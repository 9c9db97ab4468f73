"""Where to stand: the road network between the ends of journeys, its crossings as sites, and the best plan for teams.

What is assumed is said in the answer: smugglers know the plan and take the way on which they are least likely to be
seen; the roads are main roads without ferries or desert tracks; a checkpoint detects a fixed share of those who pass.
"""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely

from analyses.answer import Answer, Table
from analyses.questions import Journey, PlacementQuestion
from geodata import reference
from geodata.closures import NoAnswer
from geodata.network import Mode, Part, part, world
from geodata.placement import advice, evaluate
from geodata.placement.problem import NOWHERE, Problem, Unplaceable
from geodata.placement.solve import Placement, Progress, Rule, Status, place
from geodata.points import Note
from geodata.positions import join

ROAD: frozenset[Mode] = frozenset({"road"})
HALVES = 0.5
"""Share of the time allowed that goes to the plan itself; the rest goes to what explains it."""


@dataclass(frozen=True, eq=False)
class Field:
    """The piece of the road network that a question is about, and the problem on it. `names` of sites by their ids."""

    part: Part
    problem: Problem
    names: dict[str, str]
    at: dict[str, tuple[float, float]]
    skipped: tuple[Note, ...]


def field(question: PlacementQuestion) -> Field:
    """The network around the journeys as a placement problem; Unplaceable or NoAnswer say what does not fit.

    A piece of road of `km` is passed unseen with the chance (1 - on_the_way) ** (km / 1000), and where a checkpoint
    stands with (1 - detection) of that. Sites are the known border crossings on the roads.
    """
    piece = part(world(), bbox=_around(question.journeys, question.margin_km), modes=ROAD, largest=True)
    if not len(piece.u):
        raise Unplaceable("There is no road between the ends of these journeys. Choose places nearer to main roads.")
    here = set(piece.node.tolist())
    origins, destinations, shares, skipped = [], [], [], []
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
    if not origins:
        raise Unplaceable("None of the journeys can be followed on roads: {why}", why=" ".join(map(str, skipped)))
    number = {node: row for row, node in enumerate(piece.node.tolist())}
    sites = sorted(set(piece.crossing_id.tolist()) - {""})
    position = {site: row for row, site in enumerate(sites)}
    passed = (1 - question.on_the_way) ** (np.maximum(piece.km, 0.01) / 1000)
    site = np.array([position.get(each, NOWHERE) for each in piece.crossing_id])
    problem = Problem.of(
        (piece.u, piece.v, passed, passed * (1 - question.detection), site),
        sites,
        ([number[each] for each in origins], [number[each] for each in destinations], shares),
        question.teams,
        fixed=_known(question.fixed, position),
        forbidden=_known(question.forbidden, position),
        staffed=_known(question.staffed, position),
    )
    listed = reference.border_crossings().set_index("crossing_id").loc[sites]
    names = {each: row["name"] or each for each, row in listed.iterrows()}
    at = {each: (float(row["lon"]), float(row["lat"])) for each, row in listed.iterrows()}
    return Field(piece, problem, names, at, tuple(skipped))


def answer_placement(
    question: PlacementQuestion, hear: Callable[[Progress], bool], before: Sequence[str] = ()
) -> tuple[Answer, bool]:
    """The best plan found in the time allowed, with what explains it; and whether it was heard to the end.

    `hear` is told how far it is and says False to stop; the best plan so far is then the answer. `before` is the plan
    of an earlier answer, to begin with.
    """
    begun = time.monotonic()
    ground = field(question)
    start = [each for each in before if each in ground.names] or None
    found = place(ground.problem, budget_seconds=question.seconds * HALVES, progress=hear, start=start)
    if found.status is Status.CANCELLED:
        return _told(question, ground, found, (), {}), False
    left = max(2.0, question.seconds - (time.monotonic() - begun)) / 6
    stopped = False

    def still(state: Progress) -> bool:
        nonlocal stopped
        stopped = stopped or not hear(
            Progress(state.stage, time.monotonic() - begun, found.plan, found.unseen, found.bound)
        )
        return not stopped

    others = advice.alternatives(
        ground.problem, found, plans=2, differ=min(2, question.teams), budget_seconds=left, progress=still
    )
    counts = [count for count in _counts(question, ground) if not stopped]
    frontier = (
        advice.frontier(ground.problem, counts, budget_seconds=left, progress=still, kept=found.kept) if counts else {}
    )
    return _told(question, ground, found, others, frontier), not stopped


def _told(
    question: PlacementQuestion,
    ground: Field,
    found: Placement,
    others: Sequence[Placement],
    frontier: dict[int, Placement],
) -> Answer:
    in_force = [each for each in question.in_force if each in ground.names]
    compared = advice.compare(ground.problem, found.plan, in_force)
    shift = evaluate.forecast(ground.problem, in_force, found.plan)
    why = {each.site: each for each in advice.explain(ground.problem, found.plan)}
    named = ground.names
    percent = 100 / found.total
    best = min((each for each in compared if each.name == Rule.GREEDY.value), key=lambda each: each.unseen)
    headline = Note(
        "{teams} checkpoints detect {detected} % of what moves, if all take the way that is safest for them. No plan "
        "with as many can detect more than {most} %. The greedy choice would detect {greedy} %.",
        {
            "teams": len(found.plan),
            "detected": f"{100 * found.detected:.1f}",
            "most": f"{100 * (1 - found.bound / found.total):.1f}",
            "greedy": f"{100 * best.detected:.1f}",
        },
    )
    assumed = Note(
        "Assumed: a checkpoint detects {detection} % of those who pass; {way} % are detected on 1,000 km of road "
        "without one; main roads only, no ferries, no desert tracks. {journeys} journeys, {roads} pieces of road, "
        "{sites} border crossings.",
        {
            "detection": f"{100 * question.detection:g}",
            "way": f"{100 * question.on_the_way:g}",
            "journeys": len(ground.problem.share),
            "roads": len(ground.part.u) // 2,
            "sites": len(named),
        },
    )
    moved = Note(
        "{moved} % of what moves would cross other sites than under the plan in force: watch those named below, and do "
        "not read fewer detections here as success.",
        {"moved": f"{100 * shift.moved:.0f}"},
    )
    sites = [
        [
            each.site,
            named[each.site],
            round(each.loss * percent, 2),
            named.get(each.next_best or "", ""),
            round(each.loss_with_next_best * percent, 2),
        ]
        for each in why.values()
    ]
    plans = [
        [each.name, round(100 * each.detected, 2), round(100 * each.moved, 1), len(each.plan)] for each in compared
    ]
    plans += [
        [f"alternative {n}", round(100 * each.detected, 2), None, len(each.plan)] for n, each in enumerate(others, 1)
    ]
    return Answer(
        sentences=(headline, assumed, *((moved,) if in_force else ())),
        figures={
            "plan": list(found.plan),
            "in_force": in_force,
            "detected": found.detected,
            "most": 1 - found.bound / found.total,
            "unseen": found.unseen,
            "bound": found.bound,
            "gap": found.gap,
            "seconds": round(found.seconds, 2),
            "proven": found.proven,
            "alternatives": [list(each.plan) for each in others],
        },
        tables=(
            Table("sites", ("id", "place", "loss", "next_best", "loss_with_next_best"), sites),
            Table("plans", ("plan", "detected", "moved", "sites"), plans),
            Table(
                "frontier",
                ("teams", "detected", "gap"),
                [[n, round(100 * each.detected, 2), round(each.gap, 4)] for n, each in sorted(frontier.items())],
            ),
            Table(
                "shift",
                ("place", "before", "after"),
                [
                    [named.get(each.site, each.site), round(each.before * percent, 2), round(each.after * percent, 2)]
                    for each in shift.sites[:20]
                ],
            ),
        ),
        features=_shapes(ground, found.plan, in_force),
        notes=ground.skipped,
        sources=({"name": "Roads and crossings", "source": "© OpenStreetMap contributors", "licence": "ODbL 1.0"},),
    )


def _shapes(ground: Field, plan: Sequence[str], in_force: Sequence[str]) -> list[dict[str, Any]]:
    """The sites of both plans as points, and the safest way of each journey past the plan as lines."""

    def point(site: str, kind: str) -> dict[str, Any]:
        lon, lat = ground.at[site]
        return {
            "type": "Feature",
            "geometry": {"type": "Point", "coordinates": [round(lon, 5), round(lat, 5)]},
            "properties": {"kind": kind, "id": site, "place": ground.names[site]},
        }

    marks = [point(site, "checkpoint") for site in plan]
    marks += [point(site, "in_force") for site in in_force if site not in plan]
    for way in evaluate.routes(ground.problem, plan):
        if way is not None and len(way.nodes) > 1:
            nodes = np.array(way.nodes)
            line = shapely.linestrings(np.column_stack([ground.part.lon[nodes], ground.part.lat[nodes]]).round(4))
            marks.append(
                {
                    "type": "Feature",
                    "geometry": shapely.geometry.mapping(line),
                    "properties": {"kind": "way", "unseen": round(way.unseen, 4)},
                }
            )
    return marks


def _counts(question: PlacementQuestion, ground: Field) -> list[int]:
    """Numbers of teams for the frontier: one, and steps up to those there are."""
    most = min(question.teams, len(ground.names))
    least = max(1, len(ground.problem.fixed))
    return sorted({max(least, round(most * step / 4)) for step in range(1, 5)})


def _around(journeys: Sequence[Journey], margin_km: float) -> tuple[float, float, float, float]:
    """The box of all ends, wider by a margin. Raises Unplaceable where that spans more than half of the world."""
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
