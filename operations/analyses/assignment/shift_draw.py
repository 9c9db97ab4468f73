"""Unpredictable schedules: checkpoints manned in each shift, drawn at random from a stored seed.

How often each site is manned follows its weight; when, and by which team, is random. Exactly as many sites are manned
in a shift as there is capacity for, each with the probability of its odds (systematic sampling after a shuffle: Madow,
Ann. Math. Statist. 20, 1949). Teams follow the usual rules: rest, travel, specialisms, languages, absences. An observer
who knows the odds can predict no better than they allow. The seed must be kept secret from observers.
"""

import random
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from operations.analyses.assignment.board import AssignmentPlan
from operations.analyses.assignment.problem import AssignmentProblem, PreparedProblem, Unassignable
from operations.support.team_facts import NeedFacts, TeamEngagement, TimeWindow


@dataclass(frozen=True)
class ShiftPost:
    """A checkpoint that may be manned: its weight, and the need for a team there."""

    need: NeedFacts
    weight: float


@dataclass(frozen=True)
class ShiftSchedule:
    """A schedule. `odds`: how often each post should be manned; `share`: how often it is; `left`: slots nobody can man.

    `guess`: how often an observer is right who knows the odds and always names the most likely post of a shift.
    """

    plan: tuple[TeamEngagement, ...]
    seed: int
    odds: Mapping[str, float]
    share: Mapping[str, float]
    left: tuple[str, ...]
    guess: float


def odds(weights: Sequence[float], count: int) -> list[float]:
    """Return odds between 0 and 1 that add up to `count` and follow the weights as far as no post is manned twice.

    >>> [round(each, 2) for each in odds([6.0, 1.0, 1.0], 2)]
    [1.0, 0.5, 0.5]
    """
    if not all(each > 0 for each in weights):
        raise Unassignable("Each post needs a weight above 0: leave out posts that are never manned.")
    if count >= len(weights):
        return [1.0] * len(weights)
    full: set[int] = set()
    while True:
        rest = sum(each for row, each in enumerate(weights) if row not in full)
        scale = (count - len(full)) / rest
        over = {row for row, each in enumerate(weights) if row not in full and each * scale >= 1}
        if not over:
            return [1.0 if row in full else each * scale for row, each in enumerate(weights)]
        full |= over


def sampled(chances: Sequence[float], chance: random.Random) -> list[int]:
    """Return exactly as many rows as the odds add up to, each with the probability of its odds."""
    order = list(range(len(chances)))
    chance.shuffle(order)
    taken: list[int] = []
    mark, at = chance.random(), 0.0
    for row in order:
        at += chances[row]
        if at > mark + 1e-12 and len(taken) < round(sum(chances)):
            taken.append(row)
            mark += 1
    return taken


def schedule(
    problem: AssignmentProblem,
    posts: Sequence[ShiftPost],
    first: date,
    days: int,
    shifts: Sequence[tuple[time, float]],
    at_once: int,
    seed: int,
) -> ShiftSchedule:
    """Return a schedule for `days` from `first`: in each of the `shifts` (start and hours) `at_once` posts are manned.

    `problem` gives teams, travel, rules and locked engagements; its needs are ignored. The same seed draws the same
    schedule for any order of posts and teams. Raises Unassignable.
    """
    if not posts or at_once < 1 or days < 1 or not shifts:
        raise Unassignable("A schedule needs posts, days, shifts and at least one post that is manned at a time.")
    listed = sorted(posts, key=lambda each: each.need.id)
    chances = odds([each.weight for each in listed], at_once)
    zone = ZoneInfo(problem.rules.zone)
    chance = random.Random(seed)  # noqa: S311 - kept with the schedule, so that it can be drawn again
    wanted: list[NeedFacts] = []
    stands: dict[str, str] = {}
    spare: dict[str, list[NeedFacts]] = {}
    for day in range(days):
        for number, (begin, hours) in enumerate(shifts):
            start = datetime.combine(first + timedelta(days=day), begin, zone)
            slots = [_slot(each.need, start, hours, f"{day:03}.{number}") for each in listed]
            rows = sampled(chances, chance)
            others = [row for row in range(len(listed)) if row not in rows]
            chance.shuffle(others)
            stands |= {slot.id: post.need.id for slot, post in zip(slots, listed, strict=True)}
            wanted += [slots[row] for row in rows]
            spare[f"{day:03}.{number}"] = [slots[row] for row in others]
    every = [*wanted, *(slot for slots in spare.values() for slot in slots)]
    made = PreparedProblem(replace(problem, needs=tuple(every), in_force=(), forbidden=frozenset()))
    board = AssignmentPlan(made)
    chosen = {each.id for each in wanted}
    left = [slot for slot in _mixed(wanted, chance) if not _man(board, slot.id, chance)]
    still: list[str] = []
    for slot in left:
        # No team can man it: another post of the same shift takes its place, where a team can.
        shift = slot.id.split(" ", 1)[0]
        if not any(each.id not in chosen and _man(board, each.id, chance, chosen) for each in spare[shift]):
            still.append(slot.id)
    plan = board.plan()
    times = Counter(stands[each.need] for each in plan)
    total = days * len(shifts)
    names = [each.need.id for each in listed]
    return ShiftSchedule(
        plan,
        seed,
        dict(zip(names, chances, strict=True)),
        {name: times[name] / total for name in names},
        tuple(sorted(still)),
        max(chances),
    )


def _slot(need: NeedFacts, start: datetime, hours: float, shift: str) -> NeedFacts:
    end = start + timedelta(hours=hours)
    return replace(need, id=f"{shift} {need.id}", windows=(TimeWindow(start, end),), hours=hours)


def _mixed(needs: Sequence[NeedFacts], chance: random.Random) -> list[NeedFacts]:
    order = list(needs)
    chance.shuffle(order)
    return order


def _man(board: AssignmentPlan, need: str, chance: random.Random, chosen: set[str] | None = None) -> bool:
    """Assign a random team of those that can; return whether there was one."""
    row = board.made.need_row[need]
    options = sorted(board.options(row), key=lambda each: each.team)
    if not options:
        return False
    board.add(row, chance.choice(options))
    if chosen is not None:
        chosen.add(need)
    return True
