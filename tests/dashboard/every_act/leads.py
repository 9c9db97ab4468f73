"""Acts of leads, of intelligence and of the search for fugitives."""

from operations.core import clock
from operations.core.drafts import parse
from operations.core.ids import new_id
from operations.policing.fugitives import appeals, cases, lead_hits
from operations.policing.leads import leads
from operations.policing.operation import plan
from operations.support import intelligence, lead_results
from tests.dashboard.every_act.base import DAY, PlayBase
from tests.makers import START, lead_draft, phase_draft
from tests.operations import test_intelligence as intelligence_made
from tests.operations.sweeps import Sweep, case_draft, sweep_in


class LeadActs(PlayBase):
    """Acts of leads, of intelligence and of the search for fugitives, as chapters."""

    def leads_go_out(self) -> None:
        scene = self.scene
        due = self.at + DAY
        made = [self.does("chaima", leads.write, scene.operation, lead_draft(due=due)) for _each in range(3)]
        for each in made:
            self.does("chaima", leads.share, each.id)
        first, second, third = made
        self.does(
            "moussa", leads.answer, first.id, parse(leads.LeadAnswerDraft, {"id": new_id(), "answer": "positive"})
        )
        self.does("chaima", leads.revoke, second.id, "MLI", "Not needed.")
        self.does("system", leads.expire, third.id, "MLI", at=due)
        linked = intelligence_made.result(scene, first)
        self.does("chaima", lead_results.disconnect, linked.id, "Of another.")

    def intelligence_grows(self) -> None:
        of = self.scene.operation
        with clock.at(self.at):
            intelligence_made.suppose(self.scene)
            group, route = (intelligence_made.part(self.scene, kind) for kind in ("group", "route"))
        draft = {"id": new_id(), "from_id": group.entity_id, "to_id": route.entity_id, "kind": "uses"}
        made = self.does("dov", intelligence.link, of, parse(intelligence.TargetLinkDraft, draft))
        self.does("dov", intelligence.unlink, made.id)

    def fugitives_are_sought(self) -> None:
        scene = sweep_in(self.scene)  # the kind of an operation changes by no act: everybody hears of a phase instead
        follow_up = phase_draft("evaluation", START + 20 * DAY, START + 21 * DAY)
        self.does("ana", plan.schedule, scene.operation, follow_up)
        later = phase_draft("operational", START + 22 * DAY, START + 23 * DAY)
        self.does("ana", plan.schedule, scene.operation, later)
        self.does("ana", plan.drop_phase, later.id)
        cast = Sweep(scene)
        with clock.at(self.at):
            case, location = cast.located()
            [lead] = self.asks("dov", lambda session: leads.leads(session, scene.operation, case.id))
            find = parse(lead_hits.FindDraft, {"id": new_id(), "lead_id": lead.id, "location_id": location})
            linked = self.does("dov", lead_hits.connect, find)
            self.does("dov", lead_hits.disconnect, linked.id, "Of another.")
            cast.arrest(location)
            cast.identify(location)
            amended = cast.nominate()
            changed = case_draft(case_id=amended.id, notice_ref=amended.notice_ref, priority="high")
            self.does("chaima", cases.amend, changed, seen=1, why="Corrected.")
            sought = cast.out()
            cast.flag(sought.id, "chaima")
            cast.flag(sought.id, "ana")
            frozen = self.does("ana", appeals.freeze, scene.operation, new_id())
            self.does("ana", appeals.publish, frozen.id)
            tips = {"id": new_id(), "case_id": sought.id, "received": 7}
            self.does("chaima", appeals.record_tips, parse(appeals.TipsDraft, tips))
