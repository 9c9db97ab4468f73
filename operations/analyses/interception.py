"""Interception share: detections reported by sites, against the passages that the placement model leaves undetected.

Travellers who do not know the sites take the way that is safest without them; those who know take the one that is
safest past them. Detection happens only at a site, on days of which it reported. The answer states all assumptions.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from sqlmodel import Session

from geodata.events.points import Note, UnfitEvents
from geodata.ground.reference import Floats
from geodata.placement import interception
from geodata.placement.evaluation import ScenarioRoute, routes
from geodata.placement.interception import SELDOM, SURE, WIDEST_RANGE, DetectedShare, Doubt, Estimate, NoShareReason
from geodata.placement.problem import NOWHERE, Flags, PlacementProblem, Whole
from operations.analyses.answer import Answer, AnswerTable
from operations.analyses.own_results import SUBMITTED
from operations.analyses.placement import journey_notes
from operations.analyses.question import AnswerJob
from operations.analyses.questions.interception import InterceptionQuestion
from operations.analyses.questions.placement import PlacementQuestion
from operations.analyses.road_network import RoadProblem, ground_of
from operations.core.clock import now, official_day
from operations.core.field_labels import N_
from operations.core.people import System
from operations.core.vocabulary import LineKind, PhaseKind
from operations.policing.operation import plan
from operations.policing.reports.own_results import AtSite, at_sites

CROSSING = "crossing:"
SMALL = "small"
STEPS = 5
"""The number of detection chances with ways of their own; any other chance uses the ways of the nearest one."""


def answer_interception(question: InterceptionQuestion, work: AnswerJob) -> tuple[Answer, bool]:
    """Return the detected share as an interval, or why it cannot be told. Raises `UnfitEvents` and `Unplaceable`."""
    with work.store.reading(System()) as session:
        sites = at_sites(session, work.asked.operation_id, LineKind.MIGRANT_DETECTION)
        days = _days(session, work.asked.operation_id)
    if not days:
        raise UnfitEvents("No day of an operational phase has begun: ask again when sites have reported.")
    ground = ground_of(_as_placement(question))
    return interception_answer(question, ground, sites, days), True


def _as_placement(question: InterceptionQuestion) -> PlacementQuestion:
    shared = ("journeys", "detection", "on_the_way", "margin_km")
    return PlacementQuestion(teams=1, **{name: getattr(question, name) for name in shared})


def _days(session: Session, operation_id: Any) -> int:
    """Return the number of official days of operational phases that have begun."""
    owner = session.get_one(plan.Operation, operation_id)
    found = set()
    for phase in plan.phases(session, operation_id):
        if phase.kind == PhaseKind.OPERATIONAL:
            first = official_day(phase.starts, owner.zone, owner.day_cut)
            last = official_day(min(phase.ends, now()), owner.zone, owner.day_cut)
            found |= set(range(first.toordinal(), last.toordinal() + (phase.ends > now())))
    return len(found)


@dataclass(frozen=True, eq=False)
class _Ways:
    """The routes (rows) and the sites of the plan (columns) they cross: of travellers who do not know the sites
    (`usual`), and of those who do, at each chance of detection (`past`).

    `sites`: those of the plan on the network, by their refs. `stands`: the share of days of which each reported.
    """

    sites: tuple[str, ...]
    stands: Floats
    usual: Sequence[ScenarioRoute | None]
    past: Sequence[Sequence[ScenarioRoute | None]]
    at: Floats
    expected: Sequence[ScenarioRoute | None]

    def crossed(self, found: Sequence[ScenarioRoute | None]) -> Flags:
        """Return a matrix of flags: whether a route crosses a site."""
        rows = [[way is not None and site in way.sites for site in self.sites] for way in found]
        return np.array(rows, dtype=np.bool_).reshape(len(found), len(self.sites))

    @property
    def groups(self) -> Whole:
        """Group numbers of routes that may cross the same site, by travellers who know it or not."""
        every: Flags = np.logical_or.reduce([self.crossed(found) for found in (self.usual, *self.past)])
        return interception.joined(every & (self.stands > 0))

    def chance(self, believed: interception.Worlds) -> Floats:
        """Return the chance of detection: a row for each world, a column for each route."""
        usual = interception.passing(believed.detection, self.stands, self.crossed(self.usual))
        nearest = np.abs(np.subtract.outer(believed.detection, self.at)).argmin(axis=1)
        past = np.empty_like(usual)
        for step, found in enumerate(self.past):
            here = nearest == step
            past[here] = interception.passing(believed.detection[here], self.stands, self.crossed(found))
        mixed: Floats = believed.knows[:, None] * past + (1 - believed.knows)[:, None] * usual
        return mixed


def _ways(question: InterceptionQuestion, problem: PlacementProblem, stands: Mapping[str, float]) -> _Ways:
    sites = tuple(sorted(stands))
    at = np.linspace(question.detection_least, question.detection_most, STEPS)
    every = dict.fromkeys(sites, 1.0)
    return _Ways(
        sites,
        np.array([stands[site] for site in sites], dtype=np.float64),
        routes(problem, ()),
        [routes(_watched(problem, stands, float(chance)), sites) for chance in at],
        at,
        routes(_watched(problem, every, question.detection), sites),
    )


def _watched(problem: PlacementProblem, stands: Mapping[str, float], detection: float) -> PlacementProblem:
    """Return the problem where a site detects with a chance, during its share of the days."""
    part = np.array([stands.get(site, 0.0) for site in problem.sites] + [0.0])
    return replace(problem, q=problem.r * (1 - detection * part[problem.site]))


# --------------------------------------------------------------------------------------------------- the answer


def interception_answer(
    question: InterceptionQuestion, ground: RoadProblem, sites: Sequence[AtSite], days: int
) -> Answer:
    """Return the answer from the sites' reported amounts and days."""
    here = _on_network(sites, ground)
    stands = {ref: min(1.0, max(each.days for each in estimated) / days) for ref, estimated in here.items()}
    ways = _ways(question, ground.problem, stands)
    groups = ways.groups
    crossed: Flags = np.logical_or.reduce([ways.crossed(estimated) for estimated in (ways.usual, *ways.past)])
    of_site = {
        site: int(groups[np.flatnonzero(crossed[:, place])[0]]) if crossed[:, place].any() else NOWHERE
        for place, site in enumerate(ways.sites)
    }
    seen: list[int | None] = [
        _sum(each.amount for ref, estimated in here.items() if of_site[ref] == group for each in estimated)
        for group in range(int(groups.max()) + 1)
    ]
    rng = np.random.default_rng(question.seed)
    doubt = _doubt(question)
    believed = interception.worlds(doubt, ground.problem.share, rng)
    estimated = _estimated(question, groups, seen, ways, believed)
    expected = interception.passing(
        np.array([question.detection]), np.ones(len(ways.sites)), ways.crossed(ways.expected)
    )[0]
    on_route = {ref for ref, group in of_site.items() if group != NOWHERE}
    elsewhere = sum(bool(each.amount) or each.amount is None for ref, each in _each(sites, here) if ref not in on_route)
    share = ground.problem.share
    planned = float(expected @ share / share.sum())
    left_out = [group for group, many in enumerate(seen) if many is None]
    return Answer(
        sentences=(
            *_headline(estimated, planned, all_left=len(left_out) == len(seen) > 0),
            *_unwatched(estimated),
            *journey_notes(_as_placement(question), ground),
            _assumed(question),
            _method(),
        ),
        figures={
            "whole": _figures(estimated.whole),
            "believed": _figures(estimated.believed),
            "expected": planned,
            "seed": question.seed,
        },
        tables=(
            AnswerTable(
                "routes",
                ("route", "answer", "observed", "low", "high", "undetected_low", "undetected_high", "expected"),
                _rows(ground, groups, seen, estimated, expected),
            ),
            AnswerTable(
                "sites",
                ("place", "observed", "days", "of"),
                [[each.name, each.amount, each.days, days] for ref, each in _each(sites, here) if ref in on_route],
            ),
        ),
        features=_shapes(ground, ways, on_route),
        notes=(SUBMITTED, *_notes(ground, left_out, elsewhere)),
        sources=({"name": "Roads and crossings", "source": "© OpenStreetMap contributors", "licence": "ODbL 1.0"},),
        guarded={"routes": ("observed", "undetected_low", "undetected_high"), "sites": ("observed",)},
    )


