"""In what capacity somebody acts for a patient: on the patient's behalf, or by break-glass.

Who decides on access says so here, once; every audit row that is then written of this person and this patient
carries it, wherever in the request it is written. The middleware forgets it when the request ends.
"""

from collections.abc import Mapping
from contextvars import ContextVar, Token
from uuid import UUID

Capacities = Mapping[tuple[UUID, UUID], Mapping[str, str]]
_NONE: Capacities = {}
_known: ContextVar[Capacities] = ContextVar("capacities", default=_NONE)

ON_BEHALF = "on_behalf_of"
BREAK_GLASS = "break_glass"


def acts_in_capacity(actor_id: UUID, patient_id: UUID, name: str, by: UUID) -> None:
    """From now on ``actor_id`` touches ``patient_id``'s data under ``name`` by the grant or use ``by``."""
    _known.set({**_known.get(), (actor_id, patient_id): {name: str(by)}})


def capacity_of(actor_id: UUID | None, patient_id: UUID | None) -> Mapping[str, str]:
    """What was said of the two; empty when nothing was."""
    if actor_id is None or patient_id is None:
        return {}
    return _known.get().get((actor_id, patient_id), {})


def without_capacities() -> Token[Capacities]:
    """Begin a request that knows nothing of earlier ones."""
    return _known.set(_NONE)


def restore_capacities(token: Token[Capacities]) -> None:
    """Undo ``without_capacities``."""
    _known.reset(token)
