"""What rows of the FHIR API refer to."""

from __future__ import annotations

from functools import cached_property
from typing import Any
from uuid import UUID

from cases.models import Report


class Things:
    """Reports by their own ids."""

    id_c: Any
    id_po: UUID
    id_signed: Any

    @cached_property
    def id_seen(self) -> UUID:
        """The patient, whom a case lets the specialist see."""
        assert self.id_c
        return self.id_po

    @cached_property
    def id_report(self) -> UUID:
        return Report.objects.get(case=self.id_signed).id
