"""The shell around every page: rail, tabs, top bar, classification marking, notices; and `page` for layouts.

The rail shows the places of the role, the tabs the pages of the place (`dashboard.places`). The bar shows the operation
of the address, its state and classification, the time there and in UTC, and whether this screen is connected. Language
and theme are ordinary forms: they work without a script and reload the page, so that nothing stays in the other
language.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import dash
import dash_mantine_components as dmc
from dash import ClientsideFunction, Input, Output, State, clientside_callback, dcc, html, no_update
from dash.development.base_component import Component
from sqlmodel import Session

from dashboard import places, theme
from dashboard.frame import address, palette
from dashboard.frame.policy import screen
from dashboard.frame.preferences import languages, themes
from dashboard.frame.undo import PRESSED
from dashboard.navigation import Nav, OperationView, Place, menu, operation_in, rail
from dashboard.parts import tags
from dashboard.parts.badges import state_badge
from dashboard.parts.form import dates_settings
from dashboard.parts.icon import icon
from dashboard.refusals import NOTICES
from dashboard.server import access
from dashboard.server.live_boards import json_of
from dashboard.server.pulse_socket import PULSE, PULSE_ASKS
from dashboard.wording import _, coded, direction, ngettext
from operations import worklist_cache, worklist_entries
from operations.core import pulse
from operations.core.clock import now
from operations.core.errors import NotPermitted
from operations.core.ids import fingerprint
from operations.core.people import Actor
from operations.core.permissions import Act, may
from operations.core.rows import find
from operations.core.storage_errors import Unavailable
from operations.core.vocabulary import OperationState
from operations.notices import inbox
from operations.policing.operation import plan
from operations.policing.operation.plan import Operation

LOCATION = "_pages_location"  # Dash's own
UNREAD = "shell-inbox"
WAITS = "shell-waits"
FRAME, PAGE_FRAME = "shell-frame", "shell-page-frame"
SHOWN = {
    "shell_known": State("shell-known", "data"),
    "shell_unread": State("shell-unread", "data"),
    "shell_waits": State(WAITS, "data"),
    "shell_drawn": State("shell-drawn", "data"),
}
"""What the frame of a browser shows, which the browser says with each change of page."""
_TONES = {
    OperationState.ACTIVE: "good",
    OperationState.SUSPENDED: "warn",
    OperationState.CANCELLED: "bad",
    OperationState.DRAFT: "muted",
    OperationState.ARCHIVED: "muted",
}


def page(
    title: str,
    *children: Any,
    lead: str | None = None,
    actions: Sequence[Component] = (),
    wide: bool = False,
    full: bool = False,
) -> Component:
    """Return the page of a layout: its only h1, a sentence under it, its actions, and its parts.

    `wide`: as wide as the window (dense boards). `full`: edge to edge and as high as the window (maps); the title is
    then for screen readers only.
    """
    words = [html.H1(title), *([html.P(lead, className="m-lead")] if lead else [])]
    head = html.Header(
        [html.Div(words), *([html.Div(list(actions), className="m-page-actions")] if actions else [])],
        className="m-visually-hidden" if full and not actions else "m-page-head",
    )
    shape = "m-page-full" if full else "m-page-wide" if wide else "m-page-column"
    return html.Article([head, *children], className=f"m-page {shape}")


def page_link(linked: Nav, by: Actor, operation: Operation | None = None) -> list[Component]:
    """Return the link to a page that has no tab here, for those who may read it."""
    seen = plan.subject(operation, by.country if by.national else None) if operation else None
    if not may(by, linked.act, seen):
        return []
    href = linked.href(operation.id if operation else None)
    return [dcc.Link([icon(linked.icon, 18), html.Span(_(linked.name))], href=href, className="overview-link")]


def layout() -> Component:
    """Return the shell for the signed-in user."""
    try:
        asking = access.current_request()
    except NotPermitted:
        return html.Div()  # Dash calls it once outside a request
    with access.reading() as session:
        seq = pulse.number(pulse.counts_of(session, asking.actor))
        unread = _unread(session)
    inside = [
        html.A(_("Skip to the content"), href="#main", className="m-skip"),
        _expired(),
        tags.Div(
            _cannot_store(),
            html.Div(id="shell-marking", className="m-marking"),
            _bar(asking, unread),
            html.Nav(id="shell-rail", className="m-rail", **{"aria-label": _("Places")}),
            html.Nav(id="shell-tabs", className="parts m-tabs", **{"aria-label": _("Pages of this place")}),
            html.Main(dash.page_container, id="main", className="m-main", tabIndex="0"),
            className="m-shell m-on-wall" if asking.only else "m-shell",
        ),
        dmc.NotificationContainer(
            id=NOTICES, position=f"bottom-{'left' if direction() == 'rtl' else 'right'}", limit=4
        ),
        dcc.Store(id=PULSE, data=seq),
        dcc.Store(id=PULSE_ASKS),
        dcc.Store(id="shell-known"),
        dcc.Store(id="shell-drawn"),
        dcc.Store(id="shell-unread", data=unread),
        dcc.Store(id=WAITS, data=_waits()),
        dcc.Store(id="shell-told"),
        dcc.Store(id="shell-unread-told"),
        dcc.Store(id="shell-moved"),
        dcc.Store(id=FRAME),
        dcc.Store(id=PAGE_FRAME),
        dcc.Store(id="shell-started"),
        dcc.Store(id=PRESSED),
        address.parameters(),
    ]
    return dmc.DirectionProvider(
        dmc.MantineProvider(
            dmc.DatesProvider(html.Div(inside), settings=dates_settings()),
            id="shell-mantine",
            theme=theme.mantine(),
            forceColorScheme="dark" if asking.dark else "light",
        ),
        direction=direction(),
    )


# ----------------------------------------------------------------------------------------------------- top bar


def _bar(asking: access.RequestContext, unread: int) -> Component:
    return tags.Header(
        tags.A(
            html.Span(className="m-mark", **{"aria-hidden": "true"}),
            html.Span("Muster", className="m-brand-name"),
            href="/",
            className="m-brand",
            **{"aria-label": _("Muster: all operations")},
        ),
        dcc.Link(_("Operations"), href="/", id="shell-outside", className="m-outside"),
        html.Div(id="shell-operation", className="m-bar-operation"),
        html.Div(className="m-grow"),
        html.Div(
            [html.Span(id="shell-clock-local"), html.Span(id="shell-clock-utc", className="m-clock-utc")],
            id="shell-clock",
            className="m-clock m-num",
            dir="ltr",
            **{"data-local": _("local")},
        ),
        html.Div(
            [html.Span(className="m-live-dot", **{"aria-hidden": "true"}), html.Span(id="shell-live-word")],
            id="shell-live",
            className="m-live",
            role="status",
            **{
                "data-connecting": _("Connecting"),
                "data-live": _("Live"),
                "data-polling": _("Live, slower"),
                "data-stale": _("Not connected"),
                "data-unstored": _("Cannot store"),
                "data-refused": _("Not done"),  # titles and names of the notice that a script shows
                "data-close": _("Close"),
                "data-making": _("Your file is being made: {seconds} s"),
                "data-leave": _("Cancel"),
            },
        ),
        *([html.Span(id=UNREAD, hidden=True)] if asking.only else _own(asking, unread)),
        className="m-bar",
    )


def _own(asking: access.RequestContext, unread: int) -> list[Component]:
    """Return the bar's menus of the user; a wall screen has none, since it is nobody's."""
    return [
        palette.palette_button(),
        html.Button(
            icon("link", size=19),
            id="shell-copy",
            type="button",
            className="m-bar-button",
            title=_("Copy the link to this page"),
            **{"aria-label": _("Copy the link to this page"), "data-done": _("The link is copied.")},
        ),
        dcc.Link(
            [icon(places.HELP.icon, size=19), html.Span(_("Help for this page"), className="m-visually-hidden")],
            id="shell-help",
            href=places.HELP.href(),
            className="m-bar-button",
            title=_("Help for this page"),
        ),
        dcc.Link(bell(unread), id=UNREAD, href=f"{worklist_entries.ADDRESS}#told", className="m-bell"),
        _menu("language", _("Language"), "language", [languages()]),
        _menu("theme", _("Look"), "moon-stars" if asking.dark else "sun", [themes(asking.theme)]),
        _menu("person", asking.actor.name, "user-circle", [_person(asking)]),
    ]


def _unread(session: Session) -> int:
    return 0 if access.current_request().only else inbox.unread(session, access.actor())


def _waits() -> int | None:
    """Return the number of work list entries; None while it cannot be read: the page is shown all the same."""
    if access.current_request().only:
        return 0
    try:
        with access.reading() as session:
            return len(worklist_cache.again(access.store()).waiting(session, access.actor(), now()))
    except Unavailable:
        return None


def bell(unread: int) -> list[Component]:
    """Return the content of the inbox link: a bell with the number of unread messages."""
    words = ngettext("Inbox: {n} message waits", "Inbox: {n} messages wait", unread) if unread else _("Inbox")
    count = html.Span(str(unread) if unread < 100 else "99+", className="m-bell-count", **{"aria-hidden": "true"})
    return [
        html.Span([icon("bell", size=19), *([count] if unread else [])], className="m-bell-inside", title=words),
        html.Span(words, className="m-visually-hidden"),
    ]


def _menu(name: str, label: str, icon_name: str, children: list[Component]) -> Component:
    press = dmc.UnstyledButton(
        icon(icon_name, size=19),
        className="m-bar-button",
        **{"aria-label": label, "aria-haspopup": "true", "data-menu": name},
    )
    return dmc.Popover(
        [dmc.PopoverTarget(press, boxWrapperProps={"className": f"m-menu-{name}"}), dmc.PopoverDropdown(children, p=6)],
        position="bottom-end",
        shadow="md",
        trapFocus=True,
        returnFocus=True,
        radius="md",
        withRoles=False,  # Mantine would put them on the box around the button, which takes none
    )


def _person(asking: access.RequestContext) -> Component:
    role = coded("CL-ROLE", asking.actor.role.value)
    country = coded("CL-COUNTRY", asking.actor.country) if asking.actor.country else None
    return tags.Div(
        tags.Div(
            html.Strong(asking.actor.name),
            html.Span(" · ".join(filter(None, (role, country))), className="m-dim m-small"),
            className="m-person",
        ),
        *(_choice(place, asking.actor) for place in menu(places.OUTSIDE, asking.actor)),
        dcc.Link(
            [icon(places.GLOSSARY.icon, size=16), html.Span(_(places.GLOSSARY.name))],
            href=places.GLOSSARY.href(),
            className="m-choice",
        ),
        tags.Button(
            icon("keyboard", size=16),
            html.Span(_("Keys of this page")),
            id="shell-keys",
            type="button",
            className="m-choice m-by-key",
        ),
        html.Form(
            html.Button([icon("logout", size=16), html.Span(_("Sign out"))], type="submit", className="m-choice"),
            action="/sign-out",
            method="POST",
        ),
        className="m-choices",
    )


def _choice(place: Place, by: Actor) -> Component:
    """Return the link to a place of the menu, under the name of its page where it has only one."""
    tabs = place.tabs(by)
    named: Place | Nav = place if len(tabs) > 1 else tabs[0]
    return dcc.Link([icon(place.icon, size=16), html.Span(_(named.name))], href=tabs[0].href(), className="m-choice")


def _expired() -> Component:
    """Return the notice of an ended session: the page is not reloaded, so that typed text stays."""
    return tags.Div(
        html.Span(_("Your session has ended. What you typed is still here.")),
        html.A(_("Sign in again in a new tab"), href="/sign-in?next=/signed-in", target="_blank", rel="noopener"),
        html.Span(_("Then come back and go on."), className="m-dim"),
        id="shell-expired",
        className="m-expired",
        role="alert",
    )


def _cannot_store() -> Component:
    """Return the notice shown above everything while nothing can be stored; the shell's script shows and hides it."""
    return html.Div(
        html.Span(_("Muster cannot store anything just now. Keep this page open: it sends again by itself.")),
        id="shell-storing",
        className="m-storing",
        role="alert",
    )


