"""The operational plan of an operation: a checklist on one side, a section on the other, versions and what differs."""

from enum import StrEnum
from typing import Any

from dash import ALL, Output, State, dcc, html
from dash.development.base_component import Component
from sqlmodel import Session

from dashboard.frame.acts import Done, Press, does, followed, follows
from dashboard.frame.shell import page
from dashboard.navigation import Nav
from dashboard.parts.form import Form, button, client_id, text_field
from dashboard.parts.icon import icon
from dashboard.parts.irreversible import asks
from dashboard.parts.operation_tabs import OPLAN, operation_tabs
from dashboard.parts.panel import empty_state, panel
from dashboard.screens.oplan.list import change_list, checklist, progress, section_name, state_of, versions_list
from dashboard.screens.oplan.section import comment_form, comment_list, section_form, section_text
from dashboard.server.access import actor, known_id, reading
from dashboard.wording import N_, _, number
from operations.core.drafts import parse
from operations.core.errors import Flaw, NotFound, RuleBroken
from operations.core.ids import new_id
from operations.core.people import Actor
from operations.core.permissions import Act, may
from operations.core.vocabulary import Role, SectionState
from operations.policing.operation import oplan, plan
from operations.policing.operation.oplan import SECTIONS, OplanSection

NAV = Nav(
    name=N_("Operational plan"),
    path_template="/operations/<operation_id>/oplan",
    icon="clipboard-check",
    order=5,
    act=Act.OPLAN_READ,
    place=False,
)
FORM, COMMENT, AMEND = Form("oplan"), Form("oplan-comment"), Form("oplan-amend")


class Ids(StrEnum):
    """The elements of this page."""

    OPERATION = "oplan-operation"
    SECTION = "oplan-section"
    SEEN = "oplan-seen"
    LIST = "oplan-list"
    SAVE = "oplan-save"
    COMMENTS = "oplan-comments"
    SEND = "oplan-send"
    ANSWER = "oplan-answer"
    HASH = "oplan-hash"
    APPROVE = "oplan-approve"


def layout(operation_id: str = "", section: str = "", version: str = "", **_query: str) -> Component:
    """The plan at one section; with ?version=2 what that version says and changed."""
    by = actor()
    with reading() as session:
        operation = plan.operation(session, known_id(operation_id), by)
        if version:
            return _version_page(session, operation, version, by)
        found = oplan.sections(session, operation.id)
        here = section if section in SECTIONS else _first_open(found)
        parts = [
            *_status(session, operation, found, by),
            html.Div(
                [
                    panel(_("Sections"), followed(Ids.LIST, _list(session, operation, by, here))),
                    *(
                        [panel(section_name(here), *_section(session, operation, here, found.get(here), by))]
                        if found or not _reads_only(by)
                        else []
                    ),
                ],
                className="oplan",
            ),
        ]
    return page(
        _("Operational plan"),
        operation_tabs(operation, by, OPLAN),
        dcc.Store(id=Ids.OPERATION, data=str(operation.id)),
        dcc.Store(id=Ids.SECTION, data=here),
        dcc.Store(id=Ids.SEEN, data=str(found[here].id) if here in found else None),
        *parts,
        wide=True,
    )


def _first_open(found: dict[str, OplanSection]) -> str:
    return next((code for code in SECTIONS if state_of(found.get(code)) is SectionState.OPEN), SECTIONS[0])


def _base(operation: plan.Operation) -> str:
    return NAV.href(operation.id)


def _writes(operation: plan.Operation, by: Actor) -> bool:
    return may(by, Act.OPLAN_WRITE, plan.subject(operation)) and operation.state not in plan.ENDED


def _reads_only(by: Actor) -> bool:
    return by.role in (Role.NATIONAL_OFFICER, Role.TEAM_LEADER, Role.AUDITOR)


def _list(session: Session, operation: plan.Operation, by: Actor, here: str) -> list[Component]:
    found = oplan.sections(session, operation.id)
    if _reads_only(by) and not found:
        return [
            empty_state(
                _("No plan is in force for you to read"),
                _("What leadership approved appears here, as far as it is for you."),
                "clipboard-check",
            )
        ]
    waiting: dict[str, int] = {}
    for said in oplan.comments(session, operation.id):
        if said.answered_at is None:
            waiting[said.section] = waiting.get(said.section, 0) + 1
    return [progress(found), checklist(found, _base(operation), here, waiting)]


