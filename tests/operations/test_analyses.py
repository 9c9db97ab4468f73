"""Analyses: asked once, done by one worker at a time, ended once, adopted by a person's word."""

from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test
from sqlmodel import select

from operations.analyses import adoption
from operations.analyses import job_steps as analysis_work
from operations.analyses.adoption import Adopted
from operations.analyses.job_steps import Outcome
from operations.core import jobs, journal
from operations.core.errors import Conflict, Flaw, MusterError, NotFound, NotPermitted, RuleBroken
from operations.core.ids import fingerprint, new_id
from operations.core.jobs import ATTEMPTS, LEASE, JobProgress, WorkerTurn
from operations.core.people import Account, Actor, System
from operations.core.vocabulary import AnalysisKind, Classification, JobState, MapState
from operations.policing import analyses
from operations.policing.analyses import Analysis, AnalysisResult
from operations.policing.map_plan import places
from operations.policing.map_plan.places import MapObject
from tests.makers import START, Question, Running, Shape, add_layer, adoption_draft, analysis_draft, ask, layer_draft
from tests.operations.test_concurrency import together
from tests.people import CAST
from tests.prepared_databases import Shelf

POINT = Shape({"type": "Point", "coordinates": [2.1, 13.5]})
FOUND = Outcome({"sites": ["N1", "N2"], "undetected": 0.25}, b"packed")
NO_ROAD = Flaw("", "No road leads from {place}.", {"place": "Agadez"})
SOON, LATER = START + LEASE / 2, START + LEASE + timedelta(seconds=20)


def work(scene: Running, verb: Callable[..., Any], *given: Any) -> Any:
    """Let Muster itself do one thing, in a unit of work of its own."""
    with scene.store.unit_of_work(System()) as session:
        return verb(session, *given)


def claim(scene: Running, worker: str = "first", at: datetime = START) -> Analysis | None:
    found: Analysis | None = work(scene, analysis_work.claim, worker, at)
    return found


def turn(scene: Running, worker: str = "first", at: datetime = START) -> WorkerTurn:
    claimed = claim(scene, worker, at)
    assert claimed is not None
    return claimed.turn


def done(scene: Running, **changes: Any) -> Analysis:
    asked = ask(scene, analysis_draft(**changes))
    work(scene, analysis_work.finish, turn(scene), FOUND, SOON)
    return asked


def cancel(scene: Running, analysis_id: UUID, by: str = "dov") -> Analysis:
    with scene.store.unit_of_work(scene[by]) as session:
        return analyses.cancel(session, analysis_id, scene[by])


def again(scene: Running, how: str, analysis_id: UUID, new: UUID | None = None, by: str = "dov") -> Analysis:
    verb = {"rerun": analyses.rerun, "resume": analyses.resume}[how]
    with scene.store.unit_of_work(scene[by]) as session:
        return verb(session, analysis_id, new or new_id(), scene[by])


def stored(scene: Running, analysis_id: UUID) -> tuple[Analysis, AnalysisResult | None]:
    with scene.store.reading(System()) as session:
        return analyses.analysis(session, analysis_id), analyses.result(session, analysis_id)


def acts(scene: Running) -> list[str]:
    """What the journal says of analyses, oldest first."""
    with scene.store.reading(System()) as session:
        told = journal.latest(session, scene.operation, limit=1000)
    return [each.act for each in reversed(told) if each.object_kind == "analysis"]


def entries(scene: Running) -> int:
    with scene.store.reading(System()) as session:
        return journal.count(session)


# -------------------------------------------------------------------------------------------------------- asking


def test_a_question_is_kept_with_its_fingerprint_and_waits(scene: Running) -> None:
    made = ask(scene, question=Question(teams=11, budget=0.5))
    found, answer = stored(scene, made.id)
    assert found.question == {"teams": 11, "budget": 0.5}
    assert found.question_hash == fingerprint(found.question)
    assert (found.state, found.kind, found.author_name, found.asked_at) == (
        "queued",
        "placement",
        "Dov Lindqvist",
        START,
    )
    assert answer is None
    assert acts(scene) == ["analysis.ask"]


