"""Domain figures: key figures counted elsewhere, of incidents (K22), teams (K32, K49) and fugitives (K40 to K47).

The catalogue shows them as of now or as of an entry. For one country they cover the fugitives that it asks for and the
incidents that concern it.
"""

from collections import Counter
from collections.abc import Callable

from operations.catalogue.fugitive_kpis import CATALOGUE, FugitiveKpi, wait_within
from operations.core import history
from operations.core.clock import now
from operations.core.errors import Flaw
from operations.core.field_labels import N_
from operations.core.permissions import Act, may
from operations.core.vocabulary import Role
from operations.figures.breakdowns import Breakdown
from operations.figures.derived_figures import DerivedFigure
from operations.figures.durations import FigureRequest, MeasuredValue
from operations.incidents import consultations
from operations.incidents.rows import SeriousIncident
from operations.policing.fugitives import sweep
from operations.policing.operation import plan
from operations.support import figures as support

MOST = 0.9
CONCLUDED = Flaw("", N_("Counts concluded incidents only; handlers see the open ones."))
FOR_HANDLERS = Flaw("", N_("Told on the page of serious incidents, to those who handle them."))
OF_ALL = Flaw("", N_("Told of the whole operation only, to who reads none of the cases."))


def disclosed_value(beside: DerivedFigure, asked: FigureRequest) -> MeasuredValue:
    """Return the figure as this reader may see it, as of the frame's entry."""
    with history.as_of(asked.session, asked.frame.at):
        return beside.read(asked)


def _incidents(asked: FigureRequest) -> MeasuredValue:
    """Count concluded incidents, for leadership alone: all other roles see single incidents on their page, or none."""
    if asked.by.role is not Role.LEADERSHIP:
        return MeasuredValue(None, (FOR_HANDLERS,), hidden=True)
    known = _concluded(asked)
    sums, days = consultations.sums(known, now()), consultations.days_to_end(asked.session, known)
    notes = [CONCLUDED]
    if days is not None:
        notes.insert(
            0, Flaw("", N_("median {days} days from the report to the final report"), {"days": round(days, 1)})
        )
    if sums.in_time is not None:
        told = {"n": round(sums.in_time * sums.number), "whole": sums.number}
        notes.insert(0, Flaw("", N_("first told within 24 hours: {n} of {whole}"), told))
    return MeasuredValue(sums.number, tuple(notes))


def _concluded(asked: FigureRequest) -> list[SeriousIncident]:
    """Return the concluded incidents of the frame, for leadership: its list shows each with country and category."""
    if asked.by.role is not Role.LEADERSHIP:
        return []
    concluded = consultations.concluded(asked.session, asked.frame.operation, asked.by)
    return [each for each in concluded if each.counted and asked.frame.country in (None, each.concerns)]


def _by_category(asked: FigureRequest) -> Breakdown | None:
    """Return the serious incidents by category (K22), for readers who may see their number."""
    with history.as_of(asked.session, asked.frame.at):
        parts = Counter(each.category for each in _concluded(asked)).most_common()
    return Breakdown("category", "CL-INCIDENT", tuple(parts), 0) if parts else None


def _support(tell: Callable[[support.Figures], MeasuredValue]) -> Callable[[FigureRequest], MeasuredValue]:
    def read(asked: FigureRequest) -> MeasuredValue:
        owner = asked.owner
        if not may(asked.by, Act.SUPPORT_TOTALS, plan.subject(owner)):
            return MeasuredValue(hidden=True)
        return tell(support.figures(asked.session, owner.id, now(), asked.by))

    return read


def _ready(found: support.Figures) -> MeasuredValue:
    ready = found.readiness
    if ready.share is None:
        return MeasuredValue()
    notes = []
    if ready.median_hours is not None:
        notes.append(Flaw("", N_("median {hours} h from the request"), {"hours": round(ready.median_hours, 1)}))
    if ready.most_hours is not None:
        notes.append(Flaw("", N_("9 of 10 within {hours} h"), {"hours": round(ready.most_hours, 1)}))
    if ready.waiting:
        notes.append(Flaw("", N_("still waiting: {count}"), {"count": ready.waiting}))
    return MeasuredValue.share(ready.in_time, ready.due, *notes)


def _served(found: support.Figures) -> MeasuredValue:
    return MeasuredValue.share(found.served.arrived, found.served.asked)


def _cases(tell: Callable[[sweep.SweepNumbers], MeasuredValue]) -> Callable[[FigureRequest], MeasuredValue]:
    """Return a reader of the sums of a sweep, which leadership may see as well."""

    def read(asked: FigureRequest) -> MeasuredValue:
        owner, country = asked.owner, asked.frame.country
        if not may(asked.by, Act.FUGITIVE_SUMS, plan.subject(owner, asked.by.country)):
            return MeasuredValue(hidden=True)
        if country is not None and not may(asked.by, Act.FUGITIVE_READ):
            return MeasuredValue(None, (OF_ALL,), hidden=True)
        return tell(sweep.numbers(asked.session, owner, asked.by, country))

    return read


def _part(
    part: Callable[[sweep.SweepNumbers], int], whole: Callable[[sweep.SweepNumbers], int]
) -> Callable[[FigureRequest], MeasuredValue]:
    def tell(found: sweep.SweepNumbers) -> MeasuredValue:
        return MeasuredValue.share(part(found), whole(found))

    return _cases(tell)


