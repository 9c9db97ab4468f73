"""Equipment and links: who takes which step, what is refused, what falls silent, and the figures of them."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError

from operations.core import clock
from operations.core.drafts import parse
from operations.core.errors import Conflict, NotFound, NotPermitted, RuleBroken
from operations.core.people import System
from operations.core.vocabulary import MessageKind
from operations.infrastructure import equipment, figures, links, usage
from operations.infrastructure.rows import EQUIPMENT, LIFE, LINKS, Equipment, EquipmentState, LinkState, Outage
from operations.notices import inbox
from operations.timetable import equipment as job
from operations.timetable.lease import LeaseCandidate
from operations.timetable.runner import Timetable
from tests.makers import Running
from tests.people import CAST
from tests.programme import (
    BEGUN,
    counted,
    delivered,
    does,
    equipment_draft,
    equipment_step,
    handover_draft,
    link_draft,
    link_step,
    linked,
    month_draft,
    planned,
    post_of,
    reads,
)

DAY = timedelta(days=1)
HERE = ("approved", "procured", "shipped", "customs", "handed_over", "installed")
E = EquipmentState


def taken(scene: Running, name: str, made: Equipment, to: str, words: str = "So it is.") -> Equipment:
    return does(scene, name, lambda session, by: equipment.take(session, made.id, E(to), by, words))


def test_from_the_plan_to_its_use_and_its_end(scene: Running) -> None:
    made = delivered(scene, planned(scene, post_of(scene)), *HERE, serial="PR-1")
    assert (made.serial, made.handed_on, made.first_query) == ("PR-1", BEGUN.date(), None)
    made = delivered(scene, made, "commissioned")
    made = delivered(scene, made, "in_use", at=BEGUN + DAY)
    assert (made.first_query, made.last_query) == (BEGUN.date(), (BEGUN + DAY).date())
    made = delivered(scene, made, "out_of_service", "dormant", "in_use", at=BEGUN + 2 * DAY)
    ended = delivered(scene, made, "retired")
    assert ended.reason == "So it is."
    assert len(reads(scene, "chaima", EQUIPMENT.past, made.id)) == 13


def test_nothing_commissions_equipment_but_its_first_query(scene: Running) -> None:
    made = delivered(scene, planned(scene, post_of(scene)), *HERE[:-1])
    with pytest.raises(RuleBroken, match="not installed"):
        does(scene, "bruno", equipment.report_sign, made.id, BEGUN.date())
    made = delivered(scene, made, "installed")
    with pytest.raises(RuleBroken, match="Nothing commissions equipment but its first sign of life"):
        taken(scene, "boubacar", made, "commissioned")
    for day, said in ((BEGUN - DAY, "before the handover"), (BEGUN + DAY, "in the future")):
        with pytest.raises(RuleBroken, match=said):
            does(scene, "bruno", equipment.report_sign, made.id, day.date())
    assert does(scene, "bruno", equipment.report_sign, made.id, BEGUN.date()).state == "commissioned"


def test_the_first_sign_of_life_is_not_moved_to_an_earlier_day(scene: Running) -> None:
    made = delivered(scene, planned(scene, post_of(scene)), *HERE)
    does(scene, "bruno", equipment.report_sign, made.id, (BEGUN + DAY).date(), at=BEGUN + DAY)
    with pytest.raises(RuleBroken, match="The first sign of life is already recorded"):
        does(scene, "bruno", equipment.report_sign, made.id, BEGUN.date(), at=BEGUN + DAY)


def test_a_device_is_not_handed_over_twice(scene: Running) -> None:
    post = post_of(scene)
    made = delivered(scene, planned(scene, post), *HERE[:-1], serial="PR-1")
    same = handover_draft(serial="PR-1")
    assert does(scene, "chaima", equipment.hand_over, made.id, same).state == "handed_over"
    with pytest.raises(RuleBroken, match="cannot be handed over twice"):
        does(scene, "chaima", equipment.hand_over, made.id, handover_draft(serial="PR-2"))
    other = delivered(scene, planned(scene, post), *HERE[:3])
    with pytest.raises(RuleBroken, match="Equipment with this serial number was already handed") as refused:
        does(scene, "chaima", equipment.hand_over, other.id, same)
    assert [flaw.field for flaw in refused.value.flaws] == ["serial"]
    with pytest.raises(RuleBroken, match="Give the serial number and the day"):
        taken(scene, "chaima", other, "handed_over")
    with pytest.raises(RuleBroken, match="in the future"):
        does(scene, "chaima", equipment.hand_over, other.id, handover_draft(BEGUN + DAY))
    mali = post_of(scene, "moussa", country="MLI", name="Bamako airport", ref="")
    abroad = planned(scene, mali)
    for name, to in (("lena", "approved"), ("ana", "procured"), ("ana", "shipped")):
        taken(scene, name, abroad, to)
    with pytest.raises(RuleBroken, match="Equipment with this serial number was already handed"):
        does(scene, "moussa", equipment.hand_over, abroad.id, same)


def test_each_kind_is_commissioned_by_what_it_does_and_only_queries_connect_a_post(scene: Running) -> None:
    post, at = post_of(scene), BEGUN + 29 * DAY
    for kind, hours in (("power_supply", 9), ("camera", None), ("forensic_device", None)):
        made = delivered(scene, planned(scene, post, kind=kind), *HERE, serial=kind)
        if hours:
            with pytest.raises(RuleBroken, match="Give the hours of power") as refused:
                does(scene, "bruno", equipment.report_sign, made.id, BEGUN.date(), at=at)
            assert [flaw.field for flaw in refused.value.flaws] == ["hours"]
        made = does(
            scene, "bruno", lambda s, by, i=made.id, h=hours: equipment.report_sign(s, i, BEGUN.date(), by, h), at=at
        )
        assert (made.state, made.power_hours) == ("commissioned", hours)
        with pytest.raises(RuleBroken, match="This kind of equipment makes no database queries") as refused:
            counted(
                scene, post, BEGUN.date().isoformat(), 5, device_id=made.id, last_on=BEGUN.date(), at=BEGUN + 40 * DAY
            )
        assert [flaw.field for flaw in refused.value.flaws] == ["device_id"]
    told = {each.figure.name: each for each in reads(scene, "ana", figures.figures, BEGUN + 30 * DAY)}
    assert (told["Connected posts"].part, told["Connected posts"].whole) == (0, 1)
    assert (told["Equipment in use"].part, told["Equipment in use"].whole) == (3, 3)
    assert told["From approval to the first query"].number is None


def test_a_serial_number_is_of_one_piece_whatever_its_kind(scene: Running) -> None:
    post = post_of(scene)
    delivered(scene, planned(scene, post), *HERE, serial="PR-1")
    other = delivered(scene, planned(scene, post, kind="camera", donor="Japan"), *HERE[:4])
    with pytest.raises(RuleBroken, match="with this serial number"):
        does(scene, "chaima", equipment.hand_over, other.id, handover_draft(serial="PR-1"))


def test_a_second_link_like_one_that_is_there_is_said(scene: Running) -> None:
    post = post_of(scene)
    first, second = linked(scene, post), linked(scene, post)
    with scene.store.reading(scene["ana"]) as session:
        assert [each.id for each in links.twins(session, second)] == [first.id]
        assert [each.id for each in links.twins(session, first)] == [second.id]


def test_a_price_has_a_currency_that_exists(scene: Running) -> None:
    for changes, field in (
        ({"price": 5}, "currency"),
        ({"currency": "EUR"}, "price"),
        ({"currency": "XYZ"}, "currency"),
    ):
        with pytest.raises(RuleBroken) as refused:
            handover_draft(**changes)
        assert [flaw.field for flaw in refused.value.flaws] == [field]
    made = delivered(scene, planned(scene, post_of(scene)), *HERE, price=1200, currency="EUR")
    assert (made.price, made.currency) == (1200, "EUR")


def test_another_donors_same_equipment_is_told_as_long_as_it_is_there(scene: Running) -> None:
    post = post_of(scene)
    first = planned(scene, post, donor="Germany")
    planned(scene, post, donor="Germany")
    planned(scene, post, donor="Japan", kind="camera")
    made = planned(scene, post)
    assert {each.donor for each in reads(scene, "ana", equipment.overlaps, made)} == {"Germany"}
    other = post_of(scene, name="Gaya", ref="")
    assert reads(scene, "ana", equipment.overlaps, planned(scene, other)) == []
    for each in reads(scene, "ana", equipment.equipment, post.id):
        if each.donor == "Germany":
            taken(scene, "lena", each, "dropped")
    assert reads(scene, "ana", equipment.overlaps, made) == []
    assert reads(scene, "system", lambda session: session.get_one(Equipment, first.id)).reason == "So it is."


def test_who_takes_which_step_and_other_countries_see_nothing(scene: Running) -> None:
    made = planned(scene, post_of(scene))
    with pytest.raises(NotPermitted):
        taken(scene, "ana", made, "approved")
    for name in ("moussa", "ada"):
        with pytest.raises(NotFound):
            taken(scene, name, made, "approved")
    other = equipment_draft(post_of(scene, name="Gaya", ref=""))
    with pytest.raises(NotPermitted):
        does(scene, "chaima", equipment.plan, other)
    made = delivered(scene, made, *HERE[:3])
    with pytest.raises(NotPermitted):
        does(scene, "boubacar", equipment.hand_over, made.id, handover_draft())
    seen = {name for name in CAST if reads(scene, name, equipment.equipment)}
    assert seen == {"ana", "dov", "lena", "otto", "chaima", "bruno", "binta", "boubacar"}


def test_the_same_again_is_answered_as_before_and_other_content_is_not(scene: Running) -> None:
    post = post_of(scene)
    said, link = equipment_draft(post), link_draft(post)
    for verb, draft, change in ((equipment.plan, said, {"donor": "Other"}), (links.propose, link, {"hours": 5})):
        made: Any = does(scene, "ana", verb, draft)
        assert does(scene, "ana", verb, draft).id == made.id
        with pytest.raises(Conflict):
            does(scene, "ana", verb, draft.model_copy(update=change))


def told(scene: Running, name: str) -> list[int]:
    found = reads(scene, name, inbox.messages, scene[name])
    return [each.message.number for each in found if each.message.kind == MessageKind.EQUIPMENT_DORMANT]


def test_thirty_days_without_a_query_are_told_once_and_a_query_wakes_it(scene: Running) -> None:
    made = delivered(scene, planned(scene, post_of(scene)), *HERE, "commissioned")
    keeper = Timetable(scene.store, LeaseCandidate("test"))

    def ticks(days: int) -> str:
        with clock.at(BEGUN + timedelta(days=days)):
            keeper.beat()
            keeper.tick(job.JOBS)
        return str(reads(scene, "ana", lambda session: session.get_one(Equipment, made.id).state))

    assert ticks(29) == "commissioned"
    assert [ticks(30), ticks(31)] == ["dormant", "dormant"]
    assert (told(scene, "chaima"), told(scene, "ana"), told(scene, "moussa"), told(scene, "boubacar")) == (
        [30],
        [30],
        [],
        [],
    )
    late = BEGUN + timedelta(days=40)
    old = does(scene, "bruno", equipment.report_sign, made.id, (BEGUN + DAY).date(), at=late)
    assert old.state == "dormant"  # a query of long ago is no use today
    assert does(scene, "bruno", equipment.report_sign, made.id, late.date(), at=late).state == "in_use"
    assert ticks(70) == "dormant"
    assert len(told(scene, "chaima")) == 2


@pytest.mark.parametrize("meanwhile", ["out_of_service", "in_use"])
def test_what_was_said_of_it_while_the_timetable_looked_stays(scene: Running, meanwhile: str) -> None:
    made, then = delivered(scene, planned(scene, post_of(scene)), *HERE, "commissioned"), BEGUN + timedelta(days=30)
    with scene.store.reading(System()) as session:
        [due] = job.JOBS[0].dues(session, BEGUN, then)
    if meanwhile == "in_use":
        does(scene, "bruno", equipment.report_sign, made.id, then.date(), at=then)
    else:
        delivered(scene, made, meanwhile, at=then)
    with clock.at(then), scene.store.unit_of_work(System()) as session:
        assert job.JOBS[0].effect(session, due, then, None) == {}
    assert reads(scene, "ana", lambda session: session.get_one(Equipment, made.id).state) == meanwhile
    assert told(scene, "chaima") == []


def test_delivery_counts_from_the_first_query(scene: Running) -> None:
    """Story 6.7: handed over in March, first asked with in June."""

    def on(month: int) -> datetime:
        return datetime(2026, month, 10, 9, tzinfo=UTC)

    made = planned(scene, post_of(scene), at=on(3), promised=on(3).date())
    delivered(scene, made, *HERE, at=on(3))

    def at(month: int) -> dict[str, Any]:
        values = reads(scene, "ana", figures.figures, on(month))
        return {each.figure.kpi: (each.number, each.whole) for each in values}

    assert at(5) == {"K53": (0.0, 1), "K54": (0.0, 1), "K55": (None, 1), "K56": (None, 0)}
    delivered(scene, made, "commissioned", at=on(6))
    found = at(6)
    assert (found["K53"], found["K54"], found["K55"]) == ((100.0, 1), (100.0, 1), ((on(6) - on(3)).days, 1))
    assert (at(8)["K53"], at(8)["K54"]) == ((0.0, 1), (0.0, 1))
    does(scene, "chaima", equipment_step(made.id, "lost"), at=on(9))
    assert at(9)["K55"] == (found["K55"][0], 1)  # it was delivered all the same


def test_a_post_with_a_link_and_no_device_is_connected_by_the_queries_of_its_month(scene: Running) -> None:
    post = post_of(scene)
    made = linked(scene, post, "agreed", "built", "tested")

    def connected(at: datetime) -> tuple[float | None, int | None]:
        return next((each.number, each.whole) for each in reads(scene, "ana", figures.figures, at))

    assert connected(BEGUN) == (0.0, 1)
    does(scene, "boubacar", links.report_query, made.id, BEGUN.date())
    assert connected(BEGUN) == (100.0, 1)
    at = datetime(2026, 9, 10, 9, tzinfo=UTC)
    assert connected(at) == (0.0, 1)
    does(scene, "chaima", usage.count, post.id, month_draft("2026-07-01"), at=at)
    assert connected(at) == (0.0, 1)  # July ended more than thirty days ago
    does(scene, "chaima", usage.count, post.id, month_draft("2026-08-01"), at=at)
    assert connected(at) == (100.0, 1)


def test_a_link_is_live_by_a_query_and_down_while_an_outage_lasts(scene: Running) -> None:
    post = post_of(scene)
    made = linked(scene, post, "agreed", "built", "tested")
    for to, said in ((LinkState.LIVE, "Nothing makes a link live"), (LinkState.DOWN, "This step is not possible now")):
        with pytest.raises(RuleBroken, match=said):
            does(scene, "boubacar", lambda session, by, to=to: links.take(session, made.id, to, by))
    with pytest.raises(RuleBroken, match="The link was not built on this day"):
        does(scene, "boubacar", links.report_query, made.id, (BEGUN - DAY).date())
    does(scene, "boubacar", links.report_query, made.id, BEGUN.date())
    with pytest.raises(RuleBroken, match="The first query over this link is known already"):
        does(scene, "boubacar", links.report_query, made.id, BEGUN.date())
    with pytest.raises(RuleBroken, match="Say by which technology the link is built"):
        does(scene, "ana", links.propose, link_draft(post, technology="none"))
    later = BEGUN + 2 * DAY
    does(scene, "boubacar", link_step(made.id, "down", later), at=later)
    [down] = reads(scene, "ana", links.outages, made.id)
    content = {"id": down.id, "starts": down.starts, "cause": "Another storm."}
    with pytest.raises(Conflict, match="This outage was already reported with other content"):
        does(scene, "boubacar", links.report_outage, made.id, parse(links.OutageDraft, content), at=later)
    with pytest.raises(RuleBroken, match="This step is not possible now"):
        does(scene, "boubacar", link_step(made.id, "down", later), at=later)
    with pytest.raises(RuleBroken, match="must end after it began"):
        does(scene, "boubacar", links.report_end, made.id, later - DAY, at=later)
    does(scene, "boubacar", links.report_end, made.id, later + timedelta(hours=6), at=later + DAY)
    with pytest.raises(RuleBroken, match="This time lies within another outage of the"):
        does(scene, "boubacar", link_step(made.id, "down", later), at=later + DAY)
    value = reads(scene, "ana", figures.figures, later + DAY)[-1]
    # Live since the begin of that day: 4 days less 15 hours, of which 6 hours and a minute were lost.
    hours = (later + DAY - BEGUN.replace(hour=0, minute=0)) / timedelta(hours=1)
    assert value.number == pytest.approx(100 * (1 - (6 + 1 / 60) / hours))
    closed = does(scene, "chaima", lambda session, by: links.take(session, made.id, LinkState.CLOSED, by, "Moved."))
    assert (closed.state, reads(scene, "moussa", links.links)) == ("closed", [])


def test_announced_outages_are_told_apart_and_cut_to_the_window() -> None:
    hour = timedelta(hours=1)
    found = [
        Outage(starts=BEGUN - 5 * hour, ends=BEGUN + hour, planned=False),
        Outage(starts=BEGUN + 2 * hour, ends=BEGUN + 4 * hour, planned=True),
        Outage(starts=BEGUN + 9 * hour, ends=None, planned=False),
    ]
    assert links.hours_down(found, BEGUN, BEGUN + 10 * hour) == (2 * hour, 2 * hour)


def test_the_database_itself_refuses_what_was_never_asked_with(scene: Running) -> None:
    post = post_of(scene)
    made = delivered(scene, planned(scene, post), *HERE, serial="PR-1")
    linked(scene, post, "agreed")
    for statement in (
        "UPDATE equipment SET state = 'commissioned'",
        "UPDATE equipment SET donor = 'Other'",
        "UPDATE equipment SET serial = ''",
        "UPDATE link SET state = 'live'",
        "DELETE FROM equipment",
        "UPDATE equipment_step SET words = 'Other'",
    ):
        with scene.store.engine.begin() as connection:
            if connection.dialect.name == "postgresql":
                connection.execute(sa.text("SELECT set_config('muster.reach', 'all', true)"))
            with pytest.raises(DBAPIError):
                connection.exec_driver_sql(statement)
            connection.rollback()
    assert equipment_step(made.id, "commissioned") is not None


def test_every_state_has_its_name() -> None:
    assert set(LIFE.words) == set(EquipmentState)
    assert set(LINKS.words) == set(LinkState)
