"""Installation page: background work, jobs, queues and checks, each with what is wrong, for administrators."""

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime, timedelta
from enum import StrEnum

from dash import Input, html
from dash.development.base_component import Component
from sqlmodel import Session

from dashboard.frame.interactions import followed, follows
from dashboard.frame.shell import page
from dashboard.parts.badges import state_badge
from dashboard.parts.form import button
from dashboard.parts.icon import icon
from dashboard.parts.life_signs import watched_name
from dashboard.parts.panel import empty_state, panel
from dashboard.parts.table import table, table_row
from dashboard.places import INSTALLATION
from dashboard.server.access import actor, reading, store
from dashboard.wording import N_, _, ago, moment_utc, ngettext, number
from operations.core.clock import now
from operations.core.people import Actor
from operations.core.permissions import Act
from operations.timetable import signals, signed_heads
from operations.timetable.heartbeats import Watched
from operations.timetable.signals import Reading, Signal

NAV = INSTALLATION

JOBS = {
    "backup.prove": N_("Proof that a copy can be restored"),
    "journal.head": N_("Note of the journal's head"),
    "release": N_("Release of figures"),
    "access.look": N_("Look at the access trail"),
    "installation.check": N_("Check of the installation"),
    "journal.signed_head": N_("Signed head of the journal sent away"),
}
QUEUES = {
    signals.MAIL: N_("Mail that waits"),
    signals.MAIL_REFUSED: N_("Mail given up since yesterday"),
    signals.QUESTIONS: N_("Questions that wait"),
}
CHECKS = {
    "settings": N_("Settings"),
    "proxy": N_("Proxy"),
    "schema": N_("Schema of the database"),
    "clock": N_("Clock"),
    "database role": N_("Role in the database"),
    "database link": N_("Connection to the database"),
    "disk": N_("Free disk"),
    "copies": N_("Copies"),
    "key": N_("Key of the installation"),
    "demo data": N_("Data of the demo"),
    "files": N_("Files that others can read"),
    "identity provider": N_("Identity provider"),
}


class Ids(StrEnum):
    """Element ids of this page."""

    BODY = "installation-body"
    AGAIN = "installation-again"


def layout(**_query: str) -> Component:
    """Return the page."""
    with reading() as session:
        shown = contents(session, actor())
    return page(
        _("Installation"),
        followed(Ids.BODY, shown, className="m-stack"),
        lead=_("Whether this Muster works. What is marked needs somebody: the administrator's guide says what to do."),
        actions=[button(_("Look again"), Ids.AGAIN, "plain", "refresh")],
    )


def contents(_session: Session, by: Actor, _again: int | None = None) -> list[Component]:
    """Return the verdict and the panels."""
    found = signals.seen(store(), by, now())
    bad = sum(reading.bad for reading in found)
    verdict = (
        [icon("alert-triangle", 18), ngettext("{n} signal needs somebody.", "{n} signals need somebody.", bad)]
        if bad
        else [icon("circle-check", 18), _("Everything works.")]
    )
    return [
        html.P(
            verdict, className="installation-verdict" + (" installation-verdict--bad" if bad else ""), role="status"
        ),
        _proven(signed_heads.last_left(store(), by)),
        panel(_("Background work"), _lives(found), flush=True),
        panel(_("Jobs of the timetable"), _dated(found, signals.LATE, lambda name: _(JOBS[name])), flush=True),
        panel(_("Queues"), _queues(found), flush=True),
        panel(_("Checks"), _checks(found), flush=True),
    ]


follow_contents = follows(contents, Ids.BODY, act=Act.INSTALLATION_READ, _again=Input(Ids.AGAIN, "n_clicks"))


def _proven(until: datetime | None) -> Component:
    look = "installation-verdict" if until else "installation-verdict installation-verdict--open"
    return html.P([icon("shield-check" if until else "shield", 18), html.Span(proven(until))], className=look)


def proven(until: datetime | None) -> str:
    """Return what can be proven, and until when."""
    sealed = _("Whoever has the database but not the key cannot change an entry unseen.")
    if until is None:
        said = _("What the journal was cannot be proven against who keeps this server: no signed head has left it.")
        return f"{said} {sealed}"
    said = _(
        "Until {moment} it can be proven what the journal was: its signed head left this server.",
        moment=moment_utc(until),
    )
    return f"{said} {sealed}"


def _of(found: Iterable[Reading], *wanted: Signal) -> list[Reading]:
    return [reading for reading in found if reading.signal in wanted]


def _state(bad: bool) -> Component:
    return state_badge(_("Needs somebody"), "bad") if bad else state_badge(_("Fine"), "good")


def _lives(found: Sequence[Reading]) -> Component:
    failures = {reading.of: reading for reading in _of(found, signals.FAILURES)}
    ages = {reading.of: reading for reading in _of(found, signals.SILENT)}
    rows = [
        table_row(
            watched_name(Watched(name)),
            _since(ages[name].value) if name in ages else _("never ran"),
            html.Td(number(failed.value), className="m-num"),
            _state(failed.bad or ages[name].bad),
        )
        for name, failed in failures.items()
    ]
    return table(
        [_("Process"), _("Last success"), _("Failures in a row"), _("State")], rows, label=_("Background work")
    )


def _dated(found: Sequence[Reading], signal: Signal, named: Callable[[str], str]) -> Component:
    rows = [table_row(named(reading.of), _since(reading.value), _state(reading.bad)) for reading in _of(found, signal)]
    if not rows:
        return empty_state(_("No job was done yet"), _("Start the timetable: muster timetable."), "clock")
    return table([_("Job"), _("Last done"), _("State")], rows, label=_("Jobs of the timetable"))


def _queues(found: Sequence[Reading]) -> Component:
    plain = {reading.signal: reading for reading in found if not reading.of}
    mail, refused, questions = (plain[each] for each in (signals.MAIL, signals.MAIL_REFUSED, signals.QUESTIONS))
    rows = [
        _queue(mail, plain[signals.MAIL_AGE]),
        _queue(refused, refused),
        _queue(questions, plain[signals.QUESTION_AGE]),
    ]
    return table([_("Queue"), _("Number"), _("The oldest"), _("State")], rows, label=_("Queues"))


def _queue(counted: Reading, judged: Reading) -> Component:
    oldest = _since(judged.value) if judged is not counted and counted.value else ""
    return table_row(
        _(QUEUES[counted.signal]), html.Td(number(counted.value), className="m-num"), oldest, _state(judged.bad)
    )


def _checks(found: Sequence[Reading]) -> Component:
    readings = _of(found, signals.WRONG)
    if not readings:
        return empty_state(
            _("Nothing was checked yet"), _("The timetable checks the installation every 15 minutes."), "checklist"
        )
    words = (state_badge(_("Fine"), "good"), state_badge(_("Warning"), "warn"), state_badge(_("Needs somebody"), "bad"))
    rows = [table_row(_(CHECKS[reading.of]), words[int(reading.value)]) for reading in readings]
    return html.Div(
        [
            table([_("Subject"), _("State")], rows, label=_("Checks")),
            html.P(_("What to do is said by the command: muster check."), className="m-dim m-small installation-note"),
        ]
    )


def _since(seconds: float) -> str:
    """Return "3 minutes ago"."""
    return ago(now() - timedelta(seconds=seconds))
