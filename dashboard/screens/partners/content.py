"""Content of a partner's package in words, the same on the page and in the package itself."""

from typing import NamedTuple

from dashboard.parts import snapshot_figures
from dashboard.parts.figure_text import restated_words
from dashboard.wording import UNDEFINED, _, coded, date, joined, language, moment, ngettext, number, party
from operations.catalogue.kpis import CATALOGUE
from operations.exchange.packages import CONTENT, Package
from operations.exchange.partner_rows import Sees
from operations.exchange.product_rows import Product
from operations.results.disclosed_figures import APART, BY_COUNTRY, MISSING, TOTAL


class PackageSection(NamedTuple):
    """A heading, and pairs of a name and a text."""

    heading: str
    pairs: list[tuple[str, str]]


def countries(codes: list[str]) -> str:
    """Return the names of countries, joined."""
    return joined(party(each) for each in codes)


def listed(made: Package) -> list[tuple[str, str]]:
    """Return every kind of content with what there is of it now, or that it is not on the partner's list."""
    return [
        (
            coded("CL-PARTNERSEES", kind),
            _there(made, kind) if kind in made.admission.sees else _("Not on its list: it does not see it."),
        )
        for kind in CONTENT
    ]


def _there(made: Package, each: Sees) -> str:
    match each:
        case Sees.OPERATION:
            return ngettext("{n} country", "{n} countries", len(made.countries)) if made.first else UNDEFINED
        case Sees.PLAN:
            return ngettext("{n} section", "{n} sections", len(made.sections)) if made.sections else UNDEFINED
        case Sees.FIGURES:
            return _("Snapshot {number}", number=number(made.snapshot.number)) if made.snapshot else UNDEFINED
        case Sees.PRODUCTS:
            return ngettext("{n} product", "{n} products", len(made.products))


def parts(made: Package) -> list[PackageSection]:
    """Return all sections; empty ones are left out."""
    found = [*_operation(made), *_plan(made), *_figures(made), *map(_product, made.products)]
    return [each for each in found if each.pairs]


def _operation(made: Package) -> list[PackageSection]:
    if made.first is None:
        return []
    days = _("{first} to {last}", first=date(made.first), last=date(made.last))
    return [
        PackageSection(
            coded("CL-PARTNERSEES", Sees.OPERATION),
            [
                (_("Operation"), made.operation.title),
                (_("Kind of operation"), coded("CL-OPTYPE", made.operation.type)),
                (_("Days"), days),
                (_("Countries"), countries(made.countries)),
            ],
        )
    ]


def _plan(made: Package) -> list[PackageSection]:
    said = [(coded("CL-OPLAN", each.section), each.text) for each in made.sections]
    return [PackageSection(coded("CL-PARTNERSEES", Sees.PLAN), said)]


def _figures(made: Package) -> list[PackageSection]:
    if made.snapshot is None:
        return []
    total, by_country = snapshot_figures.of(made.figures, TOTAL), snapshot_figures.of(made.figures, BY_COUNTRY)
    unreliable = snapshot_figures.unreliable(made.figures, MISSING)
    amounts = snapshot_figures.amount_texts(made.figures, APART)
    restated = {kpi: restated_words(found, made.operation.zone, language()) for kpi, found in made.restated.items()}
    about = [
        (_("Snapshot"), number(made.snapshot.number)),
        (_("Status"), coded("CL-STATUS", made.snapshot.status)),
        (_("As of"), moment(made.snapshot.taken_at, made.operation.zone)),
        (_("Wording"), made.snapshot.wording),
        (_("Method"), made.snapshot.method),
    ]
    told = [
        (
            snapshot_figures.figure_words(kpi),
            " · ".join(
                filter(
                    None,
                    (*amounts.get(kpi, [snapshot_figures.row_words(row)]), unreliable.get(kpi), restated.get(kpi)),
                )
            ),
        )
        for (kpi, _code), row in total.items()
    ]
    each = [
        (f"{_(CATALOGUE[kpi].name)}, {party(code)}", snapshot_figures.row_words(row))
        for (kpi, code), row in by_country.items()
    ]
    return [PackageSection(coded("CL-PARTNERSEES", Sees.FIGURES), [*about, *told, *each])]


def _product(found: Product) -> PackageSection:
    return PackageSection(
        found.title,
        [
            (_("Product"), found.body),
            (_("Source"), coded("CL-SRC", found.source)),
            (_("Information"), coded("CL-INFO", found.information)),
            (_("Handling"), coded("CL-HANDL", found.handling)),
            (_("Classification"), coded("CL-CLASS", found.classification)),
        ],
    )
