"""When their time is over, cases, leads and intelligence lose what they say; numbers, states and the journal stay."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
import sqlalchemy as sa
from sqlmodel import SQLModel, select

from operations.core import clock, journal
from operations.core.drafts import parse
from operations.core.errors import RuleBroken
from operations.core.ids import new_id
from operations.core.people import System
from operations.notices import inbox
from operations.policing.fugitives import (
    case_lifecycle,
    case_rows,
    cases,
    erasure,
    lead_hits,
    sightings,
    sweep,
)
from operations.policing.leads import leads
from operations.policing.operation import plan
from operations.support import intelligence, lead_results
from operations.timetable import erasure as timetable_erasure
from operations.timetable import jobs
from operations.timetable.lease import LeaseCandidate
from operations.timetable.maintenance import Copies, verify_all
from operations.timetable.runner import Timetable
from tests.makers import START, Running, still_there
from tests.operations.files import bytes_of
from tests.operations.sweeps import AT, Sweep, case_draft, sweep_in
from tests.operations.test_intelligence import answer, part, result, suppose, task

pytestmark = pytest.mark.both_storages

DAY = timedelta(days=1)
KEPT = date(2027, 5, 1)
"""The day that Niger names for its cases here."""
WORDS = ("Harbourmaster", "Lighthouse", "Ironmonger", "Weathervane", "Cartwright", "Millstone", "Tollgate", "Foghorn")


@pytest.fixture(autouse=True)
def _at_work() -> Iterator[None]:
    with clock.at(AT):
        yield


@pytest.fixture
def cast(scene: Running) -> Sweep:
    return Sweep(sweep_in(scene))


@pytest.fixture
def keeper(scene: Running) -> Timetable:
    made = Timetable(scene.store, LeaseCandidate("one"))
    with clock.at(START):
        made.beat()
    return made


def night(day: date) -> datetime:
    return datetime.combine(day, time(0), UTC)


def ticked(keeper: Timetable, day: date) -> None:
    with clock.at(night(day) + timedelta(minutes=1)):
        keeper.tick(jobs.SHORT)


def told(scene: Running, name: str) -> list[tuple[str, int, str]]:
    with scene.store.reading(scene[name]) as session:
        found = [
            (each.message.kind, each.message.number, each.message.link) for each in inbox.messages(session, scene[name])
        ]
    return [each for each in found if each[0] in ("erasure_due", "erased")]


def full_case(cast: Sweep, **changes: Any) -> tuple[case_rows.FugitiveCase, UUID]:
    """A case about which everything was written that can be, released in the end; and the lead about it."""
    scene = cast.scene
    case = cast.target(retain_until=KEPT.isoformat(), **changes)
    cast.move(case.id, "under_review", "dov")
    lead = cast.lead(case, "MLI", question="Lighthouse: is the person of this notice with you?")
    draft = parse(leads.LeadAnswerDraft, {"id": new_id(), "answer": "accepted", "remark": "Ironmonger was asked."})
    with cast.as_("moussa") as session:
        leads.answer(session, lead.id, draft, scene["moussa"])
    wrong = cast.lead(case, "MLI", question="Millstone: and the brother?")
    with cast.as_("dov") as session:
        leads.revoke(session, wrong.id, "MLI", "Foghorn: there is no brother.", scene["dov"])
    place = cast.locate(case.id, remark="Harbourmaster saw the person.")
    cast.answer(place.id)
    link = parse(
        lead_hits.FindDraft,
        {"id": new_id(), "lead_id": lead.id, "location_id": place.id, "note": "Weathervane turned."},
    )
    with cast.as_("dov") as session:
        lead_hits.connect(session, link, scene["dov"])
    cast.arrest(place.id)
    cast.identify(place.id)
    cast.move(case.id, "released", "moussa", "Cartwright: the judge ordered it.")
    return cast.now(case.id), lead.id


def everything(scene: Running) -> str:
    """Every row of every table, as the database holds it."""
    with scene.store.reading(System()) as session:
        connection = session.connection()
        return "\n".join(
            repr(tuple(row))
            for table in SQLModel.metadata.sorted_tables
            for row in connection.execute(sa.select(table)).all()
        )


def numbers(scene: Running) -> Any:
    with scene.store.reading(scene["ana"]) as session:
        operation = plan.operation(session, scene.operation, scene["ana"])
        return sweep.numbers(session, operation, scene["ana"]), sweep.figures(session, operation, scene["ana"])


@pytest.mark.requirement("R78")
def test_after_its_last_day_a_case_says_nothing_and_counts_as_before(cast: Sweep, keeper: Timetable) -> None:
    scene = cast.scene
    case, _lead = full_case(cast)
    other = cast.target()
    before, notice = everything(scene), case.notice_ref
    assert all(word in before for word in ("Harbourmaster", "Lighthouse", "Ironmonger", "Weathervane", "Cartwright"))
    assert notice in before
    # The days that pass change some figures by themselves: the same day is read before and after.
    with clock.at(night(KEPT + 2 * DAY)):
        counted = numbers(scene)
    ticked(keeper, KEPT)
    assert cast.now(case.id).erased_at is None
    ticked(keeper, KEPT + DAY)
    after = everything(scene)
    assert not [word for word in (*WORDS, notice) if word in after]
    erased = cast.now(case.id)
    assert (erased.state, erased.counts_as, erased.offence, erased.case_no) == (
        "released",
        "arrested",
        "migrant_smuggling",
        "NER-001",
    )
    assert erased.erased_at == night(KEPT + DAY) + timedelta(minutes=1)
    assert cast.now(other.id).notice_ref == other.notice_ref
    with clock.at(night(KEPT + 2 * DAY)):
        assert numbers(scene) == counted
    with scene.store.reading(System()) as session:
        assert cases.believed_countries(session, case.id) == []
        assert [
            each.content for each in session.exec(select(case_rows.FugitiveVersion)) if each.case_id == case.id
        ] == [{}]
        assert [(each.state, each.remark) for each in sightings.locations(session, case.id)] == [
            ("arrest_confirmed", "")
        ]


def test_both_chains_and_all_totals_hold_after_an_erasure(cast: Sweep, keeper: Timetable) -> None:
    full_case(cast)
    with cast.scene.store.reading(System()) as session:
        noted = journal.verify(session)
    ticked(keeper, KEPT + DAY)
    verdict = verify_all(cast.scene.store, (noted.entries, noted.head))
    assert verdict.sound, verdict


@pytest.mark.requirement("R78")
def test_the_journal_names_record_rule_and_day_and_nothing_that_was_erased(cast: Sweep, keeper: Timetable) -> None:
    case, lead = full_case(cast)
    ticked(keeper, KEPT + DAY)
    with cast.scene.store.reading(System()) as session:
        entries = [each for each in journal.latest(session, cast.scene.operation) if each.act.endswith(".erase")]
    [told] = [each for each in entries if each.act == "fugitive.erase"]
    assert (told.object_id, told.actor_name, told.country) == (case.id, System().name, "NER")
    assert told.detail == {"rule": "retain_until", "until": "2027-05-01", "versions": 1, "leads": 2}
    asked = [each for each in entries if each.act == "lead.erase"]
    assert len(asked) == 2
    assert lead in {each.object_id for each in asked}
    for each in asked:
        assert each.detail == {
            "rule": "retain_until",
            "until": "2027-05-01",
            "subject": "fugitive_case",
            "versions": 1,
        }


def test_erasing_again_changes_nothing_and_a_timetable_that_slept_makes_up_for_it(
    cast: Sweep, keeper: Timetable
) -> None:
    full_case(cast)
    later = KEPT + 400 * DAY  # long after the horizon of what is made up for elsewhere
    for _twice in range(2):
        ticked(keeper, later)
    ticked(keeper, later + DAY)
    with cast.scene.store.unit_of_work(System()) as session:
        assert erasure.erase(session, cast.scene.operation, date.min, later, System()) == []
        acts = [each.act for each in journal.latest(session, cast.scene.operation)]
    assert (acts.count("fugitive.erase"), acts.count("lead.erase")) == (1, 2)


def test_the_country_and_those_who_coordinate_are_told_a_month_before_and_after(cast: Sweep, keeper: Timetable) -> None:
    scene = cast.scene
    full_case(cast)
    full_case(cast)
    ticked(keeper, KEPT - 31 * DAY)
    assert told(scene, "chaima") == []
    for days in (30, 29):
        ticked(keeper, KEPT - days * DAY)
    link = f"/operations/{scene.operation}/fugitives"
    for name in ("chaima", "ana", "dov"):
        assert told(scene, name) == [("erasure_due", 2, link)], name
    still_there(scene, night(KEPT))
    ticked(keeper, KEPT + DAY)
    for name in ("chaima", "ana", "dov"):
        assert told(scene, name) == [("erased", 2, link), ("erasure_due", 2, link)], name
    for name in ("moussa", "bruno", "lena", "otto"):
        assert told(scene, name) == [], name


def test_nothing_is_done_with_an_erased_case_or_lead(cast: Sweep, keeper: Timetable) -> None:
    scene = cast.scene
    sought = cast.out(retain_until=KEPT.isoformat())
    with scene.store.reading(scene["dov"]) as session:
        [lead] = leads.leads(session, scene.operation, sought.id)
    ticked(keeper, KEPT + DAY)
    with clock.at(night(KEPT + 2 * DAY)):
        for verb in (
            lambda: cast.move(sought.id, "deceased", "chaima", "Death certificate seen."),
            lambda: cast.check(sought.id),
            lambda: cast.locate(sought.id),
            lambda: cast.flag(sought.id, "chaima"),
            lambda: cast.lead(sought, "MLI"),
        ):
            with pytest.raises(RuleBroken, match=r"retention of this case has ended|while a case is under review"):
                verb()
        draft = case_draft(case_id=sought.id, notice_ref=sought.notice_ref)
        with pytest.raises(RuleBroken, match="retention of this case"), cast.as_("chaima") as session:
            cases.amend(session, draft, scene["chaima"], seen=1, why="Corrected.")
        with pytest.raises(RuleBroken, match="retention of this lead"):
            cast.reply(lead, "positive")
        with pytest.raises(RuleBroken, match="retention of this lead"), cast.as_("dov") as session:
            leads.revoke(session, lead.id, "MLI", "Too late.", scene["dov"])
        with scene.store.reading(scene["chaima"]) as session:
            assert case_lifecycle.offers(session, cases.case(session, sought.id), scene["chaima"]) == []
    assert cast.nominate(notice_ref=sought.notice_ref).number == 2  # the notice itself is nobody's any more


def test_leads_and_intelligence_go_five_years_after_the_last_phase(scene: Running, keeper: Timetable) -> None:
    suppose(scene, statement="Millstone: one group brings people by lorry to Agadez.")
    suppose_again(scene)
    group = part(scene, description="Tollgate: drives at night, five lorries.")
    lead = task(scene, group.entity_id, question="Lighthouse: seen such lorries?")
    answer(scene, lead, "chaima", "positive")
    made = result(scene, lead)
    with scene.store.reading(System()) as session:
        until = leads.kept_until(session, scene.operation)
    assert until == (START + timedelta(days=5) + leads.RETENTION).date()
    ticked(keeper, until)
    assert all(word in everything(scene) for word in ("Millstone", "Tollgate", "Lighthouse"))
    ticked(keeper, until + DAY)
    assert not [word for word in WORDS if word in everything(scene)]
    with scene.store.reading(scene["dov"]) as session:
        assert leads.lead(session, lead.id).tally == {"positive": 1, "shared": 1}
        assert [each.code for each in intelligence.network(session, scene.operation)] == ["G1"]
        assert [each.id for each in lead_results.of_operation(session, scene.operation)] == [made.id]
    link = f"/operations/{scene.operation}/intelligence"
    assert told(scene, "dov") == [("erased", 4, link), ("erasure_due", 4, link)]
    assert told(scene, "chaima") == []
    assert verify_all(scene.store, None).sound


def suppose_again(scene: Running) -> None:
    with scene.store.reading(scene["dov"]) as session:
        [first] = intelligence.hypotheses(session, scene.operation)
    suppose(scene, statement="Millstone, and Foghorn by night.", supersedes_id=first.id)


@pytest.mark.parametrize(
    "statement",
    [
        'UPDATE fugitive_version SET content = \'{"offence": "other"}\'',
        "UPDATE fugitive_version SET version = 7",
        "UPDATE fugitive_version SET content = '{}', author_name = 'Somebody'",
        "UPDATE fugitive_step SET reason = 'Another reason.'",
        "UPDATE fugitive_location SET remark = 'Another remark.'",
        "UPDATE lead_version SET question = 'Another question?'",
        "UPDATE lead_answer SET remark = 'Another remark.'",
        "UPDATE lead_answer SET answer = 'negative', remark = ''",
        "UPDATE lead_find SET note = 'Another note.'",
        "UPDATE lead_find SET country = 'DZA'",
        "DELETE FROM lead_find",
        "UPDATE fugitive_case SET notice_ref = 'A-9/9-2029'",
        "UPDATE fugitive_case SET notice_ref = 'erased 1'",
        "UPDATE fugitive_case SET notice_ref = 'A-9/9-2029', erased_at = nominated_at",
    ],
)
def test_the_database_lets_texts_be_emptied_and_nothing_else(cast: Sweep, statement: str) -> None:
    full_case(cast)
    with (
        pytest.raises(sa.exc.DBAPIError, match="never changed"),
        cast.scene.store.unit_of_work(System()) as session,
    ):
        session.connection().execute(sa.text(statement))


@pytest.mark.parametrize("shelf", ["sqlite"], indirect=True)
@pytest.mark.requirement("ASVS 14.2.4", "R78")
def test_not_one_byte_of_it_is_left_in_the_file_or_in_the_log_beside_it(
    cast: Sweep, keeper: Timetable, tmp_path: Path
) -> None:
    scene = cast.scene
    notices = [full_case(cast)[0].notice_ref for _each in range(12)]
    for _each in range(40):
        amended = cast.nominate(retain_until=KEPT.isoformat())
        draft = case_draft(case_id=amended.id, notice_ref=amended.notice_ref, retain_until=KEPT.isoformat())
        with cast.as_("chaima") as session:
            cases.amend(session, draft, scene["chaima"], seen=1, why="Corrected.")
        notices.append(amended.notice_ref)
    assert b"Harbourmaster" in bytes_of(scene)
    ticked(keeper, KEPT + DAY)
    with clock.at(night(KEPT + DAY) + timedelta(hours=1)):
        keeper.tick([job for job in jobs.long(Copies(tmp_path)) if job.name == "erasure.wipe"])
    held = bytes_of(scene)
    assert not [word for word in (*WORDS, *notices) if word.encode() in held]


def test_the_story_of_an_operation_of_long_ago_stays(cast: Sweep) -> None:
    """It is played by its own calendar, and was over before the timetable first ran here."""
    case, _lead = full_case(cast)
    keeper = Timetable(cast.scene.store, LeaseCandidate("late"))
    with clock.at(night(KEPT + DAY) + timedelta(hours=12)):
        keeper.beat()
        keeper.tick(jobs.SHORT)
    ticked(keeper, KEPT + 9 * DAY)
    assert cast.now(case.id).erased_at is None
    assert "Lighthouse" in everything(cast.scene)


def test_a_large_erasure_is_cut_into_units_and_told_once_and_whole(
    cast: Sweep, keeper: Timetable, monkeypatch: pytest.MonkeyPatch
) -> None:
    for _case in range(5):
        cast.nominate(retain_until=KEPT.isoformat())
    monkeypatch.setattr(timetable_erasure, "AT_ONCE", 2)
    erase, units = erasure.erase, []

    def noted(*given: Any) -> Any:
        if len(units) == 1:
            units.append(0)
            raise RuntimeError("the process stops between two units")
        found = erase(*given)
        units.append(len(found))
        return found

    monkeypatch.setattr(erasure, "erase", noted)
    ticked(keeper, KEPT + DAY)
    assert units == [2, 0]
    assert told(cast.scene, "chaima") == []
    keeper._wait_until.clear()
    ticked(keeper, KEPT + DAY)
    assert units == [2, 0, 2, 1], "no unit erases more than it may"
    assert [(kind, number) for kind, number, _link in told(cast.scene, "chaima") if kind == "erased"] == [("erased", 5)]
