"""From a choice to the mail: what was to come once a day leaves as one mail that counts, and that one press ends."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit
from uuid import uuid4

import pytest
from django.test import Client

from config.kernel import clock
from config.kernel.due_work import drain
from identity import services as identity
from notifications import services
from notifications.models import Delivery
from notifications.services import explanations, preferences
from notifications.services.waiting.digests import build_digests
from tests.factories import principal_for
from tests.notifications.support import MailServer, parts

pytestmark = pytest.mark.django_db
RUN: Any = None
NOON, MORNING = datetime(2026, 11, 29, 12, 0, tzinfo=UTC), datetime(2026, 11, 30, 7, 0, tzinfo=UTC)


def test_what_comes_once_a_day_is_one_mail_and_its_link_ends_it(smtp: MailServer, maria: identity.AccountDTO) -> None:
    me, one, other = principal_for(maria), uuid4(), uuid4()
    identity.update_profile(user_id=maria.id, changes={"time_zone": "Europe/Berlin"})
    preferences.set_preferences(principal=me, changes={"choices": {"case": {"email": "digest"}}})
    with clock.frozen(NOON):
        for case in (one, one, other):
            services.notify(user_id=maria.id, kind="report_ready", event_key=str(uuid4()), subject_id=case)
        drain()
        assert not smtp.taken
        held = Delivery.objects.values_list("state", "reason", "not_before")
        assert list(held) == [("HELD", "digest", MORNING)] * 3
    with clock.frozen(MORNING):
        build_digests(RUN)
        drain()
    (mail,) = smtp.to(maria.email)
    text, html = parts(mail)
    for shown in (text, html):
        assert "2 about one of your cases" in shown
        assert "1 about another case" in shown
        assert str(one) not in shown
    assert mail["Subject"] == "3 pieces of news for you"
    told = explanations.sent_page(principal=me, locale="en").notices[0].channels[1].lines
    assert told[-1].text == "Sent."
    assert "Told in the daily summary." in [line.text for line in told]
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    Client().post(urlsplit(mail["List-Unsubscribe"].strip(" <>")).path, {"List-Unsubscribe": "One-Click"})
    assert services.get_preferences(user_id=maria.id).choices["case"]["email"] == "off"


def test_a_mail_about_security_has_no_such_link(smtp: MailServer, maria: identity.AccountDTO) -> None:
    services.set_email_preference(user_id=maria.id, email=False)
    services.notify(user_id=maria.id, kind="password_changed", event_key=str(uuid4()))
    drain()
    (mail,) = smtp.to(maria.email)
    assert mail["List-Unsubscribe"] is mail["List-Unsubscribe-Post"] is None
