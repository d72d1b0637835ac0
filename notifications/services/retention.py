"""How long notices are kept (see ``manage.py retention``), and what goes with a case."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from config.kernel.privacy.retention import Rule
from notifications.domain.hooks import HookState
from notifications.models import Campaign, CampaignRecipient, DeliveryEvent, Device, HookDelivery, Notice, SendRequest


def _notices(before: datetime) -> QuerySet[Any]:
    return Notice.objects.filter(created_at__lt=before)


def _delivery_events(before: datetime) -> QuerySet[Any]:
    return DeliveryEvent.objects.filter(at__lt=before)


def _devices(before: datetime) -> QuerySet[Any]:
    return Device.objects.filter(last_registered_at__lt=before)


def _recipients(before: datetime) -> QuerySet[Any]:
    return CampaignRecipient.objects.filter(campaign__ended_at__lt=before)


def _campaigns(before: datetime) -> QuerySet[Any]:
    return Campaign.objects.filter(ended_at__lt=before)


def _requests(before: datetime) -> QuerySet[Any]:
    return SendRequest.objects.filter(created_at__lt=before, user_id__isnull=False)


def _hook_deliveries(before: datetime) -> QuerySet[Any]:
    return HookDelivery.objects.filter(created_at__lt=before).exclude(state=HookState.QUEUED)


def _forget_person(request_id: UUID) -> None:
    """The row stays, so that its reference means one message for ever."""
    SendRequest.objects.filter(id=request_id).update(user_id=None, values={})


RULES = (
    Rule(
        name="notifications.hook_deliveries",
        days=30,
        basis="a receiver that missed something asks for it within weeks, as for the events themselves",
        find=_hook_deliveries,
    ),
    Rule(name="notifications.notices", days=365, basis="people look back on what they were told", find=_notices),
    Rule(
        name="notifications.delivery_events",
        days=180,
        basis="whoever asks why they did not get something asks within months",
        find=_delivery_events,
    ),
    Rule(
        name="notifications.devices",
        days=270,
        basis="apps and browsers register again each time they start; one that did not is gone",
        find=_devices,
    ),
    Rule(
        name="notifications.campaign_recipients",
        days=365,
        basis="who was told is known as long as what they were told",
        find=_recipients,
    ),
    Rule(
        name="notifications.campaigns",
        days=3650,
        basis="who planned and who approved what was said to many",
        find=_campaigns,
    ),
    Rule(
        name="notifications.send_requests",
        days=400,
        basis="who was written to, and with which values, goes after the notice; the reference stays",
        find=_requests,
        remove=_forget_person,
    ),
)


def forget_case(*, case_id: UUID) -> None:
    """The case is gone: no notice leads to it any more. Inside ``atomic()``."""
    Notice.objects.filter(subject_id=case_id).delete()
