"""Who may do what is the matrix of domain 5.2, and everything else is denied."""

from itertools import product
from uuid import UUID

import pytest

from operations.core.errors import HIDDEN, NotFound, NotPermitted
from operations.core.people import Actor
from operations.core.permissions import Act, Subject, may, require
from operations.core.vocabulary import Classification, Role

HERE, ELSEWHERE = UUID(int=1), UUID(int=2)
POST, OTHER_POST = UUID(int=11), UUID(int=12)
COLUMNS = (
    Role.NATIONAL_OFFICER,
    Role.TEAM_LEADER,
    Role.NATIONAL_COORDINATOR,
    Role.OCU_ANALYST,
    Role.OPERATION_COORDINATOR,
    Role.LEADERSHIP,
    Role.AUDITOR,
    Role.ADMINISTRATOR,
    Role.RIGHTS_OFFICER,
)
# u own unit, n own country, o own operations, a all, - none
MATRIX = """
                          NO TL NC OA OC LD AU AD FR
    operation.create       -  -  -  -  a  -  -  -  -
    operation.read         o  o  o  o  o  a  a  -  -
    operation.edit         -  -  -  -  o  -  -  -  -
    operation.run          -  -  -  -  o  -  -  -  -
    operation.approve      -  -  -  -  -  a  -  -  -
    operation.suspend      -  -  -  -  o  a  -  -  -
    operation.cancel       -  -  -  -  -  a  -  -  -
    participation.invite   -  -  -  -  o  -  -  -  -
    participation.answer   -  -  n  -  -  -  -  -  -
    participation.read     -  -  n  o  o  a  a  -  -
    participation.withhold -  -  n  -  -  -  -  -  -
    task.plan              -  -  -  -  o  -  -  -  -
    task.assign            -  -  n  -  o  -  -  -  -
    task.work              u  u  n  o  o  -  -  -  -
    task.read              u  u  n  o  o  a  -  -  -
    calendar.feed          o  o  o  o  o  a  -  -  -
    site.place             -  -  n  -  o  -  -  -  -
    plan.read              o  o  o  o  o  a  -  -  -
    plan.draw              -  -  n  -  o  -  -  -  -
    plan.freeze            -  -  -  -  o  -  -  -  -
    plan.approve           -  -  -  -  -  a  -  -  -
    oplan.read             o  o  o  o  o  a  a  -  -
    oplan.write            -  -  -  -  o  -  -  -  -
    oplan.comment          -  -  n  -  -  -  -  -  -
    oplan.approve          -  -  -  -  -  a  -  -  -
    unit.read              o  o  o  o  o  a  -  -  -
    unit.man               -  -  -  -  o  -  -  -  -
    target.set             -  -  -  -  o  -  -  -  -
    cost.read              -  -  n  -  o  a  a  -  -
    cost.keep              -  -  -  -  o  -  -  -  -
    template.read          -  -  -  -  a  a  -  -  -
    template.edit          -  -  -  -  a  -  -  -  -
    intelligence.read      -  -  -  o  o  a  -  -  -
    intelligence.write     -  -  -  o  -  -  -  -  -
    result.read            -  -  o  o  o  a  -  -  -
    result.link            -  -  n  o  -  -  -  -  -
    membership.read        -  -  o  o  o  a  -  a  -
    operation.assign       -  -  -  -  o  -  -  a  -
    site.post              -  -  n  -  -  -  -  -  -
    layer.add              -  -  n  o  o  -  -  -  -
    layer.read             o  o  o  o  o  a  -  -  -
    analysis.ask           -  -  -  o  o  -  -  -  -
    analysis.read          -  -  -  o  o  a  -  -  -
    analysis.adopt         -  -  -  -  o  -  -  -  -
    report.write           u  u  -  -  -  -  -  -  -
    report.key             -  -  -  -  o  -  -  -  -
    report.correct         u  u  n  -  -  -  -  -  -
    report.verify          -  u  -  -  -  -  -  -  -
    report.validate        -  -  n  -  -  -  -  -  -
    report.consolidate     -  -  -  o  -  -  -  -  -
    report.return          -  u  n  o  -  -  -  -  -
    report.reject          -  -  n  o  -  -  -  -  -
    report.withdraw        u  u  n  -  -  -  -  -  -
    report.read            u  u  n  o  o  -  -  -  -
    person_lines.read      u  u  n  o  -  -  -  -  -
    hit.confirm            -  -  n  -  -  -  -  -  -
    totals.read            o  o  o  o  o  a  -  -  -
    totals.unsuppressed    u  u  n  o  o  -  -  -  -
    report.export          -  -  n  -  -  -  -  -  -
    operation.export       -  -  -  -  o  a  -  -  -
    lead.write             -  -  n  o  -  -  -  -  -
    lead.read              -  -  n  o  o  -  -  -  -
    lead.answer            -  -  n  -  -  -  -  -  -
    fugitive.read          -  -  n  o  o  -  -  -  -
    fugitive.sums          -  -  n  o  o  a  -  -  -
    fugitive.nominate      -  -  n  -  -  -  -  -  -
    fugitive.accept        -  -  -  -  o  -  -  -  -
    fugitive.trace         -  -  -  o  -  -  -  -  -
    fugitive.find          -  -  n  -  -  -  -  -  -
    fugitive.confirm       -  -  n  -  -  -  -  -  -
    fugitive.check         -  -  n  o  -  -  -  -  -
    fugitive.appeal        -  -  n  -  o  -  -  -  -
    incident.report        o  o  o  o  o  -  -  -  -
    incident.follow        a  a  a  a  a  a  a  -  a
    incident.read          -  -  a  -  a  a  a  -  a
    incident.handle        -  -  -  -  -  -  -  -  a
    incident.restrict      -  -  n  -  -  -  -  -  -
    data.read              -  -  n  -  a  -  a  -  a
    data.handle            -  -  n  -  a  -  -  -  -
    data.decide            -  -  n  -  a  -  -  -  a
    data.hold              -  -  n  -  a  -  -  -  a
    journal.read           n  n  n  o  o  a  a  -  -
    trail.read             -  -  n  -  -  -  a  -  -
    wall.open              -  -  -  -  o  a  -  -  -
    team.read              n  n  n  o  o  -  -  -  -
    team.keep              -  n  n  -  -  -  -  -  -
    support.read           o  o  o  o  o  -  -  -  -
    support.totals         o  o  o  o  o  a  -  -  -
    support.request        -  -  n  -  o  -  -  -  -
    support.ask            -  -  -  -  o  -  -  -  -
    support.offer          -  -  n  -  -  -  -  -  -
    support.accept         -  -  -  -  o  -  -  -  -
    deployment.order       -  -  -  -  o  -  -  -  -
    deployment.report      -  n  n  -  -  -  -  -  -
    deployment.stand_down  -  -  n  -  o  -  -  -  -
    deployment.accredit    -  -  n  -  o  -  -  -  -
    recommendation.read    -  -  n  o  o  a  a  -  -
    recommendation.propose -  -  -  o  o  -  -  -  -
    recommendation.decide  -  -  n  -  -  a  -  -  -
    recommendation.work    -  -  n  o  o  a  -  -  -
    recommendation.close   -  -  -  -  o  a  -  -  -
    evaluation.read        -  -  n  a  a  a  a  -  -
    evaluation.run         -  -  -  -  a  -  -  -  -
    evaluation.comment     -  -  n  -  -  -  -  -  -
    post.read              n  n  n  a  a  a  a  -  -
    post.keep              -  -  n  -  a  -  -  -  -
    needs.read             n  n  n  a  a  a  a  -  -
    needs.request          -  -  n  -  a  -  -  -  -
    needs.review           -  -  -  -  a  -  -  -  -
    needs.assess           -  n  -  -  a  -  -  -  -
    needs.answer           n  n  -  -  a  -  -  -  -
    needs.validate         -  -  n  -  -  -  -  -  -
    needs.agree            -  -  -  -  a  -  -  -  -
    needs.engage           -  -  n  -  a  -  -  -  -
    equipment.read         n  n  n  a  a  a  a  -  -
    equipment.plan         -  -  -  -  a  -  -  -  -
    equipment.approve      -  -  -  -  -  a  -  -  -
    equipment.take         -  -  n  -  -  -  -  -  -
    equipment.status       -  n  n  -  -  -  -  -  -
    review.read            -  -  n  a  a  a  a  -  -
    review.ask             -  -  n  -  a  -  -  -  -
    review.run             -  -  -  -  a  -  -  -  -
    review.answer          -  -  n  -  -  -  -  -  -
    project.read           -  -  n  a  a  a  a  -  -
    project.propose        -  -  n  -  a  -  -  -  -
    project.approve        -  -  -  -  -  a  -  -  -
    project.run            -  -  -  -  a  -  -  -  -
    project.take           -  -  n  -  -  -  -  -  -
    project.work           -  -  n  -  a  -  -  -  -
    connect.read           -  -  -  a  a  a  a  -  -
    connect.plan           -  -  -  -  a  -  -  -  -
    usage.read             n  n  n  a  a  a  a  -  -
    usage.count            n  n  n  -  -  -  -  -  -
    course.read            n  n  n  a  a  a  a  -  -
    course.design          -  -  -  -  a  -  -  -  -
    course.accredit        -  -  -  -  -  a  -  -  -
    course.run             -  -  -  -  a  -  -  -  -
    enrolment.read         n  n  n  -  a  -  a  -  -
    enrolment.make         -  -  n  -  -  -  -  -  -
    enrolment.mark         -  -  -  -  a  -  -  -  -
    certificate.draw       -  -  -  -  a  -  -  -  -
    certificate.revoke     -  -  n  -  a  -  -  -  -
    trainer.nominate       -  -  n  -  -  -  -  -  -
    trainer.certify        -  -  -  -  a  -  -  -  -
    trainer.revoke         -  -  n  -  a  -  -  -  -
    cascade.hold           n  n  n  -  -  -  -  -  -
    cascade.confirm        -  -  n  -  -  -  -  -  -
    curriculum.share       -  -  n  -  a  -  -  -  -
    curriculum.adopt       -  -  n  -  -  -  -  -  -
    claim.read             -  -  o  o  o  -  a  -  -
    claim.compare          -  -  o  o  o  -  -  -  -
    claim.open             -  -  -  o  -  -  -  -  -
    claim.answer           -  -  n  -  -  -  -  -  -
    claim.decide           -  -  -  -  o  -  -  -  -
    deconfliction.use      -  -  n  -  -  -  -  -  -
    dispatch.use           -  -  n  -  -  -  -  -  -
    centre.use             -  -  n  -  -  -  -  -  -
    partner.read           -  -  o  o  o  a  a  -  -
    partner.propose        -  -  -  -  o  -  -  -  -
    partner.admit          -  -  -  -  -  a  -  -  -
    partner.end            -  -  -  -  o  a  -  -  -
    product.read           -  n  n  o  o  a  -  -  -
    product.ask            -  n  n  -  o  -  -  -  -
    product.work           -  -  -  o  -  -  -  -  -
    product.consent        -  -  n  -  -  -  -  -  -
    directory.read         a  a  a  a  a  a  a  -  -
    directory.keep         -  -  n  -  -  -  -  -  -
    snapshot.read          o  o  o  o  o  a  a  -  -
    snapshot.prepare       -  -  -  o  o  -  -  -  -
    snapshot.agree         -  -  n  -  -  -  -  -  -
    snapshot.sign          -  -  -  -  o  -  -  -  -
    snapshot.approve       -  -  -  -  -  a  -  -  -
    snapshot.publish       -  -  -  -  o  a  -  -  -
    snapshot.drop          -  -  -  o  o  a  -  -  -
    installation.read      -  -  -  -  -  -  -  a  -
    account.manage         -  -  n  -  -  -  -  a  -
    account.own            a  a  a  a  a  a  a  a  a
    api.open               n  n  n  -  -  -  -  -  -
    api.end                -  -  n  -  -  -  -  a  -
    webhook.open           -  -  n  -  -  -  -  -  -
    webhook.end            -  -  n  -  -  -  -  a  -
"""


