"""State machines of an evaluation (domain 1.6.12), and of each country's comment on its draft.

A country's comment has a state machine of its own, so that each comment is answered before the evaluation is final. An
evaluation moves on by itself after the last comment, the last decision on its recommendations, and the end of the last
of them.
"""

from collections.abc import Iterator
from enum import StrEnum
from typing import TYPE_CHECKING, NamedTuple

from operations.core import state_machine
from operations.core.clock import now
from operations.core.errors import Flaw
from operations.core.field_labels import N_
from operations.core.people import Actor
from operations.core.permissions import Act, may
from operations.core.vocabulary import codes
from operations.core.worklist import AGAIN, DAYS, Waits

if TYPE_CHECKING:
    from operations.evaluation.rows import Evaluation, EvaluationCountry

DAC, KIRKPATRICK = codes("CL-DAC"), codes("CL-KIRK")
"""The criteria that every evaluation judges, and the levels of training, in order."""
ZONE = "UTC"
"""Evaluation days are in UTC: evaluations belong to no place."""
TO_ANSWER = 21 * DAYS
"""The time that countries have to comment on the draft."""


class EvaluationState(StrEnum):
    """States of an evaluation."""

    PLANNED = "planned"
    COLLECTING = "collecting"
    DRAFT = "draft"
    CONSULTED = "consulted"
    FINAL = "final"
    DECIDED = "decided"
    FOLLOWED_UP = "followed_up"
    CLOSED = "closed"
    CANCELLED = "cancelled"


class WordState(StrEnum):
    """States of a country's comment on the draft."""

    CONCERNED = "concerned"
    ASKED = "asked"
    AGREED = "agreed"
    COMMENTED = "commented"
    ANSWERED = "answered"
    SILENT = "silent"


_S, _W = EvaluationState, WordState
WRITTEN_IN = (_S.COLLECTING, _S.CONSULTED)
"""The states in which methods, judgements and recommendations are written."""
EARLY = (_S.PLANNED, _S.COLLECTING, _S.CANCELLED)
"""The states in which no country reads findings and judgements."""
FINAL_STATES = (_S.FINAL, _S.DECIDED, _S.FOLLOWED_UP, _S.CLOSED)
"""The states in which it is final: its recommendations can be decided."""


class EvaluationFacts(NamedTuple):
    """Facts that the guards check beside the row: judgements, the number of methods with a finding, and the asker."""

    judged: frozenset[str]
    methods: int
    by: Actor


def required_criteria(about: str) -> tuple[str, ...]:
    """Return the criteria that an evaluation has to judge: the six; the levels of training where it is of a course."""
    return (*DAC, *KIRKPATRICK) if about == "course" else DAC


def _whole(found: "Evaluation", facts: EvaluationFacts) -> Iterator[Flaw]:
    """At least one method has a finding, and every criterion is judged or marked as not judgeable."""
    if not facts.methods:
        yield Flaw(
            "", N_("No method has a finding yet. Record a workshop, a visit or another method with its findings.")
        )
    if missing := len(set(required_criteria(found.about)) - facts.judged):
        yield Flaw("", N_("Not judged yet: {count}. Judge each, or say why that cannot be done."), {"count": missing})


def _may(_found: "Evaluation", _facts: EvaluationFacts, step: state_machine.Step[EvaluationState], by: Actor) -> bool:
    return may(by, step.act)


