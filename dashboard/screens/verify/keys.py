"""The keys of the desk of verification, as keys.js binds them."""

from dashboard.parts.page_keys import PageKey, declared_keys
from dashboard.wording import N_, _

KEYS = (
    PageKey("J, ↓", N_("next report"), ("j", "ArrowDown")),
    PageKey("K, ↑", N_("report before"), ("k", "ArrowUp")),
    PageKey("", "", ("v", "r", "x", "a")),  # their buttons say so
    PageKey("Enter; Ctrl+Enter", N_("read the report; send what was typed"), ("Enter",)),
)


def list_attributes() -> dict[str, str]:
    """Return the name of the list of waiting reports, and its keys."""
    return {"aria-label": _("Waiting"), **declared_keys(KEYS)}
