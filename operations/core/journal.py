"""The journal: one entry per change, in the transaction of the change.

It is the audit trail, the timeline, the live pulse and the change feed in one. Consultations and disclosures go to a
second chain of the same form, the access trail, so that reading never moves the pulse. Entries are numbered without
gaps, and each holds the hash of the one before, and a seal (HMAC) of its hash under the key of the installation, which
lies outside the database. `verify` detects any edit, deletion, swap or insertion, also by somebody who computes every
hash anew but has no key, and truncation by a head stored elsewhere.
"""

import hmac
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy import JSON, func
from sqlmodel import Field, Session, SQLModel, col, select

from operations.core import change_tracking, installation_key, proof
from operations.core import pulse as hearing
from operations.core.clock import UtcDateTime, now
from operations.core.errors import RuleBroken
from operations.core.ids import fingerprint
from operations.core.people import Actor, System
from operations.core.pulse import Audience
from operations.core.session_cache import once
from operations.core.store import Store, locked, unscoped, waiting_in_turn
from operations.core.vocabulary import Role

GENESIS = "0" * 64


class Chain(StrEnum):
    """The two hash chains."""

    JOURNAL = "journal"
    ACCESS = "access"


class ChainLink(SQLModel):
    """A link of a chain: the columns of both."""

    seq: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    at: datetime = Field(sa_type=UtcDateTime)
    actor_id: UUID | None = None
    actor_name: str = Field(max_length=120)
    country: str | None = Field(default=None, max_length=3, index=True)
    act: str = Field(max_length=64)
    object_kind: str = Field(max_length=32)
    object_id: UUID | None = Field(default=None, index=True)
    operation_id: UUID | None = Field(default=None, index=True)
    outcome: str = Field(default="done", max_length=32)
    detail: dict[str, Any] = Field(default_factory=dict, sa_type=JSON)
    prev_hash: str = Field(max_length=64)
    hash: str = Field(max_length=64)
    seal: str = Field(default="", max_length=32)


def digest_of(link: Mapping[str, Any]) -> str:
    """Return the SHA-256 of a link's content and the hash before it."""
    return fingerprint(
        [
            link["seq"],
            link["at"].isoformat(),
            str(link["actor_id"]),
            link["actor_name"],
            link["country"],
            link["act"],
            link["object_kind"],
            str(link["object_id"]),
            str(link["operation_id"]),
            link["outcome"],
            link["detail"],
            link["prev_hash"],
        ]
    )


_PURPOSE = "journal"


def seal_of(key: bytes, chain: Chain, digest: str) -> str:
    """Return the seal of a link, which vouches for the whole chain up to it: HMAC-SHA-256, half of it."""
    return hmac.digest(key, f"{chain.value}:{digest}".encode(), "sha256").hex()[:32]


class Entry(ChainLink, table=True):
    """A change. `country` is the country whose data changed; `detail` holds codes and counts, never personal data."""


class AccessEntry(ChainLink, table=True):
    """A consultation, a disclosure, or a sign-in."""

    __tablename__ = "access_entry"


class Head(SQLModel, table=True):
    """The last link of a chain. Adding a link locks it, which keeps the numbers without gaps.

    `key` is the name of the key that seals the chain: who has another adds nothing.
    """

    __tablename__ = "journal_head"
    chain: str = Field(primary_key=True, max_length=16)
    seq: int = 0
    hash: str = Field(default=GENESIS, max_length=64)
    key: str = Field(default="", max_length=16)


