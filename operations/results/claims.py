"""Claims: lines that may tell one event are suspected, opened, answered by their countries and settled (1.6.5, 6.5).

If they are one event it counts once, at the place where it happened, and each country keeps its line with its role. If
not, that is remembered: the same lines are never suggested again. Totals move in the transaction of the decision.
"""

from collections.abc import Mapping, Sequence
from typing import Annotated, Any, Literal, NamedTuple
from uuid import UUID

from sqlmodel import Session, col, select

from operations.core import journal, life, rows
from operations.core.clock import now
from operations.core.drafts import Draft, Words
from operations.core.errors import NotFound, RuleBroken
from operations.core.hearing import moves_what_all_see
from operations.core.ids import new_id
from operations.core.people import Actor, System
from operations.core.permissions import Act, require
from operations.core.said import N_, Said
from operations.core.store import alone, unscoped
from operations.measures import claimed
from operations.measures.claimed import AGAIN, Claimed
from operations.measures.steps import packed
from operations.measures.totals import FACETS
from operations.policing.map_plan.places import Site
from operations.policing.operation import plan
from operations.policing.reports import events
from operations.policing.reports import states as report_states
from operations.policing.reports.counting import join, standing_lines, when_it_moves
from operations.policing.reports.versions import Report
from operations.results import suggestions
from operations.results.claim_rows import (
    ANSWER_WITHIN,
    LIFE,
    MOVES,
    ONE_EVENT,
    SEVERAL,
    Claim,
    ClaimLine,
    ClaimState,
    ClaimWord,
    Facts,
    facts_of,
    lines_of,
)

_S = ClaimState
MOST = 50
"""So many claims are suspected at once: the likeliest; the others when these are settled."""
MATCHED = (suggestions.NOTICE, *suggestions.FIELDS)
"""All that a country learns of another's line beside its kind, place, time and count."""

# ---------------------------------------------------------------------------------------------------- drafts


class OpenDraft(Draft):
    """How a claim is opened: the line that counts if it is one event, and the role of the other countries."""

    counts: Annotated[
        str,
        Said(N_("The line that counts, if it is one event"), N_("That of the place where it happened."), draws="one"),
    ]
    role: Annotated[
        Literal["requesting", "intelligence", "assisting"],
        Said(
            N_("Role of the other countries"),
            N_("Each keeps its line with its role. Lines of the same country are said again, and have none."),
            listed="CL-CLAIMROLE",
        ),
    ] = "assisting"


class AnswerDraft(Draft):
    """What a country says of a claim. Who says that they are several events says why."""

    same: Annotated[
        Literal["yes", "no"],
        Said(N_("Are the lines one event?"), choices={"yes": N_("It is one event"), "no": N_("They are several")}),
    ]
    words: Annotated[
        Words, Said(N_("In words"), N_("Needed where they are several. Other countries read it. No names."))
    ] = ""


# ------------------------------------------------------------------------------------------------- questions


class Side(NamedTuple):
    """A line in dispute as the other country sees it: what it was matched by, and nothing else of its report.

    Without `report` it does not stand any more. `said` are fields of MATCHED by name.
    """

    line: ClaimLine
    report: Report | None
    kind: str
    site: str
    quantity: int
    qualifier: str
    said: Mapping[str, str]


def offers(claim: Claim, facts: Facts) -> list[life.Offer[ClaimState]]:
    """What who asks may do with a claim now. That it is closed because a line fell away, only where one did."""
    found = LIFE.offers(claim, facts, facts.by)
    return [each for each in found if each.step.after is not _S.LAPSED or not each.obstacles]


def facts(session: Session, claim: Claim, operation: plan.Operation, by: Actor) -> Facts:
    """What the steps of a claim depend on now."""
    return facts_of(session, [claim], {operation.id: operation}, by)[claim.id]


def may_open(claim: Claim, facts: Facts) -> bool:
    """Whether who asks may open the claim now."""
    step = LIFE.step(claim.state, _S.OPEN)
    return step is not None and LIFE.may(claim, facts, step, facts.by) and not LIFE.obstacles(claim, facts, step)


