"""Boards that many watch: who shares one, that it is drawn once, and that only what differs comes with the pulse."""

import asyncio
import json
import time
from contextvars import ContextVar
from dataclasses import replace
from datetime import timedelta
from functools import partial

import pytest
from dash import html
from plotly.io.json import to_json_plotly
from sqlalchemy import text
from starlette.websockets import WebSocketDisconnect

from dashboard.frame.live_parts import DRAWN
from dashboard.parts import kpi_board
from dashboard.screens.situation import page
from dashboard.server import live_boards
from dashboard.server import screen_groups as watching
from dashboard.server.access import RequestContext, acting_as, actor, reading
from dashboard.server.change_listener import Watcher
from dashboard.server.live_boards import Sight, Watch
from dashboard.server.pulse_socket import OperationChange, changed_since, visible_operations
from dashboard.server.rate_limits import RequestRate
from dashboard.server.subscriptions import ReaderNews, Screen
from dashboard.wording import in_language
from operations.core import clock, pulse
from operations.core.drafts import parse
from operations.core.ids import fingerprint, new_id
from operations.core.people import Actor, System
from operations.core.vocabulary import Classification
from operations.policing.operation import membership, plan
from tests.dashboard.desks import EVENING, found_in, open_scene
from tests.dashboard.held import draw_anew
from tests.dashboard.test_people_doors import Desk
from tests.makers import START, add_task, form, hit, send, tally

CHOSEN = {"level": "V1", "scope": "", "figure": "K01"}
BOARD = "situation-shown"


def marks_of(operation: object) -> dict[str, str]:
    """The marks of the situation as its page is drawn now."""
    with reading() as session:
        parts = page.contents(session, plan.operation(session, operation, actor()), actor(), **CHOSEN)
    return {name: live_boards.mark(parts[name]) for name in page.PARTS}


def watch(
    operation: object, marks: dict[str, str] | None = None, number: int = -1, turn: int = 1, **chosen: str
) -> dict[str, object]:
    """What a page says of a board that it has open."""
    about = [operation if isinstance(operation, list) else str(operation), *(CHOSEN | chosen).values()]
    told = {"marks": marks or {}, "number": number, "since": 0, "turn": turn}
    return {"board": BOARD, "chosen": about, "whole": True, **told}


@pytest.mark.parametrize("name", ["lena", "ana", "dov", "chaima", "mateo", "bruno"])
def test_who_has_the_same_sight_sees_the_same_whoever_it_is(tmp_path, name):
    scene = open_scene(tmp_path)
    send(scene, form(scene, lines=[tally(500), hit(START + timedelta(hours=1))]))
    one = RequestContext(scene[name], scene.store)
    other = replace(one, actor=replace(one.actor, account_id=new_id(), name="Somebody Else"))
    asked = Watch.read(watch(scene.operation))
    assert Sight.of(asked, one) == Sight.of(asked, other)
    with clock.at(EVENING):
        mine, theirs = (draw_anew(Sight.of(asked, each), each) for each in (one, other))
    assert mine.marks == theirs.marks
    assert Sight.of(asked, one) != Sight.of(asked, replace(one, dark=True))


def test_days_are_drawn_once_for_all_who_are_told_alike_and_anew_in_other_words_numbers_or_colours(tmp_path):
    scene = open_scene(tmp_path)
    send(scene, form(scene, lines=[tally(12_345)]))
    ana = scene["ana"]

    def days(language="en", country=None, dark=False):
        with (
            clock.at(EVENING),
            acting_as(ana, scene.store, dark=dark),
            in_language(language, country),
            reading() as session,
        ):
            parts = page.contents(session, plan.operation(session, scene.operation, ana), ana, **CHOSEN)
        return parts["days"], parts["days_table"]

    chart, table = days()
    assert all(mine is theirs for mine, theirs in zip((chart, table), days(), strict=True))
    assert "12,345" in live_boards.json_of(table)
    assert "Official day" not in live_boards.json_of(days("fr")[1])
    assert "12.345" in live_boards.json_of(days("es")[1])
    assert "12,345" in live_boards.json_of(days("es", "MEX")[1])
    assert live_boards.json_of(days(dark=True)[0]) != live_boards.json_of(chart)
    send(scene, form(scene, "Agadez", lines=[tally(1)]), by="binta")
    assert "12,346" in live_boards.json_of(days()[1])


