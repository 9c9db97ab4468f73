"""Builder of reviews of bureaus and posts, and of the projects made from their findings."""

from collections.abc import Sequence
from uuid import UUID

from operations.core.drafts import parse
from operations.modernisation import project_parts, projects, reviews
from operations.modernisation.project_rows import MilestoneState, ProjectState
from operations.modernisation.review_rows import ReviewState
from scenarios.assessments import Station
from scenarios.equipment import Equipping
from scenarios.script_language import Verb

_R, _P = ReviewState, ProjectState
Finding = tuple[str, str, str, str, int]
"""An area, the finding, the need, its urgency, and its cost in euro."""


class Modernising(Equipping):
    """Builder of a programme, as far as reviews and projects."""

    def review(
        self,
        where: Station,
        month: float,
        to: ReviewState,
        found: Sequence[Finding] = (),
        comment: str = "",
        follows: str = "",
    ) -> list[UUID]:
        """Request a review in a month and bring it to the state `to`; return the ids of its findings."""
        ident, nation = self.identifier("review", where.id, month), where.who("coordinator")
        content = {
            "id": ident,
            "post_id": where.id,
            "purpose": "Invented: the room of the server was never looked at.",
            "planned_for": self.on(month + 3),
        }
        asked = parse(reviews.ReviewRequestDraft, content)
        self.does(self.when(month), nation, f"ask for a review of {where.name}", lambda s, a: reviews.ask(s, asked, a))
        days = {"visited_from": self.on(month + 1.9), "visited_to": self.on(month + 2)}
        visit = parse(reviews.VisitDraft, days | {"visitors": "Invented: network unit, three people."})
        written = [self._finding(ident, at, each) for at, each in enumerate(found)]
        for state, at, by, verb in (
            (_R.PREPARED, 0.8, "coordinator", _reviews(ident, _R.PREPARED, "Power, network and server; three people.")),
            (_R.VISITED, 2.0, "coordinator", lambda s, a: reviews.visit(s, ident, visit, a)),
            (_R.FOUND, 2.4, "coordinator", _reviews(ident, _R.FOUND)),
            (_R.AGREED, 3.2, nation, _reviews(ident, _R.AGREED)),
            (_R.CLOSED, 4.0, "coordinator", _reviews(ident, _R.CLOSED, follows)),
        ):
            if to is _R.ASKED:
                break
            if state is _R.FOUND:
                for draft in written:
                    self.does(self.when(month + 2.2), by, f"a finding at {where.name}", _writes(ident, draft))
            if state is _R.AGREED and comment:
                said = parse(reviews.FindingCommentDraft, {"id": self.identifier("comment", ident), "words": comment})
                self.does(self.when(month + 2.9), nation, f"comment on {where.name}", _comments(ident, said))
            self.does(self.when(month + at), by, f"{state.value}: review of {where.name}", verb)
            if state is to:
                break
        return [each.id for each in written]

    def _finding(self, review: UUID, at: int, found: Finding) -> reviews.FindingDraft:
        area, finding, needed, urgency, cost = found
        content = {
            "id": self.identifier("finding", review, at),
            "area": area,
            "finding": finding,
            "needed": needed,
            "urgency": urgency,
            "cost": cost,
            "currency": "EUR",
        }
        return parse(reviews.FindingDraft, content)

    def project(
        self,
        country: str,
        month: float,
        title: str,
        purpose: str,
        donor: str,
        to: ProjectState,
        parts: Sequence[str],
        money: Sequence[tuple[float, str, int, str]],
        milestones: Sequence[tuple[str, str, float, float]] = (),
        *,
        lasts: float = 8.0,
        came: str = "",
    ) -> None:
        """Propose a project in a month and bring it to the state `to`.

        `money` are month, stage, amount in euro and purpose; `milestones` title, owner, the months in which they are
        due and done (0: not yet); `lasts`: months until it is handed over.
        """
        ident, nation = self.identifier("project", country, title), f"coordinator.{country.lower()}"
        content = {
            "id": ident,
            "country": country,
            "title": title,
            "purpose": purpose,
            "donor": donor,
            "planned_for": self.on(month + lasts),
        }
        draft = parse(projects.ProjectDraft, content)
        self.does(self.when(month), nation, f"propose {title}", lambda s, a: projects.propose(s, draft, a))
        things = parse(project_parts.PartsDraft, {"parts": list(parts)})
        self.does(
            self.when(month + 0.1), nation, f"gather {title}", lambda s, a: project_parts.add_parts(s, ident, things, a)
        )
        for at, (moment, kind, amount, words) in enumerate(money):
            said = {
                "id": self.identifier("money", ident, at),
                "kind": kind,
                "amount": amount,
                "currency": "EUR",
                "day": self.on(moment),
                "words": words,
            }
            paid = parse(projects.MoneyDraft, said)
            self.does(self.when(moment), "coordinator", f"{kind}: money of {title}", _pays(ident, paid))
        for at, (what, owner, due, done) in enumerate(milestones):
            mark = {"id": self.identifier("milestone", ident, at), "title": what, "owner": owner, "due": self.on(due)}
            set_ = parse(projects.MilestoneDraft, mark)
            self.does(self.when(month + 0.3), "coordinator", f"milestone of {title}", _sets(ident, set_))
            if done:
                who = nation if owner == "country" else "coordinator"
                self.does(self.when(done), who, f"milestone of {title} is done", _reaches(set_.id, "Invented: seen."))
        signed = parse(projects.SignDraft, {"handed_on": self.on(month + lasts)})
        for state, moment, by, verb in (
            (_P.APPROVED, month + 1, "leader", _takes(ident, _P.APPROVED)),
            (_P.UNDER_WAY, month + 1.5, "coordinator", _takes(ident, _P.UNDER_WAY)),
            (_P.HANDED_OVER, month + lasts, nation, lambda s, a: projects.sign(s, ident, signed, a)),
            (_P.FINISHED, month + lasts + 3, "coordinator", _takes(ident, _P.FINISHED, came)),
        ):
            if to is _P.PROPOSED:
                break
            self.does(self.when(moment), by, f"{state.value}: {title}", verb)
            if state is to:
                break


def _reviews(ident: UUID, to: ReviewState, words: str = "") -> Verb:
    return lambda session, by: reviews.take(session, ident, to, by, words)


def _writes(ident: UUID, draft: reviews.FindingDraft) -> Verb:
    return lambda session, by: reviews.write(session, ident, draft, by)


def _comments(ident: UUID, draft: reviews.FindingCommentDraft) -> Verb:
    return lambda session, by: reviews.comment(session, ident, draft, by)


def _takes(ident: UUID, to: ProjectState, words: str = "") -> Verb:
    return lambda session, by: projects.take(session, ident, to, by, words)


def _pays(ident: UUID, draft: projects.MoneyDraft) -> Verb:
    return lambda session, by: projects.pay(session, ident, draft, by)


def _sets(ident: UUID, draft: projects.MilestoneDraft) -> Verb:
    return lambda session, by: projects.set_milestone(session, ident, draft, by)


def _reaches(ident: UUID, words: str) -> Verb:
    return lambda session, by: projects.step_milestone(session, ident, MilestoneState.DONE, by, words)
