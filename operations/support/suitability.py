"""Suitability of a team for a need at a time: all reasons against it, as codes and sentences.

Pure functions. The verbs that send teams, the drag on the timeline, and the proposals of assignments all use them, so
that they never disagree.
"""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from itertools import pairwise
from typing import Any

from operations.core.errors import Flaw, RuleBroken
from operations.support.team_facts import NeedFacts, RestRules, TeamEngagement, TeamFacts, Travel

DAY = timedelta(days=1)


class UnfitReason(StrEnum):
    """Kinds of reasons against sending a team."""

    WINDOW = "window"
    ELSEWHERE = "elsewhere"
    UNAVAILABLE = "unavailable"
    NO_WAY = "no_way"
    TRAVEL = "travel"
    NOT_READY = "not_ready"
    REST = "rest"
    DUTY_DAYS = "duty_days"
    SPECIALISM = "specialism"
    LANGUAGE = "language"
    CERTIFICATE = "certificate"
    CERTIFICATE_EXPIRED = "certificate_expired"
    PERSONS = "persons"
    TOGETHER = "together"
    BASE = "base"
    BUDGET = "budget"


@dataclass(frozen=True)
class Against:
    """A reason against a team: a code, and a sentence with its parameters (`Sentence`)."""

    reason: UnfitReason
    template: str
    params: Mapping[str, Any] = field(default_factory=dict)

    def __str__(self) -> str:
        return self.template.format(**self.params)


def reasons(
    team: TeamFacts,
    need: NeedFacts,
    start: datetime,
    others: Iterable[TeamEngagement],
    rules: RestRules,
    travel: Travel,
    budget_left: float | None = None,
) -> tuple[Against, ...]:
    """Return all reasons against `team` working on `need` from `start`, beside its `others`; empty where there are
    none.

    An engagement of the same team for the same need is ignored, so that a move of it can be checked. Those of other
    teams matter where they stand together with it.
    """
    made, others = TeamEngagement.of(team, need, start), tuple(others)
    besides = sorted(each for each in others if each.team == team.id and each.need != need.id)
    clashes = _elsewhere(made, besides)
    against = [*lacks(team, need, made.end), *_when(team, need, made), *clashes]
    if not clashes:
        against += [*_travel(team, made, besides, travel), *_rest(made, besides, rules, travel)]
    against += _days(made, besides, rules)
    against += _together(made, [each for each in others if each.team != team.id and each.need in need.beside])
    if budget_left is not None and not clashes:
        more = cost(team, [*besides, made], travel) - cost(team, besides, travel)
        if more > budget_left + 1e-6:
            against.append(
                Against(
                    UnfitReason.BUDGET,
                    "This costs {cost}, but only {left} of the budget is left.",
                    {"cost": _figure(more), "left": _figure(max(0.0, budget_left))},
                )
            )
    return tuple(against)


def plan_reasons(
    team: TeamFacts, plan: Sequence[TeamEngagement], needs: Mapping[str, NeedFacts], rules: RestRules, travel: Travel
) -> dict[str, tuple[Against, ...]]:
    """Return the reasons against each engagement in a team's whole plan, by need; needs without any are left out.

    Engagements for unknown needs are taken as given.
    """
    found = {
        engagement.need: reasons(team, needs[engagement.need], engagement.start, plan, rules, travel)
        for engagement in plan
        if engagement.team == team.id and engagement.need in needs
    }
    return {need: against for need, against in found.items() if against}


def refusal(subject: str, against: Iterable[Against]) -> RuleBroken:
    """Return the reasons as one refusal at a field of a form."""
    return RuleBroken.all([Flaw(subject, each.template, dict(each.params)) for each in against])


