"""Partner organisations: which are admitted to which operation, and exactly what each may see."""

from typing import Any

from dash import ALL, html
from dash.development.base_component import Component
from sqlmodel import Session

from dashboard.frame.interactions import follows_choices
from dashboard.frame.life_page import LifePage, Titles
from dashboard.frame.verb_buttons import calls
from dashboard.parts.draft_form import DraftForm
from dashboard.parts.file_button import file_button
from dashboard.parts.form import button
from dashboard.parts.form_fields import whole_form
from dashboard.parts.list_page import new_row_form
from dashboard.parts.listing import Listing
from dashboard.parts.panel import facts, panel
from dashboard.parts.table import table as table_of
from dashboard.parts.table import table_row
from dashboard.places import PARTNERS
from dashboard.screens.partners import content
from dashboard.screens.partners.paper import paper
from dashboard.server.access import known_id
from dashboard.wording import N_, _, coded, date, moment, party
from operations.core.people import Actor
from operations.core.permissions import Act, may
from operations.exchange import packages
from operations.exchange import partners as verbs
from operations.exchange.organisations import ORGANISATIONS
from operations.exchange.packages import Package
from operations.exchange.partner_rows import ADMISSION, AdmissionState
from operations.policing.operation import plan

NAV = PARTNERS
PAGE = LifePage(
    "partner",
    NAV,
    ADMISSION,
    Titles(
        N_("Partner organisations"),
        N_("Partner of an operation"),
        N_("All partners"),
        N_("No partner is admitted to an operation that you work for."),
        N_("An operation admits a partner with a list of what it sees. What is not on the list is not seen."),
    ),
)
FORM = DraftForm("partner", verbs.AdmissionDraft)
WITHHOLD, LIFT = "partner-withhold", "partner-lift"
layout = PAGE.layout


def table(session: Session, by: Actor) -> Listing[Any]:
    """Return the rows of the list."""
    titles = {each.id: each.title for each in plan.operations(session, by)}
    made = Listing(verbs.admissions(session), PAGE.href)
    made.text(
        "partner",
        _("Partner organisation"),
        lambda each: party(each.partner),
        flex=3,
        minWidth=210,
        tooltipField="partner",
    )
    made.text("operation", _("Operation"), lambda each: titles.get(each.operation_id, ""), flex=2, minWidth=160)
    made.text("state", _("State"), PAGE.state, minWidth=120)
    made.field(FORM, "starts")
    made.field(FORM, "until")
    made.text(
        "sees",
        _("What it sees"),
        lambda each: "; ".join(coded("CL-PARTNERSEES", code) for code in each.sees),
        flex=4,
        minWidth=260,
        tooltipField="sees",
    )
    return made


def organisations(_session: Session, _by: Actor) -> Component:
    """Return all organisations that can be admitted, with their kind and region."""
    lines = [
        table_row(party(code), coded("CL-PARTNERKIND", organisation.kind), coded("CL-REGION", organisation.region))
        for code, organisation in ORGANISATIONS.items()
    ]
    return table_of([_("Partner organisation"), _("Kind"), _("Region")], lines, label=_("Organisations"))


# ---------------------------------------------------------------------------------------------------- one of them


def file(session: Session, by: Actor, shown: str) -> list[Component]:
    """Return one partner in full. Raises NotFound."""
    made = packages.package(session, known_id(shown), by)
    admission, operation = made.admission, made.operation
    says = [
        (_("State"), PAGE.state(admission)),
        (_("Reason"), admission.reason),
        (_("Partner organisation"), party(admission.partner)),
        (_("Kind"), coded("CL-PARTNERKIND", ORGANISATIONS[admission.partner].kind)),
        (_("Operation"), operation.title),
        (_("Days"), _("{first} to {last}", first=date(admission.starts), last=date(admission.until))),
        *FORM.facts(admission, "clearance"),
        (_("Proposed by"), admission.author_name),
        (_("Admitted by"), admission.admitted_name),
        (_("Admitted at"), moment(admission.admitted_at, operation.zone) if admission.admitted_at else ""),
    ]
    panels = [*_sees(made, by), *_objection(made, by)]
    return PAGE.filed(session, by, admission, admission.purpose, says, operation.zone, panels=panels)


