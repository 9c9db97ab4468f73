"""Work list of a verifier: reports, hits without an answer, and what the four-eyes rule gives to others."""

import json
from collections.abc import Mapping, Sequence

from dash import html
from dash.development.base_component import Component
from sqlmodel import Session

from dashboard import wording
from dashboard.parts.panel import empty_state
from dashboard.parts.report import line_form
from dashboard.parts.report.hit_text import answer_words, kind_words, time_words
from dashboard.screens.verify.bulk_actions import pick, picking
from dashboard.screens.verify.decision import choice_of
from dashboard.server.access import actor
from dashboard.wording import _
from operations.core.permissions import Act, may
from operations.core.vocabulary import ReportState, Role
from operations.lines.kinds import KINDS
from operations.lines.kinds.hit import Hit
from operations.policing.map_plan import places
from operations.policing.operation.plan import Operation
from operations.policing.reports import desk_queries, reports, verification
from operations.policing.reports import states as report_states
from operations.policing.reports.desk_queries import WaitingHit
from operations.policing.reports.reports import Report
from operations.policing.reports.states import Deed

_LATEST = 40
Choice = dict[str, str]  # {"what": report | hit, "id": version, "line": the hit's line}


def _consolidated(session: Session, operation: Operation) -> list[Report]:
    """Return, for an analyst, the latest consolidated reports that can still be returned."""
    if actor().role is not Role.OCU_ANALYST or report_states.obstacle(operation.state, Deed.RETURN) is not None:
        return []
    found = reports.newest(session, operation.id, [ReportState.CONSOLIDATED])
    return [each for each in found if verification.returnable(each, actor())][:_LATEST]


def _hits_waiting(session: Session, operation: Operation) -> list[WaitingHit]:
    """Return the hits that this person may answer: of verified and validated reports by others, grouped by document."""
    return [each for each in _unanswered(session, operation) if verification.may_answer(each.report, actor())]


def _hits_held(session: Session, operation: Operation) -> list[WaitingHit]:
    return [each for each in _unanswered(session, operation) if not verification.may_answer(each.report, actor())]


def _unanswered(session: Session, operation: Operation) -> list[WaitingHit]:
    if report_states.obstacle(operation.state, Deed.ANSWER) is not None or not may(actor(), Act.HIT_CONFIRM):
        return []
    hits = desk_queries.waiting_hits(session, operation.id)
    return desk_queries.side_by_side(hits, desk_queries.document_hits(session, operation.id)) if hits else hits


def _hits_answered(session: Session, operation: Operation) -> list[WaitingHit]:
    """Return the hits whose answer this person may change, in reports by others that were raised with them."""
    if report_states.obstacle(operation.state, Deed.ANSWER) is not None or not may(actor(), Act.HIT_CONFIRM):
        return []
    return [
        hit for hit in desk_queries.answered_hits(session, operation.id) if verification.may_answer(hit.report, actor())
    ]


def order(session: Session, operation: Operation) -> list[Choice]:
    """Return every selectable item, in the order of the list."""
    found: list[Choice] = [_of_report(each) for each in verification.worklist(session, operation.id, actor())]
    return found + [choice_of(each) for each in _hits_waiting(session, operation)]


def _of_report(found: Report) -> Choice:
    return {"what": "report", "id": str(found.id)}


