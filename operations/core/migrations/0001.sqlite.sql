CREATE TABLE schema_version (
	number INTEGER NOT NULL
);

CREATE TABLE access_entry (
	seq INTEGER NOT NULL,
	at DATETIME NOT NULL,
	actor_id CHAR(32),
	actor_name VARCHAR(120) NOT NULL,
	country VARCHAR(3),
	act VARCHAR(64) NOT NULL,
	object_kind VARCHAR(32) NOT NULL,
	object_id CHAR(32),
	operation_id CHAR(32),
	outcome VARCHAR(32) NOT NULL,
	detail JSON NOT NULL,
	prev_hash VARCHAR(64) NOT NULL,
	hash VARCHAR(64) NOT NULL,
	seal VARCHAR(32) NOT NULL,
	CONSTRAINT pk_access_entry PRIMARY KEY (seq)
);

CREATE INDEX ix_access_entry_country ON access_entry (country);

CREATE INDEX ix_access_entry_object_id ON access_entry (object_id);

CREATE INDEX ix_access_entry_operation_id ON access_entry (operation_id);

CREATE TABLE account (
	id CHAR(32) NOT NULL,
	username VARCHAR(64) NOT NULL,
	name VARCHAR(120) NOT NULL,
	role VARCHAR(32) NOT NULL,
	country VARCHAR(3),
	clearance VARCHAR(20) NOT NULL,
	password_hash VARCHAR(200) NOT NULL,
	language VARCHAR(2) NOT NULL,
	created_at DATETIME NOT NULL,
	expires_at DATETIME,
	disabled_at DATETIME,
	unit VARCHAR(120) NOT NULL,
	emergency BOOLEAN NOT NULL,
	handed_by CHAR(32),
	vouched_by CHAR(32),
	proposed_by CHAR(32),
	reopened_at DATETIME,
	version INTEGER NOT NULL,
	CONSTRAINT pk_account PRIMARY KEY (id),
	CONSTRAINT uq_account_username UNIQUE (username)
);

CREATE INDEX ix_account_country ON account (country);

CREATE INDEX ix_account_unconfirmed ON account (handed_by) WHERE vouched_by IS NULL AND handed_by IS NOT NULL;

CREATE TABLE assessment_step (
	id CHAR(32) NOT NULL,
	of_id CHAR(32) NOT NULL,
	state VARCHAR(16) NOT NULL,
	words VARCHAR(2000) NOT NULL,
	author_name VARCHAR(120) NOT NULL,
	made_at DATETIME NOT NULL,
	country VARCHAR(3) NOT NULL,
	CONSTRAINT pk_assessment_step PRIMARY KEY (id)
);

CREATE INDEX ix_assessment_step_country ON assessment_step (country);

CREATE INDEX ix_assessment_step_of_id ON assessment_step (of_id);

CREATE TABLE attempt (
	id CHAR(32) NOT NULL,
	username VARCHAR(64) NOT NULL,
	source VARCHAR(64) NOT NULL,
	at DATETIME NOT NULL,
	CONSTRAINT pk_attempt PRIMARY KEY (id)
);

CREATE INDEX ix_attempt_username ON attempt (username);

CREATE TABLE connection_plan (
	id CHAR(32) NOT NULL,
	author_id CHAR(32) NOT NULL,
	state VARCHAR(12) NOT NULL,
	asked_at DATETIME NOT NULL,
	attempt INTEGER NOT NULL,
	worker VARCHAR(120) NOT NULL,
	lease_until DATETIME,
	started_at DATETIME,
	finished_at DATETIME,
	progress JSON NOT NULL,
	failure JSON NOT NULL,
	question JSON NOT NULL,
	basis JSON NOT NULL,
	result JSON NOT NULL,
	author_name VARCHAR(120) NOT NULL,
	adopted JSON NOT NULL,
	adopted_by CHAR(32),
	adopted_name VARCHAR(120) NOT NULL,
	adopted_at DATETIME,
	CONSTRAINT pk_connection_plan PRIMARY KEY (id),
	CONSTRAINT ck_connection_plan_state_known CHECK (state IN ('queued', 'running', 'cancelling', 'done', 'failed', 'cancelled')),
	CONSTRAINT ck_connection_plan_held_by_a_lease CHECK ((state IN ('running', 'cancelling')) = (lease_until IS NOT NULL)),
	CONSTRAINT ck_connection_plan_ended_once CHECK ((state IN ('done', 'failed', 'cancelled')) = (finished_at IS NOT NULL)),
	CONSTRAINT ck_connection_plan_adopted_by_somebody CHECK ((adopted_at IS NULL) = (adopted_by IS NULL)),
	CONSTRAINT ck_connection_plan_adopted_when_done CHECK (adopted_at IS NULL OR state = 'done')
);

CREATE INDEX ix_connection_plan_due ON connection_plan (state, lease_until);

CREATE TABLE country_role (
	id CHAR(32) NOT NULL,
	country VARCHAR(3) NOT NULL,
	version INTEGER NOT NULL,
	source BOOLEAN NOT NULL,
	transit BOOLEAN NOT NULL,
	destination BOOLEAN NOT NULL,
	basis VARCHAR(2000) NOT NULL,
	author_id CHAR(32) NOT NULL,
	author_name VARCHAR(120) NOT NULL,
	made_at DATETIME NOT NULL,
	CONSTRAINT pk_country_role PRIMARY KEY (id),
	CONSTRAINT uq_country_role_country UNIQUE (country, version),
	CONSTRAINT ck_country_role_something CHECK (source OR transit OR destination)
);

CREATE INDEX ix_country_role_country ON country_role (country);

CREATE TABLE course (
	reason VARCHAR(2000) NOT NULL,
	moved_at DATETIME NOT NULL,
	id CHAR(32) NOT NULL,
	author_id CHAR(32) NOT NULL,
	author_name VARCHAR(120) NOT NULL,
	made_at DATETIME NOT NULL,
	title VARCHAR(120) NOT NULL,
	topic VARCHAR(32) NOT NULL,
	need VARCHAR(2000) NOT NULL,
	curriculum VARCHAR(2000) NOT NULL,
	languages JSON NOT NULL,
	hours INTEGER NOT NULL,
	points INTEGER NOT NULL,
	pass_points INTEGER NOT NULL,
	months INTEGER NOT NULL,
	state VARCHAR(12) NOT NULL,
	accredited_until DATE,
	CONSTRAINT pk_course PRIMARY KEY (id),
	CONSTRAINT ck_course_state_known CHECK (state IN ('designed', 'accredited', 'retired')),
	CONSTRAINT ck_course_accredited_until_a_day CHECK ((state = 'accredited') = (accredited_until IS NOT NULL)),
	CONSTRAINT ck_course_reason_given CHECK (state <> 'retired' OR reason <> ''),
	CONSTRAINT ck_course_can_be_passed CHECK (points > 0 AND pass_points > 0 AND pass_points <= points)
);

CREATE TABLE data_request (
	id CHAR(32) NOT NULL,
	country VARCHAR(3),
	asked VARCHAR(12) NOT NULL,
	file_ref VARCHAR(80) NOT NULL,
	received DATE NOT NULL,
	until DATE NOT NULL,
	extended VARCHAR(2000) NOT NULL,
	extended_at DATETIME,
	state VARCHAR(12) NOT NULL,
	searches INTEGER NOT NULL,
	searched_at DATETIME,
	answer VARCHAR(2000) NOT NULL,
	author_id CHAR(32) NOT NULL,
	author_name VARCHAR(120) NOT NULL,
	made_at DATETIME NOT NULL,
	moved_at DATETIME NOT NULL,
	CONSTRAINT pk_data_request PRIMARY KEY (id),
	CONSTRAINT ck_data_request_state_known CHECK (state IN ('received', 'searched', 'answered', 'refused')),
	CONSTRAINT ck_data_request_answer_given CHECK ((state IN ('answered', 'refused')) = (answer <> '')),
	CONSTRAINT ck_data_request_asked_known CHECK (asked IN ('access', 'correction', 'deletion')),
	CONSTRAINT ck_data_request_extended_with_reason CHECK ((extended_at IS NULL) = (extended = ''))
);

CREATE INDEX ix_data_request_country ON data_request (country);

CREATE TABLE engagement (
	id CHAR(32) NOT NULL,
	country VARCHAR(3) NOT NULL,
	counterpart VARCHAR(160) NOT NULL,
	level VARCHAR(16) NOT NULL,
	held_on DATE NOT NULL,
	commitment VARCHAR(2000) NOT NULL,
	follow_up VARCHAR(2000) NOT NULL,
	due DATE,
	outcome VARCHAR(2000) NOT NULL,
	followed_up_at DATETIME,
	author_id CHAR(32) NOT NULL,
	author_name VARCHAR(120) NOT NULL,
	made_at DATETIME NOT NULL,
	CONSTRAINT pk_engagement PRIMARY KEY (id)
);

CREATE INDEX ix_engagement_country ON engagement (country);

CREATE TABLE entry (
	seq INTEGER NOT NULL,
	at DATETIME NOT NULL,
	actor_id CHAR(32),
	actor_name VARCHAR(120) NOT NULL,
	country VARCHAR(3),
	act VARCHAR(64) NOT NULL,
	object_kind VARCHAR(32) NOT NULL,
	object_id CHAR(32),
	operation_id CHAR(32),
	outcome VARCHAR(32) NOT NULL,
	detail JSON NOT NULL,
	prev_hash VARCHAR(64) NOT NULL,
	hash VARCHAR(64) NOT NULL,
	seal VARCHAR(32) NOT NULL,
	CONSTRAINT pk_entry PRIMARY KEY (seq)
);

CREATE INDEX ix_entry_country ON entry (country);

CREATE INDEX ix_entry_object_id ON entry (object_id);

CREATE INDEX ix_entry_operation_id ON entry (operation_id);

CREATE TABLE equipment_step (
	id CHAR(32) NOT NULL,
	of_id CHAR(32) NOT NULL,
	state VARCHAR(16) NOT NULL,
	words VARCHAR(2000) NOT NULL,
	author_name VARCHAR(120) NOT NULL,
	made_at DATETIME NOT NULL,
	country VARCHAR(3) NOT NULL,
	CONSTRAINT pk_equipment_step PRIMARY KEY (id)
);

CREATE INDEX ix_equipment_step_country ON equipment_step (country);

CREATE INDEX ix_equipment_step_of_id ON equipment_step (of_id);

CREATE TABLE heard (
	operation_id CHAR(32) NOT NULL,
	audience VARCHAR(40) NOT NULL,
	number INTEGER NOT NULL,
	seq INTEGER NOT NULL,
	at DATETIME NOT NULL,
	CONSTRAINT pk_heard PRIMARY KEY (operation_id, audience)
);

CREATE INDEX ix_heard_seq ON heard (seq);

CREATE TABLE heard_step (
	operation_id CHAR(32) NOT NULL,
	audience VARCHAR(40) NOT NULL,
	seq INTEGER NOT NULL,
	number INTEGER NOT NULL,
	at DATETIME NOT NULL,
	CONSTRAINT pk_heard_step PRIMARY KEY (operation_id, audience, seq)
);

CREATE INDEX ix_heard_step_at ON heard_step (operation_id, audience, at);

CREATE TABLE ison_member (
	id CHAR(32) NOT NULL,
	country VARCHAR(3) NOT NULL,
	number INTEGER NOT NULL,
	office VARCHAR(160) NOT NULL,
	agency VARCHAR(24) NOT NULL,
	specialism VARCHAR(32) NOT NULL,
	certified_until DATE,
	state VARCHAR(12) NOT NULL,
	reason VARCHAR(2000) NOT NULL,
	activities INTEGER NOT NULL,
	last_active DATE,
	author_id CHAR(32) NOT NULL,
	author_name VARCHAR(120) NOT NULL,
	made_at DATETIME NOT NULL,
	CONSTRAINT pk_ison_member PRIMARY KEY (id),
	CONSTRAINT ck_ison_member_state_known CHECK (state IN ('member', 'left')),
	CONSTRAINT ck_ison_member_reason_given CHECK ((state = 'left') = (reason <> '')),
	CONSTRAINT uq_ison_member_country UNIQUE (country, number),
	CONSTRAINT ck_ison_member_active_once CHECK ((activities = 0) = (last_active IS NULL))
);

CREATE INDEX ix_ison_member_country ON ison_member (country);

CREATE TABLE journal_head (
	chain VARCHAR(16) NOT NULL,
	seq INTEGER NOT NULL,
	hash VARCHAR(64) NOT NULL,
	"key" VARCHAR(16) NOT NULL,
	CONSTRAINT pk_journal_head PRIMARY KEY (chain)
);

CREATE TABLE operation (
	id CHAR(32) NOT NULL,
	code_name VARCHAR(120) NOT NULL,
	edition INTEGER NOT NULL,
	type VARCHAR(24) NOT NULL,
	state VARCHAR(24) NOT NULL,
	state_before VARCHAR(24),
	crime_scope JSON NOT NULL,
	aim VARCHAR(2000) NOT NULL,
	legal_basis VARCHAR(2000) NOT NULL,
	reason_to_open VARCHAR(2000) NOT NULL,
	measured_goal VARCHAR(2000) NOT NULL,
	end_criterion VARCHAR(2000) NOT NULL,
	zone VARCHAR(64) NOT NULL,
	day_cut TIME NOT NULL,
	classification VARCHAR(20) NOT NULL,
	art3_screen VARCHAR(16) NOT NULL,
	line_kinds JSON NOT NULL,
	daily_due TIME,
	invented VARCHAR(2000) NOT NULL,
	created_at DATETIME NOT NULL,
	version INTEGER NOT NULL,
	CONSTRAINT pk_operation PRIMARY KEY (id),
	CONSTRAINT uq_operation_code_name UNIQUE (code_name, edition),
	CONSTRAINT ck_operation_state_known CHECK (state IN ('draft', 'proposed', 'approved', 'pre_operational', 'active', 'consolidation', 'debriefed', 'final', 'evaluated', 'archived', 'suspended', 'cancelled'))
);

CREATE TABLE partner_step (
	id CHAR(32) NOT NULL,
	of_id CHAR(32) NOT NULL,
	state VARCHAR(16) NOT NULL,
	words VARCHAR(2000) NOT NULL,
	author_name VARCHAR(120) NOT NULL,
	made_at DATETIME NOT NULL,
	CONSTRAINT pk_partner_step PRIMARY KEY (id)
);

CREATE INDEX ix_partner_step_of_id ON partner_step (of_id);

CREATE TABLE post (
	id CHAR(32) NOT NULL,
	country VARCHAR(3) NOT NULL,
	name VARCHAR(120) NOT NULL,
	site_type VARCHAR(24) NOT NULL,
	border_kind VARCHAR(8),
	lat FLOAT NOT NULL,
	lon FLOAT NOT NULL,
	zone VARCHAR(64) NOT NULL,
	ref VARCHAR(80) NOT NULL,
	author_id CHAR(32) NOT NULL,
	author_name VARCHAR(120) NOT NULL,
	made_at DATETIME NOT NULL,
	closed_at DATETIME,
	CONSTRAINT pk_post PRIMARY KEY (id),
	CONSTRAINT uq_post_country UNIQUE (country, name),
	CONSTRAINT ck_post_lat CHECK (lat BETWEEN -90 AND 90),
	CONSTRAINT ck_post_lon CHECK (lon BETWEEN -180 AND 180)
);

CREATE INDEX ix_post_country ON post (country);

CREATE TABLE product_step (
	id CHAR(32) NOT NULL,
	of_id CHAR(32) NOT NULL,
	state VARCHAR(16) NOT NULL,
	words VARCHAR(2000) NOT NULL,
	author_name VARCHAR(120) NOT NULL,
	made_at DATETIME NOT NULL,
	country VARCHAR(3),
	CONSTRAINT pk_product_step PRIMARY KEY (id)
);

CREATE INDEX ix_product_step_country ON product_step (country);

CREATE INDEX ix_product_step_of_id ON product_step (of_id);

CREATE TABLE project (
	reason VARCHAR(2000) NOT NULL,
	moved_at DATETIME NOT NULL,
	id CHAR(32) NOT NULL,
	author_id CHAR(32) NOT NULL,
	author_name VARCHAR(120) NOT NULL,
	made_at DATETIME NOT NULL,
	country VARCHAR(3) NOT NULL,
	title VARCHAR(160) NOT NULL,
	purpose VARCHAR(2000) NOT NULL,
	donor VARCHAR(120) NOT NULL,
	planned_for DATE NOT NULL,
	state VARCHAR(12) NOT NULL,
	begun_on DATE,
	handed_on DATE,
	condition VARCHAR(2000) NOT NULL,
	ended_on DATE,
	CONSTRAINT pk_project PRIMARY KEY (id),
	CONSTRAINT ck_project_state_known CHECK (state IN ('proposed', 'approved', 'under_way', 'handed_over', 'finished', 'stopped')),
	CONSTRAINT ck_project_reason_given CHECK ((state IN ('finished', 'stopped')) = (reason <> '')),
	CONSTRAINT ck_project_signed_once CHECK ((state IN ('handed_over', 'finished')) = (handed_on IS NOT NULL))
);

CREATE INDEX ix_project_country ON project (country);

CREATE TABLE project_step (
	id CHAR(32) NOT NULL,
	of_id CHAR(32) NOT NULL,
	state VARCHAR(16) NOT NULL,
	words VARCHAR(2000) NOT NULL,
	author_name VARCHAR(120) NOT NULL,
	made_at DATETIME NOT NULL,
	country VARCHAR(3) NOT NULL,
	CONSTRAINT pk_project_step PRIMARY KEY (id)
);

CREATE INDEX ix_project_step_country ON project_step (country);

CREATE INDEX ix_project_step_of_id ON project_step (of_id);

CREATE TABLE review_step (
	id CHAR(32) NOT NULL,
	of_id CHAR(32) NOT NULL,
	state VARCHAR(16) NOT NULL,
	words VARCHAR(2000) NOT NULL,
	author_name VARCHAR(120) NOT NULL,
	made_at DATETIME NOT NULL,
	country VARCHAR(3) NOT NULL,
	CONSTRAINT pk_review_step PRIMARY KEY (id)
);

CREATE INDEX ix_review_step_country ON review_step (country);

CREATE INDEX ix_review_step_of_id ON review_step (of_id);

CREATE TABLE row_step (
	operation_id CHAR(32) NOT NULL,
	kind VARCHAR(32) NOT NULL,
	seq INTEGER NOT NULL,
	n INTEGER NOT NULL,
	"key" VARCHAR(80) NOT NULL,
	content JSON,
	CONSTRAINT pk_row_step PRIMARY KEY (operation_id, kind, seq, n, "key")
);

CREATE INDEX ix_row_step_key ON row_step (operation_id, kind, "key", seq);

CREATE TABLE sheet_mapping (
	id CHAR(32) NOT NULL,
	country VARCHAR(3) NOT NULL,
	head VARCHAR(64) NOT NULL,
	version INTEGER NOT NULL,
	sheet VARCHAR(80) NOT NULL,
	kind VARCHAR(32) NOT NULL,
	columns JSON NOT NULL,
	fixed JSON NOT NULL,
	words JSON NOT NULL,
	dates VARCHAR(8) NOT NULL,
	forgotten BOOLEAN NOT NULL,
	author_id CHAR(32) NOT NULL,
	author_name VARCHAR(120) NOT NULL,
	made_at DATETIME NOT NULL,
	CONSTRAINT pk_sheet_mapping PRIMARY KEY (id),
	CONSTRAINT uq_sheet_mapping_country UNIQUE (country, head, version)
);

CREATE INDEX ix_sheet_mapping_country ON sheet_mapping (country);

CREATE TABLE template (
	id CHAR(32) NOT NULL,
	template_id CHAR(32) NOT NULL,
	version INTEGER NOT NULL,
	supersedes_id CHAR(32),
	current BOOLEAN NOT NULL,
	retired BOOLEAN NOT NULL,
	kind VARCHAR(24) NOT NULL,
	content JSON NOT NULL,
	author_id CHAR(32),
	author_name VARCHAR(120) NOT NULL,
	made_at DATETIME NOT NULL,
	CONSTRAINT pk_template PRIMARY KEY (id),
	CONSTRAINT uq_template_template_id UNIQUE (template_id, version),
	CONSTRAINT fk_template_supersedes_id_template FOREIGN KEY(supersedes_id) REFERENCES template (id)
);

CREATE INDEX ix_template_template_id ON template (template_id);

CREATE UNIQUE INDEX uq_template_one_current ON template (template_id) WHERE current;

CREATE TABLE timetable_effect (
	job VARCHAR(120) NOT NULL,
	due DATETIME NOT NULL,
	fence INTEGER NOT NULL,
	done_at DATETIME NOT NULL,
	outcome JSON NOT NULL,
	CONSTRAINT pk_timetable_effect PRIMARY KEY (job, due)
);

CREATE INDEX ix_timetable_effect_due ON timetable_effect (due);

CREATE TABLE timetable_lease (
	name VARCHAR(16) NOT NULL,
	fence INTEGER NOT NULL,
	beat INTEGER NOT NULL,
	holder VARCHAR(120) NOT NULL,
	since DATETIME NOT NULL,
	CONSTRAINT pk_timetable_lease PRIMARY KEY (name)
);

CREATE TABLE timetable_sign (
	name VARCHAR(32) NOT NULL,
	succeeded_at DATETIME,
	failed_at DATETIME,
	failures INTEGER NOT NULL,
	every_seconds INTEGER NOT NULL,
	words VARCHAR(300) NOT NULL,
	CONSTRAINT pk_timetable_sign PRIMARY KEY (name)
);

CREATE TABLE analysis (
	id CHAR(32) NOT NULL,
	author_id CHAR(32) NOT NULL,
	state VARCHAR(12) NOT NULL,
	asked_at DATETIME NOT NULL,
	attempt INTEGER NOT NULL,
	worker VARCHAR(120) NOT NULL,
	lease_until DATETIME,
	started_at DATETIME,
	finished_at DATETIME,
	progress JSON NOT NULL,
	failure JSON NOT NULL,
	operation_id CHAR(32) NOT NULL,
	kind VARCHAR(24) NOT NULL,
	question JSON NOT NULL,
	question_hash VARCHAR(64) NOT NULL,
	layer_versions JSON NOT NULL,
	classification VARCHAR(20) NOT NULL,
	author_name VARCHAR(120) NOT NULL,
	rerun_of CHAR(32),
	resumed_from CHAR(32),
	adopted_at DATETIME,
	CONSTRAINT pk_analysis PRIMARY KEY (id),
	CONSTRAINT ck_analysis_state_known CHECK (state IN ('queued', 'running', 'cancelling', 'done', 'failed', 'cancelled')),
	CONSTRAINT ck_analysis_held_by_a_lease CHECK ((state IN ('running', 'cancelling')) = (lease_until IS NOT NULL)),
	CONSTRAINT ck_analysis_ended_once CHECK ((state IN ('done', 'failed', 'cancelled')) = (finished_at IS NOT NULL)),
	CONSTRAINT fk_analysis_operation_id_operation FOREIGN KEY(operation_id) REFERENCES operation (id),
	CONSTRAINT fk_analysis_rerun_of_analysis FOREIGN KEY(rerun_of) REFERENCES analysis (id),
	CONSTRAINT fk_analysis_resumed_from_analysis FOREIGN KEY(resumed_from) REFERENCES analysis (id)
);

CREATE INDEX ix_analysis_due ON analysis (state, lease_until);

CREATE INDEX ix_analysis_operation_id ON analysis (operation_id);

CREATE TABLE appeal_list (
	id CHAR(32) NOT NULL,
	operation_id CHAR(32) NOT NULL,
	number INTEGER NOT NULL,
	frozen_at DATETIME NOT NULL,
	author_name VARCHAR(120) NOT NULL,
	published_at DATETIME,
	published_name VARCHAR(120) NOT NULL,
	CONSTRAINT pk_appeal_list PRIMARY KEY (id),
	CONSTRAINT uq_appeal_list_operation_id UNIQUE (operation_id, number),
	CONSTRAINT ck_appeal_list_published_by_somebody CHECK ((published_at IS NULL) = (published_name = '')),
	CONSTRAINT fk_appeal_list_operation_id_operation FOREIGN KEY(operation_id) REFERENCES operation (id)
);

CREATE INDEX ix_appeal_list_operation_id ON appeal_list (operation_id);

CREATE TABLE assessment (
	reason VARCHAR(2000) NOT NULL,
	moved_at DATETIME NOT NULL,
	id CHAR(32) NOT NULL,
	author_id CHAR(32) NOT NULL,
	author_name VARCHAR(120) NOT NULL,
	made_at DATETIME NOT NULL,
	post_id CHAR(32) NOT NULL,
	country VARCHAR(3) NOT NULL,
	purpose VARCHAR(2000) NOT NULL,
	planned_for DATE NOT NULL,
	state VARCHAR(16) NOT NULL,
	findings INTEGER NOT NULL,
	visited_from DATE,
	visited_to DATE,
	baseline_queries INTEGER,
	baseline_source VARCHAR(2000) NOT NULL,
	feasibility VARCHAR(16) NOT NULL,
	works VARCHAR(2000) NOT NULL,
	scored_by CHAR(32),
	scored_at DATETIME,
	validated_by CHAR(32),
	validated_at DATETIME,
	CONSTRAINT pk_assessment PRIMARY KEY (id),
	CONSTRAINT ck_assessment_state_known CHECK (state IN ('requested', 'desk_review', 'visit', 'scored', 'validated', 'plan_proposed', 'plan_agreed', 'measures_done', 'reassessed', 'refused', 'not_accessible')),
	CONSTRAINT ck_assessment_reason_given CHECK ((state IN ('measures_done', 'refused', 'not_accessible')) = (reason <> '')),
	CONSTRAINT ck_assessment_scored_by_somebody CHECK ((state IN ('scored', 'validated', 'plan_proposed', 'plan_agreed', 'measures_done', 'reassessed')) = (scored_by IS NOT NULL)),
	CONSTRAINT ck_assessment_validated_by_somebody CHECK ((state IN ('validated', 'plan_proposed', 'plan_agreed', 'measures_done', 'reassessed')) = (validated_by IS NOT NULL)),
	CONSTRAINT ck_assessment_baseline_known CHECK (validated_by IS NULL OR baseline_queries IS NOT NULL),
	CONSTRAINT ck_assessment_other_eyes CHECK (validated_by IS NULL OR validated_by <> scored_by),
	CONSTRAINT ck_assessment_in_order CHECK (visited_from <= visited_to),
	CONSTRAINT fk_assessment_post_id_post FOREIGN KEY(post_id) REFERENCES post (id)
);

CREATE INDEX ix_assessment_country ON assessment (country);

CREATE INDEX ix_assessment_post_id ON assessment (post_id);

CREATE TABLE assignment (
	id CHAR(32) NOT NULL,
	account_id CHAR(32) NOT NULL,
	operation_id CHAR(32) NOT NULL,
	starts DATETIME,
	ends DATETIME,
	deputy BOOLEAN NOT NULL,
	countries JSON NOT NULL,
	made_by CHAR(32),
	version INTEGER NOT NULL,
	CONSTRAINT pk_assignment PRIMARY KEY (id),
	CONSTRAINT ck_assignment_in_order CHECK (starts <= ends),
	CONSTRAINT fk_assignment_account_id_account FOREIGN KEY(account_id) REFERENCES account (id),
	CONSTRAINT fk_assignment_operation_id_operation FOREIGN KEY(operation_id) REFERENCES operation (id),
	CONSTRAINT fk_assignment_made_by_account FOREIGN KEY(made_by) REFERENCES account (id)
);

CREATE INDEX ix_assignment_account_id ON assignment (account_id);

CREATE INDEX ix_assignment_operation_id ON assignment (operation_id);

CREATE TABLE board_figure (
	operation_id CHAR(32) NOT NULL,
	kpi VARCHAR(8) NOT NULL,
	shown BOOLEAN NOT NULL,
	set_by VARCHAR(120) NOT NULL,
	set_at DATETIME NOT NULL,
	CONSTRAINT pk_board_figure PRIMARY KEY (operation_id, kpi),
	CONSTRAINT fk_board_figure_operation_id_operation FOREIGN KEY(operation_id) REFERENCES operation (id)
);

CREATE TABLE calendar_feed (
	id CHAR(32) NOT NULL,
	account_id CHAR(32) NOT NULL,
	operation_id CHAR(32),
	token_hash VARCHAR(64) NOT NULL,
	made_at DATETIME NOT NULL,
	made_under VARCHAR(64) NOT NULL,
	revoked_at DATETIME,
	CONSTRAINT pk_calendar_feed PRIMARY KEY (id),
	CONSTRAINT fk_calendar_feed_account_id_account FOREIGN KEY(account_id) REFERENCES account (id),
	CONSTRAINT fk_calendar_feed_operation_id_operation FOREIGN KEY(operation_id) REFERENCES operation (id),
	CONSTRAINT uq_calendar_feed_token_hash UNIQUE (token_hash)
);

CREATE INDEX ix_calendar_feed_account_id ON calendar_feed (account_id);

CREATE TABLE centre_connection (
	id CHAR(32) NOT NULL,
	operation_id CHAR(32) NOT NULL,
	country VARCHAR(3) NOT NULL,
	address VARCHAR(300) NOT NULL,
	centre_operation CHAR(32) NOT NULL,
	token_seal VARCHAR(200) NOT NULL,
	"plan" JSON,
	asked_at DATETIME,
	sites JSON NOT NULL,
	cursor VARCHAR(200) NOT NULL,
	due_at DATETIME NOT NULL,
	attempt INTEGER NOT NULL,
	failure VARCHAR(80) NOT NULL,
	author_id CHAR(32) NOT NULL,
	author_name VARCHAR(120) NOT NULL,
	made_at DATETIME NOT NULL,
	ended_at DATETIME,
	CONSTRAINT pk_centre_connection PRIMARY KEY (id),
	CONSTRAINT fk_centre_connection_operation_id_operation FOREIGN KEY(operation_id) REFERENCES operation (id)
);

CREATE INDEX ix_centre_connection_country ON centre_connection (country);

CREATE UNIQUE INDEX uq_centre_connection_one_lives ON centre_connection (operation_id, country) WHERE ended_at IS NULL;

CREATE TABLE claim (
	id CHAR(32) NOT NULL,
	operation_id CHAR(32),
	number INTEGER NOT NULL,
	kind VARCHAR(16) NOT NULL,
	line_kind VARCHAR(24) NOT NULL,
	countries VARCHAR(400) NOT NULL,
	score FLOAT NOT NULL,
	grounds JSON NOT NULL,
	suspected_at DATETIME NOT NULL,
	state VARCHAR(12) NOT NULL,
	reason VARCHAR(2000) NOT NULL,
	round INTEGER NOT NULL,
	opened_at DATETIME,
	asked_at DATETIME,
	until DATETIME,
	ended_at DATETIME,
	CONSTRAINT pk_claim PRIMARY KEY (id),
	CONSTRAINT uq_claim_operation_id UNIQUE (operation_id, number),
	CONSTRAINT ck_claim_state_known CHECK (state IN ('suspected', 'open', 'agreed', 'different', 'decided', 'separated', 'dismissed', 'lapsed')),
	CONSTRAINT ck_claim_reason_given CHECK ((state IN ('decided', 'separated', 'dismissed')) = (reason <> '')),
	CONSTRAINT ck_claim_ended_once CHECK ((state IN ('suspected', 'open')) = (ended_at IS NULL)),
	CONSTRAINT ck_claim_opened_with_a_deadline CHECK ((opened_at IS NULL) = (until IS NULL)),
	CONSTRAINT ck_claim_opened_and_asked CHECK ((opened_at IS NULL) = (asked_at IS NULL)),
	CONSTRAINT ck_claim_opened_first CHECK (opened_at IS NOT NULL OR state IN ('suspected', 'dismissed', 'lapsed')),
	CONSTRAINT ck_claim_of_one_operation CHECK ((operation_id IS NULL) = (kind = 'two_operations')),
	CONSTRAINT fk_claim_operation_id_operation FOREIGN KEY(operation_id) REFERENCES operation (id)
);

CREATE INDEX ix_claim_operation_id ON claim (operation_id);

CREATE UNIQUE INDEX uq_claim_number_across ON claim (number) WHERE operation_id IS NULL;

CREATE TABLE coordination_unit (
	id CHAR(32) NOT NULL,
	object_id CHAR(32) NOT NULL,
	version INTEGER NOT NULL,
	supersedes_id CHAR(32),
	current BOOLEAN NOT NULL,
	operation_id CHAR(32) NOT NULL,
	kind VARCHAR(40) NOT NULL,
	host_country VARCHAR(3) NOT NULL,
	region VARCHAR(300) NOT NULL,
	zone VARCHAR(64) NOT NULL,
	round_the_clock BOOLEAN NOT NULL,
	days JSON NOT NULL,
	opens TIME,
	closes TIME,
	supports JSON NOT NULL,
	members JSON NOT NULL,
	note VARCHAR(2000) NOT NULL,
	author_id CHAR(32) NOT NULL,
	author_name VARCHAR(120) NOT NULL,
	made_at DATETIME NOT NULL,
	CONSTRAINT pk_coordination_unit PRIMARY KEY (id),
	CONSTRAINT uq_coordination_unit_object_id UNIQUE (object_id, version),
	CONSTRAINT ck_coordination_unit_has_hours CHECK (round_the_clock OR (opens IS NOT NULL AND closes IS NOT NULL)),
	CONSTRAINT fk_coordination_unit_supersedes_id_coordination_unit FOREIGN KEY(supersedes_id) REFERENCES coordination_unit (id),
	CONSTRAINT fk_coordination_unit_operation_id_operation FOREIGN KEY(operation_id) REFERENCES operation (id)
);

