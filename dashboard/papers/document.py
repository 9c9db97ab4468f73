"""A record as a Word document (.docx) for further editing, with the same sections as its PDF (`papers.record`)."""

from io import BytesIO
from typing import Any

from docx import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt

from dashboard.papers.record_content import Record
from dashboard.wording import right_to_left

WIDTH, HEIGHT, EDGE, NAMES = 210.0, 297.0, 22.0, 52.0
_CENTRE = WD_ALIGN_PARAGRAPH.CENTER


def docx(record: Record) -> bytes:
    """Return the record as a document of A4 pages, with its marking in header and footer."""
    made = Document()
    page, rtl = made.sections[0], right_to_left(record.language)
    page.page_width, page.page_height = Mm(WIDTH), Mm(HEIGHT)
    page.left_margin = page.right_margin = Mm(EDGE)
    made.core_properties.title = f"{record.title}: {record.subject}"
    made.core_properties.author, made.core_properties.comments = "Muster", ""
    made.core_properties.language = record.language
    made.styles["Normal"].font.size = Pt(10)
    for edge in (page.header, page.footer):
        marking = edge.paragraphs[0]
        marking.alignment = _CENTRE
        marking.add_run(record.marking).bold = True
    _said(made.add_heading(level=0), record.title, rtl)
    _said(made.add_paragraph(style="Subtitle"), record.subject, rtl)
    for section in record.sections:
        pairs = [pair for pair in section.pairs if pair[1]]
        if pairs:
            _said(made.add_heading(level=1), section.heading, rtl)
            _table(made, pairs, rtl)
    for words in filter(None, (record.closing, record.issued)):
        _said(made.add_paragraph(), words, rtl)
    kept = BytesIO()
    made.save(kept)
    return kept.getvalue()


def _table(made: Any, pairs: list[tuple[str, str]], rtl: bool) -> None:
    table = made.add_table(rows=0, cols=2, style="Table Grid")
    table.autofit = False
    if rtl:
        table._tblPr.append(OxmlElement("w:bidiVisual"))
    for name, said in pairs:
        cells = table.add_row().cells
        for cell, words, width in zip(cells, (name, said), (NAMES, WIDTH - 2 * EDGE - NAMES), strict=True):
            cell.width = Mm(width)
            first, *more = words.split("\n")
            _said(cell.paragraphs[0], first, rtl)
            for line in more:
                _said(cell.add_paragraph(), line, rtl)


def _said(paragraph: Any, words: str, rtl: bool) -> None:
    """Add a text in its direction, which Word needs on both paragraph and run."""
    run = paragraph.add_run(words)
    if rtl:
        paragraph._p.get_or_add_pPr().append(OxmlElement("w:bidi"))
        mark = OxmlElement("w:rtl")
        mark.set(qn("w:val"), "1")
        run._r.get_or_add_rPr().append(mark)
