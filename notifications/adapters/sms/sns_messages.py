"""Text messages by Amazon SNS. It reports to CloudWatch, not to us: what it has accepted stays SENT."""

from __future__ import annotations

from typing import Any

import boto3
from botocore.config import Config
from botocore.exceptions import ClientError

from config.kernel.conf import setting
from notifications.adapters.answers import by_error, by_status
from notifications.adapters.protocol import Accepted, Delayed, Outward, Refused, Unanswered

# Of the account, with a status that would be the message's.
_OURS = ("Throttling", "ThrottledException", "KMSThrottling", "KMSThrottlingException", "RequestLimitExceeded")


def client_config() -> Config:
    """No retries of the library's own: whether a message may be sent again is decided where its state is kept."""
    return Config(
        connect_timeout=setting("PROVIDER_CONNECT_SECONDS"),
        read_timeout=setting("PROVIDER_ANSWER_SECONDS"),
        retries={"mode": "standard", "total_max_attempts": 1},
    )


class SnsSession:
    """Messages to numbers, without a topic."""

    def __init__(self) -> None:
        self._client = boto3.session.Session().client(
            "sns",
            region_name=setting("SNS_REGION"),
            endpoint_url=setting("SNS_BASE_URL") or None,
            config=client_config(),
        )

    def send(self, outward: Outward) -> Accepted:
        """One message, as one that is waited for."""
        attributes = {"AWS.SNS.SMS.SMSType": {"DataType": "String", "StringValue": "Transactional"}}
        if setting("SNS_SENDER_ID"):
            attributes["AWS.SNS.SMS.SenderID"] = {"DataType": "String", "StringValue": setting("SNS_SENDER_ID")}
        try:
            answer = self._client.publish(
                PhoneNumber=outward.address, Message=outward.text, MessageAttributes=attributes
            )
        # "from None", because the library's errors quote the number, and errors end in logs.
        except ClientError as error:
            raise of_client_error(error) from None
        except Exception as error:  # of the connection, or of an answer that is none of Amazon's
            raise by_error(error) from None
        return Accepted(provider_id=answer["MessageId"])


def of_client_error(error: ClientError) -> Refused | Delayed | Unanswered:
    """What an answer of AWS says that is no success."""
    details: Any = error.response
    code, meta = str(details.get("Error", {}).get("Code", "")), details.get("ResponseMetadata", {})
    retry_after = meta.get("HTTPHeaders", {}).get("retry-after")
    name = f"aws_{code}"[:60] if code.isalnum() else "aws"
    if code in _OURS:
        return by_status(429, retry_after, code=name)
    # Answered so by SNS for a number whose owner sent STOP.
    stopped = code == "OptedOut" or "opted out" in str(details.get("Error", {}).get("Message", ""))
    return by_status(meta.get("HTTPStatusCode", 500), retry_after, code=name, suppress="stop" if stopped else "")