def test_the_same_question_again_is_answered_as_before(scene: Running) -> None:
    draft = analysis_draft()
    made, before = ask(scene, draft), entries(scene)
    assert ask(scene, draft).id == made.id
    assert entries(scene) == before
    for other in ({"question": Question(teams=9)}, {"by": "ana"}, {"draft": analysis_draft(id=made.id, kind="routes")}):
        with pytest.raises(Conflict, match="This analysis was already asked with another question"):
            ask(scene, **{"draft": draft} | other)


@pytest.mark.parametrize(
    ("question", "sentence"),
    [
        (Question(budget=float("nan")), "One of the numbers is not valid"),
        (Question(budget=float("inf")), "One of the numbers is not valid"),
        (Question.model_construct(teams=["x" * 300_000]), "too long"),
    ],
)
@pytest.mark.filterwarnings("ignore:Pydantic serializer warnings")
def test_what_cannot_be_asked_is_refused_in_a_sentence(scene: Running, question: Question, sentence: str) -> None:
    with pytest.raises(RuleBroken, match=sentence) as refusal:
        ask(scene, question=question)
    assert refusal.value.flaws[0].field == "question"
    assert acts(scene) == []


def test_nobody_fills_the_queue(scene: Running) -> None:
    for _ in range(analyses.WAITING_LIMIT):
        last = ask(scene)
    ask(scene, by="ana")
    with pytest.raises(RuleBroken, match="You have 20 analyses waiting"):
        ask(scene)
    cancel(scene, last.id)
    ask(scene)


def test_an_analysis_is_as_secret_as_what_it_is_asked_of(scene: Running) -> None:
    layer = add_layer(scene, layer_draft(classification="confidential"))
    made = ask(scene, analysis_draft(layer_versions=[layer.id]))
    assert (made.classification, made.layer_versions) == ("confidential", [str(layer.id)])
    scene.members["ana"] = Actor(**vars(scene["ana"]) | {"clearance": Classification.RESTRICTED})
    with scene.store.reading(scene["ana"]) as session:
        assert analyses.analyses(session, scene.operation) == []
    with pytest.raises(NotFound):
        ask(scene, analysis_draft(layer_versions=[layer.id]), by="ana")


def test_a_layer_that_is_not_there_cannot_be_asked_of(scene: Running) -> None:
    theirs = add_layer(scene, by="chaima")
    assert ask(scene, analysis_draft(layer_versions=[theirs.id])).layer_versions == [str(theirs.id)]
    with pytest.raises(NotFound):
        ask(scene, analysis_draft(layer_versions=[theirs.id, new_id()]))


# -------------------------------------------------------------------------------------------------------- working


def test_a_claimed_analysis_is_finished_with_its_result(scene: Running) -> None:
    asked = ask(scene)
    mine = turn(scene)
    assert mine == WorkerTurn(asked.id, "first", 1)
    assert work(scene, analysis_work.finish, mine, FOUND, SOON).state == JobState.DONE
    found, answer = stored(scene, asked.id)
    assert (found.state, found.started_at, found.finished_at, found.lease_until) == ("done", START, SOON, None)
    assert answer is not None
    assert (answer.complete, answer.result, answer.packed) == (True, FOUND.result, b"packed")
    assert acts(scene) == ["analysis.ask", "analysis.finish"]


def test_the_last_answer_of_an_earlier_entry_is_the_one_of_then(scene: Running) -> None:
    def last(at: int | None = None, by: str = "dov") -> UUID | None:
        with scene.store.reading(scene[by]) as session:
            return analyses.last_done(session, scene.operation, AnalysisKind.INTERCEPTION, at)

    kind = {"kind": AnalysisKind.INTERCEPTION}
    before, first = entries(scene), done(scene, **kind)
    then = entries(scene)
    second = ask(scene, analysis_draft(**kind), at=SOON)
    asked = entries(scene)
    assert last() == first.id
    work(scene, analysis_work.finish, turn(scene), FOUND, SOON)
    assert [last(at) for at in (before, then, asked, entries(scene), None)] == [
        None,
        first.id,
        first.id,
        second.id,
        second.id,
    ]
    assert last(then, "chaima") is last(None, "chaima") is None


