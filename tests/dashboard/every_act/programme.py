"""Acts of the programme: posts, needs, equipment, modernisation and connection plans."""

from datetime import timedelta
from typing import Any

from operations.analyses import connection_answer
from operations.core import clock
from operations.core.errors import Flaw
from operations.core.ids import new_id
from operations.core.people import System
from operations.core.vocabulary import JobState
from operations.infrastructure import equipment, links, usage
from operations.infrastructure import rows as equipment_rows
from operations.modernisation import project_parts, project_rows, projects, review_rows, reviews
from operations.modernisation.withdrawal import Validity
from operations.needs import assessments, stakeholders
from operations.needs import rows as needs
from operations.posts import register
from operations.programme import connections, roles
from tests import modernisation, programme
from tests.dashboard.every_act.base import DAY, HOUR, PlayBase


class ProgrammeActs(PlayBase):
    """Acts of the programme, as chapters."""

    def posts_are_registered(self) -> None:
        made = self.does("chaima", register.register, programme.post_draft())
        self.does("chaima", register.describe, made.id, programme.condition_draft(), 0)
        self.does("chaima", register.link, made.id, self.scene.sites["Niamey"])
        gone = self.does("ana", register.register, programme.post_draft(name="Gaya", ref=""))
        self.does("ana", register.close, gone.id)
        self.does("chaima", roles.set_roles, programme.role_draft())

    def needs_are_assessed(self) -> None:
        whole = (
            "desk_review visit scored visit scored validated plan_proposed validated plan_proposed plan_agreed "
            "measures_done reassessed"
        )
        for name, states in (("Dosso", whole), ("Zinder", "refused"), ("Diffa", "desk_review not_accessible")):
            post = self.does("chaima", register.register, programme.post_draft(name=name, ref=""))
            made = self._requested(post)
            for state in states.split():
                if state == "reassessed":
                    self.at += HOUR
                    again = self._requested(post)
                    for each in ("desk_review", "visit", "scored"):
                        self._assessed(again.id, each)
                self._assessed(made.id, state)
        talk = self.does("chaima", stakeholders.engage, programme.talk_draft(held_on=self.at.date()))
        self.does("ana", lambda session, by: stakeholders.follow_up(session, talk.id, "It is signed.", by))

    def _requested(self, post: register.Post) -> needs.Assessment:
        draft = programme.request_draft(post, planned_for=self.at.date())
        made: needs.Assessment = self.does("chaima", assessments.request, draft)
        return made

    def _assessed(self, ident: Any, state: str) -> None:
        found = self.asks("ana", lambda session: session.get_one(needs.Assessment, ident))
        if state == "scored" and not found.findings:
            for area in needs.AREAS:
                self.does("boubacar", assessments.score, ident, programme.score_draft(area))
            seen = programme.findings_draft(visited_from=self.at.date(), visited_to=self.at.date())
            self.does("boubacar", assessments.record_findings, ident, seen, 0)
        step = needs.LIFE.step(found.state, state)
        assert step is not None
        self.does(programme.WHO[step.act], programme.assessment_step(ident, state))

    def equipment_is_delivered(self) -> None:
        post = self.does("chaima", register.register, programme.post_draft(name="Depot", ref=""))
        whole = (
            "approved procured shipped customs handed_over installed commissioned in_use in_use dormant in_use "
            "out_of_service dormant retired"
        )
        for states in (whole, "approved procured shipped handed_over lost", "dropped"):
            made = self.does("ana", equipment.plan, programme.equipment_draft(post))
            for state in states.split():
                self.at += DAY
                step = self._step(equipment_rows.LIFE, equipment_rows.Equipment, made.id, state)
                who = programme.BY_ACT[step.act] if step else "bruno"
                self.does(who, programme.equipment_step(made.id, state, at=self.at))
        for states in ("agreed built tested live down live closed", "closed"):
            link = self.does("ana", links.propose, programme.link_draft(post))
            for state in states.split():
                self.at += HOUR
                step = self._step(equipment_rows.LINKS, equipment_rows.Link, link.id, state)
                assert step is not None
                self.does(programme.BY_ACT[step.act], programme.link_step(link.id, state, self.at))
        over = (self.at.date().replace(day=1) - timedelta(days=1)).isoformat()
        month = programme.month_draft(over)
        first = self.does("bruno", usage.count, post.id, month)
        again = programme.month_draft(over, 290, replaces=first.id)
        self.does("bruno", usage.count, post.id, again)

    def bureaus_are_modernised(self) -> None:
        """Every act of reviews and of the projects after them."""
        post = self.does("chaima", register.register, programme.post_draft(name="Bureau", ref=""))
        for states in ("refused", "dropped", "prepared visited found visited found agreed closed"):
            made = self.does("chaima", reviews.ask, modernisation.ask_draft(post, self.at))
            for state in states.split():
                step = self._step(review_rows.LIFE, review_rows.Review, made.id, state)
                if step.verb == "review.send":
                    drafts = [modernisation.finding_draft() for _each in range(2)]
                    wrong, _right = (self.does("ana", reviews.write, made.id, each) for each in drafts)
                    self.does("ana", reviews.withdraw, wrong.id, Validity.WITHDRAWN, words="Counted twice.")
                if step.verb == "review.agree":
                    self.does(
                        "chaima", reviews.comment, made.id, reviews.FindingCommentDraft(id=new_id(), words="So it is.")
                    )
                self.does(modernisation.WHO[step.act], modernisation.review_step(made.id, state, self.at))
        for states in ("approved stopped", "approved under_way handed_over finished"):
            project = self.does("ana", projects.propose, modernisation.project_draft(self.at))
            free = self.asks("ana", lambda session, project=project: project_parts.unassigned_items(session, project))
            draft = modernisation.parts_draft(*free)
            for part in self.does("ana", project_parts.add_parts, project.id, draft)[:1]:
                self.does("ana", project_parts.remove_part, part.id, Validity.WITHDRAWN, words="Of another year.")
            self.does("ana", project_parts.add_parts, project.id, draft)
            self.does("ana", projects.pay, project.id, modernisation.money_draft("planned", at=self.at))
            for name, to in (("chaima", "done"), ("ana", "dropped")):
                mark = self.does("ana", projects.set_milestone, project.id, modernisation.milestone_draft(self.at))
                self.does(name, modernisation.milestone_step(mark.id, to))
            for state in states.split():
                step = self._step(project_rows.LIFE, project_rows.Project, project.id, state)
                self.does(modernisation.WHO[step.act], modernisation.project_step(project.id, state, self.at))
                if state == "approved":
                    paid = self.does("ana", projects.pay, project.id, modernisation.money_draft("spent", at=self.at))
                    self.does("ana", projects.withdraw, paid.id, Validity.WITHDRAWN, words="A nought too many.")

    def posts_are_connected(self) -> None:
        """Every act of connection plans: one made and adopted, one not possible, one stopped before and one after."""
        post = self.does("chaima", register.register, programme.post_draft(name="Birni", ref=""))
        made = self._requested(post)
        for state in ("desk_review", "visit", "scored", "validated"):
            self._assessed(made.id, state)
        best, broken, stopped, waits = (
            self.does("ana", connections.ask, programme.connect_draft(budget=100_000), at=self.at + n * HOUR)
            for n in range(1, 5)
        )
        self.does("ana", lambda session, by: connections.cancel(session, waits.id, by))
        ends = ((best, JobState.DONE, None), (broken, JobState.FAILED, Flaw("", "No plan keeps these rules.")))
        for plan_, to, why in (*ends, (stopped, JobState.DONE, None)):
            with clock.at(self.at), self.scene.store.unit_of_work(System()) as session:
                turn = connections.claim(session, "play", self.at)
            assert turn is not None
            assert turn.id == plan_.id
            if plan_ is stopped:
                self.does("ana", lambda session, by: connections.cancel(session, stopped.id, by))
            with clock.at(self.at), self.scene.store.unit_of_work(System()) as session:
                connections.end(session, turn.turn, to, self.at, why or connection_answer.plan_answer(turn))
        promised = (self.at + 30 * DAY).date()
        self.does("ana", connections.adopt, best.id, programme.adopt_draft(promised=promised))
