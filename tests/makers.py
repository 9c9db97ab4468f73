"""Makers: functions with defaults that put things into a store through the real verbs."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from pydantic import BaseModel
from sqlmodel import Session, select

from operations.analyses import adoption
from operations.core import clock
from operations.core.drafts import parse
from operations.core.ids import new_id
from operations.core.people import Account, Actor, Assignment, Posting, System
from operations.core.store import Store
from operations.core.vocabulary import OperationState
from operations.figures.releases import decision
from operations.policing import analyses, lifecycle
from operations.policing.calendar import dependencies, task_rows, tasks
from operations.policing.layers import imports as layer_imports
from operations.policing.layers import layers
from operations.policing.leads import leads
from operations.policing.map_plan import coordination_units, places, postings
from operations.policing.map_plan import versions as plan_versions
from operations.policing.operation import oplan, plan, staff
from operations.policing.reports import reports
from tests.people import CAST, account, actor

START = datetime(2026, 3, 2, 6, 0, tzinfo=UTC)


def put_cast(store: Store) -> None:
    """Store the accounts of the whole cast."""
    with store.unit_of_work(System()) as session:
        for name in CAST:
            session.add(account(name))


@dataclass(frozen=True)
class Shape:
    """A measured shape, as geodata answers it."""

    geometry: dict[str, Any]
    countries: tuple[str, ...] = ("NER",)
    flaw: Any = None
    area_km2: float = 0.0
    length_km: float = 0.0


@dataclass
class Running:
    """An active border operation of Niger and Mali: its ids, and the cast as its members."""

    store: Store
    operation: UUID
    training: UUID
    phase: UUID
    sites: dict[str, UUID]
    start: datetime = START
    members: dict[str, Actor] = field(default_factory=dict)

    def __getitem__(self, name: str) -> Actor:
        return self.members.get(name) or actor(name, self.operation)


def operation_draft(**changes: Any) -> plan.OperationDraft:
    """A complete draft of a border operation."""
    content = {
        "id": str(new_id()),
        "code_name": f"Test {new_id()}",
        "type": "border_stop",
        "crime_scope": ["migrant_smuggling"],
        "aim": "Detect stolen travel documents.",
        "legal_basis": "Agreement of the participating countries.",
        "zone": "Africa/Niamey",
        "art3_screen": "passed",
        "line_kinds": ["check_tally", "hit"],
        "daily_due": "20:00",
    }
    return parse(plan.OperationDraft, content | changes)


def phase_draft(kind: str, starts: datetime, ends: datetime, **changes: Any) -> plan.PhaseDraft:
    """A draft of a phase, named after its kind."""
    return parse(
        plan.PhaseDraft,
        {"id": new_id(), "kind": kind, "name": kind.capitalize(), "starts": starts, "ends": ends} | changes,
    )


def whole_oplan(before: Mapping[str, oplan.OplanSection] | None = None, **changes: str) -> list[oplan.SectionDraft]:
    """Every section of an operational plan, complete, in place of what stood `before`."""
    stood = {code: each.id for code, each in (before or {}).items()}
    return [
        parse(
            oplan.SectionDraft,
            {
                "id": new_id(),
                "section": code,
                "state": "complete",
                "supersedes_id": stood.get(code),
                "text": changes.get(code, f"As agreed: {code}."),
            },
        )
        for code in oplan.SECTIONS
    ]


def unit_draft(object_id: UUID, **changes: Any) -> coordination_units.UnitDraft:
    """A coordination unit in Niamey that never closes, with two analysts."""
    content = {
        "id": new_id(),
        "object_id": object_id,
        "kind": "ocu",
        "host_country": "NER",
        "zone": "Africa/Niamey",
        "round_the_clock": True,
        "supports": ["NER", "MLI"],
        "members": [{"function": "analyst", "persons": 2}],
    }
    return parse(coordination_units.UnitDraft, content | changes)


def man_unit(session: Session, operation: UUID, by: str = "ana") -> None:
    """A coordination unit in Niamey, on the map and with people in it: without one no operation is approved."""
    content = {"id": new_id(), "object_id": new_id(), "kind": "coordination_unit", "name": "OCU Niamey"}
    drawn, who = parse(places.MapObjectDraft, content), actor(by, operation)
    places.draw(session, operation, drawn, Shape({"type": "Point", "coordinates": [2.1, 13.5]}), who)
    coordination_units.describe(session, operation, unit_draft(drawn.object_id), who)


def site_draft(country: str, name: str, **changes: Any) -> places.SiteDraft:
    """A draft of an airport."""
    where = {"NER": (13.48, 2.18), "MLI": (12.53, -7.95)}.get(country, (0.0, 0.0))
    content = {
        "id": new_id(),
        "country": country,
        "name": name,
        "site_type": "airport",
        "border_kind": "air",
        "lat": where[0],
        "lon": where[1],
        "zone": "Africa/Niamey",
    }
    return parse(places.SiteDraft, content | changes)


def running(store: Store, start: datetime = START) -> Running:
    """An operation that began to run at `start`, with a training day before. Leaves the clock alone."""
    with clock.at(start - timedelta(days=3)):
        return _run(store, start)


def _run(store: Store, start: datetime) -> Running:
    ana, lena = actor("ana"), actor("lena")
    with store.unit_of_work(ana) as session:
        made = plan.create(session, operation_draft(), ana)
    ana = actor("ana", made.id)
    with store.unit_of_work(ana) as session:
        training = plan.schedule(session, made.id, phase_draft("training", start - timedelta(days=1), start), ana)
        phase = plan.schedule(session, made.id, phase_draft("operational", start, start + timedelta(days=5)), ana)
        for country in ("NER", "MLI"):
            plan.invite(session, made.id, parse(plan.CountryInvitation, {"country": country}), ana)
        sites = {
            name: places.place_site(session, made.id, site_draft(country, name), ana).id
            for country, name in (("NER", "Niamey"), ("NER", "Agadez"), ("MLI", "Bamako"))
        }
        man_unit(session, made.id)
        oplan.write(session, made.id, whole_oplan(), ana)
        lifecycle.move(session, made.id, OperationState.PROPOSED, ana)
    for name in ("chaima", "moussa"):
        with store.unit_of_work(actor(name, made.id)) as session:
            plan.answer(session, made.id, actor(name, made.id), accept=True)
    with store.unit_of_work(lena) as session:
        lifecycle.move(session, made.id, OperationState.APPROVED, lena)
    with store.unit_of_work(System()) as session:
        session.add(Assignment(account_id=actor("dov").account_id, operation_id=made.id))
    with store.unit_of_work(ana) as session:
        lifecycle.move(session, made.id, OperationState.PRE_OPERATIONAL, ana)
        with clock.at(start):
            lifecycle.move(session, made.id, OperationState.ACTIVE, ana)
    return Running(store, made.id, training.id, phase.id, sites, start)


def assignment_draft(*people: str, **changes: Any) -> staff.AssignmentDraft:
    """People of the cast who are put on an operation, from now on."""
    content = {"id": new_id(), "people": [actor(each).account_id for each in people]}
    return parse(staff.AssignmentDraft, content | changes)


def posting_draft(people: Sequence[str], sites: Sequence[UUID], **changes: Any) -> postings.PostingDraft:
    """People of the cast who are posted to sites, from now on."""
    content = {"id": new_id(), "people": [actor(each).account_id for each in people], "sites": sites}
    return parse(postings.PostingDraft, content | changes)


def post(scene: Running, by: str, name: str, *sites: str, **changes: Any) -> list[Posting]:
    """A national coordinator posts somebody to sites of the scene."""
    draft = posting_draft([name], [scene.sites[each] for each in sites], **changes)
    with scene.store.unit_of_work(scene[by]) as session:
        return postings.post(session, scene.operation, draft, scene[by])


def tally(count: int = 100, **changes: Any) -> dict[str, Any]:
    """A check tally as a form sends it."""
    return {
        "kind": "check_tally",
        "id": str(new_id()),
        "count": count,
        "check_kind": "database_query",
        "database": "sltd",
        "entity_type": "document",
        "channel": "fixed_workstation",
    } | changes


def hit(at: datetime, **changes: Any) -> dict[str, Any]:
    """A raw hit as a form sends it."""
    return {
        "kind": "hit",
        "id": str(new_id()),
        "database": "sltd",
        "hit_kind": "stolen",
        "raw_at": at.isoformat(),
        "action_taken": "questioned",
    } | changes


def arrest(persons: int = 1, **changes: Any) -> dict[str, Any]:
    """An arrest as a form sends it."""
    return {
        "kind": "arrest",
        "id": str(new_id()),
        "persons": persons,
        "offence": "migrant_smuggling",
        "legal_basis": "flagrant_offence",
    } | changes


def form(
    scene: Running, site: str = "Niamey", *, day: int = 0, lines: list[dict[str, Any]] | None = None, **changes: Any
) -> dict[str, Any]:
    """A daily report as a form sends it, for the given day of the operational phase."""
    begins = scene.start + timedelta(days=day)
    return {
        "id": str(new_id()),
        "report_id": str(new_id()),
        "operation_id": str(scene.operation),
        "site_id": str(scene.sites[site]),
        "phase_id": str(scene.phase),
        "kind": "daily",
        "period_from": begins.isoformat(),
        "period_to": (begins + timedelta(hours=12)).isoformat(),
        "zone": "Africa/Niamey",
        "lines": [tally()] if lines is None else lines,
        "confirmed": True,
    } | changes


def let_out(scene: Running) -> None:
    """What the timetable does for guarded figures, at once and for everybody."""
    with scene.store.unit_of_work(System()) as session:
        decision.release(session, session.get_one(plan.Operation, scene.operation))


def detection(detections: int = 1, **changes: Any) -> dict[str, Any]:
    """Irregular migrants detected, as a form sends them."""
    return {
        "kind": "migrant_detection",
        "id": str(new_id()),
        "detections": detections,
        "detection_kind": "at_bcp_check",
    } | changes


def still_there(scene: Running, at: datetime) -> None:
    """Everybody is at work at a moment: nobody's account is closed because it is not used."""
    with scene.store.unit_of_work(System()) as session:
        for account in session.exec(select(Account)).all():
            account.reopened_at = at
            session.add(account)