CREATE INDEX ix_coordination_unit_object_id ON coordination_unit (object_id);

CREATE INDEX ix_coordination_unit_operation_id ON coordination_unit (operation_id);

CREATE UNIQUE INDEX uq_coordination_unit_one_current ON coordination_unit (object_id) WHERE current;

CREATE TABLE cost_book (
	reason VARCHAR(2000) NOT NULL,
	moved_at DATETIME NOT NULL,
	id CHAR(32) NOT NULL,
	author_id CHAR(32) NOT NULL,
	author_name VARCHAR(120) NOT NULL,
	made_at DATETIME NOT NULL,
	operation_id CHAR(32) NOT NULL,
	state VARCHAR(12) NOT NULL,
	CONSTRAINT pk_cost_book PRIMARY KEY (id),
	CONSTRAINT ck_cost_book_state_known CHECK (state IN ('open', 'complete', 'unknown')),
	CONSTRAINT ck_cost_book_reason_of_opening CHECK (state <> 'complete' OR reason = ''),
	CONSTRAINT uq_cost_book_operation_id UNIQUE (operation_id),
	CONSTRAINT fk_cost_book_operation_id_operation FOREIGN KEY(operation_id) REFERENCES operation (id)
);

CREATE TABLE cost_step (
	id CHAR(32) NOT NULL,
	of_id CHAR(32) NOT NULL,
	state VARCHAR(16) NOT NULL,
	words VARCHAR(2000) NOT NULL,
	author_name VARCHAR(120) NOT NULL,
	made_at DATETIME NOT NULL,
	operation_id CHAR(32) NOT NULL,
	country VARCHAR(3),
	CONSTRAINT pk_cost_step PRIMARY KEY (id),
	CONSTRAINT fk_cost_step_operation_id_operation FOREIGN KEY(operation_id) REFERENCES operation (id)
);

CREATE INDEX ix_cost_step_of_id ON cost_step (of_id);

CREATE INDEX ix_cost_step_operation_id ON cost_step (operation_id);

CREATE TABLE country_activity (
	operation_id CHAR(32) NOT NULL,
	country VARCHAR(3) NOT NULL,
	last_report_at DATETIME,
	last_validated_at DATETIME,
	shares_totals BOOLEAN NOT NULL,
	kept VARCHAR(8) NOT NULL,
	CONSTRAINT pk_country_activity PRIMARY KEY (operation_id, country),
	CONSTRAINT fk_country_activity_operation_id_operation FOREIGN KEY(operation_id) REFERENCES operation (id)
);

CREATE TABLE course_run (
	reason VARCHAR(2000) NOT NULL,
	moved_at DATETIME NOT NULL,
	id CHAR(32) NOT NULL,
	author_id CHAR(32) NOT NULL,
	author_name VARCHAR(120) NOT NULL,
	made_at DATETIME NOT NULL,
	course_id CHAR(32) NOT NULL,
	host VARCHAR(3) NOT NULL,
	place VARCHAR(120) NOT NULL,
	starts DATE NOT NULL,
	ends DATE NOT NULL,
	languages JSON NOT NULL,
	capacity INTEGER NOT NULL,
	state VARCHAR(12) NOT NULL,
	CONSTRAINT pk_course_run PRIMARY KEY (id),
	CONSTRAINT ck_course_run_state_known CHECK (state IN ('scheduled', 'delivered', 'evaluated', 'practised', 'closed', 'cancelled')),
	CONSTRAINT ck_course_run_reason_given CHECK ((state IN ('evaluated', 'practised', 'closed', 'cancelled')) = (reason <> '')),
	CONSTRAINT ck_course_run_in_order CHECK (starts <= ends),
	CONSTRAINT ck_course_run_capacity CHECK (capacity > 0),
	CONSTRAINT fk_course_run_course_id_course FOREIGN KEY(course_id) REFERENCES course (id)
);

CREATE INDEX ix_course_run_course_id ON course_run (course_id);

CREATE TABLE curriculum (
	reason VARCHAR(2000) NOT NULL,
	moved_at DATETIME NOT NULL,
	id CHAR(32) NOT NULL,
	author_id CHAR(32) NOT NULL,
	author_name VARCHAR(120) NOT NULL,
	made_at DATETIME NOT NULL,
	course_id CHAR(32) NOT NULL,
	country VARCHAR(3) NOT NULL,
	academy VARCHAR(120) NOT NULL,
	state VARCHAR(12) NOT NULL,
	adopted_on DATE,
	CONSTRAINT pk_curriculum PRIMARY KEY (id),
	CONSTRAINT ck_curriculum_state_known CHECK (state IN ('shared', 'adopted', 'declined')),
	CONSTRAINT ck_curriculum_reason_given CHECK ((state = 'declined') = (reason <> '')),
	CONSTRAINT ck_curriculum_adopted_on_a_day CHECK ((state = 'adopted') = (adopted_on IS NOT NULL)),
	CONSTRAINT fk_curriculum_course_id_course FOREIGN KEY(course_id) REFERENCES course (id)
);

CREATE INDEX ix_curriculum_country ON curriculum (country);

CREATE INDEX ix_curriculum_course_id ON curriculum (course_id);

CREATE UNIQUE INDEX uq_curriculum_academy ON curriculum (course_id, country, academy) WHERE state <> 'declined';

CREATE TABLE data_copy (
	id CHAR(32) NOT NULL,
	request_id CHAR(32) NOT NULL,
	asked VARCHAR(12) NOT NULL,
	kind VARCHAR(16) NOT NULL,
	object_id CHAR(32) NOT NULL,
	operation_id CHAR(32),
	country VARCHAR(3),
	desk VARCHAR(8) NOT NULL,
	link VARCHAR(200) NOT NULL,
	mark VARCHAR(64) NOT NULL,
	state VARCHAR(12) NOT NULL,
	reason VARCHAR(2000) NOT NULL,
	decided_by CHAR(32),
	decided_name VARCHAR(120) NOT NULL,
	decided_at DATETIME,
	found_at DATETIME NOT NULL,
	CONSTRAINT pk_data_copy PRIMARY KEY (id),
	CONSTRAINT ck_data_copy_state_known CHECK (state IN ('found', 'given', 'withheld', 'corrected', 'erased', 'kept')),
	CONSTRAINT ck_data_copy_decided_by_somebody CHECK ((state = 'found') = (decided_by IS NULL)),
	CONSTRAINT ck_data_copy_reason_given CHECK (state NOT IN ('withheld', 'kept') OR reason <> ''),
	CONSTRAINT ck_data_copy_desk_known CHECK (desk IN ('country', 'centre', 'rights')),
	CONSTRAINT ck_data_copy_owned_by_one CHECK ((desk = 'country') = (country IS NOT NULL)),
	CONSTRAINT uq_data_copy_request_id UNIQUE (request_id, kind, object_id, country, desk),
	CONSTRAINT fk_data_copy_request_id_data_request FOREIGN KEY(request_id) REFERENCES data_request (id),
	CONSTRAINT fk_data_copy_operation_id_operation FOREIGN KEY(operation_id) REFERENCES operation (id)
);

CREATE INDEX ix_data_copy_country ON data_copy (country);

CREATE INDEX ix_data_copy_request_id ON data_copy (request_id);

CREATE TABLE debrief (
	operation_id CHAR(32) NOT NULL,
	worked VARCHAR(2000) NOT NULL,
	failed VARCHAR(2000) NOT NULL,
	remarks JSON NOT NULL,
	none_needed VARCHAR(2000) NOT NULL,
	version INTEGER NOT NULL,
	author_id CHAR(32) NOT NULL,
	author_name VARCHAR(120) NOT NULL,
	written_at DATETIME NOT NULL,
	CONSTRAINT pk_debrief PRIMARY KEY (operation_id),
	CONSTRAINT ck_debrief_written_once CHECK ((version = 0) = (worked = '')),
	CONSTRAINT fk_debrief_operation_id_operation FOREIGN KEY(operation_id) REFERENCES operation (id)
);

CREATE TABLE debrief_lesson (
	id CHAR(32) NOT NULL,
	operation_id CHAR(32) NOT NULL,
	text VARCHAR(2000) NOT NULL,
	evidence VARCHAR(2000) NOT NULL,
	source VARCHAR(24) NOT NULL,
	area VARCHAR(24) NOT NULL,
	owner VARCHAR(32) NOT NULL,
	due DATE NOT NULL,
	author_id CHAR(32) NOT NULL,
	author_name VARCHAR(120) NOT NULL,
	made_at DATETIME NOT NULL,
	CONSTRAINT pk_debrief_lesson PRIMARY KEY (id),
	CONSTRAINT fk_debrief_lesson_operation_id_operation FOREIGN KEY(operation_id) REFERENCES operation (id)
);

CREATE INDEX ix_debrief_lesson_operation_id ON debrief_lesson (operation_id);

CREATE TABLE deconfliction_room (
	id CHAR(32) NOT NULL,
	operation_id CHAR(32),
	country VARCHAR(3) NOT NULL,
	name VARCHAR(160) NOT NULL,
	countries VARCHAR(200) NOT NULL,
	check_value VARCHAR(8) NOT NULL,
	rounds INTEGER NOT NULL,
	stretch INTEGER NOT NULL,
	until DATE NOT NULL,
	state VARCHAR(12) NOT NULL,
	author_id CHAR(32) NOT NULL,
	author_name VARCHAR(120) NOT NULL,
	made_at DATETIME NOT NULL,
	closed_at DATETIME,
	CONSTRAINT pk_deconfliction_room PRIMARY KEY (id),
	CONSTRAINT ck_deconfliction_room_state_known CHECK (state IN ('open', 'closed')),
	CONSTRAINT ck_deconfliction_room_closed_once CHECK ((state = 'closed') = (closed_at IS NOT NULL)),
	CONSTRAINT fk_deconfliction_room_operation_id_operation FOREIGN KEY(operation_id) REFERENCES operation (id)
);

CREATE INDEX ix_deconfliction_room_country ON deconfliction_room (country);

CREATE INDEX ix_deconfliction_room_operation_id ON deconfliction_room (operation_id);

CREATE TABLE dispatch (
	id CHAR(32) NOT NULL,
	operation_id CHAR(32),
	country VARCHAR(3) NOT NULL,
	answers_id CHAR(32),
	title VARCHAR(160) NOT NULL,
	body VARCHAR(2000) NOT NULL,
	source VARCHAR(1) NOT NULL,
	information VARCHAR(1) NOT NULL,
	handling VARCHAR(2) NOT NULL,
	classification VARCHAR(24) NOT NULL,
	due DATETIME,
	author_id CHAR(32) NOT NULL,
	author_name VARCHAR(120) NOT NULL,
	sent_at DATETIME NOT NULL,
	erased_at DATETIME,
	CONSTRAINT pk_dispatch PRIMARY KEY (id),
	CONSTRAINT ck_dispatch_said_until_erased CHECK ((erased_at IS NULL) = (body <> '')),
	CONSTRAINT fk_dispatch_operation_id_operation FOREIGN KEY(operation_id) REFERENCES operation (id),
	CONSTRAINT fk_dispatch_answers_id_dispatch FOREIGN KEY(answers_id) REFERENCES dispatch (id)
);

CREATE INDEX ix_dispatch_answers_id ON dispatch (answers_id);

CREATE INDEX ix_dispatch_country ON dispatch (country);

CREATE INDEX ix_dispatch_operation_id ON dispatch (operation_id);

CREATE TABLE equipment (
	reason VARCHAR(2000) NOT NULL,
	moved_at DATETIME NOT NULL,
	id CHAR(32) NOT NULL,
	author_id CHAR(32) NOT NULL,
	author_name VARCHAR(120) NOT NULL,
	made_at DATETIME NOT NULL,
	post_id CHAR(32) NOT NULL,
	country VARCHAR(3) NOT NULL,
	kind VARCHAR(24) NOT NULL,
	donor VARCHAR(120) NOT NULL,
	purpose VARCHAR(2000) NOT NULL,
	promised DATE NOT NULL,
	state VARCHAR(16) NOT NULL,
	approved_on DATE,
	serial VARCHAR(60) NOT NULL,
	handed_on DATE,
	condition VARCHAR(2000) NOT NULL,
	price INTEGER,
	currency VARCHAR(3) NOT NULL,
	installed_on DATE,
	first_query DATE,
	last_query DATE,
	power_hours INTEGER,
	CONSTRAINT pk_equipment PRIMARY KEY (id),
	CONSTRAINT ck_equipment_state_known CHECK (state IN ('planned', 'approved', 'procured', 'shipped', 'customs', 'handed_over', 'installed', 'commissioned', 'in_use', 'dormant', 'out_of_service', 'retired', 'lost', 'dropped')),
	CONSTRAINT ck_equipment_reason_given CHECK ((state IN ('out_of_service', 'retired', 'lost', 'dropped')) = (reason <> '')),
	CONSTRAINT ck_equipment_asked CHECK (state NOT IN ('commissioned', 'in_use', 'dormant') OR first_query IS NOT NULL),
	CONSTRAINT ck_equipment_known_by_serial CHECK ((handed_on IS NULL) = (serial = '')),
	CONSTRAINT ck_equipment_asked_after CHECK (first_query IS NULL OR first_query >= handed_on),
	CONSTRAINT ck_equipment_in_order CHECK (last_query >= first_query),
	CONSTRAINT ck_equipment_price_in_currency CHECK ((price IS NULL) = (currency = '')),
	CONSTRAINT ck_equipment_power_hours CHECK (power_hours BETWEEN 1 AND 24),
	CONSTRAINT fk_equipment_post_id_post FOREIGN KEY(post_id) REFERENCES post (id)
);

CREATE INDEX ix_equipment_country ON equipment (country);

CREATE INDEX ix_equipment_post_id ON equipment (post_id);

CREATE UNIQUE INDEX uq_equipment_serial ON equipment (kind, serial) WHERE serial <> '';

CREATE TABLE evaluation (
	id CHAR(32) NOT NULL,
	title VARCHAR(160) NOT NULL,
	purpose VARCHAR(2000) NOT NULL,
	about VARCHAR(16) NOT NULL,
	operation_id CHAR(32),
	operations JSON NOT NULL,
	own_work JSON NOT NULL,
	region VARCHAR(32) NOT NULL,
	course_id CHAR(32),
	country VARCHAR(3),
	planned_for DATE NOT NULL,
	classification VARCHAR(24) NOT NULL,
	state VARCHAR(12) NOT NULL,
	reason VARCHAR(2000) NOT NULL,
	final_at DATETIME,
	author_id CHAR(32) NOT NULL,
	author_name VARCHAR(120) NOT NULL,
	made_at DATETIME NOT NULL,
	moved_at DATETIME NOT NULL,
	CONSTRAINT pk_evaluation PRIMARY KEY (id),
	CONSTRAINT ck_evaluation_state_known CHECK (state IN ('planned', 'collecting', 'draft', 'consulted', 'final', 'decided', 'followed_up', 'closed', 'cancelled')),
	CONSTRAINT ck_evaluation_reason_given CHECK ((state IN ('closed', 'cancelled')) = (reason <> '')),
	CONSTRAINT ck_evaluation_final_once CHECK ((state IN ('final', 'decided', 'followed_up', 'closed')) = (final_at IS NOT NULL)),
	CONSTRAINT ck_evaluation_of_operation CHECK ((about = 'operation') = (operation_id IS NOT NULL)),
	CONSTRAINT ck_evaluation_of_region CHECK ((about = 'region') = (region <> '')),
	CONSTRAINT ck_evaluation_of_course CHECK ((about = 'course') = (course_id IS NOT NULL)),
	CONSTRAINT ck_evaluation_of_country CHECK ((about = 'country') = (country IS NOT NULL)),
	CONSTRAINT fk_evaluation_operation_id_operation FOREIGN KEY(operation_id) REFERENCES operation (id),
	CONSTRAINT fk_evaluation_course_id_course FOREIGN KEY(course_id) REFERENCES course (id)
);

CREATE INDEX ix_evaluation_course_id ON evaluation (course_id);

CREATE INDEX ix_evaluation_operation_id ON evaluation (operation_id);

CREATE TABLE event_layer (
	id CHAR(32) NOT NULL,
	layer_id CHAR(32) NOT NULL,
	version INTEGER NOT NULL,
	supersedes_id CHAR(32),
	content_id CHAR(32) NOT NULL,
	current BOOLEAN NOT NULL,
	removed BOOLEAN NOT NULL,
	operation_id CHAR(32) NOT NULL,
	country VARCHAR(3),
	audience VARCHAR(16) NOT NULL,
	classification VARCHAR(20) NOT NULL,
	kind VARCHAR(24) NOT NULL,
	name VARCHAR(120) NOT NULL,
	source VARCHAR(300) NOT NULL,
	licence VARCHAR(300) NOT NULL,
	period_from DATE NOT NULL,
	period_to DATE NOT NULL,
	accuracy VARCHAR(300) NOT NULL,
	accuracy_m FLOAT,
	retrieved DATE NOT NULL,
	mapping JSON NOT NULL,
	accepted INTEGER NOT NULL,
	refused INTEGER NOT NULL,
	west FLOAT,
	south FLOAT,
	east FLOAT,
	north FLOAT,
	findings JSON NOT NULL,
	size INTEGER NOT NULL,
	sha256 VARCHAR(64) NOT NULL,
	author_id CHAR(32) NOT NULL,
	author_name VARCHAR(120) NOT NULL,
	made_at DATETIME NOT NULL,
	CONSTRAINT pk_event_layer PRIMARY KEY (id),
	CONSTRAINT uq_event_layer_layer_id UNIQUE (layer_id, version),
	CONSTRAINT ck_event_layer_period_in_order CHECK (period_to >= period_from),
	CONSTRAINT ck_event_layer_counts CHECK (accepted > 0 AND refused >= 0),
	CONSTRAINT fk_event_layer_supersedes_id_event_layer FOREIGN KEY(supersedes_id) REFERENCES event_layer (id),
	CONSTRAINT fk_event_layer_content_id_event_layer FOREIGN KEY(content_id) REFERENCES event_layer (id),
	CONSTRAINT fk_event_layer_operation_id_operation FOREIGN KEY(operation_id) REFERENCES operation (id)
);

CREATE INDEX ix_event_layer_content_id ON event_layer (content_id);

CREATE INDEX ix_event_layer_current ON event_layer (operation_id, current);

CREATE INDEX ix_event_layer_layer_id ON event_layer (layer_id);

CREATE UNIQUE INDEX uq_event_layer_one_current ON event_layer (layer_id) WHERE current;

CREATE TABLE federated_identity (
	account_id CHAR(32) NOT NULL,
	issuer VARCHAR(200) NOT NULL,
	subject VARCHAR(255) NOT NULL,
	bound_at DATETIME NOT NULL,
	CONSTRAINT pk_federated_identity PRIMARY KEY (account_id),
	CONSTRAINT uq_federated_identity_subject UNIQUE (issuer, subject),
	CONSTRAINT fk_federated_identity_account_id_account FOREIGN KEY(account_id) REFERENCES account (id)
);

CREATE TABLE fugitive_case (
	id CHAR(32) NOT NULL,
	operation_id CHAR(32) NOT NULL,
	requesting_country VARCHAR(3) NOT NULL,
	number INTEGER NOT NULL,
	notice_ref VARCHAR(20) NOT NULL,
	offence VARCHAR(32) NOT NULL,
	wanted_for VARCHAR(16) NOT NULL,
	priority VARCHAR(8) NOT NULL,
	warrant VARCHAR(12) NOT NULL,
	extradition VARCHAR(12) NOT NULL,
	art3 VARCHAR(16) NOT NULL,
	retain_until DATE NOT NULL,
	version INTEGER NOT NULL,
	state VARCHAR(20) NOT NULL,
	since DATETIME NOT NULL,
	nominated_at DATETIME NOT NULL,
	counts_as VARCHAR(12) NOT NULL,
	accepted_at DATETIME,
	reviewed_at DATETIME,
	news_at DATETIME,
	located_at DATETIME,
	arrested_at DATETIME,
	surrendered_at DATETIME,
	notice_status VARCHAR(12) NOT NULL,
	checked_on DATE,
	appeal_asked_at DATETIME,
	appeal_agreed_at DATETIME,
	erased_at DATETIME,
	CONSTRAINT pk_fugitive_case PRIMARY KEY (id),
	CONSTRAINT uq_fugitive_case_operation_id UNIQUE (operation_id, requesting_country, number),
	CONSTRAINT uq_fugitive_case_notice UNIQUE (operation_id, requesting_country, notice_ref),
	CONSTRAINT ck_fugitive_case_counts_from_acceptance CHECK ((accepted_at IS NULL) = (counts_as = '')),
	CONSTRAINT ck_fugitive_case_arrests_are_confirmed CHECK (counts_as <> 'arrested' OR arrested_at IS NOT NULL),
	CONSTRAINT ck_fugitive_case_locations_are_confirmed CHECK (counts_as <> 'located' OR located_at IS NOT NULL),
	CONSTRAINT ck_fugitive_case_appeal_of_two CHECK (appeal_agreed_at IS NULL OR appeal_asked_at IS NOT NULL),
	CONSTRAINT fk_fugitive_case_operation_id_operation FOREIGN KEY(operation_id) REFERENCES operation (id),
	CONSTRAINT ck_fugitive_case_state_known CHECK (state IN ('nominated', 'target', 'under_review', 'lead_out', 'located', 'arrested', 'surrendered', 'closed', 'not_extraditable', 'released', 'deceased', 'notice_withdrawn', 'false_identity'))
);

CREATE INDEX ix_fugitive_case_requesting_country ON fugitive_case (requesting_country);

CREATE INDEX ix_fugitive_case_sweep ON fugitive_case (operation_id, counts_as, state);

CREATE TABLE hypothesis (
	id CHAR(32) NOT NULL,
	operation_id CHAR(32) NOT NULL,
	version INTEGER NOT NULL,
	supersedes_id CHAR(32),
	current BOOLEAN NOT NULL,
	statement VARCHAR(2000) NOT NULL,
	state VARCHAR(12) NOT NULL,
	source VARCHAR(1) NOT NULL,
	information VARCHAR(1) NOT NULL,
	handling VARCHAR(2) NOT NULL,
	author_id CHAR(32) NOT NULL,
	author_name VARCHAR(120) NOT NULL,
	made_at DATETIME NOT NULL,
	CONSTRAINT pk_hypothesis PRIMARY KEY (id),
	CONSTRAINT uq_hypothesis_operation_id UNIQUE (operation_id, version),
	CONSTRAINT fk_hypothesis_operation_id_operation FOREIGN KEY(operation_id) REFERENCES operation (id),
	CONSTRAINT fk_hypothesis_supersedes_id_hypothesis FOREIGN KEY(supersedes_id) REFERENCES hypothesis (id)
);

CREATE INDEX ix_hypothesis_operation_id ON hypothesis (operation_id);

CREATE UNIQUE INDEX uq_hypothesis_one_current ON hypothesis (operation_id) WHERE current;

CREATE TABLE incident_restriction (
	operation_id CHAR(32) NOT NULL,
	country VARCHAR(3) NOT NULL,
	reason VARCHAR(2000) NOT NULL,
	author_name VARCHAR(120) NOT NULL,
	made_at DATETIME NOT NULL,
	CONSTRAINT pk_incident_restriction PRIMARY KEY (operation_id, country),
	CONSTRAINT fk_incident_restriction_operation_id_operation FOREIGN KEY(operation_id) REFERENCES operation (id)
);

CREATE TABLE invitation (
	id CHAR(32) NOT NULL,
	account_id CHAR(32) NOT NULL,
	secret_hash VARCHAR(64) NOT NULL,
	made_at DATETIME NOT NULL,
	ends_at DATETIME NOT NULL,
	by_id CHAR(32),
	by_name VARCHAR(120) NOT NULL,
	used_at DATETIME,
	replaced_at DATETIME,
	CONSTRAINT pk_invitation PRIMARY KEY (id),
	CONSTRAINT ck_invitation_ends_once CHECK (used_at IS NULL OR replaced_at IS NULL),
	CONSTRAINT ck_invitation_has_time CHECK (ends_at > made_at),
	CONSTRAINT fk_invitation_account_id_account FOREIGN KEY(account_id) REFERENCES account (id),
	CONSTRAINT uq_invitation_secret_hash UNIQUE (secret_hash)
);

CREATE INDEX ix_invitation_account_id ON invitation (account_id);

CREATE TABLE ison_activity (
	id CHAR(32) NOT NULL,
	member_id CHAR(32) NOT NULL,
	country VARCHAR(3) NOT NULL,
	kind VARCHAR(24) NOT NULL,
	held_on DATE NOT NULL,
	note VARCHAR(2000) NOT NULL,
	author_id CHAR(32) NOT NULL,
	author_name VARCHAR(120) NOT NULL,
	made_at DATETIME NOT NULL,
	CONSTRAINT pk_ison_activity PRIMARY KEY (id),
	CONSTRAINT fk_ison_activity_member_id_ison_member FOREIGN KEY(member_id) REFERENCES ison_member (id)
);

CREATE INDEX ix_ison_activity_country ON ison_activity (country);

CREATE INDEX ix_ison_activity_member_id ON ison_activity (member_id);

CREATE TABLE kpi_target (
	operation_id CHAR(32) NOT NULL,
	kpi VARCHAR(8) NOT NULL,
	value INTEGER NOT NULL,
	set_by VARCHAR(120) NOT NULL,
	set_at DATETIME NOT NULL,
	CONSTRAINT pk_kpi_target PRIMARY KEY (operation_id, kpi),
	CONSTRAINT ck_kpi_target_aims_at_something CHECK (value > 0),
	CONSTRAINT fk_kpi_target_operation_id_operation FOREIGN KEY(operation_id) REFERENCES operation (id)
);

CREATE TABLE layer_upload (
	id CHAR(32) NOT NULL,
	account_id CHAR(32) NOT NULL,
	operation_id CHAR(32) NOT NULL,
	country VARCHAR(3),
	name VARCHAR(200) NOT NULL,
	size INTEGER NOT NULL,
	data BLOB NOT NULL,
	kept_at DATETIME NOT NULL,
	expires_at DATETIME NOT NULL,
	CONSTRAINT pk_layer_upload PRIMARY KEY (id),
	CONSTRAINT ck_layer_upload_size CHECK (size > 0 AND size <= 67108864),
	CONSTRAINT ck_layer_upload_expires CHECK (expires_at > kept_at),
	CONSTRAINT fk_layer_upload_account_id_account FOREIGN KEY(account_id) REFERENCES account (id),
	CONSTRAINT fk_layer_upload_operation_id_operation FOREIGN KEY(operation_id) REFERENCES operation (id)
);

CREATE INDEX ix_layer_upload_account_id ON layer_upload (account_id);

CREATE INDEX ix_layer_upload_expires_at ON layer_upload (expires_at);

CREATE TABLE lead (
	id CHAR(32) NOT NULL,
	operation_id CHAR(32) NOT NULL,
	origin VARCHAR(24) NOT NULL,
	origin_country VARCHAR(3),
	subject_kind VARCHAR(24) NOT NULL,
	subject_id CHAR(32),
	state VARCHAR(12) NOT NULL,
	tally JSON NOT NULL,
	version INTEGER NOT NULL,
	due DATETIME NOT NULL,
	made_at DATETIME NOT NULL,
	erased_at DATETIME,
	CONSTRAINT pk_lead PRIMARY KEY (id),
	CONSTRAINT ck_lead_state_known CHECK (state IN ('new', 'positive', 'actioned', 'accepted', 'shared', 'expired', 'negative')),
	CONSTRAINT ck_lead_country_named CHECK (origin <> 'country' OR origin_country IS NOT NULL),
	CONSTRAINT fk_lead_operation_id_operation FOREIGN KEY(operation_id) REFERENCES operation (id)
);

CREATE INDEX ix_lead_operation_id ON lead (operation_id);

CREATE INDEX ix_lead_subject ON lead (subject_kind, subject_id);

CREATE TABLE lead_result (
	id CHAR(32) NOT NULL,
	lead_id CHAR(32) NOT NULL,
	lead_operation_id CHAR(32) NOT NULL,
	operation_id CHAR(32) NOT NULL,
	country VARCHAR(3) NOT NULL,
	report_id CHAR(32) NOT NULL,
	line_id CHAR(32) NOT NULL,
	kind VARCHAR(24) NOT NULL,
	note VARCHAR(2000) NOT NULL,
	author_id CHAR(32) NOT NULL,
	author_name VARCHAR(120) NOT NULL,
	made_at DATETIME NOT NULL,
	undone_at DATETIME,
	undone_reason VARCHAR(2000) NOT NULL,
	CONSTRAINT pk_lead_result PRIMARY KEY (id),
	CONSTRAINT fk_lead_result_lead_operation_id_operation FOREIGN KEY(lead_operation_id) REFERENCES operation (id),
	CONSTRAINT fk_lead_result_operation_id_operation FOREIGN KEY(operation_id) REFERENCES operation (id)
);

CREATE INDEX ix_lead_result_lead_id ON lead_result (lead_id);

CREATE INDEX ix_lead_result_lead_operation_id ON lead_result (lead_operation_id);

CREATE INDEX ix_lead_result_operation_id ON lead_result (operation_id);

CREATE UNIQUE INDEX uq_lead_result_once ON lead_result (lead_id, line_id) WHERE undone_at IS NULL;

CREATE TABLE link (
	reason VARCHAR(2000) NOT NULL,
	moved_at DATETIME NOT NULL,
	id CHAR(32) NOT NULL,
	author_id CHAR(32) NOT NULL,
	author_name VARCHAR(120) NOT NULL,
	made_at DATETIME NOT NULL,
	post_id CHAR(32) NOT NULL,
	country VARCHAR(3) NOT NULL,
	technology VARCHAR(24) NOT NULL,
	provider VARCHAR(120) NOT NULL,
	hours INTEGER NOT NULL,
	promised DATE NOT NULL,
	state VARCHAR(12) NOT NULL,
	built_on DATE,
	live_on DATE,
	closed_on DATE,
	CONSTRAINT pk_link PRIMARY KEY (id),
	CONSTRAINT ck_link_state_known CHECK (state IN ('feasible', 'agreed', 'built', 'tested', 'live', 'down', 'closed')),
	CONSTRAINT ck_link_reason_given CHECK ((state = 'closed') = (reason <> '')),
	CONSTRAINT ck_link_asked CHECK (state NOT IN ('live', 'down') OR live_on IS NOT NULL),
	CONSTRAINT fk_link_post_id_post FOREIGN KEY(post_id) REFERENCES post (id)
);

CREATE INDEX ix_link_country ON link (country);

CREATE INDEX ix_link_post_id ON link (post_id);

CREATE TABLE map_object (
	id CHAR(32) NOT NULL,
	object_id CHAR(32) NOT NULL,
	version INTEGER NOT NULL,
	supersedes_id CHAR(32),
	current BOOLEAN NOT NULL,
	deleted BOOLEAN NOT NULL,
	operation_id CHAR(32) NOT NULL,
	country VARCHAR(3),
	audience VARCHAR(16) NOT NULL,
	kind VARCHAR(24) NOT NULL,
	state VARCHAR(12) NOT NULL,
	name VARCHAR(120) NOT NULL,
	note VARCHAR(2000) NOT NULL,
	geometry JSON NOT NULL,
	area_km2 FLOAT,
	length_km FLOAT,
	author_id CHAR(32) NOT NULL,
	author_name VARCHAR(120) NOT NULL,
	made_at DATETIME NOT NULL,
	CONSTRAINT pk_map_object PRIMARY KEY (id),
	CONSTRAINT uq_map_object_object_id UNIQUE (object_id, version),
	CONSTRAINT fk_map_object_supersedes_id_map_object FOREIGN KEY(supersedes_id) REFERENCES map_object (id),
	CONSTRAINT fk_map_object_operation_id_operation FOREIGN KEY(operation_id) REFERENCES operation (id)
);

CREATE INDEX ix_map_object_current ON map_object (operation_id, current);

CREATE INDEX ix_map_object_object_id ON map_object (object_id);

CREATE UNIQUE INDEX uq_map_object_one_current ON map_object (object_id) WHERE current;

CREATE TABLE message (
	id CHAR(32) NOT NULL,
	"key" VARCHAR(200) NOT NULL,
	kind VARCHAR(32) NOT NULL,
	number INTEGER NOT NULL,
	link VARCHAR(300) NOT NULL,
	urgent BOOLEAN NOT NULL,
	operation_id CHAR(32),
	made_at DATETIME NOT NULL,
	about JSON,
	until DATETIME,
	CONSTRAINT pk_message PRIMARY KEY (id),
	CONSTRAINT ck_message_number CHECK (number > 0),
	CONSTRAINT ck_message_link_is_ours CHECK (link LIKE '/%'),
	CONSTRAINT uq_message_key UNIQUE ("key"),
	CONSTRAINT fk_message_operation_id_operation FOREIGN KEY(operation_id) REFERENCES operation (id)
);

CREATE INDEX ix_message_operation_id ON message (operation_id);

