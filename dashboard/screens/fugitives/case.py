"""View of one case: legal checks, possible steps with their obstacles, leads, locations and history.

A country that was asked reads its own part only: the file given to this view holds nothing else.
"""

import dash_mantine_components as dmc
from dash import html
from dash.development.base_component import Component

from dashboard.parts import tags
from dashboard.parts.badges import state_badge
from dashboard.parts.confirmation import confirmation_attributes
from dashboard.parts.icon import icon
from dashboard.parts.panel import facts
from dashboard.screens.fugitives.case_leads import leads_of, places_of
from dashboard.screens.fugitives.file import CaseFile, code, country, part, press, typed_id
from dashboard.wording import UNDEFINED, _, coded, date, joined, moment, ngettext, number, sentence
from operations.core.clock import now
from operations.core.people import Actor
from operations.core.permissions import Act, may
from operations.core.state_machine import StepOffer
from operations.core.vocabulary import FugitiveState
from operations.policing.fugitives import case_rows
from operations.policing.fugitives.case_rows import FugitiveCase
from operations.policing.operation import plan

SOON = 30
"""Days before erasure from which the case shows a warning at its top."""
_TONES = {
    "arrested": "good",
    "surrendered": "good",
    "closed": "muted",
    "located": "accent",
    "notice_withdrawn": "muted",
}


def panel_of(file: CaseFile, operation: plan.Operation, by: Actor) -> Component:
    """Return the actions on a case, stacked, so that a phone shows one question at a time."""
    case = file.case
    return tags.Div(
        tags.Div(
            html.H2(case.case_no, className="m-num"),
            state_badge(coded("CL-FUGITIVE", case.state), _TONES.get(case.state, "neutral")),
            *([state_badge(_("Public appeal"), "accent")] if case.appeal_agreed_at else []),
            className="m-row fugitives-head",
        ),
        *_time_over(file, operation),
        *_next(file, by),
        *places_of(file, operation, by),
        *leads_of(file, operation, by),
        className="m-stack fugitives-case",
    )


def facts_of(file: CaseFile, operation: plan.Operation, by: Actor) -> Component:
    """Return the facts of a case, its public appeal, and its history."""
    full = not by.national or by.country == file.case.requesting_country
    return tags.Div(
        part(_("The case"), _facts(file, operation, full)),
        *_appeal(file, by),
        _history(file, operation),
        className="m-stack fugitives-case",
    )


# ------------------------------------------------------------------------------------------------- what is known


def _facts(file: CaseFile, operation: plan.Operation, full: bool) -> Component:
    case = file.case
    checked = (
        f"{code('CL-NOTICESTATUS', case.notice_status)} · {date(case.checked_on)}" if case.checked_on else UNDEFINED
    )
    known = [
        (_("Requested by"), country(case.requesting_country)),
        (_("Notice"), UNDEFINED if case.erased_at else case.notice_ref),
        (_("Offence"), code("CL-OFFENCE", case.offence)),
        (_("Wanted for"), code("CL-WANTED", case.wanted_for)),
        (_("Warrant"), code("CL-LEGALCHECK", case.warrant)),
        (_("Extradition"), code("CL-LEGALCHECK", case.extradition)),
        (_("Article 3"), code("CL-ART3", case.art3)),
        (_("Notice checked"), checked),
        *([(_("Believed to be in"), joined(country(each) for each in file.believed) or UNDEFINED)] if full else []),
        (_("In this state since"), moment(case.since, operation.zone)),
        (_("Kept until"), date(case.retain_until)),
        *([(_("Erased at"), moment(case.erased_at, operation.zone))] if case.erased_at else []),
    ]
    return facts(known)


def _history(file: CaseFile, operation: plan.Operation) -> Component:
    told = [
        (
            step.made_at,
            f"{coded('CL-FUGITIVE', step.before)} → {coded('CL-FUGITIVE', step.after)}",
            step.author_name,
            step.reason,
        )
        for step in file.steps
    ]
    told += [
        (
            version.made_at,
            _("Changed: version {number}", number=number(version.version)),
            version.author_name,
            version.content.get("reason", ""),
        )
        for version in file.versions
        if version.version > 1
    ]
    rows = [
        tags.Li(
            html.Span(what),
            html.Span(f"{who} · {moment(at, operation.zone)}", className="m-dim m-small"),
            *([html.Span(html.Bdi(why), className="m-small")] if why else []),
        )
        for at, what, who, why in sorted(told, reverse=True)
    ]
    nominated = tags.Li(
        html.Span(coded("CL-FUGITIVE", "nominated")),
        html.Span(moment(file.case.nominated_at, operation.zone), className="m-dim m-small"),
    )
    return html.Details([html.Summary(_("History")), html.Ol([*rows, nominated], className="fugitives-history")])


