"""Documents of the help: files in Markdown of the folder `docs`, in groups, and their sections.

A wheel carries a copy of the folder inside the package; a checkout reads it where it is.
"""

import re
from collections import Counter
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from markdown_it import MarkdownIt
from markdown_it.tree import SyntaxTreeNode

from dashboard.places import HELP
from dashboard.wording import N_, language

FOLDER = next(folder for folder in (parent / "docs" for parent in Path(__file__).parents[1:3]) if folder.is_dir())
PICTURES = f"{HELP.href()}/pictures"
"""Where a browser finds the pictures of the documents."""
PARSER = MarkdownIt("commonmark", {"html": False}).enable("table")
ROLES, PLACES = "help/roles.md", "help/places.md"

CONTENTS: dict[str, tuple[str, ...]] = {
    N_("Your work"): (ROLES, PLACES),
    N_("What figures mean"): ("protection.md", "reference/key_figures.md", "interception.md", "forecast.md"),
    N_("Reference"): ("reference/permissions.md", "reference/code_lists.md", "lives.md", "deconfliction.md"),
    N_("Run Muster"): (
        "administrator.md",
        "reference/commands.md",
        "reference/sizing.md",
        "threat_model.md",
        "licences.md",
    ),
    N_("Build Muster"): ("architecture.md", "figures.md", "contributing-translations.md"),
}
"""The documents of each group, by their path in the folder."""


@dataclass(frozen=True)
class DocumentSection:
    """A heading, and the nodes up to the next heading of its level or above."""

    title: str
    anchor: str
    level: int
    nodes: tuple[SyntaxTreeNode, ...]


@cache
def tree(path: str) -> SyntaxTreeNode:
    """Return a document of the contents as a syntax tree."""
    return SyntaxTreeNode(PARSER.parse((FOLDER / path).read_text(encoding="utf-8")))


def spoken(path: str) -> str:
    """Return the path of a document in the language of the reader, where there is one, else in English."""
    folder, _slash, name = path.rpartition("/")
    translated = f"{folder}/{language()}/{name}"
    return translated if (FOLDER / translated).is_file() else path


def named(name: str) -> str | None:
    """Return the path of the document with this name in addresses: its path without the suffix."""
    return next((path for paths in CONTENTS.values() for path in paths if name_of(path) == name), None)


def name_of(path: str) -> str:
    """Return the name of a document in addresses."""
    return path.removesuffix(".md")


@cache
def headings(path: str) -> tuple[tuple[str, str], ...]:
    """Return title and anchor of a document and of each of its sections, without parsing what lies between.

    A search asks all documents for them, which as syntax trees take most of a second.
    """
    fenced, found = False, []
    for said in (FOLDER / path).read_text(encoding="utf-8").splitlines():
        fenced ^= said.startswith("```")
        if said.startswith("#") and not fenced:
            found.append(said)
    tree = SyntaxTreeNode(PARSER.parse("\n".join(found)))
    ids = _anchors(tree)
    first, *others = tree.children
    return tuple((text(node), ids[line(node)]) for node in (first, *others) if node is first or level(node) > 1)


def title(path: str) -> str:
    """Return the title of a document: its first heading."""
    return headings(path)[0][0]


@cache
def sections(path: str) -> tuple[DocumentSection, ...]:
    """Return all sections of a document below its title, in order."""
    nodes = tree(path).children
    found = []
    for at, node in enumerate(nodes):
        if node.type != "heading" or level(node) == 1:
            continue
        ends = (
            after
            for after, other in enumerate(nodes[at + 1 :], at + 1)
            if other.type == "heading" and level(other) <= level(node)
        )
        body = tuple(nodes[at + 1 : next(ends, len(nodes))])
        found.append(DocumentSection(text(node), anchors(path)[line(node)], level(node), body))
    return tuple(found)


def section(path: str, name: str) -> DocumentSection | None:
    """Return the section with this English title, in the language of the reader: sections have the same order."""
    pairs = zip(sections(path), sections(spoken(path)), strict=True)
    return next((translated for found, translated in pairs if found.title == name), None)


def address(path: str, anchor: str = "") -> str:
    """Return the address of a document, or of a section of it."""
    return f"{HELP.href()}?document={name_of(path)}" + (f"#{anchor}" if anchor else "")


@cache
def picture_size(name: str) -> tuple[int, int]:
    """Return the width and height of a picture in pixels, from the head of its PNG file."""
    head = (FOLDER / "pictures" / name).read_bytes()[16:24]
    return int.from_bytes(head[:4]), int.from_bytes(head[4:])


@cache
def anchors(path: str) -> dict[int, str]:
    """Return the ids of the headings of a document by their lines, as GitHub makes them."""
    return _anchors(tree(path))


def _anchors(tree: SyntaxTreeNode) -> dict[int, str]:
    made: dict[int, str] = {}
    seen: Counter[str] = Counter()
    for node in tree.walk():
        if node.type == "heading":
            name = re.sub(r"[^\w\- ]", "", text(node).lower()).strip().replace(" ", "-")
            made[line(node)] = f"{name}-{seen[name]}" if seen[name] else name
            seen[name] += 1
    return made


def line(node: SyntaxTreeNode) -> int:
    """Return the first line of a block."""
    return node.map[0] if node.map else 0


def level(heading: SyntaxTreeNode) -> int:
    """Return the level of a heading, 1 to 6."""
    return int(heading.tag[1])


def text(node: SyntaxTreeNode) -> str:
    """Return the plain text of a node."""
    if node.type in ("text", "code_inline"):
        return node.content
    return "".join(text(child) for child in node.children) or " "
