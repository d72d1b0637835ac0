"""Who stands in what relation to a case. Outside of every relation a case does not exist."""

from uuid import UUID

from django.db.models import Count

from cases.db import database
from cases.domain.workflow.state_machines import AssignmentState, OfferState
from cases.domain.workflow.states import Actor, State
from cases.models import Assignment, Case, FirstRead, Offer
from cases.queries.break_glass import reads_in_emergency
from cases.queries.proxies import READ, cases_of_key, grant_for, treats
from config.kernel import clock
from config.kernel.auth import Principal
from config.kernel.db.rows import row_and, row_by_id
from config.kernel.errors import NotFound

# Staff whose duty needs the whole case, and in which states; the others see status and dates.
FULL_STAFF = {
    "nurse": frozenset({State.SUBMITTED, State.COLLECTING_RECORDS, State.TRIAGE}),
    "medical_director": frozenset({State.ADJUDICATION}),
}
STEERING = frozenset({"coordinator", "nurse", "medical_director", "privacy_officer", "administrator", "support"})


NOBODY = UUID(int=0)
# Whether the assigned specialist has stored a first read.
_FIRST_READ = (
    f'EXISTS (SELECT 1 FROM "{FirstRead._meta.db_table}" AS f WHERE f.case_id = "{Case._meta.db_table}".id'
    f' AND f.user_id = "{Case._meta.db_table}".assigned_user_id)'
)


def person_id(principal: Principal) -> UUID:
    """The caller's user id; for keys and the platform itself, an id that no row has."""
    return principal.user_id or NOBODY


def case_for(
    principal: Principal, case_id: UUID | None, *, lock: bool = False, scope: str = READ, what: str = "case"
) -> tuple[Case, str]:
    """The case and the caller's relation to it; ``NotFound`` when there is none.

    ``scope`` is what a delegate must have been granted for what is about to be done. ``what`` the caller asked for: a
    thing of the case; one that does not exist has no ``case_id``, and is looked for and denied like a foreign one.
    """
    return _with_relation(principal, row_by_id(Case, case_id or NOBODY, lock=lock), scope, what)


def seal_and_relation(
    principal: Principal, case_id: UUID | None, *, scope: str = READ, what: str = "case"
) -> tuple[Case, str, bool]:
    """As ``case_for``, and whether the assigned specialist has stored a first read: in one statement."""
    case, sealed = row_and(Case, case_id or NOBODY, _FIRST_READ) or (None, False)
    found, relation = _with_relation(principal, case, scope, what)
    return found, relation, bool(sealed)


def _with_relation(principal: Principal, case: Case | None, scope: str, what: str) -> tuple[Case, str]:
    """A case that does not exist is asked about by the same statements as one that is somebody else's."""
    relation = relation_of(principal, case or Case(id=NOBODY, patient_id=NOBODY), scope)
    if case is None or relation is None:
        raise NotFound(f"There is no such {what} for you.")
    return case, relation


def relation_of(principal: Principal, case: Case, scope: str = READ) -> str | None:
    """owner, assigned, peer, offered, delegate, staff, key or system; ``None`` for a stranger.

    Two roles in one case add nothing: who owns a case is its patient, whatever else they are.
    """
    if principal.kind == "system":
        return "system"
    if principal.kind == "service":
        return "key" if case.id in cases_of_key(principal) else None
    if principal.user_id == case.patient_id:
        return "owner"
    if principal.has("professional"):
        if principal.user_id == case.assigned_user_id:
            return "assigned"
        if principal.user_id == case.peer_user_id:
            return "peer"
        if has_open_offer(case, person_id(principal)):
            return "offered"
    if grant_for(principal, case.patient_id, case.id, scope):
        return "delegate"
    return "staff" if principal.has(*STEERING) and case.state != State.DRAFT else None


def has_open_offer(case: Case, user_id: UUID) -> bool:
    """Whether the case is on offer to the user, and the offer still runs."""
    offers = Offer.objects.filter(
        case_id=case.id, user_id=user_id, state=OfferState.OFFERED, expires_at__gt=clock.now()
    )
    return offers.filter(case__state=State.MATCHING).exists()


def may_read_content(principal: Principal, case: Case, relation: str) -> bool:
    """Whether the relation opens what the patient wrote. A peer reviewer gets a copy without who wrote it."""
    if relation in ("owner", "delegate", "assigned", "key", "system"):
        return True
    if any(principal.has(role) and case.state in states for role, states in FULL_STAFF.items()):
        return True
    return relation == "staff" and reads_in_emergency(principal, case.patient_id)


def actors_of(principal: Principal, case: Case, relation: str) -> frozenset[Actor]:
    """In what capacities the caller may move the case."""
    if relation == "system":
        return frozenset({Actor.CLOCK})
    if relation == "delegate" and treats(principal, case.id):
        return frozenset({Actor.TREATING})
    if relation in ("owner", "delegate"):
        return frozenset({Actor.PATIENT})
    if relation in ("assigned", "offered"):
        return frozenset({Actor.SPECIALIST})
    if relation == "peer":
        return frozenset({Actor.PEER})
    staff = {Actor.COORDINATOR, Actor.NURSE, Actor.MEDICAL_DIRECTOR, Actor.PRIVACY_OFFICER}
    return frozenset(actor for actor in staff if principal.has(actor.value))


def first_read_is_sealed(case: Case) -> bool:
    """Whether the assigned specialist has stored a first read."""
    return FirstRead.objects.filter(case=case, user_id=case.assigned_user_id or NOBODY).exists()


def caseload_of(user_id: UUID) -> int:
    """How many active assignments somebody has, counted under a lock on the person until the transaction ends.

    Without it, two acceptances of different cases would each count without the other.
    """
    with database.connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"caseload:{user_id}"])
    return Assignment.objects.filter(user_id=user_id, state=AssignmentState.ACTIVE).count()


def caseloads(*, without: UUID | None = None) -> dict[UUID, int]:
    """How many active assignments each professional has, who has any; those of the case ``without`` left out."""
    active = Assignment.objects.filter(state=AssignmentState.ACTIVE)
    active = active.exclude(case_id=without) if without else active
    return dict(active.order_by().values_list("professional_id").annotate(load=Count("*")))
