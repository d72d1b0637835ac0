"""One access rule: the check of one case, lists, pages, words, FHIR and the specialist's dashboard say the same.

Every relation in every state, with every mix of roles that matters, is asked of each of them.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import timedelta
from types import MappingProxyType
from unittest import mock
from uuid import UUID, uuid4

import pytest

from cases.domain.casefile.access_rules import CLINICAL_DUTIES, RULES, Act, Relation, opens_content
from cases.domain.workflow.states import State
from cases.models import Case, FirstRead, Offer
from cases.queries import access, case_reads, relation_scopes
from cases.queries.case_selection import ListFilter
from cases.services import casefile
from cases.services.fhir.visibility import readable_cases
from config.kernel import clock
from config.kernel.auth import SYSTEM, Principal
from identity.services import ProxyGrant
from tests.factories.cases import BreakGlassFactory, CaseFactory, FirstReadFactory, OfferFactory

pytestmark = pytest.mark.django_db
READ = frozenset({"read"})
# What the worklist leaves out although the relation is there: cases that are over, and reviews that are not due.
OVER = {State.CLOSED, State.CANCELLED, State.DECLINED, State.ENTERED_IN_ERROR}


@dataclass
class World:
    """Each tie of a person to a case, in each state; the grants stand beside, as identity would tell them."""

    cases: list[Case] = field(default_factory=list)
    callers: dict[str, Principal] = field(default_factory=dict)
    grants: dict[UUID, tuple[ProxyGrant, ...]] = field(default_factory=dict)

    def granted(self, *, delegate_id: UUID, lately: bool = False) -> tuple[ProxyGrant, ...]:
        return self.grants.get(delegate_id, ())


@pytest.fixture
def world() -> Iterator[World]:
    made = _world()
    with (
        mock.patch("identity.services.proxy_grants", made.granted),
        mock.patch("identity.services.data_keys", return_value=dict.fromkeys(_patients(made))),
        mock.patch("cases.services.casefile.case_names.title_of", return_value=""),
    ):
        yield made


def _patients(made: World) -> set[UUID]:
    return {case.patient_id for case in made.cases}


def _world() -> World:
    made, now = World(), clock.now()
    patient, other, specialist, peer, invited, late, several = (uuid4() for _ in range(7))
    ties = {
        "plain": {"patient_id": patient, "assigned_user_id": specialist, "peer_user_id": peer},
        "foreign": {"patient_id": other, "assigned_user_id": None, "peer_user_id": None},
        # Two roles in one case.
        "own": {"patient_id": several, "assigned_user_id": several, "peer_user_id": several},
        "both": {"patient_id": other, "assigned_user_id": several, "peer_user_id": several},
        "peer": {"patient_id": other, "assigned_user_id": None, "peer_user_id": several},
    }
    offers, reads = [], []
    for state in State:
        for name, people in ties.items():
            case = CaseFactory.build(state=state, **people)
            made.cases.append(case)
            for user, ends in ((invited, 1), (late, -1), *([(several, 1)] if name in ("own", "both", "peer") else [])):
                if name != "foreign":
                    ends_at = now + timedelta(days=ends)
                    offers.append(OfferFactory.build(case=case, user_id=user, expires_at=ends_at))
        offers.append(OfferFactory.build(case=case, user_id=peer, state="DECLINED"))
        if len(made.cases) % 2:
            reads.append(FirstReadFactory.build(case=made.cases[-5], user_id=specialist))
    Case.objects.bulk_create(made.cases)
    Offer.objects.bulk_create(offers)
    FirstRead.objects.bulk_create(reads)
    _callers(made, patient, other, {"specialist": specialist, "peer": peer, "invited": invited, "late": late})
    for roles in ("patient", "professional", "professional patient", "professional nurse", "nurse"):
        made.callers[f"several as {roles}"] = _person(several, roles)
    return made


def _person(user_id: UUID, roles: str) -> Principal:
    return Principal(user_id=user_id, roles=frozenset(roles.split()))


def _callers(made: World, patient: UUID, other: UUID, specialists: Mapping[str, UUID]) -> None:
    now, mine = clock.now(), [case for case in made.cases if case.patient_id == patient]
    callers = made.callers
    callers["patient"], callers["stranger"] = _person(patient, "patient"), _person(uuid4(), "patient")
    callers["nobody"], callers["system"] = Principal(kind="anonymous"), SYSTEM
    scopes = frozenset(f"cases:read:{case.id}" for case in made.cases[::3])
    callers["key"] = Principal(kind="service", key_id=uuid4(), scopes=scopes)
    for name, user_id in specialists.items():
        callers[name] = _person(user_id, "professional")
    callers["former specialist"] = _person(specialists["specialist"], "patient")
    callers["peer and director"] = _person(specialists["peer"], "professional medical_director")
    callers["invited nurse"] = _person(specialists["invited"], "professional nurse")
    for role in ("coordinator", "nurse", "medical_director", "privacy_officer", "administrator", "support"):
        callers[role] = _person(uuid4(), role)
        callers[f"{role} in emergency"] = _person(uuid4(), role)
        BreakGlassFactory(case=mine[0], patient_id=patient, user_id=callers[f"{role} in emergency"].user_id)
    callers["after an emergency"] = _person(uuid4(), "coordinator")
    BreakGlassFactory(
        case=mine[0],
        patient_id=patient,
        user_id=callers["after an emergency"].user_id,
        ends_at=now - timedelta(hours=1),
    )
    half = [case.id for case in mine[::2]]
    _delegates(made, patient, other, half)


def _delegates(made: World, patient: UUID, other: UUID, half: list[UUID]) -> None:
    given = {
        "delegate": [(patient, None, READ)],
        "delegate of single cases": [(patient, case_id, READ) for case_id in half],
        "delegate who may not read": [(patient, None, frozenset({"upload"}))],
        # A grant that names somebody else's case opens nothing.
        "delegate astray": [(other, case_id, READ) for case_id in half],
    }
    for name, grants in given.items():
        made.callers[name] = _person(uuid4(), "patient")
        made.grants[made.callers[name].user_id or uuid4()] = tuple(_grant(*one) for one in grants)
    clinician = made.callers["treating clinician"] = _person(uuid4(), "treating_clinician")
    made.grants[clinician.user_id or uuid4()] = (_grant(patient, half[0], READ, "treating_clinician"),)
    # Who works for the platform acts for nobody.
    made.callers["delegate with a second role"] = replace(
        made.callers["delegate"], roles=frozenset({"patient", "professional"})
    )


def _grant(patient_id: UUID, case_id: UUID | None, scopes: frozenset[str], relationship: str = "other") -> ProxyGrant:
    return ProxyGrant(id=uuid4(), patient_id=patient_id, case_id=case_id, scopes=scopes, relationship=relationship)


@dataclass(frozen=True)
class Seen:
    """What the check of single cases says: the relation to each case, and whether its content opens."""

    relations: dict[UUID, Relation]
    content: set[UUID]
    without_emergency: set[UUID]


def _seen(world: World, caller: Principal) -> Seen:
    found = {case.id: access.relation_of(caller, case) for case in world.cases}
    relations = {case_id: relation for case_id, relation in found.items() if relation is not None}
    known = [case for case in world.cases if case.id in relations]
    return Seen(
        relations,
        {case.id for case in known if access.may_read_content(caller, case, relations[case.id])},
        {
            case.id
            for case in known
            if opens_content(relations[case.id], roles=caller.roles, state=case.state, in_emergency=lambda: False)
        },
    )


def _listed(world: World, caller: Principal, seen: Seen) -> bool:
    """The list, whole and by states: the same cases, relations and titles. It opens nothing by an emergency."""
    if caller.kind == "system":
        return case_reads.case_rows(caller, after=None, limit=1_000, chosen=ListFilter()) == []
    states = [state.value for state in State]
    wanted = [(), *(tuple(states[at : at + 2]) for at in range(0, len(states), 2)), tuple(states[:6])]
    for chosen in wanted if case_reads.comes_in_several_ways(caller) else wanted[:2]:
        rows = case_reads.case_rows(caller, after=None, limit=1_000, chosen=ListFilter(states=chosen))
        here = {case.id for case in world.cases if not chosen or case.state in chosen}
        relations = {row["id"]: case_reads.relation_in(row, caller) for row in rows}
        if relations != {case_id: one for case_id, one in seen.relations.items() if case_id in here}:
            return False
        opened = {row["id"] for row in rows if case_reads.reads_content(row, caller, relations[row["id"]])}
        if opened != seen.without_emergency & here:
            return False
    return True


def _paged(world: World, caller: Principal, seen: Seen) -> bool:
    """The page of a case of each relation in each state, strangers' among them."""
    if caller.kind == "system":
        return True
    for case in {
        (case.state, seen.relations.get(case.id), case.id in seen.content): case for case in world.cases
    }.values():
        row = case_reads.case_row(caller, case.id)
        relation = case_reads.relation_in(row, caller) if row else None
        if relation is not seen.relations.get(case.id):
            return False
        if row and relation and case_reads.reads_content(row, caller, relation) != (case.id in seen.content):
            return False
    return True


