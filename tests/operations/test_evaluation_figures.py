"""What is reckoned of evaluations: K63 to K68, each with what it is of, and results by effort, like for like or not."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from operations.catalogue.kpis import Kpi
from operations.core import clock, journal
from operations.core.errors import NotFound, NotPermitted, RuleBroken
from operations.core.ids import new_id
from operations.core.people import System
from operations.evaluation import effort, evaluations, figures
from operations.evaluation.effort import BY_EFFORT, Effort, Worked
from operations.evaluation.rows import Evaluation
from operations.infrastructure import trend, usage
from operations.policing.operation import plan
from operations.posts import register
from operations.programme import sustained_use
from operations.results.past_operations.arithmetic_checks import QualifiedAmount
from operations.results.past_operations.comparability import (
    OTHER_CHECKS,
    OTHER_DATABASES,
    OTHER_KINDS,
    UNKNOWN_CHECKS,
)
from operations.results.past_operations.publications import chosen
from tests.evaluations import (
    ENDED,
    consulted,
    does,
    evaluated,
    evaluation_step,
    judgement_draft,
    outcome_draft,
    planned,
    take,
)
from tests.makers import Running
from tests.programme import month_draft, post_of

LATER = datetime(2027, 6, 1, tzinfo=UTC)


def values(scene: Running, name: str, made: Evaluation | None = None, at: datetime = ENDED) -> dict[str, Any]:
    """The figures that somebody reads, by name: number, part and whole."""
    with clock.at(at), scene.store.reading(scene[name]) as session:
        if made is None:
            found = figures.figures(session, scene[name])
        else:
            judged, advised = (
                evaluations.current_judgements(session, made.id),
                evaluations.recommendations_of(session, made.id),
            )
            later = evaluations.outcomes(session, made.id)
            found = figures.evaluation_figures(made, judged, advised, later.values())
    return {each.figure.name: (each.number, each.part, each.whole) for each in found}


def test_evaluations_are_on_time_until_their_day_is_over(scene: Running) -> None:
    made = consulted(scene, planned(evaluated(scene)))
    planned(scene, planned_for=ENDED.date())
    assert values(scene, "ana")["Evaluations on time"] == (None, 0, 0)
    does(scene, "ana", evaluation_step(made.id, "final"))
    assert values(scene, "ana")["Evaluations on time"] == (100, 1, 1)
    assert values(scene, "ana", at=ENDED + timedelta(days=2))["Evaluations on time"] == (50, 1, 2)


def test_criteria_are_counted_and_recommendations_followed(scene: Running) -> None:
    made = consulted(scene, planned(evaluated(scene)), "NER", "ocu_analyst", "leadership")
    does(
        scene, "ana", evaluations.judge, made.id, judgement_draft("impact", score=None, words="Too early.", evidence="")
    )
    does(scene, "ana", evaluation_step(made.id, "final"))
    with scene.store.reading(System()) as session:
        advised = {each.country or each.role: each for each in evaluations.recommendations_of(session, made.id)}
    for owner, state in (("NER", "accepted"), ("ocu_analyst", "accepted"), ("leadership", "rejected")):
        take(scene, advised[owner], state)
    take(scene, advised["NER"], "done")
    take(scene, advised["NER"], "closed")
    told = values(scene, "ana", made, at=ENDED + timedelta(days=40))
    assert told["Criteria judged"] == (5, 5, 6)
    assert told["Recommendations carried out"] == (50, 1, 2)
    assert told["Recommendations overdue"] == (50, 1, 2)
    assert told["Later outcomes"] == (None, None, None)


def test_countries_say_what_became_of_their_investigations_and_each_reads_its_own(scene: Running) -> None:
    made = planned(evaluated(scene))
    does(scene, "chaima", evaluations.report_outcome, made.id, outcome_draft(charged=1))
    does(scene, "chaima", evaluations.report_outcome, made.id, outcome_draft())
    does(scene, "moussa", evaluations.report_outcome, made.id, outcome_draft(opened=6, charged=0, convicted=0))
    told = {name: values(scene, name, made)["Later outcomes"] for name in ("ana", "chaima", "moussa", "otto")}
    assert told == {"ana": (30, 3, 10), "chaima": (75, 3, 4), "moussa": (0, 0, 6), "otto": (30, 3, 10)}
    for name in ("ana", "dov", "bruno", "lena"):
        with pytest.raises((NotPermitted, NotFound)):
            does(scene, name, evaluations.report_outcome, made.id, outcome_draft())
    for changes, field in (({"charged": 5}, "charged"), ({"convicted": 4}, "convicted"), ({"source": ""}, "source")):
        with pytest.raises(RuleBroken) as refused:
            outcome_draft(**changes)
        assert [flaw.field for flaw in refused.value.flaws] == [field]


def test_the_access_trail_is_reckoned_for_who_reads_it_alone(scene: Running) -> None:
    assert values(scene, "ana")["Consultations with a reason"] == (None, None, None)
    for about in ({"reason": "A report was questioned."}, {"reason": ""}, {}):
        with clock.at(ENDED - timedelta(days=1)), scene.store.unit_of_work(scene["dov"]) as session:
            journal.record(session, scene["dov"], "case.consult", "case", chain=journal.Chain.ACCESS, **about)
    assert values(scene, "otto")["Consultations with a reason"] == (pytest.approx(100 / 3), 1, 3)
    assert values(scene, "otto", at=ENDED - timedelta(days=1))["Consultations with a reason"] == (None, 0, 0)


# ---------------------------------------------------------------------------------------------- sustained use


def asked(scene: Running, name: str, factor: int) -> register.Post:
    """A post that is the site at Niamey or Agadez, and asked `factor` times as much from the operation on."""
    post = post_of(scene, name=name, ref="")
    does(scene, "chaima", register.link, post.id, scene.sites[name])
    days = [date(2025 + (month - 1) // 12, (month - 1) % 12 + 1, 1) for month in range(3, 27)]
    drafts = [
        month_draft(each.isoformat(), (100 + each.month) * (factor if each > date(2026, 3, 1) else 1), id=new_id())
        for each in days
        if each != date(2026, 3, 1)
    ]
    does(scene, "bruno", lambda session, by: usage.count_many(session, post.id, drafts if factor else [], by), at=LATER)
    return post


def test_sustained_use_compares_each_post_with_itself_and_says_what_it_cannot_tell(scene: Running) -> None:
    evaluated(scene)
    asked(scene, "Niamey", 3)
    asked(scene, "Agadez", 0)
    made = planned(scene)

    def read(name: str) -> list[sustained_use.Sustained]:
        with clock.at(LATER), scene.store.reading(scene[name]) as session:
            return sustained_use.sustained(session, made, trend.before_and_after)

    found = {each.post.name: each for each in read("ana")}
    assert {month: round(each.ratio) for month, each in found["Niamey"].changes.items()} == {6: 3}
    assert found["Niamey"].changes[6].told
    why = found["Agadez"].why
    assert why is not None
    assert why.template.startswith("Too few months are counted before")
    six, twelve = sustained_use.figures(found.values())
    assert (round(six.number or 0), six.part, six.whole) == (3, 1, 2)
    assert (twelve.number, twelve.part, twelve.whole) == (None, 0, 2)
    assert twelve.why.startswith("Too little is known")
    assert read("moussa") == []


# -------------------------------------------------------------------------------------------------- by effort

SLTD = frozenset({"database_query", "sltd"})


def worked(arrests: float, days: float | None = 200, checks: float | None = 1000, **changes: Any) -> Worked:
    put_in = {Effort.OFFICER_DAYS: days, Effort.CHECKS: checks}
    about: dict[str, Any] = {
        "kind": "border_stop",
        "asked": {Kpi.DATABASE_CHECKS: SLTD},
        "results": {Kpi.ARRESTS: QualifiedAmount(arrests)},
        "effort": {each: QualifiedAmount(value) for each, value in put_in.items() if value is not None},
    }
    return Worked(name="Sentinel", **(about | changes))


def test_what_came_of_the_same_effort_is_compared() -> None:
    [side] = effort.kind_comparisons([worked(4), worked(3, days=100, checks=2000), worked(9, days=None, checks=None)])
    told = {each.effort: [rate and rate.value for rate in each.rates] for each in side.rows}
    assert told == {Effort.OFFICER_DAYS: [2, 3, None], Effort.CHECKS: [400, 150, None]}
    assert all(each.comparable for each in side.rows)


@pytest.mark.parametrize(
    ("other", "of", "said"),
    [
        ({"days": None}, Effort.OFFICER_DAYS, effort.NO_OFFICERS),
        ({"days": 0}, Effort.OFFICER_DAYS, effort.NO_OFFICERS),
        ({"checks": None}, Effort.CHECKS, effort.NO_CHECKS),
        ({"asked": {Kpi.DATABASE_CHECKS: frozenset({"database_query"})}}, Effort.CHECKS, OTHER_CHECKS),
        ({"asked": {}}, Effort.CHECKS, UNKNOWN_CHECKS),
        ({"asked": {Kpi.DATABASE_CHECKS: SLTD, Kpi.ARRESTS: SLTD}}, Effort.OFFICER_DAYS, OTHER_DATABASES),
    ],
)
def test_what_is_not_like_for_like_is_not_compared_and_says_why(other: dict[str, Any], of: Effort, said: Any) -> None:
    found = effort.rate_comparison([worked(4), worked(3, **other)], Kpi.ARRESTS, of)
    assert (found.said, found.rates) == (said, (None, None))


def test_other_mechanisms_stand_apart_and_a_bound_stays_a_bound() -> None:
    more = worked(4, results={Kpi.ARRESTS: QualifiedAmount(4, ">")})
    about = worked(4, effort={Effort.OFFICER_DAYS: QualifiedAmount(100, ">")})
    first, second = effort.kind_comparisons([more, about, worked(1, kind="fugitive")])
    [row] = [each for each in first.rows if each.effort is Effort.OFFICER_DAYS]
    assert [rate and (rate.value, rate.qualifier) for rate in row.rates] == [(2, ">"), (4, "<")]
    assert (second.kind, second.said, second.rows) == ("fugitive", OTHER_KINDS, ())


def test_most_of_what_was_published_of_a_region_is_not_compared() -> None:
    rows = [
        row
        for side in effort.kind_comparisons([effort.past_effort(each) for each in chosen(region="europe")])
        for row in side.rows
    ]
    alike = {
        (row.kpi, row.effort): sum(rate is not None for rate in row.rates) for row in rows if row.said is BY_EFFORT
    }
    assert alike == {
        (Kpi.ARRESTS, Effort.OFFICER_DAYS): 3,
        (Kpi.RAW_HITS, Effort.CHECKS): 2,
        (Kpi.VEHICLES, Effort.CHECKS): 2,
    }
    assert len(rows) > 3 * len(alike)


def test_what_muster_counts_stands_beside_what_was_published(scene: Running) -> None:
    evaluated(scene)
    with scene.store.reading(scene["ana"]) as session:
        operation = plan.operation(session, scene.operation, scene["ana"])
        found = effort.of_region(session, "africa", [operation], scene["ana"])
    [stops] = [side for side in found if side.kind == operation.type]
    assert stops.operations[0].name == operation.title
    assert stops.operations[0].past is None
