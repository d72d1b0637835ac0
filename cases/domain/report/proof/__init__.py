"""Proof that a report is what was signed: pure Python, checked without a database, a network or a secret.

A *manifest* (signed, printed as a QR code, embedded in both files) says what the report is; a *seal* (signed, appended
to the finished PDF) covers the PDF's bytes; a *status list* (signed) says which reports have a newer version.
"""

from cases.domain.report.proof.jws import PublicKeys, Signer, Unsigned, key_id, keys_of, public_jwk
from cases.domain.report.proof.manifest import Manifest, digest, series_of
from cases.domain.report.proof.signed_fhir import fhir_bytes, seal_fhir
from cases.domain.report.proof.signed_pdf import seal_pdf
from cases.domain.report.proof.status_list import StatusList, signed_status, veiled
from cases.domain.report.proof.verification import Standing, Verdict, read_manifest, read_status, verify

__all__ = [
    "Manifest",
    "PublicKeys",
    "Signer",
    "Standing",
    "StatusList",
    "Unsigned",
    "Verdict",
    "digest",
    "fhir_bytes",
    "key_id",
    "keys_of",
    "public_jwk",
    "read_manifest",
    "read_status",
    "seal_fhir",
    "seal_pdf",
    "series_of",
    "signed_status",
    "veiled",
    "verify",
]
