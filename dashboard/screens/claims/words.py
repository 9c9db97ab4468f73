"""Texts about claims and their disputed lines."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any
from uuid import UUID

from dash import dcc, html
from dash.development.base_component import Component

from dashboard.parts.panel import facts, panel
from dashboard.parts.report.line_form import FIELDS, LineField
from dashboard.parts.snapshot_figures import text_table
from dashboard.telling.results import led_field, led_fields
from dashboard.wording import UNDEFINED, _, date, joined, language, moment, number, percent
from operations.claims import claim_masters, person_suggestions
from operations.claims.claim_masters import MasterChoice
from operations.claims.claim_pointers import LIFE as LIFE_OF_POINTER
from operations.claims.claim_pointers import Own, PointerState, PointerView
from operations.claims.claim_rows import Claim, ClaimLine
from operations.claims.claim_sides import MATCHED, DisputedLine
from operations.claims.claim_states import LIFE, ONE_EVENT, ClaimState, said_of
from operations.claims.suggestions import GROUNDS
from operations.core import vocabulary
from operations.core.people import Actor
from operations.core.vocabulary import Level
from operations.policing.operation import plan
from operations.policing.reports import event_masters


def numbered(claim: Claim) -> str:
    """Return the number of a claim; claims of persons in several operations are numbered apart."""
    return str(claim.named)


def state_words(claim: Claim, state: str = "") -> str:
    """Return the label of the claim's state, or of an earlier `state`."""
    return _(said_of(claim, LIFE.words[ClaimState(state or claim.state)]))


def kind_words(claim: Claim) -> str:
    """Return the label of the suspicion."""
    return vocabulary.label("CL-CLAIMKIND", claim.kind, language())


def line_words(claim: Claim) -> str:
    """Return the label of the kind of line."""
    return vocabulary.label("CL-LINE", claim.line_kind, language())


def countries_words(codes: Sequence[str]) -> str:
    """Return the names of countries, joined."""
    return joined(sorted(country_words(code) for code in codes))


def country_words(code: str) -> str:
    """Return the name of a country."""
    return vocabulary.label("CL-COUNTRY", code, language())


def role_words(line: ClaimLine, mine: Mapping[UUID, str] | None = None) -> str:
    """Return the role in which a country has its line, with the operation's title where it is one of `mine`."""
    role = vocabulary.label("CL-CLAIMROLE", line.role, language())
    if mine is None:
        return role
    title = mine.get(line.operation_id)
    there = f"\u2068{title}\u2069" if title else _("another operation")
    return _("{role}, in {operation}", role=role, operation=there)


def case_roles() -> list[Any]:
    """Return the options for the roles that countries have in a case led by another, none chosen."""
    roles = vocabulary.options("CL-CLAIMROLE", language())
    return [each for each in roles if each["value"] in ("intelligence", "assisting")]


def likely_words(claim: Claim) -> str:
    """Return the probability that the lines are one event, rounded down: it is never certain."""
    return percent(int(claim.score * 100) / 100, 0)


def grounds_words(claim: Claim) -> str:
    """Return the evidence for the claim."""
    return joined(_(GROUNDS[each]) for each in claim.grounds)


def before_words(found: Sequence[Claim]) -> Component | str:
    """Return earlier claims that disputed one of the same lines, with their outcomes and reasons."""
    if not found:
        return ""
    said = [
        [
            _("Claim {number}: {state}", number=numbered(claim), state=state_words(claim)),
            *([": ", html.Bdi(claim.reason)] if claim.reason else []),
        ]
        for claim in found
    ]
    return html.Ul([html.Li(each) for each in said])


def pointer_panel(shown: PointerView, operation: plan.Operation, acts: Sequence[Component]) -> Component:
    """Return what an operation may read of a claim across several: its own lines, and nothing of the others."""
    pointer, claim = shown.pointer, shown.facts.claim
    own = [(_("Arrest in this operation"), _own(each, operation)) for each in shown.lines]
    said = ""
    if pointer.said_at is not None and pointer.said_name:
        said = _("{name}, {moment}", name=pointer.said_name, moment=moment(pointer.said_at, operation.zone))
    pairs = [
        *own,
        (_("State"), _(LIFE_OF_POINTER.words[PointerState(pointer.state)])),
        (_("Said by"), said),
        (_("Reason"), html.Bdi(pointer.reason) if pointer.reason else ""),
    ]
    why = _(
        "Another operation reports an arrest on the same notice, and no analyst works for both. You see your own side "
        "alone, as the other does. Once both let it, the countries concerned are asked whether it is one person."
    )
    return panel(
        _("Claim {number}: {kind}", number=numbered(claim), kind=kind_words(claim)),
        html.Div([html.P(why, className="m-dim m-small"), facts(pairs), *acts], className="m-stack"),
    )


