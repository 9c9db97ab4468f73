"""Trainers of courses and their cascade runs: who takes which step, and what is refused with which sentence."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError

from operations import worklist_entries
from operations.core import clock
from operations.core.errors import Conflict, NotFound, NotPermitted, RuleBroken
from operations.core.people import System
from operations.core.vocabulary import MessageKind
from operations.notices import inbox
from operations.posts import register
from operations.timetable import training as job
from operations.timetable.lease import LeaseCandidate
from operations.timetable.runner import Timetable
from operations.training import cascades, figures, trainers
from operations.training.trainer_rows import CascadeRun, CascadeState, Trainer
from tests.makers import Running, post, still_there
from tests.programme import (
    BEGUN,
    OVER,
    attendance_draft,
    cascade_draft,
    cascade_of,
    cascade_step,
    certified,
    course_of,
    course_step,
    does,
    nomination_draft,
    post_of,
    reads,
    state_of,
    trainer_of,
    trainer_step,
)

DAY = timedelta(days=1)
AFTER = BEGUN + 3 * DAY


def refused(scene: Running, name: str, verb: Any, *given: Any, at: Any = BEGUN) -> tuple[str, str]:
    """The field and the sentence with which a verb refuses."""
    with pytest.raises(RuleBroken) as error:
        does(scene, name, verb, *given, at=at)
    flaw = error.value.flaws[0]
    return flaw.field, flaw.template.format(**flaw.params)


def test_a_trainer_is_nominated_by_the_country_and_certified_by_other_eyes(scene: Running) -> None:
    course = course_of(scene)
    draft = nomination_draft(scene, course)
    with pytest.raises(NotPermitted):
        does(scene, "ana", trainers.nominate, draft)
    made = does(scene, "chaima", trainers.nominate, draft)
    assert does(scene, "chaima", trainers.nominate, draft).id == made.id
    with pytest.raises(Conflict):
        does(scene, "chaima", trainers.nominate, draft.model_copy(update={"account_id": scene["bruno"].account_id}))
    assert refused(scene, "chaima", trainers.nominate, nomination_draft(scene, course))[1].startswith("This officer is")
    assert refused(scene, "chaima", trainers.nominate, nomination_draft(scene, course, "mateo"))[0] == "account_id"
    assert refused(scene, "ana", trainer_step(made.id, "certified"))[1].startswith("This step is not possible now")
    with pytest.raises(NotPermitted):
        does(scene, "chaima", trainer_step(made.id, "attending"))
    for to in ("attending", "assessed"):
        does(scene, "ana", trainer_step(made.id, to))
    assert "You assessed this trainer" in refused(scene, "ana", trainer_step(made.id, "certified"))[1]
    made = does(scene, "olga", trainer_step(made.id, "certified"))
    assert (made.certified_name, made.expires_on) == ("Olga Lund", date(2029, 3, 4))
    does(scene, "ana", course_step(course.id, "retired"))
    late = nomination_draft(scene, course, "bruno")
    assert refused(scene, "chaima", trainers.nominate, late)[0] == "course_id"


def test_who_sees_a_trainer(scene: Running) -> None:
    trainer_of(scene, course_of(scene))
    for name, count in (("boubacar", 1), ("chaima", 1), ("ana", 1), ("otto", 1), ("bruno", 0), ("moussa", 0)):
        assert len(reads(scene, name, trainers.trainers)) == count, name
    assert reads(scene, "lena", trainers.trainers) == []


def test_only_a_certified_trainer_announces_and_until_the_last_day(scene: Running) -> None:
    made = trainer_of(scene, course_of(scene), "attending")
    announce = cascades.announce
    assert refused(scene, "boubacar", announce, cascade_draft(made))[1].startswith("You hold no valid certification")
    for to, who in (("assessed", "ana"), ("certified", "olga")):
        made = does(scene, who, trainer_step(made.id, to))
    with pytest.raises(NotFound):  # whose certification it is, no other officer sees
        does(scene, "bruno", announce, cascade_draft(made))
    assert refused(scene, "boubacar", announce, cascade_draft(made, starts=(BEGUN - DAY).date()))[0] == "starts"
    field, said = refused(scene, "boubacar", announce, cascade_draft(made, ends=date(2029, 3, 5)))
    assert (field, said) == ("ends", "Your certification ends on 2029-03-04: the run must be over by then.")
    draft = cascade_draft(made)
    assert does(scene, "boubacar", announce, draft).id == does(scene, "boubacar", announce, draft).id
    does(scene, "chaima", trainer_step(made.id, "revoked"))
    assert refused(scene, "boubacar", announce, cascade_draft(made))[0] == "trainer_id"


def test_a_run_is_held_with_its_attendance_and_confirmed_by_the_country(scene: Running) -> None:
    made = trainer_of(scene, course_of(scene))
    run = cascade_of(scene, made)

    assert refused(scene, "boubacar", lambda s, by: cascades.take(s, run.id, CascadeState.HELD, by), at=AFTER) == (
        "people",
        "Say who was there: a run is held with its attendance.",
    )

    def hold(*names: str, others: int = 0) -> Any:
        draft = attendance_draft(scene, *names, others=others)
        return lambda session, by: cascades.hold(session, run.id, draft, by)

    def names(session: Any, name: str) -> list[str]:
        return cascades.attendance(session, session.get_one(CascadeRun, run.id), scene[name])

    assert "lasts until" in refused(scene, "boubacar", hold("bruno"))[1]
    assert refused(scene, "boubacar", hold("bruno", "boubacar"), at=AFTER) == (
        "people",
        "The trainer of a run cannot be one of its participants.",
    )
    assert refused(scene, "boubacar", hold("mateo"), at=AFTER)[1] == "Choose people of your own country."
    with pytest.raises(RuleBroken) as error:
        attendance_draft(scene)
    assert error.value.flaws[0].field == "people"
    with pytest.raises(NotPermitted):
        does(scene, "chaima", hold("bruno"), at=AFTER)
    assert does(scene, "boubacar", hold("bruno", "binta", others=4), at=AFTER).attended == 6
    assert does(scene, "boubacar", hold("binta", "bruno", others=4), at=AFTER).attended == 6
    returned = does(scene, "chaima", cascade_step(scene, run.id, "announced"), at=AFTER)
    assert returned.state == "announced"
    does(scene, "boubacar", hold("bruno", others=2), at=AFTER)
    for name, there in (("boubacar", ["Bruno Issoufou"]), ("chaima", ["Bruno Issoufou"]), ("ana", ["Bruno Issoufou"])):
        assert reads(scene, name, names, name) == there
    assert state_of(scene, Trainer, made.id) == "certified"
    done = does(scene, "chaima", cascade_step(scene, run.id, "confirmed"), at=AFTER)
    assert (done.attended, done.others) == (3, 2)
    assert state_of(scene, Trainer, made.id) == "active"


def test_a_coordinator_who_teaches_does_not_confirm_the_own_run(scene: Running) -> None:
    made = trainer_of(scene, course_of(scene), name="chaima")
    run = does(scene, "chaima", cascades.announce, cascade_draft(made))
    does(scene, "chaima", cascade_step(scene, run.id, "held"), at=AFTER)
    assert (
        "You held this run yourself" in refused(scene, "chaima", cascade_step(scene, run.id, "confirmed"), at=AFTER)[1]
    )
    does(scene, "cheikh", cascade_step(scene, run.id, "confirmed"), at=AFTER)
    assert state_of(scene, Trainer, made.id) == "active"


def test_a_certification_is_renewed_near_its_end_by_other_eyes(scene: Running) -> None:
    made = trainer_of(scene, course_of(scene))
    assert "more than 90 days" in refused(scene, "ana", trainer_step(made.id, "renewed"))[1]
    near = BEGUN + (3 * 365 - 30) * DAY
    assert "another coordinator has to renew it" in refused(scene, "olga", trainer_step(made.id, "renewed"), at=near)[1]
    again = does(scene, "ana", trainer_step(made.id, "renewed"), at=near)
    assert (again.state, again.certified_name, again.expires_on) == ("renewed", "Ana Ferreira", date(2032, 2, 1))


def test_the_database_keeps_what_was_written(scene: Running) -> None:
    trainer = trainer_of(scene, course_of(scene))
    cascade_of(scene, trainer, "held")
    for statement, named in {
        "UPDATE trainer SET certified_by = assessed_by": "other_eyes",
        "UPDATE trainer SET course_id = id": "never changed",
        "UPDATE cascade_run SET attended = 0, others = 0": "somebody_there",
        "UPDATE cascade_run SET place = 'Elsewhere'": "never changed",
        "DELETE FROM cascade_run": "never changed",
    }.items():
        with pytest.raises(DBAPIError, match=named), clock.at(AFTER), scene.store.unit_of_work(System()) as session:
            session.execute(sa.text(statement))


# ------------------------------------------------------------------------------------------------- by the clock


@pytest.fixture
def keeper(scene: Running) -> Timetable:
    return Timetable(scene.store, LeaseCandidate("test"))


def ticked(keeper: Timetable, at: datetime) -> None:
    with clock.at(at):
        keeper.beat()
        keeper.tick((*job.JOBS, job.GAPS))


def told(scene: Running, name: str, kind: MessageKind) -> list[int]:
    found = reads(scene, name, inbox.messages, scene[name])
    return [each.message.number for each in found if each.message.kind == kind]


def test_who_does_not_teach_for_a_year_is_not_active_and_whose_time_is_over_expires(
    scene: Running, keeper: Timetable
) -> None:
    made = trainer_of(scene, course_of(scene))
    ticked(keeper, BEGUN + 364 * DAY)
    assert state_of(scene, Trainer, made.id) == "certified"
    for days, state, count in ((366, "inactive", 1), (367, "inactive", 1), (3 * 366, "expired", 2)):
        still_there(scene, BEGUN + days * DAY)
        ticked(keeper, BEGUN + days * DAY)
        assert state_of(scene, Trainer, made.id) == state
        for name in ("boubacar", "chaima", "ana"):
            assert len(told(scene, name, MessageKind.TRAINER_LAPSED)) == count, (name, days)
    assert told(scene, "moussa", MessageKind.TRAINER_LAPSED) == []


def test_a_certification_waits_to_be_renewed_until_it_has_expired(scene: Running, keeper: Timetable) -> None:
    trainer_of(scene, course_of(scene))
    for days, waits in ((3 * 365 - 100, 0), (3 * 365 - 30, 1), (3 * 366, 0)):
        at = BEGUN + days * DAY
        still_there(scene, at)
        ticked(keeper, at)
        with clock.at(at), scene.store.reading(scene["ana"]) as session:
            found = worklist_entries.waiting(session, scene["ana"], at)
        assert sum(each.noun == "trainer" for each in found) == waits


def test_a_cascade_run_keeps_a_trainer_active_for_a_year(scene: Running, keeper: Timetable) -> None:
    made = trainer_of(scene, course_of(scene))
    cascade_of(scene, made, "held", "confirmed", at=BEGUN + 200 * DAY)
    for days, state in ((400, "active"), (570, "inactive")):
        still_there(scene, BEGUN + days * DAY)
        ticked(keeper, BEGUN + days * DAY)
        assert state_of(scene, Trainer, made.id) == state
    cascade_of(scene, made, "held", "confirmed", at=BEGUN + 600 * DAY)
    assert state_of(scene, Trainer, made.id) == "active"


def test_a_run_that_is_confirmed_late_takes_no_later_one_back(scene: Running) -> None:
    made = trainer_of(scene, course_of(scene))
    early = cascade_of(scene, made, "held", at=BEGUN + 10 * DAY)
    last = cascade_of(scene, made, "held", "confirmed", at=BEGUN + 200 * DAY)
    does(scene, "chaima", cascade_step(scene, early.id, "confirmed"), at=BEGUN + 210 * DAY)
    assert early.ends < last.ends
    with scene.store.reading(System()) as session:
        assert session.get_one(Trainer, made.id).taught_on == last.ends


def test_a_certificate_is_said_to_end_three_months_before_to_holder_and_country(
    scene: Running, keeper: Timetable
) -> None:
    certified(scene, "bruno")
    ends = OVER + (3 * 365 + 1) * DAY
    for at, count in ((ends - 100 * DAY, 0), (ends - 85 * DAY, 1), (ends - 80 * DAY, 1)):
        still_there(scene, at)
        ticked(keeper, at)
        for name in ("bruno", "chaima"):
            assert len(told(scene, name, MessageKind.CERTIFICATE_ENDING)) == count, (name, at)
    assert told(scene, "binta", MessageKind.CERTIFICATE_ENDING) == []


def test_a_gap_after_a_transfer_is_told_once(scene: Running, keeper: Timetable) -> None:
    here, there = post_of(scene), post_of(scene, name="Agadez", ref="")
    does(scene, "chaima", lambda session, by: register.link(session, there.id, scene.sites["Agadez"], by))
    certified(scene, "bruno", "binta", post_id=here.id)
    ticked(keeper, OVER)
    assert told(scene, "chaima", MessageKind.TRAINING_GAP) == []
    with clock.at(OVER):
        post(scene, "chaima", "bruno", "Agadez")
    for day in (1, 2):
        ticked(keeper, OVER + day * DAY)
        assert [told(scene, name, MessageKind.TRAINING_GAP) for name in ("chaima", "ana", "moussa")] == [[1], [1], []]


def test_the_figures_of_trainers_count_who_teaches_and_how_many_they_reach(scene: Running) -> None:
    ask = lambda name, at=AFTER: [  # noqa: E731
        each.number for each in reads(scene, name, figures.of_trainers, scene[name], at=at)
    ]
    assert ask("lena") == [None, None]
    course = course_of(scene)
    made = trainer_of(scene, course)
    trainer_of(scene, course, name="bruno")
    assert ask("ana") == ask("chaima") == [0.0, 0.0]
    cascade_of(scene, made, "held")
    assert ask("ana") == [0.0, 0.0]
    cascade_of(scene, made, "held", "confirmed", at=BEGUN)
    assert ask("lena") == ask("bruno") == [50.0, 3.0]
    assert ask("moussa") == [None, None]
    assert ask("lena", BEGUN + 400 * DAY) == [0.0, 3.0]
