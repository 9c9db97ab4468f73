"""Exchange between countries of the programme, and talks with national counterparts. All invented."""

from operations.exchange.deconfliction_rows import SideState
from operations.exchange.dispatch_rows import PassingState
from scenarios.courses import Programme
from scenarios.exchange import Office, Passed, Room, StoryMessage, deconflict, enter, write

_OFFICES = (
    Office("NER", "Smuggling desk of the National Central Bureau, Niamey", "police", "intelligence_analyst", 9.0,
           ((15.0, "meeting", "First meeting of the network, Lomé."), (37.2, "operation", "Hits of the airports."),
            (52.5, "case", "Four files of one carrier, with Mali."), (59.0, "analysis", "Routes of the year."))),
    Office("NER", "Document laboratory of Niamey airport", "border_guard", "document_examiner", 19.0,
           ((22.4, "training", "Two days at Gaya."), (57.8, "training", "Cascade run at Birni-N'Konni.")),
           certified=90.0),
    Office("MLI", "Unit against smuggling of migrants, Bamako", "gendarmerie", "intelligence_analyst", 10.5,
           ((15.0, "meeting", "First meeting of the network."), (52.6, "case", "Four files, with Niger."))),
    Office("BFA", "Border police, Ouagadougou airport", "police", "document_examiner", 11.0,
           ((15.0, "meeting", ""), (37.3, "operation", "Second line at arrivals.")),
           left=(47.0, "The unit was dissolved; nobody follows yet.")),
    Office("MRT", "Bureau of investigations, Nouadhibou", "gendarmerie", "land_sea_surveillance", 14.0,
           ((33.0, "case", "Boats bought under one name of a firm."),)),
    Office("BEN", "Directorate of Border Police, Cotonou", "border_guard", "document_examiner", 16.5,
           ((36.7, "training", "Cascade run at Malanville."),), certified=66.0),
    Office("TGO", "National Central Bureau, Lomé", "police", "biometrics", 18.0,
           ((41.0, "meeting", "Rules for the log of queries."), (56.5, "training", "Aflao, night shift."))),
    Office("CIV", "Unit for digital traces, Abidjan", "police", "digital_forensics", 24.0,
           ((45.0, "analysis", "Forty telephones of one group."), (55.0, "case", "With Nigeria."))),
    Office("NGA", "Agency against trafficking in persons, Lagos", "immigration", "trafficking_in_persons", 27.0,
           ((34.0, "meeting", ""), (55.1, "case", "With Côte d'Ivoire."), (59.3, "case", "Two houses in Lagos."))),
    Office("NGA", "Financial desk, Abuja", "police", "money_laundering", 31.0),
)  # fmt: skip
_N, _R = PassingState.CONSENTED, PassingState.REFUSED
_LETTERS = (
    StoryMessage(36.6, "NER", ("MLI", "BFA"), "Passports of one series at the airports",
           "Three altered passports of one series were seen at arrivals in two weeks. Please look for more.", "b2h2",
           due=7, read=(("MLI", 0.4), ("BFA", 2.1), ("MRT", 5.6)), of_operation=True,
           answers=(("MLI", 3.2, "Two of the series were seen here; the originals are with the laboratory."),
                    ("BFA", 5.0, "None of the series was seen until now; the counters know of it.")),
           passed=(Passed("MLI", 4.0, ("MRT",), "Flights go on to Nouakchott.", (4.6, _N, "")),)),
    StoryMessage(45.2, "CIV", ("NGA",), "Telephones of one group",
           "Numbers of the group call a house in Lagos every week. May we have what is known of the house?", "c3h2",
           due=14, read=(("NGA", 1.0),), answers=(("NGA", 11.0, "The house is known: let us speak before you act."),),
           passed=(Passed("NGA", 12.0, ("BEN",), "The house has a second door in Cotonou.",
                          (15.0, _R, "Not before the case is in court.")),)),
    StoryMessage(52.1, "MLI", ("NER",), "A carrier on the road to Gao",
           "Lorries of one carrier take passengers at night. Four were stopped; the drivers name a yard in Niamey.",
           "b2h1", due=21, read=(("NER", 0.5),),
           answers=(("NER", 9.0, "The yard is known; the licence of the carrier is looked at with the ministry."),)),
    StoryMessage(58.9, "TGO", ("BEN", "CIV", "NGA"), "Forged stamps of an embassy",
           "Visas with one forged stamp were seen at Lomé airport three times. A picture is at the bureau.", "b1h0",
           due=45, read=(("BEN", 1.2), ("CIV", 0.7), ("NGA", 1.6)),
           answers=(("CIV", 2.5, "One was seen in Abidjan; it is with the laboratory."),)),
    StoryMessage(59.75, "NGA", ("NER",), "Children on the road to Agadez",
           "Groups with many children leave Kano by minibus. Please have those who protect children at the halt.",
           "b2h2", due=12, read=(("NER", 0.6),),
           passed=(Passed("NER", 1.5, ("BEN",), "The same minibuses come over Gaya and Malanville."),)),
    StoryMessage(59.9, "BFA", ("NER", "MLI"), "Who checks at the new bridge?",
           "The bridge is open; on our side nobody is posted at night. Who is on yours?", "a1h0", due=10),
)  # fmt: skip
_SPOKEN = SideState.SPOKEN
_ROOMS = (
    Room("Coast to the north", "CIV", 42.0, ("NGA", "GHA", "BEN"), "COAST-TOTHE-NORTH-42AB-9QWXR", 54.0,
         (("CIV", 42.3, "Unit for digital traces, Abidjan", (("group", "Blue minibus"), ("site", "Elubo market"))),
          ("NGA", 43.1, "Agency against trafficking, Lagos", (("group", "BLUE MINIBUS"), ("route", "Lagos > Seme"))),
          ("BEN", 43.5, "Border police, Cotonou", (("route", "Cotonou > Malanville"),))),
         said=(("CIV", "NGA", 43.4, _SPOKEN), ("NGA", "CIV", 43.5, _SPOKEN)), closed=53.8),
    Room("Routes of the Sahel", "NER", 55.0, ("MLI", "BFA", "MRT"), "SAHEL-7K2QT-ROUTE-MX93B-HZ4P6", 72.0,
         (("NER", 55.1, "Smuggling desk of the bureau, Niamey",
           (("route", "Agadez > Assamaka"), ("route", "Niamey > Gao"), ("group", "The yard by the river"))),
          ("MLI", 55.4, "Unit against smuggling, Bamako", (("route", "NIAMEY - GAO"), ("site", "Ber, the old well"))),
          ("MRT", 56.0, "Bureau of investigations, Nouadhibou", (("site", "Cansado, the second pier"),)),
          ("BFA", 59.85, "National Central Bureau, Ouagadougou",
           (("group", "the yard by the river"), ("route", "Dori > Téra")))),
         said=(("NER", "MLI", 55.6, _SPOKEN), ("MLI", "NER", 55.7, _SPOKEN))),
)  # fmt: skip