def test_the_longest_waiting_is_claimed_first_and_nothing_twice(scene: Running) -> None:
    second, first = ask(scene, at=SOON), ask(scene)
    claimed = [claim(scene, "one"), claim(scene, "two"), claim(scene, "three")]
    assert [each and each.id for each in claimed] == [first.id, second.id, None]


def test_people_are_served_round_and_not_by_age_alone(scene: Running) -> None:
    """The questions of one person do not stand before everybody's."""
    many = [ask(scene, at=START + timedelta(seconds=number)).id for number in range(analyses.WAITING_LIMIT)]
    first, second = (ask(scene, by="ana", at=SOON + timedelta(minutes=number)).id for number in (2, 3))
    served = []
    for number in range(5):
        claimed = claim(scene, at=LATER + timedelta(minutes=5, seconds=number))
        assert claimed is not None
        served.append(claimed.id)
        work(scene, analysis_work.finish, claimed.turn, FOUND, LATER + timedelta(minutes=5, seconds=number))
    assert served == [many[0], first, many[1], second, many[2]]


def test_who_was_never_served_waits_for_one_at_most(scene: Running) -> None:
    for number in range(3):
        ask(scene, at=START + timedelta(seconds=number))
    assert claim(scene, "one", SOON) is not None
    late = ask(scene, by="ana", at=SOON)
    found = claim(scene, "two", SOON + timedelta(seconds=1))
    assert found is not None
    assert found.id == late.id


def test_many_workers_at_once_claim_each_analysis_once(scene: Running) -> None:
    asked = {ask(scene).id for _ in range(6)}
    claimed = together([lambda name=f"worker {number}": claim(scene, name) for number in range(8)])
    assert [each for each in claimed if isinstance(each, Exception)] == []
    assert sorted(each.id for each in claimed if each is not None) == sorted(asked)


def test_progress_renews_the_lease_and_leaves_the_journal_alone(scene: Running) -> None:
    asked = ask(scene)
    mine, before = turn(scene), entries(scene)
    words = Flaw("", "{cuts} cuts so far.", {"cuts": 40})
    progress = JobProgress(50.0, None, objective=0.31, bound=0.25, gap=0.19, words=words)
    at = START + timedelta(seconds=50)
    assert work(scene, analysis_work.report_progress, mine, progress, at) is False
    found, _ = stored(scene, asked.id)
    assert found.progress == {
        "elapsed": 50.0,
        "fraction": None,
        "objective": 0.31,
        "bound": 0.25,
        "gap": 0.19,
        "words": {"template": "{cuts} cuts so far.", "params": {"cuts": 40}},
    }
    assert entries(scene) == before
    assert claim(scene, "second", at + LEASE) is None
    assert turn(scene, "second", at + LEASE + timedelta(seconds=1)).attempt == 2


@pytest.mark.parametrize("progress", [JobProgress(1, 1.5), JobProgress(1, -0.1), JobProgress(1, gap=float("inf"))])
def test_progress_is_told_in_numbers_that_are_some(scene: Running, progress: JobProgress) -> None:
    ask(scene)
    mine = turn(scene)
    with pytest.raises(ValueError, match=r"is none|not JSON compliant"):
        work(scene, analysis_work.report_progress, mine, progress, SOON)


def test_a_worker_that_comes_back_too_late_changes_nothing(scene: Running) -> None:
    asked = ask(scene)
    late, mine = turn(scene), turn(scene, at=LATER)
    assert (late.attempt, mine.attempt) == (1, 2)
    assert work(scene, analysis_work.report_progress, late, JobProgress(1), LATER) is True
    for verb, what in ((analysis_work.finish, FOUND), (analysis_work.fail, NO_ROAD)):
        with pytest.raises(Conflict, match="Another worker"):
            work(scene, verb, late, what, LATER)
    with pytest.raises(Conflict, match="Another worker"):
        work(scene, analysis_work.stopped, late, LATER)
    assert stored(scene, asked.id)[0].state == JobState.RUNNING
    work(scene, analysis_work.finish, mine, FOUND, LATER)
    assert stored(scene, asked.id)[0].state == JobState.DONE


