"""Recommendations: who proposes, decides, follows up and closes, and what is refused, on both storages."""

import contextlib
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy.exc import DBAPIError

from operations import worklist_entries
from operations.core import clock
from operations.core.drafts import parse
from operations.core.errors import Conflict, NotFound, NotPermitted, RuleBroken
from operations.core.ids import new_id
from operations.core.people import System
from operations.core.vocabulary import MessageKind, OperationState
from operations.evaluation import recommendations
from operations.evaluation.recommendation_rows import RECOMMENDATION
from operations.evaluation.recommendations import LIFE, OPEN, NoteDraft, Recommendation, RecommendationState
from operations.notices import inbox
from operations.policing import lifecycle
from operations.policing.operation import plan
from operations.timetable import worklist_messages
from operations.timetable.lease import LeaseCandidate
from operations.timetable.runner import Timetable
from tests.evaluations import ENDED, draft, evaluated, recommend, take, way_to
from tests.makers import Running
from tests.people import CAST

S = RecommendationState
MONTH = timedelta(days=31)


def note(scene: Running, made: Recommendation, by: str = "chaima", **said: Any) -> recommendations.FollowUp:
    content = parse(NoteDraft, {"id": new_id(), "words": "The line is ordered.", **said})
    with clock.at(ENDED), scene.store.unit_of_work(scene[by]) as session:
        return recommendations.note(session, made.id, content, scene[by])


def now(scene: Running, made: Recommendation) -> Recommendation:
    with scene.store.reading(System()) as session:
        return session.get_one(Recommendation, made.id)


def test_from_a_proposal_to_its_end(scene: Running) -> None:
    made = recommend(evaluated(scene))
    assert take(scene, made, "accepted", words="It costs little.").reason == "It costs little."
    take(scene, made, "under_way")
    note(scene, made)
    done = take(scene, made, "done", words="The line answers; 41 queries in the first week.")
    assert (done.done_by, done.closed_by) == (scene["chaima"].account_id, None)
    assert take(scene, made, "under_way", "ana", words="Of one counter only.").done_by is None
    take(scene, made, "done", words="Both counters query.")
    closed = take(scene, made, "closed")
    assert (closed.state, closed.closed_by, closed.reason) == ("closed", scene["ana"].account_id, "")
    with scene.store.reading(scene["chaima"]) as session:
        past = [(each.state, each.words) for each in recommendations.follow_ups(session, made.id)]
    assert ("closed", "So it is.") in past
    assert ("", "The line is ordered.") in past
    assert len(past) == 7


def test_the_country_that_owns_it_decides_itself_and_no_other_does(scene: Running) -> None:
    made = recommend(evaluated(scene))
    for name in ("moussa", "boubacar", "bruno"):
        with pytest.raises(NotFound):
            take(scene, made, "accepted", name)
    with pytest.raises(NotPermitted):
        take(scene, made, "accepted", "ana")
    assert take(scene, made, "partly", "chaima", "One line, not two.").state == "partly"


def test_every_decision_has_its_reason_and_a_report_its_proof(scene: Running) -> None:
    made = recommend(evaluated(scene))
    for to in ("accepted", "partly", "rejected"):
        with pytest.raises(RuleBroken, match="Give the reason"):
            take(scene, made, to, words=" ")
    take(scene, made, "accepted")
    for to in ("done", "dropped"):
        with pytest.raises(RuleBroken, match="Give the reason"):
            take(scene, made, to, words="")
    assert now(scene, made).state == "accepted"


def test_who_reported_it_done_does_not_close_it(scene: Running) -> None:
    made = recommend(evaluated(scene), owner="operation_coordinator")
    take(scene, made, "accepted")
    take(scene, made, "done", "ana", "The form is in use.")
    with pytest.raises(RuleBroken, match="You reported this as done"):
        take(scene, made, "closed", "ana")
    assert take(scene, made, "closed", "lena").state == "closed"


def test_the_database_itself_refuses_the_same_eyes_and_a_rewritten_proposal(scene: Running) -> None:
    made = recommend(evaluated(scene), owner="operation_coordinator")
    take(scene, made, "accepted")
    take(scene, made, "done", "ana", "The form is in use.")
    wrong = (
        "UPDATE recommendation SET state = 'closed', reason = '', closed_by = done_by",
        "UPDATE recommendation SET text = 'Something else.'",
        "DELETE FROM recommendation",
        "UPDATE recommendation_note SET words = 'Something else.'",
        "DELETE FROM recommendation_note",
    )
    for statement in wrong:
        with scene.store.engine.begin() as connection:
            if connection.dialect.name == "postgresql":
                connection.execute(sa.text("SELECT set_config('muster.reach', 'all', true)"))
            with pytest.raises(DBAPIError):
                connection.exec_driver_sql(statement)
            connection.rollback()


