"""The first version: every table, what the database itself refuses and tells, and who sees what of it.

Ids of revisions begin with an r. Before the first release there were others, 0001 to 0014, and this file is changed in
place: so its own id changes with every change of it, until it is released and the id written down here. A database of
any other is refused, and never taken for one of this.

Revision: r0001 and what of this file, after:
"""

import tomllib
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID, uuid5

import sqlalchemy as sa
from alembic import op

from operations.core.clock import UtcDateTime
from operations.core.ids import fingerprint

revision = f"r0001_{fingerprint(Path(__file__).read_text(encoding='utf-8'))[:12]}"
down_revision = None
branch_labels = None
depends_on = None

# ------------------------------------------------------------------------------------------- what is never changed
APPEND_ONLY = (
    *("entry", "access_entry", "line", "layer_content", "layer_marks", "analysis_result", "plan_item"),
    *("heard_step", "row_step", "total_step", "total_checkpoint", "release"),
    *(
        "recommendation_note",
        "evaluation_method",
        "evaluation_judgement",
        "evaluation_step",
        "evaluation_outcome",
        "post_condition",
        "post_site",
        "country_role",
        "assessment_score",
        "assessment_step",
        "snapshot_figure",
        "equipment_step",
        "review_comment",
        "review_step",
        "project_step",
        "training_step",
        "partner_step",
        "cost_step",
        "claim_step",
        "ison_activity",
        "deployment_entry",
        "timetable_effect",
        "oplan_item",
        "tasking",
        "notice_check",
        "appeal_tips",
        "incident_apart",
    ),
)
FACTS = {
    "recommendation": (
        "id, operation_id, evaluation_id, country, role, text, evidence, area, source, due, author_id, author_name, "
        "made_at"
    ),
    "evaluation": (
        "id, title, purpose, about, operation_id, operations, region, course_id, country, planned_for, classification, "
        "author_id, author_name, made_at"
    ),
    "evaluation_country": "id, evaluation_id, country",
    "assessment": "id, post_id, country, purpose, planned_for, author_id, author_name, made_at",
    "equipment": "id, post_id, country, kind, donor, purpose, promised, author_id, author_name, made_at",
    "link": "id, post_id, country, technology, provider, hours, promised, author_id, author_name, made_at",
    "review": "id, post_id, country, purpose, planned_for, author_id, author_name, made_at",
    "review_finding": (
        "id, review_id, post_id, country, area, finding, needed, urgency, cost, currency, author_id, author_name, "
        "made_at"
    ),
    "project": "id, country, title, purpose, donor, planned_for, author_id, author_name, made_at",
    "project_part": "id, project_id, country, kind, part_id, post_id, author_id, author_name, made_at",
    "project_money": ("id, project_id, country, kind, amount, currency, day, words, author_id, author_name, made_at"),
    "operation_cost": (
        "id, operation_id, country, stage, kind, what, amount, currency, day, note, corrects_id, author_id, "
        "author_name, made_at"
    ),
    "cost_book": "id, operation_id, author_id, author_name, made_at",
    "milestone": "id, project_id, country, title, owner, due, author_id, author_name, made_at",
    "usage_month": (
        "id, post_id, country, month, counted, database, device_id, device_key, count, monday, tuesday, wednesday, "
        "thursday, friday, saturday, sunday, source, supersedes_id, author_id, author_name, made_at"
    ),
    "connection_plan": "id, asked_at, question, basis, author_id, author_name",
    "outage": "id, link_id, country, starts, planned, cause, author_name, made_at",
    "course": "id, title, topic, points, pass_points, months, author_id, author_name, made_at",
    "course_run": "id, course_id, host, place, starts, ends, capacity, author_id, author_name, made_at",
    "enrolment": "id, run_id, account_id, country, post_id, author_id, author_name, made_at",
    "course_certificate": ("id, enrolment_id, run_id, account_id, country, code, proposed_by, proposed_name, made_at"),
    "curriculum": "id, course_id, country, academy, author_id, author_name, made_at",
    "trainer": "id, account_id, country, course_id, author_id, author_name, made_at",
    "cascade_run": (
        "id, trainer_id, account_id, country, course_id, place, starts, ends, author_id, author_name, made_at"
    ),
    "data_request": "id, country, asked, file_ref, received, author_id, author_name, made_at",
    "data_copy": "id, request_id, asked, kind, object_id, operation_id, country, desk, link, found_at",
    "engagement": (
        "id, country, counterpart, level, held_on, commitment, follow_up, due, author_id, author_name, made_at"
    ),
    "post": "id, country, name, site_type, border_kind, lat, lon, zone, ref, author_id, author_name, made_at",
    "snapshot": (
        "id, operation_id, number, level, status, entry, taken_at, basis, wording, method, qualifier, embargo, "
        "prepared_by, prepared_name, previous_hash, content_hash"
    ),
    "claim": "id, operation_id, number, kind, line_kind, countries, score, grounds, suspected_at",
    "claim_pointer": "claim_id, operation_id, told_at",
    "report": (
        "id, report_id, version, supersedes_id, correction_reason, operation_id, country, site_id, phase_id, kind, "
        "period_from, period_to, zone, official_day, remarks, author_id, author_name, recorded_at, received_at, "
        "content_hash"
    ),
    "event_layer": (
        "id, layer_id, version, supersedes_id, content_id, removed, operation_id, country, audience, classification, "
        "kind, name, source, licence, period_from, period_to, accuracy, accuracy_m, retrieved, mapping, accepted, "
        "refused, west, south, east, north, findings, size, sha256, author_id, author_name, made_at"
    ),
    "analysis": (
        "id, asked_at, operation_id, kind, question, question_hash, layer_versions, classification, author_id, "
        "author_name, rerun_of, resumed_from"
    ),
    "plan_version": "id, operation_id, number, note, author_id, author_name, made_at",
    "deconfliction_room": (
        "id, operation_id, country, name, countries, check_value, rounds, stretch, until, author_id, author_name, "
        "made_at"
    ),
    "deconfliction_match": "id, room_id, operation_id, kind, country, other, made_at",
    "deconfliction_side": "match_id, country, other, room_id, operation_id, entry_id, kind, contact, told_at",
    "ison_member": (
        "id, country, number, office, agency, specialism, certified_until, author_id, author_name, made_at"
    ),
    "dispatch_receipt": "dispatch_id, country, operation_id, origin, via, classification, due, sent_at",
    "partner_admission": (
        "id, operation_id, partner, purpose, sees, sections, clearance, starts, until, author_id, author_name, made_at"
    ),
    "support_request": (
        "id, operation_id, country, host_country, site_id, hotspot_id, analysis_id, place, lat, lon, title, note, "
        "priority, handling, author_id, author_name, made_at"
    ),
    "support_need": (
        "id, request_id, operation_id, country, position, team_kind, specialism, languages, certificates, teams, "
        "starts, ends"
    ),
    "support_offer": "id, need_id, operation_id, country, team_id, starts, ends, note, author_id, author_name, made_at",
    "deployment": (
        "id, offer_id, need_id, request_id, operation_id, country, host_country, team_id, call_sign, unit, team_kind, "
        "specialism, persons, site_id, place, lat, lon, starts, ends, requested_at, accepted_at"
    ),
    "team_certificate": "id, team_id, member_id, country, kind, issued_on, expires_on, written_at",
    "team_absence": "id, team_id, country, kind, starts, ends, written_at",
    "oplan_section": "id, operation_id, section, version, supersedes_id, state, text, author_id, author_name, made_at",
    "oplan_version": "id, operation_id, number, note, content_hash, approved_by, approved_name, approved_at",
    "oplan_comment": "id, operation_id, section, country, text, author_id, author_name, made_at",
    "coordination_unit": (
        "id, object_id, version, supersedes_id, operation_id, kind, host_country, region, zone, round_the_clock, days, "
        "opens, closes, supports, members, note, author_id, author_name, made_at"
    ),
    "network_link": (
        "id, operation_id, from_id, to_id, kind, source, information, handling, author_id, author_name, made_at"
    ),
    "template_lesson": "id, operation_id, template_id, text, made_at",
    "template": "id, template_id, version, supersedes_id, retired, kind, content, author_id, author_name, made_at",
    "lead": "id, operation_id, origin, origin_country, subject_kind, subject_id, made_at",
    "lead_country": "lead_id, country, operation_id, origin_country, subject_id",
    "appeal_list": "id, operation_id, number, frozen_at, author_name",
    "appeal_item": "list_id, case_id, requesting_country",
}
# Texts leave rows that otherwise never change: they are emptied when their time is over, once and for ever.
EMPTIED: dict[str, tuple[str, dict[str, str]]] = {
    # table: (what never changes, what may be emptied and how it reads then)
    "message": ("id, key, kind, number, link, urgent, operation_id, made_at, until", {"about": "{}"}),
    "lead_version": (
        "id, lead_id, version, due, source, information, handling, author_id, author_name, made_at",
        {"question": "", "content_hash": ""},
    ),
    "lead_answer": ("id, lead_id, country, origin_country, answer, author_id, author_name, made_at", {"remark": ""}),
    "fugitive_version": (
        "id, case_id, requesting_country, version, author_id, author_name, made_at",
        {"content": "{}", "content_hash": ""},
    ),
    "fugitive_step": (
        "id, case_id, requesting_country, country, before, after, author_id, author_name, made_at",
        {"reason": ""},
    ),
    "fugitive_location": (
        "id, case_id, country, requesting_country, author_name, reported_at",
        {"content_hash": ""},
    ),
    "serious_incident": (
        "id, operation_id, country, concerns, channel, scheme, category, occurred_at, detected_at, author_id, "
        "author_name, made_at",
        {"content_hash": ""},
    ),
    "incident_version": ("id, incident_id, version, about, author_id, author_name, made_at", {"content": "{}"}),
    "incident_grant": ("id, incident_id, account_id, until, author_id, author_name, made_at", {"reason": ""}),
    "deconfliction_entry": (
        "id, room_id, operation_id, country, number, kind, contact, author_id, author_name, made_at",
        {"tag": ""},  # it becomes NULL
    ),
    "dispatch": (
        "id, operation_id, country, answers_id, source, information, handling, classification, due, author_id, "
        "author_name, sent_at",
        {"title": "", "body": ""},
    ),
    "dispatch_passing": (
        "id, dispatch_id, operation_id, country, origin, countries, classification, author_id, author_name, asked_at",
        {"purpose": ""},
    ),
    "product_request": (
        "id, operation_id, country, handling, classification, due, author_id, author_name, made_at",
        {"question": "", "purpose": ""},
    ),
    "product_step": ("id, of_id, country, state, author_name, made_at", {"words": ""}),
    "product": (
        "id, operation_id, request_id, source, information, handling, classification, originators, author_id, "
        "author_name, made_at",
        {"title": "", "body": ""},
    ),
    "product_share": (
        "id, product_id, operation_id, recipient, origin, handling, classification, author_name, made_at",
        {"title": "", "purpose": ""},
    ),
    "hypothesis": (
        "id, operation_id, version, supersedes_id, state, source, information, handling, author_id, author_name, "
        "made_at",
        {"statement": ""},
    ),
    "network_entity": (
        "id, entity_id, version, supersedes_id, removed, operation_id, kind, code, source, information, handling, "
        "author_id, author_name, made_at",
        {"description": ""},
    ),
    "lead_result": (
        "id, lead_id, lead_operation_id, operation_id, country, report_id, line_id, kind, author_id, author_name, "
        "made_at",
        {"note": ""},
    ),
    "lead_find": (
        "id, lead_id, lead_operation_id, operation_id, case_id, location_id, country, requesting_country, author_id, "
        "author_name, made_at",
        {"note": ""},
    ),
    "fugitive_case": ("id, operation_id, requesting_country, number, nominated_at", {}),
}
NOTICE = (  # a notice stays until its case is erased; then its place says no more than the case's own number
    "NEW.notice_ref <> OLD.notice_ref AND (NEW.erased_at IS NULL OR NEW.notice_ref <> 'erased ' || NEW.number)"
)
KEPT = ("team", "team_member", "asset")  # changed in place under a version or a date; never deleted
DELETED = ("lead_country",)  # alone of those whose facts never change
AS_JSON = (  # PostgreSQL compares no json, but its text
    *("mapping", "findings", "question", "layer_versions", "languages", "certificates", "days", "supports", "members"),
    *("content", "basis", "grounds", "operations", "sees", "sections", "about"),
)
# The states of every life, as `operations/core/state_machine.py` has them; a test compares them.
_PLAN = ("approved", "superseded")
_LEAD = ("new", "shared", "accepted", "actioned", "negative", "positive", "expired")
STATES = {
    "assessment": (
        *("requested", "desk_review", "visit", "scored", "validated", "plan_proposed", "plan_agreed", "measures_done"),
        *("reassessed", "refused", "not_accessible"),
    ),
    "analysis": ("queued", "running", "cancelling", "done", "failed", "cancelled"),
    "cascade_run": ("announced", "held", "confirmed", "cancelled"),
    "claim": ("suspected", "open", "agreed", "different", "decided", "separated", "dismissed", "lapsed"),
    "claim_pointer": ("told", "let", "refused", "dismissed", "closed"),
    "connection_plan": ("queued", "running", "cancelling", "done", "failed", "cancelled"),
    "cost_book": ("open", "complete", "unknown"),
    "course": ("designed", "accredited", "retired"),
    "course_certificate": ("proposed", "issued", "revoked", "dropped"),
    "course_run": ("scheduled", "delivered", "evaluated", "practised", "closed", "cancelled"),
    "curriculum": ("shared", "adopted", "declined"),
    "data_copy": ("found", "given", "withheld", "corrected", "erased", "kept"),
    "data_request": ("received", "searched", "answered", "refused"),
    "deconfliction_match": ("told", "spoken", "nothing"),
    "deconfliction_room": ("open", "closed"),
    "deconfliction_side": ("told", "spoken", "nothing"),
    "deployment": (
        *("requested", "approved", "mobilising", "on_site", "offline", "withdrawn", "debriefed", "stood_down"),
    ),
    "dispatch_passing": ("asked", "consented", "refused"),
    "dispatch_receipt": ("delivered", "read", "answered"),
    "enrolment": ("enrolled", "attended", "absent", "passed", "failed", "withdrawn"),
    "equipment": (
        *("planned", "approved", "procured", "shipped", "customs", "handed_over", "installed", "commissioned"),
        *("in_use", "dormant", "out_of_service", "retired", "lost", "dropped"),
    ),
    "evaluation": (
        *("planned", "collecting", "draft", "consulted", "final", "decided", "followed_up", "closed", "cancelled"),
    ),
    "evaluation_country": ("concerned", "asked", "agreed", "commented", "answered", "silent"),
    "fugitive_case": (
        *("nominated", "target", "under_review", "lead_out", "located", "arrested", "surrendered", "closed"),
        *("not_extraditable", "released", "deceased", "notice_withdrawn", "false_identity"),
    ),
    "fugitive_location": ("reported", "confirmed", "arrest_reported", "arrest_confirmed", "negative"),
    "ison_member": ("member", "left"),
    "lead": _LEAD,
    "lead_country": _LEAD,
    "link": ("feasible", "agreed", "built", "tested", "live", "down", "closed"),
    "milestone": ("due", "done", "dropped"),
    "operation": (
        *("draft", "proposed", "approved", "pre_operational", "active", "consolidation", "debriefed", "final"),
        *("evaluated", "archived", "suspended", "cancelled"),
    ),
    "operation_cost": ("stands", "corrected", "taken_back"),
    "oplan_version": _PLAN,
    "partner_admission": ("proposed", "admitted", "declined", "ended"),
    "participation": (
        *("invited", "confirmed", "declined", "preparing", "active", "reported_final", "closed", "withdrawn"),
    ),
    "plan_version": ("draft", *_PLAN),
    "project": ("proposed", "approved", "under_way", "handed_over", "finished", "stopped"),
    "project_money": ("stands", "withdrawn"),
    "project_part": ("stands", "withdrawn"),
    "product_request": (*("asked", "accepted", "refused", "delivered", "received", "used", "not_used", "withdrawn"),),
    "product_share": ("asked", "consented", "refused"),
    "recommendation": (*("proposed", "accepted", "partly", "under_way", "done", "closed", "rejected", "dropped"),),
    "report": (
        *("submitted", "locally_verified", "nationally_validated", "consolidated", "returned", "rejected"),
        *("withdrawn", "superseded"),
    ),
    "review": ("asked", "prepared", "visited", "found", "agreed", "closed", "refused", "dropped"),
    "review_finding": ("stands", "withdrawn"),
    "serious_incident": (
        *("received", "threshold_check", "initial", "fact_finding", "formal", "final", "closed", "not_launched"),
    ),
    "snapshot": ("prepared", "coordinated", "signed", "published", "superseded", "dropped"),
    "support_offer": ("offered", "accepted", "declined", "withdrawn"),
    "support_request": ("raised", "asked", "closed"),
    "task": ("open", "started", "blocked", "done", "cancelled"),
    "template_lesson": ("proposed", "taken", "declined"),
    "trainer": (
        *("nominated", "attending", "assessed", "certified", "active", "inactive", "renewed", "expired"),
        *("revoked", "dropped"),
    ),
}
REFUSAL = "What was written here is never changed."
ENDED = "OLD.state IN ('done', 'failed', 'cancelled') AND NEW.state <> OLD.state"
RESIGNED = "NEW.signed_by <> OLD.signed_by OR NEW.approved_by <> OLD.approved_by"  # a signature stays whose it is
REWRITTEN = "NEW.remark <> OLD.remark AND NEW.remark <> ''"  # a remark is erased or stays

# Who answered a hit neither wrote nor verified nor validated the version: the answer and the eyes stand in two tables.
OTHER_EYES = "The answer to a hit needs other eyes than its report."
ANSWERED = "NEW.kind = 'hit' AND NEW.status <> 'pending'"
NO_OTHER_EYES = """NEW.answered_by IS NULL OR EXISTS (
    SELECT 1 FROM report WHERE report.id = NEW.version_id
    AND NEW.answered_by IN (report.author_id, report.verified_by, report.validated_by, report.consolidated_by))"""
EYES = "verified_by, validated_by, consolidated_by"
ANSWERER = """EXISTS (
    SELECT 1 FROM line WHERE line.version_id = NEW.id
    AND line.answered_by IN (NEW.verified_by, NEW.validated_by, NEW.consolidated_by))"""

