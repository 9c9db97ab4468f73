"""The play of every act, in which each draft is sent a second time with other content under the id that it had.

It also says whom its entries reached: what left a country, or the centre, for the people of a country.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any, NamedTuple
from uuid import UUID

from sqlmodel import col, select

from operations.core import clock, journal, pulse
from operations.core.drafts import Draft
from operations.core.errors import Conflict
from operations.core.journal import Entry
from operations.core.people import Account, System
from operations.core.pulse import HeardStep
from operations.policing.map_plan import places
from tests.dashboard.desks import open_scene
from tests.dashboard.every_act.play import Play

_COUNTRY = re.compile("[A-Z]{3}(:|$)")


class _Undone(Exception):
    """What was tried is not kept."""


class Again(Play):
    """`conflicts` are the sentences with which verbs refuse other content under an id that is taken."""

    def __init__(self, *given: Any) -> None:
        super().__init__(*given)
        self.conflicts: set[str] = set()

    def does(self, name: str, verb: Callable[..., Any], *given: Any, at: datetime | None = None, **named: Any) -> Any:
        """The verb as it is played; then the same with other content, of which nothing is kept."""
        made = super().does(name, verb, *given, at=at, **named)
        for place, draft in enumerate(given):
            if isinstance(draft, Draft) and "id" in type(draft).model_fields and name != "system":
                for other in _others(draft):
                    if self._refused(name, verb, (*given[:place], other, *given[place + 1 :]), named):
                        break
        return made

    def _refused(self, name: str, verb: Callable[..., Any], given: tuple[Any, ...], named: dict[str, Any]) -> bool:
        by, found = self.scene[name], len(self.conflicts)
        with suppress(_Undone), clock.at(self.at), self.scene.store.unit_of_work(by) as session:
            try:
                verb(session, *given, by, **named)
            except Conflict as refused:
                self.conflicts.add(refused.template)
                raise _Undone from None
            except Exception:  # noqa: BLE001 - other content may be refused for any reason: another field is tried
                raise _Undone from None
            raise _Undone
        return len(self.conflicts) > found


def _others(draft: Draft) -> Iterator[Draft]:
    """The draft with one of its fields said otherwise."""
    for name in type(draft).model_fields:
        value = getattr(draft, name)
        if name == "id" or name.endswith("_id"):
            continue
        if type(value) is str:
            yield draft.model_copy(update={name: f"{value} Other words."})
        elif type(value) is int:
            yield draft.model_copy(update={name: value + 1})
        elif isinstance(value, date):
            yield draft.model_copy(update={name: value + timedelta(days=1)})


class Played(NamedTuple):
    """What the play told: `conflicts` are refusals, `reached` the keys of audiences abroad by act, `sites` names."""

    conflicts: set[str]
    reached: dict[str, set[str]]
    entries: Sequence[Entry]
    sites: dict[UUID, str]


def played(folder: Path) -> Played:
    """Play all of it. What was refused is undone, so that the journal is that of a play without it."""
    scene = open_scene(folder)
    play = Again(scene, folder)
    for _chapter in play.chapters():
        pass
    with scene.store.reading(System()) as session:
        own = dict(session.exec(select(Account.id, Account.country)).all())
        told = session.exec(
            select(Entry.act, Entry.actor_id, HeardStep.audience)
            .join(HeardStep, col(HeardStep.seq) == col(Entry.seq))
            .where(col(Entry.operation_id).is_not(None))
        ).all()
        sites = {site.id: site.name for site in places.sites(session, scene.operation)}
        entries = journal.latest(session, limit=5000)
    scene.store.dispose()
    reached: dict[str, set[str]] = {}
    for act, actor, key in told:
        if (_COUNTRY.match(key) and key[:3] != own.get(actor)) or key in pulse.EVERYBODY:
            reached.setdefault(act, set()).add(key)
    return Played(play.conflicts, reached, entries, sites)