def _own(own: Own, operation: plan.Operation) -> Component | str:
    """Return a line by its site and day, with a link to its report."""
    if own.report is None or own.day is None:
        return _("does not stand any more")
    said = _("{site}, {day}", site=f"\u2068{own.site}\u2069", day=date(own.day))
    return dcc.Link(said, href=f"/operations/{operation.id}/reports?report={own.report.id}", className="m-link")


def line_name(place: int, line: ClaimLine) -> str:
    """Return the name of a disputed line: its number and country."""
    return _("Line {number}: {country}", number=number(place + 1), country=country_words(line.country))


def leads_words(found: Claim, lines: Sequence[ClaimLine], by: Actor, giving: Collection[tuple[UUID, UUID]]) -> str:
    """Return the fields in which another line than the counted one leads, and whether it does so now."""
    said = led_fields(found.line_kind, claim_masters.told_of(found, lines, by))
    asks = found.state in ONE_EVENT and not {(each.report_id, each.line_id) for each in lines if each.leads} <= {
        *giving
    }
    if not said or not asks:
        return said
    return _(
        "{fields}. Not as long as it stands lower than the line that counts, or does not fit with it.", fields=said
    )


def lead_choices(found: Sequence[MasterChoice], zone: str) -> list[dict[str, str]]:
    """Return the options for leading fields, each with the line's value."""
    return [
        {
            "value": choice.code,
            "label": _(
                "{field}: {said} ({line})",
                field=led_field(choice.side.kind, choice.field),
                said=f"\u2068{_said_of(choice, zone)}\u2069",
                line=line_name(choice.place, choice.side.line),
            ),
        }
        for choice in found
    ]


def _said_of(choice: MasterChoice, zone: str) -> str:
    side = choice.side
    match choice.field:
        case event_masters.COUNT:
            return _count(side)
        case event_masters.PLACE:
            return side.site
        case event_masters.TIME:
            return moment(side.report.period_from, zone) if side.report else UNDEFINED
    return _said(next(each for each in FIELDS[side.kind] if each.name == choice.field), side)


def sides_table(found: Sequence[DisputedLine], zone: str) -> Component:
    """Return the disputed lines side by side: the fields they were matched by, and of the rest those that differ."""
    asked = {field.name: field for field in FIELDS[found[0].kind]}
    apart = len({each.line.operation_id for each in found}) > 1
    matched = {*MATCHED, *person_suggestions.MATCHED}
    here = [each for each in found if each.line.country == found[0].line.country]
    differs = {name for name in asked if len({each.said.get(name) for each in here}) > 1}
    said = [name for name in asked if name in matched | differs and any(each.said.get(name) for each in found)]
    rows = [
        [_("Role"), *(role_words(each.line) for each in found)],
        [_("State"), *(_stands(each) for each in found)],
        *([[_("Operation"), *(each.operation or _("another operation") for each in found)]] if apart else []),
        [_("Site"), *(each.site or UNDEFINED for each in found)],
        *([[_("Official day"), *(date(each.day) if each.day else UNDEFINED for each in found)]] if apart else []),
        [_("From"), *(moment(each.report.period_from, zone) if each.report else UNDEFINED for each in found)],
        [_("Until"), *(moment(each.report.period_to, zone) if each.report else UNDEFINED for each in found)],
        [_("Count"), *(_count(each) for each in found)],
        *([_(asked[name].label), *(_said(asked[name], each) for each in found)] for name in said),
    ]
    heads = ["", *(line_name(place, each.line) for place, each in enumerate(found))]
    return text_table(_("The lines in dispute"), heads, rows)


def _stands(side: DisputedLine) -> str:
    if not side.stands:
        return _("does not stand any more")
    return Level(side.report.level).name if side.report else _("stands")


def _count(side: DisputedLine) -> str:
    if not side.stands:
        return UNDEFINED
    return f"{'' if side.qualifier in ('', '=') else side.qualifier}{number(side.quantity)}"


def _said(field: LineField, side: DisputedLine) -> str:
    code = side.said.get(field.name)
    if code is None:
        return UNDEFINED
    return vocabulary.label(field.codes, code, language()) if field.codes else code
