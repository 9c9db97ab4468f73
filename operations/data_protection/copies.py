"""Search for data about a person in every text column, old versions included, and its erasure.

The search compares whole words without regard to case, accents and spacing. The term is held in memory for the search
alone. `mark` keeps a digest of an item's text, by which a later change of it is detected.
"""

import unicodedata
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Session, select

from operations.core.clock import now
from operations.core.errors import RuleBroken
from operations.core.ids import fingerprint
from operations.core.people import Account, Actor
from operations.core.store import unfenced, unscoped
from operations.data_protection.register import PLACES, DecidingDesk, TextColumns
from operations.policing.fugitives import erasure
from operations.policing.fugitives.case_rows import FugitiveCase
from operations.policing.leads import leads
from operations.support import intelligence, lead_results

SHORTEST, MOST = 4, 200
"""Minimum length of a term in characters, and maximum number of hits: more is no search for a person."""


@dataclass(frozen=True)
class CopyOwner:
    """An item that texts belong to, and its owner: a country, or a desk."""

    kind: str
    id: UUID
    operation: UUID | None
    country: str | None
    desk: DecidingDesk


@dataclass
class CopyHit:
    """An item that contains the term. `link` leads to it."""

    thing: CopyOwner
    link: str
    texts: list[str] = field(default_factory=list)


def normal(text: str) -> str:
    """Normalise text for comparison: lower case, no accents, single spaces between and around words."""
    plain = "".join(each for each in unicodedata.normalize("NFKD", text.casefold()) if not unicodedata.combining(each))
    words = "".join(each if each.isalnum() else " " for each in plain).split()
    return f" {' '.join(words)} "


def search(session: Session, wanted: str) -> list[CopyHit]:
    """Return every item that contains `wanted`, whoever owns it: for the server alone.

    Raises RuleBroken for a term shorter than `SHORTEST` characters, and for more than `MOST` hits.
    """
    sought = normal(wanted)
    if len(sought.replace(" ", "")) < SHORTEST:
        raise RuleBroken("wanted", "Search for at least {count} letters or digits.", count=SHORTEST)
    hits: dict[CopyOwner, CopyHit] = {}
    for place, row in _rows(session):
        texts = list(_words(row[3:]))
        if place.number:
            texts.append(f"{place.number}{row[0].hex[:8]}")
        if any(sought in normal(each) for each in texts):
            hits.setdefault(_thing(place, row), CopyHit(_thing(place, row), _link(place, row)))
            if len(hits) > MOST:
                raise RuleBroken(
                    "wanted",
                    "More than {count} records contain this. Search for something that only one person has.",
                    count=MOST,
                )
    return list(hits.values())


def marks(session: Session, things: Iterable[CopyOwner]) -> dict[CopyOwner, str]:
    """Return a digest of each item's current text, over the newest version of versioned items."""
    wanted = set(things)
    said: dict[CopyOwner, list[str]] = {each: [] for each in wanted}
    for place, row in _rows(session, wanted):
        if (thing := _thing(place, row)) in said:
            said[thing].extend(_words(row[3:]))
    return {thing: fingerprint(sorted(texts)) for thing, texts in said.items()}


def _rows(session: Session, of: set[CopyOwner] | None = None) -> Iterator[tuple[TextColumns, Any]]:
    """Yield (place, (item, operation, country, texts...)) for every row with text: of all items, or of these."""
    for place in PLACES:
        ids = None if of is None else {each.id for each in of if each.kind == place.kind}
        if ids is not None and not ids:
            continue
        columns = _columns(place)
        query: Any = select(*columns)
        if place.parent is not None:
            parent, by = place.parent
            query = query.join(parent, getattr(place.model, by) == parent.id)
        if place.person:
            query = query.join(Account, getattr(place.model, place.person) == Account.id)
        if ids is not None:
            query = query.where(columns[0].in_(ids))
        with unfenced(session):
            rows = session.execute(unscoped(query)).all()
        yield from ((place, row) for row in rows)


def _columns(place: TextColumns) -> list[Any]:
    def column(name: str) -> Any:
        if not name:
            return sa.null()
        if not hasattr(place.model, name) and place.parent is not None:
            return getattr(place.parent[0], name)
        return getattr(place.model, name)

    about = [column(each) for each in (place.of, place.operation, place.country)]
    names = (Account.name, Account.username) if place.person else ()
    return [*about, *(getattr(place.model, each) for each in place.texts), *names]


def _words(values: Iterable[Any]) -> Iterator[str]:
    """Yield the texts in column values, JSON included."""
    for value in values:
        if isinstance(value, str):
            yield value
        elif isinstance(value, dict):
            yield from _words(value.values())
        elif isinstance(value, list):
            yield from _words(value)


def _thing(place: TextColumns, row: Any) -> CopyOwner:
    ident, operation, country = row[:3]
    desk = DecidingDesk.COUNTRY if country else place.desk
    return CopyOwner(place.kind, ident, operation, country or None, desk)


def _link(place: TextColumns, row: Any) -> str:
    if row[1] is None and "{operation}" in place.link:
        return "/"  # belongs to several operations, each of which links to it
    return place.link.format(operation=row[1], id=row[0])


# ------------------------------------------------------------------------------------------------------ erasing

Eraser = Callable[[Session, UUID, Actor], None]
BY_REQUEST = "request"


def _erase_case(session: Session, case_id: UUID, by: Actor) -> None:
    case = session.exec(unscoped(select(FugitiveCase).where(FugitiveCase.id == case_id))).one()
    erasure.erase_one(session, case, by, now().date(), BY_REQUEST)
    session.flush()
    erasure.forget_notes(session)


def _erase_lead(session: Session, lead_id: UUID, by: Actor) -> None:
    found = session.exec(unscoped(select(leads.Lead).where(leads.Lead.id == lead_id))).all()
    leads.erase(session, found, by, now().date(), BY_REQUEST)
    session.flush()
    lead_results.forget_notes(session)


ERASERS: dict[str, Eraser] = {"case": _erase_case, "lead": _erase_lead, "intelligence": intelligence.erase_one}
"""Erasers of the items that Muster erases itself. All others are changed, withdrawn or removed by their own forms."""
