"""A programme: five years of border posts of the Sahel and the Gulf of Guinea, with an operation in the middle.

Assess, connect, train, operate, look again: each post stands somewhere else on that way, so that every screen of the
strategy has something to show. At Gaya queries grew and stayed; at Ouagadougou nobody can tell.
"""

from datetime import date, timedelta
from typing import Any
from uuid import UUID

from operations.core.vocabulary import OperationType
from operations.infrastructure.rows import EquipmentState, LinkState
from operations.needs.rows import AssessmentState
from operations.support import teams
from operations.training.rows import CourseState, RunState
from scenarios import assistance, sahel_airports
from scenarios.assessing import Station
from scenarios.assistance import Crew
from scenarios.equipping import Asked
from scenarios.sahel_and_gulf_words import AREAS
from scenarios.schooling import Programme
from scenarios.script import Scenario, Title

FIRST_DAY = date(2021, 1, 4)
MIDDLE = 36.75
"""The month in which the operation at the airports begins."""
TITLE = Title(
    name="sahel_and_gulf",
    title="Sahel and Gulf of Guinea",
    kind=OperationType.BORDER_STOP,
    summary=(
        "Five years of border posts in eight countries: what they needed, what they were given, who was trained, an "
        "operation at the airports, and whether anything changed in practice."
    ),
    sources=sahel_airports.TITLE.sources,
    published=(),
    invented=(
        "Invented: every figure of the posts, what they needed, equipment, links, donors, queries, courses, results "
        "and talks. Published: the places, and what the scenario of the operation in the middle says of itself. No "
        "figure of any real post, donor or person is meant."
    ),
)

_A, _E, _L, _C, _R = AssessmentState, EquipmentState, LinkState, CourseState, RunState
_KNOWN = (  # place, country, persons who pass a day, officers, and how it was connected and powered at first
    ("airport:DRRN", "NER", 1_400, 26, "fixed", 14, "grid", 18, "via_ncb"),
    ("airport:DRZA", "NER", 120, 6, "mobile_data", 5, "mixed", 12, "none"),
    ("crossing:BEN-NER-R001", "NER", 2_600, 14, "mobile_data", 6, "grid", 11, "none"),
    ("crossing:NER-NGA-R009", "NER", 1_900, 11, "mobile_data", 7, "grid", 9, "none"),
    ("crossing:DZA-NER-R001", "NER", 210, 4, "none", None, "generator", 5, "none"),
    ("airport:DFFD", "BFA", 1_700, 31, "fixed", 20, "grid", 20, "via_ncb"),
    ("airport:DFOO", "BFA", 160, 7, "mobile_data", 8, "grid", 16, "none"),
    ("crossing:BFA-CIV-R002", "BFA", 1_250, 9, "mobile_data", 6, "solar", 10, "none"),
    ("airport:GABS", "MLI", 1_500, 28, "fixed", 19, "grid", 17, "via_ncb"),
    ("crossing:MLI-SEN-R002", "MLI", 1_100, 10, "mobile_data", 9, "grid", 13, "none"),
    ("crossing:CIV-MLI-R002", "MLI", 900, 8, "none", None, "generator", 6, "none"),
    ("airport:GQNO", "MRT", 1_050, 22, "fixed", 21, "grid", 21, "via_ncb"),
    ("airport:GQPP", "MRT", 140, 6, "mobile_data", 10, "grid", 19, "none"),
    ("crossing:MRT-SEN-R002", "MRT", 1_600, 12, "mobile_data", 11, "grid", 15, "none"),
    ("airport:DBBB", "BEN", 1_300, 24, "fixed", 20, "grid", 19, "via_ncb"),
    ("crossing:BEN-NER-R001", "BEN", 2_600, 13, "mobile_data", 8, "grid", 13, "none"),
    ("crossing:BEN-NGA-R001", "BEN", 6_900, 34, "mobile_data", 15, "grid", 16, "none"),
    ("airport:DXXX", "TGO", 1_900, 27, "fixed", 22, "grid", 22, "web_service"),
    ("crossing:GHA-TGO-R001", "TGO", 7_400, 29, "mobile_data", 16, "grid", 19, "none"),
    ("airport:DIAP", "CIV", 5_200, 58, "fixed", 24, "grid", 23, "web_service"),
    ("crossing:CIV-GHA-R001", "CIV", 2_900, 17, "mobile_data", 12, "grid", 17, "none"),
    ("airport:DNMM", "NGA", 16_500, 140, "fixed", 24, "mixed", 24, "web_service"),
    ("crossing:BEN-NGA-R001", "NGA", 6_900, 41, "mobile_data", 14, "mixed", 17, "none"),
)  # fmt: skip
_TAKEN_UP = {"NER": 0.1, "BFA": 0.3, "MLI": 0.4, "MRT": 0.6, "BEN": 0.8, "TGO": 1.2, "CIV": 1.5, "NGA": 2.0}
"""In which month a country registers its posts."""
Stations = dict[tuple[str, str], Station]


