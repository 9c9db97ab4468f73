"""Snapshots of one operation: prepared, agreed to, signed and published here; each in full with its figures."""

from collections.abc import Sequence
from enum import StrEnum
from typing import Any

from dash import ALL, dcc, html
from dash.development.base_component import Component
from sqlmodel import Session

from dashboard.frame.interactions import Done, Press, does
from dashboard.frame.life_page import LifePage, Titles
from dashboard.frame.operation_page import OPERATION
from dashboard.frame.verb_buttons import calls
from dashboard.parts import snapshot_figures
from dashboard.parts.draft_form import DraftForm
from dashboard.parts.figure_text import WHOLE
from dashboard.parts.file_button import file_button
from dashboard.parts.file_page import Past, file_page
from dashboard.parts.form import button, client_id
from dashboard.parts.form_fields import drawing
from dashboard.parts.list_page import new_row_form
from dashboard.parts.listing import Listing
from dashboard.parts.panel import panel
from dashboard.parts.snapshot_details import detail_tables
from dashboard.places import SNAPSHOTS
from dashboard.screens.snapshots.files import PDF, XLSX, address
from dashboard.screens.snapshots.words import comparison_words, countries_words, country_words
from dashboard.server.access import known_id, reading, unit_of_work
from dashboard.wording import N_, _, moment
from operations.core import rows
from operations.core.people import Actor
from operations.core.permissions import Act, may
from operations.core.vocabulary import Level, OperationState
from operations.policing.operation import plan
from operations.results import comparison
from operations.results import snapshots as verbs
from operations.results.disclosed_figures import APART, OWN, OWN_APART, OWN_MISSING, TOTAL, figures_in
from operations.results.past_operations.publications import past_operation, past_operations
from operations.results.restatements import since_edition_before
from operations.results.snapshot_rows import (
    LIFE,
    OUTSIDE,
    Snapshot,
    SnapshotState,
    audience_of,
    figures_of,
    snapshots,
    words_of,
)

NAV = SNAPSHOTS
FORM, WORD = DraftForm("snapshot", verbs.SnapshotDraft), DraftForm("snapshot-word", verbs.WordDraft)
PAGE = LifePage(
    "snapshot",
    NAV,
    LIFE,
    Titles(
        N_("Snapshots"),
        N_("Snapshot"),
        N_("All snapshots"),
        N_("No snapshot is there yet: the analyst or the coordinator prepares one."),
        N_("Figures that were frozen and signed by two persons. They stay as they were told, whatever is corrected."),
    ),
    asked=("beside",),
)
layout = PAGE.layout


class Ids(StrEnum):
    """Element ids of this page."""

    PREPARE = "snapshot-prepare"
    SPEAK = "snapshot-speak"


def table(session: Session, operation: plan.Operation, _by: Actor) -> Listing[Any]:
    """Return the rows of the list."""
    made = Listing(snapshots(session, operation.id), lambda each: _href(operation, each))
    made.text("number", _("No."), lambda each: str(each.number), flex=0, width=80)
    made.field(FORM, "wording", flex=4, minWidth=220, tooltipField="wording")
    made.code("status", _("Status"), "CL-STATUS", flex=1, minWidth=120)
    made.text("level", _("Level"), lambda each: Level(each.level).name, flex=0, width=90)
    made.text("state", _("State"), snapshot_figures.state_words, flex=1, minWidth=150)
    made.text("taken", _("As of"), lambda each: moment(each.taken_at, operation.zone), flex=1, minWidth=310)
    return made


def _href(operation: plan.Operation, each: Snapshot, beside: Snapshot | None = None) -> str:
    with_it = f"&beside={beside.id}" if beside else ""
    return f"{NAV.href(operation.id)}?show={each.id}{with_it}"


def offered(_session: Session, operation: plan.Operation, by: Actor) -> bool:
    """Return whether `by` can prepare one now: this shows the form."""
    return verbs.may_prepare(operation, by)


def _form(session: Session, operation: plan.Operation, by: Actor) -> list[Component]:
    """Return the form of a new one, folded while the operation runs, and once there is one."""
    if not offered(session, operation, by):
        return []
    send = button(_("Prepare it"), Ids.PREPARE, "primary", "camera")
    past = [
        {"value": str(each.number), "label": f"{each.name} ({each.year})"}
        for each in sorted(past_operations(), key=lambda each: (each.name, each.year))
    ]
    fields = drawing(FORM, zone=operation.zone, choices={"publication": past})()
    first = operation.state != OperationState.ACTIVE and not snapshots(session, operation.id)
    return [new_row_form(_("Prepare a snapshot"), client_id(FORM), *fields, html.Div(send), first=first)]


