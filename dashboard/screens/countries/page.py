"""Countries of an operation: invitations with their answers, and the sites of each country."""

from enum import StrEnum

from dash import ALL, Output, dcc, html
from dash.development.base_component import Component
from sqlmodel import Session

from dashboard.frame.bulk_actions import bulk_action
from dashboard.frame.interactions import Done, Press, does, followed, follows, pulse_of
from dashboard.frame.operation_page import OPERATION, Parts, operation_page
from dashboard.parts import tags
from dashboard.parts.action_buttons import obstacle_list
from dashboard.parts.confirmation import confirmation_attributes
from dashboard.parts.draft_form import DraftForm
from dashboard.parts.excluded_reports import LEAVE_OUT, leaving_out, left_out_list, waiting_list
from dashboard.parts.form import button
from dashboard.parts.form_fields import drawing
from dashboard.parts.panel import empty_state, panel
from dashboard.places import COUNTRIES
from dashboard.screens.countries import silence, unanswered_hits
from dashboard.screens.countries.departure import leave_form
from dashboard.screens.countries.final_word import STEPS
from dashboard.screens.countries.participation import participation_table, sites_by_country
from dashboard.screens.countries.withholding import FORM as WITHHOLD
from dashboard.screens.countries.withholding import withheld, withhold_panel
from dashboard.server.access import reading
from dashboard.wording import N_, _, coded, ngettext
from operations.core.drafts import NEEDED, parse
from operations.core.errors import RuleBroken
from operations.core.field_labels import Label
from operations.core.people import Actor
from operations.core.permissions import Act, may
from operations.core.vocabulary import OperationState, ParticipationState
from operations.policing import readiness
from operations.policing.map_plan import places
from operations.policing.operation import participations, plan, withholding
from operations.policing.reports import departure, exclusions
from operations.totals.activity import DepartureChoice

NAV = COUNTRIES
INVITE = DraftForm(
    "operation-invite",
    plan.CountryInvitation,
    beside={"countries": Label(N_("Invite countries"), draws="countries")},
    stands={"country": "countries"},
)


class Ids(StrEnum):
    """Element ids of this page."""

    COUNTRIES = "operation-countries"
    CLOSE_ALL = "operation-close-all"
    WITHDRAW = "operation-withdraw"
    SITES = "operation-sites"
    BEFORE = "operation-before-debriefing"
    LEAVE_OUT = "operation-leave-out-send"
    WITHOUT = "operation-go-on-without"
    WITHHELD = "operation-withheld"
    WITHHOLD = "operation-withhold-send"
    LIFT = "operation-lift"


@operation_page(NAV)
def layout(session: Session, operation: plan.Operation, by: Actor) -> Parts:
    """Return countries and sites, and the invitation form for those who coordinate."""
    countries, sites, before = contents(session, operation, by)
    kept = withheld(session, operation, by, Ids.LIFT)
    runs = may(by, Act.OPERATION_RUN, plan.subject(operation))
    reminding = silence.reminding(session, operation) if runs else []
    reminding.append(unanswered_hits.part(session, operation, by))
    writes = may(by, Act.OPERATION_EDIT, plan.subject(operation))
    return [
        tags.Div(
            panel(_("Countries"), followed(Ids.COUNTRIES, countries), *(_invite_form() if writes else [])),
            *reminding,
            followed(Ids.BEFORE, before, className="m-together"),
            *([pulse_of("withheld"), withhold_panel(followed(Ids.WITHHELD, kept), Ids.WITHHOLD)] if kept else []),
            panel(_("Sites"), followed(Ids.SITES, sites)),
            className="m-stack",
        ),
    ]


