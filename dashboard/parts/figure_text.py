"""Text of a figure for its reader: number and unit, notes needed to read it, and its components. Pure functions."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from dashboard.wording import UNDEFINED, _, date, hour, joined, moment, ngettext, number, percent, span
from dashboard.wording import rate as rate_number
from operations.catalogue.definition import ShareFigure, SitesHeard, UnitFigure
from operations.catalogue.intervals import IntervalRate
from operations.catalogue.kpis import CATALOGUE, COUNTED, Kpi
from operations.catalogue.line_selection import CountingUnit
from operations.core import vocabulary
from operations.core.clock import official_day
from operations.core.clock import zone as time_zone
from operations.core.vocabulary import Level
from operations.disclosure import small_numbers
from operations.disclosure.releases import EarlierNumber
from operations.figures.board import FigureBoard
from operations.figures.release_ages import ReleaseAges
from operations.figures.values import Figure, Gap, Unrated
from operations.results.restatements import CLAIMED, LEFT, REOPENED, TAKEN_OUT, WITHDRAWN, Restated

SPARK_DAYS = 14
WHOLE = "operation"


@dataclass(frozen=True)
class Tile:
    """The texts of a tile; "" where one is left out. `trend` are pairs of official day and count, None if hidden.

    `parts` are the figure's components by name, shown with the definition; `more` counts those without room on the
    tile. `released` says why a guarded figure moves in releases, and since when it is unchanged. `at` is the time as of
    which it is read, to the minute in the operation's zone (ISO 8601); `status` is a code of CL-STATUS; `of` is the
    country whose share it is, or WHOLE. `interval` is that of a share of few, and one of the notes. `reached` is the
    share of the goal in per cent, None where it is not disclosed.
    """

    kpi: Kpi
    name: str
    number: str
    unit: str
    level: Level
    as_of: str
    at: str
    status: str
    notes: tuple[str, ...] = ()
    change: tuple[str, ...] = ()
    unverified: str = ""
    why: str = ""
    trend: tuple[tuple[str, int | None], ...] = ()
    goal: str = ""
    reached: int | None = None
    restated: str = ""
    unreliable: str = ""
    parts: tuple[tuple[str, str], ...] = ()
    more: str = ""
    released: str = ""
    interval: str = ""
    of: str = WHOLE

    @property
    def caveats(self) -> tuple[str, ...]:
        """The warnings that go with the number everywhere: not reliable, restated."""
        return tuple(said for said in (self.unreliable, self.restated) if said)

    @property
    def remarks(self) -> tuple[str, ...]:
        """All that must be known to read the number: the warnings, why it is hidden, or why it stands still."""
        return (*self.caveats, *filter(None, [self.why or self.released]))


def hidden_count() -> str:
    """Return the text of a count that is hidden because it is small: "<11"."""
    return f"<{number(small_numbers.K)}"


def tile(
    figure: Figure,
    board: FigureBoard,
    language: str,
    *,
    live: bool = True,
    aim: int | None = None,
    over: bool = False,
    restated: Restated | None = None,
) -> Tile:
    """Return the texts of a figure. `live`: the reader may know what waits below the level, or that it is hidden.

    `aim` is the operation's goal. `over`: reporting is over, so nothing is shown of today or of silent sites.
    `restated`: the difference from the figure last exported.

    A large sum that is hidden because it would disclose other numbers is never called "fewer than 11".
    """
    definition = CATALOGUE[figure.kpi]
    counted = figure.kpi in COUNTED
    level = definition.level or board.frame.level
    unasked = over and isinstance(definition.measure, SitesHeard)
    return Tile(
        figure.kpi,
        name=_(definition.name),
        number=UNDEFINED if unasked else _number(figure),
        unit=_unit(figure, language),
        level=level,
        as_of=_as_of(figure, board),
        at=minute(_since(figure, board), board.frame.zone),
        status="restated" if restated is not None else status_of(level),
        notes=(_("reporting is over"),)
        if unasked
        else (*_notes(figure), *share_range(figure.interval), *_claims(figure, language)),
        change=(() if over else _change(figure)) if counted else (*_divided(figure, language), *_shares(figure)),
        unverified=_unverified(figure) if counted and live else "",
        why=" ".join(filter(None, [_why(figure), earlier_words(figure.earlier, board.frame.zone)])),
        released=released_words(figure, board.frame.zone),
        trend=spark_days(figure.trend, _today(board)),
        goal="" if aim is None or unasked else _goal(figure, aim, level),
        reached=None if aim is None or unasked else _reached(figure, aim),
        restated=restated_words(restated, board.frame.zone, language) if restated is not None else "",
        unreliable=unreliable_words(figure.gaps),
        parts=_parts(figure, language),
        more=_more(figure),
        interval="" if unasked else "".join(share_range(figure.interval)),
        of=board.frame.country or WHOLE,
    )


def spark_days(trend: tuple[tuple[str, int | None], ...], today: str) -> tuple[tuple[str, int | None], ...]:
    """Return the last official days up to today without gaps: a day without results is 0, a hidden one None.

    An operation that is over ends on its last day with results, not today.
    """
    if not trend:
        return ()
    known = dict(trend)
    last = max(known)
    first = datetime.fromisoformat(max(min(known), _earlier(last, SPARK_DAYS - 1)))
    if _earlier(today, SPARK_DAYS) < last < today:
        last = today
        first = max(first, datetime.fromisoformat(_earlier(last, SPARK_DAYS - 1)))
    days = [
        (first + timedelta(days=step)).date().isoformat()
        for step in range((datetime.fromisoformat(last) - first).days + 1)
    ]
    return tuple((day, known.get(day, 0)) for day in days)


# ----------------------------------------------------------------------------------------------------- inside


def amount_words(unit: str, quantity: int, language: str) -> tuple[str, str]:
    """Return an amount and its unit in words: masses in kg, money with its currency code."""
    if unit == "g":
        return number(quantity / 1000, 0 if quantity % 1000 == 0 else 3), vocabulary.label("CL-UNIT", "kg", language)
    known = unit in vocabulary.code_list("CL-UNIT")
    return number(quantity), vocabulary.label("CL-UNIT", unit, language) if known else unit


def _unit(figure: Figure, language: str) -> str:
    """Return the unit of a figure; where amounts are never added up, the unit and label of the first."""
    measure = CATALOGUE[figure.kpi].measure
    if not isinstance(measure, UnitFigure) or not figure.apart:
        return _(CATALOGUE[figure.kpi].unit)
    first = figure.apart[0]
    unit = amount_words(first.unit, first.quantity, language)[1]
    what = vocabulary.label(measure.listed, first.code, language)
    return what if first.unit == "count" else f"{unit} · {what}"


def _number(figure: Figure) -> str:
    if figure.hidden:
        return hidden_count() if figure.few else _("hidden")
    if figure.value is None:
        return UNDEFINED
    if CATALOGUE[figure.kpi].counting is CountingUnit.RATE:
        return rate_number(figure.value)
    if figure.apart:
        return amount_words(figure.apart[0].unit, figure.apart[0].quantity, "en")[0]
    if figure.qualifier:
        return f"\u2066{figure.qualifier}\u202f{number(figure.value)}\u2069"
    return number(figure.value, 1 if CATALOGUE[figure.kpi].counting is CountingUnit.SHARE else 0)


def _notes(figure: Figure) -> tuple[str, ...]:
    """Return numerator and denominator, or the pending count; of a rate the interval of the first database."""
    measure = CATALOGUE[figure.kpi].measure
    if isinstance(measure, SitesHeard) or (isinstance(measure, ShareFigure) and figure.of):
        return (_(measure.whole, part=number(figure.part or 0), whole=number(figure.of or 0)),)
    if figure.pending:
        return (_("{count} pending", count=number(figure.pending)),)
    if figure.rates:
        return (interval_words(next(iter(figure.rates.values()))),)
    if figure.without_rate:
        more = len(figure.without_rate)
        return (ngettext("{n} database without a rate", "{n} databases without a rate", more),)
    return ()


def _claims(figure: Figure, language: str) -> tuple[str, ...]:
    """Return the count under review, a country's roles in results that count elsewhere, and the total reported."""
    if figure.review is None:
        said = [_("under review")]
    else:
        said = [_("± {count} under review", count=number(figure.review))] if figure.review else []
    for role, count in figure.elsewhere.items():
        named = vocabulary.label("CL-CLAIMROLE", role, language)
        said.append(_("and {count} in another role. {role}", count=number(count), role=named))
    if figure.files:
        said.append(_(CATALOGUE[figure.kpi].files, count=number(figure.files)))
    return tuple(said)


