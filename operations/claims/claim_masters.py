"""Claim masters: which line of a claim is the master of which field, if its lines are one event (story 6.3).

The line that counts is the master of all fields, unless somebody chooses another line of its country, since a country
owns its figures. The lines themselves stay unchanged. Answers that countries gave before the choice expire: they answer
anew.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Annotated, Any, NamedTuple
from uuid import UUID

from pydantic import Field
from sqlmodel import Session

from operations.claims import claim_figures, claim_sides, claim_states, claims
from operations.claims.claim_rows import CLAIM, Claim, ClaimLine
from operations.claims.claim_sides import MATCHED, DisputedLine
from operations.claims.claim_states import LIFE, ClaimFacts, ClaimState
from operations.core.clock import now
from operations.core.drafts import Draft
from operations.core.errors import NotPermitted, RuleBroken
from operations.core.field_labels import N_, Label, labels_of
from operations.core.people import Actor
from operations.lines.kinds import KINDS
from operations.policing.reports import event_masters, shared_events
from operations.policing.reports.counting import standing_lines

_S = ClaimState
OTHERS = "particulars"
"""The name in the journal of claims between countries for fields that the other country may not know."""


class MasterDraft(Draft):
    """The fields for which another line than the one that counts is the master: codes of `MasterChoice`."""

    leads: Annotated[
        tuple[str, ...],
        Field(max_length=100),
        Label(
            N_("Where another line leads"),
            N_(
                "Left empty, the line that counts leads for all. Another one leads once it has climbed as high. "
                "Countries that have answered are asked again."
            ),
            draws="several",
        ),
    ] = ()


class MasterChoice(NamedTuple):
    """A field in which a line differs from the line that counts, so that it can be the master."""

    field: str
    place: int
    side: DisputedLine

    @property
    def code(self) -> str:
        """The code of this choice in a draft."""
        return f"{self.field}={claims.key_of(self.side.line)}"


def choices(found: Sequence[DisputedLine]) -> list[MasterChoice]:
    """Return the choices between lines side by side, limited to the fields that the reader may see."""
    first, *others = found
    if not first.stands:
        return []
    return [
        MasterChoice(name, place, side)
        for name in event_masters.fields(first.kind)
        for place, side in enumerate(others, start=1)
        if side.stands and side.line.country == first.line.country and _says(name, side) != _says(name, first)
    ]


def _says(field: str, side: DisputedLine) -> Any:
    if field == event_masters.COUNT:
        return side.quantity, side.qualifier, side.unit
    if field in (event_masters.PLACE, event_masters.TIME):
        report = side.report
        if report is None:
            return None
        return report.site_id if field == event_masters.PLACE else (report.period_from, report.period_to, side.day)
    return side.said.get(field)


def chosen(lines: Iterable[ClaimLine]) -> set[str]:
    """Return the choices made, as codes of a draft."""
    return {f"{name}={claims.key_of(line)}" for line in lines for name in line.leads}


def may_choose(claim: Claim, facts: ClaimFacts) -> bool:
    """Whether the asker may choose masters now: an analyst or a coordinator, while the claim is open."""
    return _judges(claim, facts) and claim.state == _S.OPEN and next(claim_states.running(claim, facts), None) is None


def _judges(claim: Claim, facts: ClaimFacts) -> bool:
    steps = LIFE.step(_S.SUSPECTED, _S.OPEN), LIFE.step(_S.OPEN, _S.DECIDED)
    return not claim.across and any(step is not None and LIFE.may(claim, facts, step, facts.by) for step in steps)


def giving(session: Session, lines: Iterable[ClaimLine]) -> set[tuple[UUID, UUID]]:
    """Return the lines, by report and line, that give fields they lead to the counting line. Applies no permissions."""
    every = list(lines)
    told = {
        (line.report_id, line.line_id): shared_events.event_ids(session, line.report_id) for line in every if line.leads
    }
    known = shared_events.lines_of(session, {event for (_of, line), of in told.items() if (event := of.get(line))})
    return {(line.report_id, line.line_id) for of in known.values() for line in of if line.says is not None}


def choose(session: Session, claim_id: UUID, draft: MasterDraft, by: Actor) -> Claim:
    """Set the fields for which another line is the master; fields that are not named go back to the line that counts.

    Raises NotPermitted, and RuleBroken for a choice that is not offered or does not fit together.
    """
    claim = claims.hold(session, claim_id, by)
    known = CLAIM.facts_of(session, claim, by)
    if not _judges(claim, known):
        raise NotPermitted
    if claim.state != _S.OPEN:
        raise RuleBroken("", "You can choose the leading line only while the countries are answering the claim.")
    if flaws := tuple(claim_states.running(claim, known)):
        raise RuleBroken.all(flaws)
    there = {choice.code: choice for choice in choices(claim_sides.sides(session, claim, known.lines, by))}
    before = chosen(known.lines)
    if set(draft.leads) - there.keys() - before:
        raise RuleBroken("leads", "This choice is no longer available. Reload the page to see the lines.")
    wanted = {*draft.leads}
    fields = [_field(each) for each in wanted]
    if len(set(fields)) < len(fields):
        raise RuleBroken("leads", "Choose one leading line for each field.")
    wanted |= {
        code for code in before - there.keys() if _field(code) not in fields
    }  # choices not shown to the asker stay
    if wanted == before:
        return claim
    decides = LIFE.step(_S.OPEN, _S.DECIDED)
    over = decides is not None and not LIFE.obstacles(claim, known, decides)
    for line in known.lines:
        key = claims.key_of(line)
        line.leads = [name for name in event_masters.fields(claim.line_kind) if f"{name}={key}" in wanted]
        session.add(line)
    _fits(session, claim, known.lines)
    if known.said:
        claims.ask(claim, now())
        claim.until = min(claim.until or now(), now()) if over else claim.until
        session.add(claim)
    session.flush()
    claim_figures.note(session, claim)
    told = told_of(claim, known.lines)
    CLAIM.entry(session, by, "claim.choose", claim, line_kind=claim.line_kind, leads=told, asks=bool(known.said))
    return claim


def _field(code: str) -> str:
    return code.partition("=")[0]


def told_of(claim: Claim, lines: Sequence[ClaimLine], by: Actor | None = None) -> dict[str, list[int]]:
    """Return which lines, numbered from 1, lead which fields; fields that only one country may see are named OTHERS.

    As all countries may read it, or as `by` may.
    """
    alone = len(claim.parties) == 1 or (by is not None and (not by.national or by.country == lines[0].country))
    places_of: dict[str, list[int]] = {}
    for place, line in enumerate(lines, start=1):
        for name in line.leads:
            open_to_all = alone or name in (event_masters.COUNT, event_masters.PLACE, event_masters.TIME, *MATCHED)
            places_of.setdefault(name if open_to_all else OTHERS, []).append(place)
    return {name: sorted(set(places)) for name, places in places_of.items()}


def _fits(session: Session, claim: Claim, lines: Sequence[ClaimLine]) -> None:
    """Refuse masters that do not fit together with the lines as of now. Raises RuleBroken."""
    stands = standing_lines(session, [each.report_id for each in lines])
    rows = [(stands[key][0], line.leads) for line in lines if (key := (line.report_id, line.line_id)) in stands]
    if (lines[0].report_id, lines[0].line_id) not in stands:
        return
    try:
        event_masters.merged_line(rows[0][0], rows)
    except RuleBroken as refused:
        asked = labels_of(KINDS[claim.line_kind])
        names: Mapping[str, str] = {name: said.label for name, said in asked.items()}
        raise RuleBroken(
            "leads",
            "The leading lines contradict each other. {what}: {why}",
            what=names.get(refused.flaws[0].field.rpartition(".")[2], KINDS[claim.line_kind].TITLE),
            why={"template": refused.flaws[0].template, "params": refused.flaws[0].params},
        ) from None
