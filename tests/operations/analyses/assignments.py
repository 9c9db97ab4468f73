"""Problems of assignment, made from a seed: teams of some countries, needs at places around a river, days of duty."""

import math
import random
from datetime import UTC, datetime, timedelta
from typing import Any

from operations.analyses.assignment.problem import AssignmentProblem
from operations.support.team_facts import Hours, NeedFacts, RestRules, TeamFacts, TimeWindow

START = datetime(2026, 11, 23, tzinfo=UTC)
SPECIALISMS = ("document_examiner", "biometrics", "digital_forensics", "debriefing", "dog_handler", "child_protection")
LANGUAGES = ("en", "fr", "es", "ar")
COUNTRIES = ("NER", "DZA", "TCD", "LBY", "MLI")


def at(day: float, hour: float = 0) -> datetime:
    return START + timedelta(days=day, hours=hour)


def made_up(teams: int, needs: int, days: int, seed: int = 1, **more: Any) -> AssignmentProblem:
    """Teams with two or three specialisms each, needs of 2 to 8 hours by day within a few days of their windows."""
    chance = random.Random(seed)
    places = {f"P{n}": (chance.uniform(0, 400), chance.uniform(0, 250)) for n in range(max(4, needs // 8))}
    homes = {f"H{n}": (chance.uniform(0, 400), chance.uniform(0, 250)) for n in range(max(2, teams // 3))}
    spots = places | homes
    table = {
        (a, b): math.ceil(math.dist(spots[a], spots[b]) / 70 * 60) / 60  # whole minutes, as the search counts
        for a in spots
        for b in spots
    }
    some_teams = tuple(
        TeamFacts(
            id=f"T{n:02}",
            country=COUNTRIES[n % len(COUNTRIES)],
            home=chance.choice(list(homes)),
            specialisms=frozenset(chance.sample(SPECIALISMS, 3)),
            languages=frozenset(chance.sample(LANGUAGES, 2)),
            certificates={"documents": at(days if chance.random() < 0.9 else days // 2)},
            unavailable=(TimeWindow(at(first := chance.randrange(days)), at(first + 1)),)
            if chance.random() < 0.4
            else (),
            persons=chance.randint(3, 6),
            cost_per_day=float(chance.randint(4, 9) * 100),
            cost_per_travel_hour=40.0,
        )
        for n in range(teams)
    )
    some_needs = []
    for n in range(needs):
        long = chance.randint(1, min(5, days))
        first = chance.randint(0, days - long)
        some_needs.append(
            NeedFacts(
                id=f"N{n:03}",
                site=chance.choice(list(places)),
                windows=tuple(TimeWindow(at(first + day, 8), at(first + day, 20)) for day in range(long)),
                hours=float(chance.randint(2, 8)),
                specialisms=frozenset(chance.sample(SPECIALISMS, 1)),
                languages=frozenset(chance.sample(LANGUAGES, 1)) if chance.random() < 0.4 else frozenset(),
                certificates=frozenset({"documents"}) if chance.random() < 0.2 else frozenset(),
                persons=3,
                priority=chance.randint(1, 5),
                country=chance.choice(COUNTRIES),
            )
        )
    return AssignmentProblem(some_teams, tuple(some_needs), Hours(table), **{"rules": RestRules(), **more})
