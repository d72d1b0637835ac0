"""The proxies' page: guardians whose papers staff has seen."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client

from config.kernel import clock
from identity import services
from identity.models import Proxy
from tests.factories import make_patient
from tests.identity.test_admin import _list, _sign_in, _staff

pytestmark = pytest.mark.django_db


@pytest.fixture
def administrator(client: Client) -> Client:
    _sign_in(client, _staff("administrator"))
    return client


def test_selected_guardians_are_confirmed_and_nobody_else(administrator: Client) -> None:
    child = make_patient(date_of_birth=clock.now().date() - timedelta(days=365 * 9))
    ends = {"scopes": ["read"], "ends_at": clock.now() + timedelta(days=9)}
    guardian = services.offer_proxy(principal=child, email="a@example.org", guardian=True, **ends)
    friend = services.offer_proxy(principal=child, email="b@example.org", **ends)
    chosen = {"action": "confirm_guardians", "_selected_action": [str(guardian.id), str(friend.id)]}
    administrator.post(_list(Proxy), chosen)
    assert {str(one.id): one.confirmed_by is not None for one in Proxy.objects.all()} == {
        str(guardian.id): True,
        str(friend.id): False,
    }
    assert Proxy.objects.get(id=guardian.id).state == "OFFERED"
