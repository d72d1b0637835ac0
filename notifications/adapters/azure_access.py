"""The resource of Azure Communication Services by which e-mail and text messages go."""

from __future__ import annotations

from azure.core.exceptions import AzureError, HttpResponseError

from config.kernel.conf import setting
from notifications.adapters.answers import by_error, by_status
from notifications.adapters.protocol import Delayed, Refused, Unanswered


def azure_access() -> tuple[str, str]:
    """The end point and the access key of ``AZURE_COMMUNICATION``, in the form of Azure's connection strings."""
    parts = dict(part.partition("=")[::2] for part in setting("AZURE_COMMUNICATION").split(";") if part)
    given = {name.lower(): value for name, value in parts.items()}
    return given.get("endpoint", "").rstrip("/"), given.get("accesskey", "")


def of_azure_error(error: AzureError) -> Refused | Delayed | Unanswered:
    """What an error of Azure's library says."""
    if isinstance(error, HttpResponseError) and error.status_code:
        headers = getattr(error.response, "headers", None) or {}
        retry_after = headers.get("Retry-After")
        return by_status(error.status_code, retry_after)
    return by_error(error)
