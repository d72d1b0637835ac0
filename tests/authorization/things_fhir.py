"""What rows of the FHIR API refer to."""

from __future__ import annotations

from functools import cached_property
from typing import Any
from uuid import UUID

from cases.models import Report


class Things:
    """Reports by their own ids."""

    id_signed: Any

    @cached_property
    def id_report(self) -> UUID:
        return Report.objects.get(case=self.id_signed).id
