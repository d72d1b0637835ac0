"""What the rows of ``area_dicom`` refer to."""

from __future__ import annotations

from functools import cached_property
from typing import Any
from uuid import UUID

from cases.models import ImagingInstance
from tests.tooling.series import kept_series


class Things:
    """A series of one slice in the case in review."""

    id_c: UUID
    story: Any

    @cached_property
    def imaged(self) -> ImagingInstance:
        assert self.id_c
        (document,) = kept_series(self.story, [1])
        return ImagingInstance.objects.get(document=document)

    @cached_property
    def id_imaged(self) -> UUID:
        return self.imaged.case_id

    @cached_property
    def id_study(self) -> str:
        return self.imaged.study_uid

    @cached_property
    def id_series(self) -> str:
        return self.imaged.series_uid

    @cached_property
    def id_instance(self) -> str:
        return self.imaged.instance_uid
