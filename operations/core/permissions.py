"""Permissions: who may do what, as one pure function over one table (domain 5.1 and 5.2). Anything else is denied.

allow = role and operation membership and country scope and clearance and not restricted.
The end of a mandate is checked where the actor is made, so that it holds from the next request on.
"""

from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from operations.core.acts import Act as Act
from operations.core.errors import NotPermitted
from operations.core.people import NATIONAL_ROLES, Actor
from operations.core.vocabulary import Classification, Role


class Scope(StrEnum):
    """The reach of a grant."""

    UNIT = "unit"
    NATION = "nation"
    OPERATION = "operation"
    ALL = "all"


NO, TL, NC = Role.NATIONAL_OFFICER, Role.TEAM_LEADER, Role.NATIONAL_COORDINATOR
OA, OC, LD = Role.OCU_ANALYST, Role.OPERATION_COORDINATOR, Role.LEADERSHIP
AU, AD, FR = Role.AUDITOR, Role.ADMINISTRATOR, Role.RIGHTS_OFFICER
PRIVILEGED_ROLES = frozenset(Role) - NATIONAL_ROLES
"""Roles that reach beyond a country and its desks: one proposes who has them, another administrator confirms it."""

_UNIT, _NATION, _OPERATION, _ALL = Scope.UNIT, Scope.NATION, Scope.OPERATION, Scope.ALL
_MEMBERS = {NO: _OPERATION, TL: _OPERATION, NC: _OPERATION, OA: _OPERATION, OC: _OPERATION, LD: _ALL}
_PROGRAMME = {NO: _NATION, TL: _NATION, NC: _NATION, OA: _ALL, OC: _ALL, LD: _ALL, AU: _ALL}

