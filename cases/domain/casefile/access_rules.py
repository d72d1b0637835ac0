"""The one table of who may know of a case, read it and act in it.

The check of a single case (``cases.queries.access``), the SQL of lists and pages and the reach of FHIR
(``cases.queries.relation_scopes``) are made from it. Outside of every relation a case does not exist.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

from cases.domain.workflow.states import Actor, State


class Act(StrEnum):
    """What somebody does in a case, beyond reading what the patient wrote."""

    SPEAK_FOR_PATIENT = "fill in, answer, ask, rate and tell as the patient"
    NAME_DELEGATES = "name who acts for the patient"
    FOLLOW = "read timeline, dates, questions, report and what came after it"
    ADD_RECORDS = "add files"
    SEE_CHECKLIST = "see which records are there"
    READ_OPINION = "read the opinion once it is signed"
    WRITE_OPINION = "work as the case's specialist"
    REVIEW_OPINION = "judge the opinion as its peer"
    ANSWER_OFFER = "accept or decline an offer of the case"
    SEE_IN_WORKPLACE = "see the case among one's own work"
    STEER = "steer the case, each office of the staff what is its own"


class Relation(StrEnum):
    """In what relation somebody stands to a case; the first that holds counts alone.

    Two roles in one case add nothing: who owns a case is its patient, whatever else they are.
    """

    SYSTEM = "system"
    KEY = "key"
    OWNER = "owner"
    ASSIGNED = "assigned"
    PEER = "peer"
    OFFERED = "offered"
    DELEGATE = "delegate"
    STAFF = "staff"

    def may(self, act: Act) -> bool:
        """Whether this relation opens ``act``."""
        return act in RULES[self].acts


EVERY_STATE = frozenset(State)
STEERING = frozenset({"coordinator", "nurse", "medical_director", "privacy_officer", "administrator", "support"})
# Staff whose duty needs the whole case, and in which states; the others see status and dates.
CLINICAL_DUTIES: Mapping[str, frozenset[State]] = {
    "nurse": frozenset({State.SUBMITTED, State.COLLECTING_RECORDS, State.TRIAGE}),
    "medical_director": frozenset({State.ADJUDICATION}),
}


@dataclass(frozen=True, kw_only=True)
class Rule:
    """What a relation opens, in which states.

    ``kind`` and ``roles``: whose it can be (no roles: everybody's of that kind). ``known_in``: in which states it
    holds. ``content_in``: in which it opens what the patient wrote. ``in_emergency``: whether break-glass opens that
    too. ``moves_as``: in what capacities it moves the case (staff: of these the capacities that they hold).
    """

    kind: str = "user"
    roles: frozenset[str] = frozenset()
    known_in: frozenset[State] = EVERY_STATE
    content_in: frozenset[State] = frozenset()
    in_emergency: bool = False
    acts: frozenset[Act] = frozenset()
    moves_as: frozenset[Actor] = frozenset()


_SPECIALIST = frozenset({"professional"})
_PATIENTS_SIDE = frozenset({Act.SPEAK_FOR_PATIENT, Act.FOLLOW, Act.ADD_RECORDS, Act.SEE_CHECKLIST, Act.READ_OPINION})
RULES: Mapping[Relation, Rule] = {
    Relation.SYSTEM: Rule(kind="system", content_in=EVERY_STATE, moves_as=frozenset({Actor.CLOCK})),
    Relation.KEY: Rule(kind="service", content_in=EVERY_STATE),
    Relation.OWNER: Rule(
        content_in=EVERY_STATE,
        acts=_PATIENTS_SIDE | {Act.NAME_DELEGATES},
        moves_as=frozenset({Actor.PATIENT}),
    ),
    Relation.ASSIGNED: Rule(
        roles=_SPECIALIST,
        content_in=EVERY_STATE,
        acts=frozenset(
            {
                Act.FOLLOW,
                Act.ADD_RECORDS,
                Act.SEE_CHECKLIST,
                Act.READ_OPINION,
                Act.WRITE_OPINION,
                Act.SEE_IN_WORKPLACE,
            }
        ),
        moves_as=frozenset({Actor.SPECIALIST}),
    ),
    Relation.PEER: Rule(
        roles=_SPECIALIST,
        acts=frozenset({Act.READ_OPINION, Act.REVIEW_OPINION, Act.SEE_IN_WORKPLACE}),
        moves_as=frozenset({Actor.PEER}),
    ),
    Relation.OFFERED: Rule(
        roles=_SPECIALIST,
        known_in=frozenset({State.MATCHING}),
        acts=frozenset({Act.ANSWER_OFFER, Act.SEE_IN_WORKPLACE}),
        moves_as=frozenset({Actor.SPECIALIST}),
    ),
    Relation.DELEGATE: Rule(
        content_in=EVERY_STATE,
        acts=_PATIENTS_SIDE,
        moves_as=frozenset({Actor.PATIENT}),
    ),
    Relation.STAFF: Rule(
        roles=STEERING,
        known_in=EVERY_STATE - {State.DRAFT},
        in_emergency=True,
        acts=frozenset({Act.SEE_CHECKLIST, Act.STEER}),
        moves_as=frozenset({Actor.COORDINATOR, Actor.NURSE, Actor.MEDICAL_DIRECTOR, Actor.PRIVACY_OFFICER}),
    ),
}


@lru_cache(maxsize=256)
def possible(kind: str, roles: frozenset[str]) -> tuple[Relation, ...]:
    """The relations in which somebody of this kind and with these roles can stand to a case, first the first asked."""
    return tuple(
        relation
        for relation in Relation
        if RULES[relation].kind == kind and (not RULES[relation].roles or not roles.isdisjoint(RULES[relation].roles))
    )


def relation_to(*, kind: str, roles: frozenset[str], state: str, holds: Callable[[Relation], bool]) -> Relation | None:
    """The caller's relation to a case in ``state``; ``None`` for a stranger.

    ``holds`` is asked before the state is, so that what does not exist costs the same questions as what is denied.
    """
    for relation in possible(kind, roles):
        if holds(relation) and state in RULES[relation].known_in:
            return relation
    return None


def opens_content(relation: Relation, *, roles: frozenset[str], state: str, in_emergency: Callable[[], bool]) -> bool:
    """Whether the relation, a clinical duty or an emergency opens what the patient wrote.

    A peer reviewer gets a copy without who wrote it.
    """
    rule = RULES[relation]
    if state in rule.content_in:
        return True
    if any(role in roles and state in states for role, states in CLINICAL_DUTIES.items()):
        return True
    return rule.in_emergency and in_emergency()
