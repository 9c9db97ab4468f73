"""Messages from one national unit to others, under the control of their originator.

A message carries source and information (4x4), a handling code and a classification. H0 and H1 are passed on with their
code; H2, H3 and every answer only with the originator's consent. Nothing is copied: a message that is passed on remains
the originator's own row, and the originator sees who has it.
"""

from collections.abc import Collection, Iterable, Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import Annotated, Any
from uuid import UUID

import sqlalchemy as sa
from pydantic import Field as Rule
from sqlmodel import Session, col, select

from operations.core import journal, proof, pulse, rows, state_machine
from operations.core.clock import now
from operations.core.drafts import Draft, Heading, NeededWords
from operations.core.errors import Conflict, RuleBroken
from operations.core.field_labels import N_, Label
from operations.core.handling_codes import may_leave, refuse_held
from operations.core.journal import Chain
from operations.core.people import Actor, System
from operations.core.permissions import Act, Subject, require
from operations.core.store import unfenced, unscoped
from operations.core.vocabulary import Classification, Country, Role
from operations.exchange.dispatch_rows import (
    PASSING,
    RECEIPT,
    RETENTION,
    Dispatch,
    DispatchPassing,
    DispatchReceipt,
    PassingState,
    ReceiptState,
    subject,
)
from operations.policing.operation import legal_holds, plan, withholding
from operations.support.network import Graded

# ---------------------------------------------------------------------------------------------------- drafts


class Marked(Graded):
    """The text of a message, with its markings."""

    id: UUID
    body: Annotated[NeededWords, Label(N_("Message"), N_("What is known, and what is asked. No names of persons."))]
    classification: Annotated[Classification, Label(N_("Classification"), listed="CL-CLASS")] = (
        Classification.FOR_OFFICIAL_USE
    )


class MessageAnswerDraft(Marked):
    """Draft of a country's answer to a message. It stays under that country's consent."""


class DispatchDraft(Marked):
    """Draft of a message to one country or several. None of them learns who else received it."""

    operation_id: Annotated[UUID | None, Label(N_("Operation"), draws="one")] = None
    countries: Annotated[
        list[Country],
        Rule(min_length=1, max_length=50),
        Label(N_("To"), N_("None of them sees who else got it."), draws="several"),
    ]
    title: Annotated[Heading, Label(N_("Subject"), draws="text")]
    due: Annotated[date | None, Label(N_("Answer wanted until"))] = None


class PassingDraft(Draft):
    """Draft of a request to pass a message on."""

    id: UUID
    countries: Annotated[list[Country], Rule(min_length=1, max_length=50), Label(N_("Pass on to"), draws="several")]
    purpose: Annotated[NeededWords, Label(N_("What for"), N_("The originator reads it before it consents."))]


# ------------------------------------------------------------------------------------------------- questions


def dispatches(session: Session) -> Sequence[Dispatch]:
    """Return the messages that the asker's country wrote or received, newest first."""
    found: Sequence[Dispatch] = session.exec(
        select(Dispatch).order_by(col(Dispatch.sent_at).desc(), col(Dispatch.id))
    ).all()
    return found


def dispatch(session: Session, dispatch_id: UUID) -> Dispatch:
    """Return the message. Raises NotFound."""
    return rows.one(session, Dispatch, dispatch_id)


def answers(session: Session, dispatch_id: UUID) -> Sequence[Dispatch]:
    """Return the answers to a message that the asker may see, by time."""
    found: Sequence[Dispatch] = session.exec(
        select(Dispatch).where(Dispatch.answers_id == dispatch_id).order_by(col(Dispatch.sent_at))
    ).all()
    return found


def receipts(session: Session, ids: Iterable[UUID]) -> dict[UUID, list[DispatchReceipt]]:
    """Return the receipts that the asker may see, by message."""
    query = select(DispatchReceipt).where(col(DispatchReceipt.dispatch_id).in_(set(ids)))
    found: dict[UUID, list[DispatchReceipt]] = {}
    for each in session.exec(query.order_by(DispatchReceipt.country)):
        found.setdefault(each.dispatch_id, []).append(each)
    return found