def _section(
    session: Session, operation: plan.Operation, code: str, section: OplanSection | None, by: Actor
) -> list[Component]:
    writes = _writes(operation, by)
    parts = section_form(FORM, code, section, Ids.SAVE) if writes else section_text(code, section, operation.zone)
    comments = html.Div(_comments(session, operation, code, by), id=Ids.COMMENTS)
    adds = may(by, Act.OPLAN_COMMENT, plan.subject(operation, by.country))
    return [html.Div(parts, className="m-stack"), comments, *(comment_form(COMMENT, Ids.SEND) if adds else [])]


def _comments(session: Session, operation: plan.Operation, code: str, by: Actor) -> list[Component]:
    found = [each for each in oplan.comments(session, operation.id) if each.section == code]
    return comment_list(found, operation.zone, Ids.ANSWER if _writes(operation, by) else None)


def _status(session: Session, operation: plan.Operation, found: dict[str, OplanSection], by: Actor) -> list[Component]:
    """Which version is in force, what was written since, and leadership's approval of it."""
    versions = oplan.versions(session, operation.id)
    if not versions:
        return [html.P(_("Not approved yet: leadership approves it with the operation."), className="m-lead")]
    parts: list[Component] = [versions_list(versions, _base(operation), operation.zone)]
    changed = oplan.changes(oplan.sections_of(session, versions[0]), found) if _reads_drafts(by) else []
    if changed:
        words = _(
            "Amendment in preparation: version {number} stays in force until it is approved.",
            number=number(versions[0].number),
        )
        parts.append(html.Details([html.Summary(words), *change_list(changed)], className="oplan-amendment", open=True))
        if may(by, Act.OPLAN_APPROVE, plan.subject(operation)):
            parts += _approval(session, operation, found)
    return [panel(_("Versions"), *parts, class_name="oplan-versions-panel")]


def _reads_drafts(by: Actor) -> bool:
    return by.role not in (Role.NATIONAL_OFFICER, Role.TEAM_LEADER, Role.AUDITOR)


def _approval(session: Session, operation: plan.Operation, found: dict[str, OplanSection]) -> list[Component]:
    left = oplan.unfinished(session, operation.id)
    if left:
        open_ = ", ".join(section_name(code) for code in left)
        return [html.P(_("Before it can be approved, these sections must be finished: {sections}", sections=open_))]
    return [
        html.Div(
            [
                client_id(AMEND),
                dcc.Store(id=Ids.HASH, data=oplan.content_hash(list(found.values()))),
                text_field(AMEND, "note", _("Note on the amendment"), maxLength=500),
                button(
                    _("Approve the amendment"),
                    id=Ids.APPROVE,
                    kind="primary",
                    icon_name="rubber-stamp",
                    **asks("oplan.approve"),
                ),
            ],
            className="oplan-approval",
        )
    ]


def _version_page(session: Session, operation: plan.Operation, wanted: str, by: Actor) -> Component:
    """An approved version as it was, and what it changed. Raises NotFound."""
    versions = oplan.versions(session, operation.id)
    version = next((each for each in versions if str(each.number) == wanted), None)
    if version is None:
        raise NotFound
    older = next((each for each in versions if each.number == version.number - 1), None)
    said = oplan.sections_of(session, version)
    whole = len(said) == len(SECTIONS)
    if not whole:
        seal = _("You read the part of it that is for you.")
    elif oplan.intact(session, version):
        seal = _("The text is the one that was approved: its fingerprint holds.")
    else:
        seal = _("The text is not the one that was approved: its fingerprint does not hold. Tell the administrator.")
    changed = oplan.changes(oplan.sections_of(session, older), said) if older is not None and whole else []
    return page(
        _("Operational plan, version {number}", number=number(version.number)),
        operation_tabs(operation, by, OPLAN),
        dcc.Link(
            [icon("arrow-back-up", 16), html.Span(_("Back to the plan"))],
            href=_base(operation),
            className="overview-link",
        ),
        html.Div(
            [
                panel(_("Versions"), versions_list([version], _base(operation), operation.zone), html.P(seal)),
                *([panel(_("Changed from the version before"), *change_list(changed))] if older and whole else []),
                *(panel(section_name(code), *section_text(code, each, operation.zone)) for code, each in said.items()),
            ],
            className="m-stack",
        ),
    )