CREATE TABLE message_habits (
	account_id CHAR(32) NOT NULL,
	way VARCHAR(8) NOT NULL,
	address VARCHAR(254) NOT NULL,
	zone VARCHAR(64) NOT NULL,
	quiet_from TIME,
	quiet_to TIME,
	digest_at TIME,
	changed_at DATETIME NOT NULL,
	CONSTRAINT pk_message_habits PRIMARY KEY (account_id),
	CONSTRAINT fk_message_habits_account_id_account FOREIGN KEY(account_id) REFERENCES account (id)
);

CREATE TABLE milestone (
	reason VARCHAR(2000) NOT NULL,
	moved_at DATETIME NOT NULL,
	id CHAR(32) NOT NULL,
	author_id CHAR(32) NOT NULL,
	author_name VARCHAR(120) NOT NULL,
	made_at DATETIME NOT NULL,
	project_id CHAR(32) NOT NULL,
	country VARCHAR(3) NOT NULL,
	title VARCHAR(160) NOT NULL,
	owner VARCHAR(8) NOT NULL,
	due DATE NOT NULL,
	state VARCHAR(12) NOT NULL,
	done_on DATE,
	CONSTRAINT pk_milestone PRIMARY KEY (id),
	CONSTRAINT ck_milestone_state_known CHECK (state IN ('due', 'done', 'dropped')),
	CONSTRAINT ck_milestone_reason_given CHECK ((state IN ('done', 'dropped')) = (reason <> '')),
	CONSTRAINT ck_milestone_owner_known CHECK (owner IN ('country', 'centre')),
	CONSTRAINT fk_milestone_project_id_project FOREIGN KEY(project_id) REFERENCES project (id)
);

CREATE INDEX ix_milestone_country ON milestone (country);

CREATE INDEX ix_milestone_project_id ON milestone (project_id);

CREATE TABLE network_entity (
	id CHAR(32) NOT NULL,
	entity_id CHAR(32) NOT NULL,
	version INTEGER NOT NULL,
	supersedes_id CHAR(32),
	current BOOLEAN NOT NULL,
	removed BOOLEAN NOT NULL,
	operation_id CHAR(32) NOT NULL,
	kind VARCHAR(16) NOT NULL,
	code VARCHAR(8) NOT NULL,
	description VARCHAR(2000) NOT NULL,
	source VARCHAR(1) NOT NULL,
	information VARCHAR(1) NOT NULL,
	handling VARCHAR(2) NOT NULL,
	author_id CHAR(32) NOT NULL,
	author_name VARCHAR(120) NOT NULL,
	made_at DATETIME NOT NULL,
	CONSTRAINT pk_network_entity PRIMARY KEY (id),
	CONSTRAINT uq_network_entity_entity_id UNIQUE (entity_id, version),
	CONSTRAINT fk_network_entity_supersedes_id_network_entity FOREIGN KEY(supersedes_id) REFERENCES network_entity (id),
	CONSTRAINT fk_network_entity_operation_id_operation FOREIGN KEY(operation_id) REFERENCES operation (id)
);

CREATE INDEX ix_network_entity_entity_id ON network_entity (entity_id);

CREATE INDEX ix_network_entity_operation_id ON network_entity (operation_id);

CREATE UNIQUE INDEX uq_network_entity_one_current ON network_entity (entity_id) WHERE current;

CREATE TABLE network_link (
	id CHAR(32) NOT NULL,
	operation_id CHAR(32) NOT NULL,
	from_id CHAR(32) NOT NULL,
	to_id CHAR(32) NOT NULL,
	kind VARCHAR(16) NOT NULL,
	source VARCHAR(1) NOT NULL,
	information VARCHAR(1) NOT NULL,
	handling VARCHAR(2) NOT NULL,
	author_id CHAR(32) NOT NULL,
	author_name VARCHAR(120) NOT NULL,
	made_at DATETIME NOT NULL,
	removed_at DATETIME,
	CONSTRAINT pk_network_link PRIMARY KEY (id),
	CONSTRAINT ck_network_link_of_two CHECK (from_id <> to_id),
	CONSTRAINT fk_network_link_operation_id_operation FOREIGN KEY(operation_id) REFERENCES operation (id)
);

CREATE INDEX ix_network_link_operation_id ON network_link (operation_id);

CREATE TABLE operation_cost (
	reason VARCHAR(2000) NOT NULL,
	moved_at DATETIME NOT NULL,
	id CHAR(32) NOT NULL,
	author_id CHAR(32) NOT NULL,
	author_name VARCHAR(120) NOT NULL,
	made_at DATETIME NOT NULL,
	operation_id CHAR(32) NOT NULL,
	country VARCHAR(3),
	stage VARCHAR(8) NOT NULL,
	kind VARCHAR(24) NOT NULL,
	what VARCHAR(300) NOT NULL,
	amount BIGINT NOT NULL,
	currency VARCHAR(3) NOT NULL,
	day DATE NOT NULL,
	note VARCHAR(2000) NOT NULL,
	corrects_id CHAR(32),
	state VARCHAR(12) NOT NULL,
	CONSTRAINT pk_operation_cost PRIMARY KEY (id),
	CONSTRAINT ck_operation_cost_state_known CHECK (state IN ('stands', 'corrected', 'taken_back')),
	CONSTRAINT ck_operation_cost_reason_given CHECK ((state = 'taken_back') = (reason <> '')),
	CONSTRAINT ck_operation_cost_stage_known CHECK (stage IN ('planned', 'spent')),
	CONSTRAINT ck_operation_cost_something CHECK (amount > 0),
	CONSTRAINT ck_operation_cost_other_in_words CHECK (kind <> 'other' OR what <> ''),
	CONSTRAINT ck_operation_cost_not_itself CHECK (corrects_id <> id),
	CONSTRAINT fk_operation_cost_operation_id_operation FOREIGN KEY(operation_id) REFERENCES operation (id),
	CONSTRAINT uq_operation_cost_corrects_id UNIQUE (corrects_id),
	CONSTRAINT fk_operation_cost_corrects_id_operation_cost FOREIGN KEY(corrects_id) REFERENCES operation_cost (id)
);

CREATE INDEX ix_operation_cost_country ON operation_cost (country);

CREATE INDEX ix_operation_cost_operation_id ON operation_cost (operation_id);

CREATE TABLE oplan_comment (
	id CHAR(32) NOT NULL,
	operation_id CHAR(32) NOT NULL,
	section VARCHAR(24) NOT NULL,
	country VARCHAR(3) NOT NULL,
	text VARCHAR(2000) NOT NULL,
	author_id CHAR(32) NOT NULL,
	author_name VARCHAR(120) NOT NULL,
	made_at DATETIME NOT NULL,
	answer VARCHAR(2000) NOT NULL,
	answered_name VARCHAR(120) NOT NULL,
	answered_at DATETIME,
	CONSTRAINT pk_oplan_comment PRIMARY KEY (id),
	CONSTRAINT ck_oplan_comment_answered_in_words CHECK ((answered_at IS NULL) = (answer = '')),
	CONSTRAINT fk_oplan_comment_operation_id_operation FOREIGN KEY(operation_id) REFERENCES operation (id)
);

CREATE INDEX ix_oplan_comment_operation_id ON oplan_comment (operation_id);

CREATE TABLE oplan_section (
	id CHAR(32) NOT NULL,
	operation_id CHAR(32) NOT NULL,
	section VARCHAR(24) NOT NULL,
	version INTEGER NOT NULL,
	supersedes_id CHAR(32),
	current BOOLEAN NOT NULL,
	state VARCHAR(16) NOT NULL,
	text VARCHAR(8000) NOT NULL,
	author_id CHAR(32) NOT NULL,
	author_name VARCHAR(120) NOT NULL,
	made_at DATETIME NOT NULL,
	CONSTRAINT pk_oplan_section PRIMARY KEY (id),
	CONSTRAINT uq_oplan_section_operation_id UNIQUE (operation_id, section, version),
	CONSTRAINT ck_oplan_section_says_something CHECK (state = 'open' OR text <> ''),
	CONSTRAINT fk_oplan_section_operation_id_operation FOREIGN KEY(operation_id) REFERENCES operation (id),
	CONSTRAINT fk_oplan_section_supersedes_id_oplan_section FOREIGN KEY(supersedes_id) REFERENCES oplan_section (id)
);

CREATE INDEX ix_oplan_section_operation_id ON oplan_section (operation_id);

CREATE UNIQUE INDEX uq_oplan_section_one_current ON oplan_section (operation_id, section) WHERE current;

CREATE TABLE oplan_version (
	id CHAR(32) NOT NULL,
	operation_id CHAR(32) NOT NULL,
	number INTEGER NOT NULL,
	state VARCHAR(12) NOT NULL,
	note VARCHAR(2000) NOT NULL,
	content_hash VARCHAR(64) NOT NULL,
	approved_by CHAR(32) NOT NULL,
	approved_name VARCHAR(120) NOT NULL,
	approved_at DATETIME NOT NULL,
	CONSTRAINT pk_oplan_version PRIMARY KEY (id),
	CONSTRAINT uq_oplan_version_operation_id UNIQUE (operation_id, number),
	CONSTRAINT ck_oplan_version_state_known CHECK (state IN ('approved', 'superseded')),
	CONSTRAINT fk_oplan_version_operation_id_operation FOREIGN KEY(operation_id) REFERENCES operation (id)
);

CREATE INDEX ix_oplan_version_operation_id ON oplan_version (operation_id);

CREATE UNIQUE INDEX uq_oplan_version_one_in_force ON oplan_version (operation_id) WHERE state = 'approved';

CREATE TABLE participation (
	operation_id CHAR(32) NOT NULL,
	country VARCHAR(3) NOT NULL,
	state VARCHAR(24) NOT NULL,
	contribution VARCHAR(32) NOT NULL,
	shares_totals BOOLEAN NOT NULL,
	invited_at DATETIME NOT NULL,
	answered_at DATETIME,
	final_at DATETIME,
	without VARCHAR(2000) NOT NULL,
	unanswered VARCHAR(2000) NOT NULL,
	kept VARCHAR(8) NOT NULL,
	CONSTRAINT pk_participation PRIMARY KEY (operation_id, country),
	CONSTRAINT ck_participation_state_known CHECK (state IN ('invited', 'confirmed', 'declined', 'preparing', 'active', 'reported_final', 'closed', 'withdrawn')),
	CONSTRAINT ck_participation_kept_known CHECK (kept IN ('', 'shown', 'totals', 'erased')),
	CONSTRAINT fk_participation_operation_id_operation FOREIGN KEY(operation_id) REFERENCES operation (id)
);

CREATE TABLE partner_admission (
	reason VARCHAR(2000) NOT NULL,
	moved_at DATETIME NOT NULL,
	id CHAR(32) NOT NULL,
	author_id CHAR(32) NOT NULL,
	author_name VARCHAR(120) NOT NULL,
	made_at DATETIME NOT NULL,
	operation_id CHAR(32) NOT NULL,
	partner VARCHAR(24) NOT NULL,
	purpose VARCHAR(2000) NOT NULL,
	sees JSON NOT NULL,
	sections JSON NOT NULL,
	clearance VARCHAR(24) NOT NULL,
	starts DATE NOT NULL,
	until DATE NOT NULL,
	state VARCHAR(12) NOT NULL,
	admitted_by CHAR(32),
	admitted_name VARCHAR(120) NOT NULL,
	admitted_at DATETIME,
	CONSTRAINT pk_partner_admission PRIMARY KEY (id),
	CONSTRAINT ck_partner_admission_state_known CHECK (state IN ('proposed', 'admitted', 'declined', 'ended')),
	CONSTRAINT ck_partner_admission_reason_given CHECK ((state IN ('declined', 'ended')) = (reason <> '')),
	CONSTRAINT ck_partner_admission_in_order CHECK (until >= starts),
	CONSTRAINT ck_partner_admission_admitted_once CHECK ((admitted_by IS NULL) = (admitted_at IS NULL)),
	CONSTRAINT ck_partner_admission_admitted_by_somebody CHECK (state <> 'admitted' OR admitted_by IS NOT NULL),
	CONSTRAINT ck_partner_admission_two_persons CHECK (admitted_by IS NULL OR admitted_by <> author_id),
	CONSTRAINT fk_partner_admission_operation_id_operation FOREIGN KEY(operation_id) REFERENCES operation (id)
);

CREATE INDEX ix_partner_admission_operation_id ON partner_admission (operation_id);

CREATE UNIQUE INDEX uq_partner_admission_one_open ON partner_admission (operation_id, partner) WHERE state IN ('proposed', 'admitted');

CREATE TABLE passkey (
	id CHAR(32) NOT NULL,
	account_id CHAR(32) NOT NULL,
	credential VARCHAR(1400) NOT NULL,
	public_key VARCHAR(1400) NOT NULL,
	uses INTEGER NOT NULL,
	name VARCHAR(60) NOT NULL,
	made_at DATETIME NOT NULL,
	used_at DATETIME,
	CONSTRAINT pk_passkey PRIMARY KEY (id),
	CONSTRAINT fk_passkey_account_id_account FOREIGN KEY(account_id) REFERENCES account (id),
	CONSTRAINT uq_passkey_credential UNIQUE (credential)
);

CREATE INDEX ix_passkey_account_id ON passkey (account_id);

CREATE TABLE phase (
	id CHAR(32) NOT NULL,
	operation_id CHAR(32) NOT NULL,
	kind VARCHAR(24) NOT NULL,
	name VARCHAR(120) NOT NULL,
	starts DATETIME NOT NULL,
	ends DATETIME NOT NULL,
	version INTEGER NOT NULL,
	CONSTRAINT pk_phase PRIMARY KEY (id),
	CONSTRAINT ck_phase_in_order CHECK (ends > starts),
	CONSTRAINT fk_phase_operation_id_operation FOREIGN KEY(operation_id) REFERENCES operation (id)
);

CREATE INDEX ix_phase_operation_id ON phase (operation_id);

CREATE TABLE plan_version (
	id CHAR(32) NOT NULL,
	operation_id CHAR(32) NOT NULL,
	number INTEGER NOT NULL,
	state VARCHAR(12) NOT NULL,
	note VARCHAR(2000) NOT NULL,
	author_id CHAR(32) NOT NULL,
	author_name VARCHAR(120) NOT NULL,
	made_at DATETIME NOT NULL,
	approved_by CHAR(32),
	approved_name VARCHAR(120) NOT NULL,
	approved_at DATETIME,
	CONSTRAINT pk_plan_version PRIMARY KEY (id),
	CONSTRAINT uq_plan_version_operation_id UNIQUE (operation_id, number),
	CONSTRAINT ck_plan_version_state_known CHECK (state IN ('draft', 'approved', 'superseded')),
	CONSTRAINT ck_plan_version_four_eyes CHECK (approved_by IS NULL OR approved_by <> author_id),
	CONSTRAINT ck_plan_version_approved_by_somebody CHECK ((approved_by IS NULL) = (approved_at IS NULL)),
	CONSTRAINT ck_plan_version_approval_is_written CHECK (state <> 'approved' OR approved_by IS NOT NULL),
	CONSTRAINT ck_plan_version_drafts_are_not_approved CHECK (state <> 'draft' OR approved_by IS NULL),
	CONSTRAINT fk_plan_version_operation_id_operation FOREIGN KEY(operation_id) REFERENCES operation (id)
);

CREATE INDEX ix_plan_version_operation_id ON plan_version (operation_id);

CREATE UNIQUE INDEX uq_plan_version_one_in_force ON plan_version (operation_id) WHERE state = 'approved';

CREATE TABLE post_condition (
	id CHAR(32) NOT NULL,
	post_id CHAR(32) NOT NULL,
	country VARCHAR(3) NOT NULL,
	version INTEGER NOT NULL,
	passages INTEGER,
	officers INTEGER,
	connectivity VARCHAR(24) NOT NULL,
	online_hours INTEGER,
	power VARCHAR(24) NOT NULL,
	power_hours INTEGER,
	access VARCHAR(24) NOT NULL,
	offline BOOLEAN NOT NULL,
	note VARCHAR(2000) NOT NULL,
	author_id CHAR(32) NOT NULL,
	author_name VARCHAR(120) NOT NULL,
	made_at DATETIME NOT NULL,
	CONSTRAINT pk_post_condition PRIMARY KEY (id),
	CONSTRAINT uq_post_condition_post_id UNIQUE (post_id, version),
	CONSTRAINT fk_post_condition_post_id_post FOREIGN KEY(post_id) REFERENCES post (id)
);

CREATE INDEX ix_post_condition_country ON post_condition (country);

CREATE INDEX ix_post_condition_post_id ON post_condition (post_id);

CREATE TABLE product_request (
	reason VARCHAR(2000) NOT NULL,
	moved_at DATETIME NOT NULL,
	id CHAR(32) NOT NULL,
	author_id CHAR(32) NOT NULL,
	author_name VARCHAR(120) NOT NULL,
	made_at DATETIME NOT NULL,
	operation_id CHAR(32) NOT NULL,
	country VARCHAR(3),
	question VARCHAR(2000) NOT NULL,
	purpose VARCHAR(2000) NOT NULL,
	handling VARCHAR(2) NOT NULL,
	classification VARCHAR(24) NOT NULL,
	due DATETIME NOT NULL,
	state VARCHAR(12) NOT NULL,
	led_to VARCHAR(16) NOT NULL,
	outcome VARCHAR(2000) NOT NULL,
	written_at DATETIME,
	erased_at DATETIME,
	CONSTRAINT pk_product_request PRIMARY KEY (id),
	CONSTRAINT ck_product_request_state_known CHECK (state IN ('asked', 'accepted', 'refused', 'delivered', 'received', 'used', 'not_used', 'withdrawn')),
	CONSTRAINT ck_product_request_said_until_erased CHECK ((erased_at IS NULL) = (question <> '')),
	CONSTRAINT ck_product_request_reason_given CHECK ((reason <> '') = (state IN ('refused', 'not_used', 'withdrawn') AND erased_at IS NULL)),
	CONSTRAINT ck_product_request_led_to_something CHECK ((state = 'used') = (led_to <> '')),
	CONSTRAINT ck_product_request_written_first CHECK ((written_at IS NULL) = (state IN ('asked', 'refused', 'withdrawn')) OR state = 'accepted'),
	CONSTRAINT fk_product_request_operation_id_operation FOREIGN KEY(operation_id) REFERENCES operation (id)
);

CREATE INDEX ix_product_request_country ON product_request (country);

CREATE INDEX ix_product_request_operation_id ON product_request (operation_id);

CREATE TABLE project_money (
	reason VARCHAR(2000) NOT NULL,
	moved_at DATETIME NOT NULL,
	id CHAR(32) NOT NULL,
	author_id CHAR(32) NOT NULL,
	author_name VARCHAR(120) NOT NULL,
	made_at DATETIME NOT NULL,
	project_id CHAR(32) NOT NULL,
	country VARCHAR(3) NOT NULL,
	kind VARCHAR(12) NOT NULL,
	amount INTEGER NOT NULL,
	currency VARCHAR(3) NOT NULL,
	day DATE NOT NULL,
	words VARCHAR(300) NOT NULL,
	state VARCHAR(12) NOT NULL,
	CONSTRAINT pk_project_money PRIMARY KEY (id),
	CONSTRAINT ck_project_money_state_known CHECK (state IN ('stands', 'withdrawn')),
	CONSTRAINT ck_project_money_reason_given CHECK ((state = 'withdrawn') = (reason <> '')),
	CONSTRAINT ck_project_money_kind_known CHECK (kind IN ('planned', 'committed', 'spent')),
	CONSTRAINT ck_project_money_something CHECK (amount > 0),
	CONSTRAINT fk_project_money_project_id_project FOREIGN KEY(project_id) REFERENCES project (id)
);

CREATE INDEX ix_project_money_country ON project_money (country);

CREATE INDEX ix_project_money_project_id ON project_money (project_id);

CREATE TABLE project_part (
	reason VARCHAR(2000) NOT NULL,
	moved_at DATETIME NOT NULL,
	id CHAR(32) NOT NULL,
	author_id CHAR(32) NOT NULL,
	author_name VARCHAR(120) NOT NULL,
	made_at DATETIME NOT NULL,
	project_id CHAR(32) NOT NULL,
	country VARCHAR(3) NOT NULL,
	kind VARCHAR(12) NOT NULL,
	part_id CHAR(32) NOT NULL,
	post_id CHAR(32) NOT NULL,
	state VARCHAR(12) NOT NULL,
	CONSTRAINT pk_project_part PRIMARY KEY (id),
	CONSTRAINT ck_project_part_state_known CHECK (state IN ('stands', 'withdrawn')),
	CONSTRAINT ck_project_part_reason_given CHECK ((state = 'withdrawn') = (reason <> '')),
	CONSTRAINT ck_project_part_kind_known CHECK (kind IN ('measure', 'finding', 'equipment', 'link')),
	CONSTRAINT fk_project_part_project_id_project FOREIGN KEY(project_id) REFERENCES project (id),
	CONSTRAINT fk_project_part_post_id_post FOREIGN KEY(post_id) REFERENCES post (id)
);

CREATE INDEX ix_project_part_country ON project_part (country);

CREATE INDEX ix_project_part_post_id ON project_part (post_id);

CREATE INDEX ix_project_part_project_id ON project_part (project_id);

CREATE UNIQUE INDEX uq_project_part ON project_part (kind, part_id) WHERE state = 'stands';

CREATE TABLE recovery_code (
	id CHAR(32) NOT NULL,
	account_id CHAR(32) NOT NULL,
	digest VARCHAR(64) NOT NULL,
	used_at DATETIME,
	CONSTRAINT pk_recovery_code PRIMARY KEY (id),
	CONSTRAINT fk_recovery_code_account_id_account FOREIGN KEY(account_id) REFERENCES account (id)
);

CREATE INDEX ix_recovery_code_account_id ON recovery_code (account_id);

CREATE TABLE release (
	operation_id CHAR(32) NOT NULL,
	audience VARCHAR(16) NOT NULL,
	kpi VARCHAR(8) NOT NULL,
	seq INTEGER NOT NULL,
	scope VARCHAR(8) NOT NULL,
	state INTEGER NOT NULL,
	state_at DATETIME NOT NULL,
	at DATETIME NOT NULL,
	content BLOB NOT NULL,
	CONSTRAINT pk_release PRIMARY KEY (operation_id, audience, kpi, seq),
	CONSTRAINT fk_release_operation_id_operation FOREIGN KEY(operation_id) REFERENCES operation (id)
);

CREATE TABLE reminder_rules (
	operation_id CHAR(32) NOT NULL,
	ask_before INTEGER NOT NULL,
	remind_after INTEGER NOT NULL,
	national_after INTEGER NOT NULL,
	coordinator_after INTEGER NOT NULL,
	by_calendar BOOLEAN NOT NULL,
	changed_at DATETIME NOT NULL,
	CONSTRAINT pk_reminder_rules PRIMARY KEY (operation_id),
	CONSTRAINT ck_reminder_rules_ask_before CHECK (ask_before BETWEEN 0 AND 1440),
	CONSTRAINT ck_reminder_rules_in_order CHECK (remind_after >= 0 AND national_after > remind_after AND coordinator_after > national_after AND coordinator_after <= 2880),
	CONSTRAINT fk_reminder_rules_operation_id_operation FOREIGN KEY(operation_id) REFERENCES operation (id)
);

CREATE TABLE report_exclusion (
	operation_id CHAR(32) NOT NULL,
	country VARCHAR(3) NOT NULL,
	versions JSON NOT NULL,
	reports INTEGER NOT NULL,
	reason VARCHAR(2000) NOT NULL,
	named_by CHAR(32) NOT NULL,
	named_by_name VARCHAR(120) NOT NULL,
	named_at DATETIME NOT NULL,
	CONSTRAINT pk_report_exclusion PRIMARY KEY (operation_id, country),
	CONSTRAINT ck_report_exclusion_named CHECK (reports > 0 AND reason <> ''),
	CONSTRAINT fk_report_exclusion_operation_id_operation FOREIGN KEY(operation_id) REFERENCES operation (id)
);

CREATE TABLE review (
	reason VARCHAR(2000) NOT NULL,
	moved_at DATETIME NOT NULL,
	id CHAR(32) NOT NULL,
	author_id CHAR(32) NOT NULL,
	author_name VARCHAR(120) NOT NULL,
	made_at DATETIME NOT NULL,
	post_id CHAR(32) NOT NULL,
	country VARCHAR(3) NOT NULL,
	purpose VARCHAR(2000) NOT NULL,
	planned_for DATE NOT NULL,
	state VARCHAR(12) NOT NULL,
	visited_from DATE,
	visited_to DATE,
	visitors VARCHAR(2000) NOT NULL,
	agreed_at DATETIME,
	CONSTRAINT pk_review PRIMARY KEY (id),
	CONSTRAINT ck_review_state_known CHECK (state IN ('asked', 'prepared', 'visited', 'found', 'agreed', 'closed', 'refused', 'dropped')),
	CONSTRAINT ck_review_reason_given CHECK ((state IN ('prepared', 'closed', 'refused', 'dropped')) = (reason <> '')),
	CONSTRAINT ck_review_visited_once CHECK ((state IN ('visited', 'found', 'agreed', 'closed')) = (visited_from IS NOT NULL)),
	CONSTRAINT ck_review_agreed_once CHECK ((state IN ('agreed', 'closed')) = (agreed_at IS NOT NULL)),
	CONSTRAINT ck_review_visited_by_somebody CHECK ((visited_from IS NULL) = (visitors = '')),
	CONSTRAINT ck_review_in_order CHECK (visited_from <= visited_to),
	CONSTRAINT fk_review_post_id_post FOREIGN KEY(post_id) REFERENCES post (id)
);

CREATE INDEX ix_review_country ON review (country);

CREATE INDEX ix_review_post_id ON review (post_id);

CREATE TABLE saved_form (
	id CHAR(32) NOT NULL,
	author_id CHAR(32) NOT NULL,
	operation_id CHAR(32) NOT NULL,
	site_id CHAR(32),
	content JSON NOT NULL,
	saved_at DATETIME NOT NULL,
	CONSTRAINT pk_saved_form PRIMARY KEY (id),
	CONSTRAINT fk_saved_form_author_id_account FOREIGN KEY(author_id) REFERENCES account (id),
	CONSTRAINT fk_saved_form_operation_id_operation FOREIGN KEY(operation_id) REFERENCES operation (id)
);

CREATE INDEX ix_saved_form_author_id ON saved_form (author_id);

CREATE TABLE second_factor (
	account_id CHAR(32) NOT NULL,
	sealed VARCHAR(200) NOT NULL,
	made_at DATETIME NOT NULL,
	confirmed_at DATETIME,
	last_step INTEGER NOT NULL,
	CONSTRAINT pk_second_factor PRIMARY KEY (account_id),
	CONSTRAINT fk_second_factor_account_id_account FOREIGN KEY(account_id) REFERENCES account (id)
);

CREATE TABLE serious_incident (
	id CHAR(32) NOT NULL,
	operation_id CHAR(32) NOT NULL,
	country VARCHAR(3),
	concerns VARCHAR(3) NOT NULL,
	channel VARCHAR(12) NOT NULL,
	scheme VARCHAR(8) NOT NULL,
	category VARCHAR(24) NOT NULL,
	occurred_at DATETIME NOT NULL,
	detected_at DATETIME NOT NULL,
	state VARCHAR(16) NOT NULL,
	versions INTEGER NOT NULL,
	handler_id CHAR(32),
	handler_name VARCHAR(120) NOT NULL,
	counted BOOLEAN NOT NULL,
	erased_at DATETIME,
	content_hash VARCHAR(64) NOT NULL,
	author_id CHAR(32) NOT NULL,
	author_name VARCHAR(120) NOT NULL,
	made_at DATETIME NOT NULL,
	moved_at DATETIME NOT NULL,
	CONSTRAINT pk_serious_incident PRIMARY KEY (id),
	CONSTRAINT ck_serious_incident_state_known CHECK (state IN ('received', 'threshold_check', 'initial', 'fact_finding', 'formal', 'final', 'closed', 'not_launched')),
	CONSTRAINT ck_serious_incident_held_by_somebody CHECK ((state IN ('threshold_check', 'initial', 'fact_finding', 'formal', 'final', 'closed', 'not_launched')) = (handler_id IS NOT NULL)),
	CONSTRAINT ck_serious_incident_other_eyes CHECK (handler_id <> author_id),
	CONSTRAINT ck_serious_incident_channel_known CHECK (channel IN ('normal', 'exceptional')),
	CONSTRAINT fk_serious_incident_operation_id_operation FOREIGN KEY(operation_id) REFERENCES operation (id)
);

CREATE INDEX ix_serious_incident_operation_id ON serious_incident (operation_id);

CREATE TABLE sign_in (
	id CHAR(32) NOT NULL,
	token_hash VARCHAR(64) NOT NULL,
	account_id CHAR(32) NOT NULL,
	created_at DATETIME NOT NULL,
	last_seen_at DATETIME NOT NULL,
	ended_at DATETIME,
	source VARCHAR(64) NOT NULL,
	agent VARCHAR(200) NOT NULL,
	only VARCHAR(120),
	factor_due BOOLEAN NOT NULL,
	proven_at DATETIME,
	CONSTRAINT pk_sign_in PRIMARY KEY (id),
	CONSTRAINT uq_sign_in_token_hash UNIQUE (token_hash),
	CONSTRAINT fk_sign_in_account_id_account FOREIGN KEY(account_id) REFERENCES account (id)
);

CREATE INDEX ix_sign_in_account_id ON sign_in (account_id);

CREATE TABLE site (
	id CHAR(32) NOT NULL,
	operation_id CHAR(32) NOT NULL,
	country VARCHAR(3) NOT NULL,
	name VARCHAR(120) NOT NULL,
	site_type VARCHAR(24) NOT NULL,
	border_kind VARCHAR(8),
	lat FLOAT NOT NULL,
	lon FLOAT NOT NULL,
	zone VARCHAR(64) NOT NULL,
	ref VARCHAR(80) NOT NULL,
	version INTEGER NOT NULL,
	placed_at DATETIME NOT NULL,
	closed_at DATETIME,
	CONSTRAINT pk_site PRIMARY KEY (id),
	CONSTRAINT uq_site_operation_id UNIQUE (operation_id, country, name),
	CONSTRAINT ck_site_lat CHECK (lat BETWEEN -90 AND 90),
	CONSTRAINT ck_site_lon CHECK (lon BETWEEN -180 AND 180),
	CONSTRAINT fk_site_operation_id_operation FOREIGN KEY(operation_id) REFERENCES operation (id)
);

CREATE INDEX ix_site_country ON site (country);

CREATE INDEX ix_site_operation_id ON site (operation_id);

CREATE TABLE snapshot (
	id CHAR(32) NOT NULL,
	operation_id CHAR(32) NOT NULL,
	number INTEGER NOT NULL,
	level INTEGER NOT NULL,
	status VARCHAR(16) NOT NULL,
	entry INTEGER NOT NULL,
	taken_at DATETIME NOT NULL,
	basis JSON NOT NULL,
	wording VARCHAR(2000) NOT NULL,
	method VARCHAR(2000) NOT NULL,
	qualifier VARCHAR(1) NOT NULL,
	publication INTEGER,
	embargo DATETIME,
	prepared_by CHAR(32) NOT NULL,
	prepared_name VARCHAR(120) NOT NULL,
	previous_hash VARCHAR(64) NOT NULL,
	content_hash VARCHAR(64) NOT NULL,
	state VARCHAR(12) NOT NULL,
	reason VARCHAR(2000) NOT NULL,
	signed_by CHAR(32),
	signed_name VARCHAR(120) NOT NULL,
	signed_at DATETIME,
	approved_by CHAR(32),
	approved_name VARCHAR(120) NOT NULL,
	approved_at DATETIME,
	published_at DATETIME,
	supersedes_id CHAR(32),
	CONSTRAINT pk_snapshot PRIMARY KEY (id),
	CONSTRAINT uq_snapshot_operation_id UNIQUE (operation_id, number),
	CONSTRAINT ck_snapshot_state_known CHECK (state IN ('prepared', 'coordinated', 'signed', 'published', 'superseded', 'dropped')),
	CONSTRAINT ck_snapshot_reason_given CHECK ((state = 'dropped') = (reason <> '')),
	CONSTRAINT ck_snapshot_level CHECK (level IN (3, 4)),
	CONSTRAINT ck_snapshot_coordinator_first CHECK (state IN ('prepared', 'dropped') OR signed_by IS NOT NULL),
	CONSTRAINT ck_snapshot_leadership_then CHECK ((approved_by IS NOT NULL) = (state IN ('signed', 'published', 'superseded'))),
	CONSTRAINT ck_snapshot_two_persons CHECK (approved_by IS NULL OR approved_by <> signed_by),
	CONSTRAINT fk_snapshot_operation_id_operation FOREIGN KEY(operation_id) REFERENCES operation (id),
	CONSTRAINT fk_snapshot_supersedes_id_snapshot FOREIGN KEY(supersedes_id) REFERENCES snapshot (id)
);

CREATE INDEX ix_snapshot_operation_id ON snapshot (operation_id);

