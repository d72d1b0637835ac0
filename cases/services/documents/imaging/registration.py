"""Keeping what was read of a DICOM file, under UIDs of our own."""

from uuid import UUID

from cases.domain.documents.imaging.instances import Imaging, first, with_new_uids
from cases.models import Document, ImagingInstance
from cases.queries.sealed_contents import place
from config.kernel.crypto import DataKey, blind_index, seal_json
from config.kernel.db import uuid7


def keep_imaging(document: Document, key: DataKey, imaging: Imaging) -> None:
    """Write the instance of a document that was just read. Inside ``atomic()``."""
    header = with_new_uids(imaging.header, lambda uid: case_uid(document.case_id, uid))
    row = ImagingInstance(id=uuid7(), document=document, case_id=document.case_id)
    row.study_uid, row.series_uid, row.instance_uid, row.sop_class = (
        str(first(header, name))[:64]
        for name in ("StudyInstanceUID", "SeriesInstanceUID", "SOPInstanceUID", "SOPClassUID")
    )
    row.modality = str(first(header, "Modality") or "")[:16]
    row.transfer_syntax, row.frames = imaging.transfer_syntax, imaging.frames
    row.private_removed, row.burned_in, row.unshown = imaging.private_removed, imaging.burned_in, imaging.unshown
    row.header_sealed = seal_json(key, place("imaginginstance", "header", row.id), header)
    row.save(force_insert=True)


def case_uid(case_id: UUID, uid: str) -> str:
    """The UID that stands for a file's one in this case: the same again for the same, telling nothing of it.

    Under the root 2.25, whose UIDs are numbers of 128 random bits (PS3.5 B.2).
    """
    return f"2.25.{int.from_bytes(blind_index('dicom-uid', f'{case_id}|{uid}')[:16], 'big')}"
