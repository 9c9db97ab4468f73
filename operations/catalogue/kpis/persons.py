"""Key figures of persons: suspects, migrants, victims, and the outcomes of their cases."""

from operations.catalogue.definition import (
    PROTECTED,
    SUSPECTS,
    CountFigure,
    Definition,
    Rests,
    ShareFigure,
    SharePart,
)
from operations.catalogue.kpis.numbering import SEARCHES, numbered
from operations.catalogue.line_selection import LineSelection
from operations.core.vocabulary import LineKind, OperationType, VictimStatus
from operations.lines.kinds.arrest import CORE_OFFENCES

UNSPECIFIED_OFFENCES = frozenset({"unspecified", "unknown"})
VICTIMS = frozenset({VictimStatus.POTENTIAL.value, VictimStatus.IDENTIFIED.value, VictimStatus.DECLINED.value})


class PersonKpis:
    """The figures of this group, by number."""

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
    PersonKpis.ARRESTS,
    "offence",
    UNSPECIFIED_OFFENCES | {""},
    "Arrests with an offence",
    "not reliable: offence missing in {share} of arrests",
    "Offence not specified",
)
SMUGGLED = Rests(
    PersonKpis.DETECTIONS,
    "smuggled",
    frozenset({"unknown", ""}),
    "Detections with smuggled yes or no",
    "not reliable: smuggled not known in {share} of detections",
    "Not known whether smuggled",
)
REFERRAL_ANSWERS = Rests(
    PersonKpis.REFERRALS,
    "answer",
    frozenset({"waiting", "unknown", ""}),
    "Referrals with an answer",
    "not reliable: the answer of the service is missing for {share} of persons in need",
    "Without an answer",
)


