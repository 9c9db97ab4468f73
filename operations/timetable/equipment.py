"""Equipment without a sign of life for 30 days: Muster says that it is dormant, and tells its country and who plans."""

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, time, timedelta
from typing import Any

from sqlmodel import Session, col, select

from operations.core.errors import Flaw
from operations.core.field_labels import N_
from operations.core.people import System
from operations.core.vocabulary import MessageKind, Role
from operations.infrastructure.equipment import DORMANT_AFTER, fall_silent
from operations.infrastructure.rows import EQUIPMENT, Equipment, EquipmentState
from operations.notices.messages import To, tell
from operations.posts.register import post
from operations.timetable.effects import DueEffect, Outcome, TimetableJob

_WATCHED = (EquipmentState.COMMISSIONED.value, EquipmentState.IN_USE.value)


def _dues(session: Session, since: datetime, moment: datetime) -> Iterable[DueEffect]:
    """Yield one effect for each last query: equipment that is used and falls silent again is reported again."""
    silent = moment.date() - timedelta(days=DORMANT_AFTER)
    query = select(Equipment).where(col(Equipment.state).in_(_WATCHED), col(Equipment.last_query) <= silent)
    for equipment in session.exec(query):
        assert equipment.last_query is not None  # noqa: S101 - the query leaves out those without
        at = datetime.combine(equipment.last_query + timedelta(days=DORMANT_AFTER), time(0), UTC)
        yield DueEffect(
            f"equipment.dormant:{equipment.id}:{equipment.last_query.isoformat()}", at, max(at, since), equipment
        )


def _tell(session: Session, due: DueEffect, moment: datetime, _made: Any) -> Outcome:
    found = EQUIPMENT.hold(session, due.about.id)  # as it is now, not as it was when the timetable looked
    if found.state not in _WATCHED or found.last_query != due.about.last_query:
        return {}
    to = [
        To(roles=frozenset({Role.NATIONAL_COORDINATOR}), country=found.country),
        To(roles=frozenset({Role.OPERATION_COORDINATOR})),
    ]
    days = (moment.date() - found.last_query).days
    told = tell(
        session,
        to,
        MessageKind.EQUIPMENT_DORMANT,
        f"/equipment?show={found.id}",
        days,
        key=due.job,
        by=System(),
        about=Flaw(
            "", N_("Equipment of {post} gives no sign of life: ask why."), {"post": post(session, found.post_id).name}
        ),
    )
    fall_silent(session, found)
    return {"told": told}


JOBS: Sequence[TimetableJob] = (TimetableJob("equipment", _dues, _tell),)
