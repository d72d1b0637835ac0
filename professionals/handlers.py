"""What professionals hears from identity."""

from config.kernel.outbox import once, publish
from config.kernel.privacy.erasing import erase_rows
from identity.events import ErasureRequested
from professionals.events import ErasureCompleted


@once(ErasureRequested, context="professionals")
def person_erased(event: ErasureRequested) -> None:
    """Take out what this context holds of them, and say so; asked again, it finds nothing and says so again."""
    erase_rows("professionals", event.aggregate_id)
    publish(ErasureCompleted(aggregate_id=event.aggregate_id))