CREATE TABLE team (
	id CHAR(32) NOT NULL,
	country VARCHAR(3) NOT NULL,
	call_sign VARCHAR(40) NOT NULL,
	unit VARCHAR(120) NOT NULL,
	kind VARCHAR(24) NOT NULL,
	specialisms JSON NOT NULL,
	languages JSON NOT NULL,
	persons INTEGER NOT NULL,
	base VARCHAR(120) NOT NULL,
	lat FLOAT NOT NULL,
	lon FLOAT NOT NULL,
	zone VARCHAR(64) NOT NULL,
	ready_hours INTEGER NOT NULL,
	leader_id CHAR(32),
	out_of_service VARCHAR(300) NOT NULL,
	note VARCHAR(2000) NOT NULL,
	version INTEGER NOT NULL,
	made_at DATETIME NOT NULL,
	closed_at DATETIME,
	CONSTRAINT pk_team PRIMARY KEY (id),
	CONSTRAINT uq_team_country UNIQUE (country, call_sign),
	CONSTRAINT ck_team_somebody CHECK (persons > 0),
	CONSTRAINT ck_team_ready CHECK (ready_hours >= 0),
	CONSTRAINT ck_team_lat CHECK (lat BETWEEN -90 AND 90),
	CONSTRAINT ck_team_lon CHECK (lon BETWEEN -180 AND 180),
	CONSTRAINT fk_team_leader_id_account FOREIGN KEY(leader_id) REFERENCES account (id)
);

CREATE INDEX ix_team_country ON team (country);

CREATE TABLE total (
	grain VARCHAR(12) NOT NULL,
	operation_id CHAR(32) NOT NULL,
	country VARCHAR(3) NOT NULL,
	day VARCHAR(10) NOT NULL,
	site VARCHAR(36) NOT NULL,
	level INTEGER NOT NULL,
	kind VARCHAR(24) NOT NULL,
	phase_kind VARCHAR(24) NOT NULL,
	check_kind VARCHAR(32) NOT NULL,
	"database" VARCHAR(32) NOT NULL,
	entity VARCHAR(24) NOT NULL,
	offence VARCHAR(32) NOT NULL,
	status VARCHAR(32) NOT NULL,
	unit VARCHAR(16) NOT NULL,
	qualifier VARCHAR(1) NOT NULL,
	records BIGINT NOT NULL,
	quantity BIGINT NOT NULL,
	CONSTRAINT pk_total PRIMARY KEY (grain, operation_id, country, day, site, level, kind, phase_kind, check_kind, "database", entity, offence, status, unit, qualifier),
	CONSTRAINT fk_total_operation_id_operation FOREIGN KEY(operation_id) REFERENCES operation (id)
)
 WITHOUT ROWID;

CREATE TABLE total_checkpoint (
	operation_id CHAR(32) NOT NULL,
	part VARCHAR(20) NOT NULL,
	seq INTEGER NOT NULL,
	at DATETIME NOT NULL,
	content BLOB NOT NULL,
	CONSTRAINT pk_total_checkpoint PRIMARY KEY (operation_id, part, seq),
	CONSTRAINT fk_total_checkpoint_operation_id_operation FOREIGN KEY(operation_id) REFERENCES operation (id)
);

CREATE TABLE total_margin (
	operation_id CHAR(32) NOT NULL,
	country VARCHAR(3) NOT NULL,
	level INTEGER NOT NULL,
	kind VARCHAR(24) NOT NULL,
	phase_kind VARCHAR(24) NOT NULL,
	check_kind VARCHAR(32) NOT NULL,
	"database" VARCHAR(32) NOT NULL,
	entity VARCHAR(24) NOT NULL,
	offence VARCHAR(32) NOT NULL,
	status VARCHAR(32) NOT NULL,
	unit VARCHAR(16) NOT NULL,
	qualifier VARCHAR(1) NOT NULL,
	dimension VARCHAR(24) NOT NULL,
	code VARCHAR(40) NOT NULL,
	records BIGINT NOT NULL,
	quantity BIGINT NOT NULL,
	CONSTRAINT pk_total_margin PRIMARY KEY (operation_id, country, level, kind, phase_kind, check_kind, "database", entity, offence, status, unit, qualifier, dimension, code),
	CONSTRAINT fk_total_margin_operation_id_operation FOREIGN KEY(operation_id) REFERENCES operation (id)
);

CREATE TABLE total_step (
	operation_id CHAR(32) NOT NULL,
	seq INTEGER NOT NULL,
	n INTEGER NOT NULL,
	at DATETIME NOT NULL,
	country VARCHAR(3) NOT NULL,
	cells JSON NOT NULL,
	margins JSON NOT NULL,
	sites JSON NOT NULL,
	countries JSON NOT NULL,
	CONSTRAINT pk_total_step PRIMARY KEY (operation_id, seq, n),
	CONSTRAINT fk_total_step_operation_id_operation FOREIGN KEY(operation_id) REFERENCES operation (id)
);

CREATE TABLE trainer (
	reason VARCHAR(2000) NOT NULL,
	moved_at DATETIME NOT NULL,
	id CHAR(32) NOT NULL,
	author_id CHAR(32) NOT NULL,
	author_name VARCHAR(120) NOT NULL,
	made_at DATETIME NOT NULL,
	account_id CHAR(32) NOT NULL,
	country VARCHAR(3) NOT NULL,
	course_id CHAR(32) NOT NULL,
	state VARCHAR(12) NOT NULL,
	assessed_by CHAR(32),
	certified_by CHAR(32),
	certified_name VARCHAR(120) NOT NULL,
	certified_on DATE,
	expires_on DATE,
	taught_on DATE,
	CONSTRAINT pk_trainer PRIMARY KEY (id),
	CONSTRAINT ck_trainer_state_known CHECK (state IN ('nominated', 'attending', 'assessed', 'certified', 'active', 'inactive', 'renewed', 'expired', 'revoked', 'dropped')),
	CONSTRAINT ck_trainer_reason_given CHECK ((state IN ('assessed', 'revoked', 'dropped')) = (reason <> '')),
	CONSTRAINT ck_trainer_certified_by_somebody CHECK ((state IN ('certified', 'active', 'inactive', 'renewed', 'expired', 'revoked')) = (certified_by IS NOT NULL)),
	CONSTRAINT ck_trainer_other_eyes CHECK (certified_by IS NULL OR certified_by <> assessed_by),
	CONSTRAINT ck_trainer_expires CHECK ((certified_by IS NULL) = (expires_on IS NULL)),
	CONSTRAINT ck_trainer_certified_on_a_day CHECK ((certified_by IS NULL) = (certified_on IS NULL)),
	CONSTRAINT fk_trainer_account_id_account FOREIGN KEY(account_id) REFERENCES account (id),
	CONSTRAINT fk_trainer_course_id_course FOREIGN KEY(course_id) REFERENCES course (id)
);

CREATE INDEX ix_trainer_account_id ON trainer (account_id);

CREATE INDEX ix_trainer_country ON trainer (country);

CREATE INDEX ix_trainer_course_id ON trainer (course_id);

CREATE UNIQUE INDEX uq_trainer_person ON trainer (account_id, course_id) WHERE state NOT IN ('revoked', 'dropped');

CREATE TABLE training_step (
	id CHAR(32) NOT NULL,
	of_id CHAR(32) NOT NULL,
	state VARCHAR(16) NOT NULL,
	words VARCHAR(2000) NOT NULL,
	author_name VARCHAR(120) NOT NULL,
	made_at DATETIME NOT NULL,
	country VARCHAR(3),
	account_id CHAR(32),
	CONSTRAINT pk_training_step PRIMARY KEY (id),
	CONSTRAINT fk_training_step_account_id_account FOREIGN KEY(account_id) REFERENCES account (id)
);

CREATE INDEX ix_training_step_account_id ON training_step (account_id);

CREATE INDEX ix_training_step_country ON training_step (country);

CREATE INDEX ix_training_step_of_id ON training_step (of_id);

CREATE TABLE unit_posting (
	id CHAR(32) NOT NULL,
	account_id CHAR(32) NOT NULL,
	object_id CHAR(32) NOT NULL,
	operation_id CHAR(32) NOT NULL,
	country VARCHAR(3) NOT NULL,
	function VARCHAR(40) NOT NULL,
	starts DATETIME,
	ends DATETIME,
	made_by CHAR(32) NOT NULL,
	version INTEGER NOT NULL,
	CONSTRAINT pk_unit_posting PRIMARY KEY (id),
	CONSTRAINT ck_unit_posting_in_order CHECK (starts <= ends),
	CONSTRAINT fk_unit_posting_account_id_account FOREIGN KEY(account_id) REFERENCES account (id),
	CONSTRAINT fk_unit_posting_operation_id_operation FOREIGN KEY(operation_id) REFERENCES operation (id),
	CONSTRAINT fk_unit_posting_made_by_account FOREIGN KEY(made_by) REFERENCES account (id)
);

CREATE INDEX ix_unit_posting_account_id ON unit_posting (account_id);

CREATE INDEX ix_unit_posting_object_id ON unit_posting (object_id);

CREATE INDEX ix_unit_posting_operation_id ON unit_posting (operation_id);

CREATE TABLE webhook (
	id CHAR(32) NOT NULL,
	country VARCHAR(3) NOT NULL,
	system VARCHAR(40) NOT NULL,
	address VARCHAR(300) NOT NULL,
	seal VARCHAR(200) NOT NULL,
	author_id CHAR(32) NOT NULL,
	author_name VARCHAR(120) NOT NULL,
	made_at DATETIME NOT NULL,
	ended_at DATETIME,
	due_at DATETIME NOT NULL,
	attempt INTEGER NOT NULL,
	failure VARCHAR(80) NOT NULL,
	CONSTRAINT pk_webhook PRIMARY KEY (id),
	CONSTRAINT fk_webhook_author_id_account FOREIGN KEY(author_id) REFERENCES account (id)
);

CREATE INDEX ix_webhook_author_id ON webhook (author_id);

CREATE INDEX ix_webhook_country ON webhook (country);

CREATE TABLE withholding (
	operation_id CHAR(32) NOT NULL,
	country VARCHAR(3) NOT NULL,
	partner VARCHAR(24) NOT NULL,
	since DATETIME NOT NULL,
	by_id CHAR(32) NOT NULL,
	by_name VARCHAR(120) NOT NULL,
	CONSTRAINT pk_withholding PRIMARY KEY (operation_id, country, partner),
	CONSTRAINT ck_withholding_from_another CHECK (country <> partner),
	CONSTRAINT fk_withholding_operation_id_operation FOREIGN KEY(operation_id) REFERENCES operation (id)
);

CREATE TABLE analysis_result (
	analysis_id CHAR(32) NOT NULL,
	complete BOOLEAN NOT NULL,
	result JSON NOT NULL,
	packed BLOB,
	sha256 VARCHAR(64) NOT NULL,
	made_at DATETIME NOT NULL,
	CONSTRAINT pk_analysis_result PRIMARY KEY (analysis_id),
	CONSTRAINT fk_analysis_result_analysis_id_analysis FOREIGN KEY(analysis_id) REFERENCES analysis (id)
);

CREATE TABLE api_token (
	id CHAR(32) NOT NULL,
	country VARCHAR(3) NOT NULL,
	system VARCHAR(40) NOT NULL,
	scopes JSON NOT NULL,
	sender_key VARCHAR(64) NOT NULL,
	expires_on DATE NOT NULL,
	author_id CHAR(32) NOT NULL,
	author_name VARCHAR(120) NOT NULL,
	made_at DATETIME NOT NULL,
	CONSTRAINT pk_api_token PRIMARY KEY (id),
	CONSTRAINT fk_api_token_id_sign_in FOREIGN KEY(id) REFERENCES sign_in (id),
	CONSTRAINT fk_api_token_author_id_account FOREIGN KEY(author_id) REFERENCES account (id)
);

CREATE INDEX ix_api_token_author_id ON api_token (author_id);

CREATE INDEX ix_api_token_country ON api_token (country);

CREATE TABLE appeal_item (
	list_id CHAR(32) NOT NULL,
	case_id CHAR(32) NOT NULL,
	requesting_country VARCHAR(3) NOT NULL,
	dropped VARCHAR(300) NOT NULL,
	CONSTRAINT pk_appeal_item PRIMARY KEY (list_id, case_id),
	CONSTRAINT fk_appeal_item_list_id_appeal_list FOREIGN KEY(list_id) REFERENCES appeal_list (id),
	CONSTRAINT fk_appeal_item_case_id_fugitive_case FOREIGN KEY(case_id) REFERENCES fugitive_case (id)
);

CREATE TABLE appeal_tips (
	id CHAR(32) NOT NULL,
	case_id CHAR(32) NOT NULL,
	requesting_country VARCHAR(3) NOT NULL,
	received INTEGER NOT NULL,
	author_name VARCHAR(120) NOT NULL,
	made_at DATETIME NOT NULL,
	CONSTRAINT pk_appeal_tips PRIMARY KEY (id),
	CONSTRAINT ck_appeal_tips_some CHECK (received > 0),
	CONSTRAINT fk_appeal_tips_case_id_fugitive_case FOREIGN KEY(case_id) REFERENCES fugitive_case (id)
);

CREATE INDEX ix_appeal_tips_case_id ON appeal_tips (case_id);

CREATE TABLE assessment_score (
	id CHAR(32) NOT NULL,
	author_id CHAR(32) NOT NULL,
	author_name VARCHAR(120) NOT NULL,
	made_at DATETIME NOT NULL,
	assessment_id CHAR(32) NOT NULL,
	country VARCHAR(3) NOT NULL,
	area VARCHAR(24) NOT NULL,
	version INTEGER NOT NULL,
	score INTEGER,
	evidence VARCHAR(2000) NOT NULL,
	gap VARCHAR(2000) NOT NULL,
	measure VARCHAR(2000) NOT NULL,
	cost INTEGER,
	currency VARCHAR(3) NOT NULL,
	CONSTRAINT pk_assessment_score PRIMARY KEY (id),
	CONSTRAINT uq_assessment_score_assessment_id UNIQUE (assessment_id, area, version),
	CONSTRAINT ck_assessment_score_score CHECK (score BETWEEN 0 AND 4),
	CONSTRAINT ck_assessment_score_evidence_given CHECK (score IS NULL OR evidence <> ''),
	CONSTRAINT ck_assessment_score_cost_in_currency CHECK ((cost IS NULL) = (currency = '')),
	CONSTRAINT fk_assessment_score_assessment_id_assessment FOREIGN KEY(assessment_id) REFERENCES assessment (id)
);

CREATE INDEX ix_assessment_score_assessment_id ON assessment_score (assessment_id);

CREATE INDEX ix_assessment_score_country ON assessment_score (country);

CREATE TABLE asset (
	id CHAR(32) NOT NULL,
	country VARCHAR(3) NOT NULL,
	team_id CHAR(32),
	kind VARCHAR(24) NOT NULL,
	label VARCHAR(40) NOT NULL,
	state VARCHAR(16) NOT NULL,
	place VARCHAR(300) NOT NULL,
	placed_at DATETIME NOT NULL,
	version INTEGER NOT NULL,
	CONSTRAINT pk_asset PRIMARY KEY (id),
	CONSTRAINT uq_asset_country UNIQUE (country, label),
	CONSTRAINT ck_asset_version CHECK (version > 0),
	CONSTRAINT fk_asset_team_id_team FOREIGN KEY(team_id) REFERENCES team (id)
);

CREATE INDEX ix_asset_country ON asset (country);

CREATE INDEX ix_asset_team_id ON asset (team_id);

CREATE TABLE cascade_run (
	reason VARCHAR(2000) NOT NULL,
	moved_at DATETIME NOT NULL,
	id CHAR(32) NOT NULL,
	author_id CHAR(32) NOT NULL,
	author_name VARCHAR(120) NOT NULL,
	made_at DATETIME NOT NULL,
	trainer_id CHAR(32) NOT NULL,
	account_id CHAR(32) NOT NULL,
	country VARCHAR(3) NOT NULL,
	course_id CHAR(32) NOT NULL,
	place VARCHAR(120) NOT NULL,
	starts DATE NOT NULL,
	ends DATE NOT NULL,
	state VARCHAR(12) NOT NULL,
	others INTEGER NOT NULL,
	attended INTEGER NOT NULL,
	CONSTRAINT pk_cascade_run PRIMARY KEY (id),
	CONSTRAINT ck_cascade_run_state_known CHECK (state IN ('announced', 'held', 'confirmed', 'cancelled')),
	CONSTRAINT ck_cascade_run_reason_given CHECK (state <> 'cancelled' OR reason <> ''),
	CONSTRAINT ck_cascade_run_somebody_there CHECK (state NOT IN ('held', 'confirmed') OR attended > 0),
	CONSTRAINT ck_cascade_run_counted CHECK (attended >= others AND others >= 0),
	CONSTRAINT ck_cascade_run_in_order CHECK (starts <= ends),
	CONSTRAINT fk_cascade_run_trainer_id_trainer FOREIGN KEY(trainer_id) REFERENCES trainer (id),
	CONSTRAINT fk_cascade_run_account_id_account FOREIGN KEY(account_id) REFERENCES account (id),
	CONSTRAINT fk_cascade_run_course_id_course FOREIGN KEY(course_id) REFERENCES course (id)
);

CREATE INDEX ix_cascade_run_account_id ON cascade_run (account_id);

CREATE INDEX ix_cascade_run_country ON cascade_run (country);

CREATE INDEX ix_cascade_run_course_id ON cascade_run (course_id);

CREATE INDEX ix_cascade_run_trainer_id ON cascade_run (trainer_id);

CREATE TABLE centre_report (
	id CHAR(32) NOT NULL,
	connection_id CHAR(32) NOT NULL,
	number INTEGER NOT NULL,
	operation_id CHAR(32) NOT NULL,
	country VARCHAR(3) NOT NULL,
	site_id CHAR(32) NOT NULL,
	day DATE NOT NULL,
	phase_id CHAR(32) NOT NULL,
	report_id CHAR(32) NOT NULL,
	supersedes_id CHAR(32),
	withdraws BOOLEAN NOT NULL,
	body JSON NOT NULL,
	content_hash VARCHAR(64) NOT NULL,
	author_id CHAR(32) NOT NULL,
	author_name VARCHAR(120) NOT NULL,
	made_at DATETIME NOT NULL,
	answered_at DATETIME,
	refusal VARCHAR(1000) NOT NULL,
	gone BOOLEAN NOT NULL,
	"conflict" JSON,
	settlement VARCHAR(8) NOT NULL,
	CONSTRAINT pk_centre_report PRIMARY KEY (id),
	CONSTRAINT uq_centre_report_connection_id UNIQUE (connection_id, number),
	CONSTRAINT ck_centre_report_refused_by_answer CHECK (refusal = '' OR answered_at IS NOT NULL),
	CONSTRAINT ck_centre_report_withdraws_something CHECK (NOT withdraws OR supersedes_id IS NOT NULL),
	CONSTRAINT ck_centre_report_settles_a_conflict CHECK (settlement = '' OR conflict IS NOT NULL),
	CONSTRAINT ck_centre_report_settlement_known CHECK (settlement IN ('', 'ours', 'theirs')),
	CONSTRAINT fk_centre_report_connection_id_centre_connection FOREIGN KEY(connection_id) REFERENCES centre_connection (id),
	CONSTRAINT fk_centre_report_operation_id_operation FOREIGN KEY(operation_id) REFERENCES operation (id),
	CONSTRAINT fk_centre_report_site_id_site FOREIGN KEY(site_id) REFERENCES site (id)
);

CREATE INDEX ix_centre_report_site_id ON centre_report (site_id);

CREATE UNIQUE INDEX uq_centre_report_one_waits ON centre_report (connection_id, site_id, day, phase_id) WHERE answered_at IS NULL;

CREATE TABLE claim_adjustment (
	claim_id CHAR(32) NOT NULL,
	operation_id CHAR(32) NOT NULL,
	found VARCHAR(8) NOT NULL,
	opened_at DATETIME NOT NULL,
	lines JSON NOT NULL,
	would JSON NOT NULL,
	CONSTRAINT pk_claim_adjustment PRIMARY KEY (claim_id),
	CONSTRAINT fk_claim_adjustment_claim_id_claim FOREIGN KEY(claim_id) REFERENCES claim (id),
	CONSTRAINT fk_claim_adjustment_operation_id_operation FOREIGN KEY(operation_id) REFERENCES operation (id)
);

CREATE INDEX ix_claim_adjustment_operation_id ON claim_adjustment (operation_id);

CREATE TABLE claim_line (
	claim_id CHAR(32) NOT NULL,
	report_id CHAR(32) NOT NULL,
	line_id CHAR(32) NOT NULL,
	operation_id CHAR(32) NOT NULL,
	country VARCHAR(3) NOT NULL,
	place INTEGER NOT NULL,
	role VARCHAR(16) NOT NULL,
	leads JSON NOT NULL,
	CONSTRAINT pk_claim_line PRIMARY KEY (claim_id, report_id, line_id),
	CONSTRAINT fk_claim_line_claim_id_claim FOREIGN KEY(claim_id) REFERENCES claim (id),
	CONSTRAINT fk_claim_line_operation_id_operation FOREIGN KEY(operation_id) REFERENCES operation (id)
);

CREATE INDEX ix_claim_line_line ON claim_line (report_id, line_id);

CREATE INDEX ix_claim_line_operation_id ON claim_line (operation_id);

CREATE TABLE claim_pointer (
	claim_id CHAR(32) NOT NULL,
	operation_id CHAR(32) NOT NULL,
	state VARCHAR(12) NOT NULL,
	reason VARCHAR(2000) NOT NULL,
	told_at DATETIME NOT NULL,
	said_name VARCHAR(120) NOT NULL,
	said_at DATETIME,
	CONSTRAINT pk_claim_pointer PRIMARY KEY (claim_id, operation_id),
	CONSTRAINT ck_claim_pointer_state_known CHECK (state IN ('told', 'let', 'refused', 'dismissed', 'closed')),
	CONSTRAINT ck_claim_pointer_reason_given CHECK (state <> 'refused' OR reason <> ''),
	CONSTRAINT fk_claim_pointer_claim_id_claim FOREIGN KEY(claim_id) REFERENCES claim (id),
	CONSTRAINT fk_claim_pointer_operation_id_operation FOREIGN KEY(operation_id) REFERENCES operation (id)
);

CREATE INDEX ix_claim_pointer_operation_id ON claim_pointer (operation_id);

CREATE TABLE claim_step (
	id CHAR(32) NOT NULL,
	of_id CHAR(32) NOT NULL,
	state VARCHAR(16) NOT NULL,
	words VARCHAR(2000) NOT NULL,
	author_name VARCHAR(120) NOT NULL,
	made_at DATETIME NOT NULL,
	CONSTRAINT pk_claim_step PRIMARY KEY (id),
	CONSTRAINT fk_claim_step_of_id_claim FOREIGN KEY(of_id) REFERENCES claim (id)
);

CREATE INDEX ix_claim_step_of_id ON claim_step (of_id);

CREATE TABLE claim_word (
	claim_id CHAR(32) NOT NULL,
	country VARCHAR(3) NOT NULL,
	round INTEGER NOT NULL,
	operation_id CHAR(32) NOT NULL,
	same BOOLEAN NOT NULL,
	words VARCHAR(2000) NOT NULL,
	said_by CHAR(32) NOT NULL,
	said_name VARCHAR(120) NOT NULL,
	said_at DATETIME NOT NULL,
	CONSTRAINT pk_claim_word PRIMARY KEY (claim_id, country, round),
	CONSTRAINT fk_claim_word_claim_id_claim FOREIGN KEY(claim_id) REFERENCES claim (id),
	CONSTRAINT fk_claim_word_operation_id_operation FOREIGN KEY(operation_id) REFERENCES operation (id)
);

CREATE INDEX ix_claim_word_operation_id ON claim_word (operation_id);

CREATE TABLE deconfliction_entry (
	id CHAR(32) NOT NULL,
	room_id CHAR(32) NOT NULL,
	operation_id CHAR(32),
	country VARCHAR(3) NOT NULL,
	number INTEGER NOT NULL,
	kind VARCHAR(16) NOT NULL,
	tag VARCHAR(64),
	contact VARCHAR(160) NOT NULL,
	author_id CHAR(32) NOT NULL,
	author_name VARCHAR(120) NOT NULL,
	made_at DATETIME NOT NULL,
	withdrawn_at DATETIME,
	CONSTRAINT pk_deconfliction_entry PRIMARY KEY (id),
	CONSTRAINT uq_deconfliction_entry_room_id UNIQUE (room_id, country, number),
	CONSTRAINT ck_deconfliction_entry_tag_until_withdrawn CHECK ((tag IS NULL) = (withdrawn_at IS NOT NULL)),
	CONSTRAINT fk_deconfliction_entry_room_id_deconfliction_room FOREIGN KEY(room_id) REFERENCES deconfliction_room (id),
	CONSTRAINT fk_deconfliction_entry_operation_id_operation FOREIGN KEY(operation_id) REFERENCES operation (id)
);

CREATE INDEX ix_deconfliction_entry_country ON deconfliction_entry (country);

CREATE UNIQUE INDEX uq_deconfliction_entry_tag ON deconfliction_entry (room_id, tag, country);

CREATE TABLE deconfliction_match (
	id CHAR(32) NOT NULL,
	room_id CHAR(32) NOT NULL,
	operation_id CHAR(32),
	kind VARCHAR(16) NOT NULL,
	country VARCHAR(3) NOT NULL,
	other VARCHAR(3) NOT NULL,
	state VARCHAR(12) NOT NULL,
	made_at DATETIME NOT NULL,
	CONSTRAINT pk_deconfliction_match PRIMARY KEY (id),
	CONSTRAINT ck_deconfliction_match_state_known CHECK (state IN ('told', 'spoken', 'nothing')),
	CONSTRAINT ck_deconfliction_match_of_two CHECK (country <> other),
	CONSTRAINT fk_deconfliction_match_room_id_deconfliction_room FOREIGN KEY(room_id) REFERENCES deconfliction_room (id),
	CONSTRAINT fk_deconfliction_match_operation_id_operation FOREIGN KEY(operation_id) REFERENCES operation (id)
);

CREATE INDEX ix_deconfliction_match_room_id ON deconfliction_match (room_id);

CREATE TABLE delivery (
	message_id CHAR(32) NOT NULL,
	account_id CHAR(32) NOT NULL,
	way VARCHAR(8) NOT NULL,
	made_at DATETIME NOT NULL,
	due_at DATETIME NOT NULL,
	digest BOOLEAN NOT NULL,
	read_at DATETIME,
	sent_at DATETIME,
	given_up_at DATETIME,
	attempt INTEGER NOT NULL,
	failure VARCHAR(300) NOT NULL,
	CONSTRAINT pk_delivery PRIMARY KEY (message_id, account_id, way),
	CONSTRAINT ck_delivery_way CHECK (way IN ('inbox', 'mail')),
	CONSTRAINT ck_delivery_ends_once CHECK (sent_at IS NULL OR given_up_at IS NULL),
	CONSTRAINT fk_delivery_message_id_message FOREIGN KEY(message_id) REFERENCES message (id),
	CONSTRAINT fk_delivery_account_id_account FOREIGN KEY(account_id) REFERENCES account (id)
);

CREATE INDEX ix_delivery_due ON delivery (way, sent_at, due_at);

CREATE INDEX ix_delivery_unread ON delivery (account_id, way, read_at);

CREATE TABLE dispatch_passing (
	id CHAR(32) NOT NULL,
	dispatch_id CHAR(32) NOT NULL,
	operation_id CHAR(32),
	country VARCHAR(3) NOT NULL,
	origin VARCHAR(3) NOT NULL,
	countries VARCHAR(200) NOT NULL,
	purpose VARCHAR(2000) NOT NULL,
	classification VARCHAR(24) NOT NULL,
	state VARCHAR(12) NOT NULL,
	reason VARCHAR(2000) NOT NULL,
	author_id CHAR(32) NOT NULL,
	author_name VARCHAR(120) NOT NULL,
	asked_at DATETIME NOT NULL,
	decided_by VARCHAR(120) NOT NULL,
	decided_at DATETIME,
	CONSTRAINT pk_dispatch_passing PRIMARY KEY (id),
	CONSTRAINT ck_dispatch_passing_state_known CHECK (state IN ('asked', 'consented', 'refused')),
	CONSTRAINT ck_dispatch_passing_decided_once CHECK ((state = 'asked') = (decided_at IS NULL)),
	CONSTRAINT fk_dispatch_passing_dispatch_id_dispatch FOREIGN KEY(dispatch_id) REFERENCES dispatch (id),
	CONSTRAINT fk_dispatch_passing_operation_id_operation FOREIGN KEY(operation_id) REFERENCES operation (id)
);

CREATE INDEX ix_dispatch_passing_dispatch_id ON dispatch_passing (dispatch_id);

CREATE INDEX ix_dispatch_passing_origin ON dispatch_passing (origin);

CREATE TABLE dispatch_receipt (
	dispatch_id CHAR(32) NOT NULL,
	country VARCHAR(3) NOT NULL,
	operation_id CHAR(32),
	origin VARCHAR(3) NOT NULL,
	via VARCHAR(3),
	classification VARCHAR(24) NOT NULL,
	state VARCHAR(12) NOT NULL,
	due DATETIME,
	sent_at DATETIME NOT NULL,
	read_at DATETIME,
	read_by VARCHAR(120) NOT NULL,
	answered_at DATETIME,
	CONSTRAINT pk_dispatch_receipt PRIMARY KEY (dispatch_id, country),
	CONSTRAINT ck_dispatch_receipt_state_known CHECK (state IN ('delivered', 'read', 'answered')),
	CONSTRAINT ck_dispatch_receipt_read_once CHECK ((state = 'delivered') = (read_at IS NULL)),
	CONSTRAINT ck_dispatch_receipt_to_others CHECK (country <> origin),
	CONSTRAINT fk_dispatch_receipt_dispatch_id_dispatch FOREIGN KEY(dispatch_id) REFERENCES dispatch (id),
	CONSTRAINT fk_dispatch_receipt_operation_id_operation FOREIGN KEY(operation_id) REFERENCES operation (id)
);

CREATE TABLE enrolment (
	reason VARCHAR(2000) NOT NULL,
	moved_at DATETIME NOT NULL,
	id CHAR(32) NOT NULL,
	author_id CHAR(32) NOT NULL,
	author_name VARCHAR(120) NOT NULL,
	made_at DATETIME NOT NULL,
	run_id CHAR(32) NOT NULL,
	account_id CHAR(32) NOT NULL,
	country VARCHAR(3) NOT NULL,
	post_id CHAR(32),
	state VARCHAR(12) NOT NULL,
	"before" INTEGER,
	"after" INTEGER,
	CONSTRAINT pk_enrolment PRIMARY KEY (id),
	CONSTRAINT ck_enrolment_state_known CHECK (state IN ('enrolled', 'attended', 'absent', 'passed', 'failed', 'withdrawn')),
	CONSTRAINT ck_enrolment_passed_by_test CHECK ((state IN ('passed', 'failed')) = (after IS NOT NULL)),
	CONSTRAINT ck_enrolment_reason_given CHECK ((state = 'withdrawn') = (reason <> '')),
	CONSTRAINT ck_enrolment_points CHECK (before >= 0 AND after >= 0),
	CONSTRAINT fk_enrolment_run_id_course_run FOREIGN KEY(run_id) REFERENCES course_run (id),
	CONSTRAINT fk_enrolment_account_id_account FOREIGN KEY(account_id) REFERENCES account (id),
	CONSTRAINT fk_enrolment_post_id_post FOREIGN KEY(post_id) REFERENCES post (id)
);

CREATE INDEX ix_enrolment_account_id ON enrolment (account_id);

CREATE INDEX ix_enrolment_country ON enrolment (country);

CREATE INDEX ix_enrolment_post_id ON enrolment (post_id);

CREATE INDEX ix_enrolment_run_id ON enrolment (run_id);

CREATE UNIQUE INDEX uq_enrolment_person ON enrolment (run_id, account_id) WHERE state <> 'withdrawn';

CREATE TABLE evaluation_country (
	id CHAR(32) NOT NULL,
	evaluation_id CHAR(32) NOT NULL,
	country VARCHAR(3) NOT NULL,
	state VARCHAR(12) NOT NULL,
	moved_at DATETIME NOT NULL,
	CONSTRAINT pk_evaluation_country PRIMARY KEY (id),
	CONSTRAINT ck_evaluation_country_state_known CHECK (state IN ('concerned', 'asked', 'agreed', 'commented', 'answered', 'silent')),
	CONSTRAINT uq_evaluation_country_evaluation_id UNIQUE (evaluation_id, country),
	CONSTRAINT fk_evaluation_country_evaluation_id_evaluation FOREIGN KEY(evaluation_id) REFERENCES evaluation (id)
);

CREATE INDEX ix_evaluation_country_country ON evaluation_country (country);

CREATE INDEX ix_evaluation_country_evaluation_id ON evaluation_country (evaluation_id);

CREATE TABLE evaluation_judgement (
	id CHAR(32) NOT NULL,
	evaluation_id CHAR(32) NOT NULL,
	criterion VARCHAR(16) NOT NULL,
	version INTEGER NOT NULL,
	score INTEGER,
	words VARCHAR(2000) NOT NULL,
	evidence VARCHAR(2000) NOT NULL,
	author_id CHAR(32) NOT NULL,
	author_name VARCHAR(120) NOT NULL,
	made_at DATETIME NOT NULL,
	CONSTRAINT pk_evaluation_judgement PRIMARY KEY (id),
	CONSTRAINT uq_evaluation_judgement_evaluation_id UNIQUE (evaluation_id, criterion, version),
	CONSTRAINT ck_evaluation_judgement_score CHECK (score BETWEEN 1 AND 4),
	CONSTRAINT ck_evaluation_judgement_evidence_given CHECK (score IS NULL OR evidence <> ''),
	CONSTRAINT fk_evaluation_judgement_evaluation_id_evaluation FOREIGN KEY(evaluation_id) REFERENCES evaluation (id)
);

