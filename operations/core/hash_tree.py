"""Hash tree over the entries of a chain (RFC 6962): one hash stands for all, and few prove that some are among them.

A tree of n leaves has levels: the leaves, then pairs joined, a last one without a partner taken up as it is, until one
hash is left. A proof for some leaves is the hashes of the partners that cannot be computed from them, level by level
and from the left. No library: pymerkle is under the GPL, and those of the logs of certificates bring a server.
"""

from collections.abc import Iterator, Mapping, Sequence
from hashlib import sha256

SIZE = 32
"""Bytes of a hash."""


def _leaf(data: bytes) -> bytes:
    return sha256(b"\0" + data).digest()


def _node(left: bytes, right: bytes) -> bytes:
    return sha256(b"\1" + left + right).digest()


def _levels(leaves: Sequence[bytes]) -> Iterator[bytes]:
    """Yield each level from the leaves up, as its hashes one after another."""
    level = b"".join(map(_leaf, leaves))
    while True:
        yield level
        if len(level) <= SIZE:
            return
        pairs = range(0, len(level), 2 * SIZE)
        level = b"".join(
            _node(pair[:SIZE], pair[SIZE:]) if len(pair) > SIZE else pair
            for pair in (level[i : i + 2 * SIZE] for i in pairs)
        )


def root(leaves: Sequence[bytes]) -> bytes:
    """Return the hash of all leaves; that of nothing where there are none."""
    return [*_levels(leaves)][-1] if leaves else sha256(b"").digest()


def proof(leaves: Sequence[bytes], chosen: Sequence[int]) -> list[bytes]:
    """Return the hashes that prove the leaves at these places, counted from 0. Raises IndexError beyond the last."""
    if chosen and not 0 <= min(chosen) <= max(chosen) < len(leaves):
        raise IndexError("There is no such leaf.")
    found, at = [], set(chosen)
    for level in _levels(leaves):
        partners = (place ^ 1 for place in sorted(at) if place ^ 1 not in at)
        found += [level[SIZE * place : SIZE * (place + 1)] for place in partners if SIZE * place < len(level)]
        at = {place >> 1 for place in at}
    return found


def proven(leaves: Mapping[int, bytes], size: int, hashes: Sequence[bytes]) -> bytes | None:
    """Return the root of a tree of `size` leaves that a proof leads to; None where it fits no such tree."""
    if not leaves or not 0 <= min(leaves) <= max(leaves) < size:
        return None
    known, left = {place: _leaf(data) for place, data in leaves.items()}, iter(hashes)
    while size > 1:
        above: dict[int, bytes] = {}
        for place in sorted(known):
            partner = known.get(place ^ 1) or (next(left, None) if place ^ 1 < size else b"")
            if partner is None:
                return None
            pair = (known[place], partner) if place % 2 == 0 else (partner, known[place])
            above[place >> 1] = _node(*pair) if partner else known[place]
        known, size = above, (size + 1) // 2
    return known[0] if next(left, None) is None else None
