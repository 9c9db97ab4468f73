"""Every door has a limit: at once, waiting, and within a time; and what is refused says when to come again."""

import asyncio
import json
import re
import time

import pytest
from sqlmodel import func, select
from starlette.websockets import WebSocketDisconnect

from dashboard.server.rate_limits import REFUSALS, Door, RequestRate, Tries, open_doors
from dashboard.server.request_context import network
from dashboard.settings import Settings
from operations.core import failed_sign_ins, passwords, sign_in, sign_in_throttle
from operations.core.errors import RuleBroken, TooMany
from operations.core.journal import AccessEntry, Chain, verify
from operations.core.people import System
from tests.dashboard.conftest import ORIGIN, PASSWORD
from tests.dashboard.desks import open_scene
from tests.dashboard.test_callback_validation import _spec

PATH = "/_dash-update-component"


# ---------------------------------------------------------------------------------------------------- the parts


def test_a_door_lets_in_so_many_of_each_and_lets_others_by():
    async def play():
        door, inside, log = Door(each=2, together=3, waiting=1), asyncio.Event(), []

        async def pass_as(key):
            async with door.passing(key):
                log.append(key)
                await inside.wait()

        first = [asyncio.create_task(pass_as("one")) for _ in range(3)]
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        assert log == ["one", "one"], "the third waits"
        with pytest.raises(TooMany) as refused:
            await pass_as("one")
        assert refused.value.seconds >= 1
        other = asyncio.create_task(pass_as("two"))
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        assert log == ["one", "one", "two"], "somebody else is not kept by who waits"
        inside.set()
        await asyncio.gather(*first, other)
        assert sorted(log) == ["one", "one", "one", "two"]
        assert not door._lines, "nothing is kept of who left"

    asyncio.run(play())


def test_who_gives_up_while_waiting_leaves_no_place_taken():
    async def play():
        door, inside = Door(each=1, together=1, waiting=5), asyncio.Event()

        async def pass_as(key):
            async with door.passing(key):
                await inside.wait()

        holder = asyncio.create_task(pass_as("one"))
        await asyncio.sleep(0)
        waiting = [asyncio.create_task(pass_as("two")) for _ in range(3)]
        await asyncio.sleep(0)
        for each in waiting:
            each.cancel()
        await asyncio.gather(*waiting, return_exceptions=True)
        assert list(door._lines) == ["one"]
        inside.set()
        await holder
        await asyncio.wait_for(pass_as("two"), 5)

    asyncio.run(play())


@pytest.mark.requirement("ASVS 15.2.2")
def test_who_would_wait_too_long_behind_others_is_refused_at_once_with_the_time(monkeypatch):
    """Ten requests of different people that take a second each, one at a time, with a patience of three seconds."""

    async def play():
        door, now = Door(each=4, together=1, waiting=60, patience=3.0), [0.0]
        monkeypatch.setattr("dashboard.server.rate_limits.time.monotonic", lambda: now[0])
        begun, go_on = [], asyncio.Semaphore(0)

        async def pass_as(key):
            async with door.passing(key):
                begun.append(key)
                await go_on.acquire()
                now[0] += 1.0

        for early in range(60):  # by these the door knows its pace
            go_on.release()
            await pass_as(early)
        crowd = [asyncio.create_task(pass_as(f"crowd {number}")) for number in range(10)]
        for _step in range(4):
            await asyncio.sleep(0)
        refused = [each.exception() for each in crowd if each.done()]
        assert len(refused) == 5, "one is inside, and four wait"
        assert {type(each) for each in refused} == {TooMany}
        assert {each.seconds for each in refused} == {4}
        for _left in range(5):
            go_on.release()
        await asyncio.gather(*(each for each in crowd if not each.done()))
        assert len(begun) == 65
        go_on.release()
        await pass_as("later")

    asyncio.run(play())


def test_a_rate_is_of_each_key():
    rate = RequestRate("3 per 10 minutes")
    assert [rate.spend("ana") for _ in range(3)] == [0.0, 0.0, 0.0]
    assert 1 <= rate.spend("ana") <= 1200
    assert rate.left("ana") > 0
    assert rate.spend("bruno") == 0.0