def table() -> dict[tuple[Act, Role], str]:
    rows = [line.split() for line in MATRIX.strip().splitlines()[1:]]
    return {(Act(act), role): reach for act, *cells in rows for role, reach in zip(COLUMNS, cells, strict=True)}


REACH = table()
NATIONAL = COLUMNS[:3]


def person(role: Role, **changes: object) -> Actor:
    content = {
        "account_id": UUID(int=7),
        "name": "A. Person",
        "role": role,
        "country": "NER" if role in NATIONAL else None,
        "clearance": Classification.RESTRICTED,
        "operations": frozenset({HERE}),
        "sites": frozenset({POST}) if role in NATIONAL[:2] else frozenset(),
    }
    return Actor(**content | changes)


@pytest.mark.requirement("ASVS 8.1.1")
def test_every_act_and_every_role_stands_in_the_matrix() -> None:
    assert set(REACH) == set(product(Act, Role))


GRANTED = {
    "-": (False, False, False, False),
    "u": (True, False, False, False),
    "n": (True, True, False, False),
    "o": (True, True, True, False),
    "a": (True, True, True, True),
}
"""In the own unit, the own country, another country and another operation."""


def granted(role: Role) -> list[Act]:
    """The acts that a role may do anywhere."""
    return [act for act in Act if REACH[act, role] != "-"]


