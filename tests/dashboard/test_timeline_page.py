"""The timeline page as functions: bars, moves that are refused as answers, forms, the board, and calendars."""

import io
import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from dash import no_update
from dash._callback_context import context_value
from dash._utils import AttributeDict
from dash.exceptions import PreventUpdate
from sqlmodel import select

from dashboard.parts.timeline import zones as timeline_zones
from dashboard.refusals import Explained
from dashboard.screens.programme import page as programme
from dashboard.screens.timeline import calendar as timeline_calendar
from dashboard.screens.timeline import date_files, page, task_board
from dashboard.screens.timeline import edit as timeline_edit
from dashboard.screens.timeline import forms as timeline_forms
from dashboard.screens.timeline.forms import SAVE_TASK
from dashboard.screens.timeline.owners import owner_choice
from dashboard.server import access
from operations.core import clock
from operations.core.errors import HIDDEN, NotFound, RuleBroken
from operations.core.ids import new_id
from operations.core.people import Account, System
from operations.core.vocabulary import TaskState
from operations.policing.calendar import task_rows, tasks
from operations.policing.calendar.timeline import rows
from operations.policing.operation import plan
from tests.dashboard.desks import at_desk, found_in, open_scene, press, texts
from tests.makers import START, Running, add_task, crowd, link, phase_draft
from tests.people import account

DAY = timedelta(days=1)


@pytest.fixture
def scene(tmp_path: Path) -> Running:
    return open_scene(tmp_path)


def ms(moment: datetime) -> int:
    return int(moment.timestamp() * 1000)


def asked(scene: Running, starts: datetime, ends: datetime, **more: Any) -> dict[str, Any]:
    return {"id": str(scene.phase), "starts": ms(starts), "ends": ms(ends), "version": 1, "at": 1} | more


def chart(scene: Running, name: str = "ana") -> dict[str, Any]:
    with at_desk(scene, name):
        data, _rows, _columns = page.show(1, str(scene.operation), [None] * 3)["shown"]
    return data


def pressed(identifier: Any, value: Any = 1) -> Any:
    """What Dash says of what was pressed."""
    name = json.dumps(identifier, sort_keys=True, separators=(",", ":")) if isinstance(identifier, dict) else identifier
    triggered = [{"prop_id": f"{name}.n_clicks", "value": value}]
    return context_value.set(AttributeDict(updated_props={}, triggered_inputs=triggered, triggered_id=identifier))


def test_the_page_shows_phases_tasks_and_when_official_days_begin(scene: Running) -> None:
    add_task(scene, title="Brief the teams")
    with at_desk(scene, "ana"):
        words = texts(page.layout(str(scene.operation), view="board"))
        assert "Brief the teams" not in texts(page.layout(str(scene.operation))), "the board comes with its tab"
    for said in (
        "The official day begins at 00:00 in Africa/Niamey (UTC+1): now at 23:00 UTC.",
        "Brief the teams",
        "To do",
        "Add a task",
        "Move what follows too",
        "No address yet.",
    ):
        assert said in words
    with at_desk(scene, "bruno"):
        words = texts(page.layout(str(scene.operation)))
    assert "Add a task" not in words
    assert "Move what follows too" not in words


def test_who_only_looks_on_gets_no_buttons_and_no_refusals(scene: Running) -> None:
    add_task(scene, steps=["Print"])
    for name in ("lena", "otto"):
        with at_desk(scene, name) as said:
            shown = str(page.layout(str(scene.operation), view="board"))
            with pytest.raises(PreventUpdate):
                press(timeline_edit.work, {"type": "task-act", "task": "x", "act": "task.start"}, value=None)
            assert timeline_edit.tick([]) is no_update
        assert "task-tick" not in shown
        assert "task-act" not in shown
        assert ("Calendar addresses" in shown) is (name == "lena")
        assert said == {}