def test_the_same_again_is_answered_as_before_and_other_content_is_not(scene: Running) -> None:
    said = draft()
    with clock.at(ENDED), evaluated(scene).store.unit_of_work(scene["dov"]) as session:
        made = recommendations.propose(session, scene.operation, said, scene["dov"])
        assert recommendations.propose(session, scene.operation, said, scene["dov"]).id == made.id
        other = said.model_copy(update={"text": "Something else."})
        with pytest.raises(Conflict):
            recommendations.propose(session, scene.operation, other, scene["dov"])
    take(scene, made, "accepted")
    first = note(scene, made)
    assert note(scene, made, id=first.id).made_at == first.made_at
    with pytest.raises(Conflict):
        note(scene, made, id=first.id, words="Something else.")


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"owner": "USA"}, "owner"),
        ({"due": ENDED.date()}, "due"),
    ],
)
def test_an_owner_who_does_not_take_part_and_a_day_that_is_over_are_refused(
    scene: Running, changes: dict[str, Any], field: str
) -> None:
    with pytest.raises(RuleBroken) as refused:
        recommend(evaluated(scene), **changes)
    assert [flaw.field for flaw in refused.value.flaws] == [field]


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"owner": "nobody"}, "Choose who is to do it"),
        ({"text": " "}, "This field is needed"),
        ({"area": "weather"}, "is not one of the choices"),
        ({"evidence": "As told by Mr Amadou Diallo, born 3 March 1985"}, "personal data"),
    ],
)
def test_what_cannot_be_a_recommendation_is_said(changes: dict[str, Any], said: str) -> None:
    with pytest.raises(RuleBroken, match=said):
        draft(**changes)


def test_before_the_end_of_the_operation_there_is_nothing_to_recommend(scene: Running) -> None:
    with pytest.raises(RuleBroken, match="has not ended"):
        recommend(scene)


def test_notes_are_the_owners_while_it_is_to_be_done(scene: Running) -> None:
    made = recommend(evaluated(scene))
    with pytest.raises(RuleBroken, match="You can add notes only after the decision"):
        note(scene, made)
    take(scene, made, "accepted")
    with pytest.raises(NotPermitted):
        note(scene, made, "ana")
    with pytest.raises(NotFound):
        note(scene, made, "moussa")


def test_a_country_sees_its_own_and_the_centre_all(scene: Running) -> None:
    own = recommend(evaluated(scene))
    recommend(scene, owner="MLI")
    recommend(scene, owner="ocu_analyst")
    seen = {}
    for name in CAST:
        with scene.store.reading(scene[name]) as session:
            seen[name] = len(recommendations.recommendations(session, scene.operation))
    assert seen == {
        "ana": 3,
        "dov": 3,
        "lena": 3,
        "otto": 3,
        "chaima": 1,
        "moussa": 1,
        "bruno": 0,
        "binta": 0,
        "boubacar": 0,
        "mateo": 0,
        "marie": 0,
        "ada": 0,
        "frida": 0,
    }
    take(scene, own, "accepted")
    with scene.store.reading(scene["moussa"]) as session:
        assert recommendations.follow_ups(session, own.id) == []


def in_state(scene: Running, state: OperationState) -> None:
    with scene.store.unit_of_work(System()) as session:
        session.get_one(plan.Operation, scene.operation).state = state.value


def test_it_is_followed_up_to_its_end_when_the_operation_is_archived(scene: Running) -> None:
    """An evaluation comes months later: what was accepted does not freeze with its operation."""
    made, other = recommend(evaluated(scene)), recommend(scene)
    made = take(scene, made, "accepted")
    in_state(scene, OperationState.ARCHIVED)
    with scene.store.reading(scene["chaima"]) as session:
        waits = [
            each.key for each in worklist_entries.waiting(session, scene["chaima"], ENDED) if each.noun == LIFE.noun
        ]
        operation = plan.operation(session, scene.operation, scene["chaima"])
        assert recommendations.may_note(made, operation, scene["chaima"])
        assert {each.step.after for each in RECOMMENDATION.offers(session, other, scene["chaima"])} == {
            "accepted",
            "partly",
            "rejected",
        }
    assert len(waits) == 2
    take(scene, made, "under_way")
    note(scene, made)
    take(scene, made, "done", words="The line answers.")
    assert take(scene, made, "closed").state == "closed"
    with pytest.raises(RuleBroken, match="The operation has not ended"):
        recommend(scene)


def test_what_waits_in_an_archived_operation_stays_unread_until_it_is_done(scene: Running) -> None:
    made = recommend(evaluated(scene))
    take(scene, made, "accepted")
    in_state(scene, OperationState.ARCHIVED)
    keeper = Timetable(scene.store, LeaseCandidate("test"))
    for days in (31, 32):
        with clock.at(ENDED + timedelta(days=days)):
            keeper.beat()
            keeper.tick(worklist_messages.JOBS)
    assert unread(scene, "chaima", made) == 1  # that it is hers; of late, an operation that is archived tells nobody