def test_the_json_of_an_object_that_readers_share_is_made_once_and_kept_within_bounds():
    common = live_boards.PartMemory(100)
    one, other = (live_boards.PartMemory(1_000, common) for _reader in range(2))
    shared, own = html.Div("shared"), html.Div("own")
    assert one.json_of(shared) is other.json_of(shared)
    assert json.loads(other.json_of(own))["props"] == {"children": "own"}
    assert [kept is own for kept, _text in common._texts.values()] == [True]


def test_only_what_differs_is_sent_and_of_an_unknown_page_everything(tmp_path):
    scene = open_scene(tmp_path)
    asking = RequestContext(scene["lena"], scene.store)
    sight = Sight.of(Watch.read(watch(scene.operation)), asking)
    with clock.at(EVENING):
        before = live_boards.draw_board(sight, asking)
        assert live_boards.draw_board(sight, asking).since(before.marks) is None
        send(scene, form(scene, lines=[tally(500)]))
        after = live_boards.draw_board(sight, asking)
    said = json.loads(f"{{{after.since(before.marks)}}}")
    assert said["number"] == after.number
    assert before.marks | {name: mark for name, mark, *_rest in said["parts"]} == after.marks
    parts = {(element, prop) for _name, _mark, element, prop, *_value in said["parts"]}
    assert {("situation-tile-K01", "children"), ("situation-days", "figure")} <= parts
    assert not {("situation-phases", "children"), ("situation-strip", "style")} & parts
    everything = json.loads(f"{{{after.since({'as_of': 'unknown'})}}}")["parts"]
    assert [len(each) for each in everything] == [5] * len(page.PARTS)  # whole, as nothing of the page is known


def test_a_page_and_the_board_that_is_sent_carry_the_same_mark(tmp_path):
    scene = open_scene(tmp_path)
    send(scene, form(scene, lines=[tally(500)]))
    asking = RequestContext(scene["lena"], scene.store)
    with clock.at(EVENING):
        found = live_boards.draw_board(Sight.of(Watch.read(watch(scene.operation)), asking), asking)
        with acting_as(scene["lena"], scene.store):
            assert marks_of(scene.operation) == found.marks
            shown = page.layout(str(scene.operation), **CHOSEN)
    [kept] = [each for each in found_in(shown, "Div") if getattr(each, "id", None) == "situation-shown"]
    assert json.loads(getattr(kept, DRAWN)) == {"parts": found.marks, "number": found.number}


class Leaders:
    """A draft, and two leaders who watch its situation from two browsers."""

    def __init__(self, site) -> None:
        self.site, self.desk = site, Desk(site)
        self.operation = self.desk.operation
        self.account = site.account(role="leadership")
        self.clients = [site.signed_in(self.account), site.signed_in(site.account(role="leadership"))]

    def shown(self) -> tuple[dict[str, str], int]:
        """The marks and number of the board as its page is drawn now."""
        with self.site.store.reading(System()) as session:
            by = membership.actor(session, self.account)
        with acting_as(by, self.site.store):
            with reading() as session:
                number = pulse.counts_of(session, by, self.operation)[self.operation].number
            return marks_of(self.operation), number

    def change(self, country: str) -> None:
        """The coordinator invites a country: everybody hears of it."""
        self.desk.as_owner(plan.invite, self.operation, parse(plan.CountryInvitation, {"country": country}))


def board_of(socket) -> dict[str, object]:
    """The next board that comes; what comes before it names no operation to ask about."""
    while "boards" not in (said := socket.receive_json()):
        assert said["operations"] == [], said
    [board] = said["boards"]
    return board