@pytest.mark.parametrize("role", Role)
@pytest.mark.requirement("ASVS 8.2.1", "R14")
def test_the_matrix_holds_in_every_scope(role: Role) -> None:
    asker = person(role)
    subjects = (
        Subject("NER", HERE, POST),
        Subject("NER", HERE, OTHER_POST),
        Subject("MLI", HERE, OTHER_POST),
        Subject("NER", ELSEWHERE, POST),
    )
    found = {act: tuple(may(asker, act, subject) for subject in subjects) for act in Act}
    assert found == {act: GRANTED[REACH[act, role]] for act in Act}
    assert [act for act in Act if may(asker, act)] == granted(role)


@pytest.mark.parametrize("role", Role)
def test_nobody_does_anything_above_their_clearance(role: Role) -> None:
    asker, cleared = person(role), person(role, clearance=Classification.CONFIDENTIAL)
    secret = Subject("NER", HERE, POST, Classification.CONFIDENTIAL)
    assert granted(role)
    assert [act for act in granted(role) if may(asker, act, secret)] == []
    assert [act for act in granted(role) if not may(cleared, act, secret)] == []


@pytest.mark.parametrize("role", Role)
def test_a_restriction_of_the_owner_wins_over_every_role(role: Role) -> None:
    seconded = person(role, country="MLI" if role not in NATIONAL else "NER")
    kept_from = Subject("NER", HERE, POST, restricted=frozenset({"MLI", "NER"}))
    assert [act for act in granted(role) if may(seconded, act, kept_from)] == []