def _over_fhir(world: World, caller: Principal, seen: Seen) -> bool:
    """FHIR reaches whose content opens, emergencies and the platform itself left out."""
    found = set(readable_cases(caller).values_list("id", flat=True))
    return found == (set() if caller.kind == "system" else seen.without_emergency)


def _by_words(world: World, caller: Principal, seen: Seen) -> bool:
    """A word finds the own cases (the specialist's after the own first read) and those of a clinical duty."""
    stored = set(FirstRead.objects.filter(user_id=caller.user_id).values_list("case_id", flat=True))
    duty = {state for role, states in CLINICAL_DUTIES.items() if caller.has(role) for state in states}
    expected = {
        case.id
        for case in world.cases
        if case.id in seen.without_emergency
        and (
            seen.relations[case.id] is Relation.OWNER
            or (seen.relations[case.id] is Relation.ASSIGNED and case.id in stored)
            or case.state in duty
        )
    }
    scope = relation_scopes.found_by_words(caller)
    # Bound like the statement that searches.
    found = Case.objects.raw(
        f"SELECT id FROM cases_case WHERE {scope or 'false'}", {"me": caller.user_id, "now": clock.now()}
    )
    return {case.id for case in found} == expected


def _on_the_dashboard(world: World, caller: Principal, seen: Seen) -> bool:
    """Worklist and news name a case as what the caller's relation to it is, and no other."""
    if not caller.has("professional"):
        return True
    state = {case.id: case.state for case in world.cases}
    expected = set()
    for case_id, relation in seen.relations.items():
        if relation is Relation.ASSIGNED and state[case_id] not in OVER:
            expected.add(("case", case_id))
        elif relation is Relation.OFFERED:
            expected.add(("offer", case_id))
        elif relation is Relation.PEER and state[case_id] == State.PEER_REVIEW:
            expected.add(("review", case_id))
    if {(item.kind, item.case_id) for item in casefile.worklist(principal=caller)} != expected:
        return False
    asked = [case.id for case in world.cases]
    named = casefile.case_names(principal=caller, case_ids=asked[:90]).keys() | casefile.case_names(
        principal=caller, case_ids=asked[90:]
    )
    return named == {case_id for case_id, one in seen.relations.items() if one.may(Act.SEE_IN_WORKPLACE)}


