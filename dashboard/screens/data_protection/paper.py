"""On paper: what became of a request, for the file of who received it, and the certificate of what was erased."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated

from fastapi import APIRouter, Depends, Response

from dashboard.screens.data_protection.file import asked_words
from dashboard.screens.data_protection.ids import CERTIFICATE
from dashboard.server.access import asking, known_id
from dashboard.server.later import later
from dashboard.telling.names import Names
from dashboard.telling.sentences import told
from dashboard.wording import _, coded, date, in_language, language, moment_utc, number
from operations.core import journal, rows
from operations.core.clock import now
from operations.core.errors import NotFound
from operations.core.journal import Chain, Entry
from operations.core.people import Actor
from operations.core.permissions import Act, Subject, require
from operations.core.store import Store
from operations.core.vocabulary import LOCALES, Classification
from operations.data_protection import requests
from operations.data_protection.register import KINDS
from operations.data_protection.retention import BACK, erased
from operations.data_protection.rows import COPIES, OPEN, REQUESTS, DataCopy, DataRequest

if TYPE_CHECKING:
    from dashboard.papers import record as papers
else:
    papers = later("dashboard.papers.record")


def _gone() -> str:
    return _(
        "What was erased is gone from the database, old versions included; copies of the database that were "
        "made before are gone after a week. The journal proves each decision and holds none of the words."
    )


def written(found: DataRequest, copies: list[DataCopy], code: str) -> "papers.Record":
    """The record in a language. It says of each copy what became of it, and of none what it said."""
    with in_language(code):
        here = language()
        pairs = (
            (_("Reference"), found.reference),
            (_("Your own file"), found.file_ref),
            (_("The person asks"), asked_words(found.asked)),
            (_("Received on"), date(found.received)),
            (_("Answer until"), date(found.until)),
            (_("Why it takes longer"), found.extended),
            (_("Searches"), number(found.searches)),
            (_("State"), _(REQUESTS.words[REQUESTS.now(found)])),
            (_("What was answered"), found.answer),
        )
        decided = [
            (
                _(KINDS[each.kind]),
                " · ".join(
                    [
                        _(COPIES.words[COPIES.now(each)]),
                        each.decided_name,
                        moment_utc(each.decided_at) if each.decided_at else "",
                        each.reason,
                    ]
                ).strip(" ·"),
            )
            for each in copies
        ]
        return papers.Record(
            marking=coded("CL-CLASS", Classification.FOR_OFFICIAL_USE.value),
            title=_("Answer to a request about data"),
            subject=found.reference,
            issued=_("Printed {moment}.", moment=moment_utc(now())),
            sections=(papers.Section(_("The request"), pairs), papers.Section(_("Your copies"), decided)),
            closing=_gone(),
            signed=(_("For the receiver"),),
            language=here,
        )


def record(store: Store, request_id: str, code: str, by: Actor) -> tuple[bytes, str]:
    """The PDF and its name. Raises NotFound, also before the request is answered or refused."""
    with store.unit_of_work(by) as session:
        found = rows.one(session, DataRequest, known_id(request_id))
        require(by, Act.DATA_READ, Subject(country=found.country))
        if found.state in [state.value for state in OPEN]:
            raise NotFound
        journal.record(
            session, by, "data.paper", "export", found.id, country=found.country, chain=Chain.ACCESS, format="pdf",
            number=found.reference, recipients=[str(by.account_id)],
        )  # fmt: skip
        said = written(found, list(requests.copies(session, found.id)), code)
    return papers.pdf(said), f"muster-{found.reference}.pdf"


def certified(found: Sequence[Entry], code: str) -> "papers.Record":
    """The certificate of erasures in a language: when, what and by which rule, with the entry that proves each."""
    with in_language(code):
        here = language()
        names = Names(here, "UTC")
        proved = [
            (
                moment_utc(each.at),
                f"{told(each, names)} "
                + _("Proof: entry {number} of the journal, {hash}.", number=number(each.seq), hash=each.hash[:16]),
            )
            for each in found
        ]
        return papers.Record(
            marking=coded("CL-CLASS", Classification.FOR_OFFICIAL_USE.value),
            title=_("Certificate of erasure"),
            subject=_("{first} to {last}", first=date(found[-1].at.date()), last=date(found[0].at.date())),
            issued=_("Printed {moment}.", moment=moment_utc(now())),
            sections=(papers.Section(_("Erased within a year"), proved),),
            closing=_gone(),
            language=here,
        )


def certificate(store: Store, code: str, by: Actor) -> bytes:
    """The PDF of what was erased within a year, as far as the asker knows of it. Raises NotFound where nothing was."""
    with store.unit_of_work(by) as session:
        require(by, Act.DATA_READ, Subject(country=by.country))
        found = erased(session, now() - BACK)
        if not found:
            raise NotFound
        journal.record(
            session, by, "erasure.paper", "export", by.account_id, country=by.country, chain=Chain.ACCESS,
            format="pdf", number=len(found), recipients=[str(by.account_id)],
        )  # fmt: skip
        said = certified(found, code)
    return papers.pdf(said)


def router(store: Store) -> APIRouter:
    """GET /export/data-request/{id}/answer.pdf and /export/data-protection/erased.pdf.

    `lang` is en, fr, es or ar (default: the reader's).
    """
    routes = APIRouter()

    @routes.get("/export/data-request/{request_id}/answer.pdf")
    def answer_pdf(request_id: str, by: Annotated[Actor, Depends(asking)], lang: str = "") -> Response:
        """The record of a request."""
        content, name = record(store, request_id, lang if lang in LOCALES else by.language, by)
        return _sent(content, name)

    @routes.get(CERTIFICATE)
    def certificate_pdf(by: Annotated[Actor, Depends(asking)], lang: str = "") -> Response:
        """The certificate of erasures."""
        return _sent(certificate(store, lang if lang in LOCALES else by.language, by), "muster-erased.pdf")

    return routes


def _sent(content: bytes, name: str) -> Response:
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "private, no-store"}
    return Response(content, media_type="application/pdf", headers=headers)