GRANTS: dict[Act, dict[Role, Scope]] = {
    Act.OPERATION_CREATE: {OC: _ALL},
    Act.OPERATION_READ: {**_MEMBERS, AU: _ALL},
    Act.OPERATION_EDIT: {OC: _OPERATION},
    Act.OPERATION_RUN: {OC: _OPERATION},
    Act.OPERATION_APPROVE: {LD: _ALL},
    Act.OPERATION_SUSPEND: {OC: _OPERATION, LD: _ALL},
    Act.OPERATION_CANCEL: {LD: _ALL},
    Act.PARTICIPATION_INVITE: {OC: _OPERATION},
    Act.PARTICIPATION_ANSWER: {NC: _NATION},
    Act.PARTICIPATION_READ: {NC: _NATION, OA: _OPERATION, OC: _OPERATION, LD: _ALL, AU: _ALL},
    Act.PARTICIPATION_WITHHOLD: {NC: _NATION},
    Act.TASK_PLAN: {OC: _OPERATION},
    Act.TASK_ASSIGN: {NC: _NATION, OC: _OPERATION},
    Act.TASK_WORK: {NO: _UNIT, TL: _UNIT, NC: _NATION, OA: _OPERATION, OC: _OPERATION},
    Act.TASK_READ: {NO: _UNIT, TL: _UNIT, NC: _NATION, OA: _OPERATION, OC: _OPERATION, LD: _ALL},
    Act.CALENDAR_FEED: _MEMBERS,
    Act.SITE_PLACE: {NC: _NATION, OC: _OPERATION},
    Act.PLAN_READ: _MEMBERS,
    Act.PLAN_DRAW: {NC: _NATION, OC: _OPERATION},
    Act.PLAN_FREEZE: {OC: _OPERATION},
    Act.PLAN_APPROVE: {LD: _ALL},
    Act.OPLAN_READ: {**_MEMBERS, AU: _ALL},
    Act.OPLAN_WRITE: {OC: _OPERATION},
    Act.OPLAN_COMMENT: {NC: _NATION},
    Act.OPLAN_APPROVE: {LD: _ALL},
    Act.UNIT_READ: _MEMBERS,
    Act.UNIT_MAN: {OC: _OPERATION},
    Act.TARGET_SET: {OC: _OPERATION},
    # Of the costs of an operation a country reads only what it paid itself.
    Act.COST_READ: {NC: _NATION, OC: _OPERATION, LD: _ALL, AU: _ALL},
    Act.COST_KEEP: {OC: _OPERATION},
    Act.TEMPLATE_READ: {OC: _ALL, LD: _ALL},
    Act.TEMPLATE_EDIT: {OC: _ALL},
    Act.INTELLIGENCE_READ: {OA: _OPERATION, OC: _OPERATION, LD: _ALL},
    Act.INTELLIGENCE_WRITE: {OA: _OPERATION},
    Act.RESULT_READ: {NC: _OPERATION, OA: _OPERATION, OC: _OPERATION, LD: _ALL},
    Act.RESULT_LINK: {NC: _NATION, OA: _OPERATION},
    Act.MEMBERSHIP_READ: {NC: _OPERATION, OA: _OPERATION, OC: _OPERATION, LD: _ALL, AD: _ALL},
    Act.OPERATION_ASSIGN: {OC: _OPERATION, AD: _ALL},
    Act.SITE_POST: {NC: _NATION},
    Act.LAYER_ADD: {NC: _NATION, OA: _OPERATION, OC: _OPERATION},
    Act.LAYER_READ: _MEMBERS,
    Act.ANALYSIS_ASK: {OA: _OPERATION, OC: _OPERATION},
    Act.ANALYSIS_READ: {OA: _OPERATION, OC: _OPERATION, LD: _ALL},
    Act.ANALYSIS_ADOPT: {OC: _OPERATION},
    Act.REPORT_WRITE: {NO: _UNIT, TL: _UNIT},
    Act.REPORT_KEY: {OC: _OPERATION},
    Act.REPORT_CORRECT: {NO: _UNIT, TL: _UNIT, NC: _NATION},
    Act.REPORT_VERIFY: {TL: _UNIT},
    Act.REPORT_VALIDATE: {NC: _NATION},
    Act.REPORT_CONSOLIDATE: {OA: _OPERATION},
    Act.REPORT_RETURN: {TL: _UNIT, NC: _NATION, OA: _OPERATION},
    Act.REPORT_REJECT: {NC: _NATION, OA: _OPERATION},
    Act.REPORT_WITHDRAW: {NO: _UNIT, TL: _UNIT, NC: _NATION},
    Act.REPORT_READ: {NO: _UNIT, TL: _UNIT, NC: _NATION, OA: _OPERATION, OC: _OPERATION},
    Act.PERSON_LINES_READ: {NO: _UNIT, TL: _UNIT, NC: _NATION, OA: _OPERATION},
    Act.HIT_CONFIRM: {NC: _NATION},
    Act.TOTALS_READ: _MEMBERS,
    Act.TOTALS_UNSUPPRESSED: {NO: _UNIT, TL: _UNIT, NC: _NATION, OA: _OPERATION, OC: _OPERATION},
    Act.REPORT_EXPORT: {NC: _NATION},
    Act.OPERATION_EXPORT: {OC: _OPERATION, LD: _ALL},
    Act.LEAD_WRITE: {NC: _NATION, OA: _OPERATION},
    Act.LEAD_READ: {NC: _NATION, OA: _OPERATION, OC: _OPERATION},
    Act.LEAD_ANSWER: {NC: _NATION},
    Act.FUGITIVE_READ: {NC: _NATION, OA: _OPERATION, OC: _OPERATION},
    Act.FUGITIVE_SUMS: {NC: _NATION, OA: _OPERATION, OC: _OPERATION, LD: _ALL},
    Act.FUGITIVE_NOMINATE: {NC: _NATION},
    Act.FUGITIVE_ACCEPT: {OC: _OPERATION},
    Act.FUGITIVE_TRACE: {OA: _OPERATION},
    Act.FUGITIVE_FIND: {NC: _NATION},
    Act.FUGITIVE_CONFIRM: {NC: _NATION},
    Act.FUGITIVE_CHECK: {NC: _NATION, OA: _OPERATION},
    Act.FUGITIVE_APPEAL: {NC: _NATION, OC: _OPERATION},
    # Everybody who works for an operation reports, past the chain of command; who reads is decided file by file.
    Act.INCIDENT_REPORT: {NO: _OPERATION, TL: _OPERATION, NC: _OPERATION, OA: _OPERATION, OC: _OPERATION},
    Act.INCIDENT_FOLLOW: {NO: _ALL, TL: _ALL, NC: _ALL, OA: _ALL, OC: _ALL, FR: _ALL, LD: _ALL, AU: _ALL},
    Act.INCIDENT_READ: {NC: _ALL, OC: _ALL, FR: _ALL, LD: _ALL, AU: _ALL},
    Act.INCIDENT_HANDLE: {FR: _ALL},
    Act.INCIDENT_RESTRICT: {NC: _NATION},
    # Requests of persons about their data: the receiver answers, and each owner decides on its own copies.
    Act.DATA_READ: {NC: _NATION, OC: _ALL, FR: _ALL, AU: _ALL},
    Act.DATA_HANDLE: {NC: _NATION, OC: _ALL},
    Act.DATA_DECIDE: {NC: _NATION, OC: _ALL, FR: _ALL},
    # What a court asks for is kept. Who set it does not lift it: the rights officer is a second person at the centre.
    Act.DATA_HOLD: {NC: _NATION, OC: _ALL, FR: _ALL},
    Act.JOURNAL_READ: {NO: _NATION, TL: _NATION, NC: _NATION, OA: _OPERATION, OC: _OPERATION, LD: _ALL, AU: _ALL},
    # Everybody also reads their own accesses: see OWN_ACCOUNT and the scope of the trail.
    Act.TRAIL_READ: {NC: _NATION, AU: _ALL},
    Act.WALL_OPEN: {OC: _OPERATION, LD: _ALL},
    # A unit is the team that one leads: the tables' own scope limits a country's roster to it.
    Act.TEAM_READ: {NO: _NATION, TL: _NATION, NC: _NATION, OA: _OPERATION, OC: _OPERATION},
    Act.TEAM_KEEP: {TL: _NATION, NC: _NATION},
    Act.SUPPORT_READ: {NO: _OPERATION, TL: _OPERATION, NC: _OPERATION, OA: _OPERATION, OC: _OPERATION},
    Act.SUPPORT_TOTALS: _MEMBERS,
    Act.SUPPORT_REQUEST: {NC: _NATION, OC: _OPERATION},
    Act.SUPPORT_ASK: {OC: _OPERATION},
    Act.SUPPORT_OFFER: {NC: _NATION},
    Act.SUPPORT_ACCEPT: {OC: _OPERATION},
    Act.DEPLOYMENT_ORDER: {OC: _OPERATION},
    Act.DEPLOYMENT_REPORT: {TL: _NATION, NC: _NATION},
    Act.DEPLOYMENT_STAND_DOWN: {NC: _NATION, OC: _OPERATION},
    Act.DEPLOYMENT_ACCREDIT: {NC: _NATION, OC: _OPERATION},
    Act.RECOMMENDATION_READ: {NC: _NATION, OA: _OPERATION, OC: _OPERATION, LD: _ALL, AU: _ALL},
    Act.RECOMMENDATION_PROPOSE: {OA: _OPERATION, OC: _OPERATION},
    Act.RECOMMENDATION_DECIDE: {NC: _NATION, LD: _ALL},
    Act.RECOMMENDATION_WORK: {NC: _NATION, OA: _OPERATION, OC: _OPERATION, LD: _ALL},
    Act.RECOMMENDATION_CLOSE: {OC: _OPERATION, LD: _ALL},
    # The coordinators of operations are the evaluators; countries comment on the draft.
    Act.EVALUATION_READ: {NC: _NATION, OA: _ALL, OC: _ALL, LD: _ALL, AU: _ALL},
    Act.EVALUATION_RUN: {OC: _ALL},
    Act.EVALUATION_COMMENT: {NC: _NATION},
    # Posts outlast operations: national users see their own, users who serve all countries see all.
    Act.POST_READ: _PROGRAMME,
    Act.POST_KEEP: {NC: _NATION, OC: _ALL},
    Act.NEEDS_READ: _PROGRAMME,
    Act.NEEDS_REQUEST: {NC: _NATION, OC: _ALL},
    Act.NEEDS_REVIEW: {OC: _ALL},
    Act.NEEDS_ASSESS: {TL: _NATION, OC: _ALL},
    Act.NEEDS_ANSWER: {NO: _NATION, TL: _NATION, OC: _ALL},
    Act.NEEDS_VALIDATE: {NC: _NATION},
    Act.NEEDS_AGREE: {OC: _ALL},
    Act.NEEDS_ENGAGE: {NC: _NATION, OC: _ALL},
    Act.EQUIPMENT_READ: _PROGRAMME,
    Act.EQUIPMENT_PLAN: {OC: _ALL},
    Act.EQUIPMENT_APPROVE: {LD: _ALL},
    Act.EQUIPMENT_TAKE: {NC: _NATION},
    Act.EQUIPMENT_STATUS: {TL: _NATION, NC: _NATION},
    # The weaknesses of a country's infrastructure, and its costs, are for its coordinators and the centre.
    Act.REVIEW_READ: {NC: _NATION, OA: _ALL, OC: _ALL, LD: _ALL, AU: _ALL},
    Act.REVIEW_ASK: {NC: _NATION, OC: _ALL},
    Act.REVIEW_RUN: {OC: _ALL},
    Act.REVIEW_ANSWER: {NC: _NATION},
    Act.PROJECT_READ: {NC: _NATION, OA: _ALL, OC: _ALL, LD: _ALL, AU: _ALL},
    Act.PROJECT_PROPOSE: {NC: _NATION, OC: _ALL},
    Act.PROJECT_APPROVE: {LD: _ALL},
    Act.PROJECT_RUN: {OC: _ALL},
    Act.PROJECT_TAKE: {NC: _NATION},
    Act.PROJECT_WORK: {NC: _NATION, OC: _ALL},
    # Plans for all countries together are for those who work for all: a country sees the links of its own.
    Act.CONNECT_READ: {OA: _ALL, OC: _ALL, LD: _ALL, AU: _ALL},
    Act.CONNECT_PLAN: {OC: _ALL},
    Act.USAGE_READ: _PROGRAMME,
    Act.USAGE_COUNT: {NO: _NATION, TL: _NATION, NC: _NATION},
    # Of a claim a country reads what concerns it; an auditor only that it exists, without its lines.
    Act.CLAIM_READ: {NC: _OPERATION, OA: _OPERATION, OC: _OPERATION, AU: _ALL},
    Act.CLAIM_COMPARE: {NC: _OPERATION, OA: _OPERATION, OC: _OPERATION},
    Act.CLAIM_OPEN: {OA: _OPERATION},
    Act.CLAIM_ANSWER: {NC: _NATION},
    Act.CLAIM_DECIDE: {OC: _OPERATION},
    # The coordinators of operations are the training managers; enrolments are no matter of analysts and leadership.
    Act.COURSE_READ: _PROGRAMME,
    Act.COURSE_DESIGN: {OC: _ALL},
    Act.COURSE_ACCREDIT: {LD: _ALL},
    Act.COURSE_RUN: {OC: _ALL},
    Act.ENROLMENT_READ: {NO: _NATION, TL: _NATION, NC: _NATION, OC: _ALL, AU: _ALL},
    Act.ENROLMENT_MAKE: {NC: _NATION},
    Act.ENROLMENT_MARK: {OC: _ALL},
    Act.CERTIFICATE_DRAW: {OC: _ALL},
    Act.CERTIFICATE_REVOKE: {NC: _NATION, OC: _ALL},
    Act.TRAINER_NOMINATE: {NC: _NATION},
    Act.TRAINER_CERTIFY: {OC: _ALL},
    Act.TRAINER_REVOKE: {NC: _NATION, OC: _ALL},
    Act.CASCADE_HOLD: {NO: _NATION, TL: _NATION, NC: _NATION},
    Act.CASCADE_CONFIRM: {NC: _NATION},
    Act.CURRICULUM_SHARE: {NC: _NATION, OC: _ALL},
    Act.CURRICULUM_ADOPT: {NC: _NATION},
    # Countries alone: users of no country hold no phrase, and see nothing.
    Act.DECONFLICT: {NC: _NATION},
    Act.DISPATCH: {NC: _NATION},
    Act.CENTRE: {NC: _NATION},
    # A partner organisation has no account: these are the people who admit it, and who give it what its list allows.
    Act.PARTNER_READ: {NC: _OPERATION, OA: _OPERATION, OC: _OPERATION, LD: _ALL, AU: _ALL},
    Act.PARTNER_PROPOSE: {OC: _OPERATION},
    Act.PARTNER_ADMIT: {LD: _ALL},
    Act.PARTNER_END: {OC: _OPERATION, LD: _ALL},
    # An auditor reads in the journal that a product was made, but not its content.
    Act.PRODUCT_READ: {TL: _NATION, NC: _NATION, OA: _OPERATION, OC: _OPERATION, LD: _ALL},
    Act.PRODUCT_ASK: {TL: _NATION, NC: _NATION, OC: _OPERATION},
    Act.PRODUCT_WORK: {OA: _OPERATION},
    Act.PRODUCT_CONSENT: {NC: _NATION},
    Act.DIRECTORY_READ: dict.fromkeys(_PROGRAMME, _ALL),
    Act.DIRECTORY_KEEP: {NC: _NATION},
    Act.SNAPSHOT_READ: {**_MEMBERS, AU: _ALL},
    Act.SNAPSHOT_PREPARE: {OA: _OPERATION, OC: _OPERATION},
    Act.SNAPSHOT_AGREE: {NC: _NATION},
    Act.SNAPSHOT_SIGN: {OC: _OPERATION},
    Act.SNAPSHOT_APPROVE: {LD: _ALL},
    Act.SNAPSHOT_PUBLISH: {OC: _OPERATION, LD: _ALL},
    Act.SNAPSHOT_DROP: {OA: _OPERATION, OC: _OPERATION, LD: _ALL},
    Act.INSTALLATION_READ: {AD: _ALL},
    Act.ACCOUNT_MANAGE: {NC: _NATION, AD: _ALL},
    Act.OWN_ACCOUNT: dict.fromkeys(Role, _ALL),
    # A token speaks for its maker, so nobody makes one for somebody else; a coordinator and administrators end any.
    Act.API_OPEN: {NO: _NATION, TL: _NATION, NC: _NATION},
    Act.API_END: {NC: _NATION, AD: _ALL},
    Act.WEBHOOK_OPEN: {NC: _NATION},
    Act.WEBHOOK_END: {NC: _NATION, AD: _ALL},
}


