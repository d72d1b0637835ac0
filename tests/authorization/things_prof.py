"""What the rows of ``area_prof`` refer to."""

from __future__ import annotations

from functools import cached_property
from typing import Any
from uuid import UUID

from config.kernel import clock
from professionals.models import Publication


class Things:
    """Figures that wait for a decision."""

    id_p: Any

    @cached_property
    def id_proposed(self) -> UUID:
        Publication.objects.create(professional_id=self.id_p, figures={"signed": 30}, proposed_at=clock.now())
        found: UUID = self.id_p
        return found
