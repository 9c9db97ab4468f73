"""Work list: work items, declared on the steps that somebody must take next (`state_machine.Step.waits`).

A work item says since when and until when it waits, and the address where it is done. It also declares who is notified
once its time is over, and how long after.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from string import Formatter
from typing import Any, NamedTuple
from uuid import UUID

from operations.core.errors import Flaw
from operations.core.field_labels import N_
from operations.core.ids import fingerprint

OPEN, DECIDE = N_("Open"), N_("Decide")
HOURS, DAYS = timedelta(hours=1), timedelta(days=1)


class Whom(StrEnum):
    """Who is notified that a work item is overdue."""

    OWNERS = "owners"
    """The people whose work item it is."""
    COUNTRY = "country"
    """The coordinators of the work item's country."""
    COORDINATOR = "coordinator"
    """The coordinators of the operation."""
    LEADERSHIP = "leadership"


class Late(NamedTuple):
    """Who is notified, and how long after the time is over."""

    whom: Whom
    after: timedelta = timedelta(0)


TO_COORDINATOR = (Late(Whom.COORDINATOR),)
TO_LEADERSHIP = (Late(Whom.LEADERSHIP),)
AGAIN = (Late(Whom.OWNERS), Late(Whom.LEADERSHIP, 30 * DAYS))
"""For the programme, which has no coordinator: the owners once more, and leadership a month later."""
UP = (Late(Whom.COUNTRY), Late(Whom.COORDINATOR, 12 * HOURS))
"""As with a daily report: the country's coordinator first, the operation's later."""


@dataclass(frozen=True)
class Waits:
    """The declaration of a work item: people who may take the step, without obstacles, find the row in their list.

    `words` is a sentence and `place` an address: templates over what the noun's module shows of a row. `since` and
    `until` name a column or property, or what is shown; where a row has no time of its own, it waits no longer than
    `within` after `since`. `late`: who is told after that, and `above` where others than the owners see it, if not at
    `place`. `when` says of a row and a moment whether it waits at all,
    `whose` of a row, its facts and a person whether it is this person's among those who may.
    `anyway`: it waits also while something stands in the way of the step, because that is what is to be done first.
    Several steps out of one state may share one: it is one entry. Of what is not `told` the inbox hears otherwise.
    `over`: states of its operation that have overtaken it. `button` names the button that leads there, by
    default the button of the step.
    """

    words: str
    place: str
    icon: str
    since: str = ""
    until: str = ""
    when: Callable[[Any, datetime], bool] | None = None
    told: bool = True
    within: timedelta | None = None
    late: tuple[Late, ...] = ()
    above: str = ""
    whose: Callable[[Any, Any, Any], bool] | None = None
    anyway: bool = False
    over: tuple[str, ...] = ()
    button: str = ""

    def now(self, row: Any, at: datetime) -> bool:
        """Whether the row waits at a moment."""
        return self.when is None or self.when(row, at)

    def of(self, row: Any, facts: Any, by: Any) -> bool:
        """Whether it belongs to this person, among those who may."""
        return self.whose is None or self.whose(row, facts, by)


def since_move(place: str) -> Callable[[str, str, int], Waits]:
    """Return a declaration for items that wait since their last step (words, icon, days); owners are notified again."""
    return lambda words, icon, days: Waits(words, place, icon, "moved_at", within=days * DAYS, late=AGAIN)


class CandidateRow(NamedTuple):
    """A row that may be a work item, with the facts of its steps, its operation, and further values to show."""

    row: Any
    facts: Any
    operation: UUID | None
    shown: Mapping[str, Any] = {}


Rows = Callable[[Any, Any, Iterable[str], Mapping[UUID, Any]], Iterable[CandidateRow]]
"""A query for the rows of a noun in some states, in some operations by id, as far as the asker sees them.

(session, by, states, operations): in few queries, however many rows there are.
"""


@dataclass(frozen=True)
class WorkItem:
    """A work item of a person, who can do it now. Not every item has an operation, or a country."""

    noun: str
    key: str
    words: str
    operation: UUID | None
    address: str
    icon: str
    since: datetime | None = None
    until: datetime | None = None
    params: Mapping[str, Any] = field(default_factory=dict)
    late: tuple[Late, ...] = ()
    above: str = ""
    country: str | None = None
    told: bool = True
    button: str = OPEN

    @property
    def occasion(self) -> str:
        """An identifier of this occurrence: an item that comes back to the same person is a new one."""
        return fingerprint([self.key, None if self.since is None else self.since.isoformat()])

    @property
    def sentence(self) -> Flaw:
        """What waits, in words of every language."""
        named = {name for _text, name, _form, _conversion in Formatter().parse(self.words) if name}
        return Flaw("", self.words, {key: value for key, value in self.params.items() if key in named})

    def overdue(self, at: datetime) -> bool:
        """Whether its time is over."""
        return self.until is not None and self.until <= at

    def escalated(self, at: datetime) -> list[Late]:
        """Return who should have been notified by now that its time is over."""
        return [each for each in self.late if self.until is not None and self.until + each.after <= at]


def entry(noun: str, waits: Waits, found: CandidateRow, button: str = "") -> WorkItem:
    """Return the work item of a row. `button`: that of its step, where the declaration names none."""
    row = found.row

    def told(name: str) -> Any:
        return found.shown[name] if name in found.shown else getattr(row, name, None)

    shown = {"operation": found.operation, "id": getattr(row, "id", found.operation), **found.shown}
    since = told(waits.since) if waits.since else None
    until = told(waits.until) if waits.until else None
    if until is None and since is not None and waits.within is not None:
        until = since + waits.within
    return WorkItem(
        noun,
        f"{noun}:{waits.words}:{shown['id']}",
        waits.words,
        found.operation,
        waits.place.format(**shown),
        waits.icon,
        since,
        until,
        shown,
        waits.late,
        (waits.above or waits.place).format(**shown),
        told("country"),
        waits.told,
        waits.button or button or OPEN,
    )
