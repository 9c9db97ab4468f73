"""Command palette (Ctrl+K): search over what this person may do and see, answered as groups of links.

Everything is read in the session of the person who asks, so the palette finds only what their pages show. What was
opened last is remembered by the browser as addresses; they are looked up again, so a stranger's address finds nothing.
"""

import json
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import islice
from typing import Annotated, Any, NamedTuple

from dash.development.base_component import Component
from fastapi import APIRouter, Depends, Query, Request
from sqlmodel import Session
from starlette.responses import JSONResponse

from dashboard import places
from dashboard.navigation import Nav, OperationView, Place, operation_in
from dashboard.parts import documents, tags
from dashboard.parts.icon import icon
from dashboard.server.access import current_user
from dashboard.server.lazy_modules import gazetteer
from dashboard.wording import N_, _, coded, date, language
from operations.core import terms
from operations.core.people import Actor
from operations.core.permissions import Act, may
from operations.core.store import Store
from operations.core.vocabulary import Level, OperationState
from operations.policing.map_plan.places import open_sites
from operations.policing.operation import plan
from operations.policing.operation.plan import Operation
from operations.policing.reports import search
from operations.posts import register

ADDRESS = "/data/palette"
IN_GROUP = 6
RECENT = 8
_NEWEST = 300
"""How many reports, the newest first, are compared by the words of their site and day; a number finds any."""
_NUMBER = re.compile(r"[0-9a-f]{6,32}")


class PaletteEntry(NamedTuple):
    """One thing that the palette offers: its label, what is said beside it, its address, icon and further words."""

    label: str
    note: str
    href: str
    icon: str
    words: str = ""


class PaletteReader(NamedTuple):
    """Who asks: their session, their operations with what the places need of each, and the one that acts belong to.

    `stands`: the page that is open is of this operation; otherwise it is the newest that runs."""

    session: Session
    by: Actor
    operations: dict[Any, Operation]
    views: dict[Any, OperationView]
    here: OperationView | None
    stands: bool


def palette_button() -> Component:
    """Return the button of the top bar that opens the palette; it carries the words of the script."""
    words = {
        "label": _("Search Muster"),
        "hint": _("Operations, pages, sites, reports, words"),
        "none": _("Nothing found. Try another word, or the beginning of one."),
        "close": _("Close"),
        "keysTitle": _("Keys of this page"),
        "unread": _("The search did not answer. Try again."),
    }
    return tags.Button(
        icon("search", size=18),
        tags.Span(_("Search"), className="m-palette-word"),
        tags.Span("Ctrl K", className="m-kbd m-palette-word"),
        id="shell-palette",
        type="button",
        title=_("Search Muster"),
        className="m-bar-button m-palette-open",
        **{"aria-keyshortcuts": "Control+K"},
        **{"data-palette": json.dumps(words, ensure_ascii=False)},
    )


def router(store: Store) -> APIRouter:
    """GET /data/palette."""
    routes = APIRouter()

    @routes.get(ADDRESS)
    def search(
        _request: Request,
        actor: Annotated[Actor, Depends(current_user)],
        q: Annotated[str, Query(max_length=120)] = "",
        here: Annotated[str, Query(max_length=300)] = "",
        recent: Annotated[list[str], Query(max_length=RECENT)] = [],  # noqa: B006 - FastAPI's way to say so
    ) -> JSONResponse:
        """Answer what is found, in groups."""
        with store.reading(actor) as session:
            found = groups(session, actor, q, here, recent)
        return JSONResponse(
            [
                {"name": name, "entries": [{**entry._asdict(), "words": None} for entry in entries]}
                for name, entries in found
            ]
        )

    return routes


def groups(
    session: Session, by: Actor, sought: str, here: str = "", recent: Sequence[str] = ()
) -> list[tuple[str, list[PaletteEntry]]]:
    """Return what this person finds under some words, in groups; without words what was opened last, and the pages."""
    reader = _reader(session, by, here)
    words = gazetteer.fold(sought).split()
    if not words:
        return _at_rest(reader, recent)
    found = ((name, _best(find(reader), words, recent)) for name, find in GROUPS)
    reports = _reports(reader, sought, words)
    glossary = _best(_words(reader), words, recent)
    helpful = _best(_help(reader), words, recent)
    every = (*found, (N_("Reports"), reports), (N_("Help"), helpful), (N_("Glossary"), glossary))
    return [(_(name), entries) for name, entries in every if entries]


def _reader(session: Session, by: Actor, here: str) -> PaletteReader:
    known = {each.id: each for each in plan.operations(session, by)}
    own = by.country if by.national else None
    views = {each.id: OperationView(each.id, each.type, plan.subject(each, own), True) for each in known.values()}
    running = (each.id for each in known.values() if each.state == OperationState.ACTIVE)
    stands = operation_in(here)
    inside = stands in views
    return PaletteReader(session, by, known, views, views.get(stands if inside else next(running, None)), inside)


def _at_rest(reader: PaletteReader, recent: Sequence[str]) -> list[tuple[str, list[PaletteEntry]]]:
    finders = [*(find for _name, find in GROUPS), _words]
    entries = [entry for find in finders for entry in find(reader)] if recent else []
    by_address = {entry.href: entry for entry in entries}
    again = [by_address[href] for href in dict.fromkeys(recent) if href in by_address]
    groups = (
        (_("Opened last"), again),
        (_("Do"), [*islice(_shortcuts(reader), IN_GROUP)]),
        (_("Pages"), [*_pages(reader)]),
    )
    return [(name, found) for name, found in groups if found]


