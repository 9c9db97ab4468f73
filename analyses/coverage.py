"""Where teams have the most events within reach, proven, beside the greedy choice and what one team more would add."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd

from analyses.answer import Answer, Table
from analyses.marks import circle, point
from analyses.questions import CoverageQuestion
from geodata.placement.advice import IN_FORCE, PROPOSED
from geodata.placement.coverage import Coverage, Reach, cover_most, reach
from geodata.placement.problem import Unplaceable
from geodata.placement.solve import Progress, Stage, Status
from geodata.points import Note, Points, checked
from geodata.sites import sites

STEPS = 4
"""So many numbers of teams are told besides: from few to all, in even steps."""

_OWN = "place:"


@dataclass(frozen=True, eq=False)
class Ground:
    """The events, the sites in reach of any of them, and who reaches what."""

    points: Points
    weight: np.ndarray[Any, np.dtype[np.float64]]
    sites: pd.DataFrame
    reached: Reach


def answer_coverage(
    question: CoverageQuestion, events: gpd.GeoDataFrame, today: date, hear: Callable[[Progress], bool]
) -> tuple[Answer, bool]:
    """The sites for the teams, what each alone covers, and more or fewer teams. Raises `Unfit`, `Unplaceable`."""
    weight = "quantity" if question.weighted else None
    points = checked(events.fillna({"quantity": 0.0}), today, weight=weight)
    ground = _ground(question, points)
    heard = _Heard(hear)
    found = _covered(question, ground, question.teams, question.seconds / 2, heard)
    fewer = {} if heard.stopped else _fewer(question, ground, heard)
    return _told(question, ground, found, fewer), not heard.stopped


class _Heard:
    """Tells what covering tells in the words of a placement; remembers that somebody asked to stop."""

    def __init__(self, hear: Callable[[Progress], bool]) -> None:
        self.hear, self.stopped = hear, False

    def __call__(self, seconds: float, covered: float, bound: float) -> bool:
        self.stopped = self.stopped or not self.hear(Progress(Stage.PROOF, seconds, (), 0.0, 0.0))
        return not self.stopped


def _ground(question: CoverageQuestion, points: Points) -> Ground:
    kinds = ("crossing", "airport", "port") if question.all_sites else ("crossing",)
    known = [sites(kind, question.countries) for kind in kinds]  # type: ignore[arg-type]
    wanted = {*question.fixed, *question.forbidden, *question.staffed, *question.in_force}
    own = pd.DataFrame(
        [
            {"ref": f"{_OWN}{number}", "name": each.name, "iso3": "", "lat": each.lat, "lon": each.lon}
            for number, each in enumerate(question.places)
        ],
        columns=["ref", "name", "iso3", "lat", "lon"],
    )
    every = pd.concat([own, *(pd.DataFrame(each[["ref", "name", "iso3", "lat", "lon"]]) for each in known)])
    every["ref"] = every["ref"].str.removeprefix("crossing:")
    every = every.drop_duplicates("ref").drop_duplicates(["lat", "lon"]).reset_index(drop=True)
    if not len(every):
        raise Unplaceable(
            "There is no place where a team could stand. Choose countries whose crossings are known, or place sites on "
            "the plan."
        )
    at = (every["lon"].to_numpy(dtype=float), every["lat"].to_numpy(dtype=float))
    near = reach((points.lon, points.lat), at, every["ref"].tolist(), question.reach_km)
    useful = [row for row, within in enumerate(near.within) if len(within) or every["ref"][row] in wanted]
    if not any(len(near.within[row]) for row in useful):
        raise Unplaceable(
            "None of the {sites} sites has an event within {km} km. Make the reach wider, or offer other sites.",
            sites=len(every),
            km=f"{question.reach_km:g}",
        )
    kept = Reach(near.points, tuple(near.sites[row] for row in useful), tuple(near.within[row] for row in useful))
    return Ground(points, np.asarray(points.weight, dtype=float), every.iloc[useful].set_index("ref"), kept)


def _covered(question: CoverageQuestion, ground: Ground, teams: int, seconds: float, heard: _Heard) -> Coverage:
    offered = set(ground.reached.sites)
    free = offered - set(question.forbidden) - set(question.staffed)
    return cover_most(
        ground.reached,
        ground.weight,
        min(teams, len(free)),
        capacity=None if question.capacity is None else np.full(len(ground.reached.sites), question.capacity),
        fixed=offered & set(question.fixed),
        forbidden=offered & set(question.forbidden),
        staffed=offered & set(question.staffed),
        budget_seconds=seconds,
        progress=heard,
    )


def _fewer(question: CoverageQuestion, ground: Ground, heard: _Heard) -> dict[int, Coverage]:
    least = max(1, len(set(question.fixed) & set(ground.reached.sites)))
    most = min(question.teams, len(ground.reached.sites))
    counts = sorted({max(least, round(most * step / STEPS)) for step in range(1, STEPS)} - {question.teams})
    found = {}
    for count in counts:
        if not heard.stopped:
            found[count] = _covered(question, ground, count, question.seconds / 2 / len(counts), heard)
    return found


# ------------------------------------------------------------------------------------------------- the answer


def _told(question: CoverageQuestion, ground: Ground, found: Coverage, fewer: Mapping[int, Coverage]) -> Answer:
    every = dict(sorted({**fewer, len(found.plan): found}.items()))
    in_force = [site for site in question.in_force if site in ground.sites.index]
    plans = {PROPOSED: found.plan} | {f"teams {count}": each.plan for count, each in fewer.items()}
    plans |= {IN_FORCE: tuple(in_force)} if in_force else {}
    return Answer(
        sentences=(
            _headline(question, found),
            Note(
                "No choice of as many sites can cover more than {most} %. Greedy, the best site and then the next "
                "best, covers {greedy} %.",
                {
                    "most": f"{100 * found.bound / found.total:.1f}",
                    "greedy": f"{100 * found.greedy / found.total:.1f}",
                },
            ),
            *_compared(question, ground, in_force),
            *_idle(question, found),
        ),
        figures={
            "plan": list(found.plan),
            "covered": found.covered / found.total,
            "reachable": found.reachable / found.total,
            "most": found.bound / found.total,
            "greedy": found.greedy / found.total,
            "gap": found.gap,
            "proven": found.status is Status.PROVEN,
            "seconds": round(found.seconds, 2),
            "variants": [{"name": name, "covered": _share(ground, plan)} for name, plan in plans.items()],
        },
        tables=(
            Table("covered", ("id", "place", "events", "alone"), _sites(ground, found)),
            Table(
                "more_teams",
                ("teams", "covered", "gap"),
                [
                    [count, round(100 * each.covered / each.total, 2), round(each.gap, 4)]
                    for count, each in every.items()
                ],
            ),
        ),
        features=_shapes(question, ground, plans),
        notes=_notes(question, ground),
    )


def _headline(question: CoverageQuestion, found: Coverage) -> Note:
    params = {
        "teams": len(found.plan),
        "asked": question.teams,
        "share": f"{100 * found.covered / found.total:.1f}",
        "km": f"{question.reach_km:g}",
        "out": f"{100 * (1 - found.reachable / found.total):.1f}",
    }
    if question.capacity is not None:
        return Note(
            "With {teams} of {asked} teams, {share} % of all events are served within {km} km, by none more than it "
            "can. {out} % lie out of reach of every site.",
            params,
        )
    return Note(
        "With {teams} of {asked} teams, {share} % of all events are within {km} km of one. {out} % lie out of reach of "
        "every site.",
        params,
    )


def _idle(question: CoverageQuestion, found: Coverage) -> tuple[Note, ...]:
    left = question.teams - len(found.plan)
    if left <= 0:
        return ()
    return (
        Note(
            "Further teams ({count}) would add nothing: no other site has an event in reach that is not covered.",
            {"count": left},
        ),
    )


def _compared(question: CoverageQuestion, ground: Ground, in_force: Sequence[str]) -> tuple[Note, ...]:
    if not in_force:
        return ()
    share = _share(ground, [*in_force, *question.staffed])
    return (Note("The plan in force has {share} % within reach.", {"share": f"{100 * share:.1f}"}),)


def _notes(question: CoverageQuestion, ground: Ground) -> tuple[Note, ...]:
    strange = sorted({*question.fixed, *question.forbidden, *question.staffed} - set(ground.reached.sites))
    left_out = Note("These sites are not among those offered and were left out: {places}.", {"places": strange})
    sites_there = {"sites": len(ground.sites)}
    within = Note("Reach is measured as the crow flies. {sites} sites have an event within it.", sites_there)
    return within, *ground.points.notes, *((left_out,) if strange else ())


def _share(ground: Ground, plan: Sequence[str]) -> float:
    """The share of all weight that some site of a plan reaches, however much each could serve."""
    served = np.zeros(ground.reached.points, dtype=np.bool_)
    for name, within in zip(ground.reached.sites, ground.reached.within, strict=True):
        if name in set(plan):
            served[within] = True
    return float(ground.weight[served].sum() / ground.weight.sum())


def _sites(ground: Ground, found: Coverage) -> list[list[Any]]:
    """Each site with the events in its reach, and those that only it reaches: what is lost without it."""
    within = dict(zip(ground.reached.sites, ground.reached.within, strict=True))
    times = np.zeros(ground.reached.points, dtype=np.int64)
    for site in found.plan:
        times[within[site]] += 1
    rows = []
    for site in found.plan:
        reached = within[site]
        alone = reached[times[reached] == 1]
        rows.append(
            [site, ground.sites["name"][site], float(ground.weight[reached].sum()), float(ground.weight[alone].sum())]
        )
    return sorted(rows, key=lambda row: (-row[3], row[1]))


def _shapes(question: CoverageQuestion, ground: Ground, plans: Mapping[str, Sequence[str]]) -> list[dict[str, Any]]:
    """The reach of each site and the sites, with the plans that they belong to. Events are a layer of their own."""
    of = {
        site: [name for name, plan in plans.items() if site in plan]
        for site in sorted({site for plan in plans.values() for site in plan})
    }
    about: dict[str, dict[str, Any]] = {site: {"place": str(ground.sites["name"][site])} for site in ground.sites.index}
    at = {site: (float(ground.sites["lon"][site]), float(ground.sites["lat"][site])) for site in ground.sites.index}
    reached = [
        each
        for site, names in of.items()
        for each in circle(*at[site], question.reach_km, "within", of=names, **about[site])
    ]
    posts = [point(*at[site], "checkpoint", id=site, of=names, **about[site]) for site, names in of.items()]
    others = [point(*at[site], "staffed", **about[site]) for site in question.staffed if site in at]
    return [*reached, *posts, *others]
