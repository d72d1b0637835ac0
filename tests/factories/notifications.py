"""Rows of notifications, for what no service makes: thousands at once, and what other releases wrote."""

from datetime import date, time

import factory
from factory.django import DjangoModelFactory

from config.kernel import clock
from notifications.models import (
    Campaign,
    CampaignRecipient,
    ChannelPreference,
    Counter,
    Delivery,
    DeliveryEvent,
    Device,
    Edition,
    Escalation,
    HookDelivery,
    Notice,
    SendRequest,
    Suppression,
    Webhook,
)
from tests.factories.values import from_now, other_id


class NoticeFactory(DjangoModelFactory[Notice]):
    """A notice that was not read; ``sequence`` counts for all users together."""

    class Meta:
        model = Notice

    user_id = other_id("user")
    sequence = factory.Sequence(lambda number: number + 1)
    kind = "report_ready"
    event_key = factory.LazyAttribute(lambda row: str(row.sequence))


class DeliveryFactory(DjangoModelFactory[Delivery]):
    """A mail about ``notice`` that waits."""

    class Meta:
        model = Delivery

    notice = factory.SubFactory(NoticeFactory)
    channel = "email"


class EscalationFactory(DjangoModelFactory[Escalation]):
    """A notice that must be read, and was sent by mail."""

    class Meta:
        model = Escalation

    notice = factory.SubFactory(NoticeFactory)
    user_id = factory.SelfAttribute("notice.user_id")
    channel = "email"
    next_at = factory.LazyFunction(clock.now)


class ChannelPreferenceFactory(DjangoModelFactory[ChannelPreference]):
    """Somebody wants no mails about their case."""

    class Meta:
        model = ChannelPreference

    user_id = other_id("user")
    category, channel, choice = "case", "email", "off"


class DeviceFactory(DjangoModelFactory[Device]):
    """A device whose token nobody can open."""

    class Meta:
        model = Device

    user_id = other_id("user")
    kind = "fcm"
    token_sealed = b""
    token_hash = factory.Sequence(lambda number: number.to_bytes(32, "big"))


class DeliveryEventFactory(DjangoModelFactory[DeliveryEvent]):
    """One line of a delivery's timeline."""

    class Meta:
        model = DeliveryEvent

    delivery = factory.SubFactory(DeliveryFactory)
    what = "queued"


class SuppressionFactory(DjangoModelFactory[Suppression]):
    """An address that came back."""

    class Meta:
        model = Suppression

    channel, reason = "email", "hard"
    address_hash = factory.Sequence(lambda number: number.to_bytes(32, "big"))


class EditionFactory(DjangoModelFactory[Edition]):
    """A version of the text of mails that tell news."""

    class Meta:
        model = Edition

    kind, code, number = "mail_text", "news", 1
    state = "PUBLISHED"
    body = factory.Dict({})
    written_at = from_now()


class CampaignFactory(DjangoModelFactory[Campaign]):
    """A draft for everybody, by mail, at nine o'clock in UTC of a day long ago."""

    class Meta:
        model = Campaign

    class Params:
        approved = factory.Trait(
            state="SCHEDULED", submitted_by=other_id("who submitted"), approved_by=other_id("who approved")
        )
        running = factory.Trait(
            approved=True, state="RUNNING", started_at=from_now(), watched_from=from_now(), gathered_at=from_now()
        )

    name = "Autumn news"
    template, template_version, category = "autumn_news", 1, "announcements"
    channels = factory.List(["email"])
    starts_on, starts_time, zone = date(2026, 11, 1), time(9), "UTC"
    per_minute = 60
    author_id = other_id("who planned")


class CampaignRecipientFactory(DjangoModelFactory[CampaignRecipient]):
    """Somebody of ``campaign`` who waits, and could have their turn."""

    class Meta:
        model = CampaignRecipient

    user_id = other_id("recipient")
    position = factory.Sequence(int)
    zone = "UTC"
    not_before = from_now(minutes=-1)


class SendRequestFactory(DjangoModelFactory[SendRequest]):
    """A message to ``user_id`` that waits for its time."""

    class Meta:
        model = SendRequest

    sender_id = other_id("sender")
    user_id = other_id("user")
    reference_hash = factory.Sequence(lambda number: f"reference {number}".encode())
    content_hash = b"content"
    template, template_version, category = "autumn_news", 1, "announcements"
    channels = factory.List(["email"])
    send_at = from_now(hours=1)


class CounterFactory(DjangoModelFactory[Counter]):
    """The numbers that ``user_id`` was given; the row that is there, where there is one."""

    class Meta:
        model = Counter
        django_get_or_create = ("user_id",)

    user_id = other_id("user")
    last = 0


class WebhookFactory(DjangoModelFactory[Webhook]):
    """A program that is told when a report is ready."""

    class Meta:
        model = Webhook

    url = factory.Sequence(lambda number: f"https://receiver-{number}.example/events")
    name = "A receiver"
    events = factory.List(["cases.report.ready.v1"])
    secret_sealed = b"a secret"


class HookDeliveryFactory(DjangoModelFactory[HookDelivery]):
    """An event that waits for ``webhook``."""

    class Meta:
        model = HookDelivery

    webhook = factory.SubFactory(WebhookFactory)
    event_id = other_id("event")
    name = "cases.report.ready.v1"
    document = factory.Dict({})