def boards(_session: Session, operation: plan.Operation, _by: Actor) -> list[Component]:
    """Return the ways to the boards of the figures."""
    return [snapshot_figures.boards(operation, "")]


# ------------------------------------------------------------------------------------------------- one in full


def file(session: Session, operation: plan.Operation, by: Actor, shown: str, beside: str) -> list[Component]:
    """Return one of them in full, as its reader may see it. Raises NotFound."""
    snapshot = rows.one(session, Snapshot, known_id(shown))
    spoken = words_of(session, snapshot.id)
    facts = [
        (_("State"), snapshot_figures.state_words(snapshot)),
        (_("Figures"), snapshot_figures.status_badge(snapshot)),
        (_("As of"), moment(snapshot.taken_at, operation.zone)),
        *FORM.facts(snapshot, "method", "qualifier"),
        *_release(snapshot),
        (_("Embargo until"), moment(snapshot.embargo, operation.zone) if snapshot.embargo else ""),
        (_("Countries"), countries_words(snapshot.basis["countries"])),
        (_("Reports left out"), str(snapshot.basis["left_out"] or "")),
        (_("Fingerprint"), html.Span(snapshot.content_hash, className="official-proof")),
    ]
    happened = [
        Past(snapshot.taken_at, _("Prepared"), snapshot.prepared_name),
        *(
            Past(
                answer.said_at,
                _("Agrees: {country}", country=country_words(answer.country))
                if answer.agrees
                else _("Does not agree: {country}", country=country_words(answer.country)),
                answer.said_name,
                answer.words,
            )
            for answer in spoken
        ),
        *(
            Past(at, _(LIFE.words[state]), name)
            for at, state, name in (
                (snapshot.signed_at, SnapshotState.COORDINATED, snapshot.signed_name),
                (snapshot.approved_at, SnapshotState.SIGNED, snapshot.approved_name),
                (snapshot.published_at, SnapshotState.PUBLISHED, ""),
            )
            if at is not None
        ),
    ]
    past = sorted(happened, key=lambda each: each.at, reverse=True)
    acts = PAGE.steps.drawn(snapshot.id, verbs.offers(session, snapshot, operation, by))
    dropped = [panel(_("Dropped"), html.P(html.Bdi(snapshot.reason)))] if snapshot.reason else []
    about, *does_, history = file_page(
        snapshot.wording, facts, acts, past, operation.zone, _speaking(snapshot, operation, by)
    )
    figures = _figures(session, snapshot, operation, by)
    beside_it = _compared(session, snapshot, operation, by, beside)
    return [about, *dropped, figures, *does_, *_pack(snapshot, operation, by, beside), *beside_it, history]


def _release(found: Snapshot) -> list[tuple[str, Component]]:
    """Return the way to the past operation whose public release it holds."""
    past = past_operation(found.publication) if found.publication else None
    if past is None:
        return []
    return [(FORM.label("publication"), dcc.Link(html.Bdi(past.name), href=f"/history?show={past.number}"))]


def _speaking(found: Snapshot, operation: plan.Operation, by: Actor) -> list[Component]:
    """Return the form with which a country agrees or objects."""
    if not verbs.may_speak(found, operation, by):
        return []
    said = button(_("Say it"), {"type": Ids.SPEAK, "of": str(found.id)}, "plain", "message")
    return [html.Div([*drawing(WORD)(), html.Div(said)], className="m-stack")]


