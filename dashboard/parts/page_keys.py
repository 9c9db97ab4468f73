"""Keys of a page: declared beside the script that binds them, and listed by "?" while they act on something in sight.

The list is drawn by `frame/page_keys.js`, which adds each button with `aria-keyshortcuts`. A test compares what is
declared with what the script binds.
"""

import json
from collections.abc import Sequence
from typing import NamedTuple

from dashboard.wording import _


class PageKey(NamedTuple):
    """What a key does: how the key is shown, the words (a message id), and the keys as the script names them.

    Without words: its button is on the page, and says it by `aria-keyshortcuts`.
    """

    shown: str
    words: str
    binds: tuple[str, ...] = ()


def declared_keys(keys: Sequence[PageKey]) -> dict[str, str]:
    """Return the attribute of the element that the keys act on."""
    return {"data-keys": json.dumps([[_(key.shown), _(key.words)] for key in keys if key.shown], ensure_ascii=False)}