# ------------------------------------------------------------------------------------------------- who sees what
# On PostgreSQL: reach is "all" for those who coordinate, "nation" for a country's people, "none" for leadership and
# whoever else works for no country. The store tells these last apart; here countries are kept apart.
COORDINATES = "current_setting('muster.reach', true) = 'all'"
NO_COUNTRY = "current_setting('muster.reach', true) IN ('all', 'none')"
NATION = "current_setting('muster.reach', true) = 'nation'"
COUNTRY = "current_setting('muster.country', true)"
OWN = f"({NATION} AND country = {COUNTRY})"
SHOWN = f"({NATION} AND audience = 'participants')"
APPROVED = f"({NATION} AND approved_at IS NOT NULL)"
ASKED = f"({NATION} AND asked_at IS NOT NULL)"
HOST = f"({NATION} AND host_country = {COUNTRY} AND approved_at IS NOT NULL)"
HANDOVER = f"({NATION} AND kind = 'handover')"
OF_ORIGIN = f"({NATION} AND origin_country = {COUNTRY})"
# What a country withholds from the one that asks: of the table whose columns are named.
WITHHELD = f"SELECT 1 FROM withholding AS w WHERE w.partner = {COUNTRY} AND"  # noqa: S608 - constants of this file
STILL = (
    f"country = {COUNTRY} AND shared_at IS NOT NULL AND revoked_at IS NULL AND NOT EXISTS ({WITHHELD} "
    "w.operation_id = lead_country.operation_id AND w.country = lead_country.origin_country)"
)
GIVEN = (
    f"({SHOWN} AND NOT EXISTS ({WITHHELD} "
    "w.operation_id = event_layer.operation_id AND w.country = event_layer.country))"
)
SENT = f"({NATION} AND id IN (SELECT lead_id FROM lead_country WHERE {STILL}))"  # noqa: S608 - constants of this file
ABOUT = f"({NATION} AND id IN (SELECT subject_id FROM lead_country WHERE {STILL}))"  # noqa: S608 - as above
REQUESTS = f"({NATION} AND requesting_country = {COUNTRY})"
SIDES = f"({NATION} AND {COUNTRY} IN (country, requesting_country))"
OVER = "current_setting('muster.reach', true) IN ('all', 'nation', 'none') AND expires_at <= now()"
IN_CONTENT = "EXISTS (SELECT 1 FROM event_layer WHERE event_layer.content_id = layer_content.version_id)"
IN_LAYER = "EXISTS (SELECT 1 FROM event_layer WHERE event_layer.content_id = layer_marks.content_id)"
IN_ANALYSIS = "EXISTS (SELECT 1 FROM analysis WHERE analysis.id = analysis_result.analysis_id)"
IN_VERSION = "EXISTS (SELECT 1 FROM plan_version WHERE plan_version.id = plan_item.plan_version_id)"
IN_REQUEST = "EXISTS (SELECT 1 FROM support_request WHERE support_request.id = support_need.request_id)"
IN_DEPLOYMENT = "EXISTS (SELECT 1 FROM deployment WHERE deployment.id = deployment_entry.deployment_id)"
IN_TASK = "EXISTS (SELECT 1 FROM task WHERE task.id = task_step.task_id)"
IN_LEAD = "EXISTS (SELECT 1 FROM lead WHERE lead.id = lead_id)"
ON_LIST = "EXISTS (SELECT 1 FROM appeal_item WHERE list_id = appeal_list.id)"
FIRST = "before_task_id IS NULL OR EXISTS (SELECT 1 FROM task WHERE task.id = dependency.before_task_id)"
SECOND = "after_task_id IS NULL OR EXISTS (SELECT 1 FROM task WHERE task.id = dependency.after_task_id)"
OF_LEADERSHIP = "(current_setting('muster.reach', true) = 'none' AND audience IN ('leadership', 'outside'))"
OF_COUNTRY = f"({NATION} AND audience = {COUNTRY})"
# A serious incident is for single people: its reporter, and by role whoever has no part in it.
MUSTER = "current_setting('muster.role', true) = ''"
PERSON = "current_setting('muster.person', true)"
HANDLES = "current_setting('muster.role', true) = 'rights_officer'"
WATCHES = "current_setting('muster.role', true) IN ('rights_officer', 'auditor', 'leadership')"
GRANTED = f"IN (SELECT g.incident_id FROM incident_grant AS g WHERE g.account_id::text = {PERSON})"  # noqa: S608 - as above
APART = f"IN (SELECT a.incident_id FROM incident_apart AS a WHERE a.account_id::text = {PERSON})"  # noqa: S608 - as above
REPORTER = f"author_id::text = {PERSON}"
ROSTER = (f"{NO_COUNTRY} OR {OWN}", f"{COORDINATES} OR {OWN}")
CLAIMANT = f"({NATION} AND opened_at IS NOT NULL AND strpos(countries, {COUNTRY}) > 0)"
IN_ROOM = f"({NATION} AND strpos(countries, {COUNTRY}) > 0)"
OF_TWO = f"({NATION} AND {COUNTRY} IN (country, other))"
GOT = f"({NATION} AND id IN (SELECT dispatch_id FROM dispatch_receipt WHERE country = {COUNTRY}))"  # noqa: S608 - as above
RECEIVED = f"({NATION} AND {COUNTRY} IN (country, origin))"
DELIVERED = f"({NATION} AND {COUNTRY} IN (country, origin, via))"
PASSES = f"({NATION} AND {COUNTRY} IN (country, origin))"
PRODUCT_GIVEN = (
    f"({NATION} AND id IN (SELECT s.product_id FROM product_share AS s WHERE s.recipient = {COUNTRY}) AND id NOT IN "  # noqa: S608 - as above
    f"(SELECT s.product_id FROM product_share AS s WHERE s.recipient = {COUNTRY} AND s.state <> 'consented'))"
)
TO_SHARE = f"({NATION} AND {COUNTRY} IN (recipient, origin))"
IN_CLAIM = "EXISTS (SELECT 1 FROM claim WHERE claim.id = claim_id)"
STEP_OF_CLAIM = "EXISTS (SELECT 1 FROM claim WHERE claim.id = of_id)"
CONCERNED = f"({NATION} AND id IN (SELECT e.evaluation_id FROM evaluation_country AS e WHERE e.country = {COUNTRY}))"  # noqa: S608 - as above
IN_EVALUATION = "EXISTS (SELECT 1 FROM evaluation WHERE evaluation.id = evaluation_id)"
INTELLIGENCE = (NO_COUNTRY, COORDINATES)
SENT_TO_COUNTRY = (
    "EXISTS (SELECT 1 FROM review AS r WHERE r.id = review_id AND r.state IN ('found', 'agreed', 'closed'))"
)
PROGRAMME = (f"{NO_COUNTRY} OR {OWN}", f"{NO_COUNTRY} OR {OWN}")
POLICIES = {
    # tables: (what is seen, what may be written)
    ("report", "line", "layer_upload"): (f"{COORDINATES} OR {OWN}", f"{COORDINATES} OR {OWN}"),
    ("event_layer",): (f"{NO_COUNTRY} OR {OWN} OR {GIVEN}", f"{COORDINATES} OR {OWN}"),
    ("layer_content",): (IN_CONTENT, IN_CONTENT),
    ("layer_marks",): (IN_LAYER, IN_LAYER),
    (
        "analysis",
        "connection_plan",
        "hypothesis",
        "network_entity",
        "network_link",
        "tasking",
        "template",
        "template_lesson",
    ): INTELLIGENCE,
    ("analysis_result",): (IN_ANALYSIS, COORDINATES),
    ("plan_version",): (f"{NO_COUNTRY} OR {APPROVED}", NO_COUNTRY),
    ("plan_item",): (f"{IN_VERSION} AND ({NO_COUNTRY} OR {OWN} OR {SHOWN})", COORDINATES),
    ("team", "team_member", "team_shown", "asset", "team_certificate", "team_absence", "support_offer"): ROSTER,
    ("support_request",): (f"{NO_COUNTRY} OR {OWN} OR {ASKED}", f"{COORDINATES} OR {OWN}"),
    ("support_need",): (IN_REQUEST, IN_REQUEST),  # the country that stands a team down lowers what a need has
    ("deployment",): (f"{NO_COUNTRY} OR {OWN} OR {HOST}", f"{COORDINATES} OR {OWN}"),
    ("deployment_entry",): (f"{IN_DEPLOYMENT} OR {HANDOVER}", f"{COORDINATES} OR {OWN}"),
    ("task", "oplan_comment", "lead_result"): ROSTER,  # a task of no country is for those who work for none
    ("task_step",): (IN_TASK, IN_TASK),
    ("dependency",): (f"({FIRST}) AND ({SECOND})", COORDINATES),
    ("oplan_section", "coordination_unit"): ("true", COORDINATES),
    ("oplan_version", "oplan_item"): ("true", NO_COUNTRY),
    # A country knows its own leads and those that were sent to it; leadership counts cases, and sees no row.
    ("lead",): (f"{COORDINATES} OR {OF_ORIGIN} OR {SENT}", f"{COORDINATES} OR {OF_ORIGIN} OR {SENT}"),
    ("lead_version",): (IN_LEAD, f"{COORDINATES} OR {IN_LEAD}"),
    ("lead_country",): (f"{COORDINATES} OR {OWN} OR {OF_ORIGIN}", f"{COORDINATES} OR {OWN} OR {OF_ORIGIN}"),
    ("lead_answer",): (f"{COORDINATES} OR {OWN} OR {OF_ORIGIN}", OWN),
    ("lead_find",): (f"{NO_COUNTRY} OR {SIDES}", f"{COORDINATES} OR {SIDES}"),
    ("fugitive_case",): (f"{NO_COUNTRY} OR {REQUESTS} OR {ABOUT}", f"{COORDINATES} OR {REQUESTS} OR {ABOUT}"),
    ("fugitive_version", "fugitive_believed", "appeal_tips"): (f"{COORDINATES} OR {REQUESTS}", REQUESTS),
    ("fugitive_step",): (f"{COORDINATES} OR {REQUESTS} OR {OWN}", f"{COORDINATES} OR {REQUESTS} OR {OWN}"),
    ("fugitive_location",): (f"{COORDINATES} OR {REQUESTS} OR {OWN}", f"{REQUESTS} OR {OWN}"),
    ("notice_check",): (f"{COORDINATES} OR {REQUESTS}", f"{COORDINATES} OR {REQUESTS}"),
    ("appeal_list",): (f"{COORDINATES} OR {ON_LIST}", COORDINATES),
    ("appeal_item",): (f"{COORDINATES} OR {REQUESTS}", COORDINATES),
    ("debrief", "debrief_lesson"): ("true", COORDINATES),
    ("report_exclusion",): (f"{NO_COUNTRY} OR {OWN}", COORDINATES),
    ("claim",): (f"{NO_COUNTRY} OR {CLAIMANT}", f"{NO_COUNTRY} OR {CLAIMANT}"),
    ("claim_line",): (IN_CLAIM, COORDINATES),
    ("claim_word",): (IN_CLAIM, OWN),
    ("claim_pointer",): (COORDINATES, COORDINATES),
    ("claim_step",): (STEP_OF_CLAIM, STEP_OF_CLAIM),
    ("snapshot",): ("true", NO_COUNTRY),
    ("snapshot_figure",): (f"{COORDINATES} OR {OF_LEADERSHIP} OR {OF_COUNTRY}", COORDINATES),
    ("snapshot_word",): (f"{NO_COUNTRY} OR {OWN}", OWN),
    ("recommendation", "recommendation_note", "evaluation_country", "evaluation_outcome"): PROGRAMME,
    ("evaluation",): (f"{NO_COUNTRY} OR {CONCERNED}", NO_COUNTRY),
    ("evaluation_method", "evaluation_judgement"): (IN_EVALUATION, NO_COUNTRY),
    ("evaluation_step",): (f"country IS NULL OR {NO_COUNTRY} OR {OWN}", f"{NO_COUNTRY} OR {OWN}"),
    ("serious_incident",): (
        f"{MUSTER} OR {REPORTER} OR (({WATCHES} OR id {GRANTED}) AND id NOT {APART})",
        f"{MUSTER} OR {REPORTER} OR ({HANDLES} AND id NOT {APART})",
    ),
    ("incident_version",): (
        f"{MUSTER} OR {REPORTER} OR (({WATCHES} OR incident_id {GRANTED}) AND incident_id NOT {APART})",
        f"{MUSTER} OR {REPORTER}",
    ),
    # Who has which part, and who may read, is read for the other two: each knows of itself, the handler of all others.
    ("incident_apart",): (
        f"{MUSTER} OR account_id::text = {PERSON} OR {WATCHES}",
        MUSTER,
    ),
    ("incident_grant",): (f"{MUSTER} OR account_id::text = {PERSON} OR {WATCHES}", f"{MUSTER} OR {HANDLES}"),
    ("incident_restriction",): (f"{MUSTER} OR {WATCHES} OR {OWN}", f"{MUSTER} OR {OWN}"),
    ("data_request", "data_copy"): PROGRAMME,
    ("post", "post_condition", "post_site", "country_role"): PROGRAMME,
    ("assessment", "assessment_score", "assessment_step", "engagement"): PROGRAMME,
    ("equipment", "equipment_step", "link", "outage", "usage_month"): PROGRAMME,
    ("review", "review_comment", "review_step"): PROGRAMME,
    ("review_finding",): (f"{NO_COUNTRY} OR ({OWN} AND {SENT_TO_COUNTRY})", NO_COUNTRY),
    ("project", "project_part", "project_money", "milestone", "project_step"): PROGRAMME,
    ("course", "course_run"): ("true", NO_COUNTRY),  # everybody knows what is held, and where
    ("enrolment", "course_certificate"): PROGRAMME,
    ("ison_member",): ("true", f"{MUSTER} OR {OWN}"),  # everybody may look up whom to ask
    ("ison_activity",): PROGRAMME,
    ("dispatch",): (f"{MUSTER} OR {OWN} OR {GOT}", f"{MUSTER} OR {OWN} OR {GOT}"),
    ("dispatch_receipt",): (f"{MUSTER} OR {RECEIVED}", f"{MUSTER} OR {DELIVERED}"),  # who passes it on sees it no more
    ("dispatch_passing",): (f"{MUSTER} OR {PASSES}", f"{MUSTER} OR {PASSES}"),
    ("product_request", "product_step"): (f"{NO_COUNTRY} OR {OWN}", f"{COORDINATES} OR {OWN}"),
    ("product",): (f"{NO_COUNTRY} OR {PRODUCT_GIVEN}", COORDINATES),
    ("product_share",): (f"{NO_COUNTRY} OR {TO_SHARE}", f"{COORDINATES} OR {TO_SHARE}"),
    ("operation_cost", "cost_step"): (f"{NO_COUNTRY} OR {OWN}", COORDINATES),  # a country sees what it paid
    ("cost_book",): ("true", COORDINATES),
    ("partner_admission", "partner_step"): ("true", NO_COUNTRY),  # a country sees who is admitted, and to see what
    # Muster itself looks for the same tag; whoever works for no country sees none of it.
    ("deconfliction_room",): (f"{MUSTER} OR {IN_ROOM}", f"{MUSTER} OR {IN_ROOM}"),
    ("deconfliction_entry",): (f"{MUSTER} OR {OWN}", f"{MUSTER} OR {OWN}"),
    ("deconfliction_match", "deconfliction_side"): (f"{MUSTER} OR {OF_TWO}", f"{MUSTER} OR {OF_TWO}"),
    ("trainer", "cascade_run", "cascade_attendance", "curriculum"): PROGRAMME,
    ("training_step",): (f"country IS NULL OR {NO_COUNTRY} OR {OWN}", f"{NO_COUNTRY} OR {OWN}"),
}
BY_COUNTRIES = {  # countries alone write these; Muster empties them, and does nothing else
    "lead_answer": "remark = ''",
    "fugitive_version": "content_hash = ''",
    "fugitive_location": "content_hash = '' AND remark = ''",
}

SHIPPED = Path(__file__).parents[3] / "templates" / "shipped"
HOUSE = UUID("6d757374-6572-4000-8000-74656d706c61")


def upgrade() -> None:
    _make_tables()
    heads = sa.table("journal_head", sa.column("chain"), sa.column("seq"), sa.column("hash"))
    op.bulk_insert(heads, [{"chain": chain, "seq": 0, "hash": "0" * 64} for chain in ("journal", "access")])
    _ship_templates()
    _guard()
    if _postgresql():
        _tell()
        _show_by_country()


def downgrade() -> None:
    raise NotImplementedError("There is nothing before the first version: delete the database instead.")


def _ship_templates() -> None:
    """The templates that come with Muster, one for each kind of operation, as their first versions."""
    kept = sa.table(
        "template",
        *(sa.column(name, sa.Uuid()) for name in ("id", "template_id")),
        *(sa.column(name) for name in ("version", "current", "retired", "kind", "author_name")),
        sa.column("content", sa.JSON()),
        sa.column("made_at", UtcDateTime()),
    )
    for path in sorted(SHIPPED.glob("*.toml")):
        content, identity = tomllib.loads(path.read_text(encoding="utf-8")), uuid5(HOUSE, path.stem)
        row = {
            "id": uuid5(identity, "1"),
            "template_id": identity,
            "version": 1,
            "current": True,
            "retired": False,
            "kind": content["kind"],
            "content": content,
            "author_name": "Muster",
            "made_at": datetime(2026, 11, 25, tzinfo=UTC),
        }
        op.bulk_insert(kept, [row])


# ------------------------------------------------------------------------------------------------------- triggers


def _guard() -> None:
    """Chains only grow, facts never change, and what is answered is answered by other eyes."""
    if _postgresql():
        _function("muster_refuse", f"RAISE EXCEPTION '{REFUSAL}';")
    for table in APPEND_ONLY:
        _refuse(f"{table}_keeps", table)
    for table, facts in FACTS.items():
        _refuse(f"{table}_keeps", table, _changed(facts) if _postgresql() else "", of=facts)
    for table, (facts, emptied) in EMPTIED.items():
        rewritten = [f"({_changed(name)}) AND {_side('NEW', name)} <> '{to}'" for name, to in emptied.items()]
        notice = [f"({NOTICE})"] if table == "fugitive_case" else []
        _refuse(f"{table}_keeps", table, " OR ".join((_changed(facts), *rewritten, *notice)))
    for table in (*APPEND_ONLY, *FACTS, *EMPTIED, *KEPT):
        if table not in DELETED:
            _refuse(f"{table}_stays", table, act="DELETE")
            if _postgresql():
                _refuse(f"{table}_lasts", table, act="TRUNCATE")
    _refuse("snapshot_signed", "snapshot", RESIGNED, of="signed_by, approved_by")
    for table in ("analysis", "connection_plan"):
        _refuse(f"{table}_ends", table, ENDED, of="state")
    _refuse("fugitive_location_erases", "fugitive_location", REWRITTEN, of="remark")
    if _postgresql():
        for name, condition in (("line_answered", NO_OTHER_EYES), ("report_answered", ANSWERER)):
            _function(name, f"IF {condition} THEN RAISE EXCEPTION '{OTHER_EYES}'; END IF; RETURN NEW;")
        _trigger("line_answered", "INSERT ON line", ANSWERED, "EXECUTE FUNCTION line_answered()")
        _trigger("report_answered", "UPDATE ON report", _changed(EYES), "EXECUTE FUNCTION report_answered()")
    else:
        refuse = f"BEGIN SELECT RAISE(ABORT, '{OTHER_EYES}') WHERE"
        _trigger("line_answered", "INSERT ON line", ANSWERED, f"{refuse} {NO_OTHER_EYES}; END")
        _trigger("report_answered", f"UPDATE OF {EYES} ON report", "", f"{refuse} {ANSWERER}; END")


def _tell() -> None:
    """The journal's number is told to whoever listens."""
    _function("muster_tell", "PERFORM pg_notify('muster_pulse', NEW.seq::text); RETURN NEW;")
    op.execute(
        "CREATE TRIGGER journal_head_tells AFTER UPDATE ON journal_head "
        "FOR EACH ROW WHEN (NEW.chain = 'journal') EXECUTE FUNCTION muster_tell()"
    )


def _refuse(name: str, table: str, condition: str = "", *, act: str = "UPDATE", of: str = "") -> None:
    """Refuse an act on a table where the condition holds; SQLite looks only where a column `of` these is written."""
    if _postgresql():
        _trigger(name, f"{act} ON {table}", condition, "EXECUTE FUNCTION muster_refuse()")
    else:
        columns = f" OF {of}" if of else ""
        _trigger(name, f"{act}{columns} ON {table}", condition, f"BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END")


def _trigger(name: str, event: str, condition: str, does: str) -> None:
    each = f"FOR EACH {'STATEMENT' if event.startswith('TRUNCATE') else 'ROW'} " if _postgresql() else ""
    when = f"WHEN ({condition}) " if condition else ""
    op.execute(f"CREATE TRIGGER {name} BEFORE {event} {each}{when}{does}")


