"""Operational plan of an operation: the checklist, one section beside it, versions and their diffs."""

from enum import StrEnum
from typing import Any

from dash import ALL, Output, State, dcc, html
from dash.development.base_component import Component
from sqlmodel import Session

from dashboard.frame.interactions import Done, Press, does, followed, follows, pulse_of
from dashboard.frame.operation_page import OPERATION, Parts, operation_page
from dashboard.frame.shell import page
from dashboard.frame.verb_buttons import calls
from dashboard.frame.version_conflicts import Versioned
from dashboard.parts import tags
from dashboard.parts.confirmation import confirmation_attributes
from dashboard.parts.draft_form import DraftForm
from dashboard.parts.form import button, client_id
from dashboard.parts.form_fields import drawing
from dashboard.parts.icon import icon
from dashboard.parts.panel import empty_state, panel
from dashboard.places import OPLAN
from dashboard.screens.oplan.list import change_list, checklist, progress, state_of, versions_list
from dashboard.screens.oplan.section import COMMENT, FORM, comment_form, comment_list, section_form, section_text
from dashboard.wording import N_, _, coded, joined, number
from operations.core.errors import existing
from operations.core.ids import new_id
from operations.core.people import Actor
from operations.core.permissions import Act, may
from operations.core.vocabulary import Role, SectionState
from operations.policing.operation import oplan, plan
from operations.policing.operation.oplan import SECTIONS, AmendmentDraft, OplanSection

NAV = OPLAN
AMEND = DraftForm("oplan-amend", AmendmentDraft)


class Ids(StrEnum):
    """Element ids of this page."""

    SECTION = "oplan-section"
    SEEN = "oplan-seen"
    LIST = "oplan-list"
    HERE = "oplan-here"
    TEXT = "oplan-text"
    SAVE = "oplan-save"
    COMPLETE = "oplan-complete"
    COMMENTS = "oplan-comments"
    SEND = "oplan-send"
    ANSWER = "oplan-answer"
    STATUS = "oplan-status"
    APPROVAL = "oplan-approval"
    HASH = "oplan-hash"


def _stands(session: Session, press: Press, code: str) -> tuple[OplanSection | None, str | None]:
    found = oplan.sections(session, press.operation_id).get(code)
    return found, str(found.id) if found else None


SECTION = Versioned(FORM, Ids.SEEN, _stands, act=Act.OPLAN_WRITE)


@operation_page(NAV, wide=True)
def layout(session: Session, operation: plan.Operation, by: Actor, section: str = "", version: str = "") -> Parts:
    """The plan at one section; with ?version=2 what that version says and changed."""
    if version:
        return _version_page(session, operation, version, by)
    found = oplan.sections(session, operation.id)
    here = section if section in SECTIONS else _first_open(found)
    approves = may(by, Act.OPLAN_APPROVE, plan.subject(operation))
    parts = [
        followed(Ids.STATUS, _status(session, operation, by)),
        *([_approval(*_to_approve(session, operation, by))] if approves else []),
        tags.Div(
            panel(_("Sections"), followed(Ids.LIST, _list(session, operation, by, here))),
            html.Div(
                panel(coded("CL-OPLAN", here), *_section(session, operation, here, found.get(here), by)),
                id=Ids.HERE,
                hidden=_nothing(found, by),
            ),
            className="oplan",
        ),
    ]
    stands = found.get(here)
    kept = SECTION.kept(stands, str(stands.id) if stands else None) if _writes(operation, by) else []
    return [
        dcc.Store(id=Ids.SECTION, data=here),
        *parts,
        *kept,
    ]


def _first_open(found: dict[str, OplanSection]) -> str:
    return next((code for code in SECTIONS if state_of(found.get(code)) is SectionState.OPEN), SECTIONS[0])


def _base(operation: plan.Operation) -> str:
    return NAV.href(operation.id)


def _writes(operation: plan.Operation, by: Actor) -> bool:
    return may(by, Act.OPLAN_WRITE, plan.subject(operation)) and operation.state not in plan.ENDED


def _reads_only(by: Actor) -> bool:
    return by.role in (Role.NATIONAL_OFFICER, Role.TEAM_LEADER, Role.AUDITOR)


def _nothing(found: dict[str, OplanSection], by: Actor) -> bool:
    return _reads_only(by) and not found


