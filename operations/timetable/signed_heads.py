"""Signed heads of both chains, which leave the machine once a day: into a folder, to a webhook, by mail.

The copies lie elsewhere than they do: whoever changes the database and its copies does not change what left before.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from sqlmodel import Session, col, select

from operations.core import evidence, hash_tree, journal
from operations.core.errors import RuleBroken
from operations.core.journal import AccessEntry, Chain, Entry, Head
from operations.core.people import Actor, System
from operations.core.permissions import Act, require
from operations.core.store import Store, unscoped
from operations.timetable.effects import DueEffect, Effect, Outcome, TimetableJob, every

NAME = "journal.signed_head"
EVERY = timedelta(days=1)
Way = Callable[[bytes, datetime], None]
"""What takes a signed head out of the machine; it raises where that fails."""
_TABLES: Mapping[str, type[Entry] | type[AccessEntry]] = {Chain.JOURNAL.value: Entry, Chain.ACCESS.value: AccessEntry}


def heads_of(session: Session, moment: datetime) -> dict[str, Any]:
    """Return the heads of both chains now: the last entry, its hash, and the root of the tree of all entries."""
    heads = {
        head.chain: {
            "entry": head.seq,
            "hash": head.hash,
            "tree": hash_tree.root(journal.hashes(session, Chain(head.chain), head.seq)).hex(),
        }
        for head in session.exec(select(Head)).all()
    }
    return {"kind": "heads", "at": moment.isoformat(), "heads": heads}


def statement(session: Session, moment: datetime) -> bytes:
    """Return the signed heads of both chains now."""
    return evidence.signed(heads_of(session, moment))


def covering(session: Session, chain: Chain, entry: int, moment: datetime) -> dict[str, Any]:
    """Return the first heads that left after an entry was written; those of now where none did."""
    query = unscoped(select(Effect.outcome).where(Effect.job == NAME).order_by(col(Effect.due)))
    for outcome in session.exec(query):
        heads = outcome.get("heads", {})
        if heads.get(chain.value, {}).get("entry", 0) >= entry:
            return {"kind": "heads", "at": outcome["at"], "heads": heads}
    return heads_of(session, moment)


def into_folder(folder: Path) -> Way:
    """Return the way into a folder, which is best one of another owner on another machine."""

    def leave(text: bytes, moment: datetime) -> None:
        file = folder / f"head-{moment:%Y%m%dT%H%M%SZ}.json"
        part = file.with_suffix(".part")
        part.write_bytes(text)
        part.replace(file)

    return leave


def job(ways: Sequence[Way]) -> TimetableJob:
    """Return the job: every way has taken the head of the moment before it is done; what failed is tried again."""

    def leave(store: Store, _due: DueEffect, moment: datetime) -> Outcome:
        with store.reading(System()) as session:
            told = heads_of(session, moment)
        for way in ways:
            way(evidence.signed(told), moment)
        return told

    def note(_session: Session, _due: DueEffect, _moment: datetime, told: Outcome) -> Outcome:
        return {"at": told["at"], "ways": len(ways), "heads": told["heads"]}

    return TimetableJob(NAME, every(NAME, EVERY), note, leave)


def last_left(store: Store, by: Actor) -> datetime | None:
    """Return until when the past can be proven by a head that left the machine; None where none did."""
    require(by, Act.INSTALLATION_READ)
    with store.reading(System()) as session:
        query = select(Effect.outcome).where(Effect.job == NAME).order_by(col(Effect.due).desc())
        outcome: Mapping[str, Any] = session.exec(query).first() or {}
    return datetime.fromisoformat(outcome["at"]) if "at" in outcome else None


def compare(session: Session, text: bytes, key: str) -> datetime:
    """Compare the chains with heads that left earlier. Return of when these are. Raises RuleBroken."""
    told = evidence.opened(text, key)
    if told.get("kind") != "heads":
        raise RuleBroken("", "This is no signed statement of Muster.")
    for chain, head in told["heads"].items():
        table, entry = _TABLES[chain], int(head["entry"])
        kept = session.exec(select(table.hash).where(table.seq == entry)).first()
        if entry and kept != head["hash"]:
            words = {"chain": chain, "entry": entry, "at": str(told["at"])}
            raise RuleBroken("", "The chain {chain} is not what it was at entry {entry}, on {at}.", **words)
    return datetime.fromisoformat(told["at"])
