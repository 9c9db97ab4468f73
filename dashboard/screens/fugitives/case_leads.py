"""Leads and locations of a case: questions, answers, and the buttons and forms for the next step."""

import dash_mantine_components as dmc
from dash import html
from dash.development.base_component import Component

from dashboard.parts import tags
from dashboard.parts.badges import state_badge
from dashboard.parts.confirmation import confirmation_attributes
from dashboard.parts.draft_form import DraftForm
from dashboard.parts.form import button, client_id
from dashboard.parts.form_fields import drawing
from dashboard.parts.icon import icon
from dashboard.parts.lead_recall import part_of, take_back
from dashboard.screens.fugitives.file import CaseFile, CaseLead, act_id, code, country, part, press, typed_id
from dashboard.wording import N_, _, moment, sentence
from operations.core.field_labels import Label
from operations.core.people import Actor
from operations.core.permissions import Act, may
from operations.core.vocabulary import FugitiveState, LeadState, LocationState
from operations.policing.fugitives import case_rows
from operations.policing.fugitives.case_rows import FugitiveCase
from operations.policing.fugitives.locations import LocationDraft
from operations.policing.fugitives.sightings import FugitiveLocation
from operations.policing.leads import leads
from operations.policing.operation import plan

LEAD = DraftForm(
    "fugitives-lead", leads.LeadDraft, beside={"within": Label(N_("Answer within"), draws="one", start="2")}
)
LEAD_ASKED = ("to_countries", "question", "within", "source", "information", "handling")
FIND = DraftForm("fugitives-find", LocationDraft)
LEAD_SEND, FIND_SEND = "fugitives-lead-send", "fugitives-find-send"
_LEAD_TONES = {"positive": "good", "negative": "neutral", "expired": "warn"}
_PLACE_TONES = {"confirmed": "accent", "arrest_confirmed": "good", "negative": "muted", "arrest_reported": "warn"}

# --------------------------------------------------------------------------------------------------- locations


def places_of(file: CaseFile, operation: plan.Operation, by: Actor) -> list[Component]:
    """Return the locations that countries reported."""
    case = file.case
    rows = [_place(case, each, operation, by, _came_from(file, each)) for each in file.places]
    return [part(_("Locations"), html.Ul(rows, className="fugitives-list"))] if rows else []


def may_find(file: CaseFile, by: Actor) -> bool:
    """Return whether this person may report a location of the case now."""
    asked = by.national and by.country != file.case.requesting_country and file.case.state == FugitiveState.LEAD_OUT
    return (
        asked
        and file.case.erased_at is None
        and not any(each.state == LocationState.REPORTED and each.country == by.country for each in file.places)
    )


def find_form() -> Component:
    """Return the form that reports a location. It is beside the panel, so that typed text survives a redraw."""
    return part(
        _("Is the person in your country?"),
        html.P(_("The requesting country must say yes before it counts."), className="m-small"),
        client_id(FIND),
        *drawing(FIND)(maxLength=2000),
        button(_("Report the location"), FIND_SEND, "primary", "target", n_clicks=0),
    )


def _came_from(file: CaseFile, place: FugitiveLocation) -> list[Component]:
    """Return the leads that a location came from, and for those who may, the form that adds one."""
    linked = {each.lead_id for each in file.links if each.location_id == place.id}
    known = {each.lead.id: each.said.question for each in file.asked if each.lead.erased_at is None}
    told: list[Component] = [
        html.P(
            [icon("link", size=16), " ", _("Came from the lead:"), " ", html.Bdi(shortened(known[lead]))]
            if lead in known
            else [icon("link", size=16), " ", _("Came from another lead: see the results of leads.")],
            className="m-small",
        )
        for lead in linked
    ]
    left = {lead: question for lead, question in known.items() if lead not in linked}
    if place.id not in file.linkable or not left:
        return told
    choices = [{"value": str(lead), "label": shortened(question)} for lead, question in left.items()]
    return [
        *told,
        dmc.Select(
            id=typed_id("credit", place.id),
            label=_("Which lead did it come from?"),
            data=choices,
            value=choices[0]["value"] if len(choices) == 1 else None,
            size="xs",
        ),
        html.Div(press(_("Link to the lead"), "credit", place.id, sign="link"), className="m-toolbar"),
    ]


def shortened(question: str) -> str:
    """Return a question shortened to one line of a list."""
    return question if len(question) <= 70 else f"{question[:69]}…"