def lacks(team: TeamFacts, need: NeedFacts, until: datetime) -> list[Against]:
    """Return the team's missing qualities for the need, whatever the time; certificates must be valid `until` then."""
    lacking = []
    if missing := need.specialisms - team.specialisms:
        lacking.append(
            Against(
                UnfitReason.SPECIALISM,
                "The team lacks a specialism that is needed: {specialisms}.",
                {"specialisms": _listed(missing)},
            )
        )
    if missing := need.languages - team.languages:
        lacking.append(
            Against(
                UnfitReason.LANGUAGE,
                "The team does not speak a language that is needed: {languages}.",
                {"languages": _listed(missing)},
            )
        )
    if missing := need.certificates - team.certificates.keys():
        lacking.append(
            Against(
                UnfitReason.CERTIFICATE,
                "The team lacks a certificate that is needed: {certificates}.",
                {"certificates": _listed(missing)},
            )
        )
    for code in sorted(need.certificates & team.certificates.keys()):
        end = team.certificates[code]
        if end is not None and end < until:
            lacking.append(
                Against(
                    UnfitReason.CERTIFICATE_EXPIRED,
                    "A certificate ends before the work does: {certificates}, on {date}. Renew it first.",
                    {"certificates": code, "date": end.astimezone(UTC).date().isoformat()},
                )
            )
    if team.persons < need.persons:
        lacking.append(
            Against(
                UnfitReason.PERSONS,
                "The team has {persons} persons and {needed} are needed.",
                {"persons": team.persons, "needed": need.persons},
            )
        )
    if need.base and team.home != need.base:
        lacking.append(
            Against(
                UnfitReason.BASE,
                "The teams of this need travel together from {base}, and this team is based at {home}.",
                {"base": need.base, "home": team.home},
            )
        )
    return lacking


def cost(team: TeamFacts, plan: Iterable[TeamEngagement], travel: Travel) -> float:
    """Return the cost of a team's engagements: days begun, and hours of travel from home through all and back."""
    own = sorted(plan)
    days = sum(math.ceil(each.hours / 24) for each in own)
    return team.cost_per_day * days + team.cost_per_travel_hour * travelled(team, own, travel)


def travelled(team: TeamFacts, plan: Iterable[TeamEngagement], travel: Travel) -> float:
    """Return the hours of travel from home through a team's engagements and back; an unknown leg counts 0."""
    stops = [team.home, *(each.site for each in sorted(plan)), team.home]
    return sum(travel(a, b) or 0.0 for a, b in pairwise(stops))


# --------------------------------------------------------------------------------------------- single rules


def _when(team: TeamFacts, need: NeedFacts, made: TeamEngagement) -> list[Against]:
    against = []
    if not any(window.holds(made.start, made.end) for window in need.windows):
        first, last = _moment(min(need.windows).start), _moment(max(each.end for each in need.windows))
        against.append(
            Against(
                UnfitReason.WINDOW,
                "The work is outside the period of the need: {start} to {end}.",
                {"start": first, "end": last},
            )
        )
    against += [
        Against(
            UnfitReason.UNAVAILABLE,
            "The team is not available from {start} to {end}.",
            {"start": _moment(away.start), "end": _moment(away.end)},
        )
        for away in team.unavailable
        if away.meets(made.start, made.end)
    ]
    return against


def _together(made: TeamEngagement, others: Sequence[TeamEngagement]) -> list[Against]:
    """Return the reason that teams which stand together are not there at the same time."""
    for other in others:
        if (other.start, other.end) != (made.start, made.end):
            return [
                Against(
                    UnfitReason.TOGETHER,
                    "The teams of this need stand together, and another is there from {start} to {end}.",
                    {"start": _moment(other.start), "end": _moment(other.end)},
                )
            ]
    return []


def _elsewhere(made: TeamEngagement, besides: Sequence[TeamEngagement]) -> list[Against]:
    return [
        Against(
            UnfitReason.ELSEWHERE,
            "The team is at {site} from {start} to {end}.",
            {"site": engagement.site, "start": _moment(engagement.start), "end": _moment(engagement.end)},
        )
        for engagement in besides
        if engagement.start < made.end and made.start < engagement.end
    ]


