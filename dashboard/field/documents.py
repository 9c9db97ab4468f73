"""Documents of the field form: its declarations in one language, and what one officer has to report.

Both are read while there is a network. The service worker keeps the declarations, which are the same for everybody;
the page keeps the work of an officer, encrypted.
"""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from sqlmodel import Session

from dashboard import wording
from dashboard.field import duties
from dashboard.field.device_seals import seal
from dashboard.parts.report.content import wall
from dashboard.screens.reports import form as report_form
from dashboard.wording import _
from operations.core.clock import day_bounds, now, official_day
from operations.core.people import Actor
from operations.core.permissions import Act, may, require
from operations.core.vocabulary import Level, ReportState
from operations.lines.kinds import KINDS
from operations.policing.map_plan import places
from operations.policing.map_plan.places import Site
from operations.policing.operation import plan
from operations.policing.operation.plan import Operation, Phase
from operations.policing.reports import daily_reports, reports
from operations.policing.reports import states as report_states
from operations.policing.reports.reports import Report
from operations.policing.reports.states import Deed

BEFORE, AHEAD = timedelta(days=14), timedelta(days=31)
"""The days that a device knows: so long it works without having been in contact."""


def declarations() -> dict[str, Any]:
    """Return what the form of every report says, and the words of the page, in the language of the request."""
    made = report_form.declarations(list(KINDS))
    return made | {"direction": wording.direction(), "words": made["words"] | words()}


def work(session: Session, by: Actor) -> dict[str, Any]:
    """Return what `by` reports for: the operations, their days and sites, what was sent, tasks, and teams.

    Raises NotPermitted.
    """
    require(by, Act.REPORT_WRITE)
    found = (_operation(session, operation, by) for operation in plan.operations(session, by))
    return {
        "officer": {
            "id": str(by.account_id),
            "name": by.name,
            "language": by.language,
            "locale": wording.locale_code(),
        },
        "seal": seal(by.account_id),
        "at": now().isoformat(),
        "operations": [operation for operation in found if operation],
        "teams": duties.teams(session, by),
        "steps": duties.steps(),
        "stages": duties.stages(),
    }


def _operation(session: Session, operation: Operation, by: Actor) -> dict[str, Any] | None:
    sites = [
        site
        for site in places.sites(session, operation.id)
        if may(by, Act.REPORT_WRITE, plan.subject(operation, site.country, site.id))
    ]
    if not sites or report_states.obstacle(operation.state, Deed.REPORT) is not None:
        return None
    today = official_day(now(), operation.zone, operation.day_cut)
    phases = plan.phases(session, operation.id)
    span = [today - BEFORE + timedelta(days=count) for count in range((BEFORE + AHEAD).days + 1)]
    days = [(day, phase) for day in span if (phase := report_form.phase_of(phases, operation, day))]
    since = {each.site.id: each.since for each in daily_reports.reporting_sites(session, operation)}
    return {
        "id": str(operation.id),
        "title": operation.title,
        "kinds": report_form.kinds_of(operation),
        "phases": report_form.phases(session, operation),
        "days": [_day(operation, day, phase) for day, phase in days],
        "periods": {
            zone: {day.isoformat(): _period(operation, day, zone) for day, _phase in days}
            for zone in sorted({site.zone for site in sites})
        },
        "sites": [_site(session, operation, site, since) for site in sites],
        "tasks": duties.tasks_of_day(session, operation, by),
        "sent": _sent(reports.newest(session, operation.id), {site.id for site in sites}, today - BEFORE),
    }


def _day(operation: Operation, day: date, phase: Phase) -> dict[str, Any]:
    """Return a day: when it begins, its phase, and, where sites report every day, until when."""
    asked = operation.daily_due is not None and phase.kind in daily_reports.REPORTING
    return {
        "day": day.isoformat(),
        "starts": day_bounds(day, operation.zone, operation.day_cut)[0].isoformat(),
        "phase": str(phase.id),
        "due": daily_reports.deadline(operation, day).isoformat() if asked else None,
    }


def _period(operation: Operation, day: date, zone: str) -> list[str]:
    return [wall(moment, zone) for moment in day_bounds(day, operation.zone, operation.day_cut)]


def _site(session: Session, operation: Operation, site: Site, since: Mapping[UUID, date]) -> dict[str, Any]:
    kinds = report_form.kinds_of(operation)
    first = since.get(site.id)
    return {
        "id": str(site.id),
        "name": site.name,
        "country": wording.coded("CL-COUNTRY", site.country),
        "zone": site.zone,
        "since": first.isoformat() if first else None,
        "lines": report_form.offered(session, operation, site),
        **report_form.usual(session, operation, site, kinds, {"lines": []}),
    }


