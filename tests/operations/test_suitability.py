"""Whether a team fits a need: every reason against it, each alone and all together."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from operations.core.errors import RuleBroken
from operations.support.suitability import UnfitReason, cost, plan_reasons, reasons, refusal, travelled
from operations.support.team_facts import Hours, NeedFacts, RestRules, TeamEngagement, TeamFacts, TimeWindow

MONDAY = datetime(2026, 11, 23, tzinfo=UTC)
TRAVEL = Hours({("Niamey", "Agadez"): 10.0, ("Agadez", "Assamaka"): 4.0, ("Niamey", "Assamaka"): 13.0})
RULES = RestRules()


def at(day: int, hour: float = 0.0) -> datetime:
    return MONDAY + timedelta(days=day, hours=hour)


def team(**facts: object) -> TeamFacts:
    return TeamFacts(
        **{  # type: ignore[arg-type]
            "id": "NER-1",
            "country": "NER",
            "home": "Niamey",
            "specialisms": frozenset({"document_examiner"}),
            "languages": frozenset({"fr", "ha"}),
            "certificates": {"documents": at(30)},
            "persons": 4,
            **facts,
        }
    )


def need(**facts: object) -> NeedFacts:
    return NeedFacts(
        **{  # type: ignore[arg-type]
            "id": "A",
            "site": "Agadez",
            "windows": (TimeWindow(at(1), at(6)),),
            "hours": 8.0,
            "specialisms": frozenset({"document_examiner"}),
            "languages": frozenset({"fr"}),
            "certificates": frozenset({"documents"}),
            "persons": 3,
            **facts,
        }
    )


def busy(name: str, start: datetime, hours: float, site: str = "Agadez") -> TeamEngagement:
    return TeamEngagement(start, start + timedelta(hours=hours), "NER-1", name, site)


def codes(*args: object, **more: object) -> list[UnfitReason]:
    return [each.reason for each in reasons(*args, **more)]  # type: ignore[arg-type]


def test_nothing_speaks_against_a_team_that_fits() -> None:
    assert reasons(team(), need(), at(1, 10), [], RULES, TRAVEL, budget_left=0.0) == ()


@pytest.mark.parametrize(
    ("of_team", "of_need", "start", "others", "expected"),
    [
        ({}, {}, at(0), [], UnfitReason.WINDOW),
        ({}, {}, at(5, 17), [], UnfitReason.WINDOW),
        ({"specialisms": frozenset()}, {}, at(1), [], UnfitReason.SPECIALISM),
        ({"languages": frozenset({"ha"})}, {}, at(1), [], UnfitReason.LANGUAGE),
        ({"certificates": {}}, {}, at(1), [], UnfitReason.CERTIFICATE),
        ({"certificates": {"documents": at(1, 7)}}, {}, at(1), [], UnfitReason.CERTIFICATE_EXPIRED),
        ({"persons": 2}, {}, at(1), [], UnfitReason.PERSONS),
        ({"unavailable": (TimeWindow(at(1, 7), at(2)),)}, {}, at(1), [], UnfitReason.UNAVAILABLE),
        ({"ready_at": at(0, 15)}, {}, at(1), [], UnfitReason.NOT_READY),
        ({"home": "Tunis"}, {}, at(1), [], UnfitReason.NO_WAY),
        ({}, {}, at(1), [busy("B", at(1, 7), 4)], UnfitReason.ELSEWHERE),
        ({}, {"hours": 4.0}, at(1, 10), [busy("B", at(1, 5), 3, "Assamaka")], UnfitReason.TRAVEL),
        ({}, {}, at(1, 10), [busy("B", at(1, 2), 6)], UnfitReason.REST),
        ({}, {"hours": 20.0}, at(1, 10), [busy("B", at(1, 8), 2)], UnfitReason.REST),
    ],
)
def test_each_reason_alone(
    of_team: dict[str, object],
    of_need: dict[str, object],
    start: datetime,
    others: list[TeamEngagement],
    expected: UnfitReason,
) -> None:
    assert codes(team(**of_team), need(**of_need), start, others, RULES, TRAVEL) == [expected]


def test_all_reasons_are_told_at_once() -> None:
    found = codes(
        team(specialisms=frozenset(), languages=frozenset(), certificates={}, persons=1),
        need(),
        at(9),
        [busy("B", at(9, 1), 2)],
        RULES,
        TRAVEL,
    )
    assert found == [
        UnfitReason.SPECIALISM,
        UnfitReason.LANGUAGE,
        UnfitReason.CERTIFICATE,
        UnfitReason.PERSONS,
        UnfitReason.WINDOW,
        UnfitReason.ELSEWHERE,
    ]


def test_short_engagements_chain_to_one_duty_even_where_each_pair_would_fit() -> None:
    others = [busy("B", at(1), 1), busy("C", at(1, 6), 5)]
    (found,) = reasons(team(), need(hours=1.0), at(1, 17), others, RULES, TRAVEL)
    assert found.reason is UnfitReason.REST
    assert str(found) == (
        "Without 11 h of rest in between this becomes one duty of 18 h, from 2026-11-24 00:00 UTC to 2026-11-24 18:00 "
        "UTC; 12 h are allowed."
    )


def test_travel_is_no_rest() -> None:
    others = [busy("B", at(1), 6, "Assamaka")]
    assert codes(team(), need(hours=6.0), at(1, 20.9), others, RULES, TRAVEL) == [UnfitReason.REST]
    assert codes(team(), need(hours=6.0), at(1, 21), others, RULES, TRAVEL) == []


def test_a_sixth_day_of_duty_in_seven_is_one_too_many() -> None:
    others = [busy(str(day), at(day, 8), 4) for day in range(5)]
    wide = need(windows=(TimeWindow(at(0), at(20)),))
    assert codes(team(), wide, at(5, 8), others, RULES, TRAVEL) == [UnfitReason.DUTY_DAYS]
    assert codes(team(), wide, at(7, 8), others, RULES, TRAVEL) == []
    assert codes(team(), need(windows=wide.windows, hours=40.0), at(5, 8), others, RULES, TRAVEL) == []


def test_days_are_those_of_the_zone() -> None:
    others = [busy(str(day), at(day, 8), 4) for day in range(4)]
    late = need(windows=(TimeWindow(at(0), at(20)),), hours=2.0)
    tight = RestRules(most_days=4)
    assert codes(team(), late, at(3, 23.5), others, tight, TRAVEL) == []
    assert codes(team(), late, at(3, 23.5), others, RestRules(most_days=4, zone="Africa/Niamey"), TRAVEL) == [
        UnfitReason.DUTY_DAYS
    ]


def test_the_budget_counts_days_begun_and_the_way_there_and_back() -> None:
    paid = team(cost_per_day=100.0, cost_per_travel_hour=10.0)
    one = [TeamEngagement.of(paid, need(), at(1))]
    assert (travelled(paid, one, TRAVEL), cost(paid, one, TRAVEL)) == (20.0, 300.0)
    assert codes(paid, need(), at(1), [], RULES, TRAVEL, budget_left=299.0) == [UnfitReason.BUDGET]
    assert codes(paid, need(), at(1), [], RULES, TRAVEL, budget_left=300.0) == []


def test_moving_an_engagement_does_not_meet_itself() -> None:
    assert codes(team(), need(), at(1, 4), [busy("A", at(1), 8)], RULES, TRAVEL) == []


def test_a_whole_plan_is_told_by_need() -> None:
    plan = [busy("A", at(1), 8), busy("B", at(1, 4), 8)]
    needs = {"A": need(), "B": need(id="B", specialisms=frozenset({"dvi"}))}
    found = plan_reasons(team(), plan, needs, RULES, TRAVEL)
    assert {key: [each.reason for each in against] for key, against in found.items()} == {
        "A": [UnfitReason.ELSEWHERE],
        "B": [UnfitReason.SPECIALISM, UnfitReason.ELSEWHERE],
    }


def test_reasons_become_one_refusal() -> None:
    found = reasons(team(persons=1), need(), at(0), [], RULES, TRAVEL)
    error = refusal("team", found)
    assert isinstance(error, RuleBroken)
    assert [str(flaw) for flaw in error.flaws] == [
        "The team has 1 persons and 3 are needed.",
        "The work is outside the period of the need: 2026-11-24 00:00 UTC to 2026-11-29 00:00 UTC.",
    ]


starts = st.lists(
    st.tuples(st.integers(0, 240), st.integers(1, 16), st.sampled_from(["Agadez", "Assamaka"])),
    max_size=8,
    unique_by=lambda taken: taken[0],  # of two that begin together none is where the team was last
)


@given(starts, st.integers(0, 240), st.integers(1, 16))
def test_what_fits_overlaps_nothing_and_leaves_time_to_travel(
    taken: list[tuple[int, int, str]], start: int, hours: int
) -> None:
    others = [busy(str(n), at(0, first), long, site) for n, (first, long, site) in enumerate(taken)]
    wide = need(windows=(TimeWindow(at(-1), at(30)),), hours=float(hours))
    if not codes(team(), wide, at(0, start), others, RULES, TRAVEL):
        end = start + hours
        for first, long, site in taken:
            way = TRAVEL("Agadez", site)
            assert way is not None
            assert first + long <= start or first >= end
        before = [t for t in taken if t[0] + t[1] <= start]
        if before:
            first, long, site = max(before)
            assert start - first - long >= (TRAVEL("Agadez", site) or 0)


@given(starts, st.integers(0, 240), st.randoms(use_true_random=False))
def test_the_order_of_the_others_does_not_matter(taken: list[tuple[int, int, str]], start: int, random: object) -> None:
    others = [busy(str(n), at(0, first), long, site) for n, (first, long, site) in enumerate(taken)]
    mixed = list(others)
    random.shuffle(mixed)  # type: ignore[attr-defined]
    args = (team(), need(), at(0, start))
    assert reasons(*args, others, RULES, TRAVEL) == reasons(*args, mixed, RULES, TRAVEL)
