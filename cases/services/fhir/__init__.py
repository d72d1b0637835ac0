"""What the platform holds as FHIR R4 resources, for other systems to read; each by the native reading's own rules."""

from cases.services.fhir.capability import TYPES, capability_statement
from cases.services.fhir.everything import everything
from cases.services.fhir.resource_reads import document_bundle, read
from cases.services.fhir.resources import Resource, bundle
from cases.services.fhir.search import Wish, find

__all__ = [
    "TYPES",
    "Resource",
    "Wish",
    "bundle",
    "capability_statement",
    "document_bundle",
    "everything",
    "find",
    "read",
]