def send(scene: Running, content: dict[str, Any], by: str = "bruno", at: datetime | None = None) -> reports.Report:
    """Submit a form as one of the cast, at the end of its period unless said otherwise."""
    draft = parse(reports.ReportDraft, content)
    with clock.at(at or draft.period_to), scene.store.unit_of_work(scene[by]) as session:
        return reports.submit(session, draft, scene[by])


def layer_draft(**changes: Any) -> layer_imports.LayerDraft:
    """A draft of a layer of events."""
    content = {
        "id": new_id(),
        "layer_id": new_id(),
        "name": "Crossings",
        "kind": "events",
        "source": "Invented for tests",
        "licence": "CC0 1.0",
        "period_from": "2025-01-01",
        "period_to": "2025-12-31",
        "accuracy_m": 500,
        "retrieved": "2026-01-15",
        "mapping": {"latitude": "Lat", "longitude": "Lon"},
    }
    return parse(layer_imports.LayerDraft, content | changes)


def packed(data: bytes = b"packed events", **changes: Any) -> layer_imports.PackedEvents:
    """A file with three rows that can be used, as geodata answers it."""
    content: dict[str, Any] = {"data": data, "accepted": 3, "refused": 1, "bounds": (2.0, 13.0, 3.0, 14.0)}
    return layer_imports.PackedEvents(**content | changes)


