"""Derived figures: key figures that are not sums of totals, such as nationalities, shares from margins and durations.

Each is declared once, as `kpis` declares those of the board, and read when somebody opens the catalogue.
"""

from collections.abc import Callable
from dataclasses import dataclass, field, replace

from operations.catalogue.definition import Rests
from operations.catalogue.kpis import CATALOGUE, OUTCOMES, RESTS, Kpi
from operations.core import history
from operations.core.errors import Flaw
from operations.core.field_labels import N_
from operations.core.store import unfenced
from operations.core.vocabulary import codes
from operations.disclosure.suppression import guarded
from operations.figures import durations, verification_times
from operations.figures.breakdowns import MINOR, Breakdown
from operations.figures.composition import (
    Composition,
    LineComposition,
    ReportComposition,
    climbed,
    kpi_composition,
)
from operations.figures.durations import FigureRequest, MeasuredValue
from operations.figures.hit_arrests import outside_training
from operations.figures.values import Gap
from operations.totals import margins
from operations.totals.total_steps import read
from operations.totals.totals import Grain


@dataclass(frozen=True)
class DerivedFigure:
    """The declaration of one figure. `digits` after the point; `rests`: the fields without which it is not reliable.

    `of`: the reports that it is made of, for the drill-down; None where it is made of none. `split` returns its
    breakdown, for readers who may see the figure. `quote`: what one may say with it; `misquote`: what not.
    """

    kpi: str
    name: str
    unit: str
    formula: str
    caution: str
    source: str
    read: Callable[[FigureRequest], MeasuredValue]
    digits: int = 0
    rests: tuple[Rests, ...] = ()
    of: Composition | None = None
    split: Callable[[FigureRequest], Breakdown | None] = lambda _asked: None
    quote: str = field(kw_only=True)
    misquote: str = field(kw_only=True)


def disclosed_value(beside: DerivedFigure, asked: FigureRequest) -> MeasuredValue:
    """Return the figure as this reader may see it, as of the frame's entry; hidden where a country is kept back."""
    with history.as_of(asked.session, asked.frame.at):
        return _found(beside, asked)


def _found(beside: DerivedFigure, asked: FigureRequest) -> MeasuredValue:
    if asked.reader.hides(asked.frame.country):
        return MeasuredValue(hidden=True)
    value = declared_value(beside, asked)
    gaps = (_gap(asked, rests) for rests in beside.rests) if value.value is not None else ()
    return replace(value, gaps=tuple(missing for missing in gaps if missing is not None and missing.wide))


def declared_value(beside: DerivedFigure, asked: FigureRequest) -> MeasuredValue:
    """Return the figure without disclosure control. Reads reports, which leadership and auditors may not read."""
    with unfenced(asked.session):
        return beside.read(asked)


def _gap(asked: FigureRequest, rests: Rests) -> Gap | None:
    """Return how much of a field is missing, from the board's totals or from margins; None where it is hidden."""
    if rests in RESTS:
        return asked.board.gaps.get(rests)
    whole, codes = asked.board.figures[Kpi(rests.of)].value, _codes(asked, Kpi(rests.of), rests.by)
    if codes is None or not whole:
        return None
    return Gap(rests, int(whole) - sum(many for code, many in codes.items() if not code.startswith("XX")), int(whole))


# ------------------------------------------------------------------------------------------------- from margins


def _codes(asked: FigureRequest, kpi: Kpi, side: str) -> dict[str, int] | None:
    """Return the amount of each code of a side; None where one is hidden from this reader."""
    found = _side(asked, kpi, side)
    return None if found is None or found.hidden else dict(found.parts)


def _side(asked: FigureRequest, kpi: Kpi, side: str) -> Breakdown | None:
    """Return a side, without parts where no line names a code; None where it is hidden from this reader."""
    figure = asked.board.figures[kpi]
    if figure.hidden:
        return None
    untold = None if figure.value and guarded(kpi, asked.frame, asked.reader) else Breakdown(side, "", (), 0)
    return next((found for found in asked.sides(kpi, side) if found.side == side), untold)


def _nationalities(asked: FigureRequest) -> MeasuredValue:
    found = _side(asked, Kpi.DETECTIONS, "nationality")
    if found is None:
        return MeasuredValue(hidden=True)
    codes = {code for code, _many in found.parts} | found.hidden
    return MeasuredValue(sum(not code.startswith("XX") for code in codes))


def _minors(kpi: Kpi) -> Callable[[FigureRequest], MeasuredValue]:
    def read(asked: FigureRequest) -> MeasuredValue:
        whole = asked.board.figures[kpi].value
        codes = _codes(asked, kpi, MINOR)
        if codes is None:
            return MeasuredValue(hidden=True)
        if not whole:
            return MeasuredValue()
        minors, told = codes.get("yes", 0), sum(codes.values())
        untold = int(whole) - told
        notes = [Flaw("", N_("age not stated: {count}"), {"count": untold})] if untold else []
        return MeasuredValue.share(minors, int(whole), *notes)

    return read


