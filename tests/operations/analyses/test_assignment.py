"""Advice on who goes where: every plan keeps the rules, none is worth more than the bound, the best is the best."""

import itertools
import random
from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from operations.analyses.assignment import bound, construction, exact, explanation, repair, solver
from operations.analyses.assignment.board import AssignmentPlan
from operations.analyses.assignment.problem import AssignmentProblem, PreparedProblem, Unassignable, Worth
from operations.analyses.assignment.shift_draw import ShiftPost, odds, sampled, schedule
from operations.support import suitability
from operations.support.suitability import UnfitReason
from operations.support.team_facts import Hours, NeedFacts, RestRules, TeamEngagement, TeamFacts, TimeWindow
from tests.operations.analyses.assignments import at, made_up

QUICK = settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.too_slow])
seeds = st.integers(0, 10_000)


def broken(problem: AssignmentProblem, plan: tuple[TeamEngagement, ...]) -> dict[str, Any]:
    """What the rules have against a plan, by the rules themselves."""
    listed = [*plan, *(each for each in problem.locked if each.need not in problem.need)]
    found: dict[str, Any] = {}
    for team in problem.teams:
        found |= suitability.plan_reasons(team, listed, problem.need, problem.rules, problem.travel)
    return found


def spent(problem: AssignmentProblem, plan: tuple[TeamEngagement, ...]) -> float:
    return sum(
        suitability.cost(team, [each for each in plan if each.team == team.id], problem.travel)
        for team in problem.teams
    )


def worth(problem: AssignmentProblem, plan: tuple[TeamEngagement, ...]) -> float:
    """The points of a plan, counted from the facts, without anything of the search."""
    made = PreparedProblem(problem)
    points = float(sum(problem.need[each.need].priority * made.met for each in plan))
    hours: Counter[str] = Counter()
    for team in problem.teams:
        own = sorted(each for each in plan if each.team == team.id)
        stops = [team.home, *(each.site for each in own), team.home] if own else []
        minutes = sum(round((problem.travel(a, b) or 0.0) * 60) for a, b in itertools.pairwise(stops))
        points -= problem.worth.travel * team.persons * minutes / 60
        hours[team.country] += sum(each.hours for each in own)
    fair = {share.country: share.fair for share in explanation.shares(solver.at_once(problem))}
    return points - made.unfair * sum(max(0.0, hours[country] - most) for country, most in fair.items())


def small(seed: int, **more: Any) -> AssignmentProblem:
    """Three teams and five needs with fixed times, so that a plan is who serves what."""
    problem = made_up(3, 5, 2, seed, **more)
    needs = tuple(
        replace(each, windows=(TimeWindow(each.windows[0].start, each.windows[0].start + timedelta(hours=each.hours)),))
        for each in problem.needs
    )
    return replace(problem, needs=needs)


def together(problem: AssignmentProblem, *groups: tuple[int, ...], one_base: bool = False) -> AssignmentProblem:
    """The problem with groups of its needs, by their places, that stand together as the first of each does."""
    needs = list(problem.needs)
    for group in groups:
        ids = frozenset(needs[place].id for place in group)
        first = needs[group[0]]
        for place in group:
            alike = replace(first, id=needs[place].id, specialisms=needs[place].specialisms)
            needs[place] = replace(
                alike, languages=frozenset(), certificates=frozenset(), beside=ids, one_base=one_base
            )
    return replace(problem, needs=tuple(needs))


def apart(problem: AssignmentProblem, plan: tuple[TeamEngagement, ...]) -> list[str]:
    """What stands together and is served in part, at several times, or from several bases."""
    served = {each.need: each for each in plan}
    found = []
    for need in problem.needs:
        group = sorted(need.beside | {need.id})
        own = [served[each] for each in group if each in served]
        bases = {problem.team[each.team].home for each in own}
        whole = len(own) in (0, len(group)) and len({each.start for each in own}) <= 1
        if not whole or (need.one_base and len(bases) > 1):
            found.append(need.id)
    return found


