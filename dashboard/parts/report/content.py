"""What stands in the entry form, and the way to a draft: everything typed is text until this module reads it.

A form's content is a flat mapping of texts with a list of lines, each a mapping of texts. Times are wall-clock times
of the site. Nothing here decides: `operations` does, and its findings come back as `PlacedFlaws`, beside the fields.
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
    "id",
    "report_id",
    "supersedes_id",
    "correction_reason",
    "operation_id",
    "site_id",
    "phase_id",
    "kind",
    "period_from",
    "period_to",
    "zone",
    "remarks",
    "recorded_at",
)
_LINE_ALWAYS = ("id", "kind", "phase_id")
_MOST_LINES = 500
_PROSE, _LONGEST_PROSE, _LONGEST = ("remarks", "correction_reason"), 4_000, 100  # characters; all but prose is short
_GROUPED = re.compile(r"\d{1,3}(?:[\s.,’'٬]\d{3})+")
_TIME_ALONE = re.compile(r"(\d{1,2}):(\d{2})")


# ------------------------------------------------------------------------------------------------ into the form


def wall(moment: datetime, zone: str) -> str:
    """A moment as the form shows it: the wall-clock time of the zone, to the minute where it is one.

    A time that the clocks there show twice carries its offset, so that it reads back as the same moment.
    """
    local = moment.astimezone(ZoneInfo(zone))
    exact = bool(local.second or local.microsecond)
    twice = local.utcoffset() != local.replace(fold=1 - local.fold).utcoffset()
    text = local.isoformat(sep=" ") if exact else local.isoformat(sep=" ", timespec="minutes")
    return text if twice else text[: text.rindex("+" if "+" in text else "-")]


def of_version(found: Report, rows: Sequence[Line]) -> Content:
    """The content of a form that corrects a version: everything as it was sent, under a new version's id."""
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
        "recorded_at": "",
        "confirmed": False,
        "lines": [_line_of(row, found) for row in rows],
    }


def _line_of(row: Line, found: Report) -> Content:
    typed: Content = {"id": str(row.id), "kind": row.kind}
    if row.phase_id != found.phase_id:
        typed["phase_id"] = str(row.phase_id)
    said = line_form.values(row.kind, row.attributes)
    for each in FIELDS[row.kind]:
        value = said[each.name]
        if value is not None and each.entry is FieldEntry.MOMENT:
            value = wall(datetime.fromisoformat(value), found.zone)
        typed[each.name] = "" if value is None else str(value)
    return typed


# ---------------------------------------------------------------------------------------------- out of the form


def tidy(content: Any) -> Content:
    """The known fields of what a browser sent, as texts of a bearable length; everything else is left behind."""
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


def asserted(content: Content) -> list[Content]:
    """The lines that somebody wrote. A line that the form offered and nobody filled in says nothing."""
    return [line for line in content["lines"] if not line.get("offered")]


def draft_of(content: Content) -> ReportDraft:
    """The draft that a form's content says; raises RuleBroken with every flaw, fields as `ReportDraft` calls them."""
    zone, found = content["zone"], list[Flaw]()
    draft: dict[str, Any] = {name: value for name, value in content.items() if name in ENVELOPE and value.strip()}
    for name in ("period_from", "period_to"):
        draft |= _moment(name, content[name], zone, None, name, found)
    begins = _begins(content["period_from"])
    draft["confirmed"] = content["confirmed"]
    draft["lines"] = [_line(index, line, zone, begins, found) for index, line in enumerate(asserted(content))]
    try:
        made = parse(ReportDraft, draft)
    except RuleBroken as refused:
        seen = {flaw.field for flaw in found}
        raise RuleBroken.all([*found, *(flaw for flaw in refused.flaws if flaw.field not in seen)]) from None
    if found:
        raise RuleBroken.all(found)
    return made


def _line(index: int, line: Content, zone: str, begins: datetime | None, found: list[Flaw]) -> dict[str, Any]:
    draft: dict[str, Any] = {name: line[name] for name in _LINE_ALWAYS if line.get(name)}
    for each in FIELDS.get(line["kind"], ()):
        text = line[each.name].strip()
        if not text:
            continue
        if each.counts:
            draft |= _quantity(each.name, text)
        elif each.entry is FieldEntry.COUNT:
            draft[each.name] = number_typed(text)
        elif each.entry is FieldEntry.MOMENT:
            draft |= _moment(each.name, text, zone, begins, f"lines.{index}.{each.name}", found)
        else:
            draft[each.name] = text
    return draft


