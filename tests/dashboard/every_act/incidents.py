"""Acts of incidents."""

from dataclasses import replace
from typing import Any

from sqlmodel import Session

from operations.incidents import consultations as incident_reading
from operations.incidents import drafts as incident_drafts
from operations.incidents import incidents
from operations.policing.operation import plan
from operations.totals.activity import DepartureChoice
from tests import incidents as incident_made
from tests.dashboard.every_act.base import HOUR, PlayBase


class IncidentActs(PlayBase):
    """Acts of incidents, as chapters."""

    def incidents_are_handled(self) -> None:
        """Two of Niger: one to its end, one not launched; then the country leaves and both are emptied."""
        other = incident_made.hired(self.scene, "fred")
        made = [
            self.does(
                "bruno",
                incidents.report,
                incident_made.draft(self.scene, occurred_at=self.at - 2 * HOUR, detected_at=self.at - HOUR),
            )
            for _each in range(2)
        ]
        for state in incident_made.WAY:
            self.does("frida", incident_made.step(made[0].id, state))
            for about in ("assessment", "outcome") if state == "fact_finding" else ():
                self.does("frida", incidents.write, made[0].id, incident_made.version(about))
        reader = self.asks("frida", lambda session: incidents.readers(session, made[0]))[0]
        self.does("frida", incidents.grant, made[0].id, incident_made.grant(account_id=reader.id))
        self.does("frida", incident_made.step(made[1].id, "threshold_check"))
        frida = self.scene["frida"]
        self.scene.members["fred"] = replace(frida, account_id=other, name="Fred")
        taking = incident_drafts.TakeOverDraft(reason="Frida is on leave.")
        self.does("fred", incidents.take_over, made[1].id, taking, frida.account_id)
        self.does("fred", incident_made.step(made[1].id, "not_launched", "Below the threshold."))
        handing = incident_drafts.HandOverDraft(handler=frida.account_id, reason="Back from leave.")
        self.does("fred", incidents.hand_over, made[1].id, handing)
        self.does("chaima", incident_reading.restrict, self.scene.operation, "Under seal.")
        self.does("chaima", incident_reading.lift, self.scene.operation)
        self.does("chaima", self._leaves)

    def _leaves(self, session: Session, by: Any) -> None:
        incident_reading.leave(
            session, plan.operation(session, self.scene.operation, by), "NER", DepartureChoice.ERASED
        )