def _figures(session: Session, found: Snapshot, operation: plan.Operation, by: Actor) -> Component:
    """Return the figures as this reader may see them, beside those of the own country or those for the public."""
    mine = figures_of(session, found.id, audience_of(by))
    columns_ = [(_("Whole operation"), WHOLE, mine, TOTAL, APART)]
    if by.national:
        columns_.append((_("Our country"), by.country or "", mine, OWN, OWN_APART))
    elif outside := figures_of(session, found.id, OUTSIDE):
        columns_.append((_("As told to the public"), "public", outside, TOTAL, APART))
    stated = [
        (
            snapshot_figures.of(rows_, dimension),
            snapshot_figures.stated_amounts(found, operation.zone, rows_, apart, whose),
            whose,
        )
        for _name, whose, rows_, dimension, apart in columns_
    ]
    wanted = figures_in(mine)
    words = snapshot_figures.tiles(found, operation, mine, since_edition_before(session, found, operation, by))
    own = {kpi: f"{_('Our country')}: {said}" for kpi, said in snapshot_figures.unreliable(mine, OWN_MISSING).items()}
    caveats = {each.kpi: " · ".join(filter(None, (*each.caveats, own.get(each.kpi)))) for each in words}
    notes = any(caveats.values())
    said = [
        [
            snapshot_figures.figure_words(kpi),
            *(
                amounts.get(kpi)
                or snapshot_figures.stated_row(found, operation.zone, kpi, column.get((kpi, "")), whose)
                for column, amounts, whose in stated
            ),
            *([caveats.get(kpi, "")] if notes else []),
        ]
        for kpi in wanted
    ]
    head = [_("Key figure"), *(name for name, *_of in columns_), *([_("Notes")] if notes else [])]
    made = snapshot_figures.text_table(_("Key figures"), head, said)
    countries = snapshot_figures.country_table(found, operation.zone, mine, words)
    tables = [(_("By country"), countries)] if countries else []
    tables += [(each.title, snapshot_figures.text_table(*each)) for each in detail_tables(mine, words)]
    folded = [html.Details([html.Summary(title), shown], className="file-form") for title, shown in tables]
    return panel(_("Key figures"), made, *folded, flush=True)


def _pack(found: Snapshot, operation: plan.Operation, by: Actor, beside: str) -> list[Component]:
    """Return the publication pack, for those who may export figures, once it is signed by both."""
    if found.approved_at is None or not may(by, Act.OPERATION_EXPORT, plan.subject(operation)):
        return []
    links = [
        file_button(words, address(operation.id, found.number, ending, beside))
        for words, ending in ((_("To print (PDF)"), PDF), (_("Workbook (XLSX)"), XLSX))
    ]
    said = _("Wording, figures as they are told to the public, method, and the comparison below.")
    return [panel(_("Publication pack"), html.P(said, className="m-dim"), html.Div(links, className="m-row"))]


def _compared(
    session: Session, found: Snapshot, operation: plan.Operation, by: Actor, beside: str
) -> Sequence[Component]:
    """Return the comparison with an earlier snapshot: the previous edition, or the chosen one."""
    others = comparison.earlier(session, found, operation)
    if not others:
        return []
    chosen = next((each for each, _owner in others if str(each.id) == beside), others[0][0])
    made = comparison.compared(session, found, chosen.id, operation, audience_of(by))
    ways = [
        html.Li(
            dcc.Link(
                _("Snapshot {number} of {operation}", number=snapshot.number, operation=owner.title),
                href=_href(operation, found, snapshot),
                className="file-way is-here" if snapshot.id == chosen.id else "file-way",
            )
        )
        for snapshot, owner in others[:8]
    ]
    return [
        panel(_("Compared with an earlier one"), html.Ul(ways, className="snapshot-others"), *comparison_words(made))
    ]


# --------------------------------------------------------------------------------------------------- callbacks

PAGE.draws(table, file, new=_form, offered=offered, actions=boards)


@does(
    Ids.PREPARE,
    act=Act.SNAPSHOT_PREPARE,
    form=FORM,
    client=True,
    operation=OPERATION,
    clears=("wording", "method"),
)
def prepare(press: Press) -> Done:
    """Freeze the figures as they stand."""
    with reading() as session:  # what takes long, before the units of work for whose end others wait
        zone = plan.operation(session, press.operation_id, press.by).zone
        draft = press.draft(verbs.SnapshotDraft, zone=zone)
        decided = verbs.decide(session, press.operation_id, press.by)
    with unit_of_work() as session:
        verbs.release(session, decided, press.by)
    with reading() as session:
        frozen = verbs.freeze(session, press.operation_id, draft, press.by)
    made = verbs.prepare(press.session, press.operation_id, draft, press.by, frozen)
    return Done(_("Snapshot {number} is prepared; it waits for the signatures.", number=made.number))


speak = calls({"type": Ids.SPEAK, "of": ALL}, verbs.speak, N_("It is written down."), act=Act.SNAPSHOT_AGREE, form=WORD)


take = PAGE.takes(verbs.take)
