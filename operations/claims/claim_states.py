"""Claim states: the conditions of each step, who takes it, and which work items arise (domain 1.6.5).

Nothing is merged automatically. An analyst opens a suspicion; each country then sees the disputed lines and what they
were matched by, and says whether they are one event. Where countries do not agree in time, the coordinator decides.
"""

from collections.abc import Iterator, Mapping
from datetime import timedelta
from enum import StrEnum
from typing import TYPE_CHECKING, NamedTuple

from operations.core.clock import now
from operations.core.errors import Flaw
from operations.core.field_labels import N_
from operations.core.people import Actor
from operations.core.permissions import Act, may
from operations.core.state_machine import Life, Step, ways
from operations.core.worklist import DAYS, HOURS, TO_COORDINATOR, TO_LEADERSHIP, Waits
from operations.policing.operation import plan
from operations.policing.reports.states import AFTERWARDS, RUNNING

if TYPE_CHECKING:
    from operations.claims.claim_rows import Claim, ClaimLine

ANSWER_WITHIN = timedelta(hours=72)
"""How long countries have to answer before the coordinator decides."""


class ClaimState(StrEnum):
    """The states of a claim."""

    SUSPECTED = "suspected"
    OPEN = "open"
    AGREED = "agreed"
    DIFFERENT = "different"
    DECIDED = "decided"
    SEPARATED = "separated"
    DISMISSED = "dismissed"
    LAPSED = "lapsed"


MOVES = (*RUNNING, *AFTERWARDS)
"""The states of an operation in which claims are settled. A snapshot stays; later settlements are restatements."""
ACROSS = "two_operations"
"""The kind of a claim (CL-CLAIMKIND) that one person was arrested in two operations: it belongs to neither alone."""
ONE_CASE = "same_case"
"""The kind of a claim that investigation files are about one case."""
_S = ClaimState
GOING = (_S.SUSPECTED, _S.OPEN)
ONE_EVENT = (_S.AGREED, _S.DECIDED)
SEVERAL = (_S.DIFFERENT, _S.SEPARATED, _S.DISMISSED)
SETTLED = (*ONE_EVENT, _S.DIFFERENT, _S.SEPARATED)
"""The states decided by countries or the coordinator."""
REASONED = (_S.DECIDED, _S.SEPARATED, _S.DISMISSED)
"""The states that need a reason. The reason for reopening is stored with the step."""


class ClaimFacts(NamedTuple):
    """The conditions of a claim's steps besides its row: its lines, their operations, the asker, and valid lines.

    `said`: the countries' answers in this round. `left`: its countries that no longer take part in any operation in
    which they have a line of it.
    """

    operations: tuple[plan.Operation, ...]
    lines: tuple["ClaimLine", ...]
    by: Actor
    standing: int
    said: Mapping[str, bool]
    left: tuple[str, ...]


def stands(_claim: "Claim", facts: ClaimFacts) -> Iterator[Flaw]:
    """At least two of its lines are still valid."""
    if facts.standing < 2:
        yield Flaw("", N_("A line of this claim was withdrawn or corrected. Only the other line counts."))


def lapsed(_claim: "Claim", facts: ClaimFacts) -> Iterator[Flaw]:
    """Fewer than two of its lines are valid."""
    if facts.standing >= 2:
        yield Flaw("", N_("The lines are still valid. Say whether they are one event."))


def _opens(claim: "Claim", facts: ClaimFacts) -> Iterator[Flaw]:
    """Figures may move, its lines are valid, and all its countries take part and can answer."""
    yield from _agrees(claim, facts)
    if facts.left:
        yield Flaw("", N_("{countries} left the operation and cannot answer."), {"countries": list(facts.left)})


def _agrees(claim: "Claim", facts: ClaimFacts) -> Iterator[Flaw]:
    """Its lines are valid, and the operation lets figures move."""
    yield from running(claim, facts)
    yield from stands(claim, facts)


def _decides(claim: "Claim", facts: ClaimFacts) -> Iterator[Flaw]:
    """The time to answer is over, or all countries have answered without agreeing, or one can no longer answer."""
    yield from _agrees(claim, facts)
    if claim.until is None or now() >= claim.until or facts.left or set(claim.parties) <= set(facts.said):
        return
    missing = [each for each in claim.parties if each not in facts.said]
    words = N_("{countries} can still answer, until {moment}. The coordinator decides after that.")
    yield Flaw("", words, {"countries": missing, "moment": f"{claim.until:%Y-%m-%d %H:%M} UTC"})


def running(claim: "Claim", facts: ClaimFacts) -> Iterator[Flaw]:
    """An operation of the claim is running; of several one is enough, as claims about persons move no figure."""
    if any(each.state in MOVES for each in facts.operations):
        return
    if claim.across:
        yield Flaw("", N_("The operations of this claim are closed. The claim can no longer change."))
    else:
        yield Flaw("", N_("Claims cannot change in the present state of the operation."))


def _may(claim: "Claim", facts: ClaimFacts, step: Step[ClaimState], by: Actor) -> bool:
    """Countries answer for themselves; an analyst seconded by one of them judges none of its lines.

    A claim about a person in several operations is judged by an analyst who works for all of them; where none does,
    each operation answers for itself (`claim_pointers`), and an analyst of any closes a claim whose lines fell away. A
    coordinator of any decides: it moves no figure of the others, and where those are closed there is nobody else.
    """
    own = by.country if step.act is Act.CLAIM_ANSWER else None
    if (by.country in claim.parties) != (own is not None):
        return False
    allowed = [may(by, step.act, plan.subject(operation, own)) for operation in facts.operations]
    return all(allowed) if step.act is Act.CLAIM_OPEN and step.before is not _S.OPEN else any(allowed)


