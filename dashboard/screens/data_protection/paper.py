"""Data protection documents: the record of a request for its receiver's file, and the certificate of erasures."""

from collections.abc import Sequence
from uuid import UUID

from fastapi import APIRouter, Response
from sqlmodel import Session

from dashboard.papers import record as papers
from dashboard.papers.downloads import By, Spoken, download_response, paper_of
from dashboard.papers.record_content import Record, Section
from dashboard.screens.data_protection.ids import CERTIFICATE, asked_words
from dashboard.telling.names import Names
from dashboard.telling.sentences import entry_sentence
from dashboard.wording import _, date, in_language, language, moment_utc, number
from operations.core import journal, rows
from operations.core.clock import now
from operations.core.errors import NotFound
from operations.core.journal import Entry
from operations.core.people import Actor
from operations.core.permissions import Act, Subject, require
from operations.core.store import Store
from operations.data_protection import requests
from operations.data_protection.register import KINDS
from operations.data_protection.retention import BACK, past_erasures
from operations.data_protection.rows import COPIES, OPEN, REQUESTS, DataCopy, DataRequest


def _gone() -> str:
    return _(
        "What was erased is gone from the database, old versions included; copies of the database that were "
        "made before stay as long as the administrator set. The journal proves each decision and holds none of the "
        "words."
    )


def written(found: DataRequest, copies: list[DataCopy]) -> Record:
    """Return the record. It states the outcome of each copy, and the content of none."""
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
            _(KINDS[copy.kind]),
            " · ".join(
                [
                    _(COPIES.words[COPIES.now(copy)]),
                    copy.decided_name,
                    moment_utc(copy.decided_at) if copy.decided_at else "",
                    copy.reason,
                ]
            ).strip(" ·"),
        )
        for copy in copies
    ]
    return Record(
        title=_("Answer to a request about data"),
        subject=found.reference,
        issued=_("Printed {moment}.", moment=moment_utc(now())),
        sections=(Section(_("The request"), pairs), Section(_("Your copies"), decided)),
        closing=_gone(),
        signed=(_("For the receiver"),),
    )


@paper_of("/export/data-request/{of}/answer")
def record(session: Session, of: UUID, by: Actor, form: str) -> tuple[Record, str]:
    """Return the record of a request and its file name. Raises NotFound, also before it is answered or refused."""
    found = rows.one(session, DataRequest, of)
    require(by, Act.DATA_READ, Subject(country=found.country))
    if found.state in [state.value for state in OPEN]:
        raise NotFound
    journal.record_download(session, by, "data.paper", found.id, form, country=found.country, number=found.reference)
    return written(found, list(requests.copies(session, found.id))), found.reference


def certified(found: Sequence[Entry]) -> Record:
    """Return the certificate of erasures: when, what and by which rule, with the journal entry that proves each."""
    names = Names(language(), "UTC")
    proved = [
        (
            moment_utc(erasure.at),
            f"{entry_sentence(erasure, names)} "
            + _("Proof: entry {number} of the journal, {hash}.", number=number(erasure.seq), hash=erasure.hash[:16]),
        )
        for erasure in found
    ]
    return Record(
        title=_("Certificate of erasure"),
        subject=_("{first} to {last}", first=date(found[-1].at.date()), last=date(found[0].at.date())),
        issued=_("Printed {moment}.", moment=moment_utc(now())),
        sections=(Section(_("Erased within a year"), proved),),
        closing=_gone(),
    )


def certificate(store: Store, code: str, by: Actor) -> bytes:
    """The PDF of what was erased within a year, as far as the asker knows of it. Raises NotFound where nothing was."""
    with journal.disclosing(store, by) as session, in_language(code):
        require(by, Act.DATA_READ, Subject(country=by.country))
        found = past_erasures(session, now() - BACK)
        if not found:
            raise NotFound
        journal.record_download(
            session, by, "erasure.paper", by.account_id, "pdf", country=by.country, number=len(found)
        )
        said = certified(found)
    return papers.pdf(said)


def router(store: Store) -> APIRouter:
    """POST /export/data-protection/erased.pdf. `lang` is en, fr, es or ar (default: the reader's)."""
    routes = APIRouter()

    @routes.post(CERTIFICATE)
    def certificate_pdf(by: By, code: Spoken) -> Response:
        """Serve the certificate of erasures."""
        return download_response(certificate(store, code, by), "muster-erased.pdf")

    return routes
