"""The page of fugitives as functions: who reads what, buttons that are offered and why not, and rows that are wrong."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from dash import no_update
from dash.exceptions import PreventUpdate

from dashboard.navigation import OperationView
from dashboard.screens.fugitives import acts, case_access, page
from dashboard.screens.fugitives import board as fugitive_board
from dashboard.screens.fugitives import case as fugitive_case
from dashboard.screens.fugitives import entry as enter
from dashboard.screens.fugitives import file as fugitive_file
from dashboard.screens.fugitives.case_form import AMEND_SEND, AMENDED
from dashboard.screens.fugitives.case_leads import FIND_SEND, LEAD_SEND
from dashboard.screens.fugitives.ids import Ids
from dashboard.server.access import reading
from operations.core import clock
from operations.core.errors import NotFound, NotPermitted, RuleBroken
from operations.core.ids import new_id
from operations.core.journal import AccessEntry, select
from operations.core.people import System
from operations.core.permissions import Subject
from operations.core.store import open_store
from operations.policing.fugitives import case_rows, cases, erasure, sightings
from operations.policing.leads import leads
from operations.policing.operation import plan
from tests.dashboard.desks import EVENING, at_desk, found_in, open_scene, texts
from tests.dashboard.desks import press as pressed
from tests.makers import Running
from tests.operations.sweeps import AT, Sweep, sweep_in


@pytest.fixture(scope="module")
def first(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """The sweep that every test gets a copy of."""
    made = sweep_in(open_scene(tmp_path_factory.mktemp("first")))
    yield made
    made.store.dispose()


@pytest.fixture
def scene(first: Running, tmp_path: Path) -> Iterator[Running]:
    path = tmp_path / "muster.sqlite"
    with closing(sqlite3.connect(str(first.store.url.database))) as source, closing(sqlite3.connect(path)) as target:
        source.backup(target)
    store = open_store(f"sqlite:///{path}")
    yield replace(first, store=store, members={})
    store.dispose()


@pytest.fixture
def cast(scene: Running) -> Sweep:
    return Sweep(scene)


def layout(scene: Running, name: str, language: str = "en") -> Any:
    with at_desk(scene, name, language=language):
        return page.layout(operation_id=str(scene.operation))


def file_of(scene: Running, case: case_rows.FugitiveCase, name: str) -> Any:
    by = scene[name]
    with at_desk(scene, name), reading() as session:
        operation = plan.operation(session, scene.operation, by)
        file = fugitive_file.read_file(session, operation, cases.case(session, case.id), by)
        return [fugitive_case.panel_of(file, operation, by), fugitive_case.facts_of(file, operation, by)]


def opened_by(scene: Running, case: case_rows.FugitiveCase, name: str, **more: Any) -> dict[str, Any]:
    """What opening a case shows to one of the cast."""
    asked = {"why": "work", "opened": None} | more
    with at_desk(scene, name):
        found = case_access.open_case(str(case.id), operation_id=str(scene.operation), **asked)
        if found["opened"] is not no_update:
            names = ("panel", "facts", "asks", "finds", "amends")
            drawn = case_access.follow_case(1, str(scene.operation), [None] * 5, opened=found["opened"])
            found |= zip(names, drawn["shown"], strict=True)
        return found


def buttons(component: Any) -> dict[str, bool]:
    """The labels of all buttons, and whether they can be pressed."""
    return {texts(each): not getattr(each, "disabled", False) for each in found_in(component, "Button")}


def press(act: str, subject: Any, what: str = "", words: str = "", client: Any = None) -> Any:
    """Press a button of the panel as one of the cast."""
    beside = {**fugitive_file.typed_id(act, subject), "subject": {str(subject): words}}
    return pressed(acts.act, fugitive_file.act_id(act, subject, what), client=client or new_id(), beside=beside)


def test_the_page_has_a_tab_only_where_an_operation_has_cases(scene: Running) -> None:
    def has(name: str, kind: str) -> bool:
        by = scene[name]
        view = OperationView(scene.operation, kind, Subject(by.country, scene.operation), near_end=False)
        return page.NAV.has_tab(by, view)

    found = [name for name in ("bruno", "chaima", "dov", "ana", "lena", "otto", "ada") if has(name, "fugitive")]
    assert found == ["chaima", "dov", "ana", "lena"]
    assert not has("ana", "border_stop")
    assert not page.NAV.has_tab(scene["ana"], None)


def test_the_board_says_26_and_31_apart_and_the_table_says_the_same(cast: Sweep) -> None:
    with clock.at(AT):
        cast.arrested()
        cast.located()
        cast.out()
        cast.target()
        gone = cast.target()
        cast.check(gone.id, status="withdrawn")
    shown = layout(cast.scene, "ana")
    words = texts(shown)
    assert "25.0\u202f% arrested + 25.0\u202f% positively located" in words
    assert "50" not in words.split("Outstanding")[0]
    assert "Left the sweep and count in no number: Notice withdrawn: 1." in words
    board = next(each for each in found_in(shown, "Div") if getattr(each, "id", None) == Ids.BOARD)
    counts = [texts(each) for each in found_in(board, "H3")]
    assert counts == [
        "Nominated 0",
        "Accepted as target 1",
        "Under review 0",
        "Lead out 1",
        "Positively located 1",
        "Arrested 1",
        "Surrendered or extradited 0",
        "Closed 0",
        "Other ends 1",
    ]
    [table] = found_in(shown, "AgGrid")
    assert sorted(row["state"] for row in table.rowData) == sorted(
        ["Accepted as target", "Lead out", "Positively located", "Arrested", "Notice withdrawn"]
    )


def test_leadership_reads_sums_and_no_case_and_a_stranger_reads_nothing(cast: Sweep) -> None:
    with clock.at(AT):
        case = cast.target()
    leader = layout(cast.scene, "lena")
    assert case.case_no not in str(leader)
    assert "Targets 1 accepted cases" in texts(leader)
    assert "hidden" not in texts(leader)
    assert "Neither arrested nor positively located so far." in texts(leader)
    assert found_in(leader, "AgGrid") == []
    asked = layout(cast.scene, "moussa")
    assert case.case_no not in str(asked)
    assert "No case yet" in texts(asked)
    for name in ("bruno", "otto", "ada"):
        with pytest.raises((NotFound, NotPermitted)):
            layout(cast.scene, name)
    with cast.scene.store.unit_of_work(System()) as session:
        operation = session.get_one(plan.Operation, cast.scene.operation)
        operation.type = "border_stop"
        session.add(operation)
    with pytest.raises(NotFound):
        layout(cast.scene, "ana")


def test_only_moves_of_this_person_are_offered_and_what_stands_in_the_way_is_said(cast: Sweep) -> None:
    with clock.at(EVENING):
        case = cast.nominate(warrant="not_checked")
    shown = file_of(cast.scene, case, "ana")
    assert buttons(shown)["Accepted as target"] is False
    assert "The requesting country has not confirmed that the warrant is valid." in texts(shown)
    assert "The notice was not checked today: look it up first." in texts(shown)
    assert {"It is valid", "It was withdrawn"} <= set(buttons(file_of(cast.scene, case, "dov")))
    assert "Accepted as target" not in buttons(file_of(cast.scene, case, "chaima"))


def test_a_case_is_played_through_its_buttons(cast: Sweep) -> None:
    scene = cast.scene

    def does(name: str, *what: Any, **more: Any) -> None:
        with at_desk(scene, name):
            press(*what, **more)

    with clock.at(EVENING):
        case = cast.nominate()
    does("dov", "check", case.id, "valid")
    does("ana", "move", case.id, "target")
    does("dov", "move", case.id, "under_review")
    _send_lead(scene, case)
    with at_desk(scene, "moussa"), reading() as session:
        [lead] = leads.leads(session, scene.operation, case.id)
    does("moussa", "reply", lead.id, "accepted")
    assert opened_by(scene, case, "moussa")["finds"] is False
    _locate(scene, case)
    assert opened_by(scene, case, "moussa")["finds"] is True
    assert "We look into it" not in buttons(file_of(scene, case, "moussa"))
    with at_desk(scene, "chaima"), reading() as session:
        [place] = sightings.locations(session, case.id)
    does("chaima", "answer", place.id, "yes")
    assert "Report the arrest" in buttons(file_of(scene, case, "moussa"))
    does("moussa", "arrest", place.id)
    does("chaima", "identify", place.id, "yes")
    does("moussa", "reply", lead.id, "positive", words="Stopped at the market.")
    assert "Stopped at the market." in texts(file_of(scene, case, "chaima"))
    with at_desk(scene, "moussa"), pytest.raises(RuleBroken, match="Give the reason"):
        press("move", case.id, "released")
    does("moussa", "move", case.id, "released", words="The judge ordered it.")
    with at_desk(scene, "moussa"), pytest.raises(RuleBroken, match="This step is not possible now"):
        press("move", case.id, "anywhere")
    assert "The judge ordered it." in texts(file_of(scene, case, "ana"))


def _send_lead(scene: Running, case: case_rows.FugitiveCase) -> None:
    graded = {"source": "b", "information": "3", "handling": "h0"}
    typed = {"to_countries": ["MLI"], "question": "", "within": "2", **graded}
    with at_desk(scene, "dov"), pytest.raises(RuleBroken) as refused:
        pressed(acts.send_lead, LEAD_SEND, typed=typed, client=new_id(), opened={"case": str(case.id)})
    assert [flaw.field for flaw in refused.value.flaws] == ["question"]
    with at_desk(scene, "dov"):
        typed |= {"question": "With you?"}
        sent = pressed(acts.send_lead, LEAD_SEND, typed=typed, client=new_id(), opened={"case": str(case.id)})
        assert sent["cleared"] == [""]


def _locate(scene: Running, case: case_rows.FugitiveCase) -> None:
    def say(remark: str) -> Any:
        asked = {"client": new_id(), "opened": {"case": str(case.id)}}
        with at_desk(scene, "moussa"):
            return pressed(acts.report_location, FIND_SEND, typed={"remark": remark}, **asked)

    with pytest.raises(RuleBroken, match="looks like a telephone number"):
        say("Call +223 76 12 34 56.")
    assert say("Seen at work.")["cleared"] == [""]


def test_a_case_opens_with_a_reason_and_the_trail_holds_it_once(cast: Sweep) -> None:
    with clock.at(AT):
        case = cast.nominate()
    assert "Say why you open this case" in opened_by(cast.scene, case, "dov", why=None)["why"]
    shown = opened_by(cast.scene, case, "dov")
    assert case.case_no in texts(shown["panel"])
    assert shown["why"] is None
    with pytest.raises(PreventUpdate):
        opened_by(cast.scene, case, "dov", opened=shown["opened"])
    with cast.scene.store.reading(System()) as session:
        assert [entry.act for entry in session.exec(select(AccessEntry))] == ["case.consult"]
    with pytest.raises(NotFound):
        opened_by(cast.scene, case, "moussa")


def test_the_form_nominates_and_keeps_what_is_the_same_for_the_next(cast: Sweep) -> None:
    typed = {
        "notice_ref": "A-80/3-2026",
        "offence": "other",
        "wanted_for": "sentence",
        "priority": "low",
        "believed_in": [],
        "warrant": "holds",
        "extradition": "not_checked",
        "art3": "passed",
    }
    client, operation = str(new_id()), str(cast.scene.operation)
    with at_desk(cast.scene, "chaima") as said:
        done = pressed(enter.nominate, Ids.NOMINATE, operation, typed, client)
        assert done["cleared"] == [""]
        assert done["client"] != client
        assert "NER-001 is nominated." in str(said)
        with pytest.raises(RuleBroken, match="not a notice's control number"):
            pressed(enter.nominate, Ids.NOMINATE, operation, typed | {"notice_ref": "Diallo"}, client)


def test_all_notices_of_today_are_written_down_at_once(cast: Sweep) -> None:
    with clock.at(AT):
        cast.nominate()
        cast.nominate("moussa")
    operation = str(cast.scene.operation)
    with at_desk(cast.scene, "chaima"):
        assert "1 notice was not looked up today" in texts(page.layout(operation_id=operation))
        pressed(acts.check_all, Ids.CHECK_ALL, operation)
        assert "not looked up today" not in texts(page.layout(operation_id=operation))
    with at_desk(cast.scene, "dov"):
        assert "1 notice was not looked up today" in texts(page.layout(operation_id=operation))


def test_the_appeal_list_is_frozen_published_and_says_who_dropped_out(cast: Sweep) -> None:
    operation = str(cast.scene.operation)
    with clock.at(EVENING):
        first, second = cast.target(), cast.target()
        for case in (first, second):
            cast.flag(case.id, "chaima")
            cast.flag(case.id, "ana")
    with at_desk(cast.scene, "ana"):
        pressed(enter.freeze, Ids.FREEZE, operation)
    with clock.at(EVENING):
        cast.move(second.id, "notice_withdrawn", "chaima", "The court lifted the warrant.")
    with at_desk(cast.scene, "ana"), reading() as session:
        listed = page.appeals.lists(session, cast.scene.operation)[0]
    with at_desk(cast.scene, "ana"):
        press("publish", listed.id)
        words = texts(page.layout(operation_id=operation))
    with at_desk(cast.scene, "chaima"):
        tips = new_id()
        for _twice in range(2):
            press("tips", first.id, words="4", client=tips)
        with pytest.raises(RuleBroken, match="must be 1 or more"):
            press("tips", first.id, words="many")
    assert "Tips evaluated so far: 4." in texts(file_of(cast.scene, first, "chaima"))
    assert "Dropped out" in words
    assert "have not both agreed to it" in words


def test_the_map_has_shapes_of_countries_and_no_point(cast: Sweep) -> None:
    with clock.at(AT):
        cast.located()
        cast.out()
    with at_desk(cast.scene, "ana"), reading() as session:
        operation = plan.operation(session, cast.scene.operation, cast.scene["ana"])
        drawn = page._on_map(page.sweep.by_country(session, operation, cast.scene["ana"]))
    assert [(each["name"], each["note"], each["number"]) for each in drawn["features"]] == [
        ("Mali", "Believed to be in: 1 · Located in: 1", "2"),
        ("Niger", "Wanted by: 2", ""),
    ]
    assert {each["g"]["type"] for each in drawn["features"]} <= {"Polygon", "MultiPolygon"}


def test_a_case_that_waits_too_long_is_marked(cast: Sweep) -> None:
    with clock.at(AT):
        cast.target()
    later = AT + timedelta(days=fugitive_board.OLD)
    with at_desk(cast.scene, "ana", at=later):
        shown = page.layout(operation_id=str(cast.scene.operation))
    assert any("fugitives-old" in (getattr(each, "className", "") or "") for each in found_in(shown, "Span"))
    assert "14 days" in texts(shown)
    with cast.scene.store.unit_of_work(System()) as session:
        operation = session.get_one(plan.Operation, cast.scene.operation)
        operation.state = "debriefed"
        session.add(operation)
    with at_desk(cast.scene, "ana", at=later):
        over = page.layout(operation_id=str(cast.scene.operation))
    assert not any("fugitives-old" in (getattr(each, "className", "") or "") for each in found_in(over, "Span"))


def test_a_case_is_changed_from_its_form_and_what_was_refused_stays_typed(cast: Sweep) -> None:
    with clock.at(EVENING):
        case = cast.nominate(believed_in=["MLI"])
    shown = opened_by(cast.scene, case, "chaima")
    typed = shown["amended"]
    assert (shown["amends"], shown["versions"][0]) == (False, 1)
    assert (typed["believed_in"], typed["retain_until"]) == (["MLI"], case.retain_until.isoformat())
    assert opened_by(cast.scene, case, "dov")["amends"] is True
    opened, client = {"case": str(case.id)}, str(new_id())
    typed |= {"priority": "high", "retain_until": "2028-01-01"}

    def send(**more: Any) -> Any:
        given = {"opened": opened, "version": 1, "base": shown["versions"][1]}
        with at_desk(cast.scene, "chaima"):
            return pressed(enter.amend, AMEND_SEND, typed=typed | more, client=client, **given)

    for wrong, field in (({}, "reason"), ({"reason": "Corrected.", "retain_until": "2026-01-01"}, "retain_until")):
        with pytest.raises(RuleBroken) as refused:
            send(**wrong)
        assert refused.value.flaws[0].field == field
    done = send(reason="The court has answered.")
    assert (done["shown"][0], done["shown"][2:4], done["cleared"]) == (2, [None, []], [""])
    assert done["client"] != client
    words = texts(file_of(cast.scene, case, "chaima"))
    assert "Changed: version 2" in words
    assert "The court has answered." in words
    assert "1 Jan 2028" in words
    client = done["client"]
    met = send(reason="Later.", priority="low", offence=typed["offence"])
    version, _base, both, _place, *fields = met["shown"]
    filled = dict(zip(AMENDED, fields, strict=True))
    assert (version, both) == (2, {"priority": {"mine": "low", "theirs": "high"}})
    assert met["cleared"] == [no_update]  # the reason stays, for the next press
    assert {name for name, value in filled.items() if value is not no_update} == set()
    typed["retain_until"] = case.retain_until.isoformat()  # as it was when the form was opened
    met = send(reason="Later.")
    assert dict(zip(AMENDED, met["shown"][4:], strict=True))["retain_until"] == "2028-01-01"
    with clock.at(EVENING):
        cast.check(case.id, status="withdrawn")
    assert opened_by(cast.scene, case, "chaima")["amends"] is True


def test_a_lead_is_taken_back_from_the_panel_with_a_reason(cast: Sweep) -> None:
    scene = cast.scene
    with clock.at(EVENING):
        case = cast.out()
    with at_desk(scene, "dov"), reading() as session:
        [lead] = leads.leads(session, scene.operation, case.id)
    assert [
        name
        for name in ("dov", "chaima", "ana", "moussa")
        if "Take it back from Mali" in buttons(file_of(scene, case, name))
    ] == ["dov", "chaima"]
    with at_desk(scene, "dov"), pytest.raises(RuleBroken, match="Give the reason"):
        press("revoke", lead.id, "MLI")
    with at_desk(scene, "dov"):
        press("revoke", lead.id, "MLI", words="Sent to the wrong country.")
    shown = file_of(scene, case, "dov")
    assert "Taken back Sent to the wrong country." in texts(shown)
    assert "Take it back from Mali" not in buttons(shown)
    with pytest.raises(NotFound):
        opened_by(scene, case, "moussa")


def test_a_location_is_linked_to_the_lead_that_it_came_from(cast: Sweep) -> None:
    scene = cast.scene
    with clock.at(EVENING):
        case, place = cast.located()
    with at_desk(scene, "dov"), reading() as session:
        [lead] = leads.leads(session, scene.operation, case.id)
    assert [
        name for name in ("dov", "chaima", "moussa", "ana") if "Link to the lead" in buttons(file_of(scene, case, name))
    ] == ["dov", "chaima", "moussa"]
    link = new_id()
    for _twice in range(2):
        with at_desk(scene, "moussa"):
            press("credit", place, words=str(lead.id), client=link)
    with at_desk(scene, "moussa"), pytest.raises(RuleBroken, match="Choose the lead"):
        press("credit", place)
    for name in ("moussa", "chaima", "ana"):
        shown = file_of(scene, case, name)
        assert "Came from the lead: Is the person of this notice with you?" in " ".join(texts(shown).split())
        assert "Link to the lead" not in buttons(shown)


def test_a_case_says_when_it_is_erased_and_afterwards_that_it_was(cast: Sweep) -> None:
    scene = cast.scene
    with clock.at(EVENING):
        case = cast.out(retain_until=(EVENING + timedelta(days=40)).date().isoformat())
        notice = case.notice_ref
    assert "is erased in" not in texts(file_of(scene, case, "chaima"))
    with at_desk(scene, "chaima", at=EVENING + timedelta(days=39)), reading() as session:
        operation = plan.operation(session, scene.operation, scene["chaima"])
        file = fugitive_file.read_file(session, operation, cases.case(session, case.id), scene["chaima"])
        assert "This case is erased in 2 days: it is kept until" in texts(
            fugitive_case.panel_of(file, operation, scene["chaima"])
        )
    later = EVENING + timedelta(days=41)
    with clock.at(later), scene.store.unit_of_work(System()) as session:
        assert len(erasure.erase(session, scene.operation, case.retain_until, case.retain_until, System())) == 1
    for name in ("chaima", "dov", "ana", "moussa"):
        shown = file_of(scene, case, name)
        assert "Erased 12 Apr 2026" in texts(shown), name
        assert "Erased when its time was over." in texts(shown)
        assert notice not in str(shown)
        assert buttons(shown) == {}, name
        opened = opened_by(scene, case, name)
        assert (opened["asks"], opened["finds"], opened["amends"]) == (True, True, True)
    with at_desk(scene, "ana", at=later):
        board = page.layout(operation_id=str(scene.operation))
    assert notice not in str(board)


def _withdrawn(both: list[case_rows.FugitiveCase], place: int, words: list[str]) -> None:
    said = {str(each.id): word for each, word in zip(both, words, strict=True)}
    button = fugitive_file.act_id("move", both[place].id, "notice_withdrawn")
    beside = {**fugitive_file.typed_id("move", ""), "subject": said}
    pressed(acts.act, button, client=new_id(), beside=beside)


@pytest.mark.parametrize("place", [0, 1])
def test_words_typed_beside_one_case_never_reach_another(cast: Sweep, place: int) -> None:
    """The page holds a field beside every case: a reason goes into the case whose button was pressed."""
    scene, both = cast.scene, [cast.out(), cast.out()]
    words = ["The notice of the first was taken back.", "The notice of the second was taken back."]
    with at_desk(scene, "chaima"):
        _withdrawn(both, place, words)
    with scene.store.reading(System()) as session:
        ended = select(case_rows.FugitiveStep).where(case_rows.FugitiveStep.after == "notice_withdrawn")
        steps = [(step.case_id, step.reason) for step in session.exec(ended)]
    assert steps == [(both[place].id, words[place])]


@pytest.mark.parametrize("place", [0, 1])
def test_without_words_of_its_own_a_case_gets_none(cast: Sweep, place: int) -> None:
    scene, both = cast.scene, [cast.out(), cast.out()]
    typed = ["The notice was taken back.", "The notice was taken back."]
    typed[place] = ""
    with at_desk(scene, "chaima"), pytest.raises(RuleBroken, match="Give the reason"):
        _withdrawn(both, place, typed)
