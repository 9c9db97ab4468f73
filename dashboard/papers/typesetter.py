"""PDF of a paper by typst: tagged, PDF/UA-1 and PDF/A-2a, and of letters that can be searched in every language.

A paper reaches the templates as data: no text of it is ever part of a template. The fonts are the project's own, in
every place; those of the machine are ignored, and nothing is fetched.
"""

import json
import logging
import re
import threading
from dataclasses import asdict
from functools import cache
from pathlib import Path
from typing import Any

import typst
from fontTools.ttLib import TTFont

from dashboard.papers.paper import Bilingual, Block, Paper
from dashboard.wording import N_, right_to_left
from operations.core.clock import now
from operations.core.errors import MusterError

STANDARDS = ["ua-1", "a-2a"]
_TEMPLATES = Path(__file__).parent / "templates"
_FONTS = Path(__file__).parent.parent / "assets" / "vendor" / "fonts"
_FACES = ("muster-sans-regular.ttf", "amiri-regular.ttf")
_MISSING = "\N{REPLACEMENT CHARACTER}"
_NO_LETTERS = {0xFEFF, *range(0x7F, 0xA0), *range(0xE000, 0xF900)}
"""Codes that PDF/UA and PDF/A forbid in a text although a font may draw them."""
_VOWELS = re.compile("[\u064b-\u0652]")
"""Vowel marks of Arabic, which are optional: PDFium takes one for the end of a run, and reads the word in two parts."""

_SPACES = {0x202F: 0xA0, 0x09: 0x20}
"""The fonts have only one non-breaking space."""

_log = logging.getLogger(__name__)
_turn = threading.Lock()


class PaperError(MusterError):
    """A paper that cannot be set: a template is damaged or missing, or breaks PDF/UA."""


def pdf(paper: Paper) -> bytes:
    """Return a paper as a PDF. Raises PaperError."""
    return _compiled(paper, "pdf", pdf_standards=STANDARDS)


def pictures(paper: Paper) -> list[bytes]:
    """Return the pages of a paper as pictures in PNG."""
    made = _compiled(paper, "png", ppi=110.0)
    return made if isinstance(made, list) else [made]


def picture(svg: str, width: float) -> bytes:
    """Return a drawing, `width` mm wide, as a picture in PNG."""
    with _turn:
        made = _pictures().compile(format="png", sys_inputs={"svg": svg, "width": str(width)}, ppi=220.0)
    return bytes(made[0] if isinstance(made, list) else made)


def _compiled(paper: Paper, form: str, **options: Any) -> Any:
    content = json.dumps(printable(_content(paper)))
    with _turn:
        try:
            return _compiler().compile(
                format=form, sys_inputs={"paper": content}, timestamp=int(now().timestamp()), **options
            )
        except RuntimeError as error:  # of typst: its words are for whoever keeps the templates
            _log.exception("typst refuses a paper.")
            raise PaperError(
                N_("This paper cannot be made on this server. An administrator finds the reason in the log.")
            ) from error


def _content(paper: Paper) -> dict[str, Any]:
    heading = ": ".join(filter(None, (paper.title, paper.subject)))
    return {
        **{name: value for name, value in vars(paper).items() if name != "blocks"},
        "title": heading,
        "heading": paper.title,
        "rtl": right_to_left(paper.language),
        "blocks": [_block(block) for block in paper.blocks],
    }


def _block(block: Block) -> dict[str, Any]:
    if isinstance(block, Bilingual):
        sides = [
            {"language": code, "rtl": right_to_left(code), "blocks": [_block(each) for each in blocks]}
            for code, blocks in block.texts.items()
        ]
        return {"kind": block.kind, "sides": sides}
    return {"kind": block.kind, **asdict(block)}


@cache
def _compiler() -> typst.Compiler:
    return typst.Compiler(_TEMPLATES / "paper.typ", root=_TEMPLATES, font_paths=_fonts())


@cache
def _pictures() -> typst.Compiler:
    return typst.Compiler(_TEMPLATES / "picture.typ", root=_TEMPLATES, font_paths=_fonts())


@cache
def _fonts() -> typst.Fonts:
    fonts = typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[_FONTS])
    if missing := {"Noto Sans", "Amiri"} - set(fonts.families()):  # typst would leave all words out without a sign
        raise FileNotFoundError(f"{_FONTS} lacks the fonts of papers: {', '.join(sorted(missing))}.")
    return fonts


# ----------------------------------------------------------------------------------------------------- characters


def printable(content: Any) -> Any:
    """Return content whose texts hold only characters that the fonts draw: PDF/UA forbids a glyph without a letter."""
    if isinstance(content, str):
        return _unknown().sub(_MISSING, _VOWELS.sub("", content.translate(_SPACES)))
    if isinstance(content, dict):
        return {key: value if key in ("svg", "kind") else printable(value) for key, value in content.items()}
    if isinstance(content, (list, tuple)):
        return [printable(value) for value in content]
    return content


@cache
def _unknown() -> re.Pattern[str]:
    """Return the pattern of a character that no font draws, and that is neither a line break nor a direction mark."""
    known = {0x0A, 0x200E, 0x200F, *range(0x202A, 0x202F), *range(0x2066, 0x206A)}
    for face in _FACES:
        with TTFont(_FONTS / face, lazy=True) as font:
            known |= {code for code in font.getBestCmap() if code >= 0x20 and code not in _NO_LETTERS}
    return re.compile(f"[^{''.join(re.escape(chr(code)) for code in sorted(known))}]")
