"""In which state of an operation anything happens to its reports; and what is left out when it is debriefed."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session

from operations.catalogue.kpis import Kpi
from operations.core import clock, journal
from operations.core.drafts import parse
from operations.core.errors import NotFound, RuleBroken
from operations.core.people import System
from operations.core.vocabulary import Level, OperationState, ReportState
from operations.policing import lifecycle
from operations.policing.operation import plan
from operations.policing.reports import exclusions, reports, verification
from operations.policing.reports import states as report_states
from operations.policing.reports.exclusions import ReportExclusion
from operations.policing.reports.states import AFTERWARDS, LATE, RUNNING, Deed
from tests.evaluations import settled
from tests.makers import START, Running, form, hit, send, tally
from tests.operations.steps import answer, climb, correction, counted, now_stored, told
from tests.people import CAST

pytestmark = pytest.mark.both_storages

S = OperationState
ENDED = START + timedelta(days=6)
STILL = sorted(set(S) - set(RUNNING) - set(AFTERWARDS))


def put(scene: Running, state: OperationState) -> None:
    """The operation as if all steps to a state had been made."""
    with scene.store.unit_of_work(System()) as session:
        operation = session.get_one(plan.Operation, scene.operation)
        operation.state, operation.state_before = state.value, S.ACTIVE.value


def move(scene: Running, to: OperationState, by: str = "ana") -> plan.Operation:
    with clock.at(ENDED), scene.store.unit_of_work(scene[by]) as session:
        return lifecycle.move(session, scene.operation, to, scene[by], "As agreed.")


def does(scene: Running, by: str, verb: Callable[[Session], Any]) -> Any:
    with clock.at(START + timedelta(hours=13)), scene.store.unit_of_work(scene[by]) as session:
        return verb(session)


class Reported:
    """Reports of one operation at every height, and everything that could be done with them now."""

    def __init__(self, scene: Running) -> None:
        self.scene, self.hit = scene, hit(START)
        self.sent = send(scene, form(scene, lines=[tally(100)]))
        self.local = climb(scene, send(scene, form(scene, lines=[tally(20)])).id, "boubacar")
        self.national = climb(scene, send(scene, form(scene, lines=[tally(3), self.hit])).id, "boubacar", "chaima")

    def deeds(self) -> dict[str, Callable[[], Any]]:
        scene, back = self.scene, parse(verification.Return, {"reason": "incomplete"})
        line = UUID(self.hit["id"])
        return {
            "report": lambda: send(scene, form(scene)),
            "correct": lambda: send(scene, correction(self.national, scene), by="boubacar"),
            "verify": lambda: climb(scene, self.sent.id, "boubacar"),
            "validate": lambda: climb(scene, self.local.id, "chaima"),
            "return": lambda: does(
                scene, "boubacar", lambda s: verification.give_back(s, self.sent.id, back, scene["boubacar"])
            ),
            "reject": lambda: does(
                scene, "dov", lambda s: verification.reject(s, self.national.id, back, scene["dov"])
            ),
            "answer": lambda: answer(scene, self.national.id, line, told("confirmed")),
            "withdraw": lambda: does(
                scene, "chaima", lambda s: reports.withdraw(s, self.national.id, "Sent twice.", scene["chaima"])
            ),
        }


DEEDS = ("report", "correct", "verify", "validate", "return", "reject", "answer", "withdraw")


def figures(scene: Running) -> list[int]:
    return [counted(scene, level=level) for level in (Level.V1, Level.V2, Level.V3)] + [
        counted(scene, Kpi.CONFIRMED_HITS)
    ]


@pytest.mark.parametrize("state", STILL)
def test_nothing_moves_in_an_operation_that_does_not_run(scene: Running, state: OperationState) -> None:
    played = Reported(scene)
    before = figures(scene)
    put(scene, state)
    for name, deed in played.deeds().items():
        with pytest.raises(RuleBroken, match=r"suspended|cancelled|not open"):
            deed()
        assert figures(scene) == before, name
    for name in ("boubacar", "chaima"):
        with scene.store.reading(scene[name]) as session:
            assert verification.worklist(session, scene.operation, scene[name]) == []


@pytest.mark.parametrize("deed", DEEDS)
@pytest.mark.parametrize("state", RUNNING)
def test_everything_moves_while_it_runs(scene: Running, state: OperationState, deed: str) -> None:
    played = Reported(scene)
    put(scene, state)
    made = played.deeds()[deed]()
    assert not made.late


@pytest.mark.parametrize("state", AFTERWARDS)
def test_after_the_debriefing_only_late_changes_of_its_country_move(scene: Running, state: OperationState) -> None:
    played = Reported(scene)
    put(scene, state)
    before = figures(scene)
    for name in ("report", "verify", "validate", "return", "reject"):
        with pytest.raises(RuleBroken, match="debriefed"):
            played.deeds()[name]()
        assert figures(scene) == before, name


def test_what_countries_stand_behind_is_consolidated_until_the_debrief_is_approved(scene: Running) -> None:
    first, second = Reported(scene).national, Reported(scene).national
    put(scene, S.DEBRIEFED)
    assert not climb(scene, first.id, "dov").late
    put(scene, S.FINAL)
    with pytest.raises(RuleBroken, match="debriefed"):
        climb(scene, second.id, "dov")


@pytest.mark.parametrize("deed", ["correct", "answer", "withdraw"])
def test_a_late_change_is_marked_and_told(scene: Running, deed: str) -> None:
    played = Reported(scene)
    put(scene, S.DEBRIEFED)
    assert played.deeds()[deed]().late
    with scene.store.reading(System()) as session:
        entry = journal.latest(session)[0]
    assert entry.detail["late"] is True


def test_a_late_correction_climbs_again_and_counts_when_it_has(scene: Running) -> None:
    played = Reported(scene)
    put(scene, S.DEBRIEFED)
    late = send(scene, correction(played.national, scene, lines=[tally(50)]), by="boubacar")
    assert counted(scene, level=Level.V3) == 3
    promoted = scene["boubacar"]
    scene.members["bakary"] = type(promoted)(**vars(promoted) | {"account_id": scene["marie"].account_id})
    made = climb(scene, late.id, "bakary", "chaima")
    assert (counted(scene, level=Level.V3), made.late, made.state) == (50, True, ReportState.NATIONALLY_VALIDATED)


def test_each_deed_is_ruled_in_each_state() -> None:
    open_to = {
        (state, deed, late): report_states.obstacle(state, deed, late=late) is None
        for state in S
        for deed in Deed
        for late in (False, True)
    }
    for (state, deed, late), allowed in open_to.items():
        consolidates = state is S.DEBRIEFED and deed is Deed.CONSOLIDATE
        afterwards = state in AFTERWARDS and deed is not Deed.REPORT and (late or deed in LATE or consolidates)
        assert allowed == (state in RUNNING or afterwards), (state, deed, late)


# --------------------------------------------------------------------------------------------------- left out


def leave_out(
    scene: Running, country: str, why: str = "The country does not answer.", by: str = "ana"
) -> ReportExclusion:
    with clock.at(ENDED), scene.store.unit_of_work(scene[by]) as session:
        return exclusions.leave_out(session, scene.operation, country, why, scene[by])


def named(scene: Running, by: str) -> dict[str, tuple[int, str]]:
    with scene.store.reading(scene[by]) as session:
        return {each.country: (each.reports, each.reason) for each in exclusions.left_out(session, scene.operation)}


def test_an_operation_is_not_debriefed_while_something_waits(scene: Running) -> None:
    played = Reported(scene)
    put(scene, S.CONSOLIDATION)
    settled(scene)
    with pytest.raises(RuleBroken, match=r"2 reports of .*NER.* are below V3") as refusal:
        move(scene, S.DEBRIEFED)
    assert [flaw.field for flaw in refusal.value.flaws] == ["reports"]
    climb(scene, played.sent.id, "boubacar", "chaima")
    climb(scene, played.local.id, "chaima")
    assert move(scene, S.DEBRIEFED).state == S.DEBRIEFED
    assert named(scene, "ana") == {}


def test_a_returned_report_and_a_correction_wait_too(scene: Running) -> None:
    played = Reported(scene)
    put(scene, S.CONSOLIDATION)
    back = parse(verification.Return, {"reason": "incomplete"})
    climb(scene, played.sent.id, "boubacar", "chaima")
    does(scene, "chaima", lambda s: verification.give_back(s, played.local.id, back, scene["chaima"]))
    send(scene, correction(played.national, scene), by="boubacar")
    with scene.store.reading(scene["ana"]) as session:
        assert exclusions.unnamed(session, scene.operation) == {"NER": 2}


def test_what_waits_is_left_out_by_name_and_with_a_reason(scene: Running) -> None:
    played = Reported(scene)
    send(scene, form(scene, "Bamako"), by="mateo")
    put(scene, S.CONSOLIDATION)
    settled(scene)
    leave_out(scene, "MLI")
    with pytest.raises(RuleBroken, match=r"2 reports of .*NER.* are below"):
        move(scene, S.DEBRIEFED)
    leave_out(scene, "NER", "The team leader is ill.")
    send(scene, form(scene))
    with pytest.raises(RuleBroken, match=r"1 reports of .*NER.* are below"):
        move(scene, S.DEBRIEFED)
    leave_out(scene, "NER", "The team leader is ill.")
    climb(scene, played.local.id, "chaima")  # after all
    move(scene, S.DEBRIEFED)
    whole = {"MLI": (1, "The country does not answer."), "NER": (2, "The team leader is ill.")}
    for name in ("ana", "dov", "lena", "otto"):
        assert named(scene, name) == whole
    assert named(scene, "chaima") == {"NER": whole["NER"]}
    assert now_stored(scene, played.sent.id).state == ReportState.SUBMITTED
    with scene.store.reading(System()) as session:
        assert journal.latest(session)[0].detail["left_out"] == 3


def test_only_the_coordinator_leaves_out(scene: Running) -> None:
    Reported(scene)
    put(scene, S.CONSOLIDATION)
    for name in [each for each in CAST if each != "ana"]:
        with pytest.raises(NotFound):
            leave_out(scene, "NER", by=name)


@pytest.mark.parametrize(
    ("state", "country", "why", "sentence"),
    [
        (S.ACTIVE, "NER", "Ill.", "only during consolidation"),
        (S.DEBRIEFED, "NER", "Ill.", "only during consolidation"),
        (S.CONSOLIDATION, "MLI", "Ill.", "This country has no reports below V3"),
        (S.CONSOLIDATION, "NER", " ", "Give the reason"),
    ],
)
def test_leaving_out_needs_its_time_something_that_waits_and_a_reason(
    scene: Running, state: OperationState, country: str, why: str, sentence: str
) -> None:
    Reported(scene)
    put(scene, state)
    with pytest.raises(RuleBroken, match=sentence):
        leave_out(scene, country, why)
    assert named(scene, "ana") == {}


def test_the_database_itself_wants_a_reason(scene: Running) -> None:
    Reported(scene)
    put(scene, S.CONSOLIDATION)
    leave_out(scene, "NER")
    with pytest.raises(IntegrityError), scene.store.unit_of_work(System()) as session:
        session.get_one(ReportExclusion, (scene.operation, "NER")).reason = ""


def test_a_country_is_not_told_what_waits_in_others(scene: Running) -> None:
    Reported(scene)
    put(scene, S.CONSOLIDATION)
    settled(scene)
    for name, told_of in (("ana", ["reports"]), ("dov", ["reports"]), ("lena", ["reports"]), ("chaima", [])):
        with scene.store.reading(scene[name]) as session:
            operation = plan.operation(session, scene.operation, scene[name])
            assert [flaw.field for flaw in lifecycle.obstacles(session, operation, S.DEBRIEFED)] == told_of