def contents(session: Session, operation: plan.Operation, by: Actor) -> tuple[list[Component], ...]:
    """What follows the pulse: the countries, the sites under them, and what is to be done before the debriefing."""
    subject = plan.subject(operation)
    plan_href = f"/operations/{operation.id}/plan" if may(by, Act.PLAN_READ, subject) else None
    found, named = plan.participations(session, operation.id), exclusions.left_out(session, operation.id)
    consolidates = operation.state == OperationState.CONSOLIDATION
    waits = consolidates and exclusions.sees_pending_counts(by)
    leaves = consolidates and may(by, Act.OPERATION_RUN, subject)
    return (
        [
            *_countries(session, found, operation, by),
            *_close_all(found, operation, by),
            *_few_coordinators(session, operation, by),
            *waiting_list(exclusions.unnamed(session, operation.id) if waits else {}),
            *left_out_list(named, final=operation.state in plan.ENDED),
        ],
        sites_by_country(places.sites(session, operation.id), plan_href),
        [panel(_("Before the debriefing"), leaving_out([each.country for each in found], Ids.LEAVE_OUT, Ids.WITHOUT))]
        if leaves
        else [],
    )


def _few_coordinators(session: Session, operation: plan.Operation, by: Actor) -> list[Component]:
    """What it means that a country has too few coordinators, until the operation has ended, to it and the centre."""
    if operation.state in plan.ENDED:
        return []
    found = obstacle_list(readiness.few(session, operation))
    if found and may(by, Act.ACCOUNT_MANAGE):
        found.append(dcc.Link(_("Invite a coordinator"), href="/people", className="overview-link"))
    return found


_CLOSED = ParticipationState.CLOSED


def _closable(found: list[plan.Participation], operation: plan.Operation, by: Actor) -> list[plan.Participation]:
    """Return the countries that `by` may close now."""
    return [
        participation
        for participation in found
        if any(offer.step.after is _CLOSED for offer in participations.LIFE.offers(participation, operation, by))
    ]


def _close_all(found: list[plan.Participation], operation: plan.Operation, by: Actor) -> list[Component]:
    """Return one button for all countries that have given their final word, where there are several."""
    if len(_closable(found, operation, by)) < 2:
        return []
    words = _("Close all countries whose figures are final")
    return [
        html.Div(
            button(words, Ids.CLOSE_ALL, "plain", "rubber-stamp", **confirmation_attributes("participation.close_all"))
        )
    ]


refresh = follows(contents, Ids.COUNTRIES, Ids.SITES, Ids.BEFORE, act=Act.OPERATION_READ, operation=OPERATION)


refresh_withheld = follows(
    lambda session, operation, by: withheld(session, operation, by, Ids.LIFT),
    Ids.WITHHELD,
    act=Act.PARTICIPATION_WITHHOLD,
    operation=OPERATION,
    of="withheld",
)


@does(Ids.WITHHOLD, act=Act.PARTICIPATION_WITHHOLD, form=WITHHOLD, operation=OPERATION, clears=("partner",))
def withhold(press: Press) -> Done:
    """Withhold the own country's data from the chosen country."""
    draft = press.draft(withholding.WithholdingDraft)
    withholding.withhold(press.session, press.operation_id, draft, press.by)
    return Done(_("Withheld from {country} from its next request on.", country=coded("CL-COUNTRY", draft.partner)))


@does({"type": Ids.LIFT, "of": ALL}, act=Act.PARTICIPATION_WITHHOLD, operation=OPERATION)
def lift(press: Press) -> Done:
    """Stop withholding from this country."""
    withholding.lift(press.session, press.operation_id, press.subject["of"], press.by)
    return Done(_("Nothing is withheld from {country} any more.", country=coded("CL-COUNTRY", press.subject["of"])))


@does(INVITE, act=Act.PARTICIPATION_INVITE, operation=OPERATION, clears=("countries",))
def invite(press: Press) -> Done:
    """Invite each of the chosen countries."""
    wanted = press.typed["countries"] or ()
    drafts = [press.draft(plan.CountryInvitation, country=country) for country in wanted]
    if not drafts:
        raise RuleBroken("countries", NEEDED)
    return bulk_action(
        [(coded("CL-COUNTRY", each.country), each) for each in drafts],
        lambda session, draft: plan.invite(session, press.operation_id, draft, press.by),
        lambda n: ngettext("{n} invitation is sent.", "{n} invitations are sent.", n),
    )