def _after_hits(asked: FigureRequest) -> MeasuredValue:
    """Return persons arrested after a hit for each confirmed hit. Training is in neither, as no hit of it counts."""
    codes, hits = _codes(asked, Kpi.ARRESTS, "after_hit"), asked.board.figures[Kpi.CONFIRMED_HITS]
    if codes is None or hits.hidden:
        return MeasuredValue(hidden=True)
    if not hits.value:
        return MeasuredValue()
    arrested = outside_training(asked, "after_hit")[margins.YES]
    words = N_("arrested after a hit: {n}, confirmed hits: {whole}")
    return MeasuredValue(arrested / hits.value, (Flaw("", words, {"n": arrested, "whole": int(hits.value)}),))


_IN_SLTD = CATALOGUE[Kpi.CONFIRMED_HITS].lines.but("database", {"sltd"})
_FRAUDS = CATALOGUE[Kpi.DOCUMENTS].lines.but("fraud_kind", frozenset(codes("CL-FRAUDKIND")) - margins.UNSAID)


def _documents(asked: FigureRequest) -> MeasuredValue:
    """Count documents that hit and documents seized, from totals: no counted figure covers two kinds of lines."""
    rows = read(asked.session, asked.frame.operation, Grain.COUNTRY, asked.frame.country, (_IN_SLTD.kind, _FRAUDS.kind))
    rows = [row for row in rows if row.level >= asked.frame.level]
    hits, seized = (sum(of.amount(row.facet, row.records, row.quantity) for row in rows) for of in (_IN_SLTD, _FRAUDS))
    return MeasuredValue(
        hits + seized, (Flaw("", N_("after a hit: {hits}, seized: {seized}"), {"hits": hits, "seized": seized}),)
    )


