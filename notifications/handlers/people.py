"""Whom an event is told to."""

from typing import Any
from uuid import UUID

from config.kernel.outbox import current_event_id
from identity import services as identity
from notifications.services import notify


def tell(
    user_id: UUID,
    kind: str,
    subject_id: UUID | None = None,
    *,
    counted: bool = False,
    about: str = "",
    **values: Any,
) -> None:
    """One notice for each event and person; news of a case goes to the account under which its patient is today.

    ``about`` tells two notices of one event and person apart. ``values`` that are ``None`` are not known.
    """
    if subject_id is not None:
        user_id = identity.person_now(user_id=user_id)
    notify(
        user_id=user_id,
        kind=kind,
        event_key=f"{current_event_id()}{about}",
        subject_id=subject_id,
        counted=counted,
        values={name: value for name, value in values.items() if value is not None},
    )


def tell_role(role: str, kind: str, subject_id: UUID | None = None, **values: Any) -> None:
    """Everybody who has the role."""
    for user_id in identity.people_with_role(role=role):
        tell(user_id, kind, subject_id, **values)
