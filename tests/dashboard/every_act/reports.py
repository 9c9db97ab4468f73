"""Acts of reports: their ways up and back, claims of two countries, and requests for more days."""

from collections.abc import Callable
from typing import Any

from operations.claims import claim_masters, claim_rows, claim_states, claims, pointer_answers
from operations.claims.claim_pointers import PointerState
from operations.core.drafts import parse
from operations.core.people import System
from operations.exchange import sheet_mappings
from operations.policing.reports import reports, verification, voice
from operations.timetable import reminders
from tests.claim_stories import ON_NOTICE, apart, found_by_muster, two_countries
from tests.dashboard.every_act.base import DAY, HOUR, PlayBase, sent_line
from tests.makers import START, arrest, form, hit, send
from tests.operations.steps import correction, now_stored, told


class ReportActs(PlayBase):
    """Acts of reports, as chapters."""

    def reports_climb(self) -> None:
        scene = self.scene
        self.at = START + 13 * HOUR
        found = hit(START)
        sent = send(scene, form(scene, lines=[found]), at=self.at)
        self.does("boubacar", verification.verify, sent.id)
        self.does("chaima", verification.verify, sent.id)
        answered = self.does("cheikh", verification.answer_hit, sent.id, sent_line(self, sent), told("confirmed"))
        self.does("dov", verification.verify, answered.id)
        send(scene, correction(answered, scene), by="chaima", at=self.at)

    def reports_fall(self) -> None:
        scene = self.scene
        self.mali = send(scene, form(scene, "Bamako", kind="nil", lines=[]), by="mateo", at=self.at)
        back = parse(verification.Return, {"reason": "unclear"})
        first, second, third = (send(scene, form(scene, "Agadez", day=0), at=self.at) for _each in range(3))
        self.does("boubacar", verification.verify, first.id)
        self.does("chaima", verification.give_back, first.id, back)
        self.does("boubacar", verification.verify, second.id)
        self.does("chaima", verification.reject, second.id, back)
        self.does("bruno", reports.withdraw, third.id, "Sent twice.")
        cards = self.asks("ana", lambda session: list(voice.cards(session, scene.operation)))
        [posting] = [posting for posting, _site, _officer in cards if posting.ends is None]
        said = voice.code_of(posting.id, START.date(), 11, 140)
        self.does("ana", voice.key, scene.operation, said, read_back=True)
        sheet = {"head": "0" * 64, "sheet": "Contrôles", "kind": "check_tally", "fixed": {}, "words": {}}
        mapping = parse(sheet_mappings.SheetMappingDraft, {**sheet, "columns": {"day": "Jour", "count": "Nombre"}})
        known = self.does("bruno", sheet_mappings.remember, mapping)
        self.does("bruno", sheet_mappings.forget, known.id)

    def claims_are_settled(self) -> None:
        """Six men whom two countries report, one of them twice by one, and what becomes of each claim."""
        pairs = [two_countries(self.scene, f"A-{number}/1-2025", self.at) for number in range(1, 7)]
        twice = [arrest(2, **ON_NOTICE | {"notice_ref": "A-1/1-2025"})]
        again = send(self.scene, form(self.scene, "Bamako", lines=twice), "mateo", at=self.at)
        made = self.does("dov", claims.suspect, self.scene.operation)
        reports_of = {asked.report_id: asked.id for asked, _made in pairs}
        with self.scene.store.reading(System()) as session:
            lines = claim_rows.lines_of(session, [each.id for each in made])
        to = claim_states.ClaimState
        outcomes = (to.DECIDED, to.DISMISSED, to.AGREED, to.DIFFERENT, to.SEPARATED, to.LAPSED)
        made.sort(key=lambda each: -len(lines[each.id]))
        for each, outcome in zip(made, outcomes, strict=True):
            if outcome is not to.DISMISSED:
                counts = claims.OpenDraft(counts=claims.key_of(lines[each.id][0]), role="requesting")
                self.does("dov", claims.open_claim, each.id, counts)
            first, *others = lines[each.id]
            if leads := [f"count_of={claims.key_of(line)}" for line in others if line.country == first.country]:
                self.does("dov", claim_masters.choose, each.id, claim_masters.MasterDraft(leads=tuple(leads)))
            if outcome in (to.AGREED, to.DIFFERENT):
                word = claims.ClaimAnswerDraft(same="yes" if outcome is to.AGREED else "no", words="As we know.")
                for name in ("chaima", "moussa"):
                    self.does(name, claims.answer, each.id, word)
            elif outcome in (to.DECIDED, to.SEPARATED):
                for name, same in (("chaima", "yes"), ("moussa", "no")):
                    self.does(name, claims.answer, each.id, claims.ClaimAnswerDraft(same=same, words="As we know."))
            if outcome is to.LAPSED:
                [gone] = [reports_of[line.report_id] for line in lines[each.id] if line.report_id in reports_of]
                self.does("bruno", reports.withdraw, gone, "Sent twice.")
            if outcome not in (to.AGREED, to.DIFFERENT):
                name = "ana" if outcome in (to.DECIDED, to.SEPARATED) else "dov"
                self.does(name, self.settles(each.id, outcome))

            if outcome is to.DECIDED:
                for way in (to.OPEN, outcome):
                    self.does("ana", self.settles(each.id, way), at=self.at + claim_states.ANSWER_WITHIN)
            if outcome is to.DISMISSED:
                for way in (to.SUSPECTED, outcome):
                    self.does("dov", self.settles(each.id, way))

        mine = [("bruno", asked) for asked, _made in pairs]
        for name, version in (*mine, *(("mateo", each) for _asked, each in pairs), ("mateo", again)):
            if now_stored(self.scene, version.id).state == "submitted":
                self.does(name, reports.withdraw, version.id, "Sent for a look.")

    def persons_are_pointed_to(self) -> None:
        """A man who was arrested in another operation too, of which nobody here knows more."""
        _other, first, _second = apart(self.scene)
        claim, to = found_by_muster(self.scene), PointerState
        for way in (to.REFUSED, to.TOLD, to.LET):
            words = "" if way is to.LET else "As we know."
            self.does(
                "dov",
                lambda session, by, way=way, words=words: pointer_answers.say(
                    session, claim.id, self.scene.operation, way, by, words
                ),
            )
        self.does("bruno", reports.withdraw, first.id, "Sent for a look.")

    def settles(self, claim_id: Any, to: claim_states.ClaimState) -> Callable[..., Any]:
        return lambda session, by: claims.take(session, claim_id, to, by, "As agreed.")

    def days_are_asked_for(self) -> None:
        due = START.replace(hour=19) + DAY
        for after in (-2 * HOUR, HOUR, 4 * HOUR, 7 * HOUR):
            self.ticks(due + after)
        self.does("ana", reminders.remind, self.scene.operation, "MLI", at=due + 10 * HOUR)