def may_answer(claim: Claim, facts: Facts) -> bool:
    """Whether who asks may answer for a country of the claim, or change its answer, now."""
    step = LIFE.step(claim.state, _S.AGREED)
    return step is not None and LIFE.may(claim, facts, step, facts.by) and not LIFE.obstacles(claim, facts, step)


def key_of(line: ClaimLine) -> str:
    """How the draft that opens a claim names a line."""
    return f"{line.report_id}:{line.line_id}"


def suggested(lines: Sequence[ClaimLine]) -> OpenDraft:
    """How a claim would be opened as it is suspected: the first line counts, the others in their role."""
    role = next((each.role for each in lines if each.role in ("requesting", "intelligence")), "assisting")
    return OpenDraft.model_validate({"counts": key_of(lines[0]), "role": role})


def compare(session: Session, claim_id: UUID, by: Actor) -> list[Side]:
    """The lines in dispute, side by side: a consultation of the access trail, told to all their countries.

    Who belongs to a country sees the own line and of the others what they were matched by. Raises NotFound.
    """
    claim = rows.one(session, Claim, claim_id)
    operation = plan.operation(session, claim.operation_id, by)
    require(by, Act.CLAIM_COMPARE, plan.subject(operation))
    found = sides(session, claim)
    for country in claim.parties:
        journal.record(
            session, by, "claim.compare", "claim", claim.id, operation=operation.id, country=country,
            chain=journal.Chain.ACCESS, number=claim.number,
        )  # fmt: skip
    return found


def sides(session: Session, claim: Claim) -> list[Side]:
    """The lines in dispute with what they were matched by, in their order. For who may compare them."""
    lines = lines_of(session, [claim.id]).get(claim.id, [])
    stands = standing_lines(session, [each.report_id for each in lines])
    sites = {line.site_id for line, _report in stands.values()}
    names = dict(session.exec(unscoped(select(Site.id, Site.name).where(col(Site.id).in_(sites)))).all())
    found = []
    for each in lines:
        line, report = stands.get((each.report_id, each.line_id), (None, None))
        if line is None:
            found.append(Side(each, None, claim.line_kind, "", 0, "", {}))
            continue
        said = {name: str(line.attributes[name]) for name in MATCHED if line.attributes.get(name)}
        found.append(Side(each, report, line.kind, names[line.site_id], line.quantity, line.qualifier, said))
    return found


# ----------------------------------------------------------------------------------------------------- verbs


def suspect(session: Session, operation_id: UUID, by: Actor | System) -> list[Claim]:
    """Look for lines that may tell one event, and write down what is suspected; nothing of it is merged.

    What was judged before is never suggested again. Raises RuleBroken where nothing moves in the operation.
    """
    operation = session.get_one(plan.Operation, operation_id) if isinstance(by, System) else (
        plan.hold(session, operation_id, by)
    )  # fmt: skip
    if isinstance(by, Actor):
        require(by, Act.CLAIM_OPEN, plan.subject(operation))
    if operation.state not in MOVES:
        raise RuleBroken("", "Nothing moves in the operation as it is now: its claims stay as they are.")
    alone(session, operation_id)
    before = session.exec(unscoped(select(Claim).where(Claim.operation_id == operation_id))).all()
    lines = lines_of(session, [each.id for each in before if each.state != _S.LAPSED])
    known = [[(line.report_id, line.line_id) for line in each] for each in lines.values()]
    going = sum(each.state == _S.SUSPECTED for each in before)
    made = []
    found = suggestions.suggestions(session, operation_id, known)
    for number, each in enumerate(found[: max(MOST - going, 0)], start=len(before) + 1):
        claim = Claim(
            id=new_id(), operation_id=operation_id, number=number, kind=each.kind, line_kind=each.line_kind,
            countries=" ".join(sorted({country for _report, _line, country in each.lines})),
            score=each.score, grounds=list(each.grounds), suspected_at=now(),
        )  # fmt: skip
        session.add(claim)
        session.flush()
        _put_lines(session, claim, each.lines, "requesting" if "notice" in each.grounds else "assisting")
        _record(session, by, "claim.suspect", claim, line_kind=claim.line_kind)
        made.append(claim)
    return made


