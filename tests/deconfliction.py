"""The protocol of deconfliction once more, in Python: what the script of the screen must make of phrase and values.

And rooms for tests: Niger and Mali share a phrase, Chad has a coordinator of its own.
"""

import hmac
import re
import unicodedata
from collections.abc import Iterable
from datetime import timedelta
from functools import cache
from hashlib import pbkdf2_hmac
from typing import Any
from uuid import uuid5

from operations.core.drafts import parse
from operations.core.ids import new_id
from operations.core.people import Account, Actor, Assignment, System
from operations.core.vocabulary import Classification, Role
from operations.exchange import deconfliction
from operations.exchange.deconfliction_rows import DeconflictionRoom
from tests.makers import Running
from tests.people import HOUSE
from tests.programme import BEGUN, does

PHRASE = "K7TQ2-9MXWA-4HZRD-VB06E-YN3PC"
CONTACT = "Migrant smuggling desk of the NCB, over I-24/7"
ZEROS = (0x0660, 0x06F0, 0x0966, 0x09E6, 0x07C0)


def _digit(mark: str) -> str:
    zero = next((each for each in ZEROS if each <= ord(mark) < each + 10), None)
    return mark if zero is None else str(ord(mark) - zero)


def _simple(text: str) -> str:
    def bare(each: str) -> str:
        marked = unicodedata.normalize("NFKD", each)
        return "".join(mark for mark in marked if not unicodedata.category(mark).startswith("M") and mark != "\u0640")

    capitals = bare(bare(text).upper())
    kept = (_digit(mark) if unicodedata.category(mark)[0] in "LN" else " " for mark in capitals)
    return re.sub(" +", " ", "".join(kept)).strip(" ")


def plain(text: str) -> str:
    """A phrase as it counts."""
    return _simple(text).replace(" ", "")


def normal(text: str) -> str:
    """A value as it counts.

    >>> normal("A-1234/05-2023"), normal("Agadez > Sébha"), normal("٣٤ b")
    ('A1234-5-2023', 'AGADEZSEBHA', '34B')
    """
    joined = re.sub("(?<=[0-9]) (?=[0-9])", "-", _simple(text)).replace(" ", "")
    return re.sub("(?<![0-9])0+(?=[0-9])", "", joined)


@cache
def key(phrase: str, room: Any, rounds: int) -> bytes:
    """The key of a room."""
    return pbkdf2_hmac("sha256", plain(phrase).encode(), f"muster deconfliction 1 {room}".encode(), rounds)


def check(made: bytes) -> str:
    """What tells whether a phrase is that of a room."""
    return hmac.digest(made, b"check", "sha256").hex()[:8]


def tag(made: bytes, kind: str, value: str, stretch: int) -> str:
    """A value as a tag."""
    first = hmac.digest(made, f"{kind}\n{normal(value)}".encode(), "sha256")
    return pbkdf2_hmac("sha256", first, b"muster deconfliction 1 tag", stretch).hex()


# ------------------------------------------------------------------------------------------------------- rooms


def room_draft(phrase: str = PHRASE, **changes: Any) -> deconfliction.RoomDraft:
    """A standing room of Niger with Mali and Chad."""
    ident = changes.pop("id", new_id())
    content = {
        "id": ident, "name": "Central Mediterranean", "operation_id": None, "countries": ["MLI", "TCD"],
        "until": (BEGUN + timedelta(days=90)).date(), "check_value": check(key(phrase, ident, deconfliction.ROUNDS)),
    }  # fmt: skip
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
        id=uuid5(HOUSE, name), username=name, name=name.title(), role=Role.NATIONAL_COORDINATOR.value,
        country=country, clearance=Classification.CONFIDENTIAL.value, password_hash="!", created_at=BEGUN,
    )  # fmt: skip
    with scene.store.unit_of_work(System()) as session:
        session.add(account)
        if member:
            session.flush()
            session.add(Assignment(account_id=account.id, operation_id=scene.operation))
    scene.members[name] = Actor(
        account_id=account.id, name=account.name, role=Role.NATIONAL_COORDINATOR, country=country,
        clearance=Classification.CONFIDENTIAL, operations=frozenset({scene.operation} if member else ()),
        sites=frozenset(),
    )  # fmt: skip
    return scene.members[name]
