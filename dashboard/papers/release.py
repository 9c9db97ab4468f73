"""Paper of a publication pack: its subject, a map, its figures with charts, its method, and the comparison.

The workbook has the same sheets.
"""

from collections.abc import Mapping, Sequence
from types import MappingProxyType

from dashboard.papers.paper import Bar, Block, Drawing, Facts, Heading, Paper, PaperTable
from dashboard.papers.tables import TableFile
from dashboard.server.lazy_modules import reference
from dashboard.wording import _, coded, joined

_WIDTHS = {1: (1.0,), 2: (0.3, 0.7)}
_CHART = 0.25
MAP = (166.0, 84.0)
"""Width and height of a map, in mm."""


def paper(
    sheets: Sequence[TableFile],
    marking: str,
    maps: Mapping[str, tuple[str, Sequence[str]]] = MappingProxyType({}),
    charts: Mapping[str, Sequence[float]] = MappingProxyType({}),
) -> Paper:
    """Return the pack of these sheets; the first has the facts about all of them. `marking`: "" once it is public.

    `maps` are those of `plan_drawing.country_maps`. `charts` has for a sheet, by name, the length of a bar in each of
    its rows: 0 to 1, and 0 where there is no number to draw.
    """
    about = list(sheets[0].about)
    blocks: list[Block] = [Facts(about[1:]), *_maps(maps)]
    for sheet in sheets:
        blocks.append(Heading(sheet.name))
        if beyond := [pair for pair in sheet.about if pair not in about]:
            blocks.append(Facts(beyond))
        many = len(sheet.columns)
        widths = _WIDTHS.get(many, (0.4, *[0.6 / max(many - 1, 1)] * (many - 1)))
        heads = list(sheet.columns)
        cells: list[list[str | Bar]] = [["" if cell is None else str(cell) for cell in row] for row in sheet.rows]
        if bars := charts.get(sheet.name):
            heads, widths = [*heads, _("Chart")], (*(width * (1 - _CHART) for width in widths), _CHART)
            cells = [[*row, (bar, 0.0)] for row, bar in zip(cells, bars, strict=True)]
        blocks.append(PaperTable(heads, cells, widths))
    return Paper(_("Official figures"), about[0][1], marking, blocks)


def _maps(maps: Mapping[str, tuple[str, Sequence[str]]]) -> list[Block]:
    notes = f"{_(reference.DISCLAIMER)} {_(reference.ATTRIBUTION)}"
    made: list[Block] = [Heading(_("Countries that take part"))] if maps else []
    for region, (map_, countries) in maps.items():
        names = joined([coded("CL-COUNTRY", each) for each in countries])
        made += [Heading(coded("CL-REGION", region), 2)] if region else []
        alt = _("Map of the countries that took part: {names}", names=names)
        made.append(Drawing(map_, alt, notes if region == [*maps][-1] else ""))
    return made
