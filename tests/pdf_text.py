"""The words of a PDF as a reader of PDF finds them: PDFium, which copies and searches in Chrome."""

import re
import unicodedata

import pypdfium2


def pages(content: bytes) -> list[str]:
    """What stands on each page, line by line."""
    with pypdfium2.PdfDocument(content) as document:
        return [_words(page) for page in document]


def _words(page: pypdfium2.PdfPage) -> str:
    found = page.get_textpage()
    try:
        return found.get_text_bounded().replace("\r\n", "\n")
    finally:
        found.close()
        page.close()


def letters(text: str) -> str:
    """The letters and digits of a text: what is left of it in whichever direction a reader puts signs and spaces."""
    plain = unicodedata.normalize("NFC", text)
    return "".join(sign for sign in plain if unicodedata.category(sign)[0] in "LN")


def words(content: bytes) -> str:
    """The words of the whole document in one line."""
    return re.sub(r"\s+", " ", " ".join(pages(content)))
