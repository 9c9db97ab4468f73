"""A paper as a Word document (.docx) for further editing, with the same blocks as its PDF (`papers.paper`).

Word draws no SVG: a drawing becomes a picture. A column of bars is left out, since the numbers stand beside it.
"""

from collections.abc import Callable, Sequence
from io import BytesIO
from typing import Any

from docx import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt

from dashboard.papers import typesetter
from dashboard.papers.paper import (
    Bullets,
    Drawing,
    Facts,
    Heading,
    Paper,
    PaperTable,
    Paragraph,
    Signatures,
    Tiles,
)
from dashboard.wording import right_to_left

WIDTH, HEIGHT, EDGE, NAMES = 210.0, 297.0, 22.0, 52.0
INSIDE = WIDTH - 2 * EDGE
_CENTRE, _END = WD_ALIGN_PARAGRAPH.CENTER, WD_ALIGN_PARAGRAPH.RIGHT


def docx(paper: Paper) -> bytes:
    """Return the paper as a document of A4 pages, with its marking in header and footer."""
    made = Document()
    page, rtl = made.sections[0], right_to_left(paper.language)
    page.page_width, page.page_height = Mm(WIDTH), Mm(HEIGHT)
    page.left_margin = page.right_margin = Mm(EDGE)
    made.core_properties.title = f"{paper.title}: {paper.subject}"
    made.core_properties.author, made.core_properties.comments = "Muster", ""
    made.core_properties.language = paper.language
    made.styles["Normal"].font.size = Pt(10)
    _speak(made, paper.language, rtl)
    for edge, more in ((page.header, paper.number), (page.footer, paper.foot)):
        marking = edge.paragraphs[0]
        marking.alignment = _CENTRE
        marking.add_run(paper.marking).bold = True
        if more:
            _said(edge.add_paragraph(), more, rtl)
    _said(made.add_heading(level=0), paper.title, rtl)
    _said(made.add_paragraph(style="Subtitle"), paper.subject, rtl)
    for block in paper.blocks:
        _DRAWERS[type(block)](made, block, rtl)
    kept = BytesIO()
    made.save(kept)
    return kept.getvalue()


def _speak(made: Any, language: str, rtl: bool) -> None:
    """Say in which language the document is written, for spelling and for screen readers."""
    defaults = made.styles.element.find(qn("w:docDefaults"))
    spoken = defaults.find(f".//{qn('w:lang')}")
    spoken.set(qn("w:val"), language)
    if rtl:
        spoken.set(qn("w:bidi"), language)


def _heading(made: Any, block: Heading, rtl: bool) -> None:
    _said(made.add_heading(level=block.level), block.text, rtl)


def _facts(made: Any, block: Facts, rtl: bool) -> None:
    _table(made, [list(pair) for pair in block.pairs], (NAMES, INSIDE - NAMES), rtl)


def _paragraph(made: Any, block: Paragraph, rtl: bool) -> None:
    run = _said(made.add_paragraph(), block.text, rtl)
    run.bold = block.style in ("strong", "warning")


def _bullets(made: Any, block: Bullets, rtl: bool) -> None:
    for text in block.texts:
        _said(made.add_paragraph(style="List Bullet"), text, rtl)


def _rows(made: Any, block: PaperTable, rtl: bool) -> None:
    bars = {place for row in block.rows for place, cell in enumerate(row) if not isinstance(cell, str)}
    kept = [place for place in range(len(block.heads)) if place not in bars]
    whole = sum(block.shares[place] for place in kept)
    widths = [INSIDE * block.shares[place] / whole for place in kept]
    rows = [[str(row[place]) for place in kept] for row in block.rows]
    numbers = [at for at, place in enumerate(kept) if place in block.numbers]
    _table(made, rows, widths, rtl, [block.heads[place] for place in kept], numbers)


def _tiles(made: Any, block: Tiles, rtl: bool) -> None:
    rows = [
        [
            figure.name,
            f"{figure.number} {figure.unit}".strip(),
            "\n".join([figure.level, figure.as_of, *figure.notes, *figure.warnings]),
        ]
        for figure in block.figures
    ]
    _table(made, rows, (INSIDE * 0.34, INSIDE * 0.2, INSIDE * 0.46), rtl)


def _drawing(made: Any, block: Drawing, rtl: bool) -> None:
    width = block.width or INSIDE
    picture = made.add_picture(BytesIO(typesetter.picture(block.svg, width)), width=Mm(width))
    described = picture._inline.docPr
    described.set("descr", block.alt)
    if block.caption:
        _said(made.add_paragraph(style="Caption"), block.caption, rtl)


def _signatures(made: Any, block: Signatures, rtl: bool) -> None:
    for name in block.names:
        _said(made.add_paragraph(), f"\n\n______________________________\n{name}", rtl)


_DRAWERS: dict[type, Callable[[Any, Any, bool], None]] = {
    Heading: _heading,
    Facts: _facts,
    Paragraph: _paragraph,
    Bullets: _bullets,
    PaperTable: _rows,
    Tiles: _tiles,
    Drawing: _drawing,
    Signatures: _signatures,
}


def _table(
    made: Any,
    rows: Sequence[Sequence[str]],
    widths: Sequence[float],
    rtl: bool,
    heads: Sequence[str] = (),
    numbers: Sequence[int] = (),
) -> None:
    """Add a table; `heads` are repeated on each page, `numbers` are the columns that stand at the end."""
    table = made.add_table(rows=0, cols=len(widths), style="Table Grid")
    table.autofit = False
    if rtl:
        table._tblPr.append(OxmlElement("w:bidiVisual"))
    for place, row in enumerate([heads, *rows] if heads else rows):
        line = table.add_row()
        if heads and not place:
            line._tr.get_or_add_trPr().append(OxmlElement("w:tblHeader"))
        for at, (cell, words, width) in enumerate(zip(line.cells, row, widths, strict=True)):
            cell.width = Mm(width)
            first, *more = words.split("\n")
            for paragraph, text in [
                (cell.paragraphs[0], first),
                *((cell.add_paragraph(), another) for another in more),
            ]:
                _said(paragraph, text, rtl).bold = bool(heads) and not place
                if at in numbers:
                    paragraph.alignment = _END
    made.add_paragraph()


def _said(paragraph: Any, words: str, rtl: bool) -> Any:
    """Add a text in its direction, which Word needs on both paragraph and run, and return the run."""
    run = paragraph.add_run(_legal(words))
    if rtl:
        paragraph._p.get_or_add_pPr().append(OxmlElement("w:bidi"))
        mark = OxmlElement("w:rtl")
        mark.set(qn("w:val"), "1")
        run._r.get_or_add_rPr().append(mark)
    return run


def _legal(words: str) -> str:
    """A text without the characters that XML cannot hold."""
    return "".join(
        mark
        for mark in words
        if mark in "\t\n" or (mark >= " " and mark not in "\ufffe\uffff" and not "\ud800" <= mark <= "\udfff")
    )