@pytest.mark.requirement("R63")
def test_a_board_is_drawn_once_for_all_who_watch_it_and_they_are_told_nothing_else(site, monkeypatch):
    minute = clock.now()  # each tile names it
    monkeypatch.setattr(clock, "_held", ContextVar("one_minute", default=minute))
    leaders, drawn = Leaders(site), []
    real = live_boards.draw_board
    monkeypatch.setattr(live_boards, "draw_board", lambda *given: drawn.append(given) or real(*given))
    marks, number = leaders.shown()
    with site.socket(leaders.clients[0]) as one, site.socket(leaders.clients[1]) as other:
        for socket in (one, other):
            socket.receive_json()
            socket.send_json([watch(leaders.operation, marks, number)])
        time.sleep(0.6)
        assert drawn == []  # what they show is what is true
        leaders.change("MLI")
        first, rest = ([board_of(socket) for socket in (one, other)] for _time in range(2))
    assert (first[0], rest[0]) == (first[1], rest[1])
    assert len(drawn) == 2
    assert {name for name, *_part in first[0]["parts"]} == {"as_of"}
    assert {"feed"} <= {name for name, *_part in rest[0]["parts"]}
    for name, mark, *_part in (*first[0]["parts"], *rest[0]["parts"]):
        marks[name] = mark
    assert (marks, rest[0]["number"]) == leaders.shown()
    assert rest[0]["number"] > number > first[0]["number"], "what the page shows is all of one moment with the rest"
    assert rest[0]["turn"] == 1


def test_figures_come_first_and_are_those_of_the_whole_board(tmp_path):
    scene = open_scene(tmp_path)
    asking = RequestContext(scene["lena"], scene.store)
    sight = Sight.of(Watch.read(watch(scene.operation)), asking)
    with clock.at(EVENING):
        before = live_boards.draw_board(sight, asking)
        assert live_boards.draw_board(sight, asking, (), before, True).marks == before.marks
        send(scene, form(scene, lines=[tally(500), hit(START + timedelta(hours=1))]))
        first = live_boards.draw_board(sight, asking, (), before, True)
        whole = live_boards.draw_board(sight, asking, (), first)
        unknown = live_boards.draw_board(sight, asking, (), None, True)
        assert live_boards.draw_board(sight, asking, (), unknown).marks == whole.marks
    moved = {name for name, mark in first.marks.items() if mark != before.marks[name]}
    assert {"as_of", "tile K01", "tile K05"} <= moved
    assert all(first.marks[name] == whole.marks[name] for name in moved | unknown.marks.keys())
    assert first.marks["days_table"] == before.marks["days_table"] != whole.marks["days_table"]
    assert (first.number, whole.number) == (before.number, before.number + 1)
    assert "days_table" not in unknown.marks
    assert unknown.number < 0


def test_all_choices_of_a_sight_are_drawn_from_one_reading_of_each_level(tmp_path, monkeypatch):
    """What is shared is what each would be drawn as alone, before and after reports, and is sent as JSON once."""
    scene, read, written = open_scene(tmp_path), [], []
    asking = RequestContext(scene["lena"], scene.store)
    choices = [(level, figure) for level in ("V1", "V2", "V3", "V4") for figure in ("K01", "K05", "K11")]
    sights = {
        choice: Sight.of(Watch.read(watch(scene.operation, level=choice[0], figure=choice[1])), asking)
        for choice in choices
    }
    real, real_json = kpi_board.board.read_board, live_boards.json_of
    monkeypatch.setattr(kpi_board.board, "read_board", lambda *given: read.append(given) or real(*given))
    monkeypatch.setattr(live_boards, "json_of", lambda part: written.append(part) or real_json(part))
    held = dict.fromkeys(choices)
    with clock.at(EVENING):
        for count in (0, 500, 700):
            if count:
                send(scene, form(scene, lines=[tally(count), hit(START + timedelta(hours=1))]))
            read.clear()
            for choice in choices:
                held[choice] = live_boards.draw_board(sights[choice], asking, (), held[choice])
            assert len(read) == 4
            for choice in choices:
                alone = draw_anew(sights[choice], asking)
                assert (alone.marks, alone.number) == (held[choice].marks, held[choice].number), choice
        live_boards._memories.clear()
        written.clear()
        alone = live_boards.draw_board(sights[choices[0]], asking)
        first = len(written)
        others = [live_boards.draw_board(sights[choice], asking) for choice in choices[1:3]]
    assert len(written) - first < first / 4
    assert all(board.marks["scene"] == alone.marks["scene"] for board in others)