_SIGNS = {">=": "≥", "=>": "≥", "≥": "≥", ">": ">", "≈": "~", "~": "~", "<": "<", "=": "="}


def _quantity(name: str, text: str) -> dict[str, Any]:
    """A count and how exact it is: "~3,500" is about 3,500."""
    sign = next((sign for sign in _SIGNS if text.startswith(sign)), "")
    count = number_typed(text.removeprefix(sign).strip())
    if not sign or isinstance(count, str):
        return {name: count if not sign else text}
    return {name: count, "qualifier": _SIGNS[sign]}


def number_typed(text: str) -> int | str:
    """A count as people type and paste it, in any digits, grouped or not: "1 234", "1,234", "١٢". Else the text."""
    bare = text.strip()
    if _GROUPED.fullmatch(bare):
        bare = "".join(mark for mark in bare if mark.isdecimal())
    sign = bare[:1] in ("-", "−")
    digits = bare[1:] if sign else bare
    if not digits.isdecimal() or len(digits) > 12:
        return text
    return -int(digits) if sign else int(digits)


def _moment(name: str, text: str, zone: str, begins: datetime | None, path: str, found: list[Flaw]) -> dict[str, Any]:
    """A time with its own offset, or on the clocks of `zone`, or as HH:MM in the day that `begins` there.

    Unreadable text stays text.
    """
    text = text.strip().replace("T", " ", 1)
    alone = _TIME_ALONE.fullmatch(text)
    if alone and begins is not None:
        text = f"{int(alone[1]):02}:{alone[2]}"
        text = f"{begins.date() + timedelta(days=text < f'{begins:%H:%M}')} {text}"
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
    """A time typed outside a report's form, on the clocks of `zone`; unreadable text stays text, for a draft to refuse.

    Raises RuleBroken on `field` for a time that the clocks there skip or show twice.
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
    """What is wrong with a form, in the reader's words. `fields`: names of the envelope, "line-id", "line-id.field"."""

    fields: dict[str, list[str]] = field(default_factory=dict)
    general: list[str] = field(default_factory=list)
    questions: list[str] = field(default_factory=list)
    personal: bool = False

    def __bool__(self) -> bool:
        return bool(self.fields or self.general or self.questions)

    def as_json(self) -> dict[str, Any]:
        """For the browser."""
        return {"fields": self.fields, "general": self.general, "questions": self.questions}


def placed(error: MusterError, content: Content, *, unfinished: bool = False, kept: bool = False) -> PlacedFlaws:
    """The flaws of a refusal beside the fields of the form that was refused.

    `unfinished` leaves out what is only not typed yet: one does not shout at somebody who is still writing. `kept`: the
    form was refused as a form, with its offered lines, and not as a draft.
    """
    answer = PlacedFlaws()
    ids = [line["id"] for line in (content["lines"] if kept else asserted(content))]
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
    """An unsent form in a few words: its site, the day it is about, its kind unless daily, and what is in it so far."""
    where = sites.get(_text(content.get("site_id")), _("No site yet"))
    day = _text(content.get("period_from"))[:10]
    with suppress(ValueError):  # what is no date stays as it was typed
        day = wording.date(date.fromisoformat(day))
    kind = _text(content.get("kind"))
    others = [each.value for each in ReportKind if each is not ReportKind.DAILY]
    told = [wording.coded("CL-REPORTKIND", kind)] if kind in others else []
    begun = Counter(line.get("kind") for line in content.get("lines", ()) if not line.get("offered"))
    told += [f"{line_form.title(each)}: {wording.number(begun[each])}" for each in KINDS if begun[each]]
    return " · ".join([f"{where}, {day}".rstrip(", "), *told])


def day_of(content: Mapping[str, Any], zone: str, cut: time) -> date | None:
    """The official day, in the operation's `zone` with its `cut`, that an unsent form is about; None while unknown."""
    found: list[Flaw] = []
    begins = _moment("begins", _text(content.get("period_from")), _text(content.get("zone")), None, "", found).get(
        "begins"
    )
    return clock.official_day(begins, zone, cut) if isinstance(begins, datetime) else None


def known_uuid(text: str) -> UUID | None:
    """The identifier in a text, or None."""
    try:
        return UUID(text)
    except ValueError:
        return None


def suggested(keys: Iterable[tuple[str, str, str, str]]) -> list[Content]:
    """Check tallies that a form offers, uncounted: what the site usually reports, else the two first-line queries."""
    found = list(keys) or [
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
        for check, database, entity, channel in found
    ]