def waiting(session: Session, operation: Operation, chosen: Choice | None) -> list[Component]:
    """Return the lists, one below the other: reports, unanswered hits, items for other eyes, and given answers."""
    sites = {site.id: site.name for site in places.sites(session, operation.id)}
    to_verify = verification.worklist(session, operation.id, actor())
    hits, held_hits = _hits_waiting(session, operation), _hits_held(session, operation)
    held = desk_queries.waiting_for_others(session, operation.id, actor())
    parts: list[Component] = []
    if not to_verify and not hits:
        parts.append(
            empty_state(
                _("All done"), _("Nothing waits for you. New reports appear here by themselves."), "circle-check"
            )
        )
    if to_verify:
        plain = desk_queries.unremarkable(session, to_verify)
        sums = desk_queries.sums_by_kind(session, [report.id for report in to_verify])
        parts += picking(plain)
        boxed = plain if len(plain) > 1 else frozenset()
        items = [
            _item(
                _of_report(report),
                chosen,
                sites.get(report.site_id, ""),
                *_about(report),
                beside=[pick(report, sites.get(report.site_id, ""))] if report.id in boxed else [],
                holds=_holds(sums.get(report.id, {})),
            )
            for report in to_verify
        ]
        parts.append(_group(_("Reports waiting"), items))
    if hits:
        parts.append(
            _group(
                _("Hits waiting for an answer"),
                [
                    _item(
                        choice_of(hit),
                        chosen,
                        sites.get(hit.report.site_id, ""),
                        *_about_hit(hit),
                        again=_again(hit),
                    )
                    for hit in hits
                ],
            )
        )
    if held or held_hits:
        others = [_item(_of_report(each), chosen, sites.get(each.site_id, ""), *_about(each)) for each in held]
        others += [
            _item(choice_of(each), chosen, sites.get(each.report.site_id, ""), *_about_hit(each)) for each in held_hits
        ]
        parts.append(_group(_("Waiting for other eyes"), others))
    if answered := _hits_answered(session, operation):
        items = [
            _item(choice_of(each), chosen, sites.get(each.report.site_id, ""), *_about_answer(each))
            for each in answered
        ]
        here = any(same(choice_of(each), chosen) for each in answered)
        parts.append(_folded(_("Answers recorded"), items, here))
    if consolidated := _consolidated(session, operation):
        items = [_item(_of_report(each), chosen, sites.get(each.site_id, ""), *_about(each)) for each in consolidated]
        here = any(same(_of_report(each), chosen) for each in consolidated)
        parts.append(_folded(_("Consolidated"), items, here))
    return parts


def _folded(title: str, items: Sequence[Component], here: bool) -> Component:
    return html.Details([html.Summary(title), html.Ul(list(items))], className="verify-answered", open=here)


def _group(title: str, items: Sequence[Component]) -> Component:
    return html.Section(
        [html.H2([title, html.Span(wording.number(len(items)), className="verify-count m-num")]), html.Ul(list(items))]
    )


def _about(found: Report) -> tuple[str, str]:
    kind = wording.coded("CL-REPORTKIND", found.kind)
    again = " · " + _("version {number}", number=found.version) if found.version > 1 else ""
    return (
        f"{wording.date(found.official_day)} · {kind}{again}",
        f"{found.author_name} · {wording.ago(found.received_at)}",
    )


def _holds(sums: Mapping[str, int]) -> str:
    """Return what a report holds, such as "Checks 1,420 · Hits 2"; "" for what is not told in a list."""
    return " · ".join(f"{line_form.title(kind)} {wording.number(sums[kind])}" for kind in KINDS if kind in sums)


def _about_hit(waiting: WaitingHit) -> tuple[str, str]:
    again = " · " + _("the same document again") if _again(waiting) else ""
    return kind_words(waiting.line) + again, f"{time_words(waiting)} · {wording.ago(desk_queries.hit_at(waiting.line))}"


def _again(hit: WaitingHit) -> bool:
    """Return whether the hit's document has hit before."""
    return bool(hit.line.attributes.get(Hit.REPEATS))


def _about_answer(answered: WaitingHit) -> tuple[str, str]:
    what, who = _about_hit(answered)
    return what, f"{answer_words(answered.line)} · {who}"


def _item(
    choice: Choice,
    chosen: Choice | None,
    title: str,
    what: str,
    who: str,
    beside: Sequence[Component] = (),
    *,
    holds: str = "",
    again: bool = False,
) -> Component:
    here = {"aria-current": "true"} if same(choice, chosen) else {}
    item = html.Button(
        [
            html.Strong(title),
            html.Span(what),
            *([html.Span(holds, className="m-num")] if holds else []),
            html.Small(who, className="m-dim"),
        ],
        className="verify-item",
        **{"data-ask": json.dumps(choice), "data-version": choice["id"], **here},
    )
    if beside:
        return html.Li([*beside, item], className="verify-picked")
    return html.Li(item, className="verify-again" if again else "")


def same(one: Choice, other: Choice | None) -> bool:
    """Return whether two selections are the same."""
    return other is not None and all(one.get(name) == other.get(name) for name in ("what", "id", "line"))