def _goal(figure: Figure, aim: int, level: Level) -> str:
    """Return the goal and the share reached, rounded down; for a hidden number only the goal, to disclose nothing.

    Only validated results (V3 and above) count towards a goal, whatever lower level the board shows.
    """
    unit = "\u202f%" if CATALOGUE[figure.kpi].counting is CountingUnit.SHARE else ""
    goal = f"\u2068{number(aim)}{unit}\u2069"
    if (reached := _reached(figure, aim)) is None:
        return _("goal {goal}", goal=goal)
    share = f"\u2068{percent(reached / 100, 0)}\u2069"
    if CATALOGUE[figure.kpi].level or level >= Level.V3:
        return _("goal {goal} · {share}", goal=goal, share=share)
    return _("goal {goal} · {level}: {share}", goal=goal, share=share, level=Level.V3.name)


def _reached(figure: Figure, aim: int) -> int | None:
    """Return the share of the goal that is reached in per cent, rounded down; None for a hidden number."""
    return None if figure.hidden or figure.validated is None else int(figure.validated / aim * 100)


def interval_words(rate: IntervalRate) -> str:
    """Return the exact 95 % interval of a rate per million: "95 %: 586–3,005"."""
    low, high = rate.interval
    return _("95 %: {range}", range=f"\u2068{rate_number(low)}–{rate_number(high)}\u2069")


