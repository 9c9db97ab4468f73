"""Element ids, script texts and script inputs of the deconfliction pages."""

from enum import StrEnum
from typing import Any

from dash import ClientsideFunction, clientside_callback

from dashboard.wording import _, coded, joined, number
from operations.exchange.deconfliction import AT_ONCE


class Ids(StrEnum):
    """Element ids of this page."""

    LIST = "deconfliction-list"
    NEW_PHRASE = "deconfliction-new-phrase"
    MAKE = "deconfliction-make"
    OPEN = "deconfliction-open"
    CHECK = "deconfliction-check"
    OPEN_SAID = "deconfliction-open-said"
    SHOWN = "deconfliction-shown"
    FILE = "deconfliction-file"
    MATCHES = "deconfliction-matches"
    OWN = "deconfliction-own"
    PHRASE = "deconfliction-phrase"
    VALUES = "deconfliction-values"
    KIND = "deconfliction-kind"
    ENTER = "deconfliction-send"
    SAID = "deconfliction-said"
    TAGS = "deconfliction-tags"
    OUTCOME = "deconfliction-outcome"
    RESULT = "deconfliction-result"
    ROOM = "deconfliction-room-data"
    WORDS = "deconfliction-words"
    ROUNDS = "deconfliction-rounds"


def words() -> dict[str, Any]:
    """Return the texts of the script, in the language of the page."""
    return {
        "insecure": _("This browser makes no tags over an unencrypted connection: open Muster by its https address."),
        "short": _("A phrase needs at least 20 letters and digits: use the one that Muster makes."),
        "empty": _("Choose the kind, and type or paste at least one value."),
        "many": _("Enter at most {most} values at once.", most=number(AT_ONCE)),
        "vague": _("Too short to be told from others:"),
        "other": _("This is not the phrase of this room: it is mistyped, or belongs to another room or operation."),
        "head": [_("Number"), _("Value"), _("What became of it")],
        "save": _("Save this list as CSV"),
    }


def countries_words(codes: list[str]) -> str:
    """Return the names of countries, joined."""
    return joined(coded("CL-COUNTRY", each) for each in codes)


def in_browser(name: str, *dependencies: Any) -> None:
    """Register a callback that runs in the browser script of this folder: the phrase and the values never leave it."""
    clientside_callback(ClientsideFunction("muster_deconfliction", name), *dependencies, prevent_initial_call=True)
