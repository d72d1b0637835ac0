"""Builders of what the patient receives from one signed opinion: the PDF and the FHIR R4 document."""

from cases.adapters.report.fhir import build_bundle
from cases.adapters.report.pdf import build_pdf

__all__ = ["build_bundle", "build_pdf"]
