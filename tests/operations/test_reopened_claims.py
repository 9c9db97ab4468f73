"""A settled claim is opened again: totals move back exactly, countries answer anew, what was signed stays as it is."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any, TypeVar
from uuid import UUID

import pytest

from operations.catalogue.kpis import Kpi
from operations.claims.claim_rows import Claim, ClaimStep, claims, judged_before, words_of
from operations.claims.claim_states import ANSWER_WITHIN, ClaimState
from operations.core import clock, journal, state_tables
from operations.core.errors import NotFound, RuleBroken
from operations.core.people import System
from operations.core.vocabulary import Classification, Level, OperationState
from operations.disclosure.suppression import BoardFrame
from operations.figures.board import read_board
from operations.policing import lifecycle
from operations.policing.operation import plan
from operations.policing.reports import reports, verification
from operations.results import restatements
from operations.results.snapshot_rows import Snapshot, SnapshotState
from operations.totals.activity import DepartureChoice
from operations.totals.claim_adjustments import adjustments_of
from operations.totals.totals import Grain, read
from operations.worklist_entries import waiting
from tests.claim_stories import NOON, ON_NOTICE, answered, opened, settled, suspected, taken, two_countries
from tests.evaluations import ENDED, debriefed
from tests.makers import Running, arrest, form, send
from tests.operations.steps import climb, counted
from tests.snapshot_stories import frozen

S = ClaimState
T = TypeVar("T", Claim, Snapshot)
AGAIN = NOON + timedelta(hours=2)


def again(scene: Running, claim: Claim, by: str = "ana", words: str = "The prints differ.", **more: Any) -> Claim:
    return taken(scene, claim, S.OPEN, by, words, **{"at": AGAIN} | more)


def cells(scene: Running) -> dict[Grain, list[Any]]:
    """Everything that totals hold, at every grain; they are steps and recount."""
    with scene.store.reading(System()) as session:
        assert verification.differences(session, scene.operation) == []
        return {
            grain: sorted(
                [row for row in read(session, scene.operation, grain) if row.records or row.quantity], key=str
            )
            for grain in Grain
        }


def kept(scene: Running, ident: UUID, model: type[T]) -> T:
    with scene.store.reading(System()) as session:
        return session.get_one(model, ident)


def stored(scene: Running, claim: Claim) -> Claim:
    return kept(scene, claim.id, Claim)


def test_totals_move_back_exactly_and_forward_again(scene: Running) -> None:
    two_countries(scene)
    send(scene, form(scene, "Bamako", lines=[arrest(7, offence="drugs")]), "mateo")
    before = cells(scene)
    [claim] = suspected(scene)
    opened(scene, claim, role="requesting")
    for name in ("chaima", "moussa"):
        answered(scene, claim, name)
    joined = cells(scene)
    assert joined != before
    again(scene, claim)
    assert cells(scene) == before
    for name in ("chaima", "moussa"):
        answered(scene, claim, name, at=AGAIN)
    assert cells(scene) == joined


def test_its_countries_are_told_and_what_they_said_before_is_over(scene: Running) -> None:
    claim, _asked, _made = settled(scene)
    again(scene, claim)
    found = stored(scene, claim)
    assert (found.state, found.until, found.reason) == (S.OPEN, AGAIN + ANSWER_WITHIN, "")
    for name in ("chaima", "moussa"):
        with clock.at(AGAIN), scene.store.reading(scene[name]) as session:
            [waits] = [each for each in waiting(session, scene[name], AGAIN) if each.noun == "claim"]
            assert (waits.since, waits.until) == (AGAIN, AGAIN + ANSWER_WITHIN)
    answered(scene, claim, "chaima", "no", at=AGAIN)
    assert stored(scene, claim).state == S.OPEN
    assert answered(scene, claim, "moussa", "no", at=AGAIN).state == S.DIFFERENT
    assert (counted(scene, Kpi.ARRESTS), suspected(scene)) == (2, [])
    with scene.store.reading(scene["chaima"]) as session:
        said = [(each.country, each.round, each.same) for each in words_of(session, [claim.id])[claim.id]]
    assert said == [("MLI", 1, True), ("NER", 1, True), ("MLI", 2, False), ("NER", 2, False)]


def test_what_was_found_to_be_several_is_opened_again_as_well(scene: Running) -> None:
    two_countries(scene)
    [claim] = suspected(scene)
    opened(scene, claim)
    for name in ("chaima", "moussa"):
        answered(scene, claim, name, "no")
    again(scene, claim)
    assert counted(scene, Kpi.ARRESTS) == 2
    done = taken(scene, claim, S.DECIDED, "ana", "The prints are his.", at=AGAIN + ANSWER_WITHIN)
    assert (done.state, counted(scene, Kpi.ARRESTS)) == (S.DECIDED, 1)


def test_events_that_other_claims_joined_stay_joined(scene: Running) -> None:
    claim, _asked, _made = settled(scene)
    send(scene, form(scene, "Agadez", lines=[arrest(**ON_NOTICE)]), "binta")
    [other] = suspected(scene)
    opened(scene, other)
    for name in {"NER": ("chaima",), "MLI NER": ("chaima", "moussa")}[other.countries]:
        answered(scene, other, name)
    assert counted(scene, Kpi.ARRESTS) == 1
    again(scene, claim)
    assert counted(scene, Kpi.ARRESTS) == 2
    cells(scene)
    again(scene, other)
    assert counted(scene, Kpi.ARRESTS) == 3


def test_while_it_is_open_again_it_is_under_review_and_no_duplicate(scene: Running) -> None:
    claim, _asked, _made = settled(scene)
    again(scene, claim)
    frame = BoardFrame(scene.operation, "Africa/Niamey", Classification.FOR_OFFICIAL_USE, level=Level.V1)
    with clock.at(AGAIN), scene.store.reading(scene["ana"]) as session:
        figure = read_board(session, frame, scene["ana"]).figures[Kpi.ARRESTS]
        assert (figure.value, figure.review) == (2, 1)
        [noted] = adjustments_of(session, scene.operation)
        assert (noted.found, noted.opened_at) == ("open", AGAIN)


def test_a_snapshot_that_was_signed_stays_and_the_figure_is_restated(scene: Running) -> None:
    claim, asked, made = settled(scene)
    for report, people in ((asked, ("boubacar", "chaima")), (made, ("marie", "moussa"))):
        climb(scene, report.id, *people)
    debriefed(scene)
    snapshot = frozen(scene, SnapshotState.PUBLISHED, level="V3")
    signed = kept(scene, snapshot.id, Snapshot).model_dump()
    again(scene, claim, at=ENDED + timedelta(hours=1))
    frame = BoardFrame(scene.operation, "Africa/Niamey", Classification.FOR_OFFICIAL_USE, level=Level.V3)
    with scene.store.reading(scene["ana"]) as session:
        changed = restatements.restated_since_export(session, frame, scene["ana"])[Kpi.ARRESTS]
    assert (changed.by, changed.reasons, changed.late) == (1, (restatements.REOPENED,), True)
    assert kept(scene, snapshot.id, Snapshot).model_dump() == signed
    taken(scene, claim, S.DECIDED, "ana", "It was he.", at=ENDED + timedelta(days=9))
    with scene.store.reading(scene["ana"]) as session:
        assert Kpi.ARRESTS not in restatements.restated_since_export(session, frame, scene["ana"])


@pytest.mark.parametrize("name", ["dov", "chaima", "bruno", "lena"])
def test_only_a_coordinator_of_the_operation_opens_it_again(scene: Running, name: str) -> None:
    claim, _asked, _made = settled(scene)
    with pytest.raises(NotFound):
        again(scene, claim, name)
    assert counted(scene, Kpi.ARRESTS) == 1


def withdrawn(scene: Running, asked: Any, _made: Any) -> None:
    reports_of = scene["bruno"]
    with clock.at(NOON), scene.store.unit_of_work(reports_of) as session:
        reports.withdraw(session, asked.id, "By mistake.", reports_of)


def gone(scene: Running, _asked: Any, _made: Any) -> None:
    with clock.at(NOON), scene.store.unit_of_work(scene["moussa"]) as session:
        plan.withdraw(session, scene.operation, plan.Leaving(figures=DepartureChoice.SHOWN), scene["moussa"])


def suspended(scene: Running, _asked: Any, _made: Any) -> None:
    with clock.at(NOON), scene.store.unit_of_work(scene["ana"]) as session:
        lifecycle.move(session, scene.operation, OperationState.SUSPENDED, scene["ana"], "A coup.")


@pytest.mark.parametrize(
    ("meanwhile", "words", "sentence"),
    [
        (withdrawn, "The prints differ.", "A line of this claim was withdrawn or"),
        (gone, "The prints differ.", "left the operation and cannot answer"),
        (suspended, "The prints differ.", "Claims cannot change in the present state of"),
        (lambda *_scene: None, " ", "Give the reason"),
    ],
)
def test_what_stands_in_the_way_is_said_and_changes_nothing(
    scene: Running, meanwhile: Callable[..., None], words: str, sentence: str
) -> None:
    claim, asked, made = settled(scene)
    meanwhile(scene, asked, made)
    before = cells(scene)
    with pytest.raises(RuleBroken, match=sentence):
        again(scene, claim, words=words)
    assert (stored(scene, claim).state, cells(scene)) == (S.AGREED, before)


def dismissed(scene: Running) -> Claim:
    two_countries(scene)
    [claim] = suspected(scene)
    return taken(scene, claim, S.DISMISSED, "dov", "Two men.")


def test_what_was_dismissed_is_opened_by_the_coordinator_with_a_reason(scene: Running) -> None:
    claim = dismissed(scene)
    before = cells(scene)
    with pytest.raises(RuleBroken, match="Give the reason"):
        again(scene, claim, words=" ")
    opened_ = again(scene, claim)
    assert (opened_.state, opened_.round, opened_.reason, opened_.ended_at) == (S.OPEN, 1, "", None)
    assert opened_.until == AGAIN + ANSWER_WITHIN
    with scene.store.reading(scene["chaima"]) as session:  # now its countries see it
        assert [each.state for each in claims(session, scene.operation)] == [S.OPEN]
    assert cells(scene) == before
    for name in ("chaima", "moussa"):
        answered(scene, claim, name, at=AGAIN)
    assert (stored(scene, claim).state, counted(scene, Kpi.ARRESTS)) == (S.AGREED, 1)


def test_the_analyst_suspects_again_what_was_dismissed_and_says_why(scene: Running) -> None:
    claim = dismissed(scene)
    with pytest.raises(RuleBroken, match="Give the reason"):
        taken(scene, claim, S.SUSPECTED, "dov", "", at=AGAIN)
    with pytest.raises(NotFound):
        taken(scene, claim, S.SUSPECTED, "ana", "The prints match.", at=AGAIN)
    found = taken(scene, claim, S.SUSPECTED, "dov", "The prints match.", at=AGAIN)
    assert (found.state, found.reason, found.ended_at, found.opened_at) == (S.SUSPECTED, "", None, None)
    with scene.store.reading(scene["dov"]) as session:
        told = [(each.state, each.words) for each in state_tables.steps_of(session, ClaimStep, claim.id)]
    assert told == [("suspected", "The prints match."), ("dismissed", "Two men.")]
    with clock.at(AGAIN), scene.store.reading(scene["dov"]) as session:
        told_ = [str(each.sentence) for each in waiting(session, scene["dov"], AGAIN) if each.noun == "claim"]
    assert told_ == ["Claim 1 is suspected: open it, or dismiss it."]
    assert opened(scene, claim, at=AGAIN).state == S.OPEN


def test_new_lines_that_match_are_suspected_and_say_what_was_dismissed_before(scene: Running) -> None:
    claim = dismissed(scene)
    assert suspected(scene) == []
    send(scene, form(scene, "Bamako", lines=[arrest(**ON_NOTICE)]), "mateo")
    fresh = suspected(scene)
    assert fresh
    assert claim.id not in {each.id for each in fresh}
    with scene.store.reading(scene["dov"]) as session:
        for each in fresh:
            assert [(one.number, one.reason) for one in judged_before(session, each)] == [(claim.number, "Two men.")]
    opened(scene, fresh[0])
    with scene.store.reading(scene["moussa"]) as session:  # a country hears nothing of what was never opened
        assert judged_before(session, fresh[0]) == []


def test_what_fell_away_is_not_opened_again(scene: Running) -> None:
    asked, _made = two_countries(scene)
    [claim] = suspected(scene)
    withdrawn(scene, asked, None)
    taken(scene, claim, S.LAPSED, "dov", "")
    for name, to in (("ana", S.OPEN), ("dov", S.SUSPECTED)):
        with pytest.raises(RuleBroken, match="This step is not possible now"):
            taken(scene, claim, to, name)


def test_a_line_that_counts_by_itself_again_and_then_falls_away_is_restated(scene: Running) -> None:
    """It never moved a total at this level itself: the claim that was opened again did."""
    claim, asked, made = settled(scene)
    climb(scene, made.id, "marie", "moussa")
    climb(scene, asked.id, "boubacar", "chaima")
    again(scene, claim)
    assert counted(scene, Kpi.ARRESTS, Level.V3) == 2
    frame = BoardFrame(scene.operation, "Africa/Niamey", Classification.FOR_OFFICIAL_USE)
    with scene.store.reading(System()) as session:
        since = journal.pulse(session)
    with clock.at(AGAIN), scene.store.unit_of_work(scene["chaima"]) as session:
        reports.withdraw(session, asked.id, "By mistake.", scene["chaima"])
    with scene.store.reading(scene["ana"]) as session:
        changed = restatements.restated(session, frame, since, scene["ana"])[Kpi.ARRESTS]
    assert (changed.by, changed.reasons) == (-1, (restatements.WITHDRAWN,))
