"""The inbox, the bell, the link of a message, how one is told, and signs of life."""

import re
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from dash import no_update
from dash.exceptions import PreventUpdate
from sqlmodel import select

from dashboard.frame import shell
from dashboard.parts.life_signs import life_signs
from dashboard.screens.account import notice_settings
from dashboard.screens.account import page as account
from dashboard.screens.overview import page as operation
from dashboard.screens.overview import reminders as operation_reminders
from dashboard.screens.reports import open_item
from dashboard.screens.reports import page as reports
from dashboard.screens.situation import page as situation
from dashboard.screens.today import messages as inbox
from dashboard.server.access import reading
from operations.core import clock
from operations.core.errors import Flaw, NotFound, RuleBroken
from operations.core.ids import new_id
from operations.core.people import System
from operations.core.vocabulary import MessageKind, Role
from operations.notices import inbox as inbox_of
from operations.notices.messages import Message, To, tell
from operations.timetable import heartbeats, rules
from operations.timetable.heartbeats import Watched
from tests.dashboard.conftest import Site
from tests.dashboard.desks import EVENING, at_desk, found_in, open_scene, press, stores_of, texts
from tests.makers import START, Running
from tests.people import actor


@pytest.fixture
def scene(tmp_path: Path) -> Running:
    return open_scene(tmp_path)


def told(scene: Running, kind: MessageKind = MessageKind.REPORT_MISSING, number: int = 2) -> None:
    to = To(roles=frozenset({Role.NATIONAL_OFFICER}), country="NER")
    with clock.at(EVENING), scene.store.unit_of_work(System()) as session:
        tell(session, to, kind, "/today", number, key=f"{kind}", by=System(), operation=scene.operation)


def test_the_inbox_says_what_waits_and_how_much_and_never_content(scene: Running) -> None:
    with at_desk(scene, "bruno"):
        assert "No message yet." in texts(inbox.refresh(1)["shown"][0])
    told(scene)
    told(scene, MessageKind.CHAIN_BROKEN, 1)
    with at_desk(scene, "bruno"):
        shown = inbox.refresh(1)["shown"][0]
        words = texts(shown)
        links = [each.href for each in found_in(shown, "A")]
    assert "Daily report missing" in words
    assert "2 sites" in words
    assert "Test " in words  # the operation's title, as far as the reader may see it
    assert "Change nothing" in words
    assert all(link.startswith("/message/") and UUID(link.removeprefix("/message/")) for link in links)
    stranger = scene.members.setdefault("bruno", actor("bruno"))
    assert stranger.operations == frozenset()
    with at_desk(scene, "bruno"):
        assert "Test " not in texts(inbox.refresh(1)["shown"][0])
    with at_desk(scene, "mateo"):
        assert "No message yet." in texts(inbox.refresh(1)["shown"][0])


def test_a_message_names_its_subject_what_to_do_and_until_when_and_equal_ones_are_one(scene: Running) -> None:
    about = Flaw("", "The daily report of {site} for {day} is to be sent.", {"site": "Gaya", "day": "2026-03-02"})
    for occasion in range(3):
        with clock.at(EVENING), scene.store.unit_of_work(System()) as session:
            tell(
                session,
                To.those(scene["bruno"].account_id),
                MessageKind.REPORT_MISSING,
                "/today",
                key=str(occasion),
                by=System(),
                operation=scene.operation,
                about=about,
                until=EVENING,
            )
    with at_desk(scene, "bruno"):
        with reading() as session:
            [shown] = inbox.contents(session, scene["bruno"])
        [line] = found_in(shown, "Li")
        words = texts(line)
        message = UUID(found_in(line, "A")[0].href.removeprefix("/message/"))
    assert words.startswith("The daily report of Gaya for 2 Mar 2026 is to be sent.")
    assert "3 times" in words
    assert "Test " in words  # the operation
    assert "until 2 Mar 2026" in words
    assert not [each for each in found_in(line, "Span") if re.fullmatch(r"\d{6}", str(each.children))]
    with scene.store.unit_of_work(scene["bruno"]) as session:
        inbox_of.read(session, message, scene["bruno"])
        assert inbox_of.unread(session, scene["bruno"]) == 0  # they were one line


@pytest.mark.requirement("R66")
def test_what_was_late_when_it_was_first_told_is_not_folded_with_what_only_waits(scene: Running) -> None:
    """Both are told at one moment, as one line; eight things, so that no order of ids does it by chance."""
    for number in range(8):
        about = Flaw(
            "", "The daily report of {site} for {day} is to be sent.", {"site": f"P{number}", "day": "2026-03-02"}
        )
        with clock.at(EVENING), scene.store.unit_of_work(System()) as session:
            for kind in (MessageKind.WAITS, MessageKind.WAITS_LATE):
                tell(
                    session,
                    To.those(scene["bruno"].account_id),
                    kind,
                    f"/today?show={number}",
                    key=f"{kind}:{number}",
                    by=System(),
                    operation=scene.operation,
                    about=about,
                    until=EVENING,
                )
    with scene.store.reading(scene["bruno"]) as session:
        lines = inbox_of.grouped(inbox_of.messages(session, scene["bruno"]))
    assert [(line.message.kind, line.times) for line in lines] == [(MessageKind.WAITS_LATE, 2)] * 8


