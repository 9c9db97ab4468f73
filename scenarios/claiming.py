"""What two countries may have told twice: an analyst looks, opens the likeliest claim, and the countries answer.

All of it is invented.
"""

from datetime import timedelta
from uuid import UUID

from sqlmodel import Session

from operations.core.people import Actor
from operations.results import claim_rows, claims
from operations.results.claim_rows import ClaimState
from scenarios.planning import Planning
from scenarios.script import Verb


def look_into(story: Planning, day: int, wall: str, countries: tuple[str, str], words: str) -> None:
    """Of what may be one event of two countries the likeliest is opened; a day later they say why there are several."""
    at = story.at(day, wall)
    story.does(at, "analyst", "look for events told twice", _looks(story.operation))
    opens = _opens(story.operation, " ".join(sorted(countries)))
    story.does(at + timedelta(minutes=20), "analyst", f"open a claim of {' and '.join(countries)}", opens)
    for hours, country in ((17, countries[0]), (22, countries[1])):
        answers = _answers(story.operation, words)
        story.does(at + timedelta(hours=hours), f"coordinator.{country.lower()}", "answer a claim", answers)


def _looks(operation: UUID) -> Verb:
    return lambda session, by: claims.suspect(session, operation, by)


def _opens(operation: UUID, countries: str) -> Verb:
    def opens(session: Session, by: Actor) -> object:
        suspected = [each for each in claim_rows.claims(session, operation) if each.state == ClaimState.SUSPECTED]
        wanted = [each for each in suspected if each.countries == countries]
        likeliest = max(wanted, key=lambda each: (each.score, -each.number))
        lines = claim_rows.lines_of(session, [likeliest.id])[likeliest.id]
        return claims.open_claim(session, likeliest.id, claims.suggested(lines), by)

    return opens


def _answers(operation: UUID, words: str) -> Verb:
    def answers(session: Session, by: Actor) -> object:
        [claim] = [each for each in claim_rows.claims(session, operation) if each.state == ClaimState.OPEN]
        return claims.answer(session, claim.id, claims.AnswerDraft(same="no", words=words), by)

    return answers
