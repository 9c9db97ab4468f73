"""The life cycle of an operation: every step by the right people, every guard with its sentence."""

from datetime import timedelta
from uuid import UUID

import pytest

from operations.core import clock, journal
from operations.core.drafts import parse
from operations.core.errors import NotFound, RuleBroken
from operations.core.ids import new_id
from operations.core.people import System
from operations.core.store import Store
from operations.core.vocabulary import OperationState, ParticipationState
from operations.evaluation import debrief
from operations.policing import lifecycle
from operations.policing.lifecycle import LIFE
from operations.policing.map_plan import coordination_units, places
from operations.policing.operation import oplan, participations, plan
from tests.makers import START, Running, Shape, operation_draft, phase_draft, unit_draft, whole_oplan
from tests.people import CAST, actor
from tests.snapshot_stories import frozen

S = OperationState
COORDINATOR, LEADER = {"ana"}, {"lena"}
# from, to, who (domain 1.6.1)
TABLE = {
    (S.DRAFT, S.PROPOSED): COORDINATOR,
    (S.PROPOSED, S.DRAFT): COORDINATOR,
    (S.PROPOSED, S.APPROVED): LEADER,
    (S.APPROVED, S.PRE_OPERATIONAL): COORDINATOR,
    (S.PRE_OPERATIONAL, S.ACTIVE): COORDINATOR,
    (S.ACTIVE, S.CONSOLIDATION): COORDINATOR,
    (S.CONSOLIDATION, S.DEBRIEFED): COORDINATOR,
    (S.DEBRIEFED, S.FINAL): LEADER,
    (S.FINAL, S.EVALUATED): COORDINATOR,
    (S.EVALUATED, S.ARCHIVED): LEADER,
    **{
        step: COORDINATOR | LEADER
        for state in (S.APPROVED, S.PRE_OPERATIONAL, S.ACTIVE, S.CONSOLIDATION)
        for step in ((state, S.SUSPENDED), (S.SUSPENDED, state))
    },
    **{
        (state, S.CANCELLED): LEADER
        for state in (*(S.DRAFT, S.PROPOSED, S.APPROVED, S.PRE_OPERATIONAL, S.ACTIVE, S.CONSOLIDATION, S.SUSPENDED),)
    },
}
PATH = (S.DRAFT, S.PROPOSED, S.APPROVED, S.PRE_OPERATIONAL, S.ACTIVE, S.CONSOLIDATION, S.DEBRIEFED)
PATH += (S.FINAL, S.EVALUATED, S.ARCHIVED)
ENDED = START + timedelta(days=6)


def complete(store: Store) -> UUID:
    """An operation in draft for which every guard holds once its phase has ended."""
    with store.unit_of_work(actor("ana")) as session:
        made = plan.create(session, operation_draft(), actor("ana")).id
    ana = actor("ana", made)
    with store.unit_of_work(ana) as session:
        plan.schedule(session, made, phase_draft("operational", START, START + timedelta(days=5)), ana)
        plan.invite(session, made, parse(plan.CountryInvitation, {"country": "NER"}), ana)
        man_unit(store, made, session)
        oplan.write(session, made, whole_oplan(), ana)
    with store.unit_of_work(actor("chaima", made)) as session:
        plan.answer(session, made, actor("chaima", made), accept=True)
    put(store, made, S.CONSOLIDATION)
    with store.unit_of_work(ana) as session:
        participations.go_on_without(session, made, "NER", "Its ministry does not answer.", ana)
        said = debrief.DebriefDraft(worked="Officers searched.", failed="Hits waited.")
        debrief.write(session, made, said, 0, ana)
        debrief.say_none_needed(session, made, "Everything went as planned.", ana)
    put(store, made, S.DRAFT)
    return made


def man_unit(store: Store, operation: UUID, session: object) -> None:
    draft = {"id": new_id(), "object_id": new_id(), "kind": "coordination_unit", "name": "OCU"}
    shape = Shape({"type": "Point", "coordinates": [2.1, 13.5]})
    places.draw(session, operation, parse(places.MapObjectDraft, draft), shape, actor("ana", operation))
    coordination_units.describe(session, operation, unit_draft(draft["object_id"]), actor("ana", operation))


