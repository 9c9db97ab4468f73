"""The keys of the matrix of sites and days, as desk.js binds them."""

from dashboard.parts.page_keys import PageKey
from dashboard.wording import N_

KEYS = (
    PageKey("↑ ↓ ← →", N_("walk through sites and days"), ("ArrowUp", "ArrowDown")),
    PageKey("N", N_("begin a nil report"), ("n",)),
)
