"""Claims of one operation: possible duplicates, opened by an analyst, answered by countries, and settled here.

A claim that one person was arrested in this operation and in another is shown in each of them.
"""

from collections.abc import Sequence
from datetime import timedelta
from enum import StrEnum
from typing import Any

from dash import ALL, html
from dash.development.base_component import Component
from sqlmodel import Session

from dashboard.frame.interactions import Done, Press, does
from dashboard.frame.life_page import LifePage, Titles, takes
from dashboard.frame.operation_page import OPERATION
from dashboard.frame.verb_buttons import calls
from dashboard.parts.draft_form import DraftForm
from dashboard.parts.file_page import Past, file_page
from dashboard.parts.form import button
from dashboard.parts.form_fields import drawing
from dashboard.parts.listing import Listing
from dashboard.parts.panel import panel
from dashboard.parts.steps import StepIds
from dashboard.places import CLAIMS
from dashboard.screens.claims.words import (
    before_words,
    case_roles,
    countries_words,
    country_words,
    grounds_words,
    kind_words,
    lead_choices,
    leads_words,
    likely_words,
    line_name,
    line_words,
    numbered,
    pointer_panel,
    role_words,
    sides_table,
    state_words,
)
from dashboard.server.access import known_id
from dashboard.wording import N_, _, moment, ngettext, sentence
from operations.claims import claim_masters, claim_pointers, claim_sides, pointer_answers
from operations.claims import claims as verbs
from operations.claims.claim_pointers import LIFE, PointerState
from operations.claims.claim_rows import CLAIM, Claim, claims, judged_before, lines_of, words_of
from operations.claims.claim_states import ANSWER_WITHIN, MOVES, ONE_CASE, ClaimFacts, ClaimState
from operations.core import rows
from operations.core.people import Actor
from operations.core.permissions import Act, may
from operations.policing.operation import plan

NAV = CLAIMS
OPEN, ANSWER = DraftForm("claim-open", verbs.OpenDraft), DraftForm("claim-answer", verbs.ClaimAnswerDraft)
LEAD = DraftForm("claim-lead", claim_masters.MasterDraft)
PAGE = LifePage(
    "claim",
    NAV,
    CLAIM,
    Titles(
        N_("Claims"),
        N_("Claim"),
        N_("All claims"),
        N_("Nothing is suspected to be told twice."),
        N_(
            "Lines of reports that may tell of one event, one case or one person. "
            "People decide; what is one counts once."
        ),
    ),
)
POINTS = StepIds("claim-pointer")
layout = PAGE.layout


class Ids(StrEnum):
    """Element ids of this page."""

    LOOK = "claim-look"
    OPEN = "claim-open"
    ANSWER = "claim-answer"
    COMPARE = "claim-compare"
    SIDES = "claim-sides"
    CHOOSE = "claim-choose"


def looking(_session: Session, operation: plan.Operation, by: Actor) -> list[Component]:
    """Return the button with which the analyst has reports searched for duplicates."""
    if operation.state not in MOVES or not may(by, Act.CLAIM_OPEN, plan.subject(operation)):
        return []
    return [html.Div(button(_("Look for what was told twice"), Ids.LOOK, "plain", "search"))]


def table(session: Session, operation: plan.Operation, _by: Actor) -> Listing[Any]:
    """Return the rows of the list."""
    made = Listing(claims(session, operation.id), lambda each: f"{NAV.href(operation.id)}?show={each.id}")
    made.text("number", _("No."), numbered, flex=0, width=80)
    made.text("kind", _("What is suspected"), kind_words, flex=2, minWidth=190)
    made.text("line", _("Reported as"), line_words, flex=1, minWidth=140)
    made.text("countries", _("Countries"), lambda each: countries_words(each.parties), flex=2, minWidth=160)
    made.text("likely", _("How likely"), likely_words, flex=0, width=120)
    made.text("state", _("State"), state_words, flex=1, minWidth=170)
    made.text(
        "until",
        _("Countries answer until"),
        lambda each: moment(each.until, operation.zone) if each.state == ClaimState.OPEN else "",
        flex=2,
        minWidth=370,
    )
    return made


