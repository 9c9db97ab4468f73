"""Who is told, once on each way; quiet hours, the digest, and mail that is tried again: all without content."""

from datetime import UTC, datetime, time, timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlmodel import select

from operations.core import clock
from operations.core.drafts import parse
from operations.core.errors import NotFound, RuleBroken
from operations.core.people import Account, Actor, Posting, System
from operations.core.vocabulary import Classification, MessageKind, Role
from operations.notices import inbox, outbox
from operations.notices.messages import Delivery, Message, To, tell
from operations.notices.outbox import Mail, Unsent
from operations.notices.preferences import HabitsDraft, MessageHabits, choose, habits, mail_at
from tests.makers import START, Running
from tests.people import CAST, actor

NIGHT = datetime(2026, 3, 2, 23, 0, tzinfo=UTC)
OFFICERS = To(roles=frozenset({Role.NATIONAL_OFFICER}), country="NER")


def told(scene: Running, to: Any = OFFICERS, kind: str = "report_missing", at: datetime = START, **changes: Any) -> int:
    content = {"link": "/operations/x/reports", "number": 2, "key": "k1", "by": System(), **changes}
    with clock.at(at), scene.store.unit_of_work(content["by"]) as session:
        return tell(session, to, MessageKind(kind), **content)


def chosen(scene: Running, name: str, **changes: Any) -> None:
    with scene.store.unit_of_work(scene[name]) as session:
        choose(session, parse(HabitsDraft, changes), habits(session, scene[name]).version, scene[name])


def unread(scene: Running, name: str) -> int:
    with scene.store.reading(scene[name]) as session:
        return inbox.unread(session, scene[name])


class Post:
    """Takes letters, or refuses them as a server does."""

    def __init__(self, *refusals: Unsent) -> None:
        self.letters: list[Mail] = []
        self.refusals = list(refusals)

    def __call__(self, letter: Mail) -> None:
        if self.refusals:
            raise self.refusals.pop(0)
        self.letters.append(letter)


def test_everybody_meant_is_told_once_however_often_it_is_told(scene: Running) -> None:
    assert told(scene) == 2
    assert told(scene) == 0
    assert [unread(scene, name) for name in ("bruno", "binta", "boubacar", "mateo")] == [1, 1, 0, 0]
    team = To(roles=frozenset({Role.NATIONAL_OFFICER, Role.TEAM_LEADER}), country="NER")
    assert told(scene, [team, To.those(actor("mateo").account_id)]) == 2  # only those who were not
    with scene.store.reading(System()) as session:
        assert len(session.exec(select(Message)).all()) == 1


def test_officers_of_other_sites_and_people_without_mandate_or_clearance_are_not_told(scene: Running) -> None:
    with scene.store.unit_of_work(System()) as session:
        session.add(Posting(account_id=actor("bruno").account_id, site_id=scene.sites["Agadez"]))
        binta = session.get_one(Account, actor("binta").account_id)
        binta.clearance = Classification.FOR_OFFICIAL_USE.value
        moussa = session.get_one(Account, actor("moussa").account_id)
        moussa.expires_at = START
    everybody = frozenset(Role) - {Role.ADMINISTRATOR}
    niamey = To(roles=everybody, country="NER", sites=frozenset({scene.sites["Niamey"]}), operation=scene.operation)
    assert told(scene, niamey) == len({"binta", "boubacar", "chaima", "ana", "dov", "lena", "otto"})
    assert told(scene, niamey, key="k2", classification=Classification.CONFIDENTIAL) == 6
    assert told(scene, To(roles=frozenset({Role.NATIONAL_COORDINATOR}), country="MLI"), key="k3") == 0
    assert told(scene, To(roles=frozenset({Role.OPERATION_COORDINATOR}), operation=UUID(int=9)), key="k4") == 0


def test_nobody_is_told_of_what_they_did_themselves(scene: Running) -> None:
    assert told(scene, by=scene["bruno"]) == 1
    assert (unread(scene, "bruno"), unread(scene, "binta")) == (0, 1)


def test_an_inbox_is_its_owner_s_and_remembers_what_was_read(scene: Running) -> None:
    told(scene)
    told(scene, key="k2", at=START + timedelta(hours=1))
    with scene.store.unit_of_work(scene["bruno"]) as session:
        newest, oldest = inbox.messages(session, scene["bruno"])
        assert newest.message.made_at > oldest.message.made_at
        assert inbox.read(session, newest.message.id, scene["bruno"]).link == "/operations/x/reports"
        assert [each.read for each in inbox.messages(session, scene["bruno"])] == [False, True]
    for name in set(CAST) - {"bruno", "binta"}:
        with scene.store.unit_of_work(scene[name]) as session:
            assert session.exec(select(Message)).all() == []
            assert session.exec(select(Delivery)).all() == []
            with pytest.raises(NotFound):
                inbox.read(session, oldest.message.id, scene[name])
    with scene.store.unit_of_work(scene["bruno"]) as session:
        assert inbox.read_all(session, scene["bruno"]) == 1
        assert inbox.read_all(session, scene["bruno"]) == 0
    assert (unread(scene, "bruno"), unread(scene, "binta")) == (0, 2)


def test_mail_goes_to_who_chose_it_with_a_number_and_never_twice(scene: Running) -> None:
    chosen(scene, "bruno", way="both", address="bruno@police.example")
    chosen(scene, "binta", way="mail", address="binta@police.example")
    told(scene)
    assert (unread(scene, "bruno"), unread(scene, "binta")) == (1, 0)
    post = Post()
    assert outbox.send_due(scene.store, post, START) == 2
    assert outbox.send_due(scene.store, post, START + timedelta(days=1)) == 0
    assert {letter.address for letter in post.letters} == {"bruno@police.example", "binta@police.example"}
    assert {(len(letter.messages), letter.messages[0].number) for letter in post.letters} == {(1, 2)}


