"""What never changes once it is written: the tables and columns that the database itself guards by triggers.

A table that is named nowhere here may be changed and emptied. `operations.ddl.triggers` makes the triggers.
"""

# Rows are added, and never changed or deleted.
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
        "api_token",
        "sheet_mapping",
    ),
)
# Columns that never change; the others of the table may. Its rows are never deleted.
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
    "centre_connection": "id, operation_id, country, address, centre_operation, author_id, author_name, made_at",
    "centre_report": (
        "id, connection_id, number, operation_id, country, site_id, day, phase_id, report_id, supersedes_id, "
        "withdraws, body, content_hash, author_id, author_name, made_at"
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
    "legal_hold": ("id, operation_id, country, case_id, authority, file_ref, why, author_id, author_name, made_at"),
    "engagement": (
        "id, country, counterpart, level, held_on, commitment, follow_up, due, author_id, author_name, made_at"
    ),
    "post": "id, country, name, site_type, border_kind, lat, lon, zone, ref, author_id, author_name, made_at",
    "snapshot": (
        "id, operation_id, number, level, status, entry, taken_at, basis, wording, method, qualifier, publication, "
        "embargo, prepared_by, prepared_name, previous_hash, content_hash"
    ),
    "claim": "id, operation_id, number, kind, line_kind, countries, score, grounds, suspected_at",
    "claim_pointer": "claim_id, operation_id, told_at",
    "report": (
        "id, report_id, version, supersedes_id, correction_reason, operation_id, country, site_id, phase_id, kind, "
        "period_from, period_to, zone, official_day, remarks, impact, author_id, author_name, keyed_by, "
        "signed_key, recorded_at, clock_offset, received_at, content_hash"
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
        "together, starts, ends"
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