def share_range(interval: tuple[float, float] | None) -> tuple[str, ...]:
    """Return the 95 % interval of a share of few in words: "95 %: 30–95 %"; () where there is none."""
    if interval is None:
        return ()
    low, high = interval
    return (_("95 %: {range}", range=f"\u2068{number(low, 0)}–{percent(high / 100, 0)}\u2069"),)


def rate_words(database: str, rate: IntervalRate, language: str) -> tuple[str, str]:
    """Return numerator and denominator, "7 of 4,800", and the name of the database."""
    divided = _("{hits} of {checks}", hits=number(rate.count), checks=number(rate.of))
    return divided, vocabulary.label("CL-DB", database, language)


def _divided(figure: Figure, language: str) -> tuple[str, ...]:
    """Return numerator and denominator of a rate."""
    return rate_words(*next(iter(figure.rates.items())), language) if figure.rates else ()


def _shares(figure: Figure) -> tuple[str, ...]:
    """Return the share of the second part, and those of further parts that are not zero."""
    measure = CATALOGUE[figure.kpi].measure
    if not isinstance(measure, ShareFigure) or not figure.of:
        return ()
    return tuple(
        _(part.beside, share=f"\u2068{percent(figure.parts[part.name] / figure.of)}\u2069")
        for place, part in enumerate(measure.parts)
        if place == 1 or (place > 1 and figure.parts[part.name])
    )


