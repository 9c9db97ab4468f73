"""Serious incidents: reporting outside the verification chain, and handling (story 6.10).

The first report is never changed: a position that turns out otherwise is a later version, with its author. People with
a part in it are recorded with the report and excluded, in whatever role they have later.
"""

from collections.abc import Iterable
from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlmodel import Session, col, select

from operations.core import journal, pulse, rows
from operations.core.clock import now
from operations.core.errors import Conflict, NotPermitted, RuleBroken
from operations.core.field_labels import N_
from operations.core.ids import fingerprint, new_id
from operations.core.noun import Noun
from operations.core.people import Account, Actor, Assignment
from operations.core.permissions import Act, Subject, may, require
from operations.core.store import unfenced, unscoped
from operations.core.vocabulary import Role
from operations.incidents.drafts import GrantDraft, HandOverDraft, IncidentDraft, TakeOverDraft, VersionDraft
from operations.incidents.rows import (
    ENDED,
    KIND,
    LIFE,
    SUPERVISORS,
    IncidentApart,
    IncidentGrant,
    IncidentState,
    IncidentVersion,
    SeriousIncident,
    facts_of,
)
from operations.policing.operation import membership, plan
from operations.policing.reports.versions import Report

READERS = (Role.AUDITOR, Role.OPERATION_COORDINATOR, Role.NATIONAL_COORDINATOR)
"""Roles to which the handler may grant temporary access."""

# -------------------------------------------------------------------------------------------------- the noun


def _apart(session: Session, of: SeriousIncident) -> set[UUID]:
    """Return the accounts with a part in an incident: for the server alone."""
    with unfenced(session):
        query = select(IncidentApart.account_id).where(IncidentApart.incident_id == of.id)
        return {*session.exec(unscoped(query)), of.author_id}


def _knowing(session: Session, of: SeriousIncident) -> set[UUID]:
    """Return the accounts that know of an incident: supervisors, reporter, readers, and at its end leadership."""
    roles = (*SUPERVISORS, *((Role.LEADERSHIP,) if of.state in ENDED else ()))
    with unfenced(session):
        query = select(IncidentGrant.account_id).where(IncidentGrant.incident_id == of.id)
        granted = set(session.exec(unscoped(query)))
    return ((granted | _accounts(session, *roles)) - _apart(session, of)) | {of.author_id}


def _accounts(session: Session, *roles: Role) -> set[UUID]:
    """Return the accounts of these roles."""
    query = select(Account.id).where(col(Account.role).in_([role.value for role in roles]))
    with unfenced(session):
        return set(session.exec(unscoped(query)))


def _record(session: Session, by: Any, act: str, kind: str, of: SeriousIncident, /, **detail: Any) -> None:
    """Journal a change; its audience is only those who know of the incident: no other reader's numbers change.

    An ended incident counts in its operation's figures (K22), which leadership reads: their numbers there change too.
    """
    knowing = _knowing(session, of)
    entry = journal.record(session, by, act, kind, of.id, audience=pulse.people(*knowing), **detail)
    if of.state in ENDED:
        pulse.tell(session, of.operation_id, pulse.people(*knowing & _accounts(session, Role.LEADERSHIP)), entry, now())


def _add(session: Session, of: SeriousIncident, ident: UUID, about: str, content: dict[str, Any], by: Actor) -> None:
    """Add the next version to a file."""
    of.versions += 1
    session.add(_version(of, ident, about, content, by))


def _version(of: SeriousIncident, ident: UUID, about: str, content: dict[str, Any], by: Actor) -> IncidentVersion:
    """Return a version of a file, with its present number."""
    return IncidentVersion(
        id=ident, incident_id=of.id, version=of.versions, about=about, content=content, **rows.author(by)
    )


def _log(session: Session, of: SeriousIncident, words: str, by: Any) -> None:
    """Keep the words of a step as a version of the file."""
    if words:
        _add(session, of, new_id(), "step", {"words": words, "state": of.state}, by)


INCIDENT = Noun(
    SeriousIncident,
    KIND,
    _record,
    N_("This incident was already reported with other content. Reload the page to see it."),
    LIFE,
    facts=facts_of,
    log=_log,
)
GRANT = Noun(
    IncidentGrant,
    KIND,
    _record,
    N_("This was already granted otherwise. Reload the page to see it."),
    owner=(INCIDENT, "incident_id"),
)

# ------------------------------------------------------------------------------------------------- questions


def own_reports(session: Session, by: Actor) -> list[SeriousIncident]:
    """Return the reports by `by`, newest first: a reporter sees the state of each, and nothing else."""
    query = select(SeriousIncident).where(SeriousIncident.author_id == by.account_id)
    return list(session.exec(query.order_by(col(SeriousIncident.made_at).desc())))


def reads(found: SeriousIncident, by: Actor) -> bool:
    """Return whether `by`, who sees that it exists, is more to it than its reporter."""
    return may(by, Act.INCIDENT_READ) and not by.is_one_of(found.author_id)


