"""Jobs of the exchange: closing deconfliction rooms at their end, and erasing old dispatches and products."""

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, time, timedelta
from typing import Any

from sqlmodel import Session

from operations.core.people import System
from operations.exchange import deconfliction, dispatches, product_rows, products
from operations.exchange.deconfliction_rows import DeconflictionRoom
from operations.exchange.dispatch_rows import RETENTION
from operations.timetable.effects import DueEffect, Outcome, TimetableJob


def _dues(session: Session, since: datetime, moment: datetime) -> Iterable[DueEffect]:
    for found in deconfliction.over(session, moment.date()):
        at = datetime.combine(found.until + timedelta(days=1), time(0), UTC)
        yield DueEffect(f"deconfliction.close:{found.id}", at, max(at, since), found)


def _close(session: Session, due: DueEffect, _moment: datetime, _made: Any) -> Outcome:
    found: DeconflictionRoom = due.about
    deconfliction.close(session, found.id, System())
    return {}


def _old(session: Session, since: datetime, moment: datetime) -> Iterable[DueEffect]:
    for found in dispatches.over(session, moment):
        at = found.sent_at + RETENTION
        yield DueEffect(f"dispatch.erase:{found.id}", at, max(at, since), found)


def _erase(session: Session, due: DueEffect, _moment: datetime, _made: Any) -> Outcome:
    dispatches.erase(session, due.about, System())
    return {}


def _old_products(session: Session, since: datetime, moment: datetime) -> Iterable[DueEffect]:
    for found in products.over(session, moment):
        at = found.made_at + product_rows.RETENTION
        yield DueEffect(f"product.erase:{found.id}", at, max(at, since), found)


def _erase_product(session: Session, due: DueEffect, _moment: datetime, _made: Any) -> Outcome:
    products.erase(session, due.about, System())
    return {}


JOBS: Sequence[TimetableJob] = (
    TimetableJob("rooms", _dues, _close),
    TimetableJob("dispatches", _old, _erase),
    TimetableJob("products", _old_products, _erase_product),
)