def _put_lines(session: Session, claim: Claim, lines: Sequence[tuple[UUID, UUID, str]], role: str) -> None:
    """Write the lines down in their order: the first counts, those of its country are said again."""
    for old in lines_of(session, [claim.id]).get(claim.id, []):
        session.delete(old)
    session.flush()
    seen: set[str] = set()
    for place, (report, line, country) in enumerate(lines):
        of = "arresting" if place == 0 else AGAIN if country in seen else role
        seen.add(country)
        session.add(
            ClaimLine(
                claim_id=claim.id, report_id=report, line_id=line, operation_id=claim.operation_id, country=country,
                place=place, role=of,
            )
        )  # fmt: skip
    session.flush()


def open_claim(session: Session, claim_id: UUID, draft: OpenDraft, by: Actor) -> Claim:
    """An analyst opens a claim: from now on its countries see the lines in dispute, and have until then to answer.

    Raises RuleBroken for a line that is none of it, where lines do not stand any more, or a country has left.
    """
    claim, operation = _hold(session, claim_id, by)
    known = facts(session, claim, operation, by)
    step = LIFE.way(claim, _S.OPEN)
    if not LIFE.may(claim, known, step, by):
        raise NotFound
    if flaws := LIFE.obstacles(claim, known, step):
        raise RuleBroken.all(flaws)
    lines = lines_of(session, [claim.id])[claim.id]
    first = next((each for each in lines if key_of(each) == draft.counts), None)
    if first is None:
        raise RuleBroken("counts", "Choose the line that counts: one of those in dispute.")
    ordered = [first, *(each for each in lines if each is not first)]
    _put_lines(session, claim, [(each.report_id, each.line_id, each.country) for each in ordered], draft.role)
    LIFE.go(claim, _S.OPEN)
    claim.opened_by, claim.opened_name, claim.opened_at = by.account_id, by.name, now()
    claim.until = claim.opened_at + ANSWER_WITHIN
    session.add(claim)
    session.flush()
    note(session, claim)
    _record(session, by, step.verb, claim, before=_S.SUSPECTED.value, after=claim.state)
    return claim


def answer(session: Session, claim_id: UUID, draft: AnswerDraft, by: Actor) -> Claim:
    """A national coordinator says for the country whether the lines are one event; it can change until it is settled.

    Where all countries of the claim say the same, that settles it, and totals follow.
    """
    claim, operation = _hold(session, claim_id, by)
    require(by, Act.CLAIM_ANSWER, plan.subject(operation, by.country))
    if claim.state != _S.OPEN:
        raise RuleBroken("", "The claim is settled or closed: reload it to see how.")
    known = facts(session, claim, operation, by)
    if flaws := LIFE.obstacles(claim, known, LIFE.way(claim, _S.AGREED)):
        raise RuleBroken.all(flaws)
    same = draft.same == "yes"
    if not same and not draft.words:
        raise RuleBroken("words", "Say why they are several events: the other side reads it.")
    session.merge(
        ClaimWord(
            claim_id=claim.id, country=str(by.country), operation_id=operation.id, same=same, words=draft.words,
            said_by=by.account_id, said_name=by.name, said_at=now(),
        )
    )  # fmt: skip
    _record(session, by, "claim.answer", claim, country=by.country, same=same)
    said = {**known.said, str(by.country): same}
    if set(said) >= set(claim.parties) and len(set(said.values())) == 1:
        to = _S.AGREED if same else _S.DIFFERENT
        step = LIFE.go(claim, to)
        _settle(session, claim)
        _record(session, by, step.verb, claim, **_late(operation), before=_S.OPEN.value, after=to.value)
    return claim


