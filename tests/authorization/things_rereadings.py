"""What rows of re-readings refer to."""

from __future__ import annotations

from functools import cached_property
from typing import Any
from uuid import UUID

from cases.models import Case
from tests.factories.cases import ReportRecheckFactory, RereadingFactory


class Things:
    """A document about which staff are asked, and a report at which the medical director looks."""

    id_c: Any

    @cached_property
    def id_rereading(self) -> UUID:
        return RereadingFactory(document__case_id=self.id_c, document__patient_id=self._patient).id

    @cached_property
    def id_recheck(self) -> UUID:
        return ReportRecheckFactory(case_id=self.id_c).id

    @property
    def _patient(self) -> UUID:
        return Case.objects.get(id=self.id_c).patient_id
