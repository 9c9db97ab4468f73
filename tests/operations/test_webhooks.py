"""Webhooks: a country's systems are told of each step of its reports, in order, once, and nobody else's."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlmodel import col, select

from operations.core import change_tracking, clock
from operations.core.drafts import parse
from operations.core.errors import Conflict, NotFound, NotPermitted, RuleBroken
from operations.core.ids import new_id
from operations.core.journal import AccessEntry
from operations.core.people import Account, System
from operations.core.vocabulary import MessageKind
from operations.exchange import webhooks
from operations.exchange.webhooks import Undelivered, WebhookDraft, WebhookEvent
from operations.notices import inbox
from operations.policing.reports import reports, verification
from tests.makers import START, Running, form, send

ADDRESS = "https://border.example/muster?from=1"
LATER = START + timedelta(days=9)


def make(scene: Running, by: str = "chaima", **changes: Any) -> webhooks.NewWebhook:
    content = {"id": new_id(), "system": "Border entry", "address": ADDRESS} | changes
    with clock.at(START), scene.store.unit_of_work(scene[by]) as session:
        return webhooks.make(session, parse(WebhookDraft, content), scene[by])


class Receiver:
    """A receiver that accepts what it is posted, until it is told to fail."""

    def __init__(self, scene: Running) -> None:
        self.scene = scene
        self.taken: list[Mapping[str, Any]] = []
        self.tried: list[UUID] = []
        self.fails = False

    def __call__(self, address: str, secret: str, event: UUID, body: Mapping[str, Any]) -> None:
        assert (address, secret[:6]) == (ADDRESS, "whsec_")
        self.tried.append(event)
        if self.fails:
            raise Undelivered("503")
        self.taken.append(body)

    def run(self, after: timedelta = timedelta(0)) -> int:
        """Post what is due so long after the reports."""
        moment, store = LATER + after, self.scene.store
        return sum(webhooks.send_due(store, webhook, self, moment) for webhook in webhooks.due(store, moment))

    @property
    def types(self) -> list[str]:
        """What was accepted, in its order."""
        return [body["type"] for body in self.taken]


def verified(scene: Running, report: reports.Report, by: str = "boubacar") -> None:
    with clock.at(LATER), scene.store.unit_of_work(scene[by]) as session:
        verification.verify(session, report.id, scene[by])


@pytest.mark.both_storages
def test_each_step_of_a_report_is_told_in_order_to_its_country_and_nothing_that_it_says(scene: Running) -> None:
    made, other, receiver = make(scene), make(scene, "moussa"), Receiver(scene)
    report = send(scene, form(scene))
    verified(scene, report)
    assert receiver.run() == 4
    assert sorted(receiver.types) == ["report.submit", "report.verify", "webhook.made", "webhook.made"]
    own = [body for body in receiver.taken if body["number"] > 1]
    assert own[0] | {"id": "", "timestamp": ""} == {
        "id": "",
        "number": 2,
        "type": "report.submit",
        "timestamp": "",
        "operation": str(scene.operation),
        "report": str(report.report_id),
        "version": str(report.id),
    }
    assert receiver.run() == 0
    with scene.store.reading(scene["chaima"]) as session:
        assert webhooks.unsent(session) == {}
        assert [event.number for event in webhooks.events(session, made.webhook.id)] == [3, 2, 1]
        assert webhooks.events(session, other.webhook.id) == []
    with scene.store.reading(scene["bruno"]) as session:
        assert (webhooks.webhooks(session), webhooks.events(session, made.webhook.id)) == ([], [])


def test_what_is_rolled_back_is_told_to_nobody(scene: Running, monkeypatch: pytest.MonkeyPatch) -> None:
    make(scene)
    monkeypatch.setattr(change_tracking, "with_link", 1)  # the last thing of an entry fails
    with pytest.raises(TypeError):
        send(scene, form(scene))
    receiver = Receiver(scene)
    receiver.run()
    assert receiver.types == ["webhook.made"]


def test_what_is_not_accepted_is_posted_again_under_its_id_before_anything_later(scene: Running) -> None:
    made, receiver = make(scene), Receiver(scene)
    receiver.run()
    receiver.fails = True
    first, second = send(scene, form(scene)), send(scene, form(scene, day=1))
    assert receiver.run() == 0
    assert receiver.run(timedelta(seconds=5)) == 0, "not before it is due"
    assert len(receiver.tried) == 2
    with scene.store.reading(scene["chaima"]) as session:
        [shown] = webhooks.webhooks(session)
        assert (shown.failure, shown.attempt, webhooks.unsent(session)) == ("503", 1, {made.webhook.id: 2})
    receiver.run(timedelta(seconds=10))
    receiver.fails = False
    assert receiver.run(timedelta(seconds=15)) == 0, "twice as long after the second time"
    assert receiver.run(timedelta(seconds=30)) == 2
    assert len({*receiver.tried[1:4]}) == 1
    assert [body["report"] for body in receiver.taken[1:]] == [str(first.report_id), str(second.report_id)]
    with scene.store.reading(scene["chaima"]) as session:
        assert webhooks.webhooks(session)[0].failure == ""


def told(scene: Running, name: str) -> list[tuple[str, str]]:
    with scene.store.reading(scene[name]) as session:
        return [
            (seen.message.kind, seen.message.about["template"])
            for seen in inbox.messages(session, scene[name])
            if seen.message.kind == MessageKind.WEBHOOK_SILENT and seen.message.about
        ]


def test_a_country_is_told_once_that_its_system_accepts_nothing_and_after_a_month_it_ends(scene: Running) -> None:
    make(scene)
    receiver = Receiver(scene)
    receiver.run()
    receiver.fails = True
    with clock.at(LATER):
        send(scene, form(scene), at=LATER)
    for after in (0, 1, 5):
        receiver.run(timedelta(minutes=after))
    assert told(scene, "chaima") == [], "a network may be down for a moment"
    for after in (61, 180, 600):
        receiver.run(timedelta(minutes=after))
    [(kind, words)] = told(scene, "chaima")
    assert (kind, "accepted nothing since" in words) == ("webhook_silent", True)
    assert told(scene, "moussa") == [], "it is no system of that country"
    receiver.run(timedelta(days=31))
    assert [("It is told no more" in words) for _kind, words in told(scene, "chaima")].count(True) == 1
    with scene.store.reading(scene["chaima"]) as session:
        assert webhooks.webhooks(session) == []


@pytest.mark.parametrize("change", [{"role": "national_officer"}, {"country": "MLI"}, {"disabled_at": START}])
def test_the_right_to_be_told_ends_with_the_office_of_its_maker(scene: Running, change: dict[str, Any]) -> None:
    make(scene)
    send(scene, form(scene))
    with scene.store.unit_of_work(System()) as session:
        account = session.get_one(Account, scene["chaima"].account_id)
        for name, value in change.items():
            setattr(account, name, value)
    send(scene, form(scene, day=1))
    receiver = Receiver(scene)
    assert receiver.run() == 0, "neither what happened before nor after"
    assert webhooks.due(scene.store, LATER) == [], "it has ended"
    with scene.store.reading(System()) as session:
        assert len(session.exec(select(WebhookEvent)).all()) == 2


def test_a_webhook_is_ended_by_its_country_or_an_administrator_and_is_told_nothing_more(scene: Running) -> None:
    made, receiver = make(scene), Receiver(scene)
    for name in ("moussa", "bruno", "ana"):
        with pytest.raises((NotFound, NotPermitted)), scene.store.unit_of_work(scene[name]) as session:
            webhooks.end(session, made.webhook.id, scene[name])
    for name in ("ada", "chaima"):
        with scene.store.unit_of_work(scene[name]) as session:
            webhooks.end(session, made.webhook.id, scene[name])
    send(scene, form(scene))
    assert receiver.run() == 0
    with scene.store.unit_of_work(System()) as session:
        assert len(session.exec(select(WebhookEvent)).all()) == 1
        assert [entry.act for entry in session.exec(select(AccessEntry)) if "webhook" in entry.act] == [
            "webhook.open",
            "webhook.end",
        ]


def test_what_was_accepted_is_forgotten_thirty_days_later_with_the_next(scene: Running) -> None:
    make(scene)
    send(scene, form(scene))
    receiver = Receiver(scene)
    receiver.run()
    for after, left in ((29, [1, 2, 3]), (31, [3, 4])):
        send(scene, form(scene))
        assert receiver.run(timedelta(days=after)) == 1
        with scene.store.reading(System()) as session:
            numbers = select(WebhookEvent.number).order_by(col(WebhookEvent.number))
            assert list(session.exec(numbers)) == left


@pytest.mark.parametrize(
    "address", ["http://border.example/", "https://", "https://me:word@border/", "ftp://border.example/", "x"]
)
@pytest.mark.requirement("ASVS 1.2.2", "ASVS 12.3.1")
def test_an_address_is_of_tls_and_without_a_password(scene: Running, address: str) -> None:
    with pytest.raises(RuleBroken, match="begins with https:// and holds no password") as refused:
        make(scene, address=address)
    assert refused.value.flaws[0].field == "address"


@pytest.mark.requirement("ASVS 2.3.2")
def test_a_webhook_is_made_once_and_a_few_at_a_time_by_who_coordinates_a_country(
    scene: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = make(scene)
    with clock.at(made.webhook.made_at):
        assert make(scene, id=made.webhook.id).secret == ""
    with pytest.raises(Conflict, match="This webhook was already made with other content"):
        make(scene, id=made.webhook.id, system="Another")
    monkeypatch.setattr(webhooks, "MOST", 1)
    with pytest.raises(RuleBroken, match=r"webhooks\. End one that is not used any more"):
        make(scene)
    make(scene, "moussa")
    for name in ("bruno", "boubacar", "ana", "lena", "ada"):
        with pytest.raises(NotPermitted):
            make(scene, name)