def test_bars_stand_with_their_owners_their_days_and_what_they_wait_for(scene: Running) -> None:
    task = add_task(scene, starts=START, due=START + DAY)
    link(scene, scene.training, scene.phase)
    data = chart(scene)
    bars = {bar["id"]: bar for bar in data["bars"]}
    assert [group["name"] for group in data["groups"]] == ["Phases", "Niger"]
    assert bars[str(scene.phase)] | {"version": 1} == {
        "id": str(scene.phase),
        "group": "phases",
        "starts": ms(START),
        "ends": ms(START + 5 * DAY),
        "version": 1,
        "name": "Operational",
        "look": "phase phase-operational",
        "point": False,
        "movable": True,
    }
    assert bars[str(task.id)]["group"] == data["groups"][1]["id"]
    assert data["links"] == [[str(scene.training), str(scene.phase)]]
    assert [name for _ms, name in data["days"]] == [f"Day {number}" for number in range(1, 7)]
    assert data["days"][1][0] == ms(datetime(2026, 3, 2, 23, tzinfo=UTC))
    assert not any(bar["movable"] for bar in chart(scene, "chaima")["bars"])


def test_a_country_sees_its_own_tasks_only(scene: Running) -> None:
    add_task(scene, title="Niger's")
    add_task(scene, title="Mali's", country="MLI")
    assert {bar["name"] for bar in chart(scene, "moussa")["bars"]} == {"Training", "Operational", "Mali's"}


def test_what_clashes_already_is_marked_when_the_page_opens(scene: Running) -> None:
    task = add_task(scene, title="Late", due=START + 9 * DAY, phase_id=scene.phase)
    clashing = {bar["id"]: bar.get("clash") for bar in chart(scene)["bars"]}
    assert "outside its phase Operational" in clashing[str(task.id)]


def test_clocks_that_change_are_marked_in_the_countries_that_take_part() -> None:
    now = datetime(2026, 1, 1, tzinfo=UTC)
    places = timeline_zones.places(["FRA", "ESP", "NER"], [], now)
    assert {place.label for place in places if place.label.startswith("Niger")} == {"Niger"}
    assert [place.label for place in places if place.label.startswith("Spain")] == ["Spain · Madrid", "Spain · Canary"]
    found = timeline_zones.changes(places, now, now + 360 * DAY)
    spring = [words for at, words in found if at == datetime(2026, 3, 29, 1, tzinfo=UTC)]
    assert len(spring) == 1
    assert spring[0].endswith("clocks 1 h on")
    assert not any("Niger" in words for _at, words in found)


def test_a_move_is_answered_and_taken_back(scene: Running) -> None:
    with at_desk(scene, "ana"):
        done = page.moved(asked(scene, START, START + 6 * DAY))
        back = page.moved(asked(scene, START, START + 5 * DAY, version=None, undo=True))
    assert done == {"done": True, "said": "Moved.", "undone": False, "at": 1}
    assert back == {"done": True, "said": "Taken back.", "undone": True, "at": 1}


def test_a_move_that_is_refused_is_an_answer_with_the_sentence(scene: Running) -> None:
    with at_desk(scene, "ana"):
        refused = page.moved(asked(scene, START - DAY, START + DAY))
        stale = page.moved(asked(scene, START, START + 6 * DAY, version=9))
        reversed_ = page.moved(asked(scene, START, START - DAY))
    assert refused["said"] == "This overlaps with the phase Training: choose other times."
    assert "Somebody else has moved this" in stale["said"]
    assert "must end after it begins" in reversed_["said"]
    assert not any(each["done"] for each in (refused, stale, reversed_))
    with at_desk(scene, "chaima"):
        assert page.moved(asked(scene, START, START + 6 * DAY))["said"] == HIDDEN


def test_every_operation_stands_in_the_programme(scene: Running) -> None:
    with at_desk(scene, "ana"):
        data = programme.show(1)["shown"][0]
        words = texts(programme.layout())
    assert "Timeline of all operations" in words
    assert [group["id"] for group in data["groups"]] == [str(scene.operation)]
    assert {group["zones"][0]["zone"] for group in data["groups"]} == {"Africa/Niamey"}


