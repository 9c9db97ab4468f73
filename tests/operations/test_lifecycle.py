"""The life cycle of an operation: every step by the right people, every guard with its sentence."""

from datetime import timedelta
from uuid import UUID

import pytest
from sqlmodel import select

from operations.core import clock, journal
from operations.core.drafts import parse
from operations.core.errors import NotFound, RuleBroken
from operations.core.ids import new_id
from operations.core.people import Account, System
from operations.core.permissions import GRANTS
from operations.core.store import Store
from operations.core.vocabulary import OperationState, ParticipationState
from operations.evaluation import debrief
from operations.policing import lifecycle, readiness
from operations.policing.lifecycle import LIFE
from operations.policing.map_plan import coordination_units, places, postings
from operations.policing.operation import oplan, participations, plan
from tests.makers import (
    START,
    Running,
    man_unit,
    operation_draft,
    phase_draft,
    posting_draft,
    site_draft,
    unit_draft,
    whole_oplan,
)
from tests.people import CAST, account, actor
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
        man_unit(session, made)
        oplan.write(session, made, whole_oplan(), ana)
    with store.unit_of_work(actor("chaima", made)) as session:
        plan.answer(session, made, actor("chaima", made), accept=True)
    put(store, made, S.CONSOLIDATION)
    with store.unit_of_work(ana) as session:
        participations.excuse_final_word(session, made, "NER", "Its ministry does not answer.", ana)
        said = debrief.DebriefDraft(worked="Officers searched.", failed="Hits waited.")
        debrief.write(session, made, said, 0, ana)
        debrief.say_none_needed(session, made, "Everything went as planned.", ana)
    put(store, made, S.DRAFT)
    return made


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


@pytest.mark.requirement("ASVS 2.3.1")
def test_no_other_step_exists(cast: Store) -> None:
    operation = complete(cast)
    for before in S:
        for after in S:
            if (before, after) not in TABLE:
                put(cast, operation, before)
                with pytest.raises(RuleBroken, match="This step is not possible now") as refusal:
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
        "coordination_unit": "No operational coordination unit is manned",
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


def first_day(store: Store, operation: UUID, name: str = "ana") -> dict[str, tuple[str, str]]:
    """What the checklist of the approval says of the first day: done, a warning or missing, and the sentence."""
    by = actor(name, operation)
    with clock.at(START - timedelta(days=20)), store.reading(by) as session:
        found = lifecycle.guards(session, plan.operation(session, operation, by), S.APPROVED)
    said = {each.field: each for each in found if each.field in FIRST_DAY}
    words = {True: "done", False: "warning"}
    return {
        field: (words[each.holds] if each.holds or each.warns else "missing", "" if each.holds else str(each.flaw))
        for field, each in said.items()
    }


FIRST_DAY = ("coordination_unit", "sites", "postings", "coordinators")


def joined(store: Store, *countries: tuple[str, str, str], kind: str = "border_stop") -> UUID:
    """A draft in which these countries take part: each with its coordinator and as what."""
    with store.unit_of_work(actor("ana")) as session:
        made = plan.create(session, operation_draft(type=kind), actor("ana")).id
    ana = actor("ana", made)
    for country, coordinator, contribution in countries:
        with store.unit_of_work(ana) as session:
            asked = parse(plan.CountryInvitation, {"country": country, "contribution": contribution})
            plan.invite(session, made, asked, ana)
        with store.unit_of_work(actor(coordinator, made)) as session:
            plan.answer(session, made, actor(coordinator, made), accept=True)
    return made


NER, MLI = ("NER", "chaima", "participant"), ("MLI", "moussa", "participant")


