"""Posts on a bad network send the same report again and again, all at once: 100,000 sendings of 2,000 reports."""

import random
import threading
from uuid import UUID

import pytest
from sqlmodel import col, func, select

from operations.core import journal
from operations.core.drafts import parse
from operations.core.people import System
from operations.policing.reports import reports, verification
from operations.policing.reports.reports import Report
from tests.makers import Running, arrest, form, tally
from tests.operations.steps import counted

pytestmark = pytest.mark.both_storages

REPORTS, TIMES, SENDERS = 2_000, 50, 8


@pytest.mark.timeout(3_600)
@pytest.mark.requirement("R50")
def test_what_is_sent_fifty_times_by_many_at_once_is_there_once(scene: Running) -> None:
    with scene.store.reading(System()) as session:
        entries = journal.count(session)
    forms = [form(scene, day=number % 3, lines=[tally(10), arrest(1)]) for number in range(REPORTS)]
    sendings = forms * TIMES
    random.Random(2026).shuffle(sendings)
    left, taking, wrong = iter(sendings), threading.Lock(), list[object]()

    def send() -> None:
        while True:
            with taking:
                content = next(left, None)
            if content is None:
                return
            try:
                with scene.store.unit_of_work(scene["bruno"]) as session:
                    made = reports.submit(session, parse(reports.ReportDraft, content), scene["bruno"])
                    if made.id != UUID(content["id"]):
                        wrong.append(made.id)
            except Exception as error:  # noqa: BLE001 - the test looks at every one of them
                wrong.append(error)

    senders = [threading.Thread(target=send) for _ in range(SENDERS)]
    for each in senders:
        each.start()
    for each in senders:
        each.join()
    assert wrong == []
    with scene.store.reading(System()) as session:
        assert session.exec(select(func.count(col(Report.id)))).one() == REPORTS
        assert journal.count(session) == entries + REPORTS
        assert verification.differences(session, scene.operation) == []
        assert journal.verify(session).broken_at is None
    assert counted(scene) == REPORTS * 10
