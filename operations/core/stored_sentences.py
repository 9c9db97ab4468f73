"""Stored sentences: a template and its parameters, stored now and read later by others in other languages.

Errors are shown at once (`errors`); messages of a job, an import or an analysis are stored in a JSON column. The
template is the message id of the gettext catalogues, as for errors.
"""

import json
from collections.abc import Mapping
from typing import Any, Protocol


class Sentence(Protocol):
    """An English `template` with {named} placeholders, and the `params` that fill them."""

    @property
    def template(self) -> str:
        """English, with {named} placeholders."""

    @property
    def params(self) -> Mapping[str, Any]:
        """The values of the placeholders."""


def sentence_json(sentence: Sentence) -> dict[str, Any]:
    """Return a sentence as JSON for a column. Values that JSON does not know become text.

    >>> from operations.core.errors import Flaw
    >>> sentence_json(Flaw("date", "{rows} rows have no date.", {"rows": 3}))
    {'template': '{rows} rows have no date.', 'params': {'rows': 3}}

    Sentences among the parameters, or in a list there, are stored as sentences, so that they are translated too.
    """
    return {
        "template": sentence.template,
        "params": plain({key: _inside(value) for key, value in sentence.params.items()}),
    }


def _inside(value: Any) -> Any:
    if isinstance(value, list | tuple):
        return [_inside(each) for each in value]
    return sentence_json(value) if hasattr(value, "template") and hasattr(value, "params") else value


def plain(content: Any) -> Any:
    """Return a value as JSON gives it back: no tuples, keys as text, moments and identifiers as text.

    Raises ValueError for NaN and infinity, which JSON cannot express.

    >>> plain({1: (2, 3)})
    {'1': [2, 3]}
    """
    return json.loads(json.dumps(content, default=str, allow_nan=False))
