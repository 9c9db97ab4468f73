"""View of a report's version, with changes since another version marked in words and shape."""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from dash import html
from dash.development.base_component import Component

from dashboard import wording
from dashboard.parts import tags
from dashboard.parts.badges import level_badge, state_badge
from dashboard.parts.report import line_form
from dashboard.parts.report.changes import Fate, FieldChange, LineChange, ReportDifference
from dashboard.parts.report.line_form import FIELDS, FieldEntry, LineField
from dashboard.wording import N_, _
from operations.core.evidence import key_fingerprint
from operations.core.journal import Entry as Step
from operations.core.vocabulary import Level, LineKind, ReportKind, ReportState
from operations.figures.values import of_sum
from operations.lines.kinds import KINDS
from operations.policing.reports.reports import Report

_TONES = {
    ReportState.SUBMITTED: "accent",
    ReportState.LOCALLY_VERIFIED: "accent",
    ReportState.NATIONALLY_VALIDATED: "good",
    ReportState.CONSOLIDATED: "good",
    ReportState.RETURNED: "warn",
    ReportState.REJECTED: "bad",
}
_FATES = {Fate.ADDED: N_("added"), Fate.REMOVED: N_("removed"), Fate.CHANGED: N_("changed")}
_ENVELOPE = {
    "kind": N_("Kind of report"),
    "phase_id": N_("Phase"),
    "period_from": N_("From"),
    "period_to": N_("To"),
    "impact": N_("Impact of the event"),
    "remarks": N_("Remarks"),
}
_CODES = {"kind": "CL-REPORTKIND", "impact": "CL-IMPACT-EVENT"}
_STEPS = {
    "report.submit": N_("sent"),
    "report.key": N_("keyed by the coordination"),
    "report.correct": N_("corrected"),
    "report.verify": N_("locally verified"),
    "report.validate": N_("nationally validated"),
    "report.consolidate": N_("consolidated"),
    "report.return": N_("returned"),
    "report.reject": N_("rejected"),
    "report.withdraw": N_("withdrawn"),
    "hit.confirm": N_("answer to a hit recorded"),
}


def state(found: Report) -> Component:
    """Return the state and level of a version, as words and outlines."""
    words = wording.coded("CL-REPORTSTATE", found.state)
    late = [state_badge(_("Changed after the debriefing"), "warn")] if found.late else []
    return html.Span(
        [
            level_badge(Level(found.level), explained=True),
            state_badge(words, _TONES.get(ReportState(found.state), "muted")),
            *late,
        ],
        className="m-row",
    )


def set_aside(found: Report, steps: Sequence[Step]) -> Component | None:
    """Return why and by whom a report was returned or rejected, for the top of the page."""
    words = why_set_aside(found, steps)
    return html.P(words, className="reports-set-aside", role="status") if words else None


def why_set_aside(found: Report, steps: Sequence[Step]) -> str:
    """Return the same in words: "Returned by …: …"; "" for a report that was not set aside."""
    if found.state not in (ReportState.RETURNED, ReportState.REJECTED) or found.returned_reason is None:
        return ""
    who = next(
        (
            step.actor_name
            for step in reversed(steps)
            if step.act in ("report.return", "report.reject") and step.object_id == found.id
        ),
        "",
    )
    reason = wording.coded("CL-RETURN", found.returned_reason)
    said = f"{reason}. {found.returned_note}" if found.returned_note else reason
    if found.state == ReportState.REJECTED:
        return _("Rejected by {name}: {reason}", name=who, reason=said)
    return _("Returned by {name}: {reason}", name=who, reason=said)


