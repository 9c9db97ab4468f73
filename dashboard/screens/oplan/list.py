"""Checklist of the operational plan: sections with their states, versions, and the diff between two versions."""

import re
from collections.abc import Mapping, Sequence
from difflib import SequenceMatcher

from dash import dcc, html
from dash.development.base_component import Component

from dashboard.parts import tags
from dashboard.parts.badges import state_badge
from dashboard.parts.icon import icon
from dashboard.wording import _, coded, moment, ngettext, number
from operations.core.vocabulary import PlanVersionState, SectionState
from operations.policing.operation.oplan import SECTIONS, OplanSection, OplanVersion, SectionChange

_MARKS = {
    SectionState.OPEN: ("circle-dashed", "warn"),
    SectionState.COMPLETE: ("circle-check", "good"),
    SectionState.NOT_APPLICABLE: ("circle-minus", "muted"),
}


def state_of(section: OplanSection | None) -> SectionState:
    """Return the state of a section; one that was never written is open."""
    return SectionState(section.state) if section is not None else SectionState.OPEN


def section_badge(section: OplanSection | None) -> Component:
    """Return the state of a section as a badge."""
    state = state_of(section)
    return state_badge(coded("CL-OPLANSTATE", state.value), _MARKS[state][1])


def checklist(found: Mapping[str, OplanSection], base: str, here: str, commented: Mapping[str, int]) -> Component:
    """Return every section with its state, its link, and the number of its unanswered comments."""
    return html.Ol(
        [_item(code, found.get(code), base, here, commented.get(code, 0)) for code in SECTIONS], className="oplan-list"
    )


def _item(code: str, section: OplanSection | None, base: str, here: str, waiting: int) -> Component:
    state = state_of(section)
    words = coded("CL-OPLANSTATE", state.value)
    inside = [
        icon(_MARKS[state][0], 18),
        html.Span(coded("CL-OPLAN", code), className="oplan-name"),
        *(
            [
                html.Span(
                    [icon("message", 14), number(waiting)],
                    className="oplan-waiting",
                    title=_("Comments that wait for an answer"),
                )
            ]
            if waiting
            else []
        ),
        html.Span(words, className="oplan-state"),
    ]
    return html.Li(
        dcc.Link(inside, href=f"{base}?section={code}", className=f"oplan-item oplan-item--{state.value}"),
        **({"aria-current": "true"} if code == here else {}),
    )


def progress(found: Mapping[str, OplanSection]) -> Component:
    """Return how many sections are complete, in words and as a bar."""
    done = sum(state_of(found.get(code)) is not SectionState.OPEN for code in SECTIONS)
    words = _("{done} of {all} sections finished", done=number(done), all=number(len(SECTIONS)))
    return tags.Div(
        html.Span(words, className="m-num"),
        html.Span(
            html.Span(style={"inlineSize": f"{done / len(SECTIONS) * 100:.0f}%"}),
            className="target-bar" + (" target-bar--reached" if done == len(SECTIONS) else ""),
            **{"aria-hidden": "true"},
        ),
        className="oplan-progress",
    )


def versions_list(found: Sequence[OplanVersion], base: str, zone: str) -> Component:
    """Return the approved versions, newest first, each with a link to its changes."""
    return html.Ul([_version(each, base, zone) for each in found], className="oplan-versions")


def _version(version: OplanVersion, base: str, zone: str) -> Component:
    in_force = version.state == PlanVersionState.APPROVED
    return tags.Li(
        dcc.Link(
            html.Strong(_("Version {number}", number=number(version.number))),
            href=f"{base}?version={version.number}",
            className="oplan-version-name",
        ),
        state_badge(_("in force") if in_force else _("replaced"), "good" if in_force else "muted"),
        html.Span(
            _(
                "approved by {name}, {when}",
                name=f"\u2068{version.approved_name}\u2069",
                when=moment(version.approved_at, zone),
            ),
            className="m-dim m-small",
        ),
        html.Span([_("fingerprint"), " ", html.Code(version.content_hash[:12], dir="ltr")], className="m-dim m-small"),
        *([html.P(html.Bdi(version.note), className="m-small")] if version.note else []),
    )


def change_list(found: Sequence[SectionChange]) -> list[Component]:
    """Return the diff by section: deletions and insertions."""
    if not found:
        return [html.P(_("Nothing differs."), className="m-dim")]
    said = ngettext("{n} section differs", "{n} sections differ", len(found))
    return [html.P(said, className="m-dim"), *(_change(each) for each in found)]


def _change(change: SectionChange) -> Component:
    before, after = (each.text if each is not None else "" for each in (change.before, change.after))
    states = [section_badge(change.before), icon("arrow-right", 16), section_badge(change.after)]
    moved = state_of(change.before) is not state_of(change.after)
    return tags.Section(
        html.H3([coded("CL-OPLAN", change.section), " ", *(states if moved else [])], className="m-row"),
        html.P(marked(before, after), className="oplan-text", dir="auto"),
        className="oplan-change",
    )


def marked(before: str, after: str) -> list[Component | str]:
    """Return a word diff of two texts: deletions struck out, insertions underlined."""
    old, new = (re.findall(r"\s+|\w+|[^\w\s]", text) for text in (before, after))
    parts: list[Component | str] = []
    for act, a, b, c, d in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if act == "equal":
            parts.append("".join(old[a:b]))
            continue
        if a < b:
            parts.append(html.Del("".join(old[a:b])))
        if c < d:
            parts.append(html.Ins("".join(new[c:d])))
    return parts
