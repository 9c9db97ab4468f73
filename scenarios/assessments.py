"""Builder of a programme's posts and needs: the register, conditions, assessments and stakeholders.

Times are months after the first day, such as 26.5.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from sqlmodel import Session

from geodata.ground import sites as bundled
from operations.core.drafts import parse
from operations.core.people import Actor
from operations.core.vocabulary import Role, label
from operations.needs import assessments, stakeholders
from operations.needs.rows import AREAS, AssessmentState
from operations.posts import register
from operations.programme import roles
from scenarios import accounts
from scenarios.planning import Planning
from scenarios.script_language import CastMember, Scenario, Title, Verb, identifier

MONTHS, DAYS = 60, 365.25 / 12
"""The length of a programme in months, and of a month in days."""
_MORE = (("officer3", "Third officer"), ("officer4", "Fourth officer"))
_A = AssessmentState
Said = dict[str, tuple[str, str, str, int]]
"""For each area: the evidence of its score, the gap, a measure, and its cost in euro."""


@dataclass(frozen=True)
class Station:
    """A post of the story."""

    id: UUID
    country: str
    name: str
    ref: str

    def who(self, short: str) -> str:
        """Return the account of a member of its country's cast."""
        return f"{short}.{self.country.lower()}"


class Assessing(Planning):
    """Builder of a programme, as far as its posts and needs."""

    def __init__(
        self, title: Title, published_on: date, first_day: date, compose: Callable[[date], Scenario], middle: Scenario
    ) -> None:
        """`middle` is the operation, whose steps are merged at their own times."""
        super().__init__(title, "UTC", published_on, first_day, compose)
        self.middle = middle
        self._taken |= {(step.by, step.at) for step in middle.steps}

    def when(self, month: float) -> datetime:
        """Return the moment so many months after the first day, in the morning; a month is a twelfth of a year."""
        day = self.first_day + timedelta(days=int(month * DAYS))
        return datetime.combine(day, time(9), UTC) + timedelta(minutes=self.chance.randint(0, 300))

    def calendar(self, month: int) -> date:
        """Return the first day of the calendar month so many months after the first day's."""
        whole = self.first_day.year * 12 + self.first_day.month - 1 + month
        return date(whole // 12, whole % 12 + 1, 1)

    def on(self, month: float) -> date:
        """Return the day of `when`."""
        return self.when(month).date()

    @property
    def ends(self) -> datetime:
        """The last day of the story, which is before the end of its 61st month."""
        return datetime.combine(self.first_day, time(12), UTC) + timedelta(days=1825)

    # ---------------------------------------------------------------------------------------------------- posts

    def station(self, month: float, ref: str, country: str) -> Station:
        """Add a bundled place to the register of posts, by its country."""
        found = bundled.site(ref)
        if found is None:
            raise ValueError(f"There is no bundled place {ref}.")
        seen = found.seen_from(country)
        content = {
            "name": seen.name,
            "site_type": seen.site_type,
            "border_kind": seen.border_kind,
            "lat": seen.lat,
            "lon": seen.lon,
            "zone": seen.timezone,
            "ref": ref,
        }
        return self.place(month, country, f"coordinator.{country.lower()}", **content)

    def place(self, month: float, country: str, by: str, **content: Any) -> Station:
        """Add a post to the register."""
        self._country(country)
        ident = self.identifier("post", content["ref"] or content["name"], country)
        where = Station(ident, country, content["name"], content["ref"])
        draft = parse(register.PostDraft, {"id": where.id, "country": country, "near": [country], **content})
        self.does(self.when(month), by, f"register {where.name}", lambda s, a: register.register(s, draft, a))
        return where

    def describe(self, where: Station, *versions: tuple[float, dict[str, Any]]) -> None:
        """Record each version of the post's condition, by its country's team leader."""
        for seen, (month, content) in enumerate(versions):
            draft = parse(register.ConditionDraft, {"id": self.identifier("condition", where.id, seen), **content})
            self.does(
                self.when(month), where.who("coordinator"), f"describe {where.name}", _describes(where, draft, seen)
            )

    def role(self, month: float, country: str, said: Sequence[str], basis: str) -> None:
        """Set a country's role on the routes, by its coordinator."""
        self._country(country)
        content = {"id": self.identifier("role", country, month), "country": country, "basis": basis}
        draft = parse(roles.RoleDraft, content | dict.fromkeys(said, True))
        self.does(
            self.when(month),
            f"coordinator.{country.lower()}",
            f"{country}: {', '.join(said)}",
            lambda s, a: roles.set_roles(s, draft, a),
        )

    def join(self, where: Station, moment: datetime) -> None:
        """Record that the site of the operation in the middle is this post."""
        middle = self.middle
        site = identifier(middle.name, middle.first_day.isoformat(), "site", where.ref, where.country)
        self.does(moment, "coordinator", f"join {where.name}", lambda s, a: register.link(s, where.id, site, a))

    # ---------------------------------------------------------------------------------------------------- needs

    def assess(
        self,
        where: Station,
        month: float,
        to: AssessmentState,
        level: float = 0.0,
        said: Said | None = None,
        *,
        baseline: int = 0,
        feasibility: str = "feasible",
        works: str = "",
        done: float = 0.0,
        again: float = 0.0,
        words: str = "",
        purpose: str = "Invented: the programme begins with what the post needs.",
    ) -> None:
        """Assess the post from a month on, up to the state `to`; `level` is the approximate level of its scores.

        `done` and `again` are the months in which measures are done and the post is assessed again.
        """
        ident, nation = self.identifier("assessment", where.id, month), where.who("coordinator")
        due = self.on(month + 3)
        draft = parse(
            assessments.AssessmentRequestDraft,
            {"id": ident, "post_id": where.id, "purpose": purpose, "planned_for": due},
        )
        self.does(
            self.when(month),
            "coordinator",
            f"ask to assess {where.name}",
            lambda s, a: assessments.request(s, draft, a),
        )
        way: list[tuple[AssessmentState, float, str, str]] = [
            (_A.DESK_REVIEW, month + 0.4, "coordinator", ""),
            (_A.VISIT, month + 1.0, where.who("lead"), ""),
            (_A.SCORED, month + 1.6, where.who("lead"), ""),
            (_A.VALIDATED, month + 2.1, nation, ""),
            (_A.PLAN_PROPOSED, month + 2.7, nation, ""),
            (_A.PLAN_AGREED, month + 3.3, "coordinator", ""),
            (_A.MEASURES_DONE, done, nation, words),
            (_A.REASSESSED, again, "coordinator", ""),
        ]
        if to is _A.REQUESTED:
            way = []
        if to is _A.REFUSED:
            way = [(to, month + 0.3, nation, words)]
        if to is _A.NOT_ACCESSIBLE:
            way = [*way[:1], (to, month + 1.2, where.who("lead"), words)]
        for state, moment, by, reason in way:
            if state is _A.SCORED:
                answers = self._answers(where, month, level, said or {}, baseline, feasibility, works)
                self.does(self.when(month + 1.4), by, f"score {where.name}", _answers(ident, *answers))
            self.does(self.when(moment), by, f"{state.value}: {where.name}", _assessed(ident, state, reason))
            if state is to:
                break

    def _answers(
        self, where: Station, month: float, level: float, said: Said, baseline: int, feasibility: str, works: str
    ) -> tuple[assessments.FindingsDraft, list[assessments.ScoreDraft]]:
        found = parse(
            assessments.FindingsDraft,
            {
                "visited_from": self.on(month + 1.05),
                "visited_to": self.on(month + 1.2),
                "baseline_queries": baseline,
                "baseline_source": "Invented: monthly statement of the National Central Bureau.",
                "feasibility": feasibility,
                "works": works,
            },
        )
        return found, [self._score(where, month, area, level, *said[area]) for area in AREAS]

    def _score(
        self, where: Station, month: float, area: str, level: float, evidence: str, gap: str, measure: str, cost: int
    ) -> assessments.ScoreDraft:
        content: dict[str, Any] = {"id": self.identifier("score", where.id, month, area), "area": area}
        score = min(4, max(0, round(level + self.chance.gauss(0, 0.8))))
        if self.chance.random() < 0.04:
            return parse(assessments.ScoreDraft, content)
        content |= {"score": score, "evidence": evidence}
        if score <= 2:
            content |= {"gap": gap, "measure": measure}
            content |= {"cost": cost * (3 - score), "currency": "EUR"} if cost else {}
        return parse(assessments.ScoreDraft, content)

    def talk(
        self,
        month: float,
        country: str,
        counterpart: str,
        level: str,
        commitment: str,
        follow_up: str = "",
        due: float | None = None,
        outcome: tuple[float, str] | None = None,
    ) -> None:
        """Record a coordinator's talk with a counterpart, and later its outcome."""
        ident = self.identifier("talk", country, counterpart, month)
        content = {
            "id": ident,
            "country": country,
            "counterpart": counterpart,
            "level": level,
            "held_on": self.on(month),
            "commitment": commitment,
            "follow_up": follow_up,
            "due": None if due is None else self.on(due),
        }
        draft = parse(stakeholders.EngagementDraft, content)
        written = self.when(month) + timedelta(days=1)
        self.does(
            written, "coordinator", f"talk to {counterpart}, {country}", lambda s, a: stakeholders.engage(s, draft, a)
        )
        if outcome:
            at, words = outcome
            self.does(
                self.when(at),
                f"coordinator.{country.lower()}",
                f"follow up {counterpart}, {country}",
                lambda s, a: stakeholders.follow_up(s, ident, words, a),
            )

    def _country(self, country: str) -> None:
        if country in self.countries:
            return
        self.countries.append(country)
        where = label("CL-COUNTRY", country)
        more = [
            CastMember(f"{short}.{country.lower()}", f"{words}, {where}", Role.NATIONAL_OFFICER, country)
            for short, words in _MORE
        ]
        self._cast |= {member.username: member for member in (*accounts.national(country), *more)}


def _describes(where: Station, draft: register.ConditionDraft, seen: int) -> Verb:
    return lambda session, by: register.describe(session, where.id, draft, seen, by)


def _assessed(ident: UUID, to: AssessmentState, words: str) -> Verb:
    return lambda session, by: assessments.take(session, ident, to, by, words)


def _answers(ident: UUID, found: assessments.FindingsDraft, scores: Sequence[assessments.ScoreDraft]) -> Verb:
    def verb(session: Session, by: Actor) -> None:
        assessments.record_findings(session, ident, found, 0, by)
        for each in scores:
            assessments.score(session, ident, each, by)

    return verb