# --------------------------------------------------------------------------------------------------- callbacks


def frame_parts(
    pathname: str | None,
    shell_known: list[Any] | None = None,
    shell_unread: int | None = None,
    shell_waits: int | None = None,
    shell_drawn: Mapping[str, str] | None = None,
) -> dict[str, dict[str, Any]]:
    """Return what differs between the frame of an address and what the browser shows, by element and property."""
    drawn = shell_drawn or {}
    with access.shared_session():
        rail_and_tabs = dict(zip(("shell-rail", "shell-tabs"), show_places(pathname, shell_waits), strict=True))
        unread = dict(zip((UNREAD, "shell-unread"), show_unread(shell_unread), strict=True))
        named = show_operation(pathname, shell_known)
    marks = {element: fingerprint(json_of(part)) for element, part in rail_and_tabs.items()}
    now_shown = {
        **{
            (element, "children"): part
            for element, part in rail_and_tabs.items()
            if drawn.get(element) != marks[element]
        },
        ("shell-drawn", "data"): marks if marks != drawn else no_update,
        ("shell-operation", "children"): named["operation"],
        ("shell-marking", "children"): named["marking"],
        ("shell-marking", "className"): named["marked"],
        ("shell-known", "data"): named["known"],
        (UNREAD, "children"): unread[UNREAD],
        ("shell-unread", "data"): unread["shell-unread"],
    }
    parts: dict[str, dict[str, Any]] = {}
    for (element, prop), value in now_shown.items():
        if value is not no_update:
            parts.setdefault(element, {})[prop] = value
    return parts


