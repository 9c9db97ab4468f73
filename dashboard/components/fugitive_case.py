"""One case: its legal checks, the moves that this person may make and why not yet, leads, locations and history.

A country that was asked reads its own part only: what it does not know is not in the file that the page is given.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import dash_mantine_components as dmc
from dash import html
from dash.development.base_component import Component
from sqlmodel import Session, select

from dashboard.components.badges import state_badge
from dashboard.components.form import Form, button, client_id, multi_select_field, select_field, text_area
from dashboard.components.fugitive_board import label
from dashboard.components.icon import icon
from dashboard.wording import UNDEFINED, _, date, language, moment, number, sentence
from operations.core import vocabulary
from operations.core.errors import Flaw
from operations.core.ids import fingerprint, new_id
from operations.core.people import Actor
from operations.core.permissions import Act, may
from operations.core.vocabulary import FugitiveState, LeadState, LocationState
from operations.policing import leads, plan
from operations.policing.fugitives import appeals, cases, found, road, tracing
from operations.policing.fugitives.cases import FugitiveCase, FugitiveStep
from operations.policing.fugitives.found import FugitiveLocation

LEAD = Form("fugitives-lead")
FIND = Form("fugitives-find")
LEAD_SEND, FIND_SEND = "fugitives-lead-send", "fugitives-find-send"
_TONES = {
    "arrested": "good",
    "surrendered": "good",
    "closed": "muted",
    "located": "accent",
    "notice_withdrawn": "muted",
}
_LEAD_TONES = {"positive": "good", "negative": "neutral", "expired": "warn"}
_PLACE_TONES = {"confirmed": "accent", "arrest_confirmed": "good", "negative": "muted", "arrest_reported": "warn"}


@dataclass(frozen=True)
class Asked:
    """A lead about the case, as far as the reader may see it."""

    lead: leads.Lead
    said: leads.LeadVersion
    parts: Sequence[leads.LeadCountry]
    answers: Sequence[leads.LeadAnswer]


@dataclass(frozen=True)
class File:
    """What one reader may know of a case, read at one moment."""

    case: FugitiveCase
    believed: Sequence[str]
    steps: Sequence[FugitiveStep]
    places: Sequence[FugitiveLocation]
    asked: Sequence[Asked]
    offers: Sequence[road.Offer]
    lead_flaws: Sequence[Flaw]
    taking_part: Sequence[str]
    checked: bool
    published: bool
    tips: int


def read_file(session: Session, operation: plan.Operation, case: FugitiveCase, by: Actor) -> File:
    """The file of a case for `by`."""
    about = [
        Asked(each, leads.said(session, each.id), leads.parts(session, each.id), leads.answers(session, each.id))
        for each in leads.leads(session, operation.id, case.id)
    ]
    steps = session.exec(select(FugitiveStep).where(FugitiveStep.case_id == case.id)).all()
    others = [
        each.country for each in plan.participations(session, operation.id) if each.country != case.requesting_country
    ]
    return File(
        case,
        cases.believed(session, case.id),
        sorted(steps, key=lambda step: step.made_at, reverse=True),
        found.locations(session, case.id),
        about,
        road.offers(session, case, by),
        tracing.lead_flaws(session, case, by),
        others,
        road.checked_today(session, case),
        appeals.was_published(session, case.id),
        appeals.tips(session, case.id),
    )


def mark(file: File) -> str:
    """What changes when anything changes that the panel shows."""
    return fingerprint(
        [
            file.case.model_dump(),
            [each.state for each in file.places],
            [(part.country, part.state) for each in file.asked for part in each.parts],
            [[flaw.template for flaw in offer.obstacles] for offer in file.offers],
            file.checked,
            file.published,
            file.tips,
        ]
    )


def panel_of(file: File, operation: plan.Operation, by: Actor) -> Component:
    """What is to be done about a case: one thing under another, so that a phone shows one question at a time."""
    case = file.case
    return html.Div(
        [
            html.Div(
                [
                    html.H2(case.case_no, className="m-num"),
                    state_badge(label(case.state), _TONES.get(case.state, "neutral")),
                    *([state_badge(_("Public appeal"), "accent")] if case.appeal_agreed_at else []),
                ],
                className="m-row fugitives-head",
            ),
            *_next(file, by),
            *_places(file, operation, by),
            *_leads(file, operation, by),
        ],
        className="m-stack fugitives-case",
    )


def facts_of(file: File, operation: plan.Operation, by: Actor) -> Component:
    """What is known of a case, the public appeal, and what happened to it."""
    full = not by.national or by.country == file.case.requesting_country
    return html.Div(
        [
            _part(_("The case"), _facts(file, operation, full)),
            *_appeal(file, by),
            _history(file, operation),
        ],
        className="m-stack fugitives-case",
    )


def _part(title: str, *children: Any) -> Component:
    return html.Section([html.H3(title), *children], className="m-stack fugitives-part")


def _code(name: str, code: str) -> str:
    return vocabulary.label(name, code, language()) if code else UNDEFINED


def country(code: str | None) -> str:
    """A country by its name."""
    return vocabulary.label("CL-COUNTRY", code, language()) if code else UNDEFINED


# ------------------------------------------------------------------------------------------------- what is known


def _facts(file: File, operation: plan.Operation, full: bool) -> Component:
    case = file.case
    checked = (
        f"{_code('CL-NOTICESTATUS', case.notice_status)} · {date(case.checked_on)}" if case.checked_on else UNDEFINED
    )
    facts = [
        (_("Requested by"), country(case.requesting_country)),
        (_("Notice"), case.notice_ref),
        (_("Offence"), _code("CL-OFFENCE", case.offence)),
        (_("Wanted for"), _code("CL-WANTED", case.wanted_for)),
        (_("Warrant"), _code("CL-LEGALCHECK", case.warrant)),
        (_("Extradition"), _code("CL-LEGALCHECK", case.extradition)),
        (_("Article 3"), _code("CL-ART3", case.art3)),
        (_("Notice checked"), checked),
        *([(_("Believed to be in"), ", ".join(country(each) for each in file.believed) or UNDEFINED)] if full else []),
        (_("In this state since"), moment(case.since, operation.zone)),
        (_("Kept until"), date(case.retain_until)),
    ]
    return html.Dl(
        [part for name, value in facts for part in (html.Dt(name), html.Dd(html.Bdi(value)))], className="m-facts"
    )


def _history(file: File, operation: plan.Operation) -> Component:
    rows = [
        html.Li(
            [
                html.Span(f"{label(step.before)} → {label(step.after)}"),
                html.Span(f"{step.author_name} · {moment(step.made_at, operation.zone)}", className="m-dim m-small"),
                *([html.Span(step.reason, className="m-small")] if step.reason else []),
            ]
        )
        for step in file.steps
    ]
    nominated = html.Li(
        [
            html.Span(label("nominated")),
            html.Span(moment(file.case.nominated_at, operation.zone), className="m-dim m-small"),
        ]
    )
    return html.Details([html.Summary(_("History")), html.Ol([*rows, nominated], className="fugitives-history")])


# -------------------------------------------------------------------------------------------------- what to do


def _next(file: File, by: Actor) -> list[Component]:
    """The daily check where it is due, then the moves that this person may make, each with what stands in its way."""
    made: list[Component] = []
    case = file.case
    may_check = may(by, Act.FUGITIVE_CHECK, cases.subject(case)) and case.state not in cases.ENDS
    if may_check and not file.checked:
        made.append(
            _part(
                _("Notice of today"),
                html.P(_("Look the notice up in the system of your bureau, then say what you found.")),
                html.Div(
                    [
                        button(
                            _("It is valid"),
                            act_id("check", case.id, "valid"),
                            "primary",
                            "check",
                            n_clicks=0,
                            size="xs",
                        ),
                        button(
                            _("It is unclear"),
                            act_id("check", case.id, "unclear"),
                            "plain",
                            "help",
                            n_clicks=0,
                            size="xs",
                        ),
                        button(
                            _("It was withdrawn"),
                            act_id("check", case.id, "withdrawn"),
                            "danger",
                            "ban",
                            n_clicks=0,
                            size="xs",
                        ),
                    ],
                    className="m-toolbar",
                ),
            )
        )
    if file.offers:
        needs = any(offer.needs_reason for offer in file.offers)
        moves = [_move(case, offer) for offer in file.offers]
        reason = dmc.TextInput(
            id=typed_id(case.id),
            persistence=True,
            persistence_type="memory",
            label=_("Reason"),
            description=_("The ends beside the road need one. No names."),
            size="xs",
        )
        made.append(
            _part(_("Move the case to"), html.Ul(moves, className="fugitives-moves"), *([reason] if needs else []))
        )
    return made


def _move(case: FugitiveCase, offer: road.Offer) -> Component:
    blocked = [html.Li(sentence(flaw)) for flaw in offer.obstacles]
    kind = "danger" if offer.needs_reason else "plain"
    return html.Li(
        [
            button(
                label(offer.after.value),
                act_id("move", case.id, offer.after.value),
                kind,
                n_clicks=0,
                size="xs",
                disabled=bool(blocked),
            ),
            *([html.Ul(blocked, className="m-small fugitives-why")] if blocked else []),
        ]
    )


def act_id(act: str, subject: Any, what: str = "") -> dict[str, str]:
    """The id of a button that does something: what, to what, and how."""
    return {"type": "fugitives-act", "act": act, "subject": str(subject), "what": what}


def typed_id(subject: Any) -> dict[str, str]:
    """The id of the line of text beside the buttons about `subject`."""
    return {"type": "fugitives-typed", "of": str(subject)}


# --------------------------------------------------------------------------------------------------- locations


def _places(file: File, operation: plan.Operation, by: Actor) -> list[Component]:
    case = file.case
    rows = [_place(case, each, operation, by) for each in file.places]
    return [_part(_("Locations"), html.Ul(rows, className="fugitives-list"))] if rows else []


def may_find(file: File, by: Actor) -> bool:
    """Whether this person may report a location of the case now."""
    asked = by.national and by.country != file.case.requesting_country and file.case.state == FugitiveState.LEAD_OUT
    return asked and not any(
        each.state == LocationState.REPORTED and each.country == by.country for each in file.places
    )


def find_form() -> Component:
    """A country says that the person is there. It stands beside the panel, so that what is typed outlives it."""
    return _part(
        _("Is the person in your country?"),
        html.P(_("The requesting country must say yes before it counts."), className="m-small"),
        client_id(FIND),
        text_area(
            FIND, "remark", _("How it is known"), description=_("No names, no numbers of documents."), maxLength=2000
        ),
        button(_("Report the location"), FIND_SEND, "primary", "target", n_clicks=0),
    )


def _place(case: FugitiveCase, place: FugitiveLocation, operation: plan.Operation, by: Actor) -> Component:
    state = LocationState(place.state)
    acts: list[Component] = []
    if by.country == case.requesting_country and state is LocationState.REPORTED:
        acts = [
            button(_("Yes, positive"), act_id("answer", place.id, "yes"), "primary", "check", n_clicks=0, size="xs"),
            button(_("Negative"), act_id("answer", place.id, "no"), "plain", "x", n_clicks=0, size="xs"),
        ]
    elif by.country == case.requesting_country and state is LocationState.ARREST_REPORTED:
        acts = [
            button(
                _("It is the person"),
                act_id("identify", place.id, "yes"),
                "primary",
                "fingerprint",
                n_clicks=0,
                size="xs",
            ),
            button(
                _("It is somebody else"),
                act_id("identify", place.id, "no"),
                "danger",
                "user-off",
                n_clicks=0,
                size="xs",
            ),
        ]
    elif by.country == place.country and state is LocationState.CONFIRMED:
        acts = [button(_("Report the arrest"), act_id("arrest", place.id), "primary", "lock", n_clicks=0, size="xs")]
    waits = {
        LocationState.REPORTED: _("Waits for the yes of {country}.", country=country(place.requesting_country)),
        LocationState.ARREST_REPORTED: _(
            "Waits until {country} confirms the identity.", country=country(place.requesting_country)
        ),
    }.get(state)
    return html.Li(
        [
            html.Div(
                [
                    html.Strong(country(place.country)),
                    state_badge(_code("CL-LOCATION", place.state), _PLACE_TONES.get(place.state, "neutral")),
                ],
                className="m-row",
            ),
            html.Span(moment(place.reported_at, operation.zone), className="m-dim m-small"),
            *([html.P(html.Bdi(place.remark))] if place.remark else []),
            *([html.P(_("What was written of it is erased."), className="m-dim m-small")] if place.erased_at else []),
            *([html.P(waits, className="m-small")] if waits and not acts else []),
            *([html.Div(acts, className="m-toolbar")] if acts else []),
        ]
    )


# ------------------------------------------------------------------------------------------------------- leads


def _leads(file: File, operation: plan.Operation, by: Actor) -> list[Component]:
    case = file.case
    rows = [_lead(each, operation, by) for each in file.asked]
    made: list[Component] = [html.Ul(rows, className="fugitives-list")] if rows else []
    if may(by, Act.FUGITIVE_TRACE, cases.subject(case)) and case.state not in cases.ENDS and file.lead_flaws:
        made += [html.P(sentence(each), className="m-small fugitives-why") for each in file.lead_flaws]
    return [_part(_("Leads"), *made)] if made else []


def _lead(asked: Asked, operation: plan.Operation, by: Actor) -> Component:
    said = [
        html.Li(
            f"{country(each.country)}: {_code('CL-LEADSTATE', each.answer)}"
            + (f" – {each.remark}" if each.remark else "")
            + f" · {moment(each.made_at, operation.zone)}"
        )
        for each in asked.answers
    ]
    parts = [
        html.Span(
            [
                html.Span(country(each.country)),
                state_badge(_code("CL-LEADSTATE", each.state), _LEAD_TONES.get(each.state, "accent")),
            ],
            className="m-row",
        )
        for each in asked.parts
    ]
    mine = next((each for each in asked.parts if each.country == by.country), None)
    return html.Li(
        [
            html.P(html.Bdi(asked.said.question)),
            html.Div(parts, className="m-toolbar"),
            html.Span(_("Answer due {when}", when=moment(asked.lead.due, operation.zone)), className="m-dim m-small"),
            *([html.Ul(said, className="m-small")] if said else []),
            *(_reply(asked.lead, mine) if mine is not None else []),
        ]
    )


def _reply(lead: leads.Lead, mine: leads.LeadCountry) -> list[Component]:
    state = LeadState(mine.state)
    if state in (LeadState.NEGATIVE, LeadState.POSITIVE):
        return []
    first = state in (LeadState.SHARED, LeadState.EXPIRED)
    words = [
        *([("accepted", _("We look into it"), "plain")] if first else []),
        ("negative", _("Negative"), "plain"),
        ("positive", _("Positive"), "primary"),
    ]
    buttons = [button(text, act_id("reply", lead.id, what), kind, n_clicks=0, size="xs") for what, text, kind in words]
    said = dmc.TextInput(
        id=typed_id(lead.id),
        label=_("What you found"),
        description=_("No names."),
        size="xs",
        persistence=True,
        persistence_type="memory",
    )
    group = html.Div(buttons, className="m-toolbar", **{"aria-label": _("Answer this lead"), "role": "group"})
    return [said, group]


def may_ask(file: File, by: Actor) -> bool:
    """Whether this person may send a lead about the case now."""
    traces = may(by, Act.FUGITIVE_TRACE, cases.subject(file.case))
    return traces and file.case.state not in cases.ENDS and not file.lead_flaws


def asked_countries(file: File) -> tuple[list[dict[str, str]], list[str]]:
    """The countries that can be asked, and those among them where the person is believed to be."""
    options = [{"value": each, "label": country(each)} for each in file.taking_part]
    return options, [each for each in file.believed if each in file.taking_part]


def lead_form() -> Component:
    """An analyst asks countries. It stands beside the panel, so that what is typed outlives it."""
    days = [
        {"value": str(each), "label": _("{days} days", days=each) if each > 1 else _("1 day")} for each in (1, 2, 3, 7)
    ]
    spoken = language()
    return _part(
        _("Send a lead"),
        client_id(LEAD),
        multi_select_field(
            LEAD,
            "to_countries",
            _("Ask these countries"),
            [],
            description=_("They learn of the case with the lead, not before."),
        ),
        text_area(LEAD, "question", _("Question"), description=_("No names, no numbers of documents."), maxLength=2000),
        select_field(LEAD, "due", _("Answer within"), days, value="2", clearable=False),
        select_field(LEAD, "source", _("Source"), vocabulary.options("CL-SRC", spoken), value="x", clearable=False),
        select_field(
            LEAD, "information", _("Information"), vocabulary.options("CL-INFO", spoken), value="4", clearable=False
        ),
        button(_("Send the lead"), LEAD_SEND, "primary", "send", n_clicks=0),
    )


# -------------------------------------------------------------------------------------------------- the appeal


def _appeal(file: File, by: Actor) -> list[Component]:
    """Both words that a public appeal needs, and the tips that it brought."""
    case = file.case
    mine = by.country == case.requesting_country
    if not may(by, Act.FUGITIVE_APPEAL) or (by.national and not mine):
        return []
    tips = _tips(file, counts=mine)
    if case.state in cases.ENDS:
        return [_part(_("Public appeal"), *tips)] if tips else []
    own = case.appeal_asked_at if mine else case.appeal_agreed_at
    words = [
        html.Li([icon("check" if case.appeal_asked_at else "minus", size=16), _("The requesting country asks for it")]),
        html.Li([icon("check" if case.appeal_agreed_at else "minus", size=16), _("The coordinator agrees")]),
    ]
    if own:
        press = button(_("Take the word back"), act_id("appeal", case.id, "no"), "plain", n_clicks=0, size="xs")
    else:
        waits = not mine and case.appeal_asked_at is None
        press = button(
            _("Yes to a public appeal"),
            act_id("appeal", case.id, "yes"),
            "plain",
            "world",
            n_clicks=0,
            size="xs",
            disabled=waits,
        )
    return [_part(_("Public appeal"), html.Ul(words, className="fugitives-yes"), press, *tips)]


def _tips(file: File, *, counts: bool) -> list[Component]:
    """How many tips were counted; the requesting country adds those that it has evaluated."""
    if not file.published:
        return []
    told = html.P(_("Tips evaluated so far: {count}.", count=number(file.tips)))
    if not counts:
        return [told]
    again = str(new_id())  # a second press of the same button counts nothing twice
    return [
        told,
        dmc.NumberInput(
            id=typed_id(again), label=_("Further tips that you evaluated"), min=1, allowDecimal=False, size="xs"
        ),
        button(_("Count them"), act_id("tips", again, str(file.case.id)), "plain", "plus", n_clicks=0, size="xs"),
    ]
