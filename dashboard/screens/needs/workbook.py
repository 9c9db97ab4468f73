"""Workbook of an assessment: downloaded for a post, filled in offline, and uploaded; flaws are named by cell.

browser -> POST /data/files/needs/rows -> server.upload_queue -> operations.analyses.sandbox -> the rows, kept on the
page until somebody saves them. Rows are recognised by the text of their first cell, in any language, wherever they are.
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from typing import IO, Annotated, Any
from uuid import UUID, uuid5

from fastapi import APIRouter, Query
from starlette.responses import Response

from dashboard.papers import tables
from dashboard.papers.downloads import By, Spoken, download_response
from dashboard.parts.draft_fields import typed_as
from dashboard.server.access import known_id
from dashboard.server.gate import STREAMED
from dashboard.server.lazy_modules import sandbox, table
from dashboard.server.upload_queue import Arrival, UploadQueue
from dashboard.wording import _, coded, in_language, sentence
from operations.core import journal, rows, vocabulary
from operations.core.clock import now
from operations.core.drafts import parse
from operations.core.errors import Flaw, RuleBroken
from operations.core.field_labels import N_, labels_of
from operations.core.ids import fingerprint
from operations.core.languages import LOCALES
from operations.core.people import Actor
from operations.core.permissions import Act, require
from operations.core.store import Store
from operations.needs import assessments
from operations.needs.assessments import FindingsDraft, ScoreDraft
from operations.needs.rows import AREAS, Assessment
from operations.posts import register

ADDRESS = f"{STREAMED}needs/rows"
MOST_BYTES = 2 * 2**20
MOST_ROWS = 500
ACCEPTED = ".xlsx,.xls,.xlsb,.xlsm,.ods,.csv,.tsv,.txt"
SCORES = ("score", "evidence", "gap", "measure", "cost", "currency")
FOUND = tuple(labels_of(FindingsDraft))
ASSESSMENT, VERSION, NOT_KNOWN = N_("Assessment"), N_("Version"), "?"
_LETTERS = "ABCDEFGH"
Rows = Sequence[Sequence[str]]


def address(assessment_id: UUID | str) -> str:
    """Return the URL of an assessment's workbook."""
    return f"/export/needs/{assessment_id}.xlsx"


