"""What rows of uploads refer to."""

from __future__ import annotations

from functools import cached_property
from typing import Any
from uuid import UUID

from cases.models import Case
from cases.services import documents
from tests.cases.support import by
from tests.factories.cases import ArchiveFactory


class Things:
    """An archive of the case."""

    id_c: Any
    owner: Any

    @cached_property
    def id_archive(self) -> UUID:
        case = Case.objects.get(id=self.id_c)
        return ArchiveFactory(case=case, patient_id=case.patient_id).id

    @cached_property
    def id_upload(self) -> UUID:
        """An upload that has begun."""
        with by(self.owner):
            return documents.begin_upload(
                principal=self.owner, case_id=self.id_c, name="a.txt", declared_type="text/plain", length=9
            ).id
