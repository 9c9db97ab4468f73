"""Navigation: the declaration of a page and its address."""

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from operations.core.people import Actor
from operations.core.permissions import Act, may

_OPERATION = "<operation_id>"


@dataclass(frozen=True)
class Nav:
    """A page: its name (a message id), path, icon, position in the rail, and the permission it needs.

    Exactly one of `path` and `path_template` is given; the latter contains "<operation_id>". `place=False` keeps the
    page out of the rail; an act shows it there only to those who have that permission. `types` are the types of
    operation that have the page, all by default. `parts` are last parts of other addresses of an operation that belong
    to this page; for a page outside operations, first parts of such addresses.
    """

    name: str
    icon: str
    order: int
    act: Act
    path: str | None = None
    path_template: str | None = None
    place: bool | Act = True
    types: tuple[str, ...] = ()
    parts: tuple[str, ...] = ()

    @property
    def of_operation(self) -> bool:
        """Whether the page shows one operation."""
        return self.path_template is not None

    def href(self, operation_id: UUID | str | None = None) -> str:
        """Return the page's address, for an operation where it needs one (else ValueError)."""
        if self.path_template is None:
            return self.path or "/"
        if operation_id is None:
            raise ValueError(f"The page {self.name} needs an operation.")
        return self.path_template.replace(_OPERATION, str(operation_id))

    def is_at(self, pathname: str) -> bool:
        """Return whether `pathname` is an address of this page."""
        pattern = (self.path_template or self.path or "/").strip("/").split("/")
        parts = pathname.strip("/").split("/")
        if not self.of_operation and parts[0] in self.parts:
            return True
        if parts[-1] in self.parts:
            parts[-1] = pattern[-1]
        return len(parts) == len(pattern) and all(a in (_OPERATION, b) for a, b in zip(pattern, parts, strict=True))


def places(pages: Iterable[Nav], actor: Actor, operation_type: str | None = None) -> list[Nav]:
    """Return the pages in the rail for this person's role and this type of operation, in order."""
    shown = (
        nav
        for nav in pages
        if (may(actor, nav.place) if isinstance(nav.place, Act) else nav.place)
        and may(actor, nav.act)
        and (not nav.types or operation_type in nav.types)
    )
    return sorted(shown, key=lambda nav: nav.order)


def operation_in(pathname: str | None) -> UUID | None:
    """Return the operation in an address, or None."""
    parts = (pathname or "").strip("/").split("/")
    if len(parts) < 2 or parts[0] != "operations":
        return None
    try:
        return UUID(parts[1])
    except ValueError:
        return None