def _on_network(sites: Sequence[AtSite], ground: RoadProblem) -> dict[str, list[AtSite]]:
    """Return the sites of the operation that are crossings of the network, by their refs there."""
    found: dict[str, list[AtSite]] = {}
    for site in sites:
        ref = site.ref.removeprefix(CROSSING)
        if site.ref.startswith(CROSSING) and ref in ground.names:
            found.setdefault(ref, []).append(site)
    return found


def _each(sites: Sequence[AtSite], here: Mapping[str, Sequence[AtSite]]) -> list[tuple[str, AtSite]]:
    return [(each.ref.removeprefix(CROSSING) if each.ref.startswith(CROSSING) else "", each) for each in sites]


def _sum(amounts: Any) -> int | None:
    """Return the sum; None where a part is suppressed."""
    known = list(amounts)
    return None if None in known else sum(known)


def _doubt(question: InterceptionQuestion) -> Doubt:
    return Doubt(
        question.detection,
        question.detection_least,
        question.detection_most,
        question.doubt,
        question.knows_least,
        question.knows_most,
        question.together,
    )


def _estimated(
    question: InterceptionQuestion,
    groups: Whole,
    seen: Sequence[int | None],
    ways: _Ways,
    believed: interception.Worlds,
) -> Estimate:
    """Return the estimate over routes with unsuppressed numbers; others count neither as detected nor as undetected."""
    shown = [group for group, many in enumerate(seen) if many is not None]
    kept = np.isin(groups, [*shown, NOWHERE])
    number = {group: place for place, group in enumerate(shown)} | {NOWHERE: NOWHERE}
    renamed = np.array([number[int(group)] for group in groups[kept]], dtype=np.int64)
    worlds = replace(believed, shares=believed.shares[:, kept])
    many = [float(each) for each in seen if each is not None]
    chance, seldom = (
        ways.chance(replace(believed, detection=part * believed.detection))[:, kept] for part in (1, SELDOM)
    )
    return interception.estimate(many, renamed, chance, seldom, worlds, question.together, question.seed)