def test_figures_that_came_first_are_read_again_only_where_something_happened_since(tmp_path, monkeypatch):
    scene, read = open_scene(tmp_path), []
    asking = RequestContext(scene["lena"], scene.store)
    sight = Sight.of(Watch.read(watch(scene.operation)), asking)
    real = kpi_board.board.read_board
    monkeypatch.setattr(kpi_board.board, "read_board", lambda *given: read.append(given) or real(*given))
    with clock.at(EVENING):
        send(scene, form(scene, lines=[tally(500)]))
        first = live_boards.draw_board(sight, asking, (), None, True)
        whole = live_boards.draw_board(sight, asking, (), first)
        assert len(read) == 1
        assert draw_anew(sight, asking).marks == whole.marks
        assert live_boards.draw_board(sight, asking, (), whole).marks == whole.marks
        send(scene, form(scene, lines=[tally(600)]))
        first = live_boards.draw_board(sight, asking, (), whole, True)
        send(scene, form(scene, lines=[tally(700)]))
        assert live_boards.draw_board(sight, asking, (), first).marks == draw_anew(sight, asking).marks
        assert len(read) == 5
        first = live_boards.draw_board(sight, asking, (), None, True)
        read.clear()
        with scene.store.unit_of_work(System()) as session:  # without an entry of the journal
            session.connection().execute(text("UPDATE total SET quantity = quantity + 1000, records = records + 1000"))
        assert live_boards.draw_board(sight, asking, (), first).marks == draw_anew(sight, asking).marks != first.marks
        assert len(read) == 2


@pytest.mark.parametrize(
    "said",
    [
        None,
        [],
        "x",
        {"board": BOARD},
        watch("x") | {"board": "nothing"},
        watch("x") | {"marks": "m"},
        watch("x") | {"marks": {"as_of": 7}},
        watch("x") | {"marks": {"as_of": "m" * 401}},
        watch("x") | {"marks": {"of nothing": "m"}},
        watch("x") | {"since": "1"},
        watch("x") | {"number": "1"},
        watch("x") | {"turn": None},
        watch("x") | {"chosen": ["x"]},
        watch("x") | {"chosen": {"operation_id": "x"}},
        watch("x", more="than is chosen"),
        watch("x", level="V" * 401),
        watch(["x" * 401]),
    ],
)
def test_what_is_no_board_is_not_watched(said):
    assert Watch.read(said) is None
    assert Watch.all([said, watch("x")]) == [Watch.read(watch("x"))]
    assert Watch.all(said) == []


def test_a_board_that_cannot_be_drawn_leaves_the_page_to_ask_for_itself(site):
    leaders = Leaders(site)
    with site.socket(leaders.clients[0]) as socket:
        socket.receive_json()
        socket.send_json([watch(nowhere := new_id())])
        said = socket.receive_json()
        assert (said["asks"], said["operations"], "boards" in said) == (True, [str(nowhere)], False)
        leaders.change("MLI")
        said = socket.receive_json()
    assert ("asks" in said, said["operations"]) == (False, [str(leaders.operation)])


def test_of_an_operation_out_of_reach_a_watch_learns_what_it_does_of_none(site):
    """Not even whether there is one: its number would tell how often something happened there."""
    leaders, watcher = Leaders(site), Watcher(site.store)
    watcher.seq, watcher.known, _reach = changed_since(site.store, 0)
    with site.store.reading(System()) as session:
        inside = membership.actor(session, leaders.account)
        outside = membership.actor(session, site.account(role="national_coordinator", country="PER"))
    assert watcher.number(inside, str(leaders.operation)) > 0
    assert watcher.number(outside, str(leaders.operation)) == watcher.number(outside, str(new_id())) == 0


def test_whoever_goes_is_drawn_for_no_longer(site, monkeypatch):
    leaders, drawn = Leaders(site), []
    real = live_boards.draw_board
    monkeypatch.setattr(live_boards, "draw_board", lambda *given: drawn.append(given) or real(*given))
    with site.socket(leaders.clients[0]) as socket:
        socket.receive_json()
        socket.send_json([watch(leaders.operation, *leaders.shown())])
        time.sleep(0.6)
    leaders.change("MLI")
    with site.socket(leaders.clients[1], "/pulse?since=0") as socket:
        while str(leaders.operation) not in socket.receive_json()["operations"]:
            pass
    assert drawn == []


