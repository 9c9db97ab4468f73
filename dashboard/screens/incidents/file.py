"""File of a serious incident: its facts, the handler's actions, its content for a given reason, and its log."""

from typing import Any

import dash_mantine_components as dmc
from dash import Input, Output, State, dcc, html
from dash.development.base_component import Component
from sqlmodel import Session

from dashboard.frame.interactions import Done, Press, does, followed, follows
from dashboard.frame.life_page import takes
from dashboard.frame.verb_buttons import calls
from dashboard.parts import tags
from dashboard.parts.choices import people_options
from dashboard.parts.file_page import Past, happened
from dashboard.parts.form import button, client_id
from dashboard.parts.form_fields import drawing, pair
from dashboard.parts.panel import facts, panel
from dashboard.screens.incidents.ids import FORM, GRANT, HAND, STEPS, TAKE, VERSION, Ids
from dashboard.server.access import known_id
from dashboard.telling.access import told_access
from dashboard.telling.names import Names
from dashboard.telling.sentences import entry_sentence
from dashboard.wording import N_, _, coded, language, moment_utc, number
from operations.core import vocabulary
from operations.core.people import Actor
from operations.core.permissions import Act
from operations.incidents import consultations as file_reading
from operations.incidents import drafts
from operations.incidents import incidents as verbs
from operations.incidents.rows import LIFE, SUPERVISORS, IncidentVersion, SeriousIncident


def parts(session: Session, by: Actor, shown: str) -> list[Component]:
    """Return the parts of the page. Raises NotFound, also for the reporter."""
    incident = verbs.known(session, known_id(shown), by)
    return [
        dcc.Store(id=Ids.SHOWN, data=str(incident.id)),
        followed(Ids.FILE, about(session, by, shown), className="m-stack"),
        panel(
            _("Content"),
            dmc.Select(
                id=Ids.WHY,
                label=_("Why you open this file"),
                description=_("Your reason is written into the access trail."),
                placeholder=_("Choose a reason to see it"),
                data=vocabulary.options("CL-INCIDENTWHY", language()),
                errorProps={"role": "alert"},
            ),
            html.Div(id=Ids.CONTENT, **{"aria-live": "polite"}),
        ),
        followed(Ids.FORMS, forms(session, by, shown), seen=handles_now(session, by, shown), className="m-stack"),
        followed(Ids.LOG, log(session, by, shown), className="m-stack"),
    ]


def channel_words(each: SeriousIncident) -> str:
    """Return the label of the channel by which it came."""
    return _("Exceptional") if each.channel == "exceptional" else _("Normal")


def about(session: Session, by: Actor, shown: str) -> list[Component]:
    """Return its facts other than the content, and the steps."""
    incident = verbs.known(session, known_id(shown), by)
    said = [
        (_("State"), _(LIFE.words[LIFE.now(incident)])),
        (_("Operation"), file_reading.titles(session, [incident])[incident.operation_id]),
        *FORM.facts(incident, "category"),
        (_("Channel"), channel_words(incident)),
        *FORM.facts(incident, "concerns"),
        (_("Reported by"), incident.author_name if by.role in SUPERVISORS else ""),
        (_("It happened"), moment_utc(incident.occurred_at)),
        (_("It was noticed"), moment_utc(incident.detected_at)),
        (_("Received (UTC)"), moment_utc(incident.made_at)),
        (_("Versions"), number(incident.versions)),
        (_("Handler"), incident.handler_name or _("Nobody yet")),
    ]
    acts = STEPS.drawn(incident.id, verbs.INCIDENT.offers(session, incident, by))
    hidden = file_reading.hiding_reason(session, incident)
    notes = [html.P(_(hidden), className="m-small", role="note")] if hidden else []
    does_ = [panel(_("What can be done"), *acts)] if acts else []
    return [panel(incident.reference, facts(said), *notes), *does_]


def versions(found: file_reading.IncidentFile) -> list[Component]:
    """Return the opened content: every version with its author, oldest first."""
    if found.hidden:
        return [html.P(_(found.hidden), className="m-dim")]
    return [html.Ol([_version(each) for each in found.versions], className="file-past incident-versions")]


def _version(each: IncidentVersion) -> Component:
    what = (
        _("First report")
        if each.version == 1
        else _("Step")
        if each.about == "step"
        else coded("CL-INCIDENTABOUT", each.about)
    )
    said = [(_(FORM.said[name].label), _value(value)) for name, value in each.content.items() if name in FORM.said]
    words = each.content.get("words", "")
    return tags.Li(
        html.Strong(f"{number(each.version)} · {what}"),
        html.Span(html.Bdi(each.author_name), className="m-dim"),
        html.Time(moment_utc(each.made_at), dateTime=each.made_at.isoformat(), className="m-dim m-small m-num"),
        *([html.P(html.Bdi(words))] if words else []),
        facts(said),
    )


def _value(value: Any) -> str:
    if isinstance(value, bool):
        return _("Yes") if value else _("No")
    return number(value, 4 if isinstance(value, float) else 0) if isinstance(value, int | float) else str(value or "")


