"""Master lines of an event: which of its lines supplies which field; by default the counting line supplies all (story
6.3).

Selectable are the fields that enter figures: count, place, time, and each code and part by which figures are broken
down. A line leads only while it has the level of the counting line and is of the same country, whose figures are its
own.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from functools import cache
from uuid import UUID

from pydantic import ValidationError

from operations.core.drafts import flaws_of
from operations.core.errors import RuleBroken
from operations.lines.kinds import KINDS, as_json, from_json
from operations.lines.kinds.hit import Hit
from operations.lines.line import breakdown_fields, parts_of
from operations.policing.reports.shared_events import EventLine, contributing_lines
from operations.policing.reports.versions import Line
from operations.totals.totals import facet_of

COUNT, PLACE, TIME = "count_of", "place", "time"
_EVER = datetime.min.replace(tzinfo=UTC), datetime.max.replace(tzinfo=UTC)
_WITH_COUNT, _WITH_TIME = ("qualifier", "measure", "currency"), ("raw_at",)


@cache
def fields(kind: str) -> Mapping[str, tuple[str, ...]]:
    """Return the selectable fields of a kind of lines, each with its attributes.

    The answer to a hit and the hit it repeats are excluded: both belong to their own line.
    """
    model = KINDS[kind]
    own = (*_WITH_COUNT, *Hit.ANSWER, Hit.REPEATS)
    told = [name for name in (*breakdown_fields(model), *parts_of(model)) if name not in own]
    found = {PLACE: (), TIME: _of(kind, _WITH_TIME), **{name: (name,) for name in told}}
    return {COUNT: _of(kind, (model.COUNTS, *_WITH_COUNT)), **found} if model.COUNTS else found


def _of(kind: str, names: Iterable[str]) -> tuple[str, ...]:
    return tuple(name for name in names if name in KINDS[kind].model_fields)


def merged_line(first: Line, others: Sequence[tuple[Line, Sequence[str]]]) -> Line:
    """Return the counting line merged with the fields that other lines lead for, earlier ones first: a line of no
    version.

    Raises RuleBroken, by field, where the fields contradict each other, such as a part larger than its whole.
    """
    columns, said, free = first.model_dump(), dict(first.attributes), dict(fields(first.kind))
    for line, names in others:
        for name in [each for each in names if each in free]:
            for attribute in free.pop(name):
                said.pop(attribute, None)
                said |= {attribute: line.attributes[attribute]} if attribute in line.attributes else {}
            if name == PLACE:
                columns["site_id"] = line.site_id
            elif name == TIME:
                columns |= {each: getattr(line, each) for each in ("official_day", "phase_id", "phase_kind")}
    try:
        made = from_json(said)
    except ValidationError as error:
        raise RuleBroken.all(flaws_of(error)) from None
    facet = facet_of(made, columns["phase_kind"])._asdict()
    if isinstance(made, Hit):
        facet["status"] = first.status
    elif flaws := tuple(made.at_odds(columns["official_day"], *_EVER)):
        raise RuleBroken.all(flaws)
    return Line(**columns | facet | {"attributes": as_json(made), "quantity": made.quantity})


def merged_lines(every: Iterable[EventLine], lines: Iterable[Line]) -> dict[tuple[UUID | None, UUID], Line]:
    """Return the merged line of each event that differs from its counting line, by version and id of the latter.

    An event with a leading line outside `lines` is left out.
    """
    known: dict[tuple[UUID | None, UUID], Line] = {(line.version_id, line.id): line for line in lines}
    found: dict[tuple[UUID | None, UUID], Line] = {}
    for of in contributing_lines(every).values():
        told = [(each, known.get((each.says, each.line_id))) for each in of]
        counts = next((line for each, line in told if each.version_id is not None), None)
        if counts is not None and len(of) > 1 and None not in (line for _each, line in told):
            found[counts.version_id, counts.id] = merged_line(
                counts, [(line, each.leads) for each, line in told if line]
            )
    return found