def compose(first_day: date = FIRST_DAY) -> Scenario:
    """The scenario of the five years that begin on `first_day`."""
    begins = first_day + timedelta(days=round(MIDDLE * 30.44))
    middle = sahel_airports.compose(begins - timedelta(days=begins.weekday()))
    story = Programme(TITLE, FIRST_DAY, first_day, compose, middle)
    posts = _register(story)
    _countries(story)
    _stakeholders(story)
    _needs(story, posts)
    devices = _equipment(story, posts)
    _links(story, posts)
    _train(story, posts)
    _join(story, posts)
    for (ref, country), how in _ASKED.items():
        story.count(posts[ref, country], how, devices if (ref, country) == _GAYA else None)
    return story.told()


_GAYA, _MALANVILLE = ("crossing:BEN-NER-R001", "NER"), ("crossing:BEN-NER-R001", "BEN")
_NIAMEY, _OUAGADOUGOU = ("airport:DRRN", "NER"), ("airport:DFFD", "BFA")
_SEME, _SEME_NIGERIA = ("crossing:BEN-NGA-R001", "BEN"), ("crossing:BEN-NGA-R001", "NGA")
_AFLAO, _LOME = ("crossing:GHA-TGO-R001", "TGO"), ("airport:DXXX", "TGO")
_ABIDJAN, _NOE = ("airport:DIAP", "CIV"), ("crossing:CIV-GHA-R001", "CIV")
_BAMAKO, _NOUAKCHOTT = ("airport:GABS", "MLI"), ("airport:GQNO", "MRT")
_COTONOU, _LAGOS = ("airport:DBBB", "BEN"), ("airport:DNMM", "NGA")
_KONNI, _KIDIRA = ("crossing:NER-NGA-R009", "NER"), ("crossing:MLI-SEN-R002", "MLI")
_NIANGOLOKO, _ROSSO = ("crossing:BFA-CIV-R002", "BFA"), ("crossing:MRT-SEN-R002", "MRT")
_ASSAMAKA, _ZEGOUA = ("crossing:DZA-NER-R001", "NER"), ("crossing:CIV-MLI-R002", "MLI")
_BOBO, _NOUADHIBOU, _AGADEZ = ("airport:DFOO", "BFA"), ("airport:GQPP", "MRT"), ("airport:DRZA", "NER")


WORTH_SEEING = {
    "assessed again": _GAYA,
    "connected": _MALANVILLE,
    "the link is down": _KIDIRA,
    "trained and moved": _OUAGADOUGOU,
    "grew and stayed": _NIAMEY,
}
"""What is seen first at which post."""


