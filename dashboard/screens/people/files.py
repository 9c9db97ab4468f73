"""Upload of a workbook of people: read in a child process into rows for the page, and never stored.

browser -> POST /data/files/people/rows -> server.upload_queue -> operations.analyses.sandbox -> the rows that one
pastes
"""

import csv
import io
from functools import partial
from typing import IO, Annotated, Any

from fastapi import APIRouter, Depends, Query
from starlette.responses import Response

from dashboard.papers.form_book import FIRST
from dashboard.server.access import current_user
from dashboard.server.gate import STREAMED
from dashboard.server.lazy_modules import sandbox
from dashboard.server.upload_queue import Arrival, UploadQueue, file_answer
from dashboard.wording import _
from operations.core.bulk_invitations import COLUMNS, MOST_ROWS
from operations.core.errors import RuleBroken
from operations.core.people import Actor
from operations.core.permissions import Act, require
from operations.core.store import Store

ADDRESS = f"{STREAMED}people/rows"
MOST_BYTES = 2 * 2**20
FORM = "people"
"""The code of the workbook that Muster hands out (`people_book`), and of its sheet."""
ACCEPTED = ".xlsx,.xls,.xlsb,.xlsm,.ods,.csv,.tsv,.txt"


def too_large() -> str:
    """Return the message for a file over the size limit: the browser does not send it, and the server refuses it."""
    return _("The file is larger than {most} KB. Divide it.", most=MOST_BYTES // 2**10)


def router(store: Store, line: UploadQueue) -> APIRouter:
    """POST /data/files/people/rows?name=...: the bytes of a table; the answer holds its rows for the page."""
    routes = APIRouter()

    @routes.post(ADDRESS)
    async def bring_in(
        by: Annotated[Actor, Depends(current_user)], name: Annotated[str, Query(max_length=400)] = ""
    ) -> Response:
        require(by, Act.ACCOUNT_MANAGE)
        return Arrival(line, by.account_id, MOST_BYTES, too_large(), partial(read, name))

    return routes


@file_answer
def read(name: str, file: IO[bytes]) -> dict[str, Any]:
    """Return what the page needs of a file: its name, and its rows as if they were pasted."""
    found = _without_codes(sandbox.READER.rows(file))
    while found and not any(found[-1]):
        found.pop()
    if sum(any(row) for row in found) > MOST_ROWS + 1:  # one more for a heading
        raise RuleBroken("", "The table has more than {most} rows. Divide it.", most=MOST_ROWS)
    return {"name": name[:200], "rows": pasted(found)}


def _without_codes(rows: list[list[str]]) -> list[list[str]]:
    """Return the rows of a table; those of Muster's own form under its codes, without its heads and what is for Muster.

    Rows keep their numbers.
    """
    codes = rows[0] if rows else []
    if f"sheet:{FORM}" not in codes:
        return rows
    known = [at for at, code in enumerate(codes) if code in COLUMNS]
    cells = ([row[at] if at < len(row) else "" for at in known] for row in rows[FIRST:])
    return [[codes[at] for at in known], *([] for _head in range(FIRST - 1)), *cells]


def pasted(rows: list[list[str]]) -> str:
    """Return rows as a spreadsheet puts them on the clipboard, without empty cells after the last known column."""
    text = io.StringIO()
    lines = csv.writer(text, delimiter="\t", lineterminator="\n")
    for row in rows:
        while len(row) > len(COLUMNS) and not row[-1]:
            row.pop()
        lines.writerow(row if any(row) else [])
    return text.getvalue().rstrip("\n")
