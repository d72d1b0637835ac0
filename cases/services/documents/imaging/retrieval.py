"""Giving out DICOM instances as files, and frames as values or pictures, made anew of what was kept."""

from collections.abc import Iterator
from uuid import UUID

from cases.adapters.imaging import PICTURE_TYPES, part10, rendered
from cases.adapters.reading import opened_frame
from cases.domain.documents.imaging.instances import frame_bytes
from cases.domain.documents.imaging.stacks import slices_of
from cases.models import Case, DocumentPage
from cases.services.documents.imaging.imaging_dto import ImagingDTO, InstanceDTO
from cases.services.documents.imaging.instances import frame_values, list_imaging
from cases.services.storage import sealed_files
from config.kernel.auth import Principal
from config.kernel.crypto import DataKey
from config.kernel.errors import Conflict, NotFound
from identity import services as identity


def retrieve_imaging(
    *, principal: Principal, case_id: UUID, study_uid: str, series_uid: str = "", instance_uid: str = ""
) -> tuple[ImagingDTO, Iterator[bytes]]:
    """A study, series or instance as de-identified DICOM files, one after the other; raises as ``list_imaging``.

    Instances without frames are not among the files: ``Conflict`` (``frame_not_decodable``) when none is left.
    """
    found = list_imaging(
        principal=principal,
        case_id=case_id,
        study_uid=study_uid,
        series_uid=series_uid,
        instance_uid=instance_uid,
        action="imaging.retrieve",
    )
    with_frames = tuple(one for one in found.instances if one.frames)
    if found.instances and not with_frames:
        raise not_shown(found.instances[0])
    if not with_frames:
        raise NotFound("None of these images may be opened yet.")
    patient_id = Case.objects.values_list("patient_id", flat=True).get(id=case_id)
    key = identity.data_key(subject_id=patient_id)
    return found, (part10(one.header, _frames(one, key)) for one in with_frames)


def instance_of(*, principal: Principal, case_id: UUID, study_uid: str, series_uid: str, uid: str) -> InstanceDTO:
    """One instance by its three UIDs; raises as ``list_imaging``."""
    found = list_imaging(
        principal=principal, case_id=case_id, study_uid=study_uid, series_uid=series_uid, instance_uid=uid
    )
    return found.instances[0]


def raw_frame(*, principal: Principal, document_id: UUID, number: int) -> bytes:
    """A frame's values, unpacked; raises as ``frame_values``."""
    frame = frame_values(principal=principal, document_id=document_id, number=number)
    return opened_frame(frame.packed, frame.size)


def rendered_frame(
    *, principal: Principal, document_id: UUID, number: int, window: tuple[float, float] | None, media_type: str
) -> bytes:
    """A frame drawn as PNG or JPEG through ``window`` (centre, width), else the file's own; raises as ``raw_frame``."""
    assert media_type in PICTURE_TYPES
    frame = frame_values(principal=principal, document_id=document_id, number=number)
    header = frame.instance.header
    one = slices_of(header, frame.instance.frames)[number - 1]
    values = opened_frame(frame.packed, frame.size)
    return rendered(header, one, values, window=window, media_type=media_type)


def not_shown(instance: InstanceDTO) -> Conflict:
    """Why an instance has nothing to show."""
    return Conflict(f"There is nothing to show: {instance.unshown}.", code="frame_not_decodable")


def _frames(instance: InstanceDTO, key: DataKey) -> Iterator[bytes]:
    size = frame_bytes(instance.header)
    pages = DocumentPage.objects.filter(document=instance.document_id).exclude(frame_key="").order_by("number")
    for page in pages:
        yield opened_frame(b"".join(sealed_files.fetch(key, "frame", page.id, page.frame_key)), size)
