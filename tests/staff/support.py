"""Staff at their desks."""

from __future__ import annotations

from typing import Any

from django.db import connections
from django.test import Client
from django.test.utils import CaptureQueriesContext

from identity import services as identity
from tests.authorization.world import ALIASES
from tests.factories import PASSWORD, TOTP_SECRET, make_account, totp_code


def signed_in(*roles: str) -> Client:
    """The browser of a new member of staff."""
    account = make_account(*roles)
    identity.seed_totp(user_id=account.id, secret=TOTP_SECRET)
    client = Client()
    answer = client.post("/admin/login/", {"email": account.email, "password": PASSWORD, "code": totp_code()})
    assert answer.status_code == 302
    return client


class Counted:
    """How many statements all contexts together ran within it."""

    def __enter__(self) -> Counted:
        self._all = [CaptureQueriesContext(connections[alias]) for alias in ALIASES]
        self._queries = [one.__enter__() for one in self._all]
        return self

    def __exit__(self, *error: Any) -> None:
        for one in self._all:
            one.__exit__(*error)
        self.statements = [query["sql"] for one in self._queries for query in one.captured_queries]

    @property
    def number(self) -> int:
        return len(self.statements)
