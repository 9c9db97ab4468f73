"""Sentences for claims and snapshots: their numbers and states, never a figure."""

from collections.abc import Mapping, Sequence

from dashboard.telling.names import Names, coded, raw_value
from dashboard.telling.sentence_rows import SentenceRow, composed_row, row
from dashboard.wording import N_, _, joined, language, number
from operations.claims import claim_masters
from operations.claims.claim_states import ACROSS, ONE_CASE
from operations.core.field_labels import labels_of
from operations.core.journal import Entry
from operations.core.languages import LANGUAGES
from operations.lines.kinds import KINDS
from operations.policing.reports import event_masters


def _spoken(entry: Entry, names: Names) -> str:
    country, number = names.country(entry.country), entry.detail["number"]
    if entry.detail["agrees"]:
        return _("{country} agrees to snapshot {number}.", country=country, number=number)
    return _("{country} does not agree to snapshot {number}.", country=country, number=number)


_NUMBER = {"number": raw_value("number")}
SNAPSHOTS: dict[str, SentenceRow] = {
    "snapshot.prepare": row(
        "camera",
        N_("Snapshot {number} of the figures was prepared ({status}, {level})."),
        status=coded("CL-STATUS", "status"),
        level=raw_value("level"),
        **_NUMBER,
    ),
    "snapshot.speak": composed_row("message", _spoken),
    "snapshot.sign": row("rubber-stamp", N_("Snapshot {number} was signed for the coordination."), **_NUMBER),
    "snapshot.approve": row("rubber-stamp", N_("Snapshot {number} was signed for the leadership."), **_NUMBER),
    "snapshot.publish": row(
        "send", N_("Snapshot {number} was published: its figures are the official ones."), **_NUMBER
    ),
    "snapshot.supersede": row(
        "history", N_("Snapshot {number} gave way to snapshot {newer}."), newer=raw_value("newer"), **_NUMBER
    ),
    "snapshot.drop": row("ban", N_("Snapshot {number} was dropped."), **_NUMBER),
}


def _one(entry: Entry) -> str:
    """Return what the lines of a claim describe if it is confirmed: one person, case or event."""
    said = {ACROSS: _("one person"), ONE_CASE: _("one case")}
    return said.get(entry.detail["kind"]) or _("one event")


def _several(entry: Entry) -> str:
    said = {ACROSS: _("several persons"), ONE_CASE: _("several cases")}
    return said.get(entry.detail["kind"]) or _("several events")


def _answered(entry: Entry, names: Names) -> str:
    country, number = names.country(entry.country), entry.detail["number"]
    said = _one(entry) if entry.detail["same"] else _several(entry)
    return _("{country} says of claim {number}: {said}.", country=country, number=number, said=said)


_FIELDS = {
    event_masters.COUNT: N_("Count"),
    event_masters.PLACE: N_("Site"),
    event_masters.TIME: N_("Time"),
    claim_masters.OTHERS: N_("Further particulars"),
}


def led_field(kind: str, name: str) -> str:
    """Return the label of a field for which a line of a claim can lead, by the kind of its lines."""
    return _(_FIELDS[name]) if name in _FIELDS else _(labels_of(KINDS[kind])[name].label)


def led_fields(kind: str, leads: Mapping[str, Sequence[int]]) -> str:
    """Return which lines lead for which fields."""
    return f"{LANGUAGES[language()].semicolon} ".join(
        _("{field}: line {number}", field=led_field(kind, name), number=joined(map(number, places)))
        for name, places in leads.items()
    )


def _chosen(entry: Entry, _names: Names) -> str:
    detail = entry.detail
    fields, again = led_fields(detail["line_kind"], detail["leads"]), _("Its countries answer anew.")
    if not fields:
        said = _("Claim {number}: the line that counts leads for every field.", number=detail["number"])
    else:
        said = _("Claim {number}, where another line leads: {fields}.", number=detail["number"], fields=fields)
    return f"{said} {again}" if detail["asks"] else said


_CLAIM = {"number": raw_value("number"), "kind": coded("CL-CLAIMKIND", "kind")}
_ONE = {"number": raw_value("number"), "said": lambda entry, _names: _one(entry)}
_SEVERAL = {"number": raw_value("number"), "said": lambda entry, _names: _several(entry)}
CLAIMS: dict[str, SentenceRow] = {
    "claim.suspect": row("copy", N_("Claim {number} is suspected: {kind}."), **_CLAIM),
    "claim.open": row("copy", N_("Claim {number} was opened for its countries: {kind}."), **_CLAIM),
    "claim.choose": composed_row("adjustments", _chosen),
    "claim.answer": composed_row("message", _answered),
    "claim.agree": row("copy-check", N_("Claim {number}: its countries agree: {said}, counted once."), **_ONE),
    "claim.differ": row("copy-off", N_("Claim {number}: its countries agree: {said}."), **_SEVERAL),
    "claim.decide": row("scale", N_("Claim {number} was decided: {said}, counted once."), **_ONE),
    "claim.separate": row("scale", N_("Claim {number} was decided: {said}."), **_SEVERAL),
    "claim.reopen": row("arrow-back-up", N_("Claim {number} was opened again: its countries answer anew."), **_CLAIM),
    "claim.dismiss": row("ban", N_("Claim {number} was dismissed: {said}."), **_SEVERAL),
    "claim.reconsider": row("arrow-back-up", N_("Claim {number} is suspected again: {kind}."), **_CLAIM),
    "claim.let": row("send", N_("Claim {number}: this operation lets its countries be asked."), **_CLAIM),
    "claim.refuse": row("ban", N_("Claim {number} was dismissed: an operation does not let it be asked."), **_CLAIM),
    "claim.lapse": row("x", N_("Claim {number} was closed: a line does not stand any more."), **_CLAIM),
}  # fmt: skip
