"""What the rows of ``area_intake`` refer to."""

from __future__ import annotations

from functools import cached_property
from typing import Any
from uuid import UUID

from cases.services import intake, records
from tests.cases.support import Story, by


class Things:
    """Answers, a red flag, a record."""

    owner: Any

    @cached_property
    def id_flagged(self) -> UUID:
        """A draft whose answers raised a red flag."""
        story = Story(self.owner)
        with by(self.owner):
            intake.save_intake(principal=self.owner, case_id=story.id, answers={"general.urgent": ["bleeding"]})
        return story.id

    @cached_property
    def id_flag(self) -> UUID:
        with by(self.owner):
            return intake.get_intake(principal=self.owner, case_id=self.id_flagged).red_flags[0].id

    @cached_property
    def asked_story(self) -> Any:
        """A submitted case of PO's with a document, whose record was not named."""
        return Story(self.owner, condition="oncology").submitted()

    @cached_property
    def id_collecting(self) -> UUID:
        found: UUID = self.asked_story.id
        return found

    @cached_property
    def id_pathology(self) -> UUID:
        found: UUID = self.asked_story.put_document().id
        return found

    @cached_property
    def id_submission(self) -> UUID:
        return intake.open_submission().id

    @cached_property
    def id_wanted(self) -> UUID:
        with by(self.owner):
            return records.request_records(
                principal=self.owner,
                case_id=self.id_collecting,
                items=["pathology_report"],
                recipient={"name": "Dr West", "email": "west@clinic.example"},
            ).id
