"""Coverage: sites with the most events within reach, proven, with the greedy choice and the gain of more teams."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any

import geopandas as gpd
import numpy as np

from geodata.events.points import Note, checked
from geodata.placement.advice import IN_FORCE, PROPOSED
from geodata.placement.coverage import Coverage, cover_most
from geodata.placement.solver import PlacementProgress, PlacementStage, PlacementStatus
from operations.analyses.answer import Answer, AnswerTable
from operations.analyses.coverage_ground import CoverageGround, ground_of
from operations.analyses.geojson_marks import area, point
from operations.analyses.questions.coverage import CoverageQuestion
from operations.analyses.routes import SOURCES

STEPS = 4
"""The number of other team counts computed: from few to all, in even steps."""

BY_ROAD = "_by_road"
"""Suffix of tables where reach is measured by road."""


def answer_coverage(
    question: CoverageQuestion, events: gpd.GeoDataFrame, today: date, hear: Callable[[PlacementProgress], bool]
) -> tuple[Answer, bool]:
    """Return the sites for the teams, each one's own coverage, and other numbers of teams.

    Raises `UnfitEvents`, `Unplaceable`.
    """
    weight = "quantity" if question.weighted else None
    points = checked(events.fillna({"quantity": 0.0}), today, weight=weight)
    ground = ground_of(question, points)
    heard = _Heard(hear)
    found = _covered(question, ground, question.teams, question.seconds / 2, heard)
    fewer = {} if heard.stopped else _fewer(question, ground, heard)
    return _told(question, ground, found, fewer), not heard.stopped


class _Heard:
    """Adapts the progress of a coverage to that of a placement; remembers a request to stop."""

    def __init__(self, hear: Callable[[PlacementProgress], bool]) -> None:
        self.hear, self.stopped = hear, False

    def __call__(self, seconds: float, covered: float, bound: float) -> bool:
        self.stopped = self.stopped or not self.hear(PlacementProgress(PlacementStage.PROOF, seconds, (), 0.0, 0.0))
        return not self.stopped


def _covered(question: CoverageQuestion, ground: CoverageGround, teams: int, seconds: float, heard: _Heard) -> Coverage:
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


def _fewer(question: CoverageQuestion, ground: CoverageGround, heard: _Heard) -> dict[int, Coverage]:
    least = max(1, len(set(question.fixed) & set(ground.reached.sites)))
    most = min(question.teams, len(ground.reached.sites))
    counts = sorted({max(least, round(most * step / STEPS)) for step in range(1, STEPS)} - {question.teams})
    found = {}
    for count in counts:
        if not heard.stopped:
            found[count] = _covered(question, ground, count, question.seconds / 2 / len(counts), heard)
    return found


# ------------------------------------------------------------------------------------------------- the answer


def _told(question: CoverageQuestion, ground: CoverageGround, found: Coverage, fewer: Mapping[int, Coverage]) -> Answer:
    every = dict(sorted({**fewer, len(found.plan): found}.items()))
    in_force = [site for site in question.in_force if site in ground.sites.index]
    plans = {PROPOSED: found.plan} | {f"teams {count}": each.plan for count, each in fewer.items()}
    plans |= {IN_FORCE: tuple(in_force)} if in_force else {}
    how = BY_ROAD if question.reach_km is None else ""
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
            "proven": found.status is PlacementStatus.PROVEN,
            "seconds": round(found.seconds, 2),
            "variants": [{"name": name, "covered": _share(ground, plan)} for name, plan in plans.items()],
        },
        tables=(
            AnswerTable(f"covered{how}", ("id", "place", "events", "alone"), _sites(ground, found)),
            AnswerTable(
                f"more_teams{how}",
                ("teams", "covered", "gap"),
                [
                    [count, round(100 * coverage.covered / coverage.total, 2), round(coverage.gap, 4)]
                    for count, coverage in every.items()
                ],
            ),
        ),
        features=_shapes(question, ground, plans),
        notes=_notes(question, ground),
        sources=() if ground.driven is None else SOURCES[:1],
    )


def _headline(question: CoverageQuestion, found: Coverage) -> Note:
    params = {
        "teams": len(found.plan),
        "asked": question.teams,
        "share": f"{100 * found.covered / found.total:.1f}",
        "out": f"{100 * (1 - found.reachable / found.total):.1f}",
    }
    if question.reach_km is None:
        params["minutes"] = f"{question.minutes:g}"
        if question.capacity is not None:
            return Note(
                "With {teams} of {asked} teams, {share} % of all events are served within {minutes} minutes by road, "
                "by none more than it can. {out} % lie out of reach of every site.",
                params,
            )
        return Note(
            "With {teams} of {asked} teams, {share} % of all events are within {minutes} minutes of one by road. "
            "{out} % lie out of reach of every site.",
            params,
        )
    params["km"] = f"{question.reach_km:g}"
    if question.capacity is not None:
        return Note(
            "With {teams} of {asked} teams, {share} % of all events are served within {km} km in a straight line, by "
            "none more than it can. {out} % lie out of reach of every site.",
            params,
        )
    return Note(
        "With {teams} of {asked} teams, {share} % of all events are within {km} km of one in a straight line. {out} % "
        "lie out of reach of every site.",
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


def _compared(question: CoverageQuestion, ground: CoverageGround, in_force: Sequence[str]) -> tuple[Note, ...]:
    if not in_force:
        return ()
    share = _share(ground, [*in_force, *question.staffed])
    return (Note("The plan in force has {share} % within reach.", {"share": f"{100 * share:.1f}"}),)


def _notes(question: CoverageQuestion, ground: CoverageGround) -> tuple[Note, ...]:
    strange = sorted({*question.fixed, *question.forbidden, *question.staffed} - set(ground.reached.sites))
    left_out = Note("These sites are not among those offered and were left out: {places}.", {"places": strange})
    return *ground.notes(), *ground.points.notes, *((left_out,) if strange else ())


def _share(ground: CoverageGround, plan: Sequence[str]) -> float:
    """Return the share of all weight that some site of a plan reaches, whatever each could serve."""
    served = np.zeros(ground.reached.points, dtype=np.bool_)
    for name, within in zip(ground.reached.sites, ground.reached.within, strict=True):
        if name in set(plan):
            served[within] = True
    return float(ground.weight[served].sum() / ground.weight.sum())


def _sites(ground: CoverageGround, found: Coverage) -> list[list[Any]]:
    """Return each site with the events in its reach, and those that only it reaches: the loss without it."""
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


def _shapes(
    question: CoverageQuestion, ground: CoverageGround, plans: Mapping[str, Sequence[str]]
) -> list[dict[str, Any]]:
    """Return the reach of each site and the sites, with their plans. Events are a layer of their own."""
    of = {
        site: [name for name, plan in plans.items() if site in plan]
        for site in sorted({site for plan in plans.values() for site in plan})
    }
    about: dict[str, dict[str, Any]] = {site: {"place": str(ground.sites["name"][site])} for site in ground.sites.index}
    at = {site: (float(ground.sites["lon"][site]), float(ground.sites["lat"][site])) for site in ground.sites.index}
    limit = {"minutes": question.minutes} if question.reach_km is None else {"km": question.reach_km}
    drawn = {site: ground.area(site) for site in of}
    reached = [
        area(shape, "within", of=of[site], **limit, **about[site])
        for site, shape in drawn.items()
        if not shape.is_empty
    ]
    posts = [point(*at[site], "checkpoint", id=site, of=names, **about[site]) for site, names in of.items()]
    others = [point(*at[site], "staffed", **about[site]) for site in question.staffed if site in at]
    return [*reached, *posts, *others]
