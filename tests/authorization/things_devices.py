"""What the rows of ``area_devices`` refer to."""

from __future__ import annotations

from functools import cached_property
from typing import Any
from uuid import UUID

from tests.factories.notifications import DeviceFactory


class Things:
    """A device of the owner's."""

    id_po: Any

    @cached_property
    def id_device(self) -> UUID:
        found: UUID = DeviceFactory(user_id=self.id_po).id
        return found