def frame_of(pathname: str | None, parts: Mapping[str, Any]) -> dict[str, Any]:
    """Return what a store of the frame brings to the browser, which drops it once it has gone to another page.

    An answer that comes late was compared with a frame that is shown no more. The pulse and a change of page have a
    store each: what Dash still waits for in one of them would hold up what has come in the other.
    """
    return {"of": pathname, "parts": parts}


@screen(
    output=Output(FRAME, "data"),
    inputs={
        "_waits": Input(WAITS, "data"),
        "_moved": Input("shell-moved", "data"),
        "_told": Input("shell-unread-told", "data"),
    },
    state={"pathname": State(LOCATION, "pathname"), **SHOWN},
    act=Act.OWN_ACCOUNT,
    wall=True,
    prevent_initial_call=True,
)
def show_frame(
    _waits: int | None, _moved: str | None, _told: int | None, pathname: str | None, **shown: Any
) -> dict[str, Any]:
    """Draw what the pulse told of the frame. What differs from page to page comes with the page (`page_change`)."""
    return frame_of(pathname, frame_parts(pathname, **shown))


for brought in (FRAME, PAGE_FRAME):
    clientside_callback(
        ClientsideFunction("muster", "frame_came"),
        Input(brought, "data"),
        State(LOCATION, "pathname"),
        prevent_initial_call=True,
    )