def test_what_is_set_is_read_at_the_start():
    assert open_doors(Settings(writes="2 per minute")).spending["writes"].spend("x") == 0.0
    with pytest.raises(ValueError, match="writes"):
        Settings(writes="often")


@pytest.mark.parametrize(
    ("source", "named"),
    [
        ("192.0.2.7", "192.0.2.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("::ffff:192.0.2.7", "192.0.2.7"),
        ("testclient", "testclient"),
    ],
)
@pytest.mark.requirement("ASVS 15.3.4")
def test_a_household_of_ipv6_is_one_source(source, named):
    assert network({"client": (source, 1)}) == named


# ---------------------------------------------------------------------------------------------------- signing in


def _try(site, username, password=f"not {PASSWORD}"):
    return site.visitor().post("/sign-in", data={"username": username, "password": password})


def _wrong_tries(site, monkeypatch, kind="passwords", seconds=0.3):
    """As after many wrong tries from this network: each further one takes its time."""
    monkeypatch.setattr("dashboard.server.rate_limits.SLOW_SECONDS", seconds)
    tries = Tries(RequestRate("80 per 15 minutes"))
    monkeypatch.setattr(site.app.doors, kind, tries)
    for _number in range(80):
        tries.failed("testclient")


def _timed(answer):
    begun = time.monotonic()
    return answer(), time.monotonic() - begun


@pytest.mark.requirement("ASVS 6.3.1")
def test_eighty_wrong_tries_close_their_network_to_nobody(site, monkeypatch):
    """The right password of whoever was never here gets in; right, wrong and unknown take the same time."""
    colleague = site.account()
    _wrong_tries(site, monkeypatch)
    unknown, first = _timed(lambda: _try(site, "<b>nobody"))
    wrong, second = _timed(lambda: _try(site, colleague.username))
    right, third = _timed(lambda: _try(site, colleague.username, PASSWORD))
    assert [answer.status_code for answer in (unknown, wrong, right)] == [401, 401, 303]
    assert min(first, second, third) >= 0.3
    assert unknown.text.replace("&lt;b&gt;nobody", "") == wrong.text.replace(colleague.username, "")


def test_wrong_passwords_slow_down_no_invitation_and_no_wall(site, monkeypatch):
    _wrong_tries(site, monkeypatch, seconds=60)
    for path in ("/invitation", "/wall"):
        assert site.visitor().post(path, data={"code": "no such link"}).status_code == 410


def test_wrong_links_slow_down_links_alone_and_close_nothing(site, monkeypatch):
    _wrong_tries(site, monkeypatch, "links")
    answer, seconds = _timed(lambda: site.visitor().post("/invitation", data={"code": "no such link"}))
    assert (answer.status_code, seconds >= 0.3) == (410, True)
    answer, seconds = _timed(lambda: site.visitor().post("/wall", data={"code": "no such link"}))
    assert (answer.status_code, seconds >= 0.3) == (410, True)
    assert not site.app.doors.passwords.slow("testclient")


def test_a_right_password_waits_until_its_account_may_be_tried_again(site, monkeypatch):
    """Whoever guesses at an account from the same network costs its owner seconds."""
    owner = site.account()
    assert [_try(site, owner.username).status_code for _number in range(5)] == [401] * 5
    answer, seconds = _timed(lambda: _try(site, owner.username, PASSWORD))
    assert answer.status_code == 303
    assert 0.5 < seconds < 5
    assert _try(site, owner.username).status_code == 401, "what failed before is forgotten"


def test_only_few_wait_until_an_account_may_be_tried_again(site, monkeypatch):
    monkeypatch.setitem(site.app.doors.rows, "patience", Door(each=0, together=0, waiting=0))
    monkeypatch.setattr("dashboard.server.rate_limits.HELD_BACK", 0.0)
    owner = site.account()
    assert [_try(site, owner.username).status_code for _number in range(6)] == [401] * 5 + [429]


def test_beyond_the_line_of_a_network_a_try_is_refused_in_few_bytes_before_a_page_is_drawn(site, monkeypatch):
    monkeypatch.setitem(site.app.doors.rows, "tries", Door(each=0, together=0, waiting=0))
    monkeypatch.setattr("dashboard.server.rate_limits.HELD_BACK", 0.0)
    monkeypatch.setattr("dashboard.frame.sign_in.plain_page", lambda *_given, **_named: pytest.fail("drawn"))
    for path in ("/sign-in", "/invitation", "/wall"):
        answer = site.visitor().post(path, data={"username": "ana", "password": "x", "code": "x"})
        assert (answer.status_code, len(answer.content) <= 64, answer.headers["retry-after"]) == (429, True, "5")


@pytest.mark.parametrize("path", ["/ready", "/health"])
def test_probes_have_a_door_and_ask_no_database_each(site, path, monkeypatch):
    asked = []
    ready = site.store.ready
    monkeypatch.setattr(type(site.store), "ready", lambda _store: asked.append(path) or ready())
    assert {site.visitor().get(path).status_code for _number in range(20)} == {200}
    assert len(asked) <= 2
    monkeypatch.setitem(site.app.doors.rows, "probes", Door(each=0, together=0, waiting=0))
    monkeypatch.setattr("dashboard.server.rate_limits.HELD_BACK", 0.0)
    assert site.visitor().get(path).status_code == 429


@pytest.mark.parametrize("headers", [{"host": "evil.example"}, {"origin": "https://elsewhere.example"}])
def test_what_comes_from_elsewhere_has_a_door_too(site, monkeypatch, headers):
    assert site.visitor().post("/sign-in", headers=headers).status_code in (400, 403)
    monkeypatch.setitem(site.app.doors.rows, "refusals", Door(each=0, together=0, waiting=0))
    monkeypatch.setattr("dashboard.server.rate_limits.HELD_BACK", 0.0)
    assert site.visitor().post("/sign-in", headers=headers).status_code == 429


def test_sockets_of_strangers_go_through_their_door(site, monkeypatch):
    monkeypatch.setitem(site.app.doors.rows, "strangers", Door(each=0, together=0, waiting=0))
    stranger = site.visitor()
    stranger.cookies.set("muster", "forged")
    with pytest.raises(WebSocketDisconnect) as closed, site.socket(stranger):
        pass
    assert closed.value.code == 1013


def test_a_door_with_a_rate_lets_in_so_many_a_second_of_each_and_others_by():
    async def play():
        door, seen = Door(each=2, together=8, waiting=20, rate=20), []

        async def ask(key):
            begun = time.monotonic()
            async with door.passing(key):
                seen.append(key)
            return time.monotonic() - begun

        crowd = [asyncio.create_task(ask("crowd")) for _ in range(10)]
        await asyncio.sleep(0.1)
        other = await ask("somebody else")
        return other, max(await asyncio.gather(*crowd)), seen

    other, last, seen = asyncio.run(play())
    assert other < 0.1, "a crowd keeps its own network waiting"
    assert last >= (10 - 2) / 20 - 0.05
    assert seen[-1] == "crowd"


def test_refusals_of_a_network_are_bounded_in_a_second(monkeypatch):
    monkeypatch.setattr("dashboard.server.rate_limits.HELD_BACK", 0.01)

    async def play():
        doors = open_doors(Settings())
        held = [asyncio.create_task(doors.hold_back("crowd")) for _ in range(20 * REFUSALS)]
        await asyncio.sleep(0)
        begun = time.monotonic()
        await doors.hold_back("somebody else")
        other = time.monotonic() - begun
        await held[-1]
        return other, time.monotonic() - begun, doors._held

    other, crowd, left = asyncio.run(play())
    assert other < 0.1 < crowd
    assert not any(left.values())


def test_a_person_is_refused_at_their_own_pace_and_strangers_at_that_of_their_network(site, monkeypatch):
    held = []

    async def hold_back(key, times=1):
        held.append(key)

    monkeypatch.setattr(site.app.doors, "hold_back", hold_back)
    first, second = site.signed_in(), site.signed_in()
    for door in ("pages", "public"):
        monkeypatch.setitem(site.app.doors.rows, door, Door(each=0, together=0, waiting=0))
    for client, path in ((first, "/account"), (second, "/account"), (first, "/account"), (site.visitor(), "/sign-in")):
        assert client.get(path).status_code == 429
    assert held[0] == held[2] != held[1]
    assert held[3] not in held[:3]


@pytest.mark.requirement("R3")
def test_beyond_the_queue_a_sign_in_is_told_when_to_try_again(site, monkeypatch):
    monkeypatch.setitem(site.app.doors.rows, "sign-in", Door(each=0, together=0, waiting=0))
    monkeypatch.setattr("dashboard.server.rate_limits.HELD_BACK", 0.0)
    answer = site.visitor().post(
        "/sign-in", data={"username": "ana", "password": "x"}, headers={"accept-language": "fr"}
    )
    assert answer.status_code == 429
    assert int(answer.headers["retry-after"]) >= 1
    assert 'value="ana"' in answer.text
    assert re.search(r'<p class="said"[^>]*>[^<]+</p>', answer.text)
    assert 'lang="fr"' in answer.text


def test_a_body_that_is_no_sign_in_is_not_gathered(site):
    answer = site.visitor().post("/sign-in", data={"username": "ana", "password": "x" * 40_000})
    assert answer.status_code == 413


def _entries(store):
    with store.reading(System()) as session:
        return session.exec(select(func.count()).select_from(AccessEntry)).one()


@pytest.mark.requirement("ASVS 16.3.3")
def test_strangers_who_try_without_end_add_one_entry_for_each_source_and_period(tmp_path, monkeypatch):
    scene = open_scene(tmp_path)
    monkeypatch.setattr(passwords, "matches", lambda *_given: False)
    before = _entries(scene.store)
    for number in range(60):
        with pytest.raises(RuleBroken):
            sign_in.sign_in(scene.store, f"nobody{number}", "x", f"192.0.2.{number % 3}")
    assert _entries(scene.store) == before, "nothing is written one by one"
    assert failed_sign_ins.enter(scene.store) == 0, "the period is not over"
    assert failed_sign_ins.enter(scene.store, due=False) == 3
    with scene.store.reading(System()) as session:
        told = session.exec(select(AccessEntry).order_by(AccessEntry.seq.desc()).limit(3)).all()
        assert verify(session, Chain.ACCESS).broken_at is None
    assert {(each.detail["source"], each.detail["tries"], each.outcome) for each in told} == {
        (f"192.0.2.{number}", 20, "failed") for number in range(3)
    }
    assert failed_sign_ins.enter(scene.store, due=False) == 0
    scene.store.dispose()


def test_a_crowd_of_sources_and_of_known_names_is_bounded_too(tmp_path, monkeypatch):
    scene = open_scene(tmp_path)
    monkeypatch.setattr(failed_sign_ins, "SOURCES", 5)
    monkeypatch.setattr(failed_sign_ins, "ONE_BY_ONE", 3)
    monkeypatch.setattr(passwords, "matches", lambda *_given: False)
    before = _entries(scene.store)
    for number in range(12):
        for username in ("bruno", "nobody"):
            with pytest.raises(RuleBroken):
                sign_in.sign_in(scene.store, username, "x", f"192.0.2.{number}")
    assert _entries(scene.store) - before == 3, "of a known account the first ones are told one by one"
    assert failed_sign_ins.enter(scene.store, due=False) == 6, "five sources, and one entry for all others"
    with scene.store.reading(System()) as session:
        told = session.exec(select(AccessEntry).order_by(AccessEntry.seq.desc()).limit(6)).all()
    assert sum(each.detail["tries"] for each in told) == 24 - 3
    scene.store.dispose()


def test_what_cannot_be_stored_is_told_later(tmp_path, monkeypatch):
    scene = open_scene(tmp_path)
    failed_sign_ins.of(scene.store).count("192.0.2.1", "failed")
    with monkeypatch.context() as full:
        full.setattr(failed_sign_ins.journal, "record", _disk_full)
        with pytest.raises(OSError, match="full"):
            failed_sign_ins.enter(scene.store, due=False)
    assert failed_sign_ins.enter(scene.store, due=False) == 1
    scene.store.dispose()


def _disk_full(*_given, **_named):
    raise OSError("The disk is full")


def test_old_failures_are_forgotten(tmp_path, monkeypatch):
    """The table of failures holds a quarter of an hour, not the history of an attack."""
    from datetime import timedelta

    from operations.core import clock

    scene = open_scene(tmp_path)
    monkeypatch.setattr(passwords, "matches", lambda *_given: False)
    for minutes in (0, 5, 30):
        with clock.at(clock.now() + timedelta(minutes=minutes)), pytest.raises(RuleBroken):
            sign_in.sign_in(scene.store, f"nobody{minutes}", "x", "192.0.2.1")
    with scene.store.reading(System()) as session:
        assert len(session.exec(select(sign_in_throttle.Attempt)).all()) == 1
    scene.store.dispose()


def test_any_secret_can_be_guarded_as_a_sign_in_is(tmp_path):
    scene = open_scene(tmp_path)
    for _attempt in range(sign_in_throttle.FREE_FAILURES):
        with scene.store.unit_of_work(System()) as session:
            sign_in_throttle.refuse_haste(session, "password of bruno", "192.0.2.1", field="old")
            sign_in_throttle.note_failure(session, "password of bruno", "192.0.2.1")
    with scene.store.reading(System()) as session:
        with pytest.raises(sign_in_throttle.Hasty, match="Too many attempts") as refused:
            sign_in_throttle.refuse_haste(session, "password of bruno", "192.0.2.1", field="old")
        sign_in_throttle.refuse_haste(session, "password of ana", "192.0.2.1")
    assert (refused.value.flaws[0].field, refused.value.seconds > 0) == ("old", True)
    with scene.store.unit_of_work(System()) as session:
        sign_in_throttle.forget_failures(session, "password of bruno", "192.0.2.1")
        sign_in_throttle.refuse_haste(session, "password of bruno", "192.0.2.1")
    scene.store.dispose()


# ------------------------------------------------------------------------------------------------ signed-in people


def _save_told(site):
    """A callback that writes: how a person is told, on the account page."""
    known = site.app.inside.dash.callback_map
    name = next(each for each in known if "base-of-account-told.data" in each)
    values = {"way": "inbox", "address": "", "zone": "UTC", "quiet_from": None, "quiet_to": None, "digest_at": None}
    state = {(f"account-told-{name}", "value"): value for name, value in values.items()}
    state |= {("account-told-version", "data"): "", ("base-of-account-told", "data"): {}}
    return {
        "output": name,
        "outputs": _spec(known[name]["output"]),
        "inputs": [{"id": "account-told-send", "property": "n_clicks", "value": 1}],
        "state": [{"id": of, "property": kind, "value": value} for (of, kind), value in state.items()],
        "changedPropIds": ["account-told-send.n_clicks"],
    }


@pytest.mark.requirement("R62")
def test_who_writes_too_fast_is_told_when_to_go_on_and_others_are_not(site, monkeypatch):
    monkeypatch.setitem(site.app.doors.spending, "writes", RequestRate("3 per 10 minutes"))
    monkeypatch.setattr("dashboard.server.rate_limits.HELD_BACK", 0.0)
    client, other = site.signed_in(language="fr"), site.signed_in()
    answers = [client.post(PATH, json=_save_told(site)) for _ in range(4)]
    assert [each.status_code for each in answers] == [200, 200, 200, 429]
    assert 1 <= int(answers[-1].headers["retry-after"]) <= 1200
    assert "Réessayez" in json.loads(answers[-1].text)["error"]
    assert other.post(PATH, json=_save_told(site)).status_code == 200
    assert client.get("/pulse/now").status_code == 200, "reading goes on"
    assert client.post("/preferences", data={"theme": "dark"}).status_code == 429


def test_twenty_writes_in_a_row_are_taken(site):
    client = site.signed_in()
    assert {client.post(PATH, json=_save_told(site)).status_code for _ in range(20)} == {200}


@pytest.mark.requirement("ASVS 2.4.1")
def test_too_many_exports_say_when_to_come_again_as_a_page_and_as_data(site, monkeypatch):
    monkeypatch.setitem(site.app.doors.spending, "exports", RequestRate("1 per 10 minutes"))
    monkeypatch.setattr("dashboard.server.rate_limits.HELD_BACK", 0.0)
    client = site.signed_in()
    path = "/export/operations/699e1a57-151b-48bf-8288-62ded3164d55/reports.csv"
    assert client.post(path).status_code == 404
    refused = client.post(path)
    assert refused.status_code == 429
    assert "Try again in" in refused.json()["error"]
    shown = client.post(path, headers={"sec-fetch-mode": "navigate", "sec-fetch-dest": "document"})
    assert (shown.status_code, shown.headers["content-type"]) == (429, "text/html; charset=utf-8")
    assert "Try again in" in shown.text
    assert "retry-after" in shown.headers


def test_sockets_of_one_person_are_bounded_and_told_why(site, monkeypatch):
    monkeypatch.setattr(site.app.doors, "sockets", 2)
    monkeypatch.setattr("dashboard.server.rate_limits.HELD_BACK", 0.0)
    client, other = site.signed_in(), site.signed_in()
    with site.socket(client) as one, site.socket(client) as two:
        one.receive_json()
        two.receive_json()
        with site.socket(client) as third, pytest.raises(WebSocketDisconnect) as closed:
            third.receive_json()
        assert closed.value.code == 4429
        assert "2 screens" in closed.value.reason
        with site.socket(other) as theirs:
            theirs.receive_json()
        assert client.get("/pulse/now").status_code == 200, "the screen asks instead"
    with site.socket(client) as again:
        again.receive_json()


# --------------------------------------------------------------------------------------------------- the way in


@pytest.mark.parametrize(
    "host", ["evil.example", "127.0.0.1.evil.example", "", "localhost.evil.example:8060", "8.8.8.8"]
)
def test_on_loopback_only_names_of_loopback_are_answered(site, host):
    assert site.signed_in().get("/account", headers={"host": host}).status_code == 400
    same = {"host": host, "origin": f"http://{host}"}
    assert site.visitor().post("/sign-in", data={"username": "a", "password": "b"}, headers=same).status_code == 400
    assert site.visitor().get("/health", headers={"host": host}).status_code == 200


@pytest.mark.parametrize("host", ["127.0.0.1:8060", "localhost:9", "LOCALHOST", "[::1]:8060", "127.1.2.3"])
def test_every_name_of_loopback_is_answered(site, host):
    assert site.visitor().get("/sign-in", headers={"host": host}).status_code == 200


@pytest.mark.parametrize(
    ("origin", "host", "own"),
    [
        ("https://muster.example", "muster.example", True),
        ("https://muster.example", "MUSTER.example:443", True),
        ("https://muster.example", "muster.example:80", False),
        ("https://muster.example:8443", "muster.example:8443", True),
        ("https://muster.example:8443", "muster.example", False),
        ("https://muster.example", "evil.example", False),
        ("https://muster.example", "muster.example:x", False),
        ("http://muster.example", "muster.example", True),
        ("", "anything.example", True),
    ],
)
def test_the_host_is_that_of_the_public_origin(site, monkeypatch, origin, host, own):
    monkeypatch.setattr(site.app, "settings", Settings(host="0.0.0.0", public_origin=origin))  # noqa: S104
    assert site.app.own_host(host) is own


@pytest.mark.parametrize("path", ["/nowhere", "/operations", "/operations/x/y/z", "/data/nothing", "/not-found-404"])
def test_an_unknown_address_answers_404_with_the_page(site, path):
    answer = site.signed_in().get(path)
    assert answer.status_code == 404
    if not path.startswith("/data"):
        assert "react-entry-point" in answer.text


@pytest.mark.parametrize("path", ["/", "/account", "/today", "/operations/699e1a57-151b-48bf-8288-62ded3164d55/plan"])
def test_a_known_address_answers_200(site, path):
    assert site.signed_in().get(path).status_code == 200


@pytest.mark.parametrize(
    "since", ["", "?since=0", "?since=-5", f"?since={2**31}", f"?since={2**62}", f"?since={'9' * 400}"]
)
def test_the_pulse_is_told_whatever_number_is_named(site, since):
    answer = site.signed_in().get(f"/pulse/now{since}")
    assert (answer.status_code, answer.json()["operations"]) == (200, [])
    assert answer.json()["seq"] >= 0


def test_a_stranger_asks_no_thread_who_it_is(site, monkeypatch):
    monkeypatch.setattr(site.app, "_identify", lambda *_given: pytest.fail("asked"))
    assert site.visitor().get("/pulse/now").status_code == 401
    assert site.visitor().get("/pulse/now", headers={"origin": ORIGIN}).status_code == 401