def _register(story: Programme) -> Stations:
    """Every post with what it had at first, and what it has since things were delivered."""
    found = {}
    for ref, country, passages, officers, network, online, power, hours, access in _KNOWN:
        month = _TAKEN_UP[country]
        where = found[ref, country] = story.station(month, ref, country)
        first: dict[str, Any] = {
            "passages": passages, "officers": officers, "connectivity": network, "online_hours": online,
            "power": power, "power_hours": hours, "access": access,
        }  # fmt: skip
        later = [(month + 0.2, first)]
        for moment, changed in _CHANGED.get((ref, country), ()):
            first = first | {"passages": round(first["passages"] * 1.04), "note": ""} | changed
            later.append((moment, first))
        story.describe(where, *later)
    story.place(
        0.2, "NER", "coordinator", name="National Central Bureau, Niamey", site_type="coordination_unit", lat=13.5137,
        lon=2.1098, zone="Africa/Niamey", ref="",
    )  # fmt: skip
    return found


_ONLINE = {"connectivity": "fixed", "online_hours": 23, "access": "web_service"}
_CHANGED = {
    _NIAMEY: ((20.5, {"access": "web_service", "online_hours": 22, "note": "The link is live."}),
              (44.5, {"officers": 31, "power": "mixed", "power_hours": 24})),
    _GAYA: ((17.2, {"power": "solar", "power_hours": 24, "note": "Panels are on the roof."}),
            (24.4, _ONLINE | {"connectivity": "satellite"}), (50.5, {"officers": 17, "offline": True})),
    _MALANVILLE: ((27.5, _ONLINE),),
    _ABIDJAN: ((30.0, {"officers": 66}),),
    _AFLAO: ((40.0, {"passages": 8_100, "online_hours": 18}),),
    _SEME: ((44.0, {"passages": 7_800, "note": "Counted anew after the bridge was closed for a month."}),),
    _KIDIRA: ((46.0, _ONLINE),),
    _NIANGOLOKO: ((41.0, {"passages": 500, "officers": 5, "note": "The road is open by day only."}),),
}  # fmt: skip


def _needs(story: Programme, posts: Stations) -> None:
    """Every state of an assessment somewhere; three posts are assessed again, and are better."""
    for key, month, done, again, level, baseline, feasibility, words in (
        (_NIAMEY, 2.0, 21.0, 47.5, 1.7, 640, "feasible", "Both counters ask themselves; log of the bureau."),
        (_GAYA, 3.0, 25.5, 48.5, 0.9, 45, "with_works", "Panels, link and workstation work; certificates are signed."),
        (_ABIDJAN, 4.5, 29.0, 49.0, 2.5, 5_400, "feasible", "A second line with four readers works by day."),
    ):
        where, works = posts[key], "Panels first." if feasibility == "with_works" else ""
        about: dict[str, Any] = {"baseline": baseline, "feasibility": feasibility, "works": works}
        story.assess(where, month, _A.REASSESSED, level, AREAS, done=done, again=again, words=words, **about)
        about |= {"baseline": baseline * 3, "feasibility": "feasible", "works": ""}
        story.assess(
            where, again - 3.5, _A.VALIDATED, level + 1.3, AREAS, purpose="What became of the measures.", **about
        )
    for key, month, to, level, baseline, feasibility, done in (
        (_MALANVILLE, 5.0, _A.MEASURES_DONE, 1.3, 60, "feasible", 28.5),
        (_OUAGADOUGOU, 3.2, _A.MEASURES_DONE, 2.2, 910, "feasible", 31.0),
        (_LOME, 40.0, _A.PLAN_AGREED, 2.7, 2_100, "feasible", 0.0),
        (_AFLAO, 53.5, _A.PLAN_PROPOSED, 1.5, 380, "feasible", 0.0),
        (_BAMAKO, 8.0, _A.VALIDATED, 2.3, 700, "feasible", 0.0),
        (_NOUAKCHOTT, 9.0, _A.VALIDATED, 2.6, 830, "feasible", 0.0),
        (_KONNI, 43.0, _A.VALIDATED, 1.1, 25, "with_works", 0.0),
        (_NIANGOLOKO, 30.0, _A.VALIDATED, 0.9, 0, "not_feasible", 0.0),
        (_KIDIRA, 33.0, _A.PLAN_AGREED, 1.6, 90, "feasible", 0.0),
        (_SEME, 57.8, _A.SCORED, 1.8, 210, "feasible", 0.0),
        (_NOE, 58.6, _A.VISIT, 0.0, 0, "unknown", 0.0),
        (_LAGOS, 59.1, _A.DESK_REVIEW, 0.0, 0, "unknown", 0.0),
        (_SEME_NIGERIA, 59.6, _A.REQUESTED, 0.0, 0, "unknown", 0.0),
    ):
        story.assess(
            posts[key], month, to, level, AREAS, baseline=baseline, feasibility=feasibility, done=done,
            works="A mast, and panels for it." if feasibility == "with_works" else "",
            words="What was agreed is delivered; the certificates are signed.",
        )  # fmt: skip
    story.assess(posts[_ASSAMAKA], 10.0, _A.NOT_ACCESSIBLE, words="The road is closed to convoys since spring.")
    story.assess(posts[_ROSSO], 12.0, _A.REFUSED, words="The post is rebuilt this year: assess it afterwards.")


