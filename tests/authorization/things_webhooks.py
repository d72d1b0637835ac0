"""What the rows of ``area_webhooks`` refer to."""

from __future__ import annotations

from functools import cached_property
from uuid import UUID, uuid4

from notifications import services
from tests.factories import make_person


class Things:
    """Webhooks of the installation: they are nobody's."""

    @cached_property
    def id_webhook(self) -> UUID:
        return _made()

    @cached_property
    def id_ended_webhook(self) -> UUID:
        return _made()


def _made() -> UUID:
    administrator = make_person("administrator")
    url = f"https://hooks.example.org/{uuid4()}"
    return services.create_webhook(principal=administrator, url=url, name="x", events=["*"]).webhook.id
