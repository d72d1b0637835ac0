"""How long notices are kept (see ``manage.py retention``), and what goes with a case."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from config.kernel.privacy.retention import Rule
from notifications.models import DeliveryEvent, Notice


def _notices(before: datetime) -> QuerySet[Any]:
    return Notice.objects.filter(created_at__lt=before)


def _delivery_events(before: datetime) -> QuerySet[Any]:
    return DeliveryEvent.objects.filter(at__lt=before)


RULES = (
    Rule(name="notifications.notices", days=365, basis="people look back on what they were told", find=_notices),
    Rule(
        name="notifications.delivery_events",
        days=180,
        basis="whoever asks why they did not get something asks within months",
        find=_delivery_events,
    ),
)


def forget_case(*, case_id: UUID) -> None:
    """The case is gone: no notice leads to it any more. Inside ``atomic()``."""
    Notice.objects.filter(subject_id=case_id).delete()
