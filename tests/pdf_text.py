"""The words and tags of a PDF as a reader of PDF finds them: PDFium, which copies and searches in Chrome."""

import ctypes
import re
import unicodedata
from collections.abc import Iterator

import pypdfium2
import pypdfium2.raw as pdfium


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


def tags(content: bytes) -> list[tuple[str, str]]:
    """The tags of all pages with their alternative words, in their order."""

    def text(ask: object, element: object) -> str:
        room = ctypes.create_string_buffer(2000)
        length = ask(element, room, len(room))  # type: ignore[operator]
        return room.raw[: max(length - 2, 0)].decode("utf-16-le")

    def within(element: object) -> Iterator[tuple[str, str]]:
        yield text(pdfium.FPDF_StructElement_GetType, element), text(pdfium.FPDF_StructElement_GetAltText, element)
        for number in range(pdfium.FPDF_StructElement_CountChildren(element)):
            if child := pdfium.FPDF_StructElement_GetChildAtIndex(element, number):
                yield from within(child)

    found: list[tuple[str, str]] = []
    with pypdfium2.PdfDocument(content) as document:
        for page in document:
            tree = pdfium.FPDF_StructTree_GetForPage(page)
            for number in range(pdfium.FPDF_StructTree_CountChildren(tree)):
                found += within(pdfium.FPDF_StructTree_GetChildAtIndex(tree, number))
            pdfium.FPDF_StructTree_Close(tree)
            page.close()
    return found