def _targets(found: sweep.SweepNumbers) -> MeasuredValue:
    return MeasuredValue(found.targets) if found.targets or found.left else MeasuredValue()


def _listed(which: FugitiveKpi, *beside: str) -> Callable[[FigureRequest], MeasuredValue]:
    """Return a reader of what is counted case by case, hidden from leadership.

    A share where it has parts; `beside` are the words of the further numbers of a count.
    """

    def read(asked: FigureRequest) -> MeasuredValue:
        owner = asked.owner
        if not may(asked.by, Act.FUGITIVE_READ, plan.subject(owner, asked.by.country)):
            return MeasuredValue(hidden=True)
        if (found := sweep.parts(asked.session, owner, asked.by, asked.frame.country).get(which)) is not None:
            return MeasuredValue.share(*found[0])
        first, *others = sweep.figures(asked.session, owner, asked.by, asked.frame.country)[which]
        notes = [Flaw("", words, {"n": int(n)}) for words, n in zip(beside, others, strict=True) if n is not None]
        return MeasuredValue(first, tuple(notes))

    return read


def _found_within(name: str) -> Callable[[FigureRequest], MeasuredValue]:
    def read(asked: FigureRequest) -> MeasuredValue:
        owner = asked.owner
        if not may(asked.by, Act.FUGITIVE_READ, plan.subject(owner, asked.by.country)):
            return MeasuredValue(hidden=True)
        waits = sweep.waiting_times(asked.session, owner, asked.by, name, asked.frame.country)
        waiting = sum(not over for _days, over in waits)
        notes = [Flaw("", N_("not found yet: {count}, counted as waiting"), {"count": waiting})] if waiting else []
        if (most := wait_within(waits, MOST)) is not None:
            notes.insert(0, Flaw("", N_("9 of 10 within {days} days"), {"days": round(most, 1)}))
        return MeasuredValue(wait_within(waits, 0.5), tuple(notes))

    return read


def _fugitive(
    which: FugitiveKpi,
    read: Callable[[FigureRequest], MeasuredValue],
    digits: int = 1,
    name: str = "",
    also: str = "",
    formula: str = "",
) -> DerivedFigure:
    """Declare a figure as the fugitive catalogue has it; `name`, `also` and `formula` where it has two numbers."""
    said, code = CATALOGUE[which], f"{which.value} {also}".strip()
    return DerivedFigure(
        code,
        name or said.name,
        said.unit,
        formula or said.formula,
        said.caution,
        said.source,
        read,
        digits,
        quote=said.quote,
        misquote=said.misquote,
    )


DOMAIN_FIGURES: dict[str, DerivedFigure] = {
    figure.kpi: figure
    for figure in (
        DerivedFigure(
            "K22",
            N_("Serious incidents"),
            N_("incidents"),
            N_("Number of serious incidents, the share first told within 24 hours, and how long they took."),
            N_("More reports can mean better reporting."),
            "S96 S101",
            _incidents,
            split=_by_category,
            quote=N_("So many serious incidents were concluded."),
            misquote=N_("The operation became more dangerous."),
        ),
        DerivedFigure(
            "K32",
            N_("Deployment readiness"),
            "%",
            N_("Teams on site within 24 hours of the request, divided by the teams that were asked for."),
            N_(
                "The clock runs from the request to the arrival. What was asked for today can still be in time. Teams "
                "that have not come count as waiting."
            ),
            "S81",
            _support(_ready),
            1,
            quote=N_("This share of the teams came within a day of the request."),
            misquote=N_("The teams worked well."),
        ),
        _fugitive(FugitiveKpi.TARGETS, _cases(_targets), 0),
        _fugitive(FugitiveKpi.REVIEW_COVERAGE, _listed(FugitiveKpi.REVIEW_COVERAGE)),
        _fugitive(FugitiveKpi.NEW_INFORMATION, _listed(FugitiveKpi.NEW_INFORMATION)),
        _fugitive(
            FugitiveKpi.RESOLUTION,
            _part(lambda found: found.located, lambda found: found.targets),
            name=N_("Positively located, of the targets"),
            also="b",
            formula=N_("Positively located and not arrested, divided by targets."),
        ),
        _fugitive(FugitiveKpi.ARREST_RATE, _part(lambda found: found.arrested, lambda found: found.targets)),
        _fugitive(FugitiveKpi.TIME_TO_FIND, _found_within("located_at"), name=N_("Time to locate")),
        _fugitive(FugitiveKpi.TIME_TO_FIND, _found_within("arrested_at"), name=N_("Time to arrest"), also="b"),
        _fugitive(FugitiveKpi.SURRENDER_RATE, _part(lambda found: found.surrendered, lambda found: found.arrested)),
        _fugitive(
            FugitiveKpi.APPEAL_YIELD,
            _listed(FugitiveKpi.APPEAL_YIELD, N_("leads sent: {n}"), N_("locations confirmed: {n}")),
            0,
        ),
        DerivedFigure(
            "K49",
            N_("Teams that came"),
            "%",
            N_("Teams that arrived, divided by the teams that were asked for."),
            N_("No request is served more than whole. What it led to is told elsewhere."),
            "S81 S08",
            _support(_served),
            1,
            quote=N_("This share of the teams that were asked for came."),
            misquote=N_("This share of the needs is met."),
        ),
    )
}
"""The domain figures by number in the catalogue (domain 2). Network activity (K48) belongs to the programme's page."""
