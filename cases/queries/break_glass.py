"""Whether somebody has opened a patient's records by break-glass, at this instant."""

from uuid import UUID

from cases.models import BreakGlass
from config.kernel import clock
from config.kernel.audit.capacity import BREAK_GLASS, acts_in_capacity
from config.kernel.auth import Principal

# Who may open records in an emergency; administrators may too, and then see no content (that needs a clinical duty).
BREAKERS = ("coordinator", "nurse", "medical_director", "administrator")
READERS = ("coordinator", "nurse", "medical_director")


def reads_in_emergency(principal: Principal, patient_id: UUID) -> bool:
    """Whether the caller's use runs; audit rows will name it."""
    if principal.user_id is None or not principal.has(*READERS):
        return False
    running = BreakGlass.objects.filter(user_id=principal.user_id, patient_id=patient_id, ends_at__gt=clock.now())
    use_id = running.values_list("id", flat=True).first()
    if use_id is None:
        return False
    acts_in_capacity(principal.user_id, patient_id, BREAK_GLASS, use_id)
    return True
