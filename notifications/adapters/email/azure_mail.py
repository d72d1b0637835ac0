"""Mails by Azure Communication Services, which reports on them through Event Grid."""

from __future__ import annotations

from email.utils import parseaddr
from typing import Any

from azure.communication.email import EmailClient
from azure.core.credentials import AzureKeyCredential
from azure.core.exceptions import AzureError

from config.kernel.conf import setting
from notifications.adapters.answers import by_error
from notifications.adapters.azure_access import azure_access, of_azure_error
from notifications.adapters.email.message_parts import headers_of, sender_of
from notifications.adapters.protocol import Accepted, Outward


class AzureMailSession:
    """Mails from the platform's own address, whose domain the resource must have."""

    def __init__(self) -> None:
        endpoint, key = azure_access()
        self._client = EmailClient(
            endpoint,
            AzureKeyCredential(key),
            retry_total=0,
            connection_timeout=setting("PROVIDER_CONNECT_SECONDS"),
            read_timeout=setting("PROVIDER_ANSWER_SECONDS"),
        )

    def send(self, outward: Outward) -> Accepted:
        """One mail under our own id of the operation, by which the reports on it name it."""
        operation_id = str(outward.delivery_id)
        try:
            # Without polling: how it went on is told by the reports.
            answer = self._client.begin_send(_body(outward), operation_id=operation_id, polling=False).result()
        # "from None", because the library's errors quote the address, and errors end in logs.
        except AzureError as error:
            raise of_azure_error(error) from None
        except Exception as error:  # of an answer that is none of Azure's
            raise by_error(error) from None
        return Accepted(provider_id=str((answer or {}).get("id") or operation_id))


def _body(outward: Outward) -> dict[str, Any]:
    headers = headers_of(outward.message_id, outward.link, outward.unsubscribe_url)
    # Azure writes one of its own.
    del headers["Message-ID"]
    content = {"subject": outward.subject, "plainText": outward.text}
    if outward.html:
        content["html"] = outward.html
    return {
        "senderAddress": parseaddr(sender_of(outward))[1],
        "recipients": {"to": [{"address": outward.address}]},
        "content": content,
        "headers": headers,
        "userEngagementTrackingDisabled": True,
    }
