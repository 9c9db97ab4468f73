"""Operations, their calendar and the countries that take part."""

from datetime import timedelta

import pytest

from operations.core import clock, journal
from operations.core.drafts import parse
from operations.core.errors import Conflict, NotFound, RuleBroken
from operations.core.ids import new_id
from operations.core.people import Actor, System
from operations.core.store import Store
from operations.core.vocabulary import Classification, OperationState, ParticipationState, Role
from operations.policing import lifecycle
from operations.policing.map_plan import report_context as sites_stage
from operations.policing.operation import plan
from operations.totals.activity import CountryActivity
from tests.makers import START, Running, operation_draft, phase_draft
from tests.people import CAST, actor

OTHERS = [name for name in CAST if name != "ana"]


def created(store: Store, draft: plan.OperationDraft | None = None) -> plan.Operation:
    with store.unit_of_work(actor("ana")) as session:
        return plan.create(session, draft or operation_draft(), actor("ana"))


def test_who_creates_an_operation_works_for_it(cast: Store) -> None:
    made = created(cast)
    assert made.state == OperationState.DRAFT
    with cast.reading(actor("ana", made.id)) as session:
        assert [each.id for each in plan.operations(session, actor("ana", made.id))] == [made.id]


@pytest.mark.parametrize("name", OTHERS)
def test_nobody_but_a_coordinator_creates_operations(cast: Store, name: str) -> None:
    with cast.unit_of_work(actor(name)) as session, pytest.raises(NotFound):
        plan.create(session, operation_draft(), actor(name))


def test_the_same_draft_again_is_answered_as_before(cast: Store) -> None:
    draft = operation_draft()
    made = created(cast, draft)
    ana = actor("ana", made.id)
    with cast.unit_of_work(ana) as session:
        assert plan.create(session, draft, ana).id == made.id
        assert journal.count(session) == 1


def test_the_same_id_with_other_content_is_a_conflict(cast: Store) -> None:
    draft = operation_draft()
    ana = actor("ana", created(cast, draft).id)
    with cast.unit_of_work(ana) as session, pytest.raises(Conflict):
        plan.create(session, operation_draft(id=str(draft.id), aim="Something else."), ana)


def test_an_id_that_exists_out_of_sight_is_a_conflict_and_no_crash(cast: Store) -> None:
    draft = operation_draft()
    created(cast, draft)
    stranger = Actor(**vars(actor("ana")) | {"account_id": actor("lena").account_id})
    with pytest.raises(Conflict), cast.unit_of_work(stranger) as session:
        plan.create(session, draft.model_copy(update={"code_name": "Another"}), stranger)


def test_code_name_and_edition_are_unique(cast: Store) -> None:
    created(cast, operation_draft(code_name="Turquesa"))
    with pytest.raises(RuleBroken) as refusal:
        created(cast, operation_draft(code_name="Turquesa"))
    assert refusal.value.flaws[0].field == "code_name"
    assert created(cast, operation_draft(code_name="Turquesa", edition=2)).title == "Turquesa (2)"


@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        ("zone", "Mars/Olympus", "is not a time zone"),
        ("crime_scope", [], "At least 1 must be given."),
        ("crime_scope", ["witchcraft"], "witchcraft is not one of the choices"),
        ("type", "raid", "not one of the choices"),
        ("edition", 0, "must be 1 or more"),
        ("code_name", "  ", "This field is needed."),
        ("aim", "Call +227 90 12 34 56.", "looks like a telephone number"),
        ("surprise", 1, "not part of the form"),
    ],
)
def test_a_draft_says_what_is_wrong_beside_its_field(field: str, value: object, sentence: str) -> None:
    with pytest.raises(RuleBroken) as refusal:
        operation_draft(**{field: value})
    [flaw] = refusal.value.flaws
    assert flaw.field.split(".")[0] == field
    assert sentence in str(flaw)


def test_an_edit_shows_its_version_and_its_entry(cast: Store) -> None:
    draft = operation_draft()
    ana = actor("ana", created(cast, draft).id)
    changed = draft.model_copy(update={"aim": "Another aim."})
    with cast.unit_of_work(ana) as session:
        assert plan.edit(session, changed, ana, version=1).version == 2
        assert plan.edit(session, changed, ana, version=2).version == 2
        assert journal.latest(session, draft.id)[0].detail == {"changed": ["aim"]}
        assert journal.count(session) == 2


def test_an_edit_of_a_replaced_version_is_a_conflict(cast: Store) -> None:
    draft = operation_draft()
    ana = actor("ana", created(cast, draft).id)
    with cast.unit_of_work(ana) as session:
        plan.edit(session, draft.model_copy(update={"aim": "First."}), ana, version=1)
    with cast.unit_of_work(ana) as session, pytest.raises(Conflict):
        plan.edit(session, draft.model_copy(update={"aim": "Second."}), ana, version=1)


