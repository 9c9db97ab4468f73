"""Claims: lines that may be one event are suspected, opened, answered by countries and settled (1.6.5, 6.5).

If they are one event it counts once, at the place where it happened, and each country keeps its line with its role. If
not, that is remembered, and the same lines are never suggested again. Totals move in the transaction of the decision,
and back when a claim is reopened. Files of one case work alike: the case counts for the country that leads it. For one
person arrested in two operations the figures of each stay as they are, and sums over operations count the person once.
"""

from collections.abc import Iterable, Sequence, Set
from dataclasses import replace
from datetime import datetime
from typing import Annotated, Any, Literal, NamedTuple
from uuid import UUID

from sqlmodel import Session, col, select

from operations.claims import claim_figures, claim_pointers, person_suggestions, suggestions
from operations.claims.claim_rows import CLAIM, Claim, ClaimLine, ClaimWord, lines_of, place_of
from operations.claims.claim_states import (
    ANSWER_WITHIN,
    LIFE,
    MOVES,
    ONE_CASE,
    ClaimFacts,
    ClaimState,
    said_of,
)
from operations.claims.suggestions import SuggestedLine, Suggestion
from operations.core import rows, state_machine
from operations.core.clock import now
from operations.core.drafts import Draft, Words
from operations.core.errors import Flaw, NotFound, NotPermitted, RuleBroken
from operations.core.field_labels import N_, Label
from operations.core.ids import new_id
from operations.core.people import Actor, System
from operations.core.permissions import Act, require
from operations.core.store import alone, unscoped
from operations.policing.operation import plan
from operations.policing.reports import states as report_states
from operations.totals.claim_adjustments import AGAIN

_S = ClaimState
MOST = 50
"""The number of claims suspected at once: the likeliest first; others follow when these are settled."""
_PERSONS = UUID(int=0x636C61696D)
"""The lock of the search for persons in several operations: their claims share one series of numbers."""

# ---------------------------------------------------------------------------------------------------- drafts


class OpenDraft(Draft):
    """The draft that opens a claim: the line that counts if it is one event, and the role of the other countries."""

    counts: Annotated[
        str,
        Label(
            N_("The line that counts, if they are one"),
            N_("That of the place where it happened; of a case, that of the country that leads it."),
            draws="one",
        ),
    ]
    role: Annotated[
        Literal["requesting", "intelligence", "assisting"],
        Label(
            N_("Role of the others"),
            N_("Each keeps its line with its role. Lines of the same country are said again, and have none."),
            listed="CL-CLAIMROLE",
        ),
    ] = "assisting"


class ClaimAnswerDraft(Draft):
    """A country's answer to a claim. A reason is required where the lines are several events."""

    same: Annotated[
        Literal["yes", "no"],
        Label(
            N_("Are the lines one event, one person or one case?"),
            choices={"yes": N_("They are one"), "no": N_("They are several")},
        ),
    ]
    words: Annotated[
        Words, Label(N_("In words"), N_("Needed where they are several. Other countries read it. No names."))
    ] = ""


# ------------------------------------------------------------------------------------------------- questions


def offers(claim: Claim, facts: ClaimFacts) -> list[state_machine.StepOffer[ClaimState]]:
    """Return the steps open to the asker now; closing is offered only where a line fell away."""
    offered = [
        replace(
            offer, step=replace(offer.step, words=said_of(claim, offer.step.words), why=said_of(claim, offer.step.why))
        )
        for offer in LIFE.offers(claim, facts, facts.by)
    ]
    return [offer for offer in offered if offer.step.after is not _S.LAPSED or not offer.obstacles]


def may_open(claim: Claim, facts: ClaimFacts) -> bool:
    """Whether the asker may open a suspected claim now. Reopening a settled one is a step with a reason."""
    step = LIFE.step(_S.SUSPECTED, _S.OPEN)
    return (
        step is not None
        and claim.state == step.before
        and LIFE.may(claim, facts, step, facts.by)
        and not LIFE.obstacles(claim, facts, step)
    )