def _list(session: Session, operation: plan.Operation, by: Actor, here: str) -> list[Component]:
    found = oplan.sections(session, operation.id)
    if _nothing(found, by):
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
    text = [pulse_of(Ids.TEXT), followed(Ids.TEXT, section_text(section, operation.zone), className="m-stack")]
    parts = section_form(code, section, Ids.SAVE, Ids.COMPLETE) if writes else text
    said = _said(session, operation, by, code)
    comments = followed(Ids.COMMENTS, _comments(session, operation, by, code, [], []), seen=said)
    adds = may(by, Act.OPLAN_COMMENT, plan.subject(operation, by.country))
    return [html.Div(parts, className="m-stack"), comments, *(comment_form(Ids.SEND) if adds else [])]


def _text(session: Session, operation: plan.Operation, by: Actor, code: str) -> tuple[list[Component], bool]:
    """Return a section's text for those who do not write it, and whether there is nothing for them to read."""
    found = oplan.sections(session, operation.id)
    return section_text(found.get(code), operation.zone), _nothing(found, by)


def _comments(
    session: Session, operation: plan.Operation, by: Actor, code: str, words: list[Any], places: list[dict[str, Any]]
) -> list[Component]:
    """Return the comments on a section; `words` are typed into the fields at `places`."""
    found = [each for each in oplan.comments(session, operation.id) if each.section == code]
    typed = {place["of"]: said or "" for place, said in zip(places, words, strict=True)}
    return comment_list(found, operation.zone, Ids.ANSWER if _writes(operation, by) else None, typed)


def _said(session: Session, operation: plan.Operation, by: Actor, code: str, **_typed: Any) -> list[Any]:
    """Return a marker that stays equal as long as the comments on a section look the same."""
    found = [each for each in oplan.comments(session, operation.id) if each.section == code]
    return [_writes(operation, by), *((str(each.id), each.answered_at is None) for each in found)]


def _status(session: Session, operation: plan.Operation, by: Actor) -> list[Component]:
    """Return the version in force, the changes since, and the obstacles to approval."""
    versions, sections = oplan.versions(session, operation.id), oplan.sections(session, operation.id)
    if not versions:
        return [html.P(_("Not approved yet: leadership approves it with the operation."), className="m-lead")]
    parts: list[Component] = [versions_list(versions, _base(operation), operation.zone)]
    changed = oplan.changes(oplan.sections_of(session, versions[0]), sections) if _reads_drafts(by) else []
    approves = bool(changed) and may(by, Act.OPLAN_APPROVE, plan.subject(operation))
    left = oplan.unfinished(session, operation.id) if approves else []
    if changed:
        words = _(
            "Amendment in preparation: version {number} stays in force until it is approved.",
            number=number(versions[0].number),
        )
        parts.append(html.Details([html.Summary(words), *change_list(changed)], className="oplan-amendment", open=True))
    if left:
        names = joined(coded("CL-OPLAN", code) for code in left)
        parts.append(
            html.P(_("Before it can be approved, these sections must be finished: {sections}", sections=names))
        )
    return [panel(_("Versions"), *parts, class_name="oplan-versions-panel")]


def _to_approve(session: Session, operation: plan.Operation, _by: Actor) -> tuple[bool, str]:
    """Return whether there is no amendment to approve, and the fingerprint of the text that leadership reads."""
    versions, found = oplan.versions(session, operation.id), oplan.sections(session, operation.id)
    changed = bool(versions) and bool(oplan.changes(oplan.sections_of(session, versions[0]), found))
    waits = not changed or bool(oplan.unfinished(session, operation.id))
    return waits, oplan.content_hash(list(found.values()))


def _reads_drafts(by: Actor) -> bool:
    return by.role not in (Role.NATIONAL_OFFICER, Role.TEAM_LEADER, Role.AUDITOR)


def _approval(waits: bool, read: str) -> Component:
    """Return the form with which leadership approves the text it read; hidden while there is nothing to approve."""
    press = button(
        _("Approve the amendment"),
        id=AMEND.send,
        kind="primary",
        icon_name="rubber-stamp",
        **confirmation_attributes("oplan.approve"),
    )
    parts = [client_id(AMEND), dcc.Store(id=Ids.HASH, data=read), *drawing(AMEND)(), press]
    return html.Div(html.Div(parts, className="oplan-approval"), id=Ids.APPROVAL, hidden=waits)


