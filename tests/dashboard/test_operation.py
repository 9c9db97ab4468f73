"""The overview as functions: obstacles before a step is tried, edits with versions, phases, invitations, withdrawal."""

from datetime import timedelta
from pathlib import Path
from types import ModuleType

import pytest
from dash import no_update

from dashboard.parts.phase_form import draft_of, utc_words
from dashboard.screens.countries import page as operation_countries
from dashboard.screens.overview import page
from dashboard.screens.phases import page as operation_phases
from dashboard.server import access
from operations.core.errors import NotFound, RuleBroken
from operations.core.ids import new_id
from operations.policing.operation import plan
from tests.dashboard.desks import at_desk, found_in, open_scene, press, texts
from tests.makers import START, Running, operation_draft, phase_draft
from tests.people import actor


@pytest.fixture
def scene(tmp_path: Path) -> Running:
    return open_scene(tmp_path)


@pytest.fixture
def draft(scene: Running) -> plan.Operation:
    """A draft of Ana's, with a note on what is invented."""
    with scene.store.unit_of_work(scene["ana"]) as session:
        made = plan.create(
            session,
            operation_draft(code_name="Adwenpa V", invented="The days are invented.", legal_basis=""),
            scene["ana"],
        )
    scene.members["ana"] = actor("ana", scene.operation, made.id)
    return made


def typed_phase(**changes: object) -> dict[str, object]:
    return {
        "kind": "operational",
        "name": "",
        "starts": "2026-04-06",
        "starts_time": "06:00",
        "ends": "2026-04-10",
        "ends_time": "18:00",
    } | changes


def shown(scene: Running, name: str, operation: object, part: ModuleType = page) -> str:
    with at_desk(scene, name):
        return texts(part.layout(str(operation)))


def step(operation: object, to: str, reason: str) -> None:
    press(page.take_step, {"type": page.Ids.STEP, "to": to}, operation, {"reason": reason})


def test_obstacles_are_spelled_out_before_anybody_tries_and_the_button_waits(
    scene: Running, draft: plan.Operation
) -> None:
    with at_desk(scene, "ana"):
        drawn = page.layout(str(draft.id))
    assert "No phase is scheduled yet." in texts(drawn)
    assert "The days are invented." in texts(drawn)
    propose = next(
        each
        for each in found_in(drawn, "Button")
        if getattr(each, "id", None) == {"type": page.Ids.STEP, "to": "proposed"}
    )
    assert propose.disabled is True
    with at_desk(scene, "ana"), pytest.raises(RuleBroken, match="No phase is scheduled yet"):
        step(draft.id, "proposed", "")


def test_who_cannot_take_the_step_still_reads_what_is_in_its_way(scene: Running, draft: plan.Operation) -> None:
    with scene.store.unit_of_work(scene["ana"]) as session:
        plan.schedule(session, draft.id, phase_draft("operational", START, START + timedelta(days=2)), scene["ana"])
    with at_desk(scene, "ana"):
        step(draft.id, "proposed", "")
    words = shown(scene, "ana", draft.id)
    assert "Still missing before Approved:" in words
    assert "No country has confirmed that it takes part." in words
    assert "The legal basis is not written yet." in words
    assert words.replace("Approved", "").count("Approve") == 2, "it has no button: it is named, and says whose it is"
    assert "Approve To be done by: Leadership" in " ".join(words.split())
    assert "Fix" in words
    leaders = shown(scene, "lena", draft.id)
    assert "The legal basis is not written yet." in leaders
    assert "Fix" not in leaders  # the coordinator's to put right


def test_suspending_needs_a_reason_and_resuming_goes_back(scene: Running) -> None:
    assert "Suspend" in shown(scene, "ana", scene.operation)
    assert "Cancel the operation" not in shown(scene, "ana", scene.operation)
    with at_desk(scene, "ana"):
        with pytest.raises(RuleBroken) as refused:
            step(scene.operation, "suspended", "  ")
        assert refused.value.flaws[0].field == "reason"
        step(scene.operation, "suspended", "Flood at the border.")
    assert "Resume: Active" in shown(scene, "ana", scene.operation)
    with at_desk(scene, "bruno"), pytest.raises(NotFound):
        step(scene.operation, "active", "")


def test_an_edit_keeps_what_the_form_does_not_show_and_the_faster_one_wins(
    scene: Running, draft: plan.Operation
) -> None:
    content = page.FORM.shown(draft) | {"legal_basis": "Agreement of 2026."}
    with at_desk(scene, "ana"):
        assert "Back without saving" in texts(page.layout(str(draft.id), edit="1"))
        press(page.save, page.Ids.SAVE, draft.id, content, version=draft.version)
        with access.reading() as session:
            saved = plan.operation(session, draft.id, scene["ana"])
        assert (saved.legal_basis, saved.invented) == ("Agreement of 2026.", "The days are invented.")
        given = {"version": draft.version, "base": page.FORM.shown(draft)}
        mine = content | {"aim": "Another.", "legal_basis": "Another agreement."}
        slower = press(page.save, page.Ids.SAVE, draft.id, mine, **given)
        version, _base, both, *_rest = slower["shown"]
        assert (slower["to"] is no_update, version) == (True, draft.version + 1)
        assert both == {"legal_basis": {"mine": "Another agreement.", "theirs": "Agreement of 2026."}}
        assert "Back without saving" not in texts(page.layout(str(scene.operation), edit="1"))  # approval froze it