def passings(session: Session, dispatch_id: UUID) -> Sequence[DispatchPassing]:
    """Return to whom a message was passed on, or is requested to be, newest first."""
    query = select(DispatchPassing).where(DispatchPassing.dispatch_id == dispatch_id)
    found: Sequence[DispatchPassing] = session.exec(query.order_by(col(DispatchPassing.asked_at).desc())).all()
    return found


def own_receipt(session: Session, dispatch_id: UUID, by: Actor) -> DispatchReceipt | None:
    """Return the receipt of the asker's own country; None where it wrote the message itself."""
    return rows.find(session, DispatchReceipt, dispatch_id, by.country)


def reading_offers(receipt: DispatchReceipt, by: Actor) -> list[state_machine.StepOffer[ReceiptState]]:
    """Return the steps `by` may take with a receipt by hand."""
    return RECEIPT.offers(receipt, None, by)


def passing_offers(found: Dispatch, each: DispatchPassing, by: Actor) -> list[state_machine.StepOffer[PassingState]]:
    """Return the decisions `by` may make on a request to pass a message on."""
    return PASSING.offers(each, found.erased_at is not None, by)


def kept_from(session: Session, found: Dispatch, made: DispatchPassing, by: Actor) -> list[str]:
    """To which of these countries nothing goes, because the originator withholds from them: told to it alone."""
    if by.country != made.origin or made.state == PassingState.REFUSED:
        return []
    kept = _withheld(session, found) if made.state == PassingState.ASKED else set(made.members) - _known(session, found)
    return [each for each in made.members if each in kept]


def under_consent(found: Dispatch, by: Actor) -> bool:
    """Return whether passing the message on needs the originator's consent: for an answer, or one marked H2 or H3."""
    return found.country != by.country and (found.answers_id is not None or not may_leave(found.handling))


# ----------------------------------------------------------------------------------------------------- verbs


@proof.needed
def send(session: Session, draft: DispatchDraft, by: Actor) -> Dispatch:
    """Send a message. Idempotent.

    Raises RuleBroken for the own country, one that does not take part in the operation, and a day that is over.
    """
    require(by, Act.DISPATCH, Subject(by.country, draft.operation_id, None, draft.classification))
    if known := _before(session, draft, {"operation_id": draft.operation_id, "title": draft.title}):
        return known
    to = list(dict.fromkeys(draft.countries))
    _refuse(session, draft.operation_id, to, by.country)
    if draft.due is not None and draft.due < now().date():
        raise RuleBroken("due", "This day is in the past. Choose a later day.")
    until = datetime.combine(draft.due + timedelta(days=1), time(0), UTC) if draft.due else None
    made = _write(session, draft, by, operation_id=draft.operation_id, title=draft.title, due=until)
    _deliver(session, made, to)
    _record(session, by, "dispatch.send", made, to, number=len(to))
    return made


def answer(session: Session, dispatch_id: UUID, draft: MessageAnswerDraft, by: Actor) -> Dispatch:
    """Answer a message, to its originator only. Idempotent. Raises NotFound for countries that did not receive it."""
    receipt = rows.hold(session, DispatchReceipt, dispatch_id, by.country)
    answered = dispatch(session, dispatch_id)
    require(by, Act.DISPATCH, Subject(by.country, answered.operation_id, None, draft.classification))
    if known := _before(session, draft, {"answers_id": dispatch_id}):
        return known
    _refuse_erased(answered)
    made = _write(session, draft, by, operation_id=answered.operation_id, title=answered.title, answers_id=dispatch_id)
    _deliver(session, made, [answered.country])
    if receipt.state != ReceiptState.ANSWERED:
        RECEIPT.go(receipt, ReceiptState.ANSWERED)
        _seen(receipt, by)
        receipt.answered_at = now()
        session.add(receipt)
    _record(session, by, "dispatch.answer", answered, [answered.country, str(by.country)])
    return made


def confirm(session: Session, dispatch_id: UUID, by: Actor) -> DispatchReceipt:
    """Confirm that the country has read a message. Raises NotFound where it did not receive it."""
    receipt = rows.hold(session, DispatchReceipt, dispatch_id, by.country)
    step, _none = RECEIPT.take(receipt, None, ReceiptState.READ, by)
    _seen(receipt, by)
    session.add(receipt)
    _record(session, by, step.verb, dispatch(session, dispatch_id), [receipt.country, receipt.origin])
    return receipt


