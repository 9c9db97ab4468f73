"""View of a connection plan: the question, the posts with their gains, alternative plans, and excluded posts."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from uuid import UUID

from dash import dcc, html
from dash.development.base_component import Component
from sqlmodel import Session

from dashboard.parts.answer import stored_sentence
from dashboard.parts.file_page import Past, file_page
from dashboard.parts.panel import panel
from dashboard.parts.table import table, table_row
from dashboard.places import LINKS
from dashboard.wording import UNDEFINED, _, coded, joined, number, percent
from operations.core.vocabulary import JobState
from operations.infrastructure import links
from operations.infrastructure.rows import LINKS as LIFE
from operations.infrastructure.rows import Link
from operations.posts import register
from operations.programme import connections
from operations.programme.connection_rows import ConnectionPlan
from operations.programme.connections import EXCLUSION_REASONS, ConnectionCandidate, ExcludedPost, link_of


def state_words(found: ConnectionPlan) -> str:
    """Return the state of a plan, and for a computed one whether it is proved optimal."""
    if found.state == JobState.DONE:
        return _("Proven the best") if _proven(found) else _("Made, not proven")
    return coded("CL-JOBSTATE", found.state)


def _proven(found: ConnectionPlan) -> bool:
    return bool(found.result["bound"] <= found.result["worth"])


def drawn(session: Session, found: ConnectionPlan, acts: list[Component]) -> list[Component]:
    """Return the whole file."""
    posts = connections.candidates(found)
    names = {str(key): name for key, name in register.names(session, map(UUID, [*posts, *found.basis["left"]])).items()}
    made = {str(each.id): each for each in links.links(session)} if found.adopted else {}
    currency = found.question["currency"]
    title = _("{budget} {currency}", budget=number(found.question["budget"]), currency=currency)
    told = [*_asked(found), *(_answer(found, posts) if found.result else [])]
    failed = stored_sentence(found.failure)
    alert = [html.P(failed, role="alert")] if failed else []
    parts = [*file_page(title, told, acts, _past(found), "UTC"), *alert]
    if found.result:
        parts += [
            panel(_("Posts to connect"), _chosen(found, posts, names, made), flush=True),
            *_others(found, posts, names),
            panel(_("By country"), _countries(found, posts), flush=True),
        ]
    return [*parts, *_left(found, names)]


def _past(found: ConnectionPlan) -> list[Past]:
    """Return its history, newest first."""
    adopted = [Past(found.adopted_at, _("Adopted"), found.adopted_name)] if found.adopted_at else []
    ended = [Past(found.finished_at, state_words(found), "Muster")] if found.finished_at else []
    return [*adopted, *ended, Past(found.asked_at, _("Asked"), found.author_name)]


def _asked(found: ConnectionPlan) -> Iterator[tuple[str, str]]:
    asked = found.question
    yield _("State"), state_words(found)
    areas = joined(coded("CL-NEEDAREA", each) for each in asked["areas"])
    yield _("Costs that count"), areas
    yield _("Traffic and gaps count"), f"{percent(asked['traffic'] / 100)} : {percent(1 - asked['traffic'] / 100)}"
    if asked["share"] < 100:
        yield _("Most for one country"), percent(asked["share"] / 100)
    if asked["floor"]:
        where = _("in as many countries as possible") if asked["widest"] else _("in every country")
        yield _("Posts at least"), f"{number(asked['floor'])} · {where}"
    yield _("Posts that need works first"), _("yes") if asked["works"] else _("no")


def _answer(found: ConnectionPlan, posts: Mapping[str, ConnectionCandidate]) -> Iterator[tuple[str, str]]:
    result, chosen = found.result, [posts[each] for each in found.result["plan"]]
    spent = percent(result["cost"] / found.question["budget"])
    yield _("Posts to connect"), _("{count} of {whole}", count=number(len(chosen)), whole=number(len(posts)))
    cost = _money(result["cost"], found)
    yield _("Cost"), _("{cost}, {share} of the budget", cost=cost, share=spent)
    yield _("Traffic covered"), _of(chosen, posts.values(), "traffic", _("persons a day"))
    yield _("Gaps covered"), _of(chosen, posts.values(), "gap", "")
    yield (
        _("No plan is worth more than"),
        percent(result["bound"] / result["worth"] - 1, 2) if not _proven(found) else _("this one: proven"),
    )
    yield _("By worth for money alone"), _("{share} less", share=_less(result["worth"] - result["greedy"], found))
    unknown = sum(each.traffic is None for each in posts.values())
    if unknown:
        yield _("Traffic not known"), _("{count}, counted as if nobody passed", count=number(unknown))


def _of(chosen: Iterable[ConnectionCandidate], every: Iterable[ConnectionCandidate], name: str, unit: str) -> str:
    part, whole = (sum(getattr(each, name) or 0 for each in some) for some in (chosen, every))
    if not whole:
        return UNDEFINED
    told = _("{count} of {whole}", count=number(part), whole=number(whole)) if unit else ""
    return " · ".join(each for each in (percent(part / whole), f"{told} {unit}".strip()) if each)


def _money(cost: int, found: ConnectionPlan) -> str:
    return f"{number(cost)} {found.question['currency']}"


def _less(worth: int, found: ConnectionPlan) -> str:
    """Return a share of the plan's worth; very small ones are not rounded to zero."""
    return percent(worth / found.result["worth"], 2)