def envelope(found: Report, site: str, phases: Mapping[UUID, str], compared: ReportDifference) -> Component:
    """Return the envelope of a version: kind, site, times, author, and changes since the other version."""
    changed = {change.name: change for change in compared.envelope}
    said = {
        "kind": wording.coded("CL-REPORTKIND", found.kind),
        "phase_id": phases.get(found.phase_id, wording.UNDEFINED),
        "period_from": wording.moment(found.period_from, found.zone),
        "period_to": wording.moment(found.period_to, found.zone),
        "impact": wording.coded("CL-IMPACT-EVENT", found.impact) if found.impact else "",
        "remarks": found.remarks,
    }
    rows = [(_("Site"), site), (_("Official day"), wording.date(found.official_day))]
    pairs: list[Component] = []
    for name, value in rows:
        pairs += [html.Dt(name), html.Dd(value)]
    for name, value in said.items():
        if value or name in changed:
            pairs += [html.Dt(_(_ENVELOPE[name])), html.Dd(_told(changed.get(name), value, name, phases, found.zone))]
    pairs += [html.Dt(_("Written by")), html.Dd(found.author_name)]
    if found.keyed_by is not None:
        pairs += [html.Dt(_("Keyed")), html.Dd(_("By the coordination, from a code that the officer said or sent"))]
    if found.signed_key is not None:
        words = _("Another Muster, signed by its key {fingerprint}", fingerprint=key_fingerprint(found.signed_key))
        pairs += [html.Dt(_("Sent by")), html.Dd(words)]
    pairs += [html.Dt(_("Received")), html.Dd(wording.moment(found.received_at, found.zone))]
    if found.correction_reason:
        reason = wording.coded("CL-CORRECTION", found.correction_reason)
        pairs += [html.Dt(_("Reason of the correction")), html.Dd(reason)]
    return html.Dl(pairs, className="reports-envelope")


def _told(
    change: FieldChange | None, value: str, name: str, phases: Mapping[UUID, str], zone: str
) -> list[Component | str]:
    if change is None:
        return [value]
    before = change.before or ""
    if isinstance(before, datetime):
        was = wording.moment(before, zone)
    elif name in _CODES and before:
        was = wording.coded(_CODES[name], str(before))
    elif isinstance(before, UUID):
        was = phases.get(before, wording.UNDEFINED)
    else:
        was = str(before)
    return _was_is(was, value)


def _was_is(was: str, value: str) -> list[Component | str]:
    """Return old and new value together: the old struck out, the new marked, both labelled for screen readers."""
    parts: list[Component | str] = []
    if was:
        parts += [html.Del([html.Span(_("was "), className="m-visually-hidden"), was], className="reports-was"), " "]
    return [
        *parts,
        html.Ins(
            [html.Span(_("now "), className="m-visually-hidden"), value or wording.UNDEFINED], className="reports-is"
        ),
    ]


def lines(
    compared: ReportDifference, zone: str, kind: str, marked: UUID | None = None, hits: Mapping[str, str] | None = None
) -> Component:
    """Return the lines by kind, one table each; `kind` is the report's, `marked` the line to highlight.

    `hits`: texts of the hits that lines repeat, by id.
    """
    if not compared.lines and kind == ReportKind.NIL:
        return html.P(_("Nothing to report: the officer says that there was nothing."), className="reports-nil")
    if not compared.lines:
        return html.P(
            _("Its lines are about persons; you see their sums on the situation page."), className="reports-nil"
        )
    blocks = []
    for line_kind in KINDS:
        of_kind = [each for each in compared.lines if each.line.kind == line_kind]
        if of_kind:
            blocks.append(_table(line_kind, of_kind, _Reader(zone, hits or {}), marked))
    return html.Div(blocks, className="m-stack")


class _Reader(NamedTuple):
    """The zone in which times are shown, and texts of hits by id."""

    zone: str
    hits: Mapping[str, str]


