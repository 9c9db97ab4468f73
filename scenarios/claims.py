"""Steps of duplicate claims in a story: an analyst searches and opens claims, and the countries answer.

Also a coordination's export of figures, which the claims restate. All of it is invented.
"""

from datetime import datetime
from uuid import UUID

from sqlmodel import Session

from operations.claims import claim_rows, claims
from operations.claims.claim_states import ClaimState
from operations.core import journal
from operations.core.errors import NotFound
from operations.core.people import Actor
from operations.core.vocabulary import Level
from operations.policing.operation import plan
from operations.results import restatements
from scenarios.chores import Wall
from scenarios.planning import Planning
from scenarios.script_language import Verb


def look(story: Planning, day: int, wall: str) -> None:
    """Search for duplicates, by the analyst."""

    def search(session: Session, by: Actor) -> object:
        return claims.search(session, story.operation, by)

    def suspect(session: Session, by: Actor, found: claims.ClaimSearch) -> object:
        return claims.suspect(session, story.operation, by, found)

    story.does(story.at(day, wall), "analyst", "look for events told twice", suspect, before=search)


def take_along(story: Planning, day: int, wall: str) -> None:
    """Export the figures that count at V3 as a workbook, by the coordinator."""
    story.does(story.at(day, wall), "coordinator", "take figures along", _exports(story.operation))


def dispute(
    story: Planning,
    opened: Wall,
    countries: tuple[str, str],
    answers: tuple[Wall, Wall],
    words: str = "",
    line: UUID | None = None,
) -> None:
    """Open the likeliest claim of two countries, or that on a `line`; each country answers in turn.

    With `words` they are several events, for these reasons; without, one event, which counts once.
    """
    named, at = " and ".join(countries), ask(story, opened, countries, line)
    for wall, country in zip(answers, countries, strict=True):
        said = _answers(story.operation, at, words)
        story.does(story.at(*wall), f"coordinator.{country.lower()}", f"answer a claim of {named}", said)


def ask(story: Planning, opened: Wall, countries: tuple[str, str], line: UUID | None = None) -> datetime:
    """Open the likeliest claim of two countries, or that on a `line`, which then waits for both."""
    opens = _opens(story.operation, " ".join(sorted(countries)), line)
    return story.does(story.at(*opened), "analyst", f"open a claim of {' and '.join(countries)}", opens)


def _exports(operation: UUID) -> Verb:
    def exports(session: Session, by: Actor) -> None:
        found = {"level": Level.V3.name, "entry": journal.pulse(session), "format": "xlsx"}
        restatements.take_along(session, plan.operation(session, operation, by), by, **found)

    return exports


def _opens(operation: UUID, countries: str, line: UUID | None) -> Verb:
    def opens(session: Session, by: Actor) -> object:
        suspected = [each for each in claim_rows.claims(session, operation) if each.state == ClaimState.SUSPECTED]
        lines = claim_rows.lines_of(session, [each.id for each in suspected])
        wanted = [
            claim
            for claim in suspected
            if claim.countries == countries and (line is None or line in {of.line_id for of in lines[claim.id]})
        ]
        if not wanted:
            raise NotFound
        likeliest = max(wanted, key=lambda each: (each.score, -each.number))
        draft = claims.suggested([of for of in lines[likeliest.id] if of.line_id != line])  # the other line counts
        return claims.open_claim(session, likeliest.id, draft, by)

    return opens


def _answers(operation: UUID, opened: datetime, words: str) -> Verb:
    draft = claims.ClaimAnswerDraft(same="no" if words else "yes", words=words)

    def answers(session: Session, by: Actor) -> object:
        [claim] = [each for each in claim_rows.claims(session, operation) if each.opened_at == opened]
        return claims.answer(session, claim.id, draft, by)

    return answers
