"""Snapshots: signed by two persons, kept as disclosed to each audience, and byte for byte the same for ever."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError, IntegrityError
from sqlmodel import select

from operations.catalogue.kpis import Kpi
from operations.core import clock, journal
from operations.core.drafts import parse
from operations.core.errors import Conflict, MusterError, NotFound, RuleBroken
from operations.core.people import Actor, System
from operations.core.store import Store
from operations.core.vocabulary import Level, OperationState, ReportState
from operations.disclosure.suppression import BoardFrame
from operations.figures import board
from operations.policing import lifecycle
from operations.policing.operation import plan
from operations.policing.reports import exclusions, reports
from operations.results import disclosed_figures, snapshot_rows, snapshots
from operations.results.snapshot_rows import (
    CENTRE,
    LEADERSHIP,
    OUTSIDE,
    Snapshot,
    SnapshotFigure,
    SnapshotState,
)
from operations.worklist_entries import waiting
from tests.evaluations import ENDED, debriefed, evaluated, settled, went_on
from tests.makers import START, Running, arrest, form, send, tally
from tests.operations.steps import climb, correction, counted, now_stored
from tests.people import CAST
from tests.snapshot_stories import SIGNS, frozen, prepare, snapshot_draft, take

S = SnapshotState
LINES = ["check_tally", "hit", "arrest"]


@pytest.fixture
def reported(scene: Running) -> Running:
    """Niger arrested 3 and Mali 40; both are consolidated. The operation is consolidated too."""
    with scene.store.unit_of_work(System()) as session:
        session.get_one(plan.Operation, scene.operation).line_kinds = LINES
    first = send(scene, form(scene, lines=[tally(100), arrest(3)]))
    other = send(scene, form(scene, "Bamako", lines=[tally(900), arrest(40)]), by="mateo")
    climb(scene, first.id, "boubacar", "chaima", "dov")
    climb(scene, other.id, "marie", "moussa", "dov")
    return evaluated(scene)


def kept(scene: Running, snapshot: Snapshot) -> tuple[Any, ...]:
    """All that a snapshot says, as it is stored."""
    with scene.store.reading(System()) as session:
        found = session.get_one(Snapshot, snapshot.id)
        figures = session.exec(select(SnapshotFigure).where(SnapshotFigure.snapshot_id == snapshot.id)).all()
        columns = list(SnapshotFigure.model_fields)
        return (
            snapshots.digest(found, []),
            found.content_hash,
            sorted([tuple(getattr(row, name) for name in columns) for row in figures], key=repr),
        )


def told(scene: Running, snapshot: Snapshot, by: str, audience: str) -> dict[Kpi, Any]:
    with scene.store.reading(scene[by]) as session:
        return disclosed_figures.figures(snapshot_rows.figures_of(session, snapshot.id, audience))


def test_a_snapshot_is_prepared_signed_by_two_published_and_told(reported: Running) -> None:
    made = frozen(reported, S.PUBLISHED)
    assert (made.number, made.status, made.level, made.state) == (1, "preliminary", 4, S.PUBLISHED)
    assert (made.signed_by, made.approved_by) == (reported["ana"].account_id, reported["lena"].account_id)
    with reported.store.reading(reported["bruno"]) as session:
        assert snapshot_rows.newest_published(session, reported.operation).id == made.id
        acts = [entry.act for entry in journal.latest(session, reported.operation)]
    assert "snapshot.publish" in acts
    assert "snapshot.sign" not in acts, "an officer learns what is published"
    with reported.store.reading(reported["moussa"]) as session:
        assert {"snapshot.prepare", "snapshot.sign", "snapshot.approve"} <= {
            entry.act for entry in journal.latest(session, reported.operation)
        }


def test_each_audience_has_the_figures_that_its_board_shows(reported: Running) -> None:
    with reported.store.unit_of_work(System()) as session:
        session.get_one(board.CountryActivity, (reported.operation, "MLI")).shares_totals = True
    made = frozen(reported, S.PUBLISHED)
    assert told(reported, made, "ana", CENTRE)[Kpi.ARRESTS].value == 43
    for name, audience in (("lena", LEADERSHIP), ("bruno", "NER"), ("moussa", "MLI"), ("ana", CENTRE)):
        with clock.at(ENDED), reported.store.reading(reported[name]) as session:
            operation = plan.operation(session, reported.operation, reported[name])
            frame = BoardFrame(operation.id, operation.zone, operation.classification, operation.day_cut, Level.V4)
            shown = board.read_board(session, frame, reported[name])
        figures = told(reported, made, name, audience)
        for kpi, figure in figures.items():
            live = shown.figures[kpi]
            if figure.hidden and not live.hidden:
                assert live.released is not None, "an older number on the board is none of today"
                continue
            assert (figure.value, figure.hidden, figure.few, figure.keeps_back, figure.rates, figure.trend) == (
                live.value,
                live.hidden,
                live.few,
                live.keeps_back,
                live.rates,
                live.trend,
            ), (name, kpi)


def test_small_numbers_are_hidden_from_whoever_does_not_answer_for_them_and_nobody_reads_others_rows(
    reported: Running,
) -> None:
    made = frozen(reported, S.PUBLISHED)
    for audience in (LEADERSHIP, OUTSIDE):
        with reported.store.reading(reported["lena"]) as session:
            cells = {
                row.code: (row.value, row.suppressed)
                for row in snapshot_rows.figures_of(session, made.id, audience)
                if row.kpi == Kpi.ARRESTS and row.dimension == disclosed_figures.BY_COUNTRY
            }
        # Suspects are shown to leadership exactly, and to nobody else.
        assert cells == ({"MLI": (40, ""), "NER": (3, "")} if audience == LEADERSHIP else {})
    with reported.store.reading(reported["lena"]) as session:
        assert snapshot_rows.figures_of(session, made.id, CENTRE) == []
    with reported.store.reading(reported["moussa"]) as session:
        own = snapshot_rows.figures_of(session, made.id, "MLI")
        assert (
            snapshot_rows.figures_of(session, made.id, "NER")
            == snapshot_rows.figures_of(session, made.id, OUTSIDE)
            == []
        )
        assert [row.value for row in own if row.kpi == Kpi.ARRESTS and row.dimension == disclosed_figures.OWN] == [40]
    outside = told(reported, made, "ana", OUTSIDE)
    assert (outside[Kpi.ARRESTS].value, outside[Kpi.ARRESTS].hidden) == (None, True), "Mali knows its 40 of the 43"


def test_one_person_never_signs_for_both(reported: Running) -> None:
    made = take(reported, prepare(reported), S.COORDINATED)
    reported.members["ana"] = Actor(**vars(reported["ana"]) | {"role": CAST["lena"][1]})
    with pytest.raises(RuleBroken, match="You signed for the coordination"):
        take(reported, made, S.SIGNED, "ana")
    past = {"approved_by": made.signed_by, "approved_at": ENDED, "state": "signed"}
    with pytest.raises(IntegrityError), reported.store.unit_of_work(System()) as session:
        session.get_one(Snapshot, made.id).sqlmodel_update(past)
    assert kept(reported, made)
    with reported.store.reading(System()) as session:
        assert session.get_one(Snapshot, made.id).state == S.COORDINATED


@pytest.mark.parametrize("state", [S.COORDINATED, S.SIGNED, S.PUBLISHED, S.DROPPED])
def test_each_step_is_taken_by_the_right_role_alone(reported: Running, state: S) -> None:
    made = prepare(reported)
    for before in (S.COORDINATED, S.SIGNED):
        if state in (S.SIGNED, S.PUBLISHED)[(before is S.SIGNED) :]:
            take(reported, made, before)
    right = {
        S.COORDINATED: {"ana"},
        S.SIGNED: {"lena"},
        S.PUBLISHED: {"ana", "lena"},
        S.DROPPED: {"ana", "dov", "lena"},
    }
    for name in sorted(set(CAST) - right[state]):
        with pytest.raises(NotFound):
            take(reported, made, state, name, "Wrong day.")
    assert take(reported, made, state, words="Wrong day." if state is S.DROPPED else "").state == state


def test_a_late_correction_of_a_line_leaves_a_signed_snapshot_as_it_was(scene: Running) -> None:
    made = send(scene, form(scene, lines=[tally(100)]))
    climb(scene, made.id, "boubacar", "chaima", "dov")
    debriefed(scene)
    first = frozen(scene, S.PUBLISHED)
    before = kept(scene, first)
    assert (first.status, told(scene, first, "ana", CENTRE)[Kpi.DATABASE_CHECKS].value) == ("final", 100)
    late = send(scene, correction(made, scene, lines=[tally(90)]), by="boubacar", at=ENDED)
    scene.members["binta"] = Actor(**vars(scene["binta"]) | {"role": CAST["boubacar"][1]})
    climb(scene, late.id, "binta", "chaima")
    assert told(scene, prepare(scene), "ana", CENTRE)[Kpi.DATABASE_CHECKS].value == 100, "it climbs and does not count"
    climb(scene, late.id, "dov")
    assert counted(scene, level=Level.V4) == 90
    assert kept(scene, first) == before
    second = frozen(scene, S.PUBLISHED)
    assert (second.status, second.number) == ("restated", 3)
    assert told(scene, second, "ana", CENTRE)[Kpi.DATABASE_CHECKS].value == 90
    assert kept(scene, first) == before, "it is superseded, and says what it said"
    with scene.store.reading(System()) as session:
        assert session.get_one(Snapshot, first.id).state == S.SUPERSEDED
        assert session.get_one(Snapshot, second.id).supersedes_id == first.id
        assert snapshots.broken(session, scene.operation) == []


def test_a_country_that_leaves_stops_the_signing_and_changes_nothing_that_is_signed(reported: Running) -> None:
    told_, signed, waits = frozen(reported, S.PUBLISHED), frozen(reported), prepare(reported)
    before = [kept(reported, each) for each in (told_, signed, waits)]
    with clock.at(ENDED), reported.store.unit_of_work(reported["moussa"]) as session:
        plan.withdraw(session, reported.operation, plan.Leaving(figures="erased"), reported["moussa"])
    for made, to in ((waits, S.COORDINATED), (signed, S.PUBLISHED)):
        with pytest.raises(RuleBroken, match=r"MLI.* left the operation") as refused:
            take(reported, made, to)
        assert refused.value.flaws[0].params == {"countries": ["MLI"]}
    assert [kept(reported, each) for each in (told_, signed, waits)] == before
    gone = replace(reported["moussa"], operations=frozenset())
    with pytest.raises(NotFound), reported.store.unit_of_work(gone) as session:
        snapshots.speak(session, waits.id, snapshots.WordDraft(agrees="yes"), gone)


def test_a_country_agrees_or_says_why_not_until_it_is_signed(reported: Running) -> None:
    made = prepare(reported)

    def speak(name: str, **said: str) -> None:
        with clock.at(ENDED), reported.store.unit_of_work(reported[name]) as session:
            snapshots.speak(session, made.id, parse(snapshots.WordDraft, said), reported[name])

    with pytest.raises(RuleBroken, match="Say why"):
        speak("chaima", agrees="no")
    speak("chaima", agrees="no", words="Agadez reported twice.")
    speak("moussa", agrees="yes")
    speak("chaima", agrees="yes")
    for name in sorted(set(CAST) - {"chaima", "moussa"}):
        with pytest.raises(NotFound):
            speak(name, agrees="yes")
    with reported.store.reading(reported["lena"]) as session:
        assert {each.country: each.agrees for each in snapshot_rows.words_of(session, made.id)} == {
            "MLI": True,
            "NER": True,
        }
    with reported.store.reading(reported["moussa"]) as session:
        assert [each.country for each in snapshot_rows.words_of(session, made.id)] == ["MLI"]
    take(reported, made, S.COORDINATED)
    take(reported, made, S.SIGNED)
    with pytest.raises(RuleBroken, match="can no longer change"):
        speak("chaima", agrees="no", words="Too late.")


def test_what_is_not_consolidated_is_no_level_v4_and_what_was_left_out_is_no_exact_sum(reported: Running) -> None:
    made = send(reported, form(reported, "Agadez", lines=[tally(7)]))
    climb(reported, made.id, "boubacar", "chaima")
    with pytest.raises(RuleBroken, match=r"1 reports of .*NER") as refused:
        prepare(reported)
    assert refused.value.flaws[0].field == "level"
    assert prepare(reported, level="V3").status == "preliminary"
    send(reported, form(reported, "Agadez", lines=[tally(7)]))
    with clock.at(ENDED), reported.store.unit_of_work(reported["ana"]) as session:
        exclusions.leave_out(session, reported.operation, "NER", "It does not answer.", reported["ana"])
    with pytest.raises(RuleBroken, match="1 reports were left out") as refused:
        prepare(reported, level="V3")
    assert refused.value.flaws[0].field == "qualifier"
    said = prepare(reported, level="V3", qualifier=">")
    with reported.store.reading(reported["ana"]) as session:
        assert {row.qualifier for row in snapshot_rows.figures_of(session, said.id, OUTSIDE) if not row.dimension} == {
            ">",
            "=",
        }
        assert "≥" in {row.qualifier for row in snapshot_rows.figures_of(session, said.id, CENTRE)}


def test_more_than_nothing_is_never_told(reported: Running) -> None:
    said = prepare(reported, qualifier=">")
    with reported.store.reading(reported["ana"]) as session:
        told_ = {
            row.kpi: (row.value, row.qualifier)
            for row in snapshot_rows.figures_of(session, said.id, OUTSIDE)
            if not row.dimension
        }
    assert told_[Kpi.DATABASE_CHECKS] == (1000, ">")
    assert told_[Kpi.RAW_HITS] == (0, "=")


def test_the_debrief_is_approved_once_a_final_snapshot_is_signed_by_both(scene: Running) -> None:
    debriefed(scene)
    made = prepare(scene)
    for state in (S.COORDINATED, S.SIGNED):
        with pytest.raises(RuleBroken, match="No final snapshot"):
            went_on(scene, OperationState.FINAL, "lena")
        take(scene, made, state)
    assert went_on(scene, OperationState.FINAL, "lena").state == OperationState.FINAL


def test_a_preliminary_snapshot_is_not_enough_for_the_approval(scene: Running) -> None:
    frozen(evaluated(scene))
    went_on(settled(scene), OperationState.DEBRIEFED)
    with scene.store.reading(scene["lena"]) as session:
        operation = plan.operation(session, scene.operation, scene["lena"])
        flaws = lifecycle.obstacles(session, operation, OperationState.FINAL)
    assert [flaw.field for flaw in flaws] == ["snapshots"]


def test_the_same_draft_again_is_answered_as_before(reported: Running) -> None:
    draft = snapshot_draft()
    with clock.at(ENDED), reported.store.unit_of_work(reported["ana"]) as session:
        first = snapshots.prepare(session, reported.operation, draft, reported["ana"])
        again = snapshots.prepare(session, reported.operation, draft, reported["ana"])
        assert first is again
        with pytest.raises(Conflict):
            snapshots.prepare(
                session, reported.operation, draft.model_copy(update={"wording": "Other."}), reported["ana"]
            )


@pytest.mark.parametrize("draft", [{"embargo": START}, {"wording": "Call +227 20 73 35 01"}, {"qualifier": "!"}])
def test_bad_words_are_refused(reported: Running, draft: dict[str, Any]) -> None:
    with pytest.raises(RuleBroken):
        prepare(reported, **draft)


def test_nobody_prepares_before_the_start_nor_from_a_country(reported: Running) -> None:
    for name in sorted(set(CAST) - {"ana", "dov"}):
        with pytest.raises(NotFound):
            prepare(reported, name)
    with reported.store.unit_of_work(System()) as session:
        operation = session.get_one(plan.Operation, reported.operation)
        operation.state, operation.state_before = OperationState.SUSPENDED.value, OperationState.ACTIVE.value
    with pytest.raises(RuleBroken, match="only after the operation starts"):
        prepare(reported)


@pytest.mark.parametrize(
    ("field", "value"), [("wording", "Other."), ("status", "final"), ("content_hash", "0" * 64), ("entry", 1)]
)
def test_the_database_itself_keeps_what_was_frozen(reported: Running, field: str, value: Any) -> None:
    made = frozen(reported)
    with pytest.raises(DBAPIError, match="never changed"), reported.store.unit_of_work(System()) as session:
        setattr(session.get_one(Snapshot, made.id), field, value)
    with pytest.raises(DBAPIError, match="never changed"), reported.store.unit_of_work(System()) as session:
        session.get_one(Snapshot, made.id).signed_by = reported["bruno"].account_id
    with pytest.raises(DBAPIError, match="never changed"), reported.store.unit_of_work(System()) as session:
        session.exec(select(SnapshotFigure)).first().value = 1e6


@contextmanager
def unguarded(store: Store, table: str) -> Iterator[None]:
    """Without what keeps the database from changing rows of `table`: its owner can take it away and put it back."""
    trigger = f"{table}_keeps"
    with store.engine.begin() as connection:
        if connection.dialect.name == "postgresql":
            without, again = (f"ALTER TABLE {table} {word} TRIGGER {trigger}" for word in ("DISABLE", "ENABLE"))
        else:
            without = f"DROP TRIGGER {trigger}"
            stored = sa.text("SELECT sql FROM sqlite_master WHERE name = :name")
            again = connection.execute(stored, {"name": trigger}).scalar_one()
        connection.exec_driver_sql(without)
    yield
    with store.engine.begin() as connection:
        connection.exec_driver_sql(again)


def test_a_figure_that_was_changed_past_the_database_is_found(reported: Running) -> None:
    made = frozen(reported)
    with unguarded(reported.store, "snapshot_figure"), reported.store.unit_of_work(System()) as session:
        session.connection().exec_driver_sql("UPDATE snapshot_figure SET value = 44 WHERE kpi = 'K11' AND value = 43")
    with reported.store.reading(System()) as session:
        assert snapshots.broken(session, reported.operation) == [made.number]


def test_a_snapshot_that_was_rewritten_with_a_hash_of_its_own_is_found_by_the_next_one(reported: Running) -> None:
    first, second = frozen(reported), frozen(reported)
    with unguarded(reported.store, "snapshot"), reported.store.unit_of_work(System()) as session:
        forged = session.get_one(Snapshot, first.id)
        forged.wording = "Four days at two airports."
        figures = session.exec(select(SnapshotFigure).where(SnapshotFigure.snapshot_id == first.id))
        rows_of_it = sorted(
            map(vars, figures), key=lambda row: (row["audience"], row["kpi"], row["dimension"], row["code"])
        )
        forged.content_hash = snapshots.digest(forged, rows_of_it)
    with reported.store.reading(System()) as session:
        assert snapshots.broken(session, reported.operation) == [second.number]


def test_an_older_snapshot_is_not_told_after_a_newer_one(reported: Running) -> None:
    older = frozen(reported, S.COORDINATED)
    newer = frozen(reported, S.PUBLISHED)
    take(reported, older, S.SIGNED)
    with pytest.raises(RuleBroken, match="A newer snapshot is already published"):
        take(reported, older, S.PUBLISHED)
    with reported.store.reading(System()) as session:
        assert session.get_one(Snapshot, older.id).state == S.SIGNED
        assert session.get_one(Snapshot, newer.id).state == S.PUBLISHED


def test_figures_are_restated_once_final_ones_stood_and_not_where_they_were_dropped(scene: Running) -> None:
    debriefed(scene)
    dropped = prepare(scene)
    take(scene, dropped, S.DROPPED, words="A word was wrong.")
    stands = frozen(scene)
    assert (dropped.status, stands.status, prepare(scene).status) == ("final", "final", "restated")


def test_who_signs_next_finds_it_in_the_list_of_what_waits(reported: Running) -> None:
    def waits(name: str) -> set[str]:
        with clock.at(ENDED), reported.store.reading(reported[name]) as session:
            return {str(each.sentence) for each in waiting(session, reported[name], ENDED) if each.noun == "snapshot"}

    made = prepare(reported)
    for state, words in (
        (S.COORDINATED, "is prepared: sign"),
        (S.SIGNED, "signed by the coordination: sign it"),
        (S.PUBLISHED, "is signed: publish it"),
    ):
        assert any(words in each for each in waits(SIGNS[state])), state
        take(reported, made, state)
    assert waits("ana") == waits("lena") == set()


def test_what_is_gone_stays_gone(reported: Running) -> None:
    first, second = frozen(reported), frozen(reported, S.PUBLISHED)
    with reported.store.reading(System()) as session:
        assert session.get_one(Snapshot, first.id).state == S.SUPERSEDED, "it was never told, and a newer one is"
    with pytest.raises(MusterError):
        take(reported, first, S.PUBLISHED)
    assert second.number == 2
    assert now_stored(reported, reports_of(reported)[0]).state == ReportState.CONSOLIDATED


def reports_of(scene: Running) -> list[Any]:
    with scene.store.reading(System()) as session:
        return [each.id for each in session.exec(select(reports.Report))]


def test_an_embargo_lies_in_the_future(reported: Running) -> None:
    until = ENDED + timedelta(days=2)
    assert prepare(reported, embargo=until).embargo == until