# --------------------------------------------------------------------------------------------------------- forms

TYPED = {
    "title": "Call the sites",
    "owner": "country:NER",
    "due": "2026-03-05",
    "due_time": "12:00",
    "starts": None,
    "starts_time": "08:00",
    "phase_id": None,
    "site_id": None,
    "note": "",
    "steps": "Niamey\nAgadez\n",
    "waits": [],
    "which": None,
}


def save_task(scene: Running, task: task_rows.Task | None = None, base: Any = None, **changes: Any) -> Any:
    with at_desk(scene, "ana"):
        editing = {"id": str(task.id) if task else None}
        given = {"editing": editing, "serial": str(new_id()), "version": task.version if task else None, "base": base}
        return press(timeline_edit.save_task, SAVE_TASK, scene.operation, TYPED | changes, **given)["shown"]


def the_task(scene: Running) -> task_rows.Task:
    with scene.store.reading(System()) as session:
        return rows(session, [scene.operation])[scene.operation].tasks[0]


def test_a_task_is_typed_with_its_checklist_and_what_it_waits_for(scene: Running) -> None:
    assert save_task(scene, waits=[str(scene.training)])[0] == []
    made = the_task(scene)
    assert (made.title, made.due) == ("Call the sites", datetime(2026, 3, 5, 11, tzinfo=UTC))
    with scene.store.reading(System()) as session:
        assert len(tasks.steps(session, scene.operation)[made.id]) == 2
        assert [each.before for each in rows(session, [scene.operation])[scene.operation].dependencies] == [
            scene.training
        ]
    save_task(scene, made, owner="country:NER:team_leader", title="Call all sites", waits=[])
    changed = the_task(scene)
    assert (changed.title, changed.role) == ("Call all sites", "team_leader")


def kept_of(scene: Running, ident: Any, form: Any) -> dict[str, Any]:
    """What the page keeps with the form of a task or a phase."""
    with at_desk(scene, "ana"):
        token = pressed("timeline-opened")
        editor, _editing = timeline_edit.open_form({"id": str(ident)}, str(scene.operation))
        context_value.reset(token)
    stores = {
        store.id: getattr(store, "data", None) for store in found_in(editor, "Store") if isinstance(store.id, str)
    }
    return {"version": stores[form.version], "base": stores[form.base]}


def test_who_changes_a_task_meets_both_versions_beside_the_form_where_another_was_faster(scene: Running) -> None:
    save_task(scene)
    made = the_task(scene)
    begun = kept_of(scene, made.id, timeline_edit.TASKS)
    assert begun["version"] == made.version
    save_task(scene, made, begun["base"], title="Call all sites", owner="country:MLI", note="By noon.")
    told = save_task(scene, made, begun["base"], title="Call two sites", owner="country:NER:team_leader", steps="")
    editor, version, _base, both, place, *fields = told
    filled = dict(zip(timeline_forms.TASK.states(), fields, strict=True))
    assert (editor, version) == (no_update, the_task(scene).version)
    assert both == {
        "title": {"mine": "Call two sites", "theirs": "Call all sites"},
        "owner": {"mine": "country:NER:team_leader", "theirs": "country:MLI"},
    }
    assert (filled["note"], filled["title"], filled["due_time"]) == ("By noon.", no_update, no_update)
    words = texts(place)
    assert "Mali" in words
    assert "country:" not in words, "a version is shown in the words of its options"
    save_task(scene, the_task(scene), title="Call two sites")
    assert the_task(scene).title == "Call two sites"


