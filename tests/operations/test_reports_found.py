"""What is done with one report takes as many steps of the database however many others its country has sent."""

from collections.abc import Callable

import pytest
import sqlalchemy as sa
from sqlmodel import Session

from operations.core.ids import new_id
from operations.core.people import System
from operations.policing.reports import reports
from operations.policing.reports.versions import lines_of, versions
from tests.makers import Running, form, send
from tests.operations.steps import climb, correction

OTHERS = 1000
VERIFIERS = ("boubacar", "chaima")


def _send(scene: Running) -> None:
    send(scene, form(scene))


def _correct(scene: Running) -> None:
    send(scene, correction(send(scene, form(scene)), scene))


def _climb(scene: Running) -> None:
    climb(scene, send(scene, form(scene)).id, *VERIFIERS)


def _read(scene: Running) -> None:
    made = send(scene, form(scene))
    for name in ("bruno", "dov", "ana"):
        with scene.store.reading(scene[name]) as session:
            assert len(versions(session, made.report_id)) == len(lines_of(session, made.id)) == 1


def _steps(scene: Running, act: Callable[[Running], None]) -> int:
    """How many hundred steps SQLite takes for it."""
    found = list[None]()

    def count(connection: sa.Connection) -> None:
        connection.connection.driver_connection.set_progress_handler(lambda: found.append(None), 100)  # type: ignore[union-attr]

    sa.event.listen(scene.store.engine, "begin", count)
    act(scene)
    sa.event.remove(scene.store.engine, "begin", count)
    return len(found)


def _add_others(session: Session) -> None:
    """As many reports as this again, a line each, past all verbs."""
    connection = session.connection()
    report, line = reports.Report.__table__, reports.Line.__table__  # type: ignore[attr-defined]
    like = connection.execute(sa.select(report).where(report.c.supersedes_id.is_(None)).limit(1)).mappings().one()
    its = connection.execute(sa.select(line).where(line.c.version_id == like["id"]).limit(1)).mappings().one()
    ids = [new_id() for _ in range(OTHERS)]
    connection.execute(report.insert(), [{**like, "id": each, "report_id": each, "counted": False} for each in ids])
    connection.execute(line.insert(), [{**its, "version_id": each, "id": new_id()} for each in ids])


@pytest.mark.parametrize("act", [_send, _correct, _climb, _read])
@pytest.mark.parametrize("shelf", ["sqlite"], indirect=True)  # it counts its steps; PostgreSQL chooses by its rows
def test_a_report_is_found_without_going_through_the_others(scene: Running, act: Callable[[Running], None]) -> None:
    act(scene)
    few = _steps(scene, act)
    with scene.store.unit_of_work(System()) as session:
        _add_others(session)
    many = _steps(scene, act)
    assert many < 2 * few, (few, many)
