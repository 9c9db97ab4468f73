"""Content of the report entry form and its conversion to a draft: values are texts until this module parses them.

The content is a flat mapping of texts with a list of lines, each a mapping of texts. Times are wall-clock times of the
site. No rule is checked here: `operations` does that, and its flaws come back as `PlacedFlaws`, beside the fields.
"""

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from dashboard import wording
from dashboard.parts.datetimes import typed_time
from dashboard.parts.report import line_form
from dashboard.parts.report.line_form import FIELDS, FieldEntry
from dashboard.wording import _, sentence
from operations.core import clock
from operations.core.drafts import parse
from operations.core.errors import Flaw, MusterError, RuleBroken
from operations.core.ids import new_id
from operations.core.vocabulary import LineKind, ReportKind
from operations.lines.kinds import KINDS
from operations.policing.reports.reports import Line, Report, ReportDraft

Content = dict[str, Any]

ENVELOPE = (
    *("id", "report_id", "supersedes_id", "correction_reason", "operation_id", "site_id", "phase_id", "kind"),
    *("period_from", "period_to", "zone", "remarks", "impact", "recorded_at"),
)
_LINE_ALWAYS = ("id", "kind", "phase_id")
_MOST_LINES = 500
_PROSE, _LONGEST_PROSE, _LONGEST = ("remarks", "correction_reason"), 4_000, 100  # characters; all but prose is short
_GROUPED = re.compile(r"\d{1,3}(?:[\s.,’'٬]\d{3})+")


# ------------------------------------------------------------------------------------------------ into the form


def wall(moment: datetime, zone: str) -> str:
    """Return a time as the form shows it: wall-clock time of the zone, without seconds if they are zero.

    A time in an hour that the clocks repeat carries its offset, so that it is parsed as the same time.
    """
    local = moment.astimezone(ZoneInfo(zone))
    exact = bool(local.second or local.microsecond)
    twice = local.utcoffset() != local.replace(fold=1 - local.fold).utcoffset()
    text = local.isoformat(sep=" ") if exact else local.isoformat(sep=" ", timespec="minutes")
    return text if twice else text[: text.rindex("+" if "+" in text else "-")]


def of_version(found: Report, rows: Sequence[Line]) -> Content:
    """Return the content of a form that corrects a version: its fields as sent, under a new version id."""
    return {
        "id": str(new_id()),
        "report_id": str(found.report_id),
        "supersedes_id": str(found.id),
        "correction_reason": "",
        "operation_id": str(found.operation_id),
        "site_id": str(found.site_id),
        "phase_id": str(found.phase_id),
        "kind": found.kind,
        "period_from": wall(found.period_from, found.zone),
        "period_to": wall(found.period_to, found.zone),
        "zone": found.zone,
        "remarks": found.remarks,
        "impact": found.impact or "",
        "recorded_at": "",
        "confirmed": False,
        "lines": [_line_of(row, found) for row in rows],
    }


def _line_of(row: Line, found: Report) -> Content:
    typed: Content = {"id": str(row.id), "kind": row.kind}
    if row.phase_id != found.phase_id:
        typed["phase_id"] = str(row.phase_id)
    said = line_form.values(row.kind, row.attributes)
    for line_field in FIELDS[row.kind]:
        value = said[line_field.name]
        if value is not None and line_field.entry is FieldEntry.MOMENT:
            value = wall(datetime.fromisoformat(value), found.zone)
        typed[line_field.name] = "" if value is None else str(value)
    return typed


# ---------------------------------------------------------------------------------------------- out of the form


def tidy(content: Any) -> Content:
    """Return the known fields of what a browser sent, as texts of limited length; all else is dropped."""
    sent = content if isinstance(content, Mapping) else {}
    kept: Content = {name: _text(sent.get(name), _LONGEST_PROSE if name in _PROSE else _LONGEST) for name in ENVELOPE}
    kept["confirmed"] = sent.get("confirmed") is True
    lines = sent.get("lines")
    kept["lines"] = [_tidy_line(line) for line in (lines if isinstance(lines, list) else [])[: _MOST_LINES + 1]]
    return kept


def _tidy_line(line: Any) -> Content:
    sent = line if isinstance(line, Mapping) else {}
    kind = _text(sent.get("kind"))
    names = [each.name for each in FIELDS.get(kind, ())]
    kept: Content = {name: _text(sent.get(name)) for name in (*_LINE_ALWAYS, *names)}
    if sent.get("offered") is True:
        kept["offered"] = True
    return kept


def _text(value: Any, longest: int = _LONGEST) -> str:
    if isinstance(value, bool) or not isinstance(value, (str, int, float)):
        return ""
    return str(value)[:longest]


