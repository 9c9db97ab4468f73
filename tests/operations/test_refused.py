"""Rules that hold for people's rights, for four eyes and for what is counted, each in the words it refuses with."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from operations.core import accounts, clock
from operations.core.drafts import parse
from operations.core.errors import Conflict, RuleBroken
from operations.core.ids import new_id
from operations.core.people import Account, System
from operations.core.vocabulary import OperationState
from operations.policing.fugitives import cases
from operations.policing.operation import oplan, plan
from operations.results import drill_down, snapshots
from operations.support import deployment_acts
from operations.support.deployments import DutyDraft, OrderDraft
from operations.training import courses
from tests.evaluations import ENDED, debriefed
from tests.incidents import opens, reported
from tests.makers import START, Running, operation_draft, whole_oplan
from tests.operations.sweeps import Sweep, case_draft, sweep_in
from tests.operations.test_drill_down import frame_of
from tests.operations.test_outward_acts import stands
from tests.programme import course_draft, does, reads, trainer_of
from tests.snapshot_stories import S as SnapshotState
from tests.snapshot_stories import frozen, prepare
from tests.teams import accepted

# ------------------------------------------------------------------------------------------------- persons' rights


def test_nobody_looks_behind_a_figure_or_into_a_file_without_saying_why(scene: Running) -> None:
    made = reported(scene)
    with pytest.raises(RuleBroken, match="Say why you open the reports of this"):
        reads(scene, "chaima", drill_down.reports_of_figure, frame_of(scene), "K01", "", scene["chaima"])
    with pytest.raises(RuleBroken, match="Say why you open this file: it is written into the access trail"):
        opens(scene, "frida", made, why="")


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"requesting_country": "MLI", "believed_in": ["NER"]}, None),
        ({"notice_ref": "A-999999/9-2026"}, "You cannot change the notice of a case"),
        ({"retain_until": START.date() - timedelta(days=1)}, "the case is kept must be later than today"),
    ],
)
def test_a_case_keeps_what_it_is_about_and_ends_in_time(scene: Running, changes: dict[str, Any], said: str) -> None:
    sweep = Sweep(sweep_in(scene))
    with clock.at(START):
        case = sweep.nominate()
        draft = case_draft(case_id=case.id, **{"notice_ref": case.notice_ref} | changes)
        with (
            pytest.raises(RuleBroken, match=said or "You cannot change the country of a case"),
            sweep.as_("chaima") as session,
        ):
            cases.amend(session, draft, scene["chaima"], seen=1, why="Corrected.")


def test_two_who_amend_a_case_do_not_overwrite_each_other(scene: Running) -> None:
    sweep = Sweep(sweep_in(scene))
    with clock.at(START):
        case = sweep.nominate()
        draft = case_draft(case_id=case.id, notice_ref=case.notice_ref)
        with (
            pytest.raises(Conflict, match="Somebody changed this while you were writing"),
            sweep.as_("chaima") as session,
        ):
            cases.amend(session, draft, scene["chaima"], seen=7, why="Corrected.")


def test_a_public_appeal_and_a_location_are_for_targets_that_are_sought(scene: Running) -> None:
    sweep = Sweep(sweep_in(scene))
    with clock.at(START):
        case = sweep.nominate()
        with pytest.raises(RuleBroken, match="for accepted targets that have not been found yet"):
            sweep.flag(case.id, "chaima")
        sweep.check(case.id)
        for to, by in (("target", "ana"), ("under_review", "dov")):
            sweep.move(case.id, to, by)
        sweep.lead(case, "MLI")
        found = sweep.locate(case.id)
        with pytest.raises(RuleBroken, match="No arrest waits for an answer here"):
            sweep.identify(found.id)
        sweep.answer(found.id)
        with pytest.raises(RuleBroken, match="You can report a location only while a"):
            sweep.locate(case.id)


def test_a_country_nominates_a_notice_once(scene: Running) -> None:
    sweep = Sweep(sweep_in(scene))
    with clock.at(START):
        sweep.nominate(notice_ref="A-1/3-2026")
        with pytest.raises(RuleBroken, match="Your country has nominated this notice already"):
            sweep.nominate(notice_ref="A-1/3-2026")


@pytest.mark.usefixtures("real_hashes")
@pytest.mark.requirement("ASVS 6.2.2", "ASVS 6.2.3")
def test_a_password_is_changed_by_who_knows_it_to_another(scene: Running, monkeypatch: pytest.MonkeyPatch) -> None:
    from operations.core import passwords

    old, new = "quiet harbour, slow tide 4", "another harbour, quick tide 5"
    with scene.store.unit_of_work(System()) as session:
        account = session.get_one(Account, scene["bruno"].account_id)
        account.password_hash = passwords.hashed(old)
        session.add(account)
    with pytest.raises(RuleBroken, match="This is not your present password"):
        accounts.change_password(scene.store, scene["bruno"], new, new)
    with pytest.raises(RuleBroken, match="The new password must differ from the present one"):
        accounts.change_password(scene.store, scene["bruno"], old, old)

    def slow(password: str) -> str:
        """Meanwhile the password is changed in another session."""
        accounts.change_password(scene.store, scene["bruno"], old, "a third harbour, no tide 6")
        return hash_of(password)

    hash_of = passwords.hashed
    monkeypatch.setattr(accounts.passwords, "hashed", lambda word: slow(word) if word == new else hash_of(word))
    with pytest.raises(RuleBroken, match="Your password was changed in another session"):
        accounts.change_password(scene.store, scene["bruno"], old, new)


# ------------------------------------------------------------------------------------------------------ four eyes


def test_who_wrote_a_part_of_the_plan_does_not_approve_it(scene: Running) -> None:
    stood = reads(scene, "ana", oplan.sections, scene.operation)
    scene.members["before"] = replace(scene["ana"], account_id=scene["lena"].account_id)  # Lena coordinated then
    does(scene, "before", oplan.write, scene.operation, whole_oplan(stood, tasks="Work at night."))
    found = reads(scene, "ana", oplan.sections, scene.operation)
    read = oplan.content_hash(list(found.values()))
    draft = parse(oplan.AmendmentDraft, {"id": new_id(), "content_hash": read, "note": "Nights."})
    with pytest.raises(RuleBroken, match="Somebody else must approve this plan: you wrote a part of it"):
        does(scene, "lena", oplan.approve, scene.operation, draft)


def test_the_first_plan_comes_into_force_with_its_operation(scene: Running) -> None:
    made = does(scene, "ana", plan.create, operation_draft())
    lena, draft = scene["lena"], parse(oplan.AmendmentDraft, {"id": new_id(), "content_hash": "0" * 64, "note": "All."})
    with (
        scene.store.unit_of_work(lena) as session,
        pytest.raises(RuleBroken, match="approved with the operation"),
    ):
        oplan.approve(session, made.id, draft, lena)


def test_nobody_overwrites_what_somebody_else_changed_in_an_operation(scene: Running) -> None:
    stands(scene, OperationState.DRAFT)
    with pytest.raises(Conflict, match="Somebody changed this while you were writing"):
        does(scene, "ana", plan.edit, operation_draft(id=str(scene.operation)), version=99)


def test_nobody_is_certified_to_teach_a_course_that_is_not_accredited(scene: Running) -> None:
    course = does(scene, "ana", courses.design, course_draft())
    with pytest.raises(RuleBroken, match="is not accredited: nobody is certified to teach it"):
        trainer_of(scene, course)


# ------------------------------------------------------------------------------------------------------ figures


def test_a_country_speaks_of_the_figures_that_it_is_in_before_they_are_signed(scene: Running) -> None:
    made = prepare(debriefed(scene))

    def speaks(name: str, **said: str) -> None:
        does(scene, name, snapshots.speak, made.id, parse(snapshots.WordDraft, said), at=ENDED)

    with pytest.raises(RuleBroken, match="Say why your country does not agree"):
        speaks("chaima", agrees="no")
    scene.members["tariq"] = replace(scene["chaima"], country="TCD")
    with pytest.raises(RuleBroken, match="Your country did not take part when the"):
        speaks("tariq", agrees="yes")


def test_what_countries_said_of_signed_figures_stays(scene: Running) -> None:
    made = frozen(debriefed(scene), SnapshotState.SIGNED)
    draft = parse(snapshots.WordDraft, {"agrees": "yes"})
    with pytest.raises(RuleBroken, match="The snapshot is signed"):
        does(scene, "chaima", snapshots.speak, made.id, draft, at=ENDED)


# -------------------------------------------------------------------------------------------------- orders, notes


def test_a_team_goes_with_an_order_and_comes_back_with_words(scene: Running) -> None:
    made = accepted(scene)
    with pytest.raises(RuleBroken, match="Say what the team does there: it stands in the order"):
        does(scene, "ana", deployment_acts.order, made.id, parse(OrderDraft, {"tasks": ""}), at=START)
    noted = parse(DutyDraft, {"id": new_id(), "words": "All is well."})
    with pytest.raises(RuleBroken, match="The team was not ordered to go"):
        does(scene, "boubacar", deployment_acts.hand_over, made.id, noted, at=START)
    with pytest.raises(RuleBroken, match="The note is empty"):
        does(scene, "boubacar", deployment_acts.hand_over, made.id, parse(DutyDraft, {"id": new_id()}), at=START)
    with pytest.raises(RuleBroken, match="Write what was learnt: the debriefing is kept"):
        does(scene, "boubacar", deployment_acts.debrief, made.id, parse(DutyDraft, {"id": new_id()}), at=START)