def put(store: Store, operation: UUID, state: OperationState, before: OperationState | None = None) -> None:
    """Put an operation into a state, as if all steps up to it had been made."""
    with store.unit_of_work(System()) as session:
        found = session.get(plan.Operation, operation)
        assert found is not None
        found.state, found.state_before = state.value, before.value if before else None
        session.add(found)


def move(store: Store, operation: UUID, to: OperationState, name: str, reason: str = "As agreed.") -> plan.Operation:
    by = actor(name, operation)
    with clock.at(ENDED), store.unit_of_work(by) as session:
        return lifecycle.move(session, operation, to, by, reason)


def test_the_steps_are_those_of_the_domain() -> None:
    assert {(step.before, step.after) for step in LIFE.steps} == set(TABLE)


def test_every_step_is_made_by_the_right_people_and_refused_to_all_others(cast: Store) -> None:
    operation = complete(cast)
    for (before, after), right in TABLE.items():
        if after is S.FINAL:
            put(cast, operation, before)
            frozen(Running(cast, operation, operation, operation, {}))
        for name in CAST:
            put(cast, operation, before, after if before is S.SUSPENDED else None)
            if name in right:
                assert move(cast, operation, after, name).state == after, (before, after, name)
            else:
                with pytest.raises(NotFound):
                    move(cast, operation, after, name)


def test_no_other_step_exists(cast: Store) -> None:
    operation = complete(cast)
    for before in S:
        for after in S:
            if (before, after) not in TABLE:
                put(cast, operation, before)
                with pytest.raises(RuleBroken, match="cannot make this step") as refusal:
                    move(cast, operation, after, "ana")
                assert refusal.value.flaws[0].field == "state"


def test_what_a_person_may_do_next_is_what_the_table_says(cast: Store) -> None:
    operation = complete(cast)
    for name in CAST:
        for state in (*PATH, S.CANCELLED):
            put(cast, operation, state)
            with cast.reading(System()) as session:
                found = session.get(plan.Operation, operation)
                assert found is not None
                offered = {(step.before, step.after) for step in lifecycle.steps_for(found, actor(name, operation))}
            assert offered == {step for step, right in TABLE.items() if step[0] is state and name in right}


def test_a_whole_life_leaves_one_entry_a_step(cast: Store) -> None:
    operation = complete(cast)
    for state in PATH[1:]:
        if state is S.FINAL:
            frozen(Running(cast, operation, operation, operation, {}))
        move(cast, operation, state, "lena" if state in (S.APPROVED, S.FINAL, S.ARCHIVED) else "ana")
    with cast.reading(actor("lena")) as session:
        moved = [each for each in journal.latest(session, operation) if each.object_kind == "operation"]
        told = [each.detail["after"] for each in moved if "after" in each.detail]
    assert told == [state.value for state in reversed(PATH[1:])]


@pytest.mark.parametrize("state", [S.APPROVED, S.PRE_OPERATIONAL, S.ACTIVE, S.CONSOLIDATION])
def test_a_suspended_operation_goes_back_to_where_it_was(cast: Store, state: OperationState) -> None:
    operation = complete(cast)
    put(cast, operation, state)
    assert move(cast, operation, S.SUSPENDED, "lena").state_before == state
    for wrong in {S.APPROVED, S.PRE_OPERATIONAL, S.ACTIVE, S.CONSOLIDATION} - {state}:
        with pytest.raises(RuleBroken, match="goes back to the state"):
            move(cast, operation, wrong, "ana")
    with cast.reading(System()) as session:
        found = session.get(plan.Operation, operation)
        assert found is not None
        ways = [step.after for step in lifecycle.steps_for(found, actor("lena", operation))]
    assert sorted(ways) == sorted([state, S.CANCELLED])
    assert move(cast, operation, state, "ana").state == state


