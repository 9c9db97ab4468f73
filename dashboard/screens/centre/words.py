"""Words and tables of figures for a centre: what would leave line by line, and what became of what was sent."""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from dash import html
from dash.development.base_component import Component

from dashboard.parts.badges import state_badge
from dashboard.parts.report import line_form
from dashboard.parts.table import table, table_row
from dashboard.wording import N_, _, date, joined, moment_utc, ngettext, number, sentence
from operations.exchange.centre_delivery import ENDED_TOKEN
from operations.exchange.centre_figures import SummedReport
from operations.exchange.centre_rows import CentreReport
from operations.exchange.centres import Change, Preview, PreviewRow
from operations.lines.kinds import KINDS

_CHANGES = {
    Change.NEW: (N_("New"), "accent"),
    Change.CORRECTED: (N_("Correction"), "warn"),
    Change.WITHDRAWN: (N_("Withdrawal"), "warn"),
    Change.SAME: (N_("As sent"), "good"),
    Change.CONFLICT: (N_("Corrected at the centre"), "warn"),
    Change.WAITS: (N_("On its way"), "muted"),
    Change.STAYS: (N_("Stays here"), "muted"),
}
_FAILURES = {
    ENDED_TOKEN: N_("The centre does not take the token any more. Give the connection a new one."),
    "404": N_("The centre shows this operation to the token no more: see whether the country takes part there."),
    "429": N_("The centre takes nothing for a moment."),
    "503": N_("The centre can store nothing now."),
    "inside": N_("The address lies inside this network, which the settings of this server do not allow."),
    "key": N_("This server has another key than before. Ask whoever keeps it."),
    "ValueError": N_("What answers at this address is no Muster, or of another version."),
}


def failure(why: str) -> str:
    """Return why a centre took nothing, as a sentence; "" where it did."""
    if not why:
        return ""
    return _(_FAILURES[why]) if why in _FAILURES else _("The centre does not answer ({why}).", why=why)


def previewed(shown: Preview) -> Component:
    """Return what would leave, with every number of it."""
    rows = [
        table_row(
            date(each.sum.cell.day),
            html.Bdi(each.sum.site_name),
            state_badge(_(_CHANGES[each.change][0]), _CHANGES[each.change][1]),
            html.Td(_figures(each.sum), className="m-whole"),
            html.Td(_note(each), className="m-whole"),
        )
        for each in shown.rows
    ]
    head = [_("Day"), _("Site"), _("What happens"), _("Figures"), _("Note")]
    return table(head, rows, label=_("What would leave"), cards=True)


def _figures(found: SummedReport) -> list[Any]:
    """Return the sum of each kind of line, and below it every line as it would be sent."""
    if not found.reports:
        return []
    return lines_of(found.lines)


def lines_of(found: Sequence[Mapping[str, Any]]) -> list[Any]:
    """Return the sum of each kind of line, and below it every line in words."""
    if not found:
        return [_("Nothing to report")]
    sums: Counter[str] = Counter()
    for line in found:
        kind = KINDS[line["kind"]]
        sums[line["kind"]] += line[kind.COUNTS] if kind.COUNTS and kind.ADDS else 1
    said = joined(f"{line_form.title(kind)} {number(count)}" for kind, count in sums.items())
    lines = html.Ul([html.Li(_line(line)) for line in found], className="m-small")
    return [html.Details([html.Summary(said), lines])]


def _line(line: Mapping[str, Any]) -> str:
    """Return a line in words: each field that is sent, with its label."""
    kind = line["kind"]
    values = line_form.values(kind, line)
    parts = [
        f"{_(field.label)}: {_value(field, values[field.name])}"
        for field in line_form.FIELDS[kind]
        if values[field.name] not in (None, "", 0)
    ]
    return f"{line_form.title(kind)} · {joined(parts)}"


def _value(field: line_form.LineField, value: Any) -> str:
    if isinstance(value, int):
        return number(value)
    if field.entry is line_form.FieldEntry.MOMENT:
        return moment_utc(datetime.fromisoformat(value))
    return line_form.value_text(field, value)


def _note(row: PreviewRow) -> str:
    parts = []
    if row.sum.obstacle is not None:
        parts.append(sentence(row.sum.obstacle))
    if row.change is Change.WITHDRAWN and row.sum.reports:
        parts.append(_("It is another site at the centre now. Send these days again once this is accepted."))
    if row.sum.unready:
        parts.append(ngettext("{n} report waits for validation.", "{n} reports wait for validation.", row.sum.unready))
    return " ".join(parts)


def sent(found: Sequence[CentreReport], names: Mapping[UUID, str]) -> Component:
    """Return what was sent, the newest first, each with what the centre said of it."""
    head = [_("Number"), _("Day"), _("Site"), _("Answer"), _("What it is"), _("Sent")]
    rows = [
        table_row(
            number(each.number),
            date(each.day),
            html.Bdi(names.get(each.site_id, "")),
            html.Td(_answer(each), className="m-whole"),
            _(_CHANGES[_kind(each)][0]),
            html.Span([moment_utc(each.made_at), " · ", html.Bdi(each.author_name)]),
        )
        for each in found
    ]
    return table(head, rows, label=_("What was sent"), cards=True)


def _kind(report: CentreReport) -> Change:
    if report.withdraws:
        return Change.WITHDRAWN
    return Change.CORRECTED if report.supersedes_id else Change.NEW


def _answer(report: CentreReport) -> list[Any]:
    if report.answered_at is None:
        return [state_badge(_("Waits"), "muted")]
    at = [" ", moment_utc(report.answered_at)]
    if report.accepted:
        return [state_badge(_("Accepted"), "good"), *at]
    return [state_badge(_("Refused"), "bad"), *at, html.Br(), html.Bdi(report.refusal)]
