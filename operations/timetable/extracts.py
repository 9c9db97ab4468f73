"""Extracts of a chain: some of its entries as they were written, with what proves that they stood in it.

Whoever has the public key of the installation checks one without its database. The entries are leaves of the tree
whose root is in a signed head (`signed_heads`). Of all others nothing is told but hashes, and each of these covers the
hash of the entry before, so that it cannot be guessed from what the entry may say. The head is the first that left the
machine after the last of the entries; where none did, one is signed now. Against a head that an auditor kept, an
extract proves that what it shows was in the journal on that day, word for word, whatever the operator did since. It
does not prove that nothing else fits the question, unless the entries follow each other without a gap.
"""

import io
import json
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from itertools import islice
from pathlib import Path
from typing import Any
from uuid import UUID

from sqlmodel import Session

from operations.core import evidence, hash_tree, journal
from operations.core.clock import now
from operations.core.errors import RuleBroken
from operations.core.field_labels import N_
from operations.core.journal import Chain, ChainLink
from operations.core.people import Actor, System
from operations.timetable import signed_heads

ENTRIES, HEAD = "entries.json", "head.json"
MOST = 20_000
"""Entries of an extract."""
_COLUMNS = (
    "seq",
    "at",
    "actor_id",
    "actor_name",
    "country",
    "act",
    "object_kind",
    "object_id",
    "operation_id",
    "outcome",
)
_HASHED = (*_COLUMNS, "detail", "prev_hash")


PAGE = N_(
    "This archive holds entries of the journal of Muster, or of its access trail, as they were written: entries.json. "
    "head.json is a statement that the installation signed: how many entries the journal had at a moment, and one hash "
    "of all of them. The proof in entries.json goes from the entries to that hash, and tells nothing of others. "
    "Whoever has the public key of the installation checks this without its database: muster verify-archive FILE --key "
    "KEY. Whoever kept the signed head of that day adds --head HEAD: then the entries were in the journal that day as "
    "they are here. That nothing else fits the question follows from it only where the numbers of entries have no gap."
)
"""What the README of an extract says."""


@dataclass(frozen=True)
class ExtractRequest:
    """Which entries are asked for: of a chain, an operation, a thing with its versions, between two days (UTC)."""

    chain: Chain = Chain.JOURNAL
    operation: UUID | None = None
    thing: UUID | None = None
    first: date | None = None
    last: date | None = None

    def entries(self, session: Session) -> list[ChainLink]:
        """Return the entries that the asker may know. Raises RuleBroken beyond MOST."""
        since = datetime.combine(self.first, time(), UTC) if self.first else None
        until = datetime.combine(self.last, time(), UTC) + timedelta(days=1) if self.last else None
        found = journal.between(session, self.chain, self.operation, since, until)
        kept = [*islice((entry for entry in found if self._is_of_thing(entry)), MOST + 1)]
        if len(kept) > MOST:
            raise RuleBroken("", "These are more than {most} entries. Ask for fewer days: muster extract.", most=MOST)
        return kept

    def _is_of_thing(self, entry: ChainLink) -> bool:
        named = str(self.thing)
        return self.thing is None or str(entry.object_id) == named or named in map(str, entry.detail.values())

    def as_json(self) -> dict[str, str]:
        """Return what is asked for."""
        given = {"chain": self.chain.value, "operation": self.operation, "object": self.thing}
        days = {"from": self.first, "until": self.last}
        return {name: str(value) for name, value in {**given, **days}.items() if value is not None}


@dataclass(frozen=True)
class ExtractVerdict:
    """What an extract proves: so many `entries`, `first` to `last`, `whole` without a gap, by the `head` of `at`."""

    chain: str
    entries: int
    first: int
    last: int
    whole: bool
    at: datetime
    head: int


def extract(session: Session, wanted: ExtractRequest, by: Actor | System, page: str) -> bytes:
    """Return an extract as a signed archive, and record it in the access trail. `page`: what its README says.

    Raises RuleBroken for no entry, too many, or a chain with gaps; ProofNeeded.
    """
    entries = wanted.entries(session)
    if not entries:
        raise RuleBroken("", "There is no such entry.")
    content = _archive(session, entries, now(), page, wanted)
    journal.record_extract(session, by, wanted.operation, wanted.chain, len(entries))
    return content


def _archive(
    session: Session, shown: Sequence[ChainLink], moment: datetime, page: str, wanted: ExtractRequest
) -> bytes:
    chain = wanted.chain
    head = signed_heads.covering(session, chain, shown[-1].seq, moment)
    leaves = journal.hashes(session, chain, head["heads"][chain.value]["entry"])
    told = {
        "chain": chain.value,
        "entries": [_as_json(entry) for entry in shown],
        "proof": [each.hex() for each in hash_tree.proof(leaves, [entry.seq - 1 for entry in shown])],
    }
    parts = {
        "README.txt": page.encode("utf-8-sig"),
        ENTRIES: json.dumps(told, indent=1, ensure_ascii=False).encode(),
        HEAD: evidence.signed(head),
    }
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as file:
        for name, content in parts.items():
            file.writestr(zipfile.ZipInfo(name, moment.timetuple()[:6]), content, zipfile.ZIP_DEFLATED)
    about = {"extract": wanted.as_json(), "at": moment.isoformat(), "head": head["heads"][chain.value]["hash"]}
    return evidence.with_manifest(out.getvalue(), **about)


def _as_json(entry: ChainLink) -> dict[str, Any]:
    columns = {name: getattr(entry, name) for name in _HASHED}
    for name, value in columns.items():
        if isinstance(value, UUID | datetime):
            columns[name] = value.isoformat() if isinstance(value, datetime) else str(value)
    return columns


def verify(file: Path, key: str, kept: bytes | None = None) -> ExtractVerdict | None:
    """Check an extract without a database; None where the archive is none.

    `key` is the public key that was noted elsewhere, `kept` a signed head that somebody else keeps: the extract has to
    be made for it. Raises RuleBroken.
    """
    parts, found = evidence.opened_archive(file, key)
    if "extract" not in found:
        return None
    head = evidence.opened(parts.get(HEAD, b""), key)
    if kept is not None and evidence.opened(kept, key) != head:
        raise RuleBroken("", "It was made for another head, of {at}.", at=str(head.get("at")))
    try:
        told = json.loads(parts[ENTRIES])
        of = head["heads"][Chain(told["chain"]).value]
        links = {int(entry["seq"]): journal.digest_of(_link(entry)) for entry in told["entries"]}
        numbers, hashes = sorted(links), [bytes.fromhex(each) for each in told["proof"]]
        leaves = {number - 1: bytes.fromhex(links[number]) for number in numbers}
        held = hash_tree.proven(leaves, int(of["entry"]), hashes) == bytes.fromhex(of["tree"])
        at = datetime.fromisoformat(head["at"])
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        raise RuleBroken("", "This is no extract of a journal of Muster.") from None
    if not held or len(numbers) != len(told["entries"]):
        raise RuleBroken("", "These entries are not as they were when the head was signed.")
    whole = numbers[-1] - numbers[0] + 1 == len(numbers)
    return ExtractVerdict(told["chain"], len(numbers), numbers[0], numbers[-1], whole, at, int(of["entry"]))


def _link(entry: Mapping[str, Any]) -> dict[str, Any]:
    if set(entry) != set(_HASHED):
        raise ValueError("Columns of something else.")
    return {**entry, "at": datetime.fromisoformat(entry["at"])}