CREATE INDEX ix_evaluation_judgement_evaluation_id ON evaluation_judgement (evaluation_id);

CREATE TABLE evaluation_method (
	id CHAR(32) NOT NULL,
	evaluation_id CHAR(32) NOT NULL,
	method VARCHAR(24) NOT NULL,
	held_on DATE NOT NULL,
	place VARCHAR(160) NOT NULL,
	who VARCHAR(2000) NOT NULL,
	finding VARCHAR(2000) NOT NULL,
	author_id CHAR(32) NOT NULL,
	author_name VARCHAR(120) NOT NULL,
	made_at DATETIME NOT NULL,
	CONSTRAINT pk_evaluation_method PRIMARY KEY (id),
	CONSTRAINT fk_evaluation_method_evaluation_id_evaluation FOREIGN KEY(evaluation_id) REFERENCES evaluation (id)
);

CREATE INDEX ix_evaluation_method_evaluation_id ON evaluation_method (evaluation_id);

CREATE TABLE evaluation_outcome (
	id CHAR(32) NOT NULL,
	evaluation_id CHAR(32) NOT NULL,
	country VARCHAR(3) NOT NULL,
	version INTEGER NOT NULL,
	opened INTEGER NOT NULL,
	charged INTEGER NOT NULL,
	convicted INTEGER NOT NULL,
	as_of DATE NOT NULL,
	source VARCHAR(300) NOT NULL,
	author_id CHAR(32) NOT NULL,
	author_name VARCHAR(120) NOT NULL,
	made_at DATETIME NOT NULL,
	CONSTRAINT pk_evaluation_outcome PRIMARY KEY (id),
	CONSTRAINT uq_evaluation_outcome_evaluation_id UNIQUE (evaluation_id, country, version),
	CONSTRAINT ck_evaluation_outcome_parts CHECK (0 <= convicted AND convicted <= charged AND charged <= opened),
	CONSTRAINT fk_evaluation_outcome_evaluation_id_evaluation FOREIGN KEY(evaluation_id) REFERENCES evaluation (id)
);

CREATE INDEX ix_evaluation_outcome_evaluation_id ON evaluation_outcome (evaluation_id);

CREATE TABLE evaluation_step (
	id CHAR(32) NOT NULL,
	evaluation_id CHAR(32) NOT NULL,
	country VARCHAR(3),
	state VARCHAR(12) NOT NULL,
	words VARCHAR(2000) NOT NULL,
	author_id CHAR(32),
	author_name VARCHAR(120) NOT NULL,
	made_at DATETIME NOT NULL,
	CONSTRAINT pk_evaluation_step PRIMARY KEY (id),
	CONSTRAINT fk_evaluation_step_evaluation_id_evaluation FOREIGN KEY(evaluation_id) REFERENCES evaluation (id)
);

CREATE INDEX ix_evaluation_step_evaluation_id ON evaluation_step (evaluation_id);

CREATE TABLE fugitive_believed (
	case_id CHAR(32) NOT NULL,
	country VARCHAR(3) NOT NULL,
	requesting_country VARCHAR(3) NOT NULL,
	CONSTRAINT pk_fugitive_believed PRIMARY KEY (case_id, country),
	CONSTRAINT fk_fugitive_believed_case_id_fugitive_case FOREIGN KEY(case_id) REFERENCES fugitive_case (id)
);

CREATE TABLE fugitive_location (
	id CHAR(32) NOT NULL,
	case_id CHAR(32) NOT NULL,
	country VARCHAR(3) NOT NULL,
	requesting_country VARCHAR(3) NOT NULL,
	state VARCHAR(20) NOT NULL,
	remark VARCHAR(2000) NOT NULL,
	content_hash VARCHAR(64) NOT NULL,
	author_name VARCHAR(120) NOT NULL,
	reported_at DATETIME NOT NULL,
	answered_at DATETIME,
	arrested_at DATETIME,
	erased_at DATETIME,
	CONSTRAINT pk_fugitive_location PRIMARY KEY (id),
	CONSTRAINT ck_fugitive_location_state_known CHECK (state IN ('reported', 'confirmed', 'arrest_reported', 'arrest_confirmed', 'negative')),
	CONSTRAINT ck_fugitive_location_two_countries CHECK (country <> requesting_country),
	CONSTRAINT ck_fugitive_location_erased_is_gone CHECK (erased_at IS NULL OR (remark = '' AND state = 'negative')),
	CONSTRAINT ck_fugitive_location_arrest_has_a_time CHECK ((state IN ('arrest_reported', 'arrest_confirmed')) = (arrested_at IS NOT NULL)),
	CONSTRAINT fk_fugitive_location_case_id_fugitive_case FOREIGN KEY(case_id) REFERENCES fugitive_case (id)
);

CREATE INDEX ix_fugitive_location_case_id ON fugitive_location (case_id);

CREATE TABLE fugitive_step (
	id CHAR(32) NOT NULL,
	case_id CHAR(32) NOT NULL,
	requesting_country VARCHAR(3) NOT NULL,
	country VARCHAR(3),
	"before" VARCHAR(20) NOT NULL,
	"after" VARCHAR(20) NOT NULL,
	reason VARCHAR(2000) NOT NULL,
	author_id CHAR(32),
	author_name VARCHAR(120) NOT NULL,
	made_at DATETIME NOT NULL,
	CONSTRAINT pk_fugitive_step PRIMARY KEY (id),
	CONSTRAINT fk_fugitive_step_case_id_fugitive_case FOREIGN KEY(case_id) REFERENCES fugitive_case (id)
);

CREATE INDEX ix_fugitive_step_case_id ON fugitive_step (case_id);

CREATE TABLE fugitive_version (
	id CHAR(32) NOT NULL,
	case_id CHAR(32) NOT NULL,
	requesting_country VARCHAR(3) NOT NULL,
	version INTEGER NOT NULL,
	content JSON NOT NULL,
	content_hash VARCHAR(64) NOT NULL,
	author_id CHAR(32) NOT NULL,
	author_name VARCHAR(120) NOT NULL,
	made_at DATETIME NOT NULL,
	CONSTRAINT pk_fugitive_version PRIMARY KEY (id),
	CONSTRAINT uq_fugitive_version_case_id UNIQUE (case_id, version),
	CONSTRAINT fk_fugitive_version_case_id_fugitive_case FOREIGN KEY(case_id) REFERENCES fugitive_case (id)
);

CREATE INDEX ix_fugitive_version_case_id ON fugitive_version (case_id);

CREATE TABLE incident_apart (
	incident_id CHAR(32) NOT NULL,
	account_id CHAR(32) NOT NULL,
	part VARCHAR(12) NOT NULL,
	CONSTRAINT pk_incident_apart PRIMARY KEY (incident_id, account_id),
	CONSTRAINT fk_incident_apart_incident_id_serious_incident FOREIGN KEY(incident_id) REFERENCES serious_incident (id),
	CONSTRAINT fk_incident_apart_account_id_account FOREIGN KEY(account_id) REFERENCES account (id)
);

CREATE INDEX ix_incident_apart_account_id ON incident_apart (account_id);

CREATE TABLE incident_grant (
	id CHAR(32) NOT NULL,
	incident_id CHAR(32) NOT NULL,
	account_id CHAR(32) NOT NULL,
	reason VARCHAR(2000) NOT NULL,
	until DATETIME NOT NULL,
	author_id CHAR(32) NOT NULL,
	author_name VARCHAR(120) NOT NULL,
	made_at DATETIME NOT NULL,
	CONSTRAINT pk_incident_grant PRIMARY KEY (id),
	CONSTRAINT fk_incident_grant_incident_id_serious_incident FOREIGN KEY(incident_id) REFERENCES serious_incident (id),
	CONSTRAINT fk_incident_grant_account_id_account FOREIGN KEY(account_id) REFERENCES account (id)
);

CREATE INDEX ix_incident_grant_account_id ON incident_grant (account_id);

CREATE INDEX ix_incident_grant_incident_id ON incident_grant (incident_id);

CREATE TABLE incident_version (
	id CHAR(32) NOT NULL,
	incident_id CHAR(32) NOT NULL,
	version INTEGER NOT NULL,
	about VARCHAR(16) NOT NULL,
	content JSON NOT NULL,
	author_id CHAR(32) NOT NULL,
	author_name VARCHAR(120) NOT NULL,
	made_at DATETIME NOT NULL,
	CONSTRAINT pk_incident_version PRIMARY KEY (id),
	CONSTRAINT uq_incident_version_incident_id UNIQUE (incident_id, version),
	CONSTRAINT fk_incident_version_incident_id_serious_incident FOREIGN KEY(incident_id) REFERENCES serious_incident (id)
);

CREATE INDEX ix_incident_version_incident_id ON incident_version (incident_id);

CREATE TABLE layer_content (
	version_id CHAR(32) NOT NULL,
	data BLOB NOT NULL,
	CONSTRAINT pk_layer_content PRIMARY KEY (version_id),
	CONSTRAINT fk_layer_content_version_id_event_layer FOREIGN KEY(version_id) REFERENCES event_layer (id)
);

CREATE TABLE layer_marks (
	content_id CHAR(32) NOT NULL,
	zoom INTEGER NOT NULL,
	number INTEGER NOT NULL,
	west FLOAT NOT NULL,
	south FLOAT NOT NULL,
	east FLOAT NOT NULL,
	north FLOAT NOT NULL,
	marks INTEGER NOT NULL,
	data BLOB NOT NULL,
	CONSTRAINT pk_layer_marks PRIMARY KEY (content_id, zoom, number),
	CONSTRAINT fk_layer_marks_content_id_event_layer FOREIGN KEY(content_id) REFERENCES event_layer (id)
);

CREATE TABLE lead_answer (
	id CHAR(32) NOT NULL,
	lead_id CHAR(32) NOT NULL,
	country VARCHAR(3) NOT NULL,
	origin_country VARCHAR(3),
	answer VARCHAR(12) NOT NULL,
	remark VARCHAR(2000) NOT NULL,
	author_id CHAR(32) NOT NULL,
	author_name VARCHAR(120) NOT NULL,
	made_at DATETIME NOT NULL,
	CONSTRAINT pk_lead_answer PRIMARY KEY (id),
	CONSTRAINT fk_lead_answer_lead_id_lead FOREIGN KEY(lead_id) REFERENCES lead (id)
);

CREATE INDEX ix_lead_answer_lead_id ON lead_answer (lead_id);

CREATE TABLE lead_country (
	lead_id CHAR(32) NOT NULL,
	country VARCHAR(3) NOT NULL,
	operation_id CHAR(32) NOT NULL,
	origin_country VARCHAR(3),
	subject_id CHAR(32),
	state VARCHAR(12) NOT NULL,
	due DATETIME NOT NULL,
	shared_at DATETIME,
	answered_at DATETIME,
	revoked_at DATETIME,
	revoked_reason VARCHAR(2000) NOT NULL,
	CONSTRAINT pk_lead_country PRIMARY KEY (lead_id, country),
	CONSTRAINT ck_lead_country_state_known CHECK (state IN ('new', 'shared', 'accepted', 'actioned', 'negative', 'positive', 'expired')),
	CONSTRAINT ck_lead_country_new_until_shared CHECK ((state = 'new') = (shared_at IS NULL)),
	CONSTRAINT fk_lead_country_lead_id_lead FOREIGN KEY(lead_id) REFERENCES lead (id),
	CONSTRAINT fk_lead_country_operation_id_operation FOREIGN KEY(operation_id) REFERENCES operation (id)
);

CREATE INDEX ix_lead_country_operation_id ON lead_country (operation_id);

CREATE INDEX ix_lead_country_subject ON lead_country (subject_id, country);

CREATE TABLE lead_version (
	id CHAR(32) NOT NULL,
	lead_id CHAR(32) NOT NULL,
	version INTEGER NOT NULL,
	question VARCHAR(2000) NOT NULL,
	due DATETIME NOT NULL,
	source VARCHAR(1) NOT NULL,
	information VARCHAR(1) NOT NULL,
	handling VARCHAR(2) NOT NULL,
	content_hash VARCHAR(64) NOT NULL,
	author_id CHAR(32) NOT NULL,
	author_name VARCHAR(120) NOT NULL,
	made_at DATETIME NOT NULL,
	CONSTRAINT pk_lead_version PRIMARY KEY (id),
	CONSTRAINT uq_lead_version_lead_id UNIQUE (lead_id, version),
	CONSTRAINT fk_lead_version_lead_id_lead FOREIGN KEY(lead_id) REFERENCES lead (id)
);

CREATE INDEX ix_lead_version_lead_id ON lead_version (lead_id);

CREATE TABLE legal_hold (
	reason VARCHAR(2000) NOT NULL,
	moved_at DATETIME NOT NULL,
	id CHAR(32) NOT NULL,
	author_id CHAR(32) NOT NULL,
	author_name VARCHAR(120) NOT NULL,
	made_at DATETIME NOT NULL,
	operation_id CHAR(32) NOT NULL,
	country VARCHAR(3),
	case_id CHAR(32),
	authority VARCHAR(120) NOT NULL,
	file_ref VARCHAR(80) NOT NULL,
	why VARCHAR(2000) NOT NULL,
	state VARCHAR(12) NOT NULL,
	lifted_by CHAR(32),
	lifted_name VARCHAR(120) NOT NULL,
	CONSTRAINT pk_legal_hold PRIMARY KEY (id),
	CONSTRAINT ck_legal_hold_state_known CHECK (state IN ('set', 'lifted')),
	CONSTRAINT ck_legal_hold_reason_given CHECK ((state = 'lifted') = (reason <> '')),
	CONSTRAINT ck_legal_hold_lifted_by_somebody CHECK ((state = 'lifted') = (lifted_by IS NOT NULL)),
	CONSTRAINT ck_legal_hold_second_person CHECK (lifted_by IS NULL OR lifted_by <> author_id),
	CONSTRAINT fk_legal_hold_operation_id_operation FOREIGN KEY(operation_id) REFERENCES operation (id),
	CONSTRAINT fk_legal_hold_case_id_fugitive_case FOREIGN KEY(case_id) REFERENCES fugitive_case (id)
);

CREATE INDEX ix_legal_hold_country ON legal_hold (country);

CREATE INDEX ix_legal_hold_operation_id ON legal_hold (operation_id);

CREATE TABLE notice_check (
	id CHAR(32) NOT NULL,
	case_id CHAR(32) NOT NULL,
	requesting_country VARCHAR(3) NOT NULL,
	day DATE NOT NULL,
	status VARCHAR(12) NOT NULL,
	author_name VARCHAR(120) NOT NULL,
	made_at DATETIME NOT NULL,
	CONSTRAINT pk_notice_check PRIMARY KEY (id),
	CONSTRAINT fk_notice_check_case_id_fugitive_case FOREIGN KEY(case_id) REFERENCES fugitive_case (id)
);

CREATE INDEX ix_notice_check_case_id ON notice_check (case_id);

CREATE TABLE oplan_item (
	version_id CHAR(32) NOT NULL,
	section_id CHAR(32) NOT NULL,
	CONSTRAINT pk_oplan_item PRIMARY KEY (version_id, section_id),
	CONSTRAINT fk_oplan_item_version_id_oplan_version FOREIGN KEY(version_id) REFERENCES oplan_version (id),
	CONSTRAINT fk_oplan_item_section_id_oplan_section FOREIGN KEY(section_id) REFERENCES oplan_section (id)
);

CREATE TABLE outage (
	id CHAR(32) NOT NULL,
	link_id CHAR(32) NOT NULL,
	country VARCHAR(3) NOT NULL,
	starts DATETIME NOT NULL,
	ends DATETIME,
	planned BOOLEAN NOT NULL,
	cause VARCHAR(300) NOT NULL,
	author_name VARCHAR(120) NOT NULL,
	made_at DATETIME NOT NULL,
	CONSTRAINT pk_outage PRIMARY KEY (id),
	CONSTRAINT ck_outage_in_order CHECK (ends IS NULL OR ends > starts),
	CONSTRAINT fk_outage_link_id_link FOREIGN KEY(link_id) REFERENCES link (id)
);

CREATE INDEX ix_outage_country ON outage (country);

CREATE INDEX ix_outage_link_id ON outage (link_id);

CREATE TABLE phase_run (
	run_id CHAR(32) NOT NULL,
	phase_id CHAR(32) NOT NULL,
	operation_id CHAR(32) NOT NULL,
	made_at DATETIME NOT NULL,
	CONSTRAINT pk_phase_run PRIMARY KEY (run_id),
	CONSTRAINT fk_phase_run_run_id_course_run FOREIGN KEY(run_id) REFERENCES course_run (id),
	CONSTRAINT fk_phase_run_phase_id_phase FOREIGN KEY(phase_id) REFERENCES phase (id),
	CONSTRAINT fk_phase_run_operation_id_operation FOREIGN KEY(operation_id) REFERENCES operation (id)
);

CREATE INDEX ix_phase_run_operation_id ON phase_run (operation_id);

CREATE INDEX ix_phase_run_phase_id ON phase_run (phase_id);

CREATE TABLE plan_item (
	plan_version_id CHAR(32) NOT NULL,
	item_id CHAR(32) NOT NULL,
	version_id CHAR(32),
	country VARCHAR(3),
	audience VARCHAR(16) NOT NULL,
	CONSTRAINT pk_plan_item PRIMARY KEY (plan_version_id, item_id),
	CONSTRAINT fk_plan_item_plan_version_id_plan_version FOREIGN KEY(plan_version_id) REFERENCES plan_version (id),
	CONSTRAINT fk_plan_item_version_id_map_object FOREIGN KEY(version_id) REFERENCES map_object (id)
);

CREATE TABLE post_site (
	site_id CHAR(32) NOT NULL,
	post_id CHAR(32) NOT NULL,
	country VARCHAR(3) NOT NULL,
	CONSTRAINT pk_post_site PRIMARY KEY (site_id),
	CONSTRAINT fk_post_site_site_id_site FOREIGN KEY(site_id) REFERENCES site (id),
	CONSTRAINT fk_post_site_post_id_post FOREIGN KEY(post_id) REFERENCES post (id)
);

CREATE INDEX ix_post_site_country ON post_site (country);

CREATE INDEX ix_post_site_post_id ON post_site (post_id);

CREATE TABLE posting (
	id CHAR(32) NOT NULL,
	account_id CHAR(32) NOT NULL,
	site_id CHAR(32) NOT NULL,
	starts DATETIME,
	ends DATETIME,
	made_by CHAR(32),
	version INTEGER NOT NULL,
	CONSTRAINT pk_posting PRIMARY KEY (id),
	CONSTRAINT ck_posting_in_order CHECK (starts <= ends),
	CONSTRAINT fk_posting_account_id_account FOREIGN KEY(account_id) REFERENCES account (id),
	CONSTRAINT fk_posting_site_id_site FOREIGN KEY(site_id) REFERENCES site (id),
	CONSTRAINT fk_posting_made_by_account FOREIGN KEY(made_by) REFERENCES account (id)
);

CREATE INDEX ix_posting_account_id ON posting (account_id);

CREATE INDEX ix_posting_site_id ON posting (site_id);

CREATE TABLE product (
	id CHAR(32) NOT NULL,
	author_id CHAR(32) NOT NULL,
	author_name VARCHAR(120) NOT NULL,
	made_at DATETIME NOT NULL,
	operation_id CHAR(32) NOT NULL,
	request_id CHAR(32) NOT NULL,
	title VARCHAR(160) NOT NULL,
	body VARCHAR(8000) NOT NULL,
	source VARCHAR(1) NOT NULL,
	information VARCHAR(1) NOT NULL,
	handling VARCHAR(2) NOT NULL,
	classification VARCHAR(24) NOT NULL,
	originators VARCHAR(200) NOT NULL,
	erased_at DATETIME,
	CONSTRAINT pk_product PRIMARY KEY (id),
	CONSTRAINT ck_product_said_until_erased CHECK ((erased_at IS NULL) = (body <> '')),
	CONSTRAINT fk_product_operation_id_operation FOREIGN KEY(operation_id) REFERENCES operation (id),
	CONSTRAINT uq_product_request_id UNIQUE (request_id),
	CONSTRAINT fk_product_request_id_product_request FOREIGN KEY(request_id) REFERENCES product_request (id)
);

CREATE INDEX ix_product_operation_id ON product (operation_id);

CREATE TABLE recommendation (
	id CHAR(32) NOT NULL,
	operation_id CHAR(32),
	evaluation_id CHAR(32),
	country VARCHAR(3),
	role VARCHAR(32),
	text VARCHAR(2000) NOT NULL,
	evidence VARCHAR(2000) NOT NULL,
	area VARCHAR(24) NOT NULL,
	source VARCHAR(24) NOT NULL,
	due DATE NOT NULL,
	state VARCHAR(12) NOT NULL,
	reason VARCHAR(2000) NOT NULL,
	done_by CHAR(32),
	closed_by CHAR(32),
	author_id CHAR(32) NOT NULL,
	author_name VARCHAR(120) NOT NULL,
	made_at DATETIME NOT NULL,
	CONSTRAINT pk_recommendation PRIMARY KEY (id),
	CONSTRAINT ck_recommendation_done_by_somebody CHECK ((state IN ('done', 'closed')) = (done_by IS NOT NULL)),
	CONSTRAINT ck_recommendation_owned_by_one CHECK ((country IS NULL) <> (role IS NULL)),
	CONSTRAINT ck_recommendation_of_something CHECK (operation_id IS NOT NULL OR evaluation_id IS NOT NULL),
	CONSTRAINT ck_recommendation_state_known CHECK (state IN ('proposed', 'accepted', 'partly', 'under_way', 'done', 'closed', 'rejected', 'dropped')),
	CONSTRAINT ck_recommendation_reason_given CHECK ((state IN ('accepted', 'partly', 'done', 'rejected', 'dropped')) = (reason <> '')),
	CONSTRAINT ck_recommendation_closed_once CHECK ((state = 'closed') = (closed_by IS NOT NULL)),
	CONSTRAINT ck_recommendation_other_eyes CHECK (closed_by IS NULL OR closed_by <> done_by),
	CONSTRAINT fk_recommendation_operation_id_operation FOREIGN KEY(operation_id) REFERENCES operation (id),
	CONSTRAINT fk_recommendation_evaluation_id_evaluation FOREIGN KEY(evaluation_id) REFERENCES evaluation (id)
);

CREATE INDEX ix_recommendation_evaluation_id ON recommendation (evaluation_id);

CREATE INDEX ix_recommendation_operation_id ON recommendation (operation_id);

CREATE TABLE report (
	id CHAR(32) NOT NULL,
	report_id CHAR(32) NOT NULL,
	version INTEGER NOT NULL,
	supersedes_id CHAR(32),
	correction_reason VARCHAR(32),
	operation_id CHAR(32) NOT NULL,
	country VARCHAR(3) NOT NULL,
	site_id CHAR(32) NOT NULL,
	phase_id CHAR(32) NOT NULL,
	kind VARCHAR(16) NOT NULL,
	period_from DATETIME NOT NULL,
	period_to DATETIME NOT NULL,
	zone VARCHAR(64) NOT NULL,
	official_day DATE NOT NULL,
	remarks VARCHAR(2000) NOT NULL,
	impact VARCHAR(16),
	state VARCHAR(24) NOT NULL,
	level INTEGER NOT NULL,
	counted BOOLEAN NOT NULL,
	late BOOLEAN DEFAULT 0 NOT NULL,
	author_id CHAR(32) NOT NULL,
	author_name VARCHAR(120) NOT NULL,
	keyed_by CHAR(32),
	signed_key VARCHAR(64),
	verified_by CHAR(32),
	validated_by CHAR(32),
	consolidated_by CHAR(32),
	returned_reason VARCHAR(32),
	returned_note VARCHAR(2000) NOT NULL,
	recorded_at DATETIME NOT NULL,
	clock_offset INTEGER,
	received_at DATETIME NOT NULL,
	content_hash VARCHAR(64) NOT NULL,
	CONSTRAINT pk_report PRIMARY KEY (id),
	CONSTRAINT uq_report_report_id UNIQUE (report_id, version),
	CONSTRAINT ck_report_state_known CHECK (state IN ('submitted', 'locally_verified', 'nationally_validated', 'consolidated', 'returned', 'rejected', 'withdrawn', 'superseded')),
	CONSTRAINT ck_report_four_eyes_local CHECK (verified_by IS NULL OR verified_by <> author_id),
	CONSTRAINT ck_report_four_eyes_national CHECK (validated_by IS NULL OR (validated_by <> author_id AND validated_by <> verified_by)),
	CONSTRAINT ck_report_four_eyes_central CHECK (consolidated_by IS NULL OR (consolidated_by <> author_id AND consolidated_by <> verified_by AND consolidated_by <> validated_by)),
	CONSTRAINT ck_report_level CHECK (level BETWEEN 0 AND 5),
	CONSTRAINT ck_report_no_level_skipped CHECK ((level < 2 OR verified_by IS NOT NULL) AND (level < 3 OR validated_by IS NOT NULL) AND (level < 4 OR consolidated_by IS NOT NULL)),
	CONSTRAINT ck_report_drafts_never_count CHECK (NOT counted OR level > 0),
	CONSTRAINT uq_report_supersedes_id UNIQUE (supersedes_id),
	CONSTRAINT fk_report_supersedes_id_report FOREIGN KEY(supersedes_id) REFERENCES report (id),
	CONSTRAINT fk_report_operation_id_operation FOREIGN KEY(operation_id) REFERENCES operation (id),
	CONSTRAINT fk_report_site_id_site FOREIGN KEY(site_id) REFERENCES site (id),
	CONSTRAINT fk_report_phase_id_phase FOREIGN KEY(phase_id) REFERENCES phase (id)
);

CREATE INDEX ix_report_chain ON report (report_id, operation_id, country);

CREATE INDEX ix_report_site_id ON report (site_id);

CREATE INDEX ix_report_worklist ON report (operation_id, country, state);

CREATE UNIQUE INDEX uq_report_one_counts ON report (report_id) WHERE counted;

CREATE TABLE review_finding (
	reason VARCHAR(2000) NOT NULL,
	moved_at DATETIME NOT NULL,
	id CHAR(32) NOT NULL,
	author_id CHAR(32) NOT NULL,
	author_name VARCHAR(120) NOT NULL,
	made_at DATETIME NOT NULL,
	review_id CHAR(32) NOT NULL,
	post_id CHAR(32) NOT NULL,
	country VARCHAR(3) NOT NULL,
	area VARCHAR(24) NOT NULL,
	finding VARCHAR(2000) NOT NULL,
	needed VARCHAR(2000) NOT NULL,
	urgency VARCHAR(16) NOT NULL,
	cost INTEGER,
	currency VARCHAR(3) NOT NULL,
	state VARCHAR(12) NOT NULL,
	CONSTRAINT pk_review_finding PRIMARY KEY (id),
	CONSTRAINT ck_review_finding_state_known CHECK (state IN ('stands', 'withdrawn')),
	CONSTRAINT ck_review_finding_reason_given CHECK ((state = 'withdrawn') = (reason <> '')),
	CONSTRAINT ck_review_finding_cost_in_currency CHECK ((cost IS NULL) = (currency = '')),
	CONSTRAINT fk_review_finding_review_id_review FOREIGN KEY(review_id) REFERENCES review (id),
	CONSTRAINT fk_review_finding_post_id_post FOREIGN KEY(post_id) REFERENCES post (id)
);

CREATE INDEX ix_review_finding_country ON review_finding (country);

CREATE INDEX ix_review_finding_review_id ON review_finding (review_id);

CREATE TABLE site_activity (
	site_id CHAR(32) NOT NULL,
	operation_id CHAR(32) NOT NULL,
	country VARCHAR(3) NOT NULL,
	last_report_at DATETIME,
	CONSTRAINT pk_site_activity PRIMARY KEY (site_id),
	CONSTRAINT fk_site_activity_site_id_site FOREIGN KEY(site_id) REFERENCES site (id),
	CONSTRAINT fk_site_activity_operation_id_operation FOREIGN KEY(operation_id) REFERENCES operation (id)
);

CREATE INDEX ix_site_activity_operation_id ON site_activity (operation_id);

CREATE TABLE snapshot_figure (
	snapshot_id CHAR(32) NOT NULL,
	audience VARCHAR(12) NOT NULL,
	kpi VARCHAR(8) NOT NULL,
	dimension VARCHAR(12) NOT NULL,
	code VARCHAR(72) NOT NULL,
	operation_id CHAR(32) NOT NULL,
	value FLOAT,
	n BIGINT,
	"of" BIGINT,
	qualifier VARCHAR(1) NOT NULL,
	unit VARCHAR(24) NOT NULL,
	suppressed VARCHAR(12) NOT NULL,
	notes JSON NOT NULL,
	CONSTRAINT pk_snapshot_figure PRIMARY KEY (snapshot_id, audience, kpi, dimension, code),
	CONSTRAINT fk_snapshot_figure_snapshot_id_snapshot FOREIGN KEY(snapshot_id) REFERENCES snapshot (id),
	CONSTRAINT fk_snapshot_figure_operation_id_operation FOREIGN KEY(operation_id) REFERENCES operation (id)
);

CREATE TABLE snapshot_word (
	snapshot_id CHAR(32) NOT NULL,
	country VARCHAR(3) NOT NULL,
	operation_id CHAR(32) NOT NULL,
	agrees BOOLEAN NOT NULL,
	words VARCHAR(2000) NOT NULL,
	said_by CHAR(32) NOT NULL,
	said_name VARCHAR(120) NOT NULL,
	said_at DATETIME NOT NULL,
	CONSTRAINT pk_snapshot_word PRIMARY KEY (snapshot_id, country),
	CONSTRAINT fk_snapshot_word_snapshot_id_snapshot FOREIGN KEY(snapshot_id) REFERENCES snapshot (id),
	CONSTRAINT fk_snapshot_word_operation_id_operation FOREIGN KEY(operation_id) REFERENCES operation (id)
);

CREATE INDEX ix_snapshot_word_operation_id ON snapshot_word (operation_id);

CREATE TABLE support_request (
	id CHAR(32) NOT NULL,
	operation_id CHAR(32) NOT NULL,
	country VARCHAR(3),
	host_country VARCHAR(3) NOT NULL,
	site_id CHAR(32),
	hotspot_id CHAR(32),
	analysis_id CHAR(32),
	place VARCHAR(300) NOT NULL,
	lat FLOAT NOT NULL,
	lon FLOAT NOT NULL,
	title VARCHAR(120) NOT NULL,
	note VARCHAR(2000) NOT NULL,
	priority VARCHAR(16) NOT NULL,
	handling VARCHAR(2) NOT NULL,
	state VARCHAR(12) NOT NULL,
	author_id CHAR(32) NOT NULL,
	author_name VARCHAR(120) NOT NULL,
	made_at DATETIME NOT NULL,
	asked_at DATETIME,
	closed_at DATETIME,
	CONSTRAINT pk_support_request PRIMARY KEY (id),
	CONSTRAINT ck_support_request_state_known CHECK (state IN ('raised', 'asked', 'closed')),
	CONSTRAINT ck_support_request_asked_once CHECK ((state = 'raised') = (asked_at IS NULL)),
	CONSTRAINT ck_support_request_closed_once CHECK ((state = 'closed') = (closed_at IS NOT NULL)),
	CONSTRAINT fk_support_request_operation_id_operation FOREIGN KEY(operation_id) REFERENCES operation (id),
	CONSTRAINT fk_support_request_site_id_site FOREIGN KEY(site_id) REFERENCES site (id),
	CONSTRAINT fk_support_request_analysis_id_analysis FOREIGN KEY(analysis_id) REFERENCES analysis (id)
);

CREATE INDEX ix_support_request_operation_id ON support_request (operation_id);

CREATE TABLE task (
	id CHAR(32) NOT NULL,
	operation_id CHAR(32) NOT NULL,
	phase_id CHAR(32),
	site_id CHAR(32),
	title VARCHAR(160) NOT NULL,
	note VARCHAR(2000) NOT NULL,
	starts DATETIME,
	due DATETIME NOT NULL,
	role VARCHAR(32),
	country VARCHAR(3),
	account_id CHAR(32),
	state VARCHAR(12) NOT NULL,
	reason VARCHAR(2000) NOT NULL,
	done_at DATETIME,
	until_state VARCHAR(24),
	draft_hash VARCHAR(64) NOT NULL,
	author_id CHAR(32) NOT NULL,
	made_at DATETIME NOT NULL,
	version INTEGER NOT NULL,
	CONSTRAINT pk_task PRIMARY KEY (id),
	CONSTRAINT ck_task_in_order CHECK (starts IS NULL OR due > starts),
	CONSTRAINT ck_task_owned CHECK (role IS NOT NULL OR country IS NOT NULL OR account_id IS NOT NULL),
	CONSTRAINT ck_task_state_known CHECK (state IN ('open', 'started', 'blocked', 'done', 'cancelled')),
	CONSTRAINT ck_task_reason_given CHECK ((state IN ('blocked', 'cancelled')) = (reason <> '')),
	CONSTRAINT ck_task_done_once CHECK ((state = 'done') = (done_at IS NOT NULL)),
	CONSTRAINT fk_task_operation_id_operation FOREIGN KEY(operation_id) REFERENCES operation (id),
	CONSTRAINT fk_task_phase_id_phase FOREIGN KEY(phase_id) REFERENCES phase (id),
	CONSTRAINT fk_task_site_id_site FOREIGN KEY(site_id) REFERENCES site (id),
	CONSTRAINT fk_task_account_id_account FOREIGN KEY(account_id) REFERENCES account (id)
);

