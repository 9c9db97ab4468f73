"""Partner package: a PDF of exactly what the partner's list allows today, entered in the access trail as disclosed."""

from uuid import UUID

from sqlmodel import Session

from dashboard.papers.downloads import paper_of
from dashboard.papers.record_content import Record, Section
from dashboard.screens.partners import content
from dashboard.wording import _, date, moment, party
from operations.core.clock import now
from operations.core.people import Actor
from operations.exchange import packages
from operations.exchange.packages import Package


def written(made: Package) -> Record:
    """Return the package, under the highest marking of its content."""
    admission = made.admission
    about = (
        (_("For"), party(admission.partner)),
        (_("What for"), admission.purpose),
        (_("Days"), _("{first} to {last}", first=date(admission.starts), last=date(admission.until))),
        (_("Admitted by"), admission.admitted_name),
    )
    return Record(
        title=_("For a partner organisation"),
        subject=party(admission.partner),
        issued=_("Printed {moment}.", moment=moment(now(), made.operation.zone)),
        sections=(
            Section(_("Admission"), about),
            *(Section(each.heading, each.pairs) for each in content.parts(made)),
        ),
        closing=_("For the partner named above alone, and for what it says. Handling codes bind whoever reads it."),
        classification=made.marking.value,
    )


@paper_of("/export/partners/{of}")
def paper(session: Session, of: UUID, by: Actor, form: str) -> tuple[Record, str]:
    """Return the package and its file name. Raises NotFound, and RuleBroken while the partner is not admitted."""
    made = packages.hand_over(session, of, by, form)
    return written(made), f"partner-{made.admission.partner.replace('_', '-')}-{now():%Y%m%d}"