def _version_page(session: Session, operation: plan.Operation, wanted: str, by: Actor) -> Component:
    """Return an approved version with its changes. Raises NotFound."""
    versions = oplan.versions(session, operation.id)
    version = existing(next((each for each in versions if str(each.number) == wanted), None))
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
        dcc.Link(
            [icon("arrow-back-up", 16), html.Span(_("Back to the plan"))],
            href=_base(operation),
            className="overview-link",
        ),
        tags.Div(
            panel(_("Versions"), versions_list([version], _base(operation), operation.zone), html.P(seal)),
            *([panel(_("Changed from the version before"), *change_list(changed))] if older and whole else []),
            *(panel(coded("CL-OPLAN", code), *section_text(each, operation.zone)) for code, each in said.items()),
            className="m-stack",
        ),
    )


# --------------------------------------------------------------------------------------------------- callbacks


refresh = follows(_list, Ids.LIST, act=Act.OPLAN_READ, operation=OPERATION, here=State(Ids.SECTION, "data"))
refresh_text = follows(
    _text,
    Ids.TEXT,
    Output(Ids.HERE, "hidden"),
    act=Act.OPLAN_READ,
    operation=OPERATION,
    of=Ids.TEXT,
    code=State(Ids.SECTION, "data"),
)
refresh_status = follows(_status, Ids.STATUS, act=Act.OPLAN_READ, operation=OPERATION)
refresh_approval = follows(
    _to_approve,
    Output(Ids.APPROVAL, "hidden"),
    Output(Ids.HASH, "data"),
    act=Act.OPLAN_APPROVE,
    operation=OPERATION,
)
_ANSWERS = {"type": f"{Ids.ANSWER}-text", "of": ALL}
refresh_comments = follows(
    _comments,
    Ids.COMMENTS,
    act=Act.OPLAN_READ,
    operation=OPERATION,
    unless=_said,
    code=State(Ids.SECTION, "data"),
    words=State(_ANSWERS, "value"),
    places=State(_ANSWERS, "id"),
)


@SECTION.saves(Ids.SAVE, Ids.COMPLETE, operation=OPERATION, goes=True, given={"code": State(Ids.SECTION, "data")})
def save(press: Press, code: str, version: str | None) -> Done:
    """Keep the section, complete where that was pressed, and go on to the next one that is still open.

    The last one leads back to where one sees what the operation still needs.
    """
    typed = press.typed | ({"state": SectionState.COMPLETE.value} if press.button == Ids.COMPLETE else {})
    draft = FORM.draft(oplan.SectionDraft, typed, id=new_id(), section=code, supersedes_id=version)
    found = oplan.write(press.session, press.operation_id, [draft], press.by)
    after = SECTIONS[SECTIONS.index(code) :] + SECTIONS[: SECTIONS.index(code)]
    waiting = (each for each in after if state_of(found.get(each)) is SectionState.OPEN)
    following = code if draft.state is SectionState.OPEN else next(waiting, None)
    said = _("{section} is saved.", section=coded("CL-OPLAN", code))
    here = f"{NAV.href(press.operation_id)}?section={following}"
    return Done(said, to=here if following else f"/operations/{press.operation_id}/overview")


@does(
    Ids.SEND,
    act=Act.OPLAN_COMMENT,
    form=COMMENT,
    client=True,
    operation=OPERATION,
    clears=("text",),
    given={"code": State(Ids.SECTION, "data")},
)
def comment(press: Press, code: str) -> Done:
    """Send the country's comment on the section."""
    draft = press.draft(oplan.SectionCommentDraft, section=code)
    oplan.comment(press.session, press.operation_id, draft, press.by)
    return Done(_("The comment is sent."))


answer = calls(
    {"type": Ids.ANSWER, "of": ALL}, oplan.answer, N_("The answer is sent."), act=Act.OPLAN_WRITE, beside=_ANSWERS
)


@does(AMEND, act=Act.OPLAN_APPROVE, operation=OPERATION, goes=True, given={"read": State(Ids.HASH, "data")})
def approve(press: Press, read: str) -> Done:
    """Approve the amendment as it was read."""
    draft = press.draft(AmendmentDraft, content_hash=read)
    version = oplan.approve(press.session, press.operation_id, draft, press.by)
    said = _("Version {number} is in force.", number=number(version.number))
    return Done(said, to=f"{NAV.href(press.operation_id)}?version={version.number}")
