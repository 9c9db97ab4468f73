"""The cast.

Ana coordinates; Bruno and Binta report for Niger, Boubacar verifies, Chaima validates; Mateo reports for Mali, Marie
verifies and Moussa validates there; Dov analyses, Lena leads, Otto audits, Frida handles serious incidents, Ada
administers.
"""

from uuid import UUID, uuid5

from operations.core import clock
from operations.core.people import Account, Actor
from operations.core.vocabulary import Classification, Role

HOUSE = UUID("6d757374-6572-4000-8000-000000000001")
CAST = {
    "ana": ("Ana Ferreira", Role.OPERATION_COORDINATOR, None),
    "bruno": ("Bruno Issoufou", Role.NATIONAL_OFFICER, "NER"),
    "binta": ("Binta Oumarou", Role.NATIONAL_OFFICER, "NER"),
    "boubacar": ("Boubacar Idi", Role.TEAM_LEADER, "NER"),
    "chaima": ("Chaima Abdou", Role.NATIONAL_COORDINATOR, "NER"),
    "mateo": ("Mateo Keita", Role.NATIONAL_OFFICER, "MLI"),
    "marie": ("Marie Coulibaly", Role.TEAM_LEADER, "MLI"),
    "moussa": ("Moussa Traore", Role.NATIONAL_COORDINATOR, "MLI"),
    "dov": ("Dov Lindqvist", Role.OCU_ANALYST, None),
    "lena": ("Lena Okafor", Role.LEADERSHIP, None),
    "otto": ("Otto Brandt", Role.AUDITOR, None),
    "frida": ("Frida Amadi", Role.RIGHTS_OFFICER, None),
    "ada": ("Ada Nowak", Role.ADMINISTRATOR, None),
}

SECONDS = {
    "cheikh": ("Cheikh Maiga", Role.NATIONAL_COORDINATOR, "NER"),
    "olga": ("Olga Lund", Role.OPERATION_COORDINATOR, None),
}
"""Colleagues who come where other eyes are needed; no account of theirs is stored."""


def account(name: str) -> Account:
    """The account of one of the cast, not yet stored. Its password hash matches nothing."""
    full_name, role, country = (CAST | SECONDS)[name]
    return Account(
        id=uuid5(HOUSE, name),
        username=name,
        name=full_name,
        role=role.value,
        country=country,
        clearance=Classification.CONFIDENTIAL.value,
        password_hash="!",
        created_at=clock.now(),
    )


def actor(name: str, *operations: UUID, sites: frozenset[UUID] = frozenset()) -> Actor:
    """One of the cast as an actor who works for `operations`."""
    full_name, role, country = (CAST | SECONDS)[name]
    return Actor(
        account_id=uuid5(HOUSE, name),
        name=full_name,
        role=role,
        country=country,
        clearance=Classification.CONFIDENTIAL,
        operations=frozenset(operations),
        sites=sites,
    )
