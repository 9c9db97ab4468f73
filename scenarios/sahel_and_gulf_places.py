"""Posts of the programme: real places, with invented figures of their initial and later conditions."""

from scenarios.assessments import Station

KNOWN = (  # place, country, persons who pass a day, officers, and how it was connected and powered at first
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
TAKEN_UP = {"NER": 0.1, "BFA": 0.3, "MLI": 0.4, "MRT": 0.6, "BEN": 0.8, "TGO": 1.2, "CIV": 1.5, "NGA": 2.0}
"""The month in which a country registers its posts."""
Stations = dict[tuple[str, str], Station]

GAYA, MALANVILLE = ("crossing:BEN-NER-R001", "NER"), ("crossing:BEN-NER-R001", "BEN")
NIAMEY, OUAGADOUGOU = ("airport:DRRN", "NER"), ("airport:DFFD", "BFA")
SEME, SEME_NIGERIA = ("crossing:BEN-NGA-R001", "BEN"), ("crossing:BEN-NGA-R001", "NGA")
AFLAO, LOME = ("crossing:GHA-TGO-R001", "TGO"), ("airport:DXXX", "TGO")
ABIDJAN, NOE_ELUBO = ("airport:DIAP", "CIV"), ("crossing:CIV-GHA-R001", "CIV")
BAMAKO, NOUAKCHOTT = ("airport:GABS", "MLI"), ("airport:GQNO", "MRT")
COTONOU, LAGOS = ("airport:DBBB", "BEN"), ("airport:DNMM", "NGA")
KONNI, KIDIRA = ("crossing:NER-NGA-R009", "NER"), ("crossing:MLI-SEN-R002", "MLI")
NIANGOLOKO, ROSSO = ("crossing:BFA-CIV-R002", "BFA"), ("crossing:MRT-SEN-R002", "MRT")
ASSAMAKA, ZEGOUA = ("crossing:DZA-NER-R001", "NER"), ("crossing:CIV-MLI-R002", "MLI")
BOBO, NOUADHIBOU, AGADEZ = ("airport:DFOO", "BFA"), ("airport:GQPP", "MRT"), ("airport:DRZA", "NER")
_ONLINE = {"connectivity": "fixed", "online_hours": 23, "access": "web_service"}
CHANGED = {
    NIAMEY: ((20.5, {"access": "web_service", "online_hours": 22, "note": "Invented: the link is live."}),
              (44.5, {"officers": 31, "power": "mixed", "power_hours": 24})),
    GAYA: ((17.2, {"power": "solar", "power_hours": 24, "note": "Invented: panels are on the roof."}),
            (24.4, _ONLINE | {"connectivity": "satellite"}), (50.5, {"officers": 17, "offline": True})),
    MALANVILLE: ((27.5, _ONLINE),),
    ABIDJAN: ((30.0, {"officers": 66}),),
    AFLAO: ((40.0, {"passages": 8_100, "online_hours": 18}),),
    SEME: ((44.0, {"passages": 7_800, "note": "Invented: counted anew after the bridge was closed."}),),
    KIDIRA: ((46.0, _ONLINE),),
    NIANGOLOKO: ((41.0, {"passages": 500, "officers": 5, "note": "Invented: the road is open by day only."}),),
}  # fmt: skip
"""The changes at a post, by month."""