def _function(name: str, body: str) -> None:
    op.execute(f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN {body} END $$")


def _changed(facts: str) -> str:
    """An SQL condition: one of these columns gets another value."""
    other = "IS DISTINCT FROM" if _postgresql() else "IS NOT"
    return " OR ".join(f"{_side('OLD', name)} {other} {_side('NEW', name)}" for name in facts.split(", "))


def _side(side: str, name: str) -> str:
    return f"{side}.{name}::text" if name in AS_JSON and _postgresql() else f"{side}.{name}"


# ------------------------------------------------------------------------------------------- row-level security


def _show_by_country() -> None:
    for tables, (seen, written) in POLICIES.items():
        for table in tables:
            op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
            op.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")
            op.execute(f"CREATE POLICY {table}_by_country ON {table} USING ({seen}) WITH CHECK ({written})")
    for table, gone in BY_COUNTRIES.items():
        op.execute(
            f"CREATE POLICY {table}_emptied ON {table} FOR UPDATE USING ({COORDINATES}) "
            f"WITH CHECK ({COORDINATES} AND {gone})"
        )
    op.execute(f"CREATE POLICY layer_upload_seen_over ON layer_upload FOR SELECT USING ({OVER})")
    op.execute(f"CREATE POLICY layer_upload_ends ON layer_upload FOR DELETE USING ({OVER})")
    op.execute("ALTER TABLE layer_marks ALTER COLUMN data SET STORAGE EXTERNAL")  # coordinates hardly compress


def _postgresql() -> bool:
    return op.get_bind().dialect.name == "postgresql"


# --------------------------------------------------------------------------------------------------------- tables


def _where(condition: str) -> dict[str, Any]:
    return {"sqlite_where": sa.text(condition), "postgresql_where": sa.text(condition)}


def _state_of(table: str) -> sa.CheckConstraint:
    named = ", ".join(f"'{state}'" for state in STATES[table])
    return sa.CheckConstraint(f"state IN ({named})", name="state_known")


def _make_tables() -> None:
    """Every table after those that it points to; the models' convention names what has no name here."""
    op.create_table(
        "access_entry",
        sa.Column("seq", sa.Integer(), primary_key=True, autoincrement=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("actor_id", sa.Uuid()),
        sa.Column("actor_name", sa.String(120), nullable=False),
        sa.Column("country", sa.String(3), index=True),
        sa.Column("act", sa.String(64), nullable=False),
        sa.Column("object_kind", sa.String(32), nullable=False),
        sa.Column("object_id", sa.Uuid(), index=True),
        sa.Column("operation_id", sa.Uuid(), index=True),
        sa.Column("outcome", sa.String(32), nullable=False),
        sa.Column("detail", sa.JSON(), nullable=False),
        sa.Column("prev_hash", sa.String(64), nullable=False),
        sa.Column("hash", sa.String(64), nullable=False),
    )
    op.create_table(
        "account",
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column("username", sa.String(64), nullable=False, unique=True),
        sa.Column("name", sa.String(120), nullable=False),
        sa.Column("role", sa.String(32), nullable=False),
        sa.Column("country", sa.String(3), index=True),
        sa.Column("clearance", sa.String(20), nullable=False),
        sa.Column("password_hash", sa.String(200), nullable=False),
        sa.Column("language", sa.String(2), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("expires_at", UtcDateTime()),
        sa.Column("disabled_at", UtcDateTime()),
        sa.Column("unit", sa.String(120), nullable=False),
        sa.Column("emergency", sa.Boolean(), nullable=False),
        sa.Column("handed_by", sa.Uuid()),
        sa.Column("vouched_by", sa.Uuid()),
        sa.Column("proposed_by", sa.Uuid()),
        sa.Column("reopened_at", UtcDateTime()),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Index("ix_account_unconfirmed", "handed_by", **_where("vouched_by IS NULL AND handed_by IS NOT NULL")),
    )
    op.create_table(
        "invitation",
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column("account_id", sa.Uuid(), sa.ForeignKey("account.id"), nullable=False, index=True),
        sa.Column("secret_hash", sa.String(64), nullable=False, unique=True),
        sa.Column("made_at", UtcDateTime(), nullable=False),
        sa.Column("ends_at", UtcDateTime(), nullable=False),
        sa.Column("by_id", sa.Uuid()),
        sa.Column("by_name", sa.String(120), nullable=False),
        sa.Column("used_at", UtcDateTime()),
        sa.Column("replaced_at", UtcDateTime()),
        sa.CheckConstraint("used_at IS NULL OR replaced_at IS NULL", name="ends_once"),
        sa.CheckConstraint("ends_at > made_at", name="has_time"),
    )
    op.create_table(
        "attempt",
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column("username", sa.String(64), nullable=False, index=True),
        sa.Column("source", sa.String(64), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
    )
    op.create_table(
        "entry",
        sa.Column("seq", sa.Integer(), primary_key=True, autoincrement=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("actor_id", sa.Uuid()),
        sa.Column("actor_name", sa.String(120), nullable=False),
        sa.Column("country", sa.String(3), index=True),
        sa.Column("act", sa.String(64), nullable=False),
        sa.Column("object_kind", sa.String(32), nullable=False),
        sa.Column("object_id", sa.Uuid(), index=True),
        sa.Column("operation_id", sa.Uuid(), index=True),
        sa.Column("outcome", sa.String(32), nullable=False),
        sa.Column("detail", sa.JSON(), nullable=False),
        sa.Column("prev_hash", sa.String(64), nullable=False),
        sa.Column("hash", sa.String(64), nullable=False),
    )
    op.create_table(
        "heard",
        sa.Column("operation_id", sa.Uuid(), primary_key=True),
        sa.Column("audience", sa.String(40), primary_key=True),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False, index=True),
        sa.Column("at", UtcDateTime(), nullable=False),
    )
    op.create_table(
        "heard_step",
        sa.Column("operation_id", sa.Uuid(), primary_key=True),
        sa.Column("audience", sa.String(40), primary_key=True),
        sa.Column("seq", sa.Integer(), primary_key=True),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Index("ix_heard_step_at", "operation_id", "audience", "at"),
    )
    op.create_table(
        "journal_head",
        sa.Column("chain", sa.String(16), primary_key=True),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("hash", sa.String(64), nullable=False),
    )
    op.create_table(
        "operation",
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column("code_name", sa.String(120), nullable=False),
        sa.Column("edition", sa.Integer(), nullable=False),
        sa.Column("type", sa.String(24), nullable=False),
        sa.Column("state", sa.String(24), nullable=False),
        sa.Column("state_before", sa.String(24)),
        sa.Column("crime_scope", sa.JSON(), nullable=False),
        sa.Column("aim", sa.String(2000), nullable=False),
        sa.Column("legal_basis", sa.String(2000), nullable=False),
        sa.Column("reason_to_open", sa.String(2000), nullable=False),
        sa.Column("measured_goal", sa.String(2000), nullable=False),
        sa.Column("end_criterion", sa.String(2000), nullable=False),
        sa.Column("zone", sa.String(64), nullable=False),
        sa.Column("day_cut", sa.Time(), nullable=False),
        sa.Column("classification", sa.String(20), nullable=False),
        sa.Column("art3_screen", sa.String(16), nullable=False),
        sa.Column("line_kinds", sa.JSON(), nullable=False),
        sa.Column("daily_due", sa.Time()),
        sa.Column("invented", sa.String(2000), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.UniqueConstraint("code_name", "edition"),
        _state_of("operation"),
    )
    op.create_table(
        "template",
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column("template_id", sa.Uuid(), nullable=False, index=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("supersedes_id", sa.Uuid(), sa.ForeignKey("template.id")),
        sa.Column("current", sa.Boolean(), nullable=False),
        sa.Column("retired", sa.Boolean(), nullable=False),
        sa.Column("kind", sa.String(24), nullable=False),
        sa.Column("content", sa.JSON(), nullable=False),
        sa.Column("author_id", sa.Uuid()),
        sa.Column("author_name", sa.String(120), nullable=False),
        sa.Column("made_at", UtcDateTime(), nullable=False),
        sa.UniqueConstraint("template_id", "version"),
        sa.Index("uq_template_one_current", "template_id", unique=True, **_where("current")),
    )
    op.create_table(
        "timetable_effect",
        sa.Column("job", sa.String(120), primary_key=True),
        sa.Column("due", UtcDateTime(), primary_key=True, index=True),
        sa.Column("fence", sa.Integer(), nullable=False),
        sa.Column("done_at", UtcDateTime(), nullable=False),
        sa.Column("outcome", sa.JSON(), nullable=False),
    )
    op.create_table(
        "timetable_lease",
        sa.Column("name", sa.String(16), primary_key=True),
        sa.Column("fence", sa.Integer(), nullable=False),
        sa.Column("beat", sa.Integer(), nullable=False),
        sa.Column("holder", sa.String(120), nullable=False),
        sa.Column("since", UtcDateTime(), nullable=False),
    )
    op.create_table(
        "timetable_sign",
        sa.Column("name", sa.String(32), primary_key=True),
        sa.Column("succeeded_at", UtcDateTime()),
        sa.Column("failed_at", UtcDateTime()),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("every_seconds", sa.Integer(), nullable=False),
        sa.Column("words", sa.String(300), nullable=False),
    )
    op.create_table(
        "analysis",
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column("state", sa.String(12), nullable=False),
        sa.Column("asked_at", UtcDateTime(), nullable=False),
        sa.Column("attempt", sa.Integer(), nullable=False),
        sa.Column("worker", sa.String(120), nullable=False),
        sa.Column("lease_until", UtcDateTime()),
        sa.Column("started_at", UtcDateTime()),
        sa.Column("finished_at", UtcDateTime()),
        sa.Column("progress", sa.JSON(), nullable=False),
        sa.Column("failure", sa.JSON(), nullable=False),
        sa.Column("operation_id", sa.Uuid(), sa.ForeignKey("operation.id"), nullable=False, index=True),
        sa.Column("kind", sa.String(24), nullable=False),
        sa.Column("question", sa.JSON(), nullable=False),
        sa.Column("question_hash", sa.String(64), nullable=False),
        sa.Column("layer_versions", sa.JSON(), nullable=False),
        sa.Column("classification", sa.String(20), nullable=False),
        sa.Column("author_id", sa.Uuid(), nullable=False),
        sa.Column("author_name", sa.String(120), nullable=False),
        sa.Column("rerun_of", sa.Uuid(), sa.ForeignKey("analysis.id")),
        sa.Column("resumed_from", sa.Uuid(), sa.ForeignKey("analysis.id")),
        sa.Column("adopted_at", UtcDateTime()),
        sa.CheckConstraint("(state IN ('done', 'failed', 'cancelled')) = (finished_at IS NOT NULL)", name="ended_once"),
        sa.CheckConstraint("(state IN ('running', 'cancelling')) = (lease_until IS NOT NULL)", name="held_by_a_lease"),
        sa.Index("ix_analysis_due", "state", "lease_until"),
        _state_of("analysis"),
    )
    op.create_table(
        "appeal_list",
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column("operation_id", sa.Uuid(), sa.ForeignKey("operation.id"), nullable=False, index=True),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("frozen_at", UtcDateTime(), nullable=False),
        sa.Column("author_name", sa.String(120), nullable=False),
        sa.Column("published_at", UtcDateTime()),
        sa.Column("published_name", sa.String(120), nullable=False),
        sa.CheckConstraint("(published_at IS NULL) = (published_name = '')", name="published_by_somebody"),
        sa.UniqueConstraint("operation_id", "number"),
    )
    op.create_table(
        "assignment",
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column("account_id", sa.Uuid(), sa.ForeignKey("account.id"), nullable=False, index=True),
        sa.Column("operation_id", sa.Uuid(), sa.ForeignKey("operation.id"), nullable=False, index=True),
        sa.Column("starts", UtcDateTime()),
        sa.Column("ends", UtcDateTime()),
        sa.Column("deputy", sa.Boolean(), nullable=False),
        sa.Column("countries", sa.JSON(), nullable=False),
        sa.Column("made_by", sa.Uuid(), sa.ForeignKey("account.id")),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("starts <= ends", name="in_order"),
    )
    op.create_table(
        "calendar_feed",
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column("account_id", sa.Uuid(), sa.ForeignKey("account.id"), nullable=False, index=True),
        sa.Column("operation_id", sa.Uuid(), sa.ForeignKey("operation.id")),
        sa.Column("token_hash", sa.String(64), nullable=False, unique=True),
        sa.Column("made_at", UtcDateTime(), nullable=False),
        sa.Column("made_under", sa.String(64), nullable=False, server_default=""),
        sa.Column("revoked_at", UtcDateTime()),
    )
    op.create_table(
        "coordination_unit",
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column("object_id", sa.Uuid(), nullable=False, index=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("supersedes_id", sa.Uuid(), sa.ForeignKey("coordination_unit.id")),
        sa.Column("current", sa.Boolean(), nullable=False),
        sa.Column("operation_id", sa.Uuid(), sa.ForeignKey("operation.id"), nullable=False, index=True),
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("host_country", sa.String(3), nullable=False),
        sa.Column("region", sa.String(300), nullable=False),
        sa.Column("zone", sa.String(64), nullable=False),
        sa.Column("round_the_clock", sa.Boolean(), nullable=False),
        sa.Column("days", sa.JSON(), nullable=False),
        sa.Column("opens", sa.Time()),
        sa.Column("closes", sa.Time()),
        sa.Column("supports", sa.JSON(), nullable=False),
        sa.Column("members", sa.JSON(), nullable=False),
        sa.Column("note", sa.String(2000), nullable=False),
        sa.Column("author_id", sa.Uuid(), nullable=False),
        sa.Column("author_name", sa.String(120), nullable=False),
        sa.Column("made_at", UtcDateTime(), nullable=False),
        sa.CheckConstraint("round_the_clock OR (opens IS NOT NULL AND closes IS NOT NULL)", name="has_hours"),
        sa.UniqueConstraint("object_id", "version"),
        sa.Index("uq_coordination_unit_one_current", "object_id", unique=True, **_where("current")),
    )
    op.create_table(
        "country_activity",
        sa.Column("operation_id", sa.Uuid(), sa.ForeignKey("operation.id"), primary_key=True),
        sa.Column("country", sa.String(3), primary_key=True),
        sa.Column("last_report_at", UtcDateTime()),
        sa.Column("last_validated_at", UtcDateTime()),
        sa.Column("shares_totals", sa.Boolean(), nullable=False),
        sa.Column("kept", sa.String(8), nullable=False),
    )
    op.create_table(
        "event_layer",
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column("layer_id", sa.Uuid(), nullable=False, index=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("supersedes_id", sa.Uuid(), sa.ForeignKey("event_layer.id")),
        sa.Column("content_id", sa.Uuid(), sa.ForeignKey("event_layer.id"), nullable=False, index=True),
        sa.Column("current", sa.Boolean(), nullable=False),
        sa.Column("removed", sa.Boolean(), nullable=False),
        sa.Column("operation_id", sa.Uuid(), sa.ForeignKey("operation.id"), nullable=False),
        sa.Column("country", sa.String(3)),
        sa.Column("audience", sa.String(16), nullable=False),
        sa.Column("classification", sa.String(20), nullable=False),
        sa.Column("kind", sa.String(24), nullable=False),
        sa.Column("name", sa.String(120), nullable=False),
        sa.Column("source", sa.String(300), nullable=False),
        sa.Column("licence", sa.String(300), nullable=False),
        sa.Column("period_from", sa.Date(), nullable=False),
        sa.Column("period_to", sa.Date(), nullable=False),
        sa.Column("accuracy", sa.String(300), nullable=False),
        sa.Column("accuracy_m", sa.Float()),
        sa.Column("retrieved", sa.Date(), nullable=False),
        sa.Column("mapping", sa.JSON(), nullable=False),
        sa.Column("accepted", sa.Integer(), nullable=False),
        sa.Column("refused", sa.Integer(), nullable=False),
        sa.Column("west", sa.Float()),
        sa.Column("south", sa.Float()),
        sa.Column("east", sa.Float()),
        sa.Column("north", sa.Float()),
        sa.Column("findings", sa.JSON(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.Column("author_id", sa.Uuid(), nullable=False),
        sa.Column("author_name", sa.String(120), nullable=False),
        sa.Column("made_at", UtcDateTime(), nullable=False),
        sa.CheckConstraint("accepted > 0 AND refused >= 0", name="counts"),
        sa.CheckConstraint("period_to >= period_from", name="period_in_order"),
        sa.UniqueConstraint("layer_id", "version"),
        sa.Index("ix_event_layer_current", "operation_id", "current"),
        sa.Index("uq_event_layer_one_current", "layer_id", unique=True, **_where("current")),
    )
    op.create_table(
        "fugitive_case",
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column("operation_id", sa.Uuid(), sa.ForeignKey("operation.id"), nullable=False),
        sa.Column("requesting_country", sa.String(3), nullable=False, index=True),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("notice_ref", sa.String(20), nullable=False),
        sa.Column("offence", sa.String(32), nullable=False),
        sa.Column("wanted_for", sa.String(16), nullable=False),
        sa.Column("priority", sa.String(8), nullable=False),
        sa.Column("warrant", sa.String(12), nullable=False),
        sa.Column("extradition", sa.String(12), nullable=False),
        sa.Column("art3", sa.String(16), nullable=False),
        sa.Column("retain_until", sa.Date(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(20), nullable=False),
        sa.Column("since", UtcDateTime(), nullable=False),
        sa.Column("nominated_at", UtcDateTime(), nullable=False),
        sa.Column("counts_as", sa.String(12), nullable=False),
        sa.Column("accepted_at", UtcDateTime()),
        sa.Column("reviewed_at", UtcDateTime()),
        sa.Column("news_at", UtcDateTime()),
        sa.Column("located_at", UtcDateTime()),
        sa.Column("arrested_at", UtcDateTime()),
        sa.Column("surrendered_at", UtcDateTime()),
        sa.Column("notice_status", sa.String(12), nullable=False),
        sa.Column("checked_on", sa.Date()),
        sa.Column("appeal_asked_at", UtcDateTime()),
        sa.Column("appeal_agreed_at", UtcDateTime()),
        sa.Column("erased_at", UtcDateTime()),
        sa.CheckConstraint("appeal_agreed_at IS NULL OR appeal_asked_at IS NOT NULL", name="appeal_of_two"),
        sa.CheckConstraint("counts_as <> 'arrested' OR arrested_at IS NOT NULL", name="arrests_are_confirmed"),
        sa.CheckConstraint("(accepted_at IS NULL) = (counts_as = '')", name="counts_from_acceptance"),
        sa.CheckConstraint("counts_as <> 'located' OR located_at IS NOT NULL", name="locations_are_confirmed"),
        sa.UniqueConstraint("operation_id", "requesting_country", "notice_ref", name="uq_fugitive_case_notice"),
        sa.UniqueConstraint("operation_id", "requesting_country", "number"),
        sa.Index("ix_fugitive_case_sweep", "operation_id", "counts_as", "state"),
        _state_of("fugitive_case"),
    )
    op.create_table(
        "hypothesis",
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column("operation_id", sa.Uuid(), sa.ForeignKey("operation.id"), nullable=False, index=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("supersedes_id", sa.Uuid(), sa.ForeignKey("hypothesis.id")),
        sa.Column("current", sa.Boolean(), nullable=False),
        sa.Column("statement", sa.String(2000), nullable=False),
        sa.Column("state", sa.String(12), nullable=False),
        sa.Column("source", sa.String(1), nullable=False),
        sa.Column("information", sa.String(1), nullable=False),
        sa.Column("handling", sa.String(2), nullable=False),
        sa.Column("author_id", sa.Uuid(), nullable=False),
        sa.Column("author_name", sa.String(120), nullable=False),
        sa.Column("made_at", UtcDateTime(), nullable=False),
        sa.UniqueConstraint("operation_id", "version"),
        sa.Index("uq_hypothesis_one_current", "operation_id", unique=True, **_where("current")),
    )
    op.create_table(
        "kpi_target",
        sa.Column("operation_id", sa.Uuid(), sa.ForeignKey("operation.id"), primary_key=True),
        sa.Column("kpi", sa.String(8), primary_key=True),
        sa.Column("value", sa.Integer(), nullable=False),
        sa.Column("set_by", sa.String(120), nullable=False),
        sa.Column("set_at", UtcDateTime(), nullable=False),
        sa.CheckConstraint("value > 0", name="aims_at_something"),
    )
    op.create_table(
        "board_figure",
        sa.Column("operation_id", sa.Uuid(), sa.ForeignKey("operation.id"), primary_key=True),
        sa.Column("kpi", sa.String(8), primary_key=True),
        sa.Column("shown", sa.Boolean(), nullable=False),
        sa.Column("set_by", sa.String(120), nullable=False),
        sa.Column("set_at", UtcDateTime(), nullable=False),
    )
    op.create_table(
        "operation_cost",
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column("operation_id", sa.Uuid(), sa.ForeignKey("operation.id"), nullable=False, index=True),
        sa.Column("country", sa.String(3), index=True),
        sa.Column("stage", sa.String(8), nullable=False),
        sa.Column("kind", sa.String(24), nullable=False),
        sa.Column("what", sa.String(300), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("currency", sa.String(3), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("note", sa.String(2000), nullable=False),
        sa.Column("corrects_id", sa.Uuid(), sa.ForeignKey("operation_cost.id"), unique=True),
        sa.Column("state", sa.String(12), nullable=False),
        sa.Column("reason", sa.String(2000), nullable=False),
        sa.Column("author_id", sa.Uuid(), nullable=False),
        sa.Column("author_name", sa.String(120), nullable=False),
        sa.Column("made_at", UtcDateTime(), nullable=False),
        sa.Column("moved_at", UtcDateTime(), nullable=False),
        _state_of("operation_cost"),
        sa.CheckConstraint("(state = 'taken_back') = (reason <> '')", name="reason_given"),
        sa.CheckConstraint("stage IN ('planned', 'spent')", name="stage_known"),
        sa.CheckConstraint("amount > 0", name="something"),
        sa.CheckConstraint("kind <> 'other' OR what <> ''", name="other_in_words"),
        sa.CheckConstraint("corrects_id <> id", name="not_itself"),
    )
    op.create_table(
        "cost_book",
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column("operation_id", sa.Uuid(), sa.ForeignKey("operation.id"), nullable=False, unique=True),
        sa.Column("state", sa.String(12), nullable=False),
        sa.Column("reason", sa.String(2000), nullable=False),
        sa.Column("author_id", sa.Uuid(), nullable=False),
        sa.Column("author_name", sa.String(120), nullable=False),
        sa.Column("made_at", UtcDateTime(), nullable=False),
        sa.Column("moved_at", UtcDateTime(), nullable=False),
        _state_of("cost_book"),
        sa.CheckConstraint("state <> 'complete' OR reason = ''", name="reason_of_opening"),
    )
    op.create_table(
        "cost_step",
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column("of_id", sa.Uuid(), nullable=False, index=True),
        sa.Column("operation_id", sa.Uuid(), sa.ForeignKey("operation.id"), nullable=False, index=True),
        sa.Column("country", sa.String(3)),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("words", sa.String(2000), nullable=False),
        sa.Column("author_name", sa.String(120), nullable=False),
        sa.Column("made_at", UtcDateTime(), nullable=False),
    )
    op.create_table(
        "layer_upload",
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column("account_id", sa.Uuid(), sa.ForeignKey("account.id"), nullable=False, index=True),
        sa.Column("operation_id", sa.Uuid(), sa.ForeignKey("operation.id"), nullable=False),
        sa.Column("country", sa.String(3)),
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("data", sa.LargeBinary(), nullable=False),
        sa.Column("kept_at", UtcDateTime(), nullable=False),
        sa.Column("expires_at", UtcDateTime(), nullable=False, index=True),
        sa.CheckConstraint("expires_at > kept_at", name="expires"),
        sa.CheckConstraint("size > 0 AND size <= 67108864", name="size"),
    )
    op.create_table(
        "lead",
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column("operation_id", sa.Uuid(), sa.ForeignKey("operation.id"), nullable=False, index=True),
        sa.Column("origin", sa.String(24), nullable=False),
        sa.Column("origin_country", sa.String(3)),
        sa.Column("subject_kind", sa.String(24), nullable=False),
        sa.Column("subject_id", sa.Uuid()),
        sa.Column("state", sa.String(12), nullable=False),
        sa.Column("tally", sa.JSON(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("due", UtcDateTime(), nullable=False),
        sa.Column("made_at", UtcDateTime(), nullable=False),
        sa.Column("erased_at", UtcDateTime()),
        sa.CheckConstraint("origin <> 'country' OR origin_country IS NOT NULL", name="country_named"),
        sa.Index("ix_lead_subject", "subject_kind", "subject_id"),
        _state_of("lead"),
    )
    op.create_table(
        "lead_result",
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column("lead_id", sa.Uuid(), nullable=False, index=True),
        sa.Column("lead_operation_id", sa.Uuid(), sa.ForeignKey("operation.id"), nullable=False, index=True),
        sa.Column("operation_id", sa.Uuid(), sa.ForeignKey("operation.id"), nullable=False, index=True),
        sa.Column("country", sa.String(3), nullable=False),
        sa.Column("report_id", sa.Uuid(), nullable=False),
        sa.Column("line_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(24), nullable=False),
        sa.Column("note", sa.String(2000), nullable=False),
        sa.Column("author_id", sa.Uuid(), nullable=False),
        sa.Column("author_name", sa.String(120), nullable=False),
        sa.Column("made_at", UtcDateTime(), nullable=False),
        sa.Column("undone_at", UtcDateTime()),
        sa.Column("undone_reason", sa.String(2000), nullable=False),
        sa.Index("uq_lead_result_once", "lead_id", "line_id", unique=True, **_where("undone_at IS NULL")),
    )
    op.create_table(
        "report_exclusion",
        sa.Column("operation_id", sa.Uuid(), sa.ForeignKey("operation.id"), primary_key=True),
        sa.Column("country", sa.String(3), primary_key=True),
        sa.Column("versions", sa.JSON(), nullable=False),
        sa.Column("reports", sa.Integer(), nullable=False),
        sa.Column("reason", sa.String(2000), nullable=False),
        sa.Column("named_by", sa.Uuid(), nullable=False),
        sa.Column("named_by_name", sa.String(120), nullable=False),
        sa.Column("named_at", UtcDateTime(), nullable=False),
        sa.CheckConstraint("reports > 0 AND reason <> ''", name="named"),
    )
    op.create_table(
        "map_object",
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column("object_id", sa.Uuid(), nullable=False, index=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("supersedes_id", sa.Uuid(), sa.ForeignKey("map_object.id")),
        sa.Column("current", sa.Boolean(), nullable=False),
        sa.Column("deleted", sa.Boolean(), nullable=False),
        sa.Column("operation_id", sa.Uuid(), sa.ForeignKey("operation.id"), nullable=False),
        sa.Column("country", sa.String(3)),
        sa.Column("audience", sa.String(16), nullable=False),
        sa.Column("kind", sa.String(24), nullable=False),
        sa.Column("state", sa.String(12), nullable=False),
        sa.Column("name", sa.String(120), nullable=False),
        sa.Column("note", sa.String(2000), nullable=False),
        sa.Column("geometry", sa.JSON(), nullable=False),
        sa.Column("area_km2", sa.Float()),
        sa.Column("length_km", sa.Float()),
        sa.Column("author_id", sa.Uuid(), nullable=False),
        sa.Column("author_name", sa.String(120), nullable=False),
        sa.Column("made_at", UtcDateTime(), nullable=False),
        sa.UniqueConstraint("object_id", "version"),
        sa.Index("ix_map_object_current", "operation_id", "current"),
        sa.Index("uq_map_object_one_current", "object_id", unique=True, **_where("current")),
    )
    op.create_table(
        "message",
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column("key", sa.String(200), nullable=False, unique=True),
        sa.Column("kind", sa.String(32), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("link", sa.String(300), nullable=False),
        sa.Column("urgent", sa.Boolean(), nullable=False),
        sa.Column("operation_id", sa.Uuid(), sa.ForeignKey("operation.id"), index=True),
        sa.Column("made_at", UtcDateTime(), nullable=False),
        sa.Column("about", sa.JSON()),
        sa.Column("until", UtcDateTime()),
        sa.CheckConstraint("link LIKE '/%'", name="link_is_ours"),
        sa.CheckConstraint("number > 0", name="number"),
    )
    op.create_table(
        "message_habits",
        sa.Column("account_id", sa.Uuid(), sa.ForeignKey("account.id"), primary_key=True),
        sa.Column("way", sa.String(8), nullable=False),
        sa.Column("address", sa.String(254), nullable=False),
        sa.Column("zone", sa.String(64), nullable=False),
        sa.Column("quiet_from", sa.Time()),
        sa.Column("quiet_to", sa.Time()),
        sa.Column("digest_at", sa.Time()),
        sa.Column("changed_at", UtcDateTime(), nullable=False),
    )
    op.create_table(
        "network_entity",
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column("entity_id", sa.Uuid(), nullable=False, index=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("supersedes_id", sa.Uuid(), sa.ForeignKey("network_entity.id")),
        sa.Column("current", sa.Boolean(), nullable=False),
        sa.Column("removed", sa.Boolean(), nullable=False),
        sa.Column("operation_id", sa.Uuid(), sa.ForeignKey("operation.id"), nullable=False, index=True),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("code", sa.String(8), nullable=False),
        sa.Column("description", sa.String(2000), nullable=False),
        sa.Column("source", sa.String(1), nullable=False),
        sa.Column("information", sa.String(1), nullable=False),
        sa.Column("handling", sa.String(2), nullable=False),
        sa.Column("author_id", sa.Uuid(), nullable=False),
        sa.Column("author_name", sa.String(120), nullable=False),
        sa.Column("made_at", UtcDateTime(), nullable=False),
        sa.UniqueConstraint("entity_id", "version"),
        sa.Index("uq_network_entity_one_current", "entity_id", unique=True, **_where("current")),
    )
    op.create_table(
        "network_link",
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column("operation_id", sa.Uuid(), sa.ForeignKey("operation.id"), nullable=False, index=True),
        sa.Column("from_id", sa.Uuid(), nullable=False),
        sa.Column("to_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("source", sa.String(1), nullable=False),
        sa.Column("information", sa.String(1), nullable=False),
        sa.Column("handling", sa.String(2), nullable=False),
        sa.Column("author_id", sa.Uuid(), nullable=False),
        sa.Column("author_name", sa.String(120), nullable=False),
        sa.Column("made_at", UtcDateTime(), nullable=False),
        sa.Column("removed_at", UtcDateTime()),
        sa.CheckConstraint("from_id <> to_id", name="of_two"),
    )
    op.create_table(
        "oplan_comment",
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column("operation_id", sa.Uuid(), sa.ForeignKey("operation.id"), nullable=False, index=True),
        sa.Column("section", sa.String(24), nullable=False),
        sa.Column("country", sa.String(3), nullable=False),
        sa.Column("text", sa.String(2000), nullable=False),
        sa.Column("author_id", sa.Uuid(), nullable=False),
        sa.Column("author_name", sa.String(120), nullable=False),
        sa.Column("made_at", UtcDateTime(), nullable=False),
        sa.Column("answer", sa.String(2000), nullable=False),
        sa.Column("answered_name", sa.String(120), nullable=False),
        sa.Column("answered_at", UtcDateTime()),
        sa.CheckConstraint("(answered_at IS NULL) = (answer = '')", name="answered_in_words"),
    )
    op.create_table(
        "oplan_section",
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column("operation_id", sa.Uuid(), sa.ForeignKey("operation.id"), nullable=False, index=True),
        sa.Column("section", sa.String(24), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("supersedes_id", sa.Uuid(), sa.ForeignKey("oplan_section.id")),
        sa.Column("current", sa.Boolean(), nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("text", sa.String(8000), nullable=False),
        sa.Column("author_id", sa.Uuid(), nullable=False),
        sa.Column("author_name", sa.String(120), nullable=False),
        sa.Column("made_at", UtcDateTime(), nullable=False),
        sa.CheckConstraint("state = 'open' OR text <> ''", name="says_something"),
        sa.UniqueConstraint("operation_id", "section", "version"),
        sa.Index("uq_oplan_section_one_current", "operation_id", "section", unique=True, **_where("current")),
    )
    op.create_table(
        "oplan_version",
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column("operation_id", sa.Uuid(), sa.ForeignKey("operation.id"), nullable=False, index=True),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(12), nullable=False),
        sa.Column("note", sa.String(2000), nullable=False),
        sa.Column("content_hash", sa.String(64), nullable=False),
        sa.Column("approved_by", sa.Uuid(), nullable=False),
        sa.Column("approved_name", sa.String(120), nullable=False),
        sa.Column("approved_at", UtcDateTime(), nullable=False),
        sa.UniqueConstraint("operation_id", "number"),
        sa.Index("uq_oplan_version_one_in_force", "operation_id", unique=True, **_where("state = 'approved'")),
        _state_of("oplan_version"),
    )
    op.create_table(
        "participation",
        sa.Column("operation_id", sa.Uuid(), sa.ForeignKey("operation.id"), primary_key=True),
        sa.Column("country", sa.String(3), primary_key=True),
        sa.Column("state", sa.String(24), nullable=False),
        sa.Column("contribution", sa.String(32), nullable=False),
        sa.Column("shares_totals", sa.Boolean(), nullable=False),
        sa.Column("invited_at", UtcDateTime(), nullable=False),
        sa.Column("answered_at", UtcDateTime()),
        sa.Column("final_at", UtcDateTime()),
        sa.Column("without", sa.String(2000), nullable=False),
        sa.Column("kept", sa.String(8), nullable=False),
        sa.CheckConstraint("kept IN ('', 'shown', 'totals', 'erased')", name="kept_known"),
        _state_of("participation"),
    )
    op.create_table(
        "withholding",
        sa.Column("operation_id", sa.Uuid(), sa.ForeignKey("operation.id"), primary_key=True),
        sa.Column("country", sa.String(3), primary_key=True),
        sa.Column("partner", sa.String(24), primary_key=True),
        sa.Column("since", UtcDateTime(), nullable=False),
        sa.Column("by_id", sa.Uuid(), nullable=False),
        sa.Column("by_name", sa.String(120), nullable=False),
        sa.CheckConstraint("country <> partner", name="from_another"),
    )
    op.create_table(
        "phase",
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column("operation_id", sa.Uuid(), sa.ForeignKey("operation.id"), nullable=False, index=True),
        sa.Column("kind", sa.String(24), nullable=False),
        sa.Column("name", sa.String(120), nullable=False),
        sa.Column("starts", UtcDateTime(), nullable=False),
        sa.Column("ends", UtcDateTime(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False, server_default="1"),
        sa.CheckConstraint("ends > starts", name="in_order"),
    )
    op.create_table(
        "plan_version",
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column("operation_id", sa.Uuid(), sa.ForeignKey("operation.id"), nullable=False, index=True),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(12), nullable=False),
        sa.Column("note", sa.String(2000), nullable=False),
        sa.Column("author_id", sa.Uuid(), nullable=False),
        sa.Column("author_name", sa.String(120), nullable=False),
        sa.Column("made_at", UtcDateTime(), nullable=False),
        sa.Column("approved_by", sa.Uuid()),
        sa.Column("approved_name", sa.String(120), nullable=False),
        sa.Column("approved_at", UtcDateTime()),
        sa.CheckConstraint("state <> 'approved' OR approved_by IS NOT NULL", name="approval_is_written"),
        sa.CheckConstraint("(approved_by IS NULL) = (approved_at IS NULL)", name="approved_by_somebody"),
        sa.CheckConstraint("state <> 'draft' OR approved_by IS NULL", name="drafts_are_not_approved"),
        sa.CheckConstraint("approved_by IS NULL OR approved_by <> author_id", name="four_eyes"),
        sa.UniqueConstraint("operation_id", "number"),
        sa.Index("uq_plan_version_one_in_force", "operation_id", unique=True, **_where("state = 'approved'")),
        _state_of("plan_version"),
    )
    op.create_table(
        "reminder_rules",
        sa.Column("operation_id", sa.Uuid(), sa.ForeignKey("operation.id"), primary_key=True),
        sa.Column("ask_before", sa.Integer(), nullable=False),
        sa.Column("remind_after", sa.Integer(), nullable=False),
        sa.Column("national_after", sa.Integer(), nullable=False),
        sa.Column("coordinator_after", sa.Integer(), nullable=False),
        sa.Column("by_calendar", sa.Boolean(), nullable=False),
        sa.Column("changed_at", UtcDateTime(), nullable=False),
        sa.CheckConstraint("ask_before BETWEEN 0 AND 1440", name="ask_before"),
        sa.CheckConstraint(
            "remind_after >= 0 AND national_after > remind_after "
            "AND coordinator_after > national_after AND coordinator_after <= 2880",
            name="in_order",
        ),
    )
    op.create_table(
        "saved_form",
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column("author_id", sa.Uuid(), sa.ForeignKey("account.id"), nullable=False, index=True),
        sa.Column("operation_id", sa.Uuid(), sa.ForeignKey("operation.id"), nullable=False),
        sa.Column("site_id", sa.Uuid()),
        sa.Column("content", sa.JSON(), nullable=False),
        sa.Column("saved_at", UtcDateTime(), nullable=False),
    )
    op.create_table(
        "sign_in",
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column("token_hash", sa.String(64), nullable=False, unique=True),
        sa.Column("account_id", sa.Uuid(), sa.ForeignKey("account.id"), nullable=False, index=True),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("last_seen_at", UtcDateTime(), nullable=False),
        sa.Column("ended_at", UtcDateTime()),
        sa.Column("source", sa.String(64), nullable=False),
        sa.Column("agent", sa.String(200), nullable=False),
        sa.Column("only", sa.String(120)),
    )
    op.create_table(
        "site",
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column("operation_id", sa.Uuid(), sa.ForeignKey("operation.id"), nullable=False, index=True),
        sa.Column("country", sa.String(3), nullable=False, index=True),
        sa.Column("name", sa.String(120), nullable=False),
        sa.Column("site_type", sa.String(24), nullable=False),
        sa.Column("border_kind", sa.String(8)),
        sa.Column("lat", sa.Float(), nullable=False),
        sa.Column("lon", sa.Float(), nullable=False),
        sa.Column("zone", sa.String(64), nullable=False),
        sa.Column("ref", sa.String(80), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("placed_at", UtcDateTime(), nullable=False),
        sa.Column("closed_at", UtcDateTime()),
        sa.CheckConstraint("lat BETWEEN -90 AND 90", name="lat"),
        sa.CheckConstraint("lon BETWEEN -180 AND 180", name="lon"),
        sa.UniqueConstraint("operation_id", "country", "name"),
    )
    op.create_table(
        "team",
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column("country", sa.String(3), nullable=False, index=True),
        sa.Column("call_sign", sa.String(40), nullable=False),
        sa.Column("unit", sa.String(120), nullable=False),
        sa.Column("kind", sa.String(24), nullable=False),
        sa.Column("specialisms", sa.JSON(), nullable=False),
        sa.Column("languages", sa.JSON(), nullable=False),
        sa.Column("persons", sa.Integer(), nullable=False),
        sa.Column("base", sa.String(120), nullable=False),
        sa.Column("lat", sa.Float(), nullable=False),
        sa.Column("lon", sa.Float(), nullable=False),
        sa.Column("zone", sa.String(64), nullable=False),
        sa.Column("ready_hours", sa.Integer(), nullable=False),
        sa.Column("leader_id", sa.Uuid(), sa.ForeignKey("account.id")),
        sa.Column("out_of_service", sa.String(300), nullable=False),
        sa.Column("note", sa.String(2000), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("made_at", UtcDateTime(), nullable=False),
        sa.Column("closed_at", UtcDateTime()),
        sa.CheckConstraint("lat BETWEEN -90 AND 90", name="lat"),
        sa.CheckConstraint("lon BETWEEN -180 AND 180", name="lon"),
        sa.CheckConstraint("ready_hours >= 0", name="ready"),
        sa.CheckConstraint("persons > 0", name="somebody"),
        sa.UniqueConstraint("country", "call_sign"),
    )
    op.create_table(
        "total",
        sa.Column("grain", sa.String(12), primary_key=True),
        sa.Column("operation_id", sa.Uuid(), sa.ForeignKey("operation.id"), primary_key=True),
        sa.Column("country", sa.String(3), primary_key=True),
        sa.Column("day", sa.String(10), primary_key=True),
        sa.Column("site", sa.String(36), primary_key=True),
        sa.Column("level", sa.Integer(), primary_key=True),
        sa.Column("kind", sa.String(24), primary_key=True),
        sa.Column("phase_kind", sa.String(24), primary_key=True),
        sa.Column("check_kind", sa.String(32), primary_key=True),
        sa.Column("database", sa.String(32), primary_key=True),
        sa.Column("entity", sa.String(24), primary_key=True),
        sa.Column("offence", sa.String(32), primary_key=True),
        sa.Column("status", sa.String(32), primary_key=True),
        sa.Column("unit", sa.String(16), primary_key=True),
        sa.Column("qualifier", sa.String(1), primary_key=True),
        sa.Column("records", sa.BigInteger(), nullable=False),
        sa.Column("quantity", sa.BigInteger(), nullable=False),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "total_margin",
        sa.Column("operation_id", sa.Uuid(), sa.ForeignKey("operation.id"), primary_key=True),
        sa.Column("country", sa.String(3), primary_key=True),
        sa.Column("level", sa.Integer(), primary_key=True),
        sa.Column("kind", sa.String(24), primary_key=True),
        sa.Column("phase_kind", sa.String(24), primary_key=True),
        sa.Column("check_kind", sa.String(32), primary_key=True),
        sa.Column("database", sa.String(32), primary_key=True),
        sa.Column("entity", sa.String(24), primary_key=True),
        sa.Column("offence", sa.String(32), primary_key=True),
        sa.Column("status", sa.String(32), primary_key=True),
        sa.Column("unit", sa.String(16), primary_key=True),
        sa.Column("qualifier", sa.String(1), primary_key=True),
        sa.Column("dimension", sa.String(24), primary_key=True),
        sa.Column("code", sa.String(40), primary_key=True),
        sa.Column("records", sa.BigInteger(), nullable=False),
        sa.Column("quantity", sa.BigInteger(), nullable=False),
    )
    op.create_table(
        "total_step",
        sa.Column("operation_id", sa.Uuid(), sa.ForeignKey("operation.id"), primary_key=True),
        sa.Column("seq", sa.Integer(), primary_key=True),
        sa.Column("n", sa.Integer(), primary_key=True),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("country", sa.String(3), nullable=False),
        sa.Column("cells", sa.JSON(), nullable=False),
        sa.Column("margins", sa.JSON(), nullable=False),
        sa.Column("sites", sa.JSON(), nullable=False),
        sa.Column("countries", sa.JSON(), nullable=False),
    )
    op.create_table(
        "total_checkpoint",
        sa.Column("operation_id", sa.Uuid(), sa.ForeignKey("operation.id"), primary_key=True),
        sa.Column("part", sa.String(20), primary_key=True),
        sa.Column("seq", sa.Integer(), primary_key=True),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
    )
    op.create_table(
        "release",
        sa.Column("operation_id", sa.Uuid(), sa.ForeignKey("operation.id"), primary_key=True),
        sa.Column("audience", sa.String(16), primary_key=True),
        sa.Column("kpi", sa.String(8), primary_key=True),
        sa.Column("seq", sa.Integer(), primary_key=True),
        sa.Column("scope", sa.String(8), nullable=False),
        sa.Column("state", sa.Integer(), nullable=False),
        sa.Column("state_at", UtcDateTime(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
    )
    op.create_table(
        "row_step",
        sa.Column("operation_id", sa.Uuid(), primary_key=True),
        sa.Column("kind", sa.String(32), primary_key=True),
        sa.Column("seq", sa.Integer(), primary_key=True),
        sa.Column("n", sa.Integer(), primary_key=True),
        sa.Column("key", sa.String(80), primary_key=True),
        sa.Column("content", sa.JSON()),
        sa.Index("ix_row_step_key", "operation_id", "kind", "key", "seq"),
    )
    op.create_table(
        "analysis_result",
        sa.Column("analysis_id", sa.Uuid(), sa.ForeignKey("analysis.id"), primary_key=True),
        sa.Column("complete", sa.Boolean(), nullable=False),
        sa.Column("result", sa.JSON(), nullable=False),
        sa.Column("packed", sa.LargeBinary()),
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.Column("made_at", UtcDateTime(), nullable=False),
    )
    op.create_table(
        "appeal_item",
        sa.Column("list_id", sa.Uuid(), sa.ForeignKey("appeal_list.id"), primary_key=True),
        sa.Column("case_id", sa.Uuid(), sa.ForeignKey("fugitive_case.id"), primary_key=True),
        sa.Column("requesting_country", sa.String(3), nullable=False),
        sa.Column("dropped", sa.String(300), nullable=False),
    )
    op.create_table(
        "appeal_tips",
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column("case_id", sa.Uuid(), sa.ForeignKey("fugitive_case.id"), nullable=False, index=True),
        sa.Column("requesting_country", sa.String(3), nullable=False),
        sa.Column("received", sa.Integer(), nullable=False),
        sa.Column("author_name", sa.String(120), nullable=False),
        sa.Column("made_at", UtcDateTime(), nullable=False),
        sa.CheckConstraint("received > 0", name="some"),
    )
    op.create_table(
        "asset",
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column("country", sa.String(3), nullable=False, index=True),
        sa.Column("team_id", sa.Uuid(), sa.ForeignKey("team.id"), index=True),
        sa.Column("kind", sa.String(24), nullable=False),
        sa.Column("label", sa.String(40), nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("place", sa.String(300), nullable=False),
        sa.Column("placed_at", UtcDateTime(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("version > 0", name="version"),
        sa.UniqueConstraint("country", "label"),
    )
    op.create_table(
        "delivery",
        sa.Column("message_id", sa.Uuid(), sa.ForeignKey("message.id"), primary_key=True),
        sa.Column("account_id", sa.Uuid(), sa.ForeignKey("account.id"), primary_key=True),
        sa.Column("way", sa.String(8), primary_key=True),
        sa.Column("made_at", UtcDateTime(), nullable=False),
        sa.Column("due_at", UtcDateTime(), nullable=False),
        sa.Column("digest", sa.Boolean(), nullable=False),
        sa.Column("read_at", UtcDateTime()),
        sa.Column("sent_at", UtcDateTime()),
        sa.Column("given_up_at", UtcDateTime()),
        sa.Column("attempt", sa.Integer(), nullable=False),
        sa.Column("failure", sa.String(300), nullable=False),
        sa.CheckConstraint("sent_at IS NULL OR given_up_at IS NULL", name="ends_once"),
        sa.CheckConstraint("way IN ('inbox', 'mail')", name="way"),
        sa.Index("ix_delivery_due", "way", "sent_at", "due_at"),
        sa.Index("ix_delivery_unread", "account_id", "way", "read_at"),
    )
    op.create_table(
        "fugitive_believed",
        sa.Column("case_id", sa.Uuid(), sa.ForeignKey("fugitive_case.id"), primary_key=True),
        sa.Column("country", sa.String(3), primary_key=True),
        sa.Column("requesting_country", sa.String(3), nullable=False),
    )
    op.create_table(
        "fugitive_location",
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column("case_id", sa.Uuid(), sa.ForeignKey("fugitive_case.id"), nullable=False, index=True),
        sa.Column("country", sa.String(3), nullable=False),
        sa.Column("requesting_country", sa.String(3), nullable=False),
        sa.Column("state", sa.String(20), nullable=False),
        sa.Column("remark", sa.String(2000), nullable=False),
        sa.Column("content_hash", sa.String(64), nullable=False),
        sa.Column("author_name", sa.String(120), nullable=False),
        sa.Column("reported_at", UtcDateTime(), nullable=False),
        sa.Column("answered_at", UtcDateTime()),
        sa.Column("arrested_at", UtcDateTime()),
        sa.Column("erased_at", UtcDateTime()),
        sa.CheckConstraint(
            "(state IN ('arrest_reported', 'arrest_confirmed')) = (arrested_at IS NOT NULL)", name="arrest_has_a_time"
        ),
        sa.CheckConstraint("erased_at IS NULL OR (remark = '' AND state = 'negative')", name="erased_is_gone"),
        sa.CheckConstraint("country <> requesting_country", name="two_countries"),
        _state_of("fugitive_location"),
    )
    op.create_table(
        "fugitive_step",
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column("case_id", sa.Uuid(), sa.ForeignKey("fugitive_case.id"), nullable=False, index=True),
        sa.Column("requesting_country", sa.String(3), nullable=False),
        sa.Column("country", sa.String(3)),
        sa.Column("before", sa.String(20), nullable=False),
        sa.Column("after", sa.String(20), nullable=False),
        sa.Column("reason", sa.String(2000), nullable=False),
        sa.Column("author_id", sa.Uuid()),
        sa.Column("author_name", sa.String(120), nullable=False),
        sa.Column("made_at", UtcDateTime(), nullable=False),
    )
    op.create_table(
        "fugitive_version",
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column("case_id", sa.Uuid(), sa.ForeignKey("fugitive_case.id"), nullable=False, index=True),
        sa.Column("requesting_country", sa.String(3), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("content", sa.JSON(), nullable=False),
        sa.Column("content_hash", sa.String(64), nullable=False),
        sa.Column("author_id", sa.Uuid(), nullable=False),
        sa.Column("author_name", sa.String(120), nullable=False),
        sa.Column("made_at", UtcDateTime(), nullable=False),
        sa.UniqueConstraint("case_id", "version"),
    )
    op.create_table(
        "layer_content",
        sa.Column("version_id", sa.Uuid(), sa.ForeignKey("event_layer.id"), primary_key=True),
        sa.Column("data", sa.LargeBinary(), nullable=False),
    )
    op.create_table(
        "layer_marks",
        sa.Column("content_id", sa.Uuid(), sa.ForeignKey("event_layer.id"), primary_key=True),
        sa.Column("zoom", sa.Integer(), primary_key=True),
        sa.Column("number", sa.Integer(), primary_key=True),
        sa.Column("west", sa.Float(), nullable=False),
        sa.Column("south", sa.Float(), nullable=False),
        sa.Column("east", sa.Float(), nullable=False),
        sa.Column("north", sa.Float(), nullable=False),
        sa.Column("marks", sa.Integer(), nullable=False),
        sa.Column("data", sa.LargeBinary(), nullable=False),
    )
    op.create_table(
        "lead_answer",
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column("lead_id", sa.Uuid(), sa.ForeignKey("lead.id"), nullable=False, index=True),
        sa.Column("country", sa.String(3), nullable=False),
        sa.Column("origin_country", sa.String(3)),
        sa.Column("answer", sa.String(12), nullable=False),
        sa.Column("remark", sa.String(2000), nullable=False),
        sa.Column("author_id", sa.Uuid(), nullable=False),
        sa.Column("author_name", sa.String(120), nullable=False),
        sa.Column("made_at", UtcDateTime(), nullable=False),
    )
    op.create_table(
        "lead_country",
        sa.Column("lead_id", sa.Uuid(), sa.ForeignKey("lead.id"), primary_key=True),
        sa.Column("country", sa.String(3), primary_key=True),
        sa.Column("operation_id", sa.Uuid(), sa.ForeignKey("operation.id"), nullable=False, index=True),
        sa.Column("origin_country", sa.String(3)),
        sa.Column("subject_id", sa.Uuid()),
        sa.Column("state", sa.String(12), nullable=False),
        sa.Column("due", UtcDateTime(), nullable=False),
        sa.Column("shared_at", UtcDateTime()),
        sa.Column("answered_at", UtcDateTime()),
        sa.Column("revoked_at", UtcDateTime()),
        sa.Column("revoked_reason", sa.String(2000), nullable=False, server_default=""),
        sa.CheckConstraint("(state = 'new') = (shared_at IS NULL)", name="new_until_shared"),
        sa.Index("ix_lead_country_subject", "subject_id", "country"),
        _state_of("lead_country"),
    )
    op.create_table(
        "lead_version",
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column("lead_id", sa.Uuid(), sa.ForeignKey("lead.id"), nullable=False, index=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("question", sa.String(2000), nullable=False),
        sa.Column("due", UtcDateTime(), nullable=False),
        sa.Column("source", sa.String(1), nullable=False),
        sa.Column("information", sa.String(1), nullable=False),
        sa.Column("handling", sa.String(2), nullable=False),
        sa.Column("content_hash", sa.String(64), nullable=False),
        sa.Column("author_id", sa.Uuid(), nullable=False),
        sa.Column("author_name", sa.String(120), nullable=False),
        sa.Column("made_at", UtcDateTime(), nullable=False),
        sa.UniqueConstraint("lead_id", "version"),
    )
    op.create_table(
        "notice_check",
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column("case_id", sa.Uuid(), sa.ForeignKey("fugitive_case.id"), nullable=False, index=True),
        sa.Column("requesting_country", sa.String(3), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("status", sa.String(12), nullable=False),
        sa.Column("author_name", sa.String(120), nullable=False),
        sa.Column("made_at", UtcDateTime(), nullable=False),
    )
    op.create_table(
        "oplan_item",
        sa.Column("version_id", sa.Uuid(), sa.ForeignKey("oplan_version.id"), primary_key=True),
        sa.Column("section_id", sa.Uuid(), sa.ForeignKey("oplan_section.id"), primary_key=True),
    )
    op.create_table(
        "plan_item",
        sa.Column("plan_version_id", sa.Uuid(), sa.ForeignKey("plan_version.id"), primary_key=True),
        sa.Column("item_id", sa.Uuid(), primary_key=True),
        sa.Column("version_id", sa.Uuid(), sa.ForeignKey("map_object.id")),
        sa.Column("country", sa.String(3)),
        sa.Column("audience", sa.String(16), nullable=False),
    )
    op.create_table(
        "posting",
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column("account_id", sa.Uuid(), sa.ForeignKey("account.id"), nullable=False, index=True),
        sa.Column("site_id", sa.Uuid(), sa.ForeignKey("site.id"), nullable=False, index=True),
        sa.Column("starts", UtcDateTime()),
        sa.Column("ends", UtcDateTime()),
        sa.Column("made_by", sa.Uuid(), sa.ForeignKey("account.id")),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("starts <= ends", name="in_order"),
    )
    op.create_table(
        "unit_posting",
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column("account_id", sa.Uuid(), sa.ForeignKey("account.id"), nullable=False, index=True),
        sa.Column("object_id", sa.Uuid(), nullable=False, index=True),
        sa.Column("operation_id", sa.Uuid(), sa.ForeignKey("operation.id"), nullable=False, index=True),
        sa.Column("country", sa.String(3), nullable=False),
        sa.Column("function", sa.String(40), nullable=False),
        sa.Column("starts", UtcDateTime()),
        sa.Column("ends", UtcDateTime()),
        sa.Column("made_by", sa.Uuid(), sa.ForeignKey("account.id"), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("starts <= ends", name="in_order"),
    )
    op.create_table(
        "post",
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column("country", sa.String(3), nullable=False, index=True),
        sa.Column("name", sa.String(120), nullable=False),
        sa.Column("site_type", sa.String(24), nullable=False),
        sa.Column("border_kind", sa.String(8)),
        sa.Column("lat", sa.Float(), nullable=False),
        sa.Column("lon", sa.Float(), nullable=False),
        sa.Column("zone", sa.String(64), nullable=False),
        sa.Column("ref", sa.String(80), nullable=False),
        sa.Column("author_id", sa.Uuid(), nullable=False),
        sa.Column("author_name", sa.String(120), nullable=False),
        sa.Column("made_at", UtcDateTime(), nullable=False),
        sa.Column("closed_at", UtcDateTime()),
        sa.CheckConstraint("lat BETWEEN -90 AND 90", name="lat"),
        sa.UniqueConstraint("country", "name"),
        sa.CheckConstraint("lon BETWEEN -180 AND 180", name="lon"),
    )
    op.create_table(
        "post_condition",
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column("post_id", sa.Uuid(), sa.ForeignKey("post.id"), nullable=False, index=True),
        sa.Column("country", sa.String(3), nullable=False, index=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("passages", sa.Integer()),
        sa.Column("officers", sa.Integer()),
        sa.Column("connectivity", sa.String(24), nullable=False),
        sa.Column("online_hours", sa.Integer()),
        sa.Column("power", sa.String(24), nullable=False),
        sa.Column("power_hours", sa.Integer()),
        sa.Column("access", sa.String(24), nullable=False),
        sa.Column("offline", sa.Boolean(), nullable=False),
        sa.Column("note", sa.String(2000), nullable=False),
        sa.Column("author_id", sa.Uuid(), nullable=False),
        sa.Column("author_name", sa.String(120), nullable=False),
        sa.Column("made_at", UtcDateTime(), nullable=False),
        sa.UniqueConstraint("post_id", "version"),
    )
    op.create_table(
        "post_site",
        sa.Column("site_id", sa.Uuid(), sa.ForeignKey("site.id"), primary_key=True),
        sa.Column("post_id", sa.Uuid(), sa.ForeignKey("post.id"), nullable=False, index=True),
        sa.Column("country", sa.String(3), nullable=False, index=True),
    )
    op.create_table(
        "country_role",
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column("country", sa.String(3), nullable=False, index=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("source", sa.Boolean(), nullable=False),
        sa.Column("transit", sa.Boolean(), nullable=False),
        sa.Column("destination", sa.Boolean(), nullable=False),
        sa.Column("basis", sa.String(2000), nullable=False),
        sa.Column("author_id", sa.Uuid(), nullable=False),
        sa.Column("author_name", sa.String(120), nullable=False),
        sa.Column("made_at", UtcDateTime(), nullable=False),
        sa.CheckConstraint("source OR transit OR destination", name="something"),
        sa.UniqueConstraint("country", "version"),
    )
    op.create_table(
        "assessment",
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column("post_id", sa.Uuid(), sa.ForeignKey("post.id"), nullable=False, index=True),
        sa.Column("country", sa.String(3), nullable=False, index=True),
        sa.Column("purpose", sa.String(2000), nullable=False),
        sa.Column("planned_for", sa.Date(), nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("reason", sa.String(2000), nullable=False),
        sa.Column("findings", sa.Integer(), nullable=False),
        sa.Column("visited_from", sa.Date()),
        sa.Column("visited_to", sa.Date()),
        sa.Column("baseline_queries", sa.Integer()),
        sa.Column("baseline_source", sa.String(2000), nullable=False),
        sa.Column("feasibility", sa.String(16), nullable=False),
        sa.Column("works", sa.String(2000), nullable=False),
        sa.Column("scored_by", sa.Uuid()),
        sa.Column("scored_at", UtcDateTime()),
        sa.Column("validated_by", sa.Uuid()),
        sa.Column("validated_at", UtcDateTime()),
        sa.Column("author_id", sa.Uuid(), nullable=False),
        sa.Column("author_name", sa.String(120), nullable=False),
        sa.Column("made_at", UtcDateTime(), nullable=False),
        sa.Column("moved_at", UtcDateTime(), nullable=False),
        sa.CheckConstraint(
            "(state IN ('validated', 'plan_proposed', 'plan_agreed', 'measures_done', 'reassessed')) "
            "= (validated_by IS NOT NULL)",
            name="validated_by_somebody",
        ),
        sa.CheckConstraint("visited_from <= visited_to", name="in_order"),
        _state_of("assessment"),
        sa.CheckConstraint(
            "(state IN ('scored', 'validated', 'plan_proposed', 'plan_agreed', 'measures_done', 'reassessed')) "
            "= (scored_by IS NOT NULL)",
            name="scored_by_somebody",
        ),
        sa.CheckConstraint(
            "(state IN ('measures_done', 'refused', 'not_accessible')) = (reason <> '')", name="reason_given"
        ),
        sa.CheckConstraint("validated_by IS NULL OR baseline_queries IS NOT NULL", name="baseline_known"),
        sa.CheckConstraint("validated_by IS NULL OR validated_by <> scored_by", name="other_eyes"),
    )
    op.create_table(
        "assessment_score",
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column("assessment_id", sa.Uuid(), sa.ForeignKey("assessment.id"), nullable=False, index=True),
        sa.Column("country", sa.String(3), nullable=False, index=True),
        sa.Column("area", sa.String(24), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("score", sa.Integer()),
        sa.Column("evidence", sa.String(2000), nullable=False),
        sa.Column("gap", sa.String(2000), nullable=False),
        sa.Column("measure", sa.String(2000), nullable=False),
        sa.Column("cost", sa.Integer()),
        sa.Column("currency", sa.String(3), nullable=False),
        sa.Column("author_id", sa.Uuid(), nullable=False),
        sa.Column("author_name", sa.String(120), nullable=False),
        sa.Column("made_at", UtcDateTime(), nullable=False),
        sa.CheckConstraint("(cost IS NULL) = (currency = '')", name="cost_in_currency"),
        sa.CheckConstraint("score BETWEEN 0 AND 4", name="score"),
        sa.CheckConstraint("score IS NULL OR evidence <> ''", name="evidence_given"),
        sa.UniqueConstraint("assessment_id", "area", "version"),
    )
    op.create_table(
        "assessment_step",
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column("of_id", sa.Uuid(), nullable=False, index=True),
        sa.Column("country", sa.String(3), nullable=False, index=True),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("words", sa.String(2000), nullable=False),
        sa.Column("author_name", sa.String(120), nullable=False),
        sa.Column("made_at", UtcDateTime(), nullable=False),
    )
    op.create_table(
        "engagement",
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column("country", sa.String(3), nullable=False, index=True),
        sa.Column("counterpart", sa.String(160), nullable=False),
        sa.Column("level", sa.String(16), nullable=False),
        sa.Column("held_on", sa.Date(), nullable=False),
        sa.Column("commitment", sa.String(2000), nullable=False),
        sa.Column("follow_up", sa.String(2000), nullable=False),
        sa.Column("due", sa.Date()),
        sa.Column("outcome", sa.String(2000), nullable=False),
        sa.Column("followed_up_at", UtcDateTime()),
        sa.Column("author_id", sa.Uuid(), nullable=False),
        sa.Column("author_name", sa.String(120), nullable=False),
        sa.Column("made_at", UtcDateTime(), nullable=False),
    )
    op.create_table(
        "equipment",
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column("post_id", sa.Uuid(), sa.ForeignKey("post.id"), nullable=False, index=True),
        sa.Column("country", sa.String(3), nullable=False, index=True),
        sa.Column("kind", sa.String(24), nullable=False),
        sa.Column("donor", sa.String(120), nullable=False),
        sa.Column("purpose", sa.String(2000), nullable=False),
        sa.Column("promised", sa.Date(), nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("reason", sa.String(2000), nullable=False),
        sa.Column("approved_on", sa.Date()),
        sa.Column("serial", sa.String(60), nullable=False),
        sa.Column("handed_on", sa.Date()),
        sa.Column("condition", sa.String(2000), nullable=False),
        sa.Column("price", sa.Integer()),
        sa.Column("currency", sa.String(3), nullable=False),
        sa.Column("installed_on", sa.Date()),
        sa.Column("first_query", sa.Date()),
        sa.Column("last_query", sa.Date()),
        sa.Column("power_hours", sa.Integer()),
        sa.Column("author_id", sa.Uuid(), nullable=False),
        sa.Column("author_name", sa.String(120), nullable=False),
        sa.Column("made_at", UtcDateTime(), nullable=False),
        sa.Column("moved_at", UtcDateTime(), nullable=False),
        sa.CheckConstraint(
            "state NOT IN ('commissioned', 'in_use', 'dormant') OR first_query IS NOT NULL", name="asked"
        ),
        _state_of("equipment"),
        sa.CheckConstraint(
            "(state IN ('out_of_service', 'retired', 'lost', 'dropped')) = (reason <> '')", name="reason_given"
        ),
        sa.CheckConstraint("first_query IS NULL OR first_query >= handed_on", name="asked_after"),
        sa.CheckConstraint("power_hours BETWEEN 1 AND 24", name="power_hours"),
        sa.CheckConstraint("last_query >= first_query", name="in_order"),
        sa.CheckConstraint("(handed_on IS NULL) = (serial = '')", name="known_by_serial"),
        sa.CheckConstraint("(price IS NULL) = (currency = '')", name="price_in_currency"),
    )
    op.create_index("uq_equipment_serial", "equipment", ["kind", "serial"], unique=True, **_where("serial <> ''"))
    op.create_table(
        "equipment_step",
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column("of_id", sa.Uuid(), nullable=False, index=True),
        sa.Column("country", sa.String(3), nullable=False, index=True),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("words", sa.String(2000), nullable=False),
        sa.Column("author_name", sa.String(120), nullable=False),
        sa.Column("made_at", UtcDateTime(), nullable=False),
    )
    op.create_table(
        "link",
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column("post_id", sa.Uuid(), sa.ForeignKey("post.id"), nullable=False, index=True),
        sa.Column("country", sa.String(3), nullable=False, index=True),
        sa.Column("technology", sa.String(24), nullable=False),
        sa.Column("provider", sa.String(120), nullable=False),
        sa.Column("hours", sa.Integer(), nullable=False),
        sa.Column("promised", sa.Date(), nullable=False),
        sa.Column("state", sa.String(12), nullable=False),
        sa.Column("reason", sa.String(2000), nullable=False),
        sa.Column("built_on", sa.Date()),
        sa.Column("live_on", sa.Date()),
        sa.Column("closed_on", sa.Date()),
        sa.Column("author_id", sa.Uuid(), nullable=False),
        sa.Column("author_name", sa.String(120), nullable=False),
        sa.Column("made_at", UtcDateTime(), nullable=False),
        sa.Column("moved_at", UtcDateTime(), nullable=False),
        sa.CheckConstraint("(state = 'closed') = (reason <> '')", name="reason_given"),
        _state_of("link"),
        sa.CheckConstraint("state NOT IN ('live', 'down') OR live_on IS NOT NULL", name="asked"),
    )
    op.create_table(
        "review",
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column("post_id", sa.Uuid(), sa.ForeignKey("post.id"), nullable=False, index=True),
        sa.Column("country", sa.String(3), nullable=False, index=True),
        sa.Column("purpose", sa.String(2000), nullable=False),
        sa.Column("planned_for", sa.Date(), nullable=False),
        sa.Column("state", sa.String(12), nullable=False),
        sa.Column("visited_from", sa.Date()),
        sa.Column("visited_to", sa.Date()),
        sa.Column("visitors", sa.String(2000), nullable=False),
        sa.Column("agreed_at", UtcDateTime()),
        sa.Column("reason", sa.String(2000), nullable=False),
        sa.Column("author_id", sa.Uuid(), nullable=False),
        sa.Column("author_name", sa.String(120), nullable=False),
        sa.Column("made_at", UtcDateTime(), nullable=False),
        sa.Column("moved_at", UtcDateTime(), nullable=False),
        _state_of("review"),
        sa.CheckConstraint(
            "(state IN ('prepared', 'closed', 'refused', 'dropped')) = (reason <> '')", name="reason_given"
        ),
        sa.CheckConstraint(
            "(state IN ('visited', 'found', 'agreed', 'closed')) = (visited_from IS NOT NULL)", name="visited_once"
        ),
        sa.CheckConstraint("(state IN ('agreed', 'closed')) = (agreed_at IS NOT NULL)", name="agreed_once"),
        sa.CheckConstraint("(visited_from IS NULL) = (visitors = '')", name="visited_by_somebody"),
        sa.CheckConstraint("visited_from <= visited_to", name="in_order"),
    )
    op.create_table(
        "review_finding",
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column("review_id", sa.Uuid(), sa.ForeignKey("review.id"), nullable=False, index=True),
        sa.Column("post_id", sa.Uuid(), sa.ForeignKey("post.id"), nullable=False),
        sa.Column("country", sa.String(3), nullable=False, index=True),
        sa.Column("area", sa.String(24), nullable=False),
        sa.Column("finding", sa.String(2000), nullable=False),
        sa.Column("needed", sa.String(2000), nullable=False),
        sa.Column("urgency", sa.String(16), nullable=False),
        sa.Column("cost", sa.Integer()),
        sa.Column("currency", sa.String(3), nullable=False),
        sa.Column("state", sa.String(12), nullable=False),
        sa.Column("reason", sa.String(2000), nullable=False),
        sa.Column("author_id", sa.Uuid(), nullable=False),
        sa.Column("author_name", sa.String(120), nullable=False),
        sa.Column("made_at", UtcDateTime(), nullable=False),
        sa.Column("moved_at", UtcDateTime(), nullable=False),
        _state_of("review_finding"),
        sa.CheckConstraint("(state = 'withdrawn') = (reason <> '')", name="reason_given"),
        sa.CheckConstraint("(cost IS NULL) = (currency = '')", name="cost_in_currency"),
    )
    op.create_table(
        "review_comment",
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column("review_id", sa.Uuid(), sa.ForeignKey("review.id"), nullable=False, index=True),
        sa.Column("finding_id", sa.Uuid(), sa.ForeignKey("review_finding.id")),
        sa.Column("country", sa.String(3), nullable=False, index=True),
        sa.Column("words", sa.String(2000), nullable=False),
        sa.Column("author_id", sa.Uuid(), nullable=False),
        sa.Column("author_name", sa.String(120), nullable=False),
        sa.Column("made_at", UtcDateTime(), nullable=False),
    )
    op.create_table(
        "review_step",
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column("of_id", sa.Uuid(), nullable=False, index=True),
        sa.Column("country", sa.String(3), nullable=False, index=True),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("words", sa.String(2000), nullable=False),
        sa.Column("author_name", sa.String(120), nullable=False),
        sa.Column("made_at", UtcDateTime(), nullable=False),
    )
    op.create_table(
        "project",
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column("country", sa.String(3), nullable=False, index=True),
        sa.Column("title", sa.String(160), nullable=False),
        sa.Column("purpose", sa.String(2000), nullable=False),
        sa.Column("donor", sa.String(120), nullable=False),
        sa.Column("planned_for", sa.Date(), nullable=False),
        sa.Column("state", sa.String(12), nullable=False),
        sa.Column("begun_on", sa.Date()),
        sa.Column("handed_on", sa.Date()),
        sa.Column("condition", sa.String(2000), nullable=False),
        sa.Column("ended_on", sa.Date()),
        sa.Column("reason", sa.String(2000), nullable=False),
        sa.Column("author_id", sa.Uuid(), nullable=False),
        sa.Column("author_name", sa.String(120), nullable=False),
        sa.Column("made_at", UtcDateTime(), nullable=False),
        sa.Column("moved_at", UtcDateTime(), nullable=False),
        _state_of("project"),
        sa.CheckConstraint("(state IN ('finished', 'stopped')) = (reason <> '')", name="reason_given"),
        sa.CheckConstraint("(state IN ('handed_over', 'finished')) = (handed_on IS NOT NULL)", name="signed_once"),
    )
    op.create_table(
        "project_part",
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column("project_id", sa.Uuid(), sa.ForeignKey("project.id"), nullable=False, index=True),
        sa.Column("country", sa.String(3), nullable=False, index=True),
        sa.Column("kind", sa.String(12), nullable=False),
        sa.Column("part_id", sa.Uuid(), nullable=False),
        sa.Column("post_id", sa.Uuid(), sa.ForeignKey("post.id"), nullable=False, index=True),
        sa.Column("state", sa.String(12), nullable=False),
        sa.Column("reason", sa.String(2000), nullable=False),
        sa.Column("author_id", sa.Uuid(), nullable=False),
        sa.Column("author_name", sa.String(120), nullable=False),
        sa.Column("made_at", UtcDateTime(), nullable=False),
        sa.Column("moved_at", UtcDateTime(), nullable=False),
        _state_of("project_part"),
        sa.CheckConstraint("(state = 'withdrawn') = (reason <> '')", name="reason_given"),
        sa.CheckConstraint("kind IN ('measure', 'finding', 'equipment', 'link')", name="kind_known"),
    )
    op.create_index("uq_project_part", "project_part", ["kind", "part_id"], unique=True, **_where("state = 'stands'"))
    op.create_table(
        "project_money",
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column("project_id", sa.Uuid(), sa.ForeignKey("project.id"), nullable=False, index=True),
        sa.Column("country", sa.String(3), nullable=False, index=True),
        sa.Column("kind", sa.String(12), nullable=False),
        sa.Column("amount", sa.Integer(), nullable=False),
        sa.Column("currency", sa.String(3), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("words", sa.String(300), nullable=False),
        sa.Column("state", sa.String(12), nullable=False),
        sa.Column("reason", sa.String(2000), nullable=False),
        sa.Column("author_id", sa.Uuid(), nullable=False),
        sa.Column("author_name", sa.String(120), nullable=False),
        sa.Column("made_at", UtcDateTime(), nullable=False),
        sa.Column("moved_at", UtcDateTime(), nullable=False),
        _state_of("project_money"),
        sa.CheckConstraint("(state = 'withdrawn') = (reason <> '')", name="reason_given"),
        sa.CheckConstraint("kind IN ('planned', 'committed', 'spent')", name="kind_known"),
        sa.CheckConstraint("amount > 0", name="something"),
    )
    op.create_table(
        "milestone",
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column("project_id", sa.Uuid(), sa.ForeignKey("project.id"), nullable=False, index=True),
        sa.Column("country", sa.String(3), nullable=False, index=True),
        sa.Column("title", sa.String(160), nullable=False),
        sa.Column("owner", sa.String(8), nullable=False),
        sa.Column("due", sa.Date(), nullable=False),
        sa.Column("state", sa.String(12), nullable=False),
        sa.Column("done_on", sa.Date()),
        sa.Column("reason", sa.String(2000), nullable=False),
        sa.Column("author_id", sa.Uuid(), nullable=False),
        sa.Column("author_name", sa.String(120), nullable=False),
        sa.Column("made_at", UtcDateTime(), nullable=False),
        sa.Column("moved_at", UtcDateTime(), nullable=False),
        _state_of("milestone"),
        sa.CheckConstraint("(state IN ('done', 'dropped')) = (reason <> '')", name="reason_given"),
        sa.CheckConstraint("owner IN ('country', 'centre')", name="owner_known"),
    )
    op.create_table(
        "project_step",
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column("of_id", sa.Uuid(), nullable=False, index=True),
        sa.Column("country", sa.String(3), nullable=False, index=True),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("words", sa.String(2000), nullable=False),
        sa.Column("author_name", sa.String(120), nullable=False),
        sa.Column("made_at", UtcDateTime(), nullable=False),
    )
    op.create_table(
        "connection_plan",
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column("state", sa.String(12), nullable=False),
        sa.Column("asked_at", UtcDateTime(), nullable=False),
        sa.Column("attempt", sa.Integer(), nullable=False),
        sa.Column("worker", sa.String(120), nullable=False),
        sa.Column("lease_until", UtcDateTime()),
        sa.Column("started_at", UtcDateTime()),
        sa.Column("finished_at", UtcDateTime()),
        sa.Column("progress", sa.JSON(), nullable=False),
        sa.Column("failure", sa.JSON(), nullable=False),
        sa.Column("question", sa.JSON(), nullable=False),
        sa.Column("basis", sa.JSON(), nullable=False),
        sa.Column("result", sa.JSON(), nullable=False),
        sa.Column("author_id", sa.Uuid(), nullable=False),
        sa.Column("author_name", sa.String(120), nullable=False),
        sa.Column("adopted", sa.JSON(), nullable=False),
        sa.Column("adopted_by", sa.Uuid()),
        sa.Column("adopted_name", sa.String(120), nullable=False),
        sa.Column("adopted_at", UtcDateTime()),
        sa.CheckConstraint("(state IN ('done', 'failed', 'cancelled')) = (finished_at IS NOT NULL)", name="ended_once"),
        sa.CheckConstraint("(state IN ('running', 'cancelling')) = (lease_until IS NOT NULL)", name="held_by_a_lease"),
        sa.CheckConstraint("(adopted_at IS NULL) = (adopted_by IS NULL)", name="adopted_by_somebody"),
        sa.CheckConstraint("adopted_at IS NULL OR state = 'done'", name="adopted_when_done"),
        sa.Index("ix_connection_plan_due", "state", "lease_until"),
        _state_of("connection_plan"),
    )
    op.create_table(
        "outage",
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column("link_id", sa.Uuid(), sa.ForeignKey("link.id"), nullable=False, index=True),
        sa.Column("country", sa.String(3), nullable=False, index=True),
        sa.Column("starts", UtcDateTime(), nullable=False),
        sa.Column("ends", UtcDateTime()),
        sa.Column("planned", sa.Boolean(), nullable=False),
        sa.Column("cause", sa.String(300), nullable=False),
        sa.Column("author_name", sa.String(120), nullable=False),
        sa.Column("made_at", UtcDateTime(), nullable=False),
        sa.CheckConstraint("ends IS NULL OR ends > starts", name="in_order"),
    )
    op.create_table(
        "usage_month",
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column("post_id", sa.Uuid(), sa.ForeignKey("post.id"), nullable=False, index=True),
        sa.Column("country", sa.String(3), nullable=False, index=True),
        sa.Column("month", sa.Date(), nullable=False),
        sa.Column("counted", sa.String(8), nullable=False),
        sa.Column("database", sa.String(32), nullable=False),
        sa.Column("device_id", sa.Uuid(), sa.ForeignKey("equipment.id"), index=True),
        sa.Column("device_key", sa.String(36), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("monday", sa.Integer()),
        sa.Column("tuesday", sa.Integer()),
        sa.Column("wednesday", sa.Integer()),
        sa.Column("thursday", sa.Integer()),
        sa.Column("friday", sa.Integer()),
        sa.Column("saturday", sa.Integer()),
        sa.Column("sunday", sa.Integer()),
        sa.Column("source", sa.String(300), nullable=False),
        sa.Column("supersedes_id", sa.Uuid(), sa.ForeignKey("usage_month.id"), unique=True),
        sa.Column("current", sa.Boolean(), nullable=False),
        sa.Column("author_id", sa.Uuid(), nullable=False),
        sa.Column("author_name", sa.String(120), nullable=False),
        sa.Column("made_at", UtcDateTime(), nullable=False),
        sa.CheckConstraint("counted IN ('queries', 'passages')", name="counted"),
        sa.CheckConstraint("count >= 0", name="count"),
        sa.CheckConstraint("counted = 'queries' OR device_id IS NULL", name="passages_of_post"),
        sa.CheckConstraint("(counted = 'queries') = (database <> '')", name="database_named"),
        sa.CheckConstraint(
            "monday >= 0 AND tuesday >= 0 AND wednesday >= 0 AND thursday >= 0 AND friday >= 0 AND saturday >= 0 "
            "AND sunday >= 0",
            name="weekdays",
        ),
        sa.CheckConstraint(
            "coalesce(monday + tuesday + wednesday + thursday + friday + saturday + sunday = count, "
            "coalesce(monday, tuesday, wednesday, thursday, friday, saturday, sunday) IS NULL)",
            name="weekdays_sum",
        ),
    )
    op.create_index(
        "uq_usage_month_current",
        "usage_month",
        ["post_id", "month", "counted", "database", "device_key"],
        unique=True,
        **_where("current"),
    )
    op.create_table(
        "course",
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column("title", sa.String(120), nullable=False),
        sa.Column("topic", sa.String(32), nullable=False),
        sa.Column("need", sa.String(2000), nullable=False),
        sa.Column("curriculum", sa.String(2000), nullable=False),
        sa.Column("languages", sa.JSON(), nullable=False),
        sa.Column("hours", sa.Integer(), nullable=False),
        sa.Column("points", sa.Integer(), nullable=False),
        sa.Column("pass_points", sa.Integer(), nullable=False),
        sa.Column("months", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(12), nullable=False),
        sa.Column("reason", sa.String(2000), nullable=False),
        sa.Column("accredited_until", sa.Date()),
        sa.Column("author_id", sa.Uuid(), nullable=False),
        sa.Column("author_name", sa.String(120), nullable=False),
        sa.Column("made_at", UtcDateTime(), nullable=False),
        sa.Column("moved_at", UtcDateTime(), nullable=False),
        _state_of("course"),
        sa.CheckConstraint("(state = 'accredited') = (accredited_until IS NOT NULL)", name="accredited_until_a_day"),
        sa.CheckConstraint("state <> 'retired' OR reason <> ''", name="reason_given"),
        sa.CheckConstraint("points > 0 AND pass_points > 0 AND pass_points <= points", name="can_be_passed"),
    )
    op.create_table(
        "course_run",
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column("course_id", sa.Uuid(), sa.ForeignKey("course.id"), nullable=False, index=True),
        sa.Column("host", sa.String(3), nullable=False),
        sa.Column("place", sa.String(120), nullable=False),
        sa.Column("starts", sa.Date(), nullable=False),
        sa.Column("ends", sa.Date(), nullable=False),
        sa.Column("languages", sa.JSON(), nullable=False),
        sa.Column("capacity", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(12), nullable=False),
        sa.Column("reason", sa.String(2000), nullable=False),
        sa.Column("author_id", sa.Uuid(), nullable=False),
        sa.Column("author_name", sa.String(120), nullable=False),
        sa.Column("made_at", UtcDateTime(), nullable=False),
        sa.Column("moved_at", UtcDateTime(), nullable=False),
        _state_of("course_run"),
        sa.CheckConstraint(
            "(state IN ('evaluated', 'practised', 'closed', 'cancelled')) = (reason <> '')", name="reason_given"
        ),
        sa.CheckConstraint("starts <= ends", name="in_order"),
        sa.CheckConstraint("capacity > 0", name="capacity"),
    )
    op.create_table(
        "phase_run",
        sa.Column("run_id", sa.Uuid(), sa.ForeignKey("course_run.id"), primary_key=True),
        sa.Column("phase_id", sa.Uuid(), sa.ForeignKey("phase.id"), nullable=False, index=True),
        sa.Column("operation_id", sa.Uuid(), sa.ForeignKey("operation.id"), nullable=False, index=True),
        sa.Column("made_at", UtcDateTime(), nullable=False),
    )
    op.create_table(
        "enrolment",
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column("run_id", sa.Uuid(), sa.ForeignKey("course_run.id"), nullable=False, index=True),
        sa.Column("account_id", sa.Uuid(), sa.ForeignKey("account.id"), nullable=False, index=True),
        sa.Column("country", sa.String(3), nullable=False, index=True),
        sa.Column("post_id", sa.Uuid(), sa.ForeignKey("post.id"), index=True),
        sa.Column("state", sa.String(12), nullable=False),
        sa.Column("reason", sa.String(2000), nullable=False),
        sa.Column("before", sa.Integer()),
        sa.Column("after", sa.Integer()),
        sa.Column("author_id", sa.Uuid(), nullable=False),
        sa.Column("author_name", sa.String(120), nullable=False),
        sa.Column("made_at", UtcDateTime(), nullable=False),
        sa.Column("moved_at", UtcDateTime(), nullable=False),
        _state_of("enrolment"),
        sa.CheckConstraint("(state IN ('passed', 'failed')) = (after IS NOT NULL)", name="passed_by_test"),
        sa.CheckConstraint("(state = 'withdrawn') = (reason <> '')", name="reason_given"),
        sa.CheckConstraint("before >= 0 AND after >= 0", name="points"),
    )
    op.create_index(
        "uq_enrolment_person", "enrolment", ["run_id", "account_id"], unique=True, **_where("state <> 'withdrawn'")
    )
    op.create_table(
        "course_certificate",
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column("enrolment_id", sa.Uuid(), sa.ForeignKey("enrolment.id"), nullable=False),
        sa.Column("run_id", sa.Uuid(), sa.ForeignKey("course_run.id"), nullable=False, index=True),
        sa.Column("account_id", sa.Uuid(), sa.ForeignKey("account.id"), nullable=False, index=True),
        sa.Column("country", sa.String(3), nullable=False, index=True),
        sa.Column("code", sa.String(22), nullable=False, unique=True),
        sa.Column("state", sa.String(12), nullable=False),
        sa.Column("reason", sa.String(2000), nullable=False),
        sa.Column("proposed_by", sa.Uuid(), nullable=False),
        sa.Column("proposed_name", sa.String(120), nullable=False),
        sa.Column("issued_by", sa.Uuid()),
        sa.Column("issued_name", sa.String(120), nullable=False),
        sa.Column("issued_on", sa.Date()),
        sa.Column("expires_on", sa.Date()),
        sa.Column("made_at", UtcDateTime(), nullable=False),
        sa.Column("moved_at", UtcDateTime(), nullable=False),
        _state_of("course_certificate"),
        sa.CheckConstraint("(state IN ('revoked', 'dropped')) = (reason <> '')", name="reason_given"),
        sa.CheckConstraint("(state IN ('issued', 'revoked')) = (issued_by IS NOT NULL)", name="issued_by_somebody"),
        sa.CheckConstraint("issued_by IS NULL OR issued_by <> proposed_by", name="other_eyes"),
        sa.CheckConstraint("(issued_by IS NULL) = (issued_on IS NULL)", name="issued_on_a_day"),
        sa.CheckConstraint("(issued_by IS NULL) = (expires_on IS NULL)", name="expires"),
        sa.CheckConstraint("expires_on > issued_on", name="in_order"),
    )
    op.create_index(
        "uq_course_certificate_enrolment",
        "course_certificate",
        ["enrolment_id"],
        unique=True,
        **_where("state <> 'dropped'"),
    )
    op.create_table(
        "curriculum",
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column("course_id", sa.Uuid(), sa.ForeignKey("course.id"), nullable=False, index=True),
        sa.Column("country", sa.String(3), nullable=False, index=True),
        sa.Column("academy", sa.String(120), nullable=False),
        sa.Column("state", sa.String(12), nullable=False),
        sa.Column("reason", sa.String(2000), nullable=False),
        sa.Column("adopted_on", sa.Date()),
        sa.Column("author_id", sa.Uuid(), nullable=False),
        sa.Column("author_name", sa.String(120), nullable=False),
        sa.Column("made_at", UtcDateTime(), nullable=False),
        sa.Column("moved_at", UtcDateTime(), nullable=False),
        _state_of("curriculum"),
        sa.CheckConstraint("(state = 'declined') = (reason <> '')", name="reason_given"),
        sa.CheckConstraint("(state = 'adopted') = (adopted_on IS NOT NULL)", name="adopted_on_a_day"),
    )
    op.create_index(
        "uq_curriculum_academy",
        "curriculum",
        ["course_id", "country", "academy"],
        unique=True,
        **_where("state <> 'declined'"),
    )
    op.create_table(
        "trainer",
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column("account_id", sa.Uuid(), sa.ForeignKey("account.id"), nullable=False, index=True),
        sa.Column("country", sa.String(3), nullable=False, index=True),
        sa.Column("course_id", sa.Uuid(), sa.ForeignKey("course.id"), nullable=False, index=True),
        sa.Column("state", sa.String(12), nullable=False),
        sa.Column("reason", sa.String(2000), nullable=False),
        sa.Column("assessed_by", sa.Uuid()),
        sa.Column("certified_by", sa.Uuid()),
        sa.Column("certified_name", sa.String(120), nullable=False),
        sa.Column("certified_on", sa.Date()),
        sa.Column("expires_on", sa.Date()),
        sa.Column("taught_on", sa.Date()),
        sa.Column("author_id", sa.Uuid(), nullable=False),
        sa.Column("author_name", sa.String(120), nullable=False),
        sa.Column("made_at", UtcDateTime(), nullable=False),
        sa.Column("moved_at", UtcDateTime(), nullable=False),
        _state_of("trainer"),
        sa.CheckConstraint("(state IN ('assessed', 'revoked', 'dropped')) = (reason <> '')", name="reason_given"),
        sa.CheckConstraint(
            "(state IN ('certified', 'active', 'inactive', 'renewed', 'expired', 'revoked')) "
            "= (certified_by IS NOT NULL)",
            name="certified_by_somebody",
        ),
        sa.CheckConstraint("certified_by IS NULL OR certified_by <> assessed_by", name="other_eyes"),
        sa.CheckConstraint("(certified_by IS NULL) = (expires_on IS NULL)", name="expires"),
        sa.CheckConstraint("(certified_by IS NULL) = (certified_on IS NULL)", name="certified_on_a_day"),
    )
    op.create_index(
        "uq_trainer_person",
        "trainer",
        ["account_id", "course_id"],
        unique=True,
        **_where("state NOT IN ('revoked', 'dropped')"),
    )
    op.create_table(
        "cascade_run",
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column("trainer_id", sa.Uuid(), sa.ForeignKey("trainer.id"), nullable=False, index=True),
        sa.Column("account_id", sa.Uuid(), sa.ForeignKey("account.id"), nullable=False, index=True),
        sa.Column("country", sa.String(3), nullable=False, index=True),
        sa.Column("course_id", sa.Uuid(), sa.ForeignKey("course.id"), nullable=False, index=True),
        sa.Column("place", sa.String(120), nullable=False),
        sa.Column("starts", sa.Date(), nullable=False),
        sa.Column("ends", sa.Date(), nullable=False),
        sa.Column("state", sa.String(12), nullable=False),
        sa.Column("reason", sa.String(2000), nullable=False),
        sa.Column("others", sa.Integer(), nullable=False),
        sa.Column("attended", sa.Integer(), nullable=False),
        sa.Column("author_id", sa.Uuid(), nullable=False),
        sa.Column("author_name", sa.String(120), nullable=False),
        sa.Column("made_at", UtcDateTime(), nullable=False),
        sa.Column("moved_at", UtcDateTime(), nullable=False),
        _state_of("cascade_run"),
        sa.CheckConstraint("state <> 'cancelled' OR reason <> ''", name="reason_given"),
        sa.CheckConstraint("state NOT IN ('held', 'confirmed') OR attended > 0", name="somebody_there"),
        sa.CheckConstraint("attended >= others AND others >= 0", name="counted"),
        sa.CheckConstraint("starts <= ends", name="in_order"),
    )
    op.create_table(
        "cascade_attendance",
        sa.Column("run_id", sa.Uuid(), sa.ForeignKey("cascade_run.id"), primary_key=True),
        sa.Column("account_id", sa.Uuid(), sa.ForeignKey("account.id"), primary_key=True, index=True),
        sa.Column("country", sa.String(3), nullable=False, index=True),
    )
    op.create_table(
        "training_step",
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column("of_id", sa.Uuid(), nullable=False, index=True),
        sa.Column("country", sa.String(3), index=True),
        sa.Column("account_id", sa.Uuid(), sa.ForeignKey("account.id"), index=True),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("words", sa.String(2000), nullable=False),
        sa.Column("author_name", sa.String(120), nullable=False),
        sa.Column("made_at", UtcDateTime(), nullable=False),
    )
    op.create_table(
        "evaluation",
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column("title", sa.String(160), nullable=False),
        sa.Column("purpose", sa.String(2000), nullable=False),
        sa.Column("about", sa.String(16), nullable=False),
        sa.Column("operation_id", sa.Uuid(), sa.ForeignKey("operation.id"), index=True),
        sa.Column("operations", sa.JSON(), nullable=False),
        sa.Column("own_work", sa.JSON(), nullable=False),
        sa.Column("region", sa.String(32), nullable=False),
        sa.Column("course_id", sa.Uuid(), sa.ForeignKey("course.id"), index=True),
        sa.Column("country", sa.String(3)),
        sa.Column("planned_for", sa.Date(), nullable=False),
        sa.Column("classification", sa.String(24), nullable=False),
        sa.Column("state", sa.String(12), nullable=False),
        sa.Column("reason", sa.String(2000), nullable=False),
        sa.Column("final_at", UtcDateTime()),
        sa.Column("author_id", sa.Uuid(), nullable=False),
        sa.Column("author_name", sa.String(120), nullable=False),
        sa.Column("made_at", UtcDateTime(), nullable=False),
        sa.Column("moved_at", UtcDateTime(), nullable=False),
        _state_of("evaluation"),
        sa.CheckConstraint("(state IN ('closed', 'cancelled')) = (reason <> '')", name="reason_given"),
        sa.CheckConstraint(
            "(state IN ('final', 'decided', 'followed_up', 'closed')) = (final_at IS NOT NULL)", name="final_once"
        ),
        sa.CheckConstraint("(about = 'operation') = (operation_id IS NOT NULL)", name="of_operation"),
        sa.CheckConstraint("(about = 'region') = (region <> '')", name="of_region"),
        sa.CheckConstraint("(about = 'course') = (course_id IS NOT NULL)", name="of_course"),
        sa.CheckConstraint("(about = 'country') = (country IS NOT NULL)", name="of_country"),
    )
    op.create_table(
        "evaluation_country",
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column("evaluation_id", sa.Uuid(), sa.ForeignKey("evaluation.id"), nullable=False, index=True),
        sa.Column("country", sa.String(3), nullable=False, index=True),
        sa.Column("state", sa.String(12), nullable=False),
        sa.Column("moved_at", UtcDateTime(), nullable=False),
        _state_of("evaluation_country"),
        sa.UniqueConstraint("evaluation_id", "country"),
    )
    op.create_table(
        "evaluation_method",
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column("evaluation_id", sa.Uuid(), sa.ForeignKey("evaluation.id"), nullable=False, index=True),
        sa.Column("method", sa.String(24), nullable=False),
        sa.Column("held_on", sa.Date(), nullable=False),
        sa.Column("place", sa.String(160), nullable=False),
        sa.Column("who", sa.String(2000), nullable=False),
        sa.Column("finding", sa.String(2000), nullable=False),
        sa.Column("author_id", sa.Uuid(), nullable=False),
        sa.Column("author_name", sa.String(120), nullable=False),
        sa.Column("made_at", UtcDateTime(), nullable=False),
    )
    op.create_table(
        "evaluation_judgement",
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column("evaluation_id", sa.Uuid(), sa.ForeignKey("evaluation.id"), nullable=False, index=True),
        sa.Column("criterion", sa.String(16), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("score", sa.Integer()),
        sa.Column("words", sa.String(2000), nullable=False),
        sa.Column("evidence", sa.String(2000), nullable=False),
        sa.Column("author_id", sa.Uuid(), nullable=False),
        sa.Column("author_name", sa.String(120), nullable=False),
        sa.Column("made_at", UtcDateTime(), nullable=False),
        sa.CheckConstraint("score BETWEEN 1 AND 4", name="score"),
        sa.CheckConstraint("score IS NULL OR evidence <> ''", name="evidence_given"),
        sa.UniqueConstraint("evaluation_id", "criterion", "version"),
    )
    op.create_table(
        "evaluation_step",
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column("evaluation_id", sa.Uuid(), sa.ForeignKey("evaluation.id"), nullable=False, index=True),
        sa.Column("country", sa.String(3)),
        sa.Column("state", sa.String(12), nullable=False),
        sa.Column("words", sa.String(2000), nullable=False),
        sa.Column("author_id", sa.Uuid()),
        sa.Column("author_name", sa.String(120), nullable=False),
        sa.Column("made_at", UtcDateTime(), nullable=False),
    )
    op.create_table(
        "evaluation_outcome",
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column("evaluation_id", sa.Uuid(), sa.ForeignKey("evaluation.id"), nullable=False, index=True),
        sa.Column("country", sa.String(3), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("opened", sa.Integer(), nullable=False),
        sa.Column("charged", sa.Integer(), nullable=False),
        sa.Column("convicted", sa.Integer(), nullable=False),
        sa.Column("as_of", sa.Date(), nullable=False),
        sa.Column("source", sa.String(300), nullable=False),
        sa.Column("author_id", sa.Uuid(), nullable=False),
        sa.Column("author_name", sa.String(120), nullable=False),
        sa.Column("made_at", UtcDateTime(), nullable=False),
        sa.CheckConstraint("0 <= convicted AND convicted <= charged AND charged <= opened", name="parts"),
        sa.UniqueConstraint("evaluation_id", "country", "version"),
    )
    op.create_table(
        "recommendation",
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column("operation_id", sa.Uuid(), sa.ForeignKey("operation.id"), index=True),
        sa.Column("evaluation_id", sa.Uuid(), sa.ForeignKey("evaluation.id"), index=True),
        sa.Column("country", sa.String(3)),
        sa.Column("role", sa.String(32)),
        sa.Column("text", sa.String(2000), nullable=False),
        sa.Column("evidence", sa.String(2000), nullable=False),
        sa.Column("area", sa.String(24), nullable=False),
        sa.Column("source", sa.String(24), nullable=False),
        sa.Column("due", sa.Date(), nullable=False),
        sa.Column("state", sa.String(12), nullable=False),
        sa.Column("reason", sa.String(2000), nullable=False),
        sa.Column("done_by", sa.Uuid()),
        sa.Column("closed_by", sa.Uuid()),
        sa.Column("author_id", sa.Uuid(), nullable=False),
        sa.Column("author_name", sa.String(120), nullable=False),
        sa.Column("made_at", UtcDateTime(), nullable=False),
        sa.CheckConstraint("(country IS NULL) <> (role IS NULL)", name="owned_by_one"),
        sa.CheckConstraint("operation_id IS NOT NULL OR evaluation_id IS NOT NULL", name="of_something"),
        _state_of("recommendation"),
        sa.CheckConstraint(
            "(state IN ('accepted', 'partly', 'done', 'rejected', 'dropped')) = (reason <> '')", name="reason_given"
        ),
        sa.CheckConstraint("(state IN ('done', 'closed')) = (done_by IS NOT NULL)", name="done_by_somebody"),
        sa.CheckConstraint("(state = 'closed') = (closed_by IS NOT NULL)", name="closed_once"),
        sa.CheckConstraint("closed_by IS NULL OR closed_by <> done_by", name="other_eyes"),
    )
    op.create_table(
        "recommendation_note",
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column("recommendation_id", sa.Uuid(), sa.ForeignKey("recommendation.id"), nullable=False, index=True),
        sa.Column("operation_id", sa.Uuid(), sa.ForeignKey("operation.id"), index=True),
        sa.Column("country", sa.String(3)),
        sa.Column("state", sa.String(12), nullable=False),
        sa.Column("words", sa.String(2000), nullable=False),
        sa.Column("author_id", sa.Uuid(), nullable=False),
        sa.Column("author_name", sa.String(120), nullable=False),
        sa.Column("made_at", UtcDateTime(), nullable=False),
    )
    op.create_table(
        "report",
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column("report_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("supersedes_id", sa.Uuid(), sa.ForeignKey("report.id"), unique=True),
        sa.Column("correction_reason", sa.String(32)),
        sa.Column("operation_id", sa.Uuid(), sa.ForeignKey("operation.id"), nullable=False),
        sa.Column("country", sa.String(3), nullable=False),
        sa.Column("site_id", sa.Uuid(), sa.ForeignKey("site.id"), nullable=False, index=True),
        sa.Column("phase_id", sa.Uuid(), sa.ForeignKey("phase.id"), nullable=False),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("period_from", UtcDateTime(), nullable=False),
        sa.Column("period_to", UtcDateTime(), nullable=False),
        sa.Column("zone", sa.String(64), nullable=False),
        sa.Column("official_day", sa.Date(), nullable=False),
        sa.Column("remarks", sa.String(2000), nullable=False),
        sa.Column("state", sa.String(24), nullable=False),
        sa.Column("level", sa.Integer(), nullable=False),
        sa.Column("counted", sa.Boolean(), nullable=False),
        sa.Column("late", sa.Boolean(), nullable=False, server_default=sa.false()),
        sa.Column("author_id", sa.Uuid(), nullable=False),
        sa.Column("author_name", sa.String(120), nullable=False),
        sa.Column("verified_by", sa.Uuid()),
        sa.Column("validated_by", sa.Uuid()),
        sa.Column("consolidated_by", sa.Uuid()),
        sa.Column("returned_reason", sa.String(32)),
        sa.Column("returned_note", sa.String(2000), nullable=False),
        sa.Column("recorded_at", UtcDateTime(), nullable=False),
        sa.Column("received_at", UtcDateTime(), nullable=False),
        sa.Column("content_hash", sa.String(64), nullable=False),
        sa.CheckConstraint("NOT counted OR level > 0", name="drafts_never_count"),
        sa.CheckConstraint("verified_by IS NULL OR verified_by <> author_id", name="four_eyes_local"),
        sa.CheckConstraint(
            "validated_by IS NULL OR (validated_by <> author_id AND validated_by <> verified_by)",
            name="four_eyes_national",
        ),
        sa.CheckConstraint(
            "consolidated_by IS NULL OR (consolidated_by <> author_id AND consolidated_by <> verified_by "
            "AND consolidated_by <> validated_by)",
            name="four_eyes_central",
        ),
        sa.CheckConstraint("level BETWEEN 0 AND 5", name="level"),
        sa.CheckConstraint(
            "(level < 2 OR verified_by IS NOT NULL) AND (level < 3 OR validated_by IS NOT NULL) "
            "AND (level < 4 OR consolidated_by IS NOT NULL)",
            name="no_level_skipped",
        ),
        sa.UniqueConstraint("report_id", "version"),
        sa.Index("ix_report_worklist", "operation_id", "country", "state"),
        sa.Index("ix_report_chain", "report_id", "operation_id", "country"),
        sa.Index("uq_report_one_counts", "report_id", unique=True, **_where("counted")),
        _state_of("report"),
    )
    op.create_table(
        "pending_correction",
        sa.Column("version_id", sa.Uuid(), sa.ForeignKey("report.id"), primary_key=True),
        sa.Column("operation_id", sa.Uuid(), sa.ForeignKey("operation.id"), nullable=False, index=True),
        sa.Column("country", sa.String(3), nullable=False),
        sa.Column("kinds", sa.JSON(), nullable=False),
    )
    op.create_table(
        "event_line",
        sa.Column("report_id", sa.Uuid(), primary_key=True),
        sa.Column("line_id", sa.Uuid(), primary_key=True),
        sa.Column("event_id", sa.Uuid(), nullable=False, index=True),
        sa.Column("operation_id", sa.Uuid(), sa.ForeignKey("operation.id"), nullable=False, index=True),
        sa.Column("country", sa.String(3), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("version_id", sa.Uuid(), sa.ForeignKey("report.id")),
        sa.Column("level", sa.Integer(), nullable=False),
        sa.Column("leads", sa.JSON(), nullable=False),
        sa.Column("gives_id", sa.Uuid(), sa.ForeignKey("report.id")),
        sa.CheckConstraint("(version_id IS NULL) = (level = 0)", name="counts_at_a_level"),
        sa.CheckConstraint("version_id IS NULL OR gives_id IS NULL", name="counts_or_gives"),
        sa.Index("uq_event_line_one_counts", "event_id", unique=True, **_where("version_id IS NOT NULL")),
    )
    op.create_table(
        "claim",
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column("operation_id", sa.Uuid(), sa.ForeignKey("operation.id"), index=True),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("line_kind", sa.String(24), nullable=False),
        sa.Column("countries", sa.String(400), nullable=False),
        sa.Column("score", sa.Float(), nullable=False),
        sa.Column("grounds", sa.JSON(), nullable=False),
        sa.Column("suspected_at", UtcDateTime(), nullable=False),
        sa.Column("state", sa.String(12), nullable=False),
        sa.Column("reason", sa.String(2000), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("opened_at", UtcDateTime()),
        sa.Column("asked_at", UtcDateTime()),
        sa.Column("until", UtcDateTime()),
        sa.Column("ended_at", UtcDateTime()),
        sa.UniqueConstraint("operation_id", "number"),
        sa.CheckConstraint("(state IN ('decided', 'separated', 'dismissed')) = (reason <> '')", name="reason_given"),
        sa.CheckConstraint("(state IN ('suspected', 'open')) = (ended_at IS NULL)", name="ended_once"),
        sa.CheckConstraint("(opened_at IS NULL) = (until IS NULL)", name="opened_with_a_deadline"),
        sa.CheckConstraint("(opened_at IS NULL) = (asked_at IS NULL)", name="opened_and_asked"),
        sa.CheckConstraint(
            "opened_at IS NOT NULL OR state IN ('suspected', 'dismissed', 'lapsed')", name="opened_first"
        ),
        sa.CheckConstraint("(operation_id IS NULL) = (kind = 'two_operations')", name="of_one_operation"),
        _state_of("claim"),
        sa.Index("uq_claim_number_across", "number", unique=True, **_where("operation_id IS NULL")),
    )
    op.create_table(
        "claim_line",
        sa.Column("claim_id", sa.Uuid(), sa.ForeignKey("claim.id"), primary_key=True),
        sa.Column("report_id", sa.Uuid(), primary_key=True),
        sa.Column("line_id", sa.Uuid(), primary_key=True),
        sa.Column("operation_id", sa.Uuid(), sa.ForeignKey("operation.id"), nullable=False, index=True),
        sa.Column("country", sa.String(3), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("role", sa.String(16), nullable=False),
        sa.Column("leads", sa.JSON(), nullable=False),
        sa.Index("ix_claim_line_line", "report_id", "line_id"),
    )
    op.create_table(
        "claim_pointer",
        sa.Column("claim_id", sa.Uuid(), sa.ForeignKey("claim.id"), primary_key=True),
        sa.Column("operation_id", sa.Uuid(), sa.ForeignKey("operation.id"), primary_key=True, index=True),
        sa.Column("state", sa.String(12), nullable=False),
        sa.Column("reason", sa.String(2000), nullable=False),
        sa.Column("told_at", UtcDateTime(), nullable=False),
        sa.Column("said_name", sa.String(120), nullable=False),
        sa.Column("said_at", UtcDateTime()),
        sa.CheckConstraint("state <> 'refused' OR reason <> ''", name="reason_given"),
        _state_of("claim_pointer"),
    )
    op.create_table(
        "claim_step",
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column("of_id", sa.Uuid(), sa.ForeignKey("claim.id"), nullable=False, index=True),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("words", sa.String(2000), nullable=False),
        sa.Column("author_name", sa.String(120), nullable=False),
        sa.Column("made_at", UtcDateTime(), nullable=False),
    )
    op.create_table(
        "claim_word",
        sa.Column("claim_id", sa.Uuid(), sa.ForeignKey("claim.id"), primary_key=True),
        sa.Column("country", sa.String(3), primary_key=True),
        sa.Column("round", sa.Integer(), primary_key=True),
        sa.Column("operation_id", sa.Uuid(), sa.ForeignKey("operation.id"), nullable=False, index=True),
        sa.Column("same", sa.Boolean(), nullable=False),
        sa.Column("words", sa.String(2000), nullable=False),
        sa.Column("said_by", sa.Uuid(), nullable=False),
        sa.Column("said_name", sa.String(120), nullable=False),
        sa.Column("said_at", UtcDateTime(), nullable=False),
    )
    op.create_table(
        "claim_adjustment",
        sa.Column("claim_id", sa.Uuid(), sa.ForeignKey("claim.id"), primary_key=True),
        sa.Column("operation_id", sa.Uuid(), sa.ForeignKey("operation.id"), nullable=False, index=True),
        sa.Column("found", sa.String(8), nullable=False),
        sa.Column("opened_at", UtcDateTime(), nullable=False),
        sa.Column("lines", sa.JSON(), nullable=False),
        sa.Column("would", sa.JSON(), nullable=False),
    )
    op.create_table(
        "site_activity",
        sa.Column("site_id", sa.Uuid(), sa.ForeignKey("site.id"), primary_key=True),
        sa.Column("operation_id", sa.Uuid(), sa.ForeignKey("operation.id"), nullable=False, index=True),
        sa.Column("country", sa.String(3), nullable=False),
        sa.Column("last_report_at", UtcDateTime()),
    )
    op.create_table(
        "serious_incident",
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column("operation_id", sa.Uuid(), sa.ForeignKey("operation.id"), nullable=False, index=True),
        sa.Column("country", sa.String(3)),
        sa.Column("concerns", sa.String(3), nullable=False),
        sa.Column("channel", sa.String(12), nullable=False),
        sa.Column("scheme", sa.String(8), nullable=False),
        sa.Column("category", sa.String(24), nullable=False),
        sa.Column("occurred_at", UtcDateTime(), nullable=False),
        sa.Column("detected_at", UtcDateTime(), nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("versions", sa.Integer(), nullable=False),
        sa.Column("handler_id", sa.Uuid()),
        sa.Column("handler_name", sa.String(120), nullable=False),
        sa.Column("counted", sa.Boolean(), nullable=False),
        sa.Column("erased_at", UtcDateTime()),
        sa.Column("content_hash", sa.String(64), nullable=False),
        sa.Column("author_id", sa.Uuid(), nullable=False),
        sa.Column("author_name", sa.String(120), nullable=False),
        sa.Column("made_at", UtcDateTime(), nullable=False),
        sa.Column("moved_at", UtcDateTime(), nullable=False),
        _state_of("serious_incident"),
        sa.CheckConstraint(
            "(state IN ('threshold_check', 'initial', 'fact_finding', 'formal', 'final', 'closed', 'not_launched')) = "
            "(handler_id IS NOT NULL)",
            name="held_by_somebody",
        ),
        sa.CheckConstraint("handler_id <> author_id", name="other_eyes"),
        sa.CheckConstraint("channel IN ('normal', 'exceptional')", name="channel_known"),
    )
    op.create_table(
        "incident_version",
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column("incident_id", sa.Uuid(), sa.ForeignKey("serious_incident.id"), nullable=False, index=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("about", sa.String(16), nullable=False),
        sa.Column("content", sa.JSON(), nullable=False),
        sa.Column("author_id", sa.Uuid(), nullable=False),
        sa.Column("author_name", sa.String(120), nullable=False),
        sa.Column("made_at", UtcDateTime(), nullable=False),
        sa.UniqueConstraint("incident_id", "version"),
    )
    op.create_table(
        "incident_apart",
        sa.Column("incident_id", sa.Uuid(), sa.ForeignKey("serious_incident.id"), primary_key=True),
        sa.Column("account_id", sa.Uuid(), sa.ForeignKey("account.id"), primary_key=True, index=True),
        sa.Column("part", sa.String(12), nullable=False),
    )
    op.create_table(
        "incident_grant",
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column("incident_id", sa.Uuid(), sa.ForeignKey("serious_incident.id"), nullable=False, index=True),
        sa.Column("account_id", sa.Uuid(), sa.ForeignKey("account.id"), nullable=False, index=True),
        sa.Column("reason", sa.String(2000), nullable=False),
        sa.Column("until", UtcDateTime(), nullable=False),
        sa.Column("author_id", sa.Uuid(), nullable=False),
        sa.Column("author_name", sa.String(120), nullable=False),
        sa.Column("made_at", UtcDateTime(), nullable=False),
    )
    op.create_table(
        "incident_restriction",
        sa.Column("operation_id", sa.Uuid(), sa.ForeignKey("operation.id"), primary_key=True),
        sa.Column("country", sa.String(3), primary_key=True),
        sa.Column("reason", sa.String(2000), nullable=False),
        sa.Column("author_name", sa.String(120), nullable=False),
        sa.Column("made_at", UtcDateTime(), nullable=False),
    )
    op.create_table(
        "data_request",
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column("country", sa.String(3), index=True),
        sa.Column("asked", sa.String(12), nullable=False),
        sa.Column("file_ref", sa.String(80), nullable=False),
        sa.Column("received", sa.Date(), nullable=False),
        sa.Column("until", sa.Date(), nullable=False),
        sa.Column("extended", sa.String(2000), nullable=False),
        sa.Column("extended_at", UtcDateTime()),
        sa.Column("state", sa.String(12), nullable=False),
        sa.Column("searches", sa.Integer(), nullable=False),
        sa.Column("searched_at", UtcDateTime()),
        sa.Column("answer", sa.String(2000), nullable=False),
        sa.Column("author_id", sa.Uuid(), nullable=False),
        sa.Column("author_name", sa.String(120), nullable=False),
        sa.Column("made_at", UtcDateTime(), nullable=False),
        sa.Column("moved_at", UtcDateTime(), nullable=False),
        _state_of("data_request"),
        sa.CheckConstraint("(state IN ('answered', 'refused')) = (answer <> '')", name="answer_given"),
        sa.CheckConstraint("asked IN ('access', 'correction', 'deletion')", name="asked_known"),
        sa.CheckConstraint("(extended_at IS NULL) = (extended = '')", name="extended_with_reason"),
    )
    op.create_table(
        "data_copy",
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column("request_id", sa.Uuid(), sa.ForeignKey("data_request.id"), nullable=False, index=True),
        sa.Column("asked", sa.String(12), nullable=False),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("object_id", sa.Uuid(), nullable=False),
        sa.Column("operation_id", sa.Uuid(), sa.ForeignKey("operation.id")),
        sa.Column("country", sa.String(3), index=True),
        sa.Column("desk", sa.String(8), nullable=False),
        sa.Column("link", sa.String(200), nullable=False),
        sa.Column("mark", sa.String(64), nullable=False),
        sa.Column("state", sa.String(12), nullable=False),
        sa.Column("reason", sa.String(2000), nullable=False),
        sa.Column("decided_by", sa.Uuid()),
        sa.Column("decided_name", sa.String(120), nullable=False),
        sa.Column("decided_at", UtcDateTime()),
        sa.Column("found_at", UtcDateTime(), nullable=False),
        _state_of("data_copy"),
        sa.CheckConstraint("(state = 'found') = (decided_by IS NULL)", name="decided_by_somebody"),
        sa.CheckConstraint("state NOT IN ('withheld', 'kept') OR reason <> ''", name="reason_given"),
        sa.CheckConstraint("desk IN ('country', 'centre', 'rights')", name="desk_known"),
        sa.CheckConstraint("(desk = 'country') = (country IS NOT NULL)", name="owned_by_one"),
        sa.UniqueConstraint("request_id", "kind", "object_id", "country", "desk"),
    )
    op.create_table(
        "snapshot",
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column("operation_id", sa.Uuid(), sa.ForeignKey("operation.id"), nullable=False, index=True),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("level", sa.Integer(), nullable=False),
        sa.Column("status", sa.String(16), nullable=False),
        sa.Column("entry", sa.Integer(), nullable=False),
        sa.Column("taken_at", UtcDateTime(), nullable=False),
        sa.Column("basis", sa.JSON(), nullable=False),
        sa.Column("wording", sa.String(2000), nullable=False),
        sa.Column("method", sa.String(2000), nullable=False),
        sa.Column("qualifier", sa.String(1), nullable=False),
        sa.Column("embargo", UtcDateTime()),
        sa.Column("prepared_by", sa.Uuid(), nullable=False),
        sa.Column("prepared_name", sa.String(120), nullable=False),
        sa.Column("previous_hash", sa.String(64), nullable=False),
        sa.Column("content_hash", sa.String(64), nullable=False),
        sa.Column("state", sa.String(12), nullable=False),
        sa.Column("reason", sa.String(2000), nullable=False),
        sa.Column("signed_by", sa.Uuid()),
        sa.Column("signed_name", sa.String(120), nullable=False),
        sa.Column("signed_at", UtcDateTime()),
        sa.Column("approved_by", sa.Uuid()),
        sa.Column("approved_name", sa.String(120), nullable=False),
        sa.Column("approved_at", UtcDateTime()),
        sa.Column("published_at", UtcDateTime()),
        sa.Column("supersedes_id", sa.Uuid(), sa.ForeignKey("snapshot.id")),
        sa.CheckConstraint("(state = 'dropped') = (reason <> '')", name="reason_given"),
        sa.CheckConstraint("level IN (3, 4)", name="level"),
        sa.CheckConstraint("state IN ('prepared', 'dropped') OR signed_by IS NOT NULL", name="coordinator_first"),
        sa.CheckConstraint(
            "(approved_by IS NOT NULL) = (state IN ('signed', 'published', 'superseded'))", name="leadership_then"
        ),
        sa.CheckConstraint("approved_by IS NULL OR approved_by <> signed_by", name="two_persons"),
        sa.UniqueConstraint("operation_id", "number"),
        _state_of("snapshot"),
    )
    op.create_table(
        "snapshot_figure",
        sa.Column("snapshot_id", sa.Uuid(), sa.ForeignKey("snapshot.id"), primary_key=True),
        sa.Column("audience", sa.String(12), primary_key=True),
        sa.Column("kpi", sa.String(8), primary_key=True),
        sa.Column("dimension", sa.String(12), primary_key=True),
        sa.Column("code", sa.String(40), primary_key=True),
        sa.Column("operation_id", sa.Uuid(), sa.ForeignKey("operation.id"), nullable=False),
        sa.Column("value", sa.Float()),
        sa.Column("n", sa.BigInteger()),
        sa.Column("of", sa.BigInteger()),
        sa.Column("qualifier", sa.String(1), nullable=False),
        sa.Column("unit", sa.String(24), nullable=False),
        sa.Column("suppressed", sa.String(12), nullable=False),
    )
    op.create_table(
        "snapshot_word",
        sa.Column("snapshot_id", sa.Uuid(), sa.ForeignKey("snapshot.id"), primary_key=True),
        sa.Column("country", sa.String(3), primary_key=True),
        sa.Column("operation_id", sa.Uuid(), sa.ForeignKey("operation.id"), nullable=False, index=True),
        sa.Column("agrees", sa.Boolean(), nullable=False),
        sa.Column("words", sa.String(2000), nullable=False),
        sa.Column("said_by", sa.Uuid(), nullable=False),
        sa.Column("said_name", sa.String(120), nullable=False),
        sa.Column("said_at", UtcDateTime(), nullable=False),
    )
    op.create_table(
        "support_request",
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column("operation_id", sa.Uuid(), sa.ForeignKey("operation.id"), nullable=False, index=True),
        sa.Column("country", sa.String(3)),
        sa.Column("host_country", sa.String(3), nullable=False),
        sa.Column("site_id", sa.Uuid(), sa.ForeignKey("site.id")),
        sa.Column("hotspot_id", sa.Uuid()),
        sa.Column("analysis_id", sa.Uuid(), sa.ForeignKey("analysis.id")),
        sa.Column("place", sa.String(300), nullable=False),
        sa.Column("lat", sa.Float(), nullable=False),
        sa.Column("lon", sa.Float(), nullable=False),
        sa.Column("title", sa.String(120), nullable=False),
        sa.Column("note", sa.String(2000), nullable=False),
        sa.Column("priority", sa.String(16), nullable=False),
        sa.Column("handling", sa.String(2), nullable=False),
        sa.Column("state", sa.String(12), nullable=False),
        sa.Column("author_id", sa.Uuid(), nullable=False),
        sa.Column("author_name", sa.String(120), nullable=False),
        sa.Column("made_at", UtcDateTime(), nullable=False),
        sa.Column("asked_at", UtcDateTime()),
        sa.Column("closed_at", UtcDateTime()),
        sa.CheckConstraint("(state = 'raised') = (asked_at IS NULL)", name="asked_once"),
        sa.CheckConstraint("(state = 'closed') = (closed_at IS NOT NULL)", name="closed_once"),
        _state_of("support_request"),
    )
    op.create_table(
        "task",
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column("operation_id", sa.Uuid(), sa.ForeignKey("operation.id"), nullable=False, index=True),
        sa.Column("phase_id", sa.Uuid(), sa.ForeignKey("phase.id")),
        sa.Column("site_id", sa.Uuid(), sa.ForeignKey("site.id")),
        sa.Column("title", sa.String(160), nullable=False),
        sa.Column("note", sa.String(2000), nullable=False),
        sa.Column("starts", UtcDateTime()),
        sa.Column("due", UtcDateTime(), nullable=False),
        sa.Column("role", sa.String(32)),
        sa.Column("country", sa.String(3)),
        sa.Column("account_id", sa.Uuid(), sa.ForeignKey("account.id"), index=True),
        sa.Column("state", sa.String(12), nullable=False),
        sa.Column("reason", sa.String(2000), nullable=False),
        sa.Column("done_at", UtcDateTime()),
        sa.Column("until_state", sa.String(24)),
        sa.Column("draft_hash", sa.String(64), nullable=False),
        sa.Column("author_id", sa.Uuid(), nullable=False),
        sa.Column("made_at", UtcDateTime(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("(state = 'done') = (done_at IS NOT NULL)", name="done_once"),
        sa.CheckConstraint("starts IS NULL OR due > starts", name="in_order"),
        sa.CheckConstraint("role IS NOT NULL OR country IS NOT NULL OR account_id IS NOT NULL", name="owned"),
        sa.CheckConstraint("(state IN ('blocked', 'cancelled')) = (reason <> '')", name="reason_given"),
        _state_of("task"),
    )
    op.create_table(
        "tasking",
        sa.Column("lead_id", sa.Uuid(), primary_key=True),
        sa.Column("operation_id", sa.Uuid(), sa.ForeignKey("operation.id"), nullable=False, index=True),
        sa.Column("hypothesis_id", sa.Uuid(), sa.ForeignKey("hypothesis.id"), nullable=False),
        sa.Column("entity_id", sa.Uuid()),
        sa.Column("made_at", UtcDateTime(), nullable=False),
    )
    op.create_table(
        "team_absence",
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column("team_id", sa.Uuid(), sa.ForeignKey("team.id"), nullable=False, index=True),
        sa.Column("country", sa.String(3), nullable=False, index=True),
        sa.Column("kind", sa.String(24), nullable=False),
        sa.Column("starts", UtcDateTime(), nullable=False),
        sa.Column("ends", UtcDateTime(), nullable=False),
        sa.Column("written_at", UtcDateTime(), nullable=False),
        sa.Column("cancelled_at", UtcDateTime()),
        sa.CheckConstraint("ends > starts", name="in_order"),
    )
    op.create_table(
        "team_member",
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column("team_id", sa.Uuid(), sa.ForeignKey("team.id"), nullable=False, index=True),
        sa.Column("country", sa.String(3), nullable=False, index=True),
        sa.Column("service_ref", sa.String(24), nullable=False),
        sa.Column("role", sa.String(24), nullable=False),
        sa.Column("languages", sa.JSON(), nullable=False),
        sa.Column("joined_at", UtcDateTime(), nullable=False),
        sa.Column("left_at", UtcDateTime()),
        sa.UniqueConstraint("team_id", "service_ref"),
    )
    op.create_table(
        "team_shown",
        sa.Column("team_id", sa.Uuid(), sa.ForeignKey("team.id"), primary_key=True),
        sa.Column("operation_id", sa.Uuid(), sa.ForeignKey("operation.id"), primary_key=True),
        sa.Column("country", sa.String(3), nullable=False, index=True),
    )
    op.create_table(
        "debrief",
        sa.Column("operation_id", sa.Uuid(), sa.ForeignKey("operation.id"), primary_key=True),
        sa.Column("worked", sa.String(2000), nullable=False),
        sa.Column("failed", sa.String(2000), nullable=False),
        sa.Column("remarks", sa.JSON(), nullable=False),
        sa.Column("none_needed", sa.String(2000), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("author_id", sa.Uuid(), nullable=False),
        sa.Column("author_name", sa.String(120), nullable=False),
        sa.Column("written_at", UtcDateTime(), nullable=False),
        sa.CheckConstraint("(version = 0) = (worked = '')", name="written_once"),
    )
    op.create_table(
        "debrief_lesson",
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column("operation_id", sa.Uuid(), sa.ForeignKey("operation.id"), nullable=False, index=True),
        sa.Column("text", sa.String(2000), nullable=False),
        sa.Column("evidence", sa.String(2000), nullable=False),
        sa.Column("source", sa.String(24), nullable=False),
        sa.Column("area", sa.String(24), nullable=False),
        sa.Column("owner", sa.String(32), nullable=False),
        sa.Column("due", sa.Date(), nullable=False),
        sa.Column("author_id", sa.Uuid(), nullable=False),
        sa.Column("author_name", sa.String(120), nullable=False),
        sa.Column("made_at", UtcDateTime(), nullable=False),
    )
    op.create_table(
        "template_lesson",
        sa.Column("id", sa.Uuid(), sa.ForeignKey("debrief_lesson.id"), primary_key=True),
        sa.Column("operation_id", sa.Uuid(), sa.ForeignKey("operation.id"), nullable=False, index=True),
        sa.Column("template_id", sa.Uuid(), nullable=False, index=True),
        sa.Column("text", sa.String(2000), nullable=False),
        sa.Column("state", sa.String(12), nullable=False),
        sa.Column("version", sa.Integer()),
        sa.Column("reason", sa.String(2000), nullable=False),
        sa.Column("decided_by_name", sa.String(120), nullable=False),
        sa.Column("made_at", UtcDateTime(), nullable=False),
        sa.CheckConstraint("(state = 'taken') = (version IS NOT NULL)", name="taken_into_a_version"),
        sa.CheckConstraint("(state = 'declined') = (reason <> '')", name="reason_given"),
        sa.CheckConstraint("text <> ''", name="says_something"),
        _state_of("template_lesson"),
    )
    op.create_table(
        "dependency",
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column("operation_id", sa.Uuid(), sa.ForeignKey("operation.id"), nullable=False, index=True),
        sa.Column("before_phase_id", sa.Uuid(), sa.ForeignKey("phase.id")),
        sa.Column("before_task_id", sa.Uuid(), sa.ForeignKey("task.id")),
        sa.Column("after_phase_id", sa.Uuid(), sa.ForeignKey("phase.id")),
        sa.Column("after_task_id", sa.Uuid(), sa.ForeignKey("task.id")),
        sa.Column("made_at", UtcDateTime(), nullable=False),
        sa.CheckConstraint("(after_phase_id IS NULL) <> (after_task_id IS NULL)", name="one_after"),
        sa.CheckConstraint("(before_phase_id IS NULL) <> (before_task_id IS NULL)", name="one_before"),
    )
    op.create_table(
        "lead_find",
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column("lead_id", sa.Uuid(), sa.ForeignKey("lead.id"), nullable=False, index=True),
        sa.Column("lead_operation_id", sa.Uuid(), sa.ForeignKey("operation.id"), nullable=False, index=True),
        sa.Column("operation_id", sa.Uuid(), sa.ForeignKey("operation.id"), nullable=False, index=True),
        sa.Column("case_id", sa.Uuid(), sa.ForeignKey("fugitive_case.id"), nullable=False, index=True),
        sa.Column("location_id", sa.Uuid(), sa.ForeignKey("fugitive_location.id"), nullable=False),
        sa.Column("country", sa.String(3), nullable=False),
        sa.Column("requesting_country", sa.String(3), nullable=False),
        sa.Column("note", sa.String(2000), nullable=False),
        sa.Column("author_id", sa.Uuid(), nullable=False),
        sa.Column("author_name", sa.String(120), nullable=False),
        sa.Column("made_at", UtcDateTime(), nullable=False),
        sa.Column("undone_at", UtcDateTime()),
        sa.Column("undone_reason", sa.String(2000), nullable=False),
        sa.Index("uq_lead_find_once", "lead_id", "location_id", unique=True, **_where("undone_at IS NULL")),
    )
    op.create_table(
        "line",
        sa.Column("version_id", sa.Uuid(), sa.ForeignKey("report.id"), primary_key=True),
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("operation_id", sa.Uuid(), sa.ForeignKey("operation.id"), nullable=False),
        sa.Column("country", sa.String(3), nullable=False),
        sa.Column("site_id", sa.Uuid(), sa.ForeignKey("site.id"), nullable=False),
        sa.Column("phase_id", sa.Uuid(), sa.ForeignKey("phase.id"), nullable=False),
        sa.Column("official_day", sa.Date(), nullable=False),
        sa.Column("kind", sa.String(24), nullable=False),
        sa.Column("phase_kind", sa.String(24), nullable=False),
        sa.Column("check_kind", sa.String(32), nullable=False),
        sa.Column("database", sa.String(32), nullable=False),
        sa.Column("entity", sa.String(24), nullable=False),
        sa.Column("offence", sa.String(32), nullable=False),
        sa.Column("status", sa.String(32), nullable=False),
        sa.Column("unit", sa.String(16), nullable=False),
        sa.Column("qualifier", sa.String(1), nullable=False),
        sa.Column("quantity", sa.BigInteger(), nullable=False),
        sa.Column("attributes", sa.JSON(), nullable=False),
        sa.Column("answered_by", sa.Uuid()),
        sa.Index("ix_line_kind", "operation_id", "kind"),
        sa.Index("ix_line_version", "version_id", "operation_id", "country"),
        sa.Index("ix_line_answered_by", "answered_by", **_where("answered_by IS NOT NULL")),
    )
    op.create_table(
        "deconfliction_room",
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column("operation_id", sa.Uuid(), sa.ForeignKey("operation.id"), index=True),
        sa.Column("country", sa.String(3), nullable=False, index=True),
        sa.Column("name", sa.String(160), nullable=False),
        sa.Column("countries", sa.String(200), nullable=False),
        sa.Column("check_value", sa.String(8), nullable=False),
        sa.Column("rounds", sa.Integer(), nullable=False),
        sa.Column("stretch", sa.Integer(), nullable=False),
        sa.Column("until", sa.Date(), nullable=False),
        sa.Column("state", sa.String(12), nullable=False),
        sa.Column("author_id", sa.Uuid(), nullable=False),
        sa.Column("author_name", sa.String(120), nullable=False),
        sa.Column("made_at", UtcDateTime(), nullable=False),
        sa.Column("closed_at", UtcDateTime()),
        sa.CheckConstraint("(state = 'closed') = (closed_at IS NOT NULL)", name="closed_once"),
        _state_of("deconfliction_room"),
    )
    op.create_table(
        "deconfliction_entry",
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column("room_id", sa.Uuid(), sa.ForeignKey("deconfliction_room.id"), nullable=False),
        sa.Column("operation_id", sa.Uuid(), sa.ForeignKey("operation.id")),
        sa.Column("country", sa.String(3), nullable=False, index=True),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("tag", sa.String(64)),
        sa.Column("contact", sa.String(160), nullable=False),
        sa.Column("author_id", sa.Uuid(), nullable=False),
        sa.Column("author_name", sa.String(120), nullable=False),
        sa.Column("made_at", UtcDateTime(), nullable=False),
        sa.Column("withdrawn_at", UtcDateTime()),
        sa.UniqueConstraint("room_id", "country", "number"),
        sa.CheckConstraint("(tag IS NULL) = (withdrawn_at IS NOT NULL)", name="tag_until_withdrawn"),
        sa.Index("uq_deconfliction_entry_tag", "room_id", "tag", "country", unique=True),
    )
    op.create_table(
        "deconfliction_match",
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column("room_id", sa.Uuid(), sa.ForeignKey("deconfliction_room.id"), nullable=False, index=True),
        sa.Column("operation_id", sa.Uuid(), sa.ForeignKey("operation.id")),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("country", sa.String(3), nullable=False),
        sa.Column("other", sa.String(3), nullable=False),
        sa.Column("state", sa.String(12), nullable=False),
        sa.Column("made_at", UtcDateTime(), nullable=False),
        sa.CheckConstraint("country <> other", name="of_two"),
        _state_of("deconfliction_match"),
    )
    op.create_table(
        "deconfliction_side",
        sa.Column("match_id", sa.Uuid(), sa.ForeignKey("deconfliction_match.id"), primary_key=True),
        sa.Column("country", sa.String(3), primary_key=True),
        sa.Column("other", sa.String(3), nullable=False),
        sa.Column("room_id", sa.Uuid(), sa.ForeignKey("deconfliction_room.id"), nullable=False, index=True),
        sa.Column("operation_id", sa.Uuid(), sa.ForeignKey("operation.id")),
        sa.Column("entry_id", sa.Uuid(), sa.ForeignKey("deconfliction_entry.id"), nullable=False, index=True),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("contact", sa.String(160), nullable=False),
        sa.Column("state", sa.String(12), nullable=False),
        sa.Column("said_by", sa.String(120), nullable=False),
        sa.Column("told_at", UtcDateTime(), nullable=False),
        sa.Column("said_at", UtcDateTime()),
        _state_of("deconfliction_side"),
    )
    op.create_table(
        "dispatch",
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column("operation_id", sa.Uuid(), sa.ForeignKey("operation.id"), index=True),
        sa.Column("country", sa.String(3), nullable=False, index=True),
        sa.Column("answers_id", sa.Uuid(), sa.ForeignKey("dispatch.id"), index=True),
        sa.Column("title", sa.String(160), nullable=False),
        sa.Column("body", sa.String(2000), nullable=False),
        sa.Column("source", sa.String(1), nullable=False),
        sa.Column("information", sa.String(1), nullable=False),
        sa.Column("handling", sa.String(2), nullable=False),
        sa.Column("classification", sa.String(24), nullable=False),
        sa.Column("due", UtcDateTime()),
        sa.Column("author_id", sa.Uuid(), nullable=False),
        sa.Column("author_name", sa.String(120), nullable=False),
        sa.Column("sent_at", UtcDateTime(), nullable=False),
        sa.Column("erased_at", UtcDateTime()),
        sa.CheckConstraint("(erased_at IS NULL) = (body <> '')", name="said_until_erased"),
    )
    op.create_table(
        "dispatch_receipt",
        sa.Column("dispatch_id", sa.Uuid(), sa.ForeignKey("dispatch.id"), primary_key=True),
        sa.Column("country", sa.String(3), primary_key=True),
        sa.Column("operation_id", sa.Uuid(), sa.ForeignKey("operation.id")),
        sa.Column("origin", sa.String(3), nullable=False),
        sa.Column("via", sa.String(3)),
        sa.Column("classification", sa.String(24), nullable=False),
        sa.Column("state", sa.String(12), nullable=False),
        sa.Column("due", UtcDateTime()),
        sa.Column("sent_at", UtcDateTime(), nullable=False),
        sa.Column("read_at", UtcDateTime()),
        sa.Column("read_by", sa.String(120), nullable=False),
        sa.Column("answered_at", UtcDateTime()),
        sa.CheckConstraint("(state = 'delivered') = (read_at IS NULL)", name="read_once"),
        sa.CheckConstraint("country <> origin", name="to_others"),
        _state_of("dispatch_receipt"),
    )
    op.create_table(
        "dispatch_passing",
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column("dispatch_id", sa.Uuid(), sa.ForeignKey("dispatch.id"), nullable=False, index=True),
        sa.Column("operation_id", sa.Uuid(), sa.ForeignKey("operation.id")),
        sa.Column("country", sa.String(3), nullable=False),
        sa.Column("origin", sa.String(3), nullable=False, index=True),
        sa.Column("countries", sa.String(200), nullable=False),
        sa.Column("purpose", sa.String(2000), nullable=False),
        sa.Column("classification", sa.String(24), nullable=False),
        sa.Column("state", sa.String(12), nullable=False),
        sa.Column("reason", sa.String(2000), nullable=False),
        sa.Column("author_id", sa.Uuid(), nullable=False),
        sa.Column("author_name", sa.String(120), nullable=False),
        sa.Column("asked_at", UtcDateTime(), nullable=False),
        sa.Column("decided_by", sa.String(120), nullable=False),
        sa.Column("decided_at", UtcDateTime()),
        sa.CheckConstraint("(state = 'asked') = (decided_at IS NULL)", name="decided_once"),
        _state_of("dispatch_passing"),
    )
    op.create_table(
        "partner_admission",
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column("operation_id", sa.Uuid(), sa.ForeignKey("operation.id"), nullable=False, index=True),
        sa.Column("partner", sa.String(24), nullable=False),
        sa.Column("purpose", sa.String(2000), nullable=False),
        sa.Column("sees", sa.JSON(), nullable=False),
        sa.Column("sections", sa.JSON(), nullable=False),
        sa.Column("clearance", sa.String(24), nullable=False),
        sa.Column("starts", sa.Date(), nullable=False),
        sa.Column("until", sa.Date(), nullable=False),
        sa.Column("state", sa.String(12), nullable=False),
        sa.Column("reason", sa.String(2000), nullable=False),
        sa.Column("author_id", sa.Uuid(), nullable=False),
        sa.Column("author_name", sa.String(120), nullable=False),
        sa.Column("made_at", UtcDateTime(), nullable=False),
        sa.Column("moved_at", UtcDateTime(), nullable=False),
        sa.Column("admitted_by", sa.Uuid()),
        sa.Column("admitted_name", sa.String(120), nullable=False),
        sa.Column("admitted_at", UtcDateTime()),
        sa.CheckConstraint("(state IN ('declined', 'ended')) = (reason <> '')", name="reason_given"),
        sa.CheckConstraint("until >= starts", name="in_order"),
        sa.CheckConstraint("(admitted_by IS NULL) = (admitted_at IS NULL)", name="admitted_once"),
        sa.CheckConstraint("state <> 'admitted' OR admitted_by IS NOT NULL", name="admitted_by_somebody"),
        sa.CheckConstraint("admitted_by IS NULL OR admitted_by <> author_id", name="two_persons"),
        _state_of("partner_admission"),
    )
    op.create_index(
        "uq_partner_admission_one_open",
        "partner_admission",
        ["operation_id", "partner"],
        unique=True,
        **_where("state IN ('proposed', 'admitted')"),
    )
    op.create_table(
        "partner_step",
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column("of_id", sa.Uuid(), nullable=False, index=True),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("words", sa.String(2000), nullable=False),
        sa.Column("author_name", sa.String(120), nullable=False),
        sa.Column("made_at", UtcDateTime(), nullable=False),
    )
    op.create_table(
        "product_request",
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column("operation_id", sa.Uuid(), sa.ForeignKey("operation.id"), nullable=False, index=True),
        sa.Column("country", sa.String(3), index=True),
        sa.Column("question", sa.String(2000), nullable=False),
        sa.Column("purpose", sa.String(2000), nullable=False),
        sa.Column("handling", sa.String(2), nullable=False),
        sa.Column("classification", sa.String(24), nullable=False),
        sa.Column("due", UtcDateTime(), nullable=False),
        sa.Column("state", sa.String(12), nullable=False),
        sa.Column("reason", sa.String(2000), nullable=False),
        sa.Column("led_to", sa.String(16), nullable=False),
        sa.Column("outcome", sa.String(2000), nullable=False),
        sa.Column("author_id", sa.Uuid(), nullable=False),
        sa.Column("author_name", sa.String(120), nullable=False),
        sa.Column("made_at", UtcDateTime(), nullable=False),
        sa.Column("moved_at", UtcDateTime(), nullable=False),
        sa.Column("written_at", UtcDateTime()),
        sa.Column("erased_at", UtcDateTime()),
        sa.CheckConstraint("(erased_at IS NULL) = (question <> '')", name="said_until_erased"),
        sa.CheckConstraint(
            "(reason <> '') = (state IN ('refused', 'not_used', 'withdrawn') AND erased_at IS NULL)",
            name="reason_given",
        ),
        sa.CheckConstraint("(state = 'used') = (led_to <> '')", name="led_to_something"),
        sa.CheckConstraint(
            "(written_at IS NULL) = (state IN ('asked', 'refused', 'withdrawn')) OR state = 'accepted'",
            name="written_first",
        ),
        _state_of("product_request"),
    )
    op.create_table(
        "product_step",
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column("of_id", sa.Uuid(), nullable=False, index=True),
        sa.Column("country", sa.String(3), index=True),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("words", sa.String(2000), nullable=False),
        sa.Column("author_name", sa.String(120), nullable=False),
        sa.Column("made_at", UtcDateTime(), nullable=False),
    )
    op.create_table(
        "product",
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column("operation_id", sa.Uuid(), sa.ForeignKey("operation.id"), nullable=False, index=True),
        sa.Column("request_id", sa.Uuid(), sa.ForeignKey("product_request.id"), nullable=False, unique=True),
        sa.Column("title", sa.String(160), nullable=False),
        sa.Column("body", sa.String(8000), nullable=False),
        sa.Column("source", sa.String(1), nullable=False),
        sa.Column("information", sa.String(1), nullable=False),
        sa.Column("handling", sa.String(2), nullable=False),
        sa.Column("classification", sa.String(24), nullable=False),
        sa.Column("originators", sa.String(200), nullable=False),
        sa.Column("author_id", sa.Uuid(), nullable=False),
        sa.Column("author_name", sa.String(120), nullable=False),
        sa.Column("made_at", UtcDateTime(), nullable=False),
        sa.Column("erased_at", UtcDateTime()),
        sa.CheckConstraint("(erased_at IS NULL) = (body <> '')", name="said_until_erased"),
    )
    op.create_table(
        "product_share",
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column("product_id", sa.Uuid(), sa.ForeignKey("product.id"), nullable=False, index=True),
        sa.Column("operation_id", sa.Uuid(), sa.ForeignKey("operation.id"), nullable=False, index=True),
        sa.Column("recipient", sa.String(24), nullable=False, index=True),
        sa.Column("origin", sa.String(3), nullable=False, index=True),
        sa.Column("title", sa.String(160), nullable=False),
        sa.Column("purpose", sa.String(2000), nullable=False),
        sa.Column("handling", sa.String(2), nullable=False),
        sa.Column("classification", sa.String(24), nullable=False),
        sa.Column("state", sa.String(12), nullable=False),
        sa.Column("reason", sa.String(2000), nullable=False),
        sa.Column("author_name", sa.String(120), nullable=False),
        sa.Column("made_at", UtcDateTime(), nullable=False),
        sa.Column("decided_by", sa.String(120), nullable=False),
        sa.Column("decided_at", UtcDateTime()),
        sa.UniqueConstraint("product_id", "recipient", "origin"),
        sa.CheckConstraint("(state = 'asked') = (decided_at IS NULL)", name="decided_once"),
        sa.CheckConstraint("recipient <> origin", name="to_others"),
        _state_of("product_share"),
    )
    op.create_table(
        "ison_member",
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column("country", sa.String(3), nullable=False, index=True),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("office", sa.String(160), nullable=False),
        sa.Column("agency", sa.String(24), nullable=False),
        sa.Column("specialism", sa.String(32), nullable=False),
        sa.Column("certified_until", sa.Date()),
        sa.Column("state", sa.String(12), nullable=False),
        sa.Column("reason", sa.String(2000), nullable=False),
        sa.Column("activities", sa.Integer(), nullable=False),
        sa.Column("last_active", sa.Date()),
        sa.Column("author_id", sa.Uuid(), nullable=False),
        sa.Column("author_name", sa.String(120), nullable=False),
        sa.Column("made_at", UtcDateTime(), nullable=False),
        sa.CheckConstraint("(state = 'left') = (reason <> '')", name="reason_given"),
        sa.CheckConstraint("(activities = 0) = (last_active IS NULL)", name="active_once"),
        sa.UniqueConstraint("country", "number"),
        _state_of("ison_member"),
    )
    op.create_table(
        "ison_activity",
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column("member_id", sa.Uuid(), sa.ForeignKey("ison_member.id"), nullable=False, index=True),
        sa.Column("country", sa.String(3), nullable=False, index=True),
        sa.Column("kind", sa.String(24), nullable=False),
        sa.Column("held_on", sa.Date(), nullable=False),
        sa.Column("note", sa.String(2000), nullable=False),
        sa.Column("author_id", sa.Uuid(), nullable=False),
        sa.Column("author_name", sa.String(120), nullable=False),
        sa.Column("made_at", UtcDateTime(), nullable=False),
    )
    op.create_table(
        "support_need",
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column("request_id", sa.Uuid(), sa.ForeignKey("support_request.id"), nullable=False, index=True),
        sa.Column("operation_id", sa.Uuid(), sa.ForeignKey("operation.id"), nullable=False, index=True),
        sa.Column("country", sa.String(3)),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("team_kind", sa.String(24)),
        sa.Column("specialism", sa.String(24), nullable=False),
        sa.Column("languages", sa.JSON(), nullable=False),
        sa.Column("certificates", sa.JSON(), nullable=False),
        sa.Column("teams", sa.Integer(), nullable=False),
        sa.Column("accepted", sa.Integer(), nullable=False),
        sa.Column("starts", UtcDateTime(), nullable=False),
        sa.Column("ends", UtcDateTime(), nullable=False),
        sa.CheckConstraint("teams > 0 AND accepted >= 0", name="counts"),
        sa.CheckConstraint("ends > starts", name="in_order"),
    )
    op.create_table(
        "task_step",
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column("task_id", sa.Uuid(), sa.ForeignKey("task.id"), nullable=False, index=True),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("text", sa.String(160), nullable=False),
        sa.Column("done_at", UtcDateTime()),
        sa.Column("done_by", sa.String(120), nullable=False),
        sa.CheckConstraint("(done_at IS NULL) = (done_by = '')", name="ticked_by_somebody"),
        sa.UniqueConstraint("task_id", "place"),
    )
    op.create_table(
        "team_certificate",
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column("team_id", sa.Uuid(), sa.ForeignKey("team.id"), nullable=False, index=True),
        sa.Column("member_id", sa.Uuid(), sa.ForeignKey("team_member.id")),
        sa.Column("country", sa.String(3), nullable=False, index=True),
        sa.Column("kind", sa.String(32), nullable=False),
        sa.Column("issued_on", sa.Date(), nullable=False),
        sa.Column("expires_on", sa.Date(), nullable=False, index=True),
        sa.Column("written_at", UtcDateTime(), nullable=False),
        sa.Column("revoked_at", UtcDateTime()),
        sa.CheckConstraint("expires_on > issued_on", name="in_order"),
    )
    op.create_table(
        "support_offer",
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column("need_id", sa.Uuid(), sa.ForeignKey("support_need.id"), nullable=False, index=True),
        sa.Column("operation_id", sa.Uuid(), sa.ForeignKey("operation.id"), nullable=False, index=True),
        sa.Column("country", sa.String(3), nullable=False, index=True),
        sa.Column("team_id", sa.Uuid(), sa.ForeignKey("team.id"), nullable=False, index=True),
        sa.Column("starts", UtcDateTime(), nullable=False),
        sa.Column("ends", UtcDateTime(), nullable=False),
        sa.Column("note", sa.String(2000), nullable=False),
        sa.Column("state", sa.String(12), nullable=False),
        sa.Column("author_id", sa.Uuid(), nullable=False),
        sa.Column("author_name", sa.String(120), nullable=False),
        sa.Column("made_at", UtcDateTime(), nullable=False),
        sa.Column("decided_at", UtcDateTime()),
        sa.Column("decided_name", sa.String(120), nullable=False),
        sa.Column("decision", sa.String(2000), nullable=False),
        sa.Column("against", sa.JSON(), nullable=False),
        sa.CheckConstraint("(state = 'offered') = (decided_at IS NULL)", name="decided_once"),
        sa.CheckConstraint("ends > starts", name="in_order"),
        sa.Index(
            "uq_support_offer_once", "need_id", "team_id", unique=True, **_where("state IN ('offered', 'accepted')")
        ),
        _state_of("support_offer"),
    )
    op.create_table(
        "deployment",
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column("offer_id", sa.Uuid(), sa.ForeignKey("support_offer.id"), nullable=False, unique=True),
        sa.Column("need_id", sa.Uuid(), sa.ForeignKey("support_need.id"), nullable=False, index=True),
        sa.Column("request_id", sa.Uuid(), sa.ForeignKey("support_request.id"), nullable=False, index=True),
        sa.Column("operation_id", sa.Uuid(), sa.ForeignKey("operation.id"), nullable=False, index=True),
        sa.Column("country", sa.String(3), nullable=False, index=True),
        sa.Column("host_country", sa.String(3), nullable=False, index=True),
        sa.Column("team_id", sa.Uuid(), sa.ForeignKey("team.id"), nullable=False, index=True),
        sa.Column("call_sign", sa.String(40), nullable=False),
        sa.Column("unit", sa.String(300), nullable=False),
        sa.Column("team_kind", sa.String(24), nullable=False),
        sa.Column("specialism", sa.String(24), nullable=False),
        sa.Column("persons", sa.Integer(), nullable=False),
        sa.Column("site_id", sa.Uuid(), sa.ForeignKey("site.id")),
        sa.Column("place", sa.String(300), nullable=False),
        sa.Column("lat", sa.Float(), nullable=False),
        sa.Column("lon", sa.Float(), nullable=False),
        sa.Column("tasks", sa.String(2000), nullable=False),
        sa.Column("executive_powers", sa.Boolean(), nullable=False),
        sa.Column("check_in_hours", sa.Integer(), nullable=False),
        sa.Column("starts", UtcDateTime(), nullable=False),
        sa.Column("ends", UtcDateTime(), nullable=False),
        sa.Column("state", sa.String(12), nullable=False, index=True),
        sa.Column("requested_at", UtcDateTime(), nullable=False),
        sa.Column("accepted_at", UtcDateTime(), nullable=False),
        sa.Column("approved_at", UtcDateTime()),
        sa.Column("left_base_at", UtcDateTime()),
        sa.Column("on_site_at", UtcDateTime()),
        sa.Column("contact_at", UtcDateTime()),
        sa.Column("left_at", UtcDateTime()),
        sa.Column("ended_at", UtcDateTime()),
        sa.Column("accreditation", sa.String(24)),
        sa.Column("accredited_at", UtcDateTime()),
        sa.CheckConstraint("check_in_hours > 0 AND persons > 0", name="counts"),
        sa.CheckConstraint("ends > starts", name="in_order"),
        sa.UniqueConstraint("operation_id", "accreditation"),
        _state_of("deployment"),
    )
    op.create_table(
        "deployment_entry",
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column("deployment_id", sa.Uuid(), sa.ForeignKey("deployment.id"), nullable=False, index=True),
        sa.Column("request_id", sa.Uuid(), sa.ForeignKey("support_request.id"), nullable=False, index=True),
        sa.Column("operation_id", sa.Uuid(), sa.ForeignKey("operation.id"), nullable=False, index=True),
        sa.Column("country", sa.String(3), nullable=False, index=True),
        sa.Column("host_country", sa.String(3), nullable=False),
        sa.Column("kind", sa.String(12), nullable=False),
        sa.Column("state", sa.String(12), nullable=False),
        sa.Column("place", sa.String(300), nullable=False),
        sa.Column("words", sa.String(2000), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("recorded_at", UtcDateTime(), nullable=False),
        sa.Column("author_id", sa.Uuid()),
        sa.Column("author_name", sa.String(120), nullable=False),
    )
