"""The keys of the desk of verification, as keys.js binds them."""

from dashboard.parts.page_keys import PageKey
from dashboard.wording import N_

KEYS = (
    PageKey("J, ↓", N_("next report"), ("j", "ArrowDown")),
    PageKey("K, ↑", N_("report before"), ("k", "ArrowUp")),
    PageKey("", "", ("v", "r", "x", "a")),  # their buttons say so
    PageKey("Enter; Ctrl+Enter", N_("read the report; send what was typed"), ("Enter",)),
)