def _sent(found: Sequence[Report], sites: set[UUID], since: date) -> list[dict[str, Any]]:
    return [
        {
            "id": str(report.id),
            "report_id": str(report.report_id),
            "site": str(report.site_id),
            "day": report.official_day.isoformat(),
            "kind": report.kind,
            "level": wording.coded("CL-LEVEL", Level(report.level).name),
            "returned": report.state == ReportState.RETURNED,
        }
        for report in found
        if report.site_id in sites and report.official_day >= since and report.state not in report_form.ENDED
    ]


def words() -> dict[str, str]:
    """Return the texts of the page other than those of the form."""
    return {
        "title": _("Reports without a network"),
        "online": _("Connected"),
        "offline": _("No network"),
        "signed_out": _("Not signed in"),
        "sign_in": _("Sign in"),
        "sign_in_to_send": _("Sign in to send what waits."),
        "nobody": _("Nobody has worked on this device yet. Connect it once and sign in."),
        "no_writer": _("Only those who write reports use this page."),
        "other_officer": _("{name} is signed in. What you write is sent when you are.", name="{name}"),
        "choose_pin": _("Choose a PIN"),
        "pin_why": _("It encrypts what you write on this device. Nobody can look it up: remember it."),
        "pin": _("PIN, six digits or more"),
        "pin_again": _("The same PIN again"),
        "pin_short": _("A PIN has six digits or more."),
        "pin_differs": _("The two PINs differ."),
        "pin_wrong": _("This PIN is wrong. Tries left: {n}. After that, all you wrote here is erased.", n="{n}"),
        "erased": _("Ten wrong PINs: what was kept here is erased."),
        "ended": _("This account was closed or signed out everywhere. What was kept here is erased."),
        "unlock": _("Unlock"),
        "lock": _("Lock now"),
        "somebody_else": _("Somebody else"),
        "waiting_many": _("waiting to be sent"),
        "oldest": _("oldest {age}", age="{age}"),
        "nothing_waits": _("Nothing waits to be sent."),
        "send_now": _("Send now"),
        "to_correct": _("Came back: please correct"),
        "due": _("Due now"),
        "team": _("Your team"),
        "tasks": _("Tasks of today"),
        "done": _("Done"),
        "note": _("Note"),
        "no_names": _("No names of persons."),
        "next_check": _("Check in until {moment}", moment="{moment}"),
        "late_check": _("Check-in overdue since {moment}", moment="{moment}"),
        "no_order": _("Accepted. Wait for the order to go: it appears here."),
        "task_until": _("due {moment}", moment="{moment}"),
        "maps": _("Maps"),
        "open_map": _("Map"),
        "open_sheet": _("Map sheet"),
        "keep_map": _("Keep here"),
        "map_as_of": _("kept, as of {moment}", moment="{moment}"),
        "map_missing": _("not on this device yet"),
        "on_map": _("On this map"),
        "nothing_due": _("Nothing is due now."),
        "until": _("until {moment}", moment="{moment}"),
        "write": _("Write the report"),
        "nothing": _("Nothing to report"),
        "another_day": _("Another report"),
        "site": _("Site"),
        "day": _("Day"),
        "drafts": _("Begun"),
        "waits": _("Waiting"),
        "sent": _("Sent"),
        "returned": _("Returned to you"),
        "correct": _("Correct"),
        "open": _("Open"),
        "needs_network": _("This needs the network."),
        "new_report": _("New report"),
        "correction": _("Correction"),
        "place": _("{site}, {country} · official day {day}", site="{site}", country="{country}", day="{day}"),
        "other_day": _("You are reporting for {day}, not for today.", day="{day}"),
        "kept": _("kept on this device"),
        "needed": _("This field is needed."),
        "no_lines": _("A report needs at least one line. If nothing happened, send a nil report."),
        "gone_wrong": _("This device cannot keep anything: its storage is full or closed."),
        "clock_off": _(
            "The clock of this device is {age} off. Muster keeps both times and the difference.", age="{age}"
        ),
        "as_of": _("As of {moment}", moment="{moment}"),
        "install": _("Install"),
        "install_why": _("Put this page on the home screen: else the browser may erase what waits."),
        "install_apple": _("Tap Share, then Add to Home Screen. Else this device erases what waits after seven days."),
        "file": _("Save what waits as a file"),
        "file_why": _("The file is not encrypted."),
        "take_in": _("Take in a file"),
        "taken_in": _("Taken in: {n}", n="{n}"),
        "not_file": _("This is no file of the field form."),
        "theirs": _("Sent meanwhile by {name}", name="{name}"),
        "mine": _("Yours"),
        "keep_theirs": _("Keep theirs"),
        "correct_theirs": _("Correct theirs with mine"),
        "began_from": _("You began from version {version}. Since then:", version="{version}"),
        "version_by": _("Version {version}, {name}, {moment}", version="{version}", name="{name}", moment="{moment}"),
        "mapped": _("Code lists changed while this report waited. Muster stored these codes in their new form:"),
        "read": _("I have read it"),
        "leave": _("Back to Muster"),
    }
