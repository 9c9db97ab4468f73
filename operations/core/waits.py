"""What waits for a person: declared on the step that somebody must take next (`life.Step.waits`), told as an entry.

An entry says what waits since when and until when, and the address of the place where it is done.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from operations.core.errors import Flaw
from operations.core.ids import fingerprint


@dataclass(frozen=True)
class Waits:
    """Whoever may take the step, and nothing stands in its way, finds the row in the list of what waits.

    `words` is a sentence and `place` an address: templates over what the noun's module shows of a row. `since` and
    `until` name a column or property, or what is shown. `when` says of a row and a moment whether it waits at all.
    Several steps out of one state may share one: it is one entry. Of what is not `told` the inbox hears otherwise.
    """

    words: str
    place: str
    icon: str
    since: str = ""
    until: str = ""
    when: Callable[[Any, datetime], bool] | None = None
    told: bool = True


class Found(NamedTuple):
    """A row that may wait, with the facts of its steps, its operation, and what else is shown of it."""

    row: Any
    facts: Any
    operation: UUID | None
    shown: Mapping[str, Any] = {}


Rows = Callable[[Any, Any, Iterable[str], Mapping[UUID, Any]], Iterable[Found]]
"""The rows of a noun in some states, in some operations by their ids, as far as the asker sees them.

(session, by, states, operations): in few queries, however many rows there are.
"""


@dataclass(frozen=True)
class Waiting:
    """Something that waits for a person, who can do it now. Not everything is of an operation."""

    noun: str
    key: str
    words: str
    operation: UUID | None
    address: str
    icon: str
    since: datetime | None = None
    until: datetime | None = None
    params: Mapping[str, Any] = field(default_factory=dict)
    told: bool = True

    @property
    def occasion(self) -> str:
        """Names this very time that it waits: what comes back to the same person waits anew."""
        return fingerprint([self.key, None if self.since is None else self.since.isoformat()])

    @property
    def sentence(self) -> Flaw:
        """What waits, in words of every language."""
        return Flaw("", self.words, dict(self.params))

    def overdue(self, at: datetime) -> bool:
        """Whether its time is over."""
        return self.until is not None and self.until <= at


def entry(noun: str, waits: Waits, found: Found) -> Waiting:
    """The entry of a row."""
    row = found.row

    def told(name: str) -> Any:
        return found.shown[name] if name in found.shown else getattr(row, name, None)

    shown = {"operation": found.operation, "id": getattr(row, "id", found.operation), **found.shown}
    return Waiting(
        noun,
        f"{noun}:{waits.words}:{shown['id']}",
        waits.words,
        found.operation,
        waits.place.format(**shown),
        waits.icon,
        told(waits.since) if waits.since else None,
        told(waits.until) if waits.until else None,
        shown,
        waits.told,
    )
