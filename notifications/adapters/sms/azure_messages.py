"""Text messages by Azure Communication Services, which reports on them through Event Grid."""

from __future__ import annotations

from typing import Any

from azure.communication.sms import SmsClient
from azure.core.credentials import AzureKeyCredential
from azure.core.exceptions import AzureError

from config.kernel.conf import setting
from notifications.adapters.answers import by_error, by_status
from notifications.adapters.azure_access import azure_access, of_azure_error
from notifications.adapters.protocol import Accepted, Outward, Unanswered


class AzureSmsSession:
    """Messages from the number or name of ``AZURE_SMS_FROM``."""

    def __init__(self) -> None:
        endpoint, key = azure_access()
        # The library's own annotations are comments, and not true of this.
        self._client: Any = SmsClient(
            endpoint,
            AzureKeyCredential(key),
            retry_total=0,
            connection_timeout=setting("PROVIDER_CONNECT_SECONDS"),
            read_timeout=setting("PROVIDER_ANSWER_SECONDS"),
        )

    def send(self, outward: Outward) -> Accepted:
        """One message; the report on it names it by the id that is returned."""
        try:
            results = self._client.send(
                from_=setting("AZURE_SMS_FROM"),
                to=outward.address,
                message=outward.text,
                enable_delivery_report=True,
                tag=str(outward.delivery_id),
            )
        # "from None", because the library's errors quote the number, and errors end in logs.
        except AzureError as error:
            raise of_azure_error(error) from None
        except Exception as error:  # of an answer that is none of Azure's
            raise by_error(error) from None
        if len(results) != 1:
            raise Unanswered("bad_answer")
        (result,) = results
        if not result.successful:
            raise by_status(result.http_status_code, code=f"azure_{result.http_status_code}")
        return Accepted(provider_id=result.message_id)
