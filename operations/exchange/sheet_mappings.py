"""Sheet mappings: what the columns and the words of a country's own sheet mean, remembered for the next file.

A sheet is known by its head. Each change is a new version, and so is that a mapping is forgotten: no version changes.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated
from uuid import UUID

from pydantic import Field as Rule
from sqlalchemy import JSON, UniqueConstraint
from sqlmodel import Field, Session, SQLModel, col, select

from operations.core.clock import UtcDateTime
from operations.core.drafts import Draft, Plain
from operations.core.errors import RuleBroken, existing
from operations.core.ids import new_id
from operations.core.noun import Noun
from operations.core.people import Actor
from operations.core.permissions import Act, require
from operations.core.vocabulary import InList
from operations.posts import register

MOST_WORDS = 2000
"""Words that one mapping can hold."""
_CONTENT = ("kind", "columns", "fixed", "words", "dates")


class SheetMapping(SQLModel, table=True):
    """A version of what a sheet of a country means; `head` is the fingerprint of its headings.

    `columns` names the column of each field, `fixed` the code of a field that is the same in all rows, and `words` the
    codes of the sheet's own words by field. `dates` says which comes first in a date that is text.
    """

    __tablename__ = "sheet_mapping"
    __table_args__ = (UniqueConstraint("country", "head", "version"),)
    id: UUID = Field(primary_key=True)
    country: str = Field(max_length=3, index=True)
    head: str = Field(max_length=64)
    version: int
    sheet: str = Field(max_length=80)
    kind: str = Field(max_length=32)
    columns: dict[str, str] = Field(sa_type=JSON)
    fixed: dict[str, str] = Field(sa_type=JSON)
    words: dict[str, dict[str, str]] = Field(sa_type=JSON)
    dates: str = Field(default="", max_length=8)
    forgotten: bool = False
    author_id: UUID
    author_name: str = Field(max_length=120)
    made_at: datetime = Field(sa_type=UtcDateTime)


Heading = Annotated[Plain, Rule(max_length=200)]


class SheetMappingDraft(Draft):
    """Draft of what a sheet means."""

    head: Annotated[str, Rule(min_length=64, max_length=64)]
    sheet: Annotated[Plain, Rule(max_length=80)]
    kind: Annotated[str, InList("CL-LINE")]
    columns: dict[str, Heading]
    fixed: dict[str, Heading]
    words: dict[str, dict[Heading, Heading]]
    dates: Annotated[str, Rule(pattern="^(day|month)?$")] = ""


register.own_rows(SheetMapping, Act.POST_READ)
register.own_entries("sheet_mapping", Act.POST_READ)
MAPPING = Noun(SheetMapping, "sheet_mapping", register.record)


def remembered(session: Session, country: str | None) -> Sequence[SheetMapping]:
    """Return the newest version of each mapping of a country that was not forgotten, the newest first."""
    query = select(SheetMapping).where(SheetMapping.country == country).order_by(col(SheetMapping.version))
    newest = {found.head: found for found in session.exec(query).all()}
    return sorted(
        (found for found in newest.values() if not found.forgotten), key=lambda found: found.made_at, reverse=True
    )


def remember(session: Session, draft: SheetMappingDraft, by: Actor) -> SheetMapping:
    """Remember what a sheet of the own country means. The same content again is no new version."""
    require(by, Act.REPORT_WRITE)
    if sum(map(len, draft.words.values())) > MOST_WORDS:
        raise RuleBroken("", "A mapping holds at most {most} words of a sheet. Divide the sheet.", most=MOST_WORDS)
    before = _newest(session, draft.head, by)
    said = draft.model_dump()
    if before is not None and not before.forgotten and all(getattr(before, name) == said[name] for name in _CONTENT):
        return before
    return _write(session, "sheet_mapping.remember", before, said, by)


def forget(session: Session, mapping_id: UUID, by: Actor) -> SheetMapping:
    """Forget a mapping of the own country: the next file is mapped anew. Idempotent. Raises NotFound."""
    require(by, Act.REPORT_WRITE)
    asked = session.get(SheetMapping, mapping_id)
    before = existing(_newest(session, asked.head, by) if asked is not None and asked.country == by.country else None)
    if before.forgotten:
        return before
    said = {"head": before.head, "sheet": before.sheet, "kind": before.kind, "forgotten": True}
    return _write(session, "sheet_mapping.forget", before, {**said, "columns": {}, "fixed": {}, "words": {}}, by)


def _newest(session: Session, head: str, by: Actor) -> SheetMapping | None:
    query = select(SheetMapping).where(SheetMapping.country == by.country, SheetMapping.head == head)
    return session.exec(query.order_by(col(SheetMapping.version).desc())).first()


def _write(session: Session, act: str, before: SheetMapping | None, said: dict[str, object], by: Actor) -> SheetMapping:
    version = before.version + 1 if before else 1
    of = {"id": new_id(), "country": by.country, "version": version}
    return MAPPING.write(session, by, act, {**said, **of}, what=said["kind"], version=version)