def test_finishing_twice_is_answered_as_before_and_with_another_result_refused(scene: Running) -> None:
    asked = ask(scene)
    mine = turn(scene)
    work(scene, analysis_work.finish, mine, FOUND, SOON)
    before = entries(scene)
    assert work(scene, analysis_work.finish, mine, FOUND, LATER).finished_at == SOON
    with pytest.raises(Conflict, match="This analysis already has a result"):
        work(scene, analysis_work.finish, mine, Outcome({"sites": []}), LATER)
    assert work(scene, analysis_work.fail, mine, NO_ROAD, LATER).state == JobState.DONE
    assert entries(scene) == before
    assert stored(scene, asked.id)[0].failure == {}


def test_a_failure_says_why(scene: Running) -> None:
    asked = ask(scene)
    work(scene, analysis_work.fail, turn(scene), NO_ROAD, SOON)
    found, answer = stored(scene, asked.id)
    assert (found.state, answer) == ("failed", None)
    assert found.failure == {"template": "No road leads from {place}.", "params": {"place": "Agadez"}}
    assert acts(scene)[-1] == "analysis.fail"


def test_what_never_ends_fails_after_its_last_attempt(scene: Running) -> None:
    asked, at = ask(scene), START
    for attempt in range(1, ATTEMPTS + 1):
        assert turn(scene, at=at).attempt == attempt
        at += LEASE + timedelta(seconds=1)
    assert claim(scene, at=at) is None
    found, _ = stored(scene, asked.id)
    assert found.state == JobState.FAILED
    assert "started 3 times" in found.failure["template"].format(**found.failure["params"])
    assert acts(scene) == ["analysis.ask", "analysis.fail"]


def test_a_result_that_is_too_large_is_refused_and_can_be_failed(scene: Running) -> None:
    ask(scene)
    mine = turn(scene)
    for large in (Outcome({"x": "y" * (analysis_work.RESULT_LIMIT + 1)}), Outcome({}, bytes(2**26 + 1))):
        with pytest.raises(RuleBroken, match="too large") as refusal:
            work(scene, analysis_work.finish, mine, large, SOON)
    assert work(scene, analysis_work.fail, mine, refusal.value, SOON).state == JobState.FAILED


def test_only_muster_itself_works(scene: Running) -> None:
    ask(scene)
    mine = turn(scene)
    for name in ("dov", "ana", "lena"):
        with scene.store.unit_of_work(scene[name]) as session:
            for verb, given in (
                (analysis_work.claim, ("me", START)),
                (analysis_work.report_progress, (mine, JobProgress(1), START)),
                (analysis_work.finish, (mine, FOUND, START)),
                (analysis_work.fail, (mine, NO_ROAD, START)),
            ):
                with pytest.raises(NotPermitted):
                    verb(session, *given)  # type: ignore[operator]


# ------------------------------------------------------------------------------------------- stopping, asking again


def test_a_waiting_analysis_is_cancelled_at_once(scene: Running) -> None:
    asked = ask(scene)
    assert cancel(scene, asked.id, by="ana").state == JobState.CANCELLED
    before = entries(scene)
    assert cancel(scene, asked.id).state == JobState.CANCELLED
    assert entries(scene) == before
    assert claim(scene) is None


@pytest.mark.parametrize("how", ["stopped", "finish"])
def test_a_running_analysis_is_told_to_stop_and_keeps_the_best_so_far(scene: Running, how: str) -> None:
    asked = ask(scene)
    mine = turn(scene)
    assert cancel(scene, asked.id).state == JobState.CANCELLING
    assert work(scene, analysis_work.report_progress, mine, JobProgress(1), SOON) is True
    given = (mine, SOON, FOUND) if how == "stopped" else (mine, FOUND, SOON)
    work(scene, getattr(analysis_work, how), *given)
    found, answer = stored(scene, asked.id)
    assert found.state == JobState.CANCELLED
    assert answer is not None
    assert not answer.complete
    assert acts(scene) == ["analysis.ask", "analysis.cancel", "analysis.stop"]