@does(
    Ids.LEAVE_OUT,
    Ids.WITHOUT,
    act=Act.OPERATION_RUN,
    form=LEAVE_OUT,
    typed=("country", "reason"),
    operation=OPERATION,
    clears=("reason",),
)
def leave_out(press: Press) -> Done:
    """Record the chosen country's pending items as left out, or go on without its final word."""
    country, reason = press.typed["country"], press.typed["reason"] or ""
    if not country:
        raise RuleBroken("country", "This field is needed.")
    without = press.button == Ids.WITHOUT
    verb = participations.excuse_final_word if without else exclusions.leave_out
    verb(press.session, press.operation_id, country, reason, press.by)
    return Done(_("The debriefing does not wait for this country.") if without else _("Named as left out."))


@does(Ids.CLOSE_ALL, act=Act.PARTICIPATION_INVITE, operation=OPERATION)
def close_all(press: Press) -> Done:
    """Close every country that has given its final word."""
    with reading() as session:
        operation = plan.operation(session, press.operation_id, press.by)
        ready = _closable(plan.participations(session, operation.id), operation, press.by)
    return bulk_action(
        [(coded("CL-COUNTRY", each.country), each.country) for each in ready],
        lambda session, country: participations.final_word(session, press.operation_id, country, _CLOSED, press.by),
        lambda n: ngettext("{n} country is closed.", "{n} countries are closed.", n),
    )


@does(
    {"type": Ids.WITHDRAW, "of": ALL},
    act=Act.PARTICIPATION_ANSWER,
    operation=OPERATION,
    shows=(Output({"type": Ids.WITHDRAW, "of": ALL}, "disabled"),),
)
def withdraw(press: Press) -> Done:
    """Withdraw the country from the operation; the pressed button says what happens to its figures."""
    leaving = parse(plan.Leaving, {"figures": press.subject["of"]})
    plan.withdraw(press.session, press.operation_id, leaving, press.by)
    said = _("Your country left the operation. What it reported is read from the list of operations.")
    return Done(note=said, shown=([True] * len(DepartureChoice),))


def _countries(
    session: Session, found: list[plan.Participation], operation: plan.Operation, by: Actor
) -> list[Component]:
    if not found:
        return [
            empty_state(_("No country is invited yet"), _("The coordinator invites countries here."), "users-group")
        ]
    offers = {each.country: participations.LIFE.offers(each, operation, by) for each in found}
    acts = {country: STEPS.drawn(country, each, size="compact-sm") for country, each in offers.items()}
    parts: list[Component] = [participation_table(found, {country: each for country, each in acts.items() if each})]
    own = next((each for each in found if each.country == by.country), None)
    if own is None or not may(by, Act.PARTICIPATION_ANSWER, plan.subject(operation, by.country)):
        return parts
    if any(offer.obstacles for offer in offers[own.country] if offer.step.words):
        way = f"/operations/{operation.id}/verify"
        parts.append(dcc.Link(_("Fix: {what}", what=_("Reports")), href=way, className="overview-link"))
    if own.state == ParticipationState.INVITED:
        parts.append(dcc.Link(_("Answer the invitation"), href="/", className="overview-link"))
    elif own.state in _LEAVES:
        parts.append(leave_form(departure.standing(session, operation.id, own.country), Ids.WITHDRAW))
    return parts


_LEAVES = [step.before for step in participations.LIFE.steps if step.after is ParticipationState.WITHDRAWN]


def _invite_form() -> list[Component]:
    send = button(_("Invite"), id=INVITE.send, kind="primary", icon_name="send")
    return [html.Div([*drawing(INVITE)("countries", "contribution"), send], className="overview-invite")]
