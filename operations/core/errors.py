"""Errors: refusals, as sentences for the person who reads them.

Every error carries an English template and its parameters. The template is the message id of the gettext
catalogues, so that the dashboard says the same sentence in four languages; `str(error)` is the English one.
"""

import dataclasses
import math
from collections.abc import Iterable
from typing import Any, TypeVar

from operations.core.acts import Act

T = TypeVar("T")

HIDDEN = "There is nothing here that you can see."
BOTH_VERSIONS = "Somebody changed this while you were writing. Both versions are beside the form."
CHANGED = "What you may do changed while this was on its way. Nothing was done: reload the page."


class MusterError(Exception):
    """The base of all errors. `template` is English with {named} placeholders, `params` fills them."""

    def __init__(self, template: str, **params: Any) -> None:
        self.template, self.params = template, params
        super().__init__(template.format(**params))


class NotFound(MusterError):
    """No such object, or none that this person may see: the two look the same from outside."""

    def __init__(self) -> None:
        super().__init__(HIDDEN)


def existing(found: T | None) -> T:
    """Return what was found. Raises NotFound where nothing was."""
    if found is None:
        raise NotFound
    return found


class NotPermitted(NotFound):
    """This person may not do this. Worded as NotFound, so that a refusal does not reveal what exists.

    `act`: what is not granted, where the matrix said so; `noted`: whether the log has it (`refusal_log`).
    """

    act: Act | None = None
    noted = False

    def __init__(self, act: Act | None = None) -> None:
        super().__init__()
        self.act = act


class Changed(NotPermitted):
    """The permissions of the asker changed during the request: account closed, signed out, or fewer operations."""

    def __init__(self) -> None:
        MusterError.__init__(self, CHANGED)


@dataclasses.dataclass(frozen=True)
class Flaw:
    """One thing wrong with an input: which field, and a sentence about it.

    Where it can be put right: `act` is what does it, so that whoever may not do it reads who can; `place` the address
    of the form or tool, a template over `operation`.
    """

    field: str
    template: str
    params: dict[str, Any] = dataclasses.field(default_factory=dict)
    act: Act | None = None
    place: str = ""

    def __str__(self) -> str:
        return self.template.format(**self.params)


class RuleBroken(MusterError):
    """An input that a rule refuses, with the field concerned ("" for the whole form)."""

    def __init__(self, field: str, template: str, **params: Any) -> None:
        super().__init__(template, **params)
        self.flaws: tuple[Flaw, ...] = (Flaw(field, template, params),)

    @classmethod
    def all(cls, flaws: Iterable[Flaw]) -> "RuleBroken":
        """Return one refusal for several flaws of a form, so that all are shown at once."""
        found = tuple(flaws)
        error = cls(found[0].field, found[0].template, **found[0].params)
        error.flaws = found
        return error


class Conflict(MusterError):
    """The same id with other content, or a version that somebody else has replaced meanwhile. Nothing changed."""


class Stale(Conflict):
    """Somebody else has replaced the version that was on the screen. Nothing changed; what was typed can be kept."""

    def __init__(self, template: str = BOTH_VERSIONS, **params: Any) -> None:
        super().__init__(template, **params)


class Taken(Conflict):
    """Somebody else made something with the same identifier or name first. On a retry, a verb sees what they made."""


class TooMany(MusterError):
    """More requests than are served at once, or too soon. Nothing changed; a retry is possible after `seconds`."""

    def __init__(self, template: str, seconds: float, **params: Any) -> None:
        self.seconds = max(1, math.ceil(seconds))
        super().__init__(template, seconds=self.seconds, **params)
