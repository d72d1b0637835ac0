"""What the rows of ``area_flow`` refer to."""

from __future__ import annotations

from datetime import timedelta
from functools import cached_property
from typing import Any
from uuid import UUID

from cases.models import Case, Outcome
from cases.services import followup
from config.kernel import clock
from tests.cases.support import by


class Things:
    """A case in follow-up, with an open question, whose first outcome is due."""

    owner: Any
    id_signed: UUID

    @cached_property
    def id_after(self) -> UUID:
        Case.objects.filter(id=self.id_signed).update(state="FOLLOW_UP")
        Outcome.objects.filter(case=self.id_signed, day=30).update(due_at=clock.now() - timedelta(hours=1))
        return self.id_signed

    @cached_property
    def id_followup(self) -> UUID:
        with by(self.owner):
            asked = followup.ask_follow_up(principal=self.owner, case_id=self.id_after, question="When?")
        return asked.id