@pytest.mark.parametrize("role", [Role.OCU_ANALYST, Role.OPERATION_COORDINATOR])
def test_an_act_within_operations_needs_one(role: Role) -> None:
    within = [act for act in Act if REACH[act, role] == "o"]
    assert within
    assert [act for act in within if may(person(role), act, Subject("NER"))] == []


def test_an_officer_without_postings_works_for_the_whole_country() -> None:
    roving = person(Role.NATIONAL_OFFICER, sites=frozenset())
    assert may(roving, Act.REPORT_WRITE, Subject("NER", HERE, OTHER_POST))
    assert not may(roving, Act.REPORT_WRITE, Subject("MLI", HERE, OTHER_POST))


def test_who_works_for_no_operation_reads_none() -> None:
    stranger = person(Role.NATIONAL_COORDINATOR, operations=frozenset())
    own = {Act.OWN_ACCOUNT, Act.INCIDENT_FOLLOW, Act.INCIDENT_READ}  # of the own alone, and of what one is let read
    beside = {*own, Act.DIRECTORY_READ}  # and whom to ask in other countries, which is of no operation
    assert not any(may(stranger, act, Subject("NER", HERE, POST)) for act in Act if act not in beside)


@pytest.mark.requirement("R17")
def test_a_refusal_looks_like_nothing_there() -> None:
    with pytest.raises(NotPermitted) as refusal:
        require(person(Role.AUDITOR), Act.REPORT_READ, Subject("NER", HERE))
    assert isinstance(refusal.value, NotFound)
    assert str(refusal.value) == str(NotFound()) == HIDDEN
