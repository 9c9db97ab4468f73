"""Official board: the newest published snapshot, as disclosed to this reader, and nothing newer."""

from dash import dcc, html
from dash.development.base_component import Component
from sqlmodel import Session

from dashboard.frame.interactions import followed, follows
from dashboard.frame.live_parts import same_for_role
from dashboard.frame.operation_page import OPERATION
from dashboard.frame.shell import page, page_link
from dashboard.parts import snapshot_figures
from dashboard.parts.kpi_tile import tile_content
from dashboard.parts.panel import empty_state, panel
from dashboard.parts.snapshot_details import detail_tables
from dashboard.places import OFFICIAL, SNAPSHOTS
from dashboard.server.access import actor, known_id, reading
from dashboard.wording import _, moment
from operations.core.clock import now
from operations.core.people import Actor
from operations.core.permissions import Act
from operations.policing.operation import plan
from operations.results.disclosed_figures import figures_in
from operations.results.restatements import since_edition_before
from operations.results.snapshot_rows import audience_of, figures_of, newest_published

NAV = OFFICIAL
AUDIENCE = same_for_role
BOARD = "official-board"


def layout(operation_id: str = "", **_query: str) -> Component:
    """Return the board of one operation."""
    by = actor()
    with reading() as session:
        operation = plan.operation(session, known_id(operation_id), by)
        shown = contents(session, operation, by)
    more = page_link(SNAPSHOTS, by, operation)
    return page(
        _("Official figures"),
        followed(BOARD, shown, className="m-stack"),
        lead=_("What was signed and published. It stays as it was told until the next snapshot is published."),
        actions=[*more, snapshot_figures.boards(operation, snapshot_figures.OFFICIAL)],
        wide=True,
    )


def contents(session: Session, operation: plan.Operation, by: Actor) -> list[Component]:
    """Return the tiles, the coverage of countries and days, and the basis of the figures."""
    snapshot = newest_published(session, operation.id)
    if snapshot is None:
        hint = _("Coordination and leadership sign a snapshot and publish it; until then there is the live board.")
        return [empty_state(_("No figures are published yet"), hint, "rubber-stamp")]
    rows = figures_of(session, snapshot.id, audience_of(by))
    wanted = figures_in(rows)
    changed = since_edition_before(session, snapshot, operation, by)
    words = snapshot_figures.tiles(snapshot, operation, rows, changed)
    tiles = [html.Div(tile_content(each), className="kpi-tile") for each in words]
    zone = operation.zone
    tables = [
        panel(title, made, flush=True)
        for title, made in (
            (
                _("Our country"),
                snapshot_figures.own_table(snapshot, zone, rows, wanted, by.country)
                if by.national and by.country
                else None,
            ),
            (_("Results by country"), snapshot_figures.country_table(snapshot, zone, rows, words)),
            (_("Results by official day"), snapshot_figures.day_table(snapshot, zone, rows, words)),
            *((each.title, snapshot_figures.text_table(*each)) for each in detail_tables(rows, words)),
        )
        if made is not None
    ]
    told = [
        _("Snapshot {number}", number=snapshot.number),
        snapshot_figures.as_of_words(snapshot, operation.zone),
        snapshot_figures.signed_words(snapshot),
        _("published {moment}", moment=moment(snapshot.published_at, operation.zone)),
    ]
    href = f"/operations/{operation.id}/snapshots?show={snapshot.id}"
    held = snapshot.embargo is not None and snapshot.embargo > now()
    until = _(
        "Embargo until {moment}: nothing of it is told outside before.", moment=moment(snapshot.embargo, operation.zone)
    )
    embargo = [html.P(until, className="board-late")] if held else []
    proof = html.Span(" · ".join(told), className="m-dim m-num")
    return [
        html.Div([snapshot_figures.status_badge(snapshot), proof], className="official-head"),
        *embargo,
        html.Section(tiles, className="official-strip", **{"aria-label": _("Key figures")})
        if tiles
        else html.P(_("None of it is told to you.")),
        *tables,
        panel(
            _("What it rests on"),
            html.P(html.Bdi(snapshot.wording), className="official-words"),
            html.P(html.Bdi(snapshot.method), className="official-words"),
            html.P(_("Fingerprint {hash}", hash=snapshot.content_hash), className="official-proof m-dim"),
            actions=[dcc.Link(_("The snapshot in full"), href=href, className="file-way")],
        ),
    ]


refresh = follows(contents, BOARD, act=Act.SNAPSHOT_READ, operation=OPERATION)
