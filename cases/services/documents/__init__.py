"""Documents: uploads, checks, reading, pages, originals, images."""

from cases.domain.documents.coverage import PlaceNotRead, ReadingCoverage, TwoReadings
from cases.domain.documents.document_text import PageText
from cases.domain.documents.sheet_dates import ResultPlace, SheetDate
from cases.services.documents.deidentification import case_identifiers
from cases.services.documents.document_content import document_content, withdraw_document
from cases.services.documents.document_reads import (
    document_text,
    get_document,
    list_documents,
    original_file,
    page_image,
    page_text,
)
from cases.services.documents.download_links import MadeLink, document_link, linked_file
from cases.services.documents.dto import DocumentDTO, DocumentText
from cases.services.documents.imaging.imaging_dto import (
    FrameDTO,
    ImagingDTO,
    InstanceDTO,
    SliceDTO,
    StackDTO,
    StacksDTO,
)
from cases.services.documents.imaging.instances import frame_values, list_imaging
from cases.services.documents.imaging.retrieval import instance_of, raw_frame, rendered_frame, retrieve_imaging
from cases.services.documents.imaging.stacks import image_stacks
from cases.services.documents.ownership import confirm_document, waive_item
from cases.services.documents.rereading_queue import (
    ReadDocument,
    RereadingPlan,
    documents_read,
    queue_rereadings,
    rereading_plan,
)
from cases.services.documents.result_dates import dates_of_results
from cases.services.documents.uploads.archive_dto import ArchiveDTO, ArchiveEntry
from cases.services.documents.uploads.archives import get_archive, upload_archive
from cases.services.documents.uploads.finished_uploads import upload_standing
from cases.services.documents.uploads.resumable_uploads import (
    UploadStanding,
    begin_upload,
    end_upload,
    may_receive,
    receive,
)
from cases.services.documents.uploads.uploads import may_upload, upload_document

__all__ = [
    "ArchiveDTO",
    "ArchiveEntry",
    "DocumentDTO",
    "DocumentText",
    "FrameDTO",
    "ImagingDTO",
    "InstanceDTO",
    "MadeLink",
    "PageText",
    "PlaceNotRead",
    "ReadDocument",
    "ReadingCoverage",
    "RereadingPlan",
    "ResultPlace",
    "SheetDate",
    "SliceDTO",
    "StackDTO",
    "StacksDTO",
    "TwoReadings",
    "UploadStanding",
    "begin_upload",
    "case_identifiers",
    "confirm_document",
    "dates_of_results",
    "document_content",
    "document_link",
    "document_text",
    "documents_read",
    "end_upload",
    "frame_values",
    "get_archive",
    "get_document",
    "image_stacks",
    "instance_of",
    "linked_file",
    "list_documents",
    "list_imaging",
    "may_receive",
    "may_upload",
    "original_file",
    "page_image",
    "page_text",
    "queue_rereadings",
    "raw_frame",
    "receive",
    "rendered_frame",
    "rereading_plan",
    "retrieve_imaging",
    "upload_archive",
    "upload_document",
    "upload_standing",
    "waive_item",
    "withdraw_document",
]
