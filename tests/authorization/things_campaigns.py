"""What the rows of ``area_campaigns`` refer to."""

from __future__ import annotations

from datetime import timedelta
from functools import cached_property
from typing import Any
from uuid import UUID, uuid4

from config.kernel import clock
from notifications import services as notifications
from notifications.services.templates import template_in_force
from tests.factories.notifications import CampaignFactory
from tests.notifications.templates_in_force import VALUES, publish_template


class Things:
    """A text, a message that waits, campaigns at each step."""

    id_po: UUID
    person: Any

    @cached_property
    def id_text(self) -> str:
        # Of two worlds in one database, both use it.
        if template_in_force(code="autumn_news") is None:
            publish_template("autumn_news")
        return "autumn_news"

    @cached_property
    def id_tomorrow(self) -> str:
        return f"{clock.now() + timedelta(days=2):%Y-%m-%dT09:00}"

    @cached_property
    def id_message(self) -> UUID:
        message = notifications.Message(
            user_id=self.id_po,
            template=self.id_text,
            reference=str(uuid4()),
            values=VALUES,
            send_at=clock.now() + timedelta(hours=1),
        )
        return notifications.send_message(principal=self.person("SA"), message=message)[0].id

    def _campaign(self, **fields: Any) -> UUID:
        return UUID(str(CampaignFactory(template=self.id_text, values=VALUES, **fields).id))

    @cached_property
    def id_drafted(self) -> UUID:
        return self._campaign()

    @cached_property
    def id_laid(self) -> UUID:
        return self._campaign(state="SUBMITTED", submitted_by=uuid4())

    @cached_property
    def id_timed(self) -> UUID:
        return self._campaign(approved=True)

    @cached_property
    def id_going(self) -> UUID:
        return self._campaign(running=True)

    @cached_property
    def id_stopped(self) -> UUID:
        return self._campaign(running=True, state="PAUSED")
