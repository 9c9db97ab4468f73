"""Lines of check tallies: the number of checks of one kind."""

from datetime import date
from typing import Annotated, ClassVar, Literal

from pydantic import model_validator
from pydantic_core import PydanticCustomError

from operations.core.drafts import FIELD, Count, rule
from operations.core.field_labels import N_, Label
from operations.core.vocabulary import CheckKind, InList, LineKind
from operations.lines.line import BreakdownField, QuantityLine

_DATABASE = N_("A database query needs the database that was queried.")
_NEEDED = rule("database_needed", _DATABASE)
_USELESS = rule("database_useless", "Only a database query names a database.")


class CheckTally(QuantityLine):
    """The number of checks of one kind in the period. `offline_copy_date` dates the copy queried offline."""

    TITLE: ClassVar[str] = N_("Checks")
    ADD: ClassVar[str] = N_("Add a kind of check")
    COUNTS: ClassVar[str] = "count"
    kind: Literal[LineKind.CHECK_TALLY] = LineKind.CHECK_TALLY
    check_kind: Annotated[str, InList("CL-CHECKKIND"), Label(N_("Check")), BreakdownField("check_kind")]
    database: Annotated[
        Annotated[str, InList("CL-DB")] | None,
        Label(N_("Database"), when=("check_kind", CheckKind.DATABASE_QUERY), needed=_DATABASE),
        BreakdownField("database"),
    ] = None
    entity_type: Annotated[str, InList("CL-ENTITY"), Label(N_("Checked"), start="unknown"), BreakdownField("entity")]
    channel: Annotated[str, InList("CL-CHANNEL"), Label(N_("Channel"), start="unknown"), BreakdownField("status")]
    offline_copy_date: Annotated[
        date | None, Label(N_("Date of the copy"), when=("channel", "offline_copy"), placeholder="YYYY-MM-DD")
    ] = None
    count: Annotated[Count, Label(N_("Count"))]

    @model_validator(mode="after")
    def _database_fits(self) -> "CheckTally":
        if self.check_kind == CheckKind.DATABASE_QUERY and self.database is None:
            raise PydanticCustomError(_NEEDED, "database needed", {FIELD: "database"})
        if self.check_kind != CheckKind.DATABASE_QUERY and self.database is not None:
            raise PydanticCustomError(_USELESS, "database useless", {FIELD: "database"})
        return self