def test_a_phase_is_typed_in_local_time_and_stored_in_utc(scene: Running, draft: plan.Operation) -> None:
    ident = str(new_id())
    with at_desk(scene, "ana"):
        after = press(operation_phases.schedule, "operation-phase-send", draft.id, typed_phase(), ident)
        assert (after["cleared"][0], after["client"] != ident) == (None, True)
        press(operation_phases.schedule, "operation-phase-send", draft.id, typed_phase(ends="2026-04-12"), ident)
        with access.reading() as session:
            [phase] = plan.phases(session, draft.id)
        assert (str(phase.id), phase.starts.isoformat()) == (ident, "2026-04-06T05:00:00+00:00")
        move = {"type": operation_phases.Ids.MOVE, "phase": ident}
        kept, brought, says, *filled = press(operation_phases.fill, move, draft.id)["shown"]
        assert (kept, says) == (ident, "Move the phase")
        assert filled == list(typed_phase(name="Operational", ends="2026-04-12").values())
        again = press(operation_phases.fill, move, draft.id)["shown"][1]
        assert brought != again  # a second press brings the form into view as well
        moved = press(operation_phases.schedule, "operation-phase-send", draft.id, typed_phase(), ident)["shown"]
        assert moved == ["Put on the calendar"]
        with pytest.raises(NotFound):
            press(operation_phases.fill, move | {"phase": str(scene.phase)}, draft.id)
    assert utc_words(typed_phase(), "Africa/Niamey") == "Begins 6 Apr 2026, ⁨05:00 UTC⁩ · Ends 10 Apr 2026, ⁨17:00 UTC⁩"


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"kind": None}, "kind"),
        ({"starts": None}, "starts"),
        ({"ends_time": ""}, "ends"),
        ({"ends": "2026-04-01"}, "ends"),
    ],
)
def test_a_flaw_of_a_phase_is_said_beside_its_field(changes: dict[str, object], field: str) -> None:
    with pytest.raises(RuleBroken) as refused:
        draft_of(typed_phase(**changes), str(new_id()), "Africa/Niamey")
    assert [flaw.field for flaw in refused.value.flaws] == [field]


def test_an_hour_that_clocks_skip_is_refused() -> None:
    with pytest.raises(RuleBroken, match="skip"):
        draft_of(typed_phase(starts="2026-03-29", starts_time="02:30"), str(new_id()), "Europe/Paris")


def test_overlapping_phases_are_refused_beside_the_beginning(scene: Running, draft: plan.Operation) -> None:
    with at_desk(scene, "ana"):
        press(operation_phases.schedule, "operation-phase-send", draft.id, typed_phase(), new_id())
        typed = typed_phase(kind="training", starts="2026-04-05")
        with pytest.raises(RuleBroken) as refused:
            press(operation_phases.schedule, "operation-phase-send", draft.id, typed, new_id())
    assert refused.value.flaws[0].field == "starts"


def test_countries_are_invited_together_or_not_at_all(scene: Running, draft: plan.Operation) -> None:
    with at_desk(scene, "ana"):
        invite, button = operation_countries.invite, operation_countries.INVITE.send
        with pytest.raises(RuleBroken):
            press(invite, button, draft.id, {"countries": ["TCD", "QQQ"], "contribution": "participant"})
        assert "Chad" not in texts(operation_countries.layout(str(draft.id))).split("Invite countries")[0]
        after = press(invite, button, draft.id, {"countries": ["TCD", "SEN"], "contribution": "host"})
        assert after == {"cleared": [[]]}
    words = shown(scene, "ana", draft.id, operation_countries)
    assert "Chad Host Invited" in words
    assert "Senegal Host Invited" in words


def test_a_country_sees_its_own_participation_and_may_leave(scene: Running) -> None:
    words = shown(scene, "chaima", scene.operation, operation_countries)
    assert "Leave the operation" in words
    assert "Niger Participant" in words
    assert "Mali Participant" not in words
    leave = {"type": operation_countries.Ids.WITHDRAW, "of": "shown"}
    with at_desk(scene, "chaima"):
        assert press(operation_countries.withdraw, leave, scene.operation) == {"shown": [[True] * 3]}
        with access.reading() as session:
            taking = {each.country: each.state for each in plan.participations(session, scene.operation)}
        assert taking["NER"] == "withdrawn"
    with at_desk(scene, "lena"), pytest.raises(NotFound):
        press(operation_countries.withdraw, leave, scene.operation)


def test_sites_are_listed_by_country_with_the_way_to_the_plan(scene: Running) -> None:
    with at_desk(scene, "bruno"):
        drawn = operation_countries.layout(str(scene.operation))
    assert "Mali 1 site Bamako Airport Niger 2 sites Agadez" in " ".join(texts(drawn).split())
    assert f"/operations/{scene.operation}/plan" in [link.href for link in found_in(drawn, "Link")]