def add_layer(
    scene: Running,
    draft: layer_imports.LayerDraft | None = None,
    content: layer_imports.PackedEvents | None = None,
    by: str = "dov",
) -> layers.EventLayer:
    """Import a layer as one of the cast."""
    with scene.store.unit_of_work(scene[by]) as session:
        return layer_imports.add(session, scene.operation, draft or layer_draft(), content or packed(), scene[by])


class Question(BaseModel):
    """What a placement is asked."""

    teams: int = 8
    budget: float | None = None


def analysis_draft(**changes: Any) -> analyses.AnalysisDraft:
    """A draft of a question where to stand."""
    return parse(analyses.AnalysisDraft, {"id": new_id(), "kind": "placement"} | changes)


def ask(
    scene: Running,
    draft: analyses.AnalysisDraft | None = None,
    question: BaseModel | None = None,
    by: str = "dov",
    at: datetime = START,
) -> analyses.Analysis:
    """Ask a question as one of the cast."""
    with clock.at(at), scene.store.unit_of_work(scene[by]) as session:
        return analyses.ask(session, scene.operation, draft or analysis_draft(), question or Question(), scene[by])


def adoption_draft(ref: str = "N1", **changes: Any) -> adoption.AdoptionDraft:
    """A checkpoint that an analysis found."""
    return parse(adoption.AdoptionDraft, {"ref": ref, "kind": "checkpoint", "name": f"Checkpoint {ref}"} | changes)


