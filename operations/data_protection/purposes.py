"""What Muster keeps, about whom, why and how long (rules R68 to R72, R78): a test holds every table to its place."""

from dataclasses import dataclass
from enum import StrEnum

from operations.core.said import N_


class About(StrEnum):
    """About whom a table says something."""

    NOBODY = "nobody"
    OFFICERS = "officers"
    SOUGHT = "sought"
    PEOPLE = "people"


ABOUT = {
    About.NOBODY: N_("Nobody: counts, codes, places and days"),
    About.OFFICERS: N_("Officers and those who use Muster"),
    About.SOUGHT: N_("Persons who are sought, by the number of their notice"),
    About.PEOPLE: N_("Nobody by name; words could speak of somebody"),
}


@dataclass(frozen=True)
class Kept:
    """Tables that are kept for one purpose, about the same, and as long."""

    purpose: str
    about: About
    until: str
    tables: tuple[str, ...]


KEPT = (
    Kept(
        N_("Finding persons who are sought on a notice"), About.SOUGHT,
        N_("Until the day of each case, at most five years after the operation; then notice and words are erased."),
        ("fugitive_case", "fugitive_version", "fugitive_step", "fugitive_location", "fugitive_believed", "notice_check",
         "appeal_list", "appeal_item", "appeal_tips", "lead_find"),
    ),
    Kept(
        N_("Asking countries what they know"), About.PEOPLE,
        N_("Five years after the operation; then words are erased, who asked whom and when stays."),
        ("lead", "lead_version", "lead_country", "lead_answer", "lead_result", "hypothesis", "network_entity",
         "network_link", "tasking", "dispatch", "dispatch_receipt", "dispatch_passing", "product_request",
         "product_step", "product", "product_share"),
    ),
    Kept(
        N_("Knowing that others work on the same, and on what only among those who share a phrase"), About.NOBODY,
        N_("Until the room closes; then its entries are erased. They are tags that nobody reads without the phrase."),
        ("deconfliction_room", "deconfliction_entry", "deconfliction_match", "deconfliction_side"),
    ),
    Kept(
        N_("Knowing which office to ask"), About.OFFICERS,
        N_("As long as the office is in the directory; it names no person."),
        ("ison_member", "ison_activity"),
    ),
    Kept(
        N_("Reporting and verifying what an operation achieves"), About.PEOPLE,
        N_("As long as the operation's figures are published; a country that leaves can have them erased."),
        ("report", "line", "event_line", "left_out", "saved_form", "claim", "claim_line", "claim_word",
         "claim_step", "claim_pointer", "claimed", "climbing"),
    ),
    Kept(
        N_("Counting, and showing later what was shown"), About.NOBODY,
        N_("As long as the operation's figures are published."),
        ("total", "total_margin", "total_step", "total_checkpoint", "country_activity", "site_activity", "row_step",
         "release", "snapshot", "snapshot_figure", "snapshot_word", "kpi_target", "board_figure"),
    ),
    Kept(
        N_("Planning and running an operation"), About.PEOPLE,
        N_("With the operation, as its record."),
        ("operation", "phase", "participation", "site", "map_object", "coordination_unit", "plan_version", "plan_item",
         "oplan_section", "oplan_version", "oplan_item", "oplan_comment", "task", "task_step", "dependency",
         "event_layer", "layer_content", "layer_marks", "layer_upload", "analysis", "analysis_result", "withholding",
         "reminder_rules", "debrief", "debrief_lesson", "recommendation", "recommendation_note", "phase_run",
         "partner_admission", "partner_step", "operation_cost", "cost_book", "cost_step"),
    ),
    Kept(
        N_("Judging afterwards what changed"), About.PEOPLE,
        N_("As long as what was recommended is followed up, and as what later evaluations are compared with."),
        ("evaluation", "evaluation_country", "evaluation_method", "evaluation_judgement", "evaluation_step",
         "evaluation_outcome"),
    ),
    Kept(
        N_("Sending teams where they are needed"), About.OFFICERS,
        N_("As long as the team is on the roster; what was ordered stays with its operation."),
        ("team", "team_member", "team_shown", "team_certificate", "team_absence", "asset", "support_request",
         "support_need", "support_offer", "deployment", "deployment_entry"),
    ),
    Kept(
        N_("Assessing, equipping and connecting posts"), About.PEOPLE,
        N_("As long as the post is in the register: a later assessment is compared with the earlier ones."),
        ("post", "post_condition", "post_site", "country_role", "assessment", "assessment_score", "assessment_step",
         "engagement", "equipment", "equipment_step", "link", "outage", "usage_month",
         "review", "review_finding", "review_comment", "review_step", "project", "project_part", "project_money",
         "milestone", "project_step",
         "connection_plan"),
    ),
    Kept(
        N_("Training officers, and certifying them"), About.OFFICERS,
        N_("As long as a certificate can be checked."),
        ("course", "course_run", "enrolment", "course_certificate", "training_step", "curriculum", "trainer",
         "cascade_run", "cascade_attendance"),
    ),
    Kept(
        N_("Handling serious incidents"), About.PEOPLE,
        N_("Until the file is closed and its country has it erased."),
        ("serious_incident", "incident_version", "incident_apart", "incident_grant", "incident_restriction"),
    ),
    Kept(
        N_("Answering requests of persons about their data"), About.NOBODY,
        N_("As proof that they were answered. What was looked for is never kept."),
        ("data_request", "data_copy"),
    ),
    Kept(
        N_("Letting in those who may work here, and telling them what waits"), About.OFFICERS,
        N_("As long as the account exists; tries to sign in, messages and sessions for weeks."),
        ("account", "assignment", "posting", "unit_posting", "invitation", "attempt", "sign_in", "calendar_feed",
         "message", "delivery", "message_habits"),
    ),
    Kept(
        N_("Proving who did, read and took along what"), About.OFFICERS,
        N_("As long as what it proves; it holds codes and days, and nothing that can be erased."),
        ("entry", "access_entry", "journal_head", "heard", "heard_step"),
    ),
    Kept(
        N_("Learning from one operation for the next"), About.NOBODY,
        N_("As long as the template is used."),
        ("template", "template_lesson"),
    ),
    Kept(
        N_("Running Muster itself"), About.NOBODY,
        N_("As long as it runs."),
        ("timetable_effect", "timetable_lease", "timetable_sign"),
    ),
)  # fmt: skip
