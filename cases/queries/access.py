"""In what relation the caller stands to one case, by the table in ``cases.domain.casefile.access_rules``."""

from functools import partial
from uuid import UUID

from django.db.models import Count

from cases.db import database
from cases.domain.casefile.access_rules import RULES, Relation, opens_content, relation_to
from cases.domain.workflow.state_machines import AssignmentState, OfferState
from cases.domain.workflow.states import Actor
from cases.models import Assignment, Case, FirstRead, Offer
from cases.queries.break_glass import reads_in_emergency
from cases.queries.proxies import READ, cases_of_key, grant_for, treats
from config.kernel import clock
from config.kernel.auth import Principal
from config.kernel.db.rows import row_and, row_by_id
from config.kernel.errors import NotFound

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
) -> tuple[Case, Relation]:
    """The case and the caller's relation to it; ``NotFound`` when there is none.

    ``scope`` is what a delegate must have been granted for what is about to be done. ``what`` the caller asked for: a
    thing of the case; one that does not exist has no ``case_id``, and is looked for and denied like a foreign one.
    """
    return _with_relation(principal, row_by_id(Case, case_id or NOBODY, lock=lock), scope, what)


def seal_and_relation(
    principal: Principal, case_id: UUID | None, *, scope: str = READ, what: str = "case"
) -> tuple[Case, Relation, bool]:
    """As ``case_for``, and whether the assigned specialist has stored a first read: in one statement."""
    case, sealed = row_and(Case, case_id or NOBODY, _FIRST_READ) or (None, False)
    found, relation = _with_relation(principal, case, scope, what)
    return found, relation, bool(sealed)


def _with_relation(principal: Principal, case: Case | None, scope: str, what: str) -> tuple[Case, Relation]:
    """A case that does not exist is asked about by the same statements as one that is somebody else's."""
    relation = relation_of(principal, case or Case(id=NOBODY, patient_id=NOBODY), scope)
    if case is None or relation is None:
        raise NotFound(f"There is no such {what} for you.")
    return case, relation


def relation_of(principal: Principal, case: Case, scope: str = READ) -> Relation | None:
    """The caller's relation to the case; ``None`` for a stranger. ``scope``: what a delegate must have been granted."""
    return relation_to(
        kind=principal.kind,
        roles=principal.roles,
        state=case.state,
        holds=partial(_holds, principal, case, scope),
    )


def _holds(principal: Principal, case: Case, scope: str, relation: Relation) -> bool:
    match relation:
        case Relation.OWNER:
            return principal.user_id == case.patient_id
        case Relation.ASSIGNED:
            return principal.user_id == case.assigned_user_id
        case Relation.PEER:
            return principal.user_id == case.peer_user_id
        case Relation.OFFERED:
            return has_open_offer(case, person_id(principal))
        case Relation.DELEGATE:
            return grant_for(principal, case.patient_id, case.id, scope) is not None
        case Relation.KEY:
            return case.id in cases_of_key(principal)
        case Relation.SYSTEM | Relation.STAFF:
            return True


def has_open_offer(case: Case, user_id: UUID) -> bool:
    """Whether the case is on offer to the user, and the offer still runs."""
    offers = Offer.objects.filter(
        case_id=case.id, user_id=user_id, state=OfferState.OFFERED, expires_at__gt=clock.now()
    )
    return offers.filter(case__state__in=RULES[Relation.OFFERED].known_in).exists()


def may_read_content(principal: Principal, case: Case, relation: Relation) -> bool:
    """Whether the relation opens what the patient wrote."""
    return opens_content(
        relation,
        roles=principal.roles,
        state=case.state,
        in_emergency=partial(reads_in_emergency, principal, case.patient_id),
    )


def actors_of(principal: Principal, case: Case, relation: Relation) -> frozenset[Actor]:
    """In what capacities the caller may move the case."""
    if relation is Relation.DELEGATE and treats(principal, case.id):
        return frozenset({Actor.TREATING})
    actors = RULES[relation].moves_as
    return frozenset(one for one in actors if principal.has(one.value)) if relation is Relation.STAFF else actors


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