def _parts(figure: Figure, language: str) -> tuple[tuple[str, str], ...]:
    """Return every database of a rate, with or without one; all parts of a share; a count by its codes."""
    definition = CATALOGUE[figure.kpi]
    if isinstance(definition.measure, UnitFigure):
        listed = definition.measure.listed
        return tuple(
            (
                vocabulary.label(listed, amount.code, language),
                "\u2068{} {}\u2069".format(*amount_words(amount.unit, amount.quantity, language)),
            )
            for amount in figure.apart
        )
    if definition.split:
        codes = definition.split[1]
        return tuple((vocabulary.label(codes, code, language), number(count)) for code, count in figure.parts.items())
    if figure.of and figure.parts:
        return tuple(
            (_(name), f"\u2068{number(count)}\u2069 · \u2068{percent(count / figure.of)}\u2069")
            for name, count in figure.parts.items()
        )
    rated = []
    for database, rate in figure.rates.items():
        divided, name = rate_words(database, rate, language)
        per_thousand = _("{rate} per thousand", rate=f"\u2068{rate_number(rate.per_thousand)}\u2069")
        per_million = _("{rate} per million", rate=f"\u2068{rate_number(rate.per_million)}\u2069")
        rated.append((name, " · ".join((divided, per_thousand, per_million, interval_words(rate)))))
    return (*rated, *(_unrated(each, language) for each in figure.without_rate))


def _more(figure: Figure) -> str:
    """Return the number of databases or amounts besides the one on the tile; all are shown with the definition."""
    if len(figure.apart) > 1:
        return ngettext("{n} more amount", "{n} more amounts", len(figure.apart) - 1)
    more = len(figure.rates) + len(figure.without_rate) - 1
    return ngettext("{n} more database", "{n} more databases", more) if figure.rates and more > 0 else ""


def _unrated(each: Unrated, language: str) -> tuple[str, str]:
    """Return why the hits of a database have no rate."""
    hits = ngettext("{n} hit", "{n} hits", each.hits)
    if not each.blanket:
        why = _("no rate: nobody reported a query")
    else:
        why = _(
            "no rate: {gates} queries of e-gates and batches, {others} of others, and hits do not say which",
            gates=f"\u2068{number(each.blanket)}\u2069",
            others=f"\u2068{number(each.others)}\u2069",
        )
    return vocabulary.label("CL-DB", each.database, language), f"{hits} · {why}"


def _change(figure: Figure) -> tuple[str, ...]:
    if figure.hidden or figure.released or (not figure.trend and not figure.value):
        return ()
    today, yesterday = (
        _("hidden") if count is None else f"\u2068+{number(count)}\u2069" for count in (figure.today, figure.yesterday)
    )
    return _("{count} today", count=today), _("{count} yesterday", count=yesterday)


def _unverified(figure: Figure) -> str:
    waits = [ngettext("{n} correction waits", "{n} corrections wait", figure.corrections)] if figure.corrections else []
    if figure.unverified is None:
        return " · ".join([_("unverified: hidden"), *waits])
    found = [_("{count} unverified", count=number(figure.unverified))] if figure.unverified else []
    return " · ".join((*found, *waits))


def unreliable_words(gaps: Sequence[Gap]) -> str:
    """Return why a figure is not reliable: "not reliable: outcome missing in 48 % of hits"; "" where it is."""
    return "; ".join(_(gap.rests.words, share=f"\u2068{percent(gap.share, 0)}\u2069") for gap in gaps)


def restated_words(found: Restated, zone: str, language: str) -> str:
    """Return how a figure differs from the one last exported, when and why: "restated +1 on 27 May 2026, ..."."""
    named = {
        WITHDRAWN: _("withdrawn"),
        TAKEN_OUT: _("taken out"),
        CLAIMED: _("counted with another report"),
        REOPENED: _("a claim is open again"),
        LEFT: _("taken along by a country that left"),
    }
    reasons = [named.get(code) or vocabulary.label("CL-CORRECTION", code, language) for code in found.reasons]
    on = date(found.at.astimezone(time_zone(zone)).date())
    why = joined(reasons)
    if not found.by:  # hidden, or only its parts changed
        return _("restated on {date}: {reasons}", date=on, reasons=why)
    delta = f"\u2066{'+' if found.by >= 0 else '−'}{number(abs(found.by))}\u2069"
    return _("restated {delta} on {date}: {reasons}", delta=delta, date=on, reasons=why)


