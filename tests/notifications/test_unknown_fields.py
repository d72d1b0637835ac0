"""Whatever a route takes, a field that there is not is refused by its name: nobody's wish is dropped in silence."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import pytest

from identity.api import urls as of_identity
from notifications.api import urls as of_notifications
from tests.client import ApiClient
from tests.factories import make_person

pytestmark = pytest.mark.django_db
WRITES = ("post", "put", "patch")
# What providers send is theirs to shape.
OF_PROVIDERS = "callbacks/"


def _routes() -> list[tuple[str, str]]:
    phone = [one for one in of_identity.urlpatterns if "phone" in str(one.pattern)]
    patterns = [*of_notifications.urlpatterns, *phone]
    return [
        (method, str(one.pattern))
        for one in patterns
        for method in WRITES
        if hasattr(one.callback.view_class, method) and not str(one.pattern).startswith(OF_PROVIDERS)
    ]


def _address(route: str) -> str:
    parts = (
        str(uuid4()) if one.startswith("<uuid") else "x" if one.startswith("<") else one for one in route.split("/")
    )
    return "/" + "/".join(parts)


@pytest.mark.parametrize(("method", "route"), _routes())
def test_a_route_names_what_it_does_not_know(method: str, route: str) -> None:
    client = ApiClient(make_person("administrator"))
    headers = {"Idempotency-Key": "1", "If-Match": '"1"'}
    answer: Any = getattr(client, method)(_address(route), {"unheard_of": 1}, headers=headers)
    assert answer.status_code in (400, 422), answer.content
    assert answer["Content-Type"] == "application/problem+json"
    assert "#/unheard_of" in {one["pointer"] for one in answer.json()["errors"]}
