"""What stands against a channel's settings: one that is half set up would be off, and nobody would know."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.core.checks import CheckMessage, Error, Warning
from django.core.exceptions import ImproperlyConfigured

from config.kernel.conf import setting
from notifications.adapters.email.channel import AZURE
from notifications.adapters.push.vapid_keys import private_key
from notifications.adapters.sms.channel import PROVIDERS, missing_for


def every_channel_is_whole(app_configs: Any = None, **kwargs: Any) -> list[CheckMessage]:
    """E101 to E103: e-mail, text messages or push that somebody meant to set up. W101: bounces that nobody hears of."""
    return [*_email(), *_sms(), *_push()]


def _email() -> Iterator[CheckMessage]:
    named: str = setting("EMAIL_PROVIDER")
    if named == AZURE:
        if not setting("AZURE_COMMUNICATION"):
            yield Error("EMAIL_PROVIDER is azure: set AZURE_COMMUNICATION too.", id="notifications.E101")
    elif named:
        yield from _anymail(named)
    if named and not _callbacks_are_signed(named):
        text = f"Nothing proves callbacks of {named}, so all are refused: set ANYMAIL_WEBHOOK_SECRET (user:password)."
        yield Warning(text, id="notifications.W101")


def _anymail(named: str) -> Iterator[CheckMessage]:
    from notifications.adapters.email.anymail_mail import PROVIDERS as MAIL_PROVIDERS
    from notifications.adapters.email.anymail_mail import connect

    if named not in MAIL_PROVIDERS:
        known = ", ".join((AZURE, *MAIL_PROVIDERS))
        yield Error(f"EMAIL_PROVIDER names {named}; there are {known}.", id="notifications.E101")
        return
    try:
        connect(named)
    except ImproperlyConfigured as error:
        yield Error(f"EMAIL_PROVIDER names {named}: {error}", id="notifications.E101")


def _callbacks_are_signed(named: str) -> bool:
    from notifications.adapters.email.anymail_callbacks import are_signed

    return are_signed(named)


def _sms() -> Iterator[CheckMessage]:
    named: str = setting("SMS_PROVIDER")
    if named and named not in PROVIDERS:
        text = f"SMS_PROVIDER names {named}; there are {', '.join(PROVIDERS)}."
        yield Error(text, id="notifications.E102")
    elif named and (missing := missing_for(named)):
        yield Error(f"SMS_PROVIDER is {named}: set {' and '.join(missing)} too.", id="notifications.E102")
    elif not named and setting("TWILIO_ACCOUNT_SID"):
        text = "Twilio is set up, and SMS_PROVIDER is empty: no text message is sent."
        yield Error(text, id="notifications.E102")


def _push() -> Iterator[CheckMessage]:
    key, subject = setting("VAPID_PRIVATE_KEY"), setting("VAPID_SUBJECT")
    if bool(key) != bool(subject):
        lacking = "VAPID_SUBJECT" if key else "VAPID_PRIVATE_KEY"
        yield Error(f"Push to browsers is half set up: set {lacking} too.", id="notifications.E103")
    if key and subject:
        try:
            private_key(key)
        except ValueError as error:
            yield Error(f"VAPID_PRIVATE_KEY: {error}", id="notifications.E103")
    if setting("FCM_CREDENTIALS") and not _is_service_account(setting("FCM_CREDENTIALS")):
        text = "FCM_CREDENTIALS is neither a service account of Firebase nor the path of one."
        yield Error(text, id="notifications.E103")


def _is_service_account(given: str) -> bool:
    try:
        account = json.loads(given if given.lstrip().startswith("{") else Path(given).read_text())
    except (OSError, ValueError):
        return False
    return isinstance(account, dict) and {"project_id", "private_key", "client_email"} <= set(account)