def _table(kind: str, found: Sequence[LineChange], reader: _Reader, marked: UUID | None) -> Component:
    shown = [
        field
        for field in FIELDS[kind]
        if any(_tells(field, each.line.attributes.get(field.name)) or each.change(field.name) for each in found)
    ]
    marks = any(each.fate is not Fate.SAME for each in found)
    head = [html.Th(_(field.label), scope="col", className=_align(field)) for field in shown]
    if marks:
        head.append(html.Th(_("Change"), scope="col"))
    rows = []
    for change in found:
        row = [html.Td(_value(field, change, reader), className=_align(field)) for field in shown]
        if marks:
            row.append(html.Td(_(_FATES[change.fate]) if change.fate in _FATES else "", className="reports-fate"))
        here = " reports-line-marked" if change.line.id == marked else ""
        rows.append(html.Tr(row, className=f"reports-line-{change.fate.value}{here}"))
    standing = [each.line for each in found if each.fate is not Fate.REMOVED]
    said = of_sum(line.attributes.get("qualifier", "") for line in standing)
    total = [html.Span(_signed(said, sum(line.quantity for line in standing)), className="reports-total m-num")]
    return tags.Section(
        html.H3([line_form.title(kind), *(total if KINDS[kind].ADDS else [])]),
        html.Div(
            html.Table([html.Thead(html.Tr(head)), html.Tbody(rows)], className="m-table"),
            className="m-scroll",
            tabIndex=0,  # a scrollable region must be reachable by keyboard
            role="group",
            **{"aria-label": line_form.title(kind)},
        ),
    )


def _tells(field: LineField, value: object) -> bool:
    """Return whether a field has a value worth a column: a part that is 0 has none."""
    return value not in (None, "") and (field.counts or value != 0)


def _align(field: LineField) -> str:
    return "m-num reports-count" if field.entry is FieldEntry.COUNT else ""


def _value(field: LineField, each: LineChange, reader: _Reader) -> str | list[Component | str]:
    value = _said(field, line_form.values(each.line.kind, each.line.attributes)[field.name], reader)
    own_word = field.name == "confirmation" and each.line.status != each.line.attributes.get(field.name)
    if own_word and each.line.kind == LineKind.HIT:
        value = _("{answer}: the author's own word, pending until another person records the answer", answer=value)
    change = each.change(field.name)
    return value if change is None else _was_is(_said(field, change.before, reader), value)


def _said(field: LineField, value: object, reader: _Reader) -> str:
    if isinstance(value, int):
        return wording.number(value)
    if field.counts and isinstance(value, str) and value:
        return _signed(value[0], int(value[1:]))
    if field.entry is FieldEntry.MOMENT and isinstance(value, str) and value:
        return wording.moment(datetime.fromisoformat(value), reader.zone)
    if field.entry is FieldEntry.HIT and value:
        return reader.hits.get(str(value)) or _("a hit that was taken back, or is not yours to see")
    return line_form.value_text(field, value)


def _signed(sign: str, count: int) -> str:
    """Return a count with its qualifier, which stands before it in every script."""
    return f"\u2066{sign}\u202f{wording.number(count)}\u2069" if sign else wording.number(count)


def history(versions: Sequence[Report], steps: Sequence[Step], shown: UUID) -> Component:
    """Return all versions, newest first, with their steps: what, by whom and when. `shown` is the one on the page."""
    items = []
    for version in versions:
        acts = [
            tags.Li(
                _(_STEPS.get(step.act, N_("changed"))),
                " · ",
                step.actor_name,
                " · ",
                html.Span(wording.moment(step.at, version.zone)),
            )
            for step in steps
            if step.object_id == version.id
        ]
        name = _("Version {number}", number=version.version)
        opens = {"data-ask": json.dumps({"what": "version", "id": str(version.id)})}
        title = [
            html.Strong(name) if version.id == shown else html.Button(name, className="reports-link", **opens),
            state(version),
        ]
        if version.correction_reason:
            acts.insert(0, html.Li(wording.coded("CL-CORRECTION", version.correction_reason)))
        items.append(
            html.Li(
                [html.Div(title, className="m-row"), html.Ul(acts)],
                **({"aria-current": "true"} if version.id == shown else {}),
            )
        )
    return html.Ol(items, className="reports-history")