_ROLES = {
    "NER": ("transit",), "BFA": ("source", "transit"), "MLI": ("source", "transit"), "MRT": ("transit",),
    "BEN": ("source", "transit"), "TGO": ("source", "transit"), "CIV": ("source", "destination"),
    "NGA": ("source", "transit", "destination"),
}  # fmt: skip
_TEAMS = (
    Crew("TGO", "MONO 1", "frontline", ("document_examiner",), ("fr", "en"), 5, "Lomé", 6.13, 1.22, "Africa/Lome"),
    Crew("CIV", "COMOÉ 3", "frontline", ("document_examiner",), ("fr",), 6, "Abidjan", 5.32, -4.02, "Africa/Abidjan"),
    Crew("NGA", "LAGOON 2", "frontline", ("biometrics",), ("en", "ha"), 8, "Lagos", 6.52, 3.38, "Africa/Lagos"),
    Crew("BEN", "OUÉMÉ 1", "frontline", ("document_examiner",), ("fr",), 4, "Cotonou", 6.37, 2.42, "Africa/Porto-Novo"),
)


def _countries(story: Programme) -> None:
    """What each is on the routes, once said anew; and teams, of which one is broken and one is away."""
    for country, said in _ROLES.items():
        story.role(_TAKEN_UP[country] + 0.3, country, said, "Invented: workshop of the eight countries.")
    story.role(48.0, "NER", ("transit", "destination"), "Invented: reports of the last two years.")
    for month, crew in enumerate(_TEAMS):
        assistance.keep(story, story.when(44 + month), crew)
    broken, ends = _TEAMS[2], story.ends
    story.does(
        story.when(57.0), "coordinator.nga", f"{broken.call_sign} is out of service",
        lambda session, by: teams.take_out(session, broken.id, "Both vehicles are at the garage.", by),
    )  # fmt: skip
    assistance.away(
        story,
        story.when(58.0),
        _TEAMS[1],
        "training",
        story.when(59.2),
        ends.replace(microsecond=0) + timedelta(days=45),
    )


def _stakeholders(story: Programme) -> None:
    story.talk(
        0.6, "NER", "Ministry of the Interior", "minister", "Premises and officers for the whole five years.",
        "A letter that names the posts.", 3.0, (2.8, "The letter came, with five posts."),
    )  # fmt: skip
    story.talk(
        1.4, "BEN", "Directorate of Border Police", "director", "A third shift at Malanville once the link works.",
        "The order on shifts.", 30.0, (31.0, "The shift is posted since the first of the month."),
    )  # fmt: skip
    story.talk(
        6.5, "MLI", "National Central Bureau, Bamako", "ncb", "Access of two land posts is agreed in principle.",
        "Which posts, and who signs.", 12.0,
    )  # fmt: skip
    story.talk(
        15.0, "MRT", "Directorate of National Security", "director", "Refused: no link at Rosso before it is rebuilt."
    )
    story.talk(
        38.5, "TGO", "National Central Bureau, Lomé", "ncb", "The airport shares its log of queries every month.",
        "Written rules for the log.", 41.0, (40.6, "The rules are signed."),
    )  # fmt: skip
    story.talk(
        52.0, "NGA", "Immigration Service, Abuja", "director", "Lagos is assessed first, Seme after it.",
        "Names of the assessors.", 61.5,
    )  # fmt: skip
    story.talk(
        56.0, "CIV", "National Police School, Abidjan", "partner", "The curriculum is taught from autumn on.",
        "The timetable of the school.", 59.0,
    )  # fmt: skip


