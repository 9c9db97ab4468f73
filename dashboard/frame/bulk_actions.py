"""Bulk actions: one verb for many subjects, each in a unit of work of its own, so that a refusal stops no other.

No lock is held from one to the next, and a second press does what is left. Permission and rules are the verb's.
"""

from collections.abc import Callable, Iterable
from typing import Any, TypeVar

from sqlmodel import Session

from dashboard.frame.button_press import Done
from dashboard.server.access import actor, current_request, store
from dashboard.wording import _, joined, ngettext, sentences
from operations.core.errors import MusterError, RuleBroken

T = TypeVar("T")
_NAMED = 12
"""Refused subjects that are named for each reason; the rest are counted."""


def bulk_action(
    subjects: Iterable[tuple[str, T]], verb: Callable[[Session, T], Any], done: Callable[[int], str], **more: Any
) -> Done:
    """Call `verb` for each of `subjects`, which are pairs of name and subject, and report refusals with their reasons.

    `done` returns the sentence for the number done; `more` are fields of `Done`. It counts as one write of the person,
    however many they are. Raises RuleBroken where nothing was chosen. Call it outside a unit of work: each call opens
    its own.
    """
    chosen = list(subjects)
    if not chosen:
        raise RuleBroken("", "Choose at least one row first.")
    current_request().spend("writes")
    refused: dict[str, list[str]] = {}
    for name, subject in chosen:
        try:
            with store().unit_of_work(actor()) as session:
                verb(session, subject)
        except MusterError as error:
            refused.setdefault(" ".join(dict.fromkeys(sentences(error))), []).append(name)
    left = sum(map(len, refused.values()))
    said = done(len(chosen) - left) if left < len(chosen) else ""
    if not refused:
        return Done(said, **more)
    why = " ".join(f"{_names(names)}: {reason}" for reason, names in refused.items())
    not_done = ngettext("{n} is not: {why}", "{n} are not: {why}", left, why=why)
    return Done(partly=f"{said} {not_done}".strip(), **more)


def _names(names: list[str]) -> str:
    more = len(names) - _NAMED
    told = joined(f"\u2068{name}\u2069" for name in names[:_NAMED])
    return told if more <= 0 else _("{names} and {more} more", names=told, more=more)