def brute(problem: AssignmentProblem) -> float:
    best = 0.0
    for who in itertools.product([None, *problem.teams], repeat=len(problem.needs)):
        plan = tuple(
            sorted(
                TeamEngagement.of(team, need, need.windows[0].start)
                for team, need in zip(who, problem.needs, strict=True)
                if team is not None
            )
        )
        if (
            not apart(problem, plan)
            and not broken(problem, plan)
            and (problem.budget is None or spent(problem, plan) <= problem.budget + 1e-6)
        ):
            best = max(best, worth(problem, plan))
    return best


# ---------------------------------------------------------------------------------------------------- properties


@QUICK
@given(seeds, st.booleans())
def test_every_plan_keeps_the_rules_and_the_budget_and_stays_below_the_bound(seed: int, poor: bool) -> None:
    problem = made_up(6, 25, 6, seed, budget=9000.0 if poor else None)
    advice = solver.advise(problem, rounds=60, seed=seed)
    assert broken(problem, advice.plan) == {}
    assert advice.value == pytest.approx(worth(problem, advice.plan), abs=1e-6)
    assert advice.first_value <= advice.value <= advice.bound + 1e-6
    assert advice.value <= bound.plain_bound(advice.made) / 60
    assert advice.tally.cost == pytest.approx(spent(problem, advice.plan), abs=0.1)
    if poor:
        assert spent(problem, advice.plan) <= 9000 + 1e-6
    first = construction.first_come(advice.made)
    assert broken(problem, first.plan()) == {}


@settings(QUICK, max_examples=8)
@given(seeds, st.sampled_from([None, 1500.0]))
def test_small_questions_are_answered_as_by_trying_everything(seed: int, budget: float | None) -> None:
    problem = small(seed, budget=budget)
    made = PreparedProblem(problem)
    proof = exact.solve(made, 20, workers=1)
    best = brute(problem)
    assert proof.board is not None
    assert proof.proven
    assert broken(problem, proof.board.plan()) == {}
    assert proof.board.value / 60 == pytest.approx(best, abs=1e-6)
    assert proof.bound / 60 == pytest.approx(best, abs=1e-6)
    assert bound.bound(made) / 60 >= best - 1e-6
    assert solver.advise(problem, rounds=80).value <= best + 1e-6


@settings(QUICK, max_examples=8)
@given(seeds, st.booleans(), st.sampled_from([None, 2500.0]), st.sampled_from([((0, 1),), ((0, 1), (2, 3))]))
def test_small_questions_of_teams_together_are_answered_as_by_trying_everything(
    seed: int, one_base: bool, budget: float | None, groups: tuple[tuple[int, ...], ...]
) -> None:
    problem = together(small(seed, budget=budget), *groups, one_base=one_base)
    made = PreparedProblem(problem)
    proof = exact.solve(made, 20, workers=1)
    best = brute(problem)
    assert proof.board is not None
    assert proof.proven
    assert apart(problem, proof.board.plan()) == []
    assert proof.board.value / 60 == pytest.approx(best, abs=1e-6)
    assert bound.bound(made) / 60 >= best - 1e-6
    advice = solver.advise(problem, rounds=80)
    assert broken(problem, advice.plan) == {}
    assert apart(problem, advice.plan) == []
    assert advice.value <= best + 1e-6


@QUICK
@given(seeds, st.booleans())
def test_teams_that_stand_together_come_all_or_none_at_one_time(seed: int, one_base: bool) -> None:
    problem = together(made_up(8, 24, 5, seed), (0, 1), (2, 3, 4), (5, 6), (7, 8), one_base=one_base)
    advice = solver.advise(problem, rounds=60, seed=seed)
    assert broken(problem, advice.plan) == {}
    assert apart(problem, advice.plan) == []
    assert apart(problem, construction.first_come(advice.made).plan()) == []
    assert advice.first_value <= advice.value <= advice.bound + 1e-6
    assert advice.value == pytest.approx(worth(problem, advice.plan), abs=1e-6)
    for need in advice.board.open:
        mended = repair.mended(advice.board, need, 2)
        assert apart(problem, mended.plan()) == []
        assert mended.value >= advice.board.value