_UNSAID = frozenset(code or "" for code in margins.UNSAID)
_NATIONALITIES = Rests(
    Kpi.DETECTIONS,
    "nationality",
    _UNSAID,
    N_("Detections with a nationality"),
    N_("not reliable: nationality missing in {share} of detections"),
)
_AGES_OF_VICTIMS = Rests(
    Kpi.POTENTIAL_VICTIMS,
    MINOR,
    _UNSAID,
    N_("Potential victims with an age"),
    N_("not reliable: age missing for {share} of potential victims"),
)
_AGES_OF_DETECTIONS = Rests(
    Kpi.DETECTIONS,
    MINOR,
    _UNSAID,
    N_("Detections with an age"),
    N_("not reliable: age missing in {share} of detections"),
)
DERIVED_FIGURES: dict[str, DerivedFigure] = {
    figure.kpi: figure
    for figure in (
        DerivedFigure(
            "K07",
            N_("Time to confirm"),
            N_("hours"),
            N_("Median of the time from a hit to the answer of the issuing country, of all hits (Kaplan-Meier)."),
            N_("Hits without an answer count as waiting until now. Weekends and time zones tell."),
            "I",
            durations.answers,
            1,
            (OUTCOMES,),
            replace(kpi_composition(Kpi.RAW_HITS), again=True),
            quote=N_("Half of all hits are answered within so many hours."),
            misquote=N_("Every hit is answered so soon."),
        ),
        DerivedFigure(
            "K09",
            N_("Documents detected"),
            N_("documents"),
            N_("Confirmed hits on stolen and lost documents, and documents seized for a known kind of fraud."),
            N_(
                "A document that hit and was seized is in both, and one that hit again counts again. Some operations "
                "publish persons instead."
            ),
            "S46 S79",
            _documents,
            rests=(OUTCOMES,),
            of=LineComposition((_IN_SLTD, _FRAUDS), CATALOGUE[Kpi.DOCUMENTS].unit),
            quote=N_("So many documents were found to be lost, stolen or false."),
            misquote=N_("So many persons used such documents."),
        ),
        DerivedFigure(
            "K14",
            N_("Arrests per confirmed hit"),
            N_("per hit"),
            N_("Persons arrested after a hit, divided by confirmed hits. Training is in neither."),
            N_("One hit can lead to several arrests: it may pass 1. A hit on a Blue Notice is no request for arrest."),
            "S54 S55",
            _after_hits,
            2,
            (OUTCOMES,),
            kpi_composition(Kpi.ARRESTS, ("after_hit", margins.YES)),
            quote=N_("For each confirmed hit so many persons were arrested."),
            misquote=N_("This share of the hits led to an arrest."),
        ),
        DerivedFigure(
            "K16",
            N_("Nationalities"),
            N_("nationalities"),
            N_("Number of different nationalities among the detections."),
            N_("Not known is no nationality. Claimed and established ones are not told apart."),
            "S21 S32 S35",
            _nationalities,
            rests=(_NATIONALITIES,),
            of=kpi_composition(Kpi.DETECTIONS),
            quote=N_("Migrants said or showed that they are of so many nationalities."),
            misquote=N_("So many nationalities are established."),
        ),
        DerivedFigure(
            "K19",
            N_("Minors among potential victims"),
            "%",
            N_("Minors divided by all potential victims."),
            N_("Where the age is not stated nobody is taken for an adult: the share is the least that it can be."),
            "S62 S65 S66",
            _minors(Kpi.POTENTIAL_VICTIMS),
            1,
            (_AGES_OF_VICTIMS,),
            kpi_composition(Kpi.POTENTIAL_VICTIMS),
            quote=N_("At least this share of the potential victims are minors."),
            misquote=N_("All the others are adults."),
        ),
        DerivedFigure(
            "K19 b",
            N_("Minors among detections"),
            "%",
            N_("Minors divided by all detections."),
            N_("Where the age is not stated nobody is taken for an adult: the share is the least that it can be."),
            "S62 S67",
            _minors(Kpi.DETECTIONS),
            1,
            (_AGES_OF_DETECTIONS,),
            kpi_composition(Kpi.DETECTIONS),
            quote=N_("At least this share of the detections are of minors."),
            misquote=N_("All the others are adults."),
        ),
        DerivedFigure(
            "K30",
            N_("Leads actioned"),
            "%",
            N_("Leads that a country acted on, divided by those shared with it; and the time to its first answer."),
            N_("Negative is an answer too. Leads without an answer count as waiting until now."),
            "S14 S52",
            durations.leads,
            1,
            quote=N_("Countries acted on this share of the leads shared with them."),
            misquote=N_("This share of the leads was right."),
        ),
        DerivedFigure(
            "K34",
            N_("Timeliness"),
            "%",
            N_("Reports of single events that were written within 24 hours after the event, divided by all of them."),
            N_(
                "When the authority learnt of the event is not recorded: its end stands in its place. Events of the "
                "last 24 hours are not counted yet: those told late are not known."
            ),
            "S104",
            durations.timely,
            1,
            of=ReportComposition(lambda asked: dict.fromkeys((each.id for each in durations.of_events(asked)), 1)),
            quote=N_("This share of single events was written down within a day."),
            misquote=N_("Headquarters knew of them within a day."),
        ),
        DerivedFigure(
            "K35",
            N_("Until locally verified"),
            N_("hours"),
            N_("Median of the time from a report's arrival to its verification (V1 to V2), by Kaplan-Meier."),
            N_("Night shifts tell. Reports that wait count as waiting until now."),
            "S90",
            durations.climbed(verification_times.VERIFY, None),
            1,
            of=climbed(verification_times.VERIFY, None),
            quote=N_("Half of all reports are verified within so many hours."),
            misquote=N_("A report waits so long at most."),
        ),
        DerivedFigure(
            "K35 b",
            N_("Until nationally validated"),
            N_("hours"),
            N_("Median of the time from verification to validation (V2 to V3), by Kaplan-Meier."),
            N_("Office hours of national coordinators tell. Reports that wait count as waiting until now."),
            "S90",
            durations.climbed(verification_times.VALIDATE, verification_times.VERIFY),
            1,
            of=climbed(verification_times.VALIDATE, verification_times.VERIFY),
            quote=N_("Half of the verified reports are validated within so many hours."),
            misquote=N_("National coordinators work so slowly: they have office hours."),
        ),
        DerivedFigure(
            "K35 c",
            N_("Until consolidated"),
            N_("hours"),
            N_("Median of the time from validation to consolidation (V3 to V4), by Kaplan-Meier."),
            N_(
                "Most is consolidated once the operational phase is over. Reports that wait count as waiting until now."
            ),
            "S90",
            durations.climbed(verification_times.CONSOLIDATE, verification_times.VALIDATE),
            1,
            of=climbed(verification_times.CONSOLIDATE, verification_times.VALIDATE),
            quote=N_("Half of the validated reports are consolidated within so many hours."),
            misquote=N_("The operation was late by so much."),
        ),
        DerivedFigure(
            "K36",
            N_("Correction rate"),
            "%",
            N_("Lines that a correction changed, added or took out, divided by all lines."),
            N_(
                "Late corrections are quality, not failure. The answer to a hit corrects nothing. "
                "Lines about persons are left out: their number would tell of them."
            ),
            "S97",
            durations.corrected,
            1,
            of=ReportComposition(lambda asked: durations.corrections(asked)[0], lines=True),
            quote=N_("This share of the lines was corrected."),
            misquote=N_("This share of the lines is wrong."),
        ),
    )
}
"""The derived figures by their number in the catalogue (domain 2), in its order."""
