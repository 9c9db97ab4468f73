"""What ends between countries: rooms of deconfliction are closed, their entries erased; what is old is emptied."""

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, time, timedelta
from typing import Any

from sqlmodel import Session

from operations.core.people import System
from operations.exchange import deconfliction, dispatches, product_rows, products
from operations.exchange.deconfliction_rows import DeconflictionRoom
from operations.exchange.dispatch_rows import RETENTION
from operations.timetable.effects import Due, Job, Outcome


def _dues(session: Session, since: datetime, moment: datetime) -> Iterable[Due]:
    for found in deconfliction.over(session, moment.date()):
        at = datetime.combine(found.until + timedelta(days=1), time(0), UTC)
        yield Due(f"deconfliction.close:{found.id}", at, max(at, since), found)


def _close(session: Session, due: Due, _moment: datetime, _made: Any) -> Outcome:
    found: DeconflictionRoom = due.about
    deconfliction.close(session, found.id, System())
    return {}


def _old(session: Session, since: datetime, moment: datetime) -> Iterable[Due]:
    for found in dispatches.over(session, moment):
        at = found.sent_at + RETENTION
        yield Due(f"dispatch.erase:{found.id}", at, max(at, since), found)


def _erase(session: Session, due: Due, _moment: datetime, _made: Any) -> Outcome:
    dispatches.erase(session, due.about, System())
    return {}


def _old_products(session: Session, since: datetime, moment: datetime) -> Iterable[Due]:
    for found in products.over(session, moment):
        at = found.made_at + product_rows.RETENTION
        yield Due(f"product.erase:{found.id}", at, max(at, since), found)


def _erase_product(session: Session, due: Due, _moment: datetime, _made: Any) -> Outcome:
    products.erase(session, due.about, System())
    return {}


JOBS: Sequence[Job] = (
    Job("rooms", _dues, _close),
    Job("dispatches", _old, _erase),
    Job("products", _old_products, _erase_product),
)
