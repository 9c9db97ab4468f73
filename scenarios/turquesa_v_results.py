"""Results of Turquesa V by site: the published totals distributed over sites and days, by a seed."""

from datetime import datetime, timedelta
from typing import Any

from scenarios.forms import arrests, checks, detections, hit, potential_victims, queries
from scenarios.invention import groups, split
from scenarios.planning import StorySite
from scenarios.story import Story

DAYS = 5
SITES = {  # reference and side to weight: how many travellers are checked there
    ("airport:MROC", "CRI"): 40, ("crossing:CRI-PAN-R001", "CRI"): 30, ("airport:SBGR", "BRA"): 80,
    ("airport:SBTT", "BRA"): 5, ("airport:SKBO", "COL"): 70, ("crossing:COL-ECU-R002", "COL"): 15,
    ("airport:MPTO", "PAN"): 12, ("crossing:CRI-PAN-R001", "PAN"): 6, ("airport:MHLM", "HND"): 15,
    ("crossing:HND-SLV-R001", "HND"): 10, ("airport:MMUN", "MEX"): 90, ("crossing:MEX-USA-R006", "MEX"): 40,
    ("airport:SCEL", "CHL"): 40, ("crossing:CHL-PER-R001", "CHL"): 15, ("airport:SAEZ", "ARG"): 40,
    ("crossing:ARG-BRA-R008", "ARG"): 20, ("airport:SEQM", "ECU"): 25, ("crossing:ECU-PER-R005", "ECU"): 12,
    ("airport:MGGT", "GTM"): 20, ("crossing:GTM-MEX-R002", "GTM"): 18, ("airport:MBPV", "TCA"): 4,
    ("airport:MYNN", "BHS"): 10, ("airport:SLVR", "BOL"): 10, ("airport:SGAS", "PRY"): 8, ("airport:SPIM", "PER"): 45,
    ("crossing:CHL-PER-R001", "PER"): 12, ("airport:SUMU", "URY"): 8, ("airport:MDSD", "DOM"): 25,
    ("airport:MSLP", "SLV"): 15, ("airport:MZBZ", "BLZ"): 4, ("airport:MKJP", "JAM"): 10, ("airport:TTPP", "TTO"): 8,
    ("airport:SYCJ", "GUY"): 5, ("airport:SMJP", "SUR"): 5, ("airport:TBPB", "BRB"): 5, ("airport:TLPL", "LCA"): 3,
    ("airport:TGPY", "GRD"): 2, ("airport:TAPA", "ATG"): 3, ("airport:TNCC", "CUW"): 5, ("airport:TNCA", "ABW"): 6,
    ("airport:TVSA", "VCT"): 2, ("airport:CYYZ", "CAN"): 60, ("airport:KMIA", "USA"): 70, ("airport:LEMD", "ESP"): 60,
}  # fmt: skip
_DARIEN, _PANAMA_CHECKS, _PANAMA_DETECTIONS = ("airport:MPTO", "PAN"), 38_717, 3_848
_ROUTE = {
    "PAN": 0,
    "COL": 14,
    "CRI": 12,
    "MEX": 18,
    "GTM": 10,
    "HND": 14,
    "ECU": 8,
    "BRA": 6,
    "CHL": 4,
    "PER": 5,
    "BOL": 3,
    "SLV": 2,
}
_FIRST_THREE = {"VEN": 3_900, "ECU": 1_750, "CHN": 1_200}
_OTHERS = (  # with the first three 69 nationalities, the number that was published
    "COL", "HTI", "CUB", "PER", "DOM", "IND", "AFG", "NPL", "BGD", "PAK", "CMR", "AGO", "SEN", "GHA", "ERI", "UZB",
    "VNM", "MRT", "GIN", "GMB", "MLI", "BFA", "NGA", "COD", "COG", "TGO", "BEN", "SLE", "LBR", "CIV", "ETH", "SDN",
    "EGY", "DZA", "MAR", "TUN", "YEM", "IRQ", "SYR", "IRN", "TUR", "JOR", "LBN", "LKA", "MMR", "MNG", "KGZ", "TJK",
    "KAZ", "RUS", "UKR", "GEO", "ARM", "AZE", "ALB", "BRA", "BOL", "CHL", "PRY", "GTM", "HND", "SLV", "NIC", "MEX",
    "JAM", "GUY",
)  # fmt: skip
_NIL = {
    ("airport:SYCJ", 2),
    ("airport:MZBZ", 2),
    ("airport:TGPY", 0),
    ("airport:TVSA", 2),
    ("airport:TLPL", 4),
    ("airport:SMJP", 4),
}
HITS = {
    ("airport:SBGR", 1): ("stolen", "document_seized", "confirmed", "ARG"),
    ("airport:SPIM", 2): ("lost", "let_go", "refuted", "PER"),
    ("airport:SBGR", 3): ("stolen", "questioned", "pending", ""),
}
SHOWN_AGAIN = ("airport:SBGR", 3)
"""The cell (site, day) in which a hit's document is shown again, at the gate: both hits count, and share one answer."""
ON_NOTICE = {("airport:MGGT", 2): ("COL", 2418), ("crossing:GTM-MEX-R002", 2): ("ESP", 3107)}
"""Sites at which one person was arrested on a notice: the requesting country, and the number of the notice."""
TOLD_TWICE = (("crossing:CRI-PAN-R001", "PAN"), ("crossing:CRI-PAN-R001", "CRI"), 1)

Cell = tuple[StorySite, int]
Lines = dict[Cell, list[dict[str, Any]]]


