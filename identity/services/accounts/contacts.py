"""Where people are reached: for whoever writes to many of them at once."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from uuid import UUID

from identity.queries import contact_rows
from identity.services.accounts.phone_numbers import verified_phones

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
    """Several people in one statement; nothing that is sealed is opened but the numbers of those who proved one.

    Unknown ids are absent, and so are people whose keys were destroyed.
    """
    rows = contact_rows(user_ids)
    proved = [row[0] for row in rows if row[-1]]
    phones = verified_phones(user_ids=proved) if proved else {}
    return {
        user_id: ContactDTO(
            user_id=user_id,
            address=address,
            locale=locale,
            zone=zone if zone != UNKNOWN_ZONE else None,
            verified=verified,
            active=active,
            phone=phones.get(user_id),
        )
        for user_id, address, locale, zone, verified, active, _ in rows
    }