_TABLES: dict[Chain, type[Entry] | type[AccessEntry]] = {Chain.JOURNAL: Entry, Chain.ACCESS: AccessEntry}
_HEAD: sa.Table = Head.__table__  # type: ignore[attr-defined]
_OF_CHAIN = _HEAD.c.chain == sa.bindparam("of")
_HOLD_HEAD = locked(sa.select(_HEAD.c.seq, _HEAD.c.hash, _HEAD.c.key).where(_OF_CHAIN))
_MOVE_HEAD = (
    _HEAD.update()
    .where(_OF_CHAIN)
    .values(seq=sa.bindparam("to"), hash=sa.bindparam("with_hash"), key=sa.bindparam("by_key"))
)
_ADD = {chain: table.__table__.insert() for chain, table in _TABLES.items()}  # type: ignore[union-attr]


Before = Callable[[Session, Actor | System, UUID, str, str, Mapping[str, Any]], None]
_before: list[Before] = []


def before(check: Before) -> Before:
    """Declare what may forbid a change in an operation: `check(session, by, operation, act, kind, detail)` raises."""
    _before.append(check)
    return check


After = Callable[[Session, int, Mapping[str, Any]], None]
_after: list[After] = []


def after(note: After) -> After:
    """Register what is stored with each journal entry, in its transaction: `note(session, seq, columns)`."""
    _after.append(note)
    return note


def record(
    session: Session,
    actor: Actor | System,
    act: str,
    kind: str,
    object_id: UUID | None = None,
    /,
    *,
    operation: UUID | None = None,
    country: str | None = None,
    outcome: str = "done",
    chain: Chain = Chain.JOURNAL,
    audience: Audience | None = None,
    **detail: Any,
) -> int:
    """Add an entry in the current transaction and return its number. `detail` must be JSON-like.

    `audience` is who is notified of the change, where `heard_by` cannot know. An entry of no operation moves nobody's
    number, unless an audience is given: then it belongs to the programme. The head row is locked until the transaction
    ends, so call this last in a verb.
    """
    if (held := session.info.get(_HELD)) is not None and chain is Chain.ACCESS:
        given = {"operation": operation, "country": country, "outcome": outcome, "chain": chain, **detail}
        held.append(((actor, act, kind, object_id), given))
        return 0
    session.flush()
    if chain is Chain.JOURNAL and operation is not None:
        for check in _before:
            check(session, actor, operation, act, kind, detail)
    connection = session.connection()
    with waiting_in_turn():
        last, previous, sealed_by = connection.execute(_HOLD_HEAD, {"of": chain.value}).one()
    if last and sealed_by != installation_key.name():
        raise _another_key()
    seq: int = last + 1
    link = {
        "seq": seq,
        "at": now(),
        "actor_id": actor.account_id if isinstance(actor, Actor) else None,
        "actor_name": actor.name,
        "country": country,
        "act": act,
        "object_kind": kind,
        "object_id": object_id,
        "operation_id": operation,
        "outcome": outcome,
        "detail": detail,
        "prev_hash": previous,
    }
    link["hash"] = digest_of(link)
    link["seal"] = seal_of(installation_key.derived(_PURPOSE), chain, link["hash"])
    connection.execute(_ADD[chain], link)
    moved = {"of": chain.value, "to": seq, "with_hash": link["hash"], "by_key": installation_key.name()}
    connection.execute(_MOVE_HEAD, moved)
    if chain is Chain.JOURNAL and (operation is not None or audience is not None):
        heard = heard_by(session, kind, object_id, country) if audience is None else audience
        hearing.tell(session, operation or hearing.PROGRAMME, heard, seq, link["at"])
    if chain is Chain.JOURNAL:
        change_tracking.with_entry(seq, kind)
        for note in _after:
            note(session, seq, link)
    change_tracking.tells(act)
    change_tracking.with_link(f"{chain.value}:{seq}")
    return seq


def _another_key() -> RuleBroken:
    return RuleBroken(
        "", "This server has another key than the one that seals the journal. Ask whoever keeps it: MUSTER_KEY_FILE."
    )


def sealed_by(session: Session) -> str | None:
    """Return the name of the key that seals the journal; None while it is empty."""
    head = session.exec(select(Head).where(Head.chain == Chain.JOURNAL.value)).one()
    return head.key if head.seq else None


