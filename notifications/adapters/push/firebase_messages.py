"""Push to apps by Firebase Cloud Messaging (HTTP v1)."""

from __future__ import annotations

import json
from datetime import timedelta
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any

import firebase_admin
from firebase_admin import credentials, exceptions, messaging

from config.kernel.conf import setting
from notifications.adapters.answers import by_error, by_status
from notifications.adapters.protocol import Accepted, Delayed, Outward, Refused, Unanswered
from notifications.domain.push_addresses import parts_of

TTL = timedelta(hours=24)


class FirebaseSession:
    """Messages of one Firebase project."""

    def __init__(self) -> None:
        try:
            self._app = _app(setting("FCM_CREDENTIALS"), setting("FCM_BASE_URL"))
        except (ValueError, OSError):
            raise Delayed("settings") from None

    def send(self, outward: Outward) -> Accepted:
        """One message to one app on one device."""
        _, token = parts_of(outward.address)
        try:
            name = messaging.send(_message(outward, token), app=self._app)
        # "from None", because the library's errors may quote the token, and errors end in logs.
        except exceptions.FirebaseError as error:
            raise _meaning(error) from None
        except (ValueError, KeyError, TypeError):
            raise Refused("bad_message") from None
        except Exception as error:  # of the credentials' library, before the message
            raise by_error(error) from None
        return Accepted(provider_id=str(name))


def _message(outward: Outward, token: str) -> messaging.Message:
    return messaging.Message(
        notification=messaging.Notification(title=outward.subject, body=outward.text),
        # What the app opens; it holds an id of ours, and nothing of the person.
        data={"link": outward.link, "category": outward.category},
        android=messaging.AndroidConfig(priority="high", ttl=TTL),
        # Apps of today register by token; the library has a newer name of the field beside it.
        token=token,
    )


def _meaning(error: exceptions.FirebaseError) -> Refused | Delayed | Unanswered:
    answer = error.http_response
    if isinstance(error, messaging.UnregisteredError):
        return Refused("fcm_unregistered", "gone")
    if isinstance(error, messaging.SenderIdMismatchError):
        return Refused("fcm_sender_mismatch", "gone")
    if isinstance(error, messaging.ThirdPartyAuthError):
        return Delayed("fcm_third_party_auth")
    if answer is None:
        return by_error(error.cause or error)
    return by_status(answer.status_code, answer.headers.get("Retry-After"), code=f"fcm_{answer.status_code}")


def _app(given: str, base_url: str) -> firebase_admin.App:
    name = sha256(f"{base_url}\x1f{given}".encode()).hexdigest()[:16]
    return _made(name, given, base_url)


@cache
def _made(name: str, given: str, base_url: str) -> firebase_admin.App:
    """The library's own object, once a process: its access token lives an hour."""
    account: Any = json.loads(given if given.lstrip().startswith("{") else Path(given).read_text())
    options = {"httpTimeout": setting("PROVIDER_ANSWER_SECONDS")}
    app = firebase_admin.initialize_app(credentials.Certificate(account), options=options, name=name)
    _point(app, base_url)
    return app


def _point(app: firebase_admin.App, base_url: str) -> None:
    """To our host, and without retries of the library's own, which would send a message twice.

    Nothing of this is public; ``tests/notifications/test_providers.py`` holds the library to it.
    """
    service: Any = messaging._get_messaging_service(app)
    service._fcm_url = f"{base_url.rstrip('/')}/v1/projects/{app.project_id}/messages:send"
    adapter = service._client.session.get_adapter(service._fcm_url)
    adapter.max_retries = adapter.max_retries.new(total=0, connect=0, read=False, status=0, status_forcelist=[])
