"""Decisions on a report or a hit, and the reason where the four-eyes rule forbids them."""

import json
from collections.abc import Mapping, Sequence, Set
from enum import StrEnum
from uuid import UUID
from zoneinfo import ZoneInfo

from dash import html
from dash.development.base_component import Component

from dashboard import wording
from dashboard.parts.confirmation import confirmation_attributes
from dashboard.parts.draft_form import DraftForm
from dashboard.parts.form import button
from dashboard.parts.form_fields import drawing
from dashboard.parts.report.hit_text import answer_words, hit_words, time_words
from dashboard.server.access import actor
from dashboard.wording import N_, _, sentence
from operations.core import clock, vocabulary
from operations.core.permissions import Act, may
from operations.core.vocabulary import ReportState, Role
from operations.lines.kinds import from_json
from operations.policing.operation import plan
from operations.policing.operation.plan import Operation
from operations.policing.reports import desk_queries, verification
from operations.policing.reports import states as report_states
from operations.policing.reports.desk_queries import Offered, WaitingHit
from operations.policing.reports.reports import Line, Report
from operations.policing.reports.states import Deed

RETURN = DraftForm("verify-return", verification.Return)
ANSWER = DraftForm("verify-answer", verification.HitAnswer, stands={"": "confirming_country"}).wire()


class Buttons(StrEnum):
    """The ids of the action buttons; `screens/verify/keys.js` presses them by id."""

    VERIFY = "verify-do"
    RETURN = "verify-give-back"
    REJECT = "verify-reject"
    ANSWER = "verify-answer-hit"


_ASSERTS = {
    ReportState.LOCALLY_VERIFIED: N_("You assert: complete, plausible, right site and period."),
    ReportState.NATIONALLY_VALIDATED: N_("You assert: your country stands behind it."),
    ReportState.CONSOLIDATED: N_("You assert: it counts nothing twice, and it is coded as the others are."),
}


def deciding(operation: Operation, found: Report, answered: Set[UUID] = frozenset()) -> list[Component]:
    """Return the buttons verify, return and reject that this person may use, and why others are forbidden.

    `answered` are the versions of which this person answered hits.
    """
    rung = verification.next_step(found, actor(), answered)
    place = plan.subject(operation, found.country, found.site_id)
    parts: list[Component] = [html.H2(_("Your decision"))]
    closed = report_states.obstacle(operation.state, deed_of(found), late=found.late)
    if closed is not None:
        return [*parts, html.P(sentence(closed), className="verify-why", role="note")]
    if rung is not None:
        parts += [
            html.P(_(_ASSERTS[rung.after]), className="m-small"),
            _act(_(rung.words), Buttons.VERIFY, "primary", "check", "V"),
            html.P(
                _("Too quick: look at this report first, then press V again."),
                id="verify-too-quick",
                hidden=True,
                role="status",
                className="verify-why",
            ),
        ]
    else:
        parts.append(html.P(why_not(found, answered), className="verify-why", role="note"))
    if verification.returnable(found, actor()) and may(actor(), Act.REPORT_RETURN, place):
        parts += [
            *drawing(RETURN)(persistence=str(found.id), persistence_type="memory"),
            _act(_("Return to its author"), Buttons.RETURN, "plain", "arrow-back-up", "R"),
        ]
        if may(actor(), Act.REPORT_REJECT, place):
            parts.append(
                _act(
                    _("Reject for good"), Buttons.REJECT, "danger", "x", "X", **confirmation_attributes("report.reject")
                )
            )
    return parts


def deed_of(found: Report) -> Deed:
    """Return the verification step that raises this report from its level."""
    return Deed.CONSOLIDATE if found.state == ReportState.NATIONALLY_VALIDATED else Deed.CLIMB


def _act(label: str, ident: Buttons, kind: str, icon_name: str, key: str, **more: str) -> Component:
    return button(
        label,
        id=ident,
        kind=kind,
        icon_name=icon_name,
        rightSection=html.Kbd(key),
        fullWidth=True,
        justify="space-between",
        **{"aria-keyshortcuts": key},
        **more,
    )


def why_not(found: Report, answered: Set[UUID] = frozenset()) -> str:
    """Return why this person cannot raise the report, so that a missing button is explained."""
    if actor().account_id == found.author_id:
        return _("You wrote this report. Nobody verifies what they wrote: another pair of eyes is needed.")
    if actor().account_id == found.verified_by:
        return _("You verified this report locally. Its validation needs another pair of eyes.")
    if found.id in answered:
        return _("You answered a hit of this report. Another pair of eyes verifies it.")
    if actor().account_id == found.validated_by:
        return _("You validated this report for its country. Another pair of eyes consolidates it.")
    if actor().role is Role.OCU_ANALYST and found.state == ReportState.CONSOLIDATED:
        return _("This report is consolidated. An analyst may return it, and changes no figure.")
    return _("This report is not waiting for you: {state}.", state=wording.coded("CL-REPORTSTATE", found.state))


