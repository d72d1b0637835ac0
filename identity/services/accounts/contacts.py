"""Where people are reached: for whoever writes to many of them at once."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from uuid import UUID

from identity.queries import contact_rows

# What an account begins with: nobody has said where they live.
UNKNOWN_ZONE = "UTC"


@dataclass(frozen=True, kw_only=True)
class ContactDTO:
    """How one person is reached. ``zone`` is ``None`` for whoever has not named theirs, ``phone`` is a number that was
    proven to be theirs."""

    user_id: UUID
    address: str = field(repr=False)
    locale: str
    zone: str | None
    verified: bool
    active: bool
    phone: str | None = field(repr=False)


def contacts(*, user_ids: Iterable[UUID]) -> Mapping[UUID, ContactDTO]:
    """Several people in one statement, without opening what is sealed about them.

    Unknown ids are absent, and so are people whose keys were destroyed.
    """
    return {
        user_id: ContactDTO(
            user_id=user_id,
            address=address,
            locale=locale,
            zone=zone if zone != UNKNOWN_ZONE else None,
            verified=verified,
            active=active,
            phone=None,
        )
        for user_id, address, locale, zone, verified, active in contact_rows(user_ids)
    }