def written_lines(content: Content) -> list[Content]:
    """Return the lines that a person wrote, without lines that the form suggested and nobody filled in."""
    return [line for line in content["lines"] if not line.get("offered")]


def draft_of(content: Content) -> ReportDraft:
    """Parse a form's content into a draft. Raises RuleBroken with all flaws, under the fields of `ReportDraft`."""
    zone, flaws = content["zone"], list[Flaw]()
    draft: dict[str, Any] = {name: value for name, value in content.items() if name in ENVELOPE and value.strip()}
    for name in ("period_from", "period_to"):
        draft |= _moment(name, content[name], zone, None, name, flaws)
    begins = _begins(content["period_from"])
    draft["confirmed"] = content["confirmed"]
    draft["lines"] = [_line(index, line, zone, begins, flaws) for index, line in enumerate(written_lines(content))]
    try:
        made = parse(ReportDraft, draft)
    except RuleBroken as refused:
        seen = {flaw.field for flaw in flaws}
        raise RuleBroken.all([*flaws, *(flaw for flaw in refused.flaws if flaw.field not in seen)]) from None
    if flaws:
        raise RuleBroken.all(flaws)
    return made


def _line(index: int, line: Content, zone: str, begins: datetime | None, found: list[Flaw]) -> dict[str, Any]:
    draft: dict[str, Any] = {name: line[name] for name in _LINE_ALWAYS if line.get(name)}
    for line_field in FIELDS.get(line["kind"], ()):
        text = line[line_field.name].strip()
        if not text:
            continue
        if line_field.counts:
            draft |= _quantity(line_field.name, text)
        elif line_field.entry is FieldEntry.COUNT:
            draft[line_field.name] = number_typed(text)
        elif line_field.entry is FieldEntry.MOMENT:
            draft |= _moment(line_field.name, text, zone, begins, f"lines.{index}.{line_field.name}", found)
        else:
            draft[line_field.name] = text
    return draft


_SIGNS = {">=": "≥", "=>": "≥", "≥": "≥", ">": ">", "≈": "~", "~": "~", "<": "<", "=": "="}


def _quantity(name: str, text: str) -> dict[str, Any]:
    """Parse a count with its qualifier: "~3,500" is about 3,500."""
    sign = next((sign for sign in _SIGNS if text.startswith(sign)), "")
    count = number_typed(text.removeprefix(sign).strip())
    if not sign or isinstance(count, str):
        return {name: count if not sign else text}
    return {name: count, "qualifier": _SIGNS[sign]}


def number_typed(text: str) -> int | str:
    """Parse a count as typed or pasted, in any digits, grouped or not: "1 234", "1,234", "١٢". Else return the text."""
    bare = text.strip()
    if _GROUPED.fullmatch(bare):
        bare = "".join(mark for mark in bare if mark.isdecimal())
    sign = bare[:1] in ("-", "−")
    digits = bare[1:] if sign else bare
    if not digits.isdecimal() or len(digits) > 12:
        return text
    return -int(digits) if sign else int(digits)


def _moment(name: str, text: str, zone: str, begins: datetime | None, path: str, found: list[Flaw]) -> dict[str, Any]:
    """Parse a time: with its own offset, on the clocks of `zone`, or HH:MM within the day from `begins`.

    Unreadable text stays text.
    """
    text = text.strip().replace("T", " ", 1)
    day, _space, rest = text.partition(" ")
    at = typed_time(text)
    if at and begins is not None:
        text = f"{begins.date() + timedelta(days=at < f'{begins:%H:%M}')} {at}"
    elif dated := typed_time(rest):
        text = f"{day} {dated}"
    if not text:
        return {}
    try:
        typed = datetime.fromisoformat(text)
    except ValueError:
        return {name: text}
    if typed.tzinfo is not None or not zone or not re.search(r"\d:\d", text):
        return {name: typed if typed.tzinfo else text}
    try:
        return {name: clock.from_local(typed, zone, path)}
    except RuleBroken as refused:
        if refused.flaws[0].template.startswith("The clocks"):
            found.extend(refused.flaws)
        return {name: text}


def moment_typed(text: str, zone: str, field: str) -> datetime | str:
    """Parse a time outside a report's form, on the clocks of `zone`; unreadable text stays text, for a draft to refuse.

    Raises RuleBroken on `field` for a time that the clocks there skip or repeat.
    """
    found: list[Flaw] = []
    typed: datetime | str = _moment("typed", text, zone, None, field, found).get("typed", "")
    if found:
        raise RuleBroken.all(found)
    return typed


def _begins(text: str) -> datetime | None:
    try:
        return datetime.fromisoformat(text.strip())
    except ValueError:
        return None