def test_a_stop_is_kept_when_its_worker_dies(scene: Running) -> None:
    asked = ask(scene)
    turn(scene)
    cancel(scene, asked.id)
    assert claim(scene, "second", SOON) is None
    assert stored(scene, asked.id)[0].state == JobState.CANCELLING
    assert claim(scene, "second", LATER) is None
    assert stored(scene, asked.id)[0].state == JobState.CANCELLED


def test_what_has_ended_is_not_stopped(scene: Running) -> None:
    asked = done(scene)
    with pytest.raises(RuleBroken, match="ended already"):
        cancel(scene, asked.id)


def test_the_same_question_is_asked_again_and_gone_on_from(scene: Running) -> None:
    first = done(scene)
    new = new_id()
    rerun, resumed = again(scene, "rerun", first.id, new), again(scene, "resume", first.id)
    assert (rerun.rerun_of, rerun.resumed_from) == (first.id, None)
    assert (resumed.rerun_of, resumed.resumed_from) == (None, first.id)
    assert rerun.question_hash == resumed.question_hash == first.question_hash
    assert rerun.state == resumed.state == JobState.QUEUED
    before = entries(scene)
    assert again(scene, "rerun", first.id, new).id == rerun.id
    assert entries(scene) == before
    with pytest.raises(Conflict):
        again(scene, "resume", first.id, new)


def test_only_what_has_ended_is_asked_again_and_only_something_is_gone_on_from(scene: Running) -> None:
    asked = ask(scene)
    for how in ("rerun", "resume"):
        with pytest.raises(RuleBroken, match="This analysis has not ended"):
            again(scene, how, asked.id)
    cancel(scene, asked.id)
    with pytest.raises(RuleBroken, match="This analysis has no saved progress"):
        again(scene, "resume", asked.id)
    assert again(scene, "rerun", asked.id).state == JobState.QUEUED


# ------------------------------------------------------------------------------------------------ who may, who sees


def test_who_asks_and_who_reads(scene: Running) -> None:
    asked = done(scene)
    for name in CAST:
        with scene.store.reading(scene[name]) as session:
            reads = bool(analyses.analyses(session, scene.operation))
            assert (session.exec(select(AnalysisResult)).all() != []) == reads, name
        assert reads == (name in ("ana", "dov", "lena")), name
    for name in set(CAST) - {"ana", "dov"}:
        with pytest.raises(NotFound):
            ask(scene, by=name)
        with pytest.raises(NotFound):
            cancel(scene, asked.id, name)
        with pytest.raises(NotFound):
            again(scene, "rerun", asked.id, by=name)
    for name in ("ana", "dov"):
        ask(scene, by=name)


def test_outside_the_operation_and_with_forged_ids_nothing_is_there(scene: Running) -> None:
    asked = done(scene)
    scene.members["dov"] = Actor(**vars(scene["dov"]) | {"operations": frozenset()})
    for each in (asked.id, new_id()):
        for verb in (lambda: cancel(scene, each), lambda: again(scene, "rerun", each)):  # noqa: B023
            with pytest.raises(NotFound):
                verb()
        with scene.store.reading(scene["dov"]) as session:
            for read in (analyses.analysis, analyses.result):
                with pytest.raises(NotFound):
                    read(session, each)


def test_countries_are_told_of_no_analysis(scene: Running) -> None:
    asked = done(scene)
    for name, knows in (("lena", True), ("chaima", False), ("bruno", False)):
        with scene.store.reading(scene[name]) as session:
            told = {each.object_id for each in journal.latest(session, scene.operation)}
        assert (asked.id in told) == knows


@pytest.mark.parametrize("shelf", [pytest.param("postgres", marks=pytest.mark.postgres)], indirect=True)
def test_postgresql_itself_shows_countries_no_analysis(scene: Running) -> None:
    done(scene)
    query = sa.text("SELECT (SELECT count(*) FROM analysis), (SELECT count(*) FROM analysis_result)")
    seen = {}
    for name in ("ana", "lena", "chaima", "mateo"):
        with scene.store.reading(scene[name]) as session:
            seen[name] = tuple(session.connection().execute(query).one())
    assert seen == {"ana": (1, 1), "lena": (1, 1), "chaima": (0, 0), "mateo": (0, 0)}
    with scene.store.engine.connect() as connection:
        assert tuple(connection.execute(query).one()) == (0, 0)