def _equipment(story: Programme, posts: Stations) -> tuple[UUID, float]:
    """Every state of equipment; the workstation of Gaya, and the month after which it is counted by itself."""
    equip = story.equip
    station = equip(
        posts[_GAYA], 15.0, "workstation", "Donor A", _E.INSTALLED, "NE-W-0107", customs=3.4, asked=(24.2, 24.9, 59.8),
        purpose="So that the counter asks itself.",
    )  # fmt: skip
    equip(posts[_GAYA], 11.0, "power_supply", "Donor A", _E.INSTALLED, "NE-P-0031", asked=(17.5, 59.5))
    equip(posts[_GAYA], 56.0, "workstation", "Donor B", _E.PROCURED, purpose="A second counter.")  # two donors
    equip(posts[_NIAMEY], 12.0, "passport_reader", "Donor A", _E.INSTALLED, "NE-R-0211", asked=(20.0, 21.0, 40.0, 59.6))
    equip(posts[_NIAMEY], 26.0, "fingerprint_scanner", "Donor B", _E.INSTALLED, "NE-F-0005", asked=(33.0, 36.9),
          ends=((38.5, _E.DORMANT, ""),))  # fmt: skip
    equip(posts[_MALANVILLE], 18.0, "workstation", "Donor B", _E.INSTALLED, "BJ-W-0009", asked=(26.0, 26.8, 59.4))
    equip(posts[_OUAGADOUGOU], 20.0, "workstation", "Donor A", _E.INSTALLED, "BF-W-0040", asked=(27.0, 29.0),
          ends=((46.0, _E.OUT_OF_SERVICE, "Lightning; the mains adapter is burnt."),))  # fmt: skip
    equip(posts[_ABIDJAN], 16.0, "passport_reader", "Donor B", _E.INSTALLED, "CI-R-0301", asked=(24.0, 25.0),
          ends=((52.0, _E.RETIRED, "Replaced by readers in the new counters."),))  # fmt: skip
    equip(posts[_ABIDJAN], 47.0, "imd", "Donor B", _E.INSTALLED, "CI-D-0012", asked=(54.0, 54.8, 59.7))
    equip(posts[_NOUAKCHOTT], 22.0, "mind_kit", "Donor A", _E.INSTALLED, "MR-M-0002", asked=(28.0,),
          ends=((33.0, _E.LOST, "Not found when the office moved."),))  # fmt: skip
    equip(posts[_KIDIRA], 38.0, "workstation", "Donor A", _E.INSTALLED, "ML-W-0018", asked=(46.2, 47.0, 59.3))
    equip(posts[_LOME], 44.0, "camera", "Programme", _E.INSTALLED, "TG-C-0007", asked=(59.2,))
    equip(posts[_LOME], 50.0, "workstation", "Donor B", _E.INSTALLED, "TG-W-0008")
    equip(posts[_BAMAKO], 51.0, "passport_reader", "Donor A", _E.HANDED_OVER, "ML-R-0111", customs=3.5)
    equip(posts[_AFLAO], 52.5, "passport_reader", "Donor B", _E.CUSTOMS)
    equip(posts[_SEME], 54.5, "workstation", "Donor A", _E.SHIPPED)
    equip(posts[_NOE], 58.5, "imd", "Donor B", _E.APPROVED)
    equip(posts[_KONNI], 59.3, "power_supply", "Donor A", _E.PLANNED)
    equip(posts[_NIANGOLOKO], 36.0, "workstation", "Donor B", _E.PROCURED,
          ends=((40.0, _E.DROPPED, "I-24/7 is not feasible there: the order is taken back."),))  # fmt: skip
    return station, 25


