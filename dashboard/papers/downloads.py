"""Downloads: files at an address of their own, in the language asked for, which browsers may not cache.

`paper_of` declares the paper of an object, and with it its address.
"""

import re
import unicodedata
from collections.abc import Callable
from functools import update_wrapper
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Response
from sqlmodel import Session

from dashboard.papers import document, record, typesetter
from dashboard.papers.paper import Paper
from dashboard.papers.record_content import Record
from dashboard.server.access import current_user, known_id
from dashboard.wording import in_language
from operations.core import journal, proof
from operations.core.clock import now
from operations.core.languages import LOCALES
from operations.core.people import Actor
from operations.core.store import Store

MEDIA = {
    "pdf": "application/pdf",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
}
MAKERS: dict[str, Callable[[Paper], bytes]] = {
    "pdf": lambda of: typesetter.pdf(of),
    "docx": lambda of: document.docx(of),
}
"""What makes a paper into a file of each form; its libraries are imported for the first paper."""

Writes = Callable[[Session, UUID, Actor, str], tuple[Record | Paper, str]]
"""Makes the record or the paper of one thing and the middle of its file's name, and writes to the access trail in which
form it goes to whom; it reads, and the entry is written when it is done. Raises NotFound."""


def proven_user(by: Annotated[Actor, Depends(current_user)]) -> Actor:
    """Return the signed-in user. Raises ProofNeeded before a file is made that would not be handed over."""
    if not proof.fresh(by):
        raise proof.ProofNeeded
    return by


def file_name(title: str, *parts: str, ending: str) -> str:
    """Return the name of a file of an operation with this title: what it is of, what it is, and from when.

    >>> file_name("Opération Épervier (Sahel)", "plan", ending="pdf")[:30]
    'muster-operation-epervier-sahe'
    """
    plain = unicodedata.normalize("NFKD", title).encode("ascii", "ignore").decode().casefold()
    of = re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:40].strip("-")
    return "-".join(filter(None, ("muster", of, *parts, f"{now():%Y%m%d-%H%M}"))) + f".{ending}"


By = Annotated[Actor, Depends(proven_user)]


def download_response(content: bytes, name: str, media: str = MEDIA["pdf"]) -> Response:
    """Return a file as a download that browsers may not cache."""
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "private, no-store"}
    return Response(content, media_type=media, headers=headers)


def spoken(by: By, lang: str = "") -> str:
    """Return the language of a download: `lang` where Muster has it, else the reader's, as a FastAPI dependency."""
    return lang if lang in LOCALES else by.language


Spoken = Annotated[str, Depends(spoken)]
PAPERS: list["Download"] = []
"""All papers of objects."""


class Download:
    """The paper of an object, in one or more file formats. Calling it makes the file for a reader in a language."""

    def __init__(self, path: str, forms: tuple[str, ...], writes: Writes) -> None:
        self.path, self.forms, self.writes = path, forms, writes
        update_wrapper(self, writes)
        PAPERS.append(self)

    def address(self, of: object, form: str = "pdf") -> str:
        """Return the address of the paper of an object."""
        return f"{self.path.format(of=of)}.{form}"

    def __call__(self, store: Store, of: UUID, code: str, by: Actor, form: str = "pdf") -> tuple[bytes, str]:
        """The file and its name. Raises what the record raises."""
        with journal.disclosing(store, by) as session, in_language(code):
            said, name = self.writes(session, of, by, form)
        with in_language(code):
            made = said if isinstance(said, Paper) else record.paper(said)
            return MAKERS[form](made), f"muster-{name}.{form}"

    def router(self, store: Store) -> APIRouter:
        """POST its address in each of its forms. `lang` is en, fr, es or ar (default: the reader's)."""
        routes = APIRouter()
        for form in self.forms:
            routes.post(f"{self.path}.{form}")(self._answering(store, form))
        return routes

    def _answering(self, store: Store, form: str) -> Callable[..., Response]:
        def paper(of: str, by: By, code: Spoken) -> Response:
            return download_response(*self(store, known_id(of), code, by, form), MEDIA[form])

        return paper


def paper_of(path: str, *forms: str) -> Callable[[Writes], Download]:
    """Declare the paper of an object by its writer; its address is `path`, with "{of}" for the object's id.

    `forms` are its file extensions, keys of MEDIA; a PDF by default.
    """
    return lambda writes: Download(path, forms or ("pdf",), writes)