def require_key(session: Session) -> None:
    """Raise RuleBroken where this process has no key, or another than the one that seals the journal."""
    if sealed_by(session) not in (None, installation_key.name()):
        raise _another_key()


def change_key(session: Session) -> bool:
    """Seal both chains under the key of today from now on. Return whether there was another before.

    Raises RuleBroken where a chain does not hold under the keys of before.
    """
    changed = False
    for chain in Chain:
        head = session.exec(locked(select(Head).where(Head.chain == chain.value))).one()
        if not head.seq or head.key == installation_key.name():
            continue
        if verify(session, chain, today=False).broken_at is not None:
            raise RuleBroken("", "The journal does not hold under the old keys. Name them all: MUSTER_OLD_KEYS_FILE.")
        head.key, changed = installation_key.name(), True
        session.add(head)
        record(session, System(), "journal.key", "journal", chain=chain, key=head.key)
    return changed


_HELD = "muster_disclosed"


@contextmanager
def disclosing(store: Store, by: Actor | System) -> Iterator[Session]:
    """A session that reads what leaves Muster as a file.

    What it enters into the access trail inside the block is written when that ends well, in a short unit of work:
    nobody waits while the file is put together.

    A disclosure is recorded before the file is handed over, or the file is refused: Unavailable where the trail takes
    nothing within the store's patience. The same holds of a consultation of what is about persons (reports, cases,
    incidents), which is entered in a unit of work before it is shown. That somebody is still there (`sign_in.touch`)
    and how often sign-in was refused (`failed_sign_ins`) are written beside the answer and tried again.
    """
    held: list[tuple[tuple[Any, ...], dict[str, Any]]] = []
    with store.reading(by) as session:
        session.info[_HELD] = held
        sa.event.listen(session, "before_flush", _reads_alone)
        yield session
    with store.unit_of_work(by) as session:
        for given, named in held:
            record(session, *given, **named)


def _reads_alone(session: Session, *_more: object) -> None:
    if session.new or session.dirty or session.deleted:
        raise RuntimeError("What a file is put together from is read: a change needs a unit of work.")


def record_download(session: Session, actor: Actor, act: str, of: UUID | None, form: str, /, **more: Any) -> int:
    """Record in the access trail that `actor` receives a file: its format and what it is made of (see `record`).

    Raises ProofNeeded: whatever leaves Muster as a file needs a proof of the person.
    """
    if not proof.fresh(actor):
        raise proof.ProofNeeded
    recipients = [str(actor.account_id)]
    return record(session, actor, act, "export", of, chain=Chain.ACCESS, format=form, recipients=recipients, **more)


def record_extract(session: Session, by: Actor | System, operation: UUID | None, chain: Chain, rows: int) -> None:
    """Record in the access trail that an extract of a chain leaves Muster. Raises ProofNeeded."""
    more: dict[str, Any] = {"operation": operation, "of": chain.value, "rows": rows}
    if isinstance(by, Actor):
        record_download(session, by, "journal.extract", None, "zip", **more)
    else:
        record(session, by, "journal.extract", "export", chain=Chain.ACCESS, format="zip", **more)


@dataclass(frozen=True)
class _Guard:
    """The rule of a need-to-know kind of object: who reads its entries, and who is notified of them."""

    seen: Callable[[Actor], Any]
    countries: Callable[[Session, UUID | None, str | None], frozenset[str]]
    roles: frozenset[Role]


_guards: dict[str, _Guard] = {}
_PUBLIC = frozenset({"operation", "phase", "site"})


def need_to_know(
    kind: str,
    *,
    seen: Callable[[Actor], Any],
    countries: Callable[[Session, UUID | None, str | None], frozenset[str]],
    roles: frozenset[Role],
) -> None:
    """Declare that entries about objects of `kind` follow a rule of their own instead of the general one.

    `seen` turns an actor into an SQL condition on entries; `countries` returns the countries notified of an entry about
    an object that concerns a country, now; in these, the national coordinators are notified, besides the central
    `roles`.
    """
    _guards[kind] = _Guard(seen, countries, roles)


