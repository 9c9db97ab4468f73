"""Acts of training: courses, runs, enrolments, certificates and trainers."""

from typing import Any

from operations.core.ids import new_id
from operations.training import cascades, courses, curricula, enrolments, phases
from operations.training import certificates as certified
from operations.training import enrolment_rows as enrolled
from operations.training import rows as training
from operations.training import trainers as taught
from tests import programme
from tests.dashboard.every_act.base import DAY, PlayBase
from tests.makers import START, still_there


class TrainingActs(PlayBase):
    """Acts of training, as chapters."""

    def training_is_a_run(self) -> None:
        course = self.does("ana", courses.design, programme.course_draft(title="Training"))
        self.does("lena", programme.course_step(course.id, "accredited"))
        days = {"starts": START.date(), "ends": START.date()}
        run = self.does("ana", courses.schedule, programme.run_draft(course, self.at, **days))
        self.does("ana", phases.join, phases.PhaseRunDraft(phase_id=self.scene.training, run_id=run.id))
        self.does("ana", lambda session, by: phases.part(session, run.id, by))

    def officers_are_taught(self) -> None:
        """Every step of courses, runs, enrolments and certificates."""
        made = [self.does("ana", courses.design, programme.course_draft(title=each)) for each in ("A", "B", "C")]
        new = courses.RevisionDraft(need="Passports pass.", curriculum="Chips first.", languages=("fr", "ha"), hours=30)
        self.does("ana", courses.revise, made[0].id, new)
        ways = (("accredited", "designed", "accredited"), ("retired",), ("accredited", "retired"))
        for each, way in zip(made, ways, strict=True):
            for state in way:
                self._teaches(training.COURSES, training.Course, each.id, state, programme.course_step)
        runs = [self.does("ana", courses.schedule, programme.run_draft(made[0], self.at)) for _each in range(2)]
        self._teaches(training.RUNS, training.CourseRun, runs[1].id, "cancelled", programme.run_step)
        people = programme.enrol_draft(self.scene, "bruno", "binta", "boubacar")
        found = self.does("chaima", enrolments.enrol, runs[0].id, people)
        self.does("ana", enrolments.mark, found[0].id, programme.points_draft(5, None))
        self.at += 9 * DAY
        for each, way in zip(
            found, (("attended", "failed", "passed"), ("absent", "attended", "passed"), ("withdrawn",)), strict=True
        ):
            for state in way:
                self._teaches(enrolled.ENROLMENTS, enrolled.Enrolment, each.id, state, programme.enrolment_step)
        self.at += 5 * DAY
        for each, way in zip(found[:2], (("issued", "revoked"), ("dropped",)), strict=True):
            drawn = self.does("ana", certified.draw_up, each.id)
            for state in way:
                self._teaches(
                    enrolled.CERTIFICATES, enrolled.CourseCertificate, drawn.id, state, programme.certificate_step
                )
        for state in ("delivered", "evaluated", "practised", "closed"):
            self.at += (100 if state == "practised" else 0) * DAY
            self._teaches(training.RUNS, training.CourseRun, runs[0].id, state, programme.run_step)

    def trainers_teach(self) -> None:
        """Every step of trainers and of their cascade runs; Olga certifies whom Ana assessed."""
        course = self.does("ana", courses.design, programme.course_draft(title="Taught at home"))
        self.does("lena", programme.course_step(course.id, "accredited"))
        for academy, way in (("Niamey", ("adopted", "declined")), ("Agadez", ())):
            draft = curricula.CurriculumShareDraft(id=new_id(), country="NER", academy=academy)
            made = self.does("chaima", lambda session, by, said=draft: curricula.offer(session, course.id, said, by))
            for state in way:
                self.does("chaima", programme.curriculum_step(made.id, state))
        ways = (
            ("boubacar", "attending assessed certified inactive active expired renewed inactive revoked"),
            ("bruno", "dropped"),
        )
        for name, way in ways:
            made = self.does("chaima", taught.nominate, programme.nomination_draft(self.scene, course, name))
            for state in way.split():
                who = {"certified": "olga", "revoked": "chaima", "dropped": "chaima"}.get(state, "ana")
                self.at += (3 * 365 if state == "expired" else 0) * DAY
                still_there(self.scene, self.at)
                self.does(who, programme.trainer_step(made.id, state))
                if state == "certified":
                    self._runs_cascade(made)

    def _runs_cascade(self, trainer: Any) -> None:
        for way in (("held", "announced", "held", "confirmed"), ("cancelled",)):
            draft = programme.cascade_draft(trainer, self.at)
            run = self.does("boubacar", cascades.announce, draft)
            self.at += 3 * DAY
            for state in way:
                who = "chaima" if state in ("announced", "confirmed") else "boubacar"
                self.does(who, programme.cascade_step(self.scene, run.id, state))

    def _teaches(self, lived: Any, model: Any, ident: Any, state: str, verb: Any) -> None:
        self.does(programme.TRAINERS[self._step(lived, model, ident, state).act], verb(ident, state))
