"""A mail server, people."""

from collections.abc import Iterator
from typing import Any

import pytest

from identity import services as identity
from tests.factories import make_account
from tests.notifications.support import MailServer


@pytest.fixture
def smtp(settings: Any) -> Iterator[MailServer]:
    """A real mail server, and Django sending to it."""
    server = MailServer()
    with server.running() as port:
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", port
        settings.EMAIL_HOST_USER = settings.EMAIL_HOST_PASSWORD = ""
        settings.EMAIL_USE_TLS = settings.EMAIL_USE_SSL = False
        yield server


@pytest.fixture
def maria() -> identity.AccountDTO:
    """A patient with a confirmed address."""
    return make_account("patient")