def pointers(session: Session, operation: plan.Operation, by: Actor) -> list[Component]:
    """Return the suspicions across operations that share no analyst: of each only what this operation may know."""
    if not may(by, Act.CLAIM_OPEN, plan.subject(operation)):
        return []
    return [
        pointer_panel(pointer, operation, POINTS.drawn(pointer.pointer.claim_id, claim_pointers.offers(pointer, by)))
        for pointer in claim_pointers.shown(session, operation.id, by)
    ]


# ------------------------------------------------------------------------------------------------- one in full


def file(session: Session, operation: plan.Operation, by: Actor, shown: str) -> list[Component]:
    """Return what one claim says. Raises NotFound."""
    return _parts(session, operation, by, shown)[:1]


def acts(session: Session, operation: plan.Operation, by: Actor, shown: str) -> list[Component]:
    """Return what can be done about one claim, and its past."""
    return _parts(session, operation, by, shown)[1:]


def _parts(session: Session, operation: plan.Operation, by: Actor, shown: str) -> list[Component]:
    claim = rows.one(session, Claim, known_id(shown))
    known, lines = CLAIM.facts_of(session, claim, by), lines_of(session, [claim.id])[claim.id]
    words = words_of(session, [claim.id]).get(claim.id, [])
    titles = {each.id: each.title for each in plan.operations(session, by)}
    facts = [
        (_("State"), state_words(claim)),
        (_("Reported as"), line_words(claim)),
        (_("Countries"), countries_words(claim.parties)),
        (_("How likely"), likely_words(claim)),
        (_("What speaks for it"), grounds_words(claim)),
        (_("Countries answer until"), moment(claim.until, operation.zone) if claim.state == ClaimState.OPEN else ""),
        *(
            (line_name(place, line), role_words(line, titles if claim.across else None))
            for place, line in enumerate(lines)
        ),
        (_("Where another line leads"), leads_words(claim, lines, by, claim_masters.giving(session, lines))),
        (_("Left the operation"), countries_words(known.left)),
        (_("Looked at before"), before_words(judged_before(session, claim))),
        (_("Reason"), html.Bdi(claim.reason) if claim.reason else ""),
    ]
    past = [
        *(
            Past(step.made_at, state_words(claim, step.state), step.author_name, step.words)
            for step in CLAIM.past(session, claim.id)
        ),
        *(
            Past(
                opinion.said_at,
                _("They are one: {country}", country=country_words(opinion.country))
                if opinion.same
                else _("They are several: {country}", country=country_words(opinion.country)),
                opinion.said_name,
                opinion.words,
            )
            for opinion in reversed(words)
        ),
        *(
            [Past(claim.asked_at, _("Its countries answer anew."), "")]
            if claim.asked_at and claim.asked_at != claim.opened_at
            else []
        ),
        Past(claim.suspected_at, state_words(claim, ClaimState.SUSPECTED), ""),
    ]
    past.sort(key=lambda each: each.at, reverse=True)
    steps = PAGE.steps.drawn(claim.id, verbs.offers(claim, known))
    own = max((each.round for each in words if each.country == by.country), default=0)
    beside = [*_opening(claim, known, lines), *_answering(claim, known, own)]
    return file_page(kind_words(claim), facts, steps, past, operation.zone, beside)


def _comparing(_session: Session, operation: plan.Operation, by: Actor, shown: str) -> list[Component]:
    """Return the side-by-side comparison of the lines, for those who may see them."""
    if not may(by, Act.CLAIM_COMPARE, plan.subject(operation)):
        return []
    said = _("Of another country's line what it was matched by alone. Who looks is written into the access trail.")
    look = button(_("Look at the lines side by side"), {"type": Ids.COMPARE, "of": shown}, "plain", "columns")
    beside = html.Div(id=Ids.SIDES, className="m-stack")
    return [panel(_("The lines in dispute"), html.P(said, className="m-dim m-small"), html.Div(look), beside)]


def _opening(found: Claim, known: ClaimFacts, lines: Any) -> list[Component]:
    """Return the form in which the analyst chooses the line that counts, and opens the claim."""
    if not verbs.may_open(found, known):
        return []
    choices = [{"value": verbs.key_of(line), "label": line_name(place, line)} for place, line in enumerate(lines)]
    send = button(_("Open it for the countries"), {"type": Ids.OPEN, "of": str(found.id)}, "primary", "send")
    said = verbs.suggested(lines)
    offered = {"counts": choices} | ({"role": case_roles()} if found.kind == ONE_CASE else {})
    return [html.Div([*drawing(OPEN, said, choices=offered)(), html.Div(send)], className="m-stack")]


