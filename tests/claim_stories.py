"""Claims through the real verbs: the arrest of 6.5 that two countries report, the bus of 6.3 that is sent thrice."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid5

from sqlmodel import select

from operations.claims import claim_rows, claim_states, claims, pointer_answers
from operations.claims.claim_pointers import PointerState
from operations.claims.claim_rows import Claim
from operations.claims.claim_states import ClaimState
from operations.core import clock
from operations.core.drafts import parse
from operations.core.people import Account, Assignment, System
from operations.policing.reports.versions import Report
from tests.makers import START, Running, arrest, form, running, send
from tests.people import HOUSE, account, actor

S = ClaimState
NOON = START + timedelta(hours=13)
LATE = NOON + claim_states.ANSWER_WITHIN
NOTICE = "A-1234/11-2025"
ON_NOTICE: dict[str, Any] = {
    "legal_basis": "red_notice_diffusion",
    "notice_ref": NOTICE,
    "requesting_country": "NER",
    "nationality": "NGA",
}


def two_countries(
    scene: Running, notice: str = NOTICE, at: datetime | None = None, **mali: Any
) -> tuple[Report, Report]:
    """Niger, which asks for him, reports an arrest on its notice; Mali arrested him."""
    of = ON_NOTICE | {"notice_ref": notice}
    asked = send(scene, form(scene, lines=[arrest(**of)]), at=at)
    made = send(scene, form(scene, "Bamako", lines=[arrest(**of)]) | mali, "mateo", at=at)
    return asked, made


def two_operations(scene: Running) -> tuple[Running, Report, Report]:
    """Niger arrests a man in the scene, Mali arrests him on the same notice in another operation a day later.

    Dov works for both operations, whoever else asks for the one that they are asked of.
    """
    other = running(scene.store, scene.start + timedelta(hours=1))
    scene.members["dov"] = other.members["dov"] = actor("dov", scene.operation, other.operation)
    of = ON_NOTICE | {"requesting_country": "FRA"}
    first = send(scene, form(scene, lines=[arrest(**of)]))
    second = send(other, form(other, "Bamako", lines=[arrest(**of)]), "mateo")
    return other, first, second


def detection(detections: int, **changes: Any) -> dict[str, Any]:
    """Detections as a form sends them."""
    return (
        arrest()
        | {"kind": "migrant_detection", "detections": detections, "detection_kind": "at_bcp_check", "means": "bus"}
        | changes
    )


def event(scene: Running, at: datetime, detections: int, site: str = "Niamey", by: str = "bruno") -> Report:
    """A bus with so many people is reported as a single event of half an hour."""
    line = {
        name: value
        for name, value in detection(detections).items()
        if name in ("kind", "id", "detections", "detection_kind", "means")
    }
    period = {"period_from": at.isoformat(), "period_to": (at + timedelta(minutes=30)).isoformat()}
    return send(scene, form(scene, site, lines=[line], kind="single_event") | period, by)


def suspected(scene: Running, by: str = "dov", at: datetime = NOON) -> list[Claim]:
    """What the analyst finds."""
    with clock.at(at), scene.store.unit_of_work(scene[by]) as session:
        return claims.suspect(session, scene.operation, scene[by])


def lines(scene: Running, claim: UUID) -> list[claim_rows.ClaimLine]:
    """Its lines in their order."""
    with scene.store.reading(System()) as session:
        return claim_rows.lines_of(session, [claim])[claim]


def opened(scene: Running, claim: Claim, counts: int = 0, by: str = "dov", at: datetime = NOON, **more: Any) -> Claim:
    """It is opened; the line at `counts` of the order is the one that counts."""
    draft = parse(claims.OpenDraft, {"counts": claims.key_of(lines(scene, claim.id)[counts])} | more)
    with clock.at(at), scene.store.unit_of_work(scene[by]) as session:
        return claims.open_claim(session, claim.id, draft, scene[by])


def answered(scene: Running, claim: Claim, by: str, same: str = "yes", words: str = "", at: datetime = NOON) -> Claim:
    """A country answers."""
    draft = parse(claims.ClaimAnswerDraft, {"same": same, "words": words or ("" if same == "yes" else "Another man.")})
    with clock.at(at), scene.store.unit_of_work(scene[by]) as session:
        return claims.answer(session, claim.id, draft, scene[by])


def taken(scene: Running, claim: Claim, to: S, by: str, words: str = "So it is.", at: datetime = NOON) -> Claim:
    """A step by hand."""
    with clock.at(at), scene.store.unit_of_work(scene[by]) as session:
        return claims.take(session, claim.id, to, scene[by], words)


def settled(scene: Running) -> tuple[Claim, Report, Report]:
    """The arrest of 6.5, agreed by both: Mali arrested, Niger asked."""
    asked, made = two_countries(scene)
    [claim] = suspected(scene)
    claim = opened(scene, claim, role="requesting")
    for name in ("chaima", "moussa"):
        claim = answered(scene, claim, name)
    return claim, asked, made


def apart(scene: Running) -> tuple[Running, Report, Report]:
    """As `two_operations`, but nobody analyses both: Dov works for the scene, Ivo for the other.

    Ivo is whom the other knows as its `dov`.
    """
    other, first, second = two_operations(scene)
    dov = actor("dov", scene.operation)
    ivo = replace(actor("dov", other.operation), account_id=uuid5(HOUSE, "ivo"), name="Ivo Marin")
    with scene.store.unit_of_work(System()) as session:
        there = select(Assignment).where(Assignment.operation_id == other.operation)
        [before] = session.exec(there.where(Assignment.account_id == dov.account_id))
        session.delete(before)
        known = account("dov").model_dump() | {"id": ivo.account_id, "username": "ivo", "name": ivo.name}
        session.add(Account(**known))
        session.flush()
        session.add(Assignment(account_id=ivo.account_id, operation_id=other.operation))
    scene.members["dov"], other.members["dov"] = dov, ivo
    return other, first, second


def found_by_muster(scene: Running, at: datetime = NOON) -> Claim:
    """What the timetable finds."""
    with clock.at(at), scene.store.unit_of_work(System()) as session:
        [claim] = claims.suspect(session, scene.operation, System())
    return claim


def said(scene: Running, claim: Claim, to: PointerState, words: str = "", at: datetime = NOON) -> None:
    """The analyst of one operation says what is to become of a suspicion over several."""
    with clock.at(at), scene.store.unit_of_work(scene["dov"]) as session:
        pointer_answers.say(session, claim.id, scene.operation, to, scene["dov"], words)
