"""Content of a map file: its shapes in groups, what each would be on the plan, and what stands against that."""

import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from uuid import UUID

from pydantic import ValidationError
from sqlmodel import Session

from dashboard.server.lazy_modules import geometry, packing, shapes
from dashboard.wording import N_, coded, sentence
from operations.core.drafts import flaws_of
from operations.core.errors import Flaw, MusterError, RuleBroken
from operations.core.people import Actor
from operations.core.vocabulary import MapObjectKind, MapState
from operations.policing.layers import uploads
from operations.policing.map_plan import map_files, places
from operations.policing.map_plan.map_files import FileObject
from operations.policing.map_plan.places import MapObjectDraft, PlanAudience
from operations.policing.map_plan.shapes import MeasuredShape

if TYPE_CHECKING:
    from geodata.intake.table import FileTable

SHAPE_ALONE = ""
"""The kind comes from the shape alone, and from no column."""
LEFT_OUT = "none"
GROUPS = 40
"""Groups that a person can give a kind: a column with more different values holds no kinds."""

_NAMES = ("name", "callsign", "title", "label", "nom", "nombre")
_NOTES = ("note", "description", "desc", "remarks", "cmt", "comment")
_KINDS = ("kind", "folder", "layer", "type", "sym")
_NO_SHAPE = N_("This row has no shape.")
_KNOWN = N_("The same object is on the plan already.")
_USUAL = {"Point": MapObjectKind.CHECKPOINT, "Line": MapObjectKind.ROUTE, "Area": MapObjectKind.AREA}
_TAK = {"b-m-p-s-p-op": MapObjectKind.OBSERVATION_POST, "b-m-p-c": MapObjectKind.CHECKPOINT}
_FORM = {
    "Point": "Point",
    "LineString": "Line",
    "MultiLineString": "Line",
    "Polygon": "Area",
    "MultiPolygon": "Area",
}
FORMS = {"Point": N_("Points"), "Line": N_("Lines"), "Area": N_("Areas")}


@dataclass(frozen=True)
class MapFile:
    """A file that is being brought in: its name, its table, and its shapes with their numbers; several points in one
    row are several shapes."""

    name: str
    table: "FileTable"
    shapes: tuple[tuple[int, Any], ...]
    rows: tuple[int, ...]
    """The row of each shape."""

    bare: tuple[int, ...]
    """The rows without a shape."""

    @property
    def columns(self) -> tuple[str, ...]:
        """The headings of its table."""
        return self.table.columns

    def cell(self, place: int, column: str | None) -> str:
        """The text of a shape's row in a column; "" without a column."""
        return str(self.table.frame.at[self.rows[place], column]) if column in self.columns else ""


@dataclass(frozen=True)
class MapFileChoices:
    """What the person chose: the columns of names, notes and kinds, and the kind of each group."""

    names: str | None
    notes: str | None
    kinds: str | None
    of_group: Mapping[str, str] = field(default_factory=dict)
    state: MapState = MapState.PLANNED
    audience: PlanAudience = PlanAudience.PARTICIPANTS


@dataclass(frozen=True)
class Candidate:
    """A shape of the file as it would be on the plan; `flaw` says why it stays away, and is "" where it does not."""

    row: int
    name: str
    kind: str
    geometry: Mapping[str, Any]
    flaw: str
    made: tuple[MapObjectDraft, MeasuredShape] | None


def opened(session: Session, operation_id: UUID, token: str | None) -> MapFile:
    """Return the file of a token. Raises RuleBroken on `file` where it is gone, holds no shapes or too many."""
    try:
        upload_id = UUID(token or "")
    except ValueError:
        raise RuleBroken("file", "This file is no longer stored. Choose it again.") from None
    of, name = uploads.known(session, upload_id)
    if of != operation_id:
        raise RuleBroken("file", "This file is no longer stored. Choose it again.")
    packed = uploads.content(session, upload_id)
    _refuse_too_many(packing.row_count(packed))
    read = packing.unpacked(packed)
    if read.geometry is None:
        raise RuleBroken(
            "file",
            "This file is a table without shapes. Bring it in as a layer, or save it as KML, GeoJSON or GeoPackage.",
        )
    found = [
        (row, geometry.mapping(part))
        for row, shape in zip(read.frame.index, read.geometry, strict=True)
        if shape is not None
        for part in (shape.geoms if shape.geom_type == "MultiPoint" else (shape,))
    ]
    _refuse_too_many(len(found))
    if not found:
        raise RuleBroken("file", "The file holds no shape that can be used.")
    numbered = tuple((number, shape) for number, (_row, shape) in enumerate(found, start=1))
    rows = zip(read.frame.index, read.geometry, strict=True)
    bare = tuple(int(row) for row, shape in rows if shape is None)
    return MapFile(name, read, numbered, tuple(int(row) for row, _shape in found), bare)


