"""The jobs that send, one for each channel, and what becomes of those that break."""

from collections.abc import Sequence
from uuid import UUID

from config.kernel.jobs import JobRun
from notifications.db import atomic
from notifications.domain.categories import Category, ChannelName
from notifications.models import Delivery
from notifications.services.deciding import category_of
from notifications.services.sending import settlement
from notifications.services.sending.queue import queue_delivery
from notifications.services.sending.windows import send_batch


def send_emails(runs: Sequence[JobRun]) -> None:
    """The job ``notifications.send_email``."""
    send_batch(ChannelName.EMAIL, runs)


def send_texts(runs: Sequence[JobRun]) -> None:
    """The job ``notifications.send_sms``."""
    send_batch(ChannelName.SMS, runs)


def send_pushes(runs: Sequence[JobRun]) -> None:
    """The job ``notifications.send_push``."""
    send_batch(ChannelName.PUSH, runs)


def delivery_failed(delivery_id: UUID) -> None:
    """After the last try of a job that broke: visible to staff, and told."""
    with atomic():
        settlement.give_up(Delivery.objects.select_related("notice").get(id=delivery_id))


def resend_failed(*, delivery_ids: Sequence[UUID]) -> int:
    """Queue failed deliveries again, with all their tries; returns how many were put back."""
    with atomic():
        rows = settlement.put_back_failed(delivery_ids)
        for delivery in rows:
            queue_delivery(delivery, urgent=category_of(delivery) is Category.SECURITY)
    return len(rows)
