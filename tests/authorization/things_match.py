"""What the rows of ``area_match`` refer to."""

from __future__ import annotations

from functools import cached_property
from typing import Any
from uuid import UUID

from professionals import services as professionals
from tests.factories import make_person


class Things:
    """An affiliation."""

    id_p: Any

    @cached_property
    def id_link(self) -> UUID:
        return professionals.declare_affiliation(
            principal=make_person("administrator"),
            professional_id=self.id_p,
            kind="employer",
            organisation="Old Employer",
        ).id
