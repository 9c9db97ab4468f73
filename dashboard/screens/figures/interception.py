"""Interception: the share of movement that was detected, as last estimated: a range, or that it is unknown."""

from dash import dcc, html
from dash.development.base_component import Component
from sqlmodel import Session

from dashboard.parts.answer import stored_sentence
from dashboard.parts.panel import panel
from dashboard.wording import _, moment
from operations.core.people import Actor
from operations.core.permissions import Act, may
from operations.core.vocabulary import AnalysisKind
from operations.disclosure.suppression import BoardFrame
from operations.policing import analyses
from operations.policing.operation import plan

COMPARED = 3
"""The number of sentences taken from an answer: the share, what its ends hold for, and what the plan let expect."""


def intercepted(session: Session, operation: plan.Operation, frame: BoardFrame, by: Actor) -> list[Component]:
    """Return the panel for those who read analyses, as of the frame's journal entry."""
    if not may(by, Act.ANALYSIS_READ, plan.subject(operation)):
        return []
    newest = analyses.last_done(session, operation.id, AnalysisKind.INTERCEPTION, frame.at)
    result = analyses.result(session, newest) if newest else None
    href = f"/operations/{operation.id}/analysis"
    if result is None:
        words = [_("Nobody has found out yet which part of movement was detected.")]
        way = dcc.Link(_("Find it out on the analysis page"), href=href, className="file-way")
        told = ""
    else:
        sentences = result.result["sentences"]
        words = [
            stored_sentence(each) for each in sentences[: COMPARED if "low" in result.result["figures"]["whole"] else 1]
        ]
        way = dcc.Link(_("By route, and the method"), href=f"{href}?analysis={newest}", className="file-way")
        told = _("as of {moment}", moment=moment(result.made_at, operation.zone))
    return [panel(_("Interception share"), *(html.P(each) for each in words), actions=[way], note=told)]
