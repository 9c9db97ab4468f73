"""What happens to a report after it was sent, for tests: steps up, corrections, and what is stored and counted then."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from operations.catalogue.kpis import Kpi, total
from operations.core import clock
from operations.core.drafts import parse
from operations.core.people import System
from operations.core.vocabulary import Level
from operations.policing.reports import reports, verification
from operations.totals.totals import Grain, read
from tests.makers import START, Running, form


def climb(scene: Running, version: UUID, *names: str) -> reports.Report:
    """Let each of `names` verify a report in turn."""
    for name in names:
        with clock.at(scene.start + timedelta(hours=13)), scene.store.unit_of_work(scene[name]) as session:
            found = verification.verify(session, version, scene[name])
    return found


def counted(scene: Running, kpi: Kpi = Kpi.DATABASE_CHECKS, level: Level = Level.V1) -> int:
    """A figure of the operation at `level` or above, as totals have it."""
    with scene.store.reading(System()) as session:
        assert verification.differences(session, scene.operation) == []
        rows = read(session, scene.operation, Grain.OPERATION)
        return total(kpi, ((row.facet, row.records, row.quantity) for row in rows if row.level >= level))


def now_stored(scene: Running, version: UUID) -> reports.Report:
    with scene.store.reading(System()) as session:
        return reports.report(session, version)


def correction(made: reports.Report, scene: Running, **changes: Any) -> dict[str, Any]:
    """A form that corrects `made`."""
    return form(scene) | {
        "report_id": str(made.report_id),
        "supersedes_id": str(made.id),
        "correction_reason": "count_revised",
        **changes,
    }


def told(confirmation: str, **changes: Any) -> verification.HitAnswer:
    """What Italy said of a hit on the first morning."""
    whole = {"confirming_country": "ITA", "confirmed_at": (START + timedelta(hours=9)).isoformat()}
    return parse(verification.HitAnswer, {"confirmation": confirmation, **whole} | changes)


def answer(
    scene: Running, version: UUID, line: UUID, what: verification.HitAnswer, by: str = "cheikh"
) -> reports.Report:
    """Let somebody record the answer to a hit, that evening."""
    with clock.at(START + timedelta(hours=13)), scene.store.unit_of_work(scene[by]) as session:
        return verification.answer_hit(session, version, line, what, scene[by])
