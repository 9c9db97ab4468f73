"""Routes of tables: an operation as a data package; its description, its tables and its archive have addresses."""

from dataclasses import dataclass
from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import APIRouter, Depends
from starlette.responses import Response

from dashboard.api import data_tables
from dashboard.api.access import Program, Scopes
from dashboard.api.data_package import DataPackage, DataTable, as_zip
from dashboard.api.figures import LevelName, Reach
from dashboard.parts.kpi_board import OWN, WHOLE, BoardChoice, frame_of
from dashboard.wording import N_, language
from operations.core import journal
from operations.core.errors import NotFound, existing
from operations.core.people import Actor
from operations.core.store import Store
from operations.core.vocabulary import ApiScope
from operations.policing.operation import plan

_PACKAGE = N_(
    "A Frictionless data package: each table with one header row, codes, moments in UTC, and flags after Eurostat. It "
    "holds what the scopes of the token allow. This is written into the access trail."
)
_ZIP = N_("The description and all tables as one archive.")
_TABLE = N_("One table as CSV. pandas, R and spreadsheets read it as it is.")


@dataclass(frozen=True)
class _Query:
    """Which tables: of which operation, of the own country or the whole, at which level."""

    operation_id: UUID
    reach: Reach = "country"
    level: LevelName = "V3"


TableQuery = Annotated[_Query, Depends()]
TableName = Literal["figures", "parts", "by_country", "by_day", "reports"]


def router(store: Store) -> APIRouter:
    """Return the routes of tables."""
    routes = APIRouter(tags=["tables"])

    def read(of: _Query, by: Actor, scopes: Scopes, form: str) -> DataPackage:
        with journal.disclosing(store, by) as session:
            operation = plan.operation(session, of.operation_id, by)
            choice = BoardChoice.of(of.level, OWN if of.reach == "country" else WHOLE, None, by)
            asked = data_tables.TableRequest(session, operation, frame_of(operation, choice, by), by)
            tables = _tables(asked, scopes)
            made = data_tables.package(asked, tables)
            on = {"operation": operation.id, "country": by.country, "level": asked.frame.level.name}
            journal.record_download(session, by, "api.read", None, form, **on, what="tables", tables=len(tables))
        return made

    @routes.get(
        "/operations/{operation_id}/datapackage.json",
        summary=N_("Read the description of the tables"),
        description=_PACKAGE,
    )
    def read_data_package(of: TableQuery, by: Program, scopes: Scopes) -> dict[str, Any]:
        """Read the description."""
        return read(of, by, scopes, "json").descriptor(f"?level={of.level}&reach={of.reach}")

    @routes.get(
        "/operations/{operation_id}/datapackage.zip",
        summary=N_("Read the tables as one archive"),
        description=_ZIP,
        response_class=Response,
        responses={200: {"content": {"application/zip": {"schema": {"type": "string", "format": "binary"}}}}},
    )
    def read_data_archive(of: TableQuery, by: Program, scopes: Scopes) -> Response:
        """Read the package as one archive."""
        return Response(as_zip(read(of, by, scopes, "zip"), language()), media_type="application/zip")

    @routes.get(
        "/operations/{operation_id}/tables/{table}.csv",
        summary=N_("Read one table"),
        description=_TABLE,
        response_class=Response,
        responses={200: {"content": {"text/csv": {"schema": {"type": "string"}}}}},
    )
    def read_table(table: TableName, of: TableQuery, by: Program, scopes: Scopes) -> Response:
        """Read one table."""
        found = existing(read(of, by, scopes, "csv").table(table))
        return Response(found.csv, media_type="text/csv")

    return routes


def _tables(of: data_tables.TableRequest, scopes: Scopes) -> list[DataTable]:
    """Return the tables that the scopes allow. Raises NotFound where that is none."""
    found = data_tables.figures(of) if ApiScope.FIGURES_READ in scopes else []
    if ApiScope.REPORTS_READ in scopes:
        found.append(data_tables.reports(of))
    if not found:
        raise NotFound
    return found
