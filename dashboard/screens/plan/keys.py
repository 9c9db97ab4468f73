"""The keys of the plan, as plan.js binds them."""

from dashboard.parts.page_keys import PageKey
from dashboard.wording import N_

KEYS = (
    PageKey("/, Ctrl+F", N_("search a place"), ("/", "f")),
    PageKey("Ctrl+S, Enter", N_("save what is chosen; take a typed coordinate"), ("s", "Enter")),
    PageKey("Ctrl+Z", N_("undo"), ("z",)),
    PageKey("Backspace", N_("take back the last point"), ("Backspace",)),
    PageKey("Delete", N_("delete what is chosen"), ("Delete",)),
    PageKey("Esc", N_("leave the tool or the choice"), ("Escape",)),
)
