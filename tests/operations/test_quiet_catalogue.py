"""What is told beside the boards says nothing of persons whom they guard: catalogue, fingerprints, the journal."""

from datetime import timedelta

import pytest
from sqlmodel import select

from operations.core import clock, journal
from operations.core.people import System
from operations.core.vocabulary import Classification, Level
from operations.disclosure.suppression import BoardFrame
from operations.figures.board import read_board
from operations.figures.derived_figures import disclosed_value
from operations.figures.durations import FigureRequest, MeasuredValue
from operations.figures.releases import decision
from operations.policing.operation import plan
from operations.results import snapshots
from operations.results.cross_domain_figures import COMPUTED_FIGURES
from operations.results.snapshot_rows import Snapshot, SnapshotFigure
from tests.claim_stories import NOON, answered, event, opened, suspected, two_countries
from tests.makers import START, Running, detection, form, let_out, send, tally
from tests.snapshot_stories import prepare


def duplicates(scene: Running, by: str, country: str | None = None) -> MeasuredValue:
    """The duplicate rate (K37) as somebody reads it."""
    frame = BoardFrame(
        scene.operation, "Africa/Niamey", Classification.FOR_OFFICIAL_USE, level=Level.V3, country=country
    )
    with clock.at(NOON + timedelta(hours=3)), scene.store.reading(scene[by]) as session:
        return disclosed_value(
            COMPUTED_FIGURES["K37"], FigureRequest(session, frame, scene[by], read_board(session, frame, scene[by]))
        )


def one_bus(scene: Running) -> None:
    """A bus that Niger reported twice, which it agrees is one."""
    for after, by in ((0, "bruno"), (20, "binta")):
        event(scene, START + timedelta(hours=2, minutes=after), 14, by=by)
    [claim] = suspected(scene)
    opened(scene, claim)
    answered(scene, claim, "chaima")


def all_share(scene: Running) -> None:
    """Both countries let each other see their totals."""
    for name in ("chaima", "moussa"):
        with scene.store.unit_of_work(scene[name]) as session:
            plan.answer(session, scene.operation, scene[name], accept=True, shares_totals=True)


def test_a_claim_of_persons_in_need_is_in_no_rate_of_those_they_are_guarded_from(scene: Running) -> None:
    """Lines are suspected that tell almost the same number: that two are, narrows both."""
    all_share(scene)
    one_bus(scene)
    assert [duplicates(scene, each).value for each in ("ana", "dov")] == [50, 50]
    assert duplicates(scene, "chaima", "NER").value == 50
    assert [duplicates(scene, each) for each in ("lena", "moussa")] == [MeasuredValue(), MeasuredValue()]


def test_a_claim_of_suspects_is_in_that_of_leadership_and_of_no_other_country(scene: Running) -> None:
    all_share(scene)
    two_countries(scene)
    [claim] = suspected(scene)
    opened(scene, claim, role="requesting")
    assert [str(each) for each in duplicates(scene, "lena").notes] == ["0 of 2", "open claims: 1, the oldest for 3 h"]
    assert [str(each) for each in duplicates(scene, "moussa", "MLI").notes][:1] == ["0 of 2"]
    assert duplicates(scene, "moussa") == MeasuredValue()


def test_a_fingerprint_is_no_proof_of_a_guess(scene: Running) -> None:
    """It stands over what the centre was told too, and is printed for the public: who knows all but a small number
    would try the ten that it may be.
    """
    send(scene, form(scene, lines=[detection(7)]))
    made = prepare(scene, level="V3", at=NOON)
    with scene.store.reading(System()) as session:
        found = session.get_one(Snapshot, made.id)
        rows = sorted(
            map(vars, session.exec(select(SnapshotFigure).where(SnapshotFigure.snapshot_id == made.id)).all()),
            key=lambda row: (row["audience"], row["kpi"], row["dimension"], row["code"]),
        )
        assert snapshots.digest(found, rows) == made.content_hash
        found.basis = {name: found.basis[name] for name in ("countries", "left_out", "of")}  # what is told of it
        assert snapshots.digest(found, rows) != made.content_hash


@pytest.mark.parametrize("lines", [[tally()], [tally(), detection(40)]], ids=["nobody", "forty"])
def test_that_leadership_is_told_more_is_the_same_entry_whatever_it_is(scene: Running, lines: list[object]) -> None:
    """All read that something was let out, also those to whom figures are told once a day: not of which."""
    with clock.at(NOON):
        let_out(scene)
    send(scene, form(scene, lines=lines), at=NOON + timedelta(hours=1))  # type: ignore[arg-type]
    with clock.at(NOON + timedelta(hours=2)), scene.store.unit_of_work(System()) as session:
        owner = session.get_one(plan.Operation, scene.operation)
        seq = decision.record(session, decision.decide(session, owner, all_audiences=False))
    with scene.store.reading(scene["moussa"]) as session:
        entry = session.exec(select(journal.Entry).where(journal.Entry.seq == seq)).one()
        assert (entry.act, entry.detail) == (decision.ACT, {})
