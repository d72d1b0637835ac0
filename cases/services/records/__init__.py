"""Records asked of others, and records that come as data."""

from cases.services.records.imports import ImportDTO, import_ccda, import_fhir
from cases.services.records.record_dto import RecordLetter, RecordRequestDTO, TakenRecord
from cases.services.records.record_links import may_send_records, receive_record, write_record_letter
from cases.services.records.record_requests import cancel_record_request, list_record_requests, request_records

__all__ = [
    "ImportDTO",
    "RecordLetter",
    "RecordRequestDTO",
    "TakenRecord",
    "cancel_record_request",
    "import_ccda",
    "import_fhir",
    "list_record_requests",
    "may_send_records",
    "receive_record",
    "request_records",
    "write_record_letter",
]