def handled_incidents(session: Session, by: Actor) -> list[SeriousIncident]:
    """Return the incidents that `by` knows as more than their reporter, newest first."""
    query = select(SeriousIncident).order_by(col(SeriousIncident.made_at).desc(), col(SeriousIncident.id))
    return [each for each in session.exec(query) if reads(each, by)]


def known(session: Session, incident_id: UUID, by: Actor) -> SeriousIncident:
    """Return one of them. Raises NotFound, also for its reporter."""
    found = rows.one(session, SeriousIncident, incident_id)
    if not reads(found, by):
        raise NotPermitted
    return found


def is_handler(found: SeriousIncident, by: Actor) -> bool:
    """Return whether `by` is its handler and may write into its file."""
    return may(by, Act.INCIDENT_HANDLE) and found.handler_id == by.account_id and found.erased_at is None


def handlers(session: Session, found: SeriousIncident) -> list[Account]:
    """Return the accounts that could handle it instead: without a conflict of interest, and not the present handler."""
    return [each for each in _free(session, found, (Role.RIGHTS_OFFICER,)) if each.id != found.handler_id]


def readers(session: Session, found: SeriousIncident) -> list[Account]:
    """Return the accounts to which the handler may grant access."""
    return _free(session, found, READERS)


# ----------------------------------------------------------------------------------------------------- verbs


_ABOUT = {"id", "operation_id", "channel", "category", "concerns", "concerned", "occurred_at", "detected_at"}
"""The fields of a report that are not its content."""


def report(session: Session, draft: IncidentDraft, by: Actor) -> SeriousIncident:
    """Report a serious incident of an operation that the reporter works for. Idempotent for the same draft.

    Raises RuleBroken for times in the future and for officers whom the reporter does not know.
    """
    operation = plan.operation(session, draft.operation_id, by)
    require(by, Act.INCIDENT_REPORT, plan.subject(operation))
    said = {"id": draft.id, "content_hash": fingerprint(draft.model_dump(mode="json"))}
    if before := INCIDENT.known(session, said | {"author_id": by.account_id}):
        return before
    if draft.detected_at > now():
        raise RuleBroken("detected_at", "This time is in the future.")
    if by.account_id in draft.concerned or len(rows.by_id(session, Account, draft.concerned)) < len(
        set(draft.concerned)
    ):
        raise RuleBroken("concerned", "Choose officers of the list, and not yourself.")
    said |= draft.model_dump(include=_ABOUT - {"concerned"}) | {"country": by.country if by.national else None}
    made = INCIDENT.store(session, by, said)
    content = draft.model_dump(mode="json", exclude=_ABOUT)
    session.add(_version(made, new_id(), "report", content, by))
    parts = _parts(session, made, draft.concerned)
    with unfenced(session):  # Muster itself determines the people with a part in it; no reporter reads that
        session.add_all(
            IncidentApart(incident_id=made.id, account_id=account, part=part)
            for account, part in parts.items()
            if account != by.account_id
        )
        session.flush()
    INCIDENT.entry(session, by, "incident.report", made, channel=made.channel, category=made.category)
    return made


def take(session: Session, incident_id: UUID, to: IncidentState, by: Actor, words: str = "") -> SeriousIncident:
    """Take an incident a step further; whoever takes it from `received` becomes its handler.

    Raises NotFound for its reporter and for people with a part in it, and RuleBroken with the obstacles.
    """
    found = _hold(session, incident_id, by)
    handler = {} if found.handler_id else {"handler_id": by.account_id, "handler_name": by.name}
    return INCIDENT.take(session, found, to, by, words, **handler)


def write(session: Session, incident_id: UUID, draft: VersionDraft, by: Actor) -> None:
    """Add a version to a file: its handler, and until it ends its reporter, for facts and positions. Idempotent.

    Earlier versions stay; readers of the file see every version with its author.
    """
    incident = INCIDENT.hold(session, incident_id)
    reporter = incident.author_id == by.account_id and may(by, Act.INCIDENT_REPORT)
    adds = (
        reporter and draft.about in ("facts", "position") and incident.state not in [each.value for each in LIFE.ends]
    )
    if incident.erased_at is not None or not (adds or is_handler(incident, by)):
        raise NotPermitted
    content = draft.model_dump(mode="json", exclude={"id", "about"}, exclude_none=True)
    written = session.exec(unscoped(select(IncidentVersion).where(IncidentVersion.id == draft.id))).one_or_none()
    if written is not None:
        if (written.incident_id, written.about, written.content) != (incident.id, draft.about, content):
            raise Conflict("This was already written with other content. Reload the page to see it.")
        return
    _add(session, incident, draft.id, draft.about, content, by)
    session.add(incident)
    INCIDENT.entry(session, by, "incident.write", incident, about=draft.about, version=incident.versions)