def answering(
    operation: Operation, found: Report, hit: Line, same: Sequence[WaitingHit], sites: Mapping[UUID, str]
) -> list[Component]:
    """Return the form for the issuing country's answer to a hit, or why this person does not record it.

    Until it has answered, also how long ago the hit was, and what to write to that country. `same`: the hits of one
    document, if there are more; an answer to another is offered as default. `sites`: the names of places.
    """
    heading = html.H2(_("Answer of the issuing country"))
    closed = report_states.obstacle(operation.state, Deed.ANSWER, late=found.late)
    if closed is not None:
        return [heading, html.P(sentence(closed), className="verify-why", role="note")]
    if not verification.may_answer(found, actor()):
        words = _(
            "You wrote, verified or validated this report. Another coordinator of your country records the answer."
        )
        return [heading, html.P(words, className="verify-why", role="note")]
    changes, answers = hit.answered_by is not None, vocabulary.options("CL-CONFIRM", wording.language())
    offer = desk_queries.proposed_answer(hit, same)
    draw = drawing(
        ANSWER,
        from_json(hit.attributes) if changes else offer.answer if offer else _today(found.zone),
        choices={"confirmation": [each for each in answers if each["value"] != "pending"]},
        zone=found.zone,
    )
    kept = {"persistence": f"{found.id} {hit.id}", "persistence_type": "memory"}
    press = (
        button(
            _("Change the answer"),
            id=Buttons.ANSWER,
            kind="danger",
            fullWidth=True,
            **confirmation_attributes("hit.change"),
        )
        if changes
        else button(_("Record the answer"), id=Buttons.ANSWER, kind="primary", fullWidth=True)
    )
    asking = [] if changes else _asking(operation, found, hit, same, sites)
    words = (
        _("Recorded: {answer}. The country that issued the record may say otherwise later.", answer=answer_words(hit))
        if changes
        else _("Only the country that issued the record confirms or refutes a hit.")
    )
    return [
        heading,
        html.P(words, className="m-small"),
        *_together(hit, same, sites),
        *asking,
        *([] if offer is None else [html.P(_offer_words(offer), className="verify-why", role="note")]),
        *draw("confirmation", "confirming_country", "confirmed_at", **kept),
        html.Div(draw("reason", required=True, maxLength=500, **kept), hidden=not changes),
        press,
    ]


def _today(zone: str) -> dict[str, str]:
    """Return what an answer begins with: it is mostly recorded on the day on which it comes."""
    day, at = ANSWER.inputs_of("confirmed_at")
    return {day: clock.now().astimezone(ZoneInfo(zone)).date().isoformat(), at: ""}


def _together(hit: Line, same: Sequence[WaitingHit], sites: Mapping[UUID, str]) -> list[Component]:
    """Return the other hits of the same document, each to be opened."""
    others = [each for each in same if each.line.id != hit.id]
    if not others:
        return []
    items = [
        html.Li(
            html.Button(hit_words(other, sites), className="reports-link", **{"data-ask": json.dumps(choice_of(other))})
        )
        for other in others
    ]
    return [html.P(_("The same document hit more than once:")), html.Ul(items, className="verify-same")]


def choice_of(hit: WaitingHit) -> dict[str, str]:
    """Return the key that selects a hit, on the list and beside another."""
    return {"what": "hit", "id": str(hit.report.id), "line": str(hit.line.id)}


def _offer_words(offer: Offered) -> str:
    when = time_words(offer.of)
    if offer.answer["confirmed_at"] is None:
        return _(
            "Filled in from the answer to the hit of {moment}. That came before this hit: ask whether it still holds, "
            "and write when the country said so.",
            moment=when,
        )
    return _("Filled in from the answer to the hit of {moment}: check it before you record it.", moment=when)


def _asking(
    operation: Operation, found: Report, hit: Line, same: Sequence[WaitingHit], sites: Mapping[UUID, str]
) -> list[Component]:
    """Return the message to the issuing country's national bureau; it never contains a document number.

    One message covers all waiting hits of a document: it is shown with the first of them, and leaves out hits that were
    answered since.
    """
    at = desk_queries.hit_at(hit)
    since = html.P(_("Time of the hit: {moment}, {ago}", moment=wording.clock(at, found.zone), ago=wording.ago(at)))
    waiting = [each for each in same if each.line.answered_by is None]
    if (offer := desk_queries.proposed_answer(hit, same)) and offer.answer["confirmed_at"] is not None:
        return [since]
    if waiting and waiting[0].line.id != hit.id:
        words = _(
            "One message asks for all of them: it stands with the hit of {moment}.", moment=time_words(waiting[0])
        )
        return [since, html.P(words, className="m-small")]
    text = _(
        "Please confirm or refute a hit. Database: {database}. Kind: {kind}. Place: {site}, {country}. Time: {moment}. "
        "Action taken: {action}. Document or notice: [number, here only]. Is the record valid, and is it this document "
        "or person? Our reference: {reference}.",
        database=wording.coded("CL-DB", hit.database),
        kind=wording.coded("CL-HITKIND", str(hit.attributes.get("hit_kind", "unknown"))),
        site=sites.get(found.site_id, ""),
        country=wording.coded("CL-COUNTRY", found.country),
        moment=wording.moment(at, found.zone),
        action=wording.coded("CL-ACTION", str(hit.attributes.get("action_taken", "unknown"))),
        reference=f"{operation.title} {hit.id.hex[:8].upper()}",
    )
    if again := [f"{time_words(each)} ({sites.get(each.line.site_id, '')})" for each in waiting[1:]]:
        text += " " + _("The same document hit again: {moments}.", moments="; ".join(again))
    note = _("To be sent by I-24/7, with the number written in there. It stays out of Muster.")
    return [
        since,
        html.Details(
            [
                html.Summary(_("Message to the issuing country")),
                html.P(note, className="m-small m-dim"),
                html.P(html.Bdi(text), className="m-small verify-message"),
                button(_("Copy"), icon_name="copy", size="compact-md", **{"data-copied": text}),
            ],
        ),
    ]
