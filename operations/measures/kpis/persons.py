"""Key figures of persons: suspects, migrants, victims, and what became of them."""

from operations.core.vocabulary import LineKind, OperationType, VictimStatus
from operations.lines.kinds.arrest import CORE_OFFENCES
from operations.measures.definition import PROTECTED, SUSPECTS, Count, Definition, Part, Rests, Share
from operations.measures.kpis.group import SEARCHES, numbered
from operations.measures.lines import Lines

UNSPECIFIED_OFFENCES = frozenset({"unspecified", "unknown"})
VICTIMS = frozenset({VictimStatus.POTENTIAL.value, VictimStatus.IDENTIFIED.value, VictimStatus.DECLINED.value})


class Persons:
    """Their numbers."""

    ARRESTS = numbered("K11")
    CORE_SHARE = numbered("K13")
    LOCATED = numbered("K43")
    DETECTIONS = numbered("K15")
    SMUGGLED_SHARE = numbered("M05")
    POTENTIAL_VICTIMS = numbered("K17")
    IDENTIFIED_SHARE = numbered("K18")
    REFERRALS = numbered("M02")
    REFERRAL_RATE = numbered("K20")
    CASUALTIES = numbered("K21")


OFFENCES = Rests(
    Persons.ARRESTS,
    "offence",
    UNSPECIFIED_OFFENCES | {""},
    "Arrests with an offence",
    "not reliable: offence missing in {share} of arrests",
    "Offence not specified",
)
SMUGGLED = Rests(
    Persons.DETECTIONS,
    "smuggled",
    frozenset({"unknown", ""}),
    "Detections with smuggled yes or no",
    "not reliable: smuggled not known in {share} of detections",
    "Not known whether smuggled",
)
REFERRAL_ANSWERS = Rests(
    Persons.REFERRALS,
    "answer",
    frozenset({"waiting", ""}),
    "Referrals with an answer",
    "not reliable: the answer of the service is missing for {share} of persons in need",
    "Without an answer",
)


DECLARED = (
    Definition(
        Persons.ARRESTS,
        "Arrests",
        "arrests",
        "Sum of persons over arrest events, all phases and offences.",
        "Includes other crimes and arrests before the operational phase.",
        "S25 S48 S55",
        Count(Lines(LineKind.ARREST)),
        guarded=SUSPECTS,
        leads=SEARCHES,
        cards=frozenset(OperationType) - {OperationType.BORDER_STOP},
        aim=True,
    ),
    Definition(
        Persons.CORE_SHARE,
        "Core-crime share",
        "%",
        "Arrests for smuggling of migrants or trafficking in persons, divided by all arrests.",
        "Arrests whose offence nobody named are counted apart: they may be core or not.",
        "S23 S37 S39",
        Share(
            Persons.ARRESTS,
            by="offence",
            parts=(
                Part("Core offences", "", CORE_OFFENCES),
                Part("Other offences", "{share} other"),
                Part("Offence not specified", "{share} not specified", UNSPECIFIED_OFFENCES | {""}),
            ),
            whole="of {whole} arrests",
        ),
        guarded=SUSPECTS,
        aim=True,
        rests=(OFFENCES,),
    ),
    Definition(
        Persons.LOCATED,
        "Positive locations",
        "persons",
        "Sum of wanted persons who were found and not arrested.",
        "Located is not arrested: the two are never added up. It is no hit either.",
        "S09 S14",
        Count(Lines(LineKind.POSITIVE_LOCATION)),
        guarded=SUSPECTS,
        reported=True,
    ),
    Definition(
        Persons.DETECTIONS,
        "Irregular migrants detected",
        "detections",
        "Sum of detections.",
        "Detections are not persons: the same person can be met twice.",
        "S25 S35 S40",
        Count(Lines(LineKind.MIGRANT_DETECTION)),
        guarded=PROTECTED,
    ),
    Definition(
        Persons.SMUGGLED_SHARE,
        "Smuggled among detections",
        "%",
        "Detections with signs that a smuggler procured the entry, divided by all detections.",
        "Where nobody said whether they were smuggled they are counted apart: they may have been or not.",
        "S118",
        Share(
            Persons.DETECTIONS,
            by="smuggled",
            parts=(
                Part("Smuggled", "", frozenset({"yes"})),
                Part("Not smuggled", "{share} not smuggled", frozenset({"no"})),
                Part("Not known whether smuggled", "{share} not known"),
            ),
            whole="of {whole} detections",
        ),
        guarded=PROTECTED,
        reported=True,
        rests=(SMUGGLED,),
    ),
    Definition(
        Persons.POTENTIAL_VICTIMS,
        "Potential victims",
        "persons",
        "Sum of persons who are potential or identified victims, or declined identification.",
        "Never added to detections: one person can be both.",
        "S23 S25",
        Count(Lines(LineKind.POTENTIAL_VICTIM, where={"status": VICTIMS})),
        guarded=PROTECTED,
    ),
    Definition(
        Persons.IDENTIFIED_SHARE,
        "Formally identified",
        "%",
        "Formally identified victims divided by all potential victims.",
        "Identification comes weeks later: an operation is never judged by it on its fifth day.",
        "S124",
        Share(
            Persons.POTENTIAL_VICTIMS,
            by="status",
            parts=(
                Part("Formally identified", "", frozenset({VictimStatus.IDENTIFIED})),
                Part("Potential victims", "{share} potential", frozenset({VictimStatus.POTENTIAL})),
                Part("Declined identification", "{share} declined", frozenset({VictimStatus.DECLINED})),
            ),
            whole="of {whole} potential victims",
        ),
        guarded=PROTECTED,
        reported=True,
    ),
    Definition(
        Persons.REFERRALS,
        "In need of protection",
        "persons",
        "Sum of persons who needed a service, whatever it answered.",
        "Never added to victims or detections: it is what became of some of them.",
        "S62 S66",
        Count(Lines(LineKind.PROTECTION_REFERRAL)),
        guarded=PROTECTED,
        reported=True,
    ),
    Definition(
        Persons.REFERRAL_RATE,
        "Protection referral rate",
        "%",
        "Persons whom a service accepted, divided by persons who needed one.",
        "Referred is not accepted. Whoever declined is counted apart.",
        "S32 S62 S125",
        Share(
            Persons.REFERRALS,
            by="answer",
            parts=(
                Part("Accepted by a service", "", frozenset({"accepted"})),
                Part("Without an answer", "{share} waiting", frozenset({"waiting"})),
                Part("Declined by the person", "{share} declined", frozenset({"declined_by_person"})),
                Part("Not accepted", "{share} not accepted"),
            ),
            whole="of {whole} persons in need",
        ),
        guarded=PROTECTED,
        reported=True,
        rests=(REFERRAL_ANSWERS,),
    ),
    Definition(
        Persons.CASUALTIES,
        "Deaths, injured and missing",
        "persons",
        "Sum of persons who died, were injured or are missing.",
        "A person who dies later moves from injured to dead, and the sum stays. Never ranked.",
        "S97",
        Count(Lines(LineKind.CASUALTY)),
        guarded=PROTECTED,
        reported=True,
        split=("fate", "CL-FATE"),
    ),
)
