"""Findings of the visit: the form in which assessors write them down."""

from dash import State
from dash.development.base_component import Component
from sqlmodel import Session

from dashboard.frame.interactions import Done, Press
from dashboard.frame.version_conflicts import Versioned
from dashboard.parts.draft_form import DraftForm
from dashboard.parts.form_fields import whole_form
from dashboard.parts.panel import panel
from dashboard.server.access import known_id
from dashboard.wording import _
from operations.core import rows
from operations.core.permissions import Act
from operations.needs import assessments
from operations.needs.rows import Assessment

FORM = DraftForm("needs-findings", assessments.FindingsDraft)


def _newest(session: Session, _press: Press | None, shown: str) -> tuple[Assessment, int]:
    found = rows.one(session, Assessment, known_id(shown))
    return found, found.findings


VERSIONS = Versioned(FORM, "needs-seen", _newest, act=Act.NEEDS_ANSWER)


def findings_form(session: Session, shown: str) -> Component:
    """Return the form, with the findings as they stand."""
    found, version = _newest(session, None, shown)
    fields = whole_form(
        FORM,
        _("Write it down"),
        "notebook",
        ("visited_from", "visited_to"),
        "baseline_queries",
        "baseline_source",
        "feasibility",
        "works",
        kind="plain",
        thing=found,
    )
    return panel(_("What the visit found"), *VERSIONS.kept(found, version), *fields)


@VERSIONS.saves(FORM, given={"shown": State("needs-shown", "data")})
def find(press: Press, shown: str, version: int) -> Done:
    """Record the findings of the visit."""
    draft = press.draft(assessments.FindingsDraft)
    assessments.record_findings(press.session, known_id(shown), draft, version, press.by)
    return Done(_("It is written down."))
