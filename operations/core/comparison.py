"""Comparison of sums by key in memory that does not grow with them.

Each side adds up a fingerprint of its sums: for every key two numbers of 128 bits (BLAKE2b, keyed anew for each
comparison), times the key's records and quantity. Equal sums have equal fingerprints in whatever order and parts they
were added; unequal ones have equal fingerprints with a probability of about 2 to the power of -128. Keys are spread
over buckets, so that what differs is found by reading again and keeping only the keys of buckets that differ.
"""

import secrets
from collections import defaultdict
from collections.abc import Callable, Sequence, Set
from hashlib import blake2b
from typing import Any

Key = tuple[Any, ...]
"""Values whose texts say which they are: equal values of two sides have equal texts."""
Amounts = tuple[int, int]
"""Records and quantity."""

BUCKETS = 1 << 10
AT_ONCE = 10_000
"""Keys that are added up exactly before they enter the fingerprints."""
_NOTHING: Amounts = (0, 0)


class SumFingerprint:
    """One side of a comparison: its fingerprints and, of the buckets in `wanted`, its exact sums."""

    def __init__(self, secret: bytes, wanted: Set[int] = frozenset()) -> None:
        self._secret, self._wanted = secret, wanted
        self._fresh: defaultdict[Key, list[int]] = defaultdict(lambda: [0, 0])
        self._marks = [0] * BUCKETS
        self._kept: defaultdict[Key, list[int]] = defaultdict(lambda: [0, 0])

    def add(self, key: Key, records: int, quantity: int) -> None:
        """Add records and quantity, which may be negative, to the sums of a key."""
        amounts = self._fresh[key]
        amounts[0] += records
        amounts[1] += quantity
        if len(self._fresh) >= AT_ONCE:
            self._enter()

    def marks(self) -> list[int]:
        """Return the fingerprint of each bucket."""
        self._enter()
        return self._marks

    def kept(self) -> dict[Key, Amounts]:
        """Return the exact sums of the wanted buckets, zeros left out."""
        self._enter()
        return {key: (records, quantity) for key, (records, quantity) in self._kept.items() if records or quantity}

    def _enter(self) -> None:
        for key, (records, quantity) in self._fresh.items():
            if records or quantity:
                told = blake2b("\x1f".join(map(str, key)).encode(), key=self._secret, digest_size=34).digest()
                bucket = int.from_bytes(told[32:]) % BUCKETS
                self._marks[bucket] += records * int.from_bytes(told[:16]) + quantity * int.from_bytes(told[16:32])
                if bucket in self._wanted:
                    kept = self._kept[key]
                    kept[0] += records
                    kept[1] += quantity
        self._fresh.clear()


def differing(read: Callable[[Sequence[SumFingerprint]], None], sides: int) -> dict[Key, tuple[Amounts, Amounts]]:
    """Return the keys of which the first side has other sums than one of the others: its own sums, and the other's.

    `read` adds all sums of each side to its tally. It is called once where all agree, and once more where they do not.
    """
    secret = secrets.token_bytes(32)
    tallies = [SumFingerprint(secret) for _ in range(sides)]
    read(tallies)
    first, *others = (each.marks() for each in tallies)
    wanted = {bucket for bucket in range(BUCKETS) if any(other[bucket] != first[bucket] for other in others)}
    if not wanted:
        return {}
    tallies = [SumFingerprint(secret, wanted) for _ in range(sides)]
    read(tallies)
    stored, *rest = (each.kept() for each in tallies)
    return {
        key: (stored.get(key, _NOTHING), other.get(key, _NOTHING))
        for other in rest
        for key in stored.keys() | other.keys()
        if stored.get(key, _NOTHING) != other.get(key, _NOTHING)
    }