def may_answer(claim: Claim, facts: ClaimFacts) -> bool:
    """Whether the asker may answer for a country of the claim, or change its answer, now."""
    step = LIFE.step(claim.state, _S.AGREED)
    return step is not None and LIFE.may(claim, facts, step, facts.by) and not LIFE.obstacles(claim, facts, step)


def hindered(claim: Claim, facts: ClaimFacts) -> tuple[Flaw, ...]:
    """Return why a person who answers for a country of an open claim cannot answer now."""
    step = LIFE.step(claim.state, _S.AGREED)
    return LIFE.obstacles(claim, facts, step) if step and LIFE.may(claim, facts, step, facts.by) else ()


def key_of(line: ClaimLine) -> str:
    """Return the name of a line in the draft that opens a claim."""
    return f"{line.report_id}:{line.line_id}"


def suggested(lines: Sequence[ClaimLine]) -> OpenDraft:
    """Return the draft that opens a claim as suspected: the first line counts, the others have their role."""
    role = next((each.role for each in lines if each.role in ("requesting", "intelligence")), "assisting")
    return OpenDraft.model_validate({"counts": key_of(lines[0]), "role": role})


# ----------------------------------------------------------------------------------------------------- verbs


class ClaimSearch(NamedTuple):
    """Lines that may be one event, of one operation and of persons in several, and the reports' versions then."""

    operation: UUID
    events: list[Suggestion]
    persons: list[Suggestion]
    versions: dict[UUID, UUID]


def search(session: Session, operation_id: UUID, by: Actor | System) -> ClaimSearch:
    """Search for lines that may be one event. It compares all lines, so it is done before `suspect`."""
    within = [operation.id for operation in plan.operations(session, by)] if isinstance(by, Actor) else None
    events = suggestions.suggestions(session, operation_id, _judged(session, _claims(session, operation_id)))
    judged = _judged(session, _claims(session, None))
    persons = person_suggestions.persons(session, operation_id, within, judged)
    return ClaimSearch(operation_id, events, persons, suggestions.versions(session, [*events, *persons]))


def suspect(session: Session, operation_id: UUID, by: Actor | System, found: ClaimSearch | None = None) -> list[Claim]:
    """Store lines that may be one event as suspected claims; nothing is merged.

    `found`: the search of a moment ago; where there is none it is made here, while others wait. Lines judged before are
    never suggested again, and those of reports that changed since are left to the next search. Raises RuleBroken where
    the operation's figures no longer move.
    """
    operation = (
        session.get_one(plan.Operation, operation_id)
        if isinstance(by, System)
        else (plan.hold(session, operation_id, by))
    )
    if isinstance(by, Actor):
        require(by, Act.CLAIM_OPEN, plan.subject(operation))
    if operation.state not in MOVES:
        raise RuleBroken("", "Claims cannot change in the present state of the operation.")
    alone(session, operation_id)
    alone(session, _PERSONS)
    if found is None or found.operation != operation_id:
        found = search(session, operation_id, by)
    versions = suggestions.versions(session, [*found.events, *found.persons])
    stood = {report for report, version in versions.items() if found.versions.get(report) == version}
    made = _suspect(session, by, operation_id, found.events, stood)
    return [*made, *_suspect(session, by, None, found.persons, stood)]


def _claims(session: Session, operation_id: UUID | None) -> list[Claim]:
    return list(session.exec(unscoped(select(Claim).where(col(Claim.operation_id) == operation_id))))


def _judged(session: Session, before: Iterable[Claim]) -> list[list[tuple[UUID, UUID]]]:
    """Return the lines of claims before, by their reports, which are never suggested again."""
    lines = lines_of(session, [claim.id for claim in before if claim.state != _S.LAPSED])
    return [[(line.report_id, line.line_id) for line in each] for each in lines.values()]