_HERE = "/evaluations?show={id}"
_RUN, _COMMENT = Act.EVALUATION_RUN, Act.EVALUATION_COMMENT
_TO_BEGIN = Waits(
    N_("The evaluation {title} is planned: begin collecting."),
    _HERE,
    "player-play",
    "moved_at",
    within=30 * DAYS,
    late=AGAIN,
)
_TO_DRAFT = Waits(
    N_("The evaluation {title} is collecting: judge, and send the draft to the countries."),
    _HERE,
    "clipboard-check",
    "moved_at",
    "until",
    late=AGAIN,
    anyway=True,
)
_TO_FINISH = Waits(
    N_("Every country has had its word on the evaluation {title}: make it final."),
    _HERE,
    "rubber-stamp",
    "moved_at",
    "until",
    late=AGAIN,
)
_TO_CLOSE = Waits(
    N_("Every recommendation of the evaluation {title} is at its end: close it."),
    _HERE,
    "rubber-stamp",
    "moved_at",
    within=30 * DAYS,
    late=AGAIN,
)
_CANCEL = (_S.CANCELLED, "evaluation.cancel", _RUN, N_("Cancel it"), "ban", N_("Why it is cancelled"))
LIFE = state_machine.Life(
    "evaluation",
    _S.PLANNED,
    (
        state_machine.Step(
            _S.PLANNED, _S.COLLECTING, "evaluation.collect", _RUN, N_("Begin collecting"), "player-play",
            waits=_TO_BEGIN,
        ),
        state_machine.Step(
            _S.COLLECTING, _S.DRAFT, "evaluation.draft", _RUN, N_("Send the draft to the countries"), "file-text",
            guard=_whole, waits=_TO_DRAFT,
        ),
        state_machine.Step(
            _S.DRAFT, _S.CONSULTED, "evaluation.consulted", _RUN, icon="message",
            elsewhere=N_("It follows by itself when each country has had its word, and each comment its answer."),
        ),
        state_machine.Step(
            _S.CONSULTED, _S.FINAL, "evaluation.final", _RUN, N_("It is final"), "rubber-stamp", waits=_TO_FINISH,
        ),
        state_machine.Step(
            _S.FINAL, _S.DECIDED, "evaluation.decided", _RUN, icon="bulb",
            elsewhere=N_("It follows by itself when each recommendation is decided."),
        ),
        state_machine.Step(
            _S.DECIDED, _S.FOLLOWED_UP, "evaluation.followed_up", _RUN, icon="check",
            elsewhere=N_("It follows by itself when each recommendation is followed up to its end."),
        ),
        state_machine.Step(
            _S.FOLLOWED_UP, _S.CLOSED, "evaluation.close", _RUN, N_("Close it"), "rubber-stamp",
            N_("What came of it"), waits=_TO_CLOSE,
        ),
        *state_machine.ways((_S.PLANNED, _S.COLLECTING), *_CANCEL),
    ),
    ends=(_S.CLOSED, _S.CANCELLED),
    may=_may,
    astray=Flaw("", "This step is not possible now. Reload the page to see the current state."),
    words={
        _S.PLANNED: N_("Planned"),
        _S.COLLECTING: N_("Collecting"),
        _S.DRAFT: N_("Draft with the countries"),
        _S.CONSULTED: N_("Consulted"),
        _S.FINAL: N_("Final"),
        _S.DECIDED: N_("Recommendations decided"),
        _S.FOLLOWED_UP: N_("Followed up"),
        _S.CLOSED: N_("Closed"),
        _S.CANCELLED: N_("Cancelled"),
    },
)  # fmt: skip

# ----------------------------------------------------------------------------------------- the word of a country


def _may_say(found: "EvaluationCountry", _facts: Actor, step: state_machine.Step[WordState], by: Actor) -> bool:
    return may(by, step.act) and (step.act is _RUN or by.country == found.country)


def _late(found: "EvaluationCountry", _facts: Actor) -> Iterator[Flaw]:
    """The time to comment is over."""
    if now() < found.moved_at + TO_ANSWER:
        yield Flaw(
            "", N_("This country can still answer: it has three weeks from the day on which the draft was sent.")
        )


_TO_SAY = Waits(
    N_("The draft of the evaluation {title} waits for the word of your country."),
    "/evaluations?show={evaluation}",
    "message",
    "moved_at",
    within=TO_ANSWER,
    late=AGAIN,
)
_TO_ANSWER = Waits(
    N_("A country has commented on the evaluation {title}: answer it."),
    "/evaluations?show={evaluation}",
    "message",
    "moved_at",
    within=14 * DAYS,
    late=AGAIN,
)
WORDS = state_machine.Life(
    "country's word on an evaluation",
    _W.CONCERNED,
    (
        state_machine.Step(
            _W.CONCERNED, _W.ASKED, "evaluation.ask", _RUN, icon="message",
            elsewhere=N_("It follows when the draft is sent to the countries."),
        ),
        state_machine.Step(
            _W.ASKED, _W.AGREED, "evaluation.agree", _COMMENT, N_("Nothing to add"), "check", waits=_TO_SAY,
        ),
        state_machine.Step(
            _W.ASKED, _W.COMMENTED, "evaluation.comment", _COMMENT, N_("Send the comment"), "message",
            N_("What your country says of the draft"), waits=_TO_SAY,
        ),
        state_machine.Step(
            _W.COMMENTED, _W.ANSWERED, "evaluation.answer", _RUN, N_("Send the answer"), "message",
            N_("What is answered, and what is changed for it"), waits=_TO_ANSWER,
        ),
        state_machine.Step(
            _W.ASKED, _W.SILENT, "evaluation.go_on", _RUN, N_("Go on without its word"), "player-play",
            N_("Why it goes on without the country"), guard=_late,
        ),
    ),
    ends=(_W.AGREED, _W.ANSWERED, _W.SILENT),
    may=_may_say,
    astray=Flaw("", "The draft has changed. Reload the page to see its current state."),
    words={
        _W.CONCERNED: N_("Concerned"),
        _W.ASKED: N_("Asked"),
        _W.AGREED: N_("Nothing to add"),
        _W.COMMENTED: N_("Commented"),
        _W.ANSWERED: N_("Answered"),
        _W.SILENT: N_("Without its word"),
    },
)  # fmt: skip
UNSAID = (_W.ASKED, _W.COMMENTED)
"""The states in which a comment or its answer is still due."""
