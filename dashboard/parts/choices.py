"""Choices of forms: countries, and people and posts, which the server searches as one types."""

from collections.abc import Callable, Sequence
from typing import Any

from dash import Input, Output
from sqlmodel import Session

from dashboard.parts.draft_form import DraftForm
from dashboard.server.access import known_id
from dashboard.wording import _, coded, language, number
from operations.core import vocabulary
from operations.core.name_search import MOST_FOUND, AccountSearch, NameSearch, SearchResult
from operations.core.people import Account, Actor
from operations.core.vocabulary import Role
from operations.posts import register

MOST_TYPED = 120
"""The longest name of an account or a post."""
MOST_CHOSEN = 50
"""The most that are chosen together."""


def country_choices(by: Actor) -> list[dict[str, str]]:
    """Return the countries that this person may write for, as options: their own, or all."""
    own = by.country if by.national else None
    return [country for country in vocabulary.options("CL-COUNTRY", language()) if own in (None, country["value"])]


def people_options(accounts: Sequence[Account]) -> list[dict[str, str]]:
    """Return people with their roles, as options."""
    return [{"value": str(each.id), "label": f"{each.name} · {coded('CL-ROLE', each.role)}"} for each in accounts]


def post_options(posts: Sequence[register.Post]) -> list[dict[str, str]]:
    """Return posts with their countries, as options: two may have a post of one name."""
    return [{"value": str(each.id), "label": f"{each.name} · {coded('CL-COUNTRY', each.country)}"} for each in posts]


def asked(typed: Any, chosen: Any) -> NameSearch:
    """Return the search for what was typed into a field, a part of a name, with what is chosen there."""
    several = chosen[:MOST_CHOSEN] if isinstance(chosen, list) else [chosen] if chosen else []
    words = typed.strip()[:MOST_TYPED] if isinstance(typed, str) else ""
    return NameSearch(words, [known_id(each) for each in several])


def asked_people(typed: str | None, chosen: list[str] | None) -> AccountSearch:
    """Return the search for people by a part of a name or role."""
    words = asked(typed, chosen)
    roles = [each for each in Role if words.typed.casefold() in coded("CL-ROLE", each).casefold()]
    return AccountSearch(words.typed, words.chosen, roles)


def answered(form: DraftForm, field: str, found: SearchResult[Any], options: Any = people_options) -> dict[str, Any]:
    """Return the options of a field, and its hint with the sentence that there are more: `search_places`, as set."""
    more = _("There are more than {most}: type a part of the name.", most=number(MOST_FOUND))
    said = [_(form.said[field].hint)] * bool(form.said[field].hint) + [more] * found.more
    return {"data": options(found.rows), "description": " ".join(said)}


def post_choice(
    session: Session, form: DraftForm, typed: str | None = None, chosen: str | None = None
) -> dict[str, Any]:
    """Return the posts that the asker may see, for the field `post_id` of a form (`choices` of `drawing`)."""
    found = search_one(lambda words: register.search_posts(session, asked(words, chosen)), post_options, typed, chosen)
    return answered(form, "post_id", found, post_options)


def search_one(search: Callable[[Any], SearchResult[Any]], options: Any, typed: Any, chosen: Any) -> SearchResult[Any]:
    """Search for what was typed into a field for one. A select types what is chosen there: that is no search."""
    found = search(typed)
    return search("") if {"value": chosen, "label": typed} in options(found.rows) else found


def search_places(form: DraftForm, field: str) -> list[Output]:
    """Return where the values of `answered` go."""
    return [Output(form.id(field), name) for name in ("data", "description")]


def search_inputs(form: DraftForm, field: str) -> dict[str, Input]:
    """Return what `asked` takes: as a State, `chosen` lacks whom one just chose, since the search is emptied first."""
    return {"typed": Input(form.id(field), "searchValue"), "chosen": Input(form.id(field), "value")}