def _place(
    case: FugitiveCase, place: FugitiveLocation, operation: plan.Operation, by: Actor, came_from: list[Component]
) -> Component:
    state = LocationState(place.state)
    acts: list[Component] = []
    if case.erased_at is not None:
        pass
    elif by.country == case.requesting_country and state is LocationState.REPORTED:
        acts = [
            press(_("Yes, positive"), "answer", place.id, "yes", "primary", "check"),
            press(_("Negative"), "answer", place.id, "no", sign="x"),
        ]
    elif by.country == case.requesting_country and state is LocationState.ARREST_REPORTED:
        same, other = confirmation_attributes("fugitive.same_person"), confirmation_attributes("fugitive.somebody_else")
        acts = [
            press(_("It is the person"), "identify", place.id, "yes", "primary", "fingerprint", **same),
            press(_("It is somebody else"), "identify", place.id, "no", "danger", "user-off", **other),
        ]
    elif by.country == place.country and state is LocationState.CONFIRMED:
        acts = [press(_("Report the arrest"), "arrest", place.id, kind="primary", sign="lock")]
    waits = {
        LocationState.REPORTED: _("Waits for the yes of {country}.", country=country(place.requesting_country)),
        LocationState.ARREST_REPORTED: _(
            "Waits until {country} confirms the identity.", country=country(place.requesting_country)
        ),
    }.get(state)
    return tags.Li(
        tags.Div(
            html.Strong(country(place.country)),
            state_badge(code("CL-LOCATION", place.state), _PLACE_TONES.get(place.state, "neutral")),
            className="m-row",
        ),
        html.Span(moment(place.reported_at, operation.zone), className="m-dim m-small"),
        *([html.P(html.Bdi(place.remark))] if place.remark else []),
        *([html.P(_("What was written of it is erased."), className="m-dim m-small")] if place.erased_at else []),
        *([html.P(waits, className="m-small")] if waits and not acts else []),
        *([html.Div(acts, className="m-toolbar")] if acts else []),
        *came_from,
    )


# ------------------------------------------------------------------------------------------------------- leads


def leads_of(file: CaseFile, operation: plan.Operation, by: Actor) -> list[Component]:
    """Return the leads of the case with their answers, and why none can be sent now."""
    case = file.case
    rows = [_lead(each, operation, by) for each in file.asked]
    made: list[Component] = [html.Ul(rows, className="fugitives-list")] if rows else []
    open_ = case.state not in case_rows.ENDS and case.erased_at is None
    if may(by, Act.FUGITIVE_TRACE, case_rows.subject(case)) and open_ and file.lead_flaws:
        made += [html.P(sentence(each), className="m-small fugitives-why") for each in file.lead_flaws]
    return [part(_("Leads"), *made)] if made else []


def _lead(asked: CaseLead, operation: plan.Operation, by: Actor) -> Component:
    said = [
        html.Li(
            f"{country(answer.country)}: {code('CL-LEADSTATE', answer.answer)}"
            + (f" – {answer.remark}" if answer.remark else "")
            + f" · {moment(answer.made_at, operation.zone)}"
        )
        for answer in asked.answers
    ]
    parts = [html.Span(part_of(each, _LEAD_TONES), className="m-row") for each in asked.parts]
    back = (
        take_back(asked.parts, lambda to: act_id("revoke", asked.lead.id, to), typed_id("revoke", asked.lead.id))
        if leads.may_take_back(asked.lead, by)
        else []
    )
    mine = next((each for each in asked.parts if each.country == by.country), None)
    return tags.Li(
        html.P(_("Erased when its time was over."), className="m-dim")
        if asked.lead.erased_at
        else html.P(html.Bdi(asked.said.question)),
        html.Div(parts, className="m-toolbar"),
        html.Span(_("Answer due {when}", when=moment(asked.lead.due, operation.zone)), className="m-dim m-small"),
        html.Span(code("CL-HANDL", asked.said.handling), className="m-dim m-small"),
        *([html.Ul(said, className="m-small")] if said else []),
        *(_reply(asked.lead, mine) if mine is not None else []),
        *back,
    )


def _reply(lead: leads.Lead, mine: leads.LeadCountry) -> list[Component]:
    state = LeadState(mine.state)
    if state in (LeadState.NEGATIVE, LeadState.POSITIVE) or lead.erased_at is not None:
        return []
    first = state in (LeadState.SHARED, LeadState.EXPIRED)
    words = [
        *([("accepted", _("We look into it"), "plain")] if first else []),
        ("negative", _("Negative"), "plain"),
        ("positive", _("Positive"), "primary"),
    ]
    buttons = [press(text, "reply", lead.id, what, kind) for what, text, kind in words]
    said = dmc.TextInput(
        id=typed_id("reply", lead.id), label=_("What you found"), description=_("No names."), size="xs"
    )
    group = html.Div(buttons, className="m-toolbar", **{"aria-label": _("Answer this lead"), "role": "group"})
    return [said, group]


def may_ask(file: CaseFile, by: Actor) -> bool:
    """Return whether this person may send a lead about the case now."""
    traces = may(by, Act.FUGITIVE_TRACE, case_rows.subject(file.case))
    return traces and file.case.state not in case_rows.ENDS and not file.lead_flaws


def asked_countries(file: CaseFile) -> tuple[list[dict[str, str]], list[str]]:
    """Return the countries that can be asked as options, and those where the person is believed to be."""
    options = [{"value": each, "label": country(each)} for each in file.taking_part]
    return options, [each for each in file.believed if each in file.taking_part]


def lead_form() -> Component:
    """Return the form of an analyst's lead. It is beside the panel, so that typed text survives a redraw."""
    draw = drawing(LEAD, choices={"to_countries": [], "within": days_offered()})
    return part(
        _("Send a lead"),
        client_id(LEAD),
        *draw("to_countries", description=_("They learn of the case with the lead, not before.")),
        *draw("question", maxLength=2000),
        *draw("within", "source", "information", "handling", clearable=False),
        button(_("Send the lead"), LEAD_SEND, "primary", "send", n_clicks=0),
    )


def days_offered() -> list[dict[str, str]]:
    """Return the deadlines in days that can be set for an answer, as options."""
    return [
        {"value": str(each), "label": _("{days} days", days=each) if each > 1 else _("1 day")} for each in (1, 2, 3, 7)
    ]
