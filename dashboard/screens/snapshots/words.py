"""Texts about a snapshot, the same on page, PDF and workbook."""

from collections.abc import Sequence

from dash import html
from dash.development.base_component import Component

from dashboard.parts import snapshot_figures
from dashboard.parts.figure_text import unreliable_words
from dashboard.wording import UNDEFINED, _, coded, joined, number, sentence
from operations.catalogue.kpis import CATALOGUE
from operations.core import vocabulary
from operations.results.comparison import Comparison, FigureComparison


def country_words(code: str) -> str:
    """Return the name of a country."""
    return coded("CL-COUNTRY", code)


def countries_words(codes: Sequence[str]) -> str:
    """Return the names of countries, sorted and joined."""
    return joined(sorted(map(country_words, codes)))


def change_words(each: FigureComparison) -> str:
    """Return the relative change of a figure, "+12.5 %"; "—" where it is undefined."""
    if each.change is None:
        return UNDEFINED
    sign = "+" if each.change > 0 else "−" if each.change < 0 else "±"
    return f"\u2066{sign}{number(abs(each.change) * 100, 1)}\u202f%\u2069"


def compared_rows(made: Comparison) -> list[list[str]]:
    """Return name, earlier value, current value, and the change or why there is none."""
    return [
        [
            _(CATALOGUE[figure.kpi].name),
            *(
                UNDEFINED if figure.why_not else snapshot_figures.value_words(figure.kpi, value, qualifier)
                for value, qualifier in zip((figure.before, figure.after), figure.qualifiers, strict=True)
            ),
            " · ".join((_why(figure) if figure.why_not else change_words(figure), *_unreliable(figure))),
        ]
        for figure in made.figures
    ]


def _unreliable(each: FigureComparison) -> list[str]:
    """Return which of the two values is unreliable, and why."""
    if each.why_not:
        return []
    told = zip((_("Before"), _("Now")), map(unreliable_words, each.gaps), strict=True)
    return [f"{when}: {words}" for when, words in told if words]


def _why(each: FigureComparison) -> str:
    said = sentence(each.why_not) if each.why_not else ""
    if not any(each.kinds):
        return said
    then, now = (joined(_kind(code) for code in kinds) for kinds in each.kinds)
    return _("{why}: {then} then, {now} now", why=said, then=then, now=now)


def _kind(code: str) -> str:
    for name in ("CL-CHECKKIND", "CL-DB"):
        if code in vocabulary.codes(name):
            return coded(name, code)
    return code


def heads() -> list[str]:
    """Return the column headings of a comparison."""
    return [_("Key figure"), _("Before"), _("Now"), _("Change")]


def like_for_like(made: Comparison) -> str:
    """Return which countries are compared, where not all are; "" where the same took part in both."""
    if not made.countries:
        return ""
    named = countries_words(made.countries)
    return _("Other countries took part: only those of both are compared, {countries}.", countries=named)


def comparison_words(made: Comparison | None) -> list[Component]:
    """Return a comparison for the page, or the sentence why there is none."""
    if made is None:
        return []
    if made.refused is not None:
        return [html.P(sentence(made.refused), role="note")]
    alike = like_for_like(made)
    said = [html.P(alike, className="m-dim")] if alike else []
    return [*said, snapshot_figures.text_table(_("Compared with an earlier one"), heads(), compared_rows(made))]