def test_a_part_of_what_stands_together_is_explained() -> None:
    problem = small(1)
    alone = replace(problem, teams=problem.teams[:1])
    advice = solver.advise(together(alone, (0, 1)), rounds=20)
    said = {each.need: str(each.changes[0]) for each in explanation.unmet(advice)}
    assert {each.id for each in problem.needs[:2]} <= said.keys()


def test_needs_that_stand_together_are_alike() -> None:
    problem = together(small(1), (0, 1))
    other = replace(problem.needs[1], hours=problem.needs[1].hours / 2)
    with pytest.raises(ValueError, match="stand together, but not alike"):
        PreparedProblem(replace(problem, needs=(problem.needs[0], other, *problem.needs[2:])))


def test_a_move_away_from_the_others_is_refused() -> None:
    problem = together(small(1), (0, 1))
    first, second = problem.needs[:2]
    team, other = problem.teams[:2]
    there = (TeamEngagement.of(other, second, second.windows[0].start),)
    later = first.windows[0].start + timedelta(hours=1)

    def against(need: NeedFacts, start: datetime) -> set[UnfitReason]:
        found = suitability.reasons(team, need, start, there, problem.rules, problem.travel)
        return {each.reason for each in found}

    assert UnfitReason.TOGETHER in against(first, later)
    assert UnfitReason.TOGETHER not in against(first, first.windows[0].start)
    assert UnfitReason.BASE in against(replace(first, base="elsewhere"), later)
    assert UnfitReason.BASE not in against(replace(first, base=team.home), later)


@QUICK
@given(seeds)
def test_the_same_seed_makes_the_same_plan_in_any_order_of_rows(seed: int) -> None:
    problem = made_up(5, 18, 5, seed)
    chance = random.Random(seed)
    teams, needs = list(problem.teams), list(problem.needs)
    chance.shuffle(teams)
    chance.shuffle(needs)
    mixed = replace(problem, teams=tuple(teams), needs=tuple(needs))
    assert solver.advise(problem, rounds=40, seed=7).plan == solver.advise(mixed, rounds=40, seed=7).plan


@QUICK
@given(seeds, st.data())
def test_what_is_locked_stays_and_what_is_ruled_out_does_not_come(seed: int, data: st.DataObject) -> None:
    problem = made_up(5, 18, 5, seed)
    before = solver.at_once(problem).plan
    locked = tuple(data.draw(st.lists(st.sampled_from(before), max_size=4, unique=True)))
    others = [each for each in before if each not in locked]
    ruled_out = frozenset((each.team, each.need) for each in others[::3])
    bound_to = replace(problem, locked=locked, forbidden=ruled_out)
    advice = solver.advise(bound_to, rounds=40, seed=3)
    assert set(locked) <= set(advice.plan)
    assert not ruled_out & {(each.team, each.need) for each in advice.plan}
    assert broken(bound_to, advice.plan) == {}
    assert advice.value <= advice.bound + 1e-6


@QUICK
@given(seeds)
def test_a_board_takes_back_what_was_added(seed: int) -> None:
    board = construction.inserted(AssignmentPlan(PreparedProblem(made_up(5, 18, 5, seed))))
    for need in board.met:
        board.remove(need)
    assert (board.value, board.cost, sum(board.work)) == (0, 0, 0)
    assert not any(board.stops)
    assert not any(board.days)


# ------------------------------------------------------------------------------------------------------ exactness


def test_exact_search_keeps_duties_blocks_and_days_as_the_board_does() -> None:
    for seed in range(6):
        problem = made_up(2, 8, 4, seed, rules=RestRules(rest=11, longest_duty=9, most_days=2, of_days=4))
        block = TeamEngagement(at(1, 6), at(1, 9), "T00", "elsewhere", problem.needs[0].site)
        problem = replace(problem, locked=(block,))
        made = PreparedProblem(problem)
        looked = solver.advise(problem, rounds=400, seed=1)
        proof = exact.solve(made, 20, looked.board, workers=1)
        assert proof.board is not None
        assert proof.proven
        assert broken(problem, proof.board.plan()) == {}
        assert proof.board.value >= looked.board.value
        assert proof.bound <= bound.bound(made) + 1e-6