def freeze(
    scene: Running, draft: plan_versions.PlanVersionDraft | None = None, by: str = "ana"
) -> plan_versions.PlanVersion:
    """Freeze the plan as one of the cast."""
    wanted = draft or plan_versions.PlanVersionDraft(id=new_id(), note="Before the amendment.")
    with scene.store.unit_of_work(scene[by]) as session:
        return plan_versions.freeze(session, scene.operation, wanted, scene[by])


def task_draft(starts: datetime | None = None, due: datetime = START + timedelta(days=1), **changes: Any) -> Any:
    """A draft of a task of Niger's coordinator."""
    content = {"id": new_id(), "title": "Brief the teams", "starts": starts, "due": due, "country": "NER"}
    return parse(tasks.TaskDraft, content | changes)


def add_task(scene: Running, draft: tasks.TaskDraft | None = None, **changes: Any) -> task_rows.Task:
    """Put a task into the operation as its coordinator."""
    with scene.store.unit_of_work(scene["ana"]) as session:
        return tasks.add(session, scene.operation, draft or task_draft(**changes), scene["ana"])


def link(scene: Running, before: UUID, after: UUID, by: str = "ana") -> dependencies.Dependency:
    """Let one thing wait for another."""
    wanted = dependencies.DependencyLink(before=before, after=after)
    with scene.store.unit_of_work(scene[by]) as session:
        return dependencies.link(session, scene.operation, wanted, scene[by])


def lead_draft(**changes: Any) -> leads.LeadDraft:
    """A question of Niger to Mali about a lorry."""
    content = {
        "id": new_id(),
        "lead_id": new_id(),
        "origin": "country",
        "origin_country": "NER",
        "subject_kind": "vehicle",
        "question": "A white lorry crosses at night: has it been seen?",
        "to_countries": ["MLI"],
        "due": START + timedelta(days=2),
    }
    return parse(leads.LeadDraft, content | changes)


def lead_of(scene: Running, by: str = "chaima", **changes: Any) -> leads.Lead:
    """Write a lead as one of the cast. Nobody has it before it is shared."""
    with clock.at(START), scene.store.unit_of_work(scene[by]) as session:
        return leads.write(session, scene.operation, lead_draft(**changes), scene[by])


def crowd(scene: Running, first: int, last: int) -> None:
    """Give officer Binta colleagues: "Crowd 000" and so on, as many as the numbers say."""
    with scene.store.unit_of_work(System()) as session:
        like = session.exec(select(Account).where(Account.username == "binta")).one().model_dump()
        session.add_all(
            Account(**like | {"id": new_id(), "username": f"crowd.{n}", "name": f"Crowd {n:03}"})
            for n in range(first, last)
        )