def test_quiet_hours_hold_mail_back_and_what_is_urgent_does_not_wait(scene: Running) -> None:
    hours = {"zone": "Africa/Niamey", "quiet_from": "22:00", "quiet_to": "06:30"}
    chosen(scene, "bruno", way="mail", address="b@police.example", **hours)
    told(scene, at=NIGHT)
    told(scene, kind="chain_broken", key="k2", at=NIGHT)
    post = Post()
    outbox.send_due(scene.store, post, NIGHT)
    assert [letter.messages[0].urgent for letter in post.letters] == [True]
    assert outbox.send_due(scene.store, post, NIGHT + timedelta(hours=6, minutes=29)) == 0
    assert outbox.send_due(scene.store, post, NIGHT + timedelta(hours=6, minutes=30)) == 1


def test_a_digest_is_one_mail_a_day(scene: Running) -> None:
    chosen(scene, "bruno", way="mail", address="b@police.example", digest_at="07:00")
    for hour in range(5):
        told(scene, key=f"k{hour}", at=START.replace(hour=8 + hour))
    told(scene, kind="chain_broken", key="urgent", at=START.replace(hour=14))
    post, morning = Post(Unsent("busy")), START.replace(hour=7) + timedelta(days=1)
    assert outbox.send_due(scene.store, post, morning - timedelta(minutes=1)) == 0  # the urgent one: refused once
    assert outbox.send_due(scene.store, post, morning + timedelta(minutes=1)) == 2
    assert sorted(len(letter.messages) for letter in post.letters) == [1, 5]


def test_a_mail_that_cannot_leave_is_tried_again_later_and_given_up_in_the_end(scene: Running) -> None:
    chosen(scene, "bruno", way="mail", address="b@police.example")
    told(scene)
    moment, post = START, Post(*(Unsent("connection refused") for _each in range(3)))
    for _each in range(3):
        assert outbox.send_due(scene.store, post, moment) == 0
        assert outbox.send_due(scene.store, post, moment + timedelta(seconds=1)) == 0  # not at once
        moment += timedelta(hours=1)
    assert outbox.send_due(scene.store, post, moment) == 1
    told(scene, key="k2")
    assert outbox.send_due(scene.store, Post(Unsent("no such user", for_good=True)), START) == 0
    with scene.store.reading(System()) as session:
        gone = session.exec(select(Delivery).where(Delivery.way == "mail").order_by(Delivery.given_up_at)).all()  # type: ignore[arg-type]
    assert [each.failure for each in gone if each.given_up_at] == ["no such user"]
    assert outbox.send_due(scene.store, post, START + timedelta(days=9)) == 0


def test_a_sender_that_dies_between_taking_and_marking_sends_the_same_mail_again(scene: Running) -> None:
    chosen(scene, "bruno", way="mail", address="b@police.example")
    told(scene)
    with scene.store.unit_of_work(System()) as session:
        [first] = outbox.take(session, START)
    with scene.store.unit_of_work(System()) as session:
        assert outbox.take(session, START) == []
        [again] = outbox.take(session, START + outbox.HOLD)
    assert first.id == again.id


def test_who_chose_another_way_since_is_sent_nothing(scene: Running) -> None:
    chosen(scene, "bruno", way="mail", address="b@police.example")
    told(scene)
    chosen(scene, "bruno", way="inbox", address="")
    post = Post()
    assert outbox.send_due(scene.store, post, START) == 0
    assert post.letters == []


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"way": "mail"}, "needs an address"),
        ({"way": "mail", "address": "nobody"}, "not a mail address"),
        ({"address": "a@b\nBcc: c@d"}, "not a mail address"),
        ({"quiet_from": "22:00"}, "beginning and an end"),
        ({"quiet_from": "22:00", "quiet_to": "22:00"}, "another hour"),
        ({"zone": "Mars/Base"}, "time zone"),
    ],
)
def test_what_cannot_be_meant_is_refused(changes: dict[str, str], words: str) -> None:
    with pytest.raises(RuleBroken) as refused:
        parse(HabitsDraft, changes)
    assert words in str(refused.value)


def test_an_hour_that_clocks_skip_or_show_twice_comes_once() -> None:
    habits = MessageHabits(zone="Europe/Paris", digest_at=time(2, 30))
    moment, seen = datetime(2026, 3, 27, 12, 0, tzinfo=UTC), []
    for _day in range(4):
        moment, _digest = mail_at(habits, moment, urgent=False)
        seen.append(moment)
    assert [each.day for each in seen] == [28, 29, 30, 31]
    moment, seen = datetime(2026, 10, 24, 12, 0, tzinfo=UTC), []
    for _day in range(3):
        moment, _digest = mail_at(habits, moment, urgent=False)
        seen.append(moment)
    assert [each.day for each in seen] == [25, 26, 27]


def test_habits_are_one_s_own(scene: Running) -> None:
    chosen(scene, "bruno", way="mail", address="b@police.example")
    for name in ("chaima", "ada"):
        with scene.store.reading(scene[name]) as session:
            assert session.exec(select(MessageHabits)).all() == []


def test_only_muster_itself_takes_mail(scene: Running) -> None:
    ana: Actor = scene["ana"]
    with scene.store.unit_of_work(ana) as session, pytest.raises(NotFound):
        outbox.take(session, START)