# -------------------------------------------------------------------------------------------------- what to do


def _time_over(file: CaseFile, operation: plan.Operation) -> list[Component]:
    """Return the notice that a case is erased, or will be soon."""
    case = file.case
    if case.erased_at is not None:
        when = moment(case.erased_at, operation.zone)
        words = _("Erased {when}, when its time was over. What the numbers are made of stays.", when=when)
        return [html.Div([icon("trash", size=18), html.Span(words)], className="fugitives-due", role="status")]
    days = (case.retain_until - now().date()).days + 1
    if not 0 < days <= SOON:
        return []
    words = ngettext(
        "This case is erased in {n} day: it is kept until {day}.",
        "This case is erased in {n} days: it is kept until {day}.",
        days,
        day=date(case.retain_until),
    )
    return [html.Div([icon("hourglass", size=18), html.Span(words)], className="fugitives-due", role="status")]


def _next(file: CaseFile, by: Actor) -> list[Component]:
    """Return the daily check where it is due, then the steps that this person may take, each with its obstacles."""
    made: list[Component] = []
    case = file.case
    open_ = case.state not in case_rows.ENDS and case.erased_at is None
    may_check = may(by, Act.FUGITIVE_CHECK, case_rows.subject(case)) and open_
    if may_check and not file.checked:
        made.append(
            part(
                _("Notice of today"),
                html.P(_("Look the notice up in the system of your bureau, then say what you found.")),
                tags.Div(
                    press(_("It is valid"), "check", case.id, "valid", "primary", "check"),
                    press(_("It is unclear"), "check", case.id, "unclear", "plain", "help"),
                    press(_("It was withdrawn"), "check", case.id, "withdrawn", "danger", "ban"),
                    className="m-toolbar",
                ),
            )
        )
    if file.offers:
        needs = any(offer.step.why for offer in file.offers)
        moves = [_move(case, offer) for offer in file.offers]
        reason = dmc.TextInput(
            id=typed_id("move", case.id),
            label=_("Reason"),
            description=_("The ends beside the road need one. No names."),
            size="xs",
        )
        made.append(
            part(_("Move the case to"), html.Ul(moves, className="fugitives-moves"), *([reason] if needs else []))
        )
    return made


def _move(case: FugitiveCase, offer: StepOffer[FugitiveState]) -> Component:
    blocked = [html.Li(sentence(flaw)) for flaw in offer.obstacles]
    kind, ends = ("danger", confirmation_attributes("fugitive.end")) if offer.step.why else ("plain", {})
    to = offer.step.after.value
    return tags.Li(
        press(coded("CL-FUGITIVE", to), "move", case.id, to, kind, disabled=bool(blocked), **ends),
        *([html.Ul(blocked, className="m-small fugitives-why")] if blocked else []),
    )


# -------------------------------------------------------------------------------------------------- the appeal


def _appeal(file: CaseFile, by: Actor) -> list[Component]:
    """Return the two consents that a public appeal needs, and the tips it produced."""
    case = file.case
    mine = by.country == case.requesting_country
    if not may(by, Act.FUGITIVE_APPEAL) or (by.national and not mine):
        return []
    tips = _tips(file, counts=mine)
    if case.erased_at is not None:
        return []
    if case.state in case_rows.ENDS:
        return [part(_("Public appeal"), *tips)] if tips else []
    own = case.appeal_asked_at if mine else case.appeal_agreed_at
    words = [
        html.Li([icon("check" if case.appeal_asked_at else "minus", size=16), _("The requesting country asks for it")]),
        html.Li([icon("check" if case.appeal_agreed_at else "minus", size=16), _("The coordinator agrees")]),
    ]
    waits = not mine and case.appeal_asked_at is None
    word = (
        press(_("Take the word back"), "appeal", case.id, "no")
        if own
        else press(_("Yes to a public appeal"), "appeal", case.id, "yes", sign="world", disabled=waits)
    )
    return [part(_("Public appeal"), html.Ul(words, className="fugitives-yes"), word, *tips)]


def _tips(file: CaseFile, *, counts: bool) -> list[Component]:
    """Return the number of tips; the requesting country adds those it has evaluated."""
    if not file.published:
        return []
    told = html.P(_("Tips evaluated so far: {count}.", count=number(file.tips)))
    if not counts:
        return [told]
    return [
        told,
        dmc.NumberInput(
            id=typed_id("tips", file.case.id),
            label=_("Further tips that you evaluated"),
            min=1,
            allowDecimal=False,
            size="xs",
        ),
        press(_("Count them"), "tips", file.case.id, sign="plus"),
    ]
