"""Imports of layers: importing, re-importing, removing and restoring one. Each adds a version.

The caller reads and measures the file (geodata); this module checks it against the rules and stores it.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Annotated
from uuid import UUID

from pydantic import Field as Rule
from pydantic import JsonValue, model_validator
from pydantic_core import PydanticCustomError
from sqlmodel import Session, select

from operations.core import journal, pulse, rows
from operations.core.clock import now
from operations.core.drafts import Draft, Line, Name, NeededLine, rule, screen
from operations.core.errors import Conflict, NotFound, RuleBroken
from operations.core.ids import fingerprint
from operations.core.people import Actor
from operations.core.permissions import Act, Subject, require
from operations.core.stored_sentences import Sentence, plain, sentence_json
from operations.core.vocabulary import Classification, LayerKind
from operations.policing.layers.layers import EventLayer, LayerContent, LayerMarks
from operations.policing.map_plan.places import PlanAudience
from operations.policing.operation import plan, withholding

CONTENT_LIMIT = 64 * 2**20
MAPPING_LIMIT = 64 * 2**10
_PERIOD = rule("layer_period_reversed", "The last day of the layer must not lie before its first.")
_ACCURACY = rule(
    "layer_accuracy", "Say how accurate the places are, in metres or in words: it is printed on every map."
)
_OWN = rule("layer_own_results", "What countries reported is shown to the coordination only: choose that audience.")

# ---------------------------------------------------------------------------------------------------- drafts


class LayerDraft(Draft):
    """Draft of a layer: its description.

    `id` names this version, `supersedes_id` the version that a re-import replaces.

    `accuracy_m` is in metres. `mapping` is the caller's mapping of columns to meanings.
    """

    id: UUID
    layer_id: UUID
    supersedes_id: UUID | None = None
    name: Name
    kind: LayerKind
    source: NeededLine
    licence: NeededLine
    period_from: date
    period_to: date
    accuracy: Line = ""
    accuracy_m: Annotated[float | None, Rule(ge=0, le=1_000_000, allow_inf_nan=False)] = None
    retrieved: date
    classification: Classification = Classification.FOR_OFFICIAL_USE
    audience: PlanAudience = PlanAudience.COORDINATION
    mapping: dict[str, JsonValue] = Rule(default_factory=dict)

    @model_validator(mode="after")
    def _complete(self) -> "LayerDraft":
        if self.period_to < self.period_from:
            raise PydanticCustomError(_PERIOD, "period reversed")
        if not self.accuracy and self.accuracy_m is None:
            raise PydanticCustomError(_ACCURACY, "no accuracy")
        if self.kind is LayerKind.OWN_RESULTS and self.audience is not PlanAudience.COORDINATION:
            raise PydanticCustomError(_OWN, "own results")
        return self


@dataclass(frozen=True)
class MarksBlock:
    """A block of precomputed map marks, stored as `layers.LayerMarks`; bounds as those of `PackedEvents`."""

    zoom: int
    number: int
    bounds: tuple[float, float, float, float]
    marks: int
    data: bytes


@dataclass(frozen=True)
class PackedEvents:
    """A file after reading: the table as bytes, numbers of rows accepted and refused, bounds, and findings.

    `bounds` are west, south, east, north in degrees (EPSG:4326), None where no row has a position. `marks` are the
    blocks of precomputed map marks.
    """

    data: bytes
    accepted: int
    refused: int = 0
    bounds: tuple[float, float, float, float] | None = None
    findings: Sequence[Sentence] = ()
    marks: Sequence[MarksBlock] = ()


# ----------------------------------------------------------------------------------------------------- verbs


def add(session: Session, operation_id: UUID, draft: LayerDraft, content: PackedEvents, by: Actor) -> EventLayer:
    """Import a layer into the operation, or re-import it: then `supersedes_id` names the version on the screen.

    Idempotent for the same draft and content. Raises Conflict for the same id with other content and for a version that
    somebody replaced meanwhile, RuleBroken on `content`, `mapping` or `retrieved`.
    """
    owner = plan.operation(session, operation_id, by)
    country = by.country if by.national else None
    highest = max(Classification(owner.classification), draft.classification, key=lambda level: level.rank)
    require(by, Act.LAYER_ADD, Subject(country=country, operation=owner.id, classification=highest))
    made = _version_of(operation_id, country, draft, content, by)
    known = rows.find(session, EventLayer, draft.id)
    if known is not None:
        if _said(known) == _said(made):
            return known
        raise Conflict("This layer was already imported with other content. Reload the page to see it.")
    newest = rows.newest(session, EventLayer, EventLayer.layer_id == draft.layer_id)
    if newest is not None:
        if newest.operation_id != operation_id or newest.country != country:
            raise NotFound
        if draft.supersedes_id != newest.id:
            raise Conflict("Somebody changed this layer meanwhile. Reload the page to see the change.")
        made.version = newest.version + 1
    elif draft.supersedes_id is not None:
        raise NotFound
    _refuse(draft, content)
    _succeed(session, newest, made)
    session.add(LayerContent(version_id=made.id, data=content.data))
    keep_marks(session, made.id, content.marks)
    _record(session, made, by, Act.LAYER_ADD, newest)
    return made


def keep_marks(session: Session, content_id: UUID, marks: Sequence[MarksBlock]) -> None:
    """Store the map marks of some content. They are derived from the content, so the journal has no entry for them."""
    for block in marks:
        west, south, east, north = block.bounds
        session.add(
            LayerMarks(
                content_id=content_id,
                zoom=block.zoom,
                number=block.number,
                west=west,
                south=south,
                east=east,
                north=north,
                marks=block.marks,
                data=block.data,
            )
        )
    session.flush()


def remove(session: Session, layer_id: UUID, version_id: UUID, by: Actor) -> EventLayer:
    """Remove a layer; `restore` brings it back. `version_id` names the new version that records it.

    Idempotent.
    """
    return _turn(session, layer_id, version_id, by, removed=True)


def restore(session: Session, layer_id: UUID, version_id: UUID, by: Actor) -> EventLayer:
    """Restore a removed layer. Idempotent."""
    return _turn(session, layer_id, version_id, by, removed=False)


def _turn(session: Session, layer_id: UUID, version_id: UUID, by: Actor, *, removed: bool) -> EventLayer:
    newest = rows.newest(session, EventLayer, EventLayer.layer_id == layer_id)
    if newest is None or newest.country != (by.country if by.national else None):
        raise NotFound
    require(by, Act.LAYER_ADD, plan.subject(plan.operation(session, newest.operation_id, by), newest.country))
    if newest.id == version_id and newest.removed == removed:
        return newest
    if newest.removed == removed:
        raise NotFound
    made = EventLayer(**newest.model_dump())
    made.id, made.version, made.supersedes_id = version_id, newest.version + 1, newest.id
    made.removed, made.author_id, made.author_name, made.made_at = removed, by.account_id, by.name, now()
    _succeed(session, newest, made)
    _record(session, made, by, "layer.remove" if removed else "layer.restore", newest)
    return made


def _version_of(
    operation_id: UUID, country: str | None, draft: LayerDraft, content: PackedEvents, by: Actor
) -> EventLayer:
    columns = draft.model_dump() | {name: getattr(draft, name).value for name in ("kind", "audience", "classification")}
    west, south, east, north = content.bounds or (None, None, None, None)
    return EventLayer(
        **columns,
        version=1,
        content_id=draft.id,
        operation_id=operation_id,
        country=country,
        accepted=content.accepted,
        refused=content.refused,
        west=west,
        south=south,
        east=east,
        north=north,
        findings=[sentence_json(each) for each in content.findings],
        size=len(content.data),
        sha256=hashlib.sha256(content.data).hexdigest(),
        **rows.author(by),
    )


def _said(layer: EventLayer) -> str:
    """Return the fingerprint of what the author wrote in a version."""
    own = layer.model_dump(mode="json", exclude={"version", "current", "author_name", "made_at"})
    return fingerprint(own)


def _refuse(draft: LayerDraft, content: PackedEvents) -> None:
    if content.accepted < 1:
        raise RuleBroken(
            "content", "No row of this file can be used. Check why the rows were left out, and change the mapping."
        )
    if len(content.data) > CONTENT_LIMIT:
        raise RuleBroken(
            "content",
            "This layer is too large: it has {size} MiB, and {limit} can be kept. Split it by period or by region.",
            size=-(-len(content.data) // 2**20),
            limit=CONTENT_LIMIT // 2**20,
        )
    if draft.retrieved > now().date() + timedelta(days=1):  # a day of tolerance: further east it is tomorrow already
        raise RuleBroken("retrieved", "The day on which the file was fetched lies in the future.")
    if len(str(plain(draft.mapping))) > MAPPING_LIMIT:
        raise RuleBroken("mapping", "The table has too many columns: leave out those that are not needed.")
    screen(draft.mapping, "mapping")


def _succeed(session: Session, newest: EventLayer | None, made: EventLayer) -> None:
    if newest is not None:
        newest.current = False
        session.add(newest)
        session.flush()
    session.add(made)
    session.flush()


def _record(session: Session, made: EventLayer, by: Actor, act: str, newest: EventLayer | None) -> None:
    journal.record(
        session,
        by,
        act,
        "event_layer",
        made.layer_id,
        operation=made.operation_id,
        country=made.country,
        audience=_heard_by(session, made, newest),
        kind=made.kind,
        version=made.version,
        accepted=made.accepted,
        refused=made.refused,
    )


def _heard_by(session: Session, *versions: EventLayer | None) -> pulse.Audience:
    """Return the audience of these versions of a layer: whoever sees one of them.

    All members of an operation are cleared for layers marked no higher than it.
    """
    found = [each for each in versions if each is not None]
    owner: plan.Operation = session.exec(select(plan.Operation).where(plan.Operation.id == found[0].operation_id)).one()
    rank = Classification(owner.classification).rank
    for each in found:
        if each.audience == PlanAudience.PARTICIPANTS and Classification(each.classification).rank <= rank:
            return withholding.country_audience(session, each.operation_id, each.country)
    return pulse.CENTRE | pulse.countries(found[0].country)
