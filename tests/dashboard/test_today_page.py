"""The page of what waits: by operation, overdue in words, with the way there; its count in the rail; the start."""

from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from types import SimpleNamespace
from uuid import UUID

import pytest
import sqlalchemy as sa

from dashboard.frame import shell
from dashboard.navigation import OperationView
from dashboard.parts.next_phase import next_phase
from dashboard.screens.today import first_steps
from dashboard.screens.today import page as waiting_page
from dashboard.server import badge_counts
from dashboard.wording import in_language
from operations import worklist_cache, worklist_entries
from operations.core import clock
from operations.core.ids import new_id
from operations.core.people import NATIONAL_ROLES, Account, System
from operations.core.permissions import Subject, may
from operations.core.vocabulary import OperationState, OperationType, Role
from operations.core.worklist import WorkItem
from operations.policing.operation import plan
from operations.policing.reports import verification
from tests.dashboard.conftest import PASSWORD, Site
from tests.dashboard.desks import EVENING, at_desk, found_in, open_scene, texts
from tests.makers import START, Running, form, operation_draft, send
from tests.people import CAST
from tests.people import actor as person
from tests.teams import keep_team, on_site


@pytest.fixture
def scene(tmp_path: Path) -> Running:
    return open_scene(tmp_path)


def test_a_report_waits_for_who_verifies_it_with_the_way_there(scene: Running) -> None:
    with at_desk(scene, "chaima"):
        assert "Nothing waits for you." in texts(waiting_page.layout())
    made = send(scene, form(scene))
    with at_desk(scene, "boubacar"):
        shown = waiting_page.refresh(1)["shown"][0]
        words = texts(shown)
        [link] = [each for each in found_in(shown, "Link") if "verify it" in texts(each)]
    assert "Report of Niamey, 2 Mar 2026: verify it locally." in words
    assert "Test " in words
    assert "Overdue" not in texts(link)
    assert link.href == f"/operations/{scene.operation}/verify?show={made.id}"
    assert texts(link).endswith("Verify locally")
    assert "The daily report of Agadez for 1 Mar 2026 is to be sent." in words
    with at_desk(scene, "marie"):
        assert "Report of Niamey" not in texts(waiting_page.layout())
    with clock.at(EVENING), scene.store.unit_of_work(scene["boubacar"]) as session:
        verification.verify(session, made.id, scene["boubacar"])
    with at_desk(scene, "boubacar"):
        assert "Report of Niamey" not in texts(waiting_page.layout())
    with at_desk(scene, "chaima"):
        assert "validate it for your country" in texts(waiting_page.layout())


def test_an_empty_list_says_what_comes_next(scene: Running) -> None:
    begins = START - timedelta(days=2)
    with at_desk(scene, "chaima", begins):
        words = " ".join(texts(waiting_page.layout()).split())
    assert "Nothing waits for you" in words
    assert "Next: Training of Test" in words
    with at_desk(scene, "chaima"):
        assert "Next:" not in texts(waiting_page.layout())


def test_what_is_overdue_says_so_in_words_and_comes_first(scene: Running) -> None:
    on_site(scene, keep_team(scene, "boubacar", call_sign="ALFA"))
    send(scene, form(scene))
    with at_desk(scene, "boubacar", START + timedelta(hours=12, minutes=59)):
        shown = waiting_page.layout()
        entries = found_in(shown, "Link")
        [first], [second] = ([each for each in entries if said in texts(each)] for said in ("check-in", "verify it"))
    assert entries.index(first) < entries.index(second)
    assert "The check-in of ALFA is overdue." in texts(first)
    assert "due 2 Mar 2026" in texts(first)
    assert "Check in" in texts(first)
    assert "Overdue" not in texts(second)
    assert "due 3 Mar 2026" in texts(second)