def show_places(pathname: str | None, waits: int | None = None) -> tuple[list[Component], list[Component]]:
    """Draw the rail for the operation of the address, with a count at Today, and the tabs of the place."""
    if access.current_request().only:
        return [], []
    here, by = pathname or "/", access.actor()
    with access.reading() as session:
        operation = operation_view(session, here, by)
    shown = rail(places.OPERATION if operation else places.OUTSIDE, by, operation, here)
    tabs = next((place.tabs(by, operation) for place in shown if place.is_at(here)), [])
    return (
        [html.Ul([_place(place, by, operation, here, waits if place is places.TODAY else 0) for place in shown])],
        [html.Ul([_tab(page, operation, here) for page in tabs])] if len(tabs) > 1 else [],
    )


def operation_view(session: Session, pathname: str, by: Actor) -> OperationView | None:
    """Return the operation of an address as the places need it; None where there is none that this person may see."""
    identifier = operation_in(pathname)
    owner = find(session, Operation, identifier) if identifier else None
    if owner is None:
        return None
    subject = plan.subject(owner, by.country if by.national else None)
    return OperationView(owner.id, owner.type, subject, plan.nears_end(session, owner, now()))


def _place(place: Place, by: Actor, operation: OperationView | None, pathname: str, waits: int | None = 0) -> Component:
    here = place.is_at(pathname)
    count = html.Span(str(waits) if waits and waits < 100 else "99+", className="m-place-count m-num")
    link = dcc.Link(
        [icon(place.icon, size=20), html.Span(_(place.name)), *([count] if waits else [])],
        href=_href(place.tabs(by, operation)[0], operation),
        className="m-place" + (" m-place-here" if here else ""),
    )
    return html.Li(link, **({"aria-current": "true"} if here else {}))


