"""Abbreviation: a code that says its words under the pointer, with focus and at a tap, and leads to the glossary.

One component for all codes that stand on a screen without their words. The first tap of a finger shows the words, the
second follows the link (`abbreviation.js`). It must not stand inside of a button or a link.
"""

from dash import dcc, html
from dash.development.base_component import Component

from dashboard import places
from dashboard.wording import language
from operations.core import terms


def abbreviation(shown: Component | str, code: str, words: str) -> Component:
    """Return `shown` with the words of a code; the term base adds what the code means, where it is a term."""
    term = terms.terms(language()).get(code.lower())
    more = [html.Span(term.meaning, className="m-abbr-meaning", **{"aria-hidden": "true"})] if term else []
    return html.Span(
        [
            dcc.Link(shown, href=f"{places.GLOSSARY.href()}?word={code}", className="m-abbr-link"),
            html.Span([html.Strong(f"{code} · {words}"), *more], className="m-abbr-words", **{"aria-hidden": "true"}),
        ],
        className="m-abbr",
    )