def _links(story: Programme, posts: Stations) -> None:
    connect = story.connect
    connect(posts[_NIAMEY], 15.0, "fixed", _L.LIVE, outages=((30.2, 3.0, False, "A digger cut the fibre."),
            (59.0, 1.5, True, "Works on the mains, announced.")))  # fmt: skip
    connect(posts[_GAYA], 19.0, "satellite", _L.LIVE, outages=((58.4, 2.2, False, "Storm; the dish was turned."),))
    connect(posts[_MALANVILLE], 21.0, "fixed", _L.LIVE)
    connect(
        posts[_KIDIRA],
        40.5,
        "fixed",
        _L.LIVE,
        hours=18,
        outages=((59.2, None, False, "The provider has not been paid."),),
    )
    connect(posts[_ABIDJAN], 10.0, "fixed", _L.LIVE, closed=(26.0, "The airport's own network is used instead."))
    connect(posts[_LOME], 54.2, "fixed", _L.TESTED)
    connect(posts[_AFLAO], 54.6, "mobile_data", _L.BUILT, hours=20)
    connect(posts[_SEME], 57.5, "fixed", _L.AGREED)
    connect(posts[_KONNI], 59.0, "satellite", _L.FEASIBLE)


_ASKED = {
    _GAYA: Asked(60, 79_000, ((24, 9.0), (37, 12.0), (50, 14.0)), since=5),
    _MALANVILLE: Asked(60, 79_000, ((27, 6.0), (40, 7.0))),
    _NIAMEY: Asked(640, 42_000, ((21, 1.5), (37, 3.2))),
    _OUAGADOUGOU: Asked(910, 51_000, ((27, 1.1), (38, 1.05)), loud=0.55),
    _BAMAKO: Asked(700, 45_000, ((38, 1.6), (44, 0.9))),
    _NOUAKCHOTT: Asked(830, 32_000, ((38, 1.3),), since=24),
    _ABIDJAN: Asked(5_400, 156_000, ((24, 1.4), (54, 1.9)), since=18),
    _LOME: Asked(2_100, 57_000, since=40),
    _KIDIRA: Asked(90, 33_000, ((46, 8.0),), since=42),
    _SEME: Asked(210, 207_000, since=50),
}


def _join(story: Programme, posts: Stations) -> None:
    """The airports of the operation are these posts."""
    placed = story.middle.opens - timedelta(days=6)
    for minutes, key in enumerate((_NIAMEY, _AGADEZ, _OUAGADOUGOU, _BOBO, _BAMAKO, _NOUAKCHOTT, _NOUADHIBOU)):
        story.join(posts[key], placed + timedelta(minutes=minutes))