def test_the_database_refuses_to_change_what_was_asked_and_answered(scene: Running) -> None:
    done(scene)
    for statement in (
        "UPDATE analysis SET question = '{}'",
        "UPDATE analysis SET state = 'queued', finished_at = NULL",
        "DELETE FROM analysis",
        "UPDATE analysis_result SET result = '{}'",
        "DELETE FROM analysis_result",
    ):
        with pytest.raises(sa.exc.DBAPIError, match="never changed"), scene.store.unit_of_work(System()) as session:
            session.connection().execute(sa.text(statement))


# ------------------------------------------------------------------------------------------------------- adopting


def adopt(
    scene: Running, analysis_id: UUID, *refs: str, by: str = "ana", shape: Shape = POINT, **changes: Any
) -> list[MapObject]:
    chosen = [Adopted(adoption_draft(ref, **changes), shape) for ref in refs]
    with scene.store.unit_of_work(scene[by]) as session:
        return adoption.adopt(session, scene.operation, analysis_id, chosen, scene[by])


def on_the_map(scene: Running, by: str = "ana") -> set[str]:
    with scene.store.reading(scene[by]) as session:
        return {each.name for each in places.objects(session, scene.operation)} - {"OCU Niamey"}


def test_what_is_adopted_is_planned_on_the_map_of_all_and_the_journal_says_whence(scene: Running) -> None:
    asked = done(scene)
    made = adopt(scene, asked.id, "N1", "N2")
    assert {each.state for each in made} == {MapState.PLANNED}
    assert [each.object_id for each in made] == [adoption.object_of(asked.id, ref) for ref in ("N1", "N2")]
    assert on_the_map(scene, "bruno") == {"Checkpoint N1", "Checkpoint N2"}
    with scene.store.reading(scene["ana"]) as session:
        newest = journal.latest(session, scene.operation, limit=3)
    assert [each.act for each in newest] == ["analysis.adopt", "plan.draw", "plan.draw"]
    assert newest[0].object_id == asked.id
    assert newest[0].detail == {
        "kind": "placement",
        "count": 2,
        "objects": [str(each.object_id) for each in made],
    }
    assert stored(scene, asked.id)[0].adopted_at is not None


def test_adopting_twice_draws_once_even_what_was_deleted_since(scene: Running) -> None:
    asked = done(scene)
    [made] = adopt(scene, asked.id, "N1")
    before, first = entries(scene), stored(scene, asked.id)[0].adopted_at
    assert [each.id for each in adopt(scene, asked.id, "N1")] == [made.id]
    assert entries(scene) == before
    with scene.store.unit_of_work(scene["ana"]) as session:
        places.delete(session, made.object_id, new_id(), scene["ana"])
    adopt(scene, asked.id, "N1", "N2")
    assert on_the_map(scene) == {"Checkpoint N2"}
    assert stored(scene, asked.id)[0].adopted_at == first
    with pytest.raises(Conflict):
        adopt(scene, asked.id, "N1", name="Elsewhere")


def test_all_are_adopted_or_none(scene: Running) -> None:
    asked, before = done(scene), entries(scene)
    area = Shape({"type": "Polygon", "coordinates": []})
    chosen = [Adopted(adoption_draft("N1"), POINT), Adopted(adoption_draft("N2"), area)]
    with (
        pytest.raises(RuleBroken, match="cannot have this shape"),
        scene.store.unit_of_work(scene["ana"]) as session,
    ):
        adoption.adopt(session, scene.operation, asked.id, chosen, scene["ana"])
    assert on_the_map(scene) == set()
    assert entries(scene) == before


