"""Choices of the programme's forms: posts and countries, as far as this person may write for them."""

from sqlmodel import Session

from dashboard.wording import language
from operations.core import vocabulary
from operations.core.people import Actor
from operations.posts import register


def post_choices(session: Session, _by: Actor) -> list[dict[str, str]]:
    """Return the posts that this person may see, as options."""
    return [{"value": str(post.id), "label": post.name} for post in register.posts(session)]


def country_choices(by: Actor) -> list[dict[str, str]]:
    """Return the countries that this person may write for, as options: their own, or all."""
    own = by.country if by.national else None
    return [country for country in vocabulary.options("CL-COUNTRY", language()) if own in (None, country["value"])]