def take(session: Session, claim_id: UUID, to: ClaimState, by: Actor, words: str = "") -> Claim:
    """Take a claim a step further by hand: dismiss it, decide it one way or the other, or close it.

    Raises RuleBroken with what stands in the way, and NotPermitted.
    """
    claim, operation = _hold(session, claim_id, by)
    before = claim.state
    step, words = LIFE.take(claim, facts(session, claim, operation, by), to, by, words)
    claim.reason = words if to in LIFE.needing_reason() else ""
    claim.ended_name = by.name
    _settle(session, claim)
    more = _late(operation) if to is _S.DECIDED else {}
    _record(session, by, step.verb, claim, **more, before=before, after=to.value)
    return claim


def _late(operation: plan.Operation) -> dict[str, Any]:
    return report_states.marked(late=operation.state in report_states.AFTERWARDS)


def _settle(session: Session, claim: Claim) -> None:
    """What follows from the end of a claim: one event counts once, and boards hear that nothing is under review."""
    claim.ended_at = now()
    session.add(claim)
    session.flush()
    if claim.state in ONE_EVENT:
        lines = lines_of(session, [claim.id])[claim.id]
        join(session, claim.operation_id, [(each.report_id, each.line_id, each.country) for each in lines])
    note(session, claim)


def _hold(session: Session, claim_id: UUID, by: Actor) -> tuple[Claim, plan.Operation]:
    """The claim and its operation, kept from other writers, with who is alone with its reports. Raises NotFound."""
    claim = rows.one(session, Claim, claim_id)
    operation = plan.hold(session, claim.operation_id, by)
    for report in sorted({each.report_id for each in lines_of(session, [claim.id])[claim.id]}):
        alone(session, report)
    return rows.hold(session, Claim, claim_id), operation


# ---------------------------------------------------------------------------------------------------- figures

_FOUND = {
    **dict.fromkeys(ONE_EVENT, claimed.SAME),
    **dict.fromkeys(SEVERAL, claimed.OTHER),
    _S.OPEN: claimed.OPEN,
    _S.LAPSED: claimed.NONE,
}


def note(session: Session, claim: Claim) -> None:
    """Note for boards what a claim says of figures, once it was opened: its lines as they stand now."""
    if claim.opened_at is None:
        return
    lines = lines_of(session, [claim.id])[claim.id]
    stands = standing_lines(session, [each.report_id for each in lines])
    counts = {(lines[0].report_id, lines[0].line_id)}  # if it is one event
    if claim.state in ONE_EVENT:
        counts = events.counting(session, stands)
    told = []
    for each in lines:
        key = each.report_id, each.line_id
        line, report = stands.get(key, (None, None))
        level, quantity = (0, 0) if line is None or report is None else (report.level, line.quantity)
        facet = tuple("" if line is None else getattr(line, name) for name in FACETS)
        sides_ = packed("", "", "", 0, facet, 0, 0)[-1]
        told.append([each.country, each.role, level, key in counts, quantity, sides_])
    query = select(Claimed).where(Claimed.claim_id == claim.id)
    known = session.exec(unscoped(query)).one_or_none() or Claimed(
        claim_id=claim.id, operation_id=claim.operation_id, found="", opened_at=claim.opened_at, lines=[]
    )
    found = _FOUND[LIFE.now(claim)]
    if (known.found, known.lines) != (found, told):
        known.found, known.lines = found, told
        session.add(known)
        session.flush()
        moves_what_all_see(session)  # boards say how much is under review


@when_it_moves
def _follow(session: Session, report_id: UUID) -> None:
    """A report of which claims dispute lines has moved: boards follow."""
    known = select(ClaimLine.claim_id).where(ClaimLine.report_id == report_id)
    query = select(Claim).where(col(Claim.id).in_(known), col(Claim.opened_at).is_not(None))
    for claim in session.exec(unscoped(query)).all():
        note(session, claim)


# ---------------------------------------------------------------------------------------------------- journal


def _record(
    session: Session, by: Actor | System, act: str, of: Claim, country: str | None = None, **detail: Any
) -> None:
    where: dict[str, Any] = {"operation": of.operation_id, "country": country}
    journal.record(session, by, act, "claim", of.id, **where, number=of.number, kind=of.kind, **detail)
