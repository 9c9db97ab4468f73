"""Scenarios: operations played through the real verbs on a given clock, for demo, training, tests and load.

A scenario is data: a cast, published figures with their sources, a sentence that says what is invented, and steps, each
a moment, a person and a verb. It is composed from the first day of its operational phase and a seed, so that the same
scenario has the same identifiers and figures every time, and can be moved to other dates. The player lets the cast do
what the steps say, each in a unit of work of its own, as a browser would; playing is idempotent.

Four scenarios, one for each kind of operation, end exactly in the figures that were published of a real one. Places are
real. The distribution of the totals over places and days is invented, and every scenario says so in its operation. A
fifth tells a programme: five years of border posts, with one of those operations in the middle. `suchiate` is a small
invented operation beside one of them, for the demo alone.

`script_language` defines the model of a scenario; `planning` and `story` build operations; `assessments`, `equipment`
and `courses` build a programme, `trainers` and `exchange` its trainers and messages; `deconfliction_tags` is the
protocol of deconfliction, `forms` builds typed input, `invention` distributes totals, `accounts` makes the cast,
`player` plays, and `generator` fills an operation with many lines for load tests.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date, timedelta
from functools import cache
from importlib import import_module
from typing import TYPE_CHECKING
from uuid import UUID

from operations.lazy_import import lazy_module

if TYPE_CHECKING:
    from scenarios import script_language
    from scenarios.script_language import Scenario, Title
else:  # the names of scenarios are known without the whole domain
    script_language = lazy_module("scenarios.script_language", ahead=False)

NAMES = ("sahel_airports", "infra_hydra", "cuban_network", "turquesa_v")
"""The scenarios of an operation."""
PROGRAMME = "sahel_and_gulf"
"""The scenario of a programme."""


@cache
def _composed(name: str) -> Scenario:
    compose = import_module(f"scenarios.{name}").compose
    scenario: Scenario = compose()
    return scenario


class _Catalogue(Mapping[str, "Scenario"]):
    """The scenarios by name; each is composed lazily, on first access."""

    def __getitem__(self, name: str) -> Scenario:
        if name not in NAMES:
            raise KeyError(f"There is no scenario named {name}: choose one of {', '.join(NAMES)}.")
        return _composed(name)

    def __iter__(self) -> Iterator[str]:
        return iter(NAMES)

    def __len__(self) -> int:
        return len(NAMES)


def programme(first_day: date | None = None) -> Scenario:
    """Return the programme; with another first day of its five years, a different one."""
    told = _composed(PROGRAMME)
    return told if first_day is None else rebased(told, first_day)


def tour_posts(registered: Mapping[UUID, date]) -> Mapping[str, UUID]:
    """Return the posts for a guided tour of the programme, by what each shows.

    `registered` are the posts that the asker sees, each with the day on which it was registered; empty where these are
    not the programme's. Posts do not name their scenario, but their identifiers are derived from its first day: one of
    the months before the first of them.
    """
    shown: Mapping[str, tuple[str, str]] = import_module(f"scenarios.{PROGRAMME}").WORTH_SEEING
    first = min(registered.values(), default=date.min)
    for day in (first - timedelta(days=since) for since in range(min(93, first.toordinal()))):
        found = {
            what: script_language.identifier(PROGRAMME, day.isoformat(), "post", *where)
            for what, where in shown.items()
        }
        if seen := {what: post for what, post in found.items() if post in registered}:
            return seen
    return {}


def catalogue() -> Mapping[str, Scenario]:
    """Return the scenarios by name. Composing one reads the bundled places, so it is deferred to the first access."""
    return _Catalogue()


def title_of(operation: UUID, first_days: Iterable[date]) -> Title | None:
    """Return the title of the scenario that made this operation; None for an operation of no scenario.

    An operation does not name its scenario, but its identifier is derived from the scenario's name and first day: any
    of `first_days`, in practice the days on which its phases begin.
    """
    for day in set(first_days):
        for name in NAMES:
            if script_language.identifier(name, day.isoformat(), "operation") == operation:
                return _title(name)
    return None


def titles() -> list[Title]:
    """Return the title of each scenario."""
    return [_title(name) for name in NAMES]


def _title(name: str) -> Title:
    title: Title = import_module(f"scenarios.{name}").TITLE
    return title


def rebased(scenario: Scenario, first_day: date) -> Scenario:
    """Return the scenario with its operational phase beginning on `first_day`, as another operation.

    Figures and wall-clock times stay, identifiers and the code name differ, and the operation's `invented` says that
    the dates were moved.
    """
    return scenario if first_day == scenario.first_day else scenario.compose(first_day)
