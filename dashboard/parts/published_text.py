"""Text of published figures: what they count, amount with qualifier and unit, dates, and source."""

from collections.abc import Mapping
from datetime import date as Date  # noqa: N812 - `date` writes one
from typing import Any

from dash import html
from dash.development.base_component import Component

from dashboard.wording import UNDEFINED, _, coded, count_with_qualifier, date, joined, sentence
from dashboard.wording import rate as rate_words
from operations.catalogue.fugitive_kpis import CATALOGUE as FUGITIVE
from operations.catalogue.kpis import CATALOGUE
from operations.core import vocabulary
from operations.core.errors import Flaw
from operations.figures.derived_figures import DERIVED_FIGURES
from operations.lines.kinds import KINDS
from operations.results.past_operations.arithmetic_checks import QualifiedAmount
from operations.results.past_operations.line_equivalents import UNREPORTED_FIGURES, listed_codes
from operations.results.past_operations.publications import PastOperation, PublishedFigure, PublishedPeriod

_SAID_BY_UNIT = frozenset({"CL-MEASURE", "CL-CURRENCY", "CL-OFFICERS"})
_SYMBOLS = {"kg": "kg", "tonne": "t"}


def figure_name(figure: PublishedFigure) -> str:
    """Return what a figure counts: the kind of line and its codes, in the words of the report form."""
    return " · ".join([thing(figure.of), *_told(figure)])


def thing(of: str, code: str = "") -> str:
    """Return the name of a kind of line or a code of CL-PUBLISHED; `code` distinguishes the row."""
    name = _(KINDS[of].TITLE) if of in KINDS else coded("CL-PUBLISHED", of)
    return f"{name} · {_any_label(code)}" if code else name


def _any_label(code: str) -> str:
    for name in ("CL-COMMODITY", "CL-CHECKKIND", "CL-NOTICE", "CL-GRADE", "CL-DB"):
        if code in vocabulary.codes(name):
            return coded(name, code)
    return code


def _told(figure: PublishedFigure, but: str = "") -> list[str]:
    """Return the codes of a figure in words, without the code `but`."""
    codes = [
        coded(name, code)
        for name, code in listed_codes(figure.of, figure.codes)
        if name not in _SAID_BY_UNIT and code != but and not (code == "unknown" and name != "CL-CHECKKIND")
    ]
    more = [
        _("minors") if figure.count else "",
        coded("CL-PHASE", figure.phase) if figure.phase else "",
        coded("CL-COUNTRY", figure.country) if figure.country else "",
        _("since {year}", year=str(figure.since)) if figure.since else "",
    ]
    return [*codes, *(each for each in more if each)]


def much(figure: PublishedFigure) -> str:
    """Return the amount with its qualifier: "more than 850,000"."""
    return count_with_qualifier(figure.value, figure.qualifier, 0 if figure.value == int(figure.value) else 1)


def much_of(figure: PublishedFigure) -> str:
    """Return the amount with its mass or currency: "1.6 t", "about 2,000,000 USD"."""
    unit = figure.unit if figure.unit in vocabulary.codes("CL-CURRENCY") else _SYMBOLS.get(figure.unit, "")
    return f"{much(figure)} \u2068{unit}\u2069" if unit else much(figure)


def unit_words(figure: PublishedFigure) -> str:
    """Return the unit in words."""
    unit = figure.unit
    return coded("CL-UNIT", unit) if unit in vocabulary.codes("CL-UNIT") else unit


def amount_words(value: QualifiedAmount) -> str:
    """Return a sum or a remainder in words."""
    return count_with_qualifier(value.value, value.qualifier)


def per_day_words(value: QualifiedAmount | None) -> str:
    """Return an amount per country and day; "" for None."""
    if value is None:
        return ""
    number = rate_words(value.value)
    told = number if value.qualifier == "=" else f"{coded('CL-QUAL', value.qualifier)} {number}"
    return _("{number} per country and day", number=told)


def arithmetic_sentence(flaw: Flaw) -> str:
    """Return a result of arithmetic as a sentence, with its numbers in words."""
    return sentence(Flaw("", flaw.template, {name: _spoken(value) for name, value in flaw.params.items()}))


def _spoken(value: Any) -> str:
    if isinstance(value, tuple):
        return " + ".join(_spoken(each) for each in value)
    if isinstance(value, PublishedPeriod):
        return period_words(value)
    return amount_words(value) if isinstance(value, QualifiedAmount) else f"\u2068{value}\u2069"


def day_words(part: str | None) -> str:
    """Return a day, month or year in words, as precisely as it is known."""
    return UNDEFINED if part is None else date(Date.fromisoformat(part)) if len(part) == 10 else f"\u2068{part}\u2069"


def period_words(period: PublishedPeriod) -> str:
    """Return a period in words."""
    if period.end is None:
        return _("from {day}", day=day_words(period.start))
    if period.start == period.end:
        return day_words(period.start)
    return f"{day_words(period.start)} – {day_words(period.end)}"


def when_words(operation: PastOperation) -> str:
    """Return the dates of an operation: in the source's own words if it has any."""
    dates = "; ".join(period_words(each) for each in operation.periods)
    told = dates or _("reported {day}", day=day_words(operation.reported))
    if operation.when:
        return operation.when
    return _("{when} (the year is inferred)", when=told) if "year" in operation.inferred else told


def regions_words(operation: PastOperation) -> str:
    """Return the regions of an operation."""
    return joined(coded("CL-REGION", each) for each in operation.regions)


def counted_as(figure: PublishedFigure) -> str:
    """Return how Muster would count a figure: its key figures, or why no report contains it."""
    names = [f"{code} {kpi_name(code)}" for code in figure.kpis]
    if not figure.of_line:
        return " · ".join([*names, _(UNREPORTED_FIGURES[figure.of].why)])
    return " · ".join(names) or _("A line of a report; no key figure counts it.")


def kpi_name(code: str) -> str:
    """Return the name of a key figure."""
    catalogues: tuple[Mapping[Any, Any], ...] = (CATALOGUE, DERIVED_FIGURES, FUGITIVE)
    return next((_(each[code].name) for each in catalogues if code in each), "")


def words_of(figure: PublishedFigure) -> list[Component]:
    """Return the source's own words, where they say more than the codes."""
    return [html.Small(html.Bdi(figure.words), className="m-dim past-words")] if figure.words else []


def told_beside(figure: PublishedFigure, code: str) -> str:
    """Return the words that distinguish a number from others in the row of this code."""
    return " · ".join([*_told(figure, code), *([_("no total")] if figure.partial else [])])