def test_a_part_that_is_solved_again_never_makes_the_plan_worse() -> None:
    problem = made_up(4, 30, 4, 2)
    made = PreparedProblem(problem)
    poor = construction.first_come(made)
    assert poor.open
    mended = repair.mended(poor, poor.open[0], 3)
    assert mended.value >= poor.value
    assert broken(problem, mended.plan()) == {}


def test_an_answer_tells_how_far_it_is_and_ends_when_it_is_told() -> None:
    heard: list[solver.AssignmentProgress] = []

    def hear(state: solver.AssignmentProgress) -> bool:
        heard.append(state)
        return len(heard) < 4

    advice = solver.advise(made_up(10, 60, 6), seconds=30, hear=hear)
    assert advice.status is solver.AssignmentStatus.CANCELLED
    assert advice.seconds < 10
    assert all(earlier.value <= later.value for earlier, later in itertools.pairwise(heard))
    assert all(earlier.bound >= later.bound for earlier, later in itertools.pairwise(heard))
    assert advice.plan


def test_a_small_question_is_proven_and_goes_on_from_an_earlier_plan() -> None:
    problem = made_up(3, 8, 4, 5)
    advice = solver.advise(problem, seconds=4)
    assert advice.status is solver.AssignmentStatus.PROVEN
    assert advice.gap < 1e-6
    again = solver.advise(problem, rounds=0, start=advice.plan)
    assert again.value == advice.value


# ------------------------------------------------------------------------------------------------------- the story

TRAVEL = Hours({("Niamey", "Agadez"): 10.0, ("Tunis", "Agadez"): 20.0})


def team(name: str, home: str = "Niamey", **facts: Any) -> TeamFacts:
    known = {"country": name[:3], "specialisms": frozenset({"biometrics"}), "languages": frozenset({"fr"})}
    return TeamFacts(**{"id": name, "home": home, "persons": 4, **known, **facts})


def need(name: str = "A", **facts: Any) -> NeedFacts:
    known: dict[str, Any] = {"site": "Agadez", "windows": (TimeWindow(at(1), at(3)),), "hours": 48.0}
    return NeedFacts(**{"id": name, "specialisms": frozenset({"biometrics"}), **known, **facts})


def changes(problem: AssignmentProblem) -> list[str]:
    (told,) = explanation.unmet(solver.at_once(problem))
    return [str(each) for each in told.changes]


def test_the_nearer_team_comes_and_it_is_said_why() -> None:
    advice = solver.at_once(AssignmentProblem((team("TUN-1", "Tunis"), team("NER-1")), (need(),), TRAVEL))
    (choice,) = explanation.choices(advice)
    assert (choice.engagement.team, choice.next_best, choice.person_hours) == ("NER-1", "TUN-1", 80.0)
    assert str(choice.words) == (
        "NER-1 (80 person-hours of travel) is the best of 2 teams that have what is needed. TUN-1, the next, would "
        "cost 80 points more."
    )


@pytest.mark.parametrize(
    ("teams", "wanted", "expected"),
    [
        ([team("NER-1", specialisms=frozenset())], {}, "It would be met if NER-1 also had biometrics."),
        (
            [team("NER-1")],
            {"languages": frozenset({"ar"})},
            "It would be met if NER-1 also spoke ar: add an interpreter.",
        ),
        (
            [team("NER-1", unavailable=(TimeWindow(at(2), at(9)),))],
            {},
            "It would be met if NER-1 were available from 2026-11-25 00:00 UTC to 2026-12-02 00:00 UTC.",
        ),
        (
            [team("NER-1", certificates={"documents": at(2)})],
            {"certificates": frozenset({"documents"})},
            "It would be met if NER-1 renewed documents, which ends on 2026-11-25.",
        ),
        ([team("NER-1")], {"persons": 6}, "It would be met if NER-1 had 6 persons; it has 4."),
        ([team("NER-1", "Lima")], {}, "It may be met once a travel time from Lima to Agadez is known for NER-1."),
        (
            [team("NER-1", specialisms=frozenset(), languages=frozenset())],
            {"languages": frozenset({"ar"})},
            "NER-1 comes nearest, and 2 things stand against it. The team lacks a specialism that is needed: "
            "biometrics. The team does not speak a language that is needed: ar.",
        ),
    ],
)
def test_what_would_have_to_change_for_a_need_that_nobody_can_meet(
    teams: list[TeamFacts], wanted: dict[str, Any], expected: str
) -> None:
    assert " ".join(changes(AssignmentProblem(tuple(teams), (need(**wanted),), TRAVEL))) == expected


