"""Sentence rows: the icon and sentence of an act, and the texts of the sentence's {placeholders}."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from string import Formatter
from typing import Any

from dashboard.telling.names import REASON, Named, Names, Typed, country_of, day_of, number_of, party_of
from dashboard.wording import _
from operations.core.journal import Entry
from operations.core.state_machine import Life

Template = str | Callable[[Entry], str]
"""A sentence marked by `N_`, or a function that chooses it by the entry's detail."""

USUAL: dict[str, Named] = {
    "day": day_of("day"),
    "host": country_of("host"),
    "other": country_of("other"),
    "partner": party_of("partner"),
}
"""Default {placeholders}, from the detail of the same name; any other without a definition is a number."""


@dataclass(frozen=True)
class SentenceRow:
    """The sentence of one act. `wholly` builds it where a template is not enough: plurals, and composed sentences."""

    icon: str
    template: Template = ""
    named: Mapping[str, Named] = field(default_factory=dict)
    wholly: Named | None = None

    def told(self, entry: Entry, names: Names) -> str:
        """Return the entry as a sentence. Only placeholders in the sentence are computed."""
        if self.wholly is not None:
            return self.wholly(entry, names)
        template = self.template if isinstance(self.template, str) else self.template(entry)
        places = {name for _text, name, _form, _as in Formatter().parse(template) if name and name != "country"}
        named = {name: self.named.get(name) or USUAL.get(name) or number_of(name) for name in places}
        return _(
            template,
            country=names.country(entry.country),
            **{name: name_of(entry, names) for name, name_of in named.items()},
        )

    def typed(self) -> Iterator[str]:
        """Yield the keys of the detail that hold words a person typed."""
        return (named.key for named in self.named.values() if isinstance(named, Typed))


def row(icon: str, template: Template, /, **named: Named) -> SentenceRow:
    """Return the row of a template. {country} is always the entry's country, and {reason} the words that were typed."""
    return SentenceRow(icon, template, {"reason": REASON} | named if "{reason}" in str(template) else named)


def composed_row(icon: str, wholly: Named) -> SentenceRow:
    """Return the row of a function that composes the sentence."""
    return SentenceRow(icon, wholly=wholly)


def steps(life: Life[Any], template: str, **named: Named) -> dict[str, SentenceRow]:
    """Return a row for each step of a state machine, with its icon, and its states as {before} and {after}."""

    def state(key: str) -> Named:
        return lambda entry, _names: _(life.words[life.states(entry.detail[key])])

    return {
        step.verb: row(step.icon, template, before=state("before"), after=state("after"), **named)
        for step in life.steps
    }
