"""Mails by the interface of a mail provider, in Anymail's words."""

from __future__ import annotations

from typing import Any

from anymail import exceptions as anymail
from botocore.exceptions import ClientError
from django.core.exceptions import ImproperlyConfigured
from django.core.mail import BadHeaderError, get_connection

from config.kernel.conf import setting
from notifications.adapters.answers import by_error, by_status
from notifications.adapters.email.message_parts import mail_of
from notifications.adapters.protocol import Accepted, Delayed, Outward, Refused, Unanswered

AMAZON_SES = "amazon_ses"
# What each takes of us; a contract test holds this against Anymail's own sources. Tracking is off for all: those that
# are not in the second list have no switch for one mail, and are told so in the provider's own settings.
PROVIDERS = (
    AMAZON_SES,
    "brevo",
    "mailersend",
    "mailgun",
    "mailjet",
    "mailtrap",
    "mandrill",
    "postal",
    "postmark",
    "resend",
    "scaleway",
    "sendgrid",
    "sparkpost",
    "unisender_go",
)
SWITCHES_TRACKING = frozenset(
    {"mailersend", "mailgun", "mailjet", "mandrill", "postmark", "sendgrid", "sparkpost", "unisender_go"}
)
TAKES_METADATA = frozenset(PROVIDERS) - {"mailersend", "postal"}
# They send the Message-ID that they are given; the others write one of their own.
_KEEPS_MESSAGE_ID = frozenset({"mailgun", "sendgrid", "sparkpost"})
# Of the account at Amazon, with a status that would be the message's.
_SES_OURS = frozenset(
    {
        "AccountSuspendedException",
        "SendingPausedException",
        "MailFromDomainNotVerifiedException",
        "LimitExceededException",
        "TooManyRequestsException",
        "ThrottlingException",
        "Throttling",
    }
)


def connect(provider: str) -> Any:
    """Anymail's own backend for a provider; ``ImproperlyConfigured`` says which of its settings is missing."""
    more: dict[str, Any] = {"timeout": (setting("PROVIDER_CONNECT_SECONDS"), setting("PROVIDER_ANSWER_SECONDS"))}
    if provider == AMAZON_SES:
        given = setting("ANYMAIL").get("AMAZON_SES_CLIENT_PARAMS", {})
        limits = {
            "connect_timeout": setting("PROVIDER_CONNECT_SECONDS"),
            "read_timeout": setting("PROVIDER_ANSWER_SECONDS"),
        }
        once = {"retries": {"mode": "standard", "total_max_attempts": 1}}
        more = {"client_params": {**given, "config": {**given.get("config", {}), **limits, **once}}}
    return get_connection(f"anymail.backends.{provider}.EmailBackend", **more)


class AnymailSession:
    """Mails over one connection to a provider."""

    def __init__(self, provider: str, connection: Any) -> None:
        self._provider, self._connection = provider, connection

    def send(self, outward: Outward) -> Accepted:
        """One mail, which the provider's reports name by our delivery."""
        # "from None" everywhere, because the library's errors quote the address, and errors end in logs.
        try:
            message = self._message(outward)
            self._connection.open()
            self._connection.send_messages([message])
        except anymail.AnymailRecipientsRefused:
            raise Refused("recipient_refused", "hard") from None
        except anymail.AnymailAPIError as error:
            raise _meaning(error) from None
        except (anymail.AnymailConfigurationError, anymail.AnymailUnsupportedFeature, ImproperlyConfigured):
            raise Delayed("settings") from None
        except (anymail.AnymailError, BadHeaderError, ValueError):
            raise Refused("bad_header") from None
        except Exception as error:  # of the HTTP client, of whichever library it is
            raise by_error(error) from None
        return _accepted(message.anymail_status)

    def _message(self, outward: Outward) -> Any:
        message: Any = mail_of(outward, self._connection)
        if self._provider not in _KEEPS_MESSAGE_ID:
            del message.extra_headers["Message-ID"]
        if self._provider in TAKES_METADATA:
            message.metadata = {"delivery": str(outward.delivery_id)}
        if self._provider in SWITCHES_TRACKING:
            message.track_opens = message.track_clicks = False
        return message


def _accepted(status: Any) -> Accepted:
    if "failed" in status.status:
        raise Delayed("provider_failed")
    # A set where a mail has several recipients; ours have one.
    if not isinstance(status.message_id, str | int):
        raise Unanswered("bad_answer")
    return Accepted(provider_id=str(status.message_id))


def _meaning(error: anymail.AnymailAPIError) -> Refused | Delayed | Unanswered:
    cause = error.__cause__
    if isinstance(cause, ClientError):
        return _by_ses(cause)
    status = error.status_code
    if status is None:
        return by_error(error)
    if status < 300:
        return Unanswered("bad_answer")
    headers = getattr(error.response, "headers", None) or {}
    return by_status(status, headers.get("Retry-After"))


def _by_ses(error: ClientError) -> Refused | Delayed | Unanswered:
    details: Any = error.response
    code, meta = str(details.get("Error", {}).get("Code", "")), details.get("ResponseMetadata", {})
    name = f"ses_{code}"[:60] if code.isalnum() else "ses"
    status = 429 if code in _SES_OURS else meta.get("HTTPStatusCode", 500)
    return by_status(status, meta.get("HTTPHeaders", {}).get("retry-after"), code=name)