def pass_on(session: Session, dispatch_id: UUID, draft: PassingDraft, by: Actor) -> DispatchPassing:
    """Pass a message on, or ask its originator where that needs consent. The same draft again: the same answer.

    From whom the originator withholds it, and who has it already, is the originator's to know: nothing goes to either,
    and whoever passes it on sees the same as of all others. Raises RuleBroken for countries that do not take part in
    the operation.
    """
    found = rows.hold(session, Dispatch, dispatch_id)
    require(by, Act.DISPATCH, subject(found, by.country))
    said: dict[str, Any] = {
        "dispatch_id": dispatch_id,
        "countries": " ".join(draft.countries),
        "purpose": draft.purpose,
    }
    otherwise = Conflict("This was already asked with other content. Reload the page to see it.")
    if known := rows.same_draft(session, DispatchPassing, draft.id, said, otherwise):
        return known
    _refuse_erased(found)
    _refuse(session, found.operation_id, draft.countries, by.country)
    if found.country == by.country:
        _refuse_withheld(_withheld(session, found) & set(draft.countries))
        if again := sorted(_known(session, found) & set(draft.countries)):
            raise RuleBroken("countries", "{countries} has this message already.", countries=list(again))
    made = DispatchPassing(
        id=draft.id,
        **said,
        operation_id=found.operation_id,
        country=str(by.country),
        origin=found.country,
        classification=found.classification,
        author_id=by.account_id,
        author_name=by.name,
        asked_at=now(),
    )
    asks = under_consent(found, by)
    if not asks:
        _decided(made, PassingState.CONSENTED, by)
    session.add(made)
    session.flush()
    if asks:
        _record(session, by, "dispatch.ask", found, [found.country, str(by.country)], number=len(draft.countries))
    else:
        _passed(session, found, made, by, "dispatch.pass_on")
    return made


def decide(session: Session, passing_id: UUID, to: PassingState, by: Actor, words: str = "") -> DispatchPassing:
    """The originator consents, and the message goes on, or refuses with a reason. Raises RuleBroken, NotPermitted.

    Consent lifts nothing: to whom the originator withholds from nothing goes (`kept_from`).
    """
    made = rows.hold(session, DispatchPassing, passing_id)
    found = dispatch(session, made.dispatch_id)
    step, words = PASSING.take(made, found.erased_at is not None, to, by, words)
    made.reason = words if to in PASSING.needing_reason() else ""
    made.decided_by, made.decided_at = by.name, now()
    session.add(made)
    session.flush()
    if to is PassingState.CONSENTED:
        _passed(session, found, made, by, step.verb)
    else:
        _record(session, by, step.verb, found, [made.country, made.origin])
    return made


def export(session: Session, dispatch_id: UUID, by: Actor) -> Dispatch:
    """Return the message for a printout, recorded in the access trail.

    Raises RuleBroken where its handling code forbids it.
    """
    message = dispatch(session, dispatch_id)
    require(by, Act.DISPATCH, subject(message, by.country))
    _refuse_erased(message)
    if message.country != by.country:
        refuse_held(message.handling, N_("The message is marked {handling}: it does not leave Muster."))
        if message.answers_id is not None:
            raise RuleBroken("handling", "This is an answer. Only the country that wrote it can export it.")
    journal.record(
        session,
        by,
        "dispatch.paper",
        "export",
        message.id,
        operation=message.operation_id,
        country=message.country,
        chain=Chain.ACCESS,
        format="pdf",
        handling=message.handling,
        recipients=[str(by.account_id)],
    )
    return message


def over(session: Session, moment: datetime) -> Sequence[Dispatch]:
    """Return the messages at the end of retention that are not erased and that no hold keeps, for the timetable."""
    query = select(Dispatch).where(col(Dispatch.sent_at) <= moment - RETENTION, col(Dispatch.erased_at).is_(None))
    query = query.where(~legal_holds.held(Dispatch.operation_id, Dispatch.country))
    found: Sequence[Dispatch] = session.exec(query.order_by(col(Dispatch.sent_at))).all()
    return found