@pytest.mark.parametrize(
    ("refs", "changes", "sentence"),
    [
        ((), {}, "Nothing was chosen"),
        (("N1", "N1"), {}, "same place twice"),
        (("N1",), {"kind": "route"}, "This kind of analysis has no such objects"),
    ],
)
def test_what_cannot_be_adopted_is_refused_in_a_sentence(
    scene: Running, refs: tuple[str, ...], changes: dict[str, str], sentence: str
) -> None:
    asked = done(scene)
    with pytest.raises(RuleBroken, match=sentence):
        adopt(scene, asked.id, *refs, **changes)


def test_only_a_done_analysis_is_adopted(scene: Running) -> None:
    asked = ask(scene)
    with pytest.raises(RuleBroken, match="has not finished"):
        adopt(scene, asked.id, "N1")
    with pytest.raises(NotFound):
        adopt(scene, new_id(), "N1")


def test_what_an_analysis_may_become_is_said_by_its_kind(scene: Running) -> None:
    with pytest.raises(RuleBroken, match="This kind of analysis has no such objects"):
        adopt(scene, done(scene, kind="reach").id, "N1")
    line = Shape({"type": "LineString", "coordinates": [[2, 13], [3, 14]]})
    assert adopt(scene, done(scene, kind="routes").id, "R1", kind="route", shape=line)[0].kind == "route"


def test_only_the_coordinator_adopts(scene: Running) -> None:
    asked = done(scene)
    for name in [each for each in CAST if each != "ana"]:
        with pytest.raises(NotFound):
            adopt(scene, asked.id, "N1", by=name)


# --------------------------------------------------------------------------------------------------- in any order


class Working(RuleBasedStateMachine):
    """Two workers and one analyst do things in any order while time passes; some workers die, some come too late."""

    shelf: Shelf
    WORKERS = ("first", "second")

    def __init__(self) -> None:
        super().__init__()
        self._open = ExitStack()
        store = self._open.enter_context(self.shelf.take(self.shelf.scene))
        self.scene: Running = replace(self.shelf.running, store=store, members={})
        self.at = START
        self.turns: dict[str, list[WorkerTurn]] = {name: [] for name in self.WORKERS}
        self.ended: dict[UUID, str] = {}
        self.asked: list[UUID] = []

    def teardown(self) -> None:
        self._open.close()

    @initialize()
    def begin(self) -> None:
        self.asks()

    @rule()
    def asks(self) -> None:
        if len(self.asked) < 4:
            self.asked.append(ask(self.scene, at=self.at).id)

    @rule(seconds=st.sampled_from([1, 30, 61, 200]))
    def time_passes(self, seconds: int) -> None:
        self.at += timedelta(seconds=seconds)

    @rule(worker=st.sampled_from(WORKERS))
    def claims(self, worker: str) -> None:
        before = {each.id: each for each in self.all()}
        claimed = claim(self.scene, worker, self.at)
        if claimed is None:
            assert not any(each.state == JobState.QUEUED for each in self.all())
            return
        was = before[claimed.id]
        lapsed = was.lease_until is not None and was.lease_until < self.at
        assert was.state == JobState.QUEUED or (was.state == JobState.RUNNING and lapsed)
        assert claimed.attempt == was.attempt + 1 <= ATTEMPTS
        self.turns[worker].append(claimed.turn)

    def one_of(self, worker: str, which: int) -> WorkerTurn | None:
        turns = self.turns[worker]
        return turns[which % len(turns)] if turns else None

    @rule(worker=st.sampled_from(WORKERS), which=st.integers(0, 5))
    def reports(self, worker: str, which: int) -> None:
        mine = self.one_of(worker, which)
        if mine is not None:
            job = self.now(mine.job)
            stop = work(self.scene, analysis_work.report_progress, mine, JobProgress(1.0, 0.5), self.at)
            assert stop == (job.state != JobState.RUNNING or job.turn != mine)

    @rule(worker=st.sampled_from(WORKERS), which=st.integers(0, 5), how=st.sampled_from(["finish", "fail", "stopped"]))
    def ends(self, worker: str, which: int, how: str) -> None:
        mine = self.one_of(worker, which)
        if mine is None:
            return
        before = self.now(mine.job)
        given = {
            "finish": (Outcome({"by": worker, "attempt": mine.attempt}), self.at),
            "fail": (NO_ROAD, self.at),
            "stopped": (self.at,),
        }
        try:
            work(self.scene, getattr(analysis_work, how), mine, *given[how])
        except Conflict:
            assert before.turn != mine
            assert self.now(mine.job) == before
            return
        assert before.turn == mine
        wanted = {"finish": JobState.DONE, "fail": JobState.FAILED, "stopped": JobState.CANCELLED}[how]
        if before.state == JobState.CANCELLING:
            wanted = JobState.CANCELLED
        assert self.now(mine.job).state == (before.state if before.ended else wanted)

    @rule(which=st.integers(0, 3))
    def cancels(self, which: int) -> None:
        chosen = self.asked[which % len(self.asked)]
        before = self.now(chosen)
        try:
            after = cancel(self.scene, chosen)
        except MusterError:
            assert before.state in (JobState.DONE, JobState.FAILED)
            return
        assert after.state in (JobState.CANCELLED, JobState.CANCELLING)

    def all(self) -> list[Analysis]:
        with self.scene.store.reading(System()) as session:
            return list(session.exec(select(Analysis)))

    def now(self, analysis_id: UUID) -> Analysis:
        return next(each for each in self.all() if each.id == analysis_id)

    @invariant()
    def what_has_ended_stays_so_and_the_done_have_one_result(self) -> None:
        with self.scene.store.reading(System()) as session:
            results = {each.analysis_id: each for each in session.exec(select(AnalysisResult))}
        for each in self.all():
            assert self.ended.get(each.id, each.state) == each.state
            if each.ended:
                self.ended[each.id] = each.state
            assert (each.state == JobState.DONE) == (each.id in results and results[each.id].complete)
            assert (each.state == JobState.FAILED) == bool(each.failure)
            if each.state in (JobState.QUEUED, JobState.RUNNING):
                assert each.id not in results

    @invariant()
    def one_turn_at_most_can_end_an_analysis(self) -> None:
        turns = [each for of_one in self.turns.values() for each in of_one]
        assert len({(each.job, each.attempt) for each in turns}) == len(turns)
        for each in self.all():
            assert each.state == JobState.QUEUED or each.attempt == 0 or turns.count(each.turn) == 1

    @invariant()
    def the_journal_tells_of_one_end(self) -> None:
        with self.scene.store.reading(System()) as session:
            told = journal.latest(session, self.scene.operation, limit=1000)
        ended = {each.id for each in self.all() if each.ended}
        for analysis_id in self.asked:
            ends = [
                each
                for each in told
                if each.object_id == analysis_id
                and (
                    each.act in ("analysis.finish", "analysis.fail", "analysis.stop")
                    or each.detail.get("state") == JobState.CANCELLED
                )
            ]
            assert len(ends) == (analysis_id in ended)


