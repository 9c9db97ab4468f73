CREATE TABLE schema_version (
	number INTEGER NOT NULL
);

CREATE TABLE access_entry (
	seq INTEGER NOT NULL,
	at TIMESTAMP WITH TIME ZONE NOT NULL,
	actor_id UUID,
	actor_name VARCHAR(120) NOT NULL,
	country VARCHAR(3),
	act VARCHAR(64) NOT NULL,
	object_kind VARCHAR(32) NOT NULL,
	object_id UUID,
	operation_id UUID,
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
	id UUID NOT NULL,
	username VARCHAR(64) NOT NULL,
	name VARCHAR(120) NOT NULL,
	role VARCHAR(32) NOT NULL,
	country VARCHAR(3),
	clearance VARCHAR(20) NOT NULL,
	password_hash VARCHAR(200) NOT NULL,
	language VARCHAR(2) NOT NULL,
	created_at TIMESTAMP WITH TIME ZONE NOT NULL,
	expires_at TIMESTAMP WITH TIME ZONE,
	disabled_at TIMESTAMP WITH TIME ZONE,
	unit VARCHAR(120) NOT NULL,
	emergency BOOLEAN NOT NULL,
	handed_by UUID,
	vouched_by UUID,
	proposed_by UUID,
	reopened_at TIMESTAMP WITH TIME ZONE,
	version INTEGER NOT NULL,
	CONSTRAINT pk_account PRIMARY KEY (id),
	CONSTRAINT uq_account_username UNIQUE (username)
);

CREATE INDEX ix_account_country ON account (country);

CREATE INDEX ix_account_unconfirmed ON account (handed_by) WHERE vouched_by IS NULL AND handed_by IS NOT NULL;

CREATE TABLE assessment_step (
	id UUID NOT NULL,
	of_id UUID NOT NULL,
	state VARCHAR(16) NOT NULL,
	words VARCHAR(2000) NOT NULL,
	author_name VARCHAR(120) NOT NULL,
	made_at TIMESTAMP WITH TIME ZONE NOT NULL,
	country VARCHAR(3) NOT NULL,
	CONSTRAINT pk_assessment_step PRIMARY KEY (id)
);

CREATE INDEX ix_assessment_step_country ON assessment_step (country);

CREATE INDEX ix_assessment_step_of_id ON assessment_step (of_id);

CREATE TABLE attempt (
	id UUID NOT NULL,
	username VARCHAR(64) NOT NULL,
	source VARCHAR(64) NOT NULL,
	at TIMESTAMP WITH TIME ZONE NOT NULL,
	CONSTRAINT pk_attempt PRIMARY KEY (id)
);

CREATE INDEX ix_attempt_username ON attempt (username);

CREATE TABLE connection_plan (
	id UUID NOT NULL,
	author_id UUID NOT NULL,
	state VARCHAR(12) NOT NULL,
	asked_at TIMESTAMP WITH TIME ZONE NOT NULL,
	attempt INTEGER NOT NULL,
	worker VARCHAR(120) NOT NULL,
	lease_until TIMESTAMP WITH TIME ZONE,
	started_at TIMESTAMP WITH TIME ZONE,
	finished_at TIMESTAMP WITH TIME ZONE,
	progress JSON NOT NULL,
	failure JSON NOT NULL,
	question JSON NOT NULL,
	basis JSON NOT NULL,
	result JSON NOT NULL,
	author_name VARCHAR(120) NOT NULL,
	adopted JSON NOT NULL,
	adopted_by UUID,
	adopted_name VARCHAR(120) NOT NULL,
	adopted_at TIMESTAMP WITH TIME ZONE,
	CONSTRAINT pk_connection_plan PRIMARY KEY (id),
	CONSTRAINT ck_connection_plan_state_known CHECK (state IN ('queued', 'running', 'cancelling', 'done', 'failed', 'cancelled')),
	CONSTRAINT ck_connection_plan_held_by_a_lease CHECK ((state IN ('running', 'cancelling')) = (lease_until IS NOT NULL)),
	CONSTRAINT ck_connection_plan_ended_once CHECK ((state IN ('done', 'failed', 'cancelled')) = (finished_at IS NOT NULL)),
	CONSTRAINT ck_connection_plan_adopted_by_somebody CHECK ((adopted_at IS NULL) = (adopted_by IS NULL)),
	CONSTRAINT ck_connection_plan_adopted_when_done CHECK (adopted_at IS NULL OR state = 'done')
);

CREATE INDEX ix_connection_plan_due ON connection_plan (state, lease_until);

CREATE TABLE country_role (
	id UUID NOT NULL,
	country VARCHAR(3) NOT NULL,
	version INTEGER NOT NULL,
	source BOOLEAN NOT NULL,
	transit BOOLEAN NOT NULL,
	destination BOOLEAN NOT NULL,
	basis VARCHAR(2000) NOT NULL,
	author_id UUID NOT NULL,
	author_name VARCHAR(120) NOT NULL,
	made_at TIMESTAMP WITH TIME ZONE NOT NULL,
	CONSTRAINT pk_country_role PRIMARY KEY (id),
	CONSTRAINT uq_country_role_country UNIQUE (country, version),
	CONSTRAINT ck_country_role_something CHECK (source OR transit OR destination)
);

CREATE INDEX ix_country_role_country ON country_role (country);

CREATE TABLE course (
	reason VARCHAR(2000) NOT NULL,
	moved_at TIMESTAMP WITH TIME ZONE NOT NULL,
	id UUID NOT NULL,
	author_id UUID NOT NULL,
	author_name VARCHAR(120) NOT NULL,
	made_at TIMESTAMP WITH TIME ZONE NOT NULL,
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
	id UUID NOT NULL,
	country VARCHAR(3),
	asked VARCHAR(12) NOT NULL,
	file_ref VARCHAR(80) NOT NULL,
	received DATE NOT NULL,
	until DATE NOT NULL,
	extended VARCHAR(2000) NOT NULL,
	extended_at TIMESTAMP WITH TIME ZONE,
	state VARCHAR(12) NOT NULL,
	searches INTEGER NOT NULL,
	searched_at TIMESTAMP WITH TIME ZONE,
	answer VARCHAR(2000) NOT NULL,
	author_id UUID NOT NULL,
	author_name VARCHAR(120) NOT NULL,
	made_at TIMESTAMP WITH TIME ZONE NOT NULL,
	moved_at TIMESTAMP WITH TIME ZONE NOT NULL,
	CONSTRAINT pk_data_request PRIMARY KEY (id),
	CONSTRAINT ck_data_request_state_known CHECK (state IN ('received', 'searched', 'answered', 'refused')),
	CONSTRAINT ck_data_request_answer_given CHECK ((state IN ('answered', 'refused')) = (answer <> '')),
	CONSTRAINT ck_data_request_asked_known CHECK (asked IN ('access', 'correction', 'deletion')),
	CONSTRAINT ck_data_request_extended_with_reason CHECK ((extended_at IS NULL) = (extended = ''))
);

CREATE INDEX ix_data_request_country ON data_request (country);

CREATE TABLE engagement (
	id UUID NOT NULL,
	country VARCHAR(3) NOT NULL,
	counterpart VARCHAR(160) NOT NULL,
	level VARCHAR(16) NOT NULL,
	held_on DATE NOT NULL,
	commitment VARCHAR(2000) NOT NULL,
	follow_up VARCHAR(2000) NOT NULL,
	due DATE,
	outcome VARCHAR(2000) NOT NULL,
	followed_up_at TIMESTAMP WITH TIME ZONE,
	author_id UUID NOT NULL,
	author_name VARCHAR(120) NOT NULL,
	made_at TIMESTAMP WITH TIME ZONE NOT NULL,
	CONSTRAINT pk_engagement PRIMARY KEY (id)
);

CREATE INDEX ix_engagement_country ON engagement (country);

CREATE TABLE entry (
	seq INTEGER NOT NULL,
	at TIMESTAMP WITH TIME ZONE NOT NULL,
	actor_id UUID,
	actor_name VARCHAR(120) NOT NULL,
	country VARCHAR(3),
	act VARCHAR(64) NOT NULL,
	object_kind VARCHAR(32) NOT NULL,
	object_id UUID,
	operation_id UUID,
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
	id UUID NOT NULL,
	of_id UUID NOT NULL,
	state VARCHAR(16) NOT NULL,
	words VARCHAR(2000) NOT NULL,
	author_name VARCHAR(120) NOT NULL,
	made_at TIMESTAMP WITH TIME ZONE NOT NULL,
	country VARCHAR(3) NOT NULL,
	CONSTRAINT pk_equipment_step PRIMARY KEY (id)
);

CREATE INDEX ix_equipment_step_country ON equipment_step (country);

CREATE INDEX ix_equipment_step_of_id ON equipment_step (of_id);

CREATE TABLE heard (
	operation_id UUID NOT NULL,
	audience VARCHAR(40) NOT NULL,
	number INTEGER NOT NULL,
	seq INTEGER NOT NULL,
	at TIMESTAMP WITH TIME ZONE NOT NULL,
	CONSTRAINT pk_heard PRIMARY KEY (operation_id, audience)
);

CREATE INDEX ix_heard_seq ON heard (seq);

CREATE TABLE heard_step (
	operation_id UUID NOT NULL,
	audience VARCHAR(40) NOT NULL,
	seq INTEGER NOT NULL,
	number INTEGER NOT NULL,
	at TIMESTAMP WITH TIME ZONE NOT NULL,
	CONSTRAINT pk_heard_step PRIMARY KEY (operation_id, audience, seq)
);

CREATE INDEX ix_heard_step_at ON heard_step (operation_id, audience, at);

CREATE TABLE ison_member (
	id UUID NOT NULL,
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
	author_id UUID NOT NULL,
	author_name VARCHAR(120) NOT NULL,
	made_at TIMESTAMP WITH TIME ZONE NOT NULL,
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
	key VARCHAR(16) NOT NULL,
	CONSTRAINT pk_journal_head PRIMARY KEY (chain)
);

CREATE TABLE operation (
	id UUID NOT NULL,
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
	day_cut TIME WITHOUT TIME ZONE NOT NULL,
	classification VARCHAR(20) NOT NULL,
	art3_screen VARCHAR(16) NOT NULL,
	line_kinds JSON NOT NULL,
	daily_due TIME WITHOUT TIME ZONE,
	invented VARCHAR(2000) NOT NULL,
	created_at TIMESTAMP WITH TIME ZONE NOT NULL,
	version INTEGER NOT NULL,
	CONSTRAINT pk_operation PRIMARY KEY (id),
	CONSTRAINT uq_operation_code_name UNIQUE (code_name, edition),
	CONSTRAINT ck_operation_state_known CHECK (state IN ('draft', 'proposed', 'approved', 'pre_operational', 'active', 'consolidation', 'debriefed', 'final', 'evaluated', 'archived', 'suspended', 'cancelled'))
);

CREATE TABLE partner_step (
	id UUID NOT NULL,
	of_id UUID NOT NULL,
	state VARCHAR(16) NOT NULL,
	words VARCHAR(2000) NOT NULL,
	author_name VARCHAR(120) NOT NULL,
	made_at TIMESTAMP WITH TIME ZONE NOT NULL,
	CONSTRAINT pk_partner_step PRIMARY KEY (id)
);

CREATE INDEX ix_partner_step_of_id ON partner_step (of_id);

CREATE TABLE post (
	id UUID NOT NULL,
	country VARCHAR(3) NOT NULL,
	name VARCHAR(120) NOT NULL,
	site_type VARCHAR(24) NOT NULL,
	border_kind VARCHAR(8),
	lat FLOAT NOT NULL,
	lon FLOAT NOT NULL,
	zone VARCHAR(64) NOT NULL,
	ref VARCHAR(80) NOT NULL,
	author_id UUID NOT NULL,
	author_name VARCHAR(120) NOT NULL,
	made_at TIMESTAMP WITH TIME ZONE NOT NULL,
	closed_at TIMESTAMP WITH TIME ZONE,
	CONSTRAINT pk_post PRIMARY KEY (id),
	CONSTRAINT uq_post_country UNIQUE (country, name),
	CONSTRAINT ck_post_lat CHECK (lat BETWEEN -90 AND 90),
	CONSTRAINT ck_post_lon CHECK (lon BETWEEN -180 AND 180)
);

CREATE INDEX ix_post_country ON post (country);

CREATE TABLE product_step (
	id UUID NOT NULL,
	of_id UUID NOT NULL,
	state VARCHAR(16) NOT NULL,
	words VARCHAR(2000) NOT NULL,
	author_name VARCHAR(120) NOT NULL,
	made_at TIMESTAMP WITH TIME ZONE NOT NULL,
	country VARCHAR(3),
	CONSTRAINT pk_product_step PRIMARY KEY (id)
);

CREATE INDEX ix_product_step_country ON product_step (country);

CREATE INDEX ix_product_step_of_id ON product_step (of_id);

CREATE TABLE project (
	reason VARCHAR(2000) NOT NULL,
	moved_at TIMESTAMP WITH TIME ZONE NOT NULL,
	id UUID NOT NULL,
	author_id UUID NOT NULL,
	author_name VARCHAR(120) NOT NULL,
	made_at TIMESTAMP WITH TIME ZONE NOT NULL,
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
	id UUID NOT NULL,
	of_id UUID NOT NULL,
	state VARCHAR(16) NOT NULL,
	words VARCHAR(2000) NOT NULL,
	author_name VARCHAR(120) NOT NULL,
	made_at TIMESTAMP WITH TIME ZONE NOT NULL,
	country VARCHAR(3) NOT NULL,
	CONSTRAINT pk_project_step PRIMARY KEY (id)
);

CREATE INDEX ix_project_step_country ON project_step (country);

CREATE INDEX ix_project_step_of_id ON project_step (of_id);

CREATE TABLE review_step (
	id UUID NOT NULL,
	of_id UUID NOT NULL,
	state VARCHAR(16) NOT NULL,
	words VARCHAR(2000) NOT NULL,
	author_name VARCHAR(120) NOT NULL,
	made_at TIMESTAMP WITH TIME ZONE NOT NULL,
	country VARCHAR(3) NOT NULL,
	CONSTRAINT pk_review_step PRIMARY KEY (id)
);

CREATE INDEX ix_review_step_country ON review_step (country);

CREATE INDEX ix_review_step_of_id ON review_step (of_id);

CREATE TABLE row_step (
	operation_id UUID NOT NULL,
	kind VARCHAR(32) NOT NULL,
	seq INTEGER NOT NULL,
	n INTEGER NOT NULL,
	key VARCHAR(80) NOT NULL,
	content JSON,
	CONSTRAINT pk_row_step PRIMARY KEY (operation_id, kind, seq, n, key)
);

CREATE INDEX ix_row_step_key ON row_step (operation_id, kind, key, seq);

CREATE TABLE sheet_mapping (
	id UUID NOT NULL,
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
	author_id UUID NOT NULL,
	author_name VARCHAR(120) NOT NULL,
	made_at TIMESTAMP WITH TIME ZONE NOT NULL,
	CONSTRAINT pk_sheet_mapping PRIMARY KEY (id),
	CONSTRAINT uq_sheet_mapping_country UNIQUE (country, head, version)
);

CREATE INDEX ix_sheet_mapping_country ON sheet_mapping (country);

CREATE TABLE template (
	id UUID NOT NULL,
	template_id UUID NOT NULL,
	version INTEGER NOT NULL,
	supersedes_id UUID,
	current BOOLEAN NOT NULL,
	retired BOOLEAN NOT NULL,
	kind VARCHAR(24) NOT NULL,
	content JSON NOT NULL,
	author_id UUID,
	author_name VARCHAR(120) NOT NULL,
	made_at TIMESTAMP WITH TIME ZONE NOT NULL,
	CONSTRAINT pk_template PRIMARY KEY (id),
	CONSTRAINT uq_template_template_id UNIQUE (template_id, version),
	CONSTRAINT fk_template_supersedes_id_template FOREIGN KEY(supersedes_id) REFERENCES template (id)
);

CREATE INDEX ix_template_template_id ON template (template_id);

CREATE UNIQUE INDEX uq_template_one_current ON template (template_id) WHERE current;

CREATE TABLE timetable_effect (
	job VARCHAR(120) NOT NULL,
	due TIMESTAMP WITH TIME ZONE NOT NULL,
	fence INTEGER NOT NULL,
	done_at TIMESTAMP WITH TIME ZONE NOT NULL,
	outcome JSON NOT NULL,
	CONSTRAINT pk_timetable_effect PRIMARY KEY (job, due)
);

CREATE INDEX ix_timetable_effect_due ON timetable_effect (due);

CREATE TABLE timetable_lease (
	name VARCHAR(16) NOT NULL,
	fence INTEGER NOT NULL,
	beat INTEGER NOT NULL,
	holder VARCHAR(120) NOT NULL,
	since TIMESTAMP WITH TIME ZONE NOT NULL,
	CONSTRAINT pk_timetable_lease PRIMARY KEY (name)
);

CREATE TABLE timetable_sign (
	name VARCHAR(32) NOT NULL,
	succeeded_at TIMESTAMP WITH TIME ZONE,
	failed_at TIMESTAMP WITH TIME ZONE,
	failures INTEGER NOT NULL,
	every_seconds INTEGER NOT NULL,
	words VARCHAR(300) NOT NULL,
	CONSTRAINT pk_timetable_sign PRIMARY KEY (name)
);

CREATE TABLE analysis (
	id UUID NOT NULL,
	author_id UUID NOT NULL,
	state VARCHAR(12) NOT NULL,
	asked_at TIMESTAMP WITH TIME ZONE NOT NULL,
	attempt INTEGER NOT NULL,
	worker VARCHAR(120) NOT NULL,
	lease_until TIMESTAMP WITH TIME ZONE,
	started_at TIMESTAMP WITH TIME ZONE,
	finished_at TIMESTAMP WITH TIME ZONE,
	progress JSON NOT NULL,
	failure JSON NOT NULL,
	operation_id UUID NOT NULL,
	kind VARCHAR(24) NOT NULL,
	question JSON NOT NULL,
	question_hash VARCHAR(64) NOT NULL,
	layer_versions JSON NOT NULL,
	classification VARCHAR(20) NOT NULL,
	author_name VARCHAR(120) NOT NULL,
	rerun_of UUID,
	resumed_from UUID,
	adopted_at TIMESTAMP WITH TIME ZONE,
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
	id UUID NOT NULL,
	operation_id UUID NOT NULL,
	number INTEGER NOT NULL,
	frozen_at TIMESTAMP WITH TIME ZONE NOT NULL,
	author_name VARCHAR(120) NOT NULL,
	published_at TIMESTAMP WITH TIME ZONE,
	published_name VARCHAR(120) NOT NULL,
	CONSTRAINT pk_appeal_list PRIMARY KEY (id),
	CONSTRAINT uq_appeal_list_operation_id UNIQUE (operation_id, number),
	CONSTRAINT ck_appeal_list_published_by_somebody CHECK ((published_at IS NULL) = (published_name = '')),
	CONSTRAINT fk_appeal_list_operation_id_operation FOREIGN KEY(operation_id) REFERENCES operation (id)
);

CREATE INDEX ix_appeal_list_operation_id ON appeal_list (operation_id);

CREATE TABLE assessment (
	reason VARCHAR(2000) NOT NULL,
	moved_at TIMESTAMP WITH TIME ZONE NOT NULL,
	id UUID NOT NULL,
	author_id UUID NOT NULL,
	author_name VARCHAR(120) NOT NULL,
	made_at TIMESTAMP WITH TIME ZONE NOT NULL,
	post_id UUID NOT NULL,
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
	scored_by UUID,
	scored_at TIMESTAMP WITH TIME ZONE,
	validated_by UUID,
	validated_at TIMESTAMP WITH TIME ZONE,
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
	id UUID NOT NULL,
	account_id UUID NOT NULL,
	operation_id UUID NOT NULL,
	starts TIMESTAMP WITH TIME ZONE,
	ends TIMESTAMP WITH TIME ZONE,
	deputy BOOLEAN NOT NULL,
	countries JSON NOT NULL,
	made_by UUID,
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
	operation_id UUID NOT NULL,
	kpi VARCHAR(8) NOT NULL,
	shown BOOLEAN NOT NULL,
	set_by VARCHAR(120) NOT NULL,
	set_at TIMESTAMP WITH TIME ZONE NOT NULL,
	CONSTRAINT pk_board_figure PRIMARY KEY (operation_id, kpi),
	CONSTRAINT fk_board_figure_operation_id_operation FOREIGN KEY(operation_id) REFERENCES operation (id)
);

CREATE TABLE calendar_feed (
	id UUID NOT NULL,
	account_id UUID NOT NULL,
	operation_id UUID,
	token_hash VARCHAR(64) NOT NULL,
	made_at TIMESTAMP WITH TIME ZONE NOT NULL,
	made_under VARCHAR(64) NOT NULL,
	revoked_at TIMESTAMP WITH TIME ZONE,
	CONSTRAINT pk_calendar_feed PRIMARY KEY (id),
	CONSTRAINT fk_calendar_feed_account_id_account FOREIGN KEY(account_id) REFERENCES account (id),
	CONSTRAINT fk_calendar_feed_operation_id_operation FOREIGN KEY(operation_id) REFERENCES operation (id),
	CONSTRAINT uq_calendar_feed_token_hash UNIQUE (token_hash)
);

CREATE INDEX ix_calendar_feed_account_id ON calendar_feed (account_id);

CREATE TABLE centre_connection (
	id UUID NOT NULL,
	operation_id UUID NOT NULL,
	country VARCHAR(3) NOT NULL,
	address VARCHAR(300) NOT NULL,
	centre_operation UUID NOT NULL,
	token_seal VARCHAR(200) NOT NULL,
	plan JSON,
	asked_at TIMESTAMP WITH TIME ZONE,
	sites JSON NOT NULL,
	cursor VARCHAR(200) NOT NULL,
	due_at TIMESTAMP WITH TIME ZONE NOT NULL,
	attempt INTEGER NOT NULL,
	failure VARCHAR(80) NOT NULL,
	author_id UUID NOT NULL,
	author_name VARCHAR(120) NOT NULL,
	made_at TIMESTAMP WITH TIME ZONE NOT NULL,
	ended_at TIMESTAMP WITH TIME ZONE,
	CONSTRAINT pk_centre_connection PRIMARY KEY (id),
	CONSTRAINT fk_centre_connection_operation_id_operation FOREIGN KEY(operation_id) REFERENCES operation (id)
);

CREATE INDEX ix_centre_connection_country ON centre_connection (country);

CREATE UNIQUE INDEX uq_centre_connection_one_lives ON centre_connection (operation_id, country) WHERE ended_at IS NULL;

CREATE TABLE claim (
	id UUID NOT NULL,
	operation_id UUID,
	number INTEGER NOT NULL,
	kind VARCHAR(16) NOT NULL,
	line_kind VARCHAR(24) NOT NULL,
	countries VARCHAR(400) NOT NULL,
	score FLOAT NOT NULL,
	grounds JSON NOT NULL,
	suspected_at TIMESTAMP WITH TIME ZONE NOT NULL,
	state VARCHAR(12) NOT NULL,
	reason VARCHAR(2000) NOT NULL,
	round INTEGER NOT NULL,
	opened_at TIMESTAMP WITH TIME ZONE,
	asked_at TIMESTAMP WITH TIME ZONE,
	until TIMESTAMP WITH TIME ZONE,
	ended_at TIMESTAMP WITH TIME ZONE,
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
	id UUID NOT NULL,
	object_id UUID NOT NULL,
	version INTEGER NOT NULL,
	supersedes_id UUID,
	current BOOLEAN NOT NULL,
	operation_id UUID NOT NULL,
	kind VARCHAR(40) NOT NULL,
	host_country VARCHAR(3) NOT NULL,
	region VARCHAR(300) NOT NULL,
	zone VARCHAR(64) NOT NULL,
	round_the_clock BOOLEAN NOT NULL,
	days JSON NOT NULL,
	opens TIME WITHOUT TIME ZONE,
	closes TIME WITHOUT TIME ZONE,
	supports JSON NOT NULL,
	members JSON NOT NULL,
	note VARCHAR(2000) NOT NULL,
	author_id UUID NOT NULL,
	author_name VARCHAR(120) NOT NULL,
	made_at TIMESTAMP WITH TIME ZONE NOT NULL,
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
	moved_at TIMESTAMP WITH TIME ZONE NOT NULL,
	id UUID NOT NULL,
	author_id UUID NOT NULL,
	author_name VARCHAR(120) NOT NULL,
	made_at TIMESTAMP WITH TIME ZONE NOT NULL,
	operation_id UUID NOT NULL,
	state VARCHAR(12) NOT NULL,
	CONSTRAINT pk_cost_book PRIMARY KEY (id),
	CONSTRAINT ck_cost_book_state_known CHECK (state IN ('open', 'complete', 'unknown')),
	CONSTRAINT ck_cost_book_reason_of_opening CHECK (state <> 'complete' OR reason = ''),
	CONSTRAINT uq_cost_book_operation_id UNIQUE (operation_id),
	CONSTRAINT fk_cost_book_operation_id_operation FOREIGN KEY(operation_id) REFERENCES operation (id)
);

CREATE TABLE cost_step (
	id UUID NOT NULL,
	of_id UUID NOT NULL,
	state VARCHAR(16) NOT NULL,
	words VARCHAR(2000) NOT NULL,
	author_name VARCHAR(120) NOT NULL,
	made_at TIMESTAMP WITH TIME ZONE NOT NULL,
	operation_id UUID NOT NULL,
	country VARCHAR(3),
	CONSTRAINT pk_cost_step PRIMARY KEY (id),
	CONSTRAINT fk_cost_step_operation_id_operation FOREIGN KEY(operation_id) REFERENCES operation (id)
);

CREATE INDEX ix_cost_step_of_id ON cost_step (of_id);

CREATE INDEX ix_cost_step_operation_id ON cost_step (operation_id);

CREATE TABLE country_activity (
	operation_id UUID NOT NULL,
	country VARCHAR(3) NOT NULL,
	last_report_at TIMESTAMP WITH TIME ZONE,
	last_validated_at TIMESTAMP WITH TIME ZONE,
	shares_totals BOOLEAN NOT NULL,
	kept VARCHAR(8) NOT NULL,
	CONSTRAINT pk_country_activity PRIMARY KEY (operation_id, country),
	CONSTRAINT fk_country_activity_operation_id_operation FOREIGN KEY(operation_id) REFERENCES operation (id)
);

CREATE TABLE course_run (
	reason VARCHAR(2000) NOT NULL,
	moved_at TIMESTAMP WITH TIME ZONE NOT NULL,
	id UUID NOT NULL,
	author_id UUID NOT NULL,
	author_name VARCHAR(120) NOT NULL,
	made_at TIMESTAMP WITH TIME ZONE NOT NULL,
	course_id UUID NOT NULL,
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
	moved_at TIMESTAMP WITH TIME ZONE NOT NULL,
	id UUID NOT NULL,
	author_id UUID NOT NULL,
	author_name VARCHAR(120) NOT NULL,
	made_at TIMESTAMP WITH TIME ZONE NOT NULL,
	course_id UUID NOT NULL,
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
	id UUID NOT NULL,
	request_id UUID NOT NULL,
	asked VARCHAR(12) NOT NULL,
	kind VARCHAR(16) NOT NULL,
	object_id UUID NOT NULL,
	operation_id UUID,
	country VARCHAR(3),
	desk VARCHAR(8) NOT NULL,
	link VARCHAR(200) NOT NULL,
	mark VARCHAR(64) NOT NULL,
	state VARCHAR(12) NOT NULL,
	reason VARCHAR(2000) NOT NULL,
	decided_by UUID,
	decided_name VARCHAR(120) NOT NULL,
	decided_at TIMESTAMP WITH TIME ZONE,
	found_at TIMESTAMP WITH TIME ZONE NOT NULL,
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
	operation_id UUID NOT NULL,
	worked VARCHAR(2000) NOT NULL,
	failed VARCHAR(2000) NOT NULL,
	remarks JSON NOT NULL,
	none_needed VARCHAR(2000) NOT NULL,
	version INTEGER NOT NULL,
	author_id UUID NOT NULL,
	author_name VARCHAR(120) NOT NULL,
	written_at TIMESTAMP WITH TIME ZONE NOT NULL,
	CONSTRAINT pk_debrief PRIMARY KEY (operation_id),
	CONSTRAINT ck_debrief_written_once CHECK ((version = 0) = (worked = '')),
	CONSTRAINT fk_debrief_operation_id_operation FOREIGN KEY(operation_id) REFERENCES operation (id)
);

CREATE TABLE debrief_lesson (
	id UUID NOT NULL,
	operation_id UUID NOT NULL,
	text VARCHAR(2000) NOT NULL,
	evidence VARCHAR(2000) NOT NULL,
	source VARCHAR(24) NOT NULL,
	area VARCHAR(24) NOT NULL,
	owner VARCHAR(32) NOT NULL,
	due DATE NOT NULL,
	author_id UUID NOT NULL,
	author_name VARCHAR(120) NOT NULL,
	made_at TIMESTAMP WITH TIME ZONE NOT NULL,
	CONSTRAINT pk_debrief_lesson PRIMARY KEY (id),
	CONSTRAINT fk_debrief_lesson_operation_id_operation FOREIGN KEY(operation_id) REFERENCES operation (id)
);

CREATE INDEX ix_debrief_lesson_operation_id ON debrief_lesson (operation_id);

CREATE TABLE deconfliction_room (
	id UUID NOT NULL,
	operation_id UUID,
	country VARCHAR(3) NOT NULL,
	name VARCHAR(160) NOT NULL,
	countries VARCHAR(200) NOT NULL,
	check_value VARCHAR(8) NOT NULL,
	rounds INTEGER NOT NULL,
	stretch INTEGER NOT NULL,
	until DATE NOT NULL,
	state VARCHAR(12) NOT NULL,
	author_id UUID NOT NULL,
	author_name VARCHAR(120) NOT NULL,
	made_at TIMESTAMP WITH TIME ZONE NOT NULL,
	closed_at TIMESTAMP WITH TIME ZONE,
	CONSTRAINT pk_deconfliction_room PRIMARY KEY (id),
	CONSTRAINT ck_deconfliction_room_state_known CHECK (state IN ('open', 'closed')),
	CONSTRAINT ck_deconfliction_room_closed_once CHECK ((state = 'closed') = (closed_at IS NOT NULL)),
	CONSTRAINT fk_deconfliction_room_operation_id_operation FOREIGN KEY(operation_id) REFERENCES operation (id)
);

CREATE INDEX ix_deconfliction_room_country ON deconfliction_room (country);

CREATE INDEX ix_deconfliction_room_operation_id ON deconfliction_room (operation_id);

CREATE TABLE dispatch (
	id UUID NOT NULL,
	operation_id UUID,
	country VARCHAR(3) NOT NULL,
	answers_id UUID,
	title VARCHAR(160) NOT NULL,
	body VARCHAR(2000) NOT NULL,
	source VARCHAR(1) NOT NULL,
	information VARCHAR(1) NOT NULL,
	handling VARCHAR(2) NOT NULL,
	classification VARCHAR(24) NOT NULL,
	due TIMESTAMP WITH TIME ZONE,
	author_id UUID NOT NULL,
	author_name VARCHAR(120) NOT NULL,
	sent_at TIMESTAMP WITH TIME ZONE NOT NULL,
	erased_at TIMESTAMP WITH TIME ZONE,
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
	moved_at TIMESTAMP WITH TIME ZONE NOT NULL,
	id UUID NOT NULL,
	author_id UUID NOT NULL,
	author_name VARCHAR(120) NOT NULL,
	made_at TIMESTAMP WITH TIME ZONE NOT NULL,
	post_id UUID NOT NULL,
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
	id UUID NOT NULL,
	title VARCHAR(160) NOT NULL,
	purpose VARCHAR(2000) NOT NULL,
	about VARCHAR(16) NOT NULL,
	operation_id UUID,
	operations JSON NOT NULL,
	own_work JSON NOT NULL,
	region VARCHAR(32) NOT NULL,
	course_id UUID,
	country VARCHAR(3),
	planned_for DATE NOT NULL,
	classification VARCHAR(24) NOT NULL,
	state VARCHAR(12) NOT NULL,
	reason VARCHAR(2000) NOT NULL,
	final_at TIMESTAMP WITH TIME ZONE,
	author_id UUID NOT NULL,
	author_name VARCHAR(120) NOT NULL,
	made_at TIMESTAMP WITH TIME ZONE NOT NULL,
	moved_at TIMESTAMP WITH TIME ZONE NOT NULL,
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
	id UUID NOT NULL,
	layer_id UUID NOT NULL,
	version INTEGER NOT NULL,
	supersedes_id UUID,
	content_id UUID NOT NULL,
	current BOOLEAN NOT NULL,
	removed BOOLEAN NOT NULL,
	operation_id UUID NOT NULL,
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
	author_id UUID NOT NULL,
	author_name VARCHAR(120) NOT NULL,
	made_at TIMESTAMP WITH TIME ZONE NOT NULL,
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
	account_id UUID NOT NULL,
	issuer VARCHAR(200) NOT NULL,
	subject VARCHAR(255) NOT NULL,
	bound_at TIMESTAMP WITH TIME ZONE NOT NULL,
	CONSTRAINT pk_federated_identity PRIMARY KEY (account_id),
	CONSTRAINT uq_federated_identity_subject UNIQUE (issuer, subject),
	CONSTRAINT fk_federated_identity_account_id_account FOREIGN KEY(account_id) REFERENCES account (id)
);

CREATE TABLE fugitive_case (
	id UUID NOT NULL,
	operation_id UUID NOT NULL,
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
	since TIMESTAMP WITH TIME ZONE NOT NULL,
	nominated_at TIMESTAMP WITH TIME ZONE NOT NULL,
	counts_as VARCHAR(12) NOT NULL,
	accepted_at TIMESTAMP WITH TIME ZONE,
	reviewed_at TIMESTAMP WITH TIME ZONE,
	news_at TIMESTAMP WITH TIME ZONE,
	located_at TIMESTAMP WITH TIME ZONE,
	arrested_at TIMESTAMP WITH TIME ZONE,
	surrendered_at TIMESTAMP WITH TIME ZONE,
	notice_status VARCHAR(12) NOT NULL,
	checked_on DATE,
	appeal_asked_at TIMESTAMP WITH TIME ZONE,
	appeal_agreed_at TIMESTAMP WITH TIME ZONE,
	erased_at TIMESTAMP WITH TIME ZONE,
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
	id UUID NOT NULL,
	operation_id UUID NOT NULL,
	version INTEGER NOT NULL,
	supersedes_id UUID,
	current BOOLEAN NOT NULL,
	statement VARCHAR(2000) NOT NULL,
	state VARCHAR(12) NOT NULL,
	source VARCHAR(1) NOT NULL,
	information VARCHAR(1) NOT NULL,
	handling VARCHAR(2) NOT NULL,
	author_id UUID NOT NULL,
	author_name VARCHAR(120) NOT NULL,
	made_at TIMESTAMP WITH TIME ZONE NOT NULL,
	CONSTRAINT pk_hypothesis PRIMARY KEY (id),
	CONSTRAINT uq_hypothesis_operation_id UNIQUE (operation_id, version),
	CONSTRAINT fk_hypothesis_operation_id_operation FOREIGN KEY(operation_id) REFERENCES operation (id),
	CONSTRAINT fk_hypothesis_supersedes_id_hypothesis FOREIGN KEY(supersedes_id) REFERENCES hypothesis (id)
);

CREATE INDEX ix_hypothesis_operation_id ON hypothesis (operation_id);

CREATE UNIQUE INDEX uq_hypothesis_one_current ON hypothesis (operation_id) WHERE current;

CREATE TABLE incident_restriction (
	operation_id UUID NOT NULL,
	country VARCHAR(3) NOT NULL,
	reason VARCHAR(2000) NOT NULL,
	author_name VARCHAR(120) NOT NULL,
	made_at TIMESTAMP WITH TIME ZONE NOT NULL,
	CONSTRAINT pk_incident_restriction PRIMARY KEY (operation_id, country),
	CONSTRAINT fk_incident_restriction_operation_id_operation FOREIGN KEY(operation_id) REFERENCES operation (id)
);

CREATE TABLE invitation (
	id UUID NOT NULL,
	account_id UUID NOT NULL,
	secret_hash VARCHAR(64) NOT NULL,
	made_at TIMESTAMP WITH TIME ZONE NOT NULL,
	ends_at TIMESTAMP WITH TIME ZONE NOT NULL,
	by_id UUID,
	by_name VARCHAR(120) NOT NULL,
	used_at TIMESTAMP WITH TIME ZONE,
	replaced_at TIMESTAMP WITH TIME ZONE,
	CONSTRAINT pk_invitation PRIMARY KEY (id),
	CONSTRAINT ck_invitation_ends_once CHECK (used_at IS NULL OR replaced_at IS NULL),
	CONSTRAINT ck_invitation_has_time CHECK (ends_at > made_at),
	CONSTRAINT fk_invitation_account_id_account FOREIGN KEY(account_id) REFERENCES account (id),
	CONSTRAINT uq_invitation_secret_hash UNIQUE (secret_hash)
);

CREATE INDEX ix_invitation_account_id ON invitation (account_id);

CREATE TABLE ison_activity (
	id UUID NOT NULL,
	member_id UUID NOT NULL,
	country VARCHAR(3) NOT NULL,
	kind VARCHAR(24) NOT NULL,
	held_on DATE NOT NULL,
	note VARCHAR(2000) NOT NULL,
	author_id UUID NOT NULL,
	author_name VARCHAR(120) NOT NULL,
	made_at TIMESTAMP WITH TIME ZONE NOT NULL,
	CONSTRAINT pk_ison_activity PRIMARY KEY (id),
	CONSTRAINT fk_ison_activity_member_id_ison_member FOREIGN KEY(member_id) REFERENCES ison_member (id)
);

CREATE INDEX ix_ison_activity_country ON ison_activity (country);

CREATE INDEX ix_ison_activity_member_id ON ison_activity (member_id);

CREATE TABLE kpi_target (
	operation_id UUID NOT NULL,
	kpi VARCHAR(8) NOT NULL,
	value INTEGER NOT NULL,
	set_by VARCHAR(120) NOT NULL,
	set_at TIMESTAMP WITH TIME ZONE NOT NULL,
	CONSTRAINT pk_kpi_target PRIMARY KEY (operation_id, kpi),
	CONSTRAINT ck_kpi_target_aims_at_something CHECK (value > 0),
	CONSTRAINT fk_kpi_target_operation_id_operation FOREIGN KEY(operation_id) REFERENCES operation (id)
);

CREATE TABLE layer_upload (
	id UUID NOT NULL,
	account_id UUID NOT NULL,
	operation_id UUID NOT NULL,
	country VARCHAR(3),
	name VARCHAR(200) NOT NULL,
	size INTEGER NOT NULL,
	data BYTEA NOT NULL,
	kept_at TIMESTAMP WITH TIME ZONE NOT NULL,
	expires_at TIMESTAMP WITH TIME ZONE NOT NULL,
	CONSTRAINT pk_layer_upload PRIMARY KEY (id),
	CONSTRAINT ck_layer_upload_size CHECK (size > 0 AND size <= 67108864),
	CONSTRAINT ck_layer_upload_expires CHECK (expires_at > kept_at),
	CONSTRAINT fk_layer_upload_account_id_account FOREIGN KEY(account_id) REFERENCES account (id),
	CONSTRAINT fk_layer_upload_operation_id_operation FOREIGN KEY(operation_id) REFERENCES operation (id)
);

CREATE INDEX ix_layer_upload_account_id ON layer_upload (account_id);

CREATE INDEX ix_layer_upload_expires_at ON layer_upload (expires_at);

CREATE TABLE lead (
	id UUID NOT NULL,
	operation_id UUID NOT NULL,
	origin VARCHAR(24) NOT NULL,
	origin_country VARCHAR(3),
	subject_kind VARCHAR(24) NOT NULL,
	subject_id UUID,
	state VARCHAR(12) NOT NULL,
	tally JSON NOT NULL,
	version INTEGER NOT NULL,
	due TIMESTAMP WITH TIME ZONE NOT NULL,
	made_at TIMESTAMP WITH TIME ZONE NOT NULL,
	erased_at TIMESTAMP WITH TIME ZONE,
	CONSTRAINT pk_lead PRIMARY KEY (id),
	CONSTRAINT ck_lead_state_known CHECK (state IN ('new', 'positive', 'actioned', 'accepted', 'shared', 'expired', 'negative')),
	CONSTRAINT ck_lead_country_named CHECK (origin <> 'country' OR origin_country IS NOT NULL),
	CONSTRAINT fk_lead_operation_id_operation FOREIGN KEY(operation_id) REFERENCES operation (id)
);

CREATE INDEX ix_lead_operation_id ON lead (operation_id);

CREATE INDEX ix_lead_subject ON lead (subject_kind, subject_id);

CREATE TABLE lead_result (
	id UUID NOT NULL,
	lead_id UUID NOT NULL,
	lead_operation_id UUID NOT NULL,
	operation_id UUID NOT NULL,
	country VARCHAR(3) NOT NULL,
	report_id UUID NOT NULL,
	line_id UUID NOT NULL,
	kind VARCHAR(24) NOT NULL,
	note VARCHAR(2000) NOT NULL,
	author_id UUID NOT NULL,
	author_name VARCHAR(120) NOT NULL,
	made_at TIMESTAMP WITH TIME ZONE NOT NULL,
	undone_at TIMESTAMP WITH TIME ZONE,
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
	moved_at TIMESTAMP WITH TIME ZONE NOT NULL,
	id UUID NOT NULL,
	author_id UUID NOT NULL,
	author_name VARCHAR(120) NOT NULL,
	made_at TIMESTAMP WITH TIME ZONE NOT NULL,
	post_id UUID NOT NULL,
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
	id UUID NOT NULL,
	object_id UUID NOT NULL,
	version INTEGER NOT NULL,
	supersedes_id UUID,
	current BOOLEAN NOT NULL,
	deleted BOOLEAN NOT NULL,
	operation_id UUID NOT NULL,
	country VARCHAR(3),
	audience VARCHAR(16) NOT NULL,
	kind VARCHAR(24) NOT NULL,
	state VARCHAR(12) NOT NULL,
	name VARCHAR(120) NOT NULL,
	note VARCHAR(2000) NOT NULL,
	geometry JSON NOT NULL,
	area_km2 FLOAT,
	length_km FLOAT,
	author_id UUID NOT NULL,
	author_name VARCHAR(120) NOT NULL,
	made_at TIMESTAMP WITH TIME ZONE NOT NULL,
	CONSTRAINT pk_map_object PRIMARY KEY (id),
	CONSTRAINT uq_map_object_object_id UNIQUE (object_id, version),
	CONSTRAINT fk_map_object_supersedes_id_map_object FOREIGN KEY(supersedes_id) REFERENCES map_object (id),
	CONSTRAINT fk_map_object_operation_id_operation FOREIGN KEY(operation_id) REFERENCES operation (id)
);

CREATE INDEX ix_map_object_current ON map_object (operation_id, current);

CREATE INDEX ix_map_object_object_id ON map_object (object_id);

CREATE UNIQUE INDEX uq_map_object_one_current ON map_object (object_id) WHERE current;

CREATE TABLE message (
	id UUID NOT NULL,
	key VARCHAR(200) NOT NULL,
	kind VARCHAR(32) NOT NULL,
	number INTEGER NOT NULL,
	link VARCHAR(300) NOT NULL,
	urgent BOOLEAN NOT NULL,
	operation_id UUID,
	made_at TIMESTAMP WITH TIME ZONE NOT NULL,
	about JSON,
	until TIMESTAMP WITH TIME ZONE,
	CONSTRAINT pk_message PRIMARY KEY (id),
	CONSTRAINT ck_message_number CHECK (number > 0),
	CONSTRAINT ck_message_link_is_ours CHECK (link LIKE '/%'),
	CONSTRAINT uq_message_key UNIQUE (key),
	CONSTRAINT fk_message_operation_id_operation FOREIGN KEY(operation_id) REFERENCES operation (id)
);

CREATE INDEX ix_message_operation_id ON message (operation_id);

CREATE TABLE message_habits (
	account_id UUID NOT NULL,
	way VARCHAR(8) NOT NULL,
	address VARCHAR(254) NOT NULL,
	zone VARCHAR(64) NOT NULL,
	quiet_from TIME WITHOUT TIME ZONE,
	quiet_to TIME WITHOUT TIME ZONE,
	digest_at TIME WITHOUT TIME ZONE,
	changed_at TIMESTAMP WITH TIME ZONE NOT NULL,
	CONSTRAINT pk_message_habits PRIMARY KEY (account_id),
	CONSTRAINT fk_message_habits_account_id_account FOREIGN KEY(account_id) REFERENCES account (id)
);

CREATE TABLE milestone (
	reason VARCHAR(2000) NOT NULL,
	moved_at TIMESTAMP WITH TIME ZONE NOT NULL,
	id UUID NOT NULL,
	author_id UUID NOT NULL,
	author_name VARCHAR(120) NOT NULL,
	made_at TIMESTAMP WITH TIME ZONE NOT NULL,
	project_id UUID NOT NULL,
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
	id UUID NOT NULL,
	entity_id UUID NOT NULL,
	version INTEGER NOT NULL,
	supersedes_id UUID,
	current BOOLEAN NOT NULL,
	removed BOOLEAN NOT NULL,
	operation_id UUID NOT NULL,
	kind VARCHAR(16) NOT NULL,
	code VARCHAR(8) NOT NULL,
	description VARCHAR(2000) NOT NULL,
	source VARCHAR(1) NOT NULL,
	information VARCHAR(1) NOT NULL,
	handling VARCHAR(2) NOT NULL,
	author_id UUID NOT NULL,
	author_name VARCHAR(120) NOT NULL,
	made_at TIMESTAMP WITH TIME ZONE NOT NULL,
	CONSTRAINT pk_network_entity PRIMARY KEY (id),
	CONSTRAINT uq_network_entity_entity_id UNIQUE (entity_id, version),
	CONSTRAINT fk_network_entity_supersedes_id_network_entity FOREIGN KEY(supersedes_id) REFERENCES network_entity (id),
	CONSTRAINT fk_network_entity_operation_id_operation FOREIGN KEY(operation_id) REFERENCES operation (id)
);

CREATE INDEX ix_network_entity_entity_id ON network_entity (entity_id);

CREATE INDEX ix_network_entity_operation_id ON network_entity (operation_id);

CREATE UNIQUE INDEX uq_network_entity_one_current ON network_entity (entity_id) WHERE current;

CREATE TABLE network_link (
	id UUID NOT NULL,
	operation_id UUID NOT NULL,
	from_id UUID NOT NULL,
	to_id UUID NOT NULL,
	kind VARCHAR(16) NOT NULL,
	source VARCHAR(1) NOT NULL,
	information VARCHAR(1) NOT NULL,
	handling VARCHAR(2) NOT NULL,
	author_id UUID NOT NULL,
	author_name VARCHAR(120) NOT NULL,
	made_at TIMESTAMP WITH TIME ZONE NOT NULL,
	removed_at TIMESTAMP WITH TIME ZONE,
	CONSTRAINT pk_network_link PRIMARY KEY (id),
	CONSTRAINT ck_network_link_of_two CHECK (from_id <> to_id),
	CONSTRAINT fk_network_link_operation_id_operation FOREIGN KEY(operation_id) REFERENCES operation (id)
);

CREATE INDEX ix_network_link_operation_id ON network_link (operation_id);

CREATE TABLE operation_cost (
	reason VARCHAR(2000) NOT NULL,
	moved_at TIMESTAMP WITH TIME ZONE NOT NULL,
	id UUID NOT NULL,
	author_id UUID NOT NULL,
	author_name VARCHAR(120) NOT NULL,
	made_at TIMESTAMP WITH TIME ZONE NOT NULL,
	operation_id UUID NOT NULL,
	country VARCHAR(3),
	stage VARCHAR(8) NOT NULL,
	kind VARCHAR(24) NOT NULL,
	what VARCHAR(300) NOT NULL,
	amount BIGINT NOT NULL,
	currency VARCHAR(3) NOT NULL,
	day DATE NOT NULL,
	note VARCHAR(2000) NOT NULL,
	corrects_id UUID,
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
	id UUID NOT NULL,
	operation_id UUID NOT NULL,
	section VARCHAR(24) NOT NULL,
	country VARCHAR(3) NOT NULL,
	text VARCHAR(2000) NOT NULL,
	author_id UUID NOT NULL,
	author_name VARCHAR(120) NOT NULL,
	made_at TIMESTAMP WITH TIME ZONE NOT NULL,
	answer VARCHAR(2000) NOT NULL,
	answered_name VARCHAR(120) NOT NULL,
	answered_at TIMESTAMP WITH TIME ZONE,
	CONSTRAINT pk_oplan_comment PRIMARY KEY (id),
	CONSTRAINT ck_oplan_comment_answered_in_words CHECK ((answered_at IS NULL) = (answer = '')),
	CONSTRAINT fk_oplan_comment_operation_id_operation FOREIGN KEY(operation_id) REFERENCES operation (id)
);

CREATE INDEX ix_oplan_comment_operation_id ON oplan_comment (operation_id);

CREATE TABLE oplan_section (
	id UUID NOT NULL,
	operation_id UUID NOT NULL,
	section VARCHAR(24) NOT NULL,
	version INTEGER NOT NULL,
	supersedes_id UUID,
	current BOOLEAN NOT NULL,
	state VARCHAR(16) NOT NULL,
	text VARCHAR(8000) NOT NULL,
	author_id UUID NOT NULL,
	author_name VARCHAR(120) NOT NULL,
	made_at TIMESTAMP WITH TIME ZONE NOT NULL,
	CONSTRAINT pk_oplan_section PRIMARY KEY (id),
	CONSTRAINT uq_oplan_section_operation_id UNIQUE (operation_id, section, version),
	CONSTRAINT ck_oplan_section_says_something CHECK (state = 'open' OR text <> ''),
	CONSTRAINT fk_oplan_section_operation_id_operation FOREIGN KEY(operation_id) REFERENCES operation (id),
	CONSTRAINT fk_oplan_section_supersedes_id_oplan_section FOREIGN KEY(supersedes_id) REFERENCES oplan_section (id)
);

CREATE INDEX ix_oplan_section_operation_id ON oplan_section (operation_id);

CREATE UNIQUE INDEX uq_oplan_section_one_current ON oplan_section (operation_id, section) WHERE current;

CREATE TABLE oplan_version (
	id UUID NOT NULL,
	operation_id UUID NOT NULL,
	number INTEGER NOT NULL,
	state VARCHAR(12) NOT NULL,
	note VARCHAR(2000) NOT NULL,
	content_hash VARCHAR(64) NOT NULL,
	approved_by UUID NOT NULL,
	approved_name VARCHAR(120) NOT NULL,
	approved_at TIMESTAMP WITH TIME ZONE NOT NULL,
	CONSTRAINT pk_oplan_version PRIMARY KEY (id),
	CONSTRAINT uq_oplan_version_operation_id UNIQUE (operation_id, number),
	CONSTRAINT ck_oplan_version_state_known CHECK (state IN ('approved', 'superseded')),
	CONSTRAINT fk_oplan_version_operation_id_operation FOREIGN KEY(operation_id) REFERENCES operation (id)
);

CREATE INDEX ix_oplan_version_operation_id ON oplan_version (operation_id);

CREATE UNIQUE INDEX uq_oplan_version_one_in_force ON oplan_version (operation_id) WHERE state = 'approved';

CREATE TABLE participation (
	operation_id UUID NOT NULL,
	country VARCHAR(3) NOT NULL,
	state VARCHAR(24) NOT NULL,
	contribution VARCHAR(32) NOT NULL,
	shares_totals BOOLEAN NOT NULL,
	invited_at TIMESTAMP WITH TIME ZONE NOT NULL,
	answered_at TIMESTAMP WITH TIME ZONE,
	final_at TIMESTAMP WITH TIME ZONE,
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
	moved_at TIMESTAMP WITH TIME ZONE NOT NULL,
	id UUID NOT NULL,
	author_id UUID NOT NULL,
	author_name VARCHAR(120) NOT NULL,
	made_at TIMESTAMP WITH TIME ZONE NOT NULL,
	operation_id UUID NOT NULL,
	partner VARCHAR(24) NOT NULL,
	purpose VARCHAR(2000) NOT NULL,
	sees JSON NOT NULL,
	sections JSON NOT NULL,
	clearance VARCHAR(24) NOT NULL,
	starts DATE NOT NULL,
	until DATE NOT NULL,
	state VARCHAR(12) NOT NULL,
	admitted_by UUID,
	admitted_name VARCHAR(120) NOT NULL,
	admitted_at TIMESTAMP WITH TIME ZONE,
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
	id UUID NOT NULL,
	account_id UUID NOT NULL,
	credential VARCHAR(1400) NOT NULL,
	public_key VARCHAR(1400) NOT NULL,
	uses INTEGER NOT NULL,
	name VARCHAR(60) NOT NULL,
	made_at TIMESTAMP WITH TIME ZONE NOT NULL,
	used_at TIMESTAMP WITH TIME ZONE,
	CONSTRAINT pk_passkey PRIMARY KEY (id),
	CONSTRAINT fk_passkey_account_id_account FOREIGN KEY(account_id) REFERENCES account (id),
	CONSTRAINT uq_passkey_credential UNIQUE (credential)
);

CREATE INDEX ix_passkey_account_id ON passkey (account_id);

CREATE TABLE phase (
	id UUID NOT NULL,
	operation_id UUID NOT NULL,
	kind VARCHAR(24) NOT NULL,
	name VARCHAR(120) NOT NULL,
	starts TIMESTAMP WITH TIME ZONE NOT NULL,
	ends TIMESTAMP WITH TIME ZONE NOT NULL,
	version INTEGER NOT NULL,
	CONSTRAINT pk_phase PRIMARY KEY (id),
	CONSTRAINT ck_phase_in_order CHECK (ends > starts),
	CONSTRAINT fk_phase_operation_id_operation FOREIGN KEY(operation_id) REFERENCES operation (id)
);

CREATE INDEX ix_phase_operation_id ON phase (operation_id);

CREATE TABLE plan_version (
	id UUID NOT NULL,
	operation_id UUID NOT NULL,
	number INTEGER NOT NULL,
	state VARCHAR(12) NOT NULL,
	note VARCHAR(2000) NOT NULL,
	author_id UUID NOT NULL,
	author_name VARCHAR(120) NOT NULL,
	made_at TIMESTAMP WITH TIME ZONE NOT NULL,
	approved_by UUID,
	approved_name VARCHAR(120) NOT NULL,
	approved_at TIMESTAMP WITH TIME ZONE,
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
	id UUID NOT NULL,
	post_id UUID NOT NULL,
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
	author_id UUID NOT NULL,
	author_name VARCHAR(120) NOT NULL,
	made_at TIMESTAMP WITH TIME ZONE NOT NULL,
	CONSTRAINT pk_post_condition PRIMARY KEY (id),
	CONSTRAINT uq_post_condition_post_id UNIQUE (post_id, version),
	CONSTRAINT fk_post_condition_post_id_post FOREIGN KEY(post_id) REFERENCES post (id)
);

CREATE INDEX ix_post_condition_country ON post_condition (country);

CREATE INDEX ix_post_condition_post_id ON post_condition (post_id);

CREATE TABLE product_request (
	reason VARCHAR(2000) NOT NULL,
	moved_at TIMESTAMP WITH TIME ZONE NOT NULL,
	id UUID NOT NULL,
	author_id UUID NOT NULL,
	author_name VARCHAR(120) NOT NULL,
	made_at TIMESTAMP WITH TIME ZONE NOT NULL,
	operation_id UUID NOT NULL,
	country VARCHAR(3),
	question VARCHAR(2000) NOT NULL,
	purpose VARCHAR(2000) NOT NULL,
	handling VARCHAR(2) NOT NULL,
	classification VARCHAR(24) NOT NULL,
	due TIMESTAMP WITH TIME ZONE NOT NULL,
	state VARCHAR(12) NOT NULL,
	led_to VARCHAR(16) NOT NULL,
	outcome VARCHAR(2000) NOT NULL,
	written_at TIMESTAMP WITH TIME ZONE,
	erased_at TIMESTAMP WITH TIME ZONE,
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
	moved_at TIMESTAMP WITH TIME ZONE NOT NULL,
	id UUID NOT NULL,
	author_id UUID NOT NULL,
	author_name VARCHAR(120) NOT NULL,
	made_at TIMESTAMP WITH TIME ZONE NOT NULL,
	project_id UUID NOT NULL,
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
	moved_at TIMESTAMP WITH TIME ZONE NOT NULL,
	id UUID NOT NULL,
	author_id UUID NOT NULL,
	author_name VARCHAR(120) NOT NULL,
	made_at TIMESTAMP WITH TIME ZONE NOT NULL,
	project_id UUID NOT NULL,
	country VARCHAR(3) NOT NULL,
	kind VARCHAR(12) NOT NULL,
	part_id UUID NOT NULL,
	post_id UUID NOT NULL,
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
	id UUID NOT NULL,
	account_id UUID NOT NULL,
	digest VARCHAR(64) NOT NULL,
	used_at TIMESTAMP WITH TIME ZONE,
	CONSTRAINT pk_recovery_code PRIMARY KEY (id),
	CONSTRAINT fk_recovery_code_account_id_account FOREIGN KEY(account_id) REFERENCES account (id)
);

CREATE INDEX ix_recovery_code_account_id ON recovery_code (account_id);

CREATE TABLE release (
	operation_id UUID NOT NULL,
	audience VARCHAR(16) NOT NULL,
	kpi VARCHAR(8) NOT NULL,
	seq INTEGER NOT NULL,
	scope VARCHAR(8) NOT NULL,
	state INTEGER NOT NULL,
	state_at TIMESTAMP WITH TIME ZONE NOT NULL,
	at TIMESTAMP WITH TIME ZONE NOT NULL,
	content BYTEA NOT NULL,
	CONSTRAINT pk_release PRIMARY KEY (operation_id, audience, kpi, seq),
	CONSTRAINT fk_release_operation_id_operation FOREIGN KEY(operation_id) REFERENCES operation (id)
);

CREATE TABLE reminder_rules (
	operation_id UUID NOT NULL,
	ask_before INTEGER NOT NULL,
	remind_after INTEGER NOT NULL,
	national_after INTEGER NOT NULL,
	coordinator_after INTEGER NOT NULL,
	by_calendar BOOLEAN NOT NULL,
	changed_at TIMESTAMP WITH TIME ZONE NOT NULL,
	CONSTRAINT pk_reminder_rules PRIMARY KEY (operation_id),
	CONSTRAINT ck_reminder_rules_ask_before CHECK (ask_before BETWEEN 0 AND 1440),
	CONSTRAINT ck_reminder_rules_in_order CHECK (remind_after >= 0 AND national_after > remind_after AND coordinator_after > national_after AND coordinator_after <= 2880),
	CONSTRAINT fk_reminder_rules_operation_id_operation FOREIGN KEY(operation_id) REFERENCES operation (id)
);

CREATE TABLE report_exclusion (
	operation_id UUID NOT NULL,
	country VARCHAR(3) NOT NULL,
	versions JSON NOT NULL,
	reports INTEGER NOT NULL,
	reason VARCHAR(2000) NOT NULL,
	named_by UUID NOT NULL,
	named_by_name VARCHAR(120) NOT NULL,
	named_at TIMESTAMP WITH TIME ZONE NOT NULL,
	CONSTRAINT pk_report_exclusion PRIMARY KEY (operation_id, country),
	CONSTRAINT ck_report_exclusion_named CHECK (reports > 0 AND reason <> ''),
	CONSTRAINT fk_report_exclusion_operation_id_operation FOREIGN KEY(operation_id) REFERENCES operation (id)
);

CREATE TABLE review (
	reason VARCHAR(2000) NOT NULL,
	moved_at TIMESTAMP WITH TIME ZONE NOT NULL,
	id UUID NOT NULL,
	author_id UUID NOT NULL,
	author_name VARCHAR(120) NOT NULL,
	made_at TIMESTAMP WITH TIME ZONE NOT NULL,
	post_id UUID NOT NULL,
	country VARCHAR(3) NOT NULL,
	purpose VARCHAR(2000) NOT NULL,
	planned_for DATE NOT NULL,
	state VARCHAR(12) NOT NULL,
	visited_from DATE,
	visited_to DATE,
	visitors VARCHAR(2000) NOT NULL,
	agreed_at TIMESTAMP WITH TIME ZONE,
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
	id UUID NOT NULL,
	author_id UUID NOT NULL,
	operation_id UUID NOT NULL,
	site_id UUID,
	content JSON NOT NULL,
	saved_at TIMESTAMP WITH TIME ZONE NOT NULL,
	CONSTRAINT pk_saved_form PRIMARY KEY (id),
	CONSTRAINT fk_saved_form_author_id_account FOREIGN KEY(author_id) REFERENCES account (id),
	CONSTRAINT fk_saved_form_operation_id_operation FOREIGN KEY(operation_id) REFERENCES operation (id)
);

CREATE INDEX ix_saved_form_author_id ON saved_form (author_id);

CREATE TABLE second_factor (
	account_id UUID NOT NULL,
	sealed VARCHAR(200) NOT NULL,
	made_at TIMESTAMP WITH TIME ZONE NOT NULL,
	confirmed_at TIMESTAMP WITH TIME ZONE,
	last_step INTEGER NOT NULL,
	CONSTRAINT pk_second_factor PRIMARY KEY (account_id),
	CONSTRAINT fk_second_factor_account_id_account FOREIGN KEY(account_id) REFERENCES account (id)
);

CREATE TABLE serious_incident (
	id UUID NOT NULL,
	operation_id UUID NOT NULL,
	country VARCHAR(3),
	concerns VARCHAR(3) NOT NULL,
	channel VARCHAR(12) NOT NULL,
	scheme VARCHAR(8) NOT NULL,
	category VARCHAR(24) NOT NULL,
	occurred_at TIMESTAMP WITH TIME ZONE NOT NULL,
	detected_at TIMESTAMP WITH TIME ZONE NOT NULL,
	state VARCHAR(16) NOT NULL,
	versions INTEGER NOT NULL,
	handler_id UUID,
	handler_name VARCHAR(120) NOT NULL,
	counted BOOLEAN NOT NULL,
	erased_at TIMESTAMP WITH TIME ZONE,
	content_hash VARCHAR(64) NOT NULL,
	author_id UUID NOT NULL,
	author_name VARCHAR(120) NOT NULL,
	made_at TIMESTAMP WITH TIME ZONE NOT NULL,
	moved_at TIMESTAMP WITH TIME ZONE NOT NULL,
	CONSTRAINT pk_serious_incident PRIMARY KEY (id),
	CONSTRAINT ck_serious_incident_state_known CHECK (state IN ('received', 'threshold_check', 'initial', 'fact_finding', 'formal', 'final', 'closed', 'not_launched')),
	CONSTRAINT ck_serious_incident_held_by_somebody CHECK ((state IN ('threshold_check', 'initial', 'fact_finding', 'formal', 'final', 'closed', 'not_launched')) = (handler_id IS NOT NULL)),
	CONSTRAINT ck_serious_incident_other_eyes CHECK (handler_id <> author_id),
	CONSTRAINT ck_serious_incident_channel_known CHECK (channel IN ('normal', 'exceptional')),
	CONSTRAINT fk_serious_incident_operation_id_operation FOREIGN KEY(operation_id) REFERENCES operation (id)
);

CREATE INDEX ix_serious_incident_operation_id ON serious_incident (operation_id);

CREATE TABLE sign_in (
	id UUID NOT NULL,
	token_hash VARCHAR(64) NOT NULL,
	account_id UUID NOT NULL,
	created_at TIMESTAMP WITH TIME ZONE NOT NULL,
	last_seen_at TIMESTAMP WITH TIME ZONE NOT NULL,
	ended_at TIMESTAMP WITH TIME ZONE,
	source VARCHAR(64) NOT NULL,
	agent VARCHAR(200) NOT NULL,
	"only" VARCHAR(120),
	factor_due BOOLEAN NOT NULL,
	proven_at TIMESTAMP WITH TIME ZONE,
	CONSTRAINT pk_sign_in PRIMARY KEY (id),
	CONSTRAINT uq_sign_in_token_hash UNIQUE (token_hash),
	CONSTRAINT fk_sign_in_account_id_account FOREIGN KEY(account_id) REFERENCES account (id)
);

CREATE INDEX ix_sign_in_account_id ON sign_in (account_id);

CREATE TABLE site (
	id UUID NOT NULL,
	operation_id UUID NOT NULL,
	country VARCHAR(3) NOT NULL,
	name VARCHAR(120) NOT NULL,
	site_type VARCHAR(24) NOT NULL,
	border_kind VARCHAR(8),
	lat FLOAT NOT NULL,
	lon FLOAT NOT NULL,
	zone VARCHAR(64) NOT NULL,
	ref VARCHAR(80) NOT NULL,
	version INTEGER NOT NULL,
	placed_at TIMESTAMP WITH TIME ZONE NOT NULL,
	closed_at TIMESTAMP WITH TIME ZONE,
	CONSTRAINT pk_site PRIMARY KEY (id),
	CONSTRAINT uq_site_operation_id UNIQUE (operation_id, country, name),
	CONSTRAINT ck_site_lat CHECK (lat BETWEEN -90 AND 90),
	CONSTRAINT ck_site_lon CHECK (lon BETWEEN -180 AND 180),
	CONSTRAINT fk_site_operation_id_operation FOREIGN KEY(operation_id) REFERENCES operation (id)
);

CREATE INDEX ix_site_country ON site (country);

CREATE INDEX ix_site_operation_id ON site (operation_id);

CREATE TABLE snapshot (
	id UUID NOT NULL,
	operation_id UUID NOT NULL,
	number INTEGER NOT NULL,
	level INTEGER NOT NULL,
	status VARCHAR(16) NOT NULL,
	entry INTEGER NOT NULL,
	taken_at TIMESTAMP WITH TIME ZONE NOT NULL,
	basis JSON NOT NULL,
	wording VARCHAR(2000) NOT NULL,
	method VARCHAR(2000) NOT NULL,
	qualifier VARCHAR(1) NOT NULL,
	publication INTEGER,
	embargo TIMESTAMP WITH TIME ZONE,
	prepared_by UUID NOT NULL,
	prepared_name VARCHAR(120) NOT NULL,
	previous_hash VARCHAR(64) NOT NULL,
	content_hash VARCHAR(64) NOT NULL,
	state VARCHAR(12) NOT NULL,
	reason VARCHAR(2000) NOT NULL,
	signed_by UUID,
	signed_name VARCHAR(120) NOT NULL,
	signed_at TIMESTAMP WITH TIME ZONE,
	approved_by UUID,
	approved_name VARCHAR(120) NOT NULL,
	approved_at TIMESTAMP WITH TIME ZONE,
	published_at TIMESTAMP WITH TIME ZONE,
	supersedes_id UUID,
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
	id UUID NOT NULL,
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
	leader_id UUID,
	out_of_service VARCHAR(300) NOT NULL,
	note VARCHAR(2000) NOT NULL,
	version INTEGER NOT NULL,
	made_at TIMESTAMP WITH TIME ZONE NOT NULL,
	closed_at TIMESTAMP WITH TIME ZONE,
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
	operation_id UUID NOT NULL,
	country VARCHAR(3) NOT NULL,
	day VARCHAR(10) NOT NULL,
	site VARCHAR(36) NOT NULL,
	level INTEGER NOT NULL,
	kind VARCHAR(24) NOT NULL,
	phase_kind VARCHAR(24) NOT NULL,
	check_kind VARCHAR(32) NOT NULL,
	database VARCHAR(32) NOT NULL,
	entity VARCHAR(24) NOT NULL,
	offence VARCHAR(32) NOT NULL,
	status VARCHAR(32) NOT NULL,
	unit VARCHAR(16) NOT NULL,
	qualifier VARCHAR(1) NOT NULL,
	records BIGINT NOT NULL,
	quantity BIGINT NOT NULL,
	CONSTRAINT pk_total PRIMARY KEY (grain, operation_id, country, day, site, level, kind, phase_kind, check_kind, database, entity, offence, status, unit, qualifier),
	CONSTRAINT fk_total_operation_id_operation FOREIGN KEY(operation_id) REFERENCES operation (id)
);

CREATE TABLE total_checkpoint (
	operation_id UUID NOT NULL,
	part VARCHAR(20) NOT NULL,
	seq INTEGER NOT NULL,
	at TIMESTAMP WITH TIME ZONE NOT NULL,
	content BYTEA NOT NULL,
	CONSTRAINT pk_total_checkpoint PRIMARY KEY (operation_id, part, seq),
	CONSTRAINT fk_total_checkpoint_operation_id_operation FOREIGN KEY(operation_id) REFERENCES operation (id)
);

CREATE TABLE total_margin (
	operation_id UUID NOT NULL,
	country VARCHAR(3) NOT NULL,
	level INTEGER NOT NULL,
	kind VARCHAR(24) NOT NULL,
	phase_kind VARCHAR(24) NOT NULL,
	check_kind VARCHAR(32) NOT NULL,
	database VARCHAR(32) NOT NULL,
	entity VARCHAR(24) NOT NULL,
	offence VARCHAR(32) NOT NULL,
	status VARCHAR(32) NOT NULL,
	unit VARCHAR(16) NOT NULL,
	qualifier VARCHAR(1) NOT NULL,
	dimension VARCHAR(24) NOT NULL,
	code VARCHAR(40) NOT NULL,
	records BIGINT NOT NULL,
	quantity BIGINT NOT NULL,
	CONSTRAINT pk_total_margin PRIMARY KEY (operation_id, country, level, kind, phase_kind, check_kind, database, entity, offence, status, unit, qualifier, dimension, code),
	CONSTRAINT fk_total_margin_operation_id_operation FOREIGN KEY(operation_id) REFERENCES operation (id)
);

CREATE TABLE total_step (
	operation_id UUID NOT NULL,
	seq INTEGER NOT NULL,
	n INTEGER NOT NULL,
	at TIMESTAMP WITH TIME ZONE NOT NULL,
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
	moved_at TIMESTAMP WITH TIME ZONE NOT NULL,
	id UUID NOT NULL,
	author_id UUID NOT NULL,
	author_name VARCHAR(120) NOT NULL,
	made_at TIMESTAMP WITH TIME ZONE NOT NULL,
	account_id UUID NOT NULL,
	country VARCHAR(3) NOT NULL,
	course_id UUID NOT NULL,
	state VARCHAR(12) NOT NULL,
	assessed_by UUID,
	certified_by UUID,
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
	id UUID NOT NULL,
	of_id UUID NOT NULL,
	state VARCHAR(16) NOT NULL,
	words VARCHAR(2000) NOT NULL,
	author_name VARCHAR(120) NOT NULL,
	made_at TIMESTAMP WITH TIME ZONE NOT NULL,
	country VARCHAR(3),
	account_id UUID,
	CONSTRAINT pk_training_step PRIMARY KEY (id),
	CONSTRAINT fk_training_step_account_id_account FOREIGN KEY(account_id) REFERENCES account (id)
);

CREATE INDEX ix_training_step_account_id ON training_step (account_id);

CREATE INDEX ix_training_step_country ON training_step (country);

CREATE INDEX ix_training_step_of_id ON training_step (of_id);

CREATE TABLE unit_posting (
	id UUID NOT NULL,
	account_id UUID NOT NULL,
	object_id UUID NOT NULL,
	operation_id UUID NOT NULL,
	country VARCHAR(3) NOT NULL,
	function VARCHAR(40) NOT NULL,
	starts TIMESTAMP WITH TIME ZONE,
	ends TIMESTAMP WITH TIME ZONE,
	made_by UUID NOT NULL,
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
	id UUID NOT NULL,
	country VARCHAR(3) NOT NULL,
	system VARCHAR(40) NOT NULL,
	address VARCHAR(300) NOT NULL,
	seal VARCHAR(200) NOT NULL,
	author_id UUID NOT NULL,
	author_name VARCHAR(120) NOT NULL,
	made_at TIMESTAMP WITH TIME ZONE NOT NULL,
	ended_at TIMESTAMP WITH TIME ZONE,
	due_at TIMESTAMP WITH TIME ZONE NOT NULL,
	attempt INTEGER NOT NULL,
	failure VARCHAR(80) NOT NULL,
	CONSTRAINT pk_webhook PRIMARY KEY (id),
	CONSTRAINT fk_webhook_author_id_account FOREIGN KEY(author_id) REFERENCES account (id)
);

CREATE INDEX ix_webhook_author_id ON webhook (author_id);

CREATE INDEX ix_webhook_country ON webhook (country);

CREATE TABLE withholding (
	operation_id UUID NOT NULL,
	country VARCHAR(3) NOT NULL,
	partner VARCHAR(24) NOT NULL,
	since TIMESTAMP WITH TIME ZONE NOT NULL,
	by_id UUID NOT NULL,
	by_name VARCHAR(120) NOT NULL,
	CONSTRAINT pk_withholding PRIMARY KEY (operation_id, country, partner),
	CONSTRAINT ck_withholding_from_another CHECK (country <> partner),
	CONSTRAINT fk_withholding_operation_id_operation FOREIGN KEY(operation_id) REFERENCES operation (id)
);

CREATE TABLE analysis_result (
	analysis_id UUID NOT NULL,
	complete BOOLEAN NOT NULL,
	result JSON NOT NULL,
	packed BYTEA,
	sha256 VARCHAR(64) NOT NULL,
	made_at TIMESTAMP WITH TIME ZONE NOT NULL,
	CONSTRAINT pk_analysis_result PRIMARY KEY (analysis_id),
	CONSTRAINT fk_analysis_result_analysis_id_analysis FOREIGN KEY(analysis_id) REFERENCES analysis (id)
);

CREATE TABLE api_token (
	id UUID NOT NULL,
	country VARCHAR(3) NOT NULL,
	system VARCHAR(40) NOT NULL,
	scopes JSON NOT NULL,
	sender_key VARCHAR(64) NOT NULL,
	expires_on DATE NOT NULL,
	author_id UUID NOT NULL,
	author_name VARCHAR(120) NOT NULL,
	made_at TIMESTAMP WITH TIME ZONE NOT NULL,
	CONSTRAINT pk_api_token PRIMARY KEY (id),
	CONSTRAINT fk_api_token_id_sign_in FOREIGN KEY(id) REFERENCES sign_in (id),
	CONSTRAINT fk_api_token_author_id_account FOREIGN KEY(author_id) REFERENCES account (id)
);

CREATE INDEX ix_api_token_author_id ON api_token (author_id);

CREATE INDEX ix_api_token_country ON api_token (country);

CREATE TABLE appeal_item (
	list_id UUID NOT NULL,
	case_id UUID NOT NULL,
	requesting_country VARCHAR(3) NOT NULL,
	dropped VARCHAR(300) NOT NULL,
	CONSTRAINT pk_appeal_item PRIMARY KEY (list_id, case_id),
	CONSTRAINT fk_appeal_item_list_id_appeal_list FOREIGN KEY(list_id) REFERENCES appeal_list (id),
	CONSTRAINT fk_appeal_item_case_id_fugitive_case FOREIGN KEY(case_id) REFERENCES fugitive_case (id)
);

CREATE TABLE appeal_tips (
	id UUID NOT NULL,
	case_id UUID NOT NULL,
	requesting_country VARCHAR(3) NOT NULL,
	received INTEGER NOT NULL,
	author_name VARCHAR(120) NOT NULL,
	made_at TIMESTAMP WITH TIME ZONE NOT NULL,
	CONSTRAINT pk_appeal_tips PRIMARY KEY (id),
	CONSTRAINT ck_appeal_tips_some CHECK (received > 0),
	CONSTRAINT fk_appeal_tips_case_id_fugitive_case FOREIGN KEY(case_id) REFERENCES fugitive_case (id)
);

CREATE INDEX ix_appeal_tips_case_id ON appeal_tips (case_id);

CREATE TABLE assessment_score (
	id UUID NOT NULL,
	author_id UUID NOT NULL,
	author_name VARCHAR(120) NOT NULL,
	made_at TIMESTAMP WITH TIME ZONE NOT NULL,
	assessment_id UUID NOT NULL,
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
	id UUID NOT NULL,
	country VARCHAR(3) NOT NULL,
	team_id UUID,
	kind VARCHAR(24) NOT NULL,
	label VARCHAR(40) NOT NULL,
	state VARCHAR(16) NOT NULL,
	place VARCHAR(300) NOT NULL,
	placed_at TIMESTAMP WITH TIME ZONE NOT NULL,
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
	moved_at TIMESTAMP WITH TIME ZONE NOT NULL,
	id UUID NOT NULL,
	author_id UUID NOT NULL,
	author_name VARCHAR(120) NOT NULL,
	made_at TIMESTAMP WITH TIME ZONE NOT NULL,
	trainer_id UUID NOT NULL,
	account_id UUID NOT NULL,
	country VARCHAR(3) NOT NULL,
	course_id UUID NOT NULL,
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
	id UUID NOT NULL,
	connection_id UUID NOT NULL,
	number INTEGER NOT NULL,
	operation_id UUID NOT NULL,
	country VARCHAR(3) NOT NULL,
	site_id UUID NOT NULL,
	day DATE NOT NULL,
	phase_id UUID NOT NULL,
	report_id UUID NOT NULL,
	supersedes_id UUID,
	withdraws BOOLEAN NOT NULL,
	body JSON NOT NULL,
	content_hash VARCHAR(64) NOT NULL,
	author_id UUID NOT NULL,
	author_name VARCHAR(120) NOT NULL,
	made_at TIMESTAMP WITH TIME ZONE NOT NULL,
	answered_at TIMESTAMP WITH TIME ZONE,
	refusal VARCHAR(1000) NOT NULL,
	gone BOOLEAN NOT NULL,
	conflict JSON,
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
	claim_id UUID NOT NULL,
	operation_id UUID NOT NULL,
	found VARCHAR(8) NOT NULL,
	opened_at TIMESTAMP WITH TIME ZONE NOT NULL,
	lines JSON NOT NULL,
	would JSON NOT NULL,
	CONSTRAINT pk_claim_adjustment PRIMARY KEY (claim_id),
	CONSTRAINT fk_claim_adjustment_claim_id_claim FOREIGN KEY(claim_id) REFERENCES claim (id),
	CONSTRAINT fk_claim_adjustment_operation_id_operation FOREIGN KEY(operation_id) REFERENCES operation (id)
);

CREATE INDEX ix_claim_adjustment_operation_id ON claim_adjustment (operation_id);

CREATE TABLE claim_line (
	claim_id UUID NOT NULL,
	report_id UUID NOT NULL,
	line_id UUID NOT NULL,
	operation_id UUID NOT NULL,
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
	claim_id UUID NOT NULL,
	operation_id UUID NOT NULL,
	state VARCHAR(12) NOT NULL,
	reason VARCHAR(2000) NOT NULL,
	told_at TIMESTAMP WITH TIME ZONE NOT NULL,
	said_name VARCHAR(120) NOT NULL,
	said_at TIMESTAMP WITH TIME ZONE,
	CONSTRAINT pk_claim_pointer PRIMARY KEY (claim_id, operation_id),
	CONSTRAINT ck_claim_pointer_state_known CHECK (state IN ('told', 'let', 'refused', 'dismissed', 'closed')),
	CONSTRAINT ck_claim_pointer_reason_given CHECK (state <> 'refused' OR reason <> ''),
	CONSTRAINT fk_claim_pointer_claim_id_claim FOREIGN KEY(claim_id) REFERENCES claim (id),
	CONSTRAINT fk_claim_pointer_operation_id_operation FOREIGN KEY(operation_id) REFERENCES operation (id)
);

CREATE INDEX ix_claim_pointer_operation_id ON claim_pointer (operation_id);

CREATE TABLE claim_step (
	id UUID NOT NULL,
	of_id UUID NOT NULL,
	state VARCHAR(16) NOT NULL,
	words VARCHAR(2000) NOT NULL,
	author_name VARCHAR(120) NOT NULL,
	made_at TIMESTAMP WITH TIME ZONE NOT NULL,
	CONSTRAINT pk_claim_step PRIMARY KEY (id),
	CONSTRAINT fk_claim_step_of_id_claim FOREIGN KEY(of_id) REFERENCES claim (id)
);

CREATE INDEX ix_claim_step_of_id ON claim_step (of_id);

CREATE TABLE claim_word (
	claim_id UUID NOT NULL,
	country VARCHAR(3) NOT NULL,
	round INTEGER NOT NULL,
	operation_id UUID NOT NULL,
	same BOOLEAN NOT NULL,
	words VARCHAR(2000) NOT NULL,
	said_by UUID NOT NULL,
	said_name VARCHAR(120) NOT NULL,
	said_at TIMESTAMP WITH TIME ZONE NOT NULL,
	CONSTRAINT pk_claim_word PRIMARY KEY (claim_id, country, round),
	CONSTRAINT fk_claim_word_claim_id_claim FOREIGN KEY(claim_id) REFERENCES claim (id),
	CONSTRAINT fk_claim_word_operation_id_operation FOREIGN KEY(operation_id) REFERENCES operation (id)
);

CREATE INDEX ix_claim_word_operation_id ON claim_word (operation_id);

CREATE TABLE deconfliction_entry (
	id UUID NOT NULL,
	room_id UUID NOT NULL,
	operation_id UUID,
	country VARCHAR(3) NOT NULL,
	number INTEGER NOT NULL,
	kind VARCHAR(16) NOT NULL,
	tag VARCHAR(64),
	contact VARCHAR(160) NOT NULL,
	author_id UUID NOT NULL,
	author_name VARCHAR(120) NOT NULL,
	made_at TIMESTAMP WITH TIME ZONE NOT NULL,
	withdrawn_at TIMESTAMP WITH TIME ZONE,
	CONSTRAINT pk_deconfliction_entry PRIMARY KEY (id),
	CONSTRAINT uq_deconfliction_entry_room_id UNIQUE (room_id, country, number),
	CONSTRAINT ck_deconfliction_entry_tag_until_withdrawn CHECK ((tag IS NULL) = (withdrawn_at IS NOT NULL)),
	CONSTRAINT fk_deconfliction_entry_room_id_deconfliction_room FOREIGN KEY(room_id) REFERENCES deconfliction_room (id),
	CONSTRAINT fk_deconfliction_entry_operation_id_operation FOREIGN KEY(operation_id) REFERENCES operation (id)
);

CREATE INDEX ix_deconfliction_entry_country ON deconfliction_entry (country);

CREATE UNIQUE INDEX uq_deconfliction_entry_tag ON deconfliction_entry (room_id, tag, country);

CREATE TABLE deconfliction_match (
	id UUID NOT NULL,
	room_id UUID NOT NULL,
	operation_id UUID,
	kind VARCHAR(16) NOT NULL,
	country VARCHAR(3) NOT NULL,
	other VARCHAR(3) NOT NULL,
	state VARCHAR(12) NOT NULL,
	made_at TIMESTAMP WITH TIME ZONE NOT NULL,
	CONSTRAINT pk_deconfliction_match PRIMARY KEY (id),
	CONSTRAINT ck_deconfliction_match_state_known CHECK (state IN ('told', 'spoken', 'nothing')),
	CONSTRAINT ck_deconfliction_match_of_two CHECK (country <> other),
	CONSTRAINT fk_deconfliction_match_room_id_deconfliction_room FOREIGN KEY(room_id) REFERENCES deconfliction_room (id),
	CONSTRAINT fk_deconfliction_match_operation_id_operation FOREIGN KEY(operation_id) REFERENCES operation (id)
);

CREATE INDEX ix_deconfliction_match_room_id ON deconfliction_match (room_id);

CREATE TABLE delivery (
	message_id UUID NOT NULL,
	account_id UUID NOT NULL,
	way VARCHAR(8) NOT NULL,
	made_at TIMESTAMP WITH TIME ZONE NOT NULL,
	due_at TIMESTAMP WITH TIME ZONE NOT NULL,
	digest BOOLEAN NOT NULL,
	read_at TIMESTAMP WITH TIME ZONE,
	sent_at TIMESTAMP WITH TIME ZONE,
	given_up_at TIMESTAMP WITH TIME ZONE,
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
	id UUID NOT NULL,
	dispatch_id UUID NOT NULL,
	operation_id UUID,
	country VARCHAR(3) NOT NULL,
	origin VARCHAR(3) NOT NULL,
	countries VARCHAR(200) NOT NULL,
	purpose VARCHAR(2000) NOT NULL,
	classification VARCHAR(24) NOT NULL,
	state VARCHAR(12) NOT NULL,
	reason VARCHAR(2000) NOT NULL,
	author_id UUID NOT NULL,
	author_name VARCHAR(120) NOT NULL,
	asked_at TIMESTAMP WITH TIME ZONE NOT NULL,
	decided_by VARCHAR(120) NOT NULL,
	decided_at TIMESTAMP WITH TIME ZONE,
	CONSTRAINT pk_dispatch_passing PRIMARY KEY (id),
	CONSTRAINT ck_dispatch_passing_state_known CHECK (state IN ('asked', 'consented', 'refused')),
	CONSTRAINT ck_dispatch_passing_decided_once CHECK ((state = 'asked') = (decided_at IS NULL)),
	CONSTRAINT fk_dispatch_passing_dispatch_id_dispatch FOREIGN KEY(dispatch_id) REFERENCES dispatch (id),
	CONSTRAINT fk_dispatch_passing_operation_id_operation FOREIGN KEY(operation_id) REFERENCES operation (id)
);

CREATE INDEX ix_dispatch_passing_dispatch_id ON dispatch_passing (dispatch_id);

CREATE INDEX ix_dispatch_passing_origin ON dispatch_passing (origin);

CREATE TABLE dispatch_receipt (
	dispatch_id UUID NOT NULL,
	country VARCHAR(3) NOT NULL,
	operation_id UUID,
	origin VARCHAR(3) NOT NULL,
	via VARCHAR(3),
	classification VARCHAR(24) NOT NULL,
	state VARCHAR(12) NOT NULL,
	due TIMESTAMP WITH TIME ZONE,
	sent_at TIMESTAMP WITH TIME ZONE NOT NULL,
	read_at TIMESTAMP WITH TIME ZONE,
	read_by VARCHAR(120) NOT NULL,
	answered_at TIMESTAMP WITH TIME ZONE,
	CONSTRAINT pk_dispatch_receipt PRIMARY KEY (dispatch_id, country),
	CONSTRAINT ck_dispatch_receipt_state_known CHECK (state IN ('delivered', 'read', 'answered')),
	CONSTRAINT ck_dispatch_receipt_read_once CHECK ((state = 'delivered') = (read_at IS NULL)),
	CONSTRAINT ck_dispatch_receipt_to_others CHECK (country <> origin),
	CONSTRAINT fk_dispatch_receipt_dispatch_id_dispatch FOREIGN KEY(dispatch_id) REFERENCES dispatch (id),
	CONSTRAINT fk_dispatch_receipt_operation_id_operation FOREIGN KEY(operation_id) REFERENCES operation (id)
);

CREATE TABLE enrolment (
	reason VARCHAR(2000) NOT NULL,
	moved_at TIMESTAMP WITH TIME ZONE NOT NULL,
	id UUID NOT NULL,
	author_id UUID NOT NULL,
	author_name VARCHAR(120) NOT NULL,
	made_at TIMESTAMP WITH TIME ZONE NOT NULL,
	run_id UUID NOT NULL,
	account_id UUID NOT NULL,
	country VARCHAR(3) NOT NULL,
	post_id UUID,
	state VARCHAR(12) NOT NULL,
	before INTEGER,
	after INTEGER,
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
	id UUID NOT NULL,
	evaluation_id UUID NOT NULL,
	country VARCHAR(3) NOT NULL,
	state VARCHAR(12) NOT NULL,
	moved_at TIMESTAMP WITH TIME ZONE NOT NULL,
	CONSTRAINT pk_evaluation_country PRIMARY KEY (id),
	CONSTRAINT ck_evaluation_country_state_known CHECK (state IN ('concerned', 'asked', 'agreed', 'commented', 'answered', 'silent')),
	CONSTRAINT uq_evaluation_country_evaluation_id UNIQUE (evaluation_id, country),
	CONSTRAINT fk_evaluation_country_evaluation_id_evaluation FOREIGN KEY(evaluation_id) REFERENCES evaluation (id)
);

CREATE INDEX ix_evaluation_country_country ON evaluation_country (country);

CREATE INDEX ix_evaluation_country_evaluation_id ON evaluation_country (evaluation_id);

CREATE TABLE evaluation_judgement (
	id UUID NOT NULL,
	evaluation_id UUID NOT NULL,
	criterion VARCHAR(16) NOT NULL,
	version INTEGER NOT NULL,
	score INTEGER,
	words VARCHAR(2000) NOT NULL,
	evidence VARCHAR(2000) NOT NULL,
	author_id UUID NOT NULL,
	author_name VARCHAR(120) NOT NULL,
	made_at TIMESTAMP WITH TIME ZONE NOT NULL,
	CONSTRAINT pk_evaluation_judgement PRIMARY KEY (id),
	CONSTRAINT uq_evaluation_judgement_evaluation_id UNIQUE (evaluation_id, criterion, version),
	CONSTRAINT ck_evaluation_judgement_score CHECK (score BETWEEN 1 AND 4),
	CONSTRAINT ck_evaluation_judgement_evidence_given CHECK (score IS NULL OR evidence <> ''),
	CONSTRAINT fk_evaluation_judgement_evaluation_id_evaluation FOREIGN KEY(evaluation_id) REFERENCES evaluation (id)
);

CREATE INDEX ix_evaluation_judgement_evaluation_id ON evaluation_judgement (evaluation_id);

CREATE TABLE evaluation_method (
	id UUID NOT NULL,
	evaluation_id UUID NOT NULL,
	method VARCHAR(24) NOT NULL,
	held_on DATE NOT NULL,
	place VARCHAR(160) NOT NULL,
	who VARCHAR(2000) NOT NULL,
	finding VARCHAR(2000) NOT NULL,
	author_id UUID NOT NULL,
	author_name VARCHAR(120) NOT NULL,
	made_at TIMESTAMP WITH TIME ZONE NOT NULL,
	CONSTRAINT pk_evaluation_method PRIMARY KEY (id),
	CONSTRAINT fk_evaluation_method_evaluation_id_evaluation FOREIGN KEY(evaluation_id) REFERENCES evaluation (id)
);

CREATE INDEX ix_evaluation_method_evaluation_id ON evaluation_method (evaluation_id);

CREATE TABLE evaluation_outcome (
	id UUID NOT NULL,
	evaluation_id UUID NOT NULL,
	country VARCHAR(3) NOT NULL,
	version INTEGER NOT NULL,
	opened INTEGER NOT NULL,
	charged INTEGER NOT NULL,
	convicted INTEGER NOT NULL,
	as_of DATE NOT NULL,
	source VARCHAR(300) NOT NULL,
	author_id UUID NOT NULL,
	author_name VARCHAR(120) NOT NULL,
	made_at TIMESTAMP WITH TIME ZONE NOT NULL,
	CONSTRAINT pk_evaluation_outcome PRIMARY KEY (id),
	CONSTRAINT uq_evaluation_outcome_evaluation_id UNIQUE (evaluation_id, country, version),
	CONSTRAINT ck_evaluation_outcome_parts CHECK (0 <= convicted AND convicted <= charged AND charged <= opened),
	CONSTRAINT fk_evaluation_outcome_evaluation_id_evaluation FOREIGN KEY(evaluation_id) REFERENCES evaluation (id)
);

CREATE INDEX ix_evaluation_outcome_evaluation_id ON evaluation_outcome (evaluation_id);

CREATE TABLE evaluation_step (
	id UUID NOT NULL,
	evaluation_id UUID NOT NULL,
	country VARCHAR(3),
	state VARCHAR(12) NOT NULL,
	words VARCHAR(2000) NOT NULL,
	author_id UUID,
	author_name VARCHAR(120) NOT NULL,
	made_at TIMESTAMP WITH TIME ZONE NOT NULL,
	CONSTRAINT pk_evaluation_step PRIMARY KEY (id),
	CONSTRAINT fk_evaluation_step_evaluation_id_evaluation FOREIGN KEY(evaluation_id) REFERENCES evaluation (id)
);

CREATE INDEX ix_evaluation_step_evaluation_id ON evaluation_step (evaluation_id);

CREATE TABLE fugitive_believed (
	case_id UUID NOT NULL,
	country VARCHAR(3) NOT NULL,
	requesting_country VARCHAR(3) NOT NULL,
	CONSTRAINT pk_fugitive_believed PRIMARY KEY (case_id, country),
	CONSTRAINT fk_fugitive_believed_case_id_fugitive_case FOREIGN KEY(case_id) REFERENCES fugitive_case (id)
);

CREATE TABLE fugitive_location (
	id UUID NOT NULL,
	case_id UUID NOT NULL,
	country VARCHAR(3) NOT NULL,
	requesting_country VARCHAR(3) NOT NULL,
	state VARCHAR(20) NOT NULL,
	remark VARCHAR(2000) NOT NULL,
	content_hash VARCHAR(64) NOT NULL,
	author_name VARCHAR(120) NOT NULL,
	reported_at TIMESTAMP WITH TIME ZONE NOT NULL,
	answered_at TIMESTAMP WITH TIME ZONE,
	arrested_at TIMESTAMP WITH TIME ZONE,
	erased_at TIMESTAMP WITH TIME ZONE,
	CONSTRAINT pk_fugitive_location PRIMARY KEY (id),
	CONSTRAINT ck_fugitive_location_state_known CHECK (state IN ('reported', 'confirmed', 'arrest_reported', 'arrest_confirmed', 'negative')),
	CONSTRAINT ck_fugitive_location_two_countries CHECK (country <> requesting_country),
	CONSTRAINT ck_fugitive_location_erased_is_gone CHECK (erased_at IS NULL OR (remark = '' AND state = 'negative')),
	CONSTRAINT ck_fugitive_location_arrest_has_a_time CHECK ((state IN ('arrest_reported', 'arrest_confirmed')) = (arrested_at IS NOT NULL)),
	CONSTRAINT fk_fugitive_location_case_id_fugitive_case FOREIGN KEY(case_id) REFERENCES fugitive_case (id)
);

CREATE INDEX ix_fugitive_location_case_id ON fugitive_location (case_id);

CREATE TABLE fugitive_step (
	id UUID NOT NULL,
	case_id UUID NOT NULL,
	requesting_country VARCHAR(3) NOT NULL,
	country VARCHAR(3),
	before VARCHAR(20) NOT NULL,
	after VARCHAR(20) NOT NULL,
	reason VARCHAR(2000) NOT NULL,
	author_id UUID,
	author_name VARCHAR(120) NOT NULL,
	made_at TIMESTAMP WITH TIME ZONE NOT NULL,
	CONSTRAINT pk_fugitive_step PRIMARY KEY (id),
	CONSTRAINT fk_fugitive_step_case_id_fugitive_case FOREIGN KEY(case_id) REFERENCES fugitive_case (id)
);

CREATE INDEX ix_fugitive_step_case_id ON fugitive_step (case_id);

CREATE TABLE fugitive_version (
	id UUID NOT NULL,
	case_id UUID NOT NULL,
	requesting_country VARCHAR(3) NOT NULL,
	version INTEGER NOT NULL,
	content JSON NOT NULL,
	content_hash VARCHAR(64) NOT NULL,
	author_id UUID NOT NULL,
	author_name VARCHAR(120) NOT NULL,
	made_at TIMESTAMP WITH TIME ZONE NOT NULL,
	CONSTRAINT pk_fugitive_version PRIMARY KEY (id),
	CONSTRAINT uq_fugitive_version_case_id UNIQUE (case_id, version),
	CONSTRAINT fk_fugitive_version_case_id_fugitive_case FOREIGN KEY(case_id) REFERENCES fugitive_case (id)
);

CREATE INDEX ix_fugitive_version_case_id ON fugitive_version (case_id);

CREATE TABLE incident_apart (
	incident_id UUID NOT NULL,
	account_id UUID NOT NULL,
	part VARCHAR(12) NOT NULL,
	CONSTRAINT pk_incident_apart PRIMARY KEY (incident_id, account_id),
	CONSTRAINT fk_incident_apart_incident_id_serious_incident FOREIGN KEY(incident_id) REFERENCES serious_incident (id),
	CONSTRAINT fk_incident_apart_account_id_account FOREIGN KEY(account_id) REFERENCES account (id)
);

CREATE INDEX ix_incident_apart_account_id ON incident_apart (account_id);

CREATE TABLE incident_grant (
	id UUID NOT NULL,
	incident_id UUID NOT NULL,
	account_id UUID NOT NULL,
	reason VARCHAR(2000) NOT NULL,
	until TIMESTAMP WITH TIME ZONE NOT NULL,
	author_id UUID NOT NULL,
	author_name VARCHAR(120) NOT NULL,
	made_at TIMESTAMP WITH TIME ZONE NOT NULL,
	CONSTRAINT pk_incident_grant PRIMARY KEY (id),
	CONSTRAINT fk_incident_grant_incident_id_serious_incident FOREIGN KEY(incident_id) REFERENCES serious_incident (id),
	CONSTRAINT fk_incident_grant_account_id_account FOREIGN KEY(account_id) REFERENCES account (id)
);

CREATE INDEX ix_incident_grant_account_id ON incident_grant (account_id);

CREATE INDEX ix_incident_grant_incident_id ON incident_grant (incident_id);

CREATE TABLE incident_version (
	id UUID NOT NULL,
	incident_id UUID NOT NULL,
	version INTEGER NOT NULL,
	about VARCHAR(16) NOT NULL,
	content JSON NOT NULL,
	author_id UUID NOT NULL,
	author_name VARCHAR(120) NOT NULL,
	made_at TIMESTAMP WITH TIME ZONE NOT NULL,
	CONSTRAINT pk_incident_version PRIMARY KEY (id),
	CONSTRAINT uq_incident_version_incident_id UNIQUE (incident_id, version),
	CONSTRAINT fk_incident_version_incident_id_serious_incident FOREIGN KEY(incident_id) REFERENCES serious_incident (id)
);

CREATE INDEX ix_incident_version_incident_id ON incident_version (incident_id);

CREATE TABLE layer_content (
	version_id UUID NOT NULL,
	data BYTEA NOT NULL,
	CONSTRAINT pk_layer_content PRIMARY KEY (version_id),
	CONSTRAINT fk_layer_content_version_id_event_layer FOREIGN KEY(version_id) REFERENCES event_layer (id)
);

CREATE TABLE layer_marks (
	content_id UUID NOT NULL,
	zoom INTEGER NOT NULL,
	number INTEGER NOT NULL,
	west FLOAT NOT NULL,
	south FLOAT NOT NULL,
	east FLOAT NOT NULL,
	north FLOAT NOT NULL,
	marks INTEGER NOT NULL,
	data BYTEA NOT NULL,
	CONSTRAINT pk_layer_marks PRIMARY KEY (content_id, zoom, number),
	CONSTRAINT fk_layer_marks_content_id_event_layer FOREIGN KEY(content_id) REFERENCES event_layer (id)
);

CREATE TABLE lead_answer (
	id UUID NOT NULL,
	lead_id UUID NOT NULL,
	country VARCHAR(3) NOT NULL,
	origin_country VARCHAR(3),
	answer VARCHAR(12) NOT NULL,
	remark VARCHAR(2000) NOT NULL,
	author_id UUID NOT NULL,
	author_name VARCHAR(120) NOT NULL,
	made_at TIMESTAMP WITH TIME ZONE NOT NULL,
	CONSTRAINT pk_lead_answer PRIMARY KEY (id),
	CONSTRAINT fk_lead_answer_lead_id_lead FOREIGN KEY(lead_id) REFERENCES lead (id)
);

CREATE INDEX ix_lead_answer_lead_id ON lead_answer (lead_id);

CREATE TABLE lead_country (
	lead_id UUID NOT NULL,
	country VARCHAR(3) NOT NULL,
	operation_id UUID NOT NULL,
	origin_country VARCHAR(3),
	subject_id UUID,
	state VARCHAR(12) NOT NULL,
	due TIMESTAMP WITH TIME ZONE NOT NULL,
	shared_at TIMESTAMP WITH TIME ZONE,
	answered_at TIMESTAMP WITH TIME ZONE,
	revoked_at TIMESTAMP WITH TIME ZONE,
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
	id UUID NOT NULL,
	lead_id UUID NOT NULL,
	version INTEGER NOT NULL,
	question VARCHAR(2000) NOT NULL,
	due TIMESTAMP WITH TIME ZONE NOT NULL,
	source VARCHAR(1) NOT NULL,
	information VARCHAR(1) NOT NULL,
	handling VARCHAR(2) NOT NULL,
	content_hash VARCHAR(64) NOT NULL,
	author_id UUID NOT NULL,
	author_name VARCHAR(120) NOT NULL,
	made_at TIMESTAMP WITH TIME ZONE NOT NULL,
	CONSTRAINT pk_lead_version PRIMARY KEY (id),
	CONSTRAINT uq_lead_version_lead_id UNIQUE (lead_id, version),
	CONSTRAINT fk_lead_version_lead_id_lead FOREIGN KEY(lead_id) REFERENCES lead (id)
);

CREATE INDEX ix_lead_version_lead_id ON lead_version (lead_id);

CREATE TABLE legal_hold (
	reason VARCHAR(2000) NOT NULL,
	moved_at TIMESTAMP WITH TIME ZONE NOT NULL,
	id UUID NOT NULL,
	author_id UUID NOT NULL,
	author_name VARCHAR(120) NOT NULL,
	made_at TIMESTAMP WITH TIME ZONE NOT NULL,
	operation_id UUID NOT NULL,
	country VARCHAR(3),
	case_id UUID,
	authority VARCHAR(120) NOT NULL,
	file_ref VARCHAR(80) NOT NULL,
	why VARCHAR(2000) NOT NULL,
	state VARCHAR(12) NOT NULL,
	lifted_by UUID,
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
	id UUID NOT NULL,
	case_id UUID NOT NULL,
	requesting_country VARCHAR(3) NOT NULL,
	day DATE NOT NULL,
	status VARCHAR(12) NOT NULL,
	author_name VARCHAR(120) NOT NULL,
	made_at TIMESTAMP WITH TIME ZONE NOT NULL,
	CONSTRAINT pk_notice_check PRIMARY KEY (id),
	CONSTRAINT fk_notice_check_case_id_fugitive_case FOREIGN KEY(case_id) REFERENCES fugitive_case (id)
);

CREATE INDEX ix_notice_check_case_id ON notice_check (case_id);

CREATE TABLE oplan_item (
	version_id UUID NOT NULL,
	section_id UUID NOT NULL,
	CONSTRAINT pk_oplan_item PRIMARY KEY (version_id, section_id),
	CONSTRAINT fk_oplan_item_version_id_oplan_version FOREIGN KEY(version_id) REFERENCES oplan_version (id),
	CONSTRAINT fk_oplan_item_section_id_oplan_section FOREIGN KEY(section_id) REFERENCES oplan_section (id)
);

CREATE TABLE outage (
	id UUID NOT NULL,
	link_id UUID NOT NULL,
	country VARCHAR(3) NOT NULL,
	starts TIMESTAMP WITH TIME ZONE NOT NULL,
	ends TIMESTAMP WITH TIME ZONE,
	planned BOOLEAN NOT NULL,
	cause VARCHAR(300) NOT NULL,
	author_name VARCHAR(120) NOT NULL,
	made_at TIMESTAMP WITH TIME ZONE NOT NULL,
	CONSTRAINT pk_outage PRIMARY KEY (id),
	CONSTRAINT ck_outage_in_order CHECK (ends IS NULL OR ends > starts),
	CONSTRAINT fk_outage_link_id_link FOREIGN KEY(link_id) REFERENCES link (id)
);

CREATE INDEX ix_outage_country ON outage (country);

CREATE INDEX ix_outage_link_id ON outage (link_id);

CREATE TABLE phase_run (
	run_id UUID NOT NULL,
	phase_id UUID NOT NULL,
	operation_id UUID NOT NULL,
	made_at TIMESTAMP WITH TIME ZONE NOT NULL,
	CONSTRAINT pk_phase_run PRIMARY KEY (run_id),
	CONSTRAINT fk_phase_run_run_id_course_run FOREIGN KEY(run_id) REFERENCES course_run (id),
	CONSTRAINT fk_phase_run_phase_id_phase FOREIGN KEY(phase_id) REFERENCES phase (id),
	CONSTRAINT fk_phase_run_operation_id_operation FOREIGN KEY(operation_id) REFERENCES operation (id)
);

CREATE INDEX ix_phase_run_operation_id ON phase_run (operation_id);

CREATE INDEX ix_phase_run_phase_id ON phase_run (phase_id);

CREATE TABLE plan_item (
	plan_version_id UUID NOT NULL,
	item_id UUID NOT NULL,
	version_id UUID,
	country VARCHAR(3),
	audience VARCHAR(16) NOT NULL,
	CONSTRAINT pk_plan_item PRIMARY KEY (plan_version_id, item_id),
	CONSTRAINT fk_plan_item_plan_version_id_plan_version FOREIGN KEY(plan_version_id) REFERENCES plan_version (id),
	CONSTRAINT fk_plan_item_version_id_map_object FOREIGN KEY(version_id) REFERENCES map_object (id)
);

CREATE TABLE post_site (
	site_id UUID NOT NULL,
	post_id UUID NOT NULL,
	country VARCHAR(3) NOT NULL,
	CONSTRAINT pk_post_site PRIMARY KEY (site_id),
	CONSTRAINT fk_post_site_site_id_site FOREIGN KEY(site_id) REFERENCES site (id),
	CONSTRAINT fk_post_site_post_id_post FOREIGN KEY(post_id) REFERENCES post (id)
);

CREATE INDEX ix_post_site_country ON post_site (country);

CREATE INDEX ix_post_site_post_id ON post_site (post_id);

CREATE TABLE posting (
	id UUID NOT NULL,
	account_id UUID NOT NULL,
	site_id UUID NOT NULL,
	starts TIMESTAMP WITH TIME ZONE,
	ends TIMESTAMP WITH TIME ZONE,
	made_by UUID,
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
	id UUID NOT NULL,
	author_id UUID NOT NULL,
	author_name VARCHAR(120) NOT NULL,
	made_at TIMESTAMP WITH TIME ZONE NOT NULL,
	operation_id UUID NOT NULL,
	request_id UUID NOT NULL,
	title VARCHAR(160) NOT NULL,
	body VARCHAR(8000) NOT NULL,
	source VARCHAR(1) NOT NULL,
	information VARCHAR(1) NOT NULL,
	handling VARCHAR(2) NOT NULL,
	classification VARCHAR(24) NOT NULL,
	originators VARCHAR(200) NOT NULL,
	erased_at TIMESTAMP WITH TIME ZONE,
	CONSTRAINT pk_product PRIMARY KEY (id),
	CONSTRAINT ck_product_said_until_erased CHECK ((erased_at IS NULL) = (body <> '')),
	CONSTRAINT fk_product_operation_id_operation FOREIGN KEY(operation_id) REFERENCES operation (id),
	CONSTRAINT uq_product_request_id UNIQUE (request_id),
	CONSTRAINT fk_product_request_id_product_request FOREIGN KEY(request_id) REFERENCES product_request (id)
);

CREATE INDEX ix_product_operation_id ON product (operation_id);

CREATE TABLE recommendation (
	id UUID NOT NULL,
	operation_id UUID,
	evaluation_id UUID,
	country VARCHAR(3),
	role VARCHAR(32),
	text VARCHAR(2000) NOT NULL,
	evidence VARCHAR(2000) NOT NULL,
	area VARCHAR(24) NOT NULL,
	source VARCHAR(24) NOT NULL,
	due DATE NOT NULL,
	state VARCHAR(12) NOT NULL,
	reason VARCHAR(2000) NOT NULL,
	done_by UUID,
	closed_by UUID,
	author_id UUID NOT NULL,
	author_name VARCHAR(120) NOT NULL,
	made_at TIMESTAMP WITH TIME ZONE NOT NULL,
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
	id UUID NOT NULL,
	report_id UUID NOT NULL,
	version INTEGER NOT NULL,
	supersedes_id UUID,
	correction_reason VARCHAR(32),
	operation_id UUID NOT NULL,
	country VARCHAR(3) NOT NULL,
	site_id UUID NOT NULL,
	phase_id UUID NOT NULL,
	kind VARCHAR(16) NOT NULL,
	period_from TIMESTAMP WITH TIME ZONE NOT NULL,
	period_to TIMESTAMP WITH TIME ZONE NOT NULL,
	zone VARCHAR(64) NOT NULL,
	official_day DATE NOT NULL,
	remarks VARCHAR(2000) NOT NULL,
	impact VARCHAR(16),
	state VARCHAR(24) NOT NULL,
	level INTEGER NOT NULL,
	counted BOOLEAN NOT NULL,
	late BOOLEAN DEFAULT false NOT NULL,
	author_id UUID NOT NULL,
	author_name VARCHAR(120) NOT NULL,
	keyed_by UUID,
	signed_key VARCHAR(64),
	verified_by UUID,
	validated_by UUID,
	consolidated_by UUID,
	returned_reason VARCHAR(32),
	returned_note VARCHAR(2000) NOT NULL,
	recorded_at TIMESTAMP WITH TIME ZONE NOT NULL,
	clock_offset INTEGER,
	received_at TIMESTAMP WITH TIME ZONE NOT NULL,
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
	moved_at TIMESTAMP WITH TIME ZONE NOT NULL,
	id UUID NOT NULL,
	author_id UUID NOT NULL,
	author_name VARCHAR(120) NOT NULL,
	made_at TIMESTAMP WITH TIME ZONE NOT NULL,
	review_id UUID NOT NULL,
	post_id UUID NOT NULL,
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
	site_id UUID NOT NULL,
	operation_id UUID NOT NULL,
	country VARCHAR(3) NOT NULL,
	last_report_at TIMESTAMP WITH TIME ZONE,
	CONSTRAINT pk_site_activity PRIMARY KEY (site_id),
	CONSTRAINT fk_site_activity_site_id_site FOREIGN KEY(site_id) REFERENCES site (id),
	CONSTRAINT fk_site_activity_operation_id_operation FOREIGN KEY(operation_id) REFERENCES operation (id)
);

CREATE INDEX ix_site_activity_operation_id ON site_activity (operation_id);

CREATE TABLE snapshot_figure (
	snapshot_id UUID NOT NULL,
	audience VARCHAR(12) NOT NULL,
	kpi VARCHAR(8) NOT NULL,
	dimension VARCHAR(12) NOT NULL,
	code VARCHAR(72) NOT NULL,
	operation_id UUID NOT NULL,
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
	snapshot_id UUID NOT NULL,
	country VARCHAR(3) NOT NULL,
	operation_id UUID NOT NULL,
	agrees BOOLEAN NOT NULL,
	words VARCHAR(2000) NOT NULL,
	said_by UUID NOT NULL,
	said_name VARCHAR(120) NOT NULL,
	said_at TIMESTAMP WITH TIME ZONE NOT NULL,
	CONSTRAINT pk_snapshot_word PRIMARY KEY (snapshot_id, country),
	CONSTRAINT fk_snapshot_word_snapshot_id_snapshot FOREIGN KEY(snapshot_id) REFERENCES snapshot (id),
	CONSTRAINT fk_snapshot_word_operation_id_operation FOREIGN KEY(operation_id) REFERENCES operation (id)
);

CREATE INDEX ix_snapshot_word_operation_id ON snapshot_word (operation_id);

CREATE TABLE support_request (
	id UUID NOT NULL,
	operation_id UUID NOT NULL,
	country VARCHAR(3),
	host_country VARCHAR(3) NOT NULL,
	site_id UUID,
	hotspot_id UUID,
	analysis_id UUID,
	place VARCHAR(300) NOT NULL,
	lat FLOAT NOT NULL,
	lon FLOAT NOT NULL,
	title VARCHAR(120) NOT NULL,
	note VARCHAR(2000) NOT NULL,
	priority VARCHAR(16) NOT NULL,
	handling VARCHAR(2) NOT NULL,
	state VARCHAR(12) NOT NULL,
	author_id UUID NOT NULL,
	author_name VARCHAR(120) NOT NULL,
	made_at TIMESTAMP WITH TIME ZONE NOT NULL,
	asked_at TIMESTAMP WITH TIME ZONE,
	closed_at TIMESTAMP WITH TIME ZONE,
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
	id UUID NOT NULL,
	operation_id UUID NOT NULL,
	phase_id UUID,
	site_id UUID,
	title VARCHAR(160) NOT NULL,
	note VARCHAR(2000) NOT NULL,
	starts TIMESTAMP WITH TIME ZONE,
	due TIMESTAMP WITH TIME ZONE NOT NULL,
	role VARCHAR(32),
	country VARCHAR(3),
	account_id UUID,
	state VARCHAR(12) NOT NULL,
	reason VARCHAR(2000) NOT NULL,
	done_at TIMESTAMP WITH TIME ZONE,
	until_state VARCHAR(24),
	draft_hash VARCHAR(64) NOT NULL,
	author_id UUID NOT NULL,
	made_at TIMESTAMP WITH TIME ZONE NOT NULL,
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
	lead_id UUID NOT NULL,
	operation_id UUID NOT NULL,
	hypothesis_id UUID NOT NULL,
	entity_id UUID,
	made_at TIMESTAMP WITH TIME ZONE NOT NULL,
	CONSTRAINT pk_tasking PRIMARY KEY (lead_id),
	CONSTRAINT fk_tasking_operation_id_operation FOREIGN KEY(operation_id) REFERENCES operation (id),
	CONSTRAINT fk_tasking_hypothesis_id_hypothesis FOREIGN KEY(hypothesis_id) REFERENCES hypothesis (id)
);

CREATE INDEX ix_tasking_operation_id ON tasking (operation_id);

CREATE TABLE team_absence (
	id UUID NOT NULL,
	team_id UUID NOT NULL,
	country VARCHAR(3) NOT NULL,
	kind VARCHAR(24) NOT NULL,
	starts TIMESTAMP WITH TIME ZONE NOT NULL,
	ends TIMESTAMP WITH TIME ZONE NOT NULL,
	written_at TIMESTAMP WITH TIME ZONE NOT NULL,
	cancelled_at TIMESTAMP WITH TIME ZONE,
	CONSTRAINT pk_team_absence PRIMARY KEY (id),
	CONSTRAINT ck_team_absence_in_order CHECK (ends > starts),
	CONSTRAINT fk_team_absence_team_id_team FOREIGN KEY(team_id) REFERENCES team (id)
);

CREATE INDEX ix_team_absence_country ON team_absence (country);

CREATE INDEX ix_team_absence_team_id ON team_absence (team_id);

CREATE TABLE team_member (
	id UUID NOT NULL,
	team_id UUID NOT NULL,
	country VARCHAR(3) NOT NULL,
	service_ref VARCHAR(24) NOT NULL,
	role VARCHAR(24) NOT NULL,
	languages JSON NOT NULL,
	joined_at TIMESTAMP WITH TIME ZONE NOT NULL,
	left_at TIMESTAMP WITH TIME ZONE,
	CONSTRAINT pk_team_member PRIMARY KEY (id),
	CONSTRAINT uq_team_member_team_id UNIQUE (team_id, service_ref),
	CONSTRAINT fk_team_member_team_id_team FOREIGN KEY(team_id) REFERENCES team (id)
);

CREATE INDEX ix_team_member_country ON team_member (country);

CREATE INDEX ix_team_member_team_id ON team_member (team_id);

CREATE TABLE team_shown (
	team_id UUID NOT NULL,
	operation_id UUID NOT NULL,
	country VARCHAR(3) NOT NULL,
	CONSTRAINT pk_team_shown PRIMARY KEY (team_id, operation_id),
	CONSTRAINT fk_team_shown_team_id_team FOREIGN KEY(team_id) REFERENCES team (id),
	CONSTRAINT fk_team_shown_operation_id_operation FOREIGN KEY(operation_id) REFERENCES operation (id)
);

CREATE INDEX ix_team_shown_country ON team_shown (country);

CREATE TABLE template_lesson (
	id UUID NOT NULL,
	operation_id UUID NOT NULL,
	template_id UUID NOT NULL,
	text VARCHAR(2000) NOT NULL,
	state VARCHAR(12) NOT NULL,
	version INTEGER,
	reason VARCHAR(2000) NOT NULL,
	decided_by_name VARCHAR(120) NOT NULL,
	made_at TIMESTAMP WITH TIME ZONE NOT NULL,
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
	id UUID NOT NULL,
	post_id UUID NOT NULL,
	country VARCHAR(3) NOT NULL,
	month DATE NOT NULL,
	counted VARCHAR(8) NOT NULL,
	database VARCHAR(32) NOT NULL,
	device_id UUID,
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
	supersedes_id UUID,
	current BOOLEAN NOT NULL,
	author_id UUID NOT NULL,
	author_name VARCHAR(120) NOT NULL,
	made_at TIMESTAMP WITH TIME ZONE NOT NULL,
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

CREATE UNIQUE INDEX uq_usage_month_current ON usage_month (post_id, month, counted, database, device_key) WHERE current;

CREATE TABLE webhook_event (
	id UUID NOT NULL,
	webhook_id UUID NOT NULL,
	number INTEGER NOT NULL,
	country VARCHAR(3) NOT NULL,
	act VARCHAR(40) NOT NULL,
	at TIMESTAMP WITH TIME ZONE NOT NULL,
	operation_id UUID,
	report_id UUID,
	version_id UUID,
	sent_at TIMESTAMP WITH TIME ZONE,
	CONSTRAINT pk_webhook_event PRIMARY KEY (id),
	CONSTRAINT uq_webhook_event_webhook_id UNIQUE (webhook_id, number),
	CONSTRAINT fk_webhook_event_webhook_id_webhook FOREIGN KEY(webhook_id) REFERENCES webhook (id)
);

CREATE INDEX ix_webhook_event_sent_at ON webhook_event (sent_at);

CREATE TABLE cascade_attendance (
	run_id UUID NOT NULL,
	account_id UUID NOT NULL,
	country VARCHAR(3) NOT NULL,
	CONSTRAINT pk_cascade_attendance PRIMARY KEY (run_id, account_id),
	CONSTRAINT fk_cascade_attendance_run_id_cascade_run FOREIGN KEY(run_id) REFERENCES cascade_run (id),
	CONSTRAINT fk_cascade_attendance_account_id_account FOREIGN KEY(account_id) REFERENCES account (id)
);

CREATE INDEX ix_cascade_attendance_account_id ON cascade_attendance (account_id);

CREATE INDEX ix_cascade_attendance_country ON cascade_attendance (country);

CREATE TABLE course_certificate (
	reason VARCHAR(2000) NOT NULL,
	moved_at TIMESTAMP WITH TIME ZONE NOT NULL,
	id UUID NOT NULL,
	enrolment_id UUID NOT NULL,
	run_id UUID NOT NULL,
	account_id UUID NOT NULL,
	country VARCHAR(3) NOT NULL,
	code VARCHAR(22) NOT NULL,
	state VARCHAR(12) NOT NULL,
	proposed_by UUID NOT NULL,
	proposed_name VARCHAR(120) NOT NULL,
	issued_by UUID,
	issued_name VARCHAR(120) NOT NULL,
	issued_on DATE,
	expires_on DATE,
	made_at TIMESTAMP WITH TIME ZONE NOT NULL,
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
	match_id UUID NOT NULL,
	country VARCHAR(3) NOT NULL,
	other VARCHAR(3) NOT NULL,
	room_id UUID NOT NULL,
	operation_id UUID,
	entry_id UUID NOT NULL,
	kind VARCHAR(16) NOT NULL,
	contact VARCHAR(160) NOT NULL,
	state VARCHAR(12) NOT NULL,
	said_by VARCHAR(120) NOT NULL,
	told_at TIMESTAMP WITH TIME ZONE NOT NULL,
	said_at TIMESTAMP WITH TIME ZONE,
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
	id UUID NOT NULL,
	operation_id UUID NOT NULL,
	before_phase_id UUID,
	before_task_id UUID,
	after_phase_id UUID,
	after_task_id UUID,
	made_at TIMESTAMP WITH TIME ZONE NOT NULL,
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
	report_id UUID NOT NULL,
	line_id UUID NOT NULL,
	event_id UUID NOT NULL,
	operation_id UUID NOT NULL,
	country VARCHAR(3) NOT NULL,
	place INTEGER NOT NULL,
	version_id UUID,
	level INTEGER NOT NULL,
	leads JSON NOT NULL,
	gives_id UUID,
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
	id UUID NOT NULL,
	lead_id UUID NOT NULL,
	lead_operation_id UUID NOT NULL,
	operation_id UUID NOT NULL,
	case_id UUID NOT NULL,
	location_id UUID NOT NULL,
	country VARCHAR(3) NOT NULL,
	requesting_country VARCHAR(3) NOT NULL,
	note VARCHAR(2000) NOT NULL,
	author_id UUID NOT NULL,
	author_name VARCHAR(120) NOT NULL,
	made_at TIMESTAMP WITH TIME ZONE NOT NULL,
	undone_at TIMESTAMP WITH TIME ZONE,
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
	database VARCHAR(32) NOT NULL,
	entity VARCHAR(24) NOT NULL,
	offence VARCHAR(32) NOT NULL,
	status VARCHAR(32) NOT NULL,
	unit VARCHAR(16) NOT NULL,
	qualifier VARCHAR(1) NOT NULL,
	version_id UUID NOT NULL,
	id UUID NOT NULL,
	position INTEGER NOT NULL,
	operation_id UUID NOT NULL,
	country VARCHAR(3) NOT NULL,
	site_id UUID NOT NULL,
	phase_id UUID NOT NULL,
	official_day DATE NOT NULL,
	quantity BIGINT NOT NULL,
	attributes JSON NOT NULL,
	answered_by UUID,
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
	version_id UUID NOT NULL,
	operation_id UUID NOT NULL,
	country VARCHAR(3) NOT NULL,
	kinds JSON NOT NULL,
	CONSTRAINT pk_pending_correction PRIMARY KEY (version_id),
	CONSTRAINT fk_pending_correction_version_id_report FOREIGN KEY(version_id) REFERENCES report (id),
	CONSTRAINT fk_pending_correction_operation_id_operation FOREIGN KEY(operation_id) REFERENCES operation (id)
);

CREATE INDEX ix_pending_correction_operation_id ON pending_correction (operation_id);

CREATE TABLE product_share (
	id UUID NOT NULL,
	product_id UUID NOT NULL,
	operation_id UUID NOT NULL,
	recipient VARCHAR(24) NOT NULL,
	origin VARCHAR(3) NOT NULL,
	title VARCHAR(160) NOT NULL,
	purpose VARCHAR(2000) NOT NULL,
	handling VARCHAR(2) NOT NULL,
	classification VARCHAR(24) NOT NULL,
	state VARCHAR(12) NOT NULL,
	reason VARCHAR(2000) NOT NULL,
	author_name VARCHAR(120) NOT NULL,
	made_at TIMESTAMP WITH TIME ZONE NOT NULL,
	decided_by VARCHAR(120) NOT NULL,
	decided_at TIMESTAMP WITH TIME ZONE,
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
	id UUID NOT NULL,
	recommendation_id UUID NOT NULL,
	operation_id UUID,
	country VARCHAR(3),
	state VARCHAR(12) NOT NULL,
	words VARCHAR(2000) NOT NULL,
	author_id UUID NOT NULL,
	author_name VARCHAR(120) NOT NULL,
	made_at TIMESTAMP WITH TIME ZONE NOT NULL,
	CONSTRAINT pk_recommendation_note PRIMARY KEY (id),
	CONSTRAINT fk_recommendation_note_recommendation_id_recommendation FOREIGN KEY(recommendation_id) REFERENCES recommendation (id),
	CONSTRAINT fk_recommendation_note_operation_id_operation FOREIGN KEY(operation_id) REFERENCES operation (id)
);

CREATE INDEX ix_recommendation_note_operation_id ON recommendation_note (operation_id);

CREATE INDEX ix_recommendation_note_recommendation_id ON recommendation_note (recommendation_id);

CREATE TABLE review_comment (
	id UUID NOT NULL,
	author_id UUID NOT NULL,
	author_name VARCHAR(120) NOT NULL,
	made_at TIMESTAMP WITH TIME ZONE NOT NULL,
	review_id UUID NOT NULL,
	finding_id UUID,
	country VARCHAR(3) NOT NULL,
	words VARCHAR(2000) NOT NULL,
	CONSTRAINT pk_review_comment PRIMARY KEY (id),
	CONSTRAINT fk_review_comment_review_id_review FOREIGN KEY(review_id) REFERENCES review (id),
	CONSTRAINT fk_review_comment_finding_id_review_finding FOREIGN KEY(finding_id) REFERENCES review_finding (id)
);

CREATE INDEX ix_review_comment_country ON review_comment (country);

CREATE INDEX ix_review_comment_review_id ON review_comment (review_id);

CREATE TABLE support_need (
	id UUID NOT NULL,
	request_id UUID NOT NULL,
	operation_id UUID NOT NULL,
	country VARCHAR(3),
	position INTEGER NOT NULL,
	team_kind VARCHAR(24),
	specialism VARCHAR(24) NOT NULL,
	languages JSON NOT NULL,
	certificates JSON NOT NULL,
	teams INTEGER NOT NULL,
	together VARCHAR(12) NOT NULL,
	accepted INTEGER NOT NULL,
	starts TIMESTAMP WITH TIME ZONE NOT NULL,
	ends TIMESTAMP WITH TIME ZONE NOT NULL,
	CONSTRAINT pk_support_need PRIMARY KEY (id),
	CONSTRAINT ck_support_need_in_order CHECK (ends > starts),
	CONSTRAINT ck_support_need_counts CHECK (teams > 0 AND accepted >= 0),
	CONSTRAINT fk_support_need_request_id_support_request FOREIGN KEY(request_id) REFERENCES support_request (id),
	CONSTRAINT fk_support_need_operation_id_operation FOREIGN KEY(operation_id) REFERENCES operation (id)
);

CREATE INDEX ix_support_need_operation_id ON support_need (operation_id);

CREATE INDEX ix_support_need_request_id ON support_need (request_id);

CREATE TABLE task_step (
	id UUID NOT NULL,
	task_id UUID NOT NULL,
	place INTEGER NOT NULL,
	text VARCHAR(160) NOT NULL,
	done_at TIMESTAMP WITH TIME ZONE,
	done_by VARCHAR(120) NOT NULL,
	CONSTRAINT pk_task_step PRIMARY KEY (id),
	CONSTRAINT uq_task_step_task_id UNIQUE (task_id, place),
	CONSTRAINT ck_task_step_ticked_by_somebody CHECK ((done_at IS NULL) = (done_by = '')),
	CONSTRAINT fk_task_step_task_id_task FOREIGN KEY(task_id) REFERENCES task (id)
);

CREATE INDEX ix_task_step_task_id ON task_step (task_id);

CREATE TABLE team_certificate (
	id UUID NOT NULL,
	team_id UUID NOT NULL,
	member_id UUID,
	country VARCHAR(3) NOT NULL,
	kind VARCHAR(32) NOT NULL,
	issued_on DATE NOT NULL,
	expires_on DATE NOT NULL,
	written_at TIMESTAMP WITH TIME ZONE NOT NULL,
	revoked_at TIMESTAMP WITH TIME ZONE,
	CONSTRAINT pk_team_certificate PRIMARY KEY (id),
	CONSTRAINT ck_team_certificate_in_order CHECK (expires_on > issued_on),
	CONSTRAINT fk_team_certificate_team_id_team FOREIGN KEY(team_id) REFERENCES team (id),
	CONSTRAINT fk_team_certificate_member_id_team_member FOREIGN KEY(member_id) REFERENCES team_member (id)
);

CREATE INDEX ix_team_certificate_country ON team_certificate (country);

CREATE INDEX ix_team_certificate_expires_on ON team_certificate (expires_on);

CREATE INDEX ix_team_certificate_team_id ON team_certificate (team_id);

CREATE TABLE support_offer (
	id UUID NOT NULL,
	need_id UUID NOT NULL,
	operation_id UUID NOT NULL,
	country VARCHAR(3) NOT NULL,
	team_id UUID NOT NULL,
	starts TIMESTAMP WITH TIME ZONE NOT NULL,
	ends TIMESTAMP WITH TIME ZONE NOT NULL,
	note VARCHAR(2000) NOT NULL,
	state VARCHAR(12) NOT NULL,
	author_id UUID NOT NULL,
	author_name VARCHAR(120) NOT NULL,
	made_at TIMESTAMP WITH TIME ZONE NOT NULL,
	decided_at TIMESTAMP WITH TIME ZONE,
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
	id UUID NOT NULL,
	offer_id UUID NOT NULL,
	need_id UUID NOT NULL,
	request_id UUID NOT NULL,
	operation_id UUID NOT NULL,
	country VARCHAR(3) NOT NULL,
	host_country VARCHAR(3) NOT NULL,
	team_id UUID NOT NULL,
	call_sign VARCHAR(40) NOT NULL,
	unit VARCHAR(300) NOT NULL,
	team_kind VARCHAR(24) NOT NULL,
	specialism VARCHAR(24) NOT NULL,
	persons INTEGER NOT NULL,
	site_id UUID,
	place VARCHAR(300) NOT NULL,
	lat FLOAT NOT NULL,
	lon FLOAT NOT NULL,
	tasks VARCHAR(2000) NOT NULL,
	executive_powers BOOLEAN NOT NULL,
	check_in_hours INTEGER NOT NULL,
	starts TIMESTAMP WITH TIME ZONE NOT NULL,
	ends TIMESTAMP WITH TIME ZONE NOT NULL,
	state VARCHAR(12) NOT NULL,
	requested_at TIMESTAMP WITH TIME ZONE NOT NULL,
	accepted_at TIMESTAMP WITH TIME ZONE NOT NULL,
	approved_at TIMESTAMP WITH TIME ZONE,
	left_base_at TIMESTAMP WITH TIME ZONE,
	on_site_at TIMESTAMP WITH TIME ZONE,
	contact_at TIMESTAMP WITH TIME ZONE,
	left_at TIMESTAMP WITH TIME ZONE,
	ended_at TIMESTAMP WITH TIME ZONE,
	accreditation VARCHAR(24),
	accredited_at TIMESTAMP WITH TIME ZONE,
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
	id UUID NOT NULL,
	deployment_id UUID NOT NULL,
	request_id UUID NOT NULL,
	operation_id UUID NOT NULL,
	country VARCHAR(3) NOT NULL,
	host_country VARCHAR(3) NOT NULL,
	kind VARCHAR(12) NOT NULL,
	state VARCHAR(12) NOT NULL,
	place VARCHAR(300) NOT NULL,
	words VARCHAR(2000) NOT NULL,
	at TIMESTAMP WITH TIME ZONE NOT NULL,
	recorded_at TIMESTAMP WITH TIME ZONE NOT NULL,
	author_id UUID,
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

INSERT INTO template (id, template_id, version, current, retired, kind, content, author_name, made_at) VALUES ('f21ff03e-6dfc-5055-b409-4692868f5056', '483faf91-4ad0-5b26-9bef-d6174d9374b3', 1, true, false, 'border_stop', '{"kind": "border_stop", "crime_scope": ["migrant_smuggling", "document_fraud"], "line_kinds": ["check_tally", "hit", "arrest", "document_seizure"], "daily_due": "20:00", "name": {"en": "Border STOP"}, "aim": {"en": "Find stolen and lost travel documents and wanted smugglers at border points by systematic checks against the international databases."}, "phases": [{"kind": "preparation", "days": 42}, {"kind": "training", "days": 2, "gap": 3}, {"kind": "operational", "days": 5}, {"kind": "debrief", "days": 1}, {"kind": "evaluation", "days": 60, "gap": 7}], "tasks": [{"phase": 0, "due_day": 7, "title": {"en": "Agree on the border points with each country"}}, {"phase": 0, "due_day": 21, "title": {"en": "Check access to I-24/7 and the databases at every border point"}}, {"phase": 0, "due_day": 28, "until_state": "approved", "title": {"en": "Write the operational plan and send it to the countries"}}, {"phase": 1, "due_day": 1, "title": {"en": "Train officers on checks, document fraud and referral of victims"}}, {"phase": 2, "due_day": 0, "title": {"en": "First situation report of the coordination unit"}}, {"phase": 3, "due_day": 0, "title": {"en": "Debrief with all border points"}}], "targets": [{"kpi": "K01", "value": 50000}, {"kpi": "K31", "value": 95}], "needs": [{"specialism": "document_examiner", "team_kind": "frontline", "certificates": ["document_officer"], "teams": 2, "phase": 2, "days": 5}]}', 'Muster', '2026-11-25 00:00:00+00:00');

INSERT INTO template (id, template_id, version, current, retired, kind, content, author_name, made_at) VALUES ('f86dcd4b-f302-5670-8bf2-be2870c174c2', '1cd7bb39-bbb3-59d2-83c5-079ddfd8ee8d', 1, true, false, 'fugitive', '{"kind": "fugitive", "crime_scope": ["migrant_smuggling", "trafficking_in_persons"], "line_kinds": ["arrest", "positive_location", "hit"], "daily_due": "18:00", "name": {"en": "Fugitive sweep"}, "aim": {"en": "Locate and arrest persons who are wanted internationally for smuggling of migrants."}, "phases": [{"kind": "preparation", "days": 56}, {"kind": "operational", "days": 12}, {"kind": "public_appeal", "days": 90, "gap": 14}, {"kind": "evaluation", "days": 30}], "tasks": [{"phase": 0, "due_day": 14, "title": {"en": "Countries nominate cases and confirm that warrants are valid"}}, {"phase": 0, "due_day": 35, "title": {"en": "Collate suspected places and identifiers, send leads to the countries"}}, {"phase": 1, "due_day": 0, "title": {"en": "Open the special operations room"}}, {"phase": 2, "due_day": -3, "title": {"en": "Decide with the requesting countries which cases go to the public"}}], "targets": [{"kpi": "K11", "value": 25}], "needs": [{"specialism": "intelligence_analyst", "team_kind": "investigative_support", "teams": 1, "phase": 1, "days": 12}]}', 'Muster', '2026-11-25 00:00:00+00:00');

INSERT INTO template (id, template_id, version, current, retired, kind, content, author_name, made_at) VALUES ('913b7a0d-e5b4-5a03-af3c-467538dc0ded', 'd385db1c-fc52-5a60-b324-908bf5afa088', 1, true, false, 'intelligence_driven', '{"kind": "intelligence_driven", "crime_scope": ["migrant_smuggling", "document_fraud"], "line_kinds": ["arrest", "document_seizure", "check_tally"], "daily_due": "20:00", "name": {"en": "Intelligence-driven operation"}, "aim": {"en": "Take one network apart: those who lead it, those who work for it, and what it owns."}, "phases": [{"kind": "preparation", "days": 90}, {"kind": "pre_operational", "days": 3}, {"kind": "operational", "days": 5, "gap": 4}, {"kind": "consolidation", "days": 21}, {"kind": "debrief", "days": 1}], "tasks": [{"phase": 0, "due_day": 14, "title": {"en": "State the hypothesis and the target network, without names"}}, {"phase": 0, "due_day": 30, "title": {"en": "Derive taskings for each country and set their due dates"}}, {"phase": 1, "due_day": 2, "title": {"en": "Agree on the hour of the action in all time zones"}}, {"phase": 3, "due_day": 14, "title": {"en": "Review the hypothesis against the results"}}], "targets": [{"kpi": "K11", "value": 40}, {"kpi": "K13", "value": 60}], "needs": [{"specialism": "digital_forensics", "team_kind": "investigative_support", "teams": 1, "days": 3}, {"specialism": "debriefing_interview", "team_kind": "joint_debriefing", "teams": 1, "days": 5}]}', 'Muster', '2026-11-25 00:00:00+00:00');

INSERT INTO template (id, template_id, version, current, retired, kind, content, author_name, made_at) VALUES ('7b1629a0-9aef-5272-af5c-9c3f704f98a1', 'd6bcf024-a91c-511f-9a96-efe6882cbf14', 1, true, false, 'regional', '{"kind": "regional", "crime_scope": ["migrant_smuggling", "trafficking_in_persons"], "line_kinds": ["check_tally", "hit", "arrest", "migrant_detection", "potential_victim", "document_seizure"], "daily_due": "20:00", "name": {"en": "Regional operation"}, "aim": {"en": "Disrupt the networks that profit from the routes of a region, find potential victims of trafficking and bring them to protection."}, "phases": [{"kind": "pre_operational", "days": 4}, {"kind": "preparation", "days": 30}, {"kind": "training", "days": 2}, {"kind": "operational", "days": 5, "gap": 2}, {"kind": "consolidation", "days": 14}, {"kind": "debrief", "days": 3, "gap": 30}, {"kind": "evaluation", "days": 60}], "tasks": [{"phase": 0, "due_day": 3, "title": {"en": "Meeting of the countries: sites, figures and days agreed"}}, {"phase": 1, "due_day": 10, "title": {"en": "Place coordination units so that every time zone is covered"}}, {"phase": 1, "due_day": 20, "title": {"en": "Agree on referral of potential victims with each country"}}, {"phase": 3, "due_day": 4, "title": {"en": "Countries send their last daily report"}}, {"phase": 4, "due_day": 13, "title": {"en": "Claims between countries are settled"}}], "targets": [{"kpi": "K01", "value": 500000}, {"kpi": "K11", "value": 200}, {"kpi": "K31", "value": 95}], "needs": [{"specialism": "document_examiner", "team_kind": "frontline", "certificates": ["document_officer"], "teams": 2, "days": 5}, {"specialism": "debriefing_interview", "team_kind": "joint_debriefing", "teams": 1, "days": 5}]}', 'Muster', '2026-11-25 00:00:00+00:00');

CREATE FUNCTION muster_refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'What was written here is never changed.'; END $$;

CREATE FUNCTION line_answered() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF NEW.answered_by IS NULL OR EXISTS (
    SELECT 1 FROM report WHERE report.id = NEW.version_id
    AND NEW.answered_by IN (report.author_id, report.verified_by, report.validated_by, report.consolidated_by)) THEN RAISE EXCEPTION 'The answer to a hit needs other eyes than its report.'; END IF; RETURN NEW; END $$;

CREATE FUNCTION report_answered() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF EXISTS (
    SELECT 1 FROM line WHERE line.version_id = NEW.id
    AND line.answered_by IN (NEW.verified_by, NEW.validated_by, NEW.consolidated_by)) THEN RAISE EXCEPTION 'The answer to a hit needs other eyes than its report.'; END IF; RETURN NEW; END $$;

CREATE FUNCTION muster_tell() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN PERFORM pg_notify('muster_pulse', NEW.seq::text); RETURN NEW; END $$;

CREATE TRIGGER entry_keeps BEFORE UPDATE ON entry FOR EACH ROW EXECUTE FUNCTION muster_refuse();

CREATE TRIGGER access_entry_keeps BEFORE UPDATE ON access_entry FOR EACH ROW EXECUTE FUNCTION muster_refuse();

CREATE TRIGGER line_keeps BEFORE UPDATE ON line FOR EACH ROW EXECUTE FUNCTION muster_refuse();

CREATE TRIGGER layer_content_keeps BEFORE UPDATE ON layer_content FOR EACH ROW EXECUTE FUNCTION muster_refuse();

CREATE TRIGGER layer_marks_keeps BEFORE UPDATE ON layer_marks FOR EACH ROW EXECUTE FUNCTION muster_refuse();

CREATE TRIGGER analysis_result_keeps BEFORE UPDATE ON analysis_result FOR EACH ROW EXECUTE FUNCTION muster_refuse();

CREATE TRIGGER plan_item_keeps BEFORE UPDATE ON plan_item FOR EACH ROW EXECUTE FUNCTION muster_refuse();

CREATE TRIGGER heard_step_keeps BEFORE UPDATE ON heard_step FOR EACH ROW EXECUTE FUNCTION muster_refuse();

CREATE TRIGGER row_step_keeps BEFORE UPDATE ON row_step FOR EACH ROW EXECUTE FUNCTION muster_refuse();

CREATE TRIGGER total_step_keeps BEFORE UPDATE ON total_step FOR EACH ROW EXECUTE FUNCTION muster_refuse();

CREATE TRIGGER total_checkpoint_keeps BEFORE UPDATE ON total_checkpoint FOR EACH ROW EXECUTE FUNCTION muster_refuse();

CREATE TRIGGER release_keeps BEFORE UPDATE ON release FOR EACH ROW EXECUTE FUNCTION muster_refuse();

CREATE TRIGGER recommendation_note_keeps BEFORE UPDATE ON recommendation_note FOR EACH ROW EXECUTE FUNCTION muster_refuse();

CREATE TRIGGER evaluation_method_keeps BEFORE UPDATE ON evaluation_method FOR EACH ROW EXECUTE FUNCTION muster_refuse();

CREATE TRIGGER evaluation_judgement_keeps BEFORE UPDATE ON evaluation_judgement FOR EACH ROW EXECUTE FUNCTION muster_refuse();

CREATE TRIGGER evaluation_step_keeps BEFORE UPDATE ON evaluation_step FOR EACH ROW EXECUTE FUNCTION muster_refuse();

CREATE TRIGGER evaluation_outcome_keeps BEFORE UPDATE ON evaluation_outcome FOR EACH ROW EXECUTE FUNCTION muster_refuse();

CREATE TRIGGER post_condition_keeps BEFORE UPDATE ON post_condition FOR EACH ROW EXECUTE FUNCTION muster_refuse();

CREATE TRIGGER post_site_keeps BEFORE UPDATE ON post_site FOR EACH ROW EXECUTE FUNCTION muster_refuse();

CREATE TRIGGER country_role_keeps BEFORE UPDATE ON country_role FOR EACH ROW EXECUTE FUNCTION muster_refuse();

CREATE TRIGGER assessment_score_keeps BEFORE UPDATE ON assessment_score FOR EACH ROW EXECUTE FUNCTION muster_refuse();

CREATE TRIGGER assessment_step_keeps BEFORE UPDATE ON assessment_step FOR EACH ROW EXECUTE FUNCTION muster_refuse();

CREATE TRIGGER snapshot_figure_keeps BEFORE UPDATE ON snapshot_figure FOR EACH ROW EXECUTE FUNCTION muster_refuse();

CREATE TRIGGER equipment_step_keeps BEFORE UPDATE ON equipment_step FOR EACH ROW EXECUTE FUNCTION muster_refuse();

CREATE TRIGGER review_comment_keeps BEFORE UPDATE ON review_comment FOR EACH ROW EXECUTE FUNCTION muster_refuse();

CREATE TRIGGER review_step_keeps BEFORE UPDATE ON review_step FOR EACH ROW EXECUTE FUNCTION muster_refuse();

CREATE TRIGGER project_step_keeps BEFORE UPDATE ON project_step FOR EACH ROW EXECUTE FUNCTION muster_refuse();

CREATE TRIGGER training_step_keeps BEFORE UPDATE ON training_step FOR EACH ROW EXECUTE FUNCTION muster_refuse();

CREATE TRIGGER partner_step_keeps BEFORE UPDATE ON partner_step FOR EACH ROW EXECUTE FUNCTION muster_refuse();

CREATE TRIGGER cost_step_keeps BEFORE UPDATE ON cost_step FOR EACH ROW EXECUTE FUNCTION muster_refuse();

CREATE TRIGGER claim_step_keeps BEFORE UPDATE ON claim_step FOR EACH ROW EXECUTE FUNCTION muster_refuse();

CREATE TRIGGER ison_activity_keeps BEFORE UPDATE ON ison_activity FOR EACH ROW EXECUTE FUNCTION muster_refuse();

CREATE TRIGGER deployment_entry_keeps BEFORE UPDATE ON deployment_entry FOR EACH ROW EXECUTE FUNCTION muster_refuse();

CREATE TRIGGER timetable_effect_keeps BEFORE UPDATE ON timetable_effect FOR EACH ROW EXECUTE FUNCTION muster_refuse();

CREATE TRIGGER oplan_item_keeps BEFORE UPDATE ON oplan_item FOR EACH ROW EXECUTE FUNCTION muster_refuse();

CREATE TRIGGER tasking_keeps BEFORE UPDATE ON tasking FOR EACH ROW EXECUTE FUNCTION muster_refuse();

CREATE TRIGGER notice_check_keeps BEFORE UPDATE ON notice_check FOR EACH ROW EXECUTE FUNCTION muster_refuse();

CREATE TRIGGER appeal_tips_keeps BEFORE UPDATE ON appeal_tips FOR EACH ROW EXECUTE FUNCTION muster_refuse();

CREATE TRIGGER incident_apart_keeps BEFORE UPDATE ON incident_apart FOR EACH ROW EXECUTE FUNCTION muster_refuse();

CREATE TRIGGER api_token_keeps BEFORE UPDATE ON api_token FOR EACH ROW EXECUTE FUNCTION muster_refuse();

CREATE TRIGGER sheet_mapping_keeps BEFORE UPDATE ON sheet_mapping FOR EACH ROW EXECUTE FUNCTION muster_refuse();

CREATE TRIGGER recommendation_keeps BEFORE UPDATE ON recommendation FOR EACH ROW WHEN (OLD.id IS DISTINCT FROM NEW.id OR OLD.operation_id IS DISTINCT FROM NEW.operation_id OR OLD.evaluation_id IS DISTINCT FROM NEW.evaluation_id OR OLD.country IS DISTINCT FROM NEW.country OR OLD.role IS DISTINCT FROM NEW.role OR OLD.text IS DISTINCT FROM NEW.text OR OLD.evidence IS DISTINCT FROM NEW.evidence OR OLD.area IS DISTINCT FROM NEW.area OR OLD.source IS DISTINCT FROM NEW.source OR OLD.due IS DISTINCT FROM NEW.due OR OLD.author_id IS DISTINCT FROM NEW.author_id OR OLD.author_name IS DISTINCT FROM NEW.author_name OR OLD.made_at IS DISTINCT FROM NEW.made_at) EXECUTE FUNCTION muster_refuse();

CREATE TRIGGER evaluation_keeps BEFORE UPDATE ON evaluation FOR EACH ROW WHEN (OLD.id IS DISTINCT FROM NEW.id OR OLD.title IS DISTINCT FROM NEW.title OR OLD.purpose IS DISTINCT FROM NEW.purpose OR OLD.about IS DISTINCT FROM NEW.about OR OLD.operation_id IS DISTINCT FROM NEW.operation_id OR OLD.operations::text IS DISTINCT FROM NEW.operations::text OR OLD.region IS DISTINCT FROM NEW.region OR OLD.course_id IS DISTINCT FROM NEW.course_id OR OLD.country IS DISTINCT FROM NEW.country OR OLD.planned_for IS DISTINCT FROM NEW.planned_for OR OLD.classification IS DISTINCT FROM NEW.classification OR OLD.author_id IS DISTINCT FROM NEW.author_id OR OLD.author_name IS DISTINCT FROM NEW.author_name OR OLD.made_at IS DISTINCT FROM NEW.made_at) EXECUTE FUNCTION muster_refuse();

CREATE TRIGGER evaluation_country_keeps BEFORE UPDATE ON evaluation_country FOR EACH ROW WHEN (OLD.id IS DISTINCT FROM NEW.id OR OLD.evaluation_id IS DISTINCT FROM NEW.evaluation_id OR OLD.country IS DISTINCT FROM NEW.country) EXECUTE FUNCTION muster_refuse();

CREATE TRIGGER assessment_keeps BEFORE UPDATE ON assessment FOR EACH ROW WHEN (OLD.id IS DISTINCT FROM NEW.id OR OLD.post_id IS DISTINCT FROM NEW.post_id OR OLD.country IS DISTINCT FROM NEW.country OR OLD.purpose IS DISTINCT FROM NEW.purpose OR OLD.planned_for IS DISTINCT FROM NEW.planned_for OR OLD.author_id IS DISTINCT FROM NEW.author_id OR OLD.author_name IS DISTINCT FROM NEW.author_name OR OLD.made_at IS DISTINCT FROM NEW.made_at) EXECUTE FUNCTION muster_refuse();

CREATE TRIGGER equipment_keeps BEFORE UPDATE ON equipment FOR EACH ROW WHEN (OLD.id IS DISTINCT FROM NEW.id OR OLD.post_id IS DISTINCT FROM NEW.post_id OR OLD.country IS DISTINCT FROM NEW.country OR OLD.kind IS DISTINCT FROM NEW.kind OR OLD.donor IS DISTINCT FROM NEW.donor OR OLD.purpose IS DISTINCT FROM NEW.purpose OR OLD.promised IS DISTINCT FROM NEW.promised OR OLD.author_id IS DISTINCT FROM NEW.author_id OR OLD.author_name IS DISTINCT FROM NEW.author_name OR OLD.made_at IS DISTINCT FROM NEW.made_at) EXECUTE FUNCTION muster_refuse();

CREATE TRIGGER link_keeps BEFORE UPDATE ON link FOR EACH ROW WHEN (OLD.id IS DISTINCT FROM NEW.id OR OLD.post_id IS DISTINCT FROM NEW.post_id OR OLD.country IS DISTINCT FROM NEW.country OR OLD.technology IS DISTINCT FROM NEW.technology OR OLD.provider IS DISTINCT FROM NEW.provider OR OLD.hours IS DISTINCT FROM NEW.hours OR OLD.promised IS DISTINCT FROM NEW.promised OR OLD.author_id IS DISTINCT FROM NEW.author_id OR OLD.author_name IS DISTINCT FROM NEW.author_name OR OLD.made_at IS DISTINCT FROM NEW.made_at) EXECUTE FUNCTION muster_refuse();

CREATE TRIGGER review_keeps BEFORE UPDATE ON review FOR EACH ROW WHEN (OLD.id IS DISTINCT FROM NEW.id OR OLD.post_id IS DISTINCT FROM NEW.post_id OR OLD.country IS DISTINCT FROM NEW.country OR OLD.purpose IS DISTINCT FROM NEW.purpose OR OLD.planned_for IS DISTINCT FROM NEW.planned_for OR OLD.author_id IS DISTINCT FROM NEW.author_id OR OLD.author_name IS DISTINCT FROM NEW.author_name OR OLD.made_at IS DISTINCT FROM NEW.made_at) EXECUTE FUNCTION muster_refuse();

CREATE TRIGGER review_finding_keeps BEFORE UPDATE ON review_finding FOR EACH ROW WHEN (OLD.id IS DISTINCT FROM NEW.id OR OLD.review_id IS DISTINCT FROM NEW.review_id OR OLD.post_id IS DISTINCT FROM NEW.post_id OR OLD.country IS DISTINCT FROM NEW.country OR OLD.area IS DISTINCT FROM NEW.area OR OLD.finding IS DISTINCT FROM NEW.finding OR OLD.needed IS DISTINCT FROM NEW.needed OR OLD.urgency IS DISTINCT FROM NEW.urgency OR OLD.cost IS DISTINCT FROM NEW.cost OR OLD.currency IS DISTINCT FROM NEW.currency OR OLD.author_id IS DISTINCT FROM NEW.author_id OR OLD.author_name IS DISTINCT FROM NEW.author_name OR OLD.made_at IS DISTINCT FROM NEW.made_at) EXECUTE FUNCTION muster_refuse();

CREATE TRIGGER project_keeps BEFORE UPDATE ON project FOR EACH ROW WHEN (OLD.id IS DISTINCT FROM NEW.id OR OLD.country IS DISTINCT FROM NEW.country OR OLD.title IS DISTINCT FROM NEW.title OR OLD.purpose IS DISTINCT FROM NEW.purpose OR OLD.donor IS DISTINCT FROM NEW.donor OR OLD.planned_for IS DISTINCT FROM NEW.planned_for OR OLD.author_id IS DISTINCT FROM NEW.author_id OR OLD.author_name IS DISTINCT FROM NEW.author_name OR OLD.made_at IS DISTINCT FROM NEW.made_at) EXECUTE FUNCTION muster_refuse();

CREATE TRIGGER project_part_keeps BEFORE UPDATE ON project_part FOR EACH ROW WHEN (OLD.id IS DISTINCT FROM NEW.id OR OLD.project_id IS DISTINCT FROM NEW.project_id OR OLD.country IS DISTINCT FROM NEW.country OR OLD.kind IS DISTINCT FROM NEW.kind OR OLD.part_id IS DISTINCT FROM NEW.part_id OR OLD.post_id IS DISTINCT FROM NEW.post_id OR OLD.author_id IS DISTINCT FROM NEW.author_id OR OLD.author_name IS DISTINCT FROM NEW.author_name OR OLD.made_at IS DISTINCT FROM NEW.made_at) EXECUTE FUNCTION muster_refuse();

CREATE TRIGGER project_money_keeps BEFORE UPDATE ON project_money FOR EACH ROW WHEN (OLD.id IS DISTINCT FROM NEW.id OR OLD.project_id IS DISTINCT FROM NEW.project_id OR OLD.country IS DISTINCT FROM NEW.country OR OLD.kind IS DISTINCT FROM NEW.kind OR OLD.amount IS DISTINCT FROM NEW.amount OR OLD.currency IS DISTINCT FROM NEW.currency OR OLD.day IS DISTINCT FROM NEW.day OR OLD.words IS DISTINCT FROM NEW.words OR OLD.author_id IS DISTINCT FROM NEW.author_id OR OLD.author_name IS DISTINCT FROM NEW.author_name OR OLD.made_at IS DISTINCT FROM NEW.made_at) EXECUTE FUNCTION muster_refuse();

CREATE TRIGGER operation_cost_keeps BEFORE UPDATE ON operation_cost FOR EACH ROW WHEN (OLD.id IS DISTINCT FROM NEW.id OR OLD.operation_id IS DISTINCT FROM NEW.operation_id OR OLD.country IS DISTINCT FROM NEW.country OR OLD.stage IS DISTINCT FROM NEW.stage OR OLD.kind IS DISTINCT FROM NEW.kind OR OLD.what IS DISTINCT FROM NEW.what OR OLD.amount IS DISTINCT FROM NEW.amount OR OLD.currency IS DISTINCT FROM NEW.currency OR OLD.day IS DISTINCT FROM NEW.day OR OLD.note IS DISTINCT FROM NEW.note OR OLD.corrects_id IS DISTINCT FROM NEW.corrects_id OR OLD.author_id IS DISTINCT FROM NEW.author_id OR OLD.author_name IS DISTINCT FROM NEW.author_name OR OLD.made_at IS DISTINCT FROM NEW.made_at) EXECUTE FUNCTION muster_refuse();

CREATE TRIGGER cost_book_keeps BEFORE UPDATE ON cost_book FOR EACH ROW WHEN (OLD.id IS DISTINCT FROM NEW.id OR OLD.operation_id IS DISTINCT FROM NEW.operation_id OR OLD.author_id IS DISTINCT FROM NEW.author_id OR OLD.author_name IS DISTINCT FROM NEW.author_name OR OLD.made_at IS DISTINCT FROM NEW.made_at) EXECUTE FUNCTION muster_refuse();

CREATE TRIGGER milestone_keeps BEFORE UPDATE ON milestone FOR EACH ROW WHEN (OLD.id IS DISTINCT FROM NEW.id OR OLD.project_id IS DISTINCT FROM NEW.project_id OR OLD.country IS DISTINCT FROM NEW.country OR OLD.title IS DISTINCT FROM NEW.title OR OLD.owner IS DISTINCT FROM NEW.owner OR OLD.due IS DISTINCT FROM NEW.due OR OLD.author_id IS DISTINCT FROM NEW.author_id OR OLD.author_name IS DISTINCT FROM NEW.author_name OR OLD.made_at IS DISTINCT FROM NEW.made_at) EXECUTE FUNCTION muster_refuse();

CREATE TRIGGER usage_month_keeps BEFORE UPDATE ON usage_month FOR EACH ROW WHEN (OLD.id IS DISTINCT FROM NEW.id OR OLD.post_id IS DISTINCT FROM NEW.post_id OR OLD.country IS DISTINCT FROM NEW.country OR OLD.month IS DISTINCT FROM NEW.month OR OLD.counted IS DISTINCT FROM NEW.counted OR OLD.database IS DISTINCT FROM NEW.database OR OLD.device_id IS DISTINCT FROM NEW.device_id OR OLD.device_key IS DISTINCT FROM NEW.device_key OR OLD.count IS DISTINCT FROM NEW.count OR OLD.monday IS DISTINCT FROM NEW.monday OR OLD.tuesday IS DISTINCT FROM NEW.tuesday OR OLD.wednesday IS DISTINCT FROM NEW.wednesday OR OLD.thursday IS DISTINCT FROM NEW.thursday OR OLD.friday IS DISTINCT FROM NEW.friday OR OLD.saturday IS DISTINCT FROM NEW.saturday OR OLD.sunday IS DISTINCT FROM NEW.sunday OR OLD.source IS DISTINCT FROM NEW.source OR OLD.supersedes_id IS DISTINCT FROM NEW.supersedes_id OR OLD.author_id IS DISTINCT FROM NEW.author_id OR OLD.author_name IS DISTINCT FROM NEW.author_name OR OLD.made_at IS DISTINCT FROM NEW.made_at) EXECUTE FUNCTION muster_refuse();

CREATE TRIGGER centre_connection_keeps BEFORE UPDATE ON centre_connection FOR EACH ROW WHEN (OLD.id IS DISTINCT FROM NEW.id OR OLD.operation_id IS DISTINCT FROM NEW.operation_id OR OLD.country IS DISTINCT FROM NEW.country OR OLD.address IS DISTINCT FROM NEW.address OR OLD.centre_operation IS DISTINCT FROM NEW.centre_operation OR OLD.author_id IS DISTINCT FROM NEW.author_id OR OLD.author_name IS DISTINCT FROM NEW.author_name OR OLD.made_at IS DISTINCT FROM NEW.made_at) EXECUTE FUNCTION muster_refuse();

CREATE TRIGGER centre_report_keeps BEFORE UPDATE ON centre_report FOR EACH ROW WHEN (OLD.id IS DISTINCT FROM NEW.id OR OLD.connection_id IS DISTINCT FROM NEW.connection_id OR OLD.number IS DISTINCT FROM NEW.number OR OLD.operation_id IS DISTINCT FROM NEW.operation_id OR OLD.country IS DISTINCT FROM NEW.country OR OLD.site_id IS DISTINCT FROM NEW.site_id OR OLD.day IS DISTINCT FROM NEW.day OR OLD.phase_id IS DISTINCT FROM NEW.phase_id OR OLD.report_id IS DISTINCT FROM NEW.report_id OR OLD.supersedes_id IS DISTINCT FROM NEW.supersedes_id OR OLD.withdraws IS DISTINCT FROM NEW.withdraws OR OLD.body::text IS DISTINCT FROM NEW.body::text OR OLD.content_hash IS DISTINCT FROM NEW.content_hash OR OLD.author_id IS DISTINCT FROM NEW.author_id OR OLD.author_name IS DISTINCT FROM NEW.author_name OR OLD.made_at IS DISTINCT FROM NEW.made_at) EXECUTE FUNCTION muster_refuse();

CREATE TRIGGER connection_plan_keeps BEFORE UPDATE ON connection_plan FOR EACH ROW WHEN (OLD.id IS DISTINCT FROM NEW.id OR OLD.asked_at IS DISTINCT FROM NEW.asked_at OR OLD.question::text IS DISTINCT FROM NEW.question::text OR OLD.basis::text IS DISTINCT FROM NEW.basis::text OR OLD.author_id IS DISTINCT FROM NEW.author_id OR OLD.author_name IS DISTINCT FROM NEW.author_name) EXECUTE FUNCTION muster_refuse();

CREATE TRIGGER outage_keeps BEFORE UPDATE ON outage FOR EACH ROW WHEN (OLD.id IS DISTINCT FROM NEW.id OR OLD.link_id IS DISTINCT FROM NEW.link_id OR OLD.country IS DISTINCT FROM NEW.country OR OLD.starts IS DISTINCT FROM NEW.starts OR OLD.planned IS DISTINCT FROM NEW.planned OR OLD.cause IS DISTINCT FROM NEW.cause OR OLD.author_name IS DISTINCT FROM NEW.author_name OR OLD.made_at IS DISTINCT FROM NEW.made_at) EXECUTE FUNCTION muster_refuse();

CREATE TRIGGER course_keeps BEFORE UPDATE ON course FOR EACH ROW WHEN (OLD.id IS DISTINCT FROM NEW.id OR OLD.title IS DISTINCT FROM NEW.title OR OLD.topic IS DISTINCT FROM NEW.topic OR OLD.points IS DISTINCT FROM NEW.points OR OLD.pass_points IS DISTINCT FROM NEW.pass_points OR OLD.months IS DISTINCT FROM NEW.months OR OLD.author_id IS DISTINCT FROM NEW.author_id OR OLD.author_name IS DISTINCT FROM NEW.author_name OR OLD.made_at IS DISTINCT FROM NEW.made_at) EXECUTE FUNCTION muster_refuse();

CREATE TRIGGER course_run_keeps BEFORE UPDATE ON course_run FOR EACH ROW WHEN (OLD.id IS DISTINCT FROM NEW.id OR OLD.course_id IS DISTINCT FROM NEW.course_id OR OLD.host IS DISTINCT FROM NEW.host OR OLD.place IS DISTINCT FROM NEW.place OR OLD.starts IS DISTINCT FROM NEW.starts OR OLD.ends IS DISTINCT FROM NEW.ends OR OLD.capacity IS DISTINCT FROM NEW.capacity OR OLD.author_id IS DISTINCT FROM NEW.author_id OR OLD.author_name IS DISTINCT FROM NEW.author_name OR OLD.made_at IS DISTINCT FROM NEW.made_at) EXECUTE FUNCTION muster_refuse();

CREATE TRIGGER enrolment_keeps BEFORE UPDATE ON enrolment FOR EACH ROW WHEN (OLD.id IS DISTINCT FROM NEW.id OR OLD.run_id IS DISTINCT FROM NEW.run_id OR OLD.account_id IS DISTINCT FROM NEW.account_id OR OLD.country IS DISTINCT FROM NEW.country OR OLD.post_id IS DISTINCT FROM NEW.post_id OR OLD.author_id IS DISTINCT FROM NEW.author_id OR OLD.author_name IS DISTINCT FROM NEW.author_name OR OLD.made_at IS DISTINCT FROM NEW.made_at) EXECUTE FUNCTION muster_refuse();

CREATE TRIGGER course_certificate_keeps BEFORE UPDATE ON course_certificate FOR EACH ROW WHEN (OLD.id IS DISTINCT FROM NEW.id OR OLD.enrolment_id IS DISTINCT FROM NEW.enrolment_id OR OLD.run_id IS DISTINCT FROM NEW.run_id OR OLD.account_id IS DISTINCT FROM NEW.account_id OR OLD.country IS DISTINCT FROM NEW.country OR OLD.code IS DISTINCT FROM NEW.code OR OLD.proposed_by IS DISTINCT FROM NEW.proposed_by OR OLD.proposed_name IS DISTINCT FROM NEW.proposed_name OR OLD.made_at IS DISTINCT FROM NEW.made_at) EXECUTE FUNCTION muster_refuse();

CREATE TRIGGER curriculum_keeps BEFORE UPDATE ON curriculum FOR EACH ROW WHEN (OLD.id IS DISTINCT FROM NEW.id OR OLD.course_id IS DISTINCT FROM NEW.course_id OR OLD.country IS DISTINCT FROM NEW.country OR OLD.academy IS DISTINCT FROM NEW.academy OR OLD.author_id IS DISTINCT FROM NEW.author_id OR OLD.author_name IS DISTINCT FROM NEW.author_name OR OLD.made_at IS DISTINCT FROM NEW.made_at) EXECUTE FUNCTION muster_refuse();

CREATE TRIGGER trainer_keeps BEFORE UPDATE ON trainer FOR EACH ROW WHEN (OLD.id IS DISTINCT FROM NEW.id OR OLD.account_id IS DISTINCT FROM NEW.account_id OR OLD.country IS DISTINCT FROM NEW.country OR OLD.course_id IS DISTINCT FROM NEW.course_id OR OLD.author_id IS DISTINCT FROM NEW.author_id OR OLD.author_name IS DISTINCT FROM NEW.author_name OR OLD.made_at IS DISTINCT FROM NEW.made_at) EXECUTE FUNCTION muster_refuse();

CREATE TRIGGER cascade_run_keeps BEFORE UPDATE ON cascade_run FOR EACH ROW WHEN (OLD.id IS DISTINCT FROM NEW.id OR OLD.trainer_id IS DISTINCT FROM NEW.trainer_id OR OLD.account_id IS DISTINCT FROM NEW.account_id OR OLD.country IS DISTINCT FROM NEW.country OR OLD.course_id IS DISTINCT FROM NEW.course_id OR OLD.place IS DISTINCT FROM NEW.place OR OLD.starts IS DISTINCT FROM NEW.starts OR OLD.ends IS DISTINCT FROM NEW.ends OR OLD.author_id IS DISTINCT FROM NEW.author_id OR OLD.author_name IS DISTINCT FROM NEW.author_name OR OLD.made_at IS DISTINCT FROM NEW.made_at) EXECUTE FUNCTION muster_refuse();

CREATE TRIGGER data_request_keeps BEFORE UPDATE ON data_request FOR EACH ROW WHEN (OLD.id IS DISTINCT FROM NEW.id OR OLD.country IS DISTINCT FROM NEW.country OR OLD.asked IS DISTINCT FROM NEW.asked OR OLD.file_ref IS DISTINCT FROM NEW.file_ref OR OLD.received IS DISTINCT FROM NEW.received OR OLD.author_id IS DISTINCT FROM NEW.author_id OR OLD.author_name IS DISTINCT FROM NEW.author_name OR OLD.made_at IS DISTINCT FROM NEW.made_at) EXECUTE FUNCTION muster_refuse();

CREATE TRIGGER data_copy_keeps BEFORE UPDATE ON data_copy FOR EACH ROW WHEN (OLD.id IS DISTINCT FROM NEW.id OR OLD.request_id IS DISTINCT FROM NEW.request_id OR OLD.asked IS DISTINCT FROM NEW.asked OR OLD.kind IS DISTINCT FROM NEW.kind OR OLD.object_id IS DISTINCT FROM NEW.object_id OR OLD.operation_id IS DISTINCT FROM NEW.operation_id OR OLD.country IS DISTINCT FROM NEW.country OR OLD.desk IS DISTINCT FROM NEW.desk OR OLD.link IS DISTINCT FROM NEW.link OR OLD.found_at IS DISTINCT FROM NEW.found_at) EXECUTE FUNCTION muster_refuse();

CREATE TRIGGER legal_hold_keeps BEFORE UPDATE ON legal_hold FOR EACH ROW WHEN (OLD.id IS DISTINCT FROM NEW.id OR OLD.operation_id IS DISTINCT FROM NEW.operation_id OR OLD.country IS DISTINCT FROM NEW.country OR OLD.case_id IS DISTINCT FROM NEW.case_id OR OLD.authority IS DISTINCT FROM NEW.authority OR OLD.file_ref IS DISTINCT FROM NEW.file_ref OR OLD.why IS DISTINCT FROM NEW.why OR OLD.author_id IS DISTINCT FROM NEW.author_id OR OLD.author_name IS DISTINCT FROM NEW.author_name OR OLD.made_at IS DISTINCT FROM NEW.made_at) EXECUTE FUNCTION muster_refuse();

CREATE TRIGGER engagement_keeps BEFORE UPDATE ON engagement FOR EACH ROW WHEN (OLD.id IS DISTINCT FROM NEW.id OR OLD.country IS DISTINCT FROM NEW.country OR OLD.counterpart IS DISTINCT FROM NEW.counterpart OR OLD.level IS DISTINCT FROM NEW.level OR OLD.held_on IS DISTINCT FROM NEW.held_on OR OLD.commitment IS DISTINCT FROM NEW.commitment OR OLD.follow_up IS DISTINCT FROM NEW.follow_up OR OLD.due IS DISTINCT FROM NEW.due OR OLD.author_id IS DISTINCT FROM NEW.author_id OR OLD.author_name IS DISTINCT FROM NEW.author_name OR OLD.made_at IS DISTINCT FROM NEW.made_at) EXECUTE FUNCTION muster_refuse();

CREATE TRIGGER post_keeps BEFORE UPDATE ON post FOR EACH ROW WHEN (OLD.id IS DISTINCT FROM NEW.id OR OLD.country IS DISTINCT FROM NEW.country OR OLD.name IS DISTINCT FROM NEW.name OR OLD.site_type IS DISTINCT FROM NEW.site_type OR OLD.border_kind IS DISTINCT FROM NEW.border_kind OR OLD.lat IS DISTINCT FROM NEW.lat OR OLD.lon IS DISTINCT FROM NEW.lon OR OLD.zone IS DISTINCT FROM NEW.zone OR OLD.ref IS DISTINCT FROM NEW.ref OR OLD.author_id IS DISTINCT FROM NEW.author_id OR OLD.author_name IS DISTINCT FROM NEW.author_name OR OLD.made_at IS DISTINCT FROM NEW.made_at) EXECUTE FUNCTION muster_refuse();

CREATE TRIGGER snapshot_keeps BEFORE UPDATE ON snapshot FOR EACH ROW WHEN (OLD.id IS DISTINCT FROM NEW.id OR OLD.operation_id IS DISTINCT FROM NEW.operation_id OR OLD.number IS DISTINCT FROM NEW.number OR OLD.level IS DISTINCT FROM NEW.level OR OLD.status IS DISTINCT FROM NEW.status OR OLD.entry IS DISTINCT FROM NEW.entry OR OLD.taken_at IS DISTINCT FROM NEW.taken_at OR OLD.basis::text IS DISTINCT FROM NEW.basis::text OR OLD.wording IS DISTINCT FROM NEW.wording OR OLD.method IS DISTINCT FROM NEW.method OR OLD.qualifier IS DISTINCT FROM NEW.qualifier OR OLD.publication IS DISTINCT FROM NEW.publication OR OLD.embargo IS DISTINCT FROM NEW.embargo OR OLD.prepared_by IS DISTINCT FROM NEW.prepared_by OR OLD.prepared_name IS DISTINCT FROM NEW.prepared_name OR OLD.previous_hash IS DISTINCT FROM NEW.previous_hash OR OLD.content_hash IS DISTINCT FROM NEW.content_hash) EXECUTE FUNCTION muster_refuse();

CREATE TRIGGER claim_keeps BEFORE UPDATE ON claim FOR EACH ROW WHEN (OLD.id IS DISTINCT FROM NEW.id OR OLD.operation_id IS DISTINCT FROM NEW.operation_id OR OLD.number IS DISTINCT FROM NEW.number OR OLD.kind IS DISTINCT FROM NEW.kind OR OLD.line_kind IS DISTINCT FROM NEW.line_kind OR OLD.countries IS DISTINCT FROM NEW.countries OR OLD.score IS DISTINCT FROM NEW.score OR OLD.grounds::text IS DISTINCT FROM NEW.grounds::text OR OLD.suspected_at IS DISTINCT FROM NEW.suspected_at) EXECUTE FUNCTION muster_refuse();

CREATE TRIGGER claim_pointer_keeps BEFORE UPDATE ON claim_pointer FOR EACH ROW WHEN (OLD.claim_id IS DISTINCT FROM NEW.claim_id OR OLD.operation_id IS DISTINCT FROM NEW.operation_id OR OLD.told_at IS DISTINCT FROM NEW.told_at) EXECUTE FUNCTION muster_refuse();

CREATE TRIGGER report_keeps BEFORE UPDATE ON report FOR EACH ROW WHEN (OLD.id IS DISTINCT FROM NEW.id OR OLD.report_id IS DISTINCT FROM NEW.report_id OR OLD.version IS DISTINCT FROM NEW.version OR OLD.supersedes_id IS DISTINCT FROM NEW.supersedes_id OR OLD.correction_reason IS DISTINCT FROM NEW.correction_reason OR OLD.operation_id IS DISTINCT FROM NEW.operation_id OR OLD.country IS DISTINCT FROM NEW.country OR OLD.site_id IS DISTINCT FROM NEW.site_id OR OLD.phase_id IS DISTINCT FROM NEW.phase_id OR OLD.kind IS DISTINCT FROM NEW.kind OR OLD.period_from IS DISTINCT FROM NEW.period_from OR OLD.period_to IS DISTINCT FROM NEW.period_to OR OLD.zone IS DISTINCT FROM NEW.zone OR OLD.official_day IS DISTINCT FROM NEW.official_day OR OLD.remarks IS DISTINCT FROM NEW.remarks OR OLD.impact IS DISTINCT FROM NEW.impact OR OLD.author_id IS DISTINCT FROM NEW.author_id OR OLD.author_name IS DISTINCT FROM NEW.author_name OR OLD.keyed_by IS DISTINCT FROM NEW.keyed_by OR OLD.signed_key IS DISTINCT FROM NEW.signed_key OR OLD.recorded_at IS DISTINCT FROM NEW.recorded_at OR OLD.clock_offset IS DISTINCT FROM NEW.clock_offset OR OLD.received_at IS DISTINCT FROM NEW.received_at OR OLD.content_hash IS DISTINCT FROM NEW.content_hash) EXECUTE FUNCTION muster_refuse();

CREATE TRIGGER event_layer_keeps BEFORE UPDATE ON event_layer FOR EACH ROW WHEN (OLD.id IS DISTINCT FROM NEW.id OR OLD.layer_id IS DISTINCT FROM NEW.layer_id OR OLD.version IS DISTINCT FROM NEW.version OR OLD.supersedes_id IS DISTINCT FROM NEW.supersedes_id OR OLD.content_id IS DISTINCT FROM NEW.content_id OR OLD.removed IS DISTINCT FROM NEW.removed OR OLD.operation_id IS DISTINCT FROM NEW.operation_id OR OLD.country IS DISTINCT FROM NEW.country OR OLD.audience IS DISTINCT FROM NEW.audience OR OLD.classification IS DISTINCT FROM NEW.classification OR OLD.kind IS DISTINCT FROM NEW.kind OR OLD.name IS DISTINCT FROM NEW.name OR OLD.source IS DISTINCT FROM NEW.source OR OLD.licence IS DISTINCT FROM NEW.licence OR OLD.period_from IS DISTINCT FROM NEW.period_from OR OLD.period_to IS DISTINCT FROM NEW.period_to OR OLD.accuracy IS DISTINCT FROM NEW.accuracy OR OLD.accuracy_m IS DISTINCT FROM NEW.accuracy_m OR OLD.retrieved IS DISTINCT FROM NEW.retrieved OR OLD.mapping::text IS DISTINCT FROM NEW.mapping::text OR OLD.accepted IS DISTINCT FROM NEW.accepted OR OLD.refused IS DISTINCT FROM NEW.refused OR OLD.west IS DISTINCT FROM NEW.west OR OLD.south IS DISTINCT FROM NEW.south OR OLD.east IS DISTINCT FROM NEW.east OR OLD.north IS DISTINCT FROM NEW.north OR OLD.findings::text IS DISTINCT FROM NEW.findings::text OR OLD.size IS DISTINCT FROM NEW.size OR OLD.sha256 IS DISTINCT FROM NEW.sha256 OR OLD.author_id IS DISTINCT FROM NEW.author_id OR OLD.author_name IS DISTINCT FROM NEW.author_name OR OLD.made_at IS DISTINCT FROM NEW.made_at) EXECUTE FUNCTION muster_refuse();

CREATE TRIGGER analysis_keeps BEFORE UPDATE ON analysis FOR EACH ROW WHEN (OLD.id IS DISTINCT FROM NEW.id OR OLD.asked_at IS DISTINCT FROM NEW.asked_at OR OLD.operation_id IS DISTINCT FROM NEW.operation_id OR OLD.kind IS DISTINCT FROM NEW.kind OR OLD.question::text IS DISTINCT FROM NEW.question::text OR OLD.question_hash IS DISTINCT FROM NEW.question_hash OR OLD.layer_versions::text IS DISTINCT FROM NEW.layer_versions::text OR OLD.classification IS DISTINCT FROM NEW.classification OR OLD.author_id IS DISTINCT FROM NEW.author_id OR OLD.author_name IS DISTINCT FROM NEW.author_name OR OLD.rerun_of IS DISTINCT FROM NEW.rerun_of OR OLD.resumed_from IS DISTINCT FROM NEW.resumed_from) EXECUTE FUNCTION muster_refuse();

CREATE TRIGGER plan_version_keeps BEFORE UPDATE ON plan_version FOR EACH ROW WHEN (OLD.id IS DISTINCT FROM NEW.id OR OLD.operation_id IS DISTINCT FROM NEW.operation_id OR OLD.number IS DISTINCT FROM NEW.number OR OLD.note IS DISTINCT FROM NEW.note OR OLD.author_id IS DISTINCT FROM NEW.author_id OR OLD.author_name IS DISTINCT FROM NEW.author_name OR OLD.made_at IS DISTINCT FROM NEW.made_at) EXECUTE FUNCTION muster_refuse();

CREATE TRIGGER deconfliction_room_keeps BEFORE UPDATE ON deconfliction_room FOR EACH ROW WHEN (OLD.id IS DISTINCT FROM NEW.id OR OLD.operation_id IS DISTINCT FROM NEW.operation_id OR OLD.country IS DISTINCT FROM NEW.country OR OLD.name IS DISTINCT FROM NEW.name OR OLD.countries IS DISTINCT FROM NEW.countries OR OLD.check_value IS DISTINCT FROM NEW.check_value OR OLD.rounds IS DISTINCT FROM NEW.rounds OR OLD.stretch IS DISTINCT FROM NEW.stretch OR OLD.until IS DISTINCT FROM NEW.until OR OLD.author_id IS DISTINCT FROM NEW.author_id OR OLD.author_name IS DISTINCT FROM NEW.author_name OR OLD.made_at IS DISTINCT FROM NEW.made_at) EXECUTE FUNCTION muster_refuse();

CREATE TRIGGER deconfliction_match_keeps BEFORE UPDATE ON deconfliction_match FOR EACH ROW WHEN (OLD.id IS DISTINCT FROM NEW.id OR OLD.room_id IS DISTINCT FROM NEW.room_id OR OLD.operation_id IS DISTINCT FROM NEW.operation_id OR OLD.kind IS DISTINCT FROM NEW.kind OR OLD.country IS DISTINCT FROM NEW.country OR OLD.other IS DISTINCT FROM NEW.other OR OLD.made_at IS DISTINCT FROM NEW.made_at) EXECUTE FUNCTION muster_refuse();

CREATE TRIGGER deconfliction_side_keeps BEFORE UPDATE ON deconfliction_side FOR EACH ROW WHEN (OLD.match_id IS DISTINCT FROM NEW.match_id OR OLD.country IS DISTINCT FROM NEW.country OR OLD.other IS DISTINCT FROM NEW.other OR OLD.room_id IS DISTINCT FROM NEW.room_id OR OLD.operation_id IS DISTINCT FROM NEW.operation_id OR OLD.entry_id IS DISTINCT FROM NEW.entry_id OR OLD.kind IS DISTINCT FROM NEW.kind OR OLD.contact IS DISTINCT FROM NEW.contact OR OLD.told_at IS DISTINCT FROM NEW.told_at) EXECUTE FUNCTION muster_refuse();

CREATE TRIGGER ison_member_keeps BEFORE UPDATE ON ison_member FOR EACH ROW WHEN (OLD.id IS DISTINCT FROM NEW.id OR OLD.country IS DISTINCT FROM NEW.country OR OLD.number IS DISTINCT FROM NEW.number OR OLD.office IS DISTINCT FROM NEW.office OR OLD.agency IS DISTINCT FROM NEW.agency OR OLD.specialism IS DISTINCT FROM NEW.specialism OR OLD.certified_until IS DISTINCT FROM NEW.certified_until OR OLD.author_id IS DISTINCT FROM NEW.author_id OR OLD.author_name IS DISTINCT FROM NEW.author_name OR OLD.made_at IS DISTINCT FROM NEW.made_at) EXECUTE FUNCTION muster_refuse();

CREATE TRIGGER dispatch_receipt_keeps BEFORE UPDATE ON dispatch_receipt FOR EACH ROW WHEN (OLD.dispatch_id IS DISTINCT FROM NEW.dispatch_id OR OLD.country IS DISTINCT FROM NEW.country OR OLD.operation_id IS DISTINCT FROM NEW.operation_id OR OLD.origin IS DISTINCT FROM NEW.origin OR OLD.via IS DISTINCT FROM NEW.via OR OLD.classification IS DISTINCT FROM NEW.classification OR OLD.due IS DISTINCT FROM NEW.due OR OLD.sent_at IS DISTINCT FROM NEW.sent_at) EXECUTE FUNCTION muster_refuse();

CREATE TRIGGER partner_admission_keeps BEFORE UPDATE ON partner_admission FOR EACH ROW WHEN (OLD.id IS DISTINCT FROM NEW.id OR OLD.operation_id IS DISTINCT FROM NEW.operation_id OR OLD.partner IS DISTINCT FROM NEW.partner OR OLD.purpose IS DISTINCT FROM NEW.purpose OR OLD.sees::text IS DISTINCT FROM NEW.sees::text OR OLD.sections::text IS DISTINCT FROM NEW.sections::text OR OLD.clearance IS DISTINCT FROM NEW.clearance OR OLD.starts IS DISTINCT FROM NEW.starts OR OLD.until IS DISTINCT FROM NEW.until OR OLD.author_id IS DISTINCT FROM NEW.author_id OR OLD.author_name IS DISTINCT FROM NEW.author_name OR OLD.made_at IS DISTINCT FROM NEW.made_at) EXECUTE FUNCTION muster_refuse();

CREATE TRIGGER support_request_keeps BEFORE UPDATE ON support_request FOR EACH ROW WHEN (OLD.id IS DISTINCT FROM NEW.id OR OLD.operation_id IS DISTINCT FROM NEW.operation_id OR OLD.country IS DISTINCT FROM NEW.country OR OLD.host_country IS DISTINCT FROM NEW.host_country OR OLD.site_id IS DISTINCT FROM NEW.site_id OR OLD.hotspot_id IS DISTINCT FROM NEW.hotspot_id OR OLD.analysis_id IS DISTINCT FROM NEW.analysis_id OR OLD.place IS DISTINCT FROM NEW.place OR OLD.lat IS DISTINCT FROM NEW.lat OR OLD.lon IS DISTINCT FROM NEW.lon OR OLD.title IS DISTINCT FROM NEW.title OR OLD.note IS DISTINCT FROM NEW.note OR OLD.priority IS DISTINCT FROM NEW.priority OR OLD.handling IS DISTINCT FROM NEW.handling OR OLD.author_id IS DISTINCT FROM NEW.author_id OR OLD.author_name IS DISTINCT FROM NEW.author_name OR OLD.made_at IS DISTINCT FROM NEW.made_at) EXECUTE FUNCTION muster_refuse();

CREATE TRIGGER support_need_keeps BEFORE UPDATE ON support_need FOR EACH ROW WHEN (OLD.id IS DISTINCT FROM NEW.id OR OLD.request_id IS DISTINCT FROM NEW.request_id OR OLD.operation_id IS DISTINCT FROM NEW.operation_id OR OLD.country IS DISTINCT FROM NEW.country OR OLD.position IS DISTINCT FROM NEW.position OR OLD.team_kind IS DISTINCT FROM NEW.team_kind OR OLD.specialism IS DISTINCT FROM NEW.specialism OR OLD.languages::text IS DISTINCT FROM NEW.languages::text OR OLD.certificates::text IS DISTINCT FROM NEW.certificates::text OR OLD.teams IS DISTINCT FROM NEW.teams OR OLD.together IS DISTINCT FROM NEW.together OR OLD.starts IS DISTINCT FROM NEW.starts OR OLD.ends IS DISTINCT FROM NEW.ends) EXECUTE FUNCTION muster_refuse();

CREATE TRIGGER support_offer_keeps BEFORE UPDATE ON support_offer FOR EACH ROW WHEN (OLD.id IS DISTINCT FROM NEW.id OR OLD.need_id IS DISTINCT FROM NEW.need_id OR OLD.operation_id IS DISTINCT FROM NEW.operation_id OR OLD.country IS DISTINCT FROM NEW.country OR OLD.team_id IS DISTINCT FROM NEW.team_id OR OLD.starts IS DISTINCT FROM NEW.starts OR OLD.ends IS DISTINCT FROM NEW.ends OR OLD.note IS DISTINCT FROM NEW.note OR OLD.author_id IS DISTINCT FROM NEW.author_id OR OLD.author_name IS DISTINCT FROM NEW.author_name OR OLD.made_at IS DISTINCT FROM NEW.made_at) EXECUTE FUNCTION muster_refuse();

CREATE TRIGGER deployment_keeps BEFORE UPDATE ON deployment FOR EACH ROW WHEN (OLD.id IS DISTINCT FROM NEW.id OR OLD.offer_id IS DISTINCT FROM NEW.offer_id OR OLD.need_id IS DISTINCT FROM NEW.need_id OR OLD.request_id IS DISTINCT FROM NEW.request_id OR OLD.operation_id IS DISTINCT FROM NEW.operation_id OR OLD.country IS DISTINCT FROM NEW.country OR OLD.host_country IS DISTINCT FROM NEW.host_country OR OLD.team_id IS DISTINCT FROM NEW.team_id OR OLD.call_sign IS DISTINCT FROM NEW.call_sign OR OLD.unit IS DISTINCT FROM NEW.unit OR OLD.team_kind IS DISTINCT FROM NEW.team_kind OR OLD.specialism IS DISTINCT FROM NEW.specialism OR OLD.persons IS DISTINCT FROM NEW.persons OR OLD.site_id IS DISTINCT FROM NEW.site_id OR OLD.place IS DISTINCT FROM NEW.place OR OLD.lat IS DISTINCT FROM NEW.lat OR OLD.lon IS DISTINCT FROM NEW.lon OR OLD.starts IS DISTINCT FROM NEW.starts OR OLD.ends IS DISTINCT FROM NEW.ends OR OLD.requested_at IS DISTINCT FROM NEW.requested_at OR OLD.accepted_at IS DISTINCT FROM NEW.accepted_at) EXECUTE FUNCTION muster_refuse();

CREATE TRIGGER team_certificate_keeps BEFORE UPDATE ON team_certificate FOR EACH ROW WHEN (OLD.id IS DISTINCT FROM NEW.id OR OLD.team_id IS DISTINCT FROM NEW.team_id OR OLD.member_id IS DISTINCT FROM NEW.member_id OR OLD.country IS DISTINCT FROM NEW.country OR OLD.kind IS DISTINCT FROM NEW.kind OR OLD.issued_on IS DISTINCT FROM NEW.issued_on OR OLD.expires_on IS DISTINCT FROM NEW.expires_on OR OLD.written_at IS DISTINCT FROM NEW.written_at) EXECUTE FUNCTION muster_refuse();

CREATE TRIGGER team_absence_keeps BEFORE UPDATE ON team_absence FOR EACH ROW WHEN (OLD.id IS DISTINCT FROM NEW.id OR OLD.team_id IS DISTINCT FROM NEW.team_id OR OLD.country IS DISTINCT FROM NEW.country OR OLD.kind IS DISTINCT FROM NEW.kind OR OLD.starts IS DISTINCT FROM NEW.starts OR OLD.ends IS DISTINCT FROM NEW.ends OR OLD.written_at IS DISTINCT FROM NEW.written_at) EXECUTE FUNCTION muster_refuse();

CREATE TRIGGER oplan_section_keeps BEFORE UPDATE ON oplan_section FOR EACH ROW WHEN (OLD.id IS DISTINCT FROM NEW.id OR OLD.operation_id IS DISTINCT FROM NEW.operation_id OR OLD.section IS DISTINCT FROM NEW.section OR OLD.version IS DISTINCT FROM NEW.version OR OLD.supersedes_id IS DISTINCT FROM NEW.supersedes_id OR OLD.state IS DISTINCT FROM NEW.state OR OLD.text IS DISTINCT FROM NEW.text OR OLD.author_id IS DISTINCT FROM NEW.author_id OR OLD.author_name IS DISTINCT FROM NEW.author_name OR OLD.made_at IS DISTINCT FROM NEW.made_at) EXECUTE FUNCTION muster_refuse();

CREATE TRIGGER oplan_version_keeps BEFORE UPDATE ON oplan_version FOR EACH ROW WHEN (OLD.id IS DISTINCT FROM NEW.id OR OLD.operation_id IS DISTINCT FROM NEW.operation_id OR OLD.number IS DISTINCT FROM NEW.number OR OLD.note IS DISTINCT FROM NEW.note OR OLD.content_hash IS DISTINCT FROM NEW.content_hash OR OLD.approved_by IS DISTINCT FROM NEW.approved_by OR OLD.approved_name IS DISTINCT FROM NEW.approved_name OR OLD.approved_at IS DISTINCT FROM NEW.approved_at) EXECUTE FUNCTION muster_refuse();

CREATE TRIGGER oplan_comment_keeps BEFORE UPDATE ON oplan_comment FOR EACH ROW WHEN (OLD.id IS DISTINCT FROM NEW.id OR OLD.operation_id IS DISTINCT FROM NEW.operation_id OR OLD.section IS DISTINCT FROM NEW.section OR OLD.country IS DISTINCT FROM NEW.country OR OLD.text IS DISTINCT FROM NEW.text OR OLD.author_id IS DISTINCT FROM NEW.author_id OR OLD.author_name IS DISTINCT FROM NEW.author_name OR OLD.made_at IS DISTINCT FROM NEW.made_at) EXECUTE FUNCTION muster_refuse();

CREATE TRIGGER coordination_unit_keeps BEFORE UPDATE ON coordination_unit FOR EACH ROW WHEN (OLD.id IS DISTINCT FROM NEW.id OR OLD.object_id IS DISTINCT FROM NEW.object_id OR OLD.version IS DISTINCT FROM NEW.version OR OLD.supersedes_id IS DISTINCT FROM NEW.supersedes_id OR OLD.operation_id IS DISTINCT FROM NEW.operation_id OR OLD.kind IS DISTINCT FROM NEW.kind OR OLD.host_country IS DISTINCT FROM NEW.host_country OR OLD.region IS DISTINCT FROM NEW.region OR OLD.zone IS DISTINCT FROM NEW.zone OR OLD.round_the_clock IS DISTINCT FROM NEW.round_the_clock OR OLD.days::text IS DISTINCT FROM NEW.days::text OR OLD.opens IS DISTINCT FROM NEW.opens OR OLD.closes IS DISTINCT FROM NEW.closes OR OLD.supports::text IS DISTINCT FROM NEW.supports::text OR OLD.members::text IS DISTINCT FROM NEW.members::text OR OLD.note IS DISTINCT FROM NEW.note OR OLD.author_id IS DISTINCT FROM NEW.author_id OR OLD.author_name IS DISTINCT FROM NEW.author_name OR OLD.made_at IS DISTINCT FROM NEW.made_at) EXECUTE FUNCTION muster_refuse();

CREATE TRIGGER network_link_keeps BEFORE UPDATE ON network_link FOR EACH ROW WHEN (OLD.id IS DISTINCT FROM NEW.id OR OLD.operation_id IS DISTINCT FROM NEW.operation_id OR OLD.from_id IS DISTINCT FROM NEW.from_id OR OLD.to_id IS DISTINCT FROM NEW.to_id OR OLD.kind IS DISTINCT FROM NEW.kind OR OLD.source IS DISTINCT FROM NEW.source OR OLD.information IS DISTINCT FROM NEW.information OR OLD.handling IS DISTINCT FROM NEW.handling OR OLD.author_id IS DISTINCT FROM NEW.author_id OR OLD.author_name IS DISTINCT FROM NEW.author_name OR OLD.made_at IS DISTINCT FROM NEW.made_at) EXECUTE FUNCTION muster_refuse();

CREATE TRIGGER template_lesson_keeps BEFORE UPDATE ON template_lesson FOR EACH ROW WHEN (OLD.id IS DISTINCT FROM NEW.id OR OLD.operation_id IS DISTINCT FROM NEW.operation_id OR OLD.template_id IS DISTINCT FROM NEW.template_id OR OLD.text IS DISTINCT FROM NEW.text OR OLD.made_at IS DISTINCT FROM NEW.made_at) EXECUTE FUNCTION muster_refuse();

CREATE TRIGGER template_keeps BEFORE UPDATE ON template FOR EACH ROW WHEN (OLD.id IS DISTINCT FROM NEW.id OR OLD.template_id IS DISTINCT FROM NEW.template_id OR OLD.version IS DISTINCT FROM NEW.version OR OLD.supersedes_id IS DISTINCT FROM NEW.supersedes_id OR OLD.retired IS DISTINCT FROM NEW.retired OR OLD.kind IS DISTINCT FROM NEW.kind OR OLD.content::text IS DISTINCT FROM NEW.content::text OR OLD.author_id IS DISTINCT FROM NEW.author_id OR OLD.author_name IS DISTINCT FROM NEW.author_name OR OLD.made_at IS DISTINCT FROM NEW.made_at) EXECUTE FUNCTION muster_refuse();

CREATE TRIGGER lead_keeps BEFORE UPDATE ON lead FOR EACH ROW WHEN (OLD.id IS DISTINCT FROM NEW.id OR OLD.operation_id IS DISTINCT FROM NEW.operation_id OR OLD.origin IS DISTINCT FROM NEW.origin OR OLD.origin_country IS DISTINCT FROM NEW.origin_country OR OLD.subject_kind IS DISTINCT FROM NEW.subject_kind OR OLD.subject_id IS DISTINCT FROM NEW.subject_id OR OLD.made_at IS DISTINCT FROM NEW.made_at) EXECUTE FUNCTION muster_refuse();

CREATE TRIGGER lead_country_keeps BEFORE UPDATE ON lead_country FOR EACH ROW WHEN (OLD.lead_id IS DISTINCT FROM NEW.lead_id OR OLD.country IS DISTINCT FROM NEW.country OR OLD.operation_id IS DISTINCT FROM NEW.operation_id OR OLD.origin_country IS DISTINCT FROM NEW.origin_country OR OLD.subject_id IS DISTINCT FROM NEW.subject_id) EXECUTE FUNCTION muster_refuse();

CREATE TRIGGER appeal_list_keeps BEFORE UPDATE ON appeal_list FOR EACH ROW WHEN (OLD.id IS DISTINCT FROM NEW.id OR OLD.operation_id IS DISTINCT FROM NEW.operation_id OR OLD.number IS DISTINCT FROM NEW.number OR OLD.frozen_at IS DISTINCT FROM NEW.frozen_at OR OLD.author_name IS DISTINCT FROM NEW.author_name) EXECUTE FUNCTION muster_refuse();

CREATE TRIGGER appeal_item_keeps BEFORE UPDATE ON appeal_item FOR EACH ROW WHEN (OLD.list_id IS DISTINCT FROM NEW.list_id OR OLD.case_id IS DISTINCT FROM NEW.case_id OR OLD.requesting_country IS DISTINCT FROM NEW.requesting_country) EXECUTE FUNCTION muster_refuse();

CREATE TRIGGER message_keeps BEFORE UPDATE ON message FOR EACH ROW WHEN (OLD.id IS DISTINCT FROM NEW.id OR OLD.key IS DISTINCT FROM NEW.key OR OLD.kind IS DISTINCT FROM NEW.kind OR OLD.number IS DISTINCT FROM NEW.number OR OLD.link IS DISTINCT FROM NEW.link OR OLD.urgent IS DISTINCT FROM NEW.urgent OR OLD.operation_id IS DISTINCT FROM NEW.operation_id OR OLD.made_at IS DISTINCT FROM NEW.made_at OR OLD.until IS DISTINCT FROM NEW.until OR (OLD.about::text IS DISTINCT FROM NEW.about::text) AND NEW.about::text <> '{}') EXECUTE FUNCTION muster_refuse();

CREATE TRIGGER lead_version_keeps BEFORE UPDATE ON lead_version FOR EACH ROW WHEN (OLD.id IS DISTINCT FROM NEW.id OR OLD.lead_id IS DISTINCT FROM NEW.lead_id OR OLD.version IS DISTINCT FROM NEW.version OR OLD.due IS DISTINCT FROM NEW.due OR OLD.source IS DISTINCT FROM NEW.source OR OLD.information IS DISTINCT FROM NEW.information OR OLD.handling IS DISTINCT FROM NEW.handling OR OLD.author_id IS DISTINCT FROM NEW.author_id OR OLD.author_name IS DISTINCT FROM NEW.author_name OR OLD.made_at IS DISTINCT FROM NEW.made_at OR (OLD.question IS DISTINCT FROM NEW.question) AND NEW.question <> '' OR (OLD.content_hash IS DISTINCT FROM NEW.content_hash) AND NEW.content_hash <> '') EXECUTE FUNCTION muster_refuse();

CREATE TRIGGER lead_answer_keeps BEFORE UPDATE ON lead_answer FOR EACH ROW WHEN (OLD.id IS DISTINCT FROM NEW.id OR OLD.lead_id IS DISTINCT FROM NEW.lead_id OR OLD.country IS DISTINCT FROM NEW.country OR OLD.origin_country IS DISTINCT FROM NEW.origin_country OR OLD.answer IS DISTINCT FROM NEW.answer OR OLD.author_id IS DISTINCT FROM NEW.author_id OR OLD.author_name IS DISTINCT FROM NEW.author_name OR OLD.made_at IS DISTINCT FROM NEW.made_at OR (OLD.remark IS DISTINCT FROM NEW.remark) AND NEW.remark <> '') EXECUTE FUNCTION muster_refuse();

CREATE TRIGGER fugitive_version_keeps BEFORE UPDATE ON fugitive_version FOR EACH ROW WHEN (OLD.id IS DISTINCT FROM NEW.id OR OLD.case_id IS DISTINCT FROM NEW.case_id OR OLD.requesting_country IS DISTINCT FROM NEW.requesting_country OR OLD.version IS DISTINCT FROM NEW.version OR OLD.author_id IS DISTINCT FROM NEW.author_id OR OLD.author_name IS DISTINCT FROM NEW.author_name OR OLD.made_at IS DISTINCT FROM NEW.made_at OR (OLD.content::text IS DISTINCT FROM NEW.content::text) AND NEW.content::text <> '{}' OR (OLD.content_hash IS DISTINCT FROM NEW.content_hash) AND NEW.content_hash <> '') EXECUTE FUNCTION muster_refuse();

CREATE TRIGGER fugitive_step_keeps BEFORE UPDATE ON fugitive_step FOR EACH ROW WHEN (OLD.id IS DISTINCT FROM NEW.id OR OLD.case_id IS DISTINCT FROM NEW.case_id OR OLD.requesting_country IS DISTINCT FROM NEW.requesting_country OR OLD.country IS DISTINCT FROM NEW.country OR OLD.before IS DISTINCT FROM NEW.before OR OLD.after IS DISTINCT FROM NEW.after OR OLD.author_id IS DISTINCT FROM NEW.author_id OR OLD.author_name IS DISTINCT FROM NEW.author_name OR OLD.made_at IS DISTINCT FROM NEW.made_at OR (OLD.reason IS DISTINCT FROM NEW.reason) AND NEW.reason <> '') EXECUTE FUNCTION muster_refuse();

CREATE TRIGGER fugitive_location_keeps BEFORE UPDATE ON fugitive_location FOR EACH ROW WHEN (OLD.id IS DISTINCT FROM NEW.id OR OLD.case_id IS DISTINCT FROM NEW.case_id OR OLD.country IS DISTINCT FROM NEW.country OR OLD.requesting_country IS DISTINCT FROM NEW.requesting_country OR OLD.author_name IS DISTINCT FROM NEW.author_name OR OLD.reported_at IS DISTINCT FROM NEW.reported_at OR (OLD.content_hash IS DISTINCT FROM NEW.content_hash) AND NEW.content_hash <> '') EXECUTE FUNCTION muster_refuse();

CREATE TRIGGER serious_incident_keeps BEFORE UPDATE ON serious_incident FOR EACH ROW WHEN (OLD.id IS DISTINCT FROM NEW.id OR OLD.operation_id IS DISTINCT FROM NEW.operation_id OR OLD.country IS DISTINCT FROM NEW.country OR OLD.concerns IS DISTINCT FROM NEW.concerns OR OLD.channel IS DISTINCT FROM NEW.channel OR OLD.scheme IS DISTINCT FROM NEW.scheme OR OLD.category IS DISTINCT FROM NEW.category OR OLD.occurred_at IS DISTINCT FROM NEW.occurred_at OR OLD.detected_at IS DISTINCT FROM NEW.detected_at OR OLD.author_id IS DISTINCT FROM NEW.author_id OR OLD.author_name IS DISTINCT FROM NEW.author_name OR OLD.made_at IS DISTINCT FROM NEW.made_at OR (OLD.content_hash IS DISTINCT FROM NEW.content_hash) AND NEW.content_hash <> '') EXECUTE FUNCTION muster_refuse();

CREATE TRIGGER incident_version_keeps BEFORE UPDATE ON incident_version FOR EACH ROW WHEN (OLD.id IS DISTINCT FROM NEW.id OR OLD.incident_id IS DISTINCT FROM NEW.incident_id OR OLD.version IS DISTINCT FROM NEW.version OR OLD.about IS DISTINCT FROM NEW.about OR OLD.author_id IS DISTINCT FROM NEW.author_id OR OLD.author_name IS DISTINCT FROM NEW.author_name OR OLD.made_at IS DISTINCT FROM NEW.made_at OR (OLD.content::text IS DISTINCT FROM NEW.content::text) AND NEW.content::text <> '{}') EXECUTE FUNCTION muster_refuse();

CREATE TRIGGER incident_grant_keeps BEFORE UPDATE ON incident_grant FOR EACH ROW WHEN (OLD.id IS DISTINCT FROM NEW.id OR OLD.incident_id IS DISTINCT FROM NEW.incident_id OR OLD.account_id IS DISTINCT FROM NEW.account_id OR OLD.until IS DISTINCT FROM NEW.until OR OLD.author_id IS DISTINCT FROM NEW.author_id OR OLD.author_name IS DISTINCT FROM NEW.author_name OR OLD.made_at IS DISTINCT FROM NEW.made_at OR (OLD.reason IS DISTINCT FROM NEW.reason) AND NEW.reason <> '') EXECUTE FUNCTION muster_refuse();

CREATE TRIGGER deconfliction_entry_keeps BEFORE UPDATE ON deconfliction_entry FOR EACH ROW WHEN (OLD.id IS DISTINCT FROM NEW.id OR OLD.room_id IS DISTINCT FROM NEW.room_id OR OLD.operation_id IS DISTINCT FROM NEW.operation_id OR OLD.country IS DISTINCT FROM NEW.country OR OLD.number IS DISTINCT FROM NEW.number OR OLD.kind IS DISTINCT FROM NEW.kind OR OLD.contact IS DISTINCT FROM NEW.contact OR OLD.author_id IS DISTINCT FROM NEW.author_id OR OLD.author_name IS DISTINCT FROM NEW.author_name OR OLD.made_at IS DISTINCT FROM NEW.made_at OR (OLD.tag IS DISTINCT FROM NEW.tag) AND NEW.tag <> '') EXECUTE FUNCTION muster_refuse();

CREATE TRIGGER dispatch_keeps BEFORE UPDATE ON dispatch FOR EACH ROW WHEN (OLD.id IS DISTINCT FROM NEW.id OR OLD.operation_id IS DISTINCT FROM NEW.operation_id OR OLD.country IS DISTINCT FROM NEW.country OR OLD.answers_id IS DISTINCT FROM NEW.answers_id OR OLD.source IS DISTINCT FROM NEW.source OR OLD.information IS DISTINCT FROM NEW.information OR OLD.handling IS DISTINCT FROM NEW.handling OR OLD.classification IS DISTINCT FROM NEW.classification OR OLD.due IS DISTINCT FROM NEW.due OR OLD.author_id IS DISTINCT FROM NEW.author_id OR OLD.author_name IS DISTINCT FROM NEW.author_name OR OLD.sent_at IS DISTINCT FROM NEW.sent_at OR (OLD.title IS DISTINCT FROM NEW.title) AND NEW.title <> '' OR (OLD.body IS DISTINCT FROM NEW.body) AND NEW.body <> '') EXECUTE FUNCTION muster_refuse();

CREATE TRIGGER dispatch_passing_keeps BEFORE UPDATE ON dispatch_passing FOR EACH ROW WHEN (OLD.id IS DISTINCT FROM NEW.id OR OLD.dispatch_id IS DISTINCT FROM NEW.dispatch_id OR OLD.operation_id IS DISTINCT FROM NEW.operation_id OR OLD.country IS DISTINCT FROM NEW.country OR OLD.origin IS DISTINCT FROM NEW.origin OR OLD.countries IS DISTINCT FROM NEW.countries OR OLD.classification IS DISTINCT FROM NEW.classification OR OLD.author_id IS DISTINCT FROM NEW.author_id OR OLD.author_name IS DISTINCT FROM NEW.author_name OR OLD.asked_at IS DISTINCT FROM NEW.asked_at OR (OLD.purpose IS DISTINCT FROM NEW.purpose) AND NEW.purpose <> '') EXECUTE FUNCTION muster_refuse();

CREATE TRIGGER product_request_keeps BEFORE UPDATE ON product_request FOR EACH ROW WHEN (OLD.id IS DISTINCT FROM NEW.id OR OLD.operation_id IS DISTINCT FROM NEW.operation_id OR OLD.country IS DISTINCT FROM NEW.country OR OLD.handling IS DISTINCT FROM NEW.handling OR OLD.classification IS DISTINCT FROM NEW.classification OR OLD.due IS DISTINCT FROM NEW.due OR OLD.author_id IS DISTINCT FROM NEW.author_id OR OLD.author_name IS DISTINCT FROM NEW.author_name OR OLD.made_at IS DISTINCT FROM NEW.made_at OR (OLD.question IS DISTINCT FROM NEW.question) AND NEW.question <> '' OR (OLD.purpose IS DISTINCT FROM NEW.purpose) AND NEW.purpose <> '') EXECUTE FUNCTION muster_refuse();

CREATE TRIGGER product_step_keeps BEFORE UPDATE ON product_step FOR EACH ROW WHEN (OLD.id IS DISTINCT FROM NEW.id OR OLD.of_id IS DISTINCT FROM NEW.of_id OR OLD.country IS DISTINCT FROM NEW.country OR OLD.state IS DISTINCT FROM NEW.state OR OLD.author_name IS DISTINCT FROM NEW.author_name OR OLD.made_at IS DISTINCT FROM NEW.made_at OR (OLD.words IS DISTINCT FROM NEW.words) AND NEW.words <> '') EXECUTE FUNCTION muster_refuse();

CREATE TRIGGER product_keeps BEFORE UPDATE ON product FOR EACH ROW WHEN (OLD.id IS DISTINCT FROM NEW.id OR OLD.operation_id IS DISTINCT FROM NEW.operation_id OR OLD.request_id IS DISTINCT FROM NEW.request_id OR OLD.source IS DISTINCT FROM NEW.source OR OLD.information IS DISTINCT FROM NEW.information OR OLD.handling IS DISTINCT FROM NEW.handling OR OLD.classification IS DISTINCT FROM NEW.classification OR OLD.originators IS DISTINCT FROM NEW.originators OR OLD.author_id IS DISTINCT FROM NEW.author_id OR OLD.author_name IS DISTINCT FROM NEW.author_name OR OLD.made_at IS DISTINCT FROM NEW.made_at OR (OLD.title IS DISTINCT FROM NEW.title) AND NEW.title <> '' OR (OLD.body IS DISTINCT FROM NEW.body) AND NEW.body <> '') EXECUTE FUNCTION muster_refuse();

CREATE TRIGGER product_share_keeps BEFORE UPDATE ON product_share FOR EACH ROW WHEN (OLD.id IS DISTINCT FROM NEW.id OR OLD.product_id IS DISTINCT FROM NEW.product_id OR OLD.operation_id IS DISTINCT FROM NEW.operation_id OR OLD.recipient IS DISTINCT FROM NEW.recipient OR OLD.origin IS DISTINCT FROM NEW.origin OR OLD.handling IS DISTINCT FROM NEW.handling OR OLD.classification IS DISTINCT FROM NEW.classification OR OLD.author_name IS DISTINCT FROM NEW.author_name OR OLD.made_at IS DISTINCT FROM NEW.made_at OR (OLD.title IS DISTINCT FROM NEW.title) AND NEW.title <> '' OR (OLD.purpose IS DISTINCT FROM NEW.purpose) AND NEW.purpose <> '') EXECUTE FUNCTION muster_refuse();

CREATE TRIGGER hypothesis_keeps BEFORE UPDATE ON hypothesis FOR EACH ROW WHEN (OLD.id IS DISTINCT FROM NEW.id OR OLD.operation_id IS DISTINCT FROM NEW.operation_id OR OLD.version IS DISTINCT FROM NEW.version OR OLD.supersedes_id IS DISTINCT FROM NEW.supersedes_id OR OLD.state IS DISTINCT FROM NEW.state OR OLD.source IS DISTINCT FROM NEW.source OR OLD.information IS DISTINCT FROM NEW.information OR OLD.handling IS DISTINCT FROM NEW.handling OR OLD.author_id IS DISTINCT FROM NEW.author_id OR OLD.author_name IS DISTINCT FROM NEW.author_name OR OLD.made_at IS DISTINCT FROM NEW.made_at OR (OLD.statement IS DISTINCT FROM NEW.statement) AND NEW.statement <> '') EXECUTE FUNCTION muster_refuse();

CREATE TRIGGER network_entity_keeps BEFORE UPDATE ON network_entity FOR EACH ROW WHEN (OLD.id IS DISTINCT FROM NEW.id OR OLD.entity_id IS DISTINCT FROM NEW.entity_id OR OLD.version IS DISTINCT FROM NEW.version OR OLD.supersedes_id IS DISTINCT FROM NEW.supersedes_id OR OLD.removed IS DISTINCT FROM NEW.removed OR OLD.operation_id IS DISTINCT FROM NEW.operation_id OR OLD.kind IS DISTINCT FROM NEW.kind OR OLD.code IS DISTINCT FROM NEW.code OR OLD.source IS DISTINCT FROM NEW.source OR OLD.information IS DISTINCT FROM NEW.information OR OLD.handling IS DISTINCT FROM NEW.handling OR OLD.author_id IS DISTINCT FROM NEW.author_id OR OLD.author_name IS DISTINCT FROM NEW.author_name OR OLD.made_at IS DISTINCT FROM NEW.made_at OR (OLD.description IS DISTINCT FROM NEW.description) AND NEW.description <> '') EXECUTE FUNCTION muster_refuse();

CREATE TRIGGER lead_result_keeps BEFORE UPDATE ON lead_result FOR EACH ROW WHEN (OLD.id IS DISTINCT FROM NEW.id OR OLD.lead_id IS DISTINCT FROM NEW.lead_id OR OLD.lead_operation_id IS DISTINCT FROM NEW.lead_operation_id OR OLD.operation_id IS DISTINCT FROM NEW.operation_id OR OLD.country IS DISTINCT FROM NEW.country OR OLD.report_id IS DISTINCT FROM NEW.report_id OR OLD.line_id IS DISTINCT FROM NEW.line_id OR OLD.kind IS DISTINCT FROM NEW.kind OR OLD.author_id IS DISTINCT FROM NEW.author_id OR OLD.author_name IS DISTINCT FROM NEW.author_name OR OLD.made_at IS DISTINCT FROM NEW.made_at OR (OLD.note IS DISTINCT FROM NEW.note) AND NEW.note <> '') EXECUTE FUNCTION muster_refuse();

CREATE TRIGGER lead_find_keeps BEFORE UPDATE ON lead_find FOR EACH ROW WHEN (OLD.id IS DISTINCT FROM NEW.id OR OLD.lead_id IS DISTINCT FROM NEW.lead_id OR OLD.lead_operation_id IS DISTINCT FROM NEW.lead_operation_id OR OLD.operation_id IS DISTINCT FROM NEW.operation_id OR OLD.case_id IS DISTINCT FROM NEW.case_id OR OLD.location_id IS DISTINCT FROM NEW.location_id OR OLD.country IS DISTINCT FROM NEW.country OR OLD.requesting_country IS DISTINCT FROM NEW.requesting_country OR OLD.author_id IS DISTINCT FROM NEW.author_id OR OLD.author_name IS DISTINCT FROM NEW.author_name OR OLD.made_at IS DISTINCT FROM NEW.made_at OR (OLD.note IS DISTINCT FROM NEW.note) AND NEW.note <> '') EXECUTE FUNCTION muster_refuse();

CREATE TRIGGER fugitive_case_keeps BEFORE UPDATE ON fugitive_case FOR EACH ROW WHEN (OLD.id IS DISTINCT FROM NEW.id OR OLD.operation_id IS DISTINCT FROM NEW.operation_id OR OLD.requesting_country IS DISTINCT FROM NEW.requesting_country OR OLD.number IS DISTINCT FROM NEW.number OR OLD.nominated_at IS DISTINCT FROM NEW.nominated_at OR (NEW.notice_ref <> OLD.notice_ref AND (NEW.erased_at IS NULL OR NEW.notice_ref <> 'erased ' || NEW.number))) EXECUTE FUNCTION muster_refuse();

CREATE TRIGGER entry_stays BEFORE DELETE ON entry FOR EACH ROW EXECUTE FUNCTION muster_refuse();

CREATE TRIGGER entry_lasts BEFORE TRUNCATE ON entry FOR EACH STATEMENT EXECUTE FUNCTION muster_refuse();

CREATE TRIGGER access_entry_stays BEFORE DELETE ON access_entry FOR EACH ROW EXECUTE FUNCTION muster_refuse();

CREATE TRIGGER access_entry_lasts BEFORE TRUNCATE ON access_entry FOR EACH STATEMENT EXECUTE FUNCTION muster_refuse();

CREATE TRIGGER line_stays BEFORE DELETE ON line FOR EACH ROW EXECUTE FUNCTION muster_refuse();

CREATE TRIGGER line_lasts BEFORE TRUNCATE ON line FOR EACH STATEMENT EXECUTE FUNCTION muster_refuse();

CREATE TRIGGER layer_content_stays BEFORE DELETE ON layer_content FOR EACH ROW EXECUTE FUNCTION muster_refuse();

CREATE TRIGGER layer_content_lasts BEFORE TRUNCATE ON layer_content FOR EACH STATEMENT EXECUTE FUNCTION muster_refuse();

CREATE TRIGGER layer_marks_stays BEFORE DELETE ON layer_marks FOR EACH ROW EXECUTE FUNCTION muster_refuse();

CREATE TRIGGER layer_marks_lasts BEFORE TRUNCATE ON layer_marks FOR EACH STATEMENT EXECUTE FUNCTION muster_refuse();

CREATE TRIGGER analysis_result_stays BEFORE DELETE ON analysis_result FOR EACH ROW EXECUTE FUNCTION muster_refuse();

CREATE TRIGGER analysis_result_lasts BEFORE TRUNCATE ON analysis_result FOR EACH STATEMENT EXECUTE FUNCTION muster_refuse();

CREATE TRIGGER plan_item_stays BEFORE DELETE ON plan_item FOR EACH ROW EXECUTE FUNCTION muster_refuse();

CREATE TRIGGER plan_item_lasts BEFORE TRUNCATE ON plan_item FOR EACH STATEMENT EXECUTE FUNCTION muster_refuse();

CREATE TRIGGER heard_step_stays BEFORE DELETE ON heard_step FOR EACH ROW EXECUTE FUNCTION muster_refuse();

CREATE TRIGGER heard_step_lasts BEFORE TRUNCATE ON heard_step FOR EACH STATEMENT EXECUTE FUNCTION muster_refuse();

CREATE TRIGGER row_step_stays BEFORE DELETE ON row_step FOR EACH ROW EXECUTE FUNCTION muster_refuse();

CREATE TRIGGER row_step_lasts BEFORE TRUNCATE ON row_step FOR EACH STATEMENT EXECUTE FUNCTION muster_refuse();

CREATE TRIGGER total_step_stays BEFORE DELETE ON total_step FOR EACH ROW EXECUTE FUNCTION muster_refuse();

CREATE TRIGGER total_step_lasts BEFORE TRUNCATE ON total_step FOR EACH STATEMENT EXECUTE FUNCTION muster_refuse();

CREATE TRIGGER total_checkpoint_stays BEFORE DELETE ON total_checkpoint FOR EACH ROW EXECUTE FUNCTION muster_refuse();

CREATE TRIGGER total_checkpoint_lasts BEFORE TRUNCATE ON total_checkpoint FOR EACH STATEMENT EXECUTE FUNCTION muster_refuse();

CREATE TRIGGER release_stays BEFORE DELETE ON release FOR EACH ROW EXECUTE FUNCTION muster_refuse();

CREATE TRIGGER release_lasts BEFORE TRUNCATE ON release FOR EACH STATEMENT EXECUTE FUNCTION muster_refuse();

CREATE TRIGGER recommendation_note_stays BEFORE DELETE ON recommendation_note FOR EACH ROW EXECUTE FUNCTION muster_refuse();

CREATE TRIGGER recommendation_note_lasts BEFORE TRUNCATE ON recommendation_note FOR EACH STATEMENT EXECUTE FUNCTION muster_refuse();

CREATE TRIGGER evaluation_method_stays BEFORE DELETE ON evaluation_method FOR EACH ROW EXECUTE FUNCTION muster_refuse();

CREATE TRIGGER evaluation_method_lasts BEFORE TRUNCATE ON evaluation_method FOR EACH STATEMENT EXECUTE FUNCTION muster_refuse();

CREATE TRIGGER evaluation_judgement_stays BEFORE DELETE ON evaluation_judgement FOR EACH ROW EXECUTE FUNCTION muster_refuse();

CREATE TRIGGER evaluation_judgement_lasts BEFORE TRUNCATE ON evaluation_judgement FOR EACH STATEMENT EXECUTE FUNCTION muster_refuse();

CREATE TRIGGER evaluation_step_stays BEFORE DELETE ON evaluation_step FOR EACH ROW EXECUTE FUNCTION muster_refuse();

CREATE TRIGGER evaluation_step_lasts BEFORE TRUNCATE ON evaluation_step FOR EACH STATEMENT EXECUTE FUNCTION muster_refuse();

CREATE TRIGGER evaluation_outcome_stays BEFORE DELETE ON evaluation_outcome FOR EACH ROW EXECUTE FUNCTION muster_refuse();

CREATE TRIGGER evaluation_outcome_lasts BEFORE TRUNCATE ON evaluation_outcome FOR EACH STATEMENT EXECUTE FUNCTION muster_refuse();

CREATE TRIGGER post_condition_stays BEFORE DELETE ON post_condition FOR EACH ROW EXECUTE FUNCTION muster_refuse();

CREATE TRIGGER post_condition_lasts BEFORE TRUNCATE ON post_condition FOR EACH STATEMENT EXECUTE FUNCTION muster_refuse();

CREATE TRIGGER post_site_stays BEFORE DELETE ON post_site FOR EACH ROW EXECUTE FUNCTION muster_refuse();

CREATE TRIGGER post_site_lasts BEFORE TRUNCATE ON post_site FOR EACH STATEMENT EXECUTE FUNCTION muster_refuse();

CREATE TRIGGER country_role_stays BEFORE DELETE ON country_role FOR EACH ROW EXECUTE FUNCTION muster_refuse();

CREATE TRIGGER country_role_lasts BEFORE TRUNCATE ON country_role FOR EACH STATEMENT EXECUTE FUNCTION muster_refuse();

CREATE TRIGGER assessment_score_stays BEFORE DELETE ON assessment_score FOR EACH ROW EXECUTE FUNCTION muster_refuse();

CREATE TRIGGER assessment_score_lasts BEFORE TRUNCATE ON assessment_score FOR EACH STATEMENT EXECUTE FUNCTION muster_refuse();

CREATE TRIGGER assessment_step_stays BEFORE DELETE ON assessment_step FOR EACH ROW EXECUTE FUNCTION muster_refuse();

CREATE TRIGGER assessment_step_lasts BEFORE TRUNCATE ON assessment_step FOR EACH STATEMENT EXECUTE FUNCTION muster_refuse();

CREATE TRIGGER snapshot_figure_stays BEFORE DELETE ON snapshot_figure FOR EACH ROW EXECUTE FUNCTION muster_refuse();

CREATE TRIGGER snapshot_figure_lasts BEFORE TRUNCATE ON snapshot_figure FOR EACH STATEMENT EXECUTE FUNCTION muster_refuse();

CREATE TRIGGER equipment_step_stays BEFORE DELETE ON equipment_step FOR EACH ROW EXECUTE FUNCTION muster_refuse();

CREATE TRIGGER equipment_step_lasts BEFORE TRUNCATE ON equipment_step FOR EACH STATEMENT EXECUTE FUNCTION muster_refuse();

CREATE TRIGGER review_comment_stays BEFORE DELETE ON review_comment FOR EACH ROW EXECUTE FUNCTION muster_refuse();

CREATE TRIGGER review_comment_lasts BEFORE TRUNCATE ON review_comment FOR EACH STATEMENT EXECUTE FUNCTION muster_refuse();

CREATE TRIGGER review_step_stays BEFORE DELETE ON review_step FOR EACH ROW EXECUTE FUNCTION muster_refuse();

CREATE TRIGGER review_step_lasts BEFORE TRUNCATE ON review_step FOR EACH STATEMENT EXECUTE FUNCTION muster_refuse();

CREATE TRIGGER project_step_stays BEFORE DELETE ON project_step FOR EACH ROW EXECUTE FUNCTION muster_refuse();

CREATE TRIGGER project_step_lasts BEFORE TRUNCATE ON project_step FOR EACH STATEMENT EXECUTE FUNCTION muster_refuse();

CREATE TRIGGER training_step_stays BEFORE DELETE ON training_step FOR EACH ROW EXECUTE FUNCTION muster_refuse();

CREATE TRIGGER training_step_lasts BEFORE TRUNCATE ON training_step FOR EACH STATEMENT EXECUTE FUNCTION muster_refuse();

CREATE TRIGGER partner_step_stays BEFORE DELETE ON partner_step FOR EACH ROW EXECUTE FUNCTION muster_refuse();

CREATE TRIGGER partner_step_lasts BEFORE TRUNCATE ON partner_step FOR EACH STATEMENT EXECUTE FUNCTION muster_refuse();

CREATE TRIGGER cost_step_stays BEFORE DELETE ON cost_step FOR EACH ROW EXECUTE FUNCTION muster_refuse();

CREATE TRIGGER cost_step_lasts BEFORE TRUNCATE ON cost_step FOR EACH STATEMENT EXECUTE FUNCTION muster_refuse();

CREATE TRIGGER claim_step_stays BEFORE DELETE ON claim_step FOR EACH ROW EXECUTE FUNCTION muster_refuse();

CREATE TRIGGER claim_step_lasts BEFORE TRUNCATE ON claim_step FOR EACH STATEMENT EXECUTE FUNCTION muster_refuse();

CREATE TRIGGER ison_activity_stays BEFORE DELETE ON ison_activity FOR EACH ROW EXECUTE FUNCTION muster_refuse();

CREATE TRIGGER ison_activity_lasts BEFORE TRUNCATE ON ison_activity FOR EACH STATEMENT EXECUTE FUNCTION muster_refuse();

CREATE TRIGGER deployment_entry_stays BEFORE DELETE ON deployment_entry FOR EACH ROW EXECUTE FUNCTION muster_refuse();

CREATE TRIGGER deployment_entry_lasts BEFORE TRUNCATE ON deployment_entry FOR EACH STATEMENT EXECUTE FUNCTION muster_refuse();

CREATE TRIGGER timetable_effect_stays BEFORE DELETE ON timetable_effect FOR EACH ROW EXECUTE FUNCTION muster_refuse();

CREATE TRIGGER timetable_effect_lasts BEFORE TRUNCATE ON timetable_effect FOR EACH STATEMENT EXECUTE FUNCTION muster_refuse();

CREATE TRIGGER oplan_item_stays BEFORE DELETE ON oplan_item FOR EACH ROW EXECUTE FUNCTION muster_refuse();

CREATE TRIGGER oplan_item_lasts BEFORE TRUNCATE ON oplan_item FOR EACH STATEMENT EXECUTE FUNCTION muster_refuse();

CREATE TRIGGER tasking_stays BEFORE DELETE ON tasking FOR EACH ROW EXECUTE FUNCTION muster_refuse();

CREATE TRIGGER tasking_lasts BEFORE TRUNCATE ON tasking FOR EACH STATEMENT EXECUTE FUNCTION muster_refuse();

CREATE TRIGGER notice_check_stays BEFORE DELETE ON notice_check FOR EACH ROW EXECUTE FUNCTION muster_refuse();

CREATE TRIGGER notice_check_lasts BEFORE TRUNCATE ON notice_check FOR EACH STATEMENT EXECUTE FUNCTION muster_refuse();

CREATE TRIGGER appeal_tips_stays BEFORE DELETE ON appeal_tips FOR EACH ROW EXECUTE FUNCTION muster_refuse();

CREATE TRIGGER appeal_tips_lasts BEFORE TRUNCATE ON appeal_tips FOR EACH STATEMENT EXECUTE FUNCTION muster_refuse();

CREATE TRIGGER incident_apart_stays BEFORE DELETE ON incident_apart FOR EACH ROW EXECUTE FUNCTION muster_refuse();

CREATE TRIGGER incident_apart_lasts BEFORE TRUNCATE ON incident_apart FOR EACH STATEMENT EXECUTE FUNCTION muster_refuse();

CREATE TRIGGER api_token_stays BEFORE DELETE ON api_token FOR EACH ROW EXECUTE FUNCTION muster_refuse();

CREATE TRIGGER api_token_lasts BEFORE TRUNCATE ON api_token FOR EACH STATEMENT EXECUTE FUNCTION muster_refuse();

CREATE TRIGGER sheet_mapping_stays BEFORE DELETE ON sheet_mapping FOR EACH ROW EXECUTE FUNCTION muster_refuse();

CREATE TRIGGER sheet_mapping_lasts BEFORE TRUNCATE ON sheet_mapping FOR EACH STATEMENT EXECUTE FUNCTION muster_refuse();

CREATE TRIGGER recommendation_stays BEFORE DELETE ON recommendation FOR EACH ROW EXECUTE FUNCTION muster_refuse();

CREATE TRIGGER recommendation_lasts BEFORE TRUNCATE ON recommendation FOR EACH STATEMENT EXECUTE FUNCTION muster_refuse();

CREATE TRIGGER evaluation_stays BEFORE DELETE ON evaluation FOR EACH ROW EXECUTE FUNCTION muster_refuse();

CREATE TRIGGER evaluation_lasts BEFORE TRUNCATE ON evaluation FOR EACH STATEMENT EXECUTE FUNCTION muster_refuse();

CREATE TRIGGER evaluation_country_stays BEFORE DELETE ON evaluation_country FOR EACH ROW EXECUTE FUNCTION muster_refuse();

CREATE TRIGGER evaluation_country_lasts BEFORE TRUNCATE ON evaluation_country FOR EACH STATEMENT EXECUTE FUNCTION muster_refuse();

CREATE TRIGGER assessment_stays BEFORE DELETE ON assessment FOR EACH ROW EXECUTE FUNCTION muster_refuse();

CREATE TRIGGER assessment_lasts BEFORE TRUNCATE ON assessment FOR EACH STATEMENT EXECUTE FUNCTION muster_refuse();

CREATE TRIGGER equipment_stays BEFORE DELETE ON equipment FOR EACH ROW EXECUTE FUNCTION muster_refuse();

CREATE TRIGGER equipment_lasts BEFORE TRUNCATE ON equipment FOR EACH STATEMENT EXECUTE FUNCTION muster_refuse();

CREATE TRIGGER link_stays BEFORE DELETE ON link FOR EACH ROW EXECUTE FUNCTION muster_refuse();

CREATE TRIGGER link_lasts BEFORE TRUNCATE ON link FOR EACH STATEMENT EXECUTE FUNCTION muster_refuse();

CREATE TRIGGER review_stays BEFORE DELETE ON review FOR EACH ROW EXECUTE FUNCTION muster_refuse();

CREATE TRIGGER review_lasts BEFORE TRUNCATE ON review FOR EACH STATEMENT EXECUTE FUNCTION muster_refuse();

CREATE TRIGGER review_finding_stays BEFORE DELETE ON review_finding FOR EACH ROW EXECUTE FUNCTION muster_refuse();

CREATE TRIGGER review_finding_lasts BEFORE TRUNCATE ON review_finding FOR EACH STATEMENT EXECUTE FUNCTION muster_refuse();

CREATE TRIGGER project_stays BEFORE DELETE ON project FOR EACH ROW EXECUTE FUNCTION muster_refuse();

CREATE TRIGGER project_lasts BEFORE TRUNCATE ON project FOR EACH STATEMENT EXECUTE FUNCTION muster_refuse();

CREATE TRIGGER project_part_stays BEFORE DELETE ON project_part FOR EACH ROW EXECUTE FUNCTION muster_refuse();

CREATE TRIGGER project_part_lasts BEFORE TRUNCATE ON project_part FOR EACH STATEMENT EXECUTE FUNCTION muster_refuse();

CREATE TRIGGER project_money_stays BEFORE DELETE ON project_money FOR EACH ROW EXECUTE FUNCTION muster_refuse();

CREATE TRIGGER project_money_lasts BEFORE TRUNCATE ON project_money FOR EACH STATEMENT EXECUTE FUNCTION muster_refuse();

CREATE TRIGGER operation_cost_stays BEFORE DELETE ON operation_cost FOR EACH ROW EXECUTE FUNCTION muster_refuse();

CREATE TRIGGER operation_cost_lasts BEFORE TRUNCATE ON operation_cost FOR EACH STATEMENT EXECUTE FUNCTION muster_refuse();

CREATE TRIGGER cost_book_stays BEFORE DELETE ON cost_book FOR EACH ROW EXECUTE FUNCTION muster_refuse();

CREATE TRIGGER cost_book_lasts BEFORE TRUNCATE ON cost_book FOR EACH STATEMENT EXECUTE FUNCTION muster_refuse();

CREATE TRIGGER milestone_stays BEFORE DELETE ON milestone FOR EACH ROW EXECUTE FUNCTION muster_refuse();

CREATE TRIGGER milestone_lasts BEFORE TRUNCATE ON milestone FOR EACH STATEMENT EXECUTE FUNCTION muster_refuse();

CREATE TRIGGER usage_month_stays BEFORE DELETE ON usage_month FOR EACH ROW EXECUTE FUNCTION muster_refuse();

CREATE TRIGGER usage_month_lasts BEFORE TRUNCATE ON usage_month FOR EACH STATEMENT EXECUTE FUNCTION muster_refuse();

CREATE TRIGGER centre_connection_stays BEFORE DELETE ON centre_connection FOR EACH ROW EXECUTE FUNCTION muster_refuse();

CREATE TRIGGER centre_connection_lasts BEFORE TRUNCATE ON centre_connection FOR EACH STATEMENT EXECUTE FUNCTION muster_refuse();

CREATE TRIGGER centre_report_stays BEFORE DELETE ON centre_report FOR EACH ROW EXECUTE FUNCTION muster_refuse();

CREATE TRIGGER centre_report_lasts BEFORE TRUNCATE ON centre_report FOR EACH STATEMENT EXECUTE FUNCTION muster_refuse();

CREATE TRIGGER connection_plan_stays BEFORE DELETE ON connection_plan FOR EACH ROW EXECUTE FUNCTION muster_refuse();

CREATE TRIGGER connection_plan_lasts BEFORE TRUNCATE ON connection_plan FOR EACH STATEMENT EXECUTE FUNCTION muster_refuse();

CREATE TRIGGER outage_stays BEFORE DELETE ON outage FOR EACH ROW EXECUTE FUNCTION muster_refuse();

CREATE TRIGGER outage_lasts BEFORE TRUNCATE ON outage FOR EACH STATEMENT EXECUTE FUNCTION muster_refuse();

CREATE TRIGGER course_stays BEFORE DELETE ON course FOR EACH ROW EXECUTE FUNCTION muster_refuse();

CREATE TRIGGER course_lasts BEFORE TRUNCATE ON course FOR EACH STATEMENT EXECUTE FUNCTION muster_refuse();

CREATE TRIGGER course_run_stays BEFORE DELETE ON course_run FOR EACH ROW EXECUTE FUNCTION muster_refuse();

CREATE TRIGGER course_run_lasts BEFORE TRUNCATE ON course_run FOR EACH STATEMENT EXECUTE FUNCTION muster_refuse();

CREATE TRIGGER enrolment_stays BEFORE DELETE ON enrolment FOR EACH ROW EXECUTE FUNCTION muster_refuse();

CREATE TRIGGER enrolment_lasts BEFORE TRUNCATE ON enrolment FOR EACH STATEMENT EXECUTE FUNCTION muster_refuse();

CREATE TRIGGER course_certificate_stays BEFORE DELETE ON course_certificate FOR EACH ROW EXECUTE FUNCTION muster_refuse();

CREATE TRIGGER course_certificate_lasts BEFORE TRUNCATE ON course_certificate FOR EACH STATEMENT EXECUTE FUNCTION muster_refuse();

CREATE TRIGGER curriculum_stays BEFORE DELETE ON curriculum FOR EACH ROW EXECUTE FUNCTION muster_refuse();

CREATE TRIGGER curriculum_lasts BEFORE TRUNCATE ON curriculum FOR EACH STATEMENT EXECUTE FUNCTION muster_refuse();

CREATE TRIGGER trainer_stays BEFORE DELETE ON trainer FOR EACH ROW EXECUTE FUNCTION muster_refuse();

CREATE TRIGGER trainer_lasts BEFORE TRUNCATE ON trainer FOR EACH STATEMENT EXECUTE FUNCTION muster_refuse();

CREATE TRIGGER cascade_run_stays BEFORE DELETE ON cascade_run FOR EACH ROW EXECUTE FUNCTION muster_refuse();

CREATE TRIGGER cascade_run_lasts BEFORE TRUNCATE ON cascade_run FOR EACH STATEMENT EXECUTE FUNCTION muster_refuse();

CREATE TRIGGER data_request_stays BEFORE DELETE ON data_request FOR EACH ROW EXECUTE FUNCTION muster_refuse();

CREATE TRIGGER data_request_lasts BEFORE TRUNCATE ON data_request FOR EACH STATEMENT EXECUTE FUNCTION muster_refuse();

CREATE TRIGGER data_copy_stays BEFORE DELETE ON data_copy FOR EACH ROW EXECUTE FUNCTION muster_refuse();

CREATE TRIGGER data_copy_lasts BEFORE TRUNCATE ON data_copy FOR EACH STATEMENT EXECUTE FUNCTION muster_refuse();

CREATE TRIGGER legal_hold_stays BEFORE DELETE ON legal_hold FOR EACH ROW EXECUTE FUNCTION muster_refuse();

CREATE TRIGGER legal_hold_lasts BEFORE TRUNCATE ON legal_hold FOR EACH STATEMENT EXECUTE FUNCTION muster_refuse();

CREATE TRIGGER engagement_stays BEFORE DELETE ON engagement FOR EACH ROW EXECUTE FUNCTION muster_refuse();

CREATE TRIGGER engagement_lasts BEFORE TRUNCATE ON engagement FOR EACH STATEMENT EXECUTE FUNCTION muster_refuse();

CREATE TRIGGER post_stays BEFORE DELETE ON post FOR EACH ROW EXECUTE FUNCTION muster_refuse();

CREATE TRIGGER post_lasts BEFORE TRUNCATE ON post FOR EACH STATEMENT EXECUTE FUNCTION muster_refuse();

CREATE TRIGGER snapshot_stays BEFORE DELETE ON snapshot FOR EACH ROW EXECUTE FUNCTION muster_refuse();

CREATE TRIGGER snapshot_lasts BEFORE TRUNCATE ON snapshot FOR EACH STATEMENT EXECUTE FUNCTION muster_refuse();

CREATE TRIGGER claim_stays BEFORE DELETE ON claim FOR EACH ROW EXECUTE FUNCTION muster_refuse();

CREATE TRIGGER claim_lasts BEFORE TRUNCATE ON claim FOR EACH STATEMENT EXECUTE FUNCTION muster_refuse();

CREATE TRIGGER claim_pointer_stays BEFORE DELETE ON claim_pointer FOR EACH ROW EXECUTE FUNCTION muster_refuse();

CREATE TRIGGER claim_pointer_lasts BEFORE TRUNCATE ON claim_pointer FOR EACH STATEMENT EXECUTE FUNCTION muster_refuse();

CREATE TRIGGER report_stays BEFORE DELETE ON report FOR EACH ROW EXECUTE FUNCTION muster_refuse();

CREATE TRIGGER report_lasts BEFORE TRUNCATE ON report FOR EACH STATEMENT EXECUTE FUNCTION muster_refuse();

CREATE TRIGGER event_layer_stays BEFORE DELETE ON event_layer FOR EACH ROW EXECUTE FUNCTION muster_refuse();

CREATE TRIGGER event_layer_lasts BEFORE TRUNCATE ON event_layer FOR EACH STATEMENT EXECUTE FUNCTION muster_refuse();

CREATE TRIGGER analysis_stays BEFORE DELETE ON analysis FOR EACH ROW EXECUTE FUNCTION muster_refuse();

CREATE TRIGGER analysis_lasts BEFORE TRUNCATE ON analysis FOR EACH STATEMENT EXECUTE FUNCTION muster_refuse();

CREATE TRIGGER plan_version_stays BEFORE DELETE ON plan_version FOR EACH ROW EXECUTE FUNCTION muster_refuse();

CREATE TRIGGER plan_version_lasts BEFORE TRUNCATE ON plan_version FOR EACH STATEMENT EXECUTE FUNCTION muster_refuse();

CREATE TRIGGER deconfliction_room_stays BEFORE DELETE ON deconfliction_room FOR EACH ROW EXECUTE FUNCTION muster_refuse();

CREATE TRIGGER deconfliction_room_lasts BEFORE TRUNCATE ON deconfliction_room FOR EACH STATEMENT EXECUTE FUNCTION muster_refuse();

CREATE TRIGGER deconfliction_match_stays BEFORE DELETE ON deconfliction_match FOR EACH ROW EXECUTE FUNCTION muster_refuse();

CREATE TRIGGER deconfliction_match_lasts BEFORE TRUNCATE ON deconfliction_match FOR EACH STATEMENT EXECUTE FUNCTION muster_refuse();

CREATE TRIGGER deconfliction_side_stays BEFORE DELETE ON deconfliction_side FOR EACH ROW EXECUTE FUNCTION muster_refuse();

CREATE TRIGGER deconfliction_side_lasts BEFORE TRUNCATE ON deconfliction_side FOR EACH STATEMENT EXECUTE FUNCTION muster_refuse();

CREATE TRIGGER ison_member_stays BEFORE DELETE ON ison_member FOR EACH ROW EXECUTE FUNCTION muster_refuse();

CREATE TRIGGER ison_member_lasts BEFORE TRUNCATE ON ison_member FOR EACH STATEMENT EXECUTE FUNCTION muster_refuse();

CREATE TRIGGER dispatch_receipt_stays BEFORE DELETE ON dispatch_receipt FOR EACH ROW EXECUTE FUNCTION muster_refuse();

CREATE TRIGGER dispatch_receipt_lasts BEFORE TRUNCATE ON dispatch_receipt FOR EACH STATEMENT EXECUTE FUNCTION muster_refuse();

CREATE TRIGGER partner_admission_stays BEFORE DELETE ON partner_admission FOR EACH ROW EXECUTE FUNCTION muster_refuse();

CREATE TRIGGER partner_admission_lasts BEFORE TRUNCATE ON partner_admission FOR EACH STATEMENT EXECUTE FUNCTION muster_refuse();

CREATE TRIGGER support_request_stays BEFORE DELETE ON support_request FOR EACH ROW EXECUTE FUNCTION muster_refuse();

CREATE TRIGGER support_request_lasts BEFORE TRUNCATE ON support_request FOR EACH STATEMENT EXECUTE FUNCTION muster_refuse();

CREATE TRIGGER support_need_stays BEFORE DELETE ON support_need FOR EACH ROW EXECUTE FUNCTION muster_refuse();

CREATE TRIGGER support_need_lasts BEFORE TRUNCATE ON support_need FOR EACH STATEMENT EXECUTE FUNCTION muster_refuse();

CREATE TRIGGER support_offer_stays BEFORE DELETE ON support_offer FOR EACH ROW EXECUTE FUNCTION muster_refuse();

CREATE TRIGGER support_offer_lasts BEFORE TRUNCATE ON support_offer FOR EACH STATEMENT EXECUTE FUNCTION muster_refuse();

CREATE TRIGGER deployment_stays BEFORE DELETE ON deployment FOR EACH ROW EXECUTE FUNCTION muster_refuse();

CREATE TRIGGER deployment_lasts BEFORE TRUNCATE ON deployment FOR EACH STATEMENT EXECUTE FUNCTION muster_refuse();

CREATE TRIGGER team_certificate_stays BEFORE DELETE ON team_certificate FOR EACH ROW EXECUTE FUNCTION muster_refuse();

CREATE TRIGGER team_certificate_lasts BEFORE TRUNCATE ON team_certificate FOR EACH STATEMENT EXECUTE FUNCTION muster_refuse();

CREATE TRIGGER team_absence_stays BEFORE DELETE ON team_absence FOR EACH ROW EXECUTE FUNCTION muster_refuse();

CREATE TRIGGER team_absence_lasts BEFORE TRUNCATE ON team_absence FOR EACH STATEMENT EXECUTE FUNCTION muster_refuse();

CREATE TRIGGER oplan_section_stays BEFORE DELETE ON oplan_section FOR EACH ROW EXECUTE FUNCTION muster_refuse();

CREATE TRIGGER oplan_section_lasts BEFORE TRUNCATE ON oplan_section FOR EACH STATEMENT EXECUTE FUNCTION muster_refuse();

CREATE TRIGGER oplan_version_stays BEFORE DELETE ON oplan_version FOR EACH ROW EXECUTE FUNCTION muster_refuse();

CREATE TRIGGER oplan_version_lasts BEFORE TRUNCATE ON oplan_version FOR EACH STATEMENT EXECUTE FUNCTION muster_refuse();

CREATE TRIGGER oplan_comment_stays BEFORE DELETE ON oplan_comment FOR EACH ROW EXECUTE FUNCTION muster_refuse();

CREATE TRIGGER oplan_comment_lasts BEFORE TRUNCATE ON oplan_comment FOR EACH STATEMENT EXECUTE FUNCTION muster_refuse();

CREATE TRIGGER coordination_unit_stays BEFORE DELETE ON coordination_unit FOR EACH ROW EXECUTE FUNCTION muster_refuse();

CREATE TRIGGER coordination_unit_lasts BEFORE TRUNCATE ON coordination_unit FOR EACH STATEMENT EXECUTE FUNCTION muster_refuse();

CREATE TRIGGER network_link_stays BEFORE DELETE ON network_link FOR EACH ROW EXECUTE FUNCTION muster_refuse();

CREATE TRIGGER network_link_lasts BEFORE TRUNCATE ON network_link FOR EACH STATEMENT EXECUTE FUNCTION muster_refuse();

CREATE TRIGGER template_lesson_stays BEFORE DELETE ON template_lesson FOR EACH ROW EXECUTE FUNCTION muster_refuse();

CREATE TRIGGER template_lesson_lasts BEFORE TRUNCATE ON template_lesson FOR EACH STATEMENT EXECUTE FUNCTION muster_refuse();

CREATE TRIGGER template_stays BEFORE DELETE ON template FOR EACH ROW EXECUTE FUNCTION muster_refuse();

CREATE TRIGGER template_lasts BEFORE TRUNCATE ON template FOR EACH STATEMENT EXECUTE FUNCTION muster_refuse();

CREATE TRIGGER lead_stays BEFORE DELETE ON lead FOR EACH ROW EXECUTE FUNCTION muster_refuse();

CREATE TRIGGER lead_lasts BEFORE TRUNCATE ON lead FOR EACH STATEMENT EXECUTE FUNCTION muster_refuse();

CREATE TRIGGER appeal_list_stays BEFORE DELETE ON appeal_list FOR EACH ROW EXECUTE FUNCTION muster_refuse();

CREATE TRIGGER appeal_list_lasts BEFORE TRUNCATE ON appeal_list FOR EACH STATEMENT EXECUTE FUNCTION muster_refuse();

CREATE TRIGGER appeal_item_stays BEFORE DELETE ON appeal_item FOR EACH ROW EXECUTE FUNCTION muster_refuse();

CREATE TRIGGER appeal_item_lasts BEFORE TRUNCATE ON appeal_item FOR EACH STATEMENT EXECUTE FUNCTION muster_refuse();

CREATE TRIGGER message_stays BEFORE DELETE ON message FOR EACH ROW EXECUTE FUNCTION muster_refuse();

CREATE TRIGGER message_lasts BEFORE TRUNCATE ON message FOR EACH STATEMENT EXECUTE FUNCTION muster_refuse();

CREATE TRIGGER lead_version_stays BEFORE DELETE ON lead_version FOR EACH ROW EXECUTE FUNCTION muster_refuse();

CREATE TRIGGER lead_version_lasts BEFORE TRUNCATE ON lead_version FOR EACH STATEMENT EXECUTE FUNCTION muster_refuse();

CREATE TRIGGER lead_answer_stays BEFORE DELETE ON lead_answer FOR EACH ROW EXECUTE FUNCTION muster_refuse();

CREATE TRIGGER lead_answer_lasts BEFORE TRUNCATE ON lead_answer FOR EACH STATEMENT EXECUTE FUNCTION muster_refuse();

CREATE TRIGGER fugitive_version_stays BEFORE DELETE ON fugitive_version FOR EACH ROW EXECUTE FUNCTION muster_refuse();

CREATE TRIGGER fugitive_version_lasts BEFORE TRUNCATE ON fugitive_version FOR EACH STATEMENT EXECUTE FUNCTION muster_refuse();

CREATE TRIGGER fugitive_step_stays BEFORE DELETE ON fugitive_step FOR EACH ROW EXECUTE FUNCTION muster_refuse();

CREATE TRIGGER fugitive_step_lasts BEFORE TRUNCATE ON fugitive_step FOR EACH STATEMENT EXECUTE FUNCTION muster_refuse();

CREATE TRIGGER fugitive_location_stays BEFORE DELETE ON fugitive_location FOR EACH ROW EXECUTE FUNCTION muster_refuse();

CREATE TRIGGER fugitive_location_lasts BEFORE TRUNCATE ON fugitive_location FOR EACH STATEMENT EXECUTE FUNCTION muster_refuse();

CREATE TRIGGER serious_incident_stays BEFORE DELETE ON serious_incident FOR EACH ROW EXECUTE FUNCTION muster_refuse();

CREATE TRIGGER serious_incident_lasts BEFORE TRUNCATE ON serious_incident FOR EACH STATEMENT EXECUTE FUNCTION muster_refuse();

CREATE TRIGGER incident_version_stays BEFORE DELETE ON incident_version FOR EACH ROW EXECUTE FUNCTION muster_refuse();

CREATE TRIGGER incident_version_lasts BEFORE TRUNCATE ON incident_version FOR EACH STATEMENT EXECUTE FUNCTION muster_refuse();

CREATE TRIGGER incident_grant_stays BEFORE DELETE ON incident_grant FOR EACH ROW EXECUTE FUNCTION muster_refuse();

CREATE TRIGGER incident_grant_lasts BEFORE TRUNCATE ON incident_grant FOR EACH STATEMENT EXECUTE FUNCTION muster_refuse();

CREATE TRIGGER deconfliction_entry_stays BEFORE DELETE ON deconfliction_entry FOR EACH ROW EXECUTE FUNCTION muster_refuse();

CREATE TRIGGER deconfliction_entry_lasts BEFORE TRUNCATE ON deconfliction_entry FOR EACH STATEMENT EXECUTE FUNCTION muster_refuse();

CREATE TRIGGER dispatch_stays BEFORE DELETE ON dispatch FOR EACH ROW EXECUTE FUNCTION muster_refuse();

CREATE TRIGGER dispatch_lasts BEFORE TRUNCATE ON dispatch FOR EACH STATEMENT EXECUTE FUNCTION muster_refuse();

CREATE TRIGGER dispatch_passing_stays BEFORE DELETE ON dispatch_passing FOR EACH ROW EXECUTE FUNCTION muster_refuse();

CREATE TRIGGER dispatch_passing_lasts BEFORE TRUNCATE ON dispatch_passing FOR EACH STATEMENT EXECUTE FUNCTION muster_refuse();

CREATE TRIGGER product_request_stays BEFORE DELETE ON product_request FOR EACH ROW EXECUTE FUNCTION muster_refuse();

CREATE TRIGGER product_request_lasts BEFORE TRUNCATE ON product_request FOR EACH STATEMENT EXECUTE FUNCTION muster_refuse();

CREATE TRIGGER product_step_stays BEFORE DELETE ON product_step FOR EACH ROW EXECUTE FUNCTION muster_refuse();

CREATE TRIGGER product_step_lasts BEFORE TRUNCATE ON product_step FOR EACH STATEMENT EXECUTE FUNCTION muster_refuse();

CREATE TRIGGER product_stays BEFORE DELETE ON product FOR EACH ROW EXECUTE FUNCTION muster_refuse();

CREATE TRIGGER product_lasts BEFORE TRUNCATE ON product FOR EACH STATEMENT EXECUTE FUNCTION muster_refuse();

CREATE TRIGGER product_share_stays BEFORE DELETE ON product_share FOR EACH ROW EXECUTE FUNCTION muster_refuse();

CREATE TRIGGER product_share_lasts BEFORE TRUNCATE ON product_share FOR EACH STATEMENT EXECUTE FUNCTION muster_refuse();

CREATE TRIGGER hypothesis_stays BEFORE DELETE ON hypothesis FOR EACH ROW EXECUTE FUNCTION muster_refuse();

CREATE TRIGGER hypothesis_lasts BEFORE TRUNCATE ON hypothesis FOR EACH STATEMENT EXECUTE FUNCTION muster_refuse();

CREATE TRIGGER network_entity_stays BEFORE DELETE ON network_entity FOR EACH ROW EXECUTE FUNCTION muster_refuse();

CREATE TRIGGER network_entity_lasts BEFORE TRUNCATE ON network_entity FOR EACH STATEMENT EXECUTE FUNCTION muster_refuse();

CREATE TRIGGER lead_result_stays BEFORE DELETE ON lead_result FOR EACH ROW EXECUTE FUNCTION muster_refuse();

CREATE TRIGGER lead_result_lasts BEFORE TRUNCATE ON lead_result FOR EACH STATEMENT EXECUTE FUNCTION muster_refuse();

CREATE TRIGGER lead_find_stays BEFORE DELETE ON lead_find FOR EACH ROW EXECUTE FUNCTION muster_refuse();

CREATE TRIGGER lead_find_lasts BEFORE TRUNCATE ON lead_find FOR EACH STATEMENT EXECUTE FUNCTION muster_refuse();

CREATE TRIGGER fugitive_case_stays BEFORE DELETE ON fugitive_case FOR EACH ROW EXECUTE FUNCTION muster_refuse();

CREATE TRIGGER fugitive_case_lasts BEFORE TRUNCATE ON fugitive_case FOR EACH STATEMENT EXECUTE FUNCTION muster_refuse();

CREATE TRIGGER team_stays BEFORE DELETE ON team FOR EACH ROW EXECUTE FUNCTION muster_refuse();

CREATE TRIGGER team_lasts BEFORE TRUNCATE ON team FOR EACH STATEMENT EXECUTE FUNCTION muster_refuse();

CREATE TRIGGER team_member_stays BEFORE DELETE ON team_member FOR EACH ROW EXECUTE FUNCTION muster_refuse();

CREATE TRIGGER team_member_lasts BEFORE TRUNCATE ON team_member FOR EACH STATEMENT EXECUTE FUNCTION muster_refuse();

CREATE TRIGGER asset_stays BEFORE DELETE ON asset FOR EACH ROW EXECUTE FUNCTION muster_refuse();

CREATE TRIGGER asset_lasts BEFORE TRUNCATE ON asset FOR EACH STATEMENT EXECUTE FUNCTION muster_refuse();

CREATE TRIGGER snapshot_signed BEFORE UPDATE ON snapshot FOR EACH ROW WHEN (NEW.signed_by <> OLD.signed_by OR NEW.approved_by <> OLD.approved_by) EXECUTE FUNCTION muster_refuse();

CREATE TRIGGER analysis_ends BEFORE UPDATE ON analysis FOR EACH ROW WHEN (OLD.state IN ('done', 'failed', 'cancelled') AND NEW.state <> OLD.state) EXECUTE FUNCTION muster_refuse();

CREATE TRIGGER connection_plan_ends BEFORE UPDATE ON connection_plan FOR EACH ROW WHEN (OLD.state IN ('done', 'failed', 'cancelled') AND NEW.state <> OLD.state) EXECUTE FUNCTION muster_refuse();

CREATE TRIGGER fugitive_location_erases BEFORE UPDATE ON fugitive_location FOR EACH ROW WHEN (NEW.remark <> OLD.remark AND NEW.remark <> '') EXECUTE FUNCTION muster_refuse();

CREATE TRIGGER line_answered BEFORE INSERT ON line FOR EACH ROW WHEN (NEW.kind = 'hit' AND NEW.status <> 'pending') EXECUTE FUNCTION line_answered();

CREATE TRIGGER report_answered BEFORE UPDATE ON report FOR EACH ROW WHEN (OLD.verified_by IS DISTINCT FROM NEW.verified_by OR OLD.validated_by IS DISTINCT FROM NEW.validated_by OR OLD.consolidated_by IS DISTINCT FROM NEW.consolidated_by) EXECUTE FUNCTION report_answered();

CREATE TRIGGER journal_head_tells AFTER UPDATE ON journal_head FOR EACH ROW WHEN (NEW.chain = 'journal') EXECUTE FUNCTION muster_tell();

ALTER TABLE layer_marks ALTER COLUMN data SET STORAGE EXTERNAL;

ALTER TABLE report ENABLE ROW LEVEL SECURITY;

ALTER TABLE report FORCE ROW LEVEL SECURITY;

CREATE POLICY report_by_country ON report USING (current_setting('muster.reach', true) = 'all' OR (current_setting('muster.reach', true) = 'nation' AND country = current_setting('muster.country', true))) WITH CHECK (current_setting('muster.reach', true) = 'all' OR (current_setting('muster.reach', true) = 'nation' AND country = current_setting('muster.country', true)));

ALTER TABLE line ENABLE ROW LEVEL SECURITY;

ALTER TABLE line FORCE ROW LEVEL SECURITY;

CREATE POLICY line_by_country ON line USING (current_setting('muster.reach', true) = 'all' OR (current_setting('muster.reach', true) = 'nation' AND country = current_setting('muster.country', true))) WITH CHECK (current_setting('muster.reach', true) = 'all' OR (current_setting('muster.reach', true) = 'nation' AND country = current_setting('muster.country', true)));

ALTER TABLE layer_upload ENABLE ROW LEVEL SECURITY;

ALTER TABLE layer_upload FORCE ROW LEVEL SECURITY;

CREATE POLICY layer_upload_by_country ON layer_upload USING (current_setting('muster.reach', true) = 'all' OR (current_setting('muster.reach', true) = 'nation' AND country = current_setting('muster.country', true))) WITH CHECK (current_setting('muster.reach', true) = 'all' OR (current_setting('muster.reach', true) = 'nation' AND country = current_setting('muster.country', true)));

ALTER TABLE event_layer ENABLE ROW LEVEL SECURITY;

ALTER TABLE event_layer FORCE ROW LEVEL SECURITY;

CREATE POLICY event_layer_by_country ON event_layer USING (current_setting('muster.reach', true) IN ('all', 'none') OR (current_setting('muster.reach', true) = 'nation' AND country = current_setting('muster.country', true)) OR ((current_setting('muster.reach', true) = 'nation' AND audience = 'participants') AND NOT EXISTS (SELECT 1 FROM withholding AS w WHERE w.partner = current_setting('muster.country', true) AND w.operation_id = event_layer.operation_id AND w.country = event_layer.country))) WITH CHECK (current_setting('muster.reach', true) = 'all' OR (current_setting('muster.reach', true) = 'nation' AND country = current_setting('muster.country', true)));

ALTER TABLE layer_content ENABLE ROW LEVEL SECURITY;

ALTER TABLE layer_content FORCE ROW LEVEL SECURITY;

CREATE POLICY layer_content_by_country ON layer_content USING (EXISTS (SELECT 1 FROM event_layer WHERE event_layer.content_id = layer_content.version_id)) WITH CHECK (EXISTS (SELECT 1 FROM event_layer WHERE event_layer.content_id = layer_content.version_id));

ALTER TABLE layer_marks ENABLE ROW LEVEL SECURITY;

ALTER TABLE layer_marks FORCE ROW LEVEL SECURITY;

CREATE POLICY layer_marks_by_country ON layer_marks USING (EXISTS (SELECT 1 FROM event_layer WHERE event_layer.content_id = layer_marks.content_id)) WITH CHECK (EXISTS (SELECT 1 FROM event_layer WHERE event_layer.content_id = layer_marks.content_id));

ALTER TABLE analysis ENABLE ROW LEVEL SECURITY;

ALTER TABLE analysis FORCE ROW LEVEL SECURITY;

CREATE POLICY analysis_by_country ON analysis USING (current_setting('muster.reach', true) IN ('all', 'none')) WITH CHECK (current_setting('muster.reach', true) = 'all');

ALTER TABLE connection_plan ENABLE ROW LEVEL SECURITY;

ALTER TABLE connection_plan FORCE ROW LEVEL SECURITY;

CREATE POLICY connection_plan_by_country ON connection_plan USING (current_setting('muster.reach', true) IN ('all', 'none')) WITH CHECK (current_setting('muster.reach', true) = 'all');

ALTER TABLE hypothesis ENABLE ROW LEVEL SECURITY;

ALTER TABLE hypothesis FORCE ROW LEVEL SECURITY;

CREATE POLICY hypothesis_by_country ON hypothesis USING (current_setting('muster.reach', true) IN ('all', 'none')) WITH CHECK (current_setting('muster.reach', true) = 'all');

ALTER TABLE network_entity ENABLE ROW LEVEL SECURITY;

ALTER TABLE network_entity FORCE ROW LEVEL SECURITY;

CREATE POLICY network_entity_by_country ON network_entity USING (current_setting('muster.reach', true) IN ('all', 'none')) WITH CHECK (current_setting('muster.reach', true) = 'all');

ALTER TABLE network_link ENABLE ROW LEVEL SECURITY;

ALTER TABLE network_link FORCE ROW LEVEL SECURITY;

CREATE POLICY network_link_by_country ON network_link USING (current_setting('muster.reach', true) IN ('all', 'none')) WITH CHECK (current_setting('muster.reach', true) = 'all');

ALTER TABLE tasking ENABLE ROW LEVEL SECURITY;

ALTER TABLE tasking FORCE ROW LEVEL SECURITY;

CREATE POLICY tasking_by_country ON tasking USING (current_setting('muster.reach', true) IN ('all', 'none')) WITH CHECK (current_setting('muster.reach', true) = 'all');

ALTER TABLE template ENABLE ROW LEVEL SECURITY;

ALTER TABLE template FORCE ROW LEVEL SECURITY;

CREATE POLICY template_by_country ON template USING (current_setting('muster.reach', true) IN ('all', 'none')) WITH CHECK (current_setting('muster.reach', true) = 'all');

ALTER TABLE template_lesson ENABLE ROW LEVEL SECURITY;

ALTER TABLE template_lesson FORCE ROW LEVEL SECURITY;

CREATE POLICY template_lesson_by_country ON template_lesson USING (current_setting('muster.reach', true) IN ('all', 'none')) WITH CHECK (current_setting('muster.reach', true) = 'all');

ALTER TABLE analysis_result ENABLE ROW LEVEL SECURITY;

ALTER TABLE analysis_result FORCE ROW LEVEL SECURITY;

CREATE POLICY analysis_result_by_country ON analysis_result USING (EXISTS (SELECT 1 FROM analysis WHERE analysis.id = analysis_result.analysis_id)) WITH CHECK (current_setting('muster.reach', true) = 'all');

ALTER TABLE plan_version ENABLE ROW LEVEL SECURITY;

ALTER TABLE plan_version FORCE ROW LEVEL SECURITY;

CREATE POLICY plan_version_by_country ON plan_version USING (current_setting('muster.reach', true) IN ('all', 'none') OR (current_setting('muster.reach', true) = 'nation' AND approved_at IS NOT NULL)) WITH CHECK (current_setting('muster.reach', true) IN ('all', 'none'));

ALTER TABLE plan_item ENABLE ROW LEVEL SECURITY;

ALTER TABLE plan_item FORCE ROW LEVEL SECURITY;

CREATE POLICY plan_item_by_country ON plan_item USING (EXISTS (SELECT 1 FROM plan_version WHERE plan_version.id = plan_item.plan_version_id) AND (current_setting('muster.reach', true) IN ('all', 'none') OR (current_setting('muster.reach', true) = 'nation' AND country = current_setting('muster.country', true)) OR (current_setting('muster.reach', true) = 'nation' AND audience = 'participants'))) WITH CHECK (current_setting('muster.reach', true) = 'all');

ALTER TABLE team ENABLE ROW LEVEL SECURITY;

ALTER TABLE team FORCE ROW LEVEL SECURITY;

CREATE POLICY team_by_country ON team USING (current_setting('muster.reach', true) IN ('all', 'none') OR (current_setting('muster.reach', true) = 'nation' AND country = current_setting('muster.country', true))) WITH CHECK (current_setting('muster.reach', true) = 'all' OR (current_setting('muster.reach', true) = 'nation' AND country = current_setting('muster.country', true)));

ALTER TABLE team_member ENABLE ROW LEVEL SECURITY;

ALTER TABLE team_member FORCE ROW LEVEL SECURITY;

CREATE POLICY team_member_by_country ON team_member USING (current_setting('muster.reach', true) IN ('all', 'none') OR (current_setting('muster.reach', true) = 'nation' AND country = current_setting('muster.country', true))) WITH CHECK (current_setting('muster.reach', true) = 'all' OR (current_setting('muster.reach', true) = 'nation' AND country = current_setting('muster.country', true)));

ALTER TABLE team_shown ENABLE ROW LEVEL SECURITY;

ALTER TABLE team_shown FORCE ROW LEVEL SECURITY;

CREATE POLICY team_shown_by_country ON team_shown USING (current_setting('muster.reach', true) IN ('all', 'none') OR (current_setting('muster.reach', true) = 'nation' AND country = current_setting('muster.country', true))) WITH CHECK (current_setting('muster.reach', true) = 'all' OR (current_setting('muster.reach', true) = 'nation' AND country = current_setting('muster.country', true)));

ALTER TABLE asset ENABLE ROW LEVEL SECURITY;

ALTER TABLE asset FORCE ROW LEVEL SECURITY;

CREATE POLICY asset_by_country ON asset USING (current_setting('muster.reach', true) IN ('all', 'none') OR (current_setting('muster.reach', true) = 'nation' AND country = current_setting('muster.country', true))) WITH CHECK (current_setting('muster.reach', true) = 'all' OR (current_setting('muster.reach', true) = 'nation' AND country = current_setting('muster.country', true)));

ALTER TABLE team_certificate ENABLE ROW LEVEL SECURITY;

ALTER TABLE team_certificate FORCE ROW LEVEL SECURITY;

CREATE POLICY team_certificate_by_country ON team_certificate USING (current_setting('muster.reach', true) IN ('all', 'none') OR (current_setting('muster.reach', true) = 'nation' AND country = current_setting('muster.country', true))) WITH CHECK (current_setting('muster.reach', true) = 'all' OR (current_setting('muster.reach', true) = 'nation' AND country = current_setting('muster.country', true)));

ALTER TABLE team_absence ENABLE ROW LEVEL SECURITY;

ALTER TABLE team_absence FORCE ROW LEVEL SECURITY;

CREATE POLICY team_absence_by_country ON team_absence USING (current_setting('muster.reach', true) IN ('all', 'none') OR (current_setting('muster.reach', true) = 'nation' AND country = current_setting('muster.country', true))) WITH CHECK (current_setting('muster.reach', true) = 'all' OR (current_setting('muster.reach', true) = 'nation' AND country = current_setting('muster.country', true)));

ALTER TABLE support_offer ENABLE ROW LEVEL SECURITY;

ALTER TABLE support_offer FORCE ROW LEVEL SECURITY;

CREATE POLICY support_offer_by_country ON support_offer USING (current_setting('muster.reach', true) IN ('all', 'none') OR (current_setting('muster.reach', true) = 'nation' AND country = current_setting('muster.country', true))) WITH CHECK (current_setting('muster.reach', true) = 'all' OR (current_setting('muster.reach', true) = 'nation' AND country = current_setting('muster.country', true)));

ALTER TABLE support_request ENABLE ROW LEVEL SECURITY;

ALTER TABLE support_request FORCE ROW LEVEL SECURITY;

CREATE POLICY support_request_by_country ON support_request USING (current_setting('muster.reach', true) IN ('all', 'none') OR (current_setting('muster.reach', true) = 'nation' AND country = current_setting('muster.country', true)) OR (current_setting('muster.reach', true) = 'nation' AND asked_at IS NOT NULL)) WITH CHECK (current_setting('muster.reach', true) = 'all' OR (current_setting('muster.reach', true) = 'nation' AND country = current_setting('muster.country', true)));

ALTER TABLE support_need ENABLE ROW LEVEL SECURITY;

ALTER TABLE support_need FORCE ROW LEVEL SECURITY;

CREATE POLICY support_need_by_country ON support_need USING (EXISTS (SELECT 1 FROM support_request WHERE support_request.id = support_need.request_id)) WITH CHECK (EXISTS (SELECT 1 FROM support_request WHERE support_request.id = support_need.request_id));

ALTER TABLE deployment ENABLE ROW LEVEL SECURITY;

ALTER TABLE deployment FORCE ROW LEVEL SECURITY;

CREATE POLICY deployment_by_country ON deployment USING (current_setting('muster.reach', true) IN ('all', 'none') OR (current_setting('muster.reach', true) = 'nation' AND country = current_setting('muster.country', true)) OR (current_setting('muster.reach', true) = 'nation' AND host_country = current_setting('muster.country', true) AND approved_at IS NOT NULL)) WITH CHECK (current_setting('muster.reach', true) = 'all' OR (current_setting('muster.reach', true) = 'nation' AND country = current_setting('muster.country', true)));

ALTER TABLE deployment_entry ENABLE ROW LEVEL SECURITY;

ALTER TABLE deployment_entry FORCE ROW LEVEL SECURITY;

CREATE POLICY deployment_entry_by_country ON deployment_entry USING (EXISTS (SELECT 1 FROM deployment WHERE deployment.id = deployment_entry.deployment_id) OR (current_setting('muster.reach', true) = 'nation' AND kind = 'handover')) WITH CHECK (current_setting('muster.reach', true) = 'all' OR (current_setting('muster.reach', true) = 'nation' AND country = current_setting('muster.country', true)));

ALTER TABLE task ENABLE ROW LEVEL SECURITY;

ALTER TABLE task FORCE ROW LEVEL SECURITY;

CREATE POLICY task_by_country ON task USING (current_setting('muster.reach', true) IN ('all', 'none') OR (current_setting('muster.reach', true) = 'nation' AND country = current_setting('muster.country', true))) WITH CHECK (current_setting('muster.reach', true) = 'all' OR (current_setting('muster.reach', true) = 'nation' AND country = current_setting('muster.country', true)));

ALTER TABLE oplan_comment ENABLE ROW LEVEL SECURITY;

ALTER TABLE oplan_comment FORCE ROW LEVEL SECURITY;

CREATE POLICY oplan_comment_by_country ON oplan_comment USING (current_setting('muster.reach', true) IN ('all', 'none') OR (current_setting('muster.reach', true) = 'nation' AND country = current_setting('muster.country', true))) WITH CHECK (current_setting('muster.reach', true) = 'all' OR (current_setting('muster.reach', true) = 'nation' AND country = current_setting('muster.country', true)));

ALTER TABLE lead_result ENABLE ROW LEVEL SECURITY;

ALTER TABLE lead_result FORCE ROW LEVEL SECURITY;

CREATE POLICY lead_result_by_country ON lead_result USING (current_setting('muster.reach', true) IN ('all', 'none') OR (current_setting('muster.reach', true) = 'nation' AND country = current_setting('muster.country', true))) WITH CHECK (current_setting('muster.reach', true) = 'all' OR (current_setting('muster.reach', true) = 'nation' AND country = current_setting('muster.country', true)));

ALTER TABLE task_step ENABLE ROW LEVEL SECURITY;

ALTER TABLE task_step FORCE ROW LEVEL SECURITY;

CREATE POLICY task_step_by_country ON task_step USING (EXISTS (SELECT 1 FROM task WHERE task.id = task_step.task_id)) WITH CHECK (EXISTS (SELECT 1 FROM task WHERE task.id = task_step.task_id));

ALTER TABLE dependency ENABLE ROW LEVEL SECURITY;

ALTER TABLE dependency FORCE ROW LEVEL SECURITY;

CREATE POLICY dependency_by_country ON dependency USING ((before_task_id IS NULL OR EXISTS (SELECT 1 FROM task WHERE task.id = dependency.before_task_id)) AND (after_task_id IS NULL OR EXISTS (SELECT 1 FROM task WHERE task.id = dependency.after_task_id))) WITH CHECK (current_setting('muster.reach', true) = 'all');

ALTER TABLE oplan_section ENABLE ROW LEVEL SECURITY;

ALTER TABLE oplan_section FORCE ROW LEVEL SECURITY;

CREATE POLICY oplan_section_by_country ON oplan_section USING (true) WITH CHECK (current_setting('muster.reach', true) = 'all');

ALTER TABLE coordination_unit ENABLE ROW LEVEL SECURITY;

ALTER TABLE coordination_unit FORCE ROW LEVEL SECURITY;

CREATE POLICY coordination_unit_by_country ON coordination_unit USING (true) WITH CHECK (current_setting('muster.reach', true) = 'all');

ALTER TABLE oplan_version ENABLE ROW LEVEL SECURITY;

ALTER TABLE oplan_version FORCE ROW LEVEL SECURITY;

CREATE POLICY oplan_version_by_country ON oplan_version USING (true) WITH CHECK (current_setting('muster.reach', true) IN ('all', 'none'));

ALTER TABLE oplan_item ENABLE ROW LEVEL SECURITY;

ALTER TABLE oplan_item FORCE ROW LEVEL SECURITY;

CREATE POLICY oplan_item_by_country ON oplan_item USING (true) WITH CHECK (current_setting('muster.reach', true) IN ('all', 'none'));

ALTER TABLE lead ENABLE ROW LEVEL SECURITY;

ALTER TABLE lead FORCE ROW LEVEL SECURITY;

CREATE POLICY lead_by_country ON lead USING (current_setting('muster.reach', true) = 'all' OR (current_setting('muster.reach', true) = 'nation' AND origin_country = current_setting('muster.country', true)) OR (current_setting('muster.reach', true) = 'nation' AND id IN (SELECT lead_id FROM lead_country WHERE country = current_setting('muster.country', true) AND shared_at IS NOT NULL AND revoked_at IS NULL AND NOT EXISTS (SELECT 1 FROM withholding AS w WHERE w.partner = current_setting('muster.country', true) AND w.operation_id = lead_country.operation_id AND w.country = lead_country.origin_country)))) WITH CHECK (current_setting('muster.reach', true) = 'all' OR (current_setting('muster.reach', true) = 'nation' AND origin_country = current_setting('muster.country', true)) OR (current_setting('muster.reach', true) = 'nation' AND id IN (SELECT lead_id FROM lead_country WHERE country = current_setting('muster.country', true) AND shared_at IS NOT NULL AND revoked_at IS NULL AND NOT EXISTS (SELECT 1 FROM withholding AS w WHERE w.partner = current_setting('muster.country', true) AND w.operation_id = lead_country.operation_id AND w.country = lead_country.origin_country))));

ALTER TABLE lead_version ENABLE ROW LEVEL SECURITY;

ALTER TABLE lead_version FORCE ROW LEVEL SECURITY;

CREATE POLICY lead_version_by_country ON lead_version USING (EXISTS (SELECT 1 FROM lead WHERE lead.id = lead_id)) WITH CHECK (current_setting('muster.reach', true) = 'all' OR EXISTS (SELECT 1 FROM lead WHERE lead.id = lead_id));

ALTER TABLE lead_country ENABLE ROW LEVEL SECURITY;

ALTER TABLE lead_country FORCE ROW LEVEL SECURITY;

CREATE POLICY lead_country_by_country ON lead_country USING (current_setting('muster.reach', true) = 'all' OR (current_setting('muster.reach', true) = 'nation' AND country = current_setting('muster.country', true)) OR (current_setting('muster.reach', true) = 'nation' AND origin_country = current_setting('muster.country', true))) WITH CHECK (current_setting('muster.reach', true) = 'all' OR (current_setting('muster.reach', true) = 'nation' AND country = current_setting('muster.country', true)) OR (current_setting('muster.reach', true) = 'nation' AND origin_country = current_setting('muster.country', true)));

ALTER TABLE lead_answer ENABLE ROW LEVEL SECURITY;

ALTER TABLE lead_answer FORCE ROW LEVEL SECURITY;

CREATE POLICY lead_answer_by_country ON lead_answer USING (current_setting('muster.reach', true) = 'all' OR (current_setting('muster.reach', true) = 'nation' AND country = current_setting('muster.country', true)) OR (current_setting('muster.reach', true) = 'nation' AND origin_country = current_setting('muster.country', true))) WITH CHECK ((current_setting('muster.reach', true) = 'nation' AND country = current_setting('muster.country', true)));

ALTER TABLE lead_find ENABLE ROW LEVEL SECURITY;

ALTER TABLE lead_find FORCE ROW LEVEL SECURITY;

CREATE POLICY lead_find_by_country ON lead_find USING (current_setting('muster.reach', true) IN ('all', 'none') OR (current_setting('muster.reach', true) = 'nation' AND current_setting('muster.country', true) IN (country, requesting_country))) WITH CHECK (current_setting('muster.reach', true) = 'all' OR (current_setting('muster.reach', true) = 'nation' AND current_setting('muster.country', true) IN (country, requesting_country)));

ALTER TABLE fugitive_case ENABLE ROW LEVEL SECURITY;

ALTER TABLE fugitive_case FORCE ROW LEVEL SECURITY;

CREATE POLICY fugitive_case_by_country ON fugitive_case USING (current_setting('muster.reach', true) IN ('all', 'none') OR (current_setting('muster.reach', true) = 'nation' AND requesting_country = current_setting('muster.country', true)) OR (current_setting('muster.reach', true) = 'nation' AND id IN (SELECT subject_id FROM lead_country WHERE country = current_setting('muster.country', true) AND shared_at IS NOT NULL AND revoked_at IS NULL AND NOT EXISTS (SELECT 1 FROM withholding AS w WHERE w.partner = current_setting('muster.country', true) AND w.operation_id = lead_country.operation_id AND w.country = lead_country.origin_country)))) WITH CHECK (current_setting('muster.reach', true) = 'all' OR (current_setting('muster.reach', true) = 'nation' AND requesting_country = current_setting('muster.country', true)) OR (current_setting('muster.reach', true) = 'nation' AND id IN (SELECT subject_id FROM lead_country WHERE country = current_setting('muster.country', true) AND shared_at IS NOT NULL AND revoked_at IS NULL AND NOT EXISTS (SELECT 1 FROM withholding AS w WHERE w.partner = current_setting('muster.country', true) AND w.operation_id = lead_country.operation_id AND w.country = lead_country.origin_country))));

ALTER TABLE fugitive_version ENABLE ROW LEVEL SECURITY;

ALTER TABLE fugitive_version FORCE ROW LEVEL SECURITY;

CREATE POLICY fugitive_version_by_country ON fugitive_version USING (current_setting('muster.reach', true) = 'all' OR (current_setting('muster.reach', true) = 'nation' AND requesting_country = current_setting('muster.country', true))) WITH CHECK ((current_setting('muster.reach', true) = 'nation' AND requesting_country = current_setting('muster.country', true)));

ALTER TABLE fugitive_believed ENABLE ROW LEVEL SECURITY;

ALTER TABLE fugitive_believed FORCE ROW LEVEL SECURITY;

CREATE POLICY fugitive_believed_by_country ON fugitive_believed USING (current_setting('muster.reach', true) = 'all' OR (current_setting('muster.reach', true) = 'nation' AND requesting_country = current_setting('muster.country', true))) WITH CHECK ((current_setting('muster.reach', true) = 'nation' AND requesting_country = current_setting('muster.country', true)));

ALTER TABLE appeal_tips ENABLE ROW LEVEL SECURITY;

ALTER TABLE appeal_tips FORCE ROW LEVEL SECURITY;

CREATE POLICY appeal_tips_by_country ON appeal_tips USING (current_setting('muster.reach', true) = 'all' OR (current_setting('muster.reach', true) = 'nation' AND requesting_country = current_setting('muster.country', true))) WITH CHECK ((current_setting('muster.reach', true) = 'nation' AND requesting_country = current_setting('muster.country', true)));

ALTER TABLE fugitive_step ENABLE ROW LEVEL SECURITY;

ALTER TABLE fugitive_step FORCE ROW LEVEL SECURITY;

CREATE POLICY fugitive_step_by_country ON fugitive_step USING (current_setting('muster.reach', true) = 'all' OR (current_setting('muster.reach', true) = 'nation' AND requesting_country = current_setting('muster.country', true)) OR (current_setting('muster.reach', true) = 'nation' AND country = current_setting('muster.country', true))) WITH CHECK (current_setting('muster.reach', true) = 'all' OR (current_setting('muster.reach', true) = 'nation' AND requesting_country = current_setting('muster.country', true)) OR (current_setting('muster.reach', true) = 'nation' AND country = current_setting('muster.country', true)));

ALTER TABLE fugitive_location ENABLE ROW LEVEL SECURITY;

ALTER TABLE fugitive_location FORCE ROW LEVEL SECURITY;

CREATE POLICY fugitive_location_by_country ON fugitive_location USING (current_setting('muster.reach', true) = 'all' OR (current_setting('muster.reach', true) = 'nation' AND requesting_country = current_setting('muster.country', true)) OR (current_setting('muster.reach', true) = 'nation' AND country = current_setting('muster.country', true))) WITH CHECK ((current_setting('muster.reach', true) = 'nation' AND requesting_country = current_setting('muster.country', true)) OR (current_setting('muster.reach', true) = 'nation' AND country = current_setting('muster.country', true)));

ALTER TABLE notice_check ENABLE ROW LEVEL SECURITY;

ALTER TABLE notice_check FORCE ROW LEVEL SECURITY;

CREATE POLICY notice_check_by_country ON notice_check USING (current_setting('muster.reach', true) = 'all' OR (current_setting('muster.reach', true) = 'nation' AND requesting_country = current_setting('muster.country', true))) WITH CHECK (current_setting('muster.reach', true) = 'all' OR (current_setting('muster.reach', true) = 'nation' AND requesting_country = current_setting('muster.country', true)));

ALTER TABLE appeal_list ENABLE ROW LEVEL SECURITY;

ALTER TABLE appeal_list FORCE ROW LEVEL SECURITY;

CREATE POLICY appeal_list_by_country ON appeal_list USING (current_setting('muster.reach', true) = 'all' OR EXISTS (SELECT 1 FROM appeal_item WHERE list_id = appeal_list.id)) WITH CHECK (current_setting('muster.reach', true) = 'all');

ALTER TABLE appeal_item ENABLE ROW LEVEL SECURITY;

ALTER TABLE appeal_item FORCE ROW LEVEL SECURITY;

CREATE POLICY appeal_item_by_country ON appeal_item USING (current_setting('muster.reach', true) = 'all' OR (current_setting('muster.reach', true) = 'nation' AND requesting_country = current_setting('muster.country', true))) WITH CHECK (current_setting('muster.reach', true) = 'all');

ALTER TABLE debrief ENABLE ROW LEVEL SECURITY;

ALTER TABLE debrief FORCE ROW LEVEL SECURITY;

CREATE POLICY debrief_by_country ON debrief USING (true) WITH CHECK (current_setting('muster.reach', true) = 'all');

ALTER TABLE debrief_lesson ENABLE ROW LEVEL SECURITY;

ALTER TABLE debrief_lesson FORCE ROW LEVEL SECURITY;

CREATE POLICY debrief_lesson_by_country ON debrief_lesson USING (true) WITH CHECK (current_setting('muster.reach', true) = 'all');

ALTER TABLE report_exclusion ENABLE ROW LEVEL SECURITY;

ALTER TABLE report_exclusion FORCE ROW LEVEL SECURITY;

CREATE POLICY report_exclusion_by_country ON report_exclusion USING (current_setting('muster.reach', true) IN ('all', 'none') OR (current_setting('muster.reach', true) = 'nation' AND country = current_setting('muster.country', true))) WITH CHECK (current_setting('muster.reach', true) = 'all');

ALTER TABLE claim ENABLE ROW LEVEL SECURITY;

ALTER TABLE claim FORCE ROW LEVEL SECURITY;

CREATE POLICY claim_by_country ON claim USING (current_setting('muster.reach', true) IN ('all', 'none') OR (current_setting('muster.reach', true) = 'nation' AND opened_at IS NOT NULL AND strpos(countries, current_setting('muster.country', true)) > 0)) WITH CHECK (current_setting('muster.reach', true) IN ('all', 'none') OR (current_setting('muster.reach', true) = 'nation' AND opened_at IS NOT NULL AND strpos(countries, current_setting('muster.country', true)) > 0));

ALTER TABLE claim_line ENABLE ROW LEVEL SECURITY;

ALTER TABLE claim_line FORCE ROW LEVEL SECURITY;

CREATE POLICY claim_line_by_country ON claim_line USING (EXISTS (SELECT 1 FROM claim WHERE claim.id = claim_id)) WITH CHECK (current_setting('muster.reach', true) = 'all');

ALTER TABLE claim_word ENABLE ROW LEVEL SECURITY;

ALTER TABLE claim_word FORCE ROW LEVEL SECURITY;

CREATE POLICY claim_word_by_country ON claim_word USING (EXISTS (SELECT 1 FROM claim WHERE claim.id = claim_id)) WITH CHECK ((current_setting('muster.reach', true) = 'nation' AND country = current_setting('muster.country', true)));

ALTER TABLE claim_pointer ENABLE ROW LEVEL SECURITY;

ALTER TABLE claim_pointer FORCE ROW LEVEL SECURITY;

CREATE POLICY claim_pointer_by_country ON claim_pointer USING (current_setting('muster.reach', true) = 'all') WITH CHECK (current_setting('muster.reach', true) = 'all');

ALTER TABLE claim_step ENABLE ROW LEVEL SECURITY;

ALTER TABLE claim_step FORCE ROW LEVEL SECURITY;

CREATE POLICY claim_step_by_country ON claim_step USING (EXISTS (SELECT 1 FROM claim WHERE claim.id = of_id)) WITH CHECK (EXISTS (SELECT 1 FROM claim WHERE claim.id = of_id));

ALTER TABLE snapshot ENABLE ROW LEVEL SECURITY;

ALTER TABLE snapshot FORCE ROW LEVEL SECURITY;

CREATE POLICY snapshot_by_country ON snapshot USING (true) WITH CHECK (current_setting('muster.reach', true) IN ('all', 'none'));

ALTER TABLE snapshot_figure ENABLE ROW LEVEL SECURITY;

ALTER TABLE snapshot_figure FORCE ROW LEVEL SECURITY;

CREATE POLICY snapshot_figure_by_country ON snapshot_figure USING (current_setting('muster.reach', true) = 'all' OR (current_setting('muster.reach', true) = 'none' AND audience IN ('leadership', 'outside')) OR (current_setting('muster.reach', true) = 'nation' AND audience = current_setting('muster.country', true))) WITH CHECK (current_setting('muster.reach', true) = 'all');

ALTER TABLE snapshot_word ENABLE ROW LEVEL SECURITY;

ALTER TABLE snapshot_word FORCE ROW LEVEL SECURITY;

CREATE POLICY snapshot_word_by_country ON snapshot_word USING (current_setting('muster.reach', true) IN ('all', 'none') OR (current_setting('muster.reach', true) = 'nation' AND country = current_setting('muster.country', true))) WITH CHECK ((current_setting('muster.reach', true) = 'nation' AND country = current_setting('muster.country', true)));

ALTER TABLE recommendation ENABLE ROW LEVEL SECURITY;

ALTER TABLE recommendation FORCE ROW LEVEL SECURITY;

CREATE POLICY recommendation_by_country ON recommendation USING (current_setting('muster.reach', true) IN ('all', 'none') OR (current_setting('muster.reach', true) = 'nation' AND country = current_setting('muster.country', true))) WITH CHECK (current_setting('muster.reach', true) IN ('all', 'none') OR (current_setting('muster.reach', true) = 'nation' AND country = current_setting('muster.country', true)));

ALTER TABLE recommendation_note ENABLE ROW LEVEL SECURITY;

ALTER TABLE recommendation_note FORCE ROW LEVEL SECURITY;

CREATE POLICY recommendation_note_by_country ON recommendation_note USING (current_setting('muster.reach', true) IN ('all', 'none') OR (current_setting('muster.reach', true) = 'nation' AND country = current_setting('muster.country', true))) WITH CHECK (current_setting('muster.reach', true) IN ('all', 'none') OR (current_setting('muster.reach', true) = 'nation' AND country = current_setting('muster.country', true)));

ALTER TABLE evaluation_country ENABLE ROW LEVEL SECURITY;

ALTER TABLE evaluation_country FORCE ROW LEVEL SECURITY;

CREATE POLICY evaluation_country_by_country ON evaluation_country USING (current_setting('muster.reach', true) IN ('all', 'none') OR (current_setting('muster.reach', true) = 'nation' AND country = current_setting('muster.country', true))) WITH CHECK (current_setting('muster.reach', true) IN ('all', 'none') OR (current_setting('muster.reach', true) = 'nation' AND country = current_setting('muster.country', true)));

ALTER TABLE evaluation_outcome ENABLE ROW LEVEL SECURITY;

ALTER TABLE evaluation_outcome FORCE ROW LEVEL SECURITY;

CREATE POLICY evaluation_outcome_by_country ON evaluation_outcome USING (current_setting('muster.reach', true) IN ('all', 'none') OR (current_setting('muster.reach', true) = 'nation' AND country = current_setting('muster.country', true))) WITH CHECK (current_setting('muster.reach', true) IN ('all', 'none') OR (current_setting('muster.reach', true) = 'nation' AND country = current_setting('muster.country', true)));

ALTER TABLE evaluation ENABLE ROW LEVEL SECURITY;

ALTER TABLE evaluation FORCE ROW LEVEL SECURITY;

CREATE POLICY evaluation_by_country ON evaluation USING (current_setting('muster.reach', true) IN ('all', 'none') OR (current_setting('muster.reach', true) = 'nation' AND id IN (SELECT e.evaluation_id FROM evaluation_country AS e WHERE e.country = current_setting('muster.country', true)))) WITH CHECK (current_setting('muster.reach', true) IN ('all', 'none'));

ALTER TABLE evaluation_method ENABLE ROW LEVEL SECURITY;

ALTER TABLE evaluation_method FORCE ROW LEVEL SECURITY;

CREATE POLICY evaluation_method_by_country ON evaluation_method USING (EXISTS (SELECT 1 FROM evaluation WHERE evaluation.id = evaluation_id)) WITH CHECK (current_setting('muster.reach', true) IN ('all', 'none'));

ALTER TABLE evaluation_judgement ENABLE ROW LEVEL SECURITY;

ALTER TABLE evaluation_judgement FORCE ROW LEVEL SECURITY;

CREATE POLICY evaluation_judgement_by_country ON evaluation_judgement USING (EXISTS (SELECT 1 FROM evaluation WHERE evaluation.id = evaluation_id)) WITH CHECK (current_setting('muster.reach', true) IN ('all', 'none'));

ALTER TABLE evaluation_step ENABLE ROW LEVEL SECURITY;

ALTER TABLE evaluation_step FORCE ROW LEVEL SECURITY;

CREATE POLICY evaluation_step_by_country ON evaluation_step USING (country IS NULL OR current_setting('muster.reach', true) IN ('all', 'none') OR (current_setting('muster.reach', true) = 'nation' AND country = current_setting('muster.country', true))) WITH CHECK (current_setting('muster.reach', true) IN ('all', 'none') OR (current_setting('muster.reach', true) = 'nation' AND country = current_setting('muster.country', true)));

ALTER TABLE serious_incident ENABLE ROW LEVEL SECURITY;

ALTER TABLE serious_incident FORCE ROW LEVEL SECURITY;

CREATE POLICY serious_incident_by_country ON serious_incident USING (current_setting('muster.role', true) = '' OR author_id::text = current_setting('muster.person', true) OR ((current_setting('muster.role', true) IN ('rights_officer', 'auditor', 'leadership') OR id IN (SELECT g.incident_id FROM incident_grant AS g WHERE g.account_id::text = current_setting('muster.person', true))) AND id NOT IN (SELECT a.incident_id FROM incident_apart AS a WHERE a.account_id::text = current_setting('muster.person', true)))) WITH CHECK (current_setting('muster.role', true) = '' OR author_id::text = current_setting('muster.person', true) OR (current_setting('muster.role', true) = 'rights_officer' AND id NOT IN (SELECT a.incident_id FROM incident_apart AS a WHERE a.account_id::text = current_setting('muster.person', true))));

ALTER TABLE incident_version ENABLE ROW LEVEL SECURITY;

ALTER TABLE incident_version FORCE ROW LEVEL SECURITY;

CREATE POLICY incident_version_by_country ON incident_version USING (current_setting('muster.role', true) = '' OR author_id::text = current_setting('muster.person', true) OR ((current_setting('muster.role', true) IN ('rights_officer', 'auditor', 'leadership') OR incident_id IN (SELECT g.incident_id FROM incident_grant AS g WHERE g.account_id::text = current_setting('muster.person', true))) AND incident_id NOT IN (SELECT a.incident_id FROM incident_apart AS a WHERE a.account_id::text = current_setting('muster.person', true)))) WITH CHECK (current_setting('muster.role', true) = '' OR author_id::text = current_setting('muster.person', true));

ALTER TABLE incident_apart ENABLE ROW LEVEL SECURITY;

ALTER TABLE incident_apart FORCE ROW LEVEL SECURITY;

CREATE POLICY incident_apart_by_country ON incident_apart USING (current_setting('muster.role', true) = '' OR account_id::text = current_setting('muster.person', true) OR current_setting('muster.role', true) IN ('rights_officer', 'auditor', 'leadership')) WITH CHECK (current_setting('muster.role', true) = '');

ALTER TABLE incident_grant ENABLE ROW LEVEL SECURITY;

ALTER TABLE incident_grant FORCE ROW LEVEL SECURITY;

CREATE POLICY incident_grant_by_country ON incident_grant USING (current_setting('muster.role', true) = '' OR account_id::text = current_setting('muster.person', true) OR current_setting('muster.role', true) IN ('rights_officer', 'auditor', 'leadership')) WITH CHECK (current_setting('muster.role', true) = '' OR current_setting('muster.role', true) = 'rights_officer');

ALTER TABLE incident_restriction ENABLE ROW LEVEL SECURITY;

ALTER TABLE incident_restriction FORCE ROW LEVEL SECURITY;

CREATE POLICY incident_restriction_by_country ON incident_restriction USING (current_setting('muster.role', true) = '' OR current_setting('muster.role', true) IN ('rights_officer', 'auditor', 'leadership') OR (current_setting('muster.reach', true) = 'nation' AND country = current_setting('muster.country', true))) WITH CHECK (current_setting('muster.role', true) = '' OR (current_setting('muster.reach', true) = 'nation' AND country = current_setting('muster.country', true)));

ALTER TABLE data_request ENABLE ROW LEVEL SECURITY;

ALTER TABLE data_request FORCE ROW LEVEL SECURITY;

CREATE POLICY data_request_by_country ON data_request USING (current_setting('muster.reach', true) IN ('all', 'none') OR (current_setting('muster.reach', true) = 'nation' AND country = current_setting('muster.country', true))) WITH CHECK (current_setting('muster.reach', true) IN ('all', 'none') OR (current_setting('muster.reach', true) = 'nation' AND country = current_setting('muster.country', true)));

ALTER TABLE data_copy ENABLE ROW LEVEL SECURITY;

ALTER TABLE data_copy FORCE ROW LEVEL SECURITY;

CREATE POLICY data_copy_by_country ON data_copy USING (current_setting('muster.reach', true) IN ('all', 'none') OR (current_setting('muster.reach', true) = 'nation' AND country = current_setting('muster.country', true))) WITH CHECK (current_setting('muster.reach', true) IN ('all', 'none') OR (current_setting('muster.reach', true) = 'nation' AND country = current_setting('muster.country', true)));

ALTER TABLE legal_hold ENABLE ROW LEVEL SECURITY;

ALTER TABLE legal_hold FORCE ROW LEVEL SECURITY;

CREATE POLICY legal_hold_by_country ON legal_hold USING (country IS NULL OR current_setting('muster.reach', true) IN ('all', 'none') OR (current_setting('muster.reach', true) = 'nation' AND country = current_setting('muster.country', true))) WITH CHECK (current_setting('muster.reach', true) IN ('all', 'none') OR (current_setting('muster.reach', true) = 'nation' AND country = current_setting('muster.country', true)));

ALTER TABLE post ENABLE ROW LEVEL SECURITY;

ALTER TABLE post FORCE ROW LEVEL SECURITY;

CREATE POLICY post_by_country ON post USING (current_setting('muster.reach', true) IN ('all', 'none') OR (current_setting('muster.reach', true) = 'nation' AND country = current_setting('muster.country', true))) WITH CHECK (current_setting('muster.reach', true) IN ('all', 'none') OR (current_setting('muster.reach', true) = 'nation' AND country = current_setting('muster.country', true)));

ALTER TABLE post_condition ENABLE ROW LEVEL SECURITY;

ALTER TABLE post_condition FORCE ROW LEVEL SECURITY;

CREATE POLICY post_condition_by_country ON post_condition USING (current_setting('muster.reach', true) IN ('all', 'none') OR (current_setting('muster.reach', true) = 'nation' AND country = current_setting('muster.country', true))) WITH CHECK (current_setting('muster.reach', true) IN ('all', 'none') OR (current_setting('muster.reach', true) = 'nation' AND country = current_setting('muster.country', true)));

ALTER TABLE post_site ENABLE ROW LEVEL SECURITY;

ALTER TABLE post_site FORCE ROW LEVEL SECURITY;

CREATE POLICY post_site_by_country ON post_site USING (current_setting('muster.reach', true) IN ('all', 'none') OR (current_setting('muster.reach', true) = 'nation' AND country = current_setting('muster.country', true))) WITH CHECK (current_setting('muster.reach', true) IN ('all', 'none') OR (current_setting('muster.reach', true) = 'nation' AND country = current_setting('muster.country', true)));

ALTER TABLE country_role ENABLE ROW LEVEL SECURITY;

ALTER TABLE country_role FORCE ROW LEVEL SECURITY;

CREATE POLICY country_role_by_country ON country_role USING (current_setting('muster.reach', true) IN ('all', 'none') OR (current_setting('muster.reach', true) = 'nation' AND country = current_setting('muster.country', true))) WITH CHECK (current_setting('muster.reach', true) IN ('all', 'none') OR (current_setting('muster.reach', true) = 'nation' AND country = current_setting('muster.country', true)));

ALTER TABLE assessment ENABLE ROW LEVEL SECURITY;

ALTER TABLE assessment FORCE ROW LEVEL SECURITY;

CREATE POLICY assessment_by_country ON assessment USING (current_setting('muster.reach', true) IN ('all', 'none') OR (current_setting('muster.reach', true) = 'nation' AND country = current_setting('muster.country', true))) WITH CHECK (current_setting('muster.reach', true) IN ('all', 'none') OR (current_setting('muster.reach', true) = 'nation' AND country = current_setting('muster.country', true)));

ALTER TABLE assessment_score ENABLE ROW LEVEL SECURITY;

ALTER TABLE assessment_score FORCE ROW LEVEL SECURITY;

CREATE POLICY assessment_score_by_country ON assessment_score USING (current_setting('muster.reach', true) IN ('all', 'none') OR (current_setting('muster.reach', true) = 'nation' AND country = current_setting('muster.country', true))) WITH CHECK (current_setting('muster.reach', true) IN ('all', 'none') OR (current_setting('muster.reach', true) = 'nation' AND country = current_setting('muster.country', true)));

ALTER TABLE assessment_step ENABLE ROW LEVEL SECURITY;

ALTER TABLE assessment_step FORCE ROW LEVEL SECURITY;

CREATE POLICY assessment_step_by_country ON assessment_step USING (current_setting('muster.reach', true) IN ('all', 'none') OR (current_setting('muster.reach', true) = 'nation' AND country = current_setting('muster.country', true))) WITH CHECK (current_setting('muster.reach', true) IN ('all', 'none') OR (current_setting('muster.reach', true) = 'nation' AND country = current_setting('muster.country', true)));

ALTER TABLE engagement ENABLE ROW LEVEL SECURITY;

ALTER TABLE engagement FORCE ROW LEVEL SECURITY;

CREATE POLICY engagement_by_country ON engagement USING (current_setting('muster.reach', true) IN ('all', 'none') OR (current_setting('muster.reach', true) = 'nation' AND country = current_setting('muster.country', true))) WITH CHECK (current_setting('muster.reach', true) IN ('all', 'none') OR (current_setting('muster.reach', true) = 'nation' AND country = current_setting('muster.country', true)));

ALTER TABLE equipment ENABLE ROW LEVEL SECURITY;

ALTER TABLE equipment FORCE ROW LEVEL SECURITY;

CREATE POLICY equipment_by_country ON equipment USING (current_setting('muster.reach', true) IN ('all', 'none') OR (current_setting('muster.reach', true) = 'nation' AND country = current_setting('muster.country', true))) WITH CHECK (current_setting('muster.reach', true) IN ('all', 'none') OR (current_setting('muster.reach', true) = 'nation' AND country = current_setting('muster.country', true)));

ALTER TABLE equipment_step ENABLE ROW LEVEL SECURITY;

ALTER TABLE equipment_step FORCE ROW LEVEL SECURITY;

CREATE POLICY equipment_step_by_country ON equipment_step USING (current_setting('muster.reach', true) IN ('all', 'none') OR (current_setting('muster.reach', true) = 'nation' AND country = current_setting('muster.country', true))) WITH CHECK (current_setting('muster.reach', true) IN ('all', 'none') OR (current_setting('muster.reach', true) = 'nation' AND country = current_setting('muster.country', true)));

ALTER TABLE link ENABLE ROW LEVEL SECURITY;

ALTER TABLE link FORCE ROW LEVEL SECURITY;

CREATE POLICY link_by_country ON link USING (current_setting('muster.reach', true) IN ('all', 'none') OR (current_setting('muster.reach', true) = 'nation' AND country = current_setting('muster.country', true))) WITH CHECK (current_setting('muster.reach', true) IN ('all', 'none') OR (current_setting('muster.reach', true) = 'nation' AND country = current_setting('muster.country', true)));

ALTER TABLE outage ENABLE ROW LEVEL SECURITY;

ALTER TABLE outage FORCE ROW LEVEL SECURITY;

CREATE POLICY outage_by_country ON outage USING (current_setting('muster.reach', true) IN ('all', 'none') OR (current_setting('muster.reach', true) = 'nation' AND country = current_setting('muster.country', true))) WITH CHECK (current_setting('muster.reach', true) IN ('all', 'none') OR (current_setting('muster.reach', true) = 'nation' AND country = current_setting('muster.country', true)));

ALTER TABLE usage_month ENABLE ROW LEVEL SECURITY;

ALTER TABLE usage_month FORCE ROW LEVEL SECURITY;

CREATE POLICY usage_month_by_country ON usage_month USING (current_setting('muster.reach', true) IN ('all', 'none') OR (current_setting('muster.reach', true) = 'nation' AND country = current_setting('muster.country', true))) WITH CHECK (current_setting('muster.reach', true) IN ('all', 'none') OR (current_setting('muster.reach', true) = 'nation' AND country = current_setting('muster.country', true)));

ALTER TABLE review ENABLE ROW LEVEL SECURITY;

ALTER TABLE review FORCE ROW LEVEL SECURITY;

CREATE POLICY review_by_country ON review USING (current_setting('muster.reach', true) IN ('all', 'none') OR (current_setting('muster.reach', true) = 'nation' AND country = current_setting('muster.country', true))) WITH CHECK (current_setting('muster.reach', true) IN ('all', 'none') OR (current_setting('muster.reach', true) = 'nation' AND country = current_setting('muster.country', true)));

ALTER TABLE review_comment ENABLE ROW LEVEL SECURITY;

ALTER TABLE review_comment FORCE ROW LEVEL SECURITY;

CREATE POLICY review_comment_by_country ON review_comment USING (current_setting('muster.reach', true) IN ('all', 'none') OR (current_setting('muster.reach', true) = 'nation' AND country = current_setting('muster.country', true))) WITH CHECK (current_setting('muster.reach', true) IN ('all', 'none') OR (current_setting('muster.reach', true) = 'nation' AND country = current_setting('muster.country', true)));

ALTER TABLE review_step ENABLE ROW LEVEL SECURITY;

ALTER TABLE review_step FORCE ROW LEVEL SECURITY;

CREATE POLICY review_step_by_country ON review_step USING (current_setting('muster.reach', true) IN ('all', 'none') OR (current_setting('muster.reach', true) = 'nation' AND country = current_setting('muster.country', true))) WITH CHECK (current_setting('muster.reach', true) IN ('all', 'none') OR (current_setting('muster.reach', true) = 'nation' AND country = current_setting('muster.country', true)));

ALTER TABLE review_finding ENABLE ROW LEVEL SECURITY;

ALTER TABLE review_finding FORCE ROW LEVEL SECURITY;

CREATE POLICY review_finding_by_country ON review_finding USING (current_setting('muster.reach', true) IN ('all', 'none') OR ((current_setting('muster.reach', true) = 'nation' AND country = current_setting('muster.country', true)) AND EXISTS (SELECT 1 FROM review AS r WHERE r.id = review_id AND r.state IN ('found', 'agreed', 'closed')))) WITH CHECK (current_setting('muster.reach', true) IN ('all', 'none'));

ALTER TABLE project ENABLE ROW LEVEL SECURITY;

ALTER TABLE project FORCE ROW LEVEL SECURITY;

CREATE POLICY project_by_country ON project USING (current_setting('muster.reach', true) IN ('all', 'none') OR (current_setting('muster.reach', true) = 'nation' AND country = current_setting('muster.country', true))) WITH CHECK (current_setting('muster.reach', true) IN ('all', 'none') OR (current_setting('muster.reach', true) = 'nation' AND country = current_setting('muster.country', true)));

ALTER TABLE project_part ENABLE ROW LEVEL SECURITY;

ALTER TABLE project_part FORCE ROW LEVEL SECURITY;

CREATE POLICY project_part_by_country ON project_part USING (current_setting('muster.reach', true) IN ('all', 'none') OR (current_setting('muster.reach', true) = 'nation' AND country = current_setting('muster.country', true))) WITH CHECK (current_setting('muster.reach', true) IN ('all', 'none') OR (current_setting('muster.reach', true) = 'nation' AND country = current_setting('muster.country', true)));

ALTER TABLE project_money ENABLE ROW LEVEL SECURITY;

ALTER TABLE project_money FORCE ROW LEVEL SECURITY;

CREATE POLICY project_money_by_country ON project_money USING (current_setting('muster.reach', true) IN ('all', 'none') OR (current_setting('muster.reach', true) = 'nation' AND country = current_setting('muster.country', true))) WITH CHECK (current_setting('muster.reach', true) IN ('all', 'none') OR (current_setting('muster.reach', true) = 'nation' AND country = current_setting('muster.country', true)));

ALTER TABLE milestone ENABLE ROW LEVEL SECURITY;

ALTER TABLE milestone FORCE ROW LEVEL SECURITY;

CREATE POLICY milestone_by_country ON milestone USING (current_setting('muster.reach', true) IN ('all', 'none') OR (current_setting('muster.reach', true) = 'nation' AND country = current_setting('muster.country', true))) WITH CHECK (current_setting('muster.reach', true) IN ('all', 'none') OR (current_setting('muster.reach', true) = 'nation' AND country = current_setting('muster.country', true)));

ALTER TABLE project_step ENABLE ROW LEVEL SECURITY;

ALTER TABLE project_step FORCE ROW LEVEL SECURITY;

CREATE POLICY project_step_by_country ON project_step USING (current_setting('muster.reach', true) IN ('all', 'none') OR (current_setting('muster.reach', true) = 'nation' AND country = current_setting('muster.country', true))) WITH CHECK (current_setting('muster.reach', true) IN ('all', 'none') OR (current_setting('muster.reach', true) = 'nation' AND country = current_setting('muster.country', true)));

ALTER TABLE course ENABLE ROW LEVEL SECURITY;

ALTER TABLE course FORCE ROW LEVEL SECURITY;

CREATE POLICY course_by_country ON course USING (true) WITH CHECK (current_setting('muster.reach', true) IN ('all', 'none'));

ALTER TABLE course_run ENABLE ROW LEVEL SECURITY;

ALTER TABLE course_run FORCE ROW LEVEL SECURITY;

CREATE POLICY course_run_by_country ON course_run USING (true) WITH CHECK (current_setting('muster.reach', true) IN ('all', 'none'));

ALTER TABLE enrolment ENABLE ROW LEVEL SECURITY;

ALTER TABLE enrolment FORCE ROW LEVEL SECURITY;

CREATE POLICY enrolment_by_country ON enrolment USING (current_setting('muster.reach', true) IN ('all', 'none') OR (current_setting('muster.reach', true) = 'nation' AND country = current_setting('muster.country', true))) WITH CHECK (current_setting('muster.reach', true) IN ('all', 'none') OR (current_setting('muster.reach', true) = 'nation' AND country = current_setting('muster.country', true)));

ALTER TABLE course_certificate ENABLE ROW LEVEL SECURITY;

ALTER TABLE course_certificate FORCE ROW LEVEL SECURITY;

CREATE POLICY course_certificate_by_country ON course_certificate USING (current_setting('muster.reach', true) IN ('all', 'none') OR (current_setting('muster.reach', true) = 'nation' AND country = current_setting('muster.country', true))) WITH CHECK (current_setting('muster.reach', true) IN ('all', 'none') OR (current_setting('muster.reach', true) = 'nation' AND country = current_setting('muster.country', true)));

ALTER TABLE ison_member ENABLE ROW LEVEL SECURITY;

ALTER TABLE ison_member FORCE ROW LEVEL SECURITY;

CREATE POLICY ison_member_by_country ON ison_member USING (true) WITH CHECK (current_setting('muster.role', true) = '' OR (current_setting('muster.reach', true) = 'nation' AND country = current_setting('muster.country', true)));

ALTER TABLE ison_activity ENABLE ROW LEVEL SECURITY;

ALTER TABLE ison_activity FORCE ROW LEVEL SECURITY;

CREATE POLICY ison_activity_by_country ON ison_activity USING (current_setting('muster.reach', true) IN ('all', 'none') OR (current_setting('muster.reach', true) = 'nation' AND country = current_setting('muster.country', true))) WITH CHECK (current_setting('muster.reach', true) IN ('all', 'none') OR (current_setting('muster.reach', true) = 'nation' AND country = current_setting('muster.country', true)));

ALTER TABLE dispatch ENABLE ROW LEVEL SECURITY;

ALTER TABLE dispatch FORCE ROW LEVEL SECURITY;

CREATE POLICY dispatch_by_country ON dispatch USING (current_setting('muster.role', true) = '' OR (current_setting('muster.reach', true) = 'nation' AND country = current_setting('muster.country', true)) OR (current_setting('muster.reach', true) = 'nation' AND id IN (SELECT dispatch_id FROM dispatch_receipt WHERE country = current_setting('muster.country', true)))) WITH CHECK (current_setting('muster.role', true) = '' OR (current_setting('muster.reach', true) = 'nation' AND country = current_setting('muster.country', true)) OR (current_setting('muster.reach', true) = 'nation' AND id IN (SELECT dispatch_id FROM dispatch_receipt WHERE country = current_setting('muster.country', true))));

ALTER TABLE dispatch_receipt ENABLE ROW LEVEL SECURITY;

ALTER TABLE dispatch_receipt FORCE ROW LEVEL SECURITY;

CREATE POLICY dispatch_receipt_by_country ON dispatch_receipt USING (current_setting('muster.role', true) = '' OR (current_setting('muster.reach', true) = 'nation' AND current_setting('muster.country', true) IN (country, origin))) WITH CHECK (current_setting('muster.role', true) = '' OR (current_setting('muster.reach', true) = 'nation' AND current_setting('muster.country', true) IN (country, origin, via)));

ALTER TABLE dispatch_passing ENABLE ROW LEVEL SECURITY;

ALTER TABLE dispatch_passing FORCE ROW LEVEL SECURITY;

CREATE POLICY dispatch_passing_by_country ON dispatch_passing USING (current_setting('muster.role', true) = '' OR (current_setting('muster.reach', true) = 'nation' AND current_setting('muster.country', true) IN (country, origin))) WITH CHECK (current_setting('muster.role', true) = '' OR (current_setting('muster.reach', true) = 'nation' AND current_setting('muster.country', true) IN (country, origin)));

ALTER TABLE product_request ENABLE ROW LEVEL SECURITY;

ALTER TABLE product_request FORCE ROW LEVEL SECURITY;

CREATE POLICY product_request_by_country ON product_request USING (current_setting('muster.reach', true) IN ('all', 'none') OR (current_setting('muster.reach', true) = 'nation' AND country = current_setting('muster.country', true))) WITH CHECK (current_setting('muster.reach', true) = 'all' OR (current_setting('muster.reach', true) = 'nation' AND country = current_setting('muster.country', true)));

ALTER TABLE product_step ENABLE ROW LEVEL SECURITY;

ALTER TABLE product_step FORCE ROW LEVEL SECURITY;

CREATE POLICY product_step_by_country ON product_step USING (current_setting('muster.reach', true) IN ('all', 'none') OR (current_setting('muster.reach', true) = 'nation' AND country = current_setting('muster.country', true))) WITH CHECK (current_setting('muster.reach', true) = 'all' OR (current_setting('muster.reach', true) = 'nation' AND country = current_setting('muster.country', true)));

ALTER TABLE product ENABLE ROW LEVEL SECURITY;

ALTER TABLE product FORCE ROW LEVEL SECURITY;

CREATE POLICY product_by_country ON product USING (current_setting('muster.reach', true) IN ('all', 'none') OR (current_setting('muster.reach', true) = 'nation' AND id IN (SELECT s.product_id FROM product_share AS s WHERE s.recipient = current_setting('muster.country', true)) AND id NOT IN (SELECT s.product_id FROM product_share AS s WHERE s.recipient = current_setting('muster.country', true) AND s.state <> 'consented'))) WITH CHECK (current_setting('muster.reach', true) = 'all');

ALTER TABLE product_share ENABLE ROW LEVEL SECURITY;

ALTER TABLE product_share FORCE ROW LEVEL SECURITY;

CREATE POLICY product_share_by_country ON product_share USING (current_setting('muster.reach', true) IN ('all', 'none') OR (current_setting('muster.reach', true) = 'nation' AND current_setting('muster.country', true) IN (recipient, origin))) WITH CHECK (current_setting('muster.reach', true) = 'all' OR (current_setting('muster.reach', true) = 'nation' AND current_setting('muster.country', true) IN (recipient, origin)));

ALTER TABLE operation_cost ENABLE ROW LEVEL SECURITY;

ALTER TABLE operation_cost FORCE ROW LEVEL SECURITY;

CREATE POLICY operation_cost_by_country ON operation_cost USING (current_setting('muster.reach', true) IN ('all', 'none') OR (current_setting('muster.reach', true) = 'nation' AND country = current_setting('muster.country', true))) WITH CHECK (current_setting('muster.reach', true) = 'all');

ALTER TABLE cost_step ENABLE ROW LEVEL SECURITY;

ALTER TABLE cost_step FORCE ROW LEVEL SECURITY;

CREATE POLICY cost_step_by_country ON cost_step USING (current_setting('muster.reach', true) IN ('all', 'none') OR (current_setting('muster.reach', true) = 'nation' AND country = current_setting('muster.country', true))) WITH CHECK (current_setting('muster.reach', true) = 'all');

ALTER TABLE cost_book ENABLE ROW LEVEL SECURITY;

ALTER TABLE cost_book FORCE ROW LEVEL SECURITY;

CREATE POLICY cost_book_by_country ON cost_book USING (true) WITH CHECK (current_setting('muster.reach', true) = 'all');

ALTER TABLE partner_admission ENABLE ROW LEVEL SECURITY;

ALTER TABLE partner_admission FORCE ROW LEVEL SECURITY;

CREATE POLICY partner_admission_by_country ON partner_admission USING (true) WITH CHECK (current_setting('muster.reach', true) IN ('all', 'none'));

ALTER TABLE partner_step ENABLE ROW LEVEL SECURITY;

ALTER TABLE partner_step FORCE ROW LEVEL SECURITY;

CREATE POLICY partner_step_by_country ON partner_step USING (true) WITH CHECK (current_setting('muster.reach', true) IN ('all', 'none'));

ALTER TABLE deconfliction_room ENABLE ROW LEVEL SECURITY;

ALTER TABLE deconfliction_room FORCE ROW LEVEL SECURITY;

CREATE POLICY deconfliction_room_by_country ON deconfliction_room USING (current_setting('muster.role', true) = '' OR (current_setting('muster.reach', true) = 'nation' AND strpos(countries, current_setting('muster.country', true)) > 0)) WITH CHECK (current_setting('muster.role', true) = '' OR (current_setting('muster.reach', true) = 'nation' AND strpos(countries, current_setting('muster.country', true)) > 0));

ALTER TABLE deconfliction_entry ENABLE ROW LEVEL SECURITY;

ALTER TABLE deconfliction_entry FORCE ROW LEVEL SECURITY;

CREATE POLICY deconfliction_entry_by_country ON deconfliction_entry USING (current_setting('muster.role', true) = '' OR (current_setting('muster.reach', true) = 'nation' AND country = current_setting('muster.country', true))) WITH CHECK (current_setting('muster.role', true) = '' OR (current_setting('muster.reach', true) = 'nation' AND country = current_setting('muster.country', true)));

ALTER TABLE deconfliction_match ENABLE ROW LEVEL SECURITY;

ALTER TABLE deconfliction_match FORCE ROW LEVEL SECURITY;

CREATE POLICY deconfliction_match_by_country ON deconfliction_match USING (current_setting('muster.role', true) = '' OR (current_setting('muster.reach', true) = 'nation' AND current_setting('muster.country', true) IN (country, other))) WITH CHECK (current_setting('muster.role', true) = '' OR (current_setting('muster.reach', true) = 'nation' AND current_setting('muster.country', true) IN (country, other)));

ALTER TABLE deconfliction_side ENABLE ROW LEVEL SECURITY;

ALTER TABLE deconfliction_side FORCE ROW LEVEL SECURITY;

CREATE POLICY deconfliction_side_by_country ON deconfliction_side USING (current_setting('muster.role', true) = '' OR (current_setting('muster.reach', true) = 'nation' AND current_setting('muster.country', true) IN (country, other))) WITH CHECK (current_setting('muster.role', true) = '' OR (current_setting('muster.reach', true) = 'nation' AND current_setting('muster.country', true) IN (country, other)));

ALTER TABLE trainer ENABLE ROW LEVEL SECURITY;

ALTER TABLE trainer FORCE ROW LEVEL SECURITY;

CREATE POLICY trainer_by_country ON trainer USING (current_setting('muster.reach', true) IN ('all', 'none') OR (current_setting('muster.reach', true) = 'nation' AND country = current_setting('muster.country', true))) WITH CHECK (current_setting('muster.reach', true) IN ('all', 'none') OR (current_setting('muster.reach', true) = 'nation' AND country = current_setting('muster.country', true)));

ALTER TABLE cascade_run ENABLE ROW LEVEL SECURITY;

ALTER TABLE cascade_run FORCE ROW LEVEL SECURITY;

CREATE POLICY cascade_run_by_country ON cascade_run USING (current_setting('muster.reach', true) IN ('all', 'none') OR (current_setting('muster.reach', true) = 'nation' AND country = current_setting('muster.country', true))) WITH CHECK (current_setting('muster.reach', true) IN ('all', 'none') OR (current_setting('muster.reach', true) = 'nation' AND country = current_setting('muster.country', true)));

ALTER TABLE cascade_attendance ENABLE ROW LEVEL SECURITY;

ALTER TABLE cascade_attendance FORCE ROW LEVEL SECURITY;

CREATE POLICY cascade_attendance_by_country ON cascade_attendance USING (current_setting('muster.reach', true) IN ('all', 'none') OR (current_setting('muster.reach', true) = 'nation' AND country = current_setting('muster.country', true))) WITH CHECK (current_setting('muster.reach', true) IN ('all', 'none') OR (current_setting('muster.reach', true) = 'nation' AND country = current_setting('muster.country', true)));

ALTER TABLE curriculum ENABLE ROW LEVEL SECURITY;

ALTER TABLE curriculum FORCE ROW LEVEL SECURITY;

CREATE POLICY curriculum_by_country ON curriculum USING (current_setting('muster.reach', true) IN ('all', 'none') OR (current_setting('muster.reach', true) = 'nation' AND country = current_setting('muster.country', true))) WITH CHECK (current_setting('muster.reach', true) IN ('all', 'none') OR (current_setting('muster.reach', true) = 'nation' AND country = current_setting('muster.country', true)));

ALTER TABLE api_token ENABLE ROW LEVEL SECURITY;

ALTER TABLE api_token FORCE ROW LEVEL SECURITY;

CREATE POLICY api_token_by_country ON api_token USING (current_setting('muster.reach', true) IN ('all', 'none') OR (current_setting('muster.reach', true) = 'nation' AND country = current_setting('muster.country', true))) WITH CHECK (current_setting('muster.reach', true) IN ('all', 'none') OR (current_setting('muster.reach', true) = 'nation' AND country = current_setting('muster.country', true)));

ALTER TABLE webhook ENABLE ROW LEVEL SECURITY;

ALTER TABLE webhook FORCE ROW LEVEL SECURITY;

CREATE POLICY webhook_by_country ON webhook USING (current_setting('muster.reach', true) IN ('all', 'none') OR (current_setting('muster.reach', true) = 'nation' AND country = current_setting('muster.country', true))) WITH CHECK (current_setting('muster.reach', true) IN ('all', 'none') OR (current_setting('muster.reach', true) = 'nation' AND country = current_setting('muster.country', true)));

ALTER TABLE webhook_event ENABLE ROW LEVEL SECURITY;

ALTER TABLE webhook_event FORCE ROW LEVEL SECURITY;

CREATE POLICY webhook_event_by_country ON webhook_event USING (current_setting('muster.reach', true) IN ('all', 'none') OR (current_setting('muster.reach', true) = 'nation' AND country = current_setting('muster.country', true))) WITH CHECK (current_setting('muster.reach', true) IN ('all', 'none') OR (current_setting('muster.reach', true) = 'nation' AND country = current_setting('muster.country', true)));

ALTER TABLE sheet_mapping ENABLE ROW LEVEL SECURITY;

ALTER TABLE sheet_mapping FORCE ROW LEVEL SECURITY;

CREATE POLICY sheet_mapping_by_country ON sheet_mapping USING (current_setting('muster.reach', true) IN ('all', 'none') OR (current_setting('muster.reach', true) = 'nation' AND country = current_setting('muster.country', true))) WITH CHECK (current_setting('muster.reach', true) IN ('all', 'none') OR (current_setting('muster.reach', true) = 'nation' AND country = current_setting('muster.country', true)));

ALTER TABLE centre_connection ENABLE ROW LEVEL SECURITY;

ALTER TABLE centre_connection FORCE ROW LEVEL SECURITY;

CREATE POLICY centre_connection_by_country ON centre_connection USING (current_setting('muster.reach', true) IN ('all', 'none') OR (current_setting('muster.reach', true) = 'nation' AND country = current_setting('muster.country', true))) WITH CHECK (current_setting('muster.reach', true) IN ('all', 'none') OR (current_setting('muster.reach', true) = 'nation' AND country = current_setting('muster.country', true)));

ALTER TABLE centre_report ENABLE ROW LEVEL SECURITY;

ALTER TABLE centre_report FORCE ROW LEVEL SECURITY;

CREATE POLICY centre_report_by_country ON centre_report USING (current_setting('muster.reach', true) IN ('all', 'none') OR (current_setting('muster.reach', true) = 'nation' AND country = current_setting('muster.country', true))) WITH CHECK (current_setting('muster.reach', true) IN ('all', 'none') OR (current_setting('muster.reach', true) = 'nation' AND country = current_setting('muster.country', true)));

ALTER TABLE training_step ENABLE ROW LEVEL SECURITY;

ALTER TABLE training_step FORCE ROW LEVEL SECURITY;

CREATE POLICY training_step_by_country ON training_step USING (country IS NULL OR current_setting('muster.reach', true) IN ('all', 'none') OR (current_setting('muster.reach', true) = 'nation' AND country = current_setting('muster.country', true))) WITH CHECK (current_setting('muster.reach', true) IN ('all', 'none') OR (current_setting('muster.reach', true) = 'nation' AND country = current_setting('muster.country', true)));

CREATE POLICY lead_answer_emptied ON lead_answer FOR UPDATE USING (current_setting('muster.reach', true) = 'all') WITH CHECK (current_setting('muster.reach', true) = 'all' AND remark = '');

CREATE POLICY fugitive_version_emptied ON fugitive_version FOR UPDATE USING (current_setting('muster.reach', true) = 'all') WITH CHECK (current_setting('muster.reach', true) = 'all' AND content_hash = '');

CREATE POLICY fugitive_location_emptied ON fugitive_location FOR UPDATE USING (current_setting('muster.reach', true) = 'all') WITH CHECK (current_setting('muster.reach', true) = 'all' AND content_hash = '' AND remark = '');

CREATE POLICY layer_upload_seen_over ON layer_upload FOR SELECT USING (current_setting('muster.reach', true) IN ('all', 'nation', 'none') AND expires_at <= now());

CREATE POLICY layer_upload_ends ON layer_upload FOR DELETE USING (current_setting('muster.reach', true) IN ('all', 'nation', 'none') AND expires_at <= now());