def hand_over(session: Session, incident_id: UUID, draft: HandOverDraft, by: Actor) -> SeriousIncident:
    """Hand over to another handler: never the reporter, a person complained about, or a commander there.

    Its handler does this; where that account is unusable, another fundamental rights officer.
    """
    found = _hold(session, incident_id, by)
    require(by, Act.INCIDENT_HANDLE, Subject())
    gone = found.handler_id is not None and not rows.one(session, Account, found.handler_id).may_enter
    if not (is_handler(found, by) or (gone and found.erased_at is None)):
        raise NotPermitted
    other = next((each for each in handlers(session, found) if each.id == draft.handler), None)
    if other is None:
        raise RuleBroken(
            "handler", "This person cannot handle the incident or is involved in it. Choose another person."
        )
    return _hand_to(session, found, other.id, other.name, draft.reason, "incident.hand_over", by)


def may_take_over(session: Session, found: SeriousIncident, by: Actor) -> bool:
    """Return whether `by` could take it over: a fundamental rights officer who has no part in it."""
    held = found.handler_id not in (None, by.account_id) and found.erased_at is None and found.state not in LIFE.ends
    return held and may(by, Act.INCIDENT_HANDLE) and by.account_id in {each.id for each in handlers(session, found)}


def take_over(
    session: Session, incident_id: UUID, draft: TakeOverDraft, handler: UUID | None, by: Actor
) -> SeriousIncident:
    """Become the handler instead of the `handler` that was seen, with a reason, which that one reads in the log.

    Raises NotFound for people with a part in it, and Conflict where somebody else handles it by now.
    """
    found = _hold(session, incident_id, by)
    require(by, Act.INCIDENT_HANDLE, Subject())
    if not may_take_over(session, found, by):
        raise NotPermitted
    if found.handler_id != handler:
        raise Conflict("Somebody else is now the handler. Reload the page to see who.")
    return _hand_to(session, found, by.account_id, by.name, draft.reason, "incident.take_over", by)


def _hand_to(
    session: Session, found: SeriousIncident, account: UUID, name: str, reason: str, act: str, by: Actor
) -> SeriousIncident:
    found.handler_id, found.handler_name, found.moved_at = account, name, now()
    _add(session, found, new_id(), "step", {"words": reason, "state": found.state}, by)
    session.add(found)
    INCIDENT.entry(session, by, act, found)
    return found


def grant(session: Session, incident_id: UUID, draft: GrantDraft, by: Actor) -> IncidentGrant:
    """Grant an account access to a file for some days, as its handler. Idempotent for the same draft."""
    incident = _hold(session, incident_id, by)
    if not is_handler(incident, by):
        raise NotPermitted
    said = draft.model_dump(exclude={"days"}) | {"incident_id": incident.id}
    if before := GRANT.known(session, said):
        return before
    if draft.account_id not in {each.id for each in readers(session, incident)}:
        raise RuleBroken(
            "account_id", "This person cannot read the file or is involved in the incident. Choose another person."
        )
    said["until"] = now() + timedelta(days=draft.days)
    return GRANT.write(session, by, "incident.grant", said, days=draft.days)


# ----------------------------------------------------------------------------------------------------- inside


def _hold(session: Session, incident_id: UUID, by: Actor) -> SeriousIncident:
    found = INCIDENT.hold(session, incident_id)
    if not reads(found, by):
        raise NotPermitted
    return found


def _parts(session: Session, of: SeriousIncident, concerned: Iterable[UUID]) -> dict[UUID, str]:
    """Return the people with a part in an incident, by account: they verify, command or are complained about."""
    countries = {of.concerns} if of.channel == "normal" else {of.concerns, of.country}
    leads = col(Account.role).in_([Role.TEAM_LEADER.value, Role.NATIONAL_COORDINATOR.value])
    with unfenced(session):
        commands = set(session.exec(unscoped(select(Account.id).where(col(Account.country).in_(countries), leads))))
        assigned = select(Account.id, Account.role).join(Assignment, col(Assignment.account_id) == col(Account.id))
        for account, role in session.exec(unscoped(assigned.where(Assignment.operation_id == of.operation_id))):
            if of.channel == "exceptional" or role in SUPERVISORS:
                commands.add(account)
        eyes = select(Report.verified_by, Report.validated_by, Report.consolidated_by).where(
            Report.operation_id == of.operation_id, col(Report.country).in_(countries)
        )
        verifies = {each for three in session.exec(unscoped(eyes)) for each in three if each is not None}
    return (
        dict.fromkeys(verifies, "verifies")
        | dict.fromkeys(commands, "commands")
        | dict.fromkeys(concerned, "concerned")
    )


def _free(session: Session, of: SeriousIncident, roles: Iterable[Role]) -> list[Account]:
    """Return usable accounts of these roles whose person has no part in an incident, by name."""
    kept, wanted = _apart(session, of), [role.value for role in roles]
    query = select(Account).where(col(Account.role).in_(wanted)).order_by(Account.name)
    usable = membership.actors(session, session.exec(unscoped(query)).all())
    free = {each.account_id for each in usable if not each.is_one_of(*kept)}
    return [each for each in session.exec(unscoped(query)) if each.id in free]