CREATE INDEX ix_task_account_id ON task (account_id);

CREATE INDEX ix_task_operation_id ON task (operation_id);

CREATE TABLE tasking (
	lead_id CHAR(32) NOT NULL,
	operation_id CHAR(32) NOT NULL,
	hypothesis_id CHAR(32) NOT NULL,
	entity_id CHAR(32),
	made_at DATETIME NOT NULL,
	CONSTRAINT pk_tasking PRIMARY KEY (lead_id),
	CONSTRAINT fk_tasking_operation_id_operation FOREIGN KEY(operation_id) REFERENCES operation (id),
	CONSTRAINT fk_tasking_hypothesis_id_hypothesis FOREIGN KEY(hypothesis_id) REFERENCES hypothesis (id)
);

CREATE INDEX ix_tasking_operation_id ON tasking (operation_id);

CREATE TABLE team_absence (
	id CHAR(32) NOT NULL,
	team_id CHAR(32) NOT NULL,
	country VARCHAR(3) NOT NULL,
	kind VARCHAR(24) NOT NULL,
	starts DATETIME NOT NULL,
	ends DATETIME NOT NULL,
	written_at DATETIME NOT NULL,
	cancelled_at DATETIME,
	CONSTRAINT pk_team_absence PRIMARY KEY (id),
	CONSTRAINT ck_team_absence_in_order CHECK (ends > starts),
	CONSTRAINT fk_team_absence_team_id_team FOREIGN KEY(team_id) REFERENCES team (id)
);

CREATE INDEX ix_team_absence_country ON team_absence (country);

CREATE INDEX ix_team_absence_team_id ON team_absence (team_id);

CREATE TABLE team_member (
	id CHAR(32) NOT NULL,
	team_id CHAR(32) NOT NULL,
	country VARCHAR(3) NOT NULL,
	service_ref VARCHAR(24) NOT NULL,
	role VARCHAR(24) NOT NULL,
	languages JSON NOT NULL,
	joined_at DATETIME NOT NULL,
	left_at DATETIME,
	CONSTRAINT pk_team_member PRIMARY KEY (id),
	CONSTRAINT uq_team_member_team_id UNIQUE (team_id, service_ref),
	CONSTRAINT fk_team_member_team_id_team FOREIGN KEY(team_id) REFERENCES team (id)
);

CREATE INDEX ix_team_member_country ON team_member (country);

CREATE INDEX ix_team_member_team_id ON team_member (team_id);

CREATE TABLE team_shown (
	team_id CHAR(32) NOT NULL,
	operation_id CHAR(32) NOT NULL,
	country VARCHAR(3) NOT NULL,
	CONSTRAINT pk_team_shown PRIMARY KEY (team_id, operation_id),
	CONSTRAINT fk_team_shown_team_id_team FOREIGN KEY(team_id) REFERENCES team (id),
	CONSTRAINT fk_team_shown_operation_id_operation FOREIGN KEY(operation_id) REFERENCES operation (id)
);

CREATE INDEX ix_team_shown_country ON team_shown (country);

CREATE TABLE template_lesson (
	id CHAR(32) NOT NULL,
	operation_id CHAR(32) NOT NULL,
	template_id CHAR(32) NOT NULL,
	text VARCHAR(2000) NOT NULL,
	state VARCHAR(12) NOT NULL,
	version INTEGER,
	reason VARCHAR(2000) NOT NULL,
	decided_by_name VARCHAR(120) NOT NULL,
	made_at DATETIME NOT NULL,
	CONSTRAINT pk_template_lesson PRIMARY KEY (id),
	CONSTRAINT ck_template_lesson_state_known CHECK (state IN ('proposed', 'taken', 'declined')),
	CONSTRAINT ck_template_lesson_taken_into_a_version CHECK ((state = 'taken') = (version IS NOT NULL)),
	CONSTRAINT ck_template_lesson_reason_given CHECK ((state = 'declined') = (reason <> '')),
	CONSTRAINT ck_template_lesson_says_something CHECK (text <> ''),
	CONSTRAINT fk_template_lesson_id_debrief_lesson FOREIGN KEY(id) REFERENCES debrief_lesson (id),
	CONSTRAINT fk_template_lesson_operation_id_operation FOREIGN KEY(operation_id) REFERENCES operation (id)
);

CREATE INDEX ix_template_lesson_operation_id ON template_lesson (operation_id);

CREATE INDEX ix_template_lesson_template_id ON template_lesson (template_id);

CREATE TABLE usage_month (
	id CHAR(32) NOT NULL,
	post_id CHAR(32) NOT NULL,
	country VARCHAR(3) NOT NULL,
	month DATE NOT NULL,
	counted VARCHAR(8) NOT NULL,
	"database" VARCHAR(32) NOT NULL,
	device_id CHAR(32),
	device_key VARCHAR(36) NOT NULL,
	count INTEGER NOT NULL,
	monday INTEGER,
	tuesday INTEGER,
	wednesday INTEGER,
	thursday INTEGER,
	friday INTEGER,
	saturday INTEGER,
	sunday INTEGER,
	source VARCHAR(300) NOT NULL,
	supersedes_id CHAR(32),
	current BOOLEAN NOT NULL,
	author_id CHAR(32) NOT NULL,
	author_name VARCHAR(120) NOT NULL,
	made_at DATETIME NOT NULL,
	CONSTRAINT pk_usage_month PRIMARY KEY (id),
	CONSTRAINT ck_usage_month_count CHECK (count >= 0),
	CONSTRAINT ck_usage_month_counted CHECK (counted IN ('queries', 'passages')),
	CONSTRAINT ck_usage_month_database_named CHECK ((counted = 'queries') = (database <> '')),
	CONSTRAINT ck_usage_month_passages_of_post CHECK (counted = 'queries' OR device_id IS NULL),
	CONSTRAINT ck_usage_month_weekdays CHECK (monday >= 0 AND tuesday >= 0 AND wednesday >= 0 AND thursday >= 0 AND friday >= 0 AND saturday >= 0 AND sunday >= 0),
	CONSTRAINT ck_usage_month_weekdays_sum CHECK (coalesce(monday + tuesday + wednesday + thursday + friday + saturday + sunday = count, coalesce(monday, tuesday, wednesday, thursday, friday, saturday, sunday) IS NULL)),
	CONSTRAINT fk_usage_month_post_id_post FOREIGN KEY(post_id) REFERENCES post (id),
	CONSTRAINT fk_usage_month_device_id_equipment FOREIGN KEY(device_id) REFERENCES equipment (id),
	CONSTRAINT uq_usage_month_supersedes_id UNIQUE (supersedes_id),
	CONSTRAINT fk_usage_month_supersedes_id_usage_month FOREIGN KEY(supersedes_id) REFERENCES usage_month (id)
);

CREATE INDEX ix_usage_month_country ON usage_month (country);

CREATE INDEX ix_usage_month_device_id ON usage_month (device_id);

CREATE INDEX ix_usage_month_post_id ON usage_month (post_id);

CREATE UNIQUE INDEX uq_usage_month_current ON usage_month (post_id, month, counted, "database", device_key) WHERE current;

CREATE TABLE webhook_event (
	id CHAR(32) NOT NULL,
	webhook_id CHAR(32) NOT NULL,
	number INTEGER NOT NULL,
	country VARCHAR(3) NOT NULL,
	act VARCHAR(40) NOT NULL,
	at DATETIME NOT NULL,
	operation_id CHAR(32),
	report_id CHAR(32),
	version_id CHAR(32),
	sent_at DATETIME,
	CONSTRAINT pk_webhook_event PRIMARY KEY (id),
	CONSTRAINT uq_webhook_event_webhook_id UNIQUE (webhook_id, number),
	CONSTRAINT fk_webhook_event_webhook_id_webhook FOREIGN KEY(webhook_id) REFERENCES webhook (id)
);

CREATE INDEX ix_webhook_event_sent_at ON webhook_event (sent_at);

CREATE TABLE cascade_attendance (
	run_id CHAR(32) NOT NULL,
	account_id CHAR(32) NOT NULL,
	country VARCHAR(3) NOT NULL,
	CONSTRAINT pk_cascade_attendance PRIMARY KEY (run_id, account_id),
	CONSTRAINT fk_cascade_attendance_run_id_cascade_run FOREIGN KEY(run_id) REFERENCES cascade_run (id),
	CONSTRAINT fk_cascade_attendance_account_id_account FOREIGN KEY(account_id) REFERENCES account (id)
);

CREATE INDEX ix_cascade_attendance_account_id ON cascade_attendance (account_id);

CREATE INDEX ix_cascade_attendance_country ON cascade_attendance (country);

CREATE TABLE course_certificate (
	reason VARCHAR(2000) NOT NULL,
	moved_at DATETIME NOT NULL,
	id CHAR(32) NOT NULL,
	enrolment_id CHAR(32) NOT NULL,
	run_id CHAR(32) NOT NULL,
	account_id CHAR(32) NOT NULL,
	country VARCHAR(3) NOT NULL,
	code VARCHAR(22) NOT NULL,
	state VARCHAR(12) NOT NULL,
	proposed_by CHAR(32) NOT NULL,
	proposed_name VARCHAR(120) NOT NULL,
	issued_by CHAR(32),
	issued_name VARCHAR(120) NOT NULL,
	issued_on DATE,
	expires_on DATE,
	made_at DATETIME NOT NULL,
	CONSTRAINT pk_course_certificate PRIMARY KEY (id),
	CONSTRAINT ck_course_certificate_state_known CHECK (state IN ('proposed', 'issued', 'revoked', 'dropped')),
	CONSTRAINT ck_course_certificate_reason_given CHECK ((state IN ('revoked', 'dropped')) = (reason <> '')),
	CONSTRAINT ck_course_certificate_issued_by_somebody CHECK ((state IN ('issued', 'revoked')) = (issued_by IS NOT NULL)),
	CONSTRAINT ck_course_certificate_other_eyes CHECK (issued_by IS NULL OR issued_by <> proposed_by),
	CONSTRAINT ck_course_certificate_issued_on_a_day CHECK ((issued_by IS NULL) = (issued_on IS NULL)),
	CONSTRAINT ck_course_certificate_expires CHECK ((issued_by IS NULL) = (expires_on IS NULL)),
	CONSTRAINT ck_course_certificate_in_order CHECK (expires_on > issued_on),
	CONSTRAINT fk_course_certificate_enrolment_id_enrolment FOREIGN KEY(enrolment_id) REFERENCES enrolment (id),
	CONSTRAINT fk_course_certificate_run_id_course_run FOREIGN KEY(run_id) REFERENCES course_run (id),
	CONSTRAINT fk_course_certificate_account_id_account FOREIGN KEY(account_id) REFERENCES account (id),
	CONSTRAINT uq_course_certificate_code UNIQUE (code)
);

CREATE INDEX ix_course_certificate_account_id ON course_certificate (account_id);

CREATE INDEX ix_course_certificate_country ON course_certificate (country);

CREATE INDEX ix_course_certificate_run_id ON course_certificate (run_id);

CREATE UNIQUE INDEX uq_course_certificate_enrolment ON course_certificate (enrolment_id) WHERE state <> 'dropped';

CREATE TABLE deconfliction_side (
	match_id CHAR(32) NOT NULL,
	country VARCHAR(3) NOT NULL,
	other VARCHAR(3) NOT NULL,
	room_id CHAR(32) NOT NULL,
	operation_id CHAR(32),
	entry_id CHAR(32) NOT NULL,
	kind VARCHAR(16) NOT NULL,
	contact VARCHAR(160) NOT NULL,
	state VARCHAR(12) NOT NULL,
	said_by VARCHAR(120) NOT NULL,
	told_at DATETIME NOT NULL,
	said_at DATETIME,
	CONSTRAINT pk_deconfliction_side PRIMARY KEY (match_id, country),
	CONSTRAINT ck_deconfliction_side_state_known CHECK (state IN ('told', 'spoken', 'nothing')),
	CONSTRAINT fk_deconfliction_side_match_id_deconfliction_match FOREIGN KEY(match_id) REFERENCES deconfliction_match (id),
	CONSTRAINT fk_deconfliction_side_room_id_deconfliction_room FOREIGN KEY(room_id) REFERENCES deconfliction_room (id),
	CONSTRAINT fk_deconfliction_side_operation_id_operation FOREIGN KEY(operation_id) REFERENCES operation (id),
	CONSTRAINT fk_deconfliction_side_entry_id_deconfliction_entry FOREIGN KEY(entry_id) REFERENCES deconfliction_entry (id)
);

CREATE INDEX ix_deconfliction_side_entry_id ON deconfliction_side (entry_id);

CREATE INDEX ix_deconfliction_side_room_id ON deconfliction_side (room_id);

CREATE TABLE dependency (
	id CHAR(32) NOT NULL,
	operation_id CHAR(32) NOT NULL,
	before_phase_id CHAR(32),
	before_task_id CHAR(32),
	after_phase_id CHAR(32),
	after_task_id CHAR(32),
	made_at DATETIME NOT NULL,
	CONSTRAINT pk_dependency PRIMARY KEY (id),
	CONSTRAINT ck_dependency_one_before CHECK ((before_phase_id IS NULL) <> (before_task_id IS NULL)),
	CONSTRAINT ck_dependency_one_after CHECK ((after_phase_id IS NULL) <> (after_task_id IS NULL)),
	CONSTRAINT fk_dependency_operation_id_operation FOREIGN KEY(operation_id) REFERENCES operation (id),
	CONSTRAINT fk_dependency_before_phase_id_phase FOREIGN KEY(before_phase_id) REFERENCES phase (id),
	CONSTRAINT fk_dependency_before_task_id_task FOREIGN KEY(before_task_id) REFERENCES task (id),
	CONSTRAINT fk_dependency_after_phase_id_phase FOREIGN KEY(after_phase_id) REFERENCES phase (id),
	CONSTRAINT fk_dependency_after_task_id_task FOREIGN KEY(after_task_id) REFERENCES task (id)
);

CREATE INDEX ix_dependency_operation_id ON dependency (operation_id);

CREATE TABLE event_line (
	report_id CHAR(32) NOT NULL,
	line_id CHAR(32) NOT NULL,
	event_id CHAR(32) NOT NULL,
	operation_id CHAR(32) NOT NULL,
	country VARCHAR(3) NOT NULL,
	place INTEGER NOT NULL,
	version_id CHAR(32),
	level INTEGER NOT NULL,
	leads JSON NOT NULL,
	gives_id CHAR(32),
	CONSTRAINT pk_event_line PRIMARY KEY (report_id, line_id),
	CONSTRAINT ck_event_line_counts_at_a_level CHECK ((version_id IS NULL) = (level = 0)),
	CONSTRAINT ck_event_line_counts_or_gives CHECK (version_id IS NULL OR gives_id IS NULL),
	CONSTRAINT fk_event_line_operation_id_operation FOREIGN KEY(operation_id) REFERENCES operation (id),
	CONSTRAINT fk_event_line_version_id_report FOREIGN KEY(version_id) REFERENCES report (id),
	CONSTRAINT fk_event_line_gives_id_report FOREIGN KEY(gives_id) REFERENCES report (id)
);

CREATE INDEX ix_event_line_event_id ON event_line (event_id);

CREATE INDEX ix_event_line_operation_id ON event_line (operation_id);

CREATE UNIQUE INDEX uq_event_line_one_counts ON event_line (event_id) WHERE version_id IS NOT NULL;

CREATE TABLE lead_find (
	id CHAR(32) NOT NULL,
	lead_id CHAR(32) NOT NULL,
	lead_operation_id CHAR(32) NOT NULL,
	operation_id CHAR(32) NOT NULL,
	case_id CHAR(32) NOT NULL,
	location_id CHAR(32) NOT NULL,
	country VARCHAR(3) NOT NULL,
	requesting_country VARCHAR(3) NOT NULL,
	note VARCHAR(2000) NOT NULL,
	author_id CHAR(32) NOT NULL,
	author_name VARCHAR(120) NOT NULL,
	made_at DATETIME NOT NULL,
	undone_at DATETIME,
	undone_reason VARCHAR(2000) NOT NULL,
	CONSTRAINT pk_lead_find PRIMARY KEY (id),
	CONSTRAINT fk_lead_find_lead_id_lead FOREIGN KEY(lead_id) REFERENCES lead (id),
	CONSTRAINT fk_lead_find_lead_operation_id_operation FOREIGN KEY(lead_operation_id) REFERENCES operation (id),
	CONSTRAINT fk_lead_find_operation_id_operation FOREIGN KEY(operation_id) REFERENCES operation (id),
	CONSTRAINT fk_lead_find_case_id_fugitive_case FOREIGN KEY(case_id) REFERENCES fugitive_case (id),
	CONSTRAINT fk_lead_find_location_id_fugitive_location FOREIGN KEY(location_id) REFERENCES fugitive_location (id)
);

CREATE INDEX ix_lead_find_case_id ON lead_find (case_id);

CREATE INDEX ix_lead_find_lead_id ON lead_find (lead_id);

CREATE INDEX ix_lead_find_lead_operation_id ON lead_find (lead_operation_id);

CREATE INDEX ix_lead_find_operation_id ON lead_find (operation_id);

CREATE UNIQUE INDEX uq_lead_find_once ON lead_find (lead_id, location_id) WHERE undone_at IS NULL;

CREATE TABLE line (
	kind VARCHAR(24) NOT NULL,
	phase_kind VARCHAR(24) NOT NULL,
	check_kind VARCHAR(32) NOT NULL,
	"database" VARCHAR(32) NOT NULL,
	entity VARCHAR(24) NOT NULL,
	offence VARCHAR(32) NOT NULL,
	status VARCHAR(32) NOT NULL,
	unit VARCHAR(16) NOT NULL,
	qualifier VARCHAR(1) NOT NULL,
	version_id CHAR(32) NOT NULL,
	id CHAR(32) NOT NULL,
	position INTEGER NOT NULL,
	operation_id CHAR(32) NOT NULL,
	country VARCHAR(3) NOT NULL,
	site_id CHAR(32) NOT NULL,
	phase_id CHAR(32) NOT NULL,
	official_day DATE NOT NULL,
	quantity BIGINT NOT NULL,
	attributes JSON NOT NULL,
	answered_by CHAR(32),
	CONSTRAINT pk_line PRIMARY KEY (version_id, id),
	CONSTRAINT fk_line_version_id_report FOREIGN KEY(version_id) REFERENCES report (id),
	CONSTRAINT fk_line_operation_id_operation FOREIGN KEY(operation_id) REFERENCES operation (id),
	CONSTRAINT fk_line_site_id_site FOREIGN KEY(site_id) REFERENCES site (id),
	CONSTRAINT fk_line_phase_id_phase FOREIGN KEY(phase_id) REFERENCES phase (id)
);

CREATE INDEX ix_line_answered_by ON line (answered_by) WHERE answered_by IS NOT NULL;

CREATE INDEX ix_line_kind ON line (operation_id, kind);

CREATE INDEX ix_line_version ON line (version_id, operation_id, country);

CREATE TABLE pending_correction (
	version_id CHAR(32) NOT NULL,
	operation_id CHAR(32) NOT NULL,
	country VARCHAR(3) NOT NULL,
	kinds JSON NOT NULL,
	CONSTRAINT pk_pending_correction PRIMARY KEY (version_id),
	CONSTRAINT fk_pending_correction_version_id_report FOREIGN KEY(version_id) REFERENCES report (id),
	CONSTRAINT fk_pending_correction_operation_id_operation FOREIGN KEY(operation_id) REFERENCES operation (id)
);

CREATE INDEX ix_pending_correction_operation_id ON pending_correction (operation_id);

CREATE TABLE product_share (
	id CHAR(32) NOT NULL,
	product_id CHAR(32) NOT NULL,
	operation_id CHAR(32) NOT NULL,
	recipient VARCHAR(24) NOT NULL,
	origin VARCHAR(3) NOT NULL,
	title VARCHAR(160) NOT NULL,
	purpose VARCHAR(2000) NOT NULL,
	handling VARCHAR(2) NOT NULL,
	classification VARCHAR(24) NOT NULL,
	state VARCHAR(12) NOT NULL,
	reason VARCHAR(2000) NOT NULL,
	author_name VARCHAR(120) NOT NULL,
	made_at DATETIME NOT NULL,
	decided_by VARCHAR(120) NOT NULL,
	decided_at DATETIME,
	CONSTRAINT pk_product_share PRIMARY KEY (id),
	CONSTRAINT ck_product_share_state_known CHECK (state IN ('asked', 'consented', 'refused')),
	CONSTRAINT uq_product_share_product_id UNIQUE (product_id, recipient, origin),
	CONSTRAINT ck_product_share_decided_once CHECK ((state = 'asked') = (decided_at IS NULL)),
	CONSTRAINT ck_product_share_to_others CHECK (recipient <> origin),
	CONSTRAINT fk_product_share_product_id_product FOREIGN KEY(product_id) REFERENCES product (id),
	CONSTRAINT fk_product_share_operation_id_operation FOREIGN KEY(operation_id) REFERENCES operation (id)
);

CREATE INDEX ix_product_share_operation_id ON product_share (operation_id);

CREATE INDEX ix_product_share_origin ON product_share (origin);

CREATE INDEX ix_product_share_product_id ON product_share (product_id);

CREATE INDEX ix_product_share_recipient ON product_share (recipient);

CREATE TABLE recommendation_note (
	id CHAR(32) NOT NULL,
	recommendation_id CHAR(32) NOT NULL,
	operation_id CHAR(32),
	country VARCHAR(3),
	state VARCHAR(12) NOT NULL,
	words VARCHAR(2000) NOT NULL,
	author_id CHAR(32) NOT NULL,
	author_name VARCHAR(120) NOT NULL,
	made_at DATETIME NOT NULL,
	CONSTRAINT pk_recommendation_note PRIMARY KEY (id),
	CONSTRAINT fk_recommendation_note_recommendation_id_recommendation FOREIGN KEY(recommendation_id) REFERENCES recommendation (id),
	CONSTRAINT fk_recommendation_note_operation_id_operation FOREIGN KEY(operation_id) REFERENCES operation (id)
);

CREATE INDEX ix_recommendation_note_operation_id ON recommendation_note (operation_id);

CREATE INDEX ix_recommendation_note_recommendation_id ON recommendation_note (recommendation_id);

CREATE TABLE review_comment (
	id CHAR(32) NOT NULL,
	author_id CHAR(32) NOT NULL,
	author_name VARCHAR(120) NOT NULL,
	made_at DATETIME NOT NULL,
	review_id CHAR(32) NOT NULL,
	finding_id CHAR(32),
	country VARCHAR(3) NOT NULL,
	words VARCHAR(2000) NOT NULL,
	CONSTRAINT pk_review_comment PRIMARY KEY (id),
	CONSTRAINT fk_review_comment_review_id_review FOREIGN KEY(review_id) REFERENCES review (id),
	CONSTRAINT fk_review_comment_finding_id_review_finding FOREIGN KEY(finding_id) REFERENCES review_finding (id)
);

CREATE INDEX ix_review_comment_country ON review_comment (country);

CREATE INDEX ix_review_comment_review_id ON review_comment (review_id);

CREATE TABLE support_need (
	id CHAR(32) NOT NULL,
	request_id CHAR(32) NOT NULL,
	operation_id CHAR(32) NOT NULL,
	country VARCHAR(3),
	position INTEGER NOT NULL,
	team_kind VARCHAR(24),
	specialism VARCHAR(24) NOT NULL,
	languages JSON NOT NULL,
	certificates JSON NOT NULL,
	teams INTEGER NOT NULL,
	together VARCHAR(12) NOT NULL,
	accepted INTEGER NOT NULL,
	starts DATETIME NOT NULL,
	ends DATETIME NOT NULL,
	CONSTRAINT pk_support_need PRIMARY KEY (id),
	CONSTRAINT ck_support_need_in_order CHECK (ends > starts),
	CONSTRAINT ck_support_need_counts CHECK (teams > 0 AND accepted >= 0),
	CONSTRAINT fk_support_need_request_id_support_request FOREIGN KEY(request_id) REFERENCES support_request (id),
	CONSTRAINT fk_support_need_operation_id_operation FOREIGN KEY(operation_id) REFERENCES operation (id)
);

CREATE INDEX ix_support_need_operation_id ON support_need (operation_id);

CREATE INDEX ix_support_need_request_id ON support_need (request_id);

CREATE TABLE task_step (
	id CHAR(32) NOT NULL,
	task_id CHAR(32) NOT NULL,
	place INTEGER NOT NULL,
	text VARCHAR(160) NOT NULL,
	done_at DATETIME,
	done_by VARCHAR(120) NOT NULL,
	CONSTRAINT pk_task_step PRIMARY KEY (id),
	CONSTRAINT uq_task_step_task_id UNIQUE (task_id, place),
	CONSTRAINT ck_task_step_ticked_by_somebody CHECK ((done_at IS NULL) = (done_by = '')),
	CONSTRAINT fk_task_step_task_id_task FOREIGN KEY(task_id) REFERENCES task (id)
);

CREATE INDEX ix_task_step_task_id ON task_step (task_id);

CREATE TABLE team_certificate (
	id CHAR(32) NOT NULL,
	team_id CHAR(32) NOT NULL,
	member_id CHAR(32),
	country VARCHAR(3) NOT NULL,
	kind VARCHAR(32) NOT NULL,
	issued_on DATE NOT NULL,
	expires_on DATE NOT NULL,
	written_at DATETIME NOT NULL,
	revoked_at DATETIME,
	CONSTRAINT pk_team_certificate PRIMARY KEY (id),
	CONSTRAINT ck_team_certificate_in_order CHECK (expires_on > issued_on),
	CONSTRAINT fk_team_certificate_team_id_team FOREIGN KEY(team_id) REFERENCES team (id),
	CONSTRAINT fk_team_certificate_member_id_team_member FOREIGN KEY(member_id) REFERENCES team_member (id)
);

CREATE INDEX ix_team_certificate_country ON team_certificate (country);

CREATE INDEX ix_team_certificate_expires_on ON team_certificate (expires_on);

CREATE INDEX ix_team_certificate_team_id ON team_certificate (team_id);

CREATE TABLE support_offer (
	id CHAR(32) NOT NULL,
	need_id CHAR(32) NOT NULL,
	operation_id CHAR(32) NOT NULL,
	country VARCHAR(3) NOT NULL,
	team_id CHAR(32) NOT NULL,
	starts DATETIME NOT NULL,
	ends DATETIME NOT NULL,
	note VARCHAR(2000) NOT NULL,
	state VARCHAR(12) NOT NULL,
	author_id CHAR(32) NOT NULL,
	author_name VARCHAR(120) NOT NULL,
	made_at DATETIME NOT NULL,
	decided_at DATETIME,
	decided_name VARCHAR(120) NOT NULL,
	decision VARCHAR(2000) NOT NULL,
	against JSON NOT NULL,
	CONSTRAINT pk_support_offer PRIMARY KEY (id),
	CONSTRAINT ck_support_offer_state_known CHECK (state IN ('offered', 'accepted', 'declined', 'withdrawn')),
	CONSTRAINT ck_support_offer_in_order CHECK (ends > starts),
	CONSTRAINT ck_support_offer_decided_once CHECK ((state = 'offered') = (decided_at IS NULL)),
	CONSTRAINT fk_support_offer_need_id_support_need FOREIGN KEY(need_id) REFERENCES support_need (id),
	CONSTRAINT fk_support_offer_operation_id_operation FOREIGN KEY(operation_id) REFERENCES operation (id),
	CONSTRAINT fk_support_offer_team_id_team FOREIGN KEY(team_id) REFERENCES team (id)
);

CREATE INDEX ix_support_offer_country ON support_offer (country);

CREATE INDEX ix_support_offer_need_id ON support_offer (need_id);

CREATE INDEX ix_support_offer_operation_id ON support_offer (operation_id);

CREATE INDEX ix_support_offer_team_id ON support_offer (team_id);

CREATE UNIQUE INDEX uq_support_offer_once ON support_offer (need_id, team_id) WHERE state IN ('offered', 'accepted');

CREATE TABLE deployment (
	id CHAR(32) NOT NULL,
	offer_id CHAR(32) NOT NULL,
	need_id CHAR(32) NOT NULL,
	request_id CHAR(32) NOT NULL,
	operation_id CHAR(32) NOT NULL,
	country VARCHAR(3) NOT NULL,
	host_country VARCHAR(3) NOT NULL,
	team_id CHAR(32) NOT NULL,
	call_sign VARCHAR(40) NOT NULL,
	unit VARCHAR(300) NOT NULL,
	team_kind VARCHAR(24) NOT NULL,
	specialism VARCHAR(24) NOT NULL,
	persons INTEGER NOT NULL,
	site_id CHAR(32),
	place VARCHAR(300) NOT NULL,
	lat FLOAT NOT NULL,
	lon FLOAT NOT NULL,
	tasks VARCHAR(2000) NOT NULL,
	executive_powers BOOLEAN NOT NULL,
	check_in_hours INTEGER NOT NULL,
	starts DATETIME NOT NULL,
	ends DATETIME NOT NULL,
	state VARCHAR(12) NOT NULL,
	requested_at DATETIME NOT NULL,
	accepted_at DATETIME NOT NULL,
	approved_at DATETIME,
	left_base_at DATETIME,
	on_site_at DATETIME,
	contact_at DATETIME,
	left_at DATETIME,
	ended_at DATETIME,
	accreditation VARCHAR(24),
	accredited_at DATETIME,
	CONSTRAINT pk_deployment PRIMARY KEY (id),
	CONSTRAINT uq_deployment_operation_id UNIQUE (operation_id, accreditation),
	CONSTRAINT ck_deployment_in_order CHECK (ends > starts),
	CONSTRAINT ck_deployment_counts CHECK (check_in_hours > 0 AND persons > 0),
	CONSTRAINT uq_deployment_offer_id UNIQUE (offer_id),
	CONSTRAINT fk_deployment_offer_id_support_offer FOREIGN KEY(offer_id) REFERENCES support_offer (id),
	CONSTRAINT fk_deployment_need_id_support_need FOREIGN KEY(need_id) REFERENCES support_need (id),
	CONSTRAINT fk_deployment_request_id_support_request FOREIGN KEY(request_id) REFERENCES support_request (id),
	CONSTRAINT fk_deployment_operation_id_operation FOREIGN KEY(operation_id) REFERENCES operation (id),
	CONSTRAINT fk_deployment_team_id_team FOREIGN KEY(team_id) REFERENCES team (id),
	CONSTRAINT fk_deployment_site_id_site FOREIGN KEY(site_id) REFERENCES site (id),
	CONSTRAINT ck_deployment_state_known CHECK (state IN ('requested', 'approved', 'mobilising', 'on_site', 'offline', 'withdrawn', 'debriefed', 'stood_down'))
);

CREATE INDEX ix_deployment_country ON deployment (country);

CREATE INDEX ix_deployment_host_country ON deployment (host_country);

CREATE INDEX ix_deployment_need_id ON deployment (need_id);

CREATE INDEX ix_deployment_operation_id ON deployment (operation_id);

CREATE INDEX ix_deployment_request_id ON deployment (request_id);

CREATE INDEX ix_deployment_state ON deployment (state);

CREATE INDEX ix_deployment_team_id ON deployment (team_id);

CREATE TABLE deployment_entry (
	id CHAR(32) NOT NULL,
	deployment_id CHAR(32) NOT NULL,
	request_id CHAR(32) NOT NULL,
	operation_id CHAR(32) NOT NULL,
	country VARCHAR(3) NOT NULL,
	host_country VARCHAR(3) NOT NULL,
	kind VARCHAR(12) NOT NULL,
	state VARCHAR(12) NOT NULL,
	place VARCHAR(300) NOT NULL,
	words VARCHAR(2000) NOT NULL,
	at DATETIME NOT NULL,
	recorded_at DATETIME NOT NULL,
	author_id CHAR(32),
	author_name VARCHAR(120) NOT NULL,
	CONSTRAINT pk_deployment_entry PRIMARY KEY (id),
	CONSTRAINT fk_deployment_entry_deployment_id_deployment FOREIGN KEY(deployment_id) REFERENCES deployment (id),
	CONSTRAINT fk_deployment_entry_request_id_support_request FOREIGN KEY(request_id) REFERENCES support_request (id),
	CONSTRAINT fk_deployment_entry_operation_id_operation FOREIGN KEY(operation_id) REFERENCES operation (id)
);

CREATE INDEX ix_deployment_entry_country ON deployment_entry (country);

CREATE INDEX ix_deployment_entry_deployment_id ON deployment_entry (deployment_id);

CREATE INDEX ix_deployment_entry_operation_id ON deployment_entry (operation_id);

CREATE INDEX ix_deployment_entry_request_id ON deployment_entry (request_id);

INSERT INTO journal_head (chain, seq, hash, key) VALUES ('journal', 0, '0000000000000000000000000000000000000000000000000000000000000000', '');

INSERT INTO journal_head (chain, seq, hash, key) VALUES ('access', 0, '0000000000000000000000000000000000000000000000000000000000000000', '');