def _answering(found: Claim, known: ClaimFacts, before: int) -> list[Component]:
    """Return the form in which a country says whether the lines are one event, or why it cannot.

    `before`: the time of its last answer.
    """
    if not verbs.may_answer(found, known):
        return [html.P(sentence(each), role="note") for each in verbs.hindered(found, known)]
    send = button(_("Say it"), {"type": Ids.ANSWER, "of": str(found.id)}, "primary", "message")
    again = _(
        "What your country said no longer counts: which line leads has changed, or the claim was opened again. "
        "Answer anew."
    )
    note = [html.P(again, role="note")] if 0 < before < found.round else []
    return [html.Div([*note, *drawing(ANSWER)(), html.Div(send)], className="m-stack")]


# --------------------------------------------------------------------------------------------------- callbacks

PAGE.draws(table, file, between=_comparing, forms=acts, above={"looking": looking, "pointers": pointers})


def _suspected(made: Sequence[Claim]) -> str:
    if not made:
        return _("Nothing more is suspected.")
    return ngettext("{n} claim is suspected.", "{n} claims are suspected.", len(made))


look = calls(Ids.LOOK, verbs.suspect, _suspected, act=Act.CLAIM_OPEN, operation=OPERATION)


@does({"type": Ids.COMPARE, "of": ALL}, act=Act.CLAIM_COMPARE, operation=OPERATION, shows=(Ids.SIDES,))
def compare(press: Press) -> Done:
    """Show the lines in dispute side by side."""
    zone = plan.operation(press.session, press.operation_id, press.by).zone
    found = claim_sides.compare(press.session, press.of, press.by)
    return Done("", shown=([sides_table(found, zone), *_leading(press, found, zone)],))


def _leading(press: Press, found: Sequence[claim_sides.DisputedLine], zone: str) -> list[Component]:
    """Return the form in which the settler lets another line lead for chosen fields; [] where none could."""
    claim, there = rows.one(press.session, Claim, press.of), claim_masters.choices(found)
    if not there or not claim_masters.may_choose(claim, CLAIM.facts_of(press.session, claim, press.by)):
        return []
    codes = {each.code for each in there}
    said = claim_masters.MasterDraft(leads=tuple(sorted(claim_masters.chosen(each.line for each in found) & codes)))
    send = button(_("Let them lead"), {"type": Ids.CHOOSE, "of": str(claim.id)}, "plain", "adjustments")
    fields = drawing(LEAD, said, choices={"leads": lead_choices(there, zone)})()
    return [html.Div([*fields, html.Div(send)], className="m-stack")]


def _opened(made: Claim) -> str:
    days = ANSWER_WITHIN // timedelta(days=1)
    return _("Claim {number} is open: its countries have {days} days to answer.", number=numbered(made), days=days)


def _now(made: Claim) -> str:
    return _("It is now: {state}.", state=state_words(made))


open_it = calls({"type": Ids.OPEN, "of": ALL}, verbs.open_claim, _opened, act=Act.CLAIM_OPEN, form=OPEN)


def _led(made: Claim) -> str:
    return _("Claim {number} is kept so: the lines that were chosen lead.", number=numbered(made))


choose = calls({"type": Ids.CHOOSE, "of": ALL}, claim_masters.choose, _led, act=Act.CLAIM_COMPARE, form=LEAD)
answer = calls({"type": Ids.ANSWER, "of": ALL}, verbs.answer, _now, act=Act.CLAIM_ANSWER, form=ANSWER)
take = takes(PAGE.steps, PAGE.life, verbs.take, Act.CLAIM_READ, _now)


@does(POINTS.buttons, act=Act.CLAIM_OPEN, beside=POINTS.beside, operation=OPERATION)
def say(press: Press) -> Done:
    """Answer for the operation how a suspicion across several operations is resolved."""
    to = PointerState(press.subject["to"])
    pointer_answers.say(press.session, press.of, press.operation_id, to, press.by, press.words)
    return Done(_("It is now: {state}.", state=_(LIFE.words[to])))
