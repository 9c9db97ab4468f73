"""The life of a deployment under any order of steps: it keeps to its table, and what it refuses changes nothing."""

from datetime import datetime, timedelta
from itertools import pairwise

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from operations.core import clock, journal
from operations.core.drafts import parse
from operations.core.errors import NotFound, RuleBroken
from operations.core.ids import new_id
from operations.core.people import System
from operations.support import deployment_acts, deployments, requests
from operations.support.deployments import LIFE
from operations.support.states import ON_DUTY, DeploymentState
from tests.makers import START, Running
from tests.teams import accepted, on_site, order, report

_S = DeploymentState
NEXT = {
    "leave_base": ({_S.APPROVED}, _S.MOBILISING),
    "arrive": ({_S.MOBILISING, _S.OFFLINE}, _S.ON_SITE),
    "leave_site": ({_S.ON_SITE, _S.OFFLINE}, _S.WITHDRAWN),
    "debrief": ({_S.WITHDRAWN}, _S.DEBRIEFED),
    "check_in": (set(ON_DUTY), _S.ON_SITE),
}
"""What each report does to which states: the table of domain 1.6.3 once more, written from the reports' side."""


class Life(RuleBasedStateMachine):
    """A deployment of its own in each run; anybody presses anything at any later moment."""

    scene: Running

    def __init__(self) -> None:
        super().__init__()
        self.deployment = accepted(self.scene).id
        self.at: datetime = START
        self.state = _S.REQUESTED

    def tick(self) -> datetime:
        self.at += timedelta(seconds=1)
        return self.at

    @rule(hours=st.integers(10, 30))
    def time_passes(self, hours: int) -> None:
        self.at += timedelta(hours=hours)

    @rule(verb=st.sampled_from(sorted(NEXT)), by=st.sampled_from(["boubacar", "chaima"]))
    def somebody_reports(self, verb: str, by: str) -> None:
        states, after = NEXT[verb]
        try:
            report(self.scene, verb, self.deployment, by=by, at=self.tick(), words="Said.")
        except RuleBroken:
            assert self.state not in states
        else:
            assert self.state in states
            self.state = after

    @rule()
    def the_order_is_given(self) -> None:
        try:
            order(self.scene, self.deployment, at=self.tick())
        except RuleBroken:
            assert self.state is _S.STOOD_DOWN
        else:
            self.state = _S.APPROVED if self.state is _S.REQUESTED else self.state

    @rule(by=st.sampled_from(["ana", "chaima"]))
    def it_is_stood_down(self, by: str) -> None:
        try:
            with clock.at(self.tick()), self.scene.store.unit_of_work(self.scene[by]) as session:
                deployment_acts.stand_down(session, self.deployment, "Not needed.", self.scene[by])
        except RuleBroken:
            assert self.state not in (_S.REQUESTED, _S.APPROVED, _S.MOBILISING, _S.STOOD_DOWN)
        else:
            self.state = _S.STOOD_DOWN

    @rule()
    def muster_looks(self) -> None:
        with clock.at(self.tick()), self.scene.store.unit_of_work(System()) as session:
            self.state = _S(deployment_acts.lose_contact(session, self.deployment, System()).state)

    @rule(verb=st.sampled_from(sorted(NEXT)))
    def another_country_tries(self, verb: str) -> None:
        try:
            report(self.scene, verb, self.deployment, by="marie", at=self.tick(), words="Said.")
        except NotFound:
            return
        raise AssertionError("Mali moved a team of Niger.")

    @invariant()
    def it_is_what_it_was_told_to_be(self) -> None:
        with self.scene.store.reading(System()) as session:
            found = deployments.deployment(session, self.deployment)
            told = [each for each in deployments.log(session, self.deployment)[::-1] if each.kind == "moved"]
            need = requests.need(session, found.need_id)
        assert found.state == self.state
        assert (need.accepted == 0) == (self.state is _S.STOOD_DOWN)
        steps = {(step.before.value, step.after.value) for step in LIFE.steps}
        for before, after in pairwise([_S.REQUESTED.value, *(each.state for each in told)]):
            # a check-in brings a silent team back, and stands in the log as what it is
            assert (before, after) in steps or (before, after) == ("offline", "offline")
        reached = (found.approved_at, found.left_base_at, found.on_site_at, found.left_at)
        dated = [moment for moment in reached if moment is not None]
        assert dated == sorted(dated)
        assert (found.due_at is not None) == (self.state in ON_DUTY)


def test_the_life_of_a_deployment_keeps_to_its_table(scene: Running) -> None:
    class Here(Life):
        pass

    Here.scene = scene
    run_state_machine_as_test(
        Here,
        settings=settings(
            max_examples=15, stateful_step_count=12, deadline=None, suppress_health_check=list(HealthCheck)
        ),
    )
    with scene.store.reading(System()) as session:
        assert journal.verify(session).broken_at is None


@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(hours=st.lists(st.integers(1, 48), min_size=2, max_size=6))
def test_contact_never_goes_back_whenever_a_check_in_is_written_down(scene: Running, hours: list[int]) -> None:
    """A check-in that was kept without network arrives after later ones: when the next is due does not move back."""
    made = on_site(scene)
    latest, now = START, START + timedelta(hours=48)
    for hour in hours:
        moment = START + timedelta(hours=hour)
        now += timedelta(seconds=1)
        draft = parse(deployments.DutyDraft, {"id": new_id(), "at": moment})
        with clock.at(now), scene.store.unit_of_work(scene["boubacar"]) as session:
            found = deployment_acts.check_in(session, made.id, draft, scene["boubacar"])
        latest = max(latest, moment)
        assert found.contact_at == latest
        assert found.due_at == latest + timedelta(hours=found.check_in_hours)
