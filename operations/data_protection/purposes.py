"""Register of processing (rules R68 to R72, R78): every table with purpose, data subjects and retention.

A test holds every table to an entry.
"""

from dataclasses import dataclass
from enum import StrEnum

from operations.core.field_labels import N_


class DataSubject(StrEnum):
    """The people that a table holds data about."""

    NOBODY = "nobody"
    OFFICERS = "officers"
    SOUGHT = "sought"
    PEOPLE = "people"


ABOUT = {
    DataSubject.NOBODY: N_("Nobody: counts, codes, places and days"),
    DataSubject.OFFICERS: N_("Officers and those who use Muster"),
    DataSubject.SOUGHT: N_("Persons who are sought, by the number of their notice"),
    DataSubject.PEOPLE: N_("Nobody by name; words could speak of somebody"),
}


@dataclass(frozen=True)
class RetentionPurpose:
    """Tables with the same purpose, data subjects and retention."""

    purpose: str
    about: DataSubject
    until: str
    tables: tuple[str, ...]


KEPT = (
    RetentionPurpose(
        N_("Finding persons who are sought on a notice"), DataSubject.SOUGHT,
        N_("Until the day of each case, at most five years after the operation; then notice and words are erased."),
        ("fugitive_case", "fugitive_version", "fugitive_step", "fugitive_location", "fugitive_believed", "notice_check",
         "appeal_list", "appeal_item", "appeal_tips", "lead_find"),
    ),
    RetentionPurpose(
        N_("Asking countries what they know"), DataSubject.PEOPLE,
        N_("Five years after the operation; then words are erased, who asked whom and when stays."),
        ("lead", "lead_version", "lead_country", "lead_answer", "lead_result", "hypothesis", "network_entity",
         "network_link", "tasking", "dispatch", "dispatch_receipt", "dispatch_passing", "product_request",
         "product_step", "product", "product_share"),
    ),
    RetentionPurpose(
        N_("Knowing that others work on the same, and on what only among those who share a phrase"), DataSubject.NOBODY,
        N_("Until the room closes; then its entries are erased. They are tags that nobody reads without the phrase."),
        ("deconfliction_room", "deconfliction_entry", "deconfliction_match", "deconfliction_side"),
    ),
    RetentionPurpose(
        N_("Knowing which office to ask"), DataSubject.OFFICERS,
        N_("As long as the office is in the directory; it names no person."),
        ("ison_member", "ison_activity"),
    ),
    RetentionPurpose(
        N_("Reporting and verifying what an operation achieves"), DataSubject.PEOPLE,
        N_("As long as the operation's figures are published; a country that leaves can have them erased."),
        ("report", "line", "event_line", "report_exclusion", "saved_form", "claim", "claim_line", "claim_word",
         "claim_step", "claim_pointer", "claim_adjustment", "pending_correction", "sheet_mapping", "centre_connection",
         "centre_report"),
    ),
    RetentionPurpose(
        N_("Counting, and showing later what was shown"), DataSubject.NOBODY,
        N_("As long as the operation's figures are published."),
        ("total", "total_margin", "total_step", "total_checkpoint", "country_activity", "site_activity", "row_step",
         "release", "snapshot", "snapshot_figure", "snapshot_word", "kpi_target", "board_figure"),
    ),
    RetentionPurpose(
        N_("Planning and running an operation"), DataSubject.PEOPLE,
        N_("With the operation, as its record."),
        ("operation", "phase", "participation", "site", "map_object", "coordination_unit", "plan_version", "plan_item",
         "oplan_section", "oplan_version", "oplan_item", "oplan_comment", "task", "task_step", "dependency",
         "event_layer", "layer_content", "layer_marks", "layer_upload", "analysis", "analysis_result", "withholding",
         "reminder_rules", "debrief", "debrief_lesson", "recommendation", "recommendation_note", "phase_run",
         "partner_admission", "partner_step", "operation_cost", "cost_book", "cost_step"),
    ),
    RetentionPurpose(
        N_("Judging afterwards what changed"), DataSubject.PEOPLE,
        N_("As long as what was recommended is followed up, and as what later evaluations are compared with."),
        ("evaluation", "evaluation_country", "evaluation_method", "evaluation_judgement", "evaluation_step",
         "evaluation_outcome"),
    ),
    RetentionPurpose(
        N_("Sending teams where they are needed"), DataSubject.OFFICERS,
        N_("As long as the team is on the roster; what was ordered stays with its operation."),
        ("team", "team_member", "team_shown", "team_certificate", "team_absence", "asset", "support_request",
         "support_need", "support_offer", "deployment", "deployment_entry"),
    ),
    RetentionPurpose(
        N_("Assessing, equipping and connecting posts"), DataSubject.PEOPLE,
        N_("As long as the post is in the register: a later assessment is compared with the earlier ones."),
        ("post", "post_condition", "post_site", "country_role", "assessment", "assessment_score", "assessment_step",
         "engagement", "equipment", "equipment_step", "link", "outage", "usage_month",
         "review", "review_finding", "review_comment", "review_step", "project", "project_part", "project_money",
         "milestone", "project_step",
         "connection_plan"),
    ),
    RetentionPurpose(
        N_("Training officers, and certifying them"), DataSubject.OFFICERS,
        N_("As long as a certificate can be checked."),
        ("course", "course_run", "enrolment", "course_certificate", "training_step", "curriculum", "trainer",
         "cascade_run", "cascade_attendance"),
    ),
    RetentionPurpose(
        N_("Handling serious incidents"), DataSubject.PEOPLE,
        N_("Until the file is closed and its country has it erased."),
        ("serious_incident", "incident_version", "incident_apart", "incident_grant", "incident_restriction"),
    ),
    RetentionPurpose(
        N_("Answering requests of persons about their data"), DataSubject.NOBODY,
        N_("As proof that they were answered. What was looked for is never kept."),
        ("data_request", "data_copy", "legal_hold"),
    ),
    RetentionPurpose(
        N_("Letting in those who may work here, and telling them what waits"), DataSubject.OFFICERS,
        N_("As long as the account exists; tries to sign in, messages and sessions for weeks."),
        ("account", "assignment", "posting", "unit_posting", "invitation", "attempt", "sign_in", "second_factor",
         "recovery_code", "passkey", "federated_identity", "calendar_feed", "api_token", "webhook", "webhook_event",
         "message", "delivery", "message_habits"),
    ),
    RetentionPurpose(
        N_("Proving who did, read and took along what"), DataSubject.OFFICERS,
        N_("As long as what it proves; it holds codes and days, and nothing that can be erased."),
        ("entry", "access_entry", "journal_head", "heard", "heard_step"),
    ),
    RetentionPurpose(
        N_("Learning from one operation for the next"), DataSubject.NOBODY,
        N_("As long as the template is used."),
        ("template", "template_lesson"),
    ),
    RetentionPurpose(
        N_("Running Muster itself"), DataSubject.NOBODY,
        N_("As long as it runs."),
        ("timetable_effect", "timetable_lease", "timetable_sign"),
    ),
)  # fmt: skip
