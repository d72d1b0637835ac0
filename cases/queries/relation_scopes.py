"""The relations to a case as conditions of statements, made from the table in ``cases.domain.casefile.access_rules``.

``%(me)s`` is the caller, ``%(now)s`` the instant. They act for ``%(wards)s`` in every case, and in ``%(ward_cases)s``
for ``%(ward_patients)s``; a service key has ``%(ward_cases)s`` alone.
"""

from collections.abc import Callable, Iterable, Mapping
from functools import lru_cache

from django.db.models import Q

from cases.domain.casefile.access_rules import CLINICAL_DUTIES, EVERY_STATE, RULES, Relation, possible
from cases.domain.workflow.state_machines import OfferState
from cases.domain.workflow.states import State
from cases.queries.proxies import READ, cases_of_key, grants_of
from config.kernel.auth import Principal

_OPEN_OFFER = f"o.user_id = %(me)s AND o.state = '{OfferState.OFFERED}' AND o.expires_at > %(now)s"
# The platform itself lists nothing.
_HOLDS: Mapping[Relation, str] = {
    Relation.KEY: "id = ANY(%(ward_cases)s::uuid[])",
    Relation.OWNER: "patient_id = %(me)s",
    Relation.ASSIGNED: "assigned_user_id = %(me)s",
    Relation.PEER: "peer_user_id = %(me)s",
    Relation.OFFERED: f"EXISTS (SELECT 1 FROM cases_offer o WHERE o.case_id = cases_case.id AND {_OPEN_OFFER})",
    # A grant opens its case only as its patient's.
    Relation.DELEGATE: "(patient_id = ANY(%(wards)s::uuid[])"
    " OR (id = ANY(%(ward_cases)s::uuid[]) AND patient_id = ANY(%(ward_patients)s::uuid[])))",
    Relation.STAFF: "",
}
_GRANTED = frozenset({Relation.KEY, Relation.DELEGATE})
# The same, where a page begins with the offers and not with the cases.
_FROM_OFFERS = f"id IN (SELECT o.case_id FROM cases_offer o WHERE {_OPEN_OFFER})"
# What a specialist reads is locked until their own first read, and a word that finds a case would tell of it.
FIRST_READ_STORED = "EXISTS (SELECT 1 FROM cases_firstread f WHERE f.case_id = cases_case.id AND f.user_id = %(me)s)"
# By words only one's own cases are found, and those of one's duty: grants, keys and emergencies open single cases.
_FOUND_BY_WORDS: Mapping[Relation, str] = {Relation.OWNER: "", Relation.ASSIGNED: FIRST_READ_STORED}


def possible_for(principal: Principal) -> tuple[Relation, ...]:
    """The relations in which the caller can stand to a case."""
    return possible(principal.kind, principal.roles)


@lru_cache(maxsize=256)
def in_states(states: frozenset[State]) -> str:
    """That a case is in one of ``states``, as the indexes spell it; empty for every state."""
    left_out = EVERY_STATE - states
    if not left_out:
        return ""
    if len(left_out) == 1:
        return f"state <> '{next(iter(left_out))}'"
    if len(states) == 1:
        return f"state = '{next(iter(states))}'"
    return "state IN (" + ", ".join(f"'{state}'" for state in sorted(states)) + ")"


def holds(relation: Relation, *, from_offers: bool = False) -> str:
    """That the caller stands in ``relation`` to a case."""
    tie = _FROM_OFFERS if from_offers and relation is Relation.OFFERED else _HOLDS[relation]
    return " AND ".join(filter(None, (in_states(RULES[relation].known_in), tie)))


def known(principal: Principal, *, granted: bool) -> str:
    """That the caller may know of a case; empty for those who may know of none.

    ``granted``: whether what was granted to the caller is among the statement's values.
    """
    return _known(possible_for(principal), granted)


@lru_cache(maxsize=256)
def _known(relations: tuple[Relation, ...], granted: bool) -> str:
    return _any_of(
        holds(relation) for relation in relations if relation in _HOLDS and (granted or relation not in _GRANTED)
    )


def offered(principal: Principal) -> str:
    """Whether the case is on offer to the caller."""
    return f"({holds(Relation.OFFERED)})" if Relation.OFFERED in possible_for(principal) else "false"


def found_by_words(principal: Principal) -> str:
    """That the caller reads what the patient wrote, and may find it by its words; empty for those who find none."""
    own = [
        " AND ".join(filter(None, (holds(relation), in_states(RULES[relation].content_in), more)))
        for relation, more in _FOUND_BY_WORDS.items()
        if relation in possible_for(principal)
    ]
    return _any_of([*own, *(in_states(states) for role, states in CLINICAL_DUTIES.items() if principal.has(role))])


def _any_of(conditions: Iterable[str]) -> str:
    return " OR ".join(f"({condition})" for condition in conditions)


def stands_as(principal: Principal, relation: Relation, *, case: str = "") -> Q:
    """That of the people whom a case names (at ``case``) the caller is first of all in ``relation``.

    Whether an offer runs is asked of the offer.
    """
    asked = Q()
    for earlier, column in _PEOPLE.items():
        if earlier is relation:
            asked &= Q(**{case + column: principal.user_id})
            break
        asked &= ~Q(**{case + column: principal.user_id})
    states = RULES[relation].known_in
    return asked if states == EVERY_STATE else asked & Q(**{f"{case}state__in": states})


_PEOPLE = {Relation.OWNER: "patient_id", Relation.ASSIGNED: "assigned_user_id", Relation.PEER: "peer_user_id"}


def readable(principal: Principal) -> Q:
    """Cases whose content the caller reads at any time; an emergency opens single cases, and none of these."""
    reach = Q(pk__in=())
    for relation in possible_for(principal):
        states = RULES[relation].content_in
        if states and relation in _READS:
            tie = _READS[relation](principal)
            reach |= tie if states == EVERY_STATE else tie & Q(state__in=states)
    for role, states in CLINICAL_DUTIES.items():
        if principal.has(role):
            reach |= Q(state__in=states)
    return reach


def _granted(principal: Principal) -> Q:
    reach = Q(pk__in=())
    for one in grants_of(principal):
        if READ in one.scopes:
            reach |= Q(patient_id=one.patient_id, **({"id": one.case_id} if one.case_id else {}))
    return reach


_READS: Mapping[Relation, Callable[[Principal], Q]] = {
    Relation.KEY: lambda principal: Q(pk__in=cases_of_key(principal)),
    Relation.OWNER: lambda principal: Q(patient_id=principal.user_id),
    Relation.ASSIGNED: lambda principal: Q(assigned_user_id=principal.user_id),
    Relation.DELEGATE: _granted,
}