@pytest.mark.parametrize("kind", [MessageKind.WAITS, MessageKind.WAITS_LATE])
def test_what_is_done_says_so_and_never_that_something_waits(scene: Running, kind: MessageKind) -> None:
    told(scene, kind)
    with at_desk(scene, "bruno"):
        [message] = found_in(inbox.refresh(1)["shown"][0], "A")
        with scene.store.unit_of_work(scene["bruno"]) as session:
            inbox_of.read(session, UUID(message.href.removeprefix("/message/")), scene["bruno"])
        words = texts(inbox.refresh(2)["shown"][0])
    assert "This waits for you no more." in words
    assert "1 about what is done or long past" in words
    for never in ("Something waits for you", "It still waits", "late"):
        assert never not in words


def test_of_what_is_long_past_the_latest_are_shown_and_all_at_an_address(
    scene: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    told(scene)
    with at_desk(scene, "bruno"), reading() as session:
        [one] = inbox_of.messages(session, scene["bruno"])
    long_ago = {"made_at": EVENING, "until": EVENING - timedelta(days=800)}
    many = [
        one._replace(message=Message(**one.message.model_dump() | long_ago | {"id": new_id(), "number": number}))
        for number in range(2, 42)
    ]
    monkeypatch.setattr(inbox.inbox, "messages", lambda *_given: many)
    monkeypatch.setattr(inbox.inbox, "grouped", lambda found: found)
    with at_desk(scene, "bruno"), reading() as session:
        few, whole = (inbox.contents(session, scene["bruno"], address) for address in ("", inbox.ALL))
    assert "40 about what is done or long past" in texts(few)
    assert [len(found_in(shown, "A")) for shown in (few, whole)] == [inbox.MOST_OLD, 40]
    assert [link.href for link in found_in(few, "Link")] == ["/today?told=all#told"]
    assert "All messages" not in texts(whole)


def test_the_bell_counts_what_is_unread_and_is_quiet_when_nothing_changed(scene: Running) -> None:
    told(scene)
    with at_desk(scene, "bruno"):
        shown, count = shell.show_unread(0)
        assert count == 1
        assert "1 message waits" in texts(shown)
        assert shell.show_unread(1) == (no_update, no_update)
        contents, emptied, none = press(inbox.read_all, inbox.Ids.READ_ALL)["shown"]
        assert none == 0
        assert "New" not in texts(contents)
        assert "wait" not in texts(emptied)
        assert shell.show_unread(1)[1] == 0


def test_a_link_of_a_message_marks_it_read_and_leads_on_and_another_s_tells_nothing(site: Site) -> None:
    mine, other = site.account(), site.account()
    with site.store.unit_of_work(System()) as session:
        tell(session, To.those(mine.id), MessageKind.MANDATE_ENDING, "/account", key=f"m{mine.id}", by=System())
    browser = site.signed_in(mine)
    with site.store.reading(System()) as session:
        message = session.exec(select(Message).where(Message.key == f"m{mine.id}")).one()
    answer = browser.get(f"/message/{message.id}")
    assert (answer.status_code, answer.headers["location"]) == (303, "/account")
    answer = site.signed_in(other).get(f"/message/{message.id}")
    assert (answer.status_code, answer.headers["location"]) == (303, "/today")
    nobody = site.visitor().get(f"/message/{message.id}", headers={"accept": "text/html"})
    assert nobody.headers["location"] == f"/sign-in?next=/message/{message.id}"


def test_one_chooses_how_to_be_told(scene: Running) -> None:
    typed: dict[str, Any] = {
        "way": "both",
        "address": "bruno@police.example",
        "zone": "Africa/Niamey",
        "quiet_from": "22:00",
        "quiet_to": "06:00",
        "digest_at": "",
    }
    with at_desk(scene, "bruno") as said:
        press(notice_settings.choose, notice_settings.FORM.send, None, typed, version="", base={})
        assert "told as you chose" in str(said)
        form = account._told()
        assert [each.value for each in found_in(form, "TextInput")] == ["bruno@police.example"]
        assert [each.value for each in found_in(form, "TimePicker")] == ["22:00", "06:00", ""]
        with pytest.raises(RuleBroken, match="needs an address"):
            press(notice_settings.choose, notice_settings.FORM.send, None, typed | {"address": ""}, version="", base={})


def test_who_chooses_in_two_windows_meets_both_versions(scene: Running) -> None:
    typed = {"way": "inbox", "address": "", "zone": "UTC", "quiet_from": "", "quiet_to": "", "digest_at": ""}
    with at_desk(scene, "bruno") as told:
        stores = stores_of(account._told())
        given = {"version": stores[notice_settings.VERSIONS.version], "base": stores[notice_settings.VERSIONS.base]}
        other = typed | {"digest_at": "07:00", "zone": "Africa/Niamey"}
        version, *_rest = press(notice_settings.choose, notice_settings.FORM.send, None, other, **given)["shown"]
        assert version > ""
        met = press(notice_settings.choose, notice_settings.FORM.send, None, typed | {"digest_at": "18:00"}, **given)
        assert "Somebody changed this while you were writing" in str(told)
        now, _base, both, place, *fields = met["shown"]
        filled = dict(zip(notice_settings.FORM.states(), fields, strict=True))
        assert (now, both) == (version, {"digest_at": {"mine": "18:00", "theirs": "07:00"}})
        assert (filled["zone"], filled["digest_at"]) == ("Africa/Niamey", no_update)
        assert "Take yours" in texts(place)
        assert [each.value for each in found_in(account._told(), "TimePicker")] == ["", "", "07:00"]


@pytest.mark.requirement("R67")
def test_signs_of_life_turn_red_after_two_missed_periods(scene: Running) -> None:
    period = timedelta(minutes=15)
    with at_desk(scene, "lena"):
        assert "Timetable never ran" in texts(situation.layout(str(scene.operation)))
    with scene.store.unit_of_work(System()) as session:
        heartbeats.succeeded(session, Watched.BACKUP, EVENING, period)
    for later, red in ((period * 2, False), (period * 2 + timedelta(minutes=1), True), (-timedelta(days=2), True)):
        with scene.store.reading(System()) as session:
            found = {each.watched: each for each in heartbeats.health(session, EVENING + later)}
        assert found[Watched.BACKUP].red is red
        assert found[Watched.TIMETABLE].red
    with clock.at(EVENING + period * 3):
        assert "Backup overdue" in texts(life_signs([found[Watched.BACKUP]]))
    with at_desk(scene, "lena", EVENING + period):
        page = situation.layout(str(scene.operation))
    marks = {each.to_plotly_json()["props"].get("data-watched"): each for each in found_in(page, "Span")}
    assert marks["backup"].to_plotly_json()["props"]["data-red"] == "false"
    with at_desk(scene, "bruno"):
        assert "never ran" not in texts(situation.layout(str(scene.operation)))


def test_the_coordinator_sets_the_times_on_the_overview_and_others_do_not_see_them(scene: Running) -> None:
    typed = {"ask_before": 60, "remind_after": 10, "national_after": 20, "coordinator_after": 30}
    with at_desk(scene, "ana"):
        assert "Daily reports and calendar" in texts(operation.layout(str(scene.operation)))
        press(operation_reminders.save, operation_reminders.SAVE, scene.operation, typed | {"by_calendar": True})
        with reading() as session:
            chosen = rules.rules(session, scene.operation)
        assert (chosen.remind_after, chosen.by_calendar) == (10, True)
        for changes, field in (({"ask_before": None}, "ask_before"), ({"remind_after": 25}, "coordinator_after")):
            with pytest.raises(RuleBroken) as refused:
                press(operation_reminders.save, operation_reminders.SAVE, scene.operation, typed | changes)
            assert [each.field for each in refused.value.flaws] == [field]
    for name in ("chaima", "lena"):
        with at_desk(scene, name):
            assert "Daily reports and calendar" not in texts(operation.layout(str(scene.operation)))
            with pytest.raises(NotFound):
                press(operation_reminders.save, operation_reminders.SAVE, scene.operation, typed)


def test_the_times_follow_what_is_stored_and_what_somebody_types_there_stays(scene: Running) -> None:
    refresh, before = operation_reminders.refresh, operation_reminders.FORM.shown()
    with at_desk(scene, "ana"), pytest.raises(PreventUpdate):
        refresh(1, str(scene.operation), before, before)
    typed = {"ask_before": 60, "remind_after": 10, "national_after": 20, "coordinator_after": 30, "by_calendar": True}
    with at_desk(scene, "ana"):
        press(operation_reminders.save, operation_reminders.SAVE, scene.operation, typed)
        found = refresh(2, str(scene.operation), before | {"remind_after": 15}, before)
        assert found == {"fields": typed | {"remind_after": no_update}, "stored": typed}
        page = operation.layout(str(scene.operation))
    [stored] = [each.data for each in found_in(page, "Store") if each.id == "operation-reminders-stored"]
    assert stored == typed  # reloaded, the page shows what the pulse brought


def test_a_reminder_s_address_opens_the_form_of_that_day(scene: Running) -> None:
    day = START.date().isoformat()
    with at_desk(scene, "bruno"):
        page = reports.layout(str(scene.operation), site=str(scene.sites["Niamey"]), day=day)
        [asked] = [each.data for each in found_in(page, "Store") if each.id == reports.Ids.ASK]
        form, _view, _side, _shown = open_item.open_asked(asked, str(scene.operation))
    assert form["content"]["site_id"] == str(scene.sites["Niamey"])


def test_long_lateness_is_told_in_hours(scene: Running) -> None:
    with at_desk(scene, "ana"):
        told = [inbox._number(MessageKind.CHECK_IN_OVERDUE, minutes) for minutes in (1, 119, 120, 1297)]
    assert told == ["1 minute late", "119 minutes late", "2 hours late", "21 hours late"]
