"""End of a story: final words, debrief, signed figures, and recommendations with their follow-up.

All of it is invented but the figures.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlmodel import Session

from operations.core.drafts import parse
from operations.core.people import Actor
from operations.core.vocabulary import OperationState, ParticipationState
from operations.evaluation import debrief, recommendations, unanswered_hits
from operations.evaluation.debrief import DebriefDraft
from operations.evaluation.recommendations import NoteDraft, RecommendationDraft, RecommendationState
from operations.figures.releases import decision
from operations.figures.releases.decision import Round
from operations.policing.operation import participations, plan
from operations.results import snapshots
from operations.results.snapshot_rows import SnapshotState
from operations.results.snapshots import Frozen, SnapshotDraft
from scenarios.planning import Planning
from scenarios.script_language import MUSTER, Verb

_S = SnapshotState
Way = tuple[int, str, RecommendationState, str]
"""Days after the operation's first day, who takes the step, the new state, and the text."""


@dataclass(frozen=True)
class StoryLesson:
    """A recommendation and its follow-up. `due` counts days as `way` and `notes` do; `owner`: see the draft."""

    text: str
    evidence: str
    source: str
    area: str
    owner: str
    due: int
    way: tuple[Way, ...] = ()
    notes: tuple[tuple[int, str, str], ...] = ()


def close_debrief(story: Planning, at: datetime, worked: str, failed: str) -> None:
    """Declare figures final by each country, write the debrief by the analyst, and close it by the coordinator."""
    for country in story.countries:
        said = at - timedelta(days=2) + timedelta(minutes=story.countries.index(country))
        story.does(said, f"coordinator.{country.lower()}", "say that figures are final", _final(story, country))
    draft = parse(DebriefDraft, {"worked": worked, "failed": failed})

    def write(session: Session, by: Actor) -> object:
        return debrief.write(session, story.operation, draft, 0, by)

    story.does(at - timedelta(days=1), "analyst", "write the debrief", write)
    story.move(at, OperationState.DEBRIEFED)


def archive(story: Planning, at: datetime, *, unanswered: bool = False) -> None:
    """Approve the debrief, close the evaluation a week later and archive the operation at `at`, by its leadership.

    `unanswered`: hits that nobody answered are named with the reason before, for an archive takes no more entries.
    """

    def name(session: Session, by: Actor) -> None:
        for country in unanswered_hits.open_hits(session, story.operation):
            said = {"country": country, "reason": "The issuing country was asked three times and did not answer."}
            draft = parse(unanswered_hits.UnansweredDraft, said)
            unanswered_hits.name(session, story.operation, draft, by)

    story.move(at - timedelta(days=9), OperationState.FINAL, by="leader")
    story.move(at - timedelta(days=2), OperationState.EVALUATED)
    if unanswered:
        story.does(at - timedelta(days=1), "coordinator", "name the hits without an answer", name)
    story.move(at, OperationState.ARCHIVED, by="leader")


def publish(story: Planning, at: datetime, wording: str, method: str) -> None:
    """Freeze the consolidated figures by the analyst; both sign within a day, and the coordinator publishes at `at`.

    The figures of the real operation's public release stand beside them.

    Guarded figures are released before, as the timetable does.
    """
    identity = story.identifier("snapshot", wording)
    words = {"id": identity, "wording": wording, "method": method, "publication": story.title.past}
    draft = parse(SnapshotDraft, words)

    def decide(session: Session, _by: Actor) -> Round:
        return decision.decide(session, session.get_one(plan.Operation, story.operation))

    def release(session: Session, _by: Actor, decided: Round) -> object:
        return decision.record(session, decided)

    def freeze(session: Session, by: Actor) -> Frozen:
        return snapshots.freeze(session, story.operation, draft, by)

    def prepare(session: Session, by: Actor, frozen: Frozen) -> object:
        return snapshots.prepare(session, story.operation, draft, by, frozen)

    prepared = at - timedelta(hours=26)
    story.does(prepared - timedelta(minutes=1), MUSTER, "release figures", release, before=decide)
    story.does(prepared, "analyst", "prepare a snapshot", prepare, before=freeze)
    for hours, who, to in (
        (24, "coordinator", _S.COORDINATED),
        (3, "leader", _S.SIGNED),
        (0, "coordinator", _S.PUBLISHED),
    ):
        story.does(at - timedelta(hours=hours), who, f"snapshot: {to.value}", _signs(identity, to))


def _signs(identity: UUID, to: SnapshotState) -> Verb:
    return lambda session, by: snapshots.take(session, identity, to, by)


def _final(story: Planning, country: str) -> Verb:
    final = ParticipationState.REPORTED_FINAL
    return lambda session, by: participations.final_word(session, story.operation, country, final, by)


def recommend(story: Planning, day: int, lessons: Sequence[StoryLesson]) -> None:
    """Write the recommendations on a day, by the analyst; the others follow them up."""
    for lesson in lessons:
        identity = story.identifier("recommendation", lesson.text)
        content = {name: getattr(lesson, name) for name in ("text", "evidence", "source", "area", "owner")}
        due = (story.at(0, "12:00") + timedelta(days=lesson.due)).date()
        draft = parse(RecommendationDraft, {"id": identity, "due": due, **content})
        story.does(story.at(day, "10:00"), "analyst", f"recommend: {lesson.text}", _proposes(story.operation, draft))
        follow(story, identity, lesson)


def follow(story: Planning, identity: UUID, lesson: StoryLesson) -> None:
    """Add the follow-up of a recommendation."""
    for when, name, to, words in lesson.way:
        story.does(story.at(when, "15:00"), name, f"{to.value}: {lesson.text}", _takes(identity, to, words))
    for when, name, words in lesson.notes:
        note = parse(NoteDraft, {"id": story.identifier("note", lesson.text, words), "words": words})
        story.does(story.at(when, "16:00"), name, f"follow up: {lesson.text}", _notes(identity, note))


def _proposes(operation: UUID, draft: RecommendationDraft) -> Verb:
    return lambda session, by: recommendations.propose(session, operation, draft, by)


def _takes(identity: UUID, to: RecommendationState, words: str) -> Verb:
    return lambda session, by: recommendations.take(session, identity, to, by, words)


def _notes(identity: UUID, note: NoteDraft) -> Verb:
    return lambda session, by: recommendations.note(session, identity, note, by)
