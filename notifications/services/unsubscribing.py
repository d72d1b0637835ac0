"""The link by which a mail is refused for good with one press (RFC 8058): one category by e-mail, and nothing else.

The link holds its own proof, so that it works as long as the mail is kept, and whoever guesses finds nothing out.
"""

import base64
import binascii
from hmac import compare_digest
from typing import Final
from uuid import UUID

from config.kernel.conf import setting
from config.kernel.crypto import blind_index
from identity import services as identity
from notifications.domain.categories import ALWAYS, Category, ChannelName, Choice
from notifications.domain.preference_changes import PreferenceChanges
from notifications.services.preferences import change_preferences, choices_of

PATH: Final = "/unsubscribe/"
_PURPOSE: Final = "notifications.unsubscribe"
# Mails are kept for years: a number never changes its meaning.
_NUMBERS: Final = {
    Category.CASE: 1,
    Category.MESSAGES: 2,
    Category.REMINDERS: 3,
    Category.OFFERS: 4,
    Category.ANNOUNCEMENTS: 5,
}
_PROOF_BYTES: Final = 16


def unsubscribe_url(*, user_id: UUID, category: str) -> str:
    """The address that ends mails of a category for somebody; empty for what always comes."""
    if category in ALWAYS:
        return ""
    said = bytes([_NUMBERS[Category(category)]]) + user_id.bytes
    token = base64.urlsafe_b64encode(said + _proof(said)).decode()
    return f"{setting('PUBLIC_URL').rstrip('/')}{PATH}{token}"


def unsubscribe(*, token: str) -> None:
    """Switch the category's mails off, if the token is one of ours; nobody is told whether it is."""
    if found := _holder(token):
        user_id, category = found
        wanted = PreferenceChanges(choices={(category, ChannelName.EMAIL): Choice.OFF})
        change_preferences(user_id=user_id, wanted=wanted, why="unsubscribe_link")


def take_back(*, token: str) -> None:
    """What was chosen before the category's mails were switched off is chosen again."""
    if found := _holder(token):
        user_id, category = found
        held = choices_of(user_ids=[user_id])[user_id]
        if held.choice(category, ChannelName.EMAIL) is Choice.OFF:
            before = held.former.get((category, ChannelName.EMAIL), Choice.NOW)
            wanted = PreferenceChanges(choices={(category, ChannelName.EMAIL): before})
            change_preferences(user_id=user_id, wanted=wanted, why="unsubscribe_undone")


def _holder(token: str) -> tuple[UUID, str] | None:
    """Whose mails of which category; joined accounts are reached under the one that is left."""
    try:
        raw = base64.b64decode(token.encode("ascii"), altchars=b"-_", validate=True)
    except (UnicodeEncodeError, binascii.Error):
        return None
    said, proof = raw[:-_PROOF_BYTES], raw[-_PROOF_BYTES:]
    category = next((one for one, number in _NUMBERS.items() if said[:1] == bytes([number])), None)
    if len(said) != 17 or category is None or not compare_digest(proof, _proof(said)):
        return None
    user_id = identity.person_now(user_id=UUID(bytes=said[1:]))
    return (user_id, category.value) if user_id in identity.contacts(user_ids=[user_id]) else None


def _proof(said: bytes) -> bytes:
    return blind_index(_PURPOSE, said.hex())[:_PROOF_BYTES]
