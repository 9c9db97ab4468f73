"""Intelligence of an operation: its hypothesis, the target network without names, and the resulting taskings."""

from typing import Any

from dash import ALL, Input, Output, State, html
from dash.development.base_component import Component
from sqlmodel import Session

from dashboard.frame.interactions import Done, Press, does, followed, follows, pulse_of
from dashboard.frame.operation_page import OPERATION, Parts, operation_page
from dashboard.parts import tags
from dashboard.parts.lead_recall import kept_line
from dashboard.parts.panel import empty_state, panel
from dashboard.places import INTELLIGENCE
from dashboard.screens.intelligence.forms import (
    LINK,
    PART,
    PARTS,
    SUPPOSE,
    SUPPOSITION,
    TASK,
    link_form,
    part_form,
    part_of,
    suppose_form,
    supposed,
    task_form,
)
from dashboard.screens.intelligence.ids import Ids
from dashboard.screens.intelligence.network_view import hypothesis_view, network_table, tasking_list
from dashboard.server.access import known_id, reading
from dashboard.wording import N_, _, language
from operations.core import vocabulary
from operations.core.drafts import parse
from operations.core.ids import new_id
from operations.core.people import Actor
from operations.core.permissions import Act, may
from operations.core.vocabulary import NetworkKind
from operations.policing.leads import leads
from operations.policing.operation import plan
from operations.support import intelligence

NAV = INTELLIGENCE


@operation_page(NAV, N_("Routes, groups, methods and roles, never persons: names stay in national systems."))
def layout(session: Session, operation: plan.Operation, by: Actor, part: str = "") -> Parts:
    """Return the three parts, with the analyst's forms; `part` loads that part of the network into its form."""
    hypothesis, network, taskings, kept = contents(session, operation, by)
    writes = may(by, Act.INTELLIGENCE_WRITE, plan.subject(operation))
    forms = _forms(session, operation, by, part) if writes else {"hypothesis": [], "network": [], "task": []}
    return [
        tags.Div(
            panel(_("Hypothesis"), followed(Ids.HYPOTHESIS, hypothesis), *forms["hypothesis"]),
            panel(_("Target network"), followed(Ids.NETWORK, network), *forms["network"]),
            panel(_("Taskings"), followed(Ids.TASKINGS, taskings), *forms["task"]),
            className="m-stack",
        ),
        followed(Ids.KEPT, kept, className="m-stack"),
    ]


def _writes(operation: plan.Operation, by: Actor) -> bool:
    return may(by, Act.INTELLIGENCE_WRITE, plan.subject(operation)) and operation.state not in plan.ENDED


def contents(
    session: Session, operation: plan.Operation, by: Actor
) -> tuple[list[Component], list[Component], list[Component], list[Component]]:
    """Return the parts that follow the pulse: hypothesis, network, taskings, and the end of retention."""
    supposed = intelligence.hypotheses(session, operation.id)
    parts, links = intelligence.network(session, operation.id), intelligence.links(session, operation.id)
    codes = {each.entity_id: each.code for each in parts}
    asked = [
        (
            lead,
            leads.newest_version(session, lead.id),
            leads.parts(session, lead.id),
            codes.get(tasking.entity_id or lead.id),
        )
        for tasking, lead in intelligence.taskings(session, operation.id)
    ]
    writes = _writes(operation, by)
    takes_back = may(by, Act.LEAD_WRITE, plan.subject(operation))
    edit, unlink = (NAV.href(operation.id), Ids.UNLINK) if writes else (None, None)
    return (
        hypothesis_view(supposed, operation.zone)
        if supposed
        else [
            empty_state(_("No hypothesis is stated"), _("The analyst says here what the operation follows."), "bulb")
        ],
        [network_table(parts, links, edit, unlink)]
        if parts
        else [empty_state(_("The target network is empty"), _("Its parts get codes, never names."), "affiliate")],
        [tasking_list(asked, operation.zone, (Ids.BACK, Ids.WHY) if takes_back else None)]
        if asked
        else [
            empty_state(_("No tasking yet"), _("A tasking asks countries what follows from the hypothesis."), "send")
        ],
        kept_line(leads.kept_until(session, operation.id)),
    )


def offered(session: Session, operation: plan.Operation, by: Actor) -> tuple[Any, ...]:
    """Return the title of the first form, which of the four forms are hidden, and their options."""
    parts, stated = intelligence.network(session, operation.id), supposed(session, operation.id)
    shut = not _writes(operation, by)
    codes = [{"value": str(each.entity_id), "label": each.code} for each in parts]
    taking = {each.country for each in plan.participations(session, operation.id)}
    countries = vocabulary.options("CL-COUNTRY", language(), taking)
    title = _("State it anew") if stated else _("State the hypothesis")
    return title, shut, shut, shut or len(parts) < 2, shut or not stated, codes, codes, codes, countries


