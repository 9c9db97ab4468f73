"""Navigation: pages with their addresses, and the places that they stand in."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import NamedTuple
from uuid import UUID

from operations.core.people import Actor
from operations.core.permissions import Act, Subject, may
from operations.core.vocabulary import Role

_OPERATION = "<operation_id>"
EVERYBODY = frozenset(Role)


class OperationView(NamedTuple):
    """What the places of an operation depend on: its type, the reader's subject in it, and whether its end is near."""

    id: UUID
    type: str
    subject: Subject
    near_end: bool


@dataclass(frozen=True)
class Nav:
    """A page: its name (a message id), its icon, the permission it needs, and its address.

    Exactly one of `path` and `path_template` is given; the latter contains "<operation_id>". `types` are the types of
    operation that have the page, all by default. `roles` are those that work there: others read it by a link, and have
    no tab for it.
    """

    name: str
    icon: str
    act: Act
    path: str | None = None
    path_template: str | None = None
    types: tuple[str, ...] = ()
    roles: frozenset[Role] = EVERYBODY

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
        """Return whether `pathname` is the address of this page."""
        pattern = (self.path_template or self.path or "/").strip("/").split("/")
        parts = pathname.strip("/").split("/")
        return len(parts) == len(pattern) and all(a in (_OPERATION, b) for a, b in zip(pattern, parts, strict=True))

    def has_tab(self, by: Actor, operation: OperationView | None) -> bool:
        """Return whether this person, in this operation, has a tab for the page."""
        if by.role not in self.roles or (self.of_operation and operation is None):
            return False
        if operation is None or not self.of_operation:
            return may(by, self.act)
        return (not self.types or operation.type in self.types) and may(by, self.act, operation.subject)


@dataclass(frozen=True)
class Place:
    """A place of the rail: its name (a message id), its icon, and its pages, which are its tabs.

    `subpages` have no tab: other pages link to them. `roles` are those that work there; `menu`: those roles find
    it in the menu of their account instead. `near_end`: only an operation that nears its end has it.
    """

    name: str
    icon: str
    pages: tuple[Nav, ...]
    subpages: tuple[Nav, ...] = ()
    roles: frozenset[Role] = EVERYBODY
    menu: frozenset[Role] = frozenset()
    near_end: bool = False

    def is_at(self, pathname: str) -> bool:
        """Return whether `pathname` is the address of one of its pages."""
        return any(page.is_at(pathname) for page in (*self.pages, *self.subpages))

    def tabs(self, by: Actor, operation: OperationView | None = None) -> list[Nav]:
        """Return the pages that this person has here."""
        return [page for page in self.pages if page.has_tab(by, operation)]


class Shortcut(NamedTuple):
    """Something that a person may do, and the page with its form: what it is called, its permission, and its query."""

    name: str
    page: Nav
    act: Act
    query: str = ""

    def open_to(self, by: Actor, operation: OperationView | None) -> bool:
        """Return whether this person may do it, in this operation where it belongs to one."""
        subject = None
        if operation and self.page.of_operation:
            subject = replace(operation.subject, site=next(iter(by.sites), None))
        return self.page.has_tab(by, operation) and may(by, self.act, subject)


def rail(
    places: Iterable[Place], by: Actor, operation: OperationView | None = None, pathname: str | None = None
) -> list[Place]:
    """Return the places in the rail of this person: those of the role, and where they stand now."""
    return [
        place
        for place in places
        if place.tabs(by, operation)
        and ((pathname is not None and place.is_at(pathname)) or _in_rail(place, by, operation))
    ]


def menu(places: Iterable[Place], by: Actor) -> list[Place]:
    """Return the places that this person finds in the menu of their account."""
    return [place for place in places if by.role in place.menu and place.tabs(by)]


def _in_rail(place: Place, by: Actor, operation: OperationView | None) -> bool:
    closed = place.near_end and operation is not None and not operation.near_end
    return by.role in place.roles - place.menu and not closed


def operation_in(pathname: str | None) -> UUID | None:
    """Return the operation in an address, or None."""
    parts = (pathname or "").strip("/").split("/")
    if len(parts) < 2 or parts[0] != "operations":
        return None
    try:
        return UUID(parts[1])
    except ValueError:
        return None