def results(story: Story, sites: dict[tuple[str, str], StorySite]) -> Lines:
    """Return the lines of every cell that reports (site and day); nil reports have none. The sums are as published."""
    cells = [(where, day) for where in sites.values() for day in range(DAYS)]
    lines: Lines = {cell: [] for cell in cells}
    open_cells = [cell for cell in cells if (cell[0].ref, cell[1]) not in _NIL]
    abroad = [cell for cell in open_cells if cell[0].country != "PAN"]
    panama = [cell for cell in open_cells if cell[0].country == "PAN"]
    _spread_checks(story, panama, _PANAMA_CHECKS, lines)
    _spread_checks(story, abroad, 850_000 - _PANAMA_CHECKS, lines)
    _spread_detections(story, abroad, panama, lines)
    _spread_arrests(story, abroad, lines)
    _spread_victims(story, abroad, lines)
    for persons, offence, cell in ((3, "trafficking_in_persons", panama[2]), (7, "other", panama[1])):
        lines[cell].append(arrests(persons, offence))
    lines[panama[3]].append(potential_victims(5))
    for position, flights in enumerate(split(370, [1] * DAYS, story.chance)):
        lines[sites[_DARIEN], position].append(checks(flights, "flight_monitored", "unknown"))
    for (ref, day), (kind, action, *_) in HITS.items():
        cell = next(cell for cell in open_cells if (cell[0].ref, cell[1]) == (ref, day))
        lines[cell].append(hit(story.later(period(story, cell)[0], 30, 500), "sltd", kind, action))
        if (ref, day) == SHOWN_AGAIN:
            place, first = len(lines[cell]) - 1, lines[cell][-1]
            lines[cell].append(first | {"raw_at": first["raw_at"] + timedelta(minutes=95), "repeats": place})
    _tell_twice(sites, lines)
    for key, (country, number) in ON_NOTICE.items():
        cell = next(cell for cell in open_cells if (cell[0].ref, cell[1]) == key)
        one = next(place for place, each in enumerate(lines[cell]) if each.get("persons") == 1)
        lines[cell][one] |= on_notice(story, country, number)
    return lines


def on_notice(story: Story, country: str, number: int) -> dict[str, Any]:
    """Return the fields of an arrest on a notice of the year of the story; number and person are invented."""
    first = story.first_day
    return {
        "legal_basis": "red_notice_diffusion",
        "requesting_country": country,
        "notice_ref": f"A-{number}/{first.month}-{first.year}",
    }


def _tell_twice(sites: dict[tuple[str, str], StorySite], lines: Lines) -> None:
    """Report the largest group of a day at the other side of a crossing too: a claim of both makes it count once."""
    here, there, day = TOLD_TWICE
    met = [each for each in lines[sites[here], day] if each["kind"] == "migrant_detection"]
    lines[sites[there], day].append(max(met, key=lambda each: int(each["detections"])) | {})


def _spread_checks(story: Story, cells: list[Cell], total: int, lines: Lines) -> None:
    for cell, count in zip(
        cells, split(total, [SITES[where.ref, where.country] for where, _ in cells], story.chance), strict=True
    ):
        documents = count * 7 // 10
        lines[cell] += [queries(documents), queries(count - documents, "nominal", "person", "mobile_device")]


def _spread_detections(story: Story, abroad: list[Cell], panama: list[Cell], lines: Lines) -> None:
    """Add 12,000 detections of 69 nationalities in groups; Panama's groups add up to its own published figure."""
    met = [
        (nationality, size)
        for nationality, count in _by_nationality(story).items()
        for size in groups(count, 45, story.chance)
    ]
    story.chance.shuffle(met)
    missing = _PANAMA_DETECTIONS
    weights = [_ROUTE.get(where.country, 1) for where, _ in abroad]
    for nationality, size in met:
        inside = min(size, missing)
        missing -= inside
        for count, cell in (
            (inside, story.chance.choice(panama)),
            (size - inside, story.chance.choices(abroad, weights)[0]),
        ):
            if count:
                lines[cell].append(
                    detections(
                        count,
                        nationality,
                        uam=1 if count > 12 and story.chance.random() < 0.15 else 0,
                        smuggled=story.chance.choice(("yes", "unknown")),
                    )
                )


def _by_nationality(story: Story) -> dict[str, int]:
    """Return detections by nationality: the published first three, and 66 smaller ones that make up the rest."""
    rest = 12_000 - sum(_FIRST_THREE.values()) - len(_OTHERS)
    shares = split(rest, [1 / (place + 3) for place in range(len(_OTHERS))], story.chance)
    return _FIRST_THREE | {nationality: share + 1 for nationality, share in zip(_OTHERS, shares, strict=True)}


def _spread_arrests(story: Story, cells: list[Cell], lines: Lines) -> None:
    for persons in groups(257 - 10, 6, story.chance):
        where, day = story.chance.choice(cells)
        offence = story.chance.choices(
            ("migrant_smuggling", "trafficking_in_persons", "document_fraud", "other"), (55, 25, 12, 8)
        )[0]
        basis = story.chance.choice(("flagrant_offence", "national_warrant"))
        lines[where, day].append(arrests(persons, offence, basis))


def _spread_victims(story: Story, cells: list[Cell], lines: Lines) -> None:
    for persons in groups(163 - 5, 16, story.chance):
        exploitation = story.chance.choice(("sexual", "forced_labour", "unknown"))
        lines[story.chance.choice(cells)].append(
            potential_victims(persons, exploitation=exploitation, identified_by="police")
        )


def period(story: Story, cell: Cell) -> tuple[datetime, datetime]:
    """Return a shift of the site, which reports for the official days of the operation wherever it lies."""
    begins = ("00:00", "04:00", "06:00", "08:00")[sum(map(ord, cell[0].ref)) % 4]
    starts = story.at(cell[1], begins)
    return starts, story.at(cell[1], f"{int(begins[:2]) + 12:02d}:00")