def _forms(session: Session, operation: plan.Operation, by: Actor, part: str) -> dict[str, list[Component]]:
    title, *hidden, codes, _from, _to, countries = offered(session, operation, by)
    forms = {
        Ids.SUPPOSING: suppose_form(supposed(session, operation.id), title),
        Ids.CHANGING: part_form(part_of(session, operation.id, part)),
        Ids.LINKING: link_form(codes),
        Ids.DERIVING: task_form(codes, countries, operation.zone),
    }
    first, part_, link_, task_ = (
        html.Div(form, id=name, hidden=shut) for (name, form), shut in zip(forms.items(), hidden, strict=True)
    )
    return {"hypothesis": [pulse_of(Ids.SUPPOSING), first], "network": [part_, link_], "task": [task_]}


# --------------------------------------------------------------------------------------------------- callbacks


refresh = follows(
    contents,
    *(Ids.HYPOTHESIS, Ids.NETWORK, Ids.TASKINGS, Ids.KEPT),
    act=Act.INTELLIGENCE_READ,
    operation=OPERATION,
)
refresh_forms = follows(
    offered,
    Output(Ids.SUPPOSE_TITLE, "children"),
    *(Output(form, "hidden") for form in (Ids.SUPPOSING, Ids.CHANGING, Ids.LINKING, Ids.DERIVING)),
    *(Output(LINK.id(end), "data") for end in ("from_id", "to_id")),
    *(Output(TASK.id(field), "data") for field in ("entity_id", "to_countries")),
    act=Act.INTELLIGENCE_WRITE,
    operation=OPERATION,
    of=Ids.SUPPOSING,
)


def _again(press: Press, said: str = "") -> Done:
    """Reload the page, with its forms reset to the current data."""
    return Done(said, to=f"{NAV.href(press.operation_id)}?now={new_id().hex[:6]}")


@SUPPOSITION.saves(Ids.SUPPOSE, operation=OPERATION, goes=True)
def suppose(press: Press, version: str | None) -> Done:
    """State the hypothesis, or revise it."""
    draft = SUPPOSE.draft(intelligence.HypothesisDraft, press.typed, id=new_id(), supersedes_id=version)
    intelligence.write_hypothesis(press.session, press.operation_id, draft, press.by)
    return _again(press, _("The hypothesis is saved."))


@PARTS.saves(
    Ids.PART_SAVE,
    Input(Ids.PART_OUT, "n_clicks", allow_optional=True),
    operation=OPERATION,
    goes=True,
    given={"entity": State(Ids.PART_ENTITY, "data")},
)
def keep_part(press: Press, version: str | None, entity: str) -> Done:
    """Save a part of the network as typed, or remove it."""
    of = {"id": new_id(), "entity_id": entity, "supersedes_id": version, "removed": press.button == Ids.PART_OUT}
    draft = PART.draft(intelligence.EntityDraft, press.typed, **of)
    made = intelligence.describe(press.session, press.operation_id, draft, press.by)
    return _again(press, _("{code} is saved.", code=made.code))


@does(
    Ids.LINK,
    act=Act.INTELLIGENCE_WRITE,
    form=LINK,
    operation=OPERATION,
    goes=True,
)
def link(press: Press) -> Done:
    """Link two parts."""
    draft = LINK.draft(intelligence.TargetLinkDraft, press.typed, id=new_id())
    intelligence.link(press.session, press.operation_id, draft, press.by)
    return _again(press)


@does({"type": Ids.UNLINK, "link": ALL}, act=Act.INTELLIGENCE_WRITE, operation=OPERATION, goes=True)
def unlink(press: Press) -> Done:
    """Remove a link."""
    intelligence.unlink(press.session, known_id(press.subject["link"]), press.by)
    return _again(press)


@does(
    {"type": Ids.BACK, "lead": ALL, "country": ALL},
    act=Act.LEAD_WRITE,
    operation=OPERATION,
    beside={"type": Ids.WHY, "lead": ALL},
    shows=(Ids.TASKINGS,),
)
def take_back(press: Press) -> Done:
    """Withdraw a tasking from a country, with the reason; refused input stays as typed."""
    lead, country = known_id(press.subject["lead"]), press.subject["country"]
    leads.revoke(press.session, lead, country, press.words, press.by)
    return Done(_("The lead was taken back."), shown=(contents(press.session, press.operation, press.by)[2],))


@does(
    Ids.TASK,
    act=Act.INTELLIGENCE_WRITE,
    form=TASK,
    client=True,
    operation=OPERATION,
    goes=True,
)
def task(press: Press) -> Done:
    """Send a tasking to the chosen countries."""
    with reading() as session:
        operation = plan.operation(session, press.operation_id, press.by)
        kinds = {str(each.entity_id): NetworkKind(each.kind) for each in intelligence.network(session, operation.id)}
    entity = press.typed.get("entity_id") or None
    about = intelligence.lead_content(kinds.get(entity or ""))
    lead = TASK.draft(leads.LeadDraft, press.typed, zone=operation.zone, id=press.client, lead_id=press.client, **about)
    draft = parse(intelligence.TaskingDraft, {"entity_id": entity, "lead": lead})
    intelligence.task(press.session, press.operation_id, draft, press.by)
    return _again(press, _("The tasking is sent."))
