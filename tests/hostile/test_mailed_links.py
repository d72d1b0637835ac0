"""Mailed links of every purpose × whatever can be done wrong with one: refused, alike, and nothing has changed."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from datetime import timedelta
from typing import Any

import pytest

from config.kernel import clock
from identity import services as identity
from identity.models import EmailChange, User
from tests.client import ApiClient
from tests.factories import PASSWORD, make_account, principal_for

pytestmark = pytest.mark.django_db
ADDRESSES = {
    "verify": "/auth/verify-email",
    "reset": "/auth/reset-password",
    "change": "/auth/email/confirm",
}
NEW = "eleven quiet lighthouses"
Misuse = Callable[["Link"], AbstractContextManager[Any]]


class Link:
    """A good link of one purpose, and the request that would use it."""

    def __init__(self, purpose: str) -> None:
        self.purpose, self.address = purpose, ADDRESSES[purpose]
        self.account = make_account(email_verified=purpose != "verify")
        about = None
        if purpose == "change":
            identity.request_email_change(principal=principal_for(self.account), email="new@example.org")
            about = EmailChange.objects.get(user_id=self.account.id).id
        self.token = identity.issue_email_token(user_id=self.account.id, purpose=purpose, about=about)
        self.password = NEW if purpose == "reset" else PASSWORD

    def use(self, **changes: str) -> Any:
        return ApiClient().post(self.address, {"token": self.token, "password": self.password} | changes)

    def state(self) -> dict[str, Any]:
        """What a link could change."""
        names = ("email", "password", "email_verified_at", "is_active", "version", "profile_sealed")
        found = User.objects.filter(id=self.account.id).values(*names).get()
        return {name: bytes(value) if isinstance(value, memoryview) else value for name, value in found.items()}


def _twice(link: Link) -> AbstractContextManager[Any]:
    assert link.use().status_code == 200
    return nullcontext()


def _bent(link: Link) -> AbstractContextManager[Any]:
    link.token = link.token[:-1] + ("A" if link.token[-1] != "A" else "B")
    return nullcontext()


def _cut(link: Link) -> AbstractContextManager[Any]:
    link.token = link.token[:20]
    return nullcontext()


def _of_another_purpose(link: Link) -> AbstractContextManager[Any]:
    other = next(purpose for purpose in ("verify", "reset") if purpose != link.purpose)
    link.token = identity.issue_email_token(user_id=link.account.id, purpose=other)
    return nullcontext()


def _replaced(link: Link) -> AbstractContextManager[Any]:
    about = EmailChange.objects.filter(user_id=link.account.id).values_list("id", flat=True).first()
    identity.issue_email_token(user_id=link.account.id, purpose=link.purpose, about=about)
    return nullcontext()


def _after_another_password(link: Link) -> AbstractContextManager[Any]:
    User.objects.filter(id=link.account.id).update(password="!")
    return nullcontext()


def _of_a_closed_account(link: Link) -> AbstractContextManager[Any]:
    User.objects.filter(id=link.account.id).update(is_active=False)
    return nullcontext()


def _late(link: Link) -> AbstractContextManager[Any]:
    return clock.shifted(timedelta(minutes=60, seconds=1))


MISUSES: dict[str, Misuse] = {
    "used twice": _twice,
    "one sign changed": _bent,
    "cut short": _cut,
    "of another purpose": _of_another_purpose,
    "replaced by a newer one": _replaced,
    "after the password changed": _after_another_password,
    "of a closed account": _of_a_closed_account,
    "late": _late,
}


@pytest.mark.parametrize("purpose", ADDRESSES)
@pytest.mark.parametrize("misuse", MISUSES)
def test_a_link_that_is_not_good_changes_nothing_and_says_nothing_else(purpose: str, misuse: str) -> None:
    link = Link(purpose)
    with MISUSES[misuse](link):
        before = link.state()
        answer = link.use()
    assert (answer.status_code, answer.json()["code"]) == (400, "link_invalid")
    assert link.state() == before


@pytest.mark.parametrize("purpose", ["verify", "change"])
def test_a_good_link_without_the_password_changes_nothing(purpose: str) -> None:
    link = Link(purpose)
    before = link.state()
    assert link.use(password="some other long phrase").status_code in (400, 401)
    assert ApiClient().post(link.address, {"token": link.token}).status_code == 400
    assert link.state() == before
    assert link.use().status_code == 200
