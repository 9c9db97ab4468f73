"""What a row of a table says of an act: its icon, its sentence, and how each {place} of the sentence is named."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from string import Formatter
from typing import Any

from dashboard.telling.names import REASON, Named, Names, Typed, counted, country_of, day_of, party_of
from dashboard.wording import _
from operations.core.journal import Entry
from operations.core.state_machine import Life

Template = str | Callable[[Entry], str]
"""A sentence marked by `N_`, or which one it is where that depends on the detail."""

USUAL: dict[str, Named] = {
    "day": day_of("day"),
    "host": country_of("host"),
    "other": country_of("other"),
    "partner": party_of("partner"),
}
"""How {places} are named that a row does not speak of, from the detail of the same name; any other is a number."""


@dataclass(frozen=True)
class SentenceRow:
    """One act. `wholly` tells it where a template does not do: plurals, and sentences put together."""

    icon: str
    template: Template = ""
    named: Mapping[str, Named] = field(default_factory=dict)
    wholly: Named | None = None

    def told(self, entry: Entry, names: Names) -> str:
        """The entry as a sentence. Only what the sentence asks for is looked up."""
        if self.wholly is not None:
            return self.wholly(entry, names)
        template = self.template if isinstance(self.template, str) else self.template(entry)
        places = {name for _text, name, _form, _as in Formatter().parse(template) if name and name != "country"}
        named = {name: self.named.get(name) or USUAL.get(name) or counted(name) for name in places}
        return _(
            template,
            country=names.country(entry.country),
            **{name: name_of(entry, names) for name, name_of in named.items()},
        )

    def typed(self) -> Iterator[str]:
        """The keys of the detail that hold words which a person typed."""
        return (named.key for named in self.named.values() if isinstance(named, Typed))


def row(icon: str, template: Template, /, **named: Named) -> SentenceRow:
    """An act told by a template. {country} is always the country of the entry, and {reason} what somebody typed."""
    return SentenceRow(icon, template, {"reason": REASON} | named if "{reason}" in str(template) else named)


def whole(icon: str, wholly: Named) -> SentenceRow:
    """An act told by a function, where the sentence is put together from the detail."""
    return SentenceRow(icon, wholly=wholly)


def steps(life: Life[Any], template: str, **named: Named) -> dict[str, SentenceRow]:
    """Every step of a life that names its own states: each by its icon, and {before} and {after} in words."""

    def state(key: str) -> Named:
        return lambda entry, _names: _(life.words[life.states(entry.detail[key])])

    return {
        step.verb: row(step.icon, template, before=state("before"), after=state("after"), **named)
        for step in life.steps
    }