def _sees(made: Package, by: Actor) -> list[Component]:
    """Return what the partner sees, by kind and in full; and the package, for those who deliver it."""
    if made.stands:
        title, note = _("What it sees today"), _("Exactly this, and nothing else.")
    elif made.admission.state == AdmissionState.PROPOSED:
        title, note = _("What it would see"), _("Nothing before it is admitted.")
    else:
        return [panel(_("What it sees today"), html.P(_("Nothing."), className="m-dim"))]
    lines = [table_row(name, said) for name, said in content.listed(made)]
    shown = [table_of([_("Kind of content"), _("Now")], lines, label=title)]
    if by.national:
        shown.append(html.P(_("Of what is another country's you see here that it is there, and not what it says.")))
    elif made.withheld:
        named = content.countries(sorted(made.withheld))
        shown.append(
            html.P(_("Withheld from it by: {countries}. Figures are told to it of all together.", countries=named))
        )
    if made.stands and may(by, Act.OPERATION_EXPORT, plan.subject(made.operation)):
        link = file_button(_("What it is given, as PDF"), paper.address(made.admission.id))
        shown.append(link)
    return [
        panel(title, html.Div(shown, className="m-stack"), note=note),
        *(panel(each.heading, facts(each.pairs)) for each in content.parts(made)),
    ]


def _objection(made: Package, by: Actor) -> list[Component]:
    """Return the form with which a country's coordinator withholds the country's own data, or stops doing so."""
    if not verbs.may_object(made.admission, made.operation, by):
        return []
    ident = str(made.admission.id)
    if by.country in made.withheld:
        said = _("Your country withholds from it: it sees neither your country's name nor what holds its information.")
        press = button(_("Withhold no more"), {"type": LIFT, "of": ident}, icon_name="eye")
    else:
        said = _("Your country can withhold what is its own: its name, and all products that hold its information.")
        press = button(_("Withhold from this partner"), {"type": WITHHOLD, "of": ident}, icon_name="eye-off")
    return [panel(_("Your country's content"), html.Div([html.P(said), html.Div(press)], className="m-stack"))]


def choices(session: Session, by: Actor) -> dict[str, list[dict[str, str]]]:
    """Return the operations to which this person can propose a partner, as options."""
    going = [
        operation
        for operation in plan.operations(session, by)
        if operation.state not in plan.ENDED and may(by, Act.PARTNER_PROPOSE, plan.subject(operation))
    ]
    return {"operation_id": [{"value": str(each.id), "label": each.title} for each in going]}


def _form(session: Session, by: Actor) -> list[Component]:
    if not may(by, Act.PARTNER_PROPOSE):
        return []
    fields = whole_form(
        FORM,
        _("Propose it"),
        "building-community",
        ("operation_id", "partner"),
        "purpose",
        ("starts", "until", "clearance"),
        "sees",
        "sections",
        choices=choices(session, by),
    )
    return [new_row_form(_("Propose a partner"), *fields)]


# --------------------------------------------------------------------------------------------------- callbacks

PAGE.draws(table, file, new=_form, board=(N_("Organisations"), organisations))
take = PAGE.takes(verbs.take)
refresh_choices = follows_choices(FORM, choices, "operation_id", act=Act.PARTNER_PROPOSE)
propose = calls(
    FORM,
    verbs.propose,
    lambda made: _("{partner} is proposed: leadership admits it, and the countries know.", partner=party(made.partner)),
    act=Act.PARTNER_PROPOSE,
    clears=("partner", "purpose", "sees", "sections"),
)
withhold = calls(
    {"type": WITHHOLD, "of": ALL},
    verbs.object_to,
    N_("It sees nothing of your country any more."),
    act=Act.PARTICIPATION_WITHHOLD,
)
lift = calls(
    {"type": LIFT, "of": ALL}, verbs.lift, N_("It sees again what its list allows."), act=Act.PARTICIPATION_WITHHOLD
)
