"""The link in a mail by which mails of its category end (RFC 8058).

It holds its own proof, so that it works as long as the mail is kept, and whoever guesses finds nothing out.
"""

import base64
from typing import Final
from uuid import UUID

from config.kernel.conf import setting
from config.kernel.crypto import blind_index
from notifications.domain.categories import ALWAYS, Category

PATH: Final = "/unsubscribe/"
DIGESTS: Final = "digests"
_PURPOSE: Final = "notifications.unsubscribe"
# Mails are kept for years: a number never changes its meaning.
NUMBERS: Final[dict[str, int]] = {
    Category.CASE: 1,
    Category.MESSAGES: 2,
    Category.REMINDERS: 3,
    Category.OFFERS: 4,
    Category.ANNOUNCEMENTS: 5,
    DIGESTS: 6,
}
PROOF_BYTES: Final = 16


def unsubscribe_url(*, user_id: UUID, category: str) -> str:
    """The address that ends mails of a category, or ``DIGESTS``, for somebody; empty for what always comes."""
    if category in ALWAYS:
        return ""
    said = bytes([NUMBERS[category]]) + user_id.bytes
    token = base64.urlsafe_b64encode(said + proof_of(said)).decode()
    return f"{setting('PUBLIC_URL').rstrip('/')}{PATH}{token}"


def proof_of(said: bytes) -> bytes:
    """What only this installation can put behind what a link says."""
    return blind_index(_PURPOSE, said.hex())[:PROOF_BYTES]