def test_what_would_have_to_change_where_teams_are_busy_or_money_is_short() -> None:
    two = (need("A", priority=5), need("B", priority=2))
    assert changes(AssignmentProblem((team("NER-1"),), two, TRAVEL)) == [
        "It would be met by NER-1 instead of A (priority 5 against 2).",
        "NER-1 could do it if the need ended 72 h later.",
    ]
    paid = team("NER-1", cost_per_day=100.0, cost_per_travel_hour=10.0)
    assert changes(AssignmentProblem((paid,), (need(),), TRAVEL, budget=150.0)) == [
        "It would be met by NER-1 if the budget were 250 higher."
    ]
    ruled_out = frozenset({("NER-1", "A")})
    assert changes(AssignmentProblem((team("NER-1"),), (need(),), TRAVEL, forbidden=ruled_out)) == [
        "Every team was ruled out for this need: allow one again, or ask for another team."
    ]


def test_countries_share_the_work() -> None:
    teams = (team("NER-1"), team("NER-2"), team("TCD-1"), team("TCD-2"))
    needs = tuple(need(str(n), windows=(TimeWindow(at(4 * n), at(4 * n + 2)),)) for n in range(6))
    fair = solver.advise(AssignmentProblem(teams, needs, TRAVEL), rounds=50)
    assert [(share.country, share.hours, share.fair, share.teams) for share in explanation.shares(fair)] == [
        ("NER", 144.0, 144.0, 2),
        ("TCD", 144.0, 144.0, 2),
    ]
    careless = solver.advise(AssignmentProblem(teams, needs, TRAVEL, worth=Worth(unfair=0)), rounds=50)
    assert max(share.hours for share in explanation.shares(careless)) >= 144.0


def test_the_plan_in_force_is_kept_where_nothing_better_is_gained() -> None:
    teams = (team("NER-1"), team("NER-2"))
    in_force = (TeamEngagement.of(teams[1], need(), at(1)),)
    assert solver.at_once(AssignmentProblem(teams, (need(),), TRAVEL)).plan[0].team == "NER-1"
    kept = solver.at_once(AssignmentProblem(teams, (need(),), TRAVEL, in_force=in_force))
    assert (kept.plan, kept.tally.changed) == (in_force, 0)


def test_who_else_could_go_is_told_with_all_reasons() -> None:
    problem = AssignmentProblem((team("NER-1"), team("TUN-1", "Tunis", persons=0)), (need(),), TRAVEL)
    found = explanation.against(problem, solver.at_once(problem).plan, "A", at(1))
    assert {name: [each.reason for each in why] for name, why in found.items()} == {
        "NER-1": [],
        "TUN-1": [UnfitReason.PERSONS],
    }


@pytest.mark.parametrize(
    ("problem", "sentence"),
    [
        (
            AssignmentProblem((), (need(),), TRAVEL),
            "There is no team to assign: enter a team, or invite a country that has one.",
        ),
        (
            AssignmentProblem((team("NER-1"),), (), TRAVEL),
            "There is no open need to assign teams to: enter a request first.",
        ),
        (
            AssignmentProblem(
                (team("NER-1"),),
                (need("A"), need("B")),
                TRAVEL,
                locked=(
                    TeamEngagement.of(team("NER-1"), need("A"), at(1)),
                    TeamEngagement.of(team("NER-1"), need("B"), at(1)),
                ),
            ),
            "This locked assignment is not possible: NER-1 for A. The team is at Agadez from 2026-11-24 00:00 UTC "
            "to 2026-11-26 00:00 UTC. Release it, or remove what prevents it.",
        ),
        (
            AssignmentProblem(
                (team("NER-1", cost_per_day=100.0),),
                (need(),),
                TRAVEL,
                locked=(TeamEngagement.of(team("NER-1"), need(), at(1)),),
                budget=100.0,
            ),
            "The locked assignments cost 200, but the budget is 100. Raise the budget, or release an assignment.",
        ),
        (
            AssignmentProblem(
                (team("NER-1"),), (need(),), TRAVEL, locked=(TeamEngagement.of(team("X"), need(), at(1)),)
            ),
            "A locked assignment names a team that does not exist: X. Release it, or choose another team.",
        ),
        (AssignmentProblem((team("NER-1"),), (need(),), TRAVEL, budget=-1.0), "The budget must be 0 or more."),
    ],
)
def test_a_question_without_any_plan_says_what_to_change(problem: AssignmentProblem, sentence: str) -> None:
    with pytest.raises(Unassignable) as refused:
        solver.at_once(problem)
    assert str(refused.value) == sentence