def tell(story: Programme) -> None:
    """Enter the offices into the directory; countries write to each other, and find a match."""
    for office in _OFFICES:
        enter(story, office)
    for letter in _LETTERS:
        write(story, letter)
    for room in _ROOMS:
        deconflict(story, room)
    _talk(story)


def _talk(story: Programme) -> None:
    """Add talks with national counterparts, their content, and follow-ups."""
    story.talk(
        0.6,
        "NER",
        "Ministry of the Interior",
        "minister",
        "Premises and officers for the whole five years.",
        "A letter that names the posts.",
        3.0,
        (2.8, "The letter came, with five posts."),
    )
    story.talk(
        1.4,
        "BEN",
        "Directorate of Border Police",
        "director",
        "A third shift at Malanville once the link works.",
        "The order on shifts.",
        30.0,
        (31.0, "The shift is posted since the first of the month."),
    )
    story.talk(
        6.5,
        "MLI",
        "National Central Bureau, Bamako",
        "ncb",
        "Access of two land posts is agreed in principle.",
        "Which posts, and who signs.",
        12.0,
    )
    story.talk(
        15.0, "MRT", "Directorate of National Security", "director", "Refused: no link at Rosso before it is rebuilt."
    )
    story.talk(
        38.5,
        "TGO",
        "National Central Bureau, Lomé",
        "ncb",
        "The airport shares its log of queries every month.",
        "Written rules for the log.",
        41.0,
        (40.6, "The rules are signed."),
    )
    story.talk(
        52.0,
        "NGA",
        "Immigration Service, Abuja",
        "director",
        "Lagos is assessed first, Seme after it.",
        "Names of the assessors.",
        61.5,
    )
    story.talk(
        56.0,
        "CIV",
        "National Police School, Abidjan",
        "partner",
        "The curriculum is taught from autumn on.",
        "The timetable of the school.",
        59.0,
    )
