"""Row-level security on PostgreSQL: who sees which rows of a table, and who may write them.

Reach is "all" for those who coordinate, "nation" for a country's people, "none" for leadership and whoever else works
for no country. The store tells these last apart (`operations.core.scope`); here countries are kept apart. A table that
is named nowhere here has no row-level security.
"""

from collections.abc import Iterator

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
    ("legal_hold",): (f"country IS NULL OR {NO_COUNTRY} OR {OWN}", f"{NO_COUNTRY} OR {OWN}"),
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
    ("trainer", "cascade_run", "cascade_attendance", "curriculum", "api_token"): PROGRAMME,
    ("webhook", "webhook_event", "sheet_mapping", "centre_connection", "centre_report"): PROGRAMME,
    ("training_step",): (f"country IS NULL OR {NO_COUNTRY} OR {OWN}", f"{NO_COUNTRY} OR {OWN}"),
}
BY_COUNTRIES = {  # countries alone write these; Muster empties them, and does nothing else
    "lead_answer": "remark = ''",
    "fugitive_version": "content_hash = ''",
    "fugitive_location": "content_hash = '' AND remark = ''",
}


def statements() -> Iterator[str]:
    """Yield the SQL that switches row-level security on, table by table, for their owner too."""
    for tables, (seen, written) in POLICIES.items():
        for table in tables:
            yield f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY"
            yield f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY"
            yield f"CREATE POLICY {table}_by_country ON {table} USING ({seen}) WITH CHECK ({written})"
    for table, gone in BY_COUNTRIES.items():
        yield (
            f"CREATE POLICY {table}_emptied ON {table} FOR UPDATE USING ({COORDINATES}) "
            f"WITH CHECK ({COORDINATES} AND {gone})"
        )
    yield f"CREATE POLICY layer_upload_seen_over ON layer_upload FOR SELECT USING ({OVER})"
    yield f"CREATE POLICY layer_upload_ends ON layer_upload FOR DELETE USING ({OVER})"
