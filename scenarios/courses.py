"""Builder of a whole programme: courses, certificates, and the operation in the middle."""

from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID, uuid5

from sqlmodel import Session

from operations.core.drafts import parse
from operations.core.people import Actor
from operations.core.vocabulary import Role
from operations.policing.map_plan import postings
from operations.training import certificates, courses, enrolments, phases
from operations.training.enrolment_rows import CertificateState, EnrolmentState
from operations.training.rows import CourseState, RunState
from scenarios.assessments import DAYS, Station
from scenarios.modernisation import Modernising
from scenarios.script_language import CastMember, Scenario, Title, Verb, identifier

TRAINER = CastMember("trainer", "Training manager", Role.OPERATION_COORDINATOR)


class Programme(Modernising):
    """Builder of the whole story of a programme. An operation in the middle of it is a scenario of its own."""

    def __init__(
        self, title: Title, published_on: date, first_day: date, compose: Callable[[date], Scenario], middle: Scenario
    ) -> None:
        """See `Assessing`."""
        super().__init__(title, published_on, first_day, compose, middle)
        self._cast |= {TRAINER.username: TRAINER}

    # -------------------------------------------------------------------------------------------------- training

    def course(
        self,
        month: float,
        title: str,
        topic: str,
        need: str,
        curriculum: str,
        *,
        hours: int = 24,
        valid: int = 36,
        languages: Sequence[str] = ("fr", "en"),
        accredited: bool = True,
    ) -> UUID:
        """Design a course by the training manager, and accredit it by leadership; return its id."""
        ident = self.identifier("course", title)
        content = {
            "id": ident,
            "title": title,
            "topic": topic,
            "need": need,
            "curriculum": curriculum,
            "languages": languages,
            "hours": hours,
            "points": 100,
            "pass_points": 60,
            "months": valid,
        }
        draft = parse(courses.CourseDraft, content)
        self.does(self.when(month), "trainer", f"design {title}", lambda s, a: courses.design(s, draft, a))
        if accredited:
            self.accredit(month + 0.9, ident, CourseState.ACCREDITED, "leader")
        return ident

    def accredit(self, month: float, course: UUID, to: CourseState, by: str, words: str = "") -> None:
        """Accredit, revise or retire a course."""
        self.does(self.when(month), by, f"{to.value}: a course", _takes(courses.take_course, course, to, words))

    def run(
        self,
        month: float,
        course: UUID,
        host: str,
        place: str,
        languages: Sequence[str],
        people: Sequence[tuple[str, Station, int, int | None]],
        to: RunState,
        *,
        announced: float = 2.0,
        words: Sequence[str] = (),
        issued: bool = True,
        starts: date | None = None,
    ) -> UUID:
        """A run of a course is held for three days from a month on, or from the day `starts` of it, for these people.

        Each is an officer, the post, and the scores before and after; without the latter the officer was absent.
        `words` are the texts of its evaluation, of its effect on practice, and of its end.
        """
        ident = self.identifier("run", course, place, month)
        starts = starts or self.on(month)
        content = {
            "id": ident,
            "course_id": course,
            "host": host,
            "place": place,
            "starts": starts,
            "ends": starts + timedelta(days=3),
            "languages": languages,
            "capacity": 20,
        }
        draft = parse(courses.RunDraft, content)
        self.does(
            self.when(month - announced),
            "trainer",
            f"schedule a run in {place}",
            lambda s, a: courses.schedule(s, draft, a),
        )
        if to is RunState.CANCELLED:
            self.does(
                self.when(month - 0.5),
                "trainer",
                f"cancel the run in {place}",
                _takes(courses.take_run, ident, to, words[0]),
            )
            return ident
        enrolled = [self._enrol(ident, who, where, month - announced + 0.7) for who, where, _first, _after in people]
        if to is RunState.SCHEDULED:
            return ident
        over = datetime.combine(starts + timedelta(days=4), datetime.min.time(), UTC) + timedelta(hours=10)
        for one, (who, _where, first, after) in zip(enrolled, people, strict=True):
            self.does(over, "trainer", f"test {who}", _tested(one, first, after))
        way = (RunState.DELIVERED, RunState.EVALUATED, RunState.PRACTISED, RunState.CLOSED)
        for at, state, said in zip((0, 12, 125, 280), way, ("", *words, *("",) * 3), strict=False):
            self.does(
                over + timedelta(days=at, hours=1),
                "trainer",
                f"{state.value}: run in {place}",
                _takes(courses.take_run, ident, state, said),
            )
            if state is to:
                break
        drawn = over + timedelta(days=1)
        self.does(
            drawn, "trainer", f"draw up certificates of {place}", lambda s, a: certificates.draw_up_all(s, ident, a)
        )
        if issued:
            self.does(drawn + timedelta(days=2), "coordinator", f"issue certificates of {place}", _issues(ident))
        return ident

    def train_for_middle(
        self,
        course: UUID,
        host: str,
        place: str,
        languages: Sequence[str],
        people: Sequence[tuple[str, Station, int, int | None]],
        words: Sequence[str],
    ) -> None:
        """A run that ends as the checks of the operation in the middle begin is its training phase; whoever is trained
        is posted to the airport that is their post.
        """
        middle = self.middle
        here = (middle.name, middle.first_day.isoformat())
        starts = middle.first_day - timedelta(days=3)
        month = (starts - self.first_day).days / DAYS
        run = self.run(
            month, course, host, place, languages, people, RunState.CLOSED, words=words, issued=True, starts=starts
        )
        joins = parse(phases.PhaseRunDraft, {"phase_id": identifier(*here, "phase", "training"), "run_id": run})
        self.does(
            middle.opens - timedelta(days=5),
            "coordinator",
            f"the run in {place} is the training",
            lambda session, by: phases.join(session, joins, by),
        )
        for who, where, _first, _after in people:
            site = identifier(*here, "site", where.ref, where.country)
            content = {"id": self.identifier("posting", who), "people": [identifier("account", who)], "sites": [site]}
            self.does(
                middle.opens - timedelta(days=4),
                where.who("coordinator"),
                f"post {who} to {where.name}",
                _posts(middle.operation, parse(postings.PostingDraft, content)),
            )

    def _enrol(self, run: UUID, who: str, where: Station, month: float) -> UUID:
        draft_id, account = self.identifier("enrolment", run, who), identifier("account", who)
        draft = parse(enrolments.EnrolDraft, {"id": draft_id, "people": [account], "post_id": where.id})
        self.does(
            self.when(month), where.who("coordinator"), f"enrol {who}", lambda s, a: enrolments.enrol(s, run, draft, a)
        )
        return uuid5(draft_id, str(account))  # the id that `enrol` derives

    def revoke(self, month: float, who: str, words: str) -> None:
        """Revoke an officer's certificate, by the country's coordinator."""
        account = identifier("account", who)

        def revokes(session: Session, by: Actor) -> object:
            found = next(
                certificate.certificate
                for certificate in certificates.certificates(session)
                if certificate.certificate.account_id == account
                and certificate.certificate.state == CertificateState.ISSUED
            )
            return certificates.take(session, found.id, CertificateState.REVOKED, by, words)

        self.does(self.when(month), f"coordinator.{who[-3:]}", f"revoke a certificate of {who}", revokes)

    def told(self) -> Scenario:
        """Return the finished scenario with the steps of its operation merged, sorted by time."""
        about, middle = self.title, self.middle
        steps = sorted((*self._steps, *middle.steps), key=lambda step: step.at)
        busy = {step.by for step in steps} | {name for name in self._cast if name.startswith(("officer3", "officer4"))}
        known = {member.username: member for member in middle.cast} | self._cast
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
            operation=middle.operation,
            opens=middle.opens,
            cast=tuple(member for name, member in known.items() if name in busy or "2." not in name),
            steps=tuple(steps),
            compose=self.compose,
        )


def _takes(take: Callable[..., object], ident: UUID, to: Any, words: str = "") -> Verb:
    return lambda session, by: take(session, ident, to, by, words)


def _posts(operation: UUID, draft: postings.PostingDraft) -> Verb:
    return lambda session, by: postings.post(session, operation, draft, by)


def _tested(enrolment: UUID, first: int, after: int | None) -> Verb:
    def verb(session: Session, by: Actor) -> None:
        there = EnrolmentState.ABSENT if after is None else EnrolmentState.ATTENDED
        enrolments.take(session, enrolment, there, by)
        enrolments.mark(session, enrolment, parse(enrolments.PointsDraft, {"before": first, "after": after}), by)

    return verb


def _issues(run: UUID) -> Verb:
    def verb(session: Session, by: Actor) -> None:
        for each in certificates.certificates(session):
            if each.run.id == run and each.certificate.state == CertificateState.PROPOSED:
                certificates.take(session, each.certificate.id, CertificateState.ISSUED, by)

    return verb