def test_who_is_told_something_alone_shares_no_board_from_then_on(tmp_path):
    """What nobody else may know stands in that person's feed and moves that person's number."""
    scene, told = open_scene(tmp_path), set()
    operation = str(scene.operation)
    alone = lambda actor, where: where in (operation, None) and actor.account_id in told  # noqa: E731
    groups = watching.ScreenGroups(alone)
    monitors = [Screen(RequestContext(actor, scene.store), groups=groups) for actor in two_leaders(scene)]
    for screen in monitors:
        screen.ask([Watch.read(watch(operation))])
        screen.look_where_asked(lambda _actor, _operation: 0)
    assert monitors[0].looks[0].group is monitors[1].looks[0].group
    told.add(monitors[0].actor.account_id)
    key = next(iter(pulse.people(monitors[0].actor.account_id)))
    change = {scene.operation: OperationChange(Classification.FOR_OFFICIAL_USE, {key: 1})}
    asked = []
    groups.draw = lambda group, asking: asked.append((group, asking.actor))
    for screen in monitors:
        screen.tell(change, lambda actor: ReaderNews(visible_operations(actor, change), 1))
    assert [(group.sight.actor, actor) for group, actor in asked] == [(monitors[0].actor, monitors[0].actor)]
    assert monitors[0].looks[0].group is not monitors[1].looks[0].group


def two_leaders(scene) -> list[Actor]:
    """Two persons who otherwise see the same."""
    return [scene["lena"], replace(scene["lena"], account_id=new_id(), name="Somebody Else")]


def test_a_count_that_is_known_or_comes_before_the_first_message_is_not_sent(tmp_path):
    """Else a reader would learn from it that something happened which is not for them."""
    scene = open_scene(tmp_path)
    screen = Screen(RequestContext(scene["lena"], scene.store))
    screen.count({"unread": 0, "waits": 1})
    assert screen.take() is None
    screen.told = {"unread": 0, "waits": 1}
    screen.count({"unread": 0, "waits": 1})
    assert not screen.woken.is_set()
    screen.count({"unread": 0, "waits": 2})
    assert json.loads(screen.take())["told"] == {"unread": 0, "waits": 2}


def test_a_mark_cannot_be_made_by_who_guesses_what_others_see() -> None:
    guessed = {"children": "Potential victims of Niger: 7"}
    text = to_json_plotly(guessed, engine="json")
    assert fingerprint(text)[:16] != live_boards.mark(guessed) == live_boards.mark(dict(guessed))


def test_whoever_opens_boards_without_end_is_told_so_and_no_page_of_anybody_is(site, monkeypatch):
    monkeypatch.setattr("dashboard.server.rate_limits.HELD_BACK", 0.0)
    monkeypatch.setitem(site.app.doors.spending, "boards", RequestRate("12 per minute"))
    leaders = Leaders(site)
    with site.socket(leaders.clients[0]) as one, site.socket(leaders.clients[1]) as other:
        for socket in (one, other):
            socket.receive_json()
        other.send_json([watch(leaders.operation, *leaders.shown())])
        for turn in range(13):
            one.send_json([watch(leaders.operation, turn=turn, figure=f"{turn}")])
        with pytest.raises(WebSocketDisconnect) as closed:
            list(iter(one.receive_json, None))
        assert (closed.value.code, closed.value.reason) == (
            4429,
            "More boards were opened at once than Muster draws for one person.",
        )
        leaders.change("MLI")
        assert board_of(other)["turn"] == 1
    assert leaders.clients[0].get("/pulse/now").status_code == 200, "the page asks instead"


def test_a_page_watches_a_board_once() -> None:
    assert Watch.all([watch("x", level="V1"), watch("x", level="V2")]) == [Watch.read(watch("x", level="V2"))]