def test_no_order_of_work_runs_an_analysis_twice_or_ends_it_twice(shelf: Shelf) -> None:
    class Here(Working):
        pass

    Here.shelf = shelf
    sqlite = shelf.scene.startswith("sqlite")
    run_state_machine_as_test(
        Here,
        settings=settings(
            max_examples=15 if sqlite else 6,
            stateful_step_count=25,
            deadline=None,
            phases=[Phase.explicit, Phase.reuse, Phase.generate],
            suppress_health_check=list(HealthCheck),
        ),
    )


def test_a_job_tells_what_it_is() -> None:
    made = [jobs.Job(state=state.value, asked_at=START, id=new_id(), author_id=new_id()) for state in JobState]
    assert {job.state for job in made if job.ended} == {"done", "failed", "cancelled"}


def test_what_waited_is_not_answered_once_who_asked_may_not_ask_any_more(scene: Running) -> None:
    first, second = (ask(scene, analysis_draft()) for _each in range(2))
    with scene.store.unit_of_work(System()) as session:
        dov = session.get_one(Account, first.author_id)
        dov.disabled_at = START
        session.add(dov)
    assert claim(scene) is None
    with scene.store.reading(System()) as session:
        for each in (first, second):
            ended = session.get_one(Analysis, each.id)
            assert (ended.state, ended.failure["template"][:18]) == (
                "failed",
                "The person who ask",
            )
