"""Letters of accreditation as PDF: numbered, marked, and entered in the access trail before they are delivered.

A letter is read by two countries: where they speak two languages, it says everything in both, side by side.
"""

from collections.abc import Sequence
from uuid import UUID

from fastapi import APIRouter, Response

from dashboard import wording
from dashboard.papers import typesetter
from dashboard.papers.downloads import By, Spoken, download_response
from dashboard.papers.paper import Bilingual, Block, Facts, Heading, Paper, Paragraph, Signatures
from dashboard.server.access import known_id
from dashboard.wording import _, coded, in_language, joined, moment, number
from operations.core import journal
from operations.core.clock import now
from operations.core.people import Actor
from operations.core.store import Store
from operations.policing.operation import plan
from operations.support import deployment_acts
from operations.support.deployments import Deployment


def address(deployment_id: UUID | str) -> str:
    """Return the URL that issues the letter of a deployment, by POST."""
    return f"/export/deployments/{deployment_id}/letter.pdf"


def written(found: Deployment, operation: plan.Operation, code: str) -> Paper:
    """Return the letter of a deployment in a language: call sign and unit, no person.

    Beside it stands the language of the host country, else of the country that sends the team, where that is another.
    """
    spoken = (wording.spoken_in(found.host_country), wording.spoken_in(found.country))
    codes = [code, *[each for each in spoken if each and each != code][:1]]
    texts, titles, signed = dict[str, Sequence[Block]](), dict[str, str](), list[tuple[str, str]]()
    for each in codes:
        with in_language(each):
            texts[each], titles[each] = _text(found, operation), _("Letter of accreditation")
            signed.append((_("For the coordination of the operation"), _("For the host country")))
    lines = Signatures(["\n".join(names) for names in zip(*signed, strict=True)])
    with in_language(code):
        return Paper(
            title=titles.pop(code),
            subject=operation.title,
            marking=coded("CL-CLASS", operation.classification),
            number=found.accreditation or "",
            blocks=(Bilingual(texts), lines) if titles else (*texts[code], lines),
            also=titles,
        )


def _text(found: Deployment, operation: plan.Operation) -> Sequence[Block]:
    """Return what the letter says, in the language of the moment."""
    zone = operation.zone
    opening = _(
        "The team named below is sent by {home} and takes part in the operation {operation} on the territory "
        "of {host}, at the place and for the time that are given here.",
        home=coded("CL-COUNTRY", found.country),
        operation=operation.title,
        host=coded("CL-COUNTRY", found.host_country),
    )
    facts = (
        (_("Call sign"), found.call_sign),
        (_("Unit"), found.unit),
        (_("Kind of team"), coded("CL-TEAM", found.team_kind)),
        (_("Specialism"), coded("CL-SPEC", found.specialism)),
        (_("Persons"), number(found.persons)),
        (_("Place"), joined((found.place, coded("CL-COUNTRY", found.host_country)))),
        (_("Valid from"), moment(found.starts, zone)),
        (_("Valid to"), moment(found.ends, zone)),
        (_("Executive powers"), _("yes") if found.executive_powers else _("no")),
    )
    tasks = [Heading(_("What the team does there")), Paragraph(found.tasks)] if found.tasks else []
    closing = _(
        "The authorities of the host country are asked to let the team pass and to support it. The letter ends "
        "with its last day, or when the team is withdrawn."
    )
    issued = _(
        "Issued {moment} under number {number}.",
        moment=moment(found.accredited_at, zone),
        number=found.accreditation,
    )
    return (Paragraph(opening), Facts(facts, strong=True), *tasks, Paragraph(closing), Paragraph(issued, "quiet"))


def letter(store: Store, deployment_id: UUID, code: str, by: Actor) -> tuple[bytes, str]:
    """Return the PDF and its name; the first call assigns the letter's number. Raises NotFound, RuleBroken."""
    with store.unit_of_work(by) as session:
        found = deployment_acts.accredit(session, deployment_id, by)
        operation = plan.operation(session, found.operation_id, by)
        journal.record_download(
            session,
            by,
            "deployment.letter",
            found.id,
            "pdf",
            operation=operation.id,
            country=found.country,
            number=found.accreditation,
        )
    return typesetter.pdf(written(found, operation, code)), f"muster-letter-{found.accreditation}-{now():%Y%m%d}.pdf"


def router(store: Store) -> APIRouter:
    """POST /export/deployments/{id}/letter.pdf: a write, as the first call assigns the number; so no link can do it.

    `lang` is en, fr, es or ar (default: the reader's).
    """
    routes = APIRouter()

    @routes.post("/export/deployments/{deployment_id}/letter.pdf")
    def letter_pdf(deployment_id: str, by: By, code: Spoken) -> Response:
        """Serve the letter of a deployment."""
        return download_response(*letter(store, known_id(deployment_id), code, by))

    return routes
