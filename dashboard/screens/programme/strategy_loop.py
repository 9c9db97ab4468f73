"""Strategy loop, as a guide for newcomers: assess, connect, train, operate, look again.

Each step shows the programme's progress, or what to do first; where the programme of the scenarios was played it also
links to a post worth looking at.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from dash import dcc, html
from dash.development.base_component import Component
from sqlmodel import Session

from dashboard.parts import tags
from dashboard.parts.icon import icon
from dashboard.places import EQUIPMENT, NEEDS, POSTS, TRAINED
from dashboard.wording import N_, _, coded, ngettext, number
from operations.core.people import Actor
from operations.core.permissions import Act, may
from operations.posts import register
from operations.posts.figures import Value
from operations.programme.five_years import Pillar, PillarYear, Years
from scenarios import tour_posts


@dataclass(frozen=True)
class LoopStep:
    """A step: its name, its icon, its link, its purpose, and what to do first where nothing is there."""

    name: str
    icon: str
    href: str
    act: Act
    why: str
    first: str


STEPS = (
    LoopStep(
        N_("Assess"),
        NEEDS.icon,
        NEEDS.href(),
        NEEDS.act,
        N_("What a post lacks, with evidence, and how much it asks today."),
        N_("Register border posts first, then request the assessment of one."),
    ),
    LoopStep(
        N_("Connect"),
        "plug-connected",
        EQUIPMENT.href(),
        EQUIPMENT.act,
        N_("Equipment and links, until the first query and after it."),
        N_("Nothing is planned yet: plan equipment or a link for a post."),
    ),
    LoopStep(
        N_("Train"),
        "school",
        TRAINED.href(),
        TRAINED.act,
        N_("Who is certified, where they work, and where nobody is left."),
        N_("Nobody is certified yet: design a course and hold a run of it."),
    ),
    LoopStep(
        N_("Operate"),
        "flag",
        "/",
        Act.OPERATION_READ,
        N_("An operation at these posts, with their officers and their equipment."),
        N_("No operation yet: plan one, and join its sites to the posts."),
    ),
    LoopStep(
        N_("Look again"),
        "search",
        POSTS.href(),
        POSTS.act,
        N_("Whether practice changed: queries before and after, and the same areas scored again."),
        N_("Count the queries of each month: without them nobody can say whether anything changed."),
    ),
)
_SEEN: tuple[tuple[str, str, str], ...] = (  # (step, example post, label)
    (N_("Assess"), "assessed again", N_("{post}: assessed twice, and what came between")),
    (N_("Connect"), "connected", N_("{post}: a workstation, a link, and the queries after them")),
    (N_("Connect"), "the link is down", N_("{post}: delivered, and the link does not work")),
    (N_("Train"), "trained and moved", N_("{post}: who was trained works elsewhere now")),
    (N_("Operate"), "grew and stayed", N_("{post}: an operation in the middle of five years")),
    (N_("Look again"), "grew and stayed", N_("{post}: before and after can be told")),
    (N_("Look again"), "trained and moved", N_("{post}: nobody can tell")),
)
_TO_QUERIES = ("Look again", "Connect")


def drawn(session: Session, by: Actor, found: Years, values: Sequence[Value]) -> Component:
    """Return the five steps, as far as the reader may take part in them."""
    told = _told(found, values)
    shown = _worth_seeing(session)
    steps = [_step(each, told.get(each.name, ""), shown.get(each.name, [])) for each in STEPS if may(by, each.act)]
    loop = html.Ol(steps, className="loop", **{"aria-label": _("The loop of the strategy")})
    invented = _("Posts of a scenario: the places are real, and every figure of theirs is invented.")
    return html.Div([loop, *([html.P(invented, className="m-dim m-small loop-note")] if shown else [])])


def _step(step: LoopStep, said: str, seen: Sequence[Component]) -> Component:
    return tags.Li(
        dcc.Link([icon(step.icon, 20), html.Strong(_(step.name))], href=step.href, className="loop-name"),
        html.P(said or _(step.first), className="loop-said"),
        html.P(_(step.why), className="m-dim m-small"),
        *([html.Ul(list(seen), className="loop-seen m-small")] if seen else []),
    )


def _told(found: Years, values: Sequence[Value]) -> Mapping[str, str]:
    """Return the progress of each step in words; steps without any are left out."""
    known: dict[str, Value] = {each.figure.name: each for each in values}
    operations = found.cell(Pillar.OPERATIONS)
    certified = known["Certified today"].number or 0
    return {
        "Assess": _part(
            found.cell(Pillar.NEEDS), N_("{part} of {whole} assessments planned for these years are validated.")
        ),
        "Connect": _share(known["Connected posts"], N_("{part} of {whole} posts made a query in the last 30 days.")),
        "Train": ngettext("{n} officer is certified today.", "{n} officers are certified today.", int(certified))
        if certified
        else "",
        "Operate": _part(
            operations, N_("Countries took part to the end {part} times of {whole} that were planned in these years.")
        ),
        "Look again": _share(
            known["Posts that ask more than at first"],
            N_("{part} of {whole} posts ask more than at first, as far as chance can be told from change."),
        ),
    }


def _part(cell: PillarYear, words: str) -> str:
    return _(words, part=number(cell.done), whole=number(cell.planned)) if cell.planned else ""


def _share(value: Value, words: str) -> str:
    if not value.whole:
        return ""
    return _(words, part=number(value.part or 0), whole=number(value.whole))


def _worth_seeing(session: Session) -> Mapping[str, list[Component]]:
    """Return links to examples, by step: only where the programme of the scenarios was played."""
    posts = {each.id: each for each in register.posts(session)}
    known = tour_posts({each.id: each.made_at.date() for each in posts.values()})
    found: dict[str, list[Component]] = {}
    for step, what, words in _SEEN:
        if what not in known:
            continue
        post = posts[known[what]]
        name = f"\u2068{post.name}\u2069 ({coded('CL-COUNTRY', post.country)})"
        link = dcc.Link(_(words, post=name), href=_address(step, post.id), className="m-link")
        found.setdefault(step, []).append(html.Li(link))
    return found


def _address(step: str, post: UUID | Any) -> str:
    return f"/posts/usage?show={post}" if step in _TO_QUERIES else f"/posts?show={post}"