DECLARED = (
    Definition(
        PersonKpis.ARRESTS,
        "Arrests",
        "arrests",
        "Sum of persons over arrest events, all phases and offences.",
        "Includes other crimes and arrests before the operational phase.",
        "S25 S48 S55",
        CountFigure(LineSelection(LineKind.ARREST)),
        guarded=SUSPECTS,
        leads=SEARCHES,
        cards=frozenset(OperationType) - {OperationType.BORDER_STOP},
        aim=True,
        quote="So many arrests were made, for all offences and in all phases.",
        misquote="So many smugglers were arrested.",
    ),
    Definition(
        PersonKpis.CORE_SHARE,
        "Core-crime share",
        "%",
        "Arrests for smuggling of migrants or trafficking in persons, divided by all arrests.",
        "Arrests whose offence nobody named are counted apart: they may be core or not.",
        "S23 S37 S39",
        ShareFigure(
            PersonKpis.ARRESTS,
            by="offence",
            parts=(
                SharePart("Core offences", "", CORE_OFFENCES),
                SharePart("Other offences", "{share} other"),
                SharePart("Offence not specified", "{share} not specified", UNSPECIFIED_OFFENCES | {""}),
            ),
            whole="of {whole} arrests",
        ),
        guarded=SUSPECTS,
        aim=True,
        rests=(OFFENCES,),
        quote="At least this share of the arrests was for smuggling or trafficking.",
        misquote="The other arrests were for other offences: some name none.",
    ),
    Definition(
        PersonKpis.LOCATED,
        "Positive locations",
        "persons",
        "Sum of wanted persons who were found and not arrested.",
        "Located is not arrested: the two are never added up. It is no hit either.",
        "S09 S14",
        CountFigure(LineSelection(LineKind.POSITIVE_LOCATION)),
        guarded=SUSPECTS,
        reported=True,
        quote="So many wanted persons were found and not arrested.",
        misquote="So many cases are solved.",
    ),
    Definition(
        PersonKpis.DETECTIONS,
        "Irregular migrants detected",
        "detections",
        "Sum of detections.",
        "Detections are not persons: the same person can be met twice.",
        "S25 S35 S40",
        CountFigure(LineSelection(LineKind.MIGRANT_DETECTION)),
        guarded=PROTECTED,
        quote="Irregular migrants were detected so many times.",
        misquote="So many persons are on the move.",
    ),
    Definition(
        PersonKpis.SMUGGLED_SHARE,
        "Smuggled among detections",
        "%",
        "Detections with signs that a smuggler procured the entry, divided by all detections.",
        "Where nobody said whether they were smuggled they are counted apart: they may have been or not.",
        "S118",
        ShareFigure(
            PersonKpis.DETECTIONS,
            by="smuggled",
            parts=(
                SharePart("Smuggled", "", frozenset({"yes"})),
                SharePart("Not smuggled", "{share} not smuggled", frozenset({"no"})),
                SharePart("Not known whether smuggled", "{share} not known"),
            ),
            whole="of {whole} detections",
        ),
        guarded=PROTECTED,
        reported=True,
        rests=(SMUGGLED,),
        quote="At least this share of the detections showed signs of a smuggler.",
        misquote="All the others travelled alone.",
    ),
    Definition(
        PersonKpis.POTENTIAL_VICTIMS,
        "Potential victims",
        "persons",
        "Sum of persons who are potential or identified victims, or declined identification.",
        "Never added to detections: one person can be both.",
        "S23 S25",
        CountFigure(LineSelection(LineKind.POTENTIAL_VICTIM, where={"status": VICTIMS})),
        guarded=PROTECTED,
        quote="So many persons may be victims of trafficking.",
        misquote="So many victims were rescued, or one country has more victims than another.",
    ),
    Definition(
        PersonKpis.IDENTIFIED_SHARE,
        "Formally identified",
        "%",
        "Formally identified victims divided by all potential victims.",
        "Identification comes weeks later: an operation is never judged by it on its fifth day.",
        "S124",
        ShareFigure(
            PersonKpis.POTENTIAL_VICTIMS,
            by="status",
            parts=(
                SharePart("Formally identified", "", frozenset({VictimStatus.IDENTIFIED})),
                SharePart("Potential victims", "{share} potential", frozenset({VictimStatus.POTENTIAL})),
                SharePart("Declined identification", "{share} declined", frozenset({VictimStatus.DECLINED})),
            ),
            whole="of {whole} potential victims",
        ),
        guarded=PROTECTED,
        reported=True,
        quote="Of the potential victims, this share is formally identified so far.",
        misquote="The others are no victims.",
    ),
    Definition(
        PersonKpis.REFERRALS,
        "In need of protection",
        "persons",
        "Sum of persons who needed a service, whatever it answered.",
        "Never added to victims or detections: it is what became of some of them.",
        "S62 S66",
        CountFigure(LineSelection(LineKind.PROTECTION_REFERRAL)),
        guarded=PROTECTED,
        reported=True,
        quote="So many persons needed a service of protection.",
        misquote="So many persons are protected.",
    ),
    Definition(
        PersonKpis.REFERRAL_RATE,
        "Protection referral rate",
        "%",
        "Persons whom a service accepted, divided by persons who needed one.",
        "Referred is not accepted. Whoever declined, or found no service, is counted apart.",
        "S32 S62 S125",
        ShareFigure(
            PersonKpis.REFERRALS,
            by="answer",
            parts=(
                SharePart("Accepted by a service", "", frozenset({"accepted"})),
                SharePart("Without an answer", "{share} without an answer", frozenset({"waiting", "unknown", ""})),
                SharePart("Declined by the person", "{share} declined", frozenset({"declined_by_person"})),
                SharePart("No service there", "{share} no service there", frozenset({"none_offered"})),
                SharePart("Refused by the service", "{share} refused"),
            ),
            whole="of {whole} persons in need",
        ),
        guarded=PROTECTED,
        reported=True,
        rests=(REFERRAL_ANSWERS,),
        quote="Of those who needed a service, at least this share was accepted by one.",
        misquote="The others refused help: some had no service, some no answer yet.",
    ),
    Definition(
        PersonKpis.CASUALTIES,
        "Deaths, injured and missing",
        "persons",
        "Sum of persons who died, were injured or are missing.",
        "A person who dies later moves from injured to dead, and the sum stays. Never ranked.",
        "S97",
        CountFigure(LineSelection(LineKind.CASUALTY)),
        guarded=PROTECTED,
        reported=True,
        split=("fate", "CL-FATE"),
        quote="The reports tell of so many dead, injured and missing.",
        misquote="A route or a country is safer than another.",
    ),
)