def _refuse_too_many(count: int) -> None:
    if count > map_files.MOST:
        raise RuleBroken(
            "file",
            "The file holds {count} shapes. A plan takes {most} at once: divide the file, or bring it in as a layer.",
            count=count,
            most=map_files.MOST,
        )


def left_out(file: MapFile) -> Iterator[tuple[int, str]]:
    """Yield the rows that the reader left out, and those without a shape, each with the reason."""
    for refused in file.table.refused:
        yield refused.row, sentence(Flaw("", refused.template, refused.params))
    for row in file.bare:
        yield row, sentence(Flaw("", _NO_SHAPE))


# ------------------------------------------------------------------------------------------------------- choices


def suggested(file: MapFile) -> MapFileChoices:
    """Return the columns that their headings suggest."""
    kinds = _first(file.columns, _KINDS)
    if len(groups(file, kinds)) > GROUPS:
        kinds = None
    return MapFileChoices(_first(file.columns, _NAMES), _first(file.columns, _NOTES), kinds or SHAPE_ALONE)


def _first(columns: Sequence[str], wanted: Sequence[str]) -> str | None:
    known = {column.casefold(): column for column in reversed(columns)}
    return next((known[name] for name in wanted if name in known), None)


def groups(file: MapFile, kinds: str | None) -> dict[str, int]:
    """Return the groups of the file by key, the form of the shapes and the text in the column `kinds`, counted."""
    return dict(Counter(_group(file, place, kinds) for place in range(len(file.shapes))))


def _group(file: MapFile, place: int, kinds: str | None) -> str:
    return f"{_FORM[file.shapes[place][1]['type']]}|{file.cell(place, kinds)}"


def fitting(key: str) -> list[MapObjectKind]:
    """Return the kinds that the shapes of a group can have."""
    form = key.partition("|")[0]
    return [kind for kind, types in places.SHAPES.items() if any(_FORM[each] == form for each in types)]


def usual(key: str) -> str:
    """Return the kind that the text of a group names, else the usual one of its form; `LEFT_OUT` for a site."""
    form, _bar, text = key.partition("|")
    fits = fitting(key)
    named = {each.value: each for each in fits} | {coded("CL-MAPOBJECT", each).casefold(): each for each in fits}
    if text == "site":
        return LEFT_OUT
    return named.get(text.casefold(), _TAK.get(text, _USUAL[form])).value


# ------------------------------------------------------------------------------------------------------- objects


def candidates(
    session: Session, operation_id: UUID, file: MapFile, choices: MapFileChoices, import_id: UUID, by: Actor
) -> list[Candidate]:
    """Return what would be brought in; groups that are left out are not among it."""
    known = {
        (each.kind, each.name, _text_of(each.geometry))
        for each in places.objects(session, operation_id)
        if each.country == (by.country if by.national else None)
    }
    found = []
    for place, (number, drawn) in enumerate(file.shapes):
        key = _group(file, place, choices.kinds)
        kind = choices.of_group.get(key, usual(key))
        if kind == LEFT_OUT or kind not in fitting(key):
            continue
        name = file.cell(place, choices.names) or f"{coded('CL-MAPOBJECT', kind)} {number}"
        measured = shapes.measure(drawn)
        one = FileObject(number, name, MapObjectKind(kind), file.cell(place, choices.notes), measured)
        flaw, made = _judged(one, choices, import_id, by)
        if not flaw and (kind, name, _text_of(measured.geometry or {})) in known:
            flaw, made = sentence(Flaw("", _KNOWN)), None
        found.append(Candidate(file.rows[place], name, kind, measured.geometry or {}, flaw, made))
    return found


def _judged(
    one: FileObject, choices: MapFileChoices, import_id: UUID, by: Actor
) -> tuple[str, tuple[MapObjectDraft, MeasuredShape] | None]:
    try:
        places.refuse_shape(one.kind, one.shape, by.country if by.national else None)
        return "", (map_files.draft(import_id, one, choices.state, choices.audience), one.shape)
    except ValidationError as refused:
        return " ".join(sentence(each) for each in flaws_of(refused)), None
    except MusterError as refused:
        return sentence(refused), None


def _text_of(shape: Mapping[str, Any]) -> str:
    return json.dumps(shape, sort_keys=True)
