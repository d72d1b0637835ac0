"""The verdict on a file, from its bytes, public keys and what else is at hand."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from cases.domain.report.proof.jws import PublicKeys, Unsigned, read
from cases.domain.report.proof.manifest import KIND_MANIFEST, Manifest, manifest_of
from cases.domain.report.proof.signed_fhir import manifest_in_fhir
from cases.domain.report.proof.signed_pdf import manifest_in_pdf
from cases.domain.report.proof.status_list import KIND_STATUS, StatusList, status_of, veiled

Standing = Literal["valid", "superseded", "withdrawn", "changed"]


@dataclass(frozen=True)
class Verdict:
    """``manifest`` is None for a changed file. ``newer``: what is known of newer versions, in one sentence."""

    standing: Standing
    manifest: Manifest | None
    newer: str
    reason: str = ""


def verify(
    file: bytes, keys: PublicKeys, *, status: StatusList | None = None, others: Iterable[Manifest] = ()
) -> Verdict:
    """Judge a PDF or FHIR bundle. ``others`` are manifests of further reports at hand; one may be its successor."""
    try:
        manifest = manifest_in(file, keys)
    except Unsigned as unsigned:
        return Verdict("changed", None, "", str(unsigned))
    newest = max((o.version for o in others if o.series == manifest.series), default=0)
    if newest > manifest.version:
        return Verdict("superseded", manifest, f"Version {newest} replaces it.")
    if status is None:
        unknown = "Newer version unknown: no status list was given, and no newer report."
        return Verdict("valid", manifest, unknown)
    return _by_list(manifest, status)


def manifest_in(file: bytes, keys: PublicKeys) -> Manifest:
    """The manifest of a file whose every byte is proven. Raises ``Unsigned``."""
    if file.startswith(b"%PDF-"):
        return read_manifest(manifest_in_pdf(file, keys), keys)
    statement, rest = manifest_in_fhir(file)
    manifest = read_manifest(statement, keys)
    if manifest.fhir != rest:
        raise Unsigned("The file's content is not what was signed.")
    return manifest


def read_manifest(statement: str, keys: PublicKeys) -> Manifest:
    """A manifest by itself, as the QR code holds it. Raises ``Unsigned``."""
    return manifest_of(read(KIND_MANIFEST, statement, keys))


def read_status(statement: str, keys: PublicKeys) -> StatusList:
    """A status list. Raises ``Unsigned``."""
    return status_of(read(KIND_STATUS, statement.strip(), keys))


def _by_list(manifest: Manifest, status: StatusList) -> Verdict:
    name, at = veiled(manifest.report_id), _said(status.at)
    if name in status.withdrawn:
        return Verdict("withdrawn", manifest, f"The status list of {at} says that it was entered in error.")
    if name in status.superseded:
        return Verdict("superseded", manifest, f"The status list of {at} says that a newer version replaces it.")
    if status.at < manifest.signed_at:
        return Verdict("valid", manifest, f"Newer version unknown: the status list of {at} is older than the report.")
    return Verdict("valid", manifest, f"No newer version existed on {at}.")


def _said(at: datetime) -> str:
    return f"{at:%Y-%m-%d %H:%M} UTC"
