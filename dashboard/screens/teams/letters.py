"""Letters of accreditation as PDF: numbered, marked, and entered in the access trail before they are delivered."""

from uuid import UUID

from fastapi import APIRouter, Response

from dashboard.papers import typesetter
from dashboard.papers.downloads import By, Spoken, download_response
from dashboard.papers.paper import Facts, Heading, Paper, Paragraph, Signatures
from dashboard.server.access import known_id
from dashboard.wording import _, coded, in_language, moment, number
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
    """Return the letter of a deployment in a language: call sign and unit, no person."""
    with in_language(code):
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
            (_("Place"), f"{found.place}, {coded('CL-COUNTRY', found.host_country)}"),
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
        return Paper(
            title=_("Letter of accreditation"),
            subject=operation.title,
            marking=coded("CL-CLASS", operation.classification),
            number=found.accreditation or "",
            blocks=(
                Paragraph(opening),
                Facts(facts, strong=True),
                *tasks,
                Paragraph(closing),
                Signatures((_("For the coordination of the operation"), _("For the host country"))),
                Paragraph(issued, "quiet"),
            ),
        )


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
