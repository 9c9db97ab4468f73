"""What a newcomer finds in the demo: it is calm, but for the one country that the story lets be late."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlmodel import select

from dashboard.server import demo
from operations import worklist_entries as waits
from operations.core import clock
from operations.core.people import Account, System
from operations.core.store import Store
from operations.core.vocabulary import Classification, Level
from operations.core.worklist import WorkItem
from operations.disclosure import suppression
from operations.figures import board
from operations.policing.calendar import tasks
from operations.policing.operation import membership, plan
from operations.policing.reports.reports import Report
from operations.support import alerts
from operations.totals import activity
from tests.overdue_items import overdue
from tests.prepared_databases import empty_store

SILENT_PORT = "CUW"


def waits_for(store: Store, username: str, moment: datetime) -> list[WorkItem]:
    """What waits for one of the cast of claims over operations."""
    with store.reading(System()) as session:
        account = session.exec(select(Account).where(Account.username == username)).one()
        by = membership.actor(session, account)
    assert by is not None
    with store.reading(by) as session:
        found = waits.waiting(session, by, moment)
    return [each for each in found if each.noun == "claim" and str(each.params["number"]).startswith("P")]


@pytest.mark.slow
@pytest.mark.sample(1)
@pytest.mark.parametrize("hour", [3, 20])
def test_a_newcomer_finds_one_country_late_and_nobody_else(tmp_path: Path, hour: int) -> None:
    store = empty_store(tmp_path)
    moment = datetime(2026, 11, 26, hour, 17, tzinfo=UTC)
    with clock.at(moment):
        demo.load(store)
        operation_id = demo.today_s(demo.PLAYING).operation
        with store.reading(System()) as session:
            account = session.exec(select(Account).where(Account.username == "coordinator")).one()
            coordinator = membership.actor(session, account)
            assert coordinator is not None
        with store.reading(coordinator) as session:
            operation = plan.operation(session, operation_id, coordinator)
            frame = suppression.BoardFrame(operation.id, operation.zone, Classification(operation.classification))
            heard = board.site_activity(session, frame, coordinator)
            silent = [at for at in heard.values() if at is None or moment - at > activity.SILENT_AFTER]
            late = [each for each in tasks.tasks(session, operation_id) if not each.ended and each.due < moment]
            waiting = [each for each in session.exec(select(Report)) if each.counted and each.level < Level.V3]
        with store.reading(System()) as session:
            assert alerts.overdue_check_ins(session, moment) == []
        claims_wait = {
            name: [each.params["number"] for each in waits_for(store, name, moment)]
            for name in ("analyst", "coordinator.gtm", "coordinator.mex")
        }
    assert silent == [None]  # the port that never reports
    assert [each.country for each in late] == [SILENT_PORT]
    assert waiting  # and something is left that happens while one looks
    assert {name[-3:] for names in overdue(store, moment).values() for name in names} <= {SILENT_PORT.lower()}
    # two persons in two operations: of one its countries are asked, of the other the analyst
    assert (claims_wait.pop("analyst"), claims_wait) == (["P2"], {"coordinator.gtm": ["P1"], "coordinator.mex": ["P1"]})
    store.dispose()
