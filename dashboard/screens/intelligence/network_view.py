"""Views of the target network without names: parts by code, their relations, and the reliability of each."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from dash import dcc, html
from dash.development.base_component import Component

from dashboard.parts import tags
from dashboard.parts.badges import state_badge
from dashboard.parts.form import button
from dashboard.parts.lead_recall import part_of, take_back
from dashboard.parts.table import table, table_row
from dashboard.wording import _, coded, moment
from operations.policing.leads.leads import Lead, LeadCountry, LeadVersion
from operations.support.intelligence import Hypothesis, NetworkEntity, NetworkLink

_TONES = {"open": "accent", "supported": "good", "refuted": "muted", "given_up": "muted"}
LEAD_TONES = {"positive": "good", "negative": "neutral", "expired": "bad", "new": "muted"}


def grade(each: Hypothesis | NetworkEntity | LeadVersion) -> Component:
    """Return the 4x4 evaluation and handling code in short form, "B2 H1", with the meaning as title."""
    codes = (("CL-SRC", each.source), ("CL-INFO", each.information), ("CL-HANDL", each.handling))
    meaning = " · ".join(coded(name, code) for name, code in codes)
    return tags.Span(
        html.Span(f"{each.source.upper()}{each.information} {each.handling.upper()}", **{"aria-hidden": "true"}),
        html.Span(meaning, className="m-visually-hidden"),
        className="grade m-num",
        title=meaning,
    )


def _said(text: str) -> Component:
    """Return the text, or that it is erased."""
    return html.Bdi(text) if text else html.Span(_("Erased when its time was over."), className="m-dim")


def hypothesis_view(found: Sequence[Hypothesis], zone: str) -> list[Component]:
    """Return the current hypothesis, and its earlier versions."""
    now, before = found[0], found[1:]
    older = [
        html.Li([html.Span(moment(each.made_at, zone), className="m-dim m-small"), html.P(_said(each.statement))])
        for each in before
    ]
    return [
        html.P(_said(now.statement), className="hypothesis"),
        tags.P(
            state_badge(coded("CL-HYPSTATE", now.state), _TONES[now.state]),
            grade(now),
            html.Span(
                _(
                    "written by {name}, {when}",
                    name=f"\u2068{now.author_name}\u2069",
                    when=moment(now.made_at, zone),
                ),
                className="m-dim m-small",
            ),
            className="m-row",
        ),
        *([html.Details([html.Summary(_("Versions before")), html.Ul(older)])] if older else []),
    ]


def network_table(
    parts: Sequence[NetworkEntity], links: Sequence[NetworkLink], edit: str | None, unlink: str | None
) -> Component:
    """Return a row for each part: code, kind, description, and links to others. `edit` is the base of its address."""
    codes = {each.entity_id: each.code for each in parts}
    head = [_("Code"), _("Kind"), _("What is known"), _("Grade"), _("Links")]
    rows = [
        table_row(
            dcc.Link(part.code, href=f"{edit}?part={part.entity_id}") if edit else part.code,
            coded("CL-NETWORK", part.kind),
            _said(part.description),
            grade(part),
            html.Ul([_link(link, codes, unlink) for link in links if link.from_id == part.entity_id]),
        )
        for part in parts
    ]
    return table(head, rows, "network", _("Target network"))


def _link(link: NetworkLink, codes: Mapping[UUID, str], unlink: str | None) -> Component:
    words = f"{coded('CL-NETLINK', link.kind)} {codes[link.to_id]}"
    away = (
        [
            button(
                _("Take away"),
                id={"type": unlink, "link": str(link.id)},
                kind="quiet",
                size="compact-xs",
                **{"aria-label": _("Take away: {what}", what=words)},
            )
        ]
        if unlink
        else []
    )
    return html.Li([html.Span(words), *away], className="m-row")


def tasking_list(
    found: Sequence[tuple[Lead, LeadVersion, Sequence[LeadCountry], str | None]],
    zone: str,
    back: tuple[str, str] | None,
) -> Component:
    """Return the taskings: question, part of the network, deadline, and the state of each country.

    "Negative" is an answer. `back` are the types of the button that withdraws a tasking and of its reason field, for
    those who may.
    """
    return html.Ul([_tasking(*each, zone, back) for each in found], className="taskings")


def _tasking(
    lead: Lead,
    said: LeadVersion,
    parts: Sequence[LeadCountry],
    code: str | None,
    zone: str,
    back: tuple[str, str] | None,
) -> Component:
    countries = [html.Li(part_of(part, LEAD_TONES), className="m-row") for part in parts]
    press, why = back or ("", "")
    taking = (
        take_back(
            parts,
            lambda to: {"type": press, "lead": str(lead.id), "country": to},
            {"type": why, "lead": str(lead.id)},
        )
        if back and lead.erased_at is None
        else []
    )
    about: list[Component] = [html.Strong(f"{code} ")] if code else []
    return tags.Li(
        html.P([*about, _said(said.question)]),
        html.P(
            [grade(said), html.Span(_("due {when}", when=moment(lead.due, zone)))],
            className="m-row m-dim m-small",
        ),
        html.Ul(countries, className="tasking-countries"),
        *taking,
    )