PLACES: tuple[Callable[[World, Principal, Seen], bool], ...] = (
    _listed,
    _paged,
    _over_fhir,
    _by_words,
    _on_the_dashboard,
)


def differences(world: World, *callers: str) -> list[str]:
    """Which place sees another rule than the check of single cases, and for whom."""
    return [one for name in callers for one in _differing(world, name, _seen(world, world.callers[name]))]


def _differing(world: World, name: str, seen: Seen) -> list[str]:
    return [f"{place.__name__}: {name}" for place in PLACES if not place(world, world.callers[name], seen)]


def test_every_place_says_the_same_of_every_relation_in_every_state(world: World) -> None:
    seen = {name: _seen(world, caller) for name, caller in world.callers.items()}
    assert not [one for name, what in seen.items() for one in _differing(world, name, what)]
    met = {(relation, case.state) for what in seen.values() for case in world.cases for relation in _of(what, case)}
    assert met == {(relation, state) for relation in Relation for state in RULES[relation].known_in}


def _of(seen: Seen, case: Case) -> Iterator[Relation]:
    if case.id in seen.relations:
        yield seen.relations[case.id]


def test_a_planted_difference_is_seen_in_each_place(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as planted:
        ties = dict(relation_scopes._HOLDS) | {Relation.PEER: "false"}
        planted.setattr(relation_scopes, "_HOLDS", MappingProxyType(ties))
        relation_scopes._known.cache_clear()
        assert differences(world, "peer") == ["_listed: peer", "_paged: peer"]
    relation_scopes._known.cache_clear()
    with monkeypatch.context() as planted:
        planted.setattr(relation_scopes, "_FOUND_BY_WORDS", {Relation.OWNER: "", Relation.ASSIGNED: ""})
        assert differences(world, "specialist") == ["_by_words: specialist"]
    with monkeypatch.context() as planted:
        planted.setattr(relation_scopes, "CLINICAL_DUTIES", {"nurse": frozenset({State.MATCHING})})
        assert differences(world, "nurse") == ["_over_fhir: nurse", "_by_words: nurse"]
    with monkeypatch.context() as planted:
        planted.setattr(case_reads, "_COLUMNS", {Relation.OWNER: "patient_id", Relation.ASSIGNED: "peer_user_id"})
        assert differences(world, "several as professional") == [
            "_listed: several as professional",
            "_paged: several as professional",
        ]

    with monkeypatch.context() as planted:
        planted.setattr(relation_scopes, "_PEOPLE", {Relation.ASSIGNED: "peer_user_id"})
        assert differences(world, "specialist") == ["_on_the_dashboard: specialist"]


def test_a_relation_that_the_table_lets_read_opens_everywhere(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """The places take it from the table: narrowed there, nothing is left open in any of them."""
    narrowed = replace(RULES[Relation.DELEGATE], content_in=frozenset({State.DELIVERED}))
    monkeypatch.setitem(RULES, Relation.DELEGATE, narrowed)
    assert not differences(world, "delegate", "delegate of single cases")
    seen = _seen(world, world.callers["delegate"])
    assert {case.state for case in world.cases if case.id in seen.content} == {State.DELIVERED}