# ------------------------------------------------------------------------------------------- schedules that vary


def posts(count: int) -> list[ShiftPost]:
    return [ShiftPost(need(f"P{n}", site="Agadez", hours=6.0, priority=3), weight=1.0 + n) for n in range(count)]


SHIFTS = ((time(6), 6.0), (time(18), 6.0))


def crew(count: int) -> AssignmentProblem:
    teams = tuple(team(f"NER-{n}", "Agadez") for n in range(count))
    return AssignmentProblem(teams, (need(),), TRAVEL, RestRules(most_days=7, of_days=7))


def test_a_drawn_schedule_keeps_the_rules_and_the_odds_and_can_be_drawn_again() -> None:
    problem = crew(8)
    drawn = schedule(problem, posts(5), at(0).date(), 40, SHIFTS, 2, seed=11)
    mixed = replace(problem, teams=problem.teams[::-1])
    assert schedule(mixed, posts(5)[::-1], at(0).date(), 40, SHIFTS, 2, seed=11) == drawn
    assert schedule(problem, posts(5), at(0).date(), 40, SHIFTS, 2, seed=12).plan != drawn.plan
    assert drawn.left == ()
    assert len(drawn.plan) == 160
    for name, chance in drawn.odds.items():
        assert drawn.share[name] == pytest.approx(chance, abs=0.15)
    for each in problem.teams:
        own = [one for one in drawn.plan if one.team == each.id]
        for before, after in itertools.pairwise(sorted(own)):
            assert after.start - before.end >= timedelta(hours=11)


def test_shifts_that_nobody_can_man_are_named() -> None:
    drawn = schedule(crew(1), posts(3), at(0).date(), 2, SHIFTS, 1, seed=1)
    assert len(drawn.plan) + len(drawn.left) == 4
    assert drawn.left
    with pytest.raises(Unassignable, match="at least one post"):
        schedule(crew(1), [], at(0).date(), 2, SHIFTS, 1, seed=1)


@given(st.lists(st.floats(0.1, 50), min_size=1, max_size=12), st.integers(1, 12), seeds)
def test_odds_add_up_and_as_many_posts_are_drawn(weights: list[float], count: int, seed: int) -> None:
    chances = odds(weights, count)
    wanted = min(count, len(weights))
    assert sum(chances) == pytest.approx(wanted)
    assert all(0 < each <= 1 for each in chances)
    rows = sampled(chances, random.Random(seed))
    assert len(rows) == len(set(rows)) == wanted


def test_each_post_is_drawn_as_often_as_its_odds_say() -> None:
    chances = odds([5.0, 3.0, 1.0, 1.0], 2)
    chance = random.Random(4)
    times = Counter(row for _ in range(4000) for row in sampled(chances, chance))
    assert [times[row] / 4000 for row in range(4)] == pytest.approx(chances, abs=0.03)


def test_moments_are_rounded_on_the_safe_side() -> None:
    start = datetime(2026, 11, 24, 0, 0, 30, tzinfo=UTC)
    tight = need(windows=(TimeWindow(start, start + timedelta(hours=48)),))
    (unmet,) = explanation.unmet(solver.at_once(AssignmentProblem((team("NER-1"),), (tight,), TRAVEL)))
    assert unmet.need == "A"
