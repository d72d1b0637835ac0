"""Rows of notifications, for what no service makes: thousands at once, and what other releases wrote."""

import factory
from factory.django import DjangoModelFactory

from notifications.models import Delivery, Edition, Notice
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


class EditionFactory(DjangoModelFactory[Edition]):
    """A version of the text of mails that tell news."""

    class Meta:
        model = Edition

    kind, code, number = "mail_text", "news", 1
    state = "PUBLISHED"
    body = factory.Dict({})
    written_at = from_now()
