"""Drafts of reports, and questions about unlikely figures before a report is accepted."""

from collections.abc import Iterable, Mapping
from typing import Annotated, NamedTuple
from uuid import UUID

from pydantic import Field as Rule
from pydantic import model_validator
from pydantic_core import PydanticCustomError

from operations.catalogue.kpis import PARTNERS, PERSON_KINDS
from operations.core.drafts import FIELD, Draft, Moment, Words, Zone, rule
from operations.core.errors import Flaw
from operations.core.vocabulary import InList, LineKind, ReportKind
from operations.lines.kinds import KINDS, AnyLine
from operations.lines.kinds.check_tally import CheckTally
from operations.lines.kinds.hit import Hit
from operations.policing.reports.versions import Line

_NIL_EMPTY = rule("nil_has_lines", "A nil report has no lines: remove them, or choose another kind of report.")
_LINES_NEEDED = rule("lines_needed", "A report needs at least one line. If nothing happened, send a nil report.")
_PERIOD = rule("period_reversed", "The period must end after it begins.")
_TWICE = rule("line_twice", "Two lines have the same identifier: reload the page.")
_CASE = rule("case_twice", "This case is already in an earlier line. Enter each case once.")
_REASON = rule("reason_needed", "A correction needs its reason.")
_IMPACT = rule("impact_of_event", "Only a single event has an impact: remove it, or send a report of the single event.")


MOST_OFFSET = 2_000_000_000
"""Seconds that a clock is off at most: more than since 1970, where clocks begin whose battery was empty."""


class DeviceVersion(NamedTuple):
    """The place of a version in the chain of a device without a network, by the three numbers of ODK's entities.

    `trunk` is the version that the device last had from Muster (0: none), `branch` names the changes that it made
    since, and `base` is the version that this change follows. `codes` are the retired codes that their list replaced,
    as "list:code:successor". The journal keeps them.
    """

    trunk: int
    branch: str
    base: int
    codes: tuple[str, ...] = ()


class ReportDraft(Draft, defer_build=False):
    """Draft of a report, as an officer sends it.

    `id` names this version, `report_id` the report; both are made on the client.

    The country is that of the site, and must be the officer's own. `confirmed`: the officer read the flaws of
    `questions` and confirms the figures. `impact` is that of a single event on irregular migration, on cross-border
    crime and on the lives of migrants together (Regulation (EU) 2021/581, Article 17). `recorded_at` is what the clock
    of the device showed when the report was written, and `clock_offset` by how many seconds that clock is behind the
    server's.
    """

    id: UUID
    report_id: UUID
    supersedes_id: UUID | None = None
    correction_reason: Annotated[str, InList("CL-CORRECTION")] | None = None
    operation_id: UUID
    site_id: UUID
    phase_id: UUID
    kind: ReportKind
    period_from: Moment
    period_to: Moment
    zone: Zone
    lines: Annotated[tuple[AnyLine, ...], Rule(max_length=500)] = ()
    remarks: Words = ""
    impact: Annotated[str, InList("CL-IMPACT-EVENT")] | None = None
    recorded_at: Moment | None = None
    clock_offset: Annotated[int, Rule(ge=-MOST_OFFSET, le=MOST_OFFSET)] | None = None
    confirmed: bool = False

    @model_validator(mode="after")
    def _whole(self) -> "ReportDraft":
        if self.period_to <= self.period_from:
            raise PydanticCustomError(_PERIOD, "period reversed")
        if self.kind is ReportKind.NIL and self.lines:
            raise PydanticCustomError(_NIL_EMPTY, "nil has lines")
        if self.kind is not ReportKind.NIL and not self.lines:
            raise PydanticCustomError(_LINES_NEEDED, "lines needed")
        if len({line.id for line in self.lines}) != len(self.lines):
            raise PydanticCustomError(_TWICE, "line twice")
        cases = [getattr(line, "case_ref", None) for line in self.lines]
        if again := next((at for at, case in enumerate(cases) if case and case in cases[:at]), None):
            raise PydanticCustomError(_CASE, "case twice", {FIELD: f"lines.{again}.case_ref"})
        if self.supersedes_id is not None and self.correction_reason is None:
            raise PydanticCustomError(_REASON, "reason needed")
        if self.impact is not None and self.kind is not ReportKind.SINGLE_EVENT:
            raise PydanticCustomError(_IMPACT, "impact of no event", {FIELD: "impact"})
        return self


_KIND_OF = {model: kind for kind, model in KINDS.items()}
KEPT_BY: Mapping[str, frozenset[str]] = {
    "reclassified": PERSON_KINDS,
    "outcome_changed": frozenset({LineKind.CASUALTY}),
}
"""Kinds of lines whose sum a correction with this reason must keep (domain 6.2).

A person who was injured and then died is still one person: dead, injured and missing keep their sum.
"""


def questions(draft: ReportDraft, before: Iterable[Line] = ()) -> list[Flaw]:
    """Return a question for each unlikely figure (domain 2.8): asked once, never refused.

    Partners' databases are excluded: they are queried about persons selected before, have more hits, and none is
    INTERPOL's. `before` are the lines of the version that a correction replaces: a reclassification must not lose
    persons.
    """
    doubts = []
    kinds = KEPT_BY.get(draft.correction_reason or "", frozenset())
    was = sum(line.quantity for line in before if line.kind in kinds)
    now_are = sum(line.quantity for line in draft.lines if _KIND_OF[type(line)] in kinds)
    if was != now_are:
        doubts.append(
            Flaw(
                "lines",
                "This report counted {before} persons before the correction and now counts "
                "{after}. Are both figures right?",
                {"before": was, "after": now_are},
            )
        )
    own = [line for line in draft.lines if isinstance(line, (CheckTally, Hit)) and line.database not in PARTNERS]
    queries = sum(line.count for line in own if isinstance(line, CheckTally) and line.check_kind == "database_query")
    hits = sum(isinstance(line, Hit) for line in own)
    if queries and hits / queries > 0.005:
        doubts.append(
            Flaw(
                "lines",
                "Hits in database queries: {hits} of {queries}, which is more than 5 in 1,000. Are both figures right?",
                {"hits": hits, "queries": queries},
            )
        )
    if queries > 50_000 and not hits:
        doubts.append(Flaw("lines", "More than 50,000 database queries and no hit: is that right?"))
    return doubts