def too_large() -> str:
    """Return the message for a file over the size limit: the browser does not send it, and the server refuses it."""
    return _("The file is larger than {most} KB: send the workbook alone.", most=MOST_BYTES // 2**10)


# ---------------------------------------------------------------------------------------------------- made for a post


def assessment_workbook(store: Store, assessment_id: UUID, code: str, by: Actor) -> tuple[bytes, str]:
    """The workbook and its name, with what is known by now. Raises NotFound."""
    with journal.disclosing(store, by) as session:
        found = rows.one(session, Assessment, assessment_id)
        require(by, Act.NEEDS_READ, register.subject(found))
        post, scores = register.post(session, found.post_id), assessments.scores(session, found.id)
        journal.record_download(session, by, "needs.paper", found.id, "xlsx", country=found.country)
        with in_language(code):
            sheet = _sheet(found, post.name, scores)
    return tables.as_xlsx([sheet], code), f"muster-needs-{now():%Y%m%d}.xlsx"


def _sheet(found: Assessment, post: str, scores: Mapping[str, Any]) -> "tables.TableFile":
    about = [
        (_(ASSESSMENT), str(found.id)),
        (_(VERSION), str(found.findings)),
        (_("Post"), post),
        (_("How to fill it in"), _("Score from 0 to 4; ? for what is not known. Leave empty what was not looked at.")),
        ("", _("The first and the last column tell what a row is: leave them as they are. No names of people.")),
    ]
    said = labels_of(ScoreDraft)
    lines: list[list[tables.Cell]] = []
    for area in AREAS:
        known = scores.get(area)
        values = [None] * len(SCORES) if known is None else [getattr(known, name) for name in SCORES]
        if known is not None and known.score is None:
            values[0] = NOT_KNOWN
        lines.append([coded("CL-NEEDAREA", area), *values, known.version if known else 0])
    lines.append([None] * (len(SCORES) + 2))
    for name, field in labels_of(FindingsDraft).items():
        value = getattr(found, name)
        if name == "feasibility":
            value = coded("CL-FEASIBILITY", value)
        lines.append([_(field.label), typed_as(value), *[None] * len(SCORES)])
    columns = [_("Area"), *(_(said[name].label) for name in SCORES), _(VERSION)]
    return tables.TableFile(about, columns, lines, _("Needs assessment"))


# -------------------------------------------------------------------------------------------------------- brought back


def read(name: str, file: IO[bytes]) -> dict[str, Any]:
    """Return what the page keeps of a file: its name and its rows."""
    try:
        found = sandbox.READER.rows(file)
    except Exception as refused:
        if not isinstance(refused, table.RefusedFile):
            raise
        return {"error": sentence(Flaw("", refused.template, refused.params))}
    if len(found) > MOST_ROWS:
        return {"error": _("This is not the workbook of an assessment: it has more than {most} rows.", most=MOST_ROWS)}
    return {"read": {"name": name[:200], "rows": found}}


def drafts_of(given: Rows, assessment_id: UUID) -> tuple[list[tuple[ScoreDraft, int]], FindingsDraft | None, int]:
    """Return scores with their base versions, and findings with theirs: the arguments of `assessments.fill_in`.

    Raises RuleBroken with every flaw by its cell, also where the workbook belongs to another assessment.
    """
    known = _known(given)
    if _cell(given, known.get("id"), 1) != str(assessment_id):
        raise RuleBroken("", "This is not the workbook of this assessment: download it from this page.")
    flaws: list[Flaw] = []
    scores: list[tuple[ScoreDraft, int]] = []
    for area in AREAS:
        if (row := known.get(area)) is None:
            continue
        content = {name: _cell(given, row, at) for at, name in enumerate(SCORES, start=1)}
        if any(content.values()):
            version = _whole(_cell(given, row, len(SCORES) + 1))
            draft = _read(flaws, partial(_score, area, content, assessment_id, version), partial(_score_at, row))
            if draft is not None:
                scores.append((draft, version if isinstance(version, int) else 0))
    findings = _findings(given, known, flaws)
    if flaws:
        raise RuleBroken.all(flaws)
    if not scores and findings is None:
        raise RuleBroken("", "The workbook is empty: nothing is filled in.")
    version = _whole(_cell(given, known.get("version"), 1))
    return scores, findings, version if isinstance(version, int) else 0


def at_cells(given: Rows, refused: RuleBroken) -> RuleBroken:
    """Return the flaws of areas, located by their cells."""
    known = _known(given)
    return RuleBroken.all(
        _at(f"A{known[each.field] + 1}", each) if each.field in known else each for each in refused.flaws
    )


def _score(area: str, content: Mapping[str, str], assessment_id: UUID, version: Any) -> ScoreDraft:
    unknown = content["score"] in (NOT_KNOWN, "؟")
    said = {
        **content,
        "area": area,
        "score": None if unknown else _whole(content["score"]) if content["score"] else "",
        "cost": _whole(content["cost"]) if content["cost"] else None,
        "currency": content["currency"].upper(),
    }
    return parse(ScoreDraft, said | {"id": uuid5(assessment_id, fingerprint([said, version]))})


def _score_at(row: int, field: str) -> str:
    return f"{_LETTERS[1 + SCORES.index(field) if field in SCORES else 0]}{row + 1}"


def _findings(given: Rows, known: Mapping[str, int], flaws: list[Flaw]) -> FindingsDraft | None:
    content = {name: _cell(given, known.get(name), 1) for name in FOUND}
    content["feasibility"] = vocabulary.code_for("CL-FEASIBILITY", content["feasibility"] or "unknown")
    if not any(value for name, value in content.items() if name != "feasibility" or value != "unknown"):
        return None
    said: dict[str, Any] = {
        **content,
        "baseline_queries": _whole(content["baseline_queries"]) if content["baseline_queries"] else None,
    }
    return _read(
        flaws, lambda: parse(FindingsDraft, said), lambda field: f"B{known[field] + 1}" if field in known else "A1"
    )


def _read(flaws: list[Flaw], make: Callable[[], Any], cell: Callable[[str], str]) -> Any:
    try:
        return make()
    except RuleBroken as refused:
        flaws += [_at(cell(each.field), each) for each in refused.flaws]
        return None


def _at(cell: str, flaw: Flaw) -> Flaw:
    return Flaw("", "Cell {cell}: {rule}", {"cell": cell, "rule": sentence(flaw)})


def _known(given: Rows) -> dict[str, int]:
    """Return the row number of each area, of the fields of the findings, of "id" and of "version"."""
    names = {word.casefold(): name for name, words in _names() for word in words}
    found: dict[str, int] = {}
    for at, row in enumerate(given):
        name = names.get(" ".join(row[0].split()).casefold()) if row else None
        if name is not None:
            found.setdefault(name, at)
    return found


def _names() -> Iterator[tuple[str, list[str]]]:
    """Yield the names of rows, in every language."""
    messages = {"id": ASSESSMENT, "version": VERSION} | {
        name: said.label for name, said in labels_of(FindingsDraft).items()
    }
    for name, message in messages.items():
        words = []
        for code in LOCALES:
            with in_language(code):
                words.append(_(message))
        yield name, words
    for area in AREAS:
        yield area, [vocabulary.label("CL-NEEDAREA", area, code) for code in LOCALES]


def _cell(given: Rows, row: int | None, column: int) -> str:
    return given[row][column].strip() if row is not None and column < len(given[row]) else ""


def _whole(text: str) -> int | str:
    """Parse a whole number with any thousands separator; other text is returned unchanged, to be refused later."""
    plain = re.sub("[ \u00a0\u202f']", "", text)
    return int(plain) if plain.isdecimal() else text


# -------------------------------------------------------------------------------------------------------------- routes


def router(store: Store, line: UploadQueue) -> APIRouter:
    """POST /export/needs/{id}.xlsx (`lang` as for the paper), and /data/files/needs/rows?name=... of a workbook."""
    routes = APIRouter()

    @routes.post("/export/needs/{assessment_id}.xlsx")
    def needs_xlsx(assessment_id: str, by: By, code: Spoken) -> Response:
        """Serve the workbook."""
        return download_response(
            *assessment_workbook(store, known_id(assessment_id), code, by), tables.TableFormat.XLSX.media
        )

    @routes.post(ADDRESS)
    async def bring_back(by: By, name: Annotated[str, Query(max_length=400)] = "") -> Response:
        require(by, Act.NEEDS_ANSWER)
        return Arrival(line, by.account_id, MOST_BYTES, too_large(), partial(read, name))

    return routes
