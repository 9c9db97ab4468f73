"""Files that people are bringing in: read once, kept for a while in this process, and named by a random token.

So the bytes go to the server once. A token is worth something only to the person whose file it names. What is kept is
bounded and expires; after a restart, or in another process, a sentence asks for the file again.
"""

import secrets
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from threading import Lock
from typing import Any, Generic, TypeVar
from uuid import UUID

from operations.core.errors import RuleBroken

T = TypeVar("T")

MOST = 8
OF_ONE_PERSON = 2
KEPT_SECONDS = 30 * 60.0


@dataclass
class _Kept:
    owner: UUID
    until: float
    content: Any


class Uploads(Generic[T]):
    """What was uploaded, by token: at most `most` in all and `each` of one person, for `seconds` after the last use."""

    def __init__(
        self,
        most: int = MOST,
        each: int = OF_ONE_PERSON,
        seconds: float = KEPT_SECONDS,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._most, self._each, self._seconds, self._clock = most, each, seconds, clock
        self._kept, self._lock = OrderedDict[str, _Kept](), Lock()

    def keep(self, owner: UUID, content: T) -> str:
        """Keep something for the account `owner`; the token under which it is found. The oldest make room."""
        token = secrets.token_urlsafe(24)
        with self._lock:
            self._expire()
            own = [key for key, kept in self._kept.items() if kept.owner == owner]
            for key in own[: max(0, len(own) - self._each + 1)]:
                del self._kept[key]
            while len(self._kept) >= self._most:
                self._kept.popitem(last=False)
            self._kept[token] = _Kept(owner, self._clock() + self._seconds, content)
        return token

    def find(self, owner: UUID, token: str | None) -> T:
        """What the account `owner` kept under `token`. Raises RuleBroken where it is no longer there, or not theirs."""
        with self._lock:
            self._expire()
            found = self._kept.get(token or "")
            if found is None or found.owner != owner:
                raise RuleBroken("file", "This file is no longer at hand: choose it again.")
            found.until = self._clock() + self._seconds
            self._kept.move_to_end(token or "")
            content: T = found.content
            return content

    def drop(self, owner: UUID, token: str | None) -> None:
        """Forget what was kept, where it is the account's own."""
        with self._lock:
            found = self._kept.get(token or "")
            if found is not None and found.owner == owner:
                del self._kept[token or ""]

    def _expire(self) -> None:
        now = self._clock()
        for key in [key for key, kept in self._kept.items() if kept.until <= now]:
            del self._kept[key]