@pytest.mark.parametrize(
    ("changes", "field", "sentence"),
    [
        ({"owner": None}, "owner", "Say who does it"),
        ({"due": None}, "due", "Give both the day and the time"),
        ({"starts": "2026-03-06"}, "due", "must be due after it begins"),
        ({"title": ""}, "title", "needed"),
        ({"waits": ["phase"]}, "waits", "begins before Operational ends"),
        ({"phase": "phase", "due": "2026-03-20"}, "due", "outside its phase"),
    ],
)
def test_what_is_wrong_is_said_beside_its_field(
    scene: Running, changes: dict[str, Any], field: str, sentence: str
) -> None:
    phase = str(scene.phase)
    known = {"waits": {"waits": [phase]}, "phase": {"phase_id": phase, "due": changes.get("due")}}
    wanted = next((known[name] for name in ("waits", "phase") if name in changes), changes)
    with pytest.raises(RuleBroken, match=sentence) as refusal:
        save_task(scene, **wanted)
    assert refusal.value.flaws[0].field == field
    with scene.store.reading(System()) as session:
        assert rows(session, [scene.operation])[scene.operation].tasks == []


def test_an_hour_that_the_clocks_show_twice_is_asked_for_and_can_be_said(scene: Running) -> None:
    with at_desk(scene, "ana"):
        assert not timeline_forms.twice("Africa/Niamey")
        assert timeline_forms.twice("Europe/Paris")
    twice = TYPED | {"due": "2026-10-25", "due_time": "02:30"}
    with pytest.raises(RuleBroken, match=r"the first, UTC\+2, or the second, UTC\+1"):
        timeline_forms.task_draft(twice, str(new_id()), "Europe/Paris")
    draft = timeline_forms.task_draft(twice | {"which": "second"}, str(new_id()), "Europe/Paris")
    assert draft.due.astimezone(UTC) == datetime(2026, 10, 25, 1, 30, tzinfo=UTC)


def test_a_phase_is_typed_and_waits(scene: Running) -> None:
    typed = {
        "kind": "debrief",
        "name": "",
        "starts": "2026-03-10",
        "starts_time": "08:00",
        "ends": "2026-03-11",
        "ends_time": "18:00",
        "which": None,
        "waits": [str(scene.phase)],
    }

    def save(ident: Any, base: Any = None, version: Any = None, **changes: Any) -> Any:
        given = {"editing": {"id": ident}, "serial": str(new_id()), "version": version, "base": base}
        with at_desk(scene, "ana"):
            act, button = timeline_edit.save_phase, timeline_forms.SAVE_PHASE
            return press(act, button, scene.operation, typed | changes, **given)["shown"]

    assert save(None)[0] == []
    with scene.store.reading(System()) as session:
        phases = plan.phases(session, scene.operation)
    assert [phase.kind for phase in phases] == ["training", "operational", "debrief"]
    ident = str(phases[-1].id)
    begun = kept_of(scene, ident, timeline_edit.PHASES)
    save(ident, **begun, name="Looking back")
    editor, version, _base, both, *_rest = save(ident, **begun, name="Lessons", ends_time="17:00")
    assert (editor, version) == (no_update, begun["version"] + 1)
    assert both == {"name": {"mine": "Lessons", "theirs": "Looking back"}}


@pytest.mark.parametrize(
    ("name", "words"), [("ana", "Save the task"), ("chaima", "Hand on"), ("bruno", "Close"), ("lena", "Close")]
)
def test_a_task_opens_as_far_as_the_reader_may_change_it(scene: Running, name: str, words: str) -> None:
    made = add_task(scene)
    with at_desk(scene, name):
        token = pressed("timeline-opened")
        editor, editing = timeline_edit.open_form({"id": str(made.id)}, str(scene.operation))
        context_value.reset(token)
    assert words in texts(editor)
    assert editing == {"id": str(made.id), "version": 1}


