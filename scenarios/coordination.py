"""Builder of the steps before an operation opens: operational plan, units, intelligence, approval."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from operations.catalogue.kpis import Kpi
from operations.core.drafts import parse
from operations.core.vocabulary import OperationState
from operations.policing.leads import leads
from operations.policing.map_plan import coordination_units
from operations.policing.operation import oplan, targets
from operations.support import intelligence
from scenarios.planning import Planning

_TEXTS = {
    "situation": "Countries agree that smuggling of migrants on these routes needs an answer that they give together.",
    "modus_operandi": "Groups divide the work: recruitment, documents, transport, lodging and collection of money.",
    "aim_objectives": "See the aim of the operation and its targets. Figures count from V3 on.",
    "duration": "The phases on the calendar. The coordinator moves them after asking the countries.",
    "area": "The sites and areas on the map.",
    "tasks": (
        "Check documents against the database of stolen and lost travel documents, persons against notices. Report "
        "every day, a nil report too. A hit is confirmed by the country that made the record before anybody acts on it."
    ),
    "team_composition": "Each country says which specialisms it brings, in numbers and without names.",
    "command_control": (
        "National coordinators command their own officers. The coordination unit advises and shares; it commands "
        "nobody."
    ),
    "equipment": "Fixed and mobile query devices of the countries.",
    "incident_reporting": "Serious incidents go to the national coordinator within the hour, then to the unit.",
    "fundamental_rights": (
        "Nobody is checked by looks or origin. Potential victims and children are referred before anything else. Names "
        "stay in national systems; this plan and the reports hold counts and codes."
    ),
    "logistics": "Premises, connections and interpretation are the host's.",
    "evaluation": "Debrief after the last report; evaluation against the targets.",
    "finance": "Each country pays for its own officers.",
}


class Coordinating(Planning):
    """Builder of a scenario's operational plan, coordination units, intelligence and approval."""

    _versions = 0

    def write_oplan(self, at: datetime, **texts: str) -> None:
        """Write every section of the operational plan, by the coordinator; `texts` are those of this story."""
        drafts = [
            parse(
                oplan.SectionDraft,
                {
                    "id": self.identifier("oplan", code),
                    "section": code,
                    "state": "complete",
                    "text": texts.get(code, _TEXTS[code]),
                },
            )
            for code in oplan.SECTIONS
        ]
        self.does(
            at,
            "coordinator",
            "write the operational plan",
            lambda session, actor: oplan.write(session, self.operation, drafts, actor),
        )

    def man(self, at: datetime, name: str, members: Sequence[tuple[str, str | None, int]], **content: Any) -> None:
        """Describe a unit on the map, by the coordinator; `members` are functions, countries and numbers."""
        draft = parse(
            coordination_units.UnitDraft,
            {
                "id": self.identifier("unit", name),
                "object_id": self.identifier("object", "coordination_unit", name),
                "members": [
                    {"function": function, "country": country, "persons": persons}
                    for function, country, persons in members
                ],
                "kind": "ocu",
                **content,
            },
        )
        self.does(
            at,
            "coordinator",
            f"man {name}",
            lambda session, actor: coordination_units.describe(session, self.operation, draft, actor),
        )

    def aim(self, at: datetime, kpi: Kpi, value: int) -> None:
        """Set a target of the operation, by the coordinator."""
        draft = targets.TargetDraft(kpi=kpi, value=value)
        self.does(
            at,
            "coordinator",
            f"aim at {value} of {kpi.value}",
            lambda session, actor: targets.aim(session, self.operation, draft, actor),
        )

    def suppose(self, at: datetime, statement: str, **content: Any) -> None:
        """State or revise the hypothesis, by the analyst."""
        version = self._versions = self._versions + 1
        before = self.identifier("hypothesis", version - 1) if version > 1 else None
        draft = parse(
            intelligence.HypothesisDraft,
            {
                "id": self.identifier("hypothesis", version),
                "supersedes_id": before,
                "statement": statement,
                **content,
            },
        )
        self.does(
            at,
            "analyst",
            "state the hypothesis",
            lambda session, actor: intelligence.write_hypothesis(session, self.operation, draft, actor),
        )

    def part(self, at: datetime, kind: str, description: str, **content: Any) -> UUID:
        """Add a part to the target network, by the analyst; return its id."""
        entity = self.identifier("network", kind, description)
        draft = parse(
            intelligence.EntityDraft,
            {
                "id": self.identifier("network version", kind, description),
                "entity_id": entity,
                "kind": kind,
                "description": description,
                **content,
            },
        )
        self.does(
            at,
            "analyst",
            f"describe a {kind}",
            lambda session, actor: intelligence.describe(session, self.operation, draft, actor),
        )
        return entity

    def join(self, at: datetime, first: UUID, kind: str, second: UUID, **content: Any) -> None:
        """Link two parts of the network, by the analyst."""
        draft = parse(
            intelligence.TargetLinkDraft,
            {
                "id": self.identifier("network link", first, kind, second),
                "from_id": first,
                "to_id": second,
                "kind": kind,
                **content,
            },
        )
        self.does(
            at,
            "analyst",
            f"link: {kind}",
            lambda session, actor: intelligence.link(session, self.operation, draft, actor),
        )

    def task(self, at: datetime, entity: UUID, question: str, countries: Sequence[str], due: datetime) -> UUID:
        """Send a tasking about a part of the network to countries, by the analyst; return its id."""
        lead = self.identifier("lead", question)
        content = {
            "id": self.identifier("lead version", question),
            "lead_id": lead,
            "question": question,
            "to_countries": countries,
            "due": due,
            "source": "b",
            "information": "2",
            **intelligence.lead_content(None),
        }
        draft = intelligence.TaskingDraft(entity_id=entity, lead=parse(leads.LeadDraft, content))
        self.does(
            at,
            "analyst",
            "send a tasking",
            lambda session, actor: intelligence.task(session, self.operation, draft, actor),
        )
        return lead

    def answer_lead(self, at: datetime, lead: UUID, country: str, answer: str) -> None:
        """Answer a tasking for a country, by its national coordinator."""
        draft = parse(
            leads.LeadAnswerDraft, {"id": self.identifier("lead answer", lead, country, answer), "answer": answer}
        )
        self.does(
            at,
            f"coordinator.{country.lower()}",
            f"answer a tasking: {answer}",
            lambda session, actor: leads.answer(session, lead, draft, actor),
        )

    def approve(self, proposed: datetime, approved: datetime, **texts: str) -> None:
        """Write the operational plan and propose the operation, by the coordinator; leadership approves both."""
        self.write_oplan(proposed - timedelta(days=1), **texts)
        self.move(proposed, OperationState.PROPOSED)
        self.move(approved, OperationState.APPROVED, by="leader")