def _train(story: Programme, posts: Stations) -> None:
    """Three courses over the years; a certificate expired, one ends soon, one is revoked, some wait to be issued."""
    documents = story.course(
        6.0, "Travel documents: asking SLTD and notices", "databases",
        "In eleven of fourteen posts nobody asked SLTD without help (assessments of the first year).",
        "What SLTD holds; how to ask; what a hit means and who confirms it; notices; protection of who is checked.",
    )  # fmt: skip
    fraud = story.course(
        13.0, "False and altered documents", "document_fraud",
        "Altered passports were passed at three airports in one year.",
        "Print, paper and chip; the impostor; how to write it down so that a court can use it.", valid=24,
    )  # fmt: skip
    story.course(
        55.5, "Speaking with people who were smuggled", "interview",
        "Officers asked which questions help without harm.",
        "Who decides what; interpreters; children; referral before questions.", accredited=False,
    )  # fmt: skip
    old = story.course(
        1.5, "Radio and roads", "other", "A course of before the programme.", "Patrols and radio.", hours=8, valid=12,
    )  # fmt: skip
    story.accredit(20.0, old, _C.RETIRED, "trainer", "It teaches what nobody needs at a counter.")
    people = posts
    story.run(12.5, documents, "NER", "Niamey, police school", ("fr", "ha"), (
        ("officer.ner", people[_NIAMEY], 34, 81), ("officer3.ner", people[_GAYA], 22, 74),
        ("officer4.ner", people[_GAYA], 28, 66), ("lead.ner", people[_NIAMEY], 51, 88),
        ("officer.mli", people[_BAMAKO], 40, 77), ("officer3.mli", people[_KIDIRA], 25, 48),
    ), _R.CLOSED, words=(
        "Participants ask for more time at the counter; points rose by 36 on average.",
        "Both counters of Niamey ask by themselves; log of the bureau.",
        "Queries of the trained posts grew, and stayed.",
    ))  # fmt: skip
    story.run(26.3, documents, "BEN", "Cotonou, border police", ("fr",), (
        ("officer2.bfa", people[_OUAGADOUGOU], 45, 84), ("officer.ben", people[_MALANVILLE], 31, 79),
        ("officer3.ben", people[_COTONOU], 37, 70), ("officer3.ner", people[_GAYA], 68, 91),
        ("officer3.tgo", people[_LOME], 49, 83), ("officer4.tgo", people[_AFLAO], 30, None),
    ), _R.CLOSED, words=(
        "The exercise on hits was the best day; points rose by 36.",
        "Malanville asks for every coach; Lomé shares its log.",
        "Malanville asks seven times as much as before.",
    ))  # fmt: skip
    story.revoke(34.0, "officer3.ben", "The test was taken by somebody else, as the officer said when asked.")
    story.run(39.5, fraud, "CIV", "Abidjan, airport", ("fr", "en"), (
        ("officer.civ", people[_ABIDJAN], 50, 86), ("officer3.civ", people[_ABIDJAN], 44, 72),
        ("officer.nga", people[_LAGOS], 55, 90), ("officer4.bfa", people[_OUAGADOUGOU], 38, 57),
        ("officer.mrt", people[_NOUAKCHOTT], 47, 80),
    ), _R.PRACTISED, words=(
        "More specimens are wanted; points rose by 30.",
        "Abidjan sends doubtful documents to the second line; 41 were looked at.",
    ))  # fmt: skip
    story.accredit(51.6, documents, _C.DESIGNED, "trainer", "The course takes in the new form of a hit.")
    story.accredit(52.5, documents, _C.ACCREDITED, "leader")
    story.run(55.0, documents, "TGO", "Lomé, airport", ("fr",), (
        ("officer.tgo", people[_LOME], 42, 85), ("officer4.tgo", people[_AFLAO], 33, 76),
        ("officer3.mrt", people[_NOUAKCHOTT], 36, 69),
    ), _R.EVALUATED, words=("The day at the counter is what participants remember; points rose by 40.",))  # fmt: skip
    story.run(
        57.0, fraud, "SEN", "Dakar, police school", ("fr",), (), _R.CANCELLED, words=("The school had no rooms.",)
    )
    story.run(59.4, documents, "NGA", "Lagos, airport", ("en",), (
        ("officer3.nga", people[_SEME_NIGERIA], 40, 71), ("officer4.nga", people[_LAGOS], 52, 88),
    ), _R.DELIVERED, issued=False)  # fmt: skip
    story.run(61.0, documents, "BFA", "Ouagadougou, police school", ("fr",), (
        ("officer3.bfa", people[_OUAGADOUGOU], 0, None), ("officer4.bfa", people[_NIANGOLOKO], 0, None),
    ), _R.SCHEDULED)  # fmt: skip