def test_what_most_look_at_is_drawn_first_and_no_board_more_than_four_times_a_second(tmp_path, monkeypatch):
    scene, drawn = open_scene(tmp_path), []
    asking = RequestContext(scene["lena"], scene.store)
    monkeypatch.setattr(watching, "AT_ONCE", 1)
    monkeypatch.setattr(
        live_boards, "draw_board", lambda sight, *_more: drawn.append(json.loads(dict(sight.chosen)["figure"]))
    )

    async def looked_at() -> None:
        groups = watching.ScreenGroups()
        joined = []
        for figure, looks in (("one", 1), ("another", 1), ("few", 2), ("many", 5), ("some", 3)):
            asked = Watch.read(watch(scene.operation, figure=figure))
            for number in range(looks):
                group = groups.join(Sight.of(asked, asking), partial(int, number), asked)
            joined.append(group)
        for _time in range(5):
            for group in joined:
                groups.draw(group, asking)
            await asyncio.sleep(0.01)
        await asyncio.gather(*(group.task for group in joined if group.task))

    begun = time.monotonic()
    asyncio.run(looked_at())
    assert drawn[:5] == ["one", "many", "some", "few", "another"]  # the first came when nothing waited
    assert len(drawn) <= 5 * (1 + (time.monotonic() - begun) / watching.DRAWN_EVERY)


def test_what_is_dear_to_draw_is_drawn_as_seldom_as_it_says(tmp_path, monkeypatch):
    scene, drawn = open_scene(tmp_path), []
    asking, board = RequestContext(scene["lena"], scene.store), live_boards.BOARDS[BOARD]
    monkeypatch.setattr(live_boards, "draw_board", lambda *_what: drawn.append(time.monotonic()))
    asked = Watch.read(watch(scene.operation))

    async def looked_at(every: float) -> list[float]:
        monkeypatch.setitem(live_boards.BOARDS, BOARD, board._replace(first=None, every=every))
        drawn.clear()
        groups = watching.ScreenGroups()
        group = groups.join(Sight.of(asked, asking), partial(int), asked)
        groups.draw(group, asking)
        await group.task
        groups.draw(group, asking)
        waiting = group.task
        await asyncio.wait([waiting], timeout=0.6)
        waiting.cancel()
        return [*drawn]

    assert [len(asyncio.run(looked_at(every))) for every in (0.0, 30.0)] == [2, 1]


def test_a_board_is_read_and_drawn_only_where_something_moved_that_it_shows_or_much_time_passed(tmp_path, monkeypatch):
    scene, drawings, told = open_scene(tmp_path), [], []
    asking, name = RequestContext(scene["lena"], scene.store), "timeline-bars"
    board = live_boards.BOARDS[name]

    def draw(operation_id: str, view: str) -> live_boards.Parts:
        drawings.append(operation_id)
        return board.draw(operation_id, view=view)

    monkeypatch.setitem(live_boards.BOARDS, name, board._replace(draw=draw))
    asked = Watch.read(watch(scene.operation) | {"board": name, "chosen": [str(scene.operation), "bars"]})

    async def pulsed(groups: watching.ScreenGroups, group: watching.Group) -> tuple[int, int]:
        groups.draw(group, asking)
        await group.task
        return len(drawings), group.drawn.number

    async def looked_at() -> None:
        groups = watching.ScreenGroups()
        group = groups.join(Sight.of(asked, asking), lambda: told.append(group.drawn.since(group.drawn.marks)), asked)
        with clock.at(EVENING):
            assert (await pulsed(groups, group))[0] == 1
            before = group.drawn
            for reports in (1, 2):  # told to this reader, and not shown there
                send(scene, form(scene, lines=[tally(500)]))
                assert await pulsed(groups, group) == (1, before.number + reports)
            assert group.drawn.marks == before.marks
            assert group.drawn.at == before.at
            add_task(scene)
            assert (await pulsed(groups, group))[0] == 2
            assert group.drawn.marks != before.marks
            assert (await pulsed(groups, group))[0] == 2
        with clock.at(EVENING + timedelta(seconds=live_boards.DRAWN_AGAIN - 1)):
            assert (await pulsed(groups, group))[0] == 2
            assert not group.old
            monkeypatch.setattr(group.drawn, "at", group.drawn.at - live_boards.DRAWN_AGAIN)
            assert group.old
        with clock.at(EVENING + timedelta(seconds=live_boards.DRAWN_AGAIN)):
            assert (await pulsed(groups, group))[0] == 3
        assert not group.old

    asyncio.run(looked_at())
    assert told == [None] * 7