def test_who_does_a_task_is_searched_however_many_there_are(scene: Running) -> None:
    def found(typed: str | None, chosen: str | None = None, name: str = "ana") -> tuple[list[str], str]:
        with at_desk(scene, name), access.reading() as session:
            operation = plan.operation(session, scene.operation, access.actor())
            answer = owner_choice(session, operation, access.actor(), typed, chosen)
        return [each["label"] for each in answer["data"] if each["value"].startswith("person:")], answer["description"]

    few, said = found(None)
    assert "Binta Oumarou" in few
    assert said == ""
    crowd(scene, 0, 120)
    binta = f"person:{account('binta').id}"
    assert found(None)[1] == "There are more than 50: type a part of the name."
    assert len(found(None)[0]) == 50
    assert found("crowd 11") == ([f"Crowd 11{n}" for n in range(10)], "")
    assert found("crowd 119", binta) == (["Binta Oumarou", "Crowd 119"], "")
    assert len(found("Binta Oumarou", binta)[0]) == 50, "a select types what is chosen: all others can be chosen still"
    assert len(found("Niger", "country:NER")[0]) == 50
    assert found("crowd 119", 5, "chaima") == (["Crowd 119"], "")  # type: ignore[arg-type]
    with pytest.raises(NotFound):
        found("", "person:x")
    with scene.store.reading(System()) as session:
        [last] = session.exec(select(Account.id).where(Account.name == "Crowd 119"))
    add_task(scene, account_id=last, country=None)
    assert chart(scene)["groups"][-1]["name"] == "Crowd 119", "a name is told that no field lists"


# ----------------------------------------------------------------------------------------------------- the board


def test_a_task_is_worked_on_from_its_card(scene: Running) -> None:
    made = add_task(scene, steps=["Print"])
    with scene.store.reading(System()) as session:
        step = tasks.steps(session, scene.operation)[made.id][0]

    def work(act: str, why: str = "") -> Any:
        ident = {"type": "task-act", "task": str(made.id), "act": act}
        beside = {"type": "task-why", "task": str(made.id), "act": {"task.block": why}}
        return press(timeline_edit.work, ident, beside=beside)

    with at_desk(scene, "chaima", at=clock.now()) as said:
        work("task.start")
        with pytest.raises(Explained):
            work("task.block")
        [beside] = [name for name, props in said.items() if props.get("error")]
        assert json.loads(beside) == {"type": "task-why", "task": str(made.id), "act": "task.block"}
        work("task.block", "No paper.")
        assert (the_task(scene).state, the_task(scene).reason) == (TaskState.BLOCKED, "No paper.")
        token = pressed({"type": "task-tick", "step": str(step.id)}, True)
        timeline_edit.tick([True])
        context_value.reset(token)
        for act in ("task.start", "task.finish"):
            work(act)
    assert the_task(scene).state == TaskState.DONE


