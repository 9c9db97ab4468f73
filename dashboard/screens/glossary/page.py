"""Glossary: the term base in the language of the reader, by place, with the codes of each term and its source.

`word` is a term (its key) or a code, such as V1 or SLTD: badges and the palette link to it, and it stands first.
"""

from itertools import groupby

from dash import ClientsideFunction, Input, Output, clientside_callback, dcc, html
from dash.development.base_component import Component

from dashboard.frame.live_parts import same_for_role
from dashboard.frame.shell import page
from dashboard.parts import tags
from dashboard.parts.panel import panel
from dashboard.places import GLOSSARY
from dashboard.server.lazy_modules import gazetteer
from dashboard.wording import _, coded, joined, language
from operations.core import terms, vocabulary
from operations.core.terms import Term

NAV = GLOSSARY
AUDIENCE = same_for_role
MOST_CODES = 30
"""Lists with more codes, such as that of countries, are not written out."""


def layout(word: str = "", **_query: str) -> Component:
    """Return all terms, that of the address first."""
    known = terms.terms(language())
    asked = known.get(word.lower())
    by_place = sorted(known.values(), key=lambda term: (gazetteer.fold(_(term.place)), gazetteer.fold(term.term)))
    parts = [
        panel(_(place), _list(list(found)), class_name="glossary-place")
        for place, found in groupby(by_place, lambda term: term.place)
    ]
    field = dcc.Input(
        id="glossary-sought", type="search", placeholder=_("Find a word"), className="glossary-sought", debounce=False
    )
    return page(
        _("Glossary"),
        *([panel(_("The word you looked for"), _list([asked]))] if asked else []),
        html.Label([html.Span(_("Find a word"), className="m-visually-hidden"), field]),
        html.Div(parts, id="glossary-list", className="m-stack"),
        lead=_("What the words and codes of Muster mean. The source says who defines them."),
    )


def _list(found: list[Term]) -> Component:
    return html.Dl([tags.Div(*_term(term), className="glossary-term") for term in found], className="glossary")


def _term(term: Term) -> list[Component]:
    codes = codes_of(term)
    return [
        html.Dt(html.Bdi(term.term)),
        html.Dd(
            [
                html.P(term.meaning),
                *([html.P(_("Codes: {codes}", codes=codes), className="m-dim m-small")] if codes else []),
                html.P(_("Source: {source}", source=term.source), className="m-dim m-small"),
            ]
        ),
    ]


def codes_of(term: Term) -> str:
    """Return the codes of the list that belongs to a term, in words; "" where it has none, or too many to read."""
    found = vocabulary.codes(term.list) if term.list else ()
    if len(found) > MOST_CODES:
        return ""
    return joined(f"{code} {words}" if code.isupper() else words for code in found if (words := coded(term.list, code)))


clientside_callback(
    ClientsideFunction("muster_glossary", "find"),
    Output("glossary-list", "data-sought"),
    Input("glossary-sought", "value"),
    prevent_initial_call=True,
)
