"""Code changes: a report that was written with the code lists of another day, put into those of today.

A retired code becomes its successor, and the device is told so. A code without a successor stays: the draft refuses it
beside its field, with the choices.
"""

from collections.abc import Iterator
from typing import NamedTuple

from dashboard.parts.report.content import Content
from dashboard.parts.report.line_form import FIELDS, label
from dashboard.wording import _, coded
from operations.core import vocabulary


class CodeChange(NamedTuple):
    """A retired code of a report, its successor, and a sentence about both."""

    code: str
    sentence: str


def current(content: Content) -> tuple[Content, list[CodeChange]]:
    """Return the content with the codes of today, and what was changed in it."""
    changed: list[CodeChange] = []
    lines = [{**line, **dict(_mapped(line, changed))} for line in content["lines"]]
    return {**content, "lines": lines}, changed


def _mapped(line: Content, changed: list[CodeChange]) -> Iterator[tuple[str, str]]:
    for field in FIELDS.get(line["kind"], ()):
        code = line[field.name]
        if field.codes and (now := vocabulary.successor(field.codes, code)) != code:
            words = {"field": label(line["kind"], field.name), "old": coded(field.codes, code)}
            told = _("{field}: {old} is now {new}.", **words, new=coded(field.codes, now))
            changed.append(CodeChange(f"{field.codes}:{code}:{now}", told))
            yield field.name, now