INSERT INTO template (id, template_id, version, current, retired, kind, content, author_name, made_at) VALUES ('f21ff03e6dfc5055b4094692868f5056', '483faf914ad05b269befd6174d9374b3', 1, 1, 0, 'border_stop', '{"kind": "border_stop", "crime_scope": ["migrant_smuggling", "document_fraud"], "line_kinds": ["check_tally", "hit", "arrest", "document_seizure"], "daily_due": "20:00", "name": {"en": "Border STOP"}, "aim": {"en": "Find stolen and lost travel documents and wanted smugglers at border points by systematic checks against the international databases."}, "phases": [{"kind": "preparation", "days": 42}, {"kind": "training", "days": 2, "gap": 3}, {"kind": "operational", "days": 5}, {"kind": "debrief", "days": 1}, {"kind": "evaluation", "days": 60, "gap": 7}], "tasks": [{"phase": 0, "due_day": 7, "title": {"en": "Agree on the border points with each country"}}, {"phase": 0, "due_day": 21, "title": {"en": "Check access to I-24/7 and the databases at every border point"}}, {"phase": 0, "due_day": 28, "until_state": "approved", "title": {"en": "Write the operational plan and send it to the countries"}}, {"phase": 1, "due_day": 1, "title": {"en": "Train officers on checks, document fraud and referral of victims"}}, {"phase": 2, "due_day": 0, "title": {"en": "First situation report of the coordination unit"}}, {"phase": 3, "due_day": 0, "title": {"en": "Debrief with all border points"}}], "targets": [{"kpi": "K01", "value": 50000}, {"kpi": "K31", "value": 95}], "needs": [{"specialism": "document_examiner", "team_kind": "frontline", "certificates": ["document_officer"], "teams": 2, "phase": 2, "days": 5}]}', 'Muster', '2026-11-25 00:00:00.000000');

INSERT INTO template (id, template_id, version, current, retired, kind, content, author_name, made_at) VALUES ('f86dcd4bf30256708bf2be2870c174c2', '1cd7bb39bbb359d283c5079ddfd8ee8d', 1, 1, 0, 'fugitive', '{"kind": "fugitive", "crime_scope": ["migrant_smuggling", "trafficking_in_persons"], "line_kinds": ["arrest", "positive_location", "hit"], "daily_due": "18:00", "name": {"en": "Fugitive sweep"}, "aim": {"en": "Locate and arrest persons who are wanted internationally for smuggling of migrants."}, "phases": [{"kind": "preparation", "days": 56}, {"kind": "operational", "days": 12}, {"kind": "public_appeal", "days": 90, "gap": 14}, {"kind": "evaluation", "days": 30}], "tasks": [{"phase": 0, "due_day": 14, "title": {"en": "Countries nominate cases and confirm that warrants are valid"}}, {"phase": 0, "due_day": 35, "title": {"en": "Collate suspected places and identifiers, send leads to the countries"}}, {"phase": 1, "due_day": 0, "title": {"en": "Open the special operations room"}}, {"phase": 2, "due_day": -3, "title": {"en": "Decide with the requesting countries which cases go to the public"}}], "targets": [{"kpi": "K11", "value": 25}], "needs": [{"specialism": "intelligence_analyst", "team_kind": "investigative_support", "teams": 1, "phase": 1, "days": 12}]}', 'Muster', '2026-11-25 00:00:00.000000');

INSERT INTO template (id, template_id, version, current, retired, kind, content, author_name, made_at) VALUES ('913b7a0de5b45a03af3c467538dc0ded', 'd385db1cfc525a60b324908bf5afa088', 1, 1, 0, 'intelligence_driven', '{"kind": "intelligence_driven", "crime_scope": ["migrant_smuggling", "document_fraud"], "line_kinds": ["arrest", "document_seizure", "check_tally"], "daily_due": "20:00", "name": {"en": "Intelligence-driven operation"}, "aim": {"en": "Take one network apart: those who lead it, those who work for it, and what it owns."}, "phases": [{"kind": "preparation", "days": 90}, {"kind": "pre_operational", "days": 3}, {"kind": "operational", "days": 5, "gap": 4}, {"kind": "consolidation", "days": 21}, {"kind": "debrief", "days": 1}], "tasks": [{"phase": 0, "due_day": 14, "title": {"en": "State the hypothesis and the target network, without names"}}, {"phase": 0, "due_day": 30, "title": {"en": "Derive taskings for each country and set their due dates"}}, {"phase": 1, "due_day": 2, "title": {"en": "Agree on the hour of the action in all time zones"}}, {"phase": 3, "due_day": 14, "title": {"en": "Review the hypothesis against the results"}}], "targets": [{"kpi": "K11", "value": 40}, {"kpi": "K13", "value": 60}], "needs": [{"specialism": "digital_forensics", "team_kind": "investigative_support", "teams": 1, "days": 3}, {"specialism": "debriefing_interview", "team_kind": "joint_debriefing", "teams": 1, "days": 5}]}', 'Muster', '2026-11-25 00:00:00.000000');

INSERT INTO template (id, template_id, version, current, retired, kind, content, author_name, made_at) VALUES ('7b1629a09aef5272af5c9c3f704f98a1', 'd6bcf024a91c511f9a96efe6882cbf14', 1, 1, 0, 'regional', '{"kind": "regional", "crime_scope": ["migrant_smuggling", "trafficking_in_persons"], "line_kinds": ["check_tally", "hit", "arrest", "migrant_detection", "potential_victim", "document_seizure"], "daily_due": "20:00", "name": {"en": "Regional operation"}, "aim": {"en": "Disrupt the networks that profit from the routes of a region, find potential victims of trafficking and bring them to protection."}, "phases": [{"kind": "pre_operational", "days": 4}, {"kind": "preparation", "days": 30}, {"kind": "training", "days": 2}, {"kind": "operational", "days": 5, "gap": 2}, {"kind": "consolidation", "days": 14}, {"kind": "debrief", "days": 3, "gap": 30}, {"kind": "evaluation", "days": 60}], "tasks": [{"phase": 0, "due_day": 3, "title": {"en": "Meeting of the countries: sites, figures and days agreed"}}, {"phase": 1, "due_day": 10, "title": {"en": "Place coordination units so that every time zone is covered"}}, {"phase": 1, "due_day": 20, "title": {"en": "Agree on referral of potential victims with each country"}}, {"phase": 3, "due_day": 4, "title": {"en": "Countries send their last daily report"}}, {"phase": 4, "due_day": 13, "title": {"en": "Claims between countries are settled"}}], "targets": [{"kpi": "K01", "value": 500000}, {"kpi": "K11", "value": 200}, {"kpi": "K31", "value": 95}], "needs": [{"specialism": "document_examiner", "team_kind": "frontline", "certificates": ["document_officer"], "teams": 2, "days": 5}, {"specialism": "debriefing_interview", "team_kind": "joint_debriefing", "teams": 1, "days": 5}]}', 'Muster', '2026-11-25 00:00:00.000000');

CREATE TRIGGER entry_keeps BEFORE UPDATE ON entry BEGIN SELECT RAISE(ABORT, 'What was written here is never changed.'); END;

CREATE TRIGGER access_entry_keeps BEFORE UPDATE ON access_entry BEGIN SELECT RAISE(ABORT, 'What was written here is never changed.'); END;

CREATE TRIGGER line_keeps BEFORE UPDATE ON line BEGIN SELECT RAISE(ABORT, 'What was written here is never changed.'); END;

CREATE TRIGGER layer_content_keeps BEFORE UPDATE ON layer_content BEGIN SELECT RAISE(ABORT, 'What was written here is never changed.'); END;

CREATE TRIGGER layer_marks_keeps BEFORE UPDATE ON layer_marks BEGIN SELECT RAISE(ABORT, 'What was written here is never changed.'); END;

CREATE TRIGGER analysis_result_keeps BEFORE UPDATE ON analysis_result BEGIN SELECT RAISE(ABORT, 'What was written here is never changed.'); END;

CREATE TRIGGER plan_item_keeps BEFORE UPDATE ON plan_item BEGIN SELECT RAISE(ABORT, 'What was written here is never changed.'); END;

CREATE TRIGGER heard_step_keeps BEFORE UPDATE ON heard_step BEGIN SELECT RAISE(ABORT, 'What was written here is never changed.'); END;

CREATE TRIGGER row_step_keeps BEFORE UPDATE ON row_step BEGIN SELECT RAISE(ABORT, 'What was written here is never changed.'); END;

CREATE TRIGGER total_step_keeps BEFORE UPDATE ON total_step BEGIN SELECT RAISE(ABORT, 'What was written here is never changed.'); END;

CREATE TRIGGER total_checkpoint_keeps BEFORE UPDATE ON total_checkpoint BEGIN SELECT RAISE(ABORT, 'What was written here is never changed.'); END;

CREATE TRIGGER release_keeps BEFORE UPDATE ON release BEGIN SELECT RAISE(ABORT, 'What was written here is never changed.'); END;

CREATE TRIGGER recommendation_note_keeps BEFORE UPDATE ON recommendation_note BEGIN SELECT RAISE(ABORT, 'What was written here is never changed.'); END;

CREATE TRIGGER evaluation_method_keeps BEFORE UPDATE ON evaluation_method BEGIN SELECT RAISE(ABORT, 'What was written here is never changed.'); END;

CREATE TRIGGER evaluation_judgement_keeps BEFORE UPDATE ON evaluation_judgement BEGIN SELECT RAISE(ABORT, 'What was written here is never changed.'); END;

CREATE TRIGGER evaluation_step_keeps BEFORE UPDATE ON evaluation_step BEGIN SELECT RAISE(ABORT, 'What was written here is never changed.'); END;

CREATE TRIGGER evaluation_outcome_keeps BEFORE UPDATE ON evaluation_outcome BEGIN SELECT RAISE(ABORT, 'What was written here is never changed.'); END;

CREATE TRIGGER post_condition_keeps BEFORE UPDATE ON post_condition BEGIN SELECT RAISE(ABORT, 'What was written here is never changed.'); END;

CREATE TRIGGER post_site_keeps BEFORE UPDATE ON post_site BEGIN SELECT RAISE(ABORT, 'What was written here is never changed.'); END;

CREATE TRIGGER country_role_keeps BEFORE UPDATE ON country_role BEGIN SELECT RAISE(ABORT, 'What was written here is never changed.'); END;

CREATE TRIGGER assessment_score_keeps BEFORE UPDATE ON assessment_score BEGIN SELECT RAISE(ABORT, 'What was written here is never changed.'); END;

CREATE TRIGGER assessment_step_keeps BEFORE UPDATE ON assessment_step BEGIN SELECT RAISE(ABORT, 'What was written here is never changed.'); END;

CREATE TRIGGER snapshot_figure_keeps BEFORE UPDATE ON snapshot_figure BEGIN SELECT RAISE(ABORT, 'What was written here is never changed.'); END;

CREATE TRIGGER equipment_step_keeps BEFORE UPDATE ON equipment_step BEGIN SELECT RAISE(ABORT, 'What was written here is never changed.'); END;

CREATE TRIGGER review_comment_keeps BEFORE UPDATE ON review_comment BEGIN SELECT RAISE(ABORT, 'What was written here is never changed.'); END;

CREATE TRIGGER review_step_keeps BEFORE UPDATE ON review_step BEGIN SELECT RAISE(ABORT, 'What was written here is never changed.'); END;

CREATE TRIGGER project_step_keeps BEFORE UPDATE ON project_step BEGIN SELECT RAISE(ABORT, 'What was written here is never changed.'); END;

CREATE TRIGGER training_step_keeps BEFORE UPDATE ON training_step BEGIN SELECT RAISE(ABORT, 'What was written here is never changed.'); END;

CREATE TRIGGER partner_step_keeps BEFORE UPDATE ON partner_step BEGIN SELECT RAISE(ABORT, 'What was written here is never changed.'); END;

CREATE TRIGGER cost_step_keeps BEFORE UPDATE ON cost_step BEGIN SELECT RAISE(ABORT, 'What was written here is never changed.'); END;

CREATE TRIGGER claim_step_keeps BEFORE UPDATE ON claim_step BEGIN SELECT RAISE(ABORT, 'What was written here is never changed.'); END;

CREATE TRIGGER ison_activity_keeps BEFORE UPDATE ON ison_activity BEGIN SELECT RAISE(ABORT, 'What was written here is never changed.'); END;

CREATE TRIGGER deployment_entry_keeps BEFORE UPDATE ON deployment_entry BEGIN SELECT RAISE(ABORT, 'What was written here is never changed.'); END;

CREATE TRIGGER timetable_effect_keeps BEFORE UPDATE ON timetable_effect BEGIN SELECT RAISE(ABORT, 'What was written here is never changed.'); END;

CREATE TRIGGER oplan_item_keeps BEFORE UPDATE ON oplan_item BEGIN SELECT RAISE(ABORT, 'What was written here is never changed.'); END;

CREATE TRIGGER tasking_keeps BEFORE UPDATE ON tasking BEGIN SELECT RAISE(ABORT, 'What was written here is never changed.'); END;

CREATE TRIGGER notice_check_keeps BEFORE UPDATE ON notice_check BEGIN SELECT RAISE(ABORT, 'What was written here is never changed.'); END;

CREATE TRIGGER appeal_tips_keeps BEFORE UPDATE ON appeal_tips BEGIN SELECT RAISE(ABORT, 'What was written here is never changed.'); END;

CREATE TRIGGER incident_apart_keeps BEFORE UPDATE ON incident_apart BEGIN SELECT RAISE(ABORT, 'What was written here is never changed.'); END;

CREATE TRIGGER api_token_keeps BEFORE UPDATE ON api_token BEGIN SELECT RAISE(ABORT, 'What was written here is never changed.'); END;

CREATE TRIGGER sheet_mapping_keeps BEFORE UPDATE ON sheet_mapping BEGIN SELECT RAISE(ABORT, 'What was written here is never changed.'); END;

CREATE TRIGGER recommendation_keeps BEFORE UPDATE OF id, operation_id, evaluation_id, country, role, text, evidence, area, source, due, author_id, author_name, made_at ON recommendation BEGIN SELECT RAISE(ABORT, 'What was written here is never changed.'); END;

CREATE TRIGGER evaluation_keeps BEFORE UPDATE OF id, title, purpose, about, operation_id, operations, region, course_id, country, planned_for, classification, author_id, author_name, made_at ON evaluation BEGIN SELECT RAISE(ABORT, 'What was written here is never changed.'); END;

CREATE TRIGGER evaluation_country_keeps BEFORE UPDATE OF id, evaluation_id, country ON evaluation_country BEGIN SELECT RAISE(ABORT, 'What was written here is never changed.'); END;

CREATE TRIGGER assessment_keeps BEFORE UPDATE OF id, post_id, country, purpose, planned_for, author_id, author_name, made_at ON assessment BEGIN SELECT RAISE(ABORT, 'What was written here is never changed.'); END;

CREATE TRIGGER equipment_keeps BEFORE UPDATE OF id, post_id, country, kind, donor, purpose, promised, author_id, author_name, made_at ON equipment BEGIN SELECT RAISE(ABORT, 'What was written here is never changed.'); END;

CREATE TRIGGER link_keeps BEFORE UPDATE OF id, post_id, country, technology, provider, hours, promised, author_id, author_name, made_at ON link BEGIN SELECT RAISE(ABORT, 'What was written here is never changed.'); END;

CREATE TRIGGER review_keeps BEFORE UPDATE OF id, post_id, country, purpose, planned_for, author_id, author_name, made_at ON review BEGIN SELECT RAISE(ABORT, 'What was written here is never changed.'); END;

CREATE TRIGGER review_finding_keeps BEFORE UPDATE OF id, review_id, post_id, country, area, finding, needed, urgency, cost, currency, author_id, author_name, made_at ON review_finding BEGIN SELECT RAISE(ABORT, 'What was written here is never changed.'); END;

CREATE TRIGGER project_keeps BEFORE UPDATE OF id, country, title, purpose, donor, planned_for, author_id, author_name, made_at ON project BEGIN SELECT RAISE(ABORT, 'What was written here is never changed.'); END;

CREATE TRIGGER project_part_keeps BEFORE UPDATE OF id, project_id, country, kind, part_id, post_id, author_id, author_name, made_at ON project_part BEGIN SELECT RAISE(ABORT, 'What was written here is never changed.'); END;

CREATE TRIGGER project_money_keeps BEFORE UPDATE OF id, project_id, country, kind, amount, currency, day, words, author_id, author_name, made_at ON project_money BEGIN SELECT RAISE(ABORT, 'What was written here is never changed.'); END;

CREATE TRIGGER operation_cost_keeps BEFORE UPDATE OF id, operation_id, country, stage, kind, what, amount, currency, day, note, corrects_id, author_id, author_name, made_at ON operation_cost BEGIN SELECT RAISE(ABORT, 'What was written here is never changed.'); END;

CREATE TRIGGER cost_book_keeps BEFORE UPDATE OF id, operation_id, author_id, author_name, made_at ON cost_book BEGIN SELECT RAISE(ABORT, 'What was written here is never changed.'); END;

CREATE TRIGGER milestone_keeps BEFORE UPDATE OF id, project_id, country, title, owner, due, author_id, author_name, made_at ON milestone BEGIN SELECT RAISE(ABORT, 'What was written here is never changed.'); END;

CREATE TRIGGER usage_month_keeps BEFORE UPDATE OF id, post_id, country, month, counted, database, device_id, device_key, count, monday, tuesday, wednesday, thursday, friday, saturday, sunday, source, supersedes_id, author_id, author_name, made_at ON usage_month BEGIN SELECT RAISE(ABORT, 'What was written here is never changed.'); END;

CREATE TRIGGER centre_connection_keeps BEFORE UPDATE OF id, operation_id, country, address, centre_operation, author_id, author_name, made_at ON centre_connection BEGIN SELECT RAISE(ABORT, 'What was written here is never changed.'); END;

CREATE TRIGGER centre_report_keeps BEFORE UPDATE OF id, connection_id, number, operation_id, country, site_id, day, phase_id, report_id, supersedes_id, withdraws, body, content_hash, author_id, author_name, made_at ON centre_report BEGIN SELECT RAISE(ABORT, 'What was written here is never changed.'); END;

CREATE TRIGGER connection_plan_keeps BEFORE UPDATE OF id, asked_at, question, basis, author_id, author_name ON connection_plan BEGIN SELECT RAISE(ABORT, 'What was written here is never changed.'); END;

CREATE TRIGGER outage_keeps BEFORE UPDATE OF id, link_id, country, starts, planned, cause, author_name, made_at ON outage BEGIN SELECT RAISE(ABORT, 'What was written here is never changed.'); END;

CREATE TRIGGER course_keeps BEFORE UPDATE OF id, title, topic, points, pass_points, months, author_id, author_name, made_at ON course BEGIN SELECT RAISE(ABORT, 'What was written here is never changed.'); END;

CREATE TRIGGER course_run_keeps BEFORE UPDATE OF id, course_id, host, place, starts, ends, capacity, author_id, author_name, made_at ON course_run BEGIN SELECT RAISE(ABORT, 'What was written here is never changed.'); END;

CREATE TRIGGER enrolment_keeps BEFORE UPDATE OF id, run_id, account_id, country, post_id, author_id, author_name, made_at ON enrolment BEGIN SELECT RAISE(ABORT, 'What was written here is never changed.'); END;

CREATE TRIGGER course_certificate_keeps BEFORE UPDATE OF id, enrolment_id, run_id, account_id, country, code, proposed_by, proposed_name, made_at ON course_certificate BEGIN SELECT RAISE(ABORT, 'What was written here is never changed.'); END;

CREATE TRIGGER curriculum_keeps BEFORE UPDATE OF id, course_id, country, academy, author_id, author_name, made_at ON curriculum BEGIN SELECT RAISE(ABORT, 'What was written here is never changed.'); END;

CREATE TRIGGER trainer_keeps BEFORE UPDATE OF id, account_id, country, course_id, author_id, author_name, made_at ON trainer BEGIN SELECT RAISE(ABORT, 'What was written here is never changed.'); END;

CREATE TRIGGER cascade_run_keeps BEFORE UPDATE OF id, trainer_id, account_id, country, course_id, place, starts, ends, author_id, author_name, made_at ON cascade_run BEGIN SELECT RAISE(ABORT, 'What was written here is never changed.'); END;

CREATE TRIGGER data_request_keeps BEFORE UPDATE OF id, country, asked, file_ref, received, author_id, author_name, made_at ON data_request BEGIN SELECT RAISE(ABORT, 'What was written here is never changed.'); END;

CREATE TRIGGER data_copy_keeps BEFORE UPDATE OF id, request_id, asked, kind, object_id, operation_id, country, desk, link, found_at ON data_copy BEGIN SELECT RAISE(ABORT, 'What was written here is never changed.'); END;

CREATE TRIGGER legal_hold_keeps BEFORE UPDATE OF id, operation_id, country, case_id, authority, file_ref, why, author_id, author_name, made_at ON legal_hold BEGIN SELECT RAISE(ABORT, 'What was written here is never changed.'); END;

CREATE TRIGGER engagement_keeps BEFORE UPDATE OF id, country, counterpart, level, held_on, commitment, follow_up, due, author_id, author_name, made_at ON engagement BEGIN SELECT RAISE(ABORT, 'What was written here is never changed.'); END;

CREATE TRIGGER post_keeps BEFORE UPDATE OF id, country, name, site_type, border_kind, lat, lon, zone, ref, author_id, author_name, made_at ON post BEGIN SELECT RAISE(ABORT, 'What was written here is never changed.'); END;

CREATE TRIGGER snapshot_keeps BEFORE UPDATE OF id, operation_id, number, level, status, entry, taken_at, basis, wording, method, qualifier, publication, embargo, prepared_by, prepared_name, previous_hash, content_hash ON snapshot BEGIN SELECT RAISE(ABORT, 'What was written here is never changed.'); END;

CREATE TRIGGER claim_keeps BEFORE UPDATE OF id, operation_id, number, kind, line_kind, countries, score, grounds, suspected_at ON claim BEGIN SELECT RAISE(ABORT, 'What was written here is never changed.'); END;

CREATE TRIGGER claim_pointer_keeps BEFORE UPDATE OF claim_id, operation_id, told_at ON claim_pointer BEGIN SELECT RAISE(ABORT, 'What was written here is never changed.'); END;

CREATE TRIGGER report_keeps BEFORE UPDATE OF id, report_id, version, supersedes_id, correction_reason, operation_id, country, site_id, phase_id, kind, period_from, period_to, zone, official_day, remarks, impact, author_id, author_name, keyed_by, signed_key, recorded_at, clock_offset, received_at, content_hash ON report BEGIN SELECT RAISE(ABORT, 'What was written here is never changed.'); END;

CREATE TRIGGER event_layer_keeps BEFORE UPDATE OF id, layer_id, version, supersedes_id, content_id, removed, operation_id, country, audience, classification, kind, name, source, licence, period_from, period_to, accuracy, accuracy_m, retrieved, mapping, accepted, refused, west, south, east, north, findings, size, sha256, author_id, author_name, made_at ON event_layer BEGIN SELECT RAISE(ABORT, 'What was written here is never changed.'); END;

CREATE TRIGGER analysis_keeps BEFORE UPDATE OF id, asked_at, operation_id, kind, question, question_hash, layer_versions, classification, author_id, author_name, rerun_of, resumed_from ON analysis BEGIN SELECT RAISE(ABORT, 'What was written here is never changed.'); END;

CREATE TRIGGER plan_version_keeps BEFORE UPDATE OF id, operation_id, number, note, author_id, author_name, made_at ON plan_version BEGIN SELECT RAISE(ABORT, 'What was written here is never changed.'); END;

CREATE TRIGGER deconfliction_room_keeps BEFORE UPDATE OF id, operation_id, country, name, countries, check_value, rounds, stretch, until, author_id, author_name, made_at ON deconfliction_room BEGIN SELECT RAISE(ABORT, 'What was written here is never changed.'); END;

CREATE TRIGGER deconfliction_match_keeps BEFORE UPDATE OF id, room_id, operation_id, kind, country, other, made_at ON deconfliction_match BEGIN SELECT RAISE(ABORT, 'What was written here is never changed.'); END;

CREATE TRIGGER deconfliction_side_keeps BEFORE UPDATE OF match_id, country, other, room_id, operation_id, entry_id, kind, contact, told_at ON deconfliction_side BEGIN SELECT RAISE(ABORT, 'What was written here is never changed.'); END;

CREATE TRIGGER ison_member_keeps BEFORE UPDATE OF id, country, number, office, agency, specialism, certified_until, author_id, author_name, made_at ON ison_member BEGIN SELECT RAISE(ABORT, 'What was written here is never changed.'); END;

CREATE TRIGGER dispatch_receipt_keeps BEFORE UPDATE OF dispatch_id, country, operation_id, origin, via, classification, due, sent_at ON dispatch_receipt BEGIN SELECT RAISE(ABORT, 'What was written here is never changed.'); END;

CREATE TRIGGER partner_admission_keeps BEFORE UPDATE OF id, operation_id, partner, purpose, sees, sections, clearance, starts, until, author_id, author_name, made_at ON partner_admission BEGIN SELECT RAISE(ABORT, 'What was written here is never changed.'); END;

CREATE TRIGGER support_request_keeps BEFORE UPDATE OF id, operation_id, country, host_country, site_id, hotspot_id, analysis_id, place, lat, lon, title, note, priority, handling, author_id, author_name, made_at ON support_request BEGIN SELECT RAISE(ABORT, 'What was written here is never changed.'); END;

CREATE TRIGGER support_need_keeps BEFORE UPDATE OF id, request_id, operation_id, country, position, team_kind, specialism, languages, certificates, teams, together, starts, ends ON support_need BEGIN SELECT RAISE(ABORT, 'What was written here is never changed.'); END;

CREATE TRIGGER support_offer_keeps BEFORE UPDATE OF id, need_id, operation_id, country, team_id, starts, ends, note, author_id, author_name, made_at ON support_offer BEGIN SELECT RAISE(ABORT, 'What was written here is never changed.'); END;

CREATE TRIGGER deployment_keeps BEFORE UPDATE OF id, offer_id, need_id, request_id, operation_id, country, host_country, team_id, call_sign, unit, team_kind, specialism, persons, site_id, place, lat, lon, starts, ends, requested_at, accepted_at ON deployment BEGIN SELECT RAISE(ABORT, 'What was written here is never changed.'); END;

CREATE TRIGGER team_certificate_keeps BEFORE UPDATE OF id, team_id, member_id, country, kind, issued_on, expires_on, written_at ON team_certificate BEGIN SELECT RAISE(ABORT, 'What was written here is never changed.'); END;

CREATE TRIGGER team_absence_keeps BEFORE UPDATE OF id, team_id, country, kind, starts, ends, written_at ON team_absence BEGIN SELECT RAISE(ABORT, 'What was written here is never changed.'); END;

CREATE TRIGGER oplan_section_keeps BEFORE UPDATE OF id, operation_id, section, version, supersedes_id, state, text, author_id, author_name, made_at ON oplan_section BEGIN SELECT RAISE(ABORT, 'What was written here is never changed.'); END;

CREATE TRIGGER oplan_version_keeps BEFORE UPDATE OF id, operation_id, number, note, content_hash, approved_by, approved_name, approved_at ON oplan_version BEGIN SELECT RAISE(ABORT, 'What was written here is never changed.'); END;

CREATE TRIGGER oplan_comment_keeps BEFORE UPDATE OF id, operation_id, section, country, text, author_id, author_name, made_at ON oplan_comment BEGIN SELECT RAISE(ABORT, 'What was written here is never changed.'); END;

CREATE TRIGGER coordination_unit_keeps BEFORE UPDATE OF id, object_id, version, supersedes_id, operation_id, kind, host_country, region, zone, round_the_clock, days, opens, closes, supports, members, note, author_id, author_name, made_at ON coordination_unit BEGIN SELECT RAISE(ABORT, 'What was written here is never changed.'); END;

CREATE TRIGGER network_link_keeps BEFORE UPDATE OF id, operation_id, from_id, to_id, kind, source, information, handling, author_id, author_name, made_at ON network_link BEGIN SELECT RAISE(ABORT, 'What was written here is never changed.'); END;

CREATE TRIGGER template_lesson_keeps BEFORE UPDATE OF id, operation_id, template_id, text, made_at ON template_lesson BEGIN SELECT RAISE(ABORT, 'What was written here is never changed.'); END;

CREATE TRIGGER template_keeps BEFORE UPDATE OF id, template_id, version, supersedes_id, retired, kind, content, author_id, author_name, made_at ON template BEGIN SELECT RAISE(ABORT, 'What was written here is never changed.'); END;

CREATE TRIGGER lead_keeps BEFORE UPDATE OF id, operation_id, origin, origin_country, subject_kind, subject_id, made_at ON lead BEGIN SELECT RAISE(ABORT, 'What was written here is never changed.'); END;

CREATE TRIGGER lead_country_keeps BEFORE UPDATE OF lead_id, country, operation_id, origin_country, subject_id ON lead_country BEGIN SELECT RAISE(ABORT, 'What was written here is never changed.'); END;

CREATE TRIGGER appeal_list_keeps BEFORE UPDATE OF id, operation_id, number, frozen_at, author_name ON appeal_list BEGIN SELECT RAISE(ABORT, 'What was written here is never changed.'); END;

CREATE TRIGGER appeal_item_keeps BEFORE UPDATE OF list_id, case_id, requesting_country ON appeal_item BEGIN SELECT RAISE(ABORT, 'What was written here is never changed.'); END;

CREATE TRIGGER message_keeps BEFORE UPDATE ON message WHEN (OLD.id IS NOT NEW.id OR OLD.key IS NOT NEW.key OR OLD.kind IS NOT NEW.kind OR OLD.number IS NOT NEW.number OR OLD.link IS NOT NEW.link OR OLD.urgent IS NOT NEW.urgent OR OLD.operation_id IS NOT NEW.operation_id OR OLD.made_at IS NOT NEW.made_at OR OLD.until IS NOT NEW.until OR (OLD.about IS NOT NEW.about) AND NEW.about <> '{}') BEGIN SELECT RAISE(ABORT, 'What was written here is never changed.'); END;

CREATE TRIGGER lead_version_keeps BEFORE UPDATE ON lead_version WHEN (OLD.id IS NOT NEW.id OR OLD.lead_id IS NOT NEW.lead_id OR OLD.version IS NOT NEW.version OR OLD.due IS NOT NEW.due OR OLD.source IS NOT NEW.source OR OLD.information IS NOT NEW.information OR OLD.handling IS NOT NEW.handling OR OLD.author_id IS NOT NEW.author_id OR OLD.author_name IS NOT NEW.author_name OR OLD.made_at IS NOT NEW.made_at OR (OLD.question IS NOT NEW.question) AND NEW.question <> '' OR (OLD.content_hash IS NOT NEW.content_hash) AND NEW.content_hash <> '') BEGIN SELECT RAISE(ABORT, 'What was written here is never changed.'); END;

CREATE TRIGGER lead_answer_keeps BEFORE UPDATE ON lead_answer WHEN (OLD.id IS NOT NEW.id OR OLD.lead_id IS NOT NEW.lead_id OR OLD.country IS NOT NEW.country OR OLD.origin_country IS NOT NEW.origin_country OR OLD.answer IS NOT NEW.answer OR OLD.author_id IS NOT NEW.author_id OR OLD.author_name IS NOT NEW.author_name OR OLD.made_at IS NOT NEW.made_at OR (OLD.remark IS NOT NEW.remark) AND NEW.remark <> '') BEGIN SELECT RAISE(ABORT, 'What was written here is never changed.'); END;

CREATE TRIGGER fugitive_version_keeps BEFORE UPDATE ON fugitive_version WHEN (OLD.id IS NOT NEW.id OR OLD.case_id IS NOT NEW.case_id OR OLD.requesting_country IS NOT NEW.requesting_country OR OLD.version IS NOT NEW.version OR OLD.author_id IS NOT NEW.author_id OR OLD.author_name IS NOT NEW.author_name OR OLD.made_at IS NOT NEW.made_at OR (OLD.content IS NOT NEW.content) AND NEW.content <> '{}' OR (OLD.content_hash IS NOT NEW.content_hash) AND NEW.content_hash <> '') BEGIN SELECT RAISE(ABORT, 'What was written here is never changed.'); END;

CREATE TRIGGER fugitive_step_keeps BEFORE UPDATE ON fugitive_step WHEN (OLD.id IS NOT NEW.id OR OLD.case_id IS NOT NEW.case_id OR OLD.requesting_country IS NOT NEW.requesting_country OR OLD.country IS NOT NEW.country OR OLD.before IS NOT NEW.before OR OLD.after IS NOT NEW.after OR OLD.author_id IS NOT NEW.author_id OR OLD.author_name IS NOT NEW.author_name OR OLD.made_at IS NOT NEW.made_at OR (OLD.reason IS NOT NEW.reason) AND NEW.reason <> '') BEGIN SELECT RAISE(ABORT, 'What was written here is never changed.'); END;

CREATE TRIGGER fugitive_location_keeps BEFORE UPDATE ON fugitive_location WHEN (OLD.id IS NOT NEW.id OR OLD.case_id IS NOT NEW.case_id OR OLD.country IS NOT NEW.country OR OLD.requesting_country IS NOT NEW.requesting_country OR OLD.author_name IS NOT NEW.author_name OR OLD.reported_at IS NOT NEW.reported_at OR (OLD.content_hash IS NOT NEW.content_hash) AND NEW.content_hash <> '') BEGIN SELECT RAISE(ABORT, 'What was written here is never changed.'); END;

