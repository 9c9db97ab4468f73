"""Claims: lines that may tell one event are suspected, opened, answered by their countries and settled (1.6.5, 6.5).

If they are one event it counts once, at the place where it happened, and each country keeps its line with its role. If
not, that is remembered: the same lines are never suggested again. Totals move in the transaction of the decision, and
back where a claim is opened again. So it is with the files of one case, which counts for the country that leads it; and
with one person who was arrested in two operations, but that the figures of each stay as they are: what is added up over
operations counts the person once.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from sqlmodel import Session, col, select

from operations.claims import claim_figures, claim_pointers, person_suggestions, suggestions
from operations.claims.claim_rows import Claim, ClaimLine, ClaimStep, ClaimWord, facts_of, lines_of, place_of
from operations.claims.claim_states import (
    ANSWER_WITHIN,
    LIFE,
    MOVES,
    ONE_CASE,
    REASONED,
    ClaimFacts,
    ClaimState,
    said_of,
)
from operations.claims.suggestions import ReportedLine, Suggestion
from operations.core import journal, rows, state_machine, state_tables
from operations.core.clock import now
from operations.core.drafts import Draft, Words
from operations.core.errors import Flaw, NotFound, NotPermitted, RuleBroken
from operations.core.field_labels import N_, Label
from operations.core.ids import new_id
from operations.core.people import Actor, System
from operations.core.permissions import Act, require
from operations.core.store import alone, unscoped
from operations.core.vocabulary import OperationState
from operations.policing.operation import plan
from operations.policing.reports import states as report_states
from operations.totals.claim_adjustments import AGAIN

_S = ClaimState
MOST = 50
"""So many claims are suspected at once: the likeliest; the others when these are settled."""
_PERSONS = UUID(int=0x636C61696D)
"""Whoever looks for persons in several operations is alone with that: their numbers are one series."""

# ---------------------------------------------------------------------------------------------------- drafts


class OpenDraft(Draft):
    """How a claim is opened: the line that counts if it is one event, and the role of the other countries."""

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
    """What a country says of a claim. Who says that they are several says why."""

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
    """What who asks may do with a claim now. That it is closed because a line fell away, only where one did."""
    found = [
        replace(each, step=replace(each.step, words=said_of(claim, each.step.words), why=said_of(claim, each.step.why)))
        for each in LIFE.offers(claim, facts, facts.by)
    ]
    return [each for each in found if each.step.after is not _S.LAPSED or not each.obstacles]


def facts(session: Session, claim: Claim, by: Actor) -> ClaimFacts:
    """What the steps of a claim depend on now."""
    return facts_of(session, [claim], by)[claim.id]


def may_open(claim: Claim, facts: ClaimFacts) -> bool:
    """Whether who asks may open now what is suspected: what was settled is opened again as a step, with a reason."""
    step = LIFE.step(_S.SUSPECTED, _S.OPEN)
    return (
        step is not None
        and claim.state == step.before
        and LIFE.may(claim, facts, step, facts.by)
        and not LIFE.obstacles(claim, facts, step)
    )


def may_answer(claim: Claim, facts: ClaimFacts) -> bool:
    """Whether who asks may answer for a country of the claim, or change its answer, now."""
    step = LIFE.step(claim.state, _S.AGREED)
    return step is not None and LIFE.may(claim, facts, step, facts.by) and not LIFE.obstacles(claim, facts, step)


def hindered(claim: Claim, facts: ClaimFacts) -> tuple[Flaw, ...]:
    """Why who answers for a country of the claim cannot answer now, while it is open."""
    step = LIFE.step(claim.state, _S.AGREED)
    return LIFE.obstacles(claim, facts, step) if step and LIFE.may(claim, facts, step, facts.by) else ()


def key_of(line: ClaimLine) -> str:
    """How the draft that opens a claim names a line."""
    return f"{line.report_id}:{line.line_id}"


def suggested(lines: Sequence[ClaimLine]) -> OpenDraft:
    """How a claim would be opened as it is suspected: the first line counts, the others in their role."""
    role = next((each.role for each in lines if each.role in ("requesting", "intelligence")), "assisting")
    return OpenDraft.model_validate({"counts": key_of(lines[0]), "role": role})


# ----------------------------------------------------------------------------------------------------- verbs


def suspect(session: Session, operation_id: UUID, by: Actor | System) -> list[Claim]:
    """Look for lines that may tell one event, and write down what is suspected; nothing of it is merged.

    What was judged before is never suggested again. Raises RuleBroken where nothing moves in the operation.
    """
    operation = (
        session.get_one(plan.Operation, operation_id)
        if isinstance(by, System)
        else (plan.hold(session, operation_id, by))
    )
    if isinstance(by, Actor):
        require(by, Act.CLAIM_OPEN, plan.subject(operation))
    if operation.state not in MOVES:
        raise RuleBroken("", "Nothing moves in the operation as it is now: its claims stay as they are.")
    alone(session, operation_id)
    made = _suspect(session, by, operation_id, lambda known: suggestions.suggestions(session, operation_id, known))
    alone(session, _PERSONS)
    within = [each.id for each in plan.operations(session, by)] if isinstance(by, Actor) else None
    persons = _suspect(
        session, by, None, lambda known: person_suggestions.persons(session, operation_id, within, known)
    )
    return [*made, *persons]


Known = Iterable[Iterable[tuple[UUID, UUID]]]


def _suspect(
    session: Session, by: Actor | System, operation_id: UUID | None, found: Callable[[Known], list[Suggestion]]
) -> list[Claim]:
    """Keep what is found of one operation, or of several (None), beside what was suspected of them before."""
    before = session.exec(unscoped(select(Claim).where(col(Claim.operation_id) == operation_id))).all()
    lines = lines_of(session, [each.id for each in before if each.state != _S.LAPSED])
    known = [[(line.report_id, line.line_id) for line in each] for each in lines.values()]
    going = sum(each.state == _S.SUSPECTED for each in before)
    last = max((each.number for each in before), default=0)
    made = []
    for number, each in enumerate(found(known)[: max(MOST - going, 0)], start=last + 1):
        claim = Claim(
            id=new_id(),
            operation_id=operation_id,
            number=number,
            kind=each.kind,
            line_kind=each.line_kind,
            countries=" ".join(sorted({line.country for line in each.lines})),
            score=each.score,
            grounds=list(each.grounds),
            suspected_at=now(),
        )
        session.add(claim)
        session.flush()
        _put_lines(
            session, claim, each.lines, "requesting" if "notice" in each.grounds and not claim.across else "assisting"
        )
        if claim.across:
            claim_pointers.told(session, claim, (line.operation for line in each.lines))
        record(session, by, "claim.suspect", claim, line_kind=claim.line_kind)
        made.append(claim)
    return made


def _put_lines(session: Session, claim: Claim, lines: Sequence[ReportedLine], role: str) -> None:
    """Write the lines down in their order: the first counts, those of its country are said again."""
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
    """An analyst opens a claim: from now on its countries see the lines in dispute, and have until then to answer.

    Raises RuleBroken for a line that is none of it, where lines do not stand any more, or a country has left.
    """
    claim = hold(session, claim_id, by)
    known = facts(session, claim, by)
    step = LIFE.way(claim, _S.OPEN)
    if not LIFE.may(claim, known, step, by) or not step.elsewhere:
        raise NotFound
    if flaws := LIFE.obstacles(claim, known, step):
        raise RuleBroken.all(flaws)
    first = next((each for each in known.lines if key_of(each) == draft.counts), None)
    if first is None:
        raise RuleBroken("counts", "Choose the line that counts: one of those in dispute.")
    begin(session, claim, [first, *(each for each in known.lines if each is not first)], draft.role, by)
    return claim


def begin(session: Session, claim: Claim, lines: Sequence[ClaimLine], role: str, by: Actor) -> None:
    """Open a claim that is suspected: its lines in their order, the first counts, the others stand in their role."""
    told = [ReportedLine(each.report_id, each.line_id, each.country, each.operation_id) for each in lines]
    _put_lines(session, claim, told, role)
    step = LIFE.go(claim, _S.OPEN)
    _begin(session, claim)
    claim_figures.note(session, claim)
    state_tables.keep(session, ClaimStep, claim, "", by)
    record(session, by, step.verb, claim, before=_S.SUSPECTED.value, after=claim.state)


def _begin(session: Session, claim: Claim) -> None:
    """From now on its countries have their time to answer."""
    claim.opened_at, claim.ended_at = now(), None
    claim.until = claim.opened_at + ANSWER_WITHIN
    ask(claim, claim.opened_at)
    session.add(claim)
    session.flush()


def ask(claim: Claim, at: datetime) -> None:
    """The countries of a claim are asked from now on: what they said before is over."""
    claim.round, claim.asked_at = claim.round + 1, at


def answer(session: Session, claim_id: UUID, draft: ClaimAnswerDraft, by: Actor) -> Claim:
    """A national coordinator says for the country whether the lines are one event; it can change until it is settled.

    Where all countries of the claim say the same, that settles it, and totals follow.
    """
    claim = hold(session, claim_id, by)
    known = facts(session, claim, by)
    step = LIFE.step(_S.OPEN, _S.AGREED)
    if step is None or not LIFE.may(claim, known, step, by):
        raise NotPermitted
    if claim.state != _S.OPEN:
        raise RuleBroken("", "The claim is settled or closed: reload it to see how.")
    if flaws := LIFE.obstacles(claim, known, step):
        raise RuleBroken.all(flaws)
    same = draft.same == "yes"
    if not same and not draft.words:
        raise RuleBroken("words", "Say why they are several: the other side reads it.")
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
    record(session, by, "claim.answer", claim, country=by.country, same=same)
    said = {**known.said, str(by.country): same}
    if set(said) >= set(claim.parties) and len(set(said.values())) == 1:
        step = LIFE.go(claim, _S.AGREED if same else _S.DIFFERENT)
        end(session, claim, "", by)
        record(session, by, step.verb, claim, **_late(claim, known), before=_S.OPEN.value, after=claim.state)
    return claim


def take(session: Session, claim_id: UUID, to: ClaimState, by: Actor, words: str = "") -> Claim:
    """Take a claim a step further by hand: dismiss it, decide it one way or the other, close it, or look at it again.

    What is opened again counts as before it was settled, and its countries answer anew. A snapshot that was signed
    meanwhile stays as it is. Raises RuleBroken with what stands in the way, and NotPermitted.
    """
    claim = hold(session, claim_id, by)
    known, before = facts(session, claim, by), claim.state
    step, words = LIFE.take(claim, known, to, by, words)
    claim.reason = words if to in REASONED else ""
    if to is _S.SUSPECTED:
        suspect_again(session, claim, words, by)
    elif to is _S.OPEN:
        _begin(session, claim)
        claim_figures.reopened(session, claim)
        state_tables.keep(session, ClaimStep, claim, words, by)
    else:
        end(session, claim, words, by)
        if to is _S.DISMISSED:
            claim_pointers.dismissed(session, claim, by)
    more = _late(claim, known) if to in (_S.DECIDED, _S.OPEN) else {}
    record(session, by, step.verb, claim, **more, before=before, after=to.value)
    return claim


def suspect_again(session: Session, claim: Claim, words: str, by: Actor) -> None:
    """What follows where a claim that was dismissed is suspected again."""
    claim.ended_at = None
    session.add(claim)
    session.flush()
    claim_pointers.asked_again(session, claim)
    state_tables.keep(session, ClaimStep, claim, words, by)


def _late(claim: Claim, known: ClaimFacts) -> dict[str, Any]:
    """What moves figures after the debriefing is marked; what is said of a person moves none of an operation."""
    late = not claim.across and known.operations[0].state in report_states.AFTERWARDS
    return report_states.marked(late=late)


def end(session: Session, claim: Claim, words: str, by: Actor) -> None:
    """What follows from the end of a claim."""
    claim.ended_at = now()
    session.add(claim)
    session.flush()
    claim_figures.settled(session, claim)
    state_tables.keep(session, ClaimStep, claim, words, by)


def hold(session: Session, claim_id: UUID, by: Actor) -> Claim:
    """The claim, kept from other writers, with who is alone with all reports that it moves. Raises NotFound.

    Its operation as well: of several operations none is moved.
    """
    claim = rows.one(session, Claim, claim_id)
    if claim.operation_id is not None:
        plan.hold(session, claim.operation_id, by)
    alone_with(session, claim)
    return rows.hold(session, Claim, claim_id)


def alone_with(session: Session, claim: Claim) -> None:
    """Nobody else is at the reports that a claim moves."""
    lines = lines_of(session, [claim.id])[claim.id]
    for report in sorted({*(each.report_id for each in lines), *claim_figures.told_with(session, lines)}):
        alone(session, report)


# ---------------------------------------------------------------------------------------------------- journal


def record(
    session: Session, by: Actor | System, act: str, of: Claim, country: str | None = None, **detail: Any
) -> None:
    """Of one person in several operations each of them is told in which anything is still written."""
    operations = {each.operation_id for each in lines_of(session, [of.id])[of.id]}
    if of.across:
        open_ = select(plan.Operation.id).where(
            col(plan.Operation.id).in_(operations), plan.Operation.state != OperationState.ARCHIVED.value
        )
        operations = set(session.exec(unscoped(open_)))
    for operation in sorted(operations):
        where: dict[str, Any] = {"operation": operation, "country": country}
        journal.record(session, by, act, "claim", of.id, **where, number=of.named, kind=of.kind, **detail)
