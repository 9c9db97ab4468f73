"""Files that are handed over: asked for by an address, in the language that is asked for, and kept by no browser.

A paper of one thing is declared with `paper_of`: its address answers by itself.
"""

from collections.abc import Callable
from functools import update_wrapper
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Response
from sqlmodel import Session

from dashboard.papers import document, record
from dashboard.papers.record_content import Record
from dashboard.server.access import asking, known_id
from dashboard.wording import in_language
from operations.core.people import Actor
from operations.core.store import Store
from operations.core.vocabulary import LOCALES

MEDIA = {
    "pdf": "application/pdf",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
}
Writes = Callable[[Session, UUID, Actor, str], tuple[Record, str]]
"""Makes the record of one thing and the middle of its file's name, and writes to the access trail in which form it goes
to whom, all in one unit of work. Raises NotFound."""

By = Annotated[Actor, Depends(asking)]


def handed(content: bytes, name: str, media: str = MEDIA["pdf"]) -> Response:
    """A file under its name, to be kept by who asked and by no browser."""
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "private, no-store"}
    return Response(content, media_type=media, headers=headers)


def spoken(by: By, lang: str = "") -> str:
    """The language in which a file is asked for: `lang` en, fr, es or ar, else the reader's."""
    return lang if lang in LOCALES else by.language


Spoken = Annotated[str, Depends(spoken)]
PAPERS: list["Download"] = []
"""Every paper of one thing."""


class Download:
    """The paper of one thing, in one form or in several: called with who asks and in which language, it is made."""

    def __init__(self, path: str, forms: tuple[str, ...], writes: Writes) -> None:
        self.path, self.forms, self.writes = path, forms, writes
        update_wrapper(self, writes)
        PAPERS.append(self)

    def address(self, of: object, form: str = "pdf") -> str:
        """Where the paper of a thing is."""
        return f"{self.path.format(of=of)}.{form}"

    def __call__(self, store: Store, of: UUID, code: str, by: Actor, form: str = "pdf") -> tuple[bytes, str]:
        """The file and its name. Raises what the record raises."""
        with store.unit_of_work(by) as session, in_language(code):
            said, name = self.writes(session, of, by, form)
        return document.docx(said) if form == "docx" else record.pdf(said), f"muster-{name}.{form}"

    def router(self, store: Store) -> APIRouter:
        """GET its address in each of its forms. `lang` is en, fr, es or ar (default: the reader's)."""
        routes = APIRouter()
        for form in self.forms:
            routes.get(f"{self.path}.{form}")(self._answering(store, form))
        return routes

    def _answering(self, store: Store, form: str) -> Callable[..., Response]:
        def paper(of: str, by: By, code: Spoken) -> Response:
            return handed(*self(store, known_id(of), code, by, form), MEDIA[form])

        return paper


def paper_of(path: str, *forms: str) -> Callable[[Writes], Download]:
    """Declare the paper of one thing: what it decorates writes it; its address is the `path` with "{of}" for the thing.

    `forms` are the ends of its address, of MEDIA: a PDF where none is named.
    """
    return lambda writes: Download(path, forms or ("pdf",), writes)
