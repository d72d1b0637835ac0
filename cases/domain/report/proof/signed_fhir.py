"""The seal of a FHIR bundle: the manifest in ``Bundle.signature``; its ``fhir`` digest covers all the rest.

The file is rendered anew from what was read of it and compared, so that white space and doubled keys count as changes.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping
from typing import Any

from cases.domain.report.proof.jws import Unsigned
from cases.domain.report.proof.manifest import digest

_SOURCE_SIGNATURE = {
    "system": "urn:iso-astm:E1762-95:2013",
    "code": "1.2.840.10065.1.12.1.14",
    "display": "Source Signature",
}


def fhir_bytes(bundle: Mapping[str, Any]) -> bytes:
    """The one byte form of a bundle."""
    return json.dumps(bundle, ensure_ascii=False).encode()


def seal_fhir(bundle: Mapping[str, Any], manifest: str) -> bytes:
    """The bundle with its manifest as ``signature``, as bytes."""
    signature = {
        "type": [_SOURCE_SIGNATURE],
        "when": bundle["timestamp"],
        "who": {"display": "Second Opinion Platform"},
        "targetFormat": "application/fhir+json",
        "sigFormat": "application/jose",
        "data": base64.b64encode(manifest.encode()).decode(),
    }
    return fhir_bytes({**bundle, "signature": signature})


def manifest_in_fhir(file: bytes) -> tuple[str, str]:
    """(manifest, digest of the rest) of a sealed bundle in its one byte form. Raises ``Unsigned``."""
    try:
        bundle = json.loads(file)
        rest = {name: value for name, value in bundle.items() if name != "signature"}
        manifest = base64.b64decode(bundle["signature"]["data"], validate=True).decode()
        same = seal_fhir(rest, manifest) == file
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        raise Unsigned("The file carries no seal of this platform.") from None
    if not same:
        raise Unsigned("The file is not written as it was sealed.")
    return manifest, digest(fhir_bytes(rest))