CREATE TRIGGER serious_incident_keeps BEFORE UPDATE ON serious_incident WHEN (OLD.id IS NOT NEW.id OR OLD.operation_id IS NOT NEW.operation_id OR OLD.country IS NOT NEW.country OR OLD.concerns IS NOT NEW.concerns OR OLD.channel IS NOT NEW.channel OR OLD.scheme IS NOT NEW.scheme OR OLD.category IS NOT NEW.category OR OLD.occurred_at IS NOT NEW.occurred_at OR OLD.detected_at IS NOT NEW.detected_at OR OLD.author_id IS NOT NEW.author_id OR OLD.author_name IS NOT NEW.author_name OR OLD.made_at IS NOT NEW.made_at OR (OLD.content_hash IS NOT NEW.content_hash) AND NEW.content_hash <> '') BEGIN SELECT RAISE(ABORT, 'What was written here is never changed.'); END;

CREATE TRIGGER incident_version_keeps BEFORE UPDATE ON incident_version WHEN (OLD.id IS NOT NEW.id OR OLD.incident_id IS NOT NEW.incident_id OR OLD.version IS NOT NEW.version OR OLD.about IS NOT NEW.about OR OLD.author_id IS NOT NEW.author_id OR OLD.author_name IS NOT NEW.author_name OR OLD.made_at IS NOT NEW.made_at OR (OLD.content IS NOT NEW.content) AND NEW.content <> '{}') BEGIN SELECT RAISE(ABORT, 'What was written here is never changed.'); END;

CREATE TRIGGER incident_grant_keeps BEFORE UPDATE ON incident_grant WHEN (OLD.id IS NOT NEW.id OR OLD.incident_id IS NOT NEW.incident_id OR OLD.account_id IS NOT NEW.account_id OR OLD.until IS NOT NEW.until OR OLD.author_id IS NOT NEW.author_id OR OLD.author_name IS NOT NEW.author_name OR OLD.made_at IS NOT NEW.made_at OR (OLD.reason IS NOT NEW.reason) AND NEW.reason <> '') BEGIN SELECT RAISE(ABORT, 'What was written here is never changed.'); END;

CREATE TRIGGER deconfliction_entry_keeps BEFORE UPDATE ON deconfliction_entry WHEN (OLD.id IS NOT NEW.id OR OLD.room_id IS NOT NEW.room_id OR OLD.operation_id IS NOT NEW.operation_id OR OLD.country IS NOT NEW.country OR OLD.number IS NOT NEW.number OR OLD.kind IS NOT NEW.kind OR OLD.contact IS NOT NEW.contact OR OLD.author_id IS NOT NEW.author_id OR OLD.author_name IS NOT NEW.author_name OR OLD.made_at IS NOT NEW.made_at OR (OLD.tag IS NOT NEW.tag) AND NEW.tag <> '') BEGIN SELECT RAISE(ABORT, 'What was written here is never changed.'); END;

CREATE TRIGGER dispatch_keeps BEFORE UPDATE ON dispatch WHEN (OLD.id IS NOT NEW.id OR OLD.operation_id IS NOT NEW.operation_id OR OLD.country IS NOT NEW.country OR OLD.answers_id IS NOT NEW.answers_id OR OLD.source IS NOT NEW.source OR OLD.information IS NOT NEW.information OR OLD.handling IS NOT NEW.handling OR OLD.classification IS NOT NEW.classification OR OLD.due IS NOT NEW.due OR OLD.author_id IS NOT NEW.author_id OR OLD.author_name IS NOT NEW.author_name OR OLD.sent_at IS NOT NEW.sent_at OR (OLD.title IS NOT NEW.title) AND NEW.title <> '' OR (OLD.body IS NOT NEW.body) AND NEW.body <> '') BEGIN SELECT RAISE(ABORT, 'What was written here is never changed.'); END;

CREATE TRIGGER dispatch_passing_keeps BEFORE UPDATE ON dispatch_passing WHEN (OLD.id IS NOT NEW.id OR OLD.dispatch_id IS NOT NEW.dispatch_id OR OLD.operation_id IS NOT NEW.operation_id OR OLD.country IS NOT NEW.country OR OLD.origin IS NOT NEW.origin OR OLD.countries IS NOT NEW.countries OR OLD.classification IS NOT NEW.classification OR OLD.author_id IS NOT NEW.author_id OR OLD.author_name IS NOT NEW.author_name OR OLD.asked_at IS NOT NEW.asked_at OR (OLD.purpose IS NOT NEW.purpose) AND NEW.purpose <> '') BEGIN SELECT RAISE(ABORT, 'What was written here is never changed.'); END;

CREATE TRIGGER product_request_keeps BEFORE UPDATE ON product_request WHEN (OLD.id IS NOT NEW.id OR OLD.operation_id IS NOT NEW.operation_id OR OLD.country IS NOT NEW.country OR OLD.handling IS NOT NEW.handling OR OLD.classification IS NOT NEW.classification OR OLD.due IS NOT NEW.due OR OLD.author_id IS NOT NEW.author_id OR OLD.author_name IS NOT NEW.author_name OR OLD.made_at IS NOT NEW.made_at OR (OLD.question IS NOT NEW.question) AND NEW.question <> '' OR (OLD.purpose IS NOT NEW.purpose) AND NEW.purpose <> '') BEGIN SELECT RAISE(ABORT, 'What was written here is never changed.'); END;

CREATE TRIGGER product_step_keeps BEFORE UPDATE ON product_step WHEN (OLD.id IS NOT NEW.id OR OLD.of_id IS NOT NEW.of_id OR OLD.country IS NOT NEW.country OR OLD.state IS NOT NEW.state OR OLD.author_name IS NOT NEW.author_name OR OLD.made_at IS NOT NEW.made_at OR (OLD.words IS NOT NEW.words) AND NEW.words <> '') BEGIN SELECT RAISE(ABORT, 'What was written here is never changed.'); END;

CREATE TRIGGER product_keeps BEFORE UPDATE ON product WHEN (OLD.id IS NOT NEW.id OR OLD.operation_id IS NOT NEW.operation_id OR OLD.request_id IS NOT NEW.request_id OR OLD.source IS NOT NEW.source OR OLD.information IS NOT NEW.information OR OLD.handling IS NOT NEW.handling OR OLD.classification IS NOT NEW.classification OR OLD.originators IS NOT NEW.originators OR OLD.author_id IS NOT NEW.author_id OR OLD.author_name IS NOT NEW.author_name OR OLD.made_at IS NOT NEW.made_at OR (OLD.title IS NOT NEW.title) AND NEW.title <> '' OR (OLD.body IS NOT NEW.body) AND NEW.body <> '') BEGIN SELECT RAISE(ABORT, 'What was written here is never changed.'); END;

CREATE TRIGGER product_share_keeps BEFORE UPDATE ON product_share WHEN (OLD.id IS NOT NEW.id OR OLD.product_id IS NOT NEW.product_id OR OLD.operation_id IS NOT NEW.operation_id OR OLD.recipient IS NOT NEW.recipient OR OLD.origin IS NOT NEW.origin OR OLD.handling IS NOT NEW.handling OR OLD.classification IS NOT NEW.classification OR OLD.author_name IS NOT NEW.author_name OR OLD.made_at IS NOT NEW.made_at OR (OLD.title IS NOT NEW.title) AND NEW.title <> '' OR (OLD.purpose IS NOT NEW.purpose) AND NEW.purpose <> '') BEGIN SELECT RAISE(ABORT, 'What was written here is never changed.'); END;

CREATE TRIGGER hypothesis_keeps BEFORE UPDATE ON hypothesis WHEN (OLD.id IS NOT NEW.id OR OLD.operation_id IS NOT NEW.operation_id OR OLD.version IS NOT NEW.version OR OLD.supersedes_id IS NOT NEW.supersedes_id OR OLD.state IS NOT NEW.state OR OLD.source IS NOT NEW.source OR OLD.information IS NOT NEW.information OR OLD.handling IS NOT NEW.handling OR OLD.author_id IS NOT NEW.author_id OR OLD.author_name IS NOT NEW.author_name OR OLD.made_at IS NOT NEW.made_at OR (OLD.statement IS NOT NEW.statement) AND NEW.statement <> '') BEGIN SELECT RAISE(ABORT, 'What was written here is never changed.'); END;

CREATE TRIGGER network_entity_keeps BEFORE UPDATE ON network_entity WHEN (OLD.id IS NOT NEW.id OR OLD.entity_id IS NOT NEW.entity_id OR OLD.version IS NOT NEW.version OR OLD.supersedes_id IS NOT NEW.supersedes_id OR OLD.removed IS NOT NEW.removed OR OLD.operation_id IS NOT NEW.operation_id OR OLD.kind IS NOT NEW.kind OR OLD.code IS NOT NEW.code OR OLD.source IS NOT NEW.source OR OLD.information IS NOT NEW.information OR OLD.handling IS NOT NEW.handling OR OLD.author_id IS NOT NEW.author_id OR OLD.author_name IS NOT NEW.author_name OR OLD.made_at IS NOT NEW.made_at OR (OLD.description IS NOT NEW.description) AND NEW.description <> '') BEGIN SELECT RAISE(ABORT, 'What was written here is never changed.'); END;

CREATE TRIGGER lead_result_keeps BEFORE UPDATE ON lead_result WHEN (OLD.id IS NOT NEW.id OR OLD.lead_id IS NOT NEW.lead_id OR OLD.lead_operation_id IS NOT NEW.lead_operation_id OR OLD.operation_id IS NOT NEW.operation_id OR OLD.country IS NOT NEW.country OR OLD.report_id IS NOT NEW.report_id OR OLD.line_id IS NOT NEW.line_id OR OLD.kind IS NOT NEW.kind OR OLD.author_id IS NOT NEW.author_id OR OLD.author_name IS NOT NEW.author_name OR OLD.made_at IS NOT NEW.made_at OR (OLD.note IS NOT NEW.note) AND NEW.note <> '') BEGIN SELECT RAISE(ABORT, 'What was written here is never changed.'); END;

CREATE TRIGGER lead_find_keeps BEFORE UPDATE ON lead_find WHEN (OLD.id IS NOT NEW.id OR OLD.lead_id IS NOT NEW.lead_id OR OLD.lead_operation_id IS NOT NEW.lead_operation_id OR OLD.operation_id IS NOT NEW.operation_id OR OLD.case_id IS NOT NEW.case_id OR OLD.location_id IS NOT NEW.location_id OR OLD.country IS NOT NEW.country OR OLD.requesting_country IS NOT NEW.requesting_country OR OLD.author_id IS NOT NEW.author_id OR OLD.author_name IS NOT NEW.author_name OR OLD.made_at IS NOT NEW.made_at OR (OLD.note IS NOT NEW.note) AND NEW.note <> '') BEGIN SELECT RAISE(ABORT, 'What was written here is never changed.'); END;

CREATE TRIGGER fugitive_case_keeps BEFORE UPDATE ON fugitive_case WHEN (OLD.id IS NOT NEW.id OR OLD.operation_id IS NOT NEW.operation_id OR OLD.requesting_country IS NOT NEW.requesting_country OR OLD.number IS NOT NEW.number OR OLD.nominated_at IS NOT NEW.nominated_at OR (NEW.notice_ref <> OLD.notice_ref AND (NEW.erased_at IS NULL OR NEW.notice_ref <> 'erased ' || NEW.number))) BEGIN SELECT RAISE(ABORT, 'What was written here is never changed.'); END;

CREATE TRIGGER entry_stays BEFORE DELETE ON entry BEGIN SELECT RAISE(ABORT, 'What was written here is never changed.'); END;

CREATE TRIGGER access_entry_stays BEFORE DELETE ON access_entry BEGIN SELECT RAISE(ABORT, 'What was written here is never changed.'); END;

CREATE TRIGGER line_stays BEFORE DELETE ON line BEGIN SELECT RAISE(ABORT, 'What was written here is never changed.'); END;

CREATE TRIGGER layer_content_stays BEFORE DELETE ON layer_content BEGIN SELECT RAISE(ABORT, 'What was written here is never changed.'); END;

CREATE TRIGGER layer_marks_stays BEFORE DELETE ON layer_marks BEGIN SELECT RAISE(ABORT, 'What was written here is never changed.'); END;

CREATE TRIGGER analysis_result_stays BEFORE DELETE ON analysis_result BEGIN SELECT RAISE(ABORT, 'What was written here is never changed.'); END;

CREATE TRIGGER plan_item_stays BEFORE DELETE ON plan_item BEGIN SELECT RAISE(ABORT, 'What was written here is never changed.'); END;

CREATE TRIGGER heard_step_stays BEFORE DELETE ON heard_step BEGIN SELECT RAISE(ABORT, 'What was written here is never changed.'); END;

CREATE TRIGGER row_step_stays BEFORE DELETE ON row_step BEGIN SELECT RAISE(ABORT, 'What was written here is never changed.'); END;

CREATE TRIGGER total_step_stays BEFORE DELETE ON total_step BEGIN SELECT RAISE(ABORT, 'What was written here is never changed.'); END;

CREATE TRIGGER total_checkpoint_stays BEFORE DELETE ON total_checkpoint BEGIN SELECT RAISE(ABORT, 'What was written here is never changed.'); END;

CREATE TRIGGER release_stays BEFORE DELETE ON release BEGIN SELECT RAISE(ABORT, 'What was written here is never changed.'); END;

CREATE TRIGGER recommendation_note_stays BEFORE DELETE ON recommendation_note BEGIN SELECT RAISE(ABORT, 'What was written here is never changed.'); END;

CREATE TRIGGER evaluation_method_stays BEFORE DELETE ON evaluation_method BEGIN SELECT RAISE(ABORT, 'What was written here is never changed.'); END;

CREATE TRIGGER evaluation_judgement_stays BEFORE DELETE ON evaluation_judgement BEGIN SELECT RAISE(ABORT, 'What was written here is never changed.'); END;

CREATE TRIGGER evaluation_step_stays BEFORE DELETE ON evaluation_step BEGIN SELECT RAISE(ABORT, 'What was written here is never changed.'); END;

CREATE TRIGGER evaluation_outcome_stays BEFORE DELETE ON evaluation_outcome BEGIN SELECT RAISE(ABORT, 'What was written here is never changed.'); END;

CREATE TRIGGER post_condition_stays BEFORE DELETE ON post_condition BEGIN SELECT RAISE(ABORT, 'What was written here is never changed.'); END;

CREATE TRIGGER post_site_stays BEFORE DELETE ON post_site BEGIN SELECT RAISE(ABORT, 'What was written here is never changed.'); END;

CREATE TRIGGER country_role_stays BEFORE DELETE ON country_role BEGIN SELECT RAISE(ABORT, 'What was written here is never changed.'); END;

CREATE TRIGGER assessment_score_stays BEFORE DELETE ON assessment_score BEGIN SELECT RAISE(ABORT, 'What was written here is never changed.'); END;

CREATE TRIGGER assessment_step_stays BEFORE DELETE ON assessment_step BEGIN SELECT RAISE(ABORT, 'What was written here is never changed.'); END;

CREATE TRIGGER snapshot_figure_stays BEFORE DELETE ON snapshot_figure BEGIN SELECT RAISE(ABORT, 'What was written here is never changed.'); END;

CREATE TRIGGER equipment_step_stays BEFORE DELETE ON equipment_step BEGIN SELECT RAISE(ABORT, 'What was written here is never changed.'); END;

CREATE TRIGGER review_comment_stays BEFORE DELETE ON review_comment BEGIN SELECT RAISE(ABORT, 'What was written here is never changed.'); END;

CREATE TRIGGER review_step_stays BEFORE DELETE ON review_step BEGIN SELECT RAISE(ABORT, 'What was written here is never changed.'); END;

CREATE TRIGGER project_step_stays BEFORE DELETE ON project_step BEGIN SELECT RAISE(ABORT, 'What was written here is never changed.'); END;

CREATE TRIGGER training_step_stays BEFORE DELETE ON training_step BEGIN SELECT RAISE(ABORT, 'What was written here is never changed.'); END;

CREATE TRIGGER partner_step_stays BEFORE DELETE ON partner_step BEGIN SELECT RAISE(ABORT, 'What was written here is never changed.'); END;

CREATE TRIGGER cost_step_stays BEFORE DELETE ON cost_step BEGIN SELECT RAISE(ABORT, 'What was written here is never changed.'); END;

CREATE TRIGGER claim_step_stays BEFORE DELETE ON claim_step BEGIN SELECT RAISE(ABORT, 'What was written here is never changed.'); END;

CREATE TRIGGER ison_activity_stays BEFORE DELETE ON ison_activity BEGIN SELECT RAISE(ABORT, 'What was written here is never changed.'); END;

CREATE TRIGGER deployment_entry_stays BEFORE DELETE ON deployment_entry BEGIN SELECT RAISE(ABORT, 'What was written here is never changed.'); END;

CREATE TRIGGER timetable_effect_stays BEFORE DELETE ON timetable_effect BEGIN SELECT RAISE(ABORT, 'What was written here is never changed.'); END;

CREATE TRIGGER oplan_item_stays BEFORE DELETE ON oplan_item BEGIN SELECT RAISE(ABORT, 'What was written here is never changed.'); END;

CREATE TRIGGER tasking_stays BEFORE DELETE ON tasking BEGIN SELECT RAISE(ABORT, 'What was written here is never changed.'); END;

CREATE TRIGGER notice_check_stays BEFORE DELETE ON notice_check BEGIN SELECT RAISE(ABORT, 'What was written here is never changed.'); END;

CREATE TRIGGER appeal_tips_stays BEFORE DELETE ON appeal_tips BEGIN SELECT RAISE(ABORT, 'What was written here is never changed.'); END;

CREATE TRIGGER incident_apart_stays BEFORE DELETE ON incident_apart BEGIN SELECT RAISE(ABORT, 'What was written here is never changed.'); END;

CREATE TRIGGER api_token_stays BEFORE DELETE ON api_token BEGIN SELECT RAISE(ABORT, 'What was written here is never changed.'); END;

CREATE TRIGGER sheet_mapping_stays BEFORE DELETE ON sheet_mapping BEGIN SELECT RAISE(ABORT, 'What was written here is never changed.'); END;

CREATE TRIGGER recommendation_stays BEFORE DELETE ON recommendation BEGIN SELECT RAISE(ABORT, 'What was written here is never changed.'); END;

CREATE TRIGGER evaluation_stays BEFORE DELETE ON evaluation BEGIN SELECT RAISE(ABORT, 'What was written here is never changed.'); END;

CREATE TRIGGER evaluation_country_stays BEFORE DELETE ON evaluation_country BEGIN SELECT RAISE(ABORT, 'What was written here is never changed.'); END;

CREATE TRIGGER assessment_stays BEFORE DELETE ON assessment BEGIN SELECT RAISE(ABORT, 'What was written here is never changed.'); END;

CREATE TRIGGER equipment_stays BEFORE DELETE ON equipment BEGIN SELECT RAISE(ABORT, 'What was written here is never changed.'); END;

CREATE TRIGGER link_stays BEFORE DELETE ON link BEGIN SELECT RAISE(ABORT, 'What was written here is never changed.'); END;

CREATE TRIGGER review_stays BEFORE DELETE ON review BEGIN SELECT RAISE(ABORT, 'What was written here is never changed.'); END;

CREATE TRIGGER review_finding_stays BEFORE DELETE ON review_finding BEGIN SELECT RAISE(ABORT, 'What was written here is never changed.'); END;

CREATE TRIGGER project_stays BEFORE DELETE ON project BEGIN SELECT RAISE(ABORT, 'What was written here is never changed.'); END;

CREATE TRIGGER project_part_stays BEFORE DELETE ON project_part BEGIN SELECT RAISE(ABORT, 'What was written here is never changed.'); END;

CREATE TRIGGER project_money_stays BEFORE DELETE ON project_money BEGIN SELECT RAISE(ABORT, 'What was written here is never changed.'); END;

CREATE TRIGGER operation_cost_stays BEFORE DELETE ON operation_cost BEGIN SELECT RAISE(ABORT, 'What was written here is never changed.'); END;

CREATE TRIGGER cost_book_stays BEFORE DELETE ON cost_book BEGIN SELECT RAISE(ABORT, 'What was written here is never changed.'); END;

CREATE TRIGGER milestone_stays BEFORE DELETE ON milestone BEGIN SELECT RAISE(ABORT, 'What was written here is never changed.'); END;

CREATE TRIGGER usage_month_stays BEFORE DELETE ON usage_month BEGIN SELECT RAISE(ABORT, 'What was written here is never changed.'); END;

CREATE TRIGGER centre_connection_stays BEFORE DELETE ON centre_connection BEGIN SELECT RAISE(ABORT, 'What was written here is never changed.'); END;

CREATE TRIGGER centre_report_stays BEFORE DELETE ON centre_report BEGIN SELECT RAISE(ABORT, 'What was written here is never changed.'); END;

CREATE TRIGGER connection_plan_stays BEFORE DELETE ON connection_plan BEGIN SELECT RAISE(ABORT, 'What was written here is never changed.'); END;

CREATE TRIGGER outage_stays BEFORE DELETE ON outage BEGIN SELECT RAISE(ABORT, 'What was written here is never changed.'); END;

CREATE TRIGGER course_stays BEFORE DELETE ON course BEGIN SELECT RAISE(ABORT, 'What was written here is never changed.'); END;

CREATE TRIGGER course_run_stays BEFORE DELETE ON course_run BEGIN SELECT RAISE(ABORT, 'What was written here is never changed.'); END;

CREATE TRIGGER enrolment_stays BEFORE DELETE ON enrolment BEGIN SELECT RAISE(ABORT, 'What was written here is never changed.'); END;

CREATE TRIGGER course_certificate_stays BEFORE DELETE ON course_certificate BEGIN SELECT RAISE(ABORT, 'What was written here is never changed.'); END;

CREATE TRIGGER curriculum_stays BEFORE DELETE ON curriculum BEGIN SELECT RAISE(ABORT, 'What was written here is never changed.'); END;

CREATE TRIGGER trainer_stays BEFORE DELETE ON trainer BEGIN SELECT RAISE(ABORT, 'What was written here is never changed.'); END;

CREATE TRIGGER cascade_run_stays BEFORE DELETE ON cascade_run BEGIN SELECT RAISE(ABORT, 'What was written here is never changed.'); END;

CREATE TRIGGER data_request_stays BEFORE DELETE ON data_request BEGIN SELECT RAISE(ABORT, 'What was written here is never changed.'); END;

CREATE TRIGGER data_copy_stays BEFORE DELETE ON data_copy BEGIN SELECT RAISE(ABORT, 'What was written here is never changed.'); END;

CREATE TRIGGER legal_hold_stays BEFORE DELETE ON legal_hold BEGIN SELECT RAISE(ABORT, 'What was written here is never changed.'); END;

CREATE TRIGGER engagement_stays BEFORE DELETE ON engagement BEGIN SELECT RAISE(ABORT, 'What was written here is never changed.'); END;

CREATE TRIGGER post_stays BEFORE DELETE ON post BEGIN SELECT RAISE(ABORT, 'What was written here is never changed.'); END;

CREATE TRIGGER snapshot_stays BEFORE DELETE ON snapshot BEGIN SELECT RAISE(ABORT, 'What was written here is never changed.'); END;

CREATE TRIGGER claim_stays BEFORE DELETE ON claim BEGIN SELECT RAISE(ABORT, 'What was written here is never changed.'); END;

CREATE TRIGGER claim_pointer_stays BEFORE DELETE ON claim_pointer BEGIN SELECT RAISE(ABORT, 'What was written here is never changed.'); END;

CREATE TRIGGER report_stays BEFORE DELETE ON report BEGIN SELECT RAISE(ABORT, 'What was written here is never changed.'); END;

CREATE TRIGGER event_layer_stays BEFORE DELETE ON event_layer BEGIN SELECT RAISE(ABORT, 'What was written here is never changed.'); END;

CREATE TRIGGER analysis_stays BEFORE DELETE ON analysis BEGIN SELECT RAISE(ABORT, 'What was written here is never changed.'); END;

CREATE TRIGGER plan_version_stays BEFORE DELETE ON plan_version BEGIN SELECT RAISE(ABORT, 'What was written here is never changed.'); END;

CREATE TRIGGER deconfliction_room_stays BEFORE DELETE ON deconfliction_room BEGIN SELECT RAISE(ABORT, 'What was written here is never changed.'); END;

CREATE TRIGGER deconfliction_match_stays BEFORE DELETE ON deconfliction_match BEGIN SELECT RAISE(ABORT, 'What was written here is never changed.'); END;

CREATE TRIGGER deconfliction_side_stays BEFORE DELETE ON deconfliction_side BEGIN SELECT RAISE(ABORT, 'What was written here is never changed.'); END;

CREATE TRIGGER ison_member_stays BEFORE DELETE ON ison_member BEGIN SELECT RAISE(ABORT, 'What was written here is never changed.'); END;

CREATE TRIGGER dispatch_receipt_stays BEFORE DELETE ON dispatch_receipt BEGIN SELECT RAISE(ABORT, 'What was written here is never changed.'); END;

CREATE TRIGGER partner_admission_stays BEFORE DELETE ON partner_admission BEGIN SELECT RAISE(ABORT, 'What was written here is never changed.'); END;

CREATE TRIGGER support_request_stays BEFORE DELETE ON support_request BEGIN SELECT RAISE(ABORT, 'What was written here is never changed.'); END;

CREATE TRIGGER support_need_stays BEFORE DELETE ON support_need BEGIN SELECT RAISE(ABORT, 'What was written here is never changed.'); END;

CREATE TRIGGER support_offer_stays BEFORE DELETE ON support_offer BEGIN SELECT RAISE(ABORT, 'What was written here is never changed.'); END;

CREATE TRIGGER deployment_stays BEFORE DELETE ON deployment BEGIN SELECT RAISE(ABORT, 'What was written here is never changed.'); END;

CREATE TRIGGER team_certificate_stays BEFORE DELETE ON team_certificate BEGIN SELECT RAISE(ABORT, 'What was written here is never changed.'); END;

CREATE TRIGGER team_absence_stays BEFORE DELETE ON team_absence BEGIN SELECT RAISE(ABORT, 'What was written here is never changed.'); END;

CREATE TRIGGER oplan_section_stays BEFORE DELETE ON oplan_section BEGIN SELECT RAISE(ABORT, 'What was written here is never changed.'); END;

CREATE TRIGGER oplan_version_stays BEFORE DELETE ON oplan_version BEGIN SELECT RAISE(ABORT, 'What was written here is never changed.'); END;

CREATE TRIGGER oplan_comment_stays BEFORE DELETE ON oplan_comment BEGIN SELECT RAISE(ABORT, 'What was written here is never changed.'); END;

CREATE TRIGGER coordination_unit_stays BEFORE DELETE ON coordination_unit BEGIN SELECT RAISE(ABORT, 'What was written here is never changed.'); END;

CREATE TRIGGER network_link_stays BEFORE DELETE ON network_link BEGIN SELECT RAISE(ABORT, 'What was written here is never changed.'); END;

CREATE TRIGGER template_lesson_stays BEFORE DELETE ON template_lesson BEGIN SELECT RAISE(ABORT, 'What was written here is never changed.'); END;

CREATE TRIGGER template_stays BEFORE DELETE ON template BEGIN SELECT RAISE(ABORT, 'What was written here is never changed.'); END;

CREATE TRIGGER lead_stays BEFORE DELETE ON lead BEGIN SELECT RAISE(ABORT, 'What was written here is never changed.'); END;

CREATE TRIGGER appeal_list_stays BEFORE DELETE ON appeal_list BEGIN SELECT RAISE(ABORT, 'What was written here is never changed.'); END;

CREATE TRIGGER appeal_item_stays BEFORE DELETE ON appeal_item BEGIN SELECT RAISE(ABORT, 'What was written here is never changed.'); END;

CREATE TRIGGER message_stays BEFORE DELETE ON message BEGIN SELECT RAISE(ABORT, 'What was written here is never changed.'); END;

CREATE TRIGGER lead_version_stays BEFORE DELETE ON lead_version BEGIN SELECT RAISE(ABORT, 'What was written here is never changed.'); END;

CREATE TRIGGER lead_answer_stays BEFORE DELETE ON lead_answer BEGIN SELECT RAISE(ABORT, 'What was written here is never changed.'); END;

CREATE TRIGGER fugitive_version_stays BEFORE DELETE ON fugitive_version BEGIN SELECT RAISE(ABORT, 'What was written here is never changed.'); END;

CREATE TRIGGER fugitive_step_stays BEFORE DELETE ON fugitive_step BEGIN SELECT RAISE(ABORT, 'What was written here is never changed.'); END;

CREATE TRIGGER fugitive_location_stays BEFORE DELETE ON fugitive_location BEGIN SELECT RAISE(ABORT, 'What was written here is never changed.'); END;

CREATE TRIGGER serious_incident_stays BEFORE DELETE ON serious_incident BEGIN SELECT RAISE(ABORT, 'What was written here is never changed.'); END;

CREATE TRIGGER incident_version_stays BEFORE DELETE ON incident_version BEGIN SELECT RAISE(ABORT, 'What was written here is never changed.'); END;

CREATE TRIGGER incident_grant_stays BEFORE DELETE ON incident_grant BEGIN SELECT RAISE(ABORT, 'What was written here is never changed.'); END;

CREATE TRIGGER deconfliction_entry_stays BEFORE DELETE ON deconfliction_entry BEGIN SELECT RAISE(ABORT, 'What was written here is never changed.'); END;

CREATE TRIGGER dispatch_stays BEFORE DELETE ON dispatch BEGIN SELECT RAISE(ABORT, 'What was written here is never changed.'); END;

CREATE TRIGGER dispatch_passing_stays BEFORE DELETE ON dispatch_passing BEGIN SELECT RAISE(ABORT, 'What was written here is never changed.'); END;

CREATE TRIGGER product_request_stays BEFORE DELETE ON product_request BEGIN SELECT RAISE(ABORT, 'What was written here is never changed.'); END;

CREATE TRIGGER product_step_stays BEFORE DELETE ON product_step BEGIN SELECT RAISE(ABORT, 'What was written here is never changed.'); END;

CREATE TRIGGER product_stays BEFORE DELETE ON product BEGIN SELECT RAISE(ABORT, 'What was written here is never changed.'); END;

CREATE TRIGGER product_share_stays BEFORE DELETE ON product_share BEGIN SELECT RAISE(ABORT, 'What was written here is never changed.'); END;

CREATE TRIGGER hypothesis_stays BEFORE DELETE ON hypothesis BEGIN SELECT RAISE(ABORT, 'What was written here is never changed.'); END;

CREATE TRIGGER network_entity_stays BEFORE DELETE ON network_entity BEGIN SELECT RAISE(ABORT, 'What was written here is never changed.'); END;

CREATE TRIGGER lead_result_stays BEFORE DELETE ON lead_result BEGIN SELECT RAISE(ABORT, 'What was written here is never changed.'); END;

CREATE TRIGGER lead_find_stays BEFORE DELETE ON lead_find BEGIN SELECT RAISE(ABORT, 'What was written here is never changed.'); END;

CREATE TRIGGER fugitive_case_stays BEFORE DELETE ON fugitive_case BEGIN SELECT RAISE(ABORT, 'What was written here is never changed.'); END;

CREATE TRIGGER team_stays BEFORE DELETE ON team BEGIN SELECT RAISE(ABORT, 'What was written here is never changed.'); END;

CREATE TRIGGER team_member_stays BEFORE DELETE ON team_member BEGIN SELECT RAISE(ABORT, 'What was written here is never changed.'); END;

CREATE TRIGGER asset_stays BEFORE DELETE ON asset BEGIN SELECT RAISE(ABORT, 'What was written here is never changed.'); END;

CREATE TRIGGER snapshot_signed BEFORE UPDATE OF signed_by, approved_by ON snapshot WHEN (NEW.signed_by <> OLD.signed_by OR NEW.approved_by <> OLD.approved_by) BEGIN SELECT RAISE(ABORT, 'What was written here is never changed.'); END;

CREATE TRIGGER analysis_ends BEFORE UPDATE OF state ON analysis WHEN (OLD.state IN ('done', 'failed', 'cancelled') AND NEW.state <> OLD.state) BEGIN SELECT RAISE(ABORT, 'What was written here is never changed.'); END;

CREATE TRIGGER connection_plan_ends BEFORE UPDATE OF state ON connection_plan WHEN (OLD.state IN ('done', 'failed', 'cancelled') AND NEW.state <> OLD.state) BEGIN SELECT RAISE(ABORT, 'What was written here is never changed.'); END;

CREATE TRIGGER fugitive_location_erases BEFORE UPDATE OF remark ON fugitive_location WHEN (NEW.remark <> OLD.remark AND NEW.remark <> '') BEGIN SELECT RAISE(ABORT, 'What was written here is never changed.'); END;

CREATE TRIGGER line_answered BEFORE INSERT ON line WHEN (NEW.kind = 'hit' AND NEW.status <> 'pending') BEGIN SELECT RAISE(ABORT, 'The answer to a hit needs other eyes than its report.') WHERE NEW.answered_by IS NULL OR EXISTS (
    SELECT 1 FROM report WHERE report.id = NEW.version_id
    AND NEW.answered_by IN (report.author_id, report.verified_by, report.validated_by, report.consolidated_by)); END;

CREATE TRIGGER report_answered BEFORE UPDATE OF verified_by, validated_by, consolidated_by ON report BEGIN SELECT RAISE(ABORT, 'The answer to a hit needs other eyes than its report.') WHERE EXISTS (
    SELECT 1 FROM line WHERE line.version_id = NEW.id
    AND line.answered_by IN (NEW.verified_by, NEW.validated_by, NEW.consolidated_by)); END;