def test_an_approved_operation_is_not_edited(scene: Running) -> None:
    draft = operation_draft(id=str(scene.operation))
    with scene.store.unit_of_work(scene["ana"]) as session, pytest.raises(RuleBroken, match="not edited"):
        plan.edit(session, draft, scene["ana"], version=plan.operation(session, scene.operation, scene["ana"]).version)


@pytest.mark.parametrize("name", OTHERS)
def test_nobody_but_its_coordinator_edits_it(scene: Running, name: str) -> None:
    draft = operation_draft(id=str(scene.operation))
    with scene.store.unit_of_work(scene[name]) as session, pytest.raises(NotFound):
        plan.edit(session, draft, scene[name], version=1)


def test_a_coordinator_cannot_lift_an_operation_above_their_clearance(cast: Store) -> None:
    draft = operation_draft()
    made = created(cast, draft)
    low = Actor(**vars(actor("ana", made.id)) | {"clearance": Classification.FOR_OFFICIAL_USE})
    secret = draft.model_copy(update={"classification": Classification.CONFIDENTIAL})
    with cast.unit_of_work(low) as session, pytest.raises(NotFound):
        plan.edit(session, secret, low, version=1)


@pytest.mark.parametrize("name", ["ana", "bruno", "chaima", "lena", "otto"])
def test_a_reader_without_clearance_sees_nothing_of_an_operation(cast: Store, name: str) -> None:
    made = created(cast, operation_draft(classification="confidential"))
    with cast.unit_of_work(actor("ana", made.id)) as session:
        plan.schedule(
            session, made.id, phase_draft("operational", START, START + timedelta(days=1)), actor("ana", made.id)
        )
    low = Actor(**vars(actor(name, made.id)) | {"clearance": Classification.RESTRICTED})
    with cast.reading(low) as session:
        assert plan.operations(session, low) == []
        assert plan.phases(session, made.id) == []
        assert plan.participations(session, made.id) == []
        with pytest.raises(NotFound):
            plan.operation(session, made.id, low)


def test_phases_do_not_overlap(cast: Store) -> None:
    made = created(cast)
    ana = actor("ana", made.id)
    first = phase_draft("training", START, START + timedelta(days=1))
    with cast.unit_of_work(ana) as session:
        plan.schedule(session, made.id, first, ana)
        with pytest.raises(RuleBroken, match="overlaps with the phase Training") as refusal:
            plan.schedule(
                session,
                made.id,
                phase_draft("operational", START + timedelta(hours=23), START + timedelta(days=2)),
                ana,
            )
        assert refusal.value.flaws[0].field == "starts"
        second = phase_draft("operational", START + timedelta(days=1), START + timedelta(days=2))
        plan.schedule(session, made.id, second, ana)
        moved = first.model_copy(update={"starts": START - timedelta(days=1)})
        plan.schedule(session, made.id, moved, ana)
        assert [phase.kind for phase in plan.phases(session, made.id)] == ["training", "operational"]


def test_a_phase_ends_after_it_begins() -> None:
    with pytest.raises(RuleBroken, match="must end after it begins"):
        phase_draft("training", START, START)


def test_a_phase_of_another_operation_is_not_there(scene: Running) -> None:
    with scene.store.unit_of_work(actor("ana")) as session:
        other = plan.create(session, operation_draft(), actor("ana"))
    both = actor("ana", scene.operation, other.id)
    forged = phase_draft("operational", START, START + timedelta(days=1), id=scene.phase)
    with scene.store.unit_of_work(both) as session, pytest.raises(NotFound):
        plan.schedule(session, other.id, forged, both)


def test_a_phase_that_has_begun_is_not_dropped(scene: Running) -> None:
    with clock.at(START + timedelta(hours=1)), scene.store.unit_of_work(scene["ana"]) as session:
        with pytest.raises(RuleBroken, match="This phase has begun: move its end instead"):
            plan.drop_phase(session, scene.phase, scene["ana"])
        assert scene.phase in {phase.id for phase in plan.phases(session, scene.operation)}


def test_the_approval_freezes_what_a_phase_is_for(scene: Running) -> None:
    day = timedelta(days=1)
    with scene.store.unit_of_work(scene["ana"]) as session:
        longer = phase_draft("operational", START, START + 6 * day, id=scene.phase)
        plan.schedule(session, scene.operation, longer, scene["ana"])
        training = phase_draft("training", START, START + 6 * day, id=scene.phase)
        with pytest.raises(RuleBroken, match="froze the kind"):
            plan.schedule(session, scene.operation, training, scene["ana"])


def test_a_cancelled_operation_keeps_its_calendar(scene: Running) -> None:
    with scene.store.unit_of_work(scene["lena"]) as session:
        lifecycle.move(session, scene.operation, OperationState.CANCELLED, scene["lena"], reason="No more funds.")
    late = phase_draft("debrief", START + timedelta(days=9), START + timedelta(days=10))
    with scene.store.unit_of_work(scene["ana"]) as session:
        with pytest.raises(RuleBroken, match="has ended"):
            plan.schedule(session, scene.operation, late, scene["ana"])
        with pytest.raises(RuleBroken, match="has ended"):
            plan.invite(session, scene.operation, parse(plan.CountryInvitation, {"country": "TCD"}), scene["ana"])


