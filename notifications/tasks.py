"""This context's jobs."""

from uuid import UUID

from config.kernel.jobs import job, on_dead
from notifications.services import retaining as retaining  # registers the rules
from notifications.services.mailing import KIND, delivery_failed, send_email

job(KIND, queue="interactive", lease_seconds=24)(send_email)


@on_dead(KIND)
def mail_gave_up(delivery_id: UUID) -> None:
    """Marks the delivery failed."""
    delivery_failed(delivery_id)