def test_a_board_of_many_tasks_has_more_cards_when_they_are_asked_for(
    scene: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(5):
        add_task(scene, title=f"Task {number}")
    monkeypatch.setattr(task_board, "CARDS", 2)
    with at_desk(scene, "ana"), access.reading() as session:
        operation = plan.operation(session, scene.operation, access.actor())
        drawn = [texts(page.board(session, operation, access.actor(), "board", more)) for more in (None, 0, 1, 2, -1)]
    assert [words.count("Task ") for words in drawn] == [2, 2, 4, 5, 2]
    assert ["and 3 more" in words for words in drawn] == [True, True, False, False, True]


def test_a_board_of_many_tasks_has_no_more_components_than_one_of_few(scene: Running) -> None:
    """Each new component tells Dash's store, which tells all: a part of 5,771 held the browser for 96 s."""

    def components(more: int) -> int:
        for number in range(more):
            add_task(scene, title=f"Task {number}")
        with at_desk(scene, "ana"), access.reading() as session:
            operation = plan.operation(session, scene.operation, access.actor())
            return len(list(page.board(session, operation, access.actor(), "board")._traverse()))

    few = components(task_board.CARDS + 1)
    assert components(20) == few
    assert few < 12 * task_board.CARDS, "the words of a card are one component"


def test_a_board_that_is_drawn_anew_opens_nothing(scene: Running) -> None:
    made = add_task(scene)
    card = {"type": "task-open", "task": str(made.id)}
    with at_desk(scene, "ana"):
        with pytest.raises(PreventUpdate):
            press(timeline_edit.open_card, card, value=None)
        [opened] = press(timeline_edit.open_card, card)["shown"]
        assert opened == timeline_edit.open_row([{"id": str(made.id)}]) == {"id": str(made.id)}


def test_the_list_holds_the_same_tasks_with_the_hours_of_the_countries(scene: Running) -> None:
    made = add_task(scene, due=datetime(2026, 3, 3, 23, 30, tzinfo=UTC))
    with at_desk(scene, "ana"):
        _data, listed, columns = page.show(1, str(scene.operation), [None] * 3, view="list")["shown"]
        assert page.show(1, str(scene.operation), [None] * 3)["shown"][1] is None, "rows come with their tab"
    (row,) = [row for row in listed if row["id"] == str(made.id)]
    assert (row["here"], row["at"]) == ("2026-03-04 00:30", "2026-03-03T23:30:00+00:00")
    [there] = [each["context"] for each in columns if each["field"] == "there"]
    assert there == [{"label": name, "zone": "Africa/Niamey"} for name in ("Mali", "Niger")]


# --------------------------------------------------------------------------------------------- dates from a file


def test_a_file_of_dates_is_shown_before_anything_is_kept_and_then_taken_over(scene: Running) -> None:
    event = (
        "BEGIN:VEVENT\r\nUID:a\r\nSUMMARY:Debriefing\r\nDTSTART:20260310T080000\r\nDTEND:20260311T080000\r\nEND:VEVENT"
    )
    text = f"BEGIN:VCALENDAR\r\nVERSION:2.0\r\n{event}\r\nEND:VCALENDAR\r\n".encode()
    with at_desk(scene, "ana"):
        file = date_files.read("plan.ics", "Africa/Niamey", io.BytesIO(text))["read"]
        shown = timeline_calendar.show_file(file, str(scene.operation))
        assert "Its time has no zone" in texts(shown)
        file = timeline_calendar.read_again(True, json.loads(json.dumps(file)))
        assert timeline_calendar.read_again(True, file) is no_update
        assert "07:00 UTC" in texts(timeline_calendar.show_file(file, str(scene.operation)))
        places = [{"type": "calendar-becomes", "at": 0}]
        with pytest.raises(RuleBroken, match="Choose what each event becomes"):
            take_over(scene, ["skip"], places, file)
        assert take_over(scene, ["debrief"], places, file) == [None]
    with scene.store.reading(System()) as session:
        assert [phase.name for phase in plan.phases(session, scene.operation)][-1] == "Debriefing"


def take_over(scene: Running, values: list[str], places: list[dict[str, Any]], file: dict[str, Any]) -> Any:
    given = {"becomes": values, "events": places, "file": file}
    return press(timeline_calendar.adopt, timeline_calendar.ADOPT, scene.operation, **given)["shown"]


def test_what_is_no_file_of_dates_is_refused_in_a_sentence_and_what_a_browser_made_up_as_well(scene: Running) -> None:
    with at_desk(scene, "ana"):
        assert "not an iCalendar file" in date_files.read("x.ics", "UTC", io.BytesIO(b"%%%"))["error"]
        with pytest.raises(RuleBroken, match=r"[Cc]hoose it again"):
            timeline_calendar.show_file({"name": "x", "zoned": [{"uid": 1}], "local": []}, str(scene.operation))


def test_phases_for_readers_are_told_and_not_changed(scene: Running) -> None:
    with scene.store.reading(System()) as session:
        phase = plan.phases(session, scene.operation)[0]
    with at_desk(scene, "lena"):
        assert "06:00 UTC" in texts(timeline_forms.shown_phase(phase, "Africa/Niamey"))
    assert phase_draft("training", START, START + DAY).kind == phase.kind
