"""The verdict of a check of the journal's hash chain, in words."""

from dash import html
from dash.development.base_component import Component

from dashboard.parts import tags
from dashboard.parts.icon import icon
from dashboard.wording import _, number
from operations.core.journal import ChainVerdict


def verdict_of(found: ChainVerdict, audits: bool) -> Component:
    """Return the state of the chain in words: whether it holds, up to which entry, and what the check cannot detect.

    Its numbers and head are shown to auditors only (`audits`): they change with every entry, also with one that the
    reader may not know of.
    """
    if found.broken_at is not None:
        broken = (
            _(
                "The chain does not hold: entry {entry} was changed, moved or removed. Tell the auditor.",
                entry=number(found.broken_at),
            )
            if audits
            else _("The chain does not hold: an entry was changed, moved or removed. Tell the auditor.")
        )
        return html.Div(
            [icon("alert-triangle", 18), html.Span(broken)],
            className="journal-verdict journal-verdict--broken",
            role="alert",
        )
    if not audits:
        words: list[Component] = [html.Div(_("The chain holds to its end: nothing was changed, moved or inserted."))]
    else:
        words = [
            html.Div(
                _(
                    "Chain verified up to entry {entry}: nothing was changed, moved or inserted.",
                    entry=number(found.entries),
                )
            ),
            tags.Div(
                _("Note this fingerprint elsewhere: with it, a shortened or restored copy is found too."),
                " ",
                html.Code(found.head[:16], className="m-num"),
                className="m-dim m-small",
            ),
        ]
    return html.Div([icon("shield-check", 18), html.Div(words)], className="journal-verdict journal-verdict--holds")
