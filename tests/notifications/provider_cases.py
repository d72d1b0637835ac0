"""Every provider: how it is set up, what it answers, and a message to send by it."""

from __future__ import annotations

import base64
import traceback
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import orjson
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from notifications.adapters.email.anymail_mail import PROVIDERS
from notifications.adapters.protocol import Accepted, Outward, channel
from tests.notifications.provider_server import Answer, ProviderServer, answer

DELIVERY = UUID("01990000-0000-7000-8000-000000000001")
MAILBOX, NUMBER, TOKEN = "maria.keller@clinic.example", "+4915112345678", "tokenOfMariasTelephone"
SECRETS = ("maria", "15112345678", "tokenof")


def outward(address: str, **more: Any) -> Outward:
    given: dict[str, Any] = {
        "delivery_id": DELIVERY,
        "message_id": str(DELIVERY),
        "address": address,
        "subject": "There is news for you",
        "text": "Sign in to read it:\nhttps://x.example/n",
        "html": "<p>Sign in to read it</p>",
        "link": "https://x.example/n",
        "category": "case",
        "unsubscribe_url": "https://x.example/u/1",
    }
    return Outward(**(given | more))


@dataclass
class Case:
    """One provider: how it is set up, what it says when it accepts, and under which name."""

    channel: str
    address: str
    use: Callable[[Any, str], None]
    accepts: Any
    name: str
    says: Callable[..., Answer] = answer


def use_twilio(settings: Any, url: str) -> None:
    settings.SMS_PROVIDER, settings.TWILIO_BASE_URL = "twilio", url
    settings.TWILIO_ACCOUNT_SID, settings.TWILIO_AUTH_TOKEN = "AC" + "b" * 32, "secret"
    settings.TWILIO_MESSAGING_SERVICE = "MG" + "c" * 32


def use_sns(settings: Any, url: str) -> None:
    settings.SMS_PROVIDER, settings.SNS_REGION, settings.SNS_BASE_URL = "sns", "eu-central-1", url


def use_azure(settings: Any, url: str) -> None:
    settings.AZURE_COMMUNICATION = f"endpoint={url}/;accesskey={base64.b64encode(b'k' * 32).decode()}"
    settings.SMS_PROVIDER, settings.AZURE_SMS_FROM, settings.EMAIL_PROVIDER = "azure", "+15005550006", "azure"


_PEM = (
    rsa.generate_private_key(65537, 2048)
    .private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    .decode()
)


def use_fcm(settings: Any, url: str) -> None:
    # The project's tokens come from another server than its messages.
    account = {"type": "service_account", "project_id": "p", "private_key_id": "k", "private_key": _PEM}
    account |= {"client_email": "a@p.example", "client_id": "1", "token_uri": f"{_TOKENS.url}/token"}
    settings.FCM_CREDENTIALS, settings.FCM_BASE_URL = orjson.dumps(account).decode(), url


_TOKENS = ProviderServer()
_TOKENS.says = answer(200, {"access_token": "t", "expires_in": 3600, "token_type": "Bearer"})

