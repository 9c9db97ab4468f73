"""A draft does nothing outward: what reaches another country or a person asks for the state of its operation."""

from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta
from typing import Any

import pytest

from operations.core import clock, journal
from operations.core.errors import RuleBroken
from operations.core.people import System
from operations.core.vocabulary import LeadState, OperationState
from operations.policing.fugitives import case_leads, case_lifecycle
from operations.policing.leads import leads
from operations.policing.operation import outward_acts, plan
from operations.support.deployments import LIFE, facts
from tests.dashboard.journalled import acts
from tests.makers import START, Running, lead_of
from tests.messages import answered, sent
from tests.operations.sweeps import Sweep, sweep_in
from tests.programme import does, reads
from tests.teams import accepted, now_stored, order

S = OperationState
NOT_YET, STOPPED, OVER = "is not approved", "is suspended", "(is cancelled|has ended)"


def stands(scene: Running, state: OperationState) -> None:
    """The operation is in a state, however it came there."""
    with scene.store.unit_of_work(System()) as session:
        operation = session.get_one(plan.Operation, scene.operation)
        operation.state = state.value
        session.add(operation)


def share(scene: Running, lead: leads.Lead, by: str = "chaima") -> leads.Lead:
    made: leads.Lead = does(scene, by, leads.share, lead.id, at=START)
    return made


@pytest.mark.parametrize("state", [each for each in S if each is not S.ARCHIVED])
def test_every_declared_act_is_refused_in_the_states_that_it_does_not_name(scene: Running, state: S) -> None:
    """Asked at the journal, through which every verb goes."""
    stands(scene, state)
    assert set(outward_acts.OUTWARD) <= acts().keys(), "each is an act that some verb writes"
    done = set()
    with scene.store.unit_of_work(scene["ana"]) as session:
        for act in outward_acts.OUTWARD:
            with suppress(RuleBroken):
                journal.record(session, scene["ana"], act, "site", operation=scene.operation)
                done.add(act)
        session.rollback()
    assert done == {act for act, states in outward_acts.OUTWARD.items() if state in states}
    assert (not done) is (state in outward_acts.PLANNED)


def _asks(scene: Running) -> None:
    share(scene, lead_of(scene))


def _writes(scene: Running) -> None:
    sent(scene, operation_id=scene.operation)


def _orders(scene: Running) -> None:
    order(scene, accepted(scene).id)


@pytest.mark.parametrize("state", [S.DRAFT, S.PROPOSED])
@pytest.mark.parametrize("verb", [_asks, _writes, _orders])
def test_before_the_approval_no_lead_no_message_and_no_order_goes_out(
    scene: Running, state: S, verb: Callable[[Running], None]
) -> None:
    """What is planned for it may be made: a lead is written, a team is asked for, offered and accepted."""
    stands(scene, state)
    with pytest.raises(RuleBroken, match=NOT_YET):
        verb(scene)
    for name in ("moussa", "mateo"):
        assert not reads(scene, name, leads.leads, scene.operation)
    stands(scene, S.APPROVED)
    verb(scene)


def test_a_sweep_in_draft_collects_nominations_and_counts_nobody(scene: Running) -> None:
    """Eight leads with deadlines went abroad from a draft, and a person was counted as located."""
    sweep = Sweep(sweep_in(scene))
    stands(scene, S.DRAFT)
    with clock.at(START):
        case, other = sweep.nominate(), sweep.nominate()
        sweep.check(case.id, other.id)
        with pytest.raises(RuleBroken, match=NOT_YET):
            sweep.move(case.id, "target", "ana")
        [accept] = reads(scene, "ana", lambda session: case_lifecycle.offers(session, case, scene["ana"]), at=START)
        assert accept.obstacles[0] == outward_acts.flaw("fugitive.move", "draft")
        sweep.move(other.id, "notice_withdrawn", "chaima", "It was cancelled at home.")
        stands(scene, S.APPROVED)
        sweep.move(case.id, "target", "ana")
        sweep.move(case.id, "under_review", "dov")
        stands(scene, S.DRAFT)
        assert [
            NOT_YET in str(each.template) for each in reads(scene, "dov", case_leads.lead_flaws, case, scene["dov"])
        ]
        with pytest.raises(RuleBroken, match=NOT_YET):
            sweep.lead(case, "MLI")
    assert not reads(scene, "moussa", leads.leads, scene.operation)


def test_while_it_is_suspended_others_answer_and_nothing_new_is_asked(scene: Running) -> None:
    sweep = Sweep(sweep_in(scene))
    with clock.at(START):
        case, later = sweep.nominate(), sweep.nominate()
        sweep.check(case.id, later.id)
        for each in (case, later):
            sweep.move(each.id, "target", "ana")
            sweep.move(each.id, "under_review", "dov")
        asked = sweep.lead(case, "MLI")
        stands(scene, S.SUSPENDED)
        with pytest.raises(RuleBroken, match=STOPPED):
            sweep.lead(later, "MLI")
        assert sweep.reply(asked, "positive").state == LeadState.POSITIVE
        found = sweep.locate(case.id)
        sweep.answer(found.id)
        assert sweep.arrest(found.id).country == "MLI"
    answered(scene, sent(scene, operation_id=scene.operation))


@pytest.mark.parametrize("state", [S.SUSPENDED, S.CANCELLED, S.DEBRIEFED, S.FINAL])
def test_nothing_new_is_asked_once_an_operation_stops_or_ends(scene: Running, state: S) -> None:
    lead, team = lead_of(scene), accepted(scene)
    stands(scene, state)
    for verb in (lambda: share(scene, lead), lambda: order(scene, team.id)):
        with pytest.raises(RuleBroken, match=f"{STOPPED}|{OVER}"):
            verb()


def test_what_was_sent_is_taken_back_in_every_state(scene: Running) -> None:
    lead = share(scene, lead_of(scene))
    stands(scene, S.CANCELLED)
    does(scene, "chaima", leads.revoke, lead.id, "MLI", "The operation is off.", at=START + timedelta(hours=1))
    assert not reads(scene, "moussa", leads.leads, scene.operation)


def test_a_team_waits_for_its_order_until_the_operation_is_approved(scene: Running) -> None:
    made = accepted(scene)
    step: Any = LIFE.step("requested", "approved")
    for state, said in ((S.DRAFT, [NOT_YET]), (S.SUSPENDED, [STOPPED]), (S.ACTIVE, [])):
        stands(scene, state)
        known = reads(scene, "ana", lambda session: facts(session, now_stored(scene, made.id), scene["ana"]))
        flaws = LIFE.obstacles(made, known, step)
        assert [words in str(flaw.template) for flaw, words in zip(flaws, said, strict=True)] == [True] * len(said)


def test_a_state_without_a_word_of_its_own_says_that_it_has_ended() -> None:
    assert outward_acts.flaw("lead.share", "final") != outward_acts.flaw("lead.share", "draft")
    assert outward_acts.flaw("site.place", "draft") is None