def _unanswered(_claim: "Claim", facts: ClaimFacts, by: Actor) -> bool:
    return by.country not in facts.said


_HERE, _ABOVE = "/operations/{operation}/claims?show={claim}", "/operations/{operation}/situation"
_TO_OPEN = Waits(
    N_("Claim {number} is suspected: open it, or dismiss it."),
    _HERE,
    "copy",
    "suspected_at",
    within=3 * DAYS,
    late=TO_COORDINATOR,
)
_TO_ANSWER = Waits(
    N_("Claim {number} is open: answer for your country."),
    _HERE,
    "copy",
    "asked_at",
    "until",
    late=TO_COORDINATOR,
    whose=_unanswered,
)
_TO_DECIDE = Waits(
    N_("Claim {number} is not agreed: decide it."),
    _HERE,
    "scale",
    "until",
    within=48 * HOURS,
    late=TO_LEADERSHIP,
    above=_ABOVE,
)
_TO_CLOSE = Waits(
    N_("A line of claim {number} does not stand any more: close the claim."),
    _HERE,
    "copy",
    "suspected_at",
    within=7 * DAYS,
    late=TO_COORDINATOR,
)
_ASTRAY = Flaw("", "This step is not possible now. Reload the page to see the current state.")
_ALL_SAY = "All its countries say so."
LIFE = Life(
    "claim",
    _S.SUSPECTED,
    (
        Step(
            _S.SUSPECTED, _S.OPEN, "claim.open", Act.CLAIM_OPEN, guard=_opens, waits=_TO_OPEN,
            elsewhere="The analyst says which line counts, and in which role the others stand.",
        ),
        Step(
            _S.SUSPECTED, _S.DISMISSED, "claim.dismiss", Act.CLAIM_OPEN, N_("They are several events"), "ban",
            N_("Why the lines are several events"), guard=stands, waits=_TO_OPEN,
        ),
        Step(_S.OPEN, _S.AGREED, "claim.agree", Act.CLAIM_ANSWER, icon="copy-check", guard=_agrees, waits=_TO_ANSWER,
             elsewhere=_ALL_SAY),
        Step(_S.OPEN, _S.DIFFERENT, "claim.differ", Act.CLAIM_ANSWER, icon="copy-off", guard=_agrees,
             elsewhere=_ALL_SAY),
        Step(
            _S.OPEN, _S.DECIDED, "claim.decide", Act.CLAIM_DECIDE, N_("Decide: one event"), "scale",
            N_("Why it is one event"), guard=_decides, waits=_TO_DECIDE,
        ),
        Step(
            _S.OPEN, _S.SEPARATED, "claim.separate", Act.CLAIM_DECIDE, N_("Decide: several events"), "scale",
            N_("Why they are several events"), guard=_decides, waits=_TO_DECIDE,
        ),
        *ways(
            (*SETTLED, _S.DISMISSED), _S.OPEN, "claim.reopen", Act.CLAIM_DECIDE, N_("Open it again"), "arrow-back-up",
            N_("Why it is looked at again"), guard=_opens,
        ),
        Step(
            _S.DISMISSED, _S.SUSPECTED, "claim.reconsider", Act.CLAIM_OPEN, N_("Suspect it again"), "arrow-back-up",
            N_("Why it is looked at again"), guard=_agrees,
        ),
        *ways(
            GOING, _S.LAPSED, "claim.lapse", Act.CLAIM_OPEN, N_("Close it"), "x", guard=lapsed, waits=_TO_CLOSE
        ),
    ),
    ends=(*ONE_EVENT, *SEVERAL, _S.LAPSED),
    may=_may,
    astray=_ASTRAY,
    words={
        _S.SUSPECTED: N_("Suspected"),
        _S.OPEN: N_("With the countries"),
        _S.AGREED: N_("One event, agreed"),
        _S.DIFFERENT: N_("Several events, agreed"),
        _S.DECIDED: N_("One event, decided"),
        _S.SEPARATED: N_("Several events, decided"),
        _S.DISMISSED: N_("No claim"),
        _S.LAPSED: N_("A line does not stand any more"),
    },
)  # fmt: skip

OF_A_PERSON = {
    N_("They are several events"): N_("They are several persons"),
    N_("Why the lines are several events"): N_("Why they are several persons"),
    N_("Decide: one event"): N_("Decide: one person"),
    N_("Why it is one event"): N_("Why it is one person"),
    N_("Decide: several events"): N_("Decide: several persons"),
    N_("Why they are several events"): N_("Why they are several persons"),
    N_("One event, agreed"): N_("One person, agreed"),
    N_("Several events, agreed"): N_("Several persons, agreed"),
    N_("One event, decided"): N_("One person, decided"),
    N_("Several events, decided"): N_("Several persons, decided"),
}
"""The wording of events, as it reads for a claim about one person in several operations."""
OF_A_CASE = {
    N_("They are several events"): N_("They are several cases"),
    N_("Why the lines are several events"): N_("Why they are several cases"),
    N_("Decide: one event"): N_("Decide: one case"),
    N_("Why it is one event"): N_("Why it is one case"),
    N_("Decide: several events"): N_("Decide: several cases"),
    N_("Why they are several events"): N_("Why they are several cases"),
    N_("One event, agreed"): N_("One case, agreed"),
    N_("Several events, agreed"): N_("Several cases, agreed"),
    N_("One event, decided"): N_("One case, decided"),
    N_("Several events, decided"): N_("Several cases, decided"),
}
"""The same for a claim about one case."""


def said_of(claim: "Claim", words: str) -> str:
    """Return the wording that fits the claim's kind."""
    known = OF_A_PERSON if claim.across else OF_A_CASE if claim.kind == ONE_CASE else {}
    return known.get(words, words)