def heard_by(session: Session, kind: str, object_id: UUID | None, country: str | None) -> Audience:
    """Return the audience of an entry where the verb gives none. For the server alone.

    National users are notified of what concerns their country, central roles of everything that is not need-to-know,
    and everybody of the state of the operation, its calendar and its sites.
    """
    guard = _guards.get(kind)
    if guard is not None:
        known = guard.countries(session, object_id, country)
        return hearing.centre(*guard.roles) | hearing.countries(*known, role=Role.NATIONAL_COORDINATOR)
    return hearing.EVERYBODY if kind in _PUBLIC else hearing.CENTRE | hearing.countries(country)


def as_needed(generally: Any, actor: Actor) -> Any:
    """Return the SQL condition of who reads an entry: the general one, or the own one of need-to-know kinds."""
    kind = col(Entry.object_kind)
    condition = generally & kind.not_in(sorted(_guards))
    for name, guard in _guards.items():
        condition = condition | ((kind == name) & guard.seen(actor))
    return condition


_kept_from: dict[str, Callable[[Actor], Any]] = {}


def kept_from(kind: str, hidden: Callable[[Actor], Any]) -> None:
    """Declare an SQL condition for accesses to objects of `kind` that are hidden even from readers of the trail."""
    _kept_from[kind] = hidden


def as_told(generally: Any, actor: Actor) -> Any:
    """Return the SQL condition of who reads an access: the general one, without those hidden from this person."""
    for kind, hidden in _kept_from.items():
        generally = generally & ~((col(AccessEntry.object_kind) == kind) & hidden(actor))
    return generally


def reference(entry: Entry) -> str:
    """Return a short name of an entry, the same for all who may know it, for people to quote to each other.

    It is not derived from the chain, where it would reveal how many entries precede it. Nor does it cover the entry's
    detail, which could be guessed from it.
    """
    said = [entry.at, entry.actor_id, entry.country, entry.act, entry.object_kind, entry.object_id, entry.operation_id]
    return fingerprint([str(value) for value in said])[:8].upper()


def pulse(session: Session, chain: Chain = Chain.JOURNAL) -> int:
    """Return the number of the last entry; 0 while there is none."""
    query = select(Head.seq).where(Head.chain == chain)
    return once(session, (pulse, chain), lambda: session.exec(query).one(), lasting=False)


def head_hash(session: Session) -> str:
    """Return the hash of the journal's last entry, which tells nobody how many there are."""
    return str(session.exec(unscoped(select(Head.hash).where(Head.chain == Chain.JOURNAL.value))).one())


def operations_since(session: Session, seq: int) -> set[UUID]:
    """Return the operations of entries after `seq`, including those the asker may not know. For the server alone."""
    operations = session.exec(unscoped(select(Entry.operation_id).where(Entry.seq > seq).distinct())).all()
    return {operation for operation in operations if operation is not None}


def _known(query: Any, operation: UUID | None, country: str | None, where: Any) -> Any:
    if operation is not None:
        query = query.where(Entry.operation_id == operation)
    if country is not None:
        query = query.where((col(Entry.country) == country) | col(Entry.country).is_(None))
    return query if where is None else query.where(where)


def latest(
    session: Session,
    operation: UUID | None = None,
    country: str | None = None,
    limit: int = 50,
    skip: int = 0,
    where: Any = None,
) -> Sequence[Entry]:
    """Return entries that the asker may know, newest first, optionally of one operation, of one country or of none.

    `skip` leaves out the newest; `where` is a further condition.
    """
    query = select(Entry).order_by(col(Entry.seq).desc()).limit(limit).offset(skip)
    found: Sequence[Entry] = session.exec(_known(query, operation, country, where)).all()
    return found


