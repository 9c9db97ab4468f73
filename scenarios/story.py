"""Builder of a scenario: the plan, and the reports that people send, verify, return, correct and answer."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlmodel import Session

from operations.core.drafts import parse
from operations.core.people import Actor
from operations.core.vocabulary import ReportKind
from operations.lines.kinds.hit import Hit
from operations.policing.reports import reports, verification
from operations.policing.reports.counting import counting_version
from operations.support import lead_results
from scenarios.coordination import Coordinating
from scenarios.planning import StorySite
from scenarios.script_language import CastMember, Scenario, Title, Verb

LineContent = Mapping[str, Any]


@dataclass(frozen=True)
class SentVersion:
    """A version of a report, as its author sent it."""

    draft: reports.ReportDraft
    place: StorySite
    author: str
    sent: datetime


def _standing(session: Session, version: SentVersion) -> UUID:
    """Return the version of a report that counts now: each answer to one of its hits makes another."""
    found = counting_version(session, version.draft.report_id)
    return version.draft.id if found is None else found.id


def _consolidates(operation: UUID, country: str) -> Verb:
    def consolidate(session: Session, by: Actor) -> None:
        for found in verification.worklist(session, operation, by):
            if found.country == country:
                verification.verify(session, found.id, by)

    return consolidate


class Story(Coordinating):
    """Builder of a scenario, from the first plan to the last report."""

    def __init__(
        self, title: Title, zone: str, published_on: date, first_day: date, compose: Callable[[date], Scenario]
    ) -> None:
        """`published_on` is the first day that the sources give; a story moved to another day is marked as moved."""
        super().__init__(title, zone, published_on, first_day, compose)
        self._stands: dict[UUID, datetime] = {}

    def report(
        self,
        where: StorySite,
        starts: datetime,
        ends: datetime,
        lines: Sequence[LineContent],
        *,
        sent: datetime,
        author: str = "officer",
        kind: ReportKind | None = None,
        phase: str = "operational",
        remarks: str = "",
    ) -> SentVersion:
        """Send a report of a period, by an officer of the site's country; without lines it is a nil report."""
        key = (where.ref, where.country, phase, starts.isoformat(), author)
        kind = kind or (ReportKind.DAILY if lines else ReportKind.NIL)
        content = {
            "id": self.identifier("report", *key, 1),
            "report_id": self.identifier("report", *key),
            "operation_id": self.operation,
            "site_id": where.id,
            "phase_id": self._phases[phase],
            "kind": kind,
            "period_from": starts,
            "period_to": ends,
            "zone": where.zone,
            "lines": self._named(lines, *key),
            "remarks": remarks,
            "recorded_at": sent,
            "confirmed": True,
        }
        return self._send(
            parse(reports.ReportDraft, content), where, f"{author}.{where.country.lower()}", sent, "report"
        )

    def correct(
        self, before: SentVersion, lines: Sequence[LineContent], reason: str, sent: datetime, by: str | None = None
    ) -> SentVersion:
        """Replace a version with a reason, by the author or `by` (a team leader once the country has validated)."""
        old = before.draft
        author = f"{by}.{before.place.country.lower()}" if by else before.author
        content = {
            "id": self.identifier("correction", old.id),
            "supersedes_id": old.id,
            "correction_reason": reason,
            "recorded_at": sent,
            "lines": self._named(lines, "report", old.report_id),
        }
        draft = parse(reports.ReportDraft, old.model_dump(exclude={"lines"}) | content)
        return self._send(draft, before.place, author, sent, "correct the report")

    def climb(self, version: SentVersion, verified: datetime, validated: datetime) -> None:
        """Verify a version by a team leader who did not write it, and validate it by the national coordinator."""
        verifier = "lead2" if version.author.startswith("lead.") else "lead"
        for at, short in ((verified, verifier), (validated, "coordinator")):
            self.does(
                at,
                f"{short}.{version.place.country.lower()}",
                f"verify the report of {version.place.name}",
                lambda session, actor: verification.verify(session, version.draft.id, actor),
                can_wait=True,
            )
        self._stands[version.draft.id] = validated

    def file(
        self, where: StorySite, starts: datetime, ends: datetime, lines: Sequence[LineContent], **content: Any
    ) -> SentVersion:
        """Send a report within an hour after its period, verified within two more, validated within four."""
        version = self.report(where, starts, ends, lines, **{"sent": self.later(ends, 4, 55)} | content)
        self.climb_soon(version)
        return version

    def climb_soon(self, version: SentVersion) -> None:
        """Verify a version within two hours after it was sent, and validate it within four more."""
        verified = self.later(version.sent, 6, 120)
        self.climb(version, verified, self.later(verified, 10, 240))

    def consolidate(self, at: datetime) -> None:
        """Consolidate what each country has validated, by the analyst, one country after the other."""
        for minutes, country in enumerate(self.countries):
            self.does(
                at + timedelta(minutes=minutes * 7),
                "analyst",
                f"consolidate the reports of {country}",
                _consolidates(self.operation, country),
                can_wait=True,
            )

    def give_back(self, version: SentVersion, reason: str, note: str, at: datetime) -> None:
        """Return a version to its author, by the team leader."""
        answer = parse(verification.Return, {"reason": reason, "note": note})
        self.does(
            at,
            f"lead.{version.place.country.lower()}",
            f"return the report of {version.place.name}",
            lambda session, actor: verification.give_back(session, version.draft.id, answer, actor),
        )

    def answer_hit(self, version: SentVersion, line: int, at: datetime, confirmation: str, country: str) -> None:
        """Record the issuing country's answer to a raw hit, by the second national coordinator.

        Not before the report was validated: the answer makes a new version at the level that the report has.
        """
        at = max(at, self._stands[version.draft.id] + timedelta(minutes=5))
        answer = parse(
            verification.HitAnswer, {"confirmation": confirmation, "confirming_country": country, "confirmed_at": at}
        )
        hit = version.draft.lines[line].id
        self.does(
            at,
            f"coordinator2.{version.place.country.lower()}",
            f"note the answer to a hit at {version.place.name}",
            lambda session, actor: verification.answer_hit(session, _standing(session, version), hit, answer, actor),
            can_wait=True,
        )

    def came_from(self, version: SentVersion, line: int, lead: UUID, at: datetime) -> None:
        """Record that a result came from a lead sent to the country, by the national coordinator."""
        found = version.draft.lines[line].id
        content = {"id": self.identifier("lead result", lead, found), "lead_id": lead, "line_id": found}

        def connect(session: Session, by: Actor) -> object:
            draft = parse(lead_results.ResultDraft, content | {"version_id": _standing(session, version)})
            return lead_results.connect(session, draft, by)

        self.does(
            at,
            f"coordinator.{version.place.country.lower()}",
            f"link a result at {version.place.name} to a lead",
            connect,
            can_wait=True,
        )

    # ------------------------------------------------------------------------------------------------- the end

    def told(self) -> Scenario:
        """Return the finished scenario, its steps sorted by time."""
        if self._opens is None:
            raise ValueError("The story never opens its operation.")
        about = self.title
        return Scenario(
            name=about.name,
            title=about.title,
            kind=about.kind,
            summary=about.summary,
            sources=about.sources,
            published=about.published,
            invented=about.invented,
            zone=self.zone,
            first_day=self.first_day,
            operation=self.operation,
            opens=self._opens,
            cast=self._at_work(),
            steps=tuple(sorted(self._steps, key=lambda step: step.at)),
            compose=self.compose,
        )

    def _at_work(self) -> tuple[CastMember, ...]:
        """Return the cast, without those second officers and team leaders who never have anything to do."""
        busy = {step.by for step in self._steps}
        return tuple(member for name, member in self._cast.items() if name in busy or "2." not in name)

    def _send(
        self, draft: reports.ReportDraft, where: StorySite, author: str, sent: datetime, what: str
    ) -> SentVersion:
        sent = self.does(
            sent, author, f"{what} at {where.name}", lambda session, actor: reports.submit(session, draft, actor)
        )
        return SentVersion(draft, where, author, sent)

    def _named(self, lines: Sequence[LineContent], *key: object) -> list[dict[str, Any]]:
        """Return the lines with ids; a repeated hit of a document refers to its place among the earlier ones."""
        ids = [self.identifier("line", *key, position) for position in range(len(lines))]
        named = [{**line, "id": ident} for line, ident in zip(lines, ids, strict=True)]
        return [{**each, Hit.REPEATS: ids[each[Hit.REPEATS]]} if Hit.REPEATS in each else each for each in named]