# ------------------------------------------------------------------------------------------ flaws beside fields


@dataclass
class PlacedFlaws:
    """The flaws of a form, in the reader's words. Keys of `fields`: envelope names, "line-id", "line-id.field"."""

    fields: dict[str, list[str]] = field(default_factory=dict)
    general: list[str] = field(default_factory=list)
    questions: list[str] = field(default_factory=list)
    personal: bool = False

    def __bool__(self) -> bool:
        return bool(self.fields or self.general or self.questions)

    def as_json(self) -> dict[str, Any]:
        """Return the flaws for the browser."""
        return {"fields": self.fields, "general": self.general, "questions": self.questions}


def placed(error: MusterError, content: Content, *, unfinished: bool = False, kept: bool = False) -> PlacedFlaws:
    """Return the flaws of a refusal, placed at the fields of the form.

    `unfinished` leaves out missing fields, so that nobody is warned while still writing. `kept`: the form was refused
    as a form, with its suggested lines, and not as a draft.
    """
    answer = PlacedFlaws()
    ids = [line["id"] for line in (content["lines"] if kept else written_lines(content))]
    for flaw in error.flaws if isinstance(error, RuleBroken) else (Flaw("", error.template, error.params),):
        if unfinished and flaw.template in _NOT_YET:
            continue
        answer.personal |= "what" in flaw.params
        _place(flaw, ids, answer)
    return answer


_NOT_YET = (
    "This field is needed.",
    "A report needs at least one line. If nothing happened, send a nil report.",
    "A correction needs its reason.",
)
_OF_REPORT = {
    "The period must end after it begins.": "period_to",
    "A correction needs its reason.": "correction_reason",
    "A nil report has no lines: remove them, or choose another kind of report.": "kind",
    "A report needs at least one line. If nothing happened, send a nil report.": "kind",
}


def _place(flaw: Flaw, ids: Sequence[str], answer: PlacedFlaws) -> None:
    words = sentence(flaw)
    if flaw.field == "confirmed":
        answer.questions.append(words)
        return
    name = flaw.field or _OF_REPORT.get(flaw.template, "")
    parts = name.split(".")
    if parts[0] == "lines" and len(parts) > 1 and parts[1].isdigit() and int(parts[1]) < len(ids):
        inner = ".".join(parts[2:])
        name = ".".join(part for part in (ids[int(parts[1])], inner) if part)
    elif name not in (*ENVELOPE, "lines"):
        answer.general.append(words)
        return
    answer.fields.setdefault(name, []).append(words)


# ------------------------------------------------------------------------------------------------- unsent forms


def described(content: Mapping[str, Any], sites: Mapping[str, str]) -> str:
    """Return an unsent form in a few words: its site, its day, its kind, and its lines so far."""
    where = sites.get(_text(content.get("site_id")), _("No site yet"))
    day = _text(content.get("period_from"))[:10]
    with suppress(ValueError):  # text that is no date stays as typed
        day = wording.date(date.fromisoformat(day))
    kind = _text(content.get("kind"))
    told = [wording.coded("CL-REPORTKIND", kind)] if kind in [each.value for each in ReportKind] else []
    begun = Counter(line.get("kind") for line in content.get("lines", ()) if not line.get("offered"))
    told += [f"{line_form.title(each)}: {wording.number(begun[each])}" for each in KINDS if begun[each]]
    return " · ".join([f"{where}, {day}".rstrip(", "), *told])


def day_of(content: Mapping[str, Any], zone: str, cut: time) -> date | None:
    """Return the official day of an unsent form, in the operation's `zone` with its day cut; None while unknown."""
    found: list[Flaw] = []
    begins = _moment("begins", _text(content.get("period_from")), _text(content.get("zone")), None, "", found).get(
        "begins"
    )
    return clock.official_day(begins, zone, cut) if isinstance(begins, datetime) else None


def known_uuid(text: str) -> UUID | None:
    """Return the identifier in a text, or None."""
    try:
        return UUID(text)
    except ValueError:
        return None


def suggested(keys: Iterable[tuple[str, str, str, str]]) -> list[Content]:
    """Return empty check tallies that a form suggests: the site's usual ones, else the two first-line queries."""
    tallies = list(keys) or [
        ("database_query", "sltd", "document", "fixed_workstation"),
        ("database_query", "nominal", "person", "fixed_workstation"),
    ]
    return [
        {
            "id": str(new_id()),
            "kind": LineKind.CHECK_TALLY.value,
            "offered": True,
            "check_kind": check,
            "database": database,
            "entity_type": entity,
            "channel": channel,
            "offline_copy_date": "",
            "count": "",
        }
        for check, database, entity, channel in tallies
    ]
