"""What a row of a table says of an act: its icon, its sentence, and how each {place} of the sentence is named."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from dashboard.telling.names import Named, Names, Typed
from dashboard.wording import _
from operations.core.journal import Entry
from operations.core.life import Life

Template = str | Callable[[Entry], str]
"""A sentence marked by `N_`, or which one it is where that depends on the detail."""


@dataclass(frozen=True)
class Row:
    """One act. `wholly` tells it where a template does not do: plurals, and sentences put together."""

    icon: str
    template: Template = ""
    named: Mapping[str, Named] | None = None
    wholly: Named | None = None

    def told(self, entry: Entry, names: Names) -> str:
        """The entry as a sentence. Only what the sentence asks for is looked up."""
        if self.wholly is not None:
            return self.wholly(entry, names)
        template = self.template if isinstance(self.template, str) else self.template(entry)
        return _(
            template,
            country=names.country(entry.country),
            **{name: named(entry, names) for name, named in (self.named or {}).items() if f"{{{name}}}" in template},
        )

    def typed(self) -> Iterator[str]:
        """The keys of the detail that hold words which a person typed."""
        return (named.key for named in (self.named or {}).values() if isinstance(named, Typed))


def row(icon: str, template: Template, /, **named: Named) -> Row:
    """An act told by a template. {country} is always the country of the entry."""
    return Row(icon, template, named)


def whole(icon: str, wholly: Named) -> Row:
    """An act told by a function, where the sentence is put together from the detail."""
    return Row(icon, wholly=wholly)


def steps(life: Life[Any], template: str, **named: Named) -> dict[str, Row]:
    """Every step of a life that names its own states: each by its icon, and {before} and {after} in words."""

    def state(key: str) -> Named:
        return lambda entry, _names: _(life.words[life.states(entry.detail[key])])

    return {
        step.verb: row(step.icon, template, before=state("before"), after=state("after"), **named)
        for step in life.steps
    }