def unread(scene: Running, name: str, about: Recommendation) -> int:
    with scene.store.reading(scene[name]) as session:
        found = inbox.messages(session, scene[name])
    return sum(not each.read and str(about.id) in each.message.link for each in found)


def test_nothing_moves_in_an_operation_that_is_cancelled(scene: Running) -> None:
    made = recommend(evaluated(scene))
    in_state(scene, OperationState.CANCELLED)
    with pytest.raises(RuleBroken, match="can no longer change"):
        take(scene, made, "accepted")
    with scene.store.reading(scene["lena"]) as session:
        assert RECOMMENDATION.offers(session, made, scene["lena"]) == []


def told(scene: Running, name: str, *about: Recommendation) -> list[int]:
    """How many hours late somebody was told that recommendations are."""
    with scene.store.reading(scene[name]) as session:
        found = [each.message for each in inbox.messages(session, scene[name])]
    late = [each for each in found if each.kind == MessageKind.WAITS_LATE]
    return [each.number for each in late if each.link.rpartition("=")[2] in {str(one.id) for one in about}]


def test_what_is_overdue_is_told_to_its_owner_and_a_week_later_to_the_coordinator(scene: Running) -> None:
    late, waits = recommend(evaluated(scene)), recommend(scene)
    central = recommend(scene, owner="ocu_analyst")
    for each in (late, central):
        take(scene, each, "accepted")
    assert waits.state == "proposed"  # nobody is late with what is not decided
    keeper = Timetable(scene.store, LeaseCandidate("test"))

    def ticks(days: int) -> None:
        with clock.at(ENDED + timedelta(days=days)):
            keeper.beat()
            keeper.tick(worklist_messages.JOBS)

    ticks(30)
    assert told(scene, "chaima", late) == []
    ticks(31)
    ticks(31)
    both = late, central
    assert (len(told(scene, "chaima", late)), len(told(scene, "dov", central)), told(scene, "ana", *both)) == (1, 1, [])
    take(scene, central, "done", "dov")
    ticks(39)
    assert [hours // 24 for hours in told(scene, "ana", late)] == [8]
    assert len(told(scene, "chaima", late)) == 1
    assert told(scene, "moussa", late, waits, central) == []


def test_the_sums_count_what_was_accepted_carried_out_and_is_late() -> None:
    day = ENDED.date()
    found = [
        Recommendation(state=state, due=day + timedelta(days=after))
        for state in RecommendationState
        for after in (-1, 0)
    ]
    assert recommendations.sums(found, day) == (2 * (len(RecommendationState) - 2), 2, len(OPEN))
    assert recommendations.sums([], day) == (0, 0, 0)


WALKS = settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)


@WALKS
@given(
    st.sampled_from(["NER", "operation_coordinator", "ocu_analyst", "leadership"]),
    st.lists(st.tuples(st.sampled_from(sorted(CAST)), st.sampled_from([*RecommendationState, "note"])), max_size=20),
)
def test_what_is_offered_of_a_recommendation_works_and_nothing_else_changes_it(
    scene: Running, owner: str, presses: list[tuple[str, str]]
) -> None:
    with scene.store.reading(System()) as session:
        ended = session.get_one(plan.Operation, scene.operation).state == OperationState.CONSOLIDATION
    made = recommend(scene if ended else evaluated(scene), owner=owner)
    for name, to in presses:
        by, before, offered, notes = scene[name], now(scene, made), {}, False
        with scene.store.reading(by) as session, contextlib.suppress(NotFound):
            operation = plan.operation(session, scene.operation, by)
            offered = {
                each.step.after: each.obstacles
                for each in RECOMMENDATION.offers(session, before, by)
                if recommendations.recommendations(session, scene.operation)
            }
            notes = recommendations.may_note(before, operation, by)
        try:
            if to == "note":
                note(scene, made, name)
            else:
                take(scene, made, to, name)
            worked = True
        except (NotFound, RuleBroken):
            worked = False
        after = now(scene, made)
        if to == "note":
            assert after == before
            assert worked is notes
        elif to in offered:
            assert worked is not bool(offered[S(to)])
            assert after.state == (to if worked else before.state)
        else:
            assert after == before
    assert LIFE.now(now(scene, made)) in RecommendationState


def test_every_state_is_on_a_way_from_the_first_and_has_its_name() -> None:
    assert set(LIFE.words) == set(RecommendationState)
    assert way_to(S.CLOSED) == [S.ACCEPTED, S.DONE, S.CLOSED]
    assert lifecycle.LIFE.words == {}
