"""Untrusted XML: no document type, no entity, nothing external, and limited depth and length."""

import io
from collections.abc import Iterator
from xml.etree.ElementTree import Element  # the type alone; nothing is parsed with it

from defusedxml import ElementTree  # type: ignore[import-untyped]

from geodata.intake.table import IntakeLimits, RefusedFile, or_refuse


def root(data: bytes, limits: IntakeLimits) -> Element:
    """The root element of a document. Raises `RefusedFile` for whatever is not plain, well-formed and of bearable
    size.
    """
    if b"\0" in data[:64] and not data.startswith((b"\xff\xfe", b"\xfe\xff", b"<\0", b"\0<")):
        raise RefusedFile("The file is not XML.")
    depth = elements = 0
    found: Element | None = None
    with or_refuse("The XML of the file is damaged, cut off, or uses entities, which are not read."):
        for event, element in _walk(data):
            if event == "end":
                depth -= 1
                continue
            depth, elements = depth + 1, elements + 1
            if found is None:
                found = element
            if depth > limits.xml_depth:
                raise RefusedFile("The elements of the file are nested deeper than {most}.", most=limits.xml_depth)
            if elements > limits.xml_elements:
                raise RefusedFile("The file has more than {most:,} elements. Divide it.", most=limits.xml_elements)
    if found is None:
        raise RefusedFile("The file is not XML.")
    return found


def root_name(data: bytes) -> str:
    """The local name of the root element, read no further than that."""
    with or_refuse("The XML of the file is damaged, cut off, or uses entities, which are not read."):
        for _, element in _walk(data):
            return local(element)
    raise RefusedFile("The file is not XML.")


def local(element: Element) -> str:
    """The name of an element without its namespace."""
    return element.tag.rpartition("}")[2]


def text(element: Element | None) -> str:
    """The text directly in an element; "" for none."""
    return (element.text or "").strip() if element is not None else ""


def child(element: Element, name: str) -> Element | None:
    """The first direct child of this local name."""
    return next(children(element, name), None)


def children(element: Element, *names: str) -> Iterator[Element]:
    """The direct children of these local names, in the order of the document."""
    return (each for each in element if local(each) in names)


def _walk(data: bytes) -> Iterator[tuple[str, Element]]:
    events = ElementTree.iterparse(
        io.BytesIO(data),
        events=("start", "end"),
        forbid_dtd=True,
        forbid_entities=True,
        forbid_external=True,
    )
    yield from events
