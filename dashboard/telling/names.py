"""Names in sentences: countries, codes, sites, days and numbers of an entry, in the reader's language."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from dashboard.wording import _, date, direction, moment, number, party
from operations.core import vocabulary
from operations.core.field_labels import labels_of
from operations.core.journal import Entry
from operations.policing.operation.plan import OperationDraft

_OF_OPERATIONS = labels_of(OperationDraft)


def isolated(name: str) -> str:
    """Return a name with Unicode direction isolates in Arabic, so that it keeps its own direction in a sentence."""
    return f"\u2068{name}\u2069" if direction() == "rtl" else name


@dataclass(frozen=True)
class Names:
    """Names for the ids in entries: site names, and the site of each report, as far as the reader may know them."""

    language: str
    zone: str
    sites: Mapping[UUID, str] = field(default_factory=dict)
    reports: Mapping[str, str] = field(default_factory=dict)

    def country(self, code: str | None) -> str:
        """Return the name of a country; "The coordination" for None."""
        return vocabulary.label("CL-COUNTRY", code, self.language) if code else _("The coordination")

    def code(self, list_name: str, code: object) -> str:
        """Return the label of a code; an unknown code unchanged."""
        known = isinstance(code, str) and code in vocabulary.code_list(list_name)
        return vocabulary.label(list_name, str(code), self.language) if known else str(code)

    def site(self, site: UUID | None) -> str:
        """Return the name of a site; "a site" where it is unknown."""
        name = self.sites.get(site) if site else None
        return isolated(name) if name else _("a site")

    def site_of(self, entry: Entry) -> str:
        """Return the site of the report that an entry is about."""
        site = entry.detail.get("site") or self.reports.get(str(entry.detail.get("report")))
        return self.site(UUID(site) if site else None)


def names_for(
    entries: Iterable[Entry],
    language: str,
    zone: str,
    sites: Mapping[UUID, str],
    earlier: Mapping[str, str] | None = None,
) -> Names:
    """Return the names for `entries`: the entry of a submission has the site of a report, and later entries need it."""
    reports = {
        entry.detail["report"]: entry.detail["site"] for entry in entries if {"report", "site"} <= entry.detail.keys()
    }
    return Names(language, zone, sites, {**(earlier or {}), **reports})


def field_label(name: str) -> str:
    """Return the label of a field of an operation, as on its form."""
    return _(_OF_OPERATIONS[name].label) if name in _OF_OPERATIONS else name


# ------------------------------------------------------------------------- how a place in a sentence is filled

Named = Callable[[Entry, Names], str]
"""Returns the text of one {placeholder} for an entry."""


def coded(list_name: str, key: str) -> Named:
    """Return a placeholder for a code in the entry's detail: its label."""
    return lambda entry, names: names.code(list_name, entry.detail.get(key))


def number_of(key: str) -> Named:
    """Return a placeholder for a number in the detail."""
    return lambda entry, _names: number(entry.detail.get(key) or 0)


def raw_value(key: str) -> Named:
    """Return a placeholder for an unformatted value in the detail, such as a letter's number or a level."""
    return lambda entry, _names: str(entry.detail.get(key, ""))


def day_of(key: str) -> Named:
    """Return a placeholder for a day in the detail."""
    return lambda entry, _names: date(datetime.fromisoformat(entry.detail[key]).date())


def moment_of(key: str) -> Named:
    """Return a placeholder for a time in the detail, in the operation's zone."""
    return lambda entry, names: moment(datetime.fromisoformat(entry.detail[key]), names.zone)


def country_of(key: str) -> Named:
    """Return a placeholder for a country in the detail: its name."""
    return lambda entry, names: names.country(entry.detail.get(key))


def party_of(key: str) -> Named:
    """Return a placeholder for a country or a partner organisation in the detail: its name."""
    return lambda entry, _names: party(str(entry.detail.get(key)))


@dataclass(frozen=True)
class Typed:
    """A placeholder for words that a person typed.

    The hash chain is never changed, so these words outlive every erasure. Entries about objects that are erased after
    their retention period (`operations.timetable.erasure.ERASED`) may therefore hold none; a test checks it.
    """

    key: str

    def __call__(self, entry: Entry, names: Names) -> str:
        """Return the words."""
        return str(entry.detail.get(self.key, ""))


REASON = Typed("reason")
