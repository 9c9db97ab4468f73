"""Published figures in words: what they count, how much with its qualifier and unit, when, and where it was said."""

from collections.abc import Mapping
from datetime import date as Date  # noqa: N812 - `date` writes one
from typing import Any

from dash import html
from dash.development.base_component import Component

from dashboard.wording import UNDEFINED, _, coded, count_with_qualifier, date, sentence
from dashboard.wording import rate as rate_words
from operations.catalogue.fugitive_kpis import CATALOGUE as FUGITIVE
from operations.catalogue.kpis import CATALOGUE
from operations.core import vocabulary
from operations.core.errors import Flaw
from operations.figures.derived_figures import BESIDE
from operations.lines.kinds import KINDS
from operations.results.past_operations.arithmetic_checks import QualifiedAmount
from operations.results.past_operations.line_equivalents import BESIDE_REPORTS, listed_codes
from operations.results.past_operations.published import PastOperation, PublishedFigure, PublishedPeriod

_SAID_BY_UNIT = frozenset({"CL-MEASURE", "CL-CURRENCY", "CL-OFFICERS"})
_SYMBOLS = {"kg": "kg", "tonne": "t"}


def called(figure: PublishedFigure) -> str:
    """What a figure counts: the kind of lines and its codes, in the words of the form of reports."""
    return " · ".join([thing(figure.of), *_told(figure)])


def thing(of: str, code: str = "") -> str:
    """What is counted: a kind of lines, or a code of CL-PUBLISHED; with a code that tells its row apart."""
    name = _(KINDS[of].TITLE) if of in KINDS else coded("CL-PUBLISHED", of)
    return f"{name} · {_any_label(code)}" if code else name


def _any_label(code: str) -> str:
    for name in ("CL-COMMODITY", "CL-CHECKKIND", "CL-NOTICE", "CL-GRADE", "CL-DB"):
        if code in vocabulary.codes(name):
            return coded(name, code)
    return code


def _told(figure: PublishedFigure, but: str = "") -> list[str]:
    """The codes of a figure in words, `but` one that stands elsewhere."""
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
    """How much, with its qualifier: "more than 850,000"."""
    return count_with_qualifier(figure.value, figure.qualifier, 0 if figure.value == int(figure.value) else 1)


def much_of(figure: PublishedFigure) -> str:
    """The same with its mass or money: "1.6 t", "about 2,000,000 USD"."""
    unit = figure.unit if figure.unit in vocabulary.codes("CL-CURRENCY") else _SYMBOLS.get(figure.unit, "")
    return f"{much(figure)} \u2068{unit}\u2069" if unit else much(figure)


def unit_words(figure: PublishedFigure) -> str:
    """In what it counts."""
    unit = figure.unit
    return coded("CL-UNIT", unit) if unit in vocabulary.codes("CL-UNIT") else unit


def amount_words(value: QualifiedAmount) -> str:
    """A sum, or what is left of one."""
    return count_with_qualifier(value.value, value.qualifier)


def per_day_words(value: QualifiedAmount | None) -> str:
    """What came to a country and day; "" where nothing is compared."""
    if value is None:
        return ""
    number = rate_words(value.value)
    told = number if value.qualifier == "=" else f"{coded('CL-QUAL', value.qualifier)} {number}"
    return _("{number} per country and day", number=told)


def said(flaw: Flaw) -> str:
    """What arithmetic says, with its numbers as people write them."""
    return sentence(Flaw("", flaw.template, {name: _spoken(value) for name, value in flaw.params.items()}))


def _spoken(value: Any) -> str:
    if isinstance(value, tuple):
        return " + ".join(_spoken(each) for each in value)
    if isinstance(value, PublishedPeriod):
        return period_words(value)
    return amount_words(value) if isinstance(value, QualifiedAmount) else f"\u2068{value}\u2069"


def day_words(part: str | None) -> str:
    """A day, a month or a year, as much of it as is known."""
    return UNDEFINED if part is None else date(Date.fromisoformat(part)) if len(part) == 10 else f"\u2068{part}\u2069"


def period_words(period: PublishedPeriod) -> str:
    """From when until when."""
    if period.end is None:
        return _("from {day}", day=day_words(period.start))
    if period.start == period.end:
        return day_words(period.start)
    return f"{day_words(period.start)} – {day_words(period.end)}"


def when_words(operation: PastOperation) -> str:
    """When it was: the source's own words where it has some, else its dates."""
    dates = "; ".join(period_words(each) for each in operation.periods)
    told = dates or _("reported {day}", day=day_words(operation.reported))
    if operation.when:
        return operation.when
    return _("{when} (the year is inferred)", when=told) if "year" in operation.inferred else told


def regions_words(operation: PastOperation) -> str:
    """The regions in which it was."""
    return ", ".join(coded("CL-REGION", each) for each in operation.regions)


def counted_as(figure: PublishedFigure) -> str:
    """Where Muster would count it: its key figures, or why no report has it."""
    names = [f"{code} {kpi_name(code)}" for code in figure.kpis]
    if not figure.of_line:
        return " · ".join([*names, _(BESIDE_REPORTS[figure.of].why)])
    return " · ".join(names) or _("A line of a report; no key figure counts it.")


def kpi_name(code: str) -> str:
    """What a key figure is called."""
    catalogues: tuple[Mapping[Any, Any], ...] = (CATALOGUE, BESIDE, FUGITIVE)
    return next((_(each[code].name) for each in catalogues if code in each), "")


def words_of(figure: PublishedFigure) -> list[Component]:
    """The source's own words, where they tell more than the codes."""
    return [html.Small(html.Bdi(figure.words), className="m-dim past-words")] if figure.words else []


def told_beside(figure: PublishedFigure, code: str) -> str:
    """What tells a number apart from the others of its row, which is of this code."""
    return " · ".join([*_told(figure, code), *([_("no total")] if figure.partial else [])])
