"""The year of a programme is what people at browsers would have left, whatever its size."""

import shutil
from collections import Counter
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlmodel import SQLModel, select

import operations.tables  # noqa: F401 - all of them are compared
from operations.core import journal
from operations.core.people import Account, System
from operations.core.schema import upgrade
from operations.core.store import Store, open_store
from operations.core.vocabulary import Level, Role
from operations.policing.operation.plan import Operation
from operations.policing.reports import verification
from operations.policing.reports.reports import Report
from scenarios import year
from scenarios.year import YearSize

SMALL = YearSize(countries=2, sites=3, people=16, reports=20, days=4)


def _everything(store: Store) -> dict[str, list[str]]:
    """The rows of all tables."""
    with store.engine.connect() as connection:
        return {
            table.name: sorted(repr(tuple(row)) for row in connection.execute(sa.select(table)))
            for table in SQLModel.metadata.sorted_tables
        }


def test_many_acts_in_a_transaction_leave_what_each_in_its_own_leaves(tmp_path: Path) -> None:
    files = [tmp_path / "one.sqlite", tmp_path / "other.sqlite"]
    one = open_store(f"sqlite:///{files[0]}")
    upgrade(one)
    [scene], officers = year.prepare(one, SMALL)
    with one.engine.begin() as connection:
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    shutil.copy(*files)
    other = open_store(f"sqlite:///{files[1]}")
    for store, together in ((one, 40), (other, 1)):
        assert year.write_reports(store, scene, SMALL.reports, officers, together=together) == SMALL.reports
    ours, theirs = _everything(one), _everything(other)
    for store in (one, other):
        store.dispose()
    assert {name: rows for name, rows in ours.items() if rows != theirs[name]} == {}
    assert len(ours["report"]) == SMALL.reports


def test_a_year_is_of_its_size_and_sound(store: Store) -> None:
    heard: list[int] = []
    scenes = year.make(store, SMALL, heard=heard.append)
    with store.reading(System()) as session:
        reports = session.exec(select(Report)).all()
        people = Counter(each.country for each in session.exec(select(Account)) if each.country)
        officers = session.exec(select(Account.id).where(Account.role == Role.NATIONAL_OFFICER)).all()
        assert [each.id for each in session.exec(select(Operation))] == [scene.operation for scene in scenes]
        assert verification.differences(session, scenes[0].operation) == []
        assert journal.verify(session).broken_at is None
    assert len(reports) == heard[-1] == SMALL.reports
    assert len({(each.site_id, each.period_from) for each in reports}) == SMALL.reports
    assert {each.level for each in reports} == {Level.V1, Level.V3}
    assert sum(len(scene.sites) for scene in scenes) == SMALL.sites
    assert len(people) == SMALL.countries
    assert sum(people.values()) == SMALL.people
    assert {each.author_id for each in reports} <= set(officers)


def test_more_countries_than_an_operation_has_make_several() -> None:
    size = YearSize.times(10)
    dealt = year.sites_of_countries(size)
    assert (len(dealt), sum(dealt.values())) == (size.countries, size.sites)
    whole = year.sites_of_countries(YearSize.times(1_000))
    assert (len(whole), sum(whole.values())) == (190, 2_000)


def test_more_reports_than_sites_can_send_are_refused() -> None:
    with pytest.raises(ValueError, match="at most 2 reports a day"):
        YearSize(countries=1, sites=1, people=6, reports=100, days=7)
