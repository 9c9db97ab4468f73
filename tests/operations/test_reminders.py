"""Silent countries are reminded by hand: each of its people once, and not again within two hours."""

from datetime import timedelta

import pytest
from sqlmodel import select

from operations.core import clock
from operations.core.errors import MusterError, NotFound, RuleBroken
from operations.core.people import Account, System
from operations.core.vocabulary import MessageKind
from operations.notices import inbox
from operations.timetable import daily, jobs, reminders
from operations.timetable.lease import LeaseCandidate
from operations.timetable.reminders import SilentSites
from operations.timetable.runner import Timetable
from tests.makers import START, Running, form, send
from tests.people import CAST

NIGHT = START.replace(hour=22)
"""After the hour at which the report of the first day is due, 20:00 in Niamey."""


def silences(scene: Running) -> list[SilentSites]:
    with clock.at(NIGHT), scene.store.reading(scene["ana"]) as session:
        return reminders.silences(session, session.get_one(daily.Operation, scene.operation))


def remind(scene: Running, country: str, by: str = "ana", after: timedelta = timedelta(0)) -> int:
    with clock.at(NIGHT + after), scene.store.unit_of_work(scene[by]) as session:
        return reminders.remind(session, scene.operation, country, scene[by])


def told(scene: Running) -> dict[str, list[tuple[str, int]]]:
    """The kinds and numbers of what people were told, by person."""
    found = {}
    for name in CAST:
        with scene.store.reading(scene[name]) as session:
            if messages := [each.message for each in inbox.messages(session, scene[name])]:
                found[name] = [(each.kind, each.number) for each in messages]
    return found


def test_a_silent_country_is_reminded_and_nobody_else(scene: Running) -> None:
    send(scene, form(scene), at=START + timedelta(hours=13))
    day = START.date()
    assert silences(scene) == [
        SilentSites("MLI", 1, day, None),
        SilentSites("NER", 1, day, None),
    ]  # Agadez did not report
    assert remind(scene, "NER") == 4
    missing, silent = (MessageKind.REPORT_MISSING.value, 1), (MessageKind.COUNTRY_SILENT.value, 1)
    assert told(scene) == {"bruno": [missing], "binta": [missing], "boubacar": [missing], "chaima": [silent]}
    assert [each.reminded for each in silences(scene)] == [None, NIGHT]


def test_a_country_without_anybody_in_the_operation_is_not_reminded(scene: Running) -> None:
    with scene.store.unit_of_work(System()) as session:
        for account in session.exec(select(Account).where(Account.country == "MLI")):
            account.disabled_at = START
            session.add(account)
    with pytest.raises(RuleBroken, match="Nobody in this country can be reminded"):
        remind(scene, "MLI")


def test_it_is_not_reminded_again_within_two_hours_and_then_it_is(scene: Running) -> None:
    remind(scene, "MLI")
    with pytest.raises(RuleBroken, match="was reminded at 22:00 UTC"):
        remind(scene, "MLI", after=timedelta(hours=1, minutes=59))
    assert len(told(scene)["mateo"]) == 1
    remind(scene, "MLI", after=timedelta(hours=2))
    assert len(told(scene)["mateo"]) == 2


def test_what_the_clock_has_just_told_counts(scene: Running) -> None:
    keeper = Timetable(scene.store, LeaseCandidate("one"))
    for at in (START, START.replace(hour=20, minute=5)):
        with clock.at(at):
            keeper.beat()
            keeper.tick(jobs.SHORT)
    with pytest.raises(RuleBroken, match="was reminded at 20:05 UTC"):
        remind(scene, "MLI", after=timedelta(minutes=-30))


def test_who_is_not_silent_or_unknown_is_not_reminded_and_others_than_the_coordinator_remind_nobody(
    scene: Running,
) -> None:
    for site in ("Niamey", "Agadez"):
        send(scene, form(scene, site=site), at=START + timedelta(hours=13))
    for country in ("NER", "FRA"):
        with pytest.raises(RuleBroken, match="All its sites have reported"):
            remind(scene, country)
    for name in ("chaima", "dov", "lena", "bruno"):
        with pytest.raises(MusterError) as refused:
            remind(scene, "MLI", by=name)
        assert not isinstance(refused.value, RuleBroken), name
    with pytest.raises(NotFound), clock.at(NIGHT), scene.store.unit_of_work(scene["ana"]) as session:
        reminders.remind(session, scene.training, "MLI", scene["ana"])
    assert told(scene) == {}


def test_before_the_phases_nobody_is_silent(scene: Running) -> None:
    with clock.at(START - timedelta(days=10)), scene.store.reading(scene["ana"]) as session:
        assert reminders.silences(session, session.get_one(daily.Operation, scene.operation)) == []
    with pytest.raises(RuleBroken, match="No daily reports"):
        remind(scene, "MLI", after=timedelta(days=-10))
