"""Annual report as a PDF, short or long, in every language; entered in the access trail before it is delivered.

It holds the data of the page at the time of printing: nothing in it is typed, and unknown values are a dash. A
country's people print what their country may know.
"""

from collections.abc import Sequence

from fastapi import APIRouter, Response

from dashboard.papers import record as papers
from dashboard.papers.downloads import MAKERS, MEDIA, By, Spoken, download_response
from dashboard.papers.paper import Bar
from dashboard.papers.record_content import Record, Section
from dashboard.screens.programme import tables
from dashboard.wording import UNDEFINED, _, coded, in_language, moment, number
from operations.core import journal
from operations.core.clock import now
from operations.core.errors import NotFound
from operations.core.ids import new_id
from operations.core.people import Actor
from operations.core.permissions import Act, require
from operations.core.store import Store
from operations.posts.figures import Value
from operations.programme import figures, five_years, roles
from operations.programme.figures import PostStanding
from operations.programme.five_years import PILLARS, PillarYear, Years
from operations.programme.roles import CountryRole

PAGE, LONG = "page", "long"
EARLIEST, LATEST = 1990, 2200


def address(year: int, length: str, code: str, form: str = "pdf") -> str:
    """Return the URL of a year's report."""
    return f"/export/programme/{year}.{form}?length={length}&lang={code}"


def written(
    found: Years,
    values: Sequence[Value],
    stood: Sequence[PostStanding],
    said: dict[str, CountryRole],
    length: str,
) -> Record:
    """Return the report."""
    last = found.years[-1]
    sections = [
        Section(
            _("Pillars in {year}", year=str(last)),
            *_chart(_("Pillar"), [(_(about.name), found.cell(each, last)) for each, about in PILLARS.items()]),
        ),
        Section(_("Key figures as they are today"), [(_(each.figure.name), value_words(each)) for each in values]),
        Section(_("Money"), tables.money_words(found.money[last])),
    ]
    if length == LONG:
        sections += _long(found, stood, said)
    return Record(
        title=_("Annual report {year}", year=str(last)),
        subject=_("Strategy for countering the smuggling of migrants"),
        issued=_("Printed {moment}.", moment=moment(now(), "UTC")),
        sections=sections,
        closing=_("Computed from what is stored. A dash: nothing was planned, or it is not known."),
    )


def _long(found: Years, stood: Sequence[PostStanding], said: dict[str, CountryRole]) -> list[Section]:
    """Return the extra sections of the long report: every year, every country, every post, and the definitions."""
    of_years = [(str(year), found.cell(year=year)) for year in found.years]
    sections = [Section(_("All pillars by year"), *_chart(_("Year"), of_years))]
    sections += [
        Section(
            str(year), [(_(about.name), tables.cell_words(found.cell(each, year))) for each, about in PILLARS.items()]
        )
        for year in found.years[:-1]
    ]
    sections += [
        Section(_("Money, {year}", year=str(year)), tables.money_words(sums))
        for year, sums in found.money.items()
        if year != found.years[-1]
    ]
    for country in sorted({*found.countries, *said}, key=lambda each: coded("CL-COUNTRY", each)):
        pairs = [
            (_(about.name), tables.cell_words(found.cell(each, country=country))) for each, about in PILLARS.items()
        ]
        known = [("", "")] if country not in said else [(_("On the routes"), tables.role_words(said[country]))]
        heading = _(
            "{country}, {first} to {last}",
            country=coded("CL-COUNTRY", country),
            first=str(found.years[0]),
            last=str(found.years[-1]),
        )
        sections.append(Section(heading, [*known, *(pair for pair in pairs if pair[1] != UNDEFINED)]))
    sections += [Section(_("Posts"), [(each.post.name, _post_words(each)) for each in stood])]
    counted = [
        (_(about.name), _("{planned}. Done: {done}.", planned=_(about.planned), done=_(about.done)))
        for about in PILLARS.values()
    ]
    return [*sections, Section(_("What is counted"), counted)]


def _chart(
    head: str, cells: Sequence[tuple[str, PillarYear]]
) -> tuple[list[tuple[str, str]], list[Bar], tuple[str, str, str]]:
    """Return the pairs, bars and heads of a section: solid what was done, open what was planned beyond it."""
    top = max((cell.planned for _name, cell in cells), default=0) or 1
    bars = [(cell.done / top, (cell.planned - cell.done) / top) for _name, cell in cells]
    return [(name, tables.cell_words(cell)) for name, cell in cells], bars, (head, _("Chart"), _("Done"))


def _post_words(each: PostStanding) -> str:
    names = (_("Readiness"), _("Connected"), _("Certified officers"), _("Queries against first"))
    told = zip(names, tables.standing_words(each), strict=True)
    return " · ".join(f"{name}: {words}" for name, words in told if words != UNDEFINED) or UNDEFINED


def value_words(value: Value) -> str:
    """Return a key figure with its base; a dash where it is undefined."""
    if value.number is None:
        return UNDEFINED
    unit = "%" if value.figure.unit == "%" else _(value.figure.unit)
    told = f"{number(value.number, 0 if value.number == round(value.number) else 1)} {unit}"
    if value.review:
        told = f"{told} ({_('± {count} under review', count=number(value.review))})"
    if value.part is None or value.whole is None:
        return told
    return f"{told} ({_('{part} of {whole}', part=number(value.part), whole=number(value.whole))})"


def paper(store: Store, year: int, length: str, code: str, by: Actor, form: str = "pdf") -> tuple[bytes, str]:
    """Return the file and its name. Raises NotFound for a year without a programme, or without permission."""
    if not EARLIEST <= year <= LATEST or length not in (PAGE, LONG):
        raise NotFound
    with journal.disclosing(store, by) as session, in_language(code):
        require(by, Act.POST_READ)
        at = now()
        journal.record_download(session, by, "programme.report", new_id(), form, country=by.country, number=year)
        found = five_years.years(session, by, year)
        values, stood = figures.figures(session, by, at), figures.post_standings(session, at)
        said = written(found, values, stood, dict(roles.current_roles(session)), length)
    with in_language(code):
        made = papers.paper(said)
        return MAKERS[form](made), f"muster-programme-{year}-{length}.{form}"


def router(store: Store) -> APIRouter:
    """POST /export/programme/{year}.pdf and .docx. `length` is page or long, `lang` one of the languages."""
    routes = APIRouter()

    @routes.post("/export/programme/{year}.{form}")
    def programme_report(year: int, form: str, by: By, code: Spoken, length: str = PAGE) -> Response:
        """Serve the annual report."""
        if form not in MAKERS:
            raise NotFound
        return download_response(*paper(store, year, length, code, by, form), MEDIA[form])

    return routes
