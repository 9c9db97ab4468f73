"""Sentences that are kept now and read later, by others and in other languages: a template and what fills it.

An error is said at once (`errors`); what a job, an import or an analysis has to say waits in a JSON column. The
template is the message id of the gettext catalogues, as it is for errors.
"""

import json
from collections.abc import Mapping
from typing import Any, Protocol


class Sentence(Protocol):
    """Anything that says something: English `template` with {named} places, and `params` that fill them."""

    @property
    def template(self) -> str:
        """English, with {named} places."""

    @property
    def params(self) -> Mapping[str, Any]:
        """What fills the places."""


def kept(sentence: Sentence) -> dict[str, Any]:
    """A sentence as a JSON column keeps it. Whatever JSON does not know becomes text.

    >>> from operations.core.errors import Flaw
    >>> kept(Flaw("date", "{rows} rows have no date.", {"rows": 3}))
    {'template': '{rows} rows have no date.', 'params': {'rows': 3}}

    Sentences among the parameters, or in a list there, are kept as sentences, so that they are said in every language.
    """
    return {
        "template": sentence.template,
        "params": plain({key: _inside(each) for key, each in sentence.params.items()}),
    }


def _inside(value: Any) -> Any:
    if isinstance(value, list | tuple):
        return [_inside(each) for each in value]
    return kept(value) if hasattr(value, "template") and hasattr(value, "params") else value


def plain(content: Any) -> Any:
    """A JSON-like value as JSON gives it back: no tuples, keys as text, moments and identifiers as text.

    Raises ValueError for a number that is none (NaN, infinity): JSON has no word for it.

    >>> plain({1: (2, 3)})
    {'1': [2, 3]}
    """
    return json.loads(json.dumps(content, default=str, allow_nan=False))
