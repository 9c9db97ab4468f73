"""Register of text columns that could be about a person: a request is searched in all of them (`copies`).

`PLACES` are searched, old versions included; `UNSEARCHED` gives the reason for every other text column. A test holds
every column to one of them.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from operations.claims.claim_pointers import ClaimPointer
from operations.claims.claim_rows import Claim, ClaimStep, ClaimWord
from operations.core.field_labels import N_
from operations.core.people import Account
from operations.costs.rows import Cost, CostBook, CostStep
from operations.evaluation.debrief import Debrief, Lesson
from operations.evaluation.recommendation_rows import FollowUp, Recommendation
from operations.evaluation.rows import (
    Evaluation,
    EvaluationJudgement,
    EvaluationMethod,
    EvaluationOutcome,
    EvaluationStep,
)
from operations.exchange.deconfliction_rows import DeconflictionEntry, DeconflictionRoom
from operations.exchange.directory import Activity, DirectoryOffice
from operations.exchange.dispatch_rows import Dispatch, DispatchPassing
from operations.exchange.partner_rows import Admission, PartnerStep
from operations.exchange.product_rows import Product, ProductRequest, ProductShare, ProductStep
from operations.incidents.rows import IncidentGrant, IncidentRestriction, IncidentVersion, SeriousIncident
from operations.infrastructure.rows import Equipment, EquipmentStep, Link, Outage
from operations.infrastructure.usage import UsageMonth
from operations.modernisation.project_rows import Milestone, Project, ProjectMoney, ProjectPart, ProjectStep
from operations.modernisation.review_rows import Review, ReviewComment, ReviewFinding, ReviewStep
from operations.needs.rows import Assessment, AssessmentScore, AssessmentStep
from operations.needs.stakeholders import Engagement
from operations.policing.calendar.task_rows import ChecklistStep, Task
from operations.policing.fugitives.case_rows import FugitiveCase, FugitiveStep, FugitiveVersion
from operations.policing.fugitives.lead_hits import LeadFind
from operations.policing.fugitives.sightings import FugitiveLocation
from operations.policing.layers.layers import EventLayer
from operations.policing.leads.rows import Lead, LeadAnswer, LeadCountry, LeadVersion
from operations.policing.map_plan.coordination_units import CoordinationUnit
from operations.policing.map_plan.places import MapObject
from operations.policing.operation.oplan_rows import OplanComment, OplanSection
from operations.policing.operation.participations import Participation
from operations.policing.reports.exclusions import ReportExclusion
from operations.policing.reports.forms import SavedForm
from operations.policing.reports.versions import Line, Report
from operations.posts.register import PostCondition
from operations.programme.roles import CountryRole
from operations.results.snapshot_rows import Snapshot, SnapshotWord
from operations.support.deployments import Deployment, DeploymentEntry
from operations.support.intelligence import Hypothesis
from operations.support.kit import Asset
from operations.support.lead_results import LeadResult
from operations.support.network import NetworkEntity
from operations.support.offers import Offer
from operations.support.requests import SupportRequest
from operations.support.teams import Team
from operations.templates.lessons import TemplateLesson
from operations.training.curricula import Curriculum
from operations.training.enrolment_rows import CourseCertificate, Enrolment
from operations.training.rows import Course, CourseRun
from operations.training.steps import TrainingStep
from operations.training.trainer_rows import CascadeAttendance, CascadeRun, Trainer

# ------------------------------------------------------------------------------------------- where words could be found


class DecidingDesk(StrEnum):
    """Desks that decide on copies that belong to no country."""

    COUNTRY = "country"
    CENTRE = "centre"
    RIGHTS = "rights"


@dataclass(frozen=True)
class TextColumns:
    """Text columns of a table: `texts` are the columns, `of` the column with the id of the item they belong to.

    `parent` is the table (and the column that leads there) that says of which operation and country it is, where the
    table does not. `country` names that column; "" is of no country. `link` is where the thing is seen. `person` is the
    column of the account whose file it is: it is found by the name of that as well. `number` begins the number by which
    people know it, which is made of its identifier.
    """

    kind: str
    model: Any
    texts: tuple[str, ...]
    of: str = "id"
    parent: tuple[Any, str] | None = None
    country: str = "country"
    operation: str = "operation_id"
    desk: DecidingDesk = DecidingDesk.CENTRE
    link: str = ""
    person: str = ""
    number: str = ""


_O = "/operations/{operation}"
_PRODUCT = "/products?show={id}"
_CASE: Any = {"kind": "case", "country": "requesting_country", "link": f"{_O}/fugitives/{{id}}"}
_LEAD: Any = {"kind": "lead", "of": "lead_id", "country": "origin_country", "link": f"{_O}/leads?show={{id}}"}
_REPORT: Any = {"kind": "report", "of": "report_id", "link": f"{_O}/verify?report={{id}}"}
_INTELLIGENCE: Any = {"kind": "intelligence", "country": "", "link": f"{_O}/intelligence"}
_NEED: Any = {"kind": "assessment", "operation": "", "link": "/needs?show={id}"}
_REVIEW: Any = {"kind": "review", "operation": "", "link": "/equipment/reviews"}
_PROJECT: Any = {"kind": "project", "operation": "", "link": "/equipment/projects"}
_TRAINING: Any = {"kind": "training", "operation": "", "link": "/courses"}
_INCIDENT: Any = {"kind": "incident", "desk": DecidingDesk.RIGHTS, "country": "", "link": "/incidents?show={id}"}
_SUPPORT: Any = {"kind": "support", "link": f"{_O}/teams"}
_PLAN: Any = {"kind": "plan", "link": f"{_O}/plan"}
_OPLAN: Any = {"kind": "oplan", "link": f"{_O}/oplan"}
_ADVICE: Any = {"kind": "debrief", "link": "/recommendations?show={id}"}
_JUDGED: Any = {
    "kind": "evaluation",
    "of": "evaluation_id",
    "country": "",
    "operation": "",
    "link": "/evaluations?show={id}",
}
_COST: Any = {"kind": "cost", "link": f"{_O}/costs"}
_END: Any = {"kind": "debrief", "country": "", "link": f"{_O}/debrief"}

PLACES = (
    TextColumns(model=FugitiveCase, texts=("notice_ref",), **_CASE),
    TextColumns(model=FugitiveVersion, texts=("content",), of="case_id", parent=(FugitiveCase, "case_id"), **_CASE),
    TextColumns(model=FugitiveStep, texts=("reason",), of="case_id", parent=(FugitiveCase, "case_id"), **_CASE),
    TextColumns(model=FugitiveLocation, texts=("remark",), of="case_id", parent=(FugitiveCase, "case_id"), **_CASE),
    TextColumns(model=LeadFind, texts=("note", "undone_reason"), of="case_id", **_CASE),
    TextColumns(model=LeadVersion, texts=("question",), parent=(Lead, "lead_id"), **_LEAD),
    TextColumns(model=LeadAnswer, texts=("remark",), parent=(Lead, "lead_id"), **_LEAD),
    TextColumns(model=LeadCountry, texts=("revoked_reason",), **_LEAD),
    TextColumns(model=LeadResult, texts=("note", "undone_reason"), **(_LEAD | {"country": "country"})),
    TextColumns(model=Hypothesis, texts=("statement",), **_INTELLIGENCE),
    TextColumns(model=NetworkEntity, texts=("description",), **_INTELLIGENCE),
    TextColumns(model=Report, texts=("remarks", "returned_note"), **_REPORT),
    TextColumns(model=Line, texts=("attributes",), parent=(Report, "version_id"), **_REPORT),
    TextColumns("form", SavedForm, ("content",), parent=(Account, "author_id"), link=f"{_O}/reports"),
    TextColumns(
        model=IncidentVersion,
        texts=("content",),
        of="incident_id",
        parent=(SeriousIncident, "incident_id"),
        **_INCIDENT,
    ),
    TextColumns(
        model=IncidentGrant, texts=("reason",), of="incident_id", parent=(SeriousIncident, "incident_id"), **_INCIDENT
    ),
    TextColumns(model=SupportRequest, texts=("title", "note", "place"), **_SUPPORT),
    TextColumns(model=Offer, texts=("note", "decision"), **_SUPPORT),
    TextColumns(model=Deployment, texts=("tasks", "place", "unit"), **_SUPPORT),
    TextColumns(model=DeploymentEntry, texts=("words", "place"), of="deployment_id", **_SUPPORT),
    TextColumns("team", Team, ("note", "out_of_service", "unit", "base"), operation="", link="/teams"),
    TextColumns("team", Asset, ("place",), of="team_id", operation="", link="/teams"),
    TextColumns(model=Task, texts=("title", "note", "reason"), **_PLAN),
    TextColumns(model=ChecklistStep, texts=("text",), of="task_id", parent=(Task, "task_id"), **_PLAN),
    TextColumns(model=MapObject, texts=("name", "note"), of="object_id", **_PLAN),
    TextColumns(model=CoordinationUnit, texts=("note", "region"), of="object_id", **(_PLAN | {"country": ""})),
    TextColumns(model=EventLayer, texts=("name", "source"), of="layer_id", **_PLAN),
    TextColumns(model=OplanSection, texts=("text",), **(_OPLAN | {"country": ""})),
    TextColumns(model=OplanComment, texts=("text", "answer"), **_OPLAN),
    TextColumns(model=Claim, texts=("reason", "grounds"), kind="claim", country="", link=f"{_O}/claims"),
    TextColumns(
        model=ClaimStep,
        texts=("words",),
        of="of_id",
        parent=(Claim, "of_id"),
        kind="claim",
        country="",
        link=f"{_O}/claims",
    ),
    TextColumns(model=ClaimWord, texts=("words",), of="claim_id", kind="claim", link=f"{_O}/claims"),
    TextColumns(model=ClaimPointer, texts=("reason",), of="claim_id", kind="claim", country="", link=f"{_O}/claims"),
    TextColumns(
        model=ReportExclusion, texts=("reason",), of="operation_id", kind="report", country="", link=f"{_O}/verify"
    ),
    TextColumns(model=Cost, texts=("what", "note", "reason"), **_COST),
    TextColumns(model=CostBook, texts=("reason",), **(_COST | {"country": ""})),
    TextColumns(model=CostStep, texts=("words",), of="of_id", **_COST),
    TextColumns(model=Participation, texts=("without", "unanswered"), of="operation_id", **_PLAN),
    TextColumns(model=Debrief, texts=("worked", "failed", "remarks", "none_needed"), of="operation_id", **_END),
    TextColumns(model=Lesson, texts=("text", "evidence"), **_END),
    TextColumns(model=TemplateLesson, texts=("text", "reason"), **_END),
    TextColumns(model=Recommendation, texts=("text", "evidence", "reason"), **_ADVICE),
    TextColumns(model=FollowUp, texts=("words",), of="recommendation_id", **_ADVICE),
    TextColumns(model=Evaluation, texts=("title", "purpose", "reason"), **(_JUDGED | {"of": "id"})),
    TextColumns(model=EvaluationMethod, texts=("place", "who", "finding"), **_JUDGED),
    TextColumns(model=EvaluationJudgement, texts=("words", "evidence"), **_JUDGED),
    TextColumns(model=EvaluationStep, texts=("words",), **(_JUDGED | {"country": "country"})),
    TextColumns(model=EvaluationOutcome, texts=("source",), **(_JUDGED | {"country": "country"})),
    TextColumns(
        model=Snapshot, texts=("wording", "method", "reason"), kind="snapshot", country="", link=f"{_O}/snapshots"
    ),
    TextColumns(model=SnapshotWord, texts=("words",), of="snapshot_id", kind="snapshot", link=f"{_O}/snapshots"),
    TextColumns(model=Assessment, texts=("purpose", "reason", "works", "baseline_source"), **_NEED),
    TextColumns(model=AssessmentScore, texts=("evidence", "gap", "measure"), of="assessment_id", **_NEED),
    TextColumns(model=AssessmentStep, texts=("words",), of="of_id", **_NEED),
    TextColumns(
        "talk",
        Engagement,
        ("counterpart", "commitment", "follow_up", "outcome"),
        operation="",
        link="/needs/stakeholders",
    ),
    TextColumns("post", PostCondition, ("note",), of="post_id", operation="", link="/posts?show={id}"),
    TextColumns("role", CountryRole, ("basis",), operation="", link="/programme"),
    TextColumns(
        "equipment",
        Equipment,
        ("purpose", "reason", "condition", "donor", "serial"),
        operation="",
        link="/equipment?show={id}",
    ),
    TextColumns("equipment", EquipmentStep, ("words",), of="of_id", operation="", link="/equipment?show={id}"),
    TextColumns(model=Review, texts=("purpose", "reason", "visitors"), **_REVIEW),
    TextColumns(model=ReviewFinding, texts=("finding", "needed", "reason"), of="review_id", **_REVIEW),
    TextColumns(model=ReviewComment, texts=("words",), of="review_id", **_REVIEW),
    TextColumns(model=ReviewStep, texts=("words",), of="of_id", **_REVIEW),
    TextColumns(model=Project, texts=("title", "purpose", "donor", "reason", "condition"), **_PROJECT),
    TextColumns(model=ProjectPart, texts=("reason",), of="project_id", **_PROJECT),
    TextColumns(model=ProjectMoney, texts=("words", "reason"), of="project_id", **_PROJECT),
    TextColumns(model=Milestone, texts=("title", "reason"), of="project_id", **_PROJECT),
    TextColumns(model=ProjectStep, texts=("words",), of="of_id", **_PROJECT),
    TextColumns("link", Link, ("reason", "provider"), operation="", link="/equipment/links"),
    TextColumns("link", Outage, ("cause",), of="link_id", operation="", link="/equipment/links"),
    TextColumns("usage", UsageMonth, ("source",), operation="", link="/posts/usage"),
    TextColumns(model=Course, texts=("title", "need", "curriculum", "reason"), **(_TRAINING | {"country": ""})),
    TextColumns(model=CourseRun, texts=("place", "reason"), **(_TRAINING | {"country": ""})),
    TextColumns(model=Enrolment, texts=("reason",), person="account_id", **_TRAINING),
    TextColumns(
        model=CourseCertificate,
        texts=("reason", "code"),
        person="account_id",
        number="C-",
        **(_TRAINING | {"link": "/courses/certificates?show={id}"}),
    ),
    TextColumns(model=Curriculum, texts=("reason", "academy"), **_TRAINING),
    TextColumns(
        model=Trainer, texts=("reason",), person="account_id", **(_TRAINING | {"link": "/courses/trainers?show={id}"})
    ),
    TextColumns(model=CascadeRun, texts=("reason", "place"), person="account_id", **_TRAINING),
    TextColumns(model=CascadeAttendance, texts=(), of="run_id", person="account_id", **_TRAINING),
    TextColumns(model=TrainingStep, texts=("words",), of="of_id", **_TRAINING),
    TextColumns("incident", IncidentRestriction, ("reason",), of="operation_id", link="/incidents"),
    TextColumns("message", Dispatch, ("title", "body"), link="/messages?show={id}"),
    TextColumns("message", DispatchPassing, ("purpose", "reason"), of="dispatch_id", link="/messages?show={id}"),
    TextColumns("product", ProductRequest, ("question", "purpose", "reason", "outcome"), link=_PRODUCT),
    TextColumns("product", ProductStep, ("words",), of="of_id", parent=(ProductRequest, "of_id"), link=_PRODUCT),
    TextColumns("product", Product, ("title", "body"), of="request_id", country="", link=_PRODUCT),
    TextColumns("product", ProductShare, ("title", "purpose", "reason"), of="product_id", country="", link=_PRODUCT),
    TextColumns("partner", Admission, ("purpose", "reason"), country="", link="/partners?show={id}"),
    TextColumns(
        "partner",
        PartnerStep,
        ("words",),
        of="of_id",
        parent=(Admission, "of_id"),
        country="",
        link="/partners?show={id}",
    ),
    TextColumns("room", DeconflictionRoom, ("name",), link="/deconfliction?show={id}"),
    TextColumns("room", DeconflictionEntry, ("contact",), of="room_id", link="/deconfliction?show={id}"),
    TextColumns("office", DirectoryOffice, ("office", "reason"), operation="", link="/directory"),
    TextColumns("office", Activity, ("note",), of="member_id", operation="", link="/directory"),
    TextColumns("account", Account, ("name", "username", "unit"), operation="", link="/people?show={id}"),
)

KINDS = {
    "case": N_("Fugitive case"),
    "lead": N_("Lead"),
    "intelligence": N_("Hypothesis or target network"),
    "report": N_("Report"),
    "form": N_("Form that was not sent yet"),
    "incident": N_("Serious incident"),
    "support": N_("Request for a team, or its deployment"),
    "team": N_("Team"),
    "plan": N_("Plan, tasks and layers"),
    "oplan": N_("Operational plan"),
    "claim": N_("Claim"),
    "cost": N_("Cost of an operation"),
    "evaluation": N_("Evaluation"),
    "debrief": N_("Debrief and recommendations"),
    "snapshot": N_("Snapshot"),
    "assessment": N_("Needs assessment"),
    "talk": N_("Talk with a counterpart"),
    "post": N_("Border post"),
    "role": N_("What a country is on the routes"),
    "equipment": N_("Equipment"),
    "link": N_("Link"),
    "review": N_("Review"),
    "project": N_("Project"),
    "usage": N_("Use of databases"),
    "training": N_("Training"),
    "message": N_("Message between countries"),
    "product": N_("Intelligence product"),
    "partner": N_("Partner organisation of an operation"),
    "room": N_("Room of deconfliction"),
    "office": N_("Office in the directory"),
    "account": N_("Account"),
}
"""The labels of the items."""

_CODES = "codes, numbers and identifiers of Muster alone"
_DIGEST = "a digest: nothing can be read out of it"
_CHAIN = "the chain is never changed: it holds codes and days, and a test holds every act to that"
_SHAPES = "positions, times and codes; what named people was refused when it was brought in"
_HEADS = "headings and words of a country's own sheet for codes; columns about persons are never taken"
_OFFICE = "the words of an operation about itself, approved by leadership"
UNSEARCHED: dict[str, dict[str, str]] = {
    "entry": {"detail": _CHAIN},
    "access_entry": {"detail": _CHAIN},
    "account": {"password_hash": _DIGEST},
    "analysis": {"worker": _CODES, "progress": _CODES, "failure": _CODES, "question": _CODES, "layer_versions": _CODES},
    "analysis_result": {"result": _SHAPES, "packed": _SHAPES},
    "appeal_item": {"dropped": "why Muster itself took a case off the list"},
    "assignment": {"countries": _CODES},
    "claim": {"countries": _CODES},
    "api_token": {"system": "the name of a program", "scopes": _CODES},
    "webhook": {"system": "the name of a program", "address": "of a program", "seal": _DIGEST, "failure": _CODES},
    "centre_connection": {
        "address": "of another Muster", "token_seal": _DIGEST, "plan": _OFFICE, "failure": _CODES,
        "sites": _CODES, "cursor": "how far another Muster was read"
    },
    "centre_report": {"body": _CODES, "refusal": "the sentence of another Muster's rule", "conflict": _CODES},
    "sheet_mapping": {
        "sheet": "the name of a sheet", "columns": _HEADS, "fixed": _CODES, "words": _HEADS, "dates": _CODES
    },
    "claim_line": {"leads": _CODES},
    "claim_adjustment": {"lines": _CODES, "would": _CODES},
    "pending_correction": {"kinds": _CODES},
    "coordination_unit": {"days": _CODES, "supports": _CODES, "members": _CODES},
    "course": {"languages": _CODES},
    "course_run": {"languages": _CODES},
    "delivery": {"failure": "what the mail server answered"},
    "evaluation": {"operations": _CODES, "own_work": _CODES},
    "event_line": {"leads": _CODES},
    "event_layer": {
        "licence": "the licence of a source", "accuracy": "of a source", "mapping": _CODES, "findings": _CODES
    },
    "layer_content": {"data": _SHAPES},
    "layer_marks": {"data": _SHAPES},
    "layer_upload": {"name": "of a file, gone within a day", "data": "gone within a day"},
    "lead": {"tally": _CODES},
    "report_exclusion": {"versions": _CODES},
    "map_object": {"geometry": _SHAPES},
    "message": {
        "key": _CODES, "link": _CODES, "about": "what waits, searched where it stands: gone as soon as it waits no more"
    },
    "message_habits": {"address": "the mail address of an officer, who changes it"},
    "operation": {
        "code_name": _OFFICE, "crime_scope": _CODES, "aim": _OFFICE, "legal_basis": _OFFICE, "reason_to_open": _OFFICE,
        "measured_goal": _OFFICE, "end_criterion": _OFFICE, "line_kinds": _CODES, "invented": _OFFICE,
    },
    "oplan_version": {"note": _OFFICE},
    "phase": {"name": _OFFICE},
    "plan_version": {"note": _OFFICE},
    "post": {"name": "a public place"},
    "release": {"content": _CODES},
    "row_step": {
        "content": "how phases, goals, sites, levels of reports, states of leads, cases, teams and incidents were"
    },
    "passkey": {"credential": _CODES, "public_key": _DIGEST},
    "federated_identity": {"issuer": "an address of the settings", "subject": "as whom a provider knows an officer"},
    "second_factor": {"sealed": "a secret under a key outside the database"},
    "sign_in": {"agent": "the browser of an officer, for weeks", "only": _CODES},
    "site": {"name": "a public place"},
    "snapshot": {"basis": _CODES},
    "snapshot_figure": {"notes": "sentences of Muster about its own numbers"},
    "support_need": {"languages": _CODES, "certificates": _CODES},
    "support_offer": {"against": _CODES},
    "team": {"specialisms": _CODES, "languages": _CODES},
    "team_member": {"languages": _CODES},
    "template": {"content": _OFFICE},
    "timetable_effect": {"job": _CODES, "outcome": _CODES},
    "timetable_lease": {"holder": _CODES},
    "timetable_sign": {"words": "what is wrong with Muster itself"},
    "total_checkpoint": {"content": _CODES},
    "total_step": {"cells": _CODES, "margins": _CODES, "sites": _CODES, "countries": _CODES},
    "deconfliction_room": {"countries": _CODES},
    "deconfliction_side": {"contact": "that of the entry"},
    "dispatch_passing": {"countries": _CODES},
    "partner_admission": {"sees": _CODES, "sections": _CODES},
    "product": {"originators": _CODES},
    "connection_plan": {
        "worker": _CODES, "progress": _CODES, "failure": _CODES, "question": _CODES, "basis": _CODES, "result": _CODES,
        "adopted": _CODES,
    },
    "data_request": {"extended": "why it took longer", "answer": "how it was answered, without about whom"},
    "data_copy": {"link": _CODES, "reason": "why a copy was kept"},
    "legal_hold": {
        "authority": "the court or authority that asks",
        "why": "why it is kept, without about whom",
        "reason": "why it was lifted, without about whom",
    },
}  # fmt: skip
