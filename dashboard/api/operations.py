"""Routes of operations: what a report needs (phases, sites, kinds of results), the plan as GeoJSON, and code lists."""

from datetime import datetime, time
from typing import Annotated, TypeVar
from uuid import UUID

from fastapi import APIRouter, Path
from pydantic import BaseModel, BeforeValidator, Field
from starlette.responses import Response

from dashboard.api.access import PlanReader, Program
from dashboard.parts import plan_paper
from dashboard.server.lazy_modules import geojson
from dashboard.wording import N_, language
from operations.core import journal, vocabulary
from operations.core.errors import NotFound
from operations.core.permissions import Act, require
from operations.core.store import Store
from operations.policing.map_plan import places
from operations.policing.operation import plan

M = TypeVar("M", bound=BaseModel)
_OPERATIONS = N_("The operations that your country takes part in, the newest first.")
_OPERATION = N_("What a report needs: the phases, the sites of your country, and the kinds of results.")
_PLAN = N_("The sites and drawn objects that you may see. This is written into the access trail.")
_CODES = N_("The codes with their labels in the language of `Accept-Language`.")


ClockTime = Annotated[str, BeforeValidator(lambda at: f"{at:%H:%M}" if isinstance(at, time) else at)]
"""A time of day without an offset, "06:00": that of the zone beside it."""


class OperationHead(BaseModel):
    """An operation that your country takes part in."""

    id: UUID
    title: str
    type: str
    state: str
    zone: str = Field(description=N_("Official days are counted in this zone."))
    day_cut: ClockTime = Field(description=N_("The official day begins at this time."))
    classification: str


class OperationPhase(BaseModel):
    """A phase: a report lies within one."""

    id: UUID
    kind: str
    name: str
    starts: datetime
    ends: datetime


class OperationSite(BaseModel):
    """An open site of your country, from which reports are sent."""

    id: UUID
    name: str
    site_type: str
    zone: str
    lat: float
    lon: float


class OperationAnswer(OperationHead):
    """An operation with its phases and with the sites of your country."""

    line_kinds: list[str] = Field(description=N_("The kinds of lines that are reported: codes of CL-LINE; empty: all."))
    phases: list[OperationPhase]
    sites: list[OperationSite]


class CodeName(BaseModel):
    """A code and its label in the language asked for. A code is never reused and never removed."""

    code: str
    label: str


class CodeListAnswer(BaseModel):
    """A closed list of codes."""

    name: str
    version: int
    codes: list[CodeName]


def router(store: Store) -> APIRouter:
    """Return the routes of operations, their plan, and code lists."""
    routes = APIRouter()

    @routes.get("/operations", tags=["operations"], summary=N_("Read your operations"), description=_OPERATIONS)
    def list_operations(by: Program) -> list[OperationHead]:
        """Read the operations of the country."""
        with store.reading(by) as session:
            return [_head(each) for each in plan.operations(session, by)]

    @routes.get(
        "/operations/{operation_id}",
        tags=["operations"],
        summary=N_("Read one operation"),
        description=_OPERATION,
    )
    def read_operation(operation_id: UUID, by: Program) -> OperationAnswer:
        """Read what a report needs."""
        with store.reading(by) as session:
            found = plan.operation(session, operation_id, by)
            own = [each for each in places.sites(session, found.id) if each.country == by.country]
            sites = [each for each in own if not by.bound or each.id in by.sites]
            return OperationAnswer(
                **_head(found).model_dump(),
                line_kinds=list(found.line_kinds),
                phases=[_copy(OperationPhase, each) for each in plan.phases(session, found.id)],
                sites=[_copy(OperationSite, each) for each in sites],
            )

    @routes.get(
        "/operations/{operation_id}/plan",
        tags=["plan"],
        summary=N_("Read the plan as GeoJSON"),
        description=_PLAN,
        response_class=Response,
        responses={200: {"content": {"application/geo+json": {"schema": {"type": "object"}}}}},
    )
    def read_plan(operation_id: UUID, by: PlanReader) -> Response:
        """Read the plan."""
        with journal.disclosing(store, by) as session:
            operation = plan.operation(session, operation_id, by)
            require(by, Act.PLAN_READ, plan.subject(operation))
            found, about = plan_paper.objects_of(session, operation, by)
            of = {"operation": operation.id, "country": by.country}
            journal.record_download(session, by, "api.read", None, "geojson", **of, what="plan", objects=len(found))
        return Response(geojson.write(found, about), media_type="application/geo+json")

    @routes.get("/code-lists", tags=["code lists"], summary=N_("Read the names of the code lists"), description="")
    def list_code_lists(_by: Program) -> list[str]:
        """Read the names of all code lists."""
        return list(vocabulary.list_names())

    @routes.get("/code-lists/{name}", tags=["code lists"], summary=N_("Read one code list"), description=_CODES)
    def read_code_list(name: Annotated[str, Path(max_length=40)], _by: Program) -> CodeListAnswer:
        """Read a code list."""
        if name not in vocabulary.list_names():
            raise NotFound
        found = vocabulary.code_list(name)
        named = [CodeName(code=code, label=found.labels[code][language()]) for code in vocabulary.current_codes(name)]
        return CodeListAnswer(name=found.name, version=found.version, codes=named)

    return routes


def _head(found: plan.Operation) -> OperationHead:
    return _copy(OperationHead, found)


def _copy(model: type[M], row: object) -> M:
    return model(**{name: getattr(row, name) for name in model.model_fields})
