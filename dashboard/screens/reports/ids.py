"""Element ids of the reports page."""

from enum import StrEnum


class Ids(StrEnum):
    """Element ids of the reports page."""

    OPERATION = "reports-operation"
    UNTIL = "reports-until"
    COUNTRY = "reports-country"  # whose sites are shown, where there are many
    ASK = "reports-ask"  # the selection: {"what": cell | new | nil | form | version | correct, ...}
    FORM = "reports-given"  # the data of the form
    HOST = "reports-host"  # the container of the form
    TYPED = "reports-typed"
    SAVED = "reports-saved"
    SEND = "reports-send"
    ANSWER = "reports-answer"
    DISCARD = "reports-discard"
    DISCARDED = "reports-discarded"
    PLACES = "reports-places"
    UNSENT = "reports-unsent"
    VIEW = "reports-view"
    SIDE = "reports-side"
    SHOWN = "reports-shown"
    ARRIVED = "reports-arrived"
    FOLLOWED = "reports-followed"  # the pulse, while a report is open


STORES = {"ask": Ids.ASK.value, "typed": Ids.TYPED.value, "send": Ids.SEND.value, "discard": Ids.DISCARD.value}
