"""A sealed report of an invented patient, with the key that sealed it."""

from __future__ import annotations

from functools import cache
from typing import Any

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from cases.adapters.report import build_bundle, build_pdf
from cases.domain.report.proof import Manifest, Signer, digest, fhir_bytes, key_id, seal_fhir, seal_pdf, series_of
from tests.cases.report.samples import full_report

RAW = serialization.Encoding.Raw, serialization.PublicFormat.Raw


def signer_of(number: int) -> tuple[Signer, dict[str, bytes]]:
    """A key pair that is the same at each run."""
    private = Ed25519PrivateKey.from_private_bytes(bytes([number]) * 32)
    public = private.public_key().public_bytes(*RAW)
    return Signer(key_id(public), private), {key_id(public): public}


SIGNER, KEYS = signer_of(1)


def manifest_for(report: Any, fhir: str) -> Manifest:
    return Manifest(
        issuer="https://second-opinion.example",
        report_id=report.report_id,
        series=series_of(report.case_id),
        version=report.version,
        content_hash=report.content_hash,
        fhir=fhir,
        signer=report.author.name,
        licence_place=report.author.licence_place,
        signed_at=report.signed_at,
        supersedes=report.supersedes,
    )


@cache
def sealed_pair() -> tuple[str, bytes, bytes]:
    """(manifest, PDF, FHIR document); built once, for all tests."""
    report = full_report()
    bundle = build_bundle(report)
    manifest = manifest_for(report, digest(fhir_bytes(bundle))).signed(SIGNER)
    pdf = build_pdf(report, proof=f"https://second-opinion.example/verify#{manifest}")
    return manifest, seal_pdf(pdf, manifest, SIGNER), seal_fhir(bundle, manifest)