@pytest.mark.parametrize("to", [S.SUSPENDED, S.CANCELLED])
def test_suspending_and_cancelling_need_a_reason_without_personal_data(scene: Running, to: OperationState) -> None:
    for reason, sentence in ((" ", "Give the reason"), ("Ask +227 90 12 34 56", "telephone number")):
        with pytest.raises(RuleBroken, match=sentence) as refusal:
            move(scene.store, scene.operation, to, "lena", reason)
        assert refusal.value.flaws[0].field == "reason"


GUARDS = {
    S.PROPOSED: {"aim": "aim is not written", "phases": "No phase is scheduled"},
    S.APPROVED: {
        "aim": "aim is not written",
        "phases": "No phase is scheduled",
        "oplan": "not complete: 14 of 14 sections",
        "art3_screen": "Article 3",
        "legal_basis": "legal basis",
        "participations": "No country has confirmed",
        "line_kinds": "reporting scheme",
    },
    S.ACTIVE: {"phases": "has not begun", "coordination_unit": "No operational coordination unit is manned"},
    S.CONSOLIDATION: {"phases": "has not ended"},
    S.DEBRIEFED: {"debrief": "not written yet"},
    S.FINAL: {"snapshots": "No final snapshot"},
    S.EVALUATED: {"recommendations": "No recommendation is decided"},
}
BEFORE = {S.PROPOSED: S.DRAFT, S.APPROVED: S.PROPOSED, S.ACTIVE: S.PRE_OPERATIONAL, S.CONSOLIDATION: S.ACTIVE}
BEFORE |= {S.DEBRIEFED: S.CONSOLIDATION, S.FINAL: S.DEBRIEFED, S.EVALUATED: S.FINAL}


@pytest.mark.parametrize("to", GUARDS)
def test_all_obstacles_are_said_at_once(cast: Store, to: OperationState) -> None:
    empty = operation_draft(aim="", legal_basis="", art3_screen="doubtful", line_kinds=[], daily_due=None)
    with cast.unit_of_work(actor("ana")) as session:
        operation = plan.create(session, empty, actor("ana")).id
    put(cast, operation, BEFORE[to])
    with pytest.raises(RuleBroken) as refusal:
        move(cast, operation, to, "lena" if to in (S.APPROVED, S.FINAL) else "ana")
    said = {flaw.field: str(flaw) for flaw in refusal.value.flaws}
    assert said.keys() == GUARDS[to].keys()
    assert all(words in said[field] for field, words in GUARDS[to].items())
    with cast.reading(actor("lena")) as session:
        found = plan.operation(session, operation, actor("lena"))
        assert found.state == BEFORE[to]
        assert {flaw.field for flaw in lifecycle.obstacles(session, found, to)} == said.keys()


def test_the_operation_begins_at_its_moment(cast: Store) -> None:
    operation = complete(cast)
    put(cast, operation, S.PRE_OPERATIONAL)
    ana = actor("ana", operation)
    with (
        clock.at(START - timedelta(seconds=1)),
        cast.unit_of_work(ana) as session,
        pytest.raises(RuleBroken, match="has not begun"),
    ):
        lifecycle.move(session, operation, S.ACTIVE, ana)
    with clock.at(START), cast.unit_of_work(ana) as session:
        lifecycle.move(session, operation, S.ACTIVE, ana)


def test_countries_that_confirmed_are_active_from_the_start(cast: Store) -> None:
    operation = complete(cast)
    ana = actor("ana", operation)
    with cast.unit_of_work(ana) as session:
        plan.invite(session, operation, parse(plan.CountryInvitation, {"country": "MLI"}), ana)
    put(cast, operation, S.PRE_OPERATIONAL)
    move(cast, operation, S.ACTIVE, "ana")
    with cast.reading(ana) as session:
        states = {each.country: each.state for each in plan.participations(session, operation)}
    assert states == {"NER": ParticipationState.ACTIVE, "MLI": ParticipationState.INVITED}


def test_an_operation_out_of_reach_does_not_exist(cast: Store) -> None:
    operation = complete(cast)
    stranger = actor("ana")
    for unknown in (operation, new_id()):
        with cast.unit_of_work(stranger) as session, pytest.raises(NotFound):
            lifecycle.move(session, unknown, S.PROPOSED, stranger)