def test_what_the_first_day_needs_is_named_in_the_draft_and_green_only_when_it_is_so(cast: Store) -> None:
    operation = joined(cast, NER, MLI)
    ana, chaima = actor("ana", operation), actor("chaima", operation)
    found = first_day(cast, operation)
    assert {field: state for field, (state, _said) in found.items()} == {
        "coordination_unit": "missing",
        "sites": "warning",
        "postings": "warning",
        "coordinators": "warning",
    }
    assert found["sites"][1].startswith("No site yet: ['MLI', 'NER']")
    assert found["postings"][1] == "No site is on the plan yet, so nobody is posted."
    with cast.unit_of_work(ana) as session:
        man_unit(session, operation)
        niamey = places.place_site(session, operation, site_draft("NER", "Niamey"), ana).id
    found = first_day(cast, operation)
    assert found["coordination_unit"] == ("done", "")
    assert found["sites"][1].startswith("No site yet: ['MLI']")
    assert found["postings"][1].startswith("Sites to which nobody is posted: 1, of ['NER']")
    with cast.unit_of_work(ana) as session:
        bamako = places.place_site(session, operation, site_draft("MLI", "Bamako"), ana).id
    assert first_day(cast, operation)["sites"] == ("done", "")
    for name, officer, site in (("chaima", "bruno", niamey), ("moussa", "mateo", bamako)):
        with clock.at(START - timedelta(days=30)), cast.unit_of_work(actor(name, operation)) as session:
            postings.post(session, operation, posting_draft([officer], [site]), actor(name, operation))
    found = first_day(cast, operation)
    assert found["postings"] == ("done", "")
    assert found["coordinators"][1].startswith("Fewer than 2 coordinators: ['MLI', 'NER']")
    with cast.unit_of_work(System()) as session:
        session.add(account("cheikh"))
    assert first_day(cast, operation)["coordinators"][1].startswith("Fewer than 2 coordinators: ['MLI']")
    assert first_day(cast, operation, "chaima")["coordinators"] == ("done", ""), "a country is told of its own alone"
    assert first_day(cast, operation, "bruno").keys() == {"coordination_unit"}
    with cast.reading(chaima) as session:
        assert readiness.few(session, plan.operation(session, operation, chaima)) == []
    with cast.reading(ana) as session:
        [short] = readiness.few(session, plan.operation(session, operation, ana))
    assert str(short).startswith("MLI has 1 of 2 coordinators.")
    for told in ("proposed_by", "disabled_at"):
        with cast.unit_of_work(System()) as session:
            found_account = session.get_one(Account, actor("cheikh").account_id)
            found_account.proposed_by = actor("ada").account_id if told == "proposed_by" else None
            found_account.disabled_at = START if told == "disabled_at" else None
        assert "'NER'" in first_day(cast, operation)["coordinators"][1], f"an account with {told} cannot enter"


def test_a_warning_lets_the_approval_pass_and_a_unit_that_nobody_mans_does_not(cast: Store) -> None:
    operation = complete(cast)
    put(cast, operation, S.PROPOSED)
    assert first_day(cast, operation)["sites"][0] == "warning"
    assert move(cast, operation, S.APPROVED, "lena").state == S.APPROVED
    put(cast, operation, S.PROPOSED)
    ana = actor("ana", operation)
    with cast.unit_of_work(ana) as session:
        unit = session.exec(select(coordination_units.CoordinationUnit)).one()
        nobody = unit_draft(unit.object_id, supersedes_id=unit.id, members=[])
        coordination_units.describe(session, operation, nobody, ana)
    with pytest.raises(RuleBroken, match="coordination unit is manned"):
        move(cast, operation, S.APPROVED, "lena")


def test_a_supporter_needs_no_sites_and_neither_does_a_sweep(cast: Store) -> None:
    helped = joined(cast, NER, ("MLI", "moussa", "supporter"))
    assert first_day(cast, helped)["sites"][1].startswith("No site yet: ['NER']")
    alone = joined(cast, ("MLI", "moussa", "supporter"))
    assert first_day(cast, alone)["sites"][1] == "No country takes part yet that has sites of its own."
    assert first_day(cast, joined(cast, NER, kind="fugitive")).keys() == {"coordination_unit"}


def test_every_guard_says_where_it_is_put_right_and_who_does_it(cast: Store) -> None:
    with cast.unit_of_work(actor("ana")) as session:
        empty = operation_draft(aim="", legal_basis="", art3_screen="doubtful", line_kinds=[], daily_due=None)
        operation = plan.create(session, empty, actor("ana")).id
    with cast.reading(actor("lena")) as session:
        found = plan.operation(session, operation, actor("lena"))
        guards = [each for to in GUARDS for each in lifecycle.guards(session, found, to)]
    assert {each.field for each in guards} >= {"coordination_unit", "snapshots", "recommendations", "debrief", "teams"}
    for each in guards:
        assert each.flaw.act in GRANTS, each
        assert each.flaw.place.startswith(("/operations/{operation}/", "/people")), each
    [unit, *_more] = [each.flaw.place for each in guards if each.field == "coordination_unit"]
    assert unit == "/operations/{operation}/plan?tool=coordination_unit"


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
