"""Searched choice of people: the server finds them as one types, and the field says where there are more."""

from typing import Any

from dash import Input, Output

from dashboard.parts.draft_form import DraftForm
from dashboard.server.access import known_id
from dashboard.wording import _, coded, number
from operations.core.account_search import MOST_FOUND, AccountSearch, FoundAccounts
from operations.core.people import Account
from operations.core.vocabulary import Role

MOST_TYPED = 120
"""The longest name of an account."""
MOST_CHOSEN = 50
"""The most people who are chosen together."""


def people_options(accounts: list[Account]) -> list[dict[str, str]]:
    """Return people with their roles, as options."""
    return [{"value": str(each.id), "label": f"{each.name} · {coded('CL-ROLE', each.role)}"} for each in accounts]


def asked(typed: str | None, chosen: list[str] | None) -> AccountSearch:
    """Return the search for what was typed into a field, a part of a name or role, with the people chosen there."""
    words = (typed or "").strip()[:MOST_TYPED]
    roles = [each for each in Role if words.casefold() in coded("CL-ROLE", each).casefold()]
    return AccountSearch(words, roles, [known_id(each) for each in (chosen or [])[:MOST_CHOSEN]])


def answered(form: DraftForm, field: str, found: FoundAccounts) -> dict[str, Any]:
    """Return the options of a field, and its hint with the sentence that there are more: `search_places`, as set."""
    more = _("There are more than {most}: type a part of the name.", most=number(MOST_FOUND))
    said = [_(form.said[field].hint)] * bool(form.said[field].hint) + [more] * found.more
    return {"data": people_options(found.accounts), "description": " ".join(said)}


def search_places(form: DraftForm, field: str) -> list[Output]:
    """Return where the values of `answered` go."""
    return [Output(form.id(field), name) for name in ("data", "description")]


def search_inputs(form: DraftForm, field: str) -> dict[str, Input]:
    """Return what `asked` takes: as a State, `chosen` lacks whom one just chose, since the search is emptied first."""
    return {"typed": Input(form.id(field), "searchValue"), "chosen": Input(form.id(field), "value")}