# -------------------------------------------------------------------------------------------------- sentences


def _headline(found: Estimate, expected: float, *, all_left: bool) -> tuple[Note, ...]:
    whole, believed = found.whole, found.believed
    if all_left:
        return (
            Note(
                "Cannot tell how much was detected: the numbers of persons at the sites on these routes are small, or "
                "would give small ones away."
            ),
        )
    if whole.why is NoShareReason.NOBODY:
        return (Note("Cannot tell how much was detected: nobody was, at the sites on these routes."),)
    if whole.why is NoShareReason.UNWATCHED:
        return (Note("Cannot tell how much was detected: no site that reports lies on these routes."),)
    if whole.why is NoShareReason.WIDE:
        return (
            Note(
                "Cannot tell how much was detected: with what is assumed the range would be so wide that it says "
                "nothing. Passages as a test of the sites, or knowing who knows of them, would narrow it."
            ),
        )
    if whole.why is NoShareReason.ASIDE:
        return (
            Note(
                "Cannot tell how much was detected: {share} % of movement, as it was assumed, is on routes without a "
                "site that reports. If it were half or twice as much, the answer would be another.",
                {"share": _percent(found.unwatched)},
            ),
        )
    within = {"low": _percent(whole.low), "high": _percent(whole.high), "expected": _percent(expected)}
    return (
        Note("Between {low} and {high} % of those who travelled on these routes were detected.", within),
        Note(
            "The lower end holds also if sites detect half as often as was typed, or if half of the movement goes "
            "where nobody drew a journey. If all that was typed is so, it is {low} to {high} %.",
            {"low": _percent(believed.low), "high": _percent(believed.high)},
        ),
        Note(_COMPARED[whole.compared(expected)], within),
    )


_COMPARED = {
    -1: N_(
        "The plan let expect {expected} %, with every site staffed on every day and all who travel going round them: "
        "more was detected."
    ),
    0: N_(
        "The plan let expect {expected} %, with every site staffed on every day and all who travel going round them: "
        "that lies within the range."
    ),
    1: N_(
        "The plan let expect {expected} %, with every site staffed on every day and all who travel going round them: "
        "less was detected."
    ),
}


def _unwatched(found: Estimate) -> tuple[Note, ...]:
    if not found.unwatched or found.whole.why is NoShareReason.UNWATCHED:
        return ()
    return (
        Note(
            "{share} % of movement, as it was assumed, is on routes without a site that reports: of it nothing was "
            "detected, and how much it is rests on the shares of the journeys alone.",
            {"share": _percent(found.unwatched)},
        ),
    )


