"""What the rows of ``area_match`` refer to."""

from __future__ import annotations

from datetime import timedelta
from functools import cached_property
from typing import Any
from uuid import UUID

from config.kernel import clock
from professionals import services as professionals
from tests.factories import make_person
from tests.factories.professionals import CaseWorkFactory


class Things:
    """An affiliation, a licence, an entry of the calendar."""

    id_p: Any
    author: Any
    owner: Any

    @cached_property
    def id_link(self) -> UUID:
        return professionals.declare_affiliation(
            principal=make_person("administrator"),
            professional_id=self.id_p,
            kind="employer",
            organisation="Old Employer",
        ).id

    @cached_property
    def id_licence(self) -> UUID:
        administrator = make_person("administrator")
        return professionals.list_licences(principal=administrator, professional_id=self.id_p)[0].id

    @cached_property
    def id_entry(self) -> UUID:
        start = clock.now() + timedelta(days=1)
        end = start + timedelta(hours=1)
        return professionals.take_time(principal=self.author, kind="booked", starts_at=start, ends_at=end).id

    @cached_property
    def id_closed(self) -> UUID:
        """A closed case of PO's, as its events told it."""
        return CaseWorkFactory(patient_id=self.owner.user_id, user_id=self.author.user_id, over=True).case_id

    @cached_property
    def id_review(self) -> UUID:
        return professionals.give_review(principal=self.owner, case_id=self.id_closed, score=4)
