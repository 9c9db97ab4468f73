"""Whose turn it is to write into an SQLite file, among the threads of one process."""

import threading
import time
from collections import deque
from dataclasses import dataclass

from operations.core.faults import Reason, Unavailable


class Turns:
    """The writers of one process, one at a time and in the order in which they came.

    SQLite lets whoever happens to look at the right moment go first, so that one of many waits for ever.
    """

    def __init__(self) -> None:
        self._guard, self._waiting, self._taken = threading.Lock(), deque[threading.Lock](), False

    def take(self, seconds: float) -> bool:
        """Wait for the turn, at most so long."""
        with self._guard:
            if not self._taken:
                self._taken = True
                return True
            mine = threading.Lock()
            mine.acquire()
            self._waiting.append(mine)
        if mine.acquire(timeout=max(seconds, 0)):
            return True
        with self._guard:
            if mine in self._waiting:
                self._waiting.remove(mine)
                return False
        return True  # it was given in the moment in which waiting ended

    def give(self) -> None:
        """Let the next one go."""
        with self._guard:
            if self._waiting:
                self._waiting.popleft().release()
            else:
                self._taken = False


@dataclass
class Turn:
    """One writer's turn: how long it may still wait, and whether it has it. `in_haste`: not to wait is no fault."""

    turns: Turns
    until: float
    in_haste: bool = False
    held: bool = False

    @property
    def left(self) -> float:
        """Seconds."""
        return self.until - time.monotonic()

    def take(self) -> None:
        """Wait for the turn. Raises Unavailable where it does not come in time."""
        if not self.held and not self.turns.take(self.left):
            raise Unavailable(Reason.LOCKED)
        self.held = True

    def end(self) -> None:
        """Give it back."""
        if self.held:
            self.held = False
            self.turns.give()