@dataclass(frozen=True)
class Subject:
    """The subject of an act, by the attributes that the rules need. `None`: the subject has no such attribute."""

    country: str | None = None
    operation: UUID | None = None
    site: UUID | None = None
    classification: Classification = Classification.FOR_OFFICIAL_USE
    restricted: frozenset[str] = frozenset()


_JUDGES = frozenset({Act.REPORT_CONSOLIDATE, Act.REPORT_RETURN, Act.REPORT_REJECT})


def _serves(actor: Actor, subject: Subject) -> bool:
    """Whether an analyst works on what this country sends; never for the country that seconded the analyst."""
    if subject.country is not None and subject.country == actor.country:
        return False
    served = {country for operation, country in actor.serves if operation == subject.operation}
    return not served or subject.country in served


def may(actor: Actor, act: Act, subject: Subject | None = None) -> bool:
    """Whether `actor` may do `act`. Without a subject: whether there is anything to which the role may do it."""
    scope = GRANTS[act].get(actor.role)
    if scope is None:
        return False
    if subject is None:
        return True
    if actor.only is not None and subject.operation != actor.only:
        return False
    if subject.classification.rank > actor.clearance.rank:
        return False
    if actor.country is not None and actor.country in subject.restricted:
        return False
    if actor.role is OA and act in _JUDGES and not _serves(actor, subject):
        return False
    if scope is Scope.ALL:
        return True
    if scope is Scope.OPERATION:
        return subject.operation in actor.operations
    member = subject.operation is None or subject.operation in actor.operations
    own = subject.country is not None and subject.country == actor.country
    if scope is Scope.NATION:
        return member and own
    return member and own and (not actor.bound or subject.site in actor.sites)


def require(actor: Actor, act: Act, subject: Subject | None = None) -> None:
    """Raise NotPermitted, which looks like NotFound, unless `may`."""
    if not may(actor, act, subject):
        raise NotPermitted(act)