def _assumed(question: InterceptionQuestion) -> Note:
    return Note(
        "Assumed: a staffed site detects {detection} % of those who pass, nine times in ten {least} to {most} %; {few} "
        "to {many} % of those who travel know where sites stand and take the safest way past them; {together} travel "
        "together; the share of a journey may be {doubt} times as large or small; a site detects on days of which it "
        "reported, and nobody is detected elsewhere.",
        {
            "detection": _percent(question.detection),
            "least": _percent(question.detection_least),
            "most": _percent(question.detection_most),
            "few": _percent(question.knows_least),
            "many": _percent(question.knows_most),
            "together": f"{question.together:g}",
            "doubt": f"{question.doubt:g}",
        },
    )


def _method() -> Note:
    return Note(
        "Method: those who passed unseen are drawn {draws} times from what is assumed and what was reported, and as "
        "often with sites that detect half as much. The range spans {sure} % of both; nothing is told where it is "
        "wider than {most} points. In simulated operations of seven kinds, in six of which something was not as "
        "assumed, it held the truth in at least nine of ten. Where sites detect less than half of what was typed, it "
        "can be wrong.",
        {"draws": interception.DRAWS, "sure": f"{100 * SURE:.0f}", "most": f"{100 * WIDEST_RANGE:.0f}"},
    )


def _notes(ground: RoadProblem, left_out: Sequence[int], elsewhere: int) -> tuple[Note, ...]:
    notes = list(ground.skipped)
    if left_out:
        notes.append(
            Note(
                "Routes whose numbers of persons are small, or would give small ones away, are in none of the shares: "
                "{count} groups of routes.",
                {"count": len(left_out)},
            )
        )
    if elsewhere:
        notes.append(
            Note(
                "What was detected at sites on none of these routes is not counted: {count} sites.",
                {"count": elsewhere},
            )
        )
    return tuple(notes)


def _percent(share: float) -> str:
    return f"{100 * share:.0f}"


def _figures(share: DetectedShare) -> dict[str, Any]:
    if share.why is not None:
        return {"why": share.why.value}
    return {"low": round(share.low, 3), "middle": round(share.middle, 3), "high": round(share.high, 3)}


def _rows(
    ground: RoadProblem, groups: Whole, seen: Sequence[int | None], found: Estimate, expected: Floats
) -> list[list[Any]]:
    """Return a row for each group of routes, those without a site last."""
    shares, estimates = ground.problem.share, iter(found.groups)
    rows = []
    for group in (*range(len(seen)), NOWHERE):
        members = np.flatnonzero(groups == group)
        if not len(members):
            continue
        name = ", ".join(ground.journeys[place].name for place in members)
        planned = round(100 * float(expected[members] @ shares[members] / shares[members].sum()))
        many = None if group == NOWHERE else seen[group]
        share = next(estimates) if many is not None else None
        if share is None:
            answer = NoShareReason.UNWATCHED.value if group == NOWHERE else SMALL
        else:
            answer = share.why.value if share.why else "told"
        shown = share if share is not None and share.why is None else None
        rows.append([name, answer, many, *_of(shown, many or 0), planned])
    return rows


def _of(share: DetectedShare | None, observed: int) -> list[int | None]:
    """Return least and most as percentages, and the undetected persons at each."""
    if share is None:
        return [None] * 4
    passed = [round(observed * (1 - part) / part) if part else None for part in (share.high, share.low)]
    return [round(100 * share.low), round(100 * share.high), *passed]


# --------------------------------------------------------------------------------------------------- the map


def _shapes(ground: RoadProblem, ways: _Ways, on_route: set[str]) -> list[dict[str, Any]]:
    """Return the sites on these routes, and the ways of travellers who know them and of those who do not."""
    found = [ground.point(ref, "site") for ref in sorted(on_route)]
    for kind, followed_ways in (("usual", ways.usual), ("round", ways.past[STEPS // 2])):
        for way in dict.fromkeys(way for way in followed_ways if way is not None and len(way.nodes) > 1):
            feature = ground.way(way.nodes, way.unseen, ())
            found.append(feature | {"properties": {"kind": kind}})
    return found
