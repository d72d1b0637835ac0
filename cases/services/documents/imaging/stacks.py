"""A case's images as a viewer needs them: series as stacks, slices in order."""

from uuid import UUID

from cases.domain.documents.imaging.instances import first, number
from cases.domain.documents.imaging.stacks import CT_WINDOWS, Slice, along, in_order, slices_of
from cases.services.documents.imaging.imaging_dto import InstanceDTO, SliceDTO, StackDTO, StacksDTO
from cases.services.documents.imaging.instances import list_imaging
from config.kernel.auth import Principal

_WORST_FIRST = ("said", "found", "possible", "unlikely")


def image_stacks(*, principal: Principal, case_id: UUID) -> StacksDTO:
    """Every series of a case that the caller may see; raises as ``list_imaging``. Frames are fetched one by one."""
    found = list_imaging(principal=principal, case_id=case_id, action="imaging.stacks")
    series: dict[str, list[InstanceDTO]] = {}
    for one in found.instances:
        series.setdefault(one.series_uid, []).append(one)
    return StacksDTO(stacks=tuple(map(_stack, series.values())), held_back=found.held_back, locked=found.locked)


def _stack(instances: list[InstanceDTO]) -> StackDTO:
    header = instances[0].header
    placed = [
        (one, each, int(number(one.header, "InstanceNumber") or 0))
        for one in instances
        for each in slices_of(one.header, one.frames)
    ]
    slices = tuple(_slice(one, each) for one, each in in_order(placed))
    return StackDTO(
        series_uid=instances[0].series_uid,
        modality=instances[0].modality,
        description=str(first(header, "SeriesDescription") or ""),
        study_description=str(first(header, "StudyDescription") or ""),
        study_date=str(first(header, "StudyDate") or ""),
        burned_in=min((one.burned_in for one in instances), key=_WORST_FIRST.index),
        private_removed=sum(one.private_removed for one in instances),
        unshown=tuple(dict.fromkeys(one.unshown for one in instances if one.unshown)),
        usual_windows=CT_WINDOWS if slices and all(one.unit == "HU" for one in slices) else (),
        slices=slices,
    )


def _slice(instance: InstanceDTO, one: Slice) -> SliceDTO:
    header = instance.header
    place = along(one)
    return SliceDTO(
        document_id=instance.document_id,
        frame=one.frame,
        rows=int(number(header, "Rows") or 0),
        columns=int(number(header, "Columns") or 0),
        samples=int(number(header, "SamplesPerPixel") or 1),
        bits=int(number(header, "BitsAllocated") or 0),
        signed=number(header, "PixelRepresentation") == 1,
        inverted=first(header, "PhotometricInterpretation") == "MONOCHROME1",
        slope=one.slope,
        intercept=one.intercept,
        unit=one.unit,
        spacing=one.spacing,
        spacing_at=one.spacing_at,
        place=None if place is None else round(place, 2),
        edges=one.edges,
        windows=one.windows,
    )