def coordinator_of(scene: Running, country: str) -> Actor:
    return Actor(**vars(scene["moussa"]) | {"country": country, "account_id": new_id()})


def invite(scene: Running, country: str) -> plan.Participation:
    with scene.store.unit_of_work(scene["ana"]) as session:
        return plan.invite(session, scene.operation, parse(plan.CountryInvitation, {"country": country}), scene["ana"])


def answer(scene: Running, country: str, **choice: bool) -> plan.Participation:
    by = coordinator_of(scene, country)
    with scene.store.unit_of_work(by) as session:
        return plan.answer(session, scene.operation, by, **choice)


def test_only_the_coordinator_invites(scene: Running) -> None:
    for name in OTHERS:
        with scene.store.unit_of_work(scene[name]) as session, pytest.raises(NotFound):
            plan.invite(session, scene.operation, parse(plan.CountryInvitation, {"country": "TCD"}), scene[name])


def test_only_a_national_coordinator_answers(scene: Running) -> None:
    for name in [each for each in CAST if CAST[each][1] is not Role.NATIONAL_COORDINATOR]:
        with scene.store.unit_of_work(scene[name]) as session, pytest.raises(NotFound):
            plan.answer(session, scene.operation, scene[name], accept=True)


def test_an_invitation_is_there_once(scene: Running) -> None:
    invite(scene, "TCD")
    with scene.store.reading(System()) as session:
        before = journal.count(session)
    assert invite(scene, "TCD").state == ParticipationState.INVITED
    with scene.store.reading(System()) as session:
        assert journal.count(session) == before


def test_a_country_that_was_not_invited_has_nothing_to_answer(scene: Running) -> None:
    with pytest.raises(NotFound):
        answer(scene, "TCD", accept=True)


def test_a_country_that_confirms_while_it_runs_is_active(scene: Running) -> None:
    invite(scene, "TCD")
    assert answer(scene, "TCD", accept=True).state == ParticipationState.ACTIVE


def test_a_country_that_takes_part_changes_its_sharing_and_nothing_else(scene: Running) -> None:
    changed = answer(scene, "MLI", accept=True, shares_totals=True)
    assert changed.state == ParticipationState.ACTIVE
    with scene.store.reading(System()) as session:
        activity = session.get(CountryActivity, (scene.operation, "MLI"))
        assert activity is not None
        assert activity.shares_totals
    with pytest.raises(RuleBroken, match="already answered"):
        answer(scene, "MLI", accept=False)


def test_a_country_that_left_shares_nothing_and_can_be_invited_again(scene: Running) -> None:
    answer(scene, "MLI", accept=True, shares_totals=True)
    moussa = scene["moussa"]
    with scene.store.unit_of_work(moussa) as session:
        left = plan.withdraw(session, scene.operation, plan.Leaving(figures="erased"), moussa)
        assert (left.state, left.kept) == (ParticipationState.WITHDRAWN, "erased")
    with scene.store.reading(System()) as session:
        kept = session.get(CountryActivity, (scene.operation, "MLI"))
        assert kept is not None
        assert kept.kept == "erased"
        assert not sites_stage.stage(session, scene.sites["Bamako"]).taking_part
    assert invite(scene, "MLI").state == ParticipationState.INVITED
    assert answer(scene, "MLI", accept=True).shares_totals is False
    with scene.store.reading(System()) as session:
        assert sites_stage.stage(session, scene.sites["Bamako"]).taking_part


def test_a_country_that_declined_is_asked_again(scene: Running) -> None:
    invite(scene, "TCD")
    assert answer(scene, "TCD", accept=False).state == ParticipationState.DECLINED
    with pytest.raises(RuleBroken, match="invite it again"):
        answer(scene, "TCD", accept=True)
    assert invite(scene, "TCD").state == ParticipationState.INVITED


def test_participations_are_seen_by_the_own_coordinator_and_the_desks(scene: Running) -> None:
    seen = {}
    for name in CAST:
        with scene.store.reading(scene[name]) as session:
            seen[name] = [each.country for each in plan.participations(session, scene.operation)]
    both = ["MLI", "NER"]
    nothing: list[str] = []
    assert seen == {
        "ana": both,
        "dov": both,
        "lena": both,
        "otto": both,
        "ada": nothing,
        "frida": nothing,
        "bruno": nothing,
        "binta": nothing,
        "boubacar": nothing,
        "chaima": ["NER"],
        "mateo": nothing,
        "marie": nothing,
        "moussa": ["MLI"],
    }


def test_the_clock_is_the_given_one(cast: Store) -> None:
    with clock.at(START):
        assert created(cast).created_at == START