def known(session: Session, operation: UUID, country: str | None = None, where: Any = None) -> int:
    """Return how many entries `latest` would return without a limit."""
    counted: int = session.exec(_known(select(func.count(col(Entry.seq))), operation, country, where)).one()
    return counted


@dataclass(frozen=True)
class ChainVerdict:
    """The result of `verify`. `broken_at` is the first number that does not hold, None if all do."""

    chain: Chain
    entries: int
    head: str
    broken_at: int | None = None


def _links(session: Session, table: type[Entry] | type[AccessEntry]) -> Iterator[Mapping[str, Any]]:
    """Yield all links of a chain by column, a thousand of them in memory at a time."""
    columns: Any = table.__table__.columns  # type: ignore[union-attr]
    query = sa.select(*columns).order_by(col(table.seq))
    for row in session.execute(unscoped(query), execution_options={"yield_per": 1000}):
        yield row._asdict()


def verify(
    session: Session, chain: Chain = Chain.JOURNAL, head: tuple[int, str] | None = None, *, today: bool = True
) -> ChainVerdict:
    """Verify a chain from its beginning. `head` is a (seq, hash) noted earlier, stored outside the database.

    Detects edits, deletions, swaps and insertions; with `head`, also truncation and the restoration of an older copy.
    Keys follow each other as they were changed, and the last link has that of `today`: an old key seals nothing new.
    """
    previous, expected, at = GENESIS, 0, 0
    keys = installation_key.ring(_PURPOSE)
    for link in _links(session, _TABLES[chain]):
        expected += 1
        if link["seq"] != expected or link["prev_hash"] != previous or link["hash"] != digest_of(link):
            return ChainVerdict(chain, expected, previous, broken_at=expected)
        while not hmac.compare_digest(link["seal"].encode(), seal_of(keys[at], chain, link["hash"]).encode()):
            at += 1
            if at == len(keys):
                return ChainVerdict(chain, expected, previous, broken_at=expected)
        previous = link["hash"]
        if head is not None and head[0] == link["seq"] and head[1] != previous:
            return ChainVerdict(chain, expected, previous, broken_at=expected)
    if today and expected and at != len(keys) - 1:
        return ChainVerdict(chain, expected, previous, broken_at=expected)
    stored = session.exec(select(Head.seq, Head.hash).where(Head.chain == chain)).one()
    missing = tuple(stored) != (expected, previous) or (head is not None and head[0] > expected)
    return ChainVerdict(chain, expected, previous, broken_at=expected + 1 if missing else None)


def hashes(session: Session, chain: Chain, until: int) -> list[bytes]:
    """Return the hashes of the first entries, up to that number. Raises RuleBroken where entries are missing."""
    table = _TABLES[chain]
    query = select(table.hash).where(table.seq <= until).order_by(col(table.seq))
    found = [bytes.fromhex(each) for each in session.exec(unscoped(query.execution_options(yield_per=5000)))]
    if len(found) != until:
        raise RuleBroken("", "The chain does not hold: an entry was changed, moved or removed. Tell the auditor.")
    return found


def between(
    session: Session, chain: Chain, operation: UUID | None, since: datetime | None, until: datetime | None
) -> Iterator[ChainLink]:
    """Yield the entries of a chain that the asker may know, oldest first: of an operation, between two moments."""
    table = _TABLES[chain]
    query = select(table)
    if operation is not None:
        query = query.where(table.operation_id == operation)
    if since is not None:
        query = query.where(col(table.at) >= since)
    if until is not None:
        query = query.where(col(table.at) < until)
    yield from session.exec(query.order_by(col(table.seq)))


def count(session: Session, chain: Chain = Chain.JOURNAL) -> int:
    """Return the number of entries of a chain."""
    entries: int = session.exec(unscoped(select(func.count()).select_from(_TABLES[chain]))).one()
    return entries
