"""What waits in identity: decisions of a second administrator, guardians, claims, erasures that hang."""

from collections.abc import Iterable

from config.kernel import clock
from config.kernel.admin.home import Queue, Roles, listed, waiting
from identity.domain.state_machines import ErasureState, MergeState, ProxyState, RectificationState
from identity.models import Erasure, PatientMerge, Proxy, Rectification, RoleChange

_GUARDIANS = frozenset({"coordinator", "administrator"})
_PRIVACY = frozenset({"privacy_officer", "administrator"})


def queues(roles: Roles) -> Iterable[Queue]:
    """By role."""
    if "administrator" in roles:
        undecided = waiting(RoleChange.objects.filter(decided_at=None, expires_at__gt=clock.now()))
        yield Queue("Role changes to decide", undecided, listed("identity", "rolechange"))
    if roles & _GUARDIANS:
        guardians = waiting(Proxy.objects.filter(state=ProxyState.ATTESTED))
        yield Queue("Guardians to confirm", guardians, listed("identity", "proxy", state__exact=ProxyState.ATTESTED))
    if roles & _PRIVACY:
        proposed = waiting(PatientMerge.objects.filter(state=MergeState.PROPOSED, expires_at__gt=clock.now()))
        link = listed("identity", "patientmerge", state__exact=MergeState.PROPOSED)
        yield Queue("Accounts of one patient to join", proposed, link)
        open_claims = Rectification.objects.filter(state=RectificationState.OPEN)
        late = open_claims.filter(due_at__lt=clock.now()).exists()
        link = listed("identity", "rectification", state__exact=RectificationState.OPEN)
        yield Queue("Claims that something is wrong", waiting(open_claims), link, late=late)
        hanging = waiting(Erasure.objects.filter(state=ErasureState.RUNNING))
        yield Queue("Erasures under way", hanging, listed("identity", "erasure", state__exact=ErasureState.RUNNING))
