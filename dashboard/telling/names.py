"""How what an entry refers to is named: countries, codes, sites, days and numbers, in the reader's language."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from dashboard.wording import _, date, direction, moment, number, party
from operations.core import vocabulary
from operations.core.field_labels import fields_said
from operations.core.journal import Entry
from operations.policing.operation.plan import OperationDraft

_OF_OPERATIONS = fields_said(OperationDraft)


def isolated(name: str) -> str:
    """A name that may be written the other way: in Arabic it keeps its own direction inside a sentence."""
    return f"\u2068{name}\u2069" if direction() == "rtl" else name


@dataclass(frozen=True)
class Names:
    """What entries refer to by id: names of sites, and of which site a report is, as far as the reader knows them."""

    language: str
    zone: str
    sites: Mapping[UUID, str] = field(default_factory=dict)
    reports: Mapping[str, str] = field(default_factory=dict)

    def country(self, code: str | None) -> str:
        """A country by name."""
        return vocabulary.label("CL-COUNTRY", code, self.language) if code else _("The coordination")

    def code(self, list_name: str, code: object) -> str:
        """A code by its label; a code that the list does not hold stays as it is."""
        known = isinstance(code, str) and code in vocabulary.code_list(list_name)
        return vocabulary.label(list_name, str(code), self.language) if known else str(code)

    def site(self, site: UUID | None) -> str:
        """A site by name, or words for one whose name is not at hand."""
        name = self.sites.get(site) if site else None
        return isolated(name) if name else _("a site")

    def site_of(self, entry: Entry) -> str:
        """The site that a report's entry is about."""
        site = entry.detail.get("site") or self.reports.get(str(entry.detail.get("report")))
        return self.site(UUID(site) if site else None)


def names_for(
    entries: Iterable[Entry],
    language: str,
    zone: str,
    sites: Mapping[UUID, str],
    earlier: Mapping[str, str] | None = None,
) -> Names:
    """The names for telling `entries`: a submission says of which site a report is, and later entries lean on it."""
    reports = {
        entry.detail["report"]: entry.detail["site"] for entry in entries if {"report", "site"} <= entry.detail.keys()
    }
    return Names(language, zone, sites, {**(earlier or {}), **reports})


def field_label(name: str) -> str:
    """What a field of an operation is called on its form."""
    return _(_OF_OPERATIONS[name].label) if name in _OF_OPERATIONS else name


# ------------------------------------------------------------------------- how a place in a sentence is filled

Named = Callable[[Entry, Names], str]
"""Fills one {place} of a sentence from an entry."""


def coded(list_name: str, key: str) -> Named:
    """A code of the detail by its label."""
    return lambda entry, names: names.code(list_name, entry.detail.get(key))


def counted(key: str) -> Named:
    """A number of the detail."""
    return lambda entry, _names: number(entry.detail.get(key) or 0)


def kept(key: str) -> Named:
    """Something of the detail as it stands there: a number of a letter, a level."""
    return lambda entry, _names: str(entry.detail.get(key, ""))


def day_of(key: str) -> Named:
    """A day of the detail."""
    return lambda entry, _names: date(datetime.fromisoformat(entry.detail[key]).date())


def moment_of(key: str) -> Named:
    """A moment of the detail, in the operation's zone."""
    return lambda entry, names: moment(datetime.fromisoformat(entry.detail[key]), names.zone)


def country_of(key: str) -> Named:
    """A country of the detail by name."""
    return lambda entry, names: names.country(entry.detail.get(key))


def party_of(key: str) -> Named:
    """A country or a partner organisation of the detail by name."""
    return lambda entry, _names: party(str(entry.detail.get(key)))


@dataclass(frozen=True)
class Typed:
    """Words of the detail that a person typed.

    The chain is never changed, so these words outlive every erasure: no entry about an object that is erased when its
    time is over (`operations.timetable.erasure.ERASED`) may hold any, which a test sees to.
    """

    key: str

    def __call__(self, entry: Entry, names: Names) -> str:
        """The words."""
        return str(entry.detail.get(self.key, ""))


REASON = Typed("reason")
