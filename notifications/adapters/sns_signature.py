"""Whether Amazon SNS signed a message: by the certificate that it names, from Amazon's own host alone."""

from __future__ import annotations

import base64
import binascii
import http.client
import re
from collections.abc import Mapping
from functools import lru_cache
from typing import Any
from urllib.parse import urlsplit

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding, rsa

from notifications.adapters.guarded_connection import GuardedClient

_HOST = re.compile(r"sns\.[a-z0-9-]{3,30}\.amazonaws\.com(\.cn)?")
_NOTIFICATION = ("Message", "MessageId", "Subject", "Timestamp", "TopicArn", "Type")
_CONFIRMATION = ("Message", "MessageId", "SubscribeURL", "Timestamp", "Token", "TopicArn", "Type")
_DIGESTS: Mapping[str, type[hashes.HashAlgorithm]] = {"1": hashes.SHA1, "2": hashes.SHA256}


def signed_by_sns(message: Mapping[str, Any]) -> bool:
    """https://docs.aws.amazon.com/sns/latest/dg/sns-verify-signature-of-message.html."""
    url = urlsplit(str(message.get("SigningCertURL", "")))
    digest = _DIGESTS.get(str(message.get("SignatureVersion")))
    if url.scheme != "https" or not _HOST.fullmatch(url.netloc) or not url.path.endswith(".pem") or digest is None:
        return False
    names = _NOTIFICATION if message.get("Type") == "Notification" else _CONFIRMATION
    text = "".join(f"{name}\n{message[name]}\n" for name in names if message.get(name) is not None)
    try:
        key = certificate_key(url.geturl())
        key.verify(base64.b64decode(str(message.get("Signature"))), text.encode(), padding.PKCS1v15(), digest())
    except (InvalidSignature, binascii.Error, ValueError, OSError, http.client.HTTPException):
        return False
    return True


@lru_cache(maxsize=8)
def certificate_key(url: str) -> rsa.RSAPublicKey:
    """The key of a certificate of Amazon's, fetched once a process."""
    answer = GuardedClient().request("GET", url, headers={})
    key = x509.load_pem_x509_certificate(answer.body).public_key() if answer.status == 200 else None
    if not isinstance(key, rsa.RSAPublicKey):
        raise ValueError("There is no certificate at this address.")
    return key
