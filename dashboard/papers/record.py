"""Paper of a record (`papers/record_content.py`): its sections, and lines for signatures where it asks.

A record names offices and objects; the only person it may name is an officer, on their own certificate.
"""

import segno

from dashboard.papers import typesetter
from dashboard.papers.paper import Block, Drawing, Facts, Heading, Paper, PaperTable, Paragraph, Signatures
from dashboard.papers.record_content import Record, Section
from dashboard.wording import _, in_language

CODE = 44.0
"""The side of a QR code in mm: a telephone reads it at arm's length."""


def pdf(record: Record) -> bytes:
    """Return the record as a PDF."""
    with in_language(record.language):
        return typesetter.pdf(paper(record))


def paper(record: Record) -> Paper:
    """Return the blocks of a record. Sections without a value are left out."""
    blocks: list[Block] = []
    for section in record.sections:
        if pairs := [pair for pair in section.pairs if pair[1]]:
            blocks += [Heading(section.heading), _chart(section) if section.bars else Facts(pairs)]
    if record.closing:
        blocks.append(Paragraph(record.closing))
    if record.signed:
        blocks.append(Signatures(record.signed))
    if record.scanned:
        blocks.append(qr_code(record.scanned))
    blocks.append(Paragraph(record.issued, "quiet"))
    return Paper(record.title, record.subject, record.marking, blocks, language=record.language)


def _chart(section: Section) -> PaperTable:
    rows = [[name, bar, value] for (name, value), bar in zip(section.pairs, section.bars, strict=True)]
    return PaperTable(section.heads, rows, (0.36, 0.36, 0.28))


def qr_code(address: str) -> Drawing:
    """Return an address as a QR code of level M, with the quiet zone of four modules that the standard requires."""
    code = segno.make_qr(address, error="m").svg_inline(border=4, dark="#000000", light="#ffffff", omitsize=True)
    alt = _("QR code of the address {address}", address=address)
    return Drawing(code.replace("<svg ", '<svg xmlns="http://www.w3.org/2000/svg" ', 1), alt, width=CODE)