def _suspect(
    session: Session, by: Actor | System, operation_id: UUID | None, found: Sequence[Suggestion], stood: Set[UUID]
) -> list[Claim]:
    """Store the suggestions for one operation, or for several (None), that nobody judged and whose reports `stood`."""
    before = _claims(session, operation_id)
    judged = suggestions.pairs(_judged(session, before))
    fresh = [
        each
        for each in found
        if judged.isdisjoint(suggestions.pairs([[line[:2] for line in each.lines]]))
        and all(line.report in stood for line in each.lines)
    ]
    going = sum(claim.state == _S.SUSPECTED for claim in before)
    last = max((claim.number for claim in before), default=0)
    made = []
    for number, suggestion in enumerate(fresh[: max(MOST - going, 0)], start=last + 1):
        claim = Claim(
            id=new_id(),
            operation_id=operation_id,
            number=number,
            kind=suggestion.kind,
            line_kind=suggestion.line_kind,
            countries=" ".join(sorted({line.country for line in suggestion.lines})),
            score=suggestion.score,
            grounds=list(suggestion.grounds),
            suspected_at=now(),
        )
        session.add(claim)
        session.flush()
        _put_lines(
            session,
            claim,
            suggestion.lines,
            "requesting" if "notice" in suggestion.grounds and not claim.across else "assisting",
        )
        if claim.across:
            claim_pointers.create_pointers(session, claim, (line.operation for line in suggestion.lines))
        CLAIM.entry(session, by, "claim.suspect", claim, line_kind=claim.line_kind)
        made.append(claim)
    return made


def _put_lines(session: Session, claim: Claim, lines: Sequence[SuggestedLine], role: str) -> None:
    """Store the lines in order: the first counts; later lines of its country and operation are repetitions."""
    for old in lines_of(session, [claim.id]).get(claim.id, []):
        session.delete(old)
    session.flush()
    seen: set[tuple[str, UUID]] = set()
    first = "leading" if claim.kind == ONE_CASE else "arresting"
    for place, (report, line, country, operation) in enumerate(lines):
        of = first if place == 0 else AGAIN if (country, operation) in seen else role
        seen.add((country, operation))
        session.add(
            ClaimLine(
                claim_id=claim.id,
                report_id=report,
                line_id=line,
                operation_id=operation,
                country=country,
                place=place,
                role=of,
            )
        )
    session.flush()


def open_claim(session: Session, claim_id: UUID, draft: OpenDraft, by: Actor) -> Claim:
    """Open a claim, as an analyst: its countries see the disputed lines from now on, and may answer for a limited time.

    Raises RuleBroken for a line that is not part of it, if its lines are no longer valid, or if a country has left.
    """
    claim = hold(session, claim_id, by)
    known = CLAIM.facts_of(session, claim, by)
    step = LIFE.way(claim, _S.OPEN)
    if not LIFE.may(claim, known, step, by) or not step.elsewhere:
        raise NotFound
    if flaws := LIFE.obstacles(claim, known, step):
        raise RuleBroken.all(flaws)
    first = next((line for line in known.lines if key_of(line) == draft.counts), None)
    if first is None:
        raise RuleBroken("counts", "Choose which of the disputed lines counts.")
    begin(session, claim, [first, *(line for line in known.lines if line is not first)], draft.role, by)
    return claim


def begin(session: Session, claim: Claim, lines: Sequence[ClaimLine], role: str, by: Actor) -> None:
    """Open a suspected claim with its lines in order: the first counts, the others have their role."""
    told = [SuggestedLine(line.report_id, line.line_id, line.country, line.operation_id) for line in lines]
    _put_lines(session, claim, told, role)
    step = CLAIM.follow(session, claim, _S.OPEN, by)
    _begin(session, claim)
    claim_figures.note(session, claim)
    CLAIM.journal(session, claim, step, by)


def _begin(session: Session, claim: Claim) -> None:
    """Start the time that its countries have to answer."""
    claim.opened_at, claim.ended_at = now(), None
    claim.until = claim.opened_at + ANSWER_WITHIN
    ask(claim, claim.opened_at)
    session.add(claim)
    session.flush()


def ask(claim: Claim, at: datetime) -> None:
    """Ask the countries of a claim from now on; earlier answers are void."""
    claim.round, claim.asked_at = claim.round + 1, at


