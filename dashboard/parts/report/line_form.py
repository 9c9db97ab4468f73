"""The fields of every kind of line, said once: the entry form, the view of a report and its differences read them here.

The form itself is drawn in the browser by `screens/reports/form.js` from `declaration`, so that a keyboard never waits
for a server; every word and every choice it shows comes from here, in the reader's language.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from dashboard.wording import N_, _, language
from operations.core import vocabulary
from operations.core.vocabulary import LineKind
from operations.policing.reports.lines import KINDS

SEARCHED = frozenset({"CL-COUNTRY", "CL-NATIONALITY"})  # too long for a list to unfold: one types and chooses


class Entry(StrEnum):
    """How a field is typed."""

    COUNT = "count"
    CODE = "code"
    MOMENT = "moment"
    DAY = "day"
    TEXT = "text"


@dataclass(frozen=True)
class Field:
    """One field of a line. `only` names another field and the values of it for which this one is asked."""

    name: str
    label: str
    entry: Entry
    codes: str = ""
    default: str = ""
    only: tuple[str, tuple[str, ...]] | None = None
    hint: str = ""


def _count(name: str, label: str, default: str = "") -> Field:
    return Field(name, label, Entry.COUNT, default=default)


def _code(
    name: str, label: str, codes: str, default: str = "", only: tuple[str, tuple[str, ...]] | None = None
) -> Field:
    return Field(name, label, Entry.CODE, codes, default, only)


_ANSWERED = ("confirmation", ("confirmed", "refuted"))
_SEX = _code("sex", N_("Sex"), "CL-SEX", "unknown")
_AGE = _code("age_group", N_("Age group"), "CL-AGE", "unknown")
_NATIONALITY = _code("nationality", N_("Nationality"), "CL-NATIONALITY")

FIELDS: dict[LineKind, tuple[Field, ...]] = {
    LineKind.CHECK_TALLY: (
        _code("check_kind", N_("Check"), "CL-CHECKKIND", "database_query"),
        _code("database", N_("Database"), "CL-DB", "sltd", ("check_kind", ("database_query",))),
        _code("entity_type", N_("Checked"), "CL-ENTITY", "document"),
        _code("channel", N_("Channel"), "CL-CHANNEL", "fixed_workstation"),
        Field(
            "offline_copy_date",
            N_("Date of the copy"),
            Entry.DAY,
            only=("channel", ("offline_copy",)),
            hint="YYYY-MM-DD",
        ),
        _count("count", N_("Count")),
    ),
    LineKind.HIT: (
        _code("database", N_("Database"), "CL-DB", "sltd"),
        _code("hit_kind", N_("Kind of hit"), "CL-HITKIND", "stolen"),
        Field("raw_at", N_("Time of the hit"), Entry.MOMENT, hint="HH:MM"),
        _code("action_taken", N_("Action taken"), "CL-ACTION", "questioned"),
        _code("confirmation", N_("Answer of the issuing country"), "CL-CONFIRM", "pending"),
        _code("confirming_country", N_("Country that answered"), "CL-COUNTRY", only=_ANSWERED),
        Field("confirmed_at", N_("Time of the answer"), Entry.MOMENT, only=_ANSWERED, hint="YYYY-MM-DD HH:MM"),
    ),
    LineKind.ARREST: (
        _count("persons", N_("Persons arrested")),
        _code("offence", N_("Offence"), "CL-OFFENCE", "migrant_smuggling"),
        _code("legal_basis", N_("Legal basis"), "CL-BASIS", "flagrant_offence"),
        _NATIONALITY,
        _SEX,
        _AGE,
        _code(
            "requesting_country",
            N_("Requesting country"),
            "CL-COUNTRY",
            only=("legal_basis", ("red_notice_diffusion",)),
        ),
        Field(
            "notice_ref",
            N_("Control number of the notice"),
            Entry.TEXT,
            only=("legal_basis", ("red_notice_diffusion",)),
            hint="A-1234/11-2026",
        ),
    ),
    LineKind.MIGRANT_DETECTION: (
        _count("detections", N_("Detections")),
        _count("uam", N_("Of these, unaccompanied minors"), "0"),
        _code("detection_kind", N_("Where detected"), "CL-DETECTKIND", "at_bcp_check"),
        _code("means", N_("Means of transport"), "CL-MEANS", "unknown"),
        _code("smuggled", N_("Smuggled"), "CL-SMUGGLED", "unknown"),
        _code("outcome", N_("Outcome"), "CL-OUTCOME", "unknown"),
        _NATIONALITY,
        _SEX,
        _AGE,
    ),
    LineKind.POTENTIAL_VICTIM: (
        _count("persons", N_("Potential victims")),
        _code("status", N_("Status"), "CL-VICTIMSTATUS", "potential"),
        _code("exploitation", N_("Exploitation"), "CL-EXPLOIT", "unknown"),
        _code("identified_by", N_("Identified by"), "CL-IDENTIFIEDBY", "unknown"),
        _NATIONALITY,
        _SEX,
        _AGE,
    ),
    LineKind.DOCUMENT_SEIZURE: (
        _count("count", N_("Documents")),
        _code("doc_type", N_("Type of document"), "CL-DOCTYPE", "passport"),
        _code("fraud_kind", N_("Kind of fraud"), "CL-FRAUDKIND", "counterfeit"),
        _code("issuing_country", N_("Issuing country"), "CL-COUNTRY"),
    ),
    LineKind.POSITIVE_LOCATION: (
        _count("persons", N_("Persons located")),
        _code("requesting_country", N_("Requesting country"), "CL-COUNTRY"),
        Field("notice_ref", N_("Control number of the notice"), Entry.TEXT, hint="A-1234/11-2026"),
    ),
}

_NEEDED_THEN = {
    (LineKind.CHECK_TALLY, "database"),
    (LineKind.HIT, "confirming_country"),
    (LineKind.HIT, "confirmed_at"),
}
"""Fields that a line cannot do without where they are asked for at all."""

_TITLES = {
    LineKind.CHECK_TALLY: (N_("Checks"), N_("Add a kind of check")),
    LineKind.HIT: (N_("Raw hits"), N_("Add a hit")),
    LineKind.ARREST: (N_("Arrests"), N_("Add an arrest")),
    LineKind.MIGRANT_DETECTION: (N_("Detections"), N_("Add detections")),
    LineKind.POTENTIAL_VICTIM: (N_("Potential victims"), N_("Add potential victims")),
    LineKind.DOCUMENT_SEIZURE: (N_("Documents seized"), N_("Add documents")),
    LineKind.POSITIVE_LOCATION: (N_("Positive locations"), N_("Add a positive location")),
}


def title(kind: LineKind) -> str:
    """The heading above the lines of a kind."""
    return _(_TITLES[kind][0])


def label(kind: LineKind, name: str) -> str:
    """How a field of a line is called."""
    return _(next(field.label for field in FIELDS[kind] if field.name == name))


def said(field: Field, value: Any) -> str:
    """A stored value as a reader reads it; "" for none. Codes get their label, everything else stays as it is."""
    if value is None or value == "":
        return ""
    if field.entry is Entry.CODE:
        known = str(value) in vocabulary.code_list(field.codes)
        return vocabulary.label(field.codes, str(value), language()) if known else str(value)
    return str(value)


def declaration(kinds: Iterable[LineKind]) -> list[dict[str, Any]]:
    """Kinds of line as the browser needs them to draw their fields, in the reader's language."""
    return [
        {
            "kind": kind.value,
            "title": title(kind),
            "add": _(_TITLES[kind][1]),
            "fields": [
                {
                    "name": field.name,
                    "label": _(field.label),
                    "entry": field.entry.value,
                    "codes": field.codes,
                    "default": field.default,
                    "only": list(field.only) if field.only else None,
                    "hint": field.hint,
                    "needed": KINDS[kind].model_fields[field.name].is_required() or (kind, field.name) in _NEEDED_THEN,
                }
                for field in FIELDS[kind]
            ],
        }
        for kind in kinds
    ]


def choices(kinds: Iterable[LineKind]) -> dict[str, Any]:
    """The code lists that these kinds use: name to whether one searches in it, and its options."""
    names = {field.codes for kind in kinds for field in FIELDS[kind] if field.codes}
    return {
        name: {"searched": name in SEARCHED, "options": vocabulary.options(name, language())} for name in sorted(names)
    }
