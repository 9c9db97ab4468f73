"""Places: what a page says about itself, and the way to it."""

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from operations.core.people import Actor
from operations.core.permissions import Act, may

_OPERATION = "<operation_id>"


@dataclass(frozen=True)
class Nav:
    """A page: its name (a message id), path, icon, where it stands in the rail, and what one must be able to do.

    Exactly one of `path` and `path_template` is given; the latter holds "<operation_id>". `place=False` keeps it out of
    the rail, an act keeps it there for those who may do that; `types` are the kinds of operation that have it, all
    where none is named. `parts` are the ends of addresses of an operation at which one is at this page as well, or,
    for a page of no operation, the beginnings of such addresses.
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
        """The page's address, for an operation where it needs one."""
        if self.path_template is None:
            return self.path or "/"
        if operation_id is None:
            raise ValueError(f"The page {self.name} needs an operation.")
        return self.path_template.replace(_OPERATION, str(operation_id))

    def is_at(self, pathname: str) -> bool:
        """Whether `pathname` is an address of this page."""
        pattern = (self.path_template or self.path or "/").strip("/").split("/")
        parts = pathname.strip("/").split("/")
        if not self.of_operation and parts[0] in self.parts:
            return True
        if parts[-1] in self.parts:
            parts[-1] = pattern[-1]
        return len(parts) == len(pattern) and all(a in (_OPERATION, b) for a, b in zip(pattern, parts, strict=True))


def places(pages: Iterable[Nav], actor: Actor, operation_type: str | None = None) -> list[Nav]:
    """The places in the rail that this person's role has, and this kind of operation, in their order."""
    shown = (
        nav
        for nav in pages
        if (may(actor, nav.place) if isinstance(nav.place, Act) else nav.place)
        and may(actor, nav.act)
        and (not nav.types or operation_type in nav.types)
    )
    return sorted(shown, key=lambda nav: nav.order)


def operation_in(pathname: str | None) -> UUID | None:
    """The operation that an address names, or None."""
    parts = (pathname or "").strip("/").split("/")
    if len(parts) < 2 or parts[0] != "operations":
        return None
    try:
        return UUID(parts[1])
    except ValueError:
        return None