def log(session: Session, by: Actor, shown: str) -> list[Component]:
    """Return the history of the file and its readers, for those who supervise."""
    if by.role not in SUPERVISORS:
        return []
    entries, names = file_reading.log(session, known_id(shown), by), Names(language(), "UTC")
    given = [
        Past(
            grant.made_at,
            _("{name} may read it until {moment}", name=name, moment=moment_utc(grant.until)),
            grant.author_name,
            grant.reason,
        )
        for grant, name in file_reading.grants(session, verbs.known(session, known_id(shown), by))
    ]
    opened = [Past(each.at, told_access(each, names), each.actor_name) for each in entries.accesses]
    happened = [Past(each.at, entry_sentence(each, names), each.actor_name) for each in entries.entries]
    return [
        panel(_("Who opened it"), _past(opened), note=number(len(opened)), flush=True),
        *([panel(_("Who may read it"), _past(given), flush=True)] if given else []),
        panel(_("Log"), _past(happened), flush=True),
    ]


def _past(past: list[Past]) -> Component:
    if not past:
        return html.P(_("Nobody has opened it."), className="m-dim incident-none")
    return html.Ol([happened(each, "UTC") for each in past], className="file-past")


def handles_now(session: Session, by: Actor, shown: str) -> list[str]:
    """Return whether this person handles it or could, and who else could handle or read it: this shows the forms."""
    found = verbs.known(session, known_id(shown), by)
    if verbs.may_take_over(session, found, by):
        return ["free", str(found.handler_id)]
    if not verbs.is_handler(found, by):
        return []
    return ["handles", *(str(each.id) for each in (*verbs.handlers(session, found), *verbs.readers(session, found)))]


def forms(session: Session, by: Actor, shown: str) -> list[Component]:
    """Return the handler's forms (write, grant, hand over), or the form that takes it over."""
    incident = verbs.known(session, known_id(shown), by)
    if verbs.may_take_over(session, incident, by):
        note = _("{name} handles it now, and reads your reason in the file.", name=incident.handler_name)
        send = _button(_("Handle it from now on"), Ids.TAKE_OVER)
        return [
            panel(
                _("Another handler"),
                html.P(note, className="m-dim"),
                dcc.Store(id=Ids.HANDLER, data=str(incident.handler_id)),
                *drawing(TAKE)(),
                send,
            )
        ]
    if not verbs.is_handler(incident, by):
        return []
    version, others = drawing(VERSION), people_options(verbs.handlers(session, incident))
    hand = drawing(HAND, choices={"handler": others})
    grant = drawing(GRANT, choices={"account_id": people_options(verbs.readers(session, incident))})
    handing = [html.Details([html.Summary(_("Hand it over")), *hand(), _button(_("Hand it over"), Ids.HAND_OVER)])]
    return [
        panel(
            _("Write into the file"),
            client_id(VERSION),
            *version("about", "words"),
            pair(version("lat", "lon")),
            _button(_("Add a version"), Ids.WRITE, "primary"),
        ),
        panel(
            _("Others"),
            tags.Details(
                html.Summary(_("Let somebody read it for some days")),
                client_id(GRANT),
                *grant(),
                _button(_("Let them read it"), Ids.ALLOW),
            ),
            *(handing if others else []),
        ),
    ]


def _button(words: str, ident: str, kind: str = "plain") -> Component:
    return html.Div(button(words, ident, kind, "check"))


# --------------------------------------------------------------------------------------------------- callbacks

_HERE = {"shown": State(Ids.SHOWN, "data")}
refresh_file = follows(about, Ids.FILE, act=Act.INCIDENT_READ, **_HERE)
refresh_log = follows(log, Ids.LOG, act=Act.INCIDENT_READ, **_HERE)
refresh_forms = follows(forms, Ids.FORMS, act=Act.INCIDENT_READ, unless=handles_now, **_HERE)


@does(
    Input(Ids.WHY, "value"),
    act=Act.INCIDENT_READ,
    shows=(Output(Ids.CONTENT, "children"), Ids.LOG),
    given={"why": State(Ids.WHY, "value"), **_HERE},
)
def open_file(press: Press, why: str, shown: str) -> Done:
    """Show the content once its reader has given a reason, which is entered in the access trail."""
    opened = versions(file_reading.open_file(press.session, known_id(shown), why, press.by))
    return Done(shown=(opened, log(press.session, press.by, shown)))


take = takes(STEPS, LIFE, verbs.take, Act.INCIDENT_HANDLE)
write = calls(
    Ids.WRITE,
    verbs.write,
    N_("It is written down. Open the file again to read it."),
    act=Act.INCIDENT_HANDLE,
    form=VERSION,
    client=True,
    given=_HERE,
    clears=("words", "lat", "lon"),
)
hand_over = calls(
    Ids.HAND_OVER,
    verbs.hand_over,
    lambda made: _("{name} handles it from now on.", name=made.handler_name),
    act=Act.INCIDENT_HANDLE,
    form=HAND,
    given=_HERE,
)
allow = calls(
    Ids.ALLOW,
    verbs.grant,
    lambda made: _("It can be read until {moment}.", moment=moment_utc(made.until)),
    act=Act.INCIDENT_HANDLE,
    form=GRANT,
    client=True,
    given=_HERE,
    clears=("reason", "account_id"),
)


@does(Ids.TAKE_OVER, act=Act.INCIDENT_HANDLE, form=TAKE, given={**_HERE, "handler": State(Ids.HANDLER, "data")})
def take_over(press: Press, shown: str, handler: str) -> Done:
    """Make this person the handler."""
    draft = press.draft(drafts.TakeOverDraft)
    verbs.take_over(press.session, known_id(shown), draft, known_id(handler), press.by)
    return Done(_("You handle it from now on."))