# --------------------------------------------------------------------------------------------------------- tables


def _chosen(
    found: ConnectionPlan, posts: Mapping[str, ConnectionCandidate], names: Mapping[str, str], made: Mapping[str, Link]
) -> Component:
    others = [set(each["plan"]) for each in found.result["alternatives"]]
    head = [
        *(_("Post"), _("Country"), _("Cost"), _("Persons a day"), _("Readiness that is missing")),
        *(_("Works come first"), _("Lost without it"), _("In how many alternatives")),
        *([_("Link")] if made else []),
    ]
    rows = []
    for ident in found.result["plan"]:
        each = posts[ident]
        link = made.get(str(link_of(found.id, ident)))
        rows.append(
            table_row(
                dcc.Link(html.Bdi(names.get(ident, ident[:8])), href=f"/posts?show={ident}"),
                coded("CL-COUNTRY", each.country),
                _num(_money(each.cost, found)),
                _num(number(each.traffic)),
                _num(UNDEFINED if each.gap is None else percent(each.gap)),
                _("yes") if each.works else _("no"),
                _num(_loss(found, ident)),
                _num(_("{count} of {whole}", count=number(sum(ident in one for one in others)), whole=len(others))),
                *([_link(link)] if made else []),
            )
        )
    return table(head, rows, label=_("Posts to connect"))


def _num(words: str) -> Component:
    return html.Td(words, className="m-num")


def _link(link: Link | None) -> Component:
    if link is None:
        return html.Td(UNDEFINED)
    return html.Td(dcc.Link(_(LIFE.words[LIFE.now(link)]), href=f"{LINKS.href()}?show={link.id}"))


def _loss(found: ConnectionPlan, ident: str) -> str:
    """Return what is lost without a post: a range between the certain and the possible loss where these differ."""
    least, most = found.result["losses"][ident]
    if most is None:
        return _("no plan keeps the rules")
    if least == most:
        return _less(most, found)
    return _("{least} to {most}", least=_less(least, found), most=_less(most, found))


def _others(
    found: ConnectionPlan, posts: Mapping[str, ConnectionCandidate], names: Mapping[str, str]
) -> list[Component]:
    alternatives = found.result["alternatives"]
    if not alternatives:
        return []
    best = set(found.result["plan"])

    def named(some: Iterable[str]) -> Component:
        return html.Td(html.Bdi(joined(names.get(each, each[:8]) for each in some) or UNDEFINED))

    rows = [
        table_row(
            _("Alternative {number}", number=at),
            _num(_("{share} less", share=_less(found.result["worth"] - alternative["worth"], found))),
            _num(_money(alternative["cost"], found)),
            named(one for one in found.result["plan"] if one not in alternative["plan"]),
            named(one for one in alternative["plan"] if one not in best),
        )
        for at, alternative in enumerate(alternatives, start=1)
    ]
    head = [_("Plan"), _("Worth"), _("Cost"), _("Without"), _("Instead")]
    note = _("Each leaves out at least a quarter of the posts of every plan before it.")
    return [
        panel(_("Plans that are almost as good"), table(head, rows, label=_("Alternatives")), flush=True, note=note)
    ]


def _countries(found: ConnectionPlan, posts: Mapping[str, ConnectionCandidate]) -> Component:
    chosen, cost = Counter[str](), Counter[str]()
    for ident in found.result["plan"]:
        chosen[posts[ident].country] += 1
        cost[posts[ident].country] += posts[ident].cost
    asked = Counter(each.country for each in posts.values())
    rows = [
        table_row(
            coded("CL-COUNTRY", country),
            _num(_("{count} of {whole}", count=number(chosen[country]), whole=number(count))),
            _num(_money(cost[country], found)),
            _num(percent(cost[country] / found.question["budget"])),
        )
        for country, count in sorted(asked.items())
    ]
    return table([_("Country"), _("Posts"), _("Cost"), _("Of the budget")], rows, label=_("By country"))


def _left(found: ConnectionPlan, names: Mapping[str, str]) -> list[Component]:
    """Return the posts that were excluded, by reason."""
    by_reason: dict[str, list[str]] = {}
    for ident, why in found.basis["left"].items():
        by_reason.setdefault(why, []).append(names.get(ident, ident[:8]))
    if not by_reason:
        return []
    rows = [
        table_row(
            _(EXCLUSION_REASONS[ExcludedPost(why)]), _num(number(len(some))), html.Td(html.Bdi(joined(sorted(some))))
        )
        for why, some in sorted(by_reason.items(), key=lambda each: -len(each[1]))
    ]
    told = table([_("Reason"), _("Posts"), _("Which")], rows, label=_("Not in question"))
    return [panel(_("Not in question"), told, flush=True)]
