"""The same done to many at once: each in a unit of work of its own, so that one that is refused stops no other.

Nothing is held while the next is done, and who presses again does what is left. Permission and rules are the verb's.
"""

from collections.abc import Callable, Iterable
from typing import Any, TypeVar

from sqlmodel import Session

from dashboard.frame.button_press import Done
from dashboard.server.access import actor, now_asking, store
from dashboard.wording import _, ngettext, sentences
from operations.core.errors import MusterError, RuleBroken

T = TypeVar("T")
_NAMED = 12
"""So many of those that were refused are named for each reason."""


def to_each(
    subjects: Iterable[tuple[str, T]], verb: Callable[[Session, T], Any], done: Callable[[int], str], **more: Any
) -> Done:
    """Do `verb` to each of `subjects`, which come with their names; what was refused is said with its reason.

    `done` says how many were done; `more` is of `Done`. It counts as one act of the person, however many they are.
    Raises RuleBroken where nothing was chosen. Not inside a unit of work: the verbs open theirs.
    """
    found = list(subjects)
    if not found:
        raise RuleBroken("", "Choose first what this is to be done to.")
    now_asking().spend("writes")
    refused: dict[str, list[str]] = {}
    for name, subject in found:
        try:
            with store().unit_of_work(actor()) as session:
                verb(session, subject)
        except MusterError as error:
            refused.setdefault(" ".join(dict.fromkeys(sentences(error))), []).append(name)
    left = sum(map(len, refused.values()))
    said = done(len(found) - left) if left < len(found) else ""
    if not refused:
        return Done(said, **more)
    why = " ".join(f"{_names(names)}: {reason}" for reason, names in refused.items())
    not_done = ngettext("{n} is not: {why}", "{n} are not: {why}", left, why=why)
    return Done(partly=f"{said} {not_done}".strip(), **more)


def _names(names: list[str]) -> str:
    more = len(names) - _NAMED
    told = ", ".join(f"\u2068{name}\u2069" for name in names[:_NAMED])
    return told if more <= 0 else _("{names} and {more} more", names=told, more=more)