def _tab(page: Nav, operation: OperationView | None, pathname: str) -> Component:
    here = page.is_at(pathname)
    link = dcc.Link(
        [icon(page.icon, 16), html.Span(_(page.name))],
        href=_href(page, operation),
        className="parts-tab" + (" parts-tab--here" if here else ""),
    )
    return html.Li(link, **({"aria-current": "page"} if here else {}))


def _href(page: Nav, operation: OperationView | None) -> str:
    return page.href(operation.id if operation else None)


clientside_callback(ClientsideFunction("muster", "helpOf"), Output("shell-help", "href"), Input(LOCATION, "pathname"))

clientside_callback(
    ClientsideFunction("muster", "told"),
    Output("shell-unread-told", "data"),
    Output(WAITS, "data"),
    Output("shell-moved", "data"),
    Input("shell-told", "data"),
    State("shell-unread", "data"),
    State(WAITS, "data"),
    State("shell-known", "data"),
    prevent_initial_call=True,
)


def show_unread(known: int | None) -> tuple[Any, Any]:
    """Draw the number of unread messages; no update where it has not changed."""
    with access.reading() as session:
        unread = _unread(session)
    return (no_update, no_update) if unread == known else (bell(unread), unread)


def show_operation(pathname: str | None, known: list[Any] | None) -> dict[str, Any]:
    """Draw the operation of the address in the top bar, and its marking; no update where they have not changed."""
    identifier = operation_in(pathname)
    with access.reading() as session:
        operation = find(session, Operation, identifier) if identifier else None
    now_known = [str(operation.id), operation.version, operation.state] if operation else []
    if now_known == known:
        return dict.fromkeys(("operation", "marking", "marked", "known"), no_update)
    if operation is None:
        return {"operation": [], "marking": None, "marked": "m-marking", "known": now_known}
    state = OperationState(operation.state)
    named = coded("CL-OPSTATE", state.value)
    marking = coded("CL-CLASS", operation.classification)
    return {
        "operation": tags.Div(
            html.Strong(operation.title, className="m-operation-title", dir="auto", title=operation.title),
            state_badge(named, _TONES.get(state, "accent")),
            className="m-row",
            **{"data-zone": operation.zone},
        ),
        "marking": marking,
        "marked": f"m-marking m-marking-{operation.classification.replace('_', '-')}",
        "known": now_known,
    }


clientside_callback(
    ClientsideFunction("muster", "start"),
    Output("shell-started", "data"),
    Input("shell-live", "id"),
    State(PULSE, "data"),
)
clientside_callback(
    ClientsideFunction("muster", "arrived"),
    Output("main", "data-path"),
    Input(LOCATION, "pathname"),
    prevent_initial_call=True,
)
clientside_callback(
    ClientsideFunction("muster", "page_came"),
    Output("main", "data-came"),
    Input("_pages_content", "children"),
    prevent_initial_call=True,
)
clientside_callback(
    ClientsideFunction("muster_address", "drawn"), Input("_pages_content", "children"), prevent_initial_call=True
)
clientside_callback(ClientsideFunction("muster_address", "counted"), Input(WAITS, "data"))
clientside_callback(
    ClientsideFunction("muster", "here_in_sight"),
    Output("shell-rail", "data-sight"),
    Input("shell-rail", "children"),
    Input("shell-tabs", "children"),
    Input("_pages_content", "children"),
)