def _best(entries: Iterable[PaletteEntry], words: Sequence[str], recent: Sequence[str]) -> list[PaletteEntry]:
    """Return the entries that hold all words: the label that begins with them first, and of equals what was opened."""
    ranked = []
    for place, entry in enumerate(entries):
        label = gazetteer.fold(entry.label)
        rest = f"{label} {gazetteer.fold(entry.note)} {entry.words}"
        if all(word in rest for word in words):
            said = " ".join(words)
            rank = 0 if label.startswith(said) else 1 if f" {said}" in label else 2 if said in label else 3
            ranked.append((rank, entry.href not in recent, place, entry))
    return [entry for *_rank, entry in sorted(ranked, key=lambda each: each[:3])[:IN_GROUP]]


# ------------------------------------------------------------------------------------------------------ what is found


def _shortcuts(reader: PaletteReader) -> Iterator[PaletteEntry]:
    for shortcut in places.SHORTCUTS:
        at = reader.here if shortcut.page.of_operation else None
        if shortcut.open_to(reader.by, at):
            href = shortcut.page.href(at.id if at else None) + (f"?{shortcut.query}" if shortcut.query else "")
            yield PaletteEntry(_(shortcut.name), _title(reader, at), href, shortcut.page.icon)


def _pages(reader: PaletteReader) -> Iterator[PaletteEntry]:
    for among, at in ((places.OPERATION[1:], reader.here), (places.OUTSIDE, None)):
        for place in among:
            for page in (*place.pages, *place.subpages):
                if page.has_tab(reader.by, at):
                    note = _title(reader, at) or (_(place.name) if place.name != page.name else "")
                    yield PaletteEntry(_(page.name), note, _href(page, at), page.icon, gazetteer.fold(_(place.name)))


def _operations(reader: PaletteReader) -> Iterator[PaletteEntry]:
    for operation in reader.operations.values():
        if page := _first_page(reader, operation):
            note = f"{coded('CL-OPTYPE', operation.type)} · {coded('CL-OPSTATE', operation.state)}"
            yield PaletteEntry(operation.title, note, page.href(operation.id), "flag")


def _first_page(reader: PaletteReader, operation: Operation) -> Nav | None:
    view = reader.views[operation.id]
    return next((page for page in _every(places.OPERATION[1:]) if page.has_tab(reader.by, view)), None)


def _every(among: Iterable[Place]) -> Iterator[Nav]:
    return (page for place in among for page in place.pages)


def _sites(reader: PaletteReader) -> Iterator[PaletteEntry]:
    shown = {view.id for view in reader.views.values() if may(reader.by, Act.PLAN_READ, view.subject)}
    if not shown:
        return
    for ident, operation, name, country in open_sites(reader.session):
        if operation in shown:
            note = f"{coded('CL-COUNTRY', country)} · {reader.operations[operation].title}"
            yield PaletteEntry(name, note, f"{places.PLAN.href(operation)}?show={ident}", "map-pin")


def _posts(reader: PaletteReader) -> Iterator[PaletteEntry]:
    if not may(reader.by, places.POSTS.act):
        return
    for post in register.posts(reader.session):
        kind = f"{coded('CL-SITETYPE', post.site_type)} · {coded('CL-COUNTRY', post.country)}"
        yield PaletteEntry(post.name, kind, f"{places.POSTS.href()}?show={post.id}", "building")


def _words(_reader: PaletteReader) -> Iterator[PaletteEntry]:
    for term in terms.terms(language()).values():
        href = f"{places.GLOSSARY.href()}?word={term.key}"
        yield PaletteEntry(term.term, term.meaning, href, places.GLOSSARY.icon)


def _help(_reader: PaletteReader) -> Iterator[PaletteEntry]:
    for group, paths in documents.CONTENTS.items():
        for path in paths:
            (name, _anchor), *sections = documents.headings(path)
            yield PaletteEntry(name, _(group), documents.address(path), places.HELP.icon)
            for title, anchor in sections:
                yield PaletteEntry(title, name, documents.address(path, anchor), places.HELP.icon)


def _reports(reader: PaletteReader, sought: str, words: Sequence[str]) -> list[PaletteEntry]:
    """Return the reports of a number, which is the end of their id, or else the newest of a site and day."""
    if not may(reader.by, Act.REPORT_READ):
        return []
    digits = sought.strip().lower().replace("-", "")
    number = digits if _NUMBER.fullmatch(digits) else ""
    found = []
    for report, site in search.found(reader.session, number, _NEWEST):
        view = reader.views.get(report.operation_id)
        if view is None or not places.REPORTS.has_tab(reader.by, view):
            continue
        label = f"{site} · {date(report.official_day)}"
        title = reader.operations[report.operation_id].title
        level = coded("CL-LEVEL", Level(report.level).name)
        note = f"{_('Report')} {report.report_id.hex[-8:].upper()} · {level} · {title}"
        if number or all(word in gazetteer.fold(f"{label} {note}") for word in words):
            href = f"{places.REPORTS.href(report.operation_id)}?report={report.id}"
            found.append(PaletteEntry(label, note, href, "clipboard-list"))
        if len(found) == IN_GROUP:
            break
    return found


def _title(reader: PaletteReader, at: OperationView | None) -> str:
    """Return the title of an operation, which need not be said where one stands in it."""
    return reader.operations[at.id].title if at and not reader.stands else ""


def _href(page: Nav, at: OperationView | None) -> str:
    return page.href(at.id if at else None)


GROUPS: list[tuple[str, Callable[[PaletteReader], Iterator[PaletteEntry]]]] = [
    (N_("Do"), _shortcuts),
    (N_("Pages"), _pages),
    (N_("Operations"), _operations),
    (N_("Sites"), _sites),
    (N_("Border posts"), _posts),
]
"""The groups in their order, and what each offers; then come reports, by a query of their own, and the glossary."""
