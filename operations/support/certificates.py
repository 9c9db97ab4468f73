"""Certificates of a team, with their expiry; a revoked one stays on record."""

from datetime import date, datetime
from typing import Annotated, Any
from uuid import UUID

from pydantic import model_validator
from pydantic_core import PydanticCustomError
from sqlalchemy import CheckConstraint
from sqlmodel import Field, Session, SQLModel, col, select

from operations.core import rows
from operations.core.clock import UtcDateTime, now
from operations.core.drafts import FIELD, Draft, rule
from operations.core.errors import NotFound
from operations.core.field_labels import N_, Label
from operations.core.noun import Noun
from operations.core.people import Actor
from operations.core.store import scoped
from operations.core.vocabulary import InList
from operations.support import teams

_ORDER = rule("certificate_reversed", "The certificate must expire after the day on which it was issued.")


class Certificate(SQLModel, table=True):
    """A certificate of a team, or of one of its members. Valid on its last day too."""

    __tablename__ = "team_certificate"
    __table_args__ = (CheckConstraint("expires_on > issued_on", name="in_order"),)
    id: UUID = Field(primary_key=True)
    team_id: UUID = Field(foreign_key="team.id", index=True)
    member_id: UUID | None = Field(default=None, foreign_key="team_member.id")
    country: str = Field(max_length=3, index=True)
    kind: str = Field(max_length=32)
    issued_on: date
    expires_on: date = Field(index=True)
    written_at: datetime = Field(sa_type=UtcDateTime)
    revoked_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class CertificateDraft(Draft):
    """Draft of a certificate, with its days of issue and expiry."""

    id: UUID
    kind: Annotated[str, InList("CL-CERT"), Label(N_("Certificate"))]
    issued_on: Annotated[date, Label(N_("Issued on"))]
    expires_on: Annotated[date, Label(N_("Expires on"))]
    member_id: UUID | None = None

    @model_validator(mode="after")
    def _in_order(self) -> "CertificateDraft":
        if self.expires_on <= self.issued_on:
            raise PydanticCustomError(_ORDER, "certificate reversed", {FIELD: "expires_on"})
        return self


CERTIFICATE = Noun(
    Certificate,
    "team",
    teams.record,
    N_("This certificate was already written down with other content. Reload the page to see it."),
    owner=(teams.TEAM, "team_id"),
)


@scoped(Certificate)
def _certificates_seen(actor: Actor) -> Any:
    return teams.seen(actor, Certificate.team_id, Certificate.country)


def certificates(session: Session, team_id: UUID) -> list[Certificate]:
    """Return the certificates of a team that were not revoked, first to expire first."""
    query = select(Certificate).where(Certificate.team_id == team_id, col(Certificate.revoked_at).is_(None))
    return list(session.exec(query.order_by(col(Certificate.expires_on), Certificate.kind)))


def certify(session: Session, team_id: UUID, draft: CertificateDraft, by: Actor) -> Certificate:
    """Record a certificate of a team. Idempotent; a renewal is a new certificate."""
    found = teams.hold(session, team_id, by)
    if draft.member_id is not None and draft.member_id not in {each.id for each in teams.members(session, team_id)}:
        raise NotFound
    said = draft.model_dump() | {"team_id": team_id}
    if known := CERTIFICATE.known(session, said):
        return known
    said |= {"country": found.country, "written_at": now()}
    about = {"certificate": draft.kind, "until": draft.expires_on.isoformat()}
    return CERTIFICATE.write(session, by, "team.certify", said, **about)


def revoke(session: Session, certificate_id: UUID, by: Actor) -> Certificate:
    """Revoke a certificate; it stays on record."""
    known = rows.one(session, Certificate, certificate_id)
    found = teams.hold(session, known.team_id, by)
    if known.revoked_at is None:
        known.revoked_at = now()
        session.add(known)
        teams.record(session, by, "team.revoke", "team", found, certificate=known.kind)
    return known
