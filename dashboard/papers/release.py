"""Paper of a publication pack: its subject, its figures, its method, and the comparison.

The workbook has the same sheets.
"""

from collections.abc import Sequence

from dashboard.papers.paper import Block, Facts, Heading, Paper, PaperTable
from dashboard.papers.tables import TableFile
from dashboard.wording import _

_WIDTHS = {1: (1.0,), 2: (0.3, 0.7)}


def paper(sheets: Sequence[TableFile], marking: str) -> Paper:
    """Return the pack of these sheets; the first has the facts about all of them. `marking`: "" once it is public."""
    about = list(sheets[0].about)
    blocks: list[Block] = [Facts(about[1:])]
    for sheet in sheets:
        blocks.append(Heading(sheet.name))
        if beyond := [pair for pair in sheet.about if pair not in about]:
            blocks.append(Facts(beyond))
        many = len(sheet.columns)
        widths = _WIDTHS.get(many, (0.4, *[0.6 / max(many - 1, 1)] * (many - 1)))
        cells = [["" if cell is None else str(cell) for cell in row] for row in sheet.rows]
        blocks.append(PaperTable(sheet.columns, cells, widths))
    return Paper(_("Official figures"), about[0][1], marking, blocks)