def _travel(team: TeamFacts, made: TeamEngagement, besides: Sequence[TeamEngagement], travel: Travel) -> list[Against]:
    """Return reasons about travel: the way from where the team is before, and to where it goes next."""
    before = max((each for each in besides if each.end <= made.start), default=None)
    after = min((each for each in besides if each.start >= made.end), default=None)
    legs: list[tuple[str, str, timedelta | None]] = []
    if before is not None:
        legs.append((before.site, made.site, made.start - before.end))
    else:
        legs.append((team.home, made.site, None))
    if after is not None:
        legs.append((made.site, after.site, after.start - made.end))
    against = []
    for a, b, free in legs:
        hours = travel(a, b)
        if hours is None:
            against.append(
                Against(
                    UnfitReason.NO_WAY,
                    "No travel time is known from {origin} to {destination}: enter one first.",
                    {"origin": a, "destination": b},
                )
            )
        elif free is None:
            if team.ready_at is not None and team.ready_at + timedelta(hours=hours) > made.start:
                against.append(
                    Against(
                        UnfitReason.NOT_READY,
                        "The team can leave at {ready} and needs {hours} h to {destination}: it would come too late.",
                        {"ready": _moment(team.ready_at), "hours": _hours(hours), "destination": b},
                    )
                )
        elif timedelta(hours=hours) > free:
            against.append(
                Against(
                    UnfitReason.TRAVEL,
                    "Travel from {origin} to {destination} takes {hours} h, but only {free} h are free.",
                    {
                        "origin": a,
                        "destination": b,
                        "hours": _hours(hours),
                        "free": _hours(free / timedelta(hours=1)),
                    },
                )
            )
    return against


def _rest(made: TeamEngagement, besides: Sequence[TeamEngagement], rules: RestRules, travel: Travel) -> list[Against]:
    """Return reasons about rest: `made` and all work around it without a full rest in between are one duty."""
    duty = [made]
    for earlier in reversed([other for other in besides if other.end <= made.start]):
        if rested(earlier, duty[0], rules, travel):
            break
        duty.insert(0, earlier)
    for later in (other for other in besides if other.start >= made.end):
        if rested(duty[-1], later, rules, travel):
            break
        duty.append(later)
    long = (duty[-1].end - duty[0].start) / timedelta(hours=1)
    if len(duty) == 1 or long <= rules.longest_duty + 1e-9:
        return []
    return [
        Against(
            UnfitReason.REST,
            "Without {rest} h of rest in between this becomes one duty of {hours} h, from {start} to {end}; {most} h "
            "are allowed.",
            {
                "rest": _hours(rules.rest),
                "hours": _hours(long),
                "start": _moment(duty[0].start),
                "end": _moment(duty[-1].end),
                "most": _hours(rules.longest_duty),
            },
        )
    ]


def rested(before: TeamEngagement, after: TeamEngagement, rules: RestRules, travel: Travel) -> bool:
    """Return whether a full rest fits between two engagements, besides the way between them."""
    way = travel(before.site, after.site) or 0.0
    return after.start - before.end >= timedelta(hours=way + rules.rest) - timedelta(milliseconds=1)


def _days(made: TeamEngagement, besides: Sequence[TeamEngagement], rules: RestRules) -> list[Against]:
    if rules.in_shifts(made.hours) or rules.most_days == rules.of_days:
        return []
    duties = {rules.day(each.start) for each in (*besides, made) if not rules.in_shifts(each.hours)}
    today = rules.day(made.start)
    for back in range(rules.of_days):
        first = today - back * DAY
        span = [day for day in duties if first <= day < first + rules.of_days * DAY]
        if len(span) > rules.most_days:
            return [
                Against(
                    UnfitReason.DUTY_DAYS,
                    "The team would be on duty on {days} of the {of} days from {date}; {most} are allowed.",
                    {"days": len(span), "of": rules.of_days, "date": first.isoformat(), "most": rules.most_days},
                )
            ]
    return []


def _listed(codes: Iterable[str]) -> str:
    return ", ".join(sorted(codes))


def _moment(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%d %H:%M UTC")


def _hours(hours: float) -> str:
    return f"{hours:.1f}".removesuffix(".0")


def _figure(amount: float) -> str:
    return f"{amount:.0f}"