def minute(when: datetime, zone: str) -> str:
    """Return a time to the minute in a zone (ISO 8601)."""
    return when.astimezone(time_zone(zone)).isoformat(timespec="minutes")


def status_of(level: Level) -> str:
    """Return the status of a live figure as a code of CL-STATUS."""
    return "preliminary" if level in (Level.V3, Level.V4) else "live_unverified"


def _since(figure: Figure, board: FigureBoard) -> datetime:
    """Return the time as of which a figure is read, in the operation's zone."""
    since = figure.released.sums if figure.released and figure.released.sums else board.as_of
    return since.astimezone(time_zone(board.frame.zone))


def _as_of(figure: Figure, board: FigureBoard) -> str:
    """Return the hour as of which a figure is read; with the date where it is of another day."""
    return _hour_read(_since(figure, board), board)


def _hour_read(since: datetime, board: FigureBoard) -> str:
    zone = time_zone(board.frame.zone)
    read, since = board.as_of.astimezone(zone), since.astimezone(zone)
    return hour(since) if since.date() == read.date() else f"{date(since.date())} {hour(since)}"


def ages_words(ages: ReleaseAges | None, board: FigureBoard) -> str:
    """Return how old the numbers of persons are that move in releases, at the median and at the 90th percentile."""
    if ages is None:
        return ""
    return _(
        "Half of the numbers of persons are of {median} or later (at most {age} old), nine of ten of {oldest} or later "
        "(at most {longest}).",
        median=_hour_read(ages.median, board),
        age=span(board.as_of - ages.median),
        oldest=_hour_read(ages.oldest, board),
        longest=span(board.as_of - ages.oldest),
    )


def released_words(figure: Figure, zone: str) -> str:
    """Return why a guarded figure does not follow every report, and since when it is unchanged."""
    if figure.released is None:
        return ""
    why = _(
        "This figure moves by eleven or more: nobody can work a number of 1 to 10 persons out of all that one person "
        "is shown here and in what is published. Two countries that put their own figures together are not covered."
    )
    sums, tables, undecided = figure.released
    if undecided:
        why = f"{why} " + _("The newest numbers could not be checked in time.")
    if sums is None:
        return f"{why} " + _("Nothing could be shown yet.")
    if tables is None:
        return f"{why} " + _("The sum stands since {moment}.", moment=moment(sums, zone))
    told = _(
        "The sum stands since {moment}, countries and days since {other}, single ones longer.",
        moment=moment(sums, zone),
        other=moment(tables, zone),
    )
    return f"{why} {told}"


def earlier_words(told: EarlierNumber | None, zone: str) -> str:
    """Return the number that was told last where it is hidden now, and as of when."""
    if told is None:
        return ""
    return _("The last number told was {count}, as of {moment}.", count=told.amount, moment=moment(told.state_at, zone))


def _why(figure: Figure) -> str:
    if not figure.hidden:
        return ""
    if figure.released and figure.released.sums is None:
        return _("Hidden: it is shown once nobody can work a number of 1 to 10 persons out of it.")
    if figure.few:
        return _("Hidden: 1 to 10 persons. Small numbers could identify somebody.")
    if figure.keeps_back and not CATALOGUE[figure.kpi].persons:
        return _(
            "Hidden: with what else you see, it would give away the figures of a country that does not share them."
        )
    if figure.keeps_back:
        return _(
            "Hidden: with what else you see, it would give away a number of 1 to 10 persons, or the figures of a "
            "country that does not share them."
        )
    if CATALOGUE[figure.kpi].counting is CountingUnit.SHARE:
        return _("Hidden: the share would give away a number of 1 to 10 persons.")
    return _("Hidden: with what else you see, it would give away a number of 1 to 10 persons.")


def _today(board: FigureBoard) -> str:
    return official_day(board.as_of, board.frame.zone, board.frame.day_cut).isoformat()


def _earlier(day: str, days: int) -> str:
    return (datetime.fromisoformat(day) - timedelta(days=days)).date().isoformat()