def test_ten_operations_more_ask_nothing_more_and_are_drawn_when_asked_for(
    scene: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    def queries() -> int:
        asked: list[str] = []
        with at_desk(scene, "ana"), scene.store.reading(scene["ana"]) as session:
            note = partial(lambda kept, *given: kept.append(given[2]), asked)
            sa.event.listen(scene.store.engine, "before_cursor_execute", note)
            worklist_entries.waiting(session, scene["ana"], START)
            next_phase(session, scene["ana"])
            sa.event.remove(scene.store.engine, "before_cursor_execute", note)
        return len(asked)

    def another(number: int) -> UUID:
        with scene.store.unit_of_work(scene["ana"]) as session:
            made = plan.create(session, operation_draft(code_name=f"Adwenpa {number}"), scene["ana"]).id
        with scene.store.unit_of_work(System()) as session:
            row = session.get_one(plan.Operation, made)
            row.state = OperationState.ACTIVE if number % 2 else OperationState.SUSPENDED
            session.add(row)
        return made

    made = [another(number) for number in range(4)]
    scene.members["ana"] = person("ana", scene.operation, *made)
    few = queries()
    made += [another(number) for number in range(4, 14)]
    ana = scene.members["ana"] = person("ana", scene.operation, *made)
    assert queries() == few
    monkeypatch.setattr(waiting_page, "GROUPS", 3)
    monkeypatch.setattr(worklist_cache.WorklistCache, "waiting", lambda *_given: [_item(each) for each in made])
    drawn = []
    for more in (None, 1, 9):
        with at_desk(scene, "ana"), scene.store.reading(ana) as session:
            shown = waiting_page.contents(session, ana, more)
        drawn.append((len(found_in(shown, "Section")), "of 14 operations" in texts(shown)))
    assert drawn == [(3, True), (6, True), (14, False)]


def _item(operation: UUID) -> WorkItem:
    return WorkItem("operation", str(operation), "Something waits.", operation, "/today", "checks")


@pytest.mark.parametrize("language", ["fr", "es", "ar"])
def test_it_is_said_in_every_language(scene: Running, language: str) -> None:
    send(scene, form(scene))
    with at_desk(scene, "boubacar", language=language):
        words = texts(waiting_page.layout())
    assert "Niamey" in words
    assert "waits" not in words
    assert "ago" not in words.split()


def test_the_rail_counts_what_waits(scene: Running, site: Site) -> None:
    assert site.app  # its pages are those of the rail
    with at_desk(scene, "chaima"):
        [first, *_rest] = found_in(shell.show_places("/", 0), "Link")
        assert texts(first) == "Today"
    made = send(scene, form(scene))
    with clock.at(EVENING), scene.store.unit_of_work(scene["boubacar"]) as session:
        verification.verify(session, made.id, scene["boubacar"])
    with at_desk(scene, "chaima"):
        assert badge_counts.counts_by_user(scene.store, [scene["chaima"]])[scene["chaima"]] == {"unread": 0, "waits": 1}
        [first, *_rest] = found_in(shell.show_places("/", 1), "Link")
        assert texts(first) == "Today 1"
        assert texts(found_in(shell.show_places("/", 250), "Link")[0]).endswith("99+")


def test_of_many_those_whose_count_is_known_hear_before_the_others_are_asked(
    scene: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(badge_counts, "PIECE", -1)
    people = [scene["chaima"], scene["lena"], scene["ana"]]
    with clock.at(EVENING):
        badge_counts.counts_by_user(scene.store, people)
        send(scene, form(scene))
        pieces = [list(piece) for piece in badge_counts.count_batches(scene.store, people)]
    assert [by for piece in pieces for by in piece] == [scene["lena"], scene["ana"], scene["chaima"]]
    assert max(map(len, pieces)) == 1


def test_everybody_begins_at_today(site: Site) -> None:
    for role in Role:
        account = site.account(role=role, country="NER" if role in NATIONAL_ROLES else None)
        answer = site.visitor().post("/sign-in", data={"username": account.username, "password": PASSWORD})
        assert answer.headers.get("location", answer.text[:200]) == "/today", role


@pytest.mark.parametrize(
    ("language", "many", "said"),
    [
        ("en", 0, ""),
        ("en", 1, "1 overdue"),
        ("en", 4, "4 overdue"),
        ("fr", 4, "4 en retard"),
        ("es", 1, "1 atrasada"),
        ("es", 4, "4 atrasadas"),
        ("ar", 1, "واحد متأخر"),
        ("ar", 2, "اثنان متأخران"),
        ("ar", 4, "4 متأخرة"),
        ("ar", 11, "11 متأخرًا"),
    ],
)
def test_a_fold_says_how_many_of_those_it_hides_are_overdue(language: str, many: int, said: str) -> None:
    late = [START - timedelta(hours=1)] * (3 + many) + [START + timedelta(hours=1)] * 5
    entries = [WorkItem("task", str(n), "A task.", None, "/", "copy", until=until) for n, until in enumerate(late)]
    with in_language(language):
        [summary] = found_in(waiting_page._group(None, entries, START), "Summary")
    marks = [
        texts(each).strip() for each in found_in(summary, "Span") if "m-state-bad" in getattr(each, "className", "")
    ]
    assert marks == ([said] if said else [])


def _items(at: datetime, *ends: tuple[UUID | None, timedelta]) -> list[WorkItem]:
    return [
        WorkItem("task", str(number), f"Task {number}.", of, "/", "copy", until=at + late, button="Open")
        for number, (of, late) in enumerate(ends)
    ]


def test_running_operations_come_first_then_how_late_and_what_is_years_late_is_folded(
    scene: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    with clock.at(START), scene.store.unit_of_work(scene["ana"]) as session:
        ended = plan.create(session, operation_draft(code_name="Earlier"), scene["ana"]).id
    with scene.store.unit_of_work(System()) as session:
        session.get_one(plan.Operation, ended).state = OperationState.EVALUATED.value
    scene.members["ana"] = person("ana", scene.operation, ended)
    items = _items(
        EVENING,
        (ended, -timedelta(days=800)),
        (ended, -timedelta(days=300)),
        (None, -timedelta(days=200)),
        (scene.operation, -timedelta(hours=2)),
        (scene.operation, timedelta(hours=3)),
    )
    monkeypatch.setattr(worklist_cache.WorklistCache, "waiting", lambda *_asked: items)
    with at_desk(scene, "ana"), scene.store.reading(scene["ana"]) as session:
        shown = waiting_page.contents(session, scene["ana"])
        [old] = found_in(shown, "Details")
        current = [texts(part) for part in shown if part is not old]
    assert [words.split("Task ")[1][0] for words in current] == ["3", "2", "1"]
    assert "Task 4." in current[0]
    assert "Active" in current[0]
    assert "1 overdue for more than a year" in texts(old)
    assert "Task 0." in texts(old)


def test_somebody_new_with_nothing_to_do_finds_three_first_steps(
    scene: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(worklist_cache.WorklistCache, "waiting", lambda *_asked: [])
    for days, many in ((1, 3), (40, 0)):
        for name in ("bruno", "ana", "lena", "otto", "ada"):
            with scene.store.unit_of_work(System()) as session:
                session.get_one(Account, scene[name].account_id).created_at = EVENING - timedelta(days=days)
            with at_desk(scene, name), scene.store.reading(scene[name]) as session:
                steps = found_in(waiting_page.contents(session, scene[name]), "Li")
            assert len(steps) == many, (name, days)
            assert all(found_in(step, "Link") for step in steps)


def test_a_demonstration_says_the_first_steps_once(scene: Running, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(waiting_page, "current_request", lambda: SimpleNamespace(demo=True))
    with scene.store.unit_of_work(System()) as session:
        session.get_one(Account, scene["bruno"].account_id).created_at = EVENING
    with at_desk(scene, "bruno"):
        assert texts(waiting_page.layout()).count("Three things to do first") == 1


def test_every_role_has_three_first_steps_on_pages_of_its_own() -> None:
    assert set(first_steps.STEPS) == set(Role)
    for name in CAST:
        operation = new_id()
        by = person(name, operation)
        view = OperationView(operation, OperationType.REGIONAL, Subject(by.country, operation), near_end=True)
        found = first_steps.STEPS[by.role]
        assert len(found) == 3
        assert [
            page.name for _words, page in found if not may(by, page.act, view.subject if page.of_operation else None)
        ] == []