_ANYMAIL: dict[str, tuple[dict[str, str], Any, str]] = {
    "brevo": ({"BREVO_API_KEY": "k"}, answer(201, {"messageId": "<b-1@x>"}), "<b-1@x>"),
    "mailersend": ({"MAILERSEND_API_TOKEN": "k"}, answer(202, x_message_id="ms-1", content_type="text/html"), "ms-1"),
    "mailgun": (
        {"MAILGUN_API_KEY": "k", "MAILGUN_SENDER_DOMAIN": "x.example"},
        answer(200, {"id": "<mg-1@x>", "message": "Queued. Thank you."}),
        "<mg-1@x>",
    ),
    "mailjet": (
        {"MAILJET_API_KEY": "k", "MAILJET_SECRET_KEY": "s"},
        answer(200, {"Messages": [{"Status": "success", "To": [{"Email": MAILBOX, "MessageID": 77}]}]}),
        "77",
    ),
    "mailtrap": ({"MAILTRAP_API_TOKEN": "k"}, answer(200, {"success": True, "message_ids": ["mt-1"]}), "mt-1"),
    "mandrill": (
        {"MANDRILL_API_KEY": "k"},
        answer(200, [{"email": MAILBOX, "status": "sent", "_id": "md-1", "reject_reason": None}]),
        "md-1",
    ),
    "postal": (
        {"POSTAL_API_KEY": "k"},
        answer(200, {"status": "success", "data": {"messages": {MAILBOX: {"id": 9, "token": "t"}}}}),
        "9",
    ),
    "postmark": (
        {"POSTMARK_SERVER_TOKEN": "k"},
        answer(200, {"ErrorCode": 0, "Message": "OK", "MessageID": "pm-1", "To": MAILBOX}),
        "pm-1",
    ),
    "resend": ({"RESEND_API_KEY": "k"}, answer(200, {"id": "rs-1"}), "rs-1"),
    "scaleway": (
        {"SCALEWAY_SECRET_KEY": "k", "SCALEWAY_PROJECT_ID": "p"},
        answer(200, {"emails": [{"id": "sw-1", "status": "new", "rcpt_to": MAILBOX, "mail_rcpt": MAILBOX}]}),
        "sw-1",
    ),
    "sendgrid": ({"SENDGRID_API_KEY": "k"}, answer(202), ""),
    "sparkpost": (
        {"SPARKPOST_API_KEY": "k"},
        answer(200, {"results": {"total_rejected_recipients": 0, "total_accepted_recipients": 1, "id": "sp-1"}}),
        "sp-1",
    ),
    "unisender_go": (
        {"UNISENDER_GO_API_KEY": "k"},
        answer(200, {"status": "success", "job_id": "ug-1", "emails": [MAILBOX]}),
        "",
    ),
    "amazon_ses": ({}, answer(200, {"MessageId": "ses-1"}), "ses-1"),
}


def use_anymail(provider: str) -> Callable[[Any, str], None]:
    def use(settings: Any, url: str) -> None:
        settings.EMAIL_PROVIDER = provider
        given: dict[str, Any] = {**_ANYMAIL[provider][0], f"{provider.upper()}_API_URL": f"{url}/"}
        if provider == "amazon_ses":
            given = {"AMAZON_SES_CLIENT_PARAMS": {"region_name": "eu-central-1", "endpoint_url": url}}
        settings.ANYMAIL = given

    return use


def _in_xml(status: int, body: Any, **headers: str) -> Answer:
    text = f"<ErrorResponse><Error><Code>Failed</Code><Message>{body['message']}</Message></Error></ErrorResponse>"
    return answer(status, text.encode(), content_type="text/xml", **headers)


CASES: dict[str, Case] = {
    "twilio": Case("sms", NUMBER, use_twilio, answer(201, {"sid": "SM1", "status": "queued", "to": NUMBER}), "SM1"),
    "sns": Case(
        "sms",
        NUMBER,
        use_sns,
        answer(
            200,
            b"<PublishResponse><PublishResult><MessageId>sns-1</MessageId></PublishResult></PublishResponse>",
            content_type="text/xml",
        ),
        "sns-1",
        says=_in_xml,
    ),
    "azure sms": Case(
        "sms",
        NUMBER,
        use_azure,
        answer(202, {"value": [{"to": NUMBER, "messageId": "az-1", "httpStatusCode": 202, "successful": True}]}),
        "az-1",
    ),
    "azure mail": Case("email", MAILBOX, use_azure, answer(202, {"id": "op-1", "status": "Running"}), "op-1"),
    "fcm": Case(
        "push", f"fcm:{TOKEN}", use_fcm, answer(200, {"name": "projects/p/messages/1"}), "projects/p/messages/1"
    ),
    **{name: Case("email", MAILBOX, use_anymail(name), _ANYMAIL[name][1], _ANYMAIL[name][2]) for name in PROVIDERS},
}


def send(case: Case, **more: Any) -> Accepted:
    with channel(case.channel).session() as session:
        return session.send(outward(case.address, **more))


def fails(case: Case, kind: type[Exception], **more: Any) -> Any:
    """The error, which quotes nobody's address, in itself or in what a log would print of it."""
    with pytest.raises(kind) as caught:
        send(case, **more)
    printed = "".join(traceback.format_exception(caught.value)).lower()
    lines = "\n".join(line for line in printed.splitlines() if not line.lstrip().startswith(("file ", "^")))
    assert not any(secret in repr(caught.value).lower() + lines for secret in SECRETS)
    return caught.value
