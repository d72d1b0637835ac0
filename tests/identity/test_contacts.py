"""Where people are reached: for many at once, without opening what is sealed."""

from __future__ import annotations

from unittest import mock
from uuid import uuid4

import pytest
from django.db import connections
from django.test.utils import CaptureQueriesContext

from identity import services
from identity.models import User
from tests.factories import make_account

pytestmark = pytest.mark.django_db


def test_a_contact_says_how_somebody_is_reached() -> None:
    account = make_account("patient", locale="de")
    services.update_profile(user_id=account.id, changes={"time_zone": "Europe/Berlin"})
    found = services.contacts(user_ids=[account.id])[account.id]
    assert (found.address, found.locale, found.zone) == (account.email, "de", "Europe/Berlin")
    assert (found.verified, found.active, found.phone) == (True, True, None)
    assert account.email not in repr(found)


def test_the_zone_that_an_account_begins_with_is_none() -> None:
    account = make_account("patient")
    assert account.time_zone == "UTC"
    assert services.contacts(user_ids=[account.id])[account.id].zone is None


def test_who_waits_or_is_gone_is_told_apart() -> None:
    waiting, closed = make_account("patient", email_verified=False), make_account("patient")
    erased = make_account("patient")
    User.objects.filter(id=closed.id).update(is_active=False)
    services.destroy_keys(subject_id=erased.id)
    found = services.contacts(user_ids=[waiting.id, closed.id, erased.id, uuid4()])
    assert {user_id: (one.verified, one.active) for user_id, one in found.items()} == {
        waiting.id: (False, True),
        closed.id: (True, False),
    }


def test_however_many_they_are_it_is_one_statement_and_opens_nothing() -> None:
    for count in (1, 8):
        people = [make_account("patient").id for _ in range(count)]
        services.forget_keys()
        with (
            CaptureQueriesContext(connections["default"]) as queries,
            mock.patch("identity.queries.open_json") as opened,
        ):
            assert set(services.contacts(user_ids=people)) == set(people)
        assert len(queries) == 1
        opened.assert_not_called()