def answer(session: Session, claim_id: UUID, draft: ClaimAnswerDraft, by: Actor) -> Claim:
    """Answer whether the lines are one event, as a national coordinator; the answer may change until it is settled.

    If all countries of the claim say the same, it is settled and totals follow. Raises NotPermitted and RuleBroken.
    """
    claim = hold(session, claim_id, by)
    known = CLAIM.facts_of(session, claim, by)
    step = LIFE.step(_S.OPEN, _S.AGREED)
    if step is None or not LIFE.may(claim, known, step, by):
        raise NotPermitted
    if claim.state != _S.OPEN:
        raise RuleBroken("", "The claim is settled or closed: reload it to see how.")
    if flaws := LIFE.obstacles(claim, known, step):
        raise RuleBroken.all(flaws)
    same = draft.same == "yes"
    if not same and not draft.words:
        raise RuleBroken("words", "Say why these are several events. The other country will read your reason.")
    place = place_of((each.id for each in known.operations), known.lines, by) or known.lines[0].operation_id
    session.merge(
        ClaimWord(
            claim_id=claim.id,
            country=str(by.country),
            round=claim.round,
            operation_id=place,
            same=same,
            words=draft.words,
            said_by=by.account_id,
            said_name=by.name,
            said_at=now(),
        )
    )
    CLAIM.entry(session, by, "claim.answer", claim, country=by.country, same=same)
    said = {**known.said, str(by.country): same}
    if set(said) >= set(claim.parties) and len(set(said.values())) == 1:
        step = CLAIM.follow(session, claim, _S.AGREED if same else _S.DIFFERENT, by)
        end(session, claim)
        CLAIM.journal(session, claim, step, by, **_late(session, claim))
    return claim


def take(session: Session, claim_id: UUID, to: ClaimState, by: Actor, words: str = "") -> Claim:
    """Take a step of a claim by hand: dismiss it, decide it, close it, or look at it again.

    A reopened claim counts as before it was settled, and its countries answer anew. A snapshot signed in the meantime
    stays as it is. Raises RuleBroken with the obstacles, and NotPermitted.
    """
    claim = hold(session, claim_id, by)
    again = {"reason": ""} if to is _S.SUSPECTED else {}
    step = CLAIM.step(session, claim, to, by, words, **again)
    if to is _S.SUSPECTED:
        suspect_again(session, claim)
    elif to is _S.OPEN:
        _begin(session, claim)
        claim_figures.reopened(session, claim)
    else:
        end(session, claim)
        if to is _S.DISMISSED:
            claim_pointers.dismissed(session, claim, by)
    CLAIM.journal(session, claim, step, by, **(_late(session, claim) if to in (_S.DECIDED, _S.OPEN) else {}))
    return claim


def suspect_again(session: Session, claim: Claim) -> None:
    """Apply the return of a dismissed claim to suspected."""
    claim.ended_at = None
    session.add(claim)
    session.flush()
    claim_pointers.asked_again(session, claim)


def _late(session: Session, claim: Claim) -> dict[str, Any]:
    """Mark changes of figures after the debriefing; claims about a person change no figure of an operation."""
    of = rows.one(session, plan.Operation, claim.operation_id) if claim.operation_id else None
    return report_states.marked(late=of is not None and of.state in report_states.AFTERWARDS)


def end(session: Session, claim: Claim) -> None:
    """Apply the end of a claim."""
    claim.ended_at = now()
    session.add(claim)
    session.flush()
    claim_figures.settled(session, claim)


def hold(session: Session, claim_id: UUID, by: Actor) -> Claim:
    """Return the claim locked for update, with locks on all reports that it moves. Raises NotFound.

    Its operation is locked too; a claim over several operations moves none of them.
    """
    claim = rows.one(session, Claim, claim_id)
    if claim.operation_id is not None:
        plan.hold(session, claim.operation_id, by)
    alone_with(session, claim)
    return CLAIM.hold(session, claim_id)


def alone_with(session: Session, claim: Claim) -> None:
    """Lock the reports that a claim moves."""
    lines = lines_of(session, [claim.id])[claim.id]
    for report in sorted({*(each.report_id for each in lines), *claim_figures.told_with(session, lines)}):
        alone(session, report)