def erase(session: Session, found: Dispatch, by: System) -> None:
    """Erase the text of a message, and the purposes of passing it on. Sender, recipients and markings are kept."""
    found.title, found.body, found.erased_at = "", "", now()
    session.add(found)
    passing = sa.update(DispatchPassing).where(col(DispatchPassing.dispatch_id) == found.id)
    session.execute(passing.values(purpose="", reason=""))
    _record(session, by, "dispatch.erase", found, [found.country], rule="retain_until")


# ---------------------------------------------------------------------------------------------------- inside


def _before(session: Session, draft: Marked, more: dict[str, Any]) -> Dispatch | None:
    said = draft.model_dump(mode="json", include={"body", "source", "information", "handling", "classification"})
    otherwise = Conflict("This message was already sent with other content. Reload the page to see it.")
    return rows.same_draft(session, Dispatch, draft.id, said | more, otherwise)


def _write(session: Session, draft: Marked, by: Actor, **more: Any) -> Dispatch:
    said = draft.model_dump(mode="json", include={"body", "source", "information", "handling", "classification"})
    made = Dispatch(
        id=draft.id,
        **said,
        **more,
        country=str(by.country),
        author_id=by.account_id,
        author_name=by.name,
        sent_at=now(),
    )
    session.add(made)
    session.flush()
    return made


def _deliver(session: Session, found: Dispatch, to: Iterable[str], via: str | None = None) -> None:
    for country in to:
        session.add(
            DispatchReceipt(
                dispatch_id=found.id,
                country=country,
                operation_id=found.operation_id,
                origin=found.country,
                via=via,
                classification=found.classification,
                due=None if via else found.due,
                sent_at=now(),
            )
        )
    session.flush()


def _passed(session: Session, found: Dispatch, made: DispatchPassing, by: Actor, act: str) -> None:
    via = None if made.country == found.country else made.country
    kept = _withheld(session, found)
    known = _known(session, found) | kept
    _deliver(session, found, [each for each in made.members if each not in known], via)
    told = [*(each for each in made.members if each not in kept), made.country, made.origin]
    _record(session, by, act, found, told, number=len(made.members))


def _decided(made: DispatchPassing, to: PassingState, by: Actor) -> None:
    """Decide a request that needs nobody's consent."""
    PASSING.go(made, to)
    made.decided_by, made.decided_at = by.name, now()


def _seen(receipt: DispatchReceipt, by: Actor) -> None:
    if receipt.read_at is None:
        receipt.read_at, receipt.read_by = now(), by.name


def _refuse(session: Session, operation_id: UUID | None, to: Collection[str], own: str | None) -> None:
    if own in to:
        raise RuleBroken("countries", "Your own country has this already: choose others.")
    if operation_id is not None:
        plan.refuse_outsiders(session, operation_id, to)


def _known(session: Session, found: Dispatch) -> set[str]:
    """Return the countries that have a message: for the server alone, and for its originator."""
    with unfenced(session):
        query = select(DispatchReceipt.country).where(DispatchReceipt.dispatch_id == found.id)
        return {found.country, *session.exec(unscoped(query))}


def _withheld(session: Session, found: Dispatch) -> set[str]:
    """Return from whom the originator withholds in the operation of a message: for the server alone."""
    with unfenced(session):
        return set(withholding.partners(session, found.operation_id, found.country)) if found.operation_id else set()


def _refuse_withheld(kept: set[str]) -> None:
    if kept:
        raise RuleBroken(
            "countries",
            "Your country withholds data from {countries}. Lift the withholding first.",
            countries=sorted(kept),
        )


def _refuse_erased(found: Dispatch) -> None:
    if found.erased_at is not None:
        raise RuleBroken("", "The retention of this message has ended. Its text was erased.")


def _record(
    session: Session, by: Actor | System, act: str, found: Dispatch, told: Iterable[str], **detail: Any
) -> None:
    """Write a journal entry, with codes and counts only, for the coordinators of the countries concerned."""
    heard = pulse.centre(Role.AUDITOR) | pulse.countries(*told, role=Role.NATIONAL_COORDINATOR)
    country = by.country if isinstance(by, Actor) else found.country
    journal.record(
        session,
        by,
        act,
        "dispatch",
        found.id,
        operation=found.operation_id,
        country=country,
        audience=heard,
        handling=found.handling,
        **detail,
    )