# --------------------------------------------------------------------------------------------------- callbacks


refresh = follows(_list, Ids.LIST, act=Act.OPLAN_READ, operation=Ids.OPERATION, here=State(Ids.SECTION, "data"))


@does(
    Ids.SAVE,
    act=Act.OPLAN_WRITE,
    form=FORM,
    typed=("text", "state"),
    operation=Ids.OPERATION,
    goes=True,
    given={"code": State(Ids.SECTION, "data"), "seen": State(Ids.SEEN, "data")},
)
def save(press: Press, code: str, seen: str | None) -> Done:
    """Keep the section and go on to the next one that is still open. A flaw of the whole is said beside the text."""
    text = press.typed.get("text") or ""
    draft = parse_section({**press.typed, "id": new_id(), "section": code, "supersedes_id": seen, "text": text})
    found = oplan.write(press.session, press.operation_id, [draft], press.by)
    after = SECTIONS[SECTIONS.index(code) :] + SECTIONS[: SECTIONS.index(code)]
    waiting = (each for each in after if state_of(found.get(each)) is SectionState.OPEN)
    following = code if draft.state is SectionState.OPEN else next(waiting, code)
    said = _("{section} is saved.", section=section_name(code))
    return Done(said, to=f"{NAV.href(press.operation_id)}?section={following}")


@does(
    Ids.SEND,
    act=Act.OPLAN_COMMENT,
    form=COMMENT,
    typed=("text",),
    client=True,
    operation=Ids.OPERATION,
    shows=(Output(Ids.COMMENTS, "children"),),
    clears={"text": ""},
    given={"code": State(Ids.SECTION, "data")},
)
def comment(press: Press, code: str) -> Done:
    """Send what the country says about the section."""
    content = {"id": press.client, "section": code, "text": press.typed["text"] or ""}
    draft = parse(oplan.CommentDraft, content)
    oplan.comment(press.session, press.operation_id, draft, press.by)
    return Done(_("The comment is sent."), shown=(_comments(press.session, press.operation, code, press.by),))


@does(
    {"type": Ids.ANSWER, "of": ALL},
    act=Act.OPLAN_WRITE,
    operation=Ids.OPERATION,
    beside={"type": f"{Ids.ANSWER}-text", "of": ALL},
    shows=(Output(Ids.COMMENTS, "children"),),
    given={"code": State(Ids.SECTION, "data")},
)
def answer(press: Press, code: str) -> Done:
    """Send the coordinator's answer to the comment whose button was pressed."""
    oplan.answer(press.session, known_id(press.subject["of"]), press.words, press.by)
    return Done(_("The answer is sent."), shown=(_comments(press.session, press.operation, code, press.by),))


@does(
    Ids.APPROVE,
    act=Act.OPLAN_APPROVE,
    form=AMEND,
    typed=("note",),
    client=True,
    operation=Ids.OPERATION,
    goes=True,
    given={"read": State(Ids.HASH, "data")},
)
def approve(press: Press, read: str) -> Done:
    """Put the amendment in force, as it was read."""
    draft = parse(oplan.AmendmentDraft, {"id": press.client, "content_hash": read, "note": press.typed["note"] or ""})
    version = oplan.approve(press.session, press.operation_id, draft, press.by)
    said = _("Version {number} is in force.", number=number(version.number))
    return Done(said, to=f"{NAV.href(press.operation_id)}?version={version.number}")


def parse_section(content: dict[str, Any]) -> oplan.SectionDraft:
    """The draft of a section; what is wrong with it as a whole is said beside its text."""
    try:
        return parse(oplan.SectionDraft, content)
    except RuleBroken as broken:
        raise RuleBroken.all(Flaw(flaw.field or "text", flaw.template, flaw.params) for flaw in broken.flaws) from None
