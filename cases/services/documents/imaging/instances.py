"""Reading a case's DICOM instances: who may read its documents may read these, under the same conditions."""

from uuid import UUID

from cases.db import atomic
from cases.domain.casefile.access_rules import Relation
from cases.domain.documents.imaging.instances import frame_bytes, holds_a_reading, number
from cases.domain.documents.imaging.stacks import in_order, slices_of
from cases.domain.workflow.state_machines import CLEARED_DOCUMENTS, UNSAFE_DOCUMENTS, DocumentState
from cases.models import Case, DocumentPage, ImagingInstance
from cases.queries.access import may_read_content, seal_and_relation
from cases.queries.sealed_contents import place
from cases.services.documents.document_reads import readable
from cases.services.documents.imaging.imaging_dto import FrameDTO, ImagingDTO, InstanceDTO
from cases.services.storage import sealed_files
from config.kernel.audit import record
from config.kernel.auth import Principal
from config.kernel.crypto import DataKey, open_json
from config.kernel.errors import Conflict, Forbidden, Locked, NotFound
from identity import services as identity

_GONE = (*UNSAFE_DOCUMENTS, DocumentState.WITHDRAWN)
_WAITS = "Store your own first read of the case; what another doctor marked or wrote in this object opens after it."


def list_imaging(
    *,
    principal: Principal,
    case_id: UUID,
    study_uid: str = "",
    series_uid: str = "",
    instance_uid: str = "",
    action: str = "imaging.list",
) -> ImagingDTO:
    """The instances of a case, or of one study, series or instance in it, in the order of their slices.

    What may be another person's is left out for specialists until it is released, and counted; so are, before the
    first read, objects that hold another doctor's reading. Raises ``Forbidden`` for those who do not read documents,
    ``NotFound`` for strangers and for UIDs that are not in the case; asked for alone, an instance that is left out
    raises ``Conflict`` or ``Locked``. ``action`` is what the audit row says.
    """
    with atomic():
        case, relation, sealed = seal_and_relation(principal, case_id)
        if not may_read_content(principal, case, relation):
            raise Forbidden("Your role sees that there are documents, not their content.", code="role_forbidden")
        rows = _rows(case, study_uid, series_uid, instance_uid)
        if not rows and (study_uid or series_uid or instance_uid):
            raise NotFound("There are no such images in this case.")
        _note(action, case, len(rows), instance_uid or series_uid or study_uid)
        key = identity.data_key(subject_id=case.patient_id)
    held = [row for row in rows if principal.has("professional") and row.document.state not in CLEARED_DOCUMENTS]
    locked = [row for row in rows if relation is Relation.ASSIGNED and not sealed and holds_a_reading(row.sop_class)]
    if instance_uid and held:
        raise Conflict("A coordinator must confirm first whose images these are.", code="document_unconfirmed")
    if instance_uid and locked:
        raise Locked(_WAITS, code="first_read")
    left_out = {row.id for row in (*held, *locked)}
    shown = [instance_dto(row, key) for row in rows if row.id not in left_out]
    return ImagingDTO(
        instances=in_series_order(shown),
        held_back=len(held),
        locked=len({row.id for row in locked} - {row.id for row in held}),
    )


def frame_values(*, principal: Principal, document_id: UUID, number: int) -> FrameDTO:
    """One frame as measured, by its document. Raises what ``page_image`` raises, and ``Locked`` before the first read.

    ``Conflict`` (``frame_not_decodable``) names the transfer syntax when the frame could not be decoded.
    """
    document = readable(principal, document_id)
    row = ImagingInstance.objects.filter(document=document).first()
    if row is None:
        raise NotFound("This document holds no DICOM image.")
    if holds_a_reading(row.sop_class):
        _refuse_before_first_read(principal, document.case_id)
    key = identity.data_key(subject_id=document.patient_id)
    if row.frames == 0:
        raise Conflict(f"There is nothing to show: {row.unshown}.", code="frame_not_decodable")
    with atomic():
        record(
            context="cases",
            action="imaging.view_frame",
            patient_id=document.patient_id,
            object_type="document",
            object_id=document.id,
            detail={"frame": number},
        )
    return _frame(instance_dto(row, key), number, key)


def instance_dto(row: ImagingInstance, key: DataKey) -> InstanceDTO:
    """An instance as plain data."""
    return InstanceDTO(
        document_id=row.document_id,
        study_uid=row.study_uid,
        series_uid=row.series_uid,
        instance_uid=row.instance_uid,
        sop_class=row.sop_class,
        modality=row.modality,
        frames=row.frames,
        transfer_syntax=row.transfer_syntax,
        private_removed=row.private_removed,
        burned_in=row.burned_in,
        unshown=row.unshown,
        header=open_json(key, place("imaginginstance", "header", row.id), row.header_sealed),
    )


def in_series_order(found: list[InstanceDTO]) -> tuple[InstanceDTO, ...]:
    """By study date, series number, and the place of the slices; the newest file of an instance that came twice."""
    newest = {one.instance_uid: one for one in found}
    series: dict[tuple[str, str], list[InstanceDTO]] = {}
    for one in newest.values():
        series.setdefault((one.study_uid, one.series_uid), []).append(one)
    ordered = sorted(series.values(), key=lambda rows: (_date(rows[0]), rows[0].study_uid, _number(rows[0])))
    return tuple(one for rows in ordered for one in _stacked(rows))


def _stacked(rows: list[InstanceDTO]) -> list[InstanceDTO]:
    firsts = [(one, slices_of(one.header, 1)[0], _instance_number(one)) for one in rows]
    return [one for one, _ in in_order(firsts)]


def _rows(case: Case, study_uid: str, series_uid: str, instance_uid: str) -> list[ImagingInstance]:
    wanted = {"study_uid": study_uid, "series_uid": series_uid, "instance_uid": instance_uid}
    rows = ImagingInstance.objects.select_related("document").filter(
        case=case, **{name: uid for name, uid in wanted.items() if uid}
    )
    return list(rows.exclude(document__state__in=_GONE).order_by("id"))


def _frame(instance: InstanceDTO, number: int, key: DataKey) -> FrameDTO:
    page = DocumentPage.objects.filter(document=instance.document_id, number=number).exclude(frame_key="").first()
    if page is None:
        raise NotFound("There is no such frame.")
    packed = b"".join(sealed_files.fetch(key, "frame", page.id, page.frame_key))
    return FrameDTO(instance=instance, number=number, packed=packed, size=frame_bytes(instance.header))


def _refuse_before_first_read(principal: Principal, case_id: UUID) -> None:
    _, relation, sealed = seal_and_relation(principal, case_id)
    if relation is Relation.ASSIGNED and not sealed:
        raise Locked(_WAITS, code="first_read")


def _date(one: InstanceDTO) -> str:
    found = one.header.get("00080020", {}).get("Value") or [""]
    return str(found[0])


def _number(one: InstanceDTO) -> float:
    return number(one.header, "SeriesNumber") or 0


def _instance_number(one: InstanceDTO) -> int | None:
    found = number(one.header, "InstanceNumber")
    return None if found is None else int(found)


def _note(action: str, case: Case, count: int, uid: str) -> None:
    record(
        context="cases",
        action=action,
        patient_id=case.patient_id,
        object_type="case",
        object_id=case.id,
        detail={"instances": count, "uid": uid},
    )
