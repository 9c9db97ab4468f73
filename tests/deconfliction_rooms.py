"""Rooms of deconfliction for tests: Niger and Mali share a phrase, Chad has a coordinator of its own."""

from collections.abc import Iterable
from datetime import timedelta
from typing import Any
from uuid import uuid5

from operations.core.drafts import parse
from operations.core.ids import new_id
from operations.core.people import Account, Actor, Assignment, System
from operations.core.vocabulary import Classification, Role
from operations.exchange import deconfliction
from operations.exchange.deconfliction_rows import DeconflictionRoom
from scenarios.deconfliction_tags import check, key, tag
from tests.makers import Running
from tests.people import HOUSE
from tests.programme import BEGUN, does

PHRASE = "K7TQ2-9MXWA-4HZRD-VB06E-YN3PC"
CONTACT = "Migrant smuggling desk of the NCB, over I-24/7"

# ------------------------------------------------------------------------------------------------------- rooms


def room_draft(phrase: str = PHRASE, **changes: Any) -> deconfliction.RoomDraft:
    """A standing room of Niger with Mali and Chad."""
    ident = changes.pop("id", new_id())
    content = {
        "id": ident,
        "name": "Central Mediterranean",
        "operation_id": None,
        "countries": ["MLI", "TCD"],
        "until": (BEGUN + timedelta(days=90)).date(),
        "check_value": check(key(phrase, ident, deconfliction.ROUNDS)),
    }
    return parse(deconfliction.RoomDraft, content | changes)


def opened(scene: Running, by: str = "chaima", **changes: Any) -> DeconflictionRoom:
    """It is open."""
    made: DeconflictionRoom = does(scene, by, deconfliction.open_room, room_draft(**changes))
    return made


def entries_draft(
    room: DeconflictionRoom, values: Iterable[tuple[str, str]], phrase: str = PHRASE, **changes: Any
) -> deconfliction.EntriesDraft:
    """Values by kind, as the browser makes tags of them."""
    made = key(phrase, room.id, room.rounds)
    tags = [{"kind": kind, "tag": tag(made, kind, value, room.stretch)} for kind, value in values]
    return parse(deconfliction.EntriesDraft, {"check_value": check(made), "contact": CONTACT, "values": tags} | changes)


def entered(
    scene: Running, by: str, room: DeconflictionRoom, *values: tuple[str, str], **more: Any
) -> list[deconfliction.Entered]:
    """A country enters what it works on."""
    at = more.pop("at", BEGUN)
    found: list[deconfliction.Entered] = does(
        scene, by, deconfliction.enter, room.id, entries_draft(room, values, **more), at=at
    )
    return found


def third(scene: Running, name: str = "tariq", country: str = "TCD", *, member: bool = False) -> Actor:
    """The coordinator of a third country, as whom `scene[name]` asks; `member`: assigned to the operation."""
    account = Account(
        id=uuid5(HOUSE, name),
        username=name,
        name=name.title(),
        role=Role.NATIONAL_COORDINATOR.value,
        country=country,
        clearance=Classification.CONFIDENTIAL.value,
        password_hash="!",
        created_at=BEGUN,
    )
    with scene.store.unit_of_work(System()) as session:
        session.add(account)
        if member:
            session.flush()
            session.add(Assignment(account_id=account.id, operation_id=scene.operation))
    scene.members[name] = Actor(
        account_id=account.id,
        name=account.name,
        role=Role.NATIONAL_COORDINATOR,
        country=country,
        clearance=Classification.CONFIDENTIAL,
        operations=frozenset({scene.operation} if member else ()),
        sites=frozenset(),
    )
    return scene.members[name]
